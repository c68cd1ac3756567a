//! Words that all formats share.

use reqlint_core::explain::{Corrected, Explanation, Seen};
use reqlint_core::symptom::Retry;

/// Where it is not decided what a response means, so many of the possible meanings are named.
pub(super) const MOST_POSSIBLE: usize = 3;

/// Where it is not decided, so many of the causes are named that no request shows.
const MOST_ELSEWHERE: usize = 3;
/// So many rules are named in a list.
const MOST_NAMES: usize = 12;

/// How many of the causes that no request shows are told: all, where it is known what they explain.
pub(super) fn most_elsewhere(explanation: &Explanation<'_>) -> usize {
    if explanation.symptom.is_some() { usize::MAX } else { MOST_ELSEWHERE }
}

/// Names of rules, the first of many.
pub(super) fn list(names: &[&str]) -> String {
    let shown = names.get(..MOST_NAMES).unwrap_or(names).join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown}, and {more} more"),
    }
}

/// The reason phrase of a status code (RFC 9110, section 15).
fn reason(status: u16) -> Option<&'static str> {
    http::StatusCode::from_u16(status).ok()?.canonical_reason()
}

/// `404 Not Found`
pub(super) fn status(status: u16) -> String {
    match reason(status) {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}

/// What came back, in one line: `404 Not Found, JSON that says “Unknown TikTok Shop endpoint”`.
/// None where nothing is known of it.
pub(super) fn came_back(seen: &Seen) -> Option<String> {
    let mut words = Vec::new();
    for (code, target) in &seen.redirects {
        let is_last = seen.status == Some(*code);
        let target = target.as_ref().map(|target| format!(" to {target}")).unwrap_or_default();
        match is_last {
            true => words.push(format!("{}{target}", status(*code))),
            false => words.push(format!("{}{target}, then", status(*code))),
        }
    }
    let said_already = seen.redirects.last().is_some_and(|(code, _)| seen.status == Some(*code));
    if let Some(code) = seen.status.filter(|_| !said_already) {
        words.push(status(code));
    }
    let mut line = words.join(" ");
    let content = match (seen.content, seen.says.as_deref()) {
        (Some("none"), _) => Some("without content".to_owned()),
        (Some(kind), says) => Some(content(kind, says, seen.cut_off)),
        (None, _) => None,
    };
    if let Some(content) = content {
        line = if line.is_empty() { content } else { format!("{line}, {content}") };
    }
    if let Some(failure) = &seen.failure {
        line = if line.is_empty() { failure.clone() } else { format!("{line}; {failure}") };
    }
    (!line.is_empty()).then_some(line)
}

fn content(kind: &str, says: Option<&str>, cut_off: bool) -> String {
    let name = match kind {
        "json" => "JSON",
        "html" => "an HTML page",
        _ => "text",
    };
    let cut = if cut_off { ", cut off" } else { "" };
    match (kind, says) {
        ("html", Some(title)) => format!("{name} with the title “{title}”{cut}"),
        (_, Some(says)) => format!("{name} that says “{says}”{cut}"),
        (_, None) => format!("{name}{cut}"),
    }
}

/// The one thing to know, for the first line: the message of the likeliest cause, or that there is
/// none.
pub(super) fn verdict(explanation: &Explanation<'_>) -> String {
    let first = explanation.causes.first();
    let failed = explanation.failed();
    match first {
        Some(cause) if cause.explains || explanation.seen.is_empty() => {
            cause.diagnostic.message.clone()
        }
        _ if explanation.seen.is_empty() => {
            "nothing is wrong with this request, as far as it can be seen".to_owned()
        }
        Some(cause) if !explanation.seen.succeeded() && leads(explanation, cause.explains) => {
            cause.diagnostic.message.clone()
        }
        _ if !explanation.has_request => match explanation.symptom {
            Some(symptom) => symptom.summary.clone(),
            None => "the request is not there, so only the response can be looked at".to_owned(),
        },
        _ if failed || !explanation.seen.succeeded() => unexplained(explanation),
        Some(cause) => format!("it succeeded; of the request: {}", cause.diagnostic.message),
        None => "it succeeded, and nothing is wrong with the request".to_owned(),
    }
}

/// Whether the first finding is shown as the cause: it explains what came back, or nothing that is
/// known speaks against it.
pub(super) fn leads(one: &Explanation<'_>, explains: bool) -> bool {
    let is_undecided = one.seen.status.is_none() && one.seen.failure.is_none();
    explains || one.symptom.is_none() && (one.possible.is_empty() || is_undecided)
}

/// What came back means this, and nothing in the request explains it.
fn unexplained(explanation: &Explanation<'_>) -> String {
    const PLAINLY: &str = "nothing in the request explains it";
    let possible = match explanation.seen.status {
        Some(_) => explanation.possible.as_slice(),
        None => &[],
    };
    match (explanation.symptom, possible) {
        (Some(symptom), _) => format!("{}; {PLAINLY}", symptom.summary),
        (None, [one, other]) => {
            format!("either {}, or {}; {PLAINLY}", one.summary, other.summary)
        }
        (None, [first, ..]) => format!("most likely {}; {PLAINLY}", first.summary),
        (None, []) => PLAINLY.to_owned(),
    }
}

/// Where other secrets than the key come from, since they are not shown.
pub(super) fn secrets(corrected: &Corrected) -> Option<String> {
    let names: Vec<String> = corrected.secrets.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => None,
        [only] => Some(format!("what is secret comes from {only}")),
        [first @ .., last] => {
            Some(format!("what is secret comes from {} and {last}", first.join(", ")))
        }
    }
}

/// Whether, and when, to send it again.
pub(super) fn retry(explanation: &Explanation<'_>) -> Option<String> {
    let symptom = explanation.symptom.or(explanation.possible.first().copied());
    let advice = match explanation.retry()? {
        Retry::Never => "do not: it gives the same answer".to_owned(),
        Retry::Backoff => "later, and later each time".to_owned(),
        Retry::After(1) => "after a second".to_owned(),
        Retry::After(seconds) => format!("after {seconds} seconds"),
        Retry::NextMonth => "next month".to_owned(),
    };
    let note = symptom.and_then(|symptom| symptom.retry_note.as_deref());
    let note = note.map(|note| format!("; {note}")).unwrap_or_default();
    let cost = match symptom.and_then(|symptom| symptom.costs_credit) {
        Some(true) => " (it costs a credit)",
        Some(false) => " (this answer costs no credit)",
        None => "",
    };
    Some(format!("{advice}{note}{cost}"))
}
