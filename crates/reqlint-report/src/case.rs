//! A case of a rule written out complete, in the notation of rule files: what it inherits from its
//! rule is in it.

use reqlint_core::rule::notation::Notation;
use reqlint_core::rule::{Case, FixTemplate, MoveTo, Report, Role, Rule, Step};

/// The lines of a case.
pub(crate) fn case_lines(rule: &Rule, case: &Case) -> Vec<String> {
    let notation = Notation::of(rule, case);
    let name = |number: usize| case.names.get(number).map_or("", String::as_str);
    let mut lines = Vec::new();
    lines.extend(case.scope.iter().map(|scope| format!("scope: {}", notation.scope(scope))));
    find_lines(&mut lines, case, notation);
    for (number, step) in case.sequence.iter().enumerate() {
        step_lines(&mut lines, rule, name(number), step, number == 0);
    }
    lines.extend(case.condition.iter().map(|one| format!("if: {}", notation.condition(one))));
    if case.roles.len().max(case.sequence.len()) > 1 {
        lines.push(format!("at: {}", name(case.subject)));
    }
    if case.report == Report::Once {
        lines.push("report: once".to_owned());
    }
    lines.push(format!("severity: {}", case.severity.name()));
    lines.push(format!("message: {}", quoted(&notation.template(&case.message))));
    if !case.labels.is_empty() {
        lines.push("labels:".to_owned());
        let label =
            |(role, text)| format!("  {}: {}", name(role), quoted(&notation.template(text)));
        lines.extend(case.labels.iter().map(|(role, text)| label((*role, text))));
    }
    lines
        .extend(case.help.iter().map(|help| format!("help: {}", quoted(&notation.template(help)))));
    for fix in &case.fixes {
        fix_lines(&mut lines, fix, notation, &name);
    }
    lines
}

fn find_lines(lines: &mut Vec<String>, case: &Case, notation: Notation<'_>) {
    if case.roles.is_empty() {
        return;
    }
    lines.push("find:".to_owned());
    let name = |role: &Role| case.names.get(role.name).map_or("", String::as_str);
    let roles = case.roles.iter();
    lines.extend(roles.map(|role| format!("  {}: {}", name(role), notation.find(&role.find))));
}

/// A step of a sequence.
fn step_lines(lines: &mut Vec<String>, rule: &Rule, name: &str, step: &Step, is_first: bool) {
    if is_first {
        lines.push("sequence:".to_owned());
    }
    lines.push(format!("  - {name}:"));
    let notation = Notation::of(rule, &step.case);
    let scopes = step.case.scope.iter().map(|scope| format!("scope: {}", notation.scope(scope)));
    let mut inner: Vec<String> = scopes.collect();
    find_lines(&mut inner, &step.case, notation);
    let condition = step.case.condition.iter();
    inner.extend(condition.map(|one| format!("if: {}", notation.condition(one))));
    if step.times > 1 {
        inner.push(format!("times: {}", step.times));
    }
    inner.extend(step.within.map(|within| format!("within: {within}")));
    if !step.same.is_empty() {
        let same: Vec<&str> = step.same.iter().map(|same| same.name()).collect();
        inner.push(format!("same: [{}]", same.join(", ")));
    }
    lines.extend(inner.into_iter().map(|line| format!("      {line}")));
}

fn fix_lines<'n>(
    lines: &mut Vec<String>,
    fix: &FixTemplate,
    notation: Notation<'_>,
    name: &dyn Fn(usize) -> &'n str,
) {
    let FixTemplate { title, safety, set, remove, moves, repair } = fix;
    lines.push(if lines.iter().any(|line| line == "fix:") { "or fix:" } else { "fix:" }.to_owned());
    lines.push(format!("  title: {}", quoted(&notation.template(title))));
    lines.push(format!("  safety: {}", safety.name()));
    let names =
        |roles: &[usize]| roles.iter().map(|role| name(*role)).collect::<Vec<_>>().join(", ");
    if !set.is_empty() {
        let one = |(role, text): &(usize, _)| {
            format!("{}: {}", name(*role), quoted(&notation.template(text)))
        };
        let all: Vec<String> = set.iter().map(one).collect();
        lines.push(format!("  set: {{ {} }}", all.join(", ")));
    }
    if !remove.is_empty() {
        lines.push(format!("  remove: [{}]", names(remove)));
    }
    if !moves.is_empty() {
        let one = |(role, to): &(usize, MoveTo)| match to {
            MoveTo::Param(place) => format!("{}: {{ in: {} }}", name(*role), place.name()),
            MoveTo::Header(header) => format!("{}: {{ header: {header} }}", name(*role)),
        };
        let all: Vec<String> = moves.iter().map(one).collect();
        lines.push(format!("  move: {{ {} }}", all.join(", ")));
    }
    if !repair.is_empty() {
        lines.push(format!("  repair: [{}]", names(repair)));
    }
}

/// A text as YAML takes it.
fn quoted(text: &str) -> String {
    let plain = text.starts_with(char::is_alphanumeric)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(['"', ',', '{', '}', '[', ']', '\\'])
        && !text.ends_with([':', ' ']);
    if plain {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// `34 rows of `wrong` and `right``; none where the rule has no table.
pub(crate) fn table_words(rule: &Rule) -> Option<String> {
    let columns: Vec<String> = rule.columns.iter().map(|column| format!("`{column}`")).collect();
    let rows = crate::counted(rule.rows.len(), "row");
    (!columns.is_empty()).then(|| format!("tried for each of {rows} of {}", columns.join(", ")))
}
