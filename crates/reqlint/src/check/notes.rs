//! What `reqlint check` says on standard error.

use super::Outcome;
use crate::arguments::CheckArguments;
use crate::exit::Exit;
use crate::output;
use crate::source::Reading;
use crate::walk::Found;

/// Says on standard error what could not be read, and what was passed over.
pub(super) fn write_notes(arguments: &CheckArguments, found: &Found, outcomes: &[Outcome]) -> Exit {
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
        if let Some((path, read_as)) = outcome.read_as().filter(|_| arguments.verbose) {
            output::note(&format!("{path}: {read_as}"));
        }
        match outcome.reading() {
            Some(Reading::Failed(why)) => exit = exit.max(output::fail(why)),
            Some(Reading::Empty { why, .. }) if !arguments.quiet => output::note(why),
            Some(Reading::PassedOver(why)) if arguments.verbose => output::note(why),
            _ => {}
        }
    }
    let checked = outcomes.iter().any(|outcome| outcome.is_read());
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
