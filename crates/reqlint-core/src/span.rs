//! Byte ranges. Every part of the model says where it stands with them.

use serde::{Deserialize, Serialize};

/// A half-open byte range in a text: `start` is the first byte, `end` the first byte after it.
///
/// Offsets are kept in 32 bits; texts of 4 GiB and more are refused before they are parsed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The range from `start` to `end`, in bytes.
    ///
    /// # Panics
    /// If `end` is before `start`, or an offset does not fit 32 bits.
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "a span ends before it starts");
        let fit = |n: usize| u32::try_from(n).expect("texts of 4 GiB are refused before parsing");
        Span { start: fit(start), end: fit(end) }
    }

    /// The empty range at `at`.
    pub fn empty(at: usize) -> Self {
        Span::new(at, at)
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// First byte after the range.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end() - self.start()
    }

    /// Whether the range holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same range for indexing a `str`.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start()..self.end()
    }

    /// The range moved to the right by `by` bytes.
    pub fn shifted(self, by: usize) -> Self {
        Span::new(self.start() + by, self.end() + by)
    }

    /// The smallest range that holds both.
    pub fn hull(self, other: Span) -> Self {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies inside this range.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two ranges share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}
