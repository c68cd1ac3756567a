//! `reqlint.toml`: finding it, and what it says. Every mistake in it becomes a diagnostic with a
//! caret into it.

mod read;
mod show;

use crate::output::plain;
use crate::packs::{BrokenText, Unusable};
pub(crate) use read::{FILES_KEYS, KEYS};
use reqlint_core::diagnostic::Severity;
use reqlint_core::rule::load::BrokenFile;
use reqlint_core::rule::node::Mistake;
use reqlint_core::span::Span;
pub(crate) use show::show;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The name of the file.
pub(crate) const FILE: &str = "reqlint.toml";

/// What `reqlint.toml` says; empty where there is none.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The file; none where there is none.
    pub(crate) file: Option<PathBuf>,
    text: String,
    /// Rule files and folders of packs, from the file's folder.
    pub(crate) rules: Vec<PathBuf>,
    /// The same as they are written.
    rules_written: Vec<Written>,
    pub(crate) select: Vec<Written>,
    pub(crate) ignore: Vec<Written>,
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) fail_on: Option<String>,
    /// Origins with packs.
    pub(crate) servers: Vec<(Written, Written)>,
    /// Rules with severities.
    pub(crate) severity: Vec<(Written, Level)>,
    /// What holds for some files only.
    pub(crate) files: Vec<FileConfig>,
}

/// What holds for some files only.
#[derive(Debug, Default)]
pub(crate) struct FileConfig {
    pub(crate) paths: Vec<String>,
    pub(crate) ignore: Vec<Written>,
    pub(crate) severity: Vec<(Written, Level)>,
}

/// A text with its place in the file.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A severity, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Off,
    At(Severity),
}

impl Level {
    /// The names, in the order of their weight.
    pub(crate) const NAMES: [&'static str; 4] = ["off", "info", "warning", "error"];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        if name == "off" {
            return Some(Level::Off);
        }
        Severity::ALL.into_iter().find(|severity| severity.name() == name).map(Level::At)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::At(severity) => severity.name(),
        }
    }
}

impl Config {
    /// The file that was named, or the nearest one above the current folder.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(crate) fn load(named: Option<&Path>, isolated: bool) -> Result<Self, Unusable> {
        if isolated {
            return Ok(Config::default());
        }
        let file = match named {
            Some(file) => file.to_owned(),
            None => match find_upwards() {
                Some(file) => file,
                None => return Ok(Config::default()),
            },
        };
        let text = fs::read_to_string(&file).map_err(|error| {
            Unusable::Failed(vec![format!("{}: {}", file.display(), plain(&error))])
        })?;
        Config::parse(file, text)
    }

    fn parse(file: PathBuf, text: String) -> Result<Self, Unusable> {
        let (mut config, mut mistakes) = read::read(&text);
        config.file = Some(file);
        config.text = text;
        let folder = config.folder().to_owned();
        for path in &mut config.rules {
            *path = folder.join(&*path);
        }
        for (path, written) in config.rules.iter().zip(&config.rules_written) {
            if !path.exists() {
                mistakes.push(Mistake {
                    span: written.span,
                    message: format!("there is no file or folder `{}`", written.text),
                    help: Some(format!("write a path as it is seen from the folder of `{FILE}`")),
                });
            }
        }
        config.complain(mistakes)?;
        Ok(config)
    }

    /// The folder that its paths are seen from.
    pub(crate) fn folder(&self) -> &Path {
        self.file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    /// Fails with mistakes in the file, if there are any.
    ///
    /// # Errors
    /// The mistakes.
    pub(crate) fn complain(&self, mut mistakes: Vec<Mistake>) -> Result<(), Unusable> {
        if mistakes.is_empty() {
            return Ok(());
        }
        mistakes.sort_by_key(|mistake| mistake.span);
        let path = self.file.as_deref().unwrap_or(Path::new(FILE)).display().to_string();
        let diagnostic = |mistake: Mistake| mistake.into_diagnostic("invalid-config", "reqlint");
        let diagnostics = mistakes.into_iter().map(diagnostic).collect();
        let broken = BrokenText::new(BrokenFile { path, diagnostics }, self.text.clone());
        Err(Unusable::Broken(vec![broken]))
    }
}

/// The nearest file above the current folder, shown from there where it can be.
fn find_upwards() -> Option<PathBuf> {
    let current = env::current_dir().ok()?;
    let mut above = PathBuf::new();
    for folder in current.ancestors() {
        if folder.join(FILE).is_file() {
            return Some(above.join(FILE));
        }
        above.push("..");
    }
    None
}
