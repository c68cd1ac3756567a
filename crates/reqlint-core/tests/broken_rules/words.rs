//! What a rule tells: messages, fixes and examples.

use super::{assert_snapshot, of_lines, of_rule, rule};

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
        "title: set it, safety:safe, set: { arg: a }",
        "title: set it, safety: [safe, unsafe], set: { arg: a }",
        "title: set it, safety: safe, set: { arg: a }, remove: [arg]",
        "titel: set it, safety: safe, sett: { arg: a }",
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
fn examples() {
    assert_snapshot!(of_lines(&[
        ("examples", "example:"),
        ("  - bad", ""),
        ("  - good", ""),
        ("  - good", "  - good: a\n    at: [a]"),
        ("  - good", "  - good: a\n    bad: b"),
        ("  - good", "  - god: a"),
        ("  - bad", "  - at: [a]"),
        ("  - good", "  - good: a\n  - bad: { recording: [{ request: a }] }"),
        ("  - good", "  - good: a<n>\n    with: { n: { times: many, text: b } }"),
        ("  - good", "  - good: a<n>\n    with: { n: { times: 99999999, text: abc } }"),
        ("  - good", "  - good: a\n    with: { n: { times: 3, text: b } }"),
    ]));
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
