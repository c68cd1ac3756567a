//! Sequences: what happens one after the other in a recording.
//!
//! [`Checker::check_part`] finds, for each exchange of a text, the steps that it is; a
//! [`Sequences`] is told of them in the order of time, remembers no more than it must, and says
//! what came together. So a recording can be read in parts, and the parts on several threads.

pub(crate) mod key;
mod machine;
mod month;
mod speak;

use super::context::Context;
use super::ready::{ReadyCase, ReadyPack};
use super::truth::Truth;
use super::{Checker, evaluate};
use crate::diagnostic::Diagnostic;
use crate::layer::{Layers, Place};
use crate::model::Document;
use crate::rule::template::{Piece, Template};
use crate::rule::{Case, Rule};
use crate::span::Span;
use key::key_of;
use machine::{Found, Machine, Spot};
use std::sync::Arc;

/// A case with a sequence, and where it is among the packs.
pub(super) struct Plan<'c> {
    pack: &'c ReadyPack,
    pub(super) rule: &'c Rule,
    /// The number of the case in its rule.
    number: usize,
    case: &'c Case,
    ready: &'c ReadyCase,
    /// Whether its words show the URL of a step.
    shows_text: bool,
}

/// The steps of sequences that the exchanges of a text are.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    exchanges: Vec<Sighting>,
}

/// An exchange that is a step of some sequence.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    /// Milliseconds since 1970.
    pub(super) sent: i64,
    /// Its URL, in bytes of the text.
    pub(super) span: Span,
    /// Its number in the text.
    request: usize,
    /// Its URL as it may be shown, where some rule shows it.
    shown: Option<Arc<str>>,
    hits: Hits,
}

/// The steps that an exchange is.
type Hits = Arc<Vec<Hit>>;

impl Sighting {
    /// The same steps at another time and place.
    pub(super) fn at(&self, sent: i64, span: Span) -> Self {
        Sighting { sent, span, ..self.clone() }
    }
}

/// A step that an exchange is.
#[derive(Clone, Copy, Debug)]
struct Hit {
    plan: usize,
    step: usize,
    /// What it shares with the other exchanges of the step, or with the step before.
    key: u128,
    /// What it shares with the step after it.
    next: u128,
}

/// Where a part of a longer text starts in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offset {
    /// Bytes before it.
    pub bytes: u64,
    /// Line breaks before it.
    pub lines: u64,
    /// Requests before it.
    pub requests: u64,
}

/// A part of a longer text, which is gone when the next part is looked at.
#[derive(Clone, Copy, Debug)]
pub struct TextPart<'t> {
    /// The part.
    pub text: &'t str,
    /// Where it starts.
    pub offset: Offset,
}

/// A line that something is said about, kept from a text that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its text, or the beginning of it.
    pub text: String,
    /// Where it starts.
    pub offset: Offset,
}

/// What a sequence has to say.
#[derive(Clone, Debug)]
pub struct SequenceReport {
    /// The diagnostic. Spans are bytes of `line`, where there is one, else of the text.
    pub diagnostic: Diagnostic,
    /// The line of its subject, where the text was read in parts.
    pub line: Option<Arc<Line>>,
}

/// What the rules say of a text that may be a part of a longer one.
#[derive(Debug, Default)]
pub struct CheckedPart {
    /// Its requests.
    pub requests: Vec<Span>,
    /// What they say of each request, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Where secrets stand, if there is a diagnostic.
    pub secrets: Vec<Span>,
    /// What must be seen together with other parts.
    pub sightings: Sightings,
}

/// Follows a recording.
#[derive(Debug)]
pub struct Sequences<'c> {
    checker: &'c Checker,
    machine: Machine,
}

impl<'c> Sequences<'c> {
    /// Nothing seen yet.
    pub fn new(checker: &'c Checker) -> Self {
        Sequences { checker, machine: Machine::new(&checker.plans(), Truth::Yes) }
    }

    /// Takes what was seen in the next part of a recording, and gives what is certain by now.
    pub fn follow(&mut self, seen: &Sightings, part: TextPart<'_>) -> Vec<SequenceReport> {
        if seen.exchanges.is_empty() {
            return Vec::new();
        }
        let plans = self.checker.plans();
        self.machine.follow(&plans, seen, Some(&Lines::new(part)));
        speak::reports(&plans, self.machine.take())
    }

    /// Gives what was waiting for the end.
    pub fn finish(mut self) -> Vec<SequenceReport> {
        let plans = self.checker.plans();
        self.machine.finish(&plans);
        speak::reports(&plans, self.machine.take())
    }
}

impl Checker {
    /// The cases with a sequence, in the order of packs and rules.
    pub(super) fn plans(&self) -> Vec<Plan<'_>> {
        self.packs.iter().flat_map(plans_of).collect()
    }

    /// Whether a sequence rule reports in a text.
    pub(super) fn sequence_outcome(&self, document: &Document<'_>, id: &str) -> Truth {
        let plans = self.plans_of_rule(id);
        let reports = |floor| !self.run_alone(document, &plans, floor).is_empty();
        match () {
            () if plans.is_empty() => Truth::No,
            () if reports(Truth::Yes) => Truth::Yes,
            () if reports(Truth::Unknown) => Truth::Unknown,
            () => Truth::No,
        }
    }

    /// The numbers of the cases of a sequence rule that report in a text.
    pub(super) fn reporting_sequences(&self, document: &Document<'_>, id: &str) -> Vec<usize> {
        let plans = self.plans_of_rule(id);
        let found = self.run_alone(document, &plans, Truth::Yes);
        found.iter().map(|found| plans[found.plan].number).collect()
    }

    fn plans_of_rule(&self, id: &str) -> Vec<Plan<'_>> {
        self.plans().into_iter().filter(|plan| plan.rule.id == id).collect()
    }

    fn run_alone(&self, document: &Document<'_>, plans: &[Plan<'_>], floor: Truth) -> Vec<Found> {
        if plans.is_empty() {
            return Vec::new();
        }
        let mut seen = Seen::new(plans, floor);
        for (number, request) in document.requests.iter().enumerate() {
            for context in self.contexts(document, request) {
                seen.look(&context, number);
            }
        }
        run(plans, &seen.sightings(), floor)
    }
}

/// What the sequences say of a whole text.
pub(super) fn check(plans: &[Plan<'_>], seen: &Sightings) -> Vec<Diagnostic> {
    if seen.exchanges.is_empty() {
        return Vec::new();
    }
    let found = run(plans, seen, Truth::Yes);
    speak::reports(plans, found).into_iter().map(|report| report.diagnostic).collect()
}

fn run(plans: &[Plan<'_>], seen: &Sightings, floor: Truth) -> Vec<Found> {
    let mut machine = Machine::new(plans, floor);
    machine.follow(plans, seen, None);
    machine.finish(plans);
    machine.take()
}

fn plans_of(pack: &ReadyPack) -> impl Iterator<Item = Plan<'_>> {
    let rules = pack.pack.rules.iter().zip(&pack.rules);
    let cases = rules.flat_map(|(rule, ready)| {
        let cases = rule.cases.iter().zip(&ready.cases).enumerate();
        cases.map(move |(number, (case, ready))| (rule, number, case, ready))
    });
    let cases = cases.filter(|(_, _, case, _)| !case.sequence.is_empty());
    cases.map(move |(rule, number, case, ready)| Plan {
        pack,
        rule,
        number,
        case,
        ready,
        shows_text: shows_text(case),
    })
}

/// Whether a message, label or help shows the text of a step.
fn shows_text(case: &Case) -> bool {
    let shows =
        |template: &Template| template.pieces.iter().any(|piece| matches!(piece, Piece::Text(_)));
    let labels = case.labels.iter().map(|(_, text)| text);
    std::iter::once(&case.message).chain(labels).chain(&case.help).any(shows)
}

/// Collects what is seen in the exchanges of a text.
pub(super) struct Seen<'p, 'c> {
    plans: &'p [Plan<'c>],
    floor: Truth,
    exchanges: Vec<Sighting>,
    /// Whether some key is not known; below *yes* all are then taken for one.
    any_unknown: bool,
}

impl<'p, 'c> Seen<'p, 'c> {
    pub(super) fn new(plans: &'p [Plan<'c>], floor: Truth) -> Self {
        Seen { plans, floor, exchanges: Vec::new(), any_unknown: false }
    }

    /// Looks at a request with the eyes of a pack.
    pub(super) fn look(&mut self, context: &Context<'_, '_>, number: usize) {
        let exchange = context.request.exchange.as_deref();
        let Some(sent) = exchange.and_then(|exchange| exchange.sent) else { return };
        for (index, plan) in
            self.plans.iter().enumerate().filter(|(_, plan)| std::ptr::eq(plan.pack, context.pack))
        {
            for (step, (stated, ready)) in
                plan.case.sequence.iter().zip(&plan.ready.steps).enumerate()
            {
                let found = evaluate::find_matches(context, &stated.case, ready, None, self.floor);
                if found.is_empty() {
                    continue;
                }
                let next = plan.case.sequence.get(step + 1).map(|next| &next.same);
                let key = self.key(key_of(context, &stated.same));
                let next = self.key(next.map_or(Some(0), |same| key_of(context, same)));
                if let (Some(key), Some(next)) = (key, next) {
                    self.add(context, sent, number, Hit { plan: index, step, key, next });
                }
            }
        }
    }

    fn key(&mut self, key: Option<u128>) -> Option<u128> {
        self.any_unknown |= key.is_none();
        if self.floor == Truth::Yes { key } else { Some(key.unwrap_or_default()) }
    }

    fn add(&mut self, context: &Context<'_, '_>, sent: i64, request: usize, hit: Hit) {
        let url = context.request.url.whole;
        let known = self.exchanges.last_mut().filter(|known| known.request == request);
        let sighting = match known {
            Some(known) => known,
            None => {
                let span = visible_span(context.layers(), url, context.request.place);
                let hits = Hits::default();
                self.exchanges.push(Sighting { sent, span, request, shown: None, hits });
                self.exchanges.last_mut().expect("it was just added")
            }
        };
        if self.plans[hit.plan].shows_text && sighting.shown.is_none() {
            sighting.shown = Some(Arc::from(super::fill::crop(&context.shown(url))));
        }
        Arc::make_mut(&mut sighting.hits).push(hit);
    }

    /// Notes a request that is known from one like it.
    pub(super) fn note(&mut self, sighting: Sighting, number: usize) {
        self.exchanges.push(Sighting { request: number, ..sighting });
    }

    /// What was seen of a request, if it is the last one.
    pub(super) fn last(&self, number: usize) -> Option<&Sighting> {
        self.exchanges.last().filter(|last| last.request == number)
    }

    /// What was seen, in the order of time.
    pub(super) fn sightings(mut self) -> Sightings {
        self.exchanges.sort_by_key(|sighting| sighting.sent);
        if self.any_unknown && self.floor < Truth::Yes {
            let hits = self.exchanges.iter_mut().map(|sighting| Arc::make_mut(&mut sighting.hits));
            for hit in hits.flatten() {
                (hit.key, hit.next) = (0, 0);
            }
        }
        Sightings { exchanges: self.exchanges }
    }
}

/// The bytes of a URL, or of the request where the URL is not written.
fn visible_span(layers: &Layers<'_>, url: Place, request: Place) -> Span {
    let span = layers.root_span(url);
    if span.is_empty() { layers.root_span(request) } else { span }
}

/// The lines of a part of a text.
struct Lines<'t> {
    part: TextPart<'t>,
    /// Where its line breaks are.
    breaks: Vec<usize>,
}

/// More of a line is not kept behind what is pointed at.
const LONGEST_TAIL: usize = 512;

impl<'t> Lines<'t> {
    fn new(part: TextPart<'t>) -> Self {
        let breaks = memchr::memchr_iter(b'\n', part.text.as_bytes()).collect();
        Lines { part, breaks }
    }

    /// The number of the line, from 0, that a byte of the part stands in.
    fn number(&self, at: usize) -> u64 {
        self.part.offset.lines + self.breaks.partition_point(|end| *end < at) as u64
    }

    /// The line that a spot stands in.
    fn keep(&self, spot: &Spot) -> Arc<Line> {
        let at = usize::try_from(spot.start - self.part.offset.bytes).unwrap_or_default();
        let index = self.breaks.partition_point(|end| *end < at);
        let start = index.checked_sub(1).map_or(0, |before| self.breaks[before] + 1);
        let end = self.breaks.get(index).copied().unwrap_or(self.part.text.len());
        let tail = at + spot.length + LONGEST_TAIL;
        let end = self.part.text.floor_char_boundary(end.min(tail));
        let Offset { bytes, lines, .. } = self.part.offset;
        let offset = Offset {
            bytes: bytes + start as u64,
            lines: lines + index as u64,
            requests: spot.request,
        };
        Arc::new(Line { text: self.part.text[start..end].to_owned(), offset })
    }
}
