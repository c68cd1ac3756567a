//! Scalars of YAML: their texts, byte by byte (YAML 1.2.2, chapters 7 and 8).

use crate::layer::{Codec, Escape, LayerBuilder, Layers, Place, Quote, Quoting};
use crate::model::{JsonKind, JsonValue};
use crate::span::Span;
use granit_parser::ScalarStyle;

/// `'…'`
const SINGLE: Quoting =
    Quoting { quote: '\'', escape: Escape::Doubled, lines: false, braces: false };

/// A scalar as the parser found it.
pub(super) struct Scalar<'t> {
    pub(super) text: &'t str,
    pub(super) style: ScalarStyle,
    pub(super) span: Span,
    /// Whether it stands between brackets.
    pub(super) flow: bool,
}

/// A step of decoding: bytes that stand for themselves, or for another text.
enum Step {
    Exact(Span),
    Escape(String, Span),
}

impl Scalar<'_> {
    /// The scalar as a value.
    pub(super) fn read(&self, layers: &mut Layers<'_>, region: Place, source: &str) -> JsonValue {
        let written = &source[self.span.range()];
        let end = self.span.start() + written.trim_end().len();
        let span = Span::new(self.span.start(), end.max(self.span.start()));
        let place = region.sub(span);
        let (codec, steps) = self.steps(source, span);
        let decoded: String = steps.iter().map(|step| step.text(source)).collect();
        let mut layer = match decoded == self.text {
            true => layers.layer(codec, place),
            // Not as it is read here: then nothing is written into it.
            false => layers.layer(Codec::Implied, place),
        };
        if decoded == self.text {
            steps.into_iter().for_each(|step| step.add(&mut layer, region));
        } else {
            layer.escape(self.text, place, Quote::None);
        }
        let id = layer.finish();
        let text = layers.whole(id);
        let (members, items) = (Vec::new(), Vec::new());
        JsonValue { kind: self.kind(), place, text, members, items }
    }

    fn kind(&self) -> JsonKind {
        if self.style != ScalarStyle::Plain {
            return JsonKind::String;
        }
        match self.text {
            "" | "~" | "null" | "Null" | "NULL" => JsonKind::Null,
            "true" | "false" | "True" | "False" | "TRUE" | "FALSE" => JsonKind::Boolean,
            text if text.parse::<f64>().is_ok() && !text.starts_with(char::is_alphabetic) => {
                JsonKind::Number
            }
            _ => JsonKind::String,
        }
    }

    fn steps(&self, source: &str, span: Span) -> (Codec, Vec<Step>) {
        let inside = |span: Span| Span::new(span.start() + 1, span.end().max(span.start() + 2) - 1);
        match self.style {
            ScalarStyle::Plain => {
                (Codec::YamlPlain { flow: self.flow }, flow_steps(source, span, '\0'))
            }
            _ if matches!(self.style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
                && span.len() < 2 =>
            {
                (Codec::Implied, Vec::new())
            }
            ScalarStyle::SingleQuoted => {
                (Codec::Quoted(SINGLE), flow_steps(source, inside(span), '\''))
            }
            ScalarStyle::DoubleQuoted => (Codec::JsonString, flow_steps(source, inside(span), '"')),
            ScalarStyle::Literal | ScalarStyle::Folded => self.block_steps(source),
        }
    }

    /// The lines of a block.
    fn block_steps(&self, source: &str) -> (Codec, Vec<Step>) {
        let mut at = self.span.start();
        if source[at..].starts_with(['|', '>']) {
            at += source[at..].find('\n').map_or(source.len() - at, |length| length + 1);
        } else {
            at = source[..at].rfind('\n').map_or(0, |end| end + 1);
        }
        let lines: Vec<Span> = lines(source, Span::new(at, self.span.end().max(at))).collect();
        let blanks = |text: &str| text.len() - text.trim_start_matches(' ').len();
        let is_blank = |line: &&Span| source[line.range()].trim().is_empty();
        let first = lines.iter().find(|line| !is_blank(line));
        let kept = self.text.lines().find(|line| !line.trim().is_empty()).map_or(0, blanks);
        let indent = first.map_or(0, |line| blanks(&source[line.range()])).saturating_sub(kept);
        let lines: Vec<(Span, Span)> = lines
            .iter()
            .map(|line| {
                let text = &source[line.range()];
                let content = text.trim_end_matches(['\r', '\n']);
                let lost = blanks(content).min(indent);
                let start = line.start() + lost;
                let end = line.start() + content.len();
                (Span::new(start, end), Span::new(end, line.end()))
            })
            .collect();
        let folded = self.style == ScalarStyle::Folded;
        let mut steps = if folded { folded_steps(source, &lines) } else { literal_steps(&lines) };
        cut(source, &mut steps, self.text.len());
        let codec = match folded {
            true => Codec::YamlFolded,
            false => Codec::Lines { prefix: " ".repeat(indent).into() },
        };
        (codec, steps)
    }
}

impl Step {
    fn text<'t>(&'t self, source: &'t str) -> &'t str {
        match self {
            Step::Exact(span) => &source[span.range()],
            Step::Escape(text, _) => text,
        }
    }

    fn add(self, layer: &mut LayerBuilder<'_, '_>, region: Place) {
        match self {
            Step::Exact(span) => layer.exact(region.sub(span), Quote::None),
            Step::Escape(text, span) => layer.escape(&text, region.sub(span), Quote::None),
        }
    }
}

/// Lines with their ends.
fn lines(source: &str, span: Span) -> impl Iterator<Item = Span> + '_ {
    let mut at = span.start();
    source[span.range()].split_inclusive('\n').map(move |line| {
        at += line.len();
        Span::new(at - line.len(), at)
    })
}

fn line_end(end: Span) -> Option<Step> {
    match end.len() {
        0 => None,
        1 => Some(Step::Exact(end)),
        _ => Some(Step::Escape("\n".to_owned(), end)),
    }
}

fn literal_steps(lines: &[(Span, Span)]) -> Vec<Step> {
    let of_line = |(text, end): &(Span, Span)| [Some(Step::Exact(*text)), line_end(*end)];
    lines.iter().flat_map(of_line).flatten().collect()
}

/// Between two lines of text, a line end is a space; an empty line is a line end.
fn folded_steps(source: &str, lines: &[(Span, Span)]) -> Vec<Step> {
    let is_text = |at: usize| {
        lines.get(at).is_some_and(|(text, _)| {
            let text = &source[text.range()];
            !text.is_empty() && !text.starts_with([' ', '\t'])
        })
    };
    // Of each line, the next one that is not empty.
    let mut following = vec![None; lines.len()];
    for at in (1..lines.len()).rev() {
        following[at - 1] = if lines[at].0.is_empty() { following[at] } else { Some(at) };
    }
    let mut steps = Vec::new();
    for (at, (text, end)) in lines.iter().enumerate() {
        steps.push(Step::Exact(*text));
        let next = following[at];
        let folds = is_text(at) && next.is_some_and(is_text);
        match (folds, next == Some(at + 1)) {
            (true, true) => steps.push(Step::Escape(" ".to_owned(), *end)),
            // The first of several line ends is dropped.
            (true, false) => {}
            (false, _) => steps.extend(line_end(*end)),
        }
    }
    steps
}

/// Drops what is behind the first `length` bytes of the text: line ends that are not kept.
fn cut(source: &str, steps: &mut Vec<Step>, length: usize) {
    let mut left = length;
    for at in 0..steps.len() {
        let size = steps[at].text(source).len();
        if size <= left {
            left -= size;
            continue;
        }
        if let Step::Exact(span) = &steps[at] {
            let kept = Span::new(span.start(), span.start() + left);
            if source.is_char_boundary(kept.end()) {
                steps[at] = Step::Exact(kept);
                steps.truncate(at + 1);
                return;
            }
        }
        steps.truncate(at);
        return;
    }
}

/// The text of a scalar that is no block: line ends are folded, and escapes decoded.
fn flow_steps(source: &str, span: Span, quote: char) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut from, mut at) = (span.start(), span.start());
    while let Some(char) = source[at..span.end()].chars().next() {
        let step = match char {
            '\n' | '\r' => Some(fold(source, span, from, at)),
            '\'' if quote == '\'' => Some((at, "'".to_owned(), at + 2)),
            '\\' if quote == '"' => Some(escape(source, span, at)),
            _ => None,
        };
        let Some((start, text, end)) = step else {
            at += char.len_utf8();
            continue;
        };
        let end = end.clamp(at + 1, span.end());
        let end = if source.is_char_boundary(end) { end } else { span.end() };
        let start = start.max(from);
        steps.push(Step::Exact(Span::new(from, start)));
        steps.push(Step::Escape(text, Span::new(start, end)));
        (from, at) = (end, end);
    }
    steps.push(Step::Exact(Span::new(from, span.end().max(from))));
    steps
}

/// A line end with the white space around it: a space, or line ends where lines are empty.
fn fold(source: &str, span: Span, from: usize, at: usize) -> (usize, String, usize) {
    let start = from + source[from..at].trim_end_matches([' ', '\t']).len();
    let rest = &source[at..span.end()];
    let end = at + rest.len() - rest.trim_start().len();
    let breaks = source[at..end].matches('\n').count();
    let text = if breaks > 1 { "\n".repeat(breaks - 1) } else { " ".to_owned() };
    (start, text, end)
}

/// An escape between double quotes.
fn escape(source: &str, span: Span, at: usize) -> (usize, String, usize) {
    let rest = &source[at + 1..span.end()];
    let Some(char) = rest.chars().next() else { return (at, "\\".to_owned(), span.end()) };
    let after = at + 1 + char.len_utf8();
    let digits = |count: usize| {
        let code = source.get(after..after + count).filter(|_| after + count <= span.end());
        let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let text = code.and_then(char::from_u32).map(String::from).unwrap_or_default();
        (at, text, after + count)
    };
    let simple = match char {
        '0' => "\0",
        'a' => "\x07",
        'b' => "\x08",
        't' | '\t' => "\t",
        'n' => "\n",
        'v' => "\x0b",
        'f' => "\x0c",
        'r' => "\r",
        'e' => "\x1b",
        ' ' => " ",
        '"' => "\"",
        '/' => "/",
        '\\' => "\\",
        'N' => "\u{85}",
        '_' => "\u{a0}",
        'L' => "\u{2028}",
        'P' => "\u{2029}",
        'x' => return digits(2),
        'u' => return digits(4),
        'U' => return digits(8),
        '\n' | '\r' => {
            let end = span.end() - source[after..span.end()].trim_start().len();
            return (at, String::new(), end);
        }
        _ => "",
    };
    (at, simple.to_owned(), after)
}
