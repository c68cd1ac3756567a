//! Text for cmd → the lines that programs get: carets, line joins, variables, operators.

use super::variable::variable_end;
use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::{Finding, FindingKind};
use crate::parse::curl::options::begins_option;
use crate::parse::repair::{close_quote, take_away};
use crate::parse::words::{is_lost_rest, lost_rest};
use crate::span::Span;

/// Mendable findings of one command are no more than this many.
const MOST_FINDINGS: usize = 100;

/// A piece of a line.
#[derive(Clone, Copy)]
struct Piece {
    span: Span,
    quote: Quote,
    kind: PieceKind,
}

#[derive(Clone, Copy)]
enum PieceKind {
    Exact,
    /// Stands for the last character of its span: `^&`.
    Escape,
    Hole,
}

/// One command, up to an operator or the end of its line.
#[derive(Default)]
pub(super) struct Line {
    /// All of it. Spans count from the start of the region.
    pub(super) span: Span,
    pieces: Vec<Piece>,
    /// Whether it reads the output of the command before it, or a file.
    pub(super) piped: bool,
    /// The quote that is not closed before the line ends.
    pub(super) unclosed: Option<usize>,
    /// A join with no line behind it.
    trailing: Option<usize>,
    /// Backslashes that were meant to join lines.
    joins: Vec<usize>,
    /// Arguments in single quotes, which cmd does not know; quotes included.
    pub(super) singles: Vec<Span>,
    /// An `&` that cuts a URL off, and the word that it stands in.
    lost: Vec<(usize, Span)>,
    /// Whether a caret may hide a letter.
    pub(super) has_caret: bool,
}

impl Line {
    /// The line as a layer of the region.
    pub(super) fn layer(&self, layers: &mut Layers<'_>, region: Place, batch: bool) -> Place {
        let text = layers.share(region);
        let mut layer = layers.layer(Codec::CmdLine { batch }, region.sub(self.span));
        for piece in &self.pieces {
            let place = region.sub(piece.span);
            match piece.kind {
                PieceKind::Exact => layer.exact(place, piece.quote),
                PieceKind::Hole => layer.hole(place, HoleKind::Variable, piece.quote),
                PieceKind::Escape => {
                    let last = text[piece.span.range()].chars().next_back();
                    let mut buffer = [0; 4];
                    let last = last.map_or("", |char| char.encode_utf8(&mut buffer));
                    layer.escape(last, place, piece.quote);
                }
            }
        }
        let id = layer.finish();
        layers.whole(id)
    }

    /// What was noticed in it.
    pub(super) fn findings(&self, layers: &Layers<'_>, region: Place) -> Vec<Finding> {
        let place = |start, end| region.sub(Span::new(start, end));
        let mut findings = Vec::new();
        for (at, word) in &self.lost {
            let rest = place(*at, word.end());
            findings.push(lost_rest(rest, layers.root_span(region.sub(*word)), true));
        }
        for at in &self.joins {
            let mut finding = Finding::new(FindingKind::LostJoin, place(*at, at + 1));
            finding.repair = vec![(layers.root_span(finding.place), "^".to_owned())];
            findings.push(finding);
        }
        for single in &self.singles {
            let mut finding = Finding::new(FindingKind::SingleQuotes, region.sub(*single));
            finding.repair = double_quotes(layers, finding.place);
            findings.push(finding);
        }
        if let Some(at) = self.trailing {
            let mut finding = Finding::new(FindingKind::TrailingBackslash, place(at, at + 1));
            finding.repair = take_away(layers, region, at);
            findings.push(finding);
        }
        if let Some(at) = self.unclosed {
            let mut finding = Finding::new(FindingKind::UnclosedQuote, place(at, at + 1));
            finding.repair = close_quote(layers, region, at, self.span.end());
            findings.push(finding);
        }
        findings
    }
}

/// The edits that put a text between double quotes in place of its single ones.
fn double_quotes(layers: &Layers<'_>, place: Place) -> Vec<(Span, String)> {
    let text = layers.text(place);
    let last = text.len() - 1;
    if text[..last].contains('\\') {
        return Vec::new();
    }
    let quote = |at: usize| match at {
        0 => "\"",
        _ if at == last => "\"",
        _ => "\\\"",
    };
    let marks = [0].into_iter().chain(memchr::memchr_iter(b'"', text.as_bytes())).chain([last]);
    let root = |at: usize| layers.root_span(place.sub(Span::new(at, at + 1)));
    marks.map(|at| (root(at), quote(at).to_owned())).collect()
}

/// The end of the argument in single quotes that begins at `at`, quotes included; none where no
/// quote ends an argument in the same line.
pub(super) fn single_quoted(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at + 1..)?;
    let line = memchr::memchr(b'\n', rest).map_or(rest, |end| &rest[..end]);
    let ends = |close: &usize| matches!(line.get(close + 1), None | Some(b' ' | b'\t' | b'\r'));
    memchr::memchr_iter(b'\'', line).find(ends).map(|close| at + 1 + close + 1)
}

/// Reads a region command by command.
pub(super) struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    batch: bool,
    at: usize,
    /// Where the piece begins that stands for itself.
    from: usize,
    quote: Quote,
    /// Whether the program will see the text at the cursor between quotes.
    in_argument: bool,
    /// Where the word at the cursor begins.
    word: usize,
    /// Whether the command at hand is curl.
    is_curl: bool,
    /// How many `(` are open.
    groups: usize,
    piped: bool,
    line: Line,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, batch: bool) -> Self {
        Reader {
            text,
            bytes: text.as_bytes(),
            batch,
            at: 0,
            from: 0,
            quote: Quote::None,
            in_argument: false,
            word: 0,
            is_curl: false,
            groups: 0,
            piped: false,
            line: Line::default(),
        }
    }

    /// The next command; none at the end of the text.
    pub(super) fn next_command(&mut self) -> Option<Line> {
        self.skip_between();
        if self.at >= self.bytes.len() {
            return None;
        }
        let start = self.at;
        self.line = Line { piped: std::mem::take(&mut self.piped), ..Line::default() };
        (self.quote, self.in_argument, self.from, self.word) = (Quote::None, false, start, start);
        let name = self.bytes[start..].first_chunk::<4>();
        self.is_curl = name.is_some_and(|name| name.eq_ignore_ascii_case(b"curl"));
        let mut opened = start;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' if self.wrong_join(start) => {}
                b'\n' => break,
                b'\'' if self.is_curl && self.word == self.at && self.single_quotes() => {}
                b'"' => {
                    opened = self.at;
                    self.double_quote();
                }
                b'\\' => self.backslashes(),
                b'\r' => self.carriage_return(),
                b'%' | b'!' => self.variable(),
                _ if self.quote == Quote::Double => self.at += 1,
                b'^' => {
                    if !self.caret() {
                        break;
                    }
                }
                b'&' if is_lost_rest(self.text, self.word, self.at, !self.line.lost.is_empty()) => {
                    self.lost_rest();
                }
                b'&' | b'|' => break,
                b')' if self.groups > 0 && !self.in_argument => break,
                b'<' | b'>' => self.redirection(),
                b' ' | b'\t' => {
                    self.at += 1;
                    self.word = if self.in_argument { self.word } else { self.at };
                }
                _ => self.at += 1,
            }
        }
        self.flush();
        let end = self.text[start..self.at].trim_end().len() + start;
        self.line.span = Span::new(start, end);
        self.line.unclosed = (self.quote == Quote::Double).then_some(opened);
        Some(std::mem::take(&mut self.line))
    }

    /// Steps over an argument in single quotes.
    fn single_quotes(&mut self) -> bool {
        let Some(end) = single_quoted(self.bytes, self.at).filter(|_| self.quote == Quote::None)
        else {
            return false;
        };
        self.line.singles.push(Span::new(self.at, end));
        self.at = end;
        true
    }

    /// Goes on behind the line end at the cursor, where a backslash was meant to join the lines of
    /// the command that began at `start`.
    fn wrong_join(&mut self, start: usize) -> bool {
        let line = self.text[start..self.at].trim_end_matches(['\r', ' ', '\t']);
        let below = self.text[self.at + 1..].trim_start_matches([' ', '\t']);
        let joins = line.ends_with(" \\") && self.quote == Quote::None && self.is_curl;
        if !joins || !begins_option(below) {
            return false;
        }
        let mark = start + line.len() - 1;
        self.flush();
        while let Some(last) = self.line.pieces.last_mut().filter(|last| last.span.end() > mark) {
            let from = last.span.start();
            if from < mark {
                last.span = Span::new(from, mark);
                break;
            }
            self.line.pieces.pop();
        }
        self.line.joins.push(mark);
        self.at += 1;
        (self.from, self.word) = (self.at, self.at);
        true
    }

    /// Goes behind operators, line ends, and the marks before a command.
    fn skip_between(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => self.piped = false,
                b'|' if self.bytes.get(self.at + 1) == Some(&b'|') => self.at += 1,
                b'|' => self.piped = true,
                b'(' => self.groups += 1,
                b')' => self.groups = self.groups.saturating_sub(1),
                b'&' | b' ' | b'\t' | b'\r' | b'@' => {}
                b':' | b'r' | b'R' if self.is_comment() => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    continue;
                }
                _ if self.prompt() => continue,
                _ => return,
            }
            self.at += 1;
        }
    }

    /// `rem …`, `:: …`, and labels.
    fn is_comment(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let is_rem = rest.first_chunk::<3>().is_some_and(|word| word.eq_ignore_ascii_case(b"rem"));
        rest[0] == b':'
            || is_rem && matches!(rest.get(3), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
    }

    /// Skips `C:\folder>` before a command.
    fn prompt(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        if !(rest.len() > 3 && rest[0].is_ascii_alphabetic() && rest[1..].starts_with(b":\\")) {
            return false;
        }
        let inner = |byte: &&u8| !matches!(**byte, b'>' | b'<' | b'|' | b'"' | b'\n' | b'&' | b'^');
        let length = rest.iter().take(260).take_while(inner).count();
        let command = rest.get(length + 1..).unwrap_or_default().trim_ascii_start();
        let is_curl = |word: &[u8]| word.get(..4).is_some_and(|w| w.eq_ignore_ascii_case(b"curl"));
        let is_prompt = rest.get(length) == Some(&b'>') && is_curl(command);
        if is_prompt {
            self.at += length + 1;
        }
        is_prompt
    }

    fn flush(&mut self) {
        self.flush_to(self.at);
    }

    fn flush_to(&mut self, end: usize) {
        if self.from < end {
            self.push(self.from, end, PieceKind::Exact);
        }
        self.from = self.at;
    }

    fn push(&mut self, start: usize, end: usize, kind: PieceKind) {
        let piece = Piece { span: Span::new(start, end), quote: self.quote, kind };
        self.line.pieces.push(piece);
    }

    /// Goes to `to`, which is behind a piece of that kind.
    fn take(&mut self, to: usize, kind: PieceKind) {
        self.flush();
        self.push(self.at, to, kind);
        (self.at, self.from) = (to, to);
    }

    /// A quote that opens counts as quoted itself, and so does one that closes.
    fn double_quote(&mut self) {
        self.flush();
        self.at += 1;
        if self.quote == Quote::Double {
            self.flush();
            self.quote = Quote::None;
        } else {
            self.quote = Quote::Double;
        }
        self.in_argument = !self.in_argument;
    }

    /// Backslashes mean nothing to cmd, but decide whether the program takes a quote for one.
    fn backslashes(&mut self) {
        let run = self.bytes[self.at..].iter().take_while(|byte| **byte == b'\\').count();
        self.at += run;
        let rest = &self.bytes[self.at..];
        let careted = self.quote == Quote::None && rest.starts_with(b"^\"");
        let quote = careted || rest.starts_with(b"\"");
        if quote && run % 2 == 1 {
            self.in_argument = !self.in_argument;
        }
    }

    /// cmd drops carriage returns.
    fn carriage_return(&mut self) {
        self.flush();
        self.at += 1;
        self.from = self.at;
    }

    fn variable(&mut self) {
        if self.batch && self.bytes[self.at..].starts_with(b"%%") {
            return self.take(self.at + 2, PieceKind::Escape);
        }
        match variable_end(self.bytes, self.at, self.batch) {
            Some(end) => self.take(end, PieceKind::Hole),
            None => self.at += 1,
        }
    }

    /// A caret outside quotes takes the meaning of the next character; at the end of a line, that
    /// of the first one in the next line. False where the command ends with it.
    fn caret(&mut self) -> bool {
        let start = self.at;
        let line_end = |at: usize| match &self.bytes[at.min(self.bytes.len())..] {
            [b'\r', b'\n', ..] => Some(at + 2),
            [b'\n', ..] => Some(at + 1),
            [] => Some(at),
            _ => None,
        };
        let Some(next) = line_end(start + 1) else {
            self.escape(start, start + 1);
            return true;
        };
        let again = line_end(next);
        if again.is_some() && !self.in_argument {
            self.flush();
            self.line.trailing = Some(start);
            self.at = next;
            self.from = next;
            return false;
        }
        self.flush();
        (self.at, self.from) = (next, next);
        if next < self.bytes.len() {
            match again {
                // The second line end is the character that the caret takes.
                Some(after) => {
                    self.push(start, after, PieceKind::Escape);
                    (self.at, self.from) = (after, after);
                }
                None => self.escape_first(next),
            }
        }
        true
    }

    /// The first character of a joined line stands for itself.
    fn escape_first(&mut self, at: usize) {
        match self.bytes[at] {
            b' ' | b'\t' => self.word = at + 1,
            b'"' => self.in_argument = !self.in_argument,
            b'%' | b'!' => return,
            b'\\' => return,
            _ => {}
        }
        if !self.in_argument {
            self.word = at;
        }
        self.at += self.text[at..].chars().next().map_or(1, char::len_utf8);
    }

    /// A caret at `start`, and the character at `at` that it takes the meaning of.
    fn escape(&mut self, start: usize, at: usize) {
        self.line.has_caret = true;
        let char = self.text[at..].chars().next();
        match char {
            Some('"') => self.in_argument = !self.in_argument,
            // `^\^"`: the backslashes go on.
            Some('\\') => {
                let mut end = at;
                let mut run = 0;
                while self.bytes[end..].starts_with(b"\\") {
                    run += 1;
                    end += 1;
                    if self.bytes[end..].starts_with(b"^\\") {
                        end += 1;
                    }
                }
                let quote = matches!(&self.bytes[end..], [b'"', ..] | [b'^', b'"', ..]);
                if quote && run % 2 == 1 {
                    self.in_argument = !self.in_argument;
                }
                return self.escaped_backslashes(start, end);
            }
            // A variable is replaced before carets count: `^%NAME%`.
            Some('%' | '!') if variable_end(self.bytes, at, self.batch).is_some() => {
                self.flush();
                (self.at, self.from) = (at, at);
                return;
            }
            Some('%') if self.batch && self.bytes[at..].starts_with(b"%%") => {
                self.flush();
                self.push(start, at + 2, PieceKind::Escape);
                (self.at, self.from) = (at + 2, at + 2);
                return;
            }
            _ => {}
        }
        self.take(at + char.map_or(0, char::len_utf8), PieceKind::Escape);
    }

    /// A run of backslashes of which some have a caret before them.
    fn escaped_backslashes(&mut self, start: usize, end: usize) {
        self.flush();
        let mut at = start;
        while at < end {
            let length = if self.bytes[at] == b'^' { 2 } else { 1 };
            let kind = if length == 2 { PieceKind::Escape } else { PieceKind::Exact };
            self.push(at, at + length, kind);
            at += length;
        }
        (self.at, self.from) = (end, end);
    }

    fn lost_rest(&mut self) {
        let amp = self.at;
        let is_end = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'^');
        let rest = &self.bytes[amp..];
        self.at += rest.iter().position(is_end).unwrap_or(rest.len());
        if self.line.lost.len() < MOST_FINDINGS {
            self.line.lost.push((amp, Span::new(self.word, self.at)));
        }
    }

    /// `>file`, `2>&1`, `<file`: not part of what the program gets.
    fn redirection(&mut self) {
        let digit = self.at > self.from
            && self.bytes[self.at - 1].is_ascii_digit()
            && (self.at - 1 == self.from || matches!(self.bytes[self.at - 2], b' ' | b'\t'));
        self.flush_to(if digit { self.at - 1 } else { self.at });
        self.line.piped |= self.bytes[self.at] == b'<';
        while matches!(self.bytes.get(self.at), Some(b'<' | b'>' | b'&' | b' ' | b'\t')) {
            self.at += 1;
        }
        let mut quoted = false;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' => break,
                b' ' | b'\t' | b'&' | b'|' | b'<' | b'>' | b')' if !quoted => break,
                _ => {}
            }
            self.at += 1;
        }
        (self.from, self.word) = (self.at, self.at);
    }
}
