//! Whether the dependencies between parameters hold that the description names.

use super::caseless::Fold;
use super::context::Context;
use super::declares::declared;
use super::matching::{Names, Subject, match_pattern};
use super::part::{FoundPart, Identity, PartKind};
use super::truth::Truth;
use super::types::{parse_date, parse_number};
use crate::api::dependency::{Comparison, Count, Dependency, Formula, Sum};
use crate::api::{Location, Operation};
use crate::layer::{Hole, Place};
use crate::model::ParamIn;
use crate::rule::pattern::{Element, Pattern};

/// A dependency that does not hold.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    /// Which pattern it is.
    pub(crate) kind: &'static str,
    /// Where it shows.
    pub(crate) place: Place,
    /// The parts of the request that it is about.
    pub(crate) involved: Vec<Identity>,
    /// The names of all parameters that it is about.
    pub(crate) names: Vec<String>,
    /// What would make it hold.
    pub(crate) expected: Vec<String>,
    /// Whether it surely does not hold.
    pub(crate) certain: Truth,
}

/// The dependencies that do not hold, or may not.
pub(crate) fn find_broken(context: &Context<'_, '_>) -> Vec<Broken> {
    let Some((api, number)) = context.own_operation() else { return Vec::new() };
    let Some(dependencies) = api.details.dependencies.get(number) else { return Vec::new() };
    let asked = Asked { context, operation: &api.operations[number] };
    dependencies.iter().filter_map(|dependency| asked.broken(dependency)).collect()
}

/// An operation whose parameters are asked about.
struct Asked<'a, 'c, 'd> {
    context: &'a Context<'c, 'd>,
    operation: &'a Operation,
}

/// The parts that are sent for a parameter, and whether there are any.
struct Sent {
    parts: Vec<FoundPart>,
    truth: Truth,
}

impl Asked<'_, '_, '_> {
    fn broken(&self, dependency: &Dependency) -> Option<Broken> {
        let certain = !self.holds(&dependency.formula, Truth::Yes);
        if certain == Truth::No {
            return None;
        }
        let parts = dependency.names.iter().flat_map(|name| self.sent(name).parts);
        let parts: Vec<FoundPart> = parts.collect();
        let url = &self.context.request.url;
        let place = parts.first().map(|part| part.whole).or(url.query).unwrap_or(url.path);
        Some(Broken {
            kind: dependency.kind(),
            place,
            involved: parts.iter().map(|part| part.identity).collect(),
            names: dependency.names.clone(),
            expected: vec![needed(&dependency.formula)],
            certain,
        })
    }

    /// What is sent for a parameter, wherever the operation takes it.
    fn sent(&self, name: &str) -> Sent {
        let mut sent = Sent { parts: Vec::new(), truth: Truth::No };
        let context = self.context;
        let open = context.request.open;
        let own = self.operation.parameters.iter().filter(|param| is_about(&param.name, name));
        for parameter in own {
            let (kind, places, is_open): (_, &[ParamIn], _) = match parameter.location {
                Location::Query => (PartKind::Param, &[ParamIn::Query], open.query),
                Location::Body => (PartKind::Param, &[ParamIn::Form, ParamIn::Json], open.body),
                Location::Header => (PartKind::Header, &[], open.headers),
                Location::Cookie => (PartKind::Cookie, &[], open.cookies || open.headers),
                Location::Path => (PartKind::PathParam, &[], false),
            };
            let is_it = |part: &&FoundPart| {
                let placed = part.location.is_none_or(|location| places.contains(&location));
                placed && self.is_named(part, kind, name)
            };
            let parts = context.parts.of(context, kind).iter().filter(is_it);
            sent.parts.extend(parts.copied());
            if is_open {
                sent.truth = sent.truth.or(Truth::Unknown);
            }
        }
        if !sent.parts.is_empty() {
            sent.truth = Truth::Yes;
        }
        sent
    }

    fn is_named(&self, part: &FoundPart, kind: PartKind, name: &str) -> bool {
        let context = self.context;
        match (kind, part.name) {
            (PartKind::PathParam, _) => {
                context.path_params().get(part.identity.number).is_some_and(|(own, _)| own == name)
            }
            (PartKind::Header, Some(own)) => context.text(own).eq_ignore_ascii_case(name),
            (_, Some(own)) => context.text(own) == name || declared(context.text(own)) == name,
            (_, None) => false,
        }
    }

    /// Whether a formula holds. `absent` is what a comparison comes to where one of its parameters
    /// is not sent: it asks nothing then, but as the condition of an `IF` it does not hold.
    fn holds(&self, formula: &Formula, absent: Truth) -> Truth {
        match formula {
            Formula::Sent(name) => self.sent(name).truth,
            Formula::Is(name, texts) => {
                let patterns = texts.iter().map(|text| vec![Element::Literal(text.clone())]);
                self.is_one_of(name, &patterns.collect::<Vec<_>>())
            }
            Formula::Like(name, pattern) => self.is_one_of(name, &[like(pattern)]),
            Formula::Compare(left, comparison, right) => {
                self.compare(left, *comparison, right, absent)
            }
            Formula::Not(inner) => !self.holds(inner, !absent),
            Formula::All(all) => {
                all.iter().map(|one| self.holds(one, absent)).fold(Truth::Yes, Truth::and)
            }
            Formula::Any(any) => {
                any.iter().map(|one| self.holds(one, absent)).fold(Truth::No, Truth::or)
            }
            Formula::If(when, then) => {
                (!self.holds(when, Truth::No)).or(self.holds(then, Truth::Yes))
            }
            Formula::Count(count, all) => self.count(*count, all),
        }
    }

    fn count(&self, count: Count, all: &[Formula]) -> Truth {
        let answers: Vec<Truth> = all.iter().map(|one| self.holds(one, Truth::No)).collect();
        let so_many = |which: Truth| answers.iter().filter(|answer| **answer == which).count();
        let (yes, maybe) = (so_many(Truth::Yes), so_many(Truth::Unknown));
        let between = |surely: bool, possibly: bool| match (surely, possibly) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::No,
        };
        match count {
            Count::Or => between(yes >= 1, yes + maybe >= 1),
            Count::OnlyOne => between(yes == 1 && maybe == 0, yes <= 1 && yes + maybe >= 1),
            Count::ZeroOrOne => between(yes + maybe <= 1, yes <= 1),
            Count::AllOrNone => {
                let (all_possible, none_possible) = (yes + maybe == all.len(), yes == 0);
                between(yes == all.len() || yes + maybe == 0, all_possible || none_possible)
            }
        }
    }

    fn is_one_of(&self, name: &str, patterns: &[Vec<Element>]) -> Truth {
        let sent = self.sent(name);
        let mut truth = if sent.parts.is_empty() { sent.truth } else { Truth::No };
        for part in &sent.parts {
            let holes: Vec<Hole> = self.context.layers().holes(part.value).collect();
            let text = self.context.text(part.value);
            let subject = Subject { text, holes: &holes, fold: Fold::Exact };
            for elements in patterns {
                let pattern = Pattern { elements: elements.clone() };
                let names = Names { bound: &|_| None, row: None };
                truth = truth.or(match_pattern(&pattern, subject, names).0);
            }
        }
        truth
    }

    fn compare(&self, left: &Sum, comparison: Comparison, right: &Sum, absent: Truth) -> Truth {
        let names = [left, right].map(names_of).concat();
        let sent = names.iter().map(|name| self.sent(name).truth).fold(Truth::Yes, Truth::and);
        let holds = match (self.value(left), self.value(right)) {
            _ if sent == Truth::No => return absent,
            (Some(Value::Number(one)), Some(Value::Number(two)))
            | (Some(Value::Day(one)), Some(Value::Day(two))) => match comparison {
                Comparison::Below => (one < two).into(),
                Comparison::AtMost => (one <= two).into(),
                Comparison::Above => (one > two).into(),
                Comparison::AtLeast => (one >= two).into(),
                Comparison::Equal => (one == two).into(),
                Comparison::Different => (one != two).into(),
            },
            _ => Truth::Unknown,
        };
        match sent {
            Truth::Yes => holds,
            _ if holds == absent => holds,
            _ => Truth::Unknown,
        }
    }

    fn value(&self, sum: &Sum) -> Option<Value> {
        match sum {
            Sum::Number(number) => Some(Value::Number(*number)),
            Sum::Param(name) => {
                let parts = self.sent(name).parts;
                let [part] = parts.as_slice() else { return None };
                if self.context.layers().has_hole(part.value) {
                    return None;
                }
                value_of(self.context.text(part.value))
            }
            Sum::Of(left, sign, right) => {
                let (Some(Value::Number(one)), Some(Value::Number(two))) =
                    (self.value(left), self.value(right))
                else {
                    return None;
                };
                let number = match sign {
                    '+' => one + two,
                    '-' => one - two,
                    '*' => one * two,
                    _ => one / two,
                };
                number.is_finite().then_some(Value::Number(number))
            }
        }
    }
}

/// A number, or a day counted from some day.
#[derive(Clone, Copy)]
enum Value {
    Number(f64),
    Day(f64),
}

/// The value of a text; times as RFC 3339 writes them count with their fraction of the day.
fn value_of(text: &str) -> Option<Value> {
    if let Some(number) = parse_number(text) {
        return Some(Value::Number(number));
    }
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(Value::Day(time.as_second() as f64 / 86_400.0));
    }
    let date = parse_date(text)?;
    let since = jiff::civil::date(1970, 1, 1).until(date).ok()?;
    Some(Value::Day(f64::from(since.get_days())))
}

/// Whether a parameter of the operation is the one of a name: of `price` in the style
/// `deepObject`, `price[min]` is a member.
fn is_about(own: &str, name: &str) -> bool {
    own == name || declared(name) == own
}

fn names_of(sum: &Sum) -> Vec<String> {
    match sum {
        Sum::Param(name) => vec![name.clone()],
        Sum::Number(_) => Vec::new(),
        Sum::Of(left, _, right) => [names_of(left), names_of(right)].concat(),
    }
}

/// A pattern in which `*` and `%` stand for any text.
fn like(pattern: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    for (number, piece) in pattern.split(['*', '%']).enumerate() {
        if number > 0 {
            elements.push(Element::Any);
        }
        if !piece.is_empty() {
            elements.push(Element::Literal(piece.to_owned()));
        }
    }
    elements
}

/// What a dependency wants, in words. Of `IF … THEN …`, what follows.
fn needed(formula: &Formula) -> String {
    match formula {
        Formula::If(_, then) => said(then),
        other => said(other),
    }
}

fn said(formula: &Formula) -> String {
    let list =
        |all: &[Formula], word: &str| joined(&all.iter().map(said).collect::<Vec<_>>(), word);
    match formula {
        Formula::Sent(name) => format!("`{name}`"),
        Formula::Is(name, texts) => {
            let texts: Vec<String> = texts.iter().map(|text| format!("`{name}={text}`")).collect();
            joined(&texts, "or")
        }
        Formula::Like(name, pattern) => format!("`{name}` like `{pattern}`"),
        Formula::Compare(left, comparison, right) => {
            format!("`{} {} {}`", written(left), comparison.sign(), written(right))
        }
        Formula::Not(inner) => format!("no {}", said(inner)),
        Formula::All(all) => list(all, "and"),
        Formula::Any(any) => list(any, "or"),
        Formula::If(when, then) => format!("{} where there is {}", said(then), said(when)),
        Formula::Count(count, all) => {
            let word = match count {
                Count::Or => "at least one of",
                Count::OnlyOne => "exactly one of",
                Count::AllOrNone => "all or none of",
                Count::ZeroOrOne => "at most one of",
            };
            format!("{word} {}", list(all, "and"))
        }
    }
}

fn written(sum: &Sum) -> String {
    match sum {
        Sum::Param(name) => name.clone(),
        Sum::Number(number) => number.to_string(),
        Sum::Of(left, sign, right) => {
            let inner = |sum: &Sum| match sum {
                Sum::Of(..) if *sign != '+' => format!("({})", written(sum)),
                other => written(other),
            };
            format!("{} {sign} {}", inner(left), inner(right))
        }
    }
}

/// `a, b and c`
fn joined(texts: &[String], word: &str) -> String {
    match texts {
        [start @ .., last] if !start.is_empty() => format!("{} {word} {last}", start.join(", ")),
        other => other.concat(),
    }
}
