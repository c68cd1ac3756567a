//! The built-in packs, read from `rules/`.
#![allow(clippy::disallowed_methods, reason = "tests read rule files")]

use reqlint_core::pack::{DocumentedPack, Pack};
use reqlint_core::rule::load::{Beside, PackFile, load_pack_with};
use std::path::{Path, PathBuf};

/// The packs with the pages of their rules.
pub(crate) fn documented() -> Vec<DocumentedPack> {
    ["http", "openapi", "winninghunter"].map(read_pack).into()
}

/// The packs.
#[allow(dead_code, reason = "not every test needs both")]
pub(crate) fn built_in() -> Vec<Pack> {
    documented().into_iter().map(|documented| documented.pack).collect()
}

fn read_pack(name: &str) -> DocumentedPack {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut above = crate_folder.ancestors().map(|folder| folder.join("rules"));
    let rules = above.find(|rules| rules.is_dir()).expect("the rules are above");
    read_folder(&rules.join(name))
}

/// The pack in a folder. It can refine the general rules.
pub(crate) fn read_folder(folder: &Path) -> DocumentedPack {
    let texts = read_files(folder);
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut above = crate_folder.ancestors().map(|folder| folder.join("rules"));
    let rules = above.find(|rules| rules.is_dir()).expect("the rules are above");
    let general = read_files(&rules.join("openapi"));
    let files: Vec<PackFile<'_>> =
        texts.iter().map(|(path, text)| PackFile { path, text }).collect();
    let general: Vec<PackFile<'_>> =
        general.iter().map(|(path, text)| PackFile { path, text }).collect();
    let beside = Beside { others: None, general: &general };
    load_pack_with(&files, &beside).unwrap_or_else(|broken| {
        let all = broken.iter().flat_map(|file| {
            file.diagnostics.iter().map(move |mistake| {
                let at = mistake.labels.first().map_or(0, |label| label.span.start());
                format!("{}:{at}: {} {:?}", file.path, mistake.message, mistake.help)
            })
        });
        panic!("broken rule files:\n{}", all.collect::<Vec<_>>().join("\n"))
    })
}

/// The files of a pack with their paths in it.
fn read_files(folder: &Path) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let relative = path.strip_prefix(folder).expect("found below it");
        let text = std::fs::read_to_string(path).expect("a readable rule file");
        (relative.to_string_lossy().replace('\\', "/"), text)
    };
    paths.iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of rules") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            paths.push(path);
        }
    }
}
