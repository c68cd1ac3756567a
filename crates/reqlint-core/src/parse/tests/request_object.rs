//! Requests as JSON.

use super::{check, check_prefixes};
use crate::model::Kind;

#[test]
fn our_own_form() {
    let text = r#"{"method": "POST", "url": "https://h.com/a?x=1", "params": {"y": 2, "z": ["a", true, null]}, "headers": [{"name": "X-A", "value": " b "}, ["X-C", "${D}"]], "json": {"k": "v"}, "metod": 1}"#;
    check_prefixes(Kind::Json, text);
    insta::assert_snapshot!(check(Kind::Json, text), @r#"
    Object 0..187
    POST@12..16
    scheme https@27..32
    host h.com@35..40
    path /a@40..42
    query x=1@43..46
    segments ["a@41..42"]
    header X-A@115..118: b@132..133
    header X-C@140..143: ⟨${D}⟩@147..151
    header Content-Type@157..161: application/json@157..161 by json@157..161
    body json
    Query x@43..44 = 1@45..46 in x=1@43..46
    Query y@61..62 = 2@65..66 in "y": 2@60..66
    Query z@69..70 = a@75..76 in "z": ["a", true, null]@68..90
    Query z@69..70 = true@79..83 in "z": ["a", true, null]@68..90
    Json String k@166..167 = v@171..172 in "k": "v"@165..173
    open []
    unknown-member metod@177..182 nearest method
    "#);
}

#[test]
fn axios_and_fetch() {
    let text = r#"[{"baseURL": "https://h.com/api/", "url": "/pages", "auth": {"username": "u", "password": "p"}, "timeout": 1, "data": "a=b"},
["/fetch", {"method": "put", "body": "{\"q\": \"\\u00fc\"}", "headers": {"Content-Type": "application/json"}}],
{"input": "{{base}}/x", "init": {"cookies": {"s": "1"}, "query": "e=f"}}]"#;
    check_prefixes(Kind::Json, text);
    insta::assert_snapshot!(check(Kind::Json, text), @r#"
    Object 1..124
    GET@14..49 by https://h.com/api/pages@14..49
    scheme https@14..19
    host h.com@22..27
    path /api/pages@27..49
    segments ["api@28..31", "pages@44..49"]
    header Authorization@53..57: Basic ⟨{"username": "u", "password": "p"}⟩@60..94 by auth@53..57
    body form
    Form a@119..120 = b@121..122 in a=b@119..122
    open ["method"]

    Object 126..236
    put@149..152
    path /fetch@128..134
    segments ["fetch@129..134"]
    header Content-Type@200..212: application/json@216..232
    body json
    Json String q@167..168 = ü@174..181 in "q": "\u00fc"@165..183
    open []

    Object 238..310
    GET@249..259 by ⟨{{base}}⟩/x@249..259
    origin hole ⟨{{base}}⟩@249..257
    path /x@257..259
    segments ["x@258..259"]
    cookie s@284..285 = 1@289..290
    body none
    Query e@304..305 = f@306..307 in e=f@304..307
    open []
    "#);
}

#[test]
fn values_that_are_no_requests() {
    insta::assert_snapshot!(check(Kind::Json, r#"{"requests": [1, {}, {"method": "GET"}, {"name": "x"}]}"#), @r#"
    Object 21..38
    GET@33..36
    path @38..38
    segments []
    body none
    open []
    missing-url {"method": "GET"}@21..38

    not-a-request 1@14..15

    not-a-request {}@17..19

    not-a-request {"name": "x"}@40..53
    "#);
    insta::assert_snapshot!(check(Kind::Json, "nonsense"), @"malformed-json nonsense@0..8");
}

#[test]
fn damage_opens_the_request_it_stands_in() {
    insta::assert_snapshot!(check(Kind::Json, r#"[{"url": "/a",}, {"url": "/b", "url": "/c", "form": {"x": 1}}]"#), @r#"
    Object 1..15
    GET@10..12 by /a@10..12
    path /a@10..12
    segments ["a@11..12"]
    body none
    open ["headers", "query", "body", "cookies"]
    malformed-json ,@13..14 13..14→""

    Object 17..61
    GET@39..41 by /c@39..41
    path /c@39..41
    segments ["c@40..41"]
    header Content-Type@45..49: application/x-www-form-urlencoded@45..49 by form@45..49
    body form
    Form x@54..55 = 1@58..59 in "x": 1@53..59
    open ["method"]
    duplicate-json-key url@32..35
    "#);
    insta::assert_snapshot!(check(Kind::Json, r#"{"url": "/a", {{more}}}"#), @r#"
    Object 0..23
    GET@9..11 by /a@9..11
    path /a@9..11
    segments ["a@10..11"]
    body none
    open ["headers", "query", "body", "cookies"]
    "#);
}

#[test]
fn json_lines() {
    let text = "{\"url\": \"/a\"}\r\n\r\n{\"url\": \"/b\"\n[]\n";
    check_prefixes(Kind::Ndjson, text);
    insta::assert_snapshot!(check(Kind::Ndjson, text), @r#"
    Object 0..13
    GET@9..11 by /a@9..11
    path /a@9..11
    segments ["a@10..11"]
    body none
    open []

    Object 17..29
    GET@26..28 by /b@26..28
    path /b@26..28
    segments ["b@27..28"]
    body none
    open ["headers", "query", "body", "cookies"]
    malformed-json {@17..18
    "#);
}
