//! Fixes keep their promises on every fixture and every example: the fixed text parses, its
//! diagnostic is gone, and nothing that was right becomes wrong.
#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

mod packs;

use reqlint_core::apply::fix_text;
use reqlint_core::check::Checker;
use reqlint_core::check::examples::{Verdict, test_rule};
use reqlint_core::diagnostic::{Diagnostic, Fix, Safety, Severity};
use reqlint_core::encode::{Chunk, write_word};
use reqlint_core::model::{Dialect, Document, FindingKind, Kind};
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
    for folder in ["bad", "ok", "dialects", "forms", "winninghunter"] {
        read_all(&fixtures().join(folder), &mut texts);
    }
    texts.sort();
    texts
}

/// Every fourth text; all of them where `REQLINT_TEST_FIXES` is set, which takes minutes.
fn some_texts() -> impl Iterator<Item = (String, String)> {
    let every = if std::env::var_os("REQLINT_TEST_FIXES").is_some() { 1 } else { 4 };
    texts().into_iter().step_by(every)
}

fn read_all(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            read_all(&path, texts);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            texts.push((path.file_name().expect("a file").to_string_lossy().into_owned(), text));
        }
    }
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
    for (name, text) in some_texts() {
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

/// A command in another language: its words, and whether that has a notation for them.
fn in_dialect(words: &[String], dialect: Dialect) -> Option<String> {
    let quoted = words.iter().enumerate().map(|(number, word)| match (dialect, number) {
        (Dialect::Cmd | Dialect::PowerShell, 0) => Some("curl.exe".to_owned()),
        _ => write_word(dialect, &Chunk::text(word.clone())),
    });
    let quoted: Vec<String> = quoted.collect::<Option<_>>()?;
    Some(match dialect {
        Dialect::Argv => format!("[{}]", quoted.join(", ")),
        _ => quoted.join(" "),
    })
}

/// The words of a command for bash without anything that bash expands.
fn plain_words(text: &str) -> Option<Vec<String>> {
    let text = text.trim_end();
    let special = |c: char| "$`<>|;&(){}*?[]!#~".contains(c);
    let unquoted: String = {
        let mut quote = None;
        text.chars()
            .filter(|c| {
                match (quote, c) {
                    (None, '\'' | '"') => quote = Some(*c),
                    (Some(open), c) if open == *c => quote = None,
                    (None, _) => return true,
                    _ => {}
                }
                false
            })
            .collect()
    };
    let is_plain = text.starts_with("curl ")
        && !text.contains(['\\', '\n', '$', '`'])
        && !text.contains("{{")
        && !unquoted.contains(special);
    if !is_plain {
        return None;
    }
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().expect("there is one").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    Some(words)
}

/// A request is the same in every language, so its fixes must be the same.
#[test]
fn fixes_are_the_same_in_every_dialect() {
    let checker = Checker::new(packs::built_in(), |_| true);
    let (mut compared, mut broken) = (0, Vec::new());
    for (name, text) in some_texts() {
        let text = text.replace("$ORIGIN", "https://app.winninghunter.com").replace("\"$K\"", "k");
        let Some(words) = plain_words(&text) else { continue };
        let sent = |text: &str, kind: Kind| {
            let document = parse(text, kind);
            let requests = document.requests.iter().map(|request| wire(&document, request));
            let requests = requests.map(|wire| (wire.method, wire.url, wire.headers, wire.body));
            requests.collect::<Vec<_>>()
        };
        for fix in check(&checker, &text, Kind::Shell).iter().flat_map(|found| &found.fixes) {
            // A variable has a notation in each language.
            if fix.edits.iter().any(|edit| edit.text.contains('$')) {
                continue;
            }
            let expected = sent(&fix.apply(&text), Kind::Shell);
            let dialects = [
                (Dialect::Cmd, Kind::Cmd),
                (Dialect::PowerShell, Kind::PowerShell),
                (Dialect::Fish, Kind::Fish),
                (Dialect::Argv, Kind::Json),
            ];
            for (dialect, kind) in dialects {
                let Some(other) = in_dialect(&words, dialect) else { continue };
                // Some mistakes are those of one language.
                let own = parse(&text, Kind::Shell);
                let findings = own.requests.iter().flat_map(|request| &request.findings);
                let all = FindingKind::OptionWithEquals;
                if findings.clone().any(|finding| finding.kind != all)
                    || sent(&other, kind) != sent(&text, Kind::Shell)
                {
                    continue;
                }
                let found = check(&checker, &other, kind);
                let same =
                    found.iter().flat_map(|found| &found.fixes).find(|one| one.title == fix.title);
                compared += 1;
                match same.map(|same| same.apply(&other)) {
                    Some(fixed) if sent(&fixed, kind) == expected => {}
                    Some(fixed) => {
                        broken.push(format!("{name}: `{}`:\n{other}\n{fixed}", fix.title))
                    }
                    // How a program gets a double quote depends on the version of PowerShell.
                    None if dialect == Dialect::PowerShell
                        && fix.edits.iter().any(|edit| edit.text.contains('"')) => {}
                    None => broken.push(format!("{name}: no `{}` in {other}", fix.title)),
                }
            }
        }
    }
    assert!(broken.is_empty(), "{} of {compared}:\n{}", broken.len(), broken.join("\n"));
    assert!(compared > 10, "only {compared} were compared");
}

#[test]
fn fixing_twice_is_fixing_once() {
    let checker = Checker::new(packs::built_in(), |_| true);
    let all = |document: &Document<'_>| checker.check(document);
    let mut broken = Vec::new();
    for (name, text) in some_texts() {
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
