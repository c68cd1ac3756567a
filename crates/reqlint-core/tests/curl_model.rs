//! What the model says of curl commands that no server can tell: findings, repairs, places.

use reqlint_core::layer::LayerId;
use reqlint_core::model::{Dialect, Document, Finding, Kind};
use reqlint_core::parse::shell::parse_shell;

fn parse(text: &str) -> Document<'_> {
    let mut document = Document::new(Kind::Shell, text);
    let whole = document.layers.whole(LayerId::ROOT);
    parse_shell(&mut document, whole);
    document
}

/// Each request as `METHOD url`, each finding as `kind: bytes of the source`.
fn check(text: &str, expected: &[&str]) {
    let document = parse(text);
    let mut lines = Vec::new();
    let line = |finding: &Finding| {
        let bytes = &text[document.layers.root_span(finding.place).range()];
        format!("{}: {bytes}", finding.kind.name())
    };
    for request in &document.requests {
        let (method, url) = (document.text(request.method.name), document.text(request.url.whole));
        lines.push(format!("{method} {url}"));
        lines.extend(request.findings.iter().map(line));
    }
    lines.extend(document.findings.iter().map(line));
    assert_eq!(lines, expected, "{text}");
}

/// The text after the repairs of all findings.
fn check_repair(text: &str, expected: &str) {
    let document = parse(text);
    let inner = document.requests.iter().flat_map(|request| &request.findings);
    let all = document.findings.iter().chain(inner);
    let mut edits: Vec<_> = all.flat_map(|finding| finding.repair.clone()).collect();
    edits.sort_by_key(|(span, _)| (span.start(), span.end()));
    let mut repaired = text.to_owned();
    for (span, new) in edits.iter().rev() {
        repaired.replace_range(span.range(), new);
    }
    assert_eq!(repaired, expected);
    let again = parse(&repaired);
    assert!(again.requests.iter().all(|request| request.findings.is_empty()), "{repaired}");
}

#[test]
fn damage_is_understood_as_meant_and_mended() {
    check(
        "curl “http://h/a” -H ‘X: y’",
        &["GET http://h/a", "smart-quote: “http://h/a”", "smart-quote: ‘X: y’"],
    );
    check_repair("curl “http://h/a” -H ‘X: y’", "curl \"http://h/a\" -H 'X: y'");
    check_repair("curl -d “{\"a\":1}” http://h/", "curl -d '{\"a\":1}' http://h/");
    check("curl\u{a0}-I http://h/", &["HEAD http://h/", "invisible-character: \u{a0}"]);
    check_repair("curl\u{a0}-I http://h/\u{200b}", "curl -I http://h/");
    check_repair("curl http://h/ \\  \n -I", "curl http://h/ \\\n -I");
    check("curl http://h/ \\  \n -I", &["HEAD http://h/", "space-after-backslash: \\  "]);
    check("curl http://h/ \\", &["GET http://h/", "trailing-backslash: \\"]);
    check("curl http://h/ \\\n\ncurl -I http://h/", &["GET http://h/", "HEAD http://h/"]);
    check_repair("curl http://h/ \\\n\n  -I", "curl http://h/ \\\n  -I");
    check("curl http://h/ \\\r\n -I\r\n", &["HEAD http://h/", "carriage-return: \r"]);
    check_repair("curl http://h/ \\\r\n -I\r\n", "curl http://h/ \\\n -I\n");
}

#[test]
fn damage_that_a_shell_does_is_undone() {
    check(
        "curl –d a=1 —url http://h/",
        &["POST http://h/", "typographic-dash: –", "typographic-dash: —"],
    );
    check("curl –x http://h/ ——5", &["GET ——5", "typographic-dash: –"]);
    check_wire("curl http://h/ -d {\"a\":1,\"b\":[2]}", "POST http://h/ {\"a\":1,\"b\":[2]}");
    check_wire("curl http://h/ -d price=$5.99", "POST http://h/ price=$5.99");
    check("curl http://h/$1 -d \"$2\"", &["POST http://h/$1"]);
    check("curl http://h/ -d $5", &["POST http://h/", "expanding-dollar: $5"]);
    check("curl -H A: b c http://h/", &["GET http://h/", "unquoted-header: A: b c"]);
    check_repair("curl -H A: b c http://h/", "curl -H 'A: b c' http://h/");
    check("curl -H A: $B $URL", &["GET $URL", "unquoted-header: A: $B"]);
    check("curl -H A: -H B: h/", &["GET h/"]);
    check("curl -H Host: h/x", &["GET h/x"]);
    check("curl -H 'A: B $TOKEN' http://h/", &["GET http://h/", "unexpanded-variable: $TOKEN"]);
    check("curl http://h/ \\\n # x\n -I", &["HEAD http://h/", "comment-in-command: # x"]);
    check("curl http://h/ \\\n # x\necho", &["GET http://h/"]);
    check("curl # x \\\n -I http://h/", &["HEAD http://h/", "comment-in-command: # x \\"]);
    check(
        "curl &quot;http://h/a&quot; -I",
        &["HEAD http://h/a", "html-escaped-quote: &quot;http://h/a&quot;"],
    );
    check("curl htps://h/", &["GET https://h/", "misspelt-scheme: htps://"]);
    check("curl -d \"a!b\" h", &["POST h", "history-expansion: !b"]);
    check("curl h/?a", &["GET h/?a", "unquoted-pattern: ?"]);
    check("#!/bin/bash\ncurl h/?a!b", &["GET h/?a!b"]);
}

#[test]
fn an_ampersand_that_ends_the_command_is_noticed() {
    let text = "curl http://h/a?x=1&period=30d&limit=5 -H 'X: y'\n";
    check(
        text,
        &["GET http://h/a?x=1&period=30d&limit=5", "unquoted-ampersand: &period=30d&limit=5"],
    );
    check_repair(text, "curl 'http://h/a?x=1&period=30d&limit=5' -H 'X: y'\n");
    check("curl -d a=1&b=2 http://h/", &["POST http://h/", "unquoted-ampersand: &b=2"]);
    check_repair("curl -sd a=1&b=2 http://h/", "curl -sd 'a=1&b=2' http://h/");
    check("curl -H a=1&b=2 curl http://h/", &["GET http://h/", "missing-url: curl"]);
    check_repair("curl $O/a?x=1&y=$Y", "curl \"$O/a?x=1&y=$Y\"");
    check("curl 'http://h/a?x=1' & y=2 curl http://h/b", &["GET http://h/a?x=1", "GET http://h/b"]);
    check("curl http://h/a=1&&curl http://h/b", &["GET http://h/a=1", "GET http://h/b"]);
    check(
        "curl http://h/a?x=1&amp;y=2",
        &["GET http://h/a?x=1&amp;y=2", "unquoted-ampersand: &amp;y=2"],
    );
}

#[test]
fn quotes_that_never_close_end_before_the_next_command() {
    check(
        "curl 'http://h/a\n\ncurl http://h/b\n",
        &["GET http://h/a", "unclosed-quote: '", "GET http://h/b"],
    );
    check_repair("curl 'http://h/a\n\ncurl http://h/b\n", "curl 'http://h/a'\n\ncurl http://h/b\n");
    check("echo \"a\ncurl http://h/b", &["GET http://h/b"]);
    check("curl http://h/ -d @- <<EOF\nx", &["POST http://h/", "unclosed-heredoc: EOF"]);
    let deep = format!("curl http://h/{}", "$(".repeat(100));
    let document = parse(&deep);
    let kinds: Vec<_> = document.requests[0].findings.iter().map(|it| it.kind.name()).collect();
    assert_eq!(kinds, ["nesting-too-deep"]);
    assert!(document.requests[0].open.headers);
}

#[test]
fn prompts_are_no_commands() {
    check("$ curl http://h/\n% curl -I http://h/", &["GET http://h/", "HEAD http://h/"]);
    check("user@host:~$ curl http://h/", &["GET http://h/"]);
    check("[root@host ~]# curl http://h/", &["GET http://h/"]);
    check("# curl http://h/", &["GET http://h/"]);
    check("# curl http://h/a\ncurl http://h/b", &["GET http://h/b"]);
    check("  12  curl http://h/", &["GET http://h/", "pasted-prompt: 12"]);
    check("curl http://h/ \\\n> -I", &["HEAD http://h/", "pasted-prompt: >"]);
    check_repair("curl http://h/ \\\n> -H 'X: y'", "curl http://h/ \\\n-H 'X: y'");
    check("curl http://h/ \\\n  > out.json", &["GET http://h/"]);
}

#[test]
fn commands_are_found_where_a_shell_runs_them() {
    let expected: &[&str] = &["GET http://h/"];
    for text in [
        "x=$(curl http://h/)",
        "sudo -u me curl http://h/",
        "time /usr/bin/curl http://h/",
        "env -i A=b curl.exe http://h/",
        "timeout 5 curl http://h/ | jq .",
        "while ! curl http://h/; do sleep 1; done",
        "f() { curl http://h/; }",
        "case $1 in a|b) curl http://h/ ;; esac",
        "if true; then echo \"got: `curl http://h/`\"; fi",
        "$(case x in y) curl http://h/;; esac)",
        "A='b c' curl http://h/ >/dev/null 2>&1 &",
        "echo a;curl http://h/;echo b",
        "x=\"${y:-$(curl http://h/)}\"",
    ] {
        check(text, expected);
    }
    for text in
        ["echo curl http://h/", "curly http://h/", "# a\n# curl x\n", "curl -V", "which curl"]
    {
        check(text, &[]);
    }
}

#[test]
fn options_that_are_wrong_or_not_modelled_are_noticed() {
    check("curl --heder 'X: y' http://h/", &["GET http://h/", "unknown-option: --heder"]);
    check("curl --url=http://h/", &["GET http://h/", "option-with-equals: --url"]);
    check("curl http://h/ -H", &["GET http://h/", "missing-option-argument: -H"]);
    check("curl --digest http://h/", &["GET http://h/", "unsupported-option: --digest"]);
    check("curl POST http://h/", &["POST http://h/", "verb-as-url: POST"]);
    check_repair("curl POST http://h/", "curl -X POST http://h/");
    check("curl -H 'X-Key abc' http://h/", &["GET http://h/", "header-without-colon: X-Key abc"]);
    check("curl http://h/{id}", &["GET http://h/{id}", "globbed-placeholder: {id}"]);
    check("curl '{origin}/a'", &["GET {origin}/a"]);
    check("curl '{{base}}/a/{{id}}'", &["GET {{base}}/a/{{id}}"]);
    check("curl 'http://h/a?b[]=1'", &["GET http://h/a?b[]=1"]);
    check("curl 'http://[::1]:8080/a'", &["GET http://[::1]:8080/a"]);
    let document = parse("curl --heder 'X: y' http://h/");
    assert_eq!(document.requests[0].findings[0].nearest.as_deref(), Some("--header"));
}

#[test]
fn parts_know_their_bytes() {
    let text = "curl -G \"http://h/a?x=1\" -H \"X-Key: \\\"$K\\\"\" -d 'q=a b' -u 'me:pw'";
    let document = parse(text);
    let request = &document.requests[0];
    let bytes = |place| &text[document.layers.root_span(place).range()];
    assert_eq!(request.dialect.map(Dialect::name), Some("bash"));
    assert_eq!(bytes(request.place), text);
    let headers: Vec<_> = request.headers.iter().map(|it| bytes(it.whole)).collect();
    assert_eq!(headers, ["-u 'me:pw", "X-Key: \\\"$K\\\""]);
    let params: Vec<_> = request.params.iter().map(|it| bytes(it.whole)).collect();
    assert_eq!(params, ["x=1", "q=a b"]);
    assert_eq!(request.secrets.iter().map(|it| bytes(*it)).collect::<Vec<_>>(), ["me:pw"]);
    assert!(document.layers.has_hole(request.headers[1].value));

    let text = "  A=b sudo curl -d a=1 http://h/ <<EOF # no\nEOF\n";
    let document = parse(text);
    let request = &document.requests[0];
    let bytes = |place| &text[document.layers.root_span(place).range()];
    assert_eq!(bytes(request.place), "sudo curl -d a=1 http://h/ <<EOF # no\nEOF");
    assert_eq!(request.method.implied_by.map(bytes), Some("-d"));
    let content = request.headers.first().map(|it| (bytes(it.whole), document.text(it.value)));
    assert_eq!(content, Some(("-d", "application/x-www-form-urlencoded")));
}

#[test]
fn holes_open_what_they_may_fill() {
    let open = |text: &str| {
        let document = parse(text);
        let open = document.requests[0].open;
        [open.headers, open.query, open.body, open.cookies, open.method]
    };
    assert_eq!(open("curl http://h/"), [false; 5]);
    assert_eq!(open("curl $OPTS http://h/"), [true; 5]);
    assert_eq!(open("curl \"${args[@]}\" http://h/"), [true; 5]);
    assert!(!open("curl \"$URL\" -d a=1")[0]);
    assert_eq!(open("curl -H \"$H\" http://h/"), [true, false, false, true, false]);
    assert_eq!(open("curl -H @file http://h/"), [true, false, false, true, false]);
    assert_eq!(open("curl -d @file http://h/"), [false, false, true, false, false]);
    assert_eq!(open("curl -b jar.txt http://h/"), [false, false, false, true, false]);
    assert_eq!(open("curl \"http://h/?$QS\""), [false, true, false, false, false]);
    assert_eq!(open("curl -K file http://h/"), [true; 5]);
}

/// The method, the URL and the body as they would be sent.
fn check_wire(text: &str, expected: &str) {
    let document = parse(text);
    let sent = reqlint_core::parse::wire::wire(&document, &document.requests[0]);
    let body = String::from_utf8(sent.body.unwrap_or_default()).expect("bodies here are text");
    assert_eq!(format!("{} {} {body}", sent.method, sent.url), expected, "{text}");
}

/// curl has variables since 8.3.
#[test]
fn variables_are_replaced_where_they_are_written() {
    check_wire("curl --variable x=1 --expand-url 'http://h/{{x}}'", "GET http://h/1 ");
    check_wire(
        "curl --variable 'x= a\"b ' --expand-data '{{x:trim:json}}&{{x:trim:b64}}' http://h/",
        "POST http://h/ a\\\"b&YSJi",
    );
    check_wire("curl --variable x='a b' --expand-url 'http://h/{{x:url}}'", "GET http://h/a%20b ");
    check_wire("curl --variable x=1 --expand-data '\\{{x}}!' http://h/", "POST http://h/ {{x}}!");
    for unknown in ["%HOME", "x@file", "y=1", "x=$V"] {
        let text = format!("curl --variable {unknown} --expand-data 'a={{{{x}}}}' http://h/");
        let document = parse(&text);
        let body = document.requests[0].body.place.expect("a body");
        assert!(document.layers.has_hole(body), "{text}");
    }
}

/// What curl percent-encodes is edited plain: read again, it is what was asked for.
#[test]
fn edits_of_what_curl_encodes_come_out_right() {
    let new = "new & 100% = \"é+ü\" it's";
    for text in [
        "curl --data-urlencode 'name=old' http://h/",
        "curl --data-urlencode name=o%d http://h/ -d x=1",
        "curl --data-urlencode \"name=o d\" http://h/",
        "curl -G --data-urlencode 'name=ö' http://h/",
        "curl http://h/ --url-query 'name=a b'",
        "curl -F 'name=\"old\";type=text/x' http://h/",
        "curl -d \"$(cat <<'EOF'\nname=old&x=1\nEOF\n)\" http://h/",
        "echo \"name=old\" | curl -d @- http://h/",
    ] {
        let document = parse(text);
        let named = |document: &Document<'_>| {
            let mut params = document.requests[0].params.iter();
            let param = params.find(|param| document.text(param.name) == "name");
            param.expect("a parameter").value
        };
        let chunks = reqlint_core::encode::Chunk::text(new);
        let edit = document.layers.encode(named(&document), &chunks).expect("an edit");
        let mut edited = text.to_owned();
        edited.replace_range(edit.span.range(), &edit.text);
        let again = parse(&edited);
        assert_eq!(again.text(named(&again)), new, "{edited}");
    }
}

#[test]
fn what_a_command_prints_is_known_where_it_is_written() {
    check_wire("echo 'a=1' | curl -d @- http://h/", "POST http://h/ a=1");
    check_wire("printf '%s' \"a\" | curl --data-binary @- http://h/", "POST http://h/ a");
    check_wire(
        "curl --json \"$(cat <<'EOF'\n{\"a\": 1}\nEOF\n)\" http://h/",
        "POST http://h/ {\"a\": 1}",
    );
    check_wire("curl -d \"x=$(echo 1 2)&y\" http://h/", "POST http://h/ x=1 2&y");
    for unknown in [
        "echo 'a\\tb' | curl -d @- http://h/",
        "echo -e a | curl -d @- http://h/",
        "echo a* | curl -d @- http://h/",
        "echo a >file | curl -d @- http://h/",
        "printf '%d' 1 | curl -d @- http://h/",
        "echo a | tr a b | curl -d @- http://h/",
        "curl -d \"$(echo a; echo b)\" http://h/",
        "curl -d \"$(echo a | tr a b)\" http://h/",
        "curl -d $(echo a b) http://h/",
    ] {
        let document = parse(unknown);
        let body = document.requests[0].body.place.expect("a body");
        assert!(document.layers.has_hole(body), "{unknown}");
    }
}

#[test]
fn a_written_target_is_the_path_and_query() {
    let target = "curl --request-target '/b?y=1' 'http://h:1/a?x=1'";
    check(target, &["GET http://h:1/b?y=1"]);
    check_wire("curl --request-target /../b http://h/a", "GET http://h/../b ");
    check("curl --request-target '*' -X OPTIONS http://h", &["OPTIONS http://h"]);
}

#[test]
fn other_protocols_are_noticed() {
    check("curl ftp.example.com/x", &["GET ftp.example.com/x", "not-http: ftp.example.com"]);
    check("curl ftp://h/x", &["GET ftp://h/x", "not-http: ftp"]);
    check("curl --proto-default https ftp.h/x", &["GET https://ftp.h/x"]);
    check("curl wss://h/x", &["GET wss://h/x"]);
}
