//! `reqlint rule ID` and `reqlint rules`.

use crate::arguments::{ListFormat, RuleArguments, RulesArguments};
use crate::exit::Exit;
use crate::output;
use crate::packs::Unusable;
use crate::select::unknown_name;
use crate::setup;
use reqlint_report::rule::{write_json, write_page, write_table};
use reqlint_report::symptom;

/// Prints the page of a rule, or of a symptom.
pub(crate) fn rule(arguments: &RuleArguments) -> Exit {
    let terminal = output::terminal(arguments.color);
    let packs = match setup::documented(&arguments.rules) {
        Ok(packs) => packs,
        Err(unusable) => return fail_unusable(arguments.color, &unusable),
    };
    let symptoms = packs.iter().flat_map(|loaded| &loaded.documented.guide.symptoms);
    if let Some(symptom) = symptoms.clone().find(|symptom| symptom.id == arguments.id) {
        return output::print(|out| symptom::write_page(out, &terminal, symptom));
    }
    let rules = packs.iter().flat_map(|loaded| &loaded.documented.pack.rules);
    let Some(rule) = rules.clone().find(|rule| rule.id == arguments.id) else {
        let names = rules.map(|rule| rule.id.as_str());
        let names: Vec<&str> = names.chain(symptoms.map(|symptom| symptom.id.as_str())).collect();
        return output::fail(&unknown_name(&arguments.id, &names));
    };
    let page =
        packs.iter().flat_map(|loaded| &loaded.documented.pages).find(|page| page.id == rule.id);
    match page {
        Some(page) => output::print(|out| write_page(out, &terminal, rule, page, None)),
        None => output::fail(&format!("rule `{}` has no page", rule.id)),
    }
}

/// Prints the list of all rules.
pub(crate) fn rules(arguments: &RulesArguments) -> Exit {
    let packs = match setup::packs(&arguments.rules) {
        Ok(packs) => packs,
        Err(unusable) => return fail_unusable(arguments.color, &unusable),
    };
    output::print(|out| match arguments.format {
        ListFormat::Text => write_table(out, &output::terminal(arguments.color), &packs),
        ListFormat::Json => write_json(out, &packs, |_, _| None),
    })
}

/// Says on standard error why the user's rules cannot be used.
pub(crate) fn fail_unusable(color: crate::arguments::Color, unusable: &Unusable) -> Exit {
    match unusable {
        Unusable::Failed(failures) => output::fail_all(failures),
        Unusable::Broken(files) => {
            let terminal = output::terminal(color);
            for file in files {
                let _ = terminal.write_report(&mut std::io::stderr(), &file.report());
            }
            Exit::Failed
        }
    }
}
