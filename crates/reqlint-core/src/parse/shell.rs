//! POSIX and bash text: commands, words, here-documents.

use crate::layer::Place;
use crate::model::Document;

/// Reads the commands in `region` and adds the requests that its curl commands make.
pub fn parse_shell(_document: &mut Document<'_>, _region: Place) {}
