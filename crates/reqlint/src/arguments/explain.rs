//! `reqlint explain`: what it takes.

use super::{Color, RuleFiles};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  reqlint explain                            asks what to paste, up to Ctrl-D
  curl -i https://… 2>&1 | reqlint explain -
  reqlint explain failed.txt                 a command with what it printed
  reqlint explain request.sh --status 404 --body '{\"error\": \"…\"}'
  reqlint explain request.sh --response answer.txt --format markdown

Exit codes:
  0  it was explained
  2  nothing in it is a request or a response, or it could not be read";

/// Explain why a request failed, from the request and what came back.
///
/// Takes what people paste: a command alone or with its output (`curl -i`, `-v`, `-w`,
/// `--trace-ascii`), an HTTP message with its response, a status with a URL, an error message of
/// curl or a browser, with prompts, fences and quoted mail around it. The first line of the answer
/// is the likeliest cause. The corrected request is whole and ready to paste; a key in it becomes a
/// variable. Secrets are masked everywhere, so the answer can be shared as it is.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExplainArguments {
    /// A file with what was pasted; `-` is standard input [default: standard input]
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// What came back, where it is in a file of its own: a response, or its content alone
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) response: Option<PathBuf>,

    /// The status code that came back
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u16).range(100..600), help_heading = "Input")]
    pub(crate) status: Option<u16>,

    /// The content that came back
    #[arg(long, value_name = "TEXT", conflicts_with = "response", help_heading = "Input")]
    pub(crate) body: Option<String>,

    /// Only the exchange with this number, from 1
    #[arg(long, value_name = "N", help_heading = "Input")]
    pub(crate) entry: Option<usize>,

    /// Read it as this kind, instead of finding out
    #[arg(long, value_parser = super::sources::kinds(), value_name = "KIND", help_heading = "Input")]
    pub(crate) kind: Option<String>,

    /// Print like this
    #[arg(long, value_enum, default_value_t = ExplainFormat::Human, help_heading = "Output")]
    pub(crate) format: ExplainFormat,

    /// Colour the output; `auto` heeds NO_COLOR, CLICOLOR_FORCE and the terminal
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "Output")]
    pub(crate) color: Color,

    #[command(flatten)]
    pub(crate) rules: RuleFiles,

    /// Take the server at this origin for one of this pack, as `http://localhost:8080=shop` (may
    /// be repeated)
    #[arg(id = "servers", long = "server", value_name = "ORIGIN=PACK", help_heading = "Rules")]
    pub(crate) servers: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people at a terminal
    Human,
    /// For programs; see docs/schemas/explain-v1.schema.json
    Json,
    /// For an issue or a chat
    Markdown,
}
