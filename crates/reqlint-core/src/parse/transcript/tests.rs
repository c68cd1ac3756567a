//! What is read of pasted texts: requests, statuses, kinds of content, failures.

use crate::model::{Exchange, Kind};
use crate::parse::parse;
use std::fmt::Write;

/// One line a request: method and URL, then each response, then the failure.
fn read(text: &str) -> String {
    let document = parse(text, Kind::Transcript);
    let layers = &document.layers;
    let mut out = String::new();
    for request in &document.requests {
        let method = layers.text(request.method.name);
        write!(out, "{method} {}", layers.text(request.url.whole)).expect("a string takes all");
        let none = Exchange::default();
        let exchange = request.exchange.as_deref().unwrap_or(&none);
        for response in &exchange.responses {
            let code = response.status.map_or("?".to_owned(), |status| status.code.to_string());
            let body =
                response.body.place.map(|place| layers.text(place).len()).unwrap_or_default();
            let more = if response.unseen.body { "+" } else { "" };
            let kind = response.body.kind.name();
            write!(out, " | {code} {}h {kind} {body}{more}", response.headers.len())
                .expect("a string takes all");
        }
        if let Some(failure) = exchange.failure {
            let code = failure.code.map_or("?".to_owned(), |code| code.to_string());
            write!(out, " | ({code}) {}", layers.text(failure.place)).expect("a string takes all");
        }
        out.push('\n');
    }
    out
}

#[test]
fn commands_with_output() {
    insta::assert_snapshot!(read("curl https://a.example/x\n"), @"GET https://a.example/x");
    insta::assert_snapshot!(
        read("$ curl https://a.example/x\n{\"error\": \"no\"}\n$ "),
        @"GET https://a.example/x | ? 0h json 15"
    );
    insta::assert_snapshot!(
        read("curl -i https://a.example/x\nHTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{\"error\": \"no\"}"),
        @"GET https://a.example/x | 401 1h json 15"
    );
    insta::assert_snapshot!(
        read("curl https://a.example/x -w '%{http_code}'\n{\"error\": \"no\"}404"),
        @"GET https://a.example/x | 404 0h json 15"
    );
    insta::assert_snapshot!(
        read("curl -s -o /dev/null -w '%{http_code}\\n' https://a.example/x\n404\n"),
        @"GET https://a.example/x | 404 0h none 0+"
    );
    insta::assert_snapshot!(
        read("curl -f https://a.example/x\ncurl: (22) The requested URL returned error: 403"),
        @"GET https://a.example/x | 403 0h none 0+ | (22) curl: (22) The requested URL returned error: 403"
    );
    insta::assert_snapshot!(
        read("curl https://a.example/x\ncurl: (6) Could not resolve host: a.example\n"),
        @"GET https://a.example/x | (6) curl: (6) Could not resolve host: a.example"
    );
    insta::assert_snapshot!(
        read("$ curl a.example/x\nUnauthorized\n$ curl a.example/y\n<html><title>x</title></html>\n"),
        @r"
    GET a.example/x | ? 0h text 12
    GET a.example/y | ? 0h html 29
    "
    );
}

#[test]
fn verbose_output() {
    let text = "$ curl -v https://a.example/x\n* Host a.example:443 was resolved.\n*   Trying 1.2.3.4:443...\n> GET /x HTTP/1.1\n> Host: a.example\n> Accept: */*\n> \n< HTTP/1.1 302 Found\n< Location: /login\n< Content-Length: 0\n< \n* Connection #0 to host a.example left intact\n";
    insta::assert_snapshot!(read(text), @"GET https://a.example/x | 302 2h none 0");
    let text = "> GET /x?y=1 HTTP/2\n> Host: a.example\n> \n< HTTP/2 404\n< content-type: application/json\n<\n{ [15 bytes data]\n{\"error\":\"no\"}* Connection #0 to host a left intact";
    insta::assert_snapshot!(read(text), @"GET /x?y=1 | 404 1h json 14");
}

#[test]
fn redirects_in_a_chain() {
    let text = "curl -iL http://a.example/x\nHTTP/1.1 301 Moved Permanently\nLocation: https://a.example/x\n\nHTTP/2 302\nlocation: /login\n\nHTTP/2 200\ncontent-type: text/html\n\n<!DOCTYPE html><title>Log in</title></html>\n";
    insta::assert_snapshot!(read(text), @"GET http://a.example/x | 301 1h none 0 | 302 1h none 0 | 200 1h html 43");
    let text = "curl -i http://a.example/a http://a.example/b\nHTTP/1.1 200 OK\nA: b\n\nHTTP/1.1 404 Not Found\nA: b\n\n";
    insta::assert_snapshot!(read(text), @r"
    GET http://a.example/a | 200 1h none 0
    GET http://a.example/b | 404 1h none 0
    ");
}

#[test]
fn traces() {
    let text = "curl --trace-ascii - https://a.example/x\n== Info:   Trying 1.2.3.4:443...\n=> Send header, 70 bytes (0x46)\n0000: GET /x HTTP/1.1\n0011: Host: a.example\n0022: \n<= Recv header, 24 bytes (0x18)\n0000: HTTP/1.1 401 Unauthorized\n<= Recv header, 32 bytes (0x20)\n0000: Content-Type: application/json\n<= Recv header, 2 bytes (0x2)\n0000: \n<= Recv data, 74 bytes (0x4a)\n0000: {\"success\": false, \"error\": \"Unauthorized\", \"hint\": \"a longer text\n0040: s here\"}\n== Info: Connection #0 left intact\n";
    insta::assert_snapshot!(read(text), @"GET https://a.example/x | 401 1h json 74");
}

#[test]
fn without_commands() {
    insta::assert_snapshot!(
        read("POST /api/x HTTP/1.1\nHost: a.example\nContent-Type: application/json\n\n{\"a\": 1}\n\nHTTP/1.1 404 Not Found\nContent-Type: text/html\n\n<html></html>"),
        @"POST /api/x | 404 1h html 13"
    );
    insta::assert_snapshot!(read("404 https://a.example/x?y=1"), @"GET https://a.example/x?y=1 | 404 0h none 0+");
    insta::assert_snapshot!(read("GET https://a.example/x 404 (Not Found)"), @"GET https://a.example/x | 404 0h none 0+");
    insta::assert_snapshot!(
        read("HTTP/1.1 429 Too Many Requests\nContent-Type: application/json\n\n{\"error\": \"x\"}"),
        @"  | 429 1h json 14"
    );
    insta::assert_snapshot!(read("nothing of the kind"), @"");
    insta::assert_snapshot!(read(""), @"");
}

#[test]
fn chat() {
    let text = "Hi! I keep getting a 401 here, any idea?\n\n```bash\ncurl https://a.example/x \\\n  -H 'A: b'\n```\n\nIt says:\n\n```json\n{\"success\": false}\n```\n\nThanks\n";
    insta::assert_snapshot!(read(text), @"GET https://a.example/x | ? 0h json 18");
    let text = "Ann wrote:\n> $ curl -i https://a.example/x\n> HTTP/1.1 404 Not Found\n> Content-Type: text/html\n>\n> <html></html>\n\nBob";
    insta::assert_snapshot!(read(text), @"GET https://a.example/x | 404 1h html 13");
    insta::assert_snapshot!(
        read("When I run `curl https://a.example/x` I get 404 Not Found"),
        @"GET https://a.example/x | 404 0h none 0+"
    );
}
