//! Tests of the parsers: each shows a text and the model of it, with the bytes of every part.

mod body;
mod detect;
mod http;
mod json;
mod linear;
mod request_object;
mod url;
mod url_list;

use crate::layer::{Layers, Place};
use crate::model::{Document, Finding, Kind, Param, Request};
use std::fmt::Write;

/// A text → its requests and findings, with the bytes of every part.
fn check(kind: Kind, text: &str) -> String {
    let document = super::parse(text, kind);
    show_document(&document)
}

fn show_document(document: &Document<'_>) -> String {
    let layers = &document.layers;
    let requests = document.requests.iter().map(|request| show_request(layers, request));
    let findings = document.findings.iter().map(|finding| show_finding(layers, finding));
    requests.chain(findings).collect::<Vec<_>>().join("\n\n")
}

/// Every prefix of a text is read without panic.
fn check_prefixes(kind: Kind, text: &str) {
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        check(kind, &text[..end]);
        let _ = super::detect(None, &text[..end]);
        let _ = super::looks_like_requests(kind, &text[..end]);
    }
}

/// `text@start..end` in bytes of the source; holes of the text in `⟨⟩`.
fn show(layers: &Layers<'_>, place: Place) -> String {
    let mut text = String::new();
    let mut at = 0;
    let whole = layers.text(place);
    for hole in layers.holes(place) {
        text += &whole[at..hole.span.start()];
        let _ = write!(text, "⟨{}⟩", &whole[hole.span.range()]);
        at = hole.span.end();
    }
    text += &whole[at..];
    let span = layers.root_span(place);
    assert!(layers.source().get(span.range()).is_some(), "{span:?} is on boundaries");
    format!("{text}@{}..{}", span.start(), span.end())
}

fn show_param(layers: &Layers<'_>, param: &Param) -> String {
    let json = param.json.map(|kind| format!(" {kind:?}")).unwrap_or_default();
    format!(
        "{:?}{json} {} = {} in {}",
        param.location,
        show(layers, param.name),
        show(layers, param.value),
        show(layers, param.whole),
    )
}

fn show_finding(layers: &Layers<'_>, finding: &Finding) -> String {
    let mut shown = format!("{} {}", finding.kind.name(), show(layers, finding.place));
    if let Some(nearest) = &finding.nearest {
        let _ = write!(shown, " nearest {nearest}");
    }
    for (span, text) in &finding.repair {
        let _ = write!(shown, " {}..{}→{text:?}", span.start(), span.end());
    }
    shown
}

/// A request as lines.
fn show_request(layers: &Layers<'_>, request: &Request) -> String {
    let mut lines = Vec::new();
    let at = |place| show(layers, place);
    let implied = |by: Option<Place>| by.map(|by| format!(" by {}", at(by))).unwrap_or_default();
    lines.push(format!("{:?} {}", request.kind, {
        let span = layers.root_span(request.place);
        format!("{}..{}", span.start(), span.end())
    }));
    lines.push(format!("{}{}", at(request.method.name), implied(request.method.implied_by)));
    lines.extend(show_url(layers, &request.url));
    for header in &request.headers {
        let by = implied(header.implied_by);
        lines.push(format!("header {}: {}{by}", at(header.name), at(header.value)));
    }
    for cookie in &request.cookies {
        lines.push(format!("cookie {} = {}", at(cookie.name), at(cookie.value)));
    }
    lines.push(format!("body {}", request.body.kind.name()));
    lines.extend(request.params.iter().map(|param| show_param(layers, param)));
    let open = [
        ("headers", request.open.headers),
        ("query", request.open.query),
        ("body", request.open.body),
        ("cookies", request.open.cookies),
        ("method", request.open.method),
    ];
    let open: Vec<_> = open.iter().filter(|(_, open)| *open).map(|(name, _)| *name).collect();
    lines.push(format!("open {open:?}"));
    lines.extend(request.findings.iter().map(|finding| show_finding(layers, finding)));
    lines.join("\n")
}

fn show_url(layers: &Layers<'_>, url: &crate::model::Url) -> Vec<String> {
    let parts = [
        ("scheme", url.scheme),
        ("userinfo", url.userinfo),
        ("host", url.host),
        ("port", url.port),
        ("origin hole", url.origin_hole),
        ("path", Some(url.path)),
        ("query", url.query),
        ("fragment", url.fragment),
    ];
    let mut lines: Vec<String> = parts
        .into_iter()
        .filter_map(|(name, place)| Some(format!("{name} {}", show(layers, place?))))
        .collect();
    let segments: Vec<_> = url.segments.iter().map(|place| show(layers, *place)).collect();
    lines.push(format!("segments {segments:?}"));
    lines
}

/// Texts that stopped a parser once.
#[test]
fn odd_texts_are_read() {
    for (kind, text) in [
        (Kind::Shell, "curl '-HX-Empty;' http://h.example"),
        (Kind::Shell, "curl -T body.txt http#://h.example"),
        (Kind::Fish, "curl -K - <<'http://h.example\n"),
    ] {
        check_prefixes(kind, text);
    }
}
