//! Strings: quotes, here-strings, backtick escapes, variables and subexpressions in them.

use super::{Reader, is_double_quote, is_single_quote};
use crate::layer::{HoleKind, Quote};
use crate::model::FindingKind;
use crate::span::Span;

impl Reader<'_, '_, '_> {
    /// A string in single quotes, whose opening one has `length` bytes; two of them stand for one.
    pub(super) fn single_quoted(&mut self, length: usize) {
        let open = self.at;
        let noticed = self.findings.len();
        self.at += length;
        let mut from = self.at;
        while let Some(char) = self.next_marked(b'\'') {
            if !is_single_quote(char) {
                self.at += char.len_utf8();
                continue;
            }
            self.single_text(from, self.at);
            if !self.doubled(Quote::Single, is_single_quote) {
                return self.expand_instead(open, noticed);
            }
            from = self.at;
        }
        self.single_text(from, self.at);
        self.unclosed(open, length);
    }

    /// Text in single quotes. A variable of the environment in it was meant to be replaced.
    fn single_text(&mut self, from: usize, to: usize) {
        let mut at = from;
        while let Some(variable) = environment_variable(&self.text[at..to]) {
            let (start, end) = (at + variable.start(), at + variable.end());
            self.words.exact(at, start, Quote::Single);
            self.words.hole(start, end, Quote::Single, HoleKind::Variable);
            self.find(FindingKind::UnexpandedVariable, start, end);
            at = end;
        }
        self.words.exact(at, to, Quote::Single);
    }

    /// Double quotes in place of the single ones from `open` to the cursor mend what was noticed
    /// between them, where nothing else in the string counts there.
    fn expand_instead(&mut self, open: usize, noticed: usize) {
        let (start, end) = (open + 1, self.at - 1);
        let variables = self.findings.len() - noticed;
        let Some(inside) = self.text.get(start..end).filter(|_| variables > 0) else { return };
        let is_plain = inside.matches('$').count() == variables
            && !inside.contains(['"', '`', '\'', '\u{201C}', '\u{201D}', '\u{201E}'])
            && self.text[open..].starts_with('\'');
        if is_plain {
            let marks = [(open, start), (end, self.at)];
            let root = |(from, to)| self.document.layers.root_span(self.place(from, to));
            let repair = marks.map(root).map(|mark| (mark, "\"".to_owned())).to_vec();
            self.findings[noticed].repair = repair;
        }
    }

    /// Goes to the next `quote`, or the next character outside ASCII.
    fn next_marked(&mut self, quote: u8) -> Option<char> {
        let length = self.rest().iter().position(|byte| *byte == quote || *byte >= 0x80);
        self.at += length.unwrap_or(self.rest().len());
        self.char()
    }

    /// A quote at the cursor: with another one behind it, it stands for itself; else it closes.
    fn doubled(&mut self, quote: Quote, is_quote: fn(char) -> bool) -> bool {
        let start = self.at;
        let mut chars = self.text[start..].chars();
        let (Some(first), second) = (chars.next(), chars.next()) else { return false };
        self.at += first.len_utf8();
        let Some(second) = second.filter(|second| is_quote(*second)) else { return false };
        self.at += second.len_utf8();
        let mut buffer = [0; 4];
        self.words.escape(start, self.at, quote, second.encode_utf8(&mut buffer));
        true
    }

    /// A string in double quotes, whose opening one has `length` bytes.
    pub(super) fn double_quoted(&mut self, length: usize) {
        let open = self.at;
        self.at += length;
        let mut from = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b'`' | b'$' => {
                    self.words.exact(from, self.at, Quote::Double);
                    match byte {
                        b'`' => self.backtick(Quote::Double),
                        _ => self.expansion(Quote::Double),
                    }
                    from = self.at;
                }
                b'"' | 0x80.. => {
                    let Some(char) = self.char() else { break };
                    if !is_double_quote(char) {
                        self.at += char.len_utf8();
                        continue;
                    }
                    self.words.exact(from, self.at, Quote::Double);
                    if !self.doubled(Quote::Double, is_double_quote) {
                        return;
                    }
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
        self.words.exact(from, self.at, Quote::Double);
        self.unclosed(open, length);
    }

    /// A here-string at the cursor: its text begins with the next line, and a quote at the start
    /// of a line with `@` behind it ends it. False where none begins.
    pub(super) fn here_string(&mut self) -> bool {
        let open = self.at;
        let expands = self.bytes[open + 1] == b'"';
        let header = &self.bytes[open + 2..];
        let blanks = header.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        if header.get(blanks) != Some(&b'\n') {
            return false;
        }
        let start = open + 2 + blanks + 1;
        let closing: &[u8] = if expands { b"\n\"@" } else { b"\n'@" };
        // An empty text has only one line end.
        let found = memchr::memmem::find(&self.bytes[start - 1..], closing);
        let Some(close) = found.map(|at| start - 1 + at) else {
            let end = self.bytes.len();
            self.here_text(start, end, expands);
            self.unclosed(open, 2);
            return true;
        };
        let end = if close > start && self.bytes[close - 1] == b'\r' { close - 1 } else { close };
        self.here_text(start, end.max(start), expands);
        self.at = close + closing.len();
        true
    }

    fn here_text(&mut self, start: usize, end: usize, expands: bool) {
        if !expands {
            return self.words.exact(start, end, Quote::Here);
        }
        self.at = start;
        let mut from = start;
        while self.at < end {
            match self.bytes[self.at] {
                byte @ (b'`' | b'$') => {
                    self.words.exact(from, self.at, Quote::HereDouble);
                    match byte {
                        b'`' => self.backtick(Quote::HereDouble),
                        _ => self.expansion(Quote::HereDouble),
                    }
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
        self.words.exact(from, end.max(from), Quote::HereDouble);
    }

    /// A backtick and what it gives another meaning (about_Special_Characters).
    pub(super) fn backtick(&mut self, quote: Quote) {
        let start = self.at;
        let Some(next) = self.text[start + 1..].chars().next() else {
            self.at += 1;
            return self.words.exact(start, self.at, quote);
        };
        self.at += 1 + next.len_utf8();
        let mut buffer = [0; 4];
        let meant = match next {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' => '\u{1b}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.code_point().unwrap_or('u'),
            'v' => '\u{b}',
            other => other,
        };
        self.words.escape(start, self.at, quote, meant.encode_utf8(&mut buffer));
    }

    /// The `{…}` of `` `u{…} `` at the cursor.
    fn code_point(&mut self) -> Option<char> {
        let inner = self.rest().strip_prefix(b"{")?;
        let length = inner.iter().take(7).position(|byte| *byte == b'}')?;
        let digits = std::str::from_utf8(&inner[..length]).ok()?;
        let char = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
        self.at += length + 2;
        Some(char)
    }

    /// What begins with the `$` at the cursor; where nothing does, the `$` itself.
    pub(super) fn expansion(&mut self, quote: Quote) {
        let start = self.at;
        match self.rest() {
            [_, b'(', ..] => {
                if let Some((char, end)) = self.char_casts() {
                    let mut buffer = [0; 4];
                    self.at = end;
                    return self.words.escape(start, end, quote, char.encode_utf8(&mut buffer));
                }
                self.inside(2, b')');
                self.words.hole(start, self.at, quote, HoleKind::Command);
            }
            [_, b'{', rest @ ..] => {
                let length = rest.iter().take(200).position(|byte| matches!(byte, b'}' | b'\n'));
                match length.filter(|length| rest[*length] == b'}') {
                    Some(length) => {
                        self.at = start + 2 + length + 1;
                        self.words.hole(start, self.at, quote, HoleKind::Variable);
                    }
                    None => {
                        self.at += 1;
                        self.words.exact(start, self.at, quote);
                    }
                }
            }
            _ => {
                self.at += 1 + self.name_length();
                match self.at > start + 1 {
                    true => self.words.hole(start, self.at, quote, HoleKind::Variable),
                    false => self.words.exact(start, self.at, quote),
                }
            }
        }
    }

    /// The length of the variable's name behind the `$` at the cursor; `:` ends a scope.
    fn name_length(&self) -> usize {
        let rest = &self.rest()[1..];
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'?');
        if matches!(rest.first(), Some(b'$' | b'^' | b'?')) {
            return 1;
        }
        let mut length = 0;
        while let Some(byte) = rest.get(length) {
            let scope = *byte == b':'
                && length > 0
                && rest.get(length + 1).is_some_and(|next| is_name(*next));
            if !is_name(*byte) && !scope {
                break;
            }
            length += 1;
        }
        length
    }

    /// `$([char]10)`, as browsers write what is not ASCII, each UTF-16 unit on its own: the
    /// character and the end.
    fn char_casts(&self) -> Option<(char, usize)> {
        let (first, end) = self.char_cast(self.at)?;
        let second = self.char_cast(end);
        let units = [Some(first), second.map(|(unit, _)| unit)];
        let char = char::decode_utf16(units.into_iter().flatten()).next()?.ok()?;
        let end = second.filter(|_| char.len_utf16() == 2).map_or(end, |(_, end)| end);
        Some((char, end))
    }

    /// The unit that a `$([char]…)` at `at` makes, and its end.
    fn char_cast(&self, at: usize) -> Option<(u16, usize)> {
        const LEAD: &[u8] = b"$([char]";
        let text = self.bytes.get(at..)?;
        let lead = text.get(..LEAD.len())?;
        let digits = &text[LEAD.len()..];
        let length = digits.iter().take(7).take_while(|byte| byte.is_ascii_digit()).count();
        let closed = lead.eq_ignore_ascii_case(LEAD) && digits.get(length) == Some(&b')');
        let unit = std::str::from_utf8(&digits[..length]).ok()?.parse().ok()?;
        closed.then_some((unit, at + LEAD.len() + length + 1))
    }
}

/// Where `$env:NAME` or `${env:NAME}` stands in a text, with a name that a variable of the
/// environment may have.
fn environment_variable(text: &str) -> Option<Span> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(b'$', &text.as_bytes()[from..])?;
        let rest = &text[at + 1..];
        let braced = rest.starts_with('{');
        let name = &rest[usize::from(braced)..];
        let marked = name.get(..4).is_some_and(|mark| mark.eq_ignore_ascii_case("env:"));
        if marked {
            let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            let length = name.as_bytes()[4..].iter().take_while(|byte| is_name(byte)).count();
            let end = at + 1 + 2 * usize::from(braced) + 4 + length;
            let closes = !braced || text[..end.min(text.len())].ends_with('}');
            // A colon behind it would go on the name between double quotes.
            if length > 0 && closes && end <= text.len() && !text[end..].starts_with(':') {
                return Some(Span::new(at, end));
            }
        }
        from = at + 1;
    }
}
