//! `reqlint new-rule`: a rule to start from.

use crate::arguments::NewRuleArguments;
use crate::exit::Exit;
use crate::output::{self, plain};
use crate::packs::server_of;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

const TEMPLATE: &str = include_str!("new_rule/template.yaml");

/// Runs the command.
pub(crate) fn new_rule(arguments: &NewRuleArguments) -> Exit {
    let id = arguments.id.as_str();
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if !id.split('-').all(word) {
        return output::fail(&format!(
            "`{id}` is no id; write words in lower case with `-` between them"
        ));
    }
    // Rules of a pack are silent about the servers of others.
    let server = arguments.out.as_deref().and_then(server_of);
    let text = TEMPLATE.replace("ID", id);
    let text = match server {
        Some(server) => text.replace("https://api.example.com", &server),
        None => text,
    };
    match &arguments.out {
        None => output::print(|out| out.write_all(text.as_bytes())),
        Some(folder) => match write(folder, id, &text) {
            Ok(exit) => exit,
            Err(why) => output::fail(&why),
        },
    }
}

fn write(folder: &Path, id: &str, text: &str) -> Result<Exit, String> {
    fs::create_dir_all(folder).map_err(|e| format!("{}: {}", folder.display(), plain(&e)))?;
    let path = folder.join(format!("{id}.yaml"));
    // A file that is there already is somebody's work.
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("{}: {}", path.display(), plain(&error)))?;
    let path = path.display();
    Ok(output::print(|out| writeln!(out, "{path}: change it, and run `reqlint test-rules {path}`")))
}
