//! Fixes that add parameters: in the form in which the others of the request are written, else in the
//! form that its kind has for them.

use super::super::context::Context;
use super::super::fill::Scene;
use super::Draft;
use super::command::{dialect_of, word_of, write_option};
use super::remove::{ENTRIES, MEMBERS, PAIRS, Separator};
use crate::encode::{Chunk, escape_json, percent_encode, write_word};
use crate::layer::{Codec, Component, Layers, Place};
use crate::model::{
    BodyKind, Dialect, Header, JsonKind, JsonValue, Kind, Param, ParamIn, Request, RequestKind,
};
use crate::span::Span;

/// How an item of a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `name=value`, percent-encoded for that place.
    Pair(Component),
    /// `"name": value`
    Member,
    /// `["name", "value"]`
    Array,
    /// `name = 'value'` in a table of PowerShell.
    Entry,
}

/// How the list is separated that a parameter stands in. None where that is not known.
pub(super) fn separator_of(scene: &Scene<'_, '_, '_>, param: &Param) -> Option<Separator> {
    Some(match form_of(scene.context.request, scene.context.layers(), param)? {
        Form::Pair(_) => PAIRS,
        Form::Member | Form::Array => MEMBERS,
        Form::Entry => ENTRIES,
    })
}

fn form_of(request: &Request, layers: &Layers<'_>, param: &Param) -> Option<Form> {
    if request.kind == RequestKind::Cmdlet && is_entry(layers, param) {
        return Some(Form::Entry);
    }
    if param.json.is_some() {
        // In a block of YAML, members are lines; HTTPie has arguments for them.
        let object = request.body.json.as_ref().is_some_and(|json| {
            layers.text(json.place).starts_with('{') && json.place.layer == param.whole.layer
        });
        return object.then_some(Form::Member);
    }
    if request.kind == RequestKind::Object && param.whole.layer == request.place.layer {
        return match layers.text(param.whole).as_bytes().first()? {
            _ if !is_json_object(request, layers) => None,
            b'"' => Some(Form::Member),
            b'[' => Some(Form::Array),
            _ => None,
        };
    }
    // Entries have a form of their own, unless they are pairs in a text.
    let texts = [request.url.query, request.body.place];
    let in_text = texts.iter().flatten().any(|text| is_pair_in(layers, *text, param.whole));
    let may_be_entry = request.kind.has_entries() || request.kind == RequestKind::Message;
    let is_pair = !may_be_entry || in_text;
    is_pair.then(|| Form::Pair(component(param.location)))
}

/// Whether a place is one of the pairs that a text consists of.
fn is_pair_in(layers: &Layers<'_>, text: Place, pair: Place) -> bool {
    let inside = text.layer == pair.layer && text.span.contains(pair.span);
    inside
        && (text.span.start() == pair.span.start() || {
            let before = Span::new(text.span.start(), pair.span.start());
            layers.text(Place::new(text.layer, before)).ends_with('&')
        })
}

/// Whether a request object is written in JSON: in YAML or TOML it looks otherwise.
pub(super) fn is_json_object(request: &Request, layers: &Layers<'_>) -> bool {
    let text = layers.text(request.place);
    let inside = text.strip_prefix(['{', '[']).map(str::trim_start);
    inside.is_some_and(|inside| inside.starts_with(['"', '}', '[']))
}

/// Whether header fields and parameters are entries of a form that is neither JSON nor a command
/// of curl.
pub(super) fn has_own_notation(context: &Context<'_, '_>) -> bool {
    let request = context.request;
    let is_object = request.kind == RequestKind::Object;
    request.kind.has_entries() || is_object && !is_json_object(request, context.layers())
}

/// Whether a parameter is written in a table: its name is a word of its own there.
fn is_entry(layers: &Layers<'_>, param: &Param) -> bool {
    param.name.layer != param.whole.layer
        && layers.origin(param.name.layer).layer == param.whole.layer
        && layers.text(param.whole).contains('=')
        && matches!(layers.codec(param.name.layer), Codec::PowerShellWord(_))
}

fn component(location: ParamIn) -> Component {
    if location == ParamIn::Query { Component::Query } else { Component::Form }
}

/// A list that is there, and how its items are written.
pub(super) struct List {
    form: Form,
    /// Behind the last item.
    pub(super) end: Place,
    pub(super) separator: String,
    /// Between a name and its value.
    colon: String,
}

impl List {
    /// The list of the parameters that are sent in that way; none where there are none.
    fn of_params(context: &Context<'_, '_>, location: ParamIn) -> Option<Self> {
        let (request, layers) = (context.request, context.layers());
        let own = request.params.iter().filter(|param| param.location == location);
        let own: Vec<&Param> = own.collect();
        let last = own.last()?;
        let form = form_of(request, layers, last)?;
        let items = own.iter().filter(|param| param.whole.layer == last.whole.layer);
        let items: Vec<(Place, Place, Place)> =
            items.map(|param| (param.whole, param.name, param.value)).collect();
        Some(List::of(layers, form, &items))
    }

    /// The list of the header fields that are written.
    pub(super) fn of_headers(request: &Request, layers: &Layers<'_>, form: Form) -> Option<Self> {
        let own: Vec<&Header> =
            request.headers.iter().filter(|header| header.implied_by.is_none()).collect();
        let last = own.last()?;
        let items = own.iter().filter(|header| header.whole.layer == last.whole.layer);
        let items: Vec<(Place, Place, Place)> =
            items.map(|header| (header.whole, header.name, header.value)).collect();
        Some(List::of(layers, form, &items))
    }

    /// Learned from the items that are there.
    fn of(layers: &Layers<'_>, form: Form, items: &[(Place, Place, Place)]) -> Self {
        let (first, last) = (items[0].0, items[items.len() - 1].0);
        let mut list = match form {
            Form::Pair(_) => List::new(form, last.end(), "&", "="),
            Form::Member => List::new(form, last.end(), ", ", ": "),
            Form::Array => List::new(form, last.end(), ", ", ", "),
            Form::Entry => List::new(form, last.end(), "; ", " = "),
        };
        if let Form::Pair(_) = form {
            return list;
        }
        if let Some(colon) = between_name_and_value(layers, items[0]) {
            list.colon = colon;
        }
        let second = items.iter().map(|item| item.0).find(|item| *item != first);
        list.separator = match second {
            Some(second) if second.span.start() >= first.span.end() => {
                let between = Span::new(first.span.end(), second.span.start());
                layers.text(Place::new(first.layer, between)).to_owned()
            }
            _ if form == Form::Entry => "; ".to_owned(),
            _ if list.colon.ends_with(' ') => ", ".to_owned(),
            _ => ",".to_owned(),
        };
        list
    }

    fn new(form: Form, end: Place, separator: &str, colon: &str) -> Self {
        List { form, end, separator: separator.to_owned(), colon: colon.to_owned() }
    }

    pub(super) fn item(&self, name: &str, value: &[Chunk]) -> Option<Vec<Chunk>> {
        write_item(self.form, name, &self.colon, value)
    }
}

/// A name and a value as an item of a list. None where there is no notation for them.
pub(super) fn write_item(
    form: Form,
    name: &str,
    colon: &str,
    value: &[Chunk],
) -> Option<Vec<Chunk>> {
    let mut item = match form {
        Form::Pair(component) => Chunk::text(format!("{}=", percent_encode(name, component))),
        Form::Member => Chunk::text(format!("\"{}\"{colon}", escape_json(name))),
        Form::Array => Chunk::text(format!("[\"{}\"{colon}", escape_json(name))),
        Form::Entry => {
            let plain =
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            let name =
                if plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "''")) };
            Chunk::text(format!("{name}{colon}"))
        }
    };
    match form {
        Form::Pair(component) => {
            item.extend(encoded(value, |text| percent_encode(text, component)));
        }
        Form::Member | Form::Array => item.extend(json_string(value)),
        Form::Entry => {
            let quoted = |word: String| match word.starts_with(['\'', '"']) {
                true => word,
                false => format!("'{word}'"),
            };
            item.push(Chunk::Text(quoted(write_word(Dialect::PowerShell, value)?)));
        }
    }
    if form == Form::Array {
        item.push(Chunk::Text("]".to_owned()));
    }
    Some(item)
}

fn between_name_and_value(layers: &Layers<'_>, item: (Place, Place, Place)) -> Option<String> {
    let (whole, name, value) = item;
    let outer = |place: Place| match layers.codec(place.layer) {
        _ if place.layer == whole.layer => Some(place),
        Codec::Percent(_) => layers.parent_run(place).map(|(outer, _)| outer),
        _ => Some(layers.origin(place.layer)),
    };
    let (name, value) = (outer(name)?, outer(value)?);
    let same = name.layer == whole.layer && value.layer == whole.layer;
    let span = (same && name.span.end() <= value.span.start())
        .then(|| Span::new(name.span.end(), value.span.start()))?;
    Some(layers.text(Place::new(whole.layer, span)).to_owned())
}

/// A text as a JSON string.
pub(super) fn json_string(value: &[Chunk]) -> Vec<Chunk> {
    let mut string = Chunk::text("\"");
    string.extend(encoded(value, escape_json));
    string.push(Chunk::Text("\"".to_owned()));
    string
}

/// The chunks with their texts encoded; holes and variables stay.
pub(super) fn encoded(value: &[Chunk], encode: impl Fn(&str) -> String) -> Vec<Chunk> {
    let encode = |chunk: &Chunk| match chunk {
        Chunk::Text(text) => Chunk::Text(encode(text)),
        other => other.clone(),
    };
    value.iter().map(encode).collect()
}

/// The items, with a separator between them.
pub(super) fn join(items: &[Vec<Chunk>], separator: &str) -> Vec<Chunk> {
    let mut joined = Vec::new();
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            joined.push(Chunk::Text(separator.to_owned()));
        }
        joined.extend(item.iter().cloned());
    }
    joined
}

impl Draft<'_, '_, '_, '_> {
    /// Writes what was added to the query, the form and the JSON object.
    pub(super) fn add_params(&mut self) -> Option<()> {
        for location in [ParamIn::Query, ParamIn::Form, ParamIn::Json] {
            let mut added: Vec<(String, Vec<Chunk>)> = Vec::new();
            for (_, name, value) in self.added.iter().filter(|(place, ..)| *place == location) {
                let entry = (name.clone(), value.clone());
                if !added.contains(&entry) {
                    added.push(entry);
                }
            }
            if !added.is_empty() {
                self.add_to(location, &added)?;
            }
        }
        Some(())
    }

    fn add_to(&mut self, location: ParamIn, added: &[(String, Vec<Chunk>)]) -> Option<()> {
        let context = self.scenes[0].context;
        // Each part of a multipart body is an option of its own.
        let parts = location == ParamIn::Form && context.request.body.kind == BodyKind::Multipart;
        if let Some(list) = List::of_params(context, location)
            && !(parts && context.request.kind == RequestKind::Curl)
        {
            let items = added.iter().map(|(name, value)| list.item(name, value));
            let items: Vec<Vec<Chunk>> = items.collect::<Option<_>>()?;
            return self.append(&list, location, &items, added);
        }
        if has_own_notation(context) {
            return self.copy_params(location, added);
        }
        // A list that is there, in a form that nothing can be added to.
        let has_list = context.request.params.iter().any(|param| param.location == location);
        if has_list && !parts {
            return None;
        }
        match location {
            ParamIn::Query => self.start_query(added),
            ParamIn::Form => self.start_form(added),
            ParamIn::Json => self.start_object(added),
        }
    }

    /// Behind the last item that stays; where none stays, in the place of them all.
    fn append(
        &mut self,
        list: &List,
        location: ParamIn,
        items: &[Vec<Chunk>],
        added: &[(String, Vec<Chunk>)],
    ) -> Option<()> {
        let request = self.scenes[0].context.request;
        let own =
            request.params.iter().enumerate().filter(|(_, param)| {
                param.location == location && param.whole.layer == list.end.layer
            });
        let own: Vec<(usize, &Param)> = own.collect();
        let stays = own.iter().any(|(number, _)| !self.removed.contains(number));
        if !stays {
            let numbers: Vec<usize> = own.iter().map(|(number, _)| *number).collect();
            let first = own.iter().map(|(_, param)| param.whole.span).reduce(Span::hull)?;
            self.removed.retain(|number| !numbers.contains(number));
            return self.push(Place::new(list.end.layer, first), &join(items, &list.separator));
        }
        let mut text = Chunk::text(list.separator.clone());
        text.extend(join(items, &list.separator));
        let is_pair = matches!(list.form, Form::Pair(_));
        match self.push(list.end, &text) {
            Some(()) => Some(()),
            None if is_pair => self.add_data_options(list.end, location, added),
            None => None,
        }
    }

    /// Options of their own, where the word of the last pair cannot hold another one: behind
    /// `--data-urlencode` and `-F`.
    fn add_data_options(
        &mut self,
        last: Place,
        location: ParamIn,
        added: &[(String, Vec<Chunk>)],
    ) -> Option<()> {
        let scene = &self.scenes[0];
        let context = scene.context;
        let request = context.request;
        if request.kind != RequestKind::Curl {
            return None;
        }
        let dialect = dialect_of(scene);
        let before =
            Place::new(last.layer, Span::new(last.span.start().checked_sub(1)?, last.span.end()));
        let word = word_of(context.layers(), before, dialect)?;
        let multipart = request.body.kind == BodyKind::Multipart && location == ParamIn::Form;
        let mut text = String::new();
        for (name, value) in added {
            let plain = !name.is_empty() && !name.contains(['=', '@', ';']);
            let mut argument = Chunk::text(format!("{name}="));
            argument.extend(value.iter().cloned());
            let starts_special =
                matches!(value.first(), Some(Chunk::Text(text)) if text.starts_with(['@', '<']));
            let holds_special =
                value.iter().any(|c| matches!(c, Chunk::Text(t) if t.contains(';')));
            plain.then_some(())?;
            let option = match multipart {
                true if starts_special || holds_special => "--form-string",
                true => "-F",
                false => "--data-urlencode",
            };
            text.push_str(&write_option(dialect, option, &argument)?);
        }
        self.push(word.end(), &Chunk::text(text))
    }

    /// The first parameters of a query.
    pub(super) fn start_query(&mut self, added: &[(String, Vec<Chunk>)]) -> Option<()> {
        let scene = &self.scenes[0];
        let url = &scene.context.request.url;
        let has_parts = scene.context.document.kind == Kind::Postman
            && matches!(scene.context.layers().codec(url.path.layer), Codec::Joined);
        if has_parts {
            return self.start_list(added);
        }
        let items = added
            .iter()
            .map(|(name, value)| write_item(Form::Pair(Component::Query), name, "=", value));
        let items: Vec<Vec<Chunk>> = items.collect::<Option<_>>()?;
        let (place, mark) = match url.query {
            Some(query) => (query, ""),
            None => (url.path.end(), "?"),
        };
        let mut text = Chunk::text(mark);
        text.extend(join(&items, "&"));
        self.push(place, &text)
    }

    /// The list of the query, as a member of the object that has the other parts of a URL.
    fn start_list(&mut self, added: &[(String, Vec<Chunk>)]) -> Option<()> {
        let scene = &self.scenes[0];
        let object = scene.context.request.copy.as_ref()?.object?;
        (!scene.context.text(object).contains("\"query\"")).then_some(())?;
        self.add_member_to(scene, object, "query", key_values(added))
    }

    fn start_form(&mut self, added: &[(String, Vec<Chunk>)]) -> Option<()> {
        let request = self.scenes[0].context.request;
        match (request.kind, request.body.kind, request.body.place) {
            (RequestKind::Curl, BodyKind::Multipart, _) => {
                let last = request.parts.last()?.whole;
                self.add_data_options(last.end(), ParamIn::Form, added)
            }
            (_, BodyKind::Form, Some(place)) => {
                let items = added
                    .iter()
                    .map(|(name, value)| write_item(Form::Pair(Component::Form), name, "=", value));
                let items: Vec<Vec<Chunk>> = items.collect::<Option<_>>()?;
                self.push(place.end(), &join(&items, "&"))
            }
            _ => None,
        }
    }

    /// The first members of an object that is there.
    fn start_object(&mut self, added: &[(String, Vec<Chunk>)]) -> Option<()> {
        let json = self.scenes[0].context.request.body.json.as_ref()?;
        if json.kind != JsonKind::Object || json.place.span.len() < 2 {
            return None;
        }
        self.push(inside(json), &join(&members(added), ","))
    }
}

/// Between the brackets of an object.
fn inside(json: &JsonValue) -> Place {
    json.place.sub(Span::new(1, json.place.span.len() - 1))
}

/// The members of a JSON object; a name that repeats gets an array.
pub(super) fn members(added: &[(String, Vec<Chunk>)]) -> Vec<Vec<Chunk>> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in added {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let member = |name: &str| {
        let own = added.iter().filter(|(other, _)| other == name);
        let values: Vec<Vec<Chunk>> = own.map(|(_, value)| json_string(value)).collect();
        let (open, close) = if values.len() > 1 { ("[", "]") } else { ("", "") };
        let mut member = Chunk::text(format!("\"{}\":{open}", escape_json(name)));
        member.extend(join(&values, ","));
        member.push(Chunk::Text(close.to_owned()));
        member
    };
    names.into_iter().map(member).collect()
}

/// Names and values as Postman lists them.
pub(super) fn key_values(added: &[(String, Vec<Chunk>)]) -> Vec<Chunk> {
    let item = |(name, value): &(String, Vec<Chunk>)| {
        let name = escape_json(name);
        let mut item = Chunk::text(format!("{{\"key\": \"{name}\", \"value\": "));
        item.extend(json_string(value));
        item.push(Chunk::Text("}".to_owned()));
        item
    };
    let mut list = Chunk::text("[");
    list.extend(join(&added.iter().map(item).collect::<Vec<_>>(), ", "));
    list.push(Chunk::Text("]".to_owned()));
    list
}

/// How the lines of a text end.
pub(super) fn line_end(source: &str) -> &'static str {
    match source.find('\n') {
        Some(at) if source[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
