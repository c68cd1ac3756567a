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
mod outward;
mod word;

pub use builder::LayerBuilder;

use crate::span::Span;
use std::borrow::Cow;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::ops::Range;

/// Names one layer of a [`Layers`] arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LayerId(NonZeroU32);

impl LayerId {
    /// The source text itself, as it was read.
    pub const ROOT: LayerId = LayerId(NonZeroU32::MIN);

    fn of(index: usize) -> Self {
        let id = u32::try_from(index).ok().and_then(|index| NonZeroU32::MIN.checked_add(index));
        LayerId(id.expect("fewer layers than bytes"))
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
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
        prefix: Box<str>,
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

    fn get(&self, id: LayerId) -> &Layer {
        &self.layers[id.index()]
    }

    fn pieces_of(&self, id: LayerId) -> &[Piece] {
        &self.pieces[self.get(id).pieces.range()]
    }

    /// Notes that the value of the variable that is used at `used` is written at `definition`.
    pub(crate) fn define(&mut self, used: Place, definition: Place) {
        self.definitions.insert(used, definition);
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
        let mut layer = self.layer(Codec::Lines { prefix: prefix.into() }, place);
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
