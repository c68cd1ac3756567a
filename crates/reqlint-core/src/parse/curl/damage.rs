//! Damage in the arguments of curl: typographic dashes, headers and URLs without quotes, and
//! variables in single quotes. Each is read as it was meant, and reported.

use super::options::{CurlOption, Effect, long_option, short_option};
use super::{Piece, join};
use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::{Dialect, Finding, FindingKind};
use crate::parse::placeholder::mark;
use crate::parse::shell::{Command, Part, PartKind, Word};
use crate::span::Span;
use memchr::{memchr, memchr3};

/// Authorization schemes: one more word follows, which is the credential.
const SCHEMES: [&str; 6] = ["bearer", "basic", "token", "digest", "apikey", "negotiate"];

/// Whether a character looks like `-`: a hyphen, dash or minus sign outside ASCII.
fn is_dash(char: char) -> bool {
    matches!(char, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// An option that is written with typographic dashes.
pub(super) struct Dashed {
    /// Where its name begins, in the text of the word.
    pub(super) name: usize,
    /// Whether it is a long option.
    pub(super) long: bool,
}

/// Whether the text of a word is an option of curl whose dashes were made typographic.
pub(super) fn read_dashed(text: &str) -> Option<Dashed> {
    let name = text.find(|char| !is_dash(char) && char != '-')?;
    if text[..name].chars().all(|char| char == '-') {
        return None;
    }
    let bare = &text[name..];
    let end = bare.find('=').unwrap_or(bare.len());
    let long = end > 1 && long_option(&bare[..end]).is_some();
    let short = || {
        let letter = bare.chars().next()?;
        short_option(letter).filter(|_| text[..name].chars().count() == 1)
    };
    (long || short().is_some()).then_some(Dashed { name, long })
}

/// What to say of typographic dashes at the start of a word.
pub(super) fn dashed(layers: &mut Layers<'_>, whole: Place, option: &Dashed) -> Finding {
    let dashes = whole.sub(Span::new(0, option.name));
    let span = layers.root_span(dashes);
    let mut finding = Finding::new(FindingKind::TypographicDash, dashes);
    if layers.source().get(span.range()) == Some(layers.text(dashes)) {
        let meant = if option.long { "--" } else { "-" };
        finding.repair = vec![(span, meant.to_owned())];
    }
    finding
}

/// How many words after `words[0]`, which is the argument of `-H`, belong to the header too,
/// because nobody put quotes around it: `-H Accept: text/csv`.
///
/// `has_url` says whether words from some index on hold a URL.
pub(super) fn words_of_header(
    command: &Command<'_>,
    words: &[Word],
    has_url: impl FnOnce(usize) -> bool,
) -> usize {
    let Some(first) = words.first() else { return 0 };
    if !is_bare_name(command, first) {
        return 0;
    }
    let ends = |word: &Word| {
        let text = command.text_of(word);
        text.contains("://") || text.starts_with('-') || text.chars().next().is_some_and(is_dash)
    };
    let rest = &words[1..];
    let mut count = rest.iter().position(ends).unwrap_or(rest.len());
    if count > 0 && !has_url(1 + count) {
        // The last word must be the URL.
        count -= 1;
    }
    let scheme = rest.first().map(|word| command.text_of(word).to_ascii_lowercase());
    match scheme {
        Some(scheme) if SCHEMES.contains(&scheme.as_str()) => count.min(2),
        // A variable may be a URL of its own, so that it ends what is surely the header.
        _ => {
            let surely =
                rest[..count].iter().skip(1).position(|word| command.starts_with_hole(word));
            surely.map_or(count, |more| more + 1)
        }
    }
}

/// The index of the last word that is surely a URL, or the option for one.
pub(super) fn last_url(command: &Command<'_>) -> Option<usize> {
    command.words.iter().rposition(|word| {
        let text = command.text_of(word);
        text.contains("://") || text == "--url"
    })
}

/// Whether a word is `Name:`, without any quotes.
fn is_bare_name(command: &Command<'_>, word: &Word) -> bool {
    let text = command.text_of(word);
    let bare = command.text.get(word.span.range()) == Some(&*text);
    let name = text.strip_suffix(':').unwrap_or_default();
    bare && name.starts_with(|char: char| char.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// The words of a header as one text, and what to say of them.
pub(super) fn unquoted_header(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
    words: &[Word],
) -> (Place, Finding) {
    let mut pieces = Vec::with_capacity(2 * words.len());
    for word in words {
        if !pieces.is_empty() {
            pieces.push(Piece::Text(" ", command.place_of(word)));
        }
        pieces.push(Piece::Place(command.layer_of(layers, word)));
    }
    let span = words[0].span.hull(words[words.len() - 1].span);
    let place = command.place_at(span);
    let header = join(layers, &pieces).unwrap_or(place);
    let mut finding = Finding::new(FindingKind::UnquotedHeader, place);
    let text = &command.text[span.range()];
    let quote = match command.dialect {
        Dialect::Cmd => "\"",
        Dialect::Argv => "",
        _ if layers.has_hole(header) || text.contains('\'') => "\"",
        _ => "'",
    };
    if !quote.is_empty() && memchr3(b'"', b'\n', b'\\', text.as_bytes()).is_none() {
        let root = layers.root_span(place);
        let ends = [root.start(), root.end()];
        finding.repair = ends.map(|end| (Span::empty(end), quote.to_owned())).to_vec();
    }
    (header, finding)
}

/// What to say of a URL in which a character without quotes is a pattern of file names: zsh
/// refuses it, and bash looks for such files. A script for another shell than zsh is spared.
pub(super) fn unquoted_pattern(
    layers: &Layers<'_>,
    command: &Command<'_>,
    word: &Word,
) -> Option<Finding> {
    let parts = &command.parts[word.parts.range()];
    let is_bare = |part: &&Part| part.quote == Quote::None && matches!(part.kind, PartKind::Exact);
    let found = parts.iter().filter(is_bare).find_map(|part| {
        let text = &command.text.as_bytes()[part.span.range()];
        memchr3(b'?', b'*', b'[', text).map(|at| part.span.start() + at)
    });
    let at = found.filter(|_| command.dialect == Dialect::Bash)?;
    let source = layers.source();
    let first = source.lines().next().filter(|line| line.starts_with("#!"));
    if first.is_some_and(|line| !line.contains("zsh")) {
        return None;
    }
    let mut finding =
        Finding::new(FindingKind::UnquotedPattern, command.place_at(Span::new(at, at + 1)));
    let root = layers.root_span(command.place_of(word));
    let holes = parts.iter().any(|part| matches!(part.kind, PartKind::Hole(_)));
    let plain = parts.iter().all(|part| {
        part.quote == Quote::None
            && !matches!(part.kind, PartKind::Decoded(_) | PartKind::Layer(..))
    });
    if plain && !command.text[word.span.range()].contains(['"', '\'', '!']) {
        let quote = if holes { "\"" } else { "'" };
        finding.repair =
            [root.start(), root.end()].map(|end| (Span::empty(end), quote.to_owned())).to_vec();
    }
    Some(finding)
}

/// The argument of an option with the variables in single quotes as holes, since these were meant
/// to be replaced.
pub(super) fn mark_unexpanded(
    layers: &mut Layers<'_>,
    argument: Place,
    option: Option<Effect>,
    findings: &mut Vec<Finding>,
) -> Place {
    let text = layers.text(argument);
    if memchr(b'$', text.as_bytes()).is_none()
        || !matches!(layers.codec(argument.layer), Codec::ShellWord | Codec::FishWord)
    {
        return argument;
    }
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'$', text.as_bytes()) {
        let single =
            layers.quote_at(argument.layer, argument.span.start() + at) == Some(Quote::Single);
        if let Some(length) = variable_length(&text[at..]).filter(|_| single)
            && is_meant(text, at, length, option)
        {
            found.push((Span::new(at, at + length), HoleKind::Variable));
        }
    }
    if found.is_empty() {
        return argument;
    }
    let mut finding = Finding::new(FindingKind::UnexpandedVariable, argument.sub(found[0].0));
    finding.repair = requote(layers, argument, &found);
    findings.push(finding);
    mark(layers, argument, &found)
}

/// The length of the `$NAME` or `${NAME}` at the start of a text, in capitals as variables of the
/// environment are written.
fn variable_length(text: &str) -> Option<usize> {
    let rest = &text.as_bytes()[1..];
    let braced = rest.first() == Some(&b'{');
    let name = &rest[usize::from(braced)..];
    let is_name = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'_';
    let length = name.iter().take_while(is_name).count();
    let after = name.get(length);
    let ends = match braced {
        true => after == Some(&b'}'),
        false => after.is_none_or(|byte| !byte.is_ascii_alphanumeric()),
    };
    let starts = name.first().is_some_and(|byte| !byte.is_ascii_digit());
    (length > 2 && starts && ends).then_some(1 + length + 2 * usize::from(braced))
}

/// Whether a variable is meant, and not a text that happens to look like one.
fn is_meant(text: &str, at: usize, length: usize, option: Option<Effect>) -> bool {
    if text[..at].ends_with(|char: char| char.is_alphanumeric()) {
        return false;
    }
    match option {
        None | Some(Effect::Header | Effect::Url | Effect::Bearer | Effect::Cookie) => true,
        // In running text, `$USD` may be just that.
        Some(
            Effect::Data
            | Effect::DataRaw
            | Effect::DataBinary
            | Effect::DataUrlencode
            | Effect::Json
            | Effect::Form
            | Effect::UrlQuery,
        ) => !text[..at].trim_end_matches(' ').ends_with(char::is_alphanumeric),
        // A password may begin with a dollar sign.
        Some(Effect::User) => {
            let name = &text[at..at + length];
            ["USER", "PASS", "TOKEN", "KEY", "SECRET", "PWD"].iter().any(|word| name.contains(word))
        }
        _ => false,
    }
}

/// Edits that put the variables into double quotes: all of the word where nothing else in it
/// counts there, else each variable alone.
fn requote(
    layers: &Layers<'_>,
    argument: Place,
    found: &[(Span, HoleKind)],
) -> Vec<(Span, String)> {
    let source = layers.source();
    let word = layers.root_span(layers.origin(argument.layer));
    let written = &source[word.range()];
    let inside = written.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    let others = |text: &str| {
        let dollars = text.matches('$').count();
        text.contains(['"', '\\', '`', '!', '\'']) || dollars != found.len()
    };
    if inside.is_some_and(|inside| !others(inside)) {
        let ends =
            [Span::new(word.start(), word.start() + 1), Span::new(word.end() - 1, word.end())];
        return ends.map(|end| (end, "\"".to_owned())).to_vec();
    }
    let quoted = |(span, _): &(Span, HoleKind)| {
        let root = layers.root_span(argument.sub(*span));
        (root, format!("'\"{}\"'", &source[root.range()]))
    };
    found.iter().map(quoted).collect()
}

/// Whether words after the argument of an option may belong to it.
pub(super) fn is_header(option: &CurlOption) -> bool {
    option.class == super::options::Class::Request(Effect::Header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_stand_before_options_only() {
        let read = |text: &str| read_dashed(text).map(|it| (it.name, it.long));
        assert_eq!(read("–d"), Some((3, false)));
        assert_eq!(read("—header"), Some((3, true)));
        assert_eq!(read("-–data"), Some((4, true)));
        assert_eq!(read("−XPOST"), Some((3, false)));
        assert_eq!(read("--data"), None);
        assert_eq!(read("–"), None);
        assert_eq!(read("——5"), None);
    }

    #[test]
    fn variables_are_in_capitals() {
        assert_eq!(variable_length("$TOKEN\""), Some(6));
        assert_eq!(variable_length("${TOKEN}x"), Some(8));
        for other in ["$id", "$AB", "$Token", "$2b$10", "$", "${TOKEN", "$TOKENx"] {
            assert_eq!(variable_length(other), None, "{other}");
        }
    }
}
