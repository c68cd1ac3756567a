//! Runs the program in folders of its own.
#![allow(dead_code, reason = "not every test needs all of it")]

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// What came of a run.
pub(crate) struct Run(Output);

impl Run {
    pub(crate) fn code(&self) -> i32 {
        self.0.status.code().expect("it was not killed")
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).expect("output is UTF-8")
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        let error = |error| panic!("{error}: {} {}", self.stdout(), self.stderr());
        serde_json::from_slice(&self.0.stdout).unwrap_or_else(error)
    }

    /// Standard output of a run that must succeed.
    pub(crate) fn succeeds(&self) -> String {
        assert_eq!(self.code(), 0, "{}", self.stderr());
        self.stdout()
    }
}

/// A folder with files, in which the program is run.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Folder(TempDir::new().expect("a temporary folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn with(self, name: &str, text: &str) -> Self {
        self.with_bytes(name, text.as_bytes())
    }

    pub(crate) fn with_bytes(self, name: &str, bytes: &[u8]) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("our own folder");
        fs::write(path, bytes).expect("our own folder");
        self
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        Run(command.stdin(Stdio::null()).output().expect("the program starts"))
    }

    /// Runs it in a folder below.
    #[allow(dead_code, reason = "not every test needs it")]
    pub(crate) fn run_in(&self, below: &str, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.current_dir(self.path().join(below)).stdin(Stdio::null());
        Run(command.output().expect("the program starts"))
    }

    #[allow(dead_code, reason = "not every test needs it")]
    pub(crate) fn run_on(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(input.as_bytes()).expect("the program reads it");
        drop(stdin);
        Run(child.wait_with_output().expect("the program ends"))
    }

    /// Starts the program, and does not wait.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the program starts")
    }

    /// Closes the other end of standard output before anything is written.
    #[allow(dead_code, reason = "not every test needs it")]
    pub(crate) fn run_without_reader(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.arg("-").spawn().expect("the program starts");
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().expect("it is piped");
        let text = fs::read(self.path().join("wrong.sh")).expect("our own file");
        stdin.write_all(&text).expect("the program reads it");
        drop(stdin);
        Run(child.wait_with_output().expect("the program ends"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reqlint"));
        command.args(arguments).current_dir(self.path());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "COLUMNS", "RAYON_NUM_THREADS"] {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C.UTF-8");
        command
    }
}

/// Runs the program in an empty folder.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn reqlint(arguments: &[&str]) -> Run {
    Folder::new().run(arguments)
}

/// Where a document differs from one of the schemas in `docs/schemas`.
pub(crate) fn schema_errors(name: &str, document: &Value) -> Vec<String> {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/docs/schemas/{name}.schema.json");
    let schema = fs::read_to_string(&path).expect("the schema is committed");
    errors(&serde_json::from_str(&schema).expect("the schema is JSON"), document)
}

/// Where a document differs from a schema.
pub(crate) fn errors(schema: &Value, document: &Value) -> Vec<String> {
    jsonschema::draft202012::meta::validate(schema).expect("the schema is one");
    let validator = jsonschema::draft202012::new(schema).expect("the schema compiles");
    let say =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(document).map(say).collect()
}
