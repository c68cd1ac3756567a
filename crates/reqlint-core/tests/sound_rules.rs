//! What sound rules and descriptions are compiled to, and that what was learned with them holds.

mod packs;
#[path = "sound_rules/repeated_lines.rs"]
mod repeated_lines;

use reqlint_core::api::{Api, Location, RouteMatch, Routes, SchemeKind, SegmentText, load_api};
use reqlint_core::pack::DocumentedPack;
use reqlint_core::rule::load::{PackFile, load_pack};
use reqlint_core::rule::pattern::Element;
use reqlint_core::rule::template::{Attribute, Piece};
use reqlint_core::rule::{Condition, Find, Part, PartPlace, Pattern, Rule};

/// A loose rule with these keys, and the ones that every rule has.
fn load(keys: &str) -> DocumentedPack {
    let text = format!(
        "id: a-rule\nseverity: warning\nconsequence: ignored\nsummary: a rule\nwhy: why\n{keys}\n\
         examples:\n  - bad: <n>x\n    with: {{ n: {{ times: 3, text: ab }} }}\n    at: [<n>]\n  - good: <n>\n"
    );
    match load_pack(&[PackFile { path: "a-rule.yaml", text: &text }]) {
        Ok(pack) => pack,
        Err(broken) => panic!("{broken:?} in\n{text}"),
    }
}

fn rule(keys: &str) -> Rule {
    load(keys).pack.rules.remove(0)
}

/// The only alternative of a role.
fn part(rule: &Rule, case: usize, role: usize) -> &Part {
    match &rule.cases[case].roles[role].find {
        Find::Part(parts) => &parts[0],
        Find::Missing(part) => part,
    }
}

fn literals(patterns: &[Pattern]) -> Vec<&str> {
    patterns.iter().map(|pattern| pattern.literal().expect("a literal")).collect()
}

#[test]
fn texts_stay_as_they_are_written() {
    let rule = rule(
        "message: no\nfind: { a: { param: [NO, 0x10, 007, 1.0, ~x, \"null\", e\u{301}, \"\", a<<b] } }",
    );
    let PartPlace::Param(names) = &part(&rule, 0, 0).place else { panic!("a param") };
    assert_eq!(literals(names), ["NO", "0x10", "007", "1.0", "~x", "null", "\u{e9}", "", "a<b"]);
}

#[test]
fn patterns_know_roles_variables_and_cells() {
    let rule = rule(
        "table: [{ en: a, tr: [b, c] }, { tr: d }]\nat: low\nmessage: \"`<low.name>` <x> <row.en>\"\n\
         find: { low: { param: min<x>, is: <high> }, high: { param: [max<x>, '<x>_<row.tr>'] } }",
    );
    let case = &rule.cases[0];
    assert_eq!(case.names, ["low", "high", "x"]);
    assert_eq!(rule.columns, ["en", "tr"]);
    assert_eq!(rule.rows[1].cells, [vec![], vec!["d".to_owned()]]);
    let PartPlace::Param(names) = &part(&rule, 0, 1).place else { panic!("a param") };
    assert_eq!(names[0].elements, [Element::Literal("max".to_owned()), Element::Name(2)]);
    let second = [Element::Name(2), Element::Literal("_".to_owned()), Element::Cell(1)];
    assert_eq!(names[1].elements, second);
    assert_eq!(part(&rule, 0, 0).tests.is[0].elements, [Element::Name(1)]);
    assert_eq!(case.message.pieces[1], Piece::Attribute(0, Attribute::Name));
    assert_eq!(case.message.pieces[5], Piece::Cell(0));
}

#[test]
fn cases_are_complete() {
    let rule = rule(
        "scope: { server: any }\nfind: { a: { param: a }, b: { param: b } }\nat: a\nreport: once\n\
         if: { query: <any> }\nmessage: no\nlabels: { b: here }\nhelp: well\ncases:\n\
         \x20 - { severity: error, if: { fragment: <any> }, scope: { operation: <any> } }\n\
         \x20 - { find: { b: { missing: { param: b } }, c: { host: <h>.org } }, help: see `<h>`, at: h }",
    );
    let [first, second] = rule.cases.as_slice() else { panic!("two cases") };
    assert_eq!((first.scope.len(), second.scope.len()), (2, 1));
    assert!(matches!(&first.condition, Some(Condition::All(both)) if both.len() == 2));
    assert!(matches!(&second.condition, Some(Condition::Part(_))));
    assert_eq!((first.severity.name(), second.severity.name()), ("error", "warning"));
    assert_eq!(second.names, ["a", "b", "c", "h"]);
    assert_eq!((first.subject, second.subject), (0, 3));
    assert!(matches!(second.roles[1].find, Find::Missing(_)));
    assert_eq!(second.labels.len(), 1);
}

#[test]
fn a_case_replaces_all_fixes_of_its_rule() {
    let fix = |title: &str| format!("{{ title: {title}, safety: safe, remove: [a] }}");
    let (one, two, three) = (fix("one"), fix("two"), fix("three"));
    let rule = rule(&format!(
        "message: no\nfind: {{ a: {{ param: a }} }}\nfixes: [{one}, {two}]\ncases:\n\
         \x20 - {{ if: {{ path: /a }}, help: all of them }}\n  - {{ help: another, fix: {three} }}"
    ));
    let counts: Vec<usize> = rule.cases.iter().map(|case| case.fixes.len()).collect();
    assert_eq!(counts, [2, 1]);
    assert_eq!(rule.cases[1].fixes[0].title.pieces, [Piece::Literal("three".to_owned())]);
}

#[test]
fn examples_are_filled() {
    let page = load("message: no\nfind: { a: { param: a } }").pages.remove(0);
    assert_eq!(page.examples[0].text, "abababx");
    assert_eq!(page.examples[0].at.as_deref(), Some(["ababab".to_owned()].as_slice()));
    assert_eq!(page.examples[1].text, "<n>");
}

#[test]
fn a_pack_gives_defaults() {
    let pack = "name: p\nversion: 2\nsummary: s\ndefaults: { severity: info, consequence: style, step: path, scope: { server: any } }\n";
    let text = "id: r\nsummary: s\nwhy: w\nfind: { a: { syntax: <any> } }\nmessage: m\nexamples: [{ bad: a }, { good: b }]\n";
    let files = [("pack.yaml", pack), ("theme/r.yaml", text)];
    let files = files.map(|(path, text)| PackFile { path, text });
    let loaded = load_pack(&files).expect("the pack is sound").pack;
    let rule = &loaded.rules[0];
    assert_eq!((rule.severity.name(), rule.consequence.name()), ("info", "style"));
    assert_eq!((rule.step.as_deref(), rule.cases[0].scope.len()), (Some("path"), 1));
    assert_eq!((loaded.version, rule.pack.as_str()), (2, "p"));
}

const API: &str = r##"openapi: 3.0.3
servers: [{ url: "https://api.example.com/v2/" }, { url: "https://{region}.example.com", variables: { region: { default: eu } } }]
security: [{ key: [] }]
paths:
  /videos/{id}:
    parameters:
      - { name: id, in: path, required: true }
      - { name: lang, in: query }
    get:
      operationId: getVideo
      tags: [video]
      parameters: [{ name: lang, in: query, required: true }, { $ref: "#/components/parameters/Trace~1Id" }]
    put:
      security: []
      requestBody: { $ref: "#/components/requestBodies/Video" }
  /videos/{other}: { delete: { operationId: deleteVideo } }
  /videos/explore: { get: { x-reqlint-partial: true } }
  /files/{name}.json: { get: {} }
  /{any}/explore: { get: {} }
components:
  parameters: { Trace/Id: { name: X-Trace, in: header } }
  requestBodies:
    Video:
      required: true
      content:
        application/json: { schema: { allOf: [{ $ref: "#/components/schemas/Base" }, { required: [title, size], properties: { size: {} } }] } }
        text/plain: {}
        multipart/form-data: { schema: { required: [title], properties: { title: {}, file: {} } } }
  schemas: { Base: { properties: { title: {}, self: { $ref: "#/components/schemas/Base" } }, allOf: [{ $ref: "#/components/schemas/Base" }] } }
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key }, cert: { type: mutualTLS }, token: { type: oauth2 } }
"##;

fn api() -> Api {
    let (api, diagnostics) = load_api(API, "p");
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    api
}

#[test]
fn operations_of_a_description() {
    let api = api();
    assert_eq!(api.servers, ["https://api.example.com", "https://{region}.example.com"]);
    let get = &api.operations[0];
    assert_eq!((get.id.as_str(), get.path.as_str()), ("getVideo", "/v2/videos/{id}"));
    let of = |operation: &reqlint_core::api::Operation| {
        let parameter = |p: &reqlint_core::api::Parameter| (p.name.clone(), p.location, p.required);
        operation.parameters.iter().map(parameter).collect::<Vec<_>>()
    };
    let named = |name: &str, location, required| (name.to_owned(), location, required);
    assert_eq!(
        of(get),
        [
            named("id", Location::Path, true),
            named("lang", Location::Query, true),
            named("X-Trace", Location::Header, false),
        ]
    );
    assert_eq!(get.security, [["key"]]);
    let put = &api.operations[1];
    assert_eq!(put.id, "PUT /v2/videos/{id}");
    assert_eq!(
        of(put)[2..],
        [
            named("title", Location::Body, true),
            named("self", Location::Body, false),
            named("size", Location::Body, false),
            named("file", Location::Body, false),
        ]
    );
    assert_eq!(put.media_types, ["application/json", "text/plain", "multipart/form-data"]);
    assert!(put.security.is_empty());
    assert!(api.operations[3].partial && !get.partial);
    let schemes: Vec<_> = api.security_schemes.iter().map(|scheme| &scheme.kind).collect();
    assert_eq!(schemes, [&SchemeKind::Header("X-Key".to_owned()), &SchemeKind::Bearer]);
}

/// A path with its holes written `*`.
fn find(routes: &Routes, path: &str) -> String {
    let segment = |text: &'static str| match text.split_once('*') {
        None => SegmentText::Known(text),
        Some(("", "")) => SegmentText::Unknown,
        Some((before, after)) => SegmentText::Partly { before, after },
    };
    let path: &'static str = path.to_owned().leak();
    let segments: Vec<_> = path.split('/').skip(1).map(segment).collect();
    let name = |path: &usize| routes.paths[*path].template.trim_start_matches("/v2").to_owned();
    let names = |paths: &[usize]| paths.iter().map(name).collect::<Vec<_>>().join(" ");
    match routes.find(&segments) {
        RouteMatch::None => "none".to_owned(),
        RouteMatch::One { path } => format!("one {}", name(&path)),
        RouteMatch::OneOf(paths) => format!("one of {}", names(&paths)),
        RouteMatch::Maybe(paths) => format!("maybe {}", names(&paths)),
    }
}

#[test]
fn routes() {
    let routes = api().routes();
    let expected = [
        ("/v2/videos/7", "one /videos/{id}"),
        ("/v2/videos/explore", "one /videos/explore"),
        ("/v2/ads/explore", "one /{any}/explore"),
        ("/v2/videos/", "none"),
        ("/v2/videos", "none"),
        ("/v2/files/a.json", "one /files/{name}.json"),
        ("/v2/files/.json", "none"),
        ("/v2/files/explore", "one /{any}/explore"),
        ("/v2/videos/*", "one of /videos/explore /videos/{id}"),
        ("/v2/videos/tt:*", "one /videos/{id}"),
        ("/v2/videos/ex*", "one of /videos/explore /videos/{id}"),
        ("/v2/files/*", "maybe /files/{name}.json /{any}/explore"),
        ("/v2/files/*.json", "one /files/{name}.json"),
        ("/v2/*/explore", "one of /videos/explore /{any}/explore"),
        ("/v2/*/7", "maybe /videos/{id}"),
        ("/*/videos/7", "maybe /videos/{id}"),
        ("/v2/ads/7", "none"),
    ];
    for (path, outcome) in expected {
        assert_eq!(find(&routes, path), outcome, "{path}");
    }
    let videos = routes.paths.iter().find(|path| path.template == "/v2/videos/{id}");
    let videos = videos.expect("it was found above");
    assert_eq!(
        (videos.operations.as_slice(), videos.params.as_slice()),
        (&[0, 1, 2][..], &[("id".to_owned(), 2)][..])
    );
}

/// A variable of the server that has no list of values can be anything; its default comes first.
#[test]
fn a_free_variable_of_the_server_is_a_segment() {
    let text = r#"openapi: 3.1.0
servers: [{ url: "https://a.example/{ver}", variables: { ver: { default: v1 } } }]
paths: { "/a/{id}": { get: { responses: { "200": { description: d } } } } }
"#;
    let (api, diagnostics) = load_api(text, "p");
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let routes = api.routes();
    assert_eq!(find(&routes, "/v1/a/5"), "one /v1/a/{id}");
    assert_eq!(find(&routes, "/v3/a/5"), "one /{ver}/a/{id}");
    assert_eq!(find(&routes, "/v3/b/5"), "none");
    let free = routes.paths.iter().find(|path| path.template == "/{ver}/a/{id}");
    assert_eq!(free.expect("it was found above").params, [("id".to_owned(), 2)]);
}
