//! `reqlint check`: what it takes.

use super::{Color, RuleChoice, SourceArguments};
use crate::fix::FixArguments;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use reqlint_core::diagnostic::Severity;

const CHECK_EXAMPLES: &str = "\
Examples:
  reqlint check
  reqlint check fixtures/ --format concise
  reqlint check - --stdin-filename request.http < request.http
  reqlint check --ignore 'http,filter-*' --fail-on error
  reqlint check --fix requests.sh
  reqlint check --diff --unsafe-fixes | git apply
  reqlint check --rules my-rules/ --select my-rules requests.sh
  reqlint check --server http://localhost:8080=winninghunter requests.sh
  reqlint check --trace-rule missing-country requests.sh";

/// Check requests in files, folders or standard input.
///
/// Folders are searched for files that hold requests: scripts, .http files, lists of URLs, JSON,
/// documents with code blocks. `--list-files` shows which, and why. What .gitignore names and hidden files are left out,
/// for globs, too. A file that you name is read whatever .gitignore says, and passed over if
/// nothing in it looks like a request (`-v` says so). An empty standard input is no failure.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) sources: SourceArguments,

    /// Print like this
    #[arg(long, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    pub(crate) format: Format,

    /// Colour the output; `auto` heeds NO_COLOR, CLICOLOR_FORCE and the terminal
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(crate) color: Color,

    /// Count for each rule its diagnostics and the requests in its scope, after all else
    #[arg(long, help_heading = "Output")]
    pub(crate) statistics: bool,

    /// Say as what each file is read, or why it was passed over
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,

    /// Print nothing but failures; the exit code says the rest
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Exit with 1 from this severity on [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Output")]
    pub(crate) fail_on: Option<FailOn>,

    /// Print the configuration that holds, and check nothing
    #[arg(long, help_heading = "Output")]
    pub(crate) show_config: bool,

    /// Say for each request why this rule speaks, or does not, and nothing else
    #[arg(long, value_name = "ID", help_heading = "Output")]
    pub(crate) trace_rule: Option<String>,

    /// Also say which rules cannot be decided, and which variable hides the answer
    #[arg(long, help_heading = "Output")]
    pub(crate) show_unknown: bool,

    #[command(flatten)]
    pub(crate) fixes: FixArguments,

    #[command(flatten)]
    pub(crate) rules: RuleChoice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the lines in question, for people
    Human,
    /// One line each: `path:line:column: severity[rule] message`
    Concise,
    /// For programs; see docs/schemas/check-v1.schema.json
    Json,
    /// SARIF 2.1.0 with fixes, for editors and code hosts
    Sarif,
}

/// The mildest severity that makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl ValueEnum for FailOn {
    fn value_variants<'a>() -> &'a [Self] {
        &[FailOn::Error, FailOn::Warning, FailOn::Info, FailOn::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.least().map_or("never", Severity::name)))
    }
}

impl FailOn {
    /// The severity; none where nothing fails.
    pub(crate) fn least(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        }
    }
}
