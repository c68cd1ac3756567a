//! Paths on the command line → the sources that are read: files, searched folders, globs, `-`.

use crate::files::FileFilter;
use crate::output::plain;
use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;
use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};

/// Names that begin with a dot and are searched all the same: where continuous integration is set up.
const VISIBLE: [&str; 11] = [
    ".circleci",
    ".drone.yml",
    ".forgejo",
    ".gitea",
    ".github",
    ".gitlab",
    ".gitlab-ci.yml",
    ".travis.yml",
    ".woodpecker",
    ".woodpecker.yaml",
    ".woodpecker.yml",
];

/// What is to be read.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Standard input first, then files in the order of their paths.
    pub(crate) inputs: Vec<Input>,
    /// Paths that could not be read, with the reason.
    pub(crate) failures: Vec<String>,
    /// What the user should know without asking.
    pub(crate) notes: Vec<String>,
    /// Files that a search left out, with the reason.
    pub(crate) passed_over: Vec<String>,
    /// Whether a folder or a glob was searched.
    pub(crate) searched: bool,
}

/// One source.
#[derive(Debug)]
pub(crate) enum Input {
    /// Standard input.
    Standard,
    /// A file.
    File {
        /// As it is shown.
        path: PathBuf,
        /// Whether the user meant this very file; else its content must look like requests.
        named: bool,
        /// Whether its ending says nothing of its kind, since the configuration includes it.
        included: bool,
    },
}

impl Input {
    /// The file, where it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Input::Standard => None,
            Input::File { path, .. } => Some(path),
        }
    }
}

/// Finds the sources. Without paths the current folder is searched.
pub(crate) fn find(paths: &[PathBuf], filter: &FileFilter) -> Found {
    let mut search = Search::new(filter);
    let here = [PathBuf::from(".")];
    for path in if paths.is_empty() { &here[..] } else { paths } {
        search.add(path);
    }
    let Search { mut found, mut files, standard_input, .. } = search;
    files.retain(|path, _| {
        let excluded = filter.excludes(path);
        if excluded {
            let note =
                format!("{}: passed over, it is a rule or `exclude` names it", path.display());
            found.passed_over.push(note);
        }
        !excluded
    });
    found.inputs.extend(standard_input.then_some(Input::Standard));
    found.inputs.extend(files.into_iter().map(|(path, named)| {
        let included = filter.includes(&path);
        Input::File { path, named, included }
    }));
    found
}

struct Search<'f> {
    filter: &'f FileFilter,
    found: Found,
    /// By path, with whether it was named.
    files: BTreeMap<PathBuf, bool>,
    /// Which folders are packs of rules.
    packs: HashMap<PathBuf, bool>,
    standard_input: bool,
}

impl<'f> Search<'f> {
    fn new(filter: &'f FileFilter) -> Self {
        let (found, files, packs) = (Found::default(), BTreeMap::new(), HashMap::new());
        Search { filter, found, files, packs, standard_input: false }
    }

    fn add(&mut self, path: &Path) {
        if path.as_os_str() == "-" {
            self.standard_input = true;
            return;
        }
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => self.search(path, None),
            Ok(_) => self.take(path, true),
            Err(error) => match glob(path) {
                Ok(Some((folder, matcher))) => {
                    self.search(&folder, Some(&matcher));
                    if !self.files.keys().any(|file| matcher.is_match(file)) {
                        let note = format!("{}: no file matches this pattern", path.display());
                        self.found.notes.push(note);
                    }
                }
                Ok(None) => self.fail(path, &plain(&error)),
                Err(why) => self.fail(path, &format!("no such file, and a bad pattern: {why}")),
            },
        }
    }

    fn take(&mut self, path: &Path, named: bool) {
        let entry = self.files.entry(clean(path)).or_default();
        *entry |= named;
    }

    fn fail(&mut self, path: &Path, why: &str) {
        self.found.failures.push(format!("{}: {why}", path.display()));
    }

    /// Searches a folder for files that hold requests, or that a glob takes.
    fn search(&mut self, folder: &Path, matcher: Option<&GlobMatcher>) {
        self.found.searched = true;
        let mut search = WalkBuilder::new(folder);
        search.require_git(false).hidden(false).filter_entry(|entry| {
            let name = entry.file_name().to_string_lossy();
            entry.depth() == 0 || !name.starts_with('.') || VISIBLE.contains(&&*name)
        });
        for entry in search.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    self.visit(entry.path(), matcher);
                }
                Ok(_) => {}
                Err(error) => {
                    let why = error.io_error().map_or_else(|| error.to_string(), plain);
                    let place = error_path(&error).unwrap_or(folder).to_owned();
                    self.fail(&place, &why);
                }
            }
        }
    }

    /// Whether a file belongs to a pack of rules: its examples are requests, many of them bad.
    fn is_of_pack(&mut self, path: &Path) -> bool {
        let is_yaml = |ending| matches!(ending, "yaml" | "yml");
        if !path.extension().and_then(|ending| ending.to_str()).is_some_and(is_yaml) {
            return false;
        }
        let Some(folder) = path.parent() else { return false };
        let packs = &mut self.packs;
        folder.ancestors().any(|folder| {
            *packs.entry(folder.to_owned()).or_insert_with(|| folder.join("pack.yaml").is_file())
        })
    }

    fn visit(&mut self, path: &Path, matcher: Option<&GlobMatcher>) {
        match matcher {
            Some(matcher) if matcher.is_match(clean(path)) => self.take(path, true),
            Some(_) => {}
            None if self.is_of_pack(path) => {
                let path = clean(path);
                let note = format!("{}: passed over, it is of a pack of rules", path.display());
                self.found.passed_over.push(note);
            }
            None if may_hold_requests(path) => self.take(path, false),
            None if self.filter.includes(path) => self.take(path, true),
            None => {
                let path = clean(path);
                let note =
                    format!("{}: passed over, its ending is not one of requests", path.display());
                self.found.passed_over.push(note);
            }
        }
    }
}

/// The path that an error of the search is about.
fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            error_path(err)
        }
        _ => None,
    }
}

fn may_hold_requests(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    reqlint_core::parse::may_hold_requests(crate::bytes::inner_name(&name))
}

/// A path without `.` in it, so that one file has one name.
fn clean(path: &Path) -> PathBuf {
    let cleaned: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if cleaned.as_os_str().is_empty() { PathBuf::from(".") } else { cleaned }
}

/// The folder before the first special character, and what its files must match; none where the
/// path is no glob.
///
/// # Errors
/// Why a pattern is none.
fn glob(path: &Path) -> Result<Option<(PathBuf, GlobMatcher)>, String> {
    let special =
        |part: &Component<'_>| part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
    if !path.components().any(|part| special(&part)) {
        return Ok(None);
    }
    let folder: PathBuf = path.components().take_while(|part| !special(part)).collect();
    let folder = clean(&folder);
    let pattern = clean(path);
    let Some(pattern) = pattern.to_str() else { return Ok(None) };
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob.map_err(|error| error.kind().to_string())?;
    Ok(folder.is_dir().then(|| (folder, glob.compile_matcher())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_start_at_the_last_plain_folder() {
        assert!(matches!(glob(Path::new("a/b.sh")), Ok(None)));
        assert!(glob(Path::new("a/[b")).is_err());
        let (folder, matcher) = glob(Path::new("./crates/**/*.rs"))
            .expect("it is a good pattern")
            .expect("it is a glob");
        assert_eq!(folder, Path::new("crates"));
        assert!(matcher.is_match("crates/a/b.rs") && matcher.is_match("crates/b.rs"));
        assert!(!matcher.is_match("crates/a.md"));
    }

    #[test]
    fn endings_tell_what_a_search_reads() {
        assert!(may_hold_requests(Path::new("a/B.SH")) && may_hold_requests(Path::new("x.json")));
        assert!(may_hold_requests(Path::new("README.md")));
        assert!(!may_hold_requests(Path::new("a.rs")) && !may_hold_requests(Path::new("sh")));
    }
}
