//! `reqlint check`: reads the sources, checks each, and reports in the order of their paths.

mod fixing;
mod lines;
mod notes;
mod report;
mod statistics;
mod survey;

use crate::arguments::{CheckArguments, FailOn, Format};
use crate::exit::Exit;
use crate::fix;
use crate::output::{self, Stream};
use crate::setup::{self, Setup};
use crate::source::{self, Reading, Source};
use crate::walk::{self, Input};
use fixing::Fixing;
use notes::write_notes;
use rayon::prelude::*;
use report::{write_all, write_unusable};
use reqlint_core::check::Offset;
use reqlint_core::diagnostic::{Diagnostic, Severity};
use reqlint_core::model::Kind;
use reqlint_core::span::Span;
use reqlint_report::survey::Surveyed;
use reqlint_report::{Report, Summary};
use survey::{Seen, Survey};

/// Fewer sources than this are not worth a second thread.
const PARALLEL: usize = 4;

/// Runs the command.
pub(crate) fn check(arguments: &CheckArguments) -> Exit {
    if arguments.show_config {
        let shown = setup::show_config(&arguments.rules, arguments.fail_on);
        return shown.unwrap_or_else(|unusable| write_unusable(arguments, &unusable));
    }
    let setup = match Setup::load(&arguments.rules, arguments.quiet) {
        Ok(setup) => setup,
        Err(unusable) => return write_unusable(arguments, &unusable),
    };
    if arguments.sources.list_files {
        return crate::list::list_files(&arguments.sources, &setup.filter);
    }
    let survey = match Survey::new(arguments, &setup) {
        Ok(survey) => survey,
        Err(failure) => return output::fail(&failure),
    };
    let found = walk::find(&arguments.sources.paths, &setup.filter);
    let fixing = match Fixing::new(arguments, &found) {
        Ok(fixing) => fixing,
        Err(why) => return output::fail(&why),
    };
    let work = Work { arguments, setup: &setup, survey };
    let mut outcomes = check_all(&found.inputs, &work, &fixing);
    let exit = write_notes(arguments, &found, &outcomes);
    exit.max(fixing.finish(&work, &mut outcomes))
}

/// What a run works with.
struct Work<'w> {
    arguments: &'w CheckArguments,
    setup: &'w Setup,
    survey: Survey<'w>,
}

/// Writes what was found, and says how it ends.
fn conclude(work: &Work<'_>, outcomes: &mut [Outcome], stream: Stream) -> Exit {
    let (written, summary) = write_all(work, outcomes, stream);
    written.max(verdict(work.arguments.fail_on.or(work.setup.fail_on), &summary))
}

/// A source after the rules have seen it.
struct Checked {
    path: String,
    /// Kept only where something was found in it.
    text: String,
    secrets: Vec<Span>,
    requests: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
    /// What was asked for beside diagnostics.
    seen: Seen,
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

    /// Whether it holds requests.
    fn is_read(&self) -> bool {
        matches!(self, Outcome::Checked(_) | Outcome::Other(Reading::Lines(_)))
    }

    /// Its path, as what it is read, and why.
    fn read_as(&self) -> Option<(&str, String)> {
        match self {
            Outcome::Checked(checked) => Some((&checked.path, checked.read_as.clone())),
            Outcome::Other(Reading::Lines(lines)) => {
                Some((&lines.path, read_as(lines.kind, &lines.reason)))
            }
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

fn check_all(inputs: &[Input], work: &Work<'_>, fixing: &Fixing) -> Vec<Outcome> {
    let (plan, sources) = (fixing.plan, &work.arguments.sources);
    let is_at_once = work.survey.asks() || work.arguments.format == Format::Sarif;
    let check = |input: &Input| {
        let reading = match source::open(input, sources) {
            // What is only recorded is not fixed.
            Reading::Lines(lines)
                if is_at_once || (plan.is_some() && !lines.kind.is_recording()) =>
            {
                source::read_whole(lines)
            }
            reading => reading,
        };
        match (reading, plan) {
            (Reading::Source(source), None) => Outcome::Checked(check_source(source, work)),
            (reading, Some(plan)) => fixing::fix(plan, None, input, reading, work),
            (other, None) => Outcome::Other(other),
        }
    };
    match inputs.len() {
        _ if fixing.asker.is_some() => fixing.ask(inputs, work),
        0..PARALLEL => inputs.iter().map(check).collect(),
        _ => inputs.par_iter().map(check).collect(),
    }
}

fn check_source(source: Source, work: &Work<'_>) -> Checked {
    let document = source.parse();
    let diagnostics = work.setup.check(&source.path, &document);
    let seen = work.survey.look(&source.path, &document);
    let layers = &document.layers;
    let requests = document.requests.iter().map(|request| layers.root_span(request.place));
    let requests: Vec<Span> = requests.collect();
    let silent = diagnostics.is_empty() && seen.needs_no_text();
    let secrets = if silent { Vec::new() } else { document.secrets().to_vec() };
    drop(document);
    let read_as = read_as(source.kind, &source.reason);
    let Source { path, text, .. } = source;
    let text = if silent { String::new() } else { text };
    Checked { path, text, secrets, requests, diagnostics, seen, fixes: None, read_as }
}

fn read_as(kind: Kind, reason: &str) -> String {
    format!("read as {}, since {reason}", kind.name())
}

impl Checked {
    fn report(&self) -> Report<'_> {
        Report {
            path: &self.path,
            text: &self.text,
            secrets: &self.secrets,
            requests: &self.requests,
            diagnostics: &self.diagnostics,
            offset: Offset::default(),
        }
    }

    fn surveyed(&self) -> Surveyed<'_> {
        let Seen { traces, undecided, .. } = &self.seen;
        Surveyed { report: self.report(), traces, undecided }
    }
}

/// The exit code that the diagnostics make.
fn verdict(fail_on: Option<FailOn>, summary: &Summary) -> Exit {
    let at_least = |least: Severity| match least {
        Severity::Error => summary.errors,
        Severity::Warning => summary.errors + summary.warnings,
        Severity::Info => summary.diagnostics(),
    };
    let least = fail_on.unwrap_or(FailOn::Warning).least();
    match least.is_some_and(|least| at_least(least) > 0) {
        true => Exit::Diagnostics,
        false => Exit::Clean,
    }
}
