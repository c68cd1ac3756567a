//! Hurl files: a request line, fields, sections, a body, and the response that is expected.

use super::{Authorization, Content, Field, Sketch, trim};
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{Document, RequestKind};
use crate::parse::lines::lines;
use crate::parse::variables::Variables;
use crate::span::Span;

/// Adds the requests in `region` to the document.
pub fn parse_hurl(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let lines: Vec<Span> = lines(&text, Span::new(0, text.len())).collect();
    let mut reader = Reader { region, text: &text, lines, at: 0 };
    let mut variables = Variables::default();
    while let Some(start) = reader.next_entry() {
        let sketch = reader.entry(&mut document.layers, start, &mut variables);
        let request = sketch.build(&mut document.layers, RequestKind::Message, &variables);
        document.requests.push(request);
    }
}

/// Whether a line starts an entry: a method in capitals and a URL.
pub(crate) fn is_entry_line(line: &str) -> bool {
    let Some((method, url)) = line.split_once([' ', '\t']) else { return false };
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    is_method && !url.trim().is_empty() && method != "HTTP"
}

/// Whether a line is the first of the response that is expected.
fn is_response_line(line: &str) -> bool {
    line.split([' ', '\t']).next().is_some_and(|word| word == "HTTP" || word.starts_with("HTTP/"))
}

struct Reader<'t> {
    region: Place,
    text: &'t str,
    lines: Vec<Span>,
    at: usize,
}

/// What a section holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Headers,
    Query,
    Form,
    Multipart,
    Cookies,
    BasicAuth,
    Options,
    Other,
}

impl Section {
    fn named(line: &str) -> Option<Self> {
        let name = line.strip_prefix('[')?.strip_suffix(']')?;
        Some(match name {
            "Query" | "QueryStringParams" => Section::Query,
            "Form" | "FormParams" => Section::Form,
            "Multipart" | "MultipartFormData" => Section::Multipart,
            "Cookies" => Section::Cookies,
            "BasicAuth" => Section::BasicAuth,
            "Options" => Section::Options,
            _ if name.chars().all(|char| char.is_ascii_alphabetic()) => Section::Other,
            _ => return None,
        })
    }
}

impl Reader<'_> {
    /// The current line without white space around it, and without a comment.
    fn line(&self) -> Option<Span> {
        self.lines.get(self.at).map(|line| without_comment(self.text, *line))
    }

    fn content(&self, line: Span) -> &str {
        &self.text[line.range()]
    }

    /// Steps to the line behind the next one that starts an entry.
    fn next_entry(&mut self) -> Option<Span> {
        loop {
            let line = self.line()?;
            if self.content(line).starts_with("```") {
                self.skip_fence();
                continue;
            }
            self.at += 1;
            if is_entry_line(self.content(line)) && self.lines[self.at - 1].start() == line.start()
            {
                return Some(line);
            }
        }
    }

    fn place(&self, start: usize, end: usize) -> Place {
        self.region.sub(Span::new(start, end.max(start)))
    }

    fn entry(&mut self, layers: &mut Layers<'_>, start: Span, variables: &mut Variables) -> Sketch {
        let line = self.content(start);
        let gap = line.find([' ', '\t']).unwrap_or(line.len());
        let mut sketch = Sketch::new(self.place(start.start(), start.end()));
        sketch.method = Some(self.place(start.start(), start.start() + gap));
        let url = trim(self.text.as_bytes(), Span::new(start.start() + gap, start.end()));
        sketch.url = Some(self.region.sub(url));
        let (mut section, mut end) = (Section::Headers, start.end());
        let (mut form, mut parts, mut cookies) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(line) = self.line() {
            let content = self.content(line);
            let is_end = is_response_line(content) || is_entry_line(content);
            if is_end {
                break;
            }
            if content.is_empty() {
                self.at += 1;
                continue;
            }
            if let Some(named) = Section::named(content) {
                section = named;
                self.at += 1;
                continue;
            }
            let Some(field) = self.field(line) else {
                end = self.body(layers, &mut sketch);
                break;
            };
            self.at += 1;
            end = line.end();
            match section {
                Section::Headers => sketch.headers.push(field),
                Section::Query => sketch.query.push(field),
                Section::Form => form.push(field),
                Section::Multipart => {
                    let file = layers.text(field.value).starts_with("file,");
                    parts.push((field, file));
                }
                Section::Cookies => cookies.push(field),
                Section::BasicAuth => {
                    sketch.authorization = Authorization::Basic {
                        origin: field.whole,
                        user: Some(field.name),
                        password: Some(field.value),
                    };
                }
                Section::Options if layers.text(field.name) == "variable" => {
                    if let Some((name, value)) = layers.text(field.value).split_once('=') {
                        variables.define(name.trim(), value.trim().trim_matches('"'));
                    }
                }
                Section::Options | Section::Other => {}
            }
        }
        sketch.place = self.place(start.start(), end);
        let whole = sketch.place;
        if !form.is_empty() {
            sketch.content = Content::Form(form, whole);
        } else if !parts.is_empty() {
            sketch.content = Content::Multipart(parts, whole);
        }
        sketch.headers.extend(cookies.into_iter().map(|field| cookie_field(layers, field)));
        sketch
    }

    /// `name: value`; none where the line is no field, but the first of a body.
    fn field(&self, line: Span) -> Option<Field> {
        let content = self.content(line);
        if content.starts_with(['{', '[', '<', '`', '"']) && !content.starts_with("{{") {
            return None;
        }
        let is_body = ["base64,", "file,", "hex,"].iter().any(|mark| content.starts_with(mark));
        let colon = content.find(':').filter(|_| !is_body)?;
        let bytes = self.text.as_bytes();
        let name = trim(bytes, Span::new(line.start(), line.start() + colon));
        let value = trim(bytes, Span::new(line.start() + colon + 1, line.end()));
        let place = |span| self.region.sub(span);
        Some(Field { whole: place(line), name: place(name), value: place(value) })
    }

    /// Reads the body that starts at the current line; the answer is where it ends.
    fn body(&mut self, layers: &mut Layers<'_>, sketch: &mut Sketch) -> usize {
        let Some(first) = self.line() else { return 0 };
        let content = self.content(first).to_owned();
        if let Some(info) = content.strip_prefix("```") {
            return self.fenced_body(sketch, info.trim());
        }
        let start = first.start();
        let mut end = first.end();
        while let Some(line) = self.lines.get(self.at).copied() {
            let text = self.content(line).trim_end();
            let is_next = line.start() > start && (is_response_line(text) || is_entry_line(text));
            if is_next || (line.start() > start && Section::named(text).is_some()) {
                break;
            }
            if !text.trim().is_empty() && !text.trim_start().starts_with('#') {
                end = line.start() + text.len();
            }
            self.at += 1;
        }
        let place = self.place(start, end);
        let is_one_line = content.starts_with('`') && content.ends_with('`') && content.len() > 1;
        sketch.content = match content.as_str() {
            _ if is_one_line => Content::Text(self.place(start + 1, first.end() - 1), None),
            line if line.starts_with("file,") => Content::File(place),
            line if line.starts_with("base64,") || line.starts_with("hex,") => {
                Content::Unknown(place)
            }
            line if line.starts_with('<') => Content::Text(place, None),
            _ => {
                // In JSON, templates stand for values.
                let mut layer = layers.layer(Codec::Joined, place);
                layer.exact(place, Quote::None);
                let id = layer.finish();
                Content::Text(layers.whole(id), Some(("application/json", place)))
            }
        };
        end
    }

    /// A text between fences; the word behind the first says its type.
    fn fenced_body(&mut self, sketch: &mut Sketch, info: &str) -> usize {
        let start = self.lines.get(self.at + 1).map_or(self.text.len(), |line| line.start());
        let first = self.lines[self.at];
        self.skip_fence();
        let close = self.lines[self.at.clamp(1, self.lines.len()) - 1];
        let end = close.start().max(start);
        let text = self.place(start, end);
        let by = self.region.sub(first);
        let word = info.split(',').next().unwrap_or_default();
        sketch.content = match word {
            "json" => Content::Text(text, Some(("application/json", by))),
            "xml" => Content::Text(text, Some(("application/xml", by))),
            "graphql" => Content::Unknown(text),
            _ => Content::Text(text, None),
        };
        close.end()
    }

    /// Steps behind the fence that closes the one in the current line.
    fn skip_fence(&mut self) {
        self.at += 1;
        while let Some(line) = self.lines.get(self.at) {
            self.at += 1;
            if self.text[line.range()].trim() == "```" {
                return;
            }
        }
    }
}

/// A cookie as the field that sends it.
fn cookie_field(layers: &mut Layers<'_>, field: Field) -> Field {
    let name = layers.implied("Cookie", field.name);
    let mut layer = layers.layer(Codec::Joined, field.whole);
    layer.exact(field.name, Quote::None);
    layer.escape("=", field.whole, Quote::None);
    layer.exact(field.value, Quote::None);
    let id = layer.finish();
    Field { whole: field.whole, name, value: layers.whole(id) }
}

/// A line without white space around it, and without the comment behind a `#` that stands alone.
fn without_comment(text: &str, line: Span) -> Span {
    let content = &text[line.range()];
    let is_comment = |at: &usize| {
        let before = content[..*at].chars().next_back();
        before.is_none_or(char::is_whitespace)
    };
    let end = content.match_indices('#').map(|(at, _)| at).find(is_comment);
    let end = end.map_or(line.end(), |at| line.start() + at);
    trim(text.as_bytes(), Span::new(line.start(), end))
}
