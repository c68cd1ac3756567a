//! Looks over a line that records a request without reading it: what the rules can see of it as one
//! number, and its time. Two lines of the same number say the same, but for when and to whom.
//!
//! Only what is surely JSON, and surely holds nothing to notice, is looked over. All else is read.

use super::record::{Member, members};
use crate::check::relevance::Relevance;
use crate::parse::json::is_number;
use crate::parse::time::parse_time;
use crate::span::Span;
use memchr::{memchr2, memmem};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Deeper values are read.
const DEEPEST: usize = 32;
/// Objects with more members are read.
const MOST_MEMBERS: usize = 256;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Skimmed {
    /// The same for lines about which rules say the same.
    pub(crate) key: u128,
    /// When it was sent, in milliseconds since 1970.
    pub(crate) sent: Option<i64>,
}

/// Looks over lines, one after the other.
pub(crate) struct Skimmer<'r> {
    pub(crate) relevance: &'r Relevance,
    /// What of the current line counts.
    pub(crate) seen: Vec<u8>,
    /// Where in the line that stands which counts letter by letter. Lines of the same key have the
    /// same pieces, in the same order.
    pub(crate) pieces: Vec<Span>,
    /// Names of the objects that are open, as numbers.
    names: Vec<u64>,
    /// What members of records say.
    members: FxHashMap<&'static str, Member>,
}

impl<'r> Skimmer<'r> {
    pub(crate) fn new(relevance: &'r Relevance) -> Self {
        let (seen, pieces, names) = (Vec::new(), Vec::new(), Vec::new());
        Skimmer { relevance, seen, pieces, names, members: members() }
    }

    /// Looks over a line of JSON without white space around it; none where it must be read.
    pub(crate) fn skim_object(&mut self, line: &str) -> Option<Skimmed> {
        self.clear();
        let bytes = line.as_bytes();
        let is_control = bytes.iter().fold(false, |any, byte| any | (*byte < b' '));
        let has_hole =
            || ["{{", "${"].iter().any(|mark| memmem::find(bytes, mark.as_bytes()).is_some());
        if bytes.first() != Some(&b'{') || is_control || has_hole() {
            return None;
        }
        let mut scan = Scan { skimmer: self, line, at: 0, time: None };
        scan.object(Level::Record, 0)?;
        let (end, time) = (scan.at, scan.time);
        let sent = time.and_then(|(_, span)| parse_time(line[span.range()].trim()));
        (end == bytes.len()).then(|| self.finish(sent))
    }

    /// What was noted.
    pub(crate) fn finish(&mut self, sent: Option<i64>) -> Skimmed {
        self.seen.push(u8::from(sent.is_some()));
        Skimmed { key: xxh3_128(&self.seen), sent }
    }

    /// Forgets the line before.
    pub(crate) fn clear(&mut self) {
        self.seen.clear();
        self.pieces.clear();
        self.names.clear();
    }

    /// Notes what counts letter by letter.
    pub(crate) fn add(&mut self, line: &str, span: Span) {
        self.seen.push(Mark::Text as u8);
        self.seen.extend_from_slice(&span.len().to_le_bytes());
        self.seen.extend_from_slice(&line.as_bytes()[span.range()]);
        self.pieces.push(span);
    }

    /// Notes a `Referer` that a log has without its name: a dash stands for none.
    pub(crate) fn add_referer(&mut self, line: &str, inner: Span) {
        match &line[inner.range()] {
            "" | "-" => self.add(line, inner),
            _ => self.add_field(b"referer", line, inner),
        }
    }

    /// Notes the value of a header field.
    pub(crate) fn add_field(&mut self, name: &[u8], line: &str, inner: Span) {
        match self.relevance.answers(name, &line[inner.range()]) {
            Some(answers) => {
                self.seen.push(Mark::Answers as u8);
                self.seen.extend_from_slice(&answers.to_le_bytes());
            }
            None => self.add(line, inner),
        }
    }
}

/// What stands in the key.
#[derive(Clone, Copy)]
enum Mark {
    Text = 1,
    Answers,
    Kind,
    Start,
    End,
}

/// Which object a member stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The record itself.
    Record,
    /// What was sent.
    Request,
    /// What came back.
    Response,
}

struct Scan<'k, 'r, 't> {
    skimmer: &'k mut Skimmer<'r>,
    line: &'t str,
    at: usize,
    /// The value that says when it was sent, and which of the names for it that has.
    time: Option<(usize, Span)>,
}

impl Scan<'_, '_, '_> {
    fn bytes(&self) -> &[u8] {
        self.line.as_bytes()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    /// Passes over spaces; no other white space is in the line.
    fn skip_space(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.skip_space();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// The members of the object at the current byte; `each` passes over the value of a name.
    fn members(&mut self, mut each: impl FnMut(&mut Self, Span) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        let first = self.skimmer.names.len();
        self.skip_space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.skip_space();
            let (name, escaped) = self.string()?;
            let number = xxh3_64(&self.bytes()[name.range()]);
            let names = &mut self.skimmer.names;
            if escaped || names[first..].contains(&number) || names.len() - first > MOST_MEMBERS {
                return None;
            }
            names.push(number);
            self.take(b':')?;
            self.skip_space();
            each(self, name)?;
            self.skip_space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return None,
            }
        }
        self.at += 1;
        self.skimmer.names.truncate(first);
        Some(())
    }

    /// An object of a record.
    fn object(&mut self, level: Level, depth: usize) -> Option<()> {
        self.mark(Mark::Start);
        self.members(|scan, name| scan.member(level, name, depth))?;
        self.mark(Mark::End);
        Some(())
    }

    fn member(&mut self, level: Level, name: Span, depth: usize) -> Option<()> {
        let line = self.line;
        let name = &line[name.range()];
        self.skimmer.seen.extend_from_slice(&name.len().to_le_bytes());
        self.skimmer.seen.extend_from_slice(name.as_bytes());
        let (first, member) = (self.peek()?, self.skimmer.members.get(name));
        let sees_responses = self.skimmer.relevance.all_responses;
        let of_response = level == Level::Response;
        match member {
            Some(Member::Time(rank)) if level == Level::Record => return self.time(*rank),
            Some(Member::Request) if level == Level::Record && first == b'{' => {
                return self.object(Level::Request, depth + 1);
            }
            Some(Member::Response) if level == Level::Record && first == b'{' => {
                return self.object(Level::Response, depth + 1);
            }
            Some(Member::Headers) if first == b'{' && !(of_response && sees_responses) => {
                return self.fields(depth + 1);
            }
            Some(Member::ResponseHeaders) if first == b'{' && !sees_responses => {
                return self.fields(depth + 1);
            }
            Some(Member::Referer) if first == b'"' => {
                let (inner, _) = self.string()?;
                self.skimmer.add_referer(line, inner);
                return Some(());
            }
            // It is only looked at whether there is one.
            Some(Member::ResponseBody) if !sees_responses => return self.pass(depth),
            Some(Member::Body | Member::Content) if of_response && !sees_responses => {
                return self.pass(depth);
            }
            Some(Member::Status) => {
                let start = self.at;
                let kind = self.value(depth + 1)?;
                let inset = usize::from(kind == b'"');
                let status = line[start + inset..self.at - inset].trim();
                if self.skimmer.relevance.sees_response(status) {
                    return None;
                }
                self.skimmer.add(line, Span::new(start, self.at));
                return Some(());
            }
            None | Some(Member::Time(_)) => return self.pass(depth),
            Some(Member::Content) if level == Level::Record => return self.pass(depth),
            Some(_) => {}
        }
        let start = self.at;
        self.value(depth + 1)?;
        self.skimmer.add(line, Span::new(start, self.at));
        Some(())
    }

    /// A value of which only the kind counts.
    fn pass(&mut self, depth: usize) -> Option<()> {
        let kind = self.value(depth + 1)?;
        self.skimmer.seen.extend([Mark::Kind as u8, kind]);
        Some(())
    }

    /// A value that may say when the request was sent.
    fn time(&mut self, rank: usize) -> Option<()> {
        let start = self.at;
        let (kind, escaped) = match self.peek()? {
            b'"' => (b'"', self.string()?.1),
            _ => (self.value(1)?, false),
        };
        self.skimmer.seen.extend([Mark::Kind as u8, kind]);
        let span = match kind {
            b'"' => Span::new(start + 1, self.at - 1),
            b'0' => Span::new(start, self.at),
            // Anything else says no time, but it stands for one; `null` is nothing.
            b'n' => return Some(()),
            _ => Span::empty(start),
        };
        if self.time.is_none_or(|(known, _)| rank < known) {
            self.time = Some((rank, span));
        }
        (!escaped).then_some(())
    }

    /// Header fields, as an object of names and values.
    fn fields(&mut self, depth: usize) -> Option<()> {
        self.mark(Mark::Start);
        self.members(|scan, name| {
            let line = scan.line;
            let name = &line.as_bytes()[name.range()];
            scan.skimmer.seen.extend_from_slice(&name.len().to_le_bytes());
            scan.skimmer.seen.extend_from_slice(name);
            let start = scan.at;
            match scan.peek()? {
                b'"' => {
                    let (inner, _) = scan.string()?;
                    scan.skimmer.add_field(name, line, inner);
                }
                b'[' if scan.list(name)? => {}
                _ => {
                    scan.at = start;
                    scan.value(depth + 1)?;
                    scan.skimmer.add(line, Span::new(start, scan.at));
                }
            }
            Some(())
        })?;
        self.mark(Mark::End);
        Some(())
    }

    /// The values of a field, as a list of texts; no answer where it holds something else.
    fn list(&mut self, name: &[u8]) -> Option<bool> {
        let (seen, pieces) = (self.skimmer.seen.len(), self.skimmer.pieces.len());
        self.mark(Mark::Start);
        self.at += 1;
        self.skip_space();
        while self.peek()? == b'"' {
            let (inner, _) = self.string()?;
            self.skimmer.add_field(name, self.line, inner);
            self.skip_space();
            if self.peek()? == b',' {
                self.at += 1;
                self.skip_space();
                // Nothing but a text goes on.
                if self.peek()? != b'"' {
                    break;
                }
            }
        }
        self.mark(Mark::End);
        let is_list = self.peek()? == b']' && self.bytes()[self.at - 1] != b',';
        self.at += 1;
        if !is_list {
            self.skimmer.seen.truncate(seen);
            self.skimmer.pieces.truncate(pieces);
        }
        Some(is_list)
    }

    fn mark(&mut self, mark: Mark) {
        self.skimmer.seen.push(mark as u8);
    }

    /// Passes over a value; the answer is its kind: its first byte, `0` for numbers.
    fn value(&mut self, depth: usize) -> Option<u8> {
        let first = self.peek()?;
        match first {
            _ if depth > DEEPEST => None,
            b'"' => self.string().map(|_| b'"'),
            b'{' => self.members(|scan, _| scan.value(depth + 1).map(drop)).map(|()| b'{'),
            b'[' => self.array(depth).map(|()| b'['),
            _ => self.scalar(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.skip_space();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.skip_space();
            self.value(depth + 1)?;
            self.skip_space();
            let end = self.peek()?;
            self.at += 1;
            match end {
                b',' => {}
                b']' => return Some(()),
                _ => return None,
            }
        }
    }

    fn scalar(&mut self) -> Option<u8> {
        let rest = &self.bytes()[self.at..];
        let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ');
        let word = &rest[..rest.iter().position(is_end)?];
        let kind = match word {
            b"true" | b"false" => b't',
            b"null" => b'n',
            _ if is_number(word) => b'0',
            _ => return None,
        };
        self.at += word.len();
        Some(kind)
    }

    /// Passes over a string: what stands between its quotes, and whether it has escapes.
    fn string(&mut self) -> Option<(Span, bool)> {
        if self.peek()? != b'"' {
            return None;
        }
        let inner = self.at + 1;
        let mut at = inner;
        let mut escaped = false;
        loop {
            let bytes = self.line.as_bytes();
            at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
            if bytes[at] == b'"' {
                self.at = at + 1;
                return Some((Span::new(inner, at), escaped));
            }
            escaped = true;
            at += match bytes.get(at + 1)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
                b'u' => {
                    let digits = bytes.get(at + 2..at + 6)?;
                    let is_plain = digits.iter().all(u8::is_ascii_hexdigit) && !is_half(digits);
                    is_plain.then_some(6)?
                }
                _ => return None,
            };
        }
    }
}

/// Whether the digits of an escape are half of a character.
fn is_half(digits: &[u8]) -> bool {
    matches!(digits, [b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..])
}
