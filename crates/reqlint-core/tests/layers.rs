//! Layers, from the file inwards and back: block quote → shell word → JSON string → URL →
//! percent-encoded value. Whatever is decoded maps to bytes that decode to it, and whatever is
//! encoded is read back as it was meant.

use proptest::prelude::*;
use reqlint_core::diagnostic::{Edit, Fix, Safety};
use reqlint_core::encode::{Chunk, percent_encode};
use reqlint_core::layer::{Component, Place};
use reqlint_core::model::{Document, Kind, Param, ParamIn};
use reqlint_core::parse::url::{parse_pairs, parse_url};
use reqlint_core::parse::{parse, shell};
use reqlint_core::span::Span;

/// How a word is quoted.
#[derive(Clone, Copy, Debug)]
enum Style {
    Single,
    Double,
    Ansi,
    Backslashes,
}

fn quote(text: &str, style: Style) -> String {
    match style {
        Style::Single => format!("'{}'", text.replace('\'', "'\\''")),
        Style::Double => {
            let escaped: String = text
                .chars()
                .flat_map(|c| if "\"$`\\".contains(c) { vec!['\\', c] } else { vec![c] })
                .collect();
            format!("\"{escaped}\"")
        }
        Style::Ansi => {
            let escaped: String = text
                .chars()
                .map(|c| match c {
                    '\'' => "\\'".to_owned(),
                    '\\' => "\\\\".to_owned(),
                    '\n' => "\\n".to_owned(),
                    c if !c.is_ascii() => format!("\\U{:08x}", c as u32),
                    c => c.to_string(),
                })
                .collect();
            format!("$'{escaped}'")
        }
        Style::Backslashes => text
            .chars()
            .map(|c| match c {
                '\n' => "$'\\n'".to_owned(),
                c if c.is_ascii_alphanumeric() || !c.is_ascii() => c.to_string(),
                c => format!("\\{c}"),
            })
            .collect(),
    }
}

fn styles() -> impl Strategy<Value = Style> {
    prop_oneof![
        Just(Style::Single),
        Just(Style::Double),
        Just(Style::Ansi),
        Just(Style::Backslashes),
    ]
}

/// Texts that need quoting somewhere; no control characters but the line feed.
fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            4 => "[a-zA-Z0-9]".prop_map(|text| text),
            4 => prop::sample::select(vec![
                "'", "\"", "$", "`", "\\", "^", "%", "&", "=", "?", "#", "+", " ", ";", "{", "}",
                "[", "]", "<", ">", "|", "!", "*", "~", "\n", "é", "ü", "漢", "🙂", "/", ":", ",",
            ]).prop_map(str::to_owned),
        ],
        1..12,
    )
    .prop_map(|pieces| pieces.concat())
}

fn json(text: &str) -> String {
    serde_json::to_string(text).expect("a string")
}

/// A command with a JSON body, as a block quote of a document.
fn quoted_document(value: &str, style: Style) -> String {
    let body = format!("{{\"name\": {}, \"page\": 1}}", json(value));
    let command = format!("curl https://api.example.com/items --json {}\n", quote(&body, style));
    command.split_inclusive('\n').map(|line| format!("> {line}")).collect()
}

fn read_quoted(source: &str) -> Document<'_> {
    let mut document = Document::new(Kind::Shell, source);
    let all = Place::root(Span::new(0, source.len()));
    let inside = document.layers.without_prefix(all, "> ");
    shell::parse_shell(&mut document, inside);
    document
}

fn named<'d>(document: &'d Document<'_>, name: &str) -> Option<&'d Param> {
    let params = document.requests.first()?.params.iter();
    params.clone().find(|param| document.text(param.name) == name)
}

/// The value of `q` in the URL that the member `name` holds.
fn hook_value(document: &mut Document<'_>) -> Option<Place> {
    let hook = named(document, "name")?.value;
    let layers = &mut document.layers;
    let query = parse_url(layers, hook, &mut Vec::new()).query?;
    let (pairs, _) = parse_pairs(layers, query, ParamIn::Query, Component::Query);
    pairs.iter().find(|pair| layers.text(pair.name) == "q").map(|pair| pair.value)
}

fn replaced(document: &Document<'_>, place: Place, new: &str) -> Option<String> {
    let encoded = document.layers.encode(place, &Chunk::text(new)).ok()?;
    let edit = Edit { span: encoded.span, text: encoded.text };
    let fix = Fix { title: String::new(), safety: Safety::Safe, edits: vec![edit] };
    Some(fix.apply(document.layers.source()))
}

/// Each character of a decoded text, with the bytes of the source that it stands for.
fn characters(document: &Document<'_>, place: Place) -> Vec<(char, String)> {
    let source = document.layers.source();
    let text = document.text(place);
    text.char_indices()
        .map(|(at, c)| {
            let span = Span::new(at, at + c.len_utf8());
            let root = document.layers.root_span(place.sub(span));
            (c, source[root.range()].to_owned())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn values_are_read_through_all_layers(value in texts(), style in styles()) {
        let source = quoted_document(&value, style);
        let document = read_quoted(&source);
        let param = named(&document, "name").expect("the member is found");
        prop_assert_eq!(document.text(param.value), &value);
        // In the source the whole value is one run, from its first to its last character.
        let root = document.layers.root_span(param.value);
        prop_assert!(source.get(root.range()).is_some());
    }

    #[test]
    fn every_character_maps_to_bytes_that_decode_to_it(value in texts()) {
        for style in [Style::Single, Style::Double, Style::Backslashes] {
            let source = quoted_document(&value, style);
            let document = read_quoted(&source);
            let param = named(&document, "name").expect("the member is found");
            for (c, bytes) in characters(&document, param.value) {
                if c.is_ascii_alphanumeric() || !c.is_ascii() {
                    prop_assert_eq!(c.to_string(), bytes);
                } else {
                    // An escape ends with what it stands for, or with the letter of a line feed.
                    let last = bytes.chars().last();
                    prop_assert!(last == Some(c) || c == '\n' || bytes.ends_with('\''), "{c:?} {bytes:?}");
                }
            }
        }
    }

    #[test]
    fn new_text_is_read_back_through_all_layers(
        value in texts(), new in texts(), style in styles(),
    ) {
        let source = quoted_document(&value, style);
        let document = read_quoted(&source);
        let place = named(&document, "name").expect("the member is found").value;
        let fixed = replaced(&document, place, &new).expect("JSON in a word can hold any text");
        let again = read_quoted(&fixed);
        let param = named(&again, "name").expect("the member is still there");
        prop_assert_eq!(again.text(param.value), &new, "in {}", fixed);
        let page = named(&again, "page").expect("the rest is untouched");
        prop_assert_eq!(again.text(page.value), "1");
    }

    #[test]
    fn a_query_value_in_a_url_in_json_in_a_word_in_a_block_quote(
        value in texts(), new in texts(), style in styles(),
    ) {
        let hook = format!("https://h.example/a?x=1&q={}", percent_encode(&value, Component::Query));
        let source = quoted_document(&hook, style);
        let mut document = read_quoted(&source);
        let place = hook_value(&mut document).expect("the value is found");
        prop_assert_eq!(document.text(place), &value);
        let fixed = replaced(&document, place, &new).expect("a query can hold any text");
        let mut again = read_quoted(&fixed);
        let place = hook_value(&mut again).expect("the value is still there");
        prop_assert_eq!(again.text(place), &new, "in {}", fixed);
    }

    #[test]
    fn query_values_are_encoded_for_url_and_shell(new in texts(), style in styles()) {
        let source = format!("curl -sS {}\n", quote("https://h.example/a?x=1&q=old&z=%C3%A9", style));
        let document = parse(&source, Kind::Shell);
        let place = named(&document, "q").expect("the parameter is found").value;
        let fixed = replaced(&document, place, &new).expect("a query can hold any text");
        let again = parse(&fixed, Kind::Shell);
        prop_assert_eq!(again.requests.len(), 1, "in {}", &fixed);
        let param = named(&again, "q").expect("the parameter is still there");
        prop_assert_eq!(again.text(param.value), &new, "in {}", fixed);
        let other = named(&again, "z").expect("the rest is untouched");
        prop_assert_eq!(again.text(other.value), "é");
    }

    #[test]
    fn unquoted_words_change_their_style_and_say_so(new in texts()) {
        let source = "curl --data-raw old https://h.example/a";
        let document = parse(source, Kind::Shell);
        let place = document.requests[0].body.place.expect("the body is read");
        let encoded = document.layers.encode(place, &Chunk::text(&new)).expect("a word holds any text");
        let plain = new.chars().all(|c| c.is_alphanumeric() || "-._/:,+@%=".contains(c));
        prop_assert_eq!(encoded.requoted, !plain);
        let fixed = replaced(&document, place, &new).expect("the same again");
        let again = parse(&fixed, Kind::Shell);
        let body = again.requests[0].body.place.expect("the body is still there");
        prop_assert_eq!(again.text(body), &new, "in {}", fixed);
    }

    #[test]
    fn variables_stay_variables(style in styles()) {
        let source = format!("curl https://h.example/a -H {}", quote("X-Key: old", style));
        let document = parse(&source, Kind::Shell);
        let place = document.requests[0].headers[0].value;
        let new = [Chunk::Variable("API_KEY".to_owned())];
        let encoded = document.layers.encode(place, &new).expect("a word holds variables");
        let edit = Edit { span: encoded.span, text: encoded.text };
        let fixed = Fix { title: String::new(), safety: Safety::Safe, edits: vec![edit] }.apply(&source);
        let again = parse(&fixed, Kind::Shell);
        let value = again.requests[0].headers[0].value;
        prop_assert!(again.layers.has_hole(value), "in {}", fixed);
        prop_assert!(again.text(value).contains("API_KEY"), "in {}", fixed);
    }
}

#[test]
fn an_empty_value_has_a_place_between_its_quotes() {
    let source = r#"curl https://h.example/a --json '{"name": ""}'"#;
    let document = parse(source, Kind::Shell);
    let place = named(&document, "name").expect("the member is found").value;
    let fixed = replaced(&document, place, "it's").expect("a string can hold it");
    assert_eq!(fixed, r#"curl https://h.example/a --json '{"name": "it'\''s"}'"#);
}
