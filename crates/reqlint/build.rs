//! Compiles the built-in packs into the binary, so that it reads no YAML when it starts.

use reqlint_core::check::Offset;
use reqlint_core::pack::Pack;
use reqlint_core::rule::load::{Beside, BrokenFile, PackFile, load_pack_with};
use reqlint_core::rule::page::Page;
use reqlint_core::symptom::Guide;
use reqlint_report::{Report, concise};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The folders in `rules/`, in the order in which they are listed.
const PACKS: [&str; 3] = ["http", "openapi", "winninghunter"];
/// The pack whose rules the others can refine.
const GENERAL: &str = "openapi";

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=crates/reqlint/build.rs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut packs: Vec<Pack> = Vec::new();
    let mut pages: Vec<Vec<Page>> = Vec::new();
    let mut guides: Vec<Guide> = Vec::new();
    let mut broken = false;
    let general = read_folder(&root.join("rules").join(GENERAL));
    let general: Vec<PackFile<'_>> =
        general.iter().map(|(path, text)| PackFile { path, text }).collect();
    let others: Vec<String> = PACKS.iter().flat_map(|name| ids_below(&root, name)).collect();
    let beside = Beside { others: Some(&others), general: &general };
    for name in PACKS {
        let folder = root.join("rules").join(name);
        if !folder.is_dir() {
            continue;
        }
        let files = read_folder(&folder);
        let borrowed: Vec<PackFile<'_>> =
            files.iter().map(|(path, text)| PackFile { path, text }).collect();
        match load_pack_with(&borrowed, &beside) {
            Ok(documented) => {
                packs.push(documented.pack);
                pages.push(documented.pages);
                guides.push(documented.guide);
            }
            Err(mistakes) => {
                broken = true;
                print_mistakes(&folder, &files, &mistakes);
            }
        }
    }
    assert!(!broken, "a built-in rule is broken; the mistakes are above");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    write(&out.join("general.postcard"), &general_texts(&general));
    write(&out.join("packs.postcard"), &packs);
    write(&out.join("pages.postcard"), &pages);
    write(&out.join("guides.postcard"), &guides);
}

/// The ids of the rules of a pack: their files are named after them.
fn ids_below(root: &Path, pack: &str) -> Vec<String> {
    let folder = root.join("rules").join(pack);
    let files = if folder.is_dir() { read_folder(&folder) } else { Vec::new() };
    let stem = |(path, _): (String, String)| {
        Path::new(&path).file_stem().unwrap_or_default().to_string_lossy().into_owned()
    };
    files.into_iter().map(stem).collect()
}

/// The files that a user's rules can refine, with their paths.
fn general_texts<'t>(files: &[PackFile<'t>]) -> Vec<(&'t str, &'t str)> {
    files.iter().map(|file| (file.path, file.text)).collect()
}

fn write<T: serde::Serialize>(path: &Path, value: &T) {
    let bytes = postcard::to_stdvec(value).expect("packs are plain data");
    fs::write(path, bytes).expect("OUT_DIR can be written");
}

/// The files of a pack, sorted, with their paths in it.
fn read_folder(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).unwrap_or_else(|e| panic!("{}: {e}", next.display()));
        for entry in entries {
            let path = entry.expect("a folder entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push((name_in(folder, &path), read(&path)));
            }
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn name_in(folder: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(folder).expect("it was found there");
    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn print_mistakes(folder: &Path, files: &[(String, String)], mistakes: &[BrokenFile]) {
    for file in mistakes {
        let path = folder.join(&file.path).display().to_string();
        let text = files.iter().find(|(name, _)| *name == file.path).map_or("", |(_, text)| text);
        let report = Report {
            path: &path,
            text,
            secrets: &[],
            requests: &[],
            diagnostics: &file.diagnostics,
            offset: Offset::default(),
        };
        concise::write_report(&mut std::io::stderr(), &report).expect("stderr can be written");
    }
}
