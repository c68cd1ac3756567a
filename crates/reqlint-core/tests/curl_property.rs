//! Random curl commands: what the real curl sends is what the model says, or the model is unsure.
//!
//! Options and values are drawn from lists, words are quoted in any of the shell's ways. The same
//! commands in each run; `PROPERTY_RUNS` asks for more of them.
#![expect(clippy::disallowed_methods, reason = "tests run curl")]

#[path = "curl_wire/compare.rs"]
mod compare;
#[path = "curl_wire/corpus.rs"]
#[expect(dead_code, reason = "the oracle uses the rest")]
mod corpus;
#[path = "curl_wire/random.rs"]
mod random;
#[path = "curl_wire/recorder.rs"]
mod recorder;

use compare::{Verdict, judge};
use corpus::{Curl, parse, work_folder};
use random::Random;
use recorder::Recorder;
use std::path::Path;
use std::process::{Command, Stdio};

/// Enough to notice a mistake in any option; more of them on demand.
const RUNS: usize = 150;

/// How many commands of each verdict.
#[derive(Default)]
struct Counts {
    equal: usize,
    holes: usize,
    flagged: usize,
    silent: Vec<String>,
}

#[test]
#[expect(clippy::print_stdout, reason = "says why it is passed over")]
fn random_commands_are_understood_or_flagged() {
    // The model is that of a current curl.
    if !Curl::asked_for().unwrap_or(Curl::Current).is_there() {
        println!("passed over without a current curl, which .ci/setup builds");
        return;
    }
    let runs =
        std::env::var("PROPERTY_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS);
    let half = runs / 2;
    let run = |seed, runs| move || run_many(seed, runs);
    let other = std::thread::spawn(run(0x2545_F491_4F6C_DD1D, runs - half));
    let all = [run(0x9E37_79B9_7F4A_7C15, half)(), other.join().expect("commands were run")];
    let sum = |count: fn(&Counts) -> usize| all.iter().map(count).sum::<usize>();
    let (equal, holes) = (sum(|it| it.equal), sum(|it| it.holes));
    let flagged = sum(|it| it.flagged);
    let silent: Vec<&String> = all.iter().flat_map(|it| &it.silent).collect();
    let shown: Vec<&str> = silent.iter().take(40).map(|text| text.as_str()).collect();
    assert!(silent.is_empty(), "{} silently wrong:\n{}", silent.len(), shown.join("\n"));
    // A model that is always unsure would pass as well.
    assert!(equal + holes > runs / 2, "{equal} equal, {holes} but for holes, {flagged} flagged");
}

fn run_many(seed: u64, runs: usize) -> Counts {
    let recorder = Recorder::start();
    let folder = work_folder(&format!("property-{seed:x}"));
    let mut random = Random(seed);
    let mut counts = Counts::default();
    for _ in 0..runs {
        let words = command(&mut random, recorder.port);
        let text = quote_all(&mut random, &words);
        run_curl(&words, &folder);
        match judge(&parse(&text), &recorder.take()) {
            Verdict::Equal | Verdict::Refused => counts.equal += 1,
            Verdict::Holes(_) => counts.holes += 1,
            Verdict::Flagged(_) => counts.flagged += 1,
            Verdict::Silent(why) => counts.silent.push(format!("{text}\n    {why}")),
        }
    }
    counts
}

fn run_curl(words: &[String], folder: &Path) {
    let path = Curl::asked_for().unwrap_or(Curl::Current).path();
    let program = std::env::split_paths(&path).map(|folder| folder.join("curl"));
    let program = program.into_iter().find(|file| file.is_file()).expect("curl is there");
    let _ = Command::new(program)
        .args(["-q", "-s", "-m", "5"])
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("PATH", &path)
        .env("HOME", folder)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// The arguments of one command.
fn command(random: &mut Random, port: u16) -> Vec<String> {
    let mut words = Vec::new();
    for _ in 0..random.below(6) {
        words.extend(option(random));
    }
    let url = url(random, port);
    let at = random.below(2) * words.len();
    words.insert(at, url);
    if random.below(12) == 0 {
        words.push(url_word(random, port));
    }
    if random.below(15) == 0 {
        words.push("--next".to_owned());
        words.extend(option(random));
        words.push(url_word(random, port));
    }
    words
}

fn url_word(random: &mut Random, port: u16) -> String {
    url(random, port)
}

fn url(random: &mut Random, port: u16) -> String {
    let paths = ["a", "/", ".", "..", "é", "%20", "%2f", "~", "-", "_", "b.c", "+", ";", "=", ":"];
    let odd = ["{a,b}", "[1-2]", "{x}", "\\{", "\"", "<", ">", "|", "^", "`", "!", "'", "(", ")"];
    let queries =
        ["a=1", "&", "b", "=", "%26", "+", "/", "?", "é", ";", "x[]", "@", ":", "&&", ","];
    let scheme = random.pick(&["http://", "http://", "http://", "", "HTTP://"]).to_owned();
    let user = random.pick(&["", "", "", "", "me:pw@", "me@", "m%40:p%3Aw@", ":p@"]);
    let mut url = format!("{scheme}{user}127.0.0.1:{port}");
    if random.below(8) > 0 {
        url.push('/');
        url.push_str(&random.text(&paths));
        if random.below(6) == 0 {
            url.push_str(random.pick(&odd));
        }
    }
    if random.below(2) == 0 {
        url.push('?');
        url.push_str(&random.text(&queries));
    }
    if random.below(8) == 0 {
        url.push('#');
        url.push_str(&random.text(&queries));
    }
    url
}

fn value(random: &mut Random) -> String {
    let pieces = [
        "a", "b=1", "&", "=", " ", "é", "%", "+", "@", ";", ":", "\"", "'", "\\", "{", "}", "[",
        ",", "1", "x=y", "/", "?", "#", "$", "\n", "\t", "<", "-", "😀", "~", "*", "type=a/b",
    ];
    random.text(&pieces)
}

fn option(random: &mut Random) -> Vec<String> {
    let with = |name: &str, value: String| vec![name.to_owned(), value];
    let flag = |name: &str| vec![name.to_owned()];
    match random.below(32) {
        0 => {
            let method = random.pick(&["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get"]);
            with(random.pick(&["-X", "--request"]), method.to_owned())
        }
        1..=4 => {
            let names = ["-d", "--data", "--data-raw", "--data-binary", "--data-ascii"];
            let value = format!("{}{}", random.pick(&["", "a=", "@body.txt"]), value(random));
            let is_file = value.starts_with('@');
            let value = if is_file { "@body.txt".to_owned() } else { value };
            // An empty text before another one differs by version.
            with(random.pick(&names), if value.is_empty() { "x".to_owned() } else { value })
        }
        5 | 6 => with("--data-urlencode", named(random)),
        7 => with("--url-query", named(random)),
        8 => with("--json", json(random)),
        9..=11 => with("-F", form(random)),
        12 => with("--form-string", format!("n={}", value(random))),
        13 => with("-T", random.pick(&["body.txt", "query.json"]).to_owned()),
        14 => flag(random.pick(&["-G", "--get"])),
        15 => flag(random.pick(&["-I", "--head"])),
        16 => with("-u", format!("{}:{}", value(random).replace([':', '\n'], ""), value(random))),
        17 => with("--oauth2-bearer", random.pick(&["tok", "a.b-c"]).to_owned()),
        18 => with("-b", format!("c={}", line(random))),
        19 => with("-A", line(random)),
        20 => with("-e", format!("http://r/{}", random.pick(&["", "x", ";auto", "é"]))),
        21 => with("-r", random.pick(&["0-9", "5", "-5", "1-2,4-5", "7-"]).to_owned()),
        22 => flag(random.pick(&["--compressed", "-k", "-sS", "-L", "-f", "--tr-encoding", "-g"])),
        23 => flag(random.pick(&["--path-as-is", "--http1.1", "--form-escape", "--basic", "-v"])),
        24 => with("--request-target", random.pick(&["*", "/x?y", "/a/../b"]).to_owned()),
        25 => with("-C", random.pick(&["0", "10"]).to_owned()),
        26 => vec![format!("-sX{}", random.pick(&["PUT", "POST"]))],
        _ => with(random.pick(&["-H", "--header"]), header(random)),
    }
}

/// A value without line ends, which curl would send as they are.
fn line(random: &mut Random) -> String {
    value(random).replace(['\n', '\t'], "")
}

fn named(random: &mut Random) -> String {
    let start = random.pick(&["", "=", "n=", "n=", "n@body.txt", "@body.txt", "a b="]);
    match start.contains('@') {
        true => start.to_owned(),
        false => format!("{start}{}x", value(random).replace('@', "A")),
    }
}

fn json(random: &mut Random) -> String {
    let pieces = ["{", "}", "\"a\"", ":", "1", "[", "]", ",", " ", "\n", "\"é\"", "null"];
    let text = random.text(&pieces);
    if text.is_empty() { "{}".to_owned() } else { text }
}

fn form(random: &mut Random) -> String {
    let names = ["n", "a b", "q\"q", "é", "x[]", "b\\s"];
    let contents =
        ["@body.txt", "<body.txt", "@query.json", "v", "\"q;r\"", "a;b", "  s  ", "x,y", "é"];
    let parameters = [
        "",
        "",
        "",
        ";type=text/x",
        ";type=image/png;filename=z.gif",
        ";filename=f.txt",
        ";filename=\"a b\\\"c\"",
        ";headers=X-P: 1",
        ";headers=\"X-P: 1;2\"",
        ";other=1",
        ";encoder=base64",
        ";encoder=8bit",
        "; type = a/b",
        ";type=text/plain; charset=utf-8",
    ];
    let content = match random.below(3) {
        0 => value(random).trim_start_matches(['@', '<', '(', ')']).to_owned(),
        _ => random.pick(&contents).to_owned(),
    };
    format!("{}={content}{}", random.pick(&names), random.pick(&parameters))
}

fn header(random: &mut Random) -> String {
    let names = [
        "X-A",
        "x-b",
        "Accept",
        "Content-Type",
        "Host",
        "User-Agent",
        "Authorization",
        "Cookie",
        "Referer",
        "Range",
        "X A",
        "accept",
    ];
    let name = random.pick(&names);
    let name = if name == "Host" && random.below(2) == 0 { "X-C" } else { name };
    let separator = random.pick(&[": ", ": ", ":", ": ", ":\t", ";", ":", " : ", ""]);
    let value = match (separator, name) {
        (";", _) => String::new(),
        (_, "Content-Type") => random.pick(&["text/plain", "application/json", ""]).to_owned(),
        (_, "Host") => "example.com".to_owned(),
        _ => line(random),
    };
    format!("{name}{separator}{value}")
}

fn quote_all(random: &mut Random, words: &[String]) -> String {
    let mut text = String::from("curl");
    for word in words {
        text.push_str(random.pick(&[" ", "  ", " \\\n  "]));
        text.push_str(&quote(random, word));
    }
    text
}

fn quote(random: &mut Random, word: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_./:=%+,@".contains(char);
    match random.below(4) {
        0 if !word.is_empty() && word.chars().all(plain) => word.to_owned(),
        1 => {
            let mut text = String::from("\"");
            for char in word.chars() {
                if "\"\\$`".contains(char) {
                    text.push('\\');
                }
                text.push(char);
            }
            text + "\""
        }
        2 => {
            let mut text = String::from("$'");
            for char in word.chars() {
                match char {
                    '\'' | '\\' => text.extend(['\\', char]),
                    '\n' => text.push_str("\\n"),
                    '\t' => text.push_str("\\x09"),
                    'é' => text.push_str("\\u00e9"),
                    char => text.push(char),
                }
            }
            text + "'"
        }
        _ => format!("'{}'", word.replace('\'', "'\\''")),
    }
}
