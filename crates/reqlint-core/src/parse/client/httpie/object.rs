//! The JSON that items make: `a=1 b:=2 c[d][]=3`, by the section "Nested JSON" of HTTPie's documentation.

use super::{Item, value_of};
use crate::encode::escape_json;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{
    Body, BodyKind, Finding, FindingKind, JsonKind, JsonMember, JsonValue, Request,
};
use crate::parse::json::parse_json;
use crate::span::Span;
use std::collections::BTreeMap;

/// Longer lists are not made of single items.
const LONGEST_LIST: usize = 1_000;
/// Nor are deeper values.
const DEEPEST: usize = 64;

/// Reads the items as what is sent.
pub(super) fn read_object(layers: &mut Layers<'_>, request: &mut Request, data: &[&Item]) {
    let mut root = Node::Nothing;
    for item in data {
        let value = leaf(layers, request, item);
        let mut steps = steps(layers, item.name);
        if steps.as_ref().is_some_and(|steps| steps.len() > DEEPEST) {
            request.findings.push(Finding::new(FindingKind::NestingTooDeep, item.name));
            steps = None;
        }
        let set = steps.and_then(|steps| root.set(layers, &steps, item, value));
        // HTTPie refuses what does not fit together, or what we do not read.
        request.open.body |= set.is_none();
    }
    let whole = data.first().map_or(Place::root(Span::empty(0)), |item| item.whole);
    let json = root.value(layers, whole);
    request.body = Body { kind: BodyKind::Json, place: Some(json.place), json: Some(json) };
}

/// The value of an item.
fn leaf(layers: &mut Layers<'_>, request: &mut Request, item: &Item) -> JsonValue {
    if item.separator == ":=" {
        let mut findings = Vec::new();
        let (value, _) = parse_json(layers, item.value, &mut findings);
        request.findings.extend(findings);
        if let Some(value) = value {
            return value;
        }
    }
    let place = value_of(layers, item);
    let kind = match item.separator {
        "=" | "=@" => JsonKind::String,
        _ => JsonKind::Unknown,
    };
    JsonValue { kind, place, text: place, members: Vec::new(), items: Vec::new() }
}

/// A step into a value.
enum Step {
    /// `[name]`, and the name in front of all brackets.
    Member(Place),
    /// `[2]`
    Number(usize),
    /// `[]`
    Append,
}

/// The steps that a name is: `a[b][0][]`; none where brackets do not close. A name with backslashes
/// is one step.
fn steps(layers: &Layers<'_>, name: Place) -> Option<Vec<Step>> {
    let text = layers.text(name);
    let first = text.find('[').filter(|_| !text.contains('\\') && !layers.has_hole(name));
    let Some(first) = first else {
        return (!text.contains('\\')).then(|| vec![Step::Member(name)]);
    };
    let mut steps = Vec::new();
    if first > 0 {
        steps.push(Step::Member(name.sub(Span::new(0, first))));
    }
    let mut at = first;
    while at < text.len() {
        let inner = text[at..].strip_prefix('[')?;
        let length = inner.find(']')?;
        let span = Span::new(at + 1, at + 1 + length);
        steps.push(match &inner[..length] {
            "" => Step::Append,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Step::Number(digits.parse().ok().filter(|number| *number < LONGEST_LIST)?)
            }
            _ => Step::Member(name.sub(span)),
        });
        at = span.end() + 1;
    }
    Some(steps)
}

/// A value that is being made.
#[derive(Default)]
enum Node {
    #[default]
    Nothing,
    Leaf(JsonValue),
    /// The members in their order, with the item that brings each.
    Object(Vec<(Place, Place, Node)>),
    /// The items by number, with the item that brings each.
    List(BTreeMap<usize, (Place, Node)>),
}

impl Node {
    /// Sets a value; none where another kind of value stands in the way.
    fn set(
        &mut self,
        layers: &Layers<'_>,
        steps: &[Step],
        item: &Item,
        value: JsonValue,
    ) -> Option<()> {
        let Some((step, rest)) = steps.split_first() else {
            // What is said later counts.
            *self = Node::Leaf(value);
            return Some(());
        };
        if matches!(self, Node::Nothing) {
            *self = match step {
                Step::Member(_) => Node::Object(Vec::new()),
                Step::Number(_) | Step::Append => Node::List(BTreeMap::new()),
            };
        }
        let inner = match (self, step) {
            (Node::Object(members), Step::Member(name)) => {
                let text = layers.text(*name);
                let known = members.iter().position(|(name, ..)| layers.text(*name) == text);
                let at = known.unwrap_or(members.len());
                if known.is_none() {
                    members.push((*name, item.whole, Node::Nothing));
                }
                &mut members[at].2
            }
            (Node::List(items), Step::Number(number)) => {
                &mut items.entry(*number).or_insert((item.whole, Node::Nothing)).1
            }
            (Node::List(items), Step::Append) => {
                let number = items.last_key_value().map_or(0, |(last, _)| last + 1);
                let number = Some(number).filter(|number| *number < LONGEST_LIST)?;
                &mut items.entry(number).or_insert((item.whole, Node::Nothing)).1
            }
            _ => return None,
        };
        inner.set(layers, rest, item, value)
    }

    /// The value as it is sent; `whole` is the item that brings it.
    fn value(self, layers: &mut Layers<'_>, whole: Place) -> JsonValue {
        let (kind, members, items) = match self {
            Node::Leaf(value) => return value,
            Node::Nothing => {
                let place = layers.implied("null", whole);
                let (members, items) = (Vec::new(), Vec::new());
                return JsonValue { kind: JsonKind::Null, place, text: place, members, items };
            }
            Node::Object(nodes) => {
                let member = |(name, whole, node): (Place, Place, Node)| {
                    let value = node.value(layers, whole);
                    JsonMember { whole, name, value }
                };
                (JsonKind::Object, nodes.into_iter().map(member).collect(), Vec::new())
            }
            Node::List(mut nodes) => {
                let length = nodes.last_key_value().map_or(0, |(last, _)| last + 1);
                let item = |number: usize| {
                    let (whole, node) = nodes.remove(&number).unwrap_or((whole, Node::Nothing));
                    node.value(layers, whole)
                };
                (JsonKind::Array, Vec::new(), (0..length).map(item).collect())
            }
        };
        let mut value = JsonValue { kind, place: whole, text: whole, members, items };
        value.place = write(layers, &value, whole);
        value.text = value.place;
        value
    }
}

/// A layer with the JSON that a value of members or items is sent as.
fn write(layers: &mut Layers<'_>, value: &JsonValue, whole: Place) -> Place {
    let mut pieces: Vec<(String, Option<Place>, Place)> = Vec::new();
    let (open, close) = if value.kind == JsonKind::Array { ("[", "]") } else { ("{", "}") };
    pieces.push((open.to_owned(), None, whole));
    for (index, member) in value.members.iter().enumerate() {
        let before = if index == 0 { "\"" } else { ", \"" };
        pieces.push((before.to_owned(), None, member.whole));
        pieces.push((escape_json(layers.text(member.name)), None, member.name));
        pieces.push(("\": ".to_owned(), None, member.whole));
        write_value(layers, &member.value, member.whole, &mut pieces);
    }
    for (index, item) in value.items.iter().enumerate() {
        if index > 0 {
            pieces.push((", ".to_owned(), None, whole));
        }
        write_value(layers, item, whole, &mut pieces);
    }
    let last = value.members.last().map_or(whole, |member| member.whole);
    pieces.push((close.to_owned(), None, last));
    let mut layer = layers.layer(Codec::Implied, last);
    for (text, exact, place) in pieces {
        match exact {
            Some(exact) => layer.exact(exact, Quote::None),
            None => layer.escape(&text, place, Quote::None),
        }
    }
    let id = layer.finish();
    layers.whole(id)
}

fn write_value(
    layers: &Layers<'_>,
    value: &JsonValue,
    whole: Place,
    pieces: &mut Vec<(String, Option<Place>, Place)>,
) {
    let text = value.text;
    if value.kind != JsonKind::String || text != value.place {
        pieces.push((String::new(), Some(value.place), text));
        return;
    }
    pieces.push(("\"".to_owned(), None, whole));
    match layers.has_hole(text) {
        true => pieces.push((String::new(), Some(text), text)),
        false => pieces.push((escape_json(layers.text(text)), None, text)),
    }
    pieces.push(("\"".to_owned(), None, whole));
}
