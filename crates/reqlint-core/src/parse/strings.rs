//! Values of configuration (YAML, TOML, JSON) that hold commands and requests: scripts in strings,
//! lists of arguments, objects that describe a request.
//!
//! Such a file is about something else, so only what surely is a request counts.

use super::argv::{arguments, parse_arguments};
use super::detect::is_command_line;
use super::embedded::{Language, parse_block};
use super::lines::is_target;
use super::markdown::parse_fences;
use super::request_object::parse_object;
use crate::layer::Layers;
use crate::model::{Document, JsonKind, JsonMember, JsonValue};

/// What else a request object has, besides its URL.
const PARTS: [&str; 9] =
    ["method", "headers", "body", "params", "query", "json", "form", "data", "auth"];

/// Words before the arguments in lists of containers.
const MARKERS: [&str; 2] = ["CMD", "CMD-SHELL"];

/// Adds the requests in values to the document.
pub(super) fn parse_values(document: &mut Document<'_>, values: Vec<JsonValue>) {
    values.into_iter().for_each(|value| parse_value(document, value, true));
}

/// Adds the requests in the texts of values to the document; objects are none, whatever they hold.
pub(super) fn parse_texts(document: &mut Document<'_>, values: Vec<JsonValue>) {
    values.into_iter().for_each(|value| parse_value(document, value, false));
}

/// Adds the requests in a value to the document. Values are nested no deeper than their readers
/// allow.
fn parse_value(document: &mut Document<'_>, value: JsonValue, objects: bool) {
    match value.kind {
        JsonKind::String => parse_text(document, &value),
        JsonKind::Array => parse_items(document, value, objects),
        JsonKind::Object if objects && is_request(&document.layers, &value) => {
            parse_object(document, value);
        }
        JsonKind::Object => match code_of(&document.layers, &value) {
            Some(language) => {
                let source = value.members.iter().find(|one| is_source(&document.layers, one));
                if let Some(source) = source {
                    parse_block(document, source.value.text, language);
                }
            }
            None => {
                for member in value.members {
                    parse_value(document, member.value, objects);
                }
            }
        },
        _ => {}
    }
}

fn parse_text(document: &mut Document<'_>, value: &JsonValue) {
    let text = document.layers.text(value.text);
    if text.contains("```") {
        // A description, with blocks of code.
        parse_fences(document, value.text);
    } else if text.lines().any(is_command_line) {
        parse_block(document, value.text, Language::Commands);
    }
}

fn parse_items(document: &mut Document<'_>, value: JsonValue, objects: bool) {
    let layers = &document.layers;
    let is_marker = |item: &JsonValue| MARKERS.contains(&layers.text(item.text));
    let start = usize::from(value.items.first().is_some_and(is_marker));
    let is_argument = |item: &JsonValue| {
        let text = layers.text(item.text);
        text.starts_with('-') || is_target(text)
    };
    let has_arguments = value.items.iter().skip(start + 1).any(is_argument);
    if let Some(items) = arguments(layers, &value.items[start..]).filter(|_| has_arguments) {
        return parse_arguments(document, value.place, &items);
    }
    value.items.into_iter().for_each(|item| parse_value(document, item, objects));
}

/// Whether an object surely describes a request.
fn is_request(layers: &Layers<'_>, value: &JsonValue) -> bool {
    let text = |name: &str| {
        let member = value.member(layers, name)?;
        (member.value.kind == JsonKind::String).then(|| layers.text(member.value.text))
    };
    let is_url = ["url", "uri"].into_iter().find_map(text).is_some_and(is_target);
    let is_method = |method: &str| {
        let method = method.to_ascii_uppercase();
        super::http::is_method(&method)
    };
    is_url
        && PARTS.iter().any(|name| value.member(layers, name).is_some())
        && text("method").is_none_or(is_method)
}

/// The language of an object that holds a sample of code: `lang` and `source`.
fn code_of(layers: &Layers<'_>, value: &JsonValue) -> Option<Language> {
    let language = value.member(layers, "lang")?;
    let has_source = value.members.iter().any(|member| is_source(layers, member));
    has_source.then(|| Language::named(layers.text(language.value.text)))
}

fn is_source(layers: &Layers<'_>, member: &JsonMember) -> bool {
    layers.text(member.name) == "source" && member.value.kind == JsonKind::String
}
