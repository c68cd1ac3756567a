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
    assert!(request.body.kind != BodyKind::Json || request.body.json.is_some());
    (request.body.kind.name(), shown.chain(open).collect())
}

#[test]
fn content_decides_before_the_content_type() {
    let params = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(check("text/plain", "{\"a\": 1}"), ("json", params(&["Json Number a"])));
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
