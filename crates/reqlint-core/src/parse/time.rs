//! When something was sent, in the notations of recordings and logs.

use crate::layer::Layers;
use crate::model::{JsonKind, JsonValue};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The time that a JSON value says, in milliseconds since 1970: a number of seconds, milliseconds,
/// microseconds or nanoseconds, or a text.
pub(crate) fn read_time(layers: &Layers<'_>, value: &JsonValue) -> Option<i64> {
    let text = layers.text(value.text).trim();
    match value.kind {
        JsonKind::Number | JsonKind::String => parse_time(text),
        _ => None,
    }
}

/// The time that a text says: a number, ISO 8601 (RFC 3339), or as logs of servers write it. A
/// text without an offset is taken for UTC.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    if text.len() > LONGEST {
        return None;
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return from_number(text.parse().ok()?);
    }
    let stamp = text.parse::<Timestamp>().ok().or_else(|| common_log_time(text));
    let stamp = stamp.or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    });
    Some(stamp?.as_millisecond())
}

/// No notation of a time is longer.
const LONGEST: usize = 64;

/// Numbers up to here are seconds, those up to a thousand times it milliseconds, and so on. As
/// seconds it is the year 5138; as milliseconds it is 1973, before which nothing was recorded.
const MOST_SECONDS: f64 = 1e11;

fn from_number(number: f64) -> Option<i64> {
    let size = number.abs();
    let millis = match () {
        () if size < MOST_SECONDS => number * 1e3,
        () if size < MOST_SECONDS * 1e3 => number,
        () if size < MOST_SECONDS * 1e6 => number / 1e3,
        () if size < MOST_SECONDS * 1e9 => number / 1e6,
        () => return None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "it was bounded above")]
    Some(millis.round() as i64)
}

/// `14/Jan/2026:12:00:00 +0100`, the Common Log Format of NCSA servers.
fn common_log_time(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (day, rest) = text.split_once('/')?;
    let (month, rest) = rest.split_once('/')?;
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let (year, rest) = rest.split_once([':', ' '])?;
    let (clock, offset) = rest.split_once(' ').unwrap_or((rest, "+0000"));
    let (hours, minutes) = offset.split_at_checked(3)?;
    format!("{year}-{month:02}-{day}T{clock}{hours}:{minutes}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse_time;

    #[test]
    fn every_notation_gives_the_same_time() {
        for text in [
            "1768392000",
            "1768392000.000",
            "1768392000000",
            "1768392000000000",
            "1768392000000000000",
            "2026-01-14T12:00:00Z",
            "2026-01-14T13:00:00.000+01:00",
            "2026-01-14T12:00:00+0000",
            "2026-01-14T12:00:00",
            "2026-01-14 12:00:00",
            "2026-01-14 12:00:00.000Z",
            "14/Jan/2026:12:00:00 +0000",
            "14/Jan/2026:07:30:00 -0430",
            "14/Jan/2026:12:00:00",
            "14/Jan/2026 12:00:00",
        ] {
            assert_eq!(parse_time(text), Some(1_768_392_000_000), "{text}");
        }
        for text in ["", "noon", "14/Foo/2026:12:00:00 +0000", "2026-13-14T12:00:00Z", "1e400", "."]
        {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
