//! The built-in rules: every example comes out as its rule file says.

use reqlint_core::check::Checker;
use reqlint_core::check::examples::run_examples;
use reqlint_core::pack::DocumentedPack;
use reqlint_core::rule::load::{PackFile, load_pack};
use std::path::{Path, PathBuf};

fn rules_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")
}

fn read_pack(name: &str) -> DocumentedPack {
    let folder = rules_folder().join(name);
    let mut paths = Vec::new();
    collect(&folder, &mut paths);
    paths.sort();
    let texts: Vec<(String, String)> = paths
        .iter()
        .map(|path| {
            let relative = path.strip_prefix(&folder).expect("found below it");
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
                format!("{name}/{}:{at}: {} {:?}", file.path, mistake.message, mistake.help)
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

#[test]
fn every_example_comes_out_as_stated() {
    let packs = [read_pack("http"), read_pack("winninghunter")];
    let mut failures = Vec::new();
    let mut examples = 0;
    for documented in &packs {
        for page in &documented.pages {
            let own = |rule: &reqlint_core::rule::Rule| rule.id == page.id;
            let checker = Checker::new(vec![documented.pack.clone()], own);
            examples += page.examples.len();
            for failure in run_examples(&checker, page) {
                let text = &page.examples[failure.example].text;
                let differences = failure.differences.join("\n    ");
                let number = failure.example + 1;
                failures.push(format!("{} #{number}: {text}\n    {differences}", page.id));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {examples}:\n{}", failures.len(), failures.join("\n"));
}
