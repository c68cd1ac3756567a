//! API descriptions.

use super::{API, assert_snapshot, mistakes};

#[test]
fn descriptions() {
    let mut out = String::new();
    for (old, new) in [
        ("openapi: \"3.1.0\"", "swagger: \"2.0\""),
        ("openapi: \"3.1.0\"", "info: {}"),
        ("/orders/{id}:", "orders/{id}:"),
        ("/orders/{id}:", "/orders/{id:"),
        ("components/parameters/page\"", "components/parameters/pages\""),
        ("#/components/parameters/page\"", "shared.yaml#/page\""),
        ("page: { name: page, in: query }", "page: { $ref: \"#/components/parameters/page\" }"),
        ("page: { name: page, in: query }", "page: { name: page, in: body }"),
        ("page: { name: page, in: query }", "page: { name: page }"),
        ("[{ key: [] }]", "[{ keys: [] }]"),
        ("[{ key: [] }]", "[key]"),
        ("[{ key: [] }]", "key"),
        ("      parameters:\n", "       parameters:\n"),
        ("$ref: \"#/components/parameters/page\"", "$ref: #/components/parameters/page"),
        ("name: page, in: query", "name: page, in: query, requierd: true"),
        ("      parameters:\n", "      paramters:\n"),
        (API, "<!doctype html>\n<html lang=\"en\">\n"),
        ("type: apiKey, in: header", "type: apiKey, in: body"),
        ("type: apiKey", "type: apikey"),
        ("components:\n", "    post: { operationId: getOrder }\ncomponents:\n"),
    ] {
        out += &mistakes(&[("openapi.yaml", &API.replace(old, new))]);
        out += "\n";
    }
    assert_snapshot!(out);
}

/// What is wrong in the schemas, parameters and servers of a description.
#[test]
fn schemas_of_descriptions() {
    let schema = |schema: &str| {
        let page = "page: { name: page, in: query }";
        API.replace(page, &format!("page: {{ name: page, in: query, schema: {schema} }}"))
    };
    let texts = [
        schema("{ type: int }"),
        schema("{ type: strng }"),
        schema("{ type: [string, nothing] }"),
        schema("{ enum: [] }"),
        schema("{ enum: open }"),
        schema("{ type: string, enum: [1, 2] }"),
        schema("{ type: integer, enum: [\"1\", \"2\"] }"),
        schema("{ minimum: low }"),
        schema("{ minimum: 5, maximum: 1 }"),
        schema("{ minLength: -1 }"),
        schema("{ multipleOf: 0 }"),
        schema("{ type: string, pattern: \"(\" }"),
        schema("{ type: object, required: true }"),
        schema("{ properties: [a, b] }"),
        schema("{ oneOf: [] }"),
        schema("{ dependentRequired: { a: b } }"),
        schema("{ type: string, maxLenght: 5 }"),
        schema("text"),
        schema("{ $ref: \"#/components/schemas/Pgae\" }"),
        API.replace("{ name: page, in: query }", "{ name: page, in: query, type: integer }"),
        API.replace("in: query }", "in: query, style: deepobject, schema: {} }"),
        API.replace("in: query }", "in: formData }"),
        API.replace("    get:", "    fetch:"),
        API.replace("paths:\n", "servers: [{ url: \"https://{region}.shop.example\" }]\npaths:\n"),
        API.replace("paths:\n", "servers: [https://shop.example]\npaths:\n"),
        API.replace("paths:\n", "paths:\n  /search?q={q}: {}\n"),
        API.replace(
            "      parameters:\n",
            "      x-dependencies: [IF page b]\n      parameters:\n",
        ),
        API.replace(
            "      parameters:\n",
            "      x-dependencies: [\"Or(pgae, id);\"]\n      parameters:\n",
        ),
        API.replace("      parameters:\n", "      requestBody: {}\n      parameters:\n"),
        API.replace(
            "      parameters:\n",
            "      requestBody: { content: { json: {} } }\n      parameters:\n",
        ),
        API.replace("        - { $ref", "        - { name: key, in: path }\n        - { $ref"),
    ];
    let mut out = String::new();
    for text in &texts {
        out += &mistakes(&[("openapi.yaml", text)]);
        out += "\n";
    }
    assert_snapshot!(out);
}
