//! Reads part patterns: a place, modifiers and tests.

use super::fields::{Fields, boolean, text_at, texts, word};
use super::mistakes::{Mistakes, expected, listing};
use super::names::{FindList, Names, Site};
use super::notation::{Token, tokens};
use super::{Table, World};
use crate::api::dependency::KINDS as DEPENDENCY_KINDS;
use crate::api::schema::Keyword;
use crate::check::ROUTE_KINDS;
use crate::model::{BodyKind, FindingKind, ParamIn, RequestKind};
use crate::rule::node::{Entry, Node};
use crate::rule::pattern::Element;
use crate::rule::{
    Find, FindingKindName, Part, PartPlace, Pattern, Regex, SegmentAt, Tests, TextOf, Valid,
};
use unicode_normalization::UnicodeNormalization;

/// Reads the pieces of one case. Mistakes are collected, and reading goes on.
#[derive(Debug)]
pub(crate) struct Reader<'c> {
    pub(crate) world: &'c World<'c>,
    pub(crate) table: Option<&'c Table>,
    pub(crate) names: Names,
    /// Whether all roles have a name. If not, names that are unknown are no mistakes.
    pub(crate) names_are_known: bool,
    /// What the roles that were read stand for; none where that is broken.
    pub(crate) roles: Vec<Option<Find>>,
    pub(crate) site: Site,
    /// Whether the roles are steps of a sequence.
    pub(crate) of_sequence: bool,
    pub(crate) mistakes: &'c mut Mistakes,
}

/// The places of a part.
pub(crate) const PLACES: &[&str] = &[
    "method",
    "scheme",
    "userinfo",
    "host",
    "path",
    "query",
    "fragment",
    "body",
    "written_as",
    "syntax",
    "role",
    "param",
    "path_param",
    "header",
    "cookie",
    "credential",
    "segment",
    "json",
    "route",
    "dependency",
    "status",
    "response_kind",
    "response_body",
    "response_header",
    "response_json",
    "redirect",
    "failure",
    "exit_code",
];
/// The places of what came back. They are asked about, never found missing.
pub(crate) const RESPONSE_PLACES: &[&str] = &[
    "status",
    "response_kind",
    "response_body",
    "response_header",
    "response_json",
    "redirect",
    "failure",
    "exit_code",
];
pub(crate) const MODIFIERS: &[&str] =
    &["in", "items", "text", "case", "implied", "blank", "valid", "breaks", "of"];
/// The places whose values the description has schemas for.
const DESCRIBED: &[&str] = &["param", "path_param", "header", "cookie", "json", "role"];
pub(crate) const TESTS: &[&str] = &["is", "matches", "type", "not"];

pub(crate) const PARAM_IN: &[(&str, ParamIn)] =
    &[("query", ParamIn::Query), ("form", ParamIn::Form), ("json", ParamIn::Json)];
const CASE: &[(&str, bool)] = &[("any", true)];
const TEXT_OF: &[(&str, TextOf)] = &[("name", TextOf::Name), ("raw", TextOf::Raw)];

const BODY_KINDS: [BodyKind; 7] = [
    BodyKind::None,
    BodyKind::Json,
    BodyKind::Form,
    BodyKind::Multipart,
    BodyKind::Text,
    BodyKind::File,
    BodyKind::Unknown,
];

const RESPONSE_KINDS: [BodyKind; 4] =
    [BodyKind::None, BodyKind::Json, BodyKind::Html, BodyKind::Text];

impl<'c> Reader<'c> {
    /// A reader of a case with these roles.
    pub(crate) fn new(
        world: &'c World<'c>,
        table: Option<&'c Table>,
        roles: Vec<String>,
        mistakes: &'c mut Mistakes,
    ) -> Self {
        let names = Names::of_roles(roles);
        let (roles, site) = (Vec::new(), Site::Elsewhere);
        Reader {
            world,
            table,
            names,
            names_are_known: true,
            roles,
            site,
            of_sequence: false,
            mistakes,
        }
    }

    /// A part pattern.
    pub(crate) fn part(&mut self, node: &Node) -> Option<Part> {
        let keys: Vec<&str> = [PLACES, MODIFIERS, TESTS].concat();
        let fields = Fields::of(node, "a part", &keys, self.mistakes)?;
        let place = self.place_entry(fields)?;
        let location = self.location(fields, &place.key);
        let text = fields.entry("text").and_then(|entry| word(entry, TEXT_OF, self.mistakes));
        self.check_modifiers(fields, &place.key, text);
        let mut flag = |key| fields.entry(key).and_then(|entry| boolean(entry, self.mistakes));
        let (items, implied, blank) = (flag("items"), flag("implied"), flag("blank"));
        let any_case = fields.entry("case").and_then(|entry| word(entry, CASE, self.mistakes));
        let tests = self.tests_of(fields);
        let valid = self.valid(fields, &place.key);
        let of = fields.entry("of").and_then(|entry| self.named(entry));
        Some(Part {
            valid,
            of,
            place: self.place(place)?,
            location,
            items: items.unwrap_or(false),
            text: text.unwrap_or_default(),
            implied,
            any_case: any_case.unwrap_or(false),
            blank: blank.unwrap_or(false),
            tests,
        })
    }

    /// The key that says where the part is.
    fn place_entry<'n>(&mut self, fields: Fields<'n>) -> Option<&'n Entry> {
        let is_place = |entry: &&Entry| PLACES.contains(&entry.key.as_str());
        let mut places = fields.entries().iter().filter(is_place);
        let first = places.next();
        if let (Some(first), Some(second)) = (first, places.next()) {
            let message =
                format!("a part has one place, but here are `{}` and `{}`", first.key, second.key);
            let help = "make two roles of them, or join two conditions with `all`";
            self.mistakes.add(second.key_span, message, help);
        }
        if first.is_none() && fields.entries().iter().all(|entry| is_known(&entry.key)) {
            let help = format!("expected one of {}", listing(PLACES, "or"));
            self.mistakes.add(fields.start, "this part has no place", help);
        }
        first
    }

    fn location(&mut self, fields: Fields<'_>, place: &str) -> Option<ParamIn> {
        let entry = fields.entry("in")?;
        if place != "param" {
            let message = format!("`in` is for `param`, not for `{place}`");
            self.mistakes.add(entry.key_span, message, "leave it out");
        }
        word(entry, PARAM_IN, self.mistakes)
    }

    /// `valid` and `breaks`: what is asked of the part and its schema.
    fn valid(&mut self, fields: Fields<'_>, place: &str) -> Option<Valid> {
        let entries = [fields.entry("valid"), fields.entry("breaks")];
        let first = entries.into_iter().flatten().next()?;
        if !DESCRIBED.contains(&place) {
            let message = format!("a `{place}` has no schema");
            let help = format!("`{}` is for {}", first.key, listing(DESCRIBED, "and"));
            self.mistakes.add(first.key_span, message, help);
        }
        if self.world.api.is_none() {
            self.needs_description(first.key_span, &first.key);
        }
        let is_valid = entries[0].and_then(|entry| boolean(entry, self.mistakes));
        let Some(entry) = entries[1] else {
            let valid = if is_valid? { Valid::Yes } else { Valid::Breaks(Vec::new()) };
            return Some(valid);
        };
        if let Some(valid) = entries[0] {
            let message = "`breaks` says already that the part is not valid";
            self.mistakes.add(valid.key_span, message, "leave `valid` out");
        }
        let mut keywords = Vec::new();
        for text in texts(entry, self.mistakes) {
            if text.text == "<any>" {
                return Some(Valid::Breaks(Vec::new()));
            }
            if !Keyword::NAMES.contains(&text.text) {
                let message = format!("no value breaks `{}`", text.text);
                self.mistakes.add(text.span, message, expected(text.text, Keyword::NAMES));
            }
            keywords.push(text.text.to_owned());
        }
        Some(Valid::Breaks(keywords))
    }

    fn check_modifiers(&mut self, fields: Fields<'_>, place: &str, text: Option<TextOf>) {
        let named = ["param", "path_param", "header", "cookie", "credential", "json"]
            .contains(&place)
            || ["response_header", "response_json"].contains(&place);
        if let (Some(entry), Some(TextOf::Name), false) = (fields.entry("text"), text, named) {
            let message = format!("a `{place}` has no name");
            self.mistakes.add(entry.place(), message, "leave `text: name` out");
        }
        if let (Some(entry), false) = (fields.entry("blank"), place == "param") {
            let message = format!("`blank` is for `param`, not for `{place}`");
            self.mistakes.add(entry.key_span, message, "leave it out");
        }
    }

    fn place(&mut self, entry: &Entry) -> Option<PartPlace> {
        use PartPlace as P;
        let of_description = ["path_param", "credential", "route", "dependency"];
        if self.world.api.is_none() && of_description.contains(&entry.key.as_str()) {
            self.needs_description(entry.key_span, &entry.key);
        }
        let with: fn(Vec<Pattern>) -> PartPlace = match entry.key.as_str() {
            "method" => P::Method,
            "scheme" => P::Scheme,
            "userinfo" => P::Userinfo,
            "host" => P::Host,
            "path" => P::Path,
            "query" => P::Query,
            "fragment" => P::Fragment,
            "param" => P::Param,
            "path_param" => P::PathParam,
            "header" => P::Header,
            "cookie" => P::Cookie,
            "credential" => return Some(P::Credential(self.credentials(entry))),
            "json" => return Some(P::Json(self.pointers(entry))),
            "status" => P::Status,
            "response_body" => P::ResponseBody,
            "response_header" => P::ResponseHeader,
            "response_json" => return Some(P::ResponseJson(self.pointers(entry))),
            "redirect" => P::Redirect,
            "failure" => P::Failure,
            "exit_code" => P::ExitCode,
            "response_kind" => return Some(P::ResponseKind(self.kinds(entry, &RESPONSE_KINDS))),
            "route" => {
                return Some(P::Route(self.known_kinds(entry, ROUTE_KINDS, "difference of paths")));
            }
            "dependency" => {
                let kinds = self.known_kinds(entry, DEPENDENCY_KINDS, "kind of dependency");
                return Some(P::Dependency(kinds));
            }
            "body" => return Some(P::Body(self.kinds(entry, &BODY_KINDS))),
            "written_as" => return Some(P::WrittenAs(self.written_as(entry))),
            "syntax" => return Some(P::Syntax(self.finding_kinds(entry))),
            "segment" => return self.segment(entry).map(P::Segment),
            _ => return self.named(entry).map(P::Role),
        };
        Some(with(self.patterns(entry, FindList::Place)))
    }

    /// `credential`: names of security schemes, which the description knows.
    fn credentials(&mut self, entry: &Entry) -> Vec<Pattern> {
        let patterns = self.patterns(entry, FindList::Place);
        let Some(api) = self.world.api else { return patterns };
        let known: Vec<&str> = api.security_schemes.iter().map(|s| s.name.as_str()).collect();
        for text in texts(entry, &mut Mistakes::default()) {
            if !text.text.contains('<') && !known.contains(&text.text) {
                let message = format!("the API description has no security scheme `{}`", text.text);
                self.mistakes.add(text.span, message, expected(text.text, &known));
            }
        }
        patterns
    }

    /// `json` and `response_json`: JSON Pointers (RFC 6901), which begin with a slash.
    fn pointers(&mut self, entry: &Entry) -> Vec<Pattern> {
        for text in texts(entry, &mut Mistakes::default()) {
            let message = format!("`{}` is no JSON Pointer", text.text);
            if !text.text.starts_with(['/', '<']) && !text.text.is_empty() {
                let path = text.text.trim_start_matches(['$', '.']).replace('.', "/");
                self.mistakes.add(text.span, message, format!("write `/{path}`"));
            } else if text.text.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1'])) {
                let help = "write `~0` for a `~` in a name, and `~1` for a `/`";
                self.mistakes.add(text.span, message, help);
            }
        }
        self.patterns(entry, FindList::Place)
    }

    /// Words of a closed list, or `<any>`.
    fn known_kinds(&mut self, entry: &Entry, kinds: &[&str], what: &str) -> Vec<Pattern> {
        let patterns = self.patterns(entry, FindList::Place);
        for text in texts(entry, &mut Mistakes::default()) {
            if !text.text.contains('<') && !kinds.contains(&text.text) {
                let message = format!("`{}` is no {what}", text.text);
                self.mistakes.add(text.span, message, expected(text.text, kinds));
            }
        }
        patterns
    }

    /// `body` and `response_kind`: kinds by name, none for any.
    fn kinds(&mut self, entry: &Entry, kinds: &[BodyKind]) -> Vec<Pattern> {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        let patterns = self.patterns(entry, FindList::Place);
        for text in texts(entry, &mut Mistakes::default()) {
            if !text.text.contains('<') && !kinds.contains(&text.text) {
                let message = format!("`{}` is no kind of body", text.text);
                self.mistakes.add(text.span, message, expected(text.text, &kinds));
            }
        }
        if patterns.iter().any(Pattern::is_any) { Vec::new() } else { patterns }
    }

    /// `written_as`: forms of requests by name.
    fn written_as(&mut self, entry: &Entry) -> Vec<Pattern> {
        let forms = RequestKind::ALL.map(RequestKind::name);
        for text in texts(entry, &mut Mistakes::default()) {
            if !forms.contains(&text.text) {
                let message = format!("`{}` is no form of a request", text.text);
                self.mistakes.add(text.span, message, expected(text.text, &forms));
            }
        }
        self.patterns(entry, FindList::Place)
    }

    /// `syntax`: kinds of findings.
    fn finding_kinds(&mut self, entry: &Entry) -> Vec<FindingKindName> {
        let mut kinds = Vec::new();
        for text in texts(entry, self.mistakes) {
            match FindingKind::from_name(text.text) {
                Some(kind) => kinds.push(FindingKindName(kind)),
                None if text.text == "<any>" => {
                    kinds.extend(FindingKind::ALL.iter().copied().map(FindingKindName));
                }
                None => {
                    let known: Vec<&str> =
                        FindingKind::ALL.iter().map(|kind| kind.name()).collect();
                    let message = format!("no parser reports `{}`", text.text);
                    self.mistakes.add(text.span, message, expected(text.text, &known));
                }
            }
        }
        kinds
    }

    fn segment(&mut self, entry: &Entry) -> Option<SegmentAt> {
        let text = text_at(&entry.value, entry.place(), self.mistakes)?;
        match (text.text, text.text.parse::<usize>()) {
            ("<any>", _) => Some(SegmentAt::Any),
            ("last", _) => Some(SegmentAt::Last),
            (_, Ok(number @ 1..)) => Some(SegmentAt::Number(number)),
            (other, _) => {
                let message = format!("`{other}` is no segment");
                let help =
                    "write `<any>`, a number from 1, or `last`; its text is tested with `is`";
                self.mistakes.add(text.span, message, help);
                None
            }
        }
    }

    /// `role`: a role or variable that is there already.
    pub(crate) fn named(&mut self, entry: &Entry) -> Option<crate::rule::NameId> {
        let text = text_at(&entry.value, entry.place(), self.mistakes)?;
        if !super::notation::is_name(text.text) {
            let message = format!("`{}` is no name of a role", text.text);
            let bare = text.text.trim_matches(['<', '>']);
            let known = expected(bare, self.names.known());
            self.mistakes.add(text.span, message, known);
            return None;
        }
        Some(self.names.mention(text.text, text.span, Site::Elsewhere))
    }

    fn tests_of(&mut self, fields: Fields<'_>) -> Tests {
        let entry = |key| fields.entry(key);
        Tests {
            is: entry("is").map(|entry| self.patterns(entry, FindList::Is)).unwrap_or_default(),
            matches: entry("matches").and_then(|entry| self.regex(entry)),
            types: entry("type").map(|entry| self.types(entry)).unwrap_or_default(),
            not: entry("not").and_then(|entry| self.negated(entry)).map(Box::new),
        }
    }

    /// Tests without a place: under `not`, and the types of a pack.
    pub(crate) fn tests(&mut self, node: &Node, what: &str) -> Option<Tests> {
        let place = node.mapping().and_then(|mapping| {
            mapping.entries.iter().find(|entry| PLACES.contains(&entry.key.as_str()))
        });
        if let Some(entry) = place {
            let message = format!("{what} tests a text, and `{}` is a place", entry.key);
            let help = "to deny that such a part exists, write `if: { not: { … } }`";
            self.mistakes.add(entry.key_span, message, help);
            return None;
        }
        let fields = Fields::of(node, what, TESTS, self.mistakes)?;
        let tests = self.tests_of(fields);
        if fields.entries().is_empty() {
            let help = format!("expected {}", listing(TESTS, "or"));
            self.mistakes.add(node.span, format!("{what} tests nothing"), help);
        }
        Some(tests)
    }

    fn negated(&mut self, entry: &Entry) -> Option<Tests> {
        let site = self.site;
        if let Site::Find { role, .. } = site {
            self.site = Site::Find { role, list: FindList::Not };
        }
        let tests = self.tests(&entry.value, "`not`");
        self.site = site;
        tests
    }

    fn regex(&mut self, entry: &Entry) -> Option<Regex> {
        if entry.value.items().is_some() {
            let message = "`matches` takes one regular expression, not a list";
            let help = "join them with `|`, as `'^(one|other)$'`";
            self.mistakes.add(entry.value.span, message, help);
            return None;
        }
        let text = text_at(&entry.value, entry.place(), self.mistakes)?;
        match Regex::new(text.text) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let message = format!("this is no regular expression: {}", reason(&error));
                let help = "the syntax is that of the Rust crate `regex`, without look-around and back-references";
                self.mistakes.add(text.span, message, help);
                None
            }
        }
    }

    fn types(&mut self, entry: &Entry) -> Vec<String> {
        let known = self.world.type_names();
        let mut types = Vec::new();
        for text in texts(entry, self.mistakes) {
            if !known.contains(&text.text) {
                let message = format!("there is no type `{}`", text.text);
                self.mistakes.add(text.span, message, expected(text.text, &known));
            }
            types.push(text.text.to_owned());
        }
        types
    }

    /// A list of patterns.
    pub(crate) fn patterns(&mut self, entry: &Entry, list: FindList) -> Vec<Pattern> {
        let site = match self.site {
            Site::Find { list: FindList::Not, .. } | Site::Elsewhere => self.site,
            Site::Find { role, .. } => Site::Find { role, list },
        };
        let texts = texts(entry, self.mistakes);
        texts.iter().map(|text| self.pattern(text, site)).collect()
    }

    fn pattern(&mut self, text: &super::fields::Text<'_>, site: Site) -> Pattern {
        let mut elements: Vec<Element> = Vec::new();
        for (token, range) in tokens(text.text) {
            let span = text.piece(range);
            let element = match token {
                Token::Literal(literal) => {
                    match elements.last_mut() {
                        Some(Element::Literal(before)) => before.push_str(literal),
                        _ => elements.push(Element::Literal(literal.to_owned())),
                    }
                    continue;
                }
                Token::Any => Some(Element::Any),
                Token::Name(name) => Some(Element::Name(self.names.mention(name, span, site))),
                Token::Cell(column) => self.column(column, span).map(Element::Cell),
                Token::Attribute(name, attribute) => {
                    let message = format!("a pattern cannot ask for `{attribute}` of `{name}`");
                    self.mistakes.add(span, message, format!("write `<{name}>` for its text"));
                    None
                }
                Token::Variable(_) => {
                    let help = "write `<any>` for any text, or `<x>` to name it";
                    self.mistakes.add(span, "`<$NAME>` is for edits only", help);
                    None
                }
                Token::Stray => {
                    self.mistakes.add(span, "this `<` begins nothing", STRAY);
                    None
                }
            };
            elements.extend(element);
        }
        for element in &mut elements {
            if let Element::Literal(literal) = element {
                *literal = literal.nfc().collect();
            }
        }
        Pattern { elements }
    }

    /// The number of a column.
    pub(crate) fn column(&mut self, column: &str, span: crate::span::Span) -> Option<usize> {
        let Some(table) = self.table else {
            self.mistakes.add(span, "this rule has no table", "add `table: …`");
            return None;
        };
        if table.is_broken {
            return None;
        }
        let found = table.columns.iter().position(|known| known == column);
        if found.is_none() {
            let message = format!("the table has no column `{column}`");
            self.mistakes.add(span, message, expected(column, &table.columns));
        }
        found
    }
}

/// Help for a `<` that begins nothing.
pub(crate) const STRAY: &str =
    "a literal `<` is written `<<`; names are `<name>`, in lower case with `_`";

fn is_known(key: &str) -> bool {
    [PLACES, MODIFIERS, TESTS].iter().any(|keys| keys.contains(&key))
}

/// The last line of a message of the regex crate, which says why.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}
