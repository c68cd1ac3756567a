//! Words of fish (its manual, "Quotes" and "Escaping Characters").

use super::{Chunk, Notation, backslash};
use crate::layer::Quote;

pub(super) const NOTATION: Notation =
    Notation { keeps: |_| true, in_quotes, quote: |word| Some(quote_word(word)) };

/// New text inside quotes that are there already. None where they cannot hold it.
fn in_quotes(quote: Quote, new: &[Chunk]) -> Option<String> {
    let mut text = String::new();
    for chunk in new {
        let expansion = expansion(chunk, quote);
        match (quote, chunk, expansion) {
            (Quote::Single, _, Some(expansion)) => text.push_str(&format!("'\"{expansion}\"'")),
            (Quote::Double, _, Some(expansion)) => text.push_str(&expansion),
            (Quote::Single, Chunk::Text(piece) | Chunk::Hole(piece), _) => {
                text.push_str(&backslash(piece, "\\'"));
            }
            (Quote::Double, Chunk::Text(piece) | Chunk::Hole(piece), _) => {
                text.push_str(&backslash(piece, "\\$\""));
            }
            (Quote::None, Chunk::Text(piece), _) if is_plain(piece) => text.push_str(piece),
            _ => return None,
        }
    }
    Some(text)
}

/// A text as one word, quoted only where it must be.
pub(super) fn write_word(new: &[Chunk]) -> Option<String> {
    match new {
        [Chunk::Text(text)] if !text.is_empty() && is_plain(text) => Some(text.clone()),
        _ => Some(quote_word(new)),
    }
}

/// A whole word: in single quotes, or in double ones where it holds expansions.
fn quote_word(chunks: &[Chunk]) -> String {
    let expands = chunks.iter().any(|chunk| expansion(chunk, Quote::Double).is_some());
    let (quote, special) = if expands { ('"', "\\$\"") } else { ('\'', "\\'") };
    let mut word = String::from(quote);
    for chunk in chunks {
        match (expansion(chunk, Quote::Double), chunk) {
            (Some(expansion), _) => word.push_str(&expansion),
            (None, Chunk::Text(text) | Chunk::Hole(text)) => {
                word.push_str(&backslash(text, special));
            }
            (None, Chunk::Variable(_)) => {}
        }
    }
    word.push(quote);
    word
}

/// What fish would expand, as it is written between double quotes; `{{name}}` is text to it.
fn expansion(chunk: &Chunk, quote: Quote) -> Option<String> {
    match chunk {
        Chunk::Text(_) => None,
        // A letter behind it would go on the name.
        Chunk::Variable(name) if quote == Quote::Double => Some(format!("\"${name}\"")),
        Chunk::Variable(name) => Some(format!("${name}")),
        Chunk::Hole(hole) if hole.starts_with('(') => Some(format!("${hole}")),
        Chunk::Hole(hole) if hole.starts_with('$') => Some(hole.clone()),
        Chunk::Hole(_) => None,
    }
}

/// Whether a text needs no quotes, wherever in a word it stands.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || "-._/:,+@%=".contains(c))
}
