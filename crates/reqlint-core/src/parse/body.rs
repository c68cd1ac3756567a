//! What all forms of requests share once their parts are known: bodies, cookies, parameters.

use super::json::parse_json;
use super::placeholder::{HIDDEN, Notation, hide_holes, leading_placeholder, mark_holes};
use super::url::parse_pairs;
use crate::layer::{Component, Layers, Place};
use crate::model::{Body, BodyKind, Finding, FindingKind, Header};
use crate::model::{Pair, Param, ParamIn, Request};
use crate::span::Span;
use memchr::memchr;

/// Classifies the body text at `place` by its content and by the request's `Content-Type`, and
/// reads it: sets `request.body`, and `request.open.body` where it may hold more than is written.
pub fn read_body(layers: &mut Layers<'_>, request: &mut Request, place: Place) {
    let place = mark_holes(layers, place, Notation::Placeholders);
    let text = layers.share(place);
    let bytes = hide_holes(layers, place, &text);
    let media = media_type(layers, request);
    let kind = classify(&bytes, &media);
    request.body = Body { kind, place: Some(place), json: None };
    match kind {
        BodyKind::Json => {
            let before = request.findings.len();
            let (json, open) = parse_json(layers, place, &mut request.findings);
            drop_cascade(&mut request.findings, before);
            request.body.json = json;
            request.open.body |= open;
        }
        BodyKind::Text => {
            // What is written in brackets has parts that are not read.
            let has_parts = matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
            request.open.body |= media == Media::Unknown || has_parts;
        }
        BodyKind::Multipart | BodyKind::Unknown => request.open.body = true,
        BodyKind::None | BodyKind::Form | BodyKind::Html | BodyKind::File => {}
    }
}

/// Drops findings after the first that nobody can mend: what follows it is mostly its echo.
pub(super) fn drop_cascade(findings: &mut Vec<Finding>, first: usize) {
    let is_final =
        |finding: &Finding| finding.kind == FindingKind::MalformedJson && finding.repair.is_empty();
    if let Some(at) = findings[first..].iter().position(is_final) {
        findings.truncate(first + at + 1);
    }
}

/// What the `Content-Type` of a request says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Media {
    /// There is none.
    None,
    Json,
    Form,
    Multipart,
    Other,
    /// A hole.
    Unknown,
}

fn media_type(layers: &Layers<'_>, request: &Request) -> Media {
    let Some(field) = request.headers_named(layers, "content-type").last() else {
        return Media::None;
    };
    let essence = layers.text(field.value).split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    match essence.as_str() {
        _ if layers.has_hole(field.value) => Media::Unknown,
        "" => Media::None,
        "application/json" | "text/json" | "application/x-json" | "text/x-json" => Media::Json,
        "application/x-www-form-urlencoded" => Media::Form,
        "multipart/form-data" => Media::Multipart,
        other if other.ends_with("+json") || other.starts_with("application/x-amz-json") => {
            Media::Json
        }
        _ => Media::Other,
    }
}

fn classify(bytes: &[u8], media: &Media) -> BodyKind {
    let content = bytes.trim_ascii();
    let is_placeholder = leading_placeholder(content) == Some(content.len());
    match content.first() {
        None if *media == Media::Form => BodyKind::Form,
        None => BodyKind::Text,
        Some(_) if is_placeholder || content.iter().all(|byte| *byte == HIDDEN) => {
            BodyKind::Unknown
        }
        Some(first) => match media {
            Media::Json if is_one_a_line(content) => BodyKind::Text,
            Media::Json => BodyKind::Json,
            Media::None | Media::Form | Media::Unknown if is_clearly_json(content) => {
                BodyKind::Json
            }
            Media::Form if matches!(first, b'{' | b'[') && !is_pairs(content) => BodyKind::Text,
            Media::Form => BodyKind::Form,
            Media::Multipart => BodyKind::Multipart,
            Media::None if is_pairs(content) => BodyKind::Form,
            Media::None | Media::Other | Media::Unknown => BodyKind::Text,
        },
    }
}

/// Whether a text that nobody calls JSON starts as only JSON does: `{draft}` and `[x] done` do not.
fn is_clearly_json(text: &[u8]) -> bool {
    let mut inner = text;
    while let Some(rest) = inner.strip_prefix(b"[").map(<[u8]>::trim_ascii_start)
        && matches!(rest.first(), Some(b'[' | b'{'))
    {
        inner = rest;
    }
    match inner {
        [b'{', rest @ ..] => {
            let rest = rest.trim_ascii_start();
            let name = rest.iter().take_while(|byte| is_name_byte(**byte)).count();
            let after = rest[name..].trim_ascii_start().first();
            starts_string(rest)
                || (name > 0 && after == Some(&b':'))
                || (rest.first() == Some(&HIDDEN) && matches!(after, Some(b',' | b'}')))
                || rest == b"}"
        }
        [b'[', rest @ ..] => {
            let rest = rest.trim_ascii_start();
            let word = rest.iter().take_while(|byte| is_word_byte(**byte)).count();
            let is_end = |rest: &[u8]| {
                matches!(rest.trim_ascii_start().first(), None | Some(b',' | b']' | b'}'))
            };
            let ends = match rest[word..].trim_ascii_start() {
                [b',', ..] => true,
                [b']', rest @ ..] => is_end(rest),
                _ => false,
            };
            starts_string(rest) || (is_scalar(&rest[..word]) && ends)
        }
        _ => false,
    }
}

/// Whether a quote of any kind stands at the start, or what another quoting left of one.
fn starts_string(text: &[u8]) -> bool {
    matches!(
        text,
        [b'"' | b'\'', ..]
            | [b'\\', b'"', ..]
            | [0xE2, 0x80, 0x98..=0x9F, ..]
            | [0xC2, 0xAB | 0xBB, ..]
    )
}

fn is_name_byte(byte: u8) -> bool {
    is_word_byte(byte) || matches!(byte, b'$' | b'_')
}

/// A byte of a number, a word or a hole.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.') || byte >= 0x80
}

fn is_scalar(word: &[u8]) -> bool {
    let is_number = |word: &[u8]| word.strip_prefix(b"-").unwrap_or(word)[0].is_ascii_digit();
    match word {
        b"" | b"true" | b"false" | b"null" | b"True" | b"False" | b"None" => true,
        [b'-'] => false,
        word => word[0] == HIDDEN || is_number(word),
    }
}

/// Whether there are several JSON values, each on a line of its own.
fn is_one_a_line(content: &[u8]) -> bool {
    let lines = content.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut count = 0;
    for line in lines.filter(|line| !line.is_empty()) {
        count += 1;
        if !is_closed(line) {
            return false;
        }
    }
    count > 1
}

/// Whether the bracket at the start is closed at the end, and not before.
fn is_closed(line: &[u8]) -> bool {
    let (mut depth, mut in_string, mut at) = (0_usize, false, 0);
    while at < line.len() {
        match line[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at == line.len() && matches!(line[0], b'{' | b'[');
        }
    }
    false
}

/// Whether a text without a content type reads as `name=value&…`.
fn is_pairs(content: &[u8]) -> bool {
    let is_name = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || matches!(*byte, b'_' | b'-' | b'.' | b'[' | b']' | b'%')
            || *byte >= 0x80
    };
    content.split(|byte| *byte == b'&').all(|pair| {
        let sign = memchr(b'=', pair);
        sign.is_some_and(|sign| sign > 0 && pair[..sign].iter().all(is_name))
            || pair.iter().all(|byte| *byte == HIDDEN)
    })
}

/// Completes a request whose URL, headers and body are set: `params` (query, form, JSON), cookies
/// of `Cookie` fields, and `open`.
///
/// Parameters that the request has already (parts of a multipart body, members that say what goes
/// into the query) stay, after those of the URL.
pub fn complete(layers: &mut Layers<'_>, request: &mut Request) {
    let known = std::mem::take(&mut request.params);
    if let Some(query) = request.url.query {
        let (params, open) = parse_pairs(layers, query, ParamIn::Query, Component::Query);
        request.params = params;
        request.open.query |= open;
    } else if request.url.path.span.is_empty() && is_only_hole(layers, request.url.whole) {
        request.open.query = true;
    }
    request.params.extend(known);
    complete_body(layers, request);
    let fields: Vec<Header> = request.headers_named(layers, "cookie").copied().collect();
    for field in fields {
        read_cookies(layers, request, field);
    }
    request.open.cookies |= request.open.headers;
}

fn is_only_hole(layers: &Layers<'_>, place: Place) -> bool {
    let hidden: usize = layers.holes(place).map(|hole| hole.span.len()).sum();
    hidden > 0 && hidden == place.span.len()
}

fn complete_body(layers: &mut Layers<'_>, request: &mut Request) {
    match (request.body.kind, request.body.place) {
        (BodyKind::Form, Some(place)) if !has_form(request) => {
            let (params, open) = parse_pairs(layers, place, ParamIn::Form, Component::Form);
            request.params.extend(params);
            request.open.body |= open;
        }
        (BodyKind::Json, _) => {
            let members = request.body.json.iter().flat_map(|value| &value.members);
            let params = members.map(|member| Param {
                location: ParamIn::Json,
                whole: member.whole,
                name: member.name,
                value: member.value.text,
                json: Some(member.value.kind),
            });
            request.params.extend(params);
        }
        (BodyKind::File | BodyKind::Unknown, _) => request.open.body = true,
        _ => {}
    }
}

fn has_form(request: &Request) -> bool {
    request.params.iter().any(|param| param.location == ParamIn::Form)
}

/// The pairs of a `Cookie` field (RFC 6265, section 4.2.1).
fn read_cookies(layers: &Layers<'_>, request: &mut Request, field: Header) {
    let text = layers.text(field.value);
    let bytes = hide_holes(layers, field.value, text);
    let mut start = 0;
    for end in memchr::memchr_iter(b';', &bytes).chain([bytes.len()]) {
        let span = trim(&bytes, Span::new(start, end));
        start = end + 1;
        let pair = &bytes[span.range()];
        let whole = field.value.sub(span);
        match memchr(b'=', pair) {
            Some(sign) => request.cookies.push(Pair {
                whole,
                name: whole.sub(trim(pair, Span::new(0, sign))),
                value: whole.sub(trim(pair, Span::new(sign + 1, pair.len()))),
            }),
            None if pair.contains(&HIDDEN) => request.open.cookies = true,
            None if pair.is_empty() => {}
            None => request.cookies.push(Pair { whole, name: whole, value: whole.end() }),
        }
    }
}

/// The span without white space around it.
pub(crate) fn trim(bytes: &[u8], span: Span) -> Span {
    let inner = &bytes[span.range()];
    let start = span.start() + (inner.len() - inner.trim_ascii_start().len());
    Span::new(start, (span.start() + inner.trim_ascii_end().len()).max(start))
}
