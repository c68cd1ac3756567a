//! What programs write into logs for what they do not show: `[Filtered]`, `REDACTED`, `****`, `xxxx`.
//! What was sent in its place is not known.

use super::body::trim;
use super::placeholder::mark;
use crate::layer::{HoleKind, Layers, Place};
use crate::model::{JsonValue, Request};
use crate::span::Span;
use memchr::memchr3_iter;

/// Words for what is not shown, in small letters.
const WORDS: [&str; 11] = [
    "censored",
    "filtered",
    "hidden",
    "masked",
    "obfuscated",
    "redacted",
    "removed",
    "sanitized",
    "scrubbed",
    "secret",
    "suppressed",
];
/// Of these, what is said without anything around it: nobody calls a value so.
const BARE: [&str; 4] = ["REDACTED", "redacted", "FILTERED", "MASKED"];
/// What stands around such a word.
const AROUND: &[char] =
    &['[', ']', '<', '>', '(', ')', '{', '}', '*', '_', '%', '-', '~', '#', ' '];
/// Signs of which a few in a row stand for what is not shown.
const SIGNS: [char; 5] = ['*', '•', '●', '█', '∗'];
/// So many of them.
const FEW: usize = 3;
/// So many of the letter `x`, where no other letter or digit stands beside them.
const FEW_LETTERS: usize = 4;
/// No longer text is looked at whole.
const LONGEST: usize = 512;

/// Whether something of a value is not shown.
pub(crate) fn is_masked(value: &str) -> bool {
    !masked(value).is_empty()
}

/// A value with what is not shown as holes.
pub(crate) fn hide_masked(layers: &mut Layers<'_>, value: Place) -> Place {
    let found = masked(layers.text(value));
    mark_all(layers, value, found)
}

/// A URL, or the pairs of a form, with what is not shown of segments and values as holes.
pub(crate) fn hide_masked_parts(layers: &mut Layers<'_>, place: Place) -> Place {
    let text = layers.text(place);
    let mut found = Vec::new();
    let mut start = 0;
    let ends = text.bytes().enumerate().filter(|(_, byte)| b"/?&=#;".contains(byte));
    for end in ends.map(|(at, _)| at).chain([text.len()]) {
        let at = |span: Span| Span::new(start + span.start(), start + span.end());
        found.extend(masked(&text[start..end]).into_iter().map(at));
        start = end + 1;
    }
    mark_all(layers, place, found)
}

/// Makes holes of what a recorded request does not show of its header fields, cookies and content.
pub(crate) fn hide_masked_values(layers: &mut Layers<'_>, request: &mut Request) {
    for field in request.headers.iter_mut().filter(|field| field.implied_by.is_none()) {
        field.value = hide_masked(layers, field.value);
    }
    for cookie in &mut request.cookies {
        cookie.value = hide_masked(layers, cookie.value);
    }
    for param in &mut request.params {
        param.value = hide_masked(layers, param.value);
    }
    request.body.json.iter_mut().for_each(|value| hide_in_json(layers, value));
}

fn hide_in_json(layers: &mut Layers<'_>, value: &mut JsonValue) {
    if value.items.is_empty() && value.members.is_empty() && value.text != value.place {
        value.text = hide_masked(layers, value.text);
    }
    value.items.iter_mut().for_each(|item| hide_in_json(layers, item));
    value.members.iter_mut().for_each(|member| hide_in_json(layers, &mut member.value));
}

fn mark_all(layers: &mut Layers<'_>, place: Place, found: Vec<Span>) -> Place {
    if found.is_empty() || layers.has_hole(place) {
        return place;
    }
    let found: Vec<_> = found.into_iter().map(|span| (span, HoleKind::Masked)).collect();
    mark(layers, place, &found)
}

/// Where a value does not show what was sent.
fn masked(value: &str) -> Vec<Span> {
    let whole = trim(value.as_bytes(), Span::new(0, value.len()));
    let text = &value[whole.range()];
    if text.len() < FEW || text.len() > LONGEST || !may_be_masked(text) {
        return Vec::new();
    }
    if is_word(text) {
        return vec![whole];
    }
    // `Bearer [redacted]`
    if let Some((scheme, rest)) = text.split_once(' ')
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && is_word(rest.trim_start())
    {
        return vec![Span::new(whole.end() - rest.trim_start().len(), whole.end())];
    }
    runs(value)
}

/// Whether a text has anything of what stands for what is not shown: most have not.
fn may_be_masked(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut letters = memchr3_iter(b'*', b'x', b'X', bytes);
    !text.is_ascii()
        || text.ends_with(AROUND)
        || BARE.iter().any(|word| text.ends_with(word))
        || letters.any(|at| bytes[at..].starts_with(b"***") || starts_run(&bytes[at..]))
}

/// Whether a text starts with so many times the same letter.
fn starts_run(bytes: &[u8]) -> bool {
    bytes.get(..FEW_LETTERS).is_some_and(|few| few.iter().all(|byte| *byte == few[0]))
}

fn is_word(text: &str) -> bool {
    let inner = text.trim_matches(AROUND);
    let is_letter = |char: char| char.is_ascii_alphabetic();
    let word = &inner[..inner.find(|char| !is_letter(char)).unwrap_or(inner.len())];
    let is_marked = text.starts_with(AROUND) && text.ends_with(AROUND);
    BARE.contains(&text)
        || (is_marked && WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Signs and letters in a row.
fn runs(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut before = None;
    while let Some(char) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = rest.len() - rest.trim_start_matches(char).len();
        let count = length / char.len_utf8();
        let is_beside = |other: Option<char>| other.is_some_and(char::is_alphanumeric);
        let after = rest[length..].chars().next();
        let is_run = match char {
            'x' | 'X' => count >= FEW_LETTERS && !is_beside(before) && !is_beside(after),
            _ => SIGNS.contains(&char) && count >= FEW,
        };
        if is_run {
            found.push(Span::new(at, at + length));
        }
        before = Some(char);
        at += length;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> String {
        let mut text = value.to_owned();
        for span in masked(value).iter().rev() {
            text.replace_range(span.range(), "?");
        }
        text
    }

    #[test]
    fn what_logs_do_not_show_is_a_hole() {
        for whole in [
            "REDACTED",
            "[REDACTED]",
            "[Filtered]",
            "[FILTERED]",
            "<redacted>",
            "(hidden)",
            "**REDACTED**",
            "__MASKED__",
            "%filtered%",
            "-- redacted --",
            "[redacted by proxy]",
            "***",
            "****************",
            "••••••",
            "xxxx",
            "XXXXXXXX",
        ] {
            assert_eq!(shown(whole), "?", "{whole}");
        }
        assert_eq!(shown("Bearer [REDACTED]"), "Bearer ?");
        assert_eq!(shown("Basic ***"), "Basic ?");
        assert_eq!(shown("wh_****cdef"), "wh_?cdef");
        assert_eq!(shown("wh_xxxxxxxx"), "wh_?");
        assert_eq!(shown("xxxx-xxxx-1234"), "?-?-1234");
    }

    #[test]
    fn what_only_looks_like_it_is_a_value() {
        for value in
            ["", "x", "hidden", "filtered", "[1]", "removed", "*", "**", "foxxxxy", "a-b", "<key>"]
        {
            assert_eq!(shown(value), value);
        }
    }

    #[test]
    fn parts_of_a_url_can_be_masked() {
        let source = "https://x.com/[Filtered]/a?api_key=[FILTERED]&b=hidden&c=***#d";
        let mut layers = Layers::new(source);
        let whole = layers.whole(crate::layer::LayerId::ROOT);
        let place = hide_masked_parts(&mut layers, whole);
        let holes: Vec<&str> =
            layers.holes(place).map(|hole| &layers.text(place)[hole.span.range()]).collect();
        assert_eq!(holes, ["[Filtered]", "[FILTERED]", "***"]);
    }
}
