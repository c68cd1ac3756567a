//! Here-documents: `<<EOF` and the lines that follow.

use super::command::Stdin;
use super::lexer::Lexer;
use super::word::PartKind;
use crate::layer::{LayerId, Quote};
use crate::model::{Finding, FindingKind};
use crate::span::Span;

/// A here-document. Spans count from the start of the region.
#[derive(Debug)]
pub(crate) struct Heredoc {
    delimiter: String,
    /// The word that names the delimiter.
    word: Span,
    /// Whether `$` counts in it.
    pub(super) expands: bool,
    /// Whether tabs at the start of lines are dropped (`<<-`).
    tabs: bool,
    /// Its lines, without the delimiter's.
    pub(super) body: Span,
    /// Its pieces.
    pub(super) parts: Span,
    /// After the delimiter.
    pub(super) end: usize,
}

impl Lexer<'_, '_, '_> {
    /// Reads the delimiter after `<<`; the text follows after the line.
    pub(super) fn here_document(&mut self, input: bool) {
        let tabs = self.peek() == Some(b'-');
        if tabs {
            self.at += 1;
        }
        let Some(word) = self.redirected_word() else { return };
        let parts = &self.buffers.parts[word.parts.range()];
        let mut delimiter = String::new();
        let mut expands = true;
        for part in parts {
            delimiter.push_str(match part.kind {
                PartKind::Decoded(span) | PartKind::Layer(span, _) => {
                    &self.buffers.decoded[span.range()]
                }
                PartKind::Exact | PartKind::Hole(_) => &self.text[part.span.range()],
            });
            let plain = part.quote == Quote::None && matches!(part.kind, PartKind::Exact);
            expands &= plain;
        }
        expands &= !parts.is_empty();
        let nothing = Span::empty(0);
        self.buffers.heredocs.push(Heredoc {
            delimiter,
            word: word.span,
            expands,
            tabs,
            body: nothing,
            parts: nothing,
            end: 0,
        });
        self.buffers.waiting += 1;
        if input {
            self.buffers.open.stdin = Stdin::HereDocument(self.buffers.heredocs.len() - 1);
        }
    }

    /// Reads the texts of the here-documents of the line that just ended.
    pub(super) fn read_heredocs(&mut self) {
        let waiting = std::mem::take(&mut self.buffers.waiting);
        let all = self.buffers.heredocs.len();
        for index in all - waiting..all {
            self.read_heredoc(index);
        }
    }

    fn read_heredoc(&mut self, index: usize) {
        let start = self.at;
        let delimiter = std::mem::take(&mut self.buffers.heredocs[index].delimiter);
        let tabs = self.buffers.heredocs[index].tabs;
        let mut lines = Vec::new();
        let mut closed = None;
        // The first line that is the delimiter but for blanks around it.
        let mut loose = None;
        while self.at < self.end {
            let line = self.at;
            let rest = self.rest();
            let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            let text = &rest[..length];
            let indent = if tabs { text.len() - text.trim_start_matches('\t').len() } else { 0 };
            let bare = text[indent..].trim_end_matches('\r');
            if bare == delimiter {
                closed = Some(line);
                self.at = line + indent + delimiter.len();
                break;
            }
            if self.depth > 0
                && bare.strip_prefix(&*delimiter).is_some_and(|it| it.starts_with(')'))
            {
                closed = Some(line);
                self.at = line + indent + delimiter.len();
                break;
            }
            if loose.is_none() && !delimiter.is_empty() && bare.trim() == delimiter {
                loose = Some((Span::new(line, line + indent + bare.len()), lines.len()));
                if !self.may_search() {
                    break;
                }
            }
            if indent > 0 {
                lines.push((line, line + indent));
            }
            self.at = (line + length + 1).min(self.end);
        }
        if closed.is_none() {
            let repair = match loose {
                Some((written, before)) => {
                    closed = Some(written.start());
                    self.at = written.end();
                    lines.truncate(before);
                    self.without_blanks(written)
                }
                // A quote around the delimiter may be what is not closed.
                None if self.unclosed.is_some() || self.is_half_quoted(index) => Vec::new(),
                None => self.ended_by(&delimiter, start),
            };
            self.report_unclosed(index, repair);
        }
        let body = Span::new(start, closed.unwrap_or(self.at));
        let end = self.at;
        let noticed = self.buffers.findings.len();
        let parts = self.heredoc_parts(body, &lines, self.buffers.heredocs[index].expands);
        for finding in self.buffers.findings.split_off(noticed) {
            self.add_late(index, finding);
        }
        let heredoc = &mut self.buffers.heredocs[index];
        (heredoc.body, heredoc.parts, heredoc.end) = (body, parts, end);
        self.at = self.after_line_end(end);
        if self.depth > 0 && self.byte(end) == Some(b')') {
            self.at = end;
        }
    }

    fn report_unclosed(&mut self, index: usize, repair: Vec<(Span, String)>) {
        let word = self.buffers.heredocs[index].word;
        let place = self.place(word.start(), word.end());
        let finding = Finding { repair, ..Finding::new(FindingKind::UnclosedHeredoc, place) };
        self.add_late(index, finding);
    }

    fn is_half_quoted(&self, index: usize) -> bool {
        let word = &self.text[self.buffers.heredocs[index].word.range()];
        let quote = word.chars().next().filter(|first| matches!(first, '\'' | '"'));
        quote.is_some_and(|quote| word.len() < 2 || !word.ends_with(quote))
    }

    /// The edits that leave of a line only its text.
    fn without_blanks(&self, line: Span) -> Vec<(Span, String)> {
        let text = &self.text[line.range()];
        let start = line.start() + (text.len() - text.trim_start().len());
        let end = line.start() + text.trim_end().len();
        let blanks = [(line.start(), start), (end, line.end())];
        let there = blanks.into_iter().filter(|(from, to)| from < to);
        there.map(|(from, to)| (self.root(from, to), String::new())).collect()
    }

    /// The edit that ends a here-document with its delimiter at the end of the text; nothing where
    /// the document has taken further commands.
    fn ended_by(&self, delimiter: &str, start: usize) -> Vec<(Span, String)> {
        let body = &self.text[start.min(self.end)..self.end];
        let is_plain =
            !delimiter.is_empty() && delimiter.bytes().all(|b| b.is_ascii_alphanumeric());
        let is_whole = self.region.layer == LayerId::ROOT && self.depth == 0;
        if !is_whole || !is_plain || body.lines().any(|line| line.starts_with("curl ")) {
            return Vec::new();
        }
        let before = if body.is_empty() || body.ends_with('\n') { "" } else { "\n" };
        vec![(self.root(self.end, self.end), format!("{before}{delimiter}\n"))]
    }

    /// Adds what was noticed in a here-document to the command that reads it.
    fn add_late(&mut self, index: usize, finding: Finding) {
        let reads = |command: &super::command::Pending| matches!(command.stdin, Stdin::HereDocument(of) if of == index);
        if let Some(command) = self.buffers.commands.iter_mut().find(|command| reads(command)) {
            command.late.push(finding);
        }
    }

    /// The pieces of a here-document; of each line, `indents` holds what is dropped.
    fn heredoc_parts(&mut self, body: Span, indents: &[(usize, usize)], expands: bool) -> Span {
        let first = self.buffers.parts.len();
        let mut from = body.start();
        let ends = indents.iter().copied().chain([(body.end(), body.end())]);
        for (indent, after) in ends {
            if expands {
                self.expanding_run(from, indent);
            } else {
                self.push_exact(from, indent, Quote::None);
            }
            from = from.max(after);
        }
        Span::new(first, self.buffers.parts.len())
    }

    fn expanding_run(&mut self, from: usize, to: usize) {
        if from >= to {
            return;
        }
        let end = std::mem::replace(&mut self.end, to);
        self.at = from;
        self.expanding_text(Quote::None, None);
        self.end = end;
        self.unclosed = None;
    }
}
