//! Diagnostics for editors and code hosts: `reqlint check --format sarif`, in the form of SARIF
//! 2.1.0 (OASIS, Static Analysis Results Interchange Format), with fixes.

use crate::Report;
use crate::locate::{Lines, Position};
use crate::secrets::Secrets;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqlint_core::diagnostic::{Diagnostic, Edit, Fix, Label, Safety, Severity};
use reqlint_core::span::Span;
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What stays as it is in the path of a URI (RFC 3986, section 3.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'+')
    .remove(b'=')
    .remove(b',')
    .remove(b'@');

/// Writes one run with what was found in all sources. `summary_of` says what a rule is about, by
/// its id.
///
/// # Errors
/// What the writer says.
pub fn write_sarif<'s>(
    out: &mut dyn Write,
    reports: &'s [Report<'s>],
    version: &'s str,
    summary_of: &dyn Fn(&str) -> Option<&'s str>,
) -> io::Result<()> {
    let mut rules: Vec<Rule<'_>> = Vec::new();
    let mut results = Vec::new();
    for report in reports.iter().filter(|report| !report.diagnostics.is_empty()) {
        let source = Source::new(report);
        for diagnostic in report.diagnostics {
            let known = rules.iter().position(|rule| rule.id == diagnostic.rule);
            let number = known.unwrap_or_else(|| {
                rules.push(Rule::of(diagnostic, summary_of(&diagnostic.rule)));
                rules.len() - 1
            });
            results.push(source.result(diagnostic, number));
        }
    }
    let driver = Driver { name: "reqlint", semantic_version: version, rules };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    serde_json::to_writer(&mut *out, &log)?;
    out.write_all(b"\n")
}

#[derive(Debug, Serialize)]
struct Log<'s> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'s>; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'s> {
    tool: Tool<'s>,
    column_kind: &'static str,
    results: Vec<SarifResult<'s>>,
}

#[derive(Debug, Serialize)]
struct Tool<'s> {
    driver: Driver<'s>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'s> {
    name: &'static str,
    semantic_version: &'s str,
    rules: Vec<Rule<'s>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'s> {
    id: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Message<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'s str>,
    properties: RuleProperties<'s>,
}

#[derive(Debug, Serialize)]
struct RuleProperties<'s> {
    pack: &'s str,
    consequence: &'static str,
}

impl<'s> Rule<'s> {
    fn of(diagnostic: &'s Diagnostic, summary: Option<&'s str>) -> Self {
        Rule {
            id: &diagnostic.rule,
            short_description: summary.map(|text| Message { text: text.into() }),
            help_uri: diagnostic.url.as_deref(),
            properties: RuleProperties {
                pack: &diagnostic.pack,
                consequence: diagnostic.consequence.name(),
            },
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'s> {
    rule_id: &'s str,
    rule_index: usize,
    level: &'static str,
    message: Message<'s>,
    locations: [Location<'s>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'s>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix<'s>>,
}

#[derive(Debug, Serialize)]
struct Message<'s> {
    text: Cow<'s, str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'s>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Clone, Debug, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix<'s> {
    description: Message<'s>,
    artifact_changes: [ArtifactChange<'s>; 1],
    properties: FixProperties,
}

#[derive(Debug, Serialize)]
struct FixProperties {
    safety: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'s> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'s>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'s> {
    deleted_region: Region,
    inserted_content: Content<'s>,
}

#[derive(Debug, Serialize)]
struct Content<'s> {
    text: &'s str,
}

/// A source, with what its results have in common.
struct Source<'r> {
    place: ArtifactLocation,
    lines: Lines<'r>,
    secrets: Secrets<'r>,
}

impl<'r> Source<'r> {
    fn new(report: &Report<'r>) -> Self {
        Source {
            place: ArtifactLocation { uri: uri(report.path) },
            lines: Lines::new(report.text),
            secrets: Secrets::new(report.text, report.secrets),
        }
    }

    fn result(&self, diagnostic: &'r Diagnostic, number: usize) -> SarifResult<'r> {
        let subject = diagnostic.labels.first().map_or(Span::empty(0), |label| label.span);
        let others = diagnostic.labels.iter().skip(1).enumerate();
        SarifResult {
            rule_id: &diagnostic.rule,
            rule_index: number,
            level: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "note",
            },
            message: Message { text: self.message(diagnostic) },
            locations: [self.location(None, subject, None)],
            related_locations: others.map(|(at, label)| self.related(at + 1, label)).collect(),
            fixes: diagnostic.fixes.iter().filter_map(|fix| self.fix(fix)).collect(),
        }
    }

    /// What is wrong, and what to do: viewers show nothing else.
    fn message(&self, diagnostic: &'r Diagnostic) -> Cow<'r, str> {
        let message = self.secrets.mask_words(&diagnostic.message);
        match &diagnostic.help {
            Some(help) => format!("{message}\n{}", self.secrets.mask_words(help)).into(),
            None => message,
        }
    }

    fn related(&self, number: usize, label: &'r Label) -> Location<'r> {
        let text = self.secrets.mask_words(&label.text);
        let message = (!text.is_empty()).then_some(Message { text });
        self.location(Some(number), label.span, message)
    }

    fn location(
        &self,
        id: Option<usize>,
        span: Span,
        message: Option<Message<'r>>,
    ) -> Location<'r> {
        let physical_location =
            PhysicalLocation { artifact_location: self.place.clone(), region: self.region(span) };
        Location { id, physical_location, message }
    }

    fn region(&self, span: Span) -> Region {
        let Position { line: start_line, column: start_column } = self.lines.position(span.start());
        let Position { line: end_line, column: end_column } = self.lines.position(span.end());
        Region { start_line, start_column, end_line, end_column }
    }

    /// A fix that can be applied: not one that is only shown, or would show a secret.
    fn fix(&self, fix: &'r Fix) -> Option<SarifFix<'r>> {
        let shows_secret = |edit: &Edit| self.secrets.are_in(&edit.text);
        if fix.safety == Safety::Manual
            || fix.edits.is_empty()
            || fix.edits.iter().any(shows_secret)
        {
            return None;
        }
        let replacement = |edit: &'r Edit| Replacement {
            deleted_region: self.region(edit.span),
            inserted_content: Content { text: &edit.text },
        };
        Some(SarifFix {
            description: Message { text: self.secrets.mask_words(&fix.title) },
            artifact_changes: [ArtifactChange {
                artifact_location: self.place.clone(),
                replacements: fix.edits.iter().map(replacement).collect(),
            }],
            properties: FixProperties { safety: fix.safety.name() },
        })
    }
}

/// A path as a URI: relative to where the program ran, or absolute.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let escaped = utf8_percent_encode(&path, ESCAPED);
    let is_drive = path.as_bytes().get(1) == Some(&b':') && cfg!(windows);
    match path.starts_with('/') {
        true => format!("file://{escaped}"),
        false if is_drive => format!("file:///{escaped}"),
        false => escaped.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/ü.sh"), "a%20b/%C3%BC.sh");
        assert_eq!(uri("/tmp/x.sh"), "file:///tmp/x.sh");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}
