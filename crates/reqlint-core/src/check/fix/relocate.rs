//! Fixes that move parameters to another part of a request: from a form into the query, from the
//! query into a body or a header, from a form into JSON and back.

use super::super::evaluate::Bound;
use super::super::fill::Scene;
use super::Draft;
use super::command::{dialect_of, emptied_option, end_of_options, write_option};
use super::lists::{encoded, is_json_object, join, json_string, key_values, line_end, members};
use super::remove::{MEMBERS, member_of, whole_line};
use crate::api::Operation;
use crate::api::decimal::Decimal;
use crate::api::schema::Types;
use crate::check::context::Route;
use crate::check::valid::types_of;
use crate::diagnostic::Edit;
use crate::encode::{Chunk, escape_json, percent_encode};
use crate::layer::{Component, Place};
use crate::model::{BodyKind, JsonKind, Kind, Param, ParamIn, RequestKind};
use crate::rule::{MoveTo, NameId};
use crate::span::Span;

/// A parameter on its way.
type Moved = (String, Vec<Chunk>);

impl Draft<'_, '_, '_, '_> {
    /// Moves the parameters of a role. None where the request has no way to write that.
    pub(super) fn move_params(&mut self, name: NameId, to: &MoveTo) -> Option<()> {
        let scene = &self.scenes[0];
        let numbers = self.numbers_of(name)?;
        let params = &scene.context.request.params;
        let moved: Vec<&Param> = numbers.iter().map(|number| &params[*number]).collect();
        let from = moved.first()?.location;
        if moved.iter().any(|param| param.location != from) {
            return None;
        }
        let texts = self.texts_of(scene, &moved)?;
        match to {
            MoveTo::Param(to) if *to == from => None,
            MoveTo::Param(ParamIn::Query) => {
                self.leave(scene, from, &numbers)?;
                let texts = texts.into_iter();
                self.added.extend(texts.map(|(name, value)| (ParamIn::Query, name, value)));
                Some(())
            }
            MoveTo::Param(to) => self.move_to_body(scene, from, *to, &numbers, texts),
            MoveTo::Header(header) => {
                let [(_, value)] = texts.as_slice() else { return None };
                self.leave(scene, from, &numbers)?;
                self.add_header(scene, header, value)
            }
        }
    }

    /// The numbers of the parameters of a role, in the order of the request.
    fn numbers_of(&self, name: NameId) -> Option<Vec<usize>> {
        let mut numbers = Vec::new();
        for scene in self.scenes {
            let Some(Bound::Part { part, .. }) = &scene.bound[name] else { return None };
            numbers.push(part.identity.number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }

    /// Names and values as texts: an array is several of one name. None where a value is an object.
    fn texts_of(&self, scene: &Scene<'_, '_, '_>, moved: &[&Param]) -> Option<Vec<Moved>> {
        let layers = scene.context.layers();
        let json = scene.context.request.body.json.as_ref();
        let mut texts = Vec::new();
        for param in moved {
            let name = layers.text(param.name).to_owned();
            let values: Vec<Place> = match param.json {
                Some(JsonKind::Array) => {
                    let members = json.map(|json| json.members.as_slice()).unwrap_or_default();
                    let member = members.iter().find(|member| member.whole == param.whole)?;
                    let nested = |kind| matches!(kind, JsonKind::Array | JsonKind::Object);
                    if member.value.items.iter().any(|item| nested(item.kind)) {
                        return None;
                    }
                    member.value.items.iter().map(|item| item.text).collect()
                }
                Some(JsonKind::Object | JsonKind::Unknown) => return None,
                _ => vec![param.value],
            };
            let values = values.into_iter().map(|value| (name.clone(), scene.chunks(value)));
            texts.extend(values);
        }
        Some(texts)
    }

    /// The parameters leave where they are; a body that they were all of leaves with them.
    fn leave(&mut self, scene: &Scene<'_, '_, '_>, from: ParamIn, numbers: &[usize]) -> Option<()> {
        if from == ParamIn::Query || !self.is_all_of(scene, from, numbers) {
            self.removed.extend(numbers);
            return Some(());
        }
        self.remove_body(scene)
    }

    fn is_all_of(&self, scene: &Scene<'_, '_, '_>, from: ParamIn, numbers: &[usize]) -> bool {
        let params = &scene.context.request.params;
        params.iter().filter(|param| param.location == from).count() == numbers.len()
    }

    /// To the JSON object or the form: the one that is there, or one that comes.
    fn move_to_body(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        from: ParamIn,
        to: ParamIn,
        numbers: &[usize],
        texts: Vec<Moved>,
    ) -> Option<()> {
        let request = scene.context.request;
        let is_json = is_json_object(request, scene.context.layers());
        let is_other = request.kind == RequestKind::Object && !is_json
            || scene.context.document.kind == Kind::Hurl;
        if is_other {
            return None;
        }
        let is_there = match to {
            ParamIn::Json => request.body.json.as_ref().is_some_and(|j| j.kind == JsonKind::Object),
            _ => matches!(request.body.kind, BodyKind::Form | BodyKind::Multipart),
        };
        if is_there {
            self.leave(scene, from, numbers)?;
            self.added.extend(texts.into_iter().map(|(name, value)| (to, name, value)));
            return Some(());
        }
        let replaces = from != ParamIn::Query;
        if replaces && !self.is_all_of(scene, from, numbers) {
            return None;
        }
        if !replaces && request.body.kind != BodyKind::None {
            return None;
        }
        let (content, media_type) = match to {
            ParamIn::Json => (typed_object(scene, &texts), "application/json"),
            _ => (form(&texts), "application/x-www-form-urlencoded"),
        };
        match request.kind {
            RequestKind::Curl => self.add_curl_body(scene, to, &content, media_type)?,
            RequestKind::Message => self.add_message_body(scene, &content, media_type)?,
            RequestKind::Object => self.add_object_body(scene, to, &texts, &content)?,
            RequestKind::Item if scene.context.document.kind == Kind::Postman => {
                self.add_postman_body(scene, to, &texts, &content)?;
            }
            _ => return None,
        }
        if !replaces {
            self.removed.extend(numbers);
        }
        Some(())
    }

    /// In the place of the body that is there, or at the end of the command.
    fn add_curl_body(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        to: ParamIn,
        content: &[Chunk],
        media_type: &str,
    ) -> Option<()> {
        let request = scene.context.request;
        let dialect = dialect_of(scene);
        if request.body.kind != BodyKind::None {
            self.remove_body_options(scene)?;
        }
        let written = request.headers_named(scene.context.layers(), "content-type");
        let written = written.filter(|header| header.implied_by.is_none()).last();
        let mut text = String::new();
        match written {
            Some(header) => self.push(header.value, &Chunk::text(media_type))?,
            // Without one, `-d` says that it is a form.
            None if to == ParamIn::Json => {
                let field = Chunk::text(format!("Content-Type: {media_type}"));
                text.push_str(&write_option(dialect, "-H", &field)?);
            }
            None => {}
        }
        text.push_str(&write_option(dialect, "-d", content)?);
        self.push(end_of_options(scene, dialect)?, &Chunk::text(text))
    }

    /// Behind the fields, and a blank line.
    fn add_message_body(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        content: &[Chunk],
        media_type: &str,
    ) -> Option<()> {
        let request = scene.context.request;
        let layers = scene.context.layers();
        let written = request.headers_named(layers, "content-type").last();
        match written {
            Some(header) => self.push(header.value, &Chunk::text(media_type))?,
            None => self.add_header(scene, "Content-Type", &Chunk::text(media_type))?,
        }
        if let Some(place) = request.body.place.filter(|place| !place.span.is_empty()) {
            return self.push(place, content);
        }
        let end = line_end(layers.source());
        let mut text = Chunk::text(end.repeat(2));
        text.extend(content.iter().cloned());
        // One edit, where the field is added at the same place.
        let encoded = layers.encode(request.place.end(), &text).ok()?;
        match self.edits.iter_mut().find(|edit| edit.span == encoded.span) {
            Some(edit) => edit.text.push_str(&encoded.text),
            None => self.push_edit(Edit { span: encoded.span, text: encoded.text }),
        }
        Some(())
    }

    /// As the member `json` or `form`; `data` in the form of axios, where both are.
    fn add_object_body(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        to: ParamIn,
        texts: &[Moved],
        content: &[Chunk],
    ) -> Option<()> {
        let request = scene.context.request;
        let layers = scene.context.layers();
        let name = if to == ParamIn::Json { "json" } else { "form" };
        let value = if to == ParamIn::Json { content.to_vec() } else { object(texts) };
        let Some(body) = request.body.place.filter(|_| request.body.kind != BodyKind::None) else {
            return self.add_member(scene, name, value);
        };
        let old = match request.body.json.as_ref() {
            Some(json) => json.place,
            None => self.item_of(scene, body),
        };
        let member = member_of(layers, old)?;
        let other = if to == ParamIn::Json { "\"form\"" } else { "\"json\"" };
        if !layers.text(member).starts_with(other) {
            return None;
        }
        let mut text = Chunk::text(format!("\"{name}\": "));
        text.extend(value);
        self.push(member, &text)
    }

    /// As the member `body`, with the mode that says of which type it is.
    fn add_postman_body(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        to: ParamIn,
        texts: &[Moved],
        content: &[Chunk],
    ) -> Option<()> {
        let object = scene.context.request.place;
        (!scene.context.text(object).contains("\"body\"")).then_some(())?;
        let is_json = to == ParamIn::Json;
        let mode = if is_json { "raw" } else { "urlencoded" };
        let mut body = Chunk::text(format!("{{\"mode\": \"{mode}\", \"{mode}\": "));
        body.extend(if is_json { json_string(content) } else { key_values(texts) });
        let language = ", \"options\": {\"raw\": {\"language\": \"json\"}}}";
        body.extend(Chunk::text(if is_json { language } else { "}" }));
        self.add_member_to(scene, object, "body", body)
    }

    /// The body goes, and with it what says of which type it is.
    fn remove_body(&mut self, scene: &Scene<'_, '_, '_>) -> Option<()> {
        let request = scene.context.request;
        let layers = scene.context.layers();
        match request.kind {
            _ if scene.context.document.kind == Kind::Hurl => return None,
            RequestKind::Object if !is_json_object(request, layers) => return None,
            RequestKind::Curl => self.remove_body_options(scene)?,
            RequestKind::Object => {
                let place = match (&request.body.json, request.body.place) {
                    (Some(json), _) => json.place,
                    (None, Some(place)) => self.item_of(scene, place),
                    (None, None) => return None,
                };
                let member = member_of(layers, place)?;
                self.remove_items(scene, &[member], MEMBERS)?;
            }
            RequestKind::Message => {
                let body = layers.root_span(request.body.place?);
                let before = layers.source()[..body.start()].trim_end();
                self.push_edit(Edit {
                    span: Span::new(before.len(), body.end()),
                    text: String::new(),
                });
            }
            _ => return None,
        }
        let written = request.headers_named(layers, "content-type");
        for header in written.filter(|header| header.implied_by.is_none()) {
            self.remove_content_type(scene, header.whole)?;
        }
        Some(())
    }

    fn remove_content_type(&mut self, scene: &Scene<'_, '_, '_>, field: Place) -> Option<()> {
        let request = scene.context.request;
        let layers = scene.context.layers();
        let span = match request.kind {
            RequestKind::Curl => emptied_option(layers, request, field, &layers.written(field)?)?,
            RequestKind::Message => {
                let line = whole_line(layers.source(), layers.root_span(field));
                // The line end before it, since what follows may be gone as well.
                let before = layers.source()[..line.start()].trim_end_matches(['\r', '\n']).len();
                Span::new(before, layers.root_span(field).end())
            }
            _ => return self.remove_items(scene, &[field], MEMBERS),
        };
        self.push_edit(Edit { span, text: String::new() });
        Some(())
    }

    /// All options that bring data. None where some of it is in a file, a pipe or a here-document.
    fn remove_body_options(&mut self, scene: &Scene<'_, '_, '_>) -> Option<()> {
        let request = scene.context.request;
        let layers = scene.context.layers();
        let places: Vec<Place> = match request.body.kind {
            BodyKind::Multipart if request.parts.iter().any(|part| part.parts.is_some()) => {
                return None;
            }
            BodyKind::Multipart => request.parts.iter().map(|part| part.whole).collect(),
            _ => layers.sources_of(request.body.place?),
        };
        if places.is_empty() {
            return None;
        }
        for place in places {
            let gone = layers.written(place)?;
            let span = emptied_option(layers, request, place, &gone)?;
            self.push_edit(Edit { span, text: String::new() });
        }
        Some(())
    }
}

/// `name=value&…` of the parameters, encoded as a form.
fn form(texts: &[Moved]) -> Vec<Chunk> {
    let encode = |text: &str| percent_encode(text, Component::Form);
    let pairs: Vec<Vec<Chunk>> = texts
        .iter()
        .map(|(name, value)| {
            let mut pair = Chunk::text(format!("{}=", encode(name)));
            pair.extend(encoded(value, encode));
            pair
        })
        .collect();
    join(&pairs, "&")
}

/// A JSON object of the parameters as the operation that takes them describes them: numbers without
/// quotes, lists as arrays.
fn typed_object(scene: &Scene<'_, '_, '_>, texts: &[Moved]) -> Vec<Chunk> {
    let mut written = Vec::new();
    for (number, (name, value)) in texts.iter().enumerate() {
        let same = |(other, _): &&Moved| other == name;
        let is_only = texts.iter().filter(same).count() == 1;
        if let Some(typed) = typed_value(scene, name, value).filter(|_| is_only) {
            let mut member = Chunk::text(format!("\"{}\":", escape_json(name)));
            member.extend(Chunk::text(typed));
            written.push(member);
        } else if !texts[..number].iter().any(|other| same(&other)) {
            let own: Vec<Moved> = texts.iter().filter(same).cloned().collect();
            written.extend(members(&own));
        }
    }
    let mut object = Chunk::text("{");
    object.extend(join(&written, ","));
    object.push(Chunk::Text("}".to_owned()));
    object
}

/// A value in JSON where its type is no text; none where it is one, or is not known.
fn typed_value(scene: &Scene<'_, '_, '_>, name: &str, value: &[Chunk]) -> Option<String> {
    let context = scene.context;
    let [Chunk::Text(text)] = value else { return None };
    let (api, Route::Path(path)) = (context.pack.pack.api.as_ref()?, context.route()) else {
        return None;
    };
    let takes_json = |operation: &&Operation| {
        operation.media_types.iter().any(|media_type| media_type.ends_with("json"))
    };
    let operation = context.operations_on(*path).find(takes_json)?;
    let form = operation.parameters.iter().find(|own| own.name == name)?.form?;
    let form = api.details.forms.get(form as usize)?;
    let types = types_of(&api.details, context.layers(), form.schema);
    let is_number =
        Decimal::parse(text).is_some() && !text.starts_with(['+', '0', '.']) || text == "0";
    let has = |types: Types, one: Types| types.has(one);
    if has(types, Types::ARRAY) && (text.contains(',') || !has(types, Types::STRING)) {
        let items: Vec<&str> = text.split(',').collect();
        let quoted = |item: &&str| format!("\"{}\"", escape_json(item));
        let whole = items.iter().all(|item| !item.is_empty());
        return whole
            .then(|| format!("[{}]", items.iter().map(quoted).collect::<Vec<_>>().join(",")));
    }
    if has(types, Types::STRING) {
        return None;
    }
    let numeric = has(types, Types::NUMBER) || has(types, Types::INTEGER);
    let boolean = has(types, Types::BOOLEAN) && matches!(text.as_str(), "true" | "false");
    (numeric && is_number || boolean).then(|| text.clone())
}

/// A JSON object of the parameters; one that repeats becomes an array.
fn object(texts: &[Moved]) -> Vec<Chunk> {
    let mut object = Chunk::text("{");
    object.extend(join(&members(texts), ","));
    object.push(Chunk::Text("}".to_owned()));
    object
}
