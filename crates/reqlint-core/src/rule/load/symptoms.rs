//! Reads symptom files, and what `pack.yaml` says for explaining.

use super::fields::{Fields, boolean, text_at};
use super::mistakes::{Mistakes, expected};
use super::pack_file::without_names;
use super::pages::{is_stated, plain_texts, read_outcome, read_sources};
use super::rules::{is_id, page_url};
use super::texts::check_style;
use super::{Text, World};
use crate::rule::node::{Entry, Node};
use crate::rule::page::Outcome;
use crate::rule::{Case, Condition, Scope};
use crate::span::Span;
use crate::symptom::{Elsewhere, Exemplar, Retry, Step, Symptom};

/// The keys of a symptom.
pub(crate) const SYMPTOM: &[&str] = &[
    "id",
    "summary",
    "source",
    "step",
    "scope",
    "if",
    "yields_to",
    "causes",
    "elsewhere",
    "retry",
    "retry_note",
    "costs_credit",
    "why",
    "examples",
];
pub(crate) const ELSEWHERE: &[&str] = &["text", "check"];
pub(crate) const EXAMPLE: &[&str] = &["seen", "not_seen", "unknown", "first"];
const OUTCOMES: [(&str, Outcome); 3] =
    [("seen", Outcome::Bad), ("not_seen", Outcome::Good), ("unknown", Outcome::Unknown)];
const RETRIES: &str = "expected `never`, `backoff`, `next-month`, or a time as `after 2s`";
pub(crate) const STEP: &[&str] = &["step", "title", "scope", "passed_if", "check"];

/// A symptom with what other files must know of it.
#[derive(Debug, Default)]
pub(crate) struct ReadSymptom {
    /// None where it has mistakes.
    pub(crate) symptom: Option<Symptom>,
    pub(crate) id: Option<(String, Span)>,
    /// Ids of rules.
    pub(crate) causes: Vec<(String, Span)>,
    /// The rules that must come first in its examples.
    pub(crate) first: Vec<(String, Span)>,
    /// Ids of symptoms.
    pub(crate) yields_to: Vec<(String, Span)>,
    pub(crate) step: Option<(String, Span)>,
}

/// Reads a symptom. `stem` is the name that its file gives it, if that counts.
pub(crate) fn read_symptom(
    node: &Node,
    stem: Option<&str>,
    world: &World<'_>,
    mistakes: &mut Mistakes,
) -> ReadSymptom {
    let what = "the symptom";
    let Some(fields) = Fields::of(node, "a symptom", SYMPTOM, mistakes) else {
        return ReadSymptom::default();
    };
    let before = mistakes.len();
    let id = super::rules::read_id(fields, what, stem, mistakes);
    let summary = fields.required("summary", what, mistakes);
    if let Some(summary) = &summary {
        check_style(summary, mistakes);
    }
    let step = fields.optional("step", mistakes).map(own);
    let yields_to = own_texts(fields, "yields_to", mistakes);
    let causes = own_texts(fields, "causes", mistakes);
    let case = read_case(fields, "if", what, world, mistakes);
    let elsewhere = fields.entry("elsewhere").map(|e| read_elsewhere(e, mistakes));
    let elsewhere = elsewhere.unwrap_or_default();
    let is_misspelt = |key| mistakes.is_misspelt(fields.start, key);
    let explains =
        ["causes", "elsewhere"].into_iter().any(|key| fields.has(key) || is_misspelt(key));
    if !explains || (causes.is_empty() && elsewhere.is_empty() && mistakes.len() == before) {
        let help = "name rules under `causes`, or say under `elsewhere` where to look";
        mistakes.add(fields.start, "the symptom explains nothing", help);
    }
    let retry = read_retry(fields, mistakes);
    let retry_note = fields.optional("retry_note", mistakes).map(|note| note.text.to_owned());
    let costs_credit = fields.entry("costs_credit").and_then(|entry| boolean(entry, mistakes));
    let sources = fields.entry("source").map(|entry| read_sources(entry, mistakes));
    let sources = sources.unwrap_or_else(|| world.defaults.sources.clone());
    let why = fields.required("why", what, mistakes).map(|why| why.text.to_owned());
    let examples = match fields.entry("examples") {
        Some(entry) => read_examples(entry, mistakes),
        None => {
            let help = "add `examples:` with one `seen` and one `not_seen`; they are its tests";
            mistakes.lacks(fields.start, "examples", "the symptom has no `examples`", help);
            Vec::new()
        }
    };
    let names = |list: &[(String, Span)]| list.iter().map(|(name, _)| name.clone()).collect();
    let complete = || {
        Some(Symptom {
            id: id.as_ref()?.0.clone(),
            pack: world.pack.to_owned(),
            summary: summary?.text.to_owned(),
            url: page_url(world.docs, &sources),
            step: step.as_ref().map(|(step, _)| step.clone()),
            case: case?,
            yields_to: names(&yields_to),
            causes: names(&causes),
            elsewhere,
            retry: retry?,
            retry_note,
            costs_credit,
            why: why?,
            sources,
            examples,
        })
    };
    let symptom = if mistakes.len() == before { complete() } else { None };
    ReadSymptom { symptom, id, causes, first: read_first(fields), yields_to, step }
}

/// What `first` of the examples names.
fn read_first(fields: Fields<'_>) -> Vec<(String, Span)> {
    let items = fields.get("examples").and_then(Node::items).unwrap_or_default();
    let first = items.iter().filter_map(|item| item.get("first"));
    first.filter_map(|first| Some((first.text()?.to_owned(), first.span))).collect()
}

fn own(text: Text<'_>) -> (String, Span) {
    (text.text.to_owned(), text.span)
}

fn own_texts(fields: Fields<'_>, key: &str, mistakes: &mut Mistakes) -> Vec<(String, Span)> {
    let texts = fields.entry(key).map(|entry| plain_texts(entry, mistakes));
    texts.unwrap_or_default().into_iter().map(own).collect()
}

/// The condition at `key`, with the scope beside it, as a case.
pub(super) fn read_case(
    fields: Fields<'_>,
    key: &str,
    what: &str,
    world: &World<'_>,
    mistakes: &mut Mistakes,
) -> Option<Case> {
    let Some(entry) = fields.entry(key) else {
        let help = "say what is seen, as `if: { status: 404 }`";
        mistakes.lacks(fields.start, key, format!("{what} has no `{key}`"), help);
        return None;
    };
    let (scope, condition): (Option<Scope>, Option<Condition>) =
        without_names(world, mistakes, |reader| {
            let scope = fields.get("scope").and_then(|scope| reader.scope(scope));
            (scope, reader.condition(&entry.value))
        });
    Some(Case::asking(scope.into_iter().collect(), condition?))
}

fn read_elsewhere(entry: &Entry, mistakes: &mut Mistakes) -> Vec<Elsewhere> {
    let Some(items) = entry.value.items() else {
        let help = "write `- { text: …, check: … }` for each";
        mistakes.add(entry.place(), "`elsewhere` is a list of causes", help);
        return Vec::new();
    };
    let read = |item: &Node| {
        let fields = Fields::of(item, "a cause", ELSEWHERE, mistakes)?;
        let text = fields.required("text", "a cause", mistakes);
        let check = fields.required("check", "a cause", mistakes);
        Some(Elsewhere { text: text?.text.to_owned(), check: check?.text.to_owned() })
    };
    items.iter().filter_map(read).collect()
}

fn read_retry(fields: Fields<'_>, mistakes: &mut Mistakes) -> Option<Retry> {
    let text = fields.required("retry", "the symptom", mistakes)?;
    let after = text.text.strip_prefix("after ").and_then(|time| time.strip_suffix('s'));
    match (text.text, after.and_then(|seconds| seconds.parse().ok())) {
        ("never", _) => Some(Retry::Never),
        ("backoff", _) => Some(Retry::Backoff),
        ("next-month", _) => Some(Retry::NextMonth),
        (_, Some(seconds)) => Some(Retry::After(seconds)),
        (other, None) => {
            mistakes.add(text.span, format!("`retry` cannot be `{other}`"), RETRIES);
            None
        }
    }
}

fn read_examples(entry: &Entry, mistakes: &mut Mistakes) -> Vec<Exemplar> {
    let Some(items) = entry.value.items() else {
        let help = "write `- seen: …` or `- not_seen: …` for each";
        mistakes.add(entry.place(), "`examples` is a list", help);
        return Vec::new();
    };
    let examples = items.iter().filter_map(|item| read_example(item, mistakes)).collect();
    for (name, help) in [
        ("seen", "add `- seen: …` with an exchange that has the symptom"),
        ("not_seen", "add `- not_seen: …` with a similar exchange that has another one"),
    ] {
        // In a list of examples of rules, each says so itself.
        let is_of_rules = items
            .iter()
            .any(|item| ["bad", "good"].iter().any(|outcome| item.get(outcome).is_some()));
        if !is_of_rules && !items.iter().any(|item| is_stated(item, name, mistakes)) {
            mistakes.add(entry.key_span, format!("there is no `{name}` example"), help);
        }
    }
    examples
}

fn read_example(item: &Node, mistakes: &mut Mistakes) -> Option<Exemplar> {
    for (of_rule, own) in [("bad", "seen"), ("good", "not_seen")] {
        if let Some(entry) = item.mapping().and_then(|mapping| mapping.entry(of_rule)) {
            let message = format!("`{of_rule}` is for the examples of rules");
            mistakes.add(entry.key_span, message, format!("write `{own}` for a symptom"));
            return None;
        }
    }
    let fields = Fields::of(item, "an example", EXAMPLE, mistakes)?;
    let (name, outcome) = read_outcome(fields, &OUTCOMES, mistakes)?;
    let entry = fields.entry(name)?;
    let text = text_at(&entry.value, entry.place(), mistakes)?;
    let first = fields.optional("first", mistakes);
    Some(Exemplar {
        place: entry.place(),
        outcome,
        text: text.text.to_owned(),
        first: first.map(|first| first.text.to_owned()),
    })
}

/// What stands under `checklist` in `pack.yaml`.
pub(crate) fn read_checklist(
    entry: &Entry,
    world: &World<'_>,
    mistakes: &mut Mistakes,
) -> Vec<Step> {
    let Some(items) = entry.value.items() else {
        let help = "write `- { step: auth, title: …, check: … }` for each";
        mistakes.add(entry.place(), "`checklist` is a list of steps", help);
        return Vec::new();
    };
    let mut steps: Vec<Step> = Vec::new();
    for item in items {
        let Some(step) = read_step(item, world, mistakes) else { continue };
        if steps.iter().any(|known| known.name == step.name) {
            let message = format!("the step `{}` is twice there", step.name);
            mistakes.add(item.span, message, "remove one of them");
        }
        steps.push(step);
    }
    steps
}

fn read_step(item: &Node, world: &World<'_>, mistakes: &mut Mistakes) -> Option<Step> {
    let what = "a step";
    let fields = Fields::of(item, what, STEP, mistakes)?;
    let name = fields.required("step", what, mistakes);
    if let Some(name) = name.filter(|name| !is_id(name.text)) {
        let message = format!("`{}` is no name for a step", name.text);
        mistakes.add(name.span, message, "write words in lower case with `-` between them");
    }
    let title = fields.required("title", what, mistakes);
    let check = fields.required("check", what, mistakes);
    let passed_if = match fields.has("passed_if") {
        true => Some(read_case(fields, "passed_if", what, world, mistakes)?),
        false => None,
    };
    Some(Step {
        name: name?.text.to_owned(),
        title: title?.text.to_owned(),
        passed_if,
        check: check?.text.to_owned(),
    })
}

/// What stands under `key_variable` in `pack.yaml`.
pub(crate) fn read_key_variable(entry: &Entry, mistakes: &mut Mistakes) -> Option<String> {
    let text = text_at(&entry.value, entry.place(), mistakes)?;
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with(|char: char| char.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !is_name(text.text) {
        let message = format!("`{}` is no name of a variable", text.text);
        mistakes.add(text.span, message, "write letters, digits and `_`, as `API_KEY`");
    }
    Some(text.text.to_owned())
}

/// Steps that rules and symptoms name must be on the checklist, where there is one.
pub(crate) fn check_step(
    step: Option<&(String, Span)>,
    checklist: &[Step],
    mistakes: &mut Mistakes,
) {
    let Some((step, span)) = step.filter(|_| !checklist.is_empty()) else { return };
    let known: Vec<&str> = checklist.iter().map(|step| step.name.as_str()).collect();
    if !known.contains(&step.as_str()) {
        let message = format!("the checklist has no step `{step}`");
        mistakes.add(*span, message, expected(step, &known));
    }
}
