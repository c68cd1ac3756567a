//! Reads tables: files in `tables/`, and rows inside a rule.

use super::fields::{Fields, texts};
use super::mistakes::{Mistakes, nearest};
use super::notation::is_name;
use crate::rule::Row;
use crate::rule::node::Node;
use unicode_normalization::UnicodeNormalization;

/// Rows of named cells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// In the order in which they first appear.
    pub(crate) columns: Vec<String>,
    /// In the order of the file.
    pub(crate) rows: Vec<Row>,
    /// Whether it could not be read; its columns are not known then.
    pub(crate) is_broken: bool,
}

impl Table {
    /// A table that stands for one that could not be read.
    pub(crate) fn broken() -> Self {
        Table { is_broken: true, ..Table::default() }
    }
}

/// Reads a list of rows.
pub(crate) fn read_table(node: &Node, mistakes: &mut Mistakes) -> Table {
    let before = mistakes.len();
    let Some(items @ [_, ..]) = node.items() else {
        let message = format!("a table is a list of rows, not {}", node.kind());
        mistakes.add(
            node.span,
            message,
            "write each row as `- { column: text, other: [text, text] }`",
        );
        return Table::broken();
    };
    let mut table = Table::default();
    for item in items {
        read_row(item, &mut table, mistakes);
    }
    let columns = table.columns.len();
    for row in &mut table.rows {
        row.cells.resize(columns, Vec::new());
    }
    check_rows(items, &table, mistakes);
    table.is_broken = mistakes.len() > before;
    table
}

/// Rows that stand twice, and columns that are misspelt ones of the first row.
fn check_rows(items: &[Node], table: &Table, mistakes: &mut Mistakes) {
    let first: Vec<&str> = items.first().and_then(Fields::any).map_or_else(Vec::new, |fields| {
        fields.entries().iter().map(|entry| entry.key.as_str()).collect()
    });
    if table.rows.len() != items.len() {
        return;
    }
    for (number, (item, row)) in items.iter().zip(&table.rows).enumerate() {
        let Some(fields) = Fields::any(item) else { continue };
        for entry in fields.entries().iter().filter(|entry| !first.contains(&entry.key.as_str())) {
            let meant = nearest(&entry.key, &first).filter(|meant| !fields.has(meant));
            if let Some(meant) = meant {
                let message = format!("the first row has no column `{}`", entry.key);
                mistakes.add(entry.key_span, message, format!("did you mean `{meant}`?"));
            }
        }
        if table.rows[..number].iter().any(|other| other.cells == row.cells) {
            mistakes.add(item.span, "this row stands twice in the table", "remove one of the two");
        }
    }
}

fn read_row(item: &Node, table: &mut Table, mistakes: &mut Mistakes) {
    let fields = Fields::any(item).filter(|fields| !fields.entries().is_empty());
    let Some(fields) = fields else {
        let message = format!("a row is a mapping, not {}", item.kind());
        return mistakes.add(
            item.span,
            message,
            "write it as `{ column: text, other: [text, text] }`",
        );
    };
    let mut cells = vec![Vec::new(); table.columns.len()];
    for entry in fields.entries() {
        if !is_name(&entry.key) {
            let message = format!("`{}` is no name for a column", entry.key);
            mistakes.add(
                entry.key_span,
                message,
                "names are in lower case with `_`; a text with a comma needs quotes",
            );
        }
        let known = table.columns.iter().position(|column| *column == entry.key);
        let column = known.unwrap_or_else(|| {
            table.columns.push(entry.key.clone());
            cells.push(Vec::new());
            table.columns.len() - 1
        });
        let cell = texts(entry, mistakes).into_iter().map(|text| text.text.nfc().collect());
        cells[column] = cell.collect();
    }
    table.rows.push(Row { cells });
}
