//! Pasted text: requests with what came back, as terminals, browsers and people show them.
//!
//! A command ends where what it printed begins, so commands are found first and only they are read
//! as shell text. What is between them is read as output. A text without a command may hold a
//! message (`GET /x HTTP/1.1` with its response), the lines of `curl -v`, a status with a URL, or
//! nothing but a response.

mod command;
mod marks;
mod message;
mod output;
mod prose;
mod trace;

use super::cmd::parse_cmd;
use super::dialect::parse_commands;
use super::lines::lines;
use crate::layer::{Layers, Place};
use crate::model::{Document, Exchange, Open, Request};
use crate::span::Span;
use marks::{is_fence, status_line};
use output::{Output, Voice, read_output};

/// Reads `region` as requests with their exchanges.
pub fn parse_transcript(document: &mut Document<'_>, region: Place) {
    let region = without_quote_marks(&mut document.layers, region);
    let text = document.layers.share(region);
    let commands = command::find_commands(&text);
    let mut end = 0;
    let mut any = false;
    for (number, command) in commands.iter().enumerate() {
        let first = document.requests.len();
        let place = region.sub(*command);
        match command::is_at_prompt_of_cmd(&text[command.range()]) {
            true => parse_cmd(document, place),
            false => parse_commands(document, place),
        }
        if document.requests.len() == first {
            continue;
        }
        let before = if any { Span::empty(0) } else { Span::new(end, command.start()) };
        let next = commands.get(number + 1).map_or(text.len(), |next| next.start());
        end = next;
        any = true;
        let start = line_after(&text, command.end());
        let after = Span::new(start.min(next), next);
        let exchanges = read_around(document, region, &text, before, after);
        let whole = region.sub(*command);
        give(&mut document.requests[first..], exchanges, whole);
    }
    if !any {
        without_command(document, region, &text);
    }
}

/// Reads `region` as the response to the last request of a document.
pub(super) fn add_response(document: &mut Document<'_>, region: Place) {
    let output = read_output(&mut document.layers, region, Voice::Program);
    if document.requests.is_empty() {
        document.requests.push(unknown_request(region));
    }
    let Some(last) = document.requests.last_mut() else { return };
    let known = last.exchange.take();
    let command = known.as_ref().and_then(|known| known.command);
    last.exchange = Some(Box::new(Exchange { command, ..output.exchange }));
}

/// Where what follows a command begins: the next line, unless words stand behind it in its own.
fn line_after(text: &str, at: usize) -> usize {
    let line = &text[at..];
    let end = memchr::memchr(b'\n', line.as_bytes()).unwrap_or(line.len());
    if line[..end].trim().is_empty() { (at + end + 1).min(text.len()) } else { at }
}

/// The exchange of a command: from what follows it, else from what is said before it.
fn read_around(
    document: &mut Document<'_>,
    region: Place,
    text: &str,
    before: Span,
    after: Span,
) -> Exchange {
    let after = Span::new(after.start().min(after.end()), after.end());
    let voice = voice_of(&text[after.range()]);
    let output = read_output(&mut document.layers, region.sub(after), voice);
    if !output.is_empty() || before.is_empty() {
        return output.exchange;
    }
    read_output(&mut document.layers, region.sub(before), Voice::Chat).exchange
}

/// Directly behind a command speaks its program; behind a blank line or a fence may be people.
fn voice_of(output: &str) -> Voice {
    let first = output.lines().next().unwrap_or_default();
    let has_fence = output.lines().any(is_fence);
    let is_sentence = output.lines().filter(|line| !line.trim().is_empty()).count() > 12
        || first.trim_end().ends_with([':', '?']);
    if first.trim().is_empty() || has_fence || is_sentence { Voice::Chat } else { Voice::Program }
}

/// Gives the exchange of a command to its requests: one chain of responses each where there are as
/// many, else all to the last one.
fn give(requests: &mut [Request], exchange: Exchange, command: Place) {
    let chains = chains(exchange);
    let count = requests.len();
    let Some(last) = requests.len().checked_sub(1) else { return };
    if chains.len() == count {
        for (request, chain) in requests.iter_mut().zip(chains) {
            set(request, chain, command);
        }
        return;
    }
    let mut merged = Exchange::default();
    for chain in chains {
        merged.responses.extend(chain.responses);
        merged.failure = merged.failure.or(chain.failure);
    }
    for request in &mut requests[..last] {
        set(request, Exchange::default(), command);
    }
    set(&mut requests[last], merged, command);
}

fn set(request: &mut Request, exchange: Exchange, command: Place) {
    request.exchange = Some(Box::new(Exchange { command: Some(command), ..exchange }));
}

/// Splits responses behind each one that is no redirect.
fn chains(exchange: Exchange) -> Vec<Exchange> {
    let mut chains: Vec<Exchange> = Vec::new();
    let mut open = false;
    for response in exchange.responses {
        let goes_on = response.is_redirect();
        match chains.last_mut().filter(|_| open) {
            Some(chain) => chain.responses.push(response),
            None => {
                chains.push(Exchange { responses: vec![response], ..Exchange::default() });
            }
        }
        open = goes_on;
    }
    match chains.last_mut() {
        Some(last) => last.failure = exchange.failure,
        None => chains.push(Exchange { failure: exchange.failure, ..Exchange::default() }),
    }
    chains
}

/// A text in which no command is.
fn without_command(document: &mut Document<'_>, region: Place, text: &str) {
    let message = message::find_message(text);
    let start = message.as_ref().map_or(0, |message| message.end);
    let rest = region.sub(Span::new(start, text.len()));
    let Output { exchange, sent, .. } = read_output(&mut document.layers, rest, Voice::Chat);
    let request = match message {
        Some(message) => Some(message::read_message(&mut document.layers, region, &message)),
        None => sent
            .first()
            .and_then(|lines| message::read_sent(&mut document.layers, lines))
            .or_else(|| message::read_written(&mut document.layers, region, text)),
    };
    let is_empty = exchange.responses.is_empty() && exchange.failure.is_none();
    let request = match request {
        Some(request) => request,
        None if is_empty => return,
        None => unknown_request(region),
    };
    document.requests.push(Request { exchange: Some(Box::new(exchange)), ..request });
}

/// A request of which nothing is known but what came back.
fn unknown_request(region: Place) -> Request {
    let mut request = Request::nowhere(region.sub(Span::empty(0)));
    request.open = Open { headers: true, query: true, body: true, cookies: true, method: true };
    request
}

/// The text without the `> ` that mail and chat put before each line of what they quote.
fn without_quote_marks(layers: &mut Layers<'_>, region: Place) -> Place {
    let text = layers.share(region);
    let all = Span::new(0, text.len());
    let is_marked = |line: &&Span| text[line.range()].starts_with('>');
    let written: Vec<Span> =
        lines(&text, all).filter(|line| !text[line.range()].trim().is_empty()).collect();
    let marked: Vec<&Span> = written.iter().filter(is_marked).collect();
    let (Some(first), Some(last)) = (marked.first(), marked.last()) else { return region };
    let between =
        written.iter().filter(|line| first.start() <= line.start() && line.end() <= last.end());
    let is_quotation = between.count() == marked.len() && marked.len() > 1;
    let says = |line: &&Span| {
        let line = text[line.range()].trim_start_matches(['>', ' ']);
        line.contains("curl ") || line.contains("://") || status_line(line).is_some()
    };
    // The lines that `curl -v` sent begin alike, but there a request line is the first.
    let is_sent = text[first.range()].contains(" HTTP/");
    if !is_quotation || is_sent || !marked.iter().any(says) {
        return region;
    }
    let start = first.start();
    let quoted = region.sub(Span::new(start, last.end()));
    let has_blank = marked.iter().all(|line| {
        let rest = &text[line.start() + 1..line.end()];
        rest.is_empty() || rest.starts_with(' ')
    });
    let inner = layers.without_prefix(quoted, if has_blank { "> " } else { ">" });
    // A quotation in a quotation has one more mark.
    without_quote_marks(layers, inner)
}

#[cfg(test)]
mod tests;
