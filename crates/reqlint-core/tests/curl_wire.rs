//! The oracle: what the real curl sends for a command is what the model says it sends.
//!
//! Commands stand in `fixtures/wire`, one a file; `http://ORACLE` is a server on 127.0.0.1 that
//! records. A command comes out equal (which it is, too, where nothing is sent and the model says
//! that curl refuses it), equal but for its holes (`holes.txt` says in which part),
//! or different; then a finding or hole that concerns the part that differs must say so
//! (`flagged.txt` says which). Never silently.
#![expect(clippy::disallowed_methods, reason = "tests run curl and read fixtures")]

#[path = "curl_wire/compare.rs"]
mod compare;
#[path = "curl_wire/corpus.rs"]
mod corpus;
#[path = "curl_wire/fixed.rs"]
mod fixed;
mod packs;
#[path = "curl_wire/recorder.rs"]
mod recorder;
#[path = "curl_wire/safe.rs"]
mod safe;

use compare::{Verdict, judge};
use corpus::{Curl, Folder, fixtures, parse, parse_in, root, run_bash, work_folder};
use recorder::Recorder;

/// What the current curl refuses: it is built without TLS and names outside ASCII, and 8.22 takes no
/// line of a config file that is indented.
const REFUSED: [&str; 3] = ["long-insecure", "url-idn", "config-comment-lines"];

#[test]
#[expect(clippy::print_stdout, reason = "the counts are asked for with `--nocapture`")]
fn the_model_is_what_curl_sends() {
    let first = Curl::asked_for().unwrap_or(Curl::Installed);
    if !first.is_there() {
        return;
    }
    let recorder = Recorder::start();
    let folder = work_folder("oracle");
    // Names of fixtures that only a current curl sends as the model says, each with the reason.
    let by_version = read("differs-by-version.txt");
    let by_version: Vec<&str> =
        by_version.lines().filter_map(|line| line.split(' ').next()).collect();
    let (mut equal, mut all, mut passed_over) = (0, 0, Vec::new());
    let (mut holes, mut flagged, mut silent) = (String::new(), String::new(), Vec::new());
    for (name, text) in fixtures() {
        if first == Curl::Current && REFUSED.contains(&name.as_str()) {
            continue;
        }
        all += 1;
        let curl = if by_version.contains(&name.as_str()) { Curl::Current } else { first };
        if !curl.is_there() {
            passed_over.push(name);
            continue;
        }
        let text = text.replace("ORACLE", &format!("127.0.0.1:{}", recorder.port));
        recorder.take();
        run_bash(curl, &text, &folder);
        let recorded = recorder.take();
        let files = Folder(folder.clone());
        let verdict = match judge(&parse(&text), &recorded) {
            // What a file holds is known where files are read.
            Verdict::Holes(_) => judge(&parse_in(&text, &files), &recorded),
            other => other,
        };
        match verdict {
            Verdict::Equal | Verdict::Refused => equal += 1,
            Verdict::Holes(parts) => holes.push_str(&format!("{name} {parts}\n")),
            Verdict::Flagged(why) => flagged.push_str(&format!("{name} {why}\n")),
            Verdict::Silent(why) => silent.push(format!("{name}: {why}\n{text}")),
        }
    }
    let counts = [equal, holes.lines().count(), flagged.lines().count(), passed_over.len()];
    println!("{all} commands: equal, but for holes, flagged, passed over: {counts:?}");
    if !passed_over.is_empty() {
        println!("passed over without a current curl (.ci/setup builds one): {passed_over:?}");
    }
    assert!(silent.is_empty(), "{} silently wrong:\n{}", silent.len(), silent.join("\n"));
    assert!(equal * 100 >= (all - passed_over.len()) * 95, "fewer than 95 % are equal");
    // The tables are about the oldest curl; what a newer one refuses is flagged otherwise.
    if first == Curl::Current {
        return;
    }
    if std::env::var_os("WRITE_TABLES").is_some() {
        write("holes.txt", &holes);
        write("flagged.txt", &flagged);
    }
    let is_run = |line: &&str| !passed_over.iter().any(|name| line.split(' ').next() == Some(name));
    let table = |name: &str| read(name).lines().filter(is_run).collect::<Vec<_>>().join("\n");
    assert_eq!(flagged.trim_end(), table("flagged.txt"), "the table of flagged commands");
    assert_eq!(holes.trim_end(), table("holes.txt"), "the table of commands with holes");
}

#[test]
#[expect(clippy::print_stdout, reason = "the counts are asked for with `--nocapture`")]
fn fixed_values_arrive_as_they_were_meant() {
    if !Curl::Installed.is_there() {
        return;
    }
    let recorder = Recorder::start();
    let folder = work_folder("fixed");
    let (sent, not_offered, wrong) = fixed::check_values(&recorder, &folder);
    println!("{sent} sent, {not_offered} not offered");
    assert!(wrong.is_empty(), "{} of {sent}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(not_offered * 20 <= sent, "{not_offered} fixes were not offered");
}

#[test]
#[expect(clippy::print_stdout, reason = "the counts are asked for with `--nocapture`")]
fn safe_fixes_change_what_they_name() {
    if !Curl::Installed.is_there() {
        return;
    }
    let recorder = Recorder::start();
    let folder = work_folder("safe");
    let outcome = safe::check_safe_fixes(&recorder, &folder);
    println!("{} safe fixes were sent", outcome.run);
    let (run, wrong) = (outcome.run, outcome.wrong);
    assert!(wrong.is_empty(), "{} of {run}:\n{}", wrong.len(), wrong.join("\n"));
    let line = |(rule, parts): (String, std::collections::BTreeSet<String>)| {
        let parts: Vec<String> = parts.into_iter().collect();
        format!(
            "{rule}: {}\n",
            if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
        )
    };
    // What an older curl sends before such a fix, a current one refuses.
    let by_version = read("differs-by-version.txt");
    let is_same = |rule: &str| !by_version.lines().any(|line| line.split(' ').next() == Some(rule));
    let changed = outcome.changed.into_iter().filter(|(rule, _)| is_same(rule));
    let changed: String = changed.map(line).collect();
    if std::env::var_os("WRITE_TABLES").is_some() {
        write("safe-fixes.txt", &changed);
    }
    assert_eq!(changed, read("safe-fixes.txt"), "the table of what safe fixes change");
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join("fixtures/wire").join(name)).unwrap_or_default()
}

fn write(name: &str, text: &str) {
    std::fs::write(root().join("fixtures/wire").join(name), text).expect("a table");
}
