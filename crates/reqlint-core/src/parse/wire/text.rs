//! Texts in the form in which curl sends them: paths, addresses, names of parts, base64.

/// A name between quotes: escaped as HTML says, or with backslashes for `--form-escape`.
pub(super) fn quote_name(name: &str, backslashes: bool) -> String {
    let mut quoted = String::with_capacity(name.len());
    for char in name.chars() {
        match char {
            '"' | '\\' if backslashes => {
                quoted.push('\\');
                quoted.push(char);
            }
            '"' if !backslashes => quoted.push_str("%22"),
            '\r' if !backslashes => quoted.push_str("%0D"),
            '\n' if !backslashes => quoted.push_str("%0A"),
            char => quoted.push(char),
        }
    }
    quoted
}

/// The media type that curl takes a file of that name to have.
pub(super) fn type_of_name(name: &str) -> Option<&'static str> {
    const TYPES: [(&str, &str); 10] = [
        (".gif", "image/gif"),
        (".jpg", "image/jpeg"),
        (".jpeg", "image/jpeg"),
        (".png", "image/png"),
        (".svg", "image/svg+xml"),
        (".txt", "text/plain"),
        (".htm", "text/html"),
        (".html", "text/html"),
        (".pdf", "application/pdf"),
        (".xml", "application/xml"),
    ];
    let name = name.to_ascii_lowercase();
    TYPES.iter().find(|(end, _)| name.ends_with(end)).map(|(_, media)| *media)
}

/// Spaces as curl writes them; in a path, what is not ASCII is percent-encoded, too.
pub(super) fn encode(written: &mut String, text: &str, path: bool) {
    for char in text.chars() {
        match char {
            ' ' => written.push_str("%20"),
            _ if char.is_ascii() || !path => written.push(char),
            _ => {
                for byte in char.encode_utf8(&mut [0; 4]).bytes() {
                    written.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
}

/// `127.1` and `0x7f000001` in four numbers, as curl normalizes them.
pub(super) fn whole_address(host: &str) -> Option<String> {
    let mut numbers = Vec::new();
    for part in host.split('.') {
        let number = match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None if part.len() > 1 && part.starts_with('0') => u32::from_str_radix(&part[1..], 8),
            None if part.starts_with('+') => return None,
            None => part.parse(),
        };
        numbers.push(number.ok()?);
    }
    let (last, first) = numbers.split_last()?;
    let room = 4_usize.checked_sub(first.len()).filter(|room| *room > 0)?;
    let fits = room == 4 || *last < 1 << (8 * room);
    if !fits || first.iter().any(|number| *number > 255) {
        return None;
    }
    let mut address = *last;
    for (index, number) in first.iter().enumerate() {
        address |= number << (24 - 8 * index);
    }
    let [a, b, c, d] = address.to_be_bytes();
    Some(format!("{a}.{b}.{c}.{d}"))
}

/// Whether a segment is `.` or `..`, percent-encoded or not.
pub(crate) fn is_dot_segment(segment: &[u8]) -> bool {
    matches!(dots(segment), 1 | 2)
}

/// How many dots a segment is; 0 for anything else.
fn dots(segment: &[u8]) -> usize {
    let mut rest = segment;
    let mut count = 0;
    while let [b'.', after @ ..] | [b'%', b'2', b'e' | b'E', after @ ..] = rest {
        rest = after;
        count += 1;
    }
    if rest.is_empty() { count } else { 0 }
}

/// RFC 3986, section 5.2.4; dots may be percent-encoded.
pub(super) fn remove_dot_segments(path: &str) -> String {
    if !path.contains("/.") && !path.contains("/%2") {
        return path.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let last = segments.len().saturating_sub(1);
    for (index, segment) in segments.iter().enumerate() {
        match dots(segment.as_bytes()) {
            count @ (1 | 2) => {
                if count == 2 {
                    kept.pop();
                }
                if index == last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// RFC 4648, section 4.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut written = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4_usize {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let used = place <= chunk.len();
            written.push(if used { char::from(DIGITS[digit as usize]) } else { '=' });
        }
    }
    written
}

/// Adds a text as a name or value of a query: all but what stands for itself there is encoded.
pub(super) fn encode_component(into: &mut String, text: &str) {
    for byte in text.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_.~/:@,;!*'()$?".contains(&byte);
        match is_plain {
            true => into.push(char::from(byte)),
            false => into.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded_by_the_documents() {
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foo"), "Zm9v");
        assert_eq!(remove_dot_segments("/a/b/../c/./d/.."), "/a/c/");
        assert_eq!(remove_dot_segments("/../a"), "/a");
        assert_eq!(remove_dot_segments("/a.b/..c"), "/a.b/..c");
        assert_eq!(remove_dot_segments("/a/%2E%2e/b/.%2e/%2e/c"), "/c");
    }
}
