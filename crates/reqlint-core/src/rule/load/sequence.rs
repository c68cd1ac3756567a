//! Reads the cases that are about a recording: steps that follow one another.

use super::cases::{Cases, Source, check_role_name, find_entries, read_condition};
use super::fields::{Fields, text_at, texts};
use super::mistakes::{Mistakes, expected};
use super::names::{FindList, Site};
use super::parts::Reader;
use crate::rule::node::Entry;
use crate::rule::{Case, Report, Role, Same, Scope, Step, Template, Within};
use crate::span::Span;

/// The keys of a step.
pub(super) const STEP: &[&str] = &["scope", "find", "if", "times", "within", "same"];
/// More exchanges than this are not waited for.
const MOST_TIMES: usize = 10_000;
/// Longer times than this are not looked back on, in milliseconds.
const LONGEST: i64 = 366 * 24 * 60 * 60 * 1000;

impl Cases<'_> {
    /// A case with a `sequence`.
    pub(super) fn sequence_case(
        &mut self,
        source: Source<'_>,
        entry: &Entry,
        mistakes: &mut Mistakes,
    ) -> Option<Case> {
        let before = mistakes.len();
        for key in ["find", "if"] {
            if let Some(beside) = source.entry(key) {
                let message = format!("`{key}` cannot stand beside `sequence`");
                mistakes.add(beside.key_span, message, "move it into a step");
            }
        }
        for key in ["fix", "fixes"] {
            if let Some(beside) = source.entry(key) {
                let message = format!("a `sequence` has no `{key}`: a recording is not mended");
                mistakes.add(beside.key_span, message, "say in `help` what to do");
            }
        }
        if let Some(table) = source.rule.entry("table") {
            let message = "`table` cannot stand beside `sequence`";
            mistakes.add(table.key_span, message, "write the texts into the steps");
        }
        let mut outer = Reader::new(self.world, None, Vec::new(), mistakes);
        let scope = self.scope(source, &mut outer);
        let entries = step_entries(entry, mistakes);
        let names: Vec<String> = entries.iter().map(|step| step.key.clone()).collect();
        let count = entry.value.items().map_or(0, <[_]>::len);
        let mut sequence = Vec::new();
        for (number, step) in entries.iter().enumerate() {
            sequence.extend(self.step(number, count, step, &scope, mistakes));
        }
        let mut reader = Reader::new(self.world, None, names, mistakes);
        reader.of_sequence = true;
        // What is said of the parts of `find` was meant for a rule without steps.
        reader.names_are_known = !entries.is_empty() && source.entry("find").is_none();
        let words = self.words(source, &mut reader);
        self.judge(&mut reader)?;
        let names = reader.names.into_names();
        (mistakes.len() == before).then_some(Case {
            scope: Vec::new(),
            sequence,
            ..words?.into_case(names, Vec::new(), None)
        })
    }

    fn step(
        &mut self,
        number: usize,
        count: usize,
        entry: &Entry,
        outer: &[Scope],
        mistakes: &mut Mistakes,
    ) -> Option<Step> {
        let before = mistakes.len();
        let fields = Fields::of(&entry.value, "a step", STEP, mistakes)?;
        let times = read_times(fields, mistakes).unwrap_or(1);
        let within = fields.entry("within").and_then(|entry| read_within(entry, mistakes));
        let same = fields.entry("same").map(|entry| read_same(entry, mistakes));
        check_bounds(fields, entry.key_span, number, count, times, within, mistakes);
        let case = self.step_case(fields, outer, mistakes);
        (mistakes.len() == before).then_some(())?;
        Some(Step { case: case?, times, within, same: same.unwrap_or_default() })
    }

    /// What must hold for an exchange of a step.
    fn step_case(
        &mut self,
        fields: Fields<'_>,
        outer: &[Scope],
        mistakes: &mut Mistakes,
    ) -> Option<Case> {
        let source = Source { rule: fields, case: None };
        let find = find_entries(source, mistakes);
        let names = find.iter().map(|entry| entry.key.clone()).collect();
        let mut reader = Reader::new(self.world, None, names, mistakes);
        for (role, entry) in find.iter().enumerate() {
            reader.site = Site::Find { role, list: FindList::Place };
            let found = reader.find(entry);
            reader.roles.push(found);
        }
        reader.site = Site::Elsewhere;
        let own = fields.get("scope").and_then(|scope| reader.scope(scope));
        let condition = read_condition(source, &mut reader);
        let roles: Vec<Role> = self.judge(&mut reader)?;
        let names = reader.names.into_names();
        let scope = outer.iter().cloned().chain(own).collect();
        Some(Case { scope, ..Words::none(self.severity).into_case(names, roles, condition) })
    }
}

/// What a case says, however it finds it.
pub(super) struct Words {
    pub(super) subject: crate::rule::NameId,
    pub(super) report: Report,
    pub(super) severity: crate::diagnostic::Severity,
    pub(super) message: Template,
    pub(super) labels: Vec<(crate::rule::NameId, Template)>,
    pub(super) help: Option<Template>,
}

impl Words {
    fn none(severity: crate::diagnostic::Severity) -> Self {
        Words {
            subject: 0,
            report: Report::Each,
            severity,
            message: Template::default(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// A case with these words, without scope and fixes.
    pub(super) fn into_case(
        self,
        names: Vec<String>,
        roles: Vec<Role>,
        condition: Option<crate::rule::Condition>,
    ) -> Case {
        Case {
            scope: Vec::new(),
            names,
            roles,
            sequence: Vec::new(),
            condition,
            subject: self.subject,
            report: self.report,
            severity: self.severity,
            message: self.message,
            labels: self.labels,
            help: self.help,
            fixes: Vec::new(),
        }
    }
}

/// The steps of a sequence: a list of mappings that have one name each.
fn step_entries<'n>(entry: &'n Entry, mistakes: &mut Mistakes) -> Vec<&'n Entry> {
    const HELP: &str = "write `- name: { if: …, within: 60s }` for each step";
    let Some(items) = entry.value.items() else {
        let message = format!("`sequence` is a list of steps, not {}", entry.value.kind());
        mistakes.add(entry.place(), message, HELP);
        return Vec::new();
    };
    if items.is_empty() {
        mistakes.add(entry.place(), "this sequence has no step", HELP);
    }
    let mut steps: Vec<&Entry> = Vec::new();
    for item in items {
        let Some([step]) = Fields::any(item).map(|fields| fields.entries()) else {
            mistakes.add(item.span, "a step has one name, with what must hold", HELP);
            continue;
        };
        if steps.iter().any(|known| known.key == step.key) {
            let message = format!("two steps are named `{}`", step.key);
            mistakes.add(step.key_span, message, "choose another name");
        } else if check_role_name(step, mistakes) {
            steps.push(step);
        }
    }
    steps
}

fn read_times(fields: Fields<'_>, mistakes: &mut Mistakes) -> Option<usize> {
    let times = fields.optional("times", mistakes)?;
    let number = times.text.parse().ok().filter(|number| (1..=MOST_TIMES).contains(number));
    if number.is_none() {
        let message = format!("`times` cannot be `{}`", times.text);
        let help = format!("write a whole number from 1 to {MOST_TIMES}");
        mistakes.add(times.span, message, help);
    }
    number
}

fn read_within(entry: &Entry, mistakes: &mut Mistakes) -> Option<Within> {
    let text = text_at(&entry.value, entry.place(), mistakes)?;
    if text.text == "month" {
        return Some(Within::Month);
    }
    let millis = duration(text.text).filter(|millis| (1..=LONGEST).contains(millis));
    if millis.is_none() {
        let message = format!("`{}` is no time", text.text);
        let help = time_help(text.text, ", or `month`; at most `366d`");
        mistakes.add(text.span, message, help);
    }
    millis.map(Within::Millis)
}

/// A duration such as `500ms` or `90d`, in milliseconds.
pub(super) fn duration(text: &str) -> Option<i64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(unit)
}

/// How to write a time; `5 days` is `5d`.
pub(super) fn time_help(text: &str, more: &str) -> String {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0));
    let unit = match unit.trim() {
        "day" | "days" => "d",
        "hour" | "hours" | "hr" | "hrs" => "h",
        "minute" | "minutes" | "min" | "mins" => "m",
        "second" | "seconds" | "sec" | "secs" => "s",
        "millisecond" | "milliseconds" | "msec" => "ms",
        _ => "",
    };
    if number.is_empty() || unit.is_empty() {
        return format!("write a number with `ms`, `s`, `m`, `h` or `d`{more}");
    }
    format!("write `{number}{unit}`")
}

fn read_same(entry: &Entry, mistakes: &mut Mistakes) -> Vec<Same> {
    let known = Same::ALL.map(Same::name);
    let mut same = Vec::new();
    for text in texts(entry, mistakes) {
        match Same::ALL.into_iter().find(|value| value.name() == text.text) {
            Some(value) if same.contains(&value) => {
                mistakes.add(text.span, format!("`{}` stands twice", text.text), "remove one");
            }
            Some(value) => same.push(value),
            None => {
                let message = format!("exchanges have no `{}` to agree in", text.text);
                mistakes.add(text.span, message, expected(text.text, &known));
            }
        }
    }
    same
}

/// Without a bound in time a recording would have to be remembered whole.
fn check_bounds(
    fields: Fields<'_>,
    name: Span,
    number: usize,
    count: usize,
    times: usize,
    within: Option<Within>,
    mistakes: &mut Mistakes,
) {
    if count == 1 && times == 1 && !fields.has("times") {
        let help = "add `times`, or a second step; one request is found with `find`";
        return mistakes.add(name, "one exchange is no sequence", help);
    }
    let needs = number > 0 || times > 1;
    if needs && !fields.has("within") {
        let help = "add `within: 60s`, or another time";
        mistakes.add(name, "this step may take for ever", help);
    }
    if let (Some(Within::Month), 0, Some(entry)) = (within, number, fields.entry("within")) {
        let help = "write `within: 30d`, or another time";
        mistakes.add(entry.place(), "`month` is for a step after another one", help);
    }
}
