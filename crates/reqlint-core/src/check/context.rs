//! One request as one pack sees it: whether the pack speaks about it, its route, its operation.

use super::depend::{Broken, find_broken};
use super::nearest::{Difference, find_difference};
use super::origin::Origin;
use super::part::Parts;
use super::ready::{Operations, ReadyPack};
use super::truth::Truth;
use super::valid::{Violation, find_violations};
use crate::api::{Api, Operation, RouteMatch, RoutePath, SchemeKind, SegmentText, TemplateSegment};
use crate::layer::{Layers, Place};
use crate::model::{Document, Request};
use crate::rule::{Scope, Server};
use crate::span::Span;
use std::cell::OnceCell;

/// A request in the light of a pack.
pub(crate) struct Context<'c, 'd> {
    /// The document of the request.
    pub(crate) document: &'c Document<'d>,
    /// The request.
    pub(crate) request: &'c Request,
    /// The pack.
    pub(crate) pack: &'c ReadyPack,
    /// Whether the pack speaks about requests to this origin.
    pub(crate) applies: Truth,
    /// The path of the description that the request's path is.
    route: Route,
    /// The operation of the request, where the path has one with its method.
    operation: Option<usize>,
    /// The parts of the request, by kind.
    pub(crate) parts: Parts,
    /// For each parameter, whether the server takes its value as not sent.
    pub(crate) blank: OnceCell<Vec<bool>>,
    /// The JSON Pointers of the values in the response.
    response_pointers: OnceCell<Vec<String>>,
    violations: OnceCell<Vec<Violation>>,
    difference: OnceCell<Option<Difference>>,
    dependencies: OnceCell<Vec<Broken>>,
}

/// What the description knows of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// Nothing.
    None,
    /// The path with that number.
    Path(usize),
    /// One of these paths.
    OneOf(Vec<usize>),
    /// One of these paths, or none of them.
    Maybe(Vec<usize>),
}

impl<'c, 'd> Context<'c, 'd> {
    /// Looks at `request`, which goes to `origin`, with the eyes of `pack`.
    pub(crate) fn new(
        document: &'c Document<'d>,
        request: &'c Request,
        pack: &'c ReadyPack,
        origin: Option<&Origin<'_>>,
    ) -> Self {
        let mut context = Context {
            document,
            request,
            pack,
            applies: Truth::Yes,
            route: Route::None,
            operation: None,
            parts: Parts::default(),
            blank: OnceCell::new(),
            response_pointers: OnceCell::new(),
            violations: OnceCell::new(),
            difference: OnceCell::new(),
            dependencies: OnceCell::new(),
        };
        context.route = context.find_route();
        context.applies = context.find_applies(origin);
        context.operation = context.find_operation();
        context
    }

    /// The texts of the document.
    pub(crate) fn layers(&self) -> &'c Layers<'d> {
        &self.document.layers
    }

    /// The text of a place.
    pub(crate) fn text(&self, place: Place) -> &'c str {
        self.document.layers.text(place)
    }

    /// The text of a place as it may be shown: what stands for a secret in the source is masked.
    pub(crate) fn shown(&self, place: Place) -> String {
        let text = self.text(place);
        if !self.is_secret(self.layers().root_span(place)) {
            return text.to_owned();
        }
        let hidden = |(at, c): (usize, char)| {
            let span = Span::new(at, at + c.len_utf8());
            let root = self.layers().root_span(place.sub(span));
            if self.is_secret(root) { '*' } else { c }
        };
        text.char_indices().map(hidden).collect()
    }

    /// Whether any byte of a span of the source is part of a secret.
    fn is_secret(&self, span: Span) -> bool {
        let secrets = self.document.secrets();
        let after = secrets.partition_point(|secret| secret.end() <= span.start());
        secrets.get(after).is_some_and(|secret| secret.overlaps(span))
    }

    /// The JSON Pointers of the values in the response, in the order of its text.
    pub(crate) fn response_pointers(&self) -> &[String] {
        self.response_pointers.get_or_init(|| super::part::response_pointers(self))
    }

    /// The security schemes of the description.
    pub(crate) fn security_schemes(&self) -> impl Iterator<Item = &'c SchemeKind> + use<'c> {
        let api = self.pack.pack.api.as_ref();
        api.into_iter().flat_map(|api| api.security_schemes.iter().map(|scheme| &scheme.kind))
    }

    /// The name of the security scheme with that number.
    pub(crate) fn security_scheme_name(&self, number: usize) -> &'c str {
        let api = self.pack.pack.api.as_ref();
        api.and_then(|api| api.security_schemes.get(number)).map_or("", |scheme| &scheme.name)
    }

    /// The description with the number of the request's operation in it.
    pub(crate) fn own_operation(&self) -> Option<(&'c Api, usize)> {
        Some((self.pack.pack.api.as_ref()?, self.operation?))
    }

    /// Whether it depends on what is not known which operation the request is, if any.
    pub(crate) fn operation_is_unknown(&self) -> bool {
        let method = self.request.method.name;
        let hidden = self.request.open.method || self.layers().has_hole(method);
        let hidden = hidden && self.route != Route::None && self.operation.is_none();
        self.route_is_unknown() || hidden
    }

    /// The segments of the path template that the request's path is.
    pub(crate) fn template_segments(&self) -> Option<&'c [TemplateSegment]> {
        match self.route {
            Route::Path(path) => Some(&self.pack.routes.paths[path].segments),
            _ => None,
        }
    }

    /// What in the request breaks the schemas of the description.
    pub(crate) fn violations(&self) -> &[Violation] {
        self.violations.get_or_init(|| find_violations(self))
    }

    /// Where the path leaves what the description knows; none where it does not, or may not.
    pub(crate) fn difference(&self) -> &Option<Difference> {
        self.difference.get_or_init(|| find_difference(self))
    }

    /// The dependencies between parameters that do not hold, or may not.
    pub(crate) fn broken_dependencies(&self) -> &[Broken] {
        self.dependencies.get_or_init(|| find_broken(self))
    }

    /// The parameters of the path with the numbers of their segments.
    pub(crate) fn path_params(&self) -> &'c [(String, usize)] {
        match self.route {
            Route::Path(path) => &self.pack.routes.paths[path].params,
            _ => &[],
        }
    }

    /// Whether the description may know the path, depending on what is not known of it.
    pub(crate) fn route_is_unknown(&self) -> bool {
        matches!(self.route, Route::OneOf(_) | Route::Maybe(_))
    }

    /// Whether the description surely does not know the path.
    pub(crate) fn path_is_unknown(&self) -> bool {
        self.pack.pack.api.is_some() && self.route == Route::None
    }

    /// The route of the request's own path.
    pub(crate) fn route(&self) -> &Route {
        &self.route
    }

    /// The number of the operation of the request, where it is known.
    pub(crate) fn operation_number(&self) -> Option<usize> {
        self.operation
    }

    /// The route of another path, which may hold `holes`.
    pub(crate) fn route_of(&self, segments: &[SegmentText<'_>]) -> Route {
        match self.pack.routes.find(segments) {
            RouteMatch::None => Route::None,
            RouteMatch::One { path } => Route::Path(path),
            RouteMatch::OneOf(paths) => Route::OneOf(paths),
            RouteMatch::Maybe(paths) => Route::Maybe(paths),
        }
    }

    fn find_route(&self) -> Route {
        if self.pack.pack.api.is_none() {
            return Route::None;
        }
        let segments = self.segment_texts();
        let mut route = self.route_of(&segments);
        if route == Route::None && self.request.url.origin_hole.is_some() {
            let paths = self.paths_with_tail(&segments);
            if !paths.is_empty() {
                route = Route::Maybe(paths);
            }
        }
        route
    }

    /// The paths of which the segments are the end, where what stands before is not known.
    pub(super) fn paths_with_tail(&self, segments: &[SegmentText<'_>]) -> Vec<usize> {
        let fits = |template: &TemplateSegment, segment: &SegmentText<'_>| match (template, segment)
        {
            (TemplateSegment::Literal(literal), SegmentText::Known(text)) => literal == text,
            (TemplateSegment::Parameter { .. }, SegmentText::Known(text)) => !text.is_empty(),
            (TemplateSegment::Literal(literal), SegmentText::Partly { before, after }) => {
                literal.starts_with(before) && literal.ends_with(after)
            }
            _ => true,
        };
        let paths = self.pack.routes.paths.iter().enumerate().filter(|(_, path)| {
            let template = &path.segments;
            template.len() > segments.len()
                && template[template.len() - segments.len()..]
                    .iter()
                    .zip(segments)
                    .all(|(template, segment)| fits(template, segment))
        });
        paths.map(|(number, _)| number).collect()
    }

    pub(super) fn segment_texts(&self) -> Vec<SegmentText<'c>> {
        let layers = self.layers();
        let known = |place: &Place| {
            let text = layers.text(*place);
            match (layers.holes(*place).next(), layers.holes(*place).last()) {
                (Some(first), Some(last)) => SegmentText::Partly {
                    before: &text[..first.span.start()],
                    after: &text[last.span.end()..],
                },
                _ => SegmentText::Known(text),
            }
        };
        self.request.url.segments.iter().map(known).collect()
    }

    fn find_applies(&self, origin: Option<&Origin<'_>>) -> Truth {
        let pack = &self.pack.pack;
        if pack.speaks_about_all() {
            return Truth::Yes;
        }
        match origin {
            Some(origin) => match self.pack.is_about(origin) {
                Some(answer) => answer.into(),
                None => self.applies_by_path(),
            },
            None => self.applies_by_path(),
        }
    }

    /// Whether the path alone tells that the pack speaks about the request.
    fn applies_by_path(&self) -> Truth {
        if matches!(self.route, Route::Path(_) | Route::OneOf(_)) {
            return Truth::Yes;
        }
        let path = self.text(self.request.url.path);
        match self.pack.pack.paths.iter().any(|prefix| path.starts_with(prefix.as_str())) {
            true => Truth::Yes,
            false if self.route_is_unknown() => Truth::Unknown,
            false => Truth::No,
        }
    }

    /// The origin in words, for traces.
    pub(crate) fn origin_shown(&self) -> String {
        let url = &self.request.url;
        if Origin::of(self.layers(), url).is_none() {
            return "the origin is not known before run time; the path tells".to_owned();
        }
        let part = |place: Option<Place>| place.map(|place| self.shown(place)).unwrap_or_default();
        let (scheme, host, port) = (part(url.scheme), part(url.host), part(url.port));
        let scheme = if scheme.is_empty() { scheme } else { format!("{scheme}://") };
        let port = if port.is_empty() { port } else { format!(":{port}") };
        format!("`{scheme}{host}{port}`")
    }

    /// Whether the description knows the path.
    pub(crate) fn route_truth(&self) -> Truth {
        match self.route {
            Route::None => Truth::No,
            Route::Path(_) | Route::OneOf(_) => Truth::Yes,
            Route::Maybe(_) => Truth::Unknown,
        }
    }

    /// The path in words, for traces.
    pub(crate) fn route_shown(&self) -> String {
        let template = |path: &usize| format!("`{}`", self.pack.routes.paths[*path].template);
        match &self.route {
            Route::None => format!("`{}` is none", self.shown(self.request.url.path)),
            Route::Path(path) => template(path),
            Route::OneOf(paths) => {
                format!("one of {}", paths.iter().map(template).collect::<Vec<_>>().join(", "))
            }
            Route::Maybe(paths) => {
                let paths: Vec<String> = paths.iter().map(template).collect();
                format!("one of {}, or none of them", paths.join(", "))
            }
        }
    }

    /// The operation in words, for traces.
    pub(crate) fn operation_shown(&self) -> String {
        let method = self.shown(self.request.method.name);
        match self.operation.and_then(|number| self.operation(number)) {
            Some(operation) if operation.tags.is_empty() => {
                format!("operation `{}` without tags", operation.id)
            }
            Some(operation) => {
                format!("operation `{}` with the tags {}", operation.id, operation.tags.join(", "))
            }
            None => format!("no operation of the path is known with the method `{method}`"),
        }
    }

    fn find_operation(&self) -> Option<usize> {
        let Route::Path(path) = self.route else { return None };
        let method = self.request.method.name;
        if self.layers().has_hole(method) {
            return None;
        }
        if self.request.open.method {
            // A URL alone does not say what it is used for, unless there is only one use.
            return match self.pack.routes.paths[path].operations.as_slice() {
                [only] => Some(*only),
                _ => None,
            };
        }
        let text = self.text(method);
        let all = &self.pack.pack.api.as_ref()?.operations;
        let on_path = &self.pack.routes.paths[path].operations;
        on_path.iter().copied().find(|number| all[*number].method == text)
    }

    /// Whether a scope takes the request; `meant` are the operations that it takes, if it asks.
    pub(crate) fn in_scope(&self, scope: &Scope, meant: Option<&Operations>) -> Truth {
        let server = match scope.server {
            Server::Declared => self.applies,
            Server::Similar => Truth::from(self.looks_like_a_server()),
            Server::Any => Truth::Yes,
        };
        match meant {
            Some(meant) if server > Truth::No => {
                server.and(self.operations_satisfy(&self.route, |number| meant[number]))
            }
            _ => server,
        }
    }

    /// Whether the operation of the request passes, if it goes to `route`. Where the path has no
    /// operation with its method, whether any operation of the path does.
    pub(crate) fn operations_satisfy(&self, route: &Route, fits: impl Fn(usize) -> bool) -> Truth {
        let any_on = |path: usize| {
            let numbers = &self.pack.routes.paths[path].operations;
            Truth::from(numbers.iter().any(|number| fits(*number)))
        };
        match route {
            Route::None => Truth::No,
            Route::Path(path) if *route == self.route => match self.operation {
                Some(number) => Truth::from(fits(number)),
                None => any_on(*path),
            },
            Route::Path(path) => any_on(*path),
            Route::OneOf(paths) => {
                let mut all = paths.iter().map(|path| any_on(*path));
                let first = all.next().unwrap_or(Truth::No);
                if all.all(|truth| truth == first) { first } else { Truth::Unknown }
            }
            Route::Maybe(paths) => {
                let any = paths.iter().any(|path| any_on(*path) == Truth::Yes);
                if any { Truth::Unknown } else { Truth::No }
            }
        }
    }

    /// How much of the path makes the pack claim a request whose origin is not known, in bytes;
    /// none where the pack is about every request.
    pub(crate) fn claim(&self) -> Option<usize> {
        let pack = &self.pack.pack;
        if pack.speaks_about_all() || self.applies == Truth::No {
            return None;
        }
        let path = self.text(self.request.url.path);
        let prefixes = pack.paths.iter().filter(|prefix| path.starts_with(prefix.as_str()));
        let prefix = prefixes.map(String::len).max().unwrap_or(0);
        let template = |path: &usize| self.pack.routes.paths[*path].template.len();
        let route = match &self.route {
            Route::None => 0,
            Route::Path(path) => template(path),
            Route::OneOf(paths) | Route::Maybe(paths) => {
                paths.iter().map(template).min().unwrap_or(0)
            }
        };
        Some(prefix.max(route))
    }

    /// The operation with that number.
    pub(crate) fn operation(&self, number: usize) -> Option<&'c Operation> {
        self.pack.pack.api.as_ref().and_then(|api| api.operations.get(number))
    }

    /// The paths of the description.
    pub(crate) fn paths(&self) -> &'c [RoutePath] {
        &self.pack.routes.paths
    }

    /// The path with that number.
    pub(crate) fn path(&self, number: usize) -> &'c RoutePath {
        &self.pack.routes.paths[number]
    }

    /// The operations of a path of the description.
    pub(crate) fn operations_on(&self, path: usize) -> impl Iterator<Item = &'c Operation> {
        let numbers = &self.pack.routes.paths[path].operations;
        let pack: &'c ReadyPack = self.pack;
        numbers.iter().filter_map(move |number| pack.pack.api.as_ref()?.operations.get(*number))
    }

    /// Whether the host is one letter or two away from a server of the pack.
    pub(crate) fn looks_like_a_server(&self) -> bool {
        let Some(host) = self.request.url.host.map(|host| self.text(host)) else { return false };
        self.pack.pack.servers.iter().any(|server| {
            let declared = host_of(server);
            host != declared && strsim::damerau_levenshtein(host, declared) <= 2
        })
    }
}

fn host_of(server: &str) -> &str {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or(rest)
}
