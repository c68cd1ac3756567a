//! Built-in types: questions about a text that patterns cannot ask.

use super::meaning;
use super::truth::Truth;
use crate::layer::{Hole, HoleKind};

/// A text with its holes.
#[derive(Clone, Copy, Debug)]
pub struct Value<'t> {
    /// The text; holes stand in it as written.
    pub text: &'t str,
    /// Its holes.
    pub holes: &'t [Hole],
}

/// Whether a text is of a built-in type. None where there is no such type.
pub fn is_of_type(name: &str, value: Value<'_>) -> Option<Truth> {
    let known = |test: fn(&str) -> bool| match value.holes.is_empty() {
        true => Truth::from(test(value.text)),
        false => Truth::Unknown,
    };
    Some(match name {
        "placeholder" => is_placeholder(value),
        "country" => known(is_country),
        "secret" => known(is_secret),
        "country-like" => known(|text| meaning::country(text).is_some()),
        "day" => known(|text| meaning::day(text).is_some()),
        "date" => known(|text| parse_date(text).is_some()),
        "number" => known(|text| parse_number(text).is_some()),
        "integer" => known(|text| text.parse::<i64>().is_ok()),
        _ => return None,
    })
}

/// An officially assigned code of ISO 3166-1 alpha-2, in upper case.
fn is_country(text: &str) -> bool {
    text.len() == 2
        && text.bytes().all(|byte| byte.is_ascii_uppercase())
        && celes::Country::from_alpha2(text).is_ok()
}

/// A text that documentation puts where a value belongs: `{id}`, `<key>`, `...`, `YOUR_API_KEY`.
/// `{{name}}` is not one: tools fill it in before they send the request.
fn is_placeholder(value: Value<'_>) -> Truth {
    let text = value.text.trim();
    let whole = |hole: &Hole| hole.span.len() == value.text.len();
    // What is asked is how the text is written; a variable is not written as a placeholder.
    match value.holes {
        [] => Truth::from(looks_like_placeholder(text)),
        [hole] if hole.kind == HoleKind::Placeholder && whole(hole) => {
            Truth::from(looks_like_placeholder(text))
        }
        _ => Truth::No,
    }
}

fn looks_like_placeholder(text: &str) -> bool {
    let inner = |open: char, close: char| {
        let inside = text.strip_prefix(open)?.strip_suffix(close)?;
        let plain =
            !inside.is_empty() && !inside.contains(['{', '}', '<', '>', '"', ':', ',', '&']);
        plain.then_some(())
    };
    if inner('{', '}').is_some() || inner('<', '>').is_some() {
        return true;
    }
    if !text.is_empty() && text.chars().all(|c| c == '.' || c == '…') {
        return text.len() >= 2;
    }
    let upper = text.to_ascii_uppercase();
    let words = ["YOUR_", "YOUR-", "MY_API", "REPLACE_", "CHANGE_ME", "CHANGEME", "INSERT_"];
    words.iter().any(|word| upper.starts_with(word))
        || matches!(upper.as_str(), "API_KEY" | "APIKEY" | "TOKEN")
        || (text.len() >= 3 && upper.bytes().all(|byte| byte == b'X'))
}

/// A text that looks made by a generator of keys: long, without spaces, letters and digits mixed.
fn is_secret(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.+/=".contains(&byte);
    text.len() >= 16
        && text.bytes().all(plain)
        && text.bytes().filter(u8::is_ascii_digit).count() >= 3
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !looks_like_placeholder(text)
        // Nobody's secret counts up.
        && !text.contains("0123456789")
        && !text.contains("1234567890")
}

/// The date in a text of the form `2026-01-31`; none for days that do not exist.
pub fn parse_date(text: &str) -> Option<jiff::civil::Date> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    if !shape {
        return None;
    }
    text.parse().ok()
}

/// The number in a text, as JSON writes numbers.
pub fn parse_number(text: &str) -> Option<f64> {
    let plain = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    if text.is_empty() || !text.bytes().all(plain) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(name: &str, text: &str) -> Truth {
        is_of_type(name, Value { text, holes: &[] }).expect("a built-in type")
    }

    #[test]
    fn knows_countries_dates_and_placeholders() {
        let yes = [
            ("country", "US"),
            ("country", "GB"),
            ("country", "NO"),
            ("date", "2024-02-29"),
            ("placeholder", "{id}"),
            ("placeholder", "<your key>"),
            ("placeholder", "..."),
            ("placeholder", "YOUR_API_KEY"),
            ("secret", "9f8e7d6c5b4a39281706f5e4d3c2b1a0"),
            ("number", "-1.5e3"),
            ("integer", "30"),
        ];
        let no = [
            ("country", "UK"),
            ("country", "us"),
            ("country", "USA"),
            ("date", "2026-02-30"),
            ("date", "20260230"),
            ("date", "31.01.2026"),
            ("placeholder", "{{id}}"),
            ("placeholder", "{\"a\":1}"),
            ("placeholder", "US"),
            ("secret", "example"),
            ("number", "cheap"),
            ("number", "NaN"),
            ("integer", "3.5"),
        ];
        yes.iter()
            .for_each(|(name, text)| assert_eq!(ask(name, text), Truth::Yes, "{name} {text}"));
        no.iter().for_each(|(name, text)| assert_eq!(ask(name, text), Truth::No, "{name} {text}"));
    }
}
