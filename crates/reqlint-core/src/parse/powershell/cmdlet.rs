//! `Invoke-WebRequest` and `Invoke-RestMethod`: words → the request (their pages in the
//! documentation of Microsoft.PowerShell.Utility).

mod build;
mod value;

use super::Reader;
use super::native::Found;
use super::parameter::{Effect, is_own_parameter, nearest, parameter};
use crate::layer::Place;
use crate::model::{Finding, FindingKind};
use crate::parse::shell::Word;
use crate::span::Span;

/// Whether a word names one of the cmdlets.
pub(super) fn is_cmdlet(text: &str) -> bool {
    const NAMES: [&str; 5] = ["Invoke-WebRequest", "Invoke-RestMethod", "iwr", "irm", "wget"];
    NAMES.iter().any(|name| text.eq_ignore_ascii_case(name))
}

/// An argument with the parameter that takes it.
#[derive(Clone, Copy)]
struct Used {
    /// The parameter; of a positional argument the argument itself.
    option: Place,
    word: Word,
}

/// What the words of a cmdlet say.
#[derive(Default)]
struct Arguments {
    uri: Option<Used>,
    method: Option<Used>,
    headers: Option<Used>,
    body: Option<Used>,
    form: Option<Used>,
    file: Option<Used>,
    content_type: Option<Used>,
    user_agent: Option<Used>,
    authentication: Option<Used>,
    token: Option<Used>,
    /// Cookies and headers that are not written.
    session: bool,
    /// An `Authorization` that is not written.
    credential: bool,
    /// Parameters that are not written.
    splat: Option<Place>,
    broken: bool,
    /// The positional arguments.
    positional: usize,
    findings: Vec<Finding>,
}

impl Reader<'_, '_, '_> {
    /// Whether words are written for a cmdlet, where `curl` may also be the program.
    pub(super) fn has_parameters(&self, words: &[Word]) -> bool {
        words.iter().any(|word| {
            let text = &self.text[word.span.range()];
            is_own_parameter(text) || text.starts_with("@{")
        })
    }

    /// Reads a cmdlet.
    pub(super) fn read_cmdlet(&mut self, found: Found) {
        let words = self.words.words[found.name + 1..].to_vec();
        let mut arguments = self.arguments(&words);
        let whole = self.command_place(found.name);
        arguments.findings.splice(0..0, found.findings);
        arguments.broken = found.broken;
        let name = self.words.words[found.name];
        self.build_request(whole, self.region.sub(name.span), arguments);
    }

    fn arguments(&mut self, words: &[Word]) -> Arguments {
        let mut arguments = Arguments::default();
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            let text = &self.text[word.span.range()];
            let Some((name, inline)) = self.parameter_name(&word) else {
                if text.starts_with('@') && !text.starts_with("@{") && !text.starts_with("@(") {
                    arguments.splat = Some(self.region.sub(word.span));
                    continue;
                }
                arguments.positional += 1;
                if arguments.uri.is_none() && arguments.positional == 1 {
                    arguments.uri = Some(Used { option: self.region.sub(word.span), word });
                }
                continue;
            };
            let option =
                self.region.sub(Span::new(word.span.start(), word.span.start() + name.len() + 1));
            let Some(effect) = parameter(&name) else {
                let mut finding = Finding::new(FindingKind::UnknownOption, option);
                finding.nearest = nearest(&name);
                arguments.findings.push(finding);
                continue;
            };
            if effect == Effect::Switch {
                continue;
            }
            let Some(word) = inline.or_else(|| words.next()) else {
                let finding = Finding::new(FindingKind::MissingOptionArgument, option);
                arguments.findings.push(finding);
                break;
            };
            arguments.take(effect, Used { option, word });
        }
        arguments
    }

    /// The name of the parameter that a word is, and the argument behind its `:`.
    fn parameter_name(&mut self, word: &Word) -> Option<(String, Option<Word>)> {
        let text = self.text[word.span.range()].strip_prefix('-')?;
        let is_name = |c: char| c.is_ascii_alphanumeric();
        let length = text.find(|c| !is_name(c)).unwrap_or(text.len());
        if length == 0 || !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let name = text[..length].to_owned();
        let at = word.span.start() + 1 + length + 1;
        let inline = text[length..].starts_with(':') && at < word.span.end();
        Some((name, inline.then(|| self.word_at(at))))
    }

    /// Reads the word at `at` once more.
    fn word_at(&mut self, at: usize) -> Word {
        let mark = self.words.words.len();
        self.again(at, Self::word);
        let empty = Word { span: Span::empty(at), parts: Span::empty(self.words.parts.len()) };
        let word = self.words.words.get(mark).copied().unwrap_or(empty);
        self.words.words.truncate(mark);
        word
    }
}

impl Arguments {
    fn take(&mut self, effect: Effect, used: Used) {
        let place = match effect {
            Effect::Uri => &mut self.uri,
            Effect::Method => &mut self.method,
            Effect::Headers => &mut self.headers,
            Effect::Body => &mut self.body,
            Effect::Form => &mut self.form,
            Effect::InFile => &mut self.file,
            Effect::ContentType => &mut self.content_type,
            Effect::UserAgent => &mut self.user_agent,
            Effect::Authentication => &mut self.authentication,
            Effect::Token => &mut self.token,
            Effect::Session => return self.session = true,
            Effect::Credential => return self.credential = true,
            Effect::Harmless | Effect::Switch => return,
        };
        *place = Some(used);
    }
}
