//! Words of POSIX shells and bash.

use super::{Chunk, Notation, backslash};
use crate::layer::Quote;

pub(super) const NOTATION: Notation =
    Notation { keeps: |_| true, in_quotes: encode_in_quotes, quote: |word| Some(quote_word(word)) };

/// New text inside quotes that are there already. None where they cannot hold it.
fn encode_in_quotes(quote: Quote, new: &[Chunk]) -> Option<String> {
    let mut text = String::new();
    for (number, chunk) in new.iter().enumerate() {
        let chunk = match chunk {
            Chunk::Hole(hole) if !expands(hole) => &Chunk::Text(hole.clone()),
            Chunk::Hole(hole) if goes_on(new.get(number + 1)) => &Chunk::Hole(in_braces(hole)),
            other => other,
        };
        match (quote, chunk) {
            (Quote::None, Chunk::Text(piece)) if is_plain(piece) => text.push_str(piece),
            (Quote::None, _) => return None,
            (Quote::Single, Chunk::Text(piece)) => text.push_str(&piece.replace('\'', "'\\''")),
            (Quote::Single, Chunk::Hole(hole)) => text.push_str(&format!("'\"{hole}\"'")),
            (Quote::Double, Chunk::Hole(hole)) => text.push_str(hole),
            (Quote::Ansi, Chunk::Hole(hole)) => text.push_str(&format!("'\"{hole}\"$'")),
            (Quote::Single, Chunk::Variable(name)) => text.push_str(&format!("'\"${name}\"'")),
            (Quote::Double, Chunk::Text(piece)) => text.push_str(&in_double_quotes(piece)),
            (Quote::Double, Chunk::Variable(name)) => text.push_str(&format!("${{{name}}}")),
            (Quote::Ansi, Chunk::Text(piece)) => text.push_str(&in_ansi_quotes(piece)),
            (Quote::Ansi, Chunk::Variable(name)) => text.push_str(&format!("'\"${name}\"$'")),
            (Quote::Here | Quote::HereDouble, _) => return None,
        }
    }
    Some(text)
}

/// Whether a text needs no quotes in POSIX shells, wherever in a word it stands.
fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-._/:,+@%=".contains(c);
    text.chars().all(plain)
}

/// `!` would ask an interactive bash for its history, so it stands in quotes of its own.
fn in_double_quotes(text: &str) -> String {
    backslash(text, "\\$`\"").replace('!', "\"'!'\"")
}

fn in_ansi_quotes(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' => escaped.push_str("\\'"),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if (c as u32) < 0x20 => escaped.push_str(&format!("\\x{:02x}", c as u32)),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Whether what follows a variable would be taken for a part of its name.
fn goes_on(next: Option<&Chunk>) -> bool {
    matches!(next, Some(Chunk::Text(text)) if text.starts_with(is_inner))
}

/// Whether a name of a variable goes on with it.
pub(super) fn is_inner(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// `${name}` for `$name`, so that a letter can follow; other expansions end by themselves.
pub(super) fn in_braces(hole: &str) -> String {
    match hole.strip_prefix('$').filter(|name| name.chars().all(is_inner)) {
        Some(name) => format!("${{{name}}}"),
        None => hole.to_owned(),
    }
}

/// A whole word: in single quotes, or in double ones where it holds expansions.
fn quote_word(chunks: &[Chunk]) -> String {
    let is_expansion = |chunk: &Chunk| match chunk {
        Chunk::Text(_) => false,
        Chunk::Variable(_) => true,
        Chunk::Hole(hole) => expands(hole),
    };
    let quote = if chunks.iter().any(is_expansion) { '"' } else { '\'' };
    let mut word = String::from(quote);
    for (number, chunk) in chunks.iter().enumerate() {
        match chunk {
            Chunk::Variable(name) if goes_on(chunks.get(number + 1)) => {
                word.push_str(&format!("${{{name}}}"));
            }
            Chunk::Variable(name) => word.push_str(&format!("${name}")),
            Chunk::Hole(hole) if expands(hole) && goes_on(chunks.get(number + 1)) => {
                word.push_str(&in_braces(hole));
            }
            Chunk::Hole(hole) if expands(hole) => word.push_str(hole),
            Chunk::Text(text) | Chunk::Hole(text) if quote == '"' => {
                word.push_str(&in_double_quotes(text));
            }
            Chunk::Text(text) | Chunk::Hole(text) => {
                word.push_str(&text.replace('\'', "'\\''"));
            }
        }
    }
    word.push(quote);
    word
}

/// A text as one shell word, quoted only where it must be.
pub fn write_word(new: &[Chunk]) -> String {
    let mut plain = String::new();
    for chunk in new {
        match chunk {
            Chunk::Text(text) if is_plain(text) => plain.push_str(text),
            Chunk::Hole(hole) if !expands(hole) && is_plain(hole) => plain.push_str(hole),
            _ => return quote_word(new),
        }
    }
    if plain.is_empty() { quote_word(new) } else { plain }
}

/// Whether the shell expands a hole; others, such as `{{name}}`, are text to it.
fn expands(hole: &str) -> bool {
    hole.starts_with(['$', '`'])
}
