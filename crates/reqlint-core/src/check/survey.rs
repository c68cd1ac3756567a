//! What rules say about a document without reporting: what they could not decide, and how many
//! requests they were in scope for.

use super::context::Context;
use super::evaluate::{self, Bound, Match};
use super::ready::ReadyRule;
use super::truth::Truth;
use super::{Checker, all_rows};
use crate::layer::Place;
use crate::model::{Document, Request};
use crate::rule::{Case, Find, PartPlace, Rule};
use crate::span::Span;
use std::collections::BTreeMap;

/// A rule that may report a request, depending on what is not known before run time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The rule.
    pub rule: String,
    /// The pack of the rule.
    pub pack: String,
    /// The number of the request.
    pub request: usize,
    /// What it would be about, or the request.
    pub span: Span,
    /// The holes that it depends on, in the order of the text.
    pub holes: Vec<Span>,
}

impl Checker {
    /// The rules that cannot be decided, in the order of the text.
    pub fn undecided(
        &self,
        document: &Document<'_>,
        takes: &dyn Fn(&Rule) -> bool,
    ) -> Vec<Undecided> {
        let mut undecided = Vec::new();
        for (number, request) in document.requests.iter().enumerate() {
            for context in self.contexts(document, request) {
                let rules = context.pack.pack.rules.iter().zip(&context.pack.rules);
                for (rule, ready) in rules.filter(|(rule, _)| takes(rule)) {
                    undecided.extend(doubt(&context, rule, ready).map(|(span, holes)| Undecided {
                        rule: rule.id.clone(),
                        pack: rule.pack.clone(),
                        request: number,
                        span,
                        holes,
                    }));
                }
            }
        }
        undecided.sort_by(|one, two| {
            (one.request, one.span, &one.rule).cmp(&(two.request, two.span, &two.rule))
        });
        undecided
    }

    /// For each rule, the number of requests that it was in scope for.
    pub fn scopes(&self, document: &Document<'_>) -> BTreeMap<String, usize> {
        let mut counts: BTreeMap<String, usize> =
            self.rule_ids().map(|id| (id.to_owned(), 0)).collect();
        for request in &document.requests {
            for context in self.contexts(document, request) {
                let pack = context.pack;
                for (rule, ready) in pack.pack.rules.iter().zip(&pack.rules) {
                    let mut cases = rule.cases.iter().zip(&ready.cases);
                    let in_scope = cases.any(|(case, ready)| {
                        evaluate::scope_truth(&context, case, ready) > Truth::No
                    });
                    *counts.entry(rule.id.clone()).or_default() += usize::from(in_scope);
                }
            }
        }
        counts
    }
}

/// Where a rule is in doubt about a request, and what about; none where it is sure.
fn doubt(context: &Context<'_, '_>, rule: &Rule, ready: &ReadyRule) -> Option<(Span, Vec<Span>)> {
    let mut doubt = None;
    for (case, ready_case) in rule.cases.iter().zip(&ready.cases) {
        for row in all_rows(rule, ready_case) {
            let matches = evaluate::find_matches(context, case, ready_case, row, Truth::Unknown);
            for found in matches {
                let subject = found.bound[case.subject].as_ref().and_then(place_of);
                if found.truth == Truth::Yes && subject.is_some() {
                    return None;
                }
                let request = context.request.place;
                let span = context.layers().root_span(subject.unwrap_or(request));
                doubt.get_or_insert_with(|| (span, holes(context, case, &found)));
            }
        }
    }
    doubt
}

fn place_of(bound: &Bound) -> Option<Place> {
    match bound {
        Bound::Part { caret, .. } | Bound::Slot { caret, .. } => Some(*caret),
        Bound::Text { place, .. } => *place,
        Bound::Unseen => None,
    }
}

/// The holes that a match depends on: those in its parts, and those where what is missing or not
/// seen may stand; all of the request where these have none.
fn holes(context: &Context<'_, '_>, case: &Case, found: &Match<'_>) -> Vec<Span> {
    let layers = context.layers();
    let of = |place: Place| layers.holes(place).map(move |hole| place.sub(hole.span));
    let mut places: Vec<Place> = Vec::new();
    for role in &case.roles {
        match (&found.bound[role.name], &role.find) {
            (Some(Bound::Part { part, .. }), _) => places.push(part.whole),
            (_, Find::Missing(part)) => places.extend(container(context.request, &part.place)),
            (_, Find::Part(parts)) => {
                let containers = parts.iter().map(|part| container(context.request, &part.place));
                places.extend(containers.flatten());
            }
        }
    }
    let mut holes: Vec<Place> = places.into_iter().flat_map(of).collect();
    if holes.is_empty() {
        holes = texts_of(context.request).into_iter().flat_map(of).collect();
    }
    let mut spans: Vec<Span> = holes.into_iter().map(|place| layers.root_span(place)).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// Where parts of a kind stand that are not seen.
fn container(request: &Request, place: &PartPlace) -> Vec<Place> {
    let fields = request.headers.iter().flat_map(|header| [header.name, header.value]);
    match place {
        PartPlace::Param(_) => request.url.query.into_iter().chain(request.body.place).collect(),
        PartPlace::Json(_) | PartPlace::Body(_) => request.body.place.into_iter().collect(),
        PartPlace::Header(_) | PartPlace::Cookie(_) => fields.collect(),
        PartPlace::Credential(_) => fields.chain(request.url.query).collect(),
        _ => vec![request.url.whole],
    }
}

/// The texts that a request is made of.
fn texts_of(request: &Request) -> Vec<Place> {
    let mut places = vec![request.method.name, request.url.whole];
    places.extend(request.headers.iter().flat_map(|header| [header.name, header.value]));
    places.extend(request.cookies.iter().map(|cookie| cookie.value));
    places.extend(request.body.place);
    places
}
