//! What collections of requests have in common (Postman, Insomnia, Bruno, Hurl): fields in lists,
//! content in several modes, authorization as a setting; and the request that these make.

pub mod bruno;
mod copy;
pub mod hurl;
pub mod insomnia;
pub mod openapi;
mod opencollection;
pub mod postman;

use crate::encode::percent_decode;
pub(crate) use opencollection::is_opencollection;

use super::body::{complete, drop_cascade, read_body, trim};
use super::json::parse_json;
use super::placeholder::Notation;
use super::url::parse_url;
use super::variables::{Variables, mark_tags};
use super::wire::base64;
use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::{
    Body, BodyKind, Document, Finding, FindingKind, FormPart, Header, JsonKind, JsonMember,
    JsonValue, Method, Param, ParamIn, Request, RequestKind,
};
use crate::span::Span;

/// A request as a collection describes it.
struct Sketch {
    /// All of it.
    place: Place,
    method: Option<Place>,
    url: Option<Place>,
    /// What goes into the query besides what the URL has.
    query: Vec<Field>,
    headers: Vec<Field>,
    content: Content,
    authorization: Authorization,
    /// The URL once more.
    copy: Copy,
}

/// What a collection writes of a URL beside what is sent.
enum Copy {
    None,
    /// It says otherwise.
    Contradicts(Place),
    /// The URL as a text, and the object that has its parts.
    Url {
        text: Place,
        object: Place,
    },
    /// The parameters of its query.
    List(Vec<Field>),
}

/// A name and a value.
#[derive(Clone, Copy)]
struct Field {
    whole: Place,
    name: Place,
    value: Place,
}

/// What is sent.
enum Content {
    None,
    /// A text, with the media type that its setting implies and the place of the setting.
    Text(Place, Option<(&'static str, Place)>),
    /// A value that is sent as JSON.
    Value(JsonValue),
    /// Fields of a form, and all of them.
    Form(Vec<Field>, Place),
    /// Parts of a form, and whether each is a file.
    Multipart(Vec<(Field, bool)>, Place),
    /// The content of a file.
    File(Place),
    /// What is not known before run time, or not modelled.
    Unknown(Place),
}

/// How a request is authorized by a setting.
#[derive(Clone, Copy)]
enum Authorization {
    None,
    /// A token behind a word such as `Bearer`.
    Token {
        prefix: Option<Place>,
        token: Place,
    },
    /// A name and a password.
    Basic {
        origin: Place,
        user: Option<Place>,
        password: Option<Place>,
    },
    /// A key in a header, or in the query.
    Key {
        field: Field,
        query: bool,
    },
    /// Something else, which may add fields and parameters.
    Other,
}

impl Sketch {
    fn new(place: Place) -> Self {
        Sketch {
            place,
            method: None,
            url: None,
            query: Vec::new(),
            headers: Vec::new(),
            content: Content::None,
            authorization: Authorization::None,
            copy: Copy::None,
        }
    }

    /// Makes the request.
    fn build(self, layers: &mut Layers<'_>, kind: RequestKind, variables: &Variables) -> Request {
        let mut maker = Maker { layers, variables };
        let mut findings = Vec::new();
        let url = match self.url {
            Some(url) => maker.fill(url),
            None => {
                findings.push(Finding::new(FindingKind::MissingUrl, self.place));
                self.place.end()
            }
        };
        let url = parse_url(maker.layers, url, &mut findings);
        if let Copy::Contradicts(place) = self.copy {
            findings.push(Finding::new(FindingKind::PartsContradict, place));
        }
        let method = match self.method {
            Some(method) => Method { name: maker.upper(method), implied_by: None },
            None => {
                Method { name: maker.layers.implied("GET", url.whole), implied_by: Some(url.whole) }
            }
        };
        let mut request = Request::new(kind, self.place, method, url);
        request.findings = findings;
        for field in self.query {
            let param = maker.param(field, ParamIn::Query);
            request.params.push(param);
        }
        for field in self.headers {
            let header = maker.header(field);
            request.headers.push(header);
        }
        maker.authorize(&mut request, self.authorization);
        maker.content(&mut request, self.content);
        complete(maker.layers, &mut request);
        request.copy = maker.copy(&request, self.copy);
        request.findings.extend(variables.findings());
        request
    }
}

struct Maker<'m, 's> {
    layers: &'m mut Layers<'s>,
    variables: &'m Variables,
}

impl Maker<'_, '_> {
    fn fill(&mut self, place: Place) -> Place {
        let filled = self.variables.fill(self.layers, place, Notation::Placeholders);
        mark_tags(self.layers, filled)
    }

    /// A method in capitals, as it is sent.
    fn upper(&mut self, method: Place) -> Place {
        let method = self.fill(method);
        let upper = self.layers.text(method).to_ascii_uppercase();
        let is_same = self.layers.has_hole(method) || upper == self.layers.text(method);
        if is_same { method } else { self.layers.implied(&upper, method) }
    }

    fn param(&mut self, field: Field, location: ParamIn) -> Param {
        let (name, value) = (self.fill(field.name), self.fill(field.value));
        Param { location, whole: field.whole, name, value, json: None }
    }

    fn header(&mut self, field: Field) -> Header {
        let name = self.fill(field.name);
        let value = self.fill(field.value);
        let trimmed = trim(self.layers.text(value).as_bytes(), Span::new(0, value.span.len()));
        Header { whole: field.whole, name, value: value.sub(trimmed), implied_by: None }
    }

    /// A field that follows from a setting.
    fn imply(&mut self, request: &mut Request, name: &str, value: Place, by: Place) {
        let name = self.layers.implied(name, by);
        request.headers.push(Header { whole: by, name, value, implied_by: Some(by) });
    }

    fn authorize(&mut self, request: &mut Request, authorization: Authorization) {
        match authorization {
            Authorization::None => {}
            Authorization::Token { prefix, token } => {
                let token = self.fill(token);
                let prefix = prefix.map(|prefix| self.layers.text(prefix).to_owned());
                let mut layer = self.layers.layer(Codec::Joined, token);
                let prefix = prefix.filter(|prefix| !prefix.is_empty());
                let prefix = prefix.unwrap_or_else(|| "Bearer".to_owned());
                layer.escape(&format!("{prefix} "), token, Quote::None);
                layer.exact(token, Quote::None);
                let id = layer.finish();
                let value = self.layers.whole(id);
                request.secrets.push(token);
                self.imply(request, "Authorization", value, token);
            }
            Authorization::Basic { origin, user, password } => {
                request.secrets.extend(password);
                let value = self.basic(origin, user, password);
                self.imply(request, "Authorization", value, origin);
            }
            Authorization::Key { field, query } => {
                request.secrets.push(field.value);
                if query {
                    let param = self.param(field, ParamIn::Query);
                    request.params.push(param);
                } else {
                    let header = self.header(field);
                    request.headers.push(header);
                }
            }
            Authorization::Other => (request.open.headers, request.open.query) = (true, true),
        }
    }

    /// The value of a field that a name and a password are sent in, where both are known.
    fn basic(&mut self, origin: Place, user: Option<Place>, password: Option<Place>) -> Place {
        let by = password.or(user).unwrap_or(origin);
        let parts = [user, password].map(|part| part.map(|part| self.fill(part)));
        let is_known = |part: &Option<Place>| part.is_none_or(|part| !self.layers.has_hole(part));
        if user.is_some() && parts.iter().all(is_known) {
            let text = |part: Option<Place>| part.map_or("", |part| self.layers.text(part));
            let both = format!("{}:{}", text(parts[0]), text(parts[1]));
            let value = format!("Basic {}", base64(both.as_bytes()));
            return self.layers.implied(&value, by);
        }
        // What stands for it is shown, so it is no more than a line.
        let line = self.layers.text(by).lines().next().map_or(0, str::len);
        let mut layer = self.layers.layer(Codec::Implied, by);
        layer.escape("Basic ", by, Quote::None);
        layer.hole(by.sub(Span::new(0, line)), HoleKind::Computed, Quote::None);
        let id = layer.finish();
        self.layers.whole(id)
    }

    fn content(&mut self, request: &mut Request, content: Content) {
        match content {
            Content::None => {}
            Content::Text(text, media_type) => {
                let text = self.fill(text);
                if let Some((media_type, by)) = media_type {
                    self.imply_media_type(request, media_type, by);
                }
                read_body(self.layers, request, text);
            }
            Content::Value(value) => {
                let place = Some(value.place);
                request.body = Body { kind: BodyKind::Json, place, json: Some(value) };
            }
            Content::Form(fields, whole) => {
                self.imply_media_type(request, "application/x-www-form-urlencoded", whole);
                let place = if fields.is_empty() { whole.end() } else { whole };
                request.body = Body { kind: BodyKind::Form, place: Some(place), json: None };
                for field in fields {
                    let param = self.param(field, ParamIn::Form);
                    request.params.push(param);
                }
            }
            Content::Multipart(parts, whole) => {
                self.imply_media_type(request, "multipart/form-data", whole);
                request.body = Body { kind: BodyKind::Multipart, place: Some(whole), json: None };
                for (field, file) in parts {
                    self.part(request, field, file);
                }
            }
            Content::File(place) => {
                request.body = Body { kind: BodyKind::File, place: Some(place), json: None };
            }
            Content::Unknown(place) => {
                request.body = Body { kind: BodyKind::Unknown, place: Some(place), json: None };
                request.open.body = true;
            }
        }
    }

    fn part(&mut self, request: &mut Request, field: Field, file: bool) {
        let Param { whole, name, value, .. } = self.param(field, ParamIn::Form);
        if !file {
            let location = ParamIn::Form;
            request.params.push(Param { location, whole, name, value, json: None });
        }
        request.parts.push(FormPart { file, ..FormPart::new(whole, Some(name), value) });
    }

    fn imply_media_type(&mut self, request: &mut Request, media_type: &str, by: Place) {
        if request.headers_named(self.layers, "content-type").next().is_none() {
            let value = self.layers.implied(media_type, by);
            self.imply(request, "Content-Type", value, by);
        }
    }
}

/// The JSON of a collection, with what is noticed of it.
fn read_json(document: &mut Document<'_>, region: Place) -> (Option<JsonValue>, Vec<Finding>) {
    let mut findings = Vec::new();
    let (value, open) = parse_json(&mut document.layers, region, &mut findings);
    drop_cascade(&mut findings, 0);
    let is_damaged = open || findings.iter().any(|one| one.kind == FindingKind::MalformedJson);
    (value.filter(|_| !is_damaged), findings)
}

/// A member's value as a text; none where it is missing, `null` or no scalar.
fn text_of(layers: &Layers<'_>, value: &JsonValue, name: &str) -> Option<Place> {
    let value = &value.member(layers, name)?.value;
    let is_scalar = !matches!(value.kind, JsonKind::Object | JsonKind::Array | JsonKind::Null);
    is_scalar.then_some(value.text)
}

/// A member's text.
fn word_of<'l>(layers: &'l Layers<'_>, value: &JsonValue, name: &str) -> &'l str {
    text_of(layers, value, name).map_or("", |place| layers.text(place))
}

/// A member that is a list.
fn items_of<'v>(layers: &Layers<'_>, value: &'v JsonValue, name: &str) -> &'v [JsonValue] {
    value.member(layers, name).map_or(&[], |member| &member.value.items)
}

fn is_true(layers: &Layers<'_>, value: &JsonValue, name: &str) -> bool {
    word_of(layers, value, name) == "true"
}

/// The entries of a list of fields that are not disabled. Without a value, it is empty.
fn fields_of(layers: &Layers<'_>, list: &[JsonValue], key: &str) -> Vec<Field> {
    let enabled = list.iter().filter(|item| !is_true(layers, item, "disabled"));
    let field = |item: &JsonValue| {
        let name = text_of(layers, item, key)?;
        let value = text_of(layers, item, "value").unwrap_or_else(|| name.end());
        let is_empty = layers.text(name).is_empty() && layers.text(value).is_empty();
        (!is_empty).then_some(Field { whole: item.place, name, value })
    };
    enabled.filter_map(field).collect()
}

/// The URL with the values of the fields in place of `:name`.
fn with_path(layers: &mut Layers<'_>, url: Place, fields: &[Field]) -> Place {
    let text = layers.share(url);
    let path_end = text.find(['?', '#']).unwrap_or(text.len());
    let mut found: Vec<(Span, Place)> = Vec::new();
    let mut at = text.find("://").map_or(0, |at| at + 3);
    while let Some(slash) = text[at.min(path_end)..path_end].find("/:").map(|next| at + next) {
        let name = &text[slash + 2..path_end];
        let name = &name[..name.find('/').unwrap_or(name.len())];
        at = slash + 2 + name.len();
        let is_it = |field: &&Field| layers.text(field.name) == name;
        if let Some(field) = fields.iter().find(is_it).filter(|it| !it.value.span.is_empty()) {
            found.push((Span::new(slash + 1, at), field.value));
        }
    }
    if found.is_empty() {
        return url;
    }
    let mut layer = layers.layer(Codec::Joined, url);
    let mut from = 0;
    for (span, value) in found {
        layer.exact(url.sub(Span::new(from, span.start())), Quote::None);
        layer.exact(value, Quote::None);
        from = span.end();
    }
    layer.exact(url.sub(Span::new(from, text.len())), Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

/// Whether a URL has the query that fields list. Some writers encode what they list, and some do
/// not; variables are compared as they are written.
fn is_query_of(layers: &Layers<'_>, url: Place, fields: &[Field]) -> bool {
    let text = layers.text(url).split('#').next().unwrap_or_default();
    let mut written = query_pairs(text.split_once('?').map_or("", |(_, query)| query));
    let mut listed: Vec<(String, String)> = fields
        .iter()
        .map(|field| {
            (percent_decode(layers.text(field.name)), percent_decode(layers.text(field.value)))
        })
        .collect();
    written.sort_unstable();
    listed.sort_unstable();
    written == listed
}

/// The decoded names and values of a query.
fn query_pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(name), percent_decode(value))
        })
        .collect()
}

/// Defines the variables that the members of an object are.
fn define_members(layers: &Layers<'_>, variables: &mut Variables, members: &[JsonMember]) {
    for member in members {
        let name = layers.text(member.name);
        match member.value.kind {
            JsonKind::Object | JsonKind::Array | JsonKind::Unknown => variables.forget(name),
            JsonKind::Null => variables.forget(name),
            _ => variables.define(name, layers.text(member.value.text)),
        }
    }
}

/// The span without blank lines at its ends.
fn trim_lines(text: &str, span: Span) -> Span {
    let content = &text[span.range()];
    let blank = content.len() - content.trim_start().len();
    let start = content[..blank].rfind('\n').map_or(0, |end| end + 1);
    let end = content.trim_end().len().max(start);
    Span::new(span.start() + start, span.start() + end)
}
