//! What a sequence says of what came together.

use super::machine::{Found, Occurrence, Spot};
use super::{Line, Plan, SequenceReport};
use crate::diagnostic::{Diagnostic, Label};
use crate::rule::template::{Attribute, Piece, Template};
use crate::rule::{NameId, Step};
use crate::span::Span;
use std::sync::Arc;

/// The reports of what was found.
pub(super) fn reports(plans: &[Plan<'_>], found: Vec<Found>) -> Vec<SequenceReport> {
    found.iter().map(|found| report(&plans[found.plan], found)).collect()
}

fn report(plan: &Plan<'_>, found: &Found) -> SequenceReport {
    let case = plan.case;
    let subject = &found.steps[case.subject];
    let line = subject.subject.line.clone();
    let mut labels =
        vec![Label { span: span_in(&subject.subject, line.as_ref()), text: String::new() }];
    let mut elsewhere = Vec::new();
    let order = std::iter::once(case.subject).chain(0..case.sequence.len());
    for step in order.enumerate().filter(|(turn, step)| *turn == 0 || *step != case.subject) {
        let Some((_, words)) = case.labels.iter().find(|(name, _)| *name == step.1) else {
            continue;
        };
        let text = fill(words, found, &case.sequence);
        let spot = &found.steps[step.1].first;
        if step.1 == case.subject && spot.start == subject.subject.start {
            labels[0].text = text;
        } else if is_in(spot, line.as_ref()) {
            labels.push(Label { span: span_in(spot, line.as_ref()), text });
        } else {
            elsewhere.push(format!("line {}: {text}", spot.number + 1));
        }
    }
    let help = case.help.as_ref().map(|help| fill(help, found, &case.sequence));
    let help: Vec<String> = help.into_iter().chain(elsewhere).collect();
    let diagnostic = Diagnostic {
        rule: plan.rule.id.clone(),
        pack: plan.rule.pack.clone(),
        severity: case.severity,
        consequence: plan.rule.consequence,
        message: fill(&case.message, found, &case.sequence),
        request: Some(request_in(&subject.subject, line.as_ref())),
        labels,
        help: (!help.is_empty()).then(|| help.join("; ")),
        url: plan.rule.url.clone(),
        fixes: Vec::new(),
        unfixed: None,
        fingerprint: None,
    };
    SequenceReport { diagnostic, line }
}

/// Whether a spot is in the text that is kept; all are where nothing had to be.
fn is_in(spot: &Spot, line: Option<&Arc<Line>>) -> bool {
    line.is_none_or(|line| {
        spot.number == line.offset.lines
            && spot.start >= line.offset.bytes
            && spot.start + spot.length as u64 <= line.offset.bytes + line.text.len() as u64
    })
}

fn span_in(spot: &Spot, line: Option<&Arc<Line>>) -> Span {
    let start = spot.start - line.map_or(0, |line| line.offset.bytes);
    let start = usize::try_from(start).unwrap_or_default();
    Span::new(start, start + spot.length)
}

fn request_in(spot: &Spot, line: Option<&Arc<Line>>) -> usize {
    usize::try_from(spot.request - line.map_or(0, |line| line.offset.requests)).unwrap_or_default()
}

/// A template about the steps.
fn fill(template: &Template, found: &Found, steps: &[Step]) -> String {
    let mut text = String::new();
    let step = |name: NameId| found.steps.get(name).filter(|_| name < steps.len());
    for piece in &template.pieces {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Text(name) => {
                text.push_str(step(*name).map_or("…", |step: &Occurrence| step.shown()));
            }
            Piece::Attribute(name, Attribute::Count) => {
                text.push_str(&step(*name).map_or(0, |step| step.count).to_string());
            }
            // The loader takes nothing else in the words of a sequence.
            Piece::Attribute(..) | Piece::Cell(_) | Piece::Variable(_) => text.push('…'),
        }
    }
    text
}
