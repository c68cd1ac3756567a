//! How long 10,000 different curl commands take: parsed, checked against all built-in rules, and
//! reported as JSON. Prints medians, and each step as a ratio to a plain scan of the same text; then
//! how the time grows with rules and requests, with the size of an API description, and how long
//! the program takes for one command.
//!
//!     cargo bench --bench commands                    measure
//!     cargo bench --bench commands -- descriptions    measure only this (or `rules`, `lengths`, `start`)
//!     cargo bench --bench commands -- each-rule       what each rule costs, the dearest first
//!     cargo bench --bench commands -- --print         print the commands, to time the binary

#[path = "commands/descriptions.rs"]
mod descriptions;
#[path = "../../reqlint-core/tests/packs/mod.rs"]
mod packs;

use descriptions::description;
use reqlint_core::api::load_api;
use reqlint_core::check::Checker;
use reqlint_core::model::Kind;
use reqlint_core::parse::parse;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

const COMMANDS: usize = 10_000;
const RUNS: usize = 11;

fn main() {
    let commands = commands(COMMANDS);
    if std::env::args().any(|argument| argument == "--print") {
        print(format_args!("{commands}"));
        return;
    }
    let named: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_named = |what: &str| named.iter().any(|word| word == what);
    let asked = |what: &str| named.is_empty() || is_named(what);
    if is_named("each-rule") {
        each_rule(&commands);
    }
    if asked("commands") {
        steps(&commands);
    }
    if asked("rules") {
        rules_by_requests();
    }
    if asked("descriptions") {
        descriptions_by_size();
    }
    if asked("lengths") {
        one_command_by_length();
    }
    if asked("start") {
        cold_start();
    }
}

/// Reading and checking all commands, beside a scan of their text.
fn steps(commands: &str) {
    let checker = Checker::new(packs::built_in(), |_| true);
    let scan = median(|| commands.bytes().filter(|byte| *byte == b'\n').count());
    let parsed = median(|| parse(commands, Kind::Shell).requests.len());
    let checked = median(|| checker.check(&parse(commands, Kind::Shell)).len());
    let found = checker.check(&parse(commands, Kind::Shell)).len();
    print(format_args!("{COMMANDS} commands, {} bytes, {found} diagnostics\n", commands.len()));
    let rate = 1_000_000_000 * COMMANDS as u128 / parsed.as_nanos().max(1);
    print(format_args!("{rate} commands a second are parsed on one core\n"));
    for (name, time) in [("scan", scan), ("parse", parsed), ("parse and check", checked)] {
        let each = time / u32::try_from(COMMANDS).expect("a small number");
        let ratio = time.as_secs_f64() / scan.as_secs_f64();
        print(format_args!(
            "{name:16} {time:>12.2?} {each:>10.2?} a command {ratio:>8.1} × scan\n"
        ));
    }
}

/// Checking alone: so many rules, so many requests.
fn rules_by_requests() {
    print(format_args!("\nrules × requests, checked (parsed before)\n"));
    let all = packs::built_in();
    let ids: Vec<String> =
        all.iter().flat_map(|pack| pack.rules.iter().map(|rule| rule.id.clone())).collect();
    for share in [8, 4, 2, 1] {
        let kept: Vec<&String> = ids.iter().step_by(share).collect();
        let checker = Checker::new(all.clone(), |rule| kept.contains(&&rule.id));
        for requests in [100, 1_000, 10_000] {
            let text = self::commands(requests);
            let document = parse(&text, Kind::Shell);
            let time = median(|| checker.check(&document).len());
            let each = time / u32::try_from(requests).expect("a small number");
            let rules = kept.len();
            print(format_args!(
                "{rules:>4} × {requests:<6} {time:>12.2?} {each:>10.2?} a request\n"
            ));
        }
    }
}

/// Compiling a description.
fn descriptions_by_size() {
    print(format_args!("\nAPI descriptions, compiled\n"));
    for operations in [25, 250, 950] {
        for (form, text) in ["JSON", "YAML"].into_iter().zip(description(operations)) {
            let (api, mistakes) = load_api(&text, "bench");
            assert!(mistakes.is_empty() && api.operations.len() == 2 * operations, "{mistakes:?}");
            let time = median(|| load_api(&text, "bench").0.operations.len());
            let size = text.len() as f64 / 1_000_000.0;
            print(format_args!("{size:>6.2} MB {form} {time:>12.2?}\n"));
        }
    }
}

/// The program as it is started for one pasted command.
fn cold_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("one.sh");
    std::fs::write(&path, self::commands(1)).expect("our own folder");
    let time = median(|| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_reqlint"));
        command.args(["check", "--isolated"]).arg(&path).output().expect("the program starts")
    });
    print(format_args!("\none command, from start to end of the program {time:>12.2?}\n"));
}

/// What each rule costs a command, beyond what is done for every request.
fn each_rule(commands: &str) {
    let checker = Checker::new(packs::built_in(), |_| true);
    let document = parse(commands, Kind::Shell);
    let time = |id: &str| median(|| checker.check_rules(&document, &|rule| rule.id == id).len());
    let none = time("");
    let mut costs: Vec<(Duration, &str)> =
        checker.rule_ids().map(|id| (time(id).saturating_sub(none), id)).collect();
    costs.sort();
    let each = |time: Duration| time / u32::try_from(COMMANDS).expect("a small number");
    print(format_args!("{:>12.2?} a command, without rules\n", each(none)));
    for (time, id) in costs.iter().rev() {
        print(format_args!("{:>12.2?} {id}\n", each(*time)));
    }
}

/// One command of many options, and ten times as many: what is linear takes ten times as long.
fn one_command_by_length() {
    for (name, option) in [
        ("headers", " -H 'X-Name: some value of usual length'"),
        ("data", " -d 'name=some value of usual length'"),
        ("fields", " -F 'name=some value of usual length'"),
        ("URLs", " 'https://api.example.com/items?page=1'"),
        ("variables", " -H \"X-Name: $NAME and ${OTHER}\""),
        ("texts", " --data-urlencode 'name=text & more'"),
    ] {
        let command =
            |count: usize| format!("curl https://api.example.com/items{}\n", option.repeat(count));
        let (short, long) = (command(10_000), command(100_000));
        let times = [&short, &long].map(|text| median(|| parse(text, Kind::Shell).requests.len()));
        let ratio = times[1].as_secs_f64() / times[0].as_secs_f64();
        print(format_args!(
            "100,000 {name:10} {:>4} MiB {:>10.2?} {ratio:>6.1} × that of 10,000\n",
            long.len() >> 20,
            times[1]
        ));
    }
}

#[expect(clippy::print_stdout, reason = "a benchmark prints")]
fn print(text: std::fmt::Arguments<'_>) {
    std::print!("{text}");
}

fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}

/// Different commands in the shapes that people publish: most of them good, one in five not.
fn commands(count: usize) -> String {
    let mut text = String::new();
    let entities = ["products", "shops", "creators", "videos", "categories"];
    let countries = ["US", "GB", "DE", "FR", "BR"];
    for number in 0..count {
        let entity = entities[number % 5];
        let country = countries[number / 5 % 5];
        let base = format!("https://app.winninghunter.com/api/v1/tiktok-shop/{entity}");
        let key = "-H \"X-API-Key: $WH_API_KEY\"";
        let page = number + 1;
        let written = match number % 10 {
            0 => writeln!(
                text,
                "curl -sS {key} '{base}/explore?country={country}&period=30d&page={page}'"
            ),
            1 => writeln!(
                text,
                "curl -sS \\\n  {key} \\\n  \"$ORIGIN/api/v1/tiktok-shop/{entity}/explore?country={country}&period=7d&limit={page}\""
            ),
            2 => writeln!(
                text,
                "curl -X POST {key} -H 'Content-Type: application/json' '{base}/count' -d '{{\"country\":\"{country}\",\"period\":\"30d\",\"min_revenue\":{page}}}'"
            ),
            3 => writeln!(
                text,
                "curl --json \"{{\\\"country\\\":\\\"{country}\\\",\\\"page\\\":{page}}}\" {key} {base}/explore | jq ."
            ),
            4 => writeln!(
                text,
                "curl -fsSL -o out-{page}.json 'https://api.example.com/items/{page}?fields=id,name' -H 'Accept: application/json'"
            ),
            5 => writeln!(
                text,
                "curl -u \"me:$PASSWORD\" -d grant_type=client_credentials -d scope=read{page} https://auth.example.com/token"
            ),
            6 => writeln!(
                text,
                "curl -G {key} {base}/explore --data-urlencode 'name=serum {page}' -d country={country}"
            ),
            7 => writeln!(
                text,
                "curl {key} '{base}/explore?country={country}&period=30d&start_date=2026-01-0{}&page={page}'",
                number % 9 + 1
            ),
            8 => writeln!(
                text,
                "curl -F 'image=@photo-{page}.png' -F text=lamp {key} https://app.winninghunter.com/api/v1/magic-ai"
            ),
            _ => {
                writeln!(text, "curl $'{base}/explore/?country={country}\\u0026page={page}' {key}")
            }
        };
        written.expect("writing to a string");
    }
    text
}
