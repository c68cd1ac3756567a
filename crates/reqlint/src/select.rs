//! Names of rules, as users write them on the command line and in `reqlint.toml`.

use reqlint_core::diagnostic::Consequence;
use reqlint_core::pack::Pack;
use reqlint_core::rule::Rule;

/// Which rules are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selector {
    /// A rule with this id, or all of the pack with this name.
    Name(String),
    /// Ids and packs that begin so (`filter-*`).
    Beginning(String),
    /// Rules about operations with this tag of the API description (`tag:metered`).
    Tag(String),
    /// Rules of this step of their pack's checklist (`step:auth`).
    Step(String),
    /// Rules with this consequence (`consequence:leak`).
    Consequence(String),
}

/// Everything that a selector can name.
#[derive(Debug)]
pub(crate) struct Names<'p> {
    rules: Vec<&'p Rule>,
    /// Ids and packs.
    names: Vec<&'p str>,
}

impl<'p> Names<'p> {
    /// The names in these packs.
    pub(crate) fn new(packs: &'p [Pack]) -> Self {
        let rules: Vec<&Rule> = packs.iter().flat_map(|pack| &pack.rules).collect();
        let packs = packs.iter().map(|pack| pack.name.as_str());
        let names = packs.chain(rules.iter().map(|rule| rule.id.as_str())).collect();
        Names { rules, names }
    }

    /// The rules.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &'p Rule> {
        self.rules.iter().copied()
    }

    fn tags(&self) -> Vec<&'p str> {
        sorted(self.rules.iter().flat_map(|rule| tags(rule)))
    }

    fn steps(&self) -> Vec<&'p str> {
        sorted(self.rules.iter().filter_map(|rule| rule.step.as_deref()))
    }
}

fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The tags of operations that a rule's cases are about.
fn tags(rule: &Rule) -> impl Iterator<Item = &str> {
    let scopes = rule.cases.iter().flat_map(|case| &case.scope);
    scopes.flat_map(|scope| &scope.tags).map(String::as_str)
}

impl Selector {
    /// Reads a selector that must choose something.
    ///
    /// # Errors
    /// What is wrong, with the nearest name.
    pub(crate) fn read(written: &str, names: &Names<'_>) -> Result<Self, String> {
        let written = written.trim();
        if written.is_empty() {
            return Err("an empty name chooses no rule".to_owned());
        }
        let (selector, kind, known) = match written.split_once(':') {
            Some(("tag", name)) => (Selector::Tag(name.to_owned()), "tag", names.tags()),
            Some(("step", name)) => (Selector::Step(name.to_owned()), "step", names.steps()),
            Some(("consequence", name)) => {
                let known = Consequence::ALL.map(Consequence::name).to_vec();
                (Selector::Consequence(name.to_owned()), "consequence", known)
            }
            _ => match written.strip_suffix('*') {
                Some(start) => (Selector::Beginning(start.to_owned()), "rule", names.names.clone()),
                None => (Selector::Name(written.to_owned()), "rule", names.names.clone()),
            },
        };
        let chooses = names.rules.iter().any(|rule| selector.takes(rule));
        // A pack may be without rules.
        if chooses || known.contains(&written) {
            return Ok(selector);
        }
        Err(match kind {
            "rule" => unknown_name(written, &known),
            _ => unknown(kind, written.split_once(':').map_or("", |(_, name)| name), &known),
        })
    }

    /// Whether a rule is meant.
    pub(crate) fn takes(&self, rule: &Rule) -> bool {
        self.rank(rule).is_some()
    }

    /// How particularly a rule is meant, more being more; none where it is not.
    pub(crate) fn rank(&self, rule: &Rule) -> Option<usize> {
        let (rank, takes) = match self {
            Selector::Name(name) if *name == rule.id => (4, true),
            Selector::Beginning(start) if rule.id.starts_with(start.as_str()) => (3, true),
            Selector::Tag(tag) => (2, tags(rule).any(|own| own == tag)),
            Selector::Step(step) => (2, rule.step.as_ref() == Some(step)),
            Selector::Consequence(name) => (2, rule.consequence.name() == name),
            Selector::Name(name) => (1, *name == rule.pack),
            Selector::Beginning(start) => (0, rule.pack.starts_with(start.as_str())),
        };
        takes.then_some(rank)
    }
}

/// What to say of a rule or pack that is not there.
pub(crate) fn unknown_name(name: &str, names: &[&str]) -> String {
    match nearest(name.trim_end_matches('*'), names) {
        Some(near) => format!("there is no rule `{name}`; did you mean `{near}`?"),
        None => format!("there is no rule `{name}`; `reqlint rules` lists them"),
    }
}

/// What to say of a name that is not there, of a kind of which there are few.
pub(crate) fn unknown(kind: &str, name: &str, names: &[&str]) -> String {
    match nearest(name, names) {
        Some(near) => format!("there is no {kind} `{name}`; did you mean `{near}`?"),
        None if names.is_empty() => format!("there is no {kind} `{name}`; there are none"),
        None => format!("there is no {kind} `{name}`; there are {}", names.join(", ")),
    }
}

/// The name that is most like another, if any is.
pub(crate) fn nearest<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let likeness = |other: &str| strsim::normalized_damerau_levenshtein(name, other);
    let near = names.iter().map(|other| (likeness(other), *other));
    let (likeness, near) = near.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (likeness >= 0.55).then_some(near)
}
