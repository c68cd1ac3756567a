//! Reads one source: its bytes, as text, as the kind of document that it is.

use crate::arguments::SourceArguments;
use crate::beside::FilesBeside;
use crate::bytes::{self, Bytes};
use crate::output::plain;
use crate::walk::Input;
use reqlint_core::model::{Document, Kind};
use reqlint_core::parse::{
    Detection, ignores_file, looks_like_requests, parse, parse_with_files, recognize,
};
use std::io::{self, Read};
use std::path::Path;

/// Offsets are kept in 32 bits.
const MOST_BYTES: u64 = u32::MAX as u64;

/// What is longer is read in parts, where its lines can be read one by one.
const MOST_AT_ONCE: usize = 4 * 1024 * 1024;

/// A text that holds requests.
#[derive(Debug)]
pub(crate) struct Source {
    /// As it is shown.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) kind: Kind,
    /// What tells the kind.
    pub(crate) reason: String,
    /// Where the files are that it names, if these are to be read.
    pub(crate) files: Option<FilesBeside>,
}

impl Source {
    /// What it says.
    pub(crate) fn parse(&self) -> Document<'_> {
        match &self.files {
            Some(files) => parse_with_files(&self.text, self.kind, files),
            None => parse(&self.text, self.kind),
        }
    }
}

/// A text of lines that each hold a request, which is too long to be read at once.
pub(crate) struct LineSource {
    /// As it is shown.
    pub(crate) path: String,
    pub(crate) kind: Kind,
    /// What tells the kind.
    pub(crate) reason: String,
    /// Gone when they were read.
    pub(crate) bytes: Option<Bytes>,
}

impl std::fmt::Debug for LineSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LineSource").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What came of reading an input.
#[derive(Debug)]
pub(crate) enum Reading {
    /// It holds requests.
    Source(Source),
    /// It holds requests, one a line, and is long.
    Lines(LineSource),
    /// It holds none.
    PassedOver(String),
    /// Like [`PassedOver`](Reading::PassedOver), but the user should know without asking.
    Empty { why: String, text: String },
    /// It could not be read.
    Failed(String),
}

/// Reads an input whole.
pub(crate) fn read(input: &Input, arguments: &SourceArguments) -> Reading {
    match open(input, arguments) {
        Reading::Lines(lines) => read_whole(lines),
        other => other,
    }
}

/// Reads the lines of a long source all at once.
pub(crate) fn read_whole(lines: LineSource) -> Reading {
    let LineSource { path, kind, reason, bytes } = lines;
    let Some(bytes) = bytes else { return Reading::Failed(format!("{path}: read before")) };
    match read_all(bytes, Vec::new()) {
        Ok(text) => Reading::Source(Source { path, text, kind, reason, files: None }),
        Err(why) => Reading::Failed(format!("{path}: {why}")),
    }
}

/// Reads an input, or only the beginning of it where it can be read line by line.
pub(crate) fn open(input: &Input, arguments: &SourceArguments) -> Reading {
    let forced = arguments.forced_kind();
    let mut reading = match input {
        Input::Standard => {
            let name = arguments.stdin_filename.as_deref();
            read_standard_input(name, forced)
        }
        Input::File { path, named, included } => read_file(path, *named, *included, forced),
    };
    if let Reading::Source(source) = &mut reading
        && arguments.resolve_files
    {
        source.files = FilesBeside::new(&source.path);
    }
    reading
}

fn read_standard_input(name: Option<&str>, forced: Option<Kind>) -> Reading {
    let path = name.unwrap_or("<stdin>").to_owned();
    let name = name.map(|name| last_part(Path::new(name)));
    let known = |text: &str| kind_of(forced, name.as_deref().map(bytes::inner_name), text);
    let head = match bytes::of(Box::new(io::stdin())) {
        Ok(bytes) => Head::read(bytes, known),
        Err(error) => return Reading::Failed(format!("{path}: {}", plain(&error))),
    };
    match head {
        Err(why) => Reading::Failed(format!("{path}: {why}")),
        Ok(Head::Lines((kind, reason), bytes)) => {
            Reading::Lines(LineSource { path, kind, reason, bytes: Some(bytes) })
        }
        Ok(Head::Whole(text)) if text.trim().is_empty() => {
            let why = format!("{path}: empty, so there is nothing to check");
            Reading::Empty { why, text }
        }
        Ok(Head::Whole(text)) => match known(&text) {
            Some((kind, reason)) => {
                Reading::Source(Source { path, text, kind, reason, files: None })
            }
            None => {
                let why = format!("{path}: holds no request; `--kind` says how to read it");
                Reading::Empty { why, text }
            }
        },
    }
}

fn read_file(path: &Path, named: bool, included: bool, forced: Option<Kind>) -> Reading {
    let shown = path.display().to_string();
    let name = last_part(path);
    let known = |text: &str| {
        let is_meant = |kind: Kind| match named {
            true => may_be_requests(kind, text),
            false => looks_like_requests(kind, text),
        };
        let by_content = || kind_of(forced, None, text).filter(|_| included);
        let found = kind_of(forced, Some(bytes::inner_name(&name)), text).or_else(by_content);
        found.filter(|(kind, _)| forced.is_some() || is_meant(*kind))
    };
    let head = match open_file(path) {
        Ok(bytes) => Head::read(bytes, known),
        Err(why) => return Reading::Failed(format!("{shown}: {why}")),
    };
    match head {
        // A search meets many files that are about something else.
        Err(why) if !named && forced.is_none() && is_host(path) => {
            Reading::PassedOver(format!("{shown}: passed over, {why}"))
        }
        Err(why) => Reading::Failed(format!("{shown}: {why}")),
        Ok(Head::Lines((kind, reason), bytes)) => {
            Reading::Lines(LineSource { path: shown, kind, reason, bytes: Some(bytes) })
        }
        Ok(Head::Whole(text)) if forced.is_none() && ignores_file(&text) => Reading::PassedOver(
            format!("{shown}: passed over, as it asks for (`reqlint-ignore-file`)"),
        ),
        Ok(Head::Whole(text)) => match known(&text) {
            Some((kind, reason)) => {
                Reading::Source(Source { path: shown, text, kind, reason, files: None })
            }
            None => Reading::PassedOver(format!("{shown}: passed over, it holds no request")),
        },
    }
}

/// Whether files of that name only may hold requests.
fn is_host(path: &Path) -> bool {
    recognize(Some(&last_part(path)), "").is_some_and(|found| found.kind.is_host())
}

/// The beginning of a source.
enum Head {
    /// All of it.
    Whole(String),
    /// The beginning of many lines, with all the rest.
    Lines((Kind, String), Bytes),
}

impl Head {
    fn read(
        mut bytes: Bytes,
        known: impl Fn(&str) -> Option<(Kind, String)>,
    ) -> Result<Self, String> {
        let mut head = Vec::new();
        let limit = MOST_AT_ONCE as u64 + 1;
        (&mut bytes).take(limit).read_to_end(&mut head).map_err(|error| plain(&error))?;
        if head.len() <= MOST_AT_ONCE {
            return decode(head).map(Head::Whole);
        }
        let end = memchr::memrchr(b'\n', &head).unwrap_or(0);
        let lines = std::str::from_utf8(&head[..end]).ok().filter(|lines| !lines.is_empty());
        match lines.and_then(known).filter(|(kind, _)| kind.is_lines()) {
            Some(told) => Ok(Head::Lines(told, Box::new(io::Cursor::new(head).chain(bytes)))),
            None => read_all(Box::new(bytes), head).map(Head::Whole),
        }
    }
}

/// The text of all that is left behind a beginning.
fn read_all(bytes: Box<dyn Read + Send>, mut head: Vec<u8>) -> Result<String, String> {
    let left = (MOST_BYTES + 1).saturating_sub(head.len() as u64);
    bytes.take(left).read_to_end(&mut head).map_err(|error| plain(&error))?;
    decode(head)
}

/// The kind of a text, and what tells it.
fn kind_of(forced: Option<Kind>, name: Option<&str>, text: &str) -> Option<(Kind, String)> {
    match forced {
        Some(kind) => Some((kind, "`--kind` says so".to_owned())),
        None => recognize(name, text).map(|Detection { kind, reason }| (kind, reason.to_string())),
    }
}

/// Whether a named file is to be read: any but what may be about something else, such as JSON and
/// documents, since pre-commit names every file of a repository.
fn may_be_requests(kind: Kind, text: &str) -> bool {
    let is_json = matches!(kind, Kind::Json | Kind::Ndjson);
    match kind {
        _ if is_json && text.contains("\"method\"") => true,
        _ if is_json || kind.is_host() => looks_like_requests(kind, text),
        _ => true,
    }
}

fn last_part(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn open_file(path: &Path) -> Result<Bytes, String> {
    let file = std::fs::File::open(path).map_err(|error| plain(&error))?;
    bytes::of(Box::new(file)).map_err(|error| plain(&error))
}

const TOO_LARGE: &str = "larger than 4 GiB, which is more than can be checked at once";

fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(TOO_LARGE.to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let utf16 = matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
        let advice = if utf16 { "; it looks like UTF-16, save it as UTF-8" } else { "" };
        format!("not UTF-8 at byte {at}{advice}")
    })
}
