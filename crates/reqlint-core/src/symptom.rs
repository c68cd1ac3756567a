//! Symptoms: what a response, or its absence, says of its causes; and the checklist of a pack.
//!
//! `explain` reads them; `check` never does, so they are kept beside the pack.

use crate::budget::Budget;
use crate::rule::page::{Outcome, SourceNote};
use crate::rule::{Case, Condition, Report, Scope, Template};
use crate::span::Span;
use serde::{Deserialize, Serialize};

/// What a pack brings for explaining exchanges.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Guide {
    /// In the order of their ids.
    pub symptoms: Vec<Symptom>,
    /// What to go through when something fails, in order.
    pub checklist: Vec<Step>,
    /// The environment variable that stands for a key in examples: `WH_API_KEY`.
    pub key_variable: Option<String>,
    /// What the API lets a key spend.
    pub budget: Option<Budget>,
}

/// A pattern of responses with its likely causes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Symptom {
    /// Unique over all packs, and among rules.
    pub id: String,
    /// The pack that it belongs to.
    pub pack: String,
    /// One line: what the response says.
    pub summary: String,
    /// The page of the API's documentation that says it.
    pub url: Option<String>,
    /// The step of the checklist that has failed where it is seen.
    pub step: Option<String>,
    /// When it is seen: a case without roles, of which only scope and condition count.
    pub case: Case,
    /// Symptoms that say it better where both are seen.
    pub yields_to: Vec<String>,
    /// Ids of rules, likeliest first.
    pub causes: Vec<String>,
    /// Causes that no request shows.
    pub elsewhere: Vec<Elsewhere>,
    /// Whether sending it again can help.
    pub retry: Retry,
    /// What to know about sending it again.
    pub retry_note: Option<String>,
    /// Whether such a response is paid for; none where nothing is.
    pub costs_credit: Option<bool>,
    /// The mechanism, in Markdown.
    pub why: String,
    /// Where the facts come from.
    pub sources: Vec<SourceNote>,
    /// Its tests.
    pub examples: Vec<Exemplar>,
}

/// A cause that the request cannot show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// What it is.
    pub text: String,
    /// How to find out: a sentence or a command.
    pub check: String,
}

/// Whether sending a request again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Retry {
    /// It gives the same answer.
    Never,
    /// Later, and later each time.
    Backoff,
    /// After this many seconds.
    After(u32),
    /// When the month is over.
    NextMonth,
}

impl Retry {
    /// The word in symptom files and outputs; `after` has a time too.
    pub fn name(self) -> &'static str {
        match self {
            Retry::Never => "never",
            Retry::Backoff => "backoff",
            Retry::After(_) => "after",
            Retry::NextMonth => "next-month",
        }
    }
}

/// A pasted exchange with what must be said of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Exemplar {
    /// Where its text stands in the file.
    pub place: Span,
    /// `Bad` where the symptom must be seen.
    pub outcome: Outcome,
    /// A transcript.
    pub text: String,
    /// The rule that must come first among its causes; none where it is not asked.
    pub first: Option<String>,
}

/// A step of a checklist.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    /// The word that rules and symptoms name it by.
    pub name: String,
    /// What must hold.
    pub title: String,
    /// What proves it: a case without roles. None where the rules of the step decide.
    pub passed_if: Option<Case>,
    /// The command, or the place, that would show it.
    pub check: String,
}

impl Case {
    /// A case that only asks.
    pub fn asking(scope: Vec<Scope>, condition: Condition) -> Self {
        Case {
            scope,
            names: Vec::new(),
            roles: Vec::new(),
            sequence: Vec::new(),
            condition: Some(condition),
            subject: 0,
            report: Report::Once,
            severity: crate::diagnostic::Severity::Info,
            message: Template::default(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }
}
