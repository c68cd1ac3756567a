//! URL globs of curl: `{a,b}` and `[1-3]`, which stand for several URLs.

use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::{Finding, FindingKind};
use crate::parse::placeholder::hide_holes;
use crate::span::Span;

/// What stands at a brace, bracket or backslash.
enum Glob {
    /// Text as it is, of that many bytes.
    Text(usize),
    /// A backslash and the character that it protects.
    Escape,
    /// Unknown text of that many bytes.
    Hole(usize, HoleKind, Option<FindingKind>),
    /// Something that curl refuses.
    Damage(usize),
}

/// The URL with its globs as holes; the same place where it has none.
pub(super) fn mark_globs(
    layers: &mut Layers<'_>,
    url: Place,
    findings: &mut Vec<Finding>,
) -> Place {
    let is_special = |byte: &u8| matches!(byte, b'{' | b'}' | b'[' | b']');
    if !layers.text(url).as_bytes().iter().any(is_special) {
        return url;
    }
    let text = layers.share(url);
    let bytes = hide_holes(layers, url, &text);
    let mut layer = layers.layer(Codec::Joined, url);
    let (mut from, mut at) = (0, 0);
    let is_special = |byte: &u8| matches!(byte, b'{' | b'}' | b'[' | b']' | b'\\');
    while let Some(length) = bytes[at..].iter().position(is_special) {
        at += length;
        let glob = read_glob(&bytes, at);
        let span = |length| url.sub(Span::new(at, at + length));
        let length = match glob {
            Glob::Text(length) => {
                at += length;
                continue;
            }
            Glob::Damage(length) => {
                // curl sends nothing then; the rest is left as it is.
                findings.push(Finding::new(FindingKind::DamagedGlob, span(length)));
                break;
            }
            Glob::Escape => 2,
            Glob::Hole(length, ..) => length,
        };
        layer.exact(url.sub(Span::new(from, at)), Quote::None);
        match glob {
            Glob::Hole(_, kind, finding) => {
                layer.hole(span(length), kind, Quote::None);
                findings.extend(finding.map(|kind| Finding::new(kind, span(length))));
            }
            _ => layer.escape(&text[at + 1..at + 2], span(length), Quote::None),
        }
        at += length;
        from = at;
    }
    layer.exact(url.sub(Span::new(from, bytes.len())), Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

fn read_glob(bytes: &[u8], at: usize) -> Glob {
    match bytes[at] {
        b'\\' => match bytes.get(at + 1) {
            Some(b'{' | b'}' | b'[' | b']') => Glob::Escape,
            _ => Glob::Text(1),
        },
        b'{' => read_braces(bytes, at),
        // Empty brackets are text: `ids[]=1`.
        b'[' if bytes[at..].starts_with(b"[]") => Glob::Text(2),
        b'[' => read_brackets(bytes, at),
        _ => Glob::Damage(1),
    }
}

fn read_braces(bytes: &[u8], at: usize) -> Glob {
    if bytes[at..].starts_with(b"{{") {
        // A template's placeholder: curl never sees it.
        let Some(close) = memchr::memmem::find(&bytes[at..], b"}}") else {
            return Glob::Damage(2);
        };
        let inside = &bytes[at + 2..at + close];
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b",-_.".contains(byte);
        let is_list = inside.contains(&b',') && inside.iter().all(is_plain);
        return if is_list { Glob::Damage(close + 2) } else { Glob::Text(close + 2) };
    }
    let Some(close) = memchr::memchr(b'}', &bytes[at..]) else { return Glob::Damage(1) };
    let inside = &bytes[at + 1..at + close];
    let length = close + 1;
    if inside.is_empty() || inside.contains(&b'{') || inside.contains(&b'[') {
        return Glob::Damage(length);
    }
    let is_start = at == 0 || bytes[..at].ends_with(b"://");
    if inside.contains(&b'"') && inside.contains(&b':') {
        return Glob::Hole(length, HoleKind::Glob, Some(FindingKind::GlobbedJson));
    }
    match inside.contains(&b',') {
        true => Glob::Hole(length, HoleKind::Glob, None),
        false if is_start => Glob::Hole(length, HoleKind::Placeholder, None),
        false => Glob::Hole(length, HoleKind::Placeholder, Some(FindingKind::GlobbedPlaceholder)),
    }
}

fn read_brackets(bytes: &[u8], at: usize) -> Glob {
    let Some(close) = memchr::memchr(b']', &bytes[at..]) else { return Glob::Damage(1) };
    let inside = &bytes[at + 1..at + close];
    let length = close + 1;
    // An IPv6 address, perhaps with a zone (RFC 6874).
    let zone = inside.iter().position(|byte| *byte == b'%').unwrap_or(inside.len());
    let (address, zone) = inside.split_at(zone);
    let in_zone = |byte: &u8| byte.is_ascii_alphanumeric() || b"%-._~".contains(byte);
    let is_address = address.contains(&b':')
        && !address.contains(&b'-')
        && address.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        && zone.iter().all(in_zone);
    match () {
        () if is_address => Glob::Text(length),
        () if is_range(inside) => Glob::Hole(length, HoleKind::Glob, None),
        () => Glob::Damage(length),
    }
}

/// `a-z`, `1-10`, `001-100`, each with a step behind a colon.
pub(super) fn is_range(inside: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(inside) else { return false };
    let named = text.strip_prefix('<').and_then(|rest| rest.split_once('>'));
    let text = named.map_or(text, |(_, rest)| rest);
    let (range, step) =
        text.split_once(':').map_or((text, None), |(range, step)| (range, Some(step)));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = |text: &str| text.len() == 1 && text.as_bytes()[0].is_ascii_alphabetic();
    let Some((from, to)) = range.split_once('-') else { return false };
    let distance = |from: i64, to: i64| to.checked_sub(from);
    let length = match () {
        () if is_number(from) && is_number(to) => {
            from.parse().ok().zip(to.parse().ok()).and_then(|(from, to)| distance(from, to))
        }
        () if is_letter(from) && is_letter(to) => {
            let letters = distance(from.as_bytes()[0].into(), to.as_bytes()[0].into());
            letters.filter(|letters| *letters < 26)
        }
        () => None,
    };
    let Some(length) = length.filter(|length| *length >= 0) else { return false };
    let fits = |step: &str| step.parse().is_ok_and(|step| (1..=length.max(1)).contains(&step));
    step.is_none_or(|step| is_number(step) && fits(step))
}
