//! Compiles an OpenAPI document. Called for `--openapi FILE` and for the descriptions of packs.

use super::parameters::{PathItem, body_parameters, own_parameters};
use super::security::{SchemeNames, read_schemes, read_security};
use super::{Api, Location, Operation, Parameter, TemplateSegment};
use crate::diagnostic::Diagnostic;
use crate::rule::load::fields::{Text, text};
use crate::rule::load::mistakes::{Mistakes, expected};
use crate::rule::node::{self, Entry, Node};
use crate::span::Span;
use std::borrow::Cow;
use std::collections::HashMap;

/// The methods of a path item (OpenAPI 3.1, section 4.8.9).
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// How long a chain of references may be.
const MAX_REFERENCES: usize = 32;

/// Compiles an OpenAPI 3.0 or 3.1 document, in YAML or JSON. `pack` is the name that its
/// diagnostics carry.
///
/// What is broken is left out of the result; each mistake is a diagnostic of `invalid-description`.
pub fn load_api(text: &str, pack: &str) -> (Api, Vec<Diagnostic>) {
    let (root, mistakes) = node::read(text);
    let mut mistakes = Mistakes::new(mistakes);
    let api = root.map(|root| Document { root: &root }.compile(&mut mistakes));
    (api.unwrap_or_default(), mistakes.into_diagnostics("invalid-description", pack))
}

/// A document whose parts refer to each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Document<'d> {
    root: &'d Node,
}

impl<'d> Document<'d> {
    fn compile(self, mistakes: &mut Mistakes) -> Api {
        if !self.check_version(mistakes) {
            return Api::default();
        }
        let (servers, base) = self.servers();
        let (schemes, names) = read_schemes(self, mistakes);
        let mut api = Api { servers, operations: Vec::new(), security_schemes: schemes };
        let mut ids = HashMap::new();
        for path in self.root.get("paths").map(entries).unwrap_or_default() {
            if path.key.starts_with("x-") {
                continue;
            }
            let Some(segments) = read_path(path, &base, mistakes) else { continue };
            let Some(item) = self.resolve(&path.value, mistakes) else { continue };
            let item = PathItem::new(self, item, mistakes);
            let template = format!("{base}{}", path.key);
            for (method, entry) in methods(item.node) {
                let target = Target { template: &template, segments: &segments, method };
                let read = self.operation(&target, entry, &item, &names, mistakes);
                check_id(&read, entry, &mut ids, mistakes);
                api.operations.push(read);
            }
        }
        api
    }

    /// Whether it is OpenAPI 3.
    fn check_version(self, mistakes: &mut Mistakes) -> bool {
        let version = self.root.get("openapi").and_then(Node::text);
        if version.is_some_and(|version| version.starts_with("3.")) {
            return true;
        }
        let mapping = self.root.mapping();
        let entry = mapping.and_then(|m| m.entry("openapi").or_else(|| m.entry("swagger")));
        let start = mapping.and_then(|mapping| mapping.entries.first());
        let start = start.map_or(Span::empty(self.root.span.start()), |entry| entry.key_span);
        let help = "write `openapi: \"3.1.0\"` first; documents of Swagger 2 can be converted";
        match entry {
            Some(entry) => {
                mistakes.add(entry.place(), "OpenAPI 3.0 and 3.1 are read, not this version", help)
            }
            None => mistakes.add(start, "this is no OpenAPI document: it has no `openapi`", help),
        }
        false
    }

    /// The origins of the servers, and the path of the first one, which all paths begin with.
    fn servers(self) -> (Vec<String>, String) {
        let servers = self.root.get("servers").and_then(Node::items).unwrap_or_default();
        let urls =
            servers.iter().map(|server| (server_url(server), server.get("variables").is_some()));
        let mut origins = Vec::new();
        let mut base = None;
        for (url, has_variables) in urls {
            let (origin, path) = split_url(&url);
            base.get_or_insert_with(|| path.trim_end_matches('/').to_owned());
            if !origin.is_empty() && !has_variables && !origins.contains(&origin.to_owned()) {
                origins.push(origin.to_owned());
            }
        }
        (origins, base.unwrap_or_default())
    }

    /// The node that a node stands for: itself, or what its `$ref` refers to.
    pub(super) fn resolve(self, node: &'d Node, mistakes: &mut Mistakes) -> Option<&'d Node> {
        let mut node = node;
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = node.get("$ref") else { return Some(node) };
            let reference = text(reference, mistakes)?;
            node = self.follow(&reference, mistakes)?;
        }
        let message = "this reference leads in a circle";
        mistakes.add(node.span, message, "let one of its references name the thing itself");
        None
    }

    fn follow(self, reference: &Text<'_>, mistakes: &mut Mistakes) -> Option<&'d Node> {
        let Some(pointer) = reference.text.strip_prefix('#') else {
            let message = format!("`{}` refers to another file", reference.text);
            let help =
                "only references within the document are read, as `#/components/schemas/Name`";
            mistakes.add(reference.span, message, help);
            return None;
        };
        let mut node = self.root;
        for step in pointer.split('/').skip(1) {
            let name = unescape(step);
            let next = match node.items() {
                Some(items) => name.parse().ok().and_then(|index: usize| items.get(index)),
                None => node.get(&name),
            };
            let Some(next) = next else {
                let keys: Vec<&str> = entries(node).iter().map(|e| e.key.as_str()).collect();
                let message =
                    format!("`{}` refers to nothing: there is no `{name}`", reference.text);
                mistakes.add(reference.span, message, expected(&name, &keys));
                return None;
            };
            node = next;
        }
        Some(node)
    }

    fn operation(
        self,
        target: &Target<'_>,
        entry: &'d Entry,
        item: &PathItem<'d>,
        schemes: &SchemeNames,
        mistakes: &mut Mistakes,
    ) -> Operation {
        let node = &entry.value;
        let method = target.method.to_ascii_uppercase();
        let id = node.get("operationId").and_then(|id| text(id, mistakes));
        let id =
            id.map_or_else(|| format!("{method} {}", target.template), |id| id.text.to_owned());
        let mut parameters = own_parameters(self, node, item, mistakes);
        add_path_parameters(target.segments, &mut parameters);
        let body = body_parameters(self, node, mistakes);
        parameters.extend(body.parameters);
        let security = node.get("security").or_else(|| self.root.get("security"));
        let tags = node.get("tags").and_then(Node::items).unwrap_or_default();
        let partial =
            |node: &Node| node.get("x-reqlint-partial").and_then(Node::text) == Some("true");
        Operation {
            id,
            method,
            path: target.template.to_owned(),
            segments: target.segments.to_vec(),
            tags: tags.iter().filter_map(|tag| tag.text().map(str::to_owned)).collect(),
            parameters,
            media_types: body.media_types,
            security: security
                .map(|node| read_security(node, schemes, mistakes))
                .unwrap_or_default(),
            partial: partial(node) || partial(item.node) || partial(self.root),
        }
    }

    /// A node by its path of keys from the root.
    pub(super) fn at(self, keys: &[&str]) -> Option<&'d Node> {
        keys.iter().try_fold(self.root, |node, key| node.get(key))
    }
}

/// What an operation is an operation of.
struct Target<'t> {
    template: &'t str,
    segments: &'t [TemplateSegment],
    method: &'t str,
}

/// The keys with values of a mapping; none of anything else.
pub(super) fn entries(node: &Node) -> &[Entry] {
    node.mapping().map(|mapping| mapping.entries.as_slice()).unwrap_or_default()
}

fn methods(item: &Node) -> impl Iterator<Item = (&'static str, &Entry)> {
    let mapping = item.mapping();
    METHODS.iter().filter_map(move |method| Some((*method, mapping?.entry(method)?)))
}

fn check_id(
    operation: &Operation,
    entry: &Entry,
    ids: &mut HashMap<String, String>,
    mistakes: &mut Mistakes,
) {
    let here = format!("{} {}", operation.method, operation.path);
    if let Some(first) = ids.insert(operation.id.clone(), here) {
        let span = entry.value.get("operationId").map_or(entry.key_span, |id| id.span);
        let message = format!("the operation id `{}` is taken by `{first}`", operation.id);
        mistakes.add(span, message, "ids are unique; choose another one");
    }
}

/// Parameters of the path that the document does not describe.
fn add_path_parameters(segments: &[TemplateSegment], parameters: &mut Vec<Parameter>) {
    for segment in segments {
        let TemplateSegment::Parameter { name, .. } = segment else { continue };
        let is_known = |p: &Parameter| p.location == Location::Path && p.name == *name;
        if !parameters.iter().any(is_known) {
            let location = Location::Path;
            parameters.push(Parameter { name: name.clone(), location, required: true });
        }
    }
}

/// The segments of a path template, with those of the base before them.
fn read_path(entry: &Entry, base: &str, mistakes: &mut Mistakes) -> Option<Vec<TemplateSegment>> {
    let Some(path) = entry.key.strip_prefix('/') else {
        let message = format!("the path `{}` does not begin with `/`", entry.key);
        mistakes.add(entry.key_span, message, format!("write `/{}`", entry.key));
        return None;
    };
    let base = base.split('/').skip(1).map(|text| TemplateSegment::Literal(text.to_owned()));
    let mut segments: Vec<TemplateSegment> = base.collect();
    for segment in path.split('/') {
        let Some(segment) = read_segment(segment) else {
            let message = format!("the braces of `{segment}` do not fit together");
            mistakes.add(entry.key_span, message, "write a parameter as `{name}`");
            return None;
        };
        segments.push(segment);
    }
    Some(segments)
}

/// A segment; of several parameters in it the first gives its name, and the text around all of
/// them is kept.
fn read_segment(text: &str) -> Option<TemplateSegment> {
    let (open, close) = match (text.find('{'), text.rfind('}')) {
        (Some(open), Some(close)) if open < close => (open, close),
        (None, None) => return Some(TemplateSegment::Literal(text.to_owned())),
        _ => return None,
    };
    let inner = &text[open + 1..close];
    let name = inner.split('}').next().filter(|name| !name.is_empty() && !name.contains('{'))?;
    Some(TemplateSegment::Parameter {
        name: name.to_owned(),
        prefix: text[..open].to_owned(),
        suffix: text[close + 1..].to_owned(),
    })
}

/// The URL of a server with the defaults of its variables.
fn server_url(server: &Node) -> String {
    let mut url = server.get("url").and_then(Node::text).unwrap_or_default().to_owned();
    for variable in server.get("variables").map(entries).unwrap_or_default() {
        if let Some(default) = variable.value.get("default").and_then(Node::text) {
            url = url.replace(&format!("{{{}}}", variable.key), default);
        }
    }
    url
}

/// Origin and path of a URL; the origin is empty where the URL is relative.
fn split_url(url: &str) -> (&str, &str) {
    let Some(scheme) = url.find("://") else { return ("", url) };
    let host = scheme + 3;
    let path = url[host..].find('/').map_or(url.len(), |slash| host + slash);
    url.split_at(path)
}

/// A step of a JSON Pointer in a URI fragment (RFC 6901, section 6).
fn unescape(step: &str) -> String {
    let decoded: Cow<'_, str> = percent_decoded(step);
    decoded.replace("~1", "/").replace("~0", "~")
}

fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit =
            |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (first, tail) {
            (b'%', [high, low, after @ ..]) if digit(*high).zip(digit(*low)).is_some() => {
                let (high, low) = digit(*high).zip(digit(*low)).unwrap_or_default();
                bytes.push(high * 16 + low);
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}
