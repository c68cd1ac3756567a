//! The request of an entry.

use super::response::fields;
use crate::encode::percent_decode;
use crate::layer::{Layers, Place};
use crate::model::{Body, BodyKind, Finding, FindingKind, FormPart, Header, JsonKind, JsonValue};
use crate::model::{Method, Pair, Param, ParamIn, Request, RequestKind};
use crate::parse::body::{complete, read_body};
use crate::parse::json::parse_json;
use crate::parse::masked::{hide_masked_parts, hide_masked_values};
use crate::parse::placeholder::{Notation, mark_holes};
use crate::parse::url::parse_url;

/// Reads the request at `place` of the entry at `entry`; none where it is no object, or where the
/// browser had it without asking anybody.
pub(super) fn read_request(layers: &mut Layers<'_>, entry: Place, place: Place) -> Option<Request> {
    let mut findings = Vec::new();
    let (value, damaged) = parse_json(layers, place, &mut findings);
    let value = value.filter(|value| value.kind == JsonKind::Object)?;
    let text = |name: &str| Some(value.member(layers, name)?.value.text);
    let (url, method) = (text("url"), text("method"));
    if url.is_some_and(|url| is_within_browser(layers.text(url))) {
        return None;
    }
    if url.is_none() {
        findings.push(Finding::new(FindingKind::MissingUrl, value.place));
    }
    let url = hide_masked_parts(layers, url.unwrap_or(value.place.end()));
    let url = parse_url(layers, url, &mut findings);
    let method = match method.filter(|method| !method.span.is_empty()) {
        Some(name) => Method { name, implied_by: None },
        None => Method { name: layers.implied("GET", url.whole), implied_by: Some(url.whole) },
    };
    let mut request = Request::new(RequestKind::Entry, entry, method, url);
    request.findings = findings;
    request.headers = fields(layers, list(layers, &value, "headers"));
    request.headers.retain(|field| !is_made_by_client(layers.text(field.name)));
    drop_repeats(layers, &mut request.headers);
    // What was replaced before the archive was shared is not known any more.
    for field in &mut request.headers {
        field.value = mark_holes(layers, field.value, Notation::Placeholders);
    }
    let written = value.member(layers, "headers").is_some();
    request.open.headers = damaged || !written;
    if let Some(post) = value.member(layers, "postData").map(|member| &member.value) {
        read_post(layers, &mut request, post);
    } else if has_content(layers, &value)
        || request.headers_named(layers, "content-type").next().is_some()
    {
        request.body = Body { kind: BodyKind::Unknown, place: None, json: None };
    }
    let query = pairs(layers, list(layers, &value, "queryString"));
    if request.url.query.is_none() {
        let param = |pair: &Pair| Param {
            location: ParamIn::Query,
            whole: pair.whole,
            name: pair.name,
            value: pair.value,
            json: None,
        };
        request.params.extend(query.iter().map(param));
    }
    complete(layers, &mut request);
    if request.cookies.is_empty() {
        request.cookies = pairs(layers, list(layers, &value, "cookies"));
    }
    hide_masked_values(layers, &mut request);
    request.open.body |= damaged;
    compare_query(layers, &mut request, &query, &value);
    Some(request)
}

/// Whether a URL names what a browser has without a request: a picture that stands in the URL, a
/// page of its own. Archives list these, too.
fn is_within_browser(url: &str) -> bool {
    let Some((scheme, _)) = url.split_once(':') else { return false };
    ["about", "blob", "data", "javascript"].iter().any(|own| scheme.eq_ignore_ascii_case(own))
}

/// Fields that follow from the rest of the request, or from the connection.
fn is_made_by_client(name: &str) -> bool {
    ["host", "content-length"].iter().any(|made| name.eq_ignore_ascii_case(made))
}

fn list<'v>(layers: &Layers<'_>, value: &'v JsonValue, name: &str) -> Option<&'v JsonValue> {
    value.member(layers, name).map(|member| &member.value)
}

/// The pairs in a list of `{"name": …, "value": …}`.
fn pairs(layers: &Layers<'_>, list: Option<&JsonValue>) -> Vec<Pair> {
    let items = list.map(|list| list.items.as_slice()).unwrap_or_default();
    let pair = |item: &JsonValue| {
        let name = item.member(layers, "name")?.value.text;
        let value = item.member(layers, "value").map_or(name.end(), |member| member.value.text);
        Some(Pair { whole: item.place, name, value })
    };
    items.iter().filter_map(pair).collect()
}

/// Drops fields that stand there a second time with the same value, where a writer joined what a
/// page asked for with what the browser sent. No client names itself twice, which tells them.
fn drop_repeats(layers: &Layers<'_>, fields: &mut Vec<Header>) {
    let is_agent = |field: &&Header| layers.text(field.name).eq_ignore_ascii_case("user-agent");
    let agents: Vec<&str> =
        fields.iter().filter(is_agent).map(|field| layers.text(field.value)).collect();
    let is_joined = matches!(agents.as_slice(), [first, rest @ ..] if rest.contains(first));
    if !is_joined {
        return;
    }
    let mut seen: Vec<(String, &str)> = Vec::new();
    fields.retain(|field| {
        let name = layers.text(field.name).to_ascii_lowercase();
        let field = (name, layers.text(field.value));
        let is_new = !seen.contains(&field);
        seen.push(field);
        is_new
    });
}

/// Whether something was sent that is not recorded.
fn has_content(layers: &Layers<'_>, value: &JsonValue) -> bool {
    let size = value.member(layers, "bodySize");
    size.is_some_and(|size| layers.text(size.value.text).parse::<i64>().is_ok_and(|size| size > 0))
}

/// `postData`: the text that was sent, else the parts that it was made of.
fn read_post(layers: &mut Layers<'_>, request: &mut Request, post: &JsonValue) {
    let get = |name: &str| post.member(layers, name).map(|member| member.value.text);
    let is_something = |place: &Place| !place.span.is_empty();
    let text = get("text").filter(is_something);
    let media = get("mimeType").filter(is_something);
    let is_encoded = get("encoding").is_some_and(|encoding| is_something(&encoding));
    if let Some(media) = media
        && request.headers_named(layers, "content-type").next().is_none()
    {
        let name = layers.implied("Content-Type", media);
        request.headers.push(Header { whole: media, name, value: media, implied_by: Some(media) });
    }
    let params = list(layers, post, "params").cloned();
    let params = params.filter(|params| !params.items.is_empty());
    match (text, params) {
        (Some(text), _) if is_encoded => {
            request.body = Body { kind: BodyKind::Unknown, place: Some(text), json: None };
        }
        (Some(text), params) => {
            read_body(layers, request, text);
            if let Some(params) = params {
                compare_form(layers, request, text, &params);
            }
        }
        (None, Some(params)) => read_params(layers, request, &params, media),
        (None, None) => {}
    }
}

/// A form of which only the fields are recorded. Some writers take JSON apart in the same way;
/// its text is then not known.
fn read_params(
    layers: &mut Layers<'_>,
    request: &mut Request,
    params: &JsonValue,
    media: Option<Place>,
) {
    let media = media.map_or("", |media| layers.text(media));
    let is_multipart = media.starts_with("multipart/");
    let is_json = media.contains("json");
    let kind = match () {
        () if is_multipart => BodyKind::Multipart,
        () if is_json => BodyKind::Unknown,
        () => BodyKind::Form,
    };
    let location = if is_json { ParamIn::Json } else { ParamIn::Form };
    request.body = Body { kind, place: Some(params.place), json: None };
    for (item, pair) in params.items.iter().zip(pairs(layers, Some(params))) {
        let file = item.member(layers, "fileName").map(|member| member.value.text);
        if is_multipart {
            request.parts.push(FormPart {
                file: file.is_some(),
                filename: file,
                media_type: item.member(layers, "contentType").map(|member| member.value.text),
                ..FormPart::new(pair.whole, Some(pair.name), pair.value)
            });
        }
        if file.is_none() {
            request.params.push(Param {
                location,
                whole: pair.whole,
                name: pair.name,
                value: pair.value,
                json: None,
            });
        }
    }
}

/// `queryString` beside a URL that has another query: one of the two was not sent.
fn compare_query(layers: &Layers<'_>, request: &mut Request, query: &[Pair], value: &JsonValue) {
    let Some(place) = request.url.query.filter(|_| !query.is_empty()) else { return };
    if !is_same(layers.text(place), query, layers)
        && let Some(member) = value.member(layers, "queryString")
    {
        request.findings.push(Finding::new(FindingKind::RecordingContradicts, member.whole));
    }
}

/// `params` beside a text that is another form.
fn compare_form(layers: &Layers<'_>, request: &mut Request, text: Place, params: &JsonValue) {
    let fields = pairs(layers, Some(params));
    if request.body.kind == BodyKind::Form && !is_same(layers.text(text), &fields, layers) {
        let finding = Finding::new(FindingKind::RecordingContradicts, params.place);
        request.findings.push(finding);
    }
}

/// Whether pairs are those of an encoded text. Some writers decode them, and some do not.
fn is_same(encoded: &str, pairs: &[Pair], layers: &Layers<'_>) -> bool {
    let split = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    let written = encoded.split('&').filter(|pair| !pair.is_empty()).map(split);
    let listed = pairs
        .iter()
        .map(|pair| (decoded(layers.text(pair.name)), decoded(layers.text(pair.value))));
    let sorted = |pairs: &mut dyn Iterator<Item = (String, String)>| {
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_unstable();
        pairs
    };
    let (mut written, mut listed) = (written, listed);
    sorted(&mut written) == sorted(&mut listed)
}

/// A text without any encoding, were it encoded twice.
fn decoded(text: &str) -> String {
    percent_decode(&percent_decode(text))
}
