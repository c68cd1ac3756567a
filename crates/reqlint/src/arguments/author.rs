//! `reqlint docs` and `reqlint new-rule`: what they take.

use super::{Color, RuleFiles};
use clap::Args;
use std::path::PathBuf;

/// Write the pages of all rules as Markdown.
///
/// Without --out everything goes to standard output as one document.
#[derive(Debug, Args)]
pub(crate) struct DocsArguments {
    /// Write README.md and a page for each rule into this folder, and remove pages of rules that
    /// are gone
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Write nothing, and exit with 1 if the folder is not as it would be written
    #[arg(long, requires = "out")]
    pub(crate) check: bool,

    #[command(flatten)]
    pub(crate) files: RuleFiles,

    /// Colour messages
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// Start a rule: a file with comments that is valid, and passes its own tests.
#[derive(Debug, Args)]
pub(crate) struct NewRuleArguments {
    /// Its id: words in lower case with `-` between them
    pub(crate) id: String,

    /// Write ID.yaml into this folder, instead of to standard output
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
