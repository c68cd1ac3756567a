//! Lists of arguments: `["curl", "-H", "X: 1", …]`, as programs pass them without a shell.
//!
//! Called by [`request_object`](super::request_object) for JSON arrays whose first item is curl.

use super::client::Client;
use super::words::{Frame, Words, is_curl};
use crate::layer::{Codec, Layers, Place};
use crate::model::{Dialect, Document, JsonKind, JsonValue};
use crate::span::Span;

/// The arguments that a JSON array holds, if it is a command of curl: `["curl", …]`, or
/// `["curl", […]]` as it is given to `execFile` and `spawn`.
pub(super) fn arguments<'v>(
    layers: &Layers<'_>,
    items: &'v [JsonValue],
) -> Option<Vec<&'v JsonValue>> {
    let first = items.first().filter(|item| item.kind == JsonKind::String)?;
    let name = layers.text(first.text);
    if !is_curl(name) && Client::named(name) != Some(Client::Wget) {
        return None;
    }
    let rest = match items {
        [_, list] | [_, list, _] if list.kind == JsonKind::Array => &list.items[..],
        [_, rest @ ..] => rest,
        [] => &[],
    };
    Some(std::iter::once(first).chain(rest).collect())
}

/// Reads a list of arguments that stands at `whole`. What is no text stays as it is written.
pub(super) fn parse_arguments(document: &mut Document<'_>, whole: Place, items: &[&JsonValue]) {
    let layers = &mut document.layers;
    let mut words = Words::default();
    for item in items {
        let place = if item.kind == JsonKind::String {
            item.text
        } else {
            layers.wrap(Codec::Joined, item.text)
        };
        let place = match place == layers.whole(place.layer) {
            true => place,
            false => layers.wrap(Codec::Joined, place),
        };
        let first = words.parts.len();
        words.layer(item.place.span, layers.text(place), place.layer);
        words.word(item.place.span.start(), item.place.span.end(), first);
    }
    let region = layers.whole(whole.layer);
    let text = layers.share(region);
    let frame = Frame {
        dialect: Dialect::Argv,
        codec: Codec::JsonString,
        text: &text,
        region: Place::new(whole.layer, Span::new(0, region.span.len())),
        place: whole,
        piped: false,
        findings: Vec::new(),
        broken: false,
    };
    words.read_curl(document, frame, 0);
}
