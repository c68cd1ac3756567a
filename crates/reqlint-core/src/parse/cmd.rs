//! Commands for cmd of Windows, in two steps as Windows takes them: cmd makes a line of them,
//! and the C runtime of the program splits the line into arguments.
//!
//! Follows the documentation of cmd ("Parsing and escaping of characters", `help cmd`) and of the
//! C runtime ("Parsing C command-line arguments").

mod argument;
mod line;
mod variable;

pub(crate) use variable::find_variables;

use super::client::Client;
use super::words::{Frame, Words, is_curl};
use crate::layer::{Codec, Place};
use crate::model::{Dialect, Document, Kind};
use crate::span::Span;
use line::Line;
use memchr::memmem;

/// Finds every command in `region` that sends a request, and adds its requests and findings to the document.
pub fn parse_cmd(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let batch = document.kind == Kind::Cmd && is_batch(&text);
    let mut reader = line::Reader::new(&text, batch);
    let mut words = Words::default();
    while let Some(line) = reader.next_command() {
        let written = &text.as_bytes()[line.span.range()];
        let is_curl = |at: usize| {
            written[at..].first_chunk::<4>().is_some_and(|four| four.eq_ignore_ascii_case(b"curl"))
        };
        let has_curl = || memchr::memchr2_iter(b'c', b'C', written).any(is_curl);
        let others = [&b"wget"[..], b"http", b"xh"];
        let has_other = || others.iter().any(|name| memmem::find(written, name).is_some());
        if line.has_caret || has_curl() || has_other() {
            read_line(document, region, &line, &mut words, batch);
        }
    }
}

/// Whether a text shows that it is the content of a batch file, not typed at the prompt.
fn is_batch(text: &str) -> bool {
    let mut goes_on = false;
    let mut starts = text.lines().filter(|line| {
        // A caret joins the next line; where that is empty, the line end is text, and it goes on.
        let is_start = !goes_on;
        goes_on = line.ends_with('^') || goes_on && line.is_empty();
        is_start
    });
    text.contains("%%") || starts.any(begins_in_batch)
}

/// Whether a line begins as those of batch files do.
fn begins_in_batch(line: &str) -> bool {
    let line = line.trim_start();
    let first = line.split([' ', '\t']).next().unwrap_or_default().to_ascii_lowercase();
    let words = ["rem", "set", "setlocal", "echo", "goto", "if", "for"];
    line.starts_with(['@', ':']) || words.contains(&first.as_str())
}

/// Reads one command, if it runs a program that sends requests.
fn read_line(
    document: &mut Document<'_>,
    region: Place,
    line: &Line,
    words: &mut Words,
    batch: bool,
) {
    let place = line.layer(&mut document.layers, region, batch);
    let text = document.layers.share(place);
    let holes: Vec<_> = document.layers.holes(place).collect();
    *words = Words::default();
    argument::split_arguments(&text, &holes, !line.singles.is_empty(), words);
    let Some((first, name)) = find_curl(&text, words) else { return };
    let mut findings = line.findings(&document.layers, region);
    let start = document.layers.parent_hull(place.sub(words.words[first].span));
    let start = start.map_or(line.span.start(), |word| word.span.start() - region.span.start());
    let whole = Span::new(start.min(line.span.end()), line.span.end());
    findings.sort_by_key(|finding| finding.place.span);
    let frame = Frame {
        dialect: Dialect::Cmd,
        codec: Codec::CmdWord,
        text: &text,
        region: place,
        place: region.sub(whole),
        piped: line.piped,
        findings,
        broken: line.unclosed.is_some(),
    };
    words.read_curl(document, frame, name);
}

/// Which of the words is `curl` or another such program, and with which word the command begins.
fn find_curl(text: &str, words: &Words) -> Option<(usize, usize)> {
    let mut block = false;
    let next = |index: usize| words.words.get(index + 1).map(|word| words.name_of(text, word));
    for (index, word) in words.words.iter().enumerate() {
        let plain = words.name_of(text, word);
        let own = plain.trim_start_matches(['@', '(']);
        if is_curl(own) || Client::of(own, next(index).as_deref()).is_some() {
            return Some((index, index));
        }
        let lower = own.to_ascii_lowercase();
        match lower.as_str() {
            "if" | "for" => block = true,
            "call" | "start" | "do" | "else" | "" | "(" => {}
            _ if block => {}
            _ => return None,
        }
    }
    None
}
