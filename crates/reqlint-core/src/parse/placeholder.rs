//! Holes in texts: hiding them from parsers, and marking the placeholders that templates leave.

use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::span::Span;
use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;

/// The byte that stands for each byte of a hole in [`hide_holes`]; no UTF-8 text holds it.
pub(crate) const HIDDEN: u8 = 0xFF;

/// Names of placeholders are short; what is longer is text that happens to stand in braces.
const LONGEST_NAME: usize = 80;

/// The bytes of `text`, which is the text of `place`, with the bytes of holes replaced by
/// [`HIDDEN`], so that delimiters inside of them do not count.
pub(crate) fn hide_holes<'t>(layers: &Layers<'_>, place: Place, text: &'t str) -> Cow<'t, [u8]> {
    if !layers.has_hole(place) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = text.as_bytes().to_vec();
    for hole in layers.holes(place) {
        bytes[hole.span.range()].fill(HIDDEN);
    }
    Cow::Owned(bytes)
}

/// The end of the run of hidden bytes that starts at `at`; `at` itself where there is none.
pub(crate) fn end_of_hidden(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|&&byte| byte == HIDDEN).count()
}

/// Which notations stand for holes in texts that no shell reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Notation {
    /// `{{name}}`
    Placeholders,
    /// Also `${name}`.
    Braces,
    /// Also `$NAME`. Not `$name` in small letters: APIs have parameters such as `$filter`.
    Variables,
}

/// The same text with what that notation makes a hole as holes.
pub(crate) fn mark_holes(layers: &mut Layers<'_>, place: Place, notation: Notation) -> Place {
    let text = layers.text(place).as_bytes();
    if memmem::find(text, b"{{").is_none()
        && (notation == Notation::Placeholders || memchr(b'$', text).is_none())
    {
        return place;
    }
    let text = layers.share(place);
    let found = find_placeholders(&hide_holes(layers, place, &text), notation);
    mark(layers, place, &found)
}

/// The same text with the given ranges, counted from its start, as holes.
pub(crate) fn mark(layers: &mut Layers<'_>, place: Place, found: &[(Span, HoleKind)]) -> Place {
    if found.is_empty() {
        return place;
    }
    let mut layer = layers.layer(Codec::Joined, place);
    let mut at = 0;
    for &(span, kind) in found {
        layer.exact(place.sub(Span::new(at, span.start())), Quote::None);
        layer.hole(place.sub(span), kind, Quote::None);
        at = span.end();
    }
    layer.exact(place.sub(Span::new(at, place.span.len())), Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

fn find_placeholders(bytes: &[u8], notation: Notation) -> Vec<(Span, HoleKind)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr2(b'$', b'{', &bytes[at..]) {
        let start = at + next;
        let end = match bytes[start] {
            b'{' => double_braces(bytes, start).map(|end| (end, HoleKind::Placeholder)),
            // `${{ name }}` of workflows.
            _ if bytes[start..].starts_with(b"${{") => {
                double_braces(bytes, start + 1).map(|end| (end, HoleKind::Placeholder))
            }
            _ if notation == Notation::Placeholders => None,
            _ if bytes[start..].starts_with(b"${") || notation == Notation::Variables => {
                variable(bytes, start).map(|end| (end, HoleKind::Variable))
            }
            _ => None,
        };
        at = match end {
            Some((end, kind)) => {
                found.push((Span::new(start, end), kind));
                end
            }
            None => start + 1,
        };
    }
    found
}

/// The end of the `{{name}}` that starts at `start`.
pub(crate) fn double_braces(bytes: &[u8], start: usize) -> Option<usize> {
    let name = bytes[start..].strip_prefix(b"{{")?;
    let length = name
        .iter()
        .take(LONGEST_NAME)
        .position(|byte| matches!(byte, b'{' | b'}' | b'"' | b'\n' | b'\r' | &HIDDEN))?;
    (length > 0 && name[length..].starts_with(b"}}")).then_some(start + 2 + length + 2)
}

/// The end of the `$NAME` or `${name}` that starts at `start`.
fn variable(bytes: &[u8], start: usize) -> Option<usize> {
    let after = &bytes[start + 1..];
    if let Some(name) = after.strip_prefix(b"{") {
        let length = name
            .iter()
            .take(LONGEST_NAME)
            .position(|byte| matches!(byte, b'{' | b'}' | b'"' | b'\n' | b'\r' | &HIDDEN))?;
        return (length > 0 && name[length] == b'}').then_some(start + 2 + length + 1);
    }
    let first = after.first()?;
    if !(first.is_ascii_uppercase() || *first == b'_') {
        return None;
    }
    let is_name = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'_';
    let length = after.iter().take_while(is_name).count();
    let ends = after.get(length).is_none_or(|byte| !byte.is_ascii_lowercase());
    ends.then_some(start + 1 + length)
}

/// The length of the `{name}`, `{{name}}`, `${name}` or `<name>` at the start of a text.
pub(crate) fn leading_placeholder(bytes: &[u8]) -> Option<usize> {
    let (open, close): (&[u8], u8) = match bytes {
        [b'$', b'{', ..] => (b"${", b'}'),
        [b'{', b'{', ..] => return double_braces(bytes, 0),
        [b'{', ..] => (b"{", b'}'),
        [b'<', ..] => (b"<", b'>'),
        _ => return None,
    };
    let name = &bytes[open.len()..];
    let is_name = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ') || *byte >= 0x80
    };
    let length = name.iter().take(LONGEST_NAME).position(|byte| *byte == close)?;
    let named = length > 0 && name[..length].iter().all(is_name);
    named.then_some(open.len() + length + 1)
}
