//! The keywords of JSON Schema (2020-12, sections of "Validation" and "Core") on values that may
//! have holes: yes, no, or not known before run time.

use super::format::is_of_format;
use super::instance::{Instance, Kind};
use crate::api::Details;
use crate::api::decimal::Decimal;
use crate::api::expected::{all_of, expected, expected_in_json};
use crate::api::literal::Literal;
use crate::api::schema::{Keyword, Schema, SchemaId, Types};
use crate::check::caseless::Fold;
use crate::check::matching::{Names, Subject, match_pattern};
use crate::check::truth::Truth;
use crate::layer::{Hole, Layers, Place};
use crate::rule::Regex;
use crate::rule::pattern::{Element, Pattern};

/// How deep schemas and values are followed together.
const MAX_DEPTH: usize = 64;

/// Compares values with schemas.
#[derive(Clone, Copy)]
pub(crate) struct Validator<'v, 'd> {
    pub(crate) details: &'v Details,
    pub(crate) layers: &'v Layers<'d>,
}

/// A keyword that a value breaks.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// The text of the value.
    pub(crate) value: Place,
    /// The keyword.
    pub(crate) keyword: &'static str,
    /// What the value is held against as a whole.
    pub(super) schema: SchemaId,
    /// Names that are missing, or that are known.
    pub(crate) names: Vec<String>,
    /// Names that are there, and belong to those that are missing.
    pub(crate) beside: Vec<String>,
    /// Whether the value is JSON.
    pub(crate) in_json: bool,
    /// What it means to send nothing.
    pub(crate) left_out: Option<String>,
    /// Whether it surely breaks it.
    pub(crate) truth: Truth,
}

impl Problem {
    pub(super) fn new(value: Place, keyword: &'static str, schema: SchemaId, truth: Truth) -> Self {
        let (names, beside) = (Vec::new(), Vec::new());
        Problem { value, keyword, schema, names, beside, in_json: false, left_out: None, truth }
    }

    /// A value that has not the shape of its style.
    pub(crate) fn style(value: Place, schema: SchemaId, shape: String) -> Self {
        Problem { names: vec![shape], ..Problem::new(value, "style", schema, Truth::Yes) }
    }

    /// What would do.
    pub(crate) fn expected(&self, details: &Details) -> Vec<String> {
        let mut expected = self.alternatives(details);
        expected.extend(self.left_out.clone());
        expected
    }

    fn alternatives(&self, details: &Details) -> Vec<String> {
        let listed = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect();
        match self.keyword {
            "required" | "dependentRequired" => vec![all_of(&self.names)],
            "style" => self.names.clone(),
            "additionalProperties" => listed(&self.names),
            "uniqueItems" => vec!["items that differ".to_owned()],
            "not" | "false" => vec!["another value, or none".to_owned()],
            _ if self.names == [SEVERAL] => {
                vec!["a value that fits only one of the alternatives".to_owned()]
            }
            _ if self.in_json => expected_in_json(details, self.schema),
            _ => expected(details, self.schema),
        }
    }
}

/// In place of names: that a value fits more than one alternative.
const SEVERAL: &str = "several";

/// Where a check is: the value, and the schema that it is held against as a whole.
#[derive(Clone, Copy)]
pub(super) struct Here<'h, 'i> {
    pub(super) instance: &'h Instance<'i>,
    pub(super) outer: SchemaId,
    pub(super) depth: usize,
}

impl Validator<'_, '_> {
    /// Whether a value fits a schema. What breaks it is added to `problems`.
    pub(crate) fn check(
        &self,
        schema: SchemaId,
        instance: &Instance<'_>,
        problems: &mut Vec<Problem>,
    ) -> Truth {
        self.check_at(schema, instance, MAX_DEPTH, problems)
    }

    /// The types that a schema leaves.
    pub(crate) fn types(&self, schema: SchemaId) -> Types {
        self.types_at(schema, 16)
    }

    fn types_at(&self, schema: SchemaId, depth: usize) -> Types {
        let Some(depth) = depth.checked_sub(1) else { return Types::ANY };
        let Some(schema) = self.details.schemas.get(schema as usize) else { return Types::ANY };
        let mut types = Types::ANY;
        for keyword in &schema.keywords {
            let own = match keyword {
                Keyword::Types(types) => *types,
                Keyword::Values(values) => {
                    values.iter().map(Types::of).fold(Types::default(), Types::with)
                }
                Keyword::Reference(other) => self.types_at(*other, depth),
                Keyword::AllOf(all) => {
                    let all = all.iter().map(|part| self.types_at(*part, depth));
                    all.fold(Types::ANY, Types::common)
                }
                Keyword::AnyOf(some) | Keyword::OneOf(some) => {
                    let some = some.iter().map(|part| self.types_at(*part, depth));
                    some.fold(Types::default(), Types::with)
                }
                _ => continue,
            };
            types = types.common(own);
        }
        types
    }

    pub(super) fn check_at(
        &self,
        schema: SchemaId,
        instance: &Instance<'_>,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) -> Truth {
        let here = Here { instance, outer: schema, depth };
        self.check_part(schema, here, problems)
    }

    fn check_part(&self, id: SchemaId, here: Here<'_, '_>, problems: &mut Vec<Problem>) -> Truth {
        let Some(depth) = here.depth.checked_sub(1) else { return Truth::Unknown };
        let Some(schema) = self.details.schemas.get(id as usize) else { return Truth::Unknown };
        if schema.keywords.is_empty() {
            return Truth::Yes;
        }
        let here = Here { depth, ..here };
        if let Instance::Text(place) = here.instance {
            return self.check_text(id, *place, depth, problems);
        }
        if let Instance::Inner(place) = here.instance {
            return self.check_inner(id, *place, depth, problems);
        }
        self.check_keywords(schema, here, problems)
    }

    fn check_keywords(
        &self,
        schema: &Schema,
        here: Here<'_, '_>,
        problems: &mut Vec<Problem>,
    ) -> Truth {
        let mut truth = Truth::Yes;
        for keyword in &schema.keywords {
            if matches!(keyword, Keyword::Nullable) {
                if here.instance.kind() == Kind::Null {
                    return Truth::Yes;
                }
                continue;
            }
            let holds = self.holds(keyword, here, problems);
            truth = truth.and(holds);
            if holds == Truth::No && matches!(keyword, Keyword::Types(_) | Keyword::Values(_)) {
                // What else is asked is asked of another type, or another value.
                break;
            }
        }
        truth
    }

    /// Whether one keyword holds; if not, what breaks it is a problem.
    fn holds(&self, keyword: &Keyword, here: Here<'_, '_>, problems: &mut Vec<Problem>) -> Truth {
        let Here { instance, outer, depth } = here;
        let truth = match keyword {
            Keyword::Reference(other) => {
                return self.check_part(*other, here, problems);
            }
            Keyword::AllOf(all) => {
                let all = all.iter().map(|part| self.check_part(*part, here, problems));
                return all.fold(Truth::Yes, Truth::and);
            }
            Keyword::AnyOf(some) => return self.any_of(some, here, problems),
            Keyword::OneOf(some) => return self.one_of(some, here, problems),
            Keyword::If(test, then, otherwise) => {
                return self.condition(*test, *then, *otherwise, here, problems);
            }
            Keyword::Items { prefix, rest } => {
                let mut truth = Truth::Yes;
                for (number, item) in instance.items().iter().enumerate() {
                    if let Some(schema) = prefix.get(number).copied().or(*rest) {
                        truth = truth.and(self.check_at(schema, item, depth, problems));
                    }
                }
                return truth;
            }
            Keyword::Members { properties, patterns, others } => {
                return self.members(properties, patterns, *others, here, problems);
            }
            Keyword::DependentSchemas(all) => {
                let mut truth = Truth::Yes;
                for (name, schema) in all {
                    let there = instance.has_member(self.layers, name);
                    if there > Truth::No {
                        let fits = self.check_part(*schema, here, problems);
                        truth = truth.and((!there).or(fits));
                    }
                }
                return truth;
            }
            Keyword::DependentRequired(all) => {
                return self.dependent_required(all, here, problems);
            }
            Keyword::Required(names) => return self.required(names, here, problems),
            Keyword::PropertyNames(schema) => self.property_names(*schema, here),
            Keyword::Contains { schema, least, most } => {
                self.contains(*schema, *least, *most, instance, depth)
            }
            Keyword::Not(schema) => !self.check_part(*schema, here, &mut Vec::new()),
            simple => self.simple(simple, instance),
        };
        if truth < Truth::Yes {
            problems.push(Problem::new(instance.place(), keyword.name(), outer, !truth));
        }
        truth
    }

    /// Keywords that look at the value alone.
    fn simple(&self, keyword: &Keyword, instance: &Instance<'_>) -> Truth {
        let kind = instance.kind();
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        match keyword {
            Keyword::Never => Truth::No,
            Keyword::Unchecked => Truth::Unknown,
            Keyword::Types(types) => self.is_type(*types, instance),
            Keyword::Values(values) => {
                values.iter().map(|value| self.equals(value, instance)).fold(Truth::No, Truth::or)
            }
            _ if kind == Kind::Unknown => match keyword {
                Keyword::Default(_) => Truth::Yes,
                _ => Truth::Unknown,
            },
            Keyword::Format(format) => self.is_formatted(format, instance),
            Keyword::Pattern(regex) if kind == Kind::String => self.matches(regex, instance),
            Keyword::MinLength(least) if kind == Kind::String => {
                let (shortest, longest) = self.length(instance);
                bounded(shortest >= *least, longest.is_none_or(|longest| longest >= *least))
            }
            Keyword::MaxLength(most) if kind == Kind::String => {
                let (shortest, longest) = self.length(instance);
                bounded(longest.is_some_and(|longest| longest <= *most), shortest <= *most)
            }
            Keyword::Minimum(bound) if kind == Kind::Number => self.compare(instance, |number| {
                number > bound.value || (!bound.exclusive && number == bound.value)
            }),
            Keyword::Maximum(bound) if kind == Kind::Number => self.compare(instance, |number| {
                number < bound.value || (!bound.exclusive && number == bound.value)
            }),
            Keyword::MultipleOf(of) if kind == Kind::Number => {
                let multiple = instance.number(self.layers).and_then(|n| n.is_multiple_of(*of));
                multiple.map_or(Truth::Unknown, Truth::from)
            }
            Keyword::MinItems(least) if kind == Kind::Array => {
                let items = count(instance.items().len());
                bounded(items >= *least, items >= *least || instance.is_open())
            }
            Keyword::MaxItems(most) if kind == Kind::Array => {
                let items = count(instance.items().len());
                bounded(items <= *most && !instance.is_open(), items <= *most)
            }
            Keyword::UniqueItems if kind == Kind::Array => {
                let truth = self.are_unique(&instance.items());
                if instance.is_open() { truth.and(Truth::Unknown) } else { truth }
            }
            Keyword::MinProperties(least) if kind == Kind::Object => {
                let names = count(self.names(instance).len());
                bounded(names >= *least, names >= *least || instance.is_open())
            }
            Keyword::MaxProperties(most) if kind == Kind::Object => {
                let names = count(self.names(instance).len());
                bounded(names <= *most && !instance.is_open(), names <= *most)
            }
            _ => Truth::Yes,
        }
    }

    fn is_type(&self, types: Types, instance: &Instance<'_>) -> Truth {
        let text = self.layers.text(instance.place());
        let one = match instance.kind() {
            Kind::Null => Types::NULL,
            Kind::Boolean => Types::BOOLEAN,
            Kind::String => Types::STRING,
            Kind::Array => Types::ARRAY,
            Kind::Object => Types::OBJECT,
            Kind::Number if types.has(Types::NUMBER) => return Truth::Yes,
            Kind::Number if types.has(Types::INTEGER) => {
                if self.layers.has_hole(instance.place()) {
                    return Truth::Unknown;
                }
                let whole = |number: Decimal| number.is_integer();
                let plain = !text.contains(['.', 'e', 'E']);
                return instance.number(self.layers).map_or(plain, whole).into();
            }
            Kind::Number => return Truth::No,
            Kind::Unknown => return Truth::Unknown,
        };
        types.has(one).into()
    }

    fn equals(&self, value: &Literal, instance: &Instance<'_>) -> Truth {
        match (value, instance.kind()) {
            (_, Kind::Unknown) => Truth::Unknown,
            (Literal::Text(text), Kind::String) => self.text_equals(text, instance.place()),
            (Literal::Null, Kind::Null) => Truth::Yes,
            (Literal::Boolean(_), Kind::Boolean)
            | (Literal::Number(_), Kind::Number)
            | (Literal::List(_), Kind::Array)
            | (Literal::Object(_), Kind::Object) => match instance.literal(self.layers) {
                Some(own) => (own == *value).into(),
                None => Truth::Unknown,
            },
            _ => Truth::No,
        }
    }

    fn text_equals(&self, text: &str, place: Place) -> Truth {
        let holes: Vec<Hole> = self.layers.holes(place).collect();
        let subject = Subject { text: self.layers.text(place), holes: &holes, fold: Fold::Exact };
        let pattern = Pattern { elements: vec![Element::Literal(text.to_owned())] };
        match_pattern(&pattern, subject, Names { bound: &|_| None, row: None }).0
    }

    fn matches(&self, regex: &Regex, instance: &Instance<'_>) -> Truth {
        let place = instance.place();
        let text = self.layers.text(place);
        if !self.layers.has_hole(place) {
            return regex.is_match(text).into();
        }
        let holes: Vec<Hole> = self.layers.holes(place).collect();
        regex.with_holes().is_match(text, &holes)
    }

    fn is_formatted(&self, format: &str, instance: &Instance<'_>) -> Truth {
        let place = instance.place();
        let kind = instance.kind();
        let answer = is_of_format(format, kind, self.layers.text(place));
        match answer {
            None => Truth::Yes,
            Some(_) if self.layers.has_hole(place) => Truth::Unknown,
            Some(answer) => answer.into(),
        }
    }

    /// The length of a text in code points: at least, at most.
    fn length(&self, instance: &Instance<'_>) -> (u64, Option<u64>) {
        let place = instance.place();
        let length = |text: &str| u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        let text = self.layers.text(place);
        if !self.layers.has_hole(place) {
            return (length(text), Some(length(text)));
        }
        let holes: u64 = self.layers.holes(place).map(|h| length(&text[h.span.range()])).sum();
        (length(text) - holes, None)
    }

    fn compare(&self, instance: &Instance<'_>, holds: impl Fn(Decimal) -> bool) -> Truth {
        instance.number(self.layers).map_or(Truth::Unknown, |number| holds(number).into())
    }

    fn are_unique(&self, items: &[Instance<'_>]) -> Truth {
        let mut truth = Truth::Yes;
        let literals: Vec<Option<Literal>> =
            items.iter().map(|item| item.literal(self.layers)).collect();
        for (number, one) in literals.iter().enumerate() {
            for other in &literals[..number] {
                match (one, other) {
                    (Some(one), Some(other)) if one == other => return Truth::No,
                    (Some(_), Some(_)) => {}
                    _ => truth = Truth::Unknown,
                }
            }
        }
        truth
    }

    fn names(&self, instance: &Instance<'_>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for member in instance.members(self.layers) {
            if !names.iter().any(|name| name == member.name) {
                names.push(member.name.to_owned());
            }
        }
        names
    }

    fn any_of(&self, some: &[SchemaId], here: Here<'_, '_>, problems: &mut Vec<Problem>) -> Truth {
        let tried = self.try_all(some, here);
        let truth = tried.iter().map(|(truth, _)| *truth).fold(Truth::No, Truth::or);
        if truth < Truth::Yes {
            self.explain(tried, truth, "anyOf", here, problems);
        }
        truth
    }

    fn one_of(&self, some: &[SchemaId], here: Here<'_, '_>, problems: &mut Vec<Problem>) -> Truth {
        let tried = self.try_all(some, here);
        let count = |which: Truth| tried.iter().filter(|(truth, _)| *truth == which).count();
        let (yes, unknown) = (count(Truth::Yes), count(Truth::Unknown));
        let truth = match (yes, unknown) {
            (1, 0) => return Truth::Yes,
            (0, 0) => Truth::No,
            (0 | 1, _) => Truth::Unknown,
            _ => Truth::No,
        };
        if yes > 1 {
            problems.push(Problem {
                names: vec![SEVERAL.to_owned()],
                ..Problem::new(here.instance.place(), "oneOf", here.outer, Truth::Yes)
            });
        } else {
            self.explain(tried, truth, "oneOf", here, problems);
        }
        truth
    }

    fn try_all(&self, some: &[SchemaId], here: Here<'_, '_>) -> Vec<(Truth, Vec<Problem>)> {
        let attempt = |id: &SchemaId| {
            let mut own = Vec::new();
            (self.check_part(*id, Here { outer: *id, ..here }, &mut own), own)
        };
        some.iter().map(attempt).collect()
    }

    /// Says why no alternative fits: in the words of the only one that comes near, if there is
    /// one, else that any of them is expected.
    fn explain(
        &self,
        tried: Vec<(Truth, Vec<Problem>)>,
        truth: Truth,
        keyword: &'static str,
        here: Here<'_, '_>,
        problems: &mut Vec<Problem>,
    ) {
        let place = here.instance.place();
        let is_near = |(_, own): &&(Truth, Vec<Problem>)| {
            !own.is_empty() && own.iter().all(|problem| problem.value != place)
        };
        let fewest = tried.iter().filter(is_near).map(|(_, own)| own.len()).min();
        let mut near = tried.iter().filter(is_near).filter(|(_, own)| Some(own.len()) == fewest);
        if let (Some((_, own)), None) = (near.next(), near.next()) {
            let weaker = |problem: &Problem| Problem { truth: !truth, ..problem.clone() };
            return problems.extend(own.iter().map(weaker));
        }
        problems.push(Problem::new(place, keyword, here.outer, !truth));
    }

    fn condition(
        &self,
        test: SchemaId,
        then: Option<SchemaId>,
        otherwise: Option<SchemaId>,
        here: Here<'_, '_>,
        problems: &mut Vec<Problem>,
    ) -> Truth {
        let mut branch = |schema: Option<SchemaId>| {
            schema.map_or(Truth::Yes, |schema| self.check_part(schema, here, problems))
        };
        match self.check_part(test, here, &mut Vec::new()) {
            Truth::Yes => branch(then),
            Truth::No => branch(otherwise),
            Truth::Unknown => {
                let mut ignored = Vec::new();
                let mut ask = |schema: Option<SchemaId>| {
                    schema.map_or(Truth::Yes, |id| self.check_part(id, here, &mut ignored))
                };
                let (one, other) = (ask(then), ask(otherwise));
                if one == other { one } else { Truth::Unknown }
            }
        }
    }

    fn contains(
        &self,
        schema: SchemaId,
        least: u64,
        most: Option<u64>,
        instance: &Instance<'_>,
        depth: usize,
    ) -> Truth {
        if instance.kind() != Kind::Array {
            let unknown = instance.kind() == Kind::Unknown;
            return if unknown { Truth::Unknown } else { Truth::Yes };
        }
        let (mut sure, mut maybe) = (0, 0);
        if instance.is_open() {
            maybe = u64::from(u32::MAX);
        }
        for item in instance.items() {
            match self.check_at(schema, &item, depth, &mut Vec::new()) {
                Truth::Yes => sure += 1,
                Truth::Unknown => maybe += 1,
                Truth::No => {}
            }
        }
        let enough = bounded(sure >= least, sure + maybe >= least);
        let few = most.map_or(Truth::Yes, |most| bounded(sure + maybe <= most, sure <= most));
        enough.and(few)
    }
}

/// *Yes* where it surely holds, *no* where it cannot, else *unknown*.
fn bounded(surely: bool, possibly: bool) -> Truth {
    match (surely, possibly) {
        (true, _) => Truth::Yes,
        (false, true) => Truth::Unknown,
        (false, false) => Truth::No,
    }
}
