//! What a rule says: its keys, cases and sequences, and the rules beside it.

use super::{RULE, assert_snapshot, mistakes, of_lines, of_rule, pack, rendered, rule};
use reqlint_core::rule::load::{load_pack, load_pack_beside};

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
        ("find", "find: { arg: { param: page } }\nreport: [each, once]"),
        ("find", "find: { arg: { param: page } }\nreport:"),
        ("find", "find: { arg: { param: page } }\nreport: all"),
        ("find", "find: { arg: { param: page } }\nyields_to: [idle-pages]"),
        ("find", "find: { arg: { param: page } }\nsequence: [{ a: {} }]"),
        ("find", "find: { arg: { param: page } }\nsource: RFC 9110"),
        ("find", "find: { arg: { param: page } }\nsource: [{ doc: a, says: b, confidence: sure }]"),
    ]));
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
fn rules_beside_each_other() {
    let other = rule("id", "id: other-page\nyields_to: [idle-page]");
    let first = rule("id", "id: idle-page\nyields_to: [other-page]");
    let files = [("paging/idle-page.yaml", first.as_str()), ("paging/other-page.yaml", &other)];
    let mut out = mistakes(&files);
    out += "\n";
    out += &mistakes(&[("sorting/idle-page.yaml", RULE)]);
    out += "\n";
    out += &mistakes(&[("sorting/other-page.yaml", RULE)]);
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
    assert_snapshot!(out);
}
