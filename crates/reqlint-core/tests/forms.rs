//! Requests in every form that people keep them in: what is understood of each file in
//! `fixtures/forms`, with the bytes that every part was read from; and new text written back.
#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

#[path = "forms/blocks.rs"]
mod blocks;
#[path = "forms/writers.rs"]
mod writers;

use reqlint_core::encode::Chunk;
use reqlint_core::layer::Place;
use reqlint_core::model::{Dialect, Document, Header, JsonKind, Kind, Param, Request};
use reqlint_core::parse::wire::wire;
use reqlint_core::parse::{detect, parse};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Texts that are awkward in some quoting.
const NEW_TEXTS: [&str; 4] = ["new", "it's \"new\"", "a: b # c", "a\\b <c> {d} $E %F"];

/// A form with its files.
struct Form {
    name: String,
    /// Name, text and kind.
    files: Vec<(String, String, Kind)>,
}

/// The forms of `fixtures/forms`, and those of recordings, which stand in one folder.
fn forms() -> Vec<Form> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut folders = entries(&root.join("forms"));
    folders.retain(|path| path.is_dir());
    if cfg!(not(feature = "snippets")) {
        folders.retain(|path| !["javascript", "python"].contains(&name(path).as_str()));
    }
    let mut forms: Vec<Form> = folders
        .into_iter()
        .map(|folder| Form { name: name(&folder), files: fixtures(entries(&folder)) })
        .collect();
    for (form, start) in [("har", "har-"), ("access-log", "log-"), ("ndjson", "ndjson-")] {
        let mut paths = entries(&root.join("recordings"));
        paths.retain(|path| name(path).starts_with(start));
        forms.push(Form { name: form.to_owned(), files: fixtures(paths) });
    }
    forms
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("fixtures");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().expect("a file").to_string_lossy().into_owned()
}

/// Every file with its name, its text and its kind.
fn fixtures(paths: Vec<PathBuf>) -> Vec<(String, String, Kind)> {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("fixtures are UTF-8");
        let name = name(&path);
        let kind = detect(Some(&name), &text).unwrap_or_else(|| panic!("{name} has a kind"));
        (name, text, kind)
    };
    paths.into_iter().map(read).collect()
}

fn position(source: &str, at: usize) -> String {
    let line = source[..at].matches('\n').count() + 1;
    let column = source[..at].rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    format!("{line}:{column}")
}

/// Where a part stands, and the bytes there.
fn written(document: &Document<'_>, place: Place) -> String {
    let source = document.layers.source();
    let span = document.layers.root_span(place);
    let text = source.get(span.range()).expect("spans are on character boundaries");
    let shown: String = text.chars().take(60).collect();
    format!("{} {shown:?}", position(source, span.start()))
}

fn show_request(document: &Document<'_>, request: &Request) -> String {
    let sent = wire(document, request);
    let dialect = request.dialect.map_or("", Dialect::name);
    let mut shown = format!("{} {dialect}", request.kind.name());
    let _ = write!(shown, " {} {}", sent.method, sent.url);
    let span = document.layers.root_span(request.place);
    let source = document.layers.source();
    let ends = [span.start(), span.end()].map(|at| position(source, at));
    let _ = write!(shown, "\n  at {} to {}", ends[0], ends[1]);
    for (name, value, _) in &sent.headers {
        let _ = write!(shown, "\n  {name}: {value}");
    }
    for param in &request.params {
        let (name, value) = (document.text(param.name), document.text(param.value));
        let at = written(document, param.whole);
        let _ = write!(shown, "\n  {:?} {name} = {value} <- {at}", param.location);
    }
    if let Some(body) = &sent.body {
        let _ = write!(shown, "\n  body {:?}", String::from_utf8_lossy(body));
    }
    for finding in &request.findings {
        let at = written(document, finding.place);
        let _ = write!(shown, "\n  ! {} {at}", finding.kind.name());
    }
    let exchange = request.exchange.iter().flat_map(|exchange| &exchange.responses);
    for response in exchange {
        let status = response.status.map_or(0, |status| status.code);
        let at = written(document, response.place);
        let _ = write!(shown, "\n  response {status} {} {at}", response.body.kind.name());
    }
    if !sent.complete {
        shown.push_str("\n  not all of it is known");
    }
    shown
}

fn show(text: &str, kind: Kind) -> String {
    let document = parse(text, kind);
    let mut shown = kind.name().to_owned();
    for request in &document.requests {
        let _ = write!(shown, "\n{}", show_request(&document, request));
    }
    for finding in &document.findings {
        let at = written(&document, finding.place);
        let _ = write!(shown, "\n! {} {at}", finding.kind.name());
    }
    shown
}

#[test]
fn forms_are_understood() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _guard = settings.bind_to_scope();
    for form in forms() {
        assert!(form.files.len() >= 12, "{} has at least 12 files", form.name);
        let shown =
            form.files.iter().map(|(name, text, kind)| format!("== {name}: {}", show(text, *kind)));
        let shown = shown.collect::<Vec<_>>().join("\n\n");
        insta::assert_snapshot!(format!("forms-{}", form.name), shown);
    }
}

/// Whether a field is written out, and another value of it changes nothing else.
fn is_plain(document: &Document<'_>, field: &Header) -> bool {
    let name = document.text(field.name);
    field.implied_by.is_none() && !name.eq_ignore_ascii_case("content-type")
}

/// Whether a value is a text that is written out.
fn is_text(param: &Param) -> bool {
    param.json.is_none_or(|kind| kind == JsonKind::String)
}

/// The texts of all values of a document, holes as they are written.
fn values(document: &Document<'_>) -> Vec<Vec<(String, String)>> {
    let text = |place| document.text(place).to_owned();
    let pairs = document.requests.iter().map(|request| {
        let params = request
            .params
            .iter()
            .filter(|param| is_text(param))
            .map(|param| (text(param.name), text(param.value)));
        let headers = request
            .headers
            .iter()
            .filter(|field| is_plain(document, field))
            .map(|field| (text(field.name), text(field.value)));
        params.chain(headers).collect()
    });
    pairs.collect()
}

/// The places of the same values.
fn places(document: &Document<'_>) -> Vec<Vec<Place>> {
    let of = |request: &Request| {
        let params = request.params.iter().filter(|param| is_text(param)).map(|param| param.value);
        let written = request.headers.iter().filter(|field| is_plain(document, field));
        params.chain(written.map(|field| field.value)).collect()
    };
    document.requests.iter().map(of).collect()
}

/// What is written into a value is read from it again, and nothing else changes; or it is refused.
#[test]
fn new_values_are_written_back() {
    let mut broken = Vec::new();
    let (mut written, mut refused) = (0, 0);
    for form in forms() {
        // What was recorded is not written over.
        if ["har", "access-log", "ndjson"].contains(&form.name.as_str()) {
            continue;
        }
        for (name, text, kind) in form.files.into_iter().filter(|one| one.0 != SAVED) {
            let document = parse(&text, kind);
            let before = values(&document);
            for (request, places) in places(&document).into_iter().enumerate() {
                for (index, place) in places.into_iter().enumerate() {
                    for new in NEW_TEXTS {
                        let Ok(edit) = document.layers.encode(place, &Chunk::text(new)) else {
                            refused += 1;
                            continue;
                        };
                        written += 1;
                        let mut fixed = text.clone();
                        fixed.replace_range(edit.span.range(), &edit.text);
                        let after = values(&parse(&fixed, kind));
                        let mut expected = before.clone();
                        expected[request][index].1 = new.to_owned();
                        if after != expected && !is_elsewhere(&before, &after, request) {
                            let shown = &before[request][index].0;
                            broken.push(format!("{name}: `{shown}` becomes {new:?}:\n{fixed}"));
                        }
                    }
                }
            }
        }
    }
    assert!(written > refused, "{written} written, {refused} refused");
    assert!(broken.is_empty(), "{} of {written}:\n{}", broken.len(), broken.join("\n---\n"));
}

/// Where the request and what it was saved with part ways, there is one request more.
const SAVED: &str = "saved-responses.json";

/// Whether only values of other requests or of the same text changed along: a value that several
/// requests share is written once.
fn is_elsewhere(
    before: &[Vec<(String, String)>],
    after: &[Vec<(String, String)>],
    request: usize,
) -> bool {
    let names = |all: &[Vec<(String, String)>]| {
        let of = |one: &Vec<(String, String)>| one.iter().map(|(name, _)| name.clone()).collect();
        all.iter().map(of).collect::<Vec<Vec<String>>>()
    };
    names(before) == names(after) && before.get(request) != after.get(request)
}

/// The head of one text with the tail of another: what is understood of it, stands in it.
#[test]
fn spliced_texts_are_read() {
    for form in forms() {
        let texts = form.files;
        for (index, (_, head, kind)) in texts.iter().enumerate() {
            for offset in [1, 5] {
                let tail = &texts[(index + offset) % texts.len()].1;
                for (cut, rest) in [(2, 1), (3, 2), (1, 3)] {
                    let head = &head[..head.floor_char_boundary(head.len() * cut / 4)];
                    let tail = &tail[tail.floor_char_boundary(tail.len() * rest / 4)..];
                    let text = format!("{head}{tail}");
                    show(&text, *kind);
                }
            }
        }
    }
}
