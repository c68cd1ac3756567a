//! An API description, compiled for lookup: operations by path and method, and their parameters.
//!
//! It is made from an OpenAPI 3 document, of which it keeps what rules ask for. [`Routes`] finds
//! the operations of a path.

mod document;
mod parameters;
mod routes;
mod security;

pub use document::load_api;
pub use routes::{RouteMatch, RoutePath, Routes, SegmentText};

use serde::{Deserialize, Serialize};

/// What an API offers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Api {
    /// The origins of `servers`: `https://api.example.com`. Those with variables are left out.
    pub servers: Vec<String>,
    /// In the order of the document.
    pub operations: Vec<Operation>,
    /// How callers identify themselves, by name.
    pub security_schemes: Vec<SecurityScheme>,
}

/// A method on a path template.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Operation {
    /// `operationId`, or `METHOD /path` where the document has none.
    pub id: String,
    /// In upper case.
    pub method: String,
    /// As written, after the path of the document's first server: `/api/v1/videos/{id}`.
    pub path: String,
    /// The segments of the path.
    pub segments: Vec<TemplateSegment>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Parameters of path, query, header and cookie, and the members of its body schemas.
    pub parameters: Vec<Parameter>,
    /// Media types of its request bodies.
    pub media_types: Vec<String>,
    /// Names of the security schemes of which one is needed; empty where none is.
    pub security: Vec<String>,
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
}
