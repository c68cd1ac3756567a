//! Fixes in text that several requests share, such as an array of options: such an edit is made in
//! all of them.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::model::{Document, Request};
use crate::span::Span;

/// Lets no edit of shared text pass as safe; where a request that shares it has not the same finding,
/// the fix is only shown.
pub(super) fn settle(document: &Document<'_>, diagnostics: &mut [Diagnostic]) {
    let mut shared: Vec<(usize, usize, Safety)> = Vec::new();
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        for (number, fix) in diagnostic.fixes.iter().enumerate() {
            let others = sharers(document, diagnostic, fix);
            if others.is_empty() {
                continue;
            }
            let has_same = |other: &usize| {
                diagnostics.iter().any(|one| {
                    one.request == Some(*other)
                        && one.rule == diagnostic.rule
                        && one.fixes.iter().any(|same| same.edits == fix.edits)
                })
            };
            let least = if others.iter().all(has_same) { Safety::Unsafe } else { Safety::Manual };
            shared.push((at, number, fix.safety.max(least)));
        }
    }
    for (at, number, safety) in shared {
        diagnostics[at].fixes[number].safety = safety;
    }
}

/// The other requests that have a part in the text that a fix changes outside of its own.
fn sharers(document: &Document<'_>, diagnostic: &Diagnostic, fix: &Fix) -> Vec<usize> {
    let Some(own) = diagnostic.request else { return Vec::new() };
    let Some(request) = document.requests.get(own) else { return Vec::new() };
    let place = document.layers.root_span(request.place);
    let outside: Vec<&Edit> = fix.edits.iter().filter(|edit| !place.contains(edit.span)).collect();
    if outside.is_empty() {
        return Vec::new();
    }
    let others = document.requests.iter().enumerate();
    let others = others.filter(|(number, other)| {
        let touches = |span: Span| outside.iter().any(|edit| span.overlaps(edit.span));
        let place = document.layers.root_span(other.place);
        *number != own && !place.contains(outside[0].span) && has_part(document, other, &touches)
    });
    others.map(|(number, _)| number).collect()
}

/// Whether a part of a request is written in such a span.
fn has_part(document: &Document<'_>, request: &Request, touches: &dyn Fn(Span) -> bool) -> bool {
    let headers = request.headers.iter().map(|field| field.whole);
    let params = request.params.iter().map(|param| param.whole);
    let cookies = request.cookies.iter().map(|cookie| cookie.whole);
    let whole = [Some(request.url.whole), request.body.place].into_iter().flatten();
    let mut places = headers.chain(params).chain(cookies).chain(whole);
    places.any(|place| {
        let variable = document.layers.variable(place);
        let definition = variable.and_then(|variable| variable.definition);
        definition.is_some_and(|definition| touches(document.layers.root_span(definition)))
            || document.layers.written(place).into_iter().flatten().any(touches)
    })
}
