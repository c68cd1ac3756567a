//! The command line tool. See `arguments.rs` for what it takes, `exit.rs` for how it ends.

mod arguments;
mod beside;
mod bytes;
mod check;
mod choice;
mod config;
mod docs;
mod exit;
mod explain;
mod files;
mod fix;
mod list;
mod new_rule;
mod openapi;
mod output;
mod packs;
mod parse;
mod rules;
mod schema;
mod select;
mod servers;
mod setup;
mod source;
mod test_rules;
mod walk;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let exit = match Arguments::parse().command {
        Command::Check(arguments) => check::check(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Parse(arguments) => parse::parse(&arguments),
        Command::Rule(arguments) => rules::rule(&arguments),
        Command::Rules(arguments) => rules::rules(&arguments),
        Command::NewRule(arguments) => new_rule::new_rule(&arguments),
        Command::Docs(arguments) => docs::docs(&arguments),
        Command::Schema(arguments) => schema::schema(&arguments),
        Command::TestRules(arguments) => test_rules::test_rules(&arguments),
        Command::Completions(arguments) => arguments::write_completions(&arguments),
        Command::Man(arguments) => arguments::write_man(&arguments),
    };
    exit.into()
}
