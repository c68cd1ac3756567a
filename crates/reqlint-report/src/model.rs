//! The parsed model for programs: `reqlint parse`, version 1
//! (`docs/schemas/parse-v1.schema.json`).

use crate::Report;
use crate::json::{JsonDiagnostic, shown};
use crate::secrets::Secrets;
use data_encoding::BASE64;
use reqlint_core::layer::{HoleKind, Place};
use reqlint_core::model::{Dialect, Document, Request};
use reqlint_core::parse::wire::WireRequest;
use reqlint_core::span::Span;
use serde::Serialize;
use std::io::{self, Write};

/// One parsed source, with the wire form of each request.
#[derive(Debug)]
pub struct Parsed<'p> {
    /// Its requests.
    pub document: &'p Document<'p>,
    /// In the order of the requests.
    pub wires: &'p [WireRequest],
    /// What the parsers noticed.
    pub report: Report<'p>,
}

/// Writes one document with the requests of all sources, in order. Values are masked unless
/// `show_secrets`; each request says its path where there are several sources.
///
/// # Errors
/// What the writer says.
pub fn write_model(
    mut out: impl Write,
    sources: &[Parsed<'_>],
    show_secrets: bool,
) -> io::Result<()> {
    let several = sources.len() > 1;
    let requests = |source: &Parsed<'_>| show_requests(source, several, show_secrets);
    let model = JsonModel {
        version: 1,
        requests: sources.iter().flat_map(requests).collect(),
        diagnostics: sources.iter().flat_map(|source| shown(&source.report)).collect(),
    };
    serde_json::to_writer(&mut out, &model)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Debug, Serialize)]
struct JsonModel<'m> {
    version: u32,
    requests: Vec<JsonRequest>,
    diagnostics: Vec<JsonDiagnostic<'m>>,
}

#[derive(Debug, Serialize)]
struct JsonRequest {
    kind: &'static str,
    dialect: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    start: usize,
    end: usize,
    method: String,
    url: String,
    headers: Vec<JsonHeader>,
    body: JsonBody,
    holes: Vec<JsonHole>,
}

#[derive(Debug, Serialize)]
struct JsonHeader {
    name: String,
    value: String,
    implied: bool,
}

#[derive(Debug, Serialize)]
struct JsonBody {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct JsonHole {
    start: usize,
    end: usize,
    text: String,
    #[serde(rename = "in")]
    part: &'static str,
}

fn show_requests(source: &Parsed<'_>, several: bool, show_secrets: bool) -> Vec<JsonRequest> {
    let path = several.then(|| source.report.path.to_owned());
    let pairs = source.document.requests.iter().zip(source.wires);
    let show = |(request, wire): (&Request, &WireRequest)| {
        let mask = Mask::new(source, request, show_secrets);
        show_request(source, request, wire, path.clone(), &mask)
    };
    pairs.map(show).collect()
}

fn show_request(
    source: &Parsed<'_>,
    request: &Request,
    wire: &WireRequest,
    path: Option<String>,
    mask: &Mask<'_>,
) -> JsonRequest {
    let span = source.document.layers.root_span(request.place);
    JsonRequest {
        kind: request.kind.name(),
        dialect: request.dialect.map(Dialect::name),
        path,
        start: span.start(),
        end: span.end(),
        method: mask.text(&wire.method),
        url: mask.text(&wire.url),
        headers: wire.headers.iter().map(|header| show_header(header, mask)).collect(),
        body: show_body(request.body.kind.name(), wire.body.as_deref(), mask),
        holes: holes(source.document, request, wire, mask),
    }
}

/// The value is masked together with its name, which says whether it is a secret.
fn show_header((name, value, implied): &(String, String, bool), mask: &Mask<'_>) -> JsonHeader {
    let field = mask.text(&format!("{name}: {value}"));
    let masked = field.chars().skip(name.chars().count() + 2).collect();
    JsonHeader { name: name.clone(), value: masked, implied: *implied }
}

fn show_body(kind: &'static str, bytes: Option<&[u8]>, mask: &Mask<'_>) -> JsonBody {
    let Some(bytes) = bytes else { return JsonBody { kind, text: None, base64: None } };
    match std::str::from_utf8(bytes) {
        Ok(text) => JsonBody { kind, text: Some(mask.text(text)), base64: None },
        Err(_) => JsonBody { kind, text: None, base64: Some(BASE64.encode(&mask.bytes(bytes))) },
    }
}

/// What must not be printed of one request; nothing where secrets are asked for.
pub(crate) struct Mask<'s> {
    secrets: Option<Secrets<'s>>,
}

/// The secrets of a source that stand in one request.
fn secrets_inside<'s>(source: &Parsed<'s>, request: &Request) -> &'s [Span] {
    let all = source.report.secrets;
    let whole = source.document.layers.root_span(request.place);
    let first = all.partition_point(|secret| secret.end() <= whole.start());
    let last = all.partition_point(|secret| secret.start() < whole.end());
    all.get(first..last).unwrap_or_default()
}

impl<'s> Mask<'s> {
    pub(crate) fn new(source: &Parsed<'s>, request: &Request, show_secrets: bool) -> Self {
        let spans = secrets_inside(source, request);
        let values = || secret_values(source.document, request, spans).into_iter();
        Mask { secrets: (!show_secrets).then(|| Secrets::with_values(spans, values())) }
    }

    pub(crate) fn text(&self, text: &str) -> String {
        self.secrets.as_ref().map_or_else(|| text.to_owned(), |secrets| secrets.mask(text))
    }

    fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.secrets.as_ref().map_or_else(|| bytes.to_owned(), |secrets| secrets.mask_bytes(bytes))
    }
}

/// The secrets of a request as they are written, decoded, and sent.
fn secret_values(document: &Document<'_>, request: &Request, secrets: &[Span]) -> Vec<String> {
    let source = document.layers.source();
    let request_span = document.layers.root_span(request.place);
    let inside = secrets.iter().filter(|secret| secret.overlaps(request_span));
    let mut values: Vec<String> =
        inside.filter_map(|secret| source.get(secret.range())).map(str::to_owned).collect();
    for (place, _) in parts(request) {
        values.extend(decoded_secrets(document, place, secrets));
    }
    for place in &request.secrets {
        values.extend(decoded_secrets(document, *place, secrets));
        if !document.layers.has_hole(*place) {
            values.push(BASE64.encode(document.text(*place).as_bytes()));
        }
    }
    values
}

/// The stretches of a decoded text that come from secret bytes of the source.
fn decoded_secrets(document: &Document<'_>, place: Place, secrets: &[Span]) -> Vec<String> {
    let layers = &document.layers;
    let whole = layers.root_span(place);
    if !secrets.iter().any(|secret| secret.overlaps(whole)) {
        return Vec::new();
    }
    let mut found = vec![String::new()];
    for (at, character) in layers.text(place).char_indices() {
        let span = layers.root_span(place.sub(Span::new(at, at + character.len_utf8())));
        let secret = secrets.iter().any(|secret| secret.overlaps(span));
        match found.last_mut() {
            Some(last) if secret => last.push(character),
            Some(last) if !last.is_empty() => found.push(String::new()),
            _ => {}
        }
    }
    found
}

/// The parts of a request whose texts are sent, and where.
fn parts(request: &Request) -> Vec<(Place, &'static str)> {
    let mut parts = vec![(request.method.name, "method"), (request.url.whole, "url")];
    for header in &request.headers {
        parts.extend([(header.name, "header"), (header.value, "header")]);
    }
    for cookie in &request.cookies {
        parts.push((cookie.value, "header"));
    }
    parts.extend(request.body.place.map(|place| (place, "body")));
    parts
}

fn holes(
    document: &Document<'_>,
    request: &Request,
    wire: &WireRequest,
    mask: &Mask<'_>,
) -> Vec<JsonHole> {
    let layers = &document.layers;
    let source = layers.source();
    let mut holes = Vec::new();
    for (place, part) in parts(request) {
        for hole in layers.holes(place) {
            let span = layers.root_span(place.sub(hole.span));
            let text = source.get(span.range()).unwrap_or_default();
            if hole.kind == HoleKind::Computed && is_encoded(wire, text) {
                continue;
            }
            let text = mask.text(text);
            holes.push(JsonHole { start: span.start(), end: span.end(), text, part });
        }
    }
    holes.sort();
    holes.dedup();
    holes
}

/// Whether a user and password are known well enough to stand encoded in the wire form.
fn is_encoded(wire: &WireRequest, text: &str) -> bool {
    let encoded = BASE64.encode(text.as_bytes());
    wire.headers.iter().any(|(_, value, _)| value.strip_prefix("Basic ") == Some(&*encoded))
}
