//! `reqlint schema`: what it takes.

use clap::{Args, ValueEnum};

/// Print the JSON Schema of a kind of file that you write.
///
/// Editors with a YAML or TOML server complete and check such files with it. The schemas are in
/// docs/schemas, too.
#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// The kind of file
    #[arg(value_enum)]
    pub(crate) of: SchemaOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// A rule
    Rule,
    /// pack.yaml
    Pack,
    /// A file in symptoms/
    Symptom,
    /// A file in tables/
    Table,
    /// reqlint.toml
    Config,
}
