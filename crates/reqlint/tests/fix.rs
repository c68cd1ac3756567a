//! `reqlint check --fix` as users run it: what is written, what is left alone, what is said.

#[path = "fix/asked.rs"]
mod asked;
#[path = "fix/by_hand.rs"]
mod by_hand;
#[path = "fix/elsewhere.rs"]
mod elsewhere;
#[path = "fix/files.rs"]
mod files;
#[path = "fix/forms.rs"]
mod forms;
#[path = "fix/offered.rs"]
mod offered;
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use support::{Folder, schema_errors};

/// A mistake with a safe fix, behind which one shows that has none.
const WRONG: &str = "curl -H \"X-API-Key: $WH_API_KEY\" 'https://app.winninghunter.com/api/v1/tiktok-shop/products/explore/?country=US&period=30d&start_date=2026-01-01'\n";
const FIXED: &str = "curl -H \"X-API-Key: $WH_API_KEY\" 'https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?country=US&period=30d&start_date=2026-01-01'\n";
const BASE: &str = "https://app.winninghunter.com/api/v1/tiktok-shop";

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("our own file")
}

/// What a folder holds.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("our own folder");
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.map(|entry| name(entry.expect("an entry"))).collect();
    names.sort();
    names
}

/// `git apply` in a folder.
fn git_apply(folder: &Folder, diff: &str) {
    let patch = folder.path().join("patch");
    fs::write(&patch, diff).expect("our own folder");
    let mut git = Command::new("git");
    let run = git.args(["apply", "patch"]).current_dir(folder.path()).output();
    let run = run.expect("git is installed");
    assert!(run.status.success(), "{}\n{diff}", String::from_utf8_lossy(&run.stderr));
    fs::remove_file(patch).expect("our own file");
}

#[test]
fn fixes_are_written_and_what_remains_is_reported() {
    let folder = Folder::new().with("a.sh", WRONG);
    let run = folder.run(&["check", "--fix", "--format", "json"]);
    assert_eq!(read(&folder, "a.sh"), FIXED);
    assert!(run.stderr().contains("made 1 fix in 1 file"), "{}", run.stderr());
    let remains = run.json()["diagnostics"].clone();
    let rules: Vec<&str> =
        remains.as_array().expect("a list").iter().filter_map(|one| one["rule"].as_str()).collect();
    assert_eq!((run.code(), rules), (1, vec!["mixed-time-params"]));
    let again = folder.run(&["check", "--fix", "--format", "json"]);
    assert_eq!((again.code(), again.stdout()), (run.code(), run.stdout()));
    assert_eq!((read(&folder, "a.sh").as_str(), again.stderr().as_str()), (FIXED, ""));
    assert_eq!(names(folder.path()), ["a.sh"]);
}

#[test]
fn unsafe_fixes_are_made_when_they_are_asked_for() {
    let text =
        format!("curl '{BASE}/products/explore?country=US&period=30d&start_date=2026-01-01'\n");
    let folder = Folder::new().with("a.sh", &text);
    assert_eq!(folder.run(&["check", "--fix"]).code(), 1);
    assert_eq!(read(&folder, "a.sh"), text);
    let run =
        folder.run(&["check", "--fix-only", "--unsafe-fixes", "--select", "mixed-time-params"]);
    assert_eq!((run.code(), run.stdout().as_str()), (0, ""));
    assert_eq!(read(&folder, "a.sh"), text.replace("&start_date=2026-01-01", ""));
    let run = folder.run(&["check", "--unsafe-fixes"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("--fix"), "{}", run.stderr());
}

#[test]
fn every_other_byte_is_kept() {
    let command = WRONG.trim_end();
    let text = format!("\u{feff}# é 🙂\r\n\r\n{command}\r\n\t \r\n{command}  # no line end");
    let folder = Folder::new().with("a.sh", &text);
    folder.run(&["check", "--fix"]);
    assert_eq!(read(&folder, "a.sh"), text.replace("explore/?", "explore?"));
}

#[test]
fn standard_input_comes_out_fixed() {
    let run = Folder::new().run_on(&["check", "--fix", "-"], WRONG);
    assert_eq!(run.stdout(), FIXED);
    assert!(run.stderr().contains("made 1 fix"), "{}", run.stderr());
    let run = Folder::new().run_on(&["check", "--fix", "--format", "json", "--quiet", "-"], FIXED);
    assert_eq!((run.stdout().as_str(), run.stderr().as_str()), (FIXED, ""));
    // An editor puts what it gets in the place of what it sent.
    for text in ["no request in here\n", " \n"] {
        let run = Folder::new().run_on(&["check", "--fix", "-"], text);
        assert_eq!((run.code(), run.stdout().as_str()), (0, text));
    }
    let run = Folder::new().run_on(&["check", "--diff", "--stdin-filename", "a.sh", "-"], WRONG);
    assert_eq!(run.code(), 1);
    assert!(
        run.stdout().starts_with("--- a/a.sh\n+++ b/a.sh\n@@ -1 +1 @@\n-curl"),
        "{}",
        run.stdout()
    );
}

#[test]
fn diffs_apply_and_say_what_fix_does() {
    let folder = || {
        let long = format!("{}{WRONG}{}", "# line\n".repeat(9), "# line\r\n".repeat(9));
        let last = WRONG.trim_end();
        Folder::new().with("a b/c.sh", &long).with("d.sh", last).with("e.sh", FIXED)
    };
    let (diffed, fixed) = (folder(), folder());
    let run = diffed.run(&["check", "--dry-run"]);
    assert_eq!(run.code(), 1);
    assert!(run.stderr().contains("would make 2 fixes in 2 files"), "{}", run.stderr());
    assert_eq!(read(&diffed, "d.sh"), WRONG.trim_end());
    git_apply(&diffed, &run.stdout());
    fixed.run(&["check", "--fix"]);
    for name in ["a b/c.sh", "d.sh", "e.sh"] {
        assert_eq!(read(&diffed, name), read(&fixed, name), "{name}");
    }
    let run = fixed.run(&["check", "--diff"]);
    assert_eq!((run.code(), run.stdout().as_str()), (0, ""));
}

/// Where the form has no place for what is to be added, help stands, and why there is no fix.
#[test]
fn what_cannot_be_written_is_said_so() {
    let call = "import requests\nrequests.get('https://app.winninghunter.com/api/v1/brands')\n";
    let ids = "600123,".repeat(700);
    let long = format!(
        "get {{\n  url: {BASE}/products/explore?country=US&category_ids={ids}\n}}\n\nheaders {{\n  X-API-Key: {{{{k}}}}\n}}\n"
    );
    for (name, text, rule) in
        [("a.py", call, "missing-api-key"), ("a.bru", long.as_str(), "long-query")]
    {
        let folder = Folder::new().with(name, text);
        let arguments = ["check", "--select", rule, name];
        let human = folder.run(&arguments).stdout();
        assert!(human.contains("fix: none is offered"), "{human}");
        let json = folder.run(&[&arguments[..], &["--format", "json"]].concat()).json();
        assert_eq!(schema_errors("check-v1", &json), Vec::<String>::new());
        assert_eq!(json["diagnostics"][0]["unfixed"], "no-notation");
    }
}

/// A rule whose fix makes something of the request that is none.
const BREAKS: &str = "id: breaks\nseverity: warning\nconsequence: style\nsummary: it breaks\nwhy: why\n\
    scope: { server: any }\nfind: { host: { host: e.x } }\nmessage: no\n\
    fix: { title: break it, safety: safe, set: { host: 'a b:c:d' } }\n\
    examples: [{ bad: 'curl https://e.x/' }, { good: 'curl https://f.x/' }]\n";

#[test]
fn a_text_that_would_no_longer_parse_is_left_alone() {
    let text = "curl https://e.x/a\n";
    let folder = Folder::new().with("rules/breaks.yaml", BREAKS).with("a.sh", text);
    let run = folder.run(&["check", "--fix", "--rules", "rules", "a.sh"]);
    assert_eq!((run.code(), read(&folder, "a.sh").as_str()), (2, text));
    assert!(
        run.stderr().contains("no longer parse after break it of `breaks`"),
        "{}",
        run.stderr()
    );
}

/// Rules whose fixes undo each other, and one that always finds more to do.
#[test]
fn fixes_that_go_round_in_circles_are_stopped() {
    let rule = |id: &str, from: &str, to: &str| {
        BREAKS.replace("breaks", id).replace("e.x", from).replace("a b:c:d", to)
    };
    let folder = Folder::new()
        .with(
            "rules/there.yaml",
            &rule("there", "e.x", "f.x")
                .replace("good: 'curl https://f.x/'", "good: 'curl https://g.x/'"),
        )
        .with(
            "rules/back.yaml",
            &rule("back", "f.x", "e.x")
                .replace("good: 'curl https://f.x/'", "good: 'curl https://g.x/'"),
        )
        .with("a.sh", "curl https://e.x/a\n");
    let run = folder.run(&["check", "--fix", "--rules", "rules", "a.sh"]);
    assert!(run.stderr().contains("time and again"), "{}{}", run.stderr(), run.stdout());
}

/// Whether there is time for more of the same.
fn slow() -> bool {
    std::env::var_os("REQLINT_TEST_FIXES").is_some()
}
