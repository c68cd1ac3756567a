//! Recordings as a whole: how fast calls came, what they cost, and what followed each other.

use super::first_of;
use super::support::{Folder, schema_errors};
use serde_json::Value;
use std::path::Path;

/// A recording of one key: too many calls at once, one call that fails again and again, and calls
/// after the month's credits are used up, one of them at once.
fn recording() -> String {
    const LIMIT: &str = "Rate limit exceeded. Max 60 requests per minute.";
    const CREDITS: &str = "Monthly credit limit reached (20000). Resets next month.";
    let mut lines = String::new();
    let mut add = |millis: u32, path: String, status: u16, body: &Value| {
        let (seconds, millis) = (millis / 1000, millis % 1000);
        let sent = format!("2026-01-14T12:{:02}:{:02}.{millis:03}Z", seconds / 60, seconds % 60);
        let line = serde_json::json!({
            "time": sent,
            "request": {
                "method": "GET",
                "url": format!("https://app.winninghunter.com/api/v1/{path}"),
                "headers": { "X-API-Key": "{{KEY}}" },
            },
            "response": {
                "status": status,
                "headers": { "content-type": "application/json" },
                "body": body.to_string(),
            },
        });
        lines.push_str(&format!("{line}\n"));
    };
    for call in 0..70 {
        let (status, body) = match call < 60 {
            true => (200, serde_json::json!({ "success": true, "data": [{ "id": "1" }] })),
            false => (429, serde_json::json!({ "success": false, "error": LIMIT })),
        };
        add(call * 500, format!("brands?page={call}"), status, &body);
    }
    let failed = serde_json::json!({ "success": false, "error": "Internal server error" });
    for call in 0..4 {
        let path = "tiktok-shop/products/explore?country=XX".to_owned();
        add(100_000 + call * 8000, path, 500, &failed);
    }
    let credits = serde_json::json!({ "used": 20000, "limit": 20000, "remaining": 0 });
    let used = serde_json::json!({ "success": false, "error": CREDITS, "credits": credits });
    for (millis, page) in [(200_000, 1), (202_000, 2), (202_100, 2)] {
        add(millis, format!("brands?page={page}"), 429, &used);
    }
    lines
}

#[test]
fn a_recording_is_told_as_a_whole() {
    let folder = Folder::new().with("calls.ndjson", &recording());
    let explain = |arguments: &[&str]| {
        folder.run(&[&["explain", "calls.ndjson"], arguments].concat()).succeeds()
    };
    let document: Value = serde_json::from_str(&explain(&["--format", "json"])).expect("JSON");
    assert_eq!(schema_errors("explain-v1", &document), Vec::<String>::new());
    let timeline = &document["timeline"];
    let count = |status: u64| {
        let statuses = timeline["statuses"].as_array().expect("a list");
        let own = statuses.iter().find(|one| one["status"] == status);
        own.and_then(|one| one["count"].as_u64()).unwrap_or_default()
    };
    assert_eq!((timeline["exchanges"].as_u64(), count(200), count(429)), (Some(77), 60, 13));
    let rate = &timeline["rates"][0];
    let number = |name: &str| rate[name].as_u64().unwrap_or_default();
    assert_eq!([number("allowed"), number("busiest"), number("over")], [60, 70, 10]);
    let credits = &timeline["credits"][0];
    let month = serde_json::json!({
        "month": "2026-01", "spent": 60, "unknown": 0, "told_used": 20_000, "told_limit": 20_000,
    });
    assert_eq!(
        (&credits["month"], &credits["months"]),
        (&20_000.into(), &serde_json::json!([month]))
    );
    let events = timeline["events"].as_array().expect("a list");
    let rules: Vec<&str> = events.iter().filter_map(|event| event["rule"].as_str()).collect();
    assert_eq!(
        rules,
        [
            "request-burst",
            "repeated-server-error",
            "retry-after-exhaustion",
            "retry-without-backoff"
        ]
    );
    // Each kind of failure is told once, and first what explains it.
    let exchanges = document["exchanges"].as_array().expect("a list");
    let firsts: Vec<Option<&str>> = exchanges.iter().map(first_of).collect();
    assert_eq!(firsts[0], Some("request-burst"), "{firsts:?}");
    assert!(exchanges.len() < 6, "{firsts:?}");
    for (format, words) in [
        (
            "human",
            ["\nTimeline\n", "at most 70 calls within 60 s", "60 spent here, of 20000 a month"],
        ),
        ("markdown", ["**Timeline:**", "10 went out while", "20000 of 20000 used"]),
    ] {
        let shown = explain(&["--format", format]);
        for words in words {
            assert!(shown.contains(words), "no {words} in {format}:\n{shown}");
        }
    }
    let one: Value =
        serde_json::from_str(&explain(&["--entry", "74", "--format", "json"])).expect("JSON");
    assert_eq!(
        (one["exchanges"][0]["status"].as_u64(), &one["timeline"]),
        (Some(500), &Value::Null)
    );
}

/// Credits are those of a calendar month: a recording over its end has them apart.
#[test]
fn credits_are_counted_by_month() {
    let line = |time: &str, used: u64| {
        let credits =
            serde_json::json!({ "used": used, "limit": 20_000, "remaining": 20_000 - used });
        let body = serde_json::json!({ "success": true, "credits": credits }).to_string();
        let line = serde_json::json!({
            "time": time,
            "request": {
                "method": "GET",
                "url": "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?country=US&period=30d",
                "headers": { "X-API-Key": "{{KEY}}" },
            },
            "response": { "status": 200, "headers": { "content-type": "application/json" }, "body": body },
        });
        format!("{line}\n")
    };
    let text = [
        line("2026-01-31T23:59:58Z", 19_999),
        line("2026-01-31T23:59:59.999Z", 20_000),
        line("2026-02-01T00:00:00Z", 1),
        line("2026-03-01T09:00:00Z", 7),
    ];
    let folder = Folder::new().with("calls.ndjson", &text.concat());
    let explain = |format| folder.run(&["explain", "calls.ndjson", "--format", format]);
    let document = explain("json").json();
    assert_eq!(schema_errors("explain-v1", &document), Vec::<String>::new());
    let months = document["timeline"]["credits"][0]["months"].as_array().expect("a list");
    let counts = |m: &Value| {
        (m["month"].as_str().map(str::to_owned), m["spent"].as_u64(), m["told_used"].as_u64())
    };
    let months: Vec<_> = months.iter().map(counts).collect();
    let expected = [("2026-01", 2, 20_000), ("2026-02", 1, 1), ("2026-03", 1, 7)];
    assert_eq!(
        months,
        expected.map(|(name, spent, used)| (Some(name.to_owned()), Some(spent), Some(used)))
    );
    for format in ["human", "markdown"] {
        let shown = explain(format).succeeds();
        for words in ["in 2026-01, 2 spent here, of 20000 a month", "in 2026-02, 1 spent here"] {
            assert!(shown.contains(words), "no {words} in {format}:\n{shown}");
        }
    }
}

#[test]
fn a_recording_without_failures_says_what_was_looked_for() {
    let folder = Folder::new().with("a.txt", "");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recordings");
    let explain = |name: &str| {
        let path = path.join(name).to_string_lossy().into_owned();
        folder.run(&["explain", &path, "--format", "json"]).json()
    };
    let burst = explain("har-request-burst.har");
    assert_eq!(schema_errors("explain-v1", &burst), Vec::<String>::new());
    assert_eq!(burst["timeline"]["events"][0]["rule"], "request-burst");
    let silent = burst["timeline"]["not_seen"].as_array().expect("a list");
    assert!(silent.iter().any(|one| one["rule"] == "retry-after-exhaustion"), "{silent:?}");
    // Another API has no bound that is known, so only the busiest minute is told.
    let other = explain("har-chrome-devtools-http2.har");
    assert_eq!(schema_errors("explain-v1", &other), Vec::<String>::new());
    if !other["timeline"].is_null() {
        assert_eq!(other["timeline"]["rates"][0]["allowed"], Value::Null);
    }
}

#[test]
fn an_entry_of_an_archive_is_counted_from_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recordings");
    let path = path.join("har-request-burst.har").to_string_lossy().into_owned();
    let explain =
        |entry: &str| Folder::new().run(&["explain", &path, "--entry", entry, "--format", "json"]);
    assert_eq!(explain("1").json()["exchanges"][0]["request"], 0);
    let document = explain("61").json();
    assert_eq!(document["exchanges"][0]["request"], 60);
    assert_eq!(first_of(&document["exchanges"][0]), Some("request-burst"));
    for entry in ["0", "65"] {
        let run = explain(entry);
        assert_eq!(run.code(), 2, "{entry}");
        assert!(run.stderr().contains("there are 64, from 1") || entry == "0", "{}", run.stderr());
    }
    let help = Folder::new().run(&["explain", "--help"]).succeeds();
    assert!(help.contains("from 1"), "{help}");
}
