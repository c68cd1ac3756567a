//! Real curl sends a wrong request to the server, its transcript goes into `explain`, the printed
//! correction is run by a real shell, and now the server answers 200.

use super::server::{self, KEY, NO_ACCESS, TOO_FAST, USED_UP};
use super::support::Folder;
use serde_json::Value;
use std::process::{Command, Stdio};

/// The rule that must come first, the symptom, and the command; `ORIGIN` is the server, and the
/// key is in `WH_API_KEY`.
const WRONG: [(&str, &str, &str); 28] = [
    ("missing-api-key", "unauthorized", "curl -i 'ORIGIN/api/v1/brands'"),
    (
        "wrong-api-key-header",
        "unauthorized",
        "curl -i -H \"Api-Key: $WH_API_KEY\" ORIGIN/api/v1/brands",
    ),
    (
        "wrong-api-key-header",
        "unauthorized",
        "curl -v -H \"X-Auth: $WH_API_KEY\" ORIGIN/api/v1/tiktok-shop/credits",
    ),
    (
        "authorization-without-bearer",
        "unauthorized",
        "curl -i -H 'Authorization: LITERAL' ORIGIN/api/v1/brands",
    ),
    (
        "localized-identifier",
        "unauthorized",
        "curl -i -H \"X-API-Anahtarı: $WH_API_KEY\" ORIGIN/api/v1/brands",
    ),
    (
        "session-route-with-api-key",
        "redirect-to-login",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/tiktok-shop/products/explore?country=US&period=30d'",
    ),
    (
        "session-route-with-api-key",
        "redirect-to-login",
        "curl -iL -H \"X-API-Key: $WH_API_KEY\" ORIGIN/api/brands",
    ),
    (
        "trailing-slash",
        "unknown-shop-endpoint",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products/explore/?country=US&period=30d'",
    ),
    (
        "localized-identifier",
        "not-routed",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" ORIGIN/api/v1/markalar",
    ),
    (
        "localized-identifier",
        "not-routed",
        "curl -i -X YAYIN -H \"X-API-Key: $WH_API_KEY\" -H 'Content-Type: application/json' -d '{\"id\":\"74\",\"country\":\"US\"}' ORIGIN/api/v1/tiktok-shop/shop-detail",
    ),
    (
        "wrong-method",
        "not-routed",
        "curl -i -X PUT -H \"X-API-Key: $WH_API_KEY\" -H 'Content-Type: application/json' -d '{\"id\":\"74\",\"country\":\"US\"}' ORIGIN/api/v1/tiktok-shop/shop-detail",
    ),
    (
        "invalid-country",
        "server-error",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products/explore?country=UK&period=30d'",
    ),
    (
        "malformed-json",
        "server-error",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" -H 'Content-Type: application/json' -d '{\"country\":\"US\",\"period\":\"30d\",}' ORIGIN/api/v1/tiktok-shop/products/explore",
    ),
    (
        "missing-content-type",
        "server-error",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" -d '{\"id\":\"74\",\"country\":\"US\"}' ORIGIN/api/v1/tiktok-shop/shop-detail",
    ),
    (
        "mixed-time-params",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products/explore?country=US&period=30d&start_date=2026-01-01'",
    ),
    (
        "dates-on-period-endpoint",
        "empty-result",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/products/explore?country=US&start_date=2026-01-01&end_date=2026-01-31'",
    ),
    (
        "localized-identifier",
        "invalid-entity-type",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" 'ORIGIN/api/v1/tiktok-shop/suggestions?type=produits&q=gl'",
    ),
    ("json-sent-as-form", "unsupported-media-type", "curl -i -d '{\"id\": 1}' ORIGIN/any/orders"),
    (
        "malformed-json",
        "bad-request",
        "curl -i -H 'Content-Type: application/json' -d '{\"id\": 1,}' ORIGIN/any/orders",
    ),
    ("unquoted-ampersand", "bad-request", "curl -i ORIGIN/any/list?from=1&to=2"),
    (
        "unexpanded-variable",
        "unauthorized",
        "curl -i -H 'X-API-Key: $WH_API_KEY' ORIGIN/api/v1/brands",
    ),
    (
        "invalid-path-id",
        "not-routed",
        "curl -i -H \"X-API-Key: $WH_API_KEY\" ORIGIN/api/v1/tiktok-shop/videos/7301.json",
    ),
    ("html-escaped-ampersand", "bad-request", "curl -i 'ORIGIN/any/list?from=1&amp;to=2'"),
    ("second-question-mark", "bad-request", "curl -i 'ORIGIN/any/list?from=1?to=2'"),
    ("unquoted-json", "bad-request", "curl -i --json {\"id\":1} ORIGIN/any/orders"),
    ("unknown-option", "command-not-understood", "curl -i --heder 'X-Mode: t' ORIGIN/any/private"),
    (
        "option-with-equals",
        "command-not-understood",
        "curl -i --header='X-Mode: t' ORIGIN/any/private",
    ),
    ("misspelt-scheme", "command-not-understood", "curl -i -H 'X-Mode: t' htp://HOST/any/private"),
];

/// Runs a command as a person would, with the key in the environment; the answer is all it prints.
fn run(command: &str, key: &str) -> String {
    // What runs in the background is waited for.
    let script = format!("{{ {command}\n}} 2>&1; wait");
    let output = Command::new("bash")
        .args(["-c", &script])
        .env("WH_API_KEY", key)
        .env("no_proxy", "127.0.0.1")
        .stdin(Stdio::null())
        .output()
        .expect("bash and curl are there for the tests");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn explain(origin: &str, pasted: &str) -> Value {
    let server = format!("{origin}=winninghunter");
    let run =
        Folder::new().run_on(&["explain", "-", "--format", "json", "--server", &server], pasted);
    assert_eq!(run.code(), 0, "{pasted}\n{}", run.stderr());
    run.json()["exchanges"][0].clone()
}

#[test]
fn corrections_work() {
    let origin = server::start();
    let mut wrong = Vec::new();
    for (rule, symptom, command) in WRONG {
        let host = origin.trim_start_matches("http://");
        let command =
            command.replace("HOST", host).replace("ORIGIN", &origin).replace("LITERAL", KEY);
        let printed = run(&command, KEY);
        let exchange = explain(&origin, &format!("$ {command}\n{printed}"));
        let first = exchange["causes"][0]["rule"].as_str().unwrap_or("nothing");
        let seen = exchange["symptom"].as_str().unwrap_or("nothing");
        if (first, seen) != (rule, symptom) {
            wrong.push(format!(
                "{command}\n  {first} for {seen}, not {rule} for {symptom}:\n{printed}"
            ));
            continue;
        }
        let Some(corrected) = exchange["corrected"].as_str() else {
            wrong.push(format!("{command}\n  {rule} is not corrected"));
            continue;
        };
        let again = run(corrected, KEY);
        let is_fine = again.lines().any(|line| {
            let line = line.trim_start_matches("< ");
            line.starts_with("HTTP/") && line.contains(" 200")
        });
        if !is_fine || again.contains("\"data\": []") || again.contains("<html") {
            wrong.push(format!("{command}\n  corrected to {corrected}\n  answers {again}"));
        }
        if corrected.contains(KEY) {
            wrong.push(format!("{corrected}\n  shows the key"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_no_request_causes_is_said_so() {
    let origin = server::start();
    let command = format!("curl -i -H \"X-API-Key: $WH_API_KEY\" {origin}/api/v1/brands");
    for (key, symptom, failed, passed) in [
        ("wh_dddddddddddddddddddddddddddddddddddddddddddddddd", "unauthorized", "auth", None),
        (NO_ACCESS, "no-api-access", "plan", Some("auth")),
        (TOO_FAST, "rate-limited", "rate", Some("auth")),
        (USED_UP, "credits-exhausted", "quota", Some("auth")),
    ] {
        let exchange = explain(&origin, &format!("$ {command}\n{}", run(&command, key)));
        assert_eq!(exchange["symptom"], symptom, "{exchange:#}");
        assert_eq!(exchange["explained"], false);
        assert!(!exchange["elsewhere"].as_array().expect("a list").is_empty());
        let state = |step: &str| {
            let steps = exchange["checklist"].as_array().expect("a list");
            let found = steps.iter().find(|one| one["step"] == step);
            found.map(|one| one["state"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(state(failed).as_deref(), Some("failed"), "{symptom}");
        if let Some(passed) = passed {
            assert_eq!(state(passed).as_deref(), Some("passed"), "{symptom}");
        }
    }
}
