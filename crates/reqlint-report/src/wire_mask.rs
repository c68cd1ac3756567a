//! Keeps secrets out of what would go on the wire: each part by its own bytes, and long values
//! wherever they stand again.

use crate::model::Parsed;
use crate::secrets::Secrets;
use data_encoding::BASE64;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use reqlint_core::layer::{Layers, Place};
use reqlint_core::model::{Document, FormPart, Request};
use reqlint_core::parse::wire::{WirePart, WireRequest};
use reqlint_core::secret;
use reqlint_core::span::Span;

/// A shorter secret is not looked for beyond its own place: it is part of most texts.
const LONG: usize = 8;
/// An escape sequence is not longer. What is decoded from more bytes is not written, but implied.
const ESCAPE: usize = 12;

/// What must not be printed of one request; nothing where secrets are asked for.
pub(crate) struct Mask<'m> {
    layers: &'m Layers<'m>,
    request: &'m Request,
    /// The secrets of the source that stand in the request.
    spans: &'m [Span],
    values: Option<Secrets<'m>>,
}

impl<'m> Mask<'m> {
    pub(crate) fn new(source: &Parsed<'m>, request: &'m Request, show_secrets: bool) -> Self {
        let spans = secrets_inside(source, request);
        let values = || long_values(source.document, request, spans).into_iter();
        Mask {
            layers: &source.document.layers,
            request,
            spans,
            values: (!show_secrets).then(|| Secrets::with_values(spans, values())),
        }
    }

    /// A text about the request, its long secrets masked.
    pub(crate) fn text(&self, text: &str) -> String {
        self.values.as_ref().map_or_else(|| text.to_owned(), |values| values.mask(text))
    }

    /// The wire form, masked part by part.
    pub(crate) fn wire(&self, mut wire: WireRequest) -> WireRequest {
        if self.values.is_none() {
            return wire;
        }
        if self.request.method.implied_by.is_none() {
            wire.method = self.part(&wire.method, self.request.method.name);
        }
        wire.url = self.url(&wire.url);
        self.headers(&mut wire.headers);
        if let Some(body) = &mut wire.body {
            match (std::str::from_utf8(body), self.request.body.place) {
                (Ok(text), Some(place)) => *body = self.part(text, place).into_bytes(),
                (Ok(text), None) => *body = self.text(text).into_bytes(),
                (Err(_), _) => {
                    if let Some(values) = &self.values {
                        *body = values.mask_bytes(body);
                    }
                }
            }
        }
        self.parts(&mut wire.parts, &self.request.parts);
        wire
    }

    fn parts(&self, parts: &mut [WirePart], written: &[FormPart]) {
        for (part, written) in parts.iter_mut().zip(written) {
            part.body = self.part(&part.body, written.value);
            for (_, value) in &mut part.headers {
                *value = self.text(value);
            }
            self.parts(&mut part.parts, written.parts.as_deref().unwrap_or_default());
        }
    }

    /// Every field is masked together with its name, which says whether it is a secret.
    fn headers(&self, headers: &mut [(String, String, bool)]) {
        let mut rest = headers.iter_mut();
        for field in &self.request.headers {
            let lines = self.layers.text(field.value).matches('\n').count() + 1;
            for (name, value, implied) in rest.by_ref().take(lines) {
                let own = match (lines, &*implied) {
                    (1, _) => self.aligned(value, field.value, str::to_owned),
                    _ => self.unaligned(value, field.value),
                };
                let field = format!("{name}: {own}");
                let masked = match *implied {
                    true => secret::mask(&field, &secret::find_secrets_in_text(&field)),
                    false => self.text(&field),
                };
                *value = masked.chars().skip(name.chars().count() + 2).collect();
            }
        }
        for (_, value, _) in rest {
            *value = self.text(value);
        }
    }

    /// The text of a place, its secrets masked.
    pub(crate) fn shown(&self, place: Place) -> String {
        let text = self.layers.text(place);
        if self.values.is_none() { text.to_owned() } else { self.part(text, place) }
    }

    /// A part that is sent as it is written.
    fn part(&self, text: &str, place: Place) -> String {
        self.text(&self.aligned(text, place, str::to_owned))
    }

    fn url(&self, text: &str) -> String {
        let url = &self.request.url;
        let (before, query) = match url.query {
            Some(place) => {
                let length = encode_query(self.layers.text(place)).len();
                let mark =
                    text.len().checked_sub(length + 1).filter(|at| text[*at..].starts_with('?'));
                let mark = mark.or_else(|| text.find('?')).unwrap_or(text.len());
                let (before, query) = text.split_at(mark);
                let query = query.strip_prefix('?').unwrap_or(query);
                (before, Some(self.aligned(query, place, encode_query)))
            }
            None => (text, None),
        };
        let path = encode_path(self.layers.text(url.path));
        let masked = match before.strip_suffix(path.as_str()) {
            Some(origin) => origin.to_owned() + &self.aligned(&path, url.path, encode_path),
            None => self.unaligned(before, url.path),
        };
        self.text(&match query {
            Some(query) => format!("{masked}?{query}"),
            None => masked,
        })
    }

    /// The text of a place with its secret characters masked, in the encoding in which it is sent.
    fn aligned(&self, sent: &str, place: Place, encode: impl Fn(&str) -> String) -> String {
        let Some(masked) = self.masked(place) else { return sent.to_owned() };
        match encode(self.layers.text(place)) == sent {
            true => encode(&masked),
            false => self.unaligned(sent, place),
        }
    }

    /// A text that is sent otherwise than it is written: the secrets of its place by their values.
    fn unaligned(&self, sent: &str, place: Place) -> String {
        let mut values = decoded_secrets(self.layers, place, self.spans);
        values.retain(|value| !value.is_empty());
        values.sort_unstable_by_key(|value| std::cmp::Reverse(value.len()));
        values.iter().fold(sent.to_owned(), |text, value| {
            text.replace(value.as_str(), &"*".repeat(value.chars().count()))
        })
    }

    /// The text of a place with its secret characters masked; none where it has none.
    fn masked(&self, place: Place) -> Option<String> {
        let secret = secret_characters(self.layers, place, self.spans)?;
        let characters = self.layers.text(place).chars().zip(secret);
        Some(characters.map(|(char, secret)| if secret { '*' } else { char }).collect())
    }
}

fn encode_query(text: &str) -> String {
    text.replace(' ', "%20")
}

/// As the wire form has it: what is not ASCII is percent-encoded.
fn encode_path(text: &str) -> String {
    const SPACE: &AsciiSet = &CONTROLS.add(b' ');
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return text.replace(' ', "%20");
    }
    utf8_percent_encode(text, SPACE).to_string()
}

/// The secrets of a source that stand in one request.
fn secrets_inside<'m>(source: &Parsed<'m>, request: &Request) -> &'m [Span] {
    let all = source.report.secrets;
    let whole = source.document.layers.root_span(request.place);
    let first = all.partition_point(|secret| secret.end() <= whole.start());
    let last = all.partition_point(|secret| secret.start() < whole.end());
    all.get(first..last).unwrap_or_default()
}

/// Whether each character of a place comes from secret bytes; none where no one does.
fn secret_characters(layers: &Layers<'_>, place: Place, secrets: &[Span]) -> Option<Vec<bool>> {
    let whole = layers.root_span(place);
    if !overlaps(secrets, whole) {
        return None;
    }
    let is_secret = |(at, char): (usize, char)| {
        let span = layers.root_span(place.sub(Span::new(at, at + char.len_utf8())));
        span.len() <= ESCAPE && overlaps(secrets, span)
    };
    let found: Vec<bool> = layers.text(place).char_indices().map(is_secret).collect();
    found.contains(&true).then_some(found)
}

/// Whether one of the secrets, which are sorted, is in a span.
fn overlaps(secrets: &[Span], span: Span) -> bool {
    let first = secrets.partition_point(|secret| secret.end() <= span.start());
    secrets.get(first).is_some_and(|secret| secret.overlaps(span))
}

/// The stretches of a decoded text that come from secret bytes of the source.
fn decoded_secrets(layers: &Layers<'_>, place: Place, secrets: &[Span]) -> Vec<String> {
    let Some(secret) = secret_characters(layers, place, secrets) else { return Vec::new() };
    let mut found = vec![String::new()];
    for (char, secret) in layers.text(place).chars().zip(secret) {
        match found.last_mut() {
            Some(last) if secret => last.push(char),
            Some(last) if !last.is_empty() => found.push(String::new()),
            _ => {}
        }
    }
    found
}

/// The long secrets of a request as they are written, decoded, and sent.
fn long_values(document: &Document<'_>, request: &Request, secrets: &[Span]) -> Vec<String> {
    let layers = &document.layers;
    let written = secrets.iter().filter_map(|secret| layers.source().get(secret.range()));
    let mut values: Vec<String> = written.map(str::to_owned).collect();
    let mut places = vec![request.url.whole];
    places.extend(request.headers.iter().map(|field| field.value));
    places.extend(request.cookies.iter().map(|cookie| cookie.value));
    places.extend(request.body.place);
    places.extend(&request.secrets);
    for place in places {
        values.extend(decoded_secrets(layers, place, secrets));
    }
    for place in request.secrets.iter().filter(|place| !layers.has_hole(**place)) {
        values.push(BASE64.encode(document.text(*place).as_bytes()));
    }
    values.retain(|value| value.len() >= LONG);
    values
}
