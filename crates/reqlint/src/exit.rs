//! How the program ends.

use std::process::ExitCode;

/// The exit codes, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// A search of folders found nothing to check.
    NothingToCheck,
    /// Diagnostics at or above `--fail-on`.
    Diagnostics,
    /// Something could not be run: arguments, a rule file, reading or writing.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Diagnostics => 1,
            Exit::Failed => 2,
            Exit::NothingToCheck => 3,
        })
    }
}
