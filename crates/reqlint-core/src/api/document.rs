//! Compiles an OpenAPI document. Called for `--openapi FILE` and for the descriptions of packs.

use super::bodies::read_body;
use super::library::{At, Library, Links};
use super::parameters::{PathItem, own_parameters};
use super::paths::{add_path_parameters, read_path};
use super::schemas::Schemas;
use super::security::{SchemeNames, read_schemes, read_security};
use super::servers::{Servers, read_servers};
use super::{Api, Content, Details, Operation, TemplateSegment, dependency::Dependency};
use crate::diagnostic::Diagnostic;
use crate::rule::load::BrokenFile;
use crate::rule::load::fields::{Text, text};
use crate::rule::load::mistakes::{Mistakes, nearest};
use crate::rule::node::{Entry, Node};
use crate::span::Span;
use std::collections::HashMap;

/// The methods of a path item (OpenAPI 3.1, section 4.8.9).
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// The keys of an operation (OpenAPI 3.1, section 4.8.10).
const OPERATION: &[&str] = &[
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];
/// How long a chain of references may be.
const MAX_REFERENCES: usize = 32;

/// A compiled description, with what is wrong in its files.
#[derive(Debug)]
pub struct Description {
    /// Without what is broken.
    pub api: Api,
    /// The paths of all files that it is made of, relative to the folder of the first one.
    pub files: Vec<String>,
    /// The files with mistakes. Their paths are relative to the folder of the first file.
    pub broken: Vec<BrokenFile>,
}

/// Compiles an OpenAPI 3.0 or 3.1 document of one file, in YAML or JSON. `pack` is the name that
/// its diagnostics carry.
///
/// What is broken is left out of the result; each mistake is a diagnostic of `invalid-description`.
pub fn load_api(text: &str, pack: &str) -> (Api, Vec<Diagnostic>) {
    let Description { api, broken, .. } =
        load_description("openapi.yaml", text, pack, &mut |_| None);
    (api, broken.into_iter().flat_map(|file| file.diagnostics).collect())
}

/// Compiles an OpenAPI document that may be made of several files. `read` gives the text of a
/// file, by its path relative to the folder of the first one.
pub fn load_description(
    path: &str,
    text: &str,
    pack: &str,
    read: &mut dyn FnMut(&str) -> Option<String>,
) -> Description {
    if is_html(text) {
        let mut mistakes = Mistakes::default();
        let help = "save the description itself, in YAML or JSON, and not the page that shows it";
        mistakes.add(Span::empty(0), "this is HTML, not an API description", help);
        let diagnostics = mistakes.into_diagnostics("invalid-description", pack);
        let (api, files) = (Api::default(), vec![path.to_owned()]);
        return Description {
            api,
            files,
            broken: vec![BrokenFile { path: path.to_owned(), diagnostics }],
        };
    }
    let (library, mistakes) = Library::read(path, text, read);
    let mut compiler = Compiler {
        links: Links::new(&library),
        mistakes,
        schemas: Schemas::default(),
        is_3_0: false,
    };
    let api = library.root(0).map(|root| compiler.compile(root)).unwrap_or_default();
    let files = library.files.iter().zip(compiler.mistakes);
    let broken = files.filter(|(_, mistakes)| mistakes.len() > 0).map(|(file, mistakes)| {
        let diagnostics = mistakes.into_diagnostics("invalid-description", pack);
        BrokenFile { path: file.path.clone(), diagnostics }
    });
    let broken = broken.collect();
    Description { api, files: library.files.into_iter().map(|file| file.path).collect(), broken }
}

/// Neither YAML nor JSON begins with `<`.
fn is_html(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with("<!") || text.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case("<html"))
}

/// Reads the parts of a description, and collects what is wrong with them.
#[derive(Debug)]
pub(super) struct Compiler<'d> {
    links: Links<'d>,
    pub(super) mistakes: Vec<Mistakes>,
    pub(super) schemas: Schemas<'d>,
    /// Whether the schemas are those of OpenAPI 3.0, which differ from JSON Schema.
    pub(super) is_3_0: bool,
}

impl<'d> Compiler<'d> {
    fn compile(&mut self, root: At<'d>) -> Api {
        if !self.check_version(root) {
            return Api::default();
        }
        let Servers { origins, bases } = read_servers(self, root.get("servers"));
        let (security_schemes, names) = read_schemes(self, root);
        let title = root.get("info").and_then(|info| info.get("title")?.node.text());
        let mut api = Api {
            title: title.unwrap_or_default().to_owned(),
            servers: origins,
            security_schemes,
            ..Api::default()
        };
        let mut read = Read { ids: HashMap::new(), details: Details::default(), names };
        let Some(paths) = root.get("paths") else {
            let is_partial = ["components", "webhooks"].iter().any(|key| root.get(key).is_some());
            if !is_partial {
                let help = "add `paths:` with the operations of the API";
                self.mistake(root, first_key(root), "this description has no `paths`", help);
            }
            return api;
        };
        for path in paths.entries().iter().filter(|path| !path.key.starts_with("x-")) {
            self.path(root, paths.file, path, &bases, &mut read, &mut api);
        }
        api.bases = bases.into_iter().skip(1).map(|base| segments_of(&base)).collect();
        read.details.schemas = std::mem::take(&mut self.schemas.list);
        read.details.forms = std::mem::take(&mut self.schemas.forms);
        api.details = read.details.into();
        api
    }

    /// Whether it is OpenAPI 3.
    fn check_version(&mut self, root: At<'d>) -> bool {
        let version = root.get("openapi").and_then(|version| version.node.text());
        self.is_3_0 = version.is_some_and(|version| version.starts_with("3.0"));
        if version.is_some_and(|version| version.starts_with("3.")) {
            return true;
        }
        let mapping = root.node.mapping();
        let entry = mapping.and_then(|m| m.entry("openapi").or_else(|| m.entry("swagger")));
        let help = "write `openapi: \"3.1.0\"` first; documents of Swagger 2 can be converted";
        match entry {
            Some(entry) => {
                let message = "OpenAPI 3.0 and 3.1 are read, not this version";
                self.mistake(root, entry.place(), message, help);
            }
            None => {
                let message = "this is no OpenAPI document: it has no `openapi`";
                self.mistake(root, first_key(root), message, help);
            }
        }
        false
    }

    fn path(
        &mut self,
        root: At<'d>,
        file: usize,
        path: &'d Entry,
        bases: &[String],
        read: &mut Read,
        api: &mut Api,
    ) {
        let Some(own) = read_path(path, &mut self.mistakes[file]) else { return };
        let Some(item) = self.resolve(At { file, node: &path.value }) else { return };
        if item.node.mapping().is_none() {
            let message =
                format!("`{}` is a mapping of methods, not {}", path.key, item.node.kind());
            let help = "write `get:`, `post:` or another method below it";
            return self.mistake(At { file, node: &path.value }, path.place(), &message, help);
        }
        self.check_methods(item);
        let inherited = PathItem::new(self, item);
        for (method, entry) in methods(item.node) {
            let node = item.beside(&entry.value);
            let servers = node.get("servers").or_else(|| item.get("servers"));
            let base = match servers {
                Some(servers) => {
                    read_servers(self, Some(servers)).bases.into_iter().next().unwrap_or_default()
                }
                None => bases.first().cloned().unwrap_or_default(),
            };
            let target = Target { base: &base, path: &path.key, segments: &own, method };
            let operation = self.operation(root, &target, item, entry, &inherited, read);
            self.check_id(&operation, node, entry, &mut read.ids);
            api.operations.push(operation);
        }
    }

    fn operation(
        &mut self,
        root: At<'d>,
        target: &Target<'_>,
        item: At<'d>,
        entry: &'d Entry,
        inherited: &PathItem<'d>,
        read: &mut Read,
    ) -> Operation {
        let node = item.beside(&entry.value);
        self.check_keys(node, "an operation", OPERATION);
        let method = target.method.to_ascii_uppercase();
        let path = format!("{}{}", target.base, target.path);
        let id = node.get("operationId").and_then(|id| self.text(id));
        let id = id.map_or_else(|| format!("{method} {path}"), |id| id.text.to_owned());
        let base = segments_of(target.base);
        let literal = |text: &String| TemplateSegment::Literal(text.clone());
        let mut segments: Vec<TemplateSegment> = base.iter().map(literal).collect();
        segments.extend_from_slice(target.segments);
        let own = own_parameters(self, node, inherited);
        let mut parameters = own.parameters;
        add_path_parameters(self, &segments, item, entry, &mut parameters);
        let body = read_body(self, node);
        parameters.extend(body.parameters);
        let security = node.get("security").or_else(|| root.get("security"));
        let security = security.map(|node| read_security(self, node, &read.names));
        let tags = node.get("tags").map(|tags| tags.node.items().unwrap_or_default());
        let tags = tags.unwrap_or_default().iter();
        let is_true = |node: At<'d>, key| node.get(key).and_then(|n| n.node.text()) == Some("true");
        let partial = [node, item, root].iter().any(|node| is_true(*node, "x-reqlint-partial"));
        read.details.bodies.push(body.contents);
        read.details.dependencies.push(self.dependencies(node, &parameters));
        read.details.groups.push(own.groups);
        Operation {
            id,
            method,
            path,
            segments,
            base: base.len(),
            tags: tags.filter_map(|tag| tag.text().map(str::to_owned)).collect(),
            parameters,
            media_types: body.media_types,
            needs_body: body.required,
            security: security.unwrap_or_default(),
            deprecated: is_true(node, "deprecated"),
            partial: partial || own.takes_any,
        }
    }

    /// What `x-dependencies` says (the IDL extension of OpenAPI).
    fn dependencies(&mut self, node: At<'d>, parameters: &[super::Parameter]) -> Vec<Dependency> {
        let Some(list) = node.get("x-dependencies") else { return Vec::new() };
        super::dependency::read_dependencies(self, list, parameters)
    }

    fn check_methods(&mut self, item: At<'d>) {
        const OTHERS: &[&str] = &["$ref", "summary", "description", "servers", "parameters"];
        for entry in item.entries() {
            let key = entry.key.as_str();
            if METHODS.contains(&key) || OTHERS.contains(&key) || key.starts_with("x-") {
                continue;
            }
            let message = format!("`{key}` is no method");
            let help = crate::rule::load::mistakes::expected(key, METHODS);
            self.mistakes[item.file].add(entry.key_span, message, help);
        }
    }

    /// A key that is nearly one that is known is one that was mistyped.
    pub(super) fn check_keys(&mut self, at: At<'d>, what: &str, known: &[&str]) {
        for entry in at.entries() {
            let key = entry.key.as_str();
            if known.contains(&key) || key.starts_with("x-") || key.len() < 4 {
                continue;
            }
            let near = nearest(key, known).filter(|near| at.get(near).is_none());
            if let Some(near) = near.filter(|near| strsim::damerau_levenshtein(near, key) <= 2) {
                let message = format!("{what} has no key `{key}`");
                self.mistake(at, entry.key_span, &message, &format!("did you mean `{near}`?"));
            }
        }
    }

    fn check_id(
        &mut self,
        operation: &Operation,
        node: At<'d>,
        entry: &Entry,
        ids: &mut HashMap<String, String>,
    ) {
        let here = format!("{} {}", operation.method, operation.path);
        if let Some(first) = ids.insert(operation.id.clone(), here) {
            let span = node.get("operationId").map_or(entry.key_span, |id| id.node.span);
            let message = format!("the operation id `{}` is taken by `{first}`", operation.id);
            self.mistake(node, span, &message, "ids are unique; choose another one");
        }
    }

    /// Keeps a mistake in the file of a node.
    pub(super) fn mistake(&mut self, at: At<'d>, span: Span, message: &str, help: &str) {
        self.mistakes[at.file].add(span, message, help);
    }

    /// The text at a node; anything else is a mistake.
    pub(super) fn text(&mut self, at: At<'d>) -> Option<Text<'d>> {
        text(at.node, &mut self.mistakes[at.file])
    }

    /// The node that a node stands for: itself, or what its `$ref` refers to.
    pub(super) fn resolve(&mut self, at: At<'d>) -> Option<At<'d>> {
        let mut here = at;
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = here.get("$ref") else { return Some(here) };
            here = self.follow(reference)?;
        }
        let message = "this reference leads in a circle";
        self.mistake(at, at.node.span, message, "let one of its references name the thing itself");
        None
    }

    /// What the value of a `$ref` refers to.
    pub(super) fn follow(&mut self, reference: At<'d>) -> Option<At<'d>> {
        let file = reference.file;
        let text = self.text(reference)?;
        self.links.follow(file, &text, &mut self.mistakes[file])
    }
}

/// What is collected while operations are read.
struct Read {
    ids: HashMap<String, String>,
    details: Details,
    names: SchemeNames,
}

/// What an operation is an operation of.
struct Target<'t> {
    base: &'t str,
    path: &'t str,
    segments: &'t [TemplateSegment],
    method: &'t str,
}

/// What the bodies of an operation are made of.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) required: bool,
    pub(super) media_types: Vec<String>,
    pub(super) contents: Vec<Content>,
    pub(super) parameters: Vec<super::Parameter>,
}

/// Where a mapping begins, to point at when a key is missing.
fn first_key(at: At<'_>) -> Span {
    at.entries().first().map_or(Span::empty(at.node.span.start()), |entry| entry.key_span)
}

fn segments_of(base: &str) -> Vec<String> {
    base.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

fn methods(item: &Node) -> impl Iterator<Item = (&'static str, &Entry)> {
    let mapping = item.mapping();
    METHODS.iter().filter_map(move |method| Some((*method, mapping?.entry(method)?)))
}
