//! `reqlint check --statistics`.

use crate::arguments::{CheckArguments, Format};
use crate::exit::Exit;
use crate::output::{self, Stream};
use reqlint_report::Report;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How often each rule spoke, the most frequent first. Beside JSON it goes to standard error.
pub(super) fn write_statistics(
    arguments: &CheckArguments,
    reports: &[Report<'_>],
    stream: Stream,
) -> Exit {
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
        _ => output::print_on(stream, lines),
    }
}
