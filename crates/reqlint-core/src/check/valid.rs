//! Whether the values of a request fit the schemas of the description: what breaks them, and where.

pub(crate) mod format;
mod instance;
mod keywords;
mod text;

use super::context::Context;
use super::part::{FoundPart, Identity, PartKind};
use super::truth::Truth;
use crate::api::schema::{SchemaId, Types};
use crate::api::{Api, Content, Details, Form, Location, Operation, Style, TemplateSegment};
use crate::layer::Place;
use crate::model::{BodyKind, JsonKind, ParamIn};
use crate::span::Span;
use instance::Instance;
use keywords::{Problem, Validator};

/// A value, or a piece of one, that breaks its schema.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    /// The part that it stands in.
    pub(crate) identity: Identity,
    /// The piece as a whole: `name=value`, the item of a list, the member of an object.
    pub(crate) whole: Place,
    /// Its text.
    pub(crate) value: Place,
    /// The keyword of JSON Schema that does not hold.
    pub(crate) keyword: &'static str,
    /// What would do.
    pub(crate) expected: Vec<String>,
    /// Whether it surely does not hold.
    pub(crate) certain: Truth,
}

impl Violation {
    /// Whether it is in a part: in the part itself, or in what is inside of a member.
    pub(crate) fn is_in(&self, part: &FoundPart) -> bool {
        if self.identity.kind == part.identity.kind {
            return self.identity.number == part.identity.number;
        }
        self.identity.kind == PartKind::Json
            && part.location == Some(ParamIn::Json)
            && part.whole.layer == self.whole.layer
            && part.whole.span.start() <= self.whole.span.start()
            && self.whole.span.end() <= part.whole.span.end()
    }
}

/// Everything in a request that breaks the description. Nothing where its operation is not known.
pub(crate) fn find_violations(context: &Context<'_, '_>) -> Vec<Violation> {
    let Some((api, number)) = context.own_operation() else { return Vec::new() };
    let operation = &api.operations[number];
    let details: &Details = &api.details;
    let validator = Validator { details, layers: context.layers() };
    let mut search = Search { context, api, operation, validator, found: Vec::new() };
    search.params();
    search.path_params();
    search.headers();
    search.cookies();
    search.json(details.bodies.get(number).map(Vec::as_slice).unwrap_or_default());
    search.found
}

struct Search<'s, 'c, 'd> {
    context: &'s Context<'c, 'd>,
    api: &'s Api,
    operation: &'s Operation,
    validator: Validator<'s, 'd>,
    found: Vec<Violation>,
}

/// A part of the request with the piece of its value that its schema is about.
#[derive(Clone, Copy)]
struct Sent {
    part: FoundPart,
    value: Place,
}

impl<'s> Search<'s, '_, '_> {
    fn form(&self, name: &str, location: Location) -> Option<(usize, Form)> {
        let details: &'s Details = &self.api.details;
        let own = self.operation.parameters.iter().enumerate();
        let form_of = |form: Option<u32>| details.forms.get(form? as usize).copied();
        own.filter(|(_, parameter)| parameter.location == location)
            .find(|(_, parameter)| parameter.is_named(name, || form_of(parameter.form)))
            .and_then(|(number, parameter)| Some((number, form_of(parameter.form)?)))
    }

    /// Query parameters and form fields, those of one declaration together.
    fn params(&mut self) {
        let parts = self.context.parts.of(self.context, PartKind::Param);
        let mut groups: Vec<(usize, Form, Vec<Sent>)> = Vec::new();
        for part in parts {
            let location = match part.location {
                Some(ParamIn::Query) => Location::Query,
                Some(ParamIn::Form) => Location::Body,
                _ => continue,
            };
            let Some(name) = part.name.filter(|name| !self.context.layers().has_hole(*name)) else {
                continue;
            };
            let Some((number, form)) = self.form(self.context.text(name), location) else {
                continue;
            };
            let sent = Sent { part: *part, value: part.value };
            match groups.iter_mut().find(|(known, ..)| *known == number) {
                Some((.., group)) => group.push(sent),
                None => groups.push((number, form, vec![sent])),
            }
        }
        for (number, form, group) in groups {
            let declared = &self.operation.parameters[number].name;
            self.check_group(declared, form, &group);
        }
    }

    fn path_params(&mut self) {
        let parts = self.context.parts.of(self.context, PartKind::PathParam);
        let Some(segments) = self.context.template_segments() else { return };
        let names = self.context.path_params();
        for (part, (name, segment)) in parts.iter().zip(names) {
            let Some((_, form)) = self.form(name, Location::Path) else { continue };
            let TemplateSegment::Parameter { prefix, suffix, .. } = &segments[*segment] else {
                continue;
            };
            let length = part.value.span.len();
            let inner = length.checked_sub(prefix.len() + suffix.len());
            if inner.is_none() || suffix.contains('{') {
                continue;
            }
            let span = Span::new(prefix.len(), length - suffix.len());
            self.check_group(name, form, &[Sent { part: *part, value: part.value.sub(span) }]);
        }
    }

    fn headers(&mut self) {
        self.named(PartKind::Header, Location::Header);
    }

    fn cookies(&mut self) {
        self.named(PartKind::Cookie, Location::Cookie);
    }

    fn named(&mut self, kind: PartKind, location: Location) {
        if !self.operation.parameters.iter().any(|parameter| parameter.location == location) {
            return;
        }
        for part in self.context.parts.of(self.context, kind) {
            let Some(name) = part.name else { continue };
            let Some((number, form)) = self.form(self.context.text(name), location) else {
                continue;
            };
            let declared = &self.operation.parameters[number].name;
            self.check_group(declared, form, &[Sent { part: *part, value: part.value }]);
        }
    }

    /// Checks what is sent for one declared parameter.
    fn check_group(&mut self, declared: &str, form: Form, group: &[Sent]) {
        let Some(instance) = self.instance(declared, form, group) else { return };
        let mut problems = Vec::new();
        self.validator.check(form.schema, &instance, &mut problems);
        for problem in problems {
            let inside = |sent: &&Sent| {
                sent.value.layer == problem.value.layer
                    && sent.value.span.start() <= problem.value.span.start()
                    && problem.value.span.end() <= sent.value.span.end()
            };
            let Some(sent) = group.iter().find(inside).or(group.first()) else { continue };
            let is_whole = problem.value == sent.value;
            let whole = if is_whole { sent.part.whole } else { problem.value };
            self.add(sent.part.identity, whole, &problem);
        }
    }

    /// What the texts of a parameter stand for, by its style (OpenAPI 3.1, section 4.8.12.4).
    fn instance(&self, declared: &str, form: Form, group: &[Sent]) -> Option<Instance<'static>> {
        let first = group.first()?;
        let types = self.validator.types(form.schema);
        if form.style == Style::DeepObject {
            let members = group.iter().filter_map(|sent| {
                let name = self.context.text(sent.part.name?);
                let inner = name.strip_prefix(declared)?.strip_prefix('[')?.strip_suffix(']')?;
                // Deeper members have no style that OpenAPI defines.
                (!inner.contains(']'))
                    .then(|| (inner.to_owned(), sent.part.whole, Instance::Text(sent.value)))
            });
            let members: Vec<_> = members.collect();
            return (members.len() == group.len())
                .then_some(Instance::Record(first.value, members));
        }
        if types.has(Types::ARRAY) && !types.has(Types::STRING) {
            let separator = match form.style {
                Style::Form if form.explode => None,
                Style::SpaceDelimited => Some(' '),
                Style::PipeDelimited => Some('|'),
                Style::Label | Style::Matrix => return None,
                _ => Some(','),
            };
            let mut items = Vec::new();
            for sent in group {
                match separator {
                    None => items.push(Instance::Text(sent.value)),
                    Some(separator) => {
                        items.extend(self.split(sent.value, separator).map(Instance::Text));
                    }
                }
            }
            return Some(Instance::List(first.value, items));
        }
        if types == Types::OBJECT || matches!(form.style, Style::Label | Style::Matrix) {
            return None;
        }
        Some(Instance::Text(first.value))
    }

    fn split(&self, value: Place, separator: char) -> impl Iterator<Item = Place> {
        let text = self.context.text(value);
        let mut at = 0;
        text.split(separator).map(move |item| {
            let span = Span::new(at, at + item.len());
            at += item.len() + separator.len_utf8();
            value.sub(span)
        })
    }

    /// The JSON body, against the schema of its media type.
    fn json(&mut self, contents: &[Content]) {
        let request = self.context.request;
        let Some(root) = &request.body.json else { return };
        if request.body.kind != BodyKind::Json || root.kind == JsonKind::Unknown {
            return;
        }
        let Some(schema) = self.json_schema(contents) else { return };
        let mut problems = Vec::new();
        self.validator.check(schema, &Instance::Json(root), &mut problems);
        let parts = self.context.parts.of(self.context, PartKind::Json);
        for mut problem in problems {
            if problem.value == root.text && problem.keyword == "required" {
                // What is missing at the top is a parameter that is missing.
                let is_param = |name: &String| {
                    self.operation.parameters.iter().any(|parameter| {
                        parameter.location == Location::Body
                            && parameter.required
                            && parameter.name == *name
                    })
                };
                problem.names.retain(|name| !is_param(name));
                if problem.names.is_empty() {
                    continue;
                }
                if request.open.body {
                    problem.truth = problem.truth.and(Truth::Unknown);
                }
            }
            if let Some(part) = parts.iter().find(|part| part.value == problem.value) {
                self.add(part.identity, part.whole, &problem);
            }
        }
    }

    /// The schema of the body that is sent: of the media type that the request names, else of the
    /// first one that is JSON.
    fn json_schema(&self, contents: &[Content]) -> Option<SchemaId> {
        let is_json = |content: &&Content| {
            let essence = super::declares::essence(&content.media_type);
            essence.ends_with("json") || essence == "*/*" || essence == "application/*"
        };
        let mut named = self.context.request.headers_named(self.context.layers(), "content-type");
        let named = named.next().map(|header| self.context.text(header.value));
        let fitting = contents.iter().filter(is_json).find(|content| {
            named.is_none_or(|named| super::declares::media_type_fits(&content.media_type, named))
        });
        fitting.or_else(|| contents.iter().find(is_json)).and_then(|content| content.schema)
    }

    fn add(&mut self, identity: Identity, whole: Place, problem: &Problem) {
        let violation = Violation {
            identity,
            whole,
            value: problem.value,
            keyword: problem.keyword,
            expected: problem.expected(self.validator.details),
            certain: problem.truth,
        };
        let same = |known: &Violation| {
            known.identity == violation.identity && known.value == violation.value
        };
        // The first thing that a value breaks says what is expected of it.
        if !self.found.iter().any(same) {
            self.found.push(violation);
        }
    }
}
