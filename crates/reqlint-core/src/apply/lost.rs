//! What a fixed text has lost of its requests, and what it has twice.

use crate::diagnostic::Edit;
use crate::layer::Layers;
use crate::model::{BodyKind, Document, Request};
use crate::span::Span;
use std::collections::HashSet;

/// Whether a part of a request that no edit touches is gone, or whether a part became empty or
/// unknown. What was damaged before may come out otherwise.
pub(super) fn loses_parts(before: &Document<'_>, after: &Document<'_>, edits: &[&Edit]) -> bool {
    if before.requests.len() != after.requests.len() || !before.findings.is_empty() {
        return false;
    }
    let shift = Shift::of(edits);
    let pairs = before.requests.iter().zip(&after.requests);
    pairs.filter(|(old, _)| old.findings.is_empty()).any(|(old, new)| {
        loses_url(&before.layers, old, &after.layers, new)
            || opens(old, new)
            || loses_fields(&before.layers, old, &after.layers, new, &shift)
    })
}

/// Whether a URL lost its host or its path.
fn loses_url(one: &Layers<'_>, old: &Request, two: &Layers<'_>, new: &Request) -> bool {
    let (old, new) = (&old.url, &new.url);
    let has_origin = |url: &crate::model::Url| url.host.is_some() || url.origin_hole.is_some();
    let is_empty = |layers: &Layers<'_>, place| layers.text(place).is_empty();
    has_origin(old) && !has_origin(new)
        || !is_empty(one, old.whole) && is_empty(two, new.whole)
        || old.segments.len() > 1 && is_empty(two, new.path)
}

/// Whether more of a request is unknown. A message without fields may have any, so these do not
/// count: they are looked at one by one. The content of a file is meant to be read from it.
fn opens(old: &Request, new: &Request) -> bool {
    let body = new.open.body && new.body.kind != BodyKind::File;
    new.open.query && !old.open.query
        || body && !old.open.body
        || new.open.method && !old.open.method
}

/// Whether a header field is gone that no edit touches.
fn loses_fields(
    one: &Layers<'_>,
    old: &Request,
    two: &Layers<'_>,
    new: &Request,
    shift: &Shift,
) -> bool {
    let spans = |layers: &Layers<'_>, request: &Request| -> HashSet<Span> {
        let written = request.headers.iter().filter(|field| field.implied_by.is_none());
        written.map(|field| layers.root_span(field.whole)).collect()
    };
    let kept = spans(two, new);
    spans(one, old)
        .into_iter()
        .filter_map(|span| shift.of_span(span))
        .any(|span| !kept.contains(&span))
}

/// Whether a request sends a parameter twice that it did not before.
pub(super) fn repeats_params(before: &Document<'_>, after: &Document<'_>) -> bool {
    let pairs = before.requests.iter().zip(&after.requests);
    pairs.into_iter().any(|(old, new)| repeats(&after.layers, new) > repeats(&before.layers, old))
}

/// How many parameters of a request are sent by the name of an earlier one.
fn repeats(layers: &Layers<'_>, request: &Request) -> usize {
    let mut seen = HashSet::new();
    let is_new =
        |param: &&crate::model::Param| !seen.insert((param.location, layers.text(param.name)));
    request.params.iter().filter(is_new).count()
}

/// How edits move what is between them.
struct Shift {
    /// The span of each edit, and how far what stands behind it is moved.
    edits: Vec<(Span, isize)>,
}

impl Shift {
    /// Of edits in the order of the text.
    fn of(edits: &[&Edit]) -> Self {
        let mut by = 0;
        let edits = edits.iter().map(|edit| {
            by += edit.text.len().cast_signed() - edit.span.len().cast_signed();
            (edit.span, by)
        });
        Shift { edits: edits.collect() }
    }

    /// Where a span stands afterwards; none where an edit touches it.
    fn of_span(&self, span: Span) -> Option<Span> {
        let before = self.edits.partition_point(|(edit, _)| edit.end() < span.start());
        if self.edits.get(before).is_some_and(|(edit, _)| edit.start() <= span.end()) {
            return None;
        }
        let by = before.checked_sub(1).map_or(0, |last| self.edits[last].1);
        let moved = |at: usize| at.checked_add_signed(by);
        Some(Span::new(moved(span.start())?, moved(span.end())?))
    }
}
