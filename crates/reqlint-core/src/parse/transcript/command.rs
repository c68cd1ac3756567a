//! Where the commands in a pasted text begin and end: what they printed follows them without a
//! mark, and must not be read as shell text.

use super::marks::{is_fence, is_output_start, is_shell_failure};
use crate::model::Dialect;
use crate::parse::dialect::detect_dialect;
use crate::parse::words::is_curl;
use crate::span::Span;

/// Words that may stand before a command.
const BEFORE: [&str; 9] =
    ["sudo", "time", "env", "exec", "command", "do", "then", "watch", "nohup"];
/// Characters that end a prompt.
const PROMPTS: [char; 8] = ['$', '#', '%', '>', '❯', '➜', '›', '»'];
/// More commands than this are not looked for.
const MOST_COMMANDS: usize = 1000;
/// In one line, a command is looked for at so many places.
const MOST_IN_LINE: usize = 8;
/// A quote that is open longer than this, in bytes, opened by mistake.
const LONGEST_QUOTED: usize = 256 * 1024;
const CMDLETS: [&str; 4] = ["invoke-restmethod", "invoke-webrequest", "irm", "iwr"];

/// The bytes of every command that sends a request, in order, apart from each other.
pub(super) fn find_commands(text: &str) -> Vec<Span> {
    let mut commands = Vec::new();
    let mut at = 0;
    while at < text.len() && commands.len() < MOST_COMMANDS {
        let end = end_of_line(text, at);
        match start_in_line(&text[at..end]) {
            Some((start, None)) => {
                let command = Span::new(at + start, end_of_command(text, at + start));
                at = end_of_line(text, command.end()).max(end) + 1;
                commands.push(command);
            }
            Some((start, Some(length))) => {
                commands.push(Span::new(at + start, at + start + length));
                at = end + 1;
            }
            None => at = end + 1,
        }
    }
    commands
}

fn end_of_line(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length)
}

/// Where a command begins in a line, and its length where it stands in backticks among words.
fn start_in_line(line: &str) -> Option<(usize, Option<usize>)> {
    let indent = line.len() - line.trim_start().len();
    if is_windows_command(&line[indent..]) {
        return Some((indent, None));
    }
    for (at, _) in line.match_indices("curl").take(MOST_IN_LINE) {
        let word = line[at..].split([' ', '\t', '\\']).next().unwrap_or_default();
        let from = line[..at].rfind([' ', '\t', '`', '(', '|', ';', '&']).map_or(0, |end| end + 1);
        let program = &line[from..at + word.len()];
        let arguments = &line[at + word.len()..];
        if !is_curl(program.trim_end_matches('\r')) || !has_arguments(arguments) {
            continue;
        }
        let before = &line[..from];
        if before.ends_with('`') && !before.ends_with("$`") && !before.trim().is_empty() {
            let length = line[from..].find('`');
            if length.is_some() {
                return Some((from, length));
            }
        }
        if let Some(start) = start_after_prompt(before) {
            return Some((start, None));
        }
    }
    None
}

/// A line at a prompt of Windows, or with a cmdlet that sends a request.
fn is_windows_command(line: &str) -> bool {
    let drive = |text: &str| text.as_bytes().get(1..3) == Some(b":\\");
    let at_prompt = line.strip_prefix("PS ").unwrap_or(line);
    if drive(at_prompt)
        && let Some((path, rest)) = at_prompt.split_once('>')
        && !path.contains(['"', '\''])
    {
        return sends(rest.trim_start());
    }
    sends_by_cmdlet(line)
}

/// Whether a command stands behind a prompt of cmd: `C:\\Users\\me>`.
pub(super) fn is_at_prompt_of_cmd(command: &str) -> bool {
    let is_drive = command.as_bytes().get(1..3) == Some(b":\\");
    is_drive && command.split_once('>').is_some_and(|(path, _)| !path.contains(['"', '\'', '\n']))
}

/// Whether the words after a prompt of Windows are a command that sends a request.
fn sends(command: &str) -> bool {
    let (word, rest) = command.split_at(command.find([' ', '\t']).unwrap_or(command.len()));
    (is_curl(word) && has_arguments(rest)) || sends_by_cmdlet(command)
}

/// `Invoke-RestMethod …`, perhaps with `$x =` before it. An error message has a colon behind the
/// name.
fn sends_by_cmdlet(line: &str) -> bool {
    let command = match line.split_once('=') {
        Some((name, rest)) if name.trim_start().starts_with('$') => rest.trim_start(),
        _ => line,
    };
    let (word, rest) = command.split_at(command.find([' ', '\t']).unwrap_or(command.len()));
    let is_argument = |rest: &str| {
        rest.starts_with(['-', '"', '\'', '$', '@', '(', '`']) || rest.starts_with("http")
    };
    CMDLETS.iter().any(|name| word.eq_ignore_ascii_case(name)) && is_argument(rest.trim_start())
}

/// Whether what follows the word `curl` can be its arguments, rather than a sentence about it.
fn has_arguments(rest: &str) -> bool {
    let rest = rest.trim_end();
    if matches!(rest.trim(), "\\" | "^" | "`") {
        return true;
    }
    let mut words = rest.split_whitespace();
    let first = words.clone().next().unwrap_or_default();
    let is_host = first.contains('.') && !first.ends_with('.');
    let is_argument = |word: &str| {
        word.starts_with(['-', '\'', '"', '$', '{', '‘', '“'])
            || word.contains("://")
            || word.starts_with("localhost")
    };
    rest.starts_with([' ', '\t']) && (is_host || is_argument(first) || words.any(is_argument))
}

/// Where a command begins that has `before` before its program: after a prompt, with variables
/// and what is piped into it; none where these are words of a sentence.
fn start_after_prompt(before: &str) -> Option<usize> {
    let indent = before.len() - before.trim_start().len();
    let words = before.trim();
    if words.is_empty() {
        return Some(indent);
    }
    // A prompt ends at the last of its characters that is followed by a blank.
    let ends_prompt = |(at, char): (usize, char)| {
        let end = at + char.len_utf8();
        let blank = before[end..].starts_with([' ', '\t']);
        (blank && PROMPTS.contains(&char) && !before[..at].contains(['"', '\''])).then_some(end)
    };
    let prompt = before.char_indices().filter_map(ends_prompt).next_back();
    let start = prompt.map_or(indent, |end| before.len() - before[end..].trim_start().len());
    let rest = before[start..].trim_end();
    let last = rest.rsplit([' ', '\t']).next().unwrap_or_default();
    let is_number = |word: &str| {
        !word.is_empty()
            && word.trim_end_matches(['.', ')', ':']).bytes().all(|b| b.is_ascii_digit())
    };
    let is_assignment = last.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    let continues = rest.ends_with(['|', ';', '(', '&']);
    match () {
        () if rest.is_empty() => Some(start),
        () if is_number(rest) => Some(before.len()),
        () if BEFORE.contains(&last) || is_assignment || continues => Some(start),
        () => None,
    }
}

/// Where the command ends that begins at `start`.
fn end_of_command(text: &str, start: usize) -> usize {
    let end = Posix::new(text, start).end();
    // A dialect shows at the ends of lines, so one line more than what a POSIX shell would take.
    match detect_dialect(&text[line_start(text, start)..end]) {
        Dialect::Cmd => end_by_last_character(text, start, '^'),
        Dialect::PowerShell => end_in_powershell(text, start),
        _ => end,
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Lines that are joined by a character at their ends.
fn end_by_last_character(text: &str, start: usize, join: char) -> usize {
    let mut end = end_of_line(text, start);
    while text[start..end].trim_end_matches('\r').ends_with(join) && end < text.len() {
        end = end_of_line(text, end + 1);
    }
    without_return(text, start, end)
}

/// Lines that are joined by a backtick, an open bracket or an open quote.
fn end_in_powershell(text: &str, start: usize) -> usize {
    let mut end = end_of_line(text, start);
    loop {
        let command = &text[start..end];
        let line = &command[command.rfind('\n').map_or(0, |at| at + 1)..];
        let joins = line.trim_end().ends_with(['`', ',', '{', '(', '|']);
        let is_over = end >= text.len() || is_output_start(next_line(text, end));
        if is_over || !(joins || is_open_in_powershell(command)) {
            return without_return(text, start, end);
        }
        end = end_of_line(text, end + 1);
    }
}

/// Whether a quote, a here-string or a bracket is open at the end of PowerShell text.
fn is_open_in_powershell(command: &str) -> bool {
    let mut depth = 0_usize;
    let mut rest = command;
    while let Some(char) = rest.chars().next() {
        let here = ["@'", "@\""].iter().find(|mark| rest.starts_with(**mark));
        let skipped = match (here, char) {
            (Some(mark), _)
                if rest[2..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') =>
            {
                let close = format!("\n{}@", &mark[1..]);
                rest.find(&close).map(|at| at + close.len())
            }
            (_, '\'' | '"') => rest[1..].find(char).map(|at| at + 2),
            (_, '`') => Some(1 + rest[1..].chars().next().map_or(0, char::len_utf8)),
            (_, '{' | '(') => {
                depth += 1;
                Some(1)
            }
            (_, '}' | ')') => {
                depth = depth.saturating_sub(1);
                Some(1)
            }
            _ => Some(char.len_utf8()),
        };
        let Some(skipped) = skipped else { return true };
        rest = &rest[skipped.min(rest.len())..];
    }
    depth > 0
}

fn next_line(text: &str, end: usize) -> &str {
    let start = (end + 1).min(text.len());
    &text[start..end_of_line(text, start)]
}

fn without_return(text: &str, start: usize, end: usize) -> usize {
    start + text[start..end].trim_end().len()
}

/// Reads a command of a POSIX shell as far as its end shows: quotes, joined lines, here-documents.
struct Posix<'t> {
    text: &'t str,
    bytes: &'t [u8],
    start: usize,
    at: usize,
    /// The delimiters of here-documents whose bodies are to come.
    delimiters: Vec<&'t str>,
}

impl<'t> Posix<'t> {
    fn new(text: &'t str, start: usize) -> Self {
        Posix { text, bytes: text.as_bytes(), start, at: start, delimiters: Vec::new() }
    }

    fn end(mut self) -> usize {
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\n' => match self.line_break() {
                    Some(end) => return without_return(self.text, self.start, end),
                    None => self.at += 1,
                },
                b'\\' if self.rest().starts_with("\\\r\n") => self.at += 3,
                b'\\' => self.at += 1 + self.rest()[1..].chars().next().map_or(0, char::len_utf8),
                quote @ (b'\'' | b'"') => {
                    let ansi = quote == b'\'' && self.text[..self.at].ends_with('$');
                    if !self.quoted(quote, quote == b'"' || ansi) {
                        break;
                    }
                }
                b'<' if self.rest().starts_with("<<") && !self.rest().starts_with("<<<") => {
                    self.here_document();
                }
                b'<' if self.rest().starts_with("<<<") => self.at += 3,
                _ => self.at += 1,
            }
        }
        without_return(self.text, self.start, self.at.min(self.text.len()))
    }

    fn rest(&self) -> &'t str {
        // The cursor may be inside a character, after bytes that mean nothing.
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Steps over a quoted text; false where output begins before it ends, with the cursor there.
    fn quoted(&mut self, quote: u8, escapes: bool) -> bool {
        let open = self.at;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' if escapes => self.at += 2,
                byte if *byte == quote => {
                    self.at += 1;
                    return true;
                }
                b'\n' if self.at - open > LONGEST_QUOTED => break,
                b'\n' => {
                    let line = next_line(self.text, self.at);
                    if is_output_start(line) || is_fence(line) {
                        return false;
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        // Nothing closes it: then it opened by mistake, and the command ends with its line.
        self.at = end_of_line(self.text, open);
        false
    }

    /// `<<EOF`, `<<-'EOF'`
    fn here_document(&mut self) {
        let after = self.rest()[2..].trim_start_matches('-').trim_start_matches([' ', '\t']);
        let word = after.split([' ', '\t', '\n', '\r', ';', '|', ')', '>', '<']).next();
        let word = word.unwrap_or_default();
        self.at = self.text.len() - after.len() + word.len();
        let delimiter = word.trim_matches(['\'', '"', '\\']);
        if !delimiter.is_empty() {
            self.delimiters.push(delimiter);
        }
    }

    /// What a line end outside quotes means: the end of the command, or none.
    fn line_break(&mut self) -> Option<usize> {
        let end = self.at;
        for delimiter in std::mem::take(&mut self.delimiters) {
            while self.at < self.text.len() {
                let line = next_line(self.text, self.at);
                if is_shell_failure(line) {
                    return Some(self.at);
                }
                self.at = end_of_line(self.text, (self.at + 1).min(self.text.len()));
                if line.trim() == delimiter {
                    break;
                }
            }
        }
        if self.at > end {
            return Some(self.at);
        }
        let line = self.text[line_start(self.text, end).max(self.start)..end].trim_end();
        let joins = line.ends_with(['|', '\\']) || line.ends_with("&&");
        let next = next_line(self.text, end);
        let mut ahead = next;
        if joins && next.trim().is_empty() {
            ahead = next_line(self.text, end_of_line(self.text, end + 1));
        }
        // What was broken when it was copied still belongs together: an option begins no command.
        let is_more = is_option_line(ahead) || (joins && !ahead.trim().is_empty());
        let is_over = is_output_start(ahead) || is_shell_failure(ahead) || is_fence(ahead);
        (!is_more || is_over).then_some(end)
    }
}

/// `-H …`, `--data …`, perhaps with the prompt of a continued line before it; `| jq`.
fn is_option_line(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("> ").unwrap_or(line).trim_start();
    let option = line.strip_prefix("--").or_else(|| line.strip_prefix('-'));
    let is_option = option.is_some_and(|rest| {
        rest.starts_with(|char: char| char.is_ascii_alphabetic()) && !rest.starts_with("-")
    });
    is_option || line.starts_with("| ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(text: &str) -> Vec<&str> {
        find_commands(text).iter().map(|span| &text[span.range()]).collect()
    }

    #[test]
    fn a_command_ends_before_what_it_printed() {
        let text = "$ curl -i 'https://a.example/x' \\\n    -H 'A: b'\nHTTP/2 401\n\n{\"e\": \"can't\"}\n$ ";
        assert_eq!(commands(text), ["curl -i 'https://a.example/x' \\\n    -H 'A: b'"]);
        let text = "curl a.example -d @- <<'EOF'\n{\"a\": 1}\nEOF\n{\"error\": \"no\"}";
        assert_eq!(commands(text), ["curl a.example -d @- <<'EOF'\n{\"a\": 1}\nEOF"]);
        let text = "me@box:~/x$ curl a.example\nno\nme@box:~/x$ curl b.example\nno";
        assert_eq!(commands(text), ["curl a.example", "curl b.example"]);
        let text = "echo '{}' | curl -d @- a.example | jq .\n{\n}";
        assert_eq!(commands(text), ["echo '{}' | curl -d @- a.example | jq ."]);
    }

    #[test]
    fn other_shells_join_lines_otherwise() {
        let text = "C:\\Users\\me>curl ^\n  -H \"A: b\" https://a.example\n{\"e\":1}";
        assert_eq!(commands(text), ["C:\\Users\\me>curl ^\n  -H \"A: b\" https://a.example"]);
        let text = "PS C:\\> Invoke-RestMethod -Uri 'https://a.example' `\n  -Headers @{\n 'A' = 'b'\n}\nInvoke-RestMethod : {\"e\":1}";
        assert_eq!(commands(text).len(), 1);
        assert!(commands(text)[0].ends_with('}'));
    }

    #[test]
    fn sentences_are_no_commands() {
        assert!(commands("curl gives me this:\nI used curl and got 404").is_empty());
        assert!(commands("curl: (6) Could not resolve host: a.example").is_empty());
        assert_eq!(
            commands("I ran `curl https://a.example/x` and got 404"),
            ["curl https://a.example/x"]
        );
        assert_eq!(commands("- 1) curl https://a.example"), Vec::<&str>::new());
    }

    #[test]
    fn damage_keeps_a_command_together() {
        let text = "curl 'https://a.example\nHTTP/1.1 400 Bad Request\n";
        assert_eq!(commands(text), ["curl 'https://a.example"]);
        let text = "curl 'https://a.example\nbash: unexpected EOF while looking for matching `''\n";
        assert_eq!(commands(text), ["curl 'https://a.example"]);
        let text = "curl https://a.example \\ \n  -H 'A: b'\n{}";
        assert_eq!(commands(text), ["curl https://a.example \\ \n  -H 'A: b'"]);
        let text = "curl https://a.example\n-bash: curl: command not found\n";
        assert_eq!(commands(text), ["curl https://a.example"]);
        let text = "curl a.example -d @- <<E\n> {}\nbash: warning: here-document at line 1 delimited by end-of-file (wanted `E')\n";
        assert_eq!(commands(text), ["curl a.example -d @- <<E\n> {}"]);
        let text = "curl https://a.example\n  -H 'A: b'\n{}";
        assert_eq!(commands(text), ["curl https://a.example\n  -H 'A: b'"]);
    }
}
