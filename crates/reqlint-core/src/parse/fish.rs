//! Commands of fish: finds the curl commands, wherever fish would run one.
//!
//! Follows the manual of fish ("The fish language"), as far as it decides where words and
//! commands begin and end; what only happens at run time becomes a hole.

mod word;

use super::client::Client;
use super::repair::close_quote;
use super::words::{Frame, Mark, Words, is_curl};
use crate::layer::{Codec, Place};
use crate::model::{Dialect, Document, Finding, FindingKind};
use crate::span::Span;

/// Substitutions may stand inside each other this deep.
const MAX_DEPTH: usize = 64;

/// Finds every curl command in `region` and adds its requests and findings to the document.
pub fn parse_fish(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let first = document.requests.len();
    let mut reader = Reader {
        document,
        text: &text,
        bytes: text.as_bytes(),
        region,
        at: 0,
        depth: 0,
        words: Words::default(),
        unclosed: None,
        too_deep: false,
    };
    reader.commands(false);
    // Commands inside of `(…)` were met before the one around them.
    document.requests[first..].sort_by_key(|request| request.place.span.start());
}

struct Reader<'t, 'd, 's> {
    document: &'d mut Document<'s>,
    text: &'t str,
    bytes: &'t [u8],
    region: Place,
    at: usize,
    depth: usize,
    words: Words,
    /// The first quote of the command at hand that never closes.
    unclosed: Option<usize>,
    /// Whether the rest of the text was left unread, for how deep it is nested.
    too_deep: bool,
}

impl Reader<'_, '_, '_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.bytes[self.at.min(self.bytes.len())..].starts_with(text)
    }

    /// Reads commands up to the end, or up to and including a `)`; false where that is missing.
    fn commands(&mut self, inner: bool) -> bool {
        let mut piped = false;
        loop {
            let mark = self.words.mark();
            let mut reads = std::mem::take(&mut piped);
            let ended = self.command_words(&mut reads);
            self.emit(mark, reads);
            self.words.reset(mark);
            match ended {
                None => return !inner,
                Some(b')') => {
                    self.at += 1;
                    if inner {
                        return true;
                    }
                }
                Some(b'|') => {
                    piped = !self.starts_with(b"||");
                    self.at += if piped { 1 } else { 2 };
                }
                Some(_) => self.at += 1,
            }
        }
    }

    /// Reads the words of one command; the answer is the byte that ends it.
    fn command_words(&mut self, piped: &mut bool) -> Option<u8> {
        loop {
            let byte = self.peek()?;
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.join_end(self.at).is_some() => {
                    self.at = self.join_end(self.at).unwrap_or(self.bytes.len());
                }
                b'#' => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
                b'\n' | b';' | b'|' | b')' => return Some(byte),
                b'&' if self.starts_with(b"&>") => self.redirection(),
                b'&' => return Some(byte),
                b'<' | b'>' => {
                    *piped |= byte == b'<';
                    self.redirection();
                }
                b'1' | b'2' if self.bytes.get(self.at + 1) == Some(&b'>') => self.redirection(),
                _ => self.word(),
            }
        }
    }

    /// The first byte behind the line end that the backslash at `at` takes away.
    fn join_end(&self, at: usize) -> Option<usize> {
        match &self.bytes[(at + 1).min(self.bytes.len())..] {
            [b'\r', b'\n', ..] => Some(at + 3),
            [b'\n', ..] => Some(at + 2),
            _ => None,
        }
    }

    fn redirection(&mut self) {
        while matches!(self.peek(), Some(b'1' | b'2' | b'<' | b'>' | b'&' | b'?')) {
            self.at += 1;
        }
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let mark = self.words.mark();
        if !matches!(self.peek(), None | Some(b'\n' | b'\r' | b';' | b'|' | b')' | b'#')) {
            self.word();
        }
        self.words.reset(mark);
    }

    fn emit(&mut self, mark: Mark, piped: bool) {
        let unclosed = self.unclosed.take();
        let words = self.words.words_since(mark);
        let Some((first, name)) = find_curl(self.text, &self.words, words) else { return };
        let start = words[first].span.start();
        let end = words.last().map_or(start, |word| word.span.end());
        let name = self.words.words.len() - words.len() + name;
        let place = |start, end| self.region.sub(Span::new(start, end));
        let layers = &self.document.layers;
        let quote = |open| Finding {
            repair: close_quote(layers, self.region, open, self.text.len()),
            ..Finding::new(FindingKind::UnclosedQuote, place(open, open + 1))
        };
        let findings = unclosed.map(quote).into_iter().collect();
        let frame = Frame {
            dialect: Dialect::Fish,
            codec: Codec::FishWord,
            text: self.text,
            region: self.region,
            place: place(start, end),
            piped,
            findings,
            broken: unclosed.is_some() || self.too_deep,
        };
        self.words.read_curl(self.document, frame, name);
    }
}

/// Which of the words is `curl`, and with which word the command begins.
fn find_curl(text: &str, all: &Words, words: &[super::shell::Word]) -> Option<(usize, usize)> {
    let mut first = None;
    let mut options = false;
    let next = |index: usize| words.get(index + 1).map(|word| all.name_of(text, word));
    for (index, word) in words.iter().enumerate() {
        let plain = all.name_of(text, word);
        match plain.as_str() {
            _ if is_curl(&plain) || Client::of(&plain, next(index).as_deref()).is_some() => {
                return Some((first.unwrap_or(index), index));
            }
            "and" | "or" | "not" | "!" | "if" | "else" | "while" | "begin" | "time" | "$" | ">" => {
            }
            "command" | "env" | "sudo" | "exec" | "builtin" | "nohup" => {
                first = first.or(Some(index));
                options = true;
            }
            option if options && option.starts_with('-') => {}
            assignment if is_assignment(assignment) => {}
            _ => return None,
        }
    }
    None
}

fn is_assignment(word: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(is_name))
}
