//! The hooks, run by the real `pre-commit` in a repository of its own.
//! Where it is missing, `.ci/setup` installs it. The hook that builds reqlint takes as long as a release build,
//! so it runs only where `REQLINT_TEST_SLOW` is set.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const WRONG: &str =
    "curl 'https://app.winninghunter.com/api/v1/tiktok-shop/products/?country=US'\n";
const RIGHT: &str = "curl 'https://example.com/a?b=1'\n";

#[test]
fn the_hook_on_path_stops_a_wrong_request() {
    check_hook("reqlint-system");
}

#[test]
fn the_hook_that_builds_stops_a_wrong_request() {
    if env::var_os("REQLINT_TEST_SLOW").is_some() {
        check_hook("reqlint");
    }
}

fn check_hook(id: &str) {
    let pre_commit = find_pre_commit().unwrap_or_else(install_pre_commit);
    let folder = TempDir::new().expect("a temporary folder");
    let hooks = clone_of_this_repository(folder.path());
    let work = folder.path().join("work");
    fs::create_dir(&work).expect("our own folder");
    let config = format!(
        "repos:\n- repo: {}\n  rev: {}\n  hooks:\n  - id: {id}\n",
        hooks.display(),
        text(&git(&hooks, &["rev-parse", "HEAD"])).trim(),
    );
    fs::write(work.join(".pre-commit-config.yaml"), config).expect("our own folder");
    fs::write(work.join("package.json"), "{\"name\": \"x\"}\n").expect("our own folder");
    fs::write(work.join("request.sh"), RIGHT).expect("our own folder");
    git(&work, &["init", "--quiet"]);
    git(&work, &["add", "."]);

    let run = || {
        let mut command = Command::new(&pre_commit);
        command.args(["run", "--all-files"]).current_dir(&work).env("PATH", path());
        command.env("PRE_COMMIT_HOME", folder.path().join("home"));
        // The libraries that a release was built from need not be built again, and no newer ones.
        command.env("CARGO_TARGET_DIR", target()).env("CARGO_NET_OFFLINE", "true");
        command.output().expect("pre-commit starts")
    };
    let right = run();
    assert!(right.status.success(), "{}", text(&right));
    fs::write(work.join("request.sh"), WRONG).expect("our own folder");
    let wrong = run();
    assert_eq!(wrong.status.code(), Some(1), "{}", text(&wrong));
    assert!(text(&wrong).contains("trailing-slash"), "{}", text(&wrong));
    assert!(text(&wrong).contains("exit code: 1"), "{}", text(&wrong));
}

/// The files of this repository as they are now, committed.
fn clone_of_this_repository(folder: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let clone = folder.join("reqlint");
    let listed = git(root, &["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    for name in text(&listed).split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root.join(name), clone.join(name));
        if from.is_file() {
            fs::create_dir_all(to.parent().expect("a file is in a folder"))
                .expect("our own folder");
            fs::copy(from, to).expect("our own folder");
        }
    }
    git(&clone, &["init", "--quiet"]);
    git(&clone, &["add", "--all", "--force"]);
    git(&clone, &["commit", "--quiet", "--message", "now"]);
    clone
}

fn git(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=test", "-c", "user.email=test@example.com"]);
    let output = command.args(arguments).output().expect("git is installed");
    assert!(output.status.success(), "git {arguments:?}: {}", text(&output));
    output
}

fn text(output: &Output) -> String {
    let all = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8_lossy(&all).into_owned()
}

/// `PATH` with the folder of the program that is tested first.
fn path() -> OsString {
    let program = Path::new(env!("CARGO_BIN_EXE_reqlint"));
    let own = program.parent().expect("a program is in a folder").to_owned();
    let others = env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(own).chain(env::split_paths(&others));
    env::join_paths(all).expect("paths that were joined before")
}

fn target() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_reqlint"));
    program.ancestors().nth(2).expect("target/debug/reqlint").to_owned()
}

fn find_pre_commit() -> Option<PathBuf> {
    let paths = env::var_os("PATH").unwrap_or_default();
    let local = target().join("tools/bin");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/bin");
    let folders = [local, own].into_iter().chain(env::split_paths(&paths));
    folders.map(|folder| folder.join("pre-commit")).find(|program| program.is_file())
}

fn install_pre_commit() -> PathBuf {
    let set_up = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/setup");
    let done = Command::new("bash").arg(set_up).output().expect("bash is installed");
    assert!(done.status.success(), "{}", text(&done));
    find_pre_commit().expect("`.ci/setup` installed it")
}
