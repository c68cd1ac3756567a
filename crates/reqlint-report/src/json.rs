//! Diagnostics for programs: `reqlint check --format json`, version 1
//! (`docs/schemas/check-v1.schema.json`).

use crate::locate::{Lines, Position};
use crate::secrets::Secrets;
use crate::survey::{Surveyed, json_traces, json_unknown};
use crate::{Report, Summary};
use reqlint_core::diagnostic::{Diagnostic, Fix, Label};
use reqlint_core::span::Span;
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes one document, source by source. One diagnostic a line.
#[derive(Debug)]
pub struct JsonWriter<W: Write> {
    out: W,
    written: usize,
}

impl<W: Write> JsonWriter<W> {
    /// Starts the document.
    ///
    /// # Errors
    /// What the writer says.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"version\":1,\"diagnostics\":[")?;
        Ok(JsonWriter { out, written: 0 })
    }

    /// Adds the diagnostics of one source.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_report(&mut self, report: &Report<'_>) -> io::Result<()> {
        for diagnostic in shown(report) {
            self.out.write_all(if self.written == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut self.out, &diagnostic)?;
            self.written += 1;
        }
        Ok(())
    }

    /// Ends the document.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(self, summary: &Summary) -> io::Result<()> {
        self.finish_with(summary, &[], Asked::default())
    }

    /// Ends the document with what was asked for beside diagnostics.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish_with(
        mut self,
        summary: &Summary,
        surveyed: &[Surveyed<'_>],
        asked: Asked,
    ) -> io::Result<()> {
        self.out.write_all(if self.written == 0 { b"" } else { b"\n" })?;
        self.out.write_all(b"]")?;
        if asked.unknown {
            self.out.write_all(b",\"unknown\":")?;
            let unknown: Vec<_> = surveyed.iter().flat_map(json_unknown).collect();
            serde_json::to_writer(&mut self.out, &unknown)?;
        }
        if asked.traces {
            self.out.write_all(b",\"traces\":")?;
            let traces: Vec<_> = surveyed.iter().flat_map(json_traces).collect();
            serde_json::to_writer(&mut self.out, &traces)?;
        }
        self.out.write_all(b",\"summary\":")?;
        serde_json::to_writer(&mut self.out, summary)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

/// What was asked for beside diagnostics.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Rules that cannot be decided.
    pub unknown: bool,
    /// Why a rule speaks, or does not.
    pub traces: bool,
}

/// A diagnostic in the form of the contract.
#[derive(Debug, Serialize)]
pub(crate) struct JsonDiagnostic<'d> {
    rule: &'d str,
    pack: &'d str,
    severity: &'static str,
    consequence: &'static str,
    message: Cow<'d, str>,
    path: &'d str,
    request: Option<usize>,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    labels: Vec<JsonLabel<'d>>,
    help: Option<Cow<'d, str>>,
    url: Option<&'d str>,
    fixes: Vec<JsonFix<'d>>,
}

#[derive(Debug, Serialize)]
struct JsonLabel<'d> {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    text: Cow<'d, str>,
}

#[derive(Debug, Serialize)]
struct JsonFix<'d> {
    title: String,
    safety: &'static str,
    edits: Vec<JsonEdit<'d>>,
}

#[derive(Debug, Serialize)]
struct JsonEdit<'d> {
    start: usize,
    end: usize,
    text: &'d str,
}

/// The diagnostics of one source; the source is not read where there is none.
pub(crate) fn shown<'r>(report: &Report<'r>) -> Vec<JsonDiagnostic<'r>> {
    if report.diagnostics.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(report.text);
    let secrets = Secrets::new(report.text, report.secrets);
    let shown = |diagnostic| show(diagnostic, report.path, &lines, &secrets);
    report.diagnostics.iter().map(shown).collect()
}

fn show<'d>(
    diagnostic: &'d Diagnostic,
    path: &'d str,
    lines: &Lines<'_>,
    secrets: &Secrets<'_>,
) -> JsonDiagnostic<'d> {
    let span = diagnostic.labels.first().map_or(Span::empty(0), |label| label.span);
    let Position { line, column } = lines.position(span.start());
    let end = lines.position(span.end());
    JsonDiagnostic {
        rule: &diagnostic.rule,
        pack: &diagnostic.pack,
        severity: diagnostic.severity.name(),
        consequence: diagnostic.consequence.name(),
        message: secrets.mask_words(&diagnostic.message),
        path,
        request: diagnostic.request,
        start: span.start(),
        end: span.end(),
        line,
        column,
        end_line: end.line,
        end_column: end.column,
        labels: diagnostic.labels.iter().map(|label| show_label(label, lines, secrets)).collect(),
        help: diagnostic.help.as_deref().map(|help| secrets.mask_words(help)),
        url: diagnostic.url.as_deref(),
        fixes: diagnostic.fixes.iter().map(|fix| show_fix(fix, secrets)).collect(),
    }
}

fn show_label<'d>(label: &'d Label, lines: &Lines<'_>, secrets: &Secrets<'_>) -> JsonLabel<'d> {
    let Position { line, column } = lines.position(label.span.start());
    JsonLabel {
        start: label.span.start(),
        end: label.span.end(),
        line,
        column,
        text: secrets.mask_words(&label.text),
    }
}

/// A fix of which one edit would show a secret keeps its title only: half of it would be wrong.
fn show_fix<'d>(fix: &'d Fix, secrets: &Secrets<'_>) -> JsonFix<'d> {
    if fix.edits.iter().any(|edit| secrets.are_in(&edit.text)) {
        let title = secrets.mask_words(&fix.title);
        let title = format!("{title} (left out: it would show a secret)");
        return JsonFix { title, safety: fix.safety.name(), edits: Vec::new() };
    }
    let edits = fix.edits.iter().map(|edit| JsonEdit {
        start: edit.span.start(),
        end: edit.span.end(),
        text: &edit.text,
    });
    let title = secrets.mask_words(&fix.title).into_owned();
    JsonFix { title, safety: fix.safety.name(), edits: edits.collect() }
}
