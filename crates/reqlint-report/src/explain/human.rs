//! Explanations for people at a terminal: first what they came for, then what else there is.

use super::{Explained, timeline, words};
use crate::human::Terminal;
use crate::locate::Lines;
use crate::visible;
use anstyle::{AnsiColor, Style};
use reqlint_core::diagnostic::Diagnostic;
use reqlint_core::explain::{CheckedStep, Corrected, Explanation, State, Timeline};
use similar::{ChangeTag, TextDiff};
use std::io::{self, Write};

/// A corrected request is printed up to so many bytes; it is there to be copied.
const MOST_CORRECTED: usize = 64 * 1024;
/// A change is shown up to so many characters of each line.
const MOST_CHANGE: usize = 400;

impl Terminal {
    /// Writes the explanations of one source.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_explained(
        &self,
        out: &mut dyn Write,
        explained: &Explained<'_>,
    ) -> io::Result<()> {
        let sheet = Sheet { terminal: self, explained };
        for (number, explanation) in explained.explanations.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            sheet.explanation(out, explanation, number == 0)?;
        }
        match explained.left_out {
            0 => {}
            1 => writeln!(out, "\n1 more exchange is not shown; `--entry N` shows one of them")?,
            more => writeln!(
                out,
                "\n{more} more exchanges are not shown; `--entry N` shows one of them"
            )?,
        }
        explained.timeline.map_or(Ok(()), |timeline| sheet.timeline(out, timeline))
    }
}

struct Sheet<'s> {
    terminal: &'s Terminal,
    explained: &'s Explained<'s>,
}

impl Sheet<'_> {
    /// One of several explanations: only the first has all steps of the checklist.
    fn explanation(
        &self,
        out: &mut dyn Write,
        one: &Explanation<'_>,
        is_first: bool,
    ) -> io::Result<()> {
        self.head(out, one)?;
        self.first_cause(out, one)?;
        if let Some(corrected) = &one.corrected {
            self.corrected(out, corrected)?;
        }
        self.symptoms(out, one)?;
        self.others(out, one)?;
        self.elsewhere(out, one)?;
        self.ruled_out(out, one)?;
        let is_shown = |step: &&CheckedStep<'_>| is_first || step.state == State::Failed;
        self.checklist(out, &one.checklist.iter().filter(is_shown).collect::<Vec<_>>())?;
        match words::retry(one) {
            Some(retry) => {
                self.title(out, "Send it again?")?;
                self.paragraph(out, "  ", &retry)
            }
            None => Ok(()),
        }
    }

    /// What came back, and why.
    fn head(&self, out: &mut dyn Write, one: &Explanation<'_>) -> io::Result<()> {
        let verdict = words::verdict(one);
        let line = match words::came_back(&one.seen) {
            Some(came_back) => format!("{came_back}: {verdict}"),
            None => verdict,
        };
        let line = textwrap::fill(&self.visible(&line), self.options("", ""));
        for part in line.lines() {
            writeln!(out, "{}", self.bold(part))?;
        }
        Ok(())
    }

    /// The first cause with its caret.
    fn first_cause(&self, out: &mut dyn Write, one: &Explanation<'_>) -> io::Result<()> {
        let Some(cause) = one.causes.first().filter(|cause| words::leads(one, cause.explains))
        else {
            return Ok(());
        };
        writeln!(out)?;
        let mut shown: Diagnostic = cause.diagnostic.clone();
        if one.corrected.is_some() {
            shown.fixes.clear();
        }
        let mut rendered = Vec::new();
        self.terminal
            .write_report(&mut rendered, &self.explained.with(std::slice::from_ref(&shown)))?;
        out.write_all(rendered.trim_ascii_end())?;
        writeln!(out)
    }

    fn corrected(&self, out: &mut dyn Write, corrected: &Corrected) -> io::Result<()> {
        self.title(out, "Corrected")?;
        let mut done: Vec<String> = corrected
            .applied
            .iter()
            .map(|fix| format!("{} ({})", fix.title, fix.safety.name()))
            .collect();
        if let Some(variable) = &corrected.variable {
            done.push(format!("the key comes from `{variable}`"));
        }
        done.extend(words::secrets(corrected));
        self.paragraph(out, "  ", &done.join("; "))?;
        let obeyed =
            corrected.text.contains(|c: char| c != '\n' && c != '\r' && visible::is_obeyed(c));
        if obeyed || corrected.text.len() > MOST_CORRECTED {
            return writeln!(out, "  not shown here; `--format json` has it");
        }
        writeln!(out)?;
        for line in corrected.text.trim_end().lines() {
            writeln!(out, "{}", self.green(line))?;
        }
        if corrected.text.contains("****") {
            writeln!(out, "\n  `****` stands for a secret; put yours there")?;
        }
        self.changes(out, corrected)
    }

    /// The lines that changed.
    fn changes(&self, out: &mut dyn Write, corrected: &Corrected) -> io::Result<()> {
        writeln!(out)?;
        let diff = TextDiff::from_lines(corrected.original.trim_end(), corrected.text.trim_end());
        for change in diff.iter_all_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ("-", AnsiColor::Red.on_default()),
                ChangeTag::Insert => ("+", AnsiColor::Green.on_default()),
                ChangeTag::Equal => continue,
            };
            let line = change.value().trim_end();
            let line = visible::shortened(line, MOST_CHANGE);
            let line = format!("  {sign} {}", visible::line(&line, self.terminal.unicode));
            writeln!(out, "{}", self.terminal.styled(style, &line))?;
        }
        Ok(())
    }

    /// What the response says of its causes.
    fn symptoms(&self, out: &mut dyn Write, one: &Explanation<'_>) -> io::Result<()> {
        if let Some(symptom) = one.symptom {
            self.title(out, "What that means")?;
            let line = format!("{} [{}]", symptom.summary, symptom.id);
            self.paragraph(out, "  ", &line)?;
            if let Some(url) = &symptom.url {
                writeln!(out, "  {}", self.visible(url))?;
            }
            return Ok(());
        }
        if one.possible.is_empty() {
            return Ok(());
        }
        self.title(out, "What that can mean")?;
        for symptom in one.possible.iter().take(words::MOST_POSSIBLE) {
            self.item(out, "-", &format!("{} [{}]", symptom.summary, symptom.id))?;
        }
        self.paragraph(
            out,
            "  ",
            "paste the whole response, as `curl -i` prints it, to tell them apart",
        )
    }

    /// What else is wrong, one line each.
    fn others(&self, out: &mut dyn Write, one: &Explanation<'_>) -> io::Result<()> {
        let skipped =
            usize::from(one.causes.first().is_some_and(|first| words::leads(one, first.explains)));
        let others = one.causes.get(skipped..).unwrap_or_default();
        if others.is_empty() {
            return Ok(());
        }
        self.title(out, "Also found in the request")?;
        let lines = Lines::new(self.explained.report.text);
        for cause in others {
            let one = &cause.diagnostic;
            let at = lines.position(one.labels.first().map_or(0, |label| label.span.start()));
            let head = format!("{}[{}]", one.severity.name(), one.rule);
            let line = format!("{head} {} (line {}, column {})", one.message, at.line, at.column);
            let line = visible::shortened(&line, 600);
            let text = textwrap::fill(&self.visible(&line), self.options("  ", "    "));
            let styled = self.terminal.styled(Terminal::severity_style(one.severity), &head);
            writeln!(out, "{}", text.replacen(&head, &styled, 1))?;
        }
        Ok(())
    }

    fn elsewhere(&self, out: &mut dyn Write, one: &Explanation<'_>) -> io::Result<()> {
        if one.elsewhere.is_empty() {
            return Ok(());
        }
        self.title(out, "What the request cannot show")?;
        let most = words::most_elsewhere(one);
        for cause in one.elsewhere.iter().take(most) {
            self.item(out, "-", &cause.text)?;
            let check = format!("{} {}", self.cyan("check:"), self.visible(&cause.check));
            writeln!(out, "{}", textwrap::fill(&check, self.options("    ", "           ")))?;
        }
        match one.elsewhere.len().saturating_sub(most) {
            0 => Ok(()),
            more => self.item(out, "-", &format!("{more} more, which `--format json` has")),
        }
    }

    fn ruled_out(&self, out: &mut dyn Write, one: &Explanation<'_>) -> io::Result<()> {
        if !one.ruled_out.is_empty() {
            self.title(out, "Ruled out")?;
            self.paragraph(out, "  ", &words::list(&one.ruled_out))?;
        }
        if !one.undecided.is_empty() {
            self.title(out, "Not decided, since not all of it is known")?;
            self.paragraph(out, "  ", &words::list(&one.undecided))?;
        }
        Ok(())
    }

    fn checklist(&self, out: &mut dyn Write, steps: &[&CheckedStep<'_>]) -> io::Result<()> {
        if steps.is_empty() {
            return Ok(());
        }
        self.title(out, "Checklist")?;
        let width = steps.iter().map(|step| step.step.name.len()).max().unwrap_or_default();
        for step in steps {
            let (mark, style) = match (step.state, self.terminal.unicode) {
                (State::Passed, true) => ("✓", AnsiColor::Green),
                (State::Passed, false) => ("+", AnsiColor::Green),
                (State::Failed, true) => ("✗", AnsiColor::Red),
                (State::Failed, false) => ("x", AnsiColor::Red),
                (State::Unseen, _) => ("?", AnsiColor::Yellow),
            };
            let mark = self.terminal.styled(style.on_default(), mark);
            let by = step.by.as_ref().map(|by| format!(" [{by}]")).unwrap_or_default();
            let line = format!("{:width$}  {}{by}", step.step.name, step.step.title);
            writeln!(out, "  {mark} {line}")?;
            if step.state == State::Unseen {
                let indent = " ".repeat(width + 6);
                let check = format!("cannot be seen from here; check: {}", step.step.check);
                writeln!(out, "{}", textwrap::fill(&check, self.options(&indent, &indent)))?;
            }
        }
        Ok(())
    }

    /// What a recording shows as a whole.
    fn timeline(&self, out: &mut dyn Write, timeline: &Timeline<'_>) -> io::Result<()> {
        self.title(out, "Timeline")?;
        self.paragraph(out, "  ", &timeline::extent(timeline))?;
        for rate in &timeline.rates {
            self.item(out, "-", &format!("calls: {}", timeline::rate(rate, timeline)))?;
        }
        for line in timeline.credits.iter().flat_map(timeline::credits) {
            self.item(out, "-", &format!("credits: {line}"))?;
        }
        for event in timeline.events.iter().take(timeline::MOST_EVENTS) {
            let one = event.diagnostic;
            let place = timeline::place(event, timeline);
            let line = format!("{}[{}] {} ({place})", one.severity.name(), one.rule, one.message);
            self.item(out, "-", &line)?;
        }
        if let Some(more) = timeline.events.len().checked_sub(timeline::MOST_EVENTS + 1) {
            self.item(out, "-", &format!("and {} more of that kind", more + 1))?;
        }
        if timeline.clear.is_empty() {
            return Ok(());
        }
        let clear: Vec<&str> = timeline.clear.iter().map(|rule| rule.id.as_str()).collect();
        self.item(out, "-", &format!("looked for, and not seen: {}", clear.join(", ")))
    }

    fn title(&self, out: &mut dyn Write, title: &str) -> io::Result<()> {
        writeln!(out, "\n{}", self.terminal.styled(Style::new().bold().underline(), title))
    }

    fn item(&self, out: &mut dyn Write, mark: &str, text: &str) -> io::Result<()> {
        let first = format!("  {mark} ");
        writeln!(out, "{}", textwrap::fill(&self.visible(text), self.options(&first, "    ")))
    }

    fn paragraph(&self, out: &mut dyn Write, indent: &str, text: &str) -> io::Result<()> {
        writeln!(out, "{}", textwrap::fill(&self.visible(text), self.options(indent, indent)))
    }

    fn options<'o>(&self, first: &'o str, rest: &'o str) -> textwrap::Options<'o> {
        textwrap::Options::new(self.terminal.width.clamp(20, 120))
            .initial_indent(first)
            .subsequent_indent(rest)
            .break_words(false)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
    }

    fn visible(&self, text: &str) -> String {
        let secrets =
            crate::secrets::Secrets::new(self.explained.report.text, self.explained.report.secrets);
        visible::line(&secrets.mask_words(text), self.terminal.unicode).into_owned()
    }

    fn bold(&self, text: &str) -> String {
        self.terminal.styled(Style::new().bold(), text)
    }

    fn green(&self, text: &str) -> String {
        self.terminal.styled(AnsiColor::Green.on_default(), text)
    }

    fn cyan(&self, text: &str) -> String {
        self.terminal.styled(AnsiColor::Cyan.on_default(), text)
    }
}
