//! Reads the parameters of operations, and the members of their bodies.

use super::document::{Document, entries};
use super::{Location, Parameter};
use crate::rule::load::fields::text;
use crate::rule::load::mistakes::{Mistakes, expected};
use crate::rule::node::Node;

/// How deep `allOf` and its like are followed.
const MAX_SCHEMAS: usize = 16;
const LOCATIONS: &[(&str, Location)] = &[
    ("path", Location::Path),
    ("query", Location::Query),
    ("header", Location::Header),
    ("cookie", Location::Cookie),
];
/// Header parameters that OpenAPI says to ignore (section 4.8.12.2).
const OTHERWISE_SAID: &[&str] = &["accept", "content-type", "authorization"];

/// A path with the parameters that all its operations have.
#[derive(Debug)]
pub(super) struct PathItem<'d> {
    pub(super) node: &'d Node,
    parameters: Vec<Parameter>,
}

impl<'d> PathItem<'d> {
    /// Reads them.
    pub(super) fn new(document: Document<'d>, node: &'d Node, mistakes: &mut Mistakes) -> Self {
        PathItem { node, parameters: read_parameters(document, node, mistakes) }
    }
}

/// The parameters of an operation: its own, and those of its path that it does not replace.
pub(super) fn own_parameters<'d>(
    document: Document<'d>,
    operation: &'d Node,
    item: &PathItem<'d>,
    mistakes: &mut Mistakes,
) -> Vec<Parameter> {
    let own = read_parameters(document, operation, mistakes);
    let is_own = |inherited: &&Parameter| {
        own.iter().any(|own| own.name == inherited.name && own.location == inherited.location)
    };
    let mut parameters: Vec<Parameter> =
        item.parameters.iter().filter(|inherited| !is_own(inherited)).cloned().collect();
    parameters.extend(own);
    parameters
}

fn read_parameters<'d>(
    document: Document<'d>,
    node: &'d Node,
    mistakes: &mut Mistakes,
) -> Vec<Parameter> {
    let items = node.get("parameters").and_then(Node::items).unwrap_or_default();
    let mut parameters = Vec::new();
    for item in items {
        let Some(parameter) = document.resolve(item, mistakes) else { continue };
        parameters.extend(read_parameter(parameter, mistakes));
    }
    let is_said = |p: &Parameter| {
        p.location == Location::Header
            && OTHERWISE_SAID.contains(&p.name.to_ascii_lowercase().as_str())
    };
    parameters.retain(|parameter| !is_said(parameter));
    parameters
}

fn read_parameter(node: &Node, mistakes: &mut Mistakes) -> Option<Parameter> {
    let (Some(name), Some(place)) = (node.get("name"), node.get("in")) else {
        let first = entries(node).first().map_or(node.span, |entry| entry.key_span);
        mistakes.add(first, "a parameter needs `name` and `in`", "add what is missing");
        return None;
    };
    let name = text(name, mistakes)?;
    let place = text(place, mistakes)?;
    let Some((_, location)) = LOCATIONS.iter().find(|(word, _)| *word == place.text) else {
        let words: Vec<&str> = LOCATIONS.iter().map(|(word, _)| *word).collect();
        let message = format!("`{}` is no place of a parameter", place.text);
        mistakes.add(place.span, message, expected(place.text, &words));
        return None;
    };
    let required = node.get("required").and_then(Node::text) == Some("true");
    let required = required || *location == Location::Path;
    Some(Parameter { name: name.text.to_owned(), location: *location, required })
}

/// What a request body can hold.
#[derive(Debug, Default)]
pub(super) struct BodyParameters {
    pub(super) media_types: Vec<String>,
    pub(super) parameters: Vec<Parameter>,
}

/// The media types of a request body, and the members of its objects. A member is required where
/// the body is, and each of its schemas says so.
pub(super) fn body_parameters<'d>(
    document: Document<'d>,
    operation: &'d Node,
    mistakes: &mut Mistakes,
) -> BodyParameters {
    let mut read = BodyParameters::default();
    let body = operation.get("requestBody").and_then(|body| document.resolve(body, mistakes));
    let Some(body) = body else { return read };
    let required = body.get("required").and_then(Node::text) == Some("true");
    for content in body.get("content").map(entries).unwrap_or_default() {
        let is_first = !read.media_types.iter().any(|known| has_members(known));
        read.media_types.push(content.key.clone());
        let Some(schema) = content.value.get("schema").filter(|_| has_members(&content.key)) else {
            continue;
        };
        let mut members = Members::default();
        members.collect(document, schema, MAX_SCHEMAS, mistakes);
        read.add(members, required, is_first);
    }
    read
}

impl BodyParameters {
    fn add(&mut self, members: Members, required: bool, is_first: bool) {
        for known in &mut self.parameters {
            known.required &= members.required.contains(&known.name);
        }
        for name in members.names {
            if self.parameters.iter().any(|known| known.name == name) {
                continue;
            }
            let required = required && is_first && members.required.contains(&name);
            self.parameters.push(Parameter { name, location: Location::Body, required });
        }
    }
}

/// Whether bodies of a media type are made of named members.
fn has_members(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/x-www-form-urlencoded"
        || essence == "multipart/form-data"
        || essence == "application/json"
        || essence.ends_with("+json")
        || essence == "*/*"
        || essence == "application/*"
}

/// Members of an object.
#[derive(Debug, Default)]
struct Members {
    names: Vec<String>,
    required: Vec<String>,
}

impl Members {
    /// Adds those of a schema. Of `oneOf` and `anyOf` none is required.
    fn collect<'d>(
        &mut self,
        document: Document<'d>,
        schema: &'d Node,
        depth: usize,
        mistakes: &mut Mistakes,
    ) {
        if depth == 0 {
            return;
        }
        let Some(schema) = document.resolve(schema, mistakes) else { return };
        for property in schema.get("properties").map(entries).unwrap_or_default() {
            if !self.names.contains(&property.key) {
                self.names.push(property.key.clone());
            }
        }
        let required = schema.get("required").and_then(Node::items).unwrap_or_default();
        self.required.extend(required.iter().filter_map(|name| name.text().map(str::to_owned)));
        let all_of = schema.get("allOf").and_then(Node::items).unwrap_or_default();
        for part in all_of {
            self.collect(document, part, depth - 1, mistakes);
        }
        let some_of =
            ["oneOf", "anyOf"].iter().filter_map(|key| schema.get(key)?.items()).flatten();
        for part in some_of {
            let before = self.required.len();
            self.collect(document, part, depth - 1, mistakes);
            self.required.truncate(before);
        }
    }
}
