//! Reads path templates.

use super::document::Compiler;
use super::library::At;
use super::{Location, Parameter, TemplateSegment};
use crate::rule::load::mistakes::{Mistakes, expected};
use crate::rule::node::Entry;

/// The segments of a path template.
pub(super) fn read_path(entry: &Entry, mistakes: &mut Mistakes) -> Option<Vec<TemplateSegment>> {
    let Some(path) = entry.key.strip_prefix('/') else {
        let message = format!("the path `{}` does not begin with `/`", entry.key);
        mistakes.add(entry.key_span, message, format!("write `/{}`", entry.key));
        return None;
    };
    if path.contains('?') {
        let message = "a path holds no query";
        mistakes.add(entry.key_span, message, "describe its parameters with `in: query`");
        return None;
    }
    let mut segments = Vec::new();
    for segment in path.split('/') {
        let Some(segment) = read_segment(segment) else {
            let message = format!("the braces of `{segment}` do not fit together");
            mistakes.add(entry.key_span, message, "write a parameter as `{name}`");
            return None;
        };
        segments.push(segment);
    }
    Some(segments)
}

/// A segment; of several parameters in it the first gives its name, and the text around all of
/// them is kept.
pub(super) fn read_segment(text: &str) -> Option<TemplateSegment> {
    let (open, close) = match (text.find('{'), text.rfind('}')) {
        (Some(open), Some(close)) if open < close => (open, close),
        (None, None) => return Some(TemplateSegment::Literal(text.to_owned())),
        _ => return None,
    };
    let inner = &text[open + 1..close];
    let name = inner.split('}').next().filter(|name| !name.is_empty() && !name.contains('{'))?;
    Some(TemplateSegment::Parameter {
        name: name.to_owned(),
        prefix: text[..open].to_owned(),
        suffix: text[close + 1..].to_owned(),
    })
}

/// Adds parameters of the path that the document does not describe, and looks for those that it
/// describes and the path does not have.
pub(super) fn add_path_parameters<'d>(
    compiler: &mut Compiler<'d>,
    segments: &[TemplateSegment],
    item: At<'d>,
    operation: &'d Entry,
    parameters: &mut Vec<Parameter>,
) {
    let mut names: Vec<&str> = Vec::new();
    for segment in segments {
        let TemplateSegment::Parameter { name, .. } = segment else { continue };
        names.push(name);
        let is_known = |p: &Parameter| p.location == Location::Path && p.name == *name;
        if !parameters.iter().any(is_known) {
            let location = Location::Path;
            parameters.push(Parameter { name: name.clone(), location, required: true, form: None });
        }
    }
    // A segment with several parameters gives only the name of its first one.
    let has_several = |segment: &TemplateSegment| match segment {
        TemplateSegment::Parameter { prefix, suffix, .. } => {
            suffix.contains('{') || prefix.contains('{')
        }
        TemplateSegment::Literal(_) => false,
    };
    if segments.iter().any(has_several) {
        return;
    }
    for list in [item.beside(&operation.value).get("parameters"), item.get("parameters")] {
        for parameter in list.into_iter().flat_map(At::items) {
            let Some(parameter) = compiler.resolve(parameter) else { continue };
            let is_path = parameter.get("in").and_then(|n| n.node.text()) == Some("path");
            let Some(name) = parameter.get("name").filter(|_| is_path) else { continue };
            let Some(text) = name.node.text().filter(|text| !names.contains(text)) else {
                continue;
            };
            let message = format!("the path has no parameter `{{{text}}}`");
            compiler.mistakes[name.file].add(name.node.span, message, expected(text, &names));
        }
    }
}
