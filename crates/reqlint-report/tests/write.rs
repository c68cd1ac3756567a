//! Requests that are written out and read again are the same on the wire.

use proptest::prelude::*;
use reqlint_core::check::Offset;
use reqlint_core::encode::{Chunk, shell_word};
use reqlint_core::model::{Dialect, Document, Kind, Request};
use reqlint_core::parse::wire::{WirePart, WireRequest, wire};
use reqlint_core::parse::{detect, parse};
use reqlint_report::Report;
use reqlint_report::model::Parsed;
use reqlint_report::write::{Form, write_requests};
use std::path::Path;

fn fixtures() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut texts = Vec::new();
    for folder in ["ok", "bad", "wire"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("fixtures") {
            let path = entry.expect("a readable folder").path();
            if let Ok(text) = std::fs::read_to_string(&path) {
                texts.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    texts.sort();
    texts
}

/// The written text; none where something was said to be left out.
fn write(document: &Document<'_>, form: Form) -> Option<String> {
    let (text, notes) = write_all(document, form);
    notes.is_empty().then_some(text)
}

/// The written text, and what was said of what is not in it.
fn write_all(document: &Document<'_>, form: Form) -> (String, Vec<String>) {
    let text = document.layers.source();
    let report = Report {
        path: "x",
        text,
        secrets: &[],
        requests: &[],
        diagnostics: &[],
        offset: Offset::default(),
    };
    let mut out = Vec::new();
    let notes = write_requests(&mut out, &[Parsed { document, report }], form, true)
        .expect("writing to memory");
    (String::from_utf8(out).expect("outputs are UTF-8"), notes)
}

fn wires(document: &Document<'_>) -> Vec<WireRequest> {
    document.requests.iter().map(|request| wire(document, request)).collect()
}

/// Method, URL, target, fields and content.
type Shape = (String, String, String, Vec<(String, String)>, Option<Vec<u8>>, Vec<WirePart>);

/// What is compared: not whether a field is implied, nor what is not known.
fn shape(wire: &WireRequest) -> Shape {
    let headers = wire.headers.iter().map(|(name, value, _)| (name.clone(), value.clone()));
    (
        wire.method.clone(),
        wire.url.clone(),
        wire.target.clone(),
        headers.collect(),
        wire.body.clone(),
        wire.parts.clone(),
    )
}

/// Whether the requests are what their text says, with nothing left out or doubtful.
fn is_certain(document: &Document<'_>, wires: &[WireRequest]) -> bool {
    let certain = |request: &Request| request.findings.is_empty() && !request.open.headers;
    document.requests.iter().all(certain) && !wires.is_empty() && document.findings.is_empty()
}

const DIALECTS: [(Dialect, Kind); 5] = [
    (Dialect::Bash, Kind::Shell),
    (Dialect::Cmd, Kind::Cmd),
    (Dialect::PowerShell, Kind::PowerShell),
    (Dialect::Fish, Kind::Fish),
    (Dialect::Argv, Kind::Json),
];

/// What is compared, and how often.
#[derive(Default)]
struct Comparison {
    compared: [usize; 9],
    differences: Vec<String>,
}

impl Comparison {
    /// Writes a text in every form, and reads it again.
    fn compare(&mut self, name: &str, text: &str, kind: Kind) {
        let document = parse(text, kind);
        let sent = wires(&document);
        if !is_certain(&document, &sent) {
            return;
        }
        let complete = sent.iter().all(|wire| wire.complete);
        let shells = DIALECTS.map(|(dialect, kind)| (Form::Curl(dialect), kind));
        let others = [(Form::Http, Kind::Http), (Form::Har, Kind::Har), (Form::Json, Kind::Json)];
        for (number, (form, again)) in shells.into_iter().chain(others).enumerate() {
            let foreign = form != Form::Curl(Dialect::Bash) || kind != Kind::Shell;
            // What is not known is only a file.
            let has_files = document.requests.iter().any(|request| request.file.is_some());
            let only_files = has_files && !text.contains('$') && matches!(form, Form::Curl(_));
            if foreign && !complete && !only_files {
                continue; // variables are written in another notation
            }
            let Some(written) = write(&document, form) else { continue };
            self.compared[number] += 1;
            let second = parse(&written, again);
            let (one, two): (Vec<_>, Vec<_>) =
                (sent.iter().map(shape).collect(), wires(&second).iter().map(shape).collect());
            if one != two {
                let text = format!("{name} as {form:?}:\n{written}\n{one:?}\n{two:?}\n");
                self.differences.push(text);
            }
        }
    }

    fn assert_none(&self) {
        let shown: Vec<&str> = self.differences.iter().take(20).map(String::as_str).collect();
        let count = self.differences.len();
        assert!(count == 0, "{count} of {:?}:\n{}", self.compared, shown.join("\n"));
    }
}

#[test]
fn what_is_written_is_read_as_the_same_request() {
    let mut comparison = Comparison::default();
    for (name, text) in fixtures() {
        let kind = detect(name.rsplit('/').next(), &text).unwrap_or(Kind::Shell);
        comparison.compare(&name, &text, kind);
    }
    comparison.assert_none();
    let compared = &comparison.compared[..8];
    assert!(compared.iter().all(|count| *count > 300), "only {compared:?} were compared");
}

/// Variables are written in the notation of each shell.
#[test]
fn variables_are_those_of_the_shell() {
    let document = parse("curl -u \"me:$PASS\" \"http://h/$ID?a=%20\" -d \"x=${X}y\"", Kind::Shell);
    let written = |dialect| write(&document, Form::Curl(dialect)).unwrap_or_default();
    insta::assert_snapshot!(DIALECTS.map(|(dialect, _)| written(dialect)).concat());
}

/// User and password are known, so every form can hold the field that is made of them.
#[test]
fn the_user_is_written_as_its_field() {
    let document = parse("curl -u user:pw http://h/x", Kind::Shell);
    let forms = DIALECTS.map(|(dialect, _)| Form::Curl(dialect));
    for form in forms.into_iter().chain([Form::Http, Form::Har, Form::Json]) {
        let text = write(&document, form).unwrap_or_default();
        assert!(text.contains("Basic dXNlcjpwdw=="), "{form:?}: {text}");
    }
}

/// What the shell sends as it stands there is text, even if somebody meant a variable.
#[test]
fn what_only_looks_like_a_variable_stays_text() {
    let bash = |text, kind| write(&parse(text, kind), Form::Curl(Dialect::Bash));
    let typed = "curl http://h/x -H 'Content-Type: text/plain' --data-raw";
    for (text, kind) in [
        ("curl http://h/x -H 'Content-Type: text/plain' -d '$USD 5'", Kind::Shell),
        ("curl http://h/x -H 'Content-Type: text/plain' -d '$USD 5'", Kind::Fish),
        ("curl.exe http://h/x -H 'Content-Type: text/plain' -d '$USD 5'", Kind::PowerShell),
    ] {
        assert_eq!(bash(text, kind).as_deref(), Some(&*format!("{typed} '$USD 5'\n")), "{kind:?}");
    }
    let variable = "curl http://h/x -H 'Content-Type: text/plain' -d \"$USD 5\"";
    assert_eq!(bash(variable, Kind::Shell), Some(format!("{typed} \"$USD 5\"\n")));
}

/// No form holds a text of which curl reads a part from a file.
#[test]
fn a_request_with_a_part_of_a_file_is_left_out() {
    for data in
        ["-d a=1 -d @body.json", "--data-urlencode name@up.txt", "-G --data-urlencode q@q.txt"]
    {
        let text = format!("curl http://h/x {data}");
        let document = parse(&text, Kind::Shell);
        for form in [Form::Curl(Dialect::Bash), Form::Http, Form::Har, Form::Json] {
            let (written, notes) = write_all(&document, form);
            assert!(!written.contains("http://h/x"), "{form:?}: {written}");
            let why = "x: request 1: is left out, since a part of it comes from a file";
            assert_eq!(notes, [why], "{form:?}");
        }
    }
}

/// Texts that need quoting somewhere.
fn texts() -> impl Strategy<Value = String> {
    let special = vec![
        "'", "\"", "$", "`", "\\", "^", "%", "&", "=", "?", "+", " ", ";", "<", ">", "|", "*", "~",
        "\n", "é", "漢", "🙂", "/", ":", ",", "(", ")", "@", "-", "%41", "%A%", "!", "!B!", "{",
        "}",
    ];
    let piece = prop_oneof![
        3 => "[a-zA-Z0-9]".prop_map(|text| text),
        4 => prop::sample::select(special).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_command_is_read_back_in_every_dialect(
        body in texts(), value in texts(), query in texts(), name in texts(), form in 0..4_u8,
    ) {
        let word = |text: &str| shell_word(&Chunk::text(text));
        let line = |text: &str| text.replace('\n', "").trim().to_owned();
        let query = line(&query).replace(['{', '}', '?', ' '], "");
        let name = line(&name).replace(['=', '@', '"', '\\'], "n");
        let content = match form {
            0 => format!("--data-raw {}", word(&body)),
            1 => format!("--json {}", word(&body.replace('@', ""))),
            2 => format!("-F {} -F {}", word(&format!("f{name}=@a;filename=\"{}\"", name.replace('"', ""))),
                         word(&format!("g=\"{}\"", body.replace('\\', "\\\\").replace('"', "\\\"")))),
            _ => format!("-X PUT --data-binary {}", word(&format!("@{name}"))),
        };
        let text = format!("curl {content} -H {} {}", word(&format!("X-A: a{}", line(&value))),
                           word(&format!("http://h.example/a?q={query}")));
        let mut comparison = Comparison::default();
        comparison.compare("generated", &text, Kind::Shell);
        let shown = comparison.differences.join("\n");
        prop_assert!(shown.is_empty(), "{text}\n{shown}");
    }
}
