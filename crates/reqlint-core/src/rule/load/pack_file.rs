//! Reads `pack.yaml`.

use super::budget::read_budget;
use super::fields::{Fields, boolean, text_at};
use super::mistakes::Mistakes;
use super::names::{FindList, Trouble};
use super::pages::{plain_texts, read_sources, word_of};
use super::parts::Reader;
use super::rules::{is_id, no_defaults, severities};
use super::symptoms::{read_checklist, read_key_variable};
use super::{BUILT_IN_TYPES, Defaults, USER_PACK, World};
use crate::api::Api;
use crate::budget::Budget;
use crate::diagnostic::Consequence;
use crate::pack::{BlankValues, Pack};
use crate::rule::node::{Entry, Node};
use crate::rule::{Rule, Tests};
use crate::symptom::Step;
use std::collections::BTreeMap;

pub(crate) const PACK: &[&str] = &[
    "name",
    "version",
    "docs",
    "summary",
    "servers",
    "paths",
    "openapi",
    "blank_values",
    "types",
    "defaults",
    "checklist",
    "key_variable",
    "budget",
    "for_each_api",
];
pub(crate) const DEFAULTS: &[&str] = &["severity", "consequence", "scope", "source", "step"];

/// What `pack.yaml` says.
#[derive(Debug, Default)]
pub(crate) struct PackHead {
    pub(crate) name: String,
    pub(crate) openapi: Option<String>,
    pub(crate) defaults: Defaults,
    version: u32,
    summary: String,
    pub(crate) docs: Option<String>,
    servers: Vec<String>,
    paths: Option<Vec<String>>,
    blank_values: Vec<BlankValues>,
    pub(crate) general: bool,
    types: Vec<(String, Tests)>,
    pub(crate) checklist: Vec<Step>,
    pub(crate) key_variable: Option<String>,
    pub(crate) budget: Option<Budget>,
    /// The file itself, until the parts of it that need the description are read.
    file: Option<Node>,
}

impl PackHead {
    /// The head of a pack that has no `pack.yaml`.
    pub(crate) fn user() -> Self {
        let summary = "rules of your own".to_owned();
        PackHead { name: USER_PACK.to_owned(), version: 1, summary, ..PackHead::default() }
    }

    /// Reads types, blank values and defaults, which may refer to the description.
    pub(crate) fn finish(&mut self, api: Option<&Api>, mistakes: &mut Mistakes) {
        let Some(file) = self.file.take() else { return };
        let Some(fields) = Fields::any(&file) else { return };
        let names: Vec<String> = type_entries(fields).map(|entry| entry.key.clone()).collect();
        let tables = BTreeMap::new();
        let world = World {
            pack: &self.name,
            docs: None,
            types: &names,
            api,
            tables: &tables,
            defaults: no_defaults(),
            is_general: self.general,
        };
        let checklist = fields.entry("checklist");
        self.checklist =
            checklist.map(|entry| read_checklist(entry, &world, mistakes)).unwrap_or_default();
        let variable = fields.entry("key_variable");
        self.key_variable = variable.and_then(|entry| read_key_variable(entry, mistakes));
        let budget = fields.entry("budget");
        self.budget = budget.and_then(|entry| read_budget(entry, &world, mistakes));
        self.types = read_types(fields, &world, mistakes);
        self.blank_values = read_blank_values(fields, &world, mistakes);
        self.defaults = read_defaults(fields, &world, mistakes);
    }

    pub(crate) fn type_names(&self) -> Vec<String> {
        self.types.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Adds the types of general rules that the pack does not define for itself.
    pub(crate) fn add_types(&mut self, types: &[(String, Tests)]) {
        for (name, tests) in types {
            if !self.types.iter().any(|(known, _)| known == name) {
                self.types.push((name.clone(), tests.clone()));
            }
        }
    }

    /// The types that it defines.
    pub(crate) fn types(&self) -> &[(String, Tests)] {
        &self.types
    }

    /// The pack.
    pub(crate) fn into_pack(self, api: Option<Api>, rules: Vec<Rule>) -> Pack {
        let described = |own: Vec<String>, described: fn(&Api) -> Vec<String>| match &api {
            Some(api) if own.is_empty() => described(api),
            _ => own,
        };
        let servers = described(self.servers, |api| api.servers.clone());
        let paths = match self.paths {
            Some(paths) => paths,
            None => described(Vec::new(), Api::prefixes),
        };
        Pack {
            name: self.name,
            version: self.version,
            summary: self.summary,
            docs: self.docs,
            servers,
            paths,
            general: self.general,
            blank_values: self.blank_values,
            types: self.types,
            api,
            rules,
        }
    }
}

/// Reads what does not need the description. `files` are the paths of the pack's files.
pub(crate) fn read_pack_file(
    file: Node,
    files: &[&str],
    mistakes: &mut Mistakes,
) -> Option<PackHead> {
    let fields = Fields::of(&file, "a pack", PACK, mistakes)?;
    let name = fields.required("name", "the pack", mistakes);
    if let Some(name) = name.filter(|name| !is_id(name.text)) {
        let message = format!("`{}` is no name for a pack", name.text);
        mistakes.add(name.span, message, "write words in lower case with `-` between them");
    }
    let version = fields.required("version", "the pack", mistakes);
    let number = version.and_then(|version| version.text.parse().ok());
    if let (Some(version), None) = (version, number) {
        let message = format!("`{}` is no version", version.text);
        mistakes.add(version.span, message, "write a whole number that counts the changes");
    }
    let summary = fields.required("summary", "the pack", mistakes);
    let openapi = fields.optional("openapi", mistakes);
    if let Some(openapi) = openapi.filter(|openapi| !files.contains(&openapi.text)) {
        let message = format!("the pack has no file `{}`", openapi.text);
        let yaml =
            files.iter().copied().filter(|path| !path.contains('/') && *path != super::PACK_FILE);
        let yaml: Vec<&str> = yaml.collect();
        mistakes.add(openapi.span, message, super::expected(openapi.text, &yaml));
    }
    let docs = fields.optional("docs", mistakes);
    if let Some(docs) = docs.filter(|docs| !docs.text.starts_with("https://")) {
        mistakes.add(docs.span, "`docs` is a URL", "begin it with `https://`");
    }
    let mut head = PackHead {
        name: name.map_or_else(|| USER_PACK.to_owned(), |name| name.text.to_owned()),
        version: number.unwrap_or(1),
        summary: summary.map(|summary| summary.text.to_owned()).unwrap_or_default(),
        openapi: openapi.map(|openapi| openapi.text.to_owned()),
        docs: docs.map(|docs| docs.text.to_owned()),
        servers: read_servers(fields, mistakes),
        paths: read_paths(fields, mistakes),
        general: fields
            .entry("for_each_api")
            .and_then(|entry| boolean(entry, mistakes))
            .unwrap_or_default(),
        ..PackHead::default()
    };
    head.file = Some(file);
    Some(head)
}

fn read_servers(fields: Fields<'_>, mistakes: &mut Mistakes) -> Vec<String> {
    let Some(entry) = fields.entry("servers") else { return Vec::new() };
    let mut servers = Vec::new();
    for server in plain_texts(entry, mistakes) {
        let host =
            server.text.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
        if host.is_none_or(|(_, host)| host.is_empty() || host.contains(['/', '?', '#'])) {
            let message = format!("`{}` is no origin", server.text);
            mistakes.add(
                server.span,
                message,
                "write scheme and host, as `https://api.example.com`",
            );
        }
        servers.push(server.text.to_owned());
    }
    servers
}

fn read_paths(fields: Fields<'_>, mistakes: &mut Mistakes) -> Option<Vec<String>> {
    let entry = fields.entry("paths")?;
    let mut paths = Vec::new();
    for path in plain_texts(entry, mistakes) {
        if !path.text.starts_with('/') {
            mistakes.add(path.span, format!("`{}` is no path", path.text), "begin it with `/`");
        }
        paths.push(path.text.to_owned());
    }
    Some(paths)
}

fn type_entries<'n>(fields: Fields<'n>) -> impl Iterator<Item = &'n Entry> {
    let types = fields.get("types").and_then(Fields::any);
    types.map(|types| types.entries()).unwrap_or_default().iter()
}

fn read_types(
    fields: Fields<'_>,
    world: &World<'_>,
    mistakes: &mut Mistakes,
) -> Vec<(String, Tests)> {
    if let Some(entry) = fields.entry("types").filter(|entry| entry.value.mapping().is_none()) {
        let help = "write `types: { name: { matches: … } }`";
        mistakes.add(entry.place(), "`types` says which name stands for which tests", help);
    }
    let mut types = Vec::new();
    for entry in type_entries(fields) {
        if BUILT_IN_TYPES.contains(&entry.key.as_str()) {
            let message = format!("`{}` is built in", entry.key);
            mistakes.add(entry.key_span, message, "choose another name");
        } else if !is_id(&entry.key) {
            let message = format!("`{}` is no name for a type", entry.key);
            mistakes.add(
                entry.key_span,
                message,
                "write words in lower case with `-` between them",
            );
        }
        let tests = without_names(world, mistakes, |reader| reader.tests(&entry.value, "a type"));
        types.extend(tests.map(|tests| (entry.key.clone(), tests)));
    }
    check_circles(fields, &types, mistakes);
    types
}

/// A type must not be made of itself.
fn check_circles(fields: Fields<'_>, types: &[(String, Tests)], mistakes: &mut Mistakes) {
    let mut told: Vec<&str> = Vec::new();
    for entry in type_entries(fields) {
        if told.contains(&entry.key.as_str()) {
            continue;
        }
        let mut seen: Vec<&str> = Vec::new();
        let mut next = vec![entry.key.as_str()];
        while let Some(name) = next.pop() {
            let tests = types.iter().find(|(known, _)| known == name);
            let uses: Vec<&str> = tests.map(|(_, tests)| used_types(tests)).unwrap_or_default();
            if uses.contains(&entry.key.as_str()) {
                let message = format!("the type `{}` is made of itself", entry.key);
                mistakes.add(entry.key_span, message, "remove one of the `type` tests");
                told.extend(seen);
                break;
            }
            next.extend(uses.iter().filter(|name| !seen.contains(name)));
            seen.extend(uses);
        }
    }
}

fn used_types(tests: &Tests) -> Vec<&str> {
    let mut used: Vec<&str> = tests.types.iter().map(String::as_str).collect();
    if let Some(not) = &tests.not {
        used.extend(used_types(not));
    }
    used
}

fn read_blank_values(
    fields: Fields<'_>,
    world: &World<'_>,
    mistakes: &mut Mistakes,
) -> Vec<BlankValues> {
    let Some(entry) = fields.entry("blank_values") else { return Vec::new() };
    let Some(items) = entry.value.items() else {
        let help = "write `- { scope: { tag: … }, is: [\"\", \"null\"] }` for each";
        mistakes.add(entry.place(), "`blank_values` is a list", help);
        return Vec::new();
    };
    let mut blank_values = Vec::new();
    for item in items {
        let Some(fields) = Fields::of(item, "a blank value", &["scope", "is"], mistakes) else {
            continue;
        };
        let Some(is) = fields.entry("is") else {
            mistakes.add(fields.start, "a blank value has no `is`", "add `is: [\"\", …]`");
            continue;
        };
        let (scope, is) = without_names(world, mistakes, |reader| {
            let scope = fields.get("scope").and_then(|scope| reader.scope(scope));
            (scope.unwrap_or_default(), reader.patterns(is, FindList::Is))
        });
        blank_values.push(BlankValues { scope, is });
    }
    blank_values
}

fn read_defaults(fields: Fields<'_>, world: &World<'_>, mistakes: &mut Mistakes) -> Defaults {
    let none = Defaults::default;
    let Some(entry) = fields.entry("defaults") else { return none() };
    let what = "`defaults`";
    let Some(fields) = Fields::of(&entry.value, what, DEFAULTS, mistakes) else { return none() };
    let consequences = Consequence::ALL.map(|consequence| (consequence.name(), consequence));
    let severity = word_of(fields, "severity", &severities(), mistakes);
    let consequence = word_of(fields, "consequence", &consequences, mistakes);
    let scope = fields.get("scope");
    let scope = scope.and_then(|node| without_names(world, mistakes, |reader| reader.scope(node)));
    let sources = fields.entry("source").map(|entry| read_sources(entry, mistakes));
    let step = fields.entry("step").and_then(|e| text_at(&e.value, e.place(), mistakes));
    Defaults {
        severity,
        consequence,
        scope,
        sources: sources.unwrap_or_default(),
        step: step.map(|step| step.text.to_owned()),
    }
}

/// Reads something in which no roles, variables and columns can be named.
pub(crate) fn without_names<T>(
    world: &World<'_>,
    mistakes: &mut Mistakes,
    read: impl FnOnce(&mut Reader<'_>) -> T,
) -> T {
    let mut reader = Reader::new(world, None, Vec::new(), mistakes);
    let value = read(&mut reader);
    let (troubles, _) = reader.names.judge(&[]);
    for (id, span, trouble) in troubles {
        debug_assert_ne!(trouble, Trouble::Unused);
        let message = format!("`<{}>` stands for nothing here", reader.names.name(id));
        reader.mistakes.add(span, message, "write `<any>` for any text");
    }
    value
}
