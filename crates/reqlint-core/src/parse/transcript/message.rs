//! Requests that are no commands: messages, what `curl -v` says that it sent, a URL in words.

use super::marks::status_line;
use super::prose::find_url;
use crate::layer::{Layers, Place};
use crate::model::{Method, Open, Request, RequestKind};
use crate::parse::body::{complete, read_body};
use crate::parse::http::{is_request_line, read_field};
use crate::parse::lines::lines;
use crate::parse::placeholder::{Notation, mark_holes};
use crate::parse::url::parse_url;
use crate::span::Span;

/// Where the parts of a message are.
#[derive(Debug)]
pub(super) struct Message {
    line: Span,
    fields: Vec<Span>,
    body: Option<Span>,
    /// Where what follows it begins.
    pub(super) end: usize,
}

/// The first message in a text: a request line with a version, or with fields below it.
pub(super) fn find_message(text: &str) -> Option<Message> {
    let all: Vec<Span> = lines(text, Span::new(0, text.len())).collect();
    let trimmed = |span: Span| {
        let line = &text[span.range()];
        let start = span.start() + (line.len() - line.trim_start().len());
        Span::new(start, start + line.trim().len())
    };
    let starts = |at: &usize| {
        let line = &text[trimmed(all[*at]).range()];
        let has_version = line.contains(" HTTP/");
        let next = all.get(at + 1).map_or("", |next| text[next.range()].trim());
        is_request_line(line) && (has_version || is_field(next))
    };
    let first = (0..all.len()).find(starts)?;
    let mut at = first + 1;
    let mut message =
        Message { line: trimmed(all[first]), fields: Vec::new(), body: None, end: text.len() };
    while let Some(line) = all.get(at).map(|line| trimmed(*line)) {
        if !is_field(&text[line.range()]) {
            break;
        }
        message.fields.push(line);
        at += 1;
    }
    let is_over = |line: &str| {
        status_line(line).is_some() || super::is_fence(line) || line.starts_with("< HTTP/")
    };
    while let Some(line) = all.get(at).map(|line| trimmed(*line)) {
        if is_over(&text[line.range()]) {
            message.end = all[at].start();
            break;
        }
        if !line.is_empty() {
            message.body = Some(message.body.map_or(line, |body| body.hull(line)));
        }
        at += 1;
    }
    if message.end == text.len()
        && let Some(body) = message.body
        && !text[body.range()].starts_with(['{', '['])
    {
        // Without a response behind it, what follows the fields is read as words about it.
        message.end = body.start();
        message.body = None;
    }
    Some(message)
}

fn is_field(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, value)| {
        let is_token = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        !name.is_empty() && name.chars().all(is_token) && !value.starts_with("//")
    })
}

/// Reads a message that was found in `region`.
pub(super) fn read_message(layers: &mut Layers<'_>, region: Place, message: &Message) -> Request {
    let mut lines = vec![region.sub(message.line)];
    lines.extend(message.fields.iter().map(|field| region.sub(*field)));
    let mut request = request_of(layers, &lines).unwrap_or_else(|| Request::nowhere(lines[0]));
    let mut whole = message.fields.last().map_or(message.line, |last| message.line.hull(*last));
    if let Some(body) = message.body {
        let place = mark_holes(layers, region.sub(body), Notation::Variables);
        read_body(layers, &mut request, place);
        whole = whole.hull(body);
    }
    request.place = region.sub(whole);
    complete(layers, &mut request);
    request
}

/// Reads the lines that a client says it sent.
pub(super) fn read_sent(layers: &mut Layers<'_>, lines: &[Place]) -> Option<Request> {
    let mut request = request_of(layers, lines)?;
    // What was sent in the content is not shown.
    request.open.body |= layers.text(request.method.name) != "GET";
    complete(layers, &mut request);
    Some(request)
}

/// A request of a request line and lines of fields.
fn request_of(layers: &mut Layers<'_>, lines: &[Place]) -> Option<Request> {
    let line = *lines.first()?;
    let text = layers.share(line);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let (method, target) = match words.as_slice() {
        [method, target, ..] if !target.starts_with("HTTP/") => (*method, *target),
        _ => return None,
    };
    let part = |word: &str| {
        let start = text.find(word).unwrap_or(0);
        line.sub(Span::new(start, start + word.len()))
    };
    let mut findings = Vec::new();
    let target = mark_holes(layers, part(&format!(" {target}")), Notation::Variables);
    let target = target.sub(Span::new(1, target.span.len()));
    let url = parse_url(layers, target, &mut findings);
    let name = mark_holes(layers, part(method), Notation::Variables);
    let mut request =
        Request::new(RequestKind::Message, line, Method { name, implied_by: None }, url);
    request.findings = findings;
    for field in &lines[1..] {
        let field = mark_holes(layers, *field, Notation::Variables);
        read_field(layers, &mut request, field);
    }
    request.open.headers |= request.headers.is_empty();
    Some(request)
}

/// Reads a URL that people write about, with the method before it.
pub(super) fn read_written(layers: &mut Layers<'_>, region: Place, text: &str) -> Option<Request> {
    let (line, found) = lines(text, Span::new(0, text.len()))
        .find_map(|line| Some((line, find_url(&text[line.range()])?)))?;
    let place = region.sub(found.span.shifted(line.start()));
    let whole = mark_holes(layers, place, Notation::Variables);
    let mut findings = Vec::new();
    let url = parse_url(layers, whole, &mut findings);
    let method = match found.method {
        Some(span) => Method { name: region.sub(span.shifted(line.start())), implied_by: None },
        None => Method { name: layers.implied("GET", url.whole), implied_by: Some(url.whole) },
    };
    let open = method.implied_by.is_some();
    let mut request = Request::new(RequestKind::Url, place, method, url);
    request.findings = findings;
    request.open = Open { headers: true, method: open, body: !open, ..Open::default() };
    complete(layers, &mut request);
    Some(request)
}
