//! Every file of `fixtures/`, through the front door: the model and the diagnostics that the
//! binary prints, and the rules that the file says it breaks.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = std::fs::read_dir(root.join("fixtures").join(folder)).expect("the fixtures");
    let names = entries.map(|entry| entry.expect("a readable folder").file_name());
    let mut paths: Vec<PathBuf> = names
        .map(|name| Path::new("fixtures").join(folder).join(name))
        .filter(|path| {
            !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
        })
        .collect();
    paths.sort();
    paths
}

fn run(arguments: &[&str], path: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_reqlint"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .arg(path)
        .output()
        .expect("the binary runs");
    let code = output.status.code();
    assert!(
        matches!(code, Some(0 | 1)),
        "{}: exit {code:?}: {}",
        path.display(),
        text(output.stderr)
    );
    text(output.stdout)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("outputs are UTF-8")
}

fn diagnostics(path: &Path) -> Vec<Value> {
    let output = run(&["check", "--format", "json"], path);
    let output: Value = serde_json::from_str(&output).expect("the output is JSON");
    output["diagnostics"].as_array().expect("a list").clone()
}

/// The rules that a bad fixture says it breaks: in its first comment, else in its name.
fn expected(path: &Path) -> BTreeSet<String> {
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("readable");
    let content = String::from_utf8_lossy(&bytes);
    let first = content.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    if let Some(ids) = first.strip_prefix("# expect:") {
        return ids.split(',').map(|id| id.trim().to_owned()).collect();
    }
    let name = path.file_name().expect("a file").to_string_lossy();
    let id = name.split('.').next().expect("a name has a first part");
    BTreeSet::from([id.to_owned()])
}

#[test]
fn good_requests_are_met_with_silence() {
    let mut noise = Vec::new();
    for path in ["ok", "winninghunter/ok"].into_iter().flat_map(fixtures) {
        for found in diagnostics(&path) {
            let quiet = path.to_string_lossy().contains("other-api-");
            if quiet || found["severity"] != "info" {
                noise.push(format!("{}: {}: {}", path.display(), found["rule"], found["message"]));
            }
        }
    }
    assert!(noise.is_empty(), "{}", noise.join("\n"));
}

#[test]
fn bad_requests_break_exactly_the_rules_they_name() {
    let mut differences = Vec::new();
    for path in ["bad", "winninghunter/bad"].into_iter().flat_map(fixtures) {
        let found: BTreeSet<String> = diagnostics(&path)
            .iter()
            .map(|found| found["rule"].as_str().expect("an id").to_owned())
            .collect();
        let expected = expected(&path);
        if found != expected {
            differences.push(format!("{}: {found:?}, not {expected:?}", path.display()));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Recordings have no place for comments of ours: what they break stands beside them.
#[test]
fn recordings_break_exactly_the_rules_that_are_listed() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recordings/expected.txt");
    let list = std::fs::read_to_string(list).expect("readable");
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let expected: BTreeMap<&str, &str> = lines.filter_map(|line| line.split_once(": ")).collect();
    let mut differences = Vec::new();
    for path in fixtures("recordings").into_iter().filter(|path| !path.ends_with("expected.txt")) {
        let name = path.file_name().expect("a file").to_string_lossy();
        let listed = expected.get(name.as_ref()).copied().unwrap_or_default();
        let counts = |found: &Value| found["severity"] != "info" || found["rule"] == listed;
        let found: BTreeSet<String> = diagnostics(&path)
            .into_iter()
            .filter(counts)
            .map(|found| found["rule"].as_str().expect("an id").to_owned())
            .collect();
        let found = found.into_iter().collect::<Vec<_>>().join(", ");
        if found != listed {
            differences.push(format!("{name}: {found}; {listed} is listed"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn models_and_diagnostics_are_as_before() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _guard = settings.bind_to_scope();
    for path in ["ok", "bad"].into_iter().flat_map(fixtures) {
        let model = run(&["parse"], &path);
        let said = run(&["check", "--format", "concise"], &path);
        let name =
            path.to_string_lossy().replace('\\', "/").replace("fixtures/", "").replace('/', "-");
        insta::assert_snapshot!(name, format!("{model}\n{said}"));
    }
}
