//! What we say about parameters and bodies, against what the `jsonschema` crate says: made-up
//! descriptions, requests made from them, and one verdict a request from each side.
//!
//! `DIFFERENTIAL_RUNS` is the number of descriptions. Where the two differ, the kind of the
//! difference must stand in `fixtures/openapi-disagreements.md`, with its reason.

mod descriptions;
mod requests;

use super::support::Folder;
use descriptions::{Described, describe};
use requests::{Numbers, Sent, make};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many requests there are for each operation.
const REQUESTS: usize = 14;
/// What the schemas are made of.
const KEYWORDS: &[&str] = &[
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "required",
    "minProperties",
    "maxProperties",
    "additionalProperties",
    "dependentRequired",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
];
const TABLE: &str = include_str!("../../../../fixtures/openapi-disagreements.md");

/// Numbers that look like chance, and are the same in every run (`SplitMix64`).
pub(super) struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).expect("it is below a usize")
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a long run says how often the two differ")]
fn verdicts_are_those_of_an_established_validator() {
    let runs = std::env::var("DIFFERENTIAL_RUNS").ok().and_then(|runs| runs.parse().ok());
    let (mut requests, mut invalid) = (0, 0);
    let mut kinds: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for seed in 0..runs.unwrap_or(25) {
        let mut dice = Dice(seed);
        let described = describe(&mut dice);
        let sent: Vec<(usize, Sent)> = (0..described.operations.len())
            .flat_map(|number| [number; REQUESTS])
            .map(|number| (number, make(&described.operations[number], number, &mut dice)))
            .collect();
        let ours = our_verdicts(&described, &sent, seed % 2 == 0);
        for ((number, sent), ours) in sent.iter().zip(ours) {
            let operation = &described.operations[*number];
            let theirs = sent.is_valid(operation, &described.components, Numbers::Json);
            requests += 1;
            invalid += usize::from(!theirs);
            if ours.is_empty() != theirs {
                let kind = kind_of(sent, operation, &described.components, ours.is_empty());
                let shown = format!("seed {seed}: {ours:?}\n{}\n{operation:#?}", sent.as_curl());
                let entry = kinds.entry(kind).or_insert((0, shown));
                entry.0 += 1;
            }
        }
    }
    let known: BTreeSet<String> = TABLE
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(kind, _)| kind.to_owned())
        .collect();
    let mut unexplained = String::new();
    for (kind, (count, example)) in &kinds {
        let of = if known.contains(kind) { "known" } else { "unexplained" };
        eprintln!("{count} of {requests} differ in `{kind}` ({of})");
        if !known.contains(kind) {
            unexplained += &format!("`{kind}`, {count} times: {example}\n\n");
        }
    }
    assert!(unexplained.is_empty(), "{unexplained}");
    // Both verdicts must be frequent, or nothing is compared.
    assert!(invalid * 5 > requests && invalid * 5 < requests * 4, "{invalid} of {requests}");
}

/// For each request the rules that say that it does not fit.
fn our_verdicts(
    described: &Described,
    sent: &[(usize, Sent)],
    as_curl: bool,
) -> Vec<BTreeSet<String>> {
    let name = if as_curl { "requests.sh" } else { "requests.ndjson" };
    let lines = sent.iter().map(|(_, sent)| match as_curl {
        true => sent.as_curl(),
        false => sent.as_object().to_string(),
    });
    let text: String = lines.map(|line| line + "\n").collect();
    let folder =
        Folder::new().with("api.json", &described.document().to_string()).with(name, &text);
    let run = folder.run(&[
        "check",
        "--isolated",
        "--openapi",
        "api.json",
        "--format",
        "json",
        "--select",
        "openapi",
        name,
    ]);
    assert!(run.code() < 2, "{}\n{:#}", run.stderr(), described.document());
    let document = run.json();
    assert_eq!(document["summary"]["requests"], sent.len(), "{text}");
    let mut said = vec![BTreeSet::new(); sent.len()];
    for found in document["diagnostics"].as_array().expect("a list") {
        let number = found["request"].as_u64().expect("a number");
        let number = usize::try_from(number).expect("a small number");
        let rule = found["rule"].as_str().expect("an id");
        let (operation, _) = &sent[number];
        // A name that is not known breaks a schema only where it is closed.
        let counts = match rule {
            "unknown-parameter" => described.operations[*operation].is_closed(),
            _ => found["severity"] == "error",
        };
        if counts {
            said[number].insert(rule.to_owned());
        }
    }
    said
}

/// What the two differ in: the keyword or the format without which the validator would agree.
fn kind_of(
    sent: &Sent,
    operation: &descriptions::Operation,
    components: &Value,
    ours: bool,
) -> String {
    if sent.is_valid(operation, components, Numbers::Wide) == ours {
        return "numbers".to_owned();
    }
    if sent.lacks_object(operation) {
        return "nothing".to_owned();
    }
    let mut keywords = BTreeSet::new();
    let mut collect = |schema: &Value| {
        walk(schema, &mut |name, value| {
            if !KEYWORDS.contains(&name) {
                return;
            }
            keywords.insert(match (name, value.as_str()) {
                ("format", Some(format)) => format!("format {format}"),
                _ => name.to_owned(),
            });
        });
    };
    operation.schemas().for_each(&mut collect);
    collect(components);
    // A format that the validator does not know.
    if !ours && keywords.contains("format int32") && sent.as_curl().contains("99999999999") {
        return "format int32".to_owned();
    }
    if !ours && keywords.contains("uniqueItems") && sent.repeats_item() {
        return "equal texts".to_owned();
    }
    for keyword in &keywords {
        let mut operation = operation.clone();
        let mut components = components.clone();
        operation.schemas_mut().for_each(|schema| strip(schema, keyword));
        strip(&mut components, keyword);
        if sent.is_valid(&operation, &components, Numbers::Json) == ours {
            return keyword.clone();
        }
    }
    "something else".to_owned()
}

/// Visits the keywords of a schema and of those in it.
fn walk(schema: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                visit(name, value);
                walk(value, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        _ => {}
    }
}

/// Removes a keyword, or one format.
fn strip(schema: &mut Value, keyword: &str) {
    match schema {
        Value::Object(members) => {
            members.retain(|name, value| match keyword.strip_prefix("format ") {
                Some(format) => name != "format" || value != format,
                None => name != keyword,
            });
            members.values_mut().for_each(|value| strip(value, keyword));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, keyword)),
        _ => {}
    }
}

/// A schema of JSON Schema 2020-12 as OpenAPI 3.0 writes it.
fn older(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return match schema {
            Value::Array(items) => items.iter().map(older).collect(),
            other => other.clone(),
        };
    };
    let mut written = serde_json::Map::new();
    for (name, value) in members {
        match (name.as_str(), value) {
            ("type", Value::Array(types)) => {
                written.insert("type".to_owned(), types[0].clone());
                written.insert("nullable".to_owned(), json!(true));
            }
            ("const", value) => {
                written.insert("enum".to_owned(), json!([value]));
            }
            ("enum", value) => {
                written.insert("enum".to_owned(), value.clone());
            }
            ("exclusiveMinimum" | "exclusiveMaximum", value) => {
                written.insert(name.replace("exclusiveM", "m"), value.clone());
                written.insert(name.clone(), json!(true));
            }
            (_, value) => {
                written.insert(name.clone(), older(value));
            }
        }
    }
    Value::Object(written)
}
