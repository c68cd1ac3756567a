//! What of a request would go on the wire: the model, written out as curl sends it.
//!
//! `reqlint parse` prints it, and the tests compare it with what the real curl sends. Without
//! what a client makes up per run: `Host`, `Content-Length`, boundaries, dates.

mod glob;
mod part;
mod text;

use crate::encode::escape_json;
use crate::layer::{Hole, HoleKind, Layers, Place};
use crate::model::{
    BodyKind, Document, JsonKind, JsonMember, JsonValue, Kind, Param, ParamIn, Request,
    RequestKind, Url,
};
use crate::span::Span;
use glob::{Choice, choices};
use std::cell::Cell;
pub(crate) use text::{base64, is_dot_segment};
use text::{encode, encode_component, remove_dot_segments, whole_address};

/// A request in the form in which it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRequest {
    /// The method.
    pub method: String,
    /// The URL that is asked for: with a scheme, without userinfo and fragment.
    pub url: String,
    /// What follows the method in the request line.
    pub target: String,
    /// Names and values in order, and whether another option implies the field.
    pub headers: Vec<(String, String, bool)>,
    /// The content; none for multipart bodies and files.
    pub body: Option<Vec<u8>>,
    /// The parts of a multipart body.
    pub parts: Vec<WirePart>,
    /// Whether all of it is known: no hole is in it, and nothing may be added.
    pub complete: bool,
}

/// A part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WirePart {
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The content; empty where there are parts inside.
    pub body: String,
    /// Whether the content is known, but for variables in it: it is not that of a file or pipe.
    pub known: bool,
    /// The parts inside of it, where it is multipart itself.
    pub parts: Vec<WirePart>,
}

/// What stands for a hole, by its text and kind; none leaves it as it is written.
pub type Fill<'f> = &'f dyn Fn(&str, HoleKind) -> Option<String>;

/// The request as it would be sent; holes, and globs among them, stand in it as they are written.
pub fn wire(document: &Document<'_>, request: &Request) -> WireRequest {
    write(document, request, &[], &|_, _| None)
}

/// The requests that are sent: one for each URL that the globs of this one make, in curl's order.
pub fn wires(document: &Document<'_>, request: &Request, fill: Fill<'_>) -> Vec<WireRequest> {
    let all = choices(&document.layers, request.url.whole);
    all.iter().map(|chosen| write(document, request, chosen, fill)).collect()
}

fn write(
    document: &Document<'_>,
    request: &Request,
    chosen: &[Choice],
    fill: Fill<'_>,
) -> WireRequest {
    let open = request.open;
    let complete = Cell::new(!(open.headers || open.query || open.body || open.method));
    let writer = Writer { layers: &document.layers, chosen, fill, complete: &complete };
    let body = match request.body.kind {
        BodyKind::None | BodyKind::Multipart => None,
        BodyKind::File | BodyKind::Unknown => {
            // Shown only where something is known to stand for it.
            let place = request.body.place.filter(|place| writer.fills(*place));
            complete.set(false);
            place
        }
        BodyKind::Json | BodyKind::Form | BodyKind::Html | BodyKind::Text => request.body.place,
    };
    let url = writer.whole_url(request);
    let authority = url.find("://").map_or(0, |at| at + 3);
    let written = || url[authority..].find('/').map_or("/", |at| &url[authority + at..]);
    let target = match request.target {
        Some(target) => writer.text(target),
        None if request.url.origin_hole.is_some() => url.clone(),
        None => written().to_owned(),
    };
    WireRequest {
        method: writer.text(request.method.name),
        headers: writer.headers(request),
        body: body.map(|place| writer.content(document.kind, request, place).into_bytes()),
        parts: writer.parts(request),
        complete: complete.get(),
        target,
        url,
    }
}

struct Writer<'w, 's> {
    layers: &'w Layers<'s>,
    chosen: &'w [Choice],
    fill: Fill<'w>,
    complete: &'w Cell<bool>,
}

impl Writer<'_, '_> {
    /// The content at `place`; one that is written as fields of its own is put together from them.
    fn content(&self, kind: Kind, request: &Request, place: Place) -> String {
        let fields = request.params.iter().filter(|param| param.location == ParamIn::Form);
        // Nothing but separators stands before the first pair of a text.
        let is_pairs = |first: &Param| {
            let (from, to) = (place.span.start(), first.whole.span.start());
            first.whole.layer == place.layer && from <= to && {
                let before = Place::new(place.layer, Span::new(from, to));
                self.layers.text(before).bytes().all(|byte| byte == b'&')
            }
        };
        // A command has its content in one piece, perhaps with a file at its start.
        let separate = request.kind != RequestKind::Curl
            && fields.clone().next().is_some_and(|first| !is_pairs(first));
        match (request.body.kind, &request.body.json) {
            (BodyKind::Form, _) if separate => {
                let pair = |param: &Param| (self.text(param.name), self.text(param.value));
                url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(fields.map(pair))
                    .finish()
            }
            (BodyKind::Json, Some(json))
                if request.kind == RequestKind::Call
                    || kind == Kind::OpenApi && request.kind == RequestKind::Item
                    || request.kind == RequestKind::Object
                        && matches!(kind, Kind::Yaml | Kind::Toml) =>
            {
                self.json(json)
            }
            _ => self.text(place),
        }
    }

    /// A value that is not written as JSON.
    fn json(&self, value: &JsonValue) -> String {
        let list = |items: Vec<String>| items.join(", ");
        match value.kind {
            JsonKind::Object => {
                let member = |member: &JsonMember| {
                    let name = escape_json(&self.text(member.name));
                    format!("\"{name}\": {}", self.json(&member.value))
                };
                format!("{{{}}}", list(value.members.iter().map(member).collect()))
            }
            JsonKind::Array => {
                format!("[{}]", list(value.items.iter().map(|item| self.json(item)).collect()))
            }
            JsonKind::String => format!("\"{}\"", escape_json(&self.text(value.text))),
            JsonKind::Null => "null".to_owned(),
            JsonKind::Boolean => self.text(value.text).to_ascii_lowercase(),
            _ => self.text(value.text),
        }
    }

    /// The text of a place, with what stands for its holes.
    fn text(&self, place: Place) -> String {
        let text = self.layers.text(place);
        let mut written = String::with_capacity(text.len());
        let mut at = 0;
        for hole in self.layers.holes(place) {
            written.push_str(&text[at..hole.span.start()]);
            written.push_str(&self.hole(place, hole));
            at = hole.span.end();
        }
        written.push_str(&text[at..]);
        written
    }

    fn hole(&self, place: Place, hole: Hole) -> String {
        let inside = place.sub(hole.span);
        if let Some(choice) = self.chosen.iter().find(|choice| choice.place == inside) {
            return choice.text.clone();
        }
        let text = self.layers.text(inside);
        if hole.kind == HoleKind::Computed
            && let Some(user) = self.known_user(inside)
        {
            return base64(user.as_bytes());
        }
        self.complete.set(false);
        (self.fill)(text, hole.kind).unwrap_or_else(|| text.to_owned())
    }

    /// The user and password that a computed value was made of, where they are known.
    fn known_user(&self, hole: Place) -> Option<&str> {
        let before = Place::new(hole.layer, crate::span::Span::new(0, hole.span.start()));
        if !self.layers.text(before).ends_with("Authorization: Basic ") {
            return None;
        }
        let (computed, _) = self.layers.parent_run(hole)?;
        let (user, _) = self.layers.parent_run(computed)?;
        let text = self.layers.text(user);
        (text.contains(':') && !self.layers.has_hole(user)).then_some(text)
    }

    fn fills(&self, place: Place) -> bool {
        let text = self.layers.text(place);
        self.layers
            .holes(place)
            .all(|hole| (self.fill)(&text[hole.span.range()], hole.kind).is_some())
    }

    fn headers(&self, request: &Request) -> Vec<(String, String, bool)> {
        let mut headers = Vec::with_capacity(request.headers.len());
        for field in &request.headers {
            let (name, value) = (self.text(field.name), self.text(field.value));
            push_header(&mut headers, &name, &value, field.implied_by.is_some());
        }
        headers
    }

    /// The URL with the parameters that are written apart from it.
    fn whole_url(&self, request: &Request) -> String {
        let mut written = self.url(&request.url, request.as_is);
        // A command has all of its URL in one piece.
        if request.kind == RequestKind::Curl {
            return written;
        }
        let is_in_url = |param: &Param| {
            request.url.query.is_some_and(|query| {
                let (inner, outer) = (param.whole.span, query.span);
                param.whole.layer == query.layer
                    && outer.start() <= inner.start()
                    && inner.end() <= outer.end()
            })
        };
        for param in &request.params {
            if param.location == ParamIn::Query && !is_in_url(param) {
                written.push(if written.contains('?') { '&' } else { '?' });
                written.push_str(&self.component(param.name));
                written.push('=');
                written.push_str(&self.component(param.value));
            }
        }
        written
    }

    /// The text of a place as a name or value of a query; holes stand in it as they are.
    fn component(&self, place: Place) -> String {
        let text = self.layers.text(place);
        let mut written = String::with_capacity(text.len());
        let mut at = 0;
        for hole in self.layers.holes(place) {
            encode_component(&mut written, &text[at..hole.span.start()]);
            written.push_str(&self.hole(place, hole));
            at = hole.span.end();
        }
        encode_component(&mut written, &text[at..]);
        written
    }

    /// The URL as curl asks for it: a guessed scheme, `/` for no path, dot segments removed.
    fn url(&self, url: &Url, as_is: bool) -> String {
        let text = |place: Option<Place>| place.map(|place| self.text(place));
        let mut written = String::new();
        if url.origin_hole.is_none() {
            let scheme = text(url.scheme).unwrap_or_else(|| "http".to_owned());
            written.push_str(&scheme.to_ascii_lowercase());
            written.push_str("://");
            written.push_str(&url.host.map(|place| self.host(place)).unwrap_or_default());
            if let Some(port) = text(url.port) {
                written.push(':');
                written.push_str(&port);
            }
        }
        written.push_str(&text(url.origin_hole).unwrap_or_default());
        let path = self.text(url.path);
        let rootless = path.is_empty() && url.origin_hole.is_none();
        let path = if rootless { "/" } else { &*path };
        let path = if as_is { path.to_owned() } else { remove_dot_segments(path) };
        encode(&mut written, &path, true);
        if let Some(query) = text(url.query) {
            written.push('?');
            encode(&mut written, &query, false);
        }
        written
    }

    /// The host as curl writes it; names outside ASCII in Punycode (RFC 5891).
    fn host(&self, place: Place) -> String {
        let text = self.text(place);
        if !self.layers.has_hole(place) && !text.is_ascii() {
            if let Ok(url::Host::Domain(name)) = url::Host::parse(&text) {
                return name;
            }
            self.complete.set(false);
            return (self.fill)(&text, HoleKind::Computed).unwrap_or(text);
        }
        whole_address(&text).unwrap_or(text)
    }
}

/// Adds a field; a value with line feeds in it smuggles in further ones.
fn push_header(headers: &mut Vec<(String, String, bool)>, name: &str, value: &str, implied: bool) {
    let mut lines = value.split('\n').map(|line| line.trim_end_matches('\r'));
    let first = lines.next().unwrap_or_default();
    headers.push((name.to_owned(), first.to_owned(), implied));
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        headers.push((name.to_owned(), value.trim().to_owned(), implied));
    }
}
