//! `--list-files`: what would be read, as which kind, and why.

use crate::arguments::SourceArguments;
use crate::exit::Exit;
use crate::files::FileFilter;
use crate::source::{self, LineSource, Reading, Source};
use crate::{output, walk};
use rayon::prelude::*;

/// Prints one line a file: its path, its kind, the reason; with a tab between them.
pub(crate) fn list_files(arguments: &SourceArguments, filter: &FileFilter) -> Exit {
    let found = walk::find(&arguments.paths, filter);
    let mut exit = Exit::Clean;
    for failure in &found.failures {
        exit = exit.max(output::fail(failure));
    }
    found.notes.iter().for_each(|note| output::note(note));
    let read = |input| source::open(input, arguments);
    let readings: Vec<Reading> = found.inputs.par_iter().map(read).collect();
    let mut lines = Vec::new();
    for reading in &readings {
        match reading {
            Reading::Source(Source { path, kind, reason, .. })
            | Reading::Lines(LineSource { path, kind, reason, .. }) => {
                lines.push(format!("{path}\t{}\t{reason}", kind.name()));
            }
            Reading::Failed(why) => exit = exit.max(output::fail(why)),
            Reading::Empty { why, .. } => output::note(why),
            Reading::PassedOver(_) => {}
        }
    }
    exit.max(output::print(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}"))))
}
