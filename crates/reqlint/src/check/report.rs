//! What `reqlint check` prints, in each format.

use super::Checked;
use super::statistics::write_statistics;
use crate::arguments::{CheckArguments, Format};
use crate::exit::Exit;
use crate::output::{self, Stream};
use crate::packs::{BrokenText, Unusable};
use reqlint_report::json::{Asked, JsonWriter};
use reqlint_report::sarif::write_sarif;
use reqlint_report::survey::{Surveyed, write_traces, write_undecided};
use reqlint_report::{Summary, concise};

/// Writes what was found in all sources.
pub(super) fn write_all(arguments: &CheckArguments, checked: &[&Checked], stream: Stream) -> Exit {
    let surveyed: Vec<Surveyed<'_>> = checked.iter().map(|checked| checked.surveyed()).collect();
    let exit = match &arguments.trace_rule {
        // Who asks about one rule is not helped by what the others say.
        Some(rule) if arguments.format != Format::Json => output::print_on(stream, |out| {
            let terminal = output::terminal_on(stream, arguments.color);
            surveyed.iter().try_for_each(|one| write_traces(out, &terminal, rule, one))
        }),
        _ => write_reports(arguments, &surveyed, stream),
    };
    if !arguments.statistics {
        return exit;
    }
    exit.max(write_statistics(arguments, checked, stream))
}

/// Writes reports in the format that was asked for.
fn write_reports(arguments: &CheckArguments, surveyed: &[Surveyed<'_>], stream: Stream) -> Exit {
    let mut summary = Summary::default();
    surveyed.iter().for_each(|one| summary.add(&one.report));
    let terminal = output::terminal_on(stream, arguments.color);
    let mut reports = surveyed.iter().map(|one| &one.report);
    output::print_on(stream, |mut out| {
        match arguments.format {
            Format::Human => reports.try_for_each(|report| terminal.write_report(out, report))?,
            Format::Concise => reports.try_for_each(|report| concise::write_report(out, report))?,
            Format::Json => {
                let mut json = JsonWriter::new(&mut out)?;
                reports.try_for_each(|report| json.write_report(report))?;
                return json.finish_with(&summary, surveyed, asked(arguments));
            }
            Format::Sarif => {
                let reports: Vec<_> = reports.copied().collect();
                return write_sarif(out, &reports, env!("CARGO_PKG_VERSION"));
            }
        }
        surveyed.iter().try_for_each(|one| write_undecided(out, one))?;
        match arguments.format {
            Format::Human => terminal.write_summary(out, &summary),
            _ => Ok(()),
        }
    })
}

/// What was asked for beside diagnostics.
fn asked(arguments: &CheckArguments) -> Asked {
    Asked { unknown: arguments.show_unknown, traces: arguments.trace_rule.is_some() }
}

/// Says why the rules cannot be used: every mistake with its place in the YAML.
pub(super) fn write_unusable(arguments: &CheckArguments, unusable: &Unusable) -> Exit {
    match unusable {
        Unusable::Failed(failures) => output::fail_all(failures),
        Unusable::Broken(files) => {
            let broken = files.iter().map(BrokenText::report);
            let surveyed = broken.map(|report| Surveyed { report, traces: &[], undecided: &[] });
            write_reports(arguments, &surveyed.collect::<Vec<_>>(), Stream::Out);
            Exit::Failed
        }
    }
}
