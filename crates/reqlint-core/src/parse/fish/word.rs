//! Words of fish: quotes, escapes, variables, substitutions.

use super::{MAX_DEPTH, Reader};
use crate::layer::{HoleKind, Quote};
use crate::model::{Finding, FindingKind};
use crate::span::Span;

impl Reader<'_, '_, '_> {
    /// Reads one word; something stands at the cursor that is no operator.
    pub(super) fn word(&mut self) {
        let (start, first) = (self.at, self.words.parts.len());
        let mut from = start;
        if self.peek() == Some(b'~') {
            from = self.home();
        }
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'<' | b'>' | b')' => break,
                // Inside of a word it is one of its characters.
                b'&' if self.ends_at(self.at + 1) => break,
                b'\'' | b'"' | b'\\' | b'$' | b'(' | b'{' | b'*' => {
                    self.words.exact(from, self.at, Quote::None);
                    self.special(byte);
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
        self.words.exact(from, self.at, Quote::None);
        if self.at == start {
            self.at += 1;
            return;
        }
        self.words.word(start, self.at, first);
    }

    fn ends_at(&self, at: usize) -> bool {
        matches!(
            self.bytes.get(at),
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'<' | b'>' | b')' | b'&')
        )
    }

    fn special(&mut self, byte: u8) {
        match byte {
            b'\'' => self.single_quoted(),
            b'"' => self.double_quoted(),
            b'\\' => self.escape(),
            b'$' => self.expansion(Quote::None),
            b'(' => self.substitution(self.at, Quote::None),
            b'{' => self.braces(),
            _ => {
                self.at += 1;
                self.words.hole(self.at - 1, self.at, Quote::None, HoleKind::Computed);
            }
        }
    }

    fn home(&mut self) -> usize {
        let rest = &self.bytes[self.at + 1..];
        let name = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let end = self.at + 1 + name;
        if self.bytes.get(end) == Some(&b'/') || self.ends_at(end) {
            self.words.hole(self.at, end, Quote::None, HoleKind::Variable);
            self.at = end;
        }
        self.at
    }

    /// In single quotes only `\'` and `\\` are escapes.
    fn single_quoted(&mut self) {
        let open = self.at;
        self.at += 1;
        let mut from = self.at;
        loop {
            let rest = &self.bytes[self.at..];
            let Some(next) = memchr::memchr2(b'\'', b'\\', rest) else {
                self.at = self.bytes.len();
                self.words.exact(from, self.at, Quote::Single);
                self.unclosed = self.unclosed.or(Some(open));
                return;
            };
            self.at += next;
            match &self.bytes[self.at..] {
                [b'\'', ..] => {
                    self.words.exact(from, self.at, Quote::Single);
                    self.at += 1;
                    return;
                }
                [_, b'\'' | b'\\', ..] => {
                    self.words.exact(from, self.at, Quote::Single);
                    self.take_escaped(Quote::Single);
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
    }

    /// A backslash and the character that it stands for.
    fn take_escaped(&mut self, quote: Quote) {
        let length = self.text[self.at + 1..].chars().next().map_or(0, char::len_utf8);
        let end = self.at + 1 + length;
        let text = self.text;
        self.words.escape(self.at, end, quote, &text[self.at + 1..end]);
        self.at = end;
    }

    /// In double quotes `\"`, `\$`, `\\` and line joins are escapes; variables and `$(…)` count.
    fn double_quoted(&mut self) {
        let open = self.at;
        self.at += 1;
        let mut from = self.at;
        loop {
            let rest = &self.bytes[self.at.min(self.bytes.len())..];
            let Some(next) = memchr::memchr3(b'"', b'\\', b'$', rest) else {
                self.at = self.bytes.len();
                self.words.exact(from, self.at, Quote::Double);
                self.unclosed = self.unclosed.or(Some(open));
                return;
            };
            self.at += next;
            self.words.exact(from, self.at, Quote::Double);
            from = self.at;
            match &self.bytes[self.at..] {
                [b'"', ..] => {
                    self.at += 1;
                    return;
                }
                [b'\\', b'"' | b'$' | b'\\', ..] => self.take_escaped(Quote::Double),
                [b'\\', ..] => match self.join_end(self.at) {
                    Some(end) => self.at = end,
                    None => {
                        self.at += 1;
                        continue;
                    }
                },
                _ => self.expansion(Quote::Double),
            }
            if self.at > from {
                from = self.at;
            }
        }
    }

    /// `$name`, `$$name`, `$name[1..2]`, `$(…)`; a lone `$` stands for itself.
    fn expansion(&mut self, quote: Quote) {
        let start = self.at;
        let dollars = self.bytes[start..].iter().take_while(|byte| **byte == b'$').count();
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let name = self.bytes[start + dollars..].iter().take_while(is_name).count();
        if name == 0 && self.bytes.get(start + dollars) == Some(&b'(') {
            self.at = start + dollars;
            return self.substitution(start, quote);
        }
        self.at = start + dollars + name;
        if name == 0 {
            return self.words.exact(start, self.at, quote);
        }
        self.slice();
        self.words.hole(start, self.at, quote, HoleKind::Variable);
    }

    /// `[1..2]` behind a variable or a substitution.
    fn slice(&mut self) {
        if self.peek() == Some(b'[') {
            let rest = &self.bytes[self.at..];
            let is_end = |byte: &u8| matches!(byte, b']' | b' ' | b'\n' | b'"' | b'\'');
            let close = rest.iter().take(80).position(is_end);
            if let Some(close) = close.filter(|close| rest[*close] == b']') {
                self.at += close + 1;
            }
        }
    }

    /// The `(…)` at the cursor; the hole begins at `start`.
    fn substitution(&mut self, start: usize, quote: Quote) {
        let mark = self.words.mark();
        let outer = self.unclosed.take();
        self.at += 1;
        self.depth += 1;
        let closed = match self.depth > MAX_DEPTH {
            true => {
                let place = self.region.sub(Span::new(start, self.at));
                self.document.findings.push(Finding::new(FindingKind::NestingTooDeep, place));
                self.too_deep = true;
                self.at = self.bytes.len();
                false
            }
            false => self.commands(true),
        };
        self.depth -= 1;
        self.words.reset(mark);
        self.unclosed = outer.or((!closed && !self.too_deep).then_some(start));
        self.slice();
        self.words.hole(start, self.at, quote, HoleKind::Command);
    }

    /// `{a,b}` becomes several words; other braces stand for themselves.
    fn braces(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        let is_end = |byte: &u8| matches!(byte, b'}' | b' ' | b'\n' | b'"' | b'\'' | b'\\' | b'$');
        let close = rest.iter().take(200).position(is_end).filter(|close| rest[*close] == b'}');
        match close {
            Some(close) if rest[..close].contains(&b',') => {
                self.at = start + close + 1;
                self.words.hole(start, self.at, Quote::None, HoleKind::Glob);
            }
            _ => {
                self.at += 1;
                self.words.exact(start, self.at, Quote::None);
            }
        }
    }

    /// A backslash outside quotes.
    fn escape(&mut self) {
        let start = self.at;
        if let Some(end) = self.join_end(start) {
            self.at = end;
            return;
        }
        let rest = &self.bytes[start + 1..];
        let control = |letter: u8| match letter {
            b'a' => Some('\u{7}'),
            b'b' => Some('\u{8}'),
            b'e' => Some('\u{1b}'),
            b'f' => Some('\u{c}'),
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'v' => Some('\u{b}'),
            _ => None,
        };
        let number = match rest.first() {
            Some(b'x' | b'X') => number(&rest[1..], 16, 2).map(|(code, length)| (code, length + 1)),
            Some(b'u') => number(&rest[1..], 16, 4).map(|(code, length)| (code, length + 1)),
            Some(b'U') => number(&rest[1..], 16, 8).map(|(code, length)| (code, length + 1)),
            Some(b'0'..=b'7') => number(rest, 8, 3),
            Some(letter) => control(*letter).map(|char| (u32::from(char), 1)),
            None => None,
        };
        let Some((code, length)) = number else {
            if rest.is_empty() {
                self.at += 1;
                return self.words.exact(start, self.at, Quote::None);
            }
            return self.take_escaped(Quote::None);
        };
        self.at = start + 1 + length;
        let is_byte = matches!(rest.first(), Some(b'x' | b'X' | b'0'..=b'7')) && code >= 0x80;
        match char::from_u32(code).filter(|_| !is_byte) {
            Some(char) => {
                let mut buffer = [0; 4];
                self.words.escape(start, self.at, Quote::None, char.encode_utf8(&mut buffer));
            }
            // A byte that is no character by itself.
            None => self.words.hole(start, self.at, Quote::None, HoleKind::Computed),
        }
    }
}

/// The number of at most `most` digits at the start of a text, and how many digits it has.
fn number(bytes: &[u8], radix: u32, most: usize) -> Option<(u32, usize)> {
    let digits = bytes.iter().take(most).map_while(|byte| char::from(*byte).to_digit(radix));
    let (length, code) = digits.fold((0, 0_u32), |(length, code), digit| {
        (length + 1, code.wrapping_mul(radix).wrapping_add(digit))
    });
    (length > 0).then_some((code, length))
}
