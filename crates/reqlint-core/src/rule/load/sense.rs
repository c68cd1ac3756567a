//! Looks at cases that are read without mistakes for what makes no sense: what can never match,
//! what always does, and what an earlier case hides. What cannot be decided here shows when the
//! rule's examples are run.

use super::mistakes::Mistakes;
use crate::api::{Api, Operation};
use crate::check::truth::Truth;
use crate::check::types::{Value, is_of_type};
use crate::rule::Attribute;
use crate::rule::node::Entry;
use crate::rule::notation::Notation;
use crate::rule::pattern::Element;
use crate::rule::template::Piece;
use crate::rule::{
    Case, Condition, Find, NameId, Number, Part, PartPlace, Pattern, Report, Scope, Tests, TextOf,
};
use crate::span::Span;

/// Where the pieces of a case stand.
#[derive(Clone, Debug)]
pub(crate) struct CaseSpans<'n> {
    /// The entries of its roles, in their order.
    pub(crate) find: Vec<&'n Entry>,
    /// Its condition; the case itself where there is none.
    pub(crate) condition: Span,
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
                parts.iter().for_each(|part| check_part(part, entry.key_span, mistakes));
            }
            Find::Missing(part) => check_part(part, entry.key_span, mistakes),
        }
    }
    check_roles(case, spans, mistakes);
    if let Some(condition) = &case.condition {
        check_condition(condition, notation, spans.condition, mistakes);
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
    if !api.operations.is_empty() && !api.operations.iter().any(is_in_all) {
        let why = "no operation is in all of its scopes";
        never(span, why, "a tag and an operation, and the scopes of rule and case, join", mistakes);
    }
}

fn check_part(part: &Part, span: Span, mistakes: &mut Mistakes) {
    check_patterns(part.place.patterns(), span, mistakes);
    check_patterns(&part.tests.is, span, mistakes);
    let folds = matches!(part.place, PartPlace::Host(_) | PartPlace::Scheme(_));
    check_tests(&part.tests, folds, span, mistakes);
    let names = part.place.patterns();
    if part.text == TextOf::Name
        && part.place.is_name()
        && !names.is_empty()
        && let (Some(names), Some(tested)) = (literals_of(names), literals_of(&part.tests.is))
        && !tested.is_empty()
        && !tested.iter().any(|name| names.contains(name))
    {
        let help = "write the names beside the place alone";
        never(span, "no name of the list passes `is`", help, mistakes);
    }
}

/// The texts of patterns, where all are texts.
fn literals_of(patterns: &[Pattern]) -> Option<Vec<&str>> {
    patterns.iter().map(Pattern::literal).collect()
}

/// A list of alternatives, none of which is idle.
fn check_patterns(patterns: &[Pattern], span: Span, mistakes: &mut Mistakes) {
    if patterns.len() > 1 && patterns.iter().any(Pattern::is_any) {
        let message = "`<any>` takes every text, so the others of its list say nothing";
        mistakes.add(span, message, "keep `<any>` alone, or remove it");
    }
    for (number, pattern) in patterns.iter().enumerate() {
        if patterns[..number].contains(pattern) {
            let text = pattern.literal().unwrap_or("a pattern");
            let message = format!("`{text}` stands twice in a list");
            mistakes.add(span, message, "remove one of the two");
        }
    }
}

fn check_tests(tests: &Tests, folds: bool, span: Span, mistakes: &mut Mistakes) {
    if let Some(regex) = &tests.matches
        && let Ok(hir) = regex_automata::util::syntax::parse(&regex.source)
    {
        if hir.properties().minimum_len().is_none() {
            never(span, "no text fits the regular expression", "change `matches`", mistakes);
        } else if hir.properties().minimum_len() == Some(0)
            && hir.properties().look_set().is_empty()
        {
            let message = "the regular expression is found in every text";
            mistakes.add(span, message, "anchor it with `^` and `$`, or remove `matches`");
        }
    }
    let words = literals_of(&tests.is).filter(|words| !words.is_empty() && !folds);
    if let Some(words) = words {
        check_words(&words, tests, span, mistakes);
    }
    if let Some(not) = &tests.not {
        if not.is.iter().any(Pattern::is_any) && only_is(not) {
            never(span, "`not` excludes every text", "remove `not`", mistakes);
        }
        check_tests(not, folds, span, mistakes);
    }
}

/// Whether nothing but `is` is tested.
fn only_is(tests: &Tests) -> bool {
    tests.matches.is_none() && tests.types.is_empty() && tests.not.is_none()
}

/// The words of `is` beside the other tests of the same text.
fn check_words(words: &[&str], tests: &Tests, span: Span, mistakes: &mut Mistakes) {
    let passes = |word: &str| {
        let fits = tests.matches.as_ref().is_none_or(|regex| regex.is_match(word));
        let value = Value { text: word, holes: &[] };
        let truths = tests.types.iter().map(|name| is_of_type(name, value));
        // Of a type of the pack nothing is known here.
        let truths: Vec<Option<Truth>> = truths.collect();
        let typed = truths.is_empty() || truths.iter().any(|truth| *truth != Some(Truth::No));
        let denied = tests.not.as_ref().is_some_and(|not| {
            only_is(not) && not.is.iter().any(|pattern| pattern.literal() == Some(word))
        });
        fits && typed && !denied
    };
    let failing: Vec<&str> = words.iter().copied().filter(|word| !passes(word)).collect();
    if failing.len() == words.len() {
        never(
            span,
            "no text of `is` passes the other tests",
            "remove `is`, or the test that they fail",
            mistakes,
        );
    } else if let Some(word) = failing.first() {
        let message = format!("`{word}` can never match: it fails the other tests");
        mistakes.add(span, message, "remove it from `is`");
    }
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
    span: Span,
    mistakes: &mut Mistakes,
) {
    match condition {
        Condition::Part(part) => check_part(part, span, mistakes),
        Condition::All(all) => {
            check_opposites(all, notation, span, false, mistakes);
            all.iter().for_each(|one| check_condition(one, notation, span, mistakes));
        }
        Condition::Any(any) => {
            check_opposites(any, notation, span, true, mistakes);
            any.iter().for_each(|one| check_condition(one, notation, span, mistakes));
        }
        Condition::Not(one) => check_condition(one, notation, span, mistakes),
        Condition::Above(left, right) => {
            check_comparison(left, right, false, notation, span, mistakes);
        }
        Condition::AtLeast(left, right) => {
            check_comparison(left, right, true, notation, span, mistakes);
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
    let written = format!("{} and {}", notation.number(left), notation.number(right));
    let help = "compare with a number that the request can have";
    if always {
        mistakes.add(span, format!("this comparison always holds: {written}"), help);
    } else if is_never {
        never(span, format!("the comparison of {written} does not hold"), help, mistakes);
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
    span: Span,
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
                    mistakes.add(span, message, "remove it");
                }
            }
            Condition::Not(inner) => {
                if let Condition::Part(part) = inner.as_ref()
                    && let Some(name) = is_role(part)
                {
                    never(
                        span,
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

/// Verbs that fit one thing, or several, but not both.
const VERBS: [&str; 10] =
    ["is", "are", "has", "have", "was", "were", "does", "do", "needs", "collides"];

/// A list as the subject of a sentence: "`a` and `b` is".
fn check_number(case: &Case, span: Span, mistakes: &mut Mistakes) {
    if case.report != Report::Once {
        return;
    }
    let [Piece::Literal(open), Piece::Attribute(name, Attribute::Name), Piece::Literal(rest), ..] =
        case.message.pieces.as_slice()
    else {
        return;
    };
    let verb = rest.strip_prefix("` ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    if open == "`" && VERBS.contains(&verb) && can_be_several(case, *name) {
        let role = &case.names[*name];
        let message = format!("`<{role}.name>` can be several names, which `{verb}` does not fit");
        let help = "make the list the object of the sentence, as in \"`period` collides with …\"";
        mistakes.add(span, message, help);
    }
}

/// Whether one diagnostic can speak of several names of a role.
fn can_be_several(case: &Case, name: NameId) -> bool {
    let Some(role) = case.roles.get(name) else { return false };
    let several = |part: &Part| match literals_of(part.place.patterns()) {
        Some(names) => names.len() > 1,
        None => true,
    };
    match &role.find {
        Find::Part(parts) => parts.len() > 1 || parts.iter().any(several),
        Find::Missing(part) => several(part),
    }
}

/// Cases that an earlier one hides: it reports all that they could.
pub(crate) fn check_order(
    cases: &[Case],
    columns: &[String],
    starts: &[Span],
    mistakes: &mut Mistakes,
) {
    for (number, later) in cases.iter().enumerate() {
        let hiding = cases[..number].iter().position(|earlier| hides(columns, earlier, later));
        if let (Some(first), Some(start)) = (hiding, starts.get(number)) {
            let message =
                format!("this case never reports: case {} takes all that it could", first + 1);
            mistakes.add(
                *start,
                message,
                "put the case that asks for more first, or ask for something else here",
            );
        }
    }
}

fn hides(columns: &[String], earlier: &Case, later: &Case) -> bool {
    if !earlier.sequence.is_empty() || !later.sequence.is_empty() {
        return false;
    }
    let notation = |case| Notation::with(case, columns);
    let (first, second) = (notation(&earlier.names), notation(&later.names));
    let roles = |case: &Case, notation: Notation<'_>| {
        let written = case
            .roles
            .iter()
            .map(|role| format!("{}: {}", case.names[role.name], notation.find(&role.find)));
        let mut written: Vec<String> = written.collect();
        written.sort();
        written
    };
    let scopes = |case: &Case, notation: Notation<'_>| -> Vec<String> {
        case.scope.iter().map(|scope: &Scope| notation.scope(scope)).collect()
    };
    let wider = scopes(earlier, first).iter().all(|scope| scopes(later, second).contains(scope));
    let asked = match (&earlier.condition, &later.condition) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(one), Some(two)) => {
            let one = first.condition(one);
            let two_parts: Vec<String> = match two {
                Condition::All(all) => all.iter().map(|one| second.condition(one)).collect(),
                other => vec![second.condition(other)],
            };
            one == second.condition(two) || two_parts.contains(&one)
        }
    };
    let subject = |case: &Case| case.names[case.subject].clone();
    wider
        && asked
        && subject(earlier) == subject(later)
        && roles(earlier, first) == roles(later, second)
}
