//! Which files count: `include`, `exclude` and `files` of `reqlint.toml`, whose patterns are seen
//! from its folder.

use crate::choice::{Layer, levels, selectors};
use crate::config::{Config, FileConfig, Level};
use crate::packs::Unusable;
use crate::select::Names;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use reqlint_core::rule::Rule;
use std::path::{Component, Path, PathBuf, absolute};

/// Patterns for paths below a folder.
#[derive(Debug, Default)]
struct Patterns {
    /// Absolute, without `..`.
    folder: PathBuf,
    set: GlobSet,
}

impl Patterns {
    /// The patterns are known to be good; where they are not, they match nothing.
    fn new(folder: &Path, patterns: &[String]) -> Self {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            // A folder stands for everything in it.
            for pattern in [pattern.clone(), format!("{}/**", pattern.trim_end_matches('/'))] {
                if let Ok(glob) = GlobBuilder::new(&pattern).literal_separator(true).build() {
                    set.add(glob);
                }
            }
        }
        Patterns { folder: normal(folder), set: set.build().unwrap_or_default() }
    }

    fn takes(&self, path: &Path) -> bool {
        if self.set.is_empty() {
            return false;
        }
        let path = normal(path);
        path.strip_prefix(&self.folder).is_ok_and(|inner| self.set.is_match(inner))
    }
}

/// An absolute path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    // The empty path is the current folder.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let whole = absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut normal = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

/// The files that a search takes beside those with the endings of requests, and those that are
/// left out.
#[derive(Debug, Default)]
pub(crate) struct FileFilter {
    include: Patterns,
    exclude: Patterns,
    /// Where the rules are that are used. Their examples are requests, many of them bad.
    rules: Vec<PathBuf>,
}

impl FileFilter {
    /// What the configuration says; `rules` are the paths of the rules that are used.
    pub(crate) fn new(config: &Config, rules: &[PathBuf]) -> Self {
        let patterns = |list: &[String]| Patterns::new(config.folder(), list);
        let (include, exclude) = (patterns(&config.include), patterns(&config.exclude));
        FileFilter { include, exclude, rules: rules.iter().map(|path| normal(path)).collect() }
    }

    /// Whether a search takes a file whatever its ending.
    pub(crate) fn includes(&self, path: &Path) -> bool {
        self.include.takes(path)
    }

    /// Whether a file is left out, even if it is named.
    pub(crate) fn excludes(&self, path: &Path) -> bool {
        let is_rule = || {
            let path = normal(path);
            self.rules.iter().any(|rules| path.starts_with(rules))
        };
        self.exclude.takes(path) || (!self.rules.is_empty() && is_rule())
    }
}

/// What holds for some files only.
#[derive(Debug)]
pub(crate) struct FileRules {
    patterns: Patterns,
    layer: Layer,
}

impl FileRules {
    /// What the entries of `files` say.
    ///
    /// # Errors
    /// Every rule that is not there.
    pub(crate) fn read(config: &Config, names: &Names<'_>) -> Result<Vec<Self>, Unusable> {
        let mut mistakes = Vec::new();
        let mut read = |entry: &FileConfig| FileRules {
            patterns: Patterns::new(config.folder(), &entry.paths),
            layer: Layer {
                select: Vec::new(),
                ignore: selectors(&entry.ignore, names, &mut mistakes),
                levels: levels(&entry.severity, names, &mut mistakes),
            },
        };
        let rules = config.files.iter().map(&mut read).collect();
        config.complain(mistakes)?;
        Ok(rules)
    }

    /// Whether it is about a file.
    pub(crate) fn are_about(&self, path: &Path) -> bool {
        self.patterns.takes(path)
    }

    /// What it says about a rule.
    pub(crate) fn level(&self, rule: &Rule) -> Option<Level> {
        if self.layer.ignores(rule) { Some(Level::Off) } else { self.layer.level(rule) }
    }
}
