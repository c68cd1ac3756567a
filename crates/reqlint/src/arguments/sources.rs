//! What commands read, and as what.

use clap::Args;
use reqlint_core::model::Kind;
use std::path::PathBuf;

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

    /// Print what would be read, as which kind, and why; read nothing else
    #[arg(long, help_heading = "Input")]
    pub(crate) list_files: bool,

    /// Read the files that commands name (`-d @body.json`, `-K`, `-T`, `< file`) beside each source,
    /// inside its project only; else their content counts as unknown
    #[arg(long, help_heading = "Input")]
    pub(crate) resolve_files: bool,
}

impl SourceArguments {
    /// The kind that was asked for.
    pub(crate) fn forced_kind(&self) -> Option<Kind> {
        self.kind.as_deref().and_then(Kind::from_name)
    }
}

pub(super) fn kinds() -> impl clap::builder::TypedValueParser<Value = String> {
    clap::builder::PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.name()))
}
