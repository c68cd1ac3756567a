//! The value of a parameter: a text, a table, or an expression that makes one of them.

use crate::layer::{Codec, HoleKind, Passing, Place, Quote};
use crate::parse::powershell::Reader;
use crate::parse::powershell::table::Entry;
use crate::parse::shell::{PartKind, Word};

/// A value, as far as it is written.
pub(super) enum Value {
    /// A text, perhaps with holes.
    Text(Place),
    /// `@{…}`
    Table(Place, Vec<Entry>),
    /// `@{…} | ConvertTo-Json`
    Json(Place, Vec<Entry>),
}

impl Reader<'_, '_, '_> {
    /// The value that a word stands for.
    pub(super) fn value_of(&mut self, word: &Word) -> Value {
        let place = self.region.sub(word.span);
        let text = &self.text[word.span.range()];
        if text.starts_with("@{") {
            return Value::Table(place, self.again(word.span.start(), Self::entries).0);
        }
        if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            return self
                .expression_value(word.span.start() + 1, inner)
                .unwrap_or_else(|| Value::Text(self.text_layer(word)));
        }
        Value::Text(self.text_layer(word))
    }

    /// What `(…)` makes, where that shows: a string, perhaps as bytes or as a secret; a table,
    /// perhaps as JSON.
    fn expression_value(&mut self, start: usize, inner: &str) -> Option<Value> {
        let blanks = inner.len() - inner.trim_start().len();
        let (mut at, mut text) = (start + blanks, inner.trim());
        if let Some(length) = ["::UTF8.GetBytes(", "::ASCII.GetBytes("].iter().find_map(|call| {
            let found = text.find(call).filter(|_| text.starts_with('['))?;
            Some(found + call.len())
        }) {
            text = text[length..].strip_suffix(')')?;
            at += length + (text.len() - text.trim_start().len());
            text = text.trim();
        }
        let secure = "ConvertTo-SecureString";
        if text.get(..secure.len()).is_some_and(|word| word.eq_ignore_ascii_case(secure)) {
            let rest = text[secure.len()..].trim_start();
            let rest = rest.strip_prefix("-String").unwrap_or(rest).trim_start();
            at += text.len() - rest.len();
            text = rest;
            let word = self.word_at(at);
            return text.starts_with(['"', '\'']).then(|| Value::Text(self.text_layer(&word)));
        }
        if text.starts_with("@{") {
            let (entries, end) = self.again(at, Self::entries);
            let place = self.place(at, end);
            let rest = text.get(end - at..).unwrap_or_default().trim().to_ascii_lowercase();
            return match rest.strip_prefix('|').map(str::trim_start) {
                None if rest.is_empty() => Some(Value::Table(place, entries)),
                Some(next) if next.starts_with("convertto-json") => {
                    Some(Value::Json(place, entries))
                }
                _ => None,
            };
        }
        let is_string = text.starts_with(['"', '\'', '@', '$']);
        let word = is_string.then(|| self.word_at(at))?;
        (word.span.end() == at + text.len()).then(|| Value::Text(self.text_layer(&word)))
    }

    /// A layer with the text of a word.
    pub(super) fn text_layer(&mut self, word: &Word) -> Place {
        let layers = &mut self.document.layers;
        let codec = Codec::PowerShellWord(Passing::Exact);
        let mut layer = layers.layer(codec, self.region.sub(word.span));
        for part in &self.words.parts[word.parts.range()] {
            let place = self.region.sub(part.span);
            match part.kind {
                PartKind::Exact => layer.exact(place, part.quote),
                PartKind::Hole(kind) => layer.hole(place, kind, part.quote),
                PartKind::Decoded(text) | PartKind::Layer(text, _) => {
                    layer.escape(&self.words.decoded[text.range()], place, part.quote);
                }
            }
        }
        let id = layer.finish();
        layers.whole(id)
    }

    /// A place as one hole.
    pub(super) fn unknown(&mut self, place: Place) -> Place {
        let layers = &mut self.document.layers;
        let mut layer = layers.layer(Codec::Joined, place);
        layer.hole(place, HoleKind::Computed, Quote::None);
        let id = layer.finish();
        layers.whole(id)
    }

    /// The whole entry, its name and its value.
    pub(super) fn entry_places(&mut self, entry: &Entry) -> (Place, Place, Place) {
        let whole = self.region.sub(entry.span);
        let name = self.text_layer(&entry.name);
        let value = match self.value_of(&entry.value) {
            Value::Text(place) => place,
            Value::Table(place, _) | Value::Json(place, _) => self.unknown(place),
        };
        (whole, name, value)
    }
}
