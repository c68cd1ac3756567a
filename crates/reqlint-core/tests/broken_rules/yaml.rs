//! What is no YAML.

use super::{assert_snapshot, of_lines, of_rule};
use std::fmt::Write;

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
        ("summary", "summary: #pages"),
        ("message", "message: - nothing"),
        ("message", "message: | does nothing"),
        ("message", "message: ? what"),
        ("message", "message: \"`page` does nothing\nhelp: no"),
        ("severity", "severity:warning"),
        ("severity", "severity = warning"),
        ("severity", "severity： warning"),
        ("why", "why: |\nIt is not read."),
        ("find", "find: { arg: { json: #/page } }"),
        ("find", "find: { arg: { param: page }\nif: { param: size }"),
        ("find", "find:\n  arg: { param: page }\n   at: arg"),
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
