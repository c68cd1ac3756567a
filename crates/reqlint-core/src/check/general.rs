//! General rules: those about every API that has a description. They are tried for each of them,
//! and leave the word to what its own pack says better.

use super::part::PartKind;
use super::report::SubjectKey;
use super::{Reported, labels_same_part};
use crate::pack::Pack;
use crate::span::Span;

/// Adds the rules of general packs to each pack with a description, but for those that it refines.
pub(super) fn join(mut packs: Vec<Pack>) -> Vec<Pack> {
    let general: Vec<Pack> = packs.iter().filter(|pack| pack.general).cloned().collect();
    for pack in packs.iter_mut().filter(|pack| pack.api.is_some() && !pack.general) {
        for other in &general {
            add(pack, other);
        }
    }
    packs
}

/// Leaves nothing of a general pack that speaks for itself.
pub(super) fn silence(pack: &mut Pack) {
    pack.rules.clear();
    pack.api = None;
}

fn add(pack: &mut Pack, general: &Pack) {
    let refines = |id: &str| pack.rules.iter().any(|rule| rule.extends.as_deref() == Some(id));
    let added: Vec<_> = general.rules.iter().filter(|rule| !refines(&rule.id)).cloned().collect();
    pack.rules.extend(added);
    for (name, tests) in &general.types {
        if !pack.types.iter().any(|(known, _)| known == name) {
            pack.types.push((name.clone(), tests.clone()));
        }
    }
}

/// Drops what general rules, and the pack's refinements of them, say of parts that the API's own
/// rules speak about.
pub(super) fn yield_to_own(pack: &Pack, path: Span, reported: &mut Vec<Reported>) {
    let refines = |id: &str| pack.rules.iter().any(|rule| rule.id == id && rule.extends.is_some());
    let is_own =
        |one: &Reported| one.diagnostic.pack == pack.name && !refines(&one.diagnostic.rule);
    if reported.iter().all(is_own) || !reported.iter().any(is_own) {
        return;
    }
    let speaks_of = |own: &Reported, general: &Reported| {
        let missing = |one: &Reported| {
            one.subjects.iter().any(|subject| matches!(subject, SubjectKey::Slot(_)))
        };
        let is_route = |subject: &SubjectKey| matches!(subject, SubjectKey::Part(part) if part.kind == PartKind::Route);
        if general.subjects.iter().any(is_route) {
            // What is wrong with a path is said once, wherever in it.
            return own.diagnostic.labels.iter().any(|label| label.span.overlaps(path));
        }
        match missing(general) {
            true => general.subjects.iter().any(|subject| own.subjects.contains(subject)),
            false => !missing(own) && labels_same_part(&general.diagnostic, &own.diagnostic),
        }
    };
    let said_better: Vec<bool> = reported
        .iter()
        .map(|one| {
            let mut own = reported.iter().filter(|other| is_own(other));
            !is_own(one) && own.any(|own| speaks_of(own, one))
        })
        .collect();
    let mut said_better = said_better.into_iter();
    reported.retain(|_| !said_better.next().unwrap_or_default());
}
