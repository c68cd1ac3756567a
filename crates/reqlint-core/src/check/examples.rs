//! Runs the examples of a rule: they are its tests.

use super::Checker;
use super::truth::Truth;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Kind;
use crate::parse::{detect, parse};
use crate::rule::page::{Example, Outcome, Page};
use std::collections::{BTreeMap, BTreeSet};

/// How an example came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it says.
    Validated,
    /// The rule is silent, and should report.
    Missing,
    /// The rule reports, and should be silent.
    Noisy,
    /// It reports, in other words or at another place.
    WrongWords,
    /// The fix is another one, or does harm.
    WrongFix,
    /// It is silent, but takes for known what is not, or the reverse.
    WrongAnswer,
    /// A symptom is seen, and explained by another rule than it must be.
    WrongCause,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Verdict; 7] = [
        Verdict::Validated,
        Verdict::Missing,
        Verdict::Noisy,
        Verdict::WrongWords,
        Verdict::WrongFix,
        Verdict::WrongAnswer,
        Verdict::WrongCause,
    ];

    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Validated => "validated",
            Verdict::Missing => "missing",
            Verdict::Noisy => "noisy",
            Verdict::WrongWords => "wrong-words",
            Verdict::WrongFix => "wrong-fix",
            Verdict::WrongAnswer => "wrong-answer",
            Verdict::WrongCause => "wrong-cause",
        }
    }
}

/// How the examples of a rule came out.
#[derive(Clone, Debug)]
pub struct RuleTest {
    /// For each example of the page.
    pub examples: Vec<ExampleTest>,
    /// The numbers of the cases, from 0, that no bad example is reported by.
    pub unreached: Vec<usize>,
}

/// How an example came out.
#[derive(Clone, Debug)]
pub struct ExampleTest {
    /// In a word.
    pub verdict: Verdict,
    /// What differs, one line each.
    pub differences: Vec<String>,
}

impl RuleTest {
    /// Whether everything is as the rule's file says.
    pub fn is_sound(&self) -> bool {
        self.unreached.is_empty()
            && self.examples.iter().all(|example| example.verdict == Verdict::Validated)
    }
}

/// Runs the examples of a page: the rule alone on each text, then all rules on what its fix makes
/// of it.
pub fn test_rule(checker: &Checker, page: &Page) -> RuleTest {
    let mut reached = BTreeSet::new();
    let mut examples = Vec::new();
    for example in &page.examples {
        let run = Run::new(checker, &page.id, example);
        if example.outcome == Outcome::Bad {
            reached.extend(checker.reporting_cases(&parse(&example.text, run.kind), &page.id));
        }
        examples.push(run.test());
    }
    // The cases that a refinement takes over have their examples in the general rule.
    let own = checker.rule(&page.id).filter(|_| page.extends.is_none());
    // Of a single case each example says already whether it reports.
    let cases = own.map_or(0, |rule| rule.cases.len());
    let unreached =
        (0..cases).filter(|_| cases > 1).filter(|case| !reached.contains(case)).collect();
    RuleTest { examples, unreached }
}

/// An example on its way.
struct Run<'r> {
    checker: &'r Checker,
    id: &'r str,
    example: &'r Example,
    kind: Kind,
    /// Whether the text looks like something in which requests are.
    is_of_a_kind: bool,
    verdict: Verdict,
    differences: Vec<String>,
}

impl<'r> Run<'r> {
    fn new(checker: &'r Checker, id: &'r str, example: &'r Example) -> Self {
        let kind = match &example.recording {
            Some(_) => Some(Kind::Ndjson),
            None => detect(None, &example.text),
        };
        let (is_of_a_kind, kind) = (kind.is_some(), kind.unwrap_or(Kind::Shell));
        let (verdict, differences) = (Verdict::Validated, Vec::new());
        Run { checker, id, example, kind, is_of_a_kind, verdict, differences }
    }

    fn test(mut self) -> ExampleTest {
        let document = parse(&self.example.text, self.kind);
        let found = self.checker.check_rules(&document, &|rule| rule.id == self.id);
        // Some rules are about what looks like a request and is none.
        let may_lack = self.is_of_a_kind && self.example.outcome != Outcome::Bad;
        if document.requests.is_empty() && found.is_empty() && !may_lack {
            self.without_request();
            return ExampleTest { verdict: self.verdict, differences: self.differences };
        }
        let answer = || self.checker.outcome(&document, self.id);
        match (self.example.outcome, found.first()) {
            (Outcome::Bad, Some(first)) => self.compare(first),
            (Outcome::Bad, None) => {
                let answer = answer();
                let why = format!("the rule is silent (it answers {})", word(answer));
                self.differs(Verdict::Missing, why);
            }
            (_, Some(first)) => {
                self.differs(Verdict::Noisy, format!("the rule says: {}", first.message));
            }
            (Outcome::Good, None) => self.expect(answer(), Truth::No),
            (Outcome::Unknown, None) => self.expect(answer(), Truth::Unknown),
        }
        ExampleTest { verdict: self.verdict, differences: self.differences }
    }

    /// An example without a request tests nothing.
    fn without_request(&mut self) {
        let verdict = match self.example.outcome {
            Outcome::Bad => Verdict::Missing,
            Outcome::Good | Outcome::Unknown => Verdict::WrongAnswer,
        };
        self.differs(verdict, "no request is found in this example".to_owned());
    }

    /// Notes a difference; the first one gives the verdict.
    fn differs(&mut self, verdict: Verdict, what: String) {
        if self.verdict == Verdict::Validated {
            self.verdict = verdict;
        }
        self.differences.push(what);
    }

    fn expect(&mut self, answer: Truth, expected: Truth) {
        if answer != expected {
            let what = format!("the rule answers {}, not {}", word(answer), word(expected));
            self.differs(Verdict::WrongAnswer, what);
        }
    }

    fn compare(&mut self, found: &Diagnostic) {
        let Example { text, at, says, .. } = self.example;
        let labelled: Vec<&str> =
            found.labels.iter().map(|label| &text[label.span.range()]).collect();
        if let Some(expected) = at.as_ref().filter(|expected| labelled != **expected) {
            let what = format!("labels {labelled:?}, not {expected:?}");
            self.differs(Verdict::WrongWords, what);
        }
        if let Some(expected) = says.as_ref().filter(|expected| found.message != **expected) {
            let what = format!("says {:?}, not {expected:?}", found.message);
            self.differs(Verdict::WrongWords, what);
        }
        self.compare_fixes(found);
    }

    /// Each fix, in order; one text alone speaks of the first of several.
    fn compare_fixes(&mut self, found: &Diagnostic) {
        let Example { text, fixed: expected, .. } = self.example;
        for (number, fix) in found.fixes.iter().enumerate() {
            let fixed = fix.apply(text);
            match expected.get(number) {
                Some(expected) if fixed.trim_end() == expected.trim_end() => {
                    self.check_fixed(&fixed);
                }
                Some(expected) => {
                    let what = format!("fixed to {fixed:?}, not {expected:?}");
                    self.differs(Verdict::WrongFix, what);
                }
                None if expected.len() == 1 => self.check_fixed(&fixed),
                None => {
                    let what = format!("a fix that the example does not have: {fixed:?}");
                    self.differs(Verdict::WrongFix, what);
                }
            }
        }
        for expected in expected.iter().skip(found.fixes.len()) {
            self.differs(Verdict::WrongFix, format!("no fix, but expected {expected:?}"));
        }
    }

    /// All rules look at the fixed text: what was said is gone, and nothing is said anew.
    fn check_fixed(&mut self, fixed: &str) {
        let before = self.counts(&self.example.text);
        for (rule, (count, message)) in self.counts(fixed) {
            let allowed = before.get(&rule).map_or(0, |(count, _)| *count);
            let allowed = if rule == self.id { allowed.saturating_sub(1) } else { allowed };
            if count > allowed {
                let what = match rule == self.id {
                    true => format!("the rule still reports the fixed text: {message}"),
                    false => format!("the fixed text breaks `{rule}`: {message}"),
                };
                self.differs(Verdict::WrongFix, what);
            }
        }
    }

    /// How often each rule reports, and what; infos aside, but for those of the rule itself.
    fn counts(&self, text: &str) -> BTreeMap<String, (usize, String)> {
        let mut counts: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for found in self.checker.check(&parse(text, self.kind)) {
            if found.severity > Severity::Info || found.rule == self.id {
                counts.entry(found.rule).or_insert((0, found.message)).0 += 1;
            }
        }
        counts
    }
}

fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown => "unknown",
    }
}
