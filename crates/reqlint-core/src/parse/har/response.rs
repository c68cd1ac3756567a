//! The response of an entry.

use super::cursor::Cursor;
use crate::layer::{Layers, Place};
use crate::model::{Body, BodyKind, Header, JsonValue, Response};
use crate::parse::json::parse_json;
use crate::parse::response::{LONGEST_BODY, read_content, read_status};
use crate::span::Span;

/// The parts of a response, as spans of the text.
#[derive(Default)]
pub(super) struct Parts {
    place: Option<Span>,
    status: Option<Span>,
    headers: Option<Span>,
    /// What the client said where nothing came.
    pub(super) error: Option<Span>,
    content: Content,
}

#[derive(Default)]
struct Content {
    /// With its quotes.
    text: Option<Span>,
    media_type: Option<Span>,
    encoding: Option<Span>,
}

impl Parts {
    /// Reads the response at the cursor.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let start = cursor.at();
        cursor.object(&mut |cursor, name| match name {
            "status" => take(cursor, &mut self.status),
            "headers" => take(cursor, &mut self.headers),
            "_error" => cursor.text_or_skip(&mut self.error),
            "content" if cursor.peek() == Some(b'{') => self.content.read(cursor),
            _ => cursor.skip().map(drop),
        })?;
        self.place = Some(Span::new(start, cursor.at()));
        Some(())
    }
}

impl Content {
    fn read(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        cursor.object(&mut |cursor, name| match name {
            "text" => take(cursor, &mut self.text),
            "mimeType" => cursor.text_or_skip(&mut self.media_type),
            "encoding" => cursor.text_or_skip(&mut self.encoding),
            _ => cursor.skip().map(drop),
        })
    }
}

fn take(cursor: &mut Cursor<'_>, into: &mut Option<Span>) -> Option<()> {
    *into = Some(cursor.skip()?);
    Some(())
}

/// The response that the parts are; none where nothing came.
pub(super) fn read_response(
    layers: &mut Layers<'_>,
    parts: &Parts,
    left: &mut usize,
) -> Option<Response> {
    let place = Place::root(parts.place?);
    // Browsers write 0 where a request was blocked or broke off.
    let status = read_status(layers, Place::root(parts.status?))?;
    let headers = parts.headers.map(|span| parse_json(layers, Place::root(span), &mut Vec::new()));
    let headers = headers.and_then(|(value, _)| value);
    let mut response = Response::new(place);
    response.status = Some(status);
    response.unseen.headers = headers.is_none();
    response.headers = fields(layers, headers.as_ref());
    add_content(layers, &mut response, &parts.content, left);
    Some(response)
}

/// The header fields in a list of `{"name": …, "value": …}`, without HTTP/2's pseudo-header
/// fields.
pub(super) fn fields(layers: &Layers<'_>, list: Option<&JsonValue>) -> Vec<Header> {
    let items = list.map(|list| list.items.as_slice()).unwrap_or_default();
    let field = |item: &JsonValue| {
        let name = item.member(layers, "name")?.value.text;
        let value = item.member(layers, "value")?.value.text;
        let is_field = !name.span.is_empty() && !layers.text(name).starts_with(':');
        is_field.then_some(Header { whole: item.place, name, value, implied_by: None })
    };
    items.iter().filter_map(field).collect()
}

/// Adds the content, read where it is text and not long; otherwise only its place is kept. Of what is
/// no error, no more is read than is `left`.
fn add_content(
    layers: &mut Layers<'_>,
    response: &mut Response,
    content: &Content,
    left: &mut usize,
) {
    let Some(text) = content.text.filter(|text| text.len() >= 2) else {
        response.unseen.body = true;
        return;
    };
    let place = Place::root(text);
    let is_text =
        content.media_type.is_none_or(|media| may_be_read(layers.text(Place::root(media))));
    let is_plain = content.encoding.is_none_or(Span::is_empty);
    let is_string = layers.text(place).starts_with('"');
    let is_error = response.status.is_some_and(|status| status.code >= 400);
    let is_too_much = text.len() > LONGEST_BODY || (!is_error && text.len() > *left);
    if !is_text || !is_plain || !is_string || is_too_much {
        let is_json = |media: Span| layers.text(Place::root(media)).contains("json");
        let kind = match content.media_type.is_some_and(is_json) {
            true => BodyKind::Json,
            false => BodyKind::Text,
        };
        response.body = Body { kind, place: Some(place), json: None };
        response.unseen.body = true;
        return;
    }
    if !is_error {
        *left -= text.len();
    }
    let (value, _) = parse_json(layers, place, &mut Vec::new());
    read_content(layers, response, value.map_or(place, |value| value.text));
}

/// Whether content of a media type tells something about the request.
fn may_be_read(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let skipped = ["image/", "font/", "audio/", "video/", "text/css", "text/javascript"];
    !skipped.iter().any(|start| essence.starts_with(start)) && !essence.ends_with("javascript")
}
