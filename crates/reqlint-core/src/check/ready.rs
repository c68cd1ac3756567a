//! Packs that are ready to be evaluated: what is computed once, so that requests cost little.

use super::caseless::caseless_key;
use super::index::Index;
use super::origin::Origin;
use crate::api::{Operation, Routes};
use crate::pack::Pack;
use crate::rule::pattern::Element;
use crate::rule::template::{Piece, Template};
use crate::rule::{
    Case, Condition, Declares, Find, FixTemplate, Number, Part, PartPlace, Pattern, Rule, Scope,
    Tests,
};
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
    if scope.tags.is_empty() && scope.operations.is_empty() && !scope.any_operation {
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
        ReadyCase { order, scope, uses_row: case_uses_row(case), steps }
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

fn case_uses_row(case: &Case) -> bool {
    let in_role = |find: &Find| match find {
        Find::Part(parts) => parts.iter().any(part_uses_row),
        Find::Missing(part) => part_uses_row(part),
    };
    case.roles.iter().any(|role| in_role(&role.find))
        || case.condition.as_ref().is_some_and(condition_uses_row)
        || template_uses_row(&case.message)
        || case.labels.iter().any(|(_, text)| template_uses_row(text))
        || case.help.as_ref().is_some_and(template_uses_row)
        || case.fixes.iter().any(fix_uses_row)
}

fn fix_uses_row(fix: &FixTemplate) -> bool {
    template_uses_row(&fix.title) || fix.set.iter().any(|(_, text)| template_uses_row(text))
}

fn template_uses_row(template: &Template) -> bool {
    template.pieces.iter().any(|piece| matches!(piece, Piece::Cell(_)))
}

fn patterns_use_row(patterns: &[Pattern]) -> bool {
    let mut elements = patterns.iter().flat_map(|pattern| &pattern.elements);
    elements.any(|element| matches!(element, Element::Cell(_)))
}

fn part_uses_row(part: &Part) -> bool {
    let named = match &part.place {
        PartPlace::Method(patterns)
        | PartPlace::Scheme(patterns)
        | PartPlace::Userinfo(patterns)
        | PartPlace::Host(patterns)
        | PartPlace::Path(patterns)
        | PartPlace::Query(patterns)
        | PartPlace::Fragment(patterns)
        | PartPlace::Body(patterns)
        | PartPlace::WrittenAs(patterns)
        | PartPlace::Param(patterns)
        | PartPlace::PathParam(patterns)
        | PartPlace::Header(patterns)
        | PartPlace::Cookie(patterns)
        | PartPlace::Credential(patterns)
        | PartPlace::Json(patterns)
        | PartPlace::Route(patterns)
        | PartPlace::Dependency(patterns)
        | PartPlace::Status(patterns)
        | PartPlace::ResponseKind(patterns)
        | PartPlace::ResponseBody(patterns)
        | PartPlace::ResponseHeader(patterns)
        | PartPlace::ResponseJson(patterns)
        | PartPlace::Redirect(patterns)
        | PartPlace::Failure(patterns)
        | PartPlace::ExitCode(patterns) => patterns_use_row(patterns),
        PartPlace::Syntax(_) | PartPlace::Role(_) | PartPlace::Segment(_) => false,
    };
    named || tests_use_row(&part.tests)
}

fn tests_use_row(tests: &Tests) -> bool {
    patterns_use_row(&tests.is) || tests.not.as_deref().is_some_and(tests_use_row)
}

fn condition_uses_row(condition: &Condition) -> bool {
    match condition {
        Condition::Part(part) => part_uses_row(part),
        Condition::All(all) | Condition::Any(all) => all.iter().any(condition_uses_row),
        Condition::Not(one) => condition_uses_row(one),
        Condition::Above(left, right) | Condition::AtLeast(left, right) => {
            number_uses_row(left) || number_uses_row(right)
        }
        Condition::Declares(declares) => declares_uses_row(declares),
    }
}

fn declares_uses_row(declares: &Declares) -> bool {
    let Declares { path, method, param, header, body, similar, .. } = declares;
    [path, method, param, header, body, similar].into_iter().flatten().any(template_uses_row)
}

fn number_uses_row(number: &Number) -> bool {
    match number {
        Number::Sum(all) | Number::Product(all) => all.iter().any(number_uses_row),
        Number::Count(parts) => parts.iter().any(part_uses_row),
        Number::Constant(_) | Number::Days(_) | Number::Value(_) | Number::Length(_) => false,
    }
}
