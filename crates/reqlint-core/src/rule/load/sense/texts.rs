//! Texts that a part pattern asks for: names and tests that cannot be passed, or say nothing.

use super::super::mistakes::Mistakes;
use super::values::check_words_of_place;
use super::{literals_of, never};
use crate::check::truth::Truth;
use crate::check::types::{Value, is_of_type};
use crate::rule::node::{Entry, Node};
use crate::rule::{Part, PartPlace, Pattern, Tests, TextOf};
use crate::span::Span;

/// Where the pieces of a pattern are looked for: below a key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'n> {
    /// Where a mistake is shown whose piece is not found.
    pub(crate) span: Span,
    node: Option<&'n Node>,
}

impl<'n> Spot<'n> {
    /// Below an entry.
    pub(crate) fn at(entry: &'n Entry) -> Self {
        Spot { span: entry.key_span, node: Some(&entry.value) }
    }

    /// A place of which nothing is below.
    pub(crate) fn only(span: Span) -> Self {
        Spot { span, node: None }
    }

    /// The value of the first such key.
    pub(super) fn of(self, key: &str) -> Span {
        self.find(key).map_or(self.span, |node| node.span)
    }

    /// The last such text in the value of a key.
    pub(super) fn item(self, key: &str, text: &str) -> Span {
        let mut values = Vec::new();
        if let Some(node) = self.node {
            collect(node, key, &mut values);
        }
        let items = values.iter().flat_map(|value| value.items().unwrap_or_default());
        let mut texts =
            values.iter().copied().chain(items).filter(|node| node.text() == Some(text));
        texts.next_back().or(values.first().copied()).map_or(self.span, |node| node.span)
    }

    /// The last part pattern with the same place, at its first word.
    pub(super) fn part(self, part: &Part) -> Span {
        let word = part.place.patterns().iter().find_map(Pattern::literal);
        self.item(part.place.key(), word.unwrap_or_default())
    }

    fn below(self, key: &str) -> Self {
        Spot { span: self.of(key), node: self.find(key) }
    }

    fn find(self, key: &str) -> Option<&'n Node> {
        find(self.node?, key)
    }
}

fn find<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    if let Some(found) = node.get(key) {
        return Some(found);
    }
    let members = node.mapping().map(|mapping| mapping.entries.as_slice()).unwrap_or_default();
    let inner = members.iter().map(|entry| &entry.value);
    inner.chain(node.items().unwrap_or_default()).find_map(|inner| find(inner, key))
}

/// The values of every such key, in the order of the file.
fn collect<'n>(node: &'n Node, key: &str, values: &mut Vec<&'n Node>) {
    values.extend(node.get(key));
    let members = node.mapping().map(|mapping| mapping.entries.as_slice()).unwrap_or_default();
    for inner in members.iter().map(|entry| &entry.value).chain(node.items().unwrap_or_default()) {
        collect(inner, key, values);
    }
}

/// Checks one part pattern.
pub(super) fn check_part(part: &Part, spot: Spot<'_>, mistakes: &mut Mistakes) {
    check_patterns(part.place.patterns(), part.place.key(), spot, mistakes);
    check_words_of_place(part, spot, mistakes);
    check_patterns(&part.tests.is, "is", spot, mistakes);
    let folds = matches!(part.place, PartPlace::Host(_) | PartPlace::Scheme(_));
    check_tests(&part.tests, folds, spot, mistakes);
    let names = part.place.patterns();
    if part.text == TextOf::Name
        && part.place.is_name()
        && !names.is_empty()
        && let (Some(names), Some(tested)) = (literals_of(names), literals_of(&part.tests.is))
        && !tested.is_empty()
        && !tested.iter().any(|name| names.contains(name))
    {
        let help = "write the names beside the place alone";
        never(spot.of("is"), "no name of the list passes `is`", help, mistakes);
    }
}

/// A list of alternatives, none of which is idle.
fn check_patterns(patterns: &[Pattern], key: &str, spot: Spot<'_>, mistakes: &mut Mistakes) {
    if patterns.len() > 1 && patterns.iter().any(Pattern::is_any) {
        let message = "`<any>` takes every text, so the others of its list say nothing";
        mistakes.add(spot.item(key, "<any>"), message, "keep `<any>` alone, or remove it");
    }
    for (number, pattern) in patterns.iter().enumerate() {
        if patterns[..number].contains(pattern) {
            let (text, span) = match pattern.literal() {
                Some(text) => (text, spot.item(key, text)),
                None => ("a pattern", spot.of(key)),
            };
            let message = format!("`{text}` stands twice in a list");
            mistakes.add(span, message, "remove one of the two");
        }
    }
}

fn check_tests(tests: &Tests, folds: bool, spot: Spot<'_>, mistakes: &mut Mistakes) {
    if let Some(regex) = &tests.matches
        && let Ok(hir) = regex_automata::util::syntax::parse(&regex.source)
    {
        let span = spot.of("matches");
        if hir.properties().minimum_len().is_none() {
            never(span, "no text fits the regular expression", "change `matches`", mistakes);
        } else if hir.properties().minimum_len() == Some(0)
            && (hir.properties().look_set().is_empty() || takes_any_line(&regex.source))
        {
            let message = "the regular expression is found in every text";
            let help = "remove `matches`, or let the expression ask for at least one character";
            mistakes.add(span, message, help);
        }
    }
    let words = literals_of(&tests.is).filter(|words| !words.is_empty() && !folds);
    if let Some(words) = words {
        check_words(&words, tests, spot, mistakes);
    }
    if let Some(not) = &tests.not {
        if not.is.iter().any(Pattern::is_any) && only_is(not) {
            never(spot.of("not"), "`not` excludes every text", "remove `not`", mistakes);
        }
        check_tests(not, folds, spot.below("not"), mistakes);
    }
}

/// Whether an expression says nothing but where the text begins and ends.
fn takes_any_line(expression: &str) -> bool {
    let inner = expression.strip_prefix('^').unwrap_or(expression);
    matches!(inner.strip_suffix('$').unwrap_or(inner), "" | ".*" | "(.*)" | ".*?")
        && expression != "^$"
}

/// Whether nothing but `is` is tested.
fn only_is(tests: &Tests) -> bool {
    tests.matches.is_none() && tests.types.is_empty() && tests.not.is_none()
}

/// The words of `is` beside the other tests of the same text.
fn check_words(words: &[&str], tests: &Tests, spot: Spot<'_>, mistakes: &mut Mistakes) {
    let passes = |word: &str| {
        let fits = tests.matches.as_ref().is_none_or(|regex| regex.is_match(word));
        let value = Value { text: word, holes: &[] };
        let truths = tests.types.iter().map(|name| is_of_type(name, value));
        // Of a type of the pack nothing is known here.
        let truths: Vec<Option<Truth>> = truths.collect();
        let typed = truths.is_empty() || truths.iter().any(|truth| *truth != Some(Truth::No));
        let denied = tests.not.as_ref().is_some_and(|not| {
            only_is(not) && not.is.iter().any(|pattern| pattern.literal() == Some(word))
        });
        fits && typed && !denied
    };
    let failing: Vec<&str> = words.iter().copied().filter(|word| !passes(word)).collect();
    if failing.len() == words.len() {
        never(
            spot.of("is"),
            "no text of `is` passes the other tests",
            "remove `is`, or the test that they fail",
            mistakes,
        );
    } else if let Some(word) = failing.first() {
        let message = format!("`{word}` can never match: it fails the other tests");
        mistakes.add(spot.item("is", word), message, "remove it from `is`");
    }
}
