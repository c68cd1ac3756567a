//! Says in plain words why a text is no YAML. Called by the tree builder.

mod slips;

use crate::rule::node::Mistake;
use crate::span::Span;
use granit_parser::{ErrorKind, ScanError};

/// The mistake behind a parser's error.
pub(crate) fn explain(text: &str, error: &ScanError) -> Mistake {
    let mut at = floor(text, error.marker().byte_offset().unwrap_or(text.len()));
    if matches!(error.kind(), ErrorKind::UnknownQuotedScalarEscape) {
        at = unknown_escape(text, at);
    }
    if let Some(slip) = slips::find(error.kind(), text, at) {
        return slip;
    }
    let span = caret(text, at);
    let line = line_before(text, at);
    let (message, help) = words(error.kind(), text, at, line);
    Mistake { span, message, help: help.map(str::to_owned) }
}

const QUOTE_COLON: &str = "a text with `: ` in it needs quotes";
const QUOTE_START: &str = "a text that begins with a backtick, `@`, `%`, `*`, `&`, `!`, `|`, `>`, `[` or `{` needs quotes";
const QUOTE_FLOW: &str =
    "inside `{…}` and `[…]` a text with `,`, `: `, `[`, `]`, `{` or `}` needs quotes";
const CLOSE_QUOTE: &str =
    "add the closing quote; in \"…\" a quote is written `\\\"`, in '…' it is doubled";
const INDENT: &str =
    "keys of one mapping begin in the same column; a text with `: ` in it needs quotes";
const AFTER_QUOTE: &str =
    "a text that begins with a quote ends with it; put the whole text in the other kind of quotes";

fn words(kind: &ErrorKind, text: &str, at: usize, line: &str) -> (String, Option<&'static str>) {
    use ErrorKind as K;
    let plain = |message: &str, help| (message.to_owned(), Some(help));
    match kind {
        K::UnexpectedCharacter { character: '`' } => {
            plain("a text cannot begin with a backtick", QUOTE_START)
        }
        K::UnexpectedCharacter { character } => {
            (format!("a text cannot begin with `{character}`"), Some(QUOTE_START))
        }
        K::MissingAnchorOrAliasName => plain(
            "a text cannot begin with `*` or `&`",
            "put it in quotes; a pattern for any text is `<any>`",
        ),
        K::UnclosedFlowCollection { open } => {
            (format!("this `{open}` is never closed"), Some(QUOTE_FLOW))
        }
        K::MismatchedFlowCollectionEnd { open, close } => {
            (format!("`{close}` cannot close the `{open}` before it"), Some(QUOTE_FLOW))
        }
        K::MisplacedFlowCollectionEnd => plain("this bracket closes nothing", QUOTE_FLOW),
        K::ExpectedFlowMappingSeparator
        | K::UnexpectedEofFlowMapping
        | K::ExpectedFlowSequenceSeparator
        | K::UnexpectedEofFlowSequence
            if line.trim().is_empty() =>
        {
            plain("a `{` or `[` before this line is not closed", "close it at the end of its line")
        }
        K::ExpectedFlowMappingSeparator | K::UnexpectedEofFlowMapping => {
            plain("`,` or `}` is expected here", QUOTE_FLOW)
        }
        K::ExpectedFlowSequenceSeparator | K::UnexpectedEofFlowSequence => {
            plain("`,` or `]` is expected here", QUOTE_FLOW)
        }
        K::UnexpectedEndOfPlainScalar | K::PlainScalarStartsWithDashFlowIndicator => {
            plain("a text cannot begin like this", QUOTE_FLOW)
        }
        K::MappingKeyNotAllowed => plain("a text cannot begin with `? `", "put it in quotes"),
        K::MappingValueNotAllowed | K::InvalidColonPlacement => {
            plain("a second `:` where one value is expected", QUOTE_COLON)
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey if line.contains('"') || line.contains('\'') => {
            plain("a key with its `:` is expected here", AFTER_QUOTE)
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => {
            plain("a key with its `:` is expected here", INDENT)
        }
        K::InvalidTrailingDoubleQuotedScalar | K::InvalidTrailingSingleQuotedScalar => {
            plain("more text after the closing quote", AFTER_QUOTE)
        }
        K::UnclosedQuotedScalar => plain("this quote is never closed", CLOSE_QUOTE),
        K::InvalidQuotedScalarIndent | K::DocumentIndicatorInQuotedScalar => {
            plain("a text in quotes that began before is not closed", CLOSE_QUOTE)
        }
        K::UnknownQuotedScalarEscape | K::InvalidQuotedScalarHexEscape => plain(
            "an escape that YAML does not have",
            "write `\\\\` for a backslash, or the text in '…', where it is only itself",
        ),
        K::TabInIndentation
        | K::TabInBlockIndentation
        | K::TabNotAllowed
        | K::TabAtBlockScalarStart => plain("a tab in the indentation", "indent with spaces"),
        K::RecursionLimitExceeded => plain(
            "nested too deep",
            "no file needs this depth; look for a bracket that is not closed",
        ),
        K::ExpectedBlockMappingKey | K::InvalidIndentation | K::ExpectedBlockSequenceEntry
            if text[..at].ends_with(['"', '\'']) || closes_quote(line) =>
        {
            plain("more text after the closing quote", AFTER_QUOTE)
        }
        K::ExpectedBlockMappingKey | K::InvalidIndentation | K::ExpectedBlockSequenceEntry => {
            plain("the indentation does not fit", INDENT)
        }
        K::ExpectedDocumentStart => plain("nothing is expected after the text before this", INDENT),
        other => (format!("no YAML: {other}"), Some(QUOTE_START)),
    }
}

/// Whether the line's value is a quoted text that ended already.
fn closes_quote(line: &str) -> bool {
    let value = line.split_once(": ").map_or(line, |(_, value)| value).trim_start();
    let value = value.trim_start_matches("- ");
    let mut characters = value.chars();
    matches!(characters.next(), Some(quote @ ('"' | '\'')) if characters.as_str().contains(quote))
}

/// The character at an offset, or the last one before it that can be seen.
fn caret(text: &str, at: usize) -> Span {
    let here = text[at..].chars().next().filter(|c| !c.is_whitespace());
    match here {
        Some(character) => Span::new(at, at + character.len_utf8()),
        None => {
            let before = text[..at].trim_end();
            let start = before.char_indices().next_back().map_or(0, |(start, _)| start);
            Span::new(start, before.len())
        }
    }
}

/// The first escape after an offset that YAML does not have (YAML 1.2.2, section 5.7).
fn unknown_escape(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut here = at;
    while let Some(offset) = text.get(here..).and_then(|rest| rest.find('\\')) {
        let escape = here + offset;
        match bytes.get(escape + 1) {
            Some(next) if b"0abt\tnvfre \"/\\N_LPxuU\r\n".contains(next) => here = escape + 2,
            _ => return escape,
        }
    }
    at
}

fn line_before(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    &text[start..at]
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
