//! The built-in rules: every example comes out as its rule file says, and no finding of a parser
//! is without a rule.
#![expect(clippy::disallowed_methods, reason = "tests read rule files")]

mod packs;

use reqlint_core::check::Checker;
use reqlint_core::check::examples::run_examples;
use reqlint_core::model::FindingKind;
use reqlint_core::rule::load::{PackFile, load_pack};
use reqlint_core::rule::{Find, Part, PartPlace, Rule};

#[test]
fn every_example_comes_out_as_stated() {
    let mut failures = Vec::new();
    let mut examples = 0;
    for documented in packs::documented() {
        for page in &documented.pages {
            let checker = Checker::new(vec![documented.pack.clone()], |rule| rule.id == page.id);
            examples += page.examples.len();
            for failure in run_examples(&checker, page) {
                let text = &page.examples[failure.example].text;
                let differences = failure.differences.join("\n    ");
                let number = failure.example + 1;
                failures.push(format!("{} #{number}: {text}\n    {differences}", page.id));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {examples}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn the_rule_in_the_guide_does_what_it_says() {
    let guide = include_str!("../../../rules/README.md");
    let start = guide.find("```yaml\n").expect("the guide shows a rule") + "```yaml\n".len();
    let text = &guide[start..start + guide[start..].find("```").expect("its end")];
    let file = PackFile { path: "page-without-limit.yaml", text };
    let documented = load_pack(&[file]).expect("the rule has no mistakes");
    let checker = Checker::new(vec![documented.pack], |_| true);
    let failures = run_examples(&checker, &documented.pages[0]);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn every_finding_of_a_parser_has_a_rule() {
    let packs = packs::built_in();
    let parts = |rule: &Rule| -> Vec<Part> {
        let roles = rule.cases.iter().flat_map(|case| &case.roles);
        let found = roles.filter_map(|role| match &role.find {
            Find::Part(parts) => Some(parts.clone()),
            Find::Missing(_) => None,
        });
        found.flatten().collect()
    };
    let all: Vec<Part> = packs.iter().flat_map(|pack| &pack.rules).flat_map(parts).collect();
    let silent: Vec<&str> = FindingKind::ALL
        .iter()
        .filter(|kind| {
            !all.iter().any(|part| match &part.place {
                PartPlace::Syntax(kinds) => kinds.iter().any(|known| known.0 == **kind),
                _ => false,
            })
        })
        .map(|kind| kind.name())
        .collect();
    assert!(silent.is_empty(), "no rule speaks about {silent:?}");
}
