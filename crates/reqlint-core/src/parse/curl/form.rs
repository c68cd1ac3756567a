//! `-F` and `--form-string`: the parts of a multipart body.

use super::data::{hole, read_stdin};
use super::operation::Use;
use super::{Piece, join};
use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::{Body, BodyKind, Finding, FindingKind, FormPart, Param, ParamIn, Request};
use crate::parse::placeholder::hide_holes;
use crate::parse::shell::Command;
use crate::span::Span;

/// Sets the body of a request to the parts that `forms` ask for; the flag marks `--form-string`.
pub(super) fn read_forms(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
    request: &mut Request,
    forms: &[(bool, Use)],
    backslashes: bool,
) {
    let mut pieces = Vec::with_capacity(forms.len());
    for (literal, used) in forms {
        pieces.push(Piece::Place(used.argument));
        match read_part(layers, command, used.argument, *literal) {
            Some(mut part) => {
                part.backslashes = backslashes;
                request.params.push(param_of(&part));
                request.parts.push(part);
            }
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

fn param_of(part: &FormPart) -> Param {
    let name =
        part.name.unwrap_or(Place::new(part.whole.layer, Span::empty(part.whole.span.start())));
    Param { location: ParamIn::Form, whole: part.whole, name, value: part.value, json: None }
}

/// One part. None for what is not modelled: parts inside of parts, several files in one part,
/// fields from a file; and for what curl refuses.
fn read_part(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
    whole: Place,
    literal: bool,
) -> Option<FormPart> {
    let text = layers.share(whole);
    let bytes = hide_holes(layers, whole, &text);
    let sign = memchr::memchr(b'=', &bytes)?;
    let name = Some(whole.sub(Span::new(0, sign))).filter(|name| !name.span.is_empty());
    let mut reader = Reader { layers, whole, bytes: &bytes, at: sign + 1, type_end: None };
    let mut part = FormPart {
        whole,
        name,
        value: whole.sub(Span::new(sign + 1, bytes.len())),
        file: false,
        filename: None,
        media_type: None,
        encoder: None,
        headers: Vec::new(),
        backslashes: false,
    };
    if literal {
        return Some(part);
    }
    let first = bytes.get(sign + 1);
    match first {
        Some(b'(') => return None,
        Some(b')') if name.is_none() && bytes.len() == sign + 2 => return None,
        Some(b'@' | b'<') => {
            part.file = first == Some(&b'@');
            reader.at += 1;
            let end = if part.file { Some(b',') } else { None };
            let path = reader.word(end);
            reader.parameters(end, &mut part)?;
            if reader.at < bytes.len() {
                return None;
            }
            read_file(layers, command, &mut part, path);
        }
        _ => {
            part.value = reader.word(None);
            reader.parameters(None, &mut part)?;
            let is_quoted = matches!(layers.codec(part.value.layer), Codec::FormPart { .. });
            if !is_quoted {
                part.value = layers.wrap(Codec::FormPart { quoted: false }, part.value);
            }
        }
    }
    Some(part)
}

/// The content and the name of the file `path`; `-` is the standard input.
fn read_file(layers: &mut Layers<'_>, command: &Command<'_>, part: &mut FormPart, path: Place) {
    let text = layers.text(path);
    let is_stdin = text == "-";
    let name = text.rfind('/').map_or(0, |at| at + 1);
    let name = path.sub(Span::new(name, path.span.len()));
    // What is only read from a file has no file name.
    part.filename = if part.file { part.filename.or(Some(name)) } else { None };
    let known = if is_stdin { read_stdin(layers, command, false) } else { layers.file(path) };
    let kind = if is_stdin { HoleKind::Command } else { HoleKind::File };
    part.value = match known {
        Some(known) => known,
        None if path.span.is_empty() => hole(layers, part.value, kind),
        None => hole(layers, path, kind),
    };
}

/// Reads `content;type=a/b;filename=name` as curl does.
struct Reader<'r, 's, 'b> {
    layers: &'r mut Layers<'s>,
    whole: Place,
    bytes: &'b [u8],
    at: usize,
    /// Where the media type starts and ends, while more of it may follow.
    type_end: Option<Span>,
}

impl Reader<'_, '_, '_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace() || byte == 0x0B) {
            self.at += 1;
        }
    }

    fn ends(&self, end: Option<u8>) -> bool {
        self.peek().is_none_or(|byte| byte == b';' || Some(byte) == end)
    }

    /// A word up to `;` or `end`, perhaps in double quotes; without blanks around it.
    fn word(&mut self, end: Option<u8>) -> Place {
        self.skip_blanks();
        let start = self.at;
        if self.peek() == Some(b'"') {
            let quoted = self.whole.sub(Span::new(start + 1, self.bytes.len()));
            if let Some((place, length)) =
                read_quoted(self.layers, quoted, &self.bytes[start + 1..])
            {
                self.at = start + 1 + length;
                while !self.ends(end) {
                    self.at += 1;
                }
                return place;
            }
        }
        while !self.ends(end) {
            self.at += 1;
        }
        let length = self.bytes[start..self.at].trim_ascii_end().len();
        self.whole.sub(Span::new(start, start + length))
    }

    /// What follows the content; none where curl refuses it or it is not modelled.
    fn parameters(&mut self, end: Option<u8>, part: &mut FormPart) -> Option<()> {
        while self.peek() == Some(b';') {
            self.at += 1;
            self.skip_blanks();
            let rest = self.bytes[self.at..].to_ascii_lowercase();
            if self.type_end.is_none() && rest.starts_with(b"type=") {
                self.at += b"type=".len();
                self.media_type(end)?;
            } else if rest.starts_with(b"filename=") {
                self.at += b"filename=".len();
                self.close_type(part);
                part.filename = Some(self.word(end));
            } else if rest.starts_with(b"headers=") {
                self.at += b"headers=".len();
                self.close_type(part);
                if matches!(self.peek(), Some(b'@' | b'<')) {
                    return None;
                }
                let field = self.word(end);
                part.headers.push(field);
            } else if rest.starts_with(b"encoder=") {
                self.at += b"encoder=".len();
                self.close_type(part);
                part.encoder = Some(self.word(end));
            } else if let Some(span) = self.type_end {
                self.extend_type(span.start(), end);
            } else {
                self.word(end);
            }
        }
        self.close_type(part);
        Some(())
    }

    fn media_type(&mut self, end: Option<u8>) -> Option<()> {
        self.skip_blanks();
        let start = self.at;
        let rest = &self.bytes[start..];
        let slash =
            rest.iter().position(|byte| matches!(byte, b'/' | b' ')).filter(|at| *at > 0)?;
        let minor = &rest[slash + 1..];
        let is_end = |byte: &u8| matches!(byte, b';' | b',' | b' ' | b'\n');
        let length = minor.iter().position(is_end).unwrap_or(minor.len());
        if rest[slash] != b'/' || length == 0 {
            return None;
        }
        self.at = start + slash + 1 + length;
        self.extend_type(start, end);
        Some(())
    }

    fn extend_type(&mut self, start: usize, end: Option<u8>) {
        while !self.ends(end) {
            self.at += 1;
        }
        let length = self.bytes[start..self.at].trim_ascii_end().len();
        self.type_end = Some(Span::new(start, start + length));
    }

    fn close_type(&mut self, part: &mut FormPart) {
        if let Some(span) = self.type_end.take() {
            part.media_type = Some(self.whole.sub(span));
        }
    }
}

/// The text up to the closing quote, and the length up to behind it.
fn read_quoted(layers: &mut Layers<'_>, quoted: Place, bytes: &[u8]) -> Option<(Place, usize)> {
    let close = closing_quote(bytes)?;
    let mut layer = layers.layer(Codec::FormPart { quoted: true }, quoted.sub(Span::new(0, close)));
    let mut at = 0;
    while at < close {
        let length = memchr::memchr(b'\\', &bytes[at..close]).unwrap_or(close - at);
        layer.exact(quoted.sub(Span::new(at, at + length)), Quote::None);
        at += length;
        let pair = |at| quoted.sub(Span::new(at, at + 2));
        match bytes[at..close] {
            [b'\\', b'"', ..] => layer.escape("\"", pair(at), Quote::None),
            [b'\\', b'\\', ..] => layer.escape("\\", pair(at), Quote::None),
            [_, ..] => {
                layer.exact(quoted.sub(Span::new(at, at + 1)), Quote::None);
                at += 1;
                continue;
            }
            [] => break,
        }
        at += 2;
    }
    let id = layer.finish();
    Some((layers.whole(id), close + 1))
}

fn closing_quote(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'\\', b'"', &bytes[at..])?;
        match bytes[at..] {
            [b'"', ..] => return Some(at),
            [_, b'\\' | b'"', ..] => at += 2,
            _ => at += 1,
        }
    }
}
