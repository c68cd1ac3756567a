//! Slips that a parser of YAML notices somewhere else: a quote or bracket that was opened on an
//! earlier line, a comment inside a bracket, a `:` without its space, a line in the wrong column.

use super::{CLOSE_QUOTE, QUOTE_FLOW};
use crate::rule::node::Mistake;
use crate::span::Span;
use granit_parser::ErrorKind;

/// How many lines above the place of an error are looked at.
const LINES: usize = 60;

/// The slip behind an error at an offset, where it can be told.
pub(super) fn find(kind: &ErrorKind, text: &str, at: usize) -> Option<Mistake> {
    use ErrorKind as K;
    let here = Line::at(text, at);
    if let Some(comment) = comment_in_bracket(here) {
        return Some(comment);
    }
    match kind {
        K::InvalidQuotedScalarIndent | K::DocumentIndicatorInQuotedScalar => {
            let at = here.and_above().find_map(|line| line.scan().quote)?;
            let message = "this quote is never closed";
            Some(mistake(Span::new(at, at + 1), message, CLOSE_QUOTE.to_owned()))
        }
        K::ExpectedFlowMappingSeparator
        | K::UnexpectedEofFlowMapping
        | K::ExpectedFlowSequenceSeparator
        | K::UnexpectedEofFlowSequence
        | K::BlockEntryInFlowCollection
            if text[here.start..at].trim().is_empty() =>
        {
            let above = here.above()?.and_above();
            let at =
                above.map(|line| line.scan().brackets).find_map(|open| open.last().copied())?;
            let message = format!("this `{}` is not closed", &text[at..=at]);
            let help = format!("close it at the end of its line; {QUOTE_FLOW}");
            Some(mistake(Span::new(at, at + 1), message, help))
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement => deeper(here, at),
        K::SimpleKeyExpected
        | K::InvalidSimpleKey
        | K::ExpectedBlockMappingKey
        | K::InvalidIndentation => {
            glued(here).or_else(|| empty_block(here)).or_else(|| deeper(here, at))
        }
        K::InvalidBlockScalarHeader => {
            let sign = text[at..].chars().next().filter(|sign| matches!(sign, '|' | '>'))?;
            let message = format!("after `{sign}` the text begins in the next line");
            let help =
                format!("indent it there, or put a text that begins with `{sign}` in quotes");
            Some(mistake(Span::new(at, at + 1), message, help))
        }
        K::BlockSequenceEntryNotAllowed => {
            let message = "a list begins in a line of its own";
            let help = "put a text that begins with `- ` in quotes";
            Some(mistake(Span::new(at, at + 1), message, help.to_owned()))
        }
        _ => None,
    }
}

fn mistake(span: Span, message: impl Into<String>, help: String) -> Mistake {
    Mistake { span, message: message.into(), help: Some(help) }
}

/// `#` behind a space inside a bracket, on the line of the error or the last one before it.
fn comment_in_bracket(here: Line<'_>) -> Option<Mistake> {
    let written = here.and_above().filter(|line| !line.words().is_empty());
    let (at, bracket) = written.take(2).find_map(|line| {
        let scan = line.scan();
        Some((scan.comment?, *scan.brackets.last()?))
    })?;
    let bracket = &here.text[bracket..=bracket];
    let message = format!("`#` after a space begins a comment, so the `{bracket}` is not closed");
    let help = "put the text that begins with `#` in quotes".to_owned();
    Some(mistake(Span::new(at, at + 1), message, help))
}

/// A key in a deeper column than the one above it, whose value stands in its line.
fn deeper(here: Line<'_>, at: usize) -> Option<Mistake> {
    let (key, _) = here.words().split_once(':')?;
    let start = here.words_start();
    if at != start && at != start + key.len() {
        return None;
    }
    let above = here.above()?.and_above().find(|line| !line.words().is_empty())?;
    let (key_above, value) = above.words().split_once(": ")?;
    let key_above = key_above.trim_start_matches("- ");
    if value.trim().is_empty() || above.indent() >= here.indent() || key.contains(' ') {
        return None;
    }
    let message = format!("this line is indented deeper than `{key_above}` above it");
    let help = "begin it in the same column".to_owned();
    Some(mistake(Span::new(start, start + key.len()), message, help))
}

/// `key:value`, `key = value` and the like.
fn glued(here: Line<'_>) -> Option<Mistake> {
    let words = here.words();
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let end = words.find(|c: char| !is_of_key(c)).filter(|end| *end > 0)?;
    let (key, rest) = words.split_at(end);
    let sign = rest.trim_start().chars().next()?;
    let is_glued = match sign {
        ':' => rest.starts_with(':') && !rest[1..].starts_with(' '),
        '=' | '：' => true,
        _ => false,
    };
    let value = rest.trim_start()[sign.len_utf8()..].trim();
    if !is_glued || value.is_empty() {
        return None;
    }
    let message = match sign {
        ':' => "no space stands after this `:`".to_owned(),
        other => format!("`{other}` does not stand between a key and its value"),
    };
    let start = here.words_start() + words.find(sign)?;
    let help = format!("write `{key}: {value}`");
    Some(mistake(Span::new(start, start + sign.len_utf8()), message, help))
}

/// A line that should be indented, since the one above it ends with `|` or `>`.
fn empty_block(here: Line<'_>) -> Option<Mistake> {
    let above = here.above()?.and_above().find(|line| !line.words().is_empty())?;
    let sign = above.words().split(' ').next_back()?;
    if !matches!(sign, "|" | ">" | "|-" | ">-" | "|+" | ">+") || above.indent() < here.indent() {
        return None;
    }
    let start = here.words_start();
    let message = format!("this line is not indented, so the text after `{sign}` is empty");
    let help = format!("indent the text below `{sign}`");
    Some(mistake(Span::new(start, start + here.words().len()), message, help))
}

/// A line of a text.
#[derive(Clone, Copy, Debug)]
struct Line<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

/// What a line leaves open, by offset.
#[derive(Debug, Default)]
struct Scan {
    quote: Option<usize>,
    brackets: Vec<usize>,
    comment: Option<usize>,
}

impl<'t> Line<'t> {
    fn at(text: &'t str, at: usize) -> Self {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        Line { text, start, end }
    }

    fn above(self) -> Option<Self> {
        self.start.checked_sub(1).map(|newline| Line::at(self.text, newline))
    }

    /// This line, and those above it.
    fn and_above(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |line| line.above()).take(LINES)
    }

    fn words(self) -> &'t str {
        self.text[self.start..self.end].trim()
    }

    fn words_start(self) -> usize {
        self.start + self.indent()
    }

    /// How many bytes of space it begins with.
    fn indent(self) -> usize {
        let line = &self.text[self.start..self.end];
        line.len() - line.trim_start().len()
    }

    fn scan(self) -> Scan {
        let mut scan = Scan::default();
        let mut quote: Option<(usize, char)> = None;
        let mut before = ' ';
        let mut is_escaped = false;
        for (offset, character) in self.text[self.start..self.end].char_indices() {
            let at = self.start + offset;
            match (quote, character) {
                (Some((_, '"')), '\\') if !is_escaped => {
                    is_escaped = true;
                    continue;
                }
                (Some((_, open)), close) if open == close && !is_escaped => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if matches!(before, ' ' | '[' | '{' | ',' | ':') => {
                    quote = Some((at, character));
                }
                (None, '#') if before == ' ' => {
                    scan.comment = Some(at);
                    break;
                }
                (None, '{' | '[') => scan.brackets.push(at),
                (None, '}' | ']') => {
                    scan.brackets.pop();
                }
                (None, _) => {}
            }
            is_escaped = false;
            before = character;
        }
        scan.quote = quote.map(|(at, _)| at);
        scan
    }
}
