//! Every mistake in a rule, table, pack or description names its place and its mend.

mod descriptions;
mod packs;
mod parts;
mod rules;
mod sense;
mod words;
mod yaml;

use reqlint_core::diagnostic::Diagnostic;
use reqlint_core::rule::load::{BrokenFile, PackFile, load_pack};
use std::fmt::Write;

const RULE: &str = r#"id: idle-page
severity: warning
consequence: ignored
summary: a page number where nothing is paged
find: { arg: { param: page } }
message: "`<arg.name>` does nothing"
why: It is not read.
examples:
  - bad: curl https://api.example.com/orders?page=2
  - good: curl https://api.example.com/orders
"#;

const PACK: &str = "name: shop
version: 1
summary: a shop
openapi: openapi.yaml
types: { sku: { matches: '^[A-Z]{3}$' } }
";

const API: &str = r##"openapi: "3.1.0"
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      tags: [paged, open]
      security: [{ key: [] }]
      parameters:
        - { $ref: "#/components/parameters/page" }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
  parameters:
    page: { name: page, in: query }
"##;

/// A rule that uses the table.
const COLOUR: &str = r#"id: colour
severity: warning
consequence: ignored
summary: a parameter in British English
table: names
find: { arg: { param: <row.wrong> } }
message: "`<arg.name>` is written `<row.right>` here"
why: It is not read.
examples:
  - bad: curl https://api.example.com/orders?colour=red
  - good: curl https://api.example.com/orders?color=red
"#;

const TABLE: &str = "- { wrong: [colour, couleur], right: color }\n";

/// The rule above with one of its lines replaced. A replacement may be several lines, or none.
fn rule(line: &str, new: &str) -> String {
    let replace = |old: &str| {
        let is_meant = old.split(':').next() == Some(line);
        if is_meant { new.to_owned() } else { old.to_owned() }
    };
    assert!(RULE.lines().any(|old| old.split(':').next() == Some(line)), "no line `{line}`");
    RULE.lines()
        .map(replace)
        .filter(|line| !line.is_empty())
        .fold(String::new(), |text, line| text + &line + "\n")
}

/// The files of a pack in which some are replaced.
fn pack<'t>(changed: &[(&'t str, &'t str)]) -> Vec<PackFile<'t>> {
    let sound = [
        ("pack.yaml", PACK),
        ("openapi.yaml", API),
        ("tables/names.yaml", TABLE),
        ("paging/colour.yaml", COLOUR),
        ("paging/idle-page.yaml", RULE),
    ];
    let is_changed = |path: &str| changed.iter().any(|(other, _)| *other == path);
    let kept = sound.into_iter().filter(|(path, _)| !is_changed(path));
    kept.chain(changed.iter().copied()).map(|(path, text)| PackFile { path, text }).collect()
}

/// What is said about a pack of which files are replaced.
fn mistakes(changed: &[(&str, &str)]) -> String {
    let files = pack(changed);
    match load_pack(&files) {
        Ok(_) => "no mistake\n".to_owned(),
        Err(broken) => rendered(&files, &broken),
    }
}

/// What is said about a rule.
fn of_rule(text: &str) -> String {
    mistakes(&[("paging/idle-page.yaml", text)])
}

fn rendered(files: &[PackFile<'_>], broken: &[BrokenFile]) -> String {
    let mut out = String::new();
    for file in broken {
        let text = files.iter().find(|known| known.path == file.path).map_or("", |file| file.text);
        for diagnostic in &file.diagnostics {
            render(&mut out, &file.path, text, diagnostic);
        }
    }
    out
}

/// `path:line:column message`, the line with its caret, and the help.
fn render(out: &mut String, path: &str, text: &str, diagnostic: &Diagnostic) {
    let span = diagnostic.labels[0].span;
    let line_start = text[..span.start()].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[..span.start()].matches('\n').count() + 1;
    let column = text[line_start..span.start()].chars().count() + 1;
    let whole = text[line_start..].lines().next().unwrap_or_default();
    let marked = text[span.range()].lines().next().unwrap_or_default().chars().count().max(1);
    let indent = " ".repeat(column - 1);
    writeln!(out, "{path}:{line}:{column} {}", diagnostic.message).expect("a string takes all");
    writeln!(out, "  | {whole}\n  | {indent}{}", "^".repeat(marked)).expect("a string takes all");
    if let Some(help) = &diagnostic.help {
        writeln!(out, "  = {help}").expect("a string takes all");
    }
}

/// One snapshot of many rules, of each of which a line is replaced.
fn of_lines(changes: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (line, new) in changes {
        out += &of_rule(&rule(line, new));
        out += "\n";
    }
    out
}

macro_rules! assert_snapshot {
    ($text:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($text);
        });
    };
}
use assert_snapshot;

#[test]
fn a_sound_pack_has_no_mistake() {
    assert_eq!(mistakes(&[]), "no mistake\n");
    assert_eq!(of_rule(&rule("why", "why: |\n  It is not read.\n")), "no mistake\n");
}

/// Whatever is cut off or left out, reading goes on, and every caret is in the file.
#[test]
fn nothing_panics() {
    for (path, text) in
        [("pack.yaml", PACK), ("openapi.yaml", API), ("paging/idle-page.yaml", RULE)]
    {
        for at in 0..text.len() {
            check_spans(path, &text[..at]);
            check_spans(path, &format!("{}{}", &text[..at], &text[at + 1..]));
            if at % 4 != 0 {
                continue;
            }
            for inserted in ["{", "]", "\"", ": ", "\n", "<", "e\u{301}", "*a", "&a "] {
                check_spans(path, &format!("{}{inserted}{}", &text[..at], &text[at..]));
            }
        }
    }
}

fn check_spans(path: &str, text: &str) {
    let files = pack(&[(path, text)]);
    for file in load_pack(&files).err().into_iter().flatten() {
        let text = files.iter().find(|known| known.path == file.path).map_or("", |file| file.text);
        for diagnostic in file.diagnostics {
            let span = diagnostic.labels[0].span;
            assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
            assert!(diagnostic.help.is_some(), "no help: {} in {text}", diagnostic.message);
        }
    }
}

/// A rule without a `pack.yaml` beside it may have any file name, and speaks about any request.
#[test]
fn loose_rules() {
    let files = [PackFile { path: "mine.yaml", text: RULE }];
    let loaded = load_pack(&files).expect("the rule is sound");
    assert_eq!(loaded.pack.name, "user");
    assert_eq!(loaded.pack.rules[0].id, "idle-page");
    assert!(loaded.pack.servers.is_empty());
}
