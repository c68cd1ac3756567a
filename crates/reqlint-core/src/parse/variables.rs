//! Variables that a file of requests defines for itself: `{{name}}` with a value that is certain.
//!
//! What a variable stands for is shown where it is used: a caret stands under `{{name}}`, and an
//! edit replaces all of it or is refused.

use super::placeholder::{Notation, double_braces, hide_holes, mark_holes};
use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::{Finding, FindingKind};
use crate::span::Span;
use std::cell::RefCell;
use std::collections::HashMap;

/// Values may refer to others this often.
const DEEPEST: usize = 8;

/// Values are no longer, so that no text grows beyond measure.
const LONGEST: usize = 4096;

/// The variables of a file.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// By name; none where the value depends on what is not in the file.
    values: HashMap<String, Option<String>>,
    /// Where a variable stands that leads to others, and on, beyond the bound.
    too_deep: RefCell<Vec<Place>>,
}

/// Variables lead to others beyond the bound: to themselves, most likely.
struct TooDeep;

impl Variables {
    /// Notes what a variable is. With two values, or an empty one that is to be filled in, it is
    /// not certain.
    pub(super) fn define(&mut self, name: &str, value: &str) {
        let value = (!value.is_empty()).then(|| value.to_owned());
        let known = self.values.entry(name.to_owned()).or_insert_with(|| value.clone());
        if *known != value {
            *known = None;
        }
    }

    /// Takes what others define of the names that have no value of their own here.
    pub(super) fn fall_back(&mut self, others: &Variables) {
        for (name, value) in &others.values {
            self.values.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }

    /// Notes that the value of a variable is not known.
    pub(super) fn forget(&mut self, name: &str) {
        self.values.insert(name.to_owned(), None);
    }

    /// What was met of the bound since this was asked last.
    pub(super) fn findings(&self) -> impl Iterator<Item = Finding> {
        let found = self.too_deep.take();
        found.into_iter().map(|place| Finding::new(FindingKind::NestingTooDeep, place))
    }

    /// The text that a variable stands for, where all of it is known.
    fn resolve(&self, name: &str, depth: usize) -> Result<Option<String>, TooDeep> {
        let name = name.trim();
        let name = name.strip_prefix("_.").unwrap_or(name);
        let Some(Some(value)) = self.values.get(name) else { return Ok(None) };
        let mut text = String::new();
        let mut rest = value.as_str();
        while let Some(at) = rest.find("{{") {
            if depth == DEEPEST {
                return Err(TooDeep);
            }
            text.push_str(&rest[..at]);
            let Some(end) = rest[at..].find("}}") else { return Ok(None) };
            let Some(inner) = self.resolve(&rest[at + 2..at + end], depth + 1)? else {
                return Ok(None);
            };
            text.push_str(&inner);
            rest = &rest[at + end + 2..];
            if text.len() > LONGEST {
                return Ok(None);
            }
        }
        text.push_str(rest);
        Ok((text.len() <= LONGEST && !text.contains("{%")).then_some(text))
    }

    /// The text of a place with its variables replaced; those that are not known are holes, as is
    /// what else that notation makes one.
    pub(super) fn fill(&self, layers: &mut Layers<'_>, place: Place, notation: Notation) -> Place {
        let filled = if self.values.is_empty() { place } else { self.replace(layers, place) };
        mark_holes(layers, filled, notation)
    }

    fn replace(&self, layers: &mut Layers<'_>, place: Place) -> Place {
        let text = layers.share(place);
        let bytes = hide_holes(layers, place, &text);
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(next) = memchr::memmem::find(&bytes[at..], b"{{") {
            let start = at + next;
            let Some(end) = double_braces(&bytes, start) else {
                at = start + 1;
                continue;
            };
            let span = Span::new(start, end);
            match self.resolve(&text[start + 2..end - 2], 0) {
                Ok(Some(value)) => found.push((span, value)),
                Ok(None) => {}
                Err(TooDeep) => self.too_deep.borrow_mut().push(place.sub(span)),
            }
            at = end;
        }
        if found.is_empty() {
            return place;
        }
        let mut layer = layers.layer(Codec::Joined, place);
        let mut at = 0;
        for (span, value) in found {
            layer.exact(place.sub(Span::new(at, span.start())), Quote::None);
            layer.escape(&value, place.sub(span), Quote::None);
            at = span.end();
        }
        layer.exact(place.sub(Span::new(at, place.span.len())), Quote::None);
        let id = layer.finish();
        layers.whole(id)
    }
}

/// The same text with what templates compute (`{% … %}`) as holes.
pub(super) fn mark_tags(layers: &mut Layers<'_>, place: Place) -> Place {
    let text = layers.share(place);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("{%").map(|next| at + next) {
        let Some(length) = text[start..].find("%}") else { break };
        at = start + length + 2;
        found.push((Span::new(start, at), HoleKind::Computed));
    }
    super::placeholder::mark(layers, place, &found)
}
