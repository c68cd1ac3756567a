//! Requests as an HTTP Archive (HAR 1.2). They were never sent, so their times are 0 and their
//! responses empty.

use super::outgoing::{Content, Outgoing, OutgoingPart, PartContent, plain_text};
use reqlint_core::encode::Chunk;
use serde_json::{Value, json};

/// One entry.
pub(super) fn write(request: &Outgoing) -> String {
    let headers: Vec<Value> =
        request.headers.iter().map(|(name, value)| pair(name, &plain_text(value))).collect();
    let url = plain_text(&request.url);
    let mut sent = json!({
        "method": plain_text(&request.method),
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers,
        "queryString": query(&url),
        "headersSize": -1,
        "bodySize": request.body().map_or(0, |body| plain_text(body).len()),
    });
    if let Some(body) = request.body() {
        sent["postData"] = json!({ "mimeType": media_type(request), "text": plain_text(body) });
    }
    if let Content::Parts(parts) = &request.content {
        let params: Vec<Value> = parts.iter().map(part).collect();
        sent["postData"] = json!({ "mimeType": media_type(request), "params": params });
    }
    let entry = json!({
        "startedDateTime": "1970-01-01T00:00:00.000Z",
        "time": 0,
        "request": sent,
        "response": {
            "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
            "content": { "size": 0, "mimeType": "" },
            "redirectURL": "", "headersSize": -1, "bodySize": -1,
        },
        "cache": {},
        "timings": { "send": 0, "wait": 0, "receive": 0 },
    });
    format!("{entry:#}")
}

/// A field, or a file without its content.
fn part(part: &OutgoingPart) -> Value {
    let name = part.name.as_deref().map(plain_text).unwrap_or_default();
    let mut param = match &part.content {
        PartContent::Text(text) => json!({ "name": name, "value": plain_text(text) }),
        PartContent::File(path) | PartContent::ContentOf(path) => {
            json!({ "name": name, "fileName": plain_text(part.filename.as_deref().unwrap_or(path)) })
        }
        PartContent::Parts(_) => json!({ "name": name }),
    };
    if let Some(media) = &part.media_type {
        param["contentType"] = Value::String(plain_text(media));
    }
    param
}

/// The archive of them.
pub(super) fn wrap(entries: &[String]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "{{\"log\": {{\"version\": \"1.2\", \"creator\": {{\"name\": \"reqlint\", \"version\": \
         \"{version}\"}}, \"entries\": [{}]}}}}\n",
        entries.join(",\n")
    )
}

fn pair(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

fn query(url: &str) -> Vec<Value> {
    let url = url.split('#').next().unwrap_or(url);
    let Some((_, query)) = url.split_once('?') else { return Vec::new() };
    let pairs = query.split('&').filter(|text| !text.is_empty());
    pairs
        .map(|text| text.split_once('=').map_or(pair(text, ""), |(name, value)| pair(name, value)))
        .collect()
}

fn media_type(request: &Outgoing) -> String {
    let typed = |(name, _): &&(String, Vec<Chunk>)| name.eq_ignore_ascii_case("content-type");
    request.headers.iter().find(typed).map(|(_, value)| plain_text(value)).unwrap_or_default()
}

/// What the form has no notation for.
pub(super) fn unwritten(request: &Outgoing) -> Option<&'static str> {
    // Writers of archives put these in for every request, so that readers pass over them.
    let own = |(name, _): &(String, _)| {
        ["host", "content-length"].iter().any(|own| name.eq_ignore_ascii_case(own))
    };
    let mut seen = std::collections::HashSet::new();
    let repeats = request
        .headers
        .iter()
        .any(|(name, value)| !seen.insert((name.to_ascii_lowercase(), plain_text(value))));
    let is_form = media_type(request) == "multipart/form-data";
    match &request.content {
        _ if plain_text(&request.url).contains(":///") => Some("its URL has no host"),
        _ if request.headers.iter().any(own) => Some(
            "it has a header of its own for the host or length, which is not kept in this form",
        ),
        _ if repeats => Some("the same header twice is not kept in this form"),
        Content::Text(body) if body.is_empty() => Some("that its body is empty is not kept"),
        Content::Parts(_) if !is_form => Some("the media type of its parts is not kept"),
        _ => None,
    }
}
