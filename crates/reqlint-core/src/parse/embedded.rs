//! Blocks of code in other texts: which language one is in, and who reads it.
//!
//! Called by the readers of documents with the text of a block and the word that names its
//! language, if there is one.

use super::detect::{looks_like_requests, recognize};
use super::{cmd, collection, dialect, fish, http, powershell, request_object, toml, yaml};
use crate::layer::{Layers, Place};
use crate::model::{Document, Finding, FindingKind, Kind};
use crate::span::Span;

/// What is noticed of texts that hold no request is no mistake in a document, which shows answers
/// and other things, too.
const OF_OTHER_TEXTS: [FindingKind; 2] = [FindingKind::NotARequest, FindingKind::UnclosedQuote];

/// The language of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// Commands, in the dialect that they show.
    Commands,
    /// One of the kinds that a file can be of.
    Kind(Kind),
    /// None is named, so the content tells.
    Unknown,
    /// One that holds no requests.
    Other,
}

impl Language {
    /// The language that a word names, as documents name it.
    pub(crate) fn named(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "" | "text" | "txt" | "plaintext" | "plain" | "none" | "request" | "example" => {
                Language::Unknown
            }
            "sh" | "bash" | "zsh" | "shell" | "console" | "shell-session" | "shellsession"
            | "sh-session" | "bash-session" | "terminal" | "curl" | "ksh" | "cli" | "wget"
            | "commandline" | "command-line" | "command" | "shellscript" | "httpie" => {
                Language::Commands
            }
            "http" | "https" | "rest" => Language::Kind(Kind::Http),
            "json" | "json5" | "jsonc" => Language::Kind(Kind::Json),
            "ndjson" | "jsonl" => Language::Kind(Kind::Ndjson),
            "powershell" | "ps1" | "pwsh" | "posh" | "ps" => Language::Kind(Kind::PowerShell),
            "cmd" | "bat" | "batch" | "dosbatch" | "doscon" | "dos" => Language::Kind(Kind::Cmd),
            "fish" => Language::Kind(Kind::Fish),
            "yaml" | "yml" => Language::Kind(Kind::Yaml),
            "toml" => Language::Kind(Kind::Toml),
            "hurl" => Language::Kind(Kind::Hurl),
            "js" | "javascript" | "ts" | "typescript" | "jsx" | "tsx" | "mjs" | "node"
            | "nodejs" | "node.js" => Language::Kind(Kind::JavaScript),
            "py" | "python" | "python3" => Language::Kind(Kind::Python),
            "bru" => Language::Kind(Kind::Bruno),
            _ => Language::Other,
        }
    }
}

/// Adds the requests in a block of code to the document.
pub(crate) fn parse_block(document: &mut Document<'_>, block: Place, language: Language) {
    let found = document.findings.len();
    let first = document.requests.len();
    let text = document.layers.share(block);
    match language {
        Language::Commands => parse_console(document, block),
        Language::Kind(kind) => parse_kind(document, block, kind),
        Language::Unknown => match recognize(None, &text).map(|found| found.kind) {
            Some(Kind::Shell) => parse_console(document, block),
            Some(kind @ (Kind::Http | Kind::Json | Kind::Ndjson)) => {
                parse_kind(document, block, kind);
            }
            _ => {}
        },
        Language::Other => {}
    }
    let Document { layers, requests, .. } = document;
    for request in &mut requests[first..] {
        request.findings.retain(|finding| !is_of_documents(layers, finding));
    }
    let mut at = 0;
    document.findings.retain(|finding| {
        at += 1;
        at <= found || !OF_OTHER_TEXTS.contains(&finding.kind)
    });
}

/// Whether a finding is about what documents write on purpose: the line ends of the text around,
/// `...` and comments for what is left out, `<host>` for what the reader puts in, `[--option]`.
fn is_of_documents(layers: &Layers<'_>, finding: &Finding) -> bool {
    let whole = layers.text(layers.whole(finding.place.layer));
    let from = whole.get(finding.place.span.start()..).unwrap_or_default();
    let behind = &layers.source()[layers.root_span(finding.place).end()..];
    match finding.kind {
        FindingKind::CarriageReturn => true,
        FindingKind::MalformedJson => {
            ["...", "…", "//", "/*"].iter().any(|mark| from.starts_with(mark))
        }
        FindingKind::MalformedUrl => from.starts_with('<') || behind.starts_with('<'),
        FindingKind::DamagedGlob | FindingKind::UnquotedPattern => from.starts_with("[-"),
        _ => false,
    }
}

fn parse_kind(document: &mut Document<'_>, block: Place, kind: Kind) {
    match kind {
        Kind::PowerShell => powershell::parse_powershell(document, block),
        Kind::Cmd => cmd::parse_cmd(document, block),
        Kind::Fish => fish::parse_fish(document, block),
        Kind::Http => http::parse_http(document, block),
        Kind::Yaml => yaml::parse_yaml(document, block),
        #[cfg(feature = "snippets")]
        Kind::JavaScript => super::snippet::parse_javascript(document, block),
        #[cfg(feature = "snippets")]
        Kind::Python => super::snippet::parse_python(document, block),
        Kind::Hurl => collection::hurl::parse_hurl(document, block),
        Kind::Bruno => collection::bruno::parse_bruno(document, block),
        Kind::Toml => toml::parse_toml(document, block),
        // Most JSON in documents is an answer.
        Kind::Json if is_request(document, block, kind) => {
            request_object::parse_objects(document, block);
        }
        Kind::Ndjson if is_request(document, block, kind) => {
            request_object::parse_object_lines(document, block);
        }
        _ => {}
    }
}

fn is_request(document: &Document<'_>, block: Place, kind: Kind) -> bool {
    looks_like_requests(kind, document.layers.text(block))
}

/// Reads commands; where some follow prompts, what follows the others is what they printed.
fn parse_console(document: &mut Document<'_>, block: Place) {
    let text = document.layers.share(block);
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if is_prompt_line(line) {
            starts.push(at);
        }
        at += line.len();
    }
    if starts.is_empty() {
        return dialect::parse_commands(document, block);
    }
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(text.len());
        dialect::parse_commands(document, block.sub(Span::new(*start, end)));
    }
}

/// Whether a line starts with a prompt and a command.
fn is_prompt_line(line: &str) -> bool {
    let line = line.trim_start();
    let mark = |mark: &str| line.strip_prefix(mark).is_some_and(|rest| !rest.trim().is_empty());
    let named = |sign: &str| {
        line.split_once(sign).is_some_and(|(prompt, command)| {
            let is_prompt = prompt.contains('@') || prompt.starts_with("PS ") && sign == "> ";
            is_prompt && prompt.len() < 60 && !prompt.contains(['"', '\'']) && !command.is_empty()
        })
    };
    mark("$ ") || mark("% ") || mark("❯ ") || mark("➜ ") || named("$ ") || named("> ")
}
