//! What authors and users of rules work with: tests of rules, configuration, servers, traces.

#[path = "workbench/differential.rs"]
mod differential;
mod support;

use serde_json::Value;
use support::{Folder, Run, reqlint, schema_errors};

/// A rule about any API, with examples that come out as they say.
const RULE: &str = r#"id: page-without-limit
severity: warning
consequence: wrong-data
summary: "`page` counts pages of a size that the server may change"
find:
  page: { param: page }
  limit: { missing: { param: limit } }
at: page
message: "`page=<page>` without `limit` counts pages of unknown size"
fix: { title: add `limit=20`, safety: unsafe, set: { limit: 20 } }
why: The size may change between two requests.
examples:
  - bad: curl "https://api.example.com/orders?page=2"
    at: [page=2]
    fixed: curl "https://api.example.com/orders?page=2&limit=20"
  - good: curl "https://api.example.com/orders?page=2&limit=50"
  - unknown: curl "https://api.example.com/orders?page=2&$MORE"
"#;

const PACK: &str = "name: shop\nversion: 1\nsummary: a shop\nservers: [https://shop.example]\n";
const PAGES: &str = "curl 'https://shop.example/orders?page=2'\n";

fn with_rule(text: &str) -> Folder {
    Folder::new().with("mine/page-without-limit.yaml", text)
}

fn with_pack() -> Folder {
    with_rule(RULE).with("mine/pack.yaml", PACK)
}

/// The rules that a run of `check --format json` reports, with their severities.
fn found(run: &Run) -> Vec<String> {
    let document = run.json();
    let all = document["diagnostics"].as_array().expect("a list").clone();
    let one = |found: &Value| {
        let text = |key: &str| found[key].as_str().expect("a text").to_owned();
        format!("{} {} {}", text("path"), text("severity"), text("rule"))
    };
    all.iter().map(one).collect()
}

#[test]
fn a_new_rule_needs_one_yaml_file() {
    let folder = with_rule(RULE).with("a.sh", "curl 'https://api.example.com/a?page=3'\n");
    let run = folder.run(&["check", "--rules", "mine", "a.sh", "--format", "concise"]);
    assert_eq!(run.code(), 1);
    insta::assert_snapshot!(run.stdout(), @"a.sh:1:33: warning[page-without-limit] `page=3` without `limit` counts pages of unknown size");
    let page = folder.run(&["rule", "page-without-limit", "--rules", "mine"]).succeeds();
    assert!(page.contains("The size may change"), "{page}");
    assert_eq!(folder.run(&["test-rules", "mine"]).code(), 0);
}

/// An API that keeps its schemas in another file.
const API: &str = r##"openapi: "3.1.0"
info: { title: orders, version: "1" }
servers: [{ url: "https://{region}.shop.example/v2", variables: { region: { default: eu } } }]
paths:
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, style: label, schema: { type: integer } }]
    get:
      parameters: [{ name: limit, in: query, schema: { $ref: "shared.yaml#/limit" } }]
    put:
      requestBody: { required: true, content: { application/json: { schema: { $ref: "shared.yaml#/order" } } } }
"##;
const SHARED: &str = "limit: { type: integer, maximum: 100, default: 20 }
order: { type: object, required: [lines], properties: { lines: { type: array, minItems: 1 } } }
";

#[test]
fn a_description_alone_is_enough() {
    let requests = "curl 'https://us.shop.example/v2/orders/.7?limit=500'
curl 'https://eu.shop.example/v2/orders/7'
curl 'https://eu.shop.example/v2/order/.7'
curl -X PUT --json '{\"lines\": []}' 'https://eu.shop.example/v2/orders/.7'
curl -X PUT 'https://eu.shop.example/v2/orders/.7'
curl -X POST 'https://eu.shop.example/v2/orders/.7'
curl 'https://eu.shop.example/v2/orders/.7?limit=5'
curl 'https://other.example/v2/orders/x'
";
    let folder = Folder::new().with("api.yaml", API).with("shared.yaml", SHARED);
    let folder = folder.with("a.sh", requests);
    let check = ["check", "--openapi", "api.yaml", "a.sh", "--format", "concise"];
    let run = folder.run(&check);
    assert_eq!(run.code(), 1, "{}", run.stderr());
    insta::assert_snapshot!(run.stdout());

    let folder = folder.with("shared.yaml", &SHARED.replace("integer", "int"));
    let run = folder.run(&check);
    assert_eq!(run.code(), 2);
    insta::assert_snapshot!(run.stdout(), @"shared.yaml:1:16: error[invalid-description] there is no type `int`");
    let run = folder.run(&["check", "--openapi", "gone.yaml", "a.sh"]);
    assert_eq!((run.code(), run.stdout().as_str()), (2, ""));
    assert!(run.stderr().contains("gone.yaml: "), "{}", run.stderr());
}

#[test]
fn ids_that_are_not_there_are_said() {
    for key in ["yields_to", "instead_of"] {
        let rule = RULE.replace("summary:", &format!("{key}: [unquoted-ampersant]\nsummary:"));
        let run = with_rule(&rule).with("a.sh", PAGES).run(&["check", "--rules", "mine", "a.sh"]);
        assert_eq!(run.code(), 2);
        assert!(run.stdout().contains("there is no rule `unquoted-ampersant`"), "{}", run.stdout());
        assert!(run.stdout().contains("did you mean `unquoted-ampersand`?"), "{}", run.stdout());
    }
}

/// Every request of the fixtures, whatever is missing of it.
#[test]
fn a_rule_with_tables_and_cases_is_traced_everywhere() {
    let root = env!("CARGO_MANIFEST_DIR");
    let [one, two] = ["bad", "winninghunter/bad"].map(|name| format!("{root}/fixtures/{name}"));
    for id in ["unresolved-placeholder", "localized-identifier", "unknown-endpoint"] {
        let run = Folder::new().run(&["check", "--isolated", "--trace-rule", id, &one, &two]);
        assert!(run.code() < 2, "{id}: {}", run.stderr());
        assert!(run.stdout().contains(&format!("{id}: reports")), "{id}: {}", run.stdout());
    }
}

#[test]
fn examples_are_the_tests_of_a_rule() {
    let sound = with_rule(RULE).run(&["test-rules", "mine"]);
    insta::assert_snapshot!(sound.succeeds(), @"1 rule, 3 examples: 3 validated");
    let built_in = Folder::new().run(&["test-rules"]);
    assert_eq!(built_in.code(), 0, "{}", built_in.stdout());

    let broken = RULE
        .replace("orders?page=2\"\n    at", "orders?size=2\"\n    at")
        .replace("&limit=50", "")
        .replace("  - unknown: curl", "  - good: curl")
        + "  - bad: curl \"https://api.example.com/?page=4\"\n    says: nothing\n    fixed: x\n"
        + "  - bad: curl \"https://api.example.com/?page=4\"\n    fixed: x\n";
    let folder = with_rule(&broken);
    let run = folder.run(&["test-rules", "mine"]);
    assert_eq!(run.code(), 1);
    insta::assert_snapshot!("test_rules_text", run.stdout());
    let json = folder.run(&["test-rules", "mine", "--format", "json"]).json();
    assert_eq!(schema_errors("test-rules-v1", &json), Vec::<String>::new());
    assert_eq!(json["summary"]["missing"], 1);
    assert_eq!(json["rules"][0]["examples"][1]["verdict"], "noisy");
    let junit = folder.run(&["test-rules", "mine", "--format", "junit"]);
    insta::assert_snapshot!("test_rules_junit", junit.stdout());
}

#[test]
fn a_fix_that_breaks_another_rule_is_wrong() {
    let other = RULE
        .replace("page-without-limit", "small-limit")
        .replace("  limit: { missing: { param: limit } }", "  limit: { param: limit, is: 20 }")
        .replace("set: { limit: 20 }", "set: { limit: 50 }")
        .replace("?page=2\"\n    at", "?page=2&limit=20\"\n    at")
        .replace("&limit=20\"\n  - good", "&limit=50\"\n  - good")
        .replace("limit=50\"\n  - unknown", "limit=70\"\n  - unknown");
    let run = with_rule(RULE).with("mine/small-limit.yaml", &other).run(&["test-rules", "mine"]);
    assert_eq!(run.code(), 1);
    assert!(run.stdout().contains("the fixed text breaks `small-limit`"), "{}", run.stdout());
}

#[test]
fn a_case_that_nothing_reaches_is_said() {
    let cases = "cases:\n  - { if: { method: GET } }\n  - { if: { method: POST } }\nwhy";
    let run = with_rule(&RULE.replace("why", cases)).run(&["test-rules", "mine"]);
    assert_eq!(run.code(), 1);
    assert!(run.stdout().contains("unreached: case 2"), "{}", run.stdout());
}

const GONE: &str = "\
id: page-is-gone
summary: the page is gone
if: { status: 410 }
causes: [page-without-limit]
retry: never
why: It was there.
examples:
  - seen: |
      $ curl -i \"https://shop.example/orders?page=2\"
      HTTP/1.1 410 Gone
    first: page-without-limit
  - not_seen: 403 https://shop.example/
";

#[test]
fn examples_are_the_tests_of_a_symptom() {
    let rule = RULE.replace("api.example.com", "shop.example");
    let with = |gone: &str| {
        let folder = with_rule(&rule).with("mine/pack.yaml", PACK);
        folder.with("mine/symptoms/page-is-gone.yaml", gone)
    };
    let sound = with(GONE).run(&["test-rules", "mine"]);
    insta::assert_snapshot!(sound.succeeds(), @"1 rule, 1 symptom, 5 examples: 5 validated");

    let broken = GONE.replace("403", "410").replace("page=2", "size=2")
        + "  - seen: 500 https://shop.example/\n  - unknown: hello\n";
    let folder = with(&broken);
    let run = folder.run(&["test-rules", "mine"]);
    assert_eq!(run.code(), 1);
    insta::assert_snapshot!("test_symptoms_text", run.stdout());
    let json = folder.run(&["test-rules", "mine", "--format", "json"]).json();
    assert_eq!(schema_errors("test-rules-v1", &json), Vec::<String>::new());
    assert_eq!(json["summary"]["wrong_cause"], 1);
    assert_eq!(json["symptoms"][0]["examples"][1]["verdict"], "noisy");
    let junit = folder.run(&["test-rules", "mine", "--format", "junit"]);
    assert!(
        junit.stdout().contains("<testsuite name=\"page-is-gone\" tests=\"4\""),
        "{}",
        junit.stdout()
    );

    let alone = folder.run(&["test-rules", "mine/symptoms/page-is-gone.yaml"]);
    assert_eq!(alone.code(), 2);
    assert_eq!(alone.stderr().matches("error[").count(), 1, "{}", alone.stderr());
}

#[test]
fn an_example_without_a_request_tests_nothing() {
    let text = RULE.replace(
        "  - good: curl \"https://api.example.com/orders?page=2&limit=50\"",
        "  - good: hello",
    );
    let run = with_rule(&text).run(&["test-rules", "mine"]);
    assert_eq!(run.code(), 1);
    assert!(run.stdout().contains("no request is found in this example"), "{}", run.stdout());
}

#[test]
fn files_that_are_no_text_are_told() {
    let run =
        with_rule(RULE).with_bytes("mine/latin.yaml", b"id: \xe9").run(&["test-rules", "mine"]);
    assert_eq!(run.code(), 2);
    assert!(
        run.stderr().contains("latin.yaml: not in UTF-8; save it as UTF-8"),
        "{}",
        run.stderr()
    );
}

#[test]
fn servers_are_mapped_to_packs() {
    let local = "curl 'http://localhost:8080/orders?page=2'\n";
    let folder = with_pack().with("a.sh", PAGES).with("b.sh", local);
    let check = |more: &[&str]| {
        found(&folder.run(&[&["check", "--rules", "mine", "--format", "json"], more].concat()))
    };
    assert_eq!(check(&[]), ["a.sh warning page-without-limit"]);
    let both = ["a.sh warning page-without-limit", "b.sh warning page-without-limit"];
    assert_eq!(check(&["--server", "http://localhost:8080=shop"]), both);
    assert_eq!(check(&["--server", "localhost:8080=shop"]), both);
    // What the user says counts more than what a pack says.
    assert!(
        check(&["--server", "https://shop.example=winninghunter", "--select", "shop"]).is_empty()
    );
    for (wrong, says) in [
        ("http://a", "names no pack"),
        ("http://a=shp", "did you mean `shop`?"),
        ("http://a=http", "speaks about every server already"),
        ("http://a/b=shop", "is no origin"),
    ] {
        let run = folder.run(&["check", "--rules", "mine", "--server", wrong]);
        assert_eq!(run.code(), 2);
        assert!(run.stderr().contains(says), "{}", run.stderr());
    }
}

/// Two packs that are about different servers with the same paths.
#[test]
fn packs_do_not_speak_about_each_others_servers() {
    let other_rule = RULE.replace("page-without-limit", "page-is-cursor");
    let other = PACK.replace("shop", "store") + "paths: [/v1/]\n";
    let folder = with_rule(RULE)
        .with("mine/pack.yaml", &(PACK.to_owned() + "paths: [/v1/orders/]\n"))
        .with("other/page-is-cursor.yaml", &other_rule)
        .with("other/pack.yaml", &other)
        .with("a.sh", "curl 'https://shop.example/v1/orders/?page=1'\n")
        .with("b.sh", "curl 'https://store.example/v1/orders/?page=1'\n")
        .with("c.sh", "curl \"$BASE/v1/orders/?page=1\"\n")
        .with("d.sh", "curl \"$BASE/v1/carts/?page=1\"\n")
        .with("e.sh", "curl 'https://elsewhere.example/v1/orders/?page=1'\n");
    let rules = ["check", "--rules", "mine", "--rules", "other", "--format", "json"];
    let expected = [
        "a.sh warning page-without-limit",
        "b.sh warning page-is-cursor",
        "c.sh warning page-without-limit",
        "d.sh warning page-is-cursor",
    ];
    assert_eq!(found(&folder.run(&rules)), expected);
}

/// A pack of the user's says a general rule in its own words: one finding, not two.
#[test]
fn packs_refine_general_rules() {
    let description = "openapi: 3.0.3\ninfo: { title: shop, version: '1' }\npaths:\n  \
                       /v1/orders:\n    get: { operationId: listOrders }\n";
    let rule = "id: shop-wrong-method\nextends: wrong-method\nseverity: info\n\
                summary: the shop takes other methods\nwhy: it answers 404, not 405\nexamples:\n\
                - bad: curl -X DELETE https://shop.example/v1/orders\n  \
                fixed: curl -X GET https://shop.example/v1/orders\n\
                - good: curl https://shop.example/v1/orders\n";
    let folder = Folder::new()
        .with("mine/pack.yaml", &(PACK.to_owned() + "openapi: openapi.yaml\n"))
        .with("mine/openapi.yaml", description)
        .with("mine/shop-wrong-method.yaml", rule)
        .with("a.sh", "curl -X DELETE https://shop.example/v1/orders\n");
    assert_eq!(folder.run(&["test-rules", "mine"]).code(), 0);
    let run = folder.run(&["check", "--rules", "mine", "a.sh", "--format", "json"]);
    assert_eq!(found(&run), ["a.sh info shop-wrong-method"]);
}

#[test]
fn a_configuration_is_found_above_and_obeyed() {
    // Rule files hold requests, and are none: a search passes over them.
    let config = r#"
rules = ["lint/mine"]
exclude = ["vendor"]
include = ["*.req"]
fail-on = "error"
[servers]
"http://localhost:8080" = "shop"
[severity]
page-without-limit = "info"
[[files]]
paths = ["docs/**/*.sh"]
severity = { page-without-limit = "error" }
[[files]]
paths = ["tests/**"]
ignore = ["shop"]
"#;
    let folder = Folder::new()
        .with("lint/mine/page-without-limit.yaml", &RULE.replace("api.example.com", "shop.example"))
        .with("lint/mine/pack.yaml", PACK)
        .with("reqlint.toml", config)
        .with("sub/a.sh", PAGES)
        .with("sub/local.sh", "curl 'http://localhost:8080/orders?page=2'\n")
        .with("docs/deep/b.sh", PAGES)
        .with("tests/c.sh", PAGES)
        .with("vendor/d.sh", PAGES)
        .with("e.req", PAGES);
    let check = |more: &[&str]| folder.run(&[&["check", "--format", "json"], more].concat());
    let run = check(&[]);
    assert_eq!(run.code(), 1, "{}", run.stderr());
    let all = [
        "docs/deep/b.sh error page-without-limit",
        "e.req info page-without-limit",
        "sub/a.sh info page-without-limit",
        "sub/local.sh info page-without-limit",
    ];
    assert_eq!(found(&run), all);
    let run = check(&["sub"]);
    assert_eq!((run.code(), found(&run).len()), (0, 2));
    assert_eq!(check(&["sub", "--fail-on", "info"]).code(), 1);
    assert_eq!(found(&check(&["sub/a.sh", "--severity", "shop=warning"])).len(), 1);
    let pinned = check(&["docs", "--severity", "page-without-limit=warning"]);
    assert_eq!(found(&pinned), ["docs/deep/b.sh warning page-without-limit"]);
    assert_eq!(found(&check(&["--select", "shop", "tests"])).len(), 1);
    assert!(found(&check(&["--isolated"])).is_empty());
    assert!(found(&check(&["vendor/d.sh"])).is_empty());
    // From a folder below, the same file holds.
    let below = Folder::new()
        .with("reqlint.toml", "ignore = [\"trailing-slash\"]\n")
        .with("deep/er/x.sh", "curl 'https://app.winninghunter.com/api/v1/credits/'\n");
    let run = below.run_in("deep/er", &["check", "--format", "concise"]);
    assert!(!run.stdout().contains("trailing-slash"), "{}", run.stdout());
    let run = below.run_in("deep/er", &["check", "--format", "concise", "--isolated"]);
    assert!(run.stdout().contains("trailing-slash"), "{}", run.stdout());
    let run = below.run_in("deep/er", &["check", "--config", "nowhere.toml"]);
    assert_eq!(run.code(), 2);
}

#[test]
fn the_configuration_that_holds_is_shown() {
    let folder = with_pack().with(
        "reqlint.toml",
        "rules = [\"mine\"]\nignore = [\"http\"]\n[severity]\n\"shop\" = \"info\"\n[[files]]\npaths = [\"a\\\"b\"]\nignore = [\"shop\"]\n",
    );
    let run = folder.run(&[
        "check",
        "--show-config",
        "--severity",
        "shop=error",
        "--server",
        "http://a=shop",
        "--ignore",
        "trail*",
    ]);
    insta::assert_snapshot!(run.succeeds());
    let again = Folder::new()
        .with("mine/pack.yaml", PACK)
        .with("mine/page-without-limit.yaml", RULE)
        .with("reqlint.toml", &run.stdout())
        .run(&["check", "--show-config"]);
    assert_eq!(again.succeeds(), run.stdout());
}

/// Every mistake in the file has its place and its mend.
#[test]
fn mistakes_in_the_configuration_are_shown() {
    let mut said = String::new();
    for text in [
        "rules = [\"mine\"\n",
        "rules = \"mine\"\n",
        "rules = [1]\n",
        "selct = []\nignore = [\"\"]\n",
        "ignore = [\"trailing-slsh\", \"tag:perod\", \"step:pth\", \"consequence:leek\"]\n",
        "fail-on = \"warnings\"\n",
        "exclude = [\"a[\"]\n",
        "servers = [\"a\"]\n",
        "[servers]\n\"ftp://a\" = \"http\"\n\"http://a\" = \"winninghuntr\"\n",
        "[severity]\ntrailing-slash = \"eror\"\nno-such-rule = \"info\"\n",
        "[[files]]\nignore = [\"http\"]\n",
        "[[files]]\npaths = [\"a\"]\nseverty = 1\n",
        "files = 1\n",
        "rules = [\"nope/\"]\n",
        "select: [http]\n",
        "select = []\nselect = []\n",
        "severity = 1\n",
    ] {
        let folder = Folder::new().with("reqlint.toml", text);
        let run = folder.run(&["check"]);
        assert_eq!(run.code(), 2, "{text}");
        let shown: Vec<String> =
            run.stdout().lines().map(|line| line.trim_end().to_owned()).collect();
        said += &format!("{}\n{}\n", text.trim_end(), shown.join("\n"));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_trace_says_why_a_rule_is_silent() {
    let requests = "curl 'https://shop.example/orders?page=2&limit=5'\n\
                    curl \"https://shop.example/orders?page=2&$MORE\"\n\
                    curl 'https://shop.example/orders?page=2'\n\
                    curl 'https://other.example/orders?page=2'\n";
    let folder = with_pack().with("a.sh", requests);
    let arguments = [
        "check",
        "a.sh",
        "--rules",
        "mine",
        "--trace-rule",
        "page-without-limit",
        "--select",
        "shop",
    ];
    let run = folder.run(&[&arguments[..], &["--format", "concise"]].concat());
    insta::assert_snapshot!(run.stdout());
    let json = folder.run(&[&arguments[..], &["--format", "json"]].concat()).json();
    assert_eq!(schema_errors("check-v1", &json), Vec::<String>::new());
    let outcomes: Vec<&Value> =
        json["traces"].as_array().expect("a list").iter().map(|trace| &trace["outcome"]).collect();
    assert_eq!(outcomes, ["no", "unknown", "yes", "no"]);
    let run = folder.run(&["check", "--trace-rule", "trailing-slsh"]);
    assert_eq!(run.code(), 2);
    assert!(run.stderr().contains("did you mean `trailing-slash`?"), "{}", run.stderr());
}

#[test]
fn what_cannot_be_decided_is_said_when_asked() {
    let text = "curl -H \"X-API-Key: $KEY\" \"https://shop.example/orders?page=2&$MORE\"\n";
    let folder = with_pack().with("a.sh", text);
    let arguments = ["check", "--rules", "mine", "--show-unknown", "--select", "shop"];
    let run = folder.run(&[&arguments[..], &["--format", "concise"]].concat());
    assert_eq!(run.code(), 0);
    insta::assert_snapshot!(run.stdout(), @"a.sh:1:56: unknown[page-without-limit] depends on `$MORE`");
    let json = folder.run(&[&arguments[..], &["--format", "json"]].concat()).json();
    assert_eq!(schema_errors("check-v1", &json), Vec::<String>::new());
    assert_eq!(json["unknown"][0]["holes"][0]["text"], "$MORE");
}

/// Traces show values; secrets are none of them.
#[test]
fn traces_show_no_secret() {
    let key = "wh_000102030405060708090a0b0c0d0e0f0001020304050607";
    let text = format!(
        "curl -H 'X-API-Key: {key}' 'https://app.winninghunter.com/api/v1/brands?api_key={key}'\n"
    );
    let folder = Folder::new().with("a.sh", &text);
    let rules = folder.run(&["rules", "--format", "json"]).json();
    let packs = rules["packs"].as_array().expect("a list").clone();
    let all = packs.iter().flat_map(|pack| pack["rules"].as_array().expect("a list"));
    let ids = all.map(|rule| rule["id"].as_str().expect("a text"));
    let ids: Vec<&str> = ids.filter(|id| id.contains("key") || id.contains("secret")).collect();
    assert!(ids.len() > 3, "{ids:?}");
    for (number, id) in ids.into_iter().enumerate() {
        let format = ["concise", "json"][number % 2];
        let run = folder.run(&["check", "--trace-rule", id, "--show-unknown", "--format", format]);
        assert!(!run.stdout().contains("000102030405"), "{id}: {}", run.stdout());
    }
}

#[test]
fn examples_of_ones_own_rules_are_run_when_they_are_used() {
    let broken = RULE.replace("&limit=50", "");
    let folder = with_rule(&broken).with("a.sh", "curl https://api.example.com/\n");
    let run = folder.run(&["check", "--rules", "mine", "a.sh"]);
    assert_eq!(run.code(), 0);
    assert!(run.stderr().contains("mine/page-without-limit.yaml: an example"), "{}", run.stderr());
    assert_eq!(folder.run(&["check", "-q", "--rules", "mine", "a.sh"]).stderr(), "");
}

#[test]
fn a_started_rule_is_valid_and_passes_its_tests() {
    let folder = Folder::new();
    let run = folder.run(&["new-rule", "sort-without-order", "--out", "mine"]);
    assert!(run.succeeds().contains("mine/sort-without-order.yaml"), "{}", run.stdout());
    let run = folder.run(&["test-rules", "mine/sort-without-order.yaml"]);
    assert_eq!(run.succeeds(), "1 rule, 3 examples: 3 validated\n");
    let text = std::fs::read_to_string(folder.path().join("mine/sort-without-order.yaml"));
    let text = text.expect("it was written");
    assert_eq!(Folder::new().run(&["new-rule", "sort-without-order"]).succeeds(), text);
    assert_eq!(made_schema_errors("rule", &yaml(&text)), Vec::<String>::new());
    let again = folder.run(&["new-rule", "sort-without-order", "--out", "mine"]);
    assert_eq!(again.code(), 2);
    assert!(again.stderr().contains("exists"), "{}", again.stderr());
    assert_eq!(folder.run(&["new-rule", "Sort It"]).code(), 2);
}

/// The rules of a pack are about its servers only.
#[test]
fn a_rule_started_in_a_pack_is_about_its_server() {
    let pack = "name: shop\nversion: 1\nsummary: a shop\nservers: [https://shop.example.org]\n";
    let folder = Folder::new().with("shop/pack.yaml", pack);
    folder.run(&["new-rule", "sort-without-order", "--out", "shop"]).succeeds();
    let run = folder.run(&["test-rules", "shop"]);
    assert_eq!(run.succeeds(), "1 rule, 3 examples: 3 validated\n");
}

/// The committed pages are those that the rules make.
#[test]
fn pages_of_rules_are_fresh() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = root.join("docs/rules").display().to_string();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        reqlint(&["docs", "--out", &out]).succeeds();
    }
    let run = reqlint(&["docs", "--out", &out, "--check"]);
    assert_eq!(run.code(), 0, "run the tests with UPDATE_DOCS=1\n{}", run.stderr());
}

#[test]
fn pages_are_written_into_a_folder() {
    let folder = with_rule(RULE);
    folder.run(&["docs", "--out", "pages", "--rules", "mine"]).succeeds();
    let page = std::fs::read_to_string(folder.path().join("pages/mine/page-without-limit.md"));
    insta::assert_snapshot!(page.expect("it was written"));
    assert_eq!(folder.run(&["docs", "--out", "pages", "--check", "--rules", "mine"]).code(), 0);
    // Without the rule its page is stale, and goes.
    let stale = folder.run(&["docs", "--out", "pages", "--check"]);
    assert_eq!(stale.code(), 1);
    assert!(stale.stderr().contains("pages/mine/page-without-limit.md"), "{}", stale.stderr());
    let folder = folder.with("pages/mine/notes.md", "somebody's own");
    folder.run(&["docs", "--out", "pages"]).succeeds();
    assert!(!folder.path().join("pages/mine/page-without-limit.md").exists());
    assert!(folder.path().join("pages/mine/notes.md").exists());
    let all = folder.run(&["docs", "--rules", "mine"]).succeeds();
    assert!(all.contains("# page-without-limit") && all.contains("# trailing-slash"));
}

const SCHEMAS: [&str; 5] = ["rule", "pack", "symptom", "table", "config"];

/// Where a document differs from the schema that the program prints.
fn made_schema_errors(name: &str, document: &Value) -> Vec<String> {
    let schema = reqlint(&["schema", name]).json();
    support::errors(&schema, document)
}

#[test]
fn schemas_are_fresh() {
    for name in SCHEMAS {
        let made = reqlint(&["schema", name]).succeeds();
        let path = format!("{}/docs/schemas/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &made).expect("docs/schemas can be written");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == made, "{path} is stale; run the tests with UPDATE_DOCS=1");
    }
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("it is YAML")
}

/// What an editor would say of the files that are built in: nothing.
/// `help: null` in a rule that extends a general one, and in one that does not.
#[test]
fn only_refinements_drop_keys() {
    let rule = |extends: &str| {
        yaml(&format!(
            "id: unknown-endpoint\n{extends}summary: a path that is not there\nwhy: it is not\n\
             help: null\nfind: {{ path: {{ path: <any> }} }}\nmessage: no such path\n\
             examples: [{{ bad: https://a.example/b }}]\n"
        ))
    };
    let refined = made_schema_errors("rule", &rule("extends: unknown-endpoint\n"));
    assert_eq!(refined, Vec::<String>::new());
    assert_ne!(made_schema_errors("rule", &rule("")), Vec::<String>::new());
}

#[test]
fn built_in_files_fit_their_schemas() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut folders = vec![root];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of rules") {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let parent = path.parent().and_then(|parent| parent.file_name()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let schema = match (name.as_str(), parent.to_str()) {
                ("pack.yaml", _) => "pack",
                (_, Some("tables")) => "table",
                (_, Some("symptoms")) => "symptom",
                ("openapi.yaml", _) => continue,
                (name, _) if name.ends_with(".yaml") => "rule",
                _ => continue,
            };
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let errors = made_schema_errors(schema, &yaml(&text));
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

/// What an editor says of files with mistakes names the key.
#[test]
fn schemas_name_the_mistake() {
    let mut said = String::new();
    for (old, new) in [
        ("id: page-without-limit\n", ""),
        ("severity: warning", "severity: eror"),
        ("consequence:", "consequense:"),
        ("page: { param: page }", "page: { parm: page }"),
        ("page: { param: page }", "page: { param: page, header: a }"),
        ("page: { param: page }", "page: { is: x }"),
        ("page: { param: page }", "page: { param: page, in: body }"),
        ("page: { param: page }", "page: { any: { param: page } }"),
        ("page: { param: page }", "page: page"),
        ("{ missing: { param: limit } }", "{ missing: { param: limit }, param: page }"),
        ("at: page\n", "at: page\nif: { all: [{ nott: { param: a } }] }\n"),
        ("at: page\n", "at: page\nif: { all: { param: a } }\n"),
        ("at: page\n", "at: page\nif: { above: [1] }\n"),
        ("at: page\n", "at: page\nif: { above: [{ lenth: 1 }, 2] }\n"),
        ("at: page\n", "at: page\nreport: all\n"),
        ("at: page\n", "at: page\nscope: {}\n"),
        ("safety: unsafe", "safety: sure"),
        ("set: { limit: 20 }", "sett: { limit: 20 }"),
        ("safety: unsafe, set: { limit: 20 }", "safety: unsafe"),
        ("why: The size may change between two requests.\n", ""),
        ("  - good:", "  - god:"),
        ("  - good:", "  - bad: x\n    good:"),
        ("message:", "messages:"),
    ] {
        assert!(RULE.contains(old), "{old}");
        let errors = made_schema_errors("rule", &yaml(&RULE.replace(old, new)));
        assert!(!errors.is_empty(), "{new}");
        said += &format!("{}\n    {}\n", new.trim_end().replace('\n', "⏎"), errors.join("\n    "));
    }
    for (schema, text) in [
        ("pack", "nam: x\nversion: 1\nsummary: a shop\n"),
        ("pack", "name: x\nversion: one\nsummary: a shop\n"),
        (
            "symptom",
            "id: a\nsummary: a thing\nif: { status: 404 }\nretry: never\nwhy: b\nexamples: [{ sen: c }]\n",
        ),
        ("table", "- { Wrong Word: a }\n"),
        ("table", "wrong: a\n"),
        ("config", "selct: []\n"),
        ("config", "severity: { a: eror }\n"),
        ("config", "files: [{ path: [a] }]\n"),
    ] {
        let errors = made_schema_errors(schema, &yaml(text));
        assert!(!errors.is_empty(), "{text}");
        said += &format!(
            "{schema}: {}\n    {}\n",
            text.trim_end().replace('\n', "⏎"),
            errors.join("\n    ")
        );
    }
    insta::assert_snapshot!(said);
}
