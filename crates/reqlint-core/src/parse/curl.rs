//! curl commands: words → requests, by the rules of curl's own option parser and of libcurl.
//!
//! Called by [`shell`](super::shell) with the words of one command. Follows `man curl`.

mod arguments;
mod config;
mod damage;
mod data;
mod form;
mod glob;
mod headers;
mod operation;
pub mod options;
mod request;
mod variables;

use super::shell::Command;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::Document;

/// Adds the requests of a command to the document, one for each URL, and what was noticed.
pub(crate) fn read_command(document: &mut Document<'_>, mut command: Command<'_>) {
    let Some(operations) = arguments::read_operations(&mut document.layers, &command) else {
        return;
    };
    let mut findings = std::mem::take(&mut command.findings);
    let first = document.requests.len();
    for operation in operations {
        let before = document.requests.len();
        let noticed = request::build(document, &command, operation);
        match document.requests.get_mut(before) {
            Some(request) => request.findings.extend(noticed),
            None => findings.extend(noticed),
        }
    }
    match document.requests.get_mut(first) {
        Some(request) => request.findings.splice(0..0, findings).for_each(drop),
        None => document.findings.extend(findings),
    }
}

/// A piece of a text that is put together from several places.
#[derive(Clone, Copy)]
enum Piece<'p> {
    /// The text of a place.
    Place(Place),
    /// A text that follows from a place.
    Text(&'p str, Place),
}

/// The pieces as one text; a single place stays as it is.
fn join(layers: &mut Layers<'_>, pieces: &[Piece<'_>]) -> Option<Place> {
    match pieces {
        [] => None,
        [Piece::Place(place)] => Some(*place),
        [Piece::Place(origin) | Piece::Text(_, origin), ..] => {
            let mut layer = layers.layer(Codec::Joined, *origin);
            for piece in pieces {
                match *piece {
                    Piece::Place(place) => layer.exact(place, Quote::None),
                    Piece::Text(text, place) => layer.escape(text, place, Quote::None),
                }
            }
            let id = layer.finish();
            Some(layers.whole(id))
        }
    }
}
