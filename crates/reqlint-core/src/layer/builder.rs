//! Building a layer, piece by piece from left to right.

use super::{Codec, Hole, HoleKind, Home, Layer, LayerId, Layers, Piece, Place, Quote};
use crate::span::Span;

/// Builds one layer.
#[must_use = "a layer exists only after `finish`"]
#[derive(Debug)]
pub struct LayerBuilder<'l, 's> {
    layers: &'l mut Layers<'s>,
    codec: Codec,
    origin: Place,
    start: usize,
    first_piece: usize,
    first_hole: usize,
    length: usize,
    /// The one place that is the whole text so far; nothing is copied while there is only one.
    slice: Option<Place>,
}

impl<'l, 's> LayerBuilder<'l, 's> {
    pub(super) fn new(layers: &'l mut Layers<'s>, codec: Codec, origin: Place) -> Self {
        LayerBuilder {
            start: layers.decoded.len(),
            first_piece: layers.pieces.len(),
            first_hole: layers.holes.len(),
            length: 0,
            slice: None,
            codec,
            origin,
            layers,
        }
    }

    /// Length of the layer's text so far, in bytes.
    pub fn len(&self) -> usize {
        self.length
    }

    /// The whole text of another layer, as a place.
    pub fn whole_of(&self, id: LayerId) -> Place {
        self.layers.whole(id)
    }

    /// Whether nothing was added yet.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds the text of `place` byte for byte, with the holes in it.
    pub fn exact(&mut self, place: Place, quote: Quote) {
        if place.span.is_empty() {
            return;
        }
        let at = self.length;
        for index in self.layers.hole_range(place) {
            let hole = self.layers.hole_at(index, place);
            self.layers.holes.push(Hole { span: hole.span.shifted(at), kind: hole.kind });
        }
        let continues = self.piece(place, true, quote);
        match self.slice {
            _ if at == 0 => self.slice = Some(place),
            Some(slice) if continues => {
                self.slice = Some(Place::new(slice.layer, slice.span.hull(place.span)));
            }
            _ => {
                self.flush();
                self.copy(place);
            }
        }
        self.length += place.span.len();
    }

    /// Adds `text`, which stands for the text of `place` as a whole: an escape and what it means.
    pub fn escape(&mut self, text: &str, place: Place, quote: Quote) {
        if text.is_empty() {
            return;
        }
        self.flush();
        self.piece(place, false, quote);
        self.layers.decoded.push_str(text);
        self.length += text.len();
    }

    /// Adds the text of `place` as it is written, as a hole.
    pub fn hole(&mut self, place: Place, kind: HoleKind, quote: Quote) {
        let at = self.length;
        let holes = self.layers.holes.len();
        self.exact(place, quote);
        // One hole swallows those that were inside it.
        self.layers.holes.truncate(holes);
        let span = Span::new(at, self.length);
        self.layers.holes.push(Hole { span, kind });
    }

    /// Ends the layer.
    pub fn finish(self) -> LayerId {
        let (home, text) = match self.slice {
            Some(place) => {
                let parent = self.layers.get(place.layer);
                (parent.home, place.span.shifted(parent.text.start()))
            }
            None => (Home::Decoded, Span::new(self.start, self.start + self.length)),
        };
        let layer = Layer {
            home,
            text,
            pieces: Span::new(self.first_piece, self.layers.pieces.len()),
            holes: Span::new(self.first_hole, self.layers.holes.len()),
            origin: self.origin,
            codec: self.codec,
        };
        let id = LayerId::of(self.layers.layers.len());
        self.layers.layers.push(layer);
        id
    }

    /// Records a piece. Neighbours that continue each other are one: then the answer is true.
    fn piece(&mut self, from: Place, exact: bool, quote: Quote) -> bool {
        if exact
            && self.layers.pieces.len() > self.first_piece
            && let Some(last) = self.layers.pieces.last()
            && last.exact
            && last.quote == quote
            && last.from.layer == from.layer
            && last.from.span.end() == from.span.start()
        {
            let end = self.layers.pieces.len() - 1;
            let whole = self.layers.pieces[end].from.span.hull(from.span);
            self.layers.pieces[end].from.span = whole;
            return true;
        }
        let at = u32::try_from(self.length).expect("texts of 4 GiB are refused before parsing");
        self.layers.pieces.push(Piece { at, from, exact, quote });
        false
    }

    fn flush(&mut self) {
        if let Some(place) = self.slice.take() {
            self.copy(place);
        }
    }

    fn copy(&mut self, place: Place) {
        let layer = self.layers.get(place.layer);
        let range = place.span.shifted(layer.text.start()).range();
        match layer.home {
            Home::Source => self.layers.decoded.push_str(&self.layers.source[range]),
            Home::Decoded => self.layers.decoded.extend_from_within(range),
        }
    }
}
