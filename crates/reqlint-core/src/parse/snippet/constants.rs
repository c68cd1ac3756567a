//! Names that a program gives one text, once: what they stand for is known where they are used.

use super::next;
use super::value::Syntax;
use std::collections::HashMap;
use tree_sitter::Node;

/// Longer texts are not followed.
const LONGEST: usize = 4096;

/// The constants of a program.
#[derive(Default)]
pub(super) struct Constants<'t> {
    /// By name; none where a name has several values, or one that is computed.
    values: HashMap<String, Option<String>>,
    /// The expressions of names that are given one, once; none where there are several.
    expressions: HashMap<String, Option<Node<'t>>>,
}

impl<'t> Constants<'t> {
    pub(super) fn of(text: &str, root: Node<'t>, syntax: &Syntax) -> Self {
        let mut constants = Constants::default();
        let (kind, name_field, value_field) = syntax.declaration;
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            let name = match node.kind() {
                found if found == kind => node.child_by_field_name(name_field),
                // What is assigned, counted or looped over may be anything.
                "assignment_expression"
                | "augmented_assignment_expression"
                | "augmented_assignment"
                | "for_statement"
                | "for_in_statement"
                | "update_expression"
                | "named_expression" => node
                    .child_by_field_name("left")
                    .or_else(|| node.child_by_field_name("argument"))
                    .or_else(|| node.child_by_field_name("name")),
                // `with client() as name`
                "as_pattern" => node.child_by_field_name("alias"),
                "formal_parameters" | "parameters" | "lambda_parameters" => {
                    constants.forget_all(text, node);
                    None
                }
                _ => None,
            };
            if let Some(name) = name.and_then(|name| text.get(name.start_byte()..name.end_byte())) {
                let value = match node.kind() == kind && is_at_top(node) {
                    true => node
                        .child_by_field_name(value_field)
                        .and_then(|value| plain_text(text, value, syntax)),
                    false => None,
                };
                let expression = match node.kind() {
                    "as_pattern" => node.named_child(0),
                    found if found == kind => node.child_by_field_name(value_field),
                    _ => None,
                };
                let expression = expression.filter(|_| !is_conditional(node));
                constants.define(name, value, expression);
            }
            if !next(&mut cursor) {
                return constants;
            }
        }
    }

    /// The text that a name stands for, where it is certain.
    pub(super) fn value_of(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_deref()
    }

    /// The expression that a name stands for, where there is only one: the name of a text that is
    /// made once, such as `JSON.stringify({…})`. What changes later on is not certain.
    pub(super) fn expression_of(&self, name: &str) -> Option<Node<'t>> {
        *self.expressions.get(name)?
    }

    fn define(&mut self, name: &str, value: Option<String>, expression: Option<Node<'t>>) {
        let is_new = !self.values.contains_key(name);
        self.values.insert(name.to_owned(), value.filter(|_| is_new));
        self.expressions.insert(name.to_owned(), expression.filter(|_| is_new));
    }

    /// Names of parameters hide those of the program.
    fn forget_all(&mut self, text: &str, list: Node<'_>) {
        let names = text.get(list.start_byte()..list.end_byte()).unwrap_or_default();
        let is_inner = |char: char| char.is_alphanumeric() || char == '_' || char == '$';
        for name in names.split(|char| !is_inner(char)).filter(|name| !name.is_empty()) {
            self.values.insert(name.to_owned(), None);
            self.expressions.insert(name.to_owned(), None);
        }
    }
}

/// Whether a declaration may be passed over: it stands in a condition or a loop.
fn is_conditional(node: Node<'_>) -> bool {
    let mut parent = node.parent();
    while let Some(node) = parent {
        let kind = node.kind();
        if ["if_", "for_", "while_", "try_", "switch_", "match_", "do_"]
            .iter()
            .any(|start| kind.starts_with(start))
        {
            return true;
        }
        parent = node.parent();
    }
    false
}

/// Whether a declaration stands in no function, loop or condition.
fn is_at_top(node: Node<'_>) -> bool {
    let mut parent = node.parent();
    while let Some(node) = parent {
        match node.kind() {
            "program" | "module" => return true,
            "lexical_declaration"
            | "expression_statement"
            | "export_statement"
            | "variable_declaration" => parent = node.parent(),
            _ => return false,
        }
    }
    false
}

/// The text of a string literal in which nothing is computed or escaped.
fn plain_text(text: &str, value: Node<'_>, syntax: &Syntax) -> Option<String> {
    if !syntax.strings.contains(&value.kind()) {
        return None;
    }
    let written = text.get(value.start_byte()..value.end_byte())?;
    let (quoting, open, close) = (syntax.quoting)(written)?;
    let inside = written.get(open..written.len().checked_sub(close)?)?;
    let special = inside.contains(['\\', '\n'])
        || (quoting.braces && inside.contains(['{', '}']))
        || (quoting.quote == '`' && inside.contains("${"));
    (!special && inside.len() <= LONGEST).then(|| inside.to_owned())
}
