//! JSON that describes requests: our own form, the configuration of axios, the arguments of fetch.
//!
//! One value may hold many requests: arrays, and objects with a `requests` member.

mod build;
mod members;
pub(crate) mod record;
pub(crate) mod skim;

use super::argv::{arguments, parse_arguments};
use super::detect::is_call;
use super::json::parse_json;
use super::lines::lines;
use super::placeholder::{Notation, mark_holes};
use crate::layer::{Layers, Place};
#[cfg(feature = "snippets")]
use crate::model::JsonMember;
use crate::model::{Document, Finding, FindingKind, JsonKind, JsonValue, Request};
use crate::span::Span;
use members::Members;
use record::read_record;

/// Reads `region` as one JSON text.
pub fn parse_objects(document: &mut Document<'_>, region: Place) {
    let mut others = Others::default();
    read_region(document, region, &mut others);
    others.notice(document);
}

/// Reads each line of `region` as a JSON text of its own.
pub fn parse_object_lines(document: &mut Document<'_>, region: Place) {
    let source = document.layers.source();
    read_object_lines(document, lines(source, region.span), false);
}

/// Reads these lines each as a JSON text; `among_requests` where others of them are requests.
pub(super) fn read_object_lines(
    document: &mut Document<'_>,
    lines: impl Iterator<Item = Span>,
    among_requests: bool,
) {
    let source = document.layers.source();
    let mut others = Others { among_requests, ..Others::default() };
    for line in lines {
        if !source[line.range()].trim().is_empty() {
            read_region(document, Place::root(line), &mut others);
        }
    }
    others.notice(document);
}

/// Reads a value that describes a request, such as one of YAML.
pub(super) fn parse_object(document: &mut Document<'_>, value: JsonValue) {
    read_value(document, value, &mut Others::default());
}

/// The request that a call of a client sends, with parts as a request object has them; none where
/// they make no request.
#[cfg(feature = "snippets")]
pub(super) fn build_call(
    layers: &mut Layers<'_>,
    place: Place,
    url: Option<JsonValue>,
    method: Option<JsonValue>,
    parts: Vec<JsonMember>,
) -> Option<Request> {
    let mut members = Members::new(place);
    members.take_all(layers, parts.into_iter());
    members.findings.clear();
    members.url = url.or(members.url);
    members.method = method.or(members.method);
    members.is_request().then(|| build::build(layers, members))
}

/// Values that are no requests: mistakes among requests, and nothing of ours in a text that is
/// about something else, such as a log or a schema.
#[derive(Default)]
struct Others {
    places: Vec<Place>,
    /// Whether some object surely is a request.
    among_requests: bool,
}

impl Others {
    fn notice(self, document: &mut Document<'_>) {
        if self.among_requests {
            let findings = self.places.into_iter();
            let findings = findings.map(|place| Finding::new(FindingKind::NotARequest, place));
            document.findings.extend(findings);
        }
    }
}

fn read_region(document: &mut Document<'_>, region: Place, others: &mut Others) {
    let place = mark_holes(&mut document.layers, region, Notation::Braces);
    read_text(document, place, others);
}

fn read_text(document: &mut Document<'_>, place: Place, others: &mut Others) {
    let mut findings = Vec::new();
    let (value, open) = parse_json(&mut document.layers, place, &mut findings);
    let first = document.requests.len();
    match value {
        Some(value) => read_value(document, value, others),
        None if findings.is_empty() => others.places.push(place),
        None => {}
    }
    let Document { layers, requests, findings: outer, .. } = document;
    let requests = &mut requests[first..];
    if open {
        open_all(layers, requests, &findings);
    }
    for finding in findings {
        match owner(layers, requests, &finding) {
            Some(request) => request.findings.push(finding),
            None => outer.push(finding),
        }
    }
}

/// Damage in the text may hide members: of the requests that it stands in, or of all.
fn open_all(layers: &Layers<'_>, requests: &mut [Request], findings: &[Finding]) {
    let is_damage = |finding: &&Finding| finding.kind != FindingKind::DuplicateJsonKey;
    let is_local = findings.iter().any(|finding| is_damage(&finding));
    for request in requests {
        let whole = layers.root_span(request.place);
        let holds = |finding: &Finding| whole.contains(layers.root_span(finding.place));
        if !is_local || findings.iter().filter(is_damage).any(holds) {
            let open = &mut request.open;
            (open.headers, open.query, open.body, open.cookies) = (true, true, true, true);
        }
    }
}

/// The request that a finding stands in, or the last one before it.
fn owner<'r>(
    layers: &Layers<'_>,
    requests: &'r mut [Request],
    finding: &Finding,
) -> Option<&'r mut Request> {
    let start = layers.root_span(finding.place).start();
    let after =
        requests.partition_point(|request| layers.root_span(request.place).start() <= start);
    requests.get_mut(after.saturating_sub(1))
}

/// Adds the requests that a value holds.
fn read_value(document: &mut Document<'_>, value: JsonValue, others: &mut Others) {
    match value.kind {
        JsonKind::Array => read_array(document, value, others),
        JsonKind::Object => read_object(document, value, others),
        // A hole may be anything.
        JsonKind::Unknown => {}
        _ => others.places.push(value.place),
    }
}

fn read_array(document: &mut Document<'_>, value: JsonValue, others: &mut Others) {
    if let Some(items) = arguments(&document.layers, &value.items) {
        return parse_arguments(document, value.place, &items);
    }
    if let [url, options] = value.items.as_slice()
        && is_call(&document.layers, url, options)
    {
        let mut items = value.items.into_iter();
        let mut members = Members::new(value.place);
        members.url = items.next();
        members.take_all(&document.layers, items.next().into_iter().flat_map(|item| item.members));
        add(document, members, others);
        return;
    }
    for item in value.items {
        read_value(document, item, others);
    }
}

fn read_object(document: &mut Document<'_>, value: JsonValue, others: &mut Others) {
    let value = match read_record(document, value, others) {
        Ok(()) => return,
        Err(value) => value,
    };
    let layers = &document.layers;
    let is_inner = |name: &str| matches!(name, "request" | "requests");
    let inner = value.members.iter().position(|member| {
        is_inner(layers.text(member.name))
            && matches!(member.value.kind, JsonKind::Object | JsonKind::Array)
    });
    if let Some(inner) = inner
        && value.member(layers, "url").is_none()
    {
        let mut members = value.members;
        read_value(document, members.swap_remove(inner).value, others);
        return;
    }
    let is_note = is_note(layers, &value);
    let mut members = Members::new(value.place);
    members.take_all(layers, value.members.into_iter());
    if members.is_request() {
        add(document, members, others);
    } else if !is_note {
        others.places.push(value.place);
    }
}

/// Whether an object is what programs write into their logs for people, between the requests.
fn is_note(layers: &Layers<'_>, value: &JsonValue) -> bool {
    const LEVEL: [&str; 4] = ["level", "severity", "lvl", "levelname"];
    const TEXT: [&str; 3] = ["msg", "message", "event"];
    let has = |names: &[&str]| names.iter().any(|name| value.member(layers, name).is_some());
    has(&LEVEL) && has(&TEXT)
}

fn add(document: &mut Document<'_>, mut members: Members, others: &mut Others) {
    others.among_requests |= !members.is_foreign;
    members.keep_likely_slips();
    let request = build::build(&mut document.layers, members);
    document.requests.push(request);
}
