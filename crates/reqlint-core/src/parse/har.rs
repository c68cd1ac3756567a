//! HTTP archives (HAR 1.2), as browsers, proxies and tools record them.
//!
//! The archive is walked once, without a tree of it: what is not needed of an entry (timings,
//! caches, the bodies of pictures) is stepped over, so that a large archive costs little more
//! memory than its text.

mod cursor;
mod request;
mod response;

use crate::layer::{Layers, Place};
use crate::model::{Document, Exchange, Failure, Finding, FindingKind, Request};
use crate::parse::time::parse_time;
use crate::span::Span;
use cursor::Cursor;

/// What the developer tools of Chrome call themselves in an archive.
const CHROME: &str = "WebInspector";

/// Of what came back without an error, so many bytes are read in all: its values take many times as
/// much memory as its text. The rest is unseen.
const MOST_CONTENT: usize = 4 << 20;

/// Reads the entries of the archive in `region`.
pub fn parse_har(document: &mut Document<'_>, region: Place) {
    let source = document.layers.source();
    let (requests, creator, left) = (Vec::new(), None, MOST_CONTENT);
    let mut reader = Reader { layers: &mut document.layers, requests, creator, left };
    let mut cursor = Cursor::new(&source[..region.span.end()], region.span.start());
    let walked = cursor.object(&mut |cursor, name| match name {
        "log" => reader.log(cursor),
        _ => cursor.skip().map(drop),
    });
    cursor.space();
    let at = cursor.at();
    let Reader { requests, creator, .. } = reader;
    document.requests = requests;
    if walked.is_none() || at < region.span.end() {
        let rest = &source[at.min(source.len())..];
        let length = rest.chars().next().map_or(0, char::len_utf8);
        let place = match length {
            0 => source
                .char_indices()
                .next_back()
                .map_or(0..0, |(start, c)| start..start + c.len_utf8()),
            _ => at..at + length,
        };
        let finding = FindingKind::MalformedJson;
        document
            .findings
            .push(Finding::new(finding, Place::root(Span::new(place.start, place.end))));
    }
    open_sanitized(&document.layers, &mut document.requests, creator);
}

/// Whether a text is an archive, or the beginning of one.
pub(crate) fn looks_like_har(text: &str) -> bool {
    let mut cursor = Cursor::new(text, 0);
    let mut found = false;
    cursor.object(&mut |cursor, name| match name {
        "log" => cursor.object(&mut |cursor, name| {
            found |= name == "entries" && cursor.peek() == Some(b'[');
            if found { None } else { cursor.skip().map(drop) }
        }),
        _ => cursor.skip().map(drop),
    });
    found
}

/// Chrome leaves cookies and `Authorization` out unless it is asked for them, so where no entry
/// has any, nothing is surely absent.
fn open_sanitized(layers: &Layers<'_>, requests: &mut [Request], creator: Option<Span>) {
    let is_chrome = creator.is_some_and(|name| layers.text(Place::root(name)) == CHROME);
    let has = |request: &Request, name: &str| request.headers_named(layers, name).next().is_some();
    let any = |request: &Request| has(request, "cookie") || has(request, "authorization");
    if is_chrome && !requests.iter().any(any) {
        for request in requests {
            (request.open.headers, request.open.cookies) = (true, true);
        }
    }
}

struct Reader<'r, 's> {
    layers: &'r mut Layers<'s>,
    requests: Vec<Request>,
    creator: Option<Span>,
    /// How many bytes of what came back without an error are still read.
    left: usize,
}

/// The parts of an entry, as spans of the text.
#[derive(Default)]
struct Entry {
    started: Option<Span>,
    request: Option<Span>,
    response: response::Parts,
}

impl Reader<'_, '_> {
    fn log(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        cursor.object(&mut |cursor, name| match name {
            "creator" => cursor.object(&mut |cursor, name| match name {
                "name" => cursor.text_or_skip(&mut self.creator),
                _ => cursor.skip().map(drop),
            }),
            "entries" => cursor.array(&mut |cursor| self.entry(cursor)),
            _ => cursor.skip().map(drop),
        })
    }

    fn entry(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        if cursor.peek() != Some(b'{') {
            return cursor.skip().map(drop);
        }
        let start = cursor.at();
        let mut entry = Entry::default();
        cursor.object(&mut |cursor, name| match name {
            "startedDateTime" => cursor.text_or_skip(&mut entry.started),
            "request" => {
                entry.request = Some(cursor.skip()?);
                Some(())
            }
            "response" if cursor.peek() == Some(b'{') => entry.response.read(cursor),
            _ => cursor.skip().map(drop),
        })?;
        let place = Place::root(Span::new(start, cursor.at()));
        let request = entry
            .request
            .and_then(|span| request::read_request(self.layers, place, Place::root(span)));
        if let Some(mut request) = request {
            request.exchange = Some(Box::new(self.exchange(&entry)));
            self.requests.push(request);
        }
        Some(())
    }

    fn exchange(&mut self, entry: &Entry) -> Exchange {
        let sent = entry.started.and_then(|span| parse_time(self.layers.text(Place::root(span))));
        let failure =
            entry.response.error.map(|span| Failure { code: None, place: Place::root(span) });
        let response = response::read_response(self.layers, &entry.response, &mut self.left);
        Exchange { sent, responses: response.into_iter().collect(), failure, command: None }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Kind;
    use crate::parse::parse;

    /// Browsers list what they have without a request, too.
    #[test]
    fn what_needs_no_request_is_none() {
        let entry = |url| format!("{{\"request\": {{\"method\": \"GET\", \"url\": \"{url}\"}}}}");
        let urls = ["data:image/png;base64,iVBO", "blob:https://h/1", "about:blank", "https://h/a"];
        let text = format!("{{\"log\": {{\"entries\": [{}]}}}}", urls.map(entry).join(","));
        let document = parse(&text, Kind::Har);
        let read = document.requests.iter().map(|one| document.layers.text(one.url.whole));
        assert_eq!(read.collect::<Vec<_>>(), ["https://h/a"]);
        assert!(document.requests.iter().all(|request| request.findings.is_empty()));
    }

    #[test]
    fn much_content_is_read_only_of_errors() {
        let entry = |status: u16| {
            let content = format!("{{\\\"a\\\": \\\"{}\\\"}}", "b".repeat(100_000));
            format!(
                "{{\"request\": {{\"method\": \"GET\", \"url\": \"https://example.com/\", \"headers\": []}}, \
                 \"response\": {{\"status\": {status}, \"content\": {{\"mimeType\": \"application/json\", \
                 \"text\": \"{content}\"}}}}}}"
            )
        };
        let mut entries = vec![entry(200); 50];
        entries.push(entry(429));
        let text = format!("{{\"log\": {{\"entries\": [{}]}}}}", entries.join(","));
        let document = parse(&text, Kind::Har);
        let read: Vec<bool> = document
            .requests
            .iter()
            .map(|request| {
                let exchange = request.exchange.as_deref().expect("it is recorded");
                let response = exchange.last().expect("it has a response");
                assert_eq!(response.body.kind.name(), "json");
                assert_eq!(response.unseen.body, response.body.json.is_none());
                response.body.json.is_some()
            })
            .collect();
        assert_eq!(read.len(), 51);
        assert!(read[0] && read[50] && !read[49], "{read:?}");
    }
}
