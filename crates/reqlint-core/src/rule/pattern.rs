//! Patterns: texts with gaps, as rules write them (`/api/<rest>`, `<any>json<any>`).

use super::NameId;
use serde::{Deserialize, Serialize};

/// A text with gaps. Compared by code points after NFC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// From left to right; two literals never follow each other.
    pub elements: Vec<Element>,
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Element {
    /// This text, in NFC.
    Literal(String),
    /// Any text, or none (`<any>`).
    Any,
    /// One or more characters, bound to the name; a bound name stands for its text (`<x>`).
    Name(NameId),
    /// Any text of the row's cell in this column (`<row.c>`).
    Cell(usize),
}

impl Pattern {
    /// The text, where the pattern has no gaps.
    pub fn literal(&self) -> Option<&str> {
        match self.elements.as_slice() {
            [] => Some(""),
            [Element::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether it takes every text.
    pub fn is_any(&self) -> bool {
        matches!(self.elements.as_slice(), [Element::Any])
    }
}
