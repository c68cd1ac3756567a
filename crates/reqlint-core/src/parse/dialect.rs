//! Which shell a text of commands is written for.
//!
//! The dialect is that of the whole text: what stands in it decides, if only one dialect has it.
//! Without any sign it is bash, which most documentation is written for.

use super::cmd::{find_variables, parse_cmd};
use super::fish::parse_fish;
use super::powershell::parse_powershell;
use super::shell::parse_shell;
use crate::layer::Place;
use crate::model::{Dialect, Document};

/// Finds every command that sends a request in `region`, in the dialect that its text shows, and
/// adds its requests and findings to the document.
pub fn parse_commands(document: &mut Document<'_>, region: Place) {
    match detect_dialect(document.layers.text(region)) {
        Dialect::Cmd => parse_cmd(document, region),
        Dialect::PowerShell => parse_powershell(document, region),
        Dialect::Fish => parse_fish(document, region),
        Dialect::Bash | Dialect::Argv => parse_shell(document, region),
    }
}

/// The dialect that a text is most likely written in.
pub fn detect_dialect(text: &str) -> Dialect {
    if let Some(dialect) = by_first_line(text) {
        return dialect;
    }
    let mut in_command = false;
    for line in text.lines() {
        let line = line.trim_end();
        let starts = is_command(line);
        in_command |= starts;
        if let Some(dialect) = by_line(line, starts, in_command) {
            return dialect;
        }
        in_command &= line.ends_with(['\\', '^', '`', '{', ',']);
    }
    Dialect::Bash
}

/// `#!/usr/bin/env fish` and its like.
fn by_first_line(text: &str) -> Option<Dialect> {
    let first = text.trim_start_matches('\u{feff}').lines().next()?;
    let program = first.strip_prefix("#!")?.trim();
    let name = program.rsplit(['/', ' ']).find(|part| !part.starts_with('-'))?;
    match name {
        "fish" => Some(Dialect::Fish),
        "pwsh" | "powershell" => Some(Dialect::PowerShell),
        _ => Some(Dialect::Bash),
    }
}

fn by_line(line: &str, starts: bool, in_command: bool) -> Option<Dialect> {
    let trimmed = line.trim_start();
    match () {
        () if is_cmdlet_line(line) => Some(Dialect::PowerShell),
        () if trimmed.starts_with("PS ") && line.contains("> ") => Some(Dialect::PowerShell),
        () if is_cmd_prompt(trimmed) => Some(Dialect::Cmd),
        () if trimmed.eq_ignore_ascii_case("@echo off") => Some(Dialect::Cmd),
        () if is_fish_statement(trimmed) => Some(Dialect::Fish),
        () if has_environment(line) => Some(Dialect::PowerShell),
        () if !in_command => None,
        () if line.ends_with('^') && !is_open(line, '\'') => Some(Dialect::Cmd),
        () if starts && is_caret_quoted(line) => Some(Dialect::Cmd),
        () if starts && has_doubled_quotes(line) => Some(Dialect::Cmd),
        () if ends_with_backtick(line) => Some(Dialect::PowerShell),
        () if opens_here_string(line) => Some(Dialect::PowerShell),
        () if line.contains(" --% ") => Some(Dialect::PowerShell),
        () if !line.contains('\'') && has_variable(line) => Some(Dialect::Cmd),
        () if has_substitution(line) => Some(Dialect::Fish),
        () => None,
    }
}

/// Whether a line calls a cmdlet that sends a request, or curl at a prompt of Windows.
pub(crate) fn is_windows_line(line: &str) -> bool {
    is_cmdlet_line(line) || is_cmd_prompt(line.trim_start()) || {
        let value = line.trim_start().strip_prefix(['$', 'P', '&', '@']);
        value.is_some_and(|_| {
            line.split(['=', '>', '&', '@']).skip(1).any(|part| is_command(part.trim()))
        })
    }
}

/// Whether a line begins with curl, after a prompt.
fn is_command(line: &str) -> bool {
    let rest = line.trim_start_matches([' ', '\t', '$', '>', '%', '#', '@', '&']);
    let rest = match is_cmd_prompt(rest) {
        true => rest.split_once('>').map_or(rest, |(_, command)| command.trim_start()),
        false => rest,
    };
    let name = rest.split([' ', '\t']).next().unwrap_or_default();
    super::words::is_curl(name) || is_assigned(rest)
}

/// `$x = curl …`
fn is_assigned(line: &str) -> bool {
    let value = line.split_once('=').map(|(_, value)| value.trim_start());
    value.is_some_and(|value| {
        let name = value.split([' ', '\t']).next().unwrap_or_default();
        super::words::is_curl(name)
    })
}

fn is_cmdlet_line(line: &str) -> bool {
    if calls_cmdlet(line) {
        return !line.trim_start().starts_with(['#', '{', '"', '[']) || line.contains("[string]");
    }
    let ends_word = |byte: &u8| matches!(byte, b' ' | b'\t' | b'(' | b'=');
    let mut words = line.as_bytes().split(ends_word).filter(|word| !word.is_empty());
    let name = words.find(|word| word[0] != b'$').unwrap_or_default();
    let is_short = name.eq_ignore_ascii_case(b"iwr") || name.eq_ignore_ascii_case(b"irm");
    let is_curl = matches!(name, b"curl" | b"wget");
    (is_short && words.next().is_some()) || (is_curl && has_cmdlet_option(line))
}

/// Whether the full name of a cmdlet that sends requests stands in a line.
fn calls_cmdlet(line: &str) -> bool {
    let line = line.as_bytes();
    let starts = |text: &[u8], name: &[u8]| {
        text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    memchr::memchr_iter(b'-', line).any(|at| {
        let verb = at.checked_sub(b"Invoke".len()).map(|start| &line[start..at]);
        verb.is_some_and(|verb| verb.eq_ignore_ascii_case(b"Invoke"))
            && [&b"WebRequest"[..], b"RestMethod"].iter().any(|noun| starts(&line[at + 1..], noun))
    })
}

/// Whether one of the options stands in a line that `curl` has only where it is a name of a cmdlet.
fn has_cmdlet_option(line: &str) -> bool {
    let options = [&b" -Uri "[..], b" -Method ", b" -Headers @{"];
    memchr::memchr_iter(b'-', line.as_bytes()).skip_while(|at| *at == 0).any(|at| {
        let written = &line.as_bytes()[at - 1..];
        options.iter().any(|option| written.starts_with(option))
    })
}

/// Whether `$env:` stands in a line.
fn has_environment(line: &str) -> bool {
    memchr::memchr_iter(b'$', line.as_bytes()).any(|at| {
        let name = line.as_bytes()[at..].get(..b"$env:".len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(b"$env:"))
    })
}

/// `C:\folder>`
fn is_cmd_prompt(line: &str) -> bool {
    let bytes = line.as_bytes();
    bytes.len() > 3
        && bytes[0].is_ascii_alphabetic()
        && bytes[1..].starts_with(b":\\")
        && line.split_once('>').is_some_and(|(path, rest)| {
            let rest = rest.trim_start();
            !path.contains('"')
                && rest.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("curl"))
        })
}

/// `set -x NAME value`, `set -gx …`; bash has `set -x` without a name.
fn is_fish_statement(line: &str) -> bool {
    let Some(options) = line.strip_prefix("set -") else { return line == "end" };
    let mut words = options.split_whitespace();
    let flags = words.next().unwrap_or_default();
    let name = words.next().unwrap_or_default();
    let is_flag = |c: char| "gxlUufe".contains(c);
    !name.is_empty()
        && flags.trim_start_matches('-').chars().all(|c| is_flag(c) || flags.starts_with('-'))
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && words.next().is_some()
}

/// A word that begins with `^"`.
fn is_caret_quoted(line: &str) -> bool {
    memchr::memchr_iter(b'^', line.as_bytes())
        .filter(|at| line.as_bytes().get(at + 1) == Some(&b'"'))
        .any(|at| at > 0 && line.as_bytes()[at - 1] == b' ' && !is_open(&line[..at], '\''))
}

/// Whether a quote is open at the end of a line.
fn is_open(line: &str, quote: char) -> bool {
    let escaped = line.matches(&*format!("\\{quote}")).count();
    (line.matches(quote).count() - escaped) % 2 == 1
}

/// Whether double quotes stand twice around a text inside of an argument, or a percent sign stands
/// between quotes of its own: what browsers wrote for cmd before they wrote carets.
fn has_doubled_quotes(line: &str) -> bool {
    let bytes = line.as_bytes();
    let first = memchr::memchr2(b'"', b'\'', bytes).map(|at| bytes[at]);
    if first != Some(b'"') {
        return false;
    }
    let is_text = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric())
    };
    let around = |at: &usize| is_text(at.checked_sub(1)) != is_text(Some(at + 2));
    let doubled = memchr::memmem::find_iter(bytes, b"\"\"").filter(around).count();
    let mut percent = memchr::memmem::find_iter(bytes, b"\"%\"");
    doubled > 1 || percent.any(|at| is_text(Some(at + 3)))
}

/// `@'` or `@"` at the end, where an argument begins and no quote is open.
fn opens_here_string(line: &str) -> bool {
    ['\'', '"'].into_iter().any(|quote| {
        let before = line.strip_suffix(quote).and_then(|line| line.strip_suffix('@'));
        before.is_some_and(|before| {
            before.ends_with([' ', '\t', '=', '(', ',', '{', ':']) && !is_open(before, quote)
        })
    })
}

/// A backtick at the end that opens nothing.
fn ends_with_backtick(line: &str) -> bool {
    line.strip_suffix('`')
        .filter(|rest| rest.ends_with([' ', '\t', '"', '\'']))
        .is_some_and(|rest| !is_open(rest, '`') && !is_open(rest, '\''))
}

fn has_variable(line: &str) -> bool {
    if memchr::memchr(b'%', line.as_bytes()).is_none() {
        return false;
    }
    let names = find_variables(line, false);
    names.iter().any(|span| {
        let name = &line[span.start() + 1..span.end() - 1];
        line.as_bytes()[span.start()] == b'%'
            && name.len() > 2
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            && name.contains(|c: char| !c.is_ascii_hexdigit())
    })
}

/// `(command)` outside quotes, which is an error in bash.
fn has_substitution(line: &str) -> bool {
    if memchr::memchr(b'(', line.as_bytes()).is_none() {
        return false;
    }
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (_, _) if before == '\\' && c != '\\' => {}
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '#') if before == ' ' => return false,
            (None, '`' | ';' | '|') => return false,
            (None, '(') if before == '$' => return false,
            (None, '(') => {
                let word = &line[at + 1..];
                let named = word.starts_with(|c: char| c.is_ascii_lowercase());
                return named
                    && matches!(before, ' ' | '=' | '"' | '\'' | ':')
                    && word.contains(')');
            }
            _ => {}
        }
        before = if before == '\\' { ' ' } else { c };
    }
    false
}
