//! Descriptions of OpenAPI: the examples of their operations, and samples of code.
//!
//! An example shows a part of a request, so nothing is surely absent from it but what its body
//! leaves out. References are followed within the file.

use super::{Content, Field, Sketch, items_of, read_json, text_of, word_of};
use crate::encode::percent_decode;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{
    Document, Finding, FindingKind, JsonKind, JsonMember, JsonValue, Request, RequestKind,
};
use crate::parse::strings;
use crate::parse::variables::Variables;
use crate::parse::yaml::read_yaml;
use crate::span::Span;

/// Names of operations in a path item (OpenAPI 3.1, section Path Item Object).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Examples of one operation that are read.
const MOST_EXAMPLES: usize = 20;

/// References that lead to references are followed this often.
const MOST_STEPS: usize = 16;

const FORM: &str = "application/x-www-form-urlencoded";

/// Adds the requests that the examples in `region` show to the document.
pub fn parse_openapi(document: &mut Document<'_>, region: Place) {
    let is_json = document.layers.text(region).trim_start().starts_with('{');
    let values = match is_json {
        // Whether a description is well written is not asked here.
        true => read_json(document, region).0.into_iter().collect(),
        false => read_yaml(document, region),
    };
    for value in &values {
        let mut reader = Reader { root: value, document, server: None };
        reader.server = reader.server();
        reader.paths();
    }
    strings::parse_texts(document, values);
    document.requests.sort_by_key(|request| document.layers.root_span(request.place).start());
}

/// Reads one description.
struct Reader<'r, 'd, 's> {
    /// All of it, which references point into.
    root: &'r JsonValue,
    document: &'d mut Document<'s>,
    server: Option<Place>,
}

impl<'r> Reader<'r, '_, '_> {
    fn server(&self) -> Option<Place> {
        let layers = &self.document.layers;
        let server = items_of(layers, self.root, "servers").first()?;
        text_of(layers, server, "url")
    }

    fn paths(&mut self) {
        let Some(paths) = self.root.member(&self.document.layers, "paths") else { return };
        for path in &paths.value.members {
            let Some(item) = self.follow(&path.value) else { continue };
            for operation in &item.members {
                if METHODS.contains(&self.document.layers.text(operation.name)) {
                    self.operation(path, item, operation);
                }
            }
        }
    }

    fn operation(&mut self, path: &'r JsonMember, item: &'r JsonValue, operation: &'r JsonMember) {
        let parameters = self.parameters(item, &operation.value);
        let bodies = self.bodies(&operation.value);
        let has_example = parameters.iter().any(|parameter| parameter.example.is_some());
        if bodies.is_empty() && !has_example {
            return;
        }
        let bodies = match bodies.is_empty() {
            true => vec![None],
            false => bodies.into_iter().map(Some).collect(),
        };
        for body in bodies {
            let request = self.request(path.name, operation, &parameters, body);
            self.document.requests.push(request);
        }
    }

    fn request(
        &mut self,
        path: Place,
        operation: &JsonMember,
        parameters: &[Parameter<'_>],
        body: Option<Example<'_>>,
    ) -> Request {
        let layers = &mut self.document.layers;
        let mut sketch = Sketch::new(operation.whole);
        sketch.method = Some(operation.name);
        sketch.url = Some(url_of(layers, self.server, path, parameters));
        for parameter in parameters {
            let Some(example) = parameter.example else { continue };
            let field = Field { whole: example.place, name: parameter.name, value: example.text };
            match parameter.location {
                Location::Query => sketch.query.push(field),
                Location::Header => sketch.headers.push(field),
                Location::Path | Location::Other => {}
            }
        }
        if let Some(Example { media_type, value }) = body {
            let name = layers.implied("Content-Type", media_type);
            let field = Field { whole: media_type, name, value: media_type };
            sketch.headers.push(field);
            sketch.content = content(layers, media_type, value);
        }
        let mut request = sketch.build(layers, RequestKind::Item, &Variables::default());
        let open = &mut request.open;
        (open.headers, open.query, open.cookies) = (true, true, true);
        request
    }

    /// The parameters of an operation; its own count before those of its path (OpenAPI 3.1,
    /// section Operation Object).
    fn parameters(&mut self, item: &'r JsonValue, operation: &'r JsonValue) -> Vec<Parameter<'r>> {
        let mut found: Vec<Parameter<'r>> = Vec::new();
        for holder in [operation, item] {
            let list = holder.member(&self.document.layers, "parameters");
            for value in list.map_or(&[][..], |list| &list.value.items) {
                let Some(value) = self.follow(value) else { continue };
                let layers = &self.document.layers;
                let Some(name) = text_of(layers, value, "name") else { continue };
                let location = Location::named(word_of(layers, value, "in"));
                let is_known = |one: &Parameter<'_>| {
                    one.location == location && layers.text(one.name) == layers.text(name)
                };
                if !found.iter().any(is_known) {
                    let example = self.examples(value).into_iter().next();
                    let example = example.filter(|example| is_scalar(example));
                    found.push(Parameter { name, location, example });
                }
            }
        }
        found
    }

    /// The examples of a body, each with its media type.
    fn bodies(&mut self, operation: &'r JsonValue) -> Vec<Example<'r>> {
        let body = operation.member(&self.document.layers, "requestBody");
        let body = body.and_then(|body| self.follow(&body.value));
        let content = body.and_then(|body| body.member(&self.document.layers, "content"));
        let mut found = Vec::new();
        for media in content.iter().flat_map(|content| &content.value.members) {
            let media_type = media.name;
            let word = self.document.layers.text(media_type);
            if word.contains("json") || word == FORM {
                let examples = self.examples(&media.value);
                found.extend(examples.into_iter().map(|value| Example { media_type, value }));
            }
        }
        if let Some(first) = found.get(MOST_EXAMPLES) {
            let finding = Finding::new(FindingKind::TooLarge, first.value.place);
            self.document.findings.push(finding);
        }
        found.truncate(MOST_EXAMPLES);
        found
    }

    /// The examples of a parameter or a media type: its own, else those of its schema.
    fn examples(&mut self, holder: &'r JsonValue) -> Vec<&'r JsonValue> {
        let layers = &self.document.layers;
        let mut found: Vec<&'r JsonValue> = Vec::new();
        found.extend(holder.member(layers, "example").map(|example| &example.value));
        let several = holder.member(layers, "examples");
        for example in several.map_or(&[][..], |several| &several.value.members) {
            if let Some(example) = self.follow(&example.value) {
                let value = example.member(&self.document.layers, "value");
                found.extend(value.map(|value| &value.value));
            }
        }
        if !found.is_empty() {
            return found;
        }
        let schema = holder.member(&self.document.layers, "schema");
        let Some(schema) = schema.and_then(|schema| self.follow(&schema.value)) else {
            return found;
        };
        let layers = &self.document.layers;
        match schema.member(layers, "example") {
            Some(example) => found.push(&example.value),
            None => found.extend(items_of(layers, schema, "examples")),
        }
        found
    }

    /// The value that a reference within the file leads to; the value itself where it is none.
    /// None where it leads elsewhere.
    fn follow(&mut self, value: &'r JsonValue) -> Option<&'r JsonValue> {
        let mut value = value;
        for _ in 0..MOST_STEPS {
            let layers = &self.document.layers;
            let Some(target) = text_of(layers, value, "$ref") else { return Some(value) };
            value = pointed(layers, self.root, layers.text(target).strip_prefix('#')?)?;
        }
        // A cycle, for sure.
        let finding = Finding::new(FindingKind::NestingTooDeep, value.place);
        self.document.findings.push(finding);
        None
    }
}

/// The value that a JSON Pointer (RFC 6901) in a fragment leads to.
fn pointed<'v>(layers: &Layers<'_>, root: &'v JsonValue, pointer: &str) -> Option<&'v JsonValue> {
    pointer.strip_prefix('/')?.split('/').try_fold(root, |value, token| {
        let token = percent_decode(token).replace("~1", "/").replace("~0", "~");
        match value.kind {
            JsonKind::Array => value.items.get(token.parse::<usize>().ok()?),
            _ => value.member(layers, &token).map(|member| &member.value),
        }
    })
}

/// A parameter, with the example of its value.
struct Parameter<'r> {
    name: Place,
    location: Location,
    example: Option<&'r JsonValue>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Location {
    Query,
    Header,
    Path,
    Other,
}

impl Location {
    fn named(word: &str) -> Self {
        match word {
            "query" => Location::Query,
            "header" => Location::Header,
            "path" => Location::Path,
            _ => Location::Other,
        }
    }
}

/// An example of a body.
struct Example<'r> {
    media_type: Place,
    value: &'r JsonValue,
}

fn content(layers: &Layers<'_>, media_type: Place, value: &JsonValue) -> Content {
    let is_form = layers.text(media_type) == FORM;
    match value.kind {
        JsonKind::Object if is_form => {
            let fields = value.members.iter().filter(|member| is_scalar(&member.value));
            let field = |member: &JsonMember| Field {
                whole: member.whole,
                name: member.name,
                value: member.value.text,
            };
            Content::Form(fields.map(field).collect(), value.place)
        }
        // What is written as a text may be one, or the JSON that is sent.
        JsonKind::String if is_form || layers.text(value.text).starts_with(['{', '[']) => {
            Content::Text(value.text, None)
        }
        _ => Content::Value(value.clone()),
    }
}

fn is_scalar(value: &JsonValue) -> bool {
    !matches!(value.kind, JsonKind::Object | JsonKind::Array | JsonKind::Null)
}

/// The path behind the server, with the examples of its parameters.
fn url_of(
    layers: &mut Layers<'_>,
    server: Option<Place>,
    path: Place,
    parameters: &[Parameter<'_>],
) -> Place {
    let text = layers.share(path);
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(open) = text[at..].find('{').map(|next| at + next) {
        let Some(close) = text[open..].find('}').map(|next| open + next) else { break };
        let name = &text[open + 1..close];
        at = close + 1;
        let is_it = |parameter: &&Parameter<'_>| {
            parameter.location == Location::Path && layers.text(parameter.name) == name
        };
        if let Some(example) = parameters.iter().find(is_it).and_then(|it| it.example) {
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
