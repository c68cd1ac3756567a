//! JSON (RFC 8259) with the place of every part, tolerant of damage.

use crate::layer::{Layers, Place};
use crate::model::{Finding, JsonValue};

/// Reads the JSON text at `place`. Strings are decoded into layers of their own; holes are opaque.
///
/// None where nothing of it could be read. Damage is noticed as findings; the flag says that the
/// value is not all that there may be.
pub fn parse_json(
    _layers: &mut Layers<'_>,
    _place: Place,
    _findings: &mut Vec<Finding>,
) -> (Option<JsonValue>, bool) {
    unimplemented!()
}
