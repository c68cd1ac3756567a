//! What a client printed: responses with their places, and what it said where there was none.

use super::marks::{
    curl_error, is_client_failure, is_data_mark, is_empty_prompt, is_fence, is_progress,
    is_shell_failure, is_verbose_failure, status_line,
};
use super::prose::find_status;
use super::trace;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{Exchange, Failure, Response, Status, Unseen};
use crate::parse::response::{parse_field, read_content};
use crate::span::Span;

/// What was read of an output.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// Responses in order, and the failure.
    pub(super) exchange: Exchange,
    /// The request lines with their fields that the client says it sent.
    pub(super) sent: Vec<Vec<Place>>,
}

impl Output {
    /// Whether nothing that came back was found in it.
    pub(super) fn is_empty(&self) -> bool {
        self.exchange.responses.is_empty() && self.exchange.failure.is_none()
    }
}

/// Whose text an output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// A program's, directly behind its command: plain text is the content of a response.
    Program,
    /// People's too: what is no response is a sentence.
    Chat,
}

/// Reads the output in `region`.
pub(super) fn read_output(layers: &mut Layers<'_>, region: Place, voice: Voice) -> Output {
    let text = layers.share(region);
    let lines: Vec<Span> = crate::parse::lines::lines(&text, Span::new(0, text.len())).collect();
    let mut reader = Reader {
        layers,
        text: &text,
        region,
        lines,
        at: 0,
        output: Output::default(),
        sending: false,
    };
    if trace::is_trace(&text) {
        let trace::Trace { received, sent, failure } =
            trace::read_trace(reader.layers, region, &text);
        if let Some(place) = received {
            let inner = read_output(reader.layers, place, Voice::Program);
            reader.output.exchange.responses.extend(inner.exchange.responses);
        }
        reader.output.sent.extend(sent);
        reader.output.exchange.failure = failure.map(|place| Failure { code: None, place });
        reader.errors_only();
    } else {
        reader.read(voice);
    }
    let mut output = reader.output;
    drop_interim(&mut output.exchange.responses);
    output
}

/// Interim responses, and that of a proxy which opens a tunnel, answer nothing.
fn drop_interim(responses: &mut Vec<Response>) {
    let is_interim = |response: &Response| {
        response
            .status
            .is_some_and(|status| (100..200).contains(&status.code) && status.code != 101)
    };
    responses.retain(|response| !is_interim(response));
}

struct Reader<'r, 's> {
    layers: &'r mut Layers<'s>,
    text: &'r str,
    region: Place,
    lines: Vec<Span>,
    at: usize,
    output: Output,
    /// Whether the lines of a request that was sent are being read.
    sending: bool,
}

impl<'r> Reader<'r, '_> {
    fn place(&self, span: Span) -> Place {
        self.region.sub(span)
    }

    /// The line without white space at its end and without the time that traces put first.
    fn line(&self) -> Option<(Span, &'r str)> {
        let line = *self.lines.get(self.at)?;
        let whole: &'r str = self.text;
        let text = whole[line.range()].trim_end();
        Some((Span::new(line.start(), line.start() + text.len()), text))
    }

    /// Reads nothing but what a client says of its failures.
    fn errors_only(&mut self) {
        while let Some((span, text)) = self.line() {
            if let Some((at, code)) = curl_error(text) {
                self.fail(Span::new(span.start() + at, span.end()), code);
            }
            self.at += 1;
        }
    }

    fn read(&mut self, voice: Voice) {
        let mut words: Option<Span> = None;
        while let Some((span, text)) = self.line() {
            self.at += 1;
            let indent = text.len() - text.trim_start().len();
            let inner = Span::new(span.start() + indent, span.end());
            let verbose = text.strip_prefix("< ").map(|_| Span::new(span.start() + 2, span.end()));
            let sent = text.strip_prefix("> ").map(|_| Span::new(span.start() + 2, span.end()));
            match () {
                () if text.is_empty()
                    || is_fence(text)
                    || is_progress(text)
                    || is_data_mark(text) => {}
                () if is_empty_prompt(text) => {}
                () if self.error(span, text) => {}
                () if verbose
                    .is_some_and(|line| status_line(&self.text[line.range()]).is_some()) =>
                {
                    self.message(verbose.unwrap_or(span), true);
                }
                () if status_line(&self.text[inner.range()]).is_some() => {
                    self.message(inner, false)
                }
                // A field that is sent begins with its name: this is quoted from somewhere.
                () if !self.sending && sent.is_some_and(|line| self.starts_content(line)) => {
                    self.content(sent.unwrap_or(span).start());
                }
                () if sent.is_some() => self.sent(sent.unwrap_or(span)),
                () if text == ">" => self.sending = false,
                () if text.starts_with("* ") || text == "*" || text == "<" => {}
                () if self.starts_content(inner) => self.content(inner.start()),
                () if self.content_in_words(inner) => {}
                () if self.status_in_words(inner, voice) => {}
                () => words = Some(words.map_or(inner, |words| words.hull(inner))),
            }
        }
        self.status_in_content();
        if let Some(words) = words.filter(|_| voice == Voice::Program && self.output.is_empty()) {
            // A program said something that has no form: then it is the content.
            let place = self.place(words);
            let mut response = Response { unseen: Unseen::ALL, ..Response::new(place) };
            read_content(self.layers, &mut response, place);
            response.unseen.body = false;
            self.output.exchange.responses.push(response);
        }
    }

    /// `curl: (6) …`, and what other clients say; true where the line is that.
    fn error(&mut self, span: Span, text: &str) -> bool {
        let found = match curl_error(text) {
            Some((at, code)) => Some((at, code)),
            None if is_client_failure(text) => Some((0, None)),
            None if is_shell_failure(text) => Some((0, None)),
            None if is_verbose_failure(text) => Some((2, None)),
            None => None,
        };
        let Some((at, code)) = found else { return false };
        self.fail(Span::new(span.start() + at, span.end()), code);
        at == 0 || text.starts_with("* ")
    }

    fn fail(&mut self, span: Span, code: Option<u8>) {
        let known = self.output.exchange.failure;
        // What curl says at the end counts more than what it said on the way.
        if known.is_none_or(|known| known.code.is_none() && code.is_some()) {
            let place = self.place(span);
            self.output.exchange.failure = Some(Failure { code, place });
        }
        // `(22) The requested URL returned error: 401`
        let text = &self.text[span.range()];
        if let (Some(22 | 56), Some((before, status))) = (code, text.rsplit_once(": "))
            && let Ok(number @ 100..=599) = status.trim().parse::<u16>()
            && self.output.exchange.responses.is_empty()
        {
            let start = span.start() + before.len() + 2;
            self.set_status(Span::new(start, start + 3), number);
        }
    }

    /// The status that an error repeats in its content (RFC 9457, section 3.1.2), where no line
    /// has it.
    fn status_in_content(&mut self) {
        let Some(last) = self.output.exchange.responses.last_mut() else { return };
        let Some(json) = last.body.json.as_ref().filter(|_| last.status.is_none()) else { return };
        let members =
            ["status", "statusCode"].iter().filter_map(|name| json.member(self.layers, name));
        for place in members.map(|member| member.value.text) {
            if let Ok(code @ 400..=599) = self.layers.text(place).parse::<u16>() {
                last.status = Some(Status { code, place });
                return;
            }
        }
    }

    /// A status that stands apart from its response.
    fn set_status(&mut self, span: Span, code: u16) {
        let status = Status { code, place: self.place(span) };
        match self.output.exchange.responses.last_mut() {
            Some(last) if last.status.is_none() => last.status = Some(status),
            Some(_) => {}
            None => {
                let response = Response::new(status.place);
                let response = Response { status: Some(status), unseen: Unseen::ALL, ..response };
                self.output.exchange.responses.push(response);
            }
        }
    }

    /// A line that the client sent.
    fn sent(&mut self, line: Span) {
        let place = self.place(line);
        if !self.sending {
            self.output.sent.push(Vec::new());
            self.sending = true;
        }
        if let Some(lines) = self.output.sent.last_mut() {
            lines.push(place);
        }
    }

    /// A response with its status line, fields and content.
    fn message(&mut self, line: Span, verbose: bool) {
        self.sending = false;
        let Some(code) = status_line(&self.text[line.range()]) else { return };
        let code = code.shifted(line.start());
        let number = self.text[code.range()].parse().unwrap_or_default();
        let mut response = Response::new(self.place(line));
        response.status = Some(Status { code: number, place: self.place(code) });
        let mut whole = line;
        let mut ended = false;
        while let Some((span, text)) = self.line() {
            let is_note =
                verbose && (text.starts_with("* ") || is_data_mark(text) || is_progress(text));
            let field = match verbose {
                true if is_note => {
                    self.at += 1;
                    continue;
                }
                true => text.strip_prefix('<').map(|rest| {
                    let length = rest.trim_start().len();
                    Span::new(span.end() - length, span.end())
                }),
                false => Some(Span::new(
                    span.start() + (text.len() - text.trim_start().len()),
                    span.end(),
                )),
            };
            let Some(field) = field else { break };
            if field.is_empty() {
                self.at += 1;
                ended = true;
                break;
            }
            if self.starts_content(field) || status_line(&self.text[field.range()]).is_some() {
                break;
            }
            let place = self.place(field);
            let Some(header) = parse_field(self.layers, place) else { break };
            response.headers.push(header);
            whole = whole.hull(field);
            self.at += 1;
        }
        // Fields that a blank line ends are all there are.
        response.unseen = Unseen {
            headers: response.headers.is_empty() || (!ended && response.headers.len() < 2),
            body: true,
        };
        let is_tunnel = number == 200
            && response.headers.is_empty()
            && self.text[line.range()].to_ascii_lowercase().contains("connection established");
        if is_tunnel {
            return;
        }
        response.place = self.place(whole);
        self.output.exchange.responses.push(response);
        self.content_of_message(ended, verbose);
    }

    /// The content behind the fields of the last response.
    fn content_of_message(&mut self, ended: bool, verbose: bool) {
        let mut at = self.at;
        // What a client says between the fields and the content.
        while let Some(line) = self.lines.get(at) {
            let text = self.text[line.range()].trim_end();
            let is_note = text.is_empty()
                || is_data_mark(text)
                || is_progress(text)
                || (verbose && (text.starts_with("* ") || text == "<"));
            if !is_note {
                break;
            }
            at += 1;
        }
        let known_empty = self.is_surely_empty();
        let Some(line) = self.lines.get(at).copied() else {
            return self.no_content(ended || known_empty);
        };
        let text = self.text[line.range()].trim();
        let is_content = ended || self.starts_content(line);
        let is_other = is_fence(text)
            || is_empty_prompt(text)
            || status_line(text).is_some()
            || text.starts_with("< HTTP/")
            || text.starts_with("> ")
            || curl_error(text).is_some_and(|(at, _)| at == 0);
        if is_other || !is_content || known_empty {
            return self.no_content(ended || known_empty);
        }
        self.at = at + 1;
        let indent = self.text[line.range()].len() - self.text[line.range()].trim_start().len();
        self.content(line.start() + indent);
    }

    fn no_content(&mut self, sure: bool) {
        if let Some(last) = self.output.exchange.responses.last_mut() {
            last.unseen.body = !sure;
        }
    }

    /// Whether the fields say that no content follows.
    fn is_surely_empty(&self) -> bool {
        let last = self.output.exchange.responses.last();
        last.is_some_and(|response| {
            let mut lengths = response.headers_named(self.layers, "content-length");
            lengths.any(|field| self.layers.text(field.value) == "0")
                || response.status.is_some_and(|status| matches!(status.code, 204 | 304))
        })
    }

    /// Whether a line begins what can only be content: JSON or a page.
    fn starts_content(&self, line: Span) -> bool {
        let text = self.text[line.range()].trim_start();
        let json = |rest: &str| {
            let rest = rest.trim_start();
            rest.is_empty() || rest.starts_with(['"', '{', '[', '}', ']', '\\'])
        };
        let numbers =
            |rest: &str| rest.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '-');
        match text.as_bytes().first() {
            Some(b'{') => json(&text[1..]) && !is_data_mark(text),
            Some(b'[') => json(&text[1..]) || (numbers(&text[1..]) && text.contains([',', ']'])),
            Some(b'<') => {
                let lower = text[..text.floor_char_boundary(40)].to_ascii_lowercase();
                ["<!doctype", "<html", "<?xml", "<head", "<body"]
                    .iter()
                    .any(|mark| lower.starts_with(mark))
            }
            _ => false,
        }
    }

    /// `Response: {"error": …}`: content behind words in one line.
    fn content_in_words(&mut self, line: Span) -> bool {
        let text = &self.text[line.range()];
        let Some(at) = ["{\"", "{ \""].iter().filter_map(|mark| text.find(mark)).min() else {
            return false;
        };
        if let Some((span, code)) = find_status(&text[..at]) {
            self.set_status(span.shifted(line.start()), code);
        }
        self.content(line.start() + at);
        true
    }

    fn status_in_words(&mut self, line: Span, voice: Voice) -> bool {
        let text = &self.text[line.range()];
        let Some((span, code)) = find_status(text) else { return false };
        let is_alone = text.trim().len() == 3;
        // A bare number among words may be anything.
        if is_alone
            && voice == Voice::Chat
            && self.output.exchange.responses.is_empty()
            && self.lines.len() > 4
        {
            return false;
        }
        self.set_status(span.shifted(line.start()), code);
        true
    }

    /// Reads the content that begins at byte `start` of the line before the cursor, and moves the
    /// cursor behind it.
    fn content(&mut self, start: usize) {
        let first = self.at - 1;
        let mut runs: Vec<Span> = Vec::new();
        let mut at = first;
        while let Some(line) = self.lines.get(at).copied() {
            let text = self.text[line.range()].trim_end();
            let from = if at == first { start } else { line.start() };
            if at > first && self.ends_content(text) {
                break;
            }
            at += 1;
            if at > first + 1 && (text.starts_with("* ") || is_data_mark(text) || is_progress(text))
            {
                continue;
            }
            // What curl says goes on where content has no line end.
            let tail = text.find("* Connection #").or_else(|| curl_error(text).map(|(at, _)| at));
            let end = match tail.filter(|tail| *tail > 0) {
                Some(tail) => line.start() + tail,
                None => self.lines.get(at).map_or(self.text.len(), |next| next.start()),
            };
            runs.push(Span::new(from, end.max(from)));
        }
        let json = self.text[start..].starts_with(['{', '[']);
        let place = self.joined(&runs);
        let (place, rest) = if json { self.cut_json(place) } else { (place, None) };
        self.attach(place);
        self.at = at;
        let Some(rest) = rest else { return };
        // What follows JSON is no part of it: a status that `-w` prints, or words.
        self.at = self.lines.partition_point(|line| line.start() < rest);
        let line_end = self.lines[self.at - 1].end();
        if rest < line_end {
            let tail = Span::new(rest, line_end);
            self.status_in_words(tail, Voice::Program);
            if let Some((offset, code)) = curl_error(&self.text[tail.range()]) {
                self.fail(Span::new(tail.start() + offset, tail.end()), code);
            }
        }
    }

    fn ends_content(&self, text: &str) -> bool {
        is_fence(text)
            || status_line(text).is_some()
            || text.strip_prefix("< ").is_some_and(|rest| status_line(rest).is_some())
            || is_empty_prompt(text)
            || curl_error(text).is_some_and(|(at, _)| at == 0)
    }

    fn joined(&mut self, runs: &[Span]) -> Place {
        let whole = runs.iter().copied().reduce(Span::hull).unwrap_or_default();
        let apart = runs.windows(2).any(|pair| pair[0].end() != pair[1].start());
        if !apart {
            return self.place(whole);
        }
        let mut layer = self.layers.layer(Codec::Joined, self.region.sub(whole));
        for run in runs {
            layer.exact(self.region.sub(*run), Quote::None);
        }
        let id = layer.finish();
        self.layers.whole(id)
    }

    /// The JSON at the start of a place, and the offset in the text where what follows it begins.
    fn cut_json(&self, place: Place) -> (Place, Option<usize>) {
        let text = self.layers.text(place);
        let Some(length) = length_of_json(text) else { return (place, None) };
        let inner = place.sub(Span::new(0, length));
        if text[length..].trim().is_empty() || place.layer != self.region.layer {
            return (inner, None);
        }
        (inner, Some(place.span.start() + length - self.region.span.start()))
    }

    /// Gives content to the last response that may have it, or to a new one.
    fn attach(&mut self, place: Place) {
        let responses = &mut self.output.exchange.responses;
        let takes = |last: &Response| last.body.place.is_none() && last.unseen.body;
        if !responses.last().is_some_and(takes) {
            // A second text beside a response whose content is known is no response.
            if responses.last().is_some_and(|last| last.body.place.is_some()) {
                return;
            }
            responses.push(Response {
                unseen: Unseen { headers: true, body: true },
                ..Response::new(place)
            });
        }
        let Some(last) = responses.last_mut() else { return };
        last.unseen.body = false;
        read_content(self.layers, last, place);
        if last.place.layer == place.layer {
            last.place.span = last.place.span.hull(place.span);
        }
    }
}

/// The length of the JSON value at the start of a text, by its brackets; none where it is cut off.
fn length_of_json(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
