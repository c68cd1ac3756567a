//! Fixes that add header fields and cookies, in the form of the others; and members of a request
//! object.

use super::super::fill::Scene;
use super::Draft;
use super::command::{dialect_of, end_of_options, is_in_command, word_of, write_option};
use super::lists::{Form, List, has_own_notation, is_json_object, line_end, write_item};
use crate::encode::{Chunk, escape_json};
use crate::layer::{Layers, Place};
use crate::model::{Request, RequestKind};
use crate::span::Span;

impl Draft<'_, '_, '_, '_> {
    /// A header field, in the form of the others.
    pub(super) fn add_header(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        name: &str,
        new: &[Chunk],
    ) -> Option<()> {
        let request = scene.context.request;
        let layers = scene.context.layers();
        // What an array holds may be part of other commands, too.
        let written = request.headers.iter().rfind(|header| {
            header.implied_by.is_none()
                && (request.kind != RequestKind::Curl || is_in_command(scene, header.whole))
        });
        let mut field = Chunk::text(format!("{name}: "));
        field.extend(new.iter().cloned());
        match (request.kind, written) {
            (RequestKind::Curl, written) => {
                let dialect = dialect_of(scene);
                let after = match written {
                    Some(header) => word_of(layers, header.whole, dialect)?.end(),
                    None => end_of_options(scene, dialect)?,
                };
                let text = write_option(dialect, "-H", &field)?;
                self.push(after, &Chunk::text(text))
            }
            _ if has_own_notation(scene.context) => self.copy_header(scene, name, new),
            (RequestKind::Message, written) => {
                let after = match written {
                    Some(header) => header.whole.end(),
                    None => end_of_line(layers, request)?,
                };
                field.insert(0, Chunk::Text(line_end(layers.source()).to_owned()));
                self.push(after, &field)
            }
            (RequestKind::Object, Some(header)) => {
                let form = match layers.text(header.whole).starts_with('"') {
                    true => Form::Member,
                    false => Form::Array,
                };
                self.add_to_headers(scene, form, name, new)
            }
            (RequestKind::Object, None) => {
                let member = write_item(Form::Member, name, ": ", new)?;
                let mut value = Chunk::text("{ ");
                value.extend(member);
                value.push(Chunk::Text(" }".to_owned()));
                self.add_member(scene, "headers", value)
            }
            (RequestKind::Cmdlet, Some(_)) => self.add_to_headers(scene, Form::Entry, name, new),
            (RequestKind::Cmdlet, None) => {
                let entry = write_item(Form::Entry, name, " = ", new)?;
                let mut text = Chunk::text(" -Headers @{ ");
                text.extend(entry);
                text.push(Chunk::Text(" }".to_owned()));
                self.push(request.place.end(), &text)
            }
            (
                RequestKind::Url
                | RequestKind::Item
                | RequestKind::Entry
                | RequestKind::Call
                | RequestKind::Wget
                | RequestKind::Httpie,
                _,
            ) => None,
        }
    }

    fn add_to_headers(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        form: Form,
        name: &str,
        new: &[Chunk],
    ) -> Option<()> {
        let list = List::of_headers(scene.context.request, scene.context.layers(), form)?;
        let mut text = Chunk::text(list.separator.clone());
        // A name of a header is a text of its own in a table: it holds a hyphen.
        text.extend(list.item(name, new)?);
        self.push(list.end, &text)
    }

    /// A cookie behind the others, or in a header of its own.
    pub(super) fn add_cookie(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        name: &str,
        new: &[Chunk],
    ) -> Option<()> {
        let request = scene.context.request;
        let mut pair = Chunk::text(format!("{name}="));
        pair.extend(new.iter().cloned());
        let layers = scene.context.layers();
        let header = request.headers_named(layers, "cookie").last();
        match header {
            Some(header) => {
                pair.insert(0, Chunk::Text("; ".to_owned()));
                self.push(header.value.end(), &pair)
            }
            None => self.add_header(scene, "Cookie", &pair),
        }
    }

    /// A member of the object that a request is, behind its last one.
    pub(super) fn add_member(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        name: &str,
        value: Vec<Chunk>,
    ) -> Option<()> {
        let object = scene.context.request.place;
        is_json_object(scene.context.request, scene.context.layers()).then_some(())?;
        self.add_member_to(scene, object, name, value)
    }

    /// A member of a JSON object, behind its last one.
    pub(super) fn add_member_to(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        object: Place,
        name: &str,
        value: Vec<Chunk>,
    ) -> Option<()> {
        let text = scene.context.layers().text(object);
        let last = text.strip_suffix('}')?.trim_end();
        let first = text.strip_prefix('{')?;
        // As far in as the first member.
        let blanks = &first[..first.len() - first.trim_start().len()];
        let mark = if blanks.is_empty() { ", " } else { &format!(",{blanks}") };
        let mut member = Chunk::text(format!("{mark}\"{}\": ", escape_json(name)));
        member.extend(value);
        self.push(Place::new(object.layer, Span::empty(object.span.start() + last.len())), &member)
    }
}

/// The end of the line that the URL of a message ends in. None where the text around the message
/// is not that of the lines of its URL.
fn end_of_line(layers: &Layers<'_>, request: &Request) -> Option<Place> {
    let region = request.place.layer;
    let text = layers.text(layers.whole(region));
    let sources = layers.sources_of(request.url.whole);
    let last = sources.last().filter(|last| last.layer == region)?;
    let at = last.span.end();
    let rest = text[at..].split('\n').next().unwrap_or_default();
    let end = at + rest.strip_suffix('\r').unwrap_or(rest).len();
    Some(Place::new(region, Span::empty(end)))
}
