//! Fixes that move parameters to another part of a curl command: from a form into the query, from
//! the query into a body or a header.

use super::evaluate::Bound;
use super::fill::Scene;
use super::fix::{Draft, end_of_options, join, word_of, write_option};
use crate::diagnostic::Edit;
use crate::encode::{Chunk, escape_json, percent_encode};
use crate::layer::{Component, Layers, Place};
use crate::model::{BodyKind, Dialect, Param, ParamIn, RequestKind};
use crate::rule::{MoveTo, NameId};
use crate::span::Span;

impl Draft<'_, '_, '_, '_> {
    /// Moves the parameters of a role. None where the request has no way to write that.
    pub(super) fn move_params(&mut self, name: NameId, to: &MoveTo) -> Option<()> {
        let scene = &self.scenes[0];
        if scene.context.request.kind != RequestKind::Curl {
            return None;
        }
        let numbers = self.numbers_of(name)?;
        let params = &scene.context.request.params;
        let moved: Vec<(usize, &Param)> =
            numbers.iter().map(|number| (*number, &params[*number])).collect();
        let from = moved.first()?.1.location;
        if moved.iter().any(|(_, param)| param.location != from) {
            return None;
        }
        match (from, to) {
            (ParamIn::Form, MoveTo::Param(ParamIn::Query)) => self.form_to_query(scene, &moved),
            (ParamIn::Query, MoveTo::Param(ParamIn::Json)) => {
                let object = json_object(scene, &moved);
                self.query_to_option(scene, &moved, "--json", &object)
            }
            (ParamIn::Query, MoveTo::Param(ParamIn::Form)) => {
                let form = form(scene, &moved);
                self.query_to_option(scene, &moved, "-d", &form)
            }
            (ParamIn::Query, MoveTo::Header(header)) => {
                let [(number, param)] = moved.as_slice() else { return None };
                self.removed.push(*number);
                self.add_header(scene, header, &scene.chunks(param.value))
            }
            _ => None,
        }
    }

    /// The numbers of the parameters of a role, in the order of the request.
    fn numbers_of(&self, name: NameId) -> Option<Vec<usize>> {
        let mut numbers = Vec::new();
        for scene in self.scenes {
            let Some(Bound::Part { part, .. }) = &scene.bound[name] else { return None };
            numbers.push(part.identity.number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }

    /// All fields go, and with them the options that held them.
    fn form_to_query(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        moved: &[(usize, &Param)],
    ) -> Option<()> {
        let request = scene.context.request;
        let fields = request.params.iter().filter(|param| param.location == ParamIn::Form).count();
        if fields != moved.len() || request.body.kind != BodyKind::Form {
            return None;
        }
        let layers = scene.context.layers();
        let dialect = request.dialect.unwrap_or(Dialect::Bash);
        let join = match dialect {
            Dialect::Bash | Dialect::Fish => '\\',
            Dialect::Cmd => '^',
            Dialect::PowerShell => '`',
            Dialect::Argv => return None,
        };
        for (_, param) in moved {
            let word = word_of(layers, param.whole, dialect)?;
            let span = option_with(layers, word, param.whole, join)?;
            self.push_edit(Edit { span, text: String::new() });
            let name = layers.text(param.name).to_owned();
            self.added.push((ParamIn::Query, name, scene.chunks(param.value)));
        }
        Some(())
    }

    /// The parameters leave the query, and an option with them is added to the command.
    fn query_to_option(
        &mut self,
        scene: &Scene<'_, '_, '_>,
        moved: &[(usize, &Param)],
        option: &str,
        argument: &[Chunk],
    ) -> Option<()> {
        let request = scene.context.request;
        if request.body.kind != BodyKind::None {
            return None;
        }
        self.removed.extend(moved.iter().map(|(number, _)| *number));
        let dialect = request.dialect.unwrap_or(Dialect::Bash);
        let text = write_option(dialect, option, argument)?;
        self.push(end_of_options(scene, dialect)?, &Chunk::text(text))
    }
}

/// The bytes of an option and its argument, with the white space before them.
fn option_with(layers: &Layers<'_>, word: Place, value: Place, join: char) -> Option<Span> {
    let source = layers.source();
    let root = layers.root_span(word);
    let blank = [' ', '\t', '\n', '\r', join];
    let before = source[..root.start()].trim_end_matches(blank);
    let glued = source[root.range()].starts_with("-d");
    let start = match glued && layers.root_span(value).start() >= root.start() + 2 {
        true => before.len(),
        false => {
            let option = before.rsplit(char::is_whitespace).next()?;
            option.starts_with('-').then_some(())?;
            before[..before.len() - option.len()].trim_end_matches(blank).len()
        }
    };
    Some(Span::new(start, root.end()))
}

/// `name=value&…` of the parameters, encoded as a form.
fn form(scene: &Scene<'_, '_, '_>, moved: &[(usize, &Param)]) -> Vec<Chunk> {
    let encode = |text: &str| percent_encode(text, Component::Form);
    let pairs: Vec<Vec<Chunk>> = moved
        .iter()
        .map(|(_, param)| {
            let name = scene.context.text(param.name);
            let mut pair = Chunk::text(format!("{}=", encode(name)));
            pair.extend(encoded(scene, param, encode));
            pair
        })
        .collect();
    join(&pairs, "&")
}

/// A JSON object of the parameters; one that repeats becomes an array.
fn json_object(scene: &Scene<'_, '_, '_>, moved: &[(usize, &Param)]) -> Vec<Chunk> {
    let mut names: Vec<&str> = Vec::new();
    for (_, param) in moved {
        let name = scene.context.text(param.name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let members: Vec<Vec<Chunk>> = names
        .iter()
        .map(|name| {
            let own = moved.iter().filter(|(_, param)| scene.context.text(param.name) == *name);
            let values: Vec<Vec<Chunk>> = own.map(|(_, param)| json_string(scene, param)).collect();
            let (open, close) = if values.len() > 1 { ("[", "]") } else { ("", "") };
            let mut member = Chunk::text(format!("\"{}\":{open}", escape_json(name)));
            member.extend(join(&values, ","));
            member.push(Chunk::Text(close.to_owned()));
            member
        })
        .collect();
    let mut object = Chunk::text("{");
    object.extend(join(&members, ","));
    object.push(Chunk::Text("}".to_owned()));
    object
}

fn json_string(scene: &Scene<'_, '_, '_>, param: &Param) -> Vec<Chunk> {
    let mut string = Chunk::text("\"");
    string.extend(encoded(scene, param, escape_json));
    string.push(Chunk::Text("\"".to_owned()));
    string
}

fn encoded(
    scene: &Scene<'_, '_, '_>,
    param: &Param,
    encode: impl Fn(&str) -> String,
) -> Vec<Chunk> {
    let chunks = scene.chunks(param.value).into_iter();
    chunks
        .map(|chunk| match chunk {
            Chunk::Text(text) => Chunk::Text(encode(&text)),
            other => other,
        })
        .collect()
}
