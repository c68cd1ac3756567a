//! Replaces a file as a whole: whoever looks, or whenever it is interrupted, there is the old text
//! or the new one.

use crate::output::plain;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// Names of new texts, before they take the place of the old ones: random letters between these.
const PREFIX: &str = ".reqlint-";
const SUFFIX: &str = ".tmp";

/// Writes `new` where `old` was read. Returns the folder of the file.
///
/// # Errors
/// Why the file was left as it is.
pub(super) fn replace(path: &Path, old: &str, new: &str) -> Result<PathBuf, String> {
    // Of a link, what it leads to is replaced; the link stays.
    let target = fs::canonicalize(path).map_err(|error| cannot(&error))?;
    let metadata = fs::metadata(&target).map_err(|error| cannot(&error))?;
    if metadata.permissions().readonly() {
        return Err("not fixed: the file is read-only".to_owned());
    }
    let folder = target.parent().unwrap_or(Path::new(".")).to_owned();
    let written = write_beside(&folder, &metadata, new).map_err(|error| cannot(&error))?;
    let now = fs::read(&target).map_err(|error| cannot(&error))?;
    if now != old.as_bytes() {
        return Err("not fixed: the file changed while it was checked; run again".to_owned());
    }
    written.persist(&target).map_err(|error| cannot(&error.error))?;
    Ok(folder)
}

fn cannot(error: &io::Error) -> String {
    format!("not fixed: cannot write it: {}", plain(error))
}

/// A file with the new text in the same folder, like the old one in all else. It is locked for as
/// long as it is written, so that nobody takes it for a left-over.
fn write_beside(folder: &Path, old: &Metadata, text: &str) -> io::Result<NamedTempFile> {
    let mut file = Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder)?;
    file.as_file().lock()?;
    file.write_all(text.as_bytes())?;
    keep_owner(file.as_file(), old)?;
    file.as_file().set_permissions(old.permissions())?;
    file.as_file().sync_data()?;
    Ok(file)
}

/// A file that belongs to somebody else goes on belonging to them.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let new = file.metadata()?;
    if (new.uid(), new.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    fchown(file, Some(old.uid()), Some(old.gid()))
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Removes what an interrupted run left in a folder. What is locked belongs to one that still
/// runs. Nothing is lost where it fails.
pub(super) fn remove_left_overs(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(is_left_over) {
            remove_unlocked(&entry.path());
        }
    }
}

fn is_left_over(name: &str) -> bool {
    let middle = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    middle.is_some_and(|letters| {
        letters.len() == 6 && letters.bytes().all(|letter| letter.is_ascii_alphanumeric())
    })
}

fn remove_unlocked(path: &Path) {
    if let Ok(file) = File::options().read(true).write(true).open(path)
        && file.try_lock().is_ok()
    {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_left_overs_are_removed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        let others = [".reqlint-abc123.tmp.sh", ".reqlint-.tmp", ".reqlint-abc/12.tmp", "a.tmp"];
        let others = others.iter().filter(|name| !name.contains('/'));
        others.clone().for_each(|name| fs::write(path(name), "x").expect("our own folder"));
        fs::write(path(".reqlint-Abc123.tmp"), "x").expect("our own folder");
        let busy = Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder.path());
        let busy = busy.expect("our own folder");
        busy.as_file().lock().expect("nobody else locks it");
        remove_left_overs(folder.path());
        assert!(!path(".reqlint-Abc123.tmp").exists());
        assert!(busy.path().exists());
        others.for_each(|name| assert!(path(name).exists(), "{name}"));
    }

    /// What an interrupted run leaves has a name that tells nothing, and can be read by nobody who
    /// could not read the file.
    #[cfg(unix)]
    #[test]
    fn a_new_text_waits_under_a_name_that_tells_nothing() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("secret-name.sh");
        fs::write(&path, "old").expect("our own folder");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("our own file");
        let metadata = fs::metadata(&path).expect("our own file");
        let written = write_beside(folder.path(), &metadata, "secret").expect("our own folder");
        let name = written.path().file_name().expect("it is a file").to_string_lossy().into_owned();
        assert!(is_left_over(&name) && !name.contains("secret"), "{name}");
        let mode = fs::metadata(written.path()).expect("our own file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // Nobody takes it away while it is written; the next run does, if that was interrupted.
        remove_left_overs(folder.path());
        assert!(written.path().exists());
        let (file, left) = written.keep().expect("it can be kept");
        drop(file);
        remove_left_overs(folder.path());
        assert!(!left.exists() && path.exists());
    }

    #[test]
    fn a_file_that_changed_is_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.sh");
        fs::write(&path, "new").expect("our own folder");
        let why = replace(&path, "old", "fixed").expect_err("it changed");
        assert!(why.contains("changed while"), "{why}");
        assert_eq!(fs::read_to_string(&path).expect("our own file"), "new");
        assert_eq!(fs::read_dir(folder.path()).expect("our own folder").count(), 1);
        assert!(replace(&path, "new", "fixed").is_ok());
        assert_eq!(fs::read_to_string(&path).expect("our own file"), "fixed");
    }
}
