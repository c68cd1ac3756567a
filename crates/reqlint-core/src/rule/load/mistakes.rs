//! Collects what is wrong in a file, with the mend. Used by every reader of packs.

use crate::diagnostic::{Consequence, Diagnostic, Label, Severity};
use crate::rule::node::Mistake;
use crate::span::Span;

/// The mistakes of one file.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    list: Vec<Mistake>,
    /// Keys that are there under a misspelt name, with where their mapping begins.
    misspelt: Vec<(Span, String)>,
}

impl Mistakes {
    /// Starts with what the YAML reader found.
    pub(crate) fn new(list: Vec<Mistake>) -> Self {
        Mistakes { list, misspelt: Vec::new() }
    }

    /// Adds a mistake, unless the same one is known already: what a rule says is read again for
    /// each of its cases.
    pub(crate) fn add(&mut self, span: Span, message: impl Into<String>, help: impl IntoHelp) {
        let mistake = Mistake { span, message: message.into(), help: help.into_help() };
        if !self.list.contains(&mistake) {
            self.list.push(mistake);
        }
    }

    /// Adds that a key is not there, unless it is there under a misspelt name, which is said.
    pub(crate) fn lacks(
        &mut self,
        start: Span,
        key: &str,
        message: impl Into<String>,
        help: impl IntoHelp,
    ) {
        if !self.is_misspelt(start, key) {
            self.add(start, message, help);
        }
    }

    /// Notes that a key of the mapping that begins at `start` is there under a misspelt name.
    pub(crate) fn misspelt(&mut self, start: Span, key: &str) {
        self.misspelt.push((start, key.to_owned()));
    }

    /// Whether a key of the mapping that begins at `start` is there under a misspelt name.
    pub(crate) fn is_misspelt(&self, start: Span, key: &str) -> bool {
        self.misspelt.iter().any(|(place, known)| *place == start && known == key)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// As diagnostics of the reader `rule`, in the order of the text.
    pub(crate) fn into_diagnostics(mut self, rule: &str, pack: &str) -> Vec<Diagnostic> {
        self.list.sort_by_key(|mistake| mistake.span);
        self.list.into_iter().map(|mistake| mistake.into_diagnostic(rule, pack)).collect()
    }
}

impl Mistake {
    /// As a diagnostic of a reader, such as `invalid-rule`.
    pub fn into_diagnostic(self, reader: &str, pack: &str) -> Diagnostic {
        Diagnostic {
            rule: reader.to_owned(),
            pack: pack.to_owned(),
            severity: Severity::Error,
            consequence: Consequence::Rejected,
            message: self.message,
            request: None,
            labels: vec![Label { span: self.span, text: String::new() }],
            help: self.help,
            url: None,
            fixes: Vec::new(),
            unfixed: None,
            fingerprint: None,
        }
    }
}

/// What can be given as help.
pub(crate) trait IntoHelp {
    fn into_help(self) -> Option<String>;
}

impl IntoHelp for &str {
    fn into_help(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl IntoHelp for String {
    fn into_help(self) -> Option<String> {
        Some(self)
    }
}

impl IntoHelp for Option<String> {
    fn into_help(self) -> Option<String> {
        self
    }
}

/// How many names a help lists.
const LISTED: usize = 34;

/// `did you mean `x`? expected `a`, `b` or `x``: help for a name that is none of `names`.
pub(crate) fn expected<S: AsRef<str>>(word: &str, names: &[S]) -> Option<String> {
    let nearest = nearest(word, names);
    let listed = match names.len() {
        0 => Some("there are none".to_owned()),
        1..=LISTED => Some(format!("expected {}", listing(names, "or"))),
        more => Some(format!("there are {more} of them")),
    };
    match (nearest, listed) {
        (Some(name), Some(list)) if (2..=LISTED).contains(&names.len()) => {
            Some(format!("did you mean `{name}`? {list}"))
        }
        (Some(name), _) => Some(format!("did you mean `{name}`?")),
        (None, list) => list,
    }
}

/// The name that `word` is most likely meant to be.
pub(crate) fn nearest<'n, S: AsRef<str>>(word: &str, names: &'n [S]) -> Option<&'n str> {
    let folded = word.to_lowercase().replace(['_', ' '], "-");
    let distance = |name: &&'n str| {
        strsim::damerau_levenshtein(&folded, &name.to_lowercase().replace('_', "-"))
    };
    let bound = |name: &str| (name.chars().count().max(folded.chars().count()) / 3).max(1);
    let name = names.iter().map(AsRef::as_ref).min_by_key(distance)?;
    (distance(&name) <= bound(name)).then_some(name)
}

/// `` `a`, `b` or `c` ``.
pub(crate) fn listing<S: AsRef<str>>(names: &[S], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
