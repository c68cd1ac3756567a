//! Explanations of exchanges, one file an output format.
//!
//! What came back is other people's text: it is shown shortened, in one line, without control
//! characters and without secrets.

mod human;
mod json;
mod markdown;
#[cfg(test)]
mod tests;
mod timeline;
mod words;

pub use json::write_explained as write_json;
pub use markdown::write_explained as write_markdown;

use crate::Report;
use reqlint_core::diagnostic::Diagnostic;
use reqlint_core::explain::{Explanation, Timeline};

/// A source with the explanations of its exchanges.
#[derive(Clone, Copy, Debug)]
pub struct Explained<'r> {
    /// The source; its diagnostics are those of the explanations.
    pub report: Report<'r>,
    /// What is shown, in the order of the source.
    pub explanations: &'r [Explanation<'r>],
    /// How many exchanges there are beside those.
    pub left_out: usize,
    /// What a recording shows as a whole.
    pub timeline: Option<&'r Timeline<'r>>,
}

impl<'r> Explained<'r> {
    /// The source with one diagnostic, which is shown without its fixes: the corrected request has
    /// them all.
    fn with<'d>(&self, diagnostics: &'d [Diagnostic]) -> Report<'d>
    where
        'r: 'd,
    {
        Report { diagnostics, ..self.report }
    }
}
