//! reStructuredText: the requests in its code blocks and literal blocks.

use super::embedded::{Language, parse_block};
use super::lines::lines;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::Document;
use crate::span::Span;

/// Finds the code blocks in `region`, and adds the requests in them to the document.
pub fn parse_rst(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let lines: Vec<Span> = lines(&text, Span::new(0, text.len())).collect();
    let mut at = 0;
    while at < lines.len() {
        let line = &text[lines[at].range()];
        at += 1;
        let Some(opener) = Opener::of(line) else { continue };
        let block = Block::after(&text, &lines, at, &opener);
        at = block.next;
        if opener.language != Language::Other && block.first < block.last {
            let place = block.layer(&mut document.layers, region, &text, &lines);
            parse_block(document, place, opener.language);
        }
    }
}

/// A line after which an indented block of code stands.
struct Opener {
    indent: usize,
    language: Language,
    /// Whether options may stand before the code.
    is_directive: bool,
}

impl Opener {
    fn of(line: &str) -> Option<Self> {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        if let Some(directive) = content.strip_prefix(".. ") {
            let (name, argument) = directive.split_once("::")?;
            let word = argument.split_whitespace().next().unwrap_or_default();
            let language = match name.trim() {
                "code" | "code-block" | "sourcecode" | "prompt" | "parsed-literal" | "code-tab" => {
                    Language::named(word)
                }
                "http:example" => Language::named("http"),
                _ => return None,
            };
            return Some(Opener { indent, language, is_directive: true });
        }
        let is_literal = content.ends_with("::") && !content.starts_with("..");
        is_literal.then_some(Opener { indent, language: Language::Unknown, is_directive: false })
    }
}

/// The lines of a block.
struct Block {
    first: usize,
    /// After the last line.
    last: usize,
    /// Where reading goes on.
    next: usize,
    indent: String,
}

impl Block {
    fn after(text: &str, lines: &[Span], at: usize, opener: &Opener) -> Self {
        let line = |at: usize| lines.get(at).map(|line| &text[line.range()]);
        let is_blank = |at: usize| line(at).is_some_and(|line| line.trim().is_empty());
        let is_inside = |at: usize| line(at).is_some_and(|line| indent_of(line) > opener.indent);
        let mut first = at;
        let is_option = |line: &str| opener.is_directive && line.trim_start().starts_with(':');
        while is_inside(first) && line(first).is_some_and(is_option) {
            first += 1;
        }
        while is_blank(first) {
            first += 1;
        }
        let mut next = first;
        while is_blank(next) || is_inside(next) {
            next += 1;
        }
        let mut last = next;
        while last > first && is_blank(last - 1) {
            last -= 1;
        }
        let indent = line(first).filter(|_| is_inside(first)).unwrap_or_default();
        let indent = indent[..indent_of(indent)].to_owned();
        Block { first, last: if indent.is_empty() { first } else { last }, next, indent }
    }

    /// The lines without what all of them begin with.
    fn layer(&self, layers: &mut Layers<'_>, region: Place, text: &str, lines: &[Span]) -> Place {
        let whole = Span::new(lines[self.first].start(), lines[self.last - 1].end());
        let codec = Codec::Lines { prefix: self.indent.as_str().into() };
        let mut layer = layers.layer(codec, region.sub(whole));
        for at in self.first..self.last {
            let line = &text[lines[at].range()];
            let lost = indent_of(line).min(self.indent.len());
            let end = if at + 1 < self.last { lines[at + 1].start() } else { lines[at].end() };
            layer.exact(region.sub(Span::new(lines[at].start() + lost, end)), Quote::None);
        }
        let id = layer.finish();
        layers.whole(id)
    }
}

/// The bytes of white space that a line begins with.
fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}
