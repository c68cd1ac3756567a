//! The pages of rules as Markdown: `reqlint docs`.

use crate::case::{case_lines, table_words};
use crate::counted;
use reqlint_core::model::Kind;
use reqlint_core::pack::DocumentedPack;
use reqlint_core::parse::detect;
use reqlint_core::rule::Rule;
use reqlint_core::rule::page::{Example, Outcome, Page};
use std::fmt::Write;

/// The first lines of every page, by which pages of rules that are gone are known. What goes wrong is shown
/// there on purpose.
pub const MARK: &str = "<!-- Written by `reqlint docs`; change the rule instead. -->\n\
    <!-- reqlint-ignore-file: what goes wrong is shown on purpose -->";

/// The longest example that is shown whole, in characters.
const MOST_EXAMPLE: usize = 2000;

/// The list of all rules, with links to `PACK/ID.md`.
pub fn index(packs: &[&DocumentedPack]) -> String {
    let mut out = format!("{MARK}\n\n# Rules\n");
    for documented in packs {
        let pack = &documented.pack;
        write!(
            out,
            "\n## {}\n\n{} ({}).",
            pack.name,
            pack.summary,
            counted(pack.rules.len(), "rule")
        )
        .expect("a string takes all");
        if !pack.servers.is_empty() {
            let servers: Vec<String> =
                pack.servers.iter().map(|server| format!("`{server}`")).collect();
            write!(out, " Speaks about {}.", servers.join(", ")).expect("a string takes all");
        }
        out.push_str("\n\n| rule | severity | consequence | fix | |\n|---|---|---|---|---|\n");
        for rule in &pack.rules {
            let Rule { id, severity, consequence, summary, .. } = rule;
            let (severity, consequence) = (severity.name(), consequence.name());
            let fix = fix_word(rule);
            let summary = cell(summary);
            let link = format!("[{id}]({}/{id}.md)", pack.name);
            writeln!(out, "| {link} | {severity} | {consequence} | {fix} | {summary} |")
                .expect("a string takes all");
        }
    }
    out
}

/// The safest fix that a rule can offer, in a word.
fn fix_word(rule: &Rule) -> &'static str {
    let fixes = rule.cases.iter().flat_map(|case| &case.fixes);
    fixes.map(|fix| fix.safety).min().map_or("", |safety| safety.name())
}

/// A text as a cell of a table takes it.
fn cell(text: &str) -> String {
    prose(text).replace('|', "\\|")
}

/// A line of a rule as Markdown: `<x>` outside of code is no HTML.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut code = false;
    for character in text.chars() {
        code ^= character == '`';
        match character {
            '<' if !code => out.push_str("&lt;"),
            other => out.push(other),
        }
    }
    out
}

/// The page of a rule.
pub fn page(rule: &Rule, page: &Page) -> String {
    let mut out = format!("{MARK}\n\n# {}\n\n", rule.id);
    head(&mut out, rule);
    writeln!(out, "\n## Why\n\n{}", page.why.trim_end()).expect("a string takes all");
    cases(&mut out, rule);
    let titles =
        [(Outcome::Bad, "Wrong"), (Outcome::Good, "Right"), (Outcome::Unknown, "Cannot be known")];
    for (outcome, title) in titles {
        examples(&mut out, title, page.examples.iter().filter(|one| one.outcome == outcome));
    }
    sources(&mut out, rule, page);
    out
}

fn head(out: &mut String, rule: &Rule) {
    let Rule { severity, consequence, pack, summary, .. } = rule;
    let link = format!("[{pack}](../README.md#{pack})");
    let step = rule.step.iter().map(|step| format!("step `{step}`"));
    let yields: Vec<String> = rule.yields_to.iter().map(|id| format!("`{id}`")).collect();
    let yields = (!yields.is_empty()).then(|| format!("stands back for {}", yields.join(", ")));
    let first = [severity.name().to_owned(), consequence.name().to_owned(), format!("pack {link}")];
    let words: Vec<String> = first.into_iter().chain(step).chain(yields).collect();
    writeln!(out, "{}", words.join(" · ")).expect("a string takes all");
    writeln!(out, "\n{}", prose(summary)).expect("a string takes all");
}

fn cases(out: &mut String, rule: &Rule) {
    out.push_str("\n## What it finds\n");
    if let Some(words) = table_words(rule) {
        writeln!(out, "\n{words}").expect("a string takes all");
    }
    for (number, case) in rule.cases.iter().enumerate() {
        if rule.cases.len() > 1 {
            writeln!(out, "\n### Case {}", number + 1).expect("a string takes all");
        }
        fence(out, "yaml", &case_lines(rule, case).join("\n"));
    }
}

fn examples<'e>(out: &mut String, title: &str, examples: impl Iterator<Item = &'e Example>) {
    for (number, example) in examples.enumerate() {
        if number == 0 {
            writeln!(out, "\n## {title}").expect("a string takes all");
        }
        match &example.recording {
            Some(shown) => fence(out, "text", shown),
            None => fence(out, language(&example.text), &example.text),
        }
        if let Some(says) = &example.says {
            writeln!(out, "\n→ {}", prose(says)).expect("a string takes all");
        }
        for (number, fixed) in example.fixed.iter().enumerate() {
            out.push_str(if number == 0 { "\nCorrected:\n" } else { "\nOr:\n" });
            fence(out, language(&example.text), fixed);
        }
    }
}

/// A block of code. Its fence is longer than any in the text.
fn fence(out: &mut String, language: &str, text: &str) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let text = text.trim_end_matches('\n');
    let text = match text.char_indices().nth(MOST_EXAMPLE) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    };
    writeln!(out, "\n{fence}{language}\n{text}\n{fence}").expect("a string takes all");
}

/// The name by which highlighters know the form of an example.
fn language(text: &str) -> &'static str {
    match detect(None, text) {
        Some(Kind::Shell) => "sh",
        Some(Kind::Cmd) => "bat",
        Some(Kind::PowerShell) => "powershell",
        Some(Kind::Fish) => "fish",
        Some(Kind::Http) => "http",
        Some(Kind::Json | Kind::Ndjson) => "json",
        _ => "text",
    }
}

fn sources(out: &mut String, rule: &Rule, page: &Page) {
    if page.sources.is_empty() {
        return;
    }
    out.push_str("\n## Sources\n\n");
    for (number, source) in page.sources.iter().enumerate() {
        let doc = match rule.url.as_ref().filter(|_| number == 0) {
            Some(url) => format!("[{}]({url})", source.doc),
            None => prose(&source.doc),
        };
        writeln!(out, "- {doc}: {} ({})", prose(&source.says), source.confidence)
            .expect("a string takes all");
    }
}
