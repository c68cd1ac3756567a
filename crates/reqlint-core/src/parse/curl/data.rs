//! The texts of `-d`, `--data-urlencode`, `--url-query` and `--json`.

use super::operation::{DataKind, Use};
use super::{Piece, join};
use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::parse::placeholder::hide_holes;
use crate::parse::shell::{Command, Output, Stdin};
use crate::span::Span;
use memchr::memchr2;

/// What is known of a text that an option brings.
pub(super) struct Content {
    pub(super) place: Place,
    /// All of it is the content of a file, or of a pipe.
    pub(super) foreign: bool,
}

/// All data of an operation as one text.
pub(super) fn join_data(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
    data: &[(DataKind, Use)],
) -> Option<Content> {
    if let [(kind, used)] = data {
        return Some(read_data(layers, command, *kind, used.argument));
    }
    let mut pieces = Vec::new();
    let mut empty = true;
    for (kind, used) in data {
        let content = read_data(layers, command, *kind, used.argument);
        if !empty && *kind != DataKind::Json {
            pieces.push(Piece::Text("&", used.option));
        }
        empty &= content.place.span.is_empty();
        pieces.push(Piece::Place(content.place));
    }
    join(layers, &pieces).map(|place| Content { place, foreign: false })
}

fn read_data(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
    kind: DataKind,
    argument: Place,
) -> Content {
    let own = |place| Content { place, foreign: false };
    match kind {
        DataKind::Raw => own(argument),
        DataKind::Encoded => own(encode_data(layers, argument)),
        DataKind::Plain | DataKind::Binary | DataKind::Json => {
            let is_file = layers.text(argument).starts_with('@');
            if !is_file {
                return own(argument);
            }
            let name = argument.sub(Span::new(1, argument.span.len()));
            if matches!(layers.text(name), "-" | "/dev/stdin") {
                let stdin = read_stdin(layers, command, kind == DataKind::Plain);
                return stdin.map_or_else(|| foreign(layers, argument, HoleKind::Command), own);
            }
            match layers.file(name) {
                Some(text) if kind == DataKind::Plain => own(strip_lines(layers, text)),
                Some(text) => own(text),
                None => foreign(layers, argument, HoleKind::File),
            }
        }
    }
}

fn foreign(layers: &mut Layers<'_>, argument: Place, kind: HoleKind) -> Content {
    Content { place: hole(layers, argument, kind), foreign: true }
}

/// The place as one hole.
pub(super) fn hole(layers: &mut Layers<'_>, place: Place, kind: HoleKind) -> Place {
    let mut layer = layers.layer(Codec::Joined, place);
    layer.hole(place, kind, Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

/// What a here-document, here-string, pipe or file brings; without line ends for `-d`.
pub(super) fn read_stdin(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
    strip: bool,
) -> Option<Place> {
    match command.stdin {
        Stdin::None | Stdin::Unknown => None,
        Stdin::Piped => {
            let place = read_pipe(layers, command)?;
            Some(if strip { strip_lines(layers, place) } else { place })
        }
        Stdin::File(word) => {
            let path = command.layer_of(layers, &word);
            let place = layers.file(path)?;
            Some(if strip { strip_lines(layers, place) } else { place })
        }
        Stdin::HereDocument(index) => {
            let place = command.here_document(layers, index)?;
            Some(if strip { strip_lines(layers, place) } else { place })
        }
        Stdin::HereString(word) => {
            let place = command.layer_of(layers, &word);
            if strip {
                return Some(strip_lines(layers, place));
            }
            join(layers, &[Piece::Place(place), Piece::Text("\n", command.place_of(&word))])
        }
    }
}

/// What `echo`, `printf` or `cat` prints.
fn read_pipe(layers: &mut Layers<'_>, command: &Command<'_>) -> Option<Place> {
    let mut pieces = Vec::new();
    for output in command.piped.as_deref()? {
        pieces.push(match output {
            Output::Word(word) => Piece::Place(command.layer_of(layers, word)),
            Output::Text(text, span) => Piece::Text(text, command.place_at(*span)),
            Output::File(word) => {
                let path = command.layer_of(layers, word);
                Piece::Place(layers.file(path)?)
            }
            Output::HereDocument(index) => Piece::Place(command.here_document(layers, *index)?),
        });
    }
    join(layers, &pieces)
}

/// The text without carriage returns and line feeds.
fn strip_lines(layers: &mut Layers<'_>, place: Place) -> Place {
    let text = layers.share(place);
    let bytes = hide_holes(layers, place, &text);
    let mut layer = layers.layer(Codec::Joined, place);
    let mut at = 0;
    while let Some(length) = memchr2(b'\r', b'\n', &bytes[at..]) {
        layer.exact(place.sub(Span::new(at, at + length)), Quote::None);
        at += length + 1;
    }
    layer.exact(place.sub(Span::new(at, bytes.len())), Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

/// The five forms of `--data-urlencode`: `text`, `=text`, `name=text`, `@file`, `name@file`.
pub(super) fn encode_data(layers: &mut Layers<'_>, argument: Place) -> Place {
    let text = layers.share(argument);
    let bytes = hide_holes(layers, argument, &text);
    let sign = memchr::memchr(b'=', &bytes).or_else(|| memchr::memchr(b'@', &bytes));
    let Some(sign) = sign else { return encode(layers, argument, "+") };
    let name = argument.sub(Span::new(0, sign));
    let value = argument.sub(Span::new(sign + 1, bytes.len()));
    let is_file = bytes[sign] == b'@';
    let known = if is_file { layers.file(value) } else { Some(value) };
    let value = match known {
        Some(known) => encode(layers, known, "+"),
        None => hole(layers, argument.sub(Span::new(sign, bytes.len())), HoleKind::File),
    };
    if sign == 0 {
        return value;
    }
    let assign = argument.sub(Span::new(0, sign + 1));
    let pieces = match is_file {
        true => vec![Piece::Place(name), Piece::Text("=", name.end()), Piece::Place(value)],
        false => vec![Piece::Place(assign), Piece::Place(value)],
    };
    join(layers, &pieces).unwrap_or(value)
}

/// `--url-query`: like `--data-urlencode`, or as it is written after a `+`.
pub(super) fn query_data(layers: &mut Layers<'_>, argument: Place) -> Place {
    match layers.text(argument).starts_with('+') {
        true => argument.sub(Span::new(1, argument.span.len())),
        false => encode_data(layers, argument),
    }
}

/// The text as curl percent-encodes it: all but letters, digits and `-._~`.
/// A space becomes `space`.
pub(super) fn encode(layers: &mut Layers<'_>, place: Place, space: &str) -> Place {
    let text = layers.share(place);
    let bytes = hide_holes(layers, place, &text);
    let holes: Vec<_> = layers.holes(place).collect();
    let mut layer = layers.layer(Codec::Encoded, place);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut at = 0;
    let mut holes = holes.iter();
    while at < bytes.len() {
        if bytes[at] == crate::parse::placeholder::HIDDEN
            && let Some(hole) = holes.next()
        {
            let end = hole.span.end().max(at + 1);
            layer.hole(place.sub(Span::new(at, end)), hole.kind, Quote::None);
            at = end;
            continue;
        }
        let plain = bytes[at..].iter().take_while(|byte| is_plain(**byte)).count();
        layer.exact(place.sub(Span::new(at, at + plain)), Quote::None);
        at += plain;
        let Some(char) = text[at..].chars().next() else { break };
        if bytes[at] != crate::parse::placeholder::HIDDEN {
            let length = char.len_utf8();
            let mut escape = String::with_capacity(3 * length);
            for byte in text[at..at + length].bytes() {
                match byte {
                    // As in forms of HTML; curl takes back its `%20`.
                    b' ' => escape.push_str(space),
                    _ => {
                        escape.push('%');
                        escape.extend(hex(byte));
                    }
                }
            }
            layer.escape(&escape, place.sub(Span::new(at, at + length)), Quote::None);
            at += length;
        }
    }
    let id = layer.finish();
    layers.whole(id)
}

fn hex(byte: u8) -> [char; 2] {
    let digit = |value: u8| char::from(b"0123456789ABCDEF"[usize::from(value & 15)]);
    [digit(byte >> 4), digit(byte)]
}
