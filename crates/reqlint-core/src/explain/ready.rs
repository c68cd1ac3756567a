//! Guides that are ready to be asked.

use crate::check::context::Context;
use crate::check::evaluate::case_truth;
use crate::check::ready::{ReadyCase, ReadyPack};
use crate::check::truth::Truth;
use crate::rule::{Case, Condition, PartPlace};
use crate::symptom::{Guide, Symptom};

/// A guide with what is computed from it once.
#[derive(Debug)]
pub(super) struct ReadyGuide {
    pub(super) guide: Guide,
    /// For each symptom.
    symptoms: Vec<ReadyCase>,
    /// For each symptom, whether the status is one of those that it names; none where it names none.
    statuses: Vec<Option<(Case, ReadyCase)>>,
    /// For each step of the checklist.
    steps: Vec<Option<ReadyCase>>,
    /// Which exchanges count against the rate, and which cost a credit.
    rate: Option<ReadyCase>,
    credits: Option<ReadyCase>,
}

impl ReadyGuide {
    pub(super) fn new(guide: Guide, pack: &ReadyPack) -> Self {
        let operations = pack.pack.api.as_ref().map(|api| api.operations.as_slice());
        let operations = operations.unwrap_or_default();
        let symptoms = guide.symptoms.iter();
        let symptoms = symptoms.map(|symptom| ReadyCase::new(&symptom.case, operations)).collect();
        let ready = |case: &Case| ReadyCase::new(case, operations);
        let statuses = guide.symptoms.iter().map(|symptom| {
            let named = symptom.case.condition.as_ref().map(named_statuses).unwrap_or_default();
            let case = Case::asking(Vec::new(), Condition::Any(named.clone()));
            (!named.is_empty()).then(|| (case.clone(), ready(&case)))
        });
        let statuses = statuses.collect();
        let steps = guide.checklist.iter();
        let steps = steps.map(|step| step.passed_if.as_ref().map(ready)).collect();
        let budget = guide.budget.as_ref();
        let rate = budget.and_then(|budget| Some(ready(&budget.rate.as_ref()?.case)));
        let credits = budget.and_then(|budget| Some(ready(&budget.credits.as_ref()?.case)));
        ReadyGuide { guide, symptoms, statuses, steps, rate, credits }
    }

    /// The symptoms that are seen, and those that may be, without those that yield to one seen.
    /// Where it is not known that the pack speaks about the exchange, what is seen may be.
    pub(super) fn symptoms_in(
        &self,
        context: &Context<'_, '_>,
        is_meant: bool,
    ) -> (Vec<&Symptom>, Vec<&Symptom>) {
        let applies = if is_meant { self.applies(context) } else { Truth::Unknown };
        if applies == Truth::No {
            return (Vec::new(), Vec::new());
        }
        let mut seen: Vec<&Symptom> = Vec::new();
        // With whether their own status is known.
        let mut possible: Vec<(&Symptom, Option<Truth>)> = Vec::new();
        let ready = self.symptoms.iter().zip(&self.statuses);
        for (symptom, (ready, statuses)) in self.guide.symptoms.iter().zip(ready) {
            // A status that is known rules out what is named by other ones.
            let named = |(case, ready): &(Case, ReadyCase)| case_truth(context, case, ready);
            let named = statuses.as_ref().map(named);
            let is_other = named == Some(Truth::No);
            match applies.and(case_truth(context, &symptom.case, ready)) {
                Truth::Yes => seen.push(symptom),
                Truth::Unknown if is_other => {}
                Truth::Unknown if is_meant => possible.push((symptom, named)),
                Truth::Unknown => {
                    // Of a response without its request, only what surely fits is worth a word.
                    if case_truth(context, &symptom.case, ready) == Truth::Yes {
                        possible.push((symptom, named));
                    }
                }
                Truth::No => {}
            }
        }
        let better: Vec<&str> = seen.iter().map(|one| one.id.as_str()).collect();
        let yields = |one: &&Symptom| one.yields_to.iter().any(|id| better.contains(&id.as_str()));
        let said: Vec<&Symptom> = seen.iter().copied().filter(|one| !yields(one)).collect();
        possible.retain(|(one, _)| !yields(one));
        // A status that is there tells more than one that may be.
        possible.sort_by_key(|(_, named)| *named != Some(Truth::Yes));
        let is_general = context.pack.pack.servers.is_empty() && context.pack.pack.paths.is_empty();
        if is_general {
            // Of any API, only a status tells these apart: without one, all of them are possible.
            possible.retain(|(_, named)| *named != Some(Truth::Unknown));
        }
        (said, possible.into_iter().map(|(one, _)| one).collect())
    }

    /// Whether the pack speaks about the request: its own servers, and those that look like them.
    pub(super) fn applies(&self, context: &Context<'_, '_>) -> Truth {
        context.applies.or(Truth::from(context.looks_like_a_server()))
    }

    /// Whether an exchange counts against the rate of its API; none where there is none.
    pub(super) fn counts(&self, context: &Context<'_, '_>) -> Option<Truth> {
        let rate = self.guide.budget.as_ref()?.rate.as_ref()?;
        Some(case_truth(context, &rate.case, self.rate.as_ref()?))
    }

    /// Whether an exchange costs a credit; none where nothing does.
    pub(super) fn costs(&self, context: &Context<'_, '_>) -> Option<Truth> {
        let credits = self.guide.budget.as_ref()?.credits.as_ref()?;
        Some(case_truth(context, &credits.case, self.credits.as_ref()?))
    }

    /// Whether what proves the step with that number is there; none where nothing is asked for.
    pub(super) fn proves(&self, context: &Context<'_, '_>, step: usize) -> Option<Truth> {
        let case = self.guide.checklist[step].passed_if.as_ref()?;
        Some(case_truth(context, case, self.steps[step].as_ref()?))
    }
}

/// The questions for a status in a condition, without those that are denied.
fn named_statuses(condition: &Condition) -> Vec<Condition> {
    match condition {
        Condition::Part(part) if matches!(part.place, PartPlace::Status(_)) => {
            vec![condition.clone()]
        }
        Condition::All(all) | Condition::Any(all) => all.iter().flat_map(named_statuses).collect(),
        _ => Vec::new(),
    }
}
