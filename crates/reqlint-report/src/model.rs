//! The parsed model for programs: `reqlint parse`, version 1
//! (`docs/schemas/parse-v1.schema.json`).

use crate::Report;
use crate::json::{JsonDiagnostic, shown};
use crate::wire_mask::Mask;
use data_encoding::BASE64;
use reqlint_core::layer::{HoleKind, Place};
use reqlint_core::model::{Dialect, Document, FormPart, Open, ParamIn, Request, RequestKind};
use reqlint_core::parse::wire::{WirePart, WireRequest, wire};
use serde::{Serialize, Serializer};
use std::io::{self, Write};

/// One parsed source.
#[derive(Debug)]
pub struct Parsed<'p> {
    /// Its requests.
    pub document: &'p Document<'p>,
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
    let model = JsonModel {
        version: 1,
        requests: Requests { sources, several, show_secrets },
        diagnostics: sources
            .iter()
            .flat_map(|source| shown(&source.report))
            .map(JsonDiagnostic::without_fingerprint)
            .collect(),
    };
    serde_json::to_writer(&mut out, &model)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Debug, Serialize)]
struct JsonModel<'m> {
    version: u32,
    requests: Requests<'m>,
    diagnostics: Vec<JsonDiagnostic<'m>>,
}

/// The requests of all sources, made one by one as they are written: each of many URLs of one
/// command may have its long body.
#[derive(Debug)]
struct Requests<'m> {
    sources: &'m [Parsed<'m>],
    several: bool,
    show_secrets: bool,
}

impl Serialize for Requests<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pairs = self.sources.iter().flat_map(|source| {
            source.document.requests.iter().map(move |request| (source, request))
        });
        serializer.collect_seq(pairs.map(|(source, request)| {
            let path = self.several.then_some(source.report.path);
            show_request(source, request, path, self.show_secrets)
        }))
    }
}

#[derive(Debug, Serialize)]
struct JsonRequest<'m> {
    kind: &'static str,
    dialect: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'m str>,
    start: usize,
    end: usize,
    method: String,
    url: String,
    headers: Vec<JsonHeader>,
    body: JsonBody,
    holes: Vec<JsonHole>,
    open: Vec<&'static str>,
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<JsonPart>,
}

#[derive(Debug, Serialize)]
struct JsonPart {
    headers: Vec<JsonField>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<JsonPart>,
}

#[derive(Debug, Serialize)]
struct JsonField {
    name: String,
    value: String,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct JsonHole {
    start: usize,
    end: usize,
    text: String,
    #[serde(rename = "in")]
    part: &'static str,
}

fn show_request<'m>(
    source: &Parsed<'m>,
    request: &Request,
    path: Option<&'m str>,
    show_secrets: bool,
) -> JsonRequest<'m> {
    let span = source.document.layers.root_span(request.place);
    let plain = wire(source.document, request);
    let mask = Mask::new(source, request, show_secrets);
    let holes = holes(source.document, request, &plain, &mask);
    let wire = mask.wire(plain);
    let header = |(name, value, implied)| JsonHeader { name, value, implied };
    JsonRequest {
        kind: request.kind.name(),
        dialect: request.dialect.map(Dialect::name),
        path,
        start: span.start(),
        end: span.end(),
        method: wire.method,
        url: wire.url,
        headers: wire.headers.into_iter().map(header).collect(),
        body: JsonBody {
            parts: show_parts(wire.parts, &request.parts),
            ..show_body(request.body.kind.name(), wire.body)
        },
        holes,
        open: open_parts(request.open),
    }
}

/// Names of the parts that may hold more than is known, in the order of the wire.
fn open_parts(open: Open) -> Vec<&'static str> {
    let parts = [
        (open.method, "method"),
        (open.query, "query"),
        (open.headers, "headers"),
        (open.cookies, "cookies"),
        (open.body, "body"),
    ];
    parts.into_iter().filter_map(|(is_open, name)| is_open.then_some(name)).collect()
}

fn show_body(kind: &'static str, bytes: Option<Vec<u8>>) -> JsonBody {
    let none = JsonBody { kind, text: None, base64: None, parts: Vec::new() };
    match bytes.map(String::from_utf8) {
        None => none,
        Some(Ok(text)) => JsonBody { text: Some(text), ..none },
        Some(Err(error)) => JsonBody { base64: Some(BASE64.encode(error.as_bytes())), ..none },
    }
}

/// The parts of a multipart body. A part has no text where its file is not read.
fn show_parts(parts: Vec<WirePart>, written: &[FormPart]) -> Vec<JsonPart> {
    let show = |(part, written): (WirePart, &FormPart)| {
        let inner = written.parts.as_deref().unwrap_or_default();
        let field = |(name, value)| JsonField { name, value };
        JsonPart {
            headers: part.headers.into_iter().map(field).collect(),
            text: (written.parts.is_none() && part.known).then_some(part.body),
            parts: show_parts(part.parts, inner),
        }
    };
    parts.into_iter().zip(written).map(show).collect()
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
    for param in request.params.iter().filter(|_| request.kind == RequestKind::Call) {
        let part = if param.location == ParamIn::Query { "url" } else { "body" };
        parts.extend([(param.name, part), (param.value, part)]);
    }
    parts.extend(request.body.place.map(|place| (place, "body")));
    for part in &request.parts {
        add_part(&mut parts, part);
    }
    parts
}

fn add_part(parts: &mut Vec<(Place, &'static str)>, part: &FormPart) {
    match &part.parts {
        Some(inner) => inner.iter().for_each(|part| add_part(parts, part)),
        None => parts.push((part.value, "body")),
    }
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
