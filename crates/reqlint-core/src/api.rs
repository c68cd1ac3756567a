//! An API description, compiled for lookup: operations by path and method, their parameters, and
//! the schemas of what is sent.
//!
//! It is made from an OpenAPI 3 document, of which it keeps what rules ask for. [`Routes`] finds
//! the operations of a path.

pub mod decimal;
pub mod dependency;
pub mod expected;
pub mod lazy;
mod library;
pub mod literal;
mod routes;
pub mod schema;

mod bodies;
mod document;
mod parameters;
mod paths;
mod schemas;
mod security;
mod servers;

pub use document::{Description, load_api, load_description};
pub use routes::{RouteMatch, RoutePath, Routes, SegmentText};

use dependency::Dependency;
use lazy::Lazy;
use schema::{Schema, SchemaId};
use serde::{Deserialize, Serialize};

/// What an API offers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Api {
    /// The name that the document gives it.
    pub title: String,
    /// The origins of `servers`: `https://api.example.com`. A variable that can be anything
    /// stands in them as `{name}`.
    pub servers: Vec<String>,
    /// The paths of further servers, where they differ from that of the first one: each operation
    /// is known below them, too.
    pub bases: Vec<Vec<String>>,
    /// In the order of the document.
    pub operations: Vec<Operation>,
    /// How callers identify themselves, by name.
    pub security_schemes: Vec<SecurityScheme>,
    /// What is asked only when a value is looked at.
    pub details: Lazy<Details>,
}

/// What of a description is read only when a value is looked at.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Details {
    /// All schemas; parts of one refer to others by number.
    pub schemas: Vec<Schema>,
    /// What [`Parameter::form`] refers to.
    pub forms: Vec<Form>,
    /// For each operation, what its bodies are.
    pub bodies: Vec<Vec<Content>>,
    /// For each operation, what its parameters ask of each other.
    pub dependencies: Vec<Vec<Dependency>>,
    /// For each operation, the objects whose members are parameters of their own.
    pub groups: Vec<Vec<Group>>,
}

/// An object whose members are written as parameters of their own: `form` with `explode`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Group {
    /// Where its members are sent.
    pub location: Location,
    /// Its schema.
    pub schema: SchemaId,
    /// The names of its members.
    pub members: Vec<String>,
    /// Whether it can have members of other names.
    pub open: bool,
}

/// A method on a path template.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Operation {
    /// `operationId`, or `METHOD /path` where the document has none.
    pub id: String,
    /// In upper case.
    pub method: String,
    /// As written, after the path of the server: `/api/v1/videos/{id}`.
    pub path: String,
    /// The segments of the path.
    pub segments: Vec<TemplateSegment>,
    /// How many of the segments belong to the path of the server.
    pub base: usize,
    /// Its tags.
    pub tags: Vec<String>,
    /// Parameters of path, query, header and cookie, and the members of its body schemas.
    pub parameters: Vec<Parameter>,
    /// Media types of its request bodies.
    pub media_types: Vec<String>,
    /// Whether a request without a body is refused.
    pub needs_body: bool,
    /// The security schemes that identify a caller: one of these lists is needed as a whole. Empty
    /// where none is.
    pub security: Vec<Vec<String>>,
    /// Whether it should not be used any more.
    pub deprecated: bool,
    /// Whether its parameter list is known to be incomplete (`x-reqlint-partial`).
    pub partial: bool,
}

/// One segment of a path template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TemplateSegment {
    /// This text.
    Literal(String),
    /// A parameter with what stands before and after it in the segment.
    Parameter {
        /// Its name.
        name: String,
        /// Text before it.
        prefix: String,
        /// Text after it.
        suffix: String,
    },
}

/// A parameter of an operation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether it must be sent.
    pub required: bool,
    /// The number of its [`Form`]; none where any value will do.
    pub form: Option<u32>,
}

/// How a parameter is written, and which values it can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Form {
    /// Its schema.
    pub schema: SchemaId,
    /// How lists and objects are written.
    pub style: Style,
    /// Whether each item, or each member, is written as a parameter of its own.
    pub explode: bool,
}

/// How lists and objects are written (OpenAPI 3.1, section 4.8.12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Style {
    /// `;name=value`
    Matrix,
    /// `.value`
    Label,
    /// `value,value`
    Simple,
    /// `name=value,value`
    Form,
    /// `name=value%20value`
    SpaceDelimited,
    /// `name=value|value`
    PipeDelimited,
    /// `name[member]=value`
    DeepObject,
}

/// A request body of one media type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Content {
    /// As the document says it: `application/json`, `image/*`.
    pub media_type: String,
    /// What it holds.
    pub schema: Option<SchemaId>,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header field.
    Header,
    /// In a cookie.
    Cookie,
    /// In the body: a form field or a top-level JSON member.
    Body,
}

/// How callers identify themselves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SecurityScheme {
    /// Its name in the description.
    pub name: String,
    /// Where the credential stands.
    pub kind: SchemeKind,
}

/// Where a credential stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SchemeKind {
    /// The value of a header field.
    Header(String),
    /// The value of a query parameter.
    Query(String),
    /// The value of a cookie.
    Cookie(String),
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
}

impl Api {
    /// Its paths, ready for lookup.
    pub fn routes(&self) -> Routes {
        Routes::new(self)
    }

    /// How its paths begin, up to the first word behind the path of the server.
    pub fn prefixes(&self) -> Vec<String> {
        let mut prefixes: Vec<String> = Vec::new();
        for operation in &self.operations {
            let words = &operation.segments[..(operation.base + 1).min(operation.segments.len())];
            let word = |segment: &TemplateSegment| match segment {
                TemplateSegment::Literal(word) if !word.is_empty() => Some(word.clone()),
                _ => None,
            };
            let Some(words) = words.iter().map(word).collect::<Option<Vec<_>>>() else { continue };
            let prefix = format!("/{}", words.join("/"));
            if words.len() > operation.base && !prefixes.contains(&prefix) {
                prefixes.push(prefix);
            }
        }
        prefixes
    }
}

impl Parameter {
    /// Whether a parameter of a request with this name is this one: of `filter` in the style
    /// `deepObject`, `filter[status]` is a member. So it is of a form in any style, since servers
    /// read the brackets of forms however they are described.
    pub fn is_named(&self, name: &str, details: impl FnOnce() -> Option<Form>) -> bool {
        if self.location == Location::Header {
            return self.name.eq_ignore_ascii_case(name);
        }
        if self.name == name {
            return true;
        }
        let member = name.strip_prefix(self.name.as_str()).filter(|rest| rest.starts_with('['));
        member.is_some()
            && (self.location == Location::Body
                || details().is_some_and(|form| form.style == Style::DeepObject))
    }
}
