//! URLs, percent-encoding, pairs.

use super::{show, show_finding, show_param, show_url};
use crate::layer::{Component, Layers, Place};
use crate::model::ParamIn;
use crate::parse::placeholder::{Notation, mark_holes};
use crate::parse::url::{parse_pairs, parse_url, percent_decode};
use crate::span::Span;
use proptest::prelude::*;

/// The parts of a URL with their bytes, each on its line.
fn check(text: &str) -> String {
    let mut layers = Layers::new(text);
    let all = Place::root(Span::new(0, text.len()));
    let all = mark_holes(&mut layers, all, Notation::Variables);
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
    insta::assert_snapshot!(check("https://me:pw@[::1]:8080/v1/a%2Fb/?q=1&&x#top"), @r#"
    scheme https@0..5
    userinfo me:pw@8..13
    host [::1]@14..19
    port 8080@20..24
    path /v1/a%2Fb/@24..34
    query q=1&&x@35..41
    fragment top@42..45
    segments ["v1@25..27", "a/b@28..33", "@34..34"]
    Query q@35..36 = 1@37..38 in q=1@35..38
    Query x@40..41 = @41..41 in x@40..41
    "#);
    insta::assert_snapshot!(check("app.example.com/api/"), @r#"
    host app.example.com@0..15
    path /api/@15..20
    segments ["api@16..19", "@20..20"]
    "#);
    insta::assert_snapshot!(check("localhost:8080/x"), @r#"
    host localhost@0..9
    port 8080@10..14
    path /x@14..16
    segments ["x@15..16"]
    "#);
    insta::assert_snapshot!(check("/pages/{page_id}?a=b"), @r#"
    path /pages/{page_id}@0..16
    query a=b@17..20
    segments ["pages@1..6", "{page_id}@7..16"]
    Query a@17..18 = b@19..20 in a=b@17..20
    "#);
}

#[test]
fn holes_of_a_url() {
    insta::assert_snapshot!(check("${BASE:-http://x?y}/pages/$ID?$QS&a=$A&b$C=1"), @r#"
    origin hole ⟨${BASE:-http://x?y}⟩@0..19
    path /pages/⟨$ID⟩@19..29
    query ⟨$QS⟩&a=⟨$A⟩&b⟨$C⟩=1@30..44
    segments ["pages@20..25", "⟨$ID⟩@26..29"]
    Query a@34..35 = ⟨$A⟩@36..38 in a=⟨$A⟩@34..38
    Query b⟨$C⟩@39..42 = 1@43..44 in b⟨$C⟩=1@39..44
    open query
    "#);
    insta::assert_snapshot!(check("{origin}/pages?x={{x}}"), @r#"
    origin hole ⟨{origin}⟩@0..8
    path /pages@8..14
    query x=⟨{{x}}⟩@15..22
    segments ["pages@9..14"]
    Query x@15..16 = ⟨{{x}}⟩@17..22 in x=⟨{{x}}⟩@15..22
    "#);
    insta::assert_snapshot!(check("https://{host}/pages"), @r#"
    scheme https@0..5
    host ⟨{host}⟩@8..14
    path /pages@14..20
    segments ["pages@15..20"]
    "#);
    insta::assert_snapshot!(check("$HOST:8080/x"), @r#"
    host ⟨$HOST⟩@0..5
    port 8080@6..10
    path /x@10..12
    segments ["x@11..12"]
    "#);
    insta::assert_snapshot!(check("{{base}}"), @r#"
    origin hole ⟨{{base}}⟩@0..8
    path @8..8
    segments []
    "#);
}

#[test]
fn damage_in_a_url() {
    insta::assert_snapshot!(check("https:///x"), @r#"
    scheme https@0..5
    path /x@8..10
    segments ["x@9..10"]
    malformed-url https://@0..8
    "#);
    insta::assert_snapshot!(check("https:/example.com/a b?c=d\te"), @r#"
    scheme https@0..5
    host example.com@7..18
    path /a b@18..22
    query c=d	e@23..28
    segments ["a b@19..22"]
    Query c@23..24 = d	e@25..28 in c=d	e@23..28
    malformed-url https:/@0..7
    malformed-url  @20..21
    malformed-url 	@26..27
    "#);
    insta::assert_snapshot!(check("http://h:99999/"), @r#"
    scheme http@0..4
    host h@7..8
    port 99999@9..14
    path /@14..15
    segments ["@15..15"]
    malformed-url 99999@9..14
    "#);
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
