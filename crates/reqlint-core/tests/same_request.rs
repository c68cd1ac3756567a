//! One request in every form: the same normalized model, the same findings, the same fingerprints.
//! A new form is a row of the table.

mod packs;

use reqlint_core::check::Checker;
use reqlint_core::model::Kind;
use reqlint_core::parse::parse;
use reqlint_core::parse::wire::wire;

/// `GET` with a query, and what is wrong about it: `period` beside a date, no country.
const GET: &[(&str, Kind, &str)] = &[
    (
        "curl in bash",
        Kind::Shell,
        "curl -H 'X-API-Key: $KEY' 'https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?period=30d&start_date=2026-01-01'",
    ),
    (
        "curl in cmd, of other lines",
        Kind::Cmd,
        "@echo off\r\ncurl ^\r\n  -H \"X-API-Key: %KEY%\" ^\r\n  \"https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?period=30d&start_date=2026-01-01\"\r\n",
    ),
    (
        "a cmdlet",
        Kind::PowerShell,
        "Invoke-RestMethod -Headers @{'X-API-Key' = $env:KEY} -Uri 'https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?period=30d&start_date=2026-01-01'",
    ),
    (
        "a URL",
        Kind::Urls,
        "# the last 30 days\nhttps://app.winninghunter.com/api/v1/tiktok-shop/products/explore?period=30d&start_date=2026-01-01\n",
    ),
    (
        "an object with params",
        Kind::Json,
        r#"{"method": "GET", "url": "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore", "params": {"period": "30d", "start_date": "2026-01-01"}, "headers": {"X-API-Key": "{{KEY}}"}}"#,
    ),
    (
        "a message",
        Kind::Http,
        "GET /api/v1/tiktok-shop/products/explore?period=30d&start_date=2026-01-01 HTTP/1.1\nHost: app.winninghunter.com\nX-API-Key: {{KEY}}\n",
    ),
    (
        "a message with an absolute target",
        Kind::Http,
        "### list\nGET https://app.winninghunter.com/api/v1/tiktok-shop/products/explore\n  ?period=30d\n  &start_date=2026-01-01\nX-API-Key: {{KEY}}\n",
    ),
    (
        "an exchange",
        Kind::Ndjson,
        r#"{"time": "2026-01-14T12:00:00Z", "request": {"method": "GET", "url": "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?period=30d&start_date=2026-01-01", "headers": {"X-API-Key": "k"}}, "response": {"status": 200}}"#,
    ),
    (
        "a JSON access log",
        Kind::Ndjson,
        r#"{"ts": 1768392000.5, "request": {"method": "GET", "host": "app.winninghunter.com", "uri": "/api/v1/tiktok-shop/products/explore?period=30d&start_date=2026-01-01", "headers": {"X-API-Key": ["REDACTED"]}}, "status": 200, "scheme": "https"}"#,
    ),
    (
        "an archive",
        Kind::Har,
        r#"{"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": [{"startedDateTime": "2026-01-14T12:00:00Z", "request": {"method": "GET", "url": "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?period=30d&start_date=2026-01-01", "headers": [{"name": "x-api-key", "value": "k"}, {"name": ":method", "value": "GET"}], "queryString": [{"name": "period", "value": "30d"}, {"name": "start_date", "value": "2026-01-01"}]}, "response": {"status": 200}}]}}"#,
    ),
    (
        "an archive with a list of parameters",
        Kind::Har,
        r#"{"log": {"entries": [{"request": {"method": "GET", "url": "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore", "headers": [{"name": "X-API-Key", "value": "k"}], "queryString": [{"name": "period", "value": "30d"}, {"name": "start_date", "value": "2026-01-01"}]}}]}}"#,
    ),
    (
        "an access log of a proxy",
        Kind::AccessLog,
        "127.0.0.1 - - [14/Jan/2026:12:00:00 +0000] \"GET https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?period=30d&start_date=2026-01-01 HTTP/1.1\" 200 17 \"-\" \"-\"\n",
    ),
];

/// `POST` with a JSON body.
const POST: &[(&str, Kind, &str)] = &[
    (
        "curl in bash",
        Kind::Shell,
        r#"curl -H "X-API-Key: $KEY" --json '{"country": "US", "period": "7d", "date_to": "2026-01-01"}' "https://app.winninghunter.com/api/v1/tiktok-shop/videos/explore""#,
    ),
    (
        "an object",
        Kind::Json,
        r#"{"method": "POST", "url": "https://app.winninghunter.com/api/v1/tiktok-shop/videos/explore", "headers": {"X-API-Key": "{{KEY}}", "Content-Type": "application/json"}, "body": {"country": "US", "date_to": "2026-01-01", "period": "7d"}}"#,
    ),
    (
        "a message",
        Kind::Http,
        "POST https://app.winninghunter.com/api/v1/tiktok-shop/videos/explore\nContent-Type: application/json\nX-API-Key: {{KEY}}\n\n{\n  \"country\": \"US\",\n  \"period\": \"7d\",\n  \"date_to\": \"2026-01-01\"\n}\n",
    ),
    (
        "an exchange",
        Kind::Ndjson,
        r#"{"time": 1768392000, "request": {"method": "POST", "url": "https://app.winninghunter.com/api/v1/tiktok-shop/videos/explore", "headers": {"X-API-Key": "k", "Content-Type": "application/json"}, "body": "{\"country\": \"US\", \"period\": \"7d\", \"date_to\": \"2026-01-01\"}"}, "response": {"status": 200}}"#,
    ),
    (
        "an archive",
        Kind::Har,
        r#"{"log": {"entries": [{"request": {"method": "POST", "url": "https://app.winninghunter.com/api/v1/tiktok-shop/videos/explore", "headers": [{"name": "X-API-Key", "value": "k"}], "queryString": [], "postData": {"mimeType": "application/json", "text": "{\"country\":\"US\",\"period\":\"7d\",\"date_to\":\"2026-01-01\"}"}}}]}}"#,
    ),
];

/// What is said about the query or the body, which every form has; and what is sent.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    method: String,
    path: String,
    params: Vec<(String, String)>,
    findings: Vec<(String, String, Option<String>)>,
}

fn see(checker: &Checker, kind: Kind, text: &str) -> Seen {
    let document = parse(text, kind);
    assert_eq!(document.requests.len(), 1, "{text}");
    let request = &document.requests[0];
    let sent = wire(&document, request);
    let param = |place| document.text(place).to_owned();
    let params = request.params.iter().map(|one| (param(one.name), param(one.value)));
    let mut params: Vec<(String, String)> = params.collect();
    params.sort();
    let diagnostics = checker.check(&document);
    let findings = diagnostics.into_iter().map(|one| (one.rule, one.message, one.fingerprint));
    let mut findings: Vec<_> = findings.collect();
    findings.sort();
    let path = param(request.url.path);
    Seen { method: sent.method, path, params, findings }
}

fn assert_all_alike(table: &[(&str, Kind, &str)], rules: &[&str]) {
    // A log line has no header, so rules about the key are left out here.
    let checker = Checker::new(packs::built_in(), |rule| rules.contains(&&*rule.id));
    let (_, kind, text) = table[0];
    let first = see(&checker, kind, text);
    let found: Vec<&str> = first.findings.iter().map(|(rule, ..)| rule.as_str()).collect();
    assert_eq!(found, rules, "the first form finds all");
    assert!(first.findings.iter().all(|(.., print)| print.is_some()));
    for (name, kind, text) in &table[1..] {
        assert_eq!(see(&checker, *kind, text), first, "{name}");
    }
}

#[test]
fn a_get_is_the_same_in_every_form() {
    assert_all_alike(GET, &["missing-country", "mixed-time-params"]);
}

#[test]
fn a_post_is_the_same_in_every_form() {
    assert_all_alike(POST, &["mixed-time-params"]);
}

/// Findings that differ in rule, request or place differ in their fingerprints; a secret, a line
/// and a header that forms differ in change nothing.
#[test]
fn a_fingerprint_tells_what_matters() {
    let checker = Checker::new(packs::built_in(), |rule| rule.id == "mixed-time-params");
    let print = |text: &str| {
        let found = checker.check(&parse(text, Kind::Shell));
        found[0].fingerprint.clone().expect("it is about a request")
    };
    let url =
        "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore?country=US&period=30d";
    let one = print(&format!("curl '{url}&start_date=2026-01-01'"));
    let same = [
        format!("\n\n  curl -s '{url}&start_date=2026-01-01' | jq ."),
        format!("curl -H 'X-API-Key: wh_0123456789' '{url}&start_date=2026-01-01'"),
        format!("curl -G '{}' -d country=US -d period=30d -d start_date=2026-01-01", &url[..65]),
    ];
    for text in &same {
        assert_eq!(print(text), one, "{text}");
    }
    for other in ["&start_date=2026-01-02", "&end_date=2026-01-01", "&start_date=2026-01-01&page=2"]
    {
        assert_ne!(print(&format!("curl '{url}{other}'")), one, "{other}");
    }
}
