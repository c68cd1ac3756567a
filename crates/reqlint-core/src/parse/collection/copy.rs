//! The URL that a collection writes twice: which part of the copy stands for which part of what is
//! sent, so that a fix changes both.

use super::{Copy, Maker};
use crate::encode::percent_decode;
use crate::layer::{Component, Place};
use crate::model::{Param, ParamIn, Request, Url, UrlCopy};
use crate::parse::url::{parse_pairs, parse_url};

impl Maker<'_, '_> {
    /// The copy of the URL of a request, part by part.
    pub(super) fn copy(&mut self, request: &Request, copy: Copy) -> Option<Box<UrlCopy>> {
        let (url, params, object) = match copy {
            Copy::None | Copy::Contradicts(_) => return None,
            Copy::List(fields) => {
                let params = fields.into_iter().map(|field| self.param(field, ParamIn::Query));
                (None, params.collect(), None)
            }
            Copy::Url { text, object } => {
                let text = self.fill(text);
                let url = parse_url(self.layers, text, &mut Vec::new());
                let pairs = url.query.map(|query| {
                    parse_pairs(self.layers, query, ParamIn::Query, Component::Query).0
                });
                (Some(url), pairs.unwrap_or_default(), Some(object))
            }
        };
        let parts = url.as_ref().map(|url| self.parts(&request.url, url)).unwrap_or_default();
        Some(Box::new(UrlCopy { parts, params: self.pairs(request, params), url, object }))
    }

    /// Parts of two URLs that are the same.
    fn parts(&self, sent: &Url, copy: &Url) -> Vec<(Place, Place)> {
        let words = [(sent.scheme, copy.scheme), (sent.host, copy.host), (sent.port, copy.port)];
        let mut parts: Vec<(Place, Place)> =
            words.into_iter().filter_map(|(sent, copy)| Some((sent?, copy?))).collect();
        if sent.segments.len() == copy.segments.len() {
            parts.extend(sent.segments.iter().copied().zip(copy.segments.iter().copied()));
        }
        // A piece of the path that is no segment, as the description tells it.
        parts.push((sent.path, copy.path));
        parts.retain(|(sent, copy)| self.layers.text(*sent) == self.layers.text(*copy));
        parts
    }

    /// Parameters of the query with their copies, each with one of its own.
    fn pairs(&self, request: &Request, mut copies: Vec<Param>) -> Vec<(usize, Param)> {
        let decoded = |param: &Param| {
            [param.name, param.value].map(|place| percent_decode(self.layers.text(place)))
        };
        let sent = request.params.iter().enumerate();
        let sent = sent.filter(|(_, param)| param.location == ParamIn::Query);
        let copy = |(number, param): (usize, &Param)| {
            let wanted = decoded(param);
            let at = copies.iter().position(|copy| decoded(copy) == wanted)?;
            Some((number, copies.remove(at)))
        };
        sent.filter_map(copy).collect()
    }
}
