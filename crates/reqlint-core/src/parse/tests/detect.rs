//! What kind a text is.

use crate::model::Kind;
use crate::parse::{detect, looks_like_requests, recognize};

#[test]
fn names_decide() {
    let kind = |name, text| detect(Some(name), text).map(Kind::name);
    assert_eq!(kind("a.json", "{}"), Some("json"));
    assert_eq!(kind("a.json", "{\"url\": \"/a\"}\n{\"url\": \"/b\"}\n"), Some("ndjson"));
    assert_eq!(kind("a.jsonl", ""), Some("ndjson"));
    assert_eq!(kind("a.HTTP", ""), Some("http"));
    assert_eq!(kind("a.sh", ""), Some("shell"));
    assert_eq!(kind("a.urls", ""), Some("urls"));
    assert_eq!(kind("a.rs", "curl x"), None);
    assert_eq!(kind("README.md", "curl x"), Some("markdown"));
    assert_eq!(kind("guide.ADOC", ""), Some("asciidoc"));
    assert_eq!(kind(".http", ""), None);
}

#[test]
fn logs_that_were_put_aside_are_logs() {
    let line = "1.2.3.4 - - [10/Oct/2024:13:55:36 +0000] \"GET /x HTTP/1.1\" 400 12\n";
    for name in
        ["access.log", "access.log.1", "access.log-20260131", "access_log.1", "a.log.2026-01-31"]
    {
        assert_eq!(detect(Some(name), line).map(Kind::name), Some("access-log"), "{name}");
        assert_eq!(detect(Some(name), "started\n").map(Kind::name), None, "{name}");
    }
}

#[test]
fn first_lines_decide_where_names_do_not() {
    let kind = |text| recognize(Some("deploy"), text);
    let told = |text| kind(text).map(|found| (found.kind.name(), found.reason.to_string()));
    let reason = "its first line asks for `fish`".to_owned();
    assert_eq!(told("#!/usr/bin/env fish\n"), Some(("fish", reason)));
    assert_eq!(kind("#!/bin/sh -e\n").map(|found| found.kind.name()), Some("shell"));
    assert_eq!(kind("#!/usr/bin/awk -f\n"), None);
}

#[test]
fn content_decides() {
    let kind = |text| detect(None, text).map(Kind::name);
    assert_eq!(kind("# a\n$ WH=1 curl -X POST x"), Some("shell"));
    assert_eq!(kind("curl.exe x"), Some("shell"));
    assert_eq!(kind("/usr/bin/curl x"), Some("shell"));
    assert_eq!(kind("[{}]"), Some("json"));
    assert_eq!(kind("\u{feff}{\"url\": 1}"), Some("json"));
    assert_eq!(kind("{origin}/pages"), Some("urls"));
    assert_eq!(kind("{{base}}/pages"), Some("urls"));
    assert_eq!(kind("# all\nhttps://x.com/a"), Some("urls"));
    assert_eq!(kind("GET /a"), Some("http"));
    assert_eq!(kind("see here:\n```\ncurl x\n```\n"), Some("markdown"));
    assert_eq!(kind("some words"), None);
    assert_eq!(kind("see /a or /b"), None);
    assert_eq!(kind(""), None);
}

#[test]
fn only_requests_look_like_requests() {
    let is = |text| looks_like_requests(Kind::Json, text);
    assert!(is(r#"{"url": "https://x.com"}"#));
    assert!(is(r#"[{"baseURL": "https://x.com"}]"#));
    assert!(is(r#"{"requests": [{"url": "/x"}]}"#));
    assert!(is(r#"["https://x.com/", {"method": "POST"}]"#));
    assert!(!is(r#"{"name": "x", "repository": {"url": "https://x.com"}}"#));
    assert!(!is(r#"{"url": 1}"#));
    assert!(!is("[1, 2]"));
}
