//! Comments that ask for silence: `reqlint-ignore` in front of a request or a block of code, behind a
//! command, or `reqlint-ignore-file` for all of a file.
//!
//! `<!-- reqlint-ignore second-question-mark: how it must not look -->`: names of rules or packs (none
//! means all), and a reason behind a colon. Any comment of the form around it will do.

use super::lines::lines;
use crate::diagnostic::Diagnostic;
use crate::model::{Document, Kind};
use crate::span::Span;
use memchr::memmem;

const MARK: &str = "reqlint-ignore";
const FILE: &str = "reqlint-ignore-file";

/// How comments begin in the forms that have them.
const COMMENTS: [&str; 10] = ["<!--", "{/*", "/*", "//", "#", "..", "--", "::", "REM", "rem"];

/// A file says so itself in its first lines.
const FIRST_LINES: usize = 20;

/// A part of a source about which some rules are silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// What starts in it is meant.
    pub span: Span,
    /// Ids of rules and names of packs; none means all.
    pub names: Vec<String>,
}

impl Ignored {
    /// Whether a rule is silent about what starts at a byte of the source.
    pub fn covers(&self, at: usize, rule: &str, pack: &str) -> bool {
        let is_named = |name: &String| name == rule || name == pack;
        (self.span.start()..self.span.end()).contains(&at)
            && (self.names.is_empty() || self.names.iter().any(is_named))
    }
}

/// Whether a text asks to be passed over as a whole.
pub fn ignores_file(text: &str) -> bool {
    memmem::find(text.as_bytes(), FILE.as_bytes()).is_some()
        && text.lines().take(FIRST_LINES).any(|line| {
            let comment = Comment::find(line, FILE);
            comment.is_some_and(|comment| comment.starts_line)
        })
}

/// Notes which parts of a document ask for silence.
pub(super) fn read_ignored(document: &mut Document<'_>) {
    let source = document.layers.source();
    // A recording has no comments.
    let is_recording = document.kind.is_recording() || document.kind.is_lines();
    if is_recording || memmem::find(source.as_bytes(), MARK.as_bytes()).is_none() {
        return;
    }
    let all: Vec<Span> = lines(source, Span::new(0, source.len())).collect();
    let starts = starts_of_requests(document);
    for (index, line) in all.iter().enumerate() {
        let text = &source[line.range()];
        let Some(comment) = Comment::find(text, MARK).filter(|it| !it.words.starts_with("-file"))
        else {
            continue;
        };
        let span = match comment.starts_line {
            true => block_behind(source, &all[index + 1..], document.kind, &starts),
            false => Some(of_line(document, *line)),
        };
        let names = comment.names();
        document.ignored.extend(span.map(|span| Ignored { span, names }));
    }
}

/// Where requests begin, in order. All URLs of one command are one.
fn starts_of_requests(document: &Document<'_>) -> Vec<usize> {
    let requests = document.requests.iter();
    let starts = requests.map(|request| document.layers.root_span(request.place).start());
    let mut starts: Vec<usize> = starts.collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// From the start of the request that stands in a line to the end of the line.
fn of_line(document: &Document<'_>, line: Span) -> Span {
    let places = document.requests.iter().map(|request| document.layers.root_span(request.place));
    let here = places.filter(|span| span.overlaps(line)).map(Span::start).min();
    Span::new(here.unwrap_or(line.start()).min(line.start()), line.end())
}

/// A comment that asks for silence.
struct Comment<'t> {
    /// Whether nothing stands before it.
    starts_line: bool,
    /// What follows the mark.
    words: &'t str,
}

impl<'t> Comment<'t> {
    fn find(line: &'t str, mark: &str) -> Option<Self> {
        let at = line.find(mark)?;
        let before = line[..at].trim_end();
        let comment = COMMENTS.iter().find_map(|start| before.strip_suffix(start))?;
        let starts_line = comment.trim().trim_start_matches('>').trim().is_empty();
        // Only these two end what stands in a line.
        let is_behind = before.ends_with('#') || before.ends_with("//");
        (starts_line || (is_behind && comment.ends_with([' ', '\t'])))
            .then_some(Comment { starts_line, words: &line[at + mark.len()..] })
    }

    fn names(&self) -> Vec<String> {
        let words = self.words.split(':').next().unwrap_or_default();
        let is_name = |word: &&str| {
            let is_inner =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !word.is_empty() && word.bytes().all(is_inner) && *word != "--"
        };
        words.split([',', ' ', '\t']).filter(is_name).map(str::to_owned).collect()
    }
}

/// The block that follows a comment: of code between its marks, of YAML what is indented below its
/// first line, else up to a blank line or a second request.
fn block_behind(source: &str, lines: &[Span], kind: Kind, requests: &[usize]) -> Option<Span> {
    let text = |line: &Span| &source[line.range()];
    let first = lines.iter().position(|line| !text(line).trim().is_empty())?;
    let lines = &lines[first..];
    // Titles and settings of a block of AsciiDoc stand before it.
    let is_setting = |line: &&Span| {
        let line = text(line).trim();
        kind == Kind::Asciidoc
            && (line.starts_with('[') && line.ends_with(']')
                || line.starts_with('.') && !line.starts_with(".."))
    };
    let before = lines.iter().take_while(is_setting).count();
    let opening = lines.get(before).or(lines.last()).map_or("", |line| text(line));
    let end = match Delimiter::of(opening.trim()) {
        Some(delimiter) => {
            lines[before + 1..].iter().position(|line| delimiter.closes(text(line).trim()))
        }
        None if is_indented_block(kind, opening) => {
            let indent = indent_of(opening);
            let ends =
                |line: &Span| !text(line).trim().is_empty() && indent_of(text(line)) <= indent;
            lines[before + 1..].iter().position(ends)
        }
        None => {
            let after = requests.partition_point(|start| *start < lines[0].start());
            let second = requests.get(after + 1).copied().unwrap_or(source.len());
            let ends = |line: &Span| text(line).trim().is_empty() || second < line.end();
            lines[before + 1..].iter().position(ends)
        }
    };
    let last = end.map(|end| lines[before + 1 + end].start());
    Some(Span::new(lines[0].start(), last.unwrap_or(source.len())))
}

/// Whether what belongs to a line is indented below it.
fn is_indented_block(kind: Kind, line: &str) -> bool {
    match kind {
        Kind::Yaml | Kind::OpenApi | Kind::Insomnia => true,
        Kind::Rst => line.trim_start().starts_with("..") || line.trim_end().ends_with("::"),
        _ => false,
    }
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The marks around a block of code.
struct Delimiter {
    mark: char,
    length: usize,
}

impl Delimiter {
    fn of(line: &str) -> Option<Self> {
        let line = line.trim_start_matches('>').trim_start();
        let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~' | '-' | '.'))?;
        let length = line.chars().take_while(|char| *char == mark).count();
        let is_one = match mark {
            '`' | '~' => length >= 3,
            _ => length >= 4 && length == line.len(),
        };
        is_one.then_some(Delimiter { mark, length })
    }

    fn closes(&self, line: &str) -> bool {
        let line = line.trim_start_matches('>').trim();
        line.len() >= self.length && line.chars().all(|char| char == self.mark)
    }
}

/// Whether a diagnostic is about a part of a document that asks for silence.
pub(crate) fn is_ignored(document: &Document<'_>, diagnostic: &Diagnostic) -> bool {
    let request = diagnostic.request.and_then(|number| document.requests.get(number));
    let request = request.map(|request| document.layers.root_span(request.place).start());
    let subject = diagnostic.labels.first().map(|label| label.span.start());
    request.into_iter().chain(subject).any(|at| {
        document.ignored.iter().any(|it| it.covers(at, &diagnostic.rule, &diagnostic.pack))
    })
}
