//! Lists of commands: what ends a command, redirections, comments, prompts.

use super::command::{Pending, Stdin};
use super::lexer::Lexer;
use crate::model::{FindingKind, Kind};
use crate::parse::curl::options::{begins_option, wants_argument};
use crate::parse::words::is_curl;
use crate::span::Span;

/// What ends a list of commands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// The end of the text.
    End,
    /// The `)` of `$(`.
    Paren,
}

impl Lexer<'_, '_, '_> {
    /// Reads the whole region.
    pub(super) fn script(&mut self) {
        self.list(Close::End);
    }

    /// Reads commands up to and including `close`; false where it is missing.
    pub(super) fn list(&mut self, close: Close) -> bool {
        let mut groups = 0_usize;
        self.line_start();
        loop {
            self.skip_blanks();
            let Some(byte) = self.peek() else { break };
            match byte {
                b'\n' if self.lost_join() => {}
                b'\n' => {
                    self.at += 1;
                    self.end_line();
                }
                b'#' if self.is_lost_hash() => self.lost_hash(),
                b'#' => self.comment(),
                b';' => self.operator(1, false),
                b'&' if self.byte(self.at + 1) == Some(b'>') => self.redirection(),
                b'&' if self.byte(self.at + 1) == Some(b'&') => self.operator(2, false),
                b'&' if self.starts_html_quote() => self.command_word(),
                b'&' => self.operator(1, false),
                b'|' if self.byte(self.at + 1) == Some(b'|') => self.operator(2, false),
                b'|' => self.operator(1, true),
                b'(' if self.starts_array() => self.array(),
                b'(' => {
                    groups += 1;
                    self.variables.groups += usize::from(self.depth == 0);
                    self.operator(1, false);
                }
                b')' => {
                    self.operator(1, false);
                    let closed = usize::from(self.depth == 0);
                    self.variables.groups = self.variables.groups.saturating_sub(closed);
                    match groups.checked_sub(1) {
                        Some(fewer) => groups = fewer,
                        None if self.cases > 0 || close == Close::End => {}
                        None => {
                            self.flush();
                            return true;
                        }
                    }
                }
                b'<' | b'>' => self.redirection(),
                b'0'..=b'9' if self.is_descriptor() => self.redirection(),
                _ => self.command_word(),
            }
        }
        self.end_command(false);
        self.read_heredocs();
        if self.depth > 0 && self.unclosed.is_some() {
            // Something deeper runs to the end, and took the rest of these commands along.
            self.buffers.clear();
        }
        self.flush();
        close == Close::End
    }

    fn command_word(&mut self) {
        let before = self.at;
        let word = self.word();
        if self.at == before {
            // Nothing that a word can begin with; go on behind it.
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
            return;
        }
        self.buffers.words.push(word);
        self.buffers.open.end = self.at;
    }

    /// Goes on behind the line end at the cursor, where an option of curl begins the next line and
    /// nothing joins it to the command; false where the command ends.
    fn lost_join(&mut self) -> bool {
        let words = &self.buffers.words[self.buffers.open.words.start()..];
        let (Some(name), Some(last)) = (words.first(), words.last().copied()) else { return false };
        let below = &self.rest()[1..];
        let rest = below.trim_start_matches([' ', '\t']);
        if !is_curl(self.plain_text(name)) || self.buffers.waiting > 0 || !begins_option(rest) {
            return false;
        }
        let next = self.at + 1 + below.len() - rest.len();
        let line = self.text[..self.at].trim_end_matches(['\r', ' ', '\t']).len();
        self.at = next;
        // A backslash that is escaped is an argument.
        let escaped = words.len() > 1 && &self.text[last.span.range()] == "\\\\";
        if escaped {
            self.buffers.words.pop();
        }
        if !self.has_room() {
            return true;
        }
        if escaped {
            let (start, end) = (last.span.start(), last.span.end());
            let repair = vec![(self.root(start, start + 1), String::new())];
            self.find(FindingKind::LostJoin, start, end).repair = repair;
        } else {
            let length = rest.find([' ', '\t', '\r', '\n', '=', '\'', '"']).unwrap_or(rest.len());
            let repair = vec![(self.root(line, line), " \\".to_owned())];
            self.find(FindingKind::LostJoin, next, next + length).repair = repair;
        }
        true
    }

    /// A `#` that was meant as the start of a word, but begins a comment.
    fn lost_hash(&mut self) {
        let start = self.at;
        self.find_repair(FindingKind::UnquotedHash, start, start + 1, "\\#");
        self.at += 1;
        let rest = self.rest().find([' ', '\t', '\n', ';', '|', '&']);
        let end = rest.map_or(self.end, |length| self.at + length);
        let first = self.buffers.parts.len();
        self.push_exact(start, end, crate::layer::Quote::None);
        self.at = end;
        let parts = Span::new(first, self.buffers.parts.len());
        self.buffers.words.push(super::Word { span: Span::new(start, end), parts });
        self.buffers.open.end = end;
    }

    /// Whether the `#` at the cursor follows an option that needs an argument, and a text follows it:
    /// `-d #tag`.
    fn is_lost_hash(&self) -> bool {
        let words = &self.buffers.words[self.buffers.open.words.start()..];
        let [name, .., option] = words else { return false };
        let is_text = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        is_text(self.byte(self.at + 1))
            && is_curl(self.plain_text(name))
            && wants_argument(self.plain_text(option))
    }

    fn comment(&mut self) {
        let length = memchr::memchr(b'\n', self.rest().as_bytes());
        let end = length.map_or(self.end, |length| self.at + length);
        let joins = self.text[self.at..end].trim_end().ends_with('\\');
        if joins && !self.buffers.words[self.buffers.open.words.start()..].is_empty() {
            return self.comment_before_join(end);
        }
        self.at = end;
    }

    /// An operator of `length` bytes, which ends a command.
    fn operator(&mut self, length: usize, pipe: bool) {
        self.at += length;
        self.end_command(pipe);
        if self.depth == 0 {
            self.variables.conditional = length == 2;
        }
        if pipe && self.peek() == Some(b'&') {
            self.at += 1;
        }
    }

    fn end_line(&mut self) {
        self.end_command(false);
        if self.depth == 0 {
            self.variables.conditional = false;
        }
        self.read_heredocs();
        self.flush();
        self.line_start();
    }

    /// Ends the command at hand; with `pipe`, the next one reads its output.
    pub(super) fn end_command(&mut self, pipe: bool) {
        let buffers = &mut self.buffers;
        let mut command = std::mem::take(&mut buffers.open);
        command.words = Span::new(command.words.start(), buffers.words.len());
        command.findings = Span::new(command.findings.start(), buffers.findings.len());
        // A substitution may be nothing but a file: `$(< body.json)`.
        let reads = self.depth > 0 && matches!(command.stdin, Stdin::File(_));
        if !command.words.is_empty() {
            self.count_cases(command.words.start());
            self.note_variables(&command, pipe);
        }
        if !command.words.is_empty() || reads {
            self.buffers.commands.push(command);
        }
        // What a command prints is wanted where it is piped into the next one.
        if !pipe && self.buffers.waiting == 0 && !(self.depth > 0 && self.unclosed.is_some()) {
            self.flush();
        }
        let buffers = &mut self.buffers;
        buffers.open.piped = pipe;
        buffers.open.words = Span::empty(buffers.words.len());
        buffers.open.findings = Span::empty(buffers.findings.len());
    }

    fn count_cases(&mut self, first: usize) {
        let word = self.buffers.words[first];
        match &self.text[word.span.range()] {
            "case" => self.cases += 1,
            "esac" => self.cases = self.cases.saturating_sub(1),
            _ => {}
        }
    }

    /// Skips a prompt at the start of a line.
    fn line_start(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let Some(first) = self.rest().chars().next() else { return };
        let length = first.len_utf8();
        let blank = matches!(self.byte(self.at + length), Some(b' '));
        let is_prompt = blank
            && (matches!(first, '$' | '%' | '❯' | '➜' | '›') || first == '#' && self.root_prompt);
        // A script shows no prompts; a document does, with those of the lines that go on.
        self.prompted = is_prompt && self.document.kind != Kind::Shell;
        match first {
            _ if is_prompt => self.at += length + 1,
            '>' if self.starts_with("> curl ") => self.skip_prompt(2),
            '0'..='9' => self.line_number(),
            _ => {}
        }
    }

    /// `12  curl …`: a number that a listing put before the command.
    fn line_number(&mut self) {
        let rest = self.rest().as_bytes();
        let digits = rest.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
        let mark = usize::from(matches!(rest.get(digits), Some(b'.' | b':' | b')' | b'|')));
        let after = &rest[digits + mark..];
        let blanks = after.iter().take(9).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let command = &after[blanks..];
        if blanks > 0 && (command.starts_with(b"curl ") || command.starts_with(b"$ curl ")) {
            let prompt = if command[0] == b'$' { 2 } else { 0 };
            self.line_number = self.rest()[..digits].parse().ok();
            self.skip_prompt(digits + mark + blanks + prompt);
        }
    }

    /// Whether the digits at the cursor name the descriptor of a redirection.
    fn is_descriptor(&self) -> bool {
        let rest = self.rest().as_bytes();
        let digits = rest.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
        matches!(rest.get(digits), Some(b'<' | b'>'))
    }

    fn redirection(&mut self) {
        let start = self.at;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let descriptor = &self.text[start..start + digits];
        let input = matches!(descriptor, "" | "0");
        self.at += digits;
        let both = self.peek() == Some(b'&');
        if both {
            self.at += 1;
        }
        let rest = self.rest();
        if rest.starts_with("<<<") {
            self.at += 3;
            let word = self.redirected_word();
            if let (true, Some(word)) = (input, word) {
                self.buffers.open.stdin = Stdin::HereString(word);
            }
            return;
        }
        if rest.starts_with("<<") && !self.arithmetic {
            self.at += 2;
            return self.here_document(input);
        }
        if (rest.starts_with("<(") || rest.starts_with(">(")) && digits == 0 && !both {
            return self.process_substitution();
        }
        let operators = ["<<", "<>", "<&", "<", ">>", ">&", ">|", ">"];
        let operator = operators.iter().find(|operator| rest.starts_with(**operator));
        self.at += operator.map_or(1, |operator| operator.len());
        let word = self.redirected_word();
        self.buffers.open.redirected |= !rest.starts_with('<');
        if input && rest.starts_with('<') {
            self.buffers.open.stdin = match word {
                Some(word) if operator == Some(&"<") => Stdin::File(word),
                _ => Stdin::Unknown,
            };
        }
    }

    /// The word after a redirection, which is not an argument of the command.
    pub(super) fn redirected_word(&mut self) -> Option<super::Word> {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let starts = |byte: u8| {
            !matches!(byte, b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
        };
        self.peek().filter(|byte| starts(*byte))?;
        let before = self.at;
        let word = self.word();
        self.buffers.open.end = self.at;
        (self.at > before).then_some(word)
    }

    /// `<(…)` stands for the name of a file.
    fn process_substitution(&mut self) {
        let start = self.at;
        let first = self.buffers.parts.len();
        self.at += 2;
        let _ = self.substitution(start);
        if self.depth == 0 && self.unclosed.take().is_some() {
            self.find(FindingKind::UnclosedQuote, start, start + 2);
            self.buffers.open.broken = true;
        }
        self.push_hole(start, self.at, crate::layer::Quote::None, crate::layer::HoleKind::File);
        let parts = Span::new(first, self.buffers.parts.len());
        self.buffers.words.push(super::Word { span: Span::new(start, self.at), parts });
        self.buffers.open.end = self.at;
    }

    /// Hands on the commands that were read completely, and forgets them.
    pub(super) fn flush(&mut self) {
        let commands = std::mem::take(&mut self.buffers.commands);
        for (index, command) in commands.iter().enumerate() {
            let before = index.checked_sub(1).filter(|_| command.piped).map(|at| &commands[at]);
            self.capture(command);
            self.emit(command, before);
        }
        self.buffers.commands = commands;
        self.buffers.clear();
        self.buffers.open = Pending::default();
    }
}
