//! A command line of Windows → arguments ("Parsing C command-line arguments").

use super::line::single_quoted;
use crate::layer::{Hole, Quote};
use crate::parse::words::Words;

/// Splits a line; the words and their pieces count in it. With `singles`, an argument in single
/// quotes is read as it was meant.
pub(super) fn split_arguments(text: &str, holes: &[Hole], singles: bool, words: &mut Words) {
    let mut splitter = Splitter { bytes: text.as_bytes(), holes, singles, at: 0, from: 0, words };
    while splitter.skip_blanks() {
        splitter.argument();
    }
}

struct Splitter<'a, 'h> {
    bytes: &'a [u8],
    /// Those that were not passed yet.
    holes: &'h [Hole],
    singles: bool,
    at: usize,
    /// Where the piece begins that stands for itself.
    from: usize,
    words: &'a mut Words,
}

impl Splitter<'_, '_> {
    fn skip_blanks(&mut self) -> bool {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        self.at < self.bytes.len()
    }

    fn argument(&mut self) {
        let (start, first) = (self.at, self.words.parts.len());
        self.from = start;
        let mut quote = Quote::None;
        if self.singles
            && self.bytes[start] == b'\''
            && let Some(end) = single_quoted(self.bytes, start)
        {
            self.words.exact(start + 1, end - 1, Quote::Double);
            (self.at, self.from) = (end, end);
        }
        while let Some(byte) = self.bytes.get(self.at) {
            if self.hole(quote) {
                continue;
            }
            match byte {
                b' ' | b'\t' if quote == Quote::None => break,
                b'\\' => self.backslashes(quote),
                b'"' if quote == Quote::Double && self.bytes.get(self.at + 1) == Some(&b'"') => {
                    self.flush(quote);
                    self.escape(2, quote, "\"");
                }
                b'"' => {
                    self.flush(quote);
                    self.at += 1;
                    self.from = self.at;
                    quote = if quote == Quote::None { Quote::Double } else { Quote::None };
                }
                _ => self.at += 1,
            }
        }
        self.flush(quote);
        self.words.word(start, self.at, first);
    }

    /// Takes the hole at the cursor.
    fn hole(&mut self, quote: Quote) -> bool {
        while let [hole, rest @ ..] = self.holes
            && hole.span.start() < self.at
        {
            self.holes = rest;
        }
        let Some(hole) = self.holes.first().filter(|hole| hole.span.start() == self.at) else {
            return false;
        };
        self.flush(quote);
        self.at = hole.span.end();
        self.from = self.at;
        self.words.hole(hole.span.start(), hole.span.end(), quote, hole.kind);
        true
    }

    /// Backslashes stand for themselves, except before a double quote: there two are one, and
    /// the last of an odd number takes its meaning from the quote.
    fn backslashes(&mut self, quote: Quote) {
        let run = self.bytes[self.at..].iter().take_while(|byte| **byte == b'\\').count();
        if self.bytes.get(self.at + run) != Some(&b'"') {
            self.at += run;
            return;
        }
        self.flush(quote);
        for _ in 0..run / 2 {
            self.escape(2, quote, "\\");
        }
        if run % 2 == 1 {
            self.escape(2, quote, "\"");
        }
    }

    fn escape(&mut self, length: usize, quote: Quote, text: &str) {
        self.words.escape(self.at, self.at + length, quote, text);
        self.at += length;
        self.from = self.at;
    }

    fn flush(&mut self, quote: Quote) {
        self.words.exact(self.from, self.at, quote);
        self.from = self.at;
    }
}
