//! Objects that are sent in pieces: as `filter[name]`, as parameters of their own, as form fields.

use super::instance::{Instance, Members};
use super::keywords::Problem;
use super::{Search, Sent};
use crate::api::schema::SchemaId;
use crate::api::{Content, Form, Group, Location};
use crate::check::declares::{declared, essence, media_type_fits};
use crate::check::part::{FoundPart, Identity, PartKind};
use crate::layer::Place;
use crate::model::{BodyKind, JsonValue, ParamIn};

/// A member of an object, and the part that it is sent as.
type Member = (String, Sent);

impl Search<'_, '_, '_> {
    /// `filter[name]=value`.
    pub(super) fn deep_object(
        &mut self,
        declared: &str,
        form: Form,
        location: Location,
        group: &[Sent],
    ) {
        let mut members: Vec<Member> = Vec::new();
        for sent in group {
            let name = sent.part.name.map(|name| self.context.text(name)).unwrap_or_default();
            let rest = name.strip_prefix(declared).and_then(|rest| rest.strip_prefix('['));
            match rest.and_then(|rest| rest.strip_suffix(']')) {
                // Deeper members, and the items of a list, have no style that OpenAPI defines.
                Some(inner) if is_member(inner) => members.push((inner.to_owned(), *sent)),
                _ => return,
            }
        }
        let Some(first) = group.first() else { return };
        let instance = record(first.part.whole, &members, self.is_open(location));
        let mut problems = self.problems(form.schema, &[instance]);
        for problem in &mut problems {
            if matches!(problem.keyword, "required" | "dependentRequired" | "additionalProperties")
            {
                let full = |name: &mut String| *name = format!("{declared}[{name}]");
                problem.names.iter_mut().for_each(full);
                problem.beside.iter_mut().for_each(full);
            }
            as_object(problem, first.part.whole);
        }
        self.add_to(group, &problems);
    }

    /// Objects whose members are parameters of their own.
    pub(super) fn groups(&mut self, groups: &[Group]) {
        for group in groups {
            let (kind, place) = match group.location {
                Location::Query => (PartKind::Param, Some(ParamIn::Query)),
                Location::Cookie => (PartKind::Cookie, None),
                _ => continue,
            };
            let parts = self.context.parts.of(self.context, kind);
            let members = self
                .members_of(parts, place, |name| group.members.iter().any(|member| member == name));
            // A name that is not declared may be one more member, or be of no interest.
            let others = self.members_of(parts, place, |name| !self.is_declared(name));
            let open = (group.open && !others.is_empty()) || self.is_open(group.location);
            self.check_object(group.schema, &members, open);
        }
    }

    /// The fields of a form, against the schema of its media type.
    pub(super) fn form_body(&mut self, contents: &[Content]) {
        let kind = self.context.request.body.kind;
        let media_type = match kind {
            BodyKind::Form => "application/x-www-form-urlencoded",
            BodyKind::Multipart => "multipart/form-data",
            _ => return,
        };
        let fits = |content: &&Content| {
            // A range says nothing about how members are written.
            media_type_fits(&content.media_type, media_type)
                && essence(&content.media_type) == media_type
        };
        let Some(schema) = contents.iter().find(fits).and_then(|content| content.schema) else {
            return;
        };
        let parts = self.context.parts.of(self.context, PartKind::Param);
        let is_piece = |name: &str| !self.is_declared(name) && self.is_declared(declared(name));
        let members = self.members_of(parts, Some(ParamIn::Form), |name| !is_piece(name));
        let pieces = self.members_of(parts, Some(ParamIn::Form), is_piece);
        // Files are no parameters, but members.
        let has_files = self.context.request.parts.iter().any(|part| part.file);
        let open = has_files || !pieces.is_empty() || self.is_open(Location::Body);
        self.check_object(schema, &members, open);
    }

    fn is_declared(&self, name: &str) -> bool {
        self.operation.parameters.iter().any(|own| own.name == name)
    }

    fn members_of(
        &self,
        parts: &[FoundPart],
        place: Option<ParamIn>,
        is_member: impl Fn(&str) -> bool,
    ) -> Vec<Member> {
        let member = |part: &FoundPart| {
            let name = part.name.filter(|name| !self.context.layers().has_hole(*name))?;
            let name = self.context.text(name);
            let fits = part.location == place && is_member(name);
            fits.then(|| (name.to_owned(), Sent { part: *part, value: part.value }))
        };
        parts.iter().filter_map(member).collect()
    }

    /// What the members of an object break together. What each of them breaks is known already,
    /// and so is what the operation requires, and which names it does not know.
    fn check_object(&mut self, schema: SchemaId, members: &[Member], open: bool) {
        let Some((_, first)) = members.first() else { return };
        let whole = first.part.whole;
        let mut problems = self.problems(schema, &[record(whole, members, open)]);
        let required: Vec<&str> = self
            .operation
            .parameters
            .iter()
            .filter(|own| own.required)
            .map(|own| own.name.as_str())
            .collect();
        problems.retain_mut(|problem| {
            if problem.keyword == "required" && problem.value == whole {
                problem.names.retain(|name| !required.contains(&name.as_str()));
                return !problem.names.is_empty();
            }
            let of_other = members.iter().any(|(name, sent)| {
                !self.is_declared(name)
                    && problem.keyword != "additionalProperties"
                    && sent.value == problem.value
            });
            problem.value == whole || problem.keyword == "dependentRequired" || of_other
        });
        problems.iter_mut().for_each(|problem| as_object(problem, whole));
        let group: Vec<Sent> = members.iter().map(|(_, sent)| *sent).collect();
        self.add_to(&group, &problems);
    }

    /// The members of the JSON body that belong to those that are missing.
    pub(super) fn members_beside(
        &self,
        root: &JsonValue,
        problem: &Problem,
        parts: &[FoundPart],
    ) -> Vec<Identity> {
        if problem.beside.is_empty() {
            return Vec::new();
        }
        let Some(object) = object_of(root, problem.value) else { return Vec::new() };
        let beside = object.members.iter().filter(|member| {
            problem.beside.iter().any(|name| name == self.context.text(member.name))
        });
        let part = |member: &crate::model::JsonMember| {
            parts.iter().find(|part| part.value == member.value.text).map(|part| part.identity)
        };
        beside.filter_map(part).collect()
    }
}

/// Whether what stands between the brackets of `filter[…]` is the name of a member.
fn is_member(inner: &str) -> bool {
    !inner.contains(']') && !inner.bytes().all(|byte| byte.is_ascii_digit())
}

/// The object that a value is a member of.
fn object_of(value: &JsonValue, member: Place) -> Option<&JsonValue> {
    if value.members.iter().any(|own| own.value.text == member) {
        return Some(value);
    }
    let mut inner = value.members.iter().map(|own| &own.value).chain(&value.items);
    inner.find_map(|inner| object_of(inner, member))
}

/// An object of members that are sent one by one. One that is sent twice is not looked at.
fn record(place: Place, members: &[Member], open: bool) -> Instance<'static> {
    let of_name = |name: &str| members.iter().filter(|(other, _)| other == name).count();
    let member = |(name, sent): &Member| {
        let value = match of_name(name) {
            1 => Instance::Inner(sent.value),
            _ => Instance::Unknown(sent.value),
        };
        (name.clone(), value)
    };
    Instance::Record(place, Members { all: members.iter().map(member).collect(), open })
}

/// What an object breaks as a whole is not about the value of one of its members.
fn as_object(problem: &mut Problem, whole: Place) {
    if problem.value == whole && problem.keyword != "required" {
        problem.keyword = "object";
    }
}
