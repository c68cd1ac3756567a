//! Requests to made-up operations, and what the validator says about them.

use super::Dice;
use super::descriptions::{Operation, Parameter, Shape};
use serde_json::{Map, Value, json};

/// A request, and what is meant by it.
pub(crate) struct Sent {
    path: String,
    method: &'static str,
    /// Names and values, not yet encoded; of a value the raw separator, if any, stays as it is.
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    cookies: Vec<String>,
    json: Option<Value>,
    form: Option<Vec<(String, String)>>,
    /// What is sent for each parameter.
    meant: Vec<Option<Meant>>,
}

/// How numbers are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// As JSON writes them.
    Json,
    /// Also with a plus sign or zeros before them.
    Wide,
}

/// A value before it is written.
#[derive(Clone, Debug)]
enum Meant {
    One(String),
    List(Vec<String>),
    Object(Vec<(String, String)>),
}

const ORIGIN: &str = "https://made.up.example";
/// Values that are near the borders of what the schemas ask for.
const TEXTS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "5",
    "6",
    "7",
    "8",
    "9",
    "-3",
    "-4",
    "asc",
    "desc",
    "one",
    "abc",
    "ABC",
    "ab1",
    "abcdefg",
    "12",
    "2026",
    "true",
    "false",
    "null",
    "99999999999",
    "b",
    "_x",
];
/// Values with signs that some styles use.
const SIGNED: &[&str] = &[
    "2.5",
    "1.50",
    "0.3",
    "7.0",
    "1e1",
    "2026-01-31",
    "2026-02-30",
    "2026-01-31T10:00:00Z",
    "2026-01-31T10:00:00+01:00",
    "2026-01-31T25:00:00Z",
    "10:00:00Z",
    "10:00:00",
    "P3DT4H",
    "P",
    "PT",
    "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
    "2eb8aa08-aa98",
    "me@shop.example",
    "me@",
    "@shop",
    "https://shop.example/a",
    "shop",
    "//shop.example",
    "-shop",
    "shop.example",
    "10.0.0.1",
    "10.0.0.256",
    "::1",
    "1::2::3",
    "+5",
    "05",
    ".5",
];

/// Makes a request to an operation.
pub(crate) fn make(operation: &Operation, number: usize, dice: &mut Dice) -> Sent {
    let mut sent = Sent {
        path: format!("/o{number}"),
        method: operation.method(),
        query: Vec::new(),
        headers: Vec::new(),
        cookies: Vec::new(),
        json: None,
        form: None,
        meant: Vec::new(),
    };
    for parameter in &operation.parameters {
        if !parameter.required && dice.once_in(6)
            || parameter.location != "path" && dice.once_in(10)
        {
            sent.meant.push(None);
            continue;
        }
        let meant = mean(parameter, dice);
        sent.write(parameter, &meant);
        sent.meant.push(Some(meant));
    }
    if let Some(body) = operation.body.as_ref().filter(|_| !dice.once_in(8)) {
        match body.media_type {
            "application/json" => sent.json = Some(value_for(&body.schema, dice, 4)),
            _ => {
                let fields = members(&body.schema, dice, Text::Any, true);
                sent.form = Some(fields).filter(|fields| !fields.is_empty());
            }
        }
    }
    sent
}

/// Which signs a text may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Any,
    /// None that a style uses, and at least one character.
    Plain,
}

fn mean(parameter: &Parameter, dice: &mut Dice) -> Meant {
    let is_query = parameter.location == "query" && parameter.style == "form" && parameter.explode;
    let text = if is_query { Text::Any } else { Text::Plain };
    match parameter.shape {
        Shape::One => Meant::One(near(&parameter.schema, dice, text)),
        Shape::List => {
            let items = parameter.schema.get("items").unwrap_or(&Value::Null);
            let count = 1 + dice.below(3);
            Meant::List((0..count).map(|_| near(items, dice, text)).collect())
        }
        Shape::Object => {
            // Members of other names are parameters of their own there.
            let others = !(parameter.style == "form" && parameter.explode);
            Meant::Object(members(&parameter.schema, dice, text, others))
        }
    }
}

/// Members for an object, at least one.
fn members(schema: &Value, dice: &mut Dice, text: Text, others: bool) -> Vec<(String, String)> {
    let mut members = Vec::new();
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if !dice.once_in(3) {
            members.push((name.clone(), near(schema, dice, text)));
        }
    }
    if others && dice.once_in(6) {
        members.push(("zz".to_owned(), near(&Value::Null, dice, text)));
    }
    if members.is_empty() {
        let first = schema["properties"].as_object().and_then(|all| all.iter().next());
        let (name, schema) = first.expect("every object has properties");
        members.push((name.clone(), near(schema, dice, text)));
    }
    members
}

/// A text that is likely to be near what a schema asks for.
fn near(schema: &Value, dice: &mut Dice, text: Text) -> String {
    if let Some(values) = schema.get("enum").and_then(Value::as_array)
        && dice.once_in(2)
    {
        let value = plain(dice.pick(values));
        if text == Text::Any || is_plain(&value) {
            return value;
        }
    }
    if let Some(fitting) = fitting(schema, dice)
        && !dice.once_in(4)
        && (text == Text::Any || is_plain(&fitting))
    {
        return fitting;
    }
    match text {
        Text::Any if dice.once_in(20) => String::new(),
        Text::Any if dice.once_in(2) => (*dice.pick(SIGNED)).to_owned(),
        _ => (*dice.pick(TEXTS)).to_owned(),
    }
}

/// A text of the type, the format or the value that a schema names first.
fn fitting(schema: &Value, dice: &mut Dice) -> Option<String> {
    let choices = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| schema.get(key)?.as_array());
    if let Some(choices) = choices {
        return fitting(dice.pick(choices), dice);
    }
    if let Some(value) = schema.get("const") {
        return Some(plain(value));
    }
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        return GOOD.iter().find(|(name, _)| *name == format).map(|(_, text)| (*text).to_owned());
    }
    let name = schema.get("type")?;
    let texts: &[&str] = match name.as_str().or_else(|| name.get(0)?.as_str())? {
        "integer" => &["0", "1", "2", "3", "4", "5", "6", "7"],
        "number" => &["1", "2", "2.5", "3", "3.5", "6"],
        "boolean" => &["true", "false"],
        _ => &["abc", "abcd", "b", "asc", "ab1"],
    };
    Some((*dice.pick(texts)).to_owned())
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A text of each format.
const GOOD: &[(&str, &str)] = &[
    ("date", "2026-01-31"),
    ("date-time", "2026-01-31T10:00:00Z"),
    ("time", "10:00:00Z"),
    ("duration", "P3DT4H"),
    ("uuid", "2eb8aa08-aa98-11ea-b4aa-73b441d16380"),
    ("email", "me@shop.example"),
    ("uri", "https://shop.example/a"),
    ("hostname", "shop.example"),
    ("ipv4", "10.0.0.1"),
    ("ipv6", "::1"),
];

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A JSON value that is likely to be near what a schema asks for.
fn value_for(schema: &Value, dice: &mut Dice, depth: usize) -> Value {
    if dice.once_in(12) || depth == 0 {
        return match dice.below(4) {
            0 => Value::Null,
            1 => json!([]),
            2 => json!({}),
            _ => scalar(&Value::Null, dice),
        };
    }
    if let Some(Value::Array(choices)) = schema.get("oneOf")
        && schema.get("type").is_none()
    {
        return value_for(dice.pick(choices), dice, depth);
    }
    if schema.get("$ref").is_some_and(|name| plain(name).ends_with("Node")) {
        let mut node = json!({ "m0": scalar(&Value::Null, dice) });
        if dice.once_in(2) {
            node["m1"] = value_for(schema, dice, depth - 1);
        }
        return node;
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => {
            let mut object = Map::new();
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                if !dice.once_in(3) {
                    object.insert(name.clone(), value_for(schema, dice, depth - 1));
                }
            }
            if dice.once_in(6) {
                object.insert("zz".to_owned(), scalar(&Value::Null, dice));
            }
            Value::Object(object)
        }
        Some("array") => {
            let count = dice.below(4);
            (0..count).map(|_| value_for(&schema["items"], dice, depth - 1)).collect()
        }
        _ => scalar(schema, dice),
    }
}

fn scalar(schema: &Value, dice: &mut Dice) -> Value {
    if let Some(Value::Array(values)) = schema.get("enum")
        && dice.once_in(2)
    {
        return dice.pick(values).clone();
    }
    let text = near(schema, dice, Text::Any);
    match serde_json::from_str::<Value>(&text) {
        Ok(value) if !dice.once_in(4) => value,
        _ => json!(text),
    }
}

/// Bytes but letters, digits and those in `kept` as `%41`.
fn encode(text: &str, kept: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| match char::from(byte) {
        sign if sign.is_ascii_alphanumeric() || kept.contains(sign) => out + &sign.to_string(),
        _ => out + &format!("%{byte:02X}"),
    })
}

impl Sent {
    /// Writes a parameter in its style (OpenAPI 3.1, section 4.8.12.3).
    fn write(&mut self, parameter: &Parameter, meant: &Meant) {
        let Parameter { name, location, style, explode, .. } = parameter;
        let separator = match *style {
            "spaceDelimited" => " ",
            "pipeDelimited" => "|",
            "label" if *explode => ".",
            "matrix" if *explode => ";",
            _ => ",",
        };
        let value = match meant {
            Meant::One(text) => text.clone(),
            Meant::List(items) if *style == "matrix" && *explode => {
                items.join(&format!(";{name}="))
            }
            Meant::List(items) => items.join(separator),
            Meant::Object(members) => {
                let equals = if *explode { "=" } else { separator };
                let pairs = members.iter().map(|(name, value)| format!("{name}{equals}{value}"));
                pairs.collect::<Vec<_>>().join(separator)
            }
        };
        match (*location, *style, meant) {
            ("path", "label", _) => self.path += &format!("/.{value}"),
            ("path", "matrix", Meant::Object(_)) if *explode => self.path += &format!("/;{value}"),
            ("path", "matrix", _) => self.path += &format!("/;{name}={value}"),
            ("path", ..) => self.path += &format!("/{value}"),
            ("query", "deepObject", Meant::Object(members)) => {
                let member =
                    |(inner, value): &(String, String)| (format!("{name}[{inner}]"), value.clone());
                self.query.extend(members.iter().map(member));
            }
            ("query", _, Meant::Object(members)) if *explode => {
                self.query.extend(members.iter().cloned());
            }
            ("query", _, Meant::List(items)) if *explode => {
                self.query.extend(items.iter().map(|item| (name.clone(), item.clone())));
            }
            ("query", ..) => self.query.push((name.clone(), value)),
            ("cookie", _, Meant::Object(members)) if *explode => {
                self.cookies.extend(members.iter().map(|(name, value)| format!("{name}={value}")));
            }
            ("cookie", ..) => self.cookies.push(format!("{name}={value}")),
            _ => self.headers.push((name.clone(), value)),
        }
    }

    fn url(&self) -> String {
        let pair = |(name, value): &(String, String)| {
            format!("{}={}", encode(name, "_"), encode(value, ","))
        };
        let query = self.query.iter().map(pair).collect::<Vec<_>>().join("&");
        let sign = if query.is_empty() { "" } else { "?" };
        format!("{ORIGIN}{}{sign}{query}", encode(&self.path, "/,;.=_-"))
    }

    /// As a curl command on one line.
    pub(crate) fn as_curl(&self) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let mut words = vec![format!("curl -X {} {}", self.method, quoted(&self.url()))];
        for (name, value) in &self.headers {
            words.push(format!("-H {}", quoted(&format!("{name}: {value}"))));
        }
        if !self.cookies.is_empty() {
            words.push(format!("-b {}", quoted(&self.cookies.join("; "))));
        }
        if let Some(json) = &self.json {
            words.push(format!("--json {}", quoted(&json.to_string())));
        }
        for (name, value) in self.form.iter().flatten() {
            words.push(format!("--data-urlencode {}", quoted(&format!("{name}={value}"))));
        }
        words.join(" ")
    }

    /// As a request object.
    pub(crate) fn as_object(&self) -> Value {
        let mut headers: Map<String, Value> =
            self.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        if !self.cookies.is_empty() {
            headers.insert("Cookie".to_owned(), json!(self.cookies.join("; ")));
        }
        let mut object = json!({ "method": self.method, "url": self.url(), "headers": headers });
        if let Some(json) = &self.json {
            object["json"] = json.clone();
        }
        if let Some(form) = &self.form {
            object["form"] =
                form.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        }
        object
    }

    /// Whether nothing is sent for an object whose members are parameters of their own.
    pub(crate) fn lacks_object(&self, operation: &Operation) -> bool {
        let is_lacking = |(parameter, meant): (&Parameter, &Option<Meant>)| {
            meant.is_none()
                && parameter.shape == Shape::Object
                && parameter.style == "form"
                && parameter.explode
        };
        operation.parameters.iter().zip(&self.meant).any(is_lacking)
    }

    /// Whether a list has the same text twice.
    pub(crate) fn repeats_item(&self) -> bool {
        self.meant.iter().flatten().any(|meant| match meant {
            Meant::List(items) => {
                items.iter().enumerate().any(|(number, item)| items[..number].contains(item))
            }
            _ => false,
        })
    }

    /// Whether the validator takes it. A text fits where one of its readings does; `numbers` are
    /// texts that JSON has, or more.
    pub(crate) fn is_valid(
        &self,
        operation: &Operation,
        components: &Value,
        numbers: Numbers,
    ) -> bool {
        let parameters = operation.parameters.iter().zip(&self.meant);
        let fit = parameters.into_iter().all(|(parameter, meant)| match meant {
            None => !parameter.required,
            Some(meant) => fits_any(&parameter.schema, components, &meant.readings(numbers)),
        });
        let body = operation.body.as_ref();
        fit && body.is_none_or(|body| match (&self.json, &self.form) {
            (Some(json), _) => fits_any(&body.schema, components, std::slice::from_ref(json)),
            (None, Some(form)) => {
                fits_any(&body.schema, components, &Meant::Object(form.clone()).readings(numbers))
            }
            (None, None) => !body.required,
        })
    }
}

fn fits_any(schema: &Value, components: &Value, readings: &[Value]) -> bool {
    let document = json!({ "allOf": [schema], "components": components });
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&document)
        .unwrap_or_else(|error| panic!("{error}: {document:#}"));
    readings.iter().any(|reading| validator.is_valid(reading))
}

impl Meant {
    /// Every JSON value that the texts can stand for.
    fn readings(&self, numbers: Numbers) -> Vec<Value> {
        match self {
            Meant::One(text) => readings(text, numbers),
            Meant::List(items) => all_of(items, numbers).into_iter().map(Value::Array).collect(),
            Meant::Object(members) => {
                let texts: Vec<String> = members.iter().map(|(_, text)| text.clone()).collect();
                let object = |values: Vec<Value>| {
                    let names = members.iter().map(|(name, _)| name.clone());
                    names.zip(values).collect::<Map<_, _>>().into()
                };
                all_of(&texts, numbers).into_iter().map(object).collect()
            }
        }
    }
}

/// Every way to read some texts together.
fn all_of(texts: &[String], numbers: Numbers) -> Vec<Vec<Value>> {
    texts.iter().fold(vec![Vec::new()], |lists, text| {
        let values = readings(text, numbers);
        let longer = |list: &Vec<Value>| {
            let one = |value: &Value| [list.as_slice(), std::slice::from_ref(value)].concat();
            values.iter().map(one).collect::<Vec<_>>()
        };
        lists.iter().flat_map(longer).collect()
    })
}

fn readings(text: &str, numbers: Numbers) -> Vec<Value> {
    let mut all = vec![json!(text)];
    let written = match numbers {
        Numbers::Json => text,
        Numbers::Wide => text.trim_start_matches('+').trim_start_matches('0'),
    };
    let value = serde_json::from_str(written);
    if let Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) = value {
        all.push(value);
    }
    if text.is_empty() {
        all.push(Value::Null);
    }
    all
}
