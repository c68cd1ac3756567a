//! Fixes keep their promises on every fixture and every example: the fixed text parses, its
//! diagnostic is gone, and nothing that was right becomes wrong.
#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

mod packs;

use reqlint_core::apply::fix_text;
use reqlint_core::check::Checker;
use reqlint_core::check::examples::{Verdict, test_rule};
use reqlint_core::diagnostic::{Diagnostic, Fix, Safety, Severity};
use reqlint_core::model::{Document, Kind};
use reqlint_core::parse::wire::wire;
use reqlint_core::parse::{detect, parse};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for documented in packs::documented() {
        for page in documented.pages {
            for (number, example) in page.examples.into_iter().enumerate() {
                texts.push((format!("{} #{}", page.id, number + 1), example.text));
            }
        }
    }
    for folder in ["bad", "ok", "dialects"] {
        for entry in std::fs::read_dir(fixtures().join(folder)).expect("fixtures") {
            let path = entry.expect("a readable folder").path();
            if let Ok(text) = std::fs::read_to_string(&path) {
                texts
                    .push((path.file_name().expect("a file").to_string_lossy().into_owned(), text));
            }
        }
    }
    texts.sort();
    texts
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn kind_of(name: &str, text: &str) -> Kind {
    let file = name.contains('.').then_some(name);
    detect(file, text).unwrap_or(Kind::Shell)
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
fn every_edit_comes_out_in_every_form() {
    let edits = packs::read_folder(&fixtures().join("fixes"));
    let checker = Checker::new(vec![edits.pack], |_| true);
    let mut failures = Vec::new();
    for page in &edits.pages {
        for (number, example) in test_rule(&checker, page).examples.iter().enumerate() {
            if example.verdict != Verdict::Validated {
                let text = &page.examples[number].text;
                let differences = example.differences.join("\n    ");
                failures.push(format!("{} #{}: {text}\n    {differences}", page.id, number + 1));
            }
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn fixed_texts_lose_their_diagnostic_and_gain_none() {
    let checker = Checker::new(packs::built_in(), |_| true);
    let mut broken = Vec::new();
    let mut fixes = 0;
    for (name, text) in texts() {
        let kind = kind_of(&name, &text);
        let before = check(&checker, &text, kind);
        for (diagnostic, fix) in
            before.iter().flat_map(|one| one.fixes.iter().map(move |f| (one, f)))
        {
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
            if fix.safety == Safety::Safe {
                broken.extend(changed_too_much(&name, diagnostic, fix, &text, &fixed, kind));
            }
        }
    }
    assert!(broken.is_empty(), "{} of {fixes}:\n{}", broken.len(), broken.join("\n"));
}

/// What a safe fix changed in requests beside the one part that it names.
fn changed_too_much(
    name: &str,
    diagnostic: &Diagnostic,
    fix: &Fix,
    text: &str,
    fixed: &str,
    kind: Kind,
) -> Option<String> {
    let (before, after) = (parse(text, kind), parse(fixed, kind));
    // A mend of damaged text makes another request of it: that is what it is for.
    let damaged = |document: &Document<'_>| {
        let findings = document.requests.iter().map(|request| request.findings.len());
        findings.sum::<usize>() + document.findings.len()
    };
    if damaged(&before) > 0 || before.requests.len() != after.requests.len() {
        return None;
    }
    let requests = before.requests.iter().zip(&after.requests);
    let changed: usize = requests
        .map(|(old, new)| {
            let (old, new) = (wire(&before, old), wire(&after, new));
            let split = |url: &str| {
                let (path, query) = url.split_once('?').unwrap_or((url, ""));
                (path.to_owned(), query.to_owned())
            };
            let ((old_path, old_query), (new_path, new_query)) = (split(&old.url), split(&new.url));
            let fields = |headers: &[(String, String, bool)]| {
                headers
                    .iter()
                    .map(|(name, value, _)| (name.clone(), value.clone()))
                    .collect::<Vec<_>>()
            };
            usize::from(old.method != new.method)
                + usize::from(old_path != new_path)
                + usize::from(old_query != new_query)
                + usize::from(fields(&old.headers) != fields(&new.headers))
                + usize::from(old.body != new.body)
        })
        .sum();
    let what = format!("{name}: the safe fix `{}` of {} changes", fix.title, diagnostic.rule);
    match changed {
        // A fragment is not sent.
        0 | 1 => None,
        more => Some(format!("{what} {more} parts:\n{fixed}")),
    }
}

#[test]
fn fixing_twice_is_fixing_once() {
    let checker = Checker::new(packs::built_in(), |_| true);
    let all = |document: &Document<'_>| checker.check(document);
    let mut broken = Vec::new();
    for (name, text) in texts() {
        let kind = kind_of(&name, &text);
        for most in [Safety::Safe, Safety::Unsafe] {
            let fixed = match fix_text(&text, kind, most, &all) {
                Ok(fixed) => fixed,
                Err(refused) => {
                    broken.push(format!("{name}: {refused:?}"));
                    continue;
                }
            };
            if fixed.unfinished {
                broken.push(format!("{name}: does not end:\n{}", fixed.text));
            }
            let again = fix_text(&fixed.text, kind, most, &all);
            if again.as_ref().map(|again| &again.text) != Ok(&fixed.text) {
                broken.push(format!("{name}: {again:?} after\n{}", fixed.text));
            }
        }
    }
    assert!(broken.is_empty(), "{}:\n{}", broken.len(), broken.join("\n"));
}
