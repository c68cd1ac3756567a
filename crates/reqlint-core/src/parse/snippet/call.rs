//! A call of a client → the request that it sends.

use crate::layer::{Layers, Place};
use crate::model::{JsonMember, JsonValue, Request, RequestKind};
use crate::parse::http::is_method;
use crate::parse::lines::is_target;
use crate::parse::request_object::build_call;

/// What a call asks for.
pub(super) struct Call {
    /// All of it.
    pub(super) place: Place,
    pub(super) url: Option<JsonValue>,
    /// The method, where the name of the function says it.
    pub(super) method: Option<JsonValue>,
    /// What the request is made of, by the names that request objects have for it.
    pub(super) members: Vec<JsonMember>,
    /// Whether a JSON body brings its content type along.
    pub(super) types_json: bool,
    /// Whether there may be more parts than are written.
    pub(super) open: bool,
}

impl Call {
    pub(super) fn new(place: Place) -> Self {
        Call { place, url: None, method: None, members: Vec::new(), types_json: true, open: false }
    }

    /// The request; none where nothing of its URL is known.
    pub(super) fn build(self, layers: &mut Layers<'_>) -> Option<Request> {
        let Call { place, url, method, members, types_json, open } = self;
        if let Some(url) = &url
            && (is_unknown(layers, url.text) || !may_be_url(layers, url.text))
        {
            return None;
        }
        let mut request = build_call(layers, place, url, method, members)?;
        request.kind = RequestKind::Call;
        upper_method(layers, &mut request, types_json);
        if !types_json {
            let is_json = |name: &str| name.eq_ignore_ascii_case("content-type");
            request
                .headers
                .retain(|field| field.implied_by.is_none() || !is_json(layers.text(field.name)));
        }
        if open {
            let all = &mut request.open;
            (all.headers, all.query, all.body, all.cookies) = (true, true, true, true);
        }
        Some(request)
    }
}

/// Whether nothing of a text is known.
fn is_unknown(layers: &Layers<'_>, place: Place) -> bool {
    let hidden: usize = layers.holes(place).map(|hole| hole.span.len()).sum();
    hidden == place.span.len()
}

/// Whether a text is a URL, or begins with what may be one.
fn may_be_url(layers: &Layers<'_>, place: Place) -> bool {
    let starts_with_hole = layers.holes(place).next().is_some_and(|hole| hole.span.start() == 0);
    starts_with_hole || is_target(layers.text(place))
}

/// A method in capitals, as it is sent; `fetch` leaves `patch` as it is.
fn upper_method(layers: &mut Layers<'_>, request: &mut Request, all: bool) {
    let written = layers.text(request.method.name);
    let upper = written.to_ascii_uppercase();
    if upper != written && is_method(&upper) && (all || upper != "PATCH") {
        request.method.name = layers.implied(&upper, request.method.name);
    }
}
