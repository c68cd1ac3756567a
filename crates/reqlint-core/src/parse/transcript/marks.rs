//! Lines that say by their first characters what they are.

use crate::span::Span;

/// A fence of Markdown.
pub(super) fn is_fence(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("```") || line.starts_with("~~~")
}

/// A status line (RFC 9112, section 4), with the bytes of its code.
pub(super) fn status_line(line: &str) -> Option<Span> {
    let rest = line.strip_prefix("HTTP/")?;
    let version = rest.find(' ')?;
    let is_version = rest[..version].bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let start =
        "HTTP/".len() + version + (rest[version..].len() - rest[version..].trim_start().len());
    let code = line.get(start..start + 3)?;
    let ends = line[start + 3..].chars().next().is_none_or(char::is_whitespace);
    let is_code = matches!(code.as_bytes(), [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9']);
    (is_version && version > 0 && is_code && ends).then(|| Span::new(start, start + 3))
}

/// Whether a line can only be something that a program printed, not a part of a command.
pub(super) fn is_output_start(line: &str) -> bool {
    let line = line.trim_end();
    let verbose = |mark: &str| {
        line.strip_prefix(mark)
            .is_some_and(|rest| rest.contains(" HTTP/") || status_line(rest).is_some())
    };
    status_line(line).is_some()
        || verbose("< ")
        || verbose("> ")
        || line.starts_with("*   Trying")
        || line.starts_with("* Trying")
        || line.starts_with("* Could not")
        || line.starts_with("* Host ")
        || line.starts_with("== Info:")
        || line.starts_with("curl: (")
        || line.starts_with("  % Total")
        || is_open_quote_error(line)
}

/// What bash, zsh, dash, fish and PowerShell say of a quote that is never closed.
fn is_open_quote_error(line: &str) -> bool {
    const ERRORS: [&str; 5] = [
        ": unexpected EOF while looking for matching",
        "zsh: unmatched ",
        ": Unterminated quoted string",
        ", quotes are not balanced",
        "The string is missing the terminator",
    ];
    ERRORS.iter().any(|error| line.contains(error))
}

/// A prompt with nothing behind it.
pub(super) fn is_empty_prompt(line: &str) -> bool {
    let line = line.trim_end();
    let path = line.strip_prefix("PS ").unwrap_or(line);
    let is_windows = path.get(1..3) == Some(":\\") && path.ends_with('>');
    let ends = line.ends_with(['$', '#', '%', '❯', '➜']);
    is_windows || (ends && !line.contains(['{', '<', '"']) && line.len() < 80)
}

/// The meter that curl draws, which ends up in what is copied.
pub(super) fn is_progress(line: &str) -> bool {
    line.contains("--:--:--")
        || line.trim_start().starts_with("% Total")
        || line.trim_start().starts_with("Dload")
        || is_progress_numbers(line)
}

fn is_progress_numbers(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.len() >= 9
        && words.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).count()
            == words.len()
}

/// `{ [123 bytes data]`
pub(super) fn is_data_mark(line: &str) -> bool {
    line.strip_prefix(['{', '}'])
        .is_some_and(|rest| rest.starts_with(" [") && rest.contains("bytes data]"))
}

/// The offset of `curl: (6) …` in a line, with the exit code.
pub(super) fn curl_error(line: &str) -> Option<(usize, Option<u8>)> {
    let at = line.find("curl: ")?;
    // It may follow content that had no line end, but no other word.
    let before = line[..at].trim_end();
    if !before.is_empty() && !before.ends_with(['}', ']', '>', '%']) {
        return None;
    }
    let rest = &line[at + "curl: ".len()..];
    let code = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    match code {
        Some((code, _)) => code.parse().ok().map(|code| (at, Some(code))),
        None => {
            let is_usage = rest.starts_with("option ") || rest.starts_with("no URL specified");
            is_usage.then_some((at, Some(2)))
        }
    }
}

/// What a shell says of a command that it reads otherwise than was meant:
/// `bash: !b: event not found`, `zsh: no matches found: …`.
pub(super) fn is_shell_failure(line: &str) -> bool {
    const WORDS: [&str; 9] = [
        "Unterminated quoted string",
        "delimited by end-of-file",
        "event not found",
        "no matches found: ",
        ": no match: ",
        "command not found",
        "syntax error near unexpected token",
        "unexpected EOF while looking for matching",
        "parse error near",
    ];
    const WINDOWS: [&str; 3] = [
        "The ampersand (&) character is not allowed",
        "is not recognized as an internal or external command",
        "is not recognized as the name of a cmdlet",
    ];
    if WINDOWS.iter().any(|words| line.contains(words)) {
        return true;
    }
    let Some((shell, rest)) = line.split_once(": ") else { return false };
    let name = shell.rsplit('/').next().unwrap_or(shell).trim_start_matches('-');
    let is_shell = matches!(name, "bash" | "sh" | "zsh" | "dash" | "ksh" | "fish")
        || name.ends_with(".sh") && !name.contains(' ');
    is_shell && WORDS.iter().any(|words| rest.contains(words) || line.contains(words))
}

/// What `-v` says where something goes wrong before there is a response.
pub(super) fn is_verbose_failure(line: &str) -> bool {
    const WORDS: [&str; 8] = [
        "Could not resolve host",
        "Could not resolve proxy",
        "Failed to connect",
        "SSL certificate problem",
        "Connection refused",
        "Operation timed out",
        "Connection timed out",
        "Recv failure",
    ];
    line.strip_prefix("* ").is_some_and(|rest| WORDS.iter().any(|words| rest.contains(words)))
}

/// Errors of other clients, in the words that are pasted: of browsers, Node and Python.
pub(super) fn is_client_failure(line: &str) -> bool {
    const WORDS: [&str; 14] = [
        "net::ERR_",
        "has been blocked by CORS policy",
        "Cross-Origin Request Blocked",
        "is not allowed by Access-Control-Allow-Origin",
        "due to access control checks",
        "getaddrinfo",
        "ECONNREFUSED",
        "ECONNRESET",
        "ETIMEDOUT",
        "NameResolutionError",
        "Name or service not known",
        "CERTIFICATE_VERIFY_FAILED",
        "self-signed certificate",
        "The remote name could not be resolved",
    ];
    WORDS.iter().any(|words| line.contains(words))
}
