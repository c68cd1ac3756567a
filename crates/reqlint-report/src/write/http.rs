//! Requests as request lines with headers and body.

use super::outgoing::{Outgoing, plain_text};
use reqlint_core::encode::Chunk;

/// One message, with its line end.
pub(super) fn write(request: &Outgoing) -> String {
    let mut text = format!("{} {}\n", plain_text(&request.method), plain_text(&request.url));
    for (name, value) in &request.headers {
        text.push_str(&format!("{name}: {}\n", plain_text(value)));
    }
    if let Some(body) = request.body() {
        text.push('\n');
        text.push_str(&plain_text(body));
        text.push('\n');
    }
    text
}

/// What the form has no notation for.
pub(super) fn unwritten(request: &Outgoing) -> Option<&'static str> {
    let body = request.body().map(plain_text);
    let odd = |(name, _): &(String, _)| name.trim() != name || name.is_empty();
    let variable = |chunk: &Chunk| matches!(chunk, Chunk::Text(text) if text.contains('$'));
    let texts = request.headers.iter().flat_map(|(_, value)| value).chain(&request.url);
    if texts.chain(request.body().into_iter().flatten()).any(variable) {
        return Some("a `$` in it would be read as a variable in this form");
    }
    match body {
        _ if request.method.is_empty() => Some("it has no method"),
        Some(body) if body.trim() != body || body.is_empty() => {
            Some("white space around its body is not kept in this form")
        }
        Some(body) if body.contains("&\n") || body.contains("\n&") => {
            Some("lines of its body that begin or end with `&` are joined in this form")
        }
        Some(body) if body.contains("\n###") || body.starts_with("###") => {
            Some("its body holds a line that separates requests in this form")
        }
        _ if request.headers.iter().any(odd) => {
            Some("white space around the name of a header is not kept in this form")
        }
        _ if request.body().into_iter().flatten().any(looks_like_variable) => {
            Some("its body holds text that this form takes for a variable")
        }
        _ => None,
    }
}

/// Whether what is meant as text reads as a variable.
fn looks_like_variable(chunk: &Chunk) -> bool {
    let Chunk::Text(text) = chunk else { return false };
    let is_start = |char: char| char.is_ascii_alphabetic() || matches!(char, '_' | '{');
    text.contains("{{") || text.split('$').skip(1).any(|rest| rest.starts_with(is_start))
}
