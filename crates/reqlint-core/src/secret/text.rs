//! Secrets in plain text: by their shape, and by the name that stands before them.

use super::cookie_value;
use super::name::{is_credential_field, is_placeholder, is_secret_name, is_weak};
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
        let word = word_at(bytes, at);
        if word.is_empty() {
            at += 1;
            continue;
        }
        at = word.end();
        found.extend(by_shape(text, word));
        if let Some(value) = by_name(text, word, reach) {
            found.push(value);
            // No byte is read twice as the rest of a line.
            at = at.max(value.end());
        }
    }
    found.extend(private_keys(text));
    found.extend(passwords_in_urls(bytes));
    found.extend(tokens_in_paths(text));
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Letters of other alphabets than the Latin one that UTF-8 writes in two bytes belong to it.
fn word_at(bytes: &[u8], start: usize) -> Span {
    let mut end = start;
    loop {
        match bytes[end..] {
            [byte, ..] if is_word(byte) => end += 1,
            [0xc3..=0xdf, 0x80..=0xbf, ..] => end += 2,
            _ => return Span::new(start, end),
        }
    }
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

/// What stands between the braces of a placeholder, if it is no name but a value: letters and
/// digits in turn.
pub(super) fn typed_value(hole: &str) -> Option<Span> {
    let is_brace = |char: char| matches!(char, '{' | '}' | '<' | '>' | '[' | ']');
    let start = hole.len() - hole.trim_start_matches(is_brace).len();
    let inner = hole[start..].trim_end_matches(is_brace);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let bytes = inner.as_bytes();
    let starts =
        bytes.windows(2).filter(|pair| pair[0].is_ascii_alphabetic() && pair[1].is_ascii_digit());
    let is_value = start > 0 && inner.len() >= 16 && bytes.iter().all(|byte| is_plain(*byte));
    (is_value && starts.count() >= 3).then(|| Span::new(start, start + inner.len()))
}

/// The value behind the word, if that is the name of a secret, a scheme or `-u`; not where its
/// first word is a placeholder.
fn by_name(text: &str, word: Span, reach: Reach) -> Option<Span> {
    let (start, reach) = value_start(text, word, reach)?;
    let head = value_at(text, start, Reach::Word);
    if is_placeholder(&text[head.range()]) || is_scheme(&text[head.range()]) {
        return None;
    }
    // A value between quotes ends at the closing one.
    let quoted = text[..head.start()].ends_with(['"', '\'']);
    let value = match reach == Reach::Word && !quoted {
        true => head,
        false => value_at(text, start, Reach::Line),
    };
    // A bracket that opens a list says nothing.
    if value.len() < 3 && !text[value.range()].contains(char::is_alphanumeric) {
        return None;
    }
    // The name of a cookie is none; where there are several, requests know them.
    if !text[word.range()].eq_ignore_ascii_case("cookie") {
        return Some(value);
    }
    let pair = &text[head.range()];
    // Quotes that are closed for a variable: `'a='"$A"`.
    let rest = &text[head.end()..];
    let has_variable = ["$", "'\"$", "{{"].iter().any(|start| rest.starts_with(start));
    let is_name = pair.ends_with('=') && !pair.ends_with("==");
    (!has_variable || !is_name).then(|| Span::new(value.start() + cookie_value(pair), value.end()))
}

fn value_start(text: &str, word: Span, reach: Reach) -> Option<(usize, Reach)> {
    let name = &text[word.range()];
    let next = *text.as_bytes().get(word.end())?;
    if matches!(next, b' ' | b'=' | b':')
        && name.starts_with('-')
        && let Some(start) = option_value(text, word, next)
    {
        return Some((start, Reach::Word));
    }
    if matches!(next, b' ' | b'"' | b'\'')
        && let Some(start) = without_colon(text, word, reach)
    {
        return Some((start, Reach::Word));
    }
    match next {
        b';' if name.eq_ignore_ascii_case("cookie") => Some((word.end() + 1, reach)),
        b'>' => in_element(text, word).map(|start| (start, Reach::Line)),
        b':' | b'=' | b'"' | b'\'' | b' ' | b'%' | b'\\' => {
            // Only now is it worth to look at the name.
            let separator = separator_length(text.as_bytes(), word.end())?;
            let start = word.end() + separator;
            let sign = text[word.end()..start].find([':', '=']).unwrap_or_default();
            let is_assigned = text[word.end() + sign..].starts_with('=');
            if reach == Reach::Line && sign == 0 && !is_assigned && is_weak(name) {
                return None;
            }
            // Enough of the value to judge it.
            let near = &text[..text.floor_char_boundary(start + 64)];
            let value = value_at(near, start.min(near.len()), Reach::Word);
            is_secret_name(name, &near[value.range()]).then(|| {
                let reach = if is_assigned { Reach::Word } else { reach };
                let scheme =
                    if is_credential_field(name) { scheme_length(&text[start..]) } else { 0 };
                (start + scheme, reach)
            })
        }
        _ => None,
    }
}

/// Where the secret starts that is all of an XML element: `<password>secret</password>`.
fn in_element(text: &str, word: Span) -> Option<usize> {
    let name = &text[word.range()];
    // A prefix may stand before the name.
    let before = &text[..word.start()];
    let prefix =
        before.strip_suffix(':').map(|before| before.trim_end_matches(char::is_alphanumeric));
    let opens = prefix.unwrap_or(before).ends_with('<');
    let start = word.end() + 1;
    let end = start + text[start..].find('<').filter(|length| *length <= 4096)?;
    let closes = |rest: &str| {
        let closing = rest.split('>').next().unwrap_or_default();
        closing.rsplit(':').next() == Some(name)
    };
    let is_element = opens && text[end..].strip_prefix("</").is_some_and(closes);
    let value = text[start..end].trim();
    (is_element && !value.is_empty() && !is_weak(name) && is_secret_name(name, value))
        .then_some(start)
}

/// Whether a word is what stands before a credential.
fn is_scheme(word: &str) -> bool {
    ["bearer", "basic", "token"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

/// Where the secret of an option's argument starts.
fn option_value(text: &str, word: Span, next: u8) -> Option<usize> {
    let name = &text[word.range()];
    let start = word.end() + 1;
    let is_glued = next == b':' && ["-u", "-U", "-E"].iter().any(|short| name.starts_with(short));
    if is_glued {
        let follows = text.as_bytes().get(start).is_some_and(|byte| !byte.is_ascii_whitespace());
        return (name.len() > 2 && follows).then_some(start);
    }
    if next == b':' || (next == b'=' && !name.starts_with("--")) {
        return None;
    }
    let like = |known: &str| {
        name == known
            || (name.len() >= 5
                && name.len().abs_diff(known.len()) <= 2
                && strsim::osa_distance(name, known) <= 2)
    };
    let is_whole = ["--pass", "--proxy-pass", "--tlspassword", "--proxy-tlspassword"];
    if is_whole.contains(&name) || like("--oauth2-bearer") {
        return Some(start);
    }
    let pairs = ["-u", "-U", "-E", "--cert", "--proxy-cert", "-a", "--auth"];
    if pairs.contains(&name) || like("--user") || like("--proxy-user") {
        let value = value_at(text, start, Reach::Word);
        let pair = &text[value.range()];
        let colon = pair.find(':').filter(|_| !pair.contains("://"))?;
        return Some(value.start() + colon + 1);
    }
    None
}

/// Where the secret starts behind a scheme or the name of a field that lacks its colon:
/// `Bearer abc`, `X-API-Key abc`, `"X-API-Key" "abc"`.
fn without_colon(text: &str, word: Span, reach: Reach) -> Option<usize> {
    let name = &text[word.range()];
    let is_bearer = is_scheme(name) && !name.eq_ignore_ascii_case("token");
    let is_field = is_credential_field(name)
        || (name.contains('-') && !name.starts_with('-') && is_secret_name(name, ""));
    if !is_bearer && !is_field {
        return None;
    }
    let gap = text.as_bytes()[word.end()..].iter().take(4);
    let gap = gap.take_while(|byte| matches!(byte, b' ' | b'"' | b'\'')).count();
    let start = word.end() + gap;
    if !text[word.end()..start].contains(' ') {
        return None;
    }
    let mut value = value_at(text, start, Reach::Word);
    if is_field && is_scheme(&text[value.range()]) {
        value = value_at(text, value.end(), Reach::Word);
    }
    let word = text[value.range()].trim_end_matches(['.', ',', ':']);
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let is_lower = word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_secret = match (is_bearer, reach) {
        (true, _) => word.len() >= 16 || (word.len() >= 8 && has_digit),
        (false, Reach::Word) => word.len() >= 4 && !is_lower,
        (false, Reach::Line) => word.len() >= 6 && (has_digit || word.len() >= 16),
    };
    let other = word.contains("://") || word.starts_with('-') || word.contains('=');
    (is_secret && !other).then_some(value.start())
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
        // The first of a list, too.
        b':' => {
            let start = skip(sign + 1);
            Some(if rest.get(start) == Some(&b'[') { skip(start + 1) } else { start })
        }
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

/// What stands between the marks of a private key (RFC 7468), in several lines or in one with their
/// ends escaped; of one that is cut off, all that may be a part of it.
fn private_keys(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for mark in memchr::memmem::find_iter(text.as_bytes(), b"-----BEGIN ") {
        let label = &text[mark + 11..];
        let Some(length) = label.find("-----").filter(|length| *length <= 40) else { continue };
        if !label[..length].ends_with("PRIVATE KEY") && !label[..length].ends_with("KEY BLOCK") {
            continue;
        }
        let start = mark + 11 + length + 5;
        let is_inner = |char: char| {
            char.is_ascii_alphanumeric() || char.is_ascii_whitespace() || "+/=\\:,-".contains(char)
        };
        let rest = &text[start..];
        let most = rest.find(|char| !is_inner(char)).unwrap_or(rest.len());
        let end = rest[..most].find("-----END").unwrap_or(most);
        found.push(Span::new(start, start + rest[..end].trim_end().len()));
    }
    found
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

/// What stands for a password in the path of a web hook: `hooks.slack.com/services/…`,
/// `/bot123:…/`.
fn tokens_in_paths(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let inner = |start: usize| {
        let is_inner =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b':');
        bytes[start..].iter().take_while(is_inner).count()
    };
    let mut found = Vec::new();
    let hooks = ["hooks.slack.com/services/", "discord.com/api/webhooks/"];
    for hook in hooks {
        for at in memchr::memmem::find_iter(bytes, hook) {
            let mut end = at + hook.len();
            loop {
                end += inner(end);
                match bytes.get(end) {
                    Some(b'/') => end += 1,
                    _ => break,
                }
            }
            found.push(Span::new(at + hook.len(), end));
        }
    }
    for at in memchr::memmem::find_iter(bytes, "/bot") {
        let start = at + 4;
        let token = Span::new(start, start + inner(start));
        let is_telegram = text[..at].ends_with("api.telegram.org");
        let is_token = text[token.range()].split_once(':').is_some_and(|(number, rest)| {
            number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit()) && rest.len() >= 8
        });
        if is_token || (is_telegram && !is_placeholder(&text[token.range()])) {
            found.push(token);
        }
    }
    found
}
