//! The formats of texts and numbers that can be told (JSON Schema 2020-12, "Validation", section
//! 7.3, and the registry of OpenAPI). Where implementations differ, the wider reading is taken.

use super::instance::Kind;
use crate::check::types::parse_date;

/// Whether a value is of a format; none where the format says nothing about such a value.
pub(crate) fn is_of_format(format: &str, kind: Kind, text: &str) -> Option<bool> {
    if kind == Kind::Number {
        return match format {
            "int32" => Some(whole(text).is_none_or(|number| i32::try_from(number).is_ok())),
            "int64" => Some(whole(text).is_none_or(|number| i64::try_from(number).is_ok())),
            _ => None,
        };
    }
    if kind != Kind::String {
        return None;
    }
    Some(match format {
        "date" => parse_date(text).is_some(),
        "date-time" => is_date_time(text),
        "time" => is_time(text),
        "duration" => is_duration(text),
        "uuid" => is_uuid(text),
        "email" | "idn-email" => is_email(text),
        "uri" => is_uri(text),
        "hostname" => is_hostname(text),
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        "byte" => is_base64(text),
        _ => return None,
    })
}

/// A whole number as it is written; none for `1.0` and the like.
fn whole(text: &str) -> Option<i128> {
    text.parse().ok()
}

/// RFC 3339, section 5.6.
fn is_date_time(text: &str) -> bool {
    let Some(date) = text.get(..10) else { return false };
    let rest = &text[10..];
    let Some(time) = rest.strip_prefix(['T', 't', ' ']) else { return false };
    parse_date(date).is_some() && is_time(time)
}

/// RFC 3339, section 5.6: `full-time`.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let two = |at: usize, most: u32| {
        let digits = text.get(at..at + 2).filter(|pair| pair.bytes().all(|b| b.is_ascii_digit()));
        digits.and_then(|digits| digits.parse::<u32>().ok()).is_some_and(|value| value <= most)
    };
    let clock = bytes.len() > 8 && bytes[2] == b':' && bytes[5] == b':';
    if !clock || !two(0, 23) || !two(3, 59) || !two(6, 60) {
        return false;
    }
    let mut rest = &text[8..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return false;
        }
        rest = &fraction[digits..];
    }
    if matches!(rest, "Z" | "z") {
        return true;
    }
    let at = text.len() - rest.len();
    rest.len() == 6
        && rest.starts_with(['+', '-'])
        && rest.as_bytes()[3] == b':'
        && two(at + 1, 23)
        && two(at + 4, 59)
}

/// RFC 3339, appendix A.
fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let amounts = |text: &str, units: &str| -> Option<usize> {
        let (mut text, mut units, mut count) = (text, units, 0);
        while !text.is_empty() {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let unit = text[digits..].chars().next().filter(|_| digits > 0)?;
            let at = units.find(unit)?;
            units = &units[at + 1..];
            text = &text[digits + 1..];
            count += 1;
        }
        Some(count)
    };
    let date = amounts(date, "YMWD");
    match (date, time.map(|time| amounts(time, "HMS"))) {
        (Some(count), None) => count > 0,
        (Some(_), Some(Some(count))) => count > 0,
        _ => false,
    }
}

/// RFC 9562, section 4.
fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let mut parts = text.split('-');
    lengths.iter().all(|length| {
        let part = parts.next().unwrap_or_default();
        part.len() == *length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    }) && parts.next().is_none()
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.is_empty()
            && !host.contains([' ', '@', ','])
            && !name.contains(' ')
    })
}

/// RFC 3986, section 3: a scheme and something behind it, without what must be escaped.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    begins
        && scheme.bytes().all(plain)
        && !rest
            .contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c))
}

/// RFC 1123, section 2.1.
fn is_hostname(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.strip_suffix('.').unwrap_or(text).split('.').all(label)
}

/// RFC 4648, section 4 or 5.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    body.bytes().all(plain) && padding <= 2 && body.len() % 4 != 1
}
