//! `--interactive`: each fix is shown, and asked about.

use super::support::Folder;
use super::{BASE, WRONG, read};
use std::process::Command;

/// Types answers at a terminal that is none: Python has one in its library.
fn at_a_terminal(folder: &Folder, arguments: &[&str], answers: &str) -> (i32, String) {
    let script = r#"
import os, pty, sys
answers, command = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(command[0], command)
shown = b""
for answer in list(answers) + [None]:
    asked = shown.count(b",?] ")
    while shown.count(b",?] ") == asked or answer is None:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            piece = b""
        if not piece:
            break
        shown += piece
    if answer is not None:
        os.write(terminal, answer.encode() + b"\n")
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;
    let mut python = Command::new("python3");
    python.args(["-c", script, answers, env!("CARGO_BIN_EXE_reqlint")]).args(arguments);
    let run = python.current_dir(folder.path()).env("NO_COLOR", "1").output();
    let run = run.expect("python3 is installed");
    let shown = String::from_utf8_lossy(&run.stdout).replace("\r\n", "\n");
    assert!(run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    (run.status.code().expect("it was not killed"), shown)
}

#[test]
fn people_are_asked_with_a_preview() {
    let key = "wh_0123456789abcdef0123456789abcdef0123456789abcdef";
    let line =
        |page| format!("curl -H 'X-API-Key: {key}' '{BASE}/products/?country=US&page={page}'\n");
    let text: String = (1..=4).map(line).collect();
    let select = ["check", "--interactive", "--select", "trailing-slash", "a.sh"];
    let ask = |answers: &str| {
        let folder = Folder::new().with("a.sh", &text);
        let (code, shown) = at_a_terminal(&folder, &select, answers);
        let fixed = read(&folder, "a.sh");
        let fixed =
            [1, 2, 3, 4].map(|page| fixed.contains(&format!("products?country=US&page={page}'")));
        (code, shown, fixed)
    };
    let (code, shown, fixed) = ask("nyxq");
    assert_eq!((code, fixed), (1, [false, true, false, false]), "{shown}");
    assert!(shown.contains("a.sh:1: error[trailing-slash]"), "{shown}");
    assert!(shown.contains("\n-curl -H 'X-API-Key: "), "{shown}");
    assert!(!shown.contains("0123456789abcdef"), "{shown}");
    assert!(shown.contains("q - leave this"), "{shown}");
    assert_eq!(ask("na").2, [false, true, true, true]);
    assert_eq!(ask("1yyy"), (0, ask("1yyy").1, [true; 4]));
}

#[test]
fn nobody_is_asked_where_there_is_no_terminal() {
    let folder = Folder::new().with("a.sh", WRONG);
    let run = folder.run_on(&["check", "--interactive", "a.sh"], "y\n");
    assert_eq!((run.code(), read(&folder, "a.sh").as_str()), (2, WRONG));
    assert!(run.stderr().contains("needs a terminal"), "{}", run.stderr());
    let run = folder.run_on(&["check", "--interactive", "-"], WRONG);
    assert_eq!((run.code(), run.stdout().as_str()), (2, ""));
}
