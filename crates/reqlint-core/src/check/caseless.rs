//! Comparing texts without case.

use std::iter;

/// How the case of letters counts when two texts are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fold {
    /// It counts.
    #[default]
    Exact,
    /// It does not count for ASCII letters, as in names of headers and hosts.
    Ascii,
    /// It does not count, and the Turkish letters with and without a dot are one letter.
    Any,
}

impl Fold {
    /// Without ASCII case where that is asked for.
    pub(crate) fn ascii(ascii: bool) -> Self {
        if ascii { Fold::Ascii } else { Fold::Exact }
    }

    /// Whether two texts in NFC are equal.
    pub(crate) fn equal(self, one: &str, other: &str) -> bool {
        match self {
            Fold::Exact => one == other,
            Fold::Ascii => one.eq_ignore_ascii_case(other),
            Fold::Any => one.eq_ignore_ascii_case(other) || letters(one).eq(letters(other)),
        }
    }

    /// Whether two pieces of text are equal. Pieces are compared by bytes, and so without ASCII
    /// case at most.
    pub(crate) fn equal_bytes(self, one: &[u8], other: &[u8]) -> bool {
        match self {
            Fold::Exact => one == other,
            Fold::Ascii | Fold::Any => one.eq_ignore_ascii_case(other),
        }
    }
}

/// A text in NFC as a key for look-ups without case: equal for texts that [`Fold::Any`] calls equal.
pub(crate) fn caseless_key(text: &str) -> String {
    match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => letters(text).collect(),
    }
}

/// The letters in lower case. Turkish writes `ı` and `İ` where English has `i` and `I`, and which
/// of them becomes which depends on the language of the reader: all four are `i` here.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut lower = text.chars().flat_map(char::to_lowercase).peekable();
    iter::from_fn(move || {
        let letter = lower.next()?;
        if !matches!(letter, 'i' | 'ı') {
            return Some(letter);
        }
        // `İ` in lower case is an `i` with a dot of its own.
        lower.next_if_eq(&'\u{307}');
        Some('i')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turkish_letters_are_one_letter() {
        for other in ["sınır", "SINIR", "SİNİR", "Sinir", "sinir"] {
            assert!(Fold::Any.equal("sınır", other), "{other}");
            assert_eq!(caseless_key("sınır"), caseless_key(other), "{other}");
        }
        assert!(Fold::Any.equal("ÜLKE", "ülke"));
        assert!(!Fold::Ascii.equal("ÜLKE", "ülke"));
        assert!(!Fold::Exact.equal("Ulke", "ulke"));
        assert!(!Fold::Any.equal("sınır", "sınar"));
    }
}
