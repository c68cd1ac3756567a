//! Runs the examples of a symptom: they are its tests.

use super::{Explainer, Explanation};
use crate::check::examples::{ExampleTest, Verdict};
use crate::model::Kind;
use crate::parse::parse;
use crate::rule::page::Outcome;
use crate::symptom::{Exemplar, Symptom};

/// How the examples of a symptom came out, in their order.
pub fn test_symptom(explainer: &Explainer, symptom: &Symptom) -> Vec<ExampleTest> {
    symptom.examples.iter().map(|example| test_example(explainer, &symptom.id, example)).collect()
}

fn test_example(explainer: &Explainer, id: &str, example: &Exemplar) -> ExampleTest {
    let document = parse(&example.text, Kind::Transcript);
    let explained = explainer.explain(&document);
    let Some(explanation) = explained.first() else {
        let verdict = match example.outcome {
            Outcome::Bad => Verdict::Missing,
            Outcome::Good | Outcome::Unknown => Verdict::WrongAnswer,
        };
        let differences = vec!["nothing in it is a request or a response".to_owned()];
        return ExampleTest { verdict, differences };
    };
    let mut verdicts = Vec::new();
    let mut differences = Vec::new();
    if let Some(verdict) = wrong_outcome(explanation, id, example.outcome) {
        verdicts.push(verdict);
        differences.push(what_is_seen(explanation));
    }
    let first = explanation.causes.first().filter(|cause| cause.explains);
    let first = first.map_or("no cause", |cause| cause.diagnostic.rule.as_str());
    if let Some(expected) = example.first.as_deref().filter(|expected| *expected != first) {
        verdicts.push(Verdict::WrongCause);
        differences.push(format!("the first cause is {first}, not {expected}"));
    }
    let verdict = verdicts.first().copied().unwrap_or(Verdict::Validated);
    ExampleTest { verdict, differences }
}

/// What is wrong where an example does not come out as it says.
fn wrong_outcome(explanation: &Explanation<'_>, id: &str, outcome: Outcome) -> Option<Verdict> {
    let is_seen = explanation.symptom.is_some_and(|symptom| symptom.id == id);
    let is_possible = explanation.possible.iter().any(|symptom| symptom.id == id);
    match outcome {
        Outcome::Bad => (!is_seen).then_some(Verdict::Missing),
        Outcome::Good | Outcome::Unknown if is_seen => Some(Verdict::Noisy),
        Outcome::Good => is_possible.then_some(Verdict::WrongAnswer),
        Outcome::Unknown => (!is_possible).then_some(Verdict::WrongAnswer),
    }
}

fn what_is_seen(explanation: &Explanation<'_>) -> String {
    let seen = explanation.symptom.map_or("no symptom", |symptom| symptom.id.as_str());
    let possible: Vec<&str> = explanation.possible.iter().map(|one| one.id.as_str()).collect();
    match possible.as_slice() {
        [] => format!("seen: {seen}"),
        some => format!("seen: {seen}; possible: {}", some.join(", ")),
    }
}
