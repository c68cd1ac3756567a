//! Which rules speak, and how loud: `--select`, `--ignore`, `--severity`, and what `reqlint.toml`
//! says. The command line counts more than the file, and a rule's id more than its pack.

use crate::arguments::RuleChoice;
use crate::config::{Config, Level, Written};
use crate::packs::Unusable;
use crate::select::{Names, Selector};
use reqlint_core::rule::Rule;
use reqlint_core::rule::node::Mistake;

/// What was chosen.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    line: Layer,
    file: Layer,
}

/// What one place says.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    pub(crate) select: Vec<Selector>,
    pub(crate) ignore: Vec<Selector>,
    pub(crate) levels: Vec<(Selector, Level)>,
}

impl Choice {
    /// Checks every name against the rules that exist.
    ///
    /// # Errors
    /// Everything that names nothing.
    pub(crate) fn new(
        arguments: &RuleChoice,
        config: &Config,
        names: &Names<'_>,
    ) -> Result<Self, Unusable> {
        let line = read_line(arguments, names).map_err(Unusable::Failed)?;
        let mut mistakes = Vec::new();
        let file = Layer {
            select: selectors(&config.select, names, &mut mistakes),
            ignore: selectors(&config.ignore, names, &mut mistakes),
            levels: levels(&config.severity, names, &mut mistakes),
        };
        config.complain(mistakes)?;
        Ok(Choice { line, file })
    }

    /// Whether a rule speaks.
    pub(crate) fn takes(&self, rule: &Rule) -> bool {
        let Choice { line, file } = self;
        if line.ignores(rule) || line.level(rule) == Some(Level::Off) {
            return false;
        }
        if !line.select.is_empty() {
            return line.selects(rule);
        }
        let selected = file.select.is_empty() || file.selects(rule);
        selected && !file.ignores(rule) && self.level(rule) != Some(Level::Off)
    }

    /// What was said about the severity of a rule.
    pub(crate) fn level(&self, rule: &Rule) -> Option<Level> {
        self.line.level(rule).or_else(|| self.file.level(rule))
    }

    /// Whether the command line says which severity a rule has.
    pub(crate) fn is_pinned(&self, rule: &Rule) -> bool {
        self.line.level(rule).is_some()
    }

    /// Whether the command line says that a rule speaks.
    pub(crate) fn is_asked_for(&self, rule: &Rule) -> bool {
        self.line.selects(rule)
    }
}

impl Layer {
    fn selects(&self, rule: &Rule) -> bool {
        self.select.iter().any(|selector| selector.takes(rule))
    }

    pub(crate) fn ignores(&self, rule: &Rule) -> bool {
        self.ignore.iter().any(|selector| selector.takes(rule))
    }

    /// What the entry says that means the rule most particularly; of two the last one.
    pub(crate) fn level(&self, rule: &Rule) -> Option<Level> {
        let ranked = self
            .levels
            .iter()
            .filter_map(|(selector, level)| selector.rank(rule).map(|rank| (rank, *level)));
        ranked.max_by_key(|(rank, _)| *rank).map(|(_, level)| level)
    }
}

fn read_line(arguments: &RuleChoice, names: &Names<'_>) -> Result<Layer, Vec<String>> {
    let mut layer = Layer::default();
    let mut failures = Vec::new();
    let mut read = |written: &str| match Selector::read(written, names) {
        Ok(selector) => Some(selector),
        Err(why) => {
            failures.push(why);
            None
        }
    };
    layer.select = arguments.select.iter().filter_map(|one| read(one)).collect();
    layer.ignore = arguments.ignore.iter().filter_map(|one| read(one)).collect();
    let mut pairs = Vec::new();
    for written in &arguments.severity {
        let pair = written.rsplit_once('=');
        let level = pair.and_then(|(_, level)| Level::from_name(level.trim()));
        match pair.zip(level) {
            Some(((rules, _), level)) => pairs.extend(read(rules).map(|rules| (rules, level))),
            None => pairs.extend(None),
        }
    }
    layer.levels = pairs;
    let is_bad = |written: &&String| {
        written.rsplit_once('=').is_none_or(|(_, level)| Level::from_name(level.trim()).is_none())
    };
    failures.extend(arguments.severity.iter().filter(is_bad).map(|written| {
        let levels = Level::NAMES.join(", ");
        format!("`--severity {written}` is not RULES=SEVERITY; severities are {levels}")
    }));
    if failures.is_empty() { Ok(layer) } else { Err(failures) }
}

/// Selectors of the file; those that name nothing are mistakes.
pub(crate) fn selectors(
    written: &[Written],
    names: &Names<'_>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Selector> {
    written.iter().filter_map(|one| selector(one, names, mistakes)).collect()
}

/// Severities of the file; selectors that name nothing are mistakes.
pub(crate) fn levels(
    written: &[(Written, Level)],
    names: &Names<'_>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<(Selector, Level)> {
    let read = |(rules, level): &(Written, Level)| {
        selector(rules, names, mistakes).map(|rules| (rules, *level))
    };
    written.iter().filter_map(read).collect()
}

fn selector(written: &Written, names: &Names<'_>, mistakes: &mut Vec<Mistake>) -> Option<Selector> {
    match Selector::read(&written.text, names) {
        Ok(selector) => Some(selector),
        Err(why) => {
            let (message, help) = match why.split_once("; ") {
                Some((message, help)) => (message.to_owned(), help.to_owned()),
                None => (why, "remove it".to_owned()),
            };
            mistakes.push(Mistake { span: written.span, message, help: Some(help) });
            None
        }
    }
}
