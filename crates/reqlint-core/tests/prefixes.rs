//! Truncated input is normal input: every prefix of every fixture is parsed, as every kind that
//! it could be taken for, and checked.
#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

mod packs;

use reqlint_core::check::Checker;
use reqlint_core::explain::Explainer;
use reqlint_core::model::{Document, Kind, Response};
use reqlint_core::parse::wire::wire;
use reqlint_core::parse::{detect, parse};
use reqlint_core::span::Span;
use std::path::{Path, PathBuf};

fn fixtures() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut folders: Vec<PathBuf> =
        ["ok", "bad", "dialects", "recordings"].iter().map(|folder| root.join(folder)).collect();
    let forms = std::fs::read_dir(root.join("forms")).expect("fixtures");
    folders.extend(forms.map(|entry| entry.expect("a readable folder").path()));
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("fixtures"));
    let mut texts: Vec<(String, String)> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter_map(|path| {
            Some((path.to_string_lossy().into_owned(), std::fs::read_to_string(path).ok()?))
        })
        .collect();
    texts.sort();
    texts
}

fn assert_spans_hold(document: &Document<'_>, source: &str) {
    let hold =
        |span: Span| source.is_char_boundary(span.start()) && source.is_char_boundary(span.end());
    let places = document.requests.iter().flat_map(|request| {
        let params = request.params.iter().flat_map(|param| [param.whole, param.name, param.value]);
        let headers =
            request.headers.iter().flat_map(|field| [field.whole, field.name, field.value]);
        let findings = request.findings.iter().map(|finding| finding.place);
        let own = [request.place, request.url.whole, request.url.path, request.method.name];
        let exchange = request.exchange.iter().flat_map(|exchange| {
            let failure = exchange.failure.map(|failure| failure.place);
            let of_response = |response: &Response| {
                let fields = response.headers.iter().flat_map(|field| [field.name, field.value]);
                let status = response.status.map(|status| status.place);
                let own = [response.place].into_iter().chain(response.body.place);
                fields.chain(status).chain(own).collect::<Vec<_>>()
            };
            exchange.responses.iter().flat_map(of_response).chain(failure).chain(exchange.command)
        });
        params.chain(headers).chain(findings).chain(own).chain(request.body.place).chain(exchange)
    });
    for place in places.chain(document.findings.iter().map(|finding| finding.place)) {
        let span = document.layers.root_span(place);
        assert!(hold(span), "{span:?} cuts a character of {source:?}");
    }
}

/// Prefixes of a text; `EVERY_PREFIX=1` takes each of them.
const MOST: usize = 2000;

#[test]
fn every_prefix_of_every_fixture_is_parsed() {
    let checker = Checker::new(packs::built_in(), |_| true);
    for (path, text) in fixtures() {
        let name = path.rsplit('/').next();
        let kind = detect(name, &text).unwrap_or(Kind::Shell);
        // The rules see the same model whatever form it was read from.
        let step = if path.contains("/forms/") || path.contains("/recordings/") { 16 } else { 1 };
        // Of a long recording only so many.
        let every =
            if std::env::var_os("EVERY_PREFIX").is_some() { 1 } else { text.len() / MOST + 1 };
        let ends = text.char_indices().step_by(every).chain([(text.len(), ' ')]);
        for (number, (end, _)) in ends.enumerate() {
            let prefix = &text[..end];
            let document = parse(prefix, kind);
            assert_spans_hold(&document, prefix);
            if number % step > 0 {
                continue;
            }
            for found in checker.check(&document) {
                for label in &found.labels {
                    assert!(prefix.get(label.span.range()).is_some(), "{path} at {end}");
                }
            }
        }
    }
}

#[test]
fn every_fixture_can_be_read_as_every_kind() {
    for (_, text) in fixtures() {
        for kind in Kind::ALL {
            assert_spans_hold(&parse(&text, *kind), &text);
        }
    }
}

/// Every so many bytes of a pasted exchange; `EVERY_PREFIX=1` takes each of them.
const STEP: usize = 11;

#[test]
fn every_prefix_of_a_pasted_exchange_is_explained() {
    let step = if std::env::var_os("EVERY_PREFIX").is_some() { 1 } else { STEP };
    let explainer = Explainer::new(packs::documented());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/explain");
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let path = entry.expect("a readable folder").path();
        let text = std::fs::read_to_string(path).expect("a text").replace("%%\n", "");
        for (end, _) in text.char_indices().step_by(step).chain([(text.len(), ' ')]) {
            let document = parse(&text[..end], Kind::Transcript);
            assert_spans_hold(&document, &text[..end]);
            if end % (7 * step) == 0 || end == text.len() {
                explainer.explain(&document);
            }
        }
    }
}

/// The manifest of the fuzz targets, with one for each form.
fn fuzz_manifest() -> String {
    let head = r#"# Written by the test `every_form_has_a_fuzz_target`, with WRITE_TABLES=1.
[package]
name = "reqlint-fuzz"
version = "0.0.0"
edition = "2024"
publish = false

# Not of the workspace around it: it needs a compiler that measures coverage.
[workspace]

[package.metadata]
cargo-fuzz = true

[dependencies]
libfuzzer-sys = "0.4"
reqlint-core = { path = "..", features = ["snippets"] }

[profile.release]
debug = "line-tables-only"
"#;
    let names = Kind::ALL.iter().map(|kind| kind.name()).chain(["detect"]);
    let target = |name: &str| {
        format!(
            "\n[[bin]]\nname = \"{name}\"\npath = \"src/form.rs\"\ntest = false\ndoc = false\nbench = false\n"
        )
    };
    head.to_owned() + &names.map(target).collect::<String>()
}

#[test]
fn every_form_has_a_fuzz_target() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml");
    let manifest = fuzz_manifest();
    if std::env::var_os("WRITE_TABLES").is_some() {
        std::fs::write(&path, &manifest).expect("our own folder");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, manifest, "WRITE_TABLES=1 writes it");
}

/// What makes trouble where it is put into other texts.
const TROUBLE: [&str; 24] = [
    "\"", "'", "`", "\\", "{{", "}}", "${", "$(", "}", "]", "[", "\n", "\r\n", "\u{feff}",
    "\u{a0}", "é", "🛒", "<<E\n", "###\n", "%", "&", "?", "```", "\0",
];

/// Texts that were cut, doubled and put together at random; `MUTATIONS` says how many.
#[test]
fn mutated_texts_are_read() {
    let runs = std::env::var("MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(400);
    let mut fixtures = fixtures();
    fixtures.retain(|(_, text)| text.len() < 20_000);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap_or(0)
    };
    for _ in 0..runs {
        let (path, text) = &fixtures[random(fixtures.len())];
        let kind = match random(4) {
            0 => Kind::ALL[random(Kind::ALL.len())],
            _ => detect(path.rsplit('/').next(), text).unwrap_or(Kind::Shell),
        };
        let mut text = text.clone();
        for _ in 0..=random(4) {
            let from = text.floor_char_boundary(random(text.len() + 1));
            let to = text.ceil_char_boundary((from + random(60)).min(text.len()));
            match random(4) {
                0 => text.replace_range(from..to, ""),
                1 => {
                    let again = text[from..to].to_owned();
                    text.insert_str(from, &again);
                }
                2 => text.insert_str(from, TROUBLE[random(TROUBLE.len())]),
                _ => {
                    let (_, other) = &fixtures[random(fixtures.len())];
                    let at = other.floor_char_boundary(random(other.len() + 1));
                    text.replace_range(from.., &other[at..]);
                }
            }
        }
        let document = parse(&text, kind);
        assert_spans_hold(&document, &text);
        for request in &document.requests {
            wire(&document, request);
        }
    }
}
