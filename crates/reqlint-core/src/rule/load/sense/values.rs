//! Words that no part of a request can be: a host with a path, a status that is no code; and
//! questions of which one part cannot pass both.

use super::super::mistakes::Mistakes;
use super::texts::Spot;
use super::{found_part, is_single, literals_of, never};
use crate::rule::{Case, Condition, Part, PartPlace};

/// Words beside a place that it can never have.
pub(super) fn check_words_of_place(part: &Part, spot: Spot<'_>, mistakes: &mut Mistakes) {
    for text in part.place.patterns().iter().filter_map(|pattern| pattern.literal()) {
        if let Some((why, help)) = why_never(&part.place, text) {
            mistakes.add(
                spot.item(part.place.key(), text),
                format!("`{text}` can never match: {why}"),
                help,
            );
        }
    }
}

/// Why a place never has a text, and what to write.
fn why_never(place: &PartPlace, text: &str) -> Option<(&'static str, String)> {
    let is_code = |digits: usize| text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    match place {
        PartPlace::Scheme(_) if text.contains([':', '/']) => {
            let scheme = text.split(':').next().unwrap_or_default();
            Some(("a scheme is the word before `://`", format!("write `{scheme}`")))
        }
        PartPlace::Host(_) if text.contains('/') => {
            let host = text.split_once("://").map_or(text, |(_, rest)| rest);
            let host = host.split('/').next().unwrap_or_default();
            Some(("a host has no scheme and no path", format!("write `{host}`")))
        }
        PartPlace::Header(_) | PartPlace::ResponseHeader(_)
            if text.find(':').is_some_and(|at| at > 0) =>
        {
            let name = text.split(':').next().unwrap_or_default();
            let help = format!("write `{name}`, and ask for its text with `is`");
            Some(("the name of a header has no `:`", help))
        }
        PartPlace::Status(_) if !is_code(3) => Some(("a status is a code", status_help(text))),
        PartPlace::ExitCode(_) if text.parse::<i64>().is_err() => {
            Some(("an exit code is a number", "write a number, as `28`".to_owned()))
        }
        _ => None,
    }
}

fn status_help(text: &str) -> String {
    let head: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = text[head.len()..].to_ascii_lowercase();
    match (head.len(), rest.as_str()) {
        (1, "xx" | "**" | "??") | (2, "x" | "*" | "?") => {
            format!("write `{head}<any>` for every code that begins so")
        }
        (3, rest) if rest.starts_with([' ', ':']) => format!("write `{head}`"),
        _ => "write a code of three digits, as `404`".to_owned(),
    }
}

/// Conditions that must all hold, of which two ask the same part for different words.
pub(super) fn check_exclusions(
    case: &Case,
    condition: &Condition,
    spot: Spot<'_>,
    mistakes: &mut Mistakes,
) {
    let asked: Vec<&Condition> = match condition {
        Condition::All(all) => all.iter().collect(),
        one => vec![one],
    };
    let asked = asked.into_iter().filter_map(|one| match one {
        Condition::Part(part) => Some(part.as_ref()),
        _ => None,
    });
    let mut known: Vec<&Part> =
        case.roles.iter().filter_map(|role| found_part(&role.find)).collect();
    for part in asked {
        if let Some(other) = known.iter().find(|other| exclude(part, other)) {
            let (key, words) = (part.place.key(), literals_of(other.place.patterns()));
            let word = words.and_then(|words| words.first().copied()).unwrap_or_default();
            let why = format!("a request has one `{key}`, and it must be `{word}` as well");
            never(
                spot.part(part),
                why,
                "join the two with `any`, or write a list of words",
                mistakes,
            );
        }
        known.push(part);
    }
}

/// Whether no part passes both patterns.
fn exclude(one: &Part, other: &Part) -> bool {
    let is_single =
        |part: &Part| is_single(&part.place) || matches!(part.place, PartPlace::Status(_));
    if !is_single(one) || one.place.key() != other.place.key() {
        return false;
    }
    let words = |part: &Part| -> Option<Vec<String>> {
        let words = literals_of(part.place.patterns()).filter(|words| !words.is_empty())?;
        Some(words.into_iter().map(str::to_lowercase).collect())
    };
    matches!((words(one), words(other)), (Some(one), Some(other))
        if !one.iter().any(|word| other.contains(word)))
}
