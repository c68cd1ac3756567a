//! Rules × requests → diagnostics.

pub mod holes;

use crate::diagnostic::Diagnostic;
use crate::model::Document;
use crate::pack::Pack;
use crate::rule::Rule;

/// Packs that are ready to be evaluated together.
#[derive(Debug)]
pub struct Checker {}

impl Checker {
    /// Makes the rules of `packs` ready, of those that `selected` takes.
    pub fn new(_packs: Vec<Pack>, _selected: impl Fn(&Rule) -> bool) -> Self {
        Checker {}
    }

    /// What the rules say of a document, in the order of its text.
    pub fn check(&self, _document: &Document<'_>) -> Vec<Diagnostic> {
        Vec::new()
    }
}
