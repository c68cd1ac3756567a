//! The names of a case: its roles, and the variables that its patterns bind.

use crate::rule::pattern::Element;
use crate::rule::{Find, NameId, Part, PartPlace, Pattern, Role, Tests};
use crate::span::Span;
use std::collections::BTreeSet;

/// Names with their mentions, collected while a case is read.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: Vec<String>,
    roles: usize,
    mentions: Vec<Mention>,
}

/// Where a name is mentioned. Two mentions in one list of alternatives have the same place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Site {
    /// A list of patterns of a role: beside its place, in `is`, or under `not`.
    Find {
        /// The role.
        role: NameId,
        /// Which of its lists.
        list: FindList,
    },
    /// Anywhere else.
    #[default]
    Elsewhere,
}

/// The lists of patterns that a role has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FindList {
    Place,
    Is,
    Not,
}

#[derive(Clone, Copy, Debug)]
struct Mention {
    name: NameId,
    span: Span,
    site: Site,
}

/// What is wrong with a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No role binds it.
    Unbound,
    /// A role binds it, but not in each of its alternatives.
    HalfBound,
    /// It is bound, and mentioned nowhere else.
    Unused,
}

impl Names {
    /// The names of a case with these roles.
    pub(crate) fn of_roles(roles: Vec<String>) -> Self {
        Names { roles: roles.len(), names: roles, mentions: Vec::new() }
    }

    /// The number of a name that is mentioned.
    pub(crate) fn mention(&mut self, name: &str, span: Span, site: Site) -> NameId {
        let id = self.find(name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        self.mentions.push(Mention { name: id, span, site });
        id
    }

    /// The number of a name that is known already.
    pub(crate) fn find(&self, name: &str) -> Option<NameId> {
        self.names.iter().position(|known| known == name)
    }

    pub(crate) fn is_role(&self, id: NameId) -> bool {
        id < self.roles
    }

    pub(crate) fn name(&self, id: NameId) -> &str {
        &self.names[id]
    }

    /// The roles.
    pub(crate) fn roles(&self) -> &[String] {
        &self.names[..self.roles]
    }

    /// Roles and variables.
    pub(crate) fn known(&self) -> &[String] {
        &self.names
    }

    pub(crate) fn into_names(self) -> Vec<String> {
        self.names
    }

    /// The mentions of variables that something is wrong with, and those with which nothing is.
    pub(crate) fn judge(&self, roles: &[Role]) -> (Vec<(NameId, Span, Trouble)>, Vec<Span>) {
        let bound: BTreeSet<NameId> = roles.iter().flat_map(bound_by_role).collect();
        let mut troubles = Vec::new();
        let mut fine = Vec::new();
        for mention in self.mentions.iter().filter(|mention| !self.is_role(mention.name)) {
            let id = mention.name;
            if !bound.contains(&id) {
                let half = self.mentions.iter().any(|other| {
                    other.name == id
                        && matches!(other.site, Site::Find { role, list } if list != FindList::Not && !is_missing(roles, role))
                });
                troubles.push((
                    id,
                    mention.span,
                    if half { Trouble::HalfBound } else { Trouble::Unbound },
                ));
            } else if self.is_used(mention) {
                fine.push(mention.span);
            } else {
                troubles.push((id, mention.span, Trouble::Unused));
            }
        }
        (troubles, fine)
    }

    /// Whether the name is mentioned at another place too.
    fn is_used(&self, mention: &Mention) -> bool {
        let elsewhere = |other: &Mention| {
            other.name == mention.name
                && (other.site != mention.site || other.site == Site::Elsewhere)
        };
        self.mentions.iter().any(elsewhere)
    }
}

fn is_missing(roles: &[Role], role: NameId) -> bool {
    roles.get(role).is_some_and(|role| matches!(role.find, Find::Missing(_)))
}

/// The names that a role binds whichever of its alternatives it takes.
fn bound_by_role(role: &Role) -> BTreeSet<NameId> {
    match &role.find {
        Find::Part(parts) => common(parts.iter().map(bound_by_part)),
        Find::Missing(_) => BTreeSet::new(),
    }
}

fn bound_by_part(part: &Part) -> BTreeSet<NameId> {
    let mut bound = bound_by_list(part.place.patterns());
    bound.extend(bound_by_tests(&part.tests));
    bound
}

fn bound_by_tests(tests: &Tests) -> BTreeSet<NameId> {
    bound_by_list(&tests.is)
}

fn bound_by_list(patterns: &[Pattern]) -> BTreeSet<NameId> {
    common(patterns.iter().map(|pattern| {
        let name = |element: &Element| match element {
            Element::Name(id) => Some(*id),
            _ => None,
        };
        pattern.elements.iter().filter_map(name).collect()
    }))
}

fn common(mut sets: impl Iterator<Item = BTreeSet<NameId>>) -> BTreeSet<NameId> {
    let first = sets.next().unwrap_or_default();
    sets.fold(first, |common, set| common.intersection(&set).copied().collect())
}

impl PartPlace {
    /// The patterns beside the place; none for places that have something else there.
    pub(crate) fn patterns(&self) -> &[Pattern] {
        use PartPlace as P;
        match self {
            P::Method(patterns)
            | P::Scheme(patterns)
            | P::Userinfo(patterns)
            | P::Host(patterns)
            | P::Path(patterns)
            | P::Query(patterns)
            | P::Fragment(patterns)
            | P::Body(patterns)
            | P::WrittenAs(patterns)
            | P::Param(patterns)
            | P::PathParam(patterns)
            | P::Header(patterns)
            | P::Cookie(patterns)
            | P::Credential(patterns)
            | P::Json(patterns)
            | P::Route(patterns)
            | P::Dependency(patterns)
            | P::Status(patterns)
            | P::ResponseKind(patterns)
            | P::ResponseBody(patterns)
            | P::ResponseHeader(patterns)
            | P::ResponseJson(patterns)
            | P::Redirect(patterns)
            | P::Failure(patterns)
            | P::ExitCode(patterns) => patterns,
            P::Syntax(_) | P::Role(_) | P::Segment(_) => &[],
        }
    }

    /// Whether the patterns are matched with names, not values.
    pub(crate) fn is_name(&self) -> bool {
        use PartPlace as P;
        matches!(
            self,
            P::Param(_)
                | P::PathParam(_)
                | P::Header(_)
                | P::Cookie(_)
                | P::Credential(_)
                | P::Json(_)
                | P::ResponseHeader(_)
                | P::ResponseJson(_)
                | P::Dependency(_)
        )
    }
}
