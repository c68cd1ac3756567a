//! Finds the operations of a path: a trie over path templates.

use super::paths::read_segment;
use super::{Api, TemplateSegment};
use std::collections::HashMap;

/// The paths of an API, ready for lookup.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// In the order of the document. Templates that differ only in the names of their parameters
    /// are one path.
    pub paths: Vec<RoutePath>,
    nodes: Vec<TrieNode>,
}

/// A path template with its operations.
#[derive(Clone, Debug)]
pub struct RoutePath {
    /// As in [`super::Operation::path`].
    pub template: String,
    /// Indices into [`Api::operations`].
    pub operations: Vec<usize>,
    /// The segments of the template.
    pub segments: Vec<TemplateSegment>,
    /// Its parameters, each with the index of its segment.
    pub params: Vec<(String, usize)>,
}

/// What is known of a segment of a request's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentText<'t> {
    /// All of it.
    Known(&'t str),
    /// How it begins and ends; between them there is a hole, which counts as not empty.
    Partly {
        /// Text before the hole.
        before: &'t str,
        /// Text after the hole.
        after: &'t str,
    },
    /// Nothing; the hole counts as not empty.
    Unknown,
}

/// Which path of the API a request's path is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteMatch {
    /// None, whatever the holes become.
    None,
    /// This one, whatever the holes become.
    One {
        /// Index into [`Routes::paths`].
        path: usize,
    },
    /// One of these, whatever the holes become; the last one if no other.
    OneOf(Vec<usize>),
    /// One of these, or none.
    Maybe(Vec<usize>),
}

#[derive(Clone, Debug, Default)]
struct TrieNode {
    literals: HashMap<String, usize>,
    /// The more text around the parameter, the earlier.
    parameters: Vec<ParameterEdge>,
    path: Option<usize>,
}

#[derive(Clone, Debug)]
struct ParameterEdge {
    prefix: String,
    suffix: String,
    node: usize,
}

/// How a text fits a piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    No,
    Maybe,
    Yes,
}

impl Routes {
    /// The paths of an API.
    pub fn new(api: &Api) -> Self {
        let mut routes = Routes { paths: Vec::new(), nodes: vec![TrieNode::default()] };
        for (index, operation) in api.operations.iter().enumerate() {
            routes.add(index, &operation.segments, operation.base, &operation.path);
        }
        // What the description says of the first server holds for the others, too.
        for base in &api.bases {
            for (index, operation) in api.operations.iter().enumerate() {
                // A variable of the server that can be anything stands there as `{name}`.
                let segment = |text: &String| {
                    let literal = || TemplateSegment::Literal(text.clone());
                    read_segment(text).unwrap_or_else(literal)
                };
                let mut segments: Vec<TemplateSegment> = base.iter().map(segment).collect();
                segments.extend_from_slice(&operation.segments[operation.base..]);
                let template = base.iter().map(String::as_str).chain(own_path(operation));
                let template: String = template.flat_map(|segment| ["/", segment]).collect();
                routes.add(index, &segments, base.len(), &template);
            }
        }
        routes
    }

    /// Adds an operation; `base` is how many of its segments are those of the server.
    fn add(&mut self, operation: usize, segments: &[TemplateSegment], base: usize, template: &str) {
        let mut node = 0;
        for segment in segments {
            node = self.step(node, segment);
        }
        let path = match self.nodes[node].path {
            Some(path) => path,
            None => {
                self.paths.push(RoutePath {
                    template: template.to_owned(),
                    operations: Vec::new(),
                    segments: segments.to_vec(),
                    params: params(segments, base),
                });
                let path = self.paths.len() - 1;
                self.nodes[node].path = Some(path);
                path
            }
        };
        if !self.paths[path].operations.contains(&operation) {
            self.paths[path].operations.push(operation);
        }
    }

    /// The node after a segment, which is made if it is new.
    fn step(&mut self, from: usize, segment: &TemplateSegment) -> usize {
        let new = self.nodes.len();
        let node = &mut self.nodes[from];
        let next = match segment {
            TemplateSegment::Literal(text) => *node.literals.entry(text.clone()).or_insert(new),
            TemplateSegment::Parameter { prefix, suffix, .. } => {
                let same = |edge: &&ParameterEdge| edge.prefix == *prefix && edge.suffix == *suffix;
                match node.parameters.iter().find(same) {
                    Some(edge) => edge.node,
                    None => {
                        let (prefix, suffix) = (prefix.clone(), suffix.clone());
                        node.parameters.push(ParameterEdge { prefix, suffix, node: new });
                        let length = |edge: &ParameterEdge| edge.prefix.len() + edge.suffix.len();
                        node.parameters.sort_by_key(|edge| std::cmp::Reverse(length(edge)));
                        new
                    }
                }
            }
        };
        if next == new {
            self.nodes.push(TrieNode::default());
        }
        next
    }

    /// The path that `segments` are. A literal segment is preferred to a parameter, from left to
    /// right; a parameter takes any text that is not empty.
    pub fn find(&self, segments: &[SegmentText<'_>]) -> RouteMatch {
        let mut found = Vec::new();
        let is_sure = !self.nodes.is_empty() && self.search(0, segments, &mut found);
        match (is_sure, found.as_slice()) {
            (_, []) => RouteMatch::None,
            (true, [path]) => RouteMatch::One { path: *path },
            (true, _) => RouteMatch::OneOf(found),
            (false, _) => RouteMatch::Maybe(found),
        }
    }

    /// Adds the paths below a node that fit, in the order of preference, up to one that fits
    /// surely if the node does. Says whether there is such a one.
    fn search(&self, node: usize, segments: &[SegmentText<'_>], found: &mut Vec<usize>) -> bool {
        let node = &self.nodes[node];
        let Some((segment, rest)) = segments.split_first() else {
            found.extend(node.path);
            return node.path.is_some();
        };
        if let SegmentText::Known(text) = segment {
            let next = node.literals.get(*text);
            if next.is_some_and(|next| self.search(*next, rest, found)) {
                return true;
            }
        } else {
            let fitting = node.literals.iter().filter(|(text, _)| segment.can_be(text));
            let mut fitting: Vec<usize> = fitting.map(|(_, next)| *next).collect();
            fitting.sort_unstable();
            for next in fitting {
                self.search(next, rest, found);
            }
        }
        node.parameters.iter().any(|edge| match segment.fits(edge) {
            Fit::No => false,
            fit => self.search(edge.node, rest, found) && fit == Fit::Yes,
        })
    }
}

impl SegmentText<'_> {
    /// Whether it, having a hole, can become this text.
    fn can_be(&self, text: &str) -> bool {
        match self {
            SegmentText::Known(known) => *known == text,
            SegmentText::Partly { before, after } => {
                text.len() >= before.len() + after.len()
                    && text.starts_with(before)
                    && text.ends_with(after)
            }
            SegmentText::Unknown => !text.is_empty(),
        }
    }

    fn fits(&self, edge: &ParameterEdge) -> Fit {
        let (prefix, suffix) = (edge.prefix.as_str(), edge.suffix.as_str());
        match self {
            SegmentText::Known(text) => {
                let is_longer = text.len() > prefix.len() + suffix.len();
                let fits = is_longer && text.starts_with(prefix) && text.ends_with(suffix);
                if fits { Fit::Yes } else { Fit::No }
            }
            SegmentText::Unknown if prefix.is_empty() && suffix.is_empty() => Fit::Yes,
            SegmentText::Unknown => Fit::Maybe,
            SegmentText::Partly { before, after } => {
                let begins = before.starts_with(prefix);
                let ends = after.ends_with(suffix);
                if begins && ends {
                    return Fit::Yes;
                }
                let can_begin = begins || prefix.starts_with(before);
                let can_end = ends || suffix.ends_with(after);
                if can_begin && can_end { Fit::Maybe } else { Fit::No }
            }
        }
    }
}

/// The segments of an operation's path behind that of its server, as written.
fn own_path(operation: &super::Operation) -> impl Iterator<Item = &str> {
    operation.path.split('/').skip(1 + operation.base)
}

/// The parameters of the path, with their segments; those of the server are none of it.
fn params(segments: &[TemplateSegment], base: usize) -> Vec<(String, usize)> {
    let param = |(index, segment): (usize, &TemplateSegment)| match segment {
        TemplateSegment::Parameter { name, .. } => Some((name.clone(), index)),
        TemplateSegment::Literal(_) => None,
    };
    segments.iter().enumerate().skip(base).filter_map(param).collect()
}
