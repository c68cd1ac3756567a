//! The program as users run it: arguments in, texts and exit codes out.

#[path = "cli/forms.rs"]
mod forms;
mod support;

use serde_json::Value;
use std::fs;
use support::{Folder, reqlint, schema_errors};

/// A command that every version of the rules must find an error in.
const WRONG: &str = "curl -H \"X-API-Key: $WH_API_KEY\" 'https://app.winninghunter.com/api/v1/tiktok-shop/products/?country=US'\n";
/// A command with nothing to say about.
const RIGHT: &str = "curl 'https://example.com/a?b=1'\n";

#[test]
fn help_teaches() {
    insta::assert_snapshot!("help", reqlint(&["--help"]).stdout());
    insta::assert_snapshot!("help_check", reqlint(&["check", "--help"]).stdout());
}

#[test]
fn manual_pages_are_fresh() {
    let commands = ["check", "parse", "rule", "rules", "test-rules", "new-rule", "docs", "schema"];
    let pages = std::iter::once(None).chain(commands.map(Some));
    for command in pages {
        let name = command.map_or("reqlint".to_owned(), |name| format!("reqlint-{name}"));
        let arguments: Vec<&str> = ["man"].into_iter().chain(command).collect();
        let made = reqlint(&arguments).stdout();
        let path = format!("{}/docs/man/{name}.1", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &made).expect("docs/man can be written");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == made, "{path} is stale; run the tests with UPDATE_DOCS=1");
    }
}

#[test]
fn completions_exist_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(reqlint(&["completions", shell]).succeeds().contains("reqlint"));
    }
}

#[test]
fn unknown_names_come_with_advice() {
    let run = reqlint(&["check", "--frmat", "json"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("--format"), "{}", run.stderr());
    let run = reqlint(&["check", "--kind", "pdf"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("shell, cmd, powershell, fish"), "{}", run.stderr());
    for arguments in [&["rule", "no-such-rule"][..], &["check", "--select", "no-such-rule", "."]] {
        let run = reqlint(arguments);
        assert_eq!(run.code(), 2);
        assert!(run.stderr().contains("there is no rule `no-such-rule`"), "{}", run.stderr());
        assert_eq!(run.stdout(), "");
    }
}

#[test]
fn files_are_listed_with_their_kinds_and_the_reasons() {
    let folder = Folder::new()
        .with("a.sh", RIGHT)
        .with("notes.md", "# curl\n\n    make\n")
        .with("guide.md", "```sh\ncurl https://api.example.com/a\n```\n")
        .with("deploy.txt", "#!/usr/bin/env fish\ncurl https://api.example.com/a\n")
        .with("ci.yml", "run: curl https://api.example.com/a\n")
        .with("Cargo.toml", "name = \"curl\"\n")
        .with("all.json", "{\"info\": {\"schema\": \"https://schema.getpostman.com/json/collection/v2.1.0/\"}, \"item\": []}")
        .with("lib.rs", "// curl https://api.example.com/a\n");
    let run = folder.run(&["check", "--list-files"]);
    insta::assert_snapshot!(run.succeeds(), @r"
    a.sh	shell	its name ends in `.sh`
    all.json	postman	it holds a collection of Postman
    ci.yml	yaml	its name ends in `.yml`
    deploy.txt	fish	its first line asks for `fish`
    guide.md	markdown	its name ends in `.md`
    ");
    let run = folder.run(&["check", "-v", "guide.md", "notes.md"]);
    assert_eq!((run.code(), run.stdout().as_str()), (0, ""));
    insta::assert_snapshot!(run.stderr(), @r"
    reqlint: guide.md: read as markdown, since its name ends in `.md`
    reqlint: notes.md: passed over, it holds no request
    ");
    let run = folder.run(&["parse", "--list-files", "--kind", "shell", "guide.md"]);
    insta::assert_snapshot!(run.succeeds(), @"guide.md	shell	`--kind` says so");
}

#[test]
fn silence_is_success() {
    let run = Folder::new().with("a.sh", RIGHT).run(&["check", "a.sh"]);
    assert_eq!((run.code(), run.stdout().as_str(), run.stderr().as_str()), (0, "", ""));
    let run = Folder::new().with("a.sh", RIGHT).run(&["check", "--format", "json"]);
    assert_eq!(run.code(), 0);
    insta::assert_snapshot!(run.stdout(), @r#"{"version":1,"diagnostics":[],"summary":{"files":1,"requests":1,"errors":0,"warnings":0,"infos":0}}"#);
}

#[test]
fn every_format_says_the_same() {
    let folder = Folder::new().with("b/wrong.sh", WRONG).with("a.sh", RIGHT);
    let json = folder.run(&["check", "--format", "json"]);
    assert_eq!(json.code(), 1);
    assert_eq!(schema_errors("check-v1", &json.json()), Vec::<String>::new());
    let document = json.json();
    let found = document["diagnostics"].as_array().expect("a list").clone();
    assert!(!found.is_empty());
    assert_eq!(found[0]["path"], "b/wrong.sh");
    let concise = folder.run(&["check", "--format", "concise"]);
    assert_eq!(concise.code(), 1);
    let line = |one: &Value| {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let place = format!("{}:{}:{}", text("path"), one["line"], one["column"]);
        format!("{place}: {}[{}] {}\n", text("severity"), text("rule"), text("message"))
    };
    assert_eq!(concise.stdout(), found.iter().map(line).collect::<String>());
    let human = folder.run(&["check"]);
    assert_eq!(human.code(), 1);
    for one in &found {
        assert!(human.stdout().contains(one["rule"].as_str().expect("a text")));
    }
    assert!(human.stdout().contains("in 2 requests (2 files)"), "{}", human.stdout());
}

#[test]
fn fail_on_decides_the_exit_code() {
    let folder = Folder::new().with("wrong.sh", WRONG);
    assert_eq!(folder.run(&["check", "--fail-on", "error"]).code(), 1);
    assert_eq!(folder.run(&["check", "--fail-on", "never"]).code(), 0);
    let quiet = folder.run(&["check", "-q"]);
    assert_eq!((quiet.code(), quiet.stdout().as_str(), quiet.stderr().as_str()), (1, "", ""));
}

#[test]
fn rules_are_selected_and_ignored() {
    let folder = Folder::new().with("wrong.sh", WRONG);
    let rules = |arguments: &[&str]| -> Vec<String> {
        let all = [&["check", "--format", "json"], arguments].concat();
        let document = folder.run(&all).json();
        let found = document["diagnostics"].as_array().expect("a list").clone();
        found.iter().map(|one| one["rule"].as_str().expect("a text").to_owned()).collect()
    };
    assert!(rules(&[]).contains(&"trailing-slash".to_owned()));
    assert_eq!(rules(&["--select", "trailing-slash"]), ["trailing-slash"]);
    assert_eq!(rules(&["--select", "trail*,malformed-url"]), ["trailing-slash"]);
    assert!(!rules(&["--ignore", "trailing-slash"]).contains(&"trailing-slash".to_owned()));
    assert!(rules(&["--ignore", "winninghunter,openapi", "--ignore", "http"]).is_empty());
    let run = folder.run(&["check", "--select", "traling-slash"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("did you mean `trailing-slash`?"), "{}", run.stderr());
}

#[test]
fn statistics_count_rules() {
    let folder = Folder::new().with("wrong.sh", &WRONG.repeat(3));
    let run = folder.run(&["check", "--statistics", "--format", "concise"]);
    assert!(run.stdout().contains("     3         3  trailing-slash\n"), "{}", run.stdout());
}

#[test]
fn colors_follow_switch_and_environment() {
    let folder = Folder::new().with("wrong.sh", WRONG);
    let colored = |run: support::Run| run.stdout().contains('\u{1b}');
    assert!(!colored(folder.run(&["check"])));
    assert!(colored(folder.run(&["check", "--color", "always"])));
    assert!(colored(folder.run_with(&["check"], &[("CLICOLOR_FORCE", "1")])));
    assert!(!colored(folder.run_with(&["check", "--color", "never"], &[("CLICOLOR_FORCE", "1")])));
    let both = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    assert!(!colored(folder.run_with(&["check"], &both)));
}

#[test]
fn drawing_follows_the_locale() {
    let folder = Folder::new().with("wrong.sh", WRONG);
    let ascii = folder.run_with(&["check"], &[("LC_ALL", "C")]).stdout();
    assert!(ascii.is_ascii(), "{ascii}");
    let unicode = folder.run_with(&["check"], &[("LC_ALL", "C.UTF-8")]).stdout();
    assert!(unicode.contains('╭'), "{unicode}");
}

#[test]
fn standard_input_is_read_where_it_is_named() {
    let folder = Folder::new();
    let run = folder.run_on(&["check", "-", "--format", "json"], WRONG);
    assert_eq!(run.code(), 1);
    assert_eq!(run.json()["diagnostics"][0]["path"], "<stdin>");
    let run = folder.run_on(&["check", "-", "--stdin-filename", "x.sh", "--format", "json"], WRONG);
    assert_eq!(run.json()["diagnostics"][0]["path"], "x.sh");
    let run = folder.run_on(&["check", "-"], "");
    assert_eq!((run.code(), run.stdout().as_str()), (0, ""));
    assert!(run.stderr().contains("empty"), "{}", run.stderr());
    let run = folder.run_on(&["check", "-"], "Dear all,\n\nregards\n");
    assert_eq!(run.code(), 0);
    assert!(run.stderr().contains("holds no request"), "{}", run.stderr());
}

#[test]
fn searches_leave_out_what_is_no_request() {
    let folder = Folder::new()
        .with("z/b.sh", WRONG)
        .with("a.sh", WRONG)
        .with(".hidden/c.sh", WRONG)
        .with("ignored/d.sh", WRONG)
        .with(".gitignore", "ignored/\n")
        .with("package.json", "{\"name\": \"x\", \"version\": \"1\"}")
        .with("setup.sh", "echo hello\n")
        .with("README.md", WRONG);
    let paths = |arguments: &[&str]| -> Vec<String> {
        let all =
            [&["check", "--format", "concise", "--select", "trailing-slash"], arguments].concat();
        let path = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
        folder.run(&all).stdout().lines().map(path).collect()
    };
    assert_eq!(paths(&[]), ["a.sh", "z/b.sh"]);
    assert_eq!(paths(&["z", "./a.sh", "a.sh", "."]), ["a.sh", "z/b.sh"]);
    assert_eq!(paths(&["**/*.sh"]), ["a.sh", "z/b.sh"]);
    assert_eq!(paths(&["ignored/d.sh"]), ["ignored/d.sh"]);
    let notes = folder.run(&["check", "-v"]).stderr();
    for name in ["package.json", "setup.sh", "README.md"] {
        assert!(notes.contains(&format!("{name}: passed over")), "{notes}");
    }
}

#[test]
fn an_empty_search_has_its_own_code() {
    let folder = Folder::new().with("README.md", "nothing");
    assert_eq!(folder.run(&["check"]).code(), 3);
    assert_eq!(folder.run(&["check", "README.md"]).code(), 0);
    assert!(folder.run(&["check", "-v", "README.md"]).stderr().contains("passed over"));
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_checked() {
    let folder = Folder::new().with("wrong.sh", WRONG).with_bytes("latin.sh", b"curl \xe9\n");
    let run = folder.run(&["check", "--format", "json", "gone.sh", "latin.sh", "wrong.sh"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("gone.sh: no such file"), "{}", run.stderr());
    assert!(run.stderr().contains("latin.sh: not UTF-8 at byte 5"), "{}", run.stderr());
    assert_eq!(run.json()["summary"]["files"], 1);
}

#[cfg(unix)]
#[test]
fn folders_without_rights_are_said() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new().with("locked/a.sh", WRONG).with("b.sh", RIGHT);
    let locked = folder.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("our own folder");
    let readable = fs::read_dir(&locked).is_ok();
    let run = folder.run(&["check"]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).expect("our own folder");
    if readable {
        return; // root reads everything
    }
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("locked: permission denied"), "{}", run.stderr());
}

#[test]
fn hostile_inputs_end_well() {
    let long = format!("curl 'https://example.com/?{}'\n", "a".repeat(50 << 20));
    let deep = format!("{{\"url\": {}", "[".repeat(100_000));
    let braces = format!("curl https://example.com -d '{}'\n", "{\"a\":".repeat(100_000));
    let cases = [
        ("unclosed.sh", "curl 'https://example.com\n".to_owned()),
        ("long.sh", long),
        ("deep.json", deep),
        ("braces.sh", braces),
        ("nul.sh", "curl \0https://example.com/\0\n".to_owned()),
        ("empty.json", String::new()),
        ("mark.http", "\u{feff}".to_owned()),
    ];
    for (name, text) in cases {
        let formats =
            if text.len() > 1 << 20 { &["human"][..] } else { &["concise", "json", "human"] };
        for format in formats {
            let run = Folder::new().with(name, &text).run(&["check", "--format", format, name]);
            assert!([0, 1].contains(&run.code()), "{name} {format}: {}", run.stderr());
            assert!(run.stdout().len() < 200_000, "{name} {format}: {} bytes", run.stdout().len());
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new().with("wrong.sh", &WRONG.repeat(2000));
    let run = folder.run_without_reader(&["check", "--format", "json"]);
    assert_eq!(run.code(), 1, "{}", run.stderr());
    assert_eq!(run.stderr(), "");
}

#[test]
fn order_does_not_depend_on_threads() {
    let mut folder = Folder::new();
    for number in 0..200 {
        folder = folder.with(&format!("{number:03}.sh"), WRONG);
    }
    let first = folder.run(&["check", "--format", "json"]).stdout();
    for _ in 0..3 {
        assert!(folder.run(&["check", "--format", "json"]).stdout() == first);
    }
    let alone = [("RAYON_NUM_THREADS", "1")];
    assert!(folder.run_with(&["check", "--format", "json"], &alone).stdout() == first);
}

#[test]
fn parse_prints_what_goes_on_the_wire() {
    let text = "curl -d 'a=1' -H 'X-API-Key: wh_000102030405060708090a0b0c0d0e0f0001020304050607' \"https://example.com/$A\"\n";
    let folder = Folder::new();
    let model = folder.run_on(&["parse", "-"], text);
    assert_eq!(model.code(), 0, "{}", model.stderr());
    assert_eq!(schema_errors("parse-v1", &model.json()), Vec::<String>::new());
    assert!(!model.stdout().contains("wh_0001"), "{}", model.stdout());
    let shown = folder.run_on(&["parse", "-", "--show-secrets"], text).json();
    let request = &shown["requests"][0];
    assert_eq!(request["method"], "POST");
    assert_eq!(request["url"], "https://example.com/$A");
    assert_eq!(request["body"]["text"], "a=1");
    assert_eq!(request["holes"][0]["text"], "$A");
    assert_eq!(request["holes"][0]["in"], "url");
    let names: Vec<&Value> =
        request["headers"].as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["X-API-Key", "Content-Type"]);
}

#[test]
fn parse_prints_the_parts_of_a_form() {
    let text = "curl -F 'key=wh_000102030405060708090a0b0c0d0e0f0001020304050607' \
        -F 'f=@a.txt,b.png' -F '=(' -F 'x=1;type=text/x' -F '=)' https://example.com/\n";
    let model = Folder::new().run_on(&["parse", "-"], text);
    assert_eq!(schema_errors("parse-v1", &model.json()), Vec::<String>::new());
    assert!(!model.stdout().contains("wh_0001"), "{}", model.stdout());
    let body = &model.json()["requests"][0]["body"];
    assert_eq!(body["parts"].as_array().map(Vec::len), Some(3));
    let files = &body["parts"][1];
    assert_eq!(files["headers"][1]["value"], "multipart/mixed");
    assert_eq!(files["parts"][1]["headers"][0]["value"], "attachment; filename=\"b.png\"");
    assert_eq!(files["parts"][1]["text"], Value::Null);
    assert_eq!(body["parts"][2]["parts"][0]["text"], "1");
}

#[test]
fn parse_writes_commands_for_every_shell() {
    let text = "curl -u \"me:$PASS\" 'https://example.com/a?x=%20' --json '{\"a\": 1}'\n";
    let folder = Folder::new();
    let mut written = String::new();
    for shell in ["bash", "cmd", "powershell", "fish", "argv"] {
        let run = folder.run_on(&["parse", "-", "--to", "curl", "--shell", shell], text);
        assert_eq!(run.code(), 0, "{}", run.stderr());
        written.push_str(&run.stdout());
        written.push_str(&run.stderr());
    }
    insta::assert_snapshot!(written);
}

/// A quadratic reader would not come back.
#[test]
fn ten_megabytes_with_a_hundred_thousand_options_are_read() {
    let folder = Folder::new();
    for (option, part) in [
        (
            "-H 'X-Name: some value of a length that makes a hundred of these ten thousand bytes, or so, each'",
            "headers",
        ),
        (
            "-F 'name=some value of a length that makes a hundred of these ten thousand bytes, or so, each'",
            "parts",
        ),
    ] {
        let text = format!("curl https://h.example/a {}\n", format!("{option} ").repeat(100_000));
        assert!(text.len() > 9_000_000);
        let model = folder.run_on(&["parse", "-"], &text).json();
        let request = &model["requests"][0];
        let found = if part == "parts" { &request["body"]["parts"] } else { &request[part] };
        assert!(found.as_array().is_some_and(|all| all.len() >= 100_000), "{part}");
    }
    let long = format!("curl 'https://h.example/a?q={}'\n", "word+".repeat(2_000_000));
    let run = folder.run_on(&["check", "-"], &long);
    assert!(run.code() < 2, "{}", run.stderr());
}

#[test]
fn no_output_shows_a_secret() {
    let key = "wh_000102030405060708090a0b0c0d0e0f0001020304050607";
    let text = format!(
        "curl -u bob:s3cretpass -H 'Cookie: session=c00kie77' -H 'Authorization: {key}' \\\n  \
         'https://app.winninghunter.com/api/v1/tiktok-shop/products/?country=US&api_key={key}'\n\
         curl -u bob:s3cretpass -H 'Api-Key: {key}' https://app.winninghunter.com/api/v1/brands/\n"
    );
    let folder = Folder::new().with("a.sh", &text);
    for arguments in [
        &["check"][..],
        &["check", "--format", "concise"],
        &["check", "--format", "json"],
        &["check", "--statistics", "-v"],
        &["parse"],
    ] {
        let run = folder.run(arguments);
        let all = run.stdout() + &run.stderr();
        assert!(all.len() > 100, "{arguments:?} says nothing");
        for secret in ["000102030405", "s3cretpass", "c00kie77", "Ym9iOnMzY3JldHBhc3M="] {
            assert!(!all.contains(secret), "{arguments:?} shows {secret}: {all}");
        }
    }
}

#[test]
fn json_places_are_bytes_and_code_points() {
    let text =
        format!("\u{feff}# é\r\n# 日本😀\n{}", WRONG.replace("country=US", "q=é日&country=US"));
    let folder = Folder::new().with("a.sh", &text);
    let document = folder.run(&["check", "--format", "json", "--select", "trailing-slash"]).json();
    let one = &document["diagnostics"][0];
    let offset = |key: &str| one[key].as_u64().expect("a number") as usize;
    assert_eq!(&text[offset("start")..offset("end")], "/");
    let before = &text[..offset("start")];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    assert_eq!(offset("line"), before.matches('\n').count() + 1);
    assert_eq!(offset("column"), before[start..].chars().count() + 1);
}

#[test]
fn rules_are_listed_and_explained() {
    let list = reqlint(&["rules", "--format", "json"]).json();
    assert_eq!(schema_errors("rules-v1", &list), Vec::<String>::new());
    let packs = list["packs"].as_array().expect("a list").clone();
    let rules = packs.iter().flat_map(|pack| pack["rules"].as_array().expect("a list").clone());
    let table = reqlint(&["rules"]).stdout();
    for rule in rules {
        let id = rule["id"].as_str().expect("a text");
        assert!(table.contains(id), "{id}");
        let page = reqlint(&["rule", id]);
        assert_eq!(page.code(), 0, "{id}: {}", page.stderr());
        assert!(page.stdout().contains("Why") && page.stdout().contains("Wrong"), "{id}");
    }
    insta::assert_snapshot!("rule_page", reqlint(&["rule", "trailing-slash"]).stdout());
}

#[test]
fn mistakes_in_rule_files_come_all_at_once() {
    let rule = "id: Bad Id\nseverity: fatal\nfind: { x: { parm: a } }\n";
    let folder = Folder::new().with("bad.yaml", rule).with("a.sh", RIGHT);
    let run = folder.run(&["check", "--rules", "bad.yaml", "--format", "concise", "a.sh"]);
    assert_eq!(run.code(), 2);
    assert!(run.stdout().lines().count() >= 2, "{}", run.stdout());
    assert!(run.stdout().starts_with("bad.yaml:"), "{}", run.stdout());
    let run = folder.run(&["check", "--rules", "bad.yaml", "--format", "json", "a.sh"]);
    assert_eq!(run.code(), 2);
    assert_eq!(schema_errors("check-v1", &run.json()), Vec::<String>::new());
    let run = folder.run(&["check", "--rules", "none.yaml", "a.sh"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("none.yaml: no such file"), "{}", run.stderr());
}

#[test]
fn a_named_rules_file_is_loaded_whatever_its_ending() {
    let broken = "id: no-debug\nseverity: fatal\n";
    let folder = Folder::new().with("no-debug.txt", broken).with("empty.txt", "");
    let folder = folder.with("a.sh", RIGHT);
    let run = folder.run(&["check", "--rules", "no-debug.txt", "--format", "concise", "a.sh"]);
    assert_eq!(run.code(), 2);
    assert!(run.stdout().starts_with("no-debug.txt:"), "{}", run.stdout());
    let run = folder.run(&["check", "--rules", "empty.txt", "a.sh"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("empty.txt: holds no rule"), "{}", run.stderr());
}

#[test]
fn selectors_that_leave_nothing_are_said() {
    let folder = Folder::new().with("wrong.sh", WRONG);
    let run = folder.run(&["check", "--select", ""]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("empty"), "{}", run.stderr());
    let run = folder.run(&["check", "--select", "http", "--ignore", "http"]);
    assert_eq!((run.code(), run.stdout().as_str()), (0, ""));
    assert!(run.stderr().contains("leave no rule"), "{}", run.stderr());
}

#[test]
fn globs_and_files_that_give_nothing_are_said() {
    let folder = Folder::new().with("a.sh", RIGHT).with("b.txt", "nothing");
    let run = folder.run(&["check", "a.sh", "no/*.sh", "*.http"]);
    assert!(run.stderr().contains("*.http: no file matches"), "{}", run.stderr());
    let run = folder.run(&["check", "rules/[a"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("bad pattern"), "{}", run.stderr());
    let run = folder.run(&["check", "b.txt"]);
    assert_eq!(run.code(), 0);
    assert!(run.stderr().contains("checked nothing"), "{}", run.stderr());
    assert_eq!(folder.run(&["check", "-q", "b.txt"]).stderr(), "");
}

#[test]
fn rules_with_one_id_are_said_with_their_places() {
    let rule =
        fs::read_to_string(format!("{}/rules/http/verb-as-url.yaml", env!("CARGO_MANIFEST_DIR")));
    let folder = Folder::new().with("mine/verb-as-url.yaml", &rule.expect("it is built in"));
    let run = folder.with("a.sh", RIGHT).run(&["check", "--rules", "mine", "a.sh"]);
    assert_eq!(run.code(), 2);
    let says = run.stdout();
    let why = "the id `verb-as-url` is taken by the built-in pack `http`";
    assert!(says.contains(why) && says.contains("mine/verb-as-url.yaml:1:5"), "{says}");
}

#[test]
fn masking_leaves_other_parts_alone() {
    let model =
        |text: &str| Folder::new().run_on(&["parse", "-"], text).json()["requests"][0].clone();
    let one = model("curl 'https://x.com/?api_key=abcdefgh123'\n");
    assert_eq!(
        (&one["method"], &one["url"]),
        (&"GET".into(), &"https://x.com/?api_key=***********".into())
    );
    let one = model("curl -b 'GET=1; sid=https' https://x.com/\n");
    assert_eq!((&one["method"], &one["url"]), (&"GET".into(), &"https://x.com/".into()));
    assert_eq!(one["headers"][0]["value"], "GET=************");
    let one = model("curl -H 'Authorization: Bearer a' -F a=b https://a.com\n");
    assert_eq!((&one["method"], &one["url"]), (&"POST".into(), &"https://a.com/".into()));
    let one =
        model("curl -H 'Authorization: Bearer e' -d 'pwd=pwd&type=e2e' https://example.com/e\n");
    assert_eq!(one["headers"][0]["value"], "Bearer *");
    assert_eq!(one["headers"][1]["value"], "application/x-www-form-urlencoded");
    assert_eq!(one["body"]["text"], "pwd=***&type=e2e");
    assert_eq!(one["url"], "https://example.com/e");
    let one = model("curl -u a:b 'https://c:d@example.com/a b/?token=a%62 c&b=d'\n");
    assert_eq!(one["url"], "https://example.com/a%20b/?token=******&b=d");
    assert_eq!(one["headers"][0]["value"], "Basic ****");
}

#[test]
fn corrected_text_can_be_pasted() {
    let url = "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore/";
    let here = format!(
        "curl --json @- {url} -H \"X-API-Key: $K\" <<-EOF\n\t{{\"country\": \"USA\", \"period\": \"30d\"}}\n\tEOF\n"
    );
    let shown = Folder::new().with("a.sh", &here).run(&["check"]).stdout();
    assert!(shown.contains("\n    \t{\"country\""), "{shown}");
    let family =
        format!("curl '{url}?q=👨\u{200d}👩&country=USA&period=30d' -H \"X-API-Key: $K\"\n");
    let shown = Folder::new().with("a.sh", &family).run(&["check"]).stdout();
    let corrected = shown.split("corrected:").nth(1).expect("there is a fix");
    assert!(corrected.contains("👨\u{200d}👩"), "{shown}");
    let control =
        format!("curl '{url}?q=\u{1b}[31m&country=USA&period=30d' -H \"X-API-Key: $K\"\n");
    let shown = Folder::new().with("a.sh", &control).run(&["check"]).stdout();
    assert!(shown.contains("holds control characters"), "{shown}");
}

#[test]
fn named_files_are_read_on_demand_inside_the_project() {
    let outside = Folder::new().with("secret.json", "{\"page\": 1,}");
    let command = |file: &str| format!("curl --json @{file} https://api.example.com/orders\n");
    let folder = Folder::new()
        .with(".git/HEAD", "")
        .with("api/orders.sh", &command("body.json"))
        .with("api/body.json", "{\"page\": 1,}")
        .with("api/up.sh", &command("../shared.json"))
        .with("shared.json", "{\"token\": \"sk_live_9f8e7d6c5b4a3928\", \"page\": 1}")
        .with("api/out.sh", &command(&format!("{}/secret.json", outside.path().display())))
        .with("api/dots.sh", &command("../../secret.json"))
        .with("api/link.sh", &command("link.json"));
    let body = |name: &str| {
        let parsed = folder.run(&["parse", "--resolve-files", name]).json();
        parsed["requests"][0]["body"].clone()
    };
    // The comma too many is found in the file, and told where the file is named.
    let unknown = folder.run(&["check", "api/orders.sh", "--format", "concise"]);
    assert_eq!(unknown.stdout(), "");
    let known =
        folder.run(&["check", "--resolve-files", "api/orders.sh", "--format", "json"]).json();
    let found = &known["diagnostics"][0];
    assert_eq!(found["rule"], "malformed-json");
    assert_eq!((found["line"].as_i64(), found["column"].as_i64()), (Some(1), Some(14)));
    assert_eq!(found["fixes"], serde_json::json!([]));
    assert_eq!(body("api/orders.sh")["text"], "{\"page\": 1,}");
    // Secrets of the file stay in it.
    let shared = folder.run(&["parse", "--resolve-files", "api/up.sh"]).stdout();
    assert!(!shared.contains("9f8e7d6c"), "{shared}");
    assert!(shared.contains("\"kind\":\"json\""), "{shared}");
    for name in ["api/out.sh", "api/dots.sh"] {
        assert_eq!(body(name)["kind"], "file", "{name}");
    }
    #[cfg(unix)]
    {
        let target = outside.path().join("secret.json");
        std::os::unix::fs::symlink(target, folder.path().join("api/link.json")).expect("a link");
        assert_eq!(body("api/link.sh")["kind"], "file");
    }
}
