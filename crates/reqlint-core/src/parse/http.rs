//! Request messages as `.http` and `.rest` files have them: a request line, perhaps fields, perhaps
//! a body; `###` between requests.
//!
//! What editors add is passed over: scripts before a request (`< {% … %}`), handlers and assertions
//! after it (`> ./handler.js`, `>> file`, `<> file`, `?? status == 200`), and a response that was
//! pasted behind it. So are requests of other protocols.

use super::body::{complete, read_body, trim};
use super::dialect;
use super::invisible::notice_invisible;
use super::json::parse_json;
use super::lines::{has_scheme, is_target, lines};
use super::placeholder::{HIDDEN, Notation, hide_holes};
use super::repair::source_edits;
use super::url::parse_url;
use super::variables::Variables;
use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{Body, BodyKind, Document, Finding, FindingKind, Header, JsonKind, JsonMember};
use crate::model::{Method, Request, RequestKind};
use crate::span::Span;
use memchr::memchr;

/// Methods that start a request where a body could go on.
const METHODS: [&str; 11] = [
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "QUERY",
    GRAPHQL,
    "GRPC",
    "WEBSOCKET",
];

/// What editors call a `POST` whose body they make of the query that is written.
const GRAPHQL: &str = "GRAPHQL";

/// Words in place of a method for what is no HTTP message: other protocols, other files.
const OTHER: [&str; 11] = [
    "AMQP",
    "EVENTSOURCE",
    "GRPC",
    "MQTT",
    "RSOCKET",
    "SSE",
    "WEBSOCKET",
    "WS",
    "WSS",
    "import",
    "run",
];

/// Reads the messages in `region`. A request line without fields leaves open what it may have.
pub fn parse_http(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    let lines: Vec<Span> = lines(&text, Span::new(0, text.len())).collect();
    let mut variables = definitions(&text, &lines);
    define_environments(&document.layers, &mut variables);
    let mut reader = Reader { source: &text, region, lines, at: 0, variables };
    while let Some(line) = reader.next_start() {
        match RequestLine::split(&text, line) {
            _ if text[line.range()].starts_with("curl ") => reader.command(document, line),
            _ if reader.is_other(line) => reader.skip_message(),
            Some(first) => {
                let request = reader.message(&mut document.layers, line, first);
                document.requests.push(request);
            }
            None => {
                let place = region.sub(line);
                document.findings.push(Finding::new(FindingKind::NotARequest, place));
            }
        }
    }
}

/// What `@name = value` says in any line: such variables hold for all of the file.
fn definitions(text: &str, lines: &[Span]) -> Variables {
    let mut variables = Variables::default();
    for line in lines {
        let line = text[line.range()].trim();
        if let Some((name, value)) = line.strip_prefix('@').and_then(|line| line.split_once('=')) {
            variables.define(name.trim(), value.trim());
        }
        // `# @prompt name` asks for the value.
        let comment = line.trim_start_matches(['#', '/', ' ']);
        if let Some(prompt) = comment.strip_prefix("@prompt ") {
            variables.forget(prompt.split_whitespace().next().unwrap_or_default());
        }
    }
    variables
}

/// Files of environments beside a file of requests, in the order in which they are looked for: those
/// of JetBrains' client, which httpYac reads, too.
const ENVIRONMENTS: [&str; 4] = [
    "http-client.env.json",
    "http-client.private.env.json",
    "rest-client.env.json",
    "rest-client.private.env.json",
];

/// Files of environments may stand so many folders above.
const MOST_ABOVE: usize = 8;

/// Defines what files of environments say, where files are read. Which environment is chosen is not
/// known, so a variable is certain where all of them agree.
fn define_environments(layers: &Layers<'_>, variables: &mut Variables) {
    let mut found = Variables::default();
    for name in ENVIRONMENTS {
        let mut path = name.to_owned();
        for _ in 0..MOST_ABOVE {
            if let Some(text) = layers.file_beside(&path) {
                environments(&text, &mut found);
                break;
            }
            path.insert_str(0, "../");
        }
    }
    variables.fall_back(&found);
}

/// The variables of each environment in a JSON text; one that not all of them have is not certain.
fn environments(text: &str, variables: &mut Variables) {
    let mut layers = Layers::new(text);
    let all = Place::root(Span::new(0, text.len()));
    let (value, _) = parse_json(&mut layers, all, &mut Vec::new());
    let all = value.map(|value| value.members).unwrap_or_default();
    let is_shared = |member: &&JsonMember| layers.text(member.name) == "$shared";
    let shared = all.iter().find(is_shared).map_or(&[][..], |shared| &shared.value.members);
    for environment in all.iter().filter(|member| !is_shared(member)) {
        // What an environment does not set, it takes from the shared one.
        let own = environment.value.members.iter();
        let is_own = |one: &&JsonMember| {
            own.clone().any(|other| layers.text(other.name) == layers.text(one.name))
        };
        for variable in own.clone().chain(shared.iter().filter(|one| !is_own(one))) {
            define_variable(&layers, variables, variable);
        }
    }
    let names = |members: &[JsonMember]| {
        members.iter().map(|one| layers.text(one.name).to_owned()).collect::<Vec<_>>()
    };
    let shared = names(shared);
    let named: Vec<Vec<String>> = all
        .iter()
        .filter(|member| !is_shared(member))
        .map(|environment| names(&environment.value.members))
        .collect();
    for name in named.iter().flatten().filter(|name| !shared.contains(name)) {
        if !named.iter().all(|others| others.contains(name)) {
            variables.forget(name);
        }
    }
}

fn define_variable(layers: &Layers<'_>, variables: &mut Variables, variable: &JsonMember) {
    let name = layers.text(variable.name);
    match variable.value.kind {
        JsonKind::String | JsonKind::Number | JsonKind::Boolean => {
            variables.define(name, layers.text(variable.value.text));
        }
        _ => variables.forget(name),
    }
}

/// Whether a word is a method of HTTP that requests are written with.
pub(crate) fn is_method(word: &str) -> bool {
    METHODS[..8].contains(&word)
}

/// Whether a line is surely the first of a message, in a text that nobody calls one.
pub(crate) fn is_sure_request_line(line: &str) -> bool {
    let span = trim(line.as_bytes(), Span::new(0, line.len()));
    let has_version = without_version(line, span) != span;
    RequestLine::starts_message(line, span) || has_version && is_request_line(line)
}

/// Whether a line can be the first of a message.
pub(crate) fn is_request_line(line: &str) -> bool {
    let span = trim(line.as_bytes(), Span::new(0, line.len()));
    RequestLine::split(line, span).is_some_and(|first| first.method.is_some())
}

struct RequestLine {
    method: Option<Span>,
    target: Span,
}

impl RequestLine {
    /// Splits `METHOD target HTTP/1.1`, of which only the target must be there.
    fn split(source: &str, line: Span) -> Option<Self> {
        let line = without_version(source, line);
        let text = &source[line.range()];
        if let Some(gap) = text.find([' ', '\t']) {
            let target = trim(source.as_bytes(), Span::new(line.start() + gap, line.end()));
            let is_method =
                |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '$' | '{' | '}');
            if is_target(&source[target.range()]) && text[..gap].chars().all(is_method) {
                let method = Some(Span::new(line.start(), line.start() + gap));
                return Some(RequestLine { method, target });
            }
        }
        is_target(text).then_some(RequestLine { method: None, target: line })
    }

    /// Whether a line can only be the first of a message, even where a body may go on.
    fn starts_message(source: &str, line: Span) -> bool {
        let Some(first) = RequestLine::split(source, line) else { return false };
        first.method.is_some_and(|method| METHODS.contains(&&source[method.range()]))
    }
}

/// The line without `HTTP/1.1` at its end.
fn without_version(source: &str, line: Span) -> Span {
    let text = &source[line.range()];
    match text.rfind([' ', '\t']) {
        Some(gap) if text[gap + 1..].starts_with("HTTP/") => {
            trim(source.as_bytes(), Span::new(line.start(), line.start() + gap))
        }
        _ => line,
    }
}

/// Whether a line starts a script: `< {%`, `> {%`.
fn starts_script(line: &str) -> bool {
    line.strip_prefix(['<', '>']).is_some_and(|rest| rest.trim_start().starts_with("{%"))
}

/// Whether a line is the first of a response.
fn is_status_line(line: &str) -> bool {
    let Some((version, rest)) = line.split_once(' ') else { return false };
    let status = rest.trim_start().as_bytes();
    version.starts_with("HTTP/")
        && status.len() >= 3
        && status[..3].iter().all(u8::is_ascii_digit)
        && status.get(3).is_none_or(|byte| *byte == b' ')
}

/// Whether a line says what is done with the response: `> ./handler.js`, `>> file`, `<> file`,
/// `?? status == 200`.
fn is_handler(line: &str) -> bool {
    let is_file = |rest: &str| {
        let file = rest.trim_start();
        file.len() < rest.len() && !file.is_empty() && !file.contains([' ', '\t'])
    };
    let file = line.strip_prefix(">>!").or_else(|| line.strip_prefix(">>"));
    let file = file.or_else(|| line.strip_prefix("<>"));
    let script = line.strip_prefix('>').filter(|file| file.contains(['.', '/']));
    line.starts_with("?? ") || file.or(script).is_some_and(is_file)
}

/// Spans count from the start of the region, until [`Reader::place`] makes places of them.
struct Reader<'s> {
    source: &'s str,
    region: Place,
    lines: Vec<Span>,
    at: usize,
    variables: Variables,
}

impl Reader<'_> {
    /// The current line, without white space around it.
    fn line(&self) -> Option<Span> {
        let line = *self.lines.get(self.at)?;
        Some(trim(self.source.as_bytes(), line))
    }

    fn text(&self, span: Span) -> &str {
        &self.source[span.range()]
    }

    fn place(&self, span: Span) -> Place {
        self.region.sub(span)
    }

    fn is_comment(&self, line: Span) -> bool {
        let text = self.text(line);
        text.starts_with('#') || text.starts_with("//")
    }

    /// Steps over what is between messages: blank lines, comments, separators, `@name = value`.
    fn next_start(&mut self) -> Option<Span> {
        loop {
            let line = self.line()?;
            if self.skip_extra(line) {
                continue;
            }
            self.at += 1;
            let is_between = line.is_empty() || self.is_comment(line);
            if !is_between && !self.text(line).starts_with('@') {
                return Some(line);
            }
        }
    }

    /// Whether a line starts what is no HTTP message.
    fn is_other(&self, line: Span) -> bool {
        let word = self.text(line).split([' ', '\t']).next().unwrap_or_default();
        OTHER.contains(&word) && word.len() < line.len()
    }

    /// Steps to the next separator or message.
    fn skip_message(&mut self) {
        while let Some(line) = self.line() {
            let text = self.text(line);
            if text.starts_with("###") || RequestLine::starts_message(self.source, line) {
                return;
            }
            self.at += 1;
        }
    }

    /// Steps over a script, a handler, an assertion or a response that starts at this line, the
    /// current one; false, without a step, where none does.
    fn skip_extra(&mut self, line: Span) -> bool {
        let text = self.text(line);
        let end = match text {
            "{{" => "}}",
            _ if starts_script(text) => "%}",
            _ if is_status_line(text) => {
                self.skip_until(|line| line.starts_with("###"));
                return true;
            }
            _ => {
                let is_one = is_handler(text);
                self.at += usize::from(is_one);
                return is_one;
            }
        };
        // The end may stand on the same line.
        self.skip_until(|line| line.ends_with(end) || line.starts_with("###"));
        let is_end = self.line().is_some_and(|line| self.text(line).ends_with(end));
        self.at += usize::from(is_end);
        true
    }

    fn skip_until(&mut self, ends: impl Fn(&str) -> bool) {
        while self.line().is_some_and(|line| !ends(self.text(line))) {
            self.at += 1;
        }
    }

    /// Reads a command that stands in place of a message.
    fn command(&mut self, document: &mut Document<'_>, line: Span) {
        self.skip_until(|line| line.starts_with("###"));
        let end = self.lines.get(self.at).map_or(self.source.len(), |next| next.start());
        dialect::parse_commands(document, self.place(Span::new(line.start(), end)));
    }

    /// The text of a place, with its variables.
    fn fill(&self, layers: &mut Layers<'_>, place: Place) -> Place {
        self.variables.fill(layers, place, Notation::Variables)
    }

    fn message(&mut self, layers: &mut Layers<'_>, line: Span, first: RequestLine) -> Request {
        let mut findings = Vec::new();
        let (target, mut end) = self.target(layers, first.target);
        let target = self.fill(layers, target);
        notice_invisible(layers, target, &mut findings);
        let url = parse_url(layers, target, &mut findings);
        let method = match first.method {
            Some(span) if self.text(span) == GRAPHQL => {
                let word = self.place(span);
                Method { name: layers.implied("POST", word), implied_by: Some(word) }
            }
            Some(span) => {
                let name = self.fill(layers, self.place(span));
                Method { name, implied_by: None }
            }
            None => Method { name: layers.implied("GET", url.whole), implied_by: Some(url.whole) },
        };
        let mut request = Request::new(RequestKind::Message, self.place(line), method, url);
        request.findings = findings;
        end = end.max(self.fields(layers, &mut request));
        end = end.max(self.body(layers, &mut request));
        let is_bare = request.headers.is_empty();
        request.open.headers |= is_bare;
        let has_no_body = matches!(layers.text(request.method.name), "GET" | "HEAD");
        request.open.body |= is_bare && request.body.kind == BodyKind::None && !has_no_body;
        request.place = self.place(Span::new(line.start(), end.max(line.end())));
        request.findings.extend(self.variables.findings());
        complete(layers, &mut request);
        request
    }

    /// The target with the lines that continue it, and where they end.
    fn target(&mut self, layers: &mut Layers<'_>, first: Span) -> (Place, usize) {
        let mut parts = vec![first];
        while let Some(line) = self.line() {
            let is_indented = self.lines[self.at].start() < line.start();
            let before = parts.last().map_or("", |part| self.text(*part));
            let continues = match self.text(line).as_bytes() {
                [b'?', b'?', ..] | [] => false,
                [b'?' | b'&', ..] => true,
                [b'/', after @ ..] => is_indented && !after.starts_with(b"/"),
                _ => is_indented && before.ends_with(['?', '&']),
            };
            if !continues {
                break;
            }
            parts.push(without_version(self.source, line));
            self.at += 1;
        }
        let end = parts.last().map_or(first.end(), |part| part.end());
        if parts.len() == 1 {
            return (self.place(first), end);
        }
        let mut layer = layers.layer(Codec::Joined, self.place(Span::new(first.start(), end)));
        for (index, part) in parts.into_iter().enumerate() {
            let mut start = part.start();
            // Editors encode the blanks of continued queries.
            let is_blank = |at: &usize| index > 0 && self.source.as_bytes()[*at] == b' ';
            for at in part.range().filter(is_blank) {
                layer.exact(self.place(Span::new(start, at)), Quote::None);
                layer.escape("%20", self.place(Span::new(at, at + 1)), Quote::None);
                start = at + 1;
            }
            layer.exact(self.place(Span::new(start, part.end())), Quote::None);
        }
        let id = layer.finish();
        (layers.whole(id), end)
    }

    /// Reads fields up to a blank line or the next message; the answer is where they end.
    fn fields(&mut self, layers: &mut Layers<'_>, request: &mut Request) -> usize {
        let mut end = 0;
        while let Some(line) = self.line() {
            let text = self.text(line);
            if line.is_empty() || text.starts_with("###") || self.starts_message_here(line) {
                break;
            }
            // In consoles of search engines the body follows at once.
            if request.headers.is_empty() && text.starts_with('{') && !text.starts_with("{{") {
                break;
            }
            if self.skip_extra(line) {
                continue;
            }
            self.at += 1;
            if self.is_comment(line) {
                continue;
            }
            end = line.end();
            let whole = self.fill(layers, self.place(line));
            read_field(layers, request, whole);
        }
        end
    }

    /// Whether a line among fields is a request line: no field has white space in its name.
    fn starts_message_here(&self, line: Span) -> bool {
        let text = self.text(line);
        let name = text.split(':').next().unwrap_or_default();
        match RequestLine::split(self.source, line) {
            Some(RequestLine { method: Some(_), .. }) => name.contains([' ', '\t']) || name == text,
            Some(RequestLine { method: None, .. }) => text.starts_with('/') || has_scheme(text),
            None => false,
        }
    }

    /// Reads the body behind a blank line; the answer is where it ends.
    fn body(&mut self, layers: &mut Layers<'_>, request: &mut Request) -> usize {
        let mut body: Option<Span> = None;
        let word = request.method.implied_by.map_or("", |word| layers.text(word));
        let is_graphql = word == GRAPHQL
            || request
                .headers_named(layers, "x-request-type")
                .any(|field| layers.text(field.value).eq_ignore_ascii_case(GRAPHQL));
        let mut is_over = false;
        while let Some(line) = self.line() {
            let before = self.at.checked_sub(1).map(|before| self.text(self.lines[before]));
            let after_blank = before.is_none_or(|before| before.trim().is_empty());
            let is_next = RequestLine::starts_message(self.source, line)
                || (request.headers.is_empty()
                    && body.is_none()
                    && !is_graphql
                    && self.starts_message_here(line));
            if self.text(line).starts_with("###") || (is_next && (after_blank || body.is_none())) {
                break;
            }
            let is_file = body.is_some_and(|body| self.text(body).starts_with("< "));
            if (after_blank || is_over || is_file || body.is_none()) && self.skip_extra(line) {
                is_over = true;
                continue;
            }
            if is_over && !line.is_empty() && !self.is_comment(line) {
                break;
            }
            self.at += 1;
            if is_over || line.is_empty() || (body.is_none() && self.is_comment(line)) {
                continue;
            }
            body = Some(body.map_or(line, |body| body.hull(line)));
        }
        let Some(span) = body else { return 0 };
        let place = self.place(span);
        match self.text(span).strip_prefix('<') {
            Some(file) if file.starts_with([' ', '@']) && !file.contains('\n') => {
                request.body = Body { kind: BodyKind::File, place: Some(place), json: None };
            }
            _ if is_graphql => {
                request.body = Body { kind: BodyKind::Unknown, place: Some(place), json: None };
            }
            _ => {
                let place = self.without_breaks(layers, request, place);
                let place = self.fill(layers, place);
                read_body(layers, request, place);
            }
        }
        span.end()
    }
}

impl Reader<'_> {
    /// A form with a line for each of its pairs, as editors send it: in one line.
    fn without_breaks(&self, layers: &mut Layers<'_>, request: &Request, body: Place) -> Place {
        let is_form = request
            .headers_named(layers, "content-type")
            .any(|field| layers.text(field.value).starts_with("application/x-www-form-urlencoded"));
        let text = layers.share(body);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let is_between_pairs = |two: &[&str]| two[0].ends_with('&') || two[1].starts_with('&');
        if !is_form || lines.len() < 2 || !lines.windows(2).all(is_between_pairs) {
            return body;
        }
        let mut layer = layers.layer(Codec::Joined, body);
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let span = trim(text.as_bytes(), Span::new(at, at + line.len()));
            layer.exact(body.sub(span), Quote::None);
            at += line.len();
        }
        let id = layer.finish();
        layers.whole(id)
    }
}

/// A field without its colon, which can be put between what is surely the name of one and its value.
pub(crate) fn without_colon(layers: &Layers<'_>, whole: Place) -> Finding {
    let mut finding = Finding::new(FindingKind::HeaderWithoutColon, whole);
    let text = layers.text(whole);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let length = text.bytes().take_while(|byte| is_name(byte)).count();
    let (name, rest) = text.split_at(length);
    let value = rest.trim_start_matches([' ', '\t', '=']);
    let mark = &rest[..rest.len() - value.len()];
    let hides = layers.holes(whole).any(|hole| hole.span.start() < length + mark.len());
    if !is_field_name(name) || mark.is_empty() || value.trim().is_empty() || hides {
        return finding;
    }
    let gap = whole.sub(Span::new(length, length + mark.len()));
    finding.repair = source_edits(layers, &[(gap, ": ")]);
    finding
}

/// Whether a word is surely the name of a field: it is a common one, or has a dash in it.
fn is_field_name(name: &str) -> bool {
    const COMMON: [&str; 8] =
        ["accept", "authorization", "cookie", "from", "host", "origin", "range", "referer"];
    let is_common = COMMON.iter().any(|common| name.eq_ignore_ascii_case(common));
    let has_dash = name.trim_matches('-').contains('-');
    (is_common || has_dash) && name.starts_with(|char: char| char.is_ascii_alphabetic())
}

/// Adds a line `Name: value` to the fields of a request.
pub(crate) fn read_field(layers: &Layers<'_>, request: &mut Request, whole: Place) {
    notice_invisible(layers, whole, &mut request.findings);
    let text = layers.text(whole);
    let bytes = hide_holes(layers, whole, text);
    let Some(colon) = memchr(b':', &bytes) else {
        if bytes.iter().all(|byte| *byte == HIDDEN) {
            request.open.headers = true;
        } else {
            request.findings.push(without_colon(layers, whole));
        }
        return;
    };
    request.headers.push(Header {
        whole,
        name: whole.sub(trim(&bytes, Span::new(0, colon))),
        value: whole.sub(trim(&bytes, Span::new(colon + 1, bytes.len()))),
        implied_by: None,
    });
}
