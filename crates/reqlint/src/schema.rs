//! `reqlint schema`: JSON Schemas of the files that users write, made from the loader's own keys.
//!
//! Alternatives are told apart by their keys, with `if` and `then`, so that an editor can name the
//! key that is wrong; `oneOf` could only say that nothing fits.

use crate::arguments::{SchemaArguments, SchemaOf};
use crate::config::{self, Level};
use crate::exit::Exit;
use crate::output;
use reqlint_core::rule::load::{LanguageKey, LanguageObject, Takes, language};
use serde_json::{Map, Value, json};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Prints a schema.
pub(crate) fn schema(arguments: &SchemaArguments) -> Exit {
    let schema = match arguments.of {
        SchemaOf::Rule => of_file("rule", "A rule of reqlint"),
        SchemaOf::Pack => of_file("pack", "The pack.yaml of a pack of reqlint"),
        SchemaOf::Symptom => of_file("symptom", "A symptom of reqlint"),
        SchemaOf::Table => table_file(),
        SchemaOf::Config => config_file(),
    };
    output::print(|out| {
        serde_json::to_writer_pretty(&mut *out, &schema)?;
        writeln!(out)
    })
}

/// The schema of a file that is one mapping of the language.
fn of_file(name: &str, title: &str) -> Value {
    let objects = language();
    let mut definitions = Map::new();
    for object in &objects {
        definitions.insert(object.name.to_owned(), definition(object));
    }
    definitions.extend(of_hand());
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!(DIALECT));
    schema.insert("title".to_owned(), json!(title));
    schema.insert("$ref".to_owned(), json!(format!("#/$defs/{name}")));
    let reachable = reachable(name, &definitions);
    definitions.retain(|name, _| reachable.contains(name));
    schema.insert("$defs".to_owned(), Value::Object(definitions));
    Value::Object(schema)
}

/// The definitions that one leads to.
fn reachable(from: &str, definitions: &Map<String, Value>) -> Vec<String> {
    let mut seen = vec![from.to_owned()];
    let mut at = 0;
    while let Some(name) = seen.get(at).cloned() {
        let mut references = Vec::new();
        references_in(&definitions[&name], &mut references);
        for reference in references {
            if !seen.contains(&reference) {
                seen.push(reference);
            }
        }
        at += 1;
    }
    seen
}

fn references_in(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let name = map.get("$ref").and_then(Value::as_str);
            found.extend(name.and_then(|name| name.strip_prefix("#/$defs/")).map(str::to_owned));
            map.values().for_each(|value| references_in(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references_in(value, found)),
        _ => {}
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// A mapping of the language.
fn definition(object: &LanguageObject) -> Value {
    let mut schema = closed(object.about, &object.keys);
    let names = |wanted: &[&str]| -> Vec<&'static str> {
        object.keys.iter().map(|key| key.name).filter(|name| wanted.contains(name)).collect()
    };
    match object.name {
        "rule" => {
            schema.insert("required".to_owned(), json!(["id", "examples"]));
            // Of what refines another rule, that one says the rest; `null` drops what it says.
            let inherited = names_but(object, &["id", "extends", "examples"]);
            let no_null: Map<String, Value> = inherited
                .iter()
                .map(|name| ((*name).to_owned(), json!({ "not": { "type": "null" } })))
                .collect();
            for name in inherited {
                or_null(&mut schema["properties"][name]);
            }
            let rest = json!({
                "required": ["summary", "why"],
                "properties": no_null,
                "if": any_of(&names(&["cases", "sequence"])),
                "then": true,
                "else": { "required": ["find", "message"] },
            });
            schema.insert("else".to_owned(), rest);
            schema.insert("if".to_owned(), any_of(&names(&["extends"])));
            schema.insert("then".to_owned(), json!(true));
        }
        "source" => {
            schema.insert("required".to_owned(), json!(["doc", "says", "confidence"]));
        }
        "symptom" => {
            schema.insert(
                "required".to_owned(),
                json!(["id", "summary", "if", "retry", "why", "examples"]),
            );
        }
        "elsewhere" => {
            schema.insert("required".to_owned(), json!(["text", "check"]));
        }
        "step" => {
            schema.insert("required".to_owned(), json!(["step", "title", "check"]));
        }
        "exemplar" => schema.extend(one_of_keys(&["seen", "not_seen", "unknown"], "seen")),
        "pack" => {
            schema.insert("required".to_owned(), json!(["name", "version", "summary"]));
        }
        "example" => schema.extend(one_of_keys(&["bad", "good", "unknown"], "bad")),
        "fix" => {
            schema.insert("required".to_owned(), json!(["title", "safety"]));
            let edits = names(&["set", "remove", "move", "repair"]);
            schema.insert("if".to_owned(), any_of(&edits));
            schema.insert("else".to_owned(), json!({ "required": ["set"] }));
        }
        "part" => {
            let places: Vec<&str> =
                object.keys.iter().map(|key| key.name).take_while(|name| *name != "in").collect();
            schema.extend(one_of_keys(&places, "param"));
        }
        "condition" => return condition(object),
        "tests" | "declares" | "scope" => {
            schema.insert("minProperties".to_owned(), json!(1));
        }
        _ => {}
    }
    Value::Object(schema)
}

/// The keys of a mapping, except some.
fn names_but(object: &LanguageObject, without: &[&str]) -> Vec<&'static str> {
    object.keys.iter().map(|key| key.name).filter(|name| !without.contains(name)).collect()
}

/// Lets a property be `null`, too.
fn or_null(property: &mut Value) {
    let mut inner = property.take();
    let about = inner.as_object_mut().and_then(|inner| inner.remove("description"));
    *property =
        json!({ "description": about, "if": { "type": "null" }, "then": true, "else": inner });
}

/// A mapping with these keys and no others.
fn closed(about: &str, keys: &[LanguageKey]) -> Map<String, Value> {
    let properties: Map<String, Value> =
        keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let mut schema = Map::new();
    schema.insert("description".to_owned(), json!(about));
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema
}

fn property(key: &LanguageKey) -> Value {
    let mut schema = match value(&key.takes) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    schema.insert("description".to_owned(), json!(key.about));
    Value::Object(schema)
}

/// What a value can be. YAML reads `NO` and `007` as something else, and both are texts here.
fn value(takes: &Takes) -> Value {
    let text = || json!({ "type": ["string", "number", "boolean"] });
    let list = |items: Value| json!({ "type": "array", "minItems": 1, "items": items });
    let or_list =
        |one: Value| json!({ "if": { "type": "array" }, "then": list(one.clone()), "else": one });
    match takes {
        Takes::Text => text(),
        Takes::Words => json!({ "type": "string", "minLength": 1, "not": { "pattern": "\\n." } }),
        Takes::Texts => or_list(text()),
        Takes::AnyTexts => json!({
            "if": { "type": "array" }, "then": { "items": text() }, "else": text(),
        }),
        Takes::Word(words) => json!({ "enum": words }),
        Takes::WordsOf(words) => {
            let mut words: Vec<&str> = words.clone();
            words.push("<any>");
            or_list(json!({ "enum": words }))
        }
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Count => json!({ "type": "integer", "minimum": 1 }),
        Takes::Object(name) => reference(name),
        Takes::List(name) => list(reference(name)),
        Takes::Map(name) => json!({
            "type": "object", "minProperties": 1, "additionalProperties": reference(name),
        }),
        Takes::TextMap => json!({
            "type": "object", "minProperties": 1, "additionalProperties": text(),
        }),
        Takes::NumberPair => json!({
            "type": "array", "minItems": 2, "maxItems": 2, "items": reference("number"),
        }),
        Takes::Steps(name) => list(json!({
            "type": "object", "minProperties": 1, "maxProperties": 1,
            "additionalProperties": reference(name),
        })),
        Takes::TextOr(name) => json!({
            "if": { "type": "object" }, "then": reference(name), "else": text(),
        }),
        Takes::Table => json!({
            "if": { "type": "array" }, "then": reference("table"), "else": { "type": "string" },
        }),
    }
}

/// At least one of these keys.
fn any_of(keys: &[&str]) -> Value {
    let required: Vec<Value> = keys.iter().map(|key| json!({ "required": [key] })).collect();
    json!({ "anyOf": required })
}

/// Exactly one of these keys: the first that is there forbids the others, and where none is, the
/// usual one is asked for.
fn one_of_keys(keys: &[&str], usual: &str) -> Map<String, Value> {
    let mut rest = json!({ "required": [usual] });
    for (number, key) in keys.iter().enumerate().rev() {
        let others: Map<String, Value> = keys
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number)
            .map(|(_, other)| ((*other).to_owned(), json!(false)))
            .collect();
        rest = json!({
            "if": { "required": [key] }, "then": { "properties": others }, "else": rest,
        });
    }
    match rest {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A combinator alone, or a part.
fn condition(object: &LanguageObject) -> Value {
    let mut rest = reference("part");
    for key in object.keys.iter().rev() {
        // `not` beside a place belongs to the part.
        let alone = match key.name {
            "not" => json!({ "required": ["not"], "maxProperties": 1 }),
            name => json!({ "required": [name] }),
        };
        let then = Value::Object(closed(key.about, std::slice::from_ref(key)));
        rest = json!({ "if": alone, "then": then, "else": rest });
    }
    if let Value::Object(schema) = &mut rest {
        schema.insert("description".to_owned(), json!(object.about));
        schema.insert("type".to_owned(), json!("object"));
    }
    rest
}

/// What is no mapping with fixed keys.
fn of_hand() -> Map<String, Value> {
    let text = json!({ "type": ["string", "number", "boolean"] });
    let numbers = json!({ "type": "array", "minItems": 1, "items": reference("number") });
    let parts = json!({ "type": "array", "minItems": 1, "items": reference("part") });
    let only = |key: &str, schema: &Value| json!({ "additionalProperties": false, "properties": { key: schema }, "required": [key] });
    let definitions = json!({
        "role": {
            "description": "A part, one of several (`any`), or one that is not there (`missing`).",
            "type": "object",
            "if": { "required": ["any"] },
            "then": only("any", &parts),
            "else": {
                "if": { "required": ["missing"] },
                "then": only("missing", &reference("part")),
                "else": reference("part"),
            },
        },
        "number": {
            "description": "A number, days (`90d`), a name, `name.length`, or computed.",
            "if": { "type": "object" },
            "then": {
                "additionalProperties": false,
                "minProperties": 1,
                "maxProperties": 1,
                "properties": { "sum": numbers, "product": numbers, "count": parts },
            },
            "else": { "type": ["number", "string"] },
        },
        "destination": {
            "description": "Where a parameter goes.",
            "type": "object",
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
            "properties": {
                "in": { "enum": ["query", "form", "json"] },
                "header": { "type": "string" },
            },
        },
        "filling": {
            "description": "A text that stands for a placeholder, so many times.",
            "type": "object",
            "additionalProperties": false,
            "required": ["times", "text"],
            "properties": { "times": { "type": "integer", "minimum": 0 }, "text": text },
        },
        "blank_value": {
            "description": "Values that the server takes as not sent.",
            "type": "object",
            "additionalProperties": false,
            "required": ["is"],
            "properties": { "scope": reference("scope"), "is": value(&Takes::Texts) },
        },
        "table": table(),
    });
    match definitions {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Rows of named cells.
fn table() -> Value {
    json!({
        "description": "Rows; a cell is a text or a list of texts.",
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": { "pattern": "^[a-z_][a-z0-9_]*$" },
            "additionalProperties": value(&Takes::Texts),
        },
    })
}

fn table_file() -> Value {
    let mut schema = table();
    schema["$schema"] = json!(DIALECT);
    schema["title"] = json!("A table of a pack of reqlint");
    schema
}

fn config_file() -> Value {
    let texts = |about: &str| json!({ "description": about, "type": "array", "items": { "type": "string" } });
    let rules = "ids, packs, beginnings with `*`, `tag:NAME`, `step:NAME`, `consequence:NAME`";
    let severity = json!({
        "description": format!("Severities of rules: {rules}; the most particular one counts."),
        "type": "object",
        "additionalProperties": { "enum": Level::NAMES },
    });
    let about = |key: &str| match key {
        "rules" => texts("Rule files and folders of packs, from the folder of this file."),
        "select" => texts(&format!("Only these rules: {rules}.")),
        "ignore" => texts(&format!("Not these rules: {rules}.")),
        "include" => texts("Patterns of files that a search reads whatever their ending."),
        "exclude" => texts("Patterns of files that are not read, even if they are named."),
        "fail-on" => json!({
            "description": "Exit with 1 from this severity on.",
            "enum": ["error", "warning", "info", "never"],
        }),
        "servers" => json!({
            "description": "Origins with the packs that speak about them.",
            "type": "object",
            "additionalProperties": { "type": "string" },
        }),
        "severity" => severity.clone(),
        "paths" => texts("Patterns of files, from the folder of this file."),
        _ => json!({ "type": "array" }),
    };
    let properties = |keys: &[&str]| -> Map<String, Value> {
        keys.iter().map(|key| ((*key).to_owned(), about(key))).collect()
    };
    let mut all = properties(&config::KEYS);
    all.insert(
        "files".to_owned(),
        json!({
            "description": "What holds for some files only; the last entry counts.",
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["paths"],
                "properties": properties(&config::FILES_KEYS),
            },
        }),
    );
    json!({
        "$schema": DIALECT,
        "title": "reqlint.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": all,
    })
}
