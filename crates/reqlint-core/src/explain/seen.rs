//! What came back, in the parts that people look at.

use crate::layer::{Layers, Place};
use crate::model::{BodyKind, Document, JsonKind, JsonValue, Request, Response};
use crate::secret::find_secrets_in_text;
use crate::span::Span;

/// Names of members in which APIs say what is wrong, in the order in which they are asked for.
const SAYING: [&str; 10] = [
    "error",
    "message",
    "detail",
    "error_description",
    "error_message",
    "title",
    "reason",
    "msg",
    "description",
    "errors",
];
/// What a response says is shown up to so many characters.
const MOST: usize = 200;

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The status code of the last response.
    pub status: Option<u16>,
    /// The responses before it, with where they sent the client.
    pub redirects: Vec<(u16, Option<String>)>,
    /// What kind of content the last response has; none where that is not known.
    pub content: Option<&'static str>,
    /// Whether there is more of the content than is there.
    pub cut_off: bool,
    /// What it says in its own words, shortened, with secrets masked.
    pub says: Option<String>,
    /// What the client said instead of a response.
    pub failure: Option<String>,
    /// The exit code of curl.
    pub exit_code: Option<u8>,
}

impl Seen {
    /// What came back for a request.
    pub fn of(document: &Document<'_>, request: &Request) -> Self {
        let Some(exchange) = request.exchange.as_deref() else { return Seen::default() };
        let layers = &document.layers;
        let last = exchange.responses.last();
        let sent = exchange.responses.iter().filter(|response| response.is_redirect());
        let target = |response: &Response| {
            let field = response.headers_named(layers, "location").next();
            field.map(|field| shown(layers.text(field.value)))
        };
        let redirect = |response: &Response| Some((response.status?.code, target(response)));
        let content = last.filter(|last| last.body.place.is_some() || !last.unseen.body);
        Seen {
            status: last.and_then(|last| last.status).map(|status| status.code),
            redirects: sent.filter_map(redirect).collect(),
            content: content.map(|last| last.body.kind.name()),
            cut_off: last.is_some_and(|last| last.unseen.body && last.body.place.is_some()),
            says: last.and_then(|last| says(layers, last)),
            failure: exchange.failure.map(|failure| shown(layers.text(failure.place))),
            exit_code: exchange.failure.and_then(|failure| failure.code),
        }
    }

    /// Whether nothing is known of what came back.
    pub fn is_empty(&self) -> bool {
        *self == Seen::default()
    }

    /// Whether it was a success (RFC 9110, section 15.3).
    pub fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether it was a failure.
    pub fn failed(&self) -> bool {
        self.status.is_some_and(|status| status >= 400) || self.failure.is_some()
    }
}

fn says(layers: &Layers<'_>, response: &Response) -> Option<String> {
    let place = response.body.place?;
    match response.body.kind {
        BodyKind::Json => {
            let json = response.body.json.as_ref()?;
            in_json(layers, json, 0).map(|place| shown(layers.text(place)))
        }
        BodyKind::Html => title(layers, place).map(|place| shown(layers.text(place))),
        _ => {
            let text = layers.text(place);
            let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
            Some(shown(line))
        }
    }
}

/// The words of an error in a JSON value; they may be nested.
fn in_json(layers: &Layers<'_>, value: &JsonValue, depth: usize) -> Option<Place> {
    match value.kind {
        JsonKind::String if depth > 0 => Some(value.text),
        JsonKind::Array if depth > 0 => in_json(layers, value.items.first()?, depth + 1),
        JsonKind::Object if depth < 4 => {
            // A code says less than a sentence beside it.
            let words: Vec<Place> = SAYING
                .iter()
                .filter_map(|name| value.member(layers, name))
                .filter_map(|member| in_json(layers, &member.value, depth + 1))
                .collect();
            let sentence = words.iter().find(|place| layers.text(**place).contains(' '));
            sentence.or(words.first()).copied()
        }
        _ => None,
    }
}

/// The title of a page, else its first heading.
fn title(layers: &Layers<'_>, place: Place) -> Option<Place> {
    let text = layers.text(place);
    // Byte for byte as long as the text, so that offsets are the same.
    let lower = text.to_ascii_lowercase();
    ["title", "h1"].iter().find_map(|tag| {
        let open = lower.find(&format!("<{tag}"))?;
        let start = open + lower[open..].find('>')? + 1;
        let end = start + lower[start..].find("</")?;
        let inner = &text[start..end];
        let lead = inner.len() - inner.trim_start().len();
        let span = Span::new(start + lead, start + lead + inner.trim().len());
        (!span.is_empty()).then(|| place.sub(span))
    })
}

/// A text from a response as it may be shown: one line, not long, without secrets.
fn shown(text: &str) -> String {
    let cut = text.char_indices().nth(4 * MOST).map_or(text, |(at, _)| &text[..at]);
    let masked = crate::secret::mask(cut, &find_secrets_in_text(cut));
    let line = masked.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
