//! Writes what reqlint found, one file per output format. The binary chooses the format and
//! brings the texts; this crate decides how they look, and that no secret and no control
//! character of theirs reaches a terminal.

use reqlint_core::apply::best_fix;
use reqlint_core::check::Offset;
use reqlint_core::diagnostic::{Diagnostic, Safety, Severity};
use reqlint_core::span::Span;
use serde::Serialize;

mod case;
pub mod concise;
mod corrected;
pub mod diff;
mod excerpt;
pub mod explain;
pub mod guide;
pub mod human;
pub mod json;
pub mod locate;
pub mod markdown;
pub mod model;
pub mod rule;
#[cfg(test)]
mod sample;
pub mod sarif;
mod secrets;
pub mod survey;
pub mod symptom;
pub mod test_rules;
pub mod visible;
mod wire_mask;
pub mod write;

/// One source with what was found in it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'r> {
    /// How the user knows the source: a path, or `<stdin>`.
    pub path: &'r str,
    /// Its text, as it was read.
    pub text: &'r str,
    /// The bytes of the text that hold credentials. Sorted, without overlaps.
    pub secrets: &'r [Span],
    /// Where each request stands, by its number.
    pub requests: &'r [Span],
    /// What was found, in order.
    pub diagnostics: &'r [Diagnostic],
    /// Where the text starts in the source, if it is a part of it.
    pub offset: Offset,
}

/// What was checked, and how often each severity was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Sources that were checked.
    pub files: usize,
    /// Requests in them.
    pub requests: usize,
    /// Diagnostics that are errors.
    pub errors: usize,
    /// Diagnostics that are warnings.
    pub warnings: usize,
    /// Diagnostics that are infos.
    pub infos: usize,
    /// Diagnostics with a fix that is safe. Programs count the fixes that they are given.
    #[serde(skip)]
    pub fixable: usize,
    /// Diagnostics of which the best fix is unsafe.
    #[serde(skip)]
    pub fixable_unsafely: usize,
}

impl Summary {
    /// Counts one source.
    pub fn add(&mut self, report: &Report<'_>) {
        self.files += 1;
        self.add_part(report);
    }

    /// Counts what was found in a part of a source.
    pub fn add_part(&mut self, report: &Report<'_>) {
        self.requests += report.requests.len();
        for diagnostic in report.diagnostics {
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
            }
            match best_fix(diagnostic, Safety::Unsafe).map(|fix| fix.safety) {
                Some(Safety::Safe) => self.fixable += 1,
                Some(_) => self.fixable_unsafely += 1,
                None => {}
            }
        }
    }

    /// What can be fixed, for people: ``1 fixable with `--fix` ``; none where nothing can be.
    pub fn fixable(&self) -> Option<String> {
        match (self.fixable, self.fixable_unsafely) {
            (0, 0) => None,
            (safe, 0) => Some(format!("{safe} fixable with `--fix`")),
            (0, more) => Some(format!("{more} fixable with `--fix --unsafe-fixes`")),
            (safe, more) => {
                Some(format!("{safe} fixable with `--fix`, {more} more with `--unsafe-fixes`"))
            }
        }
    }

    /// How many diagnostics there are of all severities.
    pub fn diagnostics(&self) -> usize {
        self.errors + self.warnings + self.infos
    }
}

impl std::fmt::Display for Summary {
    /// `2 errors, 1 warning in 1 request (1 file)`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let found: Vec<String> =
            [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")]
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, word)| counted(count, word))
                .collect();
        let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
        let files = counted(self.files, "file");
        match self.requests {
            0 => write!(f, "{found} in {files}"),
            requests => write!(f, "{found} in {} ({files})", counted(requests, "request")),
        }
    }
}

/// `1 file`, `2 files`.
pub fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
