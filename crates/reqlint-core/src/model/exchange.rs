//! What is known of the exchange that a request was part of: when, and what came back.

use super::{Body, BodyKind, Header};
use crate::layer::{Layers, Place};

/// When a request was sent, and what came back.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// When it was sent: milliseconds since 1970-01-01T00:00:00Z.
    pub sent: Option<i64>,
    /// The responses in order: those of redirects first, the final one last.
    pub responses: Vec<Response>,
    /// What the client said where it got no response.
    pub failure: Option<Failure>,
    /// The command that sent it, with what is piped into it and out of it, where it stands among
    /// other text.
    pub command: Option<Place>,
}

/// A response, or what is known of it.
#[derive(Clone, Debug)]
pub struct Response {
    /// All that is written of it.
    pub place: Place,
    /// Its status code (RFC 9110, section 15), where it is known.
    pub status: Option<Status>,
    /// Its header fields, in order.
    pub headers: Vec<Header>,
    /// Its content.
    pub body: Body,
    /// What it may have beyond what is written.
    pub unseen: Unseen,
}

/// Parts of a response that were not written down, or not whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unseen {
    /// There may be more header fields.
    pub headers: bool,
    /// There may be content, or more of it.
    pub body: bool,
}

impl Unseen {
    /// Nothing was written down.
    pub const ALL: Unseen = Unseen { headers: true, body: true };
}

impl Response {
    /// A response of which nothing is known yet but where it is written.
    pub fn new(place: Place) -> Self {
        Response {
            place,
            status: None,
            headers: Vec::new(),
            body: Body { kind: BodyKind::None, place: None, json: None },
            unseen: Unseen::default(),
        }
    }

    /// The header fields of that name, without ASCII case.
    pub fn headers_named<'r>(
        &'r self,
        layers: &'r Layers<'_>,
        name: &'r str,
    ) -> impl Iterator<Item = &'r Header> {
        self.headers.iter().filter(move |field| layers.text(field.name).eq_ignore_ascii_case(name))
    }

    /// Whether it sends the client elsewhere (RFC 9110, section 15.4).
    pub fn is_redirect(&self) -> bool {
        self.status.is_some_and(|status| matches!(status.code, 300..=303 | 305 | 307 | 308))
    }
}

impl Exchange {
    /// The response that counts: the last one.
    pub fn last(&self) -> Option<&Response> {
        self.responses.last()
    }
}

/// A status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Three digits.
    pub code: u16,
    /// Where it stands.
    pub place: Place,
}

/// An error of the client, such as curl's `(6) Could not resolve host`.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// The exit code of curl, where it is known.
    pub code: Option<u8>,
    /// What was printed.
    pub place: Place,
}
