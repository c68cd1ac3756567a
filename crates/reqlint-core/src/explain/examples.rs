//! Runs the examples of a symptom: they are its tests.

use super::Explainer;
use crate::model::Kind;
use crate::parse::parse;
use crate::rule::page::Outcome;
use crate::symptom::{Exemplar, Symptom};

/// An example that did not come out as it says.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The number of the example, from 0.
    pub example: usize,
    /// What differs, one line each.
    pub differences: Vec<String>,
}

/// The examples of a symptom that do not come out as they say.
pub fn run_examples(explainer: &Explainer, symptom: &Symptom) -> Vec<Failure> {
    let examples = symptom.examples.iter().enumerate();
    examples
        .filter_map(|(number, example)| {
            let differences = run_example(explainer, &symptom.id, example);
            (!differences.is_empty()).then_some(Failure { example: number, differences })
        })
        .collect()
}

fn run_example(explainer: &Explainer, id: &str, example: &Exemplar) -> Vec<String> {
    let document = parse(&example.text, Kind::Transcript);
    let explained = explainer.explain(&document);
    let Some(explanation) = explained.first() else {
        return vec!["nothing in it is a request or a response".to_owned()];
    };
    let seen = explanation.symptom.map_or("no symptom", |symptom| symptom.id.as_str());
    let possible = explanation.possible.iter().any(|symptom| symptom.id == id);
    let comes_out = match example.outcome {
        Outcome::Bad => seen == id,
        Outcome::Good => seen != id && !possible,
        Outcome::Unknown => possible,
    };
    let mut differences = Vec::new();
    if !comes_out {
        let maybe: Vec<&str> = explanation.possible.iter().map(|one| one.id.as_str()).collect();
        differences.push(format!("seen: {seen}, possible: {maybe:?}"));
    }
    let first = explanation.causes.first().filter(|cause| cause.explains);
    let first = first.map_or("no cause", |cause| cause.diagnostic.rule.as_str());
    if let Some(expected) = example.first.as_deref().filter(|expected| *expected != first) {
        differences.push(format!("the first cause is {first}, not {expected}"));
    }
    differences
}
