//! Reads packs from YAML. Every mistake in a file becomes a diagnostic with a caret into it.

use crate::diagnostic::Diagnostic;
use crate::pack::DocumentedPack;

/// A file of a pack.
#[derive(Clone, Copy, Debug)]
pub struct PackFile<'t> {
    /// Relative to the pack's folder, with `/`: `pack.yaml`, `path/trailing-slash.yaml`,
    /// `tables/names.yaml`, `openapi.yaml`.
    pub path: &'t str,
    /// Its content.
    pub text: &'t str,
}

/// A file with the mistakes in it.
#[derive(Clone, Debug)]
pub struct BrokenFile {
    /// As in [`PackFile`].
    pub path: String,
    /// Mistakes, in the order of the text; `rule` is `invalid-rule`, `invalid-pack` or the like.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a pack.
///
/// # Errors
/// All files with mistakes, each with all of its mistakes.
pub fn load_pack(_files: &[PackFile<'_>]) -> Result<DocumentedPack, Vec<BrokenFile>> {
    unimplemented!()
}
