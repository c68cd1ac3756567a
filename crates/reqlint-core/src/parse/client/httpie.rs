//! HTTPie command lines: `http [METHOD] URL [ITEM…]`, by the documentation of HTTPie. xh takes the
//! same arguments.

mod object;

use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::{Body, BodyKind, Document, Finding, FindingKind, FormPart, Header};
use crate::model::{Method, Param, ParamIn, Request, RequestKind};
use crate::parse::body::{complete, read_body, trim};
use crate::parse::lines::has_scheme;
use crate::parse::shell::{Command, Stdin, Word};
use crate::parse::url::parse_url;
use crate::span::Span;

/// Options with an argument that say nothing about the request.
const HARMLESS: &[&str] = &[
    "--boundary",
    "--cert",
    "--cert-key",
    "--cert-key-pass",
    "--ciphers",
    "--default-scheme",
    "--format-options",
    "--history-print",
    "--max-headers",
    "--max-redirects",
    "--output",
    "--pretty",
    "--print",
    "--proxy",
    "--response-charset",
    "--response-mime",
    "--ssl",
    "--style",
    "--timeout",
    "--verify",
    "-P",
    "-o",
    "-p",
    "-s",
];

/// Options without an argument that say nothing about the request.
const FLAGS: &[&str] = &[
    "--all",
    "--body",
    "--check-status",
    "--chunked",
    "--compress",
    "--continue",
    "--debug",
    "--download",
    "--follow",
    "--headers",
    "--ignore-netrc",
    "--ignore-stdin",
    "--json",
    "--meta",
    "--no-verify",
    "--offline",
    "--path-as-is",
    "--quiet",
    "--sorted",
    "--stream",
    "--traceback",
    "--unsorted",
    "--verbose",
];

/// What stands between the name and the value of an item; the first that is found counts, of those
/// at one place the longest.
const SEPARATORS: &[&str] = &[":=@", "==@", ":=", "==", "=@", ":@", ":", "=", "@"];

/// Adds the request of a command to the document.
pub(super) fn read_command(document: &mut Document<'_>, mut command: Command<'_>, secure: bool) {
    let mut findings = std::mem::take(&mut command.findings);
    let layers = &mut document.layers;
    let mut reader = Reader { layers, command: &command, next: 0, asked: Asked::default() };
    while let Some(word) = command.words.get(reader.next) {
        reader.next += 1;
        reader.word(word);
    }
    let asked = reader.asked;
    if asked.information {
        return;
    }
    findings.extend(asked.findings.iter().cloned());
    match asked.build(layers, &command, secure) {
        Some(mut request) => {
            request.findings.splice(0..0, findings).for_each(drop);
            document.requests.push(request);
        }
        None => {
            let name = command.place_of(&command.name);
            if !asked.open {
                findings.push(Finding::new(FindingKind::MissingUrl, name));
            }
            document.findings.extend(findings);
        }
    }
}

/// What the words of a command ask for.
#[derive(Default)]
struct Asked {
    /// Method, URL and items, each with the place of its word.
    words: Vec<(Place, Place)>,
    form: bool,
    multipart: bool,
    /// `--raw`, with the option.
    raw: Option<(Place, Place)>,
    /// `--auth`, with the option.
    authorization: Option<(Place, Place)>,
    bearer: bool,
    other_scheme: bool,
    session: bool,
    open: bool,
    information: bool,
    findings: Vec<Finding>,
}

struct Reader<'r, 's, 'c> {
    layers: &'r mut Layers<'s>,
    command: &'r Command<'c>,
    next: usize,
    asked: Asked,
}

impl Reader<'_, '_, '_> {
    fn word(&mut self, word: &Word) {
        let text = self.command.text_of(word).into_owned();
        let place = self.command.place_of(word);
        if self.command.is_open_hole(word) && (!self.asked.words.is_empty() || self.has_url_ahead())
        {
            self.asked.open = true;
        } else if text.len() > 1 && text.starts_with('-') {
            self.option(word, &text);
        } else {
            let layer = self.command.layer_of(self.layers, word);
            self.asked.words.push((layer, place));
        }
    }

    /// Whether a word behind this one is the URL.
    fn has_url_ahead(&self) -> bool {
        let rest = &self.command.words[self.next..];
        rest.iter().any(|word| has_scheme(&self.command.text_of(word)))
    }

    fn option(&mut self, word: &Word, text: &str) {
        let place = self.command.place_of(word);
        let (name, inline) = match text.split_once('=').filter(|_| text.starts_with("--")) {
            Some((name, value)) => (name, Some(value.len())),
            None => (text, None),
        };
        match name {
            "--form" | "-f" => self.asked.form = true,
            "--multipart" => (self.asked.form, self.asked.multipart) = (true, true),
            "--json" | "-j" => self.asked.form = false,
            "--help" | "--version" | "--manual" => self.asked.information = true,
            "--auth" | "-a" | "--bearer" => {
                self.asked.bearer |= name == "--bearer";
                let value = self.value(word, inline);
                self.asked.authorization = value.map(|value| (value, place));
            }
            "--auth-type" | "-A" => {
                let value = self.value(word, inline);
                let kind = value.map_or("", |value| self.layers.text(value));
                match kind {
                    "bearer" => self.asked.bearer = true,
                    "basic" => {}
                    _ => self.asked.other_scheme = true,
                }
            }
            "--raw" => {
                let value = self.value(word, inline);
                self.asked.raw = value.map(|value| (value, place));
            }
            "--session" | "--session-read-only" => {
                self.value(word, inline);
                self.asked.session = true;
            }
            _ if HARMLESS.contains(&name) => {
                self.value(word, inline);
            }
            _ if FLAGS.contains(&name) || is_bundle(name) => {}
            _ => {
                let finding = Finding::new(FindingKind::UnsupportedOption, place);
                self.asked.findings.push(finding);
            }
        }
    }

    /// The argument of an option: behind `=`, or the next word.
    fn value(&mut self, word: &Word, inline: Option<usize>) -> Option<Place> {
        if let Some(length) = inline {
            let whole = self.command.layer_of(self.layers, word);
            return Some(whole.sub(Span::new(whole.span.len() - length, whole.span.len())));
        }
        let Some(word) = self.command.words.get(self.next) else {
            let place = self.command.place_of(word);
            let finding = Finding::new(FindingKind::MissingOptionArgument, place);
            self.asked.findings.push(finding);
            return None;
        };
        self.next += 1;
        Some(self.command.layer_of(self.layers, word))
    }
}

/// `-vb`: letters of options without arguments.
fn is_bundle(name: &str) -> bool {
    name.strip_prefix('-').is_some_and(|letters| {
        !letters.starts_with('-') && letters.chars().all(|letter| "hbvqdcFSIjm".contains(letter))
    })
}

/// An item, with the place of its word.
struct Item {
    whole: Place,
    name: Place,
    separator: &'static str,
    value: Place,
}

impl Item {
    fn read(layers: &Layers<'_>, text: Place, whole: Place) -> Option<Self> {
        let written = layers.text(text);
        let mut at = 0;
        while let Some(char) = written[at..].chars().next() {
            if char == '\\' {
                let next = written[at + 1..].chars().next().map_or(0, char::len_utf8);
                at += 1 + next;
                continue;
            }
            let found = SEPARATORS.iter().find(|mark| written[at..].starts_with(**mark));
            if let Some(separator) = found {
                let name = text.sub(Span::new(0, at));
                let value = text.sub(Span::new(at + separator.len(), written.len()));
                return Some(Item { whole, name, separator, value });
            }
            at += char.len_utf8();
        }
        None
    }
}

impl Asked {
    fn build(
        &self,
        layers: &mut Layers<'_>,
        command: &Command<'_>,
        secure: bool,
    ) -> Option<Request> {
        let (method, rest) = self.split_method(layers);
        let ((url, _), items) = rest.split_first()?;
        let mut findings = Vec::new();
        let url = whole_url(layers, *url, secure);
        let url = parse_url(layers, url, &mut findings);
        let read: Vec<Item> =
            items.iter().filter_map(|(text, whole)| Item::read(layers, *text, *whole)).collect();
        let has_others = read.len() < items.len();
        let is_data = |item: &&Item| !matches!(item.separator, ":" | ":@" | "==" | "==@");
        let piped = !matches!(command.stdin, Stdin::None);
        let by = match (read.iter().find(is_data), self.raw) {
            (Some(item), _) => Some(item.whole),
            (None, Some((_, option))) => Some(option),
            (None, None) if piped => Some(command.place_of(&command.name)),
            (None, None) => None,
        };
        let method = match (method, by) {
            (Some(method), _) => Method { name: upper(layers, method), implied_by: None },
            (None, Some(by)) => Method { name: layers.implied("POST", by), implied_by: Some(by) },
            (None, None) => {
                Method { name: layers.implied("GET", url.whole), implied_by: Some(url.whole) }
            }
        };
        let mut request = Request::new(RequestKind::Httpie, command.place, method, url);
        request.dialect = Some(command.dialect);
        request.findings = findings;
        fields(layers, &mut request, &read);
        self.authorize(layers, &mut request);
        self.content(layers, &mut request, &read, piped);
        complete(layers, &mut request);
        request.open.headers |= self.session;
        request.open.cookies |= self.session;
        if self.open || has_others || command.broken {
            let open = &mut request.open;
            (open.headers, open.query, open.body) = (true, true, true);
        }
        Some(request)
    }

    /// The method, where the first of several words is one.
    fn split_method(&self, layers: &Layers<'_>) -> (Option<Place>, &[(Place, Place)]) {
        match self.words.as_slice() {
            [(first, _), rest @ ..] if !rest.is_empty() => {
                let word = layers.text(*first);
                let is_method = word.bytes().all(|byte| byte.is_ascii_alphabetic());
                if is_method { (Some(*first), rest) } else { (None, &self.words) }
            }
            _ => (None, &self.words),
        }
    }

    fn authorize(&self, layers: &mut Layers<'_>, request: &mut Request) {
        let Some((value, option)) = self.authorization else { return };
        request.secrets.push(value);
        if self.other_scheme {
            request.open.headers = true;
            return;
        }
        let name = layers.implied("Authorization", option);
        let mut layer = layers.layer(Codec::Joined, value);
        if self.bearer {
            layer.escape("Bearer ", option, Quote::None);
            layer.exact(value, Quote::None);
        } else {
            layer.escape("Basic ", option, Quote::None);
            layer.hole(value, HoleKind::Computed, Quote::None);
        }
        let id = layer.finish();
        let value = layers.whole(id);
        request.headers.push(Header { whole: option, name, value, implied_by: Some(option) });
    }

    fn content(&self, layers: &mut Layers<'_>, request: &mut Request, items: &[Item], piped: bool) {
        let data: Vec<&Item> = items
            .iter()
            .filter(|item| !matches!(item.separator, ":" | ":@" | "==" | "==@"))
            .collect();
        if let Some((text, option)) = self.raw {
            imply(layers, request, "application/json", option);
            return read_body(layers, request, text);
        }
        let Some(first) = data.first() else {
            if piped {
                request.body = Body { kind: BodyKind::Unknown, place: None, json: None };
                request.open.body = true;
                request.open.headers = true;
            }
            return;
        };
        let has_file = data.iter().any(|item| item.separator == "@");
        if self.form && (has_file || self.multipart) {
            imply(layers, request, "multipart/form-data", first.whole);
            let place = Some(first.whole);
            request.body = Body { kind: BodyKind::Multipart, place, json: None };
            data.iter().for_each(|item| add_part(request, item));
        } else if self.form {
            imply(layers, request, "application/x-www-form-urlencoded", first.whole);
            let place = Some(first.whole.end());
            request.body = Body { kind: BodyKind::Form, place, json: None };
            for item in data {
                let value = value_of(layers, item);
                let (location, whole, name) = (ParamIn::Form, item.whole, item.name);
                request.params.push(Param { location, whole, name, value, json: None });
            }
        } else if has_file && data.len() == 1 && first.name.span.is_empty() {
            // `@file` alone is the content.
            request.body = Body { kind: BodyKind::File, place: Some(first.value), json: None };
        } else {
            imply(layers, request, "application/json", first.whole);
            object::read_object(layers, request, &data);
        }
    }
}

/// The value of an item; what is in a file is not known.
fn value_of(layers: &mut Layers<'_>, item: &Item) -> Place {
    if !item.separator.ends_with('@') {
        return item.value;
    }
    let mut layer = layers.layer(Codec::Joined, item.value);
    layer.hole(item.value, HoleKind::File, Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

fn add_part(request: &mut Request, item: &Item) {
    let file = item.separator == "@";
    if !file {
        let (location, whole) = (ParamIn::Form, item.whole);
        let (name, value) = (item.name, item.value);
        request.params.push(Param { location, whole, name, value, json: None });
    }
    let part = FormPart::new(item.whole, Some(item.name), item.value);
    request.parts.push(FormPart { file, ..part });
}

/// Header fields and query parameters.
fn fields(layers: &mut Layers<'_>, request: &mut Request, items: &[Item]) {
    for item in items {
        match item.separator {
            "==" | "==@" => {
                let value = value_of(layers, item);
                let (location, whole, name) = (ParamIn::Query, item.whole, item.name);
                request.params.push(Param { location, whole, name, value, json: None });
            }
            // Without a value, the field is not sent.
            ":" if item.value.span.is_empty() => {}
            ":" | ":@" => {
                let value = value_of(layers, item);
                let length = value.span.len();
                let value = value.sub(trim(layers.text(value).as_bytes(), Span::new(0, length)));
                let (whole, name) = (item.whole, item.name);
                request.headers.push(Header { whole, name, value, implied_by: None });
            }
            _ => {}
        }
    }
}

fn imply(layers: &mut Layers<'_>, request: &mut Request, media_type: &str, by: Place) {
    if request.headers_named(layers, "content-type").next().is_none() {
        let name = layers.implied("Content-Type", by);
        let value = layers.implied(media_type, by);
        request.headers.push(Header { whole: by, name, value, implied_by: Some(by) });
    }
}

/// The URL with what may be left out: the scheme, and `localhost` before a port.
fn whole_url(layers: &mut Layers<'_>, url: Place, secure: bool) -> Place {
    let text = layers.text(url);
    let scheme = if secure { "https://" } else { "http://" };
    let (before, skip) = match text.strip_prefix(':') {
        Some(rest) if rest.starts_with("//") => (scheme.to_owned(), 3),
        Some(rest) if rest.starts_with('/') => (format!("{scheme}localhost"), 1),
        Some(_) => (format!("{scheme}localhost"), 0),
        None if secure && !has_scheme(text) && !layers.has_hole(url) => (scheme.to_owned(), 0),
        None => return url,
    };
    let mut layer = layers.layer(Codec::Joined, url);
    let start = Place::new(url.layer, Span::empty(url.span.start()));
    layer.escape(&before, start, Quote::None);
    layer.exact(url.sub(Span::new(skip, url.span.len())), Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

/// A method in capitals, as it is sent.
fn upper(layers: &mut Layers<'_>, method: Place) -> Place {
    let upper = layers.text(method).to_ascii_uppercase();
    if layers.has_hole(method) || upper == layers.text(method) {
        method
    } else {
        layers.implied(&upper, method)
    }
}
