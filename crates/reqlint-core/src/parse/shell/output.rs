//! What commands print whose output is known from their text: `echo`, `printf '%s'`, and `cat`
//! with a here-document or files. Others read it from a pipe, or as `"$(…)"`.

use super::command::{Pending, Stdin};
use super::lexer::Lexer;
use super::word::{Part, PartKind, Word};
use crate::layer::{Codec, LayerId, Quote};
use crate::span::Span;

/// A piece of what a command prints.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Output {
    /// The text of a word.
    Word(Word),
    /// A text that follows from a span.
    Text(&'static str, Span),
    /// A here-document, by its place in the list of them.
    HereDocument(usize),
    /// The text of the file that a word names.
    File(Word),
}

/// What the commands of a substitution print.
#[derive(Debug, Default)]
pub(super) struct Captured {
    commands: usize,
    /// The pieces, each with its text where it is decoded; none where they are not known.
    pieces: Option<Vec<(Part, Option<String>)>>,
}

impl Lexer<'_, '_, '_> {
    /// What a command prints, where that is known.
    pub(super) fn output_of(&self, command: &Pending) -> Option<Vec<Output>> {
        let words = &self.buffers.words[command.words.range()];
        if command.broken || command.redirected {
            return None;
        }
        let (name, arguments) = match (words.split_first(), command.stdin) {
            (Some(words), _) => words,
            // `$(< file)`
            (None, Stdin::File(word)) if self.is_path(&word) => {
                return Some(vec![Output::File(word)]);
            }
            (None, _) => return None,
        };
        match self.plain_text(name) {
            "echo" => self.output_of_echo(arguments),
            "printf" => self.output_of_printf(arguments),
            "cat" if arguments.iter().all(|word| self.is_path(word)) && !arguments.is_empty() => {
                Some(arguments.iter().map(|word| Output::File(*word)).collect())
            }
            "cat" if arguments.is_empty() && !command.piped => match command.stdin {
                Stdin::File(word) if self.is_path(&word) => Some(vec![Output::File(word)]),
                Stdin::HereDocument(index) => Some(vec![Output::HereDocument(index)]),
                Stdin::HereString(word) => {
                    Some(vec![Output::Word(word), Output::Text("\n", word.span)])
                }
                Stdin::None | Stdin::Unknown | Stdin::Piped | Stdin::File(_) => None,
            },
            _ => None,
        }
    }

    /// Whether a word is surely the path of one file.
    fn is_path(&self, word: &Word) -> bool {
        !self.has_hole(word)
            && !self.may_be_several(word)
            && !self.plain_text(word).starts_with('-')
    }

    /// Shells differ in what they make of backslashes in it, and of options but `-n`.
    fn output_of_echo(&self, arguments: &[Word]) -> Option<Vec<Output>> {
        let bare = arguments.first().is_some_and(|first| self.plain_text(first) == "-n");
        let arguments = &arguments[usize::from(bare)..];
        let is_option = |word: &Word| self.plain_text(word).starts_with('-');
        if arguments.first().is_some_and(is_option) {
            return None;
        }
        let mut output = Vec::with_capacity(2 * arguments.len());
        for word in arguments {
            if self.has_backslash(word) || self.may_be_several(word) {
                return None;
            }
            if !output.is_empty() {
                output.push(Output::Text(" ", Span::empty(word.span.start())));
            }
            output.push(Output::Word(*word));
        }
        let end = arguments.last()?.span;
        if !bare {
            output.push(Output::Text("\n", end));
        }
        Some(output)
    }

    /// `printf '%s' text`, `printf '%s\n' text`, and a text without any directive.
    fn output_of_printf(&self, arguments: &[Word]) -> Option<Vec<Output>> {
        let (format, rest) = arguments.split_first()?;
        match (self.plain_text(format), rest) {
            (_, [word]) if self.may_be_several(word) => None,
            ("%s", [word]) => Some(vec![Output::Word(*word)]),
            ("%s\\n", [word]) => Some(vec![Output::Word(*word), Output::Text("\n", format.span)]),
            (text, []) if !text.contains('%') && !text.starts_with('-') => {
                let known = !self.has_backslash(format) && !self.has_hole(format);
                known.then(|| vec![Output::Word(*format)])
            }
            _ => None,
        }
    }

    fn parts_of(&self, word: &Word) -> &[Part] {
        &self.buffers.parts[word.parts.range()]
    }

    fn has_hole(&self, word: &Word) -> bool {
        self.parts_of(word).iter().any(|part| matches!(part.kind, PartKind::Hole(_)))
    }

    /// Whether the word may become several, or none.
    fn may_be_several(&self, word: &Word) -> bool {
        let may = |part: &Part| match part.kind {
            PartKind::Hole(_) => part.quote == Quote::None,
            PartKind::Exact if part.quote == Quote::None => {
                self.text[part.span.range()].contains(['*', '?', '['])
            }
            _ => false,
        };
        self.parts_of(word).iter().any(may)
    }

    fn has_backslash(&self, word: &Word) -> bool {
        self.parts_of(word).iter().any(|part| match part.kind {
            PartKind::Decoded(span) | PartKind::Layer(span, _) => {
                self.buffers.decoded[span.range()].contains('\\')
            }
            PartKind::Exact => self.text[part.span.range()].contains('\\'),
            PartKind::Hole(_) => false,
        })
    }

    /// Notes what a command of the substitution at hand prints.
    pub(super) fn capture(&mut self, command: &Pending) {
        if self.depth == 0 {
            return;
        }
        self.captured.commands += 1;
        let first = self.captured.commands == 1;
        let output = if first { self.output_of(command) } else { None };
        let pieces = output.and_then(|output| self.pieces_of(&output));
        self.captured.pieces = pieces;
    }

    /// None where a piece is the text of a file that is not known.
    fn pieces_of(&mut self, output: &[Output]) -> Option<Vec<(Part, Option<String>)>> {
        let mut pieces = Vec::new();
        for piece in output {
            let (parts, document) = match piece {
                Output::Word(word) => (word.parts, false),
                Output::HereDocument(index) => (self.buffers.heredocs[*index].parts, true),
                Output::File(word) => {
                    pieces.push(self.file_piece(word)?);
                    continue;
                }
                Output::Text(text, span) => {
                    let kind = PartKind::Decoded(Span::empty(0));
                    let part = Part { span: *span, quote: Quote::None, kind };
                    pieces.push((part, Some((*text).to_owned())));
                    continue;
                }
            };
            for part in &self.buffers.parts[parts.range()] {
                // New text in a here-document is written there only where it needs no quotes.
                let quote = if document { Quote::None } else { part.quote };
                let text = match part.kind {
                    PartKind::Decoded(span) | PartKind::Layer(span, _) => {
                        Some(self.buffers.decoded[span.range()].to_owned())
                    }
                    PartKind::Exact | PartKind::Hole(_) => None,
                };
                pieces.push((Part { quote, ..*part }, text));
            }
        }
        Some(pieces)
    }

    /// The text of the file that a word names, where it may be read.
    fn file_piece(&mut self, word: &Word) -> Option<(Part, Option<String>)> {
        let [part] = self.parts_of(word) else { return None };
        let (span, quote) = (part.span, part.quote);
        let PartKind::Exact = part.kind else { return None };
        let path = self.place(span.start(), span.end());
        let place = self.document.layers.file(path)?;
        let text = self.document.layers.text(place).to_owned();
        let kind = PartKind::Layer(Span::empty(0), place.layer);
        Some((Part { span, quote, kind }, Some(text)))
    }

    /// Adds the text of a file, or the start of it.
    fn push_file(&mut self, part: Part, id: LayerId, text: &str) {
        let layers = &mut self.document.layers;
        let whole = layers.whole(id);
        let id = match text.len() == whole.span.len() {
            true => id,
            false => layers.wrap(Codec::Joined, whole.sub(Span::new(0, text.len()))).layer,
        };
        let from = self.buffers.decoded.len();
        self.buffers.decoded.push_str(text);
        let kind = PartKind::Layer(Span::new(from, self.buffers.decoded.len()), id);
        self.buffers.parts.push(Part { kind, ..part });
    }

    /// Adds what a substitution prints, without line ends at its end; false where it is unknown.
    pub(super) fn push_captured(&mut self, captured: Captured) -> bool {
        let Some(mut pieces) = captured.pieces else { return false };
        while let Some((part, text)) = pieces.last_mut() {
            let length = match (&text, part.kind) {
                (_, PartKind::Hole(_)) => break,
                (Some(text), _) => text.trim_end_matches('\n').len(),
                (None, _) => self.text[part.span.range()].trim_end_matches('\n').len(),
            };
            if length > 0 {
                match text {
                    Some(text) => text.truncate(length),
                    None => {
                        let start = part.span.start();
                        part.span = Span::new(start, start + length);
                    }
                }
                break;
            }
            pieces.pop();
        }
        for (part, text) in pieces {
            let (start, end) = (part.span.start(), part.span.end());
            match (text, part.kind) {
                (Some(text), PartKind::Layer(_, id)) => self.push_file(part, id, &text),
                (Some(text), _) => self.push_decoded(start, end, part.quote, &text),
                (None, PartKind::Hole(kind)) => self.push_hole(start, end, part.quote, kind),
                (None, _) => self.push_exact(start, end, part.quote),
            }
        }
        true
    }
}
