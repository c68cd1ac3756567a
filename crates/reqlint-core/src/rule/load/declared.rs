//! What rules ask the API description by name: the names must be there.

use super::fields::Fields;
use super::mistakes::expected;
use super::parts::Reader;
use crate::api::{Api, Location, Operation, SchemeKind, TemplateSegment};
use crate::span::Span;

impl Reader<'_> {
    /// Words of `declares` that the description has nowhere.
    pub(super) fn check_declared(&mut self, fields: Fields<'_>) {
        let Some(api) = self.world.api.filter(|api| !api.operations.is_empty()) else { return };
        for key in ["path", "method", "param", "header"] {
            let Some(node) = fields.get(key) else { continue };
            let Some(text) = node.text().filter(|text| !text.is_empty() && !text.contains('<'))
            else {
                continue;
            };
            if is_declared(api, key, text) {
                continue;
            }
            let mut names = names(api, key);
            names.sort_unstable();
            names.dedup();
            let message = format!("no operation of the API description has the {key} `{text}`");
            self.mistakes.add(node.span, message, expected(text, &names));
        }
    }

    /// What a pack without a description cannot ask; a general pack is about all that have one.
    pub(super) fn needs_description(&mut self, span: Span, asked: &str) {
        if self.world.api.is_some() || self.world.is_general {
            return;
        }
        let message = format!("`{asked}` asks an API description, and this pack has none");
        let help = "name one in `pack.yaml`, as `openapi: openapi.yaml`";
        self.mistakes.add(span, message, help);
    }
}

fn is_declared(api: &Api, key: &str, text: &str) -> bool {
    match key {
        "path" => {
            let path = text.split(['?', '#']).next().unwrap_or(text);
            api.operations.iter().any(|operation| has_path(operation, path))
        }
        "header" => names(api, key).iter().any(|name| name.eq_ignore_ascii_case(text)),
        // `filter[status]` is a member of `filter`.
        "param" => {
            let whole = text.split('[').next().unwrap_or(text);
            names(api, key).iter().any(|name| *name == text || *name == whole)
        }
        _ => names(api, key).contains(&text),
    }
}

/// The names that `declares` can have at a key.
fn names<'a>(api: &'a Api, key: &str) -> Vec<&'a str> {
    let at = |places: &'static [Location]| {
        let parameters = api.operations.iter().flat_map(|operation| &operation.parameters);
        let there = parameters.filter(|parameter| places.contains(&parameter.location));
        there.map(|parameter| parameter.name.as_str())
    };
    match key {
        "path" => api.operations.iter().map(|operation| operation.path.as_str()).collect(),
        "method" => api.operations.iter().map(|operation| operation.method.as_str()).collect(),
        "header" => at(&[Location::Header]).collect(),
        _ => {
            let key_of = |kind: &'a SchemeKind| match kind {
                SchemeKind::Query(name) => Some(name.as_str()),
                _ => None,
            };
            let keys = api.security_schemes.iter().filter_map(|scheme| key_of(&scheme.kind));
            at(&[Location::Query, Location::Body]).chain(keys).collect()
        }
    }
}

/// Whether a path can be that of an operation, after the path of its server or without it.
fn has_path(operation: &Operation, path: &str) -> bool {
    let texts: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let fits = |segments: &[TemplateSegment]| {
        segments.len() == texts.len()
            && segments.iter().zip(&texts).all(|(segment, text)| match segment {
                TemplateSegment::Literal(literal) => literal == text,
                TemplateSegment::Parameter { .. } => true,
            })
    };
    fits(&operation.segments) || fits(&operation.segments[operation.base..])
}
