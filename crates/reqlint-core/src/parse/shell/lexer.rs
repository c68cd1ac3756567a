//! The state of reading shell text, and the small steps that all readers of it share.

use super::command::Pending;
use super::damage::Damage;
use super::output::Captured;
use super::variables::Variables;
use super::word::{Part, PartKind, Word};
use crate::layer::{HoleKind, Place, Quote};
use crate::model::{Document, Finding, FindingKind};
use crate::span::Span;

/// Substitutions may stand inside each other this deep.
pub(super) const MAX_DEPTH: usize = 64;

/// Texts with more broken quotes than this are read as if the last one were never closed.
const MAX_RECOVERIES: usize = 32;

/// Mendable findings of one command are no more than this many.
const MOST_FINDINGS: usize = 100;

/// Reads one region of shell text from left to right.
///
/// All spans count from the start of the region, until [`Lexer::place`] makes places of them.
pub(super) struct Lexer<'t, 'd, 's> {
    pub(super) document: &'d mut Document<'s>,
    pub(super) text: &'t str,
    pub(super) region: Place,
    pub(super) at: usize,
    /// Where the innermost part ends whose end is known beforehand.
    pub(super) end: usize,
    pub(super) depth: usize,
    /// Inside `$((…))`, where `<<` shifts.
    pub(super) arithmetic: bool,
    /// How many `case` are open in this list.
    pub(super) cases: usize,
    /// What never closes, in the word at hand.
    pub(super) unclosed: Option<Unclosed>,
    recoveries: usize,
    /// From here on no typographic quote ends a word.
    pub(super) no_smart_close: usize,
    /// `# ` at the start of a line is the prompt of root, not a comment.
    pub(super) root_prompt: bool,
    /// Whether the line at hand begins behind a prompt, so that `> ` belongs to what is shown.
    pub(super) prompted: bool,
    /// The number that a listing put before the line at hand.
    pub(super) line_number: Option<u32>,
    pub(super) buffers: Buffers,
    /// What the commands of the substitution at hand print.
    pub(super) captured: Captured,
    pub(super) damage: Damage,
    /// What the script has set so far.
    pub(super) variables: Variables,
}

/// Something in a word that runs to the end of the text.
#[derive(Clone, Copy)]
pub(super) struct Unclosed {
    /// Where it opens.
    pub(super) open: usize,
    /// What to say of it.
    pub(super) kind: FindingKind,
}

/// The commands since the last one that was read completely, in flat lists.
#[derive(Default)]
pub(crate) struct Buffers {
    pub(super) words: Vec<Word>,
    pub(super) parts: Vec<Part>,
    /// Texts of escapes.
    pub(super) decoded: String,
    pub(super) commands: Vec<Pending>,
    pub(super) heredocs: Vec<super::heredoc::Heredoc>,
    pub(super) findings: Vec<Finding>,
    /// The command at hand.
    pub(super) open: Pending,
    /// How many here-documents still wait for their text.
    pub(super) waiting: usize,
}

impl Buffers {
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.parts.clear();
        self.decoded.clear();
        self.commands.clear();
        self.heredocs.clear();
        self.findings.clear();
    }
}

impl<'t, 'd, 's> Lexer<'t, 'd, 's> {
    pub(super) fn new(document: &'d mut Document<'s>, text: &'t str, region: Place) -> Self {
        Lexer {
            document,
            text,
            region,
            at: 0,
            end: text.len(),
            depth: 0,
            arithmetic: false,
            cases: 0,
            unclosed: None,
            recoveries: 0,
            no_smart_close: usize::MAX,
            root_prompt: false,
            prompted: false,
            line_number: None,
            buffers: Buffers::default(),
            captured: Captured::default(),
            damage: Damage::default(),
            variables: Variables::default(),
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    /// The byte at `at`, if it lies before the end.
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        if at < self.end { self.text.as_bytes().get(at).copied() } else { None }
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    /// Whether a line ends at `at`; true at the end of the text, too.
    pub(super) fn is_line_end(&self, at: usize) -> bool {
        match self.byte(at) {
            None | Some(b'\n') => true,
            Some(b'\r') => matches!(self.byte(at + 1), None | Some(b'\n')),
            Some(_) => false,
        }
    }

    /// The first byte of the line after the line end at `at`.
    pub(super) fn after_line_end(&self, at: usize) -> usize {
        match (self.byte(at), self.byte(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => at + 2,
            (None, _) => at,
            _ => at + 1,
        }
    }

    pub(super) fn place(&self, start: usize, end: usize) -> Place {
        self.region.sub(Span::new(start, end.max(start)))
    }

    /// The bytes of the source at a span of the region.
    pub(super) fn root(&self, start: usize, end: usize) -> Span {
        self.document.layers.root_span(self.place(start, end))
    }

    pub(super) fn find(&mut self, kind: FindingKind, start: usize, end: usize) -> &mut Finding {
        let finding = Finding::new(kind, self.place(start, end));
        self.buffers.findings.push(finding);
        self.buffers.findings.last_mut().expect("one was just added")
    }

    /// Whether one more thing that can be mended is noticed in the command at hand.
    pub(super) fn has_room(&self) -> bool {
        self.buffers.findings.len() < self.buffers.open.findings.start() + MOST_FINDINGS
    }

    /// A finding that is mended where `start..end` becomes `text`.
    pub(super) fn find_repair(&mut self, kind: FindingKind, start: usize, end: usize, text: &str) {
        if !self.has_room() {
            return;
        }
        let repair = vec![(self.root(start, end), text.to_owned())];
        self.find(kind, start, end).repair = repair;
    }

    pub(super) fn push_exact(&mut self, start: usize, end: usize, quote: Quote) {
        if start < end {
            let span = Span::new(start, end);
            self.buffers.parts.push(Part { span, quote, kind: PartKind::Exact });
        }
    }

    pub(super) fn push_decoded(&mut self, start: usize, end: usize, quote: Quote, text: &str) {
        let from = self.buffers.decoded.len();
        self.buffers.decoded.push_str(text);
        let kind = PartKind::Decoded(Span::new(from, self.buffers.decoded.len()));
        self.buffers.parts.push(Part { span: Span::new(start, end), quote, kind });
    }

    pub(super) fn push_hole(&mut self, start: usize, end: usize, quote: Quote, kind: HoleKind) {
        if start < end {
            let span = Span::new(start, end);
            self.buffers.parts.push(Part { span, quote, kind: PartKind::Hole(kind) });
        }
    }

    /// Notes that what opens at `open` is never closed; the outermost one counts.
    pub(super) fn set_unclosed(&mut self, open: usize, kind: FindingKind) {
        let nested = kind == FindingKind::NestingTooDeep;
        match &mut self.unclosed {
            Some(unclosed) if unclosed.kind != FindingKind::NestingTooDeep => {
                unclosed.open = unclosed.open.min(open);
                unclosed.kind = kind;
            }
            Some(_) => {}
            none => *none = Some(Unclosed { open, kind }),
        }
        if nested {
            self.at = self.end;
        }
    }

    /// Whether the rest of the text may be searched once more. Only so often, so that the cost stays
    /// linear.
    pub(super) fn may_search(&mut self) -> bool {
        self.recoveries += 1;
        self.recoveries <= MAX_RECOVERIES
    }

    /// Where to read on after something that never closes: the next line that starts a curl
    /// command, or the end. Bounded, so that the cost stays linear.
    pub(super) fn recovery_point(&mut self, open: usize) -> usize {
        if !self.may_search() {
            return self.end;
        }
        let bytes = &self.text.as_bytes()[..self.end];
        let mut from = open;
        while let Some(line) = memchr::memchr(b'\n', &bytes[from..]).map(|at| from + at + 1) {
            let start = &self.text[line..self.end];
            let start = start.trim_start_matches([' ', '\t', '$', '%']);
            if start.starts_with("curl ") {
                return line;
            }
            from = line;
        }
        self.end
    }
}
