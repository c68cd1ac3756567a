//! Every format on one shared explanation, with everything that a response can bring.

use super::{Explained, write_json, write_markdown};
use crate::Report;
use crate::human::Terminal;
use reqlint_core::explain::Explainer;
use reqlint_core::model::Kind;
use reqlint_core::parse::parse;
use reqlint_core::rule::load::{PackFile, load_pack};
use reqlint_core::secret::find_secrets;
use reqlint_core::span::Span;

const FILES: [PackFile<'static>; 3] = [
    PackFile {
        path: "pack.yaml",
        text: "name: shop\nversion: 1\nsummary: a shop\nservers: [https://shop.example]\nkey_variable: SHOP_KEY\nchecklist:\n  - { step: key, title: the key is known, check: log in and look, passed_if: { status: \"200\" } }\n  - { step: page, title: pages are counted from 1, check: look at the query }\n",
    },
    PackFile {
        path: "no-page-zero.yaml",
        text: "id: no-page-zero\nseverity: error\nconsequence: rejected\nstep: page\nsummary: there is no page 0\nfind: { page: { param: page, is: \"0\" } }\nmessage: \"there is no page `<page>`\"\nhelp: pages begin at 1\nfix: { title: ask for page 1, safety: safe, set: { page: \"1\" } }\nwhy: They begin at 1.\nexamples:\n  - bad: https://shop.example/?page=0\n    fixed: https://shop.example/?page=1\n  - good: https://shop.example/?page=1\n",
    },
    PackFile {
        path: "symptoms/bad-page.yaml",
        text: "id: bad-page\nsummary: the page does not exist\nif: { all: [{ status: 404 }, { response_json: /error }] }\ncauses: [no-page-zero, no-page-minus]\nelsewhere: [{ text: the shop has fewer pages, check: ask for page 1 }]\nretry: after 2s\nretry_note: with another page\ncosts_credit: false\nwhy: It is counted.\nexamples:\n  - seen: \"404 https://shop.example/ {\\\"error\\\": 1}\"\n  - not_seen: \"403 https://shop.example/\"\n",
    },
];

const PASTED: &str = "$ curl -i 'https://shop.example/list?page=0' -H 'X-API-Key: sk_live_0123456789abcdefghij'\nHTTP/1.1 404 Not Found\nSet-Cookie: session=abcdef0123456789; Path=/\nContent-Type: application/json\n\n{\"error\": \"no \u{1b}[31mpage\u{202e} <b>0</b> | for sk_live_0123456789abcdefghij\"}\n";

fn with_explained(text: &str, write: impl Fn(&Explained<'_>) -> String) -> String {
    let pack = load_pack(&FILES).expect("the sample pack is sound");
    let explainer = Explainer::new(vec![pack]);
    let document = parse(text, Kind::Transcript);
    let explanations = explainer.explain(&document);
    let secrets = find_secrets(&document);
    let requests: Vec<Span> =
        document.requests.iter().map(|one| document.layers.root_span(one.place)).collect();
    let report = Report {
        path: "<pasted>",
        text,
        secrets: &secrets,
        requests: &requests,
        diagnostics: &[],
        offset: reqlint_core::check::Offset::default(),
    };
    write(&Explained { report, explanations: &explanations, left_out: 2, timeline: None })
}

fn written(write: impl Fn(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).expect("reports are UTF-8")
}

const PLAIN: Terminal = Terminal { color: false, links: false, unicode: true, width: 100 };

fn human(text: &str) -> String {
    with_explained(text, |explained| {
        written(|out| PLAIN.write_explained(out, explained).expect("memory takes all"))
    })
}

fn json(text: &str) -> String {
    with_explained(text, |explained| {
        written(|out| write_json(out, explained).expect("memory takes all"))
    })
}

fn markdown(text: &str) -> String {
    with_explained(text, |explained| {
        written(|out| write_markdown(out, explained).expect("memory takes all"))
    })
}

#[test]
fn for_people() {
    insta::assert_snapshot!(human(PASTED));
}

#[test]
fn for_programs() {
    let document: serde_json::Value = serde_json::from_str(&json(PASTED)).expect("it is JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).expect("it is a value"));
}

#[test]
fn for_a_chat() {
    insta::assert_snapshot!(markdown(PASTED));
}

#[test]
fn no_format_shows_a_secret_or_obeys_a_response() {
    for shown in [human(PASTED), json(PASTED), markdown(PASTED)] {
        assert!(!shown.contains("0123456789"), "{shown}");
        // In JSON, what only turns the order of text is left as it is, for programs.
        let turns = |c: char| c == '\u{202e}' && !shown.starts_with('{');
        let obeyed = |c: char| (c.is_control() && c != '\n') || turns(c);
        assert_eq!(shown.chars().find(|c| obeyed(*c)), None, "{shown}");
    }
}

#[test]
fn a_huge_page_is_named_and_not_printed() {
    let page = format!(
        "curl -i https://shop.example/list\nHTTP/1.1 502 Bad Gateway\nContent-Type: text/html\n\n<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>{}</body></html>\n",
        "<p>All work and no play.</p>".repeat(80_000)
    );
    for shown in [human(&page), json(&page), markdown(&page)] {
        assert!(shown.contains("Bad gateway"), "{shown}");
        assert!(shown.len() < 4000, "{} bytes", shown.len());
    }
}
