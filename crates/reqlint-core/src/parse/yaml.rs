//! YAML as configuration and collections have it: trees of values whose texts are layers.
//!
//! The parser is granit's; what a scalar says is decoded here once more, so that every part of it
//! knows its bytes, and compared with what granit makes of it.

mod scalar;

use super::strings;
use crate::layer::{Layers, Place};
use crate::model::{Document, Finding, FindingKind, JsonKind, JsonMember, JsonValue};
use crate::span::Span;
use granit_parser::{ErrorKind, Event, Parser, StructureStyle};
use std::collections::HashMap;

/// How deep collections may be nested.
const DEEPEST: usize = 100;

/// How many values aliases may stand for.
const MOST_ALIASED: usize = 100_000;

/// Finds the commands and requests in the values of `region`, and adds them to the document.
pub fn parse_yaml(document: &mut Document<'_>, region: Place) {
    let values = read_yaml(document, region);
    strings::parse_values(document, values);
}

/// The values of a text, one for each of its documents, up to the first mistake.
pub(super) fn read_yaml(document: &mut Document<'_>, region: Place) -> Vec<JsonValue> {
    let text = document.layers.share(region);
    let mut builder = Builder {
        layers: &mut document.layers,
        region,
        text: &text,
        open: Vec::new(),
        roots: Vec::new(),
        anchors: HashMap::new(),
        count: 0,
        aliased: 0,
    };
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
    };
    let mut limit = None;
    for event in Parser::new_from_str_with_options(&text, options) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let is_deep = matches!(error.kind(), ErrorKind::RecursionLimitExceeded);
                limit = is_deep.then(|| {
                    let at = error.marker().byte_offset().unwrap_or(text.len());
                    (FindingKind::NestingTooDeep, line_at(&text, at))
                });
                builder.forget_last();
                break;
            }
        };
        let end = span.end.byte_offset().unwrap_or(text.len());
        let start = span.start.byte_offset().unwrap_or(end).min(end);
        let span = Span::new(start, end);
        if !builder.take(event, span) {
            limit = Some((FindingKind::TooLarge, line_at(&text, start)));
            break;
        }
    }
    let roots = builder.finish();
    let limit = limit.map(|(kind, line)| Finding::new(kind, region.sub(line)));
    document.findings.extend(limit);
    roots
}

/// The line at a byte; the last one that is not blank where that one is.
fn line_at(text: &str, at: usize) -> Span {
    let at = text.floor_char_boundary(at.min(text.len()));
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    match text[start..end].trim().is_empty() {
        true => {
            let end = text[..start].trim_end().len();
            Span::new(text[..end].rfind('\n').map_or(0, |at| at + 1), end)
        }
        false => Span::new(start, end),
    }
}

/// Puts trees together from the parser's events.
struct Builder<'b, 's> {
    layers: &'b mut Layers<'s>,
    region: Place,
    text: &'b str,
    open: Vec<Open>,
    roots: Vec<JsonValue>,
    anchors: HashMap<usize, (JsonValue, usize)>,
    /// How many values there are so far.
    count: usize,
    /// How many of them aliases stand for.
    aliased: usize,
}

/// A collection that is not closed yet.
struct Open {
    start: usize,
    anchor: usize,
    /// How many values there were before it.
    before: usize,
    flow: bool,
    mapping: bool,
    key: Option<JsonValue>,
    members: Vec<JsonMember>,
    items: Vec<JsonValue>,
}

impl Builder<'_, '_> {
    /// Takes an event; false where the bound is reached.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let flow = self.open.last().is_some_and(|open| open.flow);
                let scalar = scalar::Scalar { text: &text, style, span, flow };
                let value = scalar.read(self.layers, self.region, self.text);
                self.count += 1;
                self.put(value, anchor, 1);
            }
            Event::SequenceStart(style, anchor, _) => self.start(span, anchor, style, false),
            Event::MappingStart(style, anchor, _) => self.start(span, anchor, style, true),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => {
                if let Some((value, size)) = self.anchors.get(&id) {
                    self.aliased += size;
                    if self.aliased > MOST_ALIASED {
                        return false;
                    }
                    let (value, size) = (value.clone(), *size);
                    self.count += size;
                    self.put(value, 0, size);
                } else {
                    self.put(self.unknown(span), 0, 1);
                }
            }
            Event::UnresolvedAlias(_) => self.put(self.unknown(span), 0, 1),
            _ => {}
        }
        true
    }

    fn unknown(&self, span: Span) -> JsonValue {
        let place = self.region.sub(span);
        let (members, items) = (Vec::new(), Vec::new());
        JsonValue { kind: JsonKind::Unknown, place, text: place, members, items }
    }

    fn start(&mut self, span: Span, anchor: usize, style: StructureStyle, mapping: bool) {
        self.open.push(Open {
            start: span.start(),
            anchor,
            before: self.count,
            flow: style == StructureStyle::Flow,
            mapping,
            key: None,
            members: Vec::new(),
            items: Vec::new(),
        });
        self.count += 1;
    }

    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        let last = open.items.last().map(|item| item.place);
        let last = last.or(open.members.last().map(|member| member.whole));
        let start = self.region.span.start() + open.start;
        let end = match (open.flow, last) {
            (true, _) => self.region.span.start() + span.end(),
            // An alias stands for values that are written before.
            (false, Some(last)) => last.span.end(),
            (false, None) => start,
        };
        let place = Place::new(self.region.layer, Span::new(start, end.max(start)));
        let kind = if open.mapping { JsonKind::Object } else { JsonKind::Array };
        let size = self.count - open.before;
        let value =
            JsonValue { kind, place, text: place, members: open.members, items: open.items };
        self.put(value, open.anchor, size);
    }

    /// Puts a finished value where it belongs.
    fn put(&mut self, value: JsonValue, anchor: usize, size: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (value.clone(), size));
        }
        let Some(open) = self.open.last_mut() else {
            self.roots.push(value);
            return;
        };
        if !open.mapping {
            open.items.push(value);
        } else if let Some(key) = open.key.take() {
            let whole = match key.place.span.end() <= value.place.span.end() {
                true => Place::new(key.place.layer, key.place.span.hull(value.place.span)),
                false => key.place,
            };
            open.members.push(JsonMember { whole, name: key.text, value });
        } else {
            open.key = Some(value);
        }
    }

    /// Forgets the last value: where the text is no YAML, that value may be cut off.
    fn forget_last(&mut self) {
        match self.open.last_mut() {
            Some(open) if open.key.is_some() => open.key = None,
            Some(open) if open.mapping => drop(open.members.pop()),
            Some(open) => drop(open.items.pop()),
            None => drop(self.roots.pop()),
        }
    }

    /// The trees; collections that are still open end where reading ended.
    fn finish(mut self) -> Vec<JsonValue> {
        while let Some(open) = self.open.last() {
            let last = open.items.last().map(|item| item.place.span.end());
            let last = last.or(open.members.last().map(|member| member.whole.span.end()));
            let end = last.map_or(open.start, |end| end - self.region.span.start());
            self.end(Span::empty(end.max(open.start)));
        }
        self.roots
    }
}
