//! Packs with their tables, symptoms and checklists.

use super::{API, COLOUR, PACK, RULE, assert_snapshot, mistakes, rendered};
use reqlint_core::rule::load::{PackFile, load_pack};

#[test]
fn tables_and_packs() {
    let mut out = String::new();
    for text in [
        "wrong: a\n",
        "- wrong\n",
        "- { wrong: a, wrong: b }\n",
        "- { wrong: [], right: b }\n",
        "- { wrong: null, right: b }\n",
        "- { Wrong Word: a }\n",
        "- { wrong: a, right: b }\n- { wrong: a, right: b }\n",
        "- { wrong: a, right: b }\n- { wrong: c, rigth: d }\n",
    ] {
        out += &mistakes(&[("tables/names.yaml", text)]);
        out += "\n";
    }
    for (old, new) in [
        ("name: shop", "name: My Shop"),
        ("name: shop", "nam: shop"),
        ("version: 1", "version: v1"),
        ("openapi.yaml", "opnapi.yaml"),
        ("openapi: openapi.yaml\n", ""),
        ("summary: a shop", "summary: a shop\nservers: [api.example.com]"),
        ("summary: a shop", "summary: a shop\npaths: [api]"),
        ("summary: a shop", "summary: a shop\ndocs: example.com"),
        ("sku: { matches", "country: { matches"),
        ("sku: { matches", "sku: { maches"),
        ("sku: { matches: '^[A-Z]{3}$' }", "sku: { is: <x>, type: sku }"),
        ("summary: a shop", "summary: a shop\nblank_values: [{ scope: { tag: pagd }, is: '' }]"),
        ("summary: a shop", "summary: a shop\nblank_values: [{ scope: { tag: paged } }]"),
        ("summary: a shop", "summary: a shop\ndefaults: { severity: bad, message: no }"),
    ] {
        out += &mistakes(&[("pack.yaml", &PACK.replace(old, new))]);
        out += "\n";
    }
    assert_snapshot!(out);
}

const SYMPTOM: &str = "\
id: page-is-gone
summary: the page is gone
if: { status: 404 }
causes: [idle-page]
retry: never
why: |
  It was there.
examples:
  - seen: 404 https://api.example.com/
  - not_seen: 403 https://api.example.com/
";

/// What is said about a symptom of which a line is replaced.
fn of_symptom(line: &str, new: &str) -> String {
    let old = SYMPTOM.lines().find(|known| known.starts_with(line)).expect("the symptom has it");
    let text = SYMPTOM.replacen(old, new, 1);
    mistakes(&[("symptoms/page-is-gone.yaml", &text)])
}

#[test]
fn symptoms() {
    assert_eq!(mistakes(&[("symptoms/page-is-gone.yaml", SYMPTOM)]), "no mistake\n");
    let changes = [
        ("id", "id: page-gone"),
        ("id", ""),
        ("summary", "sumary: gone"),
        ("if", ""),
        ("if", "if: { statuss: 404 }"),
        ("if", "if: { status: <code> }"),
        ("if", "if: { response_kind: xml }"),
        ("if", "if: { response_json: error }"),
        ("causes", "causes: [idle-pgae]"),
        ("causes", "causes: []"),
        ("examples", "examples:\n  - seen: 404 https://api.example.com/a\n    first: idle-pages"),
        ("causes", "causes: [idle-page]\nelsewhere: [{ text: a }]"),
        ("causes", "causes: [idle-page]\nelsewhere: none"),
        ("causes", "causes: [idle-page]\nyields_to: [page-is-her]"),
        ("retry", "retry: sometimes"),
        ("retry", "retry: after 2 s"),
        ("retry", "retry: never\ncosts_credit: no"),
        ("examples", "example:"),
        ("  - seen", "  - bad: 404 https://api.example.com/"),
        ("  - seen", "  - seen: a\n    not_seen: b"),
    ];
    let said: Vec<String> = changes.iter().map(|(line, new)| of_symptom(line, new)).collect();
    assert_snapshot!(said.join("\n"));
}

#[test]
fn checklists() {
    let with = |more: &str| mistakes(&[("pack.yaml", &format!("{PACK}{more}"))]);
    assert_eq!(with("key_variable: API_KEY\n"), "no mistake\n");
    let changes = [
        "checklist: auth",
        "checklist: [{ step: auth }]",
        "checklist: [{ step: Auth it, title: a, check: b }]",
        "checklist: [{ step: a, title: b, check: c }, { step: a, title: b, check: c }]",
        "checklist: [{ step: a, title: b, check: c, passed_if: { statu: 200 } }]",
        "key_variable: $KEY",
    ];
    let said: Vec<String> = changes.iter().map(|more| with(&format!("{more}\n"))).collect();
    assert_snapshot!(said.join("\n"));
}

/// Files that are something else than a rule.
#[test]
fn misplaced_files() {
    let mut out = String::new();
    for (path, text) in
        [("pack.yml", PACK), ("paging/page-is-gone.yaml", SYMPTOM), ("paging/api.yaml", API)]
    {
        let files = [PackFile { path: "idle-page.yaml", text: RULE }, PackFile { path, text }];
        let broken = load_pack(&files).expect_err("a file is at the wrong place");
        out += &rendered(&files, &broken);
        out += "\n";
    }
    out += &mistakes(&[("paging/page-is-gone.yaml", SYMPTOM)]);
    out += "\n";
    let circle = PACK.replace("types: {", "types: { a: { type: b }, b: { type: a },");
    out += &mistakes(&[("pack.yaml", &circle)]);
    out += "\n";
    out += &mistakes(&[("pack.yaml", &format!("{PACK}defaults: {{ scope: {{ tag: pagd }} }}\n"))]);
    out += "\n";
    let table = COLOUR.replace("table: names", "table: names.yaml");
    out += &mistakes(&[("paging/colour.yaml", &table)]);
    assert_snapshot!(out);
}
