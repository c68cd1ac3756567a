//! What a command that checks requests works with: the rules of all packs, less what the user
//! does not want, for the servers that the user names.

use crate::arguments::{FailOn, RuleChoice, RuleFiles};
use crate::choice::Choice;
use crate::config::{self, Config, Level};
use crate::exit::Exit;
use crate::files::{FileFilter, FileRules};
use crate::openapi;
use crate::output;
use crate::packs::{self, Loaded, Unusable};
use crate::select::Names;
use crate::servers::Servers;
use clap::ValueEnum;
use rayon::prelude::*;
use reqlint_core::check::examples::test_rule;
use reqlint_core::check::{CheckedPart, Checker, Silence};
use reqlint_core::diagnostic::Diagnostic;
use reqlint_core::explain::Explainer;
use reqlint_core::model::{Document, Kind};
use reqlint_core::pack::Pack;
use reqlint_core::rule::Rule;
use reqlint_core::rule::page::Page;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Everything that was asked for, ready to run.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The rules.
    pub(crate) checker: Checker,
    /// The files that count.
    pub(crate) filter: FileFilter,
    /// What the configuration says about the exit code.
    pub(crate) fail_on: Option<FailOn>,
    /// Rules that are there, and were not chosen.
    pub(crate) left_out: BTreeSet<String>,
    file_rules: Vec<FileRules>,
    /// Rules about which the command line has the last word.
    pinned: BTreeSet<String>,
}

impl Setup {
    /// Loads configuration and packs.
    ///
    /// # Errors
    /// Everything that is wrong with them, or with how rules were named.
    pub(crate) fn load(arguments: &RuleChoice, quiet: bool) -> Result<Self, Unusable> {
        let config = configuration(&arguments.files)?;
        let rules = rule_paths(&arguments.files, &config);
        let (mut packs, written) = load_packs(&rules)?;
        packs.extend(openapi::load(&arguments.openapi)?);
        let names = Names::new(&packs);
        let choice = Choice::new(arguments, &config, &names)?;
        let servers = Servers::new(&config, &arguments.servers, &packs)?;
        let file_rules = FileRules::read(&config, &names)?;
        if !names.rules().any(|rule| choice.takes(rule)) && !quiet {
            output::note(
                "`--select`, `--ignore` and reqlint.toml leave no rule, so nothing can be found",
            );
        }
        let pinned = |rule: &&Rule| choice.is_pinned(rule) || choice.is_asked_for(rule);
        let pinned = names.rules().filter(pinned).map(|rule| rule.id.clone()).collect();
        let left_out = names.rules().filter(|rule| !choice.takes(rule));
        let left_out = left_out.map(|rule| rule.id.clone()).collect();
        set_severities(&mut packs, &choice);
        let mut checker = Checker::new(packs, |rule| choice.takes(rule));
        for (origin, pack) in servers.pairs() {
            checker.map_server(origin, pack);
        }
        if !quiet {
            note_failing_examples(&checker, &written);
        }
        let fail_on = config.fail_on.as_deref();
        Ok(Setup {
            checker,
            filter: FileFilter::new(&config, &rules),
            fail_on: fail_on.and_then(|name| FailOn::from_str(name, false).ok()),
            left_out,
            file_rules,
            pinned,
        })
    }

    /// What the rules say of a document that stands in a file.
    pub(crate) fn check(&self, path: &str, document: &Document<'_>) -> Vec<Diagnostic> {
        let levels = self.level_in(path);
        if levels.about.is_empty() {
            return self.checker.check(document);
        }
        let mut found = self.checker.check_rules(document, &|rule| !levels.is_off(rule));
        self.relevel(path, &mut found);
        found
    }

    /// What the rules say of a part of a recording that stands in a file: some of its lines.
    pub(crate) fn check_part(
        &self,
        path: &str,
        (text, kind): (&str, Kind),
        silence: &Silence,
    ) -> CheckedPart {
        let levels = self.level_in(path);
        let takes = |rule: &Rule| !levels.is_off(rule);
        let mut checked = self.checker.check_part(text, kind, &takes, silence);
        self.relevel(path, &mut checked.diagnostics);
        checked
    }

    /// Gives diagnostics the severities that hold in a file; drops those of rules that are silent
    /// there.
    pub(crate) fn relevel(&self, path: &str, found: &mut Vec<Diagnostic>) {
        let levels = self.level_in(path);
        if levels.about.is_empty() {
            return;
        }
        found.retain_mut(|diagnostic| {
            let rule = self.checker.rule(&diagnostic.rule);
            let level = rule.and_then(|rule| levels.of(rule));
            if let Some(Level::At(severity)) = level {
                diagnostic.severity = severity;
            }
            level != Some(Level::Off)
        });
    }

    /// The severities that hold in one file only.
    pub(crate) fn level_in(&self, path: &str) -> FileLevels<'_> {
        let about = self.file_rules.iter().filter(|rules| rules.are_about(Path::new(path)));
        FileLevels { about: about.collect(), pinned: &self.pinned }
    }
}

/// The severities that hold in one file only.
pub(crate) struct FileLevels<'s> {
    about: Vec<&'s FileRules>,
    pinned: &'s BTreeSet<String>,
}

impl FileLevels<'_> {
    /// What was said about a rule; the last entry counts.
    fn of(&self, rule: &Rule) -> Option<Level> {
        if self.pinned.contains(&rule.id) {
            return None;
        }
        self.about.iter().rev().find_map(|rules| rules.level(rule))
    }

    /// Whether a rule is silent in the file.
    pub(crate) fn is_off(&self, rule: &Rule) -> bool {
        self.of(rule) == Some(Level::Off)
    }
}

/// The page of a rule of the user's, with its file.
type WrittenPage = (Page, PathBuf);

/// All packs, and the pages of those rules that are not built in.
fn load_packs(paths: &[PathBuf]) -> Result<(Vec<Pack>, Vec<WrittenPage>), Unusable> {
    if paths.is_empty() {
        return Ok((packs::built_in(), Vec::new()));
    }
    let mut written = Vec::new();
    let mut packs = Vec::new();
    for loaded in packs::load_documented(paths)? {
        let pages = loaded.documented.pages.iter();
        written.extend(
            pages.filter_map(|page| loaded.file_of(&page.id).map(|(path, _)| (page.clone(), path))),
        );
        packs.push(loaded.documented.pack);
    }
    Ok((packs, written))
}

/// Says which of the user's rules do not do what their examples say.
fn note_failing_examples(checker: &Checker, written: &[WrittenPage]) {
    let fails = |(page, path): &WrittenPage| {
        checker.rule(&page.id)?;
        (!test_rule(checker, page).is_sound()).then(|| path.display().to_string())
    };
    let failing: Vec<String> = written.par_iter().filter_map(fails).collect();
    for path in failing {
        output::note(&format!(
            "{path}: an example does not come out as it says; `reqlint test-rules {path}` shows it"
        ));
    }
}

/// What explains exchanges: all packs with their symptoms, for the servers that the user names.
///
/// # Errors
/// Everything that is wrong with configuration and packs.
pub(crate) fn explainer(files: &RuleFiles, servers: &[String]) -> Result<Explainer, Unusable> {
    let config = configuration(files)?;
    let loaded = packs::load_documented(&rule_paths(files, &config))?;
    let packs: Vec<Pack> = loaded.iter().map(|loaded| loaded.documented.pack.clone()).collect();
    let servers = Servers::new(&config, servers, &packs)?;
    let mut explainer =
        Explainer::new(loaded.into_iter().map(|loaded| loaded.documented).collect());
    for (origin, pack) in servers.pairs() {
        explainer.map_server(origin, pack);
    }
    Ok(explainer)
}

/// The packs, with the pages of their rules.
///
/// # Errors
/// Everything that is wrong with them, or with the configuration.
pub(crate) fn documented(files: &RuleFiles) -> Result<Vec<Loaded>, Unusable> {
    packs::load_documented(&rule_paths(files, &configuration(files)?))
}

/// Like [`documented`], with the packs at these paths, too.
///
/// # Errors
/// Everything that is wrong with them, or with the configuration.
pub(crate) fn documented_with(
    files: &RuleFiles,
    paths: &[PathBuf],
) -> Result<Vec<Loaded>, Unusable> {
    let mut all = rule_paths(files, &configuration(files)?);
    // What is named twice is meant once.
    all.extend(paths.iter().filter(|path| !all.contains(path)).cloned().collect::<Vec<_>>());
    packs::load_documented(&all)
}

/// The packs.
///
/// # Errors
/// Everything that is wrong with them, or with the configuration.
pub(crate) fn packs(files: &RuleFiles) -> Result<Vec<Pack>, Unusable> {
    Ok(load_packs(&rule_paths(files, &configuration(files)?))?.0)
}

/// The configuration that holds here.
///
/// # Errors
/// Everything that is wrong with it.
fn configuration(files: &RuleFiles) -> Result<Config, Unusable> {
    Config::load(files.config.as_deref(), files.isolated)
}

/// Where the user's rules are: the configuration names some, the command line others.
fn rule_paths(files: &RuleFiles, config: &Config) -> Vec<PathBuf> {
    config.rules.iter().chain(&files.paths).cloned().collect()
}

/// `--show-config`
pub(crate) fn show_config(
    arguments: &RuleChoice,
    fail_on: Option<FailOn>,
) -> Result<Exit, Unusable> {
    let config = configuration(&arguments.files)?;
    // Mistakes in names show only beside the packs.
    Setup::load(arguments, true)?;
    Ok(output::print(|out| config::show(out, &config, arguments, fail_on)))
}

fn set_severities(packs: &mut [Pack], choice: &Choice) {
    for rule in packs.iter_mut().flat_map(|pack| &mut pack.rules) {
        if let Some(Level::At(severity)) = choice.level(rule) {
            rule.severity = severity;
            rule.cases.iter_mut().for_each(|case| case.severity = severity);
        }
    }
}
