//! Diagnostics for programs: `reqlint check --format json`, version 1
//! (`docs/schemas/check-v1.schema.json`).

use crate::locate::{Lines, Position};
use crate::secrets::Secrets;
use crate::survey::{Surveyed, json_traces, json_unknown};
use crate::{Report, Summary};
use reqlint_core::check::Offset;
use reqlint_core::diagnostic::{Diagnostic, Fix, Label, Unfixed};
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
    request: Option<u64>,
    start: u64,
    end: u64,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    labels: Vec<JsonLabel<'d>>,
    help: Option<Cow<'d, str>>,
    url: Option<&'d str>,
    fixes: Vec<JsonFix<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unfixed: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'d str>,
}

impl JsonDiagnostic<'_> {
    /// The diagnostic as `parse` prints it.
    pub(crate) fn without_fingerprint(self) -> Self {
        JsonDiagnostic { fingerprint: None, unfixed: None, ..self }
    }
}

#[derive(Debug, Serialize)]
struct JsonLabel<'d> {
    start: u64,
    end: u64,
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
    start: u64,
    end: u64,
    text: &'d str,
}

/// The diagnostics of one source; the source is not read where there is none.
pub(crate) fn shown<'r>(report: &Report<'r>) -> Vec<JsonDiagnostic<'r>> {
    if report.diagnostics.is_empty() {
        return Vec::new();
    }
    let page = Page {
        path: report.path,
        lines: Lines::of(report),
        secrets: Secrets::new(report.text, report.secrets),
        offset: report.offset,
    };
    let shown = |diagnostic| page.show(diagnostic);
    report.diagnostics.iter().map(shown).collect()
}

/// What the diagnostics of one source have in common.
struct Page<'r> {
    path: &'r str,
    lines: Lines<'r>,
    secrets: Secrets<'r>,
    offset: Offset,
}

impl<'r> Page<'r> {
    fn show(&self, diagnostic: &'r Diagnostic) -> JsonDiagnostic<'r> {
        let secrets = &self.secrets;
        let span = diagnostic.labels.first().map_or(Span::empty(0), |label| label.span);
        let Position { line, column } = self.lines.position(span.start());
        let end = self.lines.position(span.end());
        JsonDiagnostic {
            rule: &diagnostic.rule,
            pack: &diagnostic.pack,
            severity: diagnostic.severity.name(),
            consequence: diagnostic.consequence.name(),
            message: secrets.mask_words(&diagnostic.message),
            path: self.path,
            request: diagnostic.request.map(|number| self.offset.requests + number as u64),
            start: self.byte(span.start()),
            end: self.byte(span.end()),
            line,
            column,
            end_line: end.line,
            end_column: end.column,
            labels: diagnostic.labels.iter().map(|label| self.label(label)).collect(),
            help: diagnostic.help.as_deref().map(|help| secrets.mask_words(help)),
            url: diagnostic.url.as_deref(),
            fixes: diagnostic.fixes.iter().map(|fix| self.fix(fix)).collect(),
            unfixed: diagnostic.unfixed.map(Unfixed::name),
            fingerprint: diagnostic.fingerprint.as_deref(),
        }
    }

    /// A byte of the text as a byte of the whole source.
    fn byte(&self, at: usize) -> u64 {
        self.offset.bytes + at as u64
    }

    fn label(&self, label: &'r Label) -> JsonLabel<'r> {
        let Position { line, column } = self.lines.position(label.span.start());
        JsonLabel {
            start: self.byte(label.span.start()),
            end: self.byte(label.span.end()),
            line,
            column,
            text: self.secrets.mask_words(&label.text),
        }
    }

    /// A fix of which one edit would show a secret keeps its title only: half of it would be
    /// wrong.
    fn fix(&self, fix: &'r Fix) -> JsonFix<'r> {
        let secrets = &self.secrets;
        if fix.edits.iter().any(|edit| secrets.are_in(&edit.text)) {
            let title = secrets.mask_words(&fix.title);
            let title = format!("{title} (left out: it would show a secret)");
            return JsonFix { title, safety: fix.safety.name(), edits: Vec::new() };
        }
        let edits = fix.edits.iter().map(|edit| JsonEdit {
            start: self.byte(edit.span.start()),
            end: self.byte(edit.span.end()),
            text: &edit.text,
        });
        let title = secrets.mask_words(&fix.title).into_owned();
        JsonFix { title, safety: fix.safety.name(), edits: edits.collect() }
    }
}
