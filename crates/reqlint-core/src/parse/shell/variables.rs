//! Variables and arrays that a script sets for itself, once and whatever happens: what they stand
//! for is known where they are used.
//!
//! A script may set a variable in many ways, so anything that could be one makes it unknown: a
//! second assignment, `read`, a loop, a file that is sourced, a name that stands alone.

use super::command::Pending;
use super::lexer::Lexer;
use super::word::{Part, PartKind, Word};
use crate::layer::Quote;
use crate::span::Span;
use std::collections::HashMap;

/// Longer values are not followed.
const LONGEST_VALUE: usize = 4096;

/// A piece of a word, with its text where that is decoded.
pub(super) type OwnedPart = (Part, Option<String>);

/// The words of an array, each with where it stands.
type ArrayWords = Vec<(Span, Vec<OwnedPart>)>;

/// The value of a variable, and where it is written, quotes included.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) text: String,
    span: Span,
}

/// What a script has set so far.
#[derive(Debug, Default)]
pub(super) struct Variables {
    texts: HashMap<String, Value>,
    /// The words of each array.
    arrays: HashMap<String, ArrayWords>,
    /// The array in the command at hand, with its name.
    open: Option<(String, ArrayWords)>,
    /// How often each name may be set in the text, once that was asked.
    writes: Option<HashMap<String, usize>>,
    /// Whether the script runs text that is not in it, once that was asked.
    loads: Option<bool>,
    /// How many compound commands and groups are open.
    pub(super) compounds: usize,
    pub(super) groups: usize,
    /// After `&&` or `||`.
    pub(super) conditional: bool,
}

impl Lexer<'_, '_, '_> {
    /// Notes what a command at the top of the script does to variables.
    pub(super) fn note_variables(&mut self, command: &Pending, pipe: bool) {
        if self.depth > 0 {
            return;
        }
        let array = self.variables.open.take();
        let words = &self.buffers.words[command.words.range()];
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            match self.plain_text(word) {
                "if" | "while" | "until" | "for" | "case" | "select" | "{" => {
                    self.variables.compounds += 1;
                }
                "fi" | "done" | "esac" | "}" => {
                    self.variables.compounds = self.variables.compounds.saturating_sub(1);
                }
                "then" | "else" | "elif" | "do" | "!" => {}
                _ => break,
            }
            at += 1;
        }
        let is_certain = self.variables.compounds == 0
            && self.variables.groups == 0
            && !self.variables.conditional
            && !command.piped
            && !command.broken
            && !pipe;
        let is_declaration =
            |word: &Word| matches!(self.plain_text(word), "export" | "readonly" | "declare");
        if at == 0 && words.first().is_some_and(is_declaration) {
            let is_option = |word: &Word| matches!(self.plain_text(word), "-r" | "-x" | "-rx");
            at = 1 + words[1..].iter().take_while(|word| is_option(word)).count();
        }
        for word in &words[at.min(words.len())..] {
            match self.assignment(word) {
                Some(assignment) => found.push(assignment),
                // What stands before a command holds for it alone.
                None => return,
            }
        }
        if !is_certain {
            return;
        }
        match array {
            Some((name, words)) if found.len() == 1 => {
                if self.is_set_once(&name) {
                    self.variables.arrays.insert(name, words);
                }
            }
            Some(_) => {}
            None => {
                for (name, value) in found {
                    if let Some(value) = value.filter(|_| self.is_set_once(&name)) {
                        self.variables.texts.insert(name, value);
                    }
                }
            }
        }
    }

    /// `NAME=value`, with the value where all of it is known.
    fn assignment(&self, word: &Word) -> Option<(String, Option<Value>)> {
        let parts = &self.buffers.parts[word.parts.range()];
        let first = parts.first()?;
        let written = &self.text[first.span.range()];
        let (name, _) = written.split_once('=')?;
        let is_plain = matches!(first.kind, PartKind::Exact) && first.quote == Quote::None;
        if !is_plain || !is_name(name) {
            return None;
        }
        let mut text = String::new();
        for part in parts {
            match part.kind {
                PartKind::Hole(_) => return Some((name.to_owned(), None)),
                PartKind::Decoded(span) | PartKind::Layer(span, _) => {
                    text.push_str(&self.buffers.decoded[span.range()]);
                }
                PartKind::Exact => text.push_str(&self.text[part.span.range()]),
            }
        }
        let text = text[name.len() + 1..].to_owned();
        let start = first.span.start() + name.len() + 1;
        let value = Value { text, span: Span::new(start, word.span.end()) };
        Some((name.to_owned(), Some(value).filter(|value| value.text.len() <= LONGEST_VALUE)))
    }

    /// Whether nothing in the text but one assignment can set a variable.
    fn is_set_once(&mut self, name: &str) -> bool {
        let text = self.text;
        let loads = |line: &str| {
            let line = line.trim_start();
            ["source ", ". ", "eval "].iter().any(|command| line.starts_with(command))
        };
        if *self.variables.loads.get_or_insert_with(|| text.lines().any(loads)) {
            return false;
        }
        let writes = self.variables.writes.get_or_insert_with(|| count_writes(text));
        writes.get(name) == Some(&1)
    }

    /// What the expansion from `start` to the cursor stands for, where that is certain.
    pub(super) fn value_at(&self, start: usize, quote: Quote) -> Option<Value> {
        if self.variables.texts.is_empty() {
            return None;
        }
        let written = self.text.get(start + 1..self.at)?;
        let name = match written.strip_prefix('{') {
            Some(rest) => rest.strip_suffix('}')?,
            None => written,
        };
        let value = self.variables.texts.get(name)?;
        // Outside quotes, the shell would split it and look for files.
        let is_one_word = !value.text.is_empty()
            && !value.text.contains(|char: char| char.is_whitespace() || "*?[".contains(char));
        (quote == Quote::Double || is_one_word).then(|| value.clone())
    }

    /// Notes where the value of the expansion from `start` to the cursor is written.
    pub(super) fn note_definition(&mut self, start: usize, value: &Value) {
        let used = self.place(start, self.at);
        let definition = self.place(value.span.start(), value.span.end());
        self.document.layers.define(used, definition);
    }

    /// Whether the bracket at the cursor begins the words of an array.
    pub(super) fn starts_array(&self) -> bool {
        let words = &self.buffers.words[self.buffers.open.words.start()..];
        words.last().is_some_and(|word| {
            let text = &self.text[word.span.range()];
            word.span.end() == self.at && text.strip_suffix('=').is_some_and(is_appended_name)
        })
    }

    /// Reads the words of an array.
    pub(super) fn array(&mut self) {
        let name = self.buffers.words.last().map_or(Span::empty(0), |word| word.span);
        let name = self.text[name.range()].trim_end_matches(['=', '+']).to_owned();
        self.at += 1;
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                None => break,
                Some(b')') => {
                    self.at += 1;
                    break;
                }
                Some(b'\n') => self.at += 1,
                Some(b'#') => {
                    let rest = self.rest().as_bytes();
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
                Some(_) => {
                    let before = self.at;
                    let word = self.word();
                    if self.at == before {
                        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
                        continue;
                    }
                    words.push((word.span, self.own_parts(word.parts)));
                }
            }
        }
        self.buffers.open.end = self.at;
        if self.depth == 0 {
            self.variables.open = Some((name, words));
        }
    }

    /// The pieces of a word, independent of the lists that they stand in.
    pub(super) fn own_parts(&self, parts: Span) -> Vec<OwnedPart> {
        let text = |part: &Part| match part.kind {
            PartKind::Decoded(span) | PartKind::Layer(span, _) => {
                Some(self.buffers.decoded[span.range()].to_owned())
            }
            PartKind::Exact | PartKind::Hole(_) => None,
        };
        self.buffers.parts[parts.range()].iter().map(|part| (*part, text(part))).collect()
    }

    /// The words of a command, with `"${name[@]}"` replaced where the array is known, and `$name`
    /// where the variable holds several words.
    pub(super) fn expand_words(&mut self, words: Span) -> Vec<Word> {
        let words = self.buffers.words[words.range()].to_vec();
        if self.variables.arrays.is_empty() && self.variables.texts.is_empty() {
            return words;
        }
        let mut expanded = Vec::with_capacity(words.len());
        for word in words {
            if let Some((part, text)) = self.split_value(&word) {
                expanded.extend(text.split_whitespace().map(|text| self.word_of(part, text)));
                continue;
            }
            match self.array_of(&word).cloned() {
                Some(items) => {
                    for (span, parts) in items {
                        let first = self.buffers.parts.len();
                        parts.into_iter().for_each(|part| self.push_owned(part));
                        let parts = Span::new(first, self.buffers.parts.len());
                        expanded.push(Word { span, parts });
                    }
                }
                None => expanded.push(word),
            }
        }
        expanded
    }

    /// The value of the variable that is the whole of a word, where the shell splits it.
    fn split_value(&self, word: &Word) -> Option<(Part, String)> {
        let [part] = &self.buffers.parts[word.parts.range()] else { return None };
        let is_bare = matches!(part.kind, PartKind::Hole(_)) && part.quote == Quote::None;
        let written = self.text[part.span.range()].strip_prefix('$').filter(|_| is_bare)?;
        let braced = written.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let value = self.variables.texts.get(braced.unwrap_or(written))?;
        // The shell would look for files.
        (!value.text.contains(['*', '?', '['])).then(|| (*part, value.text.clone()))
    }

    /// A word that a variable brings. Nothing is written into it.
    fn word_of(&mut self, part: Part, text: &str) -> Word {
        let origin = self.place(part.span.start(), part.span.end());
        let layer = self.document.layers.implied(text, origin).layer;
        let from = self.buffers.decoded.len();
        self.buffers.decoded.push_str(text);
        let kind = PartKind::Layer(Span::new(from, self.buffers.decoded.len()), layer);
        let first = self.buffers.parts.len();
        self.buffers.parts.push(Part { kind, ..part });
        Word { span: part.span, parts: Span::new(first, first + 1) }
    }

    fn array_of(&self, word: &Word) -> Option<&ArrayWords> {
        let [part] = &self.buffers.parts[word.parts.range()] else { return None };
        let is_hole = matches!(part.kind, PartKind::Hole(_)) && part.quote == Quote::Double;
        let written = self.text[part.span.range()].strip_prefix("${")?.strip_suffix("[@]}")?;
        if is_hole { self.variables.arrays.get(written) } else { None }
    }

    fn push_owned(&mut self, (part, text): OwnedPart) {
        let (start, end) = (part.span.start(), part.span.end());
        match (text, part.kind) {
            (Some(text), _) => self.push_decoded(start, end, part.quote, &text),
            (None, PartKind::Hole(kind)) => self.push_hole(start, end, part.quote, kind),
            (None, _) => self.push_exact(start, end, part.quote),
        }
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_appended_name(name: &str) -> bool {
    is_name(name.strip_suffix('+').unwrap_or(name))
}

/// How often each name of a text may be set in it.
fn count_writes(text: &str) -> HashMap<String, usize> {
    let mut writes = HashMap::new();
    let bytes = text.as_bytes();
    let is_inner = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_' || **byte >= 0x80;
    let (mut at, mut line) = (0, 0);
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(is_inner).count();
        let word = Span::new(at, at + length);
        if text.get(word.range()).is_some_and(is_name) && may_set(text, line, word) {
            *writes.entry(text[word.range()].to_owned()).or_default() += 1;
        }
        if bytes.get(word.end()) == Some(&b'\n') {
            line = word.end() + 1;
        }
        at = word.end() + 1;
    }
    writes
}

/// Whether the name that is this word of a line may be set there: not where its value is asked for.
fn may_set(text: &str, line: usize, word: Span) -> bool {
    let (bytes, at, length) = (text.as_bytes(), word.start(), word.len());
    let before = &text[line..at];
    if before.trim_start().starts_with('#') || matches!(before.trim(), "export" | "readonly") {
        return matches!(bytes.get(at + length), Some(b'=' | b'+')) && !before.contains('#');
    }
    match before.as_bytes() {
        [] | [.., b' ' | b'\t' | b';' | b'('] => true,
        [.., b'&'] => before.len() < 2 || before.ends_with("&&") || before.ends_with(" &"),
        _ => false,
    }
}

#[cfg(test)]
#[test]
fn any_number_of_variables_is_followed() {
    let mut text: String = (0..1_000).map(|number| format!("V{number}=v{number}\n")).collect();
    text += "curl \"https://example.com/$V0/$V999\"\n";
    let document = crate::parse::parse(&text, crate::model::Kind::Shell);
    assert_eq!(document.text(document.requests[0].url.path), "/v0/v999");
}
