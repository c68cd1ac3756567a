//! Lines of a text, with their bytes.

use super::body::trim;
use crate::span::Span;

/// The lines in `region` of a text, without their ends (LF or CRLF), as spans of the text.
pub(crate) fn lines(text: &str, region: Span) -> impl Iterator<Item = Span> + '_ {
    let bytes = &text.as_bytes()[..region.end()];
    let mut start = region.start();
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        let rest = &bytes[start..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest[..length].strip_suffix(b"\r").unwrap_or(&rest[..length]);
        let span = Span::new(start, start + line.len());
        start += length + 1;
        Some(span)
    })
}

/// The line without white space around it, and without a comment that follows white space.
pub(crate) fn without_comment(text: &str, line: Span) -> Span {
    let bytes = text[line.range()].as_bytes();
    let starts_comment = |at: &usize| *at == 0 || bytes[at - 1].is_ascii_whitespace();
    let end = memchr::memchr_iter(b'#', bytes).find(starts_comment).unwrap_or(bytes.len());
    trim(text.as_bytes(), Span::new(line.start(), line.start() + end))
}

/// Whether a word can be a request's target: an absolute URL, a path, a host with a dot or a
/// port, or something that starts with a placeholder.
pub(crate) fn is_target(word: &str) -> bool {
    let host = word.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = |host: &str| {
        let name = host.rsplit('@').next().unwrap_or_default();
        let labels = name.split(':').next().unwrap_or_default();
        let known = labels == "localhost" || name.len() > labels.len() + 1;
        let dotted = labels.contains('.') && !labels.starts_with('.') && !labels.ends_with('.');
        let is_inner = |char: char| char.is_alphanumeric() || matches!(char, '-' | '.' | '_' | '%');
        (known || dotted) && labels.chars().all(is_inner)
    };
    match word.as_bytes() {
        [b'/', ..] | [b'{', b'{', ..] | [b'$', b'{' | b'A'..=b'Z' | b'_', ..] => true,
        [b'{' | b'<', ..] => super::placeholder::leading_placeholder(word.as_bytes()).is_some(),
        _ => has_scheme(word) || is_host(host),
    }
}

/// Whether a word starts with `scheme://`.
pub(crate) fn has_scheme(word: &str) -> bool {
    let is_inner = |char: char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.');
    word.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|char: char| char.is_ascii_alphabetic()) && scheme.chars().all(is_inner)
    })
}
