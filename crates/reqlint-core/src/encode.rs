//! Writes new text back into a layer: the way from a decoded text to the bytes of the source.
//!
//! Each codec answers for one step. The quote style that is found is kept where it can hold the
//! new text; where it cannot, the one word changes its style, and the answer says so.

use crate::layer::{Codec, Component, LayerId, Layers, Place, Quote};
use crate::span::Span;

/// A piece of new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// This text, to be encoded.
    Text(String),
    /// A run-time variable of that name, in the notation of its surroundings.
    Variable(String),
    /// A hole as it is written elsewhere in the source: `$NAME`, `$(…)`, `{{name}}`.
    Hole(String),
}

impl Chunk {
    /// A new text without variables.
    pub fn text(text: impl Into<String>) -> Vec<Chunk> {
        vec![Chunk::Text(text.into())]
    }
}

/// New text in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// Bytes of the source that it replaces.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
    /// Whether a word had to change its quote style to hold it.
    pub requoted: bool,
}

/// Why new text cannot be written back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotEncode {
    /// The text is not written anywhere, it follows from another part.
    Implied,
    /// The text was put together from several places.
    Scattered,
    /// A line of a here-document would end it.
    EndsHereDocument,
    /// There is no notation for a variable there.
    NoVariables,
}

impl Layers<'_> {
    /// The edit of the source that makes the text of `place` become `new`.
    ///
    /// # Errors
    /// Why it cannot be written there.
    pub fn encode(&self, place: Place, new: &[Chunk]) -> Result<Encoded, CannotEncode> {
        let mut place = place;
        let mut chunks = new.to_vec();
        let mut requoted = false;
        while place.layer != LayerId::ROOT {
            let codec = self.codec(place.layer);
            if let Codec::ShellWord = codec {
                (place, chunks) = self.encode_word(place, &chunks, &mut requoted);
                continue;
            }
            let run = self.parent_run(place).map(|(parent, _)| parent);
            let whole = self.whole(place.layer);
            let parent = match run {
                Some(parent) => parent,
                None if place == whole && whole.span.is_empty() => {
                    let origin = self.root_span(self.origin(place.layer));
                    inside_of_quotes(origin, self.origin(place.layer))
                }
                None => return Err(CannotEncode::Scattered),
            };
            chunks = encode_chunks(codec, chunks)?;
            place = parent;
        }
        let mut text = String::new();
        for chunk in chunks {
            match chunk {
                Chunk::Text(piece) => text.push_str(&piece),
                Chunk::Hole(hole) => text.push_str(&hole),
                Chunk::Variable(name) => {
                    text.push_str("{{");
                    text.push_str(&name);
                    text.push_str("}}");
                }
            }
        }
        Ok(Encoded { span: place.span, text, requoted })
    }

    /// One step out of a shell word: in the quotes that are there, or with the word quoted anew.
    fn encode_word(&self, place: Place, new: &[Chunk], requoted: &mut bool) -> (Place, Vec<Chunk>) {
        if let Some((parent, quote)) = self.parent_run(place)
            && let Some(text) = encode_in_quotes(quote, new)
        {
            return (parent, Chunk::text(text));
        }
        *requoted = true;
        let whole = self.whole(place.layer);
        let mut pieces = self.shell_pieces(Span::new(0, place.span.start()), place.layer);
        pieces.extend(new.iter().map(shell_piece));
        let rest = Span::new(place.span.end(), whole.span.end());
        pieces.extend(self.shell_pieces(rest, place.layer));
        (self.origin(place.layer), Chunk::text(quote_word(&pieces)))
    }

    fn shell_pieces(&self, span: Span, layer: LayerId) -> Vec<ShellPiece> {
        let place = Place::new(layer, span);
        let text = self.text(place);
        let mut pieces = Vec::new();
        let mut at = 0;
        for hole in self.holes(place) {
            if !expands(&text[hole.span.range()]) {
                continue;
            }
            pieces.push(ShellPiece::Text(text[at..hole.span.start()].to_owned()));
            pieces.push(ShellPiece::Expansion(text[hole.span.range()].to_owned()));
            at = hole.span.end();
        }
        pieces.push(ShellPiece::Text(text[at..].to_owned()));
        pieces
    }
}

/// Between the quotes of an empty string; a place without quotes stays.
fn inside_of_quotes(root: Span, origin: Place) -> Place {
    match root.len() {
        2 => Place::new(origin.layer, Span::empty(origin.span.start() + 1)),
        _ => Place::new(origin.layer, Span::empty(origin.span.end())),
    }
}

fn encode_chunks(codec: &Codec, chunks: Vec<Chunk>) -> Result<Vec<Chunk>, CannotEncode> {
    let encode: fn(&Codec, &str) -> String = match codec {
        Codec::Implied => return Err(CannotEncode::Implied),
        Codec::Percent(_) => |codec, text| match codec {
            Codec::Percent(component) => percent_encode(text, *component),
            _ => text.to_owned(),
        },
        // The client encodes it, so it is written plain.
        Codec::Encoded => |_, text| percent_decode(text),
        Codec::FormPart { quoted: true } => |_, text| backslash(text, "\\\""),
        Codec::FormPart { quoted: false } if chunks.iter().any(needs_form_quotes) => {
            return Err(CannotEncode::Scattered);
        }
        Codec::FormPart { quoted: false } => return Ok(chunks),
        Codec::JsonString => |_, text| escape_json(text),
        Codec::Lines { .. } => |codec, text| match codec {
            Codec::Lines { prefix } => text.replace('\n', &format!("\n{prefix}")),
            _ => text.to_owned(),
        },
        Codec::HereDocument { expands: true } => |_, text| backslash(text, "\\$`"),
        Codec::Source
        | Codec::ShellWord
        | Codec::HereDocument { expands: false }
        | Codec::Joined => return Ok(chunks),
    };
    let encoded = chunks.into_iter().map(|chunk| match chunk {
        Chunk::Text(text) => Chunk::Text(encode(codec, &text)),
        variable => variable,
    });
    Ok(encoded.collect())
}

/// Whether curl would read the text as something else than the content of a part.
fn needs_form_quotes(chunk: &Chunk) -> bool {
    let Chunk::Text(text) = chunk else { return false };
    text.contains([';', '"']) || text.starts_with(['@', '<', '(', ')']) || text.trim() != text
}

/// A URL component with all but unreserved characters, and those that are harmless in it,
/// percent-encoded (RFC 3986, section 2.1).
pub fn percent_encode(text: &str, component: Component) -> String {
    let harmless: &[u8] = match component {
        Component::Segment => b"-._~:@!$'()*,;=",
        Component::Query => b"-._~:@!$'()*,;/",
        Component::Form => b"-._~*",
    };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || harmless.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The text of a form's name or value; escapes that are none, or no UTF-8, stay.
fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match after {
            [high, low, ..] if *first == b'%' => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                digit(high)
                    .zip(digit(low))
                    .and_then(|(high, low)| u8::try_from(high * 16 + low).ok())
            }
            _ => None,
        };
        bytes.push(escaped.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The inside of a JSON string with that text (RFC 8259, section 7).
pub fn escape_json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if (c as u32) < 0x20 => escaped.push_str(&format!("\\u{:04x}", c as u32)),
            c => escaped.push(c),
        }
    }
    escaped
}

fn backslash(text: &str, special: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A piece of a word that is quoted as a whole.
#[derive(Clone, Debug)]
enum ShellPiece {
    Text(String),
    /// As it is written: `$NAME`, `$(…)`.
    Expansion(String),
}

/// New text inside quotes that are there already. None where they cannot hold it.
fn encode_in_quotes(quote: Quote, new: &[Chunk]) -> Option<String> {
    let mut text = String::new();
    for chunk in new {
        let chunk = match chunk {
            Chunk::Hole(hole) if !expands(hole) => &Chunk::Text(hole.clone()),
            other => other,
        };
        match (quote, chunk) {
            (Quote::None, Chunk::Text(piece)) if is_plain(piece) => text.push_str(piece),
            (Quote::None, _) => return None,
            (Quote::Single, Chunk::Text(piece)) => text.push_str(&piece.replace('\'', "'\\''")),
            (Quote::Single, Chunk::Hole(hole)) => text.push_str(&format!("'\"{hole}\"'")),
            (Quote::Double, Chunk::Hole(hole)) => text.push_str(hole),
            (Quote::Ansi, Chunk::Hole(hole)) => text.push_str(&format!("'\"{hole}\"$'")),
            (Quote::Single, Chunk::Variable(name)) => text.push_str(&format!("'\"${name}\"'")),
            (Quote::Double, Chunk::Text(piece)) => text.push_str(&in_double_quotes(piece)),
            (Quote::Double, Chunk::Variable(name)) => text.push_str(&format!("${{{name}}}")),
            (Quote::Ansi, Chunk::Text(piece)) => text.push_str(&in_ansi_quotes(piece)),
            (Quote::Ansi, Chunk::Variable(name)) => text.push_str(&format!("'\"${name}\"$'")),
        }
    }
    Some(text)
}

/// Whether a text needs no quotes in POSIX shells, wherever in a word it stands.
fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-._/:,+@%=".contains(c);
    text.chars().all(plain)
}

/// `!` would ask an interactive bash for its history, so it stands in quotes of its own.
fn in_double_quotes(text: &str) -> String {
    backslash(text, "\\$`\"").replace('!', "\"'!'\"")
}

fn in_ansi_quotes(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' => escaped.push_str("\\'"),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if (c as u32) < 0x20 => escaped.push_str(&format!("\\x{:02x}", c as u32)),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A whole word: in single quotes, or in double ones where it holds expansions.
fn quote_word(pieces: &[ShellPiece]) -> String {
    let expands = pieces.iter().any(|piece| matches!(piece, ShellPiece::Expansion(_)));
    let mut word = String::from(if expands { "\"" } else { "'" });
    for piece in pieces {
        match piece {
            ShellPiece::Text(text) if expands => word.push_str(&in_double_quotes(text)),
            ShellPiece::Text(text) => word.push_str(&text.replace('\'', "'\\''")),
            ShellPiece::Expansion(text) => word.push_str(text),
        }
    }
    word.push(if expands { '"' } else { '\'' });
    word
}

/// A text as one shell word, quoted only where it must be.
pub fn shell_word(new: &[Chunk]) -> String {
    if let [Chunk::Text(text)] = new
        && !text.is_empty()
        && is_plain(text)
    {
        return text.clone();
    }
    let pieces: Vec<ShellPiece> = new.iter().map(shell_piece).collect();
    quote_word(&pieces)
}

fn shell_piece(chunk: &Chunk) -> ShellPiece {
    match chunk {
        Chunk::Text(text) => ShellPiece::Text(text.clone()),
        Chunk::Variable(name) => ShellPiece::Expansion(format!("${name}")),
        Chunk::Hole(hole) if expands(hole) => ShellPiece::Expansion(hole.clone()),
        Chunk::Hole(hole) => ShellPiece::Text(hole.clone()),
    }
}

/// Whether the shell expands a hole; others, such as `{{name}}`, are text to it.
fn expands(hole: &str) -> bool {
    hole.starts_with(['$', '`'])
}
