//! The words of a command: which one a part stands in, and options that come and go.

use super::super::fill::Scene;
use crate::encode::{Chunk, write_word};
use crate::layer::{Layers, Place};
use crate::model::{Dialect, Request, RequestKind};
use crate::span::Span;

/// The language that new words of a command are written in: behind `--%` PowerShell leaves them to
/// the program, as cmd does.
pub(super) fn dialect_of(scene: &Scene<'_, '_, '_>) -> Dialect {
    let request = scene.context.request;
    match request.dialect.unwrap_or(Dialect::Bash) {
        Dialect::PowerShell if scene.context.text(request.place).contains(" --% ") => Dialect::Cmd,
        dialect => dialect,
    }
}

/// The word of a command, quotes included, that a place was decoded from.
pub(super) fn word_of(layers: &Layers<'_>, place: Place, dialect: Dialect) -> Option<Place> {
    layers.word_around(place, dialect == Dialect::Argv).map(|(_, word)| word)
}

/// An option with its argument, to stand behind another word.
pub(super) fn write_option(dialect: Dialect, option: &str, argument: &[Chunk]) -> Option<String> {
    let word = write_word(dialect, argument)?;
    Some(match dialect {
        Dialect::Argv => format!(", \"{option}\", {word}"),
        _ => format!(" {option} {word}"),
    })
}

/// Where an option can be added to a curl command: at its end, but before a here-document, and
/// before the options of another request.
pub(super) fn end_of_options(scene: &Scene<'_, '_, '_>, dialect: Dialect) -> Option<Place> {
    let request = scene.context.request;
    let layers = scene.context.layers();
    if let Some(next) = request.next {
        let word = word_of(layers, next, dialect).unwrap_or(next);
        let line = layers.text(layers.whole(word.layer));
        let end = before_blanks(line, word.span.start(), dialect);
        return Some(Place::new(word.layer, Span::empty(end)));
    }
    match dialect {
        Dialect::Argv => end_of_items(layers, request.place),
        Dialect::Bash if scene.context.text(request.place).contains("<<") => {
            let word = word_of(layers, request.url.whole, dialect)?;
            is_in_command(scene, word).then(|| word.end())
        }
        _ => Some(request.place.end()),
    }
}

/// Whether a place is a part of the command itself: an array that it uses stands elsewhere.
pub(super) fn is_in_command(scene: &Scene<'_, '_, '_>, place: Place) -> bool {
    let layers = scene.context.layers();
    layers.root_span(scene.context.request.place).contains(layers.root_span(place))
}

/// Behind the last item of a list of arguments.
fn end_of_items(layers: &Layers<'_>, list: Place) -> Option<Place> {
    let inside = layers.text(list).strip_suffix(']')?.trim_end();
    let is_item = inside.ends_with('"');
    is_item.then(|| Place::new(list.layer, Span::empty(list.span.start() + inside.len())))
}

/// The option whose argument holds all of `place`, where nothing else is in that argument or is
/// left of it by `gone` (bytes of the source): the bytes of both words, with the white space
/// before them. None where the argument stays, or is not that of an option.
pub(super) fn emptied_option(
    layers: &Layers<'_>,
    request: &Request,
    place: Place,
    gone: &[Span],
) -> Option<Span> {
    if request.kind != RequestKind::Curl {
        return None;
    }
    let dialect = request.dialect.unwrap_or(Dialect::Bash);
    let (layer, word) = layers.word_around(place, dialect == Dialect::Argv)?;
    let all = layers.written(layers.whole(layer))?;
    let line = layers.text(layers.whole(word.layer));
    let first = all.first()?.start();
    let option = match without(all, gone).as_slice() {
        [] => option_before(line, word.span, dialect),
        // `-d` in one word with its argument, and nothing else before it.
        [glued] if glued.start() == first && is_short_option(&layers.source()[glued.range()]) => {
            let start = before_blanks(line, word.span.start(), dialect);
            Some(Span::new(start, word.span.end()))
        }
        _ => None,
    };
    // What stands before each line goes with the line.
    option.map(|span| layers.root_span(Place::new(word.layer, span)))
}

/// The word that holds a place, with the option before it where it is the argument of one, and the
/// white space before both.
pub(super) fn word_with_option(
    layers: &Layers<'_>,
    request: &Request,
    place: Place,
) -> Option<Span> {
    let dialect = request.dialect.unwrap_or(Dialect::Bash);
    let word = word_of(layers, place, dialect).unwrap_or(place);
    let line = layers.text(layers.whole(word.layer));
    let start = before_blanks(line, word.span.start(), dialect);
    let is_argument = request.kind == RequestKind::Wget && !layers.text(word).starts_with('-');
    let span = match is_argument {
        true => option_before(line, word.span, dialect)?,
        false => Span::new(start, word.span.end()),
    };
    Some(layers.root_span(Place::new(word.layer, span)))
}

/// What is left of some spans without others.
fn without(all: Vec<Span>, gone: &[Span]) -> Vec<Span> {
    gone.iter().fold(all, |left, gone| {
        let cut = |span: Span| {
            let before = Span::new(span.start(), gone.start().clamp(span.start(), span.end()));
            let behind = Span::new(gone.end().clamp(span.start(), span.end()), span.end());
            [before, behind].into_iter().filter(|span| !span.is_empty())
        };
        left.into_iter().flat_map(cut).collect()
    })
}

fn is_short_option(text: &str) -> bool {
    text.len() == 2 && text.starts_with('-') && text.as_bytes()[1].is_ascii_alphabetic()
}

/// The option that stands before a word, and the word.
fn option_before(source: &str, word: Span, dialect: Dialect) -> Option<Span> {
    let end = before_blanks(source, word.start(), dialect);
    let before = &source[..end];
    let start = match dialect {
        Dialect::Argv => before.strip_suffix('"')?.rfind('"')?,
        _ => before
            .rfind(|c: char| c.is_whitespace())
            .map_or(0, |at| at + source[at..].chars().next().map_or(0, char::len_utf8)),
    };
    let option = before[start..].trim_matches(['"', '\'']);
    if !option.starts_with('-') || option.len() < 2 {
        return None;
    }
    if !option.starts_with("--") && option.len() > 2 && dialect != Dialect::Argv {
        // Short options in one word: only the last one has the argument.
        let last = option.chars().next_back()?.len_utf8();
        return (before[start..].len() == option.len()).then(|| Span::new(end - last, word.end()));
    }
    Some(Span::new(before_blanks(source, start, dialect), word.end()))
}

/// Where the white space, or in a list the comma, before a word starts.
fn before_blanks(source: &str, at: usize, dialect: Dialect) -> usize {
    let join = match dialect {
        Dialect::Bash | Dialect::Fish => '\\',
        Dialect::Cmd => '^',
        Dialect::PowerShell => '`',
        Dialect::Argv => ',',
    };
    source[..at].trim_end_matches([' ', '\t', '\n', '\r', join]).len()
}
