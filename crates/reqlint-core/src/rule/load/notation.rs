//! The notation of patterns and templates: texts with `<…>` in them.

use std::ops::Range;

/// A piece of a text in the notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    /// A text; `<<` is `<` already.
    Literal(&'t str),
    /// `<any>`
    Any,
    /// `<name>`
    Name(&'t str),
    /// `<row.column>`
    Cell(&'t str),
    /// `<name.attribute>`
    Attribute(&'t str, &'t str),
    /// `<$NAME>`
    Variable(&'t str),
    /// A `<` that begins nothing.
    Stray,
}

/// Cuts a text into its pieces, each with its bytes in the text.
pub(crate) fn tokens(text: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (token, length) = match rest.find('<') {
            Some(0) => gap(rest),
            Some(literal) => (Token::Literal(&rest[..literal]), literal),
            None => (Token::Literal(rest), rest.len()),
        };
        tokens.push((token, at..at + length));
        at += length;
    }
    tokens
}

/// The piece at a `<`, with its length.
fn gap(rest: &str) -> (Token<'_>, usize) {
    if rest.starts_with("<<") {
        return (Token::Literal(&rest[..1]), 2);
    }
    let inner = rest.find('>').map(|end| &rest[1..end]);
    let token = inner.and_then(|inner| {
        if let Some(name) = inner.strip_prefix('$') {
            return is_variable(name).then_some(Token::Variable(name));
        }
        match inner.split_once('.') {
            None if inner == "any" => Some(Token::Any),
            None => is_name(inner).then_some(Token::Name(inner)),
            Some(("row", column)) => is_name(column).then_some(Token::Cell(column)),
            Some((name, attribute)) => {
                (is_name(name) && is_name(attribute)).then_some(Token::Attribute(name, attribute))
            }
        }
    });
    match (token, inner) {
        (Some(token), Some(inner)) => (token, inner.len() + 2),
        _ => (Token::Stray, 1),
    }
}

/// Whether a text can name a role, a variable or a column.
pub(crate) fn is_name(text: &str) -> bool {
    let head = text.chars().next().is_some_and(|c| c.is_ascii_lowercase() || c == '_');
    head && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn is_variable(text: &str) -> bool {
    let head = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    head && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
