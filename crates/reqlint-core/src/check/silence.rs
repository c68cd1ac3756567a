//! Requests that a recording repeats: what no rule had anything to say about, none has when it comes
//! again, so that it need not even be read.
//!
//! Lines are looked over first; the key of a line is all that a rule can see of it, but for the time,
//! about which only sequences ask.

use super::Checker;
use super::relevance::Relevance;
use super::sequence::Sighting;
use crate::layer::Layers;
use crate::model::{Exchange, Kind, Request, RequestKind};
use crate::parse::access_log::skim_log_line;
use crate::parse::lines::lines;
use crate::parse::request_object::skim::{Skimmed, Skimmer};
use crate::span::Span;
use rustc_hash::FxHashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// More are forgotten, so that memory stays constant.
const MOST: usize = 1 << 17;

/// The lines of a recording that are known to break no rule. Of one set of rules only; threads share
/// it.
#[derive(Debug)]
pub struct Silence {
    relevance: Relevance,
    known: RwLock<FxHashMap<u128, Option<Arc<Step>>>>,
}

/// What a sequence must see of a line.
#[derive(Debug)]
pub(super) struct Step {
    sighting: Sighting,
    /// Where its URL begins and ends.
    url: [Spot; 2],
}

/// A byte of a line, in whatever line of the same key.
#[derive(Clone, Copy, Debug)]
enum Spot {
    Piece { number: usize, at: usize },
    Start,
    End,
}

/// A line of a part of a recording.
pub(super) struct LogLine {
    /// With the white space around it.
    pub(super) whole: Span,
    /// Without.
    pub(super) text: Span,
    pub(super) seen: LineSeen,
}

/// What is known of a line before it is read.
pub(super) enum LineSeen {
    /// Nothing.
    Nothing,
    /// It is new. With the pieces of its key.
    New(Skimmed, Vec<Span>),
    /// It breaks no rule; what sequences must see of it.
    Silent(Option<Sighting>),
}

/// A line that turned out to break no rule.
pub(super) type Learned = (u128, Option<Arc<Step>>);

impl Silence {
    /// Nothing seen yet.
    pub fn new(checker: &Checker) -> Self {
        Silence { relevance: Relevance::of(checker), known: RwLock::default() }
    }

    /// How many lines are known that do not say the same.
    pub fn len(&self) -> usize {
        self.known.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The lines of a part of a recording.
    pub(super) fn look_over(&self, text: &str, kind: Kind) -> Vec<LogLine> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut skimmer = Skimmer::new(&self.relevance);
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let look = |whole: Span| {
            let line = trim(text, whole);
            let skimmed = match kind {
                Kind::Ndjson => skimmer.skim_object(&text[line.range()]),
                _ => skim_log_line(&mut skimmer, &text[line.range()]),
            };
            let seen = match skimmed.map(|skimmed| (skimmed, known.get(&skimmed.key))) {
                None => LineSeen::Nothing,
                Some((skimmed, None)) => LineSeen::New(skimmed, skimmer.pieces.clone()),
                Some((skimmed, Some(step))) => {
                    let again = |step: &Arc<Step>| step.again(skimmed.sent, line, &skimmer.pieces);
                    LineSeen::Silent(step.as_ref().and_then(again))
                }
            };
            LogLine { whole, text: line, seen }
        };
        lines(text, Span::new(start, text.len())).map(look).collect()
    }

    /// Keeps what was learned.
    pub(super) fn keep(&self, learned: Vec<Learned>) {
        if learned.is_empty() {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() + learned.len() > MOST {
            known.clear();
        }
        known.extend(learned);
    }
}

/// What is learned of a line that is one request, about which no rule said anything; none where that
/// need not hold for the next line like it.
pub(super) fn learn(
    line: &LogLine,
    layers: &Layers<'_>,
    request: &Request,
    sighting: Option<&Sighting>,
) -> Option<Learned> {
    let LineSeen::New(skimmed, pieces) = &line.seen else { return None };
    let is_known = |exchange: &Exchange| exchange.failure.is_none() && exchange.command.is_none();
    let is_plain = request.kind == RequestKind::Entry
        && request.findings.is_empty()
        && request.exchange.as_deref().is_some_and(is_known)
        && layers.root_span(request.place) == line.text;
    let step = match sighting {
        Some(sighting) => Some(Arc::new(Step::new(sighting, line.text, pieces)?)),
        None => None,
    };
    is_plain.then_some((skimmed.key, step))
}

impl Step {
    fn new(sighting: &Sighting, line: Span, pieces: &[Span]) -> Option<Self> {
        let spot = |byte: usize, edge: Spot, edge_at: usize| {
            let at = byte.checked_sub(line.start())?;
            let holds = |piece: &Span| piece.start() <= at && at <= piece.end();
            match pieces.iter().position(holds) {
                _ if byte == edge_at => Some(edge),
                Some(number) => Some(Spot::Piece { number, at: at - pieces[number].start() }),
                None => None,
            }
        };
        let url = [
            spot(sighting.span.start(), Spot::Start, line.start())?,
            spot(sighting.span.end(), Spot::End, line.end())?,
        ];
        Some(Step { sighting: sighting.clone(), url })
    }

    /// The same step in a line of the same key.
    fn again(&self, sent: Option<i64>, line: Span, pieces: &[Span]) -> Option<Sighting> {
        let place = |spot: Spot| match spot {
            Spot::Piece { number, at } => Some(line.start() + pieces.get(number)?.start() + at),
            Spot::Start => Some(line.start()),
            Spot::End => Some(line.end()),
        };
        let span = Span::new(place(self.url[0])?, place(self.url[1])?);
        Some(self.sighting.at(sent?, span))
    }
}

/// A line without the white space of JSON around it.
fn trim(text: &str, line: Span) -> Span {
    let inner = &text[line.range()];
    let is_space = [' ', '\t', '\r'];
    let start = line.start() + inner.len() - inner.trim_start_matches(is_space).len();
    Span::new(start, (line.start() + inner.trim_end_matches(is_space).len()).max(start))
}
