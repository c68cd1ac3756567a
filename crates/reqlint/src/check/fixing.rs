//! `reqlint check --fix`: each source is fixed before it is checked.

use super::{Checked, Outcome, Work, check_source, conclude};
use crate::arguments::CheckArguments;
use crate::exit::Exit;
use crate::fix::{self, Asker, Plan};
use crate::output::Stream;
use crate::source::{self, Reading, Source};
use crate::walk::{Found, Input};
use reqlint_core::model::{Document, Kind, Request};

/// What is fixed, and who is asked about it.
pub(super) struct Fixing {
    pub(super) plan: Option<Plan>,
    pub(super) asker: Option<Asker>,
}

impl Fixing {
    /// # Errors
    /// Why nobody can be asked.
    pub(super) fn new(arguments: &CheckArguments, found: &Found) -> Result<Self, String> {
        let plan = arguments.fixes.plan();
        let standard = found.inputs.iter().any(|input| matches!(input, Input::Standard));
        let asker = plan.and_then(|plan| plan.asker(standard)).transpose()?;
        Ok(Fixing { plan, asker })
    }

    /// Fixes one source after the other, as somebody says.
    pub(super) fn ask(&self, inputs: &[Input], work: &Work<'_>) -> Vec<Outcome> {
        let Some(plan) = self.plan else { return Vec::new() };
        let ask = |input| {
            let reading = source::read(input, &work.arguments.sources);
            fix(plan, self.asker.as_ref(), input, reading, work)
        };
        inputs.iter().map(ask).collect()
    }

    /// Says what was fixed, and what was found.
    pub(super) fn finish(&self, work: &Work<'_>, outcomes: &mut [Outcome]) -> Exit {
        let Some(plan) = self.plan else { return conclude(work, outcomes, Stream::Out) };
        for outcome in outcomes.iter() {
            if let (Some(Reading::Lines(lines)), false) = (outcome.reading(), work.arguments.quiet)
            {
                fix::note_recorded(&lines.path);
            }
        }
        let fixes: Vec<&fix::Outcome> = outcomes.iter().filter_map(fixes_of).collect();
        let fixed = fix::finish(plan, &fixes, work.arguments.quiet, work.arguments.verbose);
        let stream = fix::stream_of_reports(&fixes);
        match plan.silent {
            true => fixed,
            false => fixed.max(conclude(work, outcomes, stream)),
        }
    }
}

/// Whether a source tells what was sent.
fn holds_records(source: &Source) -> bool {
    match source.kind {
        kind if kind.is_recording() => true,
        Kind::Json | Kind::Ndjson => source.parse().requests.iter().any(Request::is_recorded),
        _ => false,
    }
}

fn fixes_of(outcome: &Outcome) -> Option<&fix::Outcome> {
    match outcome {
        Outcome::Checked(checked) => checked.fixes.as_ref(),
        Outcome::Through(_, fixes) => Some(fixes),
        Outcome::Other(_) => None,
    }
}

/// Fixes what was read, and checks what came out.
pub(super) fn fix(
    plan: Plan,
    asker: Option<&Asker>,
    input: &Input,
    reading: Reading,
    work: &Work<'_>,
) -> Outcome {
    match reading {
        Reading::Source(source) => {
            let path = source.path.clone();
            let check = |document: &Document<'_>| work.setup.check(&path, document);
            let (source, mut fixes) = fix::fix_source(plan, asker, source, input.path(), &check);
            let is_recorded = holds_records(&source);
            let checked = check_source(source, work);
            fixes.recorded = is_recorded && !checked.diagnostics.is_empty();
            Outcome::Checked(Checked { fixes: Some(fixes), ..checked })
        }
        Reading::Empty { why, text } => {
            let fixes = fix::pass_through(&text);
            Outcome::Through(Reading::Empty { why, text }, fixes)
        }
        other => Outcome::Other(other),
    }
}
