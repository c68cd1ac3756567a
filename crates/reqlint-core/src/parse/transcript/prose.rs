//! What people write about a failure: `404 https://…`, `got a 401`, `HTTPError: 404 Client Error`.

use crate::parse::lines::has_scheme;
use crate::span::Span;
use regex::Regex;
use std::sync::LazyLock;

/// A number with the words that the registry of status codes has for it, or that clients use.
static WITH_REASON: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?i)\b([1-5][0-9]{2})\)?:?\s+\(?(?:ok|created|accepted|no content|moved|found|see other|not modified|temporary redirect|permanent redirect|bad request|unauthori[sz]ed|payment|forbidden|not found|method not|not acceptable|proxy auth|request time|conflict|gone|length required|precondition|payload|content too|request entity|request-uri|request uri|uri too|unsupported|misdirected|unprocessable|locked|upgrade required|too many|request header|unavailable for|internal|not implemented|bad gateway|service|gateway time|http version|network auth|client error|server error|yetkisiz|bulunamad|proibido|acesso|accès|acceso|no encontrado|error del servidor)",
    )
});

/// A number behind words that announce a status.
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?i)(?:\bhttp(?:/[0-9.]+)?|\bstatus|\bhttp[ _-]?(?:status|code)|\b(?:status|response)[ _-]?code|\berror|\breturns?|\breturned|\bresponse|\bgot|\bget|\bgetting|\bgives?|\bsays?|\banswer(?:s|ed)?|→|->|=>)[^\w\n]{0,4}(?:code\W{1,3})?(?:is\s+|was\s+|an?\s+|me\s+(?:an?\s+)?|with\s+(?:an?\s+)?|back\s+(?:an?\s+)?)?(?:http\s+)?(?:error\s+|status\s+)?(?:code\s+)?\W?([1-5][0-9]{2})\b",
    )
});

static URL: LazyLock<Regex> = LazyLock::new(|| compile(r#"(?i)\bhttps?://[^\s'"`<>|^\\]+"#));

static PATH: LazyLock<Regex> = LazyLock::new(|| {
    compile(r#"\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+((?:https?://|/)[^\s'"`<>|^\\]+)"#)
});

/// Lines are read up to so many bytes.
const LONGEST: usize = 2000;

fn compile(source: &str) -> Regex {
    Regex::new(source).expect("the expression is written above")
}

/// The status code that a line speaks of, with its bytes.
pub(super) fn find_status(line: &str) -> Option<(Span, u16)> {
    // What people say, they say soon.
    let line = &line[..line.floor_char_boundary(LONGEST)];
    let words = line.trim();
    let span = match words.len() {
        3 => Some(Span::new(line.len() - line.trim_start().len(), line.trim_end().len())),
        _ => by_words(line).or_else(|| beside_url(line)),
    }?;
    let code: u16 = line[span.range()].parse().ok()?;
    (100..600).contains(&code).then_some((span, code))
}

fn by_words(line: &str) -> Option<Span> {
    let found = [&WITH_REASON, &ANNOUNCED].into_iter().find_map(|regex| {
        regex
            .captures_iter(line)
            .filter_map(|found| found.get(1))
            .find(|code| is_free(line, code.range()))
    })?;
    Some(Span::new(found.start(), found.end()))
}

/// A number that stands alone in a line with a URL: `404 https://…`, `GET https://… 404`.
fn beside_url(line: &str) -> Option<Span> {
    let url = find_url(line)?;
    let mut at = 0;
    for word in line.split_inclusive([' ', '\t', ',', ':']) {
        let number = word.trim_matches(|c: char| !c.is_alphanumeric());
        let start = at + word.find(number).unwrap_or(0);
        let span = Span::new(start, start + number.len());
        at += word.len();
        let is_code = number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
        if is_code && !url.span.overlaps(span) && is_free(line, span.range()) {
            return Some(span);
        }
    }
    None
}

/// Whether a number is no part of a larger one, and counts nothing.
fn is_free(line: &str, number: std::ops::Range<usize>) -> bool {
    let after = line[number.end..].trim_start();
    let units = ["ms", "bytes", "kb", "mb", "s ", "seconds", "requests", "items", "rows", "times"];
    let glued = line[number.end..].starts_with(|c: char| c.is_alphanumeric());
    let in_url =
        find_url(line).is_some_and(|url| url.span.contains(Span::new(number.start, number.end)));
    !glued && !in_url && !units.iter().any(|unit| after.to_ascii_lowercase().starts_with(unit))
}

/// A URL in a line, with the method before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) span: Span,
    pub(super) method: Option<Span>,
}

/// The first URL of a line; a path counts where a method stands before it.
pub(super) fn find_url(line: &str) -> Option<Written> {
    if let Some(found) = PATH.captures(line) {
        let (method, url) = (found.get(1)?, found.get(2)?);
        let span = without_point(line, url.start(), url.end());
        return Some(Written { span, method: Some(Span::new(method.start(), method.end())) });
    }
    let url = URL.find(line)?;
    let span = without_point(line, url.start(), url.end());
    has_scheme(&line[span.range()]).then_some(Written { span, method: None })
}

/// Without the points and brackets of the sentence around it.
fn without_point(line: &str, start: usize, end: usize) -> Span {
    let url = &line[start..end];
    let mut kept = url.trim_end_matches(['.', ',', ';', ':', '!', '*']);
    for (open, close) in [('(', ')'), ('[', ']')] {
        if kept.ends_with(close) && !kept.contains(open) {
            kept = &kept[..kept.len() - 1];
        }
    }
    Span::new(start, start + kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(line: &str) -> Option<u16> {
        find_status(line).map(|(span, code)| {
            assert_eq!(line[span.range()], code.to_string());
            code
        })
    }

    #[test]
    fn statuses_in_words() {
        for line in [
            "404 https://a.example/x",
            "GET https://a.example/x 404 (Not Found)",
            "requests.exceptions.HTTPError: 404 Client Error: Not Found for url: https://a.example/x",
            "I keep getting a 404",
            "HTTP status: 404",
            "http_code=404",
            "the server returned an error: (404) Not Found.",
            "AxiosError: Request failed with status code 404",
            "https://a.example/page/200 → 404",
            "404 Bulunamadı",
            "404",
        ] {
            assert_eq!(status(line), Some(404), "{line}");
        }
        for line in [
            "it took 404 ms",
            "https://a.example/404",
            "I sent 200 requests",
            "limit=100",
            "got 100 items back",
            "we have 300 shops",
        ] {
            assert_eq!(status(line), None, "{line}");
        }
    }

    #[test]
    fn urls_in_words() {
        let url = |line: &'static str| find_url(line).map(|url| &line[url.span.range()]);
        assert_eq!(url("see https://a.example/x?y=1."), Some("https://a.example/x?y=1"));
        assert_eq!(url("(https://a.example/x)"), Some("https://a.example/x"));
        assert_eq!(url("POST /api/v1/x gives 404"), Some("/api/v1/x"));
        assert_eq!(url("and/or"), None);
    }
}
