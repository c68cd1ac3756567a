//! AsciiDoc: the requests in its listings, literal blocks and fences.

use super::embedded::{Language, parse_block};
use super::lines::lines;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::Document;
use crate::span::Span;

/// The shortest run of marks that delimits a block.
const DELIMITER: usize = 4;

/// Finds the code blocks in `region`, and adds the requests in them to the document.
pub fn parse_asciidoc(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let lines: Vec<Span> = lines(&text, Span::new(0, text.len())).collect();
    let mut scanner = Scanner { text: &text, lines, at: 0 };
    while let Some((language, block)) = scanner.next_block() {
        let place = without_callouts(&mut document.layers, region, &text, block);
        parse_block(document, place, language);
    }
}

struct Scanner<'t> {
    text: &'t str,
    lines: Vec<Span>,
    at: usize,
}

impl Scanner<'_> {
    fn line(&self, at: usize) -> Option<&str> {
        self.lines.get(at).map(|line| self.text[line.range()].trim_end())
    }

    /// The next block of code with its lines.
    fn next_block(&mut self) -> Option<(Language, Span)> {
        let mut style: Option<Language> = None;
        loop {
            let line = self.line(self.at)?.to_owned();
            self.at += 1;
            match Delimiter::of(&line) {
                Some(delimiter) => {
                    let block = self.until(|other| delimiter.closes(other));
                    self.at += 1;
                    let named = delimiter.language.or(style).unwrap_or(Language::Unknown);
                    if !delimiter.is_comment {
                        return Some((named, block));
                    }
                }
                None if line.starts_with('[') && line.ends_with(']') => {
                    style = style_of(&line).or(style);
                }
                // A title between the style and its block.
                None if line.starts_with('.') && !line.starts_with("..") => {}
                None if line.is_empty() || line.starts_with("//") => style = None,
                None if style.is_some() || line.starts_with([' ', '\t']) => {
                    self.at -= 1;
                    let language = style.unwrap_or(Language::Unknown);
                    return Some((language, self.until(str::is_empty)));
                }
                // The rest of a paragraph.
                None => {
                    let _ = self.until(|line| line.is_empty() || Delimiter::of(line).is_some());
                }
            }
        }
    }

    /// The lines up to one that ends them, which becomes the current one.
    fn until(&mut self, ends: impl Fn(&str) -> bool) -> Span {
        let start = self.lines.get(self.at).map_or(self.text.len(), |line| line.start());
        while self.line(self.at).is_some_and(|line| !ends(line)) {
            self.at += 1;
        }
        let end = self.lines.get(self.at).map_or(self.text.len(), |line| line.start());
        Span::new(start, end.max(start))
    }
}

/// The language of `[source,bash]`, `[,bash]`, `[source%linenums,http]`; of a literal or a listing
/// it is not known.
fn style_of(line: &str) -> Option<Language> {
    let mut parts = line.trim_matches(['[', ']']).split(',').map(str::trim);
    let style = parts.next().unwrap_or_default().split(['%', '#', '.']).next();
    match style {
        Some("source" | "" | "sh") => {
            let language = parts.next().unwrap_or_default();
            let word = language.strip_prefix("language=").unwrap_or(language);
            // Consoles of search engines take request lines, those of shells take commands.
            let is_console = word == "console";
            Some(if is_console { Language::Unknown } else { Language::named(word) })
        }
        Some("listing" | "literal") => Some(Language::Unknown),
        _ => None,
    }
}

/// A line that opens a block of code, or a comment.
struct Delimiter {
    mark: char,
    length: usize,
    language: Option<Language>,
    is_comment: bool,
}

impl Delimiter {
    fn of(line: &str) -> Option<Self> {
        let mark = line.chars().next().filter(|mark| matches!(mark, '-' | '.' | '`' | '/'))?;
        let length = line.chars().take_while(|char| *char == mark).count();
        let rest = &line[length..];
        let is_fence = mark == '`' && length >= 3 && !rest.contains('`');
        let is_block = mark != '`' && length >= DELIMITER && rest.is_empty();
        let named = is_fence && !rest.is_empty();
        let language = named.then(|| Language::named(rest.split([',', ' ']).next().unwrap_or("")));
        (is_fence || is_block).then_some(Delimiter {
            mark,
            length,
            language,
            is_comment: mark == '/',
        })
    }

    fn closes(&self, line: &str) -> bool {
        line.chars().count() == self.length && line.chars().all(|char| char == self.mark)
    }
}

/// The text of a block without the callouts (`<1>`) at the ends of its lines.
fn without_callouts(layers: &mut Layers<'_>, region: Place, text: &str, block: Span) -> Place {
    let mut layer = layers.layer(Codec::Lines { prefix: "".into() }, region.sub(block));
    let mut at = block.start();
    for line in text[block.range()].split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        let kept = without_callout(content);
        layer.exact(region.sub(Span::new(at, at + kept)), Quote::None);
        layer.exact(region.sub(Span::new(at + content.len(), at + line.len())), Quote::None);
        at += line.len();
    }
    let id = layer.finish();
    layers.whole(id)
}

/// The length of a line before its callouts.
fn without_callout(line: &str) -> usize {
    let mut kept = line.trim_end();
    while let Some(inner) = kept.strip_suffix('>') {
        let digits = inner.trim_end_matches(|char: char| char.is_ascii_digit() || char == '.');
        match digits.strip_suffix(" <") {
            Some(rest) if digits.len() < inner.len() => kept = rest.trim_end(),
            _ => break,
        }
    }
    let before = kept.trim_end_matches(['#', '/']).trim_end();
    match kept.len() {
        length if length == line.trim_end().len() => line.len(),
        // `# <1>` is a callout behind the mark of a comment.
        length if length > before.len() => before.len(),
        length => length,
    }
}
