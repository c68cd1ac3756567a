//! Rules written out again, in the notation of rule files: for pages and traces.

use super::pattern::Element;
use super::{
    Attribute, Case, Condition, Declares, Find, Number, Part, PartPlace, Pattern, Rule, Scope,
    SegmentAt, Server, Template, Tests, TextOf, Valid,
};
use crate::rule::template::Piece;

/// Writes what a case says, with its own names.
#[derive(Clone, Copy, Debug)]
pub struct Notation<'r> {
    names: &'r [String],
    columns: &'r [String],
}

impl<'r> Notation<'r> {
    /// The notation of a case of a rule.
    pub fn of(rule: &'r Rule, case: &'r Case) -> Self {
        Notation { names: &case.names, columns: &rule.columns }
    }

    /// The notation of a case with these names, and columns of its table.
    pub fn with(names: &'r [String], columns: &'r [String]) -> Self {
        Notation { names, columns }
    }

    fn name(&self, number: usize) -> &'r str {
        self.names.get(number).map_or("", String::as_str)
    }

    fn column(&self, number: usize) -> &'r str {
        self.columns.get(number).map_or("", String::as_str)
    }

    /// What a role stands for.
    pub fn find(&self, find: &Find) -> String {
        match find {
            Find::Part(parts) => match parts.as_slice() {
                [part] => self.part(part),
                parts => format!("{{ any: [{}] }}", self.parts(parts)),
            },
            Find::Missing(part) => format!("{{ missing: {} }}", self.part(part)),
        }
    }

    fn parts(&self, parts: &[Part]) -> String {
        parts.iter().map(|part| self.part(part)).collect::<Vec<_>>().join(", ")
    }

    /// A part pattern.
    pub fn part(&self, part: &Part) -> String {
        let mut keys = vec![format!("{}: {}", part.place.key(), self.place(&part.place))];
        keys.extend(part.location.map(|location| format!("in: {}", location.name())));
        keys.extend(part.items.then(|| "items: true".to_owned()));
        match part.text {
            TextOf::Value => {}
            TextOf::Name => keys.push("text: name".to_owned()),
            TextOf::Raw => keys.push("text: raw".to_owned()),
        }
        keys.extend(part.any_case.then(|| "case: any".to_owned()));
        keys.extend(part.implied.map(|implied| format!("implied: {implied}")));
        keys.extend(part.blank.then(|| "blank: true".to_owned()));
        keys.extend(part.valid.as_ref().map(|valid| match valid {
            Valid::Yes => "valid: true".to_owned(),
            Valid::Breaks(keywords) if keywords.is_empty() => "valid: false".to_owned(),
            Valid::Breaks(keywords) => format!("breaks: {}", list(keywords.clone())),
        }));
        keys.extend(part.of.map(|of| format!("of: {}", self.name(of))));
        keys.extend(self.tests(&part.tests));
        format!("{{ {} }}", keys.join(", "))
    }

    fn place(&self, place: &PartPlace) -> String {
        match place {
            PartPlace::Syntax(kinds) => {
                list(kinds.iter().map(|kind| kind.0.name().to_owned()).collect())
            }
            PartPlace::Role(name) => self.name(*name).to_owned(),
            PartPlace::Segment(SegmentAt::Any) => "<any>".to_owned(),
            PartPlace::Segment(SegmentAt::Last) => "last".to_owned(),
            PartPlace::Segment(SegmentAt::Number(number)) => number.to_string(),
            other => self.patterns(other.patterns()),
        }
    }

    fn tests(&self, tests: &Tests) -> Vec<String> {
        let mut keys = Vec::new();
        if !tests.is.is_empty() {
            keys.push(format!("is: {}", self.patterns(&tests.is)));
        }
        keys.extend(tests.matches.as_ref().map(|regex| format!("matches: '{}'", regex.source)));
        if !tests.types.is_empty() {
            keys.push(format!("type: {}", list(tests.types.clone())));
        }
        keys.extend(
            tests.not.as_ref().map(|not| format!("not: {{ {} }}", self.tests(not).join(", "))),
        );
        keys
    }

    fn patterns(&self, patterns: &[Pattern]) -> String {
        match patterns {
            [] => "<any>".to_owned(),
            patterns => list(patterns.iter().map(|pattern| self.pattern(pattern)).collect()),
        }
    }

    /// A pattern.
    pub fn pattern(&self, pattern: &Pattern) -> String {
        let element = |element: &Element| match element {
            Element::Literal(text) => text.replace('<', "<<"),
            Element::Any => "<any>".to_owned(),
            Element::Name(name) => format!("<{}>", self.name(*name)),
            Element::Cell(column) => format!("<row.{}>", self.column(*column)),
        };
        let written: String = pattern.elements.iter().map(element).collect();
        let plain = |c: char| c.is_alphanumeric() || "_-./<>*$@:".contains(c);
        if !written.is_empty() && written.chars().all(plain) && !written.ends_with(':') {
            return written;
        }
        format!("{written:?}")
    }

    /// A condition.
    pub fn condition(&self, condition: &Condition) -> String {
        let all = |conditions: &[Condition]| {
            conditions.iter().map(|one| self.condition(one)).collect::<Vec<_>>().join(", ")
        };
        match condition {
            Condition::Part(part) => self.part(part),
            Condition::All(conditions) => format!("{{ all: [{}] }}", all(conditions)),
            Condition::Any(conditions) => format!("{{ any: [{}] }}", all(conditions)),
            Condition::Not(condition) => format!("{{ not: {} }}", self.condition(condition)),
            Condition::Above(left, right) => {
                format!("{{ above: [{}, {}] }}", self.number(left), self.number(right))
            }
            Condition::AtLeast(left, right) => {
                format!("{{ at_least: [{}, {}] }}", self.number(left), self.number(right))
            }
            Condition::Declares(declares) => self.declares(declares),
        }
    }

    fn declares(&self, declares: &Declares) -> String {
        let Declares {
            path,
            method,
            param,
            header,
            body,
            tag,
            similar,
            deprecated,
            complete,
            needs_body,
        } = declares;
        let asked = [
            ("path", path),
            ("method", method),
            ("param", param),
            ("header", header),
            ("body", body),
            ("similar", similar),
        ];
        let written = asked.into_iter().filter_map(|(key, template)| {
            template.as_ref().map(|template| format!("{key}: \"{}\"", self.template(template)))
        });
        let tag = tag.iter().map(|tag| format!("tag: {tag}"));
        let flags =
            [("deprecated", deprecated), ("complete", complete), ("needs_body", needs_body)];
        let flags = flags.into_iter();
        let flags = flags.filter(|(_, asked)| **asked).map(|(key, _)| format!("{key}: true"));
        let keys: Vec<String> = written.chain(tag).chain(flags).collect();
        format!("{{ declares: {{ {} }} }}", keys.join(", "))
    }

    /// A number.
    pub fn number(&self, number: &Number) -> String {
        let all = |numbers: &[Number]| {
            numbers.iter().map(|one| self.number(one)).collect::<Vec<_>>().join(", ")
        };
        match number {
            Number::Constant(value) => value.to_string(),
            Number::Days(days) => format!("{days}d"),
            Number::Value(name) => self.name(*name).to_owned(),
            Number::Length(name) => format!("{}.length", self.name(*name)),
            Number::Sum(numbers) => format!("{{ sum: [{}] }}", all(numbers)),
            Number::Product(numbers) => format!("{{ product: [{}] }}", all(numbers)),
            Number::Count(parts) => format!("{{ count: [{}] }}", self.parts(parts)),
        }
    }

    /// A scope.
    pub fn scope(&self, scope: &Scope) -> String {
        let mut keys = Vec::new();
        if !scope.tags.is_empty() {
            keys.push(format!("tag: {}", list(scope.tags.clone())));
        }
        let any = scope.any_operation.then(|| "<any>".to_owned());
        let operations: Vec<String> = any.into_iter().chain(scope.operations.clone()).collect();
        if !operations.is_empty() {
            keys.push(format!("operation: {}", list(operations)));
        }
        match scope.server {
            Server::Declared => {}
            Server::Similar => keys.push("server: similar".to_owned()),
            Server::Any => keys.push("server: any".to_owned()),
        }
        format!("{{ {} }}", keys.join(", "))
    }

    /// A template: `` `<date.name>` is … ``
    pub fn template(&self, template: &Template) -> String {
        let attribute = |attribute: &Attribute| attribute.name();
        let piece = |piece: &Piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Text(name) => format!("<{}>", self.name(*name)),
            Piece::Attribute(name, about) => {
                format!("<{}.{}>", self.name(*name), attribute(about))
            }
            Piece::Cell(column) => format!("<row.{}>", self.column(*column)),
            Piece::Variable(name) => format!("<${name}>"),
        };
        template.pieces.iter().map(piece).collect()
    }
}

/// One text, or a list of them.
fn list(texts: Vec<String>) -> String {
    match texts.as_slice() {
        [one] => one.clone(),
        texts => format!("[{}]", texts.join(", ")),
    }
}

impl PartPlace {
    /// The key of the place in rules.
    pub fn key(&self) -> &'static str {
        match self {
            PartPlace::Method(_) => "method",
            PartPlace::Scheme(_) => "scheme",
            PartPlace::Userinfo(_) => "userinfo",
            PartPlace::Host(_) => "host",
            PartPlace::Path(_) => "path",
            PartPlace::Query(_) => "query",
            PartPlace::Fragment(_) => "fragment",
            PartPlace::Body(_) => "body",
            PartPlace::WrittenAs(_) => "written_as",
            PartPlace::Syntax(_) => "syntax",
            PartPlace::Role(_) => "role",
            PartPlace::Param(_) => "param",
            PartPlace::PathParam(_) => "path_param",
            PartPlace::Header(_) => "header",
            PartPlace::Cookie(_) => "cookie",
            PartPlace::Credential(_) => "credential",
            PartPlace::Segment(_) => "segment",
            PartPlace::Json(_) => "json",
            PartPlace::Status(_) => "status",
            PartPlace::ResponseKind(_) => "response_kind",
            PartPlace::ResponseBody(_) => "response_body",
            PartPlace::ResponseHeader(_) => "response_header",
            PartPlace::ResponseJson(_) => "response_json",
            PartPlace::Redirect(_) => "redirect",
            PartPlace::Failure(_) => "failure",
            PartPlace::ExitCode(_) => "exit_code",
            PartPlace::Route(_) => "route",
            PartPlace::Dependency(_) => "dependency",
        }
    }
}
