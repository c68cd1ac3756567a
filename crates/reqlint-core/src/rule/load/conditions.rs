//! Reads conditions, numbers and scopes.

use super::fields::{Fields, boolean, text_at, texts, word};
use super::mistakes::{expected, listing};
use super::names::Site;
use super::notation::is_name;
use super::parts::{PLACES, Reader};
use super::texts::Use;
use crate::rule::node::{Entry, Node, Value};
use crate::rule::{Condition, Declares, Number, Scope, Server};

pub(crate) const COMBINATORS: &[&str] = &["all", "any", "not", "above", "at_least", "declares"];
pub(crate) const DECLARES: &[&str] = &[
    "path",
    "method",
    "param",
    "header",
    "body",
    "tag",
    "similar",
    "deprecated",
    "complete",
    "needs_body",
];
pub(crate) const SCOPE: &[&str] = &["tag", "operation", "server"];
const SERVERS: &[(&str, Server)] =
    &[("declared", Server::Declared), ("similar", Server::Similar), ("any", Server::Any)];
const NUMBER: &str =
    "expected a number, days (`90d`), a role, `role.length`, `sum`, `product` or `count`";

impl Reader<'_> {
    /// What stands under `if`.
    pub(crate) fn condition(&mut self, node: &Node) -> Option<Condition> {
        if node.items().is_some() {
            let help = "write `all: […]` or `any: […]`";
            self.mistakes.add(node.span, "a condition is a mapping, not a list", help);
            return None;
        }
        let fields = Fields::any(node);
        let Some(fields) = fields else {
            let message = format!("a condition is a mapping, not {}", node.kind());
            self.mistakes.add(node.span, message, "write a part, as `{ param: country }`");
            return None;
        };
        let keys = fields.entries();
        let is_part = keys.iter().any(|entry| PLACES.contains(&entry.key.as_str()));
        let combinator = keys.iter().find(|entry| COMBINATORS.contains(&entry.key.as_str()));
        match combinator {
            Some(entry) if !is_part => {
                self.only_key(fields, entry);
                self.combinator(entry)
            }
            None if !is_part => {
                self.not_a_condition(fields);
                None
            }
            _ => self.part(node).map(|part| Condition::Part(Box::new(part))),
        }
    }

    fn not_a_condition(&mut self, fields: Fields<'_>) {
        let names: Vec<&str> = [PLACES, COMBINATORS].concat();
        let first = fields.entries().first();
        let (span, word) = first.map_or((fields.start, ""), |e| (e.key_span, e.key.as_str()));
        if word == "missing" {
            let message = "`missing` is for `find`";
            return self.mistakes.add(
                span,
                message,
                "write `not: { … }` to deny that a part exists",
            );
        }
        let message = match word {
            "" => "this condition asks nothing".to_owned(),
            _ => format!("a condition has no key `{word}`"),
        };
        self.mistakes.add(span, message, expected(word, &names));
    }

    fn only_key(&mut self, fields: Fields<'_>, entry: &Entry) {
        for other in fields.entries().iter().filter(|other| other.key != entry.key) {
            let message = format!("`{}` cannot stand beside `{}`", other.key, entry.key);
            self.mistakes.add(other.key_span, message, "join the two with `all: [{ … }, { … }]`");
        }
    }

    fn combinator(&mut self, entry: &Entry) -> Option<Condition> {
        Some(match entry.key.as_str() {
            "all" => Condition::All(self.conditions(entry)),
            "any" => Condition::Any(self.conditions(entry)),
            "not" => Condition::Not(Box::new(self.condition(&entry.value)?)),
            "declares" => Condition::Declares(self.declares(&entry.value)?),
            "above" => {
                let (first, second) = self.two_numbers(entry)?;
                Condition::Above(first, second)
            }
            _ => {
                let (first, second) = self.two_numbers(entry)?;
                Condition::AtLeast(first, second)
            }
        })
    }

    fn conditions(&mut self, entry: &Entry) -> Vec<Condition> {
        let Some(items) = self.list(entry, "conditions") else { return Vec::new() };
        items.iter().filter_map(|item| self.condition(item)).collect()
    }

    /// A list that is not empty.
    pub(crate) fn list<'n>(&mut self, entry: &'n Entry, of: &str) -> Option<&'n [Node]> {
        match entry.value.items() {
            Some([]) => {
                let message = format!("`{}` lists nothing", entry.key);
                self.mistakes.add(entry.place(), message, format!("write some {of}, or remove it"));
                None
            }
            None => {
                let message =
                    format!("`{}` is a list of {of}, not {}", entry.key, entry.value.kind());
                let help = format!("write `{}: [ … ]`", entry.key);
                self.mistakes.add(entry.place(), message, help);
                None
            }
            items => items,
        }
    }

    fn declares(&mut self, node: &Node) -> Option<Declares> {
        let fields = Fields::of(node, "`declares`", DECLARES, self.mistakes)?;
        if fields.entries().is_empty() {
            let help = format!("expected {}", listing(DECLARES, "or"));
            self.mistakes.add(node.span, "`declares` asks nothing", help);
        }
        if self.world.api.is_none() {
            for entry in fields.entries().iter().filter(|entry| entry.key != "tag") {
                self.needs_description(entry.key_span, "declares");
            }
        }
        self.check_declared(fields);
        let mut template = |key| {
            let entry = fields.entry(key)?;
            let text = text_at(&entry.value, entry.place(), self.mistakes)?;
            Some(self.template(&text, Use::Question))
        };
        let path = template("path");
        let method = template("method");
        let param = template("param");
        let header = template("header");
        let body = template("body");
        let similar = template("similar");
        let tag = fields.optional("tag", self.mistakes);
        if let Some(tag) = &tag {
            self.check_tag(tag);
        }
        let tag = tag.map(|tag| tag.text.to_owned());
        let mut flag =
            |key| match fields.entry(key).map(|entry| (entry, boolean(entry, self.mistakes))) {
                Some((entry, Some(false))) => {
                    let help = "write `not: { declares: … }` around it";
                    self.mistakes.add(entry.place(), format!("`{key}` is asked with `true`"), help);
                    false
                }
                Some((_, answer)) => answer.unwrap_or_default(),
                None => false,
            };
        let (deprecated, complete) = (flag("deprecated"), flag("complete"));
        let needs_body = flag("needs_body");
        Some(Declares {
            path,
            method,
            param,
            header,
            body,
            tag,
            similar,
            deprecated,
            complete,
            needs_body,
        })
    }

    fn two_numbers(&mut self, entry: &Entry) -> Option<(Number, Number)> {
        let items = entry.value.items().unwrap_or_default();
        let [first, second] = items else {
            let message = format!("`{}` compares two numbers", entry.key);
            let help = format!("write `{}: [first, second]`", entry.key);
            self.mistakes.add(entry.place(), message, help);
            return None;
        };
        let first = self.number(first);
        let second = self.number(second);
        Some((first?, second?))
    }

    fn number(&mut self, node: &Node) -> Option<Number> {
        match &node.value {
            Value::Mapping(_) => self.computed(node),
            Value::Scalar(_) if !node.is_null() => self.simple_number(node),
            _ => {
                let message = format!("a number is expected here, not {}", node.kind());
                self.mistakes.add(node.span, message, NUMBER);
                None
            }
        }
    }

    fn simple_number(&mut self, node: &Node) -> Option<Number> {
        let text = text_at(node, node.span, self.mistakes)?;
        let finite = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        if let Some(number) = finite(text.text) {
            return Some(Number::Constant(number));
        }
        if let Some(days) = text.text.strip_suffix('d').and_then(finite) {
            return Some(Number::Days(days));
        }
        let (name, attribute) = match text.text.split_once('.') {
            Some((name, attribute)) => (name, Some(attribute)),
            None => (text.text, None),
        };
        if !is_name(name) {
            let message = format!("`{}` is no number", text.text);
            self.mistakes.add(text.span, message, NUMBER);
            return None;
        }
        let id = self.names.mention(name, text.piece(0..name.len()), Site::Elsewhere);
        match attribute {
            None => Some(Number::Value(id)),
            Some("length") => Some(Number::Length(id)),
            Some(other) => {
                let span = text.piece(name.len() + 1..text.text.len());
                let message = format!("`{other}` of a role is no number");
                self.mistakes.add(span, message, format!("expected `{name}` or `{name}.length`"));
                None
            }
        }
    }

    fn computed(&mut self, node: &Node) -> Option<Number> {
        let keys = &["sum", "product", "count"];
        let fields = Fields::of(node, "a number", keys, self.mistakes)?;
        let [entry] = fields.entries() else {
            self.mistakes.add(fields.start, "a number is one thing", NUMBER);
            return None;
        };
        match entry.key.as_str() {
            "count" => {
                let parts = self.list(entry, "parts")?;
                Some(Number::Count(parts.iter().filter_map(|part| self.part(part)).collect()))
            }
            "sum" => self.numbers(entry).map(Number::Sum),
            "product" => self.numbers(entry).map(Number::Product),
            _ => None,
        }
    }

    fn numbers(&mut self, entry: &Entry) -> Option<Vec<Number>> {
        let items = self.list(entry, "numbers")?;
        Some(items.iter().filter_map(|item| self.number(item)).collect())
    }

    /// What stands under `scope`.
    pub(crate) fn scope(&mut self, node: &Node) -> Option<Scope> {
        let fields = Fields::of(node, "a scope", SCOPE, self.mistakes)?;
        if fields.entries().is_empty() {
            let help = format!("expected {}", listing(SCOPE, "or"));
            self.mistakes.add(node.span, "this scope asks nothing", help);
        }
        let mut scope = Scope::default();
        for tag in fields.entry("tag").map(|e| texts(e, self.mistakes)).unwrap_or_default() {
            self.check_tag(&tag);
            scope.tags.push(tag.text.to_owned());
        }
        for operation in
            fields.entry("operation").map(|e| texts(e, self.mistakes)).unwrap_or_default()
        {
            if operation.text == "<any>" {
                scope.any_operation = true;
                continue;
            }
            self.check_operation(&operation);
            scope.operations.push(operation.text.to_owned());
        }
        if let Some(server) = fields.entry("server") {
            scope.server = word(server, SERVERS, self.mistakes).unwrap_or_default();
        }
        Some(scope)
    }

    fn check_tag(&mut self, tag: &super::fields::Text<'_>) {
        let Some(known) = self.world.tags() else {
            return self.needs_description(tag.span, "tag");
        };
        if !known.contains(&tag.text) {
            let message = format!("no operation of the API description has the tag `{}`", tag.text);
            self.mistakes.add(tag.span, message, expected(tag.text, &known));
        }
    }

    fn check_operation(&mut self, operation: &super::fields::Text<'_>) {
        let Some(known) = self.world.operations() else {
            return self.needs_description(operation.span, "operation");
        };
        if !known.contains(&operation.text) {
            let message = format!("the API description has no operation `{}`", operation.text);
            self.mistakes.add(operation.span, message, expected(operation.text, &known));
        }
    }
}
