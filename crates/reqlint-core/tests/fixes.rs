//! Fixes keep their promises on every fixture and every example: the fixed text parses, its
//! diagnostic is gone, and nothing that was right becomes wrong.
#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

mod packs;

use reqlint_core::check::Checker;
use reqlint_core::diagnostic::{Diagnostic, Severity};
use reqlint_core::model::Kind;
use reqlint_core::parse::{detect, parse};
use std::collections::BTreeMap;
use std::path::Path;

fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for documented in packs::documented() {
        for page in documented.pages {
            for (number, example) in page.examples.into_iter().enumerate() {
                texts.push((format!("{} #{}", page.id, number + 1), example.text));
            }
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/bad");
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let path = entry.expect("a readable folder").path();
        if let Ok(text) = std::fs::read_to_string(&path) {
            texts.push((path.file_name().expect("a file").to_string_lossy().into_owned(), text));
        }
    }
    texts.sort();
    texts
}

fn check(checker: &Checker, text: &str, kind: Kind) -> Vec<Diagnostic> {
    checker.check(&parse(text, kind))
}

/// How often each rule reports; infos aside.
fn counts(found: &[Diagnostic]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for diagnostic in found.iter().filter(|found| found.severity > Severity::Info) {
        *counts.entry(diagnostic.rule.clone()).or_default() += 1;
    }
    counts
}

#[test]
fn fixed_texts_lose_their_diagnostic_and_gain_none() {
    let checker = Checker::new(packs::built_in(), |_| true);
    let mut broken = Vec::new();
    let mut fixes = 0;
    for (name, text) in texts() {
        let file = name.contains('.').then_some(name.as_str());
        let kind = detect(file, &text).unwrap_or(Kind::Shell);
        let before = check(&checker, &text, kind);
        for diagnostic in &before {
            let Some(fix) = diagnostic.fixes.first() else { continue };
            fixes += 1;
            let fixed = fix.apply(&text);
            let after = check(&checker, &fixed, kind);
            let mut allowed = counts(&before);
            let own = allowed.entry(diagnostic.rule.clone()).or_insert(1);
            *own = own.saturating_sub(1);
            for (rule, count) in counts(&after) {
                if count > allowed.get(&rule).copied().unwrap_or_default() {
                    broken.push(format!("{name}: `{}` leaves {rule}:\n{fixed}", fix.title));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{} of {fixes}:\n{}", broken.len(), broken.join("\n"));
}
