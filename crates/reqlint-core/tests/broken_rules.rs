//! Every mistake in a rule, table, pack or description names its place and its mend.

use reqlint_core::diagnostic::Diagnostic;
use reqlint_core::rule::load::{BrokenFile, PackFile, load_pack, load_pack_beside};
use std::fmt::Write;

const RULE: &str = r#"id: idle-page
severity: warning
consequence: ignored
summary: a page number where nothing is paged
find: { arg: { param: page } }
message: "`<arg.name>` does nothing"
why: It is not read.
examples:
  - bad: curl https://api.example.com/orders?page=2
  - good: curl https://api.example.com/orders
"#;

const PACK: &str = "name: shop
version: 1
summary: a shop
openapi: openapi.yaml
types: { sku: { matches: '^[A-Z]{3}$' } }
";

const API: &str = r##"openapi: "3.1.0"
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      tags: [paged, open]
      security: [{ key: [] }]
      parameters:
        - { $ref: "#/components/parameters/page" }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
  parameters:
    page: { name: page, in: query }
"##;

/// A rule that uses the table.
const COLOUR: &str = r#"id: colour
severity: warning
consequence: ignored
summary: a parameter in British English
table: names
find: { arg: { param: <row.wrong> } }
message: "`<arg.name>` is written `<row.right>` here"
why: It is not read.
examples:
  - bad: curl https://api.example.com/orders?colour=red
  - good: curl https://api.example.com/orders?color=red
"#;

const TABLE: &str = "- { wrong: [colour, couleur], right: color }\n";

/// The rule above with one of its lines replaced. A replacement may be several lines, or none.
fn rule(line: &str, new: &str) -> String {
    let replace = |old: &str| {
        let is_meant = old.split(':').next() == Some(line);
        if is_meant { new.to_owned() } else { old.to_owned() }
    };
    assert!(RULE.lines().any(|old| old.split(':').next() == Some(line)), "no line `{line}`");
    RULE.lines()
        .map(replace)
        .filter(|line| !line.is_empty())
        .fold(String::new(), |text, line| text + &line + "\n")
}

/// The files of a pack in which some are replaced.
fn pack<'t>(changed: &[(&'t str, &'t str)]) -> Vec<PackFile<'t>> {
    let sound = [
        ("pack.yaml", PACK),
        ("openapi.yaml", API),
        ("tables/names.yaml", TABLE),
        ("paging/colour.yaml", COLOUR),
        ("paging/idle-page.yaml", RULE),
    ];
    let is_changed = |path: &str| changed.iter().any(|(other, _)| *other == path);
    let kept = sound.into_iter().filter(|(path, _)| !is_changed(path));
    kept.chain(changed.iter().copied()).map(|(path, text)| PackFile { path, text }).collect()
}

/// What is said about a pack of which files are replaced.
fn mistakes(changed: &[(&str, &str)]) -> String {
    let files = pack(changed);
    match load_pack(&files) {
        Ok(_) => "no mistake\n".to_owned(),
        Err(broken) => rendered(&files, &broken),
    }
}

/// What is said about a rule.
fn of_rule(text: &str) -> String {
    mistakes(&[("paging/idle-page.yaml", text)])
}

fn rendered(files: &[PackFile<'_>], broken: &[BrokenFile]) -> String {
    let mut out = String::new();
    for file in broken {
        let text = files.iter().find(|known| known.path == file.path).map_or("", |file| file.text);
        for diagnostic in &file.diagnostics {
            render(&mut out, &file.path, text, diagnostic);
        }
    }
    out
}

/// `path:line:column message`, the line with its caret, and the help.
fn render(out: &mut String, path: &str, text: &str, diagnostic: &Diagnostic) {
    let span = diagnostic.labels[0].span;
    let line_start = text[..span.start()].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[..span.start()].matches('\n').count() + 1;
    let column = text[line_start..span.start()].chars().count() + 1;
    let whole = text[line_start..].lines().next().unwrap_or_default();
    let marked = text[span.range()].lines().next().unwrap_or_default().chars().count().max(1);
    let indent = " ".repeat(column - 1);
    writeln!(out, "{path}:{line}:{column} {}", diagnostic.message).expect("a string takes all");
    writeln!(out, "  | {whole}\n  | {indent}{}", "^".repeat(marked)).expect("a string takes all");
    if let Some(help) = &diagnostic.help {
        writeln!(out, "  = {help}").expect("a string takes all");
    }
}

/// One snapshot of many rules, of each of which a line is replaced.
fn of_lines(changes: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (line, new) in changes {
        out += &of_rule(&rule(line, new));
        out += "\n";
    }
    out
}

macro_rules! assert_snapshot {
    ($text:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($text);
        });
    };
}

#[test]
fn a_sound_pack_has_no_mistake() {
    assert_eq!(mistakes(&[]), "no mistake\n");
    assert_eq!(of_rule(&rule("why", "why: |\n  It is not read.\n")), "no mistake\n");
}

#[test]
fn yaml() {
    assert_snapshot!(of_lines(&[
        ("message", "message: `page` does nothing"),
        ("message", "message: note: this does nothing"),
        ("message", "message: \"`page` does nothing"),
        ("message", "message: \"page\" does nothing"),
        ("message", "message: 'it''s' here"),
        ("message", "message: *page"),
        ("message", "message: \"a \\q\""),
        ("find", "find: { arg: { param: page }"),
        ("find", "find: { arg: { param: [page } }"),
        ("find", "find: { arg: { param: {id} } }"),
        ("find", "find: { arg: { param: min_{x} } }"),
        ("find", "find: { arg: { param: * } }"),
        ("find", "find:\n\targ: { param: page }"),
        ("find", "find:\n  arg: { param: page }\n other: { param: size }"),
        ("find", "find: &f { arg: { param: page } }\nif: *g"),
        ("why", "why: It is not read.\n---\nid: other"),
        ("severity", "severity: info\nseverity: warning"),
        ("summary", "summary:"),
        ("summary", "summary: null"),
        ("summary", "summary: [a]"),
    ]));
}

#[test]
fn deep_and_large_yaml() {
    let deep = format!("find: {}", "[".repeat(5000));
    let mut bomb = "x0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]".to_owned();
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        write!(bomb, "\nx{level}: &a{level} [{aliases}]").expect("a string takes all");
    }
    let short = |text: &str| {
        let lines = text.lines().map(|line| line.chars().take(120).collect::<String>());
        lines.filter(|line| !line.starts_with("  |")).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!([short(&of_rule(&deep)), short(&of_rule(&bomb))].join("\n\n"));
    assert!(!of_rule("").is_empty());
}

#[test]
fn keys_of_a_rule() {
    assert_snapshot!(of_lines(&[
        ("id", ""),
        ("id", "id: Idle Page"),
        ("id", "id: idle-pages"),
        ("severity", "severity: eror"),
        ("severity", ""),
        ("severity", "severity: error\nsource: [{ doc: a, says: b, confidence: inferred }]"),
        ("consequence", "consequence: wrong_data"),
        ("summary", "sumary: a page number"),
        ("why", ""),
        ("find", ""),
        ("message", ""),
        ("find", "find: { param: page }"),
        ("find", "find: [page]"),
        ("find", "find: { Page: { param: page } }"),
        ("find", "find: { any: { param: page } }\nat: any"),
        ("find", "find: { arg: { param: page }, size: { param: size } }"),
        ("find", "find: { arg: { param: page } }\nat: args"),
        ("find", "find: { arg: { param: page } }\nreport: all"),
        ("find", "find: { arg: { param: page } }\nyields_to: [idle-pages]"),
        ("find", "find: { arg: { param: page } }\nsequence: [{ a: {} }]"),
        ("find", "find: { arg: { param: page } }\nsource: RFC 9110"),
        ("find", "find: { arg: { param: page } }\nsource: [{ doc: a, says: b, confidence: sure }]"),
    ]));
}

#[test]
fn parts() {
    assert_snapshot!(of_lines(&[
        ("find", "find: { arg: { parm: page } }"),
        ("find", "find: { arg: { in: query } }"),
        ("find", "find: { arg: { param: page, header: accept } }"),
        ("find", "find: { arg: { header: accept, in: query } }"),
        ("find", "find: { arg: { param: page, in: body } }"),
        ("find", "find: { arg: { param: page, implied: yes } }"),
        ("find", "find: { arg: { param: page, is: [] } }"),
        ("find", "find: { arg: { param: page, is: null } }"),
        ("find", "find: { arg: { param: page, matches: '[0-9' } }"),
        ("find", "find: { arg: { param: page, matches: '(?=a)' } }"),
        ("find", "find: { arg: { param: page, type: contry } }"),
        ("find", "find: { arg: { param: page, valid: false } }"),
        ("find", "find: { arg: { param: page, not: { param: size } } }"),
        ("find", "find: { arg: { param: page, not: {} } }"),
        ("find", "find: { arg: { param: [page, size, } } }"),
        ("find", "find: { arg: { syntax: smart-quotes } }"),
        ("find", "find: { arg: { segment: first } }"),
        ("find", "find: { arg: { body: jsn } }"),
        ("find", "find: { arg: { path: /a, text: name } }"),
        ("find", "find: { arg: { credential: keys } }"),
        ("find", "find: { arg: { param: page, case: none } }"),
        ("find", "find: { arg: { written_as: [curl, tcl] } }"),
        ("find", "find: { arg: { missing: { param: 'page<any>' } } }"),
        ("find", "find: { arg: { missing: { syntax: smart-quote } } }"),
        ("find", "find: { arg: { any: { param: page } } }"),
        ("find", "find: { arg: { missing: { response_header: Allow } } }"),
        ("find", "find: { arg: { response_kind: jsn } }"),
        ("find", "find: { arg: { response_json: error } }"),
        ("find", "find: { arg: { respons_body: <any> } }"),
    ]));
}

#[test]
fn names() {
    assert_snapshot!(of_lines(&[
        ("find", "find: { arg: { param: page, is: <x> } }"),
        ("find", "find: { arg: { param: page, is: ['<x>a', b] } }\nif: { role: x, is: a }"),
        ("find", "find: { arg: { param: page, not: { is: <x> } } }\nif: { role: x, is: a }"),
        ("find", "find: { arg: { param: page, is: '<x.name>' } }"),
        ("find", "find: { arg: { param: page, is: <$PAGE> } }"),
        ("find", "find: { arg: { param: page, is: 'a < b' } }"),
        ("find", "find: { arg: { param: page, is: <row.wrong> } }"),
        ("find", "table: names\nfind: { arg: { param: <row.wrng> } }"),
        ("find", "table: nams\nfind: { arg: { param: <row.wrong> } }"),
        ("message", "message: \"`<agr>` does nothing\""),
        ("message", "message: \"`<arg.nam>` does nothing\""),
        ("message", "message: \"`<any>` does nothing\""),
        ("message", "message: \"`<$PAGE>` does nothing\""),
        ("message", "message: \"`<page id>` does nothing\""),
        ("message", "message: no\nlabels: { agr: here }"),
        ("message", "message: no\nif: { above: [agr, 1] }"),
        ("find", "find: { arg: { path: /a } }"),
        ("find", "find: { arg: { missing: { param: page } } }\nhelp: send `<arg>`"),
        ("find", "find: { arg: { header: accept } }\nhelp: sent in <arg.in>"),
        ("find", "find: { arg: { header: accept, implied: false } }\nhelp: see `<arg.origin>`"),
    ]));
}

#[test]
fn conditions() {
    assert_snapshot!(of_lines(&[
        ("message", "message: no\nif: [{ param: size }]"),
        ("message", "message: no\nif: size"),
        ("message", "message: no\nif: {}"),
        ("message", "message: no\nif: { missing: { param: size } }"),
        ("message", "message: no\nif: { alll: [{ param: size }] }"),
        ("message", "message: no\nif: { all: { param: size } }"),
        ("message", "message: no\nif: { all: [] }"),
        ("message", "message: no\nif: { any: [{ param: size }], not: { param: sort } }"),
        ("message", "message: no\nif: { above: [1] }"),
        ("message", "message: no\nif: { above: [arg, 3 weeks] }"),
        ("message", "message: no\nif: { above: [arg.size, 3] }"),
        ("message", "message: no\nif: { above: [{ count: { param: size } }, 1] }"),
        ("message", "message: no\nif: { above: [{ cuont: [{ param: size }] }, 1] }"),
        ("message", "message: no\nif: { declares: { parameter: page } }"),
        ("message", "message: no\nif: { declares: {} }"),
        ("message", "message: no\nif: { declares: { tag: pagd } }"),
        ("message", "message: no\nif: { statuss: 404 }"),
        ("message", "message: no\nscope: { tag: pagd }"),
        ("message", "message: no\nscope: { operation: [<any>, getOrders] }"),
        ("message", "message: no\nscope: { server: same }"),
        ("message", "message: no\nscope: { path: /orders }"),
    ]));
}

#[test]
fn fixes_and_words() {
    let fix = |fix: &str| format!("message: no\nfix: {{ {fix} }}");
    let fixes = [
        "title: remove it, then retry, safety: safe, remove: [arg]",
        "title: remove it, safety: safe",
        "title: remove it, remove: [arg]",
        "safety: safe, remove: [arg]",
        "title: remove it, safety: sure, remove: [arg]",
        "title: remove it, safety: safe, remove: [agr]",
        "title: remove it, safety: safe, delete: [arg]",
        "title: move it, safety: safe, move: { arg: form }",
        "title: move it, safety: safe, move: { arg: {} }",
        "title: mend it, safety: safe, repair: [arg]",
        "title: set it, safety: safe, set: [arg]",
        "title: set it, safety: safe, set: { agr: a }",
        "title: set it, safety: safe, set: { arg: <any> }",
        "title: set it, safety: safe, set: { arg: }",
        "title: Set it., safety: safe, set: { arg: a }",
    ];
    let mut out = String::new();
    for text in fixes {
        out += &of_rule(&rule("message", &fix(text)));
        out += "\n";
    }
    out += &of_lines(&[
        ("message", "message: This does nothing."),
        ("message", "message: ''"),
        ("message", "message: |\n  it does\n  nothing"),
        ("summary", "summary: Pages."),
        ("message", "message: no\nfixes: { title: t, safety: safe, remove: [arg] }"),
        ("message", "message: no\nfixes: []"),
        (
            "message",
            "message: no\nfixes: [{ title: t, safety: safe, remove: [arg] }, { title: u }]",
        ),
        (
            "message",
            "message: no\nfix: { title: t, safety: safe, remove: [arg] }\nfixes:\n  - { title: t, safety: safe, remove: [arg] }",
        ),
        ("message", "message: no\nlabels: here"),
        ("message", "message: no\nlabels: { arg: Here }"),
    ]);
    assert_snapshot!(out);
}

#[test]
fn cases() {
    assert_snapshot!(of_lines(&[
        ("message", "cases: []"),
        ("message", "cases: { message: no }"),
        ("message", "cases:\n  - help: say more"),
        ("message", "message: no\ncases:\n  - { mesage: other }\n  - help: b"),
        ("message", "message: no\ncases:\n  - { report: once }\n  - help: b"),
        ("message", "message: no\ncases:\n  - message: a\n  - message: b"),
        (
            "message",
            "message: no\ncases:\n  - find: { arg: { param: a } }\n  - find: { arg: { param: b } }"
        ),
        ("message", "message: no\nlabels: { size: here }\ncases:\n  - help: a\n  - help: b"),
        ("message", "message: no\ncases:\n  - find: { size: { param: size } }"),
        (
            "message",
            "message: no\nfix: { title: t, safety: safe, set: { size: a } }\ncases:\n  - find: { size: { missing: { param: size } } }\n    at: arg\n  - help: b"
        ),
    ]));
}

#[test]
fn examples() {
    assert_snapshot!(of_lines(&[
        ("examples", "example:"),
        ("  - bad", ""),
        ("  - good", ""),
        ("  - good", "  - good: a\n    at: [a]"),
        ("  - good", "  - good: a\n    bad: b"),
        ("  - good", "  - god: a"),
        ("  - good", "  - good: a\n  - bad: { recording: [{ request: a }] }"),
        ("  - good", "  - good: a<n>\n    with: { n: { times: many, text: b } }"),
        ("  - good", "  - good: a<n>\n    with: { n: { times: 99999999, text: abc } }"),
        ("  - good", "  - good: a\n    with: { n: { times: 3, text: b } }"),
    ]));
}

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

/// What can be known without a request: rules that never match, always do, or are idle.
#[test]
fn rules_that_make_no_sense() {
    let cases = |first: &str, second: &str| {
        format!("cases:\n  - {first}\n  - {second}\nfind: {{ arg: {{ param: page }} }}")
    };
    let same = cases("{ severity: info }", "{ severity: error }");
    let narrower =
        cases("{ if: { method: GET } }", "{ if: { all: [{ method: GET }, { path: /a }] } }");
    let two_operations = API.replace(
        "components:\n",
        "    post: { operationId: makeOrder, tags: [open] }\ncomponents:\n",
    );
    let wider = cases("{ scope: { tag: paged } }", "{ scope: { tag: open } }");
    assert_eq!(of_rule(&rule("find", &wider)), "no mistake\n");
    assert_snapshot!(
        of_lines(&[
            ("find", "find: { arg: { param: [page, page] } }"),
            ("find", "find: { arg: { param: [<any>, page] } }"),
            ("find", "find: { arg: { param: page, is: [a, b, a] } }"),
            ("find", "find: { arg: { param: page, is: [a, '2'], matches: '^[0-9]+$' } }"),
            ("find", "find: { arg: { param: page, is: [a, b], matches: '^[0-9]+$' } }"),
            ("find", "find: { arg: { param: page, is: [US, usa], type: country } }"),
            ("find", "find: { arg: { param: page, is: a, not: { is: a } } }"),
            ("find", "find: { arg: { param: page, not: { is: <any> } } }"),
            ("find", "find: { arg: { param: page, matches: '[a&&b]' } }"),
            ("find", "find: { arg: { param: page, matches: '.*' } }"),
            ("find", "find: { arg: { param: page, text: name, is: size } }"),
            (
                "find",
                "find: { arg: { param: page }, one: { method: GET }, two: { method: POST } }\nat: arg"
            ),
            (
                "find",
                "find: { arg: { param: page }, other: { missing: { param: page } } }\nat: arg"
            ),
            ("find", "find: { arg: { param: page } }\nif: { param: page }"),
            ("find", "find: { arg: { param: page } }\nif: { not: { param: page } }"),
            (
                "find",
                "find: { arg: { param: page } }\nif: { all: [{ method: GET }, { not: { method: GET } }] }"
            ),
            (
                "find",
                "find: { arg: { param: page } }\nif: { any: [{ method: GET }, { not: { method: GET } }] }"
            ),
            (
                "find",
                "find: { arg: { param: page } }\nif: { all: [{ method: GET }, { method: GET }] }"
            ),
            ("find", "find: { arg: { param: page } }\nif: { above: [1, 2] }"),
            ("find", "find: { arg: { param: page } }\nif: { above: [arg, arg] }"),
            ("find", "find: { arg: { param: page } }\nif: { at_least: [arg.length, 0] }"),
            (
                "find",
                "find: { arg: { param: page } }\nif: { above: [{ count: [{ param: [page, size] }] }, 2] }"
            ),
            (
                "find",
                "find: { arg: { param: page } }\nif: { at_least: [{ sum: [arg.length, 3] }, 2] }"
            ),
            ("find", &same),
            ("find", &narrower),
            ("find", "find: { arg: { param: [page, size] } }\nreport: once"),
        ]) + &of_rule(
            &rule("find", "find: { arg: { method: <any> } }")
                .replace("`<arg.name>` does", "this does")
        ) + "\n"
            + &of_rule(
                &rule("find", "find: { arg: { param: [page, size] } }\nreport: once")
                    .replace("does nothing", "is idle")
            )
            + "\n"
            + &mistakes(&[("tables/idle.yaml", TABLE)])
            + "\n"
            + &mistakes(&[
                ("openapi.yaml", &two_operations),
                (
                    "paging/idle-page.yaml",
                    &rule(
                        "find",
                        "find: { arg: { param: page } }\nscope: { tag: paged, operation: makeOrder }"
                    )
                ),
            ])
    );
}

#[test]
fn style_of_messages() {
    assert_snapshot!(of_lines(&[
        ("message", "message: \"`<arg.name>` does nothing!\""),
        ("message", "message: \"`<arg.name>` does nothing:\""),
        ("message", "message: \"`<arg.name> does nothing\""),
        ("message", "message: \"`<arg.name>` does  nothing\""),
        ("summary", "summary: a page,"),
        ("message", "message: \"`<arg.name>` does nothing\"\nlabels: { arg: Here. }"),
        ("message", "message: \"`<arg.name>` does nothing\"\nhelp: Remove it."),
        (
            "message",
            "message: \"`<arg.name>` does nothing\"\nfix: { title: Remove it, safety: safe, remove: arg }"
        ),
    ]));
}

#[test]
fn rules_beside_each_other() {
    let other = rule("id", "id: other-page\nyields_to: [idle-page]");
    let first = rule("id", "id: idle-page\nyields_to: [other-page]");
    let files = [("paging/idle-page.yaml", first.as_str()), ("paging/other-page.yaml", &other)];
    let mut out = mistakes(&files);
    out += "\n";
    out += &mistakes(&[("sorting/idle-page.yaml", RULE)]);
    out += "\n";
    let unknown = rule("id", "id: idle-page\nyields_to: [unquoted-ampersand]");
    let files = pack(&[("paging/idle-page.yaml", &unknown)]);
    assert!(load_pack(&files).is_ok(), "a rule of another pack cannot be known");
    assert!(load_pack_beside(&files, Some(&["unquoted-ampersand".to_owned()])).is_ok());
    let broken = load_pack_beside(&files, Some(&["smart-quotes".to_owned()]));
    out += &rendered(&files, &broken.expect_err("there is no such rule"));
    assert_snapshot!(out);
}

#[test]
fn descriptions() {
    let mut out = String::new();
    for (old, new) in [
        ("openapi: \"3.1.0\"", "swagger: \"2.0\""),
        ("openapi: \"3.1.0\"", "info: {}"),
        ("/orders/{id}:", "orders/{id}:"),
        ("/orders/{id}:", "/orders/{id:"),
        ("components/parameters/page\"", "components/parameters/pages\""),
        ("#/components/parameters/page\"", "shared.yaml#/page\""),
        ("page: { name: page, in: query }", "page: { $ref: \"#/components/parameters/page\" }"),
        ("page: { name: page, in: query }", "page: { name: page, in: body }"),
        ("page: { name: page, in: query }", "page: { name: page }"),
        ("[{ key: [] }]", "[{ keys: [] }]"),
        ("type: apiKey, in: header", "type: apiKey, in: body"),
        ("type: apiKey", "type: apikey"),
        ("components:\n", "    post: { operationId: getOrder }\ncomponents:\n"),
    ] {
        out += &mistakes(&[("openapi.yaml", &API.replace(old, new))]);
        out += "\n";
    }
    assert_snapshot!(out);
}

/// What is wrong in the schemas, parameters and servers of a description.
#[test]
fn schemas_of_descriptions() {
    let schema = |schema: &str| {
        let page = "page: { name: page, in: query }";
        API.replace(page, &format!("page: {{ name: page, in: query, schema: {schema} }}"))
    };
    let texts = [
        schema("{ type: int }"),
        schema("{ type: strng }"),
        schema("{ type: [string, nothing] }"),
        schema("{ enum: [] }"),
        schema("{ enum: open }"),
        schema("{ minimum: low }"),
        schema("{ minimum: 5, maximum: 1 }"),
        schema("{ minLength: -1 }"),
        schema("{ multipleOf: 0 }"),
        schema("{ type: string, pattern: \"(\" }"),
        schema("{ type: object, required: true }"),
        schema("{ properties: [a, b] }"),
        schema("{ oneOf: [] }"),
        schema("{ dependentRequired: { a: b } }"),
        schema("{ type: string, maxLenght: 5 }"),
        schema("text"),
        schema("{ $ref: \"#/components/schemas/Pgae\" }"),
        API.replace("{ name: page, in: query }", "{ name: page, in: query, type: integer }"),
        API.replace("in: query }", "in: query, style: deepobject, schema: {} }"),
        API.replace("in: query }", "in: formData }"),
        API.replace("    get:", "    fetch:"),
        API.replace("paths:\n", "servers: [{ url: \"https://{region}.shop.example\" }]\npaths:\n"),
        API.replace("paths:\n", "servers: [https://shop.example]\npaths:\n"),
        API.replace("paths:\n", "paths:\n  /search?q={q}: {}\n"),
        API.replace(
            "      parameters:\n",
            "      x-dependencies: [IF page b]\n      parameters:\n",
        ),
        API.replace(
            "      parameters:\n",
            "      x-dependencies: [\"Or(pgae, id);\"]\n      parameters:\n",
        ),
        API.replace("      parameters:\n", "      requestBody: {}\n      parameters:\n"),
        API.replace(
            "      parameters:\n",
            "      requestBody: { content: { json: {} } }\n      parameters:\n",
        ),
        API.replace("        - { $ref", "        - { name: key, in: path }\n        - { $ref"),
    ];
    let mut out = String::new();
    for text in &texts {
        out += &mistakes(&[("openapi.yaml", text)]);
        out += "\n";
    }
    assert_snapshot!(out);
}

/// Whatever is cut off or left out, reading goes on, and every caret is in the file.
#[test]
fn sequences() {
    let sequence = |steps: &str| {
        let rule = rule("find", &format!("sequence: {steps}"));
        rule.replace("`<arg.name>` does nothing", "<calls.count> calls")
    };
    let mut out = String::new();
    for steps in [
        "{ calls: { times: 3 } }",
        "[]",
        "[calls, { a: {}, b: {} }]",
        "[{ calls: { param: page } }]",
        "[{ calls: { times: 3 } }]",
        "[{ calls: { times: 0, within: 5 } }]",
        "[{ calls: { times: many, within: 5 days } }]",
        "[{ calls: { times: 2, within: month } }]",
        "[{ calls: { times: 2, within: 400d } }]",
        "[{ calls: { times: 2, within: 1s, same: [key, path, path] } }]",
        "[{ calls: {} }, { retry: {} }]",
        "[{ calls: {} }, { calls: { within: 1s } }]",
        "[{ Calls: { times: 2, within: 1s } }]",
        "[{ calls: { times: 2, within: 1s, find: { a: { parm: x } }, if: { role: b } } }]",
        "[{ calls: { times: 2, within: 1s, find: { a: { param: \"<x>\" } } } }]",
        "[{ calls: { times: 2, within: 1s, scope: { tag: paged } } }]\nif: { param: page }",
        "[{ calls: { times: 2, within: 1s } }]\nfix: { title: wait, safety: manual }",
        "[{ calls: { times: 2, within: 1s } }]\ntable: names",
        "[{ calls: { times: 2, within: 1s } }]\nhelp: wait for `<calls>`",
        "[{ calls: { times: 2, within: 1s } }]\nhelp: wait for `<calls.name>`",
        "[{ calls: { times: 2, within: 1s } }]\nlabels: { other: here }",
        "[{ calls: { times: 2, within: 1s } }]",
    ] {
        out += &of_rule(&sequence(steps));
        out += "\n";
    }
    let recordings = [
        "[]",
        "[{ requests: a }]",
        "[{ request: a, times: 2 }]",
        "[{ request: a, times: x, every: 1s }]",
        "[{ request: a, after: soon, status: ok }]",
        "[{ request: a, times: 9000, every: 1s }, { request: a, times: 9000, every: 1s }]",
        "[{ request: a, status: 429, body: '{}' }], with: { a: { times: 2, text: b } }",
    ];
    for recording in recordings {
        let examples =
            format!("examples:\n  - bad: {{ recording: {recording} }}\n    fixed: a\n  - good: a");
        let text = rule("examples", &examples);
        let text = text.lines().filter(|line| !line.contains("https:"));
        out += &of_rule(&text.fold(String::new(), |text, line| text + line + "\n"));
        out += "\n";
    }
    insta::assert_snapshot!(out);
}

#[test]
fn nothing_panics() {
    for (path, text) in
        [("pack.yaml", PACK), ("openapi.yaml", API), ("paging/idle-page.yaml", RULE)]
    {
        for at in 0..text.len() {
            check_spans(path, &text[..at]);
            check_spans(path, &format!("{}{}", &text[..at], &text[at + 1..]));
            if at % 4 != 0 {
                continue;
            }
            for inserted in ["{", "]", "\"", ": ", "\n", "<", "e\u{301}", "*a", "&a "] {
                check_spans(path, &format!("{}{inserted}{}", &text[..at], &text[at..]));
            }
        }
    }
}

fn check_spans(path: &str, text: &str) {
    let files = pack(&[(path, text)]);
    for file in load_pack(&files).err().into_iter().flatten() {
        let text = files.iter().find(|known| known.path == file.path).map_or("", |file| file.text);
        for diagnostic in file.diagnostics {
            let span = diagnostic.labels[0].span;
            assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
            assert!(diagnostic.help.is_some(), "no help: {} in {text}", diagnostic.message);
        }
    }
}

/// A rule without a `pack.yaml` beside it may have any file name, and speaks about any request.
#[test]
fn loose_rules() {
    let files = [PackFile { path: "mine.yaml", text: RULE }];
    let loaded = load_pack(&files).expect("the rule is sound");
    assert_eq!(loaded.pack.name, "user");
    assert_eq!(loaded.pack.rules[0].id, "idle-page");
    assert!(loaded.pack.servers.is_empty());
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
