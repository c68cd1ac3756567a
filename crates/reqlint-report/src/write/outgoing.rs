//! A request, ready to be written in any form: its texts with the holes in them, and why a form cannot hold it.

use super::{Form, har, http};
use crate::wire_mask::Mask;
use reqlint_core::encode::Chunk;
use reqlint_core::layer::{Codec, Hole, HoleKind, Layers, Place, Quote};
use reqlint_core::model::{BodyKind, Dialect, FormPart, Param, ParamIn, Request, RequestKind};
use reqlint_core::parse::wire::{WirePart, WireRequest};

/// Why a request is left out of which a file holds a part: no form says of a text what curl reads
/// there, encodes, and joins with what stands around it.
const PART_OF_FILE: &str = "is left out, since a part of it comes from a file";

const UNKNOWN_PART: &str =
    "is left out, since a part of it is not known before run time, and has no name of its own";

/// A request, with its texts in pieces.
pub(crate) struct Outgoing {
    /// The language that its variables are written in.
    pub(crate) dialect: Option<Dialect>,
    pub(crate) method: Vec<Chunk>,
    pub(crate) url: Vec<Chunk>,
    pub(crate) headers: Vec<(String, Vec<Chunk>)>,
    /// User and password, where a variable in them keeps the header from being written.
    pub(crate) user: Option<Vec<Chunk>>,
    pub(crate) content: Content,
    /// What stands in the request line in place of path and query.
    pub(crate) target: Option<Vec<Chunk>>,
    /// Whether a part of the URL stands for several texts, so that curl's globbing is meant.
    pub(crate) globs: bool,
    /// Whether what is not known are expressions of a program.
    is_call: bool,
    /// Why it cannot be written at all.
    pub(super) left_out: Option<&'static str>,
    /// What no form can hold.
    lost: Option<&'static str>,
}

/// What is sent behind the headers.
pub(crate) enum Content {
    None,
    Text(Vec<Chunk>),
    File { path: Vec<Chunk>, joins_lines: bool },
    Parts(Vec<OutgoingPart>),
}

/// A part of a multipart body.
pub(crate) struct OutgoingPart {
    pub(crate) name: Option<Vec<Chunk>>,
    pub(crate) filename: Option<Vec<Chunk>>,
    pub(crate) media_type: Option<Vec<Chunk>>,
    pub(crate) encoder: Option<Vec<Chunk>>,
    pub(crate) headers: Vec<Vec<Chunk>>,
    pub(crate) backslashes: bool,
    pub(crate) content: PartContent,
}

pub(crate) enum PartContent {
    Text(Vec<Chunk>),
    /// A file that is uploaded under its name.
    File(Vec<Chunk>),
    /// A file of which only the content is sent.
    ContentOf(Vec<Chunk>),
    Parts(Vec<OutgoingPart>),
}

impl Outgoing {
    pub(crate) fn new(
        layers: &Layers<'_>,
        request: &Request,
        wire: &WireRequest,
        mask: &Mask<'_>,
    ) -> Self {
        let texts = Texts { layers, mask };
        let mut outgoing = Outgoing {
            dialect: request.dialect,
            method: Chunk::text(&wire.method),
            url: Vec::new(),
            headers: Vec::new(),
            user: None,
            content: Content::None,
            target: request.target.map(|place| texts.of(place)),
            globs: layers.holes(request.url.whole).any(|hole| hole.kind == HoleKind::Glob),
            is_call: false,
            left_out: None,
            lost: None,
        };
        outgoing.is_call = request.kind == RequestKind::Call;
        outgoing.method = outgoing.pieces(&wire.method, &holes(layers, request.method.name));
        let mut in_url = holes(layers, request.url.whole);
        in_url.extend(holes_of_members(layers, request, true));
        if in_url.iter().any(is_foreign) {
            outgoing.left_out = Some(PART_OF_FILE);
        }
        outgoing.url = outgoing.pieces(&wire.url, &in_url);
        outgoing.add_headers(&texts, request, wire);
        outgoing.add_content(&texts, request, wire);
        if request.open.headers && request.kind != RequestKind::Url {
            outgoing.lose("it may have headers that are not known before run time");
        }
        outgoing
    }

    fn lose(&mut self, why: &'static str) {
        self.lost = self.lost.or(Some(why));
    }

    /// A text with its holes, if it is sure where in it they stand.
    fn pieces(&mut self, text: &str, holes: &[(Hole, String)]) -> Vec<Chunk> {
        let count = |written: &str| holes.iter().filter(|(_, other)| other == written).count();
        if holes.iter().any(|(_, written)| text.matches(written.as_str()).count() != count(written))
        {
            self.left_out = Some(UNKNOWN_PART);
        }
        let chunks = chunks(text, holes).into_iter();
        chunks.map(|chunk| if self.is_call { self.variable(chunk) } else { chunk }).collect()
    }

    /// An expression of a program that is the name of a variable.
    fn variable(&mut self, chunk: Chunk) -> Chunk {
        let Chunk::Hole(hole) = &chunk else { return chunk };
        let name = hole.trim_start_matches('$').trim_matches(['{', '}']);
        if is_name(name) {
            return Chunk::Variable(name.to_owned());
        }
        self.left_out = Some(UNKNOWN_PART);
        chunk
    }

    fn add_headers(&mut self, texts: &Texts<'_>, request: &Request, wire: &WireRequest) {
        let same = wire.headers.len() == request.headers.len();
        for (number, (name, value, _)) in wire.headers.iter().enumerate() {
            let field = request.headers.get(number).filter(|_| same);
            let mut found = field.map(|field| holes(texts.layers, field.value)).unwrap_or_default();
            let computed = found.iter().find(|(hole, _)| hole.kind == HoleKind::Computed);
            if let (Some((hole, _)), Some(field)) = (computed, field) {
                let user = user_of(texts.layers, field.value.sub(hole.span));
                match user.filter(|_| value.starts_with("Basic ")) {
                    // The wire form has its Base64, and nothing of what that was made of.
                    Some(user) if is_known_user(texts.layers, user) => found.clear(),
                    Some(user) => {
                        self.user = Some(texts.of(user));
                        continue;
                    }
                    None => {
                        self.lose("one of its headers is computed when it is sent");
                        continue;
                    }
                }
            }
            let value = self.pieces(value, &found);
            self.headers.push((name.clone(), value));
        }
    }

    fn add_content(&mut self, texts: &Texts<'_>, request: &Request, wire: &WireRequest) {
        match (request.body.kind, request.file) {
            (BodyKind::None, _) => {}
            (BodyKind::File, Some(file)) => {
                let path = texts.of(file.path);
                self.content = Content::File { path, joins_lines: file.joins_lines };
            }
            (BodyKind::File, None) => self.lose("its body comes from a file, and is left out"),
            (BodyKind::Unknown, _) => {
                self.lose("its body is not known before run time, and is left out");
            }
            (BodyKind::Multipart, _) if request.open.body => {
                self.lose("its body may have more parts, which are not known before run time");
            }
            (BodyKind::Multipart, _) => {
                let pairs = request.parts.iter().zip(&wire.parts);
                let parts = pairs.map(|(part, wire)| texts.part(part, wire));
                match parts.collect() {
                    Some(parts) => self.content = Content::Parts(parts),
                    None => self.lose("a part of its body is not known before run time"),
                }
            }
            _ => {
                let found = request.body.place.map(|place| holes(texts.layers, place));
                let mut found = found.unwrap_or_default();
                if found.is_empty() {
                    found = holes_of_members(texts.layers, request, false);
                }
                if found.iter().any(is_foreign) {
                    self.left_out = Some(PART_OF_FILE);
                }
                if let Some(text) = wire.body.as_deref().and_then(|it| std::str::from_utf8(it).ok())
                {
                    self.content = Content::Text(self.pieces(text, &found));
                }
            }
        }
    }

    /// The content, where it is one text.
    pub(crate) fn body(&self) -> Option<&[Chunk]> {
        match &self.content {
            Content::Text(chunks) => Some(chunks),
            _ => None,
        }
    }

    /// What a form has no notation for.
    pub(super) fn unwritten(&self, form: Form) -> Option<&'static str> {
        let blank = |(_, value): &(String, Vec<Chunk>)| {
            let text = plain_text(value);
            !text.is_empty() && text.trim().is_empty()
        };
        if self.lost.is_some() {
            return self.lost;
        }
        if self.headers.iter().any(blank) {
            return Some("a header has only white space for its value, which is not kept");
        }
        if matches!(form, Form::Curl(_)) {
            return None;
        }
        match &self.content {
            _ if self.has_dot_segments() => {
                Some("its path has dot segments, which other clients remove")
            }
            _ if self.user.is_some() => Some("its user or password is not known before run time"),
            _ if self.target.is_some() => Some("its request line has another target than its URL"),
            Content::File { .. } => Some("its body comes from a file, and is left out"),
            Content::Parts(parts) if form != Form::Har || !parts.iter().all(is_simple) => {
                Some("its body has several parts, and is left out")
            }
            _ if form == Form::Http => http::unwritten(self),
            _ if form == Form::Har => har::unwritten(self),
            _ => None,
        }
    }

    /// Whether `.` or `..` is a segment of the path on the wire.
    pub(crate) fn has_dot_segments(&self) -> bool {
        let url = plain_text(&self.url);
        let path = url.split(['?', '#']).next().unwrap_or(&url);
        path.split('/').any(|segment| matches!(segment, "." | ".."))
    }
}

/// Whether HAR has a notation for a part: a field, or a file by its name.
fn is_simple(part: &OutgoingPart) -> bool {
    let content = match &part.content {
        PartContent::Text(_) => part.filename.is_none(),
        PartContent::File(path) => {
            let path = plain_text(path);
            let name = path.rsplit('/').next().unwrap_or_default();
            part.filename.as_ref().is_none_or(|written| plain_text(written) == name)
        }
        PartContent::ContentOf(_) | PartContent::Parts(_) => false,
    };
    content
        && !part.backslashes
        && part.name.is_some()
        && part.encoder.is_none()
        && part.headers.is_empty()
}

/// The texts of a request, without its secrets where these are not asked for.
struct Texts<'t> {
    layers: &'t Layers<'t>,
    mask: &'t Mask<'t>,
}

impl Texts<'_> {
    fn of(&self, place: Place) -> Vec<Chunk> {
        chunks(&self.mask.shown(place), &holes(self.layers, place))
    }

    fn part(&self, part: &FormPart, wire: &WirePart) -> Option<OutgoingPart> {
        let layers = self.layers;
        let text = |place: Place| self.of(place);
        let unknown =
            |field: &&Place| layers.holes(**field).any(|hole| hole.kind == HoleKind::File);
        if part.headers.iter().any(|field| unknown(&field)) {
            return None;
        }
        let found = holes(layers, part.value);
        let content = match (&part.parts, found.as_slice()) {
            (Some(inner), _) => {
                let pairs = inner.iter().zip(&wire.parts);
                let parts = pairs.map(|(part, wire)| self.part(part, wire));
                PartContent::Parts(parts.collect::<Option<_>>()?)
            }
            (None, [(hole, path)]) if hole.kind == HoleKind::File => match part.file {
                true => PartContent::File(Chunk::text(path)),
                false => PartContent::ContentOf(Chunk::text(path)),
            },
            (None, found) if part.file || found.iter().any(is_foreign) => return None,
            // What was encoded is written as it was before.
            (None, _) if part.encoder.is_some() => PartContent::Text(text(part.value)),
            (None, found) => PartContent::Text(chunks(&wire.body, found)),
        };
        Some(OutgoingPart {
            name: part.name.map(text),
            filename: part.filename.map(text),
            media_type: part.media_type.map(text),
            encoder: part.encoder.map(text),
            headers: part.headers.iter().map(|field| text(*field)).collect(),
            backslashes: part.backslashes,
            content,
        })
    }
}

/// Whether a hole is the content of a file, or what comes from elsewhere under the name `@-`.
fn is_foreign((hole, text): &(Hole, String)) -> bool {
    hole.kind == HoleKind::File || hole.kind == HoleKind::Command && text.starts_with(['@', '-'])
}

/// Whether the wire form has a user and password encoded.
fn is_known_user(layers: &Layers<'_>, user: Place) -> bool {
    layers.text(user).contains(':') && !layers.has_hole(user)
}

/// The user and password of which a value was computed.
fn user_of(layers: &Layers<'_>, hole: Place) -> Option<Place> {
    let (computed, _) = layers.parent_run(hole)?;
    let (user, _) = layers.parent_run(computed)?;
    Some(user)
}

/// The holes of a place, with their texts as they are written. What only looks like a variable is
/// sent as it stands there, so it is none.
fn holes(layers: &Layers<'_>, place: Place) -> Vec<(Hole, String)> {
    let text = layers.text(place);
    let found = layers.holes(place).filter(|hole| !is_verbatim(layers, place, *hole));
    found.map(|hole| (hole, text[hole.span.range()].to_owned())).collect()
}

/// Whether a hole is the name of a variable between quotes in which the shell sees none: `'$USD'`.
fn is_verbatim(layers: &Layers<'_>, place: Place, hole: Hole) -> bool {
    if hole.kind != HoleKind::Variable {
        return false;
    }
    let mut place = place.sub(hole.span);
    while let Some((parent, quote)) = layers.parent_run(place) {
        match layers.codec(place.layer) {
            Codec::ShellWord | Codec::FishWord | Codec::PowerShellWord(_) => {
                return matches!(quote, Quote::Single | Quote::Ansi | Quote::Here);
            }
            Codec::HereDocument { expands } => return !expands,
            _ => place = parent,
        }
    }
    false
}

/// What is not known of the parameters that a program gives apart: those of the query, or others.
fn holes_of_members(layers: &Layers<'_>, request: &Request, query: bool) -> Vec<(Hole, String)> {
    let is_wanted = |param: &&Param| (param.location == ParamIn::Query) == query;
    let is_call = request.kind == RequestKind::Call;
    let params = request.params.iter().filter(|param| is_call && is_wanted(param));
    let places = params.flat_map(|param| [param.name, param.value]);
    places.flat_map(|place| holes(layers, place)).collect()
}

/// A text in which holes stand in that order.
fn chunks(text: &str, holes: &[(Hole, String)]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut rest = text;
    for (_, written) in holes {
        let Some((before, after)) = rest.split_once(written.as_str()) else { continue };
        chunks.push(Chunk::Text(before.to_owned()));
        chunks.push(Chunk::Hole(written.clone()));
        rest = after;
    }
    chunks.push(Chunk::Text(rest.to_owned()));
    chunks.retain(|chunk| *chunk != Chunk::Text(String::new()));
    chunks
}

/// The text of chunks where no shell reads them: its variables become `{{NAME}}`.
pub(crate) fn plain_text(chunks: &[Chunk]) -> String {
    let text = |chunk: &Chunk| match chunk {
        Chunk::Text(text) => text.clone(),
        Chunk::Variable(name) => format!("{{{{{name}}}}}"),
        Chunk::Hole(hole) => match hole.trim_start_matches("${").trim_start_matches('$') {
            name if name.len() < hole.len() && is_name(name.trim_end_matches('}')) => {
                format!("{{{{{}}}}}", name.trim_end_matches('}'))
            }
            _ => hole.clone(),
        },
    };
    chunks.iter().map(text).collect()
}

pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
