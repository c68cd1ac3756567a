//! Which program a command runs, and who reads its arguments.

mod httpie;
mod wget;

use super::curl;
use super::lines::is_target;
use super::shell::Command;
use crate::model::Document;

/// A program that sends requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// curl
    Curl,
    /// GNU Wget
    Wget,
    /// HTTPie, and xh, which takes the same arguments; whether `https` is its default scheme.
    Httpie {
        /// Whether it is called as `https`.
        secure: bool,
    },
}

impl Client {
    /// The program that a word names. Names of HTTPie are words of other texts, too: see
    /// [`is_httpie`].
    pub(crate) fn named(word: &str) -> Option<Self> {
        let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
        match name {
            "curl" | "curl.exe" => Some(Client::Curl),
            "wget" | "wget.exe" => Some(Client::Wget),
            "http" | "xh" | "http.exe" | "xh.exe" => Some(Client::Httpie { secure: false }),
            "https" | "xhs" | "https.exe" | "xhs.exe" => Some(Client::Httpie { secure: true }),
            _ => None,
        }
    }

    /// The program that a word names as a command; `next` is the word behind it.
    pub(crate) fn of(word: &str, next: Option<&str>) -> Option<Self> {
        match Client::named(word) {
            Some(Client::Httpie { .. })
                if !next.is_some_and(|next| word.starts_with("xh") || is_httpie(next)) =>
            {
                None
            }
            named => named,
        }
    }
}

/// Whether the word behind `http` is one of a command: an option, a method, a URL.
pub(crate) fn is_httpie(word: &str) -> bool {
    let is_option = word.len() > 1 && word.starts_with('-');
    let is_port = word.strip_prefix(':').is_some_and(|rest| {
        rest.starts_with('/') || rest.starts_with(|char: char| char.is_ascii_digit())
    });
    let word = word.trim_matches(['"', '\'']);
    let is_url = is_target(word) && !word.starts_with(['/', '{', '<']);
    is_option || is_port || is_url || super::http::is_method(word)
}

/// Adds the requests of a command to the document.
pub(crate) fn read_command(document: &mut Document<'_>, command: Command<'_>) {
    match Client::named(&command.text_of(&command.name)) {
        Some(Client::Wget) => wget::read_command(document, command),
        Some(Client::Httpie { secure }) => httpie::read_command(document, command, secure),
        Some(Client::Curl) | None => curl::read_command(document, command),
    }
}
