//! JSON strings: quotes, escapes, and the look-alikes of both.

use super::Reader;
use crate::layer::{Codec, Place, Quote};
use crate::model::FindingKind;
use crate::parse::placeholder::HIDDEN;
use crate::span::Span;

/// A quote that starts or ends a string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Double,
    Single,
    /// `“` and the like.
    SmartDouble,
    /// `‘` and the like.
    SmartSingle,
}

impl Mark {
    fn at(bytes: &[u8]) -> Option<(Mark, usize)> {
        match bytes {
            [b'"', ..] => Some((Mark::Double, 1)),
            [b'\'' | b'`', ..] => Some((Mark::Single, 1)),
            // U+2018 to U+201F, U+00AB, U+00BB.
            [0xE2, 0x80, 0x98..=0x9B, ..] => Some((Mark::SmartSingle, 3)),
            [0xE2, 0x80, 0x9C..=0x9F, ..] => Some((Mark::SmartDouble, 3)),
            [0xC2, 0xAB | 0xBB, ..] => Some((Mark::SmartDouble, 2)),
            _ => None,
        }
    }

    fn is_smart(self) -> bool {
        matches!(self, Mark::SmartDouble | Mark::SmartSingle)
    }

    /// Whether the quote `end` closes a string that this one opens.
    fn is_closed_by(self, end: Mark) -> bool {
        end == self
            || (self == Mark::SmartDouble && end == Mark::Double)
            || (self == Mark::SmartSingle && end == Mark::Single)
    }
}

/// Whether a quote of any kind stands at the start of `bytes`.
pub(super) fn is_quote(bytes: &[u8]) -> bool {
    Mark::at(bytes).is_some()
}

/// What a part of a string means.
enum Part {
    Plain(usize),
    Escape(char, usize),
    /// An escape that JSON does not have, read as its character.
    Wrong(char, usize),
    /// A control character that must be escaped, and how.
    Control(String),
}

impl Reader<'_, '_> {
    pub(super) fn at_quote(&self) -> bool {
        is_quote(&self.bytes[self.at..])
    }

    /// The string at the current quote: the place with its quotes, and its decoded text.
    pub(super) fn string(&mut self) -> (Place, Place) {
        let start = self.at;
        let (mark, length) = Mark::at(&self.bytes[start..]).unwrap_or((Mark::Double, 0));
        let inner = start + length;
        let (inner_end, end) = self.find_end(start, inner, mark);
        let whole = Span::new(start, end);
        if mark != Mark::Double && end > inner_end {
            self.notice_quotes(mark, Span::new(inner, inner_end), whole);
        }
        let text = self.decode(Span::new(inner, inner_end), whole);
        self.at = end;
        (self.place.sub(whole), text)
    }

    /// Where the string ends: its text, and with its quote. The same where it is not closed.
    fn find_end(&mut self, start: usize, inner: usize, mark: Mark) -> (usize, usize) {
        let quote = self.bytes[start];
        let mut at = inner;
        while at < self.bytes.len() {
            let byte = self.bytes[at];
            if byte == b'\\' {
                at = self.char_end(at + 1);
            } else if matches!(byte, b'\n' | b'\r') {
                if at > self.quote_ahead && !self.continues(at, mark, quote) {
                    break;
                }
                at += 1;
            } else if mark.is_smart() {
                match Mark::at(&self.bytes[at..]) {
                    Some((end, length)) if mark.is_closed_by(end) => return (at, at + length),
                    _ => at += 1,
                }
            } else if byte == quote {
                return (at, at + 1);
            } else {
                at += 1;
            }
        }
        let at = at.min(self.bytes.len());
        self.damage(Span::new(start, inner));
        (at, at)
    }

    /// Whether the string goes on after the line break at `at`: its quote comes, and after it
    /// what comes after a string.
    fn continues(&mut self, at: usize, mark: Mark, quote: u8) -> bool {
        if mark.is_smart() {
            return false;
        }
        let mut ahead = at;
        while ahead < self.bytes.len() && self.bytes[ahead] != quote {
            ahead = if self.bytes[ahead] == b'\\' { ahead + 2 } else { ahead + 1 };
        }
        let after = self.bytes.get(ahead + 1..).map(<[u8]>::trim_ascii_start);
        let goes_on = match after {
            None => false,
            Some(rest) => matches!(rest.first(), None | Some(b',' | b'}' | b']' | b':')),
        };
        if goes_on {
            self.quote_ahead = ahead;
        }
        goes_on
    }

    fn char_end(&self, at: usize) -> usize {
        self.char_span(at).end().min(self.bytes.len())
    }

    fn notice_quotes(&mut self, mark: Mark, inner: Span, whole: Span) {
        self.open = true;
        let kind =
            if mark.is_smart() { FindingKind::SmartQuote } else { FindingKind::MalformedJson };
        let mut edits = vec![(Span::new(whole.start(), inner.start()), "\"")];
        let mut at = inner.start();
        while at < inner.end() {
            match &self.bytes[at..inner.end()] {
                [b'\\', b'\'', ..] => edits.push((Span::new(at, at + 2), "'")),
                [b'"', ..] => edits.push((Span::new(at, at + 1), "\\\"")),
                _ => {}
            }
            at += if self.bytes[at] == b'\\' { 2 } else { 1 };
        }
        edits.push((Span::new(inner.end(), whole.end()), "\""));
        self.notice(kind, whole, &edits);
    }

    /// A layer with the text of the string.
    fn decode(&mut self, inner: Span, whole: Span) -> Place {
        let (text, bytes, place) = (self.text, self.bytes, self.place);
        let mut damage = Vec::new();
        let mut layer = self.layers.layer(Codec::JsonString, place.sub(whole));
        let mut plain = inner.start();
        let mut at = inner.start();
        while at < inner.end() {
            let part = next_part(text, &bytes[..inner.end()], at);
            let (Part::Plain(length) | Part::Escape(_, length) | Part::Wrong(_, length)) = part
            else {
                if let Part::Control(mend) = part {
                    damage.push((Span::new(at, at + 1), Some(mend)));
                }
                at += 1;
                continue;
            };
            let span = Span::new(at, at + length);
            // `\'` in single quotes is mended together with the quotes.
            if let Part::Wrong(char, _) = part
                && (char != '\'' || bytes[whole.start()] == b'"')
            {
                damage.push((span, (char == '\'').then(|| "'".to_owned())));
            }
            if let Part::Escape(char, _) | Part::Wrong(char, _) = part {
                layer.exact(place.sub(Span::new(plain, at)), Quote::None);
                layer.escape(char.encode_utf8(&mut [0; 4]), place.sub(span), Quote::None);
                plain = span.end();
            }
            at = span.end();
        }
        layer.exact(place.sub(Span::new(plain, inner.end().max(plain))), Quote::None);
        let id = layer.finish();
        for (span, mend) in damage {
            match mend {
                Some(text) => self.mend(span, &text),
                None => self.damage(span),
            }
        }
        self.layers.whole(id)
    }
}

/// The part of a string that starts at `at`; `bytes` end where the string ends.
fn next_part(text: &str, bytes: &[u8], at: usize) -> Part {
    match bytes[at] {
        b'\\' => next_escape(text, bytes, at),
        b'\n' => Part::Control("\\n".to_owned()),
        b'\r' => Part::Control("\\r".to_owned()),
        b'\t' => Part::Control("\\t".to_owned()),
        byte @ 0..=0x1F => Part::Control(format!("\\u{byte:04x}")),
        _ => {
            let is_plain = |byte: &&u8| **byte != b'\\' && **byte >= b' ';
            Part::Plain(bytes[at..].iter().take_while(is_plain).count())
        }
    }
}

fn next_escape(text: &str, bytes: &[u8], at: usize) -> Part {
    let char = match bytes.get(at + 1) {
        None | Some(&HIDDEN) => return Part::Plain(1),
        Some(b'u') => return unicode_escape(&bytes[at..]),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(_) => {
            let char = text[at + 1..].chars().next().unwrap_or('\\');
            return Part::Wrong(char, 1 + char.len_utf8());
        }
    };
    Part::Escape(char, 2)
}

/// `\uXXXX`, or the two of them that are a surrogate pair.
fn unicode_escape(bytes: &[u8]) -> Part {
    let Some(first) = code_unit(bytes) else { return Part::Wrong('u', 2) };
    let units = [first, bytes.get(6..).and_then(code_unit).unwrap_or(0)];
    match char::decode_utf16(units).next() {
        Some(Ok(char)) => Part::Escape(char, if char.len_utf16() == 2 { 12 } else { 6 }),
        _ => Part::Wrong(char::REPLACEMENT_CHARACTER, 6),
    }
}

fn code_unit(bytes: &[u8]) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = bytes else { return None };
    let digits = digits.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
