//! Responses: header fields and content, with their places. Whoever reads a recorded exchange
//! calls it: transcripts, and the formats of recordings.

use super::body::trim;
use super::json::parse_json;
use crate::layer::{Layers, Place};
use crate::model::{Body, BodyKind, Header, JsonKind, Response, Status};
use crate::span::Span;

/// How much of a content is looked at to tell what it is, in bytes.
const HEAD: usize = 1024;

/// Reads a line `Name: value` of a response; none where it is something else.
pub fn parse_field(layers: &Layers<'_>, line: Place) -> Option<Header> {
    let bytes = layers.text(line).as_bytes();
    let colon = memchr::memchr(b':', bytes)?;
    let name = trim(bytes, Span::new(0, colon));
    // HTTP/2 has pseudo fields that begin with a colon.
    let is_name = |byte: &u8| byte.is_ascii_graphic();
    let is_field = !name.is_empty() && bytes[name.range()].iter().all(is_name);
    is_field.then(|| Header {
        whole: line,
        name: line.sub(name),
        value: line.sub(trim(bytes, Span::new(colon + 1, bytes.len()))),
        implied_by: None,
    })
}

/// The content of a longer response is kept by its place, and not read.
pub(crate) const LONGEST_BODY: usize = 256 * 1024;

/// The status code that stands at `place`.
pub(crate) fn read_status(layers: &Layers<'_>, place: Place) -> Option<Status> {
    let code = layers.text(place).trim();
    let code: u16 = code.parse().ok().filter(|_| code.len() == 3)?;
    (100..600).contains(&code).then_some(Status { code, place })
}

/// Reads the content at `place`, by what it is and by what the fields of the response say. JSON
/// that is cut off, or ends in something else, is read as far as it goes, and the rest is unseen.
pub fn read_content(layers: &mut Layers<'_>, response: &mut Response, place: Place) {
    let bytes = layers.text(place).as_bytes();
    let place = place.sub(trim(bytes, Span::new(0, bytes.len())));
    if place.span.is_empty() {
        return;
    }
    let media = media_type(layers, response);
    let kind = classify(layers.text(place), &media);
    response.body = Body { kind, place: Some(place), json: None };
    if kind == BodyKind::Json {
        let (json, open) = parse_json(layers, place, &mut Vec::new());
        let unknown = json.as_ref().is_none_or(|value| value.kind == JsonKind::Unknown);
        response.body.json = json;
        response.unseen.body |= open || unknown;
    }
    if kind == BodyKind::Html {
        let text = layers.text(place);
        let end = text.len().saturating_sub(HEAD);
        let tail = &text[text.ceil_char_boundary(end)..];
        response.unseen.body |= !tail.to_ascii_lowercase().contains("</html");
    }
}

/// The media type without its parameters, in lower case.
fn media_type(layers: &Layers<'_>, response: &Response) -> String {
    let field = response.headers_named(layers, "content-type").last();
    let value = field.map(|field| layers.text(field.value)).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn classify(text: &str, media: &str) -> BodyKind {
    let head = text[..text.floor_char_boundary(HEAD)].to_ascii_lowercase();
    let is_page = head.starts_with('<')
        && ["<!doctype html", "<html", "<head", "<body", "<title", "<center>", "<h1"]
            .iter()
            .any(|mark| head.contains(mark));
    let is_json = media == "application/json" || media == "text/json" || media.ends_with("+json");
    match head.as_bytes().first() {
        _ if is_page => BodyKind::Html,
        Some(b'{' | b'[') => BodyKind::Json,
        Some(b'<') if media == "text/html" => BodyKind::Html,
        Some(b'<') => BodyKind::Text,
        _ if is_json => BodyKind::Json,
        _ => BodyKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[&str], content: &str) -> (BodyKind, bool) {
        let source = format!("{}\n{content}", fields.join("\n"));
        let mut layers = Layers::new(&source);
        let whole = layers.whole(crate::layer::LayerId::ROOT);
        let mut response = Response::new(whole);
        let mut at = 0;
        for field in fields {
            let line = Place::root(Span::new(at, at + field.len()));
            response.headers.extend(parse_field(&layers, line));
            at += field.len() + 1;
        }
        let place = Place::root(Span::new(source.len() - content.len(), source.len()));
        read_content(&mut layers, &mut response, place);
        (response.body.kind, response.unseen.body)
    }

    #[test]
    fn content_is_known_by_what_it_is() {
        assert_eq!(read(&[], "{\"error\": \"no\"}\n"), (BodyKind::Json, false));
        assert_eq!(read(&[], "{\"error\": \"no\", \"cred"), (BodyKind::Json, true));
        assert_eq!(read(&[], "[1, 2] ..."), (BodyKind::Json, true));
        assert_eq!(read(&[], "<!DOCTYPE html><p>a</p></html>"), (BodyKind::Html, false));
        assert_eq!(read(&[], "<html><head><title>502 Bad"), (BodyKind::Html, true));
        assert_eq!(read(&["Content-Type: text/html"], "<p>"), (BodyKind::Html, true));
        assert_eq!(read(&[], "<?xml version='1.0'?><Error/>"), (BodyKind::Text, false));
        assert_eq!(read(&[], "Unauthorized"), (BodyKind::Text, false));
        assert_eq!(read(&["content-type: application/problem+json"], "null").0, BodyKind::Json);
        assert_eq!(read(&["content-type: application/json"], " \r\n"), (BodyKind::None, false));
    }
}
