//! What the words of a cmdlet say → the request.

use super::value::Value;
use super::{Arguments, Used};
use crate::encode::percent_encode;
use crate::layer::{Codec, Component, HoleKind, Layers, Place, Quote};
use crate::model::{
    Body, BodyKind, Dialect, Finding, FindingKind, Header, JsonKind, Method, Open, Param, ParamIn,
    Request, RequestKind,
};
use crate::parse::body::{complete, read_body, trim};
use crate::parse::powershell::Reader;
use crate::parse::powershell::table::Entry;
use crate::parse::url::parse_url;
use crate::span::Span;

impl Reader<'_, '_, '_> {
    /// Adds the request of a cmdlet whose name stands at `name`.
    pub(super) fn build_request(&mut self, whole: Place, name: Place, mut arguments: Arguments) {
        let mut findings = std::mem::take(&mut arguments.findings);
        let url = match (arguments.uri, arguments.splat) {
            (Some(used), _) => self.text_of_value(used),
            (None, Some(splat)) => self.unknown(splat),
            (None, None) => {
                findings.push(Finding::new(FindingKind::MissingUrl, name));
                return self.document.findings.extend(findings);
            }
        };
        let method = self.method(arguments.method, url);
        let url = parse_url(&mut self.document.layers, url, &mut findings);
        let mut request = Request::new(RequestKind::Cmdlet, whole, method, url);
        request.dialect = Some(Dialect::PowerShell);
        request.findings = findings;
        request.open.cookies = arguments.session;
        request.open.headers = arguments.session || arguments.credential;
        self.headers(&mut request, &arguments);
        self.content(&mut request, &arguments);
        complete(&mut self.document.layers, &mut request);
        if arguments.splat.is_some() || arguments.broken {
            let all = true;
            request.open = Open { headers: all, query: all, body: all, cookies: all, method: all };
        }
        self.document.requests.push(request);
    }

    fn text_of_value(&mut self, used: Used) -> Place {
        match self.value_of(&used.word) {
            Value::Text(place) => place,
            Value::Table(place, _) | Value::Json(place, _) => self.unknown(place),
        }
    }

    /// The method; its case does not count, and it is sent in capitals.
    fn method(&mut self, used: Option<Used>, url: Place) -> Method {
        let Some(used) = used else {
            return Method {
                name: self.document.layers.implied("GET", url),
                implied_by: Some(url),
            };
        };
        let name = self.text_of_value(used);
        let layers = &mut self.document.layers;
        let upper = layers.text(name).to_ascii_uppercase();
        let same = layers.has_hole(name) || upper == layers.text(name);
        let name = if same { name } else { layers.implied(&upper, name) };
        Method { name, implied_by: None }
    }

    fn headers(&mut self, request: &mut Request, arguments: &Arguments) {
        if let Some(used) = arguments.headers {
            match self.value_of(&used.word) {
                Value::Table(_, entries) => self.read_headers(request, &entries),
                _ => request.open.headers = true,
            }
        }
        let options =
            [("User-Agent", arguments.user_agent), ("Content-Type", arguments.content_type)];
        for (name, used) in options {
            let Some(used) = used else { continue };
            let value = self.text_of_value(used);
            let layers = &mut self.document.layers;
            // A parameter replaces the field of the table.
            request.headers.retain(|field| !layers.text(field.name).eq_ignore_ascii_case(name));
            request.headers.push(implied(layers, used.option, name, value));
        }
        self.authorization(request, arguments);
    }

    fn read_headers(&mut self, request: &mut Request, entries: &[Entry]) {
        for entry in entries {
            let (whole, name, value) = self.entry_places(entry);
            let text = self.document.layers.text(value);
            let value = value.sub(trim(text.as_bytes(), Span::new(0, text.len())));
            request.headers.push(Header { whole, name, value, implied_by: None });
        }
    }

    /// `-Authentication Bearer -Token …`
    fn authorization(&mut self, request: &mut Request, arguments: &Arguments) {
        let Some(used) = arguments.authentication else { return };
        let scheme = self.text_of_value(used);
        let scheme = self.document.layers.text(scheme).to_ascii_lowercase();
        let token = arguments.token.filter(|_| matches!(scheme.as_str(), "bearer" | "oauth"));
        let Some(token) = token else {
            request.open.headers |= scheme != "none";
            return;
        };
        let value = self.text_of_value(token);
        let layers = &mut self.document.layers;
        let mut layer = layers.layer(Codec::Joined, value);
        layer.escape("Bearer ", used.option, Quote::None);
        layer.exact(value, Quote::None);
        let id = layer.finish();
        let value = layers.whole(id);
        request.secrets.push(value);
        request.headers.push(implied(layers, used.option, "Authorization", value));
    }

    fn content(&mut self, request: &mut Request, arguments: &Arguments) {
        let is_get = self.document.layers.text(request.method.name) == "GET";
        if let Some(used) = arguments.form {
            self.imply_type(request, used.option, "multipart/form-data");
            self.form(request, used, BodyKind::Multipart);
        } else if let Some(used) = arguments.body {
            match self.value_of(&used.word) {
                Value::Table(_, entries) if is_get => self.query(request, &entries),
                Value::Table(..) => {
                    self.imply_type(request, used.option, "application/x-www-form-urlencoded");
                    self.form(request, used, BodyKind::Form);
                }
                Value::Json(place, entries) => {
                    self.imply_form_type(request, used.option);
                    self.json(request, place, &entries);
                }
                Value::Text(place) => {
                    self.imply_form_type(request, used.option);
                    self.text(request, place, is_get);
                }
            }
        } else if let Some(used) = arguments.file {
            let place = self.unknown(self.region.sub(used.word.span));
            request.body = Body { kind: BodyKind::File, place: Some(place), json: None };
            request.open.body = true;
        }
    }

    /// A text; a variable alone may be a table, which is part of the query of a `GET`.
    fn text(&mut self, request: &mut Request, place: Place, is_get: bool) {
        read_body(&mut self.document.layers, request, place);
        if request.body.kind == BodyKind::Unknown {
            request.open.body = true;
            request.open.query |= is_get;
        }
    }

    /// What is sent with `POST` is a form if nothing says otherwise.
    fn imply_form_type(&mut self, request: &mut Request, option: Place) {
        if self.document.layers.text(request.method.name) == "POST" {
            self.imply_type(request, option, "application/x-www-form-urlencoded");
        }
    }

    fn imply_type(&mut self, request: &mut Request, option: Place, is: &str) {
        let layers = &mut self.document.layers;
        if request.headers_named(layers, "content-type").next().is_none() && !request.open.headers {
            let value = layers.implied(is, option);
            request.headers.push(implied(layers, option, "Content-Type", value));
        }
    }

    /// A table in the query of a `GET`.
    fn query(&mut self, request: &mut Request, entries: &[Entry]) {
        for entry in entries {
            let (whole, name, value) = self.entry_places(entry);
            let location = ParamIn::Query;
            request.params.push(Param { location, whole, name, value, json: None });
        }
    }

    /// A table as a form, URL-encoded or multipart.
    fn form(&mut self, request: &mut Request, used: Used, kind: BodyKind) {
        let Value::Table(place, entries) = self.value_of(&used.word) else {
            let place = self.region.sub(used.word.span);
            request.body = Body { kind, place: Some(self.unknown(place)), json: None };
            request.open.body = true;
            return;
        };
        let mut pairs = Vec::new();
        for entry in &entries {
            let (whole, name, value) = self.entry_places(entry);
            let location = ParamIn::Form;
            request.params.push(Param { location, whole, name, value, json: None });
            pairs.push((name, value));
        }
        let place = join_pairs(&mut self.document.layers, place, &pairs);
        request.body = Body { kind, place: Some(place), json: None };
    }

    /// `@{…} | ConvertTo-Json`
    fn json(&mut self, request: &mut Request, place: Place, entries: &[Entry]) {
        for entry in entries {
            let (whole, name, value) = self.entry_places(entry);
            let written = &self.text[entry.value.span.range()];
            let json = Some(json_kind(written));
            request.params.push(Param { location: ParamIn::Json, whole, name, value, json });
        }
        let place = self.unknown(place);
        request.body = Body { kind: BodyKind::Json, place: Some(place), json: None };
    }
}

/// The type that `ConvertTo-Json` makes of a value.
fn json_kind(written: &str) -> JsonKind {
    match written.to_ascii_lowercase().as_str() {
        "$true" | "$false" => JsonKind::Boolean,
        "$null" => JsonKind::Null,
        text if text.starts_with("@{") => JsonKind::Object,
        text if text.starts_with("@(") => JsonKind::Array,
        text if text.starts_with(['"', '\'', '@']) => JsonKind::String,
        text if text.parse::<f64>().is_ok() => JsonKind::Number,
        _ => JsonKind::Unknown,
    }
}

/// A field that follows from a parameter.
fn implied(layers: &mut Layers<'_>, option: Place, name: &str, value: Place) -> Header {
    let mut layer = layers.layer(Codec::Joined, option);
    layer.escape(&format!("{name}: "), option, Quote::None);
    layer.exact(value, Quote::None);
    let id = layer.finish();
    let whole = layers.whole(id);
    Header {
        whole,
        name: whole.sub(Span::new(0, name.len())),
        value: whole.sub(Span::new(name.len() + 2, whole.span.len())),
        implied_by: Some(option),
    }
}

/// Names and values as a URL-encoded form.
fn join_pairs(layers: &mut Layers<'_>, place: Place, pairs: &[(Place, Place)]) -> Place {
    let texts: Vec<_> = pairs
        .iter()
        .map(|(name, value)| {
            [*name, *value].map(|part| (part, layers.share(part), layers.has_hole(part)))
        })
        .collect();
    let mut layer = layers.layer(Codec::Joined, place);
    for (index, pair) in texts.iter().enumerate() {
        let marks = [if index > 0 { "&" } else { "" }, "="];
        for (mark, (part, text, unknown)) in marks.iter().zip(pair) {
            layer.escape(mark, place, Quote::None);
            let encoded = percent_encode(text, Component::Form).replace("%20", "+");
            match () {
                () if *unknown => layer.hole(*part, HoleKind::Variable, Quote::None),
                () if encoded == *text => layer.exact(*part, Quote::None),
                () => layer.escape(&encoded, *part, Quote::None),
            }
        }
    }
    let id = layer.finish();
    layers.whole(id)
}
