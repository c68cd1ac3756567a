//! Finds the matches of a case in a request: parts for its roles that make its condition true.

mod missing;
mod texts;
mod trace;

use super::caseless::Fold;
use super::context::Context;
use super::fill::Scene;
use super::part::{self, FoundPart, Identity, PartKind};
use super::ready::ReadyCase;
use super::truth::Truth;
use super::valid::Violation;
use crate::layer::Place;
use crate::model::{JsonKind, ParamIn};
use crate::rule::{Case, Condition, Find, NameId, Part, PartPlace, Row, Server, TextOf, Valid};
use crate::span::Span;
use std::borrow::Cow;
pub(crate) use trace::{find_role_matches, trace_match, trace_roles};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// What a name of a case stands for.
#[derive(Clone, Debug)]
pub(crate) enum Bound {
    /// A part, and the text of it that was tested.
    Part {
        /// The part.
        part: FoundPart,
        /// Its tested text.
        text: Place,
        /// Where its caret goes: the part, or its name if that was asked of.
        caret: Place,
    },
    /// The place where a missing part would stand.
    Slot {
        /// The name of what is missing; empty where the place has no names.
        name: String,
        /// Where the caret goes.
        caret: Place,
        /// A part of that name that does not count: it is blank.
        namesake: Option<FoundPart>,
    },
    /// A part that may stand in an open container.
    Unseen,
    /// What a pattern bound.
    Text {
        /// The text.
        text: String,
        /// Where it stands.
        place: Option<Place>,
        /// Part of a name that is compared without case.
        fold: bool,
    },
}

/// Parts that a case was found in.
#[derive(Clone, Debug)]
pub(crate) struct Match<'r> {
    /// By [`NameId`].
    pub(crate) bound: Vec<Option<Bound>>,
    /// The row of the table.
    pub(crate) row: Option<&'r Row>,
    /// Never *no*.
    pub(crate) truth: Truth,
}

/// Evaluates one case with one row.
pub(crate) struct Evaluator<'e, 'c, 'd> {
    context: &'e Context<'c, 'd>,
    case: &'e Case,
    ready: &'e ReadyCase,
    row: Option<&'e Row>,
    /// Matches below it are not looked for.
    floor: Truth,
    bound: Vec<Option<Bound>>,
    matches: Vec<Match<'e>>,
    /// Whether the condition is left out.
    roles_only: bool,
}

/// The matches of a case that are at least `floor`.
pub(crate) fn find_matches<'e>(
    context: &'e Context<'_, '_>,
    case: &'e Case,
    ready: &'e ReadyCase,
    row: Option<&'e Row>,
    floor: Truth,
) -> Vec<Match<'e>> {
    find_in_scope(context, case, ready, row, (scope_truth(context, case, ready), floor))
}

/// The matches of a case that are at least as true as a floor, where it is known whether its scope
/// takes the request.
pub(crate) fn find_in_scope<'e>(
    context: &'e Context<'_, '_>,
    case: &'e Case,
    ready: &'e ReadyCase,
    row: Option<&'e Row>,
    (truth, floor): (Truth, Truth),
) -> Vec<Match<'e>> {
    if truth < floor || truth == Truth::No {
        return Vec::new();
    }
    let bound = vec![None; case.names.len()];
    let matches = Vec::new();
    let mut evaluator =
        Evaluator { context, case, ready, row, floor, bound, matches, roles_only: false };
    evaluator.join(0, truth);
    evaluator.matches
}

/// Whether a case without roles holds: its condition, and what its scope asks of the operation.
pub(crate) fn case_truth(context: &Context<'_, '_>, case: &Case, ready: &ReadyCase) -> Truth {
    let mut truth = Truth::Yes;
    for (scope, meant) in case.scope.iter().zip(&ready.scope) {
        truth = truth.and(context.in_scope(scope, meant.as_ref()));
    }
    let Some(condition) = case.condition.as_ref().filter(|_| truth > Truth::No) else {
        return truth;
    };
    let evaluator = Evaluator {
        context,
        case,
        ready,
        row: None,
        floor: Truth::Unknown,
        bound: Vec::new(),
        matches: Vec::new(),
        roles_only: false,
    };
    truth.and(evaluator.condition(condition))
}

/// Whether the request is in the scope of a case.
pub(crate) fn scope_truth(context: &Context<'_, '_>, case: &Case, ready: &ReadyCase) -> Truth {
    // What is about several requests is not found in one.
    if !case.sequence.is_empty() {
        return Truth::No;
    }
    // A case that names no other servers speaks about those of the pack.
    let elsewhere = case.scope.iter().any(|scope| scope.server != Server::Declared);
    let mut truth = if elsewhere { Truth::Yes } else { context.applies };
    for (scope, meant) in case.scope.iter().zip(&ready.scope) {
        if truth == Truth::No {
            break;
        }
        truth = truth.and(context.in_scope(scope, meant.as_ref()));
    }
    truth
}

impl<'e, 'c, 'd> Evaluator<'e, 'c, 'd> {
    fn join(&mut self, turn: usize, truth: Truth) {
        let truth = match self.roles_only {
            true => truth,
            false => truth.and_then(|| self.conditions(turn)),
        };
        if truth < self.floor || truth == Truth::No {
            return;
        }
        let Some(role) = self.ready.order.get(turn).map(|index| &self.case.roles[*index]) else {
            self.matches.push(Match { bound: self.bound.clone(), row: self.row, truth });
            return;
        };
        match &role.find {
            Find::Part(parts) => self.join_part(turn, truth, role.name, parts),
            Find::Missing(part) => self.join_missing(turn, truth, role.name, part),
        }
    }

    fn join_part(&mut self, turn: usize, truth: Truth, name: NameId, parts: &'e [Part]) {
        let mut open = false;
        for part in parts {
            let (candidates, more) = self.candidates(part);
            open |= more;
            for candidate in candidates.iter() {
                self.try_candidate(turn, truth, name, part, candidate);
            }
        }
        if open && self.floor <= Truth::Unknown {
            self.bound[name] = Some(Bound::Unseen);
            self.join(turn + 1, truth.and(Truth::Unknown));
            self.bound[name] = None;
        }
    }

    fn try_candidate(
        &mut self,
        turn: usize,
        truth: Truth,
        name: NameId,
        part: &'e Part,
        candidate: &FoundPart,
    ) {
        if self.is_skipped(part, candidate) || self.is_taken(candidate.identity) {
            return;
        }
        let (found, text, captures) = self.test_part(part, candidate);
        if truth.and(found) < self.floor || found == Truth::No {
            return;
        }
        self.bind(&captures, folds(part));
        let caret = if part.text == TextOf::Name { text } else { candidate.whole };
        self.bound[name] = Some(Bound::Part { part: *candidate, text, caret });
        self.join(turn + 1, truth.and(found));
        self.bound[name] = None;
        for (id, _) in &captures {
            self.bound[*id] = None;
        }
    }

    fn bind(&mut self, captures: &[(NameId, Place)], fold: bool) {
        for (id, place) in captures {
            let bound = self.context.text(*place).to_owned();
            self.bound[*id] = Some(Bound::Text { text: bound, place: Some(*place), fold });
        }
    }

    fn is_taken(&self, identity: Identity) -> bool {
        self.bound
            .iter()
            .flatten()
            .any(|bound| matches!(bound, Bound::Part { part, .. } if part.identity == identity))
    }

    /// The parts at the place of a part pattern, and whether there may be more. Those that its
    /// modifiers exclude are among them, see [`is_skipped`](Self::is_skipped).
    fn candidates(&self, part: &Part) -> (Cow<'e, [FoundPart]>, bool) {
        if let PartPlace::Role(id) = part.place {
            return match &self.bound[id] {
                Some(Bound::Part { part, .. }) => (Cow::Owned(vec![*part]), false),
                Some(Bound::Unseen) => (Cow::Borrowed(&[]), true),
                _ => (Cow::Borrowed(&[]), false),
            };
        }
        let (parts, mut open) = part::parts_at(self.context, &part.place);
        let request = self.context.request;
        match part.location {
            Some(ParamIn::Query) => open = request.open.query,
            Some(ParamIn::Form | ParamIn::Json) => open = request.open.body,
            None => {}
        }
        if let Some(Valid::Breaks(keywords)) = &part.valid {
            let broken = parts.iter().flat_map(|found| self.broken_pieces(found, keywords));
            return (broken.collect(), open || self.context.route_is_unknown());
        }
        if part.items {
            let items = parts.iter().filter(|found| !self.is_skipped(part, found));
            return (items.flat_map(|found| self.items(*found)).collect(), open);
        }
        (Cow::Borrowed(parts), open)
    }

    /// The pieces of a part that break the description.
    fn broken_pieces(&self, found: &FoundPart, keywords: &[String]) -> Vec<FoundPart> {
        let numbered = self.context.violations().iter().enumerate();
        let asked = numbered.filter(|(_, broken)| {
            (keywords.is_empty() || keywords.iter().any(|keyword| keyword == broken.keyword))
                && broken.is_in(found)
        });
        let piece = |(number, broken): (usize, &Violation)| FoundPart {
            identity: Identity { item: number + 1, ..found.identity },
            whole: broken.whole,
            value: broken.value,
            certain: found.certain.and(broken.certain),
            violation: Some(number),
            ..*found
        };
        asked.map(piece).collect()
    }

    /// Whether a part fits, or breaks, the description, as the pattern asks.
    fn test_valid(&self, part: &Part, found: &FoundPart) -> Truth {
        let broken = |keywords: &[String]| {
            let pieces = self.broken_pieces(found, keywords).into_iter();
            let unknown = Truth::from(self.context.route_is_unknown()).and(Truth::Unknown);
            pieces.map(|piece| piece.certain).fold(unknown, Truth::or)
        };
        match &part.valid {
            None => Truth::Yes,
            Some(Valid::Yes) => !broken(&[]),
            Some(Valid::Breaks(_)) if found.violation.is_some() => Truth::Yes,
            Some(Valid::Breaks(keywords)) => broken(keywords),
        }
    }

    /// Whether a part is one that the dependency, or the broken schema, of a role is about.
    fn test_of(&self, part: &Part, found: &FoundPart) -> Truth {
        let Some(role) = part.of else { return Truth::Yes };
        match &self.bound[role] {
            Some(Bound::Part { part: other, .. })
                if other.identity.kind == PartKind::Dependency =>
            {
                let broken = &self.context.broken_dependencies()[other.identity.number];
                broken.involved.contains(&found.identity).into()
            }
            Some(Bound::Part { part: FoundPart { violation: Some(number), .. }, .. }) => {
                self.context.violations()[*number].involved.contains(&found.identity).into()
            }
            Some(Bound::Part { part: other, .. }) => (other.identity.kind == found.identity.kind
                && other.identity.number == found.identity.number)
                .into(),
            _ => Truth::Unknown,
        }
    }

    /// Whether the modifiers of a part pattern exclude a part.
    fn is_skipped(&self, part: &Part, found: &FoundPart) -> bool {
        part.location.is_some_and(|location| found.location != Some(location))
            || (part.implied == Some(true) && found.implied_by.is_none())
            || (part.implied == Some(false) && !found.written)
            || (found.identity.kind == PartKind::Param && self.is_blank(found) != part.blank)
    }

    /// Whether the server takes the value of a parameter as not sent.
    fn is_blank(&self, found: &FoundPart) -> bool {
        let flags = self.context.blank.get_or_init(|| {
            let params = &self.context.request.params;
            params.iter().map(|param| self.is_blank_value(param.value)).collect()
        });
        flags[found.identity.number]
    }

    fn is_blank_value(&self, value: Place) -> bool {
        let pack = self.context.pack;
        pack.pack.blank_values.iter().zip(&pack.blank).any(|(blank, meant)| {
            self.match_any(&blank.is, value, Fold::Exact).0 == Truth::Yes
                && self.context.in_scope(&blank.scope, meant.as_ref()) == Truth::Yes
        })
    }

    /// The items of a list: of a JSON array, or between commas.
    fn items(&self, found: FoundPart) -> Vec<FoundPart> {
        let layers = self.context.layers();
        let json = self.context.request.body.json.as_ref();
        let members = json.map(|json| json.members.as_slice()).unwrap_or_default();
        let array = members
            .iter()
            .find(|member| member.whole == found.whole && member.value.kind == JsonKind::Array);
        let places: Vec<Place> = match array {
            Some(member) => member.value.items.iter().map(|item| item.text).collect(),
            None => {
                split_list(layers.text(found.value)).map(|span| found.value.sub(span)).collect()
            }
        };
        let numbered = places.into_iter().enumerate();
        numbered
            .map(|(number, place)| FoundPart {
                identity: Identity { item: number + 1, ..found.identity },
                whole: place,
                value: place,
                ..found
            })
            .collect()
    }

    /// Whether a candidate passes a part pattern, which of its texts that was asked of, and what
    /// the patterns bound.
    fn test_part(&self, part: &Part, found: &FoundPart) -> (Truth, Place, Vec<(NameId, Place)>) {
        let text = match part.text {
            TextOf::Name => found.name.unwrap_or(found.whole),
            TextOf::Value | TextOf::Raw => found.value,
        };
        let (named, in_place) = self.test_place(part, found);
        if named == Truth::No {
            return (Truth::No, text, Vec::new());
        }
        let text = match part.text {
            TextOf::Raw => self.raw(text),
            _ => text,
        };
        let (passed, in_text) = self.test_text(&part.tests, text, texts::test_fold(part));
        let passed = self.test_body_type(part, passed);
        if passed == Truth::No {
            return (Truth::No, text, Vec::new());
        }
        let at = |place: Place| move |(id, span): (NameId, Span)| (id, place.sub(span));
        let searched = texts::searched(part, found);
        let captures = in_place.into_iter().map(at(searched));
        let captures = captures.chain(in_text.into_iter().map(at(text))).collect();
        let fits = self.test_of(part, found).and_then(|| self.test_valid(part, found));
        (found.certain.and(named).and(passed).and(fits), text, captures)
    }

    /// The text before its last decoding.
    fn raw(&self, text: Place) -> Place {
        self.context.layers().parent_run(text).map_or(text, |(place, _)| place)
    }

    /// Whether the conditions hold that can be asked when so many roles are filled.
    fn conditions(&self, filled: usize) -> Truth {
        Truth::all(self.ready.conditions[filled].iter().map(|one| self.condition(one)))
    }

    pub(super) fn condition(&self, condition: &Condition) -> Truth {
        match condition {
            Condition::Part(part) => self.exists(part),
            Condition::All(all) => Truth::all(all.iter().map(|one| self.condition(one))),
            Condition::Any(any) => Truth::any(any.iter().map(|one| self.condition(one))),
            Condition::Not(one) => !self.condition(one),
            Condition::Above(left, right) => self.compare(left, right).0,
            Condition::AtLeast(left, right) => self.compare(left, right).1,
            Condition::Declares(declares) => self.declares(declares),
        }
    }

    fn exists(&self, part: &Part) -> Truth {
        if let PartPlace::Role(id) = part.place {
            return self.test_role(part, id);
        }
        let (candidates, open) = self.candidates(part);
        let some = if open { Truth::Unknown } else { Truth::No };
        let passing = candidates.iter().filter(|found| !self.is_skipped(part, found));
        some.or(Truth::any(passing.map(|found| self.test_part(part, found).0)))
    }

    fn test_role(&self, part: &Part, id: NameId) -> Truth {
        match &self.bound[id] {
            Some(Bound::Part { part: found, text, .. }) => {
                let fits = self.test_valid(part, found).and(self.test_of(part, found));
                let text = match part.text {
                    TextOf::Name => found.name.unwrap_or(*text),
                    TextOf::Value => *text,
                    TextOf::Raw => self.raw(*text),
                };
                let named =
                    matches!(found.identity.kind, PartKind::Header) && found.name == Some(text);
                let fold = if part.any_case { Fold::Any } else { Fold::ascii(named) };
                self.test_text(&part.tests, text, fold).0.and(fits)
            }
            Some(Bound::Text { place: Some(place), fold, .. }) => {
                let fold = if part.any_case { Fold::Any } else { Fold::ascii(*fold) };
                self.test_text(&part.tests, *place, fold).0
            }
            Some(Bound::Text { text, .. }) => self.match_text_any(&part.tests.is, text),
            Some(Bound::Slot { .. }) => Truth::No,
            Some(Bound::Unseen) | None => Truth::Unknown,
        }
    }

    pub(super) fn context(&self) -> &'e Context<'c, 'd> {
        self.context
    }

    pub(super) fn bound(&self, id: NameId) -> Option<&Bound> {
        self.bound[id].as_ref()
    }

    /// What is bound so far.
    pub(super) fn scene(&self) -> Scene<'_, 'c, 'd> {
        Scene { context: self.context, bound: &self.bound, row: self.row }
    }

    /// How many different names the parts have that pass one of the patterns: at least, at most.
    pub(super) fn count(&self, parts: &[Part]) -> (f64, f64) {
        let mut sure: Vec<(PartKind, &str)> = Vec::new();
        let mut maybe = 0.0;
        let mut open = false;
        for part in parts {
            let (candidates, more) = self.candidates(part);
            open |= more;
            for found in candidates.iter().filter(|found| !self.is_skipped(part, found)) {
                let (passed, text, _) = self.test_part(part, found);
                let name = self.context.text(found.name.unwrap_or(text));
                match passed {
                    Truth::Yes if !sure.contains(&(found.identity.kind, name)) => {
                        sure.push((found.identity.kind, name));
                    }
                    Truth::Unknown => maybe += 1.0,
                    _ => {}
                }
            }
        }
        let least = sure.len() as f64;
        (least, if open { f64::INFINITY } else { least + maybe })
    }
}

/// Whether what a pattern binds at this place is compared without case.
fn folds(part: &Part) -> bool {
    matches!(
        part.place,
        PartPlace::Header(_)
            | PartPlace::ResponseHeader(_)
            | PartPlace::Host(_)
            | PartPlace::Scheme(_)
    )
}

/// The items of a comma-separated list, without white space around them.
fn split_list(text: &str) -> impl Iterator<Item = crate::span::Span> + '_ {
    let mut at = 0;
    text.split(',').map(move |item| {
        let start = at + (item.len() - item.trim_start().len());
        let end = start + item.trim().len();
        at += item.len() + 1;
        crate::span::Span::new(start, end.max(start))
    })
}

/// A text in NFC.
pub(crate) fn normalize(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let nfc: String = text.nfc().collect();
    if nfc == text { Cow::Borrowed(text) } else { Cow::Owned(nfc) }
}
