//! Byte offsets → lines and columns, for every reporter.

use crate::Report;

/// A position as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1. Lines end with a line feed.
    pub line: usize,
    /// From 1, in Unicode code points; a byte order mark is one of them.
    pub column: usize,
}

/// Bytes between two counts of code points in a text that is not ASCII.
const BLOCK: usize = 4096;

/// Where the lines of a text start. Made once per text; each lookup is a binary search.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// Lines of the source before the text.
    before: usize,
    starts: Vec<u32>,
    /// How many code points start before each block; none where every byte is one.
    counts: Option<Vec<u32>>,
}

impl<'t> Lines<'t> {
    /// Reads the text once.
    pub fn new(text: &'t str) -> Self {
        let after = |at: usize| u32::try_from(at + 1).expect("texts of 4 GiB are refused");
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(after));
        let counts = if text.is_ascii() { None } else { Some(count_blocks(text.as_bytes())) };
        Lines { text, before: 0, starts, counts }
    }

    /// The lines of a report's text, numbered as in the whole source.
    pub fn of(report: &Report<'t>) -> Self {
        let before = usize::try_from(report.offset.lines).unwrap_or(usize::MAX);
        Lines { before, ..Lines::new(report.text) }
    }

    /// How many lines of the source come before the text.
    pub fn before(&self) -> usize {
        self.before
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The line and column of a byte; of the end of the text, where the offset is beyond it.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.line_of(offset);
        let column = self.code_points(offset) - self.code_points(self.start(line)) + 1;
        Position { line: self.before + line + 1, column }
    }

    /// The number of the line that holds a byte, from 0.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= offset) - 1
    }

    /// How many lines there are; a final line feed starts another, empty one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of a line, from 0, without its line feed and the carriage return before it.
    pub fn line(&self, number: usize) -> std::ops::Range<usize> {
        let start = self.start(number);
        let end = self.next_start(number);
        let line = &self.text[start..end];
        let line = match line.strip_suffix('\n') {
            Some(line) => line.strip_suffix('\r').unwrap_or(line),
            None => line,
        };
        start..start + line.len()
    }

    /// Where the line after this one starts, or the text ends.
    pub fn next_start(&self, number: usize) -> usize {
        self.starts.get(number + 1).map_or(self.text.len(), |start| *start as usize)
    }

    fn start(&self, number: usize) -> usize {
        self.starts[number] as usize
    }

    /// How many code points start before a byte.
    fn code_points(&self, offset: usize) -> usize {
        let Some(counts) = &self.counts else { return offset };
        let block = offset / BLOCK;
        counts[block] as usize + count(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

fn count_blocks(bytes: &[u8]) -> Vec<u32> {
    let mut total = 0;
    let mut counts = vec![0];
    for block in bytes.chunks(BLOCK) {
        total += u32::try_from(count(block)).expect("a block is small");
        counts.push(total);
    }
    counts
}

/// How many bytes start a code point.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts by walking over the text.
    fn slowly(text: &str, offset: usize) -> Position {
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        Position { line, column: before[start..].chars().count() + 1 }
    }

    fn check(text: &str) {
        let lines = Lines::new(text);
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            assert_eq!(lines.position(offset), slowly(text, offset), "{text:?} at {offset}");
        }
    }

    #[test]
    fn every_offset_has_its_position() {
        for text in ["", "a", "\n", "a\nbc\n\nd", "\u{feff}é\r\n日本\n", "\r\n\r\n", "😀\n😀x"]
        {
            check(text);
        }
    }

    #[test]
    fn blocks_do_not_show() {
        check(&"é日a\n".repeat(2000));
        check(&"é".repeat(5000));
    }

    #[test]
    fn lines_come_without_their_ends() {
        let lines = Lines::new("a\r\nb\n\rc\r");
        let texts: Vec<&str> = (0..lines.count()).map(|n| &lines.text()[lines.line(n)]).collect();
        assert_eq!(texts, ["a", "b", "\rc\r"]);
        assert_eq!(Lines::new("").line(0), 0..0);
    }
}
