//! Tests of one text: patterns, expressions, types.

use super::{Bound, Evaluator, normalize};
use crate::check::caseless::Fold;
use crate::check::matching::{Captures, Names, Subject};
use crate::check::part::FoundPart;
use crate::check::truth::Truth;
use crate::check::types::Value;
use crate::check::{matching, part, types};
use crate::layer::{Hole, Place};
use crate::model::JsonKind;
use crate::rule::{NameId, Part, PartPlace, Pattern, Tests};
use std::borrow::Cow;

impl Evaluator<'_, '_, '_> {
    /// What stands beside the place itself: names of parts with names, values of the others.
    pub(super) fn test_place(&self, part: &Part, found: &FoundPart) -> (Truth, Captures) {
        let context = self.context;
        match &part.place {
            PartPlace::Method(patterns)
            | PartPlace::Userinfo(patterns)
            | PartPlace::Path(patterns)
            | PartPlace::Query(patterns)
            | PartPlace::Fragment(patterns)
            | PartPlace::Scheme(patterns)
            | PartPlace::Host(patterns)
            | PartPlace::Param(patterns)
            | PartPlace::Cookie(patterns)
            | PartPlace::Header(patterns) => {
                self.match_any(patterns, searched(part, found), name_fold(part))
            }
            PartPlace::Body(patterns) => {
                let kind = context.request.body.kind.name();
                let any = patterns.is_empty();
                let truth = if any { Truth::Yes } else { self.match_text_any(patterns, kind) };
                (truth, Captures::new())
            }
            PartPlace::WrittenAs(patterns) => {
                (self.match_text_any(patterns, context.request.kind.name()), Captures::new())
            }
            PartPlace::Syntax(kinds) => {
                let finding = &context.request.findings[found.identity.number];
                (kinds.iter().any(|kind| kind.0 == finding.kind).into(), Captures::new())
            }
            PartPlace::PathParam(patterns) => {
                let name = &context.path_params()[found.identity.number].0;
                (self.match_text_any(patterns, name), Captures::new())
            }
            PartPlace::Credential(patterns) => {
                let scheme = context.security_scheme_name(found.identity.number);
                (self.match_text_any(patterns, scheme), Captures::new())
            }
            PartPlace::Json(patterns) => {
                let pointer = part::json_pointer(context, found.identity.number);
                (self.match_text_any(patterns, &pointer), Captures::new())
            }
            PartPlace::Status(patterns) => {
                let code = part::status_code(context.request).unwrap_or_default();
                (self.match_text_any(patterns, &code), Captures::new())
            }
            PartPlace::ExitCode(patterns) => {
                let code = part::exit_code(context.request).unwrap_or_default();
                (self.match_text_any(patterns, &code), Captures::new())
            }
            PartPlace::ResponseKind(patterns) => {
                let kind = part::response_kind(context.request).unwrap_or_default();
                let any = patterns.is_empty();
                let truth = if any { Truth::Yes } else { self.match_text_any(patterns, kind) };
                (truth, Captures::new())
            }
            PartPlace::ResponseBody(patterns)
            | PartPlace::Redirect(patterns)
            | PartPlace::Failure(patterns)
            | PartPlace::ResponseHeader(patterns) => {
                self.match_any(patterns, searched(part, found), name_fold(part))
            }
            PartPlace::ResponseJson(patterns) => {
                let pointers = context.response_pointers();
                let pointer = pointers.get(found.identity.number).map_or("", String::as_str);
                (self.match_text_any(patterns, pointer), Captures::new())
            }
            PartPlace::Route(patterns) => {
                let kind = context.difference().as_ref().map_or("", |found| found.kind);
                (self.match_text_any(patterns, kind), Captures::new())
            }
            PartPlace::Dependency(patterns) => {
                let kind = context.broken_dependencies()[found.identity.number].kind;
                (self.match_text_any(patterns, kind), Captures::new())
            }
            PartPlace::Segment(_) | PartPlace::Role(_) => (Truth::Yes, Captures::new()),
        }
    }

    pub(super) fn match_any(
        &self,
        patterns: &[Pattern],
        place: Place,
        fold: Fold,
    ) -> (Truth, Captures) {
        if let [pattern] = patterns
            && pattern.is_any()
        {
            return (Truth::Yes, Captures::new());
        }
        let text = self.context.text(place);
        let holes: Vec<Hole> = match self.context.layers().has_hole(place) {
            true => self.context.layers().holes(place).collect(),
            false => Vec::new(),
        };
        let nfc = normalize(text);
        let changed = matches!(nfc, Cow::Owned(_));
        if changed && !holes.is_empty() {
            return (Truth::Unknown, Captures::new());
        }
        let subject = Subject { text: &nfc, holes: &holes, fold };
        let (truth, captures) = self.match_subject(patterns, subject);
        // Spans in a text that was normalized are not spans of the request.
        if changed { (truth, Captures::new()) } else { (truth, captures) }
    }

    pub(super) fn match_text_any(&self, patterns: &[Pattern], text: &str) -> Truth {
        self.match_subject(patterns, Subject { text, holes: &[], fold: Fold::Exact }).0
    }

    pub(super) fn match_subject(
        &self,
        patterns: &[Pattern],
        subject: Subject<'_>,
    ) -> (Truth, Captures) {
        let bound = |id: NameId| self.text_of(id);
        let names = Names { bound: &bound, row: self.row };
        let mut best = (Truth::No, Captures::new());
        for pattern in patterns {
            let found = matching::match_pattern(pattern, subject, names);
            if found.0 == Truth::Yes {
                return found;
            }
            if found.0 > best.0 {
                best = found;
            }
        }
        best
    }

    /// The text that a bound name stands for.
    pub(super) fn text_of(&self, id: NameId) -> Option<String> {
        match self.bound.get(id)?.as_ref()? {
            Bound::Text { text, .. } => Some(text.clone()),
            Bound::Part { text, .. } => Some(self.context.text(*text).to_owned()),
            Bound::Slot { .. } | Bound::Unseen => None,
        }
    }

    pub(super) fn test_text(&self, tests: &Tests, place: Place, fold: Fold) -> (Truth, Captures) {
        let mut truth = Truth::Yes;
        let mut captures = Captures::new();
        if !tests.is.is_empty() {
            (truth, captures) = self.match_any(&tests.is, place, fold);
        }
        if truth > Truth::No
            && let Some(regex) = &tests.matches
        {
            truth = truth.and(self.test_regex(regex, place));
        }
        if truth > Truth::No && !tests.types.is_empty() {
            let any = tests.types.iter().map(|name| self.test_type(name, place));
            truth = truth.and(any.fold(Truth::No, Truth::or));
        }
        if truth > Truth::No
            && let Some(not) = &tests.not
        {
            truth = truth.and(!self.test_text(not, place, fold).0);
        }
        (truth, captures)
    }

    pub(super) fn test_regex(&self, regex: &crate::rule::Regex, place: Place) -> Truth {
        let text = self.context.text(place);
        if !self.context.layers().has_hole(place) {
            return regex.is_match(text).into();
        }
        let holes: Vec<Hole> = self.context.layers().holes(place).collect();
        regex.with_holes().is_match(text, &holes)
    }

    pub(super) fn test_type(&self, name: &str, place: Place) -> Truth {
        if name == "json-object" {
            return Truth::Yes; // asked of the body as a whole, see `test_body_type`
        }
        let own = self.context.pack.pack.types.iter().find(|(own, _)| own == name);
        if let Some((_, tests)) = own {
            return self.test_text(tests, place, Fold::Exact).0;
        }
        let holes: Vec<Hole> = self.context.layers().holes(place).collect();
        let value = Value { text: self.context.text(place), holes: &holes };
        types::is_of_type(name, value).unwrap_or(Truth::Unknown)
    }

    pub(super) fn test_body_type(&self, part: &Part, passed: Truth) -> Truth {
        if !part.tests.types.iter().any(|name| name == "json-object") {
            return passed;
        }
        let json = self.context.request.body.json.as_ref();
        let object = match json.map(|json| json.kind) {
            Some(JsonKind::Object) => Truth::Yes,
            Some(JsonKind::Unknown) => Truth::Unknown,
            _ if self.context.request.open.body => Truth::Unknown,
            _ => Truth::No,
        };
        passed.and(object)
    }
}

/// The text that is matched with what stands beside a place: the name of a part that has one.
pub(super) fn searched(part: &Part, found: &FoundPart) -> Place {
    match part.place {
        PartPlace::Param(_)
        | PartPlace::Cookie(_)
        | PartPlace::Header(_)
        | PartPlace::ResponseHeader(_) => found.name.unwrap_or(found.whole),
        _ => found.value,
    }
}

/// How case counts where a part is looked for by what stands beside its place.
pub(super) fn name_fold(part: &Part) -> Fold {
    match part.place {
        _ if part.any_case => Fold::Any,
        PartPlace::Header(_)
        | PartPlace::ResponseHeader(_)
        | PartPlace::Host(_)
        | PartPlace::Scheme(_) => Fold::Ascii,
        _ => Fold::Exact,
    }
}

/// How case counts in the tests of a part.
pub(super) fn test_fold(part: &Part) -> Fold {
    match part.place {
        _ if part.any_case => Fold::Any,
        PartPlace::Host(_) | PartPlace::Scheme(_) => Fold::Ascii,
        _ => Fold::Exact,
    }
}
