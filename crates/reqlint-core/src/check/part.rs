//! The parts of a request that patterns can name.

mod response;

use super::context::{Context, Route};
use super::truth::Truth;
use crate::api::SchemeKind;
use crate::layer::Place;
use crate::model::{JsonValue, Param, ParamIn};
use crate::rule::{PartPlace, SegmentAt};
pub(crate) use response::{exit_code, response_kind, response_pointers, status_code};
use std::cell::OnceCell;

/// What a part is, with its number among its kind: two parts are the same if both agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    /// The kind of place.
    pub(crate) kind: PartKind,
    /// From 0, in the order of the request.
    pub(crate) number: usize,
    /// The number of the item, where items of a list are taken.
    pub(crate) item: usize,
}

/// The kinds of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PartKind {
    Method,
    Scheme,
    Userinfo,
    Host,
    Path,
    Query,
    Fragment,
    Body,
    Written,
    Finding,
    Param,
    PathParam,
    Header,
    Cookie,
    Credential,
    Segment,
    Json,
    Status,
    ResponseBody,
    ResponseHeader,
    ResponseJson,
    Redirect,
    Failure,
    Route,
    Dependency,
}

/// A part of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FoundPart {
    /// Which one it is.
    pub(crate) identity: Identity,
    /// Where its caret is: `name=value`, `Name: value`, the method word.
    pub(crate) whole: Place,
    /// Its name, where it has one.
    pub(crate) name: Option<Place>,
    /// Its decoded value.
    pub(crate) value: Place,
    /// Where it is sent, for a parameter.
    pub(crate) location: Option<ParamIn>,
    /// What implies it, where it is not written out.
    pub(crate) implied_by: Option<Place>,
    /// Whether it is written out; a default is neither written nor implied.
    pub(crate) written: bool,
    /// Whether it surely is what the place says.
    pub(crate) certain: Truth,
    /// The number of what it breaks in the description, where that is asked.
    pub(crate) violation: Option<usize>,
}

impl FoundPart {
    fn new(kind: PartKind, number: usize, whole: Place) -> Self {
        FoundPart {
            identity: Identity { kind, number, item: 0 },
            whole,
            name: None,
            value: whole,
            location: None,
            implied_by: None,
            written: true,
            certain: Truth::Yes,
            violation: None,
        }
    }

    fn param(kind: PartKind, number: usize, param: &Param) -> Self {
        FoundPart {
            name: Some(param.name),
            value: param.value,
            location: Some(param.location),
            ..FoundPart::new(kind, number, param.whole)
        }
    }
}

/// The parts of a request by the kind of place, collected when they are first asked for.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    kinds: [OnceCell<Vec<FoundPart>>; 25],
}

impl Parts {
    /// The parts of one kind, in the order of the request.
    pub(crate) fn of(&self, context: &Context<'_, '_>, kind: PartKind) -> &[FoundPart] {
        self.kinds[kind as usize].get_or_init(|| collect(context, kind))
    }
}

/// All parts at a place, whatever their names; and whether there may be more than are written.
pub(crate) fn parts_at<'c>(
    context: &'c Context<'_, '_>,
    place: &PartPlace,
) -> (&'c [FoundPart], bool) {
    let open = context.request.open;
    // An origin that is not known may hold a scheme and a host.
    let hidden = context.request.url.origin_hole.is_some();
    let (kind, more) = match place {
        PartPlace::Method(_) => (PartKind::Method, false),
        PartPlace::Scheme(_) => (PartKind::Scheme, hidden),
        PartPlace::Userinfo(_) => (PartKind::Userinfo, false),
        PartPlace::Host(_) => (PartKind::Host, hidden),
        PartPlace::Path(_) => (PartKind::Path, false),
        PartPlace::Query(_) => (PartKind::Query, open.query),
        PartPlace::Fragment(_) => (PartKind::Fragment, false),
        PartPlace::Body(_) => (PartKind::Body, open.body),
        PartPlace::WrittenAs(_) => (PartKind::Written, false),
        PartPlace::Syntax(_) => (PartKind::Finding, false),
        PartPlace::Param(_) => (PartKind::Param, open.query || open.body),
        PartPlace::PathParam(_) => (PartKind::PathParam, context.route_is_unknown()),
        PartPlace::Header(_) => (PartKind::Header, open.headers),
        PartPlace::Cookie(_) => (PartKind::Cookie, open.cookies || open.headers),
        PartPlace::Credential(_) => {
            (PartKind::Credential, open.headers || open.query || open.cookies)
        }
        PartPlace::Segment(at) => {
            let more = hidden && !matches!(context.route(), Route::Path(_));
            return (segments_at(context.parts.of(context, PartKind::Segment), *at), more);
        }
        PartPlace::Json(_) => (PartKind::Json, open.body),
        PartPlace::Status(_)
        | PartPlace::ResponseKind(_)
        | PartPlace::ResponseBody(_)
        | PartPlace::ResponseHeader(_)
        | PartPlace::ResponseJson(_)
        | PartPlace::Redirect(_)
        | PartPlace::Failure(_)
        | PartPlace::ExitCode(_) => response::place(context.request, place),
        PartPlace::Route(_) => {
            let may_differ = matches!(context.route(), Route::Maybe(_));
            (PartKind::Route, may_differ && context.applies > Truth::No)
        }
        PartPlace::Dependency(_) => (PartKind::Dependency, false),
        PartPlace::Role(_) => return (&[], false),
    };
    (context.parts.of(context, kind), more)
}

/// All parts of one kind, in the order of the request.
pub(crate) fn parts_of_kind<'c>(context: &'c Context<'_, '_>, kind: PartKind) -> &'c [FoundPart] {
    context.parts.of(context, kind)
}

fn segments_at(all: &[FoundPart], at: SegmentAt) -> &[FoundPart] {
    match at {
        SegmentAt::Any => all,
        SegmentAt::Number(number) => {
            number.checked_sub(1).and_then(|index| all.get(index..=index)).unwrap_or_default()
        }
        SegmentAt::Last => all.last().map(std::slice::from_ref).unwrap_or_default(),
    }
}

fn collect(context: &Context<'_, '_>, kind: PartKind) -> Vec<FoundPart> {
    let request = context.request;
    let url = &request.url;
    let one = |place: Option<Place>| -> Vec<FoundPart> {
        place.map(|place| FoundPart::new(kind, 0, place)).into_iter().collect()
    };
    match kind {
        PartKind::Method => vec![method(context)],
        PartKind::Scheme => one(url.scheme),
        PartKind::Userinfo => one(url.userinfo),
        PartKind::Host => one(url.host.or(url.origin_hole)),
        PartKind::Path => one(Some(url.path)),
        PartKind::Query => one(url.query),
        PartKind::Fragment => one(url.fragment),
        PartKind::Body => one(request.body.place),
        PartKind::Written => one(Some(request.place)),
        PartKind::Finding => findings(context),
        PartKind::Param => params(context),
        PartKind::PathParam => path_params(context),
        PartKind::Header => headers(context),
        PartKind::Cookie => cookies(context),
        PartKind::Credential => credentials(context),
        PartKind::Segment => segments(context),
        PartKind::Json => json_values(context),
        PartKind::Status
        | PartKind::ResponseBody
        | PartKind::ResponseHeader
        | PartKind::ResponseJson
        | PartKind::Redirect
        | PartKind::Failure => response::collect(context, kind),
        PartKind::Route => route(context),
        PartKind::Dependency => dependencies(context),
    }
}

fn method(context: &Context<'_, '_>) -> FoundPart {
    let method = context.request.method;
    FoundPart {
        whole: method.implied_by.unwrap_or(method.name),
        value: method.name,
        // The default `GET` stands at the URL, but nothing implies it.
        implied_by: method.implied_by.filter(|place| *place != context.request.url.whole),
        written: method.implied_by.is_none(),
        certain: if context.request.open.method { Truth::Unknown } else { Truth::Yes },
        ..FoundPart::new(PartKind::Method, 0, method.name)
    }
}

fn findings(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let numbered = context.request.findings.iter().enumerate();
    numbered
        .map(|(number, finding)| FoundPart::new(PartKind::Finding, number, finding.place))
        .collect()
}

fn params(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let numbered = context.request.params.iter().enumerate();
    numbered.map(|(number, param)| FoundPart::param(PartKind::Param, number, param)).collect()
}

fn path_params(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let segments = &context.request.url.segments;
    let parts = context.path_params().iter().enumerate().filter_map(|(number, (_, segment))| {
        let place = *segments.get(*segment)?;
        Some(FoundPart::new(PartKind::PathParam, number, place))
    });
    parts.collect()
}

fn headers(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let open = context.request.open.headers;
    let numbered = context.request.headers.iter().enumerate();
    let part = |(number, header): (usize, &crate::model::Header)| FoundPart {
        name: Some(header.name),
        value: header.value,
        implied_by: header.implied_by,
        written: header.implied_by.is_none(),
        // A header that is not known may replace one that is only implied.
        certain: if open && header.implied_by.is_some() { Truth::Unknown } else { Truth::Yes },
        ..FoundPart::new(PartKind::Header, number, header.implied_by.unwrap_or(header.whole))
    };
    numbered.map(part).collect()
}

fn cookies(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let numbered = context.request.cookies.iter().enumerate();
    let part = |(number, cookie): (usize, &crate::model::Pair)| FoundPart {
        name: Some(cookie.name),
        value: cookie.value,
        ..FoundPart::new(PartKind::Cookie, number, cookie.whole)
    };
    numbered.map(part).collect()
}

fn segments(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let numbered = context.request.url.segments.iter().enumerate();
    numbered.map(|(number, place)| FoundPart::new(PartKind::Segment, number, *place)).collect()
}

/// Credentials by the security schemes of the description; the number is that of the scheme,
/// the item that of the part that holds it.
fn credentials(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let request = context.request;
    let layers = context.layers();
    let mut parts = Vec::new();
    for (scheme, kind) in context.security_schemes().enumerate() {
        let mut push = |number: usize, value: Place, certain: Truth| {
            let identity = Identity { kind: PartKind::Credential, number: scheme, item: number };
            let part = FoundPart::new(PartKind::Credential, scheme, value);
            parts.push(FoundPart { identity, certain, ..part });
        };
        match kind {
            SchemeKind::Header(name) => {
                for (number, header) in request.headers.iter().enumerate() {
                    if layers.text(header.name).eq_ignore_ascii_case(name) {
                        push(number, header.value, Truth::Yes);
                    }
                }
            }
            SchemeKind::Bearer | SchemeKind::Basic => {
                let word = if *kind == SchemeKind::Bearer { "bearer " } else { "basic " };
                for (number, header) in request.headers.iter().enumerate() {
                    if layers.text(header.name).eq_ignore_ascii_case("authorization")
                        && let Some((value, certain)) = after_scheme(context, header.value, word)
                    {
                        push(number, value, certain);
                    }
                }
            }
            SchemeKind::Query(name) => {
                for (number, param) in request.params.iter().enumerate() {
                    if param.location == ParamIn::Query && layers.text(param.name) == name {
                        push(number, param.value, Truth::Yes);
                    }
                }
            }
            SchemeKind::Cookie(name) => {
                for (number, cookie) in request.cookies.iter().enumerate() {
                    if layers.text(cookie.name) == name {
                        push(number, cookie.value, Truth::Yes);
                    }
                }
            }
        }
    }
    parts
}

/// The key after the name of its scheme, without ASCII case; unknown where a hole hides the name.
fn after_scheme(context: &Context<'_, '_>, value: Place, word: &str) -> Option<(Place, Truth)> {
    let layers = context.layers();
    let text = layers.text(value);
    let hidden = layers.holes(value).next().is_some_and(|hole| hole.span.start() < word.len());
    if hidden {
        return Some((value, Truth::Unknown));
    }
    let head = text.as_bytes().get(..word.len())?;
    if !head.eq_ignore_ascii_case(word.as_bytes()) || text.len() == word.len() {
        return None;
    }
    Some((value.sub(crate::span::Span::new(word.len(), text.len())), Truth::Yes))
}

/// Where the path leaves what the description knows.
fn route(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let difference = context.difference().iter();
    difference.map(|found| FoundPart::new(PartKind::Route, 0, found.place)).collect()
}

/// Dependencies between parameters that do not hold, or may not.
fn dependencies(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let numbered = context.broken_dependencies().iter().enumerate();
    let part = |(number, broken): (usize, &super::depend::Broken)| FoundPart {
        certain: broken.certain,
        ..FoundPart::new(PartKind::Dependency, number, broken.place)
    };
    numbered.map(part).collect()
}

/// Every value of the JSON body, in the order of the text.
fn json_values(context: &Context<'_, '_>) -> Vec<FoundPart> {
    let mut parts = Vec::new();
    if let Some(value) = &context.request.body.json {
        collect_json(PartKind::Json, value, None, value.place, &mut parts);
    }
    parts
}

/// Adds a value and what is in it, in the order of the text.
fn collect_json(
    kind: PartKind,
    value: &JsonValue,
    name: Option<Place>,
    whole: Place,
    parts: &mut Vec<FoundPart>,
) {
    let number = parts.len();
    parts.push(FoundPart { name, value: value.text, ..FoundPart::new(kind, number, whole) });
    for member in &value.members {
        collect_json(kind, &member.value, Some(member.name), member.whole, parts);
    }
    for item in &value.items {
        collect_json(kind, item, None, item.place, parts);
    }
}

/// The JSON Pointer of the value with that number, in the order of [`json_values`].
pub(crate) fn json_pointer(context: &Context<'_, '_>, number: usize) -> String {
    json_value(context, number).map(|(pointer, _)| pointer).unwrap_or_default()
}

/// The value with that number in the order of [`json_values`], with its JSON Pointer.
pub(crate) fn json_value<'c>(
    context: &Context<'c, '_>,
    number: usize,
) -> Option<(String, &'c JsonValue)> {
    let mut next = 0;
    find_value(context, context.request.body.json.as_ref()?, number, &mut next, String::new())
}

fn find_value<'c>(
    context: &Context<'c, '_>,
    value: &'c JsonValue,
    wanted: usize,
    next: &mut usize,
    pointer: String,
) -> Option<(String, &'c JsonValue)> {
    if *next == wanted {
        return Some((pointer, value));
    }
    *next += 1;
    for member in &value.members {
        let name = context.layers().text(member.name).replace('~', "~0").replace('/', "~1");
        let inner = format!("{pointer}/{name}");
        if let Some(found) = find_value(context, &member.value, wanted, next, inner) {
            return Some(found);
        }
    }
    for (number, item) in value.items.iter().enumerate() {
        let inner = format!("{pointer}/{number}");
        if let Some(found) = find_value(context, item, wanted, next, inner) {
            return Some(found);
        }
    }
    None
}
