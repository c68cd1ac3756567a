//! What makes a finding the same finding wherever its request stands: the rule, the normalized
//! request, and the place in the request.
//!
//! The hash is XXH3 with 128 bits over texts that end with a zero byte, in an order that stays:
//! the version below, the rule, the method, the origin, the segments of the path, the parameters
//! (by place, name and value), the content where it has no parameters, the place. Header fields
//! count only where the finding is about one, since forms differ in those that they write down.
//! Holes are one mark, however they are written, and secrets are masked.

use super::context::Context;
use super::evaluate::Bound;
use super::part::{FoundPart, Identity, PartKind};
use crate::layer::Place;
use crate::model::ParamIn;
use xxhash_rust::xxh3::Xxh3;

/// Another number makes all fingerprints other ones.
const VERSION: &str = "1";
/// What stands for a hole.
const HOLE: &str = "\u{1}";

/// The fingerprint of a finding of a rule about `subject`, as 32 hexadecimal digits.
pub(super) fn fingerprint(
    context: &Context<'_, '_>,
    rule: &str,
    subject: Option<&Bound>,
) -> String {
    let mut hash = Hash(Xxh3::new());
    hash.add(VERSION);
    hash.add(rule);
    add_request(context, &mut hash);
    match subject {
        Some(Bound::Part { part, text, .. }) => add_part(context, part, *text, &mut hash),
        Some(Bound::Slot { name, .. }) => {
            hash.add("slot");
            hash.add(name);
        }
        Some(Bound::Text { text, place, .. }) => {
            hash.add("text");
            hash.add(&place.map_or_else(|| text.clone(), |place| shown(context, place)));
        }
        Some(Bound::Unseen) | None => hash.add("request"),
    }
    format!("{:032x}", hash.0.digest128())
}

struct Hash(Xxh3);

impl Hash {
    fn add(&mut self, text: &str) {
        self.0.update(text.as_bytes());
        self.0.update(&[0]);
    }
}

fn add_request(context: &Context<'_, '_>, hash: &mut Hash) {
    let request = context.request;
    let url = &request.url;
    hash.add(context.text(request.method.name));
    match super::origin_of(context.document, request) {
        Some(origin) => hash.add(&origin.server()),
        None => hash.add(HOLE),
    }
    for segment in &url.segments {
        hash.add(&shown(context, *segment));
    }
    let mut params: Vec<(&str, String, String)> = request
        .params
        .iter()
        .map(|param| {
            (location(param.location), shown(context, param.name), shown(context, param.value))
        })
        .collect();
    // Clients differ in the order in which they send an object's members.
    params.sort();
    hash.add(&params.len().to_string());
    for (location, name, value) in &params {
        hash.add(location);
        hash.add(name);
        hash.add(value);
    }
    let has_members = request.params.iter().any(|param| param.location != ParamIn::Query);
    if let (Some(body), false) = (request.body.place, has_members) {
        hash.add(&shown(context, body));
    }
}

fn add_part(context: &Context<'_, '_>, part: &FoundPart, text: Place, hash: &mut Hash) {
    let Identity { kind, number, item } = part.identity;
    hash.add(kind_name(kind));
    match kind {
        PartKind::Param => {
            hash.add(part.location.map_or("", location));
            hash.add(&part.name.map(|name| shown(context, name)).unwrap_or_default());
            hash.add(&item.to_string());
        }
        PartKind::Header | PartKind::Cookie => {
            let name = part.name.map(|name| context.text(name)).unwrap_or_default();
            hash.add(&name.to_ascii_lowercase());
        }
        PartKind::Segment | PartKind::PathParam | PartKind::Json => {
            hash.add(&number.to_string());
        }
        PartKind::Finding => {
            hash.add(context.request.findings[number].kind.name());
            hash.add(&shown(context, text));
        }
        _ => {}
    }
}

/// The text of a place, with one mark for each hole, and secrets masked.
fn shown(context: &Context<'_, '_>, place: Place) -> String {
    let layers = context.layers();
    if !layers.has_hole(place) {
        return context.shown(place);
    }
    let text = context.text(place);
    let mut out = String::new();
    let mut at = 0;
    for hole in layers.holes(place) {
        out.push_str(&text[at..hole.span.start()]);
        out.push_str(HOLE);
        at = hole.span.end();
    }
    out.push_str(&text[at..]);
    out
}

fn location(location: ParamIn) -> &'static str {
    match location {
        ParamIn::Query => "query",
        ParamIn::Form => "form",
        ParamIn::Json => "json",
    }
}

fn kind_name(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Method => "method",
        PartKind::Scheme => "scheme",
        PartKind::Userinfo => "userinfo",
        PartKind::Host => "host",
        PartKind::Path => "path",
        PartKind::Query => "query",
        PartKind::Fragment => "fragment",
        PartKind::Body => "body",
        PartKind::Finding => "finding",
        PartKind::Param => "param",
        PartKind::PathParam => "path-param",
        PartKind::Header => "header",
        PartKind::Cookie => "cookie",
        PartKind::Credential => "credential",
        PartKind::Segment => "segment",
        PartKind::Json => "json",
        PartKind::Status => "status",
        PartKind::ResponseBody => "response-body",
        PartKind::ResponseHeader => "response-header",
        PartKind::ResponseJson => "response-json",
        PartKind::Redirect => "redirect",
        PartKind::Failure => "failure",
        PartKind::Written => "written-as",
        PartKind::Route => "route",
        PartKind::Dependency => "dependency",
    }
}
