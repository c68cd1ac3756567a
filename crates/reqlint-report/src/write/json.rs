//! Requests as request objects.

use super::outgoing::{Outgoing, plain_text};
use serde_json::{Value, json};

/// One object.
pub(super) fn write(request: &Outgoing) -> String {
    let headers: Vec<Value> = request
        .headers
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": plain_text(value) }))
        .collect();
    let mut object =
        json!({ "method": plain_text(&request.method), "url": plain_text(&request.url) });
    if !headers.is_empty() {
        object["headers"] = Value::Array(headers);
    }
    if let Some(body) = request.body() {
        object["body"] = Value::String(plain_text(body));
    }
    format!("{object:#}")
}

/// The list of them.
pub(super) fn wrap(objects: &[String]) -> String {
    format!("[{}]\n", objects.join(",\n"))
}
