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
