//! Writes new text back into a layer: the way from a decoded text to the bytes of the source.
//!
//! Each codec answers for one step. The quote style that is found is kept where it can hold the
//! new text; where it cannot, the one word changes its style, and the answer says so.

mod cmd;
mod code;
mod fish;
mod powershell;
mod shell;

pub use shell::write_word as shell_word;

use crate::layer::{
    Codec, Component, Escape, Language, LayerId, Layers, Passing, Place, Quote, Quoting,
};
use crate::model::Dialect;
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

    /// The chunks as one text, with variables in a notation.
    fn plain(chunks: &[Chunk], variable: impl Fn(&str) -> String) -> String {
        let mut text = String::new();
        for chunk in chunks {
            match chunk {
                Chunk::Text(piece) | Chunk::Hole(piece) => text.push_str(piece),
                Chunk::Variable(name) => text.push_str(&variable(name)),
            }
        }
        text
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
    /// The dialect has no notation for that text there.
    NoNotation,
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
            if let Some(notation) = notation(codec) {
                (place, chunks) = self.encode_word(place, &chunks, notation, &mut requoted)?;
                continue;
            }
            if let Codec::CmdWord = codec {
                (place, chunks) = self.encode_argument(place, &chunks, &mut requoted)?;
                continue;
            }
            if *codec == Codec::Joined && self.is_at_mark(place) {
                return Err(CannotEncode::Implied);
            }
            if let Some((language, quoting)) = self.language_of(place)
                && chunks.iter().any(is_variable)
            {
                (place, chunks) = self.encode_literal(place, &chunks, language, quoting)?;
                continue;
            }
            let run = self.parent_run(place).map(|(parent, _)| parent);
            let whole = self.whole(place.layer);
            if *codec == Codec::Literal && place != whole {
                return Err(CannotEncode::Scattered);
            }
            let parent = match run {
                Some(parent) => parent,
                None if place == whole && whole.span.is_empty() => {
                    let origin = self.root_span(self.origin(place.layer));
                    inside_of_quotes(origin, self.origin(place.layer))
                }
                None => return Err(CannotEncode::Scattered),
            };
            chunks = match codec {
                Codec::Quoted(quoting) => encode_quoted(*quoting, chunks)?,
                Codec::YamlPlain { flow } => match self.encode_plain(place, &chunks, *flow) {
                    Some(chunks) => chunks,
                    None => {
                        (place, chunks) = self.quote_scalar(place, &chunks)?;
                        requoted = true;
                        continue;
                    }
                },
                codec => encode_chunks(codec, chunks)?,
            };
            place = parent;
        }
        let text = Chunk::plain(&chunks, |name| format!("{{{{{name}}}}}"));
        Ok(Encoded { span: place.span, text, requoted })
    }

    /// The language of the program whose string literal a place is a part of, and how the literal
    /// is quoted.
    fn language_of(&self, place: Place) -> Option<(Language, Quoting)> {
        let quoting = match self.codec(place.layer) {
            Codec::Quoted(quoting) => *quoting,
            Codec::JsonString => {
                Quoting { quote: '"', escape: Escape::Backslash, lines: false, braces: false }
            }
            _ => return None,
        };
        match self.codec(self.origin(place.layer).layer) {
            Codec::Code(language) => Some((*language, quoting)),
            _ => None,
        }
    }

    /// A string literal with variables in it: the whole of it is written anew.
    fn encode_literal(
        &self,
        place: Place,
        new: &[Chunk],
        language: Language,
        quoting: Quoting,
    ) -> Result<(Place, Vec<Chunk>), CannotEncode> {
        let literal = self.origin(place.layer);
        let (part, _) = self.parent_run(place).ok_or(CannotEncode::Scattered)?;
        let outside = |start, end| self.text(Place::new(literal.layer, Span::new(start, end)));
        let before = outside(literal.span.start(), part.span.start());
        let behind = outside(part.span.end(), literal.span.end());
        let text = code::Literal { before, behind, quoting, language }.with(new)?;
        Ok((literal, Chunk::text(text)))
    }

    /// A text of a layer as it is written in the source.
    ///
    /// # Errors
    /// Why it cannot be written, or not without a look at what stands around it.
    pub fn encode_in(&self, layer: LayerId, text: &str) -> Result<String, CannotEncode> {
        let mut layer = layer;
        let mut chunks = Chunk::text(text);
        while layer != LayerId::ROOT {
            let codec = self.codec(layer);
            chunks = match codec {
                Codec::Quoted(quoting) => encode_quoted(*quoting, chunks)?,
                Codec::CmdWord => return Err(CannotEncode::NoNotation),
                codec if notation(codec).is_some() => return Err(CannotEncode::NoNotation),
                codec => encode_chunks(codec, chunks)?,
            };
            layer = self.origin(layer).layer;
        }
        Ok(Chunk::plain(&chunks, |name| format!("{{{{{name}}}}}")))
    }

    /// New text in a scalar without quotes, if all of it can still be read as one.
    fn encode_plain(&self, place: Place, chunks: &[Chunk], flow: bool) -> Option<Vec<Chunk>> {
        let new = Chunk::plain(chunks, |name| format!("{{{{{name}}}}}"));
        let text = self.scalar_with(place, &new);
        (is_plain_scalar(&text, flow) && !new.contains('\n')).then(|| Chunk::text(new))
    }

    /// One step out of a scalar without quotes, which gets quotes.
    fn quote_scalar(
        &self,
        place: Place,
        chunks: &[Chunk],
    ) -> Result<(Place, Vec<Chunk>), CannotEncode> {
        let scalar = self.origin(place.layer);
        let new = Chunk::plain(chunks, |name| format!("{{{{{name}}}}}"));
        let text = self.scalar_with(place, &new);
        // Over several lines it is folded, which no quotes would keep as it is written.
        let is_line = !self.text(scalar).contains('\n');
        let is_printed = !text.contains(|char: char| char.is_control());
        match is_line && is_printed {
            true => Ok((scalar, Chunk::text(format!("'{}'", text.replace('\'', "''"))))),
            false => Err(CannotEncode::NoNotation),
        }
    }

    /// A scalar with a part replaced.
    fn scalar_with(&self, place: Place, new: &str) -> String {
        let whole = self.whole(place.layer);
        let before = self.text(Place::new(place.layer, Span::new(0, place.span.start())));
        let rest = Span::new(place.span.end(), whole.span.end());
        format!("{before}{new}{}", self.text(Place::new(place.layer, rest)))
    }

    /// One step out of a word: in the quotes that are there, or with the word quoted anew.
    fn encode_word(
        &self,
        place: Place,
        new: &[Chunk],
        notation: &Notation,
        requoted: &mut bool,
    ) -> Result<(Place, Vec<Chunk>), CannotEncode> {
        let new = &self.before_more(place, new);
        let whole = self.word_with(place, new)?;
        let is_empty = |chunk: &Chunk| *chunk == Chunk::Text(String::new());
        let vanishes = |quote| quote == Quote::None && whole.iter().all(is_empty);
        if let Some((parent, quote)) = self.parent_run(place)
            && (notation.keeps)(&whole)
            && !vanishes(quote)
            && let Some(text) = (notation.in_quotes)(quote, new)
        {
            return Ok((parent, Chunk::text(text)));
        }
        *requoted = true;
        let text = (notation.quote)(&whole).ok_or(CannotEncode::NoNotation)?;
        Ok((self.origin(place.layer), Chunk::text(text)))
    }

    /// New text with braces around a variable at its end, where the word goes on with a letter.
    fn before_more(&self, place: Place, new: &[Chunk]) -> Vec<Chunk> {
        let mut new = new.to_vec();
        let whole = self.text(self.whole(place.layer));
        let goes_on = whole[place.span.end()..].starts_with(shell::is_inner);
        if *self.codec(place.layer) == Codec::ShellWord
            && goes_on
            && let Some(Chunk::Hole(hole)) = new.last_mut()
        {
            *hole = shell::in_braces(hole);
        }
        new
    }

    /// The word that a place is a part of, with that part replaced.
    fn word_with(&self, place: Place, new: &[Chunk]) -> Result<Vec<Chunk>, CannotEncode> {
        let whole = self.whole(place.layer);
        let mut chunks = self.chunks_of(Span::new(0, place.span.start()), place.layer)?;
        chunks.extend(new.iter().cloned());
        let rest = Span::new(place.span.end(), whole.span.end());
        chunks.extend(self.chunks_of(rest, place.layer)?);
        Ok(chunks)
    }

    /// A part of a word with what stands for something else: holes, and variables of which the
    /// value is known. Of such a value a part cannot be written.
    fn chunks_of(&self, span: Span, layer: LayerId) -> Result<Vec<Chunk>, CannotEncode> {
        let place = Place::new(layer, span);
        let text = self.text(place);
        let known = self.references(place).ok_or(CannotEncode::Implied)?;
        let known = known.into_iter().map(|(span, from)| (span, self.text(from).to_owned()));
        let holes = self.holes(place).map(|hole| (hole.span, text[hole.span.range()].to_owned()));
        let mut stand_ins: Vec<(Span, String)> = known.chain(holes).collect();
        stand_ins.sort_by_key(|(span, _)| *span);
        let mut chunks = Vec::new();
        let mut at = 0;
        for (span, written) in stand_ins {
            chunks.push(Chunk::Text(text[at..span.start()].to_owned()));
            chunks.push(Chunk::Hole(written));
            at = span.end();
        }
        chunks.push(Chunk::Text(text[at..].to_owned()));
        Ok(chunks)
    }
}

/// How a dialect writes its words.
struct Notation {
    /// Whether a word that becomes this one can stay in the style that it is written in.
    keeps: fn(&[Chunk]) -> bool,
    /// New text inside quotes that are there already; none where they cannot hold it.
    in_quotes: fn(Quote, &[Chunk]) -> Option<String>,
    /// A whole word, quoted anew; none where there is no notation for it.
    quote: fn(&[Chunk]) -> Option<String>,
}

fn notation(codec: &Codec) -> Option<&'static Notation> {
    match codec {
        Codec::ShellWord => Some(&shell::NOTATION),
        Codec::FishWord => Some(&fish::NOTATION),
        Codec::PowerShellWord(Passing::Exact) => Some(&powershell::EXACT),
        Codec::PowerShellWord(Passing::Escaped) => Some(&powershell::ESCAPED),
        _ => None,
    }
}

/// A text as one word of a command, quoted only where it must be. None where the dialect has no
/// notation for it.
pub fn write_word(dialect: Dialect, new: &[Chunk]) -> Option<String> {
    match dialect {
        Dialect::Bash => Some(shell::write_word(new)),
        Dialect::Cmd => cmd::write_word(new),
        Dialect::PowerShell => powershell::write_word(new),
        Dialect::Fish => fish::write_word(new),
        Dialect::Argv => {
            let text = Chunk::plain(new, |name| format!("{{{{{name}}}}}"));
            Some(format!("\"{}\"", escape_json(&text)))
        }
    }
}

/// A text as one argument of a command that is written anew, to be typed at a prompt. None where
/// the dialect has no notation for it.
///
/// Arguments of PowerShell are written as its Windows edition passes them on to a program.
pub fn write_argument(dialect: Dialect, new: &[Chunk]) -> Option<String> {
    match dialect {
        Dialect::Cmd => cmd::write_argument(new),
        Dialect::PowerShell => powershell::write_argument(new),
        Dialect::Argv if new.iter().any(looks_like_placeholder) => None,
        dialect => write_word(dialect, new),
    }
}

/// Whether a text would be read as a placeholder in a list of arguments.
fn looks_like_placeholder(chunk: &Chunk) -> bool {
    matches!(chunk, Chunk::Text(text) if text.contains("{{") || text.contains("${"))
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
        Codec::Implied | Codec::Foreign => return Err(CannotEncode::Implied),
        Codec::Percent(_) => |codec, text| match codec {
            Codec::Percent(component) => percent_encode(text, *component),
            _ => text.to_owned(),
        },
        // The client encodes all of it, so it is written plain.
        Codec::Encoded if !chunks.iter().all(is_encoded) => return Err(CannotEncode::NoNotation),
        Codec::Encoded => |_, text| percent_decode(text),
        Codec::FormPart { quoted: true } => |_, text| backslash(text, "\\\""),
        Codec::FormPart { quoted: false } if chunks.iter().any(needs_form_quotes) => {
            return Err(CannotEncode::Scattered);
        }
        Codec::FormPart { quoted: false } => return Ok(chunks),
        Codec::JsonString => |_, text| escape_json(text),
        Codec::Literal => |_, text| match text.parse::<f64>() {
            Ok(number) if number.is_finite() => text.to_owned(),
            _ => format!("\"{}\"", escape_json(text)),
        },
        Codec::Lines { .. } => |codec, text| match codec {
            Codec::Lines { prefix } => text.replace('\n', &format!("\n{prefix}")),
            _ => text.to_owned(),
        },
        Codec::HereDocument { expands: true } => |_, text| backslash(text, "\\$`"),
        Codec::Source
        | Codec::ShellWord
        | Codec::FishWord
        | Codec::PowerShellWord(_)
        | Codec::CmdWord
        | Codec::CmdLine { .. }
        | Codec::HereDocument { expands: false }
        | Codec::Quoted(_)
        | Codec::YamlPlain { .. }
        | Codec::Joined => return Ok(chunks),
        Codec::Code(_) if chunks.iter().any(is_variable) => return Err(CannotEncode::NoVariables),
        Codec::Code(_) => return Ok(chunks),
        Codec::YamlFolded if chunks.iter().any(has_line) => return Err(CannotEncode::NoNotation),
        Codec::YamlFolded => return Ok(chunks),
    };
    let encoded = chunks.into_iter().map(|chunk| match chunk {
        Chunk::Text(text) => Chunk::Text(encode(codec, &text)),
        variable => variable,
    });
    Ok(encoded.collect())
}

pub(crate) fn is_variable(chunk: &Chunk) -> bool {
    matches!(chunk, Chunk::Variable(_))
}

fn has_line(chunk: &Chunk) -> bool {
    matches!(chunk, Chunk::Text(text) if text.contains('\n'))
}

/// New text inside of a string of that quoting.
fn encode_quoted(quoting: Quoting, chunks: Vec<Chunk>) -> Result<Vec<Chunk>, CannotEncode> {
    let encode = |chunk| match chunk {
        Chunk::Text(text) => write_quoted(quoting, &text).map(Chunk::Text),
        other => Ok(other),
    };
    chunks.into_iter().map(encode).collect()
}

fn write_quoted(quoting: Quoting, text: &str) -> Result<String, CannotEncode> {
    let mut written = String::with_capacity(text.len());
    for char in text.chars() {
        match (char, quoting.escape) {
            ('\n' | '\r', Escape::Backslash) if !quoting.lines => {
                written.push_str(if char == '\n' { "\\n" } else { "\\r" });
            }
            ('\n' | '\r', _) if !quoting.lines => return Err(CannotEncode::NoNotation),
            (char, escape) if char == quoting.quote => match escape {
                Escape::None => return Err(CannotEncode::NoNotation),
                Escape::Doubled => written.extend([char, char]),
                Escape::Backslash => written.extend(['\\', char]),
            },
            ('{' | '}', _) if quoting.braces => written.extend([char, char]),
            ('\\', Escape::Backslash) => written.push_str("\\\\"),
            // In a template of JavaScript, `${` begins a value.
            ('$', Escape::Backslash) if quoting.quote == '`' => written.push_str("\\$"),
            (char, _) => written.push(char),
        }
    }
    Ok(written)
}

/// Whether a text can stand in YAML without quotes (YAML 1.2.2, section 7.3.3).
fn is_plain_scalar(text: &str, flow: bool) -> bool {
    let first = text.chars().next();
    let starts_well = first.is_some_and(|first| !"!&*|>@%`\"'#,[]{}?:- ".contains(first))
        || text.starts_with(['-', '?', ':']) && text[1..].starts_with(char::is_alphanumeric);
    let in_brackets = flow && text.contains([',', '[', ']', '{', '}']);
    starts_well
        && !in_brackets
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !text.contains(|char: char| char.is_control() && char != '\n')
}

/// Whether a text holds nothing that the client would encode once more, such as `&`.
fn is_encoded(chunk: &Chunk) -> bool {
    let Chunk::Text(text) = chunk else { return true };
    !text.contains(['&', '=', '#'])
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
    encode_all_but(text, harmless)
}

/// Every byte percent-encoded but the letters and digits of ASCII, and these.
fn encode_all_but(text: &str, kept: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// A text of a URL with each byte percent-encoded that no URL has (RFC 3986, section 2): all but the
/// reserved and unreserved characters and the escapes that are there.
pub(crate) fn encode_for_url(text: &str) -> String {
    encode_all_but(text, b"-._~:/?#[]@!$&'()*+,;=%")
}

/// The text of a form's name or value; escapes that are none, or no UTF-8, stay.
pub(crate) fn percent_decode(text: &str) -> String {
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
