//! Small models of what cmd, the C runtime and PowerShell do with a line, from their documentation
//! alone: nothing of the parsers is used. None where a line would do more than start one program.

use std::iter::Peekable;
use std::str::Chars;

/// The arguments of the program that a line of cmd starts at a prompt.
pub(crate) fn cmd(line: &str) -> Option<Vec<String>> {
    if names_variable(line) {
        return None;
    }
    let mut passed = String::new();
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' => {
                quoted = !quoted;
                passed.push('"');
            }
            // What follows a caret is text; a line end is taken away, and what follows that is text.
            '^' if !quoted => match chars.next() {
                Some('\n') => passed.extend(chars.next()),
                Some(next) => passed.push(next),
                None => {}
            },
            '&' | '|' | '<' | '>' if !quoted => return None,
            '\n' => return None,
            char => passed.push(char),
        }
    }
    Some(c_runtime(&passed))
}

/// Whether a line holds what may be the name of a variable between percent signs. Variables are
/// filled in before anything else is read; a caret in the name keeps it from being one that exists.
fn names_variable(line: &str) -> bool {
    let pieces: Vec<&str> = line.split('%').collect();
    let between = pieces.get(1..pieces.len() - 1).unwrap_or_default();
    between.iter().any(|name| {
        let name = name.split(':').next().unwrap_or_default();
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_()-. ".contains(c))
    })
}

/// A command line as programs split it ("Parsing C command-line arguments").
pub(crate) fn c_runtime(line: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut chars = line.chars().peekable();
    loop {
        while chars.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
        if chars.peek().is_none() {
            return arguments;
        }
        arguments.push(one_argument(&mut chars));
    }
}

fn one_argument(chars: &mut Peekable<Chars<'_>>) -> String {
    let (mut argument, mut quoted, mut slashes) = (String::new(), false, 0);
    while let Some(char) = chars.next_if(|c| quoted || !matches!(c, ' ' | '\t')) {
        match char {
            '\\' => slashes += 1,
            '"' => {
                argument.push_str(&"\\".repeat(slashes / 2));
                match slashes % 2 {
                    1 => argument.push('"'),
                    _ if quoted && chars.next_if_eq(&'"').is_some() => argument.push('"'),
                    _ => quoted = !quoted,
                }
                slashes = 0;
            }
            char => {
                argument.push_str(&"\\".repeat(std::mem::take(&mut slashes)));
                argument.push(char);
            }
        }
    }
    argument.push_str(&"\\".repeat(slashes));
    argument
}

/// The words of a command of PowerShell ("about_Parsing", "about_Quoting_Rules").
pub(crate) fn powershell(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut chars = line.trim_end_matches('\n').chars().peekable();
    loop {
        while chars.next_if_eq(&' ').is_some() {}
        if chars.peek().is_none() {
            return Some(words);
        }
        words.push(one_word(&mut chars)?);
    }
}

fn one_word(chars: &mut Peekable<Chars<'_>>) -> Option<String> {
    if chars.next_if_eq(&'@').is_some() {
        return here_string(chars);
    }
    if chars.peek() == Some(&'#') {
        return None;
    }
    let mut word = String::new();
    // A word that begins with a quote ends with it.
    if chars.peek().is_some_and(|c| is_single(*c) || is_double(*c)) {
        quoted(chars, &mut word)?;
        return Some(word);
    }
    while let Some(char) = chars.peek().copied() {
        match char {
            ' ' => break,
            c if is_single(c) || is_double(c) => quoted(chars, &mut word)?,
            '$' | '(' | ')' | '{' | '}' | ';' | '|' | '&' | '<' | '>' | ',' | '\n' => return None,
            '`' => {
                chars.next();
                escaped(chars, &mut word)?;
            }
            char => {
                chars.next();
                word.push(char);
            }
        }
    }
    Some(word)
}

fn is_single(char: char) -> bool {
    matches!(char, '\'' | '‘' | '’' | '‚' | '‛')
}

fn is_double(char: char) -> bool {
    matches!(char, '"' | '“' | '”' | '„')
}

fn quoted(chars: &mut Peekable<Chars<'_>>, word: &mut String) -> Option<()> {
    let is_quote: fn(char) -> bool = match chars.next()? {
        quote if is_single(quote) => is_single,
        _ => is_double,
    };
    let expands = is_quote('"');
    loop {
        match chars.next()? {
            quote if is_quote(quote) => match chars.next_if(|next| is_quote(*next)) {
                Some(second) => word.push(second),
                None => return Some(()),
            },
            '$' if expands => return None,
            '`' if expands => escaped(chars, word)?,
            char => word.push(char),
        }
    }
}

/// What follows a backtick.
fn escaped(chars: &mut Peekable<Chars<'_>>, word: &mut String) -> Option<()> {
    word.push(match chars.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        'a' | 'b' | 'e' | 'f' | 'u' | 'v' => return None,
        char => char,
    });
    Some(())
}

/// Between `@'` and `'@`, or `@"` and `"@`, on lines of their own.
fn here_string(chars: &mut Peekable<Chars<'_>>) -> Option<String> {
    let quote = chars.next()?;
    let expands = is_double(quote);
    let mut text = String::new();
    let rest: String = chars.by_ref().collect();
    let inner = rest.strip_prefix('\n')?;
    let end = format!("\n{quote}@");
    let (inner, rest) = inner.split_once(&end)?;
    if !rest.trim().is_empty() {
        return None;
    }
    let mut inner = inner.chars().peekable();
    while let Some(char) = inner.next() {
        match char {
            '$' if expands => return None,
            '`' if expands => escaped(&mut inner, &mut text)?,
            char => text.push(char),
        }
    }
    Some(text)
}

/// The argument that a program of Windows gets from Windows PowerShell, which puts quotes around
/// what holds white space, and escapes nothing.
pub(crate) fn passed_by_windows_powershell(word: &str) -> Option<String> {
    let line = match word.contains([' ', '\t', '\n']) {
        true => format!("\"{word}\""),
        false => word.to_owned(),
    };
    match <[String; 1]>::try_from(c_runtime(&line)) {
        Ok([argument]) => Some(argument),
        Err(_) => None,
    }
}
