//! The files that commands name, for `--resolve-files`: read beside a source, never outside of the
//! project that it belongs to.

use reqlint_core::layer::Files;
use std::fs;
use std::path::{Path, PathBuf};

/// Larger files stay unknown.
const MOST_BYTES: u64 = 8 << 20;

/// What marks the root of a project.
const MARKS: [&str; 5] = [".git", ".hg", ".jj", ".svn", "reqlint.toml"];

/// The folder of a source, and the project around it.
#[derive(Debug)]
pub(crate) struct FilesBeside {
    folder: PathBuf,
    root: PathBuf,
}

impl FilesBeside {
    /// For the source at `path`; standard input is in the current folder.
    pub(crate) fn new(path: &str) -> Option<Self> {
        let folder = Path::new(path).parent().filter(|it| !it.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        let is_root = |folder: &&Path| MARKS.iter().any(|mark| folder.join(mark).exists());
        // Without any mark, the folder itself is all that is looked into.
        let root = folder.ancestors().find(is_root).unwrap_or(&folder).to_owned();
        Some(FilesBeside { folder, root })
    }

    /// The file itself, links followed, if it is one of the project.
    fn find(&self, path: &str) -> Option<PathBuf> {
        let file = self.folder.join(path).canonicalize().ok()?;
        let metadata = file.metadata().ok()?;
        let is_fit = metadata.is_file() && metadata.len() <= MOST_BYTES;
        (file.starts_with(&self.root) && is_fit).then_some(file)
    }
}

impl Files for FilesBeside {
    fn read(&self, path: &str) -> Option<String> {
        String::from_utf8(fs::read(self.find(path)?).ok()?).ok()
    }
}
