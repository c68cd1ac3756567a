//! `--trace-ascii` of curl: what was received and sent, in blocks of lines with offsets.

use super::marks::is_verbose_failure;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::span::Span;

/// What a trace holds.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// The received bytes in order, as one text: header fields and content.
    pub(super) received: Option<Place>,
    /// The lines of each request that was sent.
    pub(super) sent: Vec<Vec<Place>>,
    /// What the client said of a failure.
    pub(super) failure: Option<Place>,
}

/// Whether a text is a trace.
pub(super) fn is_trace(text: &str) -> bool {
    let mut lines = text.lines().map(|line| without_time(line).0);
    lines.any(|line| block_of(line).is_some())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Info,
    ReceivedHeader,
    ReceivedData,
    SentHeader,
    Other,
}

fn block_of(line: &str) -> Option<Block> {
    let is = |mark: &str| line.starts_with(mark);
    Some(match () {
        () if is("== Info: ") => Block::Info,
        () if is("<= Recv header, ") => Block::ReceivedHeader,
        () if is("<= Recv data, ") => Block::ReceivedData,
        () if is("=> Send header, ") => Block::SentHeader,
        () if is("=> Send ") || is("<= Recv ") => Block::Other,
        () => return None,
    })
}

/// The line without the time of `--trace-time`, and how much that was.
fn without_time(line: &str) -> (&str, usize) {
    let bytes = line.as_bytes();
    let is_time = bytes.len() > 16 && bytes[2] == b':' && bytes[5] == b':' && bytes[8] == b'.';
    match line.split_once(' ') {
        Some((time, rest)) if is_time => (rest, time.len() + 1),
        _ => (line, 0),
    }
}

/// Reads the trace in `region`, whose text is `text`.
pub(super) fn read_trace(layers: &mut Layers<'_>, region: Place, text: &str) -> Trace {
    let mut trace = Trace::default();
    let mut block = Block::Other;
    let mut pieces: Vec<Piece> = Vec::new();
    let lines: Vec<Span> = crate::parse::lines::lines(text, Span::new(0, text.len())).collect();
    for (number, line) in lines.iter().enumerate() {
        let written = &text[line.range()];
        let (inner, cut) = without_time(written);
        if let Some(next) = block_of(inner) {
            block = next;
            let start = line.start() + cut;
            if block == Block::Info {
                let words = format!("* {}", &inner["== Info: ".len()..]);
                if is_verbose_failure(&words) {
                    let start = start + "== Info: ".len();
                    trace.failure = Some(region.sub(Span::new(start, line.end())));
                }
            }
            if block == Block::SentHeader {
                trace.sent.push(Vec::new());
            }
            continue;
        }
        let Some(offset) = offset_of(written) else { continue };
        let data = Span::new(line.start() + offset, line.end());
        match block {
            Block::SentHeader => {
                if let Some(sent) = trace.sent.last_mut().filter(|_| !data.is_empty()) {
                    sent.push(region.sub(data));
                }
            }
            // A header field is a block of its own; content goes on from line to line, unless a
            // line end of it was shown as one.
            Block::ReceivedHeader => pieces.push(Piece { data, ends: true }),
            Block::ReceivedData => {
                let next = lines.get(number + 1).map_or("", |line| &text[line.range()]);
                let short = data.len() < FULL_LINE && offset_of(next).is_some();
                pieces.push(Piece { data, ends: short });
            }
            Block::Info | Block::Other => {}
        }
    }
    trace.received = join(layers, region, &pieces);
    trace
}

/// How many bytes of content a line of a trace holds at most.
const FULL_LINE: usize = 64;

struct Piece {
    data: Span,
    /// Whether a line ends behind it.
    ends: bool,
}

fn join(layers: &mut Layers<'_>, region: Place, pieces: &[Piece]) -> Option<Place> {
    let whole = pieces.iter().map(|piece| piece.data).reduce(Span::hull)?;
    let mut layer = layers.layer(Codec::Joined, region.sub(whole));
    for piece in pieces {
        layer.exact(region.sub(piece.data), Quote::None);
        if piece.ends {
            layer.escape("\n", region.sub(piece.data).end(), Quote::None);
        }
    }
    let id = layer.finish();
    Some(layers.whole(id))
}

/// The length of `0040: ` at the start of a line of data.
fn offset_of(line: &str) -> Option<usize> {
    let (offset, _) = line.split_once(':')?;
    let is_offset = offset.len() >= 4 && offset.bytes().all(|byte| byte.is_ascii_hexdigit());
    let space = usize::from(line[offset.len() + 1..].starts_with(' '));
    is_offset.then_some(offset.len() + 1 + space)
}
