//! Request messages.

use super::{check, check_prefixes};
use crate::model::Kind;

#[test]
fn a_message_with_fields_and_body() {
    let text = "@host = x\n# one\nPOST https://{{host}}/pages\n  ?a=1\n  &b=2 HTTP/1.1\nContent-Type: application/json\nX-Key: $KEY\nCookie: s=1; t=$T\n\n{\n  \"c\": 3\n}\n\n### two\nGET /x\n";
    check_prefixes(Kind::Http, text);
    insta::assert_snapshot!(check(Kind::Http, text), @r#"
    Message 16..141
    POST@16..20
    scheme https@21..26
    host x@29..37
    path /pages@37..43
    query a=1&b=2@47..57
    segments ["pages@38..43"]
    header Content-Type@67..79: application/json@81..97
    header X-Key@98..103: ⟨$KEY⟩@105..109
    header Cookie@110..116: s=1; t=⟨$T⟩@118..127
    cookie s@118..119 = 1@120..121
    cookie t@123..124 = ⟨$T⟩@125..127
    body json
    Query a@47..48 = 1@49..50 in a=1@47..50
    Query b@54..55 = 2@56..57 in b=2@54..57
    Json Number c@134..135 = 3@138..139 in "c": 3@133..139
    open []

    Message 151..157
    GET@151..154
    path /x@155..157
    segments ["x@156..157"]
    body none
    open ["headers", "cookies"]
    "#);
}

#[test]
fn bare_request_lines() {
    let text = "GET /a?x=1\nYAYIN /b\n&y=2\n\nPOST /c\nhttps://h.com/d\nhello there\r\n";
    check_prefixes(Kind::Http, text);
    insta::assert_snapshot!(check(Kind::Http, text), @r#"
    Message 0..10
    GET@0..3
    path /a@4..6
    query x=1@7..10
    segments ["a@5..6"]
    body none
    Query x@7..8 = 1@9..10 in x=1@7..10
    open ["headers", "cookies"]

    Message 11..24
    YAYIN@11..16
    path /b&y=2@17..24
    segments ["b&y=2@18..24"]
    body none
    open ["headers", "body", "cookies"]

    Message 26..33
    POST@26..30
    path /c@31..33
    segments ["c@32..33"]
    body none
    open ["headers", "body", "cookies"]

    Message 34..61
    GET@34..49 by https://h.com/d@34..49
    scheme https@34..39
    host h.com@42..47
    path /d@47..49
    segments ["d@48..49"]
    body none
    open ["headers", "cookies"]
    header-without-colon hello there@50..61
    "#);
}

#[test]
fn messages_without_separators() {
    insta::assert_snapshot!(check(Kind::Http, "POST /a\nContent-Type: text/plain\nbroken\n\nhi\n\nGET /b\n"), @r#"
    Message 0..43
    POST@0..4
    path /a@5..7
    segments ["a@6..7"]
    header Content-Type@8..20: text/plain@22..32
    body text
    open []
    header-without-colon broken@33..39

    Message 45..51
    GET@45..48
    path /b@49..51
    segments ["b@50..51"]
    body none
    open ["headers", "cookies"]
    "#);
}

#[test]
fn a_body_from_a_file() {
    insta::assert_snapshot!(check(Kind::Http, "POST /a\nReferer: https://x.com\n\n< ./body.json\n"), @r#"
    Message 0..45
    POST@0..4
    path /a@5..7
    segments ["a@6..7"]
    header Referer@8..15: https://x.com@17..30
    body file
    open ["body"]
    "#);
}

/// The body of the first request, the findings of all, and how many there are.
fn bodies(text: &str) -> (Vec<String>, Vec<String>) {
    check_prefixes(Kind::Http, text);
    let document = crate::parse::parse(text, Kind::Http);
    let layers = &document.layers;
    let show = |request: &crate::model::Request| {
        let body = request.body.place.map(|place| layers.text(place)).unwrap_or_default();
        format!("{} {} {body}", layers.text(request.method.name), layers.text(request.url.whole))
    };
    let findings = document.requests.iter().flat_map(|request| &request.findings);
    let findings = findings.chain(&document.findings);
    (
        document.requests.iter().map(show).collect(),
        findings.map(|finding| super::show_finding(layers, finding)).collect(),
    )
}

#[test]
fn what_editors_add_is_passed_over() {
    for extra in [
        "> ./handler.js",
        "> {% client.log(1) %}",
        "> {%\n  if (a) { b(); }\n\n  GET /x\n%}\n\n> other.js",
        ">> saved.json",
        ">>! saved.json",
        "<> 2024-01-01.200.json\n<> 2024-01-02.200.json",
        "?? status == 200",
        "HTTP/1.1 200 OK\nA: b\n\n{\"c\": 1}\n\nPOST /y",
        "{{\n  exports.a = 1;\n}}",
    ] {
        let text = format!(
            "< {{%\n  request.x();\n%}}\nPOST /a\nX: y\n\n{{\"a\": 1}}\n\n{extra}\n# end\n###\nGET /b\n\n{extra}\n"
        );
        let (requests, findings) = bodies(&text);
        assert_eq!(requests, ["POST /a {\"a\": 1}", "GET /b "], "{text}");
        assert_eq!(findings, [""; 0], "{text}");
    }
    let (requests, findings) = bodies("POST /a\nX: y\n\nhi\n\n> so it is\n>x\n");
    assert_eq!((requests, findings), (vec!["POST /a hi\n\n> so it is\n>x".to_owned()], vec![]));
}

#[test]
fn requests_of_other_protocols_are_passed_over() {
    let text = "import a.http\nWEBSOCKET ws://h:1/x\nA b\n\n=== x\n###\nGRPC h.com/s\n\n{\n###\nGRAPHQL https://h.com/g\n\nquery { a }\n";
    let (requests, findings) = bodies(text);
    assert_eq!(requests, ["POST https://h.com/g query { a }"]);
    assert_eq!(findings, [""; 0]);
    let (requests, findings) = bodies(
        "POST /g\nContent-Type: application/json\nX-REQUEST-TYPE: GraphQL\n\nquery { a { b } }\n",
    );
    assert_eq!((requests.len(), findings), (1, vec![]));
}

#[test]
fn continued_queries() {
    let (requests, findings) =
        bodies("GET /a\n  ?q=hello world\n  &x=1\n###\nGET /b?x=1&\n  y=2\nA: b\n");
    assert_eq!(requests, ["GET /a?q=hello%20world&x=1 ", "GET /b?x=1&y=2 "]);
    assert_eq!(findings, [""; 0]);
}
