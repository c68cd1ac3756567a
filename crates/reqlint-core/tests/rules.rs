//! The built-in rules: every example comes out as its rule file says, and no finding of a parser
//! is without a rule.

mod packs;
mod symptoms;

use reqlint_core::check::Checker;
use reqlint_core::check::examples::{Verdict, test_rule};
use reqlint_core::check::truth::Truth;
use reqlint_core::model::{FindingKind, Kind};
use reqlint_core::parse::{detect, parse};
use reqlint_core::rule::load::{PackFile, load_pack};
use reqlint_core::rule::page::{Example, Outcome};
use reqlint_core::rule::{Find, Part, PartPlace, Rule};

#[test]
fn every_example_comes_out_as_stated() {
    let checker = Checker::for_examples(packs::built_in(), |_| true);
    let mut failures = Vec::new();
    for page in packs::documented().iter().flat_map(|documented| &documented.pages) {
        let test = test_rule(&checker, page);
        for (number, example) in test.examples.iter().enumerate() {
            if example.verdict != Verdict::Validated {
                let text = &page.examples[number].text;
                let differences = example.differences.join("\n    ");
                let verdict = example.verdict.name();
                failures.push(format!(
                    "{} #{}: {verdict}: {text}\n    {differences}",
                    page.id,
                    number + 1
                ));
            }
        }
        for case in test.unreached {
            failures.push(format!("{}: no bad example is reported by case {}", page.id, case + 1));
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

/// What an example is: a client, a method, a body, or a recording.
fn form_of(example: &Example) -> String {
    if example.recording.is_some() {
        return "recording".to_owned();
    }
    let kind = detect(None, &example.text).unwrap_or(Kind::Shell);
    let document = parse(&example.text, kind);
    let Some(request) = document.requests.first() else { return "none".to_owned() };
    let method = document.layers.text(request.method.name);
    format!("{:?} {method} {:?}", request.kind, request.body.kind)
}

#[test]
fn every_rule_is_shown_twice_and_in_different_forms() {
    let mut failures = Vec::new();
    for documented in packs::documented() {
        // A pitfall of one shell or one option has one form.
        let is_api = documented.pack.name == "winninghunter";
        for page in &documented.pages {
            for outcome in [Outcome::Bad, Outcome::Good] {
                let all: Vec<&Example> =
                    page.examples.iter().filter(|one| one.outcome == outcome).collect();
                let mut forms: Vec<String> = all.iter().map(|example| form_of(example)).collect();
                forms.sort();
                forms.dedup();
                let in_one_form = is_api && forms.len() < 2 && forms != ["recording"];
                if all.len() < 2 || in_one_form {
                    failures.push(format!("{} {outcome:?}: {} {forms:?}", page.id, all.len()));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// The table of countries is about those of ISO 3166-1, and about each of them.
#[test]
fn countries_are_those_of_the_library() {
    let packs = packs::documented();
    let pack = packs.iter().find(|documented| documented.pack.name == "winninghunter");
    let rules = &pack.expect("it is built in").pack.rules;
    let rule = rules.iter().find(|rule| rule.id == "invalid-country").expect("it is there");
    let column = |name: &str| {
        rule.columns.iter().position(|column| column == name).expect("the table has it")
    };
    let (code, wrong) = (column("code"), column("wrong"));
    let known: Vec<&str> = celes::Country::get_countries().iter().map(|one| one.alpha2).collect();
    let mut told: Vec<&str> = rule.rows.iter().map(|row| row.cells[code][0].as_str()).collect();
    let words = rule.rows.iter().flat_map(|row| &row.cells[wrong]);
    let codes: Vec<&String> = words.filter(|word| known.contains(&word.as_str())).collect();
    assert!(codes.is_empty(), "codes that are called wrong: {codes:?}");
    let unknown: Vec<&&str> = told.iter().filter(|code| !known.contains(code)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    told.sort_unstable();
    let twice: Vec<_> = told.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
    // Kosovo's is not of the standard; the library has it, since it is in use.
    let missing: Vec<&&str> =
        known.iter().filter(|code| !told.contains(code) && **code != "XK").collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// `check` looks only at the cases that a request can match, `outcome` at all of them.
#[test]
fn what_is_not_looked_at_would_not_have_reported() {
    let checker = Checker::new(packs::built_in(), |_| true);
    let packs = packs::built_in();
    // General rules, and what refines them, leave the word to those of the API.
    let rules = packs.iter().filter(|pack| !pack.general).flat_map(|pack| &pack.rules);
    let rules: Vec<&Rule> = rules.filter(|rule| rule.extends.is_none()).collect();
    let spoken_for = |rule: &Rule| rules.iter().any(|other| other.instead_of.contains(&rule.id));
    let free = |rule: &&&Rule| rule.yields_to.is_empty() && !spoken_for(rule);
    let rules: Vec<&Rule> = rules.iter().filter(free).copied().collect();
    let mut missed = Vec::new();
    for example in packs::documented().iter().flat_map(|pack| &pack.pages).flat_map(|p| &p.examples)
    {
        let kind = detect(None, &example.text).unwrap_or(Kind::Shell);
        let document = parse(&example.text, kind);
        let said = checker.check(&document);
        for rule in &rules {
            let reports = said.iter().any(|diagnostic| diagnostic.rule == rule.id);
            if reports != (checker.outcome(&document, &rule.id) == Truth::Yes) {
                missed.push(format!("{}: {}", rule.id, example.text));
            }
        }
    }
    assert!(missed.is_empty(), "{}:\n{}", missed.len(), missed.join("\n"));
}

/// APIs in the shape of public ones: each has a description, and rules in all seven patterns of
/// dependencies between parameters.
#[test]
fn rules_of_example_apis_do_what_they_say() {
    let crate_folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let apis = crate_folder.join("../../fixtures/apis");
    let mut failures = Vec::new();
    for name in ["tracker", "payments", "maps"] {
        let documented = packs::read_folder(&apis.join(name));
        let api = documented.pack.api.as_ref().expect("a description");
        assert!(api.operations.len() >= 10, "{name}: {} operations", api.operations.len());
        assert!(documented.pages.len() >= 8, "{name}: {} rules", documented.pages.len());
        let mut all = packs::built_in();
        all.push(documented.pack.clone());
        let checker = Checker::new(all, |_| true);
        for page in &documented.pages {
            let test = test_rule(&checker, page);
            if !test.is_sound() {
                failures.push(format!("{name}: {}: {test:#?}", page.id));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_rule_in_the_guide_does_what_it_says() {
    let guide = include_str!("../../../rules/README.md");
    let start = guide.find("```yaml\n").expect("the guide shows a rule") + "```yaml\n".len();
    let text = &guide[start..start + guide[start..].find("```").expect("its end")];
    let file = PackFile { path: "page-without-limit.yaml", text };
    let documented = load_pack(&[file]).expect("the rule has no mistakes");
    let checker = Checker::new(vec![documented.pack], |_| true);
    let test = test_rule(&checker, &documented.pages[0]);
    assert!(test.is_sound(), "{test:#?}");
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
