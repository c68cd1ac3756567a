//! Real curl sends a wrong request to the server, its transcript goes into `explain`, the printed
//! correction is run by a real shell, and now the server answers 200.

use super::packs;
use super::server::{self, ALL_ROWS, KEY, NO_ACCESS, TOO_FAST, USED_UP};
use super::support::Folder;
use super::wrong::WRONG;
use reqlint_core::diagnostic::Safety;
use reqlint_core::rule::Rule;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::{Command, Stdio};

/// Curl asks the server of the test for these hosts. That speaks no TLS, so `https` is left out of
/// what is run, and the server is told.
const HOSTS: [&str; 2] = ["app.winninghunter.com", "app.winninghuntr.com"];

const WITHOUT_TLS: &str = r#"curl() {
  local all=() word tls=()
  for word; do
    [[ $word == https://*winning* ]] && word=http://${word#https://} tls=(-H 'X-TLS: on')
    all+=("$word")
  done
  command curl "${tls[@]}" "${all[@]}"
}
"#;

/// Shells and curl as a person has them, in a folder of their own.
struct Desk {
    folder: Folder,
    origin: String,
}

impl Desk {
    fn new() -> Self {
        let origin = server::start();
        let to = origin.trim_start_matches("http://");
        let lead = |host: &&str| format!("connect-to = \"{host}::{to}\"\n");
        let mut config: String = HOSTS.iter().map(lead).collect();
        // Where the meter is printed, and whether, depends on how fast it goes.
        config.push_str("no-progress-meter\n");
        let folder = Folder::new().with(".curlrc", &config).with("order.json", "{\"id\":1}");
        let folder = folder.with("jar", "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tabc\n");
        Desk { folder, origin }
    }

    fn command(&self, command: &str) -> String {
        let host = self.origin.trim_start_matches("http://");
        let command = command.replace("HOST", host).replace("ORIGIN", &self.origin);
        command.replace("LITERAL", KEY).replace("IDS", &"600123,".repeat(900))
    }

    /// Runs a command as a person would, with the key in the environment; the answer is all it
    /// prints.
    fn run(&self, command: &str, key: &str) -> String {
        // What runs in the background is waited for.
        let needs_tls = command.contains("winning");
        let tls = if needs_tls { WITHOUT_TLS } else { "" };
        self.bash(&["-c", &format!("{tls}exec 2>&1\n{command}\nwait")], key, Stdio::null())
    }

    /// The same as if it was typed: with a history, and by a shell that refuses patterns without
    /// files, as zsh does.
    fn type_in(&self, command: &str, key: &str) -> String {
        let script = self.folder.path().join("typed.sh");
        std::fs::write(&script, format!("exec 2>&1\n{command}\n")).expect("our own folder");
        let typed = ["-O", "failglob", "-o", "history", "-o", "histexpand", "typed.sh"];
        self.bash(&typed, key, Stdio::null())
    }

    fn bash(&self, arguments: &[&str], key: &str, input: Stdio) -> String {
        let output = Command::new("bash")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("WH_API_KEY", key)
            .env("no_proxy", "*")
            .stdin(input)
            .output()
            .expect("bash and curl are there for the tests");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What lies below `/any` is no part of the documented API.
    fn explain(&self, pasted: &str) -> Value {
        let server = format!("{}=winninghunter", self.origin);
        let mut arguments = vec!["explain", "-", "--format", "json"];
        if !pasted.contains("/any/") {
            arguments.extend(["--server", &server]);
        }
        let run = self.folder.run_on(&arguments, pasted);
        assert_eq!(run.code(), 0, "{pasted}\n{}", run.stderr());
        run.json()["exchanges"][0].clone()
    }

    /// What is wrong with the answer to a wrong command, or with the correction in it.
    fn trouble(&self, rule: &str, symptom: &str, command: &str) -> Option<String> {
        let typed = command.strip_prefix("TYPED ");
        let command = self.command(typed.unwrap_or(command));
        let run = |command: &str| match typed {
            Some(_) => self.type_in(command, KEY),
            None => self.run(command, KEY),
        };
        let printed = run(&command);
        let exchange = self.explain(&format!("$ {command}\n{printed}"));
        let first = exchange["causes"][0]["rule"].as_str().unwrap_or("nothing");
        let seen = exchange["symptom"].as_str().unwrap_or("-");
        if (first, seen) != (rule, symptom) {
            return Some(format!("{first} for {seen}, not {rule} for {symptom}:\n{printed}"));
        }
        let Some(corrected) = exchange["corrected"].as_str() else {
            return Some(format!("{rule} is not corrected:\n{printed}"));
        };
        let again = run(corrected);
        let is_fine = again.lines().any(|line| {
            let line = line.trim_start_matches("< ");
            line.starts_with("HTTP/") && line.contains(" 200")
        });
        let is_shrunken = total_of(&again).is_some_and(|total| total < ALL_ROWS);
        if !is_fine || is_shrunken || again.contains("<html") {
            return Some(format!("corrected to {corrected}\n  answers {again}"));
        }
        corrected.contains(KEY).then(|| format!("{corrected}\n  shows the key"))
    }
}

#[test]
fn corrections_work() {
    let desk = Desk::new();
    let trouble = |(rule, symptom, command): &(&str, &str, &str)| {
        let why = desk.trouble(rule, symptom, command)?;
        Some(format!("{}\n  {why}", visible(command)))
    };
    let wrong: Vec<String> = WRONG.iter().filter_map(trouble).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), WRONG.len(), wrong.join("\n"));
}

/// What `curl -v` or `--trace-ascii` says that it sent is enough for a command.
#[test]
fn verbose_output_alone_is_corrected() {
    let desk = Desk::new();
    for command in [
        "curl --trace-ascii - -H \"Api-Key: $WH_API_KEY\" -H 'Accept: text/csv' ORIGIN/api/v1/brands",
        "curl -v -H \"Api-Key: $WH_API_KEY\" -H 'Accept: text/csv' ORIGIN/api/v1/brands",
        "curl -v -X DELETE -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/credits'",
    ] {
        let printed = desk.run(&desk.command(command), KEY);
        let exchange = desk.explain(&printed);
        let corrected = exchange["corrected"].as_str().expect("it is corrected");
        assert!(corrected.starts_with("curl ") && !corrected.contains(KEY), "{corrected}");
        assert!(!corrected.contains("User-Agent") && !corrected.contains("*/*"), "{corrected}");
        let again = desk.run(&corrected.replacen("curl", "curl -i", 1), KEY);
        assert!(again.contains("HTTP/1.1 200"), "{corrected}\n{again}");
    }
}

/// How many rows an answer of the server tells.
fn total_of(printed: &str) -> Option<usize> {
    let (_, rest) = printed.split_once("\"total\": ")?;
    rest.split('}').next()?.parse().ok()
}

/// Dates beside a period leave a twentieth of the rows, which looks like an answer; without them
/// all rows are there.
#[test]
fn a_shrunken_result_is_whole_again() {
    let desk = Desk::new();
    let shrunken = ["mixed-time-params", "dates-on-period-endpoint"];
    for (rule, _, command) in WRONG.iter().filter(|(rule, ..)| shrunken.contains(rule)) {
        let command = desk.command(command);
        let printed = desk.run(&command, KEY);
        assert_eq!(total_of(&printed), Some(ALL_ROWS / 20), "{printed}");
        let exchange = desk.explain(&format!("$ {command}\n{printed}"));
        assert_eq!(
            (&exchange["status"], &exchange["causes"][0]["rule"]),
            (&200.into(), &(*rule).into())
        );
        let again = desk.run(exchange["corrected"].as_str().expect("it is corrected"), KEY);
        assert!(again.contains("HTTP/1.1 200"), "{again}");
        assert_eq!(total_of(&again), Some(ALL_ROWS), "{again}");
    }
}

fn visible(command: &str) -> String {
    command.escape_debug().to_string()
}

/// Rules of which the mend sends the very same request, so that no answer becomes another one.
const SENDS_THE_SAME: [&str; 1] = ["fragment-in-url"];

/// Every rule that a symptom names, and that can be mended, is tried on the server.
#[test]
fn every_fixable_cause_is_corrected_live() {
    let packs = packs::documented();
    let symptoms = packs.iter().flat_map(|pack| &pack.guide.symptoms);
    let named: BTreeSet<&str> =
        symptoms.flat_map(|symptom| symptom.causes.iter().map(String::as_str)).collect();
    let mends = |rule: &&Rule| {
        let mut fixes = rule.cases.iter().flat_map(|case| &case.fixes);
        fixes.any(|fix| fix.safety != Safety::Manual)
    };
    let rules = packs.iter().flat_map(|pack| &pack.pack.rules);
    let fixable = rules.filter(mends).map(|rule| rule.id.as_str());
    let missing: BTreeSet<&str> = fixable
        .filter(|id| named.contains(id) && !SENDS_THE_SAME.contains(id))
        .filter(|id| !WRONG.iter().any(|(rule, ..)| rule == id))
        .collect();
    assert!(missing.is_empty(), "no command of wrong.rs has {missing:?}");
}

#[test]
fn what_no_request_causes_is_said_so() {
    let desk = Desk::new();
    let command = desk.command("curl -i -H \"X-API-Key: $WH_API_KEY\" ORIGIN/api/v1/brands");
    for (key, symptom, failed, passed) in [
        ("wh_dddddddddddddddddddddddddddddddddddddddddddddddd", "unauthorized", "auth", None),
        (NO_ACCESS, "no-api-access", "plan", Some("auth")),
        (TOO_FAST, "rate-limited", "rate", Some("auth")),
        (USED_UP, "credits-exhausted", "quota", Some("auth")),
    ] {
        let exchange = desk.explain(&format!("$ {command}\n{}", desk.run(&command, key)));
        assert_eq!(exchange["symptom"], symptom, "{exchange:#}");
        assert_eq!(exchange["explained"], false);
        assert!(!exchange["elsewhere"].as_array().expect("a list").is_empty());
        let state = |step: &str| {
            let steps = exchange["checklist"].as_array().expect("a list");
            let found = steps.iter().find(|one| one["step"] == step);
            found.map(|one| one["state"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(state(failed).as_deref(), Some("failed"), "{symptom}");
        if let Some(passed) = passed {
            assert_eq!(state(passed).as_deref(), Some("passed"), "{symptom}");
        }
    }
}
