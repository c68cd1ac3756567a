//! What stands for something else: marks between texts that are joined, such as the slash between
//! two parts of a path, and variables of which the value is known.

use super::{Layers, Piece, Place};
use crate::span::Span;

impl Layers<'_> {
    /// Whether new text for a place would go where a mark is, in a layer that is joined of several
    /// texts. A mark is written nowhere: what it is traced back to stands for something else.
    pub(crate) fn is_at_mark(&self, place: Place) -> bool {
        let pieces = self.pieces_of(place.layer);
        if place.span.is_empty() {
            // An insertion continues what stands before it.
            let before = pieces.partition_point(|piece| (piece.at as usize) < place.span.start());
            return pieces
                .get(before.saturating_sub(1))
                .is_some_and(|piece| self.is_mark(place, piece));
        }
        self.pieces_in(place).any(|(piece, _)| self.is_mark(place, piece))
    }

    /// The variables in a place of which the value stands there, with how they are written. None
    /// where the place holds only a part of such a value.
    pub(crate) fn references(&self, place: Place) -> Option<Vec<(Span, Place)>> {
        let is_variable = |piece: &Piece| !piece.exact && self.text(piece.from).starts_with('$');
        let pieces = self.pieces_in(place).filter(|(piece, _)| is_variable(piece));
        let reference = |(piece, part): (&Piece, Span)| {
            let at = place.span.start();
            let inside = Span::new(part.start() - at, part.end() - at);
            let starts = part.start() == piece.at as usize;
            let next = self.pieces_of(place.layer).iter().find(|next| next.at > piece.at);
            let end = next.map_or(self.whole(place.layer).span.end(), |next| next.at as usize);
            (starts && part.end() == end).then_some((inside, piece.from))
        };
        pieces.map(reference).collect()
    }

    fn is_mark(&self, place: Place, piece: &Piece) -> bool {
        if piece.exact || self.text(piece.from).trim().is_empty() {
            return false;
        }
        let pieces = self.pieces_of(place.layer);
        let whole = self.text(self.whole(place.layer));
        let next = pieces.iter().find(|next| next.at > piece.at);
        let end = next.map_or(whole.len(), |next| next.at as usize);
        let is_word = whole[piece.at as usize..end].contains(char::is_alphanumeric);
        let from = self.root_span(piece.from);
        let is_shared = || {
            let own = pieces.iter().filter(|other| self.root_span(other.from).overlaps(from));
            own.count() > 1
        };
        !is_word || is_shared()
    }
}
