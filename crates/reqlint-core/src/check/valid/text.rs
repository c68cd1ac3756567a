//! What texts of queries, paths and headers can stand for: they have no types of their own.

use super::instance::{Instance, Kind};
use super::keywords::{Problem, Validator};
use crate::api::decimal::Decimal;
use crate::api::schema::{SchemaId, Types};
use crate::check::truth::Truth;
use crate::layer::Place;

impl Validator<'_, '_> {
    /// Whether a text fits a schema in one of its readings.
    pub(super) fn check_text(
        &self,
        schema: SchemaId,
        place: Place,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) -> Truth {
        let mut truth = Truth::No;
        let mut found: Vec<Vec<Problem>> = Vec::new();
        for (kind, possible) in self.readings(place) {
            let mut own = Vec::new();
            let reading = Instance::Reading(place, kind);
            truth = truth.or(possible.and(self.check_at(schema, &reading, depth, &mut own)));
            if truth == Truth::Yes {
                return truth;
            }
            found.push(own);
        }
        // A reading of the right type says best what is wrong with the value.
        let has_type = |problems: &Vec<Problem>| {
            !problems.iter().any(|problem| problem.keyword == "type" && problem.value == place)
        };
        let best = found.iter().position(has_type).unwrap_or_default();
        if let Some(best) = found.into_iter().nth(best) {
            problems.extend(best.into_iter().map(|mut problem| {
                problem.truth = !truth;
                problem
            }));
        }
        truth
    }

    /// The same of a text inside of a list or an object: as a list or an object it could be written
    /// in ways that no style names.
    pub(super) fn check_inner(
        &self,
        schema: SchemaId,
        place: Place,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) -> Truth {
        let types = self.types(schema);
        let before = problems.len();
        let truth = self.check_text(schema, place, depth, problems);
        let is_told = !types.has(Types::ARRAY) && !types.has(Types::OBJECT) || types == Types::ANY;
        if truth != Truth::No || is_told {
            return truth;
        }
        problems.truncate(before);
        Truth::Unknown
    }

    /// What a text can be read as, and how surely.
    fn readings(&self, place: Place) -> Vec<(Kind, Truth)> {
        let text = self.layers.text(place);
        let mut readings = Vec::new();
        if self.layers.has_hole(place) {
            let mut known = text.to_owned();
            for hole in self.layers.holes(place).collect::<Vec<_>>().into_iter().rev() {
                known.replace_range(hole.span.range(), "");
            }
            if known.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
                readings.push((Kind::Number, Truth::Unknown));
            }
            if "true".contains(&known) || "false".contains(&known) || "null".contains(&known) {
                readings.push((Kind::Boolean, Truth::Unknown));
                readings.push((Kind::Null, Truth::Unknown));
            }
        } else {
            if Decimal::parse(text).is_some() {
                readings.push((Kind::Number, Truth::Yes));
            }
            if matches!(text, "true" | "false") {
                readings.push((Kind::Boolean, Truth::Yes));
            }
            if matches!(text, "" | "null") {
                readings.push((Kind::Null, Truth::Yes));
            }
        }
        readings.push((Kind::String, Truth::Yes));
        readings
    }
}
