//! Rules in the form in which they are evaluated: valid by construction, names resolved.
//!
//! [`load`] makes them from YAML; the checker reads them. What a case inherits from its rule is
//! already merged into it.

pub mod load;
pub mod node;
pub mod notation;
pub mod page;
pub mod pattern;
pub mod sequence;
pub mod template;

use crate::check::holes::HoleRegex;
use crate::diagnostic::{Consequence, Safety, Severity};
use crate::model::{FindingKind, ParamIn};
pub use pattern::Pattern;
pub use sequence::{Same, Step, Within};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
pub use template::{Attribute, Template};

/// One documented pitfall.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// Unique over all packs.
    pub id: String,
    /// The pack that it belongs to.
    pub pack: String,
    /// Of the rule; a case may have its own.
    pub severity: Severity,
    /// What happens to a request that breaks it.
    pub consequence: Consequence,
    /// One line for lists.
    pub summary: String,
    /// The page of the API's documentation that says it.
    pub url: Option<String>,
    /// The step of the pack's checklist that it belongs to.
    pub step: Option<String>,
    /// The general rule that it stands for in its own API.
    pub extends: Option<String>,
    /// Rules that speak instead of this one where they label the same part.
    pub yields_to: Vec<String>,
    /// Rules of other packs that this one speaks instead of, where it labels the same part.
    pub instead_of: Vec<String>,
    /// The names of the table's columns; empty without a table.
    pub columns: Vec<String>,
    /// The rows of the table. Without a table the rule is tried once.
    pub rows: Vec<Row>,
    /// Tried in order for each subject; the first that is *yes* reports. Never empty.
    pub cases: Vec<Case>,
}

/// A row of a table: for each column the texts of its cell, none where the cell is absent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// In the order of [`Rule::columns`].
    pub cells: Vec<Vec<String>>,
}

/// The number of a role or variable in [`Case::names`].
pub type NameId = usize;

/// A complete alternative of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Case {
    /// All of these must hold; empty means every request that the pack applies to.
    pub scope: Vec<Scope>,
    /// Roles first, in the order of [`Case::roles`]; then the variables that patterns bind.
    pub names: Vec<String>,
    /// What must be found, or be missing.
    pub roles: Vec<Role>,
    /// What must happen one after the other in a recording. Where it is not empty there are no
    /// roles: the names are those of the steps, in their order.
    pub sequence: Vec<Step>,
    /// What else must hold.
    pub condition: Option<Condition>,
    /// What a diagnostic is about; its first label.
    pub subject: NameId,
    /// One diagnostic per subject or per request.
    pub report: Report,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: Template,
    /// Words at roles and variables.
    pub labels: Vec<(NameId, Template)>,
    /// What to do.
    pub help: Option<Template>,
    /// The mends, the best first.
    pub fixes: Vec<FixTemplate>,
}

/// What must be known of a request for a case to be tried.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Scope {
    /// The operation has one of these tags. Empty: not asked.
    pub tags: Vec<String>,
    /// The operation is one of these. Empty: not asked.
    pub operations: Vec<String>,
    /// The operation is any known one (`operation: <any>`).
    pub any_operation: bool,
    /// Which origins are meant; `Declared` unless written.
    pub server: Server,
}

impl Scope {
    /// Whether it narrows a case to operations.
    pub fn asks_for_operation(&self) -> bool {
        self.any_operation || !self.tags.is_empty() || !self.operations.is_empty()
    }
}

/// Which origins a scope means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Server {
    /// One that the pack declares, or one that is unknown with a path that fits.
    #[default]
    Declared,
    /// One that looks like a declared one but is not.
    Similar,
    /// Any.
    Any,
}

/// One name of `find`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Role {
    /// Its number, which is also its index in [`Case::roles`].
    pub name: NameId,
    /// What it stands for.
    pub find: Find,
}

/// What a role stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Find {
    /// A part that passes one of these.
    Part(Vec<Part>),
    /// The slot of a part that is not there: one for each name that the part lists.
    Missing(Part),
}

/// A part pattern: a place, how its text is taken, and tests, all for one and the same part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Where.
    pub place: PartPlace,
    /// Only parameters sent there.
    pub location: Option<ParamIn>,
    /// Take each item of a list instead of the whole.
    pub items: bool,
    /// Which text of the part is tested and shown.
    pub text: TextOf,
    /// Only parts that are (not) implied by another one.
    pub implied: Option<bool>,
    /// Compare without case (`case: any`), the Turkish letters with and without a dot included.
    pub any_case: bool,
    /// Take parts whose value the server reads as not sent; otherwise they are skipped.
    pub blank: bool,
    /// What must hold for the text.
    pub tests: Tests,
    /// Whether it must fit, or break, the schema of the description.
    pub valid: Option<Valid>,
    /// Only parts that belong to the part of this role.
    pub of: Option<NameId>,
}

/// What is asked of a part and its schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Valid {
    /// It fits.
    Yes,
    /// It, or a piece of it, breaks one of these keywords of JSON Schema; none stands for any.
    /// The part is that piece.
    Breaks(Vec<String>),
}

/// The places of a request that a part pattern can name. Patterns beside a value place are
/// matched with the value, those beside a name place with the name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum PartPlace {
    /// The method.
    Method(Vec<Pattern>),
    /// The scheme, without ASCII case.
    Scheme(Vec<Pattern>),
    /// `user:password` of the URL.
    Userinfo(Vec<Pattern>),
    /// The host, without ASCII case.
    Host(Vec<Pattern>),
    /// The path as written.
    Path(Vec<Pattern>),
    /// The query as written.
    Query(Vec<Pattern>),
    /// The fragment.
    Fragment(Vec<Pattern>),
    /// The body: its kinds by name (`json`, `form`, …), empty for any.
    Body(Vec<Pattern>),
    /// How the request is written: the names of [`RequestKind`](crate::model::RequestKind).
    WrittenAs(Vec<Pattern>),
    /// Findings of parsers of these kinds.
    Syntax(Vec<FindingKindName>),
    /// A part that is named already.
    Role(NameId),
    /// Parameters by name: query, form and top-level JSON members.
    Param(Vec<Pattern>),
    /// Parameters of the path template by name.
    PathParam(Vec<Pattern>),
    /// Header fields by name, without ASCII case.
    Header(Vec<Pattern>),
    /// Cookies by name.
    Cookie(Vec<Pattern>),
    /// Credentials by the name of their security scheme; the text is the key itself.
    Credential(Vec<Pattern>),
    /// Segments of the path.
    Segment(SegmentAt),
    /// Values in the JSON body by JSON Pointer (RFC 6901).
    Json(Vec<Pattern>),
    /// The status code of the response; of the last one, where redirects were followed.
    Status(Vec<Pattern>),
    /// What kind of content the response has: `json`, `html`, `text` or `none`.
    ResponseKind(Vec<Pattern>),
    /// The content of the response.
    ResponseBody(Vec<Pattern>),
    /// Header fields of the response by name, without ASCII case.
    ResponseHeader(Vec<Pattern>),
    /// Values in the JSON content of the response by JSON Pointer.
    ResponseJson(Vec<Pattern>),
    /// Where a response sends the client: the `Location` of any response on the way.
    Redirect(Vec<Pattern>),
    /// What the client said instead of a response.
    Failure(Vec<Pattern>),
    /// The exit code of curl.
    ExitCode(Vec<Pattern>),
    /// Where the path leaves what the description knows, by the kind of the difference.
    Route(Vec<Pattern>),
    /// Dependencies between parameters that do not hold, by their kind.
    Dependency(Vec<Pattern>),
}

/// A finding kind that is written by name in compiled packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindingKindName(pub FindingKind);

impl Serialize for FindingKindName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for FindingKindName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let kind = FindingKind::from_name(&name);
        kind.map(FindingKindName).ok_or_else(|| serde::de::Error::custom("unknown finding kind"))
    }
}

/// Which segments of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SegmentAt {
    /// Any of them.
    Any,
    /// The one with this number, from 1.
    Number(usize),
    /// The last one; empty after a final slash.
    Last,
}

/// Which text of a part is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextOf {
    /// Its decoded value.
    #[default]
    Value,
    /// Its name; the caret is under the name too.
    Name,
    /// Its value before decoding.
    Raw,
}

/// Tests of one text. All must hold; within a list any.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tests {
    /// Equals one of these patterns. Empty: not asked.
    pub is: Vec<Pattern>,
    /// The regular expression is found in it.
    pub matches: Option<Regex>,
    /// Is of one of these types. Empty: not asked.
    pub types: Vec<String>,
    /// These do not all hold.
    pub not: Option<Box<Tests>>,
}

impl Tests {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.is.is_empty() && self.matches.is_none() && self.types.is_empty() && self.not.is_none()
    }
}

/// A regular expression that is compiled when it is first needed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Regex {
    /// As written; known to be valid.
    pub source: String,
    #[serde(skip)]
    compiled: OnceLock<regex::Regex>,
    #[serde(skip)]
    with_holes: OnceLock<Box<HoleRegex>>,
}

impl Regex {
    /// Checks and keeps an expression.
    ///
    /// # Errors
    /// What is wrong with it, in the words of the `regex` crate.
    pub fn new(source: &str) -> Result<Self, regex::Error> {
        let compiled = regex::Regex::new(source)?;
        Ok(Regex {
            source: source.to_owned(),
            compiled: OnceLock::from(compiled),
            with_holes: OnceLock::new(),
        })
    }

    /// Whether it is found in the text.
    pub fn is_match(&self, text: &str) -> bool {
        let compile = || regex::Regex::new(&self.source).expect("checked when the rule was loaded");
        self.compiled.get_or_init(compile).is_match(text)
    }

    /// The expression for texts with holes.
    pub fn with_holes(&self) -> &HoleRegex {
        self.with_holes.get_or_init(|| Box::new(HoleRegex::new(&self.source)))
    }
}

/// A condition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Condition {
    /// Such a part exists.
    Part(Box<Part>),
    /// All of them.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
    /// Not.
    Not(Box<Condition>),
    /// The first is greater than the second.
    Above(Number, Number),
    /// The first is greater than or equal to the second.
    AtLeast(Number, Number),
    /// The API description knows it.
    Declares(Declares),
}

/// What the description is asked for; what is absent is taken from the request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Declares {
    /// A path.
    pub path: Option<Template>,
    /// A method of the path.
    pub method: Option<Template>,
    /// A parameter of the operation, wherever it is sent.
    pub param: Option<Template>,
    /// A header parameter of the operation.
    pub header: Option<Template>,
    /// A body of that kind: `json`, `form`, `multipart`.
    pub body: Option<Template>,
    /// The operation has this tag.
    pub tag: Option<String>,
    /// A parameter of the operation has nearly this name.
    pub similar: Option<Template>,
    /// The operation is deprecated.
    pub deprecated: bool,
    /// All parameters of the operation are known.
    pub complete: bool,
    /// The operation refuses requests without a body.
    pub needs_body: bool,
}

/// A number or a date.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Number {
    /// A number.
    Constant(f64),
    /// A number of days, to add to a date.
    Days(f64),
    /// The value of a role or variable.
    Value(NameId),
    /// The length of a role's text, in bytes.
    Length(NameId),
    /// The sum of these.
    Sum(Vec<Number>),
    /// The product of these.
    Product(Vec<Number>),
    /// How many different names the parts have that pass one of these.
    Count(Vec<Part>),
}

/// How matches become diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Report {
    /// One for each subject.
    #[default]
    Each,
    /// One for the request, about all of them.
    Once,
}

/// A fix before it knows the request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FixTemplate {
    /// What it does, as an imperative.
    pub title: Template,
    /// How far it can be trusted.
    pub safety: Safety,
    /// New texts.
    pub set: Vec<(NameId, Template)>,
    /// Parts that go.
    pub remove: Vec<NameId>,
    /// Parts that go elsewhere.
    pub moves: Vec<(NameId, MoveTo)>,
    /// Findings that are mended as their parser says.
    pub repair: Vec<NameId>,
}

/// Where a fix moves a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MoveTo {
    /// To the query, the form or the JSON body.
    Param(ParamIn),
    /// To a header of that name.
    Header(String),
}
