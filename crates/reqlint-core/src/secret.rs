//! Secrets: which bytes must never be printed.
//!
//! Too much is masked rather than too little, but not what says itself that it is no secret:
//! holes (`$WH_API_KEY`) and placeholders (`<key>`, `YOUR_KEY`).

mod name;
mod text;

use crate::layer::{Layers, Place};
use crate::model::{
    Document, Header, JsonKind, JsonMember, JsonValue, Request, RequestKind, Response,
};
use crate::span::Span;
use name::{is_credential_field, is_keylike, is_placeholder, is_secret_list, is_secret_name};
use text::{Reach, find_in_text};

/// The bytes of the source that hold credentials: of known places in requests (`Authorization`,
/// `Cookie`, headers and parameters that name a key or token, `-u`, userinfo) and of well-known
/// shapes anywhere (`wh_…`, `sk_live_…`, `ghp_…`, JSON web tokens). Sorted, without overlaps.
/// Holes (`$WH_API_KEY`) and placeholders (`<key>`) are not secrets.
pub fn find_secrets(document: &Document<'_>) -> Vec<Span> {
    let layers = &document.layers;
    let in_text = |read: &Span| {
        let found = find_in_text(&layers.source()[read.range()], Reach::Word).into_iter();
        let start = read.start();
        found.map(move |span| Span::new(start + span.start(), start + span.end()))
    };
    let mut spans: Vec<Span> = document.read.iter().flat_map(in_text).collect();
    // In collections, `"key"` says that a name follows.
    let items = document.requests.iter().filter(|request| request.kind == RequestKind::Item);
    let names: Vec<Span> = items
        .flat_map(|request| {
            let params = request.params.iter().map(|param| param.name);
            params.chain(request.headers.iter().map(|field| field.name))
        })
        .map(|name| layers.root_span(name))
        .collect();
    if !names.is_empty() {
        spans.retain(|span| !names.iter().any(|name| name.contains(*span)));
    }
    let found = found(document);
    spans.extend(found.in_holes.iter().map(|place| layers.root_span(*place)));
    for Secret { place, .. } in found.secrets {
        spans.push(layers.root_span(place));
        // What is used of a variable is written where that is set.
        let definition = layers.variable(place).and_then(|variable| variable.definition);
        spans.extend(definition.map(|definition| layers.root_span(definition)));
    }
    merge(spans)
}

/// A secret in a known place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Secret {
    /// Its text.
    pub(crate) place: Place,
    called: Called,
}

/// What tells which secret it is.
#[derive(Clone, Copy, Debug)]
enum Called {
    /// The name of its field, parameter, member or cookie.
    By(Place),
    As(&'static str),
}

impl Secret {
    /// The name of a variable for it: `X_API_KEY` of `X-API-Key`.
    pub(crate) fn variable(&self, layers: &Layers<'_>) -> String {
        let name = match self.called {
            Called::As(name) => return name.to_owned(),
            Called::By(name) => layers.text(name),
        };
        if is_credential_field(name) {
            return "TOKEN".to_owned();
        }
        let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        let name: String = name.chars().map(word).collect();
        let name = name.trim_matches('_');
        if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { "SECRET" }.to_owned()
    }
}

/// The secrets of requests and responses in known places.
pub(crate) fn places(document: &Document<'_>) -> Vec<Secret> {
    found(document).secrets
}

fn found<'d, 's>(document: &'d Document<'s>) -> Found<'d, 's> {
    let (secrets, in_holes) = (Vec::new(), Vec::new());
    let mut found = Found { layers: &document.layers, secrets, in_holes };
    for request in &document.requests {
        found.add_request(request);
    }
    found
}

/// The secrets in a text of which nothing is known: by shape, and after `X-API-Key:`, `Bearer `
/// and the like.
pub fn find_secrets_in_text(text: &str) -> Vec<Span> {
    merge(find_in_text(text, Reach::Line))
}

/// The text with the characters of `secrets` replaced by `*`, one for one. Line breaks stay.
pub fn mask(text: &str, secrets: &[Span]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        let start = floor_boundary(text, secret.start()).max(at);
        let end = ceil_boundary(text, secret.end()).max(start);
        masked += &text[at..start];
        let hide = |char: char| if matches!(char, '\n' | '\r') { char } else { '*' };
        masked.extend(text[start..end].chars().map(hide));
        at = end;
    }
    masked += &text[at..];
    masked
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn ceil_boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start() <= last.end() => *last = last.hull(span),
            _ => merged.push(span),
        }
    }
    merged
}

struct Found<'d, 's> {
    layers: &'d Layers<'s>,
    secrets: Vec<Secret>,
    /// Values that were typed between the braces of a placeholder: `{Zq7Xw9Lm3Rt5Yp1K}`.
    in_holes: Vec<Place>,
}

impl Found<'_, '_> {
    fn add_request(&mut self, request: &Request) {
        for field in &request.headers {
            self.add_field(field);
        }
        for cookie in &request.cookies {
            self.add(cookie.value, Called::By(cookie.name));
        }
        for param in &request.params {
            let is_text = matches!(param.json, None | Some(JsonKind::String | JsonKind::Number));
            if is_text && self.names_secret(param.name, param.value) {
                self.add(param.value, Called::By(param.name));
            }
        }
        if let Some(json) = &request.body.json {
            self.add_members(json);
        }
        for secret in &request.secrets {
            self.add(*secret, Called::As("CREDENTIALS"));
        }
        if let Some(userinfo) = request.url.userinfo {
            let colon = self.layers.text(userinfo).find(':').map_or(0, |colon| colon + 1);
            let password = userinfo.sub(Span::new(colon, userinfo.span.len()));
            self.add(password, Called::As(if colon > 0 { "PASSWORD" } else { "TOKEN" }));
        }
        let exchange = request.exchange.as_deref();
        for response in exchange.iter().flat_map(|exchange| &exchange.responses) {
            self.add_response(response);
        }
    }

    /// What a response sets or hands out.
    fn add_response(&mut self, response: &Response) {
        for field in &response.headers {
            if self.layers.text(field.name).eq_ignore_ascii_case("set-cookie") {
                self.add_set_cookie(field);
            } else {
                self.add_field(field);
            }
        }
        if let Some(json) = &response.body.json {
            self.add_members(json);
        }
    }

    /// The value of `name=value; Path=/`.
    fn add_set_cookie(&mut self, field: &Header) {
        let text = self.layers.text(field.value);
        let end = text.find(';').unwrap_or(text.len());
        let start = text[..end].find('=').map_or(0, |sign| sign + 1);
        self.add(field.value.sub(Span::new(start, end)), Called::By(field.name));
    }

    /// The values of `name=value; other=value`; what is no such pair as a whole.
    fn add_cookies(&mut self, field: &Header) {
        let mut at = 0;
        for pair in self.layers.text(field.value).split(';') {
            let from = at + pair.len() - pair.trim_start().len();
            let start = from + cookie_value(pair.trim_start());
            let name = match start > from {
                true => field.value.sub(Span::new(from, start - 1)),
                false => field.name,
            };
            self.add(field.value.sub(Span::new(start, at + pair.len())), Called::By(name));
            at += pair.len() + 1;
        }
    }

    fn add_field(&mut self, field: &Header) {
        let name = self.layers.text(field.name);
        let scheme = if is_credential_field(name) {
            scheme_length(self.layers.text(field.value))
        } else if self.names_secret(field.name, field.value) {
            0
        } else {
            return;
        };
        let secret = field.value.sub(Span::new(scheme, field.value.span.len()));
        // What follows from an option has its secret in that option's argument.
        let is_option = |by| self.layers.root_span(by).overlaps(self.layers.root_span(secret));
        if field.implied_by.is_some_and(is_option) {
            return;
        }
        match name.eq_ignore_ascii_case("cookie") {
            true => self.add_cookies(field),
            false => self.add(secret, Called::By(field.name)),
        }
    }

    /// Members of nested objects; the depth of JSON is bounded.
    fn add_members(&mut self, value: &JsonValue) {
        for member in &value.members {
            let is_text = matches!(member.value.kind, JsonKind::String | JsonKind::Number);
            if is_text && self.names_secret(member.name, member.value.text) {
                self.add(member.value.text, Called::By(member.name));
            }
            if !member.value.items.is_empty() && is_secret_list(self.layers.text(member.name)) {
                self.add_items(member);
            }
            self.add_members(&member.value);
        }
        for item in &value.items {
            self.add_members(item);
        }
    }

    /// The texts in a list of secrets.
    fn add_items(&mut self, list: &JsonMember) {
        for item in list.value.items.iter().filter(|item| item.kind == JsonKind::String) {
            if is_keylike(self.layers.text(item.text)) {
                self.add(item.text, Called::By(list.name));
            }
        }
    }

    fn names_secret(&self, name: Place, value: Place) -> bool {
        is_secret_name(self.layers.text(name), self.layers.text(value))
    }

    /// Adds the parts of a text that are no holes.
    fn add(&mut self, place: Place, called: Called) {
        for hole in self.layers.holes(place) {
            let hole = place.sub(hole.span);
            let text = self.layers.text(hole);
            if let Some(inner) = text::typed_value(text) {
                self.in_holes.push(hole.sub(inner));
            }
        }
        let mut start = 0;
        let ends = self.layers.holes(place).map(|hole| (hole.span.start(), hole.span.end()));
        for (end, next) in ends.chain([(place.span.len(), 0)]) {
            let part = place.sub(Span::new(start, end.max(start)));
            let text = self.layers.text(part);
            // Not what only joins two holes: `$USER:$PASSWORD`.
            let joins = part != place && !text.contains(char::is_alphanumeric);
            if !joins && !is_placeholder(text) {
                self.secrets.push(Secret { place: part, called });
            }
            start = next;
        }
    }
}

/// Where the value of a cookie begins; all of it is one where it has no name.
fn cookie_value(pair: &str) -> usize {
    let sign = pair.find('=').filter(|sign| *sign > 0);
    sign.filter(|sign| !pair[*sign..].trim_matches('=').is_empty()).map_or(0, |sign| sign + 1)
}

/// The length of `Bearer ` at the start of a field's value.
fn scheme_length(value: &str) -> usize {
    match value.split_once(' ') {
        Some((scheme, rest))
            if scheme.chars().all(|char| char.is_ascii_alphabetic() || char == '-') =>
        {
            value.len() - rest.trim_start().len()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
