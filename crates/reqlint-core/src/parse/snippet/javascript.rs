//! Calls of JavaScript: `fetch`, axios, `XMLHttpRequest`, and `http` and `https` of Node.

use super::call::Call;
use super::typescript;
use super::value::{Reader, Syntax, arguments};
use crate::layer::{Codec, Escape, Language, Quote, Quoting};
use crate::model::{JsonKind, JsonMember, JsonValue};
use tree_sitter::Node;

pub(super) const SYNTAX: Syntax = Syntax {
    language: Language::JavaScript,
    calls: &["call_expression"],
    objects: &["object"],
    arrays: &["array"],
    strings: &["string", "template_string"],
    substitution: "template_substitution",
    numbers: &["number"],
    booleans: &["true", "false"],
    nothing: &["null", "undefined"],
    wrappers: &["parenthesized_expression", "await_expression", "as_expression"],
    sum: "binary_expression",
    joined: "",
    declaration: ("variable_declarator", "name", "value"),
    without_types: typescript::without_types,
    quoting,
};

/// Statements behind `open` in which fields and the body are looked for.
const MOST_STATEMENTS: usize = 100;

/// Methods of clients that are named for the method of the request.
const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

fn quoting(written: &str) -> Option<(Quoting, usize, usize)> {
    let quote = written.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
    let quoting = Quoting { quote, escape: Escape::Backslash, lines: quote == '`', braces: false };
    (written.len() > 1).then_some((quoting, 1, 1))
}

/// What a call asks for, if it sends a request.
pub(super) fn call<'t>(reader: &mut Reader<'_, '_, 't>, node: Node<'t>) -> Option<Call> {
    let function = node.child_by_field_name("function")?;
    let arguments = arguments(node);
    let mut call = Call::new(reader.place(node));
    match reader.written(function) {
        "fetch" | "window.fetch" | "globalThis.fetch" | "self.fetch" => {
            let url = arguments.first()?;
            call.url = Some(url_of(reader, *url)?);
            call.types_json = false;
            options(reader, &mut call, arguments.get(1).copied());
            Some(call)
        }
        "axios" | "axios.request" => {
            let first = arguments.first()?;
            if first.kind() == "object" {
                options(reader, &mut call, Some(*first));
                let layers = &reader.layers;
                let has_url = call.members.iter().any(|member| layers.text(member.name) == "url");
                return has_url.then_some(call);
            }
            call.url = Some(url_of(reader, *first)?);
            options(reader, &mut call, arguments.get(1).copied());
            Some(call)
        }
        "http.request" | "https.request" | "http.get" | "https.get" => {
            node_request(reader, call, node, &arguments)
        }
        _ => method_call(reader, call, function, &arguments),
    }
}

/// `axios.get(url, config)`, `axios.post(url, data, config)`, and `xhr.open(method, url)`.
fn method_call<'t>(
    reader: &mut Reader<'_, '_, 't>,
    mut call: Call,
    function: Node<'t>,
    arguments: &[Node<'t>],
) -> Option<Call> {
    let object = function.child_by_field_name("object")?;
    let property = function.child_by_field_name("property")?;
    let (owner, method) = (reader.written(object), reader.written(property));
    if method == "open" && arguments.len() >= 2 {
        return opened(reader, call, object, arguments);
    }
    let is_client = matches!(owner, "axios" | "ky" | "got");
    if !is_client || !METHODS.contains(&method) {
        return None;
    }
    call.url = Some(url_of(reader, *arguments.first()?)?);
    call.method = Some(upper(reader, property));
    let has_data = owner == "axios" && matches!(method, "post" | "put" | "patch");
    if let Some(data) = arguments.get(1).filter(|_| has_data) {
        push_body(reader, &mut call, *data, "data");
    }
    options(reader, &mut call, arguments.get(if has_data { 2 } else { 1 }).copied());
    if owner == "got" {
        // What else it takes has names of its own.
        call.open |= call.members.is_empty() && arguments.len() > 1;
    }
    Some(call)
}

/// A URL: a text, or `new URL(text)`.
fn url_of<'t>(reader: &mut Reader<'_, '_, 't>, node: Node<'t>) -> Option<JsonValue> {
    if node.kind() == "new_expression" {
        let constructor = node.child_by_field_name("constructor")?;
        let arguments = arguments(node);
        let is_url = matches!(reader.written(constructor), "URL" | "Request");
        return match arguments.as_slice() {
            [only] if is_url => url_of(reader, *only),
            _ => None,
        };
    }
    let value = reader.value(node);
    (value.kind == JsonKind::String).then_some(value)
}

/// The members of an options object.
fn options<'t>(reader: &mut Reader<'_, '_, 't>, call: &mut Call, node: Option<Node<'t>>) {
    let Some(node) = node else { return };
    if node.kind() != "object" {
        call.open = true;
        return;
    }
    let mut cursor = node.walk();
    let pairs: Vec<Node<'t>> = node.named_children(&mut cursor).collect();
    for pair in pairs {
        let key = pair.child_by_field_name("key");
        let value = pair.child_by_field_name("value");
        let (Some(key), Some(value)) = (key, value) else {
            let is_shorthand = pair.kind() == "shorthand_property_identifier";
            match reader.written(pair) {
                name if is_shorthand && is_part(name) => {
                    let value = reader.hole(pair);
                    let name = reader.place(pair);
                    call.members.push(JsonMember { whole: name, name, value });
                }
                _ => call.open |= pair.kind() != "comment" && !is_shorthand,
            }
            continue;
        };
        match reader.written(key).trim_matches(['"', '\'']) {
            name @ ("body" | "data") => push_body(reader, call, value, name),
            // Of `got` and `ky`.
            "searchParams" => {
                let name = reader.layers.implied("params", reader.place(key));
                let value = reader.value(value);
                call.members.push(JsonMember { whole: reader.place(pair), name, value });
            }
            name if is_part(name) => {
                let value = headers_of(reader, value);
                let (whole, name) = (reader.place(pair), reader.place(key));
                let name = name_in_quotes(reader, key).unwrap_or(name);
                call.members.push(JsonMember { whole, name, value });
            }
            _ => {}
        }
    }
}

fn name_in_quotes<'t>(
    reader: &mut Reader<'_, '_, 't>,
    key: Node<'t>,
) -> Option<crate::layer::Place> {
    (key.kind() == "string").then(|| reader.text_of(key, 0)).flatten()
}

fn is_part(name: &str) -> bool {
    matches!(
        name,
        "url" | "baseURL" | "method" | "headers" | "params" | "query" | "json" | "form" | "auth"
    )
}

/// `new Headers({…})` holds what the object does.
fn headers_of<'t>(reader: &mut Reader<'_, '_, 't>, node: Node<'t>) -> JsonValue {
    if node.kind() == "new_expression"
        && let [only] = arguments(node).as_slice()
    {
        return reader.value(*only);
    }
    reader.value(node)
}

/// A body: `JSON.stringify(value)`, `new URLSearchParams(value)`, or a value.
fn push_body<'t>(reader: &mut Reader<'_, '_, 't>, call: &mut Call, node: Node<'t>, name: &str) {
    // A text that is made once is the same wherever its name stands.
    let named = (node.kind() == "identifier")
        .then(|| reader.constants.expression_of(reader.written(node)))
        .flatten()
        .filter(|made| made.kind() == "call_expression");
    let node = named.unwrap_or(node);
    let inner = |name: &str| {
        let function = node.child_by_field_name(name)?;
        let arguments = arguments(node);
        Some((reader.written(function), arguments.first().copied()?))
    };
    let (role, node) = match (inner("function"), inner("constructor")) {
        (Some(("JSON.stringify", value)), _) => ("json", value),
        (_, Some(("URLSearchParams", value))) => ("form", value),
        _ => (name, node),
    };
    let value = reader.value(node);
    let whole = reader.place(node);
    let name = reader.layers.implied(role, whole);
    call.members.push(JsonMember { whole, name, value });
}

/// The name of a method in capitals.
fn upper<'t>(reader: &mut Reader<'_, '_, 't>, name: Node<'t>) -> JsonValue {
    let place = reader.place(name);
    let text = reader.layers.implied(&reader.written(name).to_ascii_uppercase(), place);
    let (members, items) = (Vec::new(), Vec::new());
    JsonValue { kind: JsonKind::String, place, text, members, items }
}

/// `xhr.open(method, url)` with the fields and the body that the same object is given.
fn opened<'t>(
    reader: &mut Reader<'_, '_, 't>,
    mut call: Call,
    object: Node<'t>,
    arguments: &[Node<'t>],
) -> Option<Call> {
    let [method, url, ..] = arguments else { return None };
    let method = reader.value(*method);
    let is_method = {
        let text = reader.layers.text(method.text).to_ascii_uppercase();
        crate::parse::http::is_method(&text)
    };
    if method.kind != JsonKind::String || !is_method {
        return None;
    }
    call.method = Some(method);
    call.url = Some(url_of(reader, *url)?);
    call.types_json = false;
    let owner = reader.written(object);
    let statement = ancestor(object, &["expression_statement"])?;
    let mut fields = Vec::new();
    let (later, is_all) = calls_behind(reader, statement, owner);
    call.open_behind_url |= !is_all;
    for Later { node, name, arguments } in later {
        match (name, arguments.as_slice()) {
            ("open", _) => break,
            ("setRequestHeader", [name, value]) => {
                if let Some(name) = reader.text_of(*name, 0) {
                    let whole = reader.place(node);
                    let value = reader.value(*value);
                    fields.push(JsonMember { whole, name, value });
                }
            }
            ("send", [body]) => {
                push_body(reader, &mut call, *body, "body");
                break;
            }
            ("send", _) => break,
            _ => {}
        }
    }
    if !fields.is_empty() {
        let place = reader.place(statement);
        let name = reader.layers.implied("headers", place);
        let (kind, items) = (JsonKind::Object, Vec::new());
        let value = JsonValue { kind, place, text: place, members: fields, items };
        call.members.push(JsonMember { whole: place, name, value });
    }
    Some(call)
}

fn ancestor<'t>(node: Node<'t>, kinds: &[&str]) -> Option<Node<'t>> {
    let mut node = node;
    while !kinds.contains(&node.kind()) {
        node = node.parent()?;
    }
    Some(node)
}

/// A method of an object that a later statement calls.
struct Later<'t> {
    node: Node<'t>,
    name: &'t str,
    arguments: Vec<Node<'t>>,
}

/// The methods of `owner` that the statements behind one call, and whether these are all.
fn calls_behind<'t>(
    reader: &Reader<'_, '_, 't>,
    statement: Node<'t>,
    owner: &str,
) -> (Vec<Later<'t>>, bool) {
    let mut found = Vec::new();
    let mut next = statement.next_named_sibling();
    for _ in 0..MOST_STATEMENTS {
        let Some(statement) = next else { return (found, true) };
        next = statement.next_named_sibling();
        let Some(node) = super::value::first_child(statement) else { continue };
        let Some(function) = node.child_by_field_name("function") else { continue };
        let Some(property) = function.child_by_field_name("property") else { continue };
        let Some(receiver) = function.child_by_field_name("object") else { continue };
        if reader.written(receiver) == owner {
            let (name, arguments) = (reader.written(property), arguments(node));
            found.push(Later { node, name, arguments });
        }
    }
    (found, false)
}

/// What is written to a request of Node later on; it is all known where the request is ended, too.
fn written<'t>(reader: &mut Reader<'_, '_, 't>, call: &mut Call, node: Node<'t>) {
    let was_open = call.open_behind_url;
    // A request that nobody keeps is sent without a body.
    call.open_behind_url = true;
    let Some(declarator) = node.parent().filter(|it| it.kind() == "variable_declarator") else {
        return;
    };
    let Some(name) = declarator.child_by_field_name("name") else { return };
    let kinds = ["lexical_declaration", "variable_declaration"];
    let Some(statement) = ancestor(declarator, &kinds) else { return };
    let (later, is_all) = calls_behind(reader, statement, reader.written(name));
    let mut bodies = Vec::new();
    for Later { name, arguments, .. } in later {
        match name {
            "write" | "end" => bodies.extend(arguments.first().copied()),
            "on" | "once" | "setTimeout" => {}
            _ => return,
        }
        if name == "end" && is_all {
            call.open_behind_url = was_open;
        }
    }
    if let [body] = bodies.as_slice() {
        push_body(reader, call, *body, "body");
    } else {
        call.open_behind_url |= !bodies.is_empty();
    }
}

/// `https.request(url, options)` and `https.request(options)` of Node.
fn node_request<'t>(
    reader: &mut Reader<'_, '_, 't>,
    mut call: Call,
    node: Node<'t>,
    arguments: &[Node<'t>],
) -> Option<Call> {
    let function = reader.written(node.child_by_field_name("function")?);
    let scheme = function.split('.').next().unwrap_or("http");
    call.types_json = false;
    let first = *arguments.first()?;
    let is_request = function.ends_with(".request");
    if first.kind() != "object" {
        call.url = Some(url_of(reader, first)?);
        let second = arguments.get(1).copied();
        // A function gets the response.
        let is_options = |second: &Node<'_>| !second.kind().contains("function");
        options(reader, &mut call, second.filter(is_options));
        if is_request {
            written(reader, &mut call, node);
        }
        return Some(call);
    }
    let options_value = reader.value(first);
    let layers = &mut *reader.layers;
    let text = |layers: &crate::layer::Layers<'_>, name: &str| {
        options_value.member(layers, name).map(|member| member.value.text)
    };
    let host = text(layers, "hostname").or_else(|| text(layers, "host"))?;
    let path = text(layers, "path");
    let port = text(layers, "port");
    let mut layer = layers.layer(Codec::Joined, host);
    layer.escape(&format!("{scheme}://"), host, Quote::None);
    layer.exact(host, Quote::None);
    if let Some(port) = port {
        layer.escape(":", port, Quote::None);
        layer.exact(port, Quote::None);
    }
    match path {
        Some(path) => layer.exact(path, Quote::None),
        None => layer.escape("/", host, Quote::None),
    }
    let id = layer.finish();
    let place = options_value.place;
    let text = layers.whole(id);
    let (members, items) = (Vec::new(), Vec::new());
    call.url = Some(JsonValue { kind: JsonKind::String, place, text, members, items });
    options(reader, &mut call, Some(first));
    if is_request {
        written(reader, &mut call, node);
    }
    Some(call)
}
