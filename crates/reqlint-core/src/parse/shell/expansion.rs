//! Expansions, which are holes, and the quotes `"…"` and `$'…'`.

use super::lexer::{Lexer, MAX_DEPTH};
use super::list::Close;
use super::output::Captured;
use crate::layer::{HoleKind, Quote};
use crate::model::FindingKind;

impl Lexer<'_, '_, '_> {
    /// Whether the `$` at the cursor begins anything outside quotes.
    pub(super) fn opens_expansion(&self) -> bool {
        match self.byte(self.at + 1) {
            Some(b'\'' | b'"') => true,
            next => is_expansion(next),
        }
    }

    /// Reads text in which `$`, backticks and some backslashes count, up to `close` or the end.
    /// Here-documents have no `close`.
    pub(super) fn expanding_text(&mut self, quote: Quote, close: Option<u8>) {
        let mut from = self.at;
        loop {
            let bytes = &self.text.as_bytes()[..self.end];
            let special = match close {
                Some(close) => bytes[self.at..]
                    .iter()
                    .position(|&byte| byte == close || matches!(byte, b'\\' | b'$' | b'`')),
                None => memchr::memchr3(b'\\', b'$', b'`', &bytes[self.at..]),
            };
            let Some(length) = special else {
                self.at = self.end;
                break;
            };
            self.at += length;
            let at = self.at;
            match bytes[at] {
                b'\\' => {
                    self.push_exact(from, at, quote);
                    self.escaped_in_text(quote, close);
                }
                b'$' if !is_expansion(self.byte(at + 1)) => {
                    self.at += 1;
                    self.push_exact(from, self.at, quote);
                }
                b'$' | b'`' => {
                    self.push_exact(from, at, quote);
                    self.expansion(quote);
                }
                _ => break,
            }
            from = self.at;
        }
        self.push_exact(from, self.at, quote);
    }

    fn escaped_in_text(&mut self, quote: Quote, close: Option<u8>) {
        let start = self.at;
        match self.byte(start + 1) {
            Some(byte) if Some(byte) == close || matches!(byte, b'\\' | b'$' | b'`') => {
                self.at += 2;
                let text = self.text;
                self.push_decoded(start, self.at, quote, &text[start + 1..start + 2]);
            }
            Some(b'\n') => self.at += 2,
            Some(b'\r') if self.byte(start + 2) == Some(b'\n') => self.at += 3,
            Some(_) | None => {
                self.at += 1;
                self.push_exact(start, self.at, quote);
            }
        }
    }

    /// Reads what begins with `$` or a backtick, outside quotes or inside of `quote`.
    pub(super) fn expansion(&mut self, quote: Quote) {
        let start = self.at;
        if self.peek() == Some(b'`') {
            self.backticks();
            return self.push_hole(start, self.at, quote, HoleKind::Command);
        }
        if self.is_lost_dollar(start) {
            self.at += 1;
            return self.push_exact(start, self.at, quote);
        }
        let kind = match self.byte(start + 1) {
            Some(b'\'') if quote == Quote::None => return self.ansi_quoted(),
            Some(b'"') if quote == Quote::None => {
                self.at += 1;
                return self.double_quoted();
            }
            Some(b'(') => {
                self.at += 2;
                let captured = self.substitution(start);
                if quote == Quote::Double && self.push_captured(captured) {
                    return;
                }
                HoleKind::Command
            }
            Some(b'{') if template(self.rest()).is_some() => {
                self.at += template(self.rest()).unwrap_or_default();
                HoleKind::Placeholder
            }
            Some(b'{') => {
                self.at += 2;
                self.braced(start, quote);
                HoleKind::Variable
            }
            Some(byte) => {
                self.at += 2;
                if byte.is_ascii_alphabetic() || byte == b'_' {
                    self.skip_name();
                }
                HoleKind::Variable
            }
            None => {
                self.at += 1;
                return self.push_exact(start, self.at, quote);
            }
        };
        match self.value_at(start, quote).filter(|_| kind == HoleKind::Variable) {
            Some(value) => {
                self.note_definition(start, &value);
                self.push_decoded(start, self.at, quote, &value.text);
            }
            None => self.push_hole(start, self.at, quote, kind),
        }
    }

    fn skip_name(&mut self) {
        let rest = self.rest().as_bytes();
        self.at +=
            rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    }

    /// Reads to the end of `$(…)`; curl commands in it count.
    pub(super) fn substitution(&mut self, start: usize) -> Captured {
        if self.depth >= MAX_DEPTH {
            self.set_unclosed(start, FindingKind::NestingTooDeep);
            return Captured::default();
        }
        let arithmetic = self.arithmetic;
        self.arithmetic = self.peek() == Some(b'(');
        let outer = std::mem::take(&mut self.captured);
        let closed = self.nested(Close::Paren);
        let mut captured = std::mem::replace(&mut self.captured, outer);
        if self.arithmetic || !closed {
            captured = Captured::default();
        }
        self.arithmetic = arithmetic;
        if !closed {
            self.set_unclosed(start, FindingKind::UnclosedQuote);
        }
        captured
    }

    fn nested(&mut self, close: Close) -> bool {
        let outer = std::mem::take(&mut self.buffers);
        let cases = std::mem::take(&mut self.cases);
        let prompted = self.prompted;
        self.depth += 1;
        let closed = self.list(close);
        self.depth -= 1;
        self.prompted = prompted;
        self.cases = cases;
        self.buffers = outer;
        closed
    }

    fn backticks(&mut self) {
        let start = self.at;
        if self.depth >= MAX_DEPTH {
            return self.set_unclosed(start, FindingKind::NestingTooDeep);
        }
        self.at += 1;
        let Some(close) = self.closing_backtick() else {
            self.at = self.end;
            return self.set_unclosed(start, FindingKind::UnclosedQuote);
        };
        let end = std::mem::replace(&mut self.end, close);
        let outer = std::mem::take(&mut self.captured);
        self.nested(Close::End);
        self.captured = outer;
        // What is broken inside ends with the backticks.
        self.unclosed = self.unclosed.filter(|it| it.kind == FindingKind::NestingTooDeep);
        self.end = end;
        self.at = close + 1;
    }

    fn closing_backtick(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            at += memchr::memchr2(b'\\', b'`', bytes.get(at..self.end)?)?;
            if bytes[at] == b'`' {
                return Some(at);
            }
            at += 2;
        }
    }

    /// Reads to the end of `${…}`.
    fn braced(&mut self, start: usize, quote: Quote) {
        if self.depth >= MAX_DEPTH {
            return self.set_unclosed(start, FindingKind::NestingTooDeep);
        }
        self.depth += 1;
        let parts = self.buffers.parts.len();
        let decoded = self.buffers.decoded.len();
        while let Some(byte) = self.peek() {
            match byte {
                b'}' => break,
                b'\\' => self.at = (self.at + 2).min(self.end),
                b'\'' if quote == Quote::None => {
                    let close = memchr::memchr(b'\'', &self.rest().as_bytes()[1..]);
                    self.at = close.map_or(self.end, |length| self.at + length + 2);
                }
                b'"' => self.double_quoted(),
                b'$' if is_expansion(self.byte(self.at + 1)) => self.expansion(Quote::Double),
                b'`' => self.expansion(Quote::Double),
                _ => self.at += 1,
            }
        }
        self.depth -= 1;
        // The hole as a whole stands for what was read.
        self.buffers.parts.truncate(parts);
        self.buffers.decoded.truncate(decoded);
        match self.peek() {
            Some(_) => self.at += 1,
            None => self.set_unclosed(start, FindingKind::UnclosedQuote),
        }
    }

    /// Reads `$'…'` (bash manual, ANSI-C quoting).
    fn ansi_quoted(&mut self) {
        let open = self.at;
        self.at += 2;
        let mut from = self.at;
        // After an encoded zero byte, bash drops the rest.
        let mut dropped = false;
        loop {
            let Some(length) = memchr::memchr2(b'\\', b'\'', self.rest().as_bytes()) else {
                self.push_exact(from, self.end, Quote::Ansi);
                self.at = self.end;
                return self.set_unclosed(open, FindingKind::UnclosedQuote);
            };
            self.at += length;
            let at = self.at;
            if !dropped {
                self.push_exact(from, at, Quote::Ansi);
            }
            if self.peek() == Some(b'\'') {
                self.at += 1;
                return;
            }
            let code = self.ansi_escape();
            match code {
                Some(Code::Zero) => dropped = true,
                Some(_) if dropped => {}
                Some(Code::Char(char)) => {
                    self.push_decoded(at, self.at, Quote::Ansi, char.encode_utf8(&mut [0; 4]));
                }
                Some(Code::Byte(byte)) => self.ansi_bytes(at, byte),
                Some(Code::Invalid) => {
                    self.push_hole(at, self.at, Quote::Ansi, HoleKind::Computed);
                }
                None if dropped => {}
                None => self.push_exact(at, self.at, Quote::Ansi),
            }
            from = self.at;
        }
    }

    /// A run of escapes that name bytes is text where the bytes are UTF-8 together.
    fn ansi_bytes(&mut self, start: usize, first: u8) {
        let mut bytes = vec![first];
        let mut end = self.at;
        while self.peek() == Some(b'\\') && bytes.len() < 4 && !is_utf8(&bytes) {
            match self.ansi_escape() {
                Some(Code::Byte(byte)) => bytes.push(byte),
                _ => break,
            }
            end = self.at;
        }
        self.at = end;
        match std::str::from_utf8(&bytes) {
            Ok(text) => self.push_decoded(start, end, Quote::Ansi, text),
            Err(_) => self.push_hole(start, end, Quote::Ansi, HoleKind::Computed),
        }
    }

    /// What the escape at the cursor stands for; none where it stands for itself.
    fn ansi_escape(&mut self) -> Option<Code> {
        let kind = self.rest()[1..].chars().next();
        self.at += 1 + kind.map_or(0, char::len_utf8);
        let char = match kind? {
            'a' => '\x07',
            'b' => '\x08',
            'e' | 'E' => '\x1b',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            char @ ('\\' | '\'' | '"' | '?') => char,
            '0'..='7' => {
                self.at -= 1;
                return self.digits(8, 3).map(|value| byte_code(value & 0xFF));
            }
            'x' => return self.digits(16, 2).map(byte_code),
            'u' => return self.digits(16, 4).map(char_code),
            'U' => return self.digits(16, 8).map(char_code),
            'c' => {
                let control = self.peek().filter(u8::is_ascii)?;
                self.at += 1;
                return Some(byte_code(u32::from(control.to_ascii_uppercase() & 0x1F)));
            }
            _ => return None,
        };
        Some(Code::Char(char))
    }

    fn digits(&mut self, radix: u32, most: usize) -> Option<u32> {
        let rest = self.rest().as_bytes();
        let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
        let length = rest.iter().take(most).take_while(is_digit).count();
        let value = u32::from_str_radix(&self.rest()[..length], radix).ok()?;
        self.at += length;
        Some(value)
    }
}

/// The length of the `${{ name }}` that a text starts with, which no shell reads: the runner of a
/// workflow has put something else there before.
fn template(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("${{")?;
    let line = inner.split('\n').next()?;
    line.find("}}").map(|length| length + 5)
}

/// What an escape stands for.
enum Code {
    Char(char),
    Byte(u8),
    Zero,
    /// No character, such as half of a surrogate pair.
    Invalid,
}

fn byte_code(value: u32) -> Code {
    match u8::try_from(value) {
        Ok(0) => Code::Zero,
        Ok(byte) if byte.is_ascii() => Code::Char(char::from(byte)),
        Ok(byte) => Code::Byte(byte),
        Err(_) => Code::Invalid,
    }
}

fn char_code(value: u32) -> Code {
    match char::from_u32(value) {
        Some('\0') => Code::Zero,
        Some(char) => Code::Char(char),
        None => Code::Invalid,
    }
}

fn is_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok()
}

fn is_expansion(next: Option<u8>) -> bool {
    next.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_({@*#?-$!".contains(&byte))
}
