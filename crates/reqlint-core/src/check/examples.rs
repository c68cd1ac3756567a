//! Runs the examples of a rule: they are its tests.

use super::Checker;
use super::truth::Truth;
use crate::diagnostic::Diagnostic;
use crate::model::Kind;
use crate::parse::{detect, parse};
use crate::rule::page::{Example, Outcome, Page};

/// An example that did not come out as it says.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The number of the example, from 0.
    pub example: usize,
    /// What differs, one line each.
    pub differences: Vec<String>,
}

/// The examples of a page that do not come out as they say. `checker` has the rule ready, and no
/// other one whose diagnostics would be taken for its own.
pub fn run_examples(checker: &Checker, page: &Page) -> Vec<Failure> {
    let examples = page.examples.iter().enumerate();
    examples
        .filter_map(|(number, example)| {
            let differences = run_example(checker, &page.id, example);
            (!differences.is_empty()).then_some(Failure { example: number, differences })
        })
        .collect()
}

fn run_example(checker: &Checker, id: &str, example: &Example) -> Vec<String> {
    let kind = detect(None, &example.text).unwrap_or(Kind::Shell);
    let document = parse(&example.text, kind);
    let mut found = checker.check(&document);
    found.retain(|diagnostic| diagnostic.rule == id);
    let mut differences = Vec::new();
    match (example.outcome, found.first()) {
        (Outcome::Bad, Some(first)) => {
            compare(example, first, &mut differences);
        }
        (Outcome::Bad, None) => {
            let truth = checker.outcome(&document, id);
            differences.push(format!("missing: the rule says nothing ({truth:?})"));
        }
        (_, Some(first)) => differences.push(format!("noisy: {}", first.message)),
        (Outcome::Good | Outcome::Unknown, None) => {
            let truth = checker.outcome(&document, id);
            let expected = match example.outcome {
                Outcome::Unknown => Truth::Unknown,
                _ => Truth::No,
            };
            if truth != expected {
                differences.push(format!("the rule answers {truth:?}, not {expected:?}"));
            }
        }
    }
    differences
}

fn compare(example: &Example, found: &Diagnostic, differences: &mut Vec<String>) {
    let text = &example.text;
    if let Some(expected) = &example.at {
        let labelled: Vec<&str> =
            found.labels.iter().map(|label| &text[label.span.range()]).collect();
        if labelled != *expected {
            differences.push(format!("labels {labelled:?}, not {expected:?}"));
        }
    }
    if let Some(expected) = &example.says
        && found.message != *expected
    {
        differences.push(format!("says {:?}, not {expected:?}", found.message));
    }
    let fixed = found.fixes.first().map(|fix| fix.apply(text));
    match (&example.fixed, fixed) {
        (Some(expected), Some(fixed)) if fixed.trim_end() != expected.trim_end() => {
            differences.push(format!("fixed to {fixed:?}, not {expected:?}"));
        }
        (Some(expected), None) => differences.push(format!("no fix, but expected {expected:?}")),
        (None, Some(fixed)) => differences.push(format!("an unexpected fix: {fixed:?}")),
        _ => {}
    }
}
