//! URLs and what is percent-encoded in them (RFC 3986), split without normalizing.
//!
//! Splitting works on bytes in which holes are hidden, so that the `?` of `${BASE:-x?y}` is not
//! taken for the start of a query.

mod scheme;

use super::placeholder::{
    HIDDEN, Notation, end_of_hidden, hide_holes, leading_placeholder, mark, mark_holes,
};
use crate::layer::{Codec, Component, HoleKind, Layers, Place, Quote};
use crate::model::{Finding, FindingKind, Param, ParamIn, Url};
use crate::span::Span;
use memchr::{memchr, memrchr};

/// Findings of one URL are no more than this many.
const MOST_FINDINGS: usize = 5;

/// Splits the URL at `whole` by RFC 3986, appendix B. Percent-decodes segments into layers of
/// their own.
///
/// A text without a scheme is read as curl reads it: up to the first `/` it is the host. A text
/// that starts with `/` is a target without an origin; one that starts with a hole, or with a
/// placeholder such as `{origin}`, has an origin hole.
pub fn parse_url(layers: &mut Layers<'_>, whole: Place, findings: &mut Vec<Finding>) -> Url {
    let whole = mark_holes(layers, whole, Notation::Placeholders);
    let whole = scheme::mend_scheme(layers, whole, findings);
    let whole = mark_origin(layers, whole);
    let text = layers.share(whole);
    let bytes = hide_holes(layers, whole, &text);
    let parts = Parts::split(&bytes);
    notice_damage(whole, &bytes, &parts, findings);
    let place = |span: Span| whole.sub(span);
    let path = place(parts.path);
    Url {
        whole,
        scheme: parts.scheme.map(place),
        userinfo: parts.userinfo.map(place),
        host: parts.host.map(place),
        port: parts.port.map(place),
        origin_hole: parts.origin_hole.map(place),
        path,
        segments: decode_segments(layers, path, &bytes[parts.path.range()]),
        query: parts.query.map(place),
        fragment: parts.fragment.map(place),
    }
}

/// Marks a placeholder that stands for the origin or the host: `{origin}/x`, `https://<host>/x`.
fn mark_origin(layers: &mut Layers<'_>, whole: Place) -> Place {
    let text = layers.text(whole).as_bytes();
    let start = match memchr(b':', text) {
        Some(colon) if text[colon..].starts_with(b"://") && is_scheme(&text[..colon]) => colon + 3,
        _ => 0,
    };
    let Some(length) = leading_placeholder(&text[start..]) else { return whole };
    let end = start + length;
    let stands_alone = matches!(text.get(end), None | Some(b'/' | b'?' | b'#' | b':' | b'.'));
    let span = Span::new(start, end);
    if !stands_alone || layers.has_hole(whole.sub(span)) {
        return whole;
    }
    mark(layers, whole, &[(span, HoleKind::Placeholder)])
}

/// The parts of a URL, as spans of its text.
#[derive(Default)]
struct Parts {
    scheme: Option<Span>,
    userinfo: Option<Span>,
    host: Option<Span>,
    port: Option<Span>,
    origin_hole: Option<Span>,
    path: Span,
    query: Option<Span>,
    fragment: Option<Span>,
    /// What is wrong about it.
    damage: Option<Span>,
}

impl Parts {
    fn split(bytes: &[u8]) -> Self {
        let mut parts = Parts::default();
        let mut end = bytes.len();
        if let Some(hash) = memchr(b'#', bytes) {
            parts.fragment = Some(Span::new(hash + 1, end));
            end = hash;
        }
        if let Some(mark) = memchr(b'?', &bytes[..end]) {
            parts.query = Some(Span::new(mark + 1, end));
            end = mark;
        }
        let path = parts.split_origin(&bytes[..end]);
        parts.path = Span::new(path, end);
        parts
    }

    /// Splits what stands before the query; the answer is where the path starts.
    fn split_origin(&mut self, bytes: &[u8]) -> usize {
        if let Some(authority) = self.split_scheme(bytes) {
            return self.split_authority(bytes, authority);
        }
        if bytes.starts_with(b"//") {
            return self.split_authority(bytes, 2);
        }
        if matches!(bytes.first(), None | Some(b'/')) {
            return 0;
        }
        let end = memchr(b'/', bytes).unwrap_or(bytes.len());
        let hole = end_of_hidden(bytes, 0);
        let is_host = |byte: &u8| matches!(byte, b'.' | b':' | b'@');
        if hole > 0 && !bytes[hole..end].iter().any(is_host) {
            self.origin_hole = Some(Span::new(0, end));
            return end;
        }
        self.split_authority(bytes, 0)
    }

    /// Where the authority starts, if there is a scheme before it.
    fn split_scheme(&mut self, bytes: &[u8]) -> Option<usize> {
        let colon = memchr(b':', bytes)?;
        let (scheme, after) = (&bytes[..colon], &bytes[colon + 1..]);
        if !is_scheme(scheme) {
            return None;
        }
        let span = Span::new(0, colon);
        if after.starts_with(b"//") {
            self.scheme = Some(span);
            return Some(colon + 3);
        }
        // `https:/host` and `https:host`; but `localhost:8080` is a host and its port.
        let known = scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https");
        let slashes = after.iter().take_while(|byte| **byte == b'/').count();
        let is_port = after.iter().take_while(|byte| byte.is_ascii_digit()).count() > 0;
        if !known || is_port {
            return None;
        }
        self.scheme = Some(span);
        self.damage = Some(Span::new(0, colon + 1 + slashes));
        Some(colon + 1 + slashes)
    }

    fn split_authority(&mut self, bytes: &[u8], start: usize) -> usize {
        let end = start + memchr(b'/', &bytes[start..]).unwrap_or(bytes.len() - start);
        let mut at = start;
        if let Some(sign) = memrchr(b'@', &bytes[start..end]) {
            self.userinfo = Some(Span::new(start, start + sign));
            at = start + sign + 1;
        }
        let host_end = if bytes[at..end].starts_with(b"[") {
            at + memchr(b']', &bytes[at..end]).map_or(end - at, |close| close + 1)
        } else {
            at + memchr(b':', &bytes[at..end]).unwrap_or(end - at)
        };
        if host_end > at {
            self.host = Some(Span::new(at, host_end));
        } else if start > 0 && self.needs_host(bytes) {
            self.damage = Some(Span::new(0, start));
        }
        self.split_port(bytes, host_end, end);
        end
    }

    /// Whether a URL of that scheme has a host: `file:///etc/hosts` has none.
    fn needs_host(&self, bytes: &[u8]) -> bool {
        let Some(scheme) = self.scheme else { return true };
        let scheme = &bytes[scheme.range()];
        let is = |name: &&str| scheme.eq_ignore_ascii_case(name.as_bytes());
        scheme.contains(&HIDDEN) || ["http", "https", "ws", "wss", "ftp", "ftps"].iter().any(is)
    }

    fn split_port(&mut self, bytes: &[u8], colon: usize, end: usize) {
        if colon == end {
            return;
        }
        if bytes[colon] != b':' {
            self.damage = Some(Span::new(colon, end));
            return;
        }
        let span = Span::new(colon + 1, end);
        let port = &bytes[span.range()];
        self.port = Some(span).filter(|span| !span.is_empty());
        let has_hole = port.contains(&HIDDEN);
        let is_port = || std::str::from_utf8(port).is_ok_and(|port| port.parse::<u16>().is_ok());
        if !has_hole && !port.is_empty() && (!is_port() || port[0] == b'+') {
            self.damage = Some(span);
        }
    }
}

/// Whether the bytes can be a scheme; a hole can be one.
fn is_scheme(bytes: &[u8]) -> bool {
    let is_inner =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(*byte, b'+' | b'-' | b'.' | HIDDEN);
    bytes.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == HIDDEN)
        && bytes.iter().all(is_inner)
}

/// What shows that the end of a URL is missing: dots that stand for it, or half of an escape.
fn cut_off(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [rest @ .., 0xE2, 0x80, 0xA6] => Some(rest.len()),
        [rest @ .., byte, b'.', b'.', b'.'] if !matches!(byte, b'.' | b'/') => Some(rest.len() + 1),
        [before @ .., b'%', digit] if digit.is_ascii_hexdigit() => {
            // Where percent signs are no escapes, this one is none either.
            let mut escapes = memchr::memchr_iter(b'%', before);
            let is_escape = |at: usize| before.get(at + 1..at + 3).is_some_and(is_hex);
            (memchr(b'%', before).is_some() && escapes.all(is_escape)).then_some(before.len())
        }
        _ => None,
    }
}

fn is_hex(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_hexdigit)
}

fn notice_damage(whole: Place, bytes: &[u8], parts: &Parts, findings: &mut Vec<Finding>) {
    if let Some(at) = cut_off(bytes) {
        let place = whole.sub(Span::new(at, bytes.len()));
        findings.push(Finding::new(FindingKind::TruncatedUrl, place));
    }
    let mut notice = |span| findings.push(Finding::new(FindingKind::MalformedUrl, whole.sub(span)));
    if let Some(span) = parts.damage.filter(|span| !span.is_empty()) {
        notice(span);
    }
    let is_damage = |byte: u8| byte <= b' ' || byte == 0x7F;
    let mut at = 0;
    for _ in 0..MOST_FINDINGS {
        let Some(start) = bytes[at..].iter().position(|byte| is_damage(*byte)) else { return };
        let start = at + start;
        at = start + bytes[start..].iter().take_while(|byte| is_damage(**byte)).count();
        notice(Span::new(start, at));
    }
}

/// The decoded segments of a path; `bytes` are those of `path`, holes hidden.
fn decode_segments(layers: &mut Layers<'_>, path: Place, bytes: &[u8]) -> Vec<Place> {
    let mut segments = Vec::new();
    if bytes.is_empty() {
        return segments;
    }
    let mut decoder = Decoder::new(path, Component::Segment);
    let mut start = usize::from(bytes[0] == b'/');
    for end in memchr::memchr_iter(b'/', bytes).chain([bytes.len()]) {
        if end >= start {
            segments.push(decoder.decode(layers, Span::new(start, end)));
            start = end + 1;
        }
    }
    segments
}

/// The pairs of a query or URL-encoded form, names and values decoded into layers of their own;
/// and whether a hole in it may hold further pairs (`?$QS`, `&$MORE&`).
pub fn parse_pairs(
    layers: &mut Layers<'_>,
    place: Place,
    location: ParamIn,
    component: Component,
) -> (Vec<Param>, bool) {
    let text = layers.share(place);
    let bytes = hide_holes(layers, place, &text);
    let mut decoder = Decoder::new(place, component);
    let mut params = Vec::new();
    let mut open = false;
    let mut start = 0;
    for end in memchr::memchr_iter(b'&', &bytes).chain([bytes.len()]) {
        let pair = &bytes[start..end];
        let (at, whole) = (start, place.sub(Span::new(start, end)));
        start = end + 1;
        if pair.is_empty() {
            continue;
        }
        if pair.iter().all(|byte| *byte == HIDDEN) {
            open = true;
            continue;
        }
        let (name, value) = match memchr(b'=', pair) {
            Some(sign) => (Span::new(0, sign), Span::new(sign + 1, pair.len())),
            None => (Span::new(0, pair.len()), Span::empty(pair.len())),
        };
        params.push(Param {
            location,
            whole,
            name: decoder.decode(layers, name.shifted(at)),
            value: decoder.decode(layers, value.shifted(at)),
            json: None,
        });
    }
    (params, open)
}

/// Percent-decodes parts of one text. Those without escapes share a layer.
struct Decoder {
    whole: Place,
    component: Component,
    plain: Option<Place>,
}

impl Decoder {
    fn new(whole: Place, component: Component) -> Self {
        Decoder { whole, component, plain: None }
    }

    /// The decoded text of a part, counted from the start of the whole.
    fn decode(&mut self, layers: &mut Layers<'_>, part: Span) -> Place {
        let place = self.whole.sub(part);
        if has_escape(layers.text(place).as_bytes(), self.component) {
            return percent_decode(layers, place, self.component);
        }
        let codec = Codec::Percent(self.component);
        self.plain.get_or_insert_with(|| layers.wrap(codec, self.whole)).sub(part)
    }
}

fn has_escape(raw: &[u8], component: Component) -> bool {
    match component {
        Component::Segment => memchr(b'%', raw).is_some(),
        Component::Query | Component::Form => memchr::memchr2(b'%', b'+', raw).is_some(),
    }
}

/// A layer with the percent-decoded text of `place`.
///
/// In a query and in a form, `+` is a space: that is how servers read both. An escape that is no
/// escape stays as it is written; bytes that are not UTF-8 stay too, as holes.
pub fn percent_decode(layers: &mut Layers<'_>, place: Place, component: Component) -> Place {
    let plus_is_space = component != Component::Segment;
    if !has_escape(layers.text(place).as_bytes(), component) {
        return layers.wrap(Codec::Percent(component), place);
    }
    let text = layers.share(place);
    let bytes = hide_holes(layers, place, &text);
    let mut layer = layers.layer(Codec::Percent(component), place);
    let mut plain = 0;
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'%', b'+', &bytes[at..]) {
        at += next;
        let decoded = match bytes[at] {
            b'+' if plus_is_space => Decoded::Text(' ', 1),
            b'+' => Decoded::Nothing,
            _ => decode_escape(&bytes[at..]),
        };
        let length = decoded.length();
        if length > 0 {
            layer.exact(place.sub(Span::new(plain, at)), Quote::None);
            plain = at + length;
        }
        let escape = place.sub(Span::new(at, at + length));
        match decoded {
            Decoded::Nothing => {}
            Decoded::Text(char, _) => {
                layer.escape(char.encode_utf8(&mut [0; 4]), escape, Quote::None);
            }
            Decoded::Bytes => layer.hole(escape, HoleKind::Computed, Quote::None),
        }
        at += length.max(1);
    }
    layer.exact(place.sub(Span::new(plain, bytes.len())), Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

/// What stands at a `%` or `+`.
enum Decoded {
    /// No escape.
    Nothing,
    /// A character, written in that many bytes.
    Text(char, usize),
    /// One `%XX` that is no UTF-8.
    Bytes,
}

impl Decoded {
    fn length(&self) -> usize {
        match self {
            Decoded::Nothing => 0,
            Decoded::Text(_, length) => *length,
            Decoded::Bytes => 3,
        }
    }
}

/// The character that the escapes at the start of `bytes` encode.
fn decode_escape(bytes: &[u8]) -> Decoded {
    let Some(first) = escaped_byte(bytes) else { return Decoded::Nothing };
    let length = match first {
        0x00..=0x7F => return Decoded::Text(char::from(first), 3),
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return Decoded::Bytes,
    };
    let mut utf8 = [first, 0, 0, 0];
    for (index, byte) in utf8.iter_mut().enumerate().take(length).skip(1) {
        match bytes.get(3 * index..).and_then(escaped_byte) {
            Some(escaped) => *byte = escaped,
            None => return Decoded::Bytes,
        }
    }
    match std::str::from_utf8(&utf8[..length]).ok().and_then(|text| text.chars().next()) {
        Some(char) => Decoded::Text(char, 3 * length),
        None => Decoded::Bytes,
    }
}

/// The byte that the `%XX` at the start of `bytes` stands for.
fn escaped_byte(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
