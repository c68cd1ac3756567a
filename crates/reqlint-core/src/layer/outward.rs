//! The ways outwards: from a place in a layer to where its text is written.

use super::{Codec, LayerId, Layers, Piece, Place, Quote};
use crate::span::Span;

/// A variable that brings a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variable {
    /// Where its value is written, quotes included, as far as that is followed.
    pub(crate) definition: Option<Place>,
    /// Whether the text is all of its value.
    pub(crate) whole: bool,
}

impl Layers<'_> {
    /// The bytes of the source that a place stands for: the hull of what its first and its last
    /// byte were decoded from. Always on character boundaries.
    pub fn root_span(&self, place: Place) -> Span {
        if place.layer == LayerId::ROOT {
            return place.span;
        }
        if place.span.is_empty() {
            return Span::empty(self.root_point(place.layer, place.span.start()));
        }
        let start = self.root_start(place.layer, place.span.start());
        let end = self.root_end(place.layer, place.span.end());
        // Joined texts may stand in another order than they are sent.
        Span::new(start.min(end), end.max(start))
    }

    fn root_point(&self, layer: LayerId, at: usize) -> usize {
        match () {
            () if layer == LayerId::ROOT => at,
            () if self.get(layer).text.is_empty() => {
                let origin = self.root_span(self.get(layer).origin);
                // Between the quotes, where there are two of them.
                if origin.len() == 2 { origin.start() + 1 } else { origin.end() }
            }
            () if at < self.get(layer).text.len() => self.root_start(layer, at),
            () => self.root_end(layer, at),
        }
    }

    fn root_start(&self, mut layer: LayerId, mut at: usize) -> usize {
        while layer != LayerId::ROOT {
            let Some(piece) = self.piece_at(layer, at) else {
                return self.root_span(self.get(layer).origin).start();
            };
            let inside = if piece.exact { at - piece.at as usize } else { 0 };
            (layer, at) = (piece.from.layer, piece.from.span.start() + inside);
        }
        at
    }

    fn root_end(&self, mut layer: LayerId, mut at: usize) -> usize {
        while layer != LayerId::ROOT {
            let Some(piece) = at.checked_sub(1).and_then(|last| self.piece_at(layer, last)) else {
                return self.root_span(self.get(layer).origin).end();
            };
            let end = if piece.exact {
                piece.from.span.start() + (at - piece.at as usize)
            } else {
                piece.from.span.end()
            };
            (layer, at) = (piece.from.layer, end);
        }
        at
    }

    /// The piece that byte `at` of the layer's text belongs to.
    pub(super) fn piece_at(&self, id: LayerId, at: usize) -> Option<&Piece> {
        let pieces = self.pieces_of(id);
        let after = pieces.partition_point(|piece| piece.at as usize <= at);
        pieces.get(after.checked_sub(1)?)
    }

    /// One step outwards: the place in the parent that a part of a layer was decoded from, and
    /// its quoting, if it is one unbroken run of the parent in one quoting.
    pub fn parent_run(&self, place: Place) -> Option<(Place, Quote)> {
        let pieces = self.pieces_of(place.layer);
        let (start, end) = (place.span.start(), place.span.end());
        if pieces.is_empty() {
            return None;
        }
        let first = if start == end && start > 0 {
            // An insertion continues what stands before it.
            pieces.partition_point(|piece| (piece.at as usize) < start) - 1
        } else {
            pieces.partition_point(|piece| piece.at as usize <= start).checked_sub(1)?
        };
        let last = pieces.partition_point(|piece| (piece.at as usize) < end).max(first + 1) - 1;
        let head = &pieces[first];
        let tail = &pieces[last];
        let unbroken = pieces[first..=last].windows(2).all(|pair| {
            pair[0].quote == pair[1].quote
                && pair[0].from.layer == pair[1].from.layer
                && pair[0].from.span.end() == pair[1].from.span.start()
        });
        if !unbroken {
            return None;
        }
        let cuts = |piece: &Piece, next: Option<&Piece>, at: usize| {
            let end = next.map_or(self.get(place.layer).text.len(), |next| next.at as usize);
            !piece.exact && (piece.at as usize) < at && at < end
        };
        // What stands for a text as a whole has no parts.
        if cuts(head, pieces.get(first + 1), start) || cuts(tail, pieces.get(last + 1), end) {
            return None;
        }
        let from = match (head.exact, start - head.at as usize) {
            (true, inside) => head.from.span.start() + inside,
            (false, 0) => head.from.span.start(),
            (false, _) => head.from.span.end(),
        };
        let to = match (tail.exact, end - tail.at as usize) {
            (true, inside) => tail.from.span.start() + inside,
            (false, 0) => tail.from.span.start(),
            (false, _) => tail.from.span.end(),
        };
        Some((Place::new(head.from.layer, Span::new(from, to.max(from))), head.quote))
    }

    /// One step outwards: the place in the parent from the first to the last byte that a part of
    /// a layer was decoded from. None where it is empty, or where these lie in two layers.
    pub fn parent_hull(&self, place: Place) -> Option<Place> {
        let first = self.piece_at(place.layer, place.span.start())?;
        let last = self.piece_at(place.layer, place.span.end().checked_sub(1)?)?;
        let inside = |piece: &Piece, at: usize| match piece.exact {
            true => piece.from.span.start() + (at - piece.at as usize),
            false => piece.from.span.end(),
        };
        let start = match first.exact {
            true => inside(first, place.span.start()),
            false => first.from.span.start(),
        };
        let end = inside(last, place.span.end());
        let whole = (first.from.layer == last.from.layer && start <= end && !place.span.is_empty())
            .then(|| Span::new(start, end))?;
        Some(Place::new(first.from.layer, whole))
    }

    /// The variable that brings all of the text of a place.
    pub(crate) fn variable(&self, place: Place) -> Option<Variable> {
        let mut place = place;
        while place.layer != LayerId::ROOT {
            let last = place.span.end().max(place.span.start() + 1) - 1;
            let piece = self.piece_at(place.layer, place.span.start())?;
            if self.piece_at(place.layer, last)?.at != piece.at {
                return None;
            }
            if piece.exact {
                let start = piece.from.span.start() + place.span.start() - piece.at as usize;
                place = Place::new(piece.from.layer, Span::new(start, start + place.span.len()));
                continue;
            }
            if let Some(definition) = self.definitions.get(&piece.from) {
                let whole = self.piece_span(place.layer, piece) == place.span;
                return Some(Variable { definition: Some(*definition), whole });
            }
            if self.is_reference(place.layer, piece) {
                return Some(Variable { definition: None, whole: false });
            }
            place = piece.from;
        }
        None
    }

    /// The bytes of a layer that a piece is.
    pub(super) fn piece_span(&self, layer: LayerId, piece: &Piece) -> Span {
        let next = self.pieces_of(layer).iter().find(|next| next.at > piece.at);
        let end = next.map_or(self.get(layer).text.len(), |next| next.at as usize);
        Span::new(piece.at as usize, end)
    }

    /// Whether a piece stands for the name of a variable, and not for an escape.
    fn is_reference(&self, layer: LayerId, piece: &Piece) -> bool {
        let expands = matches!(
            self.codec(layer),
            Codec::ShellWord
                | Codec::FishWord
                | Codec::PowerShellWord(_)
                | Codec::CmdWord
                | Codec::CmdLine { .. }
                | Codec::HereDocument { .. }
                | Codec::Joined
                | Codec::Code(_)
                | Codec::Quoted(_)
        );
        let is_name = |char: char| char.is_alphabetic() || "$%!{_".contains(char);
        let written = self.text(piece.from);
        // An escape is one character, written as a mark and what follows it.
        expands && written.starts_with(is_name) && self.piece_span(layer, piece).len() > 1
    }

    /// Where the text of a place is written: bytes of the source, in the order of the text. Text that
    /// follows from something else, such as the `&` between two options, is written nowhere. None
    /// where the place holds a part of an escape.
    pub fn written(&self, place: Place) -> Option<Vec<Span>> {
        let mut spans: Vec<Span> = Vec::new();
        self.collect_written(place, &mut spans)?;
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if last.end() == span.start() => *last = last.hull(span),
                _ => joined.push(span),
            }
        }
        Some(joined)
    }

    fn collect_written(&self, place: Place, spans: &mut Vec<Span>) -> Option<()> {
        if place.layer == LayerId::ROOT {
            spans.extend((!place.span.is_empty()).then_some(place.span));
            return Some(());
        }
        if let Some(whole) = self.word_run(place) {
            return self.collect_written(whole, spans);
        }
        for (piece, part) in self.pieces_in(place) {
            if piece.exact {
                let at = piece.from.span.start() + part.start() - piece.at as usize;
                let from = Span::new(at, at + part.len());
                self.collect_written(Place::new(piece.from.layer, from), spans)?;
                continue;
            }
            let whole = part.start() == piece.at as usize
                && (part.end() == self.get(place.layer).text.len()
                    || self.piece_at(place.layer, part.end())?.at as usize == part.end());
            let stands_there = match self.codec(place.layer) {
                Codec::Implied => false,
                Codec::Joined => {
                    let from = self.text(piece.from);
                    !from.is_empty() && from.trim().is_empty()
                }
                _ => true,
            };
            match (stands_there, whole) {
                (false, _) => {}
                (true, true) => self.collect_written(piece.from, spans)?,
                (true, false) => return None,
            }
        }
        Some(())
    }

    /// All between the two ends of a place in a word, where both stand in the same quotes: then
    /// quotes that are closed and opened in between go with it.
    fn word_run(&self, place: Place) -> Option<Place> {
        let codec = self.codec(place.layer);
        let is_word =
            matches!(codec, Codec::ShellWord | Codec::FishWord | Codec::PowerShellWord(_));
        let mut pieces = self.pieces_in(place).filter(|_| is_word);
        let (first, _) = pieces.next()?;
        let (last, _) = pieces.last()?;
        let same = first.quote == last.quote && first.quote != Quote::None;
        let exact = first.exact && last.exact;
        (same && exact).then(|| self.parent_hull(place))?
    }

    /// The pieces that a place has a part of, with that part.
    pub(super) fn pieces_in(&self, place: Place) -> impl Iterator<Item = (&Piece, Span)> {
        let pieces = self.pieces_of(place.layer);
        let end = self.get(place.layer).text.len();
        let first = pieces.partition_point(|piece| piece.at as usize <= place.span.start());
        let first = first.saturating_sub(1);
        let ends = pieces.iter().skip(first + 1).map(|piece| piece.at as usize).chain([end]);
        let parts = pieces.iter().skip(first).zip(ends).map(move |(piece, end)| {
            let start = place.span.start().max(piece.at as usize);
            (piece, start, end.min(place.span.end()))
        });
        let overlapping = parts.skip_while(|(_, start, end)| start >= end);
        overlapping
            .take_while(|(_, start, end)| start < end)
            .map(|(piece, start, end)| (piece, Span::new(start, end)))
    }

    /// One step outwards: where the text of a place starts.
    pub fn parent_start(&self, place: Place) -> Option<Place> {
        let piece = self.piece_at(place.layer, place.span.start())?;
        let inside = if piece.exact { place.span.start() - piece.at as usize } else { 0 };
        let at = piece.from.span.start() + inside.min(piece.from.span.len());
        let end = if inside < piece.from.span.len() { piece.from.span.end() } else { at };
        Some(Place::new(piece.from.layer, Span::new(at, end.min(at + place.span.len()).max(at))))
    }

    /// The places that a text was put together from; itself where it was not.
    pub fn sources_of(&self, place: Place) -> Vec<Place> {
        if !matches!(self.codec(place.layer), Codec::Joined) {
            return vec![place];
        }
        let own = self.pieces_in(place).filter(|(piece, _)| piece.exact);
        let from = own.map(|(piece, part)| {
            let at = piece.from.span.start() + part.start() - piece.at as usize;
            Place::new(piece.from.layer, Span::new(at, at + part.len()))
        });
        from.flat_map(|place| self.sources_of(place)).collect()
    }

    /// The quoting of the byte at `at` of a layer.
    pub fn quote_at(&self, layer: LayerId, at: usize) -> Option<Quote> {
        (at < self.get(layer).text.len())
            .then(|| self.piece_at(layer, at))?
            .map(|piece| piece.quote)
    }
}
