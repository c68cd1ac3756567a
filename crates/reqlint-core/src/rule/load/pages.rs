//! Reads what a rule says for people: why, on whose word, and examples.

use super::fields::{Fields, Text, text, text_at, texts, word};
use super::mistakes::{Mistakes, expected, listing};
use super::notation::is_name;
use super::recording::read_recording;
use crate::rule::node::{Entry, Node};
use crate::rule::page::{Example, Outcome, SourceNote};
use crate::span::Span;

pub(crate) const SOURCE: &[&str] = &["doc", "says", "confidence"];
pub(crate) const CONFIDENCE: &[&str] = &["documented", "inferred", "second-hand"];
pub(crate) const EXAMPLE: &[&str] = &["bad", "good", "unknown", "with", "at", "says", "fixed"];
const OUTCOMES: [(&str, Outcome); 3] =
    [("bad", Outcome::Bad), ("good", Outcome::Good), ("unknown", Outcome::Unknown)];
/// How long the filled text of an example may be, in bytes.
const MAX_EXAMPLE: usize = 4 * 1024 * 1024;

/// What stands under `source`.
pub(crate) fn read_sources(entry: &Entry, mistakes: &mut Mistakes) -> Vec<SourceNote> {
    let Some(items) = entry.value.items() else {
        let help = "write `- { doc: …, says: …, confidence: documented }` for each";
        mistakes.add(entry.place(), "`source` is a list of documents", help);
        return Vec::new();
    };
    items.iter().filter_map(|item| read_source(item, mistakes)).collect()
}

fn read_source(item: &Node, mistakes: &mut Mistakes) -> Option<SourceNote> {
    let fields = Fields::of(item, "a source", SOURCE, mistakes)?;
    let mut required = |key| fields.required(key, "a source", mistakes);
    let (doc, says, confidence) = (required("doc"), required("says"), required("confidence"));
    let confidence = confidence?;
    if !CONFIDENCE.contains(&confidence.text) {
        let message = format!("`confidence` cannot be `{}`", confidence.text);
        mistakes.add(confidence.span, message, expected(confidence.text, CONFIDENCE));
    }
    Some(SourceNote {
        doc: doc?.text.to_owned(),
        says: says?.text.to_owned(),
        confidence: confidence.text.to_owned(),
    })
}

/// What stands under `examples`, of which at least one is bad and one good.
pub(crate) fn read_examples(entry: &Entry, mistakes: &mut Mistakes) -> Vec<Example> {
    let Some(items) = entry.value.items() else {
        let help = "write `- bad: …` or `- good: …` for each";
        mistakes.add(entry.place(), "`examples` is a list", help);
        return Vec::new();
    };
    let mut examples = Vec::new();
    for item in items {
        examples.extend(read_example(item, mistakes));
    }
    for (name, outcome) in &OUTCOMES[..2] {
        if !items.iter().any(|item| is_stated(item, name, mistakes)) {
            let message = format!("there is no {name} example");
            let help = match outcome {
                Outcome::Bad => "add `- bad: …` with a request that the rule reports",
                _ => "add `- good: …` with a similar request that it must not report",
            };
            mistakes.add(entry.key_span, message, help);
        }
    }
    examples
}

/// Whether an example states an outcome, even under a misspelt name.
pub(super) fn is_stated(item: &Node, name: &str, mistakes: &Mistakes) -> bool {
    let is_misspelt =
        |fields: Fields<'_>| fields.has(name) || mistakes.is_misspelt(fields.start, name);
    Fields::any(item).is_some_and(is_misspelt)
}

/// The one outcome that an example states.
pub(super) fn read_outcome(
    fields: Fields<'_>,
    outcomes: &[(&'static str, Outcome)],
    mistakes: &mut Mistakes,
) -> Option<(&'static str, Outcome)> {
    let is_outcome = |key: &str| outcomes.iter().find(|(name, _)| *name == key);
    let mut stated =
        fields.entries().iter().filter_map(|entry| Some((entry, *is_outcome(&entry.key)?)));
    let first = stated.next();
    if let (Some((first, _)), Some((second, _))) = (first, stated.next()) {
        let message = format!("`{}` stands beside `{}`", second.key, first.key);
        let help = format!("make two examples of them: begin this one with `- {}:`", second.key);
        mistakes.add(second.key_span, message, help);
        return None;
    }
    if first.is_none() {
        let names: Vec<&str> = outcomes.iter().map(|(name, _)| *name).collect();
        let is_unknown = fields.entries().iter().any(|entry| {
            names.iter().any(|name| mistakes.is_misspelt(fields.start, name))
                || !EXAMPLE.contains(&entry.key.as_str())
        });
        // A key that is none was said already.
        if !is_unknown {
            let message = format!("an example is one of {}", listing(&names, "and"));
            mistakes.add(fields.start, message, "write one of them, with the text");
        }
    }
    first.map(|(_, outcome)| outcome)
}

fn read_example(item: &Node, mistakes: &mut Mistakes) -> Option<Example> {
    let fields = Fields::of(item, "an example", EXAMPLE, mistakes)?;
    let (name, outcome) = read_outcome(fields, &OUTCOMES, mistakes)?;
    if outcome != Outcome::Bad {
        for key in ["at", "says", "fixed"] {
            if let Some(entry) = fields.entry(key) {
                let message = format!("`{key}` is for bad examples, which are reported");
                mistakes.add(entry.key_span, message, "leave it out");
            }
        }
    }
    let entry = fields.entry(name)?;
    if let Some(mapping) = Fields::any(&entry.value).filter(|fields| fields.has("recording")) {
        return recorded_example(outcome, entry.value.span, fields, mapping, mistakes);
    }
    let text = text_at(&entry.value, entry.place(), mistakes)?;
    let fillings = fields.entry("with").map(|e| read_fillings(e, mistakes)).unwrap_or_default();
    check_fillings(&fillings, text, mistakes);
    let fill = |text: Text<'_>| filled(text.text, &fillings);
    let at = fields.entry("at").map(|entry| texts(entry, mistakes));
    let fixed = fields.entry("fixed").map(|entry| texts(entry, mistakes));
    Some(Example {
        place: entry.place(),
        outcome,
        text: fill(text),
        recording: None,
        at: at.map(|at| at.into_iter().map(fill).collect()),
        says: fields.optional("says", mistakes).map(fill),
        fixed: fixed.unwrap_or_default().into_iter().map(fill).collect(),
    })
}

/// An example that is a recording: `{ recording: […] }`.
fn recorded_example(
    outcome: Outcome,
    place: Span,
    fields: Fields<'_>,
    mapping: Fields<'_>,
    mistakes: &mut Mistakes,
) -> Option<Example> {
    for other in mapping.entries().iter().filter(|other| other.key != "recording") {
        let message = format!("`{}` cannot stand beside `recording`", other.key);
        mistakes.add(other.key_span, message, "move it out, or remove it");
    }
    for key in ["with", "fixed"] {
        if let Some(entry) = fields.entry(key) {
            let message = format!("`{key}` is not for recordings");
            mistakes.add(entry.key_span, message, "leave it out");
        }
    }
    let recording = mapping.entry("recording").and_then(|entry| read_recording(entry, mistakes));
    let at = fields.entry("at").map(|entry| texts(entry, mistakes));
    let says = fields.optional("says", mistakes);
    let recording = recording?;
    Some(Example {
        place,
        outcome,
        text: recording.text,
        recording: Some(recording.shown),
        at: at.map(|at| at.into_iter().map(|text| text.text.to_owned()).collect()),
        says: says.map(|says| says.text.to_owned()),
        fixed: Vec::new(),
    })
}

/// A text that stands for a placeholder of an example.
struct Filling {
    placeholder: String,
    span: Span,
    text: String,
}

fn read_fillings(entry: &Entry, mistakes: &mut Mistakes) -> Vec<Filling> {
    let Some(fields) = Fields::any(&entry.value) else {
        let help = "write `with: { name: { times: 900, text: \"1,\" } }`";
        mistakes.add(entry.place(), "`with` says what stands for which placeholder", help);
        return Vec::new();
    };
    fields.entries().iter().filter_map(|entry| read_filling(entry, mistakes)).collect()
}

fn read_filling(entry: &Entry, mistakes: &mut Mistakes) -> Option<Filling> {
    let keys = &["times", "text"];
    let fields = Fields::of(&entry.value, "a filling", keys, mistakes)?;
    if !is_name(&entry.key) {
        let message = format!("`{}` is no name for a placeholder", entry.key);
        mistakes.add(entry.key_span, message, "names are in lower case with `_`");
    }
    let unit = fields.required("text", "a filling", mistakes)?;
    let times = fields.required("times", "a filling", mistakes)?;
    let number = times.text.parse::<usize>().ok();
    let size = number.and_then(|number| number.checked_mul(unit.text.len()));
    if size.is_none_or(|size| size > MAX_EXAMPLE) {
        let message = format!("`{}` is no number of times that fits an example", times.text);
        let help = format!("write a whole number; all in all {MAX_EXAMPLE} bytes fit");
        mistakes.add(times.span, message, help);
        return None;
    }
    let text = unit.text.repeat(number?);
    Some(Filling { placeholder: format!("<{}>", entry.key), span: entry.key_span, text })
}

fn check_fillings(fillings: &[Filling], text: Text<'_>, mistakes: &mut Mistakes) {
    for filling in fillings {
        if !text.text.contains(&filling.placeholder) {
            let message = format!("`{}` does not stand in the text", filling.placeholder);
            mistakes.add(filling.span, message, "write it there, or remove it here");
        }
    }
}

fn filled(text: &str, fillings: &[Filling]) -> String {
    let replace =
        |text: String, filling: &Filling| text.replace(&filling.placeholder, &filling.text);
    fillings.iter().fold(text.to_owned(), replace)
}

/// A list of texts without further meaning, such as ids and URLs.
pub(crate) fn plain_texts<'n>(entry: &'n Entry, mistakes: &mut Mistakes) -> Vec<Text<'n>> {
    match entry.value.items() {
        Some(items) => items.iter().filter_map(|item| text(item, mistakes)).collect(),
        None => texts(entry, mistakes),
    }
}

/// One of closed words with values, or a default where the key is missing.
pub(crate) fn word_of<T: Copy>(
    fields: Fields<'_>,
    key: &str,
    values: &[(&str, T)],
    mistakes: &mut Mistakes,
) -> Option<T> {
    fields.entry(key).and_then(|entry| word(entry, values, mistakes))
}
