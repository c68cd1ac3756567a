//! Looks at cases that are read without mistakes for what makes no sense: what can never match,
//! what always does, and what an earlier case hides. What cannot be decided here shows when the
//! rule's examples are run.

mod number;
mod order;
mod texts;
mod values;

use super::mistakes::Mistakes;
use crate::api::{Api, Operation};
use crate::rule::node::Entry;
use crate::rule::notation::Notation;
use crate::rule::pattern::Element;
use crate::rule::{Case, Condition, Find, Number, Part, PartPlace, Pattern, Scope};
use crate::span::Span;
use number::check_number;
pub(crate) use order::check_order;
pub(crate) use texts::Spot;
use texts::check_part;
use values::check_exclusions;

/// Where the pieces of a case stand.
#[derive(Clone, Debug)]
pub(crate) struct CaseSpans<'n> {
    /// The entries of its roles, in their order.
    pub(crate) find: Vec<&'n Entry>,
    /// Its condition; the case itself where there is none.
    pub(crate) condition: Spot<'n>,
    /// Its scope.
    pub(crate) scope: Span,
    /// Its message.
    pub(crate) message: Span,
    /// Where it begins.
    pub(crate) start: Span,
}

/// Checks one case. `api` is the description of its pack.
pub(crate) fn check_case(
    case: &Case,
    columns: &[String],
    api: Option<&Api>,
    spans: &CaseSpans<'_>,
    mistakes: &mut Mistakes,
) {
    let before = mistakes.len();
    check_scopes(case, api, spans.scope, mistakes);
    let notation = Notation::with(&case.names, columns);
    for (role, entry) in case.roles.iter().zip(&spans.find) {
        match &role.find {
            Find::Part(parts) => {
                parts.iter().for_each(|part| check_part(part, Spot::at(entry), mistakes));
            }
            Find::Missing(part) => check_part(part, Spot::at(entry), mistakes),
        }
    }
    check_roles(case, spans, mistakes);
    if let Some(condition) = &case.condition {
        check_condition(condition, notation, spans.condition, mistakes);
        check_exclusions(case, condition, spans.condition, mistakes);
        check_beside_roles(case, condition, notation, spans.condition, mistakes);
    }
    if mistakes.len() == before && reports_everything(case) {
        let message = "this reports every request";
        let help = "test the text of the part, or add an `if` or a `scope`";
        mistakes.add(spans.start, message, help);
    }
    check_number(case, spans.message, mistakes);
}

fn never(span: Span, why: impl Into<String>, help: &str, mistakes: &mut Mistakes) {
    mistakes.add(span, format!("this can never match: {}", why.into()), help);
}

/// Scopes of rule, case and pack that no operation is in at once.
fn check_scopes(case: &Case, api: Option<&Api>, span: Span, mistakes: &mut Mistakes) {
    let Some(api) = api else { return };
    let takes = |scope: &Scope, operation: &Operation| {
        let tagged = scope.tags.iter().any(|tag| operation.tags.contains(tag));
        (scope.tags.is_empty() || tagged)
            && (scope.operations.is_empty() || scope.operations.contains(&operation.id))
    };
    let is_in_all = |operation: &Operation| case.scope.iter().all(|scope| takes(scope, operation));
    let has_tag =
        |tag: &String| api.operations.iter().any(|operation| operation.tags.contains(tag));
    // A tag that nothing has was said where it stands.
    if !case.scope.iter().flat_map(|scope| &scope.tags).all(has_tag) {
        return;
    }
    if !api.operations.is_empty() && !api.operations.iter().any(is_in_all) {
        let why = "no operation is in all of its scopes";
        let help = "the scopes of pack, rule and case must all hold; remove one of them, or name an operation that has the tag";
        never(span, why, help, mistakes);
    }
}

/// The texts of patterns, where all are texts.
fn literals_of(patterns: &[Pattern]) -> Option<Vec<&str>> {
    patterns.iter().map(Pattern::literal).collect()
}

/// Places of which a request has one at most.
fn is_single(place: &PartPlace) -> bool {
    matches!(
        place,
        PartPlace::Method(_)
            | PartPlace::Scheme(_)
            | PartPlace::Userinfo(_)
            | PartPlace::Host(_)
            | PartPlace::Path(_)
            | PartPlace::Query(_)
            | PartPlace::Fragment(_)
            | PartPlace::Body(_)
    )
}

/// The only part of a role that is found.
fn found_part(find: &Find) -> Option<&Part> {
    match find {
        Find::Part(parts) => parts.first().filter(|_| parts.len() == 1),
        Find::Missing(_) => None,
    }
}

/// Roles beside each other: each is a different part.
fn check_roles(case: &Case, spans: &CaseSpans<'_>, mistakes: &mut Mistakes) {
    for (number, role) in case.roles.iter().enumerate() {
        let span = spans.find.get(number).map_or(spans.start, |entry| entry.key_span);
        for other in &case.roles[..number] {
            let name = &case.names[other.name];
            if let (Some(one), Some(two)) = (found_part(&role.find), found_part(&other.find))
                && is_single(&one.place)
                && one.place.key() == two.place.key()
                && one.implied.is_none()
            {
                let key = one.place.key();
                let why = format!("a request has one `{key}`, and `{name}` takes it");
                never(span, why, "ask the other question in `if`", mistakes);
            }
            let contradict =
                contradicts(&role.find, &other.find) || contradicts(&other.find, &role.find);
            if contradict {
                let why = format!("what is missing here is there as `{name}`");
                never(span, why, "remove one of the two", mistakes);
            }
        }
    }
}

/// Whether one role is there, and the other says that just this is missing.
fn contradicts(found: &Find, missing: &Find) -> bool {
    let (Some(part), Find::Missing(other)) = (found_part(found), missing) else { return false };
    let same_place = part.place.key() == other.place.key()
        && part.place.is_name()
        && (other.location.is_none() || other.location == part.location);
    let (here, there) = (literals_of(part.place.patterns()), literals_of(other.place.patterns()));
    same_place
        && other.tests.is_empty()
        && !part.blank
        && !other.blank
        && other.implied.is_none()
        && matches!((here, there), (Some(here), Some(there)) if there.len() == 1 && here == there)
}

fn check_condition(
    condition: &Condition,
    notation: Notation<'_>,
    spot: Spot<'_>,
    mistakes: &mut Mistakes,
) {
    match condition {
        Condition::Part(part) => check_part(part, spot, mistakes),
        Condition::All(all) => {
            check_opposites(all, notation, spot.span, false, mistakes);
            all.iter().for_each(|one| check_condition(one, notation, spot, mistakes));
        }
        Condition::Any(any) => {
            check_opposites(any, notation, spot.span, true, mistakes);
            any.iter().for_each(|one| check_condition(one, notation, spot, mistakes));
        }
        Condition::Not(one) => check_condition(one, notation, spot, mistakes),
        Condition::Above(left, right) => {
            check_comparison(left, right, false, notation, spot.of("above"), mistakes);
        }
        Condition::AtLeast(left, right) => {
            check_comparison(left, right, true, notation, spot.of("at_least"), mistakes);
        }
        Condition::Declares(_) => {}
    }
}

/// A condition beside its opposite, or twice.
fn check_opposites(
    conditions: &[Condition],
    notation: Notation<'_>,
    span: Span,
    any: bool,
    mistakes: &mut Mistakes,
) {
    let written: Vec<String> = conditions.iter().map(|one| notation.condition(one)).collect();
    for (number, condition) in conditions.iter().enumerate() {
        if written[..number].contains(&written[number]) {
            let message = format!("`{}` stands twice in a list", written[number]);
            mistakes.add(span, message, "remove one of the two");
        }
        let Condition::Not(inner) = condition else { continue };
        if written.contains(&notation.condition(inner)) {
            let opposite = notation.condition(inner);
            match any {
                true => mistakes.add(
                    span,
                    format!("this is always so: `{opposite}`, or not"),
                    "remove one of the two",
                ),
                false => {
                    never(span, format!("`{opposite}`, and not"), "remove one of the two", mistakes)
                }
            }
        }
    }
}

/// Comparisons whose answer does not depend on the request.
fn check_comparison(
    left: &Number,
    right: &Number,
    or_equal: bool,
    notation: Notation<'_>,
    span: Span,
    mistakes: &mut Mistakes,
) {
    let (low, high) = bounds(left);
    let (other_low, other_high) = bounds(right);
    let same = notation.number(left) == notation.number(right);
    let always = if or_equal { low >= other_high || same } else { low > other_high };
    let is_never = if or_equal { high < other_low } else { high <= other_low || same };
    let word = if or_equal { "at least" } else { "above" };
    let (one, other) = (notation.number(left), notation.number(right));
    let help = "compare with a number that the request can have";
    if always {
        mistakes.add(span, format!("`{one}` is always {word} `{other}`"), help);
    } else if is_never {
        never(span, format!("`{one}` is never {word} `{other}`"), help, mistakes);
    }
}

/// The least and the greatest value that a number can have, whatever the request is.
fn bounds(number: &Number) -> (f64, f64) {
    let any = (f64::NEG_INFINITY, f64::INFINITY);
    match number {
        Number::Constant(value) => (*value, *value),
        Number::Days(_) | Number::Value(_) => any,
        Number::Length(_) => (0.0, f64::INFINITY),
        Number::Sum(all) => {
            let bounds = all.iter().map(bounds);
            bounds.fold((0.0, 0.0), |(low, high), (least, most)| (low + least, high + most))
        }
        Number::Product(_) => any,
        // Names are counted, not parts.
        Number::Count(parts) => (0.0, parts.iter().map(most_names).sum()),
    }
}

fn most_names(part: &Part) -> f64 {
    let named = part.place.is_name() && !matches!(part.place, PartPlace::Header(_));
    match literals_of(part.place.patterns()) {
        Some(names) if named && !names.is_empty() => names.len() as f64,
        _ => f64::INFINITY,
    }
}

/// What a condition asks of parts that are roles already.
fn check_beside_roles(
    case: &Case,
    condition: &Condition,
    notation: Notation<'_>,
    spot: Spot<'_>,
    mistakes: &mut Mistakes,
) {
    let asked: Vec<&Condition> = match condition {
        Condition::All(all) => all.iter().collect(),
        one => vec![one],
    };
    let is_role = |part: &Part| {
        let written = notation.part(part);
        let role = case.roles.iter().find(|role| {
            found_part(&role.find).is_some_and(|found| notation.part(found) == written)
        });
        // A variable may be bound to something else there.
        role.filter(|_| !binds(part)).map(|role| case.names[role.name].clone())
    };
    for one in asked {
        match one {
            Condition::Part(part) => {
                if let Some(name) = is_role(part) {
                    let message = format!("this always holds: it is what `{name}` is");
                    mistakes.add(spot.part(part), message, "remove it");
                }
            }
            Condition::Not(inner) => {
                if let Condition::Part(part) = inner.as_ref()
                    && let Some(name) = is_role(part)
                {
                    never(
                        spot.part(part),
                        format!("`{name}` is just this part"),
                        "remove one of the two",
                        mistakes,
                    );
                }
            }
            _ => {}
        }
    }
}

/// Whether a part pattern has names in its patterns.
fn binds(part: &Part) -> bool {
    let patterns = part.place.patterns().iter().chain(&part.tests.is);
    patterns.flat_map(|pattern| &pattern.elements).any(|one| matches!(one, Element::Name(_)))
}

/// Whether a case matches whatever the request is.
fn reports_everything(case: &Case) -> bool {
    let always = |find: &Find| {
        found_part(find).is_some_and(|part| {
            let there = matches!(part.place, PartPlace::Method(_) | PartPlace::Path(_));
            let any = part.place.patterns().iter().all(Pattern::is_any);
            there && any && part.tests.is_empty() && part.implied.is_none()
        })
    };
    case.scope.is_empty()
        && case.condition.is_none()
        && case.roles.iter().all(|role| always(&role.find))
}
