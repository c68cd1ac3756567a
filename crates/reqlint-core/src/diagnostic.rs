//! What reqlint says: diagnostics with labels in the user's own text, and fixes.
//!
//! The same type serves findings in requests and mistakes in rule files. It names no renderer.

use crate::span::Span;
use serde::{Deserialize, Serialize};

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Ignored, leaked or probably wrong.
    Warning,
    /// Rejected, or certainly wrong data.
    Error,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];

    /// The name in rules, on the command line and in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What happens to a request that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Consequence {
    /// The server answers with an error.
    Rejected,
    /// The server answers 200 with other data than was meant.
    WrongData,
    /// A part of the request has no effect.
    Ignored,
    /// A secret becomes known to others.
    Leak,
    /// Nothing, today.
    Style,
}

impl Consequence {
    /// Every consequence, worst first.
    pub const ALL: [Consequence; 5] = [
        Consequence::Rejected,
        Consequence::WrongData,
        Consequence::Ignored,
        Consequence::Leak,
        Consequence::Style,
    ];

    /// The name in rules and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Consequence::Rejected => "rejected",
            Consequence::WrongData => "wrong-data",
            Consequence::Ignored => "ignored",
            Consequence::Leak => "leak",
            Consequence::Style => "style",
        }
    }
}

/// What one rule, or one reader of a configuration file, has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The id of the rule.
    pub rule: String,
    /// The pack of the rule.
    pub pack: String,
    /// How much it matters.
    pub severity: Severity,
    /// What follows from it.
    pub consequence: Consequence,
    /// What is wrong: one line, no full stop.
    pub message: String,
    /// The number of the request in its document, from 0, where it belongs to one.
    pub request: Option<usize>,
    /// Where; the first label is the subject. Never empty.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// The page of the rule.
    pub url: Option<String>,
    /// Mends, the best first.
    pub fixes: Vec<Fix>,
    /// Why there is none, where the rule has one for other texts.
    pub unfixed: Option<Unfixed>,
    /// The same for the same finding, whatever form its request is written in and wherever it
    /// stands: 32 hexadecimal digits. None where it is about no request, or about several.
    pub fingerprint: Option<String>,
}

/// Why a mend is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfixed {
    /// The request was recorded: it was sent already.
    Recorded,
    /// It cannot be written exactly in the form that the request has.
    NoNotation,
}

impl Unfixed {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Unfixed::Recorded => "recorded",
            Unfixed::NoNotation => "no-notation",
        }
    }
}

/// A span of the source with a word about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Bytes of the source.
    pub span: Span,
    /// May be empty for the subject, which the message speaks about.
    pub text: String,
}

/// How far a fix can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Safety {
    /// The server certainly rejects or ignores the original, the documentation names exactly one
    /// mend, and nothing else on the wire changes.
    Safe,
    /// May change what is meant.
    Unsafe,
    /// Shown only.
    Manual,
}

impl Safety {
    /// Every safety, safest first.
    pub const ALL: [Safety; 3] = [Safety::Safe, Safety::Unsafe, Safety::Manual];

    /// The name in rules and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
            Safety::Manual => "manual",
        }
    }
}

/// A titled set of edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: String,
    /// How far it can be trusted.
    pub safety: Safety,
    /// Replacements in the unchanged source, in order, none of which overlap.
    pub edits: Vec<Edit>,
}

/// A replacement of a span of the source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    /// Bytes of the source.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

impl Fix {
    /// The source with the edits applied.
    pub fn apply(&self, source: &str) -> String {
        crate::apply::replace(source, &self.edits.iter().collect::<Vec<_>>())
    }
}
