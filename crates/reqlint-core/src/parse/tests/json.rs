//! JSON: the same values as `serde_json`, and sense out of damage.

use super::show_finding;
use crate::layer::{Layers, Place};
use crate::model::{FindingKind, JsonKind, JsonValue};
use crate::parse::json::parse_json;
use crate::span::Span;
use proptest::prelude::*;
use serde_json::Value;

/// What is read, what is noticed, and the text after all repairs.
fn check(text: &str) -> (Option<Value>, Vec<String>, String) {
    let mut layers = Layers::new(text);
    let mut findings = Vec::new();
    let all = Place::root(Span::new(0, text.len()));
    let (value, open) = parse_json(&mut layers, all, &mut findings);
    let is_damage = |kind| kind != FindingKind::DuplicateJsonKey;
    assert_eq!(open, findings.iter().any(|finding| is_damage(finding.kind)), "{text:?}");
    let shown = findings.iter().map(|finding| show_finding(&layers, finding)).collect();
    let mut edits: Vec<_> = findings.iter().flat_map(|finding| finding.repair.clone()).collect();
    edits.sort_by_key(|(span, _)| (span.start(), span.end()));
    let mut mended = text.to_owned();
    for (span, new) in edits.iter().rev() {
        mended.replace_range(span.range(), new);
    }
    (value.map(|value| to_serde(&layers, &value)), shown, mended)
}

fn to_serde(layers: &Layers<'_>, value: &JsonValue) -> Value {
    let text = layers.text(value.text);
    match value.kind {
        JsonKind::Object => Value::Object(
            value
                .members
                .iter()
                .map(|member| {
                    (layers.text(member.name).to_owned(), to_serde(layers, &member.value))
                })
                .collect(),
        ),
        JsonKind::Array => value.items.iter().map(|item| to_serde(layers, item)).collect(),
        JsonKind::String => Value::String(text.to_owned()),
        JsonKind::Boolean => Value::Bool(text.eq_ignore_ascii_case("true")),
        JsonKind::Null => Value::Null,
        JsonKind::Number => serde_json::from_str(text).unwrap_or_default(),
        JsonKind::Unknown => Value::String(format!("?{text}")),
    }
}

fn check_mends(text: &str, mended: &str) {
    let (value, findings, fixed) = check(text);
    assert_eq!(fixed, mended, "{findings:#?}");
    let expected: Value = serde_json::from_str(mended).expect("the mended text is JSON");
    assert_eq!(value, Some(expected), "{findings:#?}");
    assert!(!findings.is_empty());
}

#[test]
fn damage_is_read_as_it_was_meant() {
    check_mends(r#"{"a": 1,}"#, r#"{"a": 1}"#);
    check_mends(r#"[1, 2, ]"#, r#"[1, 2 ]"#);
    check_mends(r#"[1,, 2]"#, r#"[1, 2]"#);
    check_mends(r#"{'a': 'it\'s "x"'}"#, r#"{"a": "it's \"x\""}"#);
    check_mends("{a: True, b-c: None} // end", "{\"a\": true, \"b-c\": null} ");
    check_mends("{\"a\": 1 \"b\": /* x */ 2}", "{\"a\": 1, \"b\":  2}");
    check_mends("{“a”: ‘b’}", r#"{"a": "b"}"#);
    check_mends("{\"a\":\u{a0}1}", r#"{"a": 1}"#);
    check_mends("{\"a\" = \"x\ty\nz\"}", r#"{"a" : "x\ty\nz"}"#);
    check_mends("{é: 1, naïve-ключ: 2}", r#"{"é": 1, "naïve-ключ": 2}"#);
    check_mends("[\"a\u{1}b\u{1f}\"]", r#"["a\u0001b\u001f"]"#);
}

#[test]
fn backslashes_of_another_quoting_are_one_finding() {
    let (value, findings, mended) = check(r#" [{\"a\": \"x \\\"y\\\" é\", \"b\": 1}]"#);
    assert_eq!((value, findings.len()), (None, 1));
    assert_eq!(mended, r#" [{"a": "x \"y\" é", "b": 1}]"#);
    let (_, findings, _) = check(r#"{\"a\": "\n"}"#);
    assert_eq!(findings, ["malformed-json \\@1..2"]);
}

#[test]
fn damage_without_one_mend_is_only_noticed() {
    for text in
        ["{\"a\": 1", "[1", "{\"a", "{\"a\": \"x\n\"b\": 1}", "{]", "[}", "nope", "01", "\"\\x\""]
    {
        let (_, findings, _) = check(text);
        assert!(!findings.is_empty(), "{text}");
    }
    let (value, ..) = check("{\"a\": \"x\n\"b\": 1}");
    assert_eq!(value, Some(serde_json::json!({"a": "x", "b": 1})));
}

#[test]
fn findings_are_few_and_nesting_is_bounded() {
    let deep = "[".repeat(100_000);
    let (_, findings, _) = check(&deep);
    assert_eq!(findings, ["nesting-too-deep [@128..129"]);
    let (_, findings, _) = check(&"{\"a\":".repeat(100_000));
    assert_eq!(findings.len(), 1);
    let (_, findings, _) = check(&format!("[{}1]", ",".repeat(1000)));
    assert_eq!(findings.len(), 20);
}

#[test]
fn repeated_names_are_noticed() {
    let (_, findings, _) = check(r#"{"a": 1, "b": 2, "\u0061": 3}"#);
    assert_eq!(findings, ["duplicate-json-key a@18..24"]);
}

#[test]
fn escapes_are_pieces() {
    let text = r#"["\ud83d\ude00x\n", "\ud83d!"]"#;
    let (value, findings, _) = check(text);
    assert_eq!(value, Some(serde_json::json!(["😀x\n", "\u{fffd}!"])));
    assert_eq!(findings, ["malformed-json \\ud83d@21..27"]);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((".*", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_what_serde_reads(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.expect("JSON is written");
        let (read, findings, _) = check(&text);
        prop_assert!(findings.is_empty(), "{findings:?}");
        let expected: Value = serde_json::from_str(&text).expect("JSON is read");
        prop_assert_eq!(read, Some(expected));
    }

    #[test]
    fn accepts_what_serde_accepts(text in r#"([\[\]{},:"' \n]|"a"|"\\u00e9"|"\\[a-z]"|-?[0-9]{1,2}|[.eE+]|true|nul?l|é|\u{a0}|//|\\){0,12}"#) {
        let (read, findings, _) = check(&text);
        let accepts = findings.iter().all(|finding| finding.starts_with("duplicate"));
        // serde also refuses numbers beyond the range of a double.
        match serde_json::from_str::<Value>(&text) {
            Ok(expected) => {
                prop_assert!(accepts, "{text}: {findings:?}");
                prop_assert_eq!(read, Some(expected));
            }
            Err(error) => prop_assert!(!accepts || error.to_string().contains("out of range"), "{text}"),
        }
    }

    #[test]
    fn survives_damage(value in any_json(), cut in any::<prop::sample::Index>(), junk in ".{0,3}") {
        let mut text = serde_json::to_string(&value).expect("JSON is written");
        let mut at = cut.index(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        check(&text[..at]);
        text.insert_str(at, &junk);
        check(&text);
    }
}
