//! Lines of recordings that are known are not read again, and what is said stays the same.

#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

use crate::packs::built_in;
use reqlint_core::check::{CheckedPart, Checker, Silence};
use reqlint_core::model::Kind;
use std::path::Path;

/// The lines of all recordings, and of all other lists of records.
fn recorded() -> Vec<(Kind, String)> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut found = Vec::new();
    for folder in ["recordings", "ok", "bad", "winninghunter/ok", "winninghunter/bad"] {
        let entries = std::fs::read_dir(fixtures.join(folder)).expect("a folder of fixtures");
        for path in entries.map(|entry| entry.expect("readable").path()) {
            let kind = match path.extension().and_then(|ending| ending.to_str()) {
                Some("ndjson") => Kind::Ndjson,
                Some("log") => Kind::AccessLog,
                _ => continue,
            };
            found.push((kind, std::fs::read_to_string(&path).expect("readable")));
        }
    }
    found.sort_by(|one, two| one.1.cmp(&two.1));
    found
}

fn check(checker: &Checker, text: &str, kind: Kind, silence: &Silence) -> String {
    let CheckedPart { requests, diagnostics, sightings, .. } =
        checker.check_part(text, kind, &|_| true, silence);
    format!("{requests:?}\n{diagnostics:#?}\n{sightings:?}")
}

/// The same records, as another client would have sent them at another time.
fn again(line: &str, kind: Kind, number: usize) -> String {
    match kind {
        Kind::Ndjson => line
            .replacen('{', &format!("{{\"trace\": {{\"id\": [{number}, \"\\u00e4\"]}},"), 1)
            .replace("Mozilla/5.0", &format!("Agent/{number}")),
        _ => line.replacen("127.0.0.1", &format!("10.0.0.{number}"), 1).replace("Mozilla", "Agent"),
    }
}

#[test]
fn a_line_that_is_known_says_the_same() {
    let checker = Checker::new(built_in(), |_| true);
    let mut known = 0;
    for (kind, text) in recorded() {
        let silence = Silence::new(&checker);
        let version = |number: usize| {
            let lines = text.lines().map(|line| again(line, kind, number));
            lines.collect::<Vec<_>>().join("\n")
        };
        check(&checker, &version(1), kind, &silence);
        known += silence.len();
        let before = silence.len();
        for number in [2, 40_000] {
            let text = version(number);
            let fresh = check(&checker, &text, kind, &Silence::new(&checker));
            assert_eq!(check(&checker, &text, kind, &silence), fresh, "{text}");
        }
        assert_eq!(silence.len(), before, "nothing of it is new:\n{text}");
    }
    assert!(known > 50, "most lines have nothing bad: {known}");
}

#[test]
fn a_damaged_line_is_never_taken_for_one_that_is_known() {
    let checker = Checker::new(built_in(), |_| true);
    let runs = std::env::var("PROPERTY_RUNS").ok().and_then(|runs| runs.parse().ok());
    let runs: usize = runs.unwrap_or(200);
    let lines: Vec<(Kind, String)> = recorded()
        .iter()
        .flat_map(|(kind, text)| text.lines().map(|line| (*kind, line.to_owned())))
        .collect();
    let silence = Silence::new(&checker);
    for (kind, line) in &lines {
        check(&checker, line, *kind, &silence);
    }
    let mut random = 7_usize;
    let mut next = |below: usize| {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for _ in 0..runs {
        let (kind, line) = &lines[next(lines.len())];
        let mut chars: Vec<char> = line.chars().collect();
        for _ in 0..=next(2) {
            let at = next(chars.len().max(1));
            let new =
                ['"', '\\', '{', '}', '[', ']', ',', ':', 'x', '0', '$', ' ', '\t', '\'', 'é', '*'];
            match next(3) {
                0 if at < chars.len() => drop(chars.remove(at)),
                1 if at < chars.len() => chars[at] = new[next(new.len())],
                _ => chars.insert(at.min(chars.len()), new[next(new.len())]),
            }
        }
        let damaged: String = chars.into_iter().collect();
        let fresh = check(&checker, &damaged, *kind, &Silence::new(&checker));
        assert_eq!(check(&checker, &damaged, *kind, &silence), fresh, "{damaged}");
    }
}
