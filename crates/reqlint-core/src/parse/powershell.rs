//! Commands of PowerShell: finds those that send a request, wherever in a script they stand.
//!
//! Follows about_Parsing, about_Quoting_Rules, about_Special_Characters and about_Variables, as
//! far as they decide where words and commands begin and end; what only happens at run time
//! becomes a hole.

mod argument;
mod cmdlet;
mod native;
mod parameter;
mod string;
mod table;

pub(crate) use native::is_escaped_text;

use super::client::Client;
use super::curl::options::begins_option;
use super::repair::{close_quote, take_away};
use super::words::{Mark, Words, is_curl, is_lost_rest, lost_rest};
use crate::layer::Place;
use crate::model::{Document, Finding, FindingKind};
use crate::span::Span;

/// Blocks, expressions and tables may stand inside each other this deep.
const MAX_DEPTH: usize = 64;

/// Mendable findings of one command are no more than this many.
const MOST_FINDINGS: usize = 100;

/// Whether PowerShell takes a character for a single quote.
pub(crate) fn is_single_quote(char: char) -> bool {
    matches!(char, '\'' | '‘' | '’' | '‚' | '‛')
}

/// Whether PowerShell takes a character for a double quote.
pub(crate) fn is_double_quote(char: char) -> bool {
    matches!(char, '"' | '“' | '”' | '„')
}

/// Finds every command that sends a request in `region`, and adds its requests and findings to
/// the document.
pub fn parse_powershell(document: &mut Document<'_>, region: Place) {
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
        findings: Vec::new(),
        broken: false,
        again: false,
    };
    reader.statements(None);
    // Commands inside of `$(…)` were met before the one around them.
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
    /// Those of the command at hand.
    findings: Vec<Finding>,
    /// Whether the command at hand holds something that never closes.
    broken: bool,
    /// Whether this text was read before, and its commands are known.
    again: bool,
}

impl Reader<'_, '_, '_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.at.min(self.bytes.len())..]
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.rest().starts_with(text)
    }

    /// The character at the cursor.
    fn char(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn place(&self, start: usize, end: usize) -> Place {
        self.region.sub(Span::new(start, end.max(start)))
    }

    fn find(&mut self, kind: FindingKind, start: usize, end: usize) {
        let place = self.place(start, end);
        self.findings.push(Finding::new(kind, place));
    }

    /// Something that opens at `open`, in `length` bytes, runs to the end.
    fn unclosed(&mut self, open: usize, length: usize) {
        self.at = self.bytes.len();
        if self.depth > MAX_DEPTH && !self.broken {
            let place = self.place(open, open + length);
            self.document.findings.push(Finding::new(FindingKind::NestingTooDeep, place));
        } else if !self.broken {
            let end = self.bytes.len();
            let place = self.place(open, (open + length).min(end));
            let mut finding = Finding::new(FindingKind::UnclosedQuote, place);
            if length == 1 {
                finding.repair = close_quote(&self.document.layers, self.region, open, end);
            }
            self.findings.push(finding);
        }
        self.broken = true;
    }

    /// Reads statements up to the end, or up to and including `close`; false where it is missing.
    fn statements(&mut self, close: Option<u8>) -> bool {
        let outer = (std::mem::take(&mut self.findings), std::mem::take(&mut self.broken));
        let mut piped = false;
        let closed = loop {
            self.prompt();
            let mark = self.words.mark();
            let ended = self.statement();
            self.emit(mark, std::mem::take(&mut piped));
            self.words.reset(mark);
            match ended {
                None => break close.is_none(),
                Some(byte) if close == Some(byte) => {
                    self.at += 1;
                    break true;
                }
                Some(b'|') => {
                    piped = !self.starts_with(b"||");
                    self.at += if piped { 1 } else { 2 };
                }
                Some(_) => self.at += 1,
            }
        };
        let inner_broken = self.broken;
        (self.findings, self.broken) = outer;
        self.broken |= inner_broken;
        closed
    }

    /// Reads the words of one statement; the answer is the byte that ends it.
    fn statement(&mut self) -> Option<u8> {
        let mark = self.words.mark();
        loop {
            let byte = self.peek()?;
            match byte {
                b' ' | b'\t' | b'\r' | b',' => self.at += 1,
                b'`' if self.join_end(self.at).is_some() => self.join(),
                b'\\' | b'^' if self.wrong_join() => {}
                b'#' => self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len()),
                b'<' if self.starts_with(b"<#") => {
                    let length = memchr::memmem::find(self.rest(), b"#>").map(|at| at + 2);
                    self.at += length.unwrap_or(self.rest().len());
                }
                b'\n' | b';' | b'|' | b')' | b'}' => return Some(byte),
                b'&' if self.words.words_since(mark).is_empty() => self.at += 1,
                b'&' => return Some(byte),
                b'{' => self.group(1, b'}'),
                b'<' | b'>' => self.redirection(),
                b'*' | b'1'..=b'6' if self.bytes.get(self.at + 1) == Some(&b'>') => {
                    self.redirection()
                }
                b'-' if self.starts_with(b"--% ") => self.stop_parsing(),
                _ => self.word(),
            }
        }
    }

    /// The first byte behind the line end that the backtick at `at` takes away.
    fn join_end(&self, at: usize) -> Option<usize> {
        match &self.bytes[(at + 1).min(self.bytes.len())..] {
            [b'\r', b'\n', ..] => Some(at + 3),
            [b'\n', ..] => Some(at + 2),
            [] => Some(at + 1),
            _ => None,
        }
    }

    /// Goes on behind the line end after the cursor, where what joins lines in another shell stands
    /// before an option of curl.
    fn wrong_join(&mut self) -> bool {
        let behind = &self.text[self.at + 1..];
        let rest = behind.trim_start_matches([' ', '\t', '\r']);
        let Some(below) = rest.strip_prefix('\n') else { return false };
        if !begins_option(below.trim_start_matches([' ', '\t'])) {
            return false;
        }
        let mut finding = Finding::new(FindingKind::LostJoin, self.place(self.at, self.at + 1));
        finding.repair = vec![(self.document.layers.root_span(finding.place), "`".to_owned())];
        self.findings.push(finding);
        self.at = self.text.len() - below.len();
        true
    }

    fn join(&mut self) {
        let start = self.at;
        self.at = self.join_end(start).unwrap_or(self.bytes.len());
        let rest = self.rest();
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        if matches!(rest.get(blanks), None | Some(b'\n')) && self.findings.len() < MOST_FINDINGS {
            let place = self.place(start, start + 1);
            let mut finding = Finding::new(FindingKind::TrailingBackslash, place);
            finding.repair = take_away(&self.document.layers, self.region, start);
            self.findings.push(finding);
        }
    }

    /// Skips `PS C:\folder> ` before a statement.
    fn prompt(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
        if !self.starts_with(b"PS ") {
            return;
        }
        let line = self.rest().iter().take(300).take_while(|byte| **byte != b'\n');
        if let Some(end) = line.clone().position(|byte| *byte == b'>') {
            let path = &self.rest()[3..end.max(3)];
            if !path.contains(&b'"') && !path.contains(&b'\'') {
                self.at += end + 1;
            }
        }
    }

    /// A block or expression as one word; commands in it are read on their own.
    fn group(&mut self, length: usize, close: u8) {
        let (start, first) = (self.at, self.words.parts.len());
        self.inside(length, close);
        self.words.hole(start, self.at, crate::layer::Quote::None, crate::layer::HoleKind::Command);
        self.words.word(start, self.at, first);
    }

    /// Reads the statements behind an opening mark of `length` bytes.
    fn inside(&mut self, length: usize, close: u8) {
        let open = self.at;
        self.at += length;
        let mark = self.words.mark();
        self.depth += 1;
        if self.depth > MAX_DEPTH || !self.statements(Some(close)) {
            self.unclosed(open, length);
        }
        self.depth -= 1;
        self.words.reset(mark);
    }

    fn redirection(&mut self) {
        while matches!(self.peek(), Some(b'*' | b'1'..=b'6' | b'<' | b'>' | b'&')) {
            self.at += 1;
        }
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let mark = self.words.mark();
        let ends = |byte| matches!(byte, b'\n' | b'\r' | b';' | b'|' | b')' | b'}' | b'`' | b'&');
        if self.bytes[self.at - 1] != b'&' && !self.peek().is_none_or(ends) {
            self.word();
        }
        self.words.reset(mark);
    }

    /// Behind `--%` the rest of the line is passed on as it is; only `%NAME%` counts.
    fn stop_parsing(&mut self) {
        self.at += b"--%".len();
        let length = self.rest().iter().position(|byte| matches!(byte, b'\n' | b'|'));
        let end = self.at + length.unwrap_or(self.rest().len());
        argument::raw_words(self.text, Span::new(self.at, end), &mut self.words);
        self.at = end;
    }

    /// Reads once more what stands at `at`.
    fn again<T>(&mut self, at: usize, read: impl FnOnce(&mut Self) -> T) -> (T, usize) {
        let before = (self.at, self.again, self.broken, self.findings.len());
        (self.at, self.again) = (at, true);
        let found = read(self);
        let end = self.at;
        (self.at, self.again, self.broken) = (before.0, before.1, before.2);
        self.findings.truncate(before.3);
        (found, end)
    }

    /// Reads the words since the mark as a command, if it sends a request.
    fn emit(&mut self, mark: Mark, piped: bool) {
        if self.again {
            return;
        }
        let findings = std::mem::take(&mut self.findings);
        let broken = std::mem::take(&mut self.broken);
        let words = self.words.words_since(mark);
        let skipped = self.words.words.len() - words.len();
        let plain = |word: &super::shell::Word| self.words.name_of(self.text, word);
        let name = (0..words.len().min(8)).find(|at| {
            let (text, next) = (plain(&words[*at]), words.get(at + 1).map(plain));
            let is_client = || Client::of(&text, next.as_deref()).is_some();
            is_curl(&text) || cmdlet::is_cmdlet(&text) || is_client()
        });
        let name = name.filter(|name| self.is_command(&words[..*name]));
        let Some(name) = name else {
            self.broken |= broken;
            return;
        };
        let text = self.words.name_of(self.text, &words[name]);
        let rest = &words[name + 1..];
        // `curl` and `wget` are programs, or other names of a cmdlet.
        let is_long = |word: &super::shell::Word| plain(word).starts_with("--");
        let is_cmdlet = match text.to_ascii_lowercase().as_str() {
            lower if is_curl(lower) => !lower.ends_with(".exe") && self.has_parameters(rest),
            "wget" => !rest.iter().any(is_long) || self.has_parameters(rest),
            lower => cmdlet::is_cmdlet(lower),
        };
        let found = native::Found { name: skipped + name, piped, findings, broken };
        match is_cmdlet {
            true => self.read_cmdlet(found),
            false => self.read_native(found),
        }
    }

    /// Whether what stands before a word leaves it the name of a command: `$x =`, `return`.
    fn is_command(&self, before: &[super::shell::Word]) -> bool {
        before.iter().all(|word| {
            let text = &self.text[word.span.range()];
            text.starts_with(['$', '['])
                || matches!(text, "=" | "+=" | "return" | "." | "do" | "try")
                || text.ends_with('=') && text.starts_with('$')
        })
    }

    /// An `&` that cuts off the URL that the word began at `start`; true where it is one.
    fn lost_rest(&mut self, start: usize) -> bool {
        if !is_lost_rest(self.text, start, self.at, false) {
            return false;
        }
        let amp = self.at;
        let is_end = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b';');
        self.at += self.rest().iter().position(is_end).unwrap_or(self.rest().len());
        let word = self.document.layers.root_span(self.place(start, self.at));
        let bare = !self.text[start..self.at].contains(['"', '\'', '`']);
        self.findings.push(lost_rest(self.place(amp, self.at), word, bare));
        true
    }
}
