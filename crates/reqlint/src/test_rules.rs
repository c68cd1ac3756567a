//! `reqlint test-rules`: runs the examples of rules, and says how they came out.

use crate::arguments::{TestFormat, TestRulesArguments};
use crate::exit::Exit;
use crate::output;
use crate::packs::Loaded;
use crate::rules::fail_unusable;
use crate::setup;
use rayon::prelude::*;
use reqlint_core::check::Checker;
use reqlint_core::check::examples::test_rule;
use reqlint_core::rule::page::Page;
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
    let pages: Vec<(&Loaded, &Page)> = packs
        .iter()
        .filter(is_meant)
        .flat_map(|loaded| loaded.documented.pages.iter().map(move |page| (loaded, page)))
        .collect();
    let tested: Vec<Tested<'_>> =
        pages.into_par_iter().map(|(loaded, page)| run(&checker, loaded, page)).collect();
    let exit = output::print(|out| match arguments.format {
        TestFormat::Text => {
            write_text(out, &output::terminal(arguments.color), &tested, arguments.verbose)
        }
        TestFormat::Json => write_json(out, &tested),
        TestFormat::Junit => write_junit(out, &tested),
    });
    let sound = tested.iter().all(|tested| tested.test.is_sound());
    exit.max(if sound { Exit::Clean } else { Exit::Diagnostics })
}

fn run<'p>(checker: &Checker, loaded: &'p Loaded, page: &'p Page) -> Tested<'p> {
    let file = loaded.file_of(&page.id);
    Tested {
        pack: &loaded.documented.pack.name,
        page,
        file: file.map(|(path, text)| (path.display().to_string(), text)),
        test: test_rule(checker, page),
    }
}
