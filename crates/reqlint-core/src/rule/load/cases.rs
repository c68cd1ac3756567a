//! Reads the cases of a rule. Each is completed by what the rule says for all of them.

use super::fields::{Fields, text_at, texts, word};
use super::mistakes::{Mistakes, expected, listing, nearest};
use super::names::{FindList, Site, Trouble};
use super::notation::is_name;
use super::parts::{PLACES, RESPONSE_PLACES, Reader};
use super::sense::{CaseSpans, Spot, check_case, check_order};
use super::sequence::Words;
use super::{Table, World};
use crate::diagnostic::Severity;
use crate::rule::node::{Entry, Node};
use crate::rule::{Case, Condition, Find, NameId, Report, Role, Scope, Template};
use crate::span::Span;
use std::collections::BTreeSet;

/// The keys of a case.
pub(crate) const CASE: &[&str] = &[
    "scope", "find", "if", "sequence", "at", "severity", "message", "labels", "help", "fix",
    "fixes",
];
const REPORT: &[(&str, Report)] = &[("each", Report::Each), ("once", Report::Once)];

/// A rule whose cases are being read.
#[derive(Debug)]
pub(crate) struct Cases<'r> {
    pub(crate) rule: Fields<'r>,
    pub(crate) world: &'r World<'r>,
    pub(crate) table: Option<&'r Table>,
    /// The severity of the rule.
    pub(crate) severity: Severity,
    /// Mentions of variables that nothing else mentions, in the cases read so far.
    unused: Vec<(String, Span)>,
    /// Mentions of variables that are used in some case.
    used: BTreeSet<Span>,
    /// Labels of the rule that some case has a role for.
    labelled: BTreeSet<Span>,
}

/// A case beside the rule that completes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'n> {
    pub(super) rule: Fields<'n>,
    pub(super) case: Option<Fields<'n>>,
}

impl<'n> Source<'n> {
    /// The case's key, else the rule's.
    pub(super) fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.own(key).or_else(|| self.rule.entry(key))
    }

    fn own(&self, key: &str) -> Option<&'n Entry> {
        self.case.and_then(|case| case.entry(key))
    }

    /// The rule's and the case's key.
    fn both(&self, key: &str) -> impl Iterator<Item = &'n Entry> {
        self.rule.entry(key).into_iter().chain(self.own(key))
    }

    fn start(&self) -> Span {
        self.case.unwrap_or(self.rule).start
    }

    fn what(&self) -> &'static str {
        if self.case.is_some() { "this case" } else { "the rule" }
    }
}

impl<'r> Cases<'r> {
    /// The cases of a rule.
    pub(crate) fn new(
        rule: Fields<'r>,
        world: &'r World<'r>,
        table: Option<&'r Table>,
        severity: Severity,
    ) -> Self {
        let (unused, used, labelled) = Default::default();
        Cases { rule, world, table, severity, unused, used, labelled }
    }

    /// All of them; the rule itself is the only one if it has no `cases`.
    pub(crate) fn read(mut self, mistakes: &mut Mistakes) -> Vec<Case> {
        let rule = self.rule;
        let Some(entry) = rule.entry("cases") else {
            let case = self.case(Source { rule, case: None }, mistakes);
            self.conclude(mistakes);
            return case.into_iter().collect();
        };
        let Some(items @ [_, ..]) = entry.value.items() else {
            mistakes.add(entry.place(), "`cases` is a list of cases", "write `- find: …` for each");
            // What the rule says itself can still be read.
            if (rule.has("find") || rule.has("sequence")) && rule.has("message") {
                self.case(Source { rule, case: None }, mistakes);
            }
            return Vec::new();
        };
        let before = mistakes.len();
        let mut sources = Vec::new();
        for item in items {
            let case = case_fields(item, mistakes);
            sources.extend(case.map(|case| Source { rule, case: Some(case) }));
        }
        let mut cases = Vec::new();
        for source in &sources {
            cases.extend(self.case(*source, mistakes));
        }
        let is_sound = mistakes.len() == before;
        check_replaced(rule, &sources, mistakes);
        if is_sound {
            let starts: Vec<Span> = sources.iter().map(Source::start).collect();
            check_order(&cases, self.columns(), &starts, mistakes);
        }
        self.conclude(mistakes);
        cases
    }

    fn case(&mut self, source: Source<'_>, mistakes: &mut Mistakes) -> Option<Case> {
        if let Some(entry) = source.entry("sequence") {
            return self.sequence_case(source, entry, mistakes);
        }
        let before = mistakes.len();
        let find = find_entries(source, mistakes);
        let names = find.iter().map(|entry| entry.key.clone()).collect();
        let names_are_known = mistakes.len() == before && !find.is_empty();
        let mut reader = Reader::new(self.world, self.table, names, mistakes);
        reader.names_are_known = names_are_known;
        if find.is_empty() && source.both("find").next().is_none() {
            let help = "say what to look for, as `find: { country: { param: country } }`";
            reader.mistakes.lacks(
                source.start(),
                "find",
                format!("{} has no `find`", source.what()),
                help,
            );
        }
        for (role, entry) in find.iter().enumerate() {
            reader.site = Site::Find { role, list: FindList::Place };
            let find = reader.find(entry);
            reader.roles.push(find);
        }
        reader.site = Site::Elsewhere;
        let scope = self.scope(source, &mut reader);
        let condition = read_condition(source, &mut reader);
        let words = self.words(source, &mut reader);
        let fixes = reader
            .fixes(source.own("fix"), source.own("fixes"))
            .or_else(|| reader.fixes(source.rule.entry("fix"), source.rule.entry("fixes")));
        let roles = self.judge(&mut reader);
        let names = reader.names.into_names();
        if mistakes.len() != before {
            return None;
        }
        let case = Case {
            scope,
            fixes: fixes.unwrap_or_default(),
            ..words?.into_case(names, roles?, condition)
        };
        let place = |key| source.entry(key).map_or(source.start(), |entry| entry.key_span);
        let (message, start) = (place("message"), source.start());
        let condition = source.entry("if").map_or(Spot::only(start), Spot::at);
        let scope = place("scope");
        let spans = CaseSpans { find, condition, scope, message, start };
        check_case(&case, self.columns(), self.world.api, &spans, mistakes);
        (mistakes.len() == before).then_some(case)
    }

    fn columns(&self) -> &'r [String] {
        self.table.map(|table| table.columns.as_slice()).unwrap_or_default()
    }

    /// What a case says of what it finds.
    pub(super) fn words(&mut self, source: Source<'_>, reader: &mut Reader<'_>) -> Option<Words> {
        let subject = reader.subject(source);
        let report = source.rule.entry("report").and_then(|e| word(e, REPORT, reader.mistakes));
        let severities = Severity::ALL.map(|severity| (severity.name(), severity));
        let severity = source.own("severity").and_then(|e| word(e, &severities, reader.mistakes));
        let message = reader.case_message(source);
        let labels = self.labels(source, reader);
        let help = source.entry("help").and_then(|e| text_at(&e.value, e.place(), reader.mistakes));
        let help = help.map(|text| reader.message(&text));
        Some(Words {
            subject: subject?,
            report: report.unwrap_or_default(),
            severity: severity.unwrap_or(self.severity),
            message: message?,
            labels,
            help,
        })
    }

    pub(super) fn scope(&self, source: Source<'_>, reader: &mut Reader<'_>) -> Vec<Scope> {
        let mut scopes: Vec<Scope> = Vec::new();
        if source.rule.entry("scope").is_none() {
            scopes.extend(self.world.defaults.scope.clone());
        }
        for entry in source.both("scope") {
            scopes.extend(reader.scope(&entry.value));
        }
        scopes
    }

    fn labels(&mut self, source: Source<'_>, reader: &mut Reader<'_>) -> Vec<(NameId, Template)> {
        let Some(entry) = source.entry("labels") else { return Vec::new() };
        let Some(fields) = Fields::any(&entry.value) else {
            let message = "`labels` says which role gets which words";
            reader.mistakes.add(entry.place(), message, "write `labels: { role: words }`");
            return Vec::new();
        };
        let inherited = source.case.is_some() && source.own("labels").is_none();
        let mut labels = Vec::new();
        for label in fields.entries() {
            if inherited && reader.names.find(&label.key).is_none() {
                continue;
            }
            self.labelled.insert(label.key_span);
            let role = reader.role_or_variable(&label.key, label.key_span);
            let text = text_at(&label.value, label.place(), reader.mistakes);
            let text = text.map(|text| reader.message(&text));
            labels.extend(role.zip(text));
        }
        labels
    }

    /// Checks the variables of a case, and gives its roles if none is broken.
    pub(super) fn judge(&mut self, reader: &mut Reader<'_>) -> Option<Vec<Role>> {
        if !reader.names_are_known {
            return None;
        }
        let finds: Option<Vec<Find>> = std::mem::take(&mut reader.roles).into_iter().collect();
        let role = |(name, find)| Role { name, find };
        let roles: Vec<Role> = finds?.into_iter().enumerate().map(role).collect();
        let (troubles, fine) = reader.names.judge(&roles);
        self.used.extend(fine);
        for (id, span, trouble) in troubles {
            let name = reader.names.name(id).to_owned();
            match trouble {
                Trouble::Unused => self.unused.push((name, span)),
                Trouble::HalfBound => {
                    let message =
                        format!("`<{name}>` is not bound in each alternative of its list");
                    let help = "write it into each of them, or make a case of the others";
                    reader.mistakes.add(span, message, help);
                }
                Trouble::Unbound => {
                    let others = reader.names.known().iter().filter(|other| **other != name);
                    let others: Vec<&str> = others.map(String::as_str).collect();
                    let message =
                        format!("`{name}` is no role here, and no pattern of a role binds it");
                    let help = match nearest(&name, &others) {
                        Some(_) => expected(&name, &others),
                        None if reader.names.roles().is_empty() => {
                            Some(format!("write `<{name}>` into a pattern of a role that is found"))
                        }
                        None => {
                            let roles = listing(reader.names.roles(), "or");
                            Some(format!(
                                "name {roles}, or write `<{name}>` into a pattern of a role that is found"
                            ))
                        }
                    };
                    reader.mistakes.add(span, message, help);
                }
            }
        }
        Some(roles)
    }

    /// What can be said only after all cases were read.
    fn conclude(self, mistakes: &mut Mistakes) {
        for (name, span) in &self.unused {
            if !self.used.contains(span) {
                let message = format!("`<{name}>` is used nowhere else");
                mistakes.add(*span, message, "write `<any>` for a text that is not needed again");
            }
        }
        let labels = self.rule.get("labels").and_then(Fields::any);
        let inherited = self.rule.has("cases");
        for label in labels.iter().filter(|_| inherited).flat_map(|labels| labels.entries()) {
            if !self.labelled.contains(&label.key_span) {
                let message = format!("no case has a role `{}` for this label", label.key);
                mistakes.add(label.key_span, message, "name a role of a case, or remove the label");
            }
        }
    }
}

fn case_fields<'n>(item: &'n Node, mistakes: &mut Mistakes) -> Option<Fields<'n>> {
    let mapping = item.mapping();
    let keys: Vec<&str> = match mapping {
        Some(mapping) => {
            let of_rule = mapping.entries.iter().map(|entry| entry.key.as_str());
            let of_rule =
                of_rule.filter(|key| super::rules::RULE.contains(key) && !CASE.contains(key));
            for key in of_rule.clone() {
                let span = mapping.entry(key).map_or(item.span, |entry| entry.key_span);
                let message = format!("`{key}` belongs to the rule, not to a case");
                mistakes.add(span, message, "move it out of `cases`");
            }
            CASE.iter().copied().chain(of_rule).collect()
        }
        None => CASE.to_vec(),
    };
    Fields::of(item, "a case", &keys, mistakes)
}

/// The roles of rule and case; the case's replace those of the same name.
pub(super) fn find_entries<'n>(source: Source<'n>, mistakes: &mut Mistakes) -> Vec<&'n Entry> {
    let mut roles: Vec<&Entry> = Vec::new();
    for entry in source.both("find") {
        let fields = Fields::any(&entry.value).filter(|fields| !fields.entries().is_empty());
        let Some(fields) = fields else {
            let help = "write `find: { role: { param: name } }`";
            mistakes.add(entry.place(), "`find` says which role is which part", help);
            continue;
        };
        for role in fields.entries() {
            if !check_role_name(role, mistakes) {
                continue;
            }
            match roles.iter_mut().find(|known| known.key == role.key) {
                Some(known) => *known = role,
                None => roles.push(role),
            }
        }
    }
    roles
}

/// Whether a role can have its name.
pub(super) fn check_role_name(role: &Entry, mistakes: &mut Mistakes) -> bool {
    let before = mistakes.len();
    let key = role.key.as_str();
    if PLACES.contains(&key) && role.value.mapping().is_none() {
        let message = "a part needs a name here";
        let help = format!("write `{{ name: {{ {key}: … }} }}`");
        mistakes.add(role.key_span, message, help);
    } else if key == "any" || key == "row" {
        let message =
            format!("`{key}` cannot be the name of a role: `<{key}>` means something else");
        mistakes.add(role.key_span, message, "choose another name");
    } else if !is_name(key) {
        let message = format!("`{key}` is no name for a role");
        mistakes.add(role.key_span, message, "names are in lower case with `_`");
    }
    mistakes.len() == before
}

pub(super) fn read_condition(source: Source<'_>, reader: &mut Reader<'_>) -> Option<Condition> {
    let conditions = source.both("if").filter_map(|entry| reader.condition(&entry.value));
    let mut conditions: Vec<Condition> = conditions.collect();
    if conditions.len() > 1 { Some(Condition::All(conditions)) } else { conditions.pop() }
}

/// A role or message that each case replaces is never used.
fn check_replaced(rule: Fields<'_>, sources: &[Source<'_>], mistakes: &mut Mistakes) {
    let by_all = |test: &dyn Fn(Fields<'_>) -> bool| {
        !sources.is_empty() && sources.iter().all(|source| source.case.is_some_and(test))
    };
    let replaces = |case: Fields<'_>, key: &str| match key {
        "fix" | "fixes" => case.has("fix") || case.has("fixes"),
        _ => case.has(key),
    };
    for key in ["message", "help", "fix", "fixes", "at", "labels"] {
        if let (Some(entry), true) = (rule.entry(key), by_all(&|case| replaces(case, key))) {
            let message = format!("each case replaces this `{key}`");
            mistakes.add(entry.key_span, message, "remove it");
        }
    }
    let roles = rule.get("find").and_then(Fields::any);
    for role in roles.iter().flat_map(|roles| roles.entries()) {
        let own =
            |case: Fields<'_>| case.get("find").is_some_and(|find| find.get(&role.key).is_some());
        if by_all(&own) {
            let message = format!("each case replaces the role `{}`", role.key);
            mistakes.add(role.key_span, message, "remove it here");
        }
    }
}

impl Reader<'_> {
    /// What a role stands for.
    pub(super) fn find(&mut self, entry: &Entry) -> Option<Find> {
        let Some(fields) = Fields::any(&entry.value) else {
            let message = format!("the role `{}` is a part, not {}", entry.key, entry.value.kind());
            let help = format!(
                "write `{}: {{ param: … }}`; the places are {}",
                entry.key,
                listing(PLACES, "and")
            );
            self.mistakes.add(entry.place(), message, help);
            return None;
        };
        match fields.entries() {
            [only] if only.key == "any" => {
                let items = self.list(only, "parts")?;
                let parts: Vec<_> = items.iter().map(|item| self.part(item)).collect();
                parts.into_iter().collect::<Option<Vec<_>>>().map(Find::Part)
            }
            [only] if only.key == "missing" => self.missing(only),
            _ => self.part(&entry.value).map(|part| Find::Part(vec![part])),
        }
    }

    /// `missing: Part`, which must say the names that are missing.
    fn missing(&mut self, entry: &Entry) -> Option<Find> {
        let part = self.part(&entry.value)?;
        let names = entry.value.mapping().and_then(|mapping| {
            mapping.entries.iter().find(|entry| PLACES.contains(&entry.key.as_str()))
        });
        for name in names
            .iter()
            .filter(|_| part.place.is_name())
            .flat_map(|e| texts(e, &mut Mistakes::default()))
        {
            if name.text.contains("<any>") && name.text != "<any>" {
                let message = format!("`{}` does not say which name is missing", name.text);
                let help = "write the name, or `<any>` alone for what the API description requires";
                self.mistakes.add(name.span, message, help);
            }
        }
        let of_response = names.is_some_and(|e| RESPONSE_PLACES.contains(&e.key.as_str()));
        if of_response
            || matches!(
                part.place,
                crate::rule::PartPlace::Role(_) | crate::rule::PartPlace::Syntax(_)
            )
        {
            let help =
                "`missing` is for parts that a request can have, as `missing: { param: country }`";
            self.mistakes.add(entry.place(), "such a part cannot be missing", help);
        }
        Some(Find::Missing(part))
    }

    /// What `at` says, or the only role.
    fn subject(&mut self, source: Source<'_>) -> Option<NameId> {
        if let Some(entry) = source.entry("at") {
            let text = text_at(&entry.value, entry.place(), self.mistakes)?;
            return self.role_or_variable(text.text, text.span);
        }
        match self.names.roles() {
            [] => None,
            [_] => Some(0),
            roles => {
                let help = format!("add `at: …` with {}", listing(roles, "or"));
                let message = format!(
                    "{} has several roles, and no `at` says which one is reported",
                    source.what()
                );
                let place = source.entry("find").map_or(source.start(), |find| find.key_span);
                self.mistakes.add(place, message, help);
                None
            }
        }
    }

    fn case_message(&mut self, source: Source<'_>) -> Option<Template> {
        let Some(entry) = source.entry("message") else {
            let message = format!("{} has no `message`", source.what());
            let help = match source.case {
                Some(_) => "add `message: …`, here or for the whole rule",
                None => "add `message: …`",
            };
            self.mistakes.lacks(source.start(), "message", message, help);
            return None;
        };
        let text = text_at(&entry.value, entry.place(), self.mistakes)?;
        Some(self.message(&text))
    }
}
