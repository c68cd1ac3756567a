//! What `reqlint check` prints, in each format.

use super::Checked;
use super::statistics::write_statistics;
use crate::arguments::{CheckArguments, Format};
use crate::exit::Exit;
use crate::output::{self, Stream};
use crate::packs::{BrokenText, Unusable};
use reqlint_report::json::JsonWriter;
use reqlint_report::{Report, Summary, concise};

/// Writes what was found in all sources.
pub(super) fn write_all(arguments: &CheckArguments, checked: &[&Checked], stream: Stream) -> Exit {
    let reports: Vec<Report<'_>> = checked.iter().map(|checked| checked.report()).collect();
    let exit = write_reports(arguments, &reports, stream);
    if !arguments.statistics {
        return exit;
    }
    exit.max(write_statistics(arguments, &reports, stream))
}

/// Writes reports in the format that was asked for.
fn write_reports(arguments: &CheckArguments, reports: &[Report<'_>], stream: Stream) -> Exit {
    let mut summary = Summary::default();
    reports.iter().for_each(|report| summary.add(report));
    output::print_on(stream, |mut out| match arguments.format {
        Format::Human => {
            let terminal = output::terminal_on(stream, arguments.color);
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

/// Says why the rules cannot be used: every mistake with its place in the YAML.
pub(super) fn write_unusable(arguments: &CheckArguments, unusable: &Unusable) -> Exit {
    match unusable {
        Unusable::Failed(failures) => output::fail_all(failures),
        Unusable::Broken(files) => {
            let reports: Vec<Report<'_>> = files.iter().map(BrokenText::report).collect();
            write_reports(arguments, &reports, Stream::Out);
            Exit::Failed
        }
    }
}
