//! Fixes that add header fields and parameters to collections, programs and YAML: what is there is
//! written again, with another name and value. So each form keeps its own notation.

use super::super::fill::Scene;
use super::Draft;
use super::command::{dialect_of, end_of_options, word_of, write_option};
use super::lists::line_end;
use crate::diagnostic::Edit;
use crate::encode::{Chunk, escape_json, write_word};
use crate::layer::{Layers, Place};
use crate::model::{BodyKind, Header, JsonKind, Kind, ParamIn, RequestKind};
use crate::span::Span;

/// A name with its value, and the text that is both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    whole: Place,
    name: Place,
    value: Place,
}

impl Entry {
    pub(super) fn of(whole: Place, name: Place, value: Place) -> Self {
        Entry { whole, name, value }
    }
}

/// Words that an entry may have beside its name and value without being about one of them.
const WORDS: [&str; 7] = ["key", "name", "value", "type", "text", "disabled", "false"];

impl Draft<'_, '_, '_, '_> {
    /// A header field behind the last one.
    pub(super) fn copy_header(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        name: &str,
        new: &[Chunk],
    ) -> Option<()> {
        let request = scene.context.request;
        let written = request.headers.iter().filter(|header| header.implied_by.is_none());
        let entry = |header: &Header| {
            let Header { whole, name, value, .. } = *header;
            Entry { whole, name, value }
        };
        let entries: Vec<Entry> = written.map(entry).collect();
        match request.kind {
            RequestKind::Wget => {
                let mut field = Chunk::text(format!("{name}: "));
                field.extend(new.iter().cloned());
                let option = write_option(dialect_of(scene), "--header", &field)?;
                self.push_behind(scene, entries.last(), &option)
            }
            RequestKind::Httpie => {
                let word = httpie_word(scene, name, ":", new)?;
                self.push_behind(scene, entries.last(), &word)
            }
            _ => self.copy_entries(scene, &entries, &[(name.to_owned(), new.to_vec())]),
        }
    }

    /// Parameters behind the last one that is sent in that way.
    pub(super) fn copy_params(
        &mut self,
        location: ParamIn,
        added: &[(String, Vec<Chunk>)],
    ) -> Option<()> {
        let scene = &self.scenes[0];
        let request = scene.context.request;
        let own = request.params.iter().filter(|param| param.location == location);
        let is_text = |kind: &Option<JsonKind>| kind.is_none_or(|kind| kind == JsonKind::String);
        let own = own.filter(|param| is_text(&param.json));
        let own = own.map(|p| Entry { whole: p.whole, name: p.name, value: p.value });
        let entries: Vec<Entry> = own.collect();
        let has_list = request.params.iter().any(|param| param.location == location);
        if request.kind != RequestKind::Httpie {
            return match location {
                ParamIn::Query if !has_list => self.start_query(added),
                _ => self.copy_entries(scene, &entries, added),
            };
        }
        // What was piped into it is the body, and takes no more fields.
        let takes_fields = has_list || request.body.kind == BodyKind::None;
        if location == ParamIn::Query && request.url.query.is_some() && !has_list {
            return None;
        }
        (location == ParamIn::Query || takes_fields).then_some(())?;
        let mark = if location == ParamIn::Query { "==" } else { "=" };
        let words = added.iter().map(|(name, value)| httpie_word(scene, name, mark, value));
        let words: String = words.collect::<Option<_>>()?;
        self.push_behind(scene, entries.last(), &words)
    }

    /// Behind the word of an entry, else at the end of the command.
    fn push_behind(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        last: Option<&Entry>,
        text: &str,
    ) -> Option<()> {
        let dialect = dialect_of(scene);
        let after = match last {
            // An argument of HTTPie is the word, with its quotes.
            Some(entry) => {
                let word = word_of(scene.context.layers(), entry.whole, dialect);
                word.unwrap_or(entry.whole).end()
            }
            None => end_of_options(scene, dialect)?,
        };
        self.push(after, &Chunk::text(text))
    }

    /// Writes the last entry again for each that is added. None where there is none that stands
    /// for itself, or where the new text has no notation there.
    pub(super) fn copy_entries(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        entries: &[Entry],
        added: &[(String, Vec<Chunk>)],
    ) -> Option<()> {
        let layers = scene.context.layers();
        let source = layers.source();
        let last = layers.root_span(entries.last()?.whole);
        let before = entries.iter().rev().nth(1).map(|entry| layers.root_span(entry.whole));
        let kind = scene.context.document.kind;
        let separator = separator(source, last, before, has_commas(kind, source))?;
        let mut text = String::new();
        for (name, value) in added {
            let copy = |entry: &Entry| copy(layers, kind, entry, name, value);
            text.push_str(&separator);
            text.push_str(&entries.iter().rev().find_map(copy)?);
        }
        self.push_edit(Edit { span: Span::empty(last.end()), text });
        Some(())
    }
}

/// An argument of HTTPie. None where its notation would take it for another one.
fn httpie_word(
    scene: &Scene<'_, '_, '_>,
    name: &str,
    mark: &str,
    value: &[Chunk],
) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let starts_special =
        matches!(value.first(), Some(Chunk::Text(text)) if text.starts_with(['=', '@', ':', ';']));
    (!name.is_empty() && name.chars().all(is_plain) && !starts_special).then_some(())?;
    let mut word = Chunk::text(format!("{name}{mark}"));
    word.extend(value.iter().cloned());
    Some(format!(" {}", write_word(dialect_of(scene), &word)?))
}

/// Whether entries are set apart by commas, also those on lines of their own.
fn has_commas(kind: Kind, source: &str) -> bool {
    match kind {
        Kind::Postman | Kind::JavaScript | Kind::Python | Kind::Json | Kind::Ndjson => true,
        Kind::Insomnia => source.trim_start().starts_with('{'),
        _ => false,
    }
}

/// What stands between the last entry and the one before it, or should: an entry that is alone on
/// its line is followed by a line that begins alike.
fn separator(source: &str, last: Span, before: Option<Span>, commas: bool) -> Option<String> {
    let line = source[..last.start()].rfind('\n').map_or(0, |at| at + 1);
    let start = &source[line..last.start()];
    let rest = source[last.end()..].split('\n').next().unwrap_or_default().trim();
    let is_alone = matches!(start.trim(), "" | "-") && matches!(rest, "" | ",");
    if is_alone {
        let mark = if commas { "," } else { "" };
        return Some(format!("{mark}{}{start}", line_end(source)));
    }
    let between = before.filter(|before| before.end() <= last.start());
    let between = between.map(|before| &source[before.end()..last.start()]);
    match between {
        Some(text) if text.contains(',') && text.trim().len() == 1 => Some(text.to_owned()),
        // A list on one line, of any form that is no command.
        _ => Some(", ".to_owned()),
    }
}

/// An entry with another name and value. None where it says more than these, or where they have
/// no notation in its place.
fn copy(
    layers: &Layers<'_>,
    kind: Kind,
    entry: &Entry,
    name: &str,
    value: &[Chunk],
) -> Option<String> {
    let whole = layers.root_span(entry.whole);
    let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let mut name = layers.encode(entry.name, &Chunk::text(name)).ok()?;
    let is_bare_name = !layers.source()[..name.span.start()].ends_with(['"', '\'', '`']);
    if is_bare_name && !is_word {
        match kind {
            // A name that is no identifier is a string there.
            Kind::JavaScript => name.text = format!("\"{}\"", escape_json(&name.text)),
            Kind::Python => return None,
            _ => {}
        }
    }
    let value = layers.encode(entry.value, value).ok()?;
    let is_inside = whole.contains(name.span) && whole.contains(value.span);
    (is_inside && name.span.end() <= value.span.start()).then_some(())?;
    let source = layers.source();
    let around = [
        &source[whole.start()..name.span.start()],
        &source[name.span.end()..value.span.start()],
        &source[value.span.end()..whole.end()],
    ];
    around.iter().all(|text| is_bare(text)).then_some(())?;
    // In a form of lines, a line end in the value would begin another entry.
    let lines = |text: &str| text.matches(['\n', '\r']).count();
    let is_same = lines(&value.text) == lines(&source[value.span.range()]);
    is_same.then(|| format!("{}{}{}{}{}", around[0], name.text, around[1], value.text, around[2]))
}

/// Whether a text is nothing but marks, and words of the form itself.
fn is_bare(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.into_iter().all(|word| WORDS.contains(&word))
}
