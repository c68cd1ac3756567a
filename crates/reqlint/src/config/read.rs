//! Reads the text of `reqlint.toml` and collects every mistake in it.

use super::{Config, FileConfig, Level, Written};
use crate::arguments::FailOn;
use crate::select::nearest;
use clap::ValueEnum;
use globset::Glob;
use reqlint_core::rule::node::Mistake;
use reqlint_core::span::Span;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The keys of the file.
pub(crate) const KEYS: [&str; 9] =
    ["rules", "select", "ignore", "include", "exclude", "fail-on", "servers", "severity", "files"];
/// The keys of an entry of `files`.
pub(crate) const FILES_KEYS: [&str; 3] = ["paths", "ignore", "severity"];

/// What the text says, and what is wrong with it.
pub(super) fn read(text: &str) -> (Config, Vec<Mistake>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { text, mistakes: Vec::new() };
    let mut lines: Vec<usize> = Vec::new();
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let line = text.bytes().take(range.start).filter(|byte| *byte == b'\n').count();
        // What follows on the same line follows from it.
        if lines.contains(&line) {
            continue;
        }
        lines.push(line);
        reader.add(range, format!("no TOML: {}", error.message()), syntax_help(error.message()));
    }
    let mut config = Config::default();
    if reader.mistakes.is_empty() {
        reader.config(table.get_ref(), &mut config);
    }
    (config, reader.mistakes)
}

/// How to mend what is no TOML.
fn syntax_help(message: &str) -> &'static str {
    match message {
        "duplicate key" => "keep one of the two",
        _ if message.contains("unclosed") || message.contains("missing") => {
            "add the bracket or quote that closes it"
        }
        _ => {
            "write `key = \"text\"` or `key = [\"text\", \"text\"]`, below `[name]` where it is in a table"
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
}

type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;
type Value<'t> = Spanned<DeValue<'t>>;

impl Reader<'_> {
    fn add(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let (message, help) = (message.into(), Some(help.into()));
        self.mistakes.push(Mistake { span: self.span(range), message, help });
    }

    /// A range of the file, on character boundaries.
    fn span(&self, range: Range<usize>) -> Span {
        let floor = |mut at: usize| {
            at = at.min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(range.start);
        Span::new(start, floor(range.end).max(start))
    }

    fn config(&mut self, table: &DeTable<'_>, config: &mut Config) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "rules" => {
                    let texts = self.texts("rules", value);
                    config.rules =
                        texts.iter().map(|written| written.text.clone().into()).collect();
                    config.rules_written = texts;
                }
                "select" => config.select = self.texts("select", value),
                "ignore" => config.ignore = self.texts("ignore", value),
                "include" => config.include = self.globs("include", value),
                "exclude" => config.exclude = self.globs("exclude", value),
                "fail-on" => config.fail_on = self.fail_on(value),
                "servers" => config.servers = self.servers(value),
                "severity" => config.severity = self.severity(value),
                "files" => config.files = self.files(value),
                _ => self.unknown_key(key, "the file", &KEYS),
            }
        }
    }

    fn unknown_key(&mut self, key: &Key<'_>, what: &str, keys: &[&str]) {
        let message = format!("{what} has no key `{}`", key.get_ref());
        self.add(key.span(), message, expected(key.get_ref(), keys));
    }

    fn text(&mut self, name: &str, value: &Value<'_>) -> Option<Written> {
        match value.get_ref() {
            DeValue::String(text) => {
                Some(Written { text: text.to_string(), span: self.span(value.span()) })
            }
            other => {
                let message = format!("`{name}` takes texts, not {}", kind(other));
                self.add(value.span(), message, "write it in quotes");
                None
            }
        }
    }

    fn texts(&mut self, name: &str, value: &Value<'_>) -> Vec<Written> {
        let Some(items) = value.get_ref().as_array() else {
            let message = format!("`{name}` is a list of texts, not {}", kind(value.get_ref()));
            self.add(value.span(), message, format!("write `{name} = [\"…\"]`"));
            return Vec::new();
        };
        items.iter().filter_map(|item| self.text(name, item)).collect()
    }

    fn globs(&mut self, name: &str, value: &Value<'_>) -> Vec<String> {
        let texts = self.texts(name, value);
        for written in &texts {
            if let Err(error) = Glob::new(&written.text) {
                let message = format!("`{}` is no pattern: {}", written.text, error.kind());
                let help = "write a path with `*`, `**`, `?`, `[…]` or `{…,…}` in it";
                self.add(written.span.range(), message, help);
            }
        }
        texts.into_iter().map(|written| written.text).collect()
    }

    fn fail_on(&mut self, value: &Value<'_>) -> Option<String> {
        let written = self.text("fail-on", value)?;
        if FailOn::from_str(&written.text, false).is_err() {
            let message = format!("`fail-on` cannot be `{}`", written.text);
            let help = expected(&written.text, &["error", "warning", "info", "never"]);
            self.add(written.span.range(), message, help);
            return None;
        }
        Some(written.text)
    }

    fn table<'v, 't>(
        &mut self,
        name: &str,
        value: &'v Value<'t>,
        help: &str,
    ) -> Vec<(&'v Key<'t>, &'v Value<'t>)> {
        match value.get_ref().as_table() {
            Some(table) => {
                let mut entries: Vec<_> = table.iter().collect();
                entries.sort_by_key(|(key, _)| key.span().start);
                entries
            }
            None => {
                let message = format!("`{name}` is a table, not {}", kind(value.get_ref()));
                self.add(value.span(), message, help);
                Vec::new()
            }
        }
    }

    fn servers(&mut self, value: &Value<'_>) -> Vec<(Written, Written)> {
        let help = "write `[servers]`, and below it `\"http://localhost:8080\" = \"pack\"`";
        let mut servers = Vec::new();
        for (key, value) in self.table("servers", value, help) {
            let origin = self.key(key);
            servers.extend(self.text("servers", value).map(|pack| (origin, pack)));
        }
        servers
    }

    fn key(&self, key: &Key<'_>) -> Written {
        Written { text: key.get_ref().to_string(), span: self.span(key.span()) }
    }

    fn severity(&mut self, value: &Value<'_>) -> Vec<(Written, Level)> {
        let help = "write `[severity]`, and below it `rule-id = \"warning\"`";
        let mut severity = Vec::new();
        for (key, value) in self.table("severity", value, help) {
            let Some(written) = self.text("severity", value) else { continue };
            match Level::from_name(&written.text) {
                Some(level) => severity.push((self.key(key), level)),
                None => {
                    let message = format!("there is no severity `{}`", written.text);
                    let help = expected(&written.text, &Level::NAMES);
                    self.add(written.span.range(), message, help);
                }
            }
        }
        severity
    }

    fn files(&mut self, value: &Value<'_>) -> Vec<FileConfig> {
        let Some(items) = value.get_ref().as_array() else {
            let message = format!("`files` is a list of tables, not {}", kind(value.get_ref()));
            self.add(value.span(), message, "write `[[files]]` above `paths = [\"…\"]`");
            return Vec::new();
        };
        items.iter().map(|item| self.file_config(item)).collect()
    }

    fn file_config(&mut self, value: &Value<'_>) -> FileConfig {
        let mut config = FileConfig::default();
        let mut has_paths = false;
        for (key, value) in self.table("files", value, "write `[[files]]`") {
            match key.get_ref().as_ref() {
                "paths" => {
                    has_paths = true;
                    config.paths = self.globs("paths", value);
                }
                "ignore" => config.ignore = self.texts("ignore", value),
                "severity" => config.severity = self.severity(value),
                _ => self.unknown_key(key, "an entry of `files`", &FILES_KEYS),
            }
        }
        if !has_paths {
            let help = "add `paths = [\"docs/**\"]`";
            self.add(value.span(), "this entry of `files` does not say which files", help);
        }
        config
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn expected(name: &str, names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let list = quoted.join(", ");
    match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`? expected one of {list}"),
        None => format!("expected one of {list}"),
    }
}
