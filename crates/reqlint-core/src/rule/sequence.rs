//! Sequences: what happens one after the other in a recording.

use super::Case;
use serde::{Deserialize, Serialize};

/// A step of a sequence: one exchange, or several, that the same case is found in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    /// What must hold for each exchange. A case without words.
    pub case: Case,
    /// How many exchanges it takes; at least one.
    pub times: usize,
    /// How long it may take: from the first exchange of the step to the last, or since the step
    /// before. None only where the first step is one exchange.
    pub within: Option<Within>,
    /// In which values the exchanges agree, with each other or with the step before.
    pub same: Vec<Same>,
}

/// How long a step may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Within {
    /// So many milliseconds.
    Millis(i64),
    /// The calendar month. Nobody says in which time zone, so it is unknown about its ends.
    Month,
}

impl std::fmt::Display for Within {
    /// As it is written in rules: `500ms`, `60s`, `month`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const UNITS: [(i64, &str); 4] =
            [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
        let Within::Millis(millis) = self else { return f.write_str("month") };
        let fits = |size: i64| millis % size == 0 && (*millis > size || size == 1000);
        let unit = UNITS.into_iter().find(|(size, _)| fits(*size));
        let (size, unit) = unit.unwrap_or((1, "ms"));
        write!(f, "{}{unit}", millis / size)
    }
}

/// A value in which exchanges can agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Same {
    /// Scheme, host and port.
    Server,
    /// The keys that are sent.
    Credential,
    /// The method.
    Method,
    /// The path.
    Path,
    /// The query.
    Query,
    /// The content.
    Body,
}

impl Same {
    /// Every value.
    pub const ALL: [Same; 6] =
        [Same::Server, Same::Credential, Same::Method, Same::Path, Same::Query, Same::Body];

    /// The name in rules.
    pub fn name(self) -> &'static str {
        match self {
            Same::Server => "server",
            Same::Credential => "credential",
            Same::Method => "method",
            Same::Path => "path",
            Same::Query => "query",
            Same::Body => "body",
        }
    }
}
