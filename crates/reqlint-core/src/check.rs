//! Rules × requests → diagnostics.
//!
//! For each request: the packs that speak about it, their rules, the cases of each rule, the
//! matches of each case; then what yields, and the order of the text.

mod caseless;
pub(crate) mod context;
mod declares;
mod depend;
pub(crate) mod evaluate;
pub mod examples;
mod fill;
mod fingerprint;
mod fix;
mod general;
pub mod holes;
mod index;
mod matching;
mod meaning;
mod nearest;
mod number;
mod origin;
pub(crate) mod part;
pub(crate) mod ready;
pub(crate) mod relevance;
mod report;
pub(crate) mod sequence;
mod shared;
mod silence;
pub mod survey;
pub mod trace;
pub mod truth;
pub mod types;
mod uses;
mod valid;

use crate::diagnostic::Diagnostic;
use crate::layer::Place;
use crate::model::{Document, Finding, Kind, Open, Request};
use crate::pack::Pack;
use crate::parse::ignore::is_ignored;
use crate::parse::parse_some_lines;
use crate::rule::{Case, Find, PartPlace, Pattern, Role, Row, Rule, Scope};
use crate::span::Span;
use context::Context;
use origin::Origin;
use ready::{ReadyCase, ReadyPack, ReadyRule};
use rustc_hash::FxHashSet;
pub use sequence::{CheckedPart, Line, Offset, SequenceReport, Sequences, Sightings, TextPart};
use sequence::{Plan, Seen};
pub use silence::Silence;
use silence::{LineSeen, LogLine};
use std::collections::BTreeSet;
use truth::Truth;

pub(crate) use nearest::KINDS as ROUTE_KINDS;

/// Packs that are ready to be evaluated together.
#[derive(Debug)]
pub struct Checker {
    pub(crate) packs: Vec<ReadyPack>,
}

impl Checker {
    /// Makes the rules of `packs` ready, of those that `selected` takes.
    pub fn new(packs: Vec<Pack>, selected: impl Fn(&Rule) -> bool) -> Self {
        let mut packs = general::join(packs);
        packs.iter_mut().filter(|pack| pack.general).for_each(general::silence);
        Checker::of(packs, selected)
    }

    /// Like [`new`](Self::new), but the general pack speaks about the API of its own examples, too.
    pub fn for_examples(packs: Vec<Pack>, selected: impl Fn(&Rule) -> bool) -> Self {
        Checker::of(general::join(packs), selected)
    }

    fn of(packs: Vec<Pack>, selected: impl Fn(&Rule) -> bool) -> Self {
        let ready = packs.into_iter().map(|mut pack| {
            pack.rules.retain(|rule| selected(rule));
            ReadyPack::new(pack)
        });
        Checker { packs: ready.collect() }
    }

    /// Makes one pack, and no other that is about certain servers, speak about an origin
    /// (`http://localhost:8080`), whatever servers the packs name.
    pub fn map_server(&mut self, origin: &str, pack: &str) {
        let Some(origin) = Origin::parse(origin) else { return };
        for ready in &mut self.packs {
            ready.mapped.push((origin.clone(), ready.pack.name == pack));
        }
    }

    /// A request as every pack sees it, in the order of the packs: also those that do not speak
    /// about it.
    pub(crate) fn all_contexts<'c, 'd>(
        &'c self,
        document: &'c Document<'d>,
        request: &'c Request,
    ) -> Vec<Context<'c, 'd>> {
        let mut speaking = self.contexts(document, request).into_iter().peekable();
        let origin = origin_of(document, request);
        let look = |pack: &'c ReadyPack| {
            let is_this = |context: &Context<'_, '_>| std::ptr::eq(context.pack, pack);
            let next = speaking.next_if(is_this);
            next.unwrap_or_else(|| Context::new(document, request, pack, origin.as_ref()))
        };
        self.packs.iter().map(look).collect()
    }

    /// A request as each pack sees it. Where the origin is not known, the pack of which the path
    /// shows most speaks; none does if two show the same.
    pub(crate) fn contexts<'c, 'd>(
        &'c self,
        document: &'c Document<'d>,
        request: &'c Request,
    ) -> Vec<Context<'c, 'd>> {
        let origin = origin_of(document, request);
        let speaking = self.packs.iter().filter(|pack| pack.may_speak(origin.as_ref()));
        let look = |pack| Context::new(document, request, pack, origin.as_ref());
        let mut contexts: Vec<Context<'c, 'd>> = speaking.map(look).collect();
        let is_certain = |context: &&Context<'_, '_>| !context.pack.pack.speaks_about_all();
        if origin.is_some() || contexts.iter().filter(is_certain).count() < 2 {
            return contexts;
        }
        let claims: Vec<Option<usize>> = contexts.iter().map(Context::claim).collect();
        if claims.iter().flatten().count() > 1 {
            let most = claims.iter().flatten().max();
            let is_tie = claims.iter().flatten().filter(|claim| Some(*claim) == most).count() > 1;
            for (context, claim) in contexts.iter_mut().zip(&claims) {
                if claim.is_some() && (is_tie || claim.as_ref() != most) {
                    context.applies = Truth::No;
                }
            }
        }
        contexts
    }

    /// What the rules say of a document, in the order of its text.
    pub fn check(&self, document: &Document<'_>) -> Vec<Diagnostic> {
        self.check_rules(document, &|_| true)
    }

    /// Like [`check`](Self::check), as if there were only the rules that `takes` takes.
    pub fn check_rules(
        &self,
        document: &Document<'_>,
        takes: &dyn Fn(&Rule) -> bool,
    ) -> Vec<Diagnostic> {
        let plans: Vec<Plan<'_>> =
            self.plans().into_iter().filter(|plan| takes(plan.rule)).collect();
        let mut seen = Seen::new(&plans, Truth::Yes);
        let mut diagnostics = Vec::new();
        for (number, request) in document.requests.iter().enumerate() {
            self.check_exchange(document, request, number, takes, &mut seen, &mut diagnostics);
        }
        self.check_rest(document, takes, &mut diagnostics);
        let together = sequence::check(&plans, &seen.sightings());
        if !together.is_empty() {
            diagnostics.extend(together);
            diagnostics.sort_by(|one, two| order(one).cmp(&order(two)));
        }
        diagnostics
    }

    /// What the rules say of each request of a recording of which `text` is a part: lines that each
    /// hold a record; and what a [`Sequences`] must see. `silence` is what other parts have shown
    /// with the same rules.
    pub fn check_part(
        &self,
        text: &str,
        kind: Kind,
        takes: &dyn Fn(&Rule) -> bool,
        silence: &Silence,
    ) -> CheckedPart {
        let lines = silence.look_over(text, kind);
        let is_silent = |line: &LogLine| matches!(line.seen, LineSeen::Silent(_));
        let others = lines.iter().filter(|line| !is_silent(line)).map(|line| line.whole);
        let document = parse_some_lines(text, kind, others, lines.iter().any(is_silent));
        let plans = self.plans();
        let mut seen = Seen::new(&plans, Truth::Yes);
        let mut part = CheckedPart::default();
        let mut learned = Vec::new();
        let mut left = document.requests.as_slice();
        for line in lines {
            if let LineSeen::Silent(sighting) = line.seen {
                sighting.into_iter().for_each(|known| seen.note(known, part.requests.len()));
                part.requests.push(line.text);
                continue;
            }
            let place = |request: &Request| document.layers.root_span(request.place);
            let count = left.iter().take_while(|one| place(one).start() < line.whole.end()).count();
            let (here, rest) = left.split_at(count);
            left = rest;
            let before = part.diagnostics.len();
            for request in here {
                let number = part.requests.len();
                part.requests.push(place(request));
                let diagnostics = &mut part.diagnostics;
                self.check_exchange(&document, request, number, takes, &mut seen, diagnostics);
            }
            if let [request] = here
                && part.diagnostics.len() == before
            {
                let sighting = seen.last(part.requests.len() - 1);
                learned.extend(silence::learn(&line, &document.layers, request, sighting));
            }
        }
        silence.keep(learned);
        self.check_rest(&document, takes, &mut part.diagnostics);
        if !part.diagnostics.is_empty() {
            part.secrets = document.secrets().to_vec();
        }
        part.sightings = seen.sightings();
        part
    }

    /// What the rules say of one request, and what sequences see of it.
    fn check_exchange(
        &self,
        document: &Document<'_>,
        request: &Request,
        number: usize,
        takes: &dyn Fn(&Rule) -> bool,
        seen: &mut Seen<'_, '_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let contexts = self.contexts(document, request);
        contexts.iter().for_each(|context| seen.look(context, number));
        self.check_in(&contexts, Some(number), takes, diagnostics);
    }

    /// What the rules say of what stands outside of requests; what is ignored goes, and the rest is
    /// put in order.
    fn check_rest(
        &self,
        document: &Document<'_>,
        takes: &dyn Fn(&Rule) -> bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        if !document.findings.is_empty() {
            let nobody = without_request(document);
            self.check_request(document, &nobody, None, takes, diagnostics);
        }
        shared::settle(document, diagnostics);
        if !document.ignored.is_empty() {
            diagnostics.retain(|diagnostic| !is_ignored(document, diagnostic));
        }
        self.sort(diagnostics);
    }

    fn sort(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.sort_by(|one, two| order(one).cmp(&order(two)));
        // One command with several URLs makes several requests of the same words.
        diagnostics.dedup_by(|next, first| {
            next.rule == first.rule && next.message == first.message && next.labels == first.labels
        });
    }

    fn check_request(
        &self,
        document: &Document<'_>,
        request: &Request,
        number: Option<usize>,
        takes: &dyn Fn(&Rule) -> bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let contexts = self.contexts(document, request);
        self.check_in(&contexts, number, takes, diagnostics);
    }

    /// What the rules say of a request, as these packs see it.
    fn check_in(
        &self,
        contexts: &[Context<'_, '_>],
        number: Option<usize>,
        takes: &dyn Fn(&Rule) -> bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let mut found = Vec::new();
        for context in contexts {
            let mut own = Vec::new();
            check_pack(context, number, takes, &mut |reported| own.push(reported));
            let path = context.layers().root_span(context.request.url.path);
            general::yield_to_own(&context.pack.pack, path, &mut own);
            found.extend(own.into_iter().map(|reported| reported.diagnostic));
        }
        self.yield_to_others(&mut found);
        diagnostics.append(&mut found);
    }

    /// Drops what another rule says better about the same part.
    fn yield_to_others(&self, found: &mut Vec<Diagnostic>) {
        let rules = || self.packs.iter().flat_map(|pack| &pack.pack.rules);
        let yields = |diagnostic: &Diagnostic| {
            let rule = rules().find(|rule| rule.id == diagnostic.rule);
            rule.is_some_and(|rule| !rule.yields_to.is_empty() || !rule.instead_of.is_empty())
        };
        if !found.iter().any(yields) {
            return;
        }
        let said = found.clone();
        found.retain(|diagnostic| {
            let rule = rules().find(|rule| rule.id == diagnostic.rule);
            let others = rule.map(|rule| rule.yields_to.as_slice()).unwrap_or_default();
            let stands_in = |other: &Diagnostic| {
                let other = rules().find(|rule| rule.id == other.rule);
                other.is_some_and(|other| other.instead_of.contains(&diagnostic.rule))
            };
            let better = |other: &Diagnostic| {
                (others.contains(&other.rule) || stands_in(other))
                    && labels_same_part(diagnostic, other)
            };
            !said.iter().any(better)
        });
    }

    /// Whether a rule reports in a document (*yes*), surely does not (*no*), or may, depending on
    /// what is not known before run time.
    pub fn outcome(&self, document: &Document<'_>, id: &str) -> Truth {
        let nobody = without_request(document);
        let mut truth = Truth::No;
        let requests = document.requests.iter().map(|request| (request, true));
        for (request, whole) in requests.chain([(&nobody, false)]) {
            for context in self.contexts(document, request) {
                let rules = context.pack.pack.rules.iter().zip(&context.pack.rules);
                for (rule, ready) in rules.filter(|(rule, _)| rule.id == id) {
                    truth = truth.or(rule_truth(&context, rule, ready, whole));
                }
            }
        }
        truth.or(self.sequence_outcome(document, id))
    }

    /// The numbers of the cases of a rule that report in a document.
    pub fn reporting_cases(&self, document: &Document<'_>, id: &str) -> BTreeSet<usize> {
        let nobody = without_request(document);
        let mut cases = BTreeSet::new();
        let requests = document.requests.iter().map(|request| (request, Some(0)));
        for (request, number) in requests.chain([(&nobody, None)]) {
            for context in self.contexts(document, request) {
                check_pack(&context, number, &|rule| rule.id == id, &mut |reported| {
                    cases.insert(reported.case);
                });
            }
        }
        cases.extend(self.reporting_sequences(document, id));
        cases
    }

    /// The rule with that id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.packs.iter().flat_map(|pack| &pack.pack.rules).find(|rule| rule.id == id)
    }

    /// The ids of the rules that are ready.
    pub fn rule_ids(&self) -> impl Iterator<Item = &str> {
        self.packs.iter().flat_map(|pack| &pack.pack.rules).map(|rule| rule.id.as_str())
    }
}

fn order(
    diagnostic: &Diagnostic,
) -> (Option<usize>, Span, std::cmp::Reverse<crate::diagnostic::Severity>, &str) {
    let first = diagnostic.labels.first().map_or(Span::default(), |label| label.span);
    let severity = std::cmp::Reverse(diagnostic.severity);
    // What belongs to no request is sorted among the others by its place.
    (None, first, severity, &diagnostic.rule)
}

/// Whether the subject of one diagnostic is labelled by another.
fn labels_same_part(diagnostic: &Diagnostic, other: &Diagnostic) -> bool {
    let Some(subject) = diagnostic.labels.first() else { return false };
    other.labels.iter().any(|label| label.span.overlaps(subject.span))
}

/// Where a request goes, by its URL, or by its `Host` where the URL is only a path.
fn origin_of<'d>(document: &'d Document<'_>, request: &Request) -> Option<Origin<'d>> {
    let url = &request.url;
    if url.host.is_some() || url.origin_hole.is_some() || url.whole.span.is_empty() {
        return Origin::of(&document.layers, url);
    }
    let field = request.headers_named(&document.layers, "host").next()?;
    Origin::of_host(&document.layers, field.value)
}

/// The request that findings outside of any request are asked of: it has nothing else.
fn without_request(document: &Document<'_>) -> Request {
    let mut request = Request::nowhere(Place::root(Span::empty(0)));
    request.findings = document.findings.clone();
    request.open = Open { headers: true, query: true, body: true, cookies: true, method: true };
    request
}

/// A diagnostic, with what it came from.
struct Reported {
    /// The number of the case.
    case: usize,
    subjects: Vec<report::SubjectKey>,
    diagnostic: Diagnostic,
}

/// Gives what the rules of a pack that `takes` takes say of a request to `report`, in their order.
fn check_pack(
    context: &Context<'_, '_>,
    number: Option<usize>,
    takes: &dyn Fn(&Rule) -> bool,
    report: &mut dyn FnMut(Reported),
) {
    let pack = context.pack;
    let mut spoken: FxHashSet<report::SubjectKey> = FxHashSet::default();
    let mut last = None;
    for (at, case) in pack.index.candidates(context) {
        let (rule, ready) = (&pack.pack.rules[at], &pack.rules[at]);
        if !takes(rule) {
            continue;
        }
        if last.replace(at) != Some(at) {
            spoken.clear();
        }
        let matches = case_matches(context, rule, ready, case, number.is_some(), &spoken);
        let of = &rule.cases[case];
        for group in report::group(of.report, &matches) {
            let subjects = group.iter().filter_map(|one| report::subject_of(context, of, one));
            let subjects = subjects.collect();
            let diagnostic = report::diagnose(context, rule, of, &group, number);
            report(Reported { case, subjects, diagnostic });
        }
        spoken.extend(matches.into_iter().map(|(subject, _)| subject));
    }
}

/// The matches of a case about subjects that no earlier case of its rule has `spoken` of.
fn case_matches<'r>(
    context: &'r Context<'_, '_>,
    rule: &'r Rule,
    ready: &'r ReadyRule,
    number: usize,
    whole: bool,
    spoken: &FxHashSet<report::SubjectKey>,
) -> Vec<(report::SubjectKey, evaluate::Match<'r>)> {
    let (case, ready_case) = (&rule.cases[number], &ready.cases[number]);
    let mut matches = Vec::new();
    if evaluate::scope_truth(context, case, ready_case) < Truth::Yes
        || !may_match(context, case, whole)
    {
        return matches;
    }
    for row in rows_for(context, rule, case, ready, ready_case) {
        for found in evaluate::find_matches(context, case, ready_case, row, Truth::Yes) {
            if let Some(subject) = report::subject_of(context, case, &found)
                && !spoken.contains(&subject)
            {
                matches.push((subject, found));
            }
        }
    }
    matches
}

/// Whether a rule reports for a request.
pub(crate) fn rule_truth(
    context: &Context<'_, '_>,
    rule: &Rule,
    ready: &ReadyRule,
    whole: bool,
) -> Truth {
    let mut truth = Truth::No;
    for (case, ready_case) in rule.cases.iter().zip(&ready.cases) {
        if !case.sequence.is_empty() || (!whole && !may_match(context, case, false)) {
            continue;
        }
        for row in all_rows(rule, ready_case) {
            for found in evaluate::find_matches(context, case, ready_case, row, Truth::Unknown) {
                truth = truth.or(found.truth);
            }
        }
    }
    truth
}

/// Whether a rule might hold if the request went to another path than the one that is written,
/// which its API does not have.
pub(crate) fn truth_elsewhere(context: &Context<'_, '_>, rule: &Rule, ready: &ReadyRule) -> Truth {
    let may_be_meant = context.applies == Truth::Yes && context.path_is_unknown();
    let cases = rule.cases.iter().zip(&ready.cases).filter(|(case, _)| {
        may_be_meant && case.sequence.is_empty() && case.scope.iter().any(Scope::asks_for_operation)
    });
    let mut truth = Truth::No;
    for (case, ready_case) in cases {
        for row in all_rows(rule, ready_case) {
            let (scope, floor) = (Truth::Unknown, Truth::Unknown);
            let found = evaluate::find_in_scope(context, case, ready_case, row, (scope, floor));
            truth = found.iter().fold(truth, |truth, found| truth.or(found.truth));
        }
    }
    truth
}

fn all_rows<'r>(rule: &'r Rule, case: &ReadyCase) -> Vec<Option<&'r Row>> {
    match case.uses_row {
        true => rule.rows.iter().map(Some).collect(),
        false => vec![None],
    }
}

/// The rows of a rule's table that can match: all, or those whose words the request holds.
fn rows_for<'r>(
    context: &Context<'_, '_>,
    rule: &'r Rule,
    case: &Case,
    ready: &ReadyRule,
    ready_case: &ReadyCase,
) -> Vec<Option<&'r Row>> {
    if !ready_case.uses_row {
        return vec![None];
    }
    let searched = case.roles.iter().find_map(|role| searched_rows(context, role, ready));
    match searched {
        Some(numbers) => numbers.into_iter().map(|number| Some(&rule.rows[number])).collect(),
        None => all_rows(rule, ready_case),
    }
}

/// The numbers of the rows whose words stand where a role looks for them.
fn searched_rows(context: &Context<'_, '_>, role: &Role, ready: &ReadyRule) -> Option<Vec<usize>> {
    let Find::Part(parts) = &role.find else { return None };
    let (column, by_name) = ready::searched(&role.find)?;
    let rows = ready.rows.get(&column)?;
    let (found, _) = part::parts_at(context, &parts[0].place);
    let mut numbers = Vec::new();
    for part in found {
        let place = if by_name { part.name.unwrap_or(part.whole) } else { part.value };
        let text = caseless::caseless_key(&evaluate::normalize(context.text(place)));
        for number in rows.get(&text).into_iter().flatten() {
            if !numbers.contains(number) {
                numbers.push(*number);
            }
        }
    }
    numbers.sort_unstable();
    Some(numbers)
}

/// Whether a case can match at all: cheap questions that spare the dear ones.
fn may_match(context: &Context<'_, '_>, case: &Case, whole: bool) -> bool {
    case.roles.iter().all(|role| match &role.find {
        Find::Missing(_) => whole,
        Find::Part(parts) => {
            parts.iter().any(|part| may_find(context.document, context.request, &part.place, whole))
        }
    })
}

fn may_find(document: &Document<'_>, request: &Request, place: &PartPlace, whole: bool) -> bool {
    if let PartPlace::Syntax(kinds) = place {
        let wanted = |finding: &Finding| kinds.iter().any(|kind| kind.0 == finding.kind);
        return request.findings.iter().any(wanted);
    }
    if !whole {
        return false;
    }
    let named = |patterns: &[Pattern], mut places: &mut dyn Iterator<Item = Place>| {
        if patterns.iter().any(|pattern| pattern.literal().is_none()) {
            return places.next().is_some();
        }
        Iterator::any(&mut places, |place| {
            let text = document.text(place);
            document.layers.has_hole(place)
                || !text.is_ascii()
                || patterns.iter().any(|pattern| {
                    pattern.literal().is_some_and(|name| name.eq_ignore_ascii_case(text))
                })
        })
    };
    match place {
        PartPlace::Param(patterns) => {
            named(patterns, &mut request.params.iter().map(|param| param.name))
        }
        PartPlace::Header(patterns) => {
            named(patterns, &mut request.headers.iter().map(|header| header.name))
        }
        PartPlace::Cookie(patterns) => {
            named(patterns, &mut request.cookies.iter().map(|cookie| cookie.name))
        }
        PartPlace::Query(_) => request.url.query.is_some(),
        PartPlace::Fragment(_) => request.url.fragment.is_some(),
        PartPlace::Userinfo(_) => request.url.userinfo.is_some(),
        PartPlace::Body(_) => request.body.place.is_some(),
        PartPlace::Json(_) => request.body.json.is_some(),
        _ => true,
    }
}
