//! Characters that cannot be seen, and those of them that writing needs.

use super::shell::is_invisible;
use crate::layer::{Layers, Place};
use crate::model::{Finding, FindingKind};
use crate::span::Span;

/// The character at `index` if it is one that cannot be seen and has no business there.
///
/// Emoji are joined, and Persian and Indic letters kept apart, by characters without width: these
/// are right where both neighbours are outside ASCII.
pub(crate) fn invisible_at(text: &str, index: usize) -> Option<char> {
    let char = text.get(index..)?.chars().next().filter(|char| is_invisible(*char))?;
    let is_writing = |char: Option<char>| char.is_some_and(|c| !c.is_ascii() && !is_invisible(c));
    let is_joiner = matches!(char, '\u{200C}' | '\u{200D}')
        && is_writing(text[..index].chars().next_back())
        && is_writing(text[index + char.len_utf8()..].chars().next());
    (!is_joiner).then_some(char)
}

/// Notices characters in `place` that cannot be seen.
pub(crate) fn notice_invisible(layers: &Layers<'_>, place: Place, findings: &mut Vec<Finding>) {
    let text = layers.text(place);
    if text.is_ascii() {
        return;
    }
    for (at, _) in text.char_indices().filter(|(_, char)| !char.is_ascii()) {
        let Some(char) = invisible_at(text, at) else { continue };
        let place = place.sub(Span::new(at, at + char.len_utf8()));
        let mut finding = Finding::new(FindingKind::InvisibleCharacter, place);
        let text = if char.is_whitespace() { " " } else { "" };
        finding.repair = vec![(layers.root_span(place), text.to_owned())];
        findings.push(finding);
    }
}
