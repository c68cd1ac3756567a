//! Reads mappings key by key and texts with their places. Used by every reader of packs.

use super::mistakes::{Mistakes, expected, listing, nearest};
use crate::rule::node::{Entry, Mapping, Node, Scalar, Value};
use crate::span::Span;
use std::ops::Range;

/// A mapping of which only certain keys are known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'n> {
    mapping: &'n Mapping,
    /// Where the mapping begins, to point at when a key is missing.
    pub(crate) start: Span,
}

/// A text with its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'n> {
    pub(crate) text: &'n str,
    pub(crate) span: Span,
    scalar: &'n Scalar,
}

impl Text<'_> {
    /// The bytes of a piece of the text.
    pub(crate) fn piece(&self, piece: Range<usize>) -> Span {
        self.scalar.piece(self.span, piece)
    }
}

impl<'n> Fields<'n> {
    /// The mapping `node`; keys that are not in `keys` are mistakes. `what` names it: "a case".
    pub(crate) fn of(
        node: &'n Node,
        what: &str,
        keys: &[&str],
        mistakes: &mut Mistakes,
    ) -> Option<Self> {
        let Some(fields) = Fields::any(node) else {
            let help =
                format!("write `{{ key: … }}`, with {}", super::mistakes::listing(keys, "or"));
            let message = format!("{what} is a mapping, not {}", node.kind());
            mistakes.add(node.span, message, help);
            return None;
        };
        for entry in &fields.mapping.entries {
            if !keys.contains(&entry.key.as_str()) {
                unknown_key(entry, fields, what, keys, mistakes);
            }
        }
        Some(fields)
    }

    /// The mapping `node`, whatever its keys are.
    pub(crate) fn any(node: &'n Node) -> Option<Self> {
        let mapping = node.mapping()?;
        let start = match mapping.entries.first() {
            Some(first) if !mapping.flow => first.key_span,
            _ => node.span,
        };
        Some(Fields { mapping, start })
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.mapping.get(key)
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.mapping.entry(key)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn entries(&self) -> &'n [Entry] {
        &self.mapping.entries
    }

    /// The text of a key that must be there.
    pub(crate) fn required(
        &self,
        key: &str,
        what: &str,
        mistakes: &mut Mistakes,
    ) -> Option<Text<'n>> {
        match self.entry(key) {
            Some(entry) => text_at(&entry.value, entry.place(), mistakes),
            None => {
                mistakes.lacks(
                    self.start,
                    key,
                    format!("{what} has no `{key}`"),
                    format!("add `{key}: …`"),
                );
                None
            }
        }
    }

    /// The text of a key that may be there.
    pub(crate) fn optional(&self, key: &str, mistakes: &mut Mistakes) -> Option<Text<'n>> {
        let entry = self.entry(key)?;
        text_at(&entry.value, entry.place(), mistakes)
    }
}

fn unknown_key(
    entry: &Entry,
    fields: Fields<'_>,
    what: &str,
    keys: &[&str],
    mistakes: &mut Mistakes,
) {
    let key = entry.key.as_str();
    let is_idle = fields.mapping.flow && entry.value.span.is_empty();
    let glued = key.split_once(':').filter(|(name, _)| is_idle && keys.contains(name));
    if let Some((name, value)) = glued {
        let message = format!("`{key}` is one word, since no space stands after its `:`");
        mistakes.add(entry.key_span, message, format!("write `{name}: {value}`"));
        return mistakes.misspelt(fields.start, name);
    }
    if is_idle {
        let message = format!(
            "`{key}` is read as a key of {what}, since a comma or a bracket ends a text here"
        );
        let help = "inside `{…}` and `[…]` a text with `,`, `[`, `]`, `{` or `}` needs quotes";
        return mistakes.add(entry.key_span, message, help);
    }
    let message = format!("{what} has no key `{key}`");
    mistakes.add(entry.key_span, message, expected(key, keys));
    if let Some(meant) = nearest(key, keys).filter(|meant| !fields.has(meant)) {
        mistakes.misspelt(fields.start, meant);
    }
}

/// The text at a node; anything else is a mistake.
pub(crate) fn text<'n>(node: &'n Node, mistakes: &mut Mistakes) -> Option<Text<'n>> {
    text_at(node, node.span, mistakes)
}

/// The text at a node. `place` is pointed at instead where the node is empty.
pub(crate) fn text_at<'n>(
    node: &'n Node,
    place: Span,
    mistakes: &mut Mistakes,
) -> Option<Text<'n>> {
    text_or(node, place, "write a text; one that begins with `#` needs quotes", mistakes)
}

/// The text at a node that may also be the empty text.
pub(crate) fn any_text_at<'n>(
    node: &'n Node,
    place: Span,
    mistakes: &mut Mistakes,
) -> Option<Text<'n>> {
    text_or(node, place, "write `\"\"` if the empty text is meant", mistakes)
}

/// The text at a node; `help` says what to do where nothing is there.
fn text_or<'n>(
    node: &'n Node,
    place: Span,
    help: &str,
    mistakes: &mut Mistakes,
) -> Option<Text<'n>> {
    if node.is_null() {
        let written = node.text().filter(|text| !text.is_empty());
        let help = match written {
            Some(text) => format!("write `\"{text}\"` if the word is meant"),
            None => help.to_owned(),
        };
        mistakes.add(place, "a text is expected here, not nothing", help);
        return None;
    }
    let help = match &node.value {
        Value::Scalar(scalar) => return Some(Text { text: &scalar.text, span: node.span, scalar }),
        Value::Mapping(mapping) if mapping.flow => {
            "in YAML `{x}` is a mapping: write `\"{x}\"` for that text, or `<x>` for a variable"
        }
        Value::Mapping(_) => "a text with `: ` in it needs quotes",
        Value::Sequence(_) => "write one text; one that begins with `[` or `- ` needs quotes",
    };
    let place = if node.mapping().is_some_and(|mapping| !mapping.flow) { place } else { node.span };
    mistakes.add(place, format!("a text is expected here, not {}", node.kind()), help);
    None
}

/// One text, or a list of texts that is not empty.
pub(crate) fn texts<'n>(entry: &'n Entry, mistakes: &mut Mistakes) -> Vec<Text<'n>> {
    let Some(items) = entry.value.items() else {
        return any_text_at(&entry.value, entry.place(), mistakes).into_iter().collect();
    };
    if items.is_empty() {
        let message = format!("`{}` lists nothing", entry.key);
        mistakes.add(entry.place(), message, "write at least one text");
    }
    let place = |item: &Node| if item.span.is_empty() { entry.key_span } else { item.span };
    items.iter().filter_map(|item| any_text_at(item, place(item), mistakes)).collect()
}

/// `true` or `false`.
pub(crate) fn boolean(entry: &Entry, mistakes: &mut Mistakes) -> Option<bool> {
    match entry.value.text() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        other => {
            let message = format!("`{}` cannot be `{}`", entry.key, other.unwrap_or("…"));
            mistakes.add(entry.place(), message, "expected `true` or `false`");
            None
        }
    }
}

/// One of a closed list of values, by name.
pub(crate) fn word<T: Copy>(
    entry: &Entry,
    values: &[(&str, T)],
    mistakes: &mut Mistakes,
) -> Option<T> {
    let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
    if let Some(items) = entry.value.items() {
        let message = format!("`{}` takes one word, not {} of them", entry.key, items.len());
        let help = format!("write one of {}", listing(&names, "and"));
        mistakes.add(entry.value.span, message, help);
        return None;
    }
    if entry.value.is_null() {
        let message = format!("`{}` says nothing", entry.key);
        mistakes.add(entry.place(), message, expected("", &names));
        return None;
    }
    let word = text_at(&entry.value, entry.place(), mistakes)?;
    let found = values.iter().find(|(name, _)| *name == word.text);
    if found.is_none() {
        let message = format!("`{}` cannot be `{}`", entry.key, word.text);
        mistakes.add(word.span, message, expected(word.text, &names));
    }
    found.map(|(_, value)| *value)
}
