//! What `reqlint check` prints beside diagnostics: why a rule speaks or does not, and what cannot
//! be decided.

use crate::human::Terminal;
use crate::locate::Lines;
use crate::secrets::Secrets;
use crate::visible::{escaped, shortened};
use crate::{Report, visible};
use anstyle::{AnsiColor, Style};
use reqlint_core::check::survey::Undecided;
use reqlint_core::check::trace::{RequestTrace, Step};
use reqlint_core::check::truth::Truth;
use reqlint_core::span::Span;
use serde::Serialize;
use std::io::{self, Write};

/// The longest line of a trace, in characters.
const MOST: usize = 240;

/// One source with what was seen in it.
#[derive(Clone, Copy, Debug)]
pub struct Surveyed<'s> {
    /// The source, with its diagnostics.
    pub report: Report<'s>,
    /// What became of one rule at each request.
    pub traces: &'s [RequestTrace],
    /// Rules that cannot be decided.
    pub undecided: &'s [Undecided],
}

/// Writes `path:line:column: unknown[rule] depends on …` for each rule that cannot be decided.
///
/// # Errors
/// What the writer says.
pub fn write_undecided(out: &mut dyn Write, surveyed: &Surveyed<'_>) -> io::Result<()> {
    if surveyed.undecided.is_empty() {
        return Ok(());
    }
    let source = Source::new(&surveyed.report);
    for undecided in surveyed.undecided {
        let holes: Vec<String> =
            undecided.holes.iter().map(|hole| format!("`{}`", source.shown(*hole))).collect();
        let about = match holes.is_empty() {
            true => "something that is not in the text".to_owned(),
            false => holes.join(", "),
        };
        let (place, rule) = (source.place(undecided.span), escaped(&undecided.rule));
        writeln!(out, "{place}: unknown[{rule}] depends on {about}")?;
    }
    Ok(())
}

/// Writes for each request why a rule speaks about it, or does not.
///
/// # Errors
/// What the writer says.
pub fn write_traces(
    out: &mut dyn Write,
    terminal: &Terminal,
    rule: &str,
    surveyed: &Surveyed<'_>,
) -> io::Result<()> {
    if surveyed.traces.is_empty() {
        return Ok(());
    }
    let source = Source::new(&surveyed.report);
    for trace in surveyed.traces {
        let place = terminal.styled(Style::new().bold(), &source.place(trace.span));
        let outcome = outcome(trace);
        let what = if trace.request.is_some() { "" } else { " (outside of requests)" };
        writeln!(out, "{place}: {rule}{what}: {outcome}")?;
        for says in &trace.says {
            let says = source.secrets.mask_words(says);
            writeln!(out, "  says: {}", visible::line(&says, terminal.unicode))?;
        }
        for case in &trace.cases {
            write_step(out, terminal, case, 1)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What came of it, in words.
fn outcome(trace: &RequestTrace) -> String {
    match (&trace.yields_to, trace.truth) {
        (Some(other), _) => format!("silent, since `{other}` says it better"),
        (None, Truth::Yes) => "reports".to_owned(),
        (None, Truth::No) => "does not match".to_owned(),
        (None, Truth::Unknown) => {
            "silent, since the answer is not known before run time".to_owned()
        }
    }
}

fn write_step(
    out: &mut dyn Write,
    terminal: &Terminal,
    step: &Step,
    depth: usize,
) -> io::Result<()> {
    let word = format!("{:7}", word(step.truth));
    let word = terminal.styled(color(step.truth).on_default(), &word);
    let found = step.found.as_ref().map(|found| format!(" → {found}")).unwrap_or_default();
    let line = format!("{}{found}", step.asks);
    let line = shortened(&line, MOST);
    let line = visible::line(&line, terminal.unicode);
    writeln!(out, "{:indent$}{word} {line}", "", indent = depth * 2)?;
    step.because.iter().try_for_each(|inner| write_step(out, terminal, inner, depth + 1))
}

fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown => "unknown",
    }
}

fn color(truth: Truth) -> AnsiColor {
    match truth {
        Truth::Yes => AnsiColor::Green,
        Truth::No => AnsiColor::Red,
        Truth::Unknown => AnsiColor::Yellow,
    }
}

/// A source that places are shown in.
struct Source<'s> {
    path: String,
    text: &'s str,
    lines: Lines<'s>,
    secrets: Secrets<'s>,
}

impl<'s> Source<'s> {
    fn new(report: &Report<'s>) -> Self {
        Source {
            path: escaped(report.path).into_owned(),
            text: report.text,
            lines: Lines::new(report.text),
            secrets: Secrets::new(report.text, report.secrets),
        }
    }

    fn place(&self, span: Span) -> String {
        let at = self.lines.position(span.start());
        format!("{}:{}:{}", self.path, at.line, at.column)
    }

    /// A short piece of the text, as it may be shown.
    fn shown(&self, span: Span) -> String {
        let text = self.text.get(span.range()).unwrap_or_default();
        let text = self.secrets.mask_words(text);
        shortened(&escaped(&text), 60).into_owned()
    }
}

/// A trace in the form of the contract.
#[derive(Debug, Serialize)]
pub(crate) struct JsonTrace<'t> {
    path: &'t str,
    request: Option<usize>,
    line: usize,
    column: usize,
    outcome: &'static str,
    says: Vec<String>,
    yields_to: Option<&'t str>,
    cases: Vec<JsonStep<'t>>,
}

#[derive(Debug, Serialize)]
struct JsonStep<'t> {
    asks: &'t str,
    answer: &'static str,
    found: Option<&'t str>,
    because: Vec<JsonStep<'t>>,
}

/// A rule that cannot be decided, in the form of the contract.
#[derive(Debug, Serialize)]
pub(crate) struct JsonUnknown<'u> {
    rule: &'u str,
    pack: &'u str,
    path: &'u str,
    request: usize,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    holes: Vec<JsonHole>,
}

#[derive(Debug, Serialize)]
struct JsonHole {
    start: usize,
    end: usize,
    text: String,
}

/// The traces of a source for programs.
pub(crate) fn json_traces<'s>(surveyed: &Surveyed<'s>) -> Vec<JsonTrace<'s>> {
    if surveyed.traces.is_empty() {
        return Vec::new();
    }
    let source = Source::new(&surveyed.report);
    let trace = |trace: &'s RequestTrace| {
        let at = source.lines.position(trace.span.start());
        JsonTrace {
            path: surveyed.report.path,
            request: trace.request,
            line: at.line,
            column: at.column,
            outcome: word(if trace.yields_to.is_some() { Truth::No } else { trace.truth }),
            says: trace
                .says
                .iter()
                .map(|says| source.secrets.mask_words(says).into_owned())
                .collect(),
            yields_to: trace.yields_to.as_deref(),
            cases: trace.cases.iter().map(json_step).collect(),
        }
    };
    surveyed.traces.iter().map(trace).collect()
}

fn json_step(step: &Step) -> JsonStep<'_> {
    JsonStep {
        asks: &step.asks,
        answer: word(step.truth),
        found: step.found.as_deref(),
        because: step.because.iter().map(json_step).collect(),
    }
}

/// What cannot be decided in a source, for programs.
pub(crate) fn json_unknown<'s>(surveyed: &Surveyed<'s>) -> Vec<JsonUnknown<'s>> {
    if surveyed.undecided.is_empty() {
        return Vec::new();
    }
    let source = Source::new(&surveyed.report);
    let unknown = |undecided: &'s Undecided| {
        let at = source.lines.position(undecided.span.start());
        let hole = |hole: &Span| JsonHole {
            start: hole.start(),
            end: hole.end(),
            text: source.shown(*hole),
        };
        JsonUnknown {
            rule: &undecided.rule,
            pack: &undecided.pack,
            path: surveyed.report.path,
            request: undecided.request,
            start: undecided.span.start(),
            end: undecided.span.end(),
            line: at.line,
            column: at.column,
            holes: undecided.holes.iter().map(hole).collect(),
        }
    };
    surveyed.undecided.iter().map(unknown).collect()
}
