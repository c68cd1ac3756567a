//! What `reqlint check` is asked for beside diagnostics: traces of a rule, what cannot be decided,
//! and how many requests each rule was in scope for.

use crate::arguments::CheckArguments;
use crate::select::unknown_name;
use crate::setup::Setup;
use reqlint_core::check::survey::Undecided;
use reqlint_core::check::trace::RequestTrace;
use reqlint_core::model::Document;
use std::collections::BTreeMap;

/// What was asked for.
pub(super) struct Survey<'s> {
    setup: &'s Setup,
    trace: Option<&'s str>,
    unknown: bool,
    statistics: bool,
}

/// What was seen of one source.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) traces: Vec<RequestTrace>,
    pub(super) undecided: Vec<Undecided>,
    /// For each rule, how many requests were in its scope.
    pub(super) scopes: BTreeMap<String, usize>,
}

impl<'s> Survey<'s> {
    /// What the arguments ask for.
    ///
    /// # Errors
    /// If the rule to trace is not there.
    pub(super) fn new(arguments: &'s CheckArguments, setup: &'s Setup) -> Result<Self, String> {
        let trace = arguments.trace_rule.as_deref();
        if let Some(id) = trace.filter(|id| setup.checker.rule(id).is_none()) {
            if setup.left_out.contains(id) {
                return Err(format!(
                    "rule `{id}` does not speak: `--select`, `--ignore` or reqlint.toml leave it out"
                ));
            }
            let names: Vec<&str> = setup.checker.rule_ids().collect();
            return Err(unknown_name(id, &names));
        }
        let (unknown, statistics) = (arguments.show_unknown, arguments.statistics);
        Ok(Survey { setup, trace, unknown, statistics })
    }

    /// Whether anything was asked for, which takes a text as a whole.
    pub(super) fn asks(&self) -> bool {
        self.trace.is_some() || self.unknown || self.statistics
    }

    /// Looks at a document.
    pub(super) fn look(&self, path: &str, document: &Document<'_>) -> Seen {
        let checker = &self.setup.checker;
        let mut seen = Seen::default();
        if let Some(id) = self.trace {
            seen.traces = checker.trace(document, id);
        }
        if self.unknown {
            let level = self.setup.level_in(path);
            seen.undecided = checker.undecided(document, &|rule| !level.is_off(rule));
        }
        if self.statistics {
            seen.scopes = checker.scopes(document);
        }
        seen
    }
}

impl Seen {
    /// Whether it can be told without the text.
    pub(super) fn needs_no_text(&self) -> bool {
        self.traces.is_empty() && self.undecided.is_empty()
    }
}
