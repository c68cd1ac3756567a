//! Layers: texts that were decoded out of other texts, with the way back.
//!
//! A request is text inside text: a percent-encoded value in a URL in a JSON string in a quoted
//! shell word in a file. Each decoding step makes a [layer](Layers::layer) that knows, piece by
//! piece, which bytes of its parent each of its own bytes came from. A [`Place`] is a span in one
//! layer; [`Layers::root_span`] carries it outwards to the bytes of the file.
//!
//! All layers of a document share one arena, so that a layer without escapes costs no copy.

mod builder;
mod mark;
mod word;

pub use builder::LayerBuilder;

use crate::span::Span;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Names one layer of a [`Layers`] arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LayerId(u32);

impl LayerId {
    /// The source text itself, as it was read.
    pub const ROOT: LayerId = LayerId(0);

    fn index(self) -> usize {
        self.0 as usize
    }
}

/// A span in one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The layer whose bytes `span` counts.
    pub layer: LayerId,
    /// Bytes of that layer's text.
    pub span: Span,
}

impl Place {
    /// The place `span` in `layer`.
    pub fn new(layer: LayerId, span: Span) -> Self {
        Place { layer, span }
    }

    /// A span of the source text.
    pub fn root(span: Span) -> Self {
        Place { layer: LayerId::ROOT, span }
    }

    /// The part `inner` of this place, counted from its start.
    #[expect(clippy::should_implement_trait, reason = "nothing is subtracted")]
    pub fn sub(self, inner: Span) -> Self {
        let span = inner.shifted(self.span.start());
        debug_assert!(self.span.contains(span), "a part lies inside its whole");
        Place { layer: self.layer, span }
    }

    /// The empty place at its end.
    pub fn end(self) -> Self {
        Place { layer: self.layer, span: Span::empty(self.span.end()) }
    }
}

/// Why a part of a text is not known before run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoleKind {
    /// A shell or environment variable: `$NAME`, `${NAME}`.
    Variable,
    /// The output of a command: `$(…)`, backticks; also text that a pipe or a descriptor brings.
    Command,
    /// The content of a file: `@file`.
    File,
    /// A placeholder of a document or template: `{origin}`, `{{name}}`, `<key>`.
    Placeholder,
    /// One of several texts that a glob in a URL makes: `[1-3]`, `{a,b}`.
    Glob,
    /// What a log does not show: `[Filtered]`, `***`.
    Masked,
    /// A value that the client computes: a signature, a time, bytes that are not UTF-8.
    Computed,
}

/// A range of a layer's text that stands for text which is not known yet.
///
/// The layer's text holds it as it was written, so that messages can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Bytes of the layer's text.
    pub span: Span,
    /// Why it is unknown.
    pub kind: HoleKind,
}

/// The quoting of one piece of a shell word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Quote {
    /// No quotes.
    #[default]
    None,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `$'…'`
    Ansi,
    /// `@'…'@` of PowerShell, where nothing is special.
    Here,
    /// `@"…"@` of PowerShell, where quotes are not special.
    HereDouble,
}

/// Where a percent-encoded text stands; decides which characters need encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// A segment of a path (RFC 3986, section 3.3).
    Segment,
    /// A name or value in a query.
    Query,
    /// A name or value of `application/x-www-form-urlencoded`, where `+` is a space.
    Form,
}

/// What becomes of the double quotes in an argument of PowerShell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// They are passed on: to a cmdlet always, to a program since PowerShell 7.3.
    Exact,
    /// They are written `\"`, since Windows PowerShell does not escape them for a program.
    Escaped,
}

/// How a string in configuration or code holds what cannot stand in it as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoting {
    /// What ends it.
    pub quote: char,
    /// How such a quote is written inside of it.
    pub escape: Escape,
    /// Whether line breaks may stand in it.
    pub lines: bool,
    /// Whether braces stand twice, since one begins a value.
    pub braces: bool,
}

/// How a quote stands inside of a string that it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Not at all.
    None,
    /// Twice.
    Doubled,
    /// Behind a backslash, which is special itself.
    Backslash,
}

/// A language of programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JavaScript and TypeScript.
    JavaScript,
    /// Python.
    Python,
}

/// How a layer's text was decoded, and so how new text is encoded back into its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Codec {
    /// The text as it was read.
    Source,
    /// One word of POSIX or bash text; the [`Quote`] of each piece says in which style.
    ShellWord,
    /// One word of fish text.
    FishWord,
    /// One word of PowerShell text.
    PowerShellWord(Passing),
    /// One argument in a command line of Windows, by the rules of the C runtime; the quote of a
    /// piece says whether it stands between `"`.
    CmdWord,
    /// A command of cmd, as the program gets it: without carets and line joins. The quote of a
    /// piece says whether cmd takes it for quoted.
    CmdLine {
        /// Whether it stands in a batch file, where `%%` is a percent sign.
        batch: bool,
    },
    /// The body of a here-document; `expands` if its delimiter was not quoted.
    HereDocument {
        /// Whether the shell expands `$` in it.
        expands: bool,
    },
    /// Lines that each lose a prefix: a block quote, an indented block.
    Lines {
        /// What stands before each line in the parent.
        prefix: String,
    },
    /// The text of a program.
    Code(Language),
    /// The inside of a JSON string, or of another one with the same escapes.
    JsonString,
    /// A number or a word where other texts stand in quotes.
    Literal,
    /// The inside of a string in configuration or code.
    Quoted(Quoting),
    /// A scalar of YAML without quotes; `flow` if it stands between brackets.
    YamlPlain {
        /// Whether brackets and commas end it.
        flow: bool,
    },
    /// A block of YAML whose lines are folded.
    YamlFolded,
    /// A percent-encoded component of a URL or a form.
    Percent(Component),
    /// Text that the client percent-encodes before it sends it (`--data-urlencode`).
    Encoded,
    /// The content of a part of curl's `-F`.
    FormPart {
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// Several places one after the other, such as the texts of two `-d`.
    Joined,
    /// The text of a file that the source names. Nothing is written into it.
    Foreign,
    /// A text that is not written anywhere but follows from its origin, such as the `POST` of `-d`.
    Implied,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where the piece starts in the layer's text.
    at: u32,
    from: Place,
    /// Byte for byte; otherwise the piece stands for `from` as a whole.
    exact: bool,
    quote: Quote,
}

/// A variable that brings a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variable {
    /// Where its value is written, quotes included, as far as that is followed.
    pub(crate) definition: Option<Place>,
    /// Whether the text is all of its value.
    pub(crate) whole: bool,
}

#[derive(Clone, Copy, Debug)]
enum Home {
    Source,
    Decoded,
}

#[derive(Clone, Debug)]
struct Layer {
    home: Home,
    text: Span,
    pieces: Span,
    holes: Span,
    /// What the layer as a whole was decoded from: the word with its quotes, the string with its.
    origin: Place,
    codec: Codec,
}

/// Files that a source may name (`@body.json`), where the caller can read them.
pub trait Files: std::fmt::Debug + Sync {
    /// The text of the file at `path`, as it is written in the source. None where it is not known:
    /// then it stays a hole.
    fn read(&self, path: &str) -> Option<String>;
}

/// Texts of files in one document are no more than this many bytes in all.
const MOST_FOREIGN: usize = 64 << 20;

/// The layers of one document, innermost last.
#[derive(Clone, Debug)]
pub struct Layers<'s> {
    source: &'s str,
    files: Option<&'s dyn Files>,
    /// Where the values are written of the variables that are used somewhere.
    definitions: HashMap<Place, Place>,
    /// Bytes of files that were read.
    foreign: usize,
    decoded: String,
    layers: Vec<Layer>,
    pieces: Vec<Piece>,
    holes: Vec<Hole>,
}

impl<'s> Layers<'s> {
    /// An arena that holds only the source text.
    pub fn new(source: &'s str) -> Self {
        let all = Span::new(0, source.len());
        let root = Layer {
            home: Home::Source,
            text: all,
            pieces: Span::empty(0),
            holes: Span::empty(0),
            origin: Place::root(all),
            codec: Codec::Source,
        };
        Layers {
            source,
            files: None,
            definitions: HashMap::new(),
            foreign: 0,
            decoded: String::new(),
            layers: vec![root],
            pieces: Vec::new(),
            holes: Vec::new(),
        }
    }

    /// From here on, the files that the source names are looked up there.
    pub fn resolve(&mut self, files: &'s dyn Files) {
        self.files = Some(files);
    }

    /// The text of the file whose path stands at `path`, as a layer of its own, where it is known.
    ///
    /// All of it stands for the path in the source: that is where a diagnostic about it points.
    pub fn file(&mut self, path: Place) -> Option<Place> {
        let files = self.files.filter(|_| !self.has_hole(path) && !path.span.is_empty())?;
        let text = files.read(self.text(path))?;
        self.foreign += text.len();
        if self.foreign > MOST_FOREIGN {
            return None;
        }
        let mut layer = self.layer(Codec::Foreign, path);
        layer.escape(&text, path, Quote::None);
        let id = layer.finish();
        Some(self.whole(id))
    }

    /// The text of a file beside the source that the source does not name, where files are read.
    pub(crate) fn file_beside(&self, path: &str) -> Option<String> {
        self.files?.read(path).filter(|text| text.len() <= MOST_FOREIGN)
    }

    /// Whether a place, at its start or its end, is the text of another file.
    pub fn is_foreign(&self, place: Place) -> bool {
        let last = place.span.end().max(place.span.start() + 1) - 1;
        [place.span.start(), last].into_iter().any(|at| {
            let (mut layer, mut at) = (place.layer, at);
            while layer != LayerId::ROOT && self.get(layer).codec != Codec::Foreign {
                let (from, inside) = match self.piece_at(layer, at) {
                    Some(piece) if piece.exact => (piece.from, at - piece.at as usize),
                    Some(piece) => (piece.from, 0),
                    None => (self.get(layer).origin, 0),
                };
                (layer, at) = (from.layer, from.span.start() + inside);
            }
            layer != LayerId::ROOT
        })
    }

    /// The source text, as it was read.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// The whole text of a layer, as a place.
    pub fn whole(&self, id: LayerId) -> Place {
        Place::new(id, Span::new(0, self.get(id).text.len()))
    }

    /// The decoded text of a place; holes stand in it as they were written.
    pub fn text(&self, place: Place) -> &str {
        let layer = self.get(place.layer);
        let range = place.span.shifted(layer.text.start()).range();
        match layer.home {
            Home::Source => &self.source[range],
            Home::Decoded => &self.decoded[range],
        }
    }

    /// Like [`text`](Self::text), but independent of the arena, so that layers can be added while
    /// it is read. Costs a copy only where the text was decoded.
    pub fn share(&self, place: Place) -> Cow<'s, str> {
        let layer = self.get(place.layer);
        let range = place.span.shifted(layer.text.start()).range();
        match layer.home {
            Home::Source => Cow::Borrowed(&self.source[range]),
            Home::Decoded => Cow::Owned(self.decoded[range].to_owned()),
        }
    }

    /// The holes of a place, in order, with spans counted from the start of the place.
    pub fn holes(&self, place: Place) -> impl Iterator<Item = Hole> + '_ {
        self.hole_range(place).map(move |index| self.hole_at(index, place))
    }

    /// Whether any part of the place is not known before run time.
    pub fn has_hole(&self, place: Place) -> bool {
        !self.hole_range(place).is_empty()
    }

    /// The holes that a place has a part of, in the list of all holes.
    fn hole_range(&self, place: Place) -> Range<usize> {
        let all = self.get(place.layer).holes;
        let holes = &self.holes[all.range()];
        if holes.is_empty() {
            return 0..0;
        }
        let first = holes.partition_point(|hole| hole.span.end() <= place.span.start());
        let last = holes.partition_point(|hole| hole.span.start() < place.span.end());
        all.start() + first..all.start() + last.max(first)
    }

    /// The part of a hole that a place has, counted from the start of the place.
    fn hole_at(&self, index: usize, place: Place) -> Hole {
        let Hole { span, kind } = self.holes[index];
        let offset = place.span.start();
        let start = span.start().max(offset) - offset;
        let end = span.end().min(place.span.end()) - offset;
        Hole { span: Span::new(start, end), kind }
    }

    /// How the layer was decoded.
    pub fn codec(&self, id: LayerId) -> &Codec {
        &self.get(id).codec
    }

    /// What the layer as a whole was decoded from, quotes included.
    pub fn origin(&self, id: LayerId) -> Place {
        self.get(id).origin
    }

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

    fn get(&self, id: LayerId) -> &Layer {
        &self.layers[id.index()]
    }

    fn pieces_of(&self, id: LayerId) -> &[Piece] {
        &self.pieces[self.get(id).pieces.range()]
    }

    /// The piece that byte `at` of the layer's text belongs to.
    fn piece_at(&self, id: LayerId, at: usize) -> Option<&Piece> {
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

    /// Notes that the value of the variable that is used at `used` is written at `definition`.
    pub(crate) fn define(&mut self, used: Place, definition: Place) {
        self.definitions.insert(used, definition);
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
    fn piece_span(&self, layer: LayerId, piece: &Piece) -> Span {
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
    fn pieces_in(&self, place: Place) -> impl Iterator<Item = (&Piece, Span)> {
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

    /// Starts a layer that is decoded from `origin`.
    pub fn layer(&mut self, codec: Codec, origin: Place) -> LayerBuilder<'_, 's> {
        LayerBuilder::new(self, codec, origin)
    }

    /// A layer whose text follows from `origin` but is not written there.
    pub fn implied(&mut self, text: &str, origin: Place) -> Place {
        let mut layer = self.layer(Codec::Implied, origin);
        layer.escape(text, origin, Quote::None);
        let id = layer.finish();
        self.whole(id)
    }

    /// A layer of the lines of `place`, each without `prefix` before it: the inside of a block
    /// quote or an indented block. A line that holds less loses what it has of the prefix.
    pub fn without_prefix(&mut self, place: Place, prefix: &str) -> Place {
        let text = self.share(place);
        let mut layer = self.layer(Codec::Lines { prefix: prefix.to_owned() }, place);
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let shared =
                line.bytes().zip(prefix.bytes()).take_while(|(one, two)| one == two).count();
            // A prefix is ASCII; part of a character is never taken for it.
            let lost = if line.is_char_boundary(shared) { shared } else { 0 };
            layer.exact(place.sub(Span::new(at + lost, at + line.len())), Quote::None);
            at += line.len();
        }
        let id = layer.finish();
        self.whole(id)
    }

    /// A layer with the same bytes as `place`, in which new text is encoded by `codec`.
    pub fn wrap(&mut self, codec: Codec, place: Place) -> Place {
        let mut layer = self.layer(codec, place);
        layer.exact(place, Quote::None);
        let id = layer.finish();
        self.whole(id)
    }
}
