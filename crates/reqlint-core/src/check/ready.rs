//! Packs that are ready to be evaluated: what is computed once, so that requests cost little.

use super::caseless::caseless_key;
use super::index::Index;
use super::origin::Origin;
use super::uses::Uses;
use crate::api::{Operation, Routes};
use crate::pack::Pack;
use crate::rule::pattern::Element;
use crate::rule::{Case, Condition, Find, PartPlace, Pattern, Rule, Scope};
use std::collections::HashMap;

/// A pack with what is computed from it once.
#[derive(Debug)]
pub(crate) struct ReadyPack {
    /// The pack.
    pub(crate) pack: Pack,
    /// The paths of its description.
    pub(crate) routes: Routes,
    /// Origins that the user mapped to a pack, and whether to this one.
    pub(crate) mapped: Vec<(Origin<'static>, bool)>,
    /// For each rule of the pack.
    pub(crate) rules: Vec<ReadyRule>,
    /// Which cases a request can match.
    pub(crate) index: Index,
    /// The origins that it speaks about.
    pub(crate) servers: Vec<Origin<'static>>,
    /// For each entry of the pack's blank values, the operations that it is about.
    pub(crate) blank: Vec<Option<Operations>>,
}

/// For each operation of the description, whether it is meant.
pub(crate) type Operations = Vec<bool>;

/// What is computed for a rule.
#[derive(Debug)]
pub(crate) struct ReadyRule {
    /// For each case of the rule.
    pub(crate) cases: Vec<ReadyCase>,
    /// The rows of the table by the texts that stand in them, for columns that are searched by
    /// name: column → text → rows. A request then meets only the rows whose words it holds.
    pub(crate) rows: HashMap<usize, HashMap<String, Vec<usize>>>,
}

/// What is computed for a case.
#[derive(Debug)]
pub(crate) struct ReadyCase {
    /// The order in which roles are filled: those that belong to others, and then those that are
    /// missing, last.
    pub(crate) order: Vec<usize>,
    /// For each scope, the operations that it takes; none where it does not ask for any.
    pub(crate) scope: Vec<Option<Operations>>,
    /// Whether anything in it depends on the row of the table.
    pub(crate) uses_row: bool,
    /// What must hold, by how many roles must be filled before it can be asked: all conditions that
    /// are joined by *and*, each as early as can be.
    pub(crate) conditions: Vec<Vec<Condition>>,
    /// For each step of its sequence.
    pub(crate) steps: Vec<ReadyCase>,
}

impl ReadyPack {
    /// Computes what evaluation needs.
    pub(crate) fn new(pack: Pack) -> Self {
        let routes = pack.api.as_ref().map(|api| api.routes()).unwrap_or_default();
        let operations = pack.api.as_ref().map(|api| api.operations.as_slice());
        let operations = operations.unwrap_or_default();
        let rules: Vec<ReadyRule> =
            pack.rules.iter().map(|rule| ReadyRule::new(rule, operations)).collect();
        let blank = pack.blank_values.iter().map(|blank| meant(&blank.scope, operations)).collect();
        let index = Index::new(&pack.rules, operations.len(), |rule, case| {
            rules[rule].cases[case].scope.as_slice()
        });
        let servers = pack.servers.iter().filter_map(|server| Origin::parse(server)).collect();
        ReadyPack { routes, mapped: Vec::new(), rules, index, servers, blank, pack }
    }

    /// Whether it speaks about requests to an origin that is known; none where the path decides,
    /// since it names no servers.
    pub(crate) fn is_about(&self, origin: &Origin<'_>) -> Option<bool> {
        let mapped = self.mapped.iter().find(|(server, _)| server.is_api_of(origin));
        let declared = || {
            let is_meant = || self.servers.iter().any(|server| server.is_api_of(origin));
            (!self.pack.servers.is_empty()).then(is_meant)
        };
        mapped.map_or_else(declared, |(_, here)| Some(*here))
    }

    /// Whether it may say anything about requests to an origin; none where that is not known.
    pub(crate) fn may_speak(&self, origin: Option<&Origin<'_>>) -> bool {
        if self.pack.general && self.pack.rules.is_empty() {
            return false;
        }
        self.pack.speaks_about_all()
            || origin.is_none_or(|origin| self.is_about(origin) != Some(false))
            || self.index.speaks_elsewhere()
    }
}

/// The operations that a scope takes; none where it does not ask for any.
fn meant(scope: &Scope, operations: &[Operation]) -> Option<Operations> {
    if !scope.asks_for_operation() {
        return None;
    }
    let takes = |operation: &Operation| {
        let tagged =
            scope.tags.is_empty() || scope.tags.iter().any(|tag| operation.tags.contains(tag));
        let named = scope.operations.is_empty() || scope.operations.contains(&operation.id);
        tagged && named
    };
    Some(operations.iter().map(takes).collect())
}

impl ReadyRule {
    fn new(rule: &Rule, operations: &[Operation]) -> Self {
        let cases = rule.cases.iter().map(|case| ReadyCase::new(case, operations)).collect();
        let mut rows: HashMap<usize, HashMap<String, Vec<usize>>> = HashMap::new();
        let roles = rule.cases.iter().flat_map(|case| &case.roles);
        for column in roles.filter_map(|role| searched(&role.find)).map(|(column, _)| column) {
            let index = rows.entry(column).or_default();
            if !index.is_empty() {
                continue;
            }
            for (number, row) in rule.rows.iter().enumerate() {
                for text in &row.cells[column] {
                    index.entry(caseless_key(text)).or_default().push(number);
                }
            }
        }
        ReadyRule { cases, rows }
    }
}

impl ReadyCase {
    /// Computes what a case needs.
    pub(crate) fn new(case: &Case, operations: &[Operation]) -> Self {
        let missing = |index: &usize| matches!(case.roles[*index].find, Find::Missing(_));
        let mut order: Vec<usize> = (0..case.roles.len()).collect();
        let depends = |index: &usize| match &case.roles[*index].find {
            Find::Part(parts) => parts.iter().any(|part| part.of.is_some()),
            Find::Missing(_) => false,
        };
        order.sort_by_key(|index| (missing(index), depends(index)));
        let scope = case.scope.iter().map(|scope| meant(scope, operations)).collect();
        let steps = case.sequence.iter().map(|step| ReadyCase::new(&step.case, operations));
        let steps = steps.collect();
        let uses_row = Uses::of_case(case).row;
        ReadyCase { conditions: early(case, &order), order, scope, uses_row, steps }
    }
}

/// The conditions of a case by the number of filled roles that they need.
fn early(case: &Case, order: &[usize]) -> Vec<Vec<Condition>> {
    let mut conditions = vec![Vec::new(); order.len() + 1];
    let Some(whole) = &case.condition else { return conditions };
    let filled: Vec<Uses> = order.iter().map(|index| Uses::of_role(&case.roles[*index])).collect();
    for one in conjuncts(whole) {
        let needed = Uses::of_condition(one);
        let bound = filled.iter().fold(Uses::default(), |all, uses| all.with(*uses));
        let last = filled.iter().rposition(|uses| uses.shares_name(needed));
        let turn = match bound.has_names_of(needed) {
            true => last.map_or(0, |turn| turn + 1),
            false => order.len(),
        };
        conditions[turn].push(one.clone());
    }
    conditions
}

/// What is joined by *and*.
fn conjuncts(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::All(all) => all.iter().flat_map(conjuncts).collect(),
        one => vec![one],
    }
}

/// The column whose texts a role is searched for, and whether among names rather than values.
pub(crate) fn searched(find: &Find) -> Option<(usize, bool)> {
    let Find::Part(parts) = find else { return None };
    let [part] = parts.as_slice() else { return None };
    if part.items {
        return None;
    }
    match searched_column(&part.place) {
        Some(column) => Some((column, !matches!(part.place, PartPlace::Method(_)))),
        None => Some((column_of(&part.tests.is)?, part.text == crate::rule::TextOf::Name)),
    }
}

/// The column whose texts are the names or values that a place is searched for.
fn searched_column(place: &PartPlace) -> Option<usize> {
    match place {
        PartPlace::Method(patterns)
        | PartPlace::Param(patterns)
        | PartPlace::Header(patterns)
        | PartPlace::Cookie(patterns) => column_of(patterns),
        _ => None,
    }
}

/// The column, where the patterns are one cell alone.
pub(crate) fn column_of(patterns: &[Pattern]) -> Option<usize> {
    match patterns {
        [Pattern { elements }] => match elements.as_slice() {
            [Element::Cell(column)] => Some(*column),
            _ => None,
        },
        _ => None,
    }
}
