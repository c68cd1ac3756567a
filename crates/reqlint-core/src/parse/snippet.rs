//! Code that sends requests: calls of the usual clients in JavaScript and Python whose URL and
//! options are literals or simple templates; the rest are holes.
//!
//! Trees are tree-sitter's, which recovers from damage, so that parts of programs can be read, too.

mod call;
mod constants;
mod javascript;
mod python;
mod typescript;
mod value;

use crate::layer::{Codec, Place};
use crate::model::{Document, Finding, FindingKind};
use crate::span::Span;
use call::Call;
use constants::Constants;
use tree_sitter::{Language, Node, Parser, TreeCursor};

/// Longer programs are not read: their trees would take many times their size.
const LONGEST: usize = 8 << 20;

/// Adds the requests of the JavaScript or TypeScript in `region` to the document.
pub fn parse_javascript(document: &mut Document<'_>, region: Place) {
    let marks = ["fetch", "axios", "XMLHttpRequest", "http.", "https.", "ky", "got", "$.ajax"];
    let language = tree_sitter_javascript::LANGUAGE.into();
    read(document, region, &marks, language, &javascript::SYNTAX, javascript::call);
}

/// Adds the requests of the Python in `region` to the document.
pub fn parse_python(document: &mut Document<'_>, region: Place) {
    let marks = ["requests", "httpx", "urllib", "urlopen"];
    let language = tree_sitter_python::LANGUAGE.into();
    read(document, region, &marks, language, &python::SYNTAX, python::call);
}

/// A reader of calls: what a node asks for, if it sends a request.
type ReadCall = for<'t> fn(&mut value::Reader<'_, '_, 't>, Node<'t>) -> Option<Call>;

fn read(
    document: &mut Document<'_>,
    region: Place,
    marks: &[&str],
    language: Language,
    syntax: &'static value::Syntax,
    read_call: ReadCall,
) {
    let text = document.layers.share(region);
    if !marks.iter().any(|mark| text.contains(mark)) {
        return;
    }
    if text.len() > LONGEST {
        let first = text.lines().next().map_or(0, str::len);
        let place = region.sub(Span::new(0, first));
        document.findings.push(Finding::new(FindingKind::TooLarge, place));
        return;
    }
    let mut parser = Parser::new();
    if parser.set_language(&language).is_err() {
        return;
    }
    let plain = (syntax.without_types)(&text);
    let Some(tree) = parser.parse(plain.as_bytes(), None) else { return };
    let constants = Constants::of(&text, tree.root_node(), syntax);
    let (layers, too_deep) = (&mut document.layers, None);
    let region = layers.wrap(Codec::Code(syntax.language), region);
    let mut reader = value::Reader { layers, region, text: &text, constants, syntax, too_deep };
    let mut calls = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if syntax.calls.contains(&node.kind()) {
            calls.extend(read_call(&mut reader, node));
        }
        if !next(&mut cursor) {
            break;
        }
    }
    let limit = reader.too_deep.map(|place| Finding::new(FindingKind::NestingTooDeep, place));
    document.findings.extend(limit);
    for call in calls {
        let request = call.build(&mut document.layers);
        document.requests.extend(request);
    }
}

/// Steps to the next node of a tree, in the order of the text; false behind the last one.
fn next(cursor: &mut TreeCursor<'_>) -> bool {
    if cursor.goto_first_child() {
        return true;
    }
    while !cursor.goto_next_sibling() {
        if !cursor.goto_parent() {
            return false;
        }
    }
    true
}
