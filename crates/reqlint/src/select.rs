//! `--select` and `--ignore`: which rules speak.

use reqlint_core::pack::Pack;
use reqlint_core::rule::Rule;

/// The rules that were chosen.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    select: Vec<Selector>,
    ignore: Vec<Selector>,
}

/// An id, the name of a pack, or a beginning of either that ends with `*`.
#[derive(Debug)]
enum Selector {
    Name(String),
    Beginning(String),
}

impl Selection {
    /// Checks every selector against the rules that exist.
    ///
    /// # Errors
    /// All selectors that choose nothing, each with the nearest name.
    pub(crate) fn new(
        select: &[String],
        ignore: &[String],
        packs: &[Pack],
    ) -> Result<Self, Vec<String>> {
        if select.iter().chain(ignore).any(|one| one.trim().is_empty()) {
            return Err(vec![
                "an empty name in `--select` or `--ignore` chooses no rule".to_owned(),
            ]);
        }
        let names = names(packs);
        let selection = Selection { select: read(select), ignore: read(ignore) };
        let all = selection.select.iter().chain(&selection.ignore);
        let unknown = all.filter(|selector| !names.iter().any(|name| selector.takes(name)));
        let unknown: Vec<String> =
            unknown.map(|selector| unknown_name(&selector.written(), &names)).collect();
        if unknown.is_empty() { Ok(selection) } else { Err(unknown) }
    }

    /// Whether a rule speaks.
    pub(crate) fn takes(&self, rule: &Rule) -> bool {
        let takes = |selector: &Selector| selector.takes(&rule.id) || selector.takes(&rule.pack);
        (self.select.is_empty() || self.select.iter().any(takes)) && !self.ignore.iter().any(takes)
    }
}

fn read(written: &[String]) -> Vec<Selector> {
    written.iter().map(|one| Selector::new(one.trim())).collect()
}

impl Selector {
    fn new(written: &str) -> Self {
        match written.strip_suffix('*') {
            Some(beginning) => Selector::Beginning(beginning.to_owned()),
            None => Selector::Name(written.to_owned()),
        }
    }

    fn takes(&self, name: &str) -> bool {
        match self {
            Selector::Name(own) => own == name,
            Selector::Beginning(own) => name.starts_with(own.as_str()),
        }
    }

    fn written(&self) -> String {
        match self {
            Selector::Name(own) => own.clone(),
            Selector::Beginning(own) => format!("{own}*"),
        }
    }
}

/// The names of all packs and rules.
fn names(packs: &[Pack]) -> Vec<&str> {
    packs
        .iter()
        .flat_map(|pack| {
            std::iter::once(pack.name.as_str())
                .chain(pack.rules.iter().map(|rule| rule.id.as_str()))
        })
        .collect()
}

/// What to say of a name that nothing has.
pub(crate) fn unknown_name(name: &str, names: &[&str]) -> String {
    match nearest(name.trim_end_matches('*'), names) {
        Some(near) => format!("there is no rule `{name}`; did you mean `{near}`?"),
        None => format!("there is no rule `{name}`; `reqlint rules` lists them"),
    }
}

/// The name that is most like another, if any is.
pub(crate) fn nearest<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let likeness = |other: &str| strsim::normalized_damerau_levenshtein(name, other);
    let near = names.iter().map(|other| (likeness(other), *other));
    let (likeness, near) = near.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (likeness >= 0.55).then_some(near)
}
