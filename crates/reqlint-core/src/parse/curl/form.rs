//! `-F` and `--form-string`: the parts of a multipart body.

use super::data::hole;
use super::operation::Use;
use super::{Piece, join};
use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::{Body, BodyKind, Finding, FindingKind, Param, ParamIn, Request};
use crate::parse::placeholder::{HIDDEN, hide_holes};
use crate::span::Span;

/// Sets the body of a request to the parts that `forms` ask for; the flag marks `--form-string`.
pub(super) fn read_forms(layers: &mut Layers<'_>, request: &mut Request, forms: &[(bool, Use)]) {
    let mut pieces = Vec::with_capacity(forms.len());
    for (literal, used) in forms {
        pieces.push(Piece::Place(used.argument));
        match read_part(layers, used.argument, *literal) {
            Some(param) => request.params.push(param),
            None => {
                let has_hole = layers.has_hole(used.argument);
                request.open.body = true;
                if !has_hole {
                    let kind = FindingKind::UnsupportedOption;
                    request.findings.push(Finding::new(kind, used.option));
                }
            }
        }
    }
    let place = join(layers, &pieces);
    request.body = Body { kind: BodyKind::Multipart, place, json: None };
}

fn read_part(layers: &mut Layers<'_>, whole: Place, literal: bool) -> Option<Param> {
    let text = layers.share(whole);
    let bytes = hide_holes(layers, whole, &text);
    let sign = memchr::memchr(b'=', &bytes)?;
    let name = whole.sub(Span::new(0, sign));
    let content = whole.sub(Span::new(sign + 1, bytes.len()));
    let value = match bytes.get(sign + 1) {
        _ if literal => content,
        Some(b'@' | b'<') => hole(layers, content, HoleKind::File),
        // Parts inside of parts.
        Some(b'(' | b')') if name.span.is_empty() || bytes.len() == sign + 2 => return None,
        _ => read_content(layers, content, &bytes[sign + 1..]),
    };
    Some(Param { location: ParamIn::Form, whole, name, value, json: None })
}

/// The text of a part, without `;type=…` and the like behind it, and without quotes around it.
fn read_content(layers: &mut Layers<'_>, content: Place, bytes: &[u8]) -> Place {
    let blanks = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    if bytes.get(blanks) == Some(&b'"') {
        let quoted = content.sub(Span::new(blanks + 1, bytes.len()));
        if let Some(value) = read_quoted(layers, quoted, &bytes[blanks + 1..]) {
            return value;
        }
    }
    let end = memchr::memchr(b';', bytes).unwrap_or(bytes.len()).max(blanks);
    let trimmed = bytes[blanks..end].trim_ascii_end().len();
    content.sub(Span::new(blanks, blanks + trimmed))
}

fn read_quoted(layers: &mut Layers<'_>, quoted: Place, bytes: &[u8]) -> Option<Place> {
    let mut layer = layers.layer(Codec::Joined, quoted);
    let mut at = 0;
    loop {
        let Some(length) = memchr::memchr2(b'\\', b'"', &bytes[at..]) else {
            let _ = layer.finish();
            return None;
        };
        layer.exact(quoted.sub(Span::new(at, at + length)), Quote::None);
        at += length;
        let escaped = bytes.get(at + 1).filter(|byte| matches!(byte, b'\\' | b'"'));
        match (bytes[at], escaped) {
            (b'"', _) => break,
            (_, Some(b'"')) => layer.escape("\"", quoted.sub(Span::new(at, at + 2)), Quote::None),
            (_, Some(_)) => layer.escape("\\", quoted.sub(Span::new(at, at + 2)), Quote::None),
            (_, None) => layer.exact(quoted.sub(Span::new(at, at + 1)), Quote::None),
        }
        at += if escaped.is_some() { 2 } else { 1 };
    }
    debug_assert!(!bytes[..at].is_empty() || at == 0 || bytes[0] == HIDDEN);
    let id = layer.finish();
    Some(layers.whole(id))
}
