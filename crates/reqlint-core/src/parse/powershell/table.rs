//! Tables: `@{ name = value; … }`.

use super::{MAX_DEPTH, Reader};
use crate::layer::{HoleKind, Quote};
use crate::parse::shell::Word;
use crate::span::Span;

/// An entry of a table.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// From its name to the end of its value.
    pub(super) span: Span,
    pub(super) name: Word,
    /// A word, or an expression as one hole.
    pub(super) value: Word,
}

impl Reader<'_, '_, '_> {
    /// The table at the cursor as one word.
    pub(super) fn skip_table(&mut self) {
        let (start, first) = (self.at, self.words.parts.len());
        self.entries();
        self.words.parts.truncate(first);
        self.words.hole(start, self.at, Quote::None, HoleKind::Computed);
        self.words.word(start, self.at, first);
    }

    /// Reads the table at the cursor. Its words stay in the lists of pieces only.
    pub(super) fn entries(&mut self) -> Vec<Entry> {
        let open = self.at;
        self.at += 2;
        self.depth += 1;
        let mut entries = Vec::new();
        loop {
            self.skip_separators();
            match self.peek() {
                Some(b'}') if self.depth <= MAX_DEPTH => {
                    self.at += 1;
                    break;
                }
                Some(_) if self.depth <= MAX_DEPTH => entries.extend(self.entry()),
                _ => {
                    self.unclosed(open, 2);
                    break;
                }
            }
        }
        self.depth -= 1;
        entries
    }

    fn skip_separators(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b',' => self.at += 1,
                b'`' if self.join_end(self.at).is_some() => self.at += 1,
                b'#' => self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len()),
                _ => return,
            }
        }
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    fn entry(&mut self) -> Option<Entry> {
        let start = self.at;
        let name = self.name();
        self.skip_blanks();
        if self.peek() != Some(b'=') || self.at == start {
            // Nothing that an entry can begin with; go on behind it.
            self.at += self.char().map_or(1, char::len_utf8);
            return None;
        }
        self.at += 1;
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        let value = self.value();
        Some(Entry { span: Span::new(start, value.span.end().max(start)), name, value })
    }

    fn name(&mut self) -> Word {
        let (start, first) = (self.at, self.words.parts.len());
        let char = self.char().unwrap_or('=');
        if !self.quoted(char) {
            let is_end = |byte: &u8| b"= \t\r\n;{}()\"'@".contains(byte);
            self.at += self.rest().iter().position(is_end).unwrap_or(self.rest().len());
            self.words.exact(start, self.at, Quote::None);
        }
        Word { span: Span::new(start, self.at), parts: Span::new(first, self.words.parts.len()) }
    }

    /// The value: a word, or more than one as a hole.
    fn value(&mut self) -> Word {
        let (start, first) = (self.at, self.words.parts.len());
        let mark = self.words.words.len();
        let mut end = start;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'`' if self.join_end(self.at).is_some() => self.at += 1,
                b'\n' | b';' | b'}' | b')' => break,
                b'{' => self.group(1, b'}'),
                b'|' | b',' | b'&' | b'<' | b'>' => {
                    // An operator: the value is computed.
                    self.at += 1;
                    end = self.at;
                    self.words.word(self.at - 1, self.at, first);
                }
                _ => {
                    self.word();
                    end = self.at;
                }
            }
        }
        let one = match &self.words.words[mark..] {
            [word] => Some(*word),
            _ => None,
        };
        self.words.words.truncate(mark);
        if let Some(word) = one {
            return word;
        }
        self.words.parts.truncate(first);
        self.words.hole(start, end, Quote::None, HoleKind::Computed);
        Word { span: Span::new(start, end), parts: Span::new(first, self.words.parts.len()) }
    }
}
