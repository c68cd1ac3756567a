//! `reqlint explain` through the front door: every fixture of `fixtures/explain/`, what can be
//! given apart, every format, a prompt on a real terminal, and exchanges with a live server.

#[path = "explain/live.rs"]
mod live;
#[path = "../../reqlint-core/tests/packs/mod.rs"]
mod packs;
#[path = "explain/recordings.rs"]
mod recordings;
#[path = "explain/server.rs"]
mod server;
#[path = "support/mod.rs"]
mod support;
#[path = "explain/wrong.rs"]
mod wrong;

use reqlint_core::explain::Explainer;
use reqlint_core::model::Kind;
use reqlint_core::parse::parse;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::{Folder, schema_errors};

/// A pasted exchange with what must be said of it.
struct Pasted {
    name: String,
    /// What the first lines say: `symptom`, `first`, `alone`.
    expected: BTreeMap<String, String>,
    /// The request, with what people wrote around it.
    request: String,
    /// What came back.
    response: String,
}

/// What divides a fixture; it is no part of what is pasted.
const BORDER: &str = "%%\n";

fn fixtures() -> Vec<Pasted> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/explain");
    let entries = fs::read_dir(folder).expect("the fixtures");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Pasted {
    let text = fs::read_to_string(path).expect("a readable fixture");
    let is_expectation = |line: &&str| line.starts_with("# ");
    let expected: BTreeMap<String, String> = text
        .lines()
        .take_while(is_expectation)
        .filter_map(|line| line[2..].split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let pasted: String =
        text.split_inclusive('\n').skip_while(|line| line.starts_with("# ")).collect();
    let (request, response) = pasted.split_once(BORDER).expect("a fixture has its border");
    Pasted {
        name: path.file_name().expect("a file").to_string_lossy().into_owned(),
        expected,
        request: request.to_owned(),
        response: response.to_owned(),
    }
}

impl Pasted {
    fn expects(&self, name: &str) -> Option<&str> {
        self.expected.get(name).map(String::as_str).filter(|value| *value != "-")
    }

    /// The lines of the request from its command on, without fences and the marks of quotations.
    fn command(&self) -> String {
        let bare = |line: &str| line.trim_start_matches("> ").trim_start_matches("$ ").to_owned();
        let lines = self.request.lines().map(bare);
        let lines = lines.filter(|line| !line.starts_with("```") && line != ">");
        let starts = |line: &String| !(line.contains("curl ") || line.contains("Invoke-"));
        lines.skip_while(starts).collect::<Vec<_>>().join("\n")
    }
}

/// What is said of the first exchange in a text: the symptom, the first cause, all rules.
struct Said {
    symptom: Option<String>,
    /// Where a symptom was seen, only a rule that explains it counts.
    first: Option<String>,
    rules: Vec<String>,
}

fn explain(explainer: &Explainer, text: &str) -> Said {
    let document = parse(text, Kind::Transcript);
    let explained = explainer.explain(&document);
    let one = explained.first().unwrap_or_else(|| panic!("nothing is found in {text}"));
    let known = one.symptom.is_some() || !one.possible.is_empty();
    let first = one.causes.first().filter(|cause| cause.explains || !known);
    Said {
        symptom: one.symptom.map(|symptom| symptom.id.clone()),
        first: first.map(|cause| cause.diagnostic.rule.clone()),
        rules: one.causes.iter().map(|cause| cause.diagnostic.rule.clone()).collect(),
    }
}

#[test]
fn the_cause_comes_first_in_every_pasted_exchange() {
    let explainer = Explainer::new(packs::documented());
    let mut wrong = Vec::new();
    for pasted in fixtures() {
        let whole = explain(&explainer, &format!("{}{}", pasted.request, pasted.response));
        let said = (whole.symptom.as_deref(), whole.first.as_deref());
        let expected = (pasted.expects("symptom"), pasted.expects("first"));
        if said != expected {
            wrong.push(format!("{}: {said:?}, not {expected:?}", pasted.name));
        }
        // Also without its response, and with the command alone: then no symptom is seen, the cause
        // is found, and nothing else than with the response.
        let has_command = pasted.request.contains("curl ") || pasted.request.contains("Invoke-");
        if !has_command {
            continue;
        }
        for text in [pasted.request.clone(), pasted.command()] {
            let alone = explain(&explainer, &text);
            let lacks = pasted
                .expects("first")
                .is_some_and(|first| !alone.rules.iter().any(|r| r == first));
            let more: Vec<&String> =
                alone.rules.iter().filter(|rule| !whole.rules.contains(rule)).collect();
            if lacks || !more.is_empty() || alone.symptom.is_some() {
                let (symptom, rules) = (alone.symptom, alone.rules);
                wrong.push(format!("{}: {symptom:?}, {rules:?} alone:\n{text}", pasted.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(fixtures().len() >= 60);
}

/// The rule of the first cause in the program's JSON.
fn first_of(exchange: &Value) -> Option<&str> {
    exchange["causes"][0]["rule"].as_str()
}

#[test]
fn the_program_says_the_same_in_json() {
    for pasted in fixtures().iter().step_by(12) {
        let text = format!("{}{}", pasted.request, pasted.response);
        let run = Folder::new().run_on(&["explain", "-", "--format", "json"], &text);
        assert_eq!(run.code(), 0, "{text}\n{}", run.stderr());
        let document = run.json();
        assert_eq!(schema_errors("explain-v1", &document), Vec::<String>::new(), "{text}");
        let symptom = document["exchanges"][0]["symptom"].as_str();
        assert_eq!(symptom, pasted.expects("symptom"), "{}", pasted.name);
    }
}

const REQUEST: &str =
    "curl -H 'Api-Key: $WH_API_KEY' https://app.winninghunter.com/api/v1/brands\n";

#[test]
fn the_response_can_be_given_apart() {
    let folder = Folder::new()
        .with("request.sh", REQUEST)
        .with("request.json", "{\"url\": \"https://app.winninghunter.com/api/v1/brands\", \"headers\": {\"Api-Key\": \"{{K}}\"}}")
        .with("whole.txt", "HTTP/2 401\ncontent-type: application/json\n\n{\"error\": \"Unauthorized\"}\n")
        .with("content.json", "{\"success\": false, \"error\": \"Unauthorized\"}\n");
    for arguments in [
        &["request.sh", "--response", "whole.txt"][..],
        &["request.sh", "--response", "content.json", "--status", "401"],
        &["request.sh", "--status", "401"],
        &["request.sh", "--status", "401", "--body", "{\"error\": \"Unauthorized\"}"],
        &["request.json", "--status", "401", "--body", "{\"error\": \"Unauthorized\"}"],
    ] {
        let all = [&["explain", "--format", "json"], arguments].concat();
        let run = folder.run(&all);
        assert_eq!(run.code(), 0, "{arguments:?}: {}", run.stderr());
        let exchange = &run.json()["exchanges"][0];
        assert_eq!(exchange["symptom"], "unauthorized", "{arguments:?}");
        assert_eq!(exchange["status"], 401, "{arguments:?}");
        assert_eq!(first_of(exchange), Some("wrong-api-key-header"), "{arguments:?}");
    }
}

#[test]
fn one_of_several_exchanges_can_be_asked_for() {
    let text = "$ curl -i https://api.example.com/a\nHTTP/1.1 405 Method Not Allowed\nAllow: POST\n\n$ curl -i https://api.example.com/b\nHTTP/1.1 200 OK\nA: b\n\n{}\n$ curl -i https://api.example.com/c\nHTTP/1.1 406 Not Acceptable\nA: b\n\n";
    let explain = |arguments: &[&str]| {
        let all = [&["explain", "-", "--format", "json"], arguments].concat();
        Folder::new().run_on(&all, text)
    };
    let document = explain(&[]).json();
    let symptoms: Vec<&Value> = document["exchanges"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["symptom"])
        .collect();
    assert_eq!(symptoms, ["method-not-allowed", "not-acceptable"]);
    assert_eq!(document["left_out"], 1);
    assert_eq!(explain(&["--entry", "2"]).json()["exchanges"][0]["status"], 200);
    let run = explain(&["--entry", "4"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("there is no exchange 4; there are 3"), "{}", run.stderr());
}

/// Of a page of two megabytes its title is told, and nothing that a terminal would obey.
#[test]
fn a_huge_page_is_told_in_a_line() {
    let noise = "<div>\u{1b}[31mzzqx\u{1b}]0;title\u{7} \u{202e}back\u{9b}2J</div>\r\n";
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>Bad gateway \u{1b}[2J \u{202e}evil</title></head>\n{}</html>\n",
        noise.repeat(2 * 1024 * 1024 / noise.len())
    );
    let text = format!(
        "$ curl -i -H \"X-API-Key: $WH_API_KEY\" https://app.winninghunter.com/api/v1/brands\nHTTP/2 502 \u{1b}[31m\ncontent-type: text/html\nx-note: \u{1b}[5mblink\n\n{page}"
    );
    for format in ["human", "json", "markdown"] {
        let run = Folder::new().run_on(&["explain", "-", "--format", format], &text);
        let shown = run.succeeds();
        assert!(shown.len() < 8 * 1024, "{format}: {} bytes", shown.len());
        assert!(shown.contains("Bad gateway"), "{shown}");
        assert!(!shown.contains("zzqx"), "{shown}");
        let obeyed =
            |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
        assert_eq!(shown.chars().find(|c| obeyed(*c)), None, "{format}");
    }
}

#[test]
fn what_is_no_exchange_is_refused_with_advice() {
    for text in ["", "  \n", "hello there\n"] {
        let run = Folder::new().run_on(&["explain", "-"], text);
        assert_eq!((run.code(), run.stdout().as_str()), (2, ""), "{text:?}");
        assert!(run.stderr().contains("paste"), "{}", run.stderr());
    }
    let run = Folder::new().run(&["explain", "nowhere.txt"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("nowhere.txt"), "{}", run.stderr());
}

#[test]
fn every_format_is_whole_and_without_secrets() {
    let key = "wh_00112233445566778899aabbccddeeff0011223344556677";
    let text = format!(
        "$ curl -i -H 'Authorization: {key}' -b 'session=s3cr3ts3cr3ts3cr3t' https://app.winninghunter.com/api/v1/brands\nHTTP/2 401\nset-cookie: session=s3cr3ts3cr3ts3cr3t; path=/\ncontent-type: application/json\n\n{{\"success\": false, \"error\": \"Unauthorized \\u001b[31m {key}\", \"access_token\": \"abcdef0123456789abcdef\"}}\n"
    );
    for format in ["human", "json", "markdown"] {
        let run = Folder::new().run_on(&["explain", "-", "--format", format], &text);
        let shown = run.succeeds();
        for secret in ["00112233", "s3cr3t", "abcdef0123456789abcdef", "\u{1b}"] {
            assert!(!shown.contains(secret), "{format} shows {secret}:\n{shown}");
        }
        assert!(shown.contains("authorization-without-bearer"), "{shown}");
    }
    let human = Folder::new().run_on(&["explain", "-"], &text).succeeds();
    assert!(human.contains("'Authorization: Bearer '\"$WH_API_KEY\""), "{human}");
}

/// Where a secret stood, the correction has a variable: it is shared, and pasted again.
#[test]
fn corrections_have_variables_for_secrets() {
    let corrected = |command: &str| {
        let run = Folder::new().run_on(&["explain", "-", "--format", "json"], command);
        let document = run.json();
        assert_eq!(schema_errors("explain-v1", &document), Vec::<String>::new());
        let exchange = &document["exchanges"][0];
        let variables = exchange["variables"].as_array().expect("a list").iter();
        let variables: Vec<String> =
            variables.map(|name| name.as_str().expect("a text").to_owned()).collect();
        (exchange["corrected"].as_str().expect("it is corrected").to_owned(), variables.join(" "))
    };
    // What is mended is the parameter after the second question mark.
    for (command, mended, variables) in [
        (
            "curl -b 'session=s3cr3t; theme=d4rk' 'https://api.example.com/a?b=1?c=2'",
            "curl -b 'session='\"$SESSION\"'; theme='\"$THEME\"'' 'https://api.example.com/a?b=1&c=2'",
            "SESSION THEME",
        ),
        (
            "curl -H 'Cookie: session=s3cr3t' 'https://api.example.com/a?b=1?c=2'",
            "curl -H 'Cookie: session='\"$SESSION\"'' 'https://api.example.com/a?b=1&c=2'",
            "SESSION",
        ),
        (
            "curl -H 'Authorization: Bearer s3cr3t' 'https://api.example.com/a?b=1?c=2'",
            "curl -H 'Authorization: Bearer '\"$TOKEN\"'' 'https://api.example.com/a?b=1&c=2'",
            "TOKEN",
        ),
        (
            "curl -u me:s3cr3t \"https://api.example.com/a?access_token=abc&b=1?c=2\"",
            "curl -u \"$CREDENTIALS\" \"https://api.example.com/a?access_token=${ACCESS_TOKEN}&b=1&c=2\"",
            "ACCESS_TOKEN CREDENTIALS",
        ),
        (
            "curl.exe -H \"X-Token: s3cr3t\" \"https://api.example.com/a?b=1?c=2\" ^\n  -k",
            "curl.exe -H \"X-Token: %X_TOKEN%\" \"https://api.example.com/a?b=1&c=2\" ^\n  -k",
            "X_TOKEN",
        ),
        (
            "curl --json '{\"password\": \"s3cr3t\"}' 'https://api.example.com/a?b=1?c=2'",
            "curl --json '{\"password\": \"'\"$PASSWORD\"'\"}' 'https://api.example.com/a?b=1&c=2'",
            "PASSWORD",
        ),
    ] {
        assert_eq!(corrected(command), (mended.to_owned(), variables.to_owned()));
    }
}

/// What a rule about other paths says is not known, where the path is none of the API.
#[test]
fn nothing_is_ruled_out_for_a_path_that_is_unknown() {
    let text = "curl -i -H \"X-API-Key: $WH_API_KEY\" 'https://app.winninghunter.com/api/v1/tiktok-shop/prodcts/explore?country=US&period=30d&start_date=2026-01-01'\nHTTP/2 200\ncontent-type: application/json\n\n{\"success\": true, \"data\": [], \"total\": 0}\n";
    let document = Folder::new().run_on(&["explain", "-", "--format", "json"], text).json();
    let exchange = &document["exchanges"][0];
    let rules = |name: &str| {
        let rules = exchange[name].as_array().expect("a list").iter();
        rules.map(|one| one["rule"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    let (ruled_out, undecided) = (rules("ruled_out"), rules("undecided"));
    assert!(undecided.contains(&"mixed-time-params".to_owned()), "{undecided:?} {ruled_out:?}");
    // There is no second question mark, wherever it goes.
    assert!(ruled_out.contains(&"second-question-mark".to_owned()), "{ruled_out:?}");
    let alone = "curl: (6) Could not resolve host: app.winninghunter.co\n";
    let document = Folder::new().run_on(&["explain", "-", "--format", "json"], alone).json();
    let exchange = &document["exchanges"][0];
    assert_eq!(exchange["symptom"], "host-not-found");
    assert_eq!((&exchange["ruled_out"], &exchange["undecided"]), (&json!([]), &json!([])));
}

#[test]
fn answers_read_well() {
    let of = |name: &str| {
        let pasted =
            read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/explain").join(name));
        format!("{}{}", pasted.request, pasted.response)
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    let _guard = settings.bind_to_scope();
    for (name, format) in [
        ("404-session-prefix.txt", "human"),
        ("401-regenerated-key.txt", "human"),
        ("404-chat.txt", "markdown"),
    ] {
        let run = Folder::new().run_on(&["explain", "-", "--format", format], &of(name));
        insta::assert_snapshot!(name.replace(".txt", ""), run.succeeds());
    }
}

/// Types into a terminal of its own: the text, then Ctrl-D.
const TERMINAL: &str = r#"
import os, pty, sys, time
program, text = sys.argv[1], sys.argv[2]
child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm"
    os.execv(program, [program, "explain", "--color", "never"])
shown = b""
def read():
    global shown
    try:
        part = os.read(terminal, 65536)
    except OSError:
        return False
    shown += part
    return bool(part)
while b"Ctrl-D" not in shown and read():
    pass
for line in text.splitlines(True):
    os.write(terminal, line.encode())
os.write(terminal, b"\x04")
while read():
    pass
_, status = os.waitpid(child, 0)
sys.stdout.write(shown.decode())
sys.exit(os.waitstatus_to_exitcode(status))
"#;

#[test]
fn a_terminal_is_asked_what_to_explain() {
    let python = std::process::Command::new("python3")
        .args(["-c", TERMINAL, env!("CARGO_BIN_EXE_reqlint"), REQUEST])
        .output()
        .expect("python3 is there for the tests");
    let shown = String::from_utf8_lossy(&python.stdout).replace('\r', "");
    assert!(python.status.success(), "{shown}\n{}", String::from_utf8_lossy(&python.stderr));
    assert!(shown.starts_with("Paste what failed"), "{shown}");
    assert!(shown.contains("Corrected\n"), "{shown}");
}
