//! One shared sample of everything that reporters must cope with. Each format renders all of it.

use crate::human::Terminal;
use crate::json::JsonWriter;
use crate::{Report, Summary, concise};
use reqlint_core::check::Offset;
use reqlint_core::diagnostic::{Consequence, Diagnostic, Edit, Fix, Label, Safety, Severity};
use reqlint_core::span::Span;

/// A source with what a rule says of it.
struct Case {
    path: &'static str,
    text: String,
    secrets: Vec<Span>,
    requests: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
}

impl Case {
    fn new(path: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        let requests = vec![Span::new(0, text.len())];
        Case { path, text, secrets: Vec::new(), requests, diagnostics: Vec::new() }
    }

    /// The span of the `nth` place where `part` stands, from 0.
    fn span(&self, part: &str, nth: usize) -> Span {
        let (at, _) = self.text.match_indices(part).nth(nth).expect("the sample has the part");
        Span::new(at, at + part.len())
    }

    fn says(mut self, message: &str, labels: Vec<(Span, &str)>) -> Self {
        let label = |(span, text): (Span, &str)| Label { span, text: text.to_owned() };
        self.diagnostics.push(Diagnostic {
            rule: "sample-rule".to_owned(),
            pack: "sample".to_owned(),
            severity: Severity::Error,
            consequence: Consequence::WrongData,
            message: message.to_owned(),
            request: Some(0),
            labels: labels.into_iter().map(label).collect(),
            help: None,
            url: None,
            fixes: Vec::new(),
            unfixed: None,
            fingerprint: None,
        });
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Diagnostic)) -> Self {
        change(self.diagnostics.last_mut().expect("a diagnostic comes first"));
        self
    }

    fn fix(self, title: &str, safety: Safety, edits: Vec<(Span, &str)>) -> Self {
        let edit = |(span, text): (Span, &str)| Edit { span, text: text.to_owned() };
        let edits = edits.into_iter().map(edit).collect();
        let fix = Fix { title: title.to_owned(), safety, edits };
        self.with(|diagnostic| diagnostic.fixes.push(fix))
    }

    fn report(&self) -> Report<'_> {
        Report {
            path: self.path,
            text: &self.text,
            secrets: &self.secrets,
            requests: &self.requests,
            diagnostics: &self.diagnostics,
            offset: Offset::default(),
        }
    }
}

fn sample() -> Vec<Case> {
    vec![
        several_labels(),
        multi_line_label(),
        tall_label(),
        wide_text(),
        hidden_characters(),
        long_line(),
        windows_file(),
        end_of_file(),
        empty_text(),
        secret_in_a_fix(),
        far_apart(),
        many_labels(),
    ]
}

fn several_labels() -> Case {
    let text = "curl 'https://api.example.com/products?period=7d&start_date=2026-01-01' \\\n  -H \"X-API-Key: $KEY\"\n";
    let case = Case::new("several-labels.sh", text);
    let (date, period) = (case.span("start_date=2026-01-01", 0), case.span("period=7d", 0));
    let gone = case.span("&start_date=2026-01-01", 0);
    case.says(
        "`period=7d` collides with `start_date`",
        vec![(date, ""), (period, "the time window is already set here")],
    )
    .with(|diagnostic| {
        diagnostic.help = Some("keep `period` alone; for a custom range call another route with both bounds, which takes dates only".to_owned());
        diagnostic.url = Some("https://example.com/rules/sample-rule".to_owned());
    })
    .fix("remove `start_date`", Safety::Unsafe, vec![(gone, "")])
    .fix("ask for another route", Safety::Manual, vec![])
}

fn multi_line_label() -> Case {
    let case = Case::new("multi-line.sh", "curl https://a.example -d '{\n  \"a\": 1,\n}'\n");
    let (body, comma) = (case.span("{\n  \"a\": 1,\n}", 0), case.span(",", 0));
    case.says("JSON does not parse", vec![(comma, "nothing follows"), (body, "in this body")]).fix(
        "remove the comma",
        Safety::Safe,
        vec![(comma, "")],
    )
}

fn tall_label() -> Case {
    let text: String = (1..=40).map(|number| format!("line {number}\n")).collect();
    let case = Case::new("tall.http", text);
    let all = Span::new(5, case.text.len());
    case.says("too tall", vec![(all, "all of this")])
        .with(|diagnostic| diagnostic.severity = Severity::Warning)
}

fn wide_text() -> Case {
    let case = Case::new("wide.url", "# 日本\nhttps://a.example/?q=日本語😀&dönem=7\t&x\t=1\n");
    let (name, value) = (case.span("dönem", 0), case.span("日本語😀", 0));
    let tab = case.span("x\t", 0);
    case.says("`dönem` is a translated name", vec![(name, "here"), (value, "日本"), (tab, "tab")])
        .with(|diagnostic| diagnostic.severity = Severity::Info)
}

fn hidden_characters() -> Case {
    let text = "curl \u{1b}[31mhttps://a.example/\u{202e}evil\u{200b}\u{a0}x\n";
    let case = Case::new("hidden\u{1b}\n.sh", text);
    let (bidi, space) = (case.span("\u{202e}", 0), case.span("\u{a0}", 0));
    let escape = case.span("\u{1b}[31m", 0);
    case.says(
        "a \u{1b}[31m and a \u{202e} in\na message",
        vec![(bidi, "turns \u{202e} text"), (space, "no-break space"), (escape, "escape")],
    )
    .fix("remove \u{7} it", Safety::Safe, vec![(bidi, "\u{1b}]0;title\u{7}")])
}

fn long_line() -> Case {
    let filler = "abcdefghij".repeat(104_858 / 2);
    let case = Case::new("long.sh", format!("curl https://a.example/?{filler}&period=7d&{filler}"));
    let (start, middle) = (case.span("curl", 0), case.span("period=7d", 0));
    let long = Span::new(middle.end() + 1, case.text.len());
    case.says("a line of a MiB", vec![(middle, "here"), (start, "this"), (long, "the rest")]).fix(
        "remove it",
        Safety::Safe,
        vec![(middle, "period=30d")],
    )
}

fn windows_file() -> Case {
    let text = "\u{feff}GET /a HTTP/1.1\r\nHost: é.example\r\n\r\n";
    let case = Case::new("windows.http", text);
    let (end, host) = (case.span("\r\n", 1), case.span("é.example", 0));
    let mark = case.span("\u{feff}", 0);
    case.says("ends here", vec![(end, "line end"), (host, "host")])
        .fix("mend it", Safety::Safe, vec![(host, "b.example\r\nX: 1")])
        .says("a byte order mark", vec![(mark, "")])
}

fn end_of_file() -> Case {
    let case = Case::new("end.sh", "curl 'https://a.example\n");
    let (quote, end) = (case.span("'", 0), Span::empty(case.text.len()));
    case.says("a quote is never closed", vec![(end, "ends here"), (quote, "opens here")]).fix(
        "close it",
        Safety::Unsafe,
        vec![(Span::empty(23), "'")],
    )
}

fn empty_text() -> Case {
    Case::new("empty.json", "").says("nothing here", vec![(Span::empty(0), "here")])
}

fn secret_in_a_fix() -> Case {
    let mut case = Case::new("secret.sh", "curl -H 'Api-Key: wh_0123456789é' https://a.example\n");
    let (name, field) = (case.span("Api-Key", 0), case.span("Api-Key: wh_0123456789é", 0));
    let key = case.span("wh_0123456789é", 0);
    case.secrets = vec![key];
    case.says("no server reads `Api-Key`", vec![(name, ""), (key, "not wh_0123456789é at all")])
        .fix("rename it", Safety::Safe, vec![(name, "X-API-Key")])
        .fix("rewrite it", Safety::Safe, vec![(field, "X-API-Key: wh_0123456789é")])
}

fn far_apart() -> Case {
    let mut text = "first\n".to_owned();
    text.push_str(&"middle\n".repeat(1000));
    text.push_str("last");
    let case = Case::new("far.sh", text);
    let (first, last) = (case.span("first", 0), case.span("last", 0));
    case.says("far apart", vec![(last, "second"), (first, "first")])
}

fn many_labels() -> Case {
    let case = Case::new("many.url", format!("https://a.example/?{}", "a=1&".repeat(200)));
    let labels = (0..200).map(|nth| (case.span("a=1", nth), "")).collect();
    case.says("sent 200 times", labels)
}

fn human(terminal: Terminal, cases: &[Case]) -> String {
    let mut out = Vec::new();
    let mut summary = Summary::default();
    for case in cases {
        terminal.write_report(&mut out, &case.report()).expect("memory takes all");
        summary.add(&case.report());
    }
    terminal.write_summary(&mut out, &summary).expect("memory takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

const PLAIN: Terminal = Terminal { color: false, links: false, unicode: true, width: 100 };

#[test]
fn human_unicode() {
    insta::assert_snapshot!(human(PLAIN, &sample()));
}

#[test]
fn human_ascii() {
    insta::assert_snapshot!(human(Terminal { unicode: false, width: 60, ..PLAIN }, &sample()));
}

#[test]
fn human_colors() {
    let terminal = Terminal { color: true, links: true, ..PLAIN };
    insta::assert_snapshot!(human(terminal, &[several_labels()]).replace('\u{1b}', "␛"));
}

#[test]
fn concise_lines() {
    let mut out = Vec::new();
    for case in sample() {
        concise::write_report(&mut out, &case.report()).expect("memory takes all");
    }
    insta::assert_snapshot!(String::from_utf8(out).expect("reports are UTF-8"));
}

#[test]
fn json_document() {
    let mut out = Vec::new();
    let mut json = JsonWriter::new(&mut out).expect("memory takes all");
    let mut summary = Summary::default();
    for case in sample().iter().filter(|case| case.path != "many.url") {
        json.write_report(&case.report()).expect("memory takes all");
        summary.add(&case.report());
    }
    json.finish(&summary).expect("memory takes all");
    let text = String::from_utf8(out).expect("reports are UTF-8");
    serde_json::from_str::<serde_json::Value>(&text).expect("it is JSON");
    insta::assert_snapshot!(text);
}

#[test]
fn no_format_shows_a_secret_or_a_control_character() {
    let cases = sample();
    let shown = human(PLAIN, &cases);
    assert!(!shown.contains("0123456789"), "{shown}");
    let obeyed = |c: char| c.is_control() && c != '\n';
    assert_eq!(shown.chars().find(|c| obeyed(*c) || *c == '\u{202e}'), None);
}

#[test]
fn a_huge_line_is_rendered_short() {
    let report = human(PLAIN, &[long_line()]);
    assert!(report.len() < 2000, "{} bytes", report.len());
    assert!(report.lines().all(|line| line.chars().count() <= 100), "{report}");
}
