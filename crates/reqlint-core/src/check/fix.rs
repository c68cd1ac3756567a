//! Turns fix templates into edits of the source. A fix that cannot be written is not offered.

use super::evaluate::{Bound, Match};
use super::fill::Scene;
use super::part::{FoundPart, PartKind};
use crate::diagnostic::{Edit, Fix};
use crate::encode::{Chunk, escape_json, percent_encode, write_word};
use crate::layer::{Codec, Component, LayerId, Layers, Place};
use crate::model::{BodyKind, Dialect, JsonKind, ParamIn, RequestKind};
use crate::rule::{Case, FixTemplate, NameId, Part, PartPlace};
use crate::span::Span;

/// The edits of a fix for a group of matches, sorted, none of which overlap.
pub(crate) fn edits(
    scenes: &[Scene<'_, '_, '_>],
    case: &Case,
    fix: &FixTemplate,
) -> Option<Vec<Edit>> {
    let mut draft = Draft {
        scenes,
        case,
        edits: Vec::new(),
        removed: Vec::new(),
        added: Vec::new(),
        moves: !fix.moves.is_empty(),
    };
    for name in &fix.repair {
        draft.repair(*name)?;
    }
    for name in &fix.remove {
        draft.remove(*name)?;
    }
    for (name, to) in &fix.moves {
        draft.move_params(*name, to)?;
    }
    for (name, template) in &fix.set {
        for scene in scenes {
            let new = scene.edit_text(template)?;
            draft.set(scene, *name, &new)?;
        }
    }
    draft.write_lists()?;
    draft.finish()
}

pub(super) struct Draft<'d, 's, 'c, 'l> {
    pub(super) scenes: &'d [Scene<'s, 'c, 'l>],
    case: &'d Case,
    edits: Vec<Edit>,
    /// Numbers of parameters that go.
    pub(super) removed: Vec<usize>,
    /// Parameters that come: where, name, value.
    pub(super) added: Vec<(ParamIn, String, Vec<Chunk>)>,
    /// Whether parameters go elsewhere.
    moves: bool,
}

impl Draft<'_, '_, '_, '_> {
    pub(super) fn push(&mut self, place: Place, new: &[Chunk]) -> Option<()> {
        let layers = self.scenes[0].context.layers();
        let encoded = layers.encode(place, new).ok()?;
        self.push_edit(Edit { span: encoded.span, text: encoded.text });
        Some(())
    }

    pub(super) fn push_edit(&mut self, edit: Edit) {
        if !self.edits.contains(&edit) {
            self.edits.push(edit);
        }
    }

    fn repair(&mut self, name: NameId) -> Option<()> {
        for scene in self.scenes {
            let Some(Bound::Part { part, .. }) = &scene.bound[name] else { return None };
            let finding = &scene.context.request.findings[part.identity.number];
            if finding.repair.is_empty() {
                return None;
            }
            for (span, text) in &finding.repair {
                self.push_edit(Edit { span: *span, text: text.clone() });
            }
        }
        Some(())
    }

    fn remove(&mut self, name: NameId) -> Option<()> {
        for scene in self.scenes {
            let Some(Bound::Part { part, .. }) = &scene.bound[name] else { return None };
            match part.identity.kind {
                PartKind::Param => self.removed.push(part.identity.number),
                PartKind::Segment => self.remove_segment(scene, part)?,
                PartKind::Fragment => {
                    let start = part.whole.span.start().checked_sub(1)?;
                    let span = Span::new(start, part.whole.span.end());
                    self.push(Place::new(part.whole.layer, span), &[])?;
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// A segment goes with the slash before it.
    fn remove_segment(&mut self, scene: &Scene<'_, '_, '_>, part: &FoundPart) -> Option<()> {
        let layers = scene.context.layers();
        let (inner, _) = match part.value.span.is_empty() {
            true => (layers.origin(part.value.layer), ()),
            false => (layers.parent_run(part.value)?.0, ()),
        };
        let start = inner.span.start().checked_sub(1)?;
        let slash = Place::new(inner.layer, Span::new(start, inner.span.end()));
        layers.text(slash).starts_with('/').then_some(())?;
        self.push(slash, &[])
    }

    fn set(&mut self, scene: &Scene<'_, '_, '_>, name: NameId, new: &[Chunk]) -> Option<()> {
        match scene.bound[name].as_ref()? {
            Bound::Text { place, .. } => self.push((*place)?, new),
            Bound::Part { part, text, .. } => self.set_part(scene, part, *text, new),
            Bound::Slot { namesake: Some(part), .. } => self.set_part(scene, part, part.value, new),
            Bound::Slot { name: missing, namesake: None, .. } => {
                self.fill_slot(scene, name, missing, new)
            }
            Bound::Unseen => None,
        }
    }

    fn set_part(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        part: &FoundPart,
        text: Place,
        new: &[Chunk],
    ) -> Option<()> {
        if part.identity.kind == PartKind::Method && !part.written {
            // What implies it is moved away, or what is moved there implies the new one.
            return self.moves.then_some(());
        }
        if !part.written {
            // It is not written anywhere: a header can be, and then replaces it.
            return match (part.identity.kind, part.name) {
                (PartKind::Header, Some(name)) => {
                    self.add_header(scene, scene.context.text(name), new)
                }
                _ => None,
            };
        }
        let params = &scene.context.request.params;
        let json = match part.identity.kind {
            PartKind::Param => params[part.identity.number].json,
            _ => None,
        };
        let is_value = text == part.value;
        match json {
            Some(kind) if kind != JsonKind::String && is_value => {
                let [Chunk::Text(new)] = new else { return None };
                let literal = match super::types::parse_number(new) {
                    Some(_) => new.clone(),
                    None => format!("\"{}\"", escape_json(new)),
                };
                self.push(text, &Chunk::text(literal))
            }
            _ if part.identity.kind == PartKind::Path => self.push(text, new),
            _ => self.push(text, new),
        }
    }

    fn fill_slot(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        role: NameId,
        missing: &str,
        new: &[Chunk],
    ) -> Option<()> {
        let part = self.missing_part(role)?;
        match &part.place {
            PartPlace::Param(_) => {
                let body = &scene.context.request.body;
                let object = body.json.as_ref().is_some_and(|json| json.kind == JsonKind::Object);
                let location = match (part.location, body.kind) {
                    (Some(location), _) => location,
                    (None, _) if object => ParamIn::Json,
                    (None, BodyKind::Form) => ParamIn::Form,
                    _ => ParamIn::Query,
                };
                self.added.push((location, missing.to_owned(), new.to_vec()));
                Some(())
            }
            PartPlace::Header(_) => self.add_header(scene, missing, new),
            _ => None,
        }
    }

    fn missing_part(&self, role: NameId) -> Option<&Part> {
        self.case.roles.iter().find(|one| one.name == role).and_then(|role| match &role.find {
            crate::rule::Find::Missing(part) => Some(part),
            crate::rule::Find::Part(_) => None,
        })
    }

    /// An option after the last header, else at the end of the command.
    pub(super) fn add_header(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        name: &str,
        new: &[Chunk],
    ) -> Option<()> {
        let request = scene.context.request;
        let layers = scene.context.layers();
        let written = request.headers.iter().rfind(|header| header.implied_by.is_none());
        let mut field = Chunk::text(format!("{name}: "));
        field.extend(new.iter().cloned());
        match (request.kind, written) {
            (RequestKind::Curl, written) => {
                let dialect = request.dialect.unwrap_or(Dialect::Bash);
                let after = match written {
                    Some(header) => word_of(layers, header.whole, dialect)?.end(),
                    None => end_of_options(scene, dialect)?,
                };
                let text = write_option(dialect, "-H", &field)?;
                self.push(after, &Chunk::text(text))
            }
            (RequestKind::Message, Some(header)) => {
                field.insert(0, Chunk::Text("\n".to_owned()));
                self.push(header.whole.end(), &field)
            }
            _ => None,
        }
    }

    /// Writes what was removed from and added to the query, the form and the JSON object.
    fn write_lists(&mut self) -> Option<()> {
        for location in [ParamIn::Query, ParamIn::Form, ParamIn::Json] {
            self.write_list(location)?;
        }
        Some(())
    }

    fn write_list(&mut self, location: ParamIn) -> Option<()> {
        let context = self.scenes[0].context;
        let request = context.request;
        let numbered = request.params.iter().enumerate();
        let own = numbered.filter(|(_, param)| param.location == location);
        let items: Vec<(Place, bool)> =
            own.map(|(number, param)| (param.whole, self.removed.contains(&number))).collect();
        let mut added: Vec<(String, Vec<Chunk>)> = Vec::new();
        for (_, name, value) in self.added.iter().filter(|(place, ..)| *place == location) {
            let entry = (name.clone(), value.clone());
            if !added.contains(&entry) {
                added.push(entry);
            }
        }
        if added.is_empty() && !items.iter().any(|(_, removed)| *removed) {
            return Some(());
        }
        let shape = ListShape::of(context, location);
        let new: Vec<Vec<Chunk>> =
            added.iter().map(|(name, value)| shape.pair(name, value)).collect();
        let places: Vec<Place> = items.iter().map(|(place, _)| *place).collect();
        let kept = items.iter().filter(|(_, removed)| !removed).count();
        if kept == 0 {
            let (place, mut text) = shape.empty_list(context, location, &places, new.is_empty())?;
            if let (true, ParamIn::Query) = (!new.is_empty(), location) {
                text.push(Chunk::Text("?".to_owned()));
            }
            text.extend(join(&new, &shape.separator));
            return self.push(place, &text);
        }
        for (number, (place, removed)) in items.iter().enumerate() {
            if !removed {
                continue;
            }
            let kept_before = items[..number].iter().any(|(_, removed)| !removed);
            let span = match kept_before {
                true => Span::new(places[number - 1].span.end(), place.span.end()),
                false => Span::new(place.span.start(), places[number + 1].span.start()),
            };
            self.push(Place::new(place.layer, span), &[])?;
        }
        if !new.is_empty() {
            let mut text = Chunk::text(shape.separator.clone());
            text.extend(join(&new, &shape.separator));
            self.push(places.last()?.end(), &text)?;
        }
        Some(())
    }

    fn finish(mut self) -> Option<Vec<Edit>> {
        self.edits.sort_by_key(|edit| (edit.span, edit.text.len()));
        let apart = self.edits.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start());
        let source = self.scenes[0].context.layers().source();
        let changes = self.edits.iter().any(|edit| source[edit.span.range()] != edit.text);
        (apart && changes).then_some(self.edits)
    }
}

/// The word of a command, quotes included, that a place was decoded from.
pub(super) fn word_of(layers: &Layers<'_>, place: Place, dialect: Dialect) -> Option<Place> {
    let mut place = place;
    while place.layer != LayerId::ROOT {
        let origin = layers.origin(place.layer);
        place = match layers.codec(place.layer) {
            Codec::ShellWord | Codec::FishWord | Codec::PowerShellWord(_) => return Some(origin),
            Codec::JsonString if dialect == Dialect::Argv => return Some(origin),
            Codec::CmdWord => return layers.parent_hull(origin),
            // Of the texts of several words, the one that this part came from.
            Codec::Joined => layers.parent_run(place)?.0,
            _ => origin,
        };
    }
    None
}

/// An option with its argument, to stand behind another word.
pub(super) fn write_option(dialect: Dialect, option: &str, argument: &[Chunk]) -> Option<String> {
    let word = write_word(dialect, argument)?;
    Some(match dialect {
        Dialect::Argv => format!(", \"{option}\", {word}"),
        _ => format!(" {option} {word}"),
    })
}

/// Where an option can be added to a curl command: at its end, but before a here-document.
pub(super) fn end_of_options(scene: &Scene<'_, '_, '_>, dialect: Dialect) -> Option<Place> {
    let request = scene.context.request;
    match dialect {
        Dialect::Argv => end_of_items(scene.context.layers(), request.place),
        Dialect::Bash if scene.context.text(request.place).contains("<<") => {
            word_of(scene.context.layers(), request.url.whole, dialect).map(Place::end)
        }
        _ => Some(request.place.end()),
    }
}

/// Behind the last item of a list of arguments.
fn end_of_items(layers: &Layers<'_>, list: Place) -> Option<Place> {
    let inside = layers.text(list).strip_suffix(']')?.trim_end();
    let is_item = inside.ends_with('"');
    is_item.then(|| Place::new(list.layer, Span::empty(list.span.start() + inside.len())))
}

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

/// How the items of a list are written, learned from those that are there.
struct ListShape {
    location: ParamIn,
    separator: String,
    colon: String,
}

impl ListShape {
    fn of(context: &super::context::Context<'_, '_>, location: ParamIn) -> Self {
        if location != ParamIn::Json {
            return ListShape { location, separator: "&".to_owned(), colon: "=".to_owned() };
        }
        let members = context.request.body.json.as_ref().map(|json| json.members.as_slice());
        let layers = context.layers();
        let between = |left: Place, right: Place| {
            let span = Span::new(left.span.end(), right.span.start());
            layers.text(Place::new(left.layer, span)).to_owned()
        };
        let members = members.unwrap_or_default();
        let colon = members.first().map_or_else(
            || ":".to_owned(),
            |first| between(layers.origin(first.name.layer), first.value.place),
        );
        let separator = match members {
            [first, second, ..] => between(first.whole, second.whole),
            _ if colon.ends_with(' ') => ", ".to_owned(),
            _ => ",".to_owned(),
        };
        ListShape { location, separator, colon }
    }

    fn pair(&self, name: &str, value: &[Chunk]) -> Vec<Chunk> {
        let component = match self.location {
            ParamIn::Query => Component::Query,
            _ => Component::Form,
        };
        let json = self.location == ParamIn::Json;
        let encode = |text: &str| match json {
            true => escape_json(text),
            false => percent_encode(text, component),
        };
        let mark = if json { "\"" } else { "" };
        let mut chunks = Chunk::text(format!("{mark}{}{mark}{}{mark}", encode(name), self.colon));
        chunks.extend(value.iter().map(|chunk| match chunk {
            Chunk::Text(text) => Chunk::Text(encode(text)),
            variable => variable.clone(),
        }));
        chunks.push(Chunk::Text(mark.to_owned()));
        chunks
    }

    /// The place of a list of which nothing is kept.
    fn empty_list(
        &self,
        context: &super::context::Context<'_, '_>,
        location: ParamIn,
        items: &[Place],
        stays_empty: bool,
    ) -> Option<(Place, Vec<Chunk>)> {
        let request = context.request;
        let place = match (location, items) {
            (ParamIn::Query, _) => match request.url.query {
                Some(query) => {
                    let start = query.span.start().checked_sub(1)?;
                    Place::new(query.layer, Span::new(start, query.span.end()))
                }
                None => request.url.path.end(),
            },
            (_, [first, .., last]) => Place::new(first.layer, first.span.hull(last.span)),
            (_, [one]) => *one,
            (ParamIn::Form, []) => request.body.place?.end(),
            (ParamIn::Json, []) => {
                let object = request.body.json.as_ref()?.place;
                let inside = Span::new(1, object.span.len().checked_sub(1)?);
                object.sub(inside)
            }
        };
        // A body that becomes empty is no longer the same request.
        if stays_empty && location == ParamIn::Form {
            return None;
        }
        Some((place, Vec::new()))
    }
}

/// The fixes of a group of matches, those that can be written.
pub(crate) fn offer(scenes: &[Scene<'_, '_, '_>], case: &Case, matches: &[&Match<'_>]) -> Vec<Fix> {
    if matches.is_empty() {
        return Vec::new();
    }
    let offer = |template: &FixTemplate| {
        let edits = edits(scenes, case, template)?;
        let title = super::fill::fill_message(scenes, &template.title, &|_| scenes.len());
        Some(Fix { title, safety: template.safety, edits })
    };
    case.fixes.iter().filter_map(offer).collect()
}
