//! Words in argument mode: bare ones, variables, expressions, and the raw ones behind `--%`.

use super::Reader;
use crate::layer::{HoleKind, Quote};
use crate::parse::cmd::find_variables;
use crate::parse::words::Words;
use crate::span::Span;

impl Reader<'_, '_, '_> {
    /// Reads one word; something stands at the cursor that ends no statement.
    pub(super) fn word(&mut self) {
        let (start, first) = (self.at, self.words.parts.len());
        match self.peek() {
            Some(b'(') => return self.expression(1),
            Some(b'@') => match self.bytes.get(self.at + 1) {
                Some(b'(') => return self.expression(2),
                Some(b'{') => return self.skip_table(),
                Some(b'\'' | b'"') if self.here_string() => {
                    return self.words.word(start, self.at, first);
                }
                Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => return self.splat(),
                _ => {}
            },
            Some(b'$') => {
                self.variable_with_members();
            }
            _ => {}
        }
        if let Some(char) = self.char()
            && self.at == start
            && self.quoted(char)
        {
            self.members(start, first);
            return self.words.word(start, self.at, first);
        }
        self.generic(start);
        if self.at == start {
            self.at += self.char().map_or(1, char::len_utf8);
            return;
        }
        self.words.word(start, self.at, first);
    }

    /// A string at the cursor, if there is one.
    pub(super) fn quoted(&mut self, char: char) -> bool {
        if super::is_single_quote(char) {
            self.single_quoted(char.len_utf8());
        } else if super::is_double_quote(char) {
            self.double_quoted(char.len_utf8());
        } else {
            return false;
        }
        true
    }

    /// The rest of a word that is not quoted as a whole.
    fn generic(&mut self, start: usize) {
        let mut from = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'(' | b')' | b'{' | b'}' | b'<'
                | b'>' | b',' => break,
                b'&' => {
                    if !self.lost_rest(start) {
                        break;
                    }
                }
                b'`' => {
                    if self.join_end(self.at).is_some() {
                        break;
                    }
                    self.words.exact(from, self.at, Quote::None);
                    self.backtick(Quote::None);
                    from = self.at;
                }
                b'$' => {
                    self.words.exact(from, self.at, Quote::None);
                    self.expansion(Quote::None);
                    from = self.at;
                }
                b'"' | b'\'' | 0x80.. => {
                    let Some(char) = self.char() else { break };
                    self.words.exact(from, self.at, Quote::None);
                    let before = self.at;
                    if self.quoted(char) {
                        from = self.at;
                    } else {
                        from = before;
                        self.at += char.len_utf8();
                    }
                }
                _ => self.at += 1,
            }
        }
        self.words.exact(from, self.at, Quote::None);
    }

    /// `(…)` and `@(…)`, with the members behind them.
    fn expression(&mut self, length: usize) {
        let (start, first) = (self.at, self.words.parts.len());
        self.inside(length, b')');
        self.words.hole(start, self.at, Quote::None, HoleKind::Command);
        self.members(start, first);
        self.words.word(start, self.at, first);
    }

    /// `@name` stands for any number of parameters.
    fn splat(&mut self) {
        let (start, first) = (self.at, self.words.parts.len());
        self.at += 1;
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b':');
        self.at += self.rest().iter().take_while(is_name).count();
        self.words.hole(start, self.at, Quote::None, HoleKind::Variable);
        self.words.word(start, self.at, first);
    }

    /// `$name`, and `.member`, `[index]`, `.method(…)` behind it.
    fn variable_with_members(&mut self) {
        let (start, first) = (self.at, self.words.parts.len());
        self.expansion(Quote::None);
        if self.words.parts.len() > first && self.at > start + 1 {
            self.members(start, first);
        }
    }

    /// `.member`, `[index]` and `(…)` behind a value make a hole of the whole.
    fn members(&mut self, start: usize, first: usize) {
        let end = self.at;
        loop {
            let is_name = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
            match self.rest() {
                [b'.', letter, ..] if is_name(letter) => {
                    let inner = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                    self.at += 1;
                    self.at += self.rest().iter().take_while(inner).count();
                }
                [b'[', ..] => {
                    let is_end = |byte: &u8| matches!(byte, b']' | b'\n');
                    match self.rest().iter().take(200).position(is_end) {
                        Some(close) if self.rest()[close] == b']' => self.at += close + 1,
                        _ => break,
                    }
                }
                [b'(', ..] if self.at > end => self.inside(1, b')'),
                _ => break,
            }
        }
        if self.at > end {
            self.words.parts.truncate(first);
            self.words.hole(start, self.at, Quote::None, HoleKind::Command);
        }
    }
}

/// The words behind `--%`: double quotes hold them together, `%NAME%` is replaced.
pub(super) fn raw_words(text: &str, region: Span, words: &mut Words) {
    let variables = find_variables(&text[region.range()], false);
    let mut variables = variables.iter().map(|span| span.shifted(region.start())).peekable();
    let bytes = text.as_bytes();
    let mut at = region.start();
    while at < region.end() {
        if matches!(bytes[at], b' ' | b'\t' | b'\r') {
            at += 1;
            continue;
        }
        let (start, first) = (at, words.parts.len());
        let (mut quote, mut from) = (Quote::None, at);
        while at < region.end() {
            while variables.peek().is_some_and(|span| span.start() < at) {
                variables.next();
            }
            if let Some(span) = variables.next_if(|span| span.start() == at) {
                words.exact(from, at, quote);
                words.hole(at, span.end(), quote, HoleKind::Variable);
                (at, from) = (span.end(), span.end());
                continue;
            }
            match bytes[at] {
                b' ' | b'\t' | b'\r' if quote == Quote::None => break,
                b'\\' if bytes.get(at + 1) == Some(&b'"') => {
                    words.exact(from, at, quote);
                    words.escape(at, at + 2, quote, "\"");
                    (at, from) = (at + 2, at + 2);
                }
                b'"' => {
                    words.exact(from, at, quote);
                    quote = if quote == Quote::None { Quote::Double } else { Quote::None };
                    (at, from) = (at + 1, at + 1);
                }
                _ => at += 1,
            }
        }
        words.exact(from, at, quote);
        words.word(start, at, first);
    }
}
