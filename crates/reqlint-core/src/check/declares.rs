//! What the API description is asked for: `declares`.

use super::context::Route;
use super::evaluate::Evaluator;
use super::fill::fill_all;
use super::truth::Truth;
use crate::api::{Api, Location, Operation, SchemeKind, SegmentText};
use crate::rule::template::Piece;
use crate::rule::{Declares, Template};

impl Evaluator<'_, '_, '_> {
    /// Whether the description knows what is asked. Of a method, parameter, header or body it is
    /// unknown where the route is not in the description.
    pub(super) fn declares(&self, declares: &Declares) -> Truth {
        let context = self.context();
        let Some(api) = &context.pack.pack.api else { return Truth::Unknown };
        let route = match &declares.path {
            Some(path) => match self.route_of_template(path) {
                Some(route) => route,
                None => return Truth::Unknown,
            },
            None => context.route().clone(),
        };
        let mut truth = match &declares.path {
            Some(_) => known(&route),
            None => Truth::Yes,
        };
        if let Some(tag) = &declares.tag {
            let has_tag = |number| {
                context.operation(number).is_some_and(|operation| operation.tags.contains(tag))
            };
            truth = truth.and_then(|| context.operations_satisfy(&route, has_tag));
        }
        if let Some(method) = &declares.method {
            truth = truth.and_then(|| {
                self.any_text(method, |text| {
                    self.any_operation(&route, |operation| operation.method == text)
                })
            });
        }
        if let Some(param) = &declares.param {
            truth = truth.and_then(|| {
                self.any_text(param, |name| {
                    self.own_operation(&route, |operation| has_param(api, operation, name))
                })
            });
        }
        if let Some(header) = &declares.header {
            truth = truth.and_then(|| {
                self.any_text(header, |name| {
                    self.own_operation(&route, |operation| has_header(operation, name))
                })
            });
        }
        if let Some(similar) = &declares.similar {
            truth = truth.and_then(|| {
                self.any_text(similar, |name| {
                    self.own_operation(&route, |operation| nearest_param(operation, name).is_some())
                })
            });
        }
        if declares.deprecated {
            truth = truth.and_then(|| self.own_operation(&route, |operation| operation.deprecated));
        }
        if declares.needs_body {
            truth = truth.and(self.own_operation(&route, |operation| operation.needs_body));
        }
        if declares.complete {
            truth = truth.and_then(|| self.own_operation(&route, |operation| !operation.partial));
        }
        if let Some(body) = &declares.body {
            truth = truth.and_then(|| {
                self.any_text(body, |kind| {
                    let takes = |operation: &Operation| takes_body(operation, kind);
                    match kind.contains('/') {
                        true => self.own_operation(&route, takes),
                        false => self.any_operation(&route, takes),
                    }
                })
            });
        }
        truth
    }

    /// Asks about each text that a template can give; unknown where it gives none.
    fn any_text(&self, template: &Template, ask: impl Fn(&str) -> Truth) -> Truth {
        let layers = self.context().layers();
        let is_open = |piece: &Piece| match piece {
            Piece::Text(name) => {
                self.scene().place(*name).is_some_and(|place| layers.has_hole(place))
            }
            _ => false,
        };
        if template.pieces.iter().any(is_open) {
            return Truth::Unknown;
        }
        match fill_all(self, template) {
            Some(texts) => Truth::any(texts.iter().map(|text| ask(text))),
            None => Truth::Unknown,
        }
    }

    fn any_operation(&self, route: &Route, fits: impl Fn(&Operation) -> bool) -> Truth {
        match route {
            Route::Path(path) => self.context().operations_on(*path).any(fits).into(),
            Route::OneOf(_) | Route::Maybe(_) | Route::None => Truth::Unknown,
        }
    }

    fn own_operation(&self, route: &Route, fits: impl Fn(&Operation) -> bool) -> Truth {
        match route {
            Route::Path(_) | Route::OneOf(_) => {
                let context = self.context();
                context.operations_satisfy(route, |number| {
                    context.operation(number).is_some_and(&fits)
                })
            }
            Route::Maybe(_) | Route::None => Truth::Unknown,
        }
    }

    fn route_of_template(&self, template: &Template) -> Option<Route> {
        let texts = fill_all(self, template)?;
        let path = texts.first()?;
        let path = path.split(['?', '#']).next().unwrap_or(path);
        // A text that came out of a hole is as unknown as the hole.
        let holes: Vec<String> = self.hole_texts();
        let segments: Vec<SegmentText<'_>> = path
            .strip_prefix('/')
            .unwrap_or(path)
            .split('/')
            .map(|segment| segment_text(segment, &holes))
            .collect();
        let context = self.context();
        let mut route = context.route_of(&segments);
        let hidden = context.request.url.origin_hole.is_some();
        if route == Route::None && hidden {
            let paths = context.paths_with_tail(&segments);
            if !paths.is_empty() {
                route = Route::Maybe(paths);
            }
        }
        Some(route)
    }

    /// The holes of the URL, as they are written.
    fn hole_texts(&self) -> Vec<String> {
        let context = self.context();
        let path = context.request.url.path;
        let text = context.text(path);
        context.layers().holes(path).map(|hole| text[hole.span.range()].to_owned()).collect()
    }
}

fn known(route: &Route) -> Truth {
    match route {
        Route::None => Truth::No,
        Route::Path(_) | Route::OneOf(_) => Truth::Yes,
        Route::Maybe(_) => Truth::Unknown,
    }
}

fn has_param(api: &Api, operation: &Operation, name: &str) -> bool {
    let form_of = |form: Option<u32>| api.details.forms.get(form? as usize).copied();
    operation.parameters.iter().any(|param| {
        matches!(param.location, Location::Query | Location::Body)
            && param.is_named(name, || form_of(param.form))
    }) || api.security_schemes.iter().any(|scheme| match &scheme.kind {
        SchemeKind::Query(key) => key == name,
        _ => false,
    })
}

/// The name under which a parameter is declared: of `filter[status]` that is `filter`.
pub(super) fn declared(name: &str) -> &str {
    name.split('[').next().unwrap_or(name)
}

/// The parameter whose name is nearest to one that is not known.
pub(super) fn nearest_param<'o>(operation: &'o Operation, name: &str) -> Option<&'o str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_'], "").replace("[]", "");
    let wanted = plain(name);
    let sent =
        |param: &&crate::api::Parameter| matches!(param.location, Location::Query | Location::Body);
    let near = operation.parameters.iter().filter(sent).filter_map(|param| {
        let known = plain(&param.name);
        // Short names are near to too many others.
        let farthest = wanted.len().max(known.len()).saturating_sub(1) / 3;
        let lengths = known.chars().count().abs_diff(wanted.chars().count());
        if lengths > farthest || param.name == name {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&known, &wanted);
        (distance <= farthest).then_some((distance, known.len(), param.name.as_str()))
    });
    near.min().map(|(.., name)| name)
}

fn has_header(operation: &Operation, name: &str) -> bool {
    operation
        .parameters
        .iter()
        .any(|param| param.location == Location::Header && param.name.eq_ignore_ascii_case(name))
}

fn takes_body(operation: &Operation, kind: &str) -> bool {
    if kind.contains('/') && operation.media_types.is_empty() {
        // Nothing is said about bodies.
        return true;
    }
    operation.media_types.iter().any(|media| match kind {
        "json" => media.ends_with("json"),
        "form" => media.contains("form-urlencoded"),
        "multipart" => media.starts_with("multipart/"),
        other => media_type_fits(media, other),
    })
}

/// Type and subtype of a media type, without parameters and case (RFC 9110, section 8.3.1).
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type is one that a range of the description takes, such as `image/*`.
pub(super) fn media_type_fits(range: &str, media_type: &str) -> bool {
    let (range, own) = (essence(range), essence(media_type));
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => own.split('/').next() == Some(kind),
        None => range == own,
    }
}

/// What is known of a segment that was put together from parts of the request.
fn segment_text<'t>(segment: &'t str, holes: &[String]) -> SegmentText<'t> {
    let found = holes.iter().filter_map(|hole| Some((segment.find(hole.as_str())?, hole.len())));
    let Some((start, _)) = found.clone().min() else { return SegmentText::Known(segment) };
    let last = holes.iter().filter_map(|hole| Some(segment.rfind(hole.as_str())? + hole.len()));
    let end = last.max().unwrap_or(segment.len());
    SegmentText::Partly { before: &segment[..start], after: &segment[end..] }
}
