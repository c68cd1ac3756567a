//! The commands of `fixtures/wire`, and how they are run and read.

use reqlint_core::layer::{Files, LayerId};
use reqlint_core::model::{Document, Kind};
use reqlint_core::parse::shell::parse_shell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) fn parse(text: &str) -> Document<'_> {
    let mut document = Document::new(Kind::Shell, text);
    let whole = document.layers.whole(LayerId::ROOT);
    parse_shell(&mut document, whole);
    document
}

/// The same with the files of a folder, as `--resolve-files` has it.
pub(crate) fn parse_in<'s>(text: &'s str, folder: &'s Folder) -> Document<'s> {
    let mut document = Document::new(Kind::Shell, text);
    document.layers.resolve(folder);
    let whole = document.layers.whole(LayerId::ROOT);
    parse_shell(&mut document, whole);
    document
}

/// A folder with files that commands name.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Option<String> {
        let path = self.0.join(path);
        path.is_file().then(|| std::fs::read_to_string(path).ok())?
    }
}

/// Variables of the environment in which commands are run.
pub(crate) const VARIABLES: [(&str, &str); 2] = [("TOKEN", "t0k"), ("ID", "7")];

pub(crate) fn fixtures() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("fixtures/wire"))
        .expect("fixtures/wire")
        .map(|entry| entry.expect("a folder that can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sh"))
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("UTF-8"))
    };
    files.into_iter().map(read).collect()
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An empty folder with the files that fixtures name.
pub(crate) fn work_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("reqlint-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    std::fs::write(folder.join("body.txt"), "line one\nline two\n").expect("a file");
    std::fs::write(folder.join("query.json"), "{\"a\":1}").expect("a file");
    folder
}

/// Which curl runs the commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curl {
    /// The one that is installed.
    Installed,
    /// The one that `.ci/setup` builds, for what an installed one may be too old for.
    Current,
}

impl Curl {
    /// The one that `REQLINT_TEST_CURL` names, `installed` or `current`.
    pub(crate) fn asked_for() -> Option<Self> {
        match std::env::var("REQLINT_TEST_CURL").as_deref() {
            Ok("current") => Some(Curl::Current),
            Ok(_) => Some(Curl::Installed),
            Err(_) => None,
        }
    }

    /// Where programs are looked for, so that `curl` is this one.
    pub(crate) fn path(self) -> std::ffi::OsString {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path);
        match self {
            Curl::Installed => path,
            Curl::Current => std::env::join_paths([current()].into_iter().chain(folders))
                .expect("folders without colons"),
        }
    }

    pub(crate) fn is_there(self) -> bool {
        match self {
            Curl::Installed => Command::new("curl").arg("--version").output().is_ok(),
            Curl::Current => current().join("curl").is_file(),
        }
    }
}

fn current() -> PathBuf {
    root().canonicalize().expect("this folder").join("target/tools/curl-8.22.0")
}

pub(crate) fn run_bash(curl: Curl, text: &str, folder: &Path) {
    run_bash_with(curl, text, folder, &[]);
}

/// The same with more variables in the environment.
pub(crate) fn run_bash_with(curl: Curl, text: &str, folder: &Path, more: &[(&str, &str)]) {
    let mut child = Command::new("bash")
        .args(["-c", "eval \"$1\"\nwait", "bash"])
        .arg(text)
        .current_dir(folder)
        .env_clear()
        .env("PATH", curl.path())
        .env("HOME", folder)
        .env("LC_ALL", "C.UTF-8")
        .env("NO_PROXY", "*")
        .envs(VARIABLES)
        .envs(more.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("bash runs");
    let start = std::time::Instant::now();
    while child.try_wait().expect("bash is waited for").is_none() {
        if start.elapsed().as_secs() > 10 {
            let _ = child.kill();
        }
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
}
