//! URLs and what is percent-encoded in them (RFC 3986), split without normalizing.

use crate::layer::{Component, Layers, Place};
use crate::model::{Finding, Param, ParamIn, Url};

/// Splits the URL at `whole`. Percent-decodes segments into layers of their own.
pub fn parse_url(_layers: &mut Layers<'_>, _whole: Place, _findings: &mut Vec<Finding>) -> Url {
    unimplemented!()
}

/// The pairs of a query or URL-encoded form, names and values decoded into layers of their own;
/// and whether a hole in it may hold further pairs (`?$QS`, `&$MORE&`).
pub fn parse_pairs(
    _layers: &mut Layers<'_>,
    _place: Place,
    _location: ParamIn,
    _component: Component,
) -> (Vec<Param>, bool) {
    unimplemented!()
}

/// A layer with the percent-decoded text of `place`.
pub fn percent_decode(_layers: &mut Layers<'_>, _place: Place, _component: Component) -> Place {
    unimplemented!()
}
