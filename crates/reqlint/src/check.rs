//! `reqlint check`: reads the sources, checks each, and reports in the order of their paths.

mod fixing;
mod notes;
mod report;
mod statistics;

use crate::arguments::CheckArguments;
use crate::exit::Exit;
use crate::fix;
use crate::output::{self, Stream};
use crate::setup;
use crate::source::{self, Reading, Source};
use crate::walk::{self, Input};
use fixing::Fixing;
use notes::write_notes;
use rayon::prelude::*;
use report::{write_all, write_unusable};
use reqlint_core::check::Checker;
use reqlint_core::diagnostic::{Diagnostic, Severity};
use reqlint_core::parse::parse;
use reqlint_core::secret::find_secrets;
use reqlint_core::span::Span;
use reqlint_report::Report;

/// Fewer sources than this are not worth a second thread.
const PARALLEL: usize = 4;

/// Runs the command.
pub(crate) fn check(arguments: &CheckArguments) -> Exit {
    if arguments.sources.list_files {
        return crate::list::list_files(&arguments.sources);
    }
    let checker = match setup::checker(&arguments.rules, arguments.quiet) {
        Ok(checker) => checker,
        Err(unusable) => return write_unusable(arguments, &unusable),
    };
    let found = walk::find(&arguments.sources.paths);
    let fixing = match Fixing::new(arguments, &found) {
        Ok(fixing) => fixing,
        Err(why) => return output::fail(&why),
    };
    let outcomes = check_all(&found.inputs, arguments, &checker, &fixing);
    let exit = write_notes(arguments, &found, &outcomes);
    exit.max(fixing.finish(arguments, &outcomes))
}

/// Writes what was found, and says how it ends.
fn conclude(arguments: &CheckArguments, outcomes: &[Outcome], stream: Stream) -> Exit {
    let checked: Vec<&Checked> = outcomes.iter().filter_map(Outcome::checked).collect();
    let written =
        if arguments.quiet { Exit::Clean } else { write_all(arguments, &checked, stream) };
    written.max(verdict(arguments, &checked))
}

/// A source after the rules have seen it.
struct Checked {
    path: String,
    /// Kept only where something was found in it.
    text: String,
    secrets: Vec<Span>,
    requests: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
    fixes: Option<fix::Outcome>,
    /// As what it was read, and why.
    read_as: String,
}

/// What came of an input.
enum Outcome {
    Checked(Checked),
    /// Nothing in it could be checked; its text goes through where it was to be fixed.
    Through(Reading, fix::Outcome),
    Other(Reading),
}

impl Outcome {
    fn checked(&self) -> Option<&Checked> {
        match self {
            Outcome::Checked(checked) => Some(checked),
            _ => None,
        }
    }

    fn reading(&self) -> Option<&Reading> {
        match self {
            Outcome::Through(reading, _) | Outcome::Other(reading) => Some(reading),
            Outcome::Checked(_) => None,
        }
    }
}

fn check_all(
    inputs: &[Input],
    arguments: &CheckArguments,
    checker: &Checker,
    fixing: &Fixing,
) -> Vec<Outcome> {
    let plan = fixing.plan;
    let check = |input: &Input| match (source::read(input, &arguments.sources), plan) {
        (Reading::Source(source), None) => Outcome::Checked(check_source(source, checker)),
        (reading, Some(plan)) => fixing::fix(plan, None, input, reading, checker),
        (other, None) => Outcome::Other(other),
    };
    match inputs.len() {
        _ if fixing.asker.is_some() => fixing.ask(inputs, arguments, checker),
        0..PARALLEL => inputs.iter().map(check).collect(),
        _ => inputs.par_iter().map(check).collect(),
    }
}

fn check_source(source: Source, checker: &Checker) -> Checked {
    let document = parse(&source.text, source.kind);
    let diagnostics = checker.check(&document);
    let layers = &document.layers;
    let requests = document.requests.iter().map(|request| layers.root_span(request.place));
    let requests: Vec<Span> = requests.collect();
    let silent = diagnostics.is_empty();
    let secrets = if silent { Vec::new() } else { find_secrets(&document) };
    drop(document);
    let text = if silent { String::new() } else { source.text };
    let read_as = format!("read as {}, since {}", source.kind.name(), source.reason);
    Checked { path: source.path, text, secrets, requests, diagnostics, fixes: None, read_as }
}

impl Checked {
    fn report(&self) -> Report<'_> {
        Report {
            path: &self.path,
            text: &self.text,
            secrets: &self.secrets,
            requests: &self.requests,
            diagnostics: &self.diagnostics,
        }
    }
}

fn verdict(arguments: &CheckArguments, checked: &[&Checked]) -> Exit {
    let mut all = checked.iter().flat_map(|checked| &checked.diagnostics);
    let fails = |least: Severity| all.any(|diagnostic| diagnostic.severity >= least);
    match arguments.fail_on.least().is_some_and(fails) {
        true => Exit::Diagnostics,
        false => Exit::Clean,
    }
}
