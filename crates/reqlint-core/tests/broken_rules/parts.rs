//! What a rule asks: parts, names and conditions.

use super::{assert_snapshot, of_lines, rendered, rule};
use reqlint_core::rule::load::{PackFile, load_pack};

const MESSAGE: &str = "message: \"`<arg.name>` does nothing\"\n";

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
        ("find", "find: { arg: { param: page, in: [query, form] } }"),
        ("find", "find: { arg: { param: page, matches: ['^a', b] } }"),
        ("find", "find: { arg: { json: $.a.b } }"),
        ("find", "find: { arg: { json: /a~2 } }"),
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
        ("message", "message: \"`<arg.day>` does nothing\""),
        ("message", "message: \"`<arg.code>` does nothing\""),
        ("message", "message: no\nif: { above: [page, 10] }"),
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
        ("message", "message: no\nif: { declares: { path: /ordres/1 } }"),
        ("message", "message: no\nif: { declares: { param: pgae } }"),
        ("message", "message: no\nif: { declares: { method: PUT } }"),
        ("message", "message: no\nif: { declares: { header: X-Page } }"),
        ("message", "message: no\nif: { statuss: 404 }"),
        ("message", "message: no\nscope: { tag: pagd }"),
        ("message", "message: no\nscope: { operation: [<any>, getOrders] }"),
        ("message", "message: no\nscope: { server: same }"),
        ("message", "message: no\nscope: { path: /orders }"),
    ]));
}

/// What a pack without a description cannot ask.
#[test]
fn questions_to_no_description() {
    let asking = [
        ("message", "message: no\nif: { declares: { param: page } }"),
        ("message", "message: no\nif: { declares: { tag: paged } }"),
        ("find", "find: { arg: { param: page, valid: false } }"),
        ("find", "find: { arg: { missing: { credential: <any> } } }\nhelp: send <arg.name>"),
        ("find", "find: { arg: { route: <any> } }\nmessage: no"),
    ];
    let pack = "name: shop\nversion: 1\nsummary: a shop\n";
    let mut out = String::new();
    for (line, new) in asking {
        let text = rule(line, new);
        let text = if new.contains("message: no") { text.replace(MESSAGE, "") } else { text };
        let files = [
            PackFile { path: "pack.yaml", text: pack },
            PackFile { path: "idle-page.yaml", text: &text },
        ];
        let broken = load_pack(&files).expect_err("nothing answers");
        out += &rendered(&files, &broken);
        out += "\n";
        // A general pack is tried for the descriptions of others.
        let general = format!("{pack}for_each_api: true\n");
        let files = [PackFile { path: "pack.yaml", text: &general }, files[1]];
        assert!(load_pack(&files).is_ok(), "{new}");
    }
    assert_snapshot!(out);
}
