//! The command line: names, groups and help of everything that it takes.

use crate::exit::Exit;
use crate::output;
use clap::builder::PossibleValue;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use reqlint_core::diagnostic::Severity;
use reqlint_core::model::Kind;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  reqlint check                              every request file under this folder
  reqlint check requests.sh 'api/**/*.http'  these files
  pbpaste | reqlint check -                  what you are about to paste into a terminal
  reqlint rule mixed-time-params             why a rule exists, and how it reads
  reqlint parse - --show-secrets             what curl would send, as JSON

Exit codes:
  0  nothing at or above --fail-on
  1  diagnostics
  2  could not run: arguments, a rule file, reading or writing (wins over 1)
  3  a search of folders found nothing to check";

const CHECK_EXAMPLES: &str = "\
Examples:
  reqlint check
  reqlint check fixtures/ --format concise
  reqlint check - --stdin-filename request.http < request.http
  reqlint check --ignore 'http,filter-*' --fail-on error
  reqlint check --rules my-rules/ --select my-rules requests.sh";

/// Lints HTTP API requests as people write them: curl commands, URLs, JSON, .http files.
///
/// Nothing is ever sent: reqlint reads text, compares it with what an API's documentation says,
/// and points at the bytes that are wrong.
#[derive(Debug, Parser)]
#[command(name = "reqlint", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(CheckArguments),
    Parse(ParseArguments),
    Rule(RuleArguments),
    Rules(RulesArguments),
    Completions(CompletionsArguments),
    Man(ManArguments),
}

/// Check requests in files, folders or standard input.
///
/// Folders are searched for request files (.sh .bash .zsh .curl .url .urls .http .rest, and .json
/// .jsonl .ndjson .txt that hold requests); what .gitignore names and hidden files are left out,
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

    /// Count the diagnostics of each rule, after all others
    #[arg(long, help_heading = "Output")]
    pub(crate) statistics: bool,

    /// Say why a file was passed over
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,

    /// Print nothing but failures; the exit code says the rest
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Exit with 1 from this severity on
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "SEVERITY", help_heading = "Output")]
    pub(crate) fail_on: FailOn,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    /// Only these rules: ids, packs, or beginnings with `*`
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) select: Vec<String>,

    /// Not these rules: ids, packs, or beginnings with `*`
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,
}

/// What is read, and as what.
#[derive(Debug, Args)]
pub(crate) struct SourceArguments {
    /// Files, folders, globs; `-` is standard input [default: .]
    #[arg(value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,

    /// Read every source as this kind, instead of finding out
    #[arg(long, value_parser = kinds(), value_name = "KIND", help_heading = "Input")]
    pub(crate) kind: Option<String>,

    /// The name of what comes on standard input, which tells its kind
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub(crate) stdin_filename: Option<String>,
}

impl SourceArguments {
    /// The kind that was asked for.
    pub(crate) fn forced_kind(&self) -> Option<Kind> {
        self.kind.as_deref().and_then(Kind::from_name)
    }
}

fn kinds() -> impl clap::builder::TypedValueParser<Value = String> {
    clap::builder::PossibleValuesParser::new(Kind::ALL.map(Kind::name))
}

/// Packs beside the built-in ones.
#[derive(Debug, Args)]
pub(crate) struct RuleFiles {
    /// Also use the rules in this file or folder (may be repeated)
    #[arg(id = "rule_files", long = "rules", value_name = "PATH", help_heading = "Rules")]
    pub(crate) paths: Vec<PathBuf>,
}

/// Print the requests as they would go on the wire, as JSON.
///
/// Values of secrets are masked unless you ask for them. The form is described by
/// docs/schemas/parse-v1.schema.json.
#[derive(Debug, Args)]
pub(crate) struct ParseArguments {
    #[command(flatten)]
    pub(crate) sources: SourceArguments,

    /// Print values as they are
    #[arg(long, help_heading = "Output")]
    pub(crate) show_secrets: bool,

    /// Write the requests in another form instead of printing the model
    #[arg(long, value_enum, value_name = "FORM", help_heading = "Output")]
    pub(crate) to: Option<ToForm>,
}

/// What requests can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ToForm {
    /// curl commands for bash
    Curl,
    /// Request lines with headers and body
    Http,
    /// HTTP Archive 1.2
    Har,
    /// Request objects
    Json,
}

/// Explain a rule: why it exists, how it reads, how to fix it.
#[derive(Debug, Args)]
pub(crate) struct RuleArguments {
    /// The id of the rule, as it stands in brackets in every diagnostic
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    /// Colour the output
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// List all rules.
#[derive(Debug, Args)]
pub(crate) struct RulesArguments {
    /// Print like this
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    /// Colour the output
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// Print a completion script for a shell.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Print the manual page of reqlint, or of one command.
#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The command; without it the page of reqlint itself
    command: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the lines in question, for people
    Human,
    /// One line each: `path:line:column: severity[rule] message`
    Concise,
    /// For programs; see docs/schemas/check-v1.schema.json
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table
    Text,
    /// For programs; see docs/schemas/rules-v1.schema.json
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
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

/// `reqlint completions SHELL`
pub(crate) fn write_completions(arguments: &CompletionsArguments) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "reqlint", &mut script);
    output::print(|out| out.write_all(&script))
}

/// `reqlint man [COMMAND]`
pub(crate) fn write_man(arguments: &ManArguments) -> Exit {
    let mut root = Arguments::command().disable_help_subcommand(true);
    root.build();
    let page = match &arguments.command {
        None => root,
        Some(name) => match root.find_subcommand(name) {
            Some(command) => command.clone(),
            None => return output::fail(&format!("there is no command `{name}`")),
        },
    };
    let name = page.get_display_name().unwrap_or("reqlint").replace(' ', "-");
    output::print(|out| clap_mangen::Man::new(page).title(name).render(out))
}
