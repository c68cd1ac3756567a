//! Fixes in texts around requests, in forms of their own, and through the strings that hold commands.

use super::read;
use super::support::Folder;

/// Texts in which commands and messages stand, before and after fixes of the pack in
/// `fixtures/fixes`.
#[test]
fn texts_around_requests_stay_as_they_are() {
    let lines = "> ```http\n> GET https://e.x/a\n>   ?b=2\n>   &old=1\n>   &c=3\n>\n> ###\n>\n> GET https://e.x/a\n>   ?old=1\n>   &b=2\n> ```\n";
    let lines_fixed = "> ```http\n> GET https://e.x/a\n>   ?b=2\n>   &c=3\n>\n> ###\n>\n> GET https://e.x/a\n>   ?b=2\n> ```\n";
    let quoted = "> Text.\n>\n> ```sh\n> curl 'https://e.x/a?old=1&b=2' \\\n>   -H 'X-Old: 1' \\\n>   -d a=1\n> ```\n>\n> ```http\n> GET https://e.x/head\n> A: b\n> ```\n";
    let quoted_fixed = "> Text.\n>\n> ```sh\n> curl 'https://e.x/a?b=2' \\\n>   -d a=1\n> ```\n>\n> ```http\n> GET https://e.x/head\n> A: b\n> X-New: it's\n> ```\n";
    let yaml = "run: |\n  curl 'https://e.x/a?old=1&b=2' \\\n    -H 'X-Old: 1'\nmore: curl 'https://e.x/a?b=2&old=1'\n";
    let yaml_fixed = "run: |\n  curl 'https://e.x/a?b=2'\nmore: curl 'https://e.x/a?b=2'\n";
    let pack = format!("{}/fixtures/fixes", env!("CARGO_MANIFEST_DIR"));
    let cases = [
        ("a.md", quoted, quoted_fixed),
        ("b.md", lines, lines_fixed),
        ("a.yaml", yaml, yaml_fixed),
    ];
    for (name, text, fixed) in cases {
        let folder = Folder::new().with(name, text);
        let run = folder.run(&[
            "check",
            "--fix-only",
            "--unsafe-fixes",
            "--rules",
            &pack,
            "--select",
            "edits",
            name,
        ]);
        assert_eq!((run.code(), read(&folder, name).as_str()), (0, fixed), "{}", run.stderr());
    }
}

/// Forms that are known by the names of their files, before and after fixes of the same pack: what
/// is added stands as its neighbours do.
#[test]
fn each_form_keeps_its_own_notation() {
    let bruno = |more: &str| {
        format!("get {{\n  url: https://e.x/a\n}}\n\nheaders {{\n  A: b\n{more}  ~C: d\n}}\n")
    };
    let insomnia = |more: &str| {
        format!(
            "type: collection.insomnia.rest/5.0\ncollection:\n  - url: https://e.x/head\n    method: GET\n    headers:\n      - name: A\n        value: b\n{more}"
        )
    };
    let yaml = |more: &str| {
        format!(
            "tests:\n  - name: list\n    request:\n      method: GET\n      url: https://e.x/head\n      headers:\n        A: b\n{more}"
        )
    };
    let query = |more: &str| {
        format!(
            "tests:\n  - request:\n      method: GET\n      url: https://e.x/add\n      params:\n        a: \"1\"\n{more}"
        )
    };
    let hurl = |more: &str| format!("GET https://e.x/head\nA: b\n{more}HTTP 200\n");
    let python = |more: &str| {
        format!("import requests\n\nrequests.get('https://e.x/head', headers={{'A': 'b'{more}}})\n")
    };
    let javascript = |more: &str| {
        format!("fetch(\"https://e.x/head\", {{\n  headers: {{\n    A: \"b\"{more},\n  }},\n}});\n")
    };
    let old = |more: &str| {
        format!(
            "tests:\n  - request:\n      method: GET\n      url: https://e.x/a\n      headers:\n{more}        A: b\n"
        )
    };
    let pack = format!("{}/fixtures/fixes", env!("CARGO_MANIFEST_DIR"));
    let cases = [
        // What the collection around it adds is not known, so that no header is surely missing.
        ("a.bru", bruno("  X-Old: 1\n"), bruno("")),
        ("a.yaml", insomnia(""), insomnia("      - name: X-New\n        value: it's\n")),
        ("b.yaml", yaml(""), yaml("        X-New: it's\n")),
        ("c.yaml", query(""), query("        need: \"1 & 'é'\"\n")),
        ("d.yaml", old("        X-Old: 1\n"), old("")),
        ("a.hurl", hurl(""), hurl("X-New: it's\n")),
        ("a.py", python(""), python(", 'X-New': 'it\\'s'")),
        ("a.js", javascript(""), javascript(",\n    \"X-New\": \"it's\"")),
    ];
    for (name, text, fixed) in cases {
        let folder = Folder::new().with(name, &text);
        let arguments = ["--fix-only", "--unsafe-fixes", "--rules", &pack, "--select", "edits"];
        let run = folder.run(&[&["check"], &arguments[..], &[name]].concat());
        assert_eq!((run.code(), read(&folder, name)), (0, fixed), "{name}: {}", run.stderr());
    }
}

/// A safe mend of the path and an unsafe one of the query, in collections that write a URL twice.
#[test]
fn both_urls_of_a_collection_are_fixed() {
    let url = |slash: &str, more: &str| {
        let path = "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore";
        format!("{path}{slash}?country=US&period=30d{more}")
    };
    let (wrong, right) = (url("/", "&start_date=2026-01-01"), url("", ""));
    let postman = |url: &str, segment: &str, more: &str| {
        let text = r#"{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
          "item": [{"request": {"method": "GET", "header": [{"key": "X-API-Key", "value": "{{k}}"}],
          "url": {"raw": "URL", "protocol": "https", "host": ["app", "winninghunter", "com"],
          "path": ["api", "v1", "tiktok-shop", "products", "explore"SEGMENT],
          "query": [{"key": "country", "value": "US"}, {"key": "period", "value": "30d"}MORE]}}}]}"#;
        text.replace("URL", url).replace("SEGMENT", segment).replace("MORE", more)
    };
    let bruno = |url: &str, more: &str| {
        format!(
            "get {{\n  url: {url}\n}}\n\nparams:query {{\n  country: US\n  period: 30d\n{more}}}\n\nheaders {{\n  X-API-Key: {{{{k}}}}\n}}\n"
        )
    };
    let opencollection = |url: &str, more: &str| {
        format!(
            "opencollection: \"1.0.0\"\ninfo:\n  name: a\nitems:\n  - info:\n      name: b\n      type: http\n    http:\n      method: GET\n      url: {url}\n      params:\n        - name: country\n          value: US\n          type: query\n        - name: period\n          value: 30d\n          type: query\n{more}      headers:\n        - name: X-API-Key\n          value: \"{{{{k}}}}\"\n"
        )
    };
    let listed = "        - name: start_date\n          value: 2026-01-01\n          type: query\n";
    let more = r#", {"key": "start_date", "value": "2026-01-01"}"#;
    for (name, text, fixed) in [
        ("a.postman_collection.json", postman(&wrong, ", \"\"", more), postman(&right, "", "")),
        ("a.bru", bruno(&wrong, "  start_date: 2026-01-01\n"), bruno(&right, "")),
        ("a.yml", opencollection(&wrong, listed), opencollection(&right, "")),
    ] {
        let folder = Folder::new().with(name, &text);
        let run = folder.run(&["check", "--fix", "--unsafe-fixes", "--format", "concise", name]);
        let found = (run.code(), run.stdout());
        assert_eq!((found, read(&folder, name)), ((0, String::new()), fixed), "{}", run.stderr());
    }
}

/// A long query of a Postman collection becomes the JSON body of a `POST`.
#[test]
fn a_query_moves_into_a_body_of_postman() {
    let ids = "600123,".repeat(700);
    let path = "https://app.winninghunter.com/api/v1/tiktok-shop/products/explore";
    let text = format!(
        r#"{{"info": {{"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}}, "item": [{{"request": {{"method": "GET", "header": [{{"key": "X-API-Key", "value": "{{{{k}}}}"}}], "url": "{path}?country=US&category_ids={ids}"}}}}]}}"#
    );
    let folder = Folder::new().with("a.postman_collection.json", &text);
    let name = "a.postman_collection.json";
    let run = folder.run(&["check", "--fix", "--unsafe-fixes", "--format", "concise", name]);
    assert_eq!((run.code(), run.stdout().as_str()), (0, ""), "{}", run.stderr());
    let request = folder.run(&["parse", name]).json()["requests"][0].clone();
    assert_eq!((&request["method"], &request["url"]), (&"POST".into(), &path.into()));
    let body: serde_json::Value =
        serde_json::from_str(request["body"]["text"].as_str().unwrap_or_default()).expect("JSON");
    assert_eq!(body["country"], "US", "{request:#}");
}

/// A text that cannot stand without quotes in YAML gets them; one that is folded stays as it is.
/// A variable of a script stays one, too: a part of its value is not written in its place.
#[test]
fn words_and_scalars_keep_what_they_are_made_of() {
    let plain = "steps:\n  - run: curl https://e.x/head\n    name: a\n";
    let quoted =
        "steps:\n  - run: 'curl https://e.x/head -H ''X-New: it''\\''''s'''\n    name: a\n";
    let flow = "a: {run: curl https://e.x/head}\n";
    let flow_quoted = "a: {run: 'curl https://e.x/head -H ''X-New: it''\\''''s'''}\n";
    let folded = "a: curl\n  https://e.x/head\n";
    let variable = "Q='v=x&b=2'\ncurl \"https://e.x/a?$Q\"\ncurl https://e.x/a?$Q\n";
    let pack = format!("{}/fixtures/fixes", env!("CARGO_MANIFEST_DIR"));
    for (name, text, fixed) in [
        ("a.yaml", plain, quoted),
        ("b.yaml", flow, flow_quoted),
        ("c.yaml", folded, folded),
        ("a.sh", variable, variable),
    ] {
        let folder = Folder::new().with(name, text);
        let arguments = ["--fix-only", "--unsafe-fixes", "--rules", &pack, "--select", "edits"];
        let run = folder.run(&[&["check"], &arguments[..], &[name]].concat());
        assert_eq!((run.code(), read(&folder, name).as_str()), (0, fixed), "{}", run.stderr());
    }
}

/// What a parser proposes for a command is written as the string needs it that the command is in.
#[test]
fn repairs_are_written_through_the_strings_around_a_command() {
    let url = "https://api.example.com/orders?page=2";
    let escaped = format!("\\\"{url}\\\"");
    let cases = [
        ("a.yaml", format!("run: \"curl “{url}”\"\n"), format!("run: \"curl {escaped}\"\n")),
        ("b.yaml", format!("run: 'curl ‘{url}’'\n"), format!("run: 'curl ''{url}'''\n")),
        ("c.yaml", format!("run: |\n  curl “{url}”\n"), format!("run: |\n  curl \"{url}\"\n")),
        (
            "a.toml",
            format!("[list]\nrun = \"curl “{url}”\"\n"),
            format!("[list]\nrun = \"curl {escaped}\"\n"),
        ),
    ];
    // The same for JSON in strings of JSON, JavaScript and Python.
    let fetch = |body: &str| {
        let text = r#"fetch("URL", { method: "POST", headers: { "Content-Type": "application/json" }, body: BODY });"#;
        text.replace("URL", url).replace("BODY", body)
    };
    let post = |body: &str| {
        let text = "import requests\nrequests.post('URL', headers={'Content-Type': 'application/json'}, data=BODY)\n";
        text.replace("URL", url).replace("BODY", body)
    };
    let object = |body: &str| {
        let text = r#"{ "method": "POST", "url": "URL", "headers": { "Content-Type": "application/json" }, "body": BODY }"#;
        text.replace("URL", url).replace("BODY", body)
    };
    let (comma, no_comma) = (r#""{\"a\": \"b\",}""#, r#""{\"a\": \"b\"}""#);
    let (marks, no_marks) = (r#""{'a': 1}""#, r#""{\"a\": 1}""#);
    let (single, no_single) = (r#"'{"a": 1,}'"#, r#"'{"a": 1}'"#);
    let strings = [
        ("a.json", object(comma), object(no_comma)),
        ("b.json", object(marks), object(no_marks)),
        ("a.js", fetch(comma), fetch(no_comma)),
        ("b.js", fetch(marks), fetch(no_marks)),
        ("c.js", fetch(single), fetch(no_single)),
        ("a.py", post(comma), post(no_comma)),
        ("b.py", post(marks), post(no_marks)),
        ("c.py", post(single), post(no_single)),
    ];
    for (name, text, fixed) in cases.into_iter().chain(strings) {
        let folder = Folder::new().with(name, &text);
        let select = ["--select", "smart-quotes,malformed-json", "--unsafe-fixes"];
        let run = folder.run(&[&["check", "--fix-only", name], &select[..]].concat());
        assert_eq!(read(&folder, name), fixed, "{name}: {}", run.stderr());
    }
}
