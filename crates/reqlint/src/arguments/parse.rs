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

    /// The shell that curl commands are written for
    #[arg(
        long,
        value_enum,
        value_name = "SHELL",
        default_value = "bash",
        requires = "to",
        help_heading = "Output"
    )]
    pub(crate) shell: ToShell,
}

/// What requests can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ToForm {
    /// curl commands for a shell
    Curl,
    /// Request lines with headers and body
    Http,
    /// HTTP Archive 1.2
    Har,
    /// Request objects
    Json,
}

/// What curl commands can be written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ToShell {
    /// bash, and any POSIX shell
    Bash,
    /// The prompt of Windows
    Cmd,
    /// PowerShell, as its Windows edition passes arguments on
    Powershell,
    /// fish
    Fish,
    /// No shell: lists of arguments in JSON
    Argv,
}
