//! `-F` and `--form-string`: the parts of a multipart body.

use super::data::{hole, read_stdin};
use super::operation::Use;
use super::{Piece, join};
use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::{Body, BodyKind, Finding, FindingKind, FormPart, Param, ParamIn, Request};
use crate::parse::placeholder::hide_holes;
use crate::parse::shell::Command;
use crate::span::Span;

/// How parts are encoded, of which curl knows no others.
const ENCODERS: [&str; 5] = ["binary", "8bit", "7bit", "base64", "quoted-printable"];

/// What one option adds to the body.
enum Field {
    /// A part; or several files under one name.
    Part(FormPart),
    /// `name=(`: what follows is inside of this part.
    Open(FormPart),
    /// `=)`: the part that was opened last ends.
    Close,
}

/// Sets the body of a request to the parts that `forms` ask for; the flag marks `--form-string`.
pub(super) fn read_forms(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
    request: &mut Request,
    forms: &[(bool, Use)],
    backslashes: bool,
) {
    let mut pieces = Vec::with_capacity(forms.len());
    // The parts that are not closed yet, each with what is inside of it so far.
    let mut open: Vec<FormPart> = Vec::new();
    for (literal, used) in forms {
        pieces.push(Piece::Place(used.argument));
        let form = Form { command, backslashes, whole: used.argument };
        match form.read(layers, *literal) {
            Some(Field::Part(part)) => add_part(&mut open, &mut request.parts, part),
            Some(Field::Open(part)) => open.push(part),
            Some(Field::Close) => match open.pop() {
                Some(part) => add_part(&mut open, &mut request.parts, part),
                None => refuse(request, used.argument),
            },
            None if layers.has_hole(used.argument) => request.open.body = true,
            None => refuse(request, used.argument),
        }
    }
    // curl closes what is still open.
    while let Some(part) = open.pop() {
        add_part(&mut open, &mut request.parts, part);
    }
    for part in &request.parts {
        add_params(part, part.name, &mut request.params);
    }
    let unknown = request.parts.iter().find_map(|part| unknown_encoder(layers, part));
    if let Some(encoder) = unknown {
        refuse(request, encoder);
    }
    let place = join(layers, &pieces);
    request.body = Body { kind: BodyKind::Multipart, place, json: None };
}

fn add_part(open: &mut [FormPart], parts: &mut Vec<FormPart>, part: FormPart) {
    match open.last_mut() {
        Some(outer) => outer.parts.get_or_insert_default().push(part),
        None => parts.push(part),
    }
}

fn refuse(request: &mut Request, place: Place) {
    request.open.body = true;
    request.findings.push(Finding::new(FindingKind::MalformedForm, place));
}

/// A part and what is inside of it; parts without a name have that of what they are in.
fn add_params(part: &FormPart, name: Option<Place>, params: &mut Vec<Param>) {
    let name = part.name.or(name);
    for inner in part.parts.iter().flatten() {
        add_params(inner, name, params);
    }
    if part.parts.is_none() {
        let start = Place::new(part.whole.layer, Span::empty(part.whole.span.start()));
        let name = name.unwrap_or(start);
        let (location, whole) = (ParamIn::Form, part.whole);
        params.push(Param { location, whole, name, value: part.value, json: None });
    }
}

fn unknown_encoder(layers: &Layers<'_>, part: &FormPart) -> Option<Place> {
    let unknown = |encoder: &Place| {
        let text = layers.text(*encoder);
        !layers.has_hole(*encoder) && !ENCODERS.iter().any(|it| it.eq_ignore_ascii_case(text))
    };
    let inner = part.parts.iter().flatten();
    part.encoder
        .filter(unknown)
        .or_else(|| inner.into_iter().find_map(|it| unknown_encoder(layers, it)))
}

/// The argument of one `-F`.
struct Form<'f, 'c> {
    command: &'f Command<'c>,
    backslashes: bool,
    whole: Place,
}

impl Form<'_, '_> {
    /// None where no name is parted from a content by `=`: curl refuses that.
    fn read(&self, layers: &mut Layers<'_>, literal: bool) -> Option<Field> {
        let text = layers.share(self.whole);
        let bytes = hide_holes(layers, self.whole, &text);
        let sign = memchr::memchr(b'=', &bytes)?;
        let name = Some(self.whole.sub(Span::new(0, sign))).filter(|name| !name.span.is_empty());
        let mut reader = Reader::new(layers, self.whole, &bytes, sign + 1);
        let mut part = self.part(self.whole, reader.rest());
        part.name = name;
        if literal {
            return Some(Field::Part(part));
        }
        match bytes[sign + 1..] {
            [b'(', ..] => {
                reader.word(None);
                reader.parameters(None, &mut part);
                part.parts = Some(Vec::new());
                // Such a part has no such parameters.
                (part.filename, part.encoder) = (None, None);
                return Some(Field::Open(part));
            }
            [b')'] if name.is_none() => return Some(Field::Close),
            [b'@', ..] => self.files(&mut reader, &mut part),
            [b'<', ..] => {
                reader.at += 1;
                let path = reader.word(None);
                reader.parameters(None, &mut part);
                part.filename = None;
                self.read_file(reader.layers, &mut part, path);
            }
            _ => {
                part.value = reader.word(None);
                reader.parameters(None, &mut part);
                let codec = reader.layers.codec(part.value.layer);
                if !matches!(codec, Codec::FormPart { .. }) {
                    part.value = reader.layers.wrap(Codec::FormPart { quoted: false }, part.value);
                }
            }
        }
        Some(Field::Part(part))
    }

    fn part(&self, whole: Place, value: Place) -> FormPart {
        FormPart { backslashes: self.backslashes, ..FormPart::new(whole, None, value) }
    }

    /// `@file`, or `@file,file`: the latter are parts of their own inside of `part`.
    fn files(&self, reader: &mut Reader<'_, '_, '_>, part: &mut FormPart) {
        let mut files = Vec::new();
        loop {
            let start = reader.at;
            reader.at += 1;
            let path = reader.word(Some(b','));
            let mut file = self.part(self.whole, path);
            reader.parameters(Some(b','), &mut file);
            file.file = true;
            file.whole = self.whole.sub(Span::new(start, reader.at));
            self.read_file(reader.layers, &mut file, path);
            files.push(file);
            if reader.peek() != Some(b',') {
                break;
            }
        }
        match <[FormPart; 1]>::try_from(files) {
            Ok([file]) => *part = FormPart { name: part.name, whole: part.whole, ..file },
            Err(files) => part.parts = Some(files),
        }
    }

    /// The content and the name of the file `path`; `-` is the standard input.
    fn read_file(&self, layers: &mut Layers<'_>, part: &mut FormPart, path: Place) {
        let text = layers.text(path);
        let is_stdin = text == "-";
        let name = text.rfind('/').map_or(0, |at| at + 1);
        let name = path.sub(Span::new(name, path.span.len()));
        // What is only read from a file has no file name.
        part.filename = if part.file { part.filename.or(Some(name)) } else { None };
        let known =
            if is_stdin { read_stdin(layers, self.command, false) } else { layers.file(path) };
        let kind = if is_stdin { HoleKind::Command } else { HoleKind::File };
        part.value = match known {
            Some(known) => known,
            None if path.span.is_empty() => hole(layers, part.value, kind),
            None => hole(layers, path, kind),
        };
    }
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

impl<'r, 's, 'b> Reader<'r, 's, 'b> {
    fn new(layers: &'r mut Layers<'s>, whole: Place, bytes: &'b [u8], at: usize) -> Self {
        Reader { layers, whole, bytes, at, type_end: None }
    }

    /// All that is still to be read.
    fn rest(&self) -> Place {
        self.whole.sub(Span::new(self.at, self.bytes.len()))
    }

    /// Passes over `name=`, without ASCII case; false where it does not stand there.
    fn takes(&mut self, name: &[u8]) -> bool {
        let found = self.bytes[self.at..].get(..name.len());
        let is_there = found.is_some_and(|found| found.eq_ignore_ascii_case(name));
        self.at += if is_there { name.len() } else { 0 };
        is_there
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
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
        let blanks = self.bytes[start..self.at].iter().rev().take_while(|byte| is_blank(**byte));
        self.whole.sub(Span::new(start, self.at - blanks.count()))
    }

    /// What follows the content, up to what curl passes over with a warning.
    fn parameters(&mut self, end: Option<u8>, part: &mut FormPart) {
        while self.peek() == Some(b';') {
            self.at += 1;
            self.skip_blanks();
            if self.type_end.is_none() && self.takes(b"type=") {
                self.media_type();
            } else if self.takes(b"filename=") {
                self.close_type(part);
                part.filename = Some(self.word(end));
            } else if self.takes(b"headers=") {
                self.close_type(part);
                self.headers(end, part);
            } else if self.takes(b"encoder=") {
                self.close_type(part);
                part.encoder = Some(self.word(end));
            } else if let Some(span) = self.type_end {
                self.extend_type(span.start(), end);
            } else {
                self.word(end);
            }
        }
        self.close_type(part);
    }

    /// `headers=Name: value`, or `headers=@file` with a field on each line.
    fn headers(&mut self, end: Option<u8>, part: &mut FormPart) {
        if !matches!(self.peek(), Some(b'@' | b'<')) {
            let field = self.word(end);
            return part.headers.push(field);
        }
        self.at += 1;
        let path = self.word(end);
        match self.layers.file(path) {
            Some(text) => read_fields(self.layers, text, &mut part.headers),
            None if path.span.is_empty() => {}
            None => part.headers.push(hole(self.layers, path, HoleKind::File)),
        }
    }

    fn media_type(&mut self) {
        self.skip_blanks();
        let start = self.at;
        let is_end = |byte: &u8| b"()<>@,;:\\\"[]?=\r\n ".contains(byte);
        let rest = &self.bytes[start..];
        self.at += rest.iter().position(is_end).unwrap_or(rest.len());
        self.type_end = Some(Span::new(start, self.at));
    }

    /// Parameters of the media type belong to it.
    fn extend_type(&mut self, start: usize, end: Option<u8>) {
        let mut last = self.at;
        while !self.ends(end) {
            self.at += 1;
            if !is_blank(self.bytes[self.at - 1]) {
                last = self.at;
            }
        }
        self.type_end = Some(Span::new(start, last));
    }

    fn close_type(&mut self, part: &mut FormPart) {
        if let Some(span) = self.type_end.take() {
            part.media_type = Some(self.whole.sub(span));
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The fields in a file, one a line; a line that begins with a space continues the one before it.
fn read_fields(layers: &mut Layers<'_>, place: Place, fields: &mut Vec<Place>) {
    let text = layers.share(place);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let kept = line.trim_end_matches(['\r', '\n', ' ', '\t']);
        let field = place.sub(Span::new(start, start + kept.len()));
        start += line.len();
        match fields.last_mut() {
            _ if kept.is_empty() || line.starts_with('#') => {}
            Some(last) if line.starts_with(' ') => {
                let pieces = [Piece::Place(*last), Piece::Place(field)];
                *last = join(layers, &pieces).unwrap_or(field);
            }
            _ => fields.push(field),
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
