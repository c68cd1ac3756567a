//! `%NAME%` and `!NAME!`: what cmd replaces before anything else.

use crate::span::Span;

/// Names of variables are short; what is longer stands between two percent signs by chance.
pub(crate) const LONGEST_NAME: usize = 64;

/// The end of the variable that starts with the `%` or `!` at `at`; in a batch file also of the
/// parameters `%1`, `%*` and `%~f1`.
///
/// A name is what people call variables. Percent-encoded bytes such as `%C3%A9` are none,
/// although cmd would replace them if a variable of the name `C3` were set.
pub(super) fn variable_end(bytes: &[u8], at: usize, batch: bool) -> Option<usize> {
    let mark = bytes[at];
    let rest = &bytes[at + 1..];
    if batch && mark == b'%' {
        let modifiers = match rest.first()? {
            b'~' => {
                rest.iter().take(12).skip(1).take_while(|b| b.is_ascii_alphabetic()).count() + 1
            }
            _ => 0,
        };
        if matches!(rest.get(modifiers), Some(b'0'..=b'9' | b'*')) {
            return Some(at + 1 + modifiers + 1);
        }
    }
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'.' | b'-');
    let length = rest.iter().take(LONGEST_NAME).take_while(is_name).count();
    let first = rest.first()?;
    if length == 0 || !(first.is_ascii_alphabetic() || *first == b'_') {
        return None;
    }
    let close = close_of(rest, length, mark)?;
    let is_hex = |bytes: &[u8]| bytes.iter().take(2).filter(|b| b.is_ascii_hexdigit()).count() == 2;
    let encoded = mark == b'%' && is_hex(&rest[..length]) && is_hex(&rest[close + 1..]);
    (!encoded).then_some(at + 1 + close + 1)
}

/// The closing mark after a name of that length, and after `:~0,3` or `:a=b` behind it.
fn close_of(rest: &[u8], length: usize, mark: u8) -> Option<usize> {
    if rest.get(length) == Some(&b':') {
        let edit = rest.iter().take(length + LONGEST_NAME).skip(length);
        let is_inner = |byte: &&u8| !matches!(**byte, b'\n' | b'"' | b'/') && **byte != mark;
        let edit = edit.take_while(is_inner).count();
        let text = &rest[length + 1..length + edit.max(1)];
        let is_edit = text.starts_with(b"~") || text.contains(&b'=');
        return (is_edit && rest.get(length + edit) == Some(&mark)).then_some(length + edit);
    }
    (rest.get(length) == Some(&mark)).then_some(length)
}

/// The variables in a text, in order.
pub(crate) fn find_variables(text: &str, batch: bool) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'%', b'!', &bytes[at..]) {
        let start = at + next;
        at = match variable_end(bytes, start, batch) {
            _ if batch && bytes[start..].starts_with(b"%%") => start + 2,
            Some(end) => {
                found.push(Span::new(start, end));
                end
            }
            None => start + 1,
        };
    }
    found
}
