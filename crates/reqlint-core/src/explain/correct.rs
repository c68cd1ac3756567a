//! The request as it should have been: the first cause mended, then everything that is safe to
//! mend, and a key that stands in it replaced by the pack's variable.

use super::{Explainer, whole_of};
use crate::api::SchemeKind;
use crate::apply::{Applied, apply, fix_text};
use crate::check::part::PartKind;
use crate::check::truth::Truth;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety};
use crate::encode::{Chunk, write_word};
use crate::model::{Dialect, Document, Kind, Request, RequestKind};
use crate::parse::parse;
use crate::secret::{mask, places};

/// A request before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// How both texts are read.
    pub kind: Kind,
    /// As it was written, with secrets masked.
    pub original: String,
    /// As it should be, with variables for the key and for other secrets; those that a variable
    /// cannot stand for are masked.
    pub text: String,
    /// What was done, in order.
    pub applied: Vec<AppliedFix>,
    /// The variable that stands where a key stood.
    pub variable: Option<String>,
    /// The variables that stand where other secrets stood.
    pub secrets: Vec<String>,
}

/// A mend that went into a corrected request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedFix {
    /// The rule.
    pub rule: String,
    /// What it did.
    pub title: String,
    /// How far it can be trusted.
    pub safety: Safety,
}

impl Explainer {
    /// Corrects a request of which `first` is the likeliest cause; none where nothing changes but
    /// a key.
    pub(super) fn correct(
        &self,
        document: &Document<'_>,
        request: &Request,
        first: Option<&Diagnostic>,
    ) -> Option<Corrected> {
        let (kind, original) = match as_command(document, request) {
            Some(command) => (Kind::Shell, command),
            None => {
                let whole = document.text(whole_of(request));
                (kind_of(document, request)?, without_prompt(request, whole).to_owned())
            }
        };
        let mut corrected = Corrected {
            kind,
            text: original.clone(),
            original,
            applied: Vec::new(),
            variable: None,
            secrets: Vec::new(),
        };
        // What is surely wrong goes first: it may be all that is behind the likeliest cause.
        self.mend_safely(&mut corrected);
        if let Some(first) = first {
            self.mend_first(&mut corrected, first);
            self.mend_safely(&mut corrected);
        }
        if corrected.applied.is_empty() {
            return None;
        }
        self.hide_keys(&mut corrected);
        corrected.hide_secrets();
        corrected.mask();
        Some(corrected)
    }

    /// Applies the mend of the likeliest cause, found again in the text of the request alone.
    fn mend_first(&self, corrected: &mut Corrected, first: &Diagnostic) {
        let found = self.checker.check(&parse(&corrected.text, corrected.kind));
        let is_first = |one: &&Diagnostic| one.rule == first.rule && one.message == first.message;
        let one = found.iter().find(is_first).or(found.iter().find(|one| one.rule == first.rule));
        if let Some(one) = one
            && let Some(fix) = one.fixes.iter().find(|fix| can_apply(fix))
            && let Ok(text) = apply(&corrected.text, corrected.kind, &[(one, fix)])
        {
            corrected.text = text;
            corrected.applied.push(AppliedFix {
                rule: one.rule.clone(),
                title: fix.title.clone(),
                safety: fix.safety,
            });
        }
    }

    /// Applies everything that is safe.
    fn mend_safely(&self, corrected: &mut Corrected) {
        let check = |document: &Document<'_>| self.checker.check(document);
        let fixed = fix_text(&corrected.text, corrected.kind, Safety::Safe, &check);
        let Ok(fixed) = fixed else { return };
        corrected.text = fixed.text;
        for Applied { rule, title } in fixed.applied {
            let applied = AppliedFix { rule, title, safety: Safety::Safe };
            if !corrected.applied.contains(&applied) {
                corrected.applied.push(applied);
            }
        }
    }

    /// Puts the variable of the pack where a key stands.
    fn hide_keys(&self, corrected: &mut Corrected) {
        let text = corrected.text.clone();
        let document = parse(&text, corrected.kind);
        let secrets = document.secrets();
        let mut edits: Vec<Edit> = Vec::new();
        for request in &document.requests {
            let contexts = self.checker.all_contexts(&document, request);
            for (context, guide) in contexts.iter().zip(&self.guides) {
                let variable = guide.guide.key_variable.as_ref();
                let Some(variable) = variable.filter(|_| guide.applies(context) != Truth::No)
                else {
                    continue;
                };
                for part in context.parts.of(context, PartKind::Credential) {
                    // A session is no key.
                    let scheme = context.security_schemes().nth(part.identity.number);
                    if matches!(scheme, Some(SchemeKind::Cookie(_))) {
                        continue;
                    }
                    let span = document.layers.root_span(part.value);
                    let is_key = secrets.iter().any(|secret| secret.overlaps(span));
                    let new = [Chunk::Variable(variable.clone())];
                    if let (true, Ok(encoded)) = (is_key, document.layers.encode(part.value, &new))
                    {
                        edits.push(Edit { span: encoded.span, text: encoded.text });
                        corrected.variable = Some(variable.clone());
                    }
                }
            }
        }
        edits.sort_by_key(|edit| edit.span);
        edits.dedup();
        let apart = edits.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start());
        if apart {
            let fix = Fix { title: String::new(), safety: Safety::Safe, edits };
            corrected.text = fix.apply(&text);
        } else {
            corrected.variable = None;
        }
    }
}

impl Corrected {
    /// All variables that stand where something secret stood.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.variable.iter().chain(&self.secrets).map(String::as_str)
    }

    /// Puts a variable where a secret stands, named as its header, parameter or cookie is.
    fn hide_secrets(&mut self) {
        let mut known: Vec<Hidden> = Vec::new();
        for _ in 0..MOST_SECRETS {
            let Some((text, hidden)) = hide_one(&self.text, self.kind, &known) else { break };
            self.text = text;
            if !self.secrets.contains(&hidden.variable) {
                self.secrets.push(hidden.variable.clone());
            }
            known.push(hidden);
        }
    }

    fn mask(&mut self) {
        let masked = |text: &str| mask(text, parse(text, self.kind).secrets());
        (self.original, self.text) = (masked(&self.original), masked(&self.text));
    }
}

/// So many secrets of a request get a variable.
const MOST_SECRETS: usize = 20;

/// A secret with the variable that stands for it.
struct Hidden {
    variable: String,
    secret: String,
}

/// A text with a variable for the first secret that can have one: one at a time, since the word
/// that it stands in may be quoted anew.
fn hide_one(text: &str, kind: Kind, known: &[Hidden]) -> Option<(String, Hidden)> {
    let document = parse(text, kind);
    let layers = &document.layers;
    let secrets = places(&document);
    secrets.iter().find_map(|secret| {
        let value = layers.text(secret.place);
        let same = known.iter().find(|hidden| hidden.secret == value);
        let variable = match same {
            Some(hidden) => hidden.variable.clone(),
            None => free_name(secret.variable(layers), known),
        };
        let new = [Chunk::Variable(variable.clone())];
        let encoded = layers.encode(secret.place, &new).ok()?;
        let mut hidden = text.to_owned();
        hidden.replace_range(encoded.span.range(), &encoded.text);
        let after = parse(&hidden, kind);
        let is_hidden =
            after.requests.len() == document.requests.len() && places(&after).len() < secrets.len();
        is_hidden.then(|| (hidden, Hidden { variable, secret: value.to_owned() }))
    })
}

/// The name, or one with a number where it stands for another secret.
fn free_name(name: String, known: &[Hidden]) -> String {
    let is_free = |name: &String| known.iter().all(|hidden| hidden.variable != *name);
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.clone()).chain(numbered).find(is_free).unwrap_or(name)
}

/// A command without the prompt of Windows before it, which is no part of what is pasted.
fn without_prompt<'t>(request: &Request, command: &'t str) -> &'t str {
    let is_windows = matches!(request.dialect, Some(Dialect::Cmd | Dialect::PowerShell));
    let path = command.strip_prefix("PS ").unwrap_or(command);
    let has_drive = path.as_bytes().get(1..3) == Some(b":\\");
    match path.split_once('>').filter(|_| is_windows && has_drive) {
        Some((before, rest)) if !before.contains(['\n', '"', '\'']) => rest.trim_start(),
        _ => command,
    }
}

/// Fields that curl writes by itself, with what it writes; none where it depends.
const OWN_FIELDS: [(&str, Option<&str>); 7] = [
    ("host", None),
    ("content-length", None),
    ("transfer-encoding", None),
    ("connection", None),
    ("user-agent", Some("curl/")),
    ("accept", Some("*/*")),
    ("content-type", Some("application/x-www-form-urlencoded")),
];

/// The command that sends what `curl -v` or `--trace-ascii` says it sent, where nothing else is
/// there of a request. What stood in its body is not known: `body` is a file for it.
fn as_command(document: &Document<'_>, request: &Request) -> Option<String> {
    let source = document.layers.source();
    let start = document.layers.root_span(request.place).start();
    let mark = source[..start].rsplit('\n').next().unwrap_or_default();
    if request.kind != RequestKind::Message || !(mark.ends_with("> ") || is_offset(mark)) {
        return None;
    }
    let field = |name: &'static str| request.headers_named(&document.layers, name).next();
    let target = document.text(request.url.whole);
    let url = match target.starts_with('/') {
        true => {
            let host = document.text(field("host")?.value);
            format!("{}://{host}{target}", scheme_of(source, host))
        }
        false => target.to_owned(),
    };
    let mut words = vec!["curl".to_owned()];
    let method = document.text(request.method.name);
    let has_body = ["content-length", "transfer-encoding"].iter().any(|name| field(name).is_some());
    if method != if has_body { "POST" } else { "GET" } {
        words.extend(["-X".to_owned(), method.to_owned()]);
    }
    for header in &request.headers {
        let name = document.text(header.name).to_ascii_lowercase();
        let value = document.text(header.value);
        let is_own = OWN_FIELDS.iter().any(|(known, begins)| {
            *known == name && begins.is_none_or(|begins| value.starts_with(begins))
        });
        if header.implied_by.is_none() && !is_own {
            words.extend(["-H".to_owned(), document.text(header.whole).to_owned()]);
        }
    }
    if has_body {
        words.extend(["-d".to_owned(), "@body".to_owned()]);
    }
    words.push(url);
    let quoted = words.iter().map(|word| write_word(Dialect::Bash, &Chunk::text(word.as_str())));
    Some(quoted.collect::<Option<Vec<String>>>()?.join(" "))
}

/// Whether it is what `--trace-ascii` puts before the bytes of a line: `0034: `.
fn is_offset(mark: &str) -> bool {
    let digits = mark.strip_suffix(": ").unwrap_or_default();
    digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether TLS was spoken: what curl notes says so, else it is most likely.
fn scheme_of(source: &str, host: &str) -> &'static str {
    let is_note = |line: &&str| line.starts_with("* ") || line.starts_with("== Info: ");
    let mut notes = source.lines().filter(is_note).peekable();
    let is_noted = notes.peek().is_some();
    let has_tls = notes.any(|note| ["TLS", "SSL", "ALPN"].iter().any(|word| note.contains(word)));
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port != "443");
    if has_tls || !is_noted && !has_port { "https" } else { "http" }
}

fn can_apply(fix: &Fix) -> bool {
    fix.safety != Safety::Manual && !fix.edits.is_empty()
}

/// How the text of a request alone is read.
fn kind_of(document: &Document<'_>, request: &Request) -> Option<Kind> {
    match request.kind {
        RequestKind::Curl | RequestKind::Cmdlet | RequestKind::Wget | RequestKind::Httpie => {
            match document.kind {
                Kind::Json | Kind::Ndjson => Some(Kind::Json),
                // Without the prompt before it, nothing in a command may say which shell it is for.
                _ if request.dialect == Some(Dialect::Cmd) => Some(Kind::Cmd),
                _ => Some(Kind::Shell),
            }
        }
        RequestKind::Url => Some(Kind::Urls),
        RequestKind::Object => Some(Kind::Json),
        RequestKind::Message => Some(Kind::Http),
        // A part of a collection means nothing without the rest of it.
        RequestKind::Item => None,
        RequestKind::Call if matches!(document.kind, Kind::JavaScript | Kind::Python) => {
            Some(document.kind)
        }
        RequestKind::Call => None,
        // A recording says what was sent, and is not sent again.
        RequestKind::Entry => None,
    }
}
