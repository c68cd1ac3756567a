//! What is offered to people and programs: several fixes with their titles, and SARIF.

use super::support::{Folder, schema_errors};
use super::{BASE, FIXED, WRONG, read, slow};
use std::fs;
use std::path::Path;

/// Rules with several fixes for one mistake, and one fix that is only shown.
const SEVERAL: &str = "id: several\nseverity: warning\nconsequence: style\nsummary: s\nwhy: why\n\
    scope: { server: any }\nfind: { a: { param: a }, b: { param: b } }\nat: a\nmessage: one of `<a.name>` and `<b.name>`\n\
    labels: { b: the other }\nhelp: keep one\nfixes:\n\
    - { title: keep the second, safety: unsafe, remove: [a] }\n\
    - { title: keep the first, safety: safe, remove: [b] }\n\
    - { title: write both, safety: manual, set: { a: '<b>' } }\n\
    examples: [{ bad: 'curl e.x?a=1&b=2' }, { good: 'curl https://f.x/' }]\n";

#[test]
fn several_fixes_are_offered_and_the_safest_is_made() {
    let text = "curl 'https://e.x/é?a=1&b=2&c=3'\n";
    let folder = Folder::new().with("several.yaml", SEVERAL).with("a b.sh", text);
    let with = |more: &[&'static str]| {
        let mut arguments = vec!["check", "--rules", "several.yaml", "a b.sh"];
        arguments.extend(more);
        folder.run(&arguments)
    };
    let json = with(&["--format", "json"]).json();
    assert_eq!(schema_errors("check-v1", &json), Vec::<String>::new());
    let titles: Vec<&str> = json["diagnostics"][0]["fixes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|fix| fix["title"].as_str())
        .collect();
    assert_eq!(titles, ["keep the second", "keep the first", "write both"]);
    let sarif = with(&["--format", "sarif"]).json();
    assert_eq!(sarif_errors(&sarif), Vec::<String>::new());
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["fixes"].as_array().map(Vec::len), Some(2));
    // Viewers list the rules by what they are about.
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!((&rule["id"], &rule["shortDescription"]["text"]), (&"several".into(), &"s".into()));
    // What is deleted is `&b=2`, in code points.
    let change = &result["fixes"][1]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "a%20b.sh");
    let region = &change["replacements"][0]["deletedRegion"];
    assert_eq!((&region["startColumn"], &region["endColumn"]), (&24.into(), &28.into()));
    with(&["--fix-only", "--unsafe-fixes"]);
    assert_eq!(read(&folder, "a b.sh"), text.replace("&b=2", ""));
}

/// Every kind of diagnostic as SARIF, and a run without any.
#[test]
fn sarif_is_what_its_schema_says() {
    let folder = Folder::new().with("a.sh", FIXED).with("b/ü.sh", &WRONG.repeat(2));
    assert_eq!(sarif_errors(&folder.run(&["check", "--format", "sarif"]).json()), [""; 0]);
    let run = folder.run(&["check", "--format", "sarif", "--select", "trailing-slash", "a.sh"]);
    assert_eq!((run.code(), sarif_errors(&run.json())), (0, Vec::new()));
    assert_eq!(run.json()["runs"][0]["results"], serde_json::json!([]));
    let key = "wh_0123456789abcdef0123456789abcdef0123456789abcdef";
    let text = format!("curl -H 'X-API-Key: \"{key}\"' '{BASE}/products?country=US'\n");
    let run = Folder::new().with("a.sh", &text).run(&["check", "--format", "sarif"]);
    assert!(!run.stdout().contains("0123456789abcdef"), "{}", run.stdout());
}

/// Where a document differs from the schema of SARIF, which `.ci/setup` fetches; nothing where it
/// was not run.
fn sarif_errors(document: &serde_json::Value) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/sarif-2.1.0.json");
    let Ok(schema) = fs::read_to_string(path) else {
        assert!(!slow(), "`.ci/setup` fetches the schema of SARIF");
        return Vec::new();
    };
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::draft7::new(&schema).expect("the schema compiles");
    let say =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(document).map(say).collect()
}
