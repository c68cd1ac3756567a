//! Exchanges → explanations: what came back, the likeliest cause in the request, the corrected
//! command, what the request cannot show, and what was checked and ruled out.
//!
//! Symptoms say which rules explain a response; the rules say what is wrong with the request. What
//! is named by the one and found by the other comes first.

mod checklist;
mod correct;
pub mod examples;
mod ready;
mod seen;
mod timeline;

use crate::check::Checker;
use crate::check::context::Context;
use crate::check::truth::Truth;
use crate::diagnostic::{Consequence, Diagnostic, Severity};
use crate::layer::Place;
use crate::model::{Document, Request};
use crate::pack::DocumentedPack;
use crate::symptom::{Elsewhere, Retry, Symptom};
pub use checklist::{CheckedStep, State};
pub use correct::{AppliedFix, Corrected};
use ready::ReadyGuide;
pub use seen::Seen;
pub use timeline::{Event, SeenCredits, SeenMonth, SeenRate, Timeline};

/// Packs that are ready to explain exchanges.
#[derive(Debug)]
pub struct Explainer {
    checker: Checker,
    /// In the order of the checker's packs.
    guides: Vec<ReadyGuide>,
}

/// What can be said of one exchange.
#[derive(Clone, Debug)]
pub struct Explanation<'e> {
    /// The number of the request in its document.
    pub request: usize,
    /// Whether the request itself is there, and not only what came back.
    pub has_request: bool,
    /// What came back.
    pub seen: Seen,
    /// What that says.
    pub symptom: Option<&'e Symptom>,
    /// What it may say, where not enough of it is there to tell.
    pub possible: Vec<&'e Symptom>,
    /// What is wrong with the request, likeliest cause first.
    pub causes: Vec<Cause>,
    /// Causes that the request cannot show.
    pub elsewhere: Vec<Elsewhere>,
    /// Rules that could have explained it, but surely do not.
    pub ruled_out: Vec<&'e str>,
    /// Rules that could explain it, depending on what is not known before run time.
    pub undecided: Vec<&'e str>,
    /// The steps of the pack's checklist.
    pub checklist: Vec<CheckedStep<'e>>,
    /// The request as it should have been, where anything about it can be mended.
    pub corrected: Option<Corrected>,
}

/// Something wrong with a request.
#[derive(Clone, Debug)]
pub struct Cause {
    /// What.
    pub diagnostic: Diagnostic,
    /// Whether the symptom names its rule.
    pub explains: bool,
}

impl Explanation<'_> {
    /// Whether sending it again can help.
    pub fn retry(&self) -> Option<Retry> {
        match (self.symptom, self.possible.as_slice()) {
            (Some(symptom), _) => Some(symptom.retry),
            (None, [first, rest @ ..]) => {
                rest.iter().all(|other| other.retry == first.retry).then_some(first.retry)
            }
            (None, []) => None,
        }
    }

    /// Whether the exchange failed, as far as it is known.
    pub fn failed(&self) -> bool {
        self.symptom.is_some() || self.seen.failed()
    }

    /// Whether anything in the request explains what came back.
    pub fn is_explained(&self) -> bool {
        self.causes.iter().any(|cause| cause.explains)
    }
}

impl Explainer {
    /// Makes packs ready. All of their rules are used.
    pub fn new(packs: Vec<DocumentedPack>) -> Self {
        let (packs, guides): (Vec<_>, Vec<_>) =
            packs.into_iter().map(|documented| (documented.pack, documented.guide)).unzip();
        let checker = Checker::new(packs, |_| true);
        let guides = checker.packs.iter().zip(guides);
        let guides = guides.map(|(pack, guide)| ReadyGuide::new(guide, pack)).collect();
        Explainer { checker, guides }
    }

    /// Explains every exchange of a document, in its order.
    pub fn explain(&self, document: &Document<'_>) -> Vec<Explanation<'_>> {
        let diagnostics = self.checker.check(document);
        let numbered = document.requests.iter().enumerate();
        let explain = |(number, request): (usize, &Request)| {
            let contexts = self.checker.all_contexts(document, request);
            let own = |one: &&Diagnostic| one.request == Some(number);
            let found: Vec<Diagnostic> = diagnostics.iter().filter(own).cloned().collect();
            self.explain_one(number, &contexts, found)
        };
        numbered.map(explain).collect()
    }

    fn explain_one(
        &self,
        number: usize,
        contexts: &[Context<'_, '_>],
        found: Vec<Diagnostic>,
    ) -> Explanation<'_> {
        let request = contexts[0].request;
        let document = contexts[0].document;
        let has_request = !request.url.whole.span.is_empty();
        let (symptom, mut possible) = self.symptoms(contexts, has_request);
        let seen = Seen::of(document, request);
        if request.is_recorded() && seen.succeeded() && seen.content.is_none() {
            // A log says that it went well, and nothing of what came: nobody asks what it means.
            possible.clear();
        }
        let named: Vec<&str> = symptom
            .iter()
            .chain(&possible)
            .flat_map(|symptom| symptom.causes.iter().map(String::as_str))
            .collect();
        let causes = rank(found, &named, seen.succeeded());
        let possible = likeliest_first(possible, &causes);
        let (ruled_out, undecided) = match has_request {
            true => self.rest_of(contexts, symptom, &possible, &causes),
            // Of a response alone nothing was looked at.
            false => (Vec::new(), Vec::new()),
        };
        let steps = self.checklist(contexts, symptom, &causes, has_request);
        // What does not explain a response is mended only where that is safe.
        let is_open = symptom.is_none() && possible.is_empty();
        let first = causes.first().filter(|cause| cause.explains || is_open);
        let first = first.map(|cause| &cause.diagnostic);
        let corrected = has_request.then(|| self.correct(document, request, first)).flatten();
        Explanation {
            request: number,
            has_request,
            seen,
            symptom,
            elsewhere: elsewhere(symptom, &possible),
            possible,
            causes,
            ruled_out,
            undecided,
            checklist: steps,
            corrected,
        }
    }

    /// The symptom that is seen; where none is, those that may be. Those of a pack that speaks
    /// about this API go before those of any API.
    fn symptoms(
        &self,
        contexts: &[Context<'_, '_>],
        has_request: bool,
    ) -> (Option<&Symptom>, Vec<&Symptom>) {
        if contexts[0].request.exchange.as_deref().is_none_or(is_unseen) {
            return (None, Vec::new());
        }
        let mut general = (Vec::new(), Vec::new());
        let mut own = (Vec::new(), Vec::new());
        for (context, guide) in contexts.iter().zip(&self.guides) {
            let pack = &context.pack.pack;
            let is_general = pack.servers.is_empty() && pack.paths.is_empty();
            let (seen, possible) = guide.symptoms_in(context, has_request || is_general);
            let side = if is_general { &mut general } else { &mut own };
            side.0.extend(seen);
            side.1.extend(possible);
        }
        let general_seen = general.0.first().copied();
        match (own.0.first().copied(), own.1.is_empty()) {
            (Some(symptom), _) => (Some(symptom), Vec::new()),
            // Without its request, only a response that no API's own words fit is a general one.
            (None, false) if !has_request => (general_seen, own.1),
            (None, false) => (None, own.1),
            (None, true) if general_seen.is_some() => (general_seen, Vec::new()),
            (None, true) => (None, general.1),
        }
    }

    /// The causes that symptoms name and that were not found: those that are ruled out, and those
    /// that depend on what is not known.
    fn rest_of<'e>(
        &'e self,
        contexts: &[Context<'_, '_>],
        symptom: Option<&'e Symptom>,
        possible: &[&'e Symptom],
        causes: &[Cause],
    ) -> (Vec<&'e str>, Vec<&'e str>) {
        let (mut ruled_out, mut undecided) = (Vec::new(), Vec::new());
        let named = symptom.iter().chain(possible).flat_map(|symptom| &symptom.causes);
        for id in named {
            let is_found = causes.iter().any(|cause| cause.diagnostic.rule == *id);
            let list = match self.truth_of(contexts, id) {
                Some(Truth::No) if !is_found => &mut ruled_out,
                Some(Truth::Unknown) if !is_found => &mut undecided,
                _ => continue,
            };
            if !list.contains(&id.as_str()) {
                list.push(id);
            }
        }
        (ruled_out, undecided)
    }

    /// Whether a rule holds for a request; none where there is no such rule.
    fn truth_of(&self, contexts: &[Context<'_, '_>], id: &str) -> Option<Truth> {
        contexts.iter().find_map(|context| {
            let pack = context.pack;
            let number = pack.pack.rules.iter().position(|rule| rule.id == id)?;
            let (rule, ready) = (&pack.pack.rules[number], &pack.rules[number]);
            let truth = crate::check::rule_truth(context, rule, ready, true);
            // What is meant by a path that the API does not have may be one that the rule is about.
            Some(truth.or(crate::check::truth_elsewhere(context, rule, ready)))
        })
    }

    /// What the pages of rules are looked up by.
    pub fn checker(&self) -> &Checker {
        &self.checker
    }

    /// Makes a pack speak about an origin, see [`Checker::map_server`].
    pub fn map_server(&mut self, origin: &str, pack: &str) {
        self.checker.map_server(origin, pack);
    }
}

/// Of what a response may mean, that goes first which the likeliest cause leads to.
fn likeliest_first<'e>(mut possible: Vec<&'e Symptom>, causes: &[Cause]) -> Vec<&'e Symptom> {
    if let Some(first) = causes.first().filter(|cause| cause.explains) {
        possible.sort_by_key(|symptom| !symptom.causes.contains(&first.diagnostic.rule));
    }
    possible
}

/// Whether nothing is known of what came back.
fn is_unseen(exchange: &crate::model::Exchange) -> bool {
    exchange.responses.is_empty() && exchange.failure.is_none()
}

fn elsewhere(symptom: Option<&Symptom>, possible: &[&Symptom]) -> Vec<Elsewhere> {
    let mut causes: Vec<Elsewhere> = Vec::new();
    for cause in symptom.iter().copied().chain(possible.iter().copied()).flat_map(|s| &s.elsewhere)
    {
        if !causes.contains(cause) {
            causes.push(cause.clone());
        }
    }
    causes
}

/// Orders diagnostics: those that `named` rules make, in that order; then what matters more. A
/// success is explained by what makes the data other than was meant.
fn rank(found: Vec<Diagnostic>, named: &[&str], succeeded: bool) -> Vec<Cause> {
    let place = |one: &Diagnostic| {
        let surprising = matches!(one.consequence, Consequence::WrongData | Consequence::Ignored);
        let named = named.iter().position(|id| *id == one.rule);
        named.or((succeeded && surprising).then_some(usize::MAX - 1))
    };
    let mut causes: Vec<Cause> = found
        .into_iter()
        .map(|diagnostic| Cause { explains: place(&diagnostic).is_some(), diagnostic })
        .collect();
    causes.sort_by_key(|cause| {
        let one = &cause.diagnostic;
        (place(one).unwrap_or(usize::MAX), std::cmp::Reverse(one.severity), weight(one.consequence))
    });
    causes
}

/// How likely a consequence is what somebody asks about.
fn weight(consequence: Consequence) -> usize {
    Consequence::ALL.iter().position(|one| *one == consequence).unwrap_or(usize::MAX)
}

/// Whether a diagnostic makes a step of the checklist fail.
fn matters(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity >= Severity::Warning
}

/// The text of a request whole: its command, with what is piped into it and out of it.
fn whole_of(request: &Request) -> Place {
    let command = request.exchange.as_deref().and_then(|exchange| exchange.command);
    command.unwrap_or(request.place)
}
