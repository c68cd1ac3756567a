//! JSON (RFC 8259) with the place of every part, tolerant of damage.
//!
//! What deviates from the grammar is noticed, and read as it was meant: single quotes, comments,
//! a trailing comma, Python's `True`. Holes are opaque: `{"a": $X}` has a member of unknown type.

mod string;

use super::placeholder::{HIDDEN, end_of_hidden, hide_holes};
use super::repair::source_edits;
use crate::layer::{Layers, Place};
use crate::model::{Finding, FindingKind, JsonKind, JsonMember, JsonValue};
use crate::span::Span;
use std::collections::HashSet;
use string::is_quote;

/// Values deeper than this are not read, so that no text exhausts the stack.
const DEEPEST: usize = 128;

/// Findings of one text are no more than this many.
const MOST_FINDINGS: usize = 20;

/// More backslashes than this are not dropped one by one.
const MOST_BACKSLASHES: usize = 500;

/// Objects with more members look names up in a set.
const FEW_MEMBERS: usize = 16;

/// Reads the JSON text at `place`. Strings are decoded into layers of their own; holes are opaque.
///
/// None where nothing of it could be read. Damage is noticed as findings; the flag says that the
/// value is not all that there may be.
pub fn parse_json(
    layers: &mut Layers<'_>,
    place: Place,
    findings: &mut Vec<Finding>,
) -> (Option<JsonValue>, bool) {
    let text = layers.share(place);
    let bytes = hide_holes(layers, place, &text);
    let mut reader = Reader {
        layers,
        place,
        text: &text,
        bytes: &bytes,
        at: 0,
        depth: 0,
        too_deep: false,
        open: false,
        findings,
        noticed: 0,
        quote_ahead: 0,
    };
    let value = reader.document();
    (value, reader.open)
}

struct Reader<'r, 's> {
    layers: &'r mut Layers<'s>,
    place: Place,
    text: &'r str,
    /// The bytes of `text` with holes hidden.
    bytes: &'r [u8],
    at: usize,
    depth: usize,
    /// Whether reading ended at the bound.
    too_deep: bool,
    /// Whether there may be more than was read.
    open: bool,
    findings: &'r mut Vec<Finding>,
    noticed: usize,
    /// The quote up to which line breaks are known to be part of the string.
    quote_ahead: usize,
}

impl Reader<'_, '_> {
    fn document(&mut self) -> Option<JsonValue> {
        self.skip_space();
        let start = self.at;
        if let Some(mark) = self.escaped_quote() {
            self.notice_backslashes(mark);
            return None;
        }
        let value = self.value();
        if value.is_none() && self.at == start {
            let at_end = start == self.bytes.len();
            self.damage(if at_end { Span::new(0, start) } else { self.char_span(start) });
            return None;
        }
        self.skip_space();
        self.skip_hole();
        self.skip_space();
        if self.at < self.bytes.len() {
            let rest = self.bytes[self.at..].trim_ascii_end().len();
            self.damage(Span::new(self.at, self.at + rest));
        }
        value
    }

    /// The `\"` that stands where the first string must start: a text in another quoting.
    fn escaped_quote(&self) -> Option<usize> {
        let is_before = |byte: &&u8| matches!(**byte, b'{' | b'[') || byte.is_ascii_whitespace();
        let start = self.at + self.bytes[self.at..].iter().take_while(is_before).count();
        self.bytes[start..].starts_with(b"\\\"").then_some(start)
    }

    /// One finding for all backslashes of that quoting, without which the text may be JSON.
    fn notice_backslashes(&mut self, first: usize) {
        let mut edits = Vec::new();
        let mut at = self.at;
        while let Some(next) = memchr::memchr(b'\\', &self.bytes[at..]) {
            let span = Span::new(at + next, at + next + 1);
            if edits.len() == MOST_BACKSLASHES
                || !matches!(self.bytes.get(span.end()), Some(b'"' | b'\\'))
            {
                edits.clear();
                break;
            }
            edits.push((span, ""));
            at = span.end() + 1;
        }
        self.open = true;
        self.notice(FindingKind::MalformedJson, Span::new(first, first + 1), &edits);
    }

    /// The value at the current byte; none, without a step, where none starts there.
    fn value(&mut self) -> Option<JsonValue> {
        match self.peek()? {
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::array),
            b',' | b':' | b'}' | b']' => None,
            _ if self.at_quote() => {
                let (place, text) = self.string();
                Some(self.leaf(JsonKind::String, place, text))
            }
            _ => self.scalar(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> JsonValue) -> Option<JsonValue> {
        if self.depth == DEEPEST {
            self.notice(FindingKind::NestingTooDeep, Span::new(self.at, self.at + 1), &[]);
            self.open = true;
            self.too_deep = true;
            self.at = self.bytes.len();
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        Some(value)
    }

    fn object(&mut self) -> JsonValue {
        let start = self.at;
        let mut members = Vec::new();
        let end = self.items(b'}', |reader| {
            members.extend(reader.member());
        });
        self.notice_duplicates(&members);
        let place = self.place.sub(Span::new(start, end));
        JsonValue { kind: JsonKind::Object, place, text: place, members, items: Vec::new() }
    }

    fn array(&mut self) -> JsonValue {
        let start = self.at;
        let mut items = Vec::new();
        let end = self.items(b']', |reader| match reader.value() {
            Some(value) => items.push(value),
            None => reader.skip_damage(),
        });
        let place = self.place.sub(Span::new(start, end));
        JsonValue { kind: JsonKind::Array, place, text: place, members: Vec::new(), items }
    }

    /// Reads what stands between brackets and commas; the answer is the end of it.
    fn items(&mut self, close: u8, mut read: impl FnMut(&mut Self)) -> usize {
        let open = self.at;
        self.at += 1;
        let mut comma = None;
        let mut wants_comma = false;
        loop {
            self.skip_space();
            match self.peek() {
                Some(byte) if byte == close => {
                    if let Some(comma) = comma {
                        self.mend(Span::new(comma, comma + 1), "");
                    }
                    self.at += 1;
                    return self.at;
                }
                None | Some(b'}' | b']') => {
                    // The bracket of a container further out, or the end.
                    self.damage(Span::new(open, open + 1));
                    return self.at;
                }
                Some(b',') => {
                    if !wants_comma {
                        self.mend(Span::new(self.at, self.at + 1), "");
                    } else {
                        comma = Some(self.at);
                    }
                    wants_comma = false;
                    self.at += 1;
                }
                Some(_) => {
                    if wants_comma {
                        if self.skip_hole() {
                            continue;
                        }
                        self.notice_missing_comma();
                    }
                    comma = None;
                    let before = self.at;
                    read(self);
                    if self.at == before && self.peek().is_some() {
                        self.skip_damage();
                    }
                    wants_comma = true;
                }
            }
        }
    }

    fn member(&mut self) -> Option<JsonMember> {
        let start = self.at;
        let name = self.name()?;
        let name_end = self.at;
        self.skip_space();
        if self.peek() == Some(b':') {
            self.at += 1;
        } else if self.bytes[self.at..].starts_with(b"=>") {
            self.mend(Span::new(self.at, self.at + 2), ":");
            self.at += 2;
        } else if self.peek() == Some(b'=') {
            self.mend(Span::new(self.at, self.at + 1), ":");
            self.at += 1;
        } else {
            self.damage(Span::new(start, name_end));
        }
        let colon_end = self.at;
        self.skip_space();
        let value = match self.value() {
            Some(value) => value,
            None => {
                self.damage(Span::new(start, colon_end));
                let nothing = self.place.sub(Span::empty(colon_end));
                self.leaf(JsonKind::Unknown, nothing, nothing)
            }
        };
        let end = value.place.span.end() - self.place.span.start();
        let whole = self.place.sub(Span::new(start, end.max(start)));
        Some(JsonMember { whole, name, value })
    }

    /// The name of a member; none where a hole stands for members, or where no name starts.
    fn name(&mut self) -> Option<Place> {
        if self.at_quote() {
            return Some(self.string().1);
        }
        let start = self.at;
        let is_name = |at: &usize| match self.bytes[*at] {
            b'_' | b'$' | b'-' | b'.' => true,
            byte if byte < 0x80 => byte.is_ascii_alphanumeric(),
            _ => !is_quote(&self.bytes[*at..]) && invisible(&self.bytes[*at..]).is_none(),
        };
        let length = (start..self.bytes.len()).take_while(is_name).count();
        let span = Span::new(start, start + length);
        self.at = span.end();
        let written = &self.bytes[span.range()];
        if length == 0 {
            self.skip_damage();
            return None;
        }
        if written.iter().all(|byte| *byte == HIDDEN) {
            self.open = true;
            self.skip_space();
            return (self.peek() == Some(b':')).then(|| self.place.sub(span));
        }
        let quoted = format!("\"{}\"", &self.text[span.range()]);
        self.mend(span, &quoted);
        Some(self.place.sub(span))
    }

    /// A number, a word, or a hole with what is written around it.
    fn scalar(&mut self) -> Option<JsonValue> {
        let start = self.at;
        let end = self.end_of_token();
        if end == start {
            return None;
        }
        self.at = end;
        let span = Span::new(start, end);
        let bytes = &self.bytes[span.range()];
        let kind = if bytes.contains(&HIDDEN) {
            JsonKind::Unknown
        } else {
            let (kind, mend) = classify(&self.text[span.range()]);
            match mend {
                Mend::None => {}
                Mend::Unknown => self.damage(span),
                Mend::To(text) => self.mend(span, text),
            }
            kind
        };
        let place = self.place.sub(span);
        Some(self.leaf(kind, place, place))
    }

    fn leaf(&self, kind: JsonKind, place: Place, text: Place) -> JsonValue {
        JsonValue { kind, place, text, members: Vec::new(), items: Vec::new() }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Where the run of characters ends that are neither punctuation nor white space.
    fn end_of_token(&self) -> usize {
        let is_token = |byte: &u8| {
            !matches!(byte, b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"' | b'\'' | 0..=b' ')
        };
        self.at + self.bytes[self.at..].iter().take_while(|byte| is_token(byte)).count()
    }

    /// Skips a hole that stands where only punctuation can: it may bring more of the value.
    fn skip_hole(&mut self) -> bool {
        let end = end_of_hidden(self.bytes, self.at);
        let found = end > self.at;
        self.open |= found;
        self.at = end;
        found
    }

    /// Skips what cannot be read, up to the next comma, bracket or quote; at least a character.
    fn skip_damage(&mut self) {
        let start = self.at;
        if start == self.bytes.len() {
            return;
        }
        self.at = self.end_of_token().max(self.char_span(start).end());
        self.damage(Span::new(start, self.at));
    }

    /// Skips white space, and with a finding comments and look-alikes of white space.
    fn skip_space(&mut self) {
        loop {
            let rest = &self.bytes[self.at..];
            self.at +=
                rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
            let rest = &self.bytes[self.at..];
            if let Some(length) = comment(rest) {
                self.mend(Span::new(self.at, self.at + length), "");
                self.at += length;
            } else if let Some(length) = invisible(rest) {
                let span = Span::new(self.at, self.at + length);
                self.open = true;
                self.notice(FindingKind::InvisibleCharacter, span, &[(span, " ")]);
                self.at += length;
            } else {
                return;
            }
        }
    }

    /// The character at `at`; a whole hole if one stands there.
    fn char_span(&self, at: usize) -> Span {
        let hole = end_of_hidden(self.bytes, at.min(self.bytes.len()));
        if hole > at {
            return Span::new(at, hole);
        }
        let length = self.text.get(at..).and_then(|rest| rest.chars().next());
        Span::new(at, at + length.map_or(0, char::len_utf8))
    }

    fn notice_missing_comma(&mut self) {
        let next = self.char_span(self.at);
        let before = self.bytes[..self.at].trim_ascii_end().len();
        self.open = true;
        self.notice(FindingKind::MalformedJson, next, &[(Span::empty(before), ",")]);
    }

    fn notice_duplicates(&mut self, members: &[JsonMember]) {
        let layers = &*self.layers;
        let names: Vec<Place> = members
            .iter()
            .map(|member| member.name)
            .filter(|name| !layers.has_hole(*name))
            .collect();
        let mut seen = HashSet::new();
        let is_repeated = |index: usize, seen: &mut HashSet<_>| {
            let name = layers.text(names[index]);
            if names.len() <= FEW_MEMBERS {
                names[..index].iter().any(|before| layers.text(*before) == name)
            } else {
                !seen.insert(name)
            }
        };
        let repeated: Vec<Place> = (0..names.len())
            .filter(|index| is_repeated(*index, &mut seen))
            .map(|index| names[index])
            .collect();
        for name in repeated {
            if self.noticed < MOST_FINDINGS {
                self.noticed += 1;
                self.findings.push(Finding::new(FindingKind::DuplicateJsonKey, name));
            }
        }
    }

    /// Notices damage that has no one mend.
    fn damage(&mut self, span: Span) {
        self.open = true;
        self.notice(FindingKind::MalformedJson, span, &[]);
    }

    /// Notices damage that is mended by writing `text` for it.
    fn mend(&mut self, span: Span, text: &str) {
        self.open = true;
        self.notice(FindingKind::MalformedJson, span, &[(span, text)]);
    }

    fn notice(&mut self, kind: FindingKind, span: Span, repair: &[(Span, &str)]) {
        if self.noticed == MOST_FINDINGS || self.too_deep {
            return;
        }
        self.noticed += 1;
        let edits: Vec<_> =
            repair.iter().map(|(span, text)| (self.place.sub(*span), *text)).collect();
        let mut finding = Finding::new(kind, self.place.sub(span));
        finding.repair = source_edits(self.layers, &edits);
        self.findings.push(finding);
    }
}

/// How a scalar becomes JSON.
enum Mend {
    /// It is.
    None,
    /// Nobody knows.
    Unknown,
    /// It means this.
    To(&'static str),
}

fn classify(text: &str) -> (JsonKind, Mend) {
    match text {
        "true" | "false" => (JsonKind::Boolean, Mend::None),
        "null" => (JsonKind::Null, Mend::None),
        "True" | "TRUE" => (JsonKind::Boolean, Mend::To("true")),
        "False" | "FALSE" => (JsonKind::Boolean, Mend::To("false")),
        "None" | "NULL" | "Null" | "nil" | "undefined" => (JsonKind::Null, Mend::To("null")),
        _ if is_number(text.as_bytes()) => (JsonKind::Number, Mend::None),
        _ => (JsonKind::Unknown, Mend::Unknown),
    }
}

/// RFC 8259, section 6.
pub(super) fn is_number(bytes: &[u8]) -> bool {
    fn digits(bytes: &[u8]) -> (usize, &[u8]) {
        let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count, &bytes[count..])
    }
    let bytes = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let (count, mut rest) = digits(bytes);
    if count == 0 || (count > 1 && bytes[0] == b'0') {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        let (count, after) = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = after;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let unsigned = match exponent {
            [b'+' | b'-', unsigned @ ..] => unsigned,
            _ => exponent,
        };
        let (count, after) = digits(unsigned);
        return count > 0 && after.is_empty();
    }
    rest.is_empty()
}

/// The length of the comment at the start of `bytes`.
fn comment(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"/*") {
        let end = memchr::memmem::find(&bytes[2..], b"*/").map(|at| at + 4);
        return Some(end.unwrap_or(bytes.len()));
    }
    if bytes.starts_with(b"//") || bytes.starts_with(b"#") {
        let end = memchr::memchr2(b'\n', b'\r', bytes);
        return Some(end.unwrap_or(bytes.len()));
    }
    None
}

/// The length of the space that is no JSON white space at the start of `bytes`.
fn invisible(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0xC2, 0xA0, ..] => Some(2),
        [0xE2, 0x80, 0x8B..=0x8D | 0xAF, ..]
        | [0xEF, 0xBB, 0xBF, ..]
        | [0xE3, 0x80, 0x80, ..]
        | [0xE2, 0x81, 0xA0, ..] => Some(3),
        [0x0B | 0x0C, ..] => Some(1),
        _ => None,
    }
}
