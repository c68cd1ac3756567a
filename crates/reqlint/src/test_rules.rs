//! `reqlint test-rules`: runs the examples of rules and symptoms, and says how they came out.

use crate::arguments::{TestFormat, TestRulesArguments};
use crate::exit::Exit;
use crate::output;
use crate::packs::Loaded;
use crate::rules::fail_unusable;
use crate::setup;
use rayon::prelude::*;
use reqlint_core::check::Checker;
use reqlint_core::check::examples::test_rule;
use reqlint_core::explain::Explainer;
use reqlint_core::explain::examples::test_symptom;
use reqlint_core::rule::page::Page;
use reqlint_core::symptom::Symptom;
use reqlint_report::test_rules::{Tested, write_json, write_junit, write_text};

/// Runs the command.
pub(crate) fn test_rules(arguments: &TestRulesArguments) -> Exit {
    let packs = match setup::documented_with(&arguments.files, &arguments.paths) {
        Ok(packs) => packs,
        Err(unusable) => return fail_unusable(arguments.color, &unusable),
    };
    let all = packs.iter().map(|loaded| loaded.documented.pack.clone()).collect();
    let checker = Checker::for_examples(all, |_| true);
    let is_meant =
        |loaded: &&Loaded| arguments.paths.is_empty() || loaded.is_below(&arguments.paths);
    let meant: Vec<&Loaded> = packs.iter().filter(is_meant).collect();
    let pages = meant
        .iter()
        .flat_map(|loaded| loaded.documented.pages.iter().map(move |page| (*loaded, page)));
    let pages: Vec<(&Loaded, &Page)> = pages.collect();
    let mut tested: Vec<Tested<'_>> =
        pages.into_par_iter().map(|(loaded, page)| run(&checker, loaded, page)).collect();
    tested.extend(run_symptoms(&packs, &meant));
    let exit = output::print(|out| match arguments.format {
        TestFormat::Text => {
            write_text(out, &output::terminal(arguments.color), &tested, arguments.verbose)
        }
        TestFormat::Json => write_json(out, &tested),
        TestFormat::Junit => write_junit(out, &tested),
    });
    let sound = tested.iter().all(Tested::is_sound);
    exit.max(if sound { Exit::Clean } else { Exit::Diagnostics })
}

fn run<'p>(checker: &Checker, loaded: &'p Loaded, page: &'p Page) -> Tested<'p> {
    let pack = &loaded.documented.pack.name;
    Tested::rule(pack, page, file_of(loaded, &page.id), test_rule(checker, page))
}

/// The symptoms of some packs, explained beside all packs.
fn run_symptoms<'p>(packs: &[Loaded], meant: &[&'p Loaded]) -> Vec<Tested<'p>> {
    let symptoms = meant
        .iter()
        .flat_map(|loaded| loaded.documented.guide.symptoms.iter().map(move |s| (*loaded, s)));
    let symptoms: Vec<(&Loaded, &Symptom)> = symptoms.collect();
    if symptoms.is_empty() {
        return Vec::new();
    }
    let explainer = Explainer::new(packs.iter().map(|loaded| loaded.documented.clone()).collect());
    let run = |(loaded, symptom): (&'p Loaded, &'p Symptom)| {
        let pack = &loaded.documented.pack.name;
        let file = file_of(loaded, &symptom.id);
        Tested::symptom(pack, symptom, file, test_symptom(&explainer, symptom))
    };
    symptoms.into_par_iter().map(run).collect()
}

fn file_of<'p>(loaded: &'p Loaded, id: &str) -> Option<(String, &'p str)> {
    loaded.file_of(id).map(|(path, text)| (path.display().to_string(), text))
}
