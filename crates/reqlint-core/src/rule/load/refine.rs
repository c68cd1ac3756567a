//! Refinement: a rule that `extends` a general one takes from it what it does not say itself.

use super::mistakes::{Mistakes, expected};
use super::pack_file::read_pack_file;
use super::tables::{Table, read_table};
use super::{PACK_FILE, PackFile, is_rule, stem, table_name};
use crate::rule::Tests;
use crate::rule::node::{self, Entry, Node, Value};
use crate::span::Span;
use std::collections::BTreeMap;

/// What a refinement says for itself, whatever the general rule says.
const OWN: &[&str] = &["id", "extends", "examples"];

/// The pack whose rules are about every API, as far as refinements need it.
#[derive(Debug, Default)]
pub(super) struct General {
    rules: BTreeMap<String, Node>,
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) types: Vec<(String, Tests)>,
}

impl General {
    /// Reads the files of the pack. Its own mistakes are told when it is loaded itself.
    pub(super) fn read(files: &[PackFile<'_>]) -> Self {
        let mut general = General::default();
        let mut untold = Mistakes::default();
        let read = |file: &PackFile<'_>| node::read(file.text).0;
        let known: Vec<&str> = files.iter().map(|file| file.path).collect();
        let pack = files.iter().find(|file| file.path == PACK_FILE).and_then(read);
        let Some(mut head) = pack.and_then(|node| read_pack_file(node, &known, &mut untold)) else {
            return general;
        };
        head.finish(None, &mut untold);
        general.types = head.types().to_vec();
        for file in files {
            if let (Some(name), Some(node)) = (table_name(file.path), read(file)) {
                general.tables.insert(name.to_owned(), read_table(&node, &mut untold));
            } else if let (true, Some(node)) = (is_rule(file.path, &head), read(file)) {
                general.rules.insert(stem(file.path).to_owned(), node);
            }
        }
        general
    }

    /// A rule completed by the general one that it extends. `key: null` drops what that one says.
    pub(super) fn refined(&self, node: Node, mistakes: &mut Mistakes) -> Node {
        let Some(entry) = node.mapping().and_then(|mapping| mapping.entry("extends")) else {
            return node;
        };
        let Some(id) = entry.value.text() else { return node };
        let Some(base) = self.rules.get(id) else {
            let known: Vec<&str> = self.rules.keys().map(String::as_str).collect();
            let message = format!("there is no general rule `{id}` to extend");
            mistakes.add(entry.place(), message, expected(id, &known));
            return node;
        };
        let place = entry.place();
        let mut merged = node;
        let Value::Mapping(mapping) = &mut merged.value else { return merged };
        let inherited = base.mapping().map(|base| base.entries.as_slice()).unwrap_or_default();
        for entry in inherited {
            let is_own = OWN.contains(&entry.key.as_str()) || mapping.entry(&entry.key).is_some();
            if !is_own {
                mapping.entries.push(placed_entry(entry, place));
            }
        }
        mapping.entries.retain(|entry| !entry.value.is_null());
        merged
    }
}

/// A copy all of whose mistakes are shown at one place: what is inherited stands in another file.
fn placed(node: &Node, place: Span) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => {
            Value::Scalar(crate::rule::node::Scalar { verbatim: None, ..scalar.clone() })
        }
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| placed(item, place)).collect())
        }
        Value::Mapping(mapping) => Value::Mapping(crate::rule::node::Mapping {
            entries: mapping.entries.iter().map(|entry| placed_entry(entry, place)).collect(),
            flow: mapping.flow,
        }),
    };
    Node { span: place, value }
}

fn placed_entry(entry: &Entry, place: Span) -> Entry {
    Entry { key: entry.key.clone(), key_span: place, value: placed(&entry.value, place) }
}
