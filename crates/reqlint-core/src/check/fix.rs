//! Turns fix templates into edits of the source. A fix that cannot be written is not offered.

mod command;
mod copied;
mod copy;
mod fields;
mod import;
mod lists;
mod relocate;
mod remove;

use super::context::Context;
use super::evaluate::{Bound, Match};
use super::fill::Scene;
use super::part::{FoundPart, PartKind};
use crate::api::SchemeKind;
use crate::diagnostic::{Edit, Fix, Safety, Unfixed};
use crate::encode::{Chunk, is_variable, write_word};
use crate::layer::{Codec, Place};
use crate::model::{
    BodyKind, Dialect, Finding, FindingKind, JsonKind, ParamIn, Request, RequestKind,
};
use crate::rule::{Case, FixTemplate, NameId, Part, PartPlace};
use command::{dialect_of, end_of_options, write_option};
use lists::json_string;
use rustc_hash::FxHashSet;

/// The fixes of a group of matches, those that can be written.
pub(crate) fn offer(scenes: &[Scene<'_, '_, '_>], case: &Case, matches: &[&Match<'_>]) -> Vec<Fix> {
    // What was recorded was sent already.
    let is_recorded = scenes.iter().any(|scene| scene.context.request.is_recorded());
    if matches.is_empty() || is_recorded {
        return Vec::new();
    }
    // What stands where is only known once the quotes are right.
    let waits = scenes.iter().any(|scene| has_wrong_quotes(scene.context.request));
    let mends = |template: &FixTemplate| {
        !waits
            || !template.repair.is_empty()
                && scenes
                    .iter()
                    .all(|scene| template.repair.iter().all(|name| mends_quotes(scene, *name)))
    };
    let offer = |template: &FixTemplate| {
        if !mends(template) {
            return None;
        }
        let edits = edits(scenes, case, template)?;
        let title = super::fill::fill_message(scenes, &template.title, &|_| scenes.len());
        Some(Fix { title, safety: template.safety, edits })
    };
    case.fixes.iter().filter_map(offer).collect()
}

/// Whether a quote is open in a command, or of a kind that its shell does not know.
fn has_wrong_quotes(request: &Request) -> bool {
    request.findings.iter().any(is_wrong_quote)
}

fn is_wrong_quote(finding: &Finding) -> bool {
    matches!(finding.kind, FindingKind::UnclosedQuote | FindingKind::SingleQuotes)
}

fn mends_quotes(scene: &Scene<'_, '_, '_>, name: NameId) -> bool {
    let Some(Bound::Part { part, .. }) = &scene.bound[name] else { return false };
    let findings = &scene.context.request.findings;
    part.identity.kind == PartKind::Finding
        && findings.get(part.identity.number).is_some_and(is_wrong_quote)
}

/// Why none of the fixes of a case is offered, where it has some that could be made.
pub(crate) fn unfixed(context: &Context<'_, '_>, case: &Case, offered: &[Fix]) -> Option<Unfixed> {
    let has_some = case.fixes.iter().any(|fix| fix.safety < Safety::Manual);
    (has_some && offered.is_empty()).then(|| match context.request.is_recorded() {
        true => Unfixed::Recorded,
        false => Unfixed::NoNotation,
    })
}

/// The edits of a fix for a group of matches, sorted, none of which overlap.
fn edits(scenes: &[Scene<'_, '_, '_>], case: &Case, fix: &FixTemplate) -> Option<Vec<Edit>> {
    let mut draft = Draft {
        scenes,
        case,
        edits: Vec::new(),
        known: FxHashSet::default(),
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
    let (removed, added) = (draft.removed.clone(), draft.added.clone());
    // What is added may take the place of what goes.
    draft.add_params()?;
    draft.remove_params()?;
    draft.repeat_in_copy(&removed, &added)?;
    draft.finish()
}

/// The edits of a fix, as far as they are known.
struct Draft<'d, 's, 'c, 'l> {
    scenes: &'d [Scene<'s, 'c, 'l>],
    case: &'d Case,
    edits: Vec<Edit>,
    /// The edits, to find those that come again: a fix may have very many.
    known: FxHashSet<Edit>,
    /// Numbers of parameters that go.
    removed: Vec<usize>,
    /// Parameters that come: where, name, value.
    added: Vec<(ParamIn, String, Vec<Chunk>)>,
    /// Whether parameters go elsewhere.
    moves: bool,
}

impl Draft<'_, '_, '_, '_> {
    /// Writes new text at a place, and where the same is written once more.
    fn push(&mut self, place: Place, new: &[Chunk]) -> Option<()> {
        self.push_once(place, new)?;
        match copy::copy_of(self.scenes[0].context, place) {
            Some(copy) => self.push_once(copy, new),
            None => Some(()),
        }
    }

    fn push_once(&mut self, place: Place, new: &[Chunk]) -> Option<()> {
        let layers = self.scenes[0].context.layers();
        // What is read at run time replaces what a variable is set to, not where it is used.
        let variable = new.iter().any(is_variable).then(|| layers.variable(place)).flatten();
        let encoded = match variable {
            Some(variable) => {
                let definition = variable.definition.filter(|_| variable.whole)?;
                let word = write_word(Dialect::Bash, new)?;
                layers.encode(definition, &Chunk::text(word))
            }
            None => layers.encode(place, new),
        };
        let encoded = encoded.ok()?;
        self.push_edit(Edit { span: encoded.span, text: encoded.text });
        Some(())
    }

    fn push_edit(&mut self, edit: Edit) {
        if self.known.insert(edit.clone()) {
            self.edits.push(edit);
        }
    }

    fn repair(&mut self, name: NameId) -> Option<()> {
        for scene in self.scenes {
            let Some(Bound::Part { part, .. }) = &scene.bound[name] else { return None };
            let request = scene.context.request;
            let finding = &request.findings[part.identity.number];
            if finding.repair.is_empty() {
                return None;
            }
            let layers = scene.context.layers();
            for (span, text) in &finding.repair {
                // A repair is as the command needs it; the string of another text that it stands
                // in may need it otherwise.
                let text = match finding.kind {
                    FindingKind::MalformedJson => text.clone(),
                    _ => layers.encode_in(request.place.layer, text).ok()?,
                };
                self.push_edit(Edit { span: *span, text });
            }
        }
        Some(())
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
            // What implies it is moved away, or what is moved there implies the new one; in a
            // collection nothing does.
            let is_implied = self.moves && scene.context.request.kind != RequestKind::Item;
            return if is_implied { Some(()) } else { self.set_method(scene, part, new) };
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
        match self.raw_json(scene, part, text) {
            Some(kind) => self.push(text, &json_literal(kind, new)),
            None => self.push(text, new),
        }
    }

    /// The type of a value that is written as JSON without quotes.
    fn raw_json(
        &self,
        scene: &Scene<'_, '_, '_>,
        part: &FoundPart,
        text: Place,
    ) -> Option<JsonKind> {
        let request = scene.context.request;
        if text != part.value {
            return None;
        }
        let json = match part.identity.kind {
            PartKind::Param => request.params[part.identity.number].json,
            PartKind::Json => Some(JsonKind::Unknown),
            _ => None,
        };
        let in_string = matches!(scene.context.layers().codec(text.layer), Codec::JsonString);
        match json {
            Some(JsonKind::String) => None,
            Some(kind) => (!in_string || kind != JsonKind::Unknown).then_some(kind),
            None if request.kind == RequestKind::Object && text.layer == request.place.layer => {
                Some(JsonKind::Unknown)
            }
            None => None,
        }
    }

    /// A method that is not written, or only implied.
    fn set_method(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        part: &FoundPart,
        new: &[Chunk],
    ) -> Option<()> {
        let request = scene.context.request;
        match request.kind {
            RequestKind::Curl => {
                // `-I` asks for the headers alone, whatever the method is called.
                let implied = part.implied_by.map(|place| scene.context.text(place));
                if implied.is_some_and(|option| matches!(option, "-I" | "--head")) {
                    return None;
                }
                let dialect = dialect_of(scene);
                let text = write_option(dialect, "-X", new)?;
                self.push(end_of_options(scene, dialect)?, &Chunk::text(text))
            }
            RequestKind::Object => self.add_member(scene, "method", json_string(new)),
            RequestKind::Message if part.implied_by.is_none() => {
                let start = Place::new(request.url.whole.layer, crate::span::Span::empty(0));
                let mut word = new.to_vec();
                word.push(Chunk::Text(" ".to_owned()));
                self.push(start, &word)
            }
            RequestKind::Cmdlet => {
                let mut text = Chunk::text(" -Method ");
                text.extend(new.iter().cloned());
                self.push(request.place.end(), &text)
            }
            RequestKind::Message
            | RequestKind::Url
            | RequestKind::Item
            | RequestKind::Entry
            | RequestKind::Call
            | RequestKind::Wget
            | RequestKind::Httpie => None,
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
        let location = part.location;
        match &part.place {
            PartPlace::Param(_) => {
                let body = &scene.context.request.body;
                let object = body.json.as_ref().is_some_and(|json| json.kind == JsonKind::Object);
                let location = match (location, body.kind) {
                    (Some(location), _) => location,
                    (None, _) if object => ParamIn::Json,
                    (None, BodyKind::Form | BodyKind::Multipart) => ParamIn::Form,
                    _ => ParamIn::Query,
                };
                self.added.push((location, missing.to_owned(), new.to_vec()));
                Some(())
            }
            PartPlace::Header(_) => self.add_header(scene, missing, new),
            PartPlace::Cookie(_) => self.add_cookie(scene, missing, new),
            PartPlace::Credential(_) => self.add_credential(scene, missing, new),
            _ => None,
        }
    }

    /// A key, in the place that its security scheme says.
    fn add_credential(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        scheme: &str,
        new: &[Chunk],
    ) -> Option<()> {
        let context = scene.context;
        let mut schemes = context.security_schemes().enumerate();
        let kind = schemes.find(|(number, _)| context.security_scheme_name(*number) == scheme)?.1;
        match kind {
            SchemeKind::Header(name) => self.add_header(scene, name, new),
            SchemeKind::Bearer => {
                let mut value = Chunk::text("Bearer ");
                value.extend(new.iter().cloned());
                self.add_header(scene, "Authorization", &value)
            }
            SchemeKind::Query(name) => {
                self.added.push((ParamIn::Query, name.clone(), new.to_vec()));
                Some(())
            }
            SchemeKind::Cookie(name) => self.add_cookie(scene, name, new),
            SchemeKind::Basic => None,
        }
    }

    fn missing_part(&self, role: NameId) -> Option<&Part> {
        self.case.roles.iter().find(|one| one.name == role).and_then(|role| match &role.find {
            crate::rule::Find::Missing(part) => Some(part),
            crate::rule::Find::Part(_) => None,
        })
    }

    fn finish(mut self) -> Option<Vec<Edit>> {
        self.import()?;
        self.edits.sort_by_key(|edit| (edit.span, edit.text.len()));
        // What goes may go twice; what comes must not meet anything.
        let mut edits: Vec<Edit> = Vec::with_capacity(self.edits.len());
        for edit in self.edits {
            match edits.last_mut() {
                Some(last) if edit.span.overlaps(last.span) => {
                    if !(edit.text.is_empty() && last.text.is_empty()) {
                        return None;
                    }
                    last.span = last.span.hull(edit.span);
                }
                _ => edits.push(edit),
            }
        }
        let source = self.scenes[0].context.layers().source();
        let changes = edits.iter().any(|edit| source[edit.span.range()] != edit.text);
        changes.then_some(edits)
    }
}

/// A new value in the place of one that is written without quotes: without them where it can be.
fn json_literal(old: JsonKind, new: &[Chunk]) -> Vec<Chunk> {
    if let [Chunk::Text(text)] = new {
        let number = super::types::parse_number(text).is_some();
        let boolean = old == JsonKind::Boolean && matches!(text.as_str(), "true" | "false");
        if number || boolean {
            return new.to_vec();
        }
    }
    json_string(new)
}
