//! wget command lines: options and URLs → requests, by the manual of GNU Wget.

use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::model::RequestKind;
use crate::model::{Body, BodyKind, Document, Finding, FindingKind, Header, Method, Request};
use crate::parse::body::{complete, read_body, trim};
use crate::parse::shell::{Command, Word};
use crate::parse::url::parse_url;
use crate::span::Span;

/// Options with an argument that say nothing about the request.
const HARMLESS: &[&str] = &[
    "accept",
    "accept-regex",
    "append-output",
    "bind-address",
    "ca-certificate",
    "ca-directory",
    "certificate",
    "certificate-type",
    "ciphers",
    "compression",
    "connect-timeout",
    "crl-file",
    "cut-dirs",
    "default-page",
    "directory-prefix",
    "dns-servers",
    "dns-timeout",
    "domains",
    "exclude-directories",
    "exclude-domains",
    "follow-tags",
    "hsts-file",
    "ignore-tags",
    "include-directories",
    "level",
    "limit-rate",
    "local-encoding",
    "max-redirect",
    "output-document",
    "output-file",
    "password",
    "pinnedpubkey",
    "prefer-family",
    "private-key",
    "private-key-type",
    "progress",
    "proxy-password",
    "proxy-user",
    "quota",
    "random-file",
    "read-timeout",
    "regex-type",
    "reject",
    "reject-regex",
    "rejected-log",
    "remote-encoding",
    "report-speed",
    "restrict-file-names",
    "retry-on-http-error",
    "save-cookies",
    "secure-protocol",
    "timeout",
    "tries",
    "user",
    "wait",
    "waitretry",
    "warc-file",
];

/// Options with an argument whose effect on the request is not modelled.
const UNSUPPORTED: &[&str] = &["base", "config", "execute", "start-pos"];

/// Options without an argument, also with `no-` before them.
const FLAGS: &[&str] = &[
    "adjust-extension",
    "ask-password",
    "auth-no-challenge",
    "background",
    "backup-converted",
    "cache",
    "check-certificate",
    "clobber",
    "config",
    "content-disposition",
    "content-on-error",
    "continue",
    "convert-links",
    "cookies",
    "debug",
    "delete-after",
    "directories",
    "dns-cache",
    "force-directories",
    "force-html",
    "glob",
    "help",
    "host-directories",
    "hsts",
    "http-keep-alive",
    "https-only",
    "if-modified-since",
    "ignore-case",
    "ignore-length",
    "inet4-only",
    "inet6-only",
    "iri",
    "keep-session-cookies",
    "mirror",
    "netrc",
    "page-requisites",
    "parent",
    "passive-ftp",
    "protocol-directories",
    "proxy",
    "quiet",
    "random-wait",
    "recursive",
    "relative",
    "remove-listing",
    "retry-connrefused",
    "retry-on-host-error",
    "save-headers",
    "server-response",
    "show-progress",
    "span-hosts",
    "spider",
    "strict-comments",
    "timestamping",
    "trust-server-names",
    "unlink",
    "use-server-timestamps",
    "verbose",
    "version",
    "xattr",
];

/// Short options with an argument, and their long names.
const SHORT: &[(char, &str)] = &[
    ('a', "append-output"),
    ('A', "accept"),
    ('B', "base"),
    ('D', "domains"),
    ('e', "execute"),
    ('i', "input-file"),
    ('I', "include-directories"),
    ('l', "level"),
    ('o', "output-file"),
    ('O', "output-document"),
    ('P', "directory-prefix"),
    ('Q', "quota"),
    ('R', "reject"),
    ('t', "tries"),
    ('T', "timeout"),
    ('U', "user-agent"),
    ('w', "wait"),
    ('X', "exclude-directories"),
];

/// Adds the requests of a command to the document: one for each URL.
pub(super) fn read_command(document: &mut Document<'_>, mut command: Command<'_>) {
    let mut findings = std::mem::take(&mut command.findings);
    let mut reader = Reader {
        layers: &mut document.layers,
        command: &command,
        next: 0,
        asked: Asked::default(),
    };
    while let Some(word) = command.words.get(reader.next) {
        reader.next += 1;
        reader.word(word);
    }
    let asked = reader.asked;
    if asked.information {
        return;
    }
    findings.extend(asked.findings.iter().cloned());
    if asked.urls.is_empty() && !asked.list && !asked.open {
        let name = command.place_of(&command.name);
        findings.push(Finding::new(FindingKind::MissingUrl, name));
    }
    let first = document.requests.len();
    for url in &asked.urls {
        let request = asked.build(&mut document.layers, &command, *url);
        document.requests.push(request);
    }
    match document.requests.get_mut(first) {
        Some(request) => request.findings.splice(0..0, findings).for_each(drop),
        None => document.findings.extend(findings),
    }
}

/// What the words of a command ask for.
#[derive(Default)]
struct Asked {
    urls: Vec<Place>,
    /// `--method`
    method: Option<Place>,
    headers: Vec<Place>,
    /// The name of an implied field, its value, and the option.
    implied: Vec<(&'static str, Place, Place)>,
    /// The content, whether it is the name of a file, and the option.
    content: Option<(Place, bool, Place)>,
    spider: Option<Place>,
    user: Option<Place>,
    secrets: Vec<Place>,
    /// Whether a name and a password are sent before they are asked for.
    no_challenge: bool,
    cookies: bool,
    /// Whether URLs are read from a file.
    list: bool,
    /// Whether there may be more words than are written.
    open: bool,
    information: bool,
    findings: Vec<Finding>,
}

struct Reader<'r, 's, 'c> {
    layers: &'r mut Layers<'s>,
    command: &'r Command<'c>,
    next: usize,
    asked: Asked,
}

impl Reader<'_, '_, '_> {
    fn word(&mut self, word: &Word) {
        let text = self.command.text_of(word).into_owned();
        if self.command.is_open_hole(word) {
            self.asked.open = true;
        } else if let Some(long) = text.strip_prefix("--") {
            self.long(word, long);
        } else if text.len() > 1 && text.starts_with('-') {
            self.short(word, &text);
        } else {
            let url = self.command.layer_of(self.layers, word);
            self.asked.urls.push(url);
        }
    }

    fn long(&mut self, word: &Word, text: &str) {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.len())),
            None => (text, None),
        };
        let positive = name.strip_prefix("no-").unwrap_or(name);
        if FLAGS.contains(&positive) && value.is_none() {
            return self.flag(word, name);
        }
        let value = value.map(|length| {
            let whole = self.command.layer_of(self.layers, word);
            whole.sub(Span::new(whole.span.len() - length, whole.span.len()))
        });
        self.option(word, name, value);
    }

    fn short(&mut self, word: &Word, text: &str) {
        // `-nv`, `-nc` and their like are options of two letters.
        let mut letters = text.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            if letter == 'n' {
                letters.next();
                continue;
            }
            let Some((_, name)) = SHORT.iter().find(|(short, _)| *short == letter) else {
                if matches!(letter, 'h' | 'V') {
                    self.asked.information = true;
                }
                continue;
            };
            let rest = at + letter.len_utf8();
            let value = (rest < text.len()).then(|| {
                let whole = self.command.layer_of(self.layers, word);
                whole.sub(Span::new(rest, whole.span.len()))
            });
            return self.option(word, name, value);
        }
    }

    fn flag(&mut self, word: &Word, name: &str) {
        match name {
            "help" | "version" => self.asked.information = true,
            "spider" => self.asked.spider = Some(self.command.place_of(word)),
            "auth-no-challenge" => self.asked.no_challenge = true,
            _ => {}
        }
    }

    fn option(&mut self, word: &Word, name: &str, value: Option<Place>) {
        let option = self.command.place_of(word);
        let is_known = HARMLESS.contains(&name)
            || UNSUPPORTED.contains(&name)
            || matches!(
                name,
                "header"
                    | "method"
                    | "body-data"
                    | "body-file"
                    | "post-data"
                    | "post-file"
                    | "user-agent"
                    | "referer"
                    | "http-user"
                    | "http-password"
                    | "load-cookies"
                    | "input-file"
            );
        if !is_known {
            let finding = Finding::new(FindingKind::UnsupportedOption, option);
            return self.asked.findings.push(finding);
        }
        let Some(value) = value.or_else(|| self.next_value()) else {
            let finding = Finding::new(FindingKind::MissingOptionArgument, option);
            return self.asked.findings.push(finding);
        };
        let asked = &mut self.asked;
        match name {
            "header" => asked.headers.push(value),
            "method" => asked.method = Some(value),
            "body-data" | "post-data" => asked.content = Some((value, false, option)),
            "body-file" | "post-file" => asked.content = Some((value, true, option)),
            "user-agent" => asked.implied.push(("User-Agent", value, option)),
            "referer" => asked.implied.push(("Referer", value, option)),
            "user" | "http-user" => asked.user = Some(option),
            "password" | "http-password" => asked.secrets.push(value),
            "load-cookies" => asked.cookies = true,
            "input-file" => asked.list = true,
            _ if UNSUPPORTED.contains(&name) => {
                asked.findings.push(Finding::new(FindingKind::UnsupportedOption, option));
            }
            _ => {}
        }
    }

    fn next_value(&mut self) -> Option<Place> {
        let word = self.command.words.get(self.next)?;
        self.next += 1;
        Some(self.command.layer_of(self.layers, word))
    }
}

impl Asked {
    fn build(&self, layers: &mut Layers<'_>, command: &Command<'_>, url: Place) -> Request {
        let mut findings = Vec::new();
        let url = parse_url(layers, url, &mut findings);
        let implied = match (self.content, self.spider) {
            (Some((_, _, option)), _) => ("POST", option),
            (None, Some(option)) => ("HEAD", option),
            (None, None) => ("GET", url.whole),
        };
        let method = match self.method {
            Some(name) => Method { name, implied_by: None },
            None => {
                Method { name: layers.implied(implied.0, implied.1), implied_by: Some(implied.1) }
            }
        };
        let mut request = Request::new(RequestKind::Wget, command.place, method, url);
        request.dialect = Some(command.dialect);
        request.findings = findings;
        self.headers(layers, &mut request);
        if let Some((content, is_file, option)) = self.content {
            imply_form(layers, &mut request, option);
            if is_file {
                request.body = Body { kind: BodyKind::File, place: Some(content), json: None };
            } else {
                read_body(layers, &mut request, content);
            }
        }
        request.secrets.extend(&self.secrets);
        request.open.cookies |= self.cookies;
        complete(layers, &mut request);
        if self.open || command.broken {
            let open = &mut request.open;
            (open.headers, open.query, open.body, open.cookies) = (true, true, true, true);
            open.method = true;
        }
        request
    }

    fn headers(&self, layers: &mut Layers<'_>, request: &mut Request) {
        for &(name, value, option) in &self.implied {
            let name = layers.implied(name, option);
            request.headers.push(Header { whole: value, name, value, implied_by: Some(option) });
        }
        for &whole in &self.headers {
            let text = layers.share(whole);
            let bytes = text.as_bytes();
            let Some(colon) = memchr::memchr(b':', bytes) else {
                request.findings.push(Finding::new(FindingKind::HeaderWithoutColon, whole));
                continue;
            };
            let name = whole.sub(trim(bytes, Span::new(0, colon)));
            let value = whole.sub(trim(bytes, Span::new(colon + 1, bytes.len())));
            // A later field replaces an earlier one of its name.
            let name_text = layers.text(name).to_owned();
            request
                .headers
                .retain(|field| !layers.text(field.name).eq_ignore_ascii_case(&name_text));
            request.headers.push(Header { whole, name, value, implied_by: None });
        }
        match self.user {
            Some(option) if self.no_challenge => {
                let name = layers.implied("Authorization", option);
                let mut layer = layers.layer(Codec::Implied, option);
                layer.escape("Basic ", option, Quote::None);
                layer.hole(option, HoleKind::Computed, Quote::None);
                let id = layer.finish();
                let value = layers.whole(id);
                request.secrets.push(value);
                request.headers.push(Header {
                    whole: option,
                    name,
                    value,
                    implied_by: Some(option),
                });
            }
            // The server is asked first what it wants.
            Some(_) => request.open.headers = true,
            None => {}
        }
    }
}

fn imply_form(layers: &mut Layers<'_>, request: &mut Request, option: Place) {
    if request.headers_named(layers, "content-type").next().is_none() {
        let name = layers.implied("Content-Type", option);
        let value = layers.implied("application/x-www-form-urlencoded", option);
        request.headers.push(Header { whole: option, name, value, implied_by: Some(option) });
    }
}
