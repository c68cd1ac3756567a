//! Reads fixes.

use super::fields::{Fields, any_text_at, text_at, texts, word};
use super::mistakes::expected;
use super::names::Site;
use super::notation::is_name;
use super::parts::{PARAM_IN, Reader};
use super::texts::Use;
use crate::diagnostic::Safety;
use crate::rule::node::{Entry, Node};
use crate::rule::{Find, FixTemplate, MoveTo, NameId, PartPlace, Template};
use crate::span::Span;

pub(crate) const FIX: &[&str] = &["title", "safety", "set", "remove", "move", "repair"];
const EDITS: &[&str] = &["set", "remove", "move", "repair"];

/// What an edit needs to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EditKind {
    Set,
    Remove,
    Move,
    Repair,
}

impl Reader<'_> {
    /// What stands under `fix`, or under `fixes`; none where neither is there.
    pub(crate) fn fixes(
        &mut self,
        fix: Option<&Entry>,
        fixes: Option<&Entry>,
    ) -> Option<Vec<FixTemplate>> {
        let Some(entry) = fixes else {
            return fix.map(|entry| self.fix(&entry.value).into_iter().collect());
        };
        if fix.is_some() {
            let help = "write it as the first of `fixes`";
            self.mistakes.add(entry.key_span, "`fix` and `fixes` cannot stand side by side", help);
        }
        let Some(items @ [_, ..]) = entry.value.items() else {
            let help = "write `- { title: …, safety: …, set: … }` for each, or `fix` for one";
            self.mistakes.add(entry.place(), "`fixes` is a list of fixes, the best first", help);
            return Some(Vec::new());
        };
        Some(items.iter().filter_map(|item| self.fix(item)).collect())
    }

    fn fix(&mut self, node: &Node) -> Option<FixTemplate> {
        let fields = Fields::of(node, "a fix", FIX, self.mistakes)?;
        let title = fields.required("title", "a fix", self.mistakes);
        let title = title.map(|title| self.message(&title));
        let safety = self.safety(fields);
        let is_misspelt = |edit: &&str| self.mistakes.is_misspelt(fields.start, edit);
        if !EDITS.iter().any(|edit| fields.has(edit) || is_misspelt(edit)) {
            let help = "add `set`, `remove`, `move` or `repair`; advice without an edit is `help`";
            self.mistakes.add(fields.start, "this fix edits nothing", help);
        }
        let set = fields.entry("set").map(|entry| self.set(entry)).unwrap_or_default();
        let remove = self.targets(fields.entry("remove"), EditKind::Remove);
        if let (Some(entry), Some((both, _))) =
            (fields.entry("remove"), set.iter().find(|(role, _)| remove.contains(role)))
        {
            let message = format!("`{}` is set and removed at once", self.names.name(*both));
            self.mistakes.add(entry.place(), message, "keep one of the two");
        }
        Some(FixTemplate {
            title: title.unwrap_or_default(),
            safety: safety.unwrap_or(Safety::Manual),
            set,
            remove,
            moves: fields.entry("move").map(|entry| self.moves(entry)).unwrap_or_default(),
            repair: self.targets(fields.entry("repair"), EditKind::Repair),
        })
    }

    fn safety(&mut self, fields: Fields<'_>) -> Option<Safety> {
        let Some(entry) = fields.entry("safety") else {
            let help = "add `safety: safe`, `unsafe` or `manual`";
            self.mistakes.lacks(fields.start, "safety", "a fix has no `safety`", help);
            return None;
        };
        word(entry, &Safety::ALL.map(|safety| (safety.name(), safety)), self.mistakes)
    }

    fn set(&mut self, entry: &Entry) -> Vec<(NameId, Template)> {
        let Some(fields) = self.roles_mapping(entry, "`set: { role: text }`") else {
            return Vec::new();
        };
        let mut set = Vec::new();
        for edit in fields.entries() {
            let target = self.target(&edit.key, edit.key_span, EditKind::Set);
            let text = any_text_at(&edit.value, edit.place(), self.mistakes);
            let template = text.map(|text| self.template(&text, Use::Edit));
            set.extend(target.zip(template));
        }
        set
    }

    fn moves(&mut self, entry: &Entry) -> Vec<(NameId, MoveTo)> {
        let Some(fields) = self.roles_mapping(entry, "`move: { role: { in: query } }`") else {
            return Vec::new();
        };
        let mut moves = Vec::new();
        for edit in fields.entries() {
            let target = self.target(&edit.key, edit.key_span, EditKind::Move);
            let destination = self.destination(&edit.value);
            moves.extend(target.zip(destination));
        }
        moves
    }

    fn destination(&mut self, node: &Node) -> Option<MoveTo> {
        let keys = &["in", "header"];
        let places = "write `{ in: query }`, `{ in: form }`, `{ in: json }` or `{ header: Name }`";
        if node.mapping().is_none() {
            let message = format!("the destination of a move is a mapping, not {}", node.kind());
            self.mistakes.add(node.span, message, places);
            return None;
        }
        let fields = Fields::of(node, "the destination of a move", keys, self.mistakes)?;
        match (fields.entry("in"), fields.entry("header")) {
            (Some(place), None) => word(place, PARAM_IN, self.mistakes).map(MoveTo::Param),
            (None, Some(header)) => {
                let name = text_at(&header.value, header.place(), self.mistakes)?;
                Some(MoveTo::Header(name.text.to_owned()))
            }
            _ => {
                self.mistakes.add(fields.start, "a move has one destination", places);
                None
            }
        }
    }

    fn roles_mapping<'n>(&mut self, entry: &'n Entry, help: &str) -> Option<Fields<'n>> {
        let fields = Fields::any(&entry.value).filter(|fields| !fields.entries().is_empty());
        if fields.is_none() {
            let message = format!("`{}` says what happens to which role", entry.key);
            self.mistakes.add(entry.place(), message, format!("write {help}"));
        }
        fields
    }

    fn targets(&mut self, entry: Option<&Entry>, edit: EditKind) -> Vec<NameId> {
        let Some(entry) = entry else { return Vec::new() };
        let texts = texts(entry, self.mistakes);
        texts.iter().filter_map(|text| self.target(text.text, text.span, edit)).collect()
    }

    /// The role that an edit is about.
    fn target(&mut self, name: &str, span: Span, edit: EditKind) -> Option<NameId> {
        let id = self.role_or_variable(name, span)?;
        let trouble = match self.roles.get(id) {
            None if edit == EditKind::Set => None,
            None => Some(("it is a piece of a text", "edit it with `set`")),
            Some(None) => None,
            Some(Some(Find::Missing(_))) if edit != EditKind::Set => {
                Some(("it is missing", "write it with `set`"))
            }
            Some(Some(Find::Part(parts))) => {
                let syntax = parts.iter().all(|part| matches!(part.place, PartPlace::Syntax(_)));
                let param = parts.iter().all(|part| matches!(part.place, PartPlace::Param(_)));
                match edit {
                    EditKind::Repair if !syntax => Some((
                        "only findings of `syntax` carry a repair",
                        "edit it with `set` or `remove`",
                    )),
                    EditKind::Move if !param => {
                        Some(("only a `param` can be moved", "edit it with `set` or `remove`"))
                    }
                    _ => None,
                }
            }
            Some(Some(Find::Missing(_))) => None,
        };
        if let Some((why, help)) = trouble {
            let verb = match edit {
                EditKind::Set => "set",
                EditKind::Remove => "remove",
                EditKind::Move => "move",
                EditKind::Repair => "repair",
            };
            self.mistakes.add(span, format!("cannot {verb} `{name}`: {why}"), help);
            return None;
        }
        Some(id)
    }

    /// A role or variable that exists, named where names are keys or values.
    pub(crate) fn role_or_variable(&mut self, name: &str, span: Span) -> Option<NameId> {
        if is_name(name) && self.names.find(name).is_some() {
            return Some(self.names.mention(name, span, Site::Elsewhere));
        }
        if self.names_are_known {
            let message = format!("there is no role `{name}` here");
            self.mistakes.add(span, message, expected(name, self.names.known()));
        }
        None
    }
}
