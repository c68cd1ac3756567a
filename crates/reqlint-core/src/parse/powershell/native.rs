//! Words for a program: what becomes of double quotes on the way, and curl.

use super::Reader;
use crate::layer::{Codec, Passing, Quote};
use crate::model::{Dialect, Finding};
use crate::parse::shell::{Part, PartKind, Word};
use crate::parse::words::{Frame, Words};
use crate::span::Span;

/// A command that was found.
pub(super) struct Found {
    /// The number of the word that names it; the words behind it are its arguments.
    pub(super) name: usize,
    pub(super) piped: bool,
    pub(super) findings: Vec<Finding>,
    pub(super) broken: bool,
}

/// Whether a text holds double quotes, and each has a backslash that escapes it for a program
/// that Windows PowerShell starts.
pub(crate) fn is_escaped_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut any = false;
    memchr::memchr_iter(b'"', bytes).all(|at| {
        any = true;
        let run = bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        run % 2 == 1
    }) && any
}

impl Reader<'_, '_, '_> {
    /// Reads a command of curl.
    pub(super) fn read_native(&mut self, found: Found) {
        let escaped = self.is_escaped(found.name + 1);
        if escaped {
            for index in found.name + 1..self.words.words.len() {
                unescape(&mut self.words, self.text, index);
            }
        }
        let passing = if escaped { Passing::Escaped } else { Passing::Exact };
        let frame = Frame {
            dialect: Dialect::PowerShell,
            codec: Codec::PowerShellWord(passing),
            text: self.text,
            region: self.region,
            place: self.command_place(found.name),
            piped: found.piped,
            findings: found.findings,
            broken: found.broken,
        };
        self.words.read_curl(self.document, frame, found.name);
    }

    /// The command from its name to its last word.
    pub(super) fn command_place(&self, name: usize) -> crate::layer::Place {
        let words = &self.words.words[name..];
        let start = words.first().map_or(0, |word| word.span.start());
        let end = words.last().map_or(start, |word| word.span.end());
        self.place(start, end)
    }

    /// Whether all double quotes in the words from `first` on are escaped for a program.
    fn is_escaped(&self, first: usize) -> bool {
        let mut any = false;
        let words = &self.words.words[first..];
        words.iter().all(|word| {
            let text = self.words.text_of(self.text, word);
            let quotes = text.contains('"');
            any |= quotes;
            !quotes || is_escaped_text(&text)
        }) && any
    }
}

/// Makes `\"` in a word a double quote, as the program will.
fn unescape(words: &mut Words, text: &str, index: usize) {
    let Some(word) = words.words.get(index).copied() else { return };
    if !words.text_of(text, &word).contains('"') {
        return;
    }
    let parts: Vec<Part> = words.parts[word.parts.range()].to_vec();
    let first = words.parts.len();
    let mut slashes: Vec<(Span, Quote)> = Vec::new();
    for part in parts {
        match part.kind {
            PartKind::Exact => unescape_exact(words, text, part, &mut slashes),
            PartKind::Decoded(decoded) => {
                match words.decoded[decoded.range()].to_owned().as_str() {
                    "\"" => close(words, &mut slashes, part.span, part.quote),
                    "\\" => slashes.push((part.span, part.quote)),
                    _ => {
                        flush(words, &mut slashes);
                        words.parts.push(part);
                    }
                }
            }
            PartKind::Hole(_) | PartKind::Layer(..) => {
                flush(words, &mut slashes);
                words.parts.push(part);
            }
        }
    }
    flush(words, &mut slashes);
    let parts = Span::new(first, words.parts.len());
    words.words[index] = Word { span: word.span, parts };
}

fn unescape_exact(words: &mut Words, text: &str, part: Part, slashes: &mut Vec<(Span, Quote)>) {
    let (start, end) = (part.span.start(), part.span.end());
    let mut at = start;
    while at < end {
        match text.as_bytes()[at] {
            b'\\' => slashes.push((Span::new(at, at + 1), part.quote)),
            b'"' => close(words, slashes, Span::new(at, at + 1), part.quote),
            _ => {
                flush(words, slashes);
                let rest = &text.as_bytes()[at..end];
                let length = memchr::memchr2(b'\\', b'"', rest).unwrap_or(rest.len());
                words.exact(at, at + length, part.quote);
                at += length;
                continue;
            }
        }
        at += 1;
    }
}

/// Backslashes that stand for themselves.
fn flush(words: &mut Words, slashes: &mut Vec<(Span, Quote)>) {
    for (span, quote) in slashes.drain(..) {
        match span.len() {
            1 => words.exact(span.start(), span.end(), quote),
            _ => words.escape(span.start(), span.end(), quote, "\\"),
        }
    }
}

/// A double quote, and the odd number of backslashes before it.
fn close(words: &mut Words, slashes: &mut Vec<(Span, Quote)>, mark: Span, quote: Quote) {
    let last = slashes.pop();
    for pair in slashes.chunks(2) {
        let (first, second) = (pair[0].0, pair[pair.len() - 1].0);
        words.escape(first.start(), second.end(), quote, "\\");
    }
    slashes.clear();
    let start = last.map_or(mark.start(), |(span, _)| span.start());
    words.escape(start, mark.end(), quote, "\"");
}
