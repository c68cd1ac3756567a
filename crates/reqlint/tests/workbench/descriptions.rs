//! Made-up descriptions: a few operations with parameters in all styles, and bodies.

use super::{Dice, older};
use serde_json::{Value, json};

/// A description with a few operations.
pub(crate) struct Described {
    pub(crate) operations: Vec<Operation>,
    /// `components`, which schemas refer to.
    pub(crate) components: Value,
    /// Whether it is written as OpenAPI 3.0.
    old: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub(crate) location: &'static str,
    pub(crate) style: &'static str,
    pub(crate) explode: bool,
    pub(crate) required: bool,
    pub(crate) shape: Shape,
    pub(crate) schema: Value,
}

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    One,
    List,
    Object,
}

#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) media_type: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: Value,
}

/// Styles with where they are used, and whether exploded.
const STYLES: &[(&str, &str, bool)] = &[
    ("path", "simple", false),
    ("path", "simple", true),
    ("path", "label", false),
    ("path", "label", true),
    ("path", "matrix", false),
    ("path", "matrix", true),
    ("query", "form", false),
    ("query", "form", true),
    ("query", "spaceDelimited", false),
    ("query", "pipeDelimited", false),
    ("query", "deepObject", true),
    ("header", "simple", false),
    ("header", "simple", true),
    ("cookie", "form", false),
    ("cookie", "form", true),
];

/// Makes a description.
pub(crate) fn describe(dice: &mut Dice) -> Described {
    let old = dice.once_in(4);
    let mut maker = Maker { dice, old, refers: false };
    let node = json!({
        "type": "object",
        "properties": { "m0": maker.scalar(), "m1": { "$ref": "#/components/schemas/Node" } },
        "required": ["m0"],
    });
    let leaf = maker.scalar();
    let either = maker.one();
    maker.refers = true;
    let operations = (0..6).map(|number| maker.operation(number)).collect();
    let schemas = json!({ "Node": node, "Leaf": leaf, "Either": either });
    Described { operations, components: json!({ "schemas": schemas }), old }
}

struct Maker<'m> {
    dice: &'m mut Dice,
    old: bool,
    /// Whether schemas may refer to others.
    refers: bool,
}

impl Maker<'_> {
    fn operation(&mut self, number: usize) -> Operation {
        let has_body = number % 2 == 1;
        let count = if has_body { 0 } else { 1 + usize::from(self.dice.once_in(4)) };
        let parameters = (0..count).map(|number| self.parameter(number)).collect();
        Operation { parameters, body: has_body.then(|| self.body()) }
    }

    fn parameter(&mut self, number: usize) -> Parameter {
        let (location, style, explode) = *self.dice.pick(STYLES);
        let shape = match style {
            "deepObject" => Shape::Object,
            "spaceDelimited" | "pipeDelimited" => *self.dice.pick(&[Shape::List, Shape::Object]),
            // Two cookies of one name are not told apart.
            "form" if location == "cookie" && explode => {
                *self.dice.pick(&[Shape::One, Shape::Object])
            }
            _ => *self.dice.pick(&[Shape::One, Shape::List, Shape::Object]),
        };
        let name = format!("p{number}");
        let schema = match shape {
            Shape::One => self.one(),
            Shape::List => self.list(),
            Shape::Object => self.flat_object(&format!("p{number}_")),
        };
        let required = location == "path" || self.dice.once_in(3);
        Parameter { name, location, style, explode, required, shape, schema }
    }

    fn body(&mut self) -> Body {
        let required = self.dice.once_in(2);
        match self.dice.below(4) {
            0 => Body {
                media_type: "application/x-www-form-urlencoded",
                required,
                schema: self.flat_object("m"),
            },
            _ => Body { media_type: "application/json", required, schema: self.nested(3) },
        }
    }

    /// The schema of one value.
    fn one(&mut self) -> Value {
        match self.dice.below(9) {
            0 => json!({ "oneOf": [self.scalar(), self.scalar()] }),
            1 => json!({ "anyOf": [self.scalar(), self.scalar()] }),
            2 => json!({ "allOf": [self.scalar(), self.scalar()] }),
            3 => json!({ "not": self.scalar(), "type": "string" }),
            4 if self.refers => json!({ "$ref": "#/components/schemas/Either" }),
            _ => self.scalar(),
        }
    }

    fn scalar(&mut self) -> Value {
        let mut schema = match self.dice.below(8) {
            0 | 1 => self.number("integer"),
            2 => self.number("number"),
            3 | 4 => self.text(),
            5 => json!({ "type": "boolean" }),
            6 => json!({ "type": "string", "enum": ["asc", "desc", "7"] }),
            _ => match self.dice.below(3) {
                0 => json!({ "enum": [1, 2.5, "one"] }),
                1 => json!({ "const": 7 }),
                _ => json!({ "const": "true" }),
            },
        };
        if self.dice.once_in(8)
            && let Some(name) = schema.get("type").and_then(Value::as_str)
            && schema.get("enum").is_none()
        {
            schema["type"] = json!([name, "null"]);
        }
        schema
    }

    fn number(&mut self, name: &str) -> Value {
        let mut schema = json!({ "type": name });
        let low = *self.dice.pick(&[-3, 0, 1, 2]);
        match self.dice.below(4) {
            0 => schema["minimum"] = json!(low),
            1 => schema["exclusiveMinimum"] = json!(low),
            _ => {}
        }
        match self.dice.below(4) {
            0 => schema["maximum"] = json!(low + 6),
            1 => schema["exclusiveMaximum"] = json!(low + 6),
            _ => {}
        }
        match self.dice.below(8) {
            0 => schema["multipleOf"] = json!(3),
            1 if name == "number" => schema["multipleOf"] = json!(0.5),
            2 if name == "number" => schema["multipleOf"] = json!(0.1),
            3 if name == "integer" => schema["format"] = json!("int32"),
            _ => {}
        }
        schema
    }

    fn text(&mut self) -> Value {
        let mut schema = json!({ "type": "string" });
        match self.dice.below(4) {
            0 => {
                schema["minLength"] = json!(self.dice.below(4));
                schema["maxLength"] = json!(3 + self.dice.below(4));
            }
            1 => schema["pattern"] = json!(*self.dice.pick(PATTERNS)),
            2 => schema["format"] = json!(*self.dice.pick(FORMATS)),
            _ => {}
        }
        schema
    }

    fn list(&mut self) -> Value {
        let mut schema = json!({ "type": "array", "items": self.one() });
        if self.dice.once_in(3) {
            schema["minItems"] = json!(1 + self.dice.below(2));
        }
        if self.dice.once_in(3) {
            schema["maxItems"] = json!(2 + self.dice.below(2));
        }
        if self.dice.once_in(4) {
            schema["uniqueItems"] = json!(true);
        }
        schema
    }

    /// An object of values that are neither lists nor objects.
    fn flat_object(&mut self, prefix: &str) -> Value {
        let names = [0, 1, 2].map(|number| format!("{prefix}{number}"));
        self.object(&names, &mut |maker| maker.one())
    }

    fn object(&mut self, names: &[String; 3], member: &mut dyn FnMut(&mut Self) -> Value) -> Value {
        let mut schema = json!({ "type": "object", "properties": {} });
        for name in names {
            schema["properties"][name] = member(self);
        }
        if self.dice.once_in(2) {
            schema["required"] = json!([self.dice.pick(names)]);
        }
        match self.dice.below(5) {
            0 | 1 => schema["additionalProperties"] = json!(false),
            2 => schema["additionalProperties"] = self.scalar(),
            _ => {}
        }
        match self.dice.below(8) {
            0 if !self.old => {
                schema["dependentRequired"] = json!({ &names[0]: [&names[1], &names[2]] });
            }
            1 => schema["minProperties"] = json!(2),
            2 => schema["maxProperties"] = json!(2),
            3 => schema["anyOf"] = json!([{ "required": [names[0]] }, { "required": [names[1]] }]),
            4 => schema["oneOf"] = json!([{ "required": [names[0]] }, { "required": [names[1]] }]),
            _ => {}
        }
        schema
    }

    fn nested(&mut self, depth: usize) -> Value {
        if depth == 0 {
            return self.one();
        }
        match self.dice.below(6) {
            0 => self.list(),
            1 => json!({ "$ref": "#/components/schemas/Node" }),
            2 => json!({ "type": "array", "items": self.nested(depth - 1), "maxItems": 2 }),
            3 => json!({ "oneOf": [self.nested(depth - 1), self.nested(depth - 1)] }),
            _ => {
                let names = [0, 1, 2].map(|number| format!("m{number}"));
                self.object(&names, &mut |maker| match maker.dice.below(3) {
                    0 => maker.nested(depth - 1),
                    1 if maker.refers => json!({ "$ref": "#/components/schemas/Leaf" }),
                    _ => maker.one(),
                })
            }
        }
    }
}

const PATTERNS: &[&str] = &["^[a-z]+$", "^\\d{2,4}$", "b", "^(asc|desc)$", "^\\w{1,3}$"];
const FORMATS: &[&str] =
    &["date", "date-time", "time", "duration", "uuid", "email", "uri", "hostname", "ipv4", "ipv6"];

impl Operation {
    /// The schemas of parameters and body.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = &Value> {
        let body = self.body.iter().map(|body| &body.schema);
        self.parameters.iter().map(|parameter| &parameter.schema).chain(body)
    }

    pub(crate) fn schemas_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        let body = self.body.iter_mut().map(|body| &mut body.schema);
        self.parameters.iter_mut().map(|parameter| &mut parameter.schema).chain(body)
    }

    /// Whether names that are not known break a schema.
    pub(crate) fn is_closed(&self) -> bool {
        self.schemas().any(|schema| schema.get("additionalProperties") == Some(&json!(false)))
    }

    /// The template of its path.
    pub(crate) fn path(&self, number: usize) -> String {
        let in_path = self.parameters.iter().filter(|parameter| parameter.location == "path");
        in_path
            .fold(format!("/o{number}"), |path, parameter| format!("{path}/{{{}}}", parameter.name))
    }

    pub(crate) fn method(&self) -> &'static str {
        if self.body.is_some() { "POST" } else { "GET" }
    }
}

impl Described {
    /// As OpenAPI writes it.
    pub(crate) fn document(&self) -> Value {
        let written = |schema: &Value| if self.old { older(schema) } else { schema.clone() };
        let mut paths = json!({});
        for (number, operation) in self.operations.iter().enumerate() {
            let parameter = |parameter: &Parameter| {
                json!({
                    "name": parameter.name, "in": parameter.location, "style": parameter.style,
                    "explode": parameter.explode, "required": parameter.required,
                    "schema": written(&parameter.schema),
                })
            };
            let parameters: Vec<Value> = operation.parameters.iter().map(parameter).collect();
            let mut described = json!({ "parameters": parameters });
            if let Some(body) = &operation.body {
                let content = json!({ body.media_type: { "schema": written(&body.schema) } });
                described["requestBody"] = json!({ "required": body.required, "content": content });
            }
            let method = operation.method().to_lowercase();
            paths[operation.path(number)] = json!({ method: described });
        }
        let version = if self.old { "3.0.3" } else { "3.1.0" };
        json!({
            "openapi": version,
            "info": { "title": "made up", "version": "1" },
            "servers": [{ "url": "https://made.up.example" }],
            "paths": paths,
            "components": written(&self.components),
        })
    }
}
