//! What stands in a text: whether it looks like requests, and which JSON it is.

use crate::layer::{Layers, Place};
use crate::model::{JsonKind, JsonValue, Kind, RequestKind};
use crate::parse::access_log::is_log_line;
use crate::parse::client::{Client, is_httpie};
use crate::parse::har::looks_like_har;
use crate::parse::http::is_request_line;
use crate::parse::json::parse_json;
use crate::parse::lines::{is_target, lines, without_comment};
use crate::span::Span;

/// Names that a JSON object has if it is a request.
const URL_NAMES: [&str; 5] = ["url", "uri", "baseURL", "baseUrl", "input"];

/// What stands in every text that holds a request.
const MARKS: [&[u8]; 13] = [
    b"://", b"curl", b"wget", b"http ", b"Invoke-", b"iwr ", b"irm ", b"HTTP/", b"fetch(",
    b"axios", b"openapi", b"https.", b"http.",
];

/// Whether a file that was found by walking a folder holds requests: such files are only parsed
/// if there is little doubt, since folders are full of JSON that is something else.
pub fn looks_like_requests(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Json => looks_like_objects(text),
        Kind::Ndjson => {
            let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.next().is_some_and(looks_like_objects) || holds_records(text)
        }
        Kind::Har => looks_like_har(text),
        Kind::AccessLog => log_kind(text).is_some(),
        Kind::Shell | Kind::Cmd | Kind::PowerShell | Kind::Fish | Kind::Transcript => {
            text.lines().any(is_command_line)
        }
        Kind::Http => text.lines().any(|line| {
            is_request_line(line) || (!is_blank_or_comment(line) && is_target(line.trim()))
        }),
        kind if kind.is_host() => {
            let has = |mark: &&[u8]| memchr::memmem::find(text.as_bytes(), mark).is_some();
            MARKS.iter().any(has) && !crate::parse::parse(text, kind).requests.is_empty()
        }
        Kind::Urls => lines(text, Span::new(0, text.len()))
            .any(|line| is_target(&text[without_comment(text, line).range()])),
        Kind::Hurl => text.lines().any(crate::parse::collection::hurl::is_entry_line),
        _ => true,
    }
}

/// Whether one of the first lines records a request.
fn holds_records(text: &str) -> bool {
    let end = memchr::memchr_iter(b'\n', text.as_bytes()).nth(FIRST_LINES).unwrap_or(text.len());
    let document = crate::parse::parse(&text[..end], Kind::Ndjson);
    document.requests.iter().any(|request| request.kind == RequestKind::Entry)
}

/// What the lines of a log are: those of a server, or JSON.
pub(super) fn log_kind(text: &str) -> Option<(Kind, &'static str)> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    if lines.clone().next()?.starts_with('{') {
        return Some((Kind::Ndjson, "JSON objects, one a line"));
    }
    let is_log = lines.by_ref().take(FIRST_LINES).any(is_log_line);
    is_log.then_some((Kind::AccessLog, "lines of an access log"))
}

/// So many lines tell what a log is.
const FIRST_LINES: usize = 20;

fn looks_like_objects(text: &str) -> bool {
    let has_name = |name: &&str| memchr::memmem::find(text.as_bytes(), name.as_bytes()).is_some();
    if !URL_NAMES.iter().any(has_name) && !has_name(&"://") && !has_name(&"curl") {
        return false;
    }
    let mut layers = Layers::new(text);
    let start = if text.starts_with(crate::parse::BYTE_ORDER_MARK) { 3 } else { 0 };
    let all = Place::root(Span::new(start, text.len()));
    let (value, _) = parse_json(&mut layers, all, &mut Vec::new());
    value.is_some_and(|value| is_request(&layers, &value))
}

fn is_request(layers: &Layers<'_>, value: &JsonValue) -> bool {
    match value.kind {
        JsonKind::Object => {
            let is_url = |name: &&str| {
                value.member(layers, name).is_some_and(|member| {
                    member.value.kind == JsonKind::String
                        && is_target(layers.text(member.value.text))
                })
            };
            let inner = ["requests", "request"].iter().find_map(|name| value.member(layers, name));
            URL_NAMES.iter().any(is_url)
                || inner.is_some_and(|member| is_request(layers, &member.value))
        }
        JsonKind::Array => match value.items.as_slice() {
            [url, options] if is_call(layers, url, options) => true,
            items if crate::parse::argv::arguments(layers, items).is_some() => true,
            items => items.first().is_some_and(|item| is_request(layers, item)),
        },
        _ => false,
    }
}

/// Whether two values are the arguments of `fetch`.
pub(crate) fn is_call(layers: &Layers<'_>, url: &JsonValue, options: &JsonValue) -> bool {
    url.kind == JsonKind::String
        && options.kind == JsonKind::Object
        && (is_target(layers.text(url.text)) || layers.has_hole(url.text))
}

/// The kind of a JSON text that is more than a request object, and what tells it.
pub(super) fn json_kind(text: &str) -> Option<(Kind, &'static str)> {
    let has = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    if has("schema.getpostman.com") || has("\"_postman_id\"") && has("\"item\"") {
        return Some((Kind::Postman, "a collection of Postman"));
    }
    if has("\"__export_format\"") && has("\"resources\"") {
        return Some((Kind::Insomnia, "an export of Insomnia"));
    }
    if has("\"opencollection\"") && has("\"items\"") {
        return Some((Kind::Bruno, "a collection of Bruno"));
    }
    if looks_like_har(text) {
        return Some((Kind::Har, "an HTTP archive"));
    }
    if (has("\"openapi\"") || has("\"swagger\"")) && has("\"paths\"") {
        return Some((Kind::OpenApi, "a description of OpenAPI"));
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_object = |line: &str| line.starts_with('{') && line.ends_with('}');
    let first = lines.next().is_some_and(is_object);
    (first && lines.next().is_some_and(|line| line.starts_with('{')))
        .then_some((Kind::Ndjson, "JSON objects, one a line"))
}

/// The kind of a YAML text that says itself what it is, and what tells it.
pub(super) fn yaml_kind(text: &str) -> Option<(Kind, &'static str)> {
    let is_collection = |line: &str| line.starts_with("type: collection.insomnia.rest/");
    if text.lines().take(20).any(is_collection) {
        return Some((Kind::Insomnia, "a collection of Insomnia"));
    }
    if crate::parse::collection::is_opencollection(text) {
        return Some((Kind::Bruno, "a request or a collection of Bruno"));
    }
    let is_version = |line: &str| line.starts_with("openapi:") || line.starts_with("swagger:");
    let found = text.lines().take(50).any(is_version);
    found.then_some((Kind::OpenApi, "a description of OpenAPI"))
}

pub(super) fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

pub(super) fn is_blank_or_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line.starts_with("//") || line.starts_with('@')
}

/// Whether a line of shell text sends a request.
pub(crate) fn is_command_line(line: &str) -> bool {
    is_curl_line(line) || crate::parse::dialect::is_windows_line(line)
}

/// Whether a line of shell text calls curl, after a prompt and assignments.
fn is_curl_line(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| {
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
        };
        matches!(*word, "$" | "%" | ">" | "#" | "sudo" | "time" | "env" | "exec" | "command")
            || word.split_once('=').is_some_and(|(name, _)| is_name(name))
    });
    let program = words.next().unwrap_or_default();
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    let next = words.next();
    match Client::named(name) {
        Some(Client::Httpie { .. }) => next.is_some_and(is_httpie) && name == program,
        named => named.is_some() && next.is_some(),
    }
}
