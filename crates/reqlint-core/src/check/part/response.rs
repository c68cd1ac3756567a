//! The parts of what came back. Where no exchange is recorded, all of them are unknown.

use super::{FoundPart, PartKind, collect_json};
use crate::check::context::Context;
use crate::layer::Place;
use crate::model::{BodyKind, Exchange, JsonValue, Request, Response};
use crate::rule::PartPlace;

/// More values of a response than this are not looked at.
const MOST_VALUES: usize = 20_000;

/// The kind of parts at a place of the response, and whether there may be more than are written.
pub(super) fn place(request: &Request, place: &PartPlace) -> (PartKind, bool) {
    let exchange = request.exchange.as_deref();
    let last = exchange.and_then(Exchange::last);
    let unseen = last.map(|response| response.unseen).unwrap_or_default();
    // With a failure, it is known that there is no response.
    let nothing = exchange.is_none_or(|one| one.responses.is_empty() && one.failure.is_none());
    let no_status = last.is_some_and(|response| response.status.is_none());
    match place {
        PartPlace::Status(_) => (PartKind::Status, nothing || no_status),
        PartPlace::ResponseKind(_) => {
            // What was cut off is still of the kind that it begins as.
            let seen = last.is_some_and(|response| response.body.kind != BodyKind::None);
            (PartKind::ResponseBody, nothing || (unseen.body && !seen))
        }
        PartPlace::ResponseBody(_) => (PartKind::ResponseBody, nothing || unseen.body),
        PartPlace::ResponseHeader(_) => (PartKind::ResponseHeader, nothing || unseen.headers),
        PartPlace::ResponseJson(_) => (PartKind::ResponseJson, nothing || unseen.body),
        PartPlace::Redirect(_) => {
            let hidden = |response: &Response| response.is_redirect() && response.unseen.headers;
            let some = exchange.is_some_and(|exchange| exchange.responses.iter().any(hidden));
            (PartKind::Redirect, nothing || no_status || some)
        }
        _ => (PartKind::Failure, nothing),
    }
}

/// The parts of a kind.
pub(super) fn collect(context: &Context<'_, '_>, kind: PartKind) -> Vec<FoundPart> {
    let Some(exchange) = context.request.exchange.as_deref() else { return Vec::new() };
    let last = exchange.last();
    match kind {
        PartKind::Status => {
            let status = last.and_then(|response| response.status);
            status.map(|status| FoundPart::new(kind, 0, status.place)).into_iter().collect()
        }
        PartKind::ResponseBody => last.and_then(content).into_iter().collect(),
        PartKind::ResponseHeader => last.map(headers).unwrap_or_default(),
        PartKind::ResponseJson => values(context),
        PartKind::Redirect => redirects(context, exchange),
        _ => {
            let failure = exchange.failure.map(|failure| FoundPart::new(kind, 0, failure.place));
            failure.into_iter().collect()
        }
    }
}

/// The content; an empty one where it is known that there is none.
fn content(response: &Response) -> Option<FoundPart> {
    match response.body.place {
        Some(place) => Some(FoundPart::new(PartKind::ResponseBody, 0, place)),
        None if response.unseen.body => None,
        None => Some(FoundPart::new(PartKind::ResponseBody, 0, response.place.end())),
    }
}

fn headers(response: &Response) -> Vec<FoundPart> {
    let numbered = response.headers.iter().enumerate();
    numbered
        .map(|(number, header)| FoundPart {
            name: Some(header.name),
            value: header.value,
            ..FoundPart::new(PartKind::ResponseHeader, number, header.whole)
        })
        .collect()
}

fn redirects(context: &Context<'_, '_>, exchange: &Exchange) -> Vec<FoundPart> {
    let sent = exchange.responses.iter().filter(|response| response.is_redirect());
    let fields = sent.flat_map(|response| response.headers_named(context.layers(), "location"));
    fields
        .enumerate()
        .map(|(number, field)| FoundPart {
            value: field.value,
            ..FoundPart::new(PartKind::Redirect, number, field.whole)
        })
        .collect()
}

fn json<'c>(context: &'c Context<'_, '_>) -> Option<&'c JsonValue> {
    context.request.exchange.as_deref()?.last()?.body.json.as_ref()
}

fn values(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let mut parts = Vec::new();
    if let Some(value) = json(context) {
        collect_json(PartKind::ResponseJson, value, None, value.place, &mut parts);
    }
    parts.truncate(MOST_VALUES);
    parts
}

/// The JSON Pointers of the values of the response, in the order of the text.
pub(crate) fn response_pointers(context: &Context<'_, '_>) -> Vec<String> {
    let mut pointers = Vec::new();
    if let Some(value) = json(context) {
        let name = |place: Place| context.text(place).replace('~', "~0").replace('/', "~1");
        collect_pointers(value, String::new(), &name, &mut pointers);
    }
    pointers
}

fn collect_pointers(
    value: &JsonValue,
    pointer: String,
    name: &impl Fn(Place) -> String,
    pointers: &mut Vec<String>,
) {
    if pointers.len() >= MOST_VALUES {
        return;
    }
    let at = pointers.len();
    pointers.push(pointer);
    for member in &value.members {
        let pointer = format!("{}/{}", pointers[at], name(member.name));
        collect_pointers(&member.value, pointer, name, pointers);
    }
    for (number, item) in value.items.iter().enumerate() {
        let pointer = format!("{}/{number}", pointers[at]);
        collect_pointers(item, pointer, name, pointers);
    }
}

/// The status code of the last response.
pub(crate) fn status_code(request: &Request) -> Option<String> {
    let status = request.exchange.as_deref()?.last()?.status?;
    Some(format!("{:03}", status.code))
}

/// The exit code of curl.
pub(crate) fn exit_code(request: &Request) -> Option<String> {
    Some(request.exchange.as_deref()?.failure?.code?.to_string())
}

/// The kind of the content of the last response.
pub(crate) fn response_kind(request: &Request) -> Option<&'static str> {
    Some(request.exchange.as_deref()?.last()?.body.kind.name())
}
