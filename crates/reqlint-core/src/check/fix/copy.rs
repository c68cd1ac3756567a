//! Fixes in collections that write a URL twice: what changes in the one changes in the other.

use super::super::context::Context;
use super::Draft;
use super::copied::Entry;
use super::lists::{Form, join, write_item};
use super::remove::{PAIRS, runs, with_separator};
use crate::encode::Chunk;
use crate::layer::{Component, Place};
use crate::model::{Param, ParamIn, Url};
use crate::span::Span;

/// Where the text of a place is written once more.
pub(super) fn copy_of(context: &Context<'_, '_>, place: Place) -> Option<Place> {
    let request = context.request;
    let layers = context.layers();
    let copy = request.copy.as_deref()?;
    let params = copy.params.iter().flat_map(|(number, copy)| {
        let sent = &request.params[*number];
        [(sent.name, copy.name), (sent.value, copy.value)]
    });
    let mut all = copy.parts.iter().copied().chain(params);
    all.find_map(|(sent, copy)| {
        if sent == place {
            return Some(copy);
        }
        let is_inside = sent.layer == place.layer
            && !place.span.is_empty()
            && sent.span.contains(place.span)
            && layers.text(sent) == layers.text(copy);
        let at = place.span.start().checked_sub(sent.span.start())?;
        is_inside.then(|| copy.sub(Span::new(at, at + place.span.len())))
    })
}

impl Draft<'_, '_, '_, '_> {
    /// Removes and adds parameters of the query in its copy.
    pub(super) fn repeat_in_copy(
        &mut self,
        removed: &[usize],
        added: &[(ParamIn, String, Vec<Chunk>)],
    ) -> Option<()> {
        let scene = &self.scenes[0];
        let request = scene.context.request;
        let Some(copy) = request.copy.as_deref() else { return Some(()) };
        let own = |is_gone: bool| -> Vec<&Param> {
            let params = copy.params.iter();
            let own = params.filter(|(number, _)| removed.contains(number) == is_gone);
            own.map(|(_, param)| param).collect()
        };
        let (gone, stays) = (own(true), own(false));
        let mut new: Vec<(String, Vec<Chunk>)> = Vec::new();
        for (_, name, value) in added.iter().filter(|(place, ..)| *place == ParamIn::Query) {
            let entry = (name.clone(), value.clone());
            if !new.contains(&entry) {
                new.push(entry);
            }
        }
        if gone.is_empty() && new.is_empty() {
            return Some(());
        }
        if let Some(url) = &copy.url {
            return self.repeat_pairs(url, &gone, &stays, &new);
        }
        for param in &gone {
            let entry = with_separator(scene.context.layers(), param.whole);
            self.push_once(entry, &[])?;
        }
        if new.is_empty() {
            return Some(());
        }
        let entry = |param: &&Param| Entry::of(param.whole, param.name, param.value);
        let entries: Vec<Entry> = stays.iter().map(entry).collect();
        self.copy_entries(scene, &entries, &new)
    }

    /// The same in the query of a URL.
    fn repeat_pairs(
        &mut self,
        url: &Url,
        gone: &[&Param],
        stays: &[&Param],
        new: &[(String, Vec<Chunk>)],
    ) -> Option<()> {
        let layers = self.scenes[0].context.layers();
        let form = Form::Pair(Component::Query);
        let items = new.iter().map(|(name, value)| write_item(form, name, "=", value));
        let items = join(&items.collect::<Option<Vec<_>>>()?, "&");
        let Some(query) = url.query else {
            let mut text = Chunk::text("?");
            text.extend(items);
            return self.push_once(url.path.end(), &text);
        };
        let Some(last) = stays.last() else {
            // What stands in the query and is not sent stays there; then the copy is not exact.
            let all: usize = gone.iter().map(|param| param.whole.span.len() + 1).sum();
            let is_all = all == query.span.len() + 1;
            let from = query.span.start() - usize::from(new.is_empty());
            let place = Place::new(query.layer, Span::new(from, query.span.end()));
            return is_all.then(|| self.push_once(place, &items))?;
        };
        let text = layers.text(layers.whole(query.layer));
        let spans = gone.iter().map(|param| param.whole.span).collect();
        for span in runs(text, spans, PAIRS) {
            self.push_once(Place::new(query.layer, span), &[])?;
        }
        if new.is_empty() {
            return Some(());
        }
        let mut text = Chunk::text("&");
        text.extend(items);
        self.push_once(last.whole.end(), &text)
    }
}
