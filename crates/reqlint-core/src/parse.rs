//! Texts → documents. Parsing never fails and never panics: what is not understood becomes a
//! [`Finding`](crate::model::Finding).

pub mod body;
pub mod curl;
pub mod json;
pub(crate) mod placeholder;
pub(crate) mod repair;
pub mod shell;
pub mod url;
pub mod wire;

use crate::model::{Document, Kind};

/// Reads `source` as `kind`.
pub fn parse(source: &str, kind: Kind) -> Document<'_> {
    Document::new(kind, source)
}

/// The kind that a text most likely is, by its file name (the last part of its path, if it has
/// one) and its first bytes. None where nothing in it looks like a request.
pub fn detect(_name: Option<&str>, _text: &str) -> Option<Kind> {
    None
}

#[cfg(test)]
mod tests;
