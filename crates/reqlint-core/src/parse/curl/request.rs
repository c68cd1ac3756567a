//! An operation of curl → its requests, one for each URL.

use super::data::{encode, hole, join_data, query_data, read_stdin};
use super::form::read_forms;
use super::glob::{is_range, mark_globs};
use super::headers::{Fields, basic, blank_before_colon, implied_header, is_loosely, read_headers};
use super::operation::{DataKind, Operation, Use};
use super::{Piece, join};
use crate::layer::{Component, HoleKind, Layers, Place};
use crate::model::{
    Body, BodyKind, ContentFile, Dialect, Document, Finding, FindingKind, Header, Method, Open,
    Request, RequestKind, Url,
};
use crate::parse::body::{complete, read_body};
use crate::parse::placeholder::{HIDDEN, hide_holes};
use crate::parse::shell::Command;
use crate::parse::url::{parse_url, percent_decode};
use crate::parse::wire::is_dot_segment;
use crate::span::Span;

/// The requests of an operation hold no more than about this many bytes in all.
const MOST_BYTES: usize = 64 << 20;

/// Adds the requests of an operation; the answer is what was noticed in it as a whole.
pub(super) fn build(
    document: &mut Document<'_>,
    command: &Command<'_>,
    mut operation: Operation,
) -> Vec<Finding> {
    operation.report_conflicts();
    let mut findings = std::mem::take(&mut operation.findings);
    let layers = &mut document.layers;
    take_opaque(&mut operation);
    let verb = take_verb(layers, &mut operation, &mut findings);
    if operation.urls.is_empty() {
        if !operation.config {
            let place = command.place_of(&command.name);
            findings.push(Finding::new(FindingKind::MissingUrl, place));
        }
        return findings;
    }
    notice_head(layers, command, &operation, &mut findings);
    bound_requests(layers, &mut operation, &mut findings);
    // With one of these for no URL, curl ends before what follows `--next`.
    let uploads = operation.uploads.iter().map(|used| used.option).skip(operation.urls.len());
    let outputs = operation.outputs.iter().copied().skip(operation.urls.len());
    let ends_early = outputs.filter(|_| operation.next.is_some());
    for spare in uploads.chain(ends_early) {
        findings.push(Finding::new(FindingKind::UnsupportedOption, spare));
    }
    let fields = read_headers(layers, command, &operation, &mut findings);
    let mut builder = Builder { command, operation: &operation, fields, verb };
    for index in 0..operation.urls.len() {
        let request = builder.request(layers, index);
        document.requests.push(request);
    }
    findings
}

/// Each URL gets all that the options bring; what would be too much in all is left out.
fn bound_requests(layers: &Layers<'_>, operation: &mut Operation, findings: &mut Vec<Finding>) {
    let weight = operation.weight();
    let most = (MOST_BYTES / weight).max(1);
    if let Some(url) = operation.urls.get(most).copied() {
        let place = if layers.text(url).is_empty() { operation.urls[0] } else { url };
        findings.push(Finding::new(FindingKind::TooLarge, place));
        operation.urls.truncate(most);
    }
}

/// A word that may be anything is the URL where there is no other.
fn take_opaque(operation: &mut Operation) {
    if operation.opaque.is_empty() {
        return;
    }
    operation.open_all = true;
    if operation.urls.is_empty() {
        operation.urls.push(operation.opaque[0]);
    }
}

/// `curl GET http://…`: the method was meant.
fn take_verb(
    layers: &Layers<'_>,
    operation: &mut Operation,
    findings: &mut Vec<Finding>,
) -> Option<Place> {
    const VERBS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    if operation.urls.len() < 2 {
        return None;
    }
    let at = operation.urls.iter().position(|url| VERBS.contains(&layers.text(*url)))?;
    let verb = operation.urls.remove(at);
    let mut finding = Finding::new(FindingKind::VerbAsUrl, verb);
    let start = layers.root_span(verb).start();
    if operation.method.is_none() {
        finding.repair = vec![(Span::empty(start), "-X ".to_owned())];
    }
    findings.push(finding);
    Some(verb)
}

/// `-X HEAD` where `-I` was meant.
fn notice_head(
    layers: &Layers<'_>,
    command: &Command<'_>,
    operation: &Operation,
    findings: &mut Vec<Finding>,
) {
    let Some(used) = operation.method.filter(|_| operation.head.is_none()) else { return };
    if layers.text(used.argument) != "HEAD" || layers.has_hole(used.argument) {
        return;
    }
    let mut finding = Finding::new(FindingKind::HeadByName, used.argument);
    let argv = command.dialect == Dialect::Argv;
    let name = layers.word_around(used.argument, argv).map(|(_, word)| layers.root_span(word));
    let option = layers.root_span(used.option);
    if let Some(name) = name
        && matches!(layers.text(used.option), "-X" | "--request")
        && option.end() < name.start()
    {
        let new = if argv { "\"-I\"" } else { "-I" };
        finding.repair = vec![(option.hull(name), new.to_owned())];
    }
    findings.push(finding);
}

struct Builder<'b, 'c> {
    command: &'b Command<'c>,
    operation: &'b Operation,
    fields: Fields,
    verb: Option<Place>,
}

impl Builder<'_, '_> {
    fn request(&mut self, layers: &mut Layers<'_>, index: usize) -> Request {
        let operation = self.operation;
        let upload = operation.uploads.get(index).copied();
        // An empty name uploads nothing.
        let upload = upload.filter(|used| !used.argument.span.is_empty());
        let mut findings = Vec::new();
        let written = operation.urls[index];
        crate::parse::invisible::notice_invisible(layers, written, &mut findings);
        let target = self.target(layers, written, upload, &mut findings);
        let url = parse_url(layers, target, &mut findings);
        self.notice_target(layers, written, &url, upload, &mut findings);
        let method = self.method(layers, written, upload);
        let place = self.command.place;
        let mut request = Request::new(RequestKind::Curl, place, method, url);
        request.dialect = Some(self.command.dialect);
        request.findings = findings;
        request.headers.clone_from(&self.fields.headers);
        request.secrets.clone_from(&operation.secrets);
        request.next = operation.next;
        request.open.headers = operation.open_headers || self.fields.open_headers;
        request.open.cookies = self.fields.open_cookies;
        request.as_is = operation.path_as_is || operation.request_target.is_some();
        request.target = operation.request_target.map(|used| used.argument);
        self.authorize(layers, &mut request);
        self.content(layers, &mut request, upload);
        complete(layers, &mut request);
        if operation.open_all || self.command.broken {
            let all = true;
            request.open = Open { headers: all, query: all, body: all, cookies: all, method: all };
        }
        request
    }

    fn notice_target(
        &self,
        layers: &Layers<'_>,
        written: Place,
        url: &Url,
        upload: Option<Use>,
        findings: &mut Vec<Finding>,
    ) {
        if written.span.is_empty() {
            findings.push(Finding::new(FindingKind::MalformedUrl, written));
        }
        if let Some(used) = upload
            && !self.operation.glob_off
            && layers.text(used.argument).contains(['{', '['])
        {
            findings.push(Finding::new(FindingKind::UnsupportedOption, used.option));
        }
        if let Some(place) = foreign_scheme(layers, url, self.operation.proto_default) {
            findings.push(Finding::new(FindingKind::NotHttp, place));
        }
    }

    /// The URL with what options add to it.
    fn target(
        &self,
        layers: &mut Layers<'_>,
        written: Place,
        upload: Option<Use>,
        findings: &mut Vec<Finding>,
    ) -> Place {
        let operation = self.operation;
        let mut url = add_scheme(layers, written, operation.proto_default);
        if !operation.glob_off {
            let before = findings.len();
            url = mark_globs(layers, url, findings);
            for finding in &mut findings[before..] {
                finding.repair = self.without_globs(layers, written);
            }
        }
        if let Some(used) = upload {
            url = append_file_name(layers, url, used);
        }
        let mut added = Vec::new();
        if operation.get.is_some()
            && let Some(data) = join_data(layers, self.command, &operation.data)
        {
            let option = operation.data.first().map_or(url, |(_, used)| used.option);
            added.push((option, data.place));
        }
        if added.is_empty() {
            for used in &operation.url_query {
                added.push((used.option, query_data(layers, used.argument)));
            }
        }
        if !added.is_empty() {
            url = append_query(layers, url, &added);
        }
        match operation.request_target {
            Some(used) => replace_target(layers, url, used),
            None => url,
        }
    }

    /// `-g` before the URL, with which curl takes braces and brackets as they are; none where it
    /// would take others so, too, that are meant as globs.
    fn without_globs(&self, layers: &Layers<'_>, url: Place) -> Vec<(Span, String)> {
        let is_glob = |text: &str| text.contains(['{', '[']);
        // Other texts are words that were meant to stay in some quotes.
        let text = layers.text(url);
        let host = text.split('/').next().unwrap_or_default();
        let is_url = text.contains("://") || host.contains('.') || host.starts_with("localhost");
        if !is_url || host.contains(['"', '\'', '}', ']']) && !text.contains("://") {
            return Vec::new();
        }
        let others = self.operation.urls.iter().filter(|other| **other != url);
        let ranges = layers.text(url).split('[').skip(1).filter_map(|it| it.split(']').next());
        let counts = |inside: &str| is_range(inside.as_bytes());
        if others.into_iter().any(|other| is_glob(layers.text(*other)))
            || ranges.into_iter().any(counts)
        {
            return Vec::new();
        }
        let argv = self.command.dialect == Dialect::Argv;
        let option = if argv { "\"-g\", " } else { "-g " };
        let word = layers.word_around(url, argv).map(|(_, word)| layers.root_span(word));
        word.map(|word| (Span::empty(word.start()), option.to_owned())).into_iter().collect()
    }

    fn method(&self, layers: &mut Layers<'_>, url: Place, upload: Option<Use>) -> Method {
        let operation = self.operation;
        let written = |name| Method { name, implied_by: None };
        if let Some(used) = operation.method {
            return written(used.argument);
        }
        if let Some(verb) = self.verb {
            return written(verb);
        }
        let data = operation.data.first().map(|(_, used)| used.option);
        let form = operation.forms.first().map(|(_, used)| used.option);
        let (name, origin) = if let Some(used) = operation.head {
            ("HEAD", used.option)
        } else if let Some(used) = upload {
            ("PUT", used.option)
        } else if let Some(option) = form {
            ("POST", option)
        } else if let (Some(option), None) = (data, operation.get) {
            ("POST", option)
        } else if let Some(used) = operation.get {
            ("GET", used.option)
        } else {
            ("GET", url)
        };
        Method { name: layers.implied(name, origin), implied_by: Some(origin) }
    }

    /// A user and password in the URL are sent like those of `-u`.
    fn authorize(&self, layers: &mut Layers<'_>, request: &mut Request) {
        let Some(user) = request.url.userinfo else { return };
        request.secrets.push(user);
        let operation = self.operation;
        let nameless = |used: Use| layers.text(used.argument).starts_with(':');
        if operation.user.is_some_and(nameless) {
            // curl takes the name, and perhaps the password, from the URL.
            let is_own = |field: &Header| {
                field.implied_by.is_some()
                    && layers.text(field.name).eq_ignore_ascii_case("authorization")
            };
            request.headers.retain(|field| !is_own(field));
            request.open.headers = true;
            return;
        }
        let other = operation.user.is_some() || operation.bearer.is_some() || operation.other_auth;
        if !other && !self.fields.decides(layers, "authorization") {
            let decoded = percent_decode(layers, user, Component::Segment);
            let colon = if layers.text(user).contains(':') { "" } else { ":" };
            let pieces = [Piece::Place(decoded), Piece::Text(colon, user)];
            let decoded = join(layers, &pieces).unwrap_or(decoded);
            request.headers.insert(0, basic(layers, user, decoded));
        }
    }

    fn content(&self, layers: &mut Layers<'_>, request: &mut Request, upload: Option<Use>) {
        let operation = self.operation;
        if let Some(used) = upload {
            self.upload(layers, request, used);
        } else if let Some((_, used)) = operation.forms.first() {
            self.move_type(layers, request, used.option);
            self.imply_type(layers, request, used.option, "multipart/form-data");
            read_forms(layers, self.command, request, &operation.forms, operation.form_escape);
        } else if let (Some((_, used)), None) = (operation.data.first(), operation.get) {
            self.imply_type(layers, request, used.option, "application/x-www-form-urlencoded");
            self.data(layers, request);
        }
    }

    /// A written `Content-Type` of a multipart body goes last, with the boundary behind it; one
    /// that is taken away is sent with the boundary alone.
    fn move_type(&self, layers: &mut Layers<'_>, request: &mut Request, option: Place) {
        let loose = |field: &Header| is_loosely(layers, field.name, &["content-type"]);
        for field in request.headers.extract_if(.., |field| loose(field)) {
            request.findings.push(blank_before_colon(layers, field.name));
        }
        if !self.fields.decides(layers, "content-type") {
            return;
        }
        let written = request.headers_named(layers, "content-type").next().copied();
        let is_type = |field: &Header| layers.text(field.name).eq_ignore_ascii_case("content-type");
        request.headers.retain(|field| !is_type(field));
        let field = written.unwrap_or_else(|| implied_header(layers, option, "Content-Type", &[]));
        request.headers.push(field);
    }

    fn imply_type(&self, layers: &mut Layers<'_>, request: &mut Request, option: Place, is: &str) {
        if self.operation.json.is_none() && !self.fields.decides(layers, "content-type") {
            let value = [Piece::Text(is, option)];
            request.headers.push(implied_header(layers, option, "Content-Type", &value));
        }
    }

    fn data(&self, layers: &mut Layers<'_>, request: &mut Request) {
        let Some(data) = join_data(layers, self.command, &self.operation.data) else { return };
        if !data.foreign {
            return read_body(layers, request, data.place);
        }
        let is_pipe = layers.holes(data.place).all(|hole| hole.kind == HoleKind::Command);
        let kind = if is_pipe { BodyKind::Unknown } else { BodyKind::File };
        if let (BodyKind::File, [(kind, used)]) = (kind, &*self.operation.data) {
            let path = used.argument.sub(Span::new(1, used.argument.span.len()));
            let joins_lines = *kind == DataKind::Plain;
            request.file = Some(ContentFile { path, joins_lines });
        }
        request.body = Body { kind, place: Some(data.place), json: None };
        request.open.body = true;
    }

    fn upload(&self, layers: &mut Layers<'_>, request: &mut Request, used: Use) {
        let is_stdin = matches!(layers.text(used.argument), "-" | ".");
        if is_stdin && let Some(place) = read_stdin(layers, self.command, false) {
            return read_body(layers, request, place);
        }
        if !is_stdin && let Some(place) = layers.file(used.argument) {
            return read_body(layers, request, place);
        }
        let kind = if is_stdin { HoleKind::Command } else { HoleKind::File };
        let place = hole(layers, used.argument, kind);
        let kind = if is_stdin { BodyKind::Unknown } else { BodyKind::File };
        let file = ContentFile { path: used.argument, joins_lines: false };
        request.file = (!is_stdin).then_some(file);
        request.body = Body { kind, place: Some(place), json: None };
        request.open.body = true;
    }
}

/// `--proto-default https` completes a URL without a scheme.
fn add_scheme(layers: &mut Layers<'_>, url: Place, default: Option<Use>) -> Place {
    let text = layers.text(url);
    let has_scheme = text.contains("://") || text.starts_with('/') || text.is_empty();
    let Some(used) = default.filter(|_| !has_scheme && !layers.has_hole(url)) else { return url };
    let pieces = [Piece::Place(used.argument), Piece::Text("://", used.option), Piece::Place(url)];
    join(layers, &pieces).unwrap_or(url)
}

/// What says that the URL is not of HTTP: its scheme, or the host name from which curl guesses one.
fn foreign_scheme(layers: &Layers<'_>, url: &Url, default: Option<Use>) -> Option<Place> {
    const GUESSED: [&str; 6] = ["ftp.", "dict.", "ldap.", "imap.", "smtp.", "pop3."];
    let starts = |text: &str, name: &str| {
        text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    if let Some(scheme) = url.scheme {
        let text = layers.text(scheme);
        let known = ["http", "https", "ws", "wss", "ipfs", "ipns"];
        let is_http = known.iter().any(|name| text.eq_ignore_ascii_case(name));
        return (!is_http && !layers.has_hole(scheme)).then_some(scheme);
    }
    if let Some(used) = default {
        let text = layers.text(used.argument);
        return (!starts(text, "http")).then_some(used.argument);
    }
    let host = url.host?;
    let text = layers.text(host);
    GUESSED.iter().any(|name| starts(text, name)).then_some(host)
}

/// `-T file http://host/folder/` sends to `folder/file`.
fn append_file_name(layers: &mut Layers<'_>, url: Place, used: Use) -> Place {
    let text = layers.text(url);
    let bytes = hide_holes(layers, url, text);
    let end = memchr::memchr2(b'?', b'#', &bytes).unwrap_or(bytes.len());
    let authority = memchr::memmem::find(&bytes[..end], b"://").map_or(0, |at| at + 3);
    let slash = memchr::memrchr(b'/', &bytes[authority..end]);
    let known = !bytes[..end].contains(&HIDDEN);
    let last = slash.map_or(&b""[..], |at| &bytes[authority + at + 1..end]);
    // Dot segments are removed before.
    let rootless = known && (slash.is_none() || is_dot_segment(last));
    if !(rootless || slash.is_some() && last.is_empty()) {
        return url;
    }
    // An empty query goes, any other keeps the URL as it is.
    let rest = match bytes[end..] {
        [b'?'] | [b'?', b'#', ..] => end + 1,
        [b'?', ..] => return url,
        _ => end,
    };
    let text = layers.text(used.argument);
    if matches!(text, "-" | ".") {
        return url;
    }
    let from = text.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let name = used.argument.sub(Span::new(from, used.argument.span.len()));
    let name = encode(layers, name, "%20");
    let mut pieces = vec![Piece::Place(url.sub(Span::new(0, end)))];
    if rootless {
        pieces.push(Piece::Text("/", used.option));
    }
    pieces.push(Piece::Place(name));
    pieces.push(Piece::Place(url.sub(Span::new(rest, url.span.len()))));
    join(layers, &pieces).unwrap_or(url)
}

/// The origin of the URL with the path and query of `--request-target`.
///
/// Globs and damage of the URL count all the same, so that a URL with any stays.
fn replace_target(layers: &mut Layers<'_>, url: Place, used: Use) -> Place {
    let is_damage = |byte: u8| byte <= b' ' || byte == 0x7F;
    let is_plain = !layers.has_hole(url) && !layers.text(url).bytes().any(is_damage);
    if !is_plain || !layers.text(used.argument).starts_with('/') {
        return url;
    }
    let bytes = hide_holes(layers, url, layers.text(url));
    let authority = memchr::memmem::find(&bytes, b"://").map_or(0, |at| at + 3);
    let length = bytes[authority..].iter().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let end = length.map_or(bytes.len(), |length| authority + length);
    let pieces = [Piece::Place(url.sub(Span::new(0, end))), Piece::Place(used.argument)];
    join(layers, &pieces).unwrap_or(url)
}

/// The URL with texts added to its query, before its fragment.
fn append_query(layers: &mut Layers<'_>, url: Place, added: &[(Place, Place)]) -> Place {
    let text = layers.text(url);
    let bytes = hide_holes(layers, url, text);
    let hash = memchr::memchr(b'#', &bytes).unwrap_or(bytes.len());
    let mark = memchr::memchr(b'?', &bytes[..hash]);
    let mut separator = match mark {
        None => "?",
        Some(mark) if mark + 1 == hash || bytes[hash - 1] == b'&' => "",
        Some(_) => "&",
    };
    let mut pieces = vec![Piece::Place(url.sub(Span::new(0, hash)))];
    for (option, text) in added {
        if text.span.is_empty() {
            continue;
        }
        pieces.push(Piece::Text(separator, *option));
        pieces.push(Piece::Place(*text));
        separator = "&";
    }
    pieces.push(Piece::Place(url.sub(Span::new(hash, url.span.len()))));
    join(layers, &pieces).unwrap_or(url)
}
