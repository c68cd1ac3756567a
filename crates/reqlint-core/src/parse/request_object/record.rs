//! Objects that record a request with its time or its response: `{"time": …, "request": …,
//! "response": …}`, and the flat objects of access logs.

use super::Others;
use super::build::{build, headers_of};
use super::members::{BodyRole, Members};
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{Body, BodyKind, Document, Exchange, Header, JsonKind, JsonMember, JsonValue};
use crate::model::{Request, RequestKind, Response};
use crate::parse::access_log::split_request_line;
use crate::parse::dialect::parse_commands;
use crate::parse::lines::is_target;
use crate::parse::masked::{hide_masked_parts, hide_masked_values};
use crate::parse::response::{LONGEST_BODY, read_content, read_status};
use crate::parse::time::read_time;
use crate::span::Span;
use rustc_hash::FxHashMap;

/// Names of the time at which a request was sent or logged.
const TIME: [&str; 22] = [
    "time",
    "timestamp",
    "@timestamp",
    "ts",
    "date",
    "datetime",
    "sent",
    "sent_at",
    "sentAt",
    "started",
    "started_at",
    "startedAt",
    "startedDateTime",
    "start_time",
    "startTime",
    "StartUTC",
    "requested_at",
    "requestTime",
    "time_iso8601",
    "time_local",
    "msec",
    "at",
];
const STATUS: [&str; 9] = [
    "status",
    "status_code",
    "statusCode",
    "response_status",
    "responseStatus",
    "response_code",
    "DownstreamStatus",
    "OriginStatus",
    "sc-status",
];
const REQUEST: [&str; 3] = ["request", "req", "httpRequest"];
const RESPONSE: [&str; 3] = ["response", "res", "httpResponse"];
const METHOD: [&str; 8] = [
    "method",
    "request_method",
    "requestMethod",
    "http_method",
    "httpMethod",
    "RequestMethod",
    "verb",
    "cs-method",
];
const URL: [&str; 14] = [
    "url",
    "uri",
    "request_url",
    "requestUrl",
    "request_uri",
    "requestUri",
    "full_url",
    "target",
    "path",
    "request_path",
    "requestPath",
    "RequestPath",
    "uri_path",
    "cs-uri-stem",
];
const HOST: [&str; 10] = [
    "host",
    "http_host",
    "authority",
    ":authority",
    "vhost",
    "server_name",
    "hostname",
    "RequestHost",
    "domain",
    "domainName",
];
const SCHEME: [&str; 4] = ["scheme", "request_scheme", "RequestScheme", "forwarded_proto"];
const QUERY: [&str; 7] =
    ["args", "query_string", "queryString", "query", "params", "search", "cs-uri-query"];
const HEADERS: [&str; 4] = ["headers", "request_headers", "requestHeaders", "req_headers"];
const BODY: [&str; 6] = ["body", "data", "request_body", "requestBody", "payload", "postData"];
const REFERER: [&str; 5] = ["referer", "referrer", "http_referer", "http_referrer", "Referer"];
const RESPONSE_HEADERS: [&str; 3] = ["response_headers", "responseHeaders", "resp_headers"];
const RESPONSE_BODY: [&str; 2] = ["response_body", "responseBody"];
const CONTENT: [&str; 4] = ["body", "content", "text", "data"];

/// What a member of a record says, as far as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    /// When it was sent, under the name of that rank.
    Time(usize),
    Request,
    Response,
    Status,
    Headers,
    ResponseHeaders,
    Referer,
    /// The content of the request, or of the response in which it stands.
    Body,
    /// The content of the response in which it stands.
    Content,
    /// The content of the response.
    ResponseBody,
    /// Something else of the request.
    Sent,
}

/// What is looked for under each name, in any object of a record.
pub(super) fn members() -> FxHashMap<&'static str, Member> {
    let mut members = FxHashMap::default();
    members.extend(TIME.iter().enumerate().map(|(rank, name)| (*name, Member::Time(rank))));
    let lists: [(&[&'static str], Member); 14] = [
        (&REQUEST, Member::Request),
        (&RESPONSE, Member::Response),
        (&STATUS, Member::Status),
        (&HEADERS, Member::Headers),
        (&RESPONSE_HEADERS, Member::ResponseHeaders),
        (&REFERER, Member::Referer),
        (&CONTENT, Member::Content),
        (&RESPONSE_BODY, Member::ResponseBody),
        (&METHOD, Member::Sent),
        (&URL, Member::Sent),
        (&HOST, Member::Sent),
        (&SCHEME, Member::Sent),
        (&QUERY, Member::Sent),
        (&BODY, Member::Sent),
    ];
    for (names, member) in lists {
        for name in names {
            let both = member == Member::Sent && members.contains_key(name);
            members.insert(*name, if both { Member::Body } else { member });
        }
    }
    members
}

/// Adds the request that an object records; gives the object back where it records none.
pub(super) fn read_record(
    document: &mut Document<'_>,
    value: JsonValue,
    others: &mut Others,
) -> Result<(), JsonValue> {
    let layers = &document.layers;
    let request = find(layers, &value, &REQUEST);
    let time = find(layers, &value, &TIME).and_then(|member| read_time(layers, &member.value));
    let status = find(layers, &value, &STATUS);
    let status = status.and_then(|member| read_status(layers, member.value.text));
    let response = find(layers, &value, &RESPONSE).filter(|m| m.value.kind == JsonKind::Object);
    if time.is_none() && status.is_none() && (response.is_none() || request.is_none()) {
        return Err(value);
    }
    let Some(source) = Source::of(layers, &value, request) else { return Err(value) };
    others.among_requests = true;
    let exchange = read_exchange(&mut document.layers, &value, time);
    let first = document.requests.len();
    match source {
        Source::Command(place) => parse_commands(document, place),
        Source::Line(line) => {
            let line = JsonValue { text: line, ..value.clone() };
            add(document, &value, &JsonValue { members: Vec::new(), ..line.clone() }, Some(&line));
        }
        Source::Object(object) => {
            let object = object.clone();
            add(document, &value, &object, None);
        }
    }
    let requests = &mut document.requests[first..];
    if let Some(request) = requests.first_mut() {
        request.exchange = Some(Box::new(exchange));
    }
    Ok(())
}

/// Where an object says what was sent.
enum Source<'v> {
    /// A command, in a text.
    Command(Place),
    /// `GET /orders?page=2 HTTP/1.1`
    Line(Place),
    /// Members.
    Object(&'v JsonValue),
}

impl<'v> Source<'v> {
    fn of(
        layers: &Layers<'_>,
        value: &'v JsonValue,
        request: Option<&'v JsonMember>,
    ) -> Option<Self> {
        match request.map(|member| &member.value) {
            Some(request) if request.kind == JsonKind::String => {
                let text = layers.text(request.text);
                match () {
                    () if crate::parse::detect::is_command_line(text) => {
                        Some(Source::Command(request.text))
                    }
                    () if split_request_line(text).is_some() || is_target(text) => {
                        Some(Source::Line(request.text))
                    }
                    () => None,
                }
            }
            Some(request) if request.kind == JsonKind::Object => {
                has_target(layers, request).then_some(Source::Object(request))
            }
            Some(_) => None,
            None => {
                let telling = find(layers, value, &METHOD).is_some()
                    || find(layers, value, &HOST).is_some()
                    || find(layers, value, &URL[..8]).is_some();
                (telling && has_target(layers, value)).then_some(Source::Object(value))
            }
        }
    }
}

fn has_target(layers: &Layers<'_>, value: &JsonValue) -> bool {
    let url = find(layers, value, &URL).map(|member| &member.value);
    url.is_some_and(|url| {
        url.kind == JsonKind::String && {
            let text = layers.text(url.text);
            is_target(text) || split_request_line(text).is_some()
        }
    })
}

/// The first member that has one of these names, the first name first.
fn find<'v>(layers: &Layers<'_>, value: &'v JsonValue, names: &[&str]) -> Option<&'v JsonMember> {
    let is_something = |member: &&JsonMember| member.value.kind != JsonKind::Null;
    names.iter().find_map(|name| value.member(layers, name).filter(is_something))
}

/// Adds the request that members describe, or that a request line does.
fn add(
    document: &mut Document<'_>,
    record: &JsonValue,
    object: &JsonValue,
    line: Option<&JsonValue>,
) {
    let layers = &mut document.layers;
    let mut members = Members::new(record.place);
    let target = line.or_else(|| find(layers, object, &URL).map(|member| &member.value)).cloned();
    members.method = find(layers, object, &METHOD).map(|member| member.value.clone());
    if let Some(target) = target {
        let target = read_target(layers, target, &mut members.method);
        let text = hide_masked_parts(layers, target.text);
        members.url = Some(JsonValue { text, ..target });
    }
    let host = host_of(layers, object, record, members.url.as_ref());
    let scheme = scheme_of(layers, object, record);
    if let (Some(host), Some(scheme)) = (&host, scheme) {
        members.base = Some(base(layers, host, scheme));
    }
    let has_query = members.url.as_ref().is_some_and(|url| layers.text(url.text).contains('?'));
    if let Some(query) = find(layers, object, &QUERY).filter(|_| !has_query) {
        let is_nothing = matches!(layers.text(query.value.text), "" | "-");
        if !is_nothing {
            let mut query = query.clone();
            if query.value.kind == JsonKind::String {
                query.value.text = hide_masked_parts(layers, query.value.text);
            }
            members.query.push(query);
        }
    }
    members.headers.extend(find(layers, object, &HEADERS).cloned());
    let is_flat = object.place == record.place;
    if let Some(body) =
        find(layers, object, &BODY).filter(|body| !is_flat || is_content(layers, body))
    {
        let mut body = body.clone();
        if body.value.kind == JsonKind::String
            && !layers.text(body.value.text).starts_with(['{', '['])
        {
            body.value.text = hide_masked_parts(layers, body.value.text);
        }
        members.body = Some((BodyRole::Any, body));
    }
    let has = (!members.headers.is_empty(), members.body.is_some());
    let referer = find(layers, object, &REFERER).cloned();
    let mut request = build(layers, members);
    request.kind = RequestKind::Entry;
    if let Some(host) = host.filter(|_| request.url.host.is_none())
        && request.headers_named(layers, "host").next().is_none()
    {
        add_host(layers, &mut request, host.place, host.text);
    }
    hide_masked_values(layers, &mut request);
    open(layers, &mut request, has);
    if let Some(referer) = referer.filter(|_| !has.0) {
        add_referer(layers, &mut request, referer.whole, referer.value.text);
    }
    document.requests.push(request);
}

/// Whether a member of a flat record is the content of the request: a log line has a `data` of
/// many kinds.
fn is_content(layers: &Layers<'_>, member: &JsonMember) -> bool {
    !matches!(layers.text(member.name), "data" | "payload") || !member.value.members.is_empty()
}

/// What is not recorded may have been sent all the same.
pub(crate) fn open(layers: &Layers<'_>, request: &mut Request, (headers, body): (bool, bool)) {
    if !headers {
        (request.open.headers, request.open.cookies) = (true, true);
    }
    let method = layers.text(request.method.name);
    if !body && !matches!(method, "GET" | "HEAD" | "OPTIONS") {
        request.open.body = true;
    }
}

/// Adds a `Referer` that a log has without its name.
pub(crate) fn add_referer(
    layers: &mut Layers<'_>,
    request: &mut Request,
    whole: Place,
    value: Place,
) {
    if matches!(layers.text(value), "" | "-") {
        return;
    }
    let name = layers.implied("Referer", whole);
    request.headers.push(Header { whole, name, value, implied_by: None });
}

/// The target of a request line, and its method; other texts are targets as a whole.
fn read_target(layers: &Layers<'_>, value: JsonValue, method: &mut Option<JsonValue>) -> JsonValue {
    let Some(line) = split_request_line(layers.text(value.text)) else { return value };
    let part = |span: Span| JsonValue {
        kind: JsonKind::String,
        place: value.text.sub(span),
        text: value.text.sub(span),
        members: Vec::new(),
        items: Vec::new(),
    };
    *method = Some(part(line.method));
    part(line.target)
}

/// Adds the `Host` that a record has without its name.
pub(crate) fn add_host(layers: &mut Layers<'_>, request: &mut Request, whole: Place, value: Place) {
    let name = layers.implied("Host", whole);
    request.headers.push(Header { whole, name, value, implied_by: None });
}

/// The host, where a record has it apart from the path.
fn host_of(
    layers: &Layers<'_>,
    object: &JsonValue,
    record: &JsonValue,
    url: Option<&JsonValue>,
) -> Option<JsonValue> {
    let is_path = url.is_some_and(|url| layers.text(url.text).starts_with('/'));
    let host = find(layers, object, &HOST).or_else(|| find(layers, record, &HOST));
    Some(host.filter(|host| is_path && is_host(layers.text(host.value.text)))?.value.clone())
}

/// The scheme that a record says, or shows by what was agreed on for TLS.
fn scheme_of(layers: &mut Layers<'_>, object: &JsonValue, record: &JsonValue) -> Option<Place> {
    let scheme = find(layers, object, &SCHEME).or_else(|| find(layers, record, &SCHEME));
    let scheme = scheme.map(|scheme| scheme.value.text);
    if let Some(scheme) = scheme {
        return matches!(layers.text(scheme), "http" | "https").then_some(scheme);
    }
    let tls = find(layers, object, &["tls"]).filter(|tls| tls.value.kind == JsonKind::Object)?;
    let name = tls.name;
    Some(layers.implied("https", name))
}

/// Scheme and host together.
fn base(layers: &mut Layers<'_>, host: &JsonValue, scheme: Place) -> JsonValue {
    let mut layer = layers.layer(Codec::Joined, host.place);
    layer.exact(scheme, Quote::None);
    layer.escape("://", Place::new(scheme.layer, Span::empty(scheme.span.end())), Quote::None);
    layer.exact(host.text, Quote::None);
    let id = layer.finish();
    JsonValue { text: layers.whole(id), ..host.clone() }
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && text != "-" && text != "_" && !text.contains(['/', ' ', '?'])
}

fn read_exchange(layers: &mut Layers<'_>, value: &JsonValue, sent: Option<i64>) -> Exchange {
    let response = read_response(layers, value);
    Exchange { sent, responses: response.into_iter().collect(), ..Exchange::default() }
}

fn read_response(layers: &mut Layers<'_>, value: &JsonValue) -> Option<Response> {
    let own = find(layers, value, &RESPONSE).filter(|m| m.value.kind == JsonKind::Object).cloned();
    let inner = own.as_ref().map(|member| &member.value);
    let status = inner.and_then(|inner| find(layers, inner, &STATUS));
    let status = status.or_else(|| find(layers, value, &STATUS)).cloned();
    let place = inner.map(|inner| inner.place).or(status.as_ref().map(|status| status.whole))?;
    let status = status.and_then(|status| read_status(layers, status.value.text));
    let headers = inner.and_then(|inner| find(layers, inner, &HEADERS));
    let headers = headers.or_else(|| find(layers, value, &RESPONSE_HEADERS)).cloned();
    let mut response = Response::new(place);
    response.status = status;
    response.unseen.headers = headers.is_none();
    response.headers = headers.map(|headers| headers_of(layers, &headers).0).unwrap_or_default();
    let content = inner.and_then(|inner| find(layers, inner, &CONTENT));
    let content = content.or_else(|| find(layers, value, &RESPONSE_BODY)).cloned();
    match content.map(|content| content.value) {
        None => response.unseen.body = true,
        Some(content) if matches!(content.kind, JsonKind::Object | JsonKind::Array) => {
            response.body =
                Body { kind: BodyKind::Json, place: Some(content.place), json: Some(content) };
        }
        Some(content) if content.text.span.len() > LONGEST_BODY => {
            response.body = Body { kind: BodyKind::Text, place: Some(content.text), json: None };
            response.unseen.body = true;
        }
        Some(content) => read_content(layers, &mut response, content.text),
    }
    Some(response)
}
