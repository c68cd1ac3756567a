//! What all forms of requests share once their parts are known: bodies, cookies, parameters.

use super::json::parse_json;
use super::placeholder::{HIDDEN, Notation, hide_holes, leading_placeholder, mark_holes};
use super::url::parse_pairs;
use crate::layer::{Component, Layers, Place};
use crate::model::{Body, BodyKind, Header, Pair, Param, ParamIn, Request};
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
            let (json, open) = parse_json(layers, place, &mut request.findings);
            request.body.json = json;
            request.open.body |= open;
        }
        BodyKind::Text => request.open.body |= media == Media::Unknown,
        BodyKind::Multipart | BodyKind::Unknown => request.open.body = true,
        BodyKind::None | BodyKind::Form | BodyKind::File => {}
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
        "application/json" | "text/json" => Media::Json,
        "application/x-www-form-urlencoded" => Media::Form,
        "multipart/form-data" => Media::Multipart,
        other if other.ends_with("+json") => Media::Json,
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
        Some(b'{' | b'[') => BodyKind::Json,
        Some(_) => match media {
            Media::Json => BodyKind::Json,
            Media::Form => BodyKind::Form,
            Media::Multipart => BodyKind::Multipart,
            Media::None if is_pairs(content) => BodyKind::Form,
            Media::None | Media::Other | Media::Unknown => BodyKind::Text,
        },
    }
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
