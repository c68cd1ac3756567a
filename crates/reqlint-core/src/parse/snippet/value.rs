//! Expressions of a program as values: literals with their texts, everything else a hole.

use super::constants::Constants;
use crate::layer::{Codec, Escape, HoleKind, Language, Layers, Place, Quote, Quoting};
use crate::model::{JsonKind, JsonMember, JsonValue};
use crate::span::Span;
use std::borrow::Cow;
use tree_sitter::Node;

/// Expressions deeper than this are holes.
const DEEPEST: usize = 64;

/// What the kinds of nodes are called in a language.
pub(super) struct Syntax {
    pub(super) language: Language,
    /// Calls, and what is created with `new`.
    pub(super) calls: &'static [&'static str],
    /// Objects and dictionaries, with the kind of their pairs.
    pub(super) objects: &'static [&'static str],
    pub(super) arrays: &'static [&'static str],
    pub(super) strings: &'static [&'static str],
    /// Parts of a string that are computed.
    pub(super) substitution: &'static str,
    pub(super) numbers: &'static [&'static str],
    pub(super) booleans: &'static [&'static str],
    pub(super) nothing: &'static [&'static str],
    /// What stands around an expression without changing it.
    pub(super) wrappers: &'static [&'static str],
    /// `a + b`
    pub(super) sum: &'static str,
    /// Strings that stand side by side.
    pub(super) joined: &'static str,
    /// The declaration of a constant, with the fields of its name and value.
    pub(super) declaration: (&'static str, &'static str, &'static str),
    /// The text with blanks in place of types that the grammar does not know.
    pub(super) without_types: fn(&str) -> Cow<'_, str>,
    /// How a string is quoted.
    pub(super) quoting: fn(&str) -> Option<(Quoting, usize, usize)>,
}

/// Reads the expressions of one program.
pub(super) struct Reader<'r, 's, 't> {
    pub(super) layers: &'r mut Layers<'s>,
    pub(super) region: Place,
    pub(super) text: &'t str,
    pub(super) constants: Constants<'t>,
    pub(super) syntax: &'static Syntax,
    /// The first expression beyond the bound.
    pub(super) too_deep: Option<Place>,
}

/// A piece of a text.
enum Piece {
    Exact(Span),
    Escape(String, Span),
    Hole(Span),
}

impl<'t> Reader<'_, '_, 't> {
    /// The bytes of a node.
    pub(super) fn written(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.start_byte()..node.end_byte()).unwrap_or("")
    }

    pub(super) fn span(node: Node<'_>) -> Span {
        Span::new(node.start_byte(), node.end_byte())
    }

    pub(super) fn place(&self, node: Node<'_>) -> Place {
        self.region.sub(Self::span(node))
    }

    /// An expression as a value.
    pub(super) fn value(&mut self, node: Node<'t>) -> JsonValue {
        self.value_at(node, 0)
    }

    fn value_at(&mut self, node: Node<'t>, depth: usize) -> JsonValue {
        let kind = node.kind();
        let syntax = self.syntax;
        let has = |kinds: &[&str]| kinds.contains(&kind);
        match () {
            () if depth >= DEEPEST => {
                self.too_deep.get_or_insert(self.region.sub(Self::span(node)));
                self.hole(node)
            }
            () if has(syntax.wrappers) => match first_child(node) {
                Some(inner) => self.value_at(inner, depth + 1),
                None => self.hole(node),
            },
            () if has(syntax.objects) => self.object(node, depth),
            () if has(syntax.arrays) => self.array(node, depth),
            () if has(syntax.numbers) => self.plain(node, JsonKind::Number),
            () if has(syntax.booleans) => self.plain(node, JsonKind::Boolean),
            () if has(syntax.nothing) => self.plain(node, JsonKind::Null),
            () => match self.text_of(node, depth) {
                Some(text) => JsonValue { text, ..self.plain(node, JsonKind::String) },
                None => self.hole(node),
            },
        }
    }

    fn plain(&self, node: Node<'_>, kind: JsonKind) -> JsonValue {
        let place = self.place(node);
        JsonValue { kind, place, text: place, members: Vec::new(), items: Vec::new() }
    }

    /// A value that is not known before run time.
    pub(super) fn hole(&mut self, node: Node<'_>) -> JsonValue {
        let text = self.hole_text(self.place(node));
        JsonValue { text, ..self.plain(node, JsonKind::Unknown) }
    }

    /// A layer that is one hole; what is computed is not written over.
    fn hole_text(&mut self, place: Place) -> Place {
        let mut layer = self.layers.layer(Codec::Implied, place);
        layer.hole(place, HoleKind::Computed, Quote::None);
        let id = layer.finish();
        self.layers.whole(id)
    }

    fn object(&mut self, node: Node<'t>, depth: usize) -> JsonValue {
        let mut members = Vec::new();
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "comment" => {}
                "pair" => {
                    let key = child.child_by_field_name("key");
                    let value = child.child_by_field_name("value");
                    let Some((key, value)) = key.zip(value) else { continue };
                    let name = self.name(key);
                    let value = self.value_at(value, depth + 1);
                    members.push(JsonMember { whole: self.place(child), name, value });
                }
                "shorthand_property_identifier" => {
                    let name = self.place(child);
                    let value = self.hole(child);
                    members.push(JsonMember { whole: name, name, value });
                }
                // A spread or a computed name may hold anything.
                _ => {
                    let name = self.hole(child).text;
                    let value = self.hole(child);
                    members.push(JsonMember { whole: self.place(child), name, value });
                }
            }
        }
        JsonValue { members, ..self.plain(node, JsonKind::Object) }
    }

    fn name(&mut self, key: Node<'t>) -> Place {
        match key.kind() {
            "property_identifier" | "number" => self.place(key),
            _ => match self.text_of(key, 0) {
                Some(text) => text,
                None => self.hole(key).text,
            },
        }
    }

    fn array(&mut self, node: Node<'t>, depth: usize) -> JsonValue {
        let mut cursor = node.walk();
        let children: Vec<Node<'t>> = node.named_children(&mut cursor).collect();
        let children = children.into_iter().filter(|child| child.kind() != "comment");
        let items = children.map(|child| self.value_at(child, depth + 1)).collect();
        JsonValue { items, ..self.plain(node, JsonKind::Array) }
    }

    /// The text of an expression that is one, at least in part.
    pub(super) fn text_of(&mut self, node: Node<'t>, depth: usize) -> Option<Place> {
        let syntax = self.syntax;
        let kind = node.kind();
        if depth >= DEEPEST {
            self.too_deep.get_or_insert(self.region.sub(Self::span(node)));
            return None;
        }
        if syntax.strings.contains(&kind) {
            return self.string(node);
        }
        if syntax.wrappers.contains(&kind) {
            return first_child(node).and_then(|inner| self.text_of(inner, depth + 1));
        }
        if kind == "identifier" {
            let value = self.constants.value_of(self.written(node))?.to_owned();
            let place = self.place(node);
            let mut layer = self.layers.layer(Codec::Joined, place);
            layer.escape(&value, place, Quote::None);
            let id = layer.finish();
            return Some(self.layers.whole(id));
        }
        let parts: Vec<Node<'t>> = match kind {
            _ if kind == syntax.joined => {
                let mut cursor = node.walk();
                node.named_children(&mut cursor).collect()
            }
            _ if kind == syntax.sum && self.is_sum(node) => {
                let left = node.child_by_field_name("left")?;
                let right = node.child_by_field_name("right")?;
                vec![left, right]
            }
            _ => return None,
        };
        self.join(node, &parts, depth)
    }

    fn is_sum(&self, node: Node<'t>) -> bool {
        node.child_by_field_name("operator").is_some_and(|operator| self.written(operator) == "+")
    }

    /// Texts one behind the other, of which at least one is known.
    fn join(&mut self, node: Node<'t>, parts: &[Node<'t>], depth: usize) -> Option<Place> {
        let texts: Vec<(Option<Place>, Place)> =
            parts.iter().map(|part| (self.text_of(*part, depth + 1), self.place(*part))).collect();
        if texts.iter().all(|(text, _)| text.is_none()) {
            return None;
        }
        let texts: Vec<Place> = texts
            .into_iter()
            .map(|(text, place)| text.unwrap_or_else(|| self.hole_text(place)))
            .collect();
        let mut layer = self.layers.layer(Codec::Joined, self.region.sub(Self::span(node)));
        texts.into_iter().for_each(|text| layer.exact(text, Quote::None));
        let id = layer.finish();
        Some(self.layers.whole(id))
    }

    /// A layer with the text of a string literal; what is computed in it are holes.
    fn string(&mut self, node: Node<'t>) -> Option<Place> {
        let written = self.written(node);
        let (quoting, open, close) = (self.syntax.quoting)(written)?;
        let start = node.start_byte() + open;
        let end = node.end_byte().checked_sub(close).filter(|end| *end >= start)?;
        let mut pieces = Vec::new();
        let mut from = start;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            if child.kind() == self.syntax.substitution {
                self.plain_pieces(quoting, from, child.start_byte(), &mut pieces);
                let constant = first_child(child)
                    .filter(|inner| inner.kind() == "identifier" && child.named_child_count() == 1)
                    .and_then(|inner| self.constants.value_of(self.written(inner)));
                pieces.push(match constant {
                    Some(value) => Piece::Escape(value.to_owned(), Self::span(child)),
                    None => Piece::Hole(Self::span(child)),
                });
                from = child.end_byte();
            }
        }
        self.plain_pieces(quoting, from, end, &mut pieces);
        let codec = match quoting {
            Quoting { quote: '"', escape: Escape::Backslash, lines: false, braces: false } => {
                Codec::JsonString
            }
            quoting => Codec::Quoted(quoting),
        };
        let mut layer = self.layers.layer(codec, self.region.sub(Self::span(node)));
        for piece in pieces {
            match piece {
                Piece::Exact(span) => layer.exact(self.region.sub(span), Quote::None),
                Piece::Escape(text, span) => {
                    layer.escape(&text, self.region.sub(span), Quote::None);
                }
                Piece::Hole(span) => {
                    layer.hole(self.region.sub(span), HoleKind::Computed, Quote::None);
                }
            }
        }
        let id = layer.finish();
        Some(self.layers.whole(id))
    }

    /// The pieces of a run of a string in which nothing is computed.
    fn plain_pieces(&self, quoting: Quoting, start: usize, end: usize, pieces: &mut Vec<Piece>) {
        let text = self.text;
        let (mut from, mut at) = (start, start);
        while let Some(char) = text.get(at..end).and_then(|rest| rest.chars().next()) {
            let doubled = quoting.braces && matches!(char, '{' | '}');
            let escape = match char {
                '\\' if quoting.escape == Escape::Backslash => Some(unescape(text, at, end)),
                _ if doubled && text[at + 1..end].starts_with(char) => {
                    Some((char.to_string(), at + 2))
                }
                _ => None,
            };
            let Some((decoded, next)) = escape else {
                at += char.len_utf8();
                continue;
            };
            pieces.push(Piece::Exact(Span::new(from, at)));
            pieces.push(Piece::Escape(decoded, Span::new(at, next)));
            (from, at) = (next, next);
        }
        if from < end {
            pieces.push(Piece::Exact(Span::new(from, end)));
        }
    }
}

/// What the backslash at `at` stands for with what follows it, and where that ends.
fn unescape(text: &str, at: usize, end: usize) -> (String, usize) {
    let Some(char) = text[at + 1..end].chars().next() else { return ("\\".to_owned(), end) };
    let after = at + 1 + char.len_utf8();
    let code = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|_| to <= end)?;
        let char = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
        Some(char.to_string())
    };
    let kept = || (text[at..after].to_owned(), after);
    match char {
        'n' => ("\n".to_owned(), after),
        't' => ("\t".to_owned(), after),
        'r' => ("\r".to_owned(), after),
        'b' => ("\u{8}".to_owned(), after),
        'f' => ("\u{c}".to_owned(), after),
        '\n' => (String::new(), after),
        'x' => code(after, after + 2).map_or_else(kept, |text| (text, after + 2)),
        'u' if text[after..end].starts_with('{') => {
            let close = text[after..end].find('}').map(|length| after + length);
            let decoded = close.and_then(|close| Some((code(after + 1, close)?, close + 1)));
            decoded.unwrap_or_else(kept)
        }
        'u' => code(after, after + 4).map_or_else(kept, |text| (text, after + 4)),
        'U' => code(after, after + 8).map_or_else(kept, |text| (text, after + 8)),
        other => (other.to_string(), after),
    }
}

/// The first named child of a node.
pub(super) fn first_child(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|child| child.kind() != "comment")
}

/// The arguments of a call.
pub(super) fn arguments<'t>(call: Node<'t>) -> Vec<Node<'t>> {
    let Some(list) = call.child_by_field_name("arguments") else { return Vec::new() };
    let mut cursor = list.walk();
    list.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}
