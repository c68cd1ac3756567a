//! Words of schemas: their keywords, types of other languages, and expressions of ECMA-262.

use crate::rule::node::Node;

/// Keywords that say something about a schema, and ask nothing of a value.
pub(super) const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "discriminator",
    "xml",
    "externalDocs",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "$id",
    "$schema",
    "$anchor",
    "$dynamicAnchor",
    "$vocabulary",
    "$comment",
    "$defs",
    "definitions",
];
/// Keywords that ask something of a value.
pub(super) const ASSERTIONS: &[&str] = &[
    "$ref",
    "$dynamicRef",
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "properties",
    "patternProperties",
    "additionalProperties",
    "required",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
    "additionalItems",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "default",
    "nullable",
];

/// What a type of another language is here.
pub(super) fn same_type(word: &str) -> Option<&'static str> {
    Some(match word {
        "int" | "int32" | "int64" | "long" | "short" => "write `integer`",
        "float" | "double" | "decimal" => "write `number`",
        "bool" => "write `boolean`",
        "str" | "text" | "date" | "datetime" | "date-time" | "uuid" => {
            "write `string`, and the kind of text under `format`"
        }
        "file" => "write `string` with `format: binary`",
        "list" => "write `array`",
        "map" | "dict" | "hash" => "write `object`",
        _ => return None,
    })
}

pub(super) fn said(node: &Node) -> String {
    match node.text() {
        Some(text) if !text.is_empty() => format!("`{text}`"),
        _ => node.kind().to_owned(),
    }
}

/// An expression of ECMA-262 in the notation of the `regex` crate: there `\d` and `\w` are ASCII,
/// and `\/` is a slash.
pub(super) fn from_ecma(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('d') if in_class => out.push_str("0-9"),
                Some('d') => out.push_str("[0-9]"),
                Some('D') if !in_class => out.push_str("[^0-9]"),
                Some('w') if in_class => out.push_str("0-9A-Za-z_"),
                Some('w') => out.push_str("[0-9A-Za-z_]"),
                Some('W') if !in_class => out.push_str("[^0-9A-Za-z_]"),
                Some('/') => out.push('/'),
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
                None => out.push('\\'),
            },
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            // Inside a class the `regex` crate has operators that ECMA-262 does not have.
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(character);
            }
            other => out.push(other),
        }
    }
    out
}
