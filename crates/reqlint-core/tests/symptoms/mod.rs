//! The symptoms of the built-in packs: every example comes out as its file says, and the rules that
//! they name exist.

use crate::packs;
use reqlint_core::check::examples::Verdict;
use reqlint_core::explain::Explainer;
use reqlint_core::explain::examples::test_symptom;

#[test]
fn every_example_of_a_symptom_comes_out_as_stated() {
    let packs = packs::documented();
    let symptoms: Vec<_> = packs.iter().flat_map(|pack| pack.guide.symptoms.clone()).collect();
    let explainer = Explainer::new(packs);
    let mut failures = Vec::new();
    for symptom in &symptoms {
        let tests = test_symptom(&explainer, symptom).into_iter().enumerate();
        for (number, test) in tests.filter(|(_, test)| test.verdict != Verdict::Validated) {
            let text = &symptom.examples[number].text;
            let (number, differences) = (number + 1, test.differences.join("\n    "));
            failures.push(format!("{} #{number}: {text}\n    {differences}", symptom.id));
        }
    }
    assert!(symptoms.len() > 40, "{} symptoms", symptoms.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn causes_are_rules_that_exist() {
    let packs = packs::documented();
    let rules = packs.iter().flat_map(|documented| &documented.pack.rules);
    let rules: Vec<&str> = rules.map(|rule| rule.id.as_str()).collect();
    let symptoms = packs.iter().flat_map(|documented| &documented.guide.symptoms);
    let causes =
        symptoms.flat_map(|symptom| symptom.causes.iter().map(move |id| (&symptom.id, id)));
    let unknown: Vec<_> = causes.filter(|(_, id)| !rules.contains(&id.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
