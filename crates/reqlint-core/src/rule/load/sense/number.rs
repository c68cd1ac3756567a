//! Sentences about several things: a list as their subject needs another verb.

use super::super::mistakes::Mistakes;
use super::literals_of;
use crate::rule::template::Piece;
use crate::rule::{Attribute, Case, Find, NameId, Part, Report};
use crate::span::Span;

/// Verbs that fit one thing, or several, but not both.
const VERBS: [&str; 10] =
    ["is", "are", "has", "have", "was", "were", "does", "do", "needs", "collides"];

/// A list as the subject of a sentence: "`a` and `b` is".
pub(super) fn check_number(case: &Case, span: Span, mistakes: &mut Mistakes) {
    if case.report != Report::Once {
        return;
    }
    let [Piece::Literal(open), Piece::Attribute(name, Attribute::Name), Piece::Literal(rest), ..] =
        case.message.pieces.as_slice()
    else {
        return;
    };
    let verb = rest.strip_prefix("` ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    if open == "`" && VERBS.contains(&verb) && can_be_several(case, *name) {
        let role = &case.names[*name];
        let message = format!("`<{role}.name>` can be several names, which `{verb}` does not fit");
        let help = "make the list the object of the sentence, as in \"`period` collides with …\"";
        mistakes.add(span, message, help);
    }
}

/// Whether one diagnostic can speak of several names of a role.
fn can_be_several(case: &Case, name: NameId) -> bool {
    let Some(role) = case.roles.get(name) else { return false };
    let several = |part: &Part| match literals_of(part.place.patterns()) {
        Some(names) => names.len() > 1,
        None => true,
    };
    match &role.find {
        Find::Part(parts) => parts.len() > 1 || parts.iter().any(several),
        Find::Missing(part) => several(part),
    }
}
