//! The text as a fix would leave it, for people: the lines that change, or a short request whole.

use crate::Report;
use crate::locate::Lines;
use crate::secrets::Secrets;
use crate::visible;
use reqlint_core::diagnostic::{Diagnostic, Edit, Fix};
use std::ops::Range;

/// A request up to so many bytes is shown whole.
const SHORT: usize = 1200;
/// Unchanged text beyond so many bytes at a stretch is left out of a long one.
const STRETCH: usize = 160;

/// A piece of the corrected text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// Whether the fix brought it.
    pub(crate) new: bool,
}

/// What can be shown of the corrected text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Corrected {
    /// Lines to copy: every character is as it is in the text.
    Lines(Vec<Vec<Piece>>),
    /// It holds characters that a terminal would obey.
    Unprintable,
}

/// The corrected lines, ready to print; none where the fix changes nothing or does not fit.
pub(crate) fn corrected(
    report: &Report<'_>,
    lines: &Lines<'_>,
    secrets: &Secrets<'_>,
    diagnostic: &Diagnostic,
) -> Option<Corrected> {
    let fix = diagnostic.fixes.first()?;
    if !fits(fix, report.text) {
        return None;
    }
    let region = region(report, lines, diagnostic, fix)?;
    let mut pieces = Vec::new();
    // A byte order mark at the start is for programs.
    let mut at = region.start + if region.start == 0 { mark(report.text) } else { 0 };
    for edit in &fix.edits {
        keep(&mut pieces, report.text, at..edit.span.start().max(at), &region, secrets);
        pieces.push(Piece { text: masked_edit(edit, secrets), new: true });
        at = edit.span.end().max(at);
    }
    keep(&mut pieces, report.text, at..region.end, &region, secrets);
    Some(split_lines(pieces))
}

/// Length of the byte order mark that a text starts with.
fn mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// Whether the edits are in order, apart, and inside the text.
fn fits(fix: &Fix, text: &str) -> bool {
    let ordered = fix.edits.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start());
    ordered && !fix.edits.is_empty() && fix.edits.iter().all(|e| text.get(e.span.range()).is_some())
}

/// What is shown: the whole request where it is short, else the lines of the edits.
fn region(
    report: &Report<'_>,
    lines: &Lines<'_>,
    diagnostic: &Diagnostic,
    fix: &Fix,
) -> Option<Range<usize>> {
    let (first, last) = (fix.edits.first()?, fix.edits.last()?);
    let edited = first.span.hull(last.span);
    let request = diagnostic.request.and_then(|number| report.requests.get(number));
    if let Some(request) = request.filter(|request| request.len() <= SHORT) {
        // What stands elsewhere is shown with its line.
        let lines_of = |at: usize| lines.line(lines.line_of(at));
        let start = match edited.start() < request.start() {
            true => lines_of(edited.start()).start,
            false => request.start(),
        };
        let end = match edited.end() > request.end() {
            true => lines_of(edited.end()).end.max(edited.end()),
            false => request.end(),
        };
        if report.text.get(start..end).is_some() && end - start <= 2 * SHORT {
            return Some(start..end);
        }
    }
    let start = lines.line(lines.line_of(edited.start())).start;
    let end = lines.line(lines.line_of(edited.end())).end;
    Some(start..end.max(edited.end()))
}

/// Adds unchanged text; of a long stretch only what is next to an edit.
fn keep(
    pieces: &mut Vec<Piece>,
    text: &str,
    range: Range<usize>,
    region: &Range<usize>,
    secrets: &Secrets<'_>,
) {
    if range.is_empty() {
        return;
    }
    let mut add = |text: String| pieces.push(Piece { text, new: false });
    if region.len() <= SHORT || range.len() <= STRETCH {
        return add(masked(text, range, secrets));
    }
    let head = text.floor_char_boundary(range.start + STRETCH / 4);
    let tail = text.ceil_char_boundary(range.end - STRETCH / 4);
    if range.start > region.start {
        add(masked(text, range.start..head, secrets));
    }
    add("…".to_owned());
    if range.end < region.end {
        add(masked(text, tail..range.end, secrets));
    }
}

fn masked(text: &str, range: Range<usize>, secrets: &Secrets<'_>) -> String {
    let start = range.start;
    let mask = |(at, character)| if secrets.holds(start + at) { '*' } else { character };
    text[range].char_indices().map(mask).collect()
}

fn masked_edit(edit: &Edit, secrets: &Secrets<'_>) -> String {
    visible::shortened(&secrets.mask(&edit.text), SHORT).into_owned()
}

/// Splits at line ends. Lines at the ends that became empty go.
fn split_lines(pieces: Vec<Piece>) -> Corrected {
    let mut lines = vec![Vec::new()];
    for piece in pieces {
        for (number, part) in piece.text.split('\n').enumerate() {
            if number > 0 {
                lines.push(Vec::new());
            }
            let text = part.strip_suffix('\r').unwrap_or(part).to_owned();
            if text.contains(visible::is_obeyed) {
                return Corrected::Unprintable;
            }
            if let Some(line) = lines.last_mut().filter(|_| !text.is_empty()) {
                line.push(Piece { text, new: piece.new });
            }
        }
    }
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    lines.drain(..first);
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    Corrected::Lines(lines)
}
