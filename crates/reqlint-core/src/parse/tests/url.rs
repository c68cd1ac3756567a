//! URLs, percent-encoding, pairs.

use super::{show, show_finding, show_param, show_url};
use crate::layer::{Component, Layers, Place};
use crate::model::ParamIn;
use crate::parse::placeholder::mark_variables;
use crate::parse::url::{parse_pairs, parse_url, percent_decode};
use crate::span::Span;
use proptest::prelude::*;

/// The parts of a URL with their bytes, each on its line.
fn check(text: &str) -> String {
    let mut layers = Layers::new(text);
    let all = mark_variables(&mut layers, Place::root(Span::new(0, text.len())));
    let mut findings = Vec::new();
    let url = parse_url(&mut layers, all, &mut findings);
    let mut lines = show_url(&layers, &url);
    if let Some(query) = url.query {
        let (params, open) = parse_pairs(&mut layers, query, ParamIn::Query, Component::Query);
        lines.extend(params.iter().map(|param| show_param(&layers, param)));
        if open {
            lines.push("open query".to_owned());
        }
    }
    lines.extend(findings.iter().map(|finding| show_finding(&layers, finding)));
    lines.join("\n")
}

#[test]
fn parts_of_a_url() {
    insta::assert_snapshot!(check("https://me:pw@[::1]:8080/v1/a%2Fb/?q=1&&x#top"));
    insta::assert_snapshot!(check("app.example.com/api/"));
    insta::assert_snapshot!(check("localhost:8080/x"));
    insta::assert_snapshot!(check("/pages/{page_id}?a=b"));
}

#[test]
fn holes_of_a_url() {
    insta::assert_snapshot!(check("${BASE:-http://x?y}/pages/$ID?$QS&a=$A&b$C=1"));
    insta::assert_snapshot!(check("{origin}/pages?x={{x}}"));
    insta::assert_snapshot!(check("https://{host}/pages"));
    insta::assert_snapshot!(check("$HOST:8080/x"));
    insta::assert_snapshot!(check("{{base}}"));
}

#[test]
fn damage_in_a_url() {
    insta::assert_snapshot!(check("https:///x"));
    insta::assert_snapshot!(check("https:/example.com/a b?c=d\te"));
    insta::assert_snapshot!(check("http://h:99999/"));
}

#[test]
fn decoding() {
    let decode = |text: &str, component| {
        let mut layers = Layers::new(text);
        let place = percent_decode(&mut layers, Place::root(Span::new(0, text.len())), component);
        let last = place.span.end();
        let tail = layers.text(place).chars().last().map_or(0, char::len_utf8);
        let tail = Place::new(place.layer, Span::new(last - tail, last));
        format!("{} … {}", show(&layers, place), show(&layers, tail))
    };
    assert_eq!(decode("a+b%20c", Component::Query), "a b c@0..7 … c@6..7");
    assert_eq!(decode("a+b%20", Component::Segment), "a+b @0..6 …  @3..6");
    assert_eq!(decode("x%C3%BC", Component::Form), "xü@0..7 … ü@1..7");
    assert_eq!(decode("%FFx%zz%4", Component::Form), "⟨%FF⟩x%zz%4@0..9 … 4@8..9");
    assert_eq!(decode("%F0%9F%98%80", Component::Query), "😀@0..12 … 😀@0..12");
    assert_eq!(decode("%F0%9F%98", Component::Query), "⟨%F0⟩⟨%9F⟩⟨%98⟩@0..9 … ⟨8⟩@8..9");
}

proptest! {
    /// Every decoded character stands for source bytes that decode to it.
    #[test]
    fn decoding_maps_back(text in "(%[0-9A-F]{2}|%C3%BC|%|\\+|[a-zü]){0,12}") {
        let mut layers = Layers::new(&text);
        let all = Place::root(Span::new(0, text.len()));
        let decoded = percent_decode(&mut layers, all, Component::Form);
        let chars: Vec<_> = layers.share(decoded).char_indices().collect();
        for (at, char) in chars {
            let place = Place::new(decoded.layer, Span::new(at, at + char.len_utf8()));
            let span = layers.root_span(place);
            let mut own = Layers::new(&text[span.range()]);
            let again = percent_decode(&mut own, Place::root(Span::new(0, span.len())), Component::Form);
            prop_assert_eq!(own.text(again), char.to_string());
        }
    }

    #[test]
    fn any_text_is_split(text in r"(https?:|[/?#&=@:.\[\] ]|\{\{?x\}?\}|\$\{?A\}?|%[0-9A-F]{2}|[a-zü]|[0-9]{1,5}){0,14}") {
        check(&text);
    }
}
