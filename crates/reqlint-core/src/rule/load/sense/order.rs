//! Cases beside each other: what an earlier one hides.

use super::super::mistakes::Mistakes;
use crate::rule::notation::Notation;
use crate::rule::{Case, Condition, Scope};
use crate::span::Span;

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
