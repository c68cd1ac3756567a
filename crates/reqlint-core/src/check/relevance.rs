//! What of an exchange any rule can look at: two that agree in all of it break the same rules.
//!
//! Most of a recorded exchange is told by nobody's rule: who asked, a number for tracing, what came
//! back. It is found out from the rules, so that a rule that looks at more is heard all the same.

use super::Checker;
use super::caseless::Fold;
use super::matching::{Names, Subject, match_pattern};
use super::truth::Truth;
use crate::api::{Api, Location, SchemeKind};
use crate::parse::masked::is_masked;
use crate::rule::pattern::Element;
use crate::rule::{Case, Condition, Find, Number, Part, PartPlace, Pattern, Rule, TextOf};
use rustc_hash::FxHashSet;

/// Header fields that parsers and sequences read, whatever the rules are.
const READ: [&str; 7] = [
    "authorization",
    "content-type",
    "cookie",
    "host",
    "location",
    "proxy-authorization",
    "set-cookie",
];

/// More tests of any value than this are more than it is worth.
const MOST_TESTS: usize = 16;

/// What of an exchange the rules can look at, beside its method, its URL, its content and its status.
#[derive(Debug, Default)]
pub(crate) struct Relevance {
    /// The names of header fields whose values are looked at, in small letters.
    fields: FxHashSet<Box<[u8]>>,
    /// Whether those of all fields are.
    all_fields: bool,
    /// What is asked of the value of any field, and nothing else of it.
    tests: Vec<Test>,
    /// Whether what came back is looked at, beside its status, whatever that is.
    pub(crate) all_responses: bool,
    /// The statuses with which it is.
    statuses: Vec<Pattern>,
}

/// Whether a text fits one of these.
#[derive(Debug, PartialEq)]
struct Test {
    patterns: Vec<Pattern>,
    fold: Fold,
}

impl Relevance {
    /// What the rules of a checker can look at.
    pub(crate) fn of(checker: &Checker) -> Self {
        let mut relevance = Relevance::default();
        READ.iter().for_each(|name| relevance.add_field(name));
        for pack in checker.packs.iter().map(|ready| &ready.pack) {
            pack.api.iter().for_each(|api| relevance.add_api(api));
            for rule in &pack.rules {
                for case in &rule.cases {
                    relevance.add_case(rule, case);
                    case.sequence.iter().for_each(|step| relevance.add_case(rule, &step.case));
                }
            }
        }
        relevance.all_fields |= relevance.tests.len() > MOST_TESTS;
        relevance
    }

    /// What the rules can tell of the value of a field: the answers to what they ask of any value.
    /// None where they can look at all of it.
    pub(crate) fn answers(&self, name: &[u8], value: &str) -> Option<u16> {
        let plain = value.is_ascii() && !value.contains('\\') && !is_masked(value);
        if self.all_fields || !plain || self.is_read(name) {
            return None;
        }
        let value = value.trim_ascii();
        let answer = |(number, test): (usize, &Test)| u16::from(test.holds(value)) << number;
        Some(self.tests.iter().enumerate().map(answer).fold(0, |all, one| all | one))
    }

    /// Whether the rules look at what came back with this status, but not with others.
    pub(crate) fn sees_response(&self, status: &str) -> bool {
        self.statuses.iter().any(|pattern| fits(pattern, status, Fold::Exact))
    }

    fn is_read(&self, name: &[u8]) -> bool {
        let mut lower = [0; 64];
        let Some(lower) = lower.get_mut(..name.len()) else { return true };
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        !name.is_ascii() || self.fields.contains(&*lower)
    }

    fn add_field(&mut self, name: &str) {
        self.fields.insert(name.to_ascii_lowercase().into_bytes().into());
    }

    /// The fields that a description declares, and those that hold credentials.
    fn add_api(&mut self, api: &Api) {
        let declared = api.operations.iter().flat_map(|operation| &operation.parameters);
        let fields = declared.filter(|parameter| parameter.location == Location::Header);
        fields.for_each(|parameter| self.add_field(&parameter.name));
        for scheme in &api.security_schemes {
            if let SchemeKind::Header(name) = &scheme.kind {
                self.add_field(name);
            }
        }
    }

    fn add_case(&mut self, rule: &Rule, case: &Case) {
        let mut own = Relevance::default();
        own.add_parts(rule, case);
        if own.all_responses
            && let Some(statuses) = case.condition.as_ref().and_then(statuses_of)
        {
            self.statuses.extend(statuses.iter().cloned());
            own.all_responses = false;
        }
        self.fields.extend(own.fields);
        self.all_fields |= own.all_fields;
        self.all_responses |= own.all_responses;
        for test in own.tests {
            self.add_once(test);
        }
    }

    fn add_parts(&mut self, rule: &Rule, case: &Case) {
        for role in &case.roles {
            match &role.find {
                Find::Part(parts) => parts.iter().for_each(|part| self.add_part(rule, part, true)),
                // Of what is missing there is no value.
                Find::Missing(part) => self.add_part(rule, part, false),
            }
        }
        case.condition.iter().for_each(|condition| self.add_condition(rule, condition));
    }

    fn add_condition(&mut self, rule: &Rule, condition: &Condition) {
        match condition {
            Condition::Part(part) => self.add_part(rule, part, false),
            Condition::All(all) | Condition::Any(all) => {
                all.iter().for_each(|one| self.add_condition(rule, one));
            }
            Condition::Not(one) => self.add_condition(rule, one),
            Condition::Above(left, right) | Condition::AtLeast(left, right) => {
                self.add_number(rule, left);
                self.add_number(rule, right);
            }
            Condition::Declares(_) => {}
        }
    }

    fn add_number(&mut self, rule: &Rule, number: &Number) {
        match number {
            Number::Sum(all) | Number::Product(all) => {
                all.iter().for_each(|one| self.add_number(rule, one));
            }
            Number::Count(parts) => parts.iter().for_each(|part| self.add_part(rule, part, false)),
            // The part of a name is known by its role.
            Number::Value(_) | Number::Length(_) | Number::Constant(_) | Number::Days(_) => {}
        }
    }

    /// What a part pattern looks at; a part with a name can be looked at from elsewhere.
    fn add_part(&mut self, rule: &Rule, part: &Part, has_name: bool) {
        match &part.place {
            PartPlace::Header(names) => self.add_header(rule, names, part, has_name),
            PartPlace::ResponseKind(_)
            | PartPlace::ResponseBody(_)
            | PartPlace::ResponseHeader(_)
            | PartPlace::ResponseJson(_)
            | PartPlace::Redirect(_) => self.all_responses = true,
            _ => {}
        }
    }

    fn add_header(&mut self, rule: &Rule, names: &[Pattern], part: &Part, has_name: bool) {
        let mut any = false;
        for name in names {
            match (name.literal(), name.elements.as_slice()) {
                (Some(name), _) => self.add_field(name),
                (None, [Element::Cell(column)]) => {
                    let cells = rule.rows.iter().flat_map(|row| &row.cells[*column]);
                    cells.for_each(|name| self.add_field(name));
                }
                _ => any = true,
            }
        }
        // What breaks the description, or a dependency, is declared.
        let is_declared = part.valid.is_some() || part.of.is_some();
        let asks = part.items || !part.tests.is_empty() || has_name;
        if any && part.text != TextOf::Name && !is_declared && asks {
            self.add_test(part, has_name);
        }
    }

    fn add_test(&mut self, part: &Part, has_name: bool) {
        let tests = &part.tests;
        let patterns = &tests.is;
        let only_fits =
            tests.matches.is_none() && tests.types.is_empty() && tests.not.is_none() && !part.items;
        let simple = patterns.iter().all(is_simple);
        if has_name || !only_fits || !simple {
            self.all_fields = true;
            return;
        }
        let fold = if part.any_case { Fold::Any } else { Fold::Exact };
        self.add_once(Test { patterns: patterns.clone(), fold });
    }

    fn add_once(&mut self, test: Test) {
        if !self.tests.contains(&test) {
            self.tests.push(test);
        }
    }
}

impl Test {
    fn holds(&self, text: &str) -> bool {
        self.patterns.iter().any(|pattern| fits(pattern, text, self.fold))
    }
}

/// Whether a text fits a pattern that names nothing.
fn fits(pattern: &Pattern, text: &str, fold: Fold) -> bool {
    let names = Names { bound: &|_| None, row: None };
    match_pattern(pattern, Subject { text, holes: &[], fold }, names).0 == Truth::Yes
}

/// Whether a pattern names nothing.
fn is_simple(pattern: &Pattern) -> bool {
    let is_simple = |element: &Element| matches!(element, Element::Literal(_) | Element::Any);
    pattern.elements.iter().all(is_simple)
}

/// The statuses of which a condition asks that there be one.
fn statuses_of(condition: &Condition) -> Option<&[Pattern]> {
    match condition {
        Condition::Part(part) => match &part.place {
            PartPlace::Status(patterns)
                if !patterns.is_empty() && patterns.iter().all(is_simple) =>
            {
                Some(patterns)
            }
            _ => None,
        },
        Condition::All(all) => all.iter().find_map(statuses_of),
        _ => None,
    }
}
