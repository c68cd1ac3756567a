//! Words: what a shell passes to a command as one argument, in pieces with their quoting.

use super::lexer::Lexer;
use crate::layer::{HoleKind, LayerId, Quote};
use crate::model::FindingKind;
use crate::parse::repair::close_quote;
use crate::span::Span;

/// A word as it was read. Spans count from the start of the region.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// All of it, with its quotes.
    pub(crate) span: Span,
    /// Its pieces, in the list of pieces.
    pub(crate) parts: Span,
}

/// A piece of a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) span: Span,
    pub(crate) quote: Quote,
    pub(crate) kind: PartKind,
}

/// What a piece of a word stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PartKind {
    /// Stands for itself.
    Exact,
    /// Stands for another text, which is this span of the list of decoded texts.
    Decoded(Span),
    /// Stands for the text of a layer, which is also this span of the list of decoded texts.
    Layer(Span, LayerId),
    /// Stands for text that is not known.
    Hole(HoleKind),
}

/// A brace that may begin a brace expansion, `{a,b}`.
struct Brace {
    start: usize,
    part: usize,
    depth: usize,
    comma: bool,
}

const PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let special = b" \t\r\n'\"\\$`;&|<>(){},";
    let mut index = 0;
    while index < special.len() {
        plain[special[index] as usize] = false;
        index += 1;
    }
    let mut byte = 128;
    while byte < 256 {
        plain[byte] = false;
        byte += 1;
    }
    plain
};

impl Lexer<'_, '_, '_> {
    /// Reads one word; something stands at the cursor that is no operator.
    pub(super) fn word(&mut self) -> Word {
        let start = self.at;
        let first = self.buffers.parts.len();
        let outer = self.unclosed.take();
        if !self.unquoted_json() {
            let ampersand = self.word_pieces(start);
            if let Some(amp) = ampersand {
                self.report_ampersand(start, amp, first);
            }
            self.notice_history(start, first);
        }
        if self.unclosed.is_some() && self.depth == 0 {
            self.recover(first);
        }
        self.unclosed = self.unclosed.or(outer);
        let parts = Span::new(first, self.buffers.parts.len());
        Word { span: Span::new(start, self.at.max(start)), parts }
    }

    fn word_pieces(&mut self, start: usize) -> Option<usize> {
        let mut from = start;
        let mut brace: Option<Brace> = None;
        let mut ampersand = None;
        if self.peek() == Some(b'~') {
            from = self.tilde();
        }
        loop {
            self.skip_plain();
            let Some(byte) = self.peek() else { break };
            let at = self.at;
            match byte {
                b',' => {
                    if let Some(brace) = &mut brace {
                        brace.comma |= brace.depth == 1;
                    }
                    self.at += 1;
                    continue;
                }
                b'{' => {
                    self.push_exact(from, at, Quote::None);
                    from = at;
                    let part = self.buffers.parts.len();
                    match &mut brace {
                        Some(brace) => brace.depth += 1,
                        None => brace = Some(Brace { start: at, part, depth: 1, comma: false }),
                    }
                    self.at += 1;
                    continue;
                }
                b'}' => {
                    self.at += 1;
                    if let Some(expanded) = self.close_brace(&mut brace) {
                        self.buffers.parts.truncate(expanded.part);
                        self.push_hole(expanded.start, self.at, Quote::None, HoleKind::Glob);
                        from = self.at;
                    }
                    continue;
                }
                b'&' if self.is_lost_rest(start, ampersand.is_some()) => {
                    ampersand = ampersand.or(Some(at));
                    self.at += if self.starts_with("&amp;") { 5 } else { 1 };
                    continue;
                }
                b'&' if self.starts_html_quote() => {
                    self.push_exact(from, at, Quote::None);
                    self.html_quoted();
                    from = self.at;
                    continue;
                }
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => break,
                b'\r' if self.is_line_end(at) => break,
                b'\r' => {
                    self.at += 1;
                    continue;
                }
                b'$' if !self.opens_expansion() => {
                    self.at += 1;
                    continue;
                }
                0x80.. if !self.is_odd_character(start) => {
                    self.at += 1;
                    while self.peek().is_some_and(|byte| byte & 0xC0 == 0x80) {
                        self.at += 1;
                    }
                    continue;
                }
                _ => {}
            }
            self.push_exact(from, at, Quote::None);
            let more = self.special_piece(byte, start);
            from = self.at;
            if !more {
                break;
            }
        }
        self.push_exact(from, self.at, Quote::None);
        ampersand
    }

    fn skip_plain(&mut self) {
        let bytes = &self.text.as_bytes()[..self.end];
        while self.at < bytes.len() && PLAIN[usize::from(bytes[self.at])] {
            self.at += 1;
        }
    }

    /// Reads a quoted, escaped or expanded piece; false where the word ends instead.
    fn special_piece(&mut self, byte: u8, start: usize) -> bool {
        match byte {
            b'\'' => self.single_quoted(),
            b'"' => self.double_quoted(),
            b'\\' => return self.escaped(),
            b'$' | b'`' => self.expansion(Quote::None),
            _ => return self.odd_character(start),
        }
        true
    }

    fn single_quoted(&mut self) {
        let open = self.at;
        self.at += 1;
        let close = memchr::memchr(b'\'', self.rest().as_bytes());
        match close {
            Some(length) => {
                self.push_exact(self.at, self.at + length, Quote::Single);
                self.at += length + 1;
            }
            None => {
                self.push_exact(self.at, self.end, Quote::Single);
                self.at = self.end;
                self.set_unclosed(open, FindingKind::UnclosedQuote);
            }
        }
    }

    pub(super) fn double_quoted(&mut self) {
        let open = self.at;
        self.at += 1;
        self.expanding_text(Quote::Double, Some(b'"'));
        match self.peek() {
            Some(_) => self.at += 1,
            None => self.set_unclosed(open, FindingKind::UnclosedQuote),
        }
    }

    /// A backslash outside quotes; false where it is a line join that ends the word.
    fn escaped(&mut self) -> bool {
        let start = self.at;
        if let Some(join) = self.join_end(start) {
            let ends = self.ends_word(&join);
            if !ends {
                self.at = join.end;
            }
            return !ends;
        }
        let Some(next) = self.rest()[1..].chars().next() else {
            self.at += 1;
            self.push_exact(start, self.at, Quote::None);
            return true;
        };
        self.at += 1 + next.len_utf8();
        let text = self.text;
        self.push_decoded(start, self.at, Quote::None, &text[start + 1..self.at]);
        true
    }

    /// `~` or `~user` at the start of a word is a folder.
    fn tilde(&mut self) -> usize {
        let start = self.at;
        let rest = &self.rest().as_bytes()[1..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if matches!(rest.get(length), None | Some(b'/' | b' ' | b'\n')) {
            self.at += 1 + length;
            self.push_hole(start, self.at, Quote::None, HoleKind::Variable);
            return self.at;
        }
        start
    }

    fn close_brace(&self, brace: &mut Option<Brace>) -> Option<Brace> {
        let open = brace.as_mut()?;
        open.depth -= 1;
        if open.depth > 0 {
            return None;
        }
        let open = brace.take()?;
        let inside = &self.text[open.start + 1..self.at - 1];
        let range = inside.len() < 40
            && inside.split_once("..").is_some_and(|(from, to)| {
                let plain = |part: &str| {
                    !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                };
                plain(from) && to.split("..").all(plain)
            });
        (open.comma || range).then_some(open)
    }

    /// Whether the `&` at the cursor was meant as part of the URL that the word began.
    fn is_lost_rest(&self, start: usize, again: bool) -> bool {
        if self.at == start || self.depth > 0 && self.arithmetic {
            return false;
        }
        let rest = &self.rest().as_bytes()[1..];
        let rest = rest.strip_prefix(b"amp;").unwrap_or(rest);
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.[]%".contains(byte);
        let name = rest.iter().take(64).take_while(is_name).count();
        if name == 0 || rest.get(name) != Some(&b'=') {
            return false;
        }
        let before = &self.text.as_bytes()[start..self.at];
        again
            || memchr::memchr(b'?', before).is_some()
            || memchr::memchr(b'=', before).is_some() && self.is_data(start)
    }

    /// Whether the word that began at `start` is the argument of `-d` or its kin.
    pub(super) fn is_data(&self, start: usize) -> bool {
        let is_short = |text: &str| {
            let mut letters = text.bytes().skip(1);
            text.starts_with('-') && letters.all(|letter| b"sSfLkvig".contains(&letter))
        };
        let word = &self.text[start..self.at];
        if word.strip_prefix("-d").is_some_and(|rest| !rest.starts_with('-')) {
            return true;
        }
        let words = &self.buffers.words[self.buffers.open.words.start()..];
        let Some(last) = words.last() else { return false };
        let option = self.plain_text(last);
        option.starts_with("--data")
            || option == "--json"
            || option.strip_suffix('d').is_some_and(is_short)
    }

    fn report_ampersand(&mut self, start: usize, amp: usize, first: usize) {
        let end = self.at;
        let parts = &self.buffers.parts[first..];
        let bare = parts
            .iter()
            .all(|part| part.quote == Quote::None && !matches!(part.kind, PartKind::Decoded(_)));
        let holes = parts.iter().any(|part| matches!(part.kind, PartKind::Hole(_)));
        let quote = if holes { "\"" } else { "'" };
        let (from, to) = (self.root(start, start), self.root(end, end));
        let repair = vec![(from, quote.to_owned()), (to, quote.to_owned())];
        let clash = holes && self.text[start..end].contains('"');
        let finding = self.find(FindingKind::UnquotedAmpersand, amp, end);
        if bare && !clash {
            finding.repair = repair;
        }
    }

    /// Cuts a word that runs to the end of the text where the next command begins.
    fn recover(&mut self, first: usize) {
        let Some(unclosed) = self.unclosed.take() else { return };
        let point = self.recovery_point(unclosed.open);
        let cut = self.text[..point].trim_end().len().max(unclosed.open + 1).min(self.end);
        let parts = &mut self.buffers.parts;
        while parts.len() > first && parts.last().is_some_and(|part| part.span.start() >= cut) {
            parts.pop();
        }
        if let Some(last) = parts[first..].last_mut()
            && !matches!(last.kind, PartKind::Decoded(_))
        {
            last.span = Span::new(last.span.start(), last.span.end().min(cut));
        }
        self.at = cut;
        self.buffers.open.broken = true;
        let quote = self.text[unclosed.open..].chars().next().unwrap_or('"');
        let opener = unclosed.open + quote.len_utf8();
        let layers = &self.document.layers;
        let repair = match unclosed.kind {
            FindingKind::UnclosedQuote => close_quote(layers, self.region, unclosed.open, cut),
            _ => Vec::new(),
        };
        self.find(unclosed.kind, unclosed.open, opener).repair = repair;
    }
}
