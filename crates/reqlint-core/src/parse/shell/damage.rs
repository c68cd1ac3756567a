//! Damage that only the shell's own reading shows: a `$` or `!` that expands where the character
//! is meant, JSON without quotes, comments between joined lines, line ends of Windows, and quotes
//! as a page's source writes them.
//!
//! The text is read as its author meant it, and a finding says what the shell would make of it.

use super::blank::starts_option;
use super::lexer::Lexer;
use super::word::PartKind;
use crate::layer::Quote;
use crate::model::{Finding, FindingKind};
use memchr::{memchr, memchr_iter, memmem};
use std::cell::Cell;

/// What was noticed so far, in a text as a whole.
#[derive(Debug, Default)]
pub(super) struct Damage {
    /// How many `$` were looked at closely.
    dollars: usize,
    /// Whether carriage returns were told of.
    carriage_returns: Cell<bool>,
    /// Whether the text uses parameters such as `$1`, once that was asked.
    parameters: Cell<Option<bool>>,
    /// Before this byte, no JSON without quotes begins.
    no_json: usize,
}

/// Each `$` costs a look through the whole text, so that only this many get one.
const MOST_DOLLARS: usize = 100;

/// Names in queries and JSON that begin with a `$` of their own: of OData, JSON Schema and MongoDB.
const DOLLAR_PARAMETERS: [&str; 10] =
    ["filter", "select", "top", "skip", "orderby", "expand", "count", "search", "format", "apply"];
const DOLLAR_MEMBERS: [&str; 20] = [
    "ref", "schema", "defs", "set", "unset", "inc", "push", "pull", "gt", "gte", "lt", "lte", "eq",
    "ne", "in", "nin", "or", "and", "exists", "regex",
];

/// Quotes as HTML writes them, each with the quote that it stands for.
const HTML_QUOTES: [(&str, u8); 6] = [
    ("&quot;", b'"'),
    ("&#34;", b'"'),
    ("&#39;", b'\''),
    ("&#039;", b'\''),
    ("&#x27;", b'\''),
    ("&apos;", b'\''),
];

impl Lexer<'_, '_, '_> {
    /// Whether the `$` at `at` was meant as the character; then it is reported.
    pub(super) fn is_lost_dollar(&mut self, at: usize) -> bool {
        if self.damage.dollars >= MOST_DOLLARS {
            return false;
        }
        let rest = &self.text.as_bytes()[at + 1..self.end];
        let length = match rest.first() {
            Some(b'0'..=b'9') => self.price(rest),
            Some(b'a'..=b'z') => self.own_name(at, rest),
            Some(b'$' | b'#' | b'!' | b'?' | b'*' | b'-') => self.inside_word(at, rest),
            _ => None,
        };
        let Some(length) = length else { return false };
        self.damage.dollars += 1;
        let end = at + 1 + length;
        let repair = vec![(self.root(at, at), "\\".to_owned())];
        self.find(FindingKind::ExpandingDollar, at, end).repair = repair;
        true
    }

    /// `$19`, `$5.99` and `$1,000` are prices; so is a `$5` where nothing takes parameters.
    fn price(&self, rest: &[u8]) -> Option<usize> {
        let digits = rest.iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
        let goes_on = matches!(rest.get(digits), Some(b'.' | b','))
            && rest.get(digits + 1).is_some_and(u8::is_ascii_digit);
        let lonely = || rest[0] > b'1' && !self.uses_parameters();
        (digits > 1 || goes_on || lonely()).then_some(digits)
    }

    fn uses_parameters(&self) -> bool {
        if let Some(known) = self.damage.parameters.get() {
            return known;
        }
        let text = self.text.as_bytes();
        let uses = ["$1", "${1", "$@", "$*", "shift"];
        let known = uses.iter().any(|used| memmem::find(text, used.as_bytes()).is_some());
        self.damage.parameters.set(Some(known));
        known
    }

    /// `?$filter=`, `"$set":`, where no variable of that name is set.
    fn own_name(&mut self, at: usize, rest: &[u8]) -> Option<usize> {
        let length = rest.iter().take(20).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let name = std::str::from_utf8(&rest[..length]).ok()?;
        let after = &rest[length..];
        let before = &self.text[..at];
        let is_parameter = before.ends_with(['?', '&'])
            && after.starts_with(b"=")
            && DOLLAR_PARAMETERS.contains(&name);
        let is_member = || {
            let quoted = before.ends_with("\\\"") && after.starts_with(b"\\\"");
            let plain = before.ends_with('"') && after.starts_with(b"\"");
            let after = after.strip_prefix(b"\\").unwrap_or(after);
            let colon = after.get(1..).is_some_and(|it| it.trim_ascii_start().starts_with(b":"));
            (quoted || plain) && colon && DOLLAR_MEMBERS.contains(&name)
        };
        ((is_parameter || is_member()) && !self.is_assigned(name)).then_some(length)
    }

    fn is_assigned(&mut self, name: &str) -> bool {
        self.damage.dollars += 1;
        let finder = memmem::Finder::new(name.as_bytes());
        finder.find_iter(self.text.as_bytes()).any(|at| {
            let after = &self.text[at + name.len()..];
            let start = self.text[..at].ends_with([' ', '\t', '\n', ';']) || at == 0;
            let read = self.text[..at].ends_with("read ") || self.text[..at].ends_with("for ");
            start && after.starts_with('=') || read
        })
    }

    /// `pa$$word`: a special parameter between letters.
    fn inside_word(&self, at: usize, rest: &[u8]) -> Option<usize> {
        let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let before = at.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        (letter(before) && letter(rest.get(1))).then_some(1)
    }

    /// Notices a `!` in the word that began at `start`, with its pieces from `first` on, that an
    /// interactive shell would replace (bash manual, History Expansion). A script has no history.
    pub(super) fn notice_history(&mut self, start: usize, first: usize) {
        let text = self.text;
        if memchr(b'!', &text.as_bytes()[start..self.at.max(start)]).is_none()
            || self.document.layers.source().starts_with("#!")
            || self.depth > 0
        {
            return;
        }
        let mut repair = Vec::new();
        let mut place = None;
        for part in &self.buffers.parts[first..] {
            if !matches!(part.kind, PartKind::Exact)
                || !matches!(part.quote, Quote::None | Quote::Double)
            {
                continue;
            }
            for at in memchr_iter(b'!', &text.as_bytes()[part.span.range()]) {
                let at = part.span.start() + at;
                let Some(length) = event_length(text, at) else { continue };
                place = place.or(Some((at, at + length)));
                let mend = if part.quote == Quote::Double { "\"'!'\"" } else { "\\!" };
                repair.push((self.root(at, at + 1), mend.to_owned()));
            }
        }
        if let Some((from, to)) = place {
            self.find(FindingKind::HistoryExpansion, from, to).repair = repair;
        }
    }

    /// Reads JSON that no quotes surround, or double ones, which end where its own begin, as the
    /// argument of `-d` and its kin; false where there is none.
    pub(super) fn unquoted_json(&mut self) -> bool {
        let start = self.at;
        let quote = usize::from(self.peek() == Some(b'"'));
        let begins = matches!(self.byte(start + quote), Some(b'{' | b'['));
        if !begins || start < self.damage.no_json || !self.is_data(start) {
            return false;
        }
        let inside = start + quote;
        let end = match json_length(&self.rest().as_bytes()[quote..]) {
            Ok(length) => inside + length,
            Err(read) => {
                self.damage.no_json = inside + read;
                return false;
            }
        };
        if quote == 1 && self.byte(end) != Some(b'"') {
            return false;
        }
        self.at = end + quote;
        if !matches!(self.peek(), None | Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at = start;
            return false;
        }
        self.push_exact(inside, end, Quote::Single);
        let quotable = !self.text[inside..end].contains('\'');
        let ends = [self.root(start, inside), self.root(end, self.at)];
        let finding = self.find(FindingKind::UnquotedJson, start, end + quote);
        if quotable {
            finding.repair = ends.map(|end| (end, "'".to_owned())).to_vec();
        }
        true
    }

    /// Skips comment lines after a line join, where the command was meant to go on below them.
    pub(super) fn comments_between(&mut self) {
        let start = self.at;
        let mut next = start;
        let mut first = None;
        while let Some(mark) = self.text[next..self.end].find(|c: char| !matches!(c, ' ' | '\t')) {
            let line = &self.text[next + mark..self.end];
            if !line.starts_with('#') {
                break;
            }
            let length = memchr(b'\n', line.as_bytes()).unwrap_or(line.len());
            first = first.or(Some((next + mark, line[..length].trim_end().len())));
            next = (next + mark + length + 1).min(self.end);
        }
        let Some((mark, length)) = first else { return };
        if !starts_argument(self.text[next..self.end].trim_start_matches([' ', '\t'])) {
            return;
        }
        self.at = next;
        let lines = self.root(start, next);
        self.find(FindingKind::CommentInCommand, mark, mark + length).repair =
            vec![(lines, String::new())];
    }

    /// A comment up to `end` that hides the line join at its own end.
    pub(super) fn comment_before_join(&mut self, end: usize) {
        let start = self.at;
        self.at = end;
        let next = self.after_line_end(end);
        if !starts_argument(self.text[next..self.end].trim_start_matches([' ', '\t'])) {
            return;
        }
        self.at = next;
        let length = self.text[start..end].trim_end().len();
        let hidden = self.root(start, start + length - 1);
        self.find(FindingKind::CommentInCommand, start, start + length).repair =
            vec![(hidden, String::new())];
    }

    /// Line ends of Windows in the text, told of once: bash takes the carriage return for a part
    /// of the last word.
    pub(super) fn carriage_returns(&self) -> Option<Finding> {
        if self.damage.carriage_returns.replace(true) {
            return None;
        }
        let bytes = self.text.as_bytes();
        let ends: Vec<usize> = memmem::find_iter(bytes, b"\r\n").collect();
        let first = *ends.first()?;
        let mut finding = Finding::new(FindingKind::CarriageReturn, self.place(first, first + 1));
        finding.repair = ends.iter().map(|at| (self.root(*at, *at + 1), String::new())).collect();
        Some(finding)
    }

    /// Whether a quote stands at the cursor as HTML writes it, with another one that closes it.
    pub(super) fn starts_html_quote(&self) -> bool {
        self.html_quote().is_some()
    }

    /// The quote at the cursor, its length, and where the one begins that closes it.
    fn html_quote(&self) -> Option<(u8, usize, usize)> {
        let rest = self.rest();
        let (name, quote) = HTML_QUOTES.iter().find(|(name, _)| rest.starts_with(name))?;
        let inside = &rest[name.len()..];
        let close = memmem::find(inside.as_bytes(), name.as_bytes())?;
        let one_line = memchr(b'\n', &inside.as_bytes()[..close]).is_none();
        one_line.then_some((*quote, name.len(), self.at + name.len() + close))
    }

    /// Reads what stands between quotes as HTML writes them.
    pub(super) fn html_quoted(&mut self) {
        let start = self.at;
        let Some((quote, length, close)) = self.html_quote() else { return };
        self.at = start + length;
        if quote == b'"' {
            let end = std::mem::replace(&mut self.end, close);
            self.expanding_text(Quote::Double, None);
            self.end = end;
        } else {
            self.push_exact(self.at, close, Quote::Single);
        }
        self.at = close + length;
        let ends = [self.root(start, start + length), self.root(close, close + length)];
        let inside = &self.text[start + length..close];
        let clash = inside.contains(char::from(quote));
        let finding = self.find(FindingKind::HtmlEscapedQuote, start, close + length);
        if !clash {
            finding.repair = ends.map(|end| (end, char::from(quote).to_string())).to_vec();
        }
    }
}

/// Whether a line goes on with an option or a URL of the command above it.
fn starts_argument(line: &str) -> bool {
    starts_option(line) || line.trim_start_matches(['\'', '"']).starts_with("http")
}

/// The length of the `!` at `at` with the word behind it, if a shell would look that up.
fn event_length(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].chars().next_back();
    if matches!(before, Some('\\' | '$' | '[' | '{')) {
        return None;
    }
    let rest = &text[at + 1..];
    let next = rest.chars().next()?;
    if next.is_whitespace() || matches!(next, '=' | '(' | '"' | '\'') {
        return None;
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '&' | '|' | '<' | '>');
    let length = rest.find(ends).unwrap_or(rest.len()).min(rest.len());
    Some(1 + length.max(next.len_utf8()))
}

/// The length of the JSON object or array at the start of `bytes`, on one line and at the end of
/// a word, with a string in it. Else how much was read to know that there is none, or that the
/// shell would expand something in it.
fn json_length(bytes: &[u8]) -> Result<usize, usize> {
    let (mut depth, mut strings, mut at) = (0_usize, 0_usize, 0);
    loop {
        match bytes.get(at) {
            Some(b'{' | b'[') => depth += 1,
            Some(b'}' | b']') if depth == 1 => break,
            Some(b'}' | b']') => depth -= 1,
            Some(b'"') => {
                at += 1 + string_length(&bytes[at + 1..]).map_err(|read| at + 1 + read)?;
                strings += 1;
            }
            Some(byte) if byte.is_ascii_alphanumeric() || b" \t,:+-.".contains(byte) => {}
            _ => return Err(at),
        }
        at += 1;
    }
    if strings > 0 { Ok(at + 1) } else { Err(at) }
}

/// Where the string ends whose inside begins `bytes`; else how much was read.
fn string_length(bytes: &[u8]) -> Result<usize, usize> {
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at),
            None | Some(b'$' | b'`' | b'\n') => return Err(at.min(bytes.len())),
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_ends_where_its_brackets_do() {
        let length = |text: &str| json_length(text.as_bytes()).ok();
        assert_eq!(length(r#"{"a":1} x"#), Some(7));
        assert_eq!(length(r#"[{"a": "}"}]"#), Some(12));
        assert_eq!(length(r#"{"a":"$X"}"#), None);
        assert_eq!(length(r#"{a,b}"#), None);
        assert_eq!(length(r#"{"a":1}x"#), Some(7));
        assert_eq!(length(r#"{"a":1"#), None);
        assert_eq!(length(r#"{"a":"\"#), None);
    }

    #[test]
    fn a_blank_or_quote_ends_an_event() {
        assert_eq!(event_length("hi!\"", 2), None);
        assert_eq!(event_length("hi! x", 2), None);
        assert_eq!(event_length("hi!", 2), None);
        assert_eq!(event_length("\\!x", 1), None);
        assert_eq!(event_length("hi!\\\"}\"", 2), Some(2));
        assert_eq!(event_length("a!b c", 1), Some(2));
    }
}
