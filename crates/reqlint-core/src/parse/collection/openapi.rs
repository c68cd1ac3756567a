//! Descriptions of OpenAPI: the examples of their operations, and samples of code.
//!
//! An example shows a part of a request, so nothing is surely absent from it but what its body
//! leaves out.

use super::{Content, Field, Sketch, items_of, read_json, text_of, word_of};
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{Document, JsonKind, JsonMember, JsonValue, RequestKind};
use crate::parse::strings;
use crate::parse::variables::Variables;
use crate::parse::yaml::read_yaml;
use crate::span::Span;

/// Names of operations in a path item (OpenAPI 3.1, section Path Item Object).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Examples of one operation that are read.
const MOST_EXAMPLES: usize = 20;

/// Adds the requests that the examples in `region` show to the document.
pub fn parse_openapi(document: &mut Document<'_>, region: Place) {
    let is_json = document.layers.text(region).trim_start().starts_with('{');
    let values = match is_json {
        // Whether a description is well written is not asked here.
        true => read_json(document, region).0.into_iter().collect(),
        false => read_yaml(document, region),
    };
    for value in &values {
        let Some(paths) = value.member(&document.layers, "paths") else { continue };
        let server = server_of(&document.layers, value);
        for path in &paths.value.members {
            for operation in &path.value.members {
                if METHODS.contains(&document.layers.text(operation.name)) {
                    read_operation(document, server, path, operation);
                }
            }
        }
    }
    strings::parse_texts(document, values);
    document.requests.sort_by_key(|request| document.layers.root_span(request.place).start());
}

fn server_of(layers: &Layers<'_>, value: &JsonValue) -> Option<Place> {
    let server = items_of(layers, value, "servers").first()?;
    text_of(layers, server, "url")
}

fn read_operation(
    document: &mut Document<'_>,
    server: Option<Place>,
    path: &JsonMember,
    operation: &JsonMember,
) {
    let layers = &mut document.layers;
    let parameters: Vec<&JsonValue> = [&path.value, &operation.value]
        .into_iter()
        .flat_map(|holder| items_of(layers, holder, "parameters"))
        .collect();
    let examples = bodies(layers, &operation.value);
    let has_example = parameters.iter().any(|parameter| example_of(layers, parameter).is_some());
    if examples.is_empty() && !has_example {
        return;
    }
    let contents = match examples.is_empty() {
        true => vec![None],
        false => examples.into_iter().map(Some).collect(),
    };
    for content in contents {
        let layers = &mut document.layers;
        let mut sketch = Sketch::new(operation.whole);
        sketch.method = Some(operation.name);
        sketch.url = Some(url_of(layers, server, path.name, &parameters));
        for parameter in &parameters {
            let name = text_of(layers, parameter, "name");
            let example = example_of(layers, parameter);
            let Some((name, example)) = name.zip(example) else { continue };
            let field = Field { whole: example.place, name, value: example.text };
            match word_of(layers, parameter, "in") {
                "query" => sketch.query.push(field),
                "header" => sketch.headers.push(field),
                _ => {}
            }
        }
        if let Some((media_type, value)) = content {
            let name = layers.implied("Content-Type", media_type);
            let field = Field { whole: media_type, name, value: media_type };
            sketch.headers.push(field);
            sketch.content = Content::Value(value);
        }
        let mut request = sketch.build(layers, RequestKind::Item, &Variables::default());
        let open = &mut request.open;
        (open.headers, open.query, open.cookies) = (true, true, true);
        document.requests.push(request);
    }
}

/// The path behind the server, with the examples of its parameters.
fn url_of(
    layers: &mut Layers<'_>,
    server: Option<Place>,
    path: Place,
    parameters: &[&JsonValue],
) -> Place {
    let text = layers.share(path);
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(open) = text[at..].find('{').map(|next| at + next) {
        let Some(close) = text[open..].find('}').map(|next| open + next) else { break };
        let name = &text[open + 1..close];
        at = close + 1;
        let is_it = |parameter: &&&JsonValue| {
            word_of(layers, parameter, "name") == name && word_of(layers, parameter, "in") == "path"
        };
        let parameter = parameters.iter().find(is_it);
        if let Some(example) = parameter.and_then(|parameter| example_of(layers, parameter)) {
            pieces.push(path.sub(Span::new(from, open)));
            pieces.push(example.text);
            from = at;
        }
    }
    pieces.push(path.sub(Span::new(from, text.len())));
    let mut layer = layers.layer(Codec::Joined, path);
    if let Some(server) = server {
        layer.exact(server, Quote::None);
    }
    pieces.into_iter().for_each(|piece| layer.exact(piece, Quote::None));
    let id = layer.finish();
    layers.whole(id)
}

/// The example of a parameter: its own, or the first of several.
fn example_of<'v>(layers: &Layers<'_>, parameter: &'v JsonValue) -> Option<&'v JsonValue> {
    let example = match parameter.member(layers, "example") {
        Some(example) => &example.value,
        None => {
            let examples = parameter.member(layers, "examples")?;
            &examples.value.members.first()?.value.member(layers, "value")?.value
        }
    };
    let is_scalar = !matches!(example.kind, JsonKind::Object | JsonKind::Array | JsonKind::Null);
    is_scalar.then_some(example)
}

/// The examples of a body, each with its media type.
fn bodies(layers: &Layers<'_>, operation: &JsonValue) -> Vec<(Place, JsonValue)> {
    let content = operation
        .member(layers, "requestBody")
        .and_then(|body| body.value.member(layers, "content"));
    let mut found = Vec::new();
    for media in content.iter().flat_map(|content| &content.value.members) {
        if !layers.text(media.name).contains("json") {
            continue;
        }
        if let Some(example) = media.value.member(layers, "example") {
            found.push((media.name, example.value.clone()));
        }
        let examples = media.value.member(layers, "examples");
        for example in examples.iter().flat_map(|examples| &examples.value.members) {
            if let Some(value) = example.value.member(layers, "value") {
                found.push((media.name, value.value.clone()));
            }
        }
    }
    found.truncate(MOST_EXAMPLES);
    found
}
