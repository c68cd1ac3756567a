//! `reqlint check --fix` and its kin: fixes each source, and says what was done.
//!
//! What is fixed, and in which order, is `reqlint_core::apply`; this is where it meets files,
//! standard output and people.

mod ask;
mod write;

use crate::exit::Exit;
use crate::output::{self, Stream};
use crate::source::Source;
use clap::{ArgGroup, Args};
use reqlint_core::apply::{Applied, Check, Damage, Refused, fix_text};
use reqlint_core::diagnostic::Safety;
use reqlint_report::counted;
use reqlint_report::diff::write_diff;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(crate) use ask::Asker;

/// What is done about what can be fixed.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("fixing").multiple(true).args(["fix", "fix_only", "diff", "interactive"]))]
pub(crate) struct FixArguments {
    /// Write the fixes that are safe, and report what remains; of standard input, print the fixed text
    #[arg(long, help_heading = "Fixes")]
    fix: bool,

    /// Fix what may change the meaning of a request, too
    #[arg(long, requires = "fixing", help_heading = "Fixes")]
    unsafe_fixes: bool,

    /// Like --fix, but say nothing of what remains
    #[arg(long, help_heading = "Fixes")]
    fix_only: bool,

    /// Print what would be fixed, as a unified diff for `git apply`, and write nothing; secrets in it are
    /// not masked
    #[arg(long, visible_alias = "dry-run", help_heading = "Fixes")]
    diff: bool,

    /// Show each fix and ask before it is made
    #[arg(long, conflicts_with = "diff", help_heading = "Fixes")]
    interactive: bool,
}

/// What happens to a fixed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// It takes the place of the old one.
    Write,
    /// It is compared with the old one.
    Diff,
    /// Like [`Write`](Mode::Write), fix by fix.
    Ask,
}

/// What was asked for, where anything was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    mode: Mode,
    most: Safety,
    /// Whether what remains is left unsaid.
    pub(crate) silent: bool,
}

impl Plan {
    /// Who is asked about each fix, where somebody is.
    pub(crate) fn asker(self, reads_standard_input: bool) -> Option<Result<Asker, String>> {
        (self.mode == Mode::Ask).then(|| Asker::new(self.most, reads_standard_input))
    }
}

impl FixArguments {
    pub(crate) fn plan(&self) -> Option<Plan> {
        let mode = match self {
            _ if self.diff => Mode::Diff,
            _ if self.interactive => Mode::Ask,
            _ if self.fix || self.fix_only => Mode::Write,
            _ => return None,
        };
        let most = if self.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
        Some(Plan { mode, most, silent: self.fix_only || mode == Mode::Diff })
    }
}

/// A source after its fixes.
pub(crate) struct Outcome {
    /// As it is shown.
    path: String,
    /// The folder of the file that was written.
    folder: Option<PathBuf>,
    /// The text as it was read, and as it is now, where they are still of use.
    texts: Option<(String, String)>,
    standard_input: bool,
    applied: Vec<Applied>,
    /// Why it was left alone.
    failure: Option<String>,
    unfinished: bool,
    /// Whether something was found in what was sent already, which is not fixed.
    pub(crate) recorded: bool,
}

/// Fixes a source. What comes back has the text as it is now. A `file` is written; standard input
/// has none.
pub(crate) fn fix_source(
    plan: Plan,
    asker: Option<&Asker>,
    source: Source,
    file: Option<&Path>,
    check: Check<'_>,
) -> (Source, Outcome) {
    let mut outcome = Outcome {
        path: source.path.clone(),
        folder: None,
        texts: None,
        standard_input: file.is_none(),
        applied: Vec::new(),
        failure: None,
        unfinished: false,
        recorded: false,
    };
    let fixed = match asker {
        Some(asker) => asker.fix(&source, check),
        None => fix_text(&source.text, source.kind, plan.most, check),
    };
    let fixed = match fixed {
        Ok(fixed) => fixed,
        Err(refused) => {
            outcome.failure = Some(say_refused(&refused));
            outcome.keep_for_output(&source.text, source.text.clone());
            return (source, outcome);
        }
    };
    let changed = fixed.text != source.text;
    outcome.unfinished = fixed.unfinished;
    if let (true, Some(file), Mode::Write | Mode::Ask) = (changed, file, plan.mode) {
        let written = match is_packed(file) {
            true => Err("not fixed: it is packed".to_owned()),
            false => write::replace(file, &source.text, &fixed.text),
        };
        match written {
            Ok(folder) => outcome.folder = Some(folder),
            Err(why) => {
                outcome.failure = Some(why);
                return (source, outcome);
            }
        }
    }
    outcome.applied = fixed.applied;
    if outcome.standard_input || plan.mode == Mode::Diff {
        outcome.keep_for_output(&source.text, fixed.text.clone());
    }
    (Source { text: fixed.text, ..source }, outcome)
}

/// Whether a file is a gzip or zstd file, by its name.
fn is_packed(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    crate::bytes::inner_name(&name) != name
}

/// Standard input that holds no request is printed as it came.
pub(crate) fn pass_through(text: &str) -> Outcome {
    Outcome {
        path: String::new(),
        folder: None,
        texts: Some((text.to_owned(), text.to_owned())),
        standard_input: true,
        applied: Vec::new(),
        failure: None,
        unfinished: false,
        recorded: false,
    }
}

impl Outcome {
    fn keep_for_output(&mut self, old: &str, new: String) {
        self.texts = Some((old.to_owned(), new));
    }

    fn changes(&self) -> bool {
        self.texts.as_ref().is_some_and(|(old, new)| old != new)
    }
}

fn say_refused(refused: &Refused) -> String {
    let fixes: BTreeSet<String> =
        refused.fixes.iter().map(|fix| format!("{} of `{}`", fix.title, fix.rule)).collect();
    let fixes: Vec<String> = fixes.into_iter().collect();
    let why = match refused.damage {
        Damage::NoLongerParses => "the text would no longer parse after",
        Damage::LosesRequests => "requests would be lost by",
        Damage::LosesParts => "a part of a request would be lost by",
    };
    format!("not fixed: {why} {}", fixes.join("; "))
}

/// Where diagnostics go: to standard error, where standard output is for the fixed text.
pub(crate) fn stream_of_reports(outcomes: &[&Outcome]) -> Stream {
    match outcomes.iter().any(|outcome| outcome.standard_input) {
        true => Stream::Error,
        false => Stream::Out,
    }
}

/// Prints the fixed text of standard input, or the diffs, and says what was done.
pub(crate) fn finish(plan: Plan, outcomes: &[&Outcome], quiet: bool, verbose: bool) -> Exit {
    let mut exit = output::print(|out| {
        outcomes
            .iter()
            .filter_map(|outcome| outcome.texts.as_ref().map(|texts| (outcome, texts)))
            .try_for_each(|(outcome, (old, new))| match plan.mode {
                Mode::Diff => write_diff(out, &outcome.path, old, new),
                _ => out.write_all(new.as_bytes()),
            })
    });
    let folders: BTreeSet<&Path> =
        outcomes.iter().filter_map(|one| one.folder.as_deref()).collect();
    folders.into_iter().for_each(write::remove_left_overs);
    for outcome in outcomes {
        if let Some(why) = &outcome.failure {
            exit = exit.max(output::fail(&format!("{}: {why}", outcome.path)));
        }
        if verbose {
            for fix in &outcome.applied {
                output::note(&format!("{}: {} ({})", outcome.path, fix.title, fix.rule));
            }
        }
        if outcome.recorded && !quiet {
            note_recorded(&outcome.path);
        }
        if outcome.unfinished && !quiet {
            let why = "fixes bring up more to fix, time and again; run once more, or look at what remains";
            output::note(&format!("{}: {why}", outcome.path));
        }
    }
    if !quiet {
        summarize(plan, outcomes);
    }
    let differs = plan.mode == Mode::Diff && outcomes.iter().any(|outcome| outcome.changes());
    if differs { exit.max(Exit::Diagnostics) } else { exit }
}

/// Says that what is past is not mended.
pub(crate) fn note_recorded(path: &str) {
    output::note(&format!(
        "{path}: recordings and logs tell what was sent, so they cannot be fixed"
    ));
}

fn summarize(plan: Plan, outcomes: &[&Outcome]) {
    let fixes: usize = outcomes.iter().map(|outcome| outcome.applied.len()).sum();
    let files = outcomes.iter().filter(|outcome| !outcome.applied.is_empty()).count();
    if fixes == 0 {
        return;
    }
    let done = if plan.mode == Mode::Diff { "would make" } else { "made" };
    let fixes = if fixes == 1 { "1 fix".to_owned() } else { format!("{fixes} fixes") };
    output::note(&format!("{done} {fixes} in {}", counted(files, "file")));
}
