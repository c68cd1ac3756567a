//! The built-in packs, read from `rules/`.

use reqlint_core::pack::{DocumentedPack, Pack};
use reqlint_core::rule::load::{PackFile, load_pack};
use std::path::{Path, PathBuf};

/// The packs with the pages of their rules.
pub(crate) fn documented() -> Vec<DocumentedPack> {
    ["http", "winninghunter"].map(read_pack).into()
}

/// The packs.
#[allow(dead_code, reason = "not every test needs both")]
pub(crate) fn built_in() -> Vec<Pack> {
    documented().into_iter().map(|documented| documented.pack).collect()
}

fn read_pack(name: &str) -> DocumentedPack {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut above = crate_folder.ancestors().map(|folder| folder.join("rules"));
    read_folder(&above.find(|rules| rules.is_dir()).expect("the rules are above").join(name))
}

/// The pack in a folder.
pub(crate) fn read_folder(folder: &Path) -> DocumentedPack {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    paths.sort();
    let texts: Vec<(String, String)> = paths
        .iter()
        .map(|path| {
            let relative = path.strip_prefix(folder).expect("found below it");
            let text = std::fs::read_to_string(path).expect("a readable rule file");
            (relative.to_string_lossy().replace('\\', "/"), text)
        })
        .collect();
    let files: Vec<PackFile<'_>> =
        texts.iter().map(|(path, text)| PackFile { path, text }).collect();
    load_pack(&files).unwrap_or_else(|broken| {
        let all = broken.iter().flat_map(|file| {
            file.diagnostics.iter().map(move |mistake| {
                let at = mistake.labels.first().map_or(0, |label| label.span.start());
                format!("{}:{at}: {} {:?}", file.path, mistake.message, mistake.help)
            })
        });
        panic!("broken rule files:\n{}", all.collect::<Vec<_>>().join("\n"))
    })
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
