//! An agent that knows nothing but what `--format json` or `--format sarif` prints applies the
//! edits, round by round, and ends with the very files that `--fix` writes: every byte outside of
//! the edits is the same, in every form of request that there is a fixture for.

use super::support::Folder;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A replacement of bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

/// A fix that an output offers: how safe it is, and what it replaces.
#[derive(Clone, Debug)]
struct Offer {
    safety: String,
    edits: Vec<Edit>,
}

/// For each file: for each diagnostic, what is offered, best first.
type Offers = BTreeMap<String, Vec<Vec<Offer>>>;

/// The fixtures, as they lie in their folders.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut files = Vec::new();
    for folder in ["bad", "ok", "dialects", "forms", "winninghunter"] {
        read_all(&root.join(folder), &mut files);
    }
    let relative = |path: &PathBuf| path.strip_prefix(&root).expect("below it").to_owned();
    files.sort();
    let read = |path: &PathBuf| {
        let name = relative(path).to_string_lossy().into_owned();
        (name, fs::read(path).expect("a readable fixture"))
    };
    files.iter().map(read).collect()
}

fn read_all(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("fixtures") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() { read_all(&path, files) } else { files.push(path) }
    }
}

/// What JSON says. A file of which an edit is left out, since it would show a secret, is named.
fn offers_of_json(document: &Value, secret: &mut BTreeSet<String>) -> Offers {
    let mut offers = Offers::new();
    for diagnostic in document["diagnostics"].as_array().expect("a list") {
        let path = diagnostic["path"].as_str().expect("a path");
        let fixes = diagnostic["fixes"].as_array().expect("a list");
        if fixes.iter().any(|fix| fix["title"].as_str().is_some_and(|t| t.contains("(left out"))) {
            secret.insert(path.to_owned());
        }
        let number = |value: &Value| value.as_u64().expect("a number") as usize;
        let offer = |fix: &Value| Offer {
            safety: fix["safety"].as_str().expect("a text").to_owned(),
            edits: fix["edits"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|edit| Edit {
                    start: number(&edit["start"]),
                    end: number(&edit["end"]),
                    text: edit["text"].as_str().expect("a text").to_owned(),
                })
                .collect(),
        };
        offers.entry(path.to_owned()).or_default().push(fixes.iter().map(offer).collect());
    }
    offers
}

/// What SARIF says: places are lines and columns, in code points.
fn offers_of_sarif(document: &Value, folder: &Folder) -> Offers {
    let mut offers = Offers::new();
    let none = Vec::new();
    for result in document["runs"][0]["results"].as_array().expect("a list") {
        let fixes = result["fixes"].as_array().unwrap_or(&none);
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let path = uri.as_str().expect("a path").to_owned();
        let text = fs::read_to_string(folder.path().join(&path)).expect("a file that was named");
        let offer = |fix: &Value| {
            let change = &fix["artifactChanges"][0];
            assert_eq!(change["artifactLocation"]["uri"], path.as_str());
            let edit = |replacement: &Value| {
                let region = &replacement["deletedRegion"];
                let at = |line: &str, column: &str| {
                    let number = |name: &str| region[name].as_u64().expect("a number") as usize;
                    byte_at(&text, number(line), number(column))
                };
                Edit {
                    start: at("startLine", "startColumn"),
                    end: at("endLine", "endColumn"),
                    text: replacement["insertedContent"]["text"].as_str().expect("text").to_owned(),
                }
            };
            let replacements = change["replacements"].as_array().expect("a list");
            Offer {
                safety: fix["properties"]["safety"].as_str().expect("a text").to_owned(),
                edits: replacements.iter().map(edit).collect(),
            }
        };
        offers.entry(path.clone()).or_default().push(fixes.iter().map(offer).collect());
    }
    offers
}

fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text[start..].char_indices().map(|(at, _)| at).chain([text.len() - start]);
    start + rest.clone().nth(column - 1).expect("a column of the line")
}

/// The fixes that are applied together: the safer, then the earlier of those that meet.
fn chosen(diagnostics: &[Vec<Offer>], most: &str) -> Vec<Edit> {
    let rank = |offer: &Offer| match offer.safety.as_str() {
        "safe" => 0,
        "unsafe" if most == "unsafe" => 1,
        _ => 2,
    };
    let mut best: Vec<&Offer> = Vec::new();
    for offers in diagnostics {
        best.extend(offers.iter().filter(|offer| rank(offer) < 2).min_by_key(|offer| rank(offer)));
    }
    best.retain(|offer| !offer.edits.is_empty());
    best.sort_by_key(|offer| (rank(offer), offer.edits[0].start, offer.edits[0].end));
    let mut taken: Vec<Edit> = Vec::new();
    for offer in best {
        let meets = |edit: &Edit| taken.iter().any(|t| t.start <= edit.end && edit.start <= t.end);
        if !offer.edits.iter().any(meets) {
            taken.extend(offer.edits.iter().cloned());
        }
    }
    taken.sort();
    taken
}

fn apply(text: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut fixed = Vec::new();
    let mut at = 0;
    for edit in edits {
        fixed.extend(&text[at..edit.start]);
        fixed.extend(edit.text.as_bytes());
        at = edit.end;
    }
    fixed.extend(&text[at..]);
    fixed
}

fn folder() -> Folder {
    fixtures().iter().fold(Folder::new(), |folder, (name, bytes)| folder.with_bytes(name, bytes))
}

#[test]
fn edits_that_are_applied_by_hand_come_to_what_fix_writes() {
    let names: Vec<String> = fixtures().into_iter().map(|(name, _)| name).collect();
    for (format, most) in [("json", "safe"), ("sarif", "unsafe")] {
        let run = |folder: &Folder, arguments: &[&str]| {
            let all: Vec<&str> =
                arguments.iter().copied().chain(names.iter().map(String::as_str)).collect();
            folder.run(&all)
        };
        let (by_hand, fixed) = (folder(), folder());
        let (mut secret, mut rounds, mut edits) = (BTreeSet::new(), 0, 0);
        if format != "json" {
            // Only JSON says of which fixes the edits are left out.
            let json = run(&by_hand, &["check", "--format", "json"]).json();
            offers_of_json(&json, &mut secret);
        }
        loop {
            let document = run(&by_hand, &["check", "--format", format]).json();
            let offers = match format {
                "json" => offers_of_json(&document, &mut secret),
                _ => offers_of_sarif(&document, &by_hand),
            };
            let mut any = false;
            for (path, diagnostics) in &offers {
                let chosen = chosen(diagnostics, most);
                if chosen.is_empty() || secret.contains(path) {
                    continue;
                }
                any = true;
                edits += chosen.len();
                let file = by_hand.path().join(path);
                let text = fs::read(&file).expect("a file that was named");
                fs::write(&file, apply(&text, &chosen)).expect("our own folder");
            }
            if !any {
                break;
            }
            rounds += 1;
            assert!(rounds <= 10, "it does not end");
        }
        let mut arguments = vec!["check", "--fix-only", "--quiet"];
        arguments.extend((most == "unsafe").then_some("--unsafe-fixes"));
        let _ = run(&fixed, &arguments);
        for name in names.iter().filter(|name| !secret.contains(*name)) {
            let read = |folder: &Folder| fs::read(folder.path().join(name)).expect("our own file");
            let (one, other) = (read(&by_hand), read(&fixed));
            assert!(
                one == other,
                "{format}: {name} by hand:\n{}\nby --fix:\n{}",
                String::from_utf8_lossy(&one),
                String::from_utf8_lossy(&other)
            );
        }
        let expected = if most == "safe" { (50, 1) } else { (200, 2) };
        assert!((edits, rounds) >= expected, "{edits} edits in {rounds} rounds");
        assert!(secret.len() * 10 < names.len(), "secrets in {secret:?}");
    }
}

/// A key in the form that the API gives out; made up.
const KEY: &str = "wh_00112233445566778899aabbccddeeff0011223344556677";

/// The fixtures with a key in the place of each variable for one.
fn with_keys() -> Vec<(String, Vec<u8>)> {
    let put = |(name, bytes): (String, Vec<u8>)| {
        let mut text = String::from_utf8(bytes).ok()?;
        for variable in ["${WH_API_KEY}", "{{WH_API_KEY}}", "$WH_API_KEY", "%WH_API_KEY%"] {
            text = text.replace(variable, KEY);
        }
        text.contains(KEY).then_some((name, text.into_bytes()))
    };
    fixtures().into_iter().filter_map(put).collect()
}

#[test]
fn no_secret_is_in_an_edit_and_no_mask_in_a_file() {
    let files = with_keys();
    assert!(files.len() > 50, "{} fixtures with a key", files.len());
    let folder = files.iter().fold(Folder::new(), |to, (name, bytes)| to.with_bytes(name, bytes));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let run = |arguments: &[&str]| folder.run(&[arguments, &names].concat());
    let mut said = String::new();
    for format in ["json", "sarif", "human", "concise"] {
        let shown = run(&["check", "--format", format]);
        said = shown.stdout();
        assert!(!said.contains(&KEY[3..]), "{format} shows the key");
        if format == "json" {
            // A fix that would have to show it keeps its title, and says why it has no edits.
            let document = shown.json();
            let mut left_out = 0;
            for diagnostic in document["diagnostics"].as_array().expect("a list") {
                for fix in diagnostic["fixes"].as_array().expect("a list") {
                    let title = fix["title"].as_str().expect("a text");
                    let edits = fix["edits"].as_array().expect("a list");
                    let says_so = title.contains("it would show a secret");
                    left_out += usize::from(says_so);
                    assert!(!says_so || edits.is_empty(), "{fix}");
                    let masked = |edit: &Value| edit["text"].as_str().unwrap_or("").contains("***");
                    assert!(!edits.iter().any(masked), "{fix}");
                }
            }
            assert!(left_out > 0, "no fix moves a key");
        }
    }
    assert!(!said.is_empty());
    let _ = run(&["check", "--fix-only", "--unsafe-fixes", "--quiet"]);
    for (name, before) in &files {
        let after = fs::read_to_string(folder.path().join(name)).expect("our own file");
        let masks = |text: &str| text.matches("****").count();
        let before = String::from_utf8_lossy(before);
        assert!(masks(&after) <= masks(&before), "{name} holds a mask:\n{after}");
    }
    let mut left = Vec::new();
    read_all(folder.path(), &mut left);
    let is_ours = |path: &&PathBuf| names.iter().any(|name| path.ends_with(name));
    assert!(left.iter().all(|path| is_ours(&path)), "{left:?}");
}
