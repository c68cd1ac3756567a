//! Packs that are ready to be evaluated.

use crate::api::Routes;
use crate::pack::Pack;
use crate::rule::{Find, PartPlace, Pattern, Rule};
use std::collections::HashMap;

/// A pack with what is computed from it once.
#[derive(Debug)]
pub(crate) struct ReadyPack {
    /// The pack.
    pub(crate) pack: Pack,
    /// The paths of its description.
    pub(crate) routes: Routes,
    /// For each rule, when it can be passed over.
    pub(crate) triggers: Vec<Trigger>,
}

impl ReadyPack {
    /// Computes what evaluation needs.
    pub(crate) fn new(pack: Pack) -> Self {
        let routes = pack.api.as_ref().map(|api| api.routes()).unwrap_or_default();
        let triggers = pack.rules.iter().map(Trigger::new).collect();
        ReadyPack { pack, routes, triggers }
    }
}

/// The rows of a rule's table by the texts that stand in them, for columns that are searched by
/// name: a request then meets only the rows whose words it holds.
#[derive(Debug, Default)]
pub(crate) struct Trigger {
    /// Column → text → rows.
    pub(crate) rows: HashMap<usize, HashMap<String, Vec<usize>>>,
}

impl Trigger {
    fn new(rule: &Rule) -> Self {
        let mut rows: HashMap<usize, HashMap<String, Vec<usize>>> = HashMap::new();
        let columns = rule.cases.iter().flat_map(|case| &case.roles).filter_map(|role| {
            let Find::Part(parts) = &role.find else { return None };
            let [part] = parts.as_slice() else { return None };
            searched_column(&part.place).or_else(|| column_of(&part.tests.is))
        });
        for column in columns {
            let index = rows.entry(column).or_default();
            if !index.is_empty() {
                continue;
            }
            for (number, row) in rule.rows.iter().enumerate() {
                for text in &row.cells[column] {
                    index.entry(text.to_ascii_lowercase()).or_default().push(number);
                }
            }
        }
        Trigger { rows }
    }
}

/// The column whose texts are the names or values that a place is searched for.
pub(crate) fn searched_column(place: &PartPlace) -> Option<usize> {
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
            [crate::rule::pattern::Element::Cell(column)] => Some(*column),
            _ => None,
        },
        _ => None,
    }
}
