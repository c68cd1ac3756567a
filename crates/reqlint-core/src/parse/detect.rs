//! Which kind a text is: by its name, its first line, and what stands in it.

mod content;

pub use content::looks_like_requests;
pub(crate) use content::{is_call, is_command_line};

use super::access_log::is_log_line;
use super::http::is_sure_request_line;
use super::lines::{is_target, without_comment};
use crate::model::Kind;
use crate::span::Span;
use content::{first_word, is_blank_or_comment, json_kind, log_kind, yaml_kind};
use std::fmt;

/// The kind of a text, and why it is taken for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// How the text is to be read.
    pub kind: Kind,
    /// What tells it.
    pub reason: Reason,
}

/// What tells the kind of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The ending of its name.
    Ending(&'static str),
    /// The program in its first line.
    Shebang(String),
    /// Something that stands in it.
    Content(&'static str),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Ending(ending) => write!(f, "its name ends in `.{ending}`"),
            Reason::Shebang(program) => write!(f, "its first line asks for `{program}`"),
            Reason::Content(what) => write!(f, "it holds {what}"),
        }
    }
}

/// Endings of names, the longer ones first, and the kinds that they tell.
const ENDINGS: &[(&str, Kind)] = &[
    ("ndjson", Kind::Ndjson),
    ("jsonl", Kind::Ndjson),
    ("json", Kind::Json),
    ("har", Kind::Har),
    ("log", Kind::AccessLog),
    ("hurl", Kind::Hurl),
    ("bru", Kind::Bruno),
    ("http", Kind::Http),
    ("rest", Kind::Http),
    ("sh", Kind::Shell),
    ("bash", Kind::Shell),
    ("zsh", Kind::Shell),
    ("curl", Kind::Shell),
    ("bat", Kind::Cmd),
    ("cmd", Kind::Cmd),
    ("ps1", Kind::PowerShell),
    ("fish", Kind::Fish),
    ("url", Kind::Urls),
    ("urls", Kind::Urls),
    ("md", Kind::Markdown),
    ("markdown", Kind::Markdown),
    ("mdx", Kind::Markdown),
    ("adoc", Kind::Asciidoc),
    ("asciidoc", Kind::Asciidoc),
    ("rst", Kind::Rst),
    ("yml", Kind::Yaml),
    ("yaml", Kind::Yaml),
    ("toml", Kind::Toml),
    ("mjs", Kind::JavaScript),
    ("cjs", Kind::JavaScript),
    ("js", Kind::JavaScript),
    ("jsx", Kind::JavaScript),
    ("mts", Kind::JavaScript),
    ("ts", Kind::JavaScript),
    ("tsx", Kind::JavaScript),
    ("py", Kind::Python),
];

/// Programs that a first line asks for, and the kinds of what they run.
const PROGRAMS: &[(&str, Kind)] = &[
    ("sh", Kind::Shell),
    ("bash", Kind::Shell),
    ("dash", Kind::Shell),
    ("ksh", Kind::Shell),
    ("zsh", Kind::Shell),
    ("fish", Kind::Fish),
    ("pwsh", Kind::PowerShell),
    ("powershell", Kind::PowerShell),
    ("node", Kind::JavaScript),
    ("python", Kind::Python),
    ("python3", Kind::Python),
];

/// The kind that a text most likely is. None where nothing in it looks like a request.
pub fn detect(name: Option<&str>, text: &str) -> Option<Kind> {
    recognize(name, text).map(|found| found.kind)
}

/// The kind that a text most likely is, by its file name (the last part of its path, if it has
/// one), its first line and its content, with the reason.
pub fn recognize(name: Option<&str>, text: &str) -> Option<Detection> {
    let text = text.strip_prefix(super::BYTE_ORDER_MARK).unwrap_or(text);
    if let Some(found) = name.and_then(|name| by_name(name, text)) {
        return Some(found);
    }
    if let Some(found) = by_shebang(text) {
        return Some(found);
    }
    let extension = name.and_then(|name| name.rsplit_once('.')).map_or("", |(_, rest)| rest);
    // The part after the last dot of a name like `request.v2` says nothing.
    let says_nothing = matches!(extension.to_ascii_lowercase().as_str(), "" | "txt" | "text")
        || extension.bytes().all(|byte| byte.is_ascii_digit());
    if says_nothing { by_content(text) } else { None }
}

/// Whether files of that name are worth a look when a folder is searched.
pub fn may_hold_requests(name: &str) -> bool {
    ending(name).is_some() || name.to_ascii_lowercase().ends_with(".txt")
}

fn ending(name: &str) -> Option<&'static (&'static str, Kind)> {
    let name = name.to_ascii_lowercase();
    let name = without_rotation(&name);
    ENDINGS.iter().find(|(ending, _)| {
        name.strip_suffix(ending).is_some_and(|stem| stem.ends_with('.') && stem.len() > 1)
    })
}

/// The name that a log had before it was put aside: `access.log` of `access.log.1` and of
/// `access.log-20260131`.
fn without_rotation(name: &str) -> &str {
    let is_counted = |char: char| char.is_ascii_digit() || matches!(char, '-' | '_' | '.');
    let stem = name.trim_end_matches(is_counted);
    if stem.ends_with(".log") { stem } else { name }
}

fn by_name(name: &str, text: &str) -> Option<Detection> {
    let &(ending, kind) = ending(name)?;
    let told = match kind {
        Kind::Json => json_kind(text),
        Kind::Yaml => yaml_kind(text),
        // Logs are of many kinds, so the ending alone tells nothing.
        Kind::AccessLog => Some(log_kind(text)?),
        _ => None,
    };
    if let Some((kind, what)) = told {
        return Some(Detection { kind, reason: Reason::Content(what) });
    }
    Some(Detection { kind, reason: Reason::Ending(ending) })
}

fn by_shebang(text: &str) -> Option<Detection> {
    let line = text.lines().next()?.strip_prefix("#!")?;
    let program =
        line.split(['/', ' ']).rfind(|part| !part.is_empty() && !part.starts_with('-'))?;
    let known = |(name, _): &&(&str, Kind)| *name == program;
    let &(_, kind) = PROGRAMS.iter().find(known)?;
    Some(Detection { kind, reason: Reason::Shebang(program.to_owned()) })
}

fn by_content(text: &str) -> Option<Detection> {
    let found = |kind, what| Some(Detection { kind, reason: Reason::Content(what) });
    let content = text.trim_start();
    let is_placeholder = content.starts_with("{{") || is_target(first_word(content));
    if content.starts_with('[') || (content.starts_with('{') && !is_placeholder) {
        let (kind, what) = json_kind(text).unwrap_or((Kind::Json, "JSON"));
        return found(kind, what);
    }
    if text.lines().any(|line| line.starts_with("```") || line.starts_with("~~~")) {
        return found(Kind::Markdown, "code fences");
    }
    if text.lines().any(is_command_line) {
        return found(Kind::Shell, "a command that sends a request");
    }
    let first = text.lines().map(str::trim).find(|line| !is_blank_or_comment(line))?;
    if is_log_line(first) {
        return found(Kind::AccessLog, "lines of an access log");
    }
    if is_sure_request_line(first) {
        return found(Kind::Http, "a request line");
    }
    if is_url_line(first) && are_mostly_urls(text) { found(Kind::Urls, "URLs") } else { None }
}

/// Whether a line is nothing but a URL, in a text that nobody calls a list of them.
fn is_url_line(line: &str) -> bool {
    let line = &line[without_comment(line, Span::new(0, line.len())).range()];
    let is_marked = line.contains("://")
        || line.starts_with(['/', '{', '$', '<'])
        || line.contains('.') && line.contains('/');
    !line.contains(char::is_whitespace) && is_marked && is_target(line)
}

fn are_mostly_urls(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !is_blank_or_comment(line));
    let (mut urls, mut others) = (0, 0);
    for line in lines {
        *(if is_url_line(line) { &mut urls } else { &mut others }) += 1;
    }
    urls > others
}
