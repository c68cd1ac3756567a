//! Large API descriptions, in the shape of those that generators write.

use serde_json::{Value, json};

/// A description with twice so many operations, as JSON and as YAML. 950 make five megabytes.
pub(crate) fn description(paths: usize) -> [String; 2] {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": "a large API", "version": "1" },
        "servers": [{ "url": "https://api.example.com/v1" }],
        "paths": {},
        "components": { "schemas": {} },
    });
    for number in 0..paths {
        document["paths"][format!("/things{number}/{{id}}/parts")] = path(number);
        document["components"]["schemas"][format!("Thing{number}")] = schema(number, paths);
    }
    let json = serde_json::to_string_pretty(&document).expect("it is JSON");
    let mut yaml = String::new();
    write_yaml(&document, 0, &mut yaml);
    [json, yaml]
}

fn path(number: usize) -> Value {
    let filter = |filter: usize| {
        json!({
            "name": format!("filter_{filter}"), "in": "query",
            "description": "A filter that leaves only some of the rows, as the guide on paging says.",
            "schema": { "type": "integer", "minimum": 0, "maximum": 100 + filter },
        })
    };
    let thing = json!({ "$ref": format!("#/components/schemas/Thing{number}") });
    let body = json!({ "application/json": { "schema": thing } });
    json!({
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
        "get": {
            "operationId": format!("listParts{number}"), "tags": ["parts"],
            "summary": "Lists the parts of a thing",
            "parameters": (0..6).map(filter).collect::<Vec<_>>(),
            "responses": { "200": { "description": "the parts", "content": body } },
        },
        "post": {
            "operationId": format!("addPart{number}"), "tags": ["parts"],
            "requestBody": { "required": true, "content": body },
            "responses": { "201": { "description": "it was added" } },
        },
    })
}

fn schema(number: usize, count: usize) -> Value {
    let mut schema = json!({
        "type": "object",
        "required": ["id", "name"],
        "description": format!("The object of kind {number}, which several operations take and give."),
        "properties": {
            "id": { "type": "integer" },
            "name": { "type": "string", "minLength": 1, "maxLength": 200 },
            "state": { "type": "string", "enum": ["open", "closed", "pending", "archived"] },
            "parent": { "$ref": format!("#/components/schemas/Thing{}", (number * 7 + 1) % count) },
            "created_at": { "type": "string", "format": "date-time" },
            "tags": { "type": "array", "items": { "type": "string", "pattern": "^[a-z-]{1,50}$" } },
        },
    });
    for field in 0..8 {
        let kind = ["string", "integer", "boolean", "number"][field % 4];
        schema["properties"][format!("field_{field}")] = json!({
            "type": kind,
            "description": "One more field, described in a sentence as descriptions do it.",
        });
    }
    schema
}

/// Writes block YAML. All texts are in quotes.
fn write_yaml(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                *out += &format!("{indent}\"{name}\":");
                write_below(value, depth, out);
            }
        }
        Value::Array(items) => {
            for item in items {
                *out += &format!("{indent}-");
                write_below(item, depth, out);
            }
        }
        scalar => *out += &format!("{indent}{scalar}\n"),
    }
}

fn write_below(value: &Value, depth: usize, out: &mut String) {
    if value.is_object() || value.is_array() {
        out.push('\n');
        write_yaml(value, depth + 1, out);
    } else {
        *out += &format!(" {value}\n");
    }
}
