//! `reqlint parse`: what it takes.

use super::SourceArguments;
use clap::{Args, ValueEnum};

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
