//! Requests that a recording repeats: what no rule had anything to say about, none has when it comes again.
//!
//! The key is all that a rule can see of one exchange: what was sent and what came back, but for the time,
//! about which only sequences ask.

use crate::layer::Place;
use crate::model::{Document, Exchange, Header, Request, RequestKind};
use std::collections::HashSet;
use xxhash_rust::xxh3::Xxh3;

/// More are forgotten, so that memory stays constant.
const MOST: usize = 1 << 16;

/// The requests of a recording that are known to break no rule. Of one set of rules only.
#[derive(Debug, Default)]
pub struct Silence {
    known: HashSet<u128>,
}

impl Silence {
    /// Whether a request is known to break no rule.
    pub(super) fn holds(&self, key: Option<u128>) -> bool {
        key.is_some_and(|key| self.known.contains(&key))
    }

    /// Notes that a request breaks no rule.
    pub(super) fn note(&mut self, key: Option<u128>) {
        if self.known.len() >= MOST {
            self.known.clear();
        }
        self.known.extend(key);
    }
}

/// What tells whether an entry is the same as another one; none where parts of it are not known, or
/// where a parser noticed something.
pub(super) fn key(document: &Document<'_>, request: &Request) -> Option<u128> {
    let is_plain = request.kind == RequestKind::Entry
        && request.findings.is_empty()
        && request.secrets.is_empty()
        && request.parts.is_empty();
    if !is_plain {
        return None;
    }
    let mut key = Key { document, hash: Xxh3::new(), is_known: true };
    let open = request.open;
    key.flags(&[open.headers, open.query, open.body, open.cookies, open.method, request.as_is]);
    key.add(request.method.name);
    key.flags(&[request.method.implied_by.is_some()]);
    key.add(request.url.whole);
    request.target.into_iter().for_each(|target| key.add(target));
    key.fields(&request.headers);
    for cookie in &request.cookies {
        key.add(cookie.name);
        key.add(cookie.value);
    }
    for param in &request.params {
        key.word(param.location.name());
        key.add(param.name);
        key.add(param.value);
        key.flags(&[param.json.is_some()]);
    }
    request.body.place.into_iter().for_each(|body| key.add(body));
    if let Some(exchange) = &request.exchange {
        key.exchange(exchange);
    }
    key.is_known.then(|| key.hash.digest128())
}

struct Key<'k, 's> {
    document: &'k Document<'s>,
    hash: Xxh3,
    is_known: bool,
}

impl Key<'_, '_> {
    fn word(&mut self, word: &str) {
        self.hash.update(&word.len().to_le_bytes());
        self.hash.update(word.as_bytes());
    }

    fn add(&mut self, place: Place) {
        self.is_known &= !self.document.layers.has_hole(place);
        let document = self.document;
        self.word(document.text(place));
    }

    fn flags(&mut self, flags: &[bool]) {
        flags.iter().for_each(|flag| self.hash.update(&[u8::from(*flag)]));
    }

    fn fields(&mut self, fields: &[Header]) {
        self.hash.update(&fields.len().to_le_bytes());
        for field in fields {
            self.add(field.name);
            self.add(field.value);
            self.flags(&[field.implied_by.is_some()]);
        }
    }

    fn exchange(&mut self, exchange: &Exchange) {
        self.is_known &= exchange.failure.is_none() && exchange.command.is_none();
        self.flags(&[exchange.sent.is_some()]);
        for response in &exchange.responses {
            let status = response.status.map_or(0, |status| status.code);
            self.hash.update(&status.to_le_bytes());
            self.fields(&response.headers);
            self.flags(&[response.unseen.headers, response.unseen.body]);
            response.body.place.into_iter().for_each(|body| self.add(body));
        }
    }
}
