//! The packs that are used: the built-in ones, decoded when they are needed, and the user's.

use crate::output::plain;
use reqlint_core::check::Offset;
use reqlint_core::pack::{DocumentedPack, Pack};
use reqlint_core::rule::load::{Beside, BrokenFile, PackFile, load_pack_with, taken_id};
use reqlint_core::rule::page::Page;
use reqlint_core::symptom::Guide;
use reqlint_report::Report;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

static PACKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packs.postcard"));
static GUIDES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/guides.postcard"));
static GENERAL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/general.postcard"));
static PAGES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/pages.postcard"));

/// Why packs cannot be used.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// Files with mistakes.
    Broken(Vec<BrokenText>),
    /// Anything else, in words.
    Failed(Vec<String>),
}

/// A file with mistakes, and its text.
#[derive(Debug)]
pub(crate) struct BrokenText {
    file: BrokenFile,
    text: String,
}

impl BrokenText {
    /// The mistakes in a file of this text.
    pub(crate) fn new(file: BrokenFile, text: String) -> Self {
        BrokenText { file, text }
    }

    /// The mistakes as a report.
    pub(crate) fn report(&self) -> Report<'_> {
        let BrokenText { file, text } = self;
        let diagnostics = &file.diagnostics;
        Report {
            path: &file.path,
            text,
            secrets: &[],
            requests: &[],
            diagnostics,
            offset: Offset::default(),
        }
    }
}

/// The built-in packs.
pub(crate) fn built_in() -> Vec<Pack> {
    postcard::from_bytes(PACKS).expect("the build script wrote it with the same types")
}

/// The files of the pack whose rules others can refine, with their paths.
fn general() -> Vec<(&'static str, &'static str)> {
    postcard::from_bytes(GENERAL).expect("the build script wrote it with the same types")
}

/// The pages of the built-in packs, in the same order.
fn built_in_pages() -> Vec<Vec<Page>> {
    postcard::from_bytes(PAGES).expect("the build script wrote it with the same types")
}

/// A pack with the pages of its rules, and the files that it was read from.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) documented: DocumentedPack,
    /// None for the built-in packs.
    folder: Option<Folder>,
}

impl Loaded {
    /// The ids of its rules and symptoms. A refinement has the id of the rule that it refines.
    fn ids(&self) -> impl Iterator<Item = String> {
        let DocumentedPack { pack, guide, .. } = &self.documented;
        let rules = pack.rules.iter().filter(|rule| rule.extends.is_none());
        let rules = rules.map(|rule| rule.id.clone());
        rules.chain(guide.symptoms.iter().map(|symptom| symptom.id.clone()))
    }

    /// Whether it was read from one of these paths.
    pub(crate) fn is_below(&self, paths: &[PathBuf]) -> bool {
        let place =
            self.folder.as_ref().map(|folder| folder.named.as_ref().unwrap_or(&folder.root));
        place.is_some_and(|place| paths.iter().any(|path| place.starts_with(path)))
    }

    /// The file of a rule, with its text; none where the pack is built in.
    pub(crate) fn file_of(&self, id: &str) -> Option<(PathBuf, &str)> {
        let folder = self.folder.as_ref()?;
        let (inner, text) = folder.file_of(id)?;
        Some((folder.path_of(inner), text))
    }
}

/// What the built-in packs bring for explaining, in the same order.
fn built_in_guides() -> Vec<Guide> {
    postcard::from_bytes(GUIDES).expect("the build script wrote it with the same types")
}

/// The built-in packs, and those of `--rules`, with the pages of their rules; a pack of the user's
/// takes the place of a built-in one of the same name.
///
/// # Errors
/// Everything that is wrong with the user's packs.
pub(crate) fn load_documented(paths: &[PathBuf]) -> Result<Vec<Loaded>, Unusable> {
    let pairs = built_in().into_iter().zip(built_in_pages()).zip(built_in_guides());
    let built_in = pairs.map(|((pack, pages), guide)| DocumentedPack { pack, pages, guide });
    let mut packs: Vec<Loaded> =
        built_in.map(|documented| Loaded { documented, folder: None }).collect();
    let ids: Vec<String> = packs.iter().flat_map(Loaded::ids).collect();
    for (folder, documented) in load_users(paths, &ids)? {
        packs.retain(|known| known.documented.pack.name != documented.pack.name);
        packs.push(Loaded { documented, folder: Some(folder) });
    }
    check_ids(&packs)?;
    Ok(packs)
}

/// A server that the pack in a folder is about, where there is such a pack and it names one.
pub(crate) fn server_of(folder: &Path) -> Option<String> {
    folder.join("pack.yaml").is_file().then_some(())?;
    let pack = read_folder(folder).ok()?.load(&[]).ok()?.pack;
    pack.servers.into_iter().find(|server| !server.contains(['{', '*']))
}

/// An id names one rule.
fn check_ids(packs: &[Loaded]) -> Result<(), Unusable> {
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    let mut broken = Vec::new();
    for loaded in packs {
        let pack = &loaded.documented.pack.name;
        for id in loaded.ids() {
            let file = loaded.file_of(&id);
            let place = match &file {
                Some((path, _)) => format!("`{}`", path.display()),
                None => format!("the built-in pack `{pack}`"),
            };
            match (places.get(&id), file) {
                (Some(first), Some((path, text))) => {
                    let file = taken_id(&path.display().to_string(), text, pack, &id, first);
                    broken.push(BrokenText::new(file, text.to_owned()));
                }
                _ => {
                    places.insert(id, place);
                }
            }
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(Unusable::Broken(broken)) }
}

/// The packs at these paths. `known` are the ids of the built-in rules.
fn load_users(
    paths: &[PathBuf],
    known: &[String],
) -> Result<Vec<(Folder, DocumentedPack)>, Unusable> {
    let mut packs = Vec::new();
    let (mut broken, mut failures) = (Vec::new(), Vec::new());
    let mut folders = Vec::new();
    for path in paths {
        match read_folders(path) {
            Ok(read) => folders.extend(read.into_iter().map(|folder| (path, folder))),
            Err(failure) => failures.push(failure),
        }
    }
    let own = folders.iter().flat_map(|(_, folder)| folder.stems());
    let others: Vec<String> = known.iter().cloned().chain(own).collect();
    for (path, folder) in folders {
        match folder.load(&others) {
            Ok(pack) if pack.pack.rules.is_empty() && pack.guide.symptoms.is_empty() => {
                failures.push(format!("{}: holds no rule", path.display()));
            }
            Ok(pack) => packs.push((folder, pack)),
            Err(files) => broken.extend(files),
        }
    }
    match () {
        () if !failures.is_empty() => Err(Unusable::Failed(failures)),
        () if !broken.is_empty() => Err(Unusable::Broken(broken)),
        () => Ok(packs),
    }
}

/// The files of one pack.
#[derive(Debug)]
struct Folder {
    root: PathBuf,
    /// The file that was named, where it was no folder.
    named: Option<PathBuf>,
    /// Paths inside the pack, with their texts.
    files: Vec<(String, String)>,
}

impl Folder {
    /// The names of its files, which are the ids of its rules.
    fn stems(&self) -> impl Iterator<Item = String> {
        let stem = |path: &str| {
            Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned()
        };
        self.files.iter().map(move |(path, _)| stem(path))
    }

    /// Compiles it. `others` are the ids of all rules that it can yield to.
    fn load(&self, others: &[String]) -> Result<DocumentedPack, Vec<BrokenText>> {
        let files: Vec<PackFile<'_>> =
            self.files.iter().map(|(path, text)| PackFile { path, text }).collect();
        let general = general();
        let general: Vec<PackFile<'_>> =
            general.iter().map(|(path, text)| PackFile { path, text }).collect();
        load_pack_with(&files, &Beside { others: Some(others), general: &general })
            .map_err(|broken| broken.into_iter().map(|file| self.locate(file)).collect())
    }

    /// Gives a broken file the path that the user knows, and its text.
    fn locate(&self, mut file: BrokenFile) -> BrokenText {
        let text = self.files.iter().find(|(path, _)| *path == file.path);
        let text = text.map(|(_, text)| text.clone()).unwrap_or_default();
        file.path = self.path_of(&file.path).display().to_string();
        BrokenText::new(file, text)
    }

    /// The path that the user knows.
    fn path_of(&self, inner: &str) -> PathBuf {
        self.named.clone().unwrap_or_else(|| self.root.join(inner))
    }

    /// The file of a rule with its text. In a pack it is named after the rule's id.
    fn file_of(&self, id: &str) -> Option<(&str, &str)> {
        let stem = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            name.rsplit_once('.').is_some_and(|(stem, _)| stem == id)
        };
        let says = |text: &str| {
            let id_of = |line: &str| line.strip_prefix("id:").map(|id| id.trim().to_owned());
            text.lines().find_map(id_of).is_some_and(|written| written == id)
        };
        let files = || self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        files().find(|(path, _)| stem(path)).or_else(|| files().find(|(_, text)| says(text)))
    }

    /// A pack without `pack.yaml` has the name of its folder or file, and applies to any request.
    fn complete(mut self, name: &str) -> Self {
        if !self.files.iter().any(|(path, _)| path == "pack.yaml") {
            let name = pack_name(name);
            let text = format!("name: {name}\nversion: 1\nsummary: rules of the command line\n");
            self.files.insert(0, ("pack.yaml".to_owned(), text));
        }
        self
    }
}

/// The packs at a path: a rule file, the folder of a pack, or a folder of such folders.
fn read_folders(path: &Path) -> Result<Vec<Folder>, String> {
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if !path.is_dir() {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let root = path.parent().unwrap_or(Path::new("")).to_owned();
        let text = read(path)?;
        if text.trim().is_empty() {
            return Err(format!("{}: holds no rule", path.display()));
        }
        // The file was named, so it is one of rules, whatever its ending.
        let is_yaml = file.ends_with(".yaml") || file.ends_with(".yml");
        let file = if is_yaml { file } else { format!("{}.yaml", name(path)) };
        let files = vec![(file, text)];
        return Ok(vec![
            Folder { root, named: Some(path.to_owned()), files }.complete(&name(path)),
        ]);
    }
    let packs: Vec<PathBuf> =
        entries(path)?.into_iter().filter(|inner| inner.join("pack.yaml").is_file()).collect();
    if packs.is_empty() || path.join("pack.yaml").is_file() {
        return Ok(vec![read_folder(path)?.complete(&name(path))]);
    }
    packs.iter().map(|folder| read_folder(folder)).collect()
}

fn read_folder(root: &Path) -> Result<Folder, String> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            let ending = path.extension().unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if ending == "yaml" || ending == "yml" {
                files.push((name_in(root, &path), read(&path)?));
            }
        }
    }
    if files.is_empty() {
        return Err(format!("{}: holds no rule (.yaml)", root.display()));
    }
    files.sort();
    Ok(Folder { root: root.to_owned(), named: None, files })
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let read = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect());
    read.map_err(|error| format!("{}: {}", folder.display(), plain(&error)))
}

fn read(path: &Path) -> Result<String, String> {
    let read = fs::read_to_string(path);
    read.map_err(|error| format!("{}: {}", path.display(), plain(&error)))
}

/// The path inside the pack, with `/`.
fn name_in(root: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    inner.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A name that a pack may have.
fn pack_name(name: &str) -> String {
    let plain = |character: char| match character.is_ascii_alphanumeric() {
        true => character.to_ascii_lowercase(),
        false => '-',
    };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "local".to_owned() } else { name.to_owned() }
}
