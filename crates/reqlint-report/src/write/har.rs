//! Requests as an HTTP Archive (HAR 1.2). They were never sent, so their times are 0 and their
//! responses empty.

use super::{Outgoing, plain_text};
use reqlint_core::encode::Chunk;
use serde_json::{Value, json};

/// One entry.
pub(super) fn write(request: &Outgoing) -> String {
    let headers: Vec<Value> =
        request.headers.iter().map(|(name, value)| pair(name, &plain_text(value))).collect();
    let url = plain_text(&request.url);
    let mut sent = json!({
        "method": request.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers,
        "queryString": query(&url),
        "headersSize": -1,
        "bodySize": request.body.as_ref().map_or(0, |body| plain_text(body).len()),
    });
    if let Some(body) = &request.body {
        sent["postData"] = json!({ "mimeType": media_type(request), "text": plain_text(body) });
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
