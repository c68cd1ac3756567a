//! Commands: which of them run curl, and with which words.

use super::heredoc::Heredoc;
use super::lexer::Lexer;
use super::output::Output;
use super::word::{Part, PartKind, Word};
use crate::layer::{Codec, LayerId, Layers, Place, Quote};
use crate::model::{Dialect, Finding, FindingKind};
use crate::parse::client::Client;
use crate::span::Span;
use std::borrow::Cow;

/// What a command reads from its standard input.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Stdin {
    /// Nothing that is written.
    #[default]
    None,
    /// The output of another command, or a file.
    Unknown,
    /// The output of another command that is known.
    Piped,
    /// `<<< word`
    HereString(Word),
    /// `< word`
    File(Word),
    /// `<<EOF`, by its place in the list of here-documents.
    HereDocument(usize),
}

/// A command as it was read, in spans of the flat lists.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    pub(super) words: Span,
    pub(super) findings: Span,
    pub(super) stdin: Stdin,
    /// Whether it reads the output of the command before it.
    pub(super) piped: bool,
    /// After its last word or redirection.
    pub(super) end: usize,
    /// Whether it holds something that never closes.
    pub(super) broken: bool,
    /// Whether its output goes elsewhere.
    pub(super) redirected: bool,
    /// What was noticed after its line.
    pub(super) late: Vec<Finding>,
}

/// A curl command with the words after `curl`.
pub(crate) struct Command<'c> {
    /// The language that it is written in, which made its words.
    pub(crate) dialect: Dialect,
    /// How its words are encoded.
    pub(crate) codec: Codec,
    /// The text of `region`, which all spans count in.
    pub(crate) text: &'c str,
    pub(crate) region: Place,
    /// The pieces of all words.
    pub(crate) parts: &'c [Part],
    /// Texts of escapes.
    pub(crate) decoded: &'c str,
    pub(crate) heredocs: &'c [Heredoc],
    /// The word `curl`.
    pub(crate) name: Word,
    /// The arguments.
    pub(crate) words: &'c [Word],
    /// All of it, here-document included.
    pub(crate) place: Place,
    /// What it reads.
    pub(crate) stdin: Stdin,
    /// What it is piped, where that is known.
    pub(crate) piped: Option<Vec<Output>>,
    /// What was noticed in its text.
    pub(crate) findings: Vec<Finding>,
    /// Whether it holds something that never closes.
    pub(crate) broken: bool,
}

impl<'c> Command<'c> {
    /// The place of a word in the text around it, with its quotes.
    pub(crate) fn place_of(&self, word: &Word) -> Place {
        self.region.sub(word.span)
    }

    /// The place of a span of the text around the command.
    pub(crate) fn place_at(&self, span: Span) -> Place {
        self.region.sub(span)
    }

    /// The text of a word; holes as they are written.
    pub(crate) fn text_of(&self, word: &Word) -> Cow<'c, str> {
        let parts = &self.parts[word.parts.range()];
        if let [part] = parts {
            return Cow::Borrowed(self.text_of_part(part));
        }
        Cow::Owned(parts.iter().map(|part| self.text_of_part(part)).collect())
    }

    fn text_of_part(&self, part: &Part) -> &'c str {
        match part.kind {
            PartKind::Decoded(span) | PartKind::Layer(span, _) => &self.decoded[span.range()],
            PartKind::Exact | PartKind::Hole(_) => &self.text[part.span.range()],
        }
    }

    /// Whether the word begins with a hole.
    pub(crate) fn starts_with_hole(&self, word: &Word) -> bool {
        let first = self.parts[word.parts.range()].first();
        matches!(first, Some(Part { kind: PartKind::Hole(_), .. }))
    }

    /// Whether the word is one hole that may become any number of words: `$OPTS`, `"${args[@]}"`.
    pub(crate) fn is_open_hole(&self, word: &Word) -> bool {
        let [part] = &self.parts[word.parts.range()] else { return false };
        if !matches!(part.kind, PartKind::Hole(_)) {
            return false;
        }
        let text = &self.text[part.span.range()];
        part.quote == Quote::None && !text.starts_with('{')
            || text == "$@"
            || text.contains("[@]")
            || text == "${@}"
    }

    /// A layer with the text of a word.
    pub(crate) fn layer_of(&self, layers: &mut Layers<'_>, word: &Word) -> Place {
        if let [Part { kind: PartKind::Layer(_, id), .. }] = &self.parts[word.parts.range()] {
            return layers.whole(*id);
        }
        self.build(layers, self.codec.clone(), word.span, word.parts)
    }

    /// A layer with the text of a here-document of the command.
    pub(crate) fn here_document(&self, layers: &mut Layers<'_>, index: usize) -> Option<Place> {
        let heredoc = self.heredocs.get(index)?;
        let codec = Codec::HereDocument { expands: heredoc.expands };
        Some(self.build(layers, codec, heredoc.body, heredoc.parts))
    }

    fn build(&self, layers: &mut Layers<'_>, codec: Codec, span: Span, parts: Span) -> Place {
        let id: LayerId = {
            let mut layer = layers.layer(codec, self.region.sub(span));
            for part in &self.parts[parts.range()] {
                let place = self.region.sub(part.span);
                match part.kind {
                    PartKind::Exact => layer.exact(place, part.quote),
                    PartKind::Hole(kind) => layer.hole(place, kind, part.quote),
                    PartKind::Decoded(text) => {
                        layer.escape(&self.decoded[text.range()], place, part.quote);
                    }
                    PartKind::Layer(_, id) => {
                        let inner = layer.whole_of(id);
                        layer.exact(inner, part.quote);
                    }
                }
            }
            layer.finish()
        };
        layers.whole(id)
    }
}

impl Lexer<'_, '_, '_> {
    /// Reads a command, if it runs curl.
    ///
    /// `before` is the command whose output it is piped.
    pub(super) fn emit(&mut self, pending: &Pending, before: Option<&Pending>) {
        let words = self.expand_words(pending.words);
        let Some((first, name)) = self.find_curl(&words) else {
            return self.report_swallowed(pending);
        };
        let mut end = pending.end;
        if let Stdin::HereDocument(index) = pending.stdin
            && let Some(heredoc) = self.buffers.heredocs.get(index)
        {
            end = end.max(heredoc.end);
        }
        let piped = before.and_then(|before| self.output_of(before));
        let stdin = match pending.stdin {
            Stdin::None if piped.is_some() => Stdin::Piped,
            Stdin::None if pending.piped => Stdin::Unknown,
            stdin => stdin,
        };
        let mut findings = Vec::new();
        // What a command is piped, it says in its own words.
        for source in before.filter(|_| piped.is_some()).into_iter().chain([pending]) {
            findings.extend_from_slice(&self.buffers.findings[source.findings.range()]);
            findings.extend_from_slice(&source.late);
        }
        findings.extend(self.carriage_returns());
        let command = Command {
            dialect: Dialect::Bash,
            codec: Codec::ShellWord,
            text: self.text,
            region: self.region,
            parts: &self.buffers.parts,
            decoded: &self.buffers.decoded,
            heredocs: &self.buffers.heredocs,
            name: words[name],
            words: &words[name + 1..],
            place: self.place(words[first].span.start(), end),
            stdin,
            piped,
            findings,
            broken: pending.broken,
        };
        crate::parse::client::read_command(self.document, command);
    }

    /// A quote that never closes matters in any command, where it may have taken one of curl.
    fn report_swallowed(&mut self, pending: &Pending) {
        let words = &self.buffers.words[pending.words.range()];
        let (Some(&first), Some(&last)) = (words.first(), words.last()) else { return };
        let open = pending.late.iter().find(|it| it.kind == FindingKind::UnclosedHeredoc);
        if let Some(open) = open
            && self.may_search()
            && memchr::memmem::find(&self.text.as_bytes()[last.span.end()..], b"curl ").is_some()
        {
            self.document.findings.push(open.clone());
        }
        let text = &self.text[first.span.hull(last.span).range()];
        if pending.broken && memchr::memmem::find(text.as_bytes(), b"curl").is_some() {
            let findings = &self.buffers.findings[pending.findings.range()];
            self.document.findings.extend_from_slice(findings);
        }
    }

    /// Which of the words is `curl`, and with which word the command begins.
    fn find_curl(&self, words: &[Word]) -> Option<(usize, usize)> {
        let mut first = None;
        let mut index = 0;
        while let Some(word) = words.get(index) {
            let text = self.plain_text(word);
            if self.is_client(text, words.get(index + 1)) && !self.defines_function(word) {
                return Some((first.unwrap_or(index), index));
            }
            match text {
                _ if is_assignment(text) => {}
                "if" | "then" | "else" | "elif" | "while" | "until" | "do" | "!" | "{" | "time"
                | "coproc" => first = None,
                "function" => index += 1,
                "sudo" | "env" | "command" | "exec" | "builtin" | "nohup" | "timeout" | "nice"
                | "stdbuf" | "doas" => {
                    // `command -v curl` only asks whether there is one.
                    let next = words.get(index + 1).map(|word| self.plain_text(word));
                    if text == "command" && matches!(next, Some("-v" | "-V")) {
                        return None;
                    }
                    first = first.or(Some(index));
                    index = self.skip_wrapper(words, index);
                    continue;
                }
                _ if is_prompt(text) => first = None,
                _ if index < 2 && text.starts_with('[') => first = None,
                _ => return None,
            }
            index += 1;
        }
        None
    }

    /// Whether a word names a program that sends requests.
    fn is_client(&self, text: &str, next: Option<&Word>) -> bool {
        Client::of(text, next.map(|next| self.plain_text(next))).is_some()
    }

    /// Whether `()` follows a word: then it is the name of a function.
    fn defines_function(&self, word: &Word) -> bool {
        let rest = self.text[word.span.end()..].trim_start_matches([' ', '\t']);
        rest.strip_prefix('(').is_some_and(|rest| rest.trim_start().starts_with(')'))
    }

    /// The word after a wrapper and its own options.
    fn skip_wrapper(&self, words: &[Word], mut index: usize) -> usize {
        let name = self.plain_text(&words[index]);
        index += 1;
        while let Some(text) = words.get(index).map(|word| self.plain_text(word)) {
            match text {
                "-u" | "-g" | "-n" | "-s" | "-k" | "-C" | "-h" | "-p" | "-S"
                    if name != "command" && name != "exec" && text != "-S" =>
                {
                    index += 2;
                }
                _ if text.starts_with('-') => index += 1,
                _ if name == "timeout" && text.starts_with(|c: char| c.is_ascii_digit()) => {
                    index += 1;
                }
                _ => break,
            }
        }
        index
    }

    /// The text of a word that is one piece, else the start of it as it is written.
    pub(super) fn plain_text(&self, word: &Word) -> &str {
        let [part] = &self.buffers.parts[word.parts.range()] else {
            return &self.text[word.span.range()];
        };
        match part.kind {
            PartKind::Exact => &self.text[part.span.range()],
            _ => &self.text[word.span.range()],
        }
    }
}

fn is_assignment(text: &str) -> bool {
    let Some(name) = text.split('=').next().filter(|name| name.len() < text.len()) else {
        return false;
    };
    let name = name.strip_suffix('+').unwrap_or(name);
    let name = name.split('[').next().unwrap_or(name);
    let mut chars = name.chars();
    chars.next().is_some_and(|char| char.is_ascii_alphabetic() || char == '_')
        && chars.all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// Whether a word is what stands before a command at a terminal: `user@host:~$`, `~]#`.
fn is_prompt(text: &str) -> bool {
    let marked = text.ends_with(['$', '#', '%', '>', '❯', '➜']);
    marked && (text.len() < 4 || text.contains(['@', ':', '~', ']', '/']))
}
