//! What `reqlint test-rules` prints: how the examples of rules came out, as text, JSON and JUnit.

use crate::human::Terminal;
use crate::locate::Lines;
use crate::{counted, visible};
use anstyle::{AnsiColor, Style};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use reqlint_core::check::examples::{ExampleTest, RuleTest, Verdict};
use reqlint_core::rule::page::{Example, Page};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A rule whose examples were run.
#[derive(Debug)]
pub struct Tested<'r> {
    /// The pack of the rule.
    pub pack: &'r str,
    /// Its page, with the examples.
    pub page: &'r Page,
    /// The rule's file and its text; none where the rule is built in.
    pub file: Option<(String, &'r str)>,
    /// How they came out.
    pub test: RuleTest,
}

impl<'r> Tested<'r> {
    fn examples(&self) -> impl Iterator<Item = (usize, &'r Example, &ExampleTest)> {
        let pairs = self.page.examples.iter().zip(&self.test.examples).enumerate();
        pairs.map(|(number, (example, test))| (number + 1, example, test))
    }

    /// Line and column of an example in the rule's file.
    fn position(&self, example: &Example) -> Option<(usize, usize)> {
        let (_, text) = self.file.as_ref()?;
        let at = Lines::new(text).position(example.place.start());
        Some((at.line, at.column))
    }

    /// `my-rules/a.yaml:12:10`, or the rule's id.
    fn place(&self, example: &Example) -> String {
        match (&self.file, self.position(example)) {
            (Some((path, _)), Some((line, column))) => format!("{path}:{line}:{column}"),
            _ => self.page.id.clone(),
        }
    }
}

/// How often each verdict was reached.
fn counts(tested: &[Tested<'_>]) -> BTreeMap<Verdict, usize> {
    let mut counts = BTreeMap::new();
    for example in tested.iter().flat_map(|tested| &tested.test.examples) {
        *counts.entry(example.verdict).or_default() += 1;
    }
    counts
}

/// Writes what did not come out as it says, and a summary; with `all` also what did.
///
/// # Errors
/// What the writer says.
pub fn write_text(
    out: &mut dyn Write,
    terminal: &Terminal,
    tested: &[Tested<'_>],
    all: bool,
) -> io::Result<()> {
    for tested in tested.iter().filter(|tested| all || !tested.test.is_sound()) {
        let id = terminal.styled(Style::new().bold(), &tested.page.id);
        writeln!(out, "{id} (pack {})", tested.pack)?;
        for (number, example, test) in tested.examples() {
            if all || test.verdict != Verdict::Validated {
                write_example(out, terminal, tested, number, (example, test))?;
            }
        }
        for case in &tested.test.unreached {
            let verdict = terminal.styled(AnsiColor::Red.on_default(), "unreached");
            writeln!(out, "  {verdict}: case {} is reported by no bad example", case + 1)?;
            writeln!(out, "      an earlier case hides it, or it can never match")?;
        }
        writeln!(out)?;
    }
    write_summary(out, tested)
}

fn write_example(
    out: &mut dyn Write,
    terminal: &Terminal,
    tested: &Tested<'_>,
    number: usize,
    (example, test): (&Example, &ExampleTest),
) -> io::Result<()> {
    let color = if test.verdict == Verdict::Validated { AnsiColor::Green } else { AnsiColor::Red };
    let verdict = terminal.styled(color.on_default(), &test.verdict.name().replace('-', " "));
    let place = tested.place(example);
    let outcome = example.outcome.name();
    writeln!(out, "  {verdict}: example {number}, {outcome} ({place})")?;
    if test.verdict == Verdict::Validated {
        return Ok(());
    }
    for line in example.text.trim_end().lines().take(MOST_LINES) {
        let line = visible::shortened(line, 200);
        writeln!(out, "    | {}", visible::line(&line, terminal.unicode))?;
    }
    for difference in &test.differences {
        let difference = visible::shortened(difference, 600);
        writeln!(out, "    = {}", visible::line(&difference, terminal.unicode))?;
    }
    Ok(())
}

/// Lines of an example that are shown.
const MOST_LINES: usize = 12;

/// `3 rules, 12 examples: 11 validated, 1 wrong fix`
fn write_summary(out: &mut dyn Write, tested: &[Tested<'_>]) -> io::Result<()> {
    let examples = tested.iter().map(|tested| tested.test.examples.len()).sum();
    let said = counts(tested).into_iter();
    let said = said.map(|(verdict, count)| format!("{count} {}", verdict.name().replace('-', " ")));
    let mut said: Vec<String> = said.collect();
    let unreached: usize = tested.iter().map(|tested| tested.test.unreached.len()).sum();
    if unreached > 0 {
        said.push(format!("{} unreached", counted(unreached, "case")));
    }
    let (rules, examples) = (counted(tested.len(), "rule"), counted(examples, "example"));
    writeln!(out, "{rules}, {examples}: {}", said.join(", "))
}

/// Writes everything for programs, version 1 (`docs/schemas/test-rules-v1.schema.json`).
///
/// # Errors
/// What the writer says.
pub fn write_json(mut out: impl Write, tested: &[Tested<'_>]) -> io::Result<()> {
    let counts = counts(tested);
    let count = |verdict| counts.get(&verdict).copied().unwrap_or_default();
    let summary = JsonSummary {
        rules: tested.len(),
        examples: tested.iter().map(|tested| tested.test.examples.len()).sum(),
        validated: count(Verdict::Validated),
        missing: count(Verdict::Missing),
        noisy: count(Verdict::Noisy),
        wrong_words: count(Verdict::WrongWords),
        wrong_fix: count(Verdict::WrongFix),
        wrong_answer: count(Verdict::WrongAnswer),
        unreached_cases: tested.iter().map(|tested| tested.test.unreached.len()).sum(),
    };
    let rules = tested.iter().map(json_rule).collect();
    serde_json::to_writer(&mut out, &JsonTests { version: 1, rules, summary })?;
    out.write_all(b"\n")
}

fn json_rule<'t>(tested: &'t Tested<'_>) -> JsonRule<'t> {
    let example = |(number, example, test): (usize, &Example, &'t ExampleTest)| {
        let (line, column) = tested.position(example).unzip();
        let (outcome, verdict) = (example.outcome.name(), test.verdict.name());
        JsonExample { number, outcome, verdict, line, column, differences: &test.differences }
    };
    JsonRule {
        rule: &tested.page.id,
        pack: tested.pack,
        path: tested.file.as_ref().map(|(path, _)| path.as_str()),
        examples: tested.examples().map(example).collect(),
        unreached_cases: tested.test.unreached.iter().map(|case| case + 1).collect(),
    }
}

#[derive(Debug, Serialize)]
struct JsonTests<'t> {
    version: u32,
    rules: Vec<JsonRule<'t>>,
    summary: JsonSummary,
}

#[derive(Debug, Serialize)]
struct JsonRule<'t> {
    rule: &'t str,
    pack: &'t str,
    path: Option<&'t str>,
    examples: Vec<JsonExample<'t>>,
    unreached_cases: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct JsonExample<'t> {
    number: usize,
    outcome: &'static str,
    verdict: &'static str,
    line: Option<usize>,
    column: Option<usize>,
    differences: &'t [String],
}

#[derive(Debug, Serialize)]
struct JsonSummary {
    rules: usize,
    examples: usize,
    validated: usize,
    missing: usize,
    noisy: usize,
    wrong_words: usize,
    wrong_fix: usize,
    wrong_answer: usize,
    unreached_cases: usize,
}

/// Writes JUnit XML: a suite for each rule, a case for each example and for each case of the rule
/// that is not reached.
///
/// # Errors
/// What the writer says.
pub fn write_junit(mut out: impl Write, tested: &[Tested<'_>]) -> io::Result<()> {
    let mut report = quick_junit::Report::new("reqlint test-rules");
    report.add_test_suites(tested.iter().map(suite));
    report.serialize(&mut out).map_err(io::Error::other)?;
    out.write_all(b"\n")
}

fn suite(tested: &Tested<'_>) -> TestSuite {
    let mut suite = TestSuite::new(tested.page.id.as_str());
    let class = format!("{}.{}", tested.pack, tested.page.id);
    for (number, example, test) in tested.examples() {
        let name = format!("example {number}, {}", example.outcome.name());
        let status = match test.verdict {
            Verdict::Validated => TestCaseStatus::success(),
            verdict => {
                let words = format!("{}\n{}", tested.place(example), test.differences.join("\n"));
                failure(verdict.name(), &test.differences.join("; "), &words)
            }
        };
        let mut case = TestCase::new(name, status);
        case.set_classname(class.as_str());
        suite.add_test_case(case);
    }
    for number in &tested.test.unreached {
        let message = "no bad example is reported by this case";
        let mut case =
            TestCase::new(format!("case {}", number + 1), failure("unreached", message, message));
        case.set_classname(class.as_str());
        suite.add_test_case(case);
    }
    suite
}

fn failure(kind: &str, message: &str, description: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind).set_message(message).set_description(description);
    status
}
