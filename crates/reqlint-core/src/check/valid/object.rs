//! The keywords of JSON Schema that are about objects.

use super::instance::{Instance, Kind};
use super::keywords::{Here, Problem, Validator};
use crate::api::schema::{Keyword, SchemaId};
use crate::check::truth::Truth;
use crate::rule::Regex;

impl Validator<'_, '_> {
    pub(super) fn members(
        &self,
        properties: &[(String, SchemaId)],
        patterns: &[(Regex, SchemaId)],
        others: Option<SchemaId>,
        here: Here<'_, '_>,
        problems: &mut Vec<Problem>,
    ) -> Truth {
        let mut truth = Truth::Yes;
        for member in here.instance.members(self.layers) {
            if !member.known {
                truth = truth.and(Truth::Unknown);
                continue;
            }
            let mut is_described = false;
            let own = properties.iter().find(|(name, _)| name == member.name).map(|(_, id)| id);
            let matching = patterns.iter().filter(|(regex, _)| regex.is_match(member.name));
            for schema in own.into_iter().chain(matching.map(|(_, id)| id)) {
                is_described = true;
                truth = truth.and(self.check_at(*schema, &member.value, here.depth, problems));
            }
            let Some(schema) = others.filter(|_| !is_described) else { continue };
            let is_never = matches!(
                self.details.schemas.get(schema as usize).map(|schema| schema.keywords.as_slice()),
                Some([Keyword::Never])
            );
            if !is_never {
                truth = truth.and(self.check_at(schema, &member.value, here.depth, problems));
                continue;
            }
            truth = Truth::No;
            problems.push(Problem {
                names: properties.iter().map(|(name, _)| name.clone()).collect(),
                ..Problem::new(member.value.place(), "additionalProperties", here.outer, Truth::Yes)
            });
        }
        truth
    }

    pub(super) fn required(
        &self,
        names: &[String],
        here: Here<'_, '_>,
        problems: &mut Vec<Problem>,
    ) -> Truth {
        let instance = here.instance;
        if instance.kind() != Kind::Object {
            let unknown = instance.kind() == Kind::Unknown;
            return if unknown { Truth::Unknown } else { Truth::Yes };
        }
        let there = |name: &&String| instance.has_member(self.layers, name);
        let truth = names.iter().map(|name| there(&name)).fold(Truth::Yes, Truth::and);
        let missing: Vec<String> =
            names.iter().filter(|name| there(name) == truth).cloned().collect();
        if truth < Truth::Yes {
            problems.push(Problem {
                names: missing,
                ..Problem::new(instance.place(), "required", here.outer, !truth)
            });
        }
        truth
    }

    pub(super) fn dependent_required(
        &self,
        all: &[(String, Vec<String>)],
        here: Here<'_, '_>,
        problems: &mut Vec<Problem>,
    ) -> Truth {
        let mut truth = Truth::Yes;
        for member in here.instance.members(self.layers).iter().filter(|member| member.known) {
            let Some((_, needed)) = all.iter().find(|(name, _)| name == member.name) else {
                continue;
            };
            let there = |name: &String| here.instance.has_member(self.layers, name);
            let own = needed.iter().map(there).fold(Truth::Yes, Truth::and);
            truth = truth.and(own);
            if own < Truth::Yes {
                let (names, beside) = needed.iter().cloned().partition(|name| there(name) == own);
                problems.push(Problem {
                    names,
                    beside,
                    ..Problem::new(member.value.place(), "dependentRequired", here.outer, !own)
                });
            }
        }
        truth
    }

    pub(super) fn property_names(&self, schema: SchemaId, here: Here<'_, '_>) -> Truth {
        let Instance::Json(value) = here.instance else {
            // The names of parameters are checked where they are looked up.
            let unseen = matches!(here.instance, Instance::Record(..) | Instance::Unknown(_));
            return if unseen { Truth::Unknown } else { Truth::Yes };
        };
        let names = value.members.iter().map(|member| {
            let name = Instance::Reading(member.name, Kind::String);
            self.check_at(schema, &name, here.depth, &mut Vec::new())
        });
        names.fold(Truth::Yes, Truth::and)
    }
}
