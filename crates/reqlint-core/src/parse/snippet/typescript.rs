//! What TypeScript writes into calls and expressions beyond JavaScript: `get<Item[]>(…)`, `key!`, `x as T`.
//!
//! The grammar is that of JavaScript, which recovers from types in declarations, but takes those for
//! comparisons. So they are blanks for it; every byte stays where it is.

use std::borrow::Cow;

/// No type is longer.
const LONGEST: usize = 1000;

/// The text with blanks in place of type arguments, `!` and `as`.
pub(super) fn without_types(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut plain: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(next) = memchr::memchr3(b'<', b'!', b' ', &bytes[at..]) {
        let start = at + next;
        let end = match bytes[start] {
            b'<' => type_arguments(bytes, start),
            b'!' => assertion(bytes, start),
            _ => conversion(bytes, start),
        };
        at = end.unwrap_or(start + 1);
        if end.is_some() {
            plain.get_or_insert_with(|| bytes.to_vec())[start..at].fill(b' ');
        }
    }
    match plain.map(String::from_utf8) {
        Some(Ok(plain)) => Cow::Owned(plain),
        // Types are ASCII, so no character is cut.
        Some(Err(_)) | None => Cow::Borrowed(text),
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

/// Whether a byte may stand in a type.
fn is_of_type(byte: u8) -> bool {
    is_name(byte) || matches!(byte, b' ' | b',' | b'.' | b'[' | b']' | b'|' | b'&' | b'"' | b'\'')
}

/// The end of type arguments between a name and the arguments of its call.
fn type_arguments(bytes: &[u8], start: usize) -> Option<usize> {
    let before = *bytes.get(start.checked_sub(1)?)?;
    if !is_name(before) {
        return None;
    }
    let end = type_end(bytes, start)?;
    (bytes.get(end) == Some(&b'(')).then_some(end)
}

/// The end of `<…>`, in which pairs of brackets may be nested.
fn type_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0;
    for (length, byte) in bytes[start..].iter().take(LONGEST).enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' => depth -= 1,
            byte if is_of_type(*byte) => {}
            _ => return None,
        }
        if depth == 0 {
            return Some(start + length + 1);
        }
    }
    None
}

/// The end of a `!` that says that a value is there.
fn assertion(bytes: &[u8], start: usize) -> Option<usize> {
    let before = *bytes.get(start.checked_sub(1)?)?;
    let after = bytes.get(start + 1).copied().unwrap_or(b'\n');
    let is_value = is_name(before) || matches!(before, b')' | b']');
    let is_end = matches!(after, b',' | b'.' | b';' | b')' | b']' | b'}' | b' ' | b'\n' | b'\r');
    let is_comparison = after == b' ' && bytes.get(start + 2) == Some(&b'=');
    (is_value && is_end && !is_comparison).then_some(start + 1)
}

/// The end of ` as Type`.
fn conversion(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes[start..].strip_prefix(b" as ")?;
    let before = *bytes.get(start.checked_sub(1)?)?;
    if !(is_name(before) || matches!(before, b'}' | b')' | b']' | b'"' | b'\'' | b'`')) {
        return None;
    }
    let name = rest.iter().take_while(|byte| is_name(**byte) || **byte == b'.').count();
    let mut end = start + 4 + name;
    if bytes.get(end) == Some(&b'<') {
        end = type_end(bytes, end)?;
    }
    while bytes.get(end..).is_some_and(|rest| rest.starts_with(b"[]")) {
        end += 2;
    }
    // Names are brought in with `import { a as b }`, too.
    let line = bytes[..start].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = bytes[line..start].trim_ascii_start();
    let is_import = line.starts_with(b"import") || line.starts_with(b"export");
    (name > 0 && !is_import).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::without_types;

    #[test]
    fn types_are_blanks_and_all_else_stays() {
        for (text, plain) in [
            ("axios.get<Item[]>(url)", "axios.get        (url)"),
            ("f<Map<string, A.B>>(1)", "f                  (1)"),
            ("call({ a: key!, b: x! })", "call({ a: key , b: x  })"),
            (
                "f({} as Query, y as Record<string, string>[])",
                "f({}         , y                            )",
            ),
            ("import { a as b } from 'c'", "import { a as b } from 'c'"),
            ("if (a < b && c > (d)) x != y", "if (a < b && c > (d)) x != y"),
            ("a ! = b; !x; 'no as such'", "a ! = b; !x; 'no        '"),
        ] {
            assert_eq!(without_types(text), plain);
            assert_eq!(without_types(text).len(), text.len());
        }
    }
}
