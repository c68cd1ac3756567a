//! The WinningHunter pack as data: what each surface says to each time parameter, every localized
//! word in every way that people write it, the table of what the guides demand, and the page that
//! is made of the rules.

#[path = "../../reqlint-core/tests/packs/mod.rs"]
mod packs;

use reqlint_core::pack::DocumentedPack;
use reqlint_core::rule::node::{self, Node};
use reqlint_report::guide::{Surface, write_guide};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use unicode_normalization::UnicodeNormalization;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The ids that speak about each of these requests, one a line.
fn said(requests: &[Value]) -> Vec<BTreeSet<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("requests.ndjson");
    let lines: Vec<String> = requests.iter().map(Value::to_string).collect();
    std::fs::write(&path, lines.join("\n") + "\n").expect("it can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_reqlint"))
        .args(["check", "--isolated", "--format", "json"])
        .arg(&path)
        .output()
        .expect("the binary runs");
    let output: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    let mut ids = vec![BTreeSet::new(); requests.len()];
    for found in output["diagnostics"].as_array().expect("a list") {
        let request = found["request"].as_u64().expect("a number") as usize;
        ids[request].insert(found["rule"].as_str().expect("an id").to_owned());
    }
    ids
}

/// A `GET` with hundreds of categories becomes the `POST` that the guide shows, with a list and a
/// number in its body.
#[test]
fn the_example_of_the_guide_is_a_fix() {
    let ids: Vec<String> = (0..700).map(|number| (600_001 + number).to_string()).collect();
    let path = "/api/v1/tiktok-shop/products/explore";
    let query = format!("country=US&period=30d&category_ids={}&limit=100", ids.join(","));
    let command = format!("curl -H \"X-API-Key: $WH_API_KEY\" \"$ORIGIN{path}?{query}\"\n");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("long.sh");
    std::fs::write(&file, command).expect("it can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_reqlint"))
        .args(["check", "--isolated", "--fix", "--unsafe-fixes"])
        .arg(&file)
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{output:?}");
    let fixed = std::fs::read_to_string(&file).expect("it is there");
    let list = ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(",");
    let body = format!(
        "{{\"country\":\"US\",\"period\":\"30d\",\"category_ids\":[{list}],\"limit\":100}}"
    );
    let expected = format!(
        "curl -H \"X-API-Key: $WH_API_KEY\" \"$ORIGIN{path}\" \
         -H 'Content-Type: application/json' -d '{body}'\n"
    );
    assert_eq!(fixed, expected);
}

/// The rows of the tables in a Markdown file, without their heads: cells without backticks.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = text.lines().collect();
    let is_row = |line: &str| line.starts_with('|');
    let is_rule = |line: &str| line.starts_with("|--") || line.starts_with("| --");
    let kept = lines.iter().enumerate().filter(|(at, line)| {
        is_row(line) && !is_rule(line) && !lines.get(at + 1).is_some_and(|next| is_rule(next))
    });
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect()
    };
    kept.map(|(_, line)| cells(line)).collect()
}

/// Surfaces of `fixtures/winninghunter/time-windows.md`: a request without any time parameter.
fn surface(name: &str) -> Value {
    let get = |path: &str, query: Value| json!({"method": "GET", "url": format!("https://app.winninghunter.com{path}"), "headers": {"X-API-Key": "{{WH_API_KEY}}"}, "query": query});
    let post = |path: &str| json!({"method": "POST", "url": format!("https://app.winninghunter.com{path}"), "headers": {"X-API-Key": "{{WH_API_KEY}}"}, "json": {"id": "7493920192384910"}});
    match name {
        "explore" => get("/api/v1/tiktok-shop/products/explore", json!({"country": "US"})),
        "count" => get("/api/v1/tiktok-shop/shops/count", json!({"country": "US"})),
        "detail" => post("/api/v1/tiktok-shop/shop-detail/total"),
        "history" => post("/api/v1/tiktok-shop/product-detail/history"),
        "visits" => get("/api/v1/tiktok-shop/product-other-visits", json!({})),
        "list" => get("/api/v1/tiktok-shop/products", json!({"country": "US"})),
        "tab" => {
            json!({"method": "GET", "url": "https://app.winninghunter.com/api/brands/ads", "headers": {"Cookie": "session={{SESSION}}"}, "query": {"id": "74"}})
        }
        "brands" => get("/api/v1/brands", json!({})),
        "ads" => {
            let keys = "searchkeyword keyword min countries from to sorting mediafilter page max scroll scaling niches fromlastseen tolastseen activestatus";
            let query: BTreeMap<&str, &str> = keys.split(' ').map(|key| (key, "")).collect();
            get("/api/v1/adlibrary", json!(query))
        }
        other => panic!("no surface {other}"),
    }
}

/// A surface with what a row adds: `period=7d`, several joined by `&`.
fn with(name: &str, added: &str) -> Value {
    let mut request = surface(name);
    let place = if request.get("json").is_some() { "json" } else { "query" };
    for pair in added.split('&') {
        let (key, value) = pair.split_once('=').expect("name=value");
        let number = value.parse::<u64>().ok().filter(|_| place == "json" && value.len() < 6);
        request[place][key] = number.map_or_else(|| json!(value), |number| json!(number));
    }
    request
}

#[test]
fn every_surface_tells_time_in_its_own_way() {
    let path = "fixtures/winninghunter/time-windows.md";
    let text = read(path);
    let head = text.lines().find(|line| line.starts_with('|')).expect("a table");
    let names: Vec<&str> = head.trim_matches('|').split('|').skip(1).map(str::trim).collect();
    let rows = rows(&text);
    let requests: Vec<Value> =
        rows.iter().flat_map(|row| names.iter().map(|name| with(name, &row[0]))).collect();
    let said = said(&requests);
    let mut found = String::new();
    for (number, row) in rows.iter().enumerate() {
        write!(found, "| `{}` |", row[0]).expect("a string takes all");
        for ids in &said[number * names.len()..][..names.len()] {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            write!(found, " {} |", if ids.is_empty() { "ok".to_owned() } else { ids.join(", ") })
                .expect("a string takes all");
        }
        found.push('\n');
    }
    let start = text.match_indices('\n').filter(|(at, _)| text[..*at].ends_with("|")).nth(1);
    let start = start.expect("a head and a line").0 + 1;
    if std::env::var_os("WRITE_TABLES").is_some() {
        std::fs::write(root().join(path), format!("{}{found}", &text[..start])).expect("written");
    }
    assert_eq!(&text[start..], found, "WRITE_TABLES=1 writes {path} anew");
}

/// The pack with its pages.
fn pack() -> DocumentedPack {
    let all = packs::documented();
    all.into_iter()
        .find(|documented| documented.pack.name == "winninghunter")
        .expect("it is built in")
}

fn percent(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// A word as people and programs write it: as it is, decomposed, and in other cases.
fn spellings(word: &str) -> Vec<String> {
    // Turkish has two letters for one `i`, and programs mix them up.
    let upper = word.to_uppercase().replace('I', "İ");
    let mut all = vec![word.to_owned(), word.nfd().collect(), upper, word.replace('ı', "i")];
    all.sort();
    all.dedup();
    all
}

#[test]
fn every_localized_word_is_known_in_every_spelling() {
    let (table, _) = node::read(&read("rules/winninghunter/tables/localized-names.yaml"));
    let table = table.expect("the table is YAML");
    let pack = pack().pack;
    let api = pack.api.as_ref().expect("a description");
    let texts = |node: &Node| -> Vec<String> {
        match node.items() {
            Some(items) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
            None => node.text().map(str::to_owned).into_iter().collect(),
        }
    };
    let mut requests = Vec::new();
    let mut written = Vec::new();
    let mut count = 0;
    let mut add = |word: &str, request: Value| {
        written.push(format!("{word}: {request}"));
        requests.push(request);
    };
    let site = "https://app.winninghunter.com";
    let key = json!({"X-API-Key": "{{WH_API_KEY}}"});
    for row in table.items().expect("rows") {
        let english = row.get("en").and_then(Node::text).expect("the real name");
        let cells = |column: &str| row.get(column).map(&texts).unwrap_or_default();
        for word in cells("method") {
            add(
                &word,
                json!({"method": word, "url": format!("{site}/api/v1/brands"), "headers": key}),
            );
        }
        for word in cells("header").iter().flat_map(|word| spellings(word)) {
            let url = format!("{site}/api/v1/brands");
            add(
                &word,
                json!({"method": "GET", "url": url, "headers": {word.as_str(): "{{WH_API_KEY}}"}}),
            );
        }
        for word in cells("scheme") {
            let url = format!("{site}/api/v1/brands");
            add(
                &word,
                json!({"method": "GET", "url": url, "headers": {"Authorization": format!("{word} {{{{WH_API_KEY}}}}")}}),
            );
        }
        for word in cells("segment").iter().flat_map(|word| spellings(word)) {
            let url = format!("{site}/api/v1/tiktok-shop/{}", percent(&word));
            add(&word, json!({"method": "GET", "url": url, "headers": key}));
        }
        // An operation that knows the real name, and none of the translated ones.
        for word in cells("param").iter().flat_map(|word| spellings(word)) {
            let knows = |operation: &&reqlint_core::api::Operation| {
                let has = |name: &str| operation.parameters.iter().any(|param| param.name == name);
                operation.method == "GET" && has(english) && !has(&word)
            };
            let body = |operation: &&reqlint_core::api::Operation| {
                let has = |name: &str| operation.parameters.iter().any(|param| param.name == name);
                operation.method == "POST" && has(english) && !has(&word)
            };
            if let Some(operation) = api.operations.iter().find(knows) {
                let path = operation.path.replace("{id}", "7");
                let encoded = format!("{site}{path}?{}=x", percent(&word));
                let raw = format!("{site}{path}");
                count += 1;
                match count % 2 {
                    0 => add(&word, json!({"method": "GET", "url": encoded, "headers": key})),
                    _ => add(
                        &word,
                        json!({"method": "GET", "url": raw, "headers": key, "query": {word.as_str(): "x"}}),
                    ),
                }
            } else if let Some(operation) = api.operations.iter().find(body) {
                let url = format!("{site}{}", operation.path);
                add(
                    &word,
                    json!({"method": "POST", "url": url, "headers": key, "json": {word.as_str(): "x"}}),
                );
            } else {
                panic!("no operation knows `{english}`");
            }
        }
        for word in cells("value") {
            let of = cells("of");
            let url = format!("{site}/api/v1/adlibrary");
            add(
                &word,
                json!({"method": "GET", "url": url, "headers": key, "query": {of[0].as_str(): word}}),
            );
        }
    }
    assert!(requests.len() > 250, "{}", requests.len());
    let silent: Vec<&String> = said(&requests)
        .iter()
        .zip(&written)
        .filter(|(ids, _)| !ids.contains("localized-identifier"))
        .map(|(_, written)| written)
        .collect();
    assert!(silent.is_empty(), "{} of {}: {silent:#?}", silent.len(), requests.len());
}

#[test]
fn the_coverage_table_names_what_exists() {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut folders = vec![root().join("rules")];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    known.insert(path.file_stem().expect("a name").to_string_lossy().into_owned());
                }
            }
        }
    }
    let mut missing = Vec::new();
    let rows = rows(&read("docs/coverage.md"));
    assert!(rows.len() > 60, "{} rows", rows.len());
    for row in &rows {
        let [demand, by, fixture] = row.as_slice() else { panic!("three cells: {row:?}") };
        for id in by.split(", ").filter(|id| !id.contains(' ') && *id != "—") {
            if !known.contains(id) {
                missing.push(format!("{demand}: no rule or symptom `{id}`"));
            }
        }
        for path in fixture.split(", ").filter(|path| *path != "—") {
            if !root().join("fixtures").join(path).is_file() {
                missing.push(format!("{demand}: no fixture `{path}`"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_guide_is_made_of_the_rules() {
    let documented = pack();
    let (description, _) = node::read(&read("rules/winninghunter/openapi.yaml"));
    let description = description.expect("YAML");
    let tags = description.get("tags").and_then(Node::items).unwrap_or_default();
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    let surfaces: Vec<Surface> = tags
        .iter()
        .filter_map(|tag| {
            let title = text(tag, "x-reqlint-surface")?;
            Some(Surface { tag: text(tag, "name")?, title, summary: text(tag, "description")? })
        })
        .collect();
    assert!(surfaces.len() >= 10, "{}", surfaces.len());
    let mut page = Vec::new();
    write_guide(&mut page, &documented.pack, &documented.pages, &surfaces, INTRO).expect("written");
    let page = String::from_utf8(page).expect("UTF-8");
    let path = root().join("docs/winninghunter.md");
    if std::env::var_os("WRITE_TABLES").is_some() {
        std::fs::write(&path, &page).expect("written");
    }
    let is_fresh = std::fs::read_to_string(Path::new(&path)).is_ok_and(|old| old == page);
    assert!(is_fresh, "docs/winninghunter.md is old: WRITE_TABLES=1 writes it anew");
}

const INTRO: &str = "\
<!-- reqlint-ignore-file: what goes wrong is shown on purpose -->

# What goes wrong with the WinningHunter API

This page is made from the rules of reqlint, and is of use without the tool: the mistakes that the API's own
documentation warns of, by the part of the API that they happen in. Most of them give no error. The answer
has status 200, and is about something else.

What a request needs: the origin `https://app.winninghunter.com`, a path under `/api/v1/`, the header
`X-API-Key`, and one way to tell time, that of its part of the API.
";
