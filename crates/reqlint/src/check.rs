//! `reqlint check`: reads the sources, checks each, and reports in the order of their paths.

use crate::arguments::{CheckArguments, Format};
use crate::exit::Exit;
use crate::output;
use crate::packs::{self, Unusable};
use crate::select::Selection;
use crate::source::{self, Reading, Source};
use crate::walk::{self, Found, Input};
use rayon::prelude::*;
use reqlint_core::check::Checker;
use reqlint_core::diagnostic::{Diagnostic, Severity};
use reqlint_core::parse::parse;
use reqlint_core::rule::load::BrokenFile;
use reqlint_core::secret::find_secrets;
use reqlint_core::span::Span;
use reqlint_report::json::JsonWriter;
use reqlint_report::{Report, Summary, concise};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Fewer sources than this are not worth a second thread.
const PARALLEL: usize = 4;

/// Runs the command.
pub(crate) fn check(arguments: &CheckArguments) -> Exit {
    let checker = match prepare(arguments) {
        Ok(checker) => checker,
        Err(exit) => return exit,
    };
    let found = walk::find(&arguments.sources.paths);
    let outcomes = check_all(&found.inputs, arguments, &checker);
    let exit = write_notes(arguments, &found, &outcomes);
    let checked: Vec<&Checked> = outcomes.iter().filter_map(Outcome::checked).collect();
    let written = if arguments.quiet { Exit::Clean } else { write_all(arguments, &checked) };
    exit.max(written).max(verdict(arguments, &checked))
}

/// The rules that were asked for, ready to run.
fn prepare(arguments: &CheckArguments) -> Result<Checker, Exit> {
    let packs = packs::load(&arguments.rules.paths)
        .map_err(|unusable| write_unusable(arguments, &unusable))?;
    let selection = Selection::new(&arguments.select, &arguments.ignore, &packs);
    let selection = selection.map_err(|unknown| fail_all(&unknown))?;
    let takes_any = packs.iter().flat_map(|pack| &pack.rules).any(|rule| selection.takes(rule));
    if !takes_any && !arguments.quiet {
        output::note("`--select` and `--ignore` leave no rule, so nothing can be found");
    }
    Ok(Checker::new(packs, |rule| selection.takes(rule)))
}

/// A source after the rules have seen it.
struct Checked {
    path: String,
    /// Kept only where something was found in it.
    text: String,
    secrets: Vec<Span>,
    requests: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
}

/// What came of an input.
enum Outcome {
    Checked(Checked),
    Other(Reading),
}

impl Outcome {
    fn checked(&self) -> Option<&Checked> {
        match self {
            Outcome::Checked(checked) => Some(checked),
            Outcome::Other(_) => None,
        }
    }
}

fn check_all(inputs: &[Input], arguments: &CheckArguments, checker: &Checker) -> Vec<Outcome> {
    let check = |input: &Input| match source::read(input, &arguments.sources) {
        Reading::Source(source) => Outcome::Checked(check_source(source, checker)),
        other => Outcome::Other(other),
    };
    match inputs.len() {
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
    Checked { path: source.path, text, secrets, requests, diagnostics }
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

/// Says on standard error what could not be read, and what was passed over.
fn write_notes(arguments: &CheckArguments, found: &Found, outcomes: &[Outcome]) -> Exit {
    let mut exit = Exit::Clean;
    for failure in &found.failures {
        exit = exit.max(output::fail(failure));
    }
    for note in found.notes.iter().filter(|_| !arguments.quiet) {
        output::note(note);
    }
    for note in found.passed_over.iter().filter(|_| arguments.verbose) {
        output::note(note);
    }
    for outcome in outcomes {
        match outcome {
            Outcome::Other(Reading::Failed(why)) => exit = exit.max(output::fail(why)),
            Outcome::Other(Reading::Empty(why)) if !arguments.quiet => output::note(why),
            Outcome::Other(Reading::PassedOver(why)) if arguments.verbose => output::note(why),
            _ => {}
        }
    }
    let checked = outcomes.iter().any(|outcome| outcome.checked().is_some());
    let read = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Other(Reading::Failed(_))));
    if found.searched && !checked && !read && exit == Exit::Clean {
        output::note("found no file with requests; name one, or `-v` says what was passed over");
        return Exit::NothingToCheck;
    }
    let passed_over = |outcome: &Outcome| matches!(outcome, Outcome::Other(Reading::PassedOver(_)));
    if !outcomes.is_empty() && outcomes.iter().all(passed_over) && !arguments.quiet {
        output::note("checked nothing: no file holds a request; `--kind` says how to read them");
    }
    exit
}

fn verdict(arguments: &CheckArguments, checked: &[&Checked]) -> Exit {
    let mut all = checked.iter().flat_map(|checked| &checked.diagnostics);
    let fails = |least: Severity| all.any(|diagnostic| diagnostic.severity >= least);
    match arguments.fail_on.least().is_some_and(fails) {
        true => Exit::Diagnostics,
        false => Exit::Clean,
    }
}

fn write_all(arguments: &CheckArguments, checked: &[&Checked]) -> Exit {
    let reports: Vec<Report<'_>> = checked.iter().map(|checked| checked.report()).collect();
    let exit = write_reports(arguments, &reports);
    if arguments.statistics { exit.max(write_statistics(arguments, &reports)) } else { exit }
}

/// Writes reports in the format that was asked for.
fn write_reports(arguments: &CheckArguments, reports: &[Report<'_>]) -> Exit {
    let mut summary = Summary::default();
    reports.iter().for_each(|report| summary.add(report));
    output::print(|mut out| match arguments.format {
        Format::Human => {
            let terminal = output::terminal(arguments.color);
            reports.iter().try_for_each(|report| terminal.write_report(out, report))?;
            terminal.write_summary(out, &summary)
        }
        Format::Concise => reports.iter().try_for_each(|one| concise::write_report(out, one)),
        Format::Json => {
            let mut json = JsonWriter::new(&mut out)?;
            reports.iter().try_for_each(|report| json.write_report(report))?;
            json.finish(&summary)
        }
    })
}

/// How often each rule spoke, the most frequent first. Beside JSON it goes to standard error.
fn write_statistics(arguments: &CheckArguments, reports: &[Report<'_>]) -> Exit {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in reports.iter().flat_map(|report| report.diagnostics) {
        *counts.entry(&diagnostic.rule).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let lines = |out: &mut dyn Write| -> io::Result<()> {
        counts.iter().try_for_each(|(rule, count)| writeln!(out, "{count:6} {rule}"))
    };
    match arguments.format {
        Format::Json => {
            let _ = lines(&mut io::stderr());
            Exit::Clean
        }
        _ => output::print(lines),
    }
}

/// Says why the rules cannot be used: every mistake with its place in the YAML.
fn write_unusable(arguments: &CheckArguments, unusable: &Unusable) -> Exit {
    match unusable {
        Unusable::Failed(failures) => fail_all(failures),
        Unusable::Broken(files) => {
            let reports: Vec<Report<'_>> = files.iter().map(broken_report).collect();
            write_reports(arguments, &reports);
            Exit::Failed
        }
    }
}

/// The mistakes in a rule file as a report.
pub(crate) fn broken_report((file, text): &(BrokenFile, String)) -> Report<'_> {
    Report { path: &file.path, text, secrets: &[], requests: &[], diagnostics: &file.diagnostics }
}

/// Says everything that went wrong.
pub(crate) fn fail_all(failures: &[String]) -> Exit {
    for failure in failures {
        output::note(failure);
    }
    Exit::Failed
}
