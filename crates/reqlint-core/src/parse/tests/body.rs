//! What kind a body is, and the parameters it has.

use super::show_param;
use crate::model::{BodyKind, Kind};

/// The kind of the body, its parameters, and `open` if there may be more.
fn check(content_type: &str, body: &str) -> (&'static str, Vec<String>) {
    let field = match content_type {
        "" => "X: y".to_owned(),
        _ => format!("Content-Type: {content_type}"),
    };
    let text = format!("POST /\n{field}\n\n{body}");
    let document = crate::parse::parse(&text, Kind::Http);
    let request = &document.requests[0];
    let shown = request.params.iter().map(|param| {
        let shown = show_param(&document.layers, param);
        shown.split('@').next().unwrap_or_default().to_owned()
    });
    let open = request.open.body.then(|| "open".to_owned());
    let is_read = request.body.json.is_some() || !request.findings.is_empty();
    assert!(request.body.kind != BodyKind::Json || is_read);
    (request.body.kind.name(), shown.chain(open).collect())
}

#[test]
fn content_type_and_content_decide() {
    let params = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(check("", "{\"a\": 1}"), ("json", params(&["Json Number a"])));
    assert_eq!(check("application/x-amz-json-1.1", "{'a': 1}").0, "json");
    assert_eq!(check("", "[1]"), ("json", vec![]));
    assert_eq!(check("", "{\"a\": 1,"), ("json", params(&["Json Number a", "open"])));
    assert_eq!(check("application/json; charset=utf-8", "12"), ("json", vec![]));
    assert_eq!(check("", "12"), ("text", vec![]));
    assert_eq!(check("", "a=1&b=2"), ("form", params(&["Form a", "Form b"])));
    assert_eq!(check("", "a=1&$MORE"), ("form", params(&["Form a", "open"])));
    assert_eq!(check("", "say: a = b"), ("text", vec![]));
    assert_eq!(check("application/x-www-form-urlencoded", "a"), ("form", params(&["Form a"])));
    assert_eq!(check("multipart/form-data; boundary=x", "--x"), ("multipart", params(&["open"])));
    assert_eq!(check("$TYPE", "words"), ("text", params(&["open"])));
}

#[test]
fn a_body_that_is_a_hole_is_unknown() {
    for body in ["$BODY", "{{body}}", "{body}", "<body>", "${BODY}"] {
        assert_eq!(check("application/json", body), ("unknown", vec!["open".to_owned()]), "{body}");
    }
    assert_eq!(check("", "{\"a\": {{a}}, \"b\": \"$B\"}").1, ["Json Unknown a", "Json String b"]);
}

#[test]
fn other_content_types_are_no_json() {
    for media in ["text/plain", "application/graphql", "application/x-ndjson", "application/jsonl"]
    {
        let open = vec!["open".to_owned()];
        assert_eq!(check(media, "{ countries { name } }"), ("text", open.clone()), "{media}");
        assert_eq!(check(media, "{\"a\": 1}\n{\"b\": 2}"), ("text", open), "{media}");
    }
}

#[test]
fn without_a_content_type_only_clear_json_is_json() {
    for text in [
        "{}",
        "[ ]",
        "{\"a",
        "{ 'a': 1",
        "{a: 1}",
        "{é: 1}",
        "[1]",
        "[-1.5, 2]",
        "[true, x",
        "[[1]]",
        "[{\"a",
        "[“a”]",
        "{\\\"a\\\": 1}",
        "{$A: 1}",
        "{\"a\": 1}, 2",
        "[$A, 2]",
        "{$A, \"b\": 1}",
    ] {
        assert_eq!(check("", text).0, "json", "{text}");
    }
    for text in [
        "[x] done",
        "[INFO] something",
        "[not json",
        "{ countries { name } }",
        "{name} x: y",
        "[1] x",
        "[2024-01-01] x",
        "{a; b}",
        "{} x",
        "[[page]] x",
        &"[".repeat(100_000),
        "{",
        "[-]",
        "[$A] done",
        "{% x %}",
    ] {
        assert_eq!(check("", text), ("text", vec!["open".to_owned()]), "{text}");
        assert_eq!(check("application/x-www-form-urlencoded", text).0, "text", "{text}");
    }
    assert_eq!(check("application/x-www-form-urlencoded", "[a]=1").0, "form");
}

#[test]
fn json_values_one_a_line_are_text() {
    let bulk = "{\"index\": {\"_id\": \"}\\\"\"}}\n\n[1, 2]\r\n";
    assert_eq!(check("application/json", bulk), ("text", vec!["open".to_owned()]));
    for text in ["[1,\n2]", "{\"a\": 1}", "{\"a\": 1} {\"b\": 2}", "{\"a\": 1}\nx", "[\n{}\n]"] {
        assert_eq!(check("application/json", text).0, "json", "{text}");
    }
}

#[test]
fn a_cascade_ends_with_the_first_damage_that_nobody_can_mend() {
    let text = "POST /\nContent-Type: application/json\n\n{'a': \"x\ny z\", 'b' 1,}\n";
    let document = crate::parse::parse(text, Kind::Http);
    let shown: Vec<_> = document.requests[0]
        .findings
        .iter()
        .map(|finding| super::show_finding(&document.layers, finding))
        .collect();
    assert_eq!(shown.len(), 4, "{shown:#?}");
    assert_eq!(shown[3], "malformed-json 'b'@54..57");
}
