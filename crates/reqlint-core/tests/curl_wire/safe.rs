//! Safe fixes on the wire: what the real curl sends before and after one differs in the parts that
//! its edits stand in, and in nothing else.

use crate::compare::{Verdict, judge};
use crate::corpus::{Curl, parse, root, run_bash_with};
use crate::packs;
use crate::recorder::{Recorded, Recorder};
use reqlint_core::check::Checker;
use reqlint_core::diagnostic::{Diagnostic, Fix, Safety};
use reqlint_core::layer::Place;
use reqlint_core::model::{Dialect, Document, Kind};
use reqlint_core::parse::detect;
use reqlint_core::span::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Commands in bash: examples of rules, and fixtures. Where they leave the origin open it is that
/// of the API, so that its rules speak.
pub(crate) fn commands() -> Vec<(String, String)> {
    let mut commands = Vec::new();
    for page in packs::documented().into_iter().flat_map(|documented| documented.pages) {
        for (number, example) in page.examples.into_iter().enumerate() {
            commands.push((format!("{} #{}", page.id, number + 1), example.text));
        }
    }
    for folder in ["wire", "bad", "ok", "dialects", "winninghunter/bad", "winninghunter/ok"] {
        let entries = std::fs::read_dir(root().join("fixtures").join(folder)).expect("fixtures");
        for path in entries.map(|entry| entry.expect("a readable folder").path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_shell = name.ends_with(".sh") || name.starts_with("bash-");
            if let (true, Ok(text)) = (is_shell, std::fs::read_to_string(&path)) {
                commands.push((format!("{folder}/{name}"), text));
            }
        }
    }
    commands.sort();
    let origin = |text: String| {
        let text = text.replace("${ORIGIN}", "$ORIGIN");
        text.replace("$ORIGIN", "https://app.winninghunter.com")
            .replace("ORACLE", "api.example.com")
    };
    let commands = commands.into_iter().map(|(name, text)| (name, origin(text)));
    commands.filter(|(_, text)| is_bash(text)).collect()
}

/// Whether a text is one for bash that curl can run here: without an option that sends it past the
/// server of the test.
fn is_bash(text: &str) -> bool {
    let document = parse(text);
    let is_shell = matches!(detect(None, text), None | Some(Kind::Shell));
    let around = ["--proxy", " -x ", "--resolve", "--connect-to", "--socks", " -q ", "rm "];
    is_shell
        && !document.requests.is_empty()
        && document.requests.iter().all(|request| request.dialect == Some(Dialect::Bash))
        && !around.iter().any(|option| text.contains(option))
}

/// Curl of this folder asks the server of the test, whatever the host is. It speaks no TLS, so
/// `https` is written `http` in what is run.
pub(crate) fn lead_to(recorder: &Recorder, folder: &Path) {
    let port = recorder.port;
    let config = format!("connect-to = \"::127.0.0.1:{port}\"\nmax-time = 3\n");
    std::fs::write(folder.join(".curlrc"), config).expect("our own folder");
}

fn without_tls(text: &str) -> String {
    text.replace("https://", "http://").replace("HTTPS://", "http://")
}

/// What came of all safe fixes.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) run: usize,
    /// For each rule and title: the parts that came out different.
    pub(crate) changed: BTreeMap<String, BTreeSet<String>>,
    pub(crate) wrong: Vec<String>,
}

/// Runs every command before and after each of its safe fixes.
pub(crate) fn check_safe_fixes(recorder: &Recorder, folder: &Path) -> Outcome {
    lead_to(recorder, folder);
    let checker = Checker::new(packs::built_in(), |_| true);
    let mut outcome = Outcome::default();
    for (name, text) in commands() {
        let found = checker.check(&parse(&text));
        let mut before = None;
        for (diagnostic, fix) in safe_fixes(&found) {
            let send = |text: &str| send(&without_tls(text), recorder, folder);
            let before = before.get_or_insert_with(|| send(&text));
            let fixed = fix.apply(&text);
            let after = send(&fixed);
            outcome.run += 1;
            let changed = differences(before, &after);
            let what = format!("{}: {}", diagnostic.rule, fix.title);
            let why = wrong(&text, fix, &fixed, &changed, &after);
            outcome.wrong.extend(why.map(|why| format!("{name}: {what}: {why}\n{text}\n{fixed}")));
            outcome.changed.entry(diagnostic.rule.clone()).or_default().extend(changed);
        }
    }
    outcome
}

fn safe_fixes(found: &[Diagnostic]) -> impl Iterator<Item = (&Diagnostic, &Fix)> {
    let fixes = found.iter().flat_map(|one| one.fixes.iter().map(move |fix| (one, fix)));
    fixes.filter(|(_, fix)| fix.safety == Safety::Safe)
}

fn send(text: &str, recorder: &Recorder, folder: &Path) -> Vec<Recorded> {
    recorder.take();
    let known = [("WH_API_KEY", "k3y"), ("API_KEY", "k3y"), ("K", "k3y"), ("KEY", "k3y")];
    run_bash_with(Curl::Installed, text, folder, &known);
    recorder.take()
}

/// Why a fix broke its promise, where it did.
fn wrong(
    text: &str,
    fix: &Fix,
    fixed: &str,
    changed: &BTreeSet<String>,
    after: &[Recorded],
) -> Option<String> {
    let (text, without) = (parse(text), without_tls(fixed));
    // What is sent now is what the model says, so what the fix names is all that it is.
    if let Verdict::Silent(why) = judge(&parse(&without), after) {
        return Some(format!("is sent otherwise than the model says: {why}"));
    }
    // A mend of damage makes another command of it.
    let is_damaged = text.requests.iter().any(|request| !request.findings.is_empty());
    if is_damaged || !text.findings.is_empty() {
        return None;
    }
    let (old, new) = (spans(fix, false), spans(fix, true));
    let mut named = touched(&text, &old);
    named.extend(touched(&parse(fixed), &new));
    let beyond: Vec<&String> = changed.difference(&named).collect();
    (!beyond.is_empty()).then(|| format!("changes {beyond:?}, but names {named:?}"))
}

/// Where the edits of a fix stand: in the old text, or in the new one.
fn spans(fix: &Fix, new: bool) -> Vec<Span> {
    let (mut removed, mut added) = (0, 0);
    let spans = fix.edits.iter().map(|edit| {
        let start = edit.span.start() - removed + added;
        (removed, added) = (removed + edit.span.len(), added + edit.text.len());
        if new { Span::new(start, start + edit.text.len()) } else { edit.span }
    });
    spans.collect()
}

/// The parts of the requests that some spans are in, or beside.
fn touched(document: &Document<'_>, spans: &[Span]) -> BTreeSet<String> {
    let mut touched = BTreeSet::new();
    let mut name = |part: String, place: Option<Place>| {
        let Some(place) = place else { return };
        let own = document.layers.root_span(place);
        if spans.iter().any(|span| span.start() <= own.end() && own.start() <= span.end()) {
            touched.insert(part);
        }
    };
    for request in &document.requests {
        let url = &request.url;
        name("method".to_owned(), Some(request.method.name));
        name("path".to_owned(), Some(url.path));
        name("query".to_owned(), url.query);
        name("header host".to_owned(), url.host);
        name("body".to_owned(), request.body.place);
        for header in &request.headers {
            let own = document.text(header.name).to_ascii_lowercase();
            name(format!("header {own}"), Some(header.whole));
        }
        for cookie in &request.cookies {
            name("header cookie".to_owned(), Some(cookie.whole));
        }
    }
    touched
}

/// The parts in which two recordings differ.
fn differences(before: &[Recorded], after: &[Recorded]) -> BTreeSet<String> {
    if before.len() != after.len() {
        return BTreeSet::from([format!("{} requests become {}", before.len(), after.len())]);
    }
    let mut changed = BTreeSet::new();
    for (old, new) in before.iter().zip(after) {
        let (old_path, old_query) = old.target.split_once('?').unwrap_or((&old.target, ""));
        let (new_path, new_query) = new.target.split_once('?').unwrap_or((&new.target, ""));
        let mut differs = |part: &str, is_other: bool| {
            if is_other {
                changed.insert(part.to_owned());
            }
        };
        differs("method", old.method != new.method);
        differs("path", old_path != new_path);
        differs("query", old_query != new_query);
        differs("body", old.body != new.body);
        let names = old.headers.iter().chain(&new.headers).map(|(name, _)| name);
        let names: BTreeSet<String> = names.map(|name| name.to_ascii_lowercase()).collect();
        for name in names.iter().filter(|name| *name != "content-length") {
            let of = |recorded: &Recorded| {
                let own = recorded.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
                own.map(|(_, value)| value.clone()).collect::<Vec<_>>()
            };
            differs(&format!("header {name}"), of(old) != of(new));
        }
    }
    changed
}
