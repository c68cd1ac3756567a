//! A case of a rule written out complete, in the notation of rule files: what it inherits from its
//! rule is in it.

use reqlint_core::rule::notation::Notation;
use reqlint_core::rule::{Case, FixTemplate, MoveTo, Report, Rule};

/// The lines of a case.
pub(crate) fn case_lines(rule: &Rule, case: &Case) -> Vec<String> {
    let notation = Notation::of(rule, case);
    let name = |number: usize| case.names.get(number).map_or("", String::as_str);
    let mut lines = Vec::new();
    lines.extend(case.scope.iter().map(|scope| format!("scope: {}", notation.scope(scope))));
    lines.push("find:".to_owned());
    lines.extend(
        case.roles
            .iter()
            .map(|role| format!("  {}: {}", name(role.name), notation.find(&role.find))),
    );
    lines.extend(case.condition.iter().map(|one| format!("if: {}", notation.condition(one))));
    if case.roles.len() > 1 {
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
