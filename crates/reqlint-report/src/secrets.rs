//! Keeps secrets out of what is written: by place in the source, by value in texts made from it.

use percent_encoding::percent_decode_str;
use reqlint_core::secret;
use reqlint_core::span::Span;
use std::borrow::Cow;

/// A shorter secret is only found as a word of its own: `a` is part of most texts.
const LONG: usize = 6;

/// The secrets of one source.
#[derive(Debug)]
pub(crate) struct Secrets<'t> {
    spans: &'t [Span],
    /// As written, and decoded; the longest first.
    values: Vec<String>,
}

impl<'t> Secrets<'t> {
    pub(crate) fn new(text: &'t str, spans: &'t [Span]) -> Self {
        let written = spans.iter().filter_map(|span| text.get(span.range()));
        Self::with_values(spans, written.map(str::to_owned))
    }

    /// With more texts that are secret than those which the source shows.
    pub(crate) fn with_values(spans: &'t [Span], found: impl Iterator<Item = String>) -> Self {
        let mut values = Vec::new();
        for value in found {
            if let Ok(decoded) = percent_decode_str(&value).decode_utf8()
                && decoded != value
            {
                values.push(decoded.into_owned());
            }
            values.push(value);
        }
        values.retain(|value| value.contains(char::is_alphanumeric));
        values.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        values.dedup();
        Secrets { spans, values }
    }

    /// Whether a byte of the source belongs to a secret.
    pub(crate) fn holds(&self, offset: usize) -> bool {
        let after = self.spans.partition_point(|span| span.start() <= offset);
        after > 0 && offset < self.spans[after - 1].end()
    }

    /// Whether a text that was made from the source shows a secret.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        !text.is_empty() && !self.find(text).is_empty()
    }

    /// A text that was made from the source, with its secrets masked.
    pub(crate) fn mask(&self, text: &str) -> String {
        let found = self.find(text);
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for span in found {
            masked.push_str(&text[at..span.start()]);
            masked.extend(text[span.range()].chars().map(|_| '*'));
            at = span.end();
        }
        masked.push_str(&text[at..]);
        masked
    }

    /// Like [`mask`](Self::mask), for content that is no text.
    pub(crate) fn mask_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut masked = bytes.to_owned();
        for value in &self.values {
            for at in memchr::memmem::find_iter(bytes, value.as_bytes()) {
                masked[at..at + value.len()].fill(b'*');
            }
        }
        masked
    }

    /// Words about the source, with its secrets masked: the engine masks them already, so this
    /// leaves alone what is short enough to be part of a word.
    pub(crate) fn mask_words<'w>(&self, words: &'w str) -> Cow<'w, str> {
        let shows = |value: &String| value.len() >= LONG && words.contains(value.as_str());
        if self.values.iter().any(shows) { self.mask(words).into() } else { words.into() }
    }

    /// Sorted, without overlaps.
    fn find(&self, text: &str) -> Vec<Span> {
        let mut found = secret::find_secrets_in_text(text);
        for value in &self.values {
            let matches = text.match_indices(value.as_str());
            let matches =
                matches.filter(|(at, _)| value.len() >= LONG || is_word(text, *at, value));
            found.extend(matches.map(|(at, part)| Span::new(at, at + part.len())));
        }
        found.sort_unstable();
        let mut apart: Vec<Span> = Vec::with_capacity(found.len());
        for span in found {
            match apart.last_mut() {
                Some(last) if span.start() <= last.end() => *last = last.hull(span),
                _ => apart.push(span),
            }
        }
        apart
    }
}

/// Whether a part of a text touches no letter or digit.
fn is_word(text: &str, at: usize, part: &str) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + part.len()..].chars().next();
    !before.into_iter().chain(after).any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_again_in_new_texts() {
        let text = "key=abc%2B&k=abc";
        let spans = [Span::new(4, 10), Span::new(13, 16)];
        let secrets = Secrets::new(text, &spans);
        assert!(secrets.holds(4) && secrets.holds(9) && !secrets.holds(10) && secrets.holds(15));
        assert_eq!(secrets.mask("X: abc+ and abc%2B, é"), "X: **** and ******, é");
        assert!(secrets.are_in("-H 'K: abc'") && !secrets.are_in("X-API-Key"));
        assert!(!secrets.are_in("abcd") && !secrets.are_in("xabc"));
    }
}
