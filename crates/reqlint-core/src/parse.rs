//! Texts → documents. Parsing never fails and never panics: what is not understood becomes a
//! [`Finding`](crate::model::Finding).

pub mod access_log;
mod argv;
pub mod asciidoc;
pub mod body;
pub(crate) mod client;
pub mod cmd;
pub mod collection;
pub mod curl;
pub mod detect;
pub mod dialect;
mod embedded;
pub mod fish;
pub mod har;
pub mod http;
pub(crate) mod ignore;
pub(crate) mod invisible;
pub mod json;
pub(crate) mod lines;
pub mod markdown;
pub(crate) mod masked;
pub(crate) mod placeholder;
pub mod powershell;
pub(crate) mod repair;
pub mod request_object;
pub mod response;
pub mod rst;
pub mod shell;
#[cfg(feature = "snippets")]
pub mod snippet;
mod strings;
pub(crate) mod time;
pub mod toml;
pub mod transcript;
pub mod url;
pub mod url_list;
mod variables;
pub mod wire;
mod words;
pub mod yaml;

pub use detect::{Detection, Reason, detect, looks_like_requests, may_hold_requests, recognize};
pub use ignore::{Ignored, ignores_file};

use crate::layer::{Files, Place};
use crate::model::{Document, Kind};
use crate::span::Span;

/// What a text may start with without meaning it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads `source` as `kind`. A byte order mark at its start is passed over.
pub fn parse(source: &str, kind: Kind) -> Document<'_> {
    let mut document = Document::new(kind, source);
    parse_region(&mut document, source.len());
    ignore::read_ignored(&mut document);
    document
}

/// Reads `source` as `kind`, with the files that its commands name.
pub fn parse_with_files<'s>(source: &'s str, kind: Kind, files: &'s dyn Files) -> Document<'s> {
    let mut document = Document::new(kind, source);
    document.layers.resolve(files);
    parse_region(&mut document, source.len());
    ignore::read_ignored(&mut document);
    let Document { layers, requests, findings, .. } = &mut document;
    let inner = requests.iter_mut().flat_map(|request| &mut request.findings);
    for finding in findings.iter_mut().chain(inner) {
        // What is wrong in another file is not mended in this one.
        if layers.is_foreign(finding.place) {
            finding.repair.clear();
        }
    }
    document
}

/// Reads some of the lines of `source`, each as a record of `kind`; `among_requests` where others
/// of its lines are known to hold requests.
pub(crate) fn parse_some_lines<'s>(
    source: &'s str,
    kind: Kind,
    lines: impl Iterator<Item = Span>,
    among_requests: bool,
) -> Document<'s> {
    let mut document = Document::new(kind, source);
    let mut read: Vec<Span> = Vec::new();
    let lines = lines.inspect(|line| match read.last_mut() {
        Some(last) if source[last.end()..line.start()].trim().is_empty() => {
            *last = last.hull(*line)
        }
        _ => read.push(*line),
    });
    match kind {
        Kind::AccessLog => access_log::read_log_lines(&mut document, lines),
        _ => request_object::read_object_lines(&mut document, lines, among_requests),
    }
    document.read = read;
    document
}

/// Reads `source` up to byte `at` as `kind`, and what follows as the response to the last of its
/// requests.
pub fn parse_with_response(source: &str, kind: Kind, at: usize) -> Document<'_> {
    let mut document = Document::new(kind, source);
    let at = source.floor_char_boundary(at);
    parse_region(&mut document, at);
    transcript::add_response(&mut document, Place::root(Span::new(at, source.len())));
    document
}

/// Reads the source of a document up to a byte.
fn parse_region(document: &mut Document<'_>, end: usize) {
    let source = document.layers.source();
    let start = if source.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let all = Place::root(Span::new(start.min(end), end));
    let kind = document.kind;
    match kind {
        Kind::Shell => dialect::parse_commands(document, all),
        Kind::Cmd => cmd::parse_cmd(document, all),
        Kind::PowerShell => powershell::parse_powershell(document, all),
        Kind::Fish => fish::parse_fish(document, all),
        Kind::Urls => url_list::parse_url_list(document, all),
        Kind::Json => request_object::parse_objects(document, all),
        Kind::Ndjson => request_object::parse_object_lines(document, all),
        Kind::Http => http::parse_http(document, all),
        Kind::Markdown => markdown::parse_markdown(document, all),
        Kind::Asciidoc => asciidoc::parse_asciidoc(document, all),
        Kind::Rst => rst::parse_rst(document, all),
        Kind::Yaml => yaml::parse_yaml(document, all),
        Kind::Postman => collection::postman::parse_postman(document, all),
        Kind::Insomnia => collection::insomnia::parse_insomnia(document, all),
        Kind::OpenApi => collection::openapi::parse_openapi(document, all),
        Kind::Bruno => collection::bruno::parse_bruno(document, all),
        Kind::Hurl => collection::hurl::parse_hurl(document, all),
        #[cfg(feature = "snippets")]
        Kind::JavaScript => snippet::parse_javascript(document, all),
        #[cfg(feature = "snippets")]
        Kind::Python => snippet::parse_python(document, all),
        #[cfg(not(feature = "snippets"))]
        Kind::JavaScript | Kind::Python => {}
        Kind::Toml => toml::parse_toml(document, all),
        Kind::Har => har::parse_har(document, all),
        Kind::AccessLog => access_log::parse_access_log(document, all),
        Kind::Transcript => transcript::parse_transcript(document, all),
    }
}

#[cfg(test)]
mod tests;
