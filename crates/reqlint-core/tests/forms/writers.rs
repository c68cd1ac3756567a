//! What the tools send that write these forms: `writers.json`, made by `tools/writers.mjs` with the real
//! tools, compared with the model of the same files.

use super::{Form, forms};
use reqlint_core::model::{BodyKind, Document, Request};
use reqlint_core::parse::parse;
use reqlint_core::parse::wire::{WireRequest, wire};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// A form as one tool sends it.
#[derive(Deserialize)]
struct Sent {
    /// The tool with its version.
    tool: String,
    /// Whether it reads requests without sending them: what it would add is not known.
    #[serde(default)]
    reads: bool,
    files: BTreeMap<String, Vec<Row>>,
}

/// A request that a server got.
#[derive(Deserialize)]
struct Row {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

/// Files of which a tool cannot send all, with the reason; what it sends of them is compared.
const IN_PART: &[(&str, &str)] = &[
    ("authorization.yaml", "Bruno's converter leaves keys in the query to its sender"),
    ("open-block.bru", "Bruno refuses a block that is not closed"),
    ("parts-against-raw.json", "Newman sends nothing where `raw` stands alone"),
    ("saved-responses.json", "Newman does not send what was saved"),
    ("options.hurl", "a variable brings the name of the host"),
    ("curl-inside.http", "httpYac runs no commands"),
    ("everyday.sh", "the names of hosts are not all those of the server"),
    ("export-v4.json", "Bruno's converter goes by folders"),
    ("written-by-importers.json", "Bruno's converter wants a workspace"),
    ("xh.sh", "xh is a program of its own"),
];

fn table() -> BTreeMap<String, Sent> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms/writers.json");
    let text = std::fs::read_to_string(path).expect("the table");
    serde_json::from_str(&text).expect("the table is JSON")
}

#[test]
fn what_the_tools_send_is_what_the_model_says() {
    let table = table();
    let mut broken = Vec::new();
    let mut compared = 0;
    for Form { name: form, files } in forms() {
        let Some(sent) = table.get(&form) else { continue };
        for (name, text, kind) in files {
            let Some(rows) = sent.files.get(&name) else { continue };
            let in_part = IN_PART.iter().any(|(file, _)| *file == name);
            let document = parse(&text, kind);
            let mut rows = rows.iter();
            for request in &document.requests {
                let said = wire(&document, request);
                // What a tool did not send, it could not, since something was missing.
                let Some(row) = rows.clone().find(|row| is_about(row, &document, request, &said))
                else {
                    if !in_part && is_certain(&document, request, &said) {
                        broken.push(format!(
                            "{form}/{name}: {} does not send {} {}",
                            sent.tool, said.method, said.url
                        ));
                    }
                    continue;
                };
                while rows.next().is_some_and(|passed| !std::ptr::eq(passed, row)) {}
                compared += 1;
                for difference in differences(row, sent.reads, &document, request, &said) {
                    broken
                        .push(format!("{form}/{name}: {} {}: {difference}", said.method, said.url));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(compared > 60, "{compared} requests compared");
}

/// Whether a tool must be able to send a request: all of it is known.
fn is_certain(document: &Document<'_>, request: &Request, said: &WireRequest) -> bool {
    let is_known = !document.layers.has_hole(request.url.whole) && said.complete;
    is_known && said.url.contains("example.com") && request.findings.is_empty()
}

fn is_about(row: &Row, document: &Document<'_>, request: &Request, said: &WireRequest) -> bool {
    // Readers leave variables as they are written.
    if row.target.contains("{{") {
        return row.method == said.method;
    }
    let has_hole = document.layers.has_hole(request.url.whole);
    // Without what is put in place of variables.
    let plain = |url: &str| decoded(path_of(url).split('?').next().unwrap_or_default());
    match has_hole {
        true => plain(&row.target) == plain(&said.url) || plain(&said.url).contains("{{"),
        false => decoded(path_of(&row.target)) == decoded(path_of(&said.url)),
    }
}

/// The path of a URL with its query.
fn path_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    url[start..].find('/').map_or("/", |at| &url[start + at..])
}

/// Tools differ in what they encode; what the server reads is the same.
fn decoded(text: &str) -> String {
    let text = text.replace('+', "%20");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let code =
            code.filter(|_| *first == b'%').and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn differences(
    row: &Row,
    reads: bool,
    document: &Document<'_>,
    request: &Request,
    said: &WireRequest,
) -> Vec<String> {
    let mut found = Vec::new();
    if row.method != said.method {
        found.push(format!("{} is sent", row.method));
    }
    let is_text = |value: &str| !value.contains("{{") && !value.contains('$');
    for (name, value, _) in &said.headers {
        let own = row.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let is_known = is_text(value)
            && !value.contains("auth:")
            && !name.eq_ignore_ascii_case("authorization");
        let is_added =
            ["accept", "user-agent", "host"].iter().any(|it| name.eq_ignore_ascii_case(it));
        let mut own = own.peekable();
        let is_absent = own.peek().is_none() && (value.is_empty() || reads || !is_text(value));
        if is_added || is_absent {
            continue;
        }
        if own.peek().is_none() {
            found.push(format!("`{name}` is not sent"));
        } else if is_known && !own.any(|(_, other)| media(other) == media(value)) {
            found.push(format!("`{name}` is not sent as {value:?}"));
        }
    }
    // A name and a password in the URL make a field, too.
    let is_whole = !request.open.headers && request.url.userinfo.is_none();
    let has = |name: &str| said.headers.iter().any(|(own, ..)| own.eq_ignore_ascii_case(name));
    for (name, value) in row.headers.iter().filter(|_| is_whole) {
        if !name.is_empty()
            && !has(name)
            && request.body.kind != BodyKind::Multipart
            && row.body.is_none()
        {
            found.push(format!("`{name}: {value}` is sent, too"));
        }
    }
    let is_known = !request.open.body
        && !matches!(request.body.kind, BodyKind::Unknown | BodyKind::File)
        && !request.body.place.is_some_and(|place| document.layers.has_hole(place));
    if let (Some(sent), Some(body), true) = (&row.body, &said.body, is_known) {
        let said = String::from_utf8_lossy(body);
        let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        let is_same = match (is_json(sent), is_json(&said)) {
            (Some(one), Some(other)) => one == other,
            _ => decoded(sent) == decoded(&said),
        };
        if !is_same && !said.contains("{{") {
            found.push(format!("the content is {sent:?}, not {said:?}"));
        }
    }
    found
}

/// A media type without its parameters; any other value as it is.
fn media(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}
