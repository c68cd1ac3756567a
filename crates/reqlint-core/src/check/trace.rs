//! Why a rule speaks about a request, or does not: `reqlint check --trace-rule ID`.

use super::context::Context;
use super::evaluate::{self, Match};
use super::origin::Origin;
use super::ready::{ReadyCase, ReadyPack, ReadyRule};
use super::truth::Truth;
use super::{Checker, may_match, report, rows_for, without_request};
use crate::model::{Document, Request};
use crate::rule::notation::Notation;
use crate::rule::{Case, Row, Rule};
use crate::span::Span;

/// Matches of a case that are written out.
const MOST_MATCHES: usize = 8;

/// What became of a rule at one request.
#[derive(Clone, Debug)]
pub struct RequestTrace {
    /// Its number in the document; none for what belongs to no request.
    pub request: Option<usize>,
    /// Where it stands.
    pub span: Span,
    /// Whether the rule reports it.
    pub truth: Truth,
    /// What it says.
    pub says: Vec<String>,
    /// The rule that says it better, and silences this one.
    pub yields_to: Option<String>,
    /// For each case of the rule, how that came about.
    pub cases: Vec<Step>,
}

/// A question with its answer.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is asked, as the rule writes it.
    pub asks: String,
    /// The answer.
    pub truth: Truth,
    /// What was found; masked where it is secret.
    pub found: Option<String>,
    /// What the answer follows from.
    pub because: Vec<Step>,
}

impl Step {
    pub(crate) fn new(asks: impl Into<String>, truth: Truth) -> Self {
        Step { asks: asks.into(), truth, found: None, because: Vec::new() }
    }

    pub(crate) fn found(self, found: impl Into<String>) -> Self {
        Step { found: Some(found.into()), ..self }
    }

    pub(crate) fn because(self, because: Vec<Step>) -> Self {
        Step { because, ..self }
    }
}

impl Checker {
    /// What becomes of the rule with that id at each request of a document. A document with
    /// findings outside of its requests has one more entry, for these.
    pub fn trace(&self, document: &Document<'_>, id: &str) -> Vec<RequestTrace> {
        let nobody = without_request(document);
        let requests = document.requests.iter().enumerate();
        let requests = requests.map(|(number, request)| (request, Some(number)));
        let rest = (!document.findings.is_empty()).then_some((&nobody, None));
        let trace = |(request, number)| self.trace_request(document, request, number, id);
        requests.chain(rest).filter_map(trace).collect()
    }

    fn trace_request(
        &self,
        document: &Document<'_>,
        request: &Request,
        number: Option<usize>,
        id: &str,
    ) -> Option<RequestTrace> {
        let has_rule = |pack: &&ReadyPack| pack.pack.rules.iter().any(|rule| rule.id == id);
        let pack = self.packs.iter().find(has_rule)?;
        // A pack that does not speak about the server is not among the contexts.
        let origin = Origin::of(&document.layers, &request.url);
        let elsewhere = || Context::new(document, request, pack, origin.as_ref());
        let mut contexts = self.contexts(document, request).into_iter();
        let context = contexts.find(|context| context.pack.pack.name == pack.pack.name);
        let context = &context.unwrap_or_else(elsewhere);
        let at = pack.pack.rules.iter().position(|rule| rule.id == id)?;
        let (rule, ready) = (&context.pack.pack.rules[at], &context.pack.rules[at]);
        let cases = rule.cases.iter().zip(&ready.cases);
        let mut cases: Vec<Step> = cases
            .map(|(case, ready_case)| {
                trace_case(context, rule, case, (ready, ready_case), number.is_some())
            })
            .collect();
        if let several @ [_, _, ..] = cases.as_mut_slice() {
            for (number, case) in several.iter_mut().enumerate() {
                case.asks = format!("case {}, {}", number + 1, case.asks);
            }
        }
        let mut said = Vec::new();
        let is_meant = |other: &Rule| other.id == id;
        super::check_pack(context, number, &is_meant, &mut |found| {
            said.push(found.diagnostic);
        });
        let mut all = Vec::new();
        self.check_request(document, request, number, &|_| true, &mut all);
        let is_silenced = !said.is_empty() && !all.iter().any(|found| found.rule == id);
        let better = rule.yields_to.iter().find(|to| all.iter().any(|found| found.rule == **to));
        Some(RequestTrace {
            request: number,
            span: document.layers.root_span(request.place),
            truth: cases.iter().map(|case| case.truth).fold(Truth::No, Truth::or),
            says: said.into_iter().map(|found| found.message).collect(),
            yields_to: better.filter(|_| is_silenced).cloned(),
            cases,
        })
    }
}

fn trace_case(
    context: &Context<'_, '_>,
    rule: &Rule,
    case: &Case,
    (ready, ready_case): (&ReadyRule, &ReadyCase),
    whole: bool,
) -> Step {
    let notation = Notation::of(rule, case);
    let asks = format!("message: {}", notation.template(&case.message));
    let scope = trace_scope(context, case, ready_case, notation);
    if scope.truth == Truth::No {
        return Step::new(asks, Truth::No).because(vec![scope]);
    }
    let tracer = Tracer { context, case, ready: ready_case, notation };
    let rows = match whole || may_match(context, case, false) {
        true => rows_for(context, rule, case, ready, ready_case),
        false => Vec::new(),
    };
    let mut because = vec![scope];
    if rows.is_empty() {
        because.push(match whole {
            true => Step::new("a row of the table", Truth::No)
                .found("none of its words stands where the rule looks"),
            false => Step::new("a finding outside of requests", Truth::No),
        });
        return Step::new(asks, Truth::No).because(because);
    }
    // A row that matches says more than those that do not.
    let matching = rows.iter().copied().find(|row| !tracer.matches(*row).is_empty());
    let row = matching.unwrap_or(rows[0]);
    if rows.len() > 1 && matching.is_none() {
        let found = format!("none of {} rows matches; this is the first", rows.len());
        because.push(Step::new("a row of the table", Truth::No).found(found));
    }
    because.extend(tracer.roles(row));
    let mut truth = Truth::No;
    for found in rows.iter().flat_map(|row| tracer.matches(*row)).take(MOST_MATCHES) {
        let step = tracer.a_match(&found);
        // A subject that is not seen cannot be reported.
        let seen = report::subject_of(context, case, &found).is_some();
        truth = truth.or(if seen { step.truth } else { step.truth.and(Truth::Unknown) });
        because.push(step);
    }
    Step::new(asks, truth).because(because)
}

/// Whether the request is in the scope of a case, and what was seen of it.
fn trace_scope(
    context: &Context<'_, '_>,
    case: &Case,
    ready: &ReadyCase,
    notation: Notation<'_>,
) -> Step {
    let truth = evaluate::scope_truth(context, case, ready);
    let mut because = vec![
        Step::new("a server of the pack", context.applies).found(context.origin_shown()),
        Step::new("a path of the API description", context.route_truth())
            .found(context.route_shown()),
    ];
    if context.pack.pack.api.is_none() {
        because.pop();
    }
    for (scope, meant) in case.scope.iter().zip(&ready.scope) {
        let asks = format!("scope: {}", notation.scope(scope));
        let step = Step::new(asks, context.in_scope(scope, meant.as_ref()));
        because.push(match meant {
            Some(_) => step.found(context.operation_shown()),
            None => step,
        });
    }
    Step::new("in scope", truth).because(because)
}

/// Asks the questions of one case.
struct Tracer<'t, 'c, 'd> {
    context: &'t Context<'c, 'd>,
    case: &'t Case,
    ready: &'t ReadyCase,
    notation: Notation<'t>,
}

impl<'t> Tracer<'t, '_, '_> {
    /// The matches of the roles, whatever the condition says.
    fn matches(&self, row: Option<&'t Row>) -> Vec<Match<'t>> {
        evaluate::find_role_matches(self.context, self.case, self.ready, row)
    }

    fn roles(&self, row: Option<&'t Row>) -> Vec<Step> {
        evaluate::trace_roles(self.context, self.case, self.ready, row, self.notation)
    }

    fn a_match(&self, found: &Match<'t>) -> Step {
        evaluate::trace_match(self.context, self.case, self.ready, found, self.notation)
    }
}
