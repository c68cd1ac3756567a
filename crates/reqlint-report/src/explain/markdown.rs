//! Explanations to paste into an issue or a chat. What others wrote stands in code spans and
//! fences, where it is text and nothing else.

use super::{Explained, timeline, words};
use crate::secrets::Secrets;
use crate::visible;
use reqlint_core::explain::{Explanation, State, Timeline};
use reqlint_core::model::Kind;
use similar::TextDiff;
use std::io::{self, Write};

/// A corrected request is written up to so many bytes.
const MOST_CORRECTED: usize = 64 * 1024;

/// Writes the explanations of one source.
///
/// # Errors
/// What the writer says.
pub fn write_explained(out: &mut dyn Write, explained: &Explained<'_>) -> io::Result<()> {
    let secrets = Secrets::new(explained.report.text, explained.report.secrets);
    for (number, one) in explained.explanations.iter().enumerate() {
        if number > 0 {
            writeln!(out, "\n---\n")?;
        }
        write_one(out, one, &secrets)?;
    }
    match explained.left_out {
        0 => {}
        1 => writeln!(out, "\n1 more exchange is not shown.")?,
        more => writeln!(out, "\n{more} more exchanges are not shown.")?,
    }
    explained.timeline.map_or(Ok(()), |timeline| write_timeline(out, timeline, &secrets))
}

/// What a recording shows as a whole.
fn write_timeline(
    out: &mut dyn Write,
    timeline: &Timeline<'_>,
    secrets: &Secrets<'_>,
) -> io::Result<()> {
    writeln!(out, "\n---\n\n**Timeline:** {}", escape(&timeline::extent(timeline)))?;
    let rates = timeline.rates.iter().map(|rate| timeline::rate(rate, timeline));
    write_list(out, "Calls", rates.map(|line| escape(&line)))?;
    let credits = timeline.credits.iter().flat_map(timeline::credits);
    write_list(out, "Credits", credits.map(|line| escape(&line)))?;
    let events = timeline.events.iter().take(timeline::MOST_EVENTS).map(|event| {
        let one = event.diagnostic;
        let message = escape(&secrets.mask_words(&one.message));
        let place = timeline::place(event, timeline);
        format!("{} `{}`: {message} ({place})", one.severity.name(), one.rule)
    });
    write_list(out, "What followed each other", events)?;
    let clear: Vec<&str> = timeline.clear.iter().map(|rule| rule.id.as_str()).collect();
    match clear.is_empty() {
        true => Ok(()),
        false => writeln!(out, "\n**Looked for, and not seen:** {}", codes(&clear)),
    }
}

fn write_one(out: &mut dyn Write, one: &Explanation<'_>, secrets: &Secrets<'_>) -> io::Result<()> {
    let words = |text: &str| escape(&secrets.mask_words(text));
    if let Some(came_back) = words::came_back(&one.seen) {
        writeln!(out, "**What came back:** {}\n", words(&came_back))?;
    }
    writeln!(out, "**Likely cause:** {}", words(&words::verdict(one)))?;
    if let Some(cause) = one.causes.first().filter(|cause| cause.explains || one.seen.is_empty()) {
        writeln!(out, "(rule `{}`)", cause.diagnostic.rule)?;
        if let Some(help) = &cause.diagnostic.help {
            writeln!(out, "\n{}", words(help.trim_end()))?;
        }
    }
    write_corrected(out, one)?;
    if let Some(symptom) = one.symptom {
        writeln!(out, "\n**What that means:** {} (`{}`)", words(&symptom.summary), symptom.id)?;
    }
    write_list(
        out,
        "What that can mean",
        one.possible.iter().take(words::MOST_POSSIBLE).map(|one| words(&one.summary)),
    )?;
    let others = one.causes.iter().skip(usize::from(one.is_explained() || one.seen.is_empty()));
    let others = others.map(|cause| {
        let diagnostic = &cause.diagnostic;
        format!(
            "{} `{}`: {}",
            diagnostic.severity.name(),
            diagnostic.rule,
            words(&diagnostic.message)
        )
    });
    write_list(out, "Also found in the request", others)?;
    let elsewhere = one.elsewhere.iter().take(words::most_elsewhere(one));
    let elsewhere =
        elsewhere.map(|cause| format!("{}; check: {}", words(&cause.text), words(&cause.check)));
    write_list(out, "What the request cannot show", elsewhere)?;
    if !one.ruled_out.is_empty() {
        writeln!(out, "\n**Ruled out:** {}", codes(&one.ruled_out))?;
    }
    if !one.undecided.is_empty() {
        writeln!(
            out,
            "\n**Not decided, since not all of it is known:** {}",
            codes(&one.undecided)
        )?;
    }
    let steps = one.checklist.iter().map(|step| {
        let mark = match step.state {
            State::Passed => "[x]",
            State::Failed | State::Unseen => "[ ]",
        };
        let by = step.by.as_ref().map(|by| format!(", `{by}`")).unwrap_or_default();
        format!(
            "{mark} {}: {} ({}{by})",
            step.step.name,
            words(&step.step.title),
            step.state.name()
        )
    });
    write_list(out, "Checklist", steps)?;
    match words::retry(one) {
        Some(retry) => writeln!(out, "\n**Send it again?** {}", words(&retry)),
        None => Ok(()),
    }
}

fn write_corrected(out: &mut dyn Write, one: &Explanation<'_>) -> io::Result<()> {
    let Some(corrected) = one.corrected.as_ref().filter(|one| one.text.len() <= MOST_CORRECTED)
    else {
        return Ok(());
    };
    let language = match corrected.kind {
        Kind::Json => "json",
        Kind::Http => "http",
        Kind::Urls => "",
        _ => "sh",
    };
    let text = visible::paragraphs(corrected.text.trim_end(), true);
    writeln!(out, "\n**Corrected:**\n")?;
    write_fence(out, language, &text)?;
    let variables: Vec<&str> = corrected.variables().collect();
    if !variables.is_empty() {
        writeln!(out, "\nNot shown here, so to be set before: {}", codes(&variables))?;
    }
    let original = visible::paragraphs(corrected.original.trim_end(), true);
    let diff = TextDiff::from_lines(&*original, &*text);
    let changes: String = diff
        .iter_all_changes()
        .map(|change| format!("{}{}\n", change.tag(), change.value().trim_end_matches('\n')))
        .collect();
    writeln!(out)?;
    write_fence(out, "diff", changes.trim_end_matches('\n'))
}

/// A fence that the text cannot close.
fn write_fence(out: &mut dyn Write, language: &str, text: &str) -> io::Result<()> {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    writeln!(out, "{fence}{language}\n{text}\n{fence}")
}

fn write_list(
    out: &mut dyn Write,
    title: &str,
    items: impl Iterator<Item = String>,
) -> io::Result<()> {
    for (number, item) in items.enumerate() {
        if number == 0 {
            writeln!(out, "\n**{title}:**\n")?;
        }
        writeln!(out, "- {item}")?;
    }
    Ok(())
}

fn codes(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// One line in which nothing is markup but code spans, which our own words have. An odd mark opens
/// a span that nothing closes: then none of them is one.
fn escape(text: &str) -> String {
    let line = visible::line(text, true);
    let has_spans = line.matches('`').count().is_multiple_of(2);
    let mut escaped = String::with_capacity(line.len());
    let mut in_code = false;
    for character in line.chars() {
        in_code ^= has_spans && character == '`';
        let is_markup =
            matches!(character, '*' | '_' | '<' | '[' | ']' | '|' | '#' | '\\' | '@' | '!');
        if !in_code && is_markup || character == '`' && !has_spans {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_of_a_response_is_markup() {
        assert_eq!(escape("`a*b` is *c*"), "`a*b` is \\*c\\*");
        assert_eq!(escape("says `<img> [x](y)"), "says \\`\\<img> \\[x\\](y)");
    }
}
