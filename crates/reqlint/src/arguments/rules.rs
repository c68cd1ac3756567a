//! `reqlint rule` and `reqlint rules`: what they take, and which packs a command uses.

use super::Color;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Packs beside the built-in ones.
#[derive(Debug, Args)]
pub(crate) struct RuleFiles {
    /// Also use the rules in this file or folder (may be repeated)
    #[arg(id = "rule_files", long = "rules", value_name = "PATH", help_heading = "Rules")]
    pub(crate) paths: Vec<PathBuf>,

    /// Read this configuration instead of the nearest `reqlint.toml` above the current folder
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub(crate) config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config", help_heading = "Rules")]
    pub(crate) isolated: bool,
}

/// Which rules speak, how loud, and about which servers.
#[derive(Debug, Args)]
pub(crate) struct RuleChoice {
    #[command(flatten)]
    pub(crate) files: RuleFiles,

    /// Check requests against this OpenAPI 3 description, too (may be repeated)
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub(crate) openapi: Vec<PathBuf>,

    /// Only these rules: ids, packs, beginnings with `*`, `tag:NAME`, `step:NAME`,
    /// `consequence:NAME`
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) select: Vec<String>,

    /// Not these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,

    /// Give rules another severity, `off` silences them: `missing-country=error` (may be repeated)
    #[arg(long, value_name = "RULES=SEVERITY", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) severity: Vec<String>,

    /// Take the server at this origin for one of this pack, as `http://localhost:8080=shop` (may
    /// be repeated)
    #[arg(id = "servers", long = "server", value_name = "ORIGIN=PACK", help_heading = "Rules")]
    pub(crate) servers: Vec<String>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table
    Text,
    /// For programs; see docs/schemas/rules-v1.schema.json
    Json,
}
