//! The steps of a pack's checklist: passed, failed, or not to be seen from here.

use super::{Cause, Explainer, matters};
use crate::check::context::Context;
use crate::check::truth::Truth;
use crate::diagnostic::Severity;
use crate::symptom::{Step, Symptom};

/// A step with what is known of it.
#[derive(Clone, Debug)]
pub struct CheckedStep<'e> {
    /// The step.
    pub step: &'e Step,
    /// What is known.
    pub state: State,
    /// The rule or symptom by which it failed.
    pub by: Option<String>,
}

/// What is known of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It holds.
    Passed,
    /// It does not.
    Failed,
    /// Neither the request nor the response shows it.
    Unseen,
}

impl State {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            State::Passed => "passed",
            State::Failed => "failed",
            State::Unseen => "unseen",
        }
    }
}

impl Explainer {
    /// The checklist of the first pack that speaks about the request and has one.
    pub(super) fn checklist(
        &self,
        contexts: &[Context<'_, '_>],
        symptom: Option<&Symptom>,
        causes: &[Cause],
        has_request: bool,
    ) -> Vec<CheckedStep<'_>> {
        let pairs = contexts.iter().zip(&self.guides);
        let mut own = pairs.filter(|(context, guide)| {
            !guide.guide.checklist.is_empty() && guide.applies(context) == Truth::Yes
        });
        let Some((context, guide)) = own.next().filter(|_| has_request) else { return Vec::new() };
        let numbered = guide.guide.checklist.iter().enumerate();
        let judge = |(number, step): (usize, &'_ Step)| {
            let proven = guide.proves(context, number);
            judge(context, step.name.as_str(), proven, symptom, causes)
        };
        let judged: Vec<(State, Option<String>)> = numbered.map(judge).collect();
        let steps = guide.guide.checklist.iter().zip(judged);
        steps.map(|(step, (state, by))| CheckedStep { step, state, by }).collect()
    }
}

fn judge(
    context: &Context<'_, '_>,
    step: &str,
    proven: Option<Truth>,
    symptom: Option<&Symptom>,
    causes: &[Cause],
) -> (State, Option<String>) {
    let rules = || {
        let rules = context.pack.pack.rules.iter().zip(&context.pack.rules);
        rules.filter(|(rule, _)| rule.step.as_deref() == Some(step))
    };
    let found = causes
        .iter()
        .map(|cause| &cause.diagnostic)
        .find(|one| matters(one) && rules().any(|(rule, _)| rule.id == one.rule));
    if let Some(symptom) = symptom.filter(|symptom| symptom.step.as_deref() == Some(step)) {
        let by = found.map_or(&symptom.id, |one| &one.rule);
        return (State::Failed, Some(by.clone()));
    }
    match (proven, found) {
        // What is certainly wrong is not made right by an answer that came all the same.
        (_, Some(one)) if one.severity == Severity::Error => {
            (State::Failed, Some(one.rule.clone()))
        }
        (Some(Truth::Yes), _) => (State::Passed, None),
        (_, Some(one)) => (State::Failed, Some(one.rule.clone())),
        (Some(_), None) => (State::Unseen, None),
        (None, None) => {
            let mut truths =
                rules().map(|(rule, ready)| crate::check::rule_truth(context, rule, ready, true));
            let is_clear = rules().next().is_some() && truths.all(|truth| truth != Truth::Unknown);
            (if is_clear { State::Passed } else { State::Unseen }, None)
        }
    }
}
