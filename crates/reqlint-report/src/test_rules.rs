//! What `reqlint test-rules` prints: how the examples of rules and symptoms came out, as text, JSON and JUnit.

use crate::human::Terminal;
use crate::locate::Lines;
use crate::{counted, visible};
use anstyle::{AnsiColor, Style};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use reqlint_core::check::examples::{ExampleTest, RuleTest, Verdict};
use reqlint_core::rule::page::{Outcome, Page};
use reqlint_core::span::Span;
use reqlint_core::symptom::Symptom;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A rule or symptom whose examples were run.
#[derive(Debug)]
pub struct Tested<'r> {
    pack: &'r str,
    id: &'r str,
    is_symptom: bool,
    /// Its file and the text of that; none where it is built in.
    file: Option<(String, &'r str)>,
    examples: Vec<TestedExample<'r>>,
    /// The numbers of the cases, from 0, that no bad example is reported by.
    unreached: Vec<usize>,
}

/// An example that was run.
#[derive(Debug)]
struct TestedExample<'r> {
    outcome: &'static str,
    text: &'r str,
    place: Span,
    test: ExampleTest,
}

impl<'r> Tested<'r> {
    /// A rule of a pack. `file` is its file with its text; none where it is built in.
    pub fn rule(
        pack: &'r str,
        page: &'r Page,
        file: Option<(String, &'r str)>,
        test: RuleTest,
    ) -> Self {
        let pairs = page.examples.iter().zip(test.examples);
        let examples = pairs.map(|(example, test)| TestedExample {
            outcome: example.outcome.name(),
            text: &example.text,
            place: example.place,
            test,
        });
        let (id, examples) = (page.id.as_str(), examples.collect());
        Tested { pack, id, is_symptom: false, file, examples, unreached: test.unreached }
    }

    /// A symptom of a pack.
    pub fn symptom(
        pack: &'r str,
        symptom: &'r Symptom,
        file: Option<(String, &'r str)>,
        tests: Vec<ExampleTest>,
    ) -> Self {
        let outcome = |outcome: Outcome| match outcome {
            Outcome::Bad => "seen",
            Outcome::Good => "not_seen",
            Outcome::Unknown => "unknown",
        };
        let pairs = symptom.examples.iter().zip(tests);
        let examples = pairs.map(|(example, test)| TestedExample {
            outcome: outcome(example.outcome),
            text: &example.text,
            place: example.place,
            test,
        });
        let (id, examples) = (symptom.id.as_str(), examples.collect());
        Tested { pack, id, is_symptom: true, file, examples, unreached: Vec::new() }
    }

    /// Whether everything is as its file says.
    pub fn is_sound(&self) -> bool {
        self.unreached.is_empty()
            && self.examples.iter().all(|example| example.test.verdict == Verdict::Validated)
    }

    /// The examples with their numbers, from 1.
    fn numbered(&self) -> impl Iterator<Item = (usize, &TestedExample<'r>)> {
        self.examples.iter().enumerate().map(|(number, example)| (number + 1, example))
    }

    /// Line and column of an example in the file.
    fn position(&self, example: &TestedExample<'_>) -> Option<(usize, usize)> {
        let (_, text) = self.file.as_ref()?;
        let at = Lines::new(text).position(example.place.start());
        Some((at.line, at.column))
    }

    /// `my-rules/a.yaml:12:10`, or the id.
    fn place(&self, example: &TestedExample<'_>) -> String {
        match (&self.file, self.position(example)) {
            (Some((path, _)), Some((line, column))) => format!("{path}:{line}:{column}"),
            _ => self.id.to_owned(),
        }
    }
}

/// How often each verdict was reached.
fn counts(tested: &[Tested<'_>]) -> BTreeMap<Verdict, usize> {
    let mut counts = BTreeMap::new();
    for example in tested.iter().flat_map(|tested| &tested.examples) {
        *counts.entry(example.test.verdict).or_default() += 1;
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
    for tested in tested.iter().filter(|tested| all || !tested.is_sound()) {
        let id = terminal.styled(Style::new().bold(), tested.id);
        writeln!(out, "{id} (pack {})", tested.pack)?;
        for (number, example) in tested.numbered() {
            if all || example.test.verdict != Verdict::Validated {
                write_example(out, terminal, tested, number, example)?;
            }
        }
        for case in &tested.unreached {
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
    example: &TestedExample<'_>,
) -> io::Result<()> {
    let test = &example.test;
    let color = if test.verdict == Verdict::Validated { AnsiColor::Green } else { AnsiColor::Red };
    let verdict = terminal.styled(color.on_default(), &test.verdict.name().replace('-', " "));
    let place = tested.place(example);
    let outcome = example.outcome;
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
    if test.verdict == Verdict::Missing && !tested.is_symptom {
        writeln!(out, "    = ask why: reqlint check --trace-rule {}", tested.id)?;
    }
    Ok(())
}

/// Lines of an example that are shown.
const MOST_LINES: usize = 12;

/// `3 rules, 1 symptom, 12 examples: 11 validated, 1 wrong fix`
fn write_summary(out: &mut dyn Write, tested: &[Tested<'_>]) -> io::Result<()> {
    let examples = tested.iter().map(|tested| tested.examples.len()).sum();
    let said = counts(tested).into_iter();
    let said = said.map(|(verdict, count)| format!("{count} {}", verdict.name().replace('-', " ")));
    let mut said: Vec<String> = said.collect();
    let unreached: usize = tested.iter().map(|tested| tested.unreached.len()).sum();
    if unreached > 0 {
        said.push(format!("{} unreached", counted(unreached, "case")));
    }
    let symptoms = tested.iter().filter(|tested| tested.is_symptom).count();
    let mut run = vec![counted(tested.len() - symptoms, "rule")];
    if symptoms > 0 {
        run.push(counted(symptoms, "symptom"));
    }
    run.push(counted(examples, "example"));
    writeln!(out, "{}: {}", run.join(", "), said.join(", "))
}

/// Writes everything for programs, version 1 (`docs/schemas/test-rules-v1.schema.json`).
///
/// # Errors
/// What the writer says.
pub fn write_json(mut out: impl Write, tested: &[Tested<'_>]) -> io::Result<()> {
    let counts = counts(tested);
    let count = |verdict| counts.get(&verdict).copied().unwrap_or_default();
    let symptoms: Vec<_> = tested.iter().filter(|tested| tested.is_symptom).collect();
    let summary = JsonSummary {
        rules: tested.len() - symptoms.len(),
        symptoms: symptoms.len(),
        examples: tested.iter().map(|tested| tested.examples.len()).sum(),
        validated: count(Verdict::Validated),
        missing: count(Verdict::Missing),
        noisy: count(Verdict::Noisy),
        wrong_words: count(Verdict::WrongWords),
        wrong_fix: count(Verdict::WrongFix),
        wrong_answer: count(Verdict::WrongAnswer),
        wrong_cause: count(Verdict::WrongCause),
        unreached_cases: tested.iter().map(|tested| tested.unreached.len()).sum(),
    };
    let rules = tested.iter().filter(|tested| !tested.is_symptom).map(json_rule).collect();
    let symptoms = symptoms.into_iter().map(json_symptom).collect();
    serde_json::to_writer(&mut out, &JsonTests { version: 1, rules, symptoms, summary })?;
    out.write_all(b"\n")
}

fn json_rule<'t>(tested: &'t Tested<'_>) -> JsonRule<'t> {
    JsonRule {
        rule: tested.id,
        pack: tested.pack,
        path: tested.file.as_ref().map(|(path, _)| path.as_str()),
        examples: json_examples(tested),
        unreached_cases: tested.unreached.iter().map(|case| case + 1).collect(),
    }
}

fn json_symptom<'t>(tested: &'t Tested<'_>) -> JsonSymptom<'t> {
    JsonSymptom {
        symptom: tested.id,
        pack: tested.pack,
        path: tested.file.as_ref().map(|(path, _)| path.as_str()),
        examples: json_examples(tested),
    }
}

fn json_examples<'t>(tested: &'t Tested<'_>) -> Vec<JsonExample<'t>> {
    let json = |(number, example): (usize, &'t TestedExample<'_>)| {
        let (line, column) = tested.position(example).unzip();
        let TestedExample { outcome, test, .. } = example;
        let (verdict, differences) = (test.verdict.name(), test.differences.as_slice());
        JsonExample { number, outcome, verdict, line, column, differences }
    };
    tested.numbered().map(json).collect()
}

#[derive(Debug, Serialize)]
struct JsonTests<'t> {
    version: u32,
    rules: Vec<JsonRule<'t>>,
    symptoms: Vec<JsonSymptom<'t>>,
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
struct JsonSymptom<'t> {
    symptom: &'t str,
    pack: &'t str,
    path: Option<&'t str>,
    examples: Vec<JsonExample<'t>>,
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
    symptoms: usize,
    examples: usize,
    validated: usize,
    missing: usize,
    noisy: usize,
    wrong_words: usize,
    wrong_fix: usize,
    wrong_answer: usize,
    wrong_cause: usize,
    unreached_cases: usize,
}

/// Writes JUnit XML: a suite for each rule and symptom, a case for each example and for each case of the rule
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
    let mut suite = TestSuite::new(tested.id);
    let class = format!("{}.{}", tested.pack, tested.id);
    for (number, example) in tested.numbered() {
        let test = &example.test;
        let name = format!("example {number}, {}", example.outcome);
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
    for number in &tested.unreached {
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
