//! `reqlint check --statistics`.

use super::Checked;
use crate::arguments::{CheckArguments, Format};
use crate::exit::Exit;
use crate::output::{self, Stream};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How often a rule was met.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    diagnostics: usize,
    /// Requests that it could speak about.
    requests: usize,
}

/// How often each rule spoke, the most frequent first, and how many requests it was in scope for.
/// Beside JSON it goes to standard error.
pub(super) fn write_statistics(
    arguments: &CheckArguments,
    checked: &[&Checked],
    stream: Stream,
) -> Exit {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for one in checked {
        for diagnostic in &one.diagnostics {
            counts.entry(&diagnostic.rule).or_default().diagnostics += 1;
        }
        for (rule, requests) in &one.seen.scopes {
            counts.entry(rule).or_default().requests += requests;
        }
    }
    let mut counts: Vec<(&str, Count)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| (Reverse(count.diagnostics), Reverse(count.requests)));
    let requests: usize = checked.iter().map(|one| one.requests.len()).sum();
    let lines = |out: &mut dyn Write| -> io::Result<()> {
        writeln!(out, " found  in scope  rule ({requests} requests)")?;
        counts.iter().try_for_each(|(rule, count)| {
            writeln!(out, "{:6}  {:8}  {rule}", count.diagnostics, count.requests)
        })
    };
    match arguments.format {
        Format::Json => {
            let _ = lines(&mut io::stderr());
            Exit::Clean
        }
        _ => output::print_on(stream, lines),
    }
}
