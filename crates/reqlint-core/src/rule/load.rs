//! Reads packs from YAML. Every mistake in a file becomes a diagnostic with a caret into it.

mod budget;
mod cases;
mod conditions;
mod declared;
pub(crate) mod fields;
mod fixes;
mod language;
pub(crate) mod mistakes;
mod names;
mod notation;
mod pack_file;
mod pages;
mod parts;
mod recording;
mod refine;
mod rules;
mod sense;
mod sequence;
mod symptoms;
pub(crate) mod syntax;
mod tables;
mod texts;

use crate::api::{Api, load_description};
use crate::diagnostic::{Consequence, Diagnostic, Severity};
use crate::pack::DocumentedPack;
use crate::rule::Scope;
use crate::rule::node::{self, Node};
use crate::rule::page::SourceNote;
use crate::span::Span;
use crate::symptom::{Guide, Step, Symptom};
use fields::Text;
pub use language::{LanguageKey, LanguageObject, Takes, language};
use mistakes::{Mistakes, expected, nearest};
use pack_file::{PackHead, read_pack_file};
use refine::General;
use rules::{ReadRule, read_rule};
use std::collections::BTreeMap;
use symptoms::{ReadSymptom, check_step, read_symptom};
use tables::{Table, read_table};

/// The names for `type` that every pack has. Packs add their own under `types`.
pub const BUILT_IN_TYPES: &[&str] = &[
    "country",
    "country-like",
    "placeholder",
    "secret",
    "date",
    "day",
    "number",
    "integer",
    "json-object",
];

/// The name of a pack whose files have no `pack.yaml`.
pub const USER_PACK: &str = "user";

/// A file of a pack.
#[derive(Clone, Copy, Debug)]
pub struct PackFile<'t> {
    /// Relative to the pack's folder, with `/`: `pack.yaml`, `path/trailing-slash.yaml`,
    /// `tables/names.yaml`, `openapi.yaml`.
    pub path: &'t str,
    /// Its content.
    pub text: &'t str,
}

/// A file with the mistakes in it.
#[derive(Clone, Debug)]
pub struct BrokenFile {
    /// As in [`PackFile`].
    pub path: String,
    /// Mistakes, in the order of the text; `rule` is `invalid-rule`, `invalid-pack` or the like.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a rule can refer to outside its file.
#[derive(Debug)]
pub(crate) struct World<'p> {
    pub(crate) pack: &'p str,
    /// The base of the API's own documentation.
    pub(crate) docs: Option<&'p str>,
    pub(crate) types: &'p [String],
    pub(crate) api: Option<&'p Api>,
    pub(crate) tables: &'p BTreeMap<String, Table>,
    pub(crate) defaults: &'p Defaults,
    /// Whether its rules are tried for every API that has a description.
    pub(crate) is_general: bool,
}

/// What a pack says for rules that do not say it themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    pub(crate) severity: Option<Severity>,
    pub(crate) consequence: Option<Consequence>,
    pub(crate) scope: Option<Scope>,
    pub(crate) sources: Vec<SourceNote>,
    pub(crate) step: Option<String>,
}

impl<'p> World<'p> {
    /// The names that `type` can have.
    pub(crate) fn type_names(&self) -> Vec<&'p str> {
        BUILT_IN_TYPES.iter().copied().chain(self.types.iter().map(String::as_str)).collect()
    }

    /// The tags of the description's operations, where there is one.
    pub(crate) fn tags(&self) -> Option<Vec<&'p str>> {
        let operations = &self.api?.operations;
        let tags = operations.iter().flat_map(|operation| &operation.tags).map(String::as_str);
        let mut tags: Vec<&str> = tags.collect();
        tags.sort_unstable();
        tags.dedup();
        Some(tags)
    }

    /// The ids of the description's operations, where there is one.
    pub(crate) fn operations(&self) -> Option<Vec<&'p str>> {
        Some(self.api?.operations.iter().map(|operation| operation.id.as_str()).collect())
    }
}

/// Compiles a pack. Files without a `pack.yaml` are the rules of a pack named [`USER_PACK`],
/// which speaks about every request.
///
/// # Errors
/// All files with mistakes, each with all of its mistakes.
pub fn load_pack(files: &[PackFile<'_>]) -> Result<DocumentedPack, Vec<BrokenFile>> {
    load_pack_beside(files, None)
}

/// Compiles a pack, as [`load_pack`] does. `others` are the ids of the rules of all other packs
/// that it can yield to; without them, an unknown id is a mistake only if it looks like a typo.
///
/// # Errors
/// All files with mistakes, each with all of its mistakes.
pub fn load_pack_beside(
    files: &[PackFile<'_>],
    others: Option<&[String]>,
) -> Result<DocumentedPack, Vec<BrokenFile>> {
    load_pack_with(files, &Beside { others, general: &[] })
}

/// What a pack is loaded beside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'b> {
    /// The ids of the rules of all other packs, where they are known.
    pub others: Option<&'b [String]>,
    /// The files of the general pack, whose rules a rule can refine (`extends`).
    pub general: &'b [PackFile<'b>],
}

/// Compiles a pack, as [`load_pack`] does, beside other packs.
///
/// # Errors
/// All files with mistakes, each with all of its mistakes.
pub fn load_pack_with(
    files: &[PackFile<'_>],
    beside: &Beside<'_>,
) -> Result<DocumentedPack, Vec<BrokenFile>> {
    let others = beside.others;
    let general = General::read(beside.general);
    let mut loader = Loader::default();
    let head = loader.pack_file(files);
    let api = head.openapi.as_deref().and_then(|path| loader.description(files, path));
    let mut tables = general.tables.clone();
    for file in files {
        if let Some(name) = table_name(file.path) {
            tables.insert(name.to_owned(), loader.table(file));
        }
    }
    let mut head = loader.finish_head(files, head, api.as_ref());
    if api.is_some() {
        head.add_types(&general.types);
    }
    let world = World {
        pack: &head.name,
        docs: head.docs.as_deref(),
        types: &head.type_names(),
        api: api.as_ref(),
        tables: &tables,
        defaults: &head.defaults,
        is_general: head.general,
    };
    let has_pack_file = files.iter().any(|file| file.path == PACK_FILE);
    let mut read: Vec<RuleFile<'_>> = Vec::new();
    let described = std::mem::take(&mut loader.described);
    let is_described = |path: &str| described.iter().any(|known| known == path);
    let rule_files = files.iter().filter(|file| is_rule(file.path, &head));
    for file in rule_files.filter(|file| !is_described(file.path)) {
        let stem = Some(stem(file.path)).filter(|_| has_pack_file);
        let (node, mut mistakes) = loader.read(file);
        let is_description =
            |node: &Node| node.get("openapi").is_some() || node.get("swagger").is_some();
        if let Some((message, help)) = node.as_ref().and_then(misplaced) {
            mistakes = Mistakes::default();
            mistakes.add(Span::empty(0), message, help);
            loader.done(file.path, "invalid-pack", mistakes);
        } else if node.as_ref().is_some_and(is_description) {
            if head.openapi.is_none() {
                let message = "this is an API description that no `pack.yaml` names";
                let help = format!(
                    "write `openapi: {}` into the `pack.yaml` of its folder, beside `name`, `version` and `summary`",
                    file.path
                );
                mistakes.add(Span::empty(0), message, help);
            }
            loader.done(file.path, "invalid-pack", mistakes);
        } else if let Some(node) = node {
            let node = general.refined(node, &mut mistakes);
            let rule = read_rule(&node, stem, &world, &mut mistakes);
            read.push(RuleFile { path: file.path, rule, mistakes });
        } else {
            loader.done(file.path, "invalid-rule", mistakes);
        }
    }
    let mut symptoms = loader.symptoms(files, &world, has_pack_file);
    check_ids(&mut read, has_pack_file);
    check_yields(&mut read, others);
    let names_no_table = |file: &RuleFile<'_>| {
        file.rule.table.as_ref().is_some_and(|name| !tables.contains_key(name))
    };
    if loader.broken.is_empty() && !read.iter().any(names_no_table) {
        loader.unused_tables(files, &read);
    }
    for file in &mut read {
        check_step(file.rule.step.as_ref(), &head.checklist, &mut file.mistakes);
    }
    check_symptoms(&mut symptoms, &read, others, &head.checklist);
    let symptoms = loader.finish_symptoms(symptoms);
    let mut rules = Vec::new();
    for file in read {
        rules.extend(file.rule.rule);
        loader.done(file.path, "invalid-rule", file.mistakes);
    }
    if !loader.broken.is_empty() {
        loader.broken.sort_by(|a, b| a.path.cmp(&b.path));
        return Err(loader.broken);
    }
    rules.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    let (rules, pages) = rules.into_iter().unzip();
    let guide = Guide {
        symptoms,
        checklist: std::mem::take(&mut head.checklist),
        key_variable: head.key_variable.take(),
        budget: head.budget.take(),
    };
    Ok(DocumentedPack { pack: head.into_pack(api, rules), pages, guide })
}

const PACK_FILE: &str = "pack.yaml";

/// A rule file that was read, and may still have mistakes that show beside other files.
struct RuleFile<'t> {
    path: &'t str,
    rule: ReadRule,
    mistakes: Mistakes,
}

/// A symptom file that was read.
struct SymptomFile<'t> {
    path: &'t str,
    symptom: ReadSymptom,
    mistakes: Mistakes,
}

/// Reads files one by one and keeps what is wrong with them.
#[derive(Debug, Default)]
struct Loader {
    pack: String,
    /// The files that the description is made of.
    described: Vec<String>,
    broken: Vec<BrokenFile>,
}

impl Loader {
    fn read(&self, file: &PackFile<'_>) -> (Option<Node>, Mistakes) {
        let (node, mistakes) = node::read(file.text);
        (node, Mistakes::new(mistakes))
    }

    fn done(&mut self, path: &str, reader: &str, mistakes: Mistakes) {
        self.add(path, mistakes.into_diagnostics(reader, &self.pack));
    }

    fn add(&mut self, path: &str, diagnostics: Vec<Diagnostic>) {
        if diagnostics.is_empty() {
            return;
        }
        match self.broken.iter_mut().find(|file| file.path == path) {
            Some(file) => file.diagnostics.extend(diagnostics),
            None => self.broken.push(BrokenFile { path: path.to_owned(), diagnostics }),
        }
    }

    /// `pack.yaml`, where there is one.
    fn pack_file(&mut self, files: &[PackFile<'_>]) -> PackHead {
        self.pack = USER_PACK.to_owned();
        let Some(file) = files.iter().find(|file| file.path == PACK_FILE) else {
            return PackHead::user();
        };
        let (node, mut mistakes) = self.read(file);
        let known: Vec<&str> = files.iter().map(|file| file.path).collect();
        let head = node.and_then(|node| read_pack_file(node, &known, &mut mistakes));
        let head = head.unwrap_or_else(PackHead::user);
        self.pack.clone_from(&head.name);
        self.done(file.path, "invalid-pack", mistakes);
        head
    }

    /// What of `pack.yaml` needs the description.
    fn finish_head(
        &mut self,
        files: &[PackFile<'_>],
        mut head: PackHead,
        api: Option<&Api>,
    ) -> PackHead {
        let mut mistakes = Mistakes::default();
        head.finish(api, &mut mistakes);
        if files.iter().any(|file| file.path == PACK_FILE) {
            self.done(PACK_FILE, "invalid-pack", mistakes);
        }
        head
    }

    fn description(&mut self, files: &[PackFile<'_>], path: &str) -> Option<Api> {
        let file = files.iter().find(|file| file.path == path)?;
        let text_of = |path: &str| files.iter().find(|file| file.path == path).map(|f| f.text);
        let mut read = |path: &str| text_of(path).map(str::to_owned);
        let description = load_description(path, file.text, &self.pack, &mut read);
        let is_sound = description.broken.is_empty();
        for file in description.broken {
            self.add(&file.path, file.diagnostics);
        }
        self.described = description.files;
        is_sound.then_some(description.api)
    }

    /// A table that no rule asks for is a rule that was forgotten.
    fn unused_tables(&mut self, files: &[PackFile<'_>], rules: &[RuleFile<'_>]) {
        for file in files {
            let Some(name) = table_name(file.path) else { continue };
            if !rules.iter().any(|rule| rule.rule.table.as_deref() == Some(name)) {
                let mut mistakes = Mistakes::default();
                let help = format!("write `table: {name}` into a rule, or remove the file");
                mistakes.add(Span::empty(0), format!("no rule uses the table `{name}`"), help);
                self.done(file.path, "invalid-table", mistakes);
            }
        }
    }

    /// The files of symptoms.
    fn symptoms<'t>(
        &mut self,
        files: &[PackFile<'t>],
        world: &World<'_>,
        named: bool,
    ) -> Vec<SymptomFile<'t>> {
        let mut read = Vec::new();
        for file in files.iter().filter(|file| is_yaml(file.path) && is_symptom(file.path)) {
            let (node, mut mistakes) = self.read(file);
            let stem = Some(stem(file.path)).filter(|_| named);
            match node {
                Some(node) => {
                    let symptom = read_symptom(&node, stem, world, &mut mistakes);
                    read.push(SymptomFile { path: file.path, symptom, mistakes });
                }
                None => self.done(file.path, "invalid-symptom", mistakes),
            }
        }
        read
    }

    /// What is right of the symptoms, in the order of their ids.
    fn finish_symptoms(&mut self, files: Vec<SymptomFile<'_>>) -> Vec<Symptom> {
        let mut symptoms = Vec::new();
        for file in files {
            symptoms.extend(file.symptom.symptom);
            self.done(file.path, "invalid-symptom", file.mistakes);
        }
        symptoms.sort_by(|one, other| one.id.cmp(&other.id));
        symptoms
    }

    fn table(&mut self, file: &PackFile<'_>) -> Table {
        let (node, mut mistakes) = self.read(file);
        let table = node.map(|node| read_table(&node, &mut mistakes));
        self.done(file.path, "invalid-table", mistakes);
        table.unwrap_or_else(Table::broken)
    }
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

fn table_name(path: &str) -> Option<&str> {
    path.strip_prefix("tables/").filter(|_| is_yaml(path)).map(stem)
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).unwrap_or(name)
}

fn is_rule(path: &str, head: &PackHead) -> bool {
    is_yaml(path)
        && path != PACK_FILE
        && head.openapi.as_deref() != Some(path)
        && !path.starts_with("tables/")
        && !is_symptom(path)
}

fn is_symptom(path: &str) -> bool {
    path.starts_with("symptoms/")
}

/// A file that is another one than a rule: what it is, and where it belongs.
fn misplaced(node: &Node) -> Option<(&'static str, &'static str)> {
    let has = |key: &str| node.get(key).is_some();
    if has("version") && has("name") {
        let message = "this is the file of a pack, and only `pack.yaml` is read as one";
        return Some((message, "rename it to `pack.yaml`, or remove it where there is one"));
    }
    let is_rule = ["find", "sequence", "cases", "message", "severity", "extends"];
    if ["retry", "causes", "elsewhere"].into_iter().any(has) && !is_rule.into_iter().any(has) {
        let message = "this is a symptom, not a rule";
        let help = "put it into the folder `symptoms/` of a pack, and name the folder of the pack";
        return Some((message, help));
    }
    None
}

/// What symptoms say of rules and of each other: their ids are apart, and the ids that they name
/// exist. `others` are the rules of other packs.
fn check_symptoms(
    files: &mut [SymptomFile<'_>],
    rules: &[RuleFile<'_>],
    others: Option<&[String]>,
    checklist: &[Step],
) {
    let ids = |file: &RuleFile<'_>| file.rule.id.as_ref().map(|(id, _)| id.clone());
    let own: Vec<String> = rules.iter().filter_map(ids).collect();
    let mut known = own.clone();
    known.extend(others.unwrap_or_default().iter().cloned());
    let symptoms: Vec<String> =
        files.iter().filter_map(|file| Some(file.symptom.id.as_ref()?.0.clone())).collect();
    let mut seen: Vec<String> = Vec::new();
    for file in files {
        let SymptomFile { symptom, mistakes, .. } = file;
        if let Some((id, span)) = &symptom.id {
            if own.contains(id) || seen.contains(id) {
                let message = format!("the id `{id}` is taken");
                mistakes.add(*span, message, "rules and symptoms share their ids; choose another");
            }
            seen.push(id.clone());
        }
        for (cause, span) in symptom.causes.iter().chain(&symptom.first) {
            let is_wrong = others.is_some() || is_slip(cause, &known);
            if !known.contains(cause) && is_wrong {
                let message = format!("there is no rule `{cause}`");
                mistakes.add(*span, message, expected(cause, &known));
            }
        }
        for (to, span) in &symptom.yields_to {
            if !symptoms.contains(to) {
                let message = format!("the pack has no symptom `{to}`");
                mistakes.add(*span, message, expected(to, &symptoms));
            }
        }
        check_step(symptom.step.as_ref(), checklist, mistakes);
    }
}

/// `named` says whether files are named after their ids.
fn check_ids(files: &mut [RuleFile<'_>], named: bool) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for file in files {
        let Some((id, span)) = &file.rule.id else { continue };
        // An id that differs from the name of its file was said there.
        if named && stem(file.path) != id {
            continue;
        }
        match seen.get(id) {
            Some(first) => {
                let message = format!("the id `{id}` is taken by `{first}`");
                file.mistakes.add(*span, message, "ids are unique; choose another one");
            }
            None => {
                seen.insert(id.clone(), file.path);
            }
        }
    }
}

/// The same id in a file of another pack: what is wrong with the later file.
pub fn taken_id(path: &str, text: &str, pack: &str, id: &str, by: &str) -> BrokenFile {
    let mut mistakes = Mistakes::default();
    let (node, _) = node::read(text);
    let span = node.as_ref().and_then(|node| node.get("id")).map_or(Span::empty(0), |id| id.span);
    let message = format!("the id `{id}` is taken by {by}");
    mistakes.add(span, message, "ids are unique over all packs; choose another one");
    BrokenFile {
        path: path.to_owned(),
        diagnostics: mistakes.into_diagnostics("invalid-rule", pack),
    }
}

/// Ids under `yields_to` and `instead_of` must exist, and must not lead back.
fn check_yields(files: &mut [RuleFile<'_>], others: Option<&[String]>) {
    let own = |file: &RuleFile<'_>| file.rule.id.as_ref().map(|(id, _)| id.clone());
    let mut known: Vec<String> = files.iter().filter_map(own).collect();
    known.extend(others.unwrap_or_default().iter().cloned());
    let yields = |file: &RuleFile<'_>| {
        let to = file.rule.yields_to.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
        own(file).map(|id| (id, to))
    };
    let graph: BTreeMap<String, Vec<String>> = files.iter().filter_map(yields).collect();
    for file in files {
        let named = file.rule.yields_to.iter().chain(&file.rule.instead_of);
        for (number, (to, span)) in named.enumerate() {
            if !known.contains(to) {
                if others.is_some() || is_slip(to, &known) {
                    let message = format!("there is no rule `{to}`");
                    file.mistakes.add(*span, message, expected(to, &known));
                }
            } else if let Some((id, _)) =
                file.rule.id.as_ref().filter(|(id, _)| leads(&graph, to, id))
                && number < file.rule.yields_to.len()
            {
                let message = format!("`{to}` yields to `{id}` in turn, so neither would speak");
                file.mistakes.add(*span, message, "remove one of the two");
            }
        }
    }
}

/// Whether an id is nearly a known one: without the other packs, no other unknown id is a mistake.
fn is_slip(id: &str, known: &[String]) -> bool {
    nearest(id, known).is_some_and(|near| strsim::damerau_levenshtein(near, id) <= 2)
}

/// Whether one rule yields to the other, by whatever way.
fn leads(graph: &BTreeMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen = vec![from];
    let mut at = 0;
    while let Some(id) = seen.get(at).copied() {
        if id == to {
            return true;
        }
        for next in graph.get(id).into_iter().flatten() {
            if !seen.contains(&next.as_str()) {
                seen.push(next);
            }
        }
        at += 1;
    }
    false
}
