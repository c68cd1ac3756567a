//! What `reqlint check` prints, in each format.

use super::lines::{Broken, check_lines};
use super::statistics::write_statistics;
use super::{Outcome, Work};
use crate::arguments::{CheckArguments, Format};
use crate::exit::Exit;
use crate::output::{self, Stream};
use crate::packs::{BrokenText, Unusable};
use crate::source::Reading;
use reqlint_report::human::Terminal;
use reqlint_report::json::{Asked, JsonWriter};
use reqlint_report::sarif::write_sarif;
use reqlint_report::survey::{Surveyed, write_traces, write_undecided};
use reqlint_report::{Report, Summary, concise};
use std::io::{self, Write};

/// Writes what was found in all sources, and checks those that are read as they are written.
pub(super) fn write_all(
    work: &Work<'_>,
    outcomes: &mut [Outcome],
    stream: Stream,
) -> (Exit, Summary) {
    if work.arguments.format == Format::Sarif {
        return write_at_once(work, outcomes, stream);
    }
    let mut failures = Vec::new();
    // Counted before anything is written: the verdict does not depend on who reads it.
    let mut summary = Summary::default();
    let checked = outcomes.iter().filter_map(Outcome::checked);
    checked.for_each(|checked| summary.add(&checked.report()));
    let exit = output::print_on(stream, |out| {
        let mut printer = Printer::new(work.arguments, stream, out)?;
        for outcome in outcomes.iter_mut() {
            match outcome {
                Outcome::Checked(checked) => printer.write(&checked.report())?,
                Outcome::Other(Reading::Lines(source)) => {
                    summary.files += 1;
                    let mut write = |report: &Report<'_>| {
                        summary.add_part(report);
                        printer.write(report)
                    };
                    match check_lines(source, work.setup, &mut write) {
                        Err(Broken::Output(error)) => return Err(error),
                        Err(Broken::Source(why)) => failures.push(why),
                        Ok(()) => {}
                    }
                }
                Outcome::Through(..) | Outcome::Other(_) => {}
            }
        }
        let checked = outcomes.iter().filter_map(Outcome::checked);
        let surveyed: Vec<Surveyed<'_>> = checked.map(|checked| checked.surveyed()).collect();
        printer.finish(&summary, &surveyed)
    });
    let failed = if failures.is_empty() { Exit::Clean } else { output::fail_all(&failures) };
    let exit = exit.max(failed);
    (exit.max(write_counts(work, outcomes, stream)), summary)
}

/// Writes what was found in a format that needs all of it at once.
fn write_at_once(work: &Work<'_>, outcomes: &[Outcome], stream: Stream) -> (Exit, Summary) {
    let checked = outcomes.iter().filter_map(Outcome::checked);
    let reports: Vec<Report<'_>> = checked.map(|checked| checked.report()).collect();
    let mut summary = Summary::default();
    reports.iter().for_each(|report| summary.add(report));
    let exit = match work.arguments.quiet {
        true => Exit::Clean,
        false => {
            let rule = |id: &str| work.setup.checker.rule(id);
            let summary_of = |id: &str| rule(id).map(|rule| rule.summary.as_str());
            output::print_on(stream, |out| write_sarif(out, &reports, VERSION, &summary_of))
        }
    };
    (exit.max(write_counts(work, outcomes, stream)), summary)
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn write_counts(work: &Work<'_>, outcomes: &[Outcome], stream: Stream) -> Exit {
    if !work.arguments.statistics || work.arguments.quiet {
        return Exit::Clean;
    }
    let checked: Vec<_> = outcomes.iter().filter_map(Outcome::checked).collect();
    write_statistics(work.arguments, &checked, stream)
}

/// Prints reports one after the other.
struct Printer<'p, 'w> {
    arguments: &'p CheckArguments,
    terminal: Terminal,
    form: Form<'w>,
}

/// A format with where it is written.
enum Form<'w> {
    /// Nothing is printed.
    Quiet,
    /// Only what was asked about a rule.
    Trace(&'w mut dyn Write),
    Human(&'w mut dyn Write),
    Concise(&'w mut dyn Write),
    Json(JsonWriter<&'w mut dyn Write>),
}

impl<'p, 'w> Printer<'p, 'w> {
    fn new(
        arguments: &'p CheckArguments,
        stream: Stream,
        out: &'w mut dyn Write,
    ) -> io::Result<Self> {
        let terminal = output::terminal_on(stream, arguments.color);
        let form = match arguments.format {
            _ if arguments.quiet => Form::Quiet,
            // Who asks about one rule is not helped by what the others say.
            Format::Human | Format::Concise if arguments.trace_rule.is_some() => Form::Trace(out),
            Format::Human => Form::Human(out),
            Format::Concise => Form::Concise(out),
            Format::Json => Form::Json(JsonWriter::new(out)?),
            // Written at once, see `write_at_once`.
            Format::Sarif => Form::Quiet,
        };
        Ok(Printer { arguments, terminal, form })
    }

    /// Prints what was found in a source, or in a part of it.
    fn write(&mut self, report: &Report<'_>) -> io::Result<()> {
        match &mut self.form {
            Form::Quiet | Form::Trace(_) => Ok(()),
            Form::Human(out) => self.terminal.write_report(*out, report),
            Form::Concise(out) => concise::write_report(*out, report),
            Form::Json(json) => json.write_report(report),
        }
    }

    /// Prints what was asked for beside diagnostics, and how much was found.
    fn finish(self, summary: &Summary, surveyed: &[Surveyed<'_>]) -> io::Result<()> {
        let Printer { arguments, terminal, form } = self;
        let write_rest = |out: &mut dyn Write| -> io::Result<()> {
            surveyed.iter().try_for_each(|one| write_undecided(out, one))
        };
        match form {
            Form::Quiet => {}
            Form::Trace(out) => {
                let rule = arguments.trace_rule.as_deref().unwrap_or_default();
                surveyed.iter().try_for_each(|one| write_traces(out, &terminal, rule, one))?;
            }
            Form::Human(out) => {
                write_rest(out)?;
                terminal.write_summary(out, summary)?;
            }
            Form::Concise(out) => write_rest(out)?,
            Form::Json(json) => json.finish_with(summary, surveyed, asked(arguments))?,
        }
        Ok(())
    }
}

/// What was asked for beside diagnostics.
fn asked(arguments: &CheckArguments) -> Asked {
    Asked { unknown: arguments.show_unknown, traces: arguments.trace_rule.is_some() }
}

/// Says why the rules cannot be used: every mistake with its place in the YAML.
pub(super) fn write_unusable(arguments: &CheckArguments, unusable: &Unusable) -> Exit {
    let files = match unusable {
        Unusable::Failed(failures) => return output::fail_all(failures),
        Unusable::Broken(files) => files,
    };
    let reports: Vec<Report<'_>> = files.iter().map(BrokenText::report).collect();
    output::print(|out| match arguments.format {
        Format::Sarif => write_sarif(out, &reports, VERSION, &|_| None),
        _ => {
            let mut summary = Summary::default();
            reports.iter().for_each(|report| summary.add(report));
            let mut printer = Printer::new(arguments, Stream::Out, out)?;
            reports.iter().try_for_each(|report| printer.write(report))?;
            printer.finish(&summary, &[])
        }
    });
    Exit::Failed
}
