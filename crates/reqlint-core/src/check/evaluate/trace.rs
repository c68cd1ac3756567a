//! Evaluates a case question by question, for traces.

use super::{Bound, Evaluator, Match, scope_truth};
use crate::check::context::Context;
use crate::check::part::FoundPart;
use crate::check::ready::ReadyCase;
use crate::check::trace::Step;
use crate::check::truth::Truth;
use crate::rule::notation::Notation;
use crate::rule::{Case, Condition, Find, Number, Part, Role, Row};

/// Parts that are written out for one question.
const MOST_PARTS: usize = 12;
/// How much of a text is shown, in characters.
const SHOWN: usize = 80;

/// The matches of a case's roles, whatever its condition says.
pub(crate) fn find_role_matches<'e>(
    context: &'e Context<'_, '_>,
    case: &'e Case,
    ready: &'e ReadyCase,
    row: Option<&'e Row>,
) -> Vec<Match<'e>> {
    let truth = scope_truth(context, case, ready);
    if truth == Truth::No {
        return Vec::new();
    }
    let mut evaluator = Evaluator::for_roles(context, case, ready, row);
    evaluator.join(0, truth);
    evaluator.matches
}

/// For each role, which parts pass for it when it is looked at alone.
pub(crate) fn trace_roles<'e>(
    context: &'e Context<'_, '_>,
    case: &'e Case,
    ready: &'e ReadyCase,
    row: Option<&'e Row>,
    notation: Notation<'_>,
) -> Vec<Step> {
    let evaluator = Evaluator::for_roles(context, case, ready, row);
    case.roles.iter().map(|role| evaluator.role(role, notation)).collect()
}

/// A match of the roles, with what the condition says of it.
pub(crate) fn trace_match<'e>(
    context: &'e Context<'_, '_>,
    case: &'e Case,
    ready: &'e ReadyCase,
    found: &Match<'e>,
    notation: Notation<'_>,
) -> Step {
    let mut evaluator = Evaluator::for_roles(context, case, ready, found.row);
    evaluator.bound.clone_from(&found.bound);
    let names = case.names.iter().zip(&found.bound);
    let names = names.filter_map(|(name, bound)| {
        bound.as_ref().map(|bound| format!("{name} = {}", evaluator.shown_bound(bound)))
    });
    let names = names.collect::<Vec<_>>().join(", ");
    let step = Step::new("a match", found.truth).found(names);
    match &case.condition {
        None => step,
        Some(condition) => {
            let asked = evaluator.trace_condition(condition, notation);
            let truth = found.truth.and(asked.truth);
            let asked = Step { asks: format!("if: {}", asked.asks), ..asked };
            Step { truth, ..step }.because(vec![asked])
        }
    }
}

impl<'e, 'c, 'd> Evaluator<'e, 'c, 'd> {
    fn for_roles(
        context: &'e Context<'c, 'd>,
        case: &'e Case,
        ready: &'e ReadyCase,
        row: Option<&'e Row>,
    ) -> Self {
        let bound = vec![None; case.names.len()];
        let (floor, matches) = (Truth::Unknown, Vec::new());
        Evaluator { context, case, ready, row, floor, bound, matches, roles_only: true }
    }

    fn role(&self, role: &Role, notation: Notation<'_>) -> Step {
        let name = &self.case.names[role.name];
        let asks = format!("find: {name}: {}", notation.find(&role.find));
        match &role.find {
            Find::Part(parts) => {
                let (mut truth, mut because) = (Truth::No, Vec::new());
                for part in parts {
                    let (found, steps) = self.parts(part);
                    truth = truth.or(found);
                    because.extend(steps);
                }
                Step::new(asks, truth).because(because)
            }
            Find::Missing(part) => {
                let names = self.missing_names(part);
                let step = |name: &String| {
                    let asks = if name.is_empty() { "it".to_owned() } else { format!("`{name}`") };
                    Step::new(format!("{asks} is missing"), !self.exists_named(part, name))
                };
                let because: Vec<Step> = names.iter().map(step).collect();
                let truth = because.iter().map(|step| step.truth).fold(Truth::No, Truth::or);
                Step::new(asks, truth).because(because)
            }
        }
    }

    /// Whether a part passes, and what was said of each that stands there.
    fn parts(&self, part: &Part) -> (Truth, Vec<Step>) {
        let (candidates, open) = self.candidates(part);
        let mut truth = if open { Truth::Unknown } else { Truth::No };
        let mut steps = Vec::new();
        for candidate in candidates.iter() {
            let step = self.candidate(part, candidate);
            truth = truth.or(step.truth);
            steps.push(step);
        }
        // Those that pass are seen before a list is cut.
        steps.sort_by_key(|step| std::cmp::Reverse(step.truth));
        let hidden = steps.len().saturating_sub(MOST_PARTS);
        steps.truncate(MOST_PARTS);
        if hidden > 0 {
            steps.push(Step::new(format!("{hidden} more parts"), Truth::No));
        }
        if open {
            steps.push(Step::new("a part that is not seen before run time", Truth::Unknown));
        }
        (truth, steps)
    }

    fn candidate(&self, part: &Part, found: &FoundPart) -> Step {
        let shown = self.shown_part(found);
        if self.is_skipped(part, found) {
            return Step::new(shown, Truth::No).found("excluded by `in`, `implied` or `blank`");
        }
        let (truth, _, captures) = self.test_part(part, found);
        let bound = captures.iter().map(|(id, place)| {
            format!("{} = `{}`", self.case.names[*id], cut(self.context.shown(*place)))
        });
        let bound: Vec<String> = bound.collect();
        let step = Step::new(shown, truth);
        if bound.is_empty() { step } else { step.found(bound.join(", ")) }
    }

    fn trace_condition(&self, condition: &Condition, notation: Notation<'_>) -> Step {
        let step = Step::new(notation.condition(condition), self.condition(condition));
        let inner = |all: &[Condition]| {
            all.iter().map(|one| self.trace_condition(one, notation)).collect::<Vec<_>>()
        };
        match condition {
            Condition::All(all) | Condition::Any(all) => step.because(inner(all)),
            Condition::Not(one) => step.because(inner(std::slice::from_ref(one))),
            Condition::Part(part) => match part.place {
                crate::rule::PartPlace::Role(id) => match &self.bound[id] {
                    Some(bound) => step.found(self.shown_bound(bound)),
                    None => step,
                },
                _ => {
                    let (_, parts) = self.parts(part);
                    step.because(parts)
                }
            },
            Condition::Above(left, right) | Condition::AtLeast(left, right) => {
                let value = |number: &Number| {
                    format!("{} is {}", notation.number(number), self.shown_quantity(number))
                };
                step.found(format!("{}, {}", value(left), value(right)))
            }
            Condition::Declares(_) => step.found(self.context.route_shown()),
        }
    }

    fn shown_part(&self, found: &FoundPart) -> String {
        format!("`{}`", cut(self.context.shown(found.whole)))
    }

    fn shown_bound(&self, bound: &Bound) -> String {
        match bound {
            Bound::Part { part, .. } => self.shown_part(part),
            Bound::Slot { name, .. } if name.is_empty() => "missing".to_owned(),
            Bound::Slot { name, .. } => format!("`{name}`, missing"),
            Bound::Unseen => "not seen before run time".to_owned(),
            Bound::Text { place: Some(place), .. } => {
                format!("`{}`", cut(self.context.shown(*place)))
            }
            Bound::Text { text, .. } => format!("`{}`", cut(text.clone())),
        }
    }
}

/// A text in one line that is not too long.
fn cut(text: String) -> String {
    let line = text.replace('\n', "␤");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
