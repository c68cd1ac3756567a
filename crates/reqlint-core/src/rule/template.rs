//! Templates: texts that are filled from a match (`remove `<date.name>``).

use super::NameId;
use serde::{Deserialize, Serialize};

/// A text to fill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// From left to right.
    pub pieces: Vec<Piece>,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// This text.
    Literal(String),
    /// The text of a role or variable.
    Text(NameId),
    /// Something about a role.
    Attribute(NameId, Attribute),
    /// The row's cell in this column.
    Cell(usize),
    /// A run-time variable in the notation of the dialect (`<$NAME>`); only in edits.
    Variable(String),
}

/// What can be said about a role besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attribute {
    /// The name of a parameter, header, cookie, member or credential.
    Name,
    /// Where a parameter is sent: `query`, `form`, `json`.
    In,
    /// Length of its text in bytes.
    Length,
    /// How many parts it stands for.
    Count,
    /// What the description or the table expects there.
    Expected,
    /// The known name that is nearest.
    Nearest,
    /// What implies it, such as `-d`.
    Origin,
    /// Its text in upper case.
    Upper,
    /// Its text with what a URL cannot hold percent-encoded.
    Encoded,
    /// Its text with the percent-encoding undone that is left in it.
    Decoded,
    /// Its text as JSON writes it: in quotes, if it is a string in a JSON body.
    Literal,
    /// The day that it means, as `2026-03-01`; for texts of the type `day`.
    Day,
    /// The ISO 3166-1 alpha-2 code of the country that it means; for texts of the type
    /// `country-like`.
    Code,
}

impl Attribute {
    /// Every attribute.
    pub const ALL: [Attribute; 13] = [
        Attribute::Name,
        Attribute::In,
        Attribute::Length,
        Attribute::Count,
        Attribute::Expected,
        Attribute::Nearest,
        Attribute::Origin,
        Attribute::Upper,
        Attribute::Encoded,
        Attribute::Decoded,
        Attribute::Literal,
        Attribute::Day,
        Attribute::Code,
    ];

    /// The name in rules.
    pub fn name(self) -> &'static str {
        match self {
            Attribute::Name => "name",
            Attribute::In => "in",
            Attribute::Length => "length",
            Attribute::Count => "count",
            Attribute::Expected => "expected",
            Attribute::Nearest => "nearest",
            Attribute::Origin => "origin",
            Attribute::Upper => "upper",
            Attribute::Encoded => "encoded",
            Attribute::Decoded => "decoded",
            Attribute::Literal => "literal",
            Attribute::Day => "day",
            Attribute::Code => "code",
        }
    }
}
