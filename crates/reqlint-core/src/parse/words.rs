//! The words of one command, as the readers of every dialect but bash collect them.

use super::shell::{Command, Part, PartKind, Stdin, Word};
use crate::layer::{Codec, HoleKind, LayerId, Place, Quote};
use crate::model::{Dialect, Document, Finding, FindingKind};
use crate::span::Span;

/// The path of a program is no longer.
const LONGEST_NAME: usize = 300;

/// Words and their pieces, in flat lists. Spans count from the start of the region.
#[derive(Default)]
pub(super) struct Words {
    pub(super) words: Vec<Word>,
    pub(super) parts: Vec<Part>,
    /// Texts of escapes.
    pub(super) decoded: String,
}

/// How far the lists were filled at some point.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    words: usize,
    parts: usize,
    decoded: usize,
}

impl Words {
    pub(super) fn mark(&self) -> Mark {
        Mark { words: self.words.len(), parts: self.parts.len(), decoded: self.decoded.len() }
    }

    /// Forgets what came after the mark.
    pub(super) fn reset(&mut self, mark: Mark) {
        self.words.truncate(mark.words);
        self.parts.truncate(mark.parts);
        self.decoded.truncate(mark.decoded);
    }

    /// The words after the mark.
    pub(super) fn words_since(&self, mark: Mark) -> &[Word] {
        &self.words[mark.words.min(self.words.len())..]
    }

    pub(super) fn exact(&mut self, start: usize, end: usize, quote: Quote) {
        if start < end {
            let span = Span::new(start, end);
            self.parts.push(Part { span, quote, kind: PartKind::Exact });
        }
    }

    pub(super) fn escape(&mut self, start: usize, end: usize, quote: Quote, text: &str) {
        let text = self.decode(text);
        let span = Span::new(start, end);
        self.parts.push(Part { span, quote, kind: PartKind::Decoded(text) });
    }

    pub(super) fn hole(&mut self, start: usize, end: usize, quote: Quote, kind: HoleKind) {
        if start < end {
            let span = Span::new(start, end);
            self.parts.push(Part { span, quote, kind: PartKind::Hole(kind) });
        }
    }

    /// A piece that stands for a layer, whose text is `text`.
    pub(super) fn layer(&mut self, span: Span, text: &str, id: LayerId) {
        let text = self.decode(text);
        self.parts.push(Part { span, quote: Quote::None, kind: PartKind::Layer(text, id) });
    }

    fn decode(&mut self, text: &str) -> Span {
        let from = self.decoded.len();
        self.decoded.push_str(text);
        Span::new(from, self.decoded.len())
    }

    /// Ends a word whose pieces begin at `first`.
    pub(super) fn word(&mut self, start: usize, end: usize, first: usize) {
        let parts = Span::new(first, self.parts.len());
        self.words.push(Word { span: Span::new(start, end.max(start)), parts });
    }

    /// The text of a word that may be a name; empty where it is too long for one.
    pub(super) fn name_of(&self, text: &str, word: &Word) -> String {
        match word.span.len() <= LONGEST_NAME {
            true => self.text_of(text, word),
            false => String::new(),
        }
    }

    /// The text of a word; holes as they are written in `text`.
    pub(super) fn text_of(&self, text: &str, word: &Word) -> String {
        let parts = &self.parts[word.parts.range()];
        let pieces = parts.iter().map(|part| match part.kind {
            PartKind::Decoded(span) | PartKind::Layer(span, _) => &self.decoded[span.range()],
            PartKind::Exact | PartKind::Hole(_) => &text[part.span.range()],
        });
        pieces.collect()
    }
}

/// What is known of a command besides its words.
pub(super) struct Frame<'f> {
    pub(super) dialect: Dialect,
    pub(super) codec: Codec,
    /// The text of `region`, which all spans count in.
    pub(super) text: &'f str,
    pub(super) region: Place,
    /// All of the command, in the text that it was found in.
    pub(super) place: Place,
    /// Whether it reads the output of another command, or a file.
    pub(super) piped: bool,
    pub(super) findings: Vec<Finding>,
    /// Whether it holds something that never closes.
    pub(super) broken: bool,
}

impl Words {
    /// Reads the words from `name` on, which is `curl`, as a command of curl.
    pub(super) fn read_curl(&self, document: &mut Document<'_>, frame: Frame<'_>, name: usize) {
        let Some(curl) = self.words.get(name) else { return };
        let command = Command {
            dialect: frame.dialect,
            codec: frame.codec,
            text: frame.text,
            region: frame.region,
            parts: &self.parts,
            decoded: &self.decoded,
            heredocs: &[],
            name: *curl,
            words: &self.words[name + 1..],
            place: frame.place,
            stdin: if frame.piped { Stdin::Unknown } else { Stdin::None },
            piped: None,
            findings: frame.findings,
            broken: frame.broken,
        };
        super::client::read_command(document, command);
    }
}

/// Whether a word names the program curl, without ASCII case.
pub(super) fn is_curl(text: &str) -> bool {
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
    name.eq_ignore_ascii_case("curl") || name.eq_ignore_ascii_case("curl.exe")
}

/// Whether the `&` at `at`, in the word that begins at `start`, was meant as part of a URL.
pub(super) fn is_lost_rest(text: &str, start: usize, at: usize, again: bool) -> bool {
    let rest = &text.as_bytes()[at + 1..];
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.[]%".contains(byte);
    let name = rest.iter().take(64).take_while(is_name).count();
    name > 0
        && rest.get(name) == Some(&b'=')
        && at > start
        && (again || memchr::memchr(b'?', &text.as_bytes()[start..at]).is_some())
}

/// What to say of an `&` that cuts a URL off; quotes around the word mend it.
pub(super) fn lost_rest(place: Place, word: Span, repair: bool) -> Finding {
    let mut finding = Finding::new(FindingKind::UnquotedAmpersand, place);
    if repair {
        let ends = [Span::empty(word.start()), Span::empty(word.end())];
        finding.repair = ends.map(|end| (end, "\"".to_owned())).to_vec();
    }
    finding
}
