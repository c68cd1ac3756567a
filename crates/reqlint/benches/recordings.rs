//! How long recordings take that are too long to be held in memory, with all built-in rules: generated
//! logs, read by the program itself. Prints their speed and the peak of memory; then many files in one
//! call against the same files in ten.
//!
//!     cargo bench --bench recordings              256 MB of each form
//!     cargo bench --bench recordings -- 1000      so many MB

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const FILES: usize = 5_000;

fn main() {
    let arguments = std::env::args().skip(1);
    let size = arguments.filter_map(|argument| argument.parse::<u64>().ok()).next().unwrap_or(256);
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, line, calls) in FORMS {
        let path = folder.path().join(name);
        write_log(&path, *line, *calls, size * 1_000_000);
        let (time, peak) = run(&[&path]);
        let speed = size as f64 / time.as_secs_f64();
        print(format_args!(
            "{name:24} {size} MB {time:>8.2?} {speed:>7.1} MB/s, peak {peak} KiB\n"
        ));
        fs::remove_file(&path).expect("our own file");
    }
    let files: Vec<PathBuf> = (0..FILES).map(|number| write_file(folder.path(), number)).collect();
    let (at_once, _) = run(&files.iter().collect::<Vec<_>>());
    let in_parts: Duration =
        files.chunks(FILES / 10).map(|part| run(&part.iter().collect::<Vec<_>>()).0).sum();
    let ratio = at_once.as_secs_f64() / in_parts.as_secs_f64();
    print(format_args!(
        "{FILES} files at once {at_once:.2?}, in ten calls {in_parts:.2?}: {ratio:.2} ×\n"
    ));
}

#[expect(clippy::print_stdout, reason = "a benchmark prints")]
fn print(text: std::fmt::Arguments<'_>) {
    std::print!("{text}");
}

type WriteLine = fn(&mut dyn Write, &Call<'_>) -> std::io::Result<()>;

/// The calls of a log, by their numbers.
type Calls = fn(u64) -> (&'static str, String);

/// The forms of a log, as servers write them: of an API whose callers ask for the same again and
/// again, and of one of which each call asks for something new.
const FORMS: &[(&str, WriteLine, Calls)] = &[
    ("exchanges.ndjson", exchange, repeated),
    ("caddy.ndjson", caddy, repeated),
    ("flat.ndjson", flat, repeated),
    ("combined.log", combined, repeated),
    ("exchanges-some-new.ndjson", exchange, some_new),
    ("caddy-some-new.ndjson", caddy, some_new),
    ("exchanges-all-new.ndjson", exchange, all_new),
    ("flat-all-new.ndjson", flat, all_new),
];

/// A call that was logged.
struct Call<'c> {
    number: u64,
    host: &'c str,
    target: &'c str,
}

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";

fn caddy(out: &mut dyn Write, call: &Call<'_>) -> std::io::Result<()> {
    let Call { number, host, target } = call;
    writeln!(
        out,
        "{{\"level\":\"info\",\"ts\":{}.{:06},\"logger\":\"http.log.access.log0\",\"msg\":\"handled request\",\"request\":{{\"remote_ip\":\"127.0.0.1\",\"remote_port\":\"{}\",\"proto\":\"HTTP/2.0\",\"method\":\"GET\",\"host\":\"{host}\",\"uri\":\"{target}\",\"headers\":{{\"User-Agent\":[\"{AGENT}\"],\"Accept\":[\"application/json\"],\"X-Api-Key\":[\"REDACTED\"]}},\"tls\":{{\"resumed\":false,\"version\":772,\"proto\":\"h2\",\"server_name\":\"{host}\"}}}},\"bytes_read\":0,\"duration\":0.0139,\"size\":{},\"status\":200,\"resp_headers\":{{\"Server\":[\"Caddy\"],\"Content-Type\":[\"application/json\"],\"X-Request-Id\":[\"{number:032x}\"]}}}}",
        1_768_392_000 + number * 11 / 10,
        number % 1_000_000,
        30_000 + number % 9_999,
        2_000 + number % 999,
    )
}

/// A request with what came back, as proxies and clients record it.
fn exchange(out: &mut dyn Write, call: &Call<'_>) -> std::io::Result<()> {
    let Call { number, host, target } = call;
    let (day, hour) = (number / 86_400 % 28 + 1, number / 3_600 % 24);
    let (minute, second) = (number / 60 % 60, number % 60);
    write!(
        out,
        "{{\"time\":\"2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}Z\",\"request\":{{\"method\":\"GET\",\"url\":\"https://{host}{target}\",\"headers\":{{\"x-api-key\":\"[Filtered]\",\"user-agent\":\"{AGENT}\",\"x-request-id\":\"{number:032x}\"}}}},\"response\":{{\"status\":200,\"headers\":{{\"content-type\":\"application/json\",\"x-request-id\":\"{number:032x}\"}},\"body\":{{\"items\":["
    )?;
    for item in 0..12 {
        let comma = if item == 0 { "" } else { "," };
        let id = number * 31 + item * 7;
        write!(
            out,
            "{comma}{{\"id\":\"{id:016x}\",\"title\":\"Item number {id} with a name\",\"price\":{id}.5,\"tags\":[\"a\",\"b\"],\"note\":\"a \\\"quoted\\\" word\"}}"
        )?;
    }
    writeln!(out, "],\"page\":{number}}}}}}}")
}

fn flat(out: &mut dyn Write, call: &Call<'_>) -> std::io::Result<()> {
    let Call { number, host, target } = call;
    let time = 1_768_392_000 + number * 11 / 10;
    writeln!(
        out,
        "{{\"time\":{time},\"method\":\"GET\",\"url\":\"https://{host}{target}\",\"status\":200}}"
    )
}

fn combined(out: &mut dyn Write, call: &Call<'_>) -> std::io::Result<()> {
    let Call { number, host, target } = call;
    let (minute, second) = (number / 60 % 60, number % 60);
    writeln!(
        out,
        "{host}:443 127.0.0.1 - - [14/Jan/2026:12:{minute:02}:{second:02} +0000] \"GET {target} HTTP/1.1\" 200 {} \"-\" \"{AGENT}\"",
        number % 9_999,
    )
}

/// Calls in the shapes that an API sees, few of them bad.
fn write_log(path: &Path, line: WriteLine, calls: Calls, size: u64) {
    let mut out = Counted { out: BufWriter::new(File::create(path).expect("our own")), written: 0 };
    let mut number = 0;
    while out.written < size {
        number += 1;
        let (host, target) = calls(number);
        line(&mut out, &Call { number, host, target: &target }).expect("space on the disk");
    }
    out.flush().expect("space on the disk");
}

/// A few thousand different requests, one in a thousand of them bad.
fn repeated(number: u64) -> (&'static str, String) {
    let at = |list: [&'static str; 5], step: u64| list[usize::try_from(step % 5).unwrap_or(0)];
    let entity = at(["products", "shops", "creators", "videos", "categories"], number);
    let country = at(["US", "GB", "DE", "FR", "BR"], number / 5);
    let page = number % 90 + 1;
    let base = format!("/api/v1/tiktok-shop/{entity}/explore");
    let rest = match number.is_multiple_of(1_001) {
        true => format!("country={country}&period=7d&start_date=2026-01-01"),
        false => format!("country={country}&period=30d&page={page}&limit=50"),
    };
    ("app.winninghunter.com", format!("{base}?{rest}"))
}

/// One in ten asks for something that nobody asked for before.
fn some_new(number: u64) -> (&'static str, String) {
    if number.is_multiple_of(10) { all_new(number) } else { repeated(number) }
}

fn all_new(number: u64) -> (&'static str, String) {
    ("api.example.com", format!("/items/{number}?fields=id,name"))
}

/// Counts what is written.
struct Counted<W> {
    out: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

fn write_file(folder: &Path, number: usize) -> PathBuf {
    let path = folder.join(format!("{number}.sh"));
    let (host, target) = repeated(number as u64);
    fs::write(&path, format!("curl -H \"X-API-Key: $KEY\" 'https://{host}{target}'\n"))
        .expect("our own folder");
    path
}

/// How long the program takes for these files, and the most memory that it held, where that is known.
fn run(paths: &[&PathBuf]) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_reqlint"))
        .args(["check", "--isolated", "--format", "concise"])
        .args(paths)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if child.try_wait().expect("our own program").is_some() {
            return (start.elapsed(), peak);
        }
        // As Linux tells it: `VmHWM:     12345 kB`.
        let said = fs::read_to_string(&status).unwrap_or_default();
        let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(now.unwrap_or(0));
        thread::sleep(Duration::from_millis(5));
    }
}
