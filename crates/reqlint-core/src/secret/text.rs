//! Secrets in plain text: by their shape, and by the name that stands before them.

use super::name::{is_credential_field, is_placeholder, is_secret_name};
use crate::span::Span;

/// How far a secret reaches behind its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// To the end of the word.
    Word,
    /// To the quote that closes it, or the end of the line.
    Line,
}

/// How well-known credentials start, and how long the rest is at least.
const SHAPES: [(&str, usize); 34] = [
    ("wh_", 8),
    ("whk_", 8),
    ("whsec_", 8),
    ("sk_live_", 8),
    ("sk_test_", 8),
    ("pk_live_", 8),
    ("pk_test_", 8),
    ("rk_live_", 8),
    ("rk_test_", 8),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghu_", 16),
    ("ghs_", 16),
    ("ghr_", 16),
    ("github_pat_", 16),
    ("glpat-", 12),
    ("xoxb-", 8),
    ("xoxp-", 8),
    ("xoxa-", 8),
    ("xoxr-", 8),
    ("xoxs-", 8),
    ("xapp-", 8),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("sk-", 20),
    ("SG.", 20),
    ("shpat_", 16),
    ("shpss_", 16),
    ("npm_", 20),
    ("hf_", 16),
    ("dop_v1_", 16),
    ("ya29.", 16),
    ("eyJ", 16),
];

/// The secrets in a text, unsorted.
pub(super) fn find_in_text(text: &str, reach: Reach) -> Vec<Span> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(bytes[at]) {
            at += 1;
            continue;
        }
        let word = word_at(bytes, at);
        at = word.end();
        found.extend(by_shape(text, word));
        if let Some(value) = by_name(text, word, reach) {
            found.push(value);
            // No byte is read twice as the rest of a line.
            at = at.max(value.end());
        }
    }
    found.extend(passwords_in_urls(bytes));
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn word_at(bytes: &[u8], start: usize) -> Span {
    let length = bytes[start..].iter().take_while(|byte| is_word(**byte)).count();
    Span::new(start, start + length)
}

/// The word itself, if it is shaped like a key.
fn by_shape(text: &str, word: Span) -> Option<Span> {
    if word.len() < 11 {
        return None;
    }
    // What hangs on in front is a dash of an option, or a dot.
    let inner = text[word.range()].trim_start_matches(['-', '.', '_']);
    let first = *inner.as_bytes().first()?;
    let shaped = SHAPES.iter().any(|(start, least)| {
        start.as_bytes()[0] == first
            && inner.starts_with(start)
            && inner.len() >= start.len() + least
            && (inner.bytes().any(|byte| byte.is_ascii_digit()) || inner.len() >= 32)
    });
    (shaped && !is_placeholder(inner)).then(|| Span::new(word.end() - inner.len(), word.end()))
}

/// The value behind the word, if that is the name of a secret, a scheme or `-u`; not where its
/// first word is a placeholder.
fn by_name(text: &str, word: Span, reach: Reach) -> Option<Span> {
    let (start, reach) = value_start(text, word, reach)?;
    let head = value_at(text, start, Reach::Word);
    if is_placeholder(&text[head.range()]) {
        return None;
    }
    Some(if reach == Reach::Word { head } else { value_at(text, start, reach) })
}

fn value_start(text: &str, word: Span, reach: Reach) -> Option<(usize, Reach)> {
    let name = &text[word.range()];
    match text.as_bytes().get(word.end())? {
        b' ' if name.eq_ignore_ascii_case("bearer") || name.eq_ignore_ascii_case("basic") => {
            let value = value_at(text, word.end() + 1, Reach::Word);
            let has_digit = text[value.range()].bytes().any(|byte| byte.is_ascii_digit());
            (value.len() >= 16 || (value.len() >= 8 && has_digit))
                .then_some((value.start(), Reach::Word))
        }
        b' ' if matches!(name, "-u" | "--user" | "--proxy-user" | "-U") => {
            let value = value_at(text, word.end(), Reach::Word);
            let colon = text[value.range()].find(':')?;
            Some((value.start() + colon + 1, Reach::Word))
        }
        b' ' if name == "--oauth2-bearer" => Some((word.end(), Reach::Word)),
        b':' | b'=' | b'"' | b'\'' | b' ' | b'%' | b'\\' => {
            let value = text.as_bytes()[word.end()..].iter();
            // Only now is it worth to look at the name.
            let separator = separator_length(text.as_bytes(), word.end())?;
            let start = word.end() + separator;
            let value_length = value.skip(separator).take_while(|byte| is_word(**byte)).count();
            is_secret_name(name, value_length).then(|| {
                let reach = if text.as_bytes()[start - 1] == b'=' { Reach::Word } else { reach };
                let scheme =
                    if is_credential_field(name) { scheme_length(&text[start..]) } else { 0 };
                (start + scheme, reach)
            })
        }
        _ => None,
    }
}

/// The length of what is between a name and its value: `: `, `=`, `": "`, `\": \"`.
fn separator_length(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = &bytes[start..];
    let skip = |at: usize| {
        at + rest[at..]
            .iter()
            .take(8)
            .take_while(|b| matches!(b, b' ' | b'"' | b'\'' | b'\\'))
            .count()
    };
    let sign = skip(0);
    match rest.get(sign)? {
        b':' => Some(skip(sign + 1)),
        b'=' => Some(sign + 1),
        _ => None,
    }
}

/// The length of `Bearer ` at the start of a text.
fn scheme_length(text: &str) -> usize {
    let word = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let gap = text[word..].bytes().take_while(|byte| *byte == b' ').count();
    if word > 0 && gap > 0 { word + gap } else { 0 }
}

/// The value that starts at `start`, up to a hole, a quote, or as far as it reaches.
fn value_at(text: &str, start: usize, reach: Reach) -> Span {
    let start =
        start + text[start..].bytes().take_while(|b| matches!(b, b' ' | b'"' | b'\'')).count();
    let is_end = |byte: u8| match byte {
        b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'$' | b'<' | b'\\' => true,
        b' ' | b'\t' | b'&' | b',' | b'}' | b')' | b';' | b'|' => reach == Reach::Word,
        _ => false,
    };
    let length = text[start..].bytes().take_while(|byte| !is_end(*byte)).count();
    // A placeholder in double braces is no value.
    let length = text[start..start + length].find("{{").unwrap_or(length);
    Span::new(start, start + text[start..start + length].trim_end().len())
}

/// The passwords in `scheme://user:password@host`.
fn passwords_in_urls(bytes: &[u8]) -> Vec<Span> {
    let mut found = Vec::new();
    for start in memchr::memmem::find_iter(bytes, b"://").map(|at| at + 3) {
        let is_inner =
            |byte: &&u8| !matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'$' | 0..=b' ');
        let length = bytes[start..].iter().take_while(is_inner).count();
        let authority = &bytes[start..start + length];
        if let Some(sign) = memchr::memrchr(b'@', authority)
            && let Some(colon) = memchr::memchr(b':', &authority[..sign])
        {
            found.push(Span::new(start + colon + 1, start + sign));
        }
    }
    found
}
