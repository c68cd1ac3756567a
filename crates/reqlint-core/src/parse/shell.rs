//! POSIX and bash text: finds the curl commands in it, wherever a shell would run one.
//!
//! Follows the Shell Command Language of POSIX and the bash manual, as far as they decide where
//! words and commands begin and end; what only happens at run time becomes a hole. Called by
//! [`parse`](super::parse) for whole texts, and for fences of other formats.

mod blank;
mod command;
mod damage;
mod expansion;
mod heredoc;
mod lexer;
mod list;
mod output;
mod variables;
mod word;

pub(crate) use blank::is_invisible;
pub(crate) use command::{Command, Stdin};
pub(crate) use output::Output;
pub(crate) use word::{Part, PartKind, Word};

use crate::layer::Place;
use crate::model::Document;
use lexer::Lexer;
use memchr::memmem;

/// Finds every curl command in `region` and adds its requests and findings to the document.
pub fn parse_shell(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let clients: [&[u8]; 5] = [b"curl", b"wget", b"http ", b"https ", b"xh"];
    if !clients.iter().any(|client| memmem::find(text.as_bytes(), client).is_some()) {
        return;
    }
    let first = document.requests.len();
    let found = document.findings.len();
    Lexer::new(document, &text, region).script();
    let nothing = document.requests.len() == first && document.findings.len() == found;
    if nothing && text.trim_start().starts_with("# curl ") {
        // A text that is only comments, and starts like a command at the prompt of root.
        let mut lexer = Lexer::new(document, &text, region);
        lexer.root_prompt = true;
        lexer.script();
    }
    // Commands inside of `$(…)` were met before the one around them.
    document.requests[first..].sort_by_key(|request| request.place.span.start());
}
