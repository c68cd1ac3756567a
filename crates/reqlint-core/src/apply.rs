//! Applies fixes to a text: chooses those that do not meet, applies them, parses and checks what
//! comes out, and goes on until nothing is left to fix.
//!
//! The caller says how a document is checked, so that what it leaves out is not fixed either.

use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::model::{Document, Finding, FindingKind, Kind};
use crate::parse::parse;
use crate::span::Span;
use std::collections::BTreeMap;

mod lost;

/// Fixes that bring up something else to fix are followed for so many rounds.
pub const MOST_ROUNDS: usize = 10;

/// How a document is checked.
pub type Check<'c> = &'c dyn Fn(&Document<'_>) -> Vec<Diagnostic>;

/// A text after its fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The text; the same as before where nothing was applied.
    pub text: String,
    /// What was applied, round by round, in the order of the text.
    pub applied: Vec<Applied>,
    /// Whether there is still something to fix, since the rounds were up or fixes undo each other.
    pub unfinished: bool,
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The id of the rule.
    pub rule: String,
    /// What it did.
    pub title: String,
}

/// Why fixes were not applied: the text with them would not be what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong with the fixed text.
    pub damage: Damage,
    /// The fixes that lead to it.
    pub fixes: Vec<Applied>,
}

/// What a fix must not do to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A request, or the text around them, would no longer parse.
    NoLongerParses,
    /// There would be fewer requests.
    LosesRequests,
    /// A part of a request that no edit touches would be gone, or no longer known.
    LosesParts,
}

/// Applies to a text what is at most as unsafe as `most`.
///
/// # Errors
/// What the fixes would break; nothing is applied then.
pub fn fix_text(text: &str, kind: Kind, most: Safety, check: Check<'_>) -> Result<Fixed, Refused> {
    let mut fixed = Fixed { text: text.to_owned(), applied: Vec::new(), unfinished: false };
    let mut seen = vec![text.to_owned()];
    for round in 0..=MOST_ROUNDS {
        let document = parse(&fixed.text, kind);
        let diagnostics = check(&document);
        drop(document);
        let chosen = choose(&diagnostics, most);
        let chosen = without_repeats(&fixed.text, kind, chosen);
        if chosen.is_empty() {
            break;
        }
        if round == MOST_ROUNDS {
            fixed.unfinished = true;
            break;
        }
        let next = apply(&fixed.text, kind, &chosen)?;
        let applied = chosen.iter().map(|(diagnostic, fix)| Applied::new(diagnostic, fix));
        fixed.applied.extend(applied);
        fixed.text = next;
        if seen.contains(&fixed.text) {
            fixed.unfinished = true;
            break;
        }
        seen.push(fixed.text.clone());
    }
    Ok(fixed)
}

impl Applied {
    /// The fix of a diagnostic.
    pub fn new(diagnostic: &Diagnostic, fix: &Fix) -> Self {
        Applied { rule: diagnostic.rule.clone(), title: fix.title.clone() }
    }
}

/// The best fix of a diagnostic that is at most as unsafe as `most`.
pub fn best_fix(diagnostic: &Diagnostic, most: Safety) -> Option<&Fix> {
    let allowed = diagnostic.fixes.iter().filter(|fix| fix.safety <= most.min(Safety::Unsafe));
    allowed.min_by_key(|fix| fix.safety)
}

/// Fixes that can be applied together: where two meet the safer one is taken, then the earlier.
/// In the order of the text.
fn choose(diagnostics: &[Diagnostic], most: Safety) -> Vec<(&Diagnostic, &Fix)> {
    let offered = diagnostics
        .iter()
        .filter_map(|diagnostic| Some((diagnostic, best_fix(diagnostic, most)?)))
        .filter(|(_, fix)| !fix.edits.is_empty());
    let mut offered: Vec<(&Diagnostic, &Fix)> = offered.collect();
    offered.sort_by_key(|(_, fix)| (fix.safety, fix.edits[0].span));
    let mut taken = BTreeMap::new();
    let mut chosen: Vec<(&Diagnostic, &Fix)> = Vec::new();
    for (diagnostic, fix) in offered {
        if fix.edits.iter().all(|edit| is_free(&taken, edit.span)) {
            taken.extend(fix.edits.iter().map(|edit| (edit.span.start(), edit.span.end())));
            chosen.push((diagnostic, fix));
        }
    }
    chosen.sort_by_key(|(_, fix)| fix.edits[0].span);
    chosen
}

/// Of fixes that together send a parameter twice, those that do not add one: what is mended may be
/// what seemed to be missing.
fn without_repeats<'d>(
    text: &str,
    kind: Kind,
    chosen: Vec<(&'d Diagnostic, &'d Fix)>,
) -> Vec<(&'d Diagnostic, &'d Fix)> {
    let adds = |fix: &Fix| fix.edits.iter().all(|edit| edit.span.is_empty());
    let adding = chosen.iter().filter(|(_, fix)| adds(fix)).count();
    if adding == 0 || adding == chosen.len() {
        return chosen;
    }
    let mut edits: Vec<&Edit> = chosen.iter().flat_map(|(_, fix)| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let fixed = replace(text, &edits);
    match lost::repeats_params(&parse(text, kind), &parse(&fixed, kind)) {
        true => chosen.into_iter().filter(|(_, fix)| !adds(fix)).collect(),
        false => chosen,
    }
}

/// Whether a span neither overlaps nor touches one of those that are taken: neighbours may each
/// count on the separator between them.
fn is_free(taken: &BTreeMap<usize, usize>, span: Span) -> bool {
    let before = taken.range(..=span.end()).next_back();
    before.is_none_or(|(_, end)| *end < span.start())
}

/// The text with some fixes, none of which meet.
///
/// # Errors
/// What they would break.
pub fn apply(text: &str, kind: Kind, fixes: &[(&Diagnostic, &Fix)]) -> Result<String, Refused> {
    let mut edits: Vec<&Edit> = fixes.iter().flat_map(|(_, fix)| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let fixed = replace(text, &edits);
    let (before, after) = (parse(text, kind), parse(&fixed, kind));
    let lost = || lost::loses_parts(&before, &after, &edits).then_some(Damage::LosesParts);
    match damage(&before, &after).or_else(lost) {
        None => Ok(fixed),
        Some(damage) => {
            let fixes = fixes.iter().map(|(diagnostic, fix)| Applied::new(diagnostic, fix));
            Err(Refused { damage, fixes: fixes.collect() })
        }
    }
}

/// A text with replacements that are in order and apart.
pub(crate) fn replace(text: &str, edits: &[&Edit]) -> String {
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        fixed.push_str(&text[at..edit.span.start()]);
        fixed.push_str(&edit.text);
        at = edit.span.end();
    }
    fixed.push_str(&text[at..]);
    fixed
}

/// What a text lost by its fixes. What was damaged before may stay so: a mend can bring to light
/// what is wrong behind it.
fn damage(before: &Document<'_>, after: &Document<'_>) -> Option<Damage> {
    let (old, new) = (commands(before), commands(after));
    if new.len() < old.len() {
        return Some(Damage::LosesRequests);
    }
    let whole = |commands: &[(Span, bool)]| commands.iter().filter(|(_, whole)| *whole).count();
    let broken = match old.len() == new.len() {
        true => old.iter().zip(&new).any(|((_, was), (_, is))| *was && !is),
        false => whole(&new) < whole(&old),
    };
    let more = kinds(&after.findings).into_iter().any(|(kind, count)| {
        count > kinds(&before.findings).into_iter().find(|(k, _)| *k == kind).map_or(0, |(_, c)| c)
    });
    (broken || more).then_some(Damage::NoLongerParses)
}

/// The commands, objects and messages of a document, with whether parsers found nothing wrong.
/// One that makes several requests counts once.
fn commands(document: &Document<'_>) -> Vec<(Span, bool)> {
    let mut commands: Vec<(Span, bool)> = Vec::new();
    for request in &document.requests {
        let span = document.layers.root_span(request.place);
        let whole = request.findings.is_empty();
        match commands.last_mut() {
            Some((last, all)) if *last == span => *all &= whole,
            _ => commands.push((span, whole)),
        }
    }
    commands
}

fn kinds(findings: &[Finding]) -> Vec<(FindingKind, usize)> {
    let mut kinds: Vec<(FindingKind, usize)> = Vec::new();
    for finding in findings {
        match kinds.iter_mut().find(|(kind, _)| *kind == finding.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((finding.kind, 1)),
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Consequence, Label, Severity};

    /// A fix that replaces `span` by `text`.
    fn diagnostic(span: (usize, usize), text: &str, safety: Safety) -> Diagnostic {
        let span = Span::new(span.0, span.1);
        let edits = vec![Edit { span, text: text.to_owned() }];
        let title = format!("write `{text}`");
        Diagnostic {
            rule: "rule".to_owned(),
            pack: "pack".to_owned(),
            severity: Severity::Warning,
            consequence: Consequence::Style,
            message: String::new(),
            request: Some(0),
            labels: vec![Label { span, text: String::new() }],
            help: None,
            url: None,
            fixes: vec![Fix { title, safety, edits }],
            unfixed: None,
            fingerprint: None,
        }
    }

    fn titles(chosen: &[(&Diagnostic, &Fix)]) -> Vec<String> {
        chosen.iter().map(|(_, fix)| fix.title.clone()).collect()
    }

    #[test]
    fn the_safer_then_the_earlier_fix_wins() {
        let all = [
            diagnostic((0, 4), "a", Safety::Unsafe),
            diagnostic((3, 6), "b", Safety::Safe),
            diagnostic((6, 8), "touches b", Safety::Safe),
            diagnostic((9, 9), "c", Safety::Safe),
            diagnostic((9, 9), "d", Safety::Safe),
            diagnostic((20, 21), "e", Safety::Manual),
        ];
        assert_eq!(titles(&choose(&all, Safety::Unsafe)), ["write `b`", "write `c`"]);
        assert_eq!(titles(&choose(&all[..1], Safety::Safe)), [""; 0]);
        assert_eq!(titles(&choose(&all[5..], Safety::Manual)), [""; 0]);
    }

    /// Writes the next letter of the alphabet for the first letter of the path.
    fn next_letter(document: &Document<'_>) -> Vec<Diagnostic> {
        let text = document.layers.source();
        let at = text.len() - 1;
        let next = char::from_u32(text.as_bytes()[at] as u32 + 1).expect("a letter");
        vec![diagnostic((at, at + 1), &next.to_string(), Safety::Safe)]
    }

    #[test]
    fn what_does_not_end_is_stopped() {
        let fixed = fix_text("curl https://e.x/a", Kind::Shell, Safety::Safe, &next_letter);
        let fixed = fixed.expect("nothing breaks");
        assert_eq!((fixed.text.as_str(), fixed.applied.len()), ("curl https://e.x/k", MOST_ROUNDS));
        assert!(fixed.unfinished);
        let there_and_back = |document: &Document<'_>| {
            let text = document.layers.source();
            let at = text.len() - 1;
            let other = if text.ends_with('a') { "b" } else { "a" };
            vec![diagnostic((at, at + 1), other, Safety::Safe)]
        };
        let fixed = fix_text("curl https://e.x/a", Kind::Shell, Safety::Safe, &there_and_back);
        let fixed = fixed.expect("nothing breaks");
        assert_eq!((fixed.applied.len(), fixed.unfinished), (2, true));
    }

    #[test]
    fn a_text_that_would_break_is_left_alone() {
        let text = "curl 'https://e.x/a'\ncurl https://e.x/b";
        let broken = |span, new: &'static str| {
            let check = move |_: &Document<'_>| vec![diagnostic(span, new, Safety::Safe)];
            fix_text(text, Kind::Shell, Safety::Safe, &check).map_err(|refused| refused.damage)
        };
        assert_eq!(broken((19, 20), ""), Err(Damage::NoLongerParses));
        assert_eq!(broken((20, 21), " "), Err(Damage::LosesRequests));
        assert_eq!(broken((37, 38), ":x:y'"), Err(Damage::NoLongerParses));
        let check = |_: &Document<'_>| vec![diagnostic((21, 21), "# ", Safety::Safe)];
        let refused = fix_text(text, Kind::Shell, Safety::Safe, &check).expect_err("it loses one");
        assert_eq!(refused.fixes[0].title, "write `# `");
    }
}
