//! What the text of a parameter stands for, by its style (OpenAPI 3.1, section 4.8.12.3): one
//! value, a list, or an object. Where a text can be read in several ways, all are given.

use super::instance::{Instance, Members, Texts};
use crate::api::schema::Types;
use crate::api::{Form, Location, Style};
use crate::layer::{Layers, Place};
use crate::span::Span;

/// How a parameter is declared.
#[derive(Clone, Copy)]
pub(super) struct Declared<'w> {
    pub(super) name: &'w str,
    pub(super) form: Form,
    pub(super) location: Location,
    /// The types that its schema leaves.
    pub(super) types: Types,
}

/// What the texts of a parameter can stand for.
pub(super) enum Read {
    /// One of these; the first is the likeliest.
    As(Vec<Instance<'static>>),
    /// Nothing: its style asks for this.
    Lacks(String),
}

/// Reads texts of parameters.
#[derive(Clone, Copy)]
pub(super) struct Reader<'r, 'd> {
    pub(super) layers: &'r Layers<'d>,
    pub(super) declared: Declared<'r>,
    /// Whether more of the parameter may be sent than is seen.
    pub(super) open: bool,
}

impl Reader<'_, '_> {
    /// What the values of one parameter stand for, in the order of the request.
    pub(super) fn read(self, values: &[Place]) -> Read {
        let Some(&first) = values.first() else { return Read::As(Vec::new()) };
        match self.declared.form.style {
            Style::Form if self.declared.form.explode => self.repeated(first, values),
            Style::Matrix => self.matrix(first),
            Style::Label => match self.without(first, ".") {
                Some(inner) => self.label(inner),
                None => self.lacking(first, "."),
            },
            _ => self.delimited(first),
        }
    }

    /// `name=1&name=2`: each item is sent on its own.
    fn repeated(self, first: Place, values: &[Place]) -> Read {
        if self.declared.location == Location::Cookie && self.takes(Types::ARRAY) {
            // Cookies of one name are not told apart by servers.
            return Read::As(vec![Instance::Unknown(first)]);
        }
        let items = values.iter().copied().map(Instance::Inner).collect();
        let list = Instance::List(first, Texts { items, open: self.open });
        // An object of which no member is declared has parameters of any name.
        Read::As(self.shapes(first, [Some(list), None], Some(Instance::Unknown(first))))
    }

    /// `1,2` and `a,1,b,2`; where exploded, `a=1,b=2`.
    fn delimited(self, text: Place) -> Read {
        let Form { style, explode, .. } = self.declared.form;
        let separator = match style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            _ => ',',
        };
        let pieces = self.split(text, separator);
        let whole = (separator == ',').then(|| self.split_written(text, separator)).flatten();
        let record = match explode && style == Style::Simple {
            true => self.assigned(text, &pieces),
            false => self.in_turn(text, &pieces),
        };
        let list = self.list(text, &pieces);
        let unescaped = whole.map(|pieces| self.list(text, &pieces));
        let shape = match explode && style == Style::Simple {
            true => "name=value".to_owned(),
            false => format!("name{separator}value"),
        };
        self.of(text, &shape, [Some(list), unescaped], record)
    }

    /// Behind the dot: `1,2`, or where exploded `1.2` and `a=1.b=2`.
    fn label(self, inner: Place) -> Read {
        let dots = self.split(inner, '.');
        if self.declared.form.explode {
            let record = self.assigned(inner, &dots);
            return self.of(inner, ".name=value", [Some(self.list(inner, &dots)), None], record);
        }
        let commas = self.split(inner, ',');
        // The tables of OpenAPI 3.0 have dots here, RFC 6570 has commas.
        let dotted = (commas.len() == 1 && dots.len() > 1).then(|| self.list(inner, &dots));
        let lists = [Some(self.list(inner, &commas)), dotted];
        let record = self.in_turn(inner, &commas).or_else(|| self.in_turn(inner, &dots));
        self.of(inner, ".name,value", lists, record)
    }

    /// `;name=1,2`, or where exploded `;name=1;name=2` and `;a=1;b=2`.
    fn matrix(self, text: Place) -> Read {
        let Some(inner) = self.without(text, ";") else { return self.lacking(text, ";") };
        let pieces = self.split(inner, ';');
        let record = match self.takes(Types::OBJECT) && self.declared.form.explode {
            true => self.assigned(inner, &pieces),
            false => None,
        };
        let name = self.declared.name;
        let start = format!("{name}=");
        let value_of = |piece: &Place| match self.layers.text(*piece) == name {
            true => Some(piece.end()),
            false => self.without(*piece, &start),
        };
        let Some(named) = pieces.iter().map(value_of).collect::<Option<Vec<Place>>>() else {
            return match record {
                Some(record) => Read::As(vec![record]),
                None => self.lacking(text, &format!(";{start}")),
            };
        };
        let value = named[0];
        if self.declared.form.explode {
            let list = self.list(value, &named);
            return self.of(value, ";name=value", [Some(list), None], record);
        }
        let commas = self.split(value, ',');
        let record = self.in_turn(value, &commas);
        self.of(value, ";name,value", [Some(self.list(value, &commas)), None], record)
    }

    /// What a text is by the types of the schema.
    fn of(
        self,
        text: Place,
        shape: &str,
        lists: [Option<Instance<'static>>; 2],
        record: Option<Instance<'static>>,
    ) -> Read {
        let only_object = self.takes(Types::OBJECT) && !self.takes_scalar();
        if only_object && !self.takes(Types::ARRAY) && record.is_none() {
            return match self.layers.has_hole(text) {
                true => Read::As(vec![Instance::Unknown(text)]),
                false => Read::Lacks(format!("pairs as `{shape}`")),
            };
        }
        Read::As(self.shapes(text, lists, record))
    }

    fn shapes(
        self,
        scalar: Place,
        lists: [Option<Instance<'static>>; 2],
        record: Option<Instance<'static>>,
    ) -> Vec<Instance<'static>> {
        let mut all = Vec::new();
        if self.takes_scalar() {
            all.push(Instance::Text(scalar));
        }
        if self.takes(Types::ARRAY) {
            all.extend(lists.into_iter().flatten());
        }
        if self.takes(Types::OBJECT) {
            all.extend(record);
        }
        if all.is_empty() {
            // No type is left: the value breaks whatever is asked.
            all.push(Instance::Text(scalar));
        }
        all
    }

    fn takes(self, types: Types) -> bool {
        self.declared.types.has(types)
    }

    fn takes_scalar(self) -> bool {
        let scalars = [Types::NULL, Types::BOOLEAN, Types::INTEGER, Types::NUMBER, Types::STRING];
        scalars.into_iter().any(|scalar| self.takes(scalar))
    }

    fn list(self, place: Place, pieces: &[Place]) -> Instance<'static> {
        let items = pieces.iter().copied().map(Instance::Inner).collect();
        Instance::List(place, Texts { items, open: self.open || self.layers.has_hole(place) })
    }

    /// `a`, `1`, `b`, `2`; none where a value is missing.
    fn in_turn(self, place: Place, pieces: &[Place]) -> Option<Instance<'static>> {
        if self.layers.has_hole(place) {
            // What is a name and what a value is not known behind a hole.
            return Some(Instance::Unknown(place));
        }
        let all: Vec<(Place, Place)> =
            pieces.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        pieces.len().is_multiple_of(2).then(|| self.record(place, &all, self.open))
    }

    /// `a=1`, `b=2`; none where a piece has no name.
    fn assigned(self, place: Place, pieces: &[Place]) -> Option<Instance<'static>> {
        let open = self.open || self.layers.has_hole(place);
        let mut all = Vec::new();
        for piece in pieces {
            match self.layers.text(*piece).find('=') {
                Some(at) => {
                    let name = piece.sub(Span::new(0, at));
                    let value = piece.sub(Span::new(at + 1, piece.span.len()));
                    if !self.layers.has_hole(name) {
                        all.push((name, value));
                    }
                }
                None if open => {}
                None => return None,
            }
        }
        Some(self.record(place, &all, open))
    }

    fn record(self, place: Place, pairs: &[(Place, Place)], open: bool) -> Instance<'static> {
        let member = |(name, value): &(Place, Place)| {
            (self.layers.text(*name).to_owned(), Instance::Inner(*value))
        };
        Instance::Record(place, Members { all: pairs.iter().map(member).collect(), open })
    }

    /// The text behind its start.
    fn without(self, place: Place, start: &str) -> Option<Place> {
        let rest = self.layers.text(place).strip_prefix(start)?;
        let length = place.span.len();
        Some(place.sub(Span::new(length - rest.len(), length)))
    }

    fn lacking(self, place: Place, start: &str) -> Read {
        match self.layers.has_hole(place) {
            true => Read::As(vec![Instance::Unknown(place)]),
            false => Read::Lacks(format!("`{start}` before the value")),
        }
    }

    /// The pieces between separators; in a header without the blanks around them.
    fn split(self, place: Place, separator: char) -> Vec<Place> {
        let text = self.layers.text(place);
        let mut at = 0;
        let mut pieces = Vec::new();
        for item in text.split(separator) {
            let inner = match self.declared.location {
                Location::Header => item.trim_matches([' ', '\t']),
                _ => item,
            };
            let start = at + (inner.as_ptr() as usize - item.as_ptr() as usize);
            pieces.push(place.sub(Span::new(start, start + inner.len())));
            at += item.len() + separator.len_utf8();
        }
        pieces
    }

    /// The pieces between separators that are written out, where some are escaped (`%2C`): an
    /// escaped one may belong to an item.
    fn split_written(self, place: Place, separator: char) -> Option<Vec<Place>> {
        let text = self.layers.text(place);
        let is_escaped = |at: usize| {
            let one = place.sub(Span::new(at, at + separator.len_utf8()));
            let run = self.layers.parent_run(one);
            run.is_some_and(|(parent, _)| parent.span.len() > separator.len_utf8())
        };
        let all: Vec<usize> = text.match_indices(separator).map(|(at, _)| at).collect();
        if !all.iter().any(|at| is_escaped(*at)) {
            return None;
        }
        let mut pieces = Vec::new();
        let mut start = 0;
        for at in all.into_iter().filter(|at| !is_escaped(*at)) {
            pieces.push(place.sub(Span::new(start, at)));
            start = at + separator.len_utf8();
        }
        pieces.push(place.sub(Span::new(start, text.len())));
        Some(pieces)
    }
}
