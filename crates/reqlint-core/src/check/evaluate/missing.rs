//! What is missing: which names no part has, and where such a part would stand.

use super::{Bound, Evaluator};
use crate::api::Location;
use crate::check::caseless::Fold;
use crate::check::context::Route;
use crate::check::part;
use crate::check::part::FoundPart;
use crate::check::truth::Truth;
use crate::layer::Place;
use crate::model::{JsonKind, ParamIn};
use crate::rule::{NameId, Part, PartPlace, Pattern};

impl Evaluator<'_, '_, '_> {
    pub(super) fn join_missing(&mut self, turn: usize, truth: Truth, name: NameId, part: &Part) {
        for missing in self.missing_names(part) {
            let absent = !self.exists_named(part, &missing);
            if absent == Truth::No {
                continue;
            }
            let namesake = self.namesake(part, &missing);
            let caret = namesake.map_or_else(|| self.slot_caret(part), |part| part.whole);
            self.bound[name] = Some(Bound::Slot { name: missing, caret, namesake });
            self.join(turn + 1, truth.and(absent));
            self.bound[name] = None;
        }
    }

    /// The names that `missing` asks for.
    pub(super) fn missing_names(&self, part: &Part) -> Vec<String> {
        let patterns = match &part.place {
            PartPlace::Param(patterns)
            | PartPlace::Header(patterns)
            | PartPlace::Cookie(patterns)
            | PartPlace::Credential(patterns)
            | PartPlace::Json(patterns) => patterns,
            _ => return vec![String::new()],
        };
        let param = matches!(part.place, PartPlace::Param(_));
        if patterns.iter().any(Pattern::is_any) {
            return if param { self.required_params() } else { vec![String::new()] };
        }
        let mut names = Vec::new();
        for pattern in patterns {
            match (pattern.literal(), crate::check::ready::column_of(std::slice::from_ref(pattern)))
            {
                (Some(name), _) => names.push(name.to_owned()),
                (None, Some(column)) => {
                    names.extend(self.row.iter().flat_map(|row| row.cells[column].clone()));
                }
                (None, None) => {}
            }
        }
        names
    }

    pub(super) fn required_params(&self) -> Vec<String> {
        let Route::Path(path) = self.context.route() else { return Vec::new() };
        let method = self.context.text(self.context.request.method.name);
        let operations = self.context.operations_on(*path);
        let own = operations.filter(|operation| operation.method == method);
        let params = own.flat_map(|operation| &operation.parameters);
        let required = params.filter(|param| {
            param.required && matches!(param.location, Location::Query | Location::Body)
        });
        required.map(|param| param.name.clone()).collect()
    }

    /// Whether a part of that name passes the pattern.
    pub(super) fn exists_named(&self, part: &Part, name: &str) -> Truth {
        let (candidates, open) = self.candidates(part);
        let mut truth = if open { Truth::Unknown } else { Truth::No };
        for candidate in candidates.iter().filter(|found| !self.is_skipped(part, found)) {
            let named =
                if name.is_empty() { Truth::Yes } else { self.is_named(part, candidate, name) };
            if named == Truth::No {
                continue;
            }
            let (passed, ..) = self.test_part(part, candidate);
            truth = truth.or(named.and(passed));
        }
        truth
    }

    pub(super) fn is_named(&self, part: &Part, found: &FoundPart, name: &str) -> Truth {
        let fold = Fold::ascii(matches!(part.place, PartPlace::Header(_)));
        if matches!(part.place, PartPlace::Credential(_)) {
            return (self.context.security_scheme_name(found.identity.number) == name).into();
        }
        if matches!(part.place, PartPlace::Json(_)) {
            return (part::json_pointer(self.context, found.identity.number) == name).into();
        }
        let place = found.name.unwrap_or(found.whole);
        let element = crate::rule::pattern::Element::Literal(name.to_owned());
        self.match_any(&[Pattern { elements: vec![element] }], place, fold).0
    }

    /// A part of that name that was skipped since it is blank.
    pub(super) fn namesake(&self, part: &Part, name: &str) -> Option<FoundPart> {
        if !matches!(part.place, PartPlace::Param(_)) {
            return None;
        }
        let (found, _) = part::parts_at(self.context, &part.place);
        found.iter().copied().find(|found| {
            found.name.is_some_and(|place| self.context.text(place) == name) && self.is_blank(found)
        })
    }

    /// Where the caret of something missing goes: the nearest part that exists.
    pub(super) fn slot_caret(&self, part: &Part) -> Place {
        let request = self.context.request;
        let layers = self.context.layers();
        let written = |place: &Place| !layers.root_span(*place).is_empty();
        let url = &request.url;
        let target = [url.query, Some(url.path), Some(url.whole), Some(request.place)];
        let target = || target.into_iter().flatten().find(written);
        let own = match &part.place {
            PartPlace::Param(_) => {
                let body = match part.location {
                    Some(ParamIn::Query) => None,
                    _ => self.param_body(),
                };
                body.filter(written)
            }
            PartPlace::Header(_) | PartPlace::Credential(_) | PartPlace::Cookie(_) => {
                let written_out = request.headers.iter().filter(|field| field.implied_by.is_none());
                let last = written_out.map(|field| field.whole).next_back();
                Some(last.unwrap_or(url.whole)).filter(written)
            }
            PartPlace::Body(_) | PartPlace::Json(_) => request.body.place.filter(written),
            _ => None,
        };
        own.or_else(target).unwrap_or(request.place)
    }

    /// The JSON object or form that takes parameters.
    pub(super) fn param_body(&self) -> Option<Place> {
        let body = &self.context.request.body;
        match (&body.json, body.kind) {
            (Some(json), _) if json.kind == JsonKind::Object => Some(json.place),
            (_, crate::model::BodyKind::Form) => body.place,
            _ => None,
        }
    }
}
