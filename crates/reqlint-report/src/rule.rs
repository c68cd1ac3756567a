//! What `reqlint rule` and `reqlint rules` print: the page of a rule, and the list of all.

use crate::case::{case_lines, table_words};
use crate::human::Terminal;
use crate::{counted, visible};
use anstyle::{AnsiColor, Style};
use reqlint_core::pack::Pack;
use reqlint_core::rule::notation::Notation;
use reqlint_core::rule::page::{Example, Outcome, Page};
use reqlint_core::rule::{Case, FixTemplate, Rule, Template};
use serde::Serialize;
use std::io::{self, Write};

/// Writes the page of one rule.
///
/// # Errors
/// What the writer says.
pub fn write_page(
    out: &mut dyn Write,
    terminal: &Terminal,
    rule: &Rule,
    page: &Page,
    url: Option<&str>,
) -> io::Result<()> {
    let sheet = Sheet { terminal, rule };
    sheet.head(out, url)?;
    sheet.chapter(out, "Why")?;
    sheet.paragraphs(out, &page.why)?;
    sheet.chapter(out, "What it says")?;
    sheet.cases(out)?;
    sheet.chapter(out, "What it finds")?;
    sheet.complete_cases(out)?;
    for (outcome, title) in
        [(Outcome::Bad, "Wrong"), (Outcome::Good, "Right"), (Outcome::Unknown, "Cannot be known")]
    {
        sheet.examples(out, title, page.examples.iter().filter(|one| one.outcome == outcome))?;
    }
    sheet.sources(out, page)
}

/// One page on its way out.
struct Sheet<'s> {
    terminal: &'s Terminal,
    rule: &'s Rule,
}

impl Sheet<'_> {
    fn head(&self, out: &mut dyn Write, url: Option<&str>) -> io::Result<()> {
        let Rule { id, pack, severity, consequence, summary, .. } = self.rule;
        let title = self.terminal.styled(Style::new().bold(), id);
        let severity = self.terminal.styled(Terminal::severity_style(*severity), severity.name());
        writeln!(out, "{}", self.terminal.linked(&title, url))?;
        writeln!(out, "{severity} · {} · pack {pack}", consequence.name())?;
        writeln!(out)?;
        self.paragraphs(out, summary)?;
        match url {
            Some(url) if !self.terminal.links => writeln!(out, "\n  {url}"),
            _ => Ok(()),
        }
    }

    fn chapter(&self, out: &mut dyn Write, title: &str) -> io::Result<()> {
        writeln!(out, "\n{}", self.terminal.styled(Style::new().bold().underline(), title))
    }

    /// Markdown as it is written, wrapped; indented and fenced code stays as it is.
    fn paragraphs(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        let width = self.terminal.width.clamp(20, 100);
        let options = textwrap::Options::new(width).initial_indent("  ").subsequent_indent("  ");
        for block in text.trim_end().split("\n\n") {
            let code = block.starts_with("    ") || block.starts_with("```");
            if code || block.trim_start().starts_with("- ") {
                block.lines().try_for_each(|line| writeln!(out, "  {line}"))?;
            } else {
                let words: Vec<&str> = block.split_whitespace().collect();
                writeln!(out, "{}", textwrap::fill(&words.join(" "), &options))?;
            }
        }
        Ok(())
    }

    /// What each case says; cases often differ in what they find, not in their words.
    fn cases(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut said: Vec<Vec<u8>> = Vec::new();
        for case in &self.rule.cases {
            let mut words = Vec::new();
            self.case(&mut words, case)?;
            if !said.contains(&words) {
                out.write_all(&words)?;
                said.push(words);
            }
        }
        Ok(())
    }

    /// Every case, with what it inherits from the rule.
    fn complete_cases(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(words) = table_words(self.rule) {
            writeln!(out, "  {words}")?;
        }
        for (number, case) in self.rule.cases.iter().enumerate() {
            if self.rule.cases.len() > 1 {
                let title = format!("case {}", number + 1);
                writeln!(out, "  {}", self.terminal.styled(Style::new().bold(), &title))?;
            }
            self.block(out, "    ", &case_lines(self.rule, case).join("\n"))?;
        }
        Ok(())
    }

    fn case(&self, out: &mut dyn Write, case: &Case) -> io::Result<()> {
        let severity =
            self.terminal.styled(Terminal::severity_style(case.severity), case.severity.name());
        writeln!(out, "  {severity}: {}", self.template(&case.message, case))?;
        if let Some(help) = &case.help {
            writeln!(out, "    {}: {}", self.green("help"), self.template(help, case))?;
        }
        for (number, FixTemplate { title, safety, .. }) in case.fixes.iter().enumerate() {
            let title = self.template(title, case);
            let word = if number == 0 { "fix" } else { "or" };
            writeln!(out, "    {}: {title} ({})", self.green(word), safety.name())?;
        }
        Ok(())
    }

    fn examples<'e>(
        &self,
        out: &mut dyn Write,
        title: &str,
        examples: impl Iterator<Item = &'e Example>,
    ) -> io::Result<()> {
        for (number, example) in examples.enumerate() {
            if number == 0 {
                self.chapter(out, title)?;
            } else {
                writeln!(out)?;
            }
            self.block(out, "  ", example.recording.as_ref().unwrap_or(&example.text))?;
            if let Some(says) = &example.says {
                self.block(out, "    → ", says)?;
            }
            for (number, fixed) in example.fixed.iter().enumerate() {
                let word = if number == 0 { "corrected" } else { "or" };
                writeln!(out, "    {}:", self.green(word))?;
                self.block(out, "      ", fixed)?;
            }
        }
        Ok(())
    }

    fn sources(&self, out: &mut dyn Write, page: &Page) -> io::Result<()> {
        if page.sources.is_empty() {
            return Ok(());
        }
        self.chapter(out, "Sources")?;
        for source in &page.sources {
            writeln!(out, "  {}: {} ({})", source.doc, source.says, source.confidence)?;
        }
        Ok(())
    }

    /// A text as it is, with every character visible, and long lines cut.
    fn block(&self, out: &mut dyn Write, indent: &str, text: &str) -> io::Result<()> {
        for line in text.trim_end_matches('\n').lines() {
            let line = visible::shortened(line, 400);
            writeln!(out, "{indent}{}", visible::line(&line, self.terminal.unicode))?;
        }
        Ok(())
    }

    fn template(&self, template: &Template, case: &Case) -> String {
        Notation::of(self.rule, case).template(template)
    }

    fn green(&self, text: &str) -> String {
        self.terminal.styled(AnsiColor::Green.on_default(), text)
    }
}

/// Writes the table of all rules.
///
/// # Errors
/// What the writer says.
pub fn write_table(out: &mut dyn Write, terminal: &Terminal, packs: &[Pack]) -> io::Result<()> {
    for (number, pack) in packs.iter().filter(|pack| !pack.rules.is_empty()).enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let title = terminal.styled(Style::new().bold(), &pack.name);
        let rules = counted(pack.rules.len(), "rule");
        writeln!(out, "{title}: {} ({rules})", pack.summary)?;
        let width = pack.rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
        for rule in &pack.rules {
            let id = format!("{:width$}", rule.id);
            let severity = format!("{:7}", rule.severity.name());
            let severity = terminal.styled(Terminal::severity_style(rule.severity), &severity);
            writeln!(out, "  {id}  {severity}  {:10}  {}", rule.consequence.name(), rule.summary)?;
        }
    }
    Ok(())
}

/// Writes the list of all rules for programs, version 1 (`docs/schemas/rules-v1.schema.json`).
///
/// # Errors
/// What the writer says.
pub fn write_json<'p>(
    mut out: impl Write,
    packs: &'p [Pack],
    url: impl Fn(&'p Pack, &'p Rule) -> Option<String>,
) -> io::Result<()> {
    let packs = packs.iter().map(|pack| JsonPack {
        name: &pack.name,
        version: pack.version,
        summary: &pack.summary,
        rules: pack.rules.iter().map(|rule| json_rule(rule, url(pack, rule))).collect(),
    });
    serde_json::to_writer(&mut out, &JsonRules { version: 1, packs: packs.collect() })?;
    out.write_all(b"\n")
}

fn json_rule(rule: &Rule, url: Option<String>) -> JsonRule<'_> {
    JsonRule {
        id: &rule.id,
        severity: rule.severity.name(),
        consequence: rule.consequence.name(),
        summary: &rule.summary,
        step: rule.step.as_deref(),
        fixable: rule.cases.iter().any(|case| !case.fixes.is_empty()),
        url,
    }
}

#[derive(Debug, Serialize)]
struct JsonRules<'r> {
    version: u32,
    packs: Vec<JsonPack<'r>>,
}

#[derive(Debug, Serialize)]
struct JsonPack<'r> {
    name: &'r str,
    version: u32,
    summary: &'r str,
    rules: Vec<JsonRule<'r>>,
}

#[derive(Debug, Serialize)]
struct JsonRule<'r> {
    id: &'r str,
    severity: &'static str,
    consequence: &'static str,
    summary: &'r str,
    step: Option<&'r str>,
    fixable: bool,
    url: Option<String>,
}
