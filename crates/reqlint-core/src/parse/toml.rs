//! TOML as configuration has it: trees of values whose texts are layers.
//!
//! The parser is that of the `toml` crate; what a string says is decoded here once more, so that
//! every part of it knows its bytes, and compared with what that parser makes of it.

use super::strings;
use crate::layer::{Codec, Escape, Layers, Place, Quote, Quoting};
use crate::model::{Document, Finding, FindingKind, JsonKind, JsonMember, JsonValue};
use crate::span::Span;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How deep values may be nested; deeper ones are not read.
const DEEPEST: usize = 100;

/// Finds the commands and requests in the values of `region`, and adds them to the document.
pub fn parse_toml(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let (table, errors) = DeTable::parse_recoverable(&text);
    // The parser has a bound of its own, of which only its words tell.
    let too_deep = errors.iter().find(|error| error.message().contains("recurs"));
    let too_deep = too_deep.and_then(|error| error.span()).map(|range| line_of(&text, range.start));
    let too_deep = too_deep.map(|line| region.sub(line));
    let layers = &mut document.layers;
    let mut reader = Reader { layers, region, text: &text, too_deep };
    let value = reader.table(table.get_ref(), table.span(), 0);
    let limit = reader.too_deep.map(|place| Finding::new(FindingKind::NestingTooDeep, place));
    document.findings.extend(limit);
    strings::parse_values(document, vec![value]);
}

/// The line at a byte.
fn line_of(text: &str, at: usize) -> Span {
    let at = text.floor_char_boundary(at.min(text.len()));
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    Span::new(start, end)
}

struct Reader<'r, 's> {
    layers: &'r mut Layers<'s>,
    region: Place,
    text: &'r str,
    /// The first value beyond the bound.
    too_deep: Option<Place>,
}

impl Reader<'_, '_> {
    fn place(&self, range: Range<usize>) -> Place {
        let end = range.end.min(self.text.len());
        self.region.sub(Span::new(range.start.min(end), end))
    }

    fn table(&mut self, table: &DeTable<'_>, range: Range<usize>, depth: usize) -> JsonValue {
        let mut members = Vec::new();
        for (key, value) in table {
            let (key_range, value_range) = (key.span(), value.span());
            let key_place = self.place(key_range);
            let value = self.value(value.get_ref(), value_range, depth + 1);
            let whole = match key_place.span.end() <= value.place.span.start() {
                true => Place::new(key_place.layer, key_place.span.hull(value.place.span)),
                false => key_place,
            };
            let name = self.name(key, key_place);
            members.push(JsonMember { whole, name, value });
        }
        members.sort_by_key(|member| member.whole.span.start());
        self.collection(JsonKind::Object, range, members, Vec::new())
    }

    /// A key; one in quotes is read as a text that is not written into.
    fn name(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, place: Place) -> Place {
        match self.layers.text(place) == key.get_ref() {
            true => place,
            false => self.layers.implied(key.get_ref(), place),
        }
    }

    fn collection(
        &self,
        kind: JsonKind,
        range: Range<usize>,
        members: Vec<JsonMember>,
        items: Vec<JsonValue>,
    ) -> JsonValue {
        let mut place = self.place(range);
        // A table is written in lines behind its name.
        if let Some(last) = members.last() {
            let all = members.iter().fold(last.whole.span, |all, one| all.hull(one.whole.span));
            place = Place::new(place.layer, place.span.hull(all));
        }
        JsonValue { kind, place, text: place, members, items }
    }

    fn value(&mut self, value: &DeValue<'_>, range: Range<usize>, depth: usize) -> JsonValue {
        let place = self.place(range.clone());
        let plain = |kind| {
            let (members, items) = (Vec::new(), Vec::new());
            JsonValue { kind, place, text: place, members, items }
        };
        match value {
            _ if depth > DEEPEST => {
                self.too_deep.get_or_insert(place);
                plain(JsonKind::Unknown)
            }
            DeValue::String(text) => {
                let text = self.string(text, place);
                JsonValue { text, ..plain(JsonKind::String) }
            }
            DeValue::Array(array) => {
                let items = array.iter();
                let items: Vec<JsonValue> =
                    items.map(|item| self.value(item.get_ref(), item.span(), depth + 1)).collect();
                self.collection(JsonKind::Array, range, Vec::new(), items)
            }
            DeValue::Table(table) => self.table(table, range, depth),
            DeValue::Boolean(_) => plain(JsonKind::Boolean),
            DeValue::Integer(_) | DeValue::Float(_) => plain(JsonKind::Number),
            DeValue::Datetime(_) => plain(JsonKind::String),
        }
    }

    /// A layer with the text of a string.
    fn string(&mut self, text: &str, place: Place) -> Place {
        let written = self.layers.share(place);
        let string = TomlString::of(&written);
        let steps = string.steps(&written);
        let decoded: String = steps.iter().map(|(piece, _, _)| piece.as_str()).collect();
        if decoded != text {
            return self.layers.implied(text, place);
        }
        let mut layer = self.layers.layer(string.codec(), place);
        for (piece, span, exact) in steps {
            match exact {
                true => layer.exact(place.sub(span), Quote::None),
                false => layer.escape(&piece, place.sub(span), Quote::None),
            }
        }
        let id = layer.finish();
        self.layers.whole(id)
    }
}

/// How a string is written (TOML 1.0, section String).
struct TomlString {
    mark: char,
    lines: bool,
    inside: Span,
}

impl TomlString {
    fn of(written: &str) -> Self {
        let mark = written.chars().next().unwrap_or('"');
        if written.is_empty() || !matches!(mark, '"' | '\'') {
            // Damage, of which the parser made a string.
            return TomlString { mark, lines: false, inside: Span::empty(written.len()) };
        }
        let lines = written.len() >= 6 && written.starts_with(&mark.to_string().repeat(3));
        let width = if lines { 3 } else { 1 };
        let is_closed =
            written.len() >= 2 * width && written.ends_with(&mark.to_string().repeat(width));
        let (start, end) = (width, written.len() - if is_closed { width } else { 0 });
        // A line end right behind the quotes is no part of the text.
        let rest = &written[start..end];
        let dropped = match rest {
            _ if !lines => 0,
            _ if rest.starts_with("\r\n") => 2,
            _ => usize::from(rest.starts_with('\n')),
        };
        TomlString { mark, lines, inside: Span::new(start + dropped, end) }
    }

    fn codec(&self) -> Codec {
        let escape = if self.mark == '"' { Escape::Backslash } else { Escape::None };
        match (self.mark, self.lines) {
            ('"', false) => Codec::JsonString,
            (quote, lines) => Codec::Quoted(Quoting { quote, escape, lines, braces: false }),
        }
    }

    /// The text in pieces, each with its bytes and whether it stands for itself.
    fn steps(&self, written: &str) -> Vec<(String, Span, bool)> {
        let mut steps = Vec::new();
        let (mut from, mut at, end) = (self.inside.start(), self.inside.start(), self.inside.end());
        let exact =
            |from: usize, at: usize| (written[from..at].to_owned(), Span::new(from, at), true);
        while let Some(char) = written[at..end].chars().next() {
            if char != '\\' || self.mark != '"' {
                at += char.len_utf8();
                continue;
            }
            let (text, next) = unescape(written, at, end);
            steps.push(exact(from, at));
            steps.push((text, Span::new(at, next), false));
            (from, at) = (next, next);
        }
        steps.push(exact(from, end));
        steps
    }
}

/// What the escape at `at` stands for, and where it ends.
fn unescape(written: &str, at: usize, end: usize) -> (String, usize) {
    let Some(char) = written[at + 1..end].chars().next() else { return (String::new(), end) };
    let after = at + 1 + char.len_utf8();
    let digits = |count: usize| {
        let code = written.get(after..after + count).filter(|_| after + count <= end);
        let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let text = code.and_then(char::from_u32).map(String::from);
        text.map_or((String::new(), after), |text| (text, after + count))
    };
    let text = match char {
        'b' => "\x08",
        't' => "\t",
        'n' => "\n",
        'f' => "\x0c",
        'r' => "\r",
        'e' => "\x1b",
        '"' => "\"",
        '\\' => "\\",
        'x' => return digits(2),
        'u' => return digits(4),
        'U' => return digits(8),
        // White space up to the next text.
        char if char.is_whitespace() => {
            return (String::new(), end - written[at + 1..end].trim_start().len());
        }
        _ => "",
    };
    (text.to_owned(), after)
}
