//! `--openapi FILE`: packs that are made of an API description alone.

use crate::output::plain;
use crate::packs::{BrokenText, Unusable};
use reqlint_core::api::load_description;
use reqlint_core::pack::Pack;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The packs of these descriptions. They have no rules of their own; the general ones are tried
/// for them.
///
/// # Errors
/// Everything that is wrong with the files.
pub(crate) fn load(paths: &[PathBuf]) -> Result<Vec<Pack>, Unusable> {
    let mut packs = Vec::new();
    let (mut broken, mut failures) = (Vec::new(), Vec::new());
    for path in paths {
        match fs::read_to_string(path) {
            Ok(text) => match read(path, text) {
                Ok(pack) => packs.push(pack),
                Err(files) => broken.extend(files),
            },
            Err(error) => failures.push(format!("{}: {}", path.display(), plain(&error))),
        }
    }
    match () {
        () if !failures.is_empty() => Err(Unusable::Failed(failures)),
        () if !broken.is_empty() => Err(Unusable::Broken(broken)),
        () => Ok(packs),
    }
}

/// The pack of a description, which may refer to files beside it.
fn read(path: &Path, text: String) -> Result<Pack, Vec<BrokenText>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut texts = BTreeMap::from([(file.clone(), text.clone())]);
    let mut beside = |inner: &str| {
        let text = fs::read_to_string(folder.join(inner)).ok()?;
        texts.insert(inner.to_owned(), text.clone());
        Some(text)
    };
    let description = load_description(&file, &text, &name, &mut beside);
    if description.broken.is_empty() {
        return Ok(Pack::described(&name, description.api));
    }
    let located = description.broken.into_iter().map(|mut file| {
        let text = texts.get(&file.path).cloned().unwrap_or_default();
        file.path = folder.join(&file.path).display().to_string();
        BrokenText::new(file, text)
    });
    Err(located.collect())
}
