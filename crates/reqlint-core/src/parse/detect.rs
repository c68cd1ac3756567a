//! Which kind a text is, by its name and its first lines.

use super::http::is_request_line;
use super::json::parse_json;
use super::lines::{is_target, lines, without_comment};
use crate::layer::{Layers, Place};
use crate::model::{JsonKind, JsonValue, Kind};
use crate::span::Span;

/// Names that a JSON object has if it is a request.
const URL_NAMES: [&str; 5] = ["url", "uri", "baseURL", "baseUrl", "input"];

/// The kind that a text most likely is, by its file name (the last part of its path, if it has
/// one) and its first bytes. None where nothing in it looks like a request.
pub fn detect(name: Option<&str>, text: &str) -> Option<Kind> {
    let extension = name.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    match extension.unwrap_or_default().to_ascii_lowercase().as_str() {
        "json" => Some(json_kind(text)),
        "ndjson" | "jsonl" => Some(Kind::Ndjson),
        "http" | "rest" => Some(Kind::Http),
        "sh" | "bash" | "zsh" | "curl" => Some(Kind::Shell),
        "bat" | "cmd" => Some(Kind::Cmd),
        "ps1" => Some(Kind::PowerShell),
        "fish" => Some(Kind::Fish),
        "url" | "urls" => Some(Kind::Urls),
        "txt" | "text" | "" => detect_by_content(text),
        // The part after the last dot of a name like `request.v2` says nothing.
        _ if name.is_some_and(|name| name.contains('.')) => None,
        _ => detect_by_content(text),
    }
}

fn detect_by_content(text: &str) -> Option<Kind> {
    let text = text.strip_prefix(super::BYTE_ORDER_MARK).unwrap_or(text);
    let content = text.trim_start();
    let is_placeholder = content.starts_with("{{") || is_target(first_word(content));
    if content.starts_with('[') || (content.starts_with('{') && !is_placeholder) {
        return Some(json_kind(text));
    }
    if text.lines().any(is_command_line) {
        return Some(Kind::Shell);
    }
    let first = text.lines().map(str::trim).find(|line| !is_blank_or_comment(line))?;
    if is_request_line(first) {
        return Some(Kind::Http);
    }
    is_target(first_word(first)).then_some(Kind::Urls)
}

/// Whether a file that was found by walking a folder holds requests: such files are only parsed
/// if there is little doubt, since folders are full of JSON that is something else.
pub fn looks_like_requests(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Json => looks_like_objects(text),
        Kind::Ndjson => {
            let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.next().is_some_and(looks_like_objects)
        }
        Kind::Shell | Kind::Cmd | Kind::PowerShell | Kind::Fish => {
            text.lines().any(is_command_line)
        }
        Kind::Http => text.lines().any(|line| {
            is_request_line(line) || (!is_blank_or_comment(line) && is_target(line.trim()))
        }),
        Kind::Urls => lines(text, Span::new(0, text.len()))
            .any(|line| is_target(&text[without_comment(text, line).range()])),
    }
}

fn looks_like_objects(text: &str) -> bool {
    let has_name = |name: &&str| memchr::memmem::find(text.as_bytes(), name.as_bytes()).is_some();
    if !URL_NAMES.iter().any(has_name) && !has_name(&"://") && !has_name(&"curl") {
        return false;
    }
    let mut layers = Layers::new(text);
    let start = if text.starts_with(super::BYTE_ORDER_MARK) { 3 } else { 0 };
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
            items if super::argv::arguments(layers, items).is_some() => true,
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

fn json_kind(text: &str) -> Kind {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_object = |line: &str| line.starts_with('{') && line.ends_with('}');
    let first = lines.next().is_some_and(is_object);
    if first && lines.next().is_some_and(|line| line.starts_with('{')) {
        Kind::Ndjson
    } else {
        Kind::Json
    }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn is_blank_or_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line.starts_with("//") || line.starts_with('@')
}

/// Whether a line of shell text sends a request.
fn is_command_line(line: &str) -> bool {
    is_curl_line(line) || super::dialect::is_windows_line(line)
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
    matches!(name, "curl" | "curl.exe") && words.next().is_some()
}
