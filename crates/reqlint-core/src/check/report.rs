//! Matches → diagnostics.

use super::context::Context;
use super::evaluate::{Bound, Match};
use super::fill::{Scene, fill_message};
use super::fingerprint::fingerprint;
use super::part::Identity;
use crate::diagnostic::{Consequence, Diagnostic, Label};
use crate::layer::{Layers, Place};
use crate::rule::{Case, NameId, Report, Rule};
use crate::span::Span;
use rustc_hash::FxHashMap;

/// What the matches of a case are about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SubjectKey {
    /// A part.
    Part(Identity),
    /// Something missing.
    Slot(String),
    /// A bound text.
    Text(Span),
}

/// The subject of a match; none where it may stand in an open container.
pub(crate) fn subject_of(
    context: &Context<'_, '_>,
    case: &Case,
    found: &Match<'_>,
) -> Option<SubjectKey> {
    match found.bound[case.subject].as_ref()? {
        Bound::Part { part, .. } => Some(SubjectKey::Part(part.identity)),
        Bound::Slot { name, .. } => Some(SubjectKey::Slot(name.clone())),
        Bound::Text { place: Some(place), .. } => {
            Some(SubjectKey::Text(context.layers().root_span(*place)))
        }
        Bound::Text { .. } => Some(SubjectKey::Text(Span::empty(0))),
        Bound::Unseen => None,
    }
}

/// One diagnostic for a group of matches of one case.
pub(crate) fn diagnose(
    context: &Context<'_, '_>,
    rule: &Rule,
    case: &Case,
    matches: &[&Match<'_>],
    request: Option<usize>,
) -> Diagnostic {
    let scenes: Vec<Scene<'_, '_, '_>> =
        matches.iter().map(|found| Scene::new(context, found)).collect();
    let count = |name: NameId| count_of(matches, name);
    let fixes = super::fix::offer(&scenes, case, matches);
    let subject = matches.first().and_then(|found| found.bound[case.subject].as_ref());
    Diagnostic {
        rule: rule.id.clone(),
        pack: rule.pack.clone(),
        severity: case.severity,
        consequence: rule.consequence,
        message: fill_message(&scenes, &case.message, &count),
        request,
        labels: labels(context, rule, case, &scenes, &count),
        help: case.help.as_ref().map(|help| fill_message(&scenes, help, &count)),
        url: rule.url.clone(),
        unfixed: super::fix::unfixed(context, case, &fixes),
        fixes,
        fingerprint: Some(fingerprint(context, &rule.id, subject)),
    }
}

/// How many parts a role stands for.
fn count_of(matches: &[&Match<'_>], name: NameId) -> usize {
    let mut seen: Vec<Identity> = Vec::new();
    for found in matches {
        if let Some(Bound::Part { part, .. }) = &found.bound[name]
            && !seen.contains(&part.identity)
        {
            seen.push(part.identity);
        }
    }
    seen.len().max(1)
}

/// The labels of the subjects, then those of the other roles that have words.
fn labels(
    context: &Context<'_, '_>,
    rule: &Rule,
    case: &Case,
    scenes: &[Scene<'_, '_, '_>],
    count: super::fill::CountOf<'_>,
) -> Vec<Label> {
    let layers = context.layers();
    let words = |name: NameId| case.labels.iter().find(|(labelled, _)| *labelled == name);
    let mut labels: Vec<Label> = Vec::new();
    let others = case.labels.iter().map(|(name, _)| *name).filter(|name| *name != case.subject);
    for name in std::iter::once(case.subject).chain(others) {
        let mut own: Vec<Label> = Vec::new();
        for scene in scenes {
            let Some(place) = caret(scene, name) else { continue };
            let place = match rule.consequence {
                Consequence::Leak => definition_of(scene, name).unwrap_or(place),
                _ => place,
            };
            let span = visible(layers, place);
            if own.iter().any(|label| label.span == span) {
                continue;
            }
            let alone = std::slice::from_ref(scene);
            let slot = matches!(scene.bound[name], Some(Bound::Slot { .. }));
            // The slots of several missing parts are one place; its words speak of all of them.
            let about = if slot { scenes } else { alone };
            let text = words(name).map(|(_, template)| fill_message(about, template, count));
            own.push(Label { span, text: text.unwrap_or_default() });
        }
        own.sort_by_key(|label| label.span);
        for label in own {
            match labels.iter_mut().find(|known| known.span == label.span) {
                // The words of another role about the same place are better than none.
                Some(known) if known.text.is_empty() => known.text = label.text,
                Some(known) if known.text == label.text => {}
                _ => labels.push(label),
            }
        }
    }
    if labels.is_empty() {
        labels.push(Label { span: visible(layers, context.request.place), text: String::new() });
    }
    labels
}

/// Where the text of a role is written that a variable brings: what is leaked is leaked there.
fn definition_of(scene: &Scene<'_, '_, '_>, name: NameId) -> Option<Place> {
    let text = scene.place(name)?;
    scene.context.layers().variable(text)?.definition
}

fn caret(scene: &Scene<'_, '_, '_>, name: NameId) -> Option<Place> {
    match scene.bound[name].as_ref()? {
        Bound::Part { caret, .. } | Bound::Slot { caret, .. } => Some(*caret),
        Bound::Text { place, .. } => *place,
        Bound::Unseen => None,
    }
}

/// The bytes of a label; an empty place is shown at the character before it, or after it.
fn visible(layers: &Layers<'_>, place: Place) -> Span {
    let span = layers.root_span(place);
    if !span.is_empty() {
        return span;
    }
    let source = layers.source();
    let at = span.start();
    let before = source[..at].chars().next_back().filter(|c| !c.is_whitespace());
    let after = source[at..].chars().next().filter(|c| *c != '\n' && *c != '\r');
    match (before, after) {
        (Some(c), _) => Span::new(at - c.len_utf8(), at),
        (None, Some(c)) => Span::new(at, at + c.len_utf8()),
        (None, None) => span,
    }
}

/// Groups matches: one group for each subject, or all in one.
pub(crate) fn group<'m, 'r>(
    report: Report,
    matches: &'m [(SubjectKey, Match<'r>)],
) -> Vec<Vec<&'m Match<'r>>> {
    if report == Report::Once {
        let all: Vec<_> = matches.iter().map(|(_, found)| found).collect();
        return if all.is_empty() { Vec::new() } else { vec![all] };
    }
    let mut groups: Vec<Vec<&Match<'r>>> = Vec::new();
    let mut known: FxHashMap<&SubjectKey, usize> = FxHashMap::default();
    for (subject, found) in matches {
        let number = *known.entry(subject).or_insert(groups.len());
        match groups.get_mut(number) {
            Some(group) => group.push(found),
            None => groups.push(vec![found]),
        }
    }
    groups
}
