//! Where code stands in documents, as the writers' own parsers say: `blocks.json`, made by
//! `tools/blocks.mjs`. Every request stands in a block of theirs, and no command of theirs is missing.

use super::{Form, forms};
use reqlint_core::parse::parse;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct Blocks {
    /// The parser with its version.
    tool: String,
    files: BTreeMap<String, Vec<Block>>,
}

#[derive(Deserialize)]
struct Block {
    language: String,
    text: String,
}

/// Languages in which a command is one.
const SHELLS: [&str; 6] = ["", "sh", "bash", "shell", "console", "bat"];

#[test]
fn requests_stand_in_the_blocks_that_the_writers_parsers_find() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms/blocks.json");
    let table = std::fs::read_to_string(path).expect("the table");
    let table: BTreeMap<String, Blocks> = serde_json::from_str(&table).expect("the table is JSON");
    let mut broken = Vec::new();
    let mut compared = 0;
    for Form { name: form, files } in forms() {
        let Some(Blocks { tool, files: found }) = table.get(&form) else { continue };
        for (name, text, kind) in files {
            let Some(blocks) = found.get(&name) else { continue };
            let document = parse(&text, kind);
            let url = |place| &text[document.layers.root_span(place).range()];
            let urls: Vec<&str> =
                document.requests.iter().map(|request| url(request.url.path)).collect();
            compared += urls.len();
            for url in &urls {
                if !blocks.iter().any(|block| block.text.contains(url)) {
                    broken.push(format!("{form}/{name}: `{url}` stands in no block of {tool}"));
                }
            }
            let commands = blocks.iter().filter(|block| SHELLS.contains(&&*block.language));
            for block in commands.filter(|block| holds_command(&block.text)) {
                if !urls.iter().any(|url| block.text.contains(url)) {
                    broken.push(format!("{form}/{name}: {tool} also has {:?}", block.text));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(compared > 50, "{compared}");
}

fn holds_command(text: &str) -> bool {
    let line = |line: &str| line.trim().trim_start_matches("$ ").starts_with("curl ");
    text.lines().any(|one| line(one) && one.contains("://"))
}
