//! Markdown and MDX: the requests in their code blocks.
//!
//! A block's text is a layer of its lines, so block quotes, lists and indentation around it are
//! no part of it. What a block holds, `embedded` reads.

use super::embedded::{Language, parse_block};
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::Document;
use crate::span::Span;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The shortest run of marks that opens a fence.
const FENCE: usize = 3;

/// A run of a block's text, with the bytes that it was read from.
type Run = (Range<usize>, String);

/// Finds the code blocks in `region`, and adds the requests in them to the document.
pub fn parse_markdown(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let mut block: Option<(Language, Vec<Run>)> = None;
    let mut html: Option<Range<usize>> = None;
    for (event, range) in Parser::new_ext(&text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => block = Some((language_of(&kind), Vec::new())),
            Event::Text(piece) => {
                if let Some((_, pieces)) = &mut block {
                    pieces.push((range, piece.into_string()));
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((language, pieces)) = block.take()
                    && language != Language::Other
                {
                    let place = layer_of(&mut document.layers, region, &text, &pieces);
                    read_block(document, place, language);
                }
            }
            Event::Start(Tag::HtmlBlock) => html = Some(range),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(range) = html.take() {
                    parse_fences(document, region.sub(Span::new(range.start, range.end)));
                }
            }
            _ => {}
        }
    }
}

fn options() -> Options {
    Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_TABLES
        | Options::ENABLE_GFM
}

fn language_of(kind: &CodeBlockKind<'_>) -> Language {
    match kind {
        CodeBlockKind::Indented => Language::Unknown,
        CodeBlockKind::Fenced(info) => Language::named(first_word(info)),
    }
}

/// The language in the words behind a fence: `bash`, `{.bash}`, `sh copy`, `{code-block} bash`.
fn first_word(info: &str) -> &str {
    let is_end = |char: char| char.is_whitespace() || matches!(char, ',' | ':' | '{' | '}');
    let mut words = info.split(is_end).filter(|word| !word.is_empty());
    let is_directive = |word: &&str| matches!(*word, "code-block" | "code" | "sourcecode");
    let first = words.next().unwrap_or_default();
    let word = if is_directive(&first) { words.next().unwrap_or_default() } else { first };
    if word.contains('=') { "" } else { word.trim_start_matches('.') }
}

fn read_block(document: &mut Document<'_>, block: Place, language: Language) {
    // What is indented for the sake of tabs around it may hold fences of its own.
    let text = document.layers.text(block).trim_start();
    if language == Language::Unknown && (text.starts_with("```") || text.starts_with("~~~")) {
        return parse_fences(document, block);
    }
    parse_block(document, block, language);
}

/// A layer of the pieces that the parser found a block's text to be.
fn layer_of(layers: &mut Layers<'_>, region: Place, text: &str, pieces: &[Run]) -> Place {
    let start = pieces.first().map_or(0, |(range, _)| range.start);
    let end = pieces.last().map_or(start, |(range, _)| range.end.max(start));
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let codec = Codec::Lines { prefix: continued(&text[line..start]).into() };
    let mut layer = layers.layer(codec, region.sub(Span::new(start, end)));
    for (range, piece) in pieces {
        let place = region.sub(Span::new(range.start, range.end));
        if text.get(range.clone()) == Some(piece.as_str()) {
            layer.exact(place, Quote::None);
        } else {
            layer.escape(piece, place, Quote::None);
        }
    }
    let id = layer.finish();
    layers.whole(id)
}

/// What stands before the lines after this one: the marks of block quotes, blanks for those of
/// lists.
fn continued(prefix: &str) -> String {
    prefix.chars().map(|char| if char == '>' || char == '\t' { char } else { ' ' }).collect()
}

/// Reads the fenced blocks in a text that is not read as Markdown around them: the inside of HTML
/// and of components, where no blank line sets them off.
pub(super) fn parse_fences(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let mut at = 0;
    let mut open: Option<Fence> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match &open {
            None => open = Fence::opened(line, at),
            Some(fence) if fence.is_closed(line) => {
                let block = region.sub(Span::new(fence.start, start));
                let block = document.layers.without_prefix(block, &fence.indent);
                parse_block(document, block, fence.language);
                open = None;
            }
            Some(_) => {}
        }
    }
}

/// A fence that is not closed yet.
struct Fence {
    mark: char,
    length: usize,
    indent: String,
    language: Language,
    /// Where its text starts.
    start: usize,
}

impl Fence {
    fn opened(line: &str, next: usize) -> Option<Self> {
        let inner = line.trim_start();
        let indent = line[..line.len() - inner.len()].to_owned();
        let mark = inner.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let length = inner.chars().take_while(|char| *char == mark).count();
        let info = inner[length..].trim();
        let is_one = length >= FENCE && !(mark == '`' && info.contains('`'));
        let language = Language::named(first_word(info));
        is_one.then_some(Fence { mark, length, indent, language, start: next })
    }

    fn is_closed(&self, line: &str) -> bool {
        let line = line.trim();
        line.len() >= self.length && line.chars().all(|char| char == self.mark)
    }
}
