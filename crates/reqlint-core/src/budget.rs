//! What an API lets a key spend: calls in a window of time, and credits in a month. Packs say it;
//! `explain` counts a recording against it.

use crate::rule::Case;
use serde::{Deserialize, Serialize};

/// What a pack knows of its API's bounds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Budget {
    /// How many calls a key may make.
    pub rate: Option<Rate>,
    /// What calls cost.
    pub credits: Option<Credits>,
}

/// Calls within a window that slides.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rate {
    /// Which exchanges count.
    pub case: Case,
    /// So many are allowed.
    pub most: usize,
    /// So many are advised, where that is less.
    pub advised: Option<usize>,
    /// The length of the window, in milliseconds.
    pub within: i64,
}

/// Credits of a calendar month.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credits {
    /// Which exchanges cost one.
    pub case: Case,
    /// So many there are in a month.
    pub month: u64,
    /// JSON Pointers of what a response may tell: how many are used, and how many there are.
    pub used: Option<String>,
    /// See [`used`](Self::used).
    pub limit: Option<String>,
}
