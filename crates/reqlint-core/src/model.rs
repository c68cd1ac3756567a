//! The normalized request: what would go on the wire, with the place of every part.
//!
//! Parsers make it; rules, reporters and `parse` read it. Texts are looked up in the document's
//! [`Layers`]; order and duplicates are kept as written.

mod body;
mod exchange;
mod finding;

pub use body::{Body, BodyKind, ContentFile, FormPart, JsonKind, JsonMember, JsonValue};
pub use exchange::{Exchange, Failure, Response, Status, Unseen};
pub use finding::{Finding, FindingKind};

use crate::layer::{Layers, Place};
use crate::parse::Ignored;
use crate::secret::find_secrets;
use crate::span::Span;
use std::sync::OnceLock;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The form of a document: how its text is read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $variant,)* }

        impl Kind {
            /// Every kind, in the order in which `--help` lists them.
            pub const ALL: &[Kind] = &[$(Kind::$variant,)*];

            /// The name on the command line and in JSON.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    /// Commands in shell text; the dialect shows in the text, and is bash where none does.
    Shell = "shell",
    /// Commands for cmd of Windows.
    Cmd = "cmd",
    /// Commands for PowerShell.
    PowerShell = "powershell",
    /// Commands for fish.
    Fish = "fish",
    /// Bare URLs, one a line; `#` starts a comment.
    Urls = "urls",
    /// One JSON text that holds a request object or an array of them.
    Json = "json",
    /// JSON texts, one a line.
    Ndjson = "ndjson",
    /// Request lines (`GET /path?query`) with optional headers and body, `###` between them.
    Http = "http",
    /// An HTTP archive (HAR 1.2).
    Har = "har",
    /// Lines of nginx or Apache, in the common or combined log format.
    AccessLog = "access-log",
    /// Markdown and MDX, with code blocks that hold any of the other kinds.
    Markdown = "markdown",
    /// AsciiDoc, with code blocks.
    Asciidoc = "asciidoc",
    /// reStructuredText, with code blocks.
    Rst = "rst",
    /// YAML that holds commands or requests in its values, such as workflows.
    Yaml = "yaml",
    /// TOML that holds commands or requests in its values.
    Toml = "toml",
    /// A Postman collection.
    Postman = "postman",
    /// A collection of Insomnia, exported or as a file of its own.
    Insomnia = "insomnia",
    /// A description of OpenAPI, with examples.
    OpenApi = "openapi",
    /// A request of Bruno, or a collection of them in YAML (OpenCollection).
    Bruno = "bruno",
    /// Requests and assertions of Hurl.
    Hurl = "hurl",
    /// Requests with what came back, as they are pasted from a terminal, a browser or a chat.
    Transcript = "transcript",
    /// Programs in JavaScript and TypeScript, with calls that send requests.
    JavaScript = "javascript",
    /// Programs in Python, with calls that send requests.
    Python = "python",
}

impl Kind {
    /// Whether such a text tells what was sent: nothing in it can be mended.
    pub fn is_recording(self) -> bool {
        matches!(self, Kind::Har | Kind::AccessLog)
    }

    /// Whether each line of such a text stands for itself.
    pub fn is_lines(self) -> bool {
        matches!(self, Kind::Ndjson | Kind::AccessLog)
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether such a text is mostly about something else, and requests only stand in it.
    pub fn is_host(self) -> bool {
        matches!(
            self,
            Kind::Markdown
                | Kind::Asciidoc
                | Kind::Rst
                | Kind::Yaml
                | Kind::Toml
                | Kind::OpenApi
                | Kind::JavaScript
                | Kind::Python
        )
    }
}

/// A parsed text: its requests, and what the parsers noticed outside of any request.
#[derive(Clone, Debug)]
pub struct Document<'s> {
    /// How the text was read.
    pub kind: Kind,
    /// The texts that all places point into.
    pub layers: Layers<'s>,
    /// The requests, in the order of the text.
    pub requests: Vec<Request>,
    /// Findings that belong to no request.
    pub findings: Vec<Finding>,
    /// Parts that ask for silence.
    pub ignored: Vec<Ignored>,
    /// What of the source was read: all of it, but for the lines of a recording that are known.
    pub(crate) read: Vec<Span>,
    secrets: OnceLock<Vec<Span>>,
}

impl<'s> Document<'s> {
    /// A document without requests.
    pub fn new(kind: Kind, source: &'s str) -> Self {
        let layers = Layers::new(source);
        let (requests, findings, ignored) = (Vec::new(), Vec::new(), Vec::new());
        let (read, secrets) = (vec![Span::new(0, source.len())], OnceLock::new());
        Document { kind, layers, requests, findings, ignored, read, secrets }
    }

    /// The bytes of the source that must never be printed, see [`find_secrets`]; looked for once,
    /// when the document is whole.
    pub fn secrets(&self) -> &[Span] {
        self.secrets.get_or_init(|| find_secrets(self))
    }

    /// The text of a place.
    pub fn text(&self, place: Place) -> &str {
        self.layers.text(place)
    }
}

/// The language of a command: how its text becomes words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// POSIX shells and bash.
    Bash,
    /// The command interpreter of Windows.
    Cmd,
    /// PowerShell, of Windows and of other systems.
    PowerShell,
    /// fish.
    Fish,
    /// A list of arguments, as programs pass them without a shell.
    Argv,
}

impl Dialect {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Bash => "bash",
            Dialect::Cmd => "cmd",
            Dialect::PowerShell => "powershell",
            Dialect::Fish => "fish",
            Dialect::Argv => "argv",
        }
    }
}

/// How a request was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// A curl command.
    Curl,
    /// `Invoke-WebRequest` or `Invoke-RestMethod` of PowerShell.
    Cmdlet,
    /// A URL alone.
    Url,
    /// A JSON object.
    Object,
    /// A request line, perhaps with headers and body.
    Message,
    /// A wget command.
    Wget,
    /// An HTTPie command.
    Httpie,
    /// An item of a collection.
    Item,
    /// A call in a program.
    Call,
    /// An entry of a recording or a log.
    Entry,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [RequestKind; 10] = [
        RequestKind::Curl,
        RequestKind::Cmdlet,
        RequestKind::Url,
        RequestKind::Object,
        RequestKind::Message,
        RequestKind::Wget,
        RequestKind::Httpie,
        RequestKind::Item,
        RequestKind::Call,
        RequestKind::Entry,
    ];

    /// Whether its parts are entries that each form writes in its own way.
    pub fn has_entries(self) -> bool {
        matches!(
            self,
            RequestKind::Item | RequestKind::Call | RequestKind::Wget | RequestKind::Httpie
        )
    }

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            RequestKind::Curl => "curl",
            RequestKind::Cmdlet => "cmdlet",
            RequestKind::Url => "url",
            RequestKind::Object => "object",
            RequestKind::Message => "message",
            RequestKind::Wget => "wget",
            RequestKind::Httpie => "httpie",
            RequestKind::Item => "item",
            RequestKind::Call => "call",
            RequestKind::Entry => "entry",
        }
    }
}

/// One HTTP request.
#[derive(Clone, Debug)]
pub struct Request {
    /// How it was written.
    pub kind: RequestKind,
    /// The language of the command, where it is one.
    pub dialect: Option<Dialect>,
    /// The whole of it: the command, the object, the message.
    pub place: Place,
    /// The method on the wire.
    pub method: Method,
    /// The target.
    pub url: Url,
    /// Header fields in order, those that follow from options included. Without what the client
    /// adds by itself (`Host`, `User-Agent`, `Accept`, `Content-Length`).
    pub headers: Vec<Header>,
    /// Cookies, from `Cookie` headers and cookie options.
    pub cookies: Vec<Pair>,
    /// The content.
    pub body: Body,
    /// The file that the content comes from, where all of it does and the path is known.
    pub file: Option<ContentFile>,
    /// The parts of a multipart body.
    pub parts: Vec<FormPart>,
    /// What stands in the request line in place of the URL's path and query.
    pub target: Option<Place>,
    /// Whether the path is sent as it is written, its dot segments included.
    pub as_is: bool,
    /// Query parameters, form fields and top-level JSON members together, in that order.
    pub params: Vec<Param>,
    /// What may hold more parts than are written.
    pub open: Open,
    /// What the parsers noticed in this request.
    pub findings: Vec<Finding>,
    /// Credentials that are not in `Authorization`, `Cookie` or a header that names a key: the
    /// argument of `-u`, the password in a URL. Never printed.
    pub secrets: Vec<Place>,
    /// What is known of the exchange that it was part of, where it is recorded.
    pub exchange: Option<Box<Exchange>>,
    /// The `--next` of curl behind which the options of another request begin.
    pub next: Option<Place>,
    /// The URL once more, where its form has it twice and both say the same.
    pub copy: Option<Box<UrlCopy>>,
}

/// Containers that may hold parts which are not written: `?$QS`, `-H "$H"`, `-d @file`, a body
/// that does not parse. In an open container nothing is surely absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// Header fields. A bare URL has no place for headers, so they are open.
    pub headers: bool,
    /// Query parameters.
    pub query: bool,
    /// Form fields or JSON members, and whether there is a body at all.
    pub body: bool,
    /// Cookies.
    pub cookies: bool,
    /// The method.
    pub method: bool,
}

/// The method, and what made it so.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// Its name, as it is sent.
    pub name: Place,
    /// What implies it (`-d`, `--json`, `-I`), or the URL where the default `GET` is meant; none
    /// where it is written out.
    pub implied_by: Option<Place>,
}

/// A URL, split by RFC 3986 without normalizing: every part is a place in the same text.
#[derive(Clone, Debug)]
pub struct Url {
    /// The whole URL, query parameters that options add included.
    pub whole: Place,
    /// Without `:`. Absent where the URL starts with its host, its path or a hole.
    pub scheme: Option<Place>,
    /// `user:password`, without `@`.
    pub userinfo: Option<Place>,
    /// The host; brackets of an IPv6 address included.
    pub host: Option<Place>,
    /// The port, without `:`.
    pub port: Option<Place>,
    /// A hole or placeholder at the start that stands for the origin, and perhaps for the first
    /// part of the path: `$ORIGIN`, `{origin}`.
    pub origin_hole: Option<Place>,
    /// From the first `/` to the query, as written.
    pub path: Place,
    /// The parts of the path between slashes, percent-decoded. `/a/` has the segments `a` and ``.
    pub segments: Vec<Place>,
    /// Without `?`.
    pub query: Option<Place>,
    /// Without `#`.
    pub fragment: Option<Place>,
}

/// The URL as a collection writes it once more, for people: what is sent does not come from there.
#[derive(Clone, Debug)]
pub struct UrlCopy {
    /// Parts of the URL that is sent, each with its copy.
    pub parts: Vec<(Place, Place)>,
    /// Copies of parameters of the query, each with the number of the one that is sent.
    pub params: Vec<(usize, Param)>,
    /// The copy as a whole, where it is a URL; where it is none, it is a list of parameters.
    pub url: Option<Url>,
    /// The object of which the parts are members that are sent in place of a URL.
    pub object: Option<Place>,
}

/// A header field.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// The field as a whole: `Name: value`.
    pub whole: Place,
    /// The name, as written.
    pub name: Place,
    /// The value, without white space around it.
    pub value: Place,
    /// The option that implies it (`-d`, `--json`, `-u`), where it is not written out.
    pub implied_by: Option<Place>,
}

/// A name and a value.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// Both, with what is between them.
    pub whole: Place,
    /// The decoded name.
    pub name: Place,
    /// The decoded value.
    pub value: Place,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum ParamIn {
    /// In the query of the URL.
    Query,
    /// In a form body, URL-encoded or multipart.
    Form,
    /// A member of the JSON object that is the body.
    Json,
}

impl ParamIn {
    /// The name in rules.
    pub fn name(self) -> &'static str {
        match self {
            ParamIn::Query => "query",
            ParamIn::Form => "form",
            ParamIn::Json => "json",
        }
    }
}

/// A parameter, wherever it is sent.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Where it is sent.
    pub location: ParamIn,
    /// `name=value`, or `"name": value` in JSON.
    pub whole: Place,
    /// The decoded name.
    pub name: Place,
    /// The decoded value. Of a JSON string its text, of any other JSON value as it is written.
    pub value: Place,
    /// The type of the value, where it is sent as JSON.
    pub json: Option<JsonKind>,
}

impl Request {
    /// A request of which nothing is written, at an empty place.
    pub fn nowhere(place: Place) -> Self {
        let method = Method { name: place, implied_by: Some(place) };
        let url = Url {
            whole: place,
            scheme: None,
            userinfo: None,
            host: None,
            port: None,
            origin_hole: None,
            path: place,
            segments: Vec::new(),
            query: None,
            fragment: None,
        };
        Request::new(RequestKind::Url, place, method, url)
    }

    /// An empty `GET` of the URL `url` that is written at `place`.
    pub fn new(kind: RequestKind, place: Place, method: Method, url: Url) -> Self {
        Request {
            kind,
            dialect: None,
            place,
            method,
            url,
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Body { kind: BodyKind::None, place: None, json: None },
            file: None,
            parts: Vec::new(),
            target: None,
            as_is: false,
            params: Vec::new(),
            open: Open::default(),
            findings: Vec::new(),
            secrets: Vec::new(),
            exchange: None,
            next: None,
            copy: None,
        }
    }

    /// Whether it is known when it was sent, or what came back: it cannot be mended any more.
    pub fn is_recorded(&self) -> bool {
        self.kind == RequestKind::Entry
            || self.exchange.as_ref().is_some_and(|exchange| exchange.sent.is_some())
    }

    /// The header fields of that name, without ASCII case.
    pub fn headers_named<'r>(
        &'r self,
        layers: &'r Layers<'_>,
        name: &'r str,
    ) -> impl Iterator<Item = &'r Header> {
        self.headers.iter().filter(move |field| layers.text(field.name).eq_ignore_ascii_case(name))
    }
}
