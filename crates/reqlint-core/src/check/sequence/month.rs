//! How much time lies between two exchanges, and whether a month ends there.

use crate::check::truth::Truth;
use crate::rule::Within;
use jiff::Timestamp;
use jiff::tz::TimeZone;

const HOUR: i64 = 3_600_000;
/// A month begins first at the date line, 14 hours before it does at Greenwich.
const FIRST_MIDNIGHT: i64 = 14 * HOUR;
/// It begins last 12 hours after.
const LAST_MIDNIGHT: i64 = 12 * HOUR;

/// Whether two times are within a bound of each other, the first one first.
pub(super) fn is_within(within: Option<Within>, first: i64, second: i64) -> Truth {
    match within {
        None => Truth::Yes,
        Some(_) if second < first => Truth::No,
        Some(Within::Millis(millis)) => (second - first <= millis).into(),
        Some(Within::Month) => is_same_month(first, second),
    }
}

/// Whether two times are in one calendar month, wherever the calendar hangs.
fn is_same_month(first: i64, second: i64) -> Truth {
    let Some(next) = next_month(first - LAST_MIDNIGHT) else { return Truth::Unknown };
    if second < next - FIRST_MIDNIGHT {
        return Truth::Yes;
    }
    let is_between = |start: i64| first < start - FIRST_MIDNIGHT && second >= start + LAST_MIDNIGHT;
    let after = next_month(next);
    let is_apart = is_between(next) || after.is_some_and(is_between);
    if is_apart { Truth::No } else { Truth::Unknown }
}

/// When the first month after a time begins at Greenwich.
fn next_month(after: i64) -> Option<i64> {
    let time = Timestamp::from_millisecond(after).ok()?.to_zoned(TimeZone::UTC);
    let last = time.date().last_of_month();
    let next = last.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(next.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("a time").as_millisecond()
    }

    #[test]
    fn a_month_is_certain_but_about_its_ends() {
        let within =
            |first: &str, second: &str| is_within(Some(Within::Month), at(first), at(second));
        let middle = "2026-01-14T12:00:00Z";
        assert_eq!(within(middle, "2026-01-30T12:00:00Z"), Truth::Yes);
        assert_eq!(within(middle, "2026-01-31T09:59:59Z"), Truth::Yes);
        assert_eq!(within(middle, "2026-01-31T10:00:00Z"), Truth::Unknown);
        assert_eq!(within(middle, "2026-02-01T11:59:59Z"), Truth::Unknown);
        assert_eq!(within(middle, "2026-02-01T12:00:00Z"), Truth::No);
        assert_eq!(within(middle, "2026-01-14T11:00:00Z"), Truth::No);
        assert_eq!(within("2026-01-31T11:00:00Z", "2026-01-31T11:01:00Z"), Truth::Unknown);
        assert_eq!(within("2026-01-31T11:00:00Z", "2026-03-02T11:01:00Z"), Truth::No);
        assert_eq!(within("2026-02-01T12:00:00Z", "2026-02-20T12:00:00Z"), Truth::Yes);
        assert_eq!(within("2026-02-01T11:00:00Z", "2026-02-20T12:00:00Z"), Truth::Unknown);
    }
}
