//! `reqlint docs`: the pages of all rules, as Markdown.

use crate::arguments::DocsArguments;
use crate::exit::Exit;
use crate::output::{self, plain};
use crate::rules::fail_unusable;
use crate::setup;
use reqlint_core::pack::DocumentedPack;
use reqlint_report::markdown::{MARK, index, page};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Runs the command.
pub(crate) fn docs(arguments: &DocsArguments) -> Exit {
    let packs = match setup::documented(&arguments.files) {
        Ok(packs) => packs,
        Err(unusable) => return fail_unusable(arguments.color, &unusable),
    };
    let packs: Vec<&DocumentedPack> = packs.iter().map(|loaded| &loaded.documented).collect();
    let pages = pages(&packs);
    match &arguments.out {
        None => output::print(|out| {
            out.write_all(index(&packs).as_bytes())?;
            packs.iter().flat_map(|pack| texts(pack)).try_for_each(|(_, text)| {
                out.write_all(text.replacen(MARK, "", 1).trim_start_matches('\n').as_bytes())
            })
        }),
        Some(folder) if arguments.check => compare(folder, &pages),
        Some(folder) => match write(folder, &pages) {
            Ok(exit) => exit,
            Err(why) => output::fail(&why),
        },
    }
}

/// The files with their texts: the list, and a page for each rule.
fn pages(packs: &[&DocumentedPack]) -> BTreeMap<PathBuf, String> {
    let rules = packs.iter().flat_map(|pack| texts(pack));
    std::iter::once((PathBuf::from("README.md"), index(packs))).chain(rules).collect()
}

fn texts(documented: &DocumentedPack) -> impl Iterator<Item = (PathBuf, String)> {
    let pairs = documented.pack.rules.iter().filter_map(|rule| {
        documented.pages.iter().find(|page| page.id == rule.id).map(|page| (rule, page))
    });
    pairs.map(|(rule, words)| {
        let path = PathBuf::from(&documented.pack.name).join(format!("{}.md", rule.id));
        (path, page(rule, words))
    })
}

/// Says which files of the folder are not as they would be written.
fn compare(folder: &Path, pages: &BTreeMap<PathBuf, String>) -> Exit {
    let kept = |path: &Path| fs::read_to_string(folder.join(path)).unwrap_or_default();
    let stale = pages.iter().filter(|(path, text)| kept(path) != **text).map(|(path, _)| path);
    let mut stale: Vec<PathBuf> = stale.map(|path| folder.join(path)).collect();
    match gone(folder, pages) {
        Ok(gone) => stale.extend(gone),
        Err(why) => return output::fail(&why),
    }
    for path in &stale {
        output::note(&format!("{}: stale; `reqlint docs` writes it anew", path.display()));
    }
    if stale.is_empty() { Exit::Clean } else { Exit::Diagnostics }
}

fn write(folder: &Path, pages: &BTreeMap<PathBuf, String>) -> Result<Exit, String> {
    let fail = |path: &Path, error: io::Error| format!("{}: {}", path.display(), plain(&error));
    for path in gone(folder, pages)? {
        fs::remove_file(&path).map_err(|error| fail(&path, error))?;
    }
    for (path, text) in pages {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| fail(parent, error))?;
        if fs::read_to_string(&path).is_ok_and(|kept| kept == *text) {
            continue;
        }
        fs::write(&path, text).map_err(|error| fail(&path, error))?;
    }
    let count = pages.len() - 1;
    Ok(output::print(|out| writeln!(out, "{}: {count} pages of rules", folder.display())))
}

/// Pages that were written before, of rules that are not there any more.
fn gone(folder: &Path, pages: &BTreeMap<PathBuf, String>) -> Result<Vec<PathBuf>, String> {
    let mut gone = Vec::new();
    let packs = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(gone),
        Err(error) => return Err(format!("{}: {}", folder.display(), plain(&error))),
    };
    for pack in packs.flatten().filter(|entry| entry.path().is_dir()) {
        for entry in fs::read_dir(pack.path()).into_iter().flatten().flatten() {
            let path = entry.path();
            let inner = path.strip_prefix(folder).unwrap_or(&path).to_owned();
            let is_page = || fs::read_to_string(&path).is_ok_and(|text| text.starts_with(MARK));
            if !pages.contains_key(&inner) && is_page() {
                gone.push(path);
            }
        }
    }
    Ok(gone)
}
