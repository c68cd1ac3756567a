//! Writes requests out again, in another form: `reqlint parse --to`.
//!
//! What comes out, read again, is the same request on the wire. What cannot be written is said,
//! never dropped in silence.

mod curl;
mod har;
mod http;
mod json;
mod outgoing;

use crate::model::Parsed;
use crate::wire_mask::Mask;
use outgoing::Outgoing;
use reqlint_core::model::Dialect;
use reqlint_core::parse::wire::wire;
use std::io::{self, Write};

/// A form that requests are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// curl commands for a shell, or as lists of arguments.
    Curl(Dialect),
    /// Request lines with headers and body, `###` between them.
    Http,
    /// HTTP Archive 1.2.
    Har,
    /// A list of request objects.
    Json,
}

/// Writes the requests of all sources in one form; values are masked unless `show_secrets`.
/// Returns what could not be written, a line for each.
///
/// # Errors
/// What the writer says.
pub fn write_requests(
    mut out: impl Write,
    sources: &[Parsed<'_>],
    form: Form,
    show_secrets: bool,
) -> io::Result<Vec<String>> {
    let mut notes = Vec::new();
    let mut written = Vec::new();
    for source in sources {
        for (number, request) in source.document.requests.iter().enumerate() {
            let mask = Mask::new(source, request, show_secrets);
            let wire = mask.wire(wire(source.document, request));
            let outgoing = Outgoing::new(&source.document.layers, request, &wire, &mask);
            let mut note = |why: &str| {
                notes.push(format!("{}: request {}: {why}", source.report.path, number + 1));
            };
            if let Some(why) = outgoing.left_out {
                note(why);
                continue;
            }
            if let Some(why) = outgoing.unwritten(form) {
                note(why);
            }
            match form {
                Form::Curl(dialect) => match curl::write(&outgoing, dialect) {
                    Ok(command) => written.push(command),
                    Err(why) => note(why),
                },
                Form::Http => written.push(http::write(&outgoing)),
                Form::Har => written.push(har::write(&outgoing)),
                Form::Json => written.push(json::write(&outgoing)),
            }
        }
    }
    let whole = match form {
        Form::Curl(dialect) => curl::wrap(&written, dialect),
        Form::Http => written.join("\n###\n\n"),
        Form::Har => har::wrap(&written),
        Form::Json => json::wrap(&written),
    };
    out.write_all(whole.as_bytes())?;
    out.flush()?;
    Ok(notes)
}
