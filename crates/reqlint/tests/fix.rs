//! `reqlint check --fix` as users run it: what is written, what is left alone, what is said.

#[path = "fix/by_hand.rs"]
mod by_hand;
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use support::{Folder, Run, schema_errors};

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

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new().with("real/a.sh", WRONG);
    let real = folder.path().join("real/a.sh");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o751)).expect("our own file");
    let link = folder.path().join("link.sh");
    symlink("real/a.sh", &link).expect("our own folder");
    folder.run(&["check", "--fix", "link.sh"]);
    assert_eq!(read(&folder, "real/a.sh"), FIXED);
    assert_eq!(fs::read_link(&link).expect("it is a link"), Path::new("real/a.sh"));
    assert_eq!(real.metadata().expect("our own file").permissions().mode() & 0o7777, 0o751);
    assert_eq!(names(&folder.path().join("real")), ["a.sh"]);
}

/// The file under the other name may belong to somebody else, such as a store of packages.
#[cfg(unix)]
#[test]
fn of_a_file_with_two_names_the_one_that_was_given_is_fixed() {
    let folder = Folder::new().with("a.sh", WRONG);
    let other = folder.path().join("other");
    fs::hard_link(folder.path().join("a.sh"), &other).expect("our own folder");
    folder.run(&["check", "--fix", "a.sh"]);
    assert_eq!((read(&folder, "a.sh"), read(&folder, "other")), (FIXED.into(), WRONG.into()));
    assert_eq!(names(folder.path()), ["a.sh", "other"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_left_alone_and_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new().with("a.sh", WRONG).with("b.sh", WRONG);
    let path = folder.path().join("a.sh");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("our own file");
    let run = folder.run(&["check", "--fix", "--format", "concise"]);
    assert_eq!((run.code(), read(&folder, "a.sh").as_str()), (2, WRONG));
    assert!(run.stderr().contains("a.sh: not fixed: the file is read-only"), "{}", run.stderr());
    assert_eq!(read(&folder, "b.sh"), FIXED);
    let lines = run.stdout();
    let about_a =
        |rule: &str| lines.lines().any(|line| line.starts_with("a.sh") && line.contains(rule));
    assert!(about_a("trailing-slash"), "{lines}");
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

/// Texts in which commands and messages stand, before and after fixes of the pack in
/// `fixtures/fixes`.
#[test]
fn texts_around_requests_stay_as_they_are() {
    let quoted = "> Text.\n>\n> ```sh\n> curl 'https://e.x/a?old=1&b=2' \\\n>   -H 'X-Old: 1' \\\n>   -d a=1\n> ```\n>\n> ```http\n> GET https://e.x/head\n> A: b\n> ```\n";
    let quoted_fixed = "> Text.\n>\n> ```sh\n> curl 'https://e.x/a?b=2' \\\n>   -d a=1\n> ```\n>\n> ```http\n> GET https://e.x/head\n> A: b\n> X-New: it's\n> ```\n";
    let yaml = "run: |\n  curl 'https://e.x/a?old=1&b=2' \\\n    -H 'X-Old: 1'\nmore: curl 'https://e.x/a?b=2&old=1'\n";
    let yaml_fixed = "run: |\n  curl 'https://e.x/a?b=2'\nmore: curl 'https://e.x/a?b=2'\n";
    let pack = format!("{}/fixtures/fixes", env!("CARGO_MANIFEST_DIR"));
    for (name, text, fixed) in [("a.md", quoted, quoted_fixed), ("a.yaml", yaml, yaml_fixed)] {
        let folder = Folder::new().with(name, text);
        let run = folder.run(&[
            "check",
            "--fix-only",
            "--unsafe-fixes",
            "--rules",
            &pack,
            "--select",
            "edits",
            name,
        ]);
        assert_eq!((run.code(), read(&folder, name).as_str()), (0, fixed), "{}", run.stderr());
    }
}

/// Forms that are known by the names of their files, before and after fixes of the same pack: what
/// is added stands as its neighbours do.
#[test]
fn each_form_keeps_its_own_notation() {
    let bruno = |more: &str| {
        format!("get {{\n  url: https://e.x/head\n}}\n\nheaders {{\n  A: b\n{more}  ~C: d\n}}\n")
    };
    let insomnia = |more: &str| {
        format!(
            "type: collection.insomnia.rest/5.0\ncollection:\n  - url: https://e.x/head\n    method: GET\n    headers:\n      - name: A\n        value: b\n{more}"
        )
    };
    let yaml = |more: &str| {
        format!(
            "tests:\n  - name: list\n    request:\n      method: GET\n      url: https://e.x/head\n      headers:\n        A: b\n{more}"
        )
    };
    let query = |more: &str| {
        format!(
            "tests:\n  - request:\n      method: GET\n      url: https://e.x/add\n      params:\n        a: \"1\"\n{more}"
        )
    };
    let hurl = |more: &str| format!("GET https://e.x/head\nA: b\n{more}HTTP 200\n");
    let python = |more: &str| {
        format!("import requests\n\nrequests.get('https://e.x/head', headers={{'A': 'b'{more}}})\n")
    };
    let javascript = |more: &str| {
        format!("fetch(\"https://e.x/head\", {{\n  headers: {{\n    A: \"b\"{more},\n  }},\n}});\n")
    };
    let old = |more: &str| {
        format!(
            "tests:\n  - request:\n      method: GET\n      url: https://e.x/a\n      headers:\n{more}        A: b\n"
        )
    };
    let pack = format!("{}/fixtures/fixes", env!("CARGO_MANIFEST_DIR"));
    let cases = [
        ("a.bru", bruno(""), bruno("  X-New: it's\n")),
        ("a.yaml", insomnia(""), insomnia("      - name: X-New\n        value: it's\n")),
        ("b.yaml", yaml(""), yaml("        X-New: it's\n")),
        ("c.yaml", query(""), query("        need: \"1 & 'é'\"\n")),
        ("d.yaml", old("        X-Old: 1\n"), old("")),
        ("a.hurl", hurl(""), hurl("X-New: it's\n")),
        ("a.py", python(""), python(", 'X-New': 'it\\'s'")),
        ("a.js", javascript(""), javascript(",\n    \"X-New\": \"it's\"")),
    ];
    for (name, text, fixed) in cases {
        let folder = Folder::new().with(name, &text);
        let arguments = ["--fix-only", "--unsafe-fixes", "--rules", &pack, "--select", "edits"];
        let run = folder.run(&[&["check"], &arguments[..], &[name]].concat());
        assert_eq!((run.code(), read(&folder, name)), (0, fixed), "{name}: {}", run.stderr());
    }
}

/// What a parser proposes for a command is written as the string needs it that the command is in.
#[test]
fn repairs_are_written_through_the_strings_around_a_command() {
    let url = "https://api.example.com/orders?page=2";
    let escaped = format!("\\\"{url}\\\"");
    let cases = [
        ("a.yaml", format!("run: \"curl “{url}”\"\n"), format!("run: \"curl {escaped}\"\n")),
        ("b.yaml", format!("run: 'curl ‘{url}’'\n"), format!("run: 'curl ''{url}'''\n")),
        ("c.yaml", format!("run: |\n  curl “{url}”\n"), format!("run: |\n  curl \"{url}\"\n")),
        (
            "a.toml",
            format!("[list]\nrun = \"curl “{url}”\"\n"),
            format!("[list]\nrun = \"curl {escaped}\"\n"),
        ),
    ];
    for (name, text, fixed) in cases {
        let folder = Folder::new().with(name, &text);
        let run = folder.run(&["check", "--fix-only", "--select", "smart-quotes", name]);
        assert_eq!(read(&folder, name), fixed, "{name}: {}", run.stderr());
    }
}

/// Where the form has no place for what is to be added, help stands, and why there is no fix.
#[test]
fn what_cannot_be_written_is_said_so() {
    let text = "import requests\nrequests.get('https://app.winninghunter.com/api/v1/brands')\n";
    let folder = Folder::new().with("a.py", text);
    let arguments = ["check", "--select", "missing-api-key", "a.py"];
    let human = folder.run(&arguments).stdout();
    assert!(human.contains("help: ") && human.contains("fix: none is offered"), "{human}");
    let json = folder.run(&[&arguments[..], &["--format", "json"]].concat()).json();
    assert_eq!(schema_errors("check-v1", &json), Vec::<String>::new());
    assert_eq!(json["diagnostics"][0]["unfixed"], "no-notation");
}

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

/// Types answers at a terminal that is none: Python has one in its library.
fn at_a_terminal(folder: &Folder, arguments: &[&str], answers: &str) -> (i32, String) {
    let script = r#"
import os, pty, sys
answers, command = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(command[0], command)
shown = b""
for answer in list(answers) + [None]:
    asked = shown.count(b",?] ")
    while shown.count(b",?] ") == asked or answer is None:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            piece = b""
        if not piece:
            break
        shown += piece
    if answer is not None:
        os.write(terminal, answer.encode() + b"\n")
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;
    let mut python = Command::new("python3");
    python.args(["-c", script, answers, env!("CARGO_BIN_EXE_reqlint")]).args(arguments);
    let run = python.current_dir(folder.path()).env("NO_COLOR", "1").output();
    let run = run.expect("python3 is installed");
    let shown = String::from_utf8_lossy(&run.stdout).replace("\r\n", "\n");
    assert!(run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    (run.status.code().expect("it was not killed"), shown)
}

#[test]
fn people_are_asked_with_a_preview() {
    let key = "wh_0123456789abcdef0123456789abcdef0123456789abcdef";
    let line =
        |page| format!("curl -H 'X-API-Key: {key}' '{BASE}/products/?country=US&page={page}'\n");
    let text: String = (1..=4).map(line).collect();
    let select = ["check", "--interactive", "--select", "trailing-slash", "a.sh"];
    let ask = |answers: &str| {
        let folder = Folder::new().with("a.sh", &text);
        let (code, shown) = at_a_terminal(&folder, &select, answers);
        let fixed = read(&folder, "a.sh");
        let fixed =
            [1, 2, 3, 4].map(|page| fixed.contains(&format!("products?country=US&page={page}'")));
        (code, shown, fixed)
    };
    let (code, shown, fixed) = ask("nyxq");
    assert_eq!((code, fixed), (1, [false, true, false, false]), "{shown}");
    assert!(shown.contains("a.sh:1: error[trailing-slash]"), "{shown}");
    assert!(shown.contains("\n-curl -H 'X-API-Key: "), "{shown}");
    assert!(!shown.contains("0123456789abcdef"), "{shown}");
    assert!(shown.contains("q - leave this"), "{shown}");
    assert_eq!(ask("na").2, [false, true, true, true]);
    assert_eq!(ask("1yyy"), (0, ask("1yyy").1, [true; 4]));
}

#[test]
fn nobody_is_asked_where_there_is_no_terminal() {
    let folder = Folder::new().with("a.sh", WRONG);
    let run = folder.run_on(&["check", "--interactive", "a.sh"], "y\n");
    assert_eq!((run.code(), read(&folder, "a.sh").as_str()), (2, WRONG));
    assert!(run.stderr().contains("needs a terminal"), "{}", run.stderr());
    let run = folder.run_on(&["check", "--interactive", "-"], WRONG);
    assert_eq!((run.code(), run.stdout().as_str()), (2, ""));
}

/// Whether there is time for more of the same.
fn slow() -> bool {
    std::env::var_os("REQLINT_TEST_FIXES").is_some()
}

/// How often the program is killed.
fn kills() -> u64 {
    if slow() { 60 } else { 8 }
}

#[cfg(unix)]
#[test]
fn whoever_is_killed_leaves_old_or_new() {
    let old = |number: usize| format!("{}# {number}\n", WRONG.repeat(20));
    let new = |number: usize| format!("{}# {number}\n", FIXED.repeat(20));
    let folder = Folder::new();
    let path = |number: usize| folder.path().join(format!("{number}.sh"));
    let fill = || (0..40).for_each(|number| fs::write(path(number), old(number)).expect("ours"));
    fill();
    let mut killed = 0;
    let started = std::time::Instant::now();
    folder.run(&["check", "--fix-only", "--quiet"]);
    let whole = started.elapsed();
    for kill in 0..kills() {
        fill();
        let mut child = folder.spawn(&["check", "--fix-only", "--quiet"]);
        // The golden ratio spreads the moments evenly, whatever their number.
        let part = (kill as f64 * 0.618_034).fract();
        std::thread::sleep(whole.mul_f64(part));
        child.kill().expect("our own child");
        killed += usize::from(!child.wait().expect("our own child").success());
        for number in 0..40 {
            let text = fs::read_to_string(path(number)).expect("our own file");
            assert!(text == old(number) || text == new(number), "{number} after kill {kill}");
        }
    }
    assert!(killed > 0, "no run was killed");
    folder.run(&["check", "--fix-only", "--quiet"]);
    let left = names(folder.path()).into_iter().filter(|name| !name.ends_with(".sh"));
    assert_eq!(left.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn many_files_at_once_are_fixed_as_one_by_one() {
    let text = |number: usize| {
        let line = format!("curl '{BASE}/products/?country=US&page={number}' # {number}\n");
        line.repeat(1 + number % 3)
    };
    let many = if slow() { 5000 } else { 500 };
    let folder = || {
        let folder = Folder::new();
        (0..many)
            .for_each(|n| fs::write(folder.path().join(format!("{n}.sh")), text(n)).expect("ours"));
        folder
    };
    let (all, one) = (folder(), folder());
    let fix = |folder: &Folder, threads: &str| -> Run {
        folder.run_with(&["check", "--fix", "--format", "json"], &[("RAYON_NUM_THREADS", threads)])
    };
    let (together, alone) = (fix(&all, "8"), fix(&one, "1"));
    assert_eq!(together.stdout(), alone.stdout());
    assert_eq!(together.stderr(), alone.stderr());
    for number in 0..many {
        let name = format!("{number}.sh");
        assert_eq!(read(&all, &name), text(number).replace("products/?", "products?"), "{name}");
        assert_eq!(read(&all, &name), read(&one, &name));
    }
    assert_eq!(names(all.path()).len(), many);
}
