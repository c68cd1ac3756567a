//! What a reader wants to know of a rule beyond its words: why, on whose word, and examples.

use crate::span::Span;
use serde::{Deserialize, Serialize};

/// The documentation half of a rule file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Page {
    /// The id of the rule.
    pub id: String,
    /// The general rule that it refines.
    pub extends: Option<String>,
    /// The mechanism and its consequence, in Markdown.
    pub why: String,
    /// Where the fact comes from.
    pub sources: Vec<SourceNote>,
    /// Texts that the rule must report, must not report, or cannot know about.
    pub examples: Vec<Example>,
}

/// Where a fact comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceNote {
    /// The document.
    pub doc: String,
    /// What it says.
    pub says: String,
    /// `documented`, `inferred` or `second-hand`.
    pub confidence: String,
}

/// A text with the outcome that it must have.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Example {
    /// Where its text stands in the file of the rule.
    pub place: Span,
    /// What must come out.
    pub outcome: Outcome,
    /// The text, with the placeholders of `with` filled.
    pub text: String,
    /// Where the text is a recording, which is NDJSON: how it is shown.
    pub recording: Option<String>,
    /// The labelled texts, the subject first.
    pub at: Option<Vec<String>>,
    /// The message.
    pub says: Option<String>,
    /// The text after each of the fixes, in order; none means that there must be no fix. One text
    /// alone is that after the first.
    pub fixed: Vec<String>,
}

/// What must come out of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The rule reports.
    Bad,
    /// The rule does not report, and knows it.
    Good,
    /// The rule does not report, since something is not known before run time.
    Unknown,
}

impl Outcome {
    /// The name in rules and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Bad => "bad",
            Outcome::Good => "good",
            Outcome::Unknown => "unknown",
        }
    }
}
