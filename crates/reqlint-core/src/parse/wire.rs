//! What of a request would go on the wire: the model, written out as curl sends it.
//!
//! `reqlint parse` prints it, and the tests compare it with what the real curl sends. Without
//! what a client makes up per run: `Host`, `Content-Length`, boundaries, dates.

use crate::layer::{Layers, Place};
use crate::model::{BodyKind, Document, Request, Url};

/// A request in the form in which it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireRequest {
    /// The method.
    pub method: String,
    /// The URL that is asked for: with a scheme, without userinfo and fragment.
    pub url: String,
    /// Names and values in order, and whether another option implies the field.
    pub headers: Vec<(String, String, bool)>,
    /// The content; none for multipart bodies and files.
    pub body: Option<Vec<u8>>,
    /// Whether all of it is known: no hole is in it, and nothing may be added.
    pub complete: bool,
}

/// The request as it would be sent; holes stand in it as they are written.
pub fn wire(document: &Document<'_>, request: &Request) -> WireRequest {
    let layers = &document.layers;
    let open = request.open;
    let mut complete = !(open.headers || open.query || open.body || open.method);
    let mut known = |place| complete &= !layers.has_hole(place);
    known(request.method.name);
    known(request.url.whole);
    let body = match request.body.kind {
        BodyKind::None | BodyKind::Multipart | BodyKind::File | BodyKind::Unknown => None,
        BodyKind::Json | BodyKind::Form | BodyKind::Text => request.body.place,
    };
    body.into_iter().for_each(&mut known);
    let mut headers = Vec::with_capacity(request.headers.len());
    for field in &request.headers {
        let (value, is_known) = header_value(layers, field.value);
        complete &= is_known;
        let name = layers.text(field.name);
        push_header(&mut headers, name, &value, field.implied_by.is_some());
    }
    WireRequest {
        method: layers.text(request.method.name).to_owned(),
        url: wire_url(layers, &request.url),
        headers,
        body: body.map(|place| layers.text(place).as_bytes().to_vec()),
        complete,
    }
}

/// Adds a field; a value with line feeds in it smuggles in further ones.
fn push_header(headers: &mut Vec<(String, String, bool)>, name: &str, value: &str, implied: bool) {
    let mut lines = value.split('\n').map(|line| line.trim_end_matches('\r'));
    let first = lines.next().unwrap_or_default();
    headers.push((name.to_owned(), first.to_owned(), implied));
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        headers.push((name.to_owned(), value.trim().to_owned(), implied));
    }
}

/// The value, with the user and password of `Basic` encoded; and whether all of it is known.
fn header_value(layers: &Layers<'_>, value: Place) -> (String, bool) {
    let text = layers.text(value);
    let mut holes = layers.holes(value);
    let Some(hole) = holes.next() else { return (text.to_owned(), true) };
    let user = &text[hole.span.range()];
    let is_basic = hole.kind == crate::layer::HoleKind::Computed
        && hole.span.end() == text.len()
        && &text[..hole.span.start()] == "Basic ";
    let written = is_basic && user.contains(':') && !user.contains(['$', '`', '{']);
    match written {
        true => (format!("Basic {}", base64(user.as_bytes())), true),
        false => (text.to_owned(), false),
    }
}

/// The URL as curl asks for it: a guessed scheme, `/` for no path, dot segments removed.
fn wire_url(layers: &Layers<'_>, url: &Url) -> String {
    let text = |place: Option<Place>| place.map(|place| layers.text(place));
    let mut written = String::new();
    if url.origin_hole.is_none() {
        let host = text(url.host).unwrap_or_default();
        let scheme = text(url.scheme).unwrap_or("http");
        written.push_str(&scheme.to_ascii_lowercase());
        written.push_str("://");
        written.push_str(host);
        if let Some(port) = text(url.port) {
            written.push(':');
            written.push_str(port);
        }
    }
    written.push_str(text(url.origin_hole).unwrap_or_default());
    let path = layers.text(url.path);
    let path = remove_dot_segments(if path.is_empty() { "/" } else { path });
    written.push_str(&encode(&path, true));
    if let Some(query) = text(url.query) {
        written.push('?');
        written.push_str(&encode(query, false));
    }
    written
}

/// Spaces as curl writes them; in a path, what is not ASCII, too.
fn encode(text: &str, path: bool) -> String {
    let mut written = String::with_capacity(text.len());
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
    written
}

/// RFC 3986, section 5.2.4.
fn remove_dot_segments(path: &str) -> String {
    if !path.contains("/.") {
        return path.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let last = segments.len().saturating_sub(1);
    for (index, segment) in segments.iter().enumerate() {
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if index == last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}", kept.join("/"))
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
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
    }
}
