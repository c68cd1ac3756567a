//! Config files of curl (`-K`): one option a line. Read where their text is known.

use crate::layer::{Codec, Layers, Place, Quote};
use crate::parse::placeholder::hide_holes;
use crate::span::Span;

/// A line of a config file.
pub(super) struct Line {
    /// The option as it is written, with its dashes if it has any.
    pub(super) option: Place,
    /// What follows it.
    pub(super) argument: Option<Place>,
}

/// The options of the config file at `place` (`man curl`, section on `--config`).
pub(super) fn read_config(layers: &mut Layers<'_>, place: Place) -> Vec<Line> {
    let text = layers.share(place);
    let bytes = hide_holes(layers, place, &text);
    let mut lines = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', &bytes).chain([bytes.len()]) {
        let line = place.sub(Span::new(start, end));
        lines.extend(read_line(layers, line, &bytes[start..end]));
        start = end + 1;
    }
    lines
}

fn read_line(layers: &mut Layers<'_>, line: Place, bytes: &[u8]) -> Option<Line> {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0B;
    let count = |from: usize, is: &dyn Fn(&u8) -> bool| {
        bytes[from..].iter().take_while(|byte| is(byte)).count()
    };
    let start = count(0, &is_space);
    if matches!(bytes.get(start), None | Some(b'#')) {
        return None;
    }
    // After dashes, `=` and `:` are part of the name.
    let dashed = bytes[start] == b'-';
    let separates = |byte: &u8| is_space(byte) || !dashed && matches!(byte, b'=' | b':');
    let end = start + count(start, &|byte| !separates(byte));
    let option = line.sub(Span::new(start, end));
    let from = end + count(end, &separates);
    let argument = match bytes.get(from) {
        None => None,
        Some(b'"') => Some(read_quoted(layers, line, bytes, from + 1)),
        Some(_) => {
            let length = count(from, &|byte| !is_space(byte));
            // New text might need the quotes that are not there.
            Some(layers.wrap(Codec::Implied, line.sub(Span::new(from, from + length))))
        }
    };
    Some(Line { option, argument })
}

/// The text up to the closing quote, with its escapes.
fn read_quoted(layers: &mut Layers<'_>, line: Place, bytes: &[u8], from: usize) -> Place {
    let text = layers.share(line);
    let mut layer = layers.layer(Codec::Implied, line.sub(Span::new(from, bytes.len())));
    let mut at = from;
    while let Some(length) = memchr::memchr2(b'\\', b'"', &bytes[at..]) {
        layer.exact(line.sub(Span::new(at, at + length)), Quote::None);
        at += length;
        let escaped = text.get(at + 1..).and_then(|rest| rest.chars().next());
        let (b'\\', Some(char)) = (bytes[at], escaped) else {
            let id = layer.finish();
            return layers.whole(id);
        };
        let end = at + 1 + char.len_utf8();
        let meant = match char {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'v' => '\x0B',
            char => char,
        };
        layer.escape(meant.encode_utf8(&mut [0; 4]), line.sub(Span::new(at, end)), Quote::None);
        at = end;
    }
    layer.exact(line.sub(Span::new(at, bytes.len())), Quote::None);
    let id = layer.finish();
    layers.whole(id)
}
