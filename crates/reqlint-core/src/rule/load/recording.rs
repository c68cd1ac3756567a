//! Reads the examples that are recordings, and writes them out as NDJSON.

use super::fields::{Fields, Text, text_at};
use super::mistakes::Mistakes;
use super::sequence::{duration, time_help};
use crate::encode::escape_json;
use crate::rule::node::{Entry, Node};
use std::fmt::Write;

/// The keys of an exchange.
pub(super) const EXCHANGE: &[&str] = &["request", "times", "every", "after", "status", "body"];
/// When the recordings of examples start: 2026-01-14T12:00:00Z, far from the ends of a month.
const START: i64 = 1_768_392_000_000;
/// An example with more exchanges shows nothing that a smaller one does not.
const MOST_EXCHANGES: usize = 10_000;

/// An example that is a recording.
pub(super) struct Recording {
    /// One exchange a line.
    pub(super) text: String,
    /// One line for each item, to be read by people.
    pub(super) shown: String,
}

/// What stands under `recording`.
pub(super) fn read_recording(entry: &Entry, mistakes: &mut Mistakes) -> Option<Recording> {
    let Some(items @ [_, ..]) = entry.value.items() else {
        let help = "write `recording: [{ request: \"curl …\", status: 429 }]`";
        mistakes.add(entry.place(), "`recording` is a list of exchanges", help);
        return None;
    };
    let before = mistakes.len();
    let mut writer = Writer { time: START, count: 0, text: String::new(), shown: String::new() };
    for item in items {
        writer.add(item, mistakes);
    }
    if writer.count > MOST_EXCHANGES {
        let help = format!("at most {MOST_EXCHANGES} fit an example");
        mistakes.add(entry.place(), "too many exchanges", help);
    }
    let Writer { text, shown, .. } = writer;
    (mistakes.len() == before).then_some(Recording { text, shown })
}

/// Writes exchanges one after the other.
struct Writer {
    /// When the last exchange was, in milliseconds.
    time: i64,
    count: usize,
    text: String,
    shown: String,
}

impl Writer {
    fn add(&mut self, item: &Node, mistakes: &mut Mistakes) -> Option<()> {
        let fields = Fields::of(item, "an exchange", EXCHANGE, mistakes)?;
        let request = fields.required("request", "an exchange", mistakes);
        let times = number(fields, "times", mistakes);
        let status = read_status(fields, mistakes);
        let after = read_duration(fields, "after", mistakes).unwrap_or_default();
        let every = read_duration(fields, "every", mistakes);
        let body = fields.entry("body").map(|e| text_at(&e.value, e.place(), mistakes));
        if let (Some(times), None) = (fields.entry("times"), every) {
            let help = "add `every: 500ms`, or another time";
            mistakes.add(times.key_span, "nothing says when they follow one another", help);
        }
        let (request, times) = (request?, times.unwrap_or(1));
        self.count += times;
        if self.count > MOST_EXCHANGES {
            return None;
        }
        self.time += after;
        let response = Response { status, body: body.flatten() };
        self.show(&request, fields, &response);
        for number in 0..times {
            self.time += if number == 0 { 0 } else { every.unwrap_or_default() };
            self.line(&request, &response);
        }
        Some(())
    }

    fn line(&mut self, request: &Text<'_>, response: &Response<'_>) {
        let quoted = |text: &str| format!("\"{}\"", escape_json(text));
        let (time, request) = (self.time, quoted(request.text.trim_end()));
        let status = response.status.map(|status| format!("\"status\":{status}"));
        let body = response.body.as_ref().map(|body| format!("\"body\":{}", quoted(body.text)));
        let members: Vec<String> = status.into_iter().chain(body).collect();
        let _ = write!(self.text, "{{\"time\":{time},\"request\":{request}");
        if !members.is_empty() {
            let _ = write!(self.text, ",\"response\":{{{}}}", members.join(","));
        }
        self.text.push_str("}\n");
    }

    fn show(&mut self, request: &Text<'_>, fields: Fields<'_>, response: &Response<'_>) {
        let written = |key: &str| fields.get(key).and_then(Node::text).unwrap_or_default();
        if fields.has("after") {
            let _ = write!(self.shown, "after {}: ", written("after"));
        }
        if fields.has("times") {
            let _ = write!(self.shown, "{} times, every {}: ", written("times"), written("every"));
        }
        self.shown.push_str(request.text.trim_end());
        if let Some(status) = response.status {
            let _ = write!(self.shown, "\n  → {status}");
            if let Some(body) = &response.body {
                let _ = write!(self.shown, " {}", body.text);
            }
        }
        self.shown.push('\n');
    }
}

struct Response<'n> {
    status: Option<usize>,
    body: Option<Text<'n>>,
}

fn number(fields: Fields<'_>, key: &str, mistakes: &mut Mistakes) -> Option<usize> {
    let text = fields.optional(key, mistakes)?;
    let number = text.text.parse().ok().filter(|number| (1..=MOST_EXCHANGES).contains(number));
    if number.is_none() {
        let message = format!("`{key}` cannot be `{}`", text.text);
        mistakes.add(text.span, message, format!("write a whole number up to {MOST_EXCHANGES}"));
    }
    number
}

fn read_status(fields: Fields<'_>, mistakes: &mut Mistakes) -> Option<usize> {
    let text = fields.optional("status", mistakes)?;
    let code = text.text.parse().ok().filter(|code| (100..=599).contains(code));
    if code.is_none() {
        let message = format!("`status` cannot be `{}`", text.text);
        mistakes.add(text.span, message, "write a code from 100 to 599");
    }
    code
}

fn read_duration(fields: Fields<'_>, key: &str, mistakes: &mut Mistakes) -> Option<i64> {
    let text = fields.optional(key, mistakes)?;
    let millis = duration(text.text);
    if millis.is_none() {
        let message = format!("`{}` is no time", text.text);
        mistakes.add(text.span, message, time_help(text.text, ""));
    }
    millis
}
