//! One request in every form: the same normalized model, the same findings, the same fingerprints.
//! The table is `fixtures/same`: a new form is a file of it, and each kind and each way to write a
//! request must be there.
#![cfg(feature = "snippets")]
#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

mod packs;

use reqlint_core::check::Checker;
use reqlint_core::model::{Kind, RequestKind};
use reqlint_core::parse::wire::wire;
use reqlint_core::parse::{detect, parse};
use std::path::Path;

/// The files of a folder: name, kind by detection, text.
fn files(folder: &str) -> Vec<(String, Kind, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/same").join(folder);
    let entries = std::fs::read_dir(folder).expect("fixtures");
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("a readable folder").path();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("fixtures are UTF-8");
        let kind = detect(Some(&name), &text).unwrap_or_else(|| panic!("{name} has a kind"));
        (name, kind, text)
    };
    let mut files: Vec<_> = entries.map(read).collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    files
}

/// What is said about the query or the body, which every form has; and what is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    method: String,
    path: String,
    params: Vec<(String, String)>,
    findings: Vec<(String, String, Option<String>)>,
}

/// What is understood of a text that holds one request, how that is written, and whether it may have
/// more parameters; else how many requests there are.
fn see(checker: &Checker, kind: Kind, text: &str) -> Result<(Seen, RequestKind, bool), usize> {
    let document = parse(text, kind);
    let [request] = document.requests.as_slice() else { return Err(document.requests.len()) };
    let sent = wire(&document, request);
    let param = |place| document.text(place).to_owned();
    let params = request.params.iter().map(|one| (param(one.name), param(one.value)));
    let mut params: Vec<(String, String)> = params.collect();
    params.sort();
    let diagnostics = checker.check(&document);
    let findings = diagnostics.into_iter().map(|one| (one.rule, one.message, one.fingerprint));
    let mut findings: Vec<_> = findings.collect();
    findings.sort();
    let path = param(request.url.path);
    let seen = Seen { method: sent.method, path, params, findings };
    Ok((seen, request.kind, request.open.query))
}

/// Reads all files of a folder; the first finds what all must find. The answer is the kinds that
/// were among them.
fn assert_all_alike(folder: &str, rules: &[&str]) -> (Vec<Kind>, Vec<RequestKind>) {
    // A log line has no header, so rules about the key are left out here.
    let checker = Checker::new(packs::built_in(), |rule| rules.contains(&&*rule.id));
    let files = files(folder);
    let curl = files.iter().find(|(name, ..)| name == "curl.sh").expect("it is there");
    let (first, ..) = see(&checker, curl.1, &curl.2).expect("curl.sh has one request");
    let found: Vec<&str> = first.findings.iter().map(|(rule, ..)| rule.as_str()).collect();
    assert_eq!(found, rules, "curl finds all");
    assert!(first.findings.iter().all(|(.., print)| print.is_some()));
    let mut written = Vec::new();
    let mut broken = Vec::new();
    for (name, kind, text) in &files {
        let (seen, request, is_open) = match see(&checker, *kind, text) {
            Ok(seen) => seen,
            Err(count) => {
                broken.push(format!("{name}: {count} requests"));
                continue;
            }
        };
        written.push(request);
        let mut expected = first.clone();
        // An example or a program does not say all that is sent, so less is certain.
        if is_open && seen.findings.iter().all(|one| first.findings.contains(one)) {
            expected.findings.clone_from(&seen.findings);
        }
        if seen != expected {
            broken.push(format!("{name}: {seen:#?}"));
        }
    }
    assert!(broken.is_empty(), "{}\nexpected {first:#?}", broken.join("\n"));
    (files.into_iter().map(|(_, kind, _)| kind).collect(), written)
}

#[test]
fn a_get_is_the_same_in_every_form() {
    let (kinds, written) = assert_all_alike("get", &["missing-country", "mixed-time-params"]);
    let lacking = Kind::ALL.iter().filter(|kind| !kinds.contains(kind));
    // What is pasted is never a file.
    let lacking: Vec<&Kind> = lacking.filter(|kind| **kind != Kind::Transcript).collect();
    assert!(lacking.is_empty(), "no file of `fixtures/same/get` is {lacking:?}");
    let lacking = RequestKind::ALL.iter().filter(|kind| !written.contains(kind));
    assert_eq!(lacking.count(), 0, "{written:?}");
}

#[test]
fn a_post_is_the_same_in_every_form() {
    assert_all_alike("post", &["mixed-time-params"]);
}

/// Findings that differ in rule, request or place differ in their fingerprints; a secret, a line
/// and a header that forms differ in change nothing.
#[test]
fn a_fingerprint_tells_what_matters() {
    let checker = Checker::new(packs::built_in(), |rule| rule.id == "mixed-time-params");
    let print = |text: &str| {
        let found = checker.check(&parse(text, Kind::Shell));
        found[0].fingerprint.clone().expect("it is about a request")
    };
    let url =
        "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?country=US&period=30d";
    let one = print(&format!("curl '{url}&start_date=2026-01-01'"));
    let same = [
        format!("\n\n  curl -s '{url}&start_date=2026-01-01' | jq ."),
        format!("curl -H 'X-API-Key: wh_0123456789' '{url}&start_date=2026-01-01'"),
        format!("curl -G '{}' -d country=US -d period=30d -d start_date=2026-01-01", &url[..65]),
    ];
    for text in &same {
        assert_eq!(print(text), one, "{text}");
    }
    for other in ["&start_date=2026-01-02", "&end_date=2026-01-01", "&start_date=2026-01-01&page=2"]
    {
        assert_ne!(print(&format!("curl '{url}{other}'")), one, "{other}");
    }
}
