//! Writes requests out again, in another form: `reqlint parse --to`.
//!
//! What comes out, read again, is the same request on the wire. What cannot be written is said,
//! never dropped in silence.

mod curl;
mod har;
mod http;
mod json;

use crate::model::Parsed;
use crate::wire_mask::Mask;
use reqlint_core::encode::Chunk;
use reqlint_core::layer::{HoleKind, Layers, Place};
use reqlint_core::model::{BodyKind, Request};
use reqlint_core::parse::wire::{WireRequest, wire};
use std::io::{self, Write};

/// A form that requests are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// curl commands for bash.
    Curl,
    /// Request lines with headers and body, `###` between them.
    Http,
    /// HTTP Archive 1.2.
    Har,
    /// A list of request objects.
    Json,
}

/// A request, ready to be written in any form.
pub(crate) struct Outgoing {
    pub(crate) method: String,
    pub(crate) url: Vec<Chunk>,
    pub(crate) headers: Vec<(String, Vec<Chunk>)>,
    pub(crate) body: Option<Vec<Chunk>>,
    /// Whether a part of the URL stands for several texts, so that curl's globbing is meant.
    pub(crate) globs: bool,
}

impl Outgoing {
    /// What a form has no notation for.
    fn unwritten(&self, form: Form) -> Option<&'static str> {
        let blank = |(_, value): &(String, Vec<Chunk>)| {
            let text = plain_text(value);
            !text.is_empty() && text.trim().is_empty()
        };
        if self.headers.iter().any(blank) {
            return Some("a header has only white space for its value, which is not kept");
        }
        if form != Form::Curl && self.has_dot_segments() {
            return Some("its path has dot segments, which other clients remove");
        }
        if form == Form::Http { http::unwritten(self) } else { None }
    }

    /// Whether `.` or `..` is a segment of the path on the wire.
    pub(crate) fn has_dot_segments(&self) -> bool {
        let url = plain_text(&self.url);
        let path = url.split(['?', '#']).next().unwrap_or(&url);
        path.split('/').any(|segment| matches!(segment, "." | ".."))
    }
}

/// Writes the requests of all sources in one form; values are masked unless `show_secrets`.
/// Returns what could not be written, a line for each.
///
/// # Errors
/// What the writer says.
pub fn write_requests(
    mut out: impl Write,
    sources: &[Parsed<'_>],
    form: Form,
    show_secrets: bool,
) -> io::Result<Vec<String>> {
    let mut notes = Vec::new();
    let mut written = Vec::new();
    for source in sources {
        for (number, request) in source.document.requests.iter().enumerate() {
            if let Some(why) = unwritten(request) {
                let path = source.report.path;
                notes.push(format!("{path}: request {}: {why}", number + 1));
            }
            let mask = Mask::new(source, request, show_secrets);
            let wire = mask.wire(wire(source.document, request));
            let outgoing = outgoing(&source.document.layers, request, &wire);
            if let Some(why) = outgoing.unwritten(form) {
                notes.push(format!("{}: request {}: {why}", source.report.path, number + 1));
            }
            written.push(match form {
                Form::Curl => curl::write(&outgoing),
                Form::Http => http::write(&outgoing),
                Form::Har => har::write(&outgoing),
                Form::Json => json::write(&outgoing),
            });
        }
    }
    let whole = match form {
        Form::Curl => written.concat(),
        Form::Http => written.join("\n###\n\n"),
        Form::Har => har::wrap(&written),
        Form::Json => json::wrap(&written),
    };
    out.write_all(whole.as_bytes())?;
    out.flush()?;
    Ok(notes)
}

/// Why a part of a request cannot be written.
fn unwritten(request: &Request) -> Option<&'static str> {
    match request.body.kind {
        BodyKind::Multipart => Some("its body has several parts, and is left out"),
        BodyKind::File => Some("its body comes from a file, and is left out"),
        BodyKind::Unknown => Some("its body is not known before run time, and is left out"),
        _ if request.open.headers && request.kind != reqlint_core::model::RequestKind::Url => {
            Some("it may have headers that are not known before run time")
        }
        _ => None,
    }
}

fn outgoing(layers: &Layers<'_>, request: &Request, wire: &WireRequest) -> Outgoing {
    let same = wire.headers.len() == request.headers.len();
    let headers = wire.headers.iter().enumerate().map(|(number, (name, value, _))| {
        let holes = match request.headers.get(number).filter(|_| same) {
            Some(field) => hole_texts(layers, field.value),
            None => Vec::new(),
        };
        (name.clone(), with_holes(value, &holes))
    });
    let body = wire.body.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok());
    let holes_of_body =
        request.body.place.map(|place| hole_texts(layers, place)).unwrap_or_default();
    let glob = |hole: reqlint_core::layer::Hole| hole.kind == HoleKind::Glob;
    Outgoing {
        method: wire.method.clone(),
        url: with_holes(&wire.url, &hole_texts(layers, request.url.whole)),
        headers: headers.collect(),
        body: body.map(|text| with_holes(text, &holes_of_body)),
        globs: layers.holes(request.url.whole).any(glob),
    }
}

/// The holes of a place, as they are written.
fn hole_texts<'l>(layers: &'l Layers<'_>, place: Place) -> Vec<&'l str> {
    let text = layers.text(place);
    layers.holes(place).map(|hole| &text[hole.span.range()]).collect()
}

/// A text in which holes stand in that order.
fn with_holes(text: &str, holes: &[&str]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut rest = text;
    for hole in holes {
        let Some((before, after)) = rest.split_once(hole) else { continue };
        chunks.push(Chunk::Text(before.to_owned()));
        chunks.push(Chunk::Hole((*hole).to_owned()));
        rest = after;
    }
    chunks.push(Chunk::Text(rest.to_owned()));
    chunks.retain(|chunk| *chunk != Chunk::Text(String::new()));
    chunks
}

/// The text of chunks where no shell reads them: its variables become `{{NAME}}`.
pub(crate) fn plain_text(chunks: &[Chunk]) -> String {
    let text = |chunk: &Chunk| match chunk {
        Chunk::Text(text) => text.clone(),
        Chunk::Variable(name) => format!("{{{{{name}}}}}"),
        Chunk::Hole(hole) => match hole.trim_start_matches("${").trim_start_matches('$') {
            name if name.len() < hole.len() && is_name(name.trim_end_matches('}')) => {
                format!("{{{{{}}}}}", name.trim_end_matches('}'))
            }
            _ => hole.clone(),
        },
    };
    chunks.iter().map(text).collect()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
