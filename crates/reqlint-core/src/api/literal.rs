//! Constant JSON values of a description: those of `enum`, `const` and `default`.

use super::decimal::Decimal;
use crate::rule::node::{Node, Value};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Literal>),
    /// Members, in the order of their names.
    Object(Vec<(String, Literal)>),
}

impl Literal {
    /// What a node stands for by the core schema of YAML 1.2 (section 10.3), which JSON fits.
    pub fn of(node: &Node) -> Self {
        match &node.value {
            _ if node.is_null() => Literal::Null,
            Value::Scalar(scalar) if !scalar.plain => Literal::Text(scalar.text.clone()),
            Value::Scalar(scalar) => plain(&scalar.text),
            Value::Sequence(items) => Literal::List(items.iter().map(Literal::of).collect()),
            Value::Mapping(mapping) => {
                let member = |entry: &crate::rule::node::Entry| {
                    (entry.key.clone(), Literal::of(&entry.value))
                };
                let mut members: Vec<(String, Literal)> =
                    mapping.entries.iter().map(member).collect();
                members.sort_by(|one, other| one.0.cmp(&other.0));
                Literal::Object(members)
            }
        }
    }
}

/// What a text without quotes stands for.
fn plain(text: &str) -> Literal {
    match text {
        "true" | "True" | "TRUE" => Literal::Boolean(true),
        "false" | "False" | "FALSE" => Literal::Boolean(false),
        _ => match Decimal::parse(text) {
            Some(number) => Literal::Number(number),
            None => Literal::Text(text.to_owned()),
        },
    }
}

/// As a request would write it: texts without quotes.
impl fmt::Display for Literal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Null => formatter.write_str("null"),
            Literal::Boolean(value) => write!(formatter, "{value}"),
            Literal::Number(number) => write!(formatter, "{number}"),
            Literal::Text(text) => formatter.write_str(text),
            Literal::List(items) => {
                formatter.write_str("[")?;
                for (number, item) in items.iter().enumerate() {
                    let comma = if number > 0 { ", " } else { "" };
                    write!(formatter, "{comma}{item}")?;
                }
                formatter.write_str("]")
            }
            Literal::Object(members) => {
                formatter.write_str("{")?;
                for (number, (name, value)) in members.iter().enumerate() {
                    let comma = if number > 0 { ", " } else { "" };
                    write!(formatter, "{comma}{name}: {value}")?;
                }
                formatter.write_str("}")
            }
        }
    }
}
