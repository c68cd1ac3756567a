//! A YAML tree in which everything knows its bytes. Packs and API descriptions are read from it.
//!
//! Scalars are texts exactly as written: `NO`, `0x10` and `007` stay what they are.

use crate::span::Span;
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};
use std::collections::{HashMap, HashSet};

/// How deep collections may be nested.
const MAX_DEPTH: usize = 100;
/// How many nodes a document may have, with its aliases unfolded. Long texts count more than once.
const MAX_NODES: usize = 1_000_000;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Bytes of the file. Empty where the value is left out (`key:`).
    pub span: Span,
    /// What stands there.
    pub value: Value,
}

/// What a node can be.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys with values, in the order of the file.
    Mapping(Mapping),
}

/// A text.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// With escapes resolved, otherwise as written.
    pub text: String,
    /// Whether it stands there without quotes.
    pub plain: bool,
    /// Where its first byte is, if the text stands in the file byte by byte.
    pub verbatim: Option<usize>,
}

/// Keys with values.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// In the order of the file; no key stands twice.
    pub entries: Vec<Entry>,
    /// Whether it is written `{key: value}`.
    pub flow: bool,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Bytes of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// Something that is wrong in a YAML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the file.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Node {
    /// The text, where it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.text.as_str())
    }

    /// The items, where it is a list.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The keys with values, where it is a mapping.
    pub fn mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The value of a key, where it is a mapping with that key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.mapping()?.get(key)
    }

    /// Whether nothing stands there, or an unquoted `null`.
    pub fn is_null(&self) -> bool {
        let null = |scalar: &Scalar| {
            scalar.plain && matches!(scalar.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
        };
        self.scalar().is_some_and(null)
    }

    /// What it is, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            _ if self.is_null() => "nothing",
            Value::Scalar(_) => "a text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }
}

impl Mapping {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// A key with its value.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

impl Entry {
    /// Where to point when the value is meant: at the value, or at the key if nothing is there.
    pub fn place(&self) -> Span {
        if self.value.span.is_empty() { self.key_span } else { self.value.span }
    }
}

impl Scalar {
    /// The bytes of a piece of the text, given the span of the whole: the piece itself if the
    /// text stands in the file byte by byte, else the whole.
    pub fn piece(&self, whole: Span, piece: std::ops::Range<usize>) -> Span {
        match self.verbatim {
            Some(at) => Span::new(at + piece.start, at + piece.end),
            None => whole,
        }
    }
}

/// Reads a YAML file of one document.
///
/// The tree is there if the file is well-formed; keys that stand twice are mistakes, of which the
/// first counts. Without a tree there is at least one mistake.
pub fn read(text: &str) -> (Option<Node>, Vec<Mistake>) {
    let mut builder = Builder::new(text);
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let result = match event {
            Ok((event, span)) => {
                let end = span.end.byte_offset().unwrap_or(text.len());
                let start = span.start.byte_offset().unwrap_or(end).min(end);
                builder.take(event, Span::new(start, end))
            }
            Err(error) => Err(super::load::syntax::explain(text, &error)),
        };
        if let Err(mistake) = result {
            builder.mistakes.push(mistake);
            return (None, builder.mistakes);
        }
    }
    builder.finish()
}

/// Puts a tree together from the parser's events.
struct Builder<'t> {
    text: &'t str,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    mistakes: Vec<Mistake>,
}

/// A collection that is not closed yet.
struct Open {
    start: usize,
    anchor: usize,
    depth: usize,
    nodes: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping { mapping: Mapping, seen: HashSet<String>, key: Option<(String, Span)> },
}

struct Anchored {
    node: Node,
    depth: usize,
    nodes: usize,
}

/// A finished node with its size.
struct Built {
    node: Node,
    depth: usize,
    nodes: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Builder {
            text,
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            nodes: 0,
            mistakes: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Mistake> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let node = self.scalar(text.into_owned(), style, span);
                let nodes = 1 + span.len() / 64;
                self.place(Built { node, depth: 0, nodes }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(span, anchor, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(style, anchor, _) => {
                let flow = style == StructureStyle::Flow;
                let mapping = Mapping { entries: Vec::new(), flow };
                self.open(
                    span,
                    anchor,
                    Content::Mapping { mapping, seen: HashSet::new(), key: None },
                )
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => Err(unresolved_alias(&name, span)),
            Event::DocumentStart(..) if self.root.is_some() => Err(Mistake {
                span: if span.is_empty() { Span::empty(span.start()) } else { span },
                message: "a second document begins here".to_owned(),
                help: Some("write one document in one file".to_owned()),
            }),
            _ => Ok(()),
        }
    }

    fn scalar(&self, text: String, style: ScalarStyle, span: Span) -> Node {
        let slice = self.text.get(span.range()).unwrap_or("");
        let kept = slice.trim_end();
        let span = Span::new(span.start(), span.start() + kept.len());
        let plain = style == ScalarStyle::Plain;
        let text = if plain && span.is_empty() { String::new() } else { text };
        let verbatim = if kept == text {
            Some(span.start())
        } else if kept.len() == text.len() + 2 && kept.get(1..kept.len() - 1) == Some(&text) {
            Some(span.start() + 1)
        } else {
            None
        };
        Node { span, value: Value::Scalar(Scalar { text, plain, verbatim }) }
    }

    fn open(&mut self, span: Span, anchor: usize, content: Content) -> Result<(), Mistake> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.open.push(Open { start: span.start(), anchor, depth: 0, nodes: 1, content });
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), Mistake> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let end = span.end().max(open.start);
        let (value, last) = match open.content {
            Content::Sequence(items) => {
                let last = items.last().map_or(open.start, |item| item.span.end());
                (Value::Sequence(items), last)
            }
            Content::Mapping { mapping, .. } => {
                let last = |entry: &Entry| entry.value.span.end().max(entry.key_span.end());
                let last = mapping.entries.last().map_or(open.start, last);
                (Value::Mapping(mapping), last)
            }
        };
        // What is inside was counted when it was placed.
        self.nodes -= open.nodes - 1;
        let flow = matches!(self.text.as_bytes().get(open.start), Some(b'{' | b'['));
        let end = if flow { end } else { last.max(open.start) };
        let node = Node { span: Span::new(open.start, end), value };
        self.place(Built { node, depth: open.depth + 1, nodes: open.nodes }, open.anchor)
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), Mistake> {
        let Some(anchored) = self.anchors.get(&id) else {
            return Err(Mistake {
                span,
                message: "an alias inside of what it stands for".to_owned(),
                help: Some("write the value out".to_owned()),
            });
        };
        if self.open.len() + anchored.depth > MAX_DEPTH {
            return Err(too_deep(span));
        }
        if self.nodes + anchored.nodes > MAX_NODES {
            return Err(too_large(span));
        }
        let Anchored { node, depth, nodes } = anchored;
        let built = Built { node: node.clone(), depth: *depth, nodes: *nodes };
        self.place(built, 0)
    }

    /// Puts a finished node where it belongs: into the open collection, or to the root.
    fn place(&mut self, built: Built, anchor: usize) -> Result<(), Mistake> {
        let Built { node, depth, nodes } = built;
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return Err(too_large(node.span));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), depth, nodes });
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.depth = open.depth.max(depth);
        open.nodes += nodes;
        match &mut open.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping { key: slot @ None, .. } => *slot = Some(key_of(node)?),
            Content::Mapping { mapping, seen, key } => {
                let (key, key_span) = key.take().expect("matched above");
                if seen.insert(key.clone()) {
                    mapping.entries.push(Entry { key, key_span, value: node });
                } else {
                    self.mistakes.push(Mistake {
                        span: key_span,
                        message: format!("`{key}` stands here for the second time"),
                        help: Some("keep one of the two".to_owned()),
                    });
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> (Option<Node>, Vec<Mistake>) {
        if self.root.is_none() {
            self.mistakes.push(Mistake {
                span: Span::new(0, 0),
                message: "the file is empty".to_owned(),
                help: Some("write a mapping with `key: value` in each line".to_owned()),
            });
        }
        (self.root, self.mistakes)
    }
}

fn key_of(node: Node) -> Result<(String, Span), Mistake> {
    let span = node.span;
    match node.value {
        Value::Scalar(scalar) => Ok((scalar.text, span)),
        _ => Err(Mistake {
            span,
            message: "a key must be a text".to_owned(),
            help: Some(
                "`{x}` and `[x]` mean something else in YAML: put a text with them in quotes"
                    .to_owned(),
            ),
        }),
    }
}

fn unresolved_alias(name: &str, span: Span) -> Mistake {
    Mistake {
        span,
        message: format!("`*{name}` refers to an anchor that is not there"),
        help: Some(
            "a text that begins with `*` needs quotes; a pattern for any text is `<any>`"
                .to_owned(),
        ),
    }
}

fn too_deep(span: Span) -> Mistake {
    Mistake {
        span,
        message: format!("nested more than {MAX_DEPTH} levels deep"),
        help: Some("no file needs this depth; look for a bracket that is not closed".to_owned()),
    }
}

fn too_large(span: Span) -> Mistake {
    Mistake {
        span,
        message: format!("the file stands for more than {MAX_NODES} values"),
        help: Some("use fewer aliases: each counts as often as it is used".to_owned()),
    }
}
