//! The command line: names, groups and help of everything that it takes. One file a command.

mod author;
mod check;
mod explain;
mod parse;
mod rules;
mod schema;
mod shells;
mod sources;
mod test_rules;

pub(crate) use author::{DocsArguments, NewRuleArguments};
pub(crate) use check::{CheckArguments, FailOn, Format};
use clap::{Parser, Subcommand, ValueEnum};
pub(crate) use explain::{ExplainArguments, ExplainFormat};
pub(crate) use parse::{ParseArguments, ToForm, ToShell};
pub(crate) use rules::{ListFormat, RuleArguments, RuleChoice, RuleFiles, RulesArguments};
pub(crate) use schema::{SchemaArguments, SchemaOf};
pub(crate) use shells::{CompletionsArguments, ManArguments, write_completions, write_man};
pub(crate) use sources::SourceArguments;
pub(crate) use test_rules::{TestFormat, TestRulesArguments};

const EXAMPLES: &str = "\
Examples:
  reqlint check                              every request file under this folder
  reqlint check requests.sh 'api/**/*.http'  these files
  pbpaste | reqlint check -                  what you are about to paste into a terminal
  reqlint explain                            why a request failed: paste it, with what came back
  reqlint rule mixed-time-params             why a rule exists, and how it reads
  reqlint parse - --show-secrets             what curl would send, as JSON

Exit codes:
  0  nothing at or above --fail-on
  1  diagnostics
  2  could not run: arguments, a rule file, reading or writing (wins over 1)
  3  a search of folders found nothing to check";

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
    Explain(ExplainArguments),
    Parse(ParseArguments),
    Rule(RuleArguments),
    Rules(RulesArguments),
    TestRules(TestRulesArguments),
    NewRule(NewRuleArguments),
    Docs(DocsArguments),
    Schema(SchemaArguments),
    Completions(CompletionsArguments),
    Man(ManArguments),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}
