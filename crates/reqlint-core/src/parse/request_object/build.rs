//! The members of a request object → the request.

use super::members::{BodyRole, Members};
use crate::layer::{Codec, Component, HoleKind, Layers, Place, Quote};
use crate::model::{Body, BodyKind, Finding, FindingKind, Header, JsonKind, JsonMember, JsonValue};
use crate::model::{Method, Pair, Param, ParamIn, Request, RequestKind};
use crate::parse::body::{complete, read_body, trim};
use crate::parse::lines::has_scheme;
use crate::parse::url::{parse_pairs, parse_url};
use crate::span::Span;

/// Makes the request that the members describe.
pub(super) fn build(layers: &mut Layers<'_>, members: Members) -> Request {
    let mut findings = members.findings;
    let base = members.base.filter(has_text);
    let url = match (base, members.url.filter(has_text)) {
        (Some(base), Some(url)) => join(layers, base.text, url.text),
        (Some(only), None) | (None, Some(only)) => only.text,
        (None, None) => {
            findings.push(Finding::new(FindingKind::MissingUrl, members.place));
            members.place.end()
        }
    };
    let url = parse_url(layers, url, &mut findings);
    let method = match members.method.filter(has_text) {
        Some(method) => Method { name: method.text, implied_by: None },
        None => {
            let by = if url.whole.span.is_empty() { members.place } else { url.whole };
            Method { name: layers.implied("GET", by), implied_by: Some(by) }
        }
    };
    let mut request = Request::new(RequestKind::Object, members.place, method, url);
    request.findings = findings;
    for member in &members.query {
        request.open.query |= read_params(layers, &mut request.params, ParamIn::Query, member);
    }
    for member in &members.headers {
        read_headers(layers, &mut request, member);
    }
    if let Some(member) = members.auth {
        read_auth(layers, &mut request, &member);
    }
    if let Some(member) = members.cookies {
        read_cookies(layers, &mut request, &member);
    }
    if let Some((role, member)) = members.body {
        read_content(layers, &mut request, role, member);
    }
    // Clients differ in the method that a body implies.
    let default = request.method.implied_by.is_some();
    request.open.method |= default && request.body.kind != BodyKind::None;
    complete(layers, &mut request);
    request
}

/// Whether a value stands for a text.
fn has_text(value: &JsonValue) -> bool {
    !matches!(value.kind, JsonKind::Object | JsonKind::Array | JsonKind::Null)
}

/// A URL behind its base, with one slash between them. An absolute URL has no use for the base.
fn join(layers: &mut Layers<'_>, base: Place, url: Place) -> Place {
    let text = layers.text(url);
    if has_scheme(text) || text.starts_with("//") {
        return url;
    }
    let (base_slash, url_slash) = (layers.text(base).ends_with('/'), text.starts_with('/'));
    let is_empty = url.span.is_empty();
    let mut layer = layers.layer(Codec::Joined, base);
    let kept = base.span.len() - usize::from(base_slash && url_slash);
    layer.exact(base.sub(Span::new(0, kept)), Quote::None);
    if !base_slash && !url_slash && !is_empty {
        layer.escape("/", Place::new(url.layer, Span::empty(url.span.start())), Quote::None);
    }
    layer.exact(url, Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

/// A name and a value, however a list of them is written, with the place of both together.
struct Entry<'v> {
    whole: Place,
    name: Place,
    value: &'v JsonValue,
}

/// The entries of `{"a": 1}`, `[["a", 1]]` and `[{"name": "a", "value": 1}]`; and whether there
/// may be more of them.
fn entries<'v>(layers: &Layers<'_>, value: &'v JsonValue) -> (Vec<Entry<'v>>, bool) {
    let mut found = Vec::new();
    let mut open = value.kind == JsonKind::Unknown;
    for member in &value.members {
        found.push(Entry { whole: member.whole, name: member.name, value: &member.value });
    }
    for item in &value.items {
        let named = |names: [&str; 2]| names.iter().find_map(|name| item.member(layers, name));
        if let [name, value] = item.items.as_slice() {
            found.push(Entry { whole: item.place, name: name.text, value });
        } else if let Some(name) = named(["name", "key"])
            && let Some(value) = named(["value", "val"])
        {
            found.push(Entry { whole: item.place, name: name.value.text, value: &value.value });
        } else {
            open = true;
        }
    }
    (found, open)
}

/// The values of an entry as texts: one per item of an array, none of `null`.
fn values(value: &JsonValue) -> Vec<&JsonValue> {
    match value.kind {
        JsonKind::Null => Vec::new(),
        JsonKind::Array => value.items.iter().filter(|v| v.kind != JsonKind::Null).collect(),
        _ => vec![value],
    }
}

/// Adds parameters; the answer is whether there may be more.
fn read_params(
    layers: &mut Layers<'_>,
    params: &mut Vec<Param>,
    location: ParamIn,
    member: &JsonMember,
) -> bool {
    if member.value.kind == JsonKind::String {
        let text = member.value.text;
        let skip = usize::from(layers.text(text).starts_with('?'));
        let text = text.sub(Span::new(skip, text.span.len()));
        let component = if location == ParamIn::Form { Component::Form } else { Component::Query };
        let (pairs, open) = parse_pairs(layers, text, location, component);
        params.extend(pairs);
        return open;
    }
    let (entries, open) = entries(layers, &member.value);
    for entry in entries {
        for value in values(entry.value) {
            let text = bare(layers, value);
            params.push(Param {
                location,
                whole: entry.whole,
                name: entry.name,
                value: text,
                json: None,
            });
        }
    }
    open
}

/// The text of a value; a number is written anew with quotes where it becomes something else.
fn bare(layers: &mut Layers<'_>, value: &JsonValue) -> Place {
    match value.kind {
        JsonKind::Number | JsonKind::Boolean if value.text == value.place => {
            layers.wrap(Codec::Literal, value.text)
        }
        _ => value.text,
    }
}

fn read_headers(layers: &mut Layers<'_>, request: &mut Request, member: &JsonMember) {
    let (headers, open) = headers_of(layers, member);
    request.open.headers |= open;
    request.headers.extend(headers);
}

/// The header fields that a member holds, and whether there may be more.
pub(super) fn headers_of(layers: &mut Layers<'_>, member: &JsonMember) -> (Vec<Header>, bool) {
    let (entries, open) = entries(layers, &member.value);
    let mut headers = Vec::new();
    for entry in entries {
        for value in values(entry.value) {
            let text = bare(layers, value);
            let trimmed = trim(layers.text(text).as_bytes(), Span::new(0, text.span.len()));
            headers.push(Header {
                whole: entry.whole,
                name: entry.name,
                value: text.sub(trimmed),
                implied_by: None,
            });
        }
    }
    (headers, open)
}

/// `auth` of axios makes an `Authorization` field that replaces one that is written out.
fn read_auth(layers: &mut Layers<'_>, request: &mut Request, member: &JsonMember) {
    let secret = match member.value.kind {
        JsonKind::Object => member.value.member(layers, "password").map(|found| found.value.text),
        JsonKind::String => Some(member.value.text),
        // A name and a password in Python.
        JsonKind::Array => member.value.items.get(1).map(|item| item.text),
        _ => None,
    };
    request.secrets.extend(secret);
    if member.value.kind == JsonKind::Null {
        return;
    }
    request.headers.retain(|field| !layers.text(field.name).eq_ignore_ascii_case("authorization"));
    let name = layers.implied("Authorization", member.name);
    let mut layer = layers.layer(Codec::Implied, member.value.place);
    layer.escape("Basic ", member.value.place, Quote::None);
    layer.hole(member.value.place, HoleKind::Computed, Quote::None);
    let id = layer.finish();
    let value = layers.whole(id);
    let whole = member.whole;
    request.headers.push(Header { whole, name, value, implied_by: Some(member.name) });
}

fn read_cookies(layers: &Layers<'_>, request: &mut Request, member: &JsonMember) {
    let (entries, open) = entries(layers, &member.value);
    request.open.cookies |= open || member.value.kind == JsonKind::String;
    request.cookies.extend(entries.into_iter().map(|entry| Pair {
        whole: entry.whole,
        name: entry.name,
        value: entry.value.text,
    }));
}

fn read_content(
    layers: &mut Layers<'_>,
    request: &mut Request,
    role: BodyRole,
    member: JsonMember,
) {
    let value = &member.value;
    let is_container = matches!(value.kind, JsonKind::Object | JsonKind::Array);
    match (role, value.kind) {
        (BodyRole::Any, JsonKind::Null) => {}
        (_, JsonKind::Unknown) => {
            request.body = Body { kind: BodyKind::Unknown, place: Some(value.place), json: None };
        }
        (BodyRole::Any, _) if is_container && sends_form(layers, request) => {
            read_form(layers, request, &member);
        }
        (BodyRole::Form, _) => {
            imply_content_type(layers, request, "application/x-www-form-urlencoded", &member);
            read_form(layers, request, &member);
        }
        (BodyRole::Any, _) if !is_container => read_body(layers, request, value.text),
        (BodyRole::Json | BodyRole::Any, _) => {
            imply_content_type(layers, request, "application/json", &member);
            let place = Some(value.place);
            request.body = Body { kind: BodyKind::Json, place, json: Some(member.value) };
        }
    }
}

fn read_form(layers: &mut Layers<'_>, request: &mut Request, member: &JsonMember) {
    let value = &member.value;
    request.body = Body { kind: BodyKind::Form, place: Some(value.text), json: None };
    if value.kind == JsonKind::String {
        return;
    }
    let before = request.params.len();
    request.open.body |= read_params(layers, &mut request.params, ParamIn::Form, member);
    if request.params.len() == before {
        // Nothing is sent, and an object must not be read as pairs.
        request.body.place = Some(value.place.end());
    }
}

/// Whether a written `Content-Type` makes a form of an object.
fn sends_form(layers: &Layers<'_>, request: &Request) -> bool {
    let mut fields = request.headers_named(layers, "content-type");
    fields.any(|field| layers.text(field.value).contains("x-www-form-urlencoded"))
}

fn imply_content_type(
    layers: &mut Layers<'_>,
    request: &mut Request,
    media_type: &str,
    member: &JsonMember,
) {
    const NAME: &str = "Content-Type";
    if request.headers_named(layers, NAME).next().is_some() {
        return;
    }
    let whole = layers.implied(&format!("{NAME}: {media_type}"), member.name);
    let name = whole.sub(Span::new(0, NAME.len()));
    let value = whole.sub(Span::new(NAME.len() + 2, whole.span.len()));
    request.headers.push(Header { whole, name, value, implied_by: Some(member.name) });
}
