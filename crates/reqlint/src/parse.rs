//! `reqlint parse`: the requests as they would go on the wire.

use crate::arguments::{ParseArguments, ToForm, ToShell};
use crate::exit::Exit;
use crate::files::FileFilter;
use crate::source::{self, Reading, Source};
use crate::{output, packs, walk};
use reqlint_core::check::Checker;
use reqlint_core::check::Offset;
use reqlint_core::model::{Dialect, Document};
use reqlint_core::rule::{Find, PartPlace, Rule};
use reqlint_core::secret::find_secrets;
use reqlint_core::span::Span;
use reqlint_report::Report;
use reqlint_report::model::{Parsed, write_model};
use reqlint_report::write::{Form, write_requests};

/// Runs the command.
pub(crate) fn parse(arguments: &ParseArguments) -> Exit {
    if arguments.sources.list_files {
        return crate::list::list_files(&arguments.sources, &FileFilter::default());
    }
    let found = walk::find(&arguments.sources.paths, &FileFilter::default());
    let mut exit = Exit::Clean;
    for failure in &found.failures {
        exit = exit.max(output::fail(failure));
    }
    found.notes.iter().for_each(|note| output::note(note));
    let mut sources = Vec::new();
    for input in &found.inputs {
        match source::read(input, &arguments.sources) {
            Reading::Source(source) => sources.push(source),
            Reading::Failed(why) => exit = exit.max(output::fail(&why)),
            Reading::Empty { why, .. } => output::note(&why),
            Reading::PassedOver(_) | Reading::Lines(_) => {}
        }
    }
    if found.searched && sources.is_empty() && exit == Exit::Clean {
        output::note("found no file with requests");
        exit = Exit::NothingToCheck;
    }
    exit.max(write(&sources, arguments))
}

fn write(sources: &[Source], arguments: &ParseArguments) -> Exit {
    let checker = Checker::new(packs::built_in(), is_about_syntax);
    let documents: Vec<Document<'_>> = sources.iter().map(Source::parse).collect();
    let parts: Vec<Parts> =
        documents.iter().map(|document| Parts::new(document, &checker)).collect();
    let pairs = sources.iter().zip(&documents).zip(&parts);
    let parsed: Vec<Parsed<'_>> = pairs
        .map(|((source, document), parts)| Parsed {
            document,
            report: Report {
                path: &source.path,
                text: &source.text,
                secrets: &parts.secrets,
                requests: &parts.requests,
                diagnostics: &parts.diagnostics,
                offset: Offset::default(),
            },
        })
        .collect();
    let Some(form) = arguments.to else {
        return output::print(|out| write_model(out, &parsed, arguments.show_secrets));
    };
    let mut notes = Vec::new();
    let exit = output::print(|out| {
        notes =
            write_requests(out, &parsed, form_of(form, arguments.shell), arguments.show_secrets)?;
        Ok(())
    });
    notes.iter().for_each(|note| output::note(note));
    exit
}

fn form_of(form: ToForm, shell: ToShell) -> Form {
    let dialect = match shell {
        ToShell::Bash => Dialect::Bash,
        ToShell::Cmd => Dialect::Cmd,
        ToShell::Powershell => Dialect::PowerShell,
        ToShell::Fish => Dialect::Fish,
        ToShell::Argv => Dialect::Argv,
    };
    match form {
        ToForm::Curl => Form::Curl(dialect),
        ToForm::Http => Form::Http,
        ToForm::Har => Form::Har,
        ToForm::Json => Form::Json,
    }
}

/// What is printed of a document.
struct Parts {
    requests: Vec<Span>,
    secrets: Vec<Span>,
    diagnostics: Vec<reqlint_core::diagnostic::Diagnostic>,
}

impl Parts {
    fn new(document: &Document<'_>, checker: &Checker) -> Self {
        let layers = &document.layers;
        Parts {
            requests: document.requests.iter().map(|one| layers.root_span(one.place)).collect(),
            secrets: find_secrets(document),
            diagnostics: checker.check(document),
        }
    }
}

/// Whether a rule speaks of what the parsers noticed, and so of whether the model can be trusted.
fn is_about_syntax(rule: &Rule) -> bool {
    let is_syntax = |find: &Find| match find {
        Find::Part(parts) => parts.iter().any(|part| matches!(part.place, PartPlace::Syntax(_))),
        Find::Missing(_) => false,
    };
    rule.cases.iter().any(|case| case.roles.iter().any(|role| is_syntax(&role.find)))
}
