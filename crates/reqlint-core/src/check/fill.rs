//! Fills templates from matches.

use super::context::{Context, Route};
use super::evaluate::{Bound, Evaluator, Match};
use super::meaning;
use super::part::{FoundPart, PartKind};
use crate::api::{Operation, SchemeKind};
use crate::encode::{Chunk, encode_for_url, percent_decode};
use crate::layer::Place;
use crate::model::{JsonKind, ParamIn};
use crate::rule::template::{Attribute, Piece, Template};
use crate::rule::{NameId, Row};
use crate::secret;

/// The longest value that a message shows, in code points.
const SHOWN: usize = 60;

/// One match, with what is needed to speak about it.
pub(crate) struct Scene<'s, 'c, 'd> {
    /// The request and the pack.
    pub(crate) context: &'s Context<'c, 'd>,
    /// What the names of the case stand for.
    pub(crate) bound: &'s [Option<Bound>],
    /// The row of the table.
    pub(crate) row: Option<&'s Row>,
}

impl<'s, 'c, 'd> Scene<'s, 'c, 'd> {
    /// A match of a request.
    pub(crate) fn new(context: &'s Context<'c, 'd>, found: &'s Match<'_>) -> Self {
        Scene { context, bound: &found.bound, row: found.row }
    }

    /// The texts that a piece can give, unmasked; none where it gives none.
    fn texts(&self, piece: &Piece) -> Option<Vec<String>> {
        match piece {
            Piece::Literal(text) => Some(vec![text.clone()]),
            Piece::Text(name) => Some(vec![self.text(*name)?]),
            Piece::Attribute(name, attribute) => self.attribute(*name, *attribute),
            Piece::Cell(column) => Some(self.row?.cells[*column].clone()),
            Piece::Variable(name) => Some(vec![format!("${name}")]),
        }
        .filter(|texts| !texts.is_empty())
    }

    fn text(&self, name: NameId) -> Option<String> {
        match self.bound[name].as_ref()? {
            Bound::Part { text, .. } => Some(self.context.text(*text).to_owned()),
            Bound::Text { text, .. } => Some(text.clone()),
            Bound::Slot { name, .. } => Some(name.clone()),
            Bound::Unseen => None,
        }
    }

    /// Where the text of a name stands.
    pub(crate) fn place(&self, name: NameId) -> Option<Place> {
        match self.bound[name].as_ref()? {
            Bound::Part { text, .. } => Some(*text),
            Bound::Text { place, .. } => *place,
            Bound::Slot { .. } | Bound::Unseen => None,
        }
    }

    fn attribute(&self, name: NameId, attribute: Attribute) -> Option<Vec<String>> {
        let bound = self.bound[name].as_ref()?;
        let one = |text: String| Some(vec![text]);
        match (attribute, bound) {
            (Attribute::Name, Bound::Slot { name, .. }) => one(name.clone()),
            (Attribute::Name, Bound::Part { part, .. })
                if part.identity.kind == PartKind::Dependency =>
            {
                Some(self.context.broken_dependencies()[part.identity.number].names.clone())
            }
            (Attribute::Name, Bound::Part { part, .. })
                if part.identity.kind == PartKind::PathParam =>
            {
                one(self.context.path_params().get(part.identity.number)?.0.clone())
            }
            (Attribute::Name, Bound::Part { part, .. })
                if part.identity.kind == PartKind::Json && part.name.is_none() =>
            {
                one(super::part::json_pointer(self.context, part.identity.number))
            }
            (Attribute::Name, Bound::Part { part, .. }) => {
                one(self.context.text(part.name?).to_owned())
            }
            (Attribute::In, Bound::Part { part, .. }) => {
                one(location_name(part.location?).to_owned())
            }
            (Attribute::Length, _) => one(self.text(name)?.len().to_string()),
            (Attribute::Upper, _) => one(self.text(name)?.to_uppercase()),
            (Attribute::Encoded | Attribute::Decoded, _) => {
                one(recode(attribute)(&self.text(name)?))
            }
            (Attribute::Literal, Bound::Part { part, .. })
                if part.identity.kind == PartKind::Json
                    && super::part::json_value(self.context, part.identity.number)?.1.kind
                        == JsonKind::String =>
            {
                one(format!("\"{}\"", self.text(name)?))
            }
            (Attribute::Literal, _) => one(self.text(name)?),
            (Attribute::Day, _) => one(meaning::day(&self.text(name)?)?.to_string()),
            (Attribute::Code, _) => one(meaning::country(&self.text(name)?)?.to_owned()),
            (Attribute::Origin, Bound::Part { part, .. }) => {
                one(self.context.text(part.implied_by?).to_owned())
            }
            (Attribute::Expected, Bound::Part { part, .. }) => self.expected(part),
            (Attribute::Expected, Bound::Slot { name, .. }) => self.expected_of_missing(name),
            (Attribute::Nearest, Bound::Part { part, .. })
                if part.identity.kind == PartKind::Route =>
            {
                one(self.context.difference().as_ref()?.nearest.clone()?)
            }

            (Attribute::Nearest, Bound::Part { part, .. })
                if part.identity.kind == PartKind::Finding =>
            {
                one(self.context.request.findings[part.identity.number].nearest.clone()?)
            }
            (Attribute::Nearest, Bound::Part { part, .. }) => one(self.nearest_param(part.name?)?),
            _ => None,
        }
    }

    /// What the description expects at a place.
    fn expected(&self, part: &FoundPart) -> Option<Vec<String>> {
        if let Some(number) = part.violation {
            return Some(self.context.violations()[number].expected.clone());
        }
        match part.identity.kind {
            PartKind::Route => Some(vec![self.context.difference().as_ref()?.expected.clone()?]),
            PartKind::Dependency => {
                Some(self.context.broken_dependencies()[part.identity.number].expected.clone())
            }
            PartKind::Method => {
                let Route::Path(path) = self.context.route() else { return None };
                let operations = self.context.operations_on(*path);
                Some(operations.map(|operation| operation.method.clone()).collect())
            }
            PartKind::Header
                if self.context.text(part.name?).eq_ignore_ascii_case("content-type") =>
            {
                let (api, number) = self.context.own_operation()?;
                Some(api.operations[number].media_types.clone())
            }
            PartKind::Param | PartKind::PathParam | PartKind::Header | PartKind::Cookie => {
                let name = match part.identity.kind {
                    PartKind::PathParam => &self.context.path_params()[part.identity.number].0,
                    _ => self.context.text(part.name?),
                };
                self.expected_of_missing(name)
            }
            _ => None,
        }
    }

    /// What the description expects of a parameter, or of a credential, by its name.
    fn expected_of_missing(&self, name: &str) -> Option<Vec<String>> {
        let (api, number) = self.context.own_operation()?;
        let mut own = api.operations[number].parameters.iter();
        if let Some(form) = own.find(|param| param.name == name).and_then(|param| param.form) {
            let form = api.details.forms.get(form as usize)?;
            return Some(crate::api::expected::expected(&api.details, form.schema));
        }
        let scheme = api.security_schemes.iter().find(|scheme| scheme.name == name)?;
        Some(vec![match &scheme.kind {
            SchemeKind::Header(name) => format!("the header `{name}`"),
            SchemeKind::Query(name) => format!("the query parameter `{name}`"),
            SchemeKind::Cookie(name) => format!("the cookie `{name}`"),
            SchemeKind::Bearer => "`Authorization: Bearer`".to_owned(),
            SchemeKind::Basic => "`Authorization: Basic`".to_owned(),
        }])
    }

    fn nearest_param(&self, name: Place) -> Option<String> {
        let Route::Path(path) = self.context.route() else { return None };
        let name = self.context.text(name);
        let own = self.context.own_operation().map(|(api, number)| &api.operations[number]);
        let mut operations: Vec<&Operation> = own.into_iter().collect();
        if operations.is_empty() {
            operations.extend(self.context.operations_on(*path));
        }
        let near = operations.iter().find_map(|one| super::declares::nearest_param(one, name));
        near.map(str::to_owned)
    }

    /// The texts of a piece as messages show them.
    fn shown(&self, piece: &Piece) -> Option<Vec<String>> {
        match piece {
            Piece::Text(name) => match self.place(*name) {
                Some(place) => Some(vec![crop(&self.context.shown(place))]),
                None => Some(vec![crop(&mask_text(&self.text(*name)?))]),
            },
            Piece::Attribute(name, Attribute::Upper) => {
                let place = self.place(*name)?;
                Some(vec![crop(&self.context.shown(place).to_uppercase())])
            }
            Piece::Attribute(..) => {
                let texts = self.texts(piece)?;
                Some(texts.iter().map(|text| crop(&mask_text(text))).collect())
            }
            other => self.texts(other),
        }
    }

    /// The text of a place, its holes kept as holes.
    pub(super) fn chunks(&self, place: Place) -> Vec<Chunk> {
        let text = self.context.text(place);
        let mut chunks = Vec::new();
        let mut at = 0;
        for hole in self.context.layers().holes(place) {
            chunks.push(Chunk::Text(text[at..hole.span.start()].to_owned()));
            chunks.push(Chunk::Hole(text[hole.span.range()].to_owned()));
            at = hole.span.end();
        }
        chunks.push(Chunk::Text(text[at..].to_owned()));
        chunks.retain(|chunk| *chunk != Chunk::Text(String::new()));
        chunks
    }

    /// The new text that a template gives for an edit; none where it does not give exactly one.
    pub(crate) fn edit_text(&self, template: &Template) -> Option<Vec<Chunk>> {
        let mut chunks = Vec::new();
        for piece in &template.pieces {
            match piece {
                Piece::Variable(name) => chunks.push(Chunk::Variable(name.clone())),
                Piece::Text(name) if self.place(*name).is_some() => {
                    chunks.extend(self.chunks(self.place(*name)?));
                }
                Piece::Attribute(name, attribute @ (Attribute::Encoded | Attribute::Decoded))
                    if self.place(*name).is_some() =>
                {
                    let texts = self.chunks(self.place(*name)?);
                    chunks.extend(texts.into_iter().map(|chunk| match chunk {
                        Chunk::Text(text) => Chunk::Text(recode(*attribute)(&text)),
                        hole => hole,
                    }));
                }
                other => match self.texts(other)?.as_slice() {
                    [one] => chunks.push(Chunk::Text(one.clone())),
                    _ => return None,
                },
            }
        }
        Some(chunks)
    }
}

/// What an attribute makes of a text: percent-encoding, or its undoing.
fn recode(attribute: Attribute) -> fn(&str) -> String {
    // In a value that was decoded already, a `+` is no blank.
    let decode = |text: &str| percent_decode(&text.replace('+', "%2B"));
    if attribute == Attribute::Decoded { decode } else { encode_for_url }
}

fn location_name(location: ParamIn) -> &'static str {
    match location {
        ParamIn::Query => "query",
        ParamIn::Form => "form",
        ParamIn::Json => "json",
    }
}

fn mask_text(text: &str) -> String {
    secret::mask(text, &secret::find_secrets_in_text(text))
}

pub(super) fn crop(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// All texts that a template can give while a case is evaluated; none where a name is not known.
pub(crate) fn fill_all(
    evaluator: &Evaluator<'_, '_, '_>,
    template: &Template,
) -> Option<Vec<String>> {
    let scene = evaluator.scene();
    if let [piece] = template.pieces.as_slice() {
        return scene.texts(piece);
    }
    let mut all = vec![String::new()];
    for piece in &template.pieces {
        let texts = scene.texts(piece)?;
        all = all
            .iter()
            .flat_map(|start| texts.iter().map(move |text| format!("{start}{text}")))
            .collect();
    }
    Some(all)
}

/// A template as one sentence about several matches. A code span that holds several values is
/// repeated.
pub(crate) fn fill_message(
    scenes: &[Scene<'_, '_, '_>],
    template: &Template,
    count: CountOf<'_>,
) -> String {
    let mut message = String::new();
    for segment in segments(template) {
        match segment {
            Segment::Outside(piece) => {
                message.push_str(&enumerate(&values(scenes, &[piece], count), ""));
            }
            Segment::Code(pieces) => {
                message.push_str(&enumerate(&values(scenes, &pieces, count), "`"));
            }
        }
    }
    message
}

/// How many parts a role stands for in a group of matches.
pub(crate) type CountOf<'n> = &'n dyn Fn(NameId) -> usize;

enum Segment {
    Outside(Piece),
    Code(Vec<Piece>),
}

/// Splits a template at its code spans.
fn segments(template: &Template) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut code: Option<Vec<Piece>> = None;
    for piece in &template.pieces {
        let Piece::Literal(text) = piece else {
            match &mut code {
                Some(pieces) => pieces.push(piece.clone()),
                None => segments.push(Segment::Outside(piece.clone())),
            }
            continue;
        };
        for (number, part) in text.split('`').enumerate() {
            if number > 0 {
                code = match code.take() {
                    Some(pieces) => {
                        segments.push(Segment::Code(pieces));
                        None
                    }
                    None => Some(Vec::new()),
                };
            }
            if part.is_empty() {
                continue;
            }
            let part = Piece::Literal(part.to_owned());
            match &mut code {
                Some(pieces) => pieces.push(part),
                None => segments.push(Segment::Outside(part)),
            }
        }
    }
    segments.extend(code.map(Segment::Code));
    segments
}

struct Values {
    texts: Vec<String>,
    /// Alternatives rather than a list of what is there.
    alternatives: bool,
}

fn values(scenes: &[Scene<'_, '_, '_>], pieces: &[Piece], count: CountOf<'_>) -> Values {
    let alternatives = pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Cell(_) | Piece::Attribute(_, Attribute::Expected)));
    let mut found: Vec<(usize, String)> = Vec::new();
    for scene in scenes {
        let mut texts = vec![String::new()];
        for piece in pieces {
            let more = match piece {
                Piece::Attribute(name, Attribute::Count) => vec![count(*name).to_string()],
                other => scene.shown(other).unwrap_or_else(|| vec!["…".to_owned()]),
            };
            texts = texts
                .iter()
                .flat_map(|start| more.iter().map(move |text| format!("{start}{text}")))
                .collect();
        }
        let at = position(scene, pieces);
        found.extend(texts.into_iter().map(|text| (at, text)));
    }
    found.sort_by_key(|(at, _)| *at);
    let mut texts: Vec<String> = Vec::new();
    for (_, text) in found {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    Values { texts, alternatives }
}

/// Where the first named part of the pieces stands in the source.
fn position(scene: &Scene<'_, '_, '_>, pieces: &[Piece]) -> usize {
    let name = pieces.iter().find_map(|piece| match piece {
        Piece::Text(name) | Piece::Attribute(name, _) => Some(*name),
        _ => None,
    });
    let place = name.and_then(|name| scene.place(name));
    place.map_or(0, |place| scene.context.layers().root_span(place).start())
}

/// `a`, `a` and `b`, or `a`, `b` and `c`; alternatives with *or*.
fn enumerate(values: &Values, mark: &str) -> String {
    let word = if values.alternatives { " or " } else { " and " };
    let marked: Vec<String> =
        values.texts.iter().map(|text| format!("{mark}{text}{mark}")).collect();
    match marked.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{}{word}{last}", start.join(", ")),
    }
}
