//! Characters that a terminal would obey, or hide, become visible stand-ins.

use std::borrow::Cow;

/// What is shown for a character that must not be printed as it is; none where it may be.
pub fn stand_in(character: char, unicode: bool) -> Option<String> {
    match character {
        '\u{0}'..='\u{1f}' | '\u{7f}' => Some(control(character, unicode)),
        _ if is_hidden(character) => Some(format!("<U+{:04X}>", u32::from(character))),
        _ => None,
    }
}

/// Control pictures, or the notation of `cat -v`.
fn control(character: char, unicode: bool) -> String {
    let code = u32::from(character);
    if unicode {
        let picture = if code == 0x7f { 0x2421 } else { 0x2400 + code };
        char::from_u32(picture).map_or_else(String::new, String::from)
    } else {
        format!("^{}", char::from_u32(code ^ 0x40).unwrap_or('?'))
    }
}

/// Whether a character is not seen, or turns the order of those around it.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}'
        | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a terminal obeys a character: controls but for tabs, and what turns the order of text.
/// Others that are not seen do no harm where a text is to be copied.
pub(crate) fn is_obeyed(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}')
}

/// A text of one line in which every character can be seen.
pub fn line(text: &str, unicode: bool) -> Cow<'_, str> {
    replaced(text, |character| stand_in(character, unicode))
}

/// A text in which every character can be seen, and line ends stay.
pub fn paragraphs(text: &str, unicode: bool) -> Cow<'_, str> {
    replaced(text, |character| match character {
        '\n' => None,
        _ => stand_in(character, unicode),
    })
}

/// A text of one line with the escapes of JSON and Rust for what is not printable, for programs
/// that read lines: `\n`, `\u{1b}`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    replaced(text, |character| {
        let hidden = character != '\u{a0}' && is_hidden(character);
        (character.is_control() || hidden).then(|| match character {
            '\n' | '\r' | '\t' => character.escape_default().to_string(),
            _ => character.escape_unicode().to_string(),
        })
    })
}

/// At most that many characters: the start and the end, with an ellipsis between.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    let Some((cut, _)) = text.char_indices().nth(most) else { return Cow::Borrowed(text) };
    let tail = most / 4;
    let head = text[..cut].char_indices().nth(most - tail).map_or(cut, |(at, _)| at);
    let end = text.char_indices().rev().nth(tail.saturating_sub(1)).map_or(cut, |(at, _)| at);
    Cow::Owned(format!("{}…{}", &text[..head], &text[end..]))
}

fn replaced(text: &str, stand_in: impl Fn(char) -> Option<String>) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut copied = 0;
    for (at, character) in text.char_indices() {
        if let Some(instead) = stand_in(character) {
            shown.push_str(&text[copied..at]);
            shown.push_str(&instead);
            copied = at + character.len_utf8();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(&text[copied..]);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_obey() {
        let text = "a\u{1b}[31m\u{202e}b\u{200b}c\u{85}\u{7f}\u{feff}é日😀";
        assert_eq!(line(text, true), "a␛[31m<U+202E>b<U+200B>c<U+0085>␡<U+FEFF>é日😀");
        assert_eq!(line("\u{1b}\n\t", false), "^[^J^I");
        assert_eq!(paragraphs("a\nb\u{7}", true), "a\nb␇");
        assert_eq!(escaped("a\u{1b}\n\u{202e}"), "a\\u{1b}\\n\\u{202e}");
    }

    #[test]
    fn long_texts_keep_both_ends() {
        assert_eq!(shortened("abcdefghij", 8), "abcdef…ij");
        assert_eq!(shortened("abcdefgh", 8), "abcdefgh");
        assert_eq!(shortened("日本語日本語", 4), "日本語…語");
    }
}
