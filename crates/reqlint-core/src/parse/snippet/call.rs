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
    /// Whether there may be more fields, cookies and content, but no more in the URL.
    pub(super) open_behind_url: bool,
}

impl Call {
    pub(super) fn new(place: Place) -> Self {
        Call {
            place,
            url: None,
            method: None,
            members: Vec::new(),
            types_json: true,
            open: false,
            open_behind_url: false,
        }
    }

    /// Joins members of the same name, such as the fields of a session and those of one call: of two
    /// entries, the later one counts.
    pub(super) fn join_repeated(&mut self, layers: &Layers<'_>) {
        for at in (1..self.members.len()).rev() {
            let (before, rest) = self.members.split_at_mut(at);
            let later = &rest[0];
            let name = layers.text(later.name);
            let same = |member: &&mut JsonMember| layers.text(member.name) == name;
            let Some(earlier) = before.iter_mut().find(same) else { continue };
            let is_set = |entry: &JsonMember| {
                let mut set = later.value.members.iter().map(|one| layers.text(one.name));
                set.any(|one| one.eq_ignore_ascii_case(layers.text(entry.name)))
            };
            earlier.value.members.retain(|entry| !is_set(entry));
        }
    }

    /// The request; none where nothing of its URL is known.
    pub(super) fn build(self, layers: &mut Layers<'_>) -> Option<Request> {
        let Call { place, url, method, members, types_json, open, open_behind_url } = self;
        let has_base = members.iter().any(|member| layers.text(member.name) == "baseURL");
        if let Some(url) = &url
            && (is_unknown(layers, url.text) || !(has_base || may_be_url(layers, url.text)))
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
        let all = &mut request.open;
        all.query |= open;
        if open || open_behind_url {
            (all.headers, all.body, all.cookies) = (true, true, true);
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
