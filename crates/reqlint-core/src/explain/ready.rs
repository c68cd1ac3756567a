//! Guides that are ready to be asked.

use crate::check::context::Context;
use crate::check::evaluate::case_truth;
use crate::check::ready::{ReadyCase, ReadyPack};
use crate::check::truth::Truth;
use crate::symptom::{Guide, Symptom};

/// A guide with what is computed from it once.
#[derive(Debug)]
pub(super) struct ReadyGuide {
    pub(super) guide: Guide,
    /// For each symptom.
    symptoms: Vec<ReadyCase>,
    /// For each step of the checklist.
    steps: Vec<Option<ReadyCase>>,
}

impl ReadyGuide {
    pub(super) fn new(guide: Guide, pack: &ReadyPack) -> Self {
        let operations = pack.pack.api.as_ref().map(|api| api.operations.as_slice());
        let operations = operations.unwrap_or_default();
        let symptoms = guide.symptoms.iter();
        let symptoms = symptoms.map(|symptom| ReadyCase::new(&symptom.case, operations)).collect();
        let ready = |case| ReadyCase::new(case, operations);
        let steps = guide.checklist.iter();
        let steps = steps.map(|step| step.passed_if.as_ref().map(ready)).collect();
        ReadyGuide { guide, symptoms, steps }
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
        let mut possible: Vec<&Symptom> = Vec::new();
        for (symptom, ready) in self.guide.symptoms.iter().zip(&self.symptoms) {
            match applies.and(case_truth(context, &symptom.case, ready)) {
                Truth::Yes => seen.push(symptom),
                Truth::Unknown if is_meant => possible.push(symptom),
                Truth::Unknown => {
                    // Of a response without its request, only what surely fits is worth a word.
                    if case_truth(context, &symptom.case, ready) == Truth::Yes {
                        possible.push(symptom);
                    }
                }
                Truth::No => {}
            }
        }
        let better: Vec<&str> = seen.iter().map(|one| one.id.as_str()).collect();
        let yields = |one: &&Symptom| one.yields_to.iter().any(|id| better.contains(&id.as_str()));
        let said: Vec<&Symptom> = seen.iter().copied().filter(|one| !yields(one)).collect();
        let possible = possible.into_iter().filter(|one| !yields(one)).collect();
        (said, possible)
    }

    /// Whether the pack speaks about the request: its own servers, and those that look like them.
    pub(super) fn applies(&self, context: &Context<'_, '_>) -> Truth {
        context.applies.or(Truth::from(context.looks_like_a_server()))
    }

    /// Whether what proves the step with that number is there; none where nothing is asked for.
    pub(super) fn proves(&self, context: &Context<'_, '_>, step: usize) -> Option<Truth> {
        let case = self.guide.checklist[step].passed_if.as_ref()?;
        Some(case_truth(context, case, self.steps[step].as_ref()?))
    }
}
