//! What all forms of requests share once their parts are known: bodies, cookies, parameters.

use crate::layer::{Layers, Place};
use crate::model::Request;

/// Classifies the body text at `place` by its content and by the request's `Content-Type`, and
/// reads it: sets `request.body`, and `request.open.body` where it may hold more than is written.
pub fn read_body(_layers: &mut Layers<'_>, _request: &mut Request, _place: Place) {
    unimplemented!()
}

/// Completes a request whose URL, headers and body are set: `params` (query, form, JSON), cookies
/// of `Cookie` fields, and `open`.
pub fn complete(_layers: &mut Layers<'_>, _request: &mut Request) {
    unimplemented!()
}
