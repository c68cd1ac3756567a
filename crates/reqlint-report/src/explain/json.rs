//! Explanations for programs: `reqlint explain --format json`, version 1
//! (`docs/schemas/explain-v1.schema.json`).

use super::{Explained, timeline};
use crate::json::{JsonDiagnostic, shown};
use crate::secrets::Secrets;
use crate::visible;
use reqlint_core::diagnostic::Diagnostic;
use reqlint_core::explain::Explanation;
use reqlint_core::symptom::Retry;
use serde::Serialize;
use std::io::{self, Write};

/// Writes one document.
///
/// # Errors
/// What the writer says.
pub fn write_explained(out: &mut dyn Write, explained: &Explained<'_>) -> io::Result<()> {
    // The diagnostics of all exchanges first, since what is written borrows them.
    let causes: Vec<Vec<Diagnostic>> = explained
        .explanations
        .iter()
        .map(|one| one.causes.iter().map(|cause| cause.diagnostic.clone()).collect())
        .collect();
    let exchanges = explained.explanations.iter().zip(&causes);
    let exchanges = exchanges.map(|(one, causes)| exchange(explained, one, causes)).collect();
    let secrets = Secrets::new(explained.report.text, explained.report.secrets);
    let mask = |text: &str| secrets.mask_words(text).into_owned();
    let timeline = explained.timeline.map(|timeline| timeline::json(timeline, &mask));
    let document = JsonExplained { version: 1, exchanges, left_out: explained.left_out, timeline };
    let text = serde_json::to_string(&document)?;
    writeln!(out, "{}", without_obeyed(&text))
}

/// JSON in which what a terminal would obey is written as escapes; it stands in strings only.
fn without_obeyed(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        match visible::is_obeyed(character) {
            true => escaped.push_str(&format!("\\u{:04x}", u32::from(character))),
            false => escaped.push(character),
        }
    }
    escaped
}

#[derive(Debug, Serialize)]
struct JsonExplained<'e> {
    version: u32,
    exchanges: Vec<JsonExchange<'e>>,
    left_out: usize,
    /// What only a recording shows.
    timeline: Option<timeline::JsonTimeline<'e>>,
}

#[derive(Debug, Serialize)]
struct JsonExchange<'e> {
    request: Option<usize>,
    symptom: Option<&'e str>,
    summary: Option<&'e str>,
    possible: Vec<&'e str>,
    status: Option<u16>,
    redirects: Vec<JsonRedirect<'e>>,
    content: Option<&'e str>,
    says: Option<&'e str>,
    failure: Option<JsonFailure<'e>>,
    explained: bool,
    causes: Vec<JsonCause<'e>>,
    elsewhere: Vec<JsonElsewhere<'e>>,
    ruled_out: Vec<JsonRule<'e>>,
    undecided: Vec<JsonRule<'e>>,
    checklist: Vec<JsonStep<'e>>,
    retry: Option<JsonRetry<'e>>,
    corrected: Option<&'e str>,
    variables: Vec<&'e str>,
    applied: Vec<JsonApplied<'e>>,
}

#[derive(Debug, Serialize)]
struct JsonRedirect<'e> {
    status: u16,
    location: Option<&'e str>,
}

#[derive(Debug, Serialize)]
struct JsonFailure<'e> {
    text: &'e str,
    exit_code: Option<u8>,
}

#[derive(Debug, Serialize)]
struct JsonCause<'e> {
    rule: &'e str,
    explains: bool,
    diagnostic: JsonDiagnostic<'e>,
}

#[derive(Debug, Serialize)]
struct JsonElsewhere<'e> {
    text: &'e str,
    check: &'e str,
}

#[derive(Debug, Serialize)]
struct JsonRule<'e> {
    rule: &'e str,
}

#[derive(Debug, Serialize)]
struct JsonStep<'e> {
    step: &'e str,
    title: &'e str,
    state: &'static str,
    by: Option<&'e str>,
    check: &'e str,
}

#[derive(Debug, Serialize)]
struct JsonRetry<'e> {
    advice: &'static str,
    seconds: Option<u32>,
    note: Option<&'e str>,
    costs_credit: Option<bool>,
}

#[derive(Debug, Serialize)]
struct JsonApplied<'e> {
    rule: &'e str,
    title: &'e str,
    safety: &'static str,
}

fn exchange<'e>(
    explained: &Explained<'e>,
    one: &'e Explanation<'e>,
    causes: &'e [Diagnostic],
) -> JsonExchange<'e> {
    let rule = |rule: &&'e str| JsonRule { rule };
    let redirects = one.seen.redirects.iter();
    let failure = one.seen.failure.as_deref();
    let corrected = one.corrected.as_ref();
    JsonExchange {
        request: one.has_request.then_some(one.request),
        symptom: one.symptom.map(|symptom| symptom.id.as_str()),
        summary: one.symptom.map(|symptom| symptom.summary.as_str()),
        possible: one.possible.iter().map(|symptom| symptom.id.as_str()).collect(),
        status: one.seen.status,
        redirects: redirects
            .map(|(status, location)| JsonRedirect {
                status: *status,
                location: location.as_deref(),
            })
            .collect(),
        content: one.seen.content,
        says: one.seen.says.as_deref(),
        failure: failure.map(|text| JsonFailure { text, exit_code: one.seen.exit_code }),
        explained: one.is_explained(),
        causes: json_causes(explained, one, causes),
        elsewhere: one
            .elsewhere
            .iter()
            .map(|cause| JsonElsewhere { text: &cause.text, check: &cause.check })
            .collect(),
        ruled_out: one.ruled_out.iter().map(rule).collect(),
        undecided: one.undecided.iter().map(rule).collect(),
        checklist: steps(one),
        retry: retry(one),
        corrected: corrected.map(|corrected| corrected.text.as_str()),
        variables: corrected.into_iter().flat_map(|corrected| corrected.variables()).collect(),
        applied: corrected
            .into_iter()
            .flat_map(|corrected| &corrected.applied)
            .map(applied)
            .collect(),
    }
}

fn json_causes<'e>(
    explained: &Explained<'e>,
    one: &'e Explanation<'e>,
    causes: &'e [Diagnostic],
) -> Vec<JsonCause<'e>> {
    let shown = shown(&explained.with(causes)).into_iter();
    let pairs = one.causes.iter().zip(shown);
    pairs
        .map(|(cause, diagnostic)| JsonCause {
            rule: &cause.diagnostic.rule,
            explains: cause.explains,
            diagnostic,
        })
        .collect()
}

fn applied(fix: &reqlint_core::explain::AppliedFix) -> JsonApplied<'_> {
    JsonApplied { rule: &fix.rule, title: &fix.title, safety: fix.safety.name() }
}

fn steps<'e>(one: &'e Explanation<'e>) -> Vec<JsonStep<'e>> {
    let step = |step: &'e reqlint_core::explain::CheckedStep<'e>| JsonStep {
        step: &step.step.name,
        title: &step.step.title,
        state: step.state.name(),
        by: step.by.as_deref(),
        check: &step.step.check,
    };
    one.checklist.iter().map(step).collect()
}

fn retry<'e>(one: &'e Explanation<'e>) -> Option<JsonRetry<'e>> {
    let retry = one.retry()?;
    let symptom = one.symptom.or(one.possible.first().copied());
    let seconds = match retry {
        Retry::After(seconds) => Some(seconds),
        Retry::Never | Retry::Backoff | Retry::NextMonth => None,
    };
    Some(JsonRetry {
        advice: retry.name(),
        seconds,
        note: symptom.and_then(|symptom| symptom.retry_note.as_deref()),
        costs_credit: symptom.and_then(|symptom| symptom.costs_credit),
    })
}
