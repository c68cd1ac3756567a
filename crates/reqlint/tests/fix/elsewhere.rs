//! Fixes where a part of a request stands on lines of its own, is written twice, or elsewhere than where
//! it is used.

use super::{Folder, read};

const PAGE: &str = "https://app.winninghunter.com/api/v1/tiktok-shop";
/// Looks like a key, and is none.
const KEY: &str = "wh_8f3c1e2a9b7d4056c1e2a9b7d40568f3c1e2a9b7d4056a1b";

/// A file before and after its fixes, all of them.
fn becomes(name: &str, text: &str, fixed: &str) {
    let folder = Folder::new().with(name, text);
    let run = folder.run(&["check", "--fix-only", "--unsafe-fixes", name]);
    assert_eq!(read(&folder, name), fixed, "{name}: {}", run.stderr());
}

#[test]
fn a_query_in_lines_loses_whole_lines() {
    let message =
        |lines: &str| format!("GET {PAGE}/products/explore\n{lines}X-API-Key: {{{{k}}}}\n");
    let cases = [
        (
            "    ?country=US\n    &period=30d\n    &start_date=2026-01-01\n    &limit=20\n",
            "    ?country=US\n    &period=30d\n    &limit=20\n",
        ),
        (
            "    ?country=US\n    &period=30d\n    &start_date=2026-01-01\n",
            "    ?country=US\n    &period=30d\n",
        ),
        (
            "    ?start_date=2026-01-01\n    &country=US\n    &period=30d\n",
            "    ?country=US\n    &period=30d\n",
        ),
        (
            "    ?country=US&\n    period=30d&\n    start_date=2026-01-01\n",
            "    ?country=US&\n    period=30d\n",
        ),
    ];
    for (lines, fixed) in cases {
        becomes("a.http", &message(lines), &message(fixed));
        let windows = |text: &str| message(text).replace('\n', "\r\n");
        becomes("a.http", &windows(lines), &windows(fixed));
        let quoted = |text: &str| {
            let inside = message(text);
            let inside = inside.lines().map(|line| format!("> {line}\n"));
            format!("> ```http\n{}> ```\n", inside.collect::<String>())
        };
        becomes("a.md", &quoted(lines), &quoted(fixed));
    }
    let form = |lines: &str| {
        format!(
            "POST {PAGE}/products/explore\nX-API-Key: {{{{k}}}}\nContent-Type: application/x-www-form-urlencoded\n\n{lines}"
        )
    };
    becomes(
        "a.http",
        &form("country=US\n&period=30d\n&start_date=2026-01-01\n&limit=20\n"),
        &form("country=US\n&period=30d\n&limit=20\n"),
    );
}

/// Names and values.
type Query<'q> = &'q [(&'q str, &'q str)];

/// A collection of Postman with one request.
fn postman(path: &str, query: Query<'_>) -> String {
    let segments: Vec<String> = path.split('/').map(|part| format!("\"{part}\"")).collect();
    let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let entry =
        |(name, value): &(&str, &str)| format!("{{\"key\":\"{name}\",\"value\":\"{value}\"}}");
    let entries: Vec<String> = query.iter().map(entry).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!(
        "{{\"info\":{{\"name\":\"x\",\"schema\":\"https://schema.getpostman.com/json/collection/v2.1.0/collection.json\"}},\"item\":[{{\"name\":\"a\",\"request\":{{\"method\":\"GET\",\"header\":[{{\"key\":\"X-API-Key\",\"value\":\"{{{{k}}}}\"}}],\"url\":{{\"raw\":\"https://app.winninghunter.com/{path}{mark}{}\",\"protocol\":\"https\",\"host\":[\"app\",\"winninghunter\",\"com\"],\"path\":[{}],\"query\":[{}]}}}}}}]}}\n",
        pairs.join("&"),
        segments.join(","),
        entries.join(", "),
    )
}

/// A request of Bruno.
fn bruno(path: &str, query: Query<'_>) -> String {
    let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let lines: String = query.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
    format!(
        "get {{\n  url: https://app.winninghunter.com/{path}?{}\n}}\n\nparams:query {{\n{lines}}}\n\nheaders {{\n  X-API-Key: {{{{k}}}}\n}}\n",
        pairs.join("&"),
    )
}

#[test]
fn a_url_that_is_written_twice_is_mended_twice() {
    let explore = "api/v1/tiktok-shop/products/explore";
    let cases: [(&str, Query<'_>, &str, Query<'_>); 5] = [
        (
            explore,
            &[("country", "US"), ("period", "30d"), ("start_date", "2026-01-01")],
            explore,
            &[("country", "US"), ("period", "30d")],
        ),
        (
            explore,
            &[("country", "UK"), ("period", "30d")],
            explore,
            &[("country", "GB"), ("period", "30d")],
        ),
        (explore, &[("period", "30d")], explore, &[("period", "30d"), ("country", "US")]),
        (
            "api/v1/tiktok-shop/product/explore",
            &[("country", "US"), ("period", "30d")],
            explore,
            &[("country", "US"), ("period", "30d")],
        ),
        (
            "api/v1/tiktok-shop/products/explore/",
            &[("country", "US"), ("period", "30d")],
            explore,
            &[("country", "US"), ("period", "30d")],
        ),
    ];
    for (path, query, fixed_path, fixed_query) in cases {
        becomes("a.json", &postman(path, query), &postman(fixed_path, fixed_query));
        becomes("a.bru", &bruno(path, query), &bruno(fixed_path, fixed_query));
    }
    let credits = "api/v1/tiktok-shop/credits";
    becomes("a.json", &postman(&format!("{credits}/"), &[]), &postman(credits, &[]));
    // An empty list of parameters has no entry that a new one could look like.
    becomes("a.json", &postman(explore, &[]), &postman(explore, &[]));
}

#[test]
fn programs_read_keys_from_the_environment() {
    let python = |headers: &str| {
        format!("import requests\n\nrequests.get(\"{PAGE}/credits\", headers={{{headers}}})\n")
    };
    let with_os = |headers: &str| format!("import os\n{}", python(headers));
    let javascript =
        |headers: &str| format!("fetch('{PAGE}/credits', {{ headers: {{ {headers} }} }});\n");
    let cases = [
        (
            "a.py",
            python(&format!("\"X-API-Key\": \"{KEY}\"")),
            with_os("\"X-API-Key\": os.environ[\"WH_API_KEY\"]"),
        ),
        (
            "a.py",
            with_os(&format!("'Authorization': 'Bearer {KEY}'")),
            with_os("'Authorization': f'Bearer {os.environ[\"WH_API_KEY\"]}'"),
        ),
        (
            "a.js",
            javascript(&format!("'X-API-Key': '{KEY}'")),
            javascript("'X-API-Key': process.env.WH_API_KEY"),
        ),
        (
            "a.js",
            javascript(&format!("Authorization: \"Bearer {KEY}\"")),
            javascript("Authorization: `Bearer ${process.env.WH_API_KEY}`"),
        ),
        (
            "a.md",
            format!("```js\n{}```\n", javascript(&format!("Authorization: `Bearer {KEY}`"))),
            format!(
                "```js\n{}```\n",
                javascript("Authorization: `Bearer ${process.env.WH_API_KEY}`")
            ),
        ),
    ];
    for (name, text, fixed) in cases {
        becomes(name, &text, &fixed);
    }
    // Where nothing is imported, nothing says where `os` should be; a name is not where the key is.
    let bare = python(&format!("\"X-API-Key\": \"{KEY}\"")).replace("import requests\n", "");
    becomes("a.py", &bare, &bare);
    let named = python("\"X-API-Key\": KEY").replace("\n\n", &format!("\nKEY = '{KEY}'\n"));
    becomes("a.py", &named, &named);
}

#[test]
fn a_key_is_mended_where_it_is_written() {
    let script = |value: &str| format!("KEY={value}\ncurl -H \"X-API-Key: $KEY\" {PAGE}/credits\n");
    becomes("a.sh", &script(KEY), &script("\"$WH_API_KEY\""));
    becomes("a.sh", &script(&format!("'{KEY}'")), &script("\"$WH_API_KEY\""));
    let folder = Folder::new().with("a.sh", &script(KEY));
    let run = folder.run(&["check", "--format", "concise"]);
    assert!(run.stdout().starts_with("a.sh:1:5: warning[hard-coded-api-key]"), "{}", run.stdout());
    // A part of what a variable is set to, and variables of other forms, are not followed that far.
    let bearer = format!("AUTH='Bearer {KEY}'\ncurl -H \"Authorization: $AUTH\" {PAGE}/credits\n");
    becomes("a.sh", &bearer, &bearer);
    let http = format!("@k = {KEY}\nGET {PAGE}/credits\nX-API-Key: {{{{k}}}}\n");
    becomes("a.http", &http, &http);
}

#[test]
fn what_seems_missing_is_not_added_to_what_is_mended() {
    let url =
        |query: &str| format!("curl -H \"X-API-Key: $K\" '{PAGE}/products/explore?{query}'\n");
    becomes("a.sh", &url("Country=US&Period=30d"), &url("country=US&period=30d"));
    let command = |field: &str| format!("curl -H \"{field}\" {PAGE}/credits\n");
    becomes("a.sh", &command("X-API-Key $K"), &command("X-API-Key: $K"));
    becomes("a.sh", &command("X-API-Key=$K"), &command("X-API-Key: $K"));
}

#[test]
fn an_array_of_options_is_not_changed_for_one_command() {
    let script = |more: &str| {
        format!(
            "headers=(-H \"Authorization: Bearer $T\" -H 'Accept: text/plain')\ncurl \"${{headers[@]}}\" https://api.example.com/a\ncurl -X POST \"${{headers[@]}}\" https://api.example.com/b{more} -d @- <<EOF\n{{\"a\":1}}\nEOF\n"
        )
    };
    becomes("a.sh", &script(""), &script(" -H 'Content-Type: application/json'"));
    // A mistake that all of them have is mended in it, but not as safe; one of some is only shown.
    let shared = |header: &str, second: &str| {
        format!(
            "all=(-H '{header}')\ncurl \"${{all[@]}}\" {PAGE}/credits\ncurl \"${{all[@]}}\" {second}\n"
        )
    };
    let key = format!("X-API-Key: {KEY}");
    let other = "https://api.example.com/a";
    let both = shared(&key, &format!("{PAGE}/credits"));
    let mended = shared("X-API-Key: '\"$WH_API_KEY\"'", &format!("{PAGE}/credits"));
    becomes("a.sh", &both, &mended);
    let one = shared(&key, other);
    let folder = Folder::new().with("a.sh", &one);
    folder.run(&["check", "--fix-only", "--unsafe-fixes", "--select", "winninghunter", "a.sh"]);
    assert_eq!(read(&folder, "a.sh"), one);
}
