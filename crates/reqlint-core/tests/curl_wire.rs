//! The oracle: what the real curl sends for a command is what the model says it sends.
//!
//! Commands stand in `fixtures/wire`, one a file; `http://ORACLE` is a server on 127.0.0.1 that
//! records. A command that differs must say so (a finding, a hole): never silently.
#![expect(clippy::disallowed_methods, reason = "tests run curl and read fixtures")]
#![expect(clippy::disallowed_methods, reason = "the oracle runs curl and bash")]

#[path = "curl_wire/recorder.rs"]
mod recorder;

use recorder::{Recorded, Recorder};
use reqlint_core::layer::Place;
use reqlint_core::model::{BodyKind, Document, Kind, ParamIn, Request};
use reqlint_core::parse::shell::parse_shell;
use reqlint_core::parse::wire::wire;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How a fixture came out.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The same on the wire.
    Equal,
    /// Not the same, and the model says where it is unsure.
    Flagged(String),
    /// Not the same, and the model does not know.
    Silent(String),
}

#[test]
fn the_model_is_what_curl_sends() {
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let recorder = Recorder::start();
    let folder = work_folder("oracle");
    // Names of fixtures in which versions of curl differ, with the reason behind a blank.
    let by_version = list("differs-by-version.txt");
    let (mut equal, mut flagged, mut silent) = (0, Vec::new(), Vec::new());
    for (name, text) in fixtures() {
        let text = text.replace("ORACLE", &format!("127.0.0.1:{}", recorder.port));
        match judge(&text, &recorder, &folder) {
            Verdict::Equal => equal += 1,
            Verdict::Flagged(why) => flagged.push(format!("{name}: {why}")),
            Verdict::Silent(_) if by_version.contains(&name) => {}
            Verdict::Silent(why) => silent.push(format!("{name}: {why}\n{text}")),
        }
    }
    let names: Vec<&str> = flagged.iter().filter_map(|line| line.split(':').next()).collect();
    let report = format!("{equal} equal, {} flagged:\n{}", flagged.len(), flagged.join("\n"));
    assert!(silent.is_empty(), "silently wrong:\n{}\n{report}", silent.join("\n"));
    assert_eq!(names, list("flagged.txt"), "the list of flagged fixtures changed; {report}");
}

fn judge(text: &str, recorder: &Recorder, folder: &Path) -> Verdict {
    recorder.take();
    run_bash(text, folder);
    let recorded = recorder.take();
    let document = parse(text);
    let findings = findings(&document);
    let Some(why) = difference(&document, &recorded) else { return Verdict::Equal };
    match findings.is_empty() && !why.unsure {
        true => Verdict::Silent(why.text),
        false => Verdict::Flagged(format!("{} [{}]", why.text, findings.join(", "))),
    }
}

fn parse(text: &str) -> Document<'_> {
    let mut document = Document::new(Kind::Shell, text);
    let whole = document.layers.whole(reqlint_core::layer::LayerId::ROOT);
    parse_shell(&mut document, whole);
    document
}

fn findings(document: &Document<'_>) -> Vec<&'static str> {
    let inner = document.requests.iter().flat_map(|request| &request.findings);
    document.findings.iter().chain(inner).map(|finding| finding.kind.name()).collect()
}

struct Difference {
    text: String,
    unsure: bool,
}

fn difference(document: &Document<'_>, recorded: &[Recorded]) -> Option<Difference> {
    let requests = &document.requests;
    if requests.len() != recorded.len() {
        let text = format!("{} requests, {} recorded", requests.len(), recorded.len());
        let unsure = requests
            .iter()
            .any(|it| document.layers.has_hole(it.url.whole) || it.open.method || it.open.headers);
        return Some(Difference { text, unsure });
    }
    requests.iter().zip(recorded).find_map(|(request, seen)| differs(document, request, seen))
}

fn differs(document: &Document<'_>, request: &Request, seen: &Recorded) -> Option<Difference> {
    let layers = &document.layers;
    let sent = wire(document, request);
    let is_hole = |place: Place| layers.has_hole(place);
    if sent.method != seen.method {
        let text = format!("method {} but {}", sent.method, seen.method);
        let unsure = is_hole(request.method.name) || request.open.method;
        return Some(Difference { text, unsure });
    }
    let authority = sent.url.find("://").map_or(0, |at| at + 3);
    let target = sent.url[authority..].find('/').map_or("/", |at| &sent.url[authority + at..]);
    if upper_escapes(target) != upper_escapes(&seen.target) {
        let text = format!("target {target} but {}", seen.target);
        let unsure = is_hole(request.url.whole) || request.open.query;
        return Some(Difference { text, unsure });
    }
    let (modelled, received) = (modelled_headers(&sent), received_headers(&sent, seen));
    if modelled != received {
        let text = format!("headers {modelled:?} but {received:?}");
        let unsure =
            request.open.headers || request.headers.iter().any(|field| is_hole(field.value));
        return Some(Difference { text, unsure });
    }
    if let Some(text) = body_difference(document, request, &sent, seen) {
        let unsure = request.open.body || request.body.place.is_some_and(is_hole);
        return Some(Difference { text, unsure });
    }
    None
}

/// Versions of curl write `%2F` or `%2f`.
fn upper_escapes(text: &str) -> String {
    let mut upper = 0;
    let mut written = String::with_capacity(text.len());
    for char in text.chars() {
        written.push(if upper > 0 { char.to_ascii_uppercase() } else { char });
        upper = if char == '%' { 2_u8 } else { upper.saturating_sub(1) };
    }
    written
}

/// What curl adds by itself is no part of the model.
const OWN: [&str; 6] =
    ["host", "content-length", "expect", "accept-encoding", "transfer-encoding", "connection"];

fn modelled_headers(sent: &reqlint_core::parse::wire::WireRequest) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = sent
        .headers
        .iter()
        .map(|(name, value, _)| (name.to_ascii_lowercase(), value.clone()))
        .filter(|(name, _)| !OWN.contains(&name.as_str()))
        .collect();
    headers.sort_by(|one, other| one.0.cmp(&other.0));
    headers
}

fn received_headers(
    sent: &reqlint_core::parse::wire::WireRequest,
    seen: &Recorded,
) -> Vec<(String, String)> {
    let asked =
        |wanted: &str| sent.headers.iter().any(|(name, ..)| name.eq_ignore_ascii_case(wanted));
    let mut headers = Vec::new();
    for (name, value) in &seen.headers {
        let name = name.to_ascii_lowercase();
        let own = match name.as_str() {
            "user-agent" => value.starts_with("curl/"),
            "accept" => value == "*/*" && !asked("accept"),
            name => OWN.contains(&name),
        };
        let value = value.split("; boundary=").next().unwrap_or(value).to_owned();
        if !own {
            headers.push((name, value));
        }
    }
    headers.sort_by(|one, other| one.0.cmp(&other.0));
    headers
}

fn body_difference(
    document: &Document<'_>,
    request: &Request,
    sent: &reqlint_core::parse::wire::WireRequest,
    seen: &Recorded,
) -> Option<String> {
    if request.body.kind == BodyKind::Multipart {
        let forms = request.params.iter().filter(|param| param.location == ParamIn::Form);
        let body = String::from_utf8_lossy(&seen.body);
        for param in forms.filter(|param| !document.layers.has_hole(param.value)) {
            let (name, value) = (document.text(param.name), document.text(param.value));
            let part = body.split("form-data; name=").find_map(|part| {
                let part = part.strip_prefix('"')?.strip_prefix(name)?.strip_prefix('"')?;
                part.split_once("\r\n\r\n").map(|(_, text)| text)
            });
            if !part.is_some_and(|part| part.starts_with(&format!("{value}\r\n--"))) {
                return Some(format!("part {name}={value} not in {body}"));
            }
        }
        return None;
    }
    let body = sent.body.clone().unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (body != seen.body).then(|| format!("body {:?} but {:?}", text(&body), text(&seen.body)))
}

#[test]
fn every_prefix_of_every_fixture_is_read() {
    for (_, text) in fixtures() {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let document = parse(&text[..end]);
            for request in &document.requests {
                let span = document.layers.root_span(request.place);
                assert!(text.is_char_boundary(span.start()) && text.is_char_boundary(span.end()));
                let _ = wire(&document, request);
            }
        }
    }
}

fn run_bash(text: &str, folder: &Path) {
    let mut child = Command::new("bash")
        .args(["-c", "eval \"$1\"\nwait", "bash"])
        .arg(text)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("LC_ALL", "C.UTF-8")
        .env("NO_PROXY", "*")
        .env("TOKEN", "t0k")
        .env("ID", "7")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("bash runs");
    let start = std::time::Instant::now();
    while child.try_wait().expect("bash is waited for").is_none() {
        if start.elapsed().as_secs() > 10 {
            let _ = child.kill();
        }
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
}

fn fixtures() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("fixtures/wire"))
        .expect("fixtures/wire")
        .map(|entry| entry.expect("a folder that can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sh"))
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("UTF-8"))
    };
    files.into_iter().map(read).collect()
}

fn list(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("fixtures/wire").join(name)).expect("a list");
    text.lines().map(|line| line.split(' ').next().unwrap_or(line).to_owned()).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An empty folder with the files that fixtures name.
fn work_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("reqlint-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    std::fs::write(folder.join("body.txt"), "line one\nline two\n").expect("a file");
    std::fs::write(folder.join("query.json"), "{\"a\":1}").expect("a file");
    folder
}

#[test]
fn deep_and_long_texts_are_read_in_linear_time() {
    let deep = |open: &str| format!("curl http://h/{}", open.repeat(100_000));
    for open in
        ["$(", "{", "(", "\"$(", "${", "`", "$((", "<(", "[", "{{", "${x:-\"", "“", "'", "\\\n"]
    {
        let text = deep(open);
        let document = parse(&text);
        assert!(document.requests.len() <= 1, "{open}");
    }
    let line = |text: &str| format!("curl http://h/ -d {}", text.repeat(1_000_000 / text.len()));
    for part in [
        "a",
        "a=1&",
        "?a=1&b=2",
        "'x'",
        "\\a",
        "$x",
        " -H x:y",
        "$(x) ",
        "\u{a0}",
        "“x ",
        "<<E\n",
        "# c\n",
        "{a,",
        "\"",
        "; curl x",
        "\ncurl '",
        "\ncurl \"$(",
        "\ncurl x <<A",
    ] {
        let text = line(part);
        let start = std::time::Instant::now();
        let document = parse(&text);
        let time = start.elapsed();
        assert!(time.as_secs() < 20, "{part:?}: {time:?}");
        assert!(document.layers.source().len() == text.len());
    }
}

/// Pieces of fixtures in any order, with the characters that mean something put between them.
#[test]
fn damaged_fixtures_are_read() {
    let fixtures = fixtures();
    let mut random = Random(42);
    let marks = [
        "'", "\"", "\\", "$(", ")", "`", "${", "}", "$'", "\n", " ", "<<E", "<<-'E'\n", "\nE\n",
        "&", "[", "{", "“", "‘", "\u{a0}", "\r\n", " -d", " @-", "#", "?", "=", ";", "{{", "}}",
        " \\ \n", "~", "--", "curl ",
    ];
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..=random.below(3) {
            let (_, part) = &fixtures[random.below(fixtures.len())];
            let cut = |at: usize| (0..=at).rev().find(|at| part.is_char_boundary(*at)).unwrap_or(0);
            let (from, to) = (cut(random.below(part.len())), cut(random.below(part.len() + 1)));
            text.push_str(&part[from.min(to)..from.max(to)]);
            text.push_str(random.pick(&marks));
        }
        let document = parse(&text);
        for request in &document.requests {
            let _ = wire(&document, request);
            let params = request.params.iter().flat_map(|it| [it.whole, it.name, it.value]);
            let fields = request.headers.iter().flat_map(|it| [it.whole, it.name, it.value]);
            let found = request.findings.iter().map(|finding| finding.place);
            for place in params.chain(fields).chain(found).chain([request.url.whole]) {
                let span = document.layers.root_span(place);
                assert!(text.get(span.range()).is_some(), "{text}");
            }
        }
    }
}

/// What the words of a command are: compared with what bash passes to a program.
#[test]
fn words_are_those_of_bash() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let folder = work_folder("words");
    let words: Vec<String> = (0..200).map(|_| random_word(&mut random)).collect();
    for chunk in words.chunks(50) {
        let script = format!("printf '%s\\0' {}", chunk.join(" "));
        let output = Command::new("bash")
            .args(["--norc", "-c", &script])
            .current_dir(&folder)
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .output();
        let Ok(output) = output else { return };
        let printed = String::from_utf8(output.stdout).expect("words of text print text");
        let printed: Vec<&str> = printed.split('\0').collect();
        assert_eq!(printed.len(), chunk.len() + 1, "{script}");
        for (word, expected) in chunk.iter().zip(printed) {
            let text = format!("curl http://h/ --data-raw {word} -s");
            let document = parse(&text);
            let body = document.requests[0].body.place.map(|place| document.text(place));
            assert_eq!(body, Some(expected), "{word}");
        }
    }
}

/// xorshift64, so that the words are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("smaller than `end`")
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }

    fn text(&mut self, from: &[&str]) -> String {
        (0..self.below(6)).map(|_| self.pick(from)).collect()
    }
}

fn random_word(random: &mut Random) -> String {
    let plain = ["a", "B", "7", "=", ":", "/", "%", "#", "é", "\u{1F600}", "}", "{", "]", "!", "^"];
    let quoted = [" ", "a", "\n", "&", "#", "\"", "$", "`", "\\", ";", "é", "{", ",", "“", "\t"];
    let double =
        [" ", "a", "\n", "'", "\\\"", "\\$", "\\`", "\\\\", "\\n", "\\\n", "é", "#", "$ ", "<"];
    let ansi = [
        "a",
        " ",
        "\\n",
        "\\t",
        "\\\\",
        "\\'",
        "\\\"",
        "\\?",
        "\\x41",
        "\\x4",
        "\\xc3\\xa9",
        "\\101",
        "\\7",
        "\\u00e9",
        "\\u41",
        "\\U0001F600",
        "\\cA",
        "\\e",
        "\\q",
        "\\x",
        "\"",
        "$",
        "é",
        "\\a\\b",
    ];
    let escaped = ["\\ ", "\\a", "\\'", "\\\"", "\\\\", "\\$", "\\&", "\\é", "\\#", "\\\nx", "\\~"];
    let mut word = String::from("w");
    for _ in 0..=random.below(5) {
        let piece = match random.below(6) {
            0 => random.text(&plain),
            1 => format!("'{}'", random.text(&quoted)),
            2 => format!("\"{}\"", random.text(&double)),
            3 => format!("$'{}'", random.text(&ansi)),
            4 => format!("$\"{}\"", random.text(&double)),
            _ => random.pick(&escaped).to_owned(),
        };
        word.push_str(&piece);
    }
    word
}
