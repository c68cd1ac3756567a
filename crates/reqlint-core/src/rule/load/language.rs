//! The language of rule files as data, with a word about each key: JSON Schemas are made from it.
//! The keys are those of the loader, so the two cannot drift.

use super::budget::{BUDGET, CREDITS, RATE};
use super::cases::CASE;
use super::conditions::{COMBINATORS, DECLARES, SCOPE};
use super::fixes::FIX;
use super::pack_file::{DEFAULTS, PACK};
use super::pages::{CONFIDENCE, EXAMPLE, SOURCE};
use super::parts::{MODIFIERS, PLACES, TESTS};
use super::recording::EXCHANGE;
use super::rules::RULE;
use super::sequence::STEP as SEQUENCE_STEP;
use super::symptoms::{self, ELSEWHERE, STEP, SYMPTOM};
use crate::diagnostic::{Consequence, Safety, Severity};
use crate::model::{FindingKind, RequestKind};
use crate::rule::Same;

/// A kind of mapping in files of packs.
#[derive(Clone, Debug)]
pub struct LanguageObject {
    /// Its name, as [`Takes`] refers to it.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its keys, in the order in which they are best written.
    pub keys: Vec<LanguageKey>,
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct LanguageKey {
    /// As it is written.
    pub name: &'static str,
    /// What it says; empty where that was forgotten.
    pub about: &'static str,
    /// What its value can be.
    pub takes: Takes,
}

/// What the value of a key can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text as it is written: `NO` and `007` are texts.
    Text,
    /// A text for people, with names in `<…>`.
    Words,
    /// A text or a list of texts.
    Texts,
    /// A text or a list of texts that may be empty.
    AnyTexts,
    /// One of these words.
    Word(Vec<&'static str>),
    /// One of these words, or a list of them, or a pattern for them.
    WordsOf(Vec<&'static str>),
    /// `true` or `false`.
    Flag,
    /// A whole number from 1 on.
    Count,
    /// A mapping of this kind.
    Object(&'static str),
    /// A list of mappings of this kind.
    List(&'static str),
    /// Names of the author's own, each with a mapping of this kind.
    Map(&'static str),
    /// Names of the author's own, each with a text.
    TextMap,
    /// Two numbers.
    NumberPair,
    /// The name of a table, or its rows.
    Table,
    /// A list of names of the author's own, each with a mapping of this kind.
    Steps(&'static str),
    /// A text, or a mapping of this kind.
    TextOr(&'static str),
}

/// What can be said about a key.
type About = (&'static str, &'static str, Takes);

/// Every kind of mapping in rule files and in `pack.yaml`.
pub fn language() -> Vec<LanguageObject> {
    let part: Vec<&str> = [PLACES, MODIFIERS, TESTS].concat();
    vec![
        object("rule", "One documented pitfall.", RULE, &[rule_words(), case_words()]),
        object(
            "case",
            "An alternative; what it does not say, it takes from the rule.",
            CASE,
            &[case_words()],
        ),
        object(
            "sequence_step",
            "An exchange of a recording, or several that are alike.",
            SEQUENCE_STEP,
            &[sequence_step_words(), case_words()],
        ),
        object(
            "recording",
            "Requests with their times, in place of one text.",
            &["recording"],
            &[vec![("recording", "The exchanges, in the order of time.", Takes::List("exchange"))]],
        ),
        object(
            "exchange",
            "A request, or the same one several times.",
            EXCHANGE,
            &[exchange_words()],
        ),
        object("scope", "Which requests the rule is about.", SCOPE, &[scope_words()]),
        object(
            "part",
            "A part of the request: one place, then modifiers, then tests.",
            &part,
            &[place_words(), modifier_words(), test_words()],
        ),
        object("tests", "Tests of a text; all must hold.", TESTS, &[test_words()]),
        object(
            "condition",
            "A part that must exist, or one of these.",
            COMBINATORS,
            &[condition_words()],
        ),
        object(
            "declares",
            "What the API description is asked for; what is left out is taken from the request.",
            DECLARES,
            &[declares_words()],
        ),
        object("fix", "A mend, as edits of the request.", FIX, &[fix_words()]),
        object("source", "Where a fact comes from.", SOURCE, &[source_words()]),
        object(
            "example",
            "A text with the outcome that it must have: a test of the rule, and part of its page.",
            EXAMPLE,
            &[example_words()],
        ),
        object("pack", "The rules for one API.", PACK, &[pack_words()]),
        object(
            "symptom",
            "What shows when a request failed, and what may have caused it.",
            SYMPTOM,
            &[symptom_words(), rule_words(), case_words()],
        ),
        object(
            "elsewhere",
            "A cause that the request cannot show.",
            ELSEWHERE,
            &[elsewhere_words()],
        ),
        object(
            "exemplar",
            "What is pasted, with whether it has the symptom.",
            symptoms::EXAMPLE,
            &[exemplar_words()],
        ),
        object("step", "A step of the checklist.", STEP, &[step_words()]),
        object("budget", "What the API lets a key spend.", BUDGET, &[budget_words()]),
        object("rate", "Calls within a window of time that slides.", RATE, &[rate_words()]),
        object("credits", "Credits of a calendar month.", CREDITS, &[credits_words()]),
        object(
            "defaults",
            "Keys for the rules that lack them.",
            DEFAULTS,
            &[rule_words(), case_words()],
        ),
    ]
}

/// The keys of a loader, with what the tables say about each.
fn object(
    name: &'static str,
    about: &'static str,
    keys: &[&'static str],
    words: &[Vec<About>],
) -> LanguageObject {
    let describe = |key: &&'static str| {
        let known = words.iter().flatten().find(|(known, ..)| known == key);
        let (about, takes) =
            known.map_or(("", Takes::Text), |(_, about, takes)| (*about, takes.clone()));
        LanguageKey { name: key, about, takes }
    };
    LanguageObject { name, about, keys: keys.iter().map(describe).collect() }
}

fn severities() -> Vec<&'static str> {
    Severity::ALL.map(Severity::name).to_vec()
}

fn rule_words() -> Vec<About> {
    vec![
        (
            "id",
            "Unique over all packs; words in lower case with `-` between them, and the name of the file.",
            Takes::Text,
        ),
        (
            "extends",
            "The general rule that it stands for in its own API, and takes from what it does not say itself.",
            Takes::Text,
        ),
        (
            "consequence",
            "What happens to a request that breaks it.",
            Takes::Word(Consequence::ALL.map(Consequence::name).to_vec()),
        ),
        ("summary", "One line for lists: lower case, no full stop.", Takes::Words),
        ("step", "The step of the pack's checklist that it belongs to.", Takes::Text),
        (
            "source",
            "Where the fact comes from. What is only inferred is at most a warning.",
            Takes::List("source"),
        ),
        (
            "table",
            "The name of a file in `tables/`, or rows. The rule is tried for each row; `<row.column>` is a cell.",
            Takes::Table,
        ),
        ("yields_to", "Rules that say it better where they label the same part.", Takes::Texts),
        (
            "instead_of",
            "Rules of other packs that this one says it better than, where it labels the same part.",
            Takes::Texts,
        ),
        (
            "report",
            "One diagnostic for each subject, or one for the request.",
            Takes::Word(vec!["each", "once"]),
        ),
        (
            "cases",
            "Alternatives, tried in order for each subject; the first that holds reports.",
            Takes::List("case"),
        ),
        ("why", "The mechanism and its consequence, in Markdown.", Takes::Text),
        (
            "examples",
            "The tests of the rule, at least one bad and one good.",
            Takes::List("example"),
        ),
    ]
}

fn case_words() -> Vec<About> {
    vec![
        ("scope", "Which requests it is about.", Takes::Object("scope")),
        (
            "find",
            "Names for parts of the request; all must be found, each a different part.",
            Takes::Map("role"),
        ),
        ("if", "What else must hold.", Takes::Object("condition")),
        (
            "sequence",
            "What happens one after the other in a recording, instead of `find`.",
            Takes::Steps("sequence_step"),
        ),
        ("at", "The name that a diagnostic is about; implied where there is one.", Takes::Text),
        (
            "severity",
            "error: rejected, or surely wrong data; warning: ignored, leaked, likely wrong; info.",
            Takes::Word(severities()),
        ),
        (
            "message",
            "What is wrong: lower case, no full stop, what is wrong in backticks.",
            Takes::Words,
        ),
        ("labels", "Words at other names.", Takes::TextMap),
        ("help", "What to do.", Takes::Words),
        ("fix", "The mend.", Takes::Object("fix")),
        ("fixes", "Several mends, the best first, instead of `fix`.", Takes::List("fix")),
    ]
}

fn sequence_step_words() -> Vec<About> {
    let same = Same::ALL.map(Same::name);
    vec![
        ("times", "How many exchanges it takes.", Takes::Count),
        (
            "within",
            "How long it may take, as `500ms`, `60s` or `month`: from the first exchange to the last, or since the step before.",
            Takes::Text,
        ),
        ("same", "The values in which the exchanges agree.", Takes::WordsOf(same.to_vec())),
    ]
}

fn exchange_words() -> Vec<About> {
    vec![
        ("request", "A command.", Takes::Text),
        ("times", "How often it is sent.", Takes::Count),
        ("every", "The time between two of them, as `500ms`.", Takes::Text),
        ("after", "The time since the exchange before.", Takes::Text),
        ("status", "The status code of the response.", Takes::Count),
        ("body", "The content of the response.", Takes::Text),
    ]
}

fn scope_words() -> Vec<About> {
    vec![
        ("tag", "Operations with one of these tags in the API description.", Takes::Texts),
        (
            "operation",
            "These operations of the API description; `<any>` for every one.",
            Takes::Texts,
        ),
        (
            "server",
            "Servers that the pack declares, hosts that look alike, or any.",
            Takes::Word(vec!["declared", "similar", "any"]),
        ),
    ]
}

fn place_words() -> Vec<About> {
    vec![
        ("method", "The method, by its text.", Takes::Texts),
        ("scheme", "The scheme of the URL, by its text.", Takes::Texts),
        ("userinfo", "`user:password` of the URL, by its text.", Takes::Texts),
        ("host", "The host, by its text.", Takes::Texts),
        ("path", "The path, by its text.", Takes::Texts),
        ("query", "The whole query, by its text.", Takes::Texts),
        ("fragment", "The fragment, by its text.", Takes::Texts),
        (
            "body",
            "The body, by its kind: `json`, `form`, `multipart`, `text`, `file`.",
            Takes::Texts,
        ),
        (
            "written_as",
            "The form in which the request is written.",
            Takes::WordsOf(RequestKind::ALL.iter().map(|kind| kind.name()).collect()),
        ),
        (
            "syntax",
            "What a parser noticed.",
            Takes::WordsOf(FindingKind::ALL.iter().map(|kind| kind.name()).collect()),
        ),
        ("role", "A part that has a name already.", Takes::Text),
        ("param", "Parameters by name: query, form and top-level JSON members.", Takes::Texts),
        ("path_param", "Parameters of the path template, by name.", Takes::Texts),
        ("header", "Header fields, by name.", Takes::Texts),
        ("cookie", "Cookies, by name.", Takes::Texts),
        (
            "credential",
            "Keys, by the security scheme of the API description; the text is the key alone.",
            Takes::Texts,
        ),
        ("segment", "Segments of the path: a number from 1, `last`, or `<any>`.", Takes::Text),
        ("json", "Values in the JSON body, by JSON Pointer.", Takes::Texts),
        (
            "route",
            "Where the path leaves the API description, by the kind of the difference.",
            Takes::Texts,
        ),
        (
            "dependency",
            "Dependencies between parameters that do not hold, by their pattern.",
            Takes::Texts,
        ),
        ("status", "The status of what came back, by its text.", Takes::Texts),
        (
            "response_kind",
            "What came back, by its kind: `json`, `html`, `text`, `none`.",
            Takes::Texts,
        ),
        ("response_body", "The text that came back.", Takes::Texts),
        ("response_header", "Header fields that came back, by name.", Takes::Texts),
        ("response_json", "Values in the JSON that came back, by JSON Pointer.", Takes::Texts),
        ("redirect", "Where the response leads to.", Takes::Texts),
        ("failure", "Why nothing came back.", Takes::Texts),
        ("exit_code", "The exit code of curl.", Takes::Texts),
    ]
}

fn modifier_words() -> Vec<About> {
    vec![
        ("in", "Only parameters that are sent there.", Takes::Word(vec!["query", "form", "json"])),
        ("items", "Take each item of a list.", Takes::Flag),
        (
            "text",
            "Test and show the name, or the value before decoding.",
            Takes::Word(vec!["name", "raw"]),
        ),
        ("case", "`any`: compare without case.", Takes::Word(vec!["any"])),
        (
            "implied",
            "Only parts that follow from another one, or only those that are written out.",
            Takes::Flag,
        ),
        ("blank", "Only parts whose value the server takes as not sent.", Takes::Flag),
        (
            "valid",
            "Only parts that fit their schema; with `false`, the pieces that break it.",
            Takes::Flag,
        ),
        ("breaks", "The pieces that break these keywords of their schema.", Takes::Texts),
        ("of", "Only parts that the part of this name is about.", Takes::Text),
    ]
}

fn test_words() -> Vec<About> {
    vec![
        ("is", "Equals one of these patterns.", Takes::Texts),
        ("matches", "A regular expression that is found in it.", Takes::Text),
        ("type", "Is of one of these types.", Takes::Texts),
        ("not", "These tests do not all hold.", Takes::Object("tests")),
    ]
}

fn condition_words() -> Vec<About> {
    vec![
        ("all", "All of them.", Takes::List("condition")),
        ("any", "At least one of them.", Takes::List("condition")),
        ("not", "Not this.", Takes::Object("condition")),
        ("above", "The first is greater than the second.", Takes::NumberPair),
        ("at_least", "The first is greater than the second, or equal.", Takes::NumberPair),
        ("declares", "The API description knows it.", Takes::Object("declares")),
    ]
}

fn declares_words() -> Vec<About> {
    vec![
        ("path", "A path.", Takes::Text),
        ("method", "A method of the path.", Takes::Text),
        ("param", "A parameter of the operation.", Takes::Text),
        ("header", "A header of the operation.", Takes::Text),
        ("body", "A kind of body: `json`, `form`, `multipart`; or a media type.", Takes::Text),
        ("tag", "The operation has this tag.", Takes::Text),
        ("similar", "A parameter of the operation has nearly this name.", Takes::Text),
        ("deprecated", "The operation is deprecated.", Takes::Flag),
        ("needs_body", "The operation refuses requests without a body.", Takes::Flag),
        ("complete", "All parameters of the operation are known.", Takes::Flag),
    ]
}

fn fix_words() -> Vec<About> {
    vec![
        ("title", "What it does, as an imperative.", Takes::Words),
        (
            "safety",
            "safe: surely rejected or ignored as it is, one documented mend, nothing else changes; unsafe; manual: shown only.",
            Takes::Word(Safety::ALL.map(Safety::name).to_vec()),
        ),
        ("set", "New texts for parts, also for those that are missing.", Takes::TextMap),
        ("remove", "Parts that go.", Takes::Texts),
        ("move", "Parameters that go elsewhere.", Takes::Map("destination")),
        ("repair", "Findings that are mended as their parser proposes.", Takes::Texts),
    ]
}

fn source_words() -> Vec<About> {
    vec![
        ("doc", "The document; the name of a page below the pack's `docs` is linked.", Takes::Text),
        ("says", "What it says.", Takes::Text),
        ("confidence", "How sure that is.", Takes::Word(CONFIDENCE.to_vec())),
    ]
}

fn example_words() -> Vec<About> {
    vec![
        ("bad", "A text that the rule reports.", Takes::TextOr("recording")),
        ("good", "A similar text that it must not report.", Takes::TextOr("recording")),
        (
            "unknown",
            "A text that it cannot decide, since something is not known before run time.",
            Takes::TextOr("recording"),
        ),
        ("with", "Texts for the placeholders `<name>` of the text.", Takes::Map("filling")),
        ("at", "The labelled texts, the subject first.", Takes::Texts),
        ("says", "The message.", Takes::Text),
        (
            "fixed",
            "The text after the fix, or after each of several; without it there must be none.",
            Takes::Texts,
        ),
    ]
}

fn pack_words() -> Vec<About> {
    vec![
        ("name", "Unique among packs; words in lower case with `-` between them.", Takes::Text),
        ("version", "Counts the changes of its meaning.", Takes::Count),
        ("docs", "The base of the API's documentation, with https.", Takes::Text),
        ("summary", "One line for lists.", Takes::Words),
        ("servers", "Origins that it is about; none means every request.", Takes::Texts),
        ("paths", "Prefixes by which a request is known whose origin is a variable.", Takes::Texts),
        ("openapi", "The file of the API's description, OpenAPI 3.", Takes::Text),
        ("blank_values", "What the server takes as not sent.", Takes::List("blank_value")),
        ("types", "Named tests, for `type`.", Takes::Map("tests")),
        ("defaults", "Keys for the rules that lack them.", Takes::Object("defaults")),
        (
            "for_each_api",
            "The rules are about every API with a description; `openapi` is that of their examples.",
            Takes::Flag,
        ),
        (
            "checklist",
            "What to go through when something does not add up, in this order.",
            Takes::List("step"),
        ),
        (
            "key_variable",
            "The environment variable that the API's examples keep the key in.",
            Takes::Text,
        ),
        (
            "budget",
            "What the API lets a key spend; recordings are counted against it.",
            Takes::Object("budget"),
        ),
    ]
}

fn symptom_words() -> Vec<About> {
    vec![
        ("if", "What is seen.", Takes::Object("condition")),
        ("yields_to", "Symptoms that say it better.", Takes::Texts),
        ("causes", "Rules that name a cause, likeliest first.", Takes::AnyTexts),
        ("elsewhere", "Causes that the request cannot show.", Takes::List("elsewhere")),
        (
            "retry",
            "Whether it helps: `never`, `backoff`, `next-month`, or `after 2s`.",
            Takes::Text,
        ),
        ("retry_note", "More about that.", Takes::Text),
        ("costs_credit", "Whether such a request is paid for.", Takes::Flag),
        ("examples", "The tests of the symptom.", Takes::List("exemplar")),
    ]
}

fn elsewhere_words() -> Vec<About> {
    vec![("text", "The cause.", Takes::Text), ("check", "How to find out.", Takes::Text)]
}

fn exemplar_words() -> Vec<About> {
    vec![
        ("seen", "What is pasted, and has the symptom.", Takes::Text),
        ("not_seen", "What is pasted, and has another one.", Takes::Text),
        ("unknown", "What does not tell.", Takes::Text),
        ("first", "The rule that is named as the first cause.", Takes::Text),
    ]
}

fn step_words() -> Vec<About> {
    vec![
        ("step", "Its name, which rules and symptoms refer to.", Takes::Text),
        ("title", "What holds when it is passed.", Takes::Text),
        ("scope", "For which requests that counts.", Takes::Object("scope")),
        ("passed_if", "What shows that it is passed.", Takes::Object("condition")),
        ("check", "How to find out.", Takes::Text),
    ]
}

fn budget_words() -> Vec<About> {
    vec![
        ("rate", "How many calls a key may make.", Takes::Object("rate")),
        ("credits", "What calls cost.", Takes::Object("credits")),
    ]
}

fn rate_words() -> Vec<About> {
    vec![
        ("scope", "The requests that count.", Takes::Object("scope")),
        ("if", "Which of them count.", Takes::Object("condition")),
        ("most", "So many are allowed.", Takes::Count),
        ("advised", "So many are advised, if that is less.", Takes::Count),
        ("within", "How long the window is, as `60s`.", Takes::Text),
    ]
}

fn credits_words() -> Vec<About> {
    vec![
        ("scope", "The requests that may cost one.", Takes::Object("scope")),
        ("if", "When they do.", Takes::Object("condition")),
        ("month", "So many there are in a calendar month.", Takes::Count),
        ("used", "The JSON Pointer of the number of used ones in a response.", Takes::Text),
        ("limit", "The JSON Pointer of the number of all in a response.", Takes::Text),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_loader_is_described() {
        let language = language();
        let keys = language
            .iter()
            .flat_map(|object| object.keys.iter().map(move |key| (object.name, key)));
        let silent: Vec<String> = keys
            .filter(|(_, key)| key.about.is_empty())
            .map(|(object, key)| format!("`{}` of {object}", key.name))
            .collect();
        assert!(silent.is_empty(), "say in language.rs what these are: {}", silent.join(", "));
    }
}
