//! `reqlint test-rules`: what it takes.

use super::{Color, RuleFiles};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  reqlint test-rules my-rules/               the packs and rules in this folder
  reqlint test-rules my-rules/ --format junit > rules.xml
  reqlint test-rules                         all packs that `reqlint check` would use here

Exit codes:
  0  every example came out as its file says
  1  some did not, or a case of a rule is reported by none of its bad examples
  2  could not run: arguments, a rule file with mistakes, reading or writing";

/// Run the examples of rules and symptoms: they are their tests.
///
/// Each example is checked with its own rule, and what the rule's fix makes of it with all rules.
/// An example is `validated`, or `missing` (bad, and the rule is silent), `noisy` (good or unknown,
/// and the rule reports), has `wrong words` (another message, or other labels), a `wrong fix` (or
/// one after which a rule reports anew), or a `wrong answer` (no instead of unknown, or the
/// reverse). Every case of a rule must be reported by one of its bad examples. An example of a
/// symptom is `missing` where it is not seen, `noisy` where it is and should not, or has a `wrong
/// cause` (another rule than `first` says comes first).
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TestRulesArguments {
    /// Rule files and folders of packs [default: all packs]
    #[arg(value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) files: RuleFiles,

    /// Print like this
    #[arg(long, value_enum, default_value_t = TestFormat::Text, help_heading = "Output")]
    pub(crate) format: TestFormat,

    /// Name the examples that are validated, too
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,

    /// Colour the output
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(crate) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people
    Text,
    /// For programs; see docs/schemas/test-rules-v1.schema.json
    Json,
    /// For continuous integration: JUnit XML
    Junit,
}
