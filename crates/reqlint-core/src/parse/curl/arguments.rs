//! The arguments of curl: which words are options, which are their arguments, which are URLs.

use super::config::{Line, read_config};
use super::damage::{
    dashed, is_header, last_url, mark_unexpanded, read_dashed, unquoted_header, unquoted_pattern,
    words_of_header,
};
use super::data::read_stdin;
use super::operation::{Operation, Use};
use super::options::{
    Argument, Class, CurlOption, Effect, is_long_name, long_option, nearest_option, short_option,
};
use super::variables::Variables;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{Finding, FindingKind};
use crate::parse::shell::{Command, Word};
use crate::span::Span;

/// The operations that a command asks for; none where it only prints something, like `--help`.
pub(super) fn read_operations(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
) -> Option<Vec<Operation>> {
    let mut reader = Reader {
        layers,
        command,
        next: 0,
        operations: Vec::new(),
        operation: Operation::default(),
        information: false,
        variables: Variables::default(),
        options_end: false,
        last_url: None,
    };
    while let Some(word) = command.words.get(reader.next) {
        reader.next += 1;
        reader.word(word);
    }
    let Reader { mut operations, operation, information, .. } = reader;
    if information {
        return None;
    }
    if operations.is_empty() || !operation.is_empty() || !operation.findings.is_empty() {
        operations.push(operation);
    }
    Some(operations)
}

struct Reader<'r, 's, 'c> {
    layers: &'r mut Layers<'s>,
    command: &'r Command<'c>,
    next: usize,
    operations: Vec<Operation>,
    operation: Operation,
    information: bool,
    variables: Variables,
    /// After `--`.
    options_end: bool,
    /// The index of the last word that is surely a URL, once that was asked.
    last_url: Option<Option<usize>>,
}

impl Reader<'_, '_, '_> {
    fn word(&mut self, word: &Word) {
        let text = self.command.text_of(word);
        if self.command.starts_with_hole(word) || self.options_end || !text.starts_with('-') {
            return self.no_option(word, &text);
        }
        match text.strip_prefix("--") {
            Some("") => self.options_end = true,
            Some(name) => self.long(word, name),
            None if is_long_name(&text[1..]) => self.one_dash(word, &text[1..]),
            None if text.is_ascii() => self.group(word, &text, 1),
            None => match self.dashes(word, &text) {
                true => {}
                false => self.group(word, &text, 1),
            },
        }
    }

    /// A long option with one dash, which is read as it was meant.
    fn one_dash(&mut self, word: &Word, name: &str) {
        let place = self.command.place_of(word);
        let mut finding = Finding::new(FindingKind::OneDash, place);
        let start = self.layers.root_span(place).start();
        if self.layers.text(place).starts_with('-') {
            finding.repair = vec![(Span::empty(start), "-".to_owned())];
        }
        self.operation.findings.push(finding);
        self.long(word, name);
    }

    /// A word that is the URL, or may become any number of words.
    fn no_option(&mut self, word: &Word, text: &str) {
        if !text.is_ascii() && !self.options_end && self.dashes(word, text) {
            return;
        }
        let place = self.command.layer_of(self.layers, word);
        if self.command.is_open_hole(word) {
            return self.operation.opaque.push(place);
        }
        let url = mark_unexpanded(self.layers, place, None, &mut self.operation.findings);
        if !self.is_cut_off(word) {
            self.operation.findings.extend(unquoted_pattern(self.layers, self.command, word));
        }
        self.operation.urls.push(url);
    }

    /// Whether an `&` in the word is reported, with quotes around the word as its repair.
    fn is_cut_off(&self, word: &Word) -> bool {
        let place = self.command.place_of(word);
        let found = &self.command.findings;
        let before = |finding: &Finding| finding.place.span.start() < place.span.start();
        let inside = |finding: &&Finding| {
            finding.kind == FindingKind::UnquotedAmpersand
                && finding.place.layer == place.layer
                && place.span.contains(finding.place.span)
        };
        // What was noticed in the words stands in their order; a few more come at the end.
        found[found.partition_point(before)..].iter().take(4).find(inside).is_some()
    }

    /// An option with typographic dashes; false where the word is none.
    fn dashes(&mut self, word: &Word, text: &str) -> bool {
        let Some(option) = read_dashed(text) else { return false };
        let whole = self.command.layer_of(self.layers, word);
        let finding = dashed(self.layers, whole, &option);
        self.operation.findings.push(finding);
        match option.long {
            true => self.long(word, &text[option.name..]),
            false => self.group(word, text, option.name),
        }
        true
    }

    fn long(&mut self, word: &Word, name: &str) {
        let option = self.command.place_of(word);
        let Some(long) = long_option(name) else {
            return match self.equals(word, name) {
                true => {}
                false => self.unknown(option, name),
            };
        };
        if long.abbreviated {
            self.abbreviated(word, name, long.option);
        }
        if long.option.argument != Argument::Text {
            return self.apply(long.option, option, option, long.negated);
        }
        let Some(argument) = self.next_argument(long.option) else {
            return self.missing(option);
        };
        let argument = match long.expanded {
            true => self.variables.expand(self.layers, argument),
            false => argument,
        };
        self.apply(long.option, option, argument, false);
    }

    /// The start of a name, which curl took for the whole of it until version 8.
    fn abbreviated(&mut self, word: &Word, name: &str, option: &CurlOption) {
        let place = self.command.place_of(word);
        let mut finding = Finding::new(FindingKind::AbbreviatedOption, place);
        finding.nearest = Some(format!("--{}", option.name));
        let root = self.layers.root_span(place);
        let written = &self.layers.source()[root.range()];
        if written.strip_prefix("--") == Some(name) {
            finding.repair = vec![(root, format!("--{}", option.name))];
        }
        self.operation.findings.push(finding);
    }

    /// `--name=value`, as other programs write it: read as it was meant. False where there is no
    /// such option that takes an argument.
    fn equals(&mut self, word: &Word, name: &str) -> bool {
        let Some(end) = name.find('=') else { return false };
        let Some(long) = long_option(&name[..end]) else { return false };
        if long.option.argument != Argument::Text || long.expanded {
            return false;
        }
        let whole = self.command.layer_of(self.layers, word);
        let equals = whole.span.len() - name.len() + end;
        let argument = self.part_at_equals(whole, equals);
        let option = whole.sub(Span::new(0, equals));
        self.apply(long.option, option, argument, false);
        true
    }

    /// The argument behind a `=`, which is reported. `-X=PUT` would send the method `=PUT`.
    fn part_at_equals(&mut self, word: Place, equals: usize) -> Place {
        let option = word.sub(Span::new(0, equals));
        let mut finding = Finding::new(FindingKind::OptionWithEquals, option);
        let sign = self.layers.root_span(word.sub(Span::new(equals, equals + 1)));
        let gap = self.word_gap(word, equals);
        if let (Some("="), Some(gap)) = (self.layers.source().get(sign.range()), gap) {
            finding.repair = vec![(sign, gap.to_owned())];
        }
        self.operation.findings.push(finding);
        word.sub(Span::new(equals + 1, word.span.len()))
    }

    /// What stands between two words for a word to be parted there.
    fn word_gap(&self, word: Place, at: usize) -> Option<&'static str> {
        match (self.layers.codec(word.layer), self.layers.quote_at(word.layer, at)?) {
            (Codec::JsonString, _) => Some("\", \""),
            (_, Quote::None) => Some(" "),
            (_, Quote::Single) => Some("' '"),
            (_, Quote::Double) => Some("\" \""),
            (_, Quote::Ansi | Quote::Here | Quote::HereDouble) => None,
        }
    }

    /// `-sSXPOST`: short options, of which the last may take the rest as its argument.
    ///
    /// The letters begin at `start`.
    fn group(&mut self, word: &Word, text: &str, start: usize) {
        let place = self.command.place_of(word);
        if text.len() == start {
            return self.unknown(place, "");
        }
        for (at, letter) in text[start..].char_indices() {
            let at = start + at;
            let Some(option) = short_option(letter) else {
                return self.unknown(place, "");
            };
            if option.argument != Argument::Text {
                self.apply(option, place, place, false);
                if option.class == Class::Request(Effect::Next) {
                    // curl passes over the rest of the group.
                    return;
                }
                continue;
            }
            let rest = at + letter.len_utf8();
            let argument = if text[rest..].starts_with('=') {
                let whole = self.command.layer_of(self.layers, word);
                Some(self.part_at_equals(whole, rest))
            } else if rest < text.len() {
                let whole = self.command.layer_of(self.layers, word);
                Some(whole.sub(Span::new(rest, text.len())))
            } else {
                self.next_argument(option)
            };
            return match argument {
                Some(argument) => self.apply(option, place, argument, false),
                None => self.missing(place),
            };
        }
    }

    fn next_argument(&mut self, option: &CurlOption) -> Option<Place> {
        let words = &self.command.words[self.next..];
        let word = words.first()?;
        let (next, command) = (self.next, self.command);
        let urls = self.operation.urls.len();
        let last = &mut self.last_url;
        let has_url = |from: usize| {
            let last = last.get_or_insert_with(|| last_url(command));
            urls > 0 || last.is_some_and(|last| last >= next + from)
        };
        let more = if is_header(option) { words_of_header(command, words, has_url) } else { 0 };
        self.next += 1 + more;
        if more == 0 {
            return Some(self.command.layer_of(self.layers, word));
        }
        let (header, finding) = unquoted_header(self.layers, self.command, &words[..=more]);
        self.operation.findings.push(finding);
        Some(header)
    }

    fn apply(&mut self, option: &CurlOption, word: Place, argument: Place, negated: bool) {
        let argument = match option.class {
            Class::Request(effect) if option.argument == Argument::Text => {
                let findings = &mut self.operation.findings;
                mark_unexpanded(self.layers, argument, Some(effect), findings)
            }
            _ => argument,
        };
        let used = Use { option: word, argument };
        match option.class {
            Class::Harmless | Class::ReadsFile | Class::Destination => {}
            Class::Secret => self.operation.secrets.push(argument),
            Class::Unsupported if negated => {}
            Class::Unsupported => {
                self.operation.unsupported(word);
                self.operation.open_headers = true;
                self.operation.other_auth = true;
            }
            Class::Request(Effect::Next) => {
                self.operation.next = Some(used.option);
                self.operations.push(std::mem::take(&mut self.operation));
            }
            Class::Request(Effect::Variable) => self.variables.set(self.layers, argument),
            Class::Request(Effect::Information) => self.information = true,
            Class::Request(Effect::Config) if self.config(argument) => {}
            Class::Request(effect) => self.operation.apply(effect, used, negated),
        }
    }

    /// Reads a config file, or the standard input as one, if it is known.
    fn config(&mut self, name: Place) -> bool {
        let text = match self.layers.text(name) {
            "-" => read_stdin(self.layers, self.command, false),
            _ => self.layers.file(name),
        };
        let Some(place) = text else { return false };
        for line in read_config(self.layers, place) {
            self.config_line(&line);
        }
        true
    }

    fn config_line(&mut self, line: &Line) {
        let name = self.layers.share(line.option);
        let (option, negated, argument) = match name.strip_prefix('-') {
            Some(short) if !short.starts_with('-') => {
                let letter = short.chars().next();
                let length = 1 + letter.map_or(0, char::len_utf8);
                let glued = line.option.sub(Span::new(length, name.len()));
                let glued = Some(glued).filter(|glued| !glued.span.is_empty());
                (letter.and_then(short_option), false, glued.or(line.argument))
            }
            _ => {
                let long = long_option(name.strip_prefix("--").unwrap_or(&name));
                let negated = long.is_some_and(|long| long.negated);
                let argument = match line.argument {
                    Some(argument) if long.is_some_and(|long| long.expanded) => {
                        Some(self.variables.expand(self.layers, argument))
                    }
                    argument => argument,
                };
                (long.map(|long| long.option), negated, argument)
            }
        };
        let Some(option) = option else {
            let finding = Finding::new(FindingKind::UnknownOption, line.option);
            return self.operation.findings.push(finding);
        };
        match (option.argument, argument) {
            (Argument::Text, None) => self.missing(line.option),
            (Argument::Text, Some(argument)) if option.class == Class::Request(Effect::Config) => {
                // A config file in a config file.
                self.operation.apply(Effect::Config, Use { option: line.option, argument }, false);
            }
            (Argument::Text, Some(argument)) => self.apply(option, line.option, argument, negated),
            (_, _) => self.apply(option, line.option, line.option, negated),
        }
    }

    fn missing(&mut self, option: Place) {
        let finding = Finding::new(FindingKind::MissingOptionArgument, option);
        self.operation.findings.push(finding);
    }

    fn unknown(&mut self, word: Place, name: &str) {
        let mut finding = Finding::new(FindingKind::UnknownOption, word);
        let nearest = nearest_option(name);
        finding.nearest = nearest.map(|option| format!("--{}", option.name));
        self.operation.findings.push(finding);
        if name.contains('=') || name.is_empty() {
            return;
        }
        // What follows may be its argument, but hardly where it looks like a URL or an option.
        let takes = nearest.is_none_or(|option| option.argument == Argument::Text);
        if let Some(word) = self.command.words.get(self.next).filter(|_| takes) {
            let text = self.command.text_of(word);
            let url = text.contains("://") || self.command.starts_with_hole(word);
            if !text.starts_with('-') && (!url || text.contains(' ')) {
                self.next += 1;
            }
        }
    }
}
