//! Whether the values of a request fit the schemas of the description: what breaks them, and where.

pub(crate) mod format;
mod instance;
mod keywords;
mod object;
mod pieces;
mod style;
mod text;

use super::context::Context;
use super::part::{FoundPart, Identity, PartKind};
use super::truth::Truth;
use crate::api::expected::left_out;
use crate::api::schema::{SchemaId, Types};
use crate::api::{Api, Content, Details, Form, Location, Operation, Style, TemplateSegment};
use crate::layer::{Layers, Place};
use crate::model::{BodyKind, JsonKind, ParamIn};
use crate::span::Span;
use instance::Instance;
use keywords::{Problem, Validator};
use style::{Declared, Read, Reader};

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
    /// Further parts that it is about.
    pub(crate) involved: Vec<Identity>,
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

/// The types that a schema leaves.
pub(crate) fn types_of(details: &Details, layers: &Layers<'_>, schema: SchemaId) -> Types {
    Validator { details, layers }.types(schema)
}

/// Everything in a request that breaks the description. Nothing where its operation is not known.
pub(crate) fn find_violations(context: &Context<'_, '_>) -> Vec<Violation> {
    let Some((api, number)) = context.own_operation() else { return Vec::new() };
    let operation = &api.operations[number];
    let details: &Details = &api.details;
    let validator = Validator { details, layers: context.layers() };
    let mut search = Search { context, api, operation, validator, found: Vec::new() };
    let contents = details.bodies.get(number).map(Vec::as_slice).unwrap_or_default();
    search.params();
    search.path_params();
    search.headers();
    search.cookies();
    search.groups(details.groups.get(number).map(Vec::as_slice).unwrap_or_default());
    search.form_body(contents);
    search.json(contents);
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
            let is_piece = self.operation.parameters[number].name != self.context.text(name);
            if is_piece && form.style != Style::DeepObject {
                // OpenAPI does not say what such pieces are put together to.
                continue;
            }
            let sent = Sent { part: *part, value: part.value };
            match groups.iter_mut().find(|(known, ..)| *known == number) {
                Some((.., group)) => group.push(sent),
                None => groups.push((number, form, vec![sent])),
            }
        }
        for (number, form, group) in groups {
            let location = self.operation.parameters[number].location;
            self.check_group(number, form, location, &group);
        }
    }

    fn path_params(&mut self) {
        let parts = self.context.parts.of(self.context, PartKind::PathParam);
        let Some(segments) = self.context.template_segments() else { return };
        let names = self.context.path_params();
        for (part, (name, segment)) in parts.iter().zip(names) {
            let Some((number, form)) = self.form(name, Location::Path) else { continue };
            let TemplateSegment::Parameter { prefix, suffix, .. } = &segments[*segment] else {
                continue;
            };
            let length = part.value.span.len();
            let inner = length.checked_sub(prefix.len() + suffix.len());
            if inner.is_none() || suffix.contains('{') {
                continue;
            }
            let span = Span::new(prefix.len(), length - suffix.len());
            let sent = Sent { part: *part, value: part.value.sub(span) };
            self.check_group(number, form, Location::Path, &[sent]);
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
            let sent = Sent { part: *part, value: part.value };
            self.check_group(number, form, location, &[sent]);
        }
    }

    /// Checks what is sent for one declared parameter.
    fn check_group(&mut self, number: usize, form: Form, location: Location, group: &[Sent]) {
        let declared = &self.operation.parameters[number];
        if form.style == Style::DeepObject {
            return self.deep_object(&declared.name, form, location, group);
        }
        let values: Vec<Place> = group.iter().map(|sent| sent.value).collect();
        let types = self.validator.types(form.schema);
        let open = self.is_open(location);
        let reader = Reader {
            layers: self.context.layers(),
            declared: Declared { name: &declared.name, form, location, types },
            open,
        };
        let mut problems = match reader.read(&values) {
            Read::As(instances) => self.problems(form.schema, &instances),
            Read::Lacks(shape) => vec![Problem::style(values[0], form.schema, shape)],
        };
        if !declared.required {
            for problem in problems.iter_mut().filter(|problem| values.contains(&problem.value)) {
                problem.left_out = left_out(&self.api.details, form.schema);
            }
        }
        self.add_to(group, &problems);
    }

    /// What breaks a value that can be read in several ways: nothing if one of them fits.
    fn problems(&self, schema: SchemaId, instances: &[Instance<'_>]) -> Vec<Problem> {
        let mut truth = Truth::No;
        let mut first: Option<Vec<Problem>> = None;
        for instance in instances {
            let mut own = Vec::new();
            truth = truth.or(self.validator.check(schema, instance, &mut own));
            if truth == Truth::Yes {
                return Vec::new();
            }
            first.get_or_insert(own);
        }
        let mut problems = first.unwrap_or_default();
        for problem in &mut problems {
            problem.truth = problem.truth.and(!truth);
        }
        problems
    }

    /// Keeps problems with the parts that they stand in.
    fn add_to(&mut self, group: &[Sent], problems: &[Problem]) {
        for problem in problems {
            let inside = |sent: &&Sent| {
                sent.value.layer == problem.value.layer
                    && sent.value.span.start() <= problem.value.span.start()
                    && problem.value.span.end() <= sent.value.span.end()
            };
            let all = |sent: &&Sent| sent.part.whole == problem.value;
            let found = group.iter().find(all).or_else(|| group.iter().find(inside));
            let Some(sent) = found.or(group.first()) else { continue };
            let is_whole = problem.value == sent.value;
            let whole = if is_whole { sent.part.whole } else { problem.value };
            let involved = group.iter().filter(|sent| {
                let name = sent.part.name.map(|name| self.context.text(name));
                name.is_some_and(|name| problem.beside.iter().any(|beside| beside == name))
            });
            let involved = involved.map(|sent| sent.part.identity).collect();
            self.add(sent.part.identity, whole, problem, involved);
        }
    }

    /// Whether more may be sent at a place than is seen.
    fn is_open(&self, location: Location) -> bool {
        let open = self.context.request.open;
        match location {
            Location::Query => open.query,
            Location::Body => open.body,
            Location::Cookie => open.cookies || open.headers,
            Location::Header | Location::Path => false,
        }
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
            problem.in_json = true;
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
                let involved = self.members_beside(root, &problem, parts);
                self.add(part.identity, part.whole, &problem, involved);
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

    fn add(
        &mut self,
        identity: Identity,
        whole: Place,
        problem: &Problem,
        involved: Vec<Identity>,
    ) {
        let violation = Violation {
            identity,
            whole,
            value: problem.value,
            keyword: problem.keyword,
            expected: problem.expected(self.validator.details),
            involved,
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
