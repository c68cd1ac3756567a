//! Edits of the source that mend what a parser noticed.

use crate::encode::Chunk;
use crate::layer::{Layers, Place};
use crate::span::Span;

/// The edit that writes `text` for the text of `place` into the source, in the quoting that is
/// there. None where the quoting would have to change.
pub(crate) fn source_edit(layers: &Layers<'_>, place: Place, text: &str) -> Option<(Span, String)> {
    let encoded = layers.encode(place, &Chunk::text(text)).ok()?;
    (!encoded.requoted).then_some((encoded.span, encoded.text))
}

/// All of the edits, or none.
pub(crate) fn source_edits(layers: &Layers<'_>, edits: &[(Place, &str)]) -> Vec<(Span, String)> {
    let edits = edits.iter().map(|(place, text)| source_edit(layers, *place, text));
    edits.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The edit that closes the quote at `open` of the text of `region`, behind the last character
/// before `end`. Nothing where that is hardly what was meant: where the quote stands inside of a
/// word, as one does that should have closed another, or where options or other lines follow.
pub(crate) fn close_quote(
    layers: &Layers<'_>,
    region: Place,
    open: usize,
    end: usize,
) -> Vec<(Span, String)> {
    let text = layers.text(region);
    let Some(rest) = text.get(open..end) else { return Vec::new() };
    let rest = rest.strip_prefix('$').unwrap_or(rest);
    let quote = match rest.chars().next() {
        Some(quote @ ('\'' | '"')) => quote,
        _ => return Vec::new(),
    };
    let quoted = rest[1..].trim_end();
    let word = text[..open].rsplit([' ', '\t', '\n']).next().unwrap_or_default();
    let begins = word.is_empty() || word.starts_with('-') || word.ends_with(['=', '(', ',', ':']);
    let is_argument = |word: &str| {
        let name = word.trim_start_matches('-');
        let is_option =
            name.len() < word.len() && name.starts_with(|char: char| char.is_ascii_alphabetic());
        is_option || word.contains("://")
    };
    // What is open inside would stay open.
    let is_open = quote == '"' && ["$(", "${", "`"].iter().any(|mark| quoted.contains(mark));
    let swallows = quoted.split_whitespace().skip(1).any(is_argument)
        || quoted.contains('\n') && !quoted.starts_with(['{', '[']);
    // An escape at the end would take the quote away.
    if quoted.is_empty() || !begins || swallows || is_open || quoted.ends_with(['\\', '`', '^']) {
        return Vec::new();
    }
    let at = end - (rest.len() - 1 - quoted.len());
    vec![(layers.root_span(region.sub(Span::empty(at))), quote.to_string())]
}

/// The edit that takes the character at `at` of the text of `region` away, with the blanks before it.
pub(crate) fn take_away(layers: &Layers<'_>, region: Place, at: usize) -> Vec<(Span, String)> {
    let start = layers.text(region)[..at].trim_end_matches([' ', '\t']).len();
    vec![(layers.root_span(region.sub(Span::new(start, at + 1))), String::new())]
}
