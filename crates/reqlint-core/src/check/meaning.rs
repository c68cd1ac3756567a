//! What a text means that is written in another way than an API asks for: a day, a country.

use super::caseless::Fold;
use super::types::parse_date;
use celes::{Country, LookupTable};

/// The day that a text leaves no doubt about: the year stands first, as in `2026/3/1`, `20260301`
/// or `2026-03-01T12:00:00Z`. None where day and month could be confused.
pub(crate) fn day(text: &str) -> Option<jiff::civil::Date> {
    let text = text.trim();
    let date = text.split_once(['T', ' ']).map_or(text, |(date, _)| date);
    let is_time = |rest: &str| rest.len() >= 5 && rest.as_bytes()[2] == b':' || rest.is_empty();
    if !is_time(text[date.len()..].trim_start_matches(['T', ' '])) {
        return None;
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if date.len() == 8 && digits(date) {
        return parse_date(&format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]));
    }
    let mut pieces = date.split(['-', '/', '.']);
    let (year, month, day) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let fits = year.len() == 4 && [month, day].iter().all(|piece| matches!(piece.len(), 1 | 2));
    if pieces.next().is_some() || !fits || ![year, month, day].into_iter().all(digits) {
        return None;
    }
    parse_date(&format!("{year}-{month:0>2}-{day:0>2}"))
}

/// The ISO 3166-1 alpha-2 code of the country that a text means: the code in any case, the
/// alpha-3 code, or an English name of it.
pub(crate) fn country(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let upper = text.to_ascii_uppercase();
    let by_code = match text.len() {
        2 => Country::from_alpha2(&upper).ok(),
        3 => Country::from_alpha3(&upper).ok(),
        _ => None,
    };
    by_code.or_else(|| country_named(text)).map(|country| country.alpha2)
}

fn country_named(text: &str) -> Option<Country> {
    if text.len() < 4 {
        return None;
    }
    let plain = |name: &str| -> String {
        let name = name.strip_prefix("The ").or(name.strip_prefix("the ")).unwrap_or(name);
        name.chars().filter(|letter| letter.is_alphabetic()).collect()
    };
    let wanted = plain(text);
    let is_meant = |name: &str| Fold::Any.equal(&plain(name), &wanted);
    let named = |country: &Country| {
        is_meant(country.long_name) || country.aliases.iter().any(|alias| is_meant(alias))
    };
    Country::get_countries().into_iter().find(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_with_the_year_first() {
        for text in ["2026-03-01", "2026/03/01", "2026.3.1", "20260301", "2026-03-01T12:00:00Z"] {
            assert_eq!(
                day(text).map(|day| day.to_string()).as_deref(),
                Some("2026-03-01"),
                "{text}"
            );
        }
        for text in [
            "01.03.2026",
            "2026-02-30",
            "2026",
            "26-03-01",
            "2026-03-01-02",
            "2026-03-01T",
            "2026-03-01é",
        ] {
            let expected = (text == "2026-03-01T").then(|| "2026-03-01".to_owned());
            assert_eq!(day(text).map(|day| day.to_string()), expected, "{text}");
        }
    }

    #[test]
    fn countries_by_codes_and_names() {
        let known = [
            ("de", "DE"),
            ("DEU", "DE"),
            ("usa", "US"),
            ("Germany", "DE"),
            ("united kingdom", "GB"),
            ("The Netherlands", "NL"),
            ("TURKIYE", "TR"),
            ("Türkiye", "TR"),
            ("South Korea", "KR"),
            ("Viet Nam", "VN"),
            ("czech republic", "CZ"),
        ];
        for (text, code) in known {
            assert_eq!(country(text), Some(code), "{text}");
        }
        for text in ["UK", "EN", "Atlantis", "", "GER", "é", "日本"] {
            assert_eq!(country(text), None, "{text}");
        }
    }
}
