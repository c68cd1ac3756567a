//! Edits of the source that mend what a parser noticed, where the source holds the text as it is.

use crate::layer::{Codec, LayerId, Layers, Place, Quote};
use crate::span::Span;

/// The edit that writes `text` for the text of `place` into the source.
///
/// None where the source does not hold that text byte for byte, or where something around it
/// would have to encode `text`: a double quote inside of a double-quoted shell word.
pub(crate) fn source_edit(layers: &Layers<'_>, place: Place, text: &str) -> Option<(Span, String)> {
    let mut at = place;
    while at.layer != LayerId::ROOT {
        let (outer, quote) = layers.parent_run(at)?;
        if layers.text(outer) != layers.text(at) || !carries(layers.codec(at.layer), quote, text) {
            return None;
        }
        at = outer;
    }
    Some((at.span, text.to_owned()))
}

/// All of the edits, or none.
pub(crate) fn source_edits(layers: &Layers<'_>, edits: &[(Place, &str)]) -> Vec<(Span, String)> {
    let edits = edits.iter().map(|(place, text)| source_edit(layers, *place, text));
    edits.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Whether `text` means itself in a layer of that codec and quoting.
fn carries(codec: &Codec, quote: Quote, text: &str) -> bool {
    let lacks = |special: &str| !text.contains(|char| special.contains(char));
    match codec {
        Codec::Source | Codec::Joined => true,
        Codec::ShellWord => match quote {
            Quote::Single => lacks("'"),
            Quote::Ansi => lacks("'\\"),
            Quote::Double => lacks("\"\\$`!"),
            Quote::None => text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        },
        Codec::HereDocument { expands } => !expands || lacks("\\$`"),
        Codec::Lines { .. } => lacks("\n"),
        Codec::JsonString => lacks("\"\\") && !text.contains(|char| char < ' '),
        Codec::Percent(_) | Codec::Encoded | Codec::Implied => text.is_empty(),
    }
}
