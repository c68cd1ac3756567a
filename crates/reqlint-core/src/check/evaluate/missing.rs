//! What is missing: which names no part has, and where such a part would stand.

use super::{Bound, Evaluator};
use crate::api::Location;
use crate::check::caseless::Fold;
use crate::check::part;
use crate::check::part::FoundPart;
use crate::check::truth::Truth;
use crate::layer::Place;
use crate::model::{JsonKind, ParamIn};
use crate::rule::{NameId, Part, PartPlace, Pattern};

impl Evaluator<'_, '_, '_> {
    pub(super) fn join_missing(&mut self, turn: usize, truth: Truth, name: NameId, part: &Part) {
        let asks_all = part.place.is_name() && part.place.patterns().iter().any(Pattern::is_any);
        if asks_all && self.context.operation_is_unknown() && self.floor <= Truth::Unknown {
            self.bound[name] = Some(Bound::Unseen);
            self.join(turn + 1, truth.and(Truth::Unknown));
            self.bound[name] = None;
        }
        // Of credentials, one list of several is needed.
        let satisfied = match part.place {
            PartPlace::Credential(_) if asks_all => Some(self.has_credentials(part)),
            _ => None,
        };
        for missing in self.missing_names(part) {
            let absent = !satisfied.unwrap_or_else(|| self.exists_named(part, &missing));
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
        if patterns.iter().any(Pattern::is_any) {
            return match part.place {
                PartPlace::Param(_) => self.required_params(part.location),
                PartPlace::Header(_) => self.required_at(Location::Header),
                PartPlace::Cookie(_) => self.required_at(Location::Cookie),
                PartPlace::Credential(_) => self.required_credentials(part),
                _ => vec![String::new()],
            };
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

    /// The parameters that the operation requires, where they are looked for.
    fn required_params(&self, sent: Option<ParamIn>) -> Vec<String> {
        match sent {
            Some(ParamIn::Query) => self.required_at(Location::Query),
            Some(ParamIn::Form | ParamIn::Json) => self.required_at(Location::Body),
            None => {
                let mut names = self.required_at(Location::Query);
                names.extend(self.required_at(Location::Body));
                names
            }
        }
    }

    fn required_at(&self, location: Location) -> Vec<String> {
        let Some((api, number)) = self.context.own_operation() else { return Vec::new() };
        let params = api.operations[number].parameters.iter();
        let required = params.filter(|param| param.required && param.location == location);
        required.map(|param| param.name.clone()).collect()
    }

    /// The security schemes of which one list is needed; none where a list is there.
    fn required_credentials(&self, part: &Part) -> Vec<String> {
        let Some((api, number)) = self.context.own_operation() else { return Vec::new() };
        let lists = &api.operations[number].security;
        let mut names: Vec<String> = Vec::new();
        for name in lists.iter().flatten() {
            if !names.contains(name) && self.exists_named(part, name) < Truth::Yes {
                names.push(name.clone());
            }
        }
        names
    }

    /// Whether one of the lists of credentials is there that the operation takes.
    fn has_credentials(&self, part: &Part) -> Truth {
        let Some((api, number)) = self.context.own_operation() else { return Truth::Unknown };
        let is_there = |list: &Vec<String>| {
            let names = list.iter().map(|name| self.exists_named(part, name));
            names.fold(Truth::Yes, Truth::and)
        };
        api.operations[number].security.iter().map(is_there).fold(Truth::No, Truth::or)
    }

    /// Whether a part of that name passes the pattern.
    pub(super) fn exists_named(&self, part: &Part, name: &str) -> Truth {
        if matches!(part.place, PartPlace::Param(_)) && self.is_uploaded(name) {
            return Truth::Yes;
        }
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

    /// Whether a part of a multipart body has that name, and a file as its content.
    fn is_uploaded(&self, name: &str) -> bool {
        let parts = self.context.request.parts.iter();
        let names = parts.filter(|part| part.has_file()).filter_map(|part| part.name);
        names.into_iter().any(|place| self.context.text(place) == name)
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
        if matches!(part.place, PartPlace::Param(_))
            && self.is_member(name, self.context.text(place))
        {
            return Truth::Yes;
        }
        let element = crate::rule::pattern::Element::Literal(name.to_owned());
        self.match_any(&[Pattern { elements: vec![element] }], place, fold).0
    }

    /// Whether a parameter is a member of one in the style `deepObject`.
    fn is_member(&self, declared: &str, name: &str) -> bool {
        let Some((api, number)) = self.context.own_operation() else { return false };
        let form_of = |form: Option<u32>| api.details.forms.get(form? as usize).copied();
        let mut own = api.operations[number].parameters.iter();
        name.len() > declared.len()
            && name.starts_with(declared)
            && own.any(|own| own.name == declared && own.is_named(name, || form_of(own.form)))
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
