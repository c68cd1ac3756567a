//! What a program must import for what a fix writes.

use super::Draft;
use crate::encode::Chunk;
use crate::layer::{Codec, Language, LayerId, Layers, Place};
use crate::span::Span;

/// What reads the environment in Python.
const ENVIRONMENT: &str = "os.environ[";

impl Draft<'_, '_, '_, '_> {
    /// Imports `os` where an edit needs it. None where there is no import that it could stand by.
    pub(super) fn import(&mut self) -> Option<()> {
        let scene = &self.scenes[0];
        let Some(program) = program_of(scene.context.layers(), scene.context.request.place) else {
            return Some(());
        };
        if !self.edits.iter().any(|edit| edit.text.contains(ENVIRONMENT)) {
            return Some(());
        }
        let text = scene.context.text(program);
        if text.lines().any(imports_os) {
            return Some(());
        }
        let at = first_import(text)?;
        let end = if text[at..].contains("\r\n") { "\r\n" } else { "\n" };
        let place = Place::new(program.layer, Span::empty(at));
        self.push(place, &Chunk::text(format!("import os{end}")))
    }
}

/// The text of the program in Python that a place is in.
fn program_of(layers: &Layers<'_>, place: Place) -> Option<Place> {
    let mut layer = place.layer;
    while layer != LayerId::ROOT {
        if *layers.codec(layer) == Codec::Code(Language::Python) {
            return Some(layers.whole(layer));
        }
        layer = layers.origin(layer).layer;
    }
    None
}

/// Whether a line makes `os` known everywhere.
fn imports_os(line: &str) -> bool {
    let names = line.strip_prefix("import ").unwrap_or_default();
    names.split(',').any(|name| {
        matches!(name.trim().split([' ', '.', '#', ';']).next(), Some("os"))
            && !name.contains(" as ")
    })
}

/// Where the first import at the top starts; one of `__future__` must stay the first.
fn first_import(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_import = line.starts_with("import ") || line.starts_with("from ");
        if is_import && !line.starts_with("from __future__") {
            return Some(at);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn os_is_known_by_its_own_name() {
        for line in ["import os", "import sys, os", "import os.path", "import os # x"] {
            assert!(imports_os(line), "{line}");
        }
        for line in ["import os as o", "from os import path", "  import os", "import osx"] {
            assert!(!imports_os(line), "{line}");
        }
        assert_eq!(first_import("\"\"\"x\"\"\"\nfrom __future__ import a\nimport b\n"), Some(33));
        assert_eq!(first_import("x = 1\n"), None);
    }
}
