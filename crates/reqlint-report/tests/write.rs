//! Requests that are written out and read again are the same on the wire.

use reqlint_core::check::Offset;
use reqlint_core::model::{BodyKind, Document, Kind};
use reqlint_core::parse::wire::{WireRequest, wire};
use reqlint_core::parse::{detect, parse};
use reqlint_report::Report;
use reqlint_report::model::Parsed;
use reqlint_report::write::{Form, write_requests};
use std::path::Path;

fn fixtures() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut texts = Vec::new();
    for folder in ["ok", "bad", "wire"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("fixtures") {
            let path = entry.expect("a readable folder").path();
            if let Ok(text) = std::fs::read_to_string(&path) {
                texts.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    texts.sort();
    texts
}

/// The written text; none where something was said to be left out.
fn write(document: &Document<'_>, form: Form) -> Option<String> {
    let text = document.layers.source();
    let report = Report {
        path: "x",
        text,
        secrets: &[],
        requests: &[],
        diagnostics: &[],
        offset: Offset::default(),
    };
    let mut out = Vec::new();
    let notes = write_requests(&mut out, &[Parsed { document, report }], form, true)
        .expect("writing to memory");
    notes.is_empty().then(|| String::from_utf8(out).expect("outputs are UTF-8"))
}

fn wires(document: &Document<'_>) -> Vec<WireRequest> {
    document.requests.iter().map(|request| wire(document, request)).collect()
}

/// Method, URL, fields and content.
type Shape = (String, String, Vec<(String, String)>, Option<Vec<u8>>);

/// What is compared: not whether a field is implied, nor what is not known.
fn shape(wire: &WireRequest) -> Shape {
    let headers = wire.headers.iter().map(|(name, value, _)| (name.clone(), value.clone()));
    (wire.method.clone(), wire.url.clone(), headers.collect(), wire.body.clone())
}

/// Whether every part of the requests can be written.
fn can_be_written(document: &Document<'_>, wires: &[WireRequest]) -> bool {
    let known =
        |kind| matches!(kind, BodyKind::None | BodyKind::Json | BodyKind::Form | BodyKind::Text);
    document.requests.iter().all(|request| {
        known(request.body.kind) && request.findings.is_empty() && !request.open.headers
    }) && !wires.is_empty()
        && document.findings.is_empty()
}

#[test]
fn what_is_written_is_read_as_the_same_request() {
    let mut differences = Vec::new();
    let mut compared = 0;
    for (name, text) in fixtures() {
        let kind = detect(name.rsplit('/').next(), &text).unwrap_or(Kind::Shell);
        let document = parse(&text, kind);
        let sent = wires(&document);
        if !can_be_written(&document, &sent) {
            continue;
        }
        let complete = sent.iter().all(|wire| wire.complete);
        for (form, again) in
            [(Form::Curl, Kind::Shell), (Form::Http, Kind::Http), (Form::Json, Kind::Json)]
        {
            if form != Form::Curl && !complete {
                continue; // variables are written in another notation
            }
            let Some(written) = write(&document, form) else { continue };
            compared += 1;
            let second = parse(&written, again);
            let (one, two): (Vec<_>, Vec<_>) =
                (sent.iter().map(shape).collect(), wires(&second).iter().map(shape).collect());
            if one != two {
                differences.push(format!("{name} as {form:?}:\n{written}\n{one:?}\n{two:?}\n"));
            }
        }
    }
    assert!(compared > 300, "only {compared} were compared");
    assert!(
        differences.is_empty(),
        "{} of {compared}:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
