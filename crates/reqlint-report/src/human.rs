//! Diagnostics for people at a terminal: what, where, why it matters, and the corrected text.
//!
//! The only file that knows the renderer.

use crate::corrected::{Corrected, Piece, corrected};
use crate::excerpt::{Excerpt, Look, Mark};
use crate::locate::Lines;
use crate::secrets::Secrets;
use crate::{Report, Summary, visible};
use anstyle::{AnsiColor, Style};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use reqlint_core::diagnostic::{Diagnostic, Fix, Severity, Unfixed};
use std::fmt;
use std::io::{self, Write};

/// A message is cut in the middle beyond so many characters; JSON has it whole.
const MOST_MESSAGE: usize = 600;

/// What the terminal can do.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Whether to colour.
    pub color: bool,
    /// Whether to print hyperlinks (OSC 8).
    pub links: bool,
    /// Whether to draw with more than ASCII.
    pub unicode: bool,
    /// Its columns.
    pub width: usize,
}

impl Terminal {
    /// Writes the diagnostics of one source; nothing where there is none.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_report(&self, out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
        if report.diagnostics.is_empty() {
            return Ok(());
        }
        let lines = Lines::of(report);
        let secrets = Secrets::new(report.text, report.secrets);
        let renderer = self.renderer();
        for diagnostic in report.diagnostics {
            let one = One { terminal: *self, report, lines: &lines, secrets: &secrets, diagnostic };
            one.write(out, &renderer)?;
        }
        Ok(())
    }

    /// Writes the last lines: `2 errors, 1 warning in 1 request (1 file)`, and what of it can be
    /// fixed; nothing where nothing was found.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_summary(&self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        if summary.diagnostics() == 0 {
            return Ok(());
        }
        writeln!(out, "{}", self.styled(Style::new().bold(), &summary.to_string()))?;
        match summary.fixable() {
            Some(fixable) => writeln!(out, "{}", self.styled(fix_style(), &fixable)),
            None => Ok(()),
        }
    }

    /// A text in a style, where there are colours.
    pub fn styled(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.into() }
    }

    /// A text that leads to a page, where there are links.
    pub fn linked(&self, text: &str, url: Option<&str>) -> String {
        match url {
            Some(url) if self.links => {
                let url = visible::line(url, true);
                format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
            }
            _ => text.to_owned(),
        }
    }

    /// The colour of a severity.
    pub fn severity_style(severity: Severity) -> Style {
        let color = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Info => AnsiColor::Cyan,
        };
        color.on_default().bold()
    }

    fn renderer(&self) -> GraphicalReportHandler {
        let characters =
            if self.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        let styles = if self.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(self.width)
            .with_links(false)
            .with_context_lines(WHOLE_LINES)
            .with_break_words(false)
            .with_word_separator(textwrap::WordSeparator::AsciiSpace)
            .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
            .without_syntax_highlighting()
    }
}

/// One diagnostic on its way out.
struct One<'o> {
    terminal: Terminal,
    report: &'o Report<'o>,
    lines: &'o Lines<'o>,
    secrets: &'o Secrets<'o>,
    diagnostic: &'o Diagnostic,
}

impl One<'_> {
    fn write(&self, out: &mut dyn Write, renderer: &GraphicalReportHandler) -> io::Result<()> {
        self.write_head(out)?;
        let shown = self.shown();
        let mut rendered = String::new();
        if renderer.render_report(&mut rendered, &shown).is_err() {
            rendered = format!("  {}\n", shown.message);
        }
        for line in rendered.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        if shown.excerpt.hidden_labels > 0 {
            writeln!(out, "  and {} more places", shown.excerpt.hidden_labels)?;
        }
        self.write_help(out)?;
        self.write_fixes(out)?;
        writeln!(out)
    }

    /// `error[trailing-slash]`
    fn write_head(&self, out: &mut dyn Write) -> io::Result<()> {
        let Diagnostic { severity, rule, url, .. } = self.diagnostic;
        let head = format!("{}[{}]", severity.name(), self.visible(rule));
        let styled = self.terminal.styled(Terminal::severity_style(*severity), &head);
        writeln!(out, "{}", self.terminal.linked(&styled, url.as_deref()))
    }

    fn shown(&self) -> Shown {
        let number = self.lines.count().to_string().len();
        let width = self.terminal.width.saturating_sub(number + 8);
        let look = Look { width, unicode: self.terminal.unicode };
        let labels = &self.diagnostic.labels;
        let mut excerpt = Excerpt::new(self.lines, labels, self.secrets, look);
        for mark in &mut excerpt.marks {
            mark.text = self.visible(&mark.text);
        }
        Shown {
            message: self.visible(&self.diagnostic.message),
            severity: self.diagnostic.severity,
            path: self.visible(self.report.path),
            excerpt,
        }
    }

    fn write_help(&self, out: &mut dyn Write) -> io::Result<()> {
        let style = AnsiColor::Cyan.on_default();
        if let Some(help) = &self.diagnostic.help {
            let help = self.secrets.mask_words(help.trim_end());
            let help = visible::paragraphs(&help, self.terminal.unicode);
            self.write_named(out, "help", style, &help)?;
        }
        match &self.diagnostic.url {
            Some(url) if !self.terminal.links => self.write_line(out, "page", style, url),
            _ => Ok(()),
        }
    }

    fn write_fixes(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.diagnostic.unfixed == Some(Unfixed::NoNotation) {
            let words = "none is offered: in this form it cannot be written without a guess";
            return self.write_named(out, "fix", fix_style(), words);
        }
        for (number, fix) in self.diagnostic.fixes.iter().enumerate() {
            let name = if number == 0 { "fix" } else { "or" };
            let words = format!("{} ({})", self.visible(&fix.title), fix.safety.name());
            self.write_named(out, name, fix_style(), &words)?;
            if number == 0 {
                self.write_corrected(out, fix)?;
            }
        }
        Ok(())
    }

    fn write_corrected(&self, out: &mut dyn Write, fix: &Fix) -> io::Result<()> {
        let lines = corrected(self.report, self.lines, self.secrets, self.diagnostic);
        let lines = match lines.filter(|_| !fix.edits.is_empty()) {
            Some(Corrected::Lines(lines)) => lines,
            Some(Corrected::Unprintable) => {
                let words = "not shown, it holds control characters; `--format json` has the edits";
                return self.write_named(out, "corrected", fix_style(), words);
            }
            None => return Ok(()),
        };
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(out, "  {}:", self.terminal.styled(fix_style(), "corrected"))?;
        for line in lines {
            let line: String = line.iter().map(|piece| self.piece(piece)).collect();
            writeln!(out, "{}", format!("    {line}").trim_end())?;
        }
        Ok(())
    }

    fn piece(&self, piece: &Piece) -> String {
        let style = if piece.new { fix_style() } else { Style::new() };
        self.terminal.styled(style, &piece.text)
    }

    /// `  help: …`, wrapped.
    fn write_named(
        &self,
        out: &mut dyn Write,
        name: &str,
        style: Style,
        text: &str,
    ) -> io::Result<()> {
        let indent = " ".repeat(name.len() + 4);
        let first = format!("  {}: ", self.terminal.styled(style, name));
        let options = textwrap::Options::new(self.terminal.width.max(20))
            .initial_indent(&first)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        writeln!(out, "{}", textwrap::fill(text, options))
    }

    fn write_line(
        &self,
        out: &mut dyn Write,
        name: &str,
        style: Style,
        text: &str,
    ) -> io::Result<()> {
        writeln!(out, "  {}: {}", self.terminal.styled(style, name), self.visible(text))
    }

    fn visible(&self, text: &str) -> String {
        let text = self.secrets.mask_words(text);
        let text = visible::shortened(&text, MOST_MESSAGE);
        visible::line(&text, self.terminal.unicode).into_owned()
    }
}

fn fix_style() -> Style {
    AnsiColor::Green.on_default()
}

/// The renderer asks for this many lines around a span to print them, and for none to learn where
/// a label is.
const WHOLE_LINES: usize = 1;

/// A diagnostic in the form that the renderer takes, safe to print.
#[derive(Debug)]
struct Shown {
    message: String,
    severity: Severity,
    path: String,
    excerpt: Excerpt,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.excerpt.marks.iter().enumerate().map(|(number, mark)| {
            let span = SourceSpan::from((mark.shown.start, mark.shown.len()));
            let text = (!mark.text.is_empty()).then(|| mark.text.clone());
            match number {
                0 => LabeledSpan::new_primary_with_span(text, span),
                _ => LabeledSpan::new_with_span(text, span),
            }
        });
        Some(Box::new(labels))
    }
}

impl SourceCode for Shown {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let holds = |range: &std::ops::Range<usize>| range.start <= start && end <= range.end;
        let chunks = &self.excerpt.chunks;
        // Where two chunks meet, the byte belongs to the later one.
        let chunk = chunks.iter().rev().find(|chunk| holds(&chunk.shown));
        let chunk = chunk.ok_or(MietteError::OutOfBounds)?;
        let is_asked = |mark: &&Mark| lines_before == 0 && mark.shown.start == start;
        let (line, column) = match self.excerpt.marks.iter().find(is_asked) {
            Some(mark) => (mark.position.line - 1, mark.position.column - 1),
            None => (chunk.first_line, 0),
        };
        let text = &self.excerpt.text[chunk.shown.clone()];
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            text.as_bytes(),
            SourceSpan::from((chunk.shown.start, chunk.shown.len())),
            line,
            column,
            chunk.lines,
        )))
    }
}
