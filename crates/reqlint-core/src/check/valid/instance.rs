//! Values of requests as schemas see them.

use crate::api::decimal::Decimal;
use crate::api::literal::Literal;
use crate::check::truth::Truth;
use crate::layer::{Layers, Place};
use crate::model::{JsonKind, JsonValue};

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Instance<'i> {
    /// A JSON value.
    Json(&'i JsonValue),
    /// A text that stands for a string, a number, a boolean or null, as the schema takes it.
    Text(Place),
    /// A text inside of a list or an object, where no style says how further lists and objects
    /// are written.
    Inner(Place),
    /// A text that is taken for one of them.
    Reading(Place, Kind),
    /// A list that is made of several texts.
    List(Place, Texts<'i>),
    /// An object that is made of several texts.
    Record(Place, Members<'i>),
    /// Something that cannot be told.
    Unknown(Place),
}

/// The items of a list that is made of several texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts<'i> {
    pub(crate) items: Vec<Instance<'i>>,
    /// Whether there may be more.
    pub(crate) open: bool,
}

/// The members of an object that is made of several texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Members<'i> {
    pub(crate) all: Vec<(String, Instance<'i>)>,
    /// Whether there may be more.
    pub(crate) open: bool,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
    Unknown,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub(crate) struct Member<'m, 'i> {
    pub(crate) name: &'m str,
    /// Whether all of the name is known.
    pub(crate) known: bool,
    pub(crate) value: Instance<'i>,
}

impl<'i> Instance<'i> {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Instance::Json(value) => match value.kind {
                JsonKind::Object => Kind::Object,
                JsonKind::Array => Kind::Array,
                JsonKind::String => Kind::String,
                JsonKind::Number => Kind::Number,
                JsonKind::Boolean => Kind::Boolean,
                JsonKind::Null => Kind::Null,
                JsonKind::Unknown => Kind::Unknown,
            },
            Instance::Text(_) | Instance::Inner(_) | Instance::Unknown(_) => Kind::Unknown,
            Instance::Reading(_, kind) => *kind,
            Instance::List(..) => Kind::Array,
            Instance::Record(..) => Kind::Object,
        }
    }

    /// The text of the value; of a JSON string without its quotes.
    pub(crate) fn place(&self) -> Place {
        match self {
            Instance::Json(value) => value.text,
            Instance::Text(place)
            | Instance::Inner(place)
            | Instance::Unknown(place)
            | Instance::Reading(place, _)
            | Instance::List(place, _)
            | Instance::Record(place, _) => *place,
        }
    }

    /// Whether it may have more items or members than are seen.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Instance::List(_, texts) => texts.open,
            Instance::Record(_, members) => members.open,
            _ => false,
        }
    }

    /// The number, where it is known and can be computed with.
    pub(crate) fn number(&self, layers: &Layers<'_>) -> Option<Decimal> {
        let place = self.place();
        if layers.has_hole(place) { None } else { Decimal::parse(layers.text(place)) }
    }

    pub(crate) fn items(&self) -> Vec<Instance<'i>> {
        match self {
            Instance::Json(value) => value.items.iter().map(Instance::Json).collect(),
            Instance::List(_, texts) => texts.items.clone(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn members<'m>(&'m self, layers: &'m Layers<'_>) -> Vec<Member<'m, 'i>> {
        match self {
            Instance::Json(value) => {
                let member = |member: &'i crate::model::JsonMember| Member {
                    name: layers.text(member.name),
                    known: !layers.has_hole(member.name),
                    value: Instance::Json(&member.value),
                };
                value.members.iter().map(member).collect()
            }
            Instance::Record(_, members) => {
                let member = |(name, value): &'m (String, Instance<'i>)| Member {
                    name,
                    known: true,
                    value: value.clone(),
                };
                members.all.iter().map(member).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The value, where all of it is known.
    pub(crate) fn literal(&self, layers: &Layers<'_>) -> Option<Literal> {
        let text = || Some(layers.text(self.place())).filter(|_| !layers.has_hole(self.place()));
        if self.is_open() {
            return None;
        }
        Some(match self.kind() {
            Kind::Null => Literal::Null,
            Kind::Boolean => Literal::Boolean(text()? == "true"),
            Kind::Number => Literal::Number(self.number(layers)?),
            Kind::String => Literal::Text(text()?.to_owned()),
            Kind::Array => {
                let items = self.items();
                Literal::List(items.iter().map(|item| item.literal(layers)).collect::<Option<_>>()?)
            }
            Kind::Object => {
                let mut members: Vec<(String, Literal)> = Vec::new();
                for member in self.members(layers) {
                    let value = member.value.literal(layers).filter(|_| member.known)?;
                    members.retain(|(name, _)| name != member.name);
                    members.push((member.name.to_owned(), value));
                }
                members.sort_by(|one, other| one.0.cmp(&other.0));
                Literal::Object(members)
            }
            Kind::Unknown => match self {
                Instance::Text(_) | Instance::Inner(_) => Literal::Text(text()?.to_owned()),
                _ => return None,
            },
        })
    }

    /// Whether the object has a member of that name.
    pub(crate) fn has_member(&self, layers: &Layers<'_>, name: &str) -> Truth {
        let mut truth = if self.is_open() { Truth::Unknown } else { Truth::No };
        for member in self.members(layers) {
            truth = truth.or(match member.known {
                true => Truth::from(member.name == name),
                false => Truth::Unknown,
            });
        }
        truth
    }
}
