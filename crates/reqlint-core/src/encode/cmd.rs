//! Arguments of programs on a command line of cmd: quoted for the C runtime ("Parsing C
//! command-line arguments"), then escaped for cmd.

use super::{CannotEncode, Chunk};
use crate::layer::{Codec, Layers, Place, Quote};
use crate::parse::cmd::find_variables;
use crate::span::Span;

/// Characters that mean something to cmd outside quotes.
const SPECIAL: &str = "&|<>()^\"%!";

/// Variables that begin or end outside of a new text reach no further into it.
const CONTEXT: usize = 160;

impl Layers<'_> {
    /// One step out of an argument and of its line: in the quotes that are there, or with the
    /// argument quoted anew.
    pub(super) fn encode_argument(
        &self,
        place: Place,
        new: &[Chunk],
        requoted: &mut bool,
    ) -> Result<(Place, Vec<Chunk>), CannotEncode> {
        if let Some((parent, text)) = self.argument_in_quotes(place, new) {
            return Ok((parent, Chunk::text(text)));
        }
        *requoted = true;
        let word = self.origin(place.layer);
        let parent = self.parent_hull(word).ok_or(CannotEncode::NoNotation)?;
        // A quote that is open around the word would give it another meaning.
        let open = [word.span.start().checked_sub(1), Some(word.span.end())];
        if open.iter().flatten().any(|at| self.quote_at(word.layer, *at) == Some(Quote::Double)) {
            return Err(CannotEncode::NoNotation);
        }
        let argument = quote_argument(&expand(&self.word_with(place, new)?));
        let batch = self.is_batch(word);
        let styles = [write_quoted(&argument, batch), write_line(&argument, Quote::None, batch)];
        let text =
            styles.into_iter().flatten().find(|text| self.fits(parent, text, &argument, batch));
        Ok((parent, Chunk::text(text.ok_or(CannotEncode::NoNotation)?)))
    }

    fn argument_in_quotes(&self, place: Place, new: &[Chunk]) -> Option<(Place, String)> {
        let new = expand(new);
        let (in_line, quote) = self.parent_run(place)?;
        let before = Place::new(place.layer, Span::new(0, place.span.start()));
        let text = Chunk::plain(&new, |_| String::new());
        let slashes = text.contains(['\\', '"']);
        if slashes && (text.ends_with('\\') || self.text(before).ends_with('\\')) {
            return None;
        }
        let argument = match quote {
            Quote::Double => in_argument_quotes(&new),
            _ if text.contains([' ', '\t', '"']) => return None,
            _ => new,
        };
        let (parent, quote) = self.parent_run(in_line)?;
        let batch = self.is_batch(in_line);
        let text = write_line(&argument, quote, batch)?;
        self.fits(parent, &text, &argument, batch).then_some((parent, text))
    }

    fn is_batch(&self, line: Place) -> bool {
        matches!(self.codec(line.layer), Codec::CmdLine { batch: true })
    }

    /// Whether cmd finds the variables in the new text that are meant as such, and no others.
    fn fits(&self, parent: Place, new: &str, chunks: &[Chunk], batch: bool) -> bool {
        let text = self.text(self.whole(parent.layer));
        let start = floor(text, parent.span.start().saturating_sub(CONTEXT));
        let end = floor(text, text.len().min(parent.span.end() + CONTEXT));
        let before = &text[start..parent.span.start()];
        let context = format!("{before}{new}{}", &text[parent.span.end()..end]);
        let own = Span::new(before.len(), before.len() + new.len());
        let found = find_variables(&context, batch);
        let mut inner =
            found.iter().filter(|span| span.overlaps(own)).map(|span| &context[span.range()]);
        let mut meant = chunks.iter().filter_map(|chunk| match chunk {
            Chunk::Hole(hole) => Some(hole.as_str()),
            _ => None,
        });
        if !inner.by_ref().eq(meant.by_ref()) {
            return false;
        }
        // Two marks would make the whole text that of a batch file.
        batch || !context.contains("%%") && !self.names_more(parent, &context, own, &found)
    }

    /// Whether a text at a prompt holds more between percent signs than the variables in it that
    /// cmd would replace if there were a variable of that name. What was there before is left so.
    fn names_more(&self, parent: Place, context: &str, own: Span, known: &[Span]) -> bool {
        let mut marks = memchr::memchr_iter(b'%', context.as_bytes()).peekable();
        while let Some(start) = marks.next() {
            if let Some(variable) = known.iter().find(|known| known.start() == start) {
                while marks.next_if(|at| *at < variable.end()).is_some() {}
                continue;
            }
            let Some(&end) = marks.peek() else { return false };
            if end < own.start() || start >= own.end() || !may_be_name(&context[start + 1..end]) {
                continue;
            }
            let around = start < own.start() && end >= own.end();
            let head = &context[(start + 1).min(own.start())..own.start()];
            let tail = &context[own.end()..end.max(own.end())];
            if !around || !may_be_name(&format!("{head}{}{tail}", self.text(parent))) {
                return true;
            }
        }
        false
    }
}

/// Whether cmd would take a text between percent signs for the name of a variable that exists,
/// with what a `:` makes of its value: nearly any text can be a name.
fn may_be_name(text: &str) -> bool {
    let name = text.split(':').next().unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_()-. ".contains(c))
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Variables in the notation of cmd; what cmd does not replace is text.
fn expand(chunks: &[Chunk]) -> Vec<Chunk> {
    let expand = |chunk: &Chunk| match chunk {
        Chunk::Text(text) => Chunk::Text(text.clone()),
        Chunk::Variable(name) => Chunk::Hole(format!("%{name}%")),
        Chunk::Hole(hole) if hole.starts_with(['%', '!']) => Chunk::Hole(hole.clone()),
        Chunk::Hole(hole) => Chunk::Text(hole.clone()),
    };
    // Neighbours are joined, since backslashes count up to the quote.
    let mut joined: Vec<Chunk> = Vec::new();
    for chunk in chunks.iter().map(expand) {
        match (joined.last_mut(), chunk) {
            (Some(Chunk::Text(last)), Chunk::Text(text)) => last.push_str(&text),
            (_, chunk) => joined.push(chunk),
        }
    }
    joined
}

/// A text between the double quotes of an argument.
fn in_argument_quotes(chunks: &[Chunk]) -> Vec<Chunk> {
    let escape = |chunk: &Chunk| match chunk {
        Chunk::Text(text) => Chunk::Text(escape_quotes(text)),
        other => other.clone(),
    };
    chunks.iter().map(escape).collect()
}

fn escape_quotes(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut slashes = 0;
    for c in text.chars() {
        if c == '"' {
            written.extend(std::iter::repeat_n('\\', slashes + 1));
        }
        slashes = if c == '\\' { slashes + 1 } else { 0 };
        written.push(c);
    }
    written
}

/// A whole argument between double quotes.
fn quote_argument(chunks: &[Chunk]) -> Vec<Chunk> {
    let mut argument = in_argument_quotes(chunks);
    let slashes = match argument.last() {
        Some(Chunk::Text(text)) => text.len() - text.trim_end_matches('\\').len(),
        _ => 0,
    };
    argument.insert(0, Chunk::Text("\"".to_owned()));
    argument.push(Chunk::Text("\\".repeat(slashes)));
    argument.push(Chunk::Text("\"".to_owned()));
    argument
}

/// An argument whose quotes are those of cmd, too. None where it holds further ones.
fn write_quoted(argument: &[Chunk], batch: bool) -> Option<String> {
    let [_, inner @ .., _] = argument else { return None };
    let quotes = inner.iter().any(|chunk| matches!(chunk, Chunk::Text(text) if text.contains('"')));
    let inner = write_line(inner, Quote::Double, batch).filter(|_| !quotes)?;
    Some(format!("\"{inner}\""))
}

/// A text in a line of cmd, that begins and ends inside quotes or outside of them. None where
/// there is no notation for that.
fn write_line(chunks: &[Chunk], quote: Quote, batch: bool) -> Option<String> {
    let mut line = String::new();
    let mut quoted = quote == Quote::Double;
    for chunk in chunks {
        match chunk {
            Chunk::Text(text) => write_text(&mut line, text, &mut quoted, quote, batch)?,
            Chunk::Hole(hole) => line.push_str(hole),
            Chunk::Variable(_) => return None,
        }
    }
    (quoted == (quote == Quote::Double)).then_some(line)
}

fn write_text(
    line: &mut String,
    text: &str,
    quoted: &mut bool,
    quote: Quote,
    batch: bool,
) -> Option<()> {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' | '\0' => return None,
            '\n' if *quoted => return None,
            '\n' => line.push_str("^\n\n"),
            '"' if quote == Quote::Double => {
                *quoted = !*quoted;
                line.push('"');
            }
            '%' if batch => line.push_str("%%"),
            _ if *quoted => line.push(c),
            '%' => {
                line.push_str("^%");
                // No variable begins with a caret.
                let plain = |c: &char| !SPECIAL.contains(*c) && !c.is_control();
                if chars.peek().is_some_and(plain) {
                    line.push('^');
                }
            }
            _ if SPECIAL.contains(c) => line.extend(['^', c]),
            _ => line.push(c),
        }
    }
    Some(())
}

/// A text as one word, in quotes.
pub(super) fn write_word(new: &[Chunk]) -> Option<String> {
    let argument = quote_argument(&expand(new));
    // Whether `%` must be doubled is only known of a text that is there.
    let is_text = |chunk: &Chunk| matches!(chunk, Chunk::Text(text) if text.contains(['%', '!']));
    if argument.iter().any(is_text) {
        return None;
    }
    write_quoted(&argument, false).or_else(|| write_line(&argument, Quote::None, false))
}

/// A text as one word, to be typed at a prompt.
pub(super) fn write_argument(new: &[Chunk]) -> Option<String> {
    write_word(new).or_else(|| write_line(&quote_argument(&expand(new)), Quote::None, false))
}
