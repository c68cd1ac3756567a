//! Access logs of nginx and Apache, in the common or combined log format: one request a line.
//!
//! `host ident user [time] "METHOD target HTTP/1.1" status bytes "referer" "agent"`, also with more
//! before the time (the virtual host) and behind the agent.

use super::body::{complete, trim};
use super::lines::lines;
use super::masked::hide_masked_parts;
use super::request_object::record::{add_host, add_referer, open};
use super::request_object::skim::{Skimmed, Skimmer};
use super::response::read_status;
use super::time::parse_time;
use super::url::parse_url;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{Document, Exchange, Finding, FindingKind, Method};
use crate::model::{Request, RequestKind, Response, Unseen};
use crate::span::Span;
use memchr::{memchr, memchr2};

/// Lines that are no requests are noticed up to this many.
const MOST_FINDINGS: usize = 20;
/// No method is longer.
const LONGEST_METHOD: usize = 40;

/// Reads the lines of `region`. What a log does not say (header fields, the content) is open.
pub fn parse_access_log(document: &mut Document<'_>, region: Place) {
    let source = document.layers.source();
    read_log_lines(document, lines(source, region.span));
}

/// Reads these lines.
pub(super) fn read_log_lines(document: &mut Document<'_>, lines: impl Iterator<Item = Span>) {
    let source = document.layers.source();
    let mut noticed = 0;
    for line in lines {
        let line = trim(source.as_bytes(), line);
        match Line::split(&source[line.range()]) {
            Some(parts) => {
                let request = read_line(&mut document.layers, Place::root(line), &parts);
                document.requests.extend(request);
            }
            None if line.is_empty() || noticed == MOST_FINDINGS => {}
            None if is_remark(&source[line.range()]) => {}
            None => {
                noticed += 1;
                let finding = Finding::new(FindingKind::NotARequest, Place::root(line));
                document.findings.push(finding);
            }
        }
    }
}

/// Looks over a line without reading it; none where it must be read.
pub(crate) fn skim_log_line(skimmer: &mut Skimmer<'_>, line: &str) -> Option<Skimmed> {
    let parts = Line::split(line)?;
    skimmer.clear();
    for span in [parts.host, Some(parts.request), Some(parts.status)] {
        skimmer.add(line, span.unwrap_or_default());
    }
    if let Some(referer) = parts.referer {
        skimmer.add_referer(line, referer);
    }
    Some(skimmer.finish(parts.time))
}

/// Whether a line is one of an access log.
pub(crate) fn is_log_line(line: &str) -> bool {
    Line::split(line.trim()).is_some_and(|parts| parts.time.is_some())
}

/// Whether a line is one of a log that says something else than a request.
fn is_remark(line: &str) -> bool {
    let time = line.split_once('[').and_then(|(_, rest)| rest.split_once("] "));
    time.is_some_and(|(time, rest)| !rest.starts_with('"') && parse_time(time).is_some())
}

/// The parts of a line.
struct Line {
    /// The virtual host, where a log has it before all else.
    host: Option<Span>,
    time: Option<i64>,
    /// Between its quotes.
    request: Span,
    status: Span,
    referer: Option<Span>,
}

impl Line {
    fn split(line: &str) -> Option<Self> {
        let bytes = line.as_bytes();
        let open = memchr(b'[', bytes)?;
        let close = open + memchr(b']', &bytes[open..])?;
        let fields = line[..open].split_ascii_whitespace().count();
        if fields < 2 || bytes.get(close + 1..close + 3) != Some(b" \"") {
            return None;
        }
        let request = quoted(bytes, close + 2)?;
        let status = Span::new(
            request.end() + 2,
            (request.end() + 5).min(line.len()).max(request.end() + 2),
        );
        let is_status = bytes.get(request.end() + 1) == Some(&b' ')
            && bytes.get(status.range())?.iter().all(u8::is_ascii_digit)
            && status.len() == 3;
        if !is_status {
            return None;
        }
        let after = memchr(b'"', &bytes[status.end()..]).map(|at| status.end() + at);
        let referer = after.and_then(|quote| quoted(bytes, quote));
        // `host ident user`, and what stands before them.
        let host = (fields > 3).then(|| host_at_start(line)).flatten();
        let time = parse_time(&line[open + 1..close]);
        Some(Line { host, time, request, status, referer })
    }
}

/// The name of a virtual host that a line begins with, without the port where it is a usual one.
fn host_at_start(line: &str) -> Option<Span> {
    let word = line.split_ascii_whitespace().next()?;
    let (name, port) = word.split_once(':').unwrap_or((word, ""));
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let is_name = name.contains('.') && name.bytes().all(is_inner);
    let length = if matches!(port, "" | "80" | "443") { name.len() } else { word.len() };
    (is_name && line.starts_with(word)).then_some(Span::new(0, length))
}

/// The inside of the quotes of which one stands at `start`; a backslash escapes.
fn quoted(bytes: &[u8], start: usize) -> Option<Span> {
    let mut at = start + 1;
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(Span::new(start + 1, at));
        }
        at += 2;
    }
}

/// The method and target of a request line.
pub(crate) struct RequestLine {
    pub(crate) method: Span,
    pub(crate) target: Span,
}

/// Splits `METHOD target HTTP/1.1`; the version may lack.
pub(crate) fn split_request_line(text: &str) -> Option<RequestLine> {
    let (method, rest) = text.split_once(' ')?;
    let is_method = !method.is_empty()
        && method.len() <= LONGEST_METHOD
        && method.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    let target = match rest.rsplit_once(' ') {
        Some((target, version)) if version.starts_with("HTTP/") => target,
        _ => rest,
    };
    let is_target = target.starts_with('/') || target.contains("://");
    (is_method && is_target).then(|| RequestLine {
        method: Span::new(0, method.len()),
        target: Span::new(method.len() + 1, method.len() + 1 + target.len()),
    })
}

/// The request of a line; none where what came was no HTTP.
fn read_line(layers: &mut Layers<'_>, line: Place, parts: &Line) -> Option<Request> {
    let text = unescape(layers, line.sub(parts.request));
    let split = split_request_line(layers.text(text))?;
    let mut findings = Vec::new();
    let target = hide_masked_parts(layers, text.sub(split.target));
    let url = parse_url(layers, target, &mut findings);
    let method = Method { name: text.sub(split.method), implied_by: None };
    let mut request = Request::new(RequestKind::Entry, line, method, url);
    request.findings = findings;
    if let Some(host) = parts.host.filter(|_| request.url.host.is_none()) {
        add_host(layers, &mut request, line.sub(host), line.sub(host));
    }
    open(layers, &mut request, (false, false));
    complete(layers, &mut request);
    if let Some(referer) = parts.referer {
        let whole = line.sub(referer);
        let value = unescape(layers, whole);
        add_referer(layers, &mut request, whole, value);
    }
    let status = line.sub(parts.status);
    let status = read_status(layers, status);
    let response =
        Response { status, unseen: Unseen::ALL, ..Response::new(line.sub(parts.status)) };
    let sent = parts.time;
    let exchange = Exchange { sent, responses: vec![response], ..Exchange::default() };
    request.exchange = Some(Box::new(exchange));
    Some(request)
}

/// The text without the escapes of logs: `\"`, `\\`, `\x22`.
fn unescape(layers: &mut Layers<'_>, place: Place) -> Place {
    let text = layers.share(place);
    let bytes = text.as_bytes();
    if memchr(b'\\', bytes).is_none() {
        return place;
    }
    let mut layer = layers.layer(Codec::Joined, place);
    let mut at = 0;
    while let Some(next) = memchr(b'\\', &bytes[at..]) {
        let start = at + next;
        layer.exact(place.sub(Span::new(at, start)), Quote::None);
        let (meant, length) = escape(&text, start);
        let escape = place.sub(Span::new(start, start + length));
        match meant {
            Some(meant) => layer.escape(meant.encode_utf8(&mut [0; 4]), escape, Quote::None),
            None => layer.exact(escape, Quote::None),
        }
        at = start + length;
    }
    layer.exact(place.sub(Span::new(at, bytes.len())), Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

/// What an escape means, and how long it is; none where it stands for itself, as a byte does that
/// is no character alone.
fn escape(text: &str, start: usize) -> (Option<char>, usize) {
    let rest = &text.as_bytes()[start + 1..];
    match rest {
        [mark @ (b'"' | b'\\'), ..] => (Some(char::from(*mark)), 2),
        [b't', ..] => (Some('\t'), 2),
        [b'x', high, low, ..] => {
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            let code = digit(high).zip(digit(low)).map(|(high, low)| high * 16 + low);
            let ascii = code.filter(|code| *code < 0x80).and_then(char::from_u32);
            let is_escape = high.is_ascii() && low.is_ascii();
            (ascii, if is_escape { 4 } else { 1 })
        }
        _ => (None, 1),
    }
}
