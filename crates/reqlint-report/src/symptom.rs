//! The page of a symptom, which `reqlint rule` prints.

use crate::human::Terminal;
use crate::visible;
use anstyle::Style;
use reqlint_core::rule::page::Outcome;
use reqlint_core::symptom::{Retry, Symptom};
use std::io::{self, Write};

/// Writes the page of one symptom.
///
/// # Errors
/// What the writer says.
pub fn write_page(out: &mut dyn Write, terminal: &Terminal, symptom: &Symptom) -> io::Result<()> {
    let page = Page { terminal };
    let title = terminal.styled(Style::new().bold(), &symptom.id);
    writeln!(out, "{}", terminal.linked(&title, symptom.url.as_deref()))?;
    writeln!(out, "symptom · pack {}\n", symptom.pack)?;
    page.paragraphs(out, &symptom.summary)?;
    if let Some(url) = symptom.url.as_deref().filter(|_| !terminal.links) {
        writeln!(out, "\n  {url}")?;
    }
    page.chapter(out, "Why")?;
    page.paragraphs(out, &symptom.why)?;
    if !symptom.causes.is_empty() {
        page.chapter(out, "Causes in the request, likeliest first")?;
        symptom.causes.iter().try_for_each(|id| writeln!(out, "  {id}"))?;
    }
    if !symptom.elsewhere.is_empty() {
        page.chapter(out, "Causes that no request shows")?;
        for cause in &symptom.elsewhere {
            page.item(out, "  - ", &cause.text)?;
            page.item(out, "    check: ", &cause.check)?;
        }
    }
    page.chapter(out, "Send it again?")?;
    page.paragraphs(out, &advice(symptom))?;
    for (outcome, title) in
        [(Outcome::Bad, "Seen"), (Outcome::Good, "Not seen"), (Outcome::Unknown, "Cannot be told")]
    {
        page.examples(out, symptom, outcome, title)?;
    }
    if !symptom.sources.is_empty() {
        page.chapter(out, "Sources")?;
        for source in &symptom.sources {
            writeln!(out, "  {}: {} ({})", source.doc, source.says, source.confidence)?;
        }
    }
    Ok(())
}

fn advice(symptom: &Symptom) -> String {
    let advice = match symptom.retry {
        Retry::Never => "never; it gives the same answer".to_owned(),
        Retry::Backoff => "later, and later each time".to_owned(),
        Retry::After(seconds) => format!("after {seconds} s"),
        Retry::NextMonth => "next month".to_owned(),
    };
    let note = symptom.retry_note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
    let cost = match symptom.costs_credit {
        Some(true) => "; it costs a credit",
        Some(false) => "; it costs no credit",
        None => "",
    };
    format!("{advice}{note}{cost}")
}

struct Page<'p> {
    terminal: &'p Terminal,
}

impl Page<'_> {
    fn chapter(&self, out: &mut dyn Write, title: &str) -> io::Result<()> {
        writeln!(out, "\n{}", self.terminal.styled(Style::new().bold().underline(), title))
    }

    fn paragraphs(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        text.trim_end().split("\n\n").try_for_each(|block| self.item(out, "  ", block))
    }

    /// Words with a mark before them, wrapped.
    fn item(&self, out: &mut dyn Write, mark: &str, text: &str) -> io::Result<()> {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let indent = " ".repeat(mark.len());
        let options = textwrap::Options::new(self.terminal.width.clamp(20, 100))
            .initial_indent(mark)
            .subsequent_indent(&indent);
        writeln!(out, "{}", textwrap::fill(&words, options))
    }

    fn examples(
        &self,
        out: &mut dyn Write,
        symptom: &Symptom,
        outcome: Outcome,
        title: &str,
    ) -> io::Result<()> {
        let examples = symptom.examples.iter().filter(|example| example.outcome == outcome);
        for (number, example) in examples.enumerate() {
            if number == 0 {
                self.chapter(out, title)?;
            } else {
                writeln!(out)?;
            }
            for line in example.text.trim_end().lines() {
                let line = visible::shortened(line, 400);
                let line = format!("  {}", visible::line(&line, self.terminal.unicode));
                writeln!(out, "{}", line.trim_end())?;
            }
            if let Some(first) = &example.first {
                writeln!(out, "    → {first}")?;
            }
        }
        Ok(())
    }
}
