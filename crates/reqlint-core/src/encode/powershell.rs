//! Words of PowerShell (about_Quoting_Rules, about_Special_Characters, about_Parsing).

use super::{Chunk, Notation};
use crate::layer::Quote;
use crate::parse::powershell::{is_double_quote, is_escaped_text, is_single_quote};

pub(super) const EXACT: Notation = Notation {
    // All quotes escaped would make it a word for Windows PowerShell.
    keeps: |word| !is_escaped_text(&plain(word)),
    in_quotes,
    quote: |word| (!is_escaped_text(&plain(word))).then(|| quote_word(word))?,
};

pub(super) const ESCAPED: Notation = Notation {
    keeps: |word| !closes_wrongly(&plain(word)),
    in_quotes: |quote, new| {
        // Backslashes outside of the new text would count with its quotes.
        let text = plain(new);
        let apart = !text.starts_with('"') && !text.ends_with('\\');
        in_quotes(quote, &escaped(new)).filter(|_| apart)
    },
    quote: |word| (!closes_wrongly(&plain(word))).then(|| quote_word(&escaped(word)))?,
};

/// Whether a word would escape the quote that Windows PowerShell puts behind it: it puts them around
/// white space, and doubles no backslash.
fn closes_wrongly(text: &str) -> bool {
    text.ends_with('\\') && text.contains(char::is_whitespace)
}

fn plain(word: &[Chunk]) -> String {
    Chunk::plain(word, |_| String::new())
}

/// A text as one word, quoted only where it must be. None where it depends on the words around
/// it how a double quote is written.
pub(super) fn write_word(new: &[Chunk]) -> Option<String> {
    match new {
        [Chunk::Text(text)] if !text.is_empty() && is_plain(text) => Some(text.clone()),
        _ if plain(new).contains('"') => None,
        _ => quote_word(new),
    }
}

/// A text as one word, as Windows PowerShell passes it on to a program.
pub(super) fn write_argument(new: &[Chunk]) -> Option<String> {
    write_word(new).or_else(|| quote_word(&escaped(new)))
}

/// A whole word: in single quotes, or in double ones where it holds expansions.
fn quote_word(word: &[Chunk]) -> Option<String> {
    let expands = word.iter().any(|chunk| expansion(chunk).is_some());
    let (quote, mark) = if expands { (Quote::Double, '"') } else { (Quote::Single, '\'') };
    Some(format!("{mark}{}{mark}", in_quotes(quote, word)?))
}

/// New text inside quotes that are there already. None where they cannot hold it.
fn in_quotes(quote: Quote, new: &[Chunk]) -> Option<String> {
    let mut text = String::new();
    for chunk in new {
        match (expansion(chunk), chunk) {
            (Some(expansion), _) if matches!(quote, Quote::Double | Quote::HereDouble) => {
                text.push_str(&expansion);
            }
            (None, Chunk::Text(piece) | Chunk::Hole(piece)) => {
                text.push_str(&in_style(quote, piece)?);
            }
            _ => return None,
        }
    }
    Some(text)
}

fn in_style(quote: Quote, text: &str) -> Option<String> {
    match quote {
        Quote::Single => Some(doubled(text, is_single_quote)),
        Quote::Double => Some(doubled(&backtick(text), is_double_quote)),
        // Only a quote at the start of a line could end it.
        Quote::Here if !holds_line_with(text, '\'') => Some(text.to_owned()),
        Quote::HereDouble if !holds_line_with(text, '"') => Some(backtick(text)),
        Quote::None if is_plain(text) => Some(text.to_owned()),
        _ => None,
    }
}

/// Whether a line of the text may end a here-string, whatever stands before and after it.
fn holds_line_with(text: &str, quote: char) -> bool {
    let is_quote = if quote == '"' { is_double_quote } else { is_single_quote };
    text.starts_with([quote, '@']) || text.contains('\r') || {
        let mut lines = text.split('\n');
        lines.any(|line| line.starts_with(is_quote))
    }
}

fn doubled(text: &str, is_quote: fn(char) -> bool) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        if is_quote(c) {
            written.push(c);
        }
        written.push(c);
    }
    written
}

fn backtick(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '`' | '$') {
            written.push('`');
        }
        written.push(c);
    }
    written
}

/// The word with `"` as `\"`, and the backslashes before it doubled.
fn escaped(word: &[Chunk]) -> Vec<Chunk> {
    let mut escaped: Vec<Chunk> = Vec::new();
    let mut slashes = 0;
    for chunk in word {
        let Chunk::Text(text) = chunk else {
            slashes = 0;
            escaped.push(chunk.clone());
            continue;
        };
        let mut written = String::with_capacity(text.len());
        for c in text.chars() {
            if c == '"' {
                written.extend(std::iter::repeat_n('\\', slashes + 1));
            }
            slashes = if c == '\\' { slashes + 1 } else { 0 };
            written.push(c);
        }
        escaped.push(Chunk::Text(written));
    }
    escaped
}

/// What PowerShell would expand, as it is written between double quotes.
fn expansion(chunk: &Chunk) -> Option<String> {
    match chunk {
        Chunk::Text(_) => None,
        Chunk::Variable(name) => Some(format!("${{env:{name}}}")),
        Chunk::Hole(hole) if hole.starts_with("$(") || hole.starts_with("${") => Some(hole.clone()),
        Chunk::Hole(hole) if hole.starts_with('(') => Some(format!("${hole}")),
        Chunk::Hole(hole) if hole.starts_with('$') => Some(braced(hole)),
        Chunk::Hole(_) => None,
    }
}

/// `$name` as `${name}`, so that no text behind it goes on the name; members are evaluated.
fn braced(hole: &str) -> String {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '?');
    match hole[1..].chars().all(is_name) {
        true => format!("${{{}}}", &hole[1..]),
        false => format!("$({hole})"),
    }
}

/// Whether a text needs no quotes, wherever in a word it stands.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "._/:+%=?".contains(c))
}
