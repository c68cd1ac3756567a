//! Steps through JSON without a tree of it. Nesting costs no stack but where it is asked for.

use crate::span::Span;
use memchr::memchr2;

/// A place in a JSON text. A step that meets damage gives none, and stays there.
pub(super) struct Cursor<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Cursor { text, bytes: text.as_bytes(), at }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The first byte of what comes next.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.space();
        self.bytes.get(self.at).copied()
    }

    pub(super) fn space(&mut self) {
        let is_space = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.bytes[self.at..].iter().take_while(is_space).count();
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// The members of an object: `each` gets the name, and must step over the value.
    pub(super) fn object(
        &mut self,
        each: &mut dyn FnMut(&mut Self, &'t str) -> Option<()>,
    ) -> Option<()> {
        self.expect(b'{')?;
        if self.peek()? == b'}' {
            return self.expect(b'}');
        }
        loop {
            let name = self.string()?;
            self.expect(b':')?;
            self.space();
            each(self, &self.text[name.range()])?;
            match self.peek()? {
                b',' => self.at += 1,
                _ => return self.expect(b'}'),
            }
        }
    }

    /// The items of an array: `each` must step over one.
    pub(super) fn array(&mut self, each: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        if self.peek()? != b'[' {
            return self.skip().map(drop);
        }
        self.at += 1;
        if self.peek()? == b']' {
            return self.expect(b']');
        }
        loop {
            self.space();
            each(self)?;
            match self.peek()? {
                b',' => self.at += 1,
                _ => return self.expect(b']'),
            }
        }
    }

    /// Takes a string's inside, with its escapes; steps over anything else.
    pub(super) fn text_or_skip(&mut self, into: &mut Option<Span>) -> Option<()> {
        if self.peek()? == b'"' {
            *into = Some(self.string()?);
            return Some(());
        }
        self.skip().map(drop)
    }

    /// The inside of a string.
    pub(super) fn string(&mut self) -> Option<Span> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        let mut at = start;
        loop {
            at += memchr2(b'"', b'\\', self.bytes.get(at..)?)?;
            if self.bytes[at] == b'"' {
                self.at = at + 1;
                return Some(Span::new(start, at));
            }
            at += 2;
        }
    }

    /// Steps over a value.
    pub(super) fn skip(&mut self) -> Option<Span> {
        let mut depth = 0_usize;
        self.space();
        let start = self.at;
        loop {
            match self.peek()? {
                b'"' => drop(self.string()?),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => self.at += 1,
                _ => self.word()?,
            }
            if depth == 0 {
                return Some(Span::new(start, self.at));
            }
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Option<()> {
        let is_word =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'-' | b'+' | b'.');
        let length = self.bytes[self.at..].iter().take_while(is_word).count();
        self.at += length;
        (length > 0).then_some(())
    }
}
