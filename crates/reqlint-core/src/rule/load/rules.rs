//! Reads a rule file.

use super::cases::Cases;
use super::fields::{Fields, text_at};
use super::mistakes::{Mistakes, expected};
use super::pages::{plain_texts, read_examples, read_sources, word_of};
use super::tables::{Table, read_table};
use super::texts::check_style;
use super::{Defaults, World};
use crate::diagnostic::{Consequence, Severity};
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rule::page::{Page, SourceNote};
use crate::span::Span;

/// The keys of a rule.
pub(crate) const RULE: &[&str] = &[
    "id",
    "extends",
    "severity",
    "consequence",
    "summary",
    "step",
    "source",
    "table",
    "scope",
    "yields_to",
    "instead_of",
    "find",
    "if",
    "sequence",
    "at",
    "report",
    "message",
    "labels",
    "help",
    "fix",
    "fixes",
    "cases",
    "why",
    "examples",
];

/// A rule with what other rules must know of its file.
#[derive(Debug, Default)]
pub(crate) struct ReadRule {
    /// None where it has mistakes.
    pub(crate) rule: Option<(Rule, Page)>,
    pub(crate) id: Option<(String, Span)>,
    pub(crate) yields_to: Vec<(String, Span)>,
    pub(crate) instead_of: Vec<(String, Span)>,
    /// The file of the pack that its table is.
    pub(crate) table: Option<String>,
    pub(crate) step: Option<(String, Span)>,
}

/// Reads a rule. `stem` is the name that its file gives it, if that counts.
pub(crate) fn read_rule(
    node: &Node,
    stem: Option<&str>,
    world: &World<'_>,
    mistakes: &mut Mistakes,
) -> ReadRule {
    let Some(fields) = Fields::of(node, "a rule", RULE, mistakes) else {
        return ReadRule::default();
    };
    let before = mistakes.len();
    let defaults = world.defaults;
    let id = read_id(fields, "the rule", stem, mistakes);
    let severity = required_word(fields, "severity", defaults.severity, &severities(), mistakes);
    let consequences = Consequence::ALL.map(|consequence| (consequence.name(), consequence));
    let consequence =
        required_word(fields, "consequence", defaults.consequence, &consequences, mistakes);
    let summary = fields.required("summary", "the rule", mistakes);
    if let Some(summary) = &summary {
        check_style(summary, mistakes);
    }
    let step = fields.optional("step", mistakes).map(|step| (step.text.to_owned(), step.span));
    let extends = fields.optional("extends", mistakes).map(|base| base.text.to_owned());
    let yields_to = ids(fields, "yields_to", mistakes);
    let instead_of = ids(fields, "instead_of", mistakes);
    let table = read_rule_table(fields, world, mistakes);
    let cases = Cases::new(fields, world, table.as_ref(), severity.unwrap_or(Severity::Info));
    let cases = cases.read(mistakes);
    let sources = fields.entry("source").map(|entry| read_sources(entry, mistakes));
    let sources = sources.unwrap_or_else(|| defaults.sources.clone());
    check_confidence(fields, &sources, mistakes);
    let why = fields.required("why", "the rule", mistakes).map(|why| why.text.to_owned());
    let examples = match fields.entry("examples") {
        Some(entry) => read_examples(entry, mistakes),
        None => {
            let help = "add `examples:` with at least one `bad` and one `good`; they are its tests";
            mistakes.lacks(fields.start, "examples", "the rule has no `examples`", help);
            Vec::new()
        }
    };
    let complete = || {
        let id = id.as_ref()?.0.clone();
        let rule = Rule {
            id: id.clone(),
            pack: world.pack.to_owned(),
            severity: severity?,
            consequence: consequence?,
            summary: summary?.text.to_owned(),
            url: page_url(world.docs, &sources),
            step: step.as_ref().map(|(step, _)| step.clone()).or_else(|| defaults.step.clone()),
            extends: extends.clone(),
            yields_to: yields_to.iter().map(|(id, _)| id.clone()).collect(),
            instead_of: instead_of.iter().map(|(id, _)| id.clone()).collect(),
            columns: table.as_ref().map(|table| table.columns.clone()).unwrap_or_default(),
            rows: table.as_ref().map(|table| table.rows.clone()).unwrap_or_default(),
            cases,
        };
        Some((rule, Page { id, extends, why: why?, sources, examples }))
    };
    let rule = if mistakes.len() == before { complete() } else { None };
    let table = fields.get("table").and_then(Node::text).map(str::to_owned);
    ReadRule { rule, id, yields_to, instead_of, table, step }
}

pub(crate) fn severities() -> [(&'static str, Severity); 3] {
    Severity::ALL.map(|severity| (severity.name(), severity))
}

fn required_word<T: Copy>(
    fields: Fields<'_>,
    key: &str,
    default: Option<T>,
    values: &[(&str, T)],
    mistakes: &mut Mistakes,
) -> Option<T> {
    if !fields.has(key) && default.is_none() {
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        let help = expected("", &names);
        mistakes.lacks(fields.start, key, format!("the rule has no `{key}`"), help);
    }
    word_of(fields, key, values, mistakes).or(default)
}

pub(crate) fn read_id(
    fields: Fields<'_>,
    what: &str,
    stem: Option<&str>,
    mistakes: &mut Mistakes,
) -> Option<(String, Span)> {
    let id = fields.required("id", what, mistakes)?;
    if !is_id(id.text) {
        let message = format!("`{}` is no id", id.text);
        mistakes.add(id.span, message, "write words in lower case with `-` between them");
    } else if let Some(stem) = stem.filter(|stem| *stem != id.text) {
        let message = format!("the id `{}` differs from the file's name", id.text);
        let help = format!("rename the file to `{}.yaml`, or write `id: {stem}`", id.text);
        mistakes.add(id.span, message, help);
    }
    Some((id.text.to_owned(), id.span))
}

/// Whether a text is words in lower case with `-` between them.
pub(crate) fn is_id(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.split('-').all(word)
}

/// A list of ids of rules.
fn ids(fields: Fields<'_>, key: &str, mistakes: &mut Mistakes) -> Vec<(String, Span)> {
    let texts = fields.entry(key).map(|entry| plain_texts(entry, mistakes));
    texts.unwrap_or_default().iter().map(|text| (text.text.to_owned(), text.span)).collect()
}

/// The table of a rule: rows that stand in it, or a file of the pack.
fn read_rule_table(
    fields: Fields<'_>,
    world: &World<'_>,
    mistakes: &mut Mistakes,
) -> Option<Table> {
    let entry = fields.entry("table")?;
    if entry.value.items().is_some() {
        return Some(read_table(&entry.value, mistakes));
    }
    let name = text_at(&entry.value, entry.place(), mistakes)?;
    if let Some(table) = world.tables.get(name.text) {
        return Some(table.clone());
    }
    let known: Vec<&str> = world.tables.keys().map(String::as_str).collect();
    let message = format!("the pack has no table `{}`", name.text);
    let stem = super::stem(name.text);
    let whole = (stem != name.text && known.contains(&stem)).then(|| format!("write `{stem}`"));
    let help = whole
        .or_else(|| expected(name.text, &known))
        .unwrap_or_else(|| format!("add `tables/{}.yaml`", name.text));
    mistakes.add(name.span, message, help);
    Some(Table::broken())
}

/// What is only inferred is at most a warning.
fn check_confidence(fields: Fields<'_>, sources: &[SourceNote], mistakes: &mut Mistakes) {
    let documented = |source: &SourceNote| source.confidence == "documented";
    if sources.is_empty() || sources.iter().any(documented) {
        return;
    }
    let cases = fields.get("cases").and_then(Node::items).unwrap_or_default();
    let of_cases = cases.iter().filter_map(|case| case.mapping()?.entry("severity"));
    for entry in fields.entry("severity").into_iter().chain(of_cases) {
        if entry.value.text() == Some(Severity::Error.name()) {
            let message = "an error needs a source that is `documented`";
            mistakes.add(entry.place(), message, "write `severity: warning`, or name a source that says it, with `confidence: documented`");
        }
    }
}

/// What a pack says for rules that do not say it themselves.
pub(crate) fn no_defaults() -> &'static Defaults {
    static NONE: Defaults = Defaults {
        severity: None,
        consequence: None,
        scope: None,
        sources: Vec::new(),
        step: None,
    };
    &NONE
}

/// The page that a rule rests on: its first source, where that is the name of a page below the
/// pack's `docs`.
pub(crate) fn page_url(docs: Option<&str>, sources: &[SourceNote]) -> Option<String> {
    let doc = &sources.first()?.doc;
    let is_page = doc.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let docs = docs?.trim_end_matches('/');
    is_page.then(|| format!("{docs}/{doc}"))
}
