//! Postman collections, versions 2.0 and 2.1: requests in folders, with inherited authorization,
//! variables of the collection, and saved responses.
//!
//! Of a URL its parts are sent, as the collection's own library does; `raw` counts where there are
//! none, and is compared with them. A saved response is the exchange of the request that it was saved with.

use super::{Authorization, Content, Copy, Field, Sketch};
use super::{fields_of, is_true, items_of, query_pairs, read_json, text_of, word_of};
use crate::encode::percent_decode;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{
    Body, BodyKind, Document, Exchange, Header, JsonKind, JsonMember, JsonValue, Request,
    RequestKind, Response, Status,
};
use crate::parse::json::parse_json;
use crate::parse::variables::Variables;
use crate::span::Span;

/// Adds the requests of the collection in `region` to the document.
pub fn parse_postman(document: &mut Document<'_>, region: Place) {
    let (value, findings) = read_json(document, region);
    document.findings.extend(findings);
    // What damage hides could be anything, down to the authorization of what is there.
    let Some(mut value) = value else { return };
    // What its own interface returns has one more object around it.
    if value.member(&document.layers, "item").is_none()
        && let Some(at) = value
            .members
            .iter()
            .position(|member| document.layers.text(member.name) == "collection")
    {
        value = value.members.swap_remove(at).value;
    }
    let mut reader = Reader { document, variables: Variables::default() };
    reader.define(&value);
    let authorization = reader.authorization(&value, Authorization::None);
    reader.items(&value, authorization);
}

struct Reader<'d, 's> {
    document: &'d mut Document<'s>,
    variables: Variables,
}

impl Reader<'_, '_> {
    fn layers(&self) -> &Layers<'_> {
        &self.document.layers
    }

    /// Variables of the collection and of its folders.
    fn define(&mut self, value: &JsonValue) {
        let layers = &self.document.layers;
        for variable in items_of(layers, value, "variable") {
            let name = match word_of(layers, variable, "key") {
                "" => word_of(layers, variable, "id"),
                name => name,
            };
            if !is_true(layers, variable, "disabled") {
                self.variables.define(name, word_of(layers, variable, "value"));
            }
        }
        let folders: Vec<&JsonValue> = items_of(layers, value, "item").iter().collect();
        for folder in folders {
            if folder.member(&self.document.layers, "item").is_some() {
                self.define(folder);
            }
        }
    }

    fn items(&mut self, folder: &JsonValue, inherited: Authorization) {
        for item in items_of(&self.document.layers, folder, "item") {
            let own = self.authorization(item, inherited);
            if item.member(self.layers(), "item").is_some() {
                self.items(item, own);
            } else if let Some(request) = item.member(self.layers(), "request") {
                self.item(item, &request.value, own);
            }
        }
    }

    /// A request with its saved responses.
    fn item(&mut self, item: &JsonValue, request: &JsonValue, inherited: Authorization) {
        let place = request.place;
        let mut built = self.request(request, inherited);
        let mut others = Vec::new();
        for saved in items_of(&self.document.layers, item, "response") {
            let original = saved.member(&self.document.layers, "originalRequest");
            let is_same = original.is_none_or(|original| self.is_same(request, &original.value));
            let exchange =
                Exchange { responses: vec![self.response(saved)], ..Exchange::default() };
            if is_same {
                built.exchange.get_or_insert_with(|| Box::new(exchange));
            } else if let Some(original) = original {
                let mut other = self.request(&original.value, inherited);
                other.exchange = Some(Box::new(exchange));
                others.push(other);
            }
        }
        debug_assert_eq!(built.place, place, "a request stands where its object does");
        self.document.requests.push(built);
        self.document.requests.append(&mut others);
    }

    /// Whether a saved request says what the request says: what is sent, not how it is described.
    fn is_same(&self, one: &JsonValue, other: &JsonValue) -> bool {
        let layers = self.layers();
        ["method", "url", "header", "body"].iter().all(|name| {
            let text = |value: &JsonValue| {
                let member = value.member(layers, name)?;
                let text = layers.text(member.value.place);
                Some(text.split_whitespace().collect::<String>()).filter(|text| text != "[]")
            };
            text(one) == text(other)
        })
    }

    fn request(&mut self, value: &JsonValue, inherited: Authorization) -> Request {
        let mut sketch = Sketch::new(value.place);
        if value.kind == JsonKind::String {
            sketch.url = Some(value.text);
            sketch.authorization = inherited;
        } else {
            let layers = &mut self.document.layers;
            sketch.method = text_of(layers, value, "method").filter(|it| !it.span.is_empty());
            if let Some(url) = value.member(layers, "url") {
                read_url(layers, &mut sketch, &url.value);
            }
            sketch.headers = headers_of(layers, value, "header");
            if let Some(body) = value.member(layers, "body") {
                sketch.content = content(layers, &body.value);
            }
            sketch.authorization = self.authorization(value, inherited);
        }
        sketch.build(&mut self.document.layers, RequestKind::Item, &self.variables)
    }

    /// The authorization that an object sets, else that of the folder around it.
    fn authorization(&self, value: &JsonValue, inherited: Authorization) -> Authorization {
        let layers = self.layers();
        let Some(auth) = value.member(layers, "auth").map(|member| &member.value) else {
            return inherited;
        };
        if auth.kind == JsonKind::Null {
            return inherited;
        }
        let kind = word_of(layers, auth, "type");
        let settings = auth.member(layers, kind).map(|member| &member.value);
        let setting = |name: &str| settings.and_then(|settings| setting(layers, settings, name));
        match kind {
            "noauth" | "" => Authorization::None,
            "bearer" => setting("token")
                .map_or(Authorization::Other, |token| Authorization::Token { prefix: None, token }),
            "basic" => Authorization::Basic {
                origin: auth.place,
                user: setting("username"),
                password: setting("password"),
            },
            "apikey" => match (setting("key"), setting("value")) {
                (Some(name), Some(value)) => {
                    let field = Field { whole: auth.place, name, value };
                    let query = setting("in").is_some_and(|place| layers.text(place) == "query");
                    Authorization::Key { field, query }
                }
                _ => Authorization::Other,
            },
            _ => Authorization::Other,
        }
    }

    /// A saved response.
    fn response(&mut self, saved: &JsonValue) -> Response {
        let layers = &mut self.document.layers;
        let status = text_of(layers, saved, "code").and_then(|place| {
            let code = layers.text(place).parse().ok()?;
            Some(Status { code, place })
        });
        let headers = headers_of(layers, saved, "header");
        let headers = headers.into_iter().map(|field| Header {
            whole: field.whole,
            name: field.name,
            value: field.value,
            implied_by: None,
        });
        let headers = headers.collect();
        let body = match text_of(layers, saved, "body") {
            Some(text) if !layers.text(text).trim().is_empty() => read_answer(layers, text),
            _ => Body { kind: BodyKind::None, place: None, json: None },
        };
        Response { status, headers, body, ..Response::new(saved.place) }
    }
}

/// The content of a response: JSON where it parses as such.
fn read_answer(layers: &mut Layers<'_>, text: Place) -> Body {
    let is_json = layers.text(text).trim_start().starts_with(['{', '[']);
    let mut findings = Vec::new();
    let json = match is_json {
        true => parse_json(layers, text, &mut findings).0,
        false => None,
    };
    let kind = match json.is_some() && findings.is_empty() {
        true => BodyKind::Json,
        false => BodyKind::Text,
    };
    Body { kind, place: Some(text), json: json.filter(|_| kind == BodyKind::Json) }
}

/// A setting: of a list of them in version 2.1, of an object in version 2.0.
fn setting(layers: &Layers<'_>, settings: &JsonValue, name: &str) -> Option<Place> {
    let is_it = |item: &&JsonValue| word_of(layers, item, "key") == name;
    match settings.kind {
        JsonKind::Array => {
            settings.items.iter().find(is_it).and_then(|item| text_of(layers, item, "value"))
        }
        _ => text_of(layers, settings, name),
    }
}

/// Fields in a list, or in a text with a line for each.
fn headers_of(layers: &Layers<'_>, value: &JsonValue, name: &str) -> Vec<Field> {
    let Some(member) = value.member(layers, name) else { return Vec::new() };
    if member.value.kind != JsonKind::String {
        return fields_of(layers, &member.value.items, "key");
    }
    let text = layers.text(member.value.text);
    let mut fields = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let whole = Span::new(at, at + line.trim_end().len());
        if let Some((name, _)) = line.split_once(':') {
            let place = |start, end| member.value.text.sub(Span::new(start, end));
            fields.push(Field {
                whole: place(whole.start(), whole.end()),
                name: place(at, at + name.len()),
                value: place(at + name.len() + 1, whole.end().max(at + name.len() + 1)),
            });
        }
        at += line.len();
    }
    fields
}

fn read_url(layers: &mut Layers<'_>, sketch: &mut Sketch, url: &JsonValue) {
    if url.kind == JsonKind::String {
        sketch.url = Some(url.text);
        return;
    }
    let has_parts = url.member(layers, "host").is_some() || url.member(layers, "path").is_some();
    if !has_parts {
        sketch.url = text_of(layers, url, "raw");
        return;
    }
    sketch.query = fields_of(layers, items_of(layers, url, "query"), "key");
    let joined = join_url(layers, url);
    sketch.url = Some(joined);
    let raw = url.member(layers, "raw").filter(|raw| raw.value.kind == JsonKind::String);
    if let Some(raw) = raw
        && !layers.text(raw.value.text).is_empty()
    {
        sketch.copy = match is_same_url(layers, url, raw.value.text, &sketch.query) {
            true => Copy::Url { text: raw.value.text, object: url.place },
            false => Copy::Contradicts(raw.whole),
        };
    }
}

/// Whether `raw` says what the parts of a URL do. Parameters that are switched off may stand in it.
fn is_same_url(layers: &Layers<'_>, url: &JsonValue, raw: Place, sent: &[Field]) -> bool {
    let raw = layers.text(raw).split('#').next().unwrap_or_default();
    let (address, query) = raw.split_once('?').unwrap_or((raw, ""));
    let decode = |place: Place| percent_decode(layers.text(place));
    let word = |name: &str| text_of(layers, url, name).map_or_else(String::new, decode);
    let join = |name: &str, mark: &str| {
        let parts = parts_of(layers, url, name).into_iter();
        let parts: Vec<String> = parts.map(|item| decode(item.text)).collect();
        parts.join(mark)
    };
    let (host, port, path) = (join("host", "."), word("port"), join("path", "/"));
    let (slash, path) = match path.strip_prefix('/') {
        Some(path) => ("/", path.to_owned()),
        None => (if path.is_empty() { "" } else { "/" }, path),
    };
    let colon = if port.is_empty() { "" } else { ":" };
    let parts = format!("{host}{colon}{port}{slash}{path}");
    let address = percent_decode(address);
    let (scheme, rest) = address.split_once("://").unwrap_or(("", &address));
    let protocol = word("protocol");
    let is_scheme = scheme.is_empty() || protocol.is_empty() || scheme == protocol;
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    // A variable may stand for the scheme with what follows it.
    let is_address =
        [rest, &address].iter().any(|one| one.trim_end_matches('/') == parts.trim_end_matches('/'));
    let listed = items_of(layers, url, "query").iter().filter_map(|item| {
        let name = text_of(layers, item, "key").map_or_else(String::new, decode);
        let value = text_of(layers, item, "value").map_or_else(String::new, decode);
        Some((name, value)).filter(|(name, value)| !(name.is_empty() && value.is_empty()))
    });
    let (listed, written) = (listed.collect::<Vec<_>>(), query_pairs(query));
    let is_query = written.iter().all(|pair| listed.contains(pair))
        && sent.iter().all(|field| written.contains(&(decode(field.name), decode(field.value))));
    is_scheme && is_address && is_query
}

/// The URL that its parts make, without its query.
fn join_url(layers: &mut Layers<'_>, url: &JsonValue) -> Place {
    let origin = url.member(layers, "raw").map_or(url.place, |raw| raw.value.text);
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    if let Some(protocol) = text_of(layers, url, "protocol").filter(|it| !it.span.is_empty()) {
        pieces.extend([Piece::Text(protocol), Piece::Mark("://", origin)]);
    }
    let auth = url.member(layers, "auth").map(|auth| &auth.value);
    let of_auth = |name| auth.and_then(|auth| text_of(layers, auth, name));
    if let Some(user) = of_auth("user") {
        pieces.extend([Piece::Text(user), Piece::Mark(":", origin)]);
        pieces.extend(of_auth("password").map(Piece::Text));
        pieces.push(Piece::Mark("@", origin));
    }
    let host = parts_of(layers, url, "host");
    for (index, part) in host.iter().enumerate() {
        let mark = if index > 0 { "." } else { "" };
        pieces.extend([Piece::Mark(mark, origin), Piece::Text(part.text)]);
    }
    if let Some(port) = text_of(layers, url, "port").filter(|it| !it.span.is_empty()) {
        pieces.extend([Piece::Mark(":", origin), Piece::Text(port)]);
    }
    let variables = items_of(layers, url, "variable");
    let mut path = parts_of(layers, url, "path");
    let is_text = url.member(layers, "path").is_some_and(|it| it.value.kind == JsonKind::String);
    if let ([only], true) = (path.as_mut_slice(), is_text)
        && layers.text(only.text).starts_with('/')
    {
        only.text = only.text.sub(Span::new(1, only.text.span.len()));
    }
    for part in path {
        let text = path_value(layers, variables, part.text).unwrap_or(part.text);
        pieces.extend([Piece::Mark("/", part.whole), Piece::Text(text)]);
    }
    let mut layer = layers.layer(Codec::Joined, origin);
    for piece in pieces {
        match piece {
            Piece::Text(place) => layer.exact(place, Quote::None),
            Piece::Mark(text, place) => layer.escape(text, place, Quote::None),
        }
    }
    let id = layer.finish();
    layers.whole(id)
}

/// A piece of a URL that is put together.
enum Piece<'t> {
    Text(Place),
    /// What sets parts off, and what stands for it.
    Mark(&'t str, Place),
}

/// A part of a URL, and the item that it is.
#[derive(Clone, Copy)]
struct Item {
    whole: Place,
    text: Place,
}

/// The texts of a list, or of the one text that stands for it.
fn parts_of(layers: &Layers<'_>, url: &JsonValue, name: &str) -> Vec<Item> {
    let Some(member) = url.member(layers, name) else { return Vec::new() };
    match member.value.kind {
        JsonKind::Array => member
            .value
            .items
            .iter()
            // In version 2.0 a part may be an object.
            .filter_map(|item| {
                let text = match item.kind {
                    JsonKind::Object => text_of(layers, item, "value"),
                    JsonKind::Array | JsonKind::Null => None,
                    _ => Some(item.text),
                };
                Some(Item { whole: item.place, text: text? })
            })
            .collect(),
        JsonKind::String => vec![Item { whole: member.value.place, text: member.value.text }],
        _ => Vec::new(),
    }
}

/// The value of `:name` in a path, where there is one.
fn path_value(layers: &Layers<'_>, variables: &[JsonValue], part: Place) -> Option<Place> {
    let name = layers.text(part).strip_prefix(':')?;
    let is_it = |variable: &&JsonValue| word_of(layers, variable, "key") == name;
    let value = text_of(layers, variables.iter().find(is_it)?, "value")?;
    (!layers.text(value).is_empty()).then_some(value)
}

fn content(layers: &mut Layers<'_>, body: &JsonValue) -> Content {
    if is_true(layers, body, "disabled") {
        return Content::None;
    }
    let mode = word_of(layers, body, "mode").to_owned();
    let whole = body.member(layers, &mode).map_or(body.place, |member| member.value.place);
    match mode.as_str() {
        "raw" => match text_of(layers, body, "raw") {
            Some(text) if !layers.text(text).is_empty() => {
                Content::Text(text, language(layers, body))
            }
            _ => Content::None,
        },
        "urlencoded" => match text_of(layers, body, "urlencoded") {
            Some(text) => Content::Text(text, Some(("application/x-www-form-urlencoded", text))),
            None => {
                let fields = fields_of(layers, items_of(layers, body, "urlencoded"), "key");
                Content::Form(fields, whole)
            }
        },
        "formdata" => {
            let items = items_of(layers, body, "formdata");
            let is_file = |item: &&JsonValue| word_of(layers, item, "type") == "file";
            let files: Vec<Place> = items.iter().filter(is_file).map(|item| item.place).collect();
            let fields = fields_of(layers, items, "key");
            let parts = fields.into_iter().map(|field| (field, files.contains(&field.whole)));
            Content::Multipart(parts.collect(), whole)
        }
        "file" => Content::File(whole),
        "graphql" => Content::Unknown(whole),
        _ => Content::None,
    }
}

/// The media type that the language of a raw body implies.
fn language(layers: &Layers<'_>, body: &JsonValue) -> Option<(&'static str, Place)> {
    let member = |value: &JsonValue, name: &str| -> Option<JsonMember> {
        value.member(layers, name).cloned()
    };
    let raw = member(&member(body, "options")?.value, "raw")?;
    let language = text_of(layers, &raw.value, "language")?;
    let media_type = match layers.text(language) {
        "json" => "application/json",
        "xml" => "application/xml",
        "html" => "text/html",
        "javascript" => "application/javascript",
        _ => return None,
    };
    Some((media_type, language))
}
