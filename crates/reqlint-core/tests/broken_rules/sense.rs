//! Rules that can never match, always do, or say nothing.

use super::{API, TABLE, assert_snapshot, mistakes, of_lines, of_rule, rule};

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
            ("find", "find: { arg: { param: page, matches: '^.*$' } }"),
            ("find", "find: { arg: { param: page, text: name, is: size } }"),
            ("find", "find: { arg: { param: page } }\nif: { scheme: ftp:// }"),
            (
                "find",
                "find: { arg: { param: page } }\nif: { host: [a, \"https://api.example.com/v1\"] }"
            ),
            ("find", "find: { arg: { param: page } }\nif: { header: \"Accept:\" }"),
            ("find", "find: { arg: { param: page } }\nif: { status: 4xx }"),
            ("find", "find: { arg: { param: page } }\nif: { status: 200 OK }"),
            ("find", "find: { arg: { param: page } }\nif: { status: 40444 }"),
            ("find", "find: { arg: { param: page } }\nif: { exit_code: timeout }"),
            (
                "find",
                "find: { arg: { param: page } }\nif: { all: [{ method: GET }, { method: [POST, PUT] }] }"
            ),
            (
                "find",
                "find: { arg: { param: page }, verb: { method: GET } }\nat: arg\nif: { method: POST }"
            ),
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

/// Words and questions that look odd, and can hold.
#[test]
fn what_can_match_is_not_refused() {
    for condition in [
        "{ status: 4<any> }",
        "{ status: [404, 410] }",
        "{ header: \":authority\" }",
        "{ host: api.example.com:8080 }",
        "{ json: \"\" }",
        "{ json: /a~1b~0c }",
        "{ json: <any> }",
        "{ any: [{ method: GET }, { method: POST }] }",
        "{ all: [{ method: [GET, PUT] }, { method: [PUT, POST] }] }",
        "{ all: [{ header: accept }, { header: range }] }",
        "{ not: { all: [{ method: GET }, { not: { method: PUT } }] } }",
    ] {
        let find = format!("find: {{ arg: {{ param: page }} }}\nif: {condition}");
        assert_eq!(of_rule(&rule("find", &find)), "no mistake\n", "{condition}");
    }
    let types = "find: { arg: { param: page, type: day } }\nhelp: write `<arg.day>`";
    assert_eq!(of_rule(&rule("find", types)), "no mistake\n");
}
