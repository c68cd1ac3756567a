//! Texts → documents. Parsing never fails and never panics: what is not understood becomes a
//! [`Finding`](crate::model::Finding).

mod argv;
pub mod asciidoc;
pub mod body;
pub mod cmd;
pub mod collection;
pub mod curl;
pub mod detect;
pub mod dialect;
mod embedded;
pub mod fish;
pub mod http;
pub(crate) mod invisible;
pub mod json;
pub(crate) mod lines;
pub mod markdown;
pub(crate) mod placeholder;
pub mod powershell;
pub(crate) mod repair;
pub mod request_object;
pub mod rst;
pub mod shell;
mod strings;
pub mod toml;
pub mod url;
pub mod url_list;
mod variables;
pub mod wire;
mod words;
pub mod yaml;

pub use detect::{Detection, Reason, detect, looks_like_requests, may_hold_requests, recognize};

use crate::layer::Place;
use crate::model::{Document, Kind};
use crate::span::Span;

/// What a text may start with without meaning it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads `source` as `kind`. A byte order mark at its start is passed over.
pub fn parse(source: &str, kind: Kind) -> Document<'_> {
    let mut document = Document::new(kind, source);
    let start = if source.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let all = Place::root(Span::new(start, source.len()));
    match kind {
        Kind::Shell => dialect::parse_commands(&mut document, all),
        Kind::Cmd => cmd::parse_cmd(&mut document, all),
        Kind::PowerShell => powershell::parse_powershell(&mut document, all),
        Kind::Fish => fish::parse_fish(&mut document, all),
        Kind::Urls => url_list::parse_url_list(&mut document, all),
        Kind::Json => request_object::parse_objects(&mut document, all),
        Kind::Ndjson => request_object::parse_object_lines(&mut document, all),
        Kind::Http => http::parse_http(&mut document, all),
        Kind::Markdown => markdown::parse_markdown(&mut document, all),
        Kind::Asciidoc => asciidoc::parse_asciidoc(&mut document, all),
        Kind::Rst => rst::parse_rst(&mut document, all),
        Kind::Yaml => yaml::parse_yaml(&mut document, all),
        Kind::Postman => collection::postman::parse_postman(&mut document, all),
        Kind::Insomnia => collection::insomnia::parse_insomnia(&mut document, all),
        Kind::Bruno => collection::bruno::parse_bruno(&mut document, all),
        Kind::Hurl => collection::hurl::parse_hurl(&mut document, all),
        Kind::Toml => toml::parse_toml(&mut document, all),
    }
    document
}

#[cfg(test)]
mod tests;
