//! Calls of Python: requests, httpx, and `urllib.request`.

use super::call::Call;
use super::value::{Reader, Syntax, arguments};
use crate::layer::{Escape, Language, Quoting};
use crate::model::{JsonKind, JsonMember, JsonValue};
use tree_sitter::Node;

pub(super) const SYNTAX: Syntax = Syntax {
    language: Language::Python,
    calls: &["call"],
    objects: &["dictionary"],
    arrays: &["list", "tuple"],
    strings: &["string"],
    substitution: "interpolation",
    numbers: &["integer", "float"],
    booleans: &["true", "false"],
    nothing: &["none"],
    wrappers: &["parenthesized_expression", "await"],
    sum: "binary_operator",
    joined: "concatenated_string",
    declaration: ("assignment", "left", "right"),
    without_types: |text| text.into(),
    quoting,
};

/// Functions that are named for the method of the request.
const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// Names that sessions and clients are given.
const SESSIONS: [&str; 6] = ["session", "client", "s", "http", "self.session", "self.client"];

fn quoting(written: &str) -> Option<(Quoting, usize, usize)> {
    let start = written.find(['\'', '"'])?;
    let prefix = written[..start].to_ascii_lowercase();
    if prefix.contains('b') {
        return None;
    }
    let quote = written[start..].chars().next()?;
    let lines = written[start..].starts_with(&quote.to_string().repeat(3));
    let width = if lines { 3 } else { 1 };
    let escape = if prefix.contains('r') { Escape::None } else { Escape::Backslash };
    let quoting = Quoting { quote, escape, lines, braces: prefix.contains('f') };
    (written.len() >= start + 2 * width).then_some((quoting, start + width, width))
}

/// What a call asks for, if it sends a request.
pub(super) fn call<'t>(reader: &mut Reader<'_, '_, 't>, node: Node<'t>) -> Option<Call> {
    let function = node.child_by_field_name("function")?;
    let name = reader.written(function);
    let (owner, method) = name.rsplit_once('.').unwrap_or(("", name));
    let mut call = Call::new(reader.place(node));
    let positional: Vec<Node<'t>> =
        arguments(node).into_iter().filter(|one| one.kind() != "keyword_argument").collect();
    let is_library = matches!(owner, "requests" | "httpx");
    let made = reader.constants.expression_of(owner).filter(|made| is_session_made(reader, *made));
    let is_session =
        made.is_some() || SESSIONS.contains(&owner) || owner.starts_with("requests.Session(");
    match method {
        "Request" | "urlopen" if matches!(owner, "urllib.request" | "request" | "") => {
            return urllib(reader, call, node, &positional);
        }
        "request" | "stream" if is_library || is_session => {
            let first = positional.first().copied().or_else(|| keyword(reader, node, "method"))?;
            let method = reader.value(first);
            call.method = Some(upper(reader, method)?);
            let url = positional.get(1).copied().or_else(|| keyword(reader, node, "url"))?;
            call.url = Some(text(reader, url)?);
        }
        _ if (is_library || is_session) && METHODS.contains(&method) => {
            let url = positional.first().copied().or_else(|| keyword(reader, node, "url"))?;
            let url = text(reader, url)?;
            let is_target = crate::parse::lines::is_target(reader.layers.text(url.text));
            let is_path = made.is_some_and(|made| keyword(reader, made, "base_url").is_some());
            if is_session && !is_target && !is_path {
                return None;
            }
            call.url = Some(url);
            let property = function.child_by_field_name("attribute").unwrap_or(function);
            let place = reader.place(property);
            let name = reader.layers.implied(&method.to_ascii_uppercase(), place);
            let (members, items) = (Vec::new(), Vec::new());
            let kind = JsonKind::String;
            call.method = Some(JsonValue { kind, place, text: name, members, items });
        }
        _ => return None,
    }
    // A session has fields and cookies of its own.
    match made.filter(|_| !is_changed(reader, owner)) {
        Some(made) => keywords(reader, &mut call, made),
        None => call.open |= is_session,
    }
    second_argument(reader, &mut call, method, &positional);
    keywords(reader, &mut call, node);
    call.join_repeated(reader.layers);
    Some(call)
}

/// Whether an expression makes a session.
fn is_session_made(reader: &Reader<'_, '_, '_>, made: Node<'_>) -> bool {
    let function = made.child_by_field_name("function").map(|name| reader.written(name));
    let makers = ["requests.Session", "requests.session", "httpx.Client", "httpx.AsyncClient"];
    function.is_some_and(|name| makers.contains(&name))
}

/// Whether a program changes what a session brings along, after it was made.
fn is_changed(reader: &Reader<'_, '_, '_>, owner: &str) -> bool {
    let parts =
        ["headers", "params", "cookies", "auth", "base_url", "event_hooks", "hooks", "mount"];
    let text = reader.text;
    parts.iter().any(|part| text.contains(&format!("{owner}.{part}")))
}

/// `requests.get(url, params)` and `requests.post(url, data)`.
fn second_argument<'t>(
    reader: &mut Reader<'_, '_, 't>,
    call: &mut Call,
    method: &str,
    positional: &[Node<'t>],
) {
    let name = match method {
        "get" => "params",
        "post" | "put" | "patch" => "data",
        _ => return,
    };
    if let Some(node) = positional.get(1) {
        push(reader, call, name, *node, *node);
    }
}

fn keywords<'t>(reader: &mut Reader<'_, '_, 't>, call: &mut Call, node: Node<'t>) {
    for argument in arguments(node) {
        match argument.kind() {
            "keyword_argument" => {
                let name = argument.child_by_field_name("name");
                let value = argument.child_by_field_name("value");
                if let (Some(name), Some(value)) = (name, value) {
                    push(reader, call, reader.written(name), value, argument);
                }
            }
            "dictionary_splat" | "list_splat" => call.open = true,
            _ => {}
        }
    }
}

/// Adds a part of the request by the name of its argument.
fn push<'t>(
    reader: &mut Reader<'_, '_, 't>,
    call: &mut Call,
    name: &str,
    value: Node<'t>,
    whole: Node<'t>,
) {
    let is_fields = value.kind() == "dictionary" || value.kind() == "list";
    if let ("data" | "content", Some((role, made))) = (name, made_of(reader, value)) {
        // Such a text brings no content type along.
        call.types_json = false;
        let name = reader.layers.implied(role, reader.place(whole));
        let (whole, value) = (reader.place(whole), reader.value(made));
        call.members.push(JsonMember { whole, name, value });
        return;
    }
    let role = match name {
        "params" | "headers" | "json" | "auth" | "cookies" => name,
        "base_url" => "baseURL",
        "event_hooks" => {
            call.open = true;
            return;
        }
        "data" if is_fields => "form",
        "data" | "content" => "data",
        "files" => {
            call.open_behind_url = true;
            return;
        }
        _ => return,
    };
    let value = reader.value(value);
    let whole = reader.place(whole);
    if role == "auth" && value.kind == JsonKind::Unknown {
        call.open_behind_url = true;
        return;
    }
    let name = reader.layers.implied(role, whole);
    call.members.push(JsonMember { whole, name, value });
}

/// What a text is made of: the value of `json.dumps(value)`, the fields of `urlencode(fields)`, also
/// behind a name and in front of `.encode()`.
fn made_of<'t>(reader: &Reader<'_, '_, 't>, node: Node<'t>) -> Option<(&'static str, Node<'t>)> {
    if node.kind() == "identifier" {
        let made = reader.constants.expression_of(reader.written(node))?;
        return (made.kind() == "call").then(|| made_of(reader, made)).flatten();
    }
    let function = node.child_by_field_name("function")?;
    let encoded = function.child_by_field_name("attribute").map(|name| reader.written(name));
    if encoded == Some("encode") {
        return made_of(reader, function.child_by_field_name("object")?);
    }
    let first = *arguments(node).first()?;
    match reader.written(function) {
        "json.dumps" | "dumps" => Some(("json", first)),
        "urllib.parse.urlencode" | "parse.urlencode" | "urlencode" => Some(("form", first)),
        _ => None,
    }
}

/// `Request(url, data, headers, method=…)` and `urlopen(url, data)`.
fn urllib<'t>(
    reader: &mut Reader<'_, '_, 't>,
    mut call: Call,
    node: Node<'t>,
    positional: &[Node<'t>],
) -> Option<Call> {
    let url = positional.first().copied().or_else(|| keyword(reader, node, "url"))?;
    call.url = Some(text(reader, url)?);
    let data = positional.get(1).copied().or_else(|| keyword(reader, node, "data"));
    call.types_json = false;
    if let Some((role, made)) = data.and_then(|data| made_of(reader, data)) {
        let whole = reader.place(data.unwrap_or(made));
        let (name, value) = (reader.layers.implied(role, whole), reader.value(made));
        call.members.push(JsonMember { whole, name, value });
    } else if let Some(data) = data.filter(|data| data.kind() != "none") {
        // Bytes that something else makes.
        let value = reader.hole(data);
        let whole = reader.place(data);
        let name = reader.layers.implied("data", whole);
        call.members.push(JsonMember { whole, name, value });
    }
    let headers = positional.get(2).copied().or_else(|| keyword(reader, node, "headers"));
    if let Some(headers) = headers {
        push(reader, &mut call, "headers", headers, headers);
    }
    match (keyword(reader, node, "method"), data.filter(|data| data.kind() != "none")) {
        (Some(method), _) => call.method = Some(reader.value(method)),
        // What has content is posted.
        (None, Some(data)) => {
            let place = reader.place(data);
            let (kind, text) = (JsonKind::String, reader.layers.implied("POST", place));
            let (members, items) = (Vec::new(), Vec::new());
            call.method = Some(JsonValue { kind, place, text, members, items });
        }
        (None, None) => {}
    }
    // Fields may be added to it later on, where it has a name.
    call.open_behind_url = !is_sent_at_once(reader, node);
    Some(call)
}

/// Whether a request of `urllib` is made where it is sent.
fn is_sent_at_once(reader: &Reader<'_, '_, '_>, node: Node<'_>) -> bool {
    let is_urlopen = |call: Node<'_>| {
        let function = call.child_by_field_name("function").map(|name| reader.written(name));
        function.is_some_and(|name| name.rsplit('.').next() == Some("urlopen"))
    };
    let around = node.parent().and_then(|list| list.parent());
    is_urlopen(node) || around.is_some_and(is_urlopen)
}

fn keyword<'t>(reader: &Reader<'_, '_, 't>, node: Node<'t>, name: &str) -> Option<Node<'t>> {
    let is_it = |argument: &Node<'t>| {
        argument.kind() == "keyword_argument"
            && argument.child_by_field_name("name").is_some_and(|it| reader.written(it) == name)
    };
    arguments(node).into_iter().find(is_it)?.child_by_field_name("value")
}

fn text<'t>(reader: &mut Reader<'_, '_, 't>, node: Node<'t>) -> Option<JsonValue> {
    let value = reader.value(node);
    (value.kind == JsonKind::String).then_some(value)
}

/// A method in capitals, as it is sent.
fn upper(reader: &mut Reader<'_, '_, '_>, method: JsonValue) -> Option<JsonValue> {
    let upper = reader.layers.text(method.text).to_ascii_uppercase();
    if method.kind != JsonKind::String || reader.layers.has_hole(method.text) {
        return Some(method);
    }
    if upper == reader.layers.text(method.text) {
        return Some(method);
    }
    let text = reader.layers.implied(&upper, method.place);
    Some(JsonValue { text, ..method })
}
