//! Which cases of a pack a request can match at all, so that the others cost nothing.
//!
//! Every case has a *trigger*: what must be in a request for it to report. The triggers of all
//! cases are one table from words to cases, which a request asks once for each of its names.

use super::caseless::caseless_key;
use super::context::{Context, Route};
use super::evaluate::normalize;
use super::part::{PartKind, parts_of_kind};
use super::ready::Operations;
use super::truth::Truth;
use crate::model::FindingKind;
use crate::rule::pattern::Element;
use crate::rule::{Case, Find, Part, PartPlace, Pattern, Rule, Scope, Server, TextOf};
use rustc_hash::FxHashMap;

/// The cases of a pack by what triggers them.
#[derive(Debug)]
pub(crate) struct Index {
    /// Rule and case by the number that [`Cases`] counts.
    numbers: Vec<(usize, usize)>,
    /// Cases without a trigger.
    always: Cases,
    /// Cases that speak about a finding.
    by_finding: FxHashMap<FindingKind, Cases>,
    /// Cases that speak about a name, or about a value of parts without one, as [`caseless_key`] writes it.
    by_word: Vec<(PartKind, FxHashMap<Box<str>, Cases>)>,
    /// Cases that speak about any part of a kind.
    by_kind: Vec<(PartKind, Cases)>,
    /// For each operation, the cases whose scope takes it.
    by_operation: Vec<Cases>,
    /// Cases whose scope asks for no operation.
    any_operation: Cases,
    /// Cases that speak about other servers than those of the pack.
    elsewhere: Cases,
}

/// A name or value of a kind of part.
type Word = (PartKind, Box<str>);

/// A set of cases: one bit each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cases(Vec<u64>);

impl Cases {
    fn none(count: usize) -> Self {
        Cases(vec![0; count.div_ceil(64)])
    }

    fn add(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    fn add_all(&mut self, others: &Cases) {
        self.0.iter_mut().zip(&others.0).for_each(|(own, other)| *own |= other);
    }

    fn keep(&mut self, others: &Cases) {
        self.0.iter_mut().zip(&others.0).for_each(|(own, other)| *own &= other);
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, bits)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let next = (bits != 0).then(|| at * 64 + bits.trailing_zeros() as usize)?;
                bits &= bits - 1;
                Some(next)
            })
        })
    }
}

/// What must be in a request for a case to report, the rarest first.
#[derive(Clone, Debug)]
enum Trigger {
    /// A finding of one of these kinds.
    Findings(Vec<FindingKind>),
    /// Parts with one of these names, or values.
    Words(Vec<Word>),
    /// Parts of one of these kinds.
    Kinds(Vec<PartKind>),
    /// Nothing that is worth a look.
    Always,
}

impl Index {
    /// The index of a pack's rules; `scope` says which operations the scopes of a case take.
    pub(crate) fn new<'s>(
        rules: &[Rule],
        operations: usize,
        scope: impl Fn(usize, usize) -> &'s [Option<Operations>],
    ) -> Self {
        let numbers: Vec<(usize, usize)> = rules
            .iter()
            .enumerate()
            .flat_map(|(rule, of)| (0..of.cases.len()).map(move |case| (rule, case)))
            .collect();
        let none = Cases::none(numbers.len());
        let mut index = Index {
            always: none.clone(),
            by_finding: FxHashMap::default(),
            by_word: Vec::new(),
            by_kind: Vec::new(),
            by_operation: vec![none.clone(); operations],
            any_operation: none.clone(),
            elsewhere: none.clone(),
            numbers: Vec::new(),
        };
        for (number, (rule, case)) in numbers.iter().enumerate() {
            let (rule, scope) = (&rules[*rule], scope(*rule, *case));
            let case = &rule.cases[*case];
            let mut scopes = case.scope.iter();
            let mut step_scopes = case.sequence.iter().flat_map(|step| &step.case.scope);
            let is_elsewhere = |scope: &Scope| scope.server != Server::Declared;
            if scopes.any(is_elsewhere) || step_scopes.any(is_elsewhere) {
                index.elsewhere.add(number);
            }
            // No request alone breaks a rule about several.
            if case.sequence.is_empty() {
                index.add_trigger(number, trigger(rule, case), &none);
                index.add_scope(number, scope);
            }
        }
        index.numbers = numbers;
        index
    }

    fn add_trigger(&mut self, number: usize, trigger: Trigger, none: &Cases) {
        match trigger {
            Trigger::Always => self.always.add(number),
            Trigger::Findings(kinds) => kinds.into_iter().for_each(|kind| {
                self.by_finding.entry(kind).or_insert_with(|| none.clone()).add(number);
            }),
            Trigger::Words(words) => words.into_iter().for_each(|(kind, word)| {
                let words = entry(&mut self.by_word, kind, FxHashMap::default);
                words.entry(word).or_insert_with(|| none.clone()).add(number);
            }),
            Trigger::Kinds(kinds) => kinds.into_iter().for_each(|kind| {
                entry(&mut self.by_kind, kind, || none.clone()).add(number);
            }),
        }
    }

    fn add_scope(&mut self, number: usize, scope: &[Option<Operations>]) {
        if scope.iter().all(Option::is_none) {
            self.any_operation.add(number);
        }
        for (operation, cases) in self.by_operation.iter_mut().enumerate() {
            if scope.iter().flatten().all(|meant| meant[operation]) {
                cases.add(number);
            }
        }
    }

    /// Whether any case speaks about other servers than those of the pack.
    pub(crate) fn speaks_elsewhere(&self) -> bool {
        !self.elsewhere.is_empty()
    }

    /// Rule and case of those that may report on a request, in their order.
    pub(crate) fn candidates(
        &self,
        context: &Context<'_, '_>,
    ) -> impl Iterator<Item = (usize, usize)> {
        let mut cases = self.always.clone();
        for finding in &context.request.findings {
            self.by_finding.get(&finding.kind).into_iter().for_each(|more| cases.add_all(more));
        }
        for (kind, words) in &self.by_word {
            add_words(context, *kind, words, &mut cases);
        }
        for (kind, more) in &self.by_kind {
            if !parts_of_kind(context, *kind).is_empty() {
                cases.add_all(more);
            }
        }
        match (context.route(), context.operation_number()) {
            (_, Some(operation)) => cases.keep(&self.by_operation[operation]),
            (Route::None, None) => cases.keep(&self.any_operation),
            _ => {}
        }
        if context.applies == Truth::No {
            cases.keep(&self.elsewhere);
        }
        cases.iter().map(|number| self.numbers[number]).collect::<Vec<_>>().into_iter()
    }
}

/// The value of a key in a short list, which is made if it is new.
fn entry<V>(list: &mut Vec<(PartKind, V)>, kind: PartKind, new: impl Fn() -> V) -> &mut V {
    let at = list.iter().position(|(known, _)| *known == kind).unwrap_or_else(|| {
        list.push((kind, new()));
        list.len() - 1
    });
    &mut list[at].1
}

/// Adds the cases of the words that a request holds. A text with a hole is surely none of them,
/// whatever it becomes.
fn add_words(
    context: &Context<'_, '_>,
    kind: PartKind,
    words: &FxHashMap<Box<str>, Cases>,
    cases: &mut Cases,
) {
    for part in parts_of_kind(context, kind) {
        let place = part.name.unwrap_or(part.value);
        if context.layers().has_hole(place) {
            continue;
        }
        let word = normalize(context.text(place));
        let is_key = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        let more = match word.bytes().all(is_key) {
            true => words.get(word.as_ref()),
            false => words.get(caseless_key(&word).as_str()),
        };
        more.into_iter().for_each(|more| cases.add_all(more));
    }
}

/// The rarest of what the roles of a case stand for: all of them must be found.
fn trigger(rule: &Rule, case: &Case) -> Trigger {
    let of_role = |find: &Find| match find {
        Find::Part(parts) => parts.iter().map(|part| part_trigger(rule, part)).reduce(either),
        Find::Missing(_) => None,
    };
    let all = case.roles.iter().filter_map(|role| of_role(&role.find));
    all.min_by_key(rarity).unwrap_or(Trigger::Always)
}

fn rarity(trigger: &Trigger) -> usize {
    match trigger {
        Trigger::Findings(_) => 0,
        // Most requests have one of the usual methods.
        Trigger::Words(words) => {
            1 + usize::from(words.iter().any(|(kind, _)| *kind == PartKind::Method))
        }
        Trigger::Kinds(_) => 3,
        Trigger::Always => 4,
    }
}

/// What must be there for one of two parts to be found.
fn either(one: Trigger, two: Trigger) -> Trigger {
    match (one, two) {
        (Trigger::Findings(mut one), Trigger::Findings(two)) => {
            one.extend(two);
            Trigger::Findings(one)
        }
        (Trigger::Words(mut one), Trigger::Words(two)) => {
            one.extend(two);
            Trigger::Words(one)
        }
        (Trigger::Findings(_) | Trigger::Always, _)
        | (_, Trigger::Findings(_) | Trigger::Always) => Trigger::Always,
        (one, two) => Trigger::Kinds(kinds(one).into_iter().chain(kinds(two)).collect()),
    }
}

fn kinds(trigger: Trigger) -> Vec<PartKind> {
    match trigger {
        Trigger::Words(words) => words.into_iter().map(|(kind, _)| kind).collect(),
        Trigger::Kinds(kinds) => kinds,
        Trigger::Findings(_) | Trigger::Always => Vec::new(),
    }
}

fn part_trigger(rule: &Rule, part: &Part) -> Trigger {
    let named = |kind: PartKind, patterns: &[Pattern]| match texts(rule, patterns) {
        Some(texts) => Trigger::Words(texts.into_iter().map(|text| (kind, text)).collect()),
        None => Trigger::Kinds(vec![kind]),
    };
    match &part.place {
        PartPlace::Syntax(kinds) => Trigger::Findings(kinds.iter().map(|kind| kind.0).collect()),
        PartPlace::Param(patterns) => named(PartKind::Param, patterns),
        PartPlace::Header(patterns) => named(PartKind::Header, patterns),
        PartPlace::Cookie(patterns) => named(PartKind::Cookie, patterns),
        PartPlace::Method(patterns) => named(PartKind::Method, patterns),
        PartPlace::Segment(_) if part.text == TextOf::Value && !part.items => {
            named(PartKind::Segment, &part.tests.is)
        }
        PartPlace::Query(_) => Trigger::Kinds(vec![PartKind::Query]),
        PartPlace::Fragment(_) => Trigger::Kinds(vec![PartKind::Fragment]),
        PartPlace::Userinfo(_) => Trigger::Kinds(vec![PartKind::Userinfo]),
        PartPlace::Body(_) => Trigger::Kinds(vec![PartKind::Body]),
        PartPlace::Json(_) => Trigger::Kinds(vec![PartKind::Json]),
        PartPlace::Credential(_) => Trigger::Kinds(vec![PartKind::Credential]),
        PartPlace::Status(_) => Trigger::Kinds(vec![PartKind::Status]),
        PartPlace::ResponseKind(_) | PartPlace::ResponseBody(_) => {
            Trigger::Kinds(vec![PartKind::ResponseBody])
        }
        PartPlace::ResponseHeader(_) => Trigger::Kinds(vec![PartKind::ResponseHeader]),
        PartPlace::ResponseJson(_) => Trigger::Kinds(vec![PartKind::ResponseJson]),
        PartPlace::Redirect(_) => Trigger::Kinds(vec![PartKind::Redirect]),
        PartPlace::Failure(_) | PartPlace::ExitCode(_) => Trigger::Kinds(vec![PartKind::Failure]),
        PartPlace::Route(_) => Trigger::Kinds(vec![PartKind::Route]),
        PartPlace::Dependency(_) => Trigger::Kinds(vec![PartKind::Dependency]),
        _ => Trigger::Always,
    }
}

/// All texts that fit the patterns, where that is a list; as [`caseless_key`] writes them.
fn texts(rule: &Rule, patterns: &[Pattern]) -> Option<Vec<Box<str>>> {
    let mut texts = Vec::new();
    let mut add = |text: &str| texts.push(caseless_key(&normalize(text)).into());
    for pattern in patterns {
        match (pattern.literal(), pattern.elements.as_slice()) {
            (Some(text), _) => add(text),
            (None, [Element::Cell(column)]) => {
                rule.rows.iter().flat_map(|row| &row.cells[*column]).for_each(|text| add(text));
            }
            _ => return None,
        }
    }
    (!patterns.is_empty()).then_some(texts)
}
