//! Bare URLs, one a line; `#` starts a comment.

use super::body::{complete, trim};
use super::invisible::notice_invisible;
use super::lines::{is_target, lines, without_comment};
use super::placeholder::{Notation, mark_holes};
use super::url::parse_url;
use crate::layer::Place;
use crate::model::{Document, Finding, FindingKind, Method, Open, Request, RequestKind};
use crate::span::Span;

/// How a shortcut of Windows starts, and the line of it that is a URL.
const SHORTCUT: &str = "[InternetShortcut]";
const URL_KEY: &str = "URL=";

/// Reads the lines of `region` as URLs. What a URL does not say (method, header fields) is open;
/// a body is not, since what is called as a URL has none.
pub fn parse_url_list(document: &mut Document<'_>, region: Place) {
    let source = document.layers.source();
    let is_shortcut = source[region.span.range()].trim_start().starts_with(SHORTCUT);
    for line in lines(source, region.span) {
        let span = if is_shortcut {
            let start =
                if source[line.range()].starts_with(URL_KEY) { URL_KEY.len() } else { line.len() };
            trim(source.as_bytes(), Span::new(line.start() + start, line.end()))
        } else {
            without_comment(source, line)
        };
        if span.is_empty() {
            continue;
        }
        let place = Place::root(span);
        if is_target(&source[span.range()]) {
            let request = read_url(document, place);
            document.requests.push(request);
        } else {
            document.findings.push(Finding::new(FindingKind::NotARequest, place));
        }
    }
}

fn read_url(document: &mut Document<'_>, place: Place) -> Request {
    let layers = &mut document.layers;
    let mut findings = Vec::new();
    let whole = mark_holes(layers, place, Notation::Variables);
    notice_invisible(layers, whole, &mut findings);
    let url = parse_url(layers, whole, &mut findings);
    let method = Method { name: layers.implied("GET", url.whole), implied_by: Some(url.whole) };
    let mut request = Request::new(RequestKind::Url, place, method, url);
    request.findings = findings;
    request.open = Open { headers: true, method: true, ..Open::default() };
    complete(layers, &mut request);
    request
}
