//! The few lines of a source that labels speak about, made safe to print: secrets masked, control
//! characters visible, long lines cropped, and a map from the source's bytes to what is shown.
//!
//! Its cost depends on what is shown, never on the size of the source.

use crate::locate::{Lines, Position};
use crate::secrets::Secrets;
use crate::visible::stand_in;
use reqlint_core::diagnostic::Label;
use std::collections::BTreeSet;
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// More labels than this are counted, not shown.
const MOST_LABELS: usize = 12;
/// A label over more lines than this is cut.
const MOST_LINES: usize = 6;
/// Columns of a line that are shown in any terminal.
const LEAST_WIDTH: usize = 40;

/// How an excerpt is to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Columns for the text of a line.
    pub(crate) width: usize,
    /// Whether more than ASCII can be shown.
    pub(crate) unicode: bool,
}

/// The text that is shown, in chunks of neighbouring lines.
#[derive(Debug)]
pub(crate) struct Excerpt {
    /// Each line with its line feed.
    pub(crate) text: String,
    pub(crate) chunks: Vec<Chunk>,
    /// In the order of the diagnostic; the first is the subject.
    pub(crate) marks: Vec<Mark>,
    /// Labels beyond the bound.
    pub(crate) hidden_labels: usize,
    runs: Vec<Run>,
}

/// Neighbouring lines.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// Bytes of the excerpt.
    pub(crate) shown: Range<usize>,
    /// The number of its first line in the source, from 0.
    pub(crate) first_line: usize,
    pub(crate) lines: usize,
}

/// A label in the excerpt.
#[derive(Debug)]
pub(crate) struct Mark {
    /// Bytes of the excerpt.
    pub(crate) shown: Range<usize>,
    /// Where it is in the source.
    pub(crate) position: Position,
    pub(crate) text: String,
}

/// A stretch of the source and what is shown for it.
#[derive(Debug)]
struct Run {
    source: Range<usize>,
    shown: Range<usize>,
    /// Byte for byte; otherwise one stands for the other as a whole.
    exact: bool,
}

/// A label whose span is on character boundaries and not too tall.
struct Cut {
    source: Range<usize>,
    text: String,
}

impl Excerpt {
    pub(crate) fn new(
        lines: &Lines<'_>,
        labels: &[Label],
        secrets: &Secrets<'_>,
        look: Look,
    ) -> Self {
        let cuts: Vec<Cut> =
            labels.iter().take(MOST_LABELS).map(|label| cut(lines, label)).collect();
        let mut excerpt = Excerpt {
            text: String::new(),
            chunks: Vec::new(),
            marks: Vec::new(),
            hidden_labels: labels.len().saturating_sub(MOST_LABELS),
            runs: Vec::new(),
        };
        for line in shown_lines(lines, &cuts) {
            excerpt.line(lines, line, &cuts, secrets, look);
        }
        excerpt.marks = cuts.into_iter().map(|cut| excerpt.mark(lines, cut)).collect();
        excerpt
    }

    fn line(
        &mut self,
        lines: &Lines<'_>,
        number: usize,
        cuts: &[Cut],
        secrets: &Secrets<'_>,
        look: Look,
    ) {
        let start = self.text.len();
        let range = lines.line(number);
        let mut at = range.start;
        for window in crop(lines.text(), range.clone(), cuts, look.width) {
            self.ellipsis(at..window.start, look);
            self.window(lines.text(), window.clone(), cuts, secrets, look);
            at = window.end;
        }
        self.ellipsis(at..range.end, look);
        self.run(range.end..lines.next_start(number), "\n", false);
        let end = self.text.len();
        let number = lines.before() + number;
        match self.chunks.last_mut() {
            Some(chunk) if chunk.first_line + chunk.lines == number => {
                chunk.shown.end = end;
                chunk.lines += 1;
            }
            _ => self.chunks.push(Chunk { shown: start..end, first_line: number, lines: 1 }),
        }
    }

    fn ellipsis(&mut self, source: Range<usize>, look: Look) {
        if !source.is_empty() {
            self.run(source, if look.unicode { "…" } else { "..." }, false);
        }
    }

    fn window(
        &mut self,
        text: &str,
        window: Range<usize>,
        cuts: &[Cut],
        secrets: &Secrets<'_>,
        look: Look,
    ) {
        for (at, character) in text[window.clone()].char_indices() {
            let at = window.start + at;
            let source = at..at + character.len_utf8();
            let first_mark = at == 0 && character == '\u{feff}';
            let instead = match character {
                _ if secrets.holds(at) => Some("*".to_owned()),
                // Editors do not show it, and it is worth a word only where a label says so.
                _ if first_mark && !cuts.iter().any(|cut| cut.source == source) => {
                    Some(String::new())
                }
                '\t' => None,
                _ => stand_in(character, look.unicode),
            };
            match instead {
                Some(instead) => self.run(source, &instead, false),
                None => self.run(source, character.encode_utf8(&mut [0; 4]), true),
            }
        }
    }

    /// Adds a run, or makes the last one longer.
    fn run(&mut self, source: Range<usize>, shown: &str, exact: bool) {
        let start = self.text.len();
        self.text.push_str(shown);
        let end = self.text.len();
        match self.runs.last_mut() {
            Some(last) if exact && last.exact && last.source.end == source.start => {
                last.source.end = source.end;
                last.shown.end = end;
            }
            _ => self.runs.push(Run { source, shown: start..end, exact }),
        }
    }

    fn mark(&self, lines: &Lines<'_>, cut: Cut) -> Mark {
        let start = self.shown_start(cut.source.start);
        let end = if cut.source.is_empty() { start } else { self.shown_end(cut.source.end) };
        Mark {
            shown: start..end.max(start),
            position: lines.position(cut.source.start),
            text: cut.text,
        }
    }

    fn shown_start(&self, offset: usize) -> usize {
        let after = self.runs.partition_point(|run| run.source.start <= offset);
        let Some(run) = after.checked_sub(1).map(|at| &self.runs[at]) else { return 0 };
        match run.exact {
            true => run.shown.start + (offset - run.source.start).min(run.source.len()),
            false if offset < run.source.end || run.source.is_empty() => run.shown.start,
            false => run.shown.end,
        }
    }

    fn shown_end(&self, offset: usize) -> usize {
        let after = self.runs.partition_point(|run| run.source.start < offset);
        let Some(run) = after.checked_sub(1).map(|at| &self.runs[at]) else { return 0 };
        match run.exact {
            true => run.shown.start + (offset - run.source.start).min(run.source.len()),
            false => run.shown.end,
        }
    }
}

/// Puts a label's span on character boundaries, and ends it after a few lines.
fn cut(lines: &Lines<'_>, label: &Label) -> Cut {
    let text = lines.text();
    let start = text.floor_char_boundary(label.span.start().min(text.len()));
    let end = text.ceil_char_boundary(label.span.end().min(text.len())).max(start);
    let (first, last) = (lines.line_of(start), last_line(lines, start..end));
    if last - first < MOST_LINES {
        return Cut { source: start..end, text: label.text.clone() };
    }
    let gap = if label.text.is_empty() { "" } else { " " };
    let words = format!("{}{gap}(to line {})", label.text, last + 1);
    Cut { source: start..lines.line(first + MOST_LINES - 1).end.max(start), text: words }
}

/// The line of the last byte; a line feed at the end does not count as the next line.
fn last_line(lines: &Lines<'_>, source: Range<usize>) -> usize {
    lines.line_of(if source.is_empty() { source.end } else { source.end - 1 })
}

/// The lines with labels; a single line between two of them is shown too.
fn shown_lines(lines: &Lines<'_>, cuts: &[Cut]) -> BTreeSet<usize> {
    let mut shown = BTreeSet::new();
    for cut in cuts {
        shown.extend(lines.line_of(cut.source.start)..=last_line(lines, cut.source.clone()));
    }
    let between: Vec<usize> = shown
        .iter()
        .map(|line| line + 1)
        .filter(|line| !shown.contains(line) && shown.contains(&(line + 1)))
        .collect();
    shown.extend(between);
    shown
}

/// The parts of a line that are shown: all of it where it fits, else what is around labels.
fn crop(text: &str, line: Range<usize>, cuts: &[Cut], width: usize) -> Vec<Range<usize>> {
    let width = width.max(LEAST_WIDTH);
    if walk(text[line.clone()].chars(), width) == line.len() {
        return vec![line];
    }
    let labels: Vec<Range<usize>> = cuts
        .iter()
        .map(|cut| cut.source.start.max(line.start)..cut.source.end.min(line.end))
        .filter(|label| label.start <= label.end)
        .collect();
    let mut windows = windows(text, &line, &labels, width);
    windows.sort_unstable_by_key(|window| (window.start, window.end));
    join(windows)
}

fn windows(
    text: &str,
    line: &Range<usize>,
    labels: &[Range<usize>],
    width: usize,
) -> Vec<Range<usize>> {
    let around = |from: usize, to: usize, before: usize, after: usize| {
        let start = from - walk(text[line.start..from].chars().rev(), before);
        start..to + walk(text[to..line.end].chars(), after)
    };
    if labels.is_empty() {
        return vec![around(line.start, line.start, 0, width - 1)];
    }
    let share = (width / labels.len()).max(16) - 2;
    let mut windows = Vec::new();
    for label in labels {
        let fitting = walk(text[label.clone()].chars(), share);
        if fitting == label.len() {
            let spare = share - width_of(text[label.clone()].chars(), share);
            let room_after = width_of(text[label.end..line.end].chars(), spare);
            let room_before = width_of(text[line.start..label.start].chars().rev(), spare);
            let before = room_before.min(spare - room_after.min(spare / 2));
            windows.push(around(label.start, label.end, before, spare - before));
        } else {
            let head = label.start + walk(text[label.clone()].chars(), share / 3);
            let tail = label.end - walk(text[label.clone()].chars().rev(), share / 6);
            windows.push(around(label.start, head, share / 4, 0));
            windows.push(around(tail, label.end, 0, share / 4));
        }
    }
    windows
}

/// Joins windows that overlap, or are so near that an ellipsis would save nothing.
fn join(windows: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(windows.len());
    for window in windows {
        match joined.last_mut() {
            Some(last) if window.start <= last.end + 3 => last.end = last.end.max(window.end),
            _ => joined.push(window),
        }
    }
    joined
}

/// How many bytes of the characters fit into so many columns.
fn walk(characters: impl Iterator<Item = char>, most: usize) -> usize {
    let mut left = most;
    let mut bytes = 0;
    for character in characters {
        let Some(rest) = left.checked_sub(columns(character)) else { break };
        left = rest;
        bytes += character.len_utf8();
    }
    bytes
}

/// Columns of the characters, up to a bound.
fn width_of(characters: impl Iterator<Item = char>, most: usize) -> usize {
    let mut width = 0;
    for character in characters {
        width += columns(character);
        if width >= most {
            return most;
        }
    }
    width
}

/// Columns of a character, or of what is shown instead of it. At least one, so that a run of
/// characters without width cannot be endless.
fn columns(character: char) -> usize {
    match character {
        '\t' => 4,
        ' '..='~' => 1,
        _ => match stand_in(character, true) {
            Some(instead) => instead.chars().count(),
            None => character.width().unwrap_or(1).max(1),
        },
    }
}
