//! What stands between words: blanks and line joins, and the characters that only look like
//! blanks and quotes.

use super::lexer::Lexer;
use crate::layer::Quote;
use crate::model::FindingKind;
use crate::parse::invisible::invisible_at;
use crate::parse::repair::take_away;

/// A backslash at a line end.
pub(super) struct Join {
    /// First byte after the line end.
    pub(super) end: usize,
    /// Whether white space stands between the backslash and the line end.
    pub(super) spaces: bool,
}

/// How a character outside ASCII misleads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Looks like a blank, but is part of a word.
    Space,
    /// Is not seen at all.
    Nothing,
    /// A typographic double quote.
    Double,
    /// A typographic single quote.
    Single,
}

fn look(char: char) -> Option<Look> {
    match char {
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' => Some(Look::Space),
        '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(Look::Space),
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => Some(Look::Nothing),
        '“' | '”' | '„' | '‟' | '″' => Some(Look::Double),
        '‘' | '’' | '‚' | '‛' | '′' => Some(Look::Single),
        _ => None,
    }
}

/// Whether the character is a no-break space, has no width, or is a byte order mark.
pub(crate) fn is_invisible(char: char) -> bool {
    matches!(look(char), Some(Look::Space | Look::Nothing))
}

impl Lexer<'_, '_, '_> {
    /// Goes to the next byte that is no blank; joins lines on the way.
    pub(super) fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' => self.at += 1,
                b'\r' if self.is_line_end(self.at) => self.at += 1,
                b'\\' => match self.join_end(self.at) {
                    Some(join) => self.join(join),
                    None => return,
                },
                0x80.. => {
                    let Some(char) = self.rest().chars().next() else { return };
                    let text = match look(char) {
                        Some(Look::Space) => " ",
                        Some(Look::Nothing) => "",
                        _ => return,
                    };
                    let (start, end) = (self.at, self.at + char.len_utf8());
                    self.at = end;
                    if start > 0 || char != '\u{FEFF}' {
                        self.find_repair(FindingKind::InvisibleCharacter, start, end, text);
                    }
                }
                _ => return,
            }
        }
    }

    /// Whether the backslash at `at` joins its line with the next one.
    pub(super) fn join_end(&self, at: usize) -> Option<Join> {
        let mut end = at + 1;
        while matches!(self.byte(end), Some(b' ' | b'\t')) {
            end += 1;
        }
        let join = Join { end: self.after_line_end(end), spaces: end > at + 1 };
        self.is_line_end(end).then_some(join)
    }

    /// Whether white space, the end, or a pasted prompt follows a join: then it is not inside of
    /// a word.
    pub(super) fn ends_word(&self, join: &Join) -> bool {
        join.spaces
            || matches!(self.byte(join.end), None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'>'))
    }

    fn join(&mut self, join: Join) {
        let start = self.at;
        self.at = join.end;
        let mut line = join.end;
        while matches!(self.byte(line), Some(b' ' | b'\t')) {
            line += 1;
        }
        if self.is_line_end(line) {
            self.blank_line(start, line);
        } else if join.spaces {
            let blanks = self.text[start + 1..join.end].trim_end_matches(['\r', '\n']).len();
            let end = start + 1 + blanks;
            let blanks = self.root(start + 1, end);
            let finding = self.find(FindingKind::SpaceAfterBackslash, start, end);
            finding.repair = vec![(blanks, String::new())];
        }
        self.comments_between();
        self.continuation_prompt();
    }

    /// A join at `start` before the empty line that ends at `line`: the end of the text, or a
    /// command that was meant to go on with the options below.
    fn blank_line(&mut self, start: usize, line: usize) {
        let below = self.text.get(line..self.end).unwrap_or_default();
        let rest = below.trim_start();
        let goes_on = starts_option(rest);
        if rest.is_empty() {
            let repair = take_away(&self.document.layers, self.region, start);
            self.find(FindingKind::TrailingBackslash, start, start + 1).repair = repair;
        } else if goes_on {
            let first = self.after_line_end(start + 1);
            let next = line + below.len() - rest.len();
            let indent = self.text[..next].rfind('\n').map_or(next, |end| end + 1);
            let blank = self.root(first, indent);
            self.at = next;
            let finding = self.find(FindingKind::BlankLineAfterJoin, start, start + 1);
            finding.repair = vec![(blank, String::new())];
        }
    }

    /// `> ` at the start of a joined line was copied from a terminal, where an argument follows
    /// that no file would be named after.
    fn continuation_prompt(&mut self) {
        if let Some(last) = self.line_number {
            let number = (last + 1).to_string();
            let digits = self.rest().trim_start_matches([' ', '\t']);
            let indent = self.rest().len() - digits.len();
            if let Some(after) = digits.strip_prefix(&number)
                && after.starts_with([' ', '\t'])
            {
                self.line_number = Some(last + 1);
                self.at += indent;
                let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
                return self.skip_prompt(number.len() + blanks);
            }
        }
        let Some(rest) = self.rest().strip_prefix("> ") else { return };
        let rest = rest.trim_start_matches(' ');
        let bare = rest.trim_start_matches(['\'', '"']);
        let argument = rest.starts_with('-') || bare.starts_with("http") || bare.starts_with('{');
        match argument {
            true if self.prompted => self.at += "> ".len(),
            true => self.skip_prompt("> ".len()),
            false => {}
        }
    }

    /// Skips a prompt of `length` bytes at the cursor, and says so.
    pub(super) fn skip_prompt(&mut self, length: usize) {
        let start = self.at;
        self.at += length;
        let prompt = self.text[start..self.at].trim_end();
        let all = self.root(start, self.at);
        let finding = self.find(FindingKind::PastedPrompt, start, start + prompt.len());
        finding.repair = vec![(all, String::new())];
    }

    /// Whether the character at the cursor, in the word that began at `start`, is not just text.
    pub(super) fn is_odd_character(&self, start: usize) -> bool {
        let Some(char) = self.rest().chars().next() else { return false };
        match look(char) {
            None => false,
            Some(Look::Space) => true,
            Some(Look::Nothing) => invisible_at(self.text, self.at).is_some(),
            Some(_) => {
                let before = &self.text[start..self.at];
                let opens = before.is_empty()
                    || before.len() == 2 && before.starts_with('-')
                    || before.ends_with('=');
                opens && self.at < self.no_smart_close
            }
        }
    }

    /// Reads what [`is_odd_character`](Self::is_odd_character) found; false where the word ends.
    pub(super) fn odd_character(&mut self, _start: usize) -> bool {
        let Some(char) = self.rest().chars().next() else { return false };
        let (at, end) = (self.at, self.at + char.len_utf8());
        match look(char) {
            Some(Look::Space) => return false,
            Some(Look::Nothing) => {
                self.at = end;
                self.find_repair(FindingKind::InvisibleCharacter, at, end, "");
            }
            Some(look) => self.smart_quoted(look),
            None => self.at = end,
        }
        true
    }

    fn smart_quoted(&mut self, family: Look) {
        let start = self.at;
        let Some((close, length)) = self.smart_close(family) else {
            self.no_smart_close = start;
            return;
        };
        let open = self.rest().chars().next().map_or(0, char::len_utf8);
        let inside = &self.text[start + open..close];
        let quote = match family {
            Look::Double if !inside.contains('"') => Some("\""),
            _ if !inside.contains('\'') => Some("'"),
            _ => None,
        };
        self.at = start + open;
        if family == Look::Double && quote != Some("'") {
            let end = std::mem::replace(&mut self.end, close);
            self.expanding_text(Quote::Double, None);
            self.end = end;
        } else {
            self.push_exact(self.at, close, Quote::Single);
        }
        self.at = close + length;
        let repair = quote.map(|quote| {
            let ends = [self.root(start, start + open), self.root(close, self.at)];
            ends.map(|end| (end, quote.to_owned())).to_vec()
        });
        let finding = self.find(FindingKind::SmartQuote, start, self.at);
        finding.repair = repair.unwrap_or_default();
    }

    /// The quote that closes the typographic one at the cursor, with its length: the first of
    /// its family at the end of a word, before an empty line.
    fn smart_close(&self, family: Look) -> Option<(usize, usize)> {
        let ascii = if family == Look::Double { '"' } else { '\'' };
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((at, char)) = chars.next() {
            let closes = char == ascii || look(char) == Some(family);
            let next = chars.peek().map(|(_, char)| *char);
            if char == '\n' && next == Some('\n') {
                return None;
            }
            let ends = next.is_none_or(|next| next.is_whitespace() || ";|&)\\".contains(next));
            if closes && ends {
                return Some((self.at + at, char.len_utf8()));
            }
        }
        None
    }
}

/// Whether a text begins with an option: `-d`, `--data`.
pub(super) fn starts_option(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|option| {
        option.starts_with(|char: char| char == '-' || char.is_ascii_alphabetic())
    })
}
