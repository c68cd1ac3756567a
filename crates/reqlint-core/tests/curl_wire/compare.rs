//! Compares what the model says is sent with what was recorded.

use crate::corpus::VARIABLES;
use crate::recorder::Recorded;
use reqlint_core::layer::HoleKind;
use reqlint_core::model::{BodyKind, Document, Finding, FindingKind, Request};
use reqlint_core::parse::wire::{WirePart, WireRequest, wires};

/// How a command came out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The same on the wire.
    Equal,
    /// The same, where something stands for each hole; with the parts that hold one.
    Holes(String),
    /// Nothing is sent, as the model says.
    Refused,
    /// Not the same, and a finding or hole concerns the part that differs.
    Flagged(String),
    /// Not the same, and the model does not know.
    Silent(String),
}

/// The parts of a request that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Count,
    Method,
    Target,
    Headers,
    Body,
}

/// Stands for any text.
const ANY: &str = "\u{F8FF}";
/// The same in a path.
const ANY_ENCODED: &str = "%EF%A3%BF";

/// How a text compares with a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    No,
    Exact,
    WithHoles,
}

/// The value of a variable of the environment, where a hole is nothing else.
fn value(hole: &str) -> Option<&'static str> {
    let name = hole.strip_prefix('$')?;
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    VARIABLES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// Compares what the model says with what was recorded. Variables have their values, so that each
/// must stand where it belongs; what else is unknown stands for any text.
pub(crate) fn judge(document: &Document<'_>, recorded: &[Recorded]) -> Verdict {
    let fill = |text: &str, kind: HoleKind| {
        let known = value(text).filter(|_| kind == HoleKind::Variable);
        Some(known.unwrap_or(ANY).to_owned())
    };
    let mut sent: Vec<(&Request, WireRequest)> = document
        .requests
        .iter()
        .flat_map(|request| {
            wires(document, request, &fill).into_iter().map(move |it| (request, it))
        })
        .collect();
    let mut requests = document.requests.iter();
    if recorded.is_empty() && !sent.is_empty() && requests.all(|it| is_refused(document, it)) {
        return Verdict::Refused;
    }
    if sent.len() != recorded.len() {
        // curl passes over a URL that is none, and goes on to the next one.
        sent.retain(|(request, _)| !is_no_url(request));
    }
    if sent.len() != recorded.len() {
        let text = format!("{} requests, {} recorded", sent.len(), recorded.len());
        let verdict = differs(document, None, Part::Count, &text);
        // Nothing is sent where a file is missing.
        let reads = |request: &Request| request.file.is_some() || request.open.headers;
        let missing = recorded.is_empty() && document.requests.iter().any(reads);
        return match verdict {
            Verdict::Silent(_) if missing => Verdict::Holes("count".to_owned()),
            verdict => verdict,
        };
    }
    let mut holes: Vec<String> = Vec::new();
    for ((request, wire), seen) in sent.iter().zip(recorded) {
        for part in [Part::Method, Part::Target, Part::Headers, Part::Body] {
            let (outcome, text) = compare(request, wire, seen, part);
            match outcome {
                Match::Exact => {}
                Match::No => return differs(document, Some(request), part, &text),
                Match::WithHoles => holes.push(format!("{part:?}").to_lowercase()),
            }
        }
    }
    holes.dedup();
    if holes.is_empty() { Verdict::Equal } else { Verdict::Holes(holes.join(", ")) }
}

/// Whether the model says that curl sends nothing: the URL is none, or not of HTTP, or curl's own
/// option parser stops at something in the command.
fn is_refused(document: &Document<'_>, request: &Request) -> bool {
    let stops = [
        FindingKind::UnknownOption,
        FindingKind::AbbreviatedOption,
        FindingKind::OptionWithEquals,
        FindingKind::MissingOptionArgument,
        FindingKind::BlankOptionArgument,
        FindingKind::ConflictingOption,
        FindingKind::MalformedForm,
    ];
    let of_command = document.requests.iter().filter(|other| other.place == request.place);
    is_no_url(request)
        || has(request, FindingKind::NotHttp)
        || of_command.into_iter().any(|other| stops.iter().any(|kind| has(other, *kind)))
}

fn is_no_url(request: &Request) -> bool {
    has(request, FindingKind::MalformedUrl) || has(request, FindingKind::DamagedGlob)
}

fn has(request: &Request, kind: FindingKind) -> bool {
    request.findings.iter().any(|finding| finding.kind == kind)
}

fn differs(document: &Document<'_>, request: Option<&Request>, part: Part, text: &str) -> Verdict {
    let requests: Vec<&Request> = match request {
        Some(request) => vec![request],
        None => document.requests.iter().collect(),
    };
    // What a command shares is told in its first request.
    let inner = document.requests.iter().flat_map(|request| &request.findings);
    let mut reasons: Vec<&str> = document
        .findings
        .iter()
        .chain(inner)
        .filter(|finding| concerns(document, finding, part))
        .map(|finding| finding.kind.name())
        .collect();
    if requests.iter().any(|request| request.open.method) {
        reasons.push("word that may be anything");
    }
    let is_open = |request: &&Request| document.layers.has_hole(request.url.whole);
    if part == Part::Count && requests.iter().any(is_open) {
        reasons.push("hole in a URL");
    }
    reasons.dedup();
    let name = format!("{part:?}").to_lowercase();
    match reasons.is_empty() {
        true => Verdict::Silent(format!("{name}: {text}")),
        false => Verdict::Flagged(format!("{name}: {}", reasons.join(", "))),
    }
}

/// Whether a finding says that this part may be another one.
fn concerns(document: &Document<'_>, finding: &Finding, part: Part) -> bool {
    use FindingKind as Kind;
    match finding.kind {
        // The shell or curl reads another command than the one that is meant.
        Kind::UnquotedAmpersand
        | Kind::SmartQuote
        | Kind::InvisibleCharacter
        | Kind::SpaceAfterBackslash
        | Kind::UnclosedQuote
        | Kind::UnknownOption
        | Kind::AbbreviatedOption
        | Kind::OptionWithEquals
        | Kind::BlankLineAfterJoin
        | Kind::MissingOptionArgument
        | Kind::ConflictingOption
        | Kind::BlankOptionArgument
        | Kind::MalformedForm
        | Kind::VerbAsUrl
        | Kind::PastedPrompt
        | Kind::TypographicDash
        | Kind::HistoryExpansion
        | Kind::ExpandingDollar
        | Kind::UnexpandedVariable
        | Kind::UnquotedJson
        | Kind::UnquotedHeader
        | Kind::CommentInCommand
        | Kind::UnquotedHash
        | Kind::CarriageReturn
        | Kind::HtmlEscapedQuote
        | Kind::MisspeltScheme
        | Kind::NestingTooDeep => true,
        Kind::UnclosedHeredoc => part == Part::Body,
        Kind::HeaderWithoutColon => part == Part::Headers,
        Kind::MalformedUrl | Kind::DamagedGlob | Kind::GlobbedJson => {
            matches!(part, Part::Count | Part::Target)
        }
        Kind::GlobbedPlaceholder | Kind::TruncatedUrl => part == Part::Target,
        Kind::NotHttp | Kind::MissingUrl => part == Part::Count,
        Kind::UnsupportedOption => {
            let span = document.layers.root_span(finding.place);
            concerned_by(&document.layers.source()[span.range()], part)
        }
        _ => false,
    }
}

/// Whether an option that is not modelled, or that curl refuses here, may change this part.
fn concerned_by(option: &str, part: Part) -> bool {
    match option.trim_matches(['\'', '"', '$']) {
        "-K" | "--config" => true,
        "--digest" | "--anyauth" | "--ntlm" | "--negotiate" => part != Part::Target,
        "--aws-sigv4" => part == Part::Headers,
        "-B" | "--use-ascii" | "--crlf" => part == Part::Body,
        "-C" | "--continue-at" => part != Part::Target,
        // Two kinds of content: curl sends nothing.
        _ => matches!(part, Part::Count | Part::Body),
    }
}

fn compare(request: &Request, sent: &WireRequest, seen: &Recorded, part: Part) -> (Match, String) {
    match part {
        Part::Count => (Match::Exact, String::new()),
        Part::Method => {
            (matches(&sent.method, &seen.method), format!("{} but {}", sent.method, seen.method))
        }
        Part::Target => {
            let (model, wire) = (upper_escapes(&sent.target), upper_escapes(&seen.target));
            (matches(&model, &wire), format!("{model} but {wire}"))
        }
        Part::Headers => compare_headers(request, sent, seen),
        Part::Body if request.body.kind == BodyKind::Multipart => compare_parts(sent, seen),
        Part::Body => {
            let model = sent.body.clone().unwrap_or_default();
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (model, wire) = (text(&model), text(&seen.body));
            (matches(&model, &wire), format!("{model:?} but {wire:?}"))
        }
    }
}

/// Versions of curl write `%2F` or `%2f`.
fn upper_escapes(text: &str) -> String {
    let mut upper = 0;
    let mut written = String::with_capacity(text.len());
    for char in text.chars() {
        written.push(if upper > 0 { char.to_ascii_uppercase() } else { char });
        upper = if char == '%' { 2_u8 } else { upper.saturating_sub(1) };
    }
    written
}

/// Compares `text` with a pattern in which [`ANY`] stands for any text.
fn matches(pattern: &str, text: &str) -> Match {
    let pattern = pattern.replace(ANY_ENCODED, ANY);
    if pattern == text {
        return Match::Exact;
    }
    let pieces: Vec<&str> = pattern.split(ANY).collect();
    let [first, middle @ .., last] = &*pieces else { return Match::No };
    let Some(mut rest) = text.strip_prefix(first) else { return Match::No };
    for piece in middle {
        let Some(at) = rest.find(piece) else { return Match::No };
        rest = &rest[at + piece.len()..];
    }
    if rest.ends_with(*last) { Match::WithHoles } else { Match::No }
}

/// What curl adds by itself is no part of the model, unless it is written out.
const OWN: [&str; 6] =
    ["content-length", "expect", "accept-encoding", "transfer-encoding", "connection", "host"];

fn compare_headers(request: &Request, sent: &WireRequest, seen: &Recorded) -> (Match, String) {
    let mut model: Vec<(String, String)> = sent
        .headers
        .iter()
        .map(|(name, value, _)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    // curl puts a written `Host` first.
    model.sort_by_key(|(name, _)| name != "host");
    let asked = |wanted: &str| model.iter().any(|(name, _)| name == wanted);
    let mut wire: Vec<(String, String)> = Vec::new();
    for (name, value) in &seen.headers {
        let name = name.to_ascii_lowercase();
        let own = match name.as_str() {
            "user-agent" => value.starts_with("curl/") && !asked("user-agent"),
            "accept" => value == "*/*" && !asked("accept"),
            name => OWN.contains(&name) && !asked(name),
        };
        if !own {
            let value = value.split("; boundary=").next().unwrap_or(value).to_owned();
            wire.push((name, value));
        }
    }
    let text = format!("{model:?} but {wire:?}");
    let host = compare_host(&model, sent, seen);
    if host == Match::No {
        return (host, format!("host of {} but {:?}", sent.url, seen.header("host")));
    }
    let outcome = compare_lists(&model, &wire, request.open.headers || request.open.cookies);
    (if outcome == Match::Exact { host } else { outcome }, text)
}

fn compare_host(model: &[(String, String)], sent: &WireRequest, seen: &Recorded) -> Match {
    let Some(host) = seen.header("host") else { return Match::Exact };
    let Some((_, authority)) = sent.url.split_once("://") else { return Match::Exact };
    if model.iter().any(|(name, _)| name == "host") {
        return Match::Exact;
    }
    let authority = authority.split('/').next().unwrap_or_default();
    let default = if sent.url.starts_with("https:") { ":443" } else { ":80" };
    let authority = authority.strip_suffix(default).unwrap_or(authority);
    matches(authority, host)
}

/// Compares fields in order; where the list is open, further ones may stand between.
fn compare_lists(model: &[(String, String)], wire: &[(String, String)], open: bool) -> Match {
    let mut holes = false;
    let mut wire = wire.iter();
    for (name, value) in model {
        loop {
            let Some((seen_name, seen_value)) = wire.next() else { return Match::No };
            let outcomes = [matches(name, seen_name), matches(value, seen_value)];
            if !outcomes.contains(&Match::No) {
                holes |= outcomes.contains(&Match::WithHoles);
                break;
            }
            if !open {
                return Match::No;
            }
            holes = true;
        }
    }
    match (wire.next().is_some(), open) {
        (true, false) => Match::No,
        (true, true) => Match::WithHoles,
        (false, _) if holes => Match::WithHoles,
        (false, _) => Match::Exact,
    }
}

fn compare_parts(sent: &WireRequest, seen: &Recorded) -> (Match, String) {
    let body = String::from_utf8_lossy(&seen.body).into_owned();
    let received = received_parts(seen.header("content-type").unwrap_or_default(), &body);
    let text = format!("{:?} but {received:?}", sent.parts);
    (compare_lists_of_parts(&sent.parts, &received), text)
}

fn compare_lists_of_parts(model: &[WirePart], wire: &[WirePart]) -> Match {
    if model.len() != wire.len() {
        return Match::No;
    }
    let mut outcome = Match::Exact;
    for (model, wire) in model.iter().zip(wire) {
        // Fields from a file that is not read may be any.
        let known: Vec<(String, String)> =
            model.headers.iter().filter(|(name, _)| name != ANY).cloned().collect();
        let open = known.len() < model.headers.len();
        let all = [
            compare_lists(&known, &wire.headers, open),
            matches(&model.body, &wire.body),
            compare_lists_of_parts(&model.parts, &wire.parts),
        ];
        if all.contains(&Match::No) {
            return Match::No;
        }
        if all.contains(&Match::WithHoles) {
            outcome = Match::WithHoles;
        }
    }
    outcome
}

fn received_parts(content_type: &str, body: &str) -> Vec<WirePart> {
    let boundary = content_type.split("boundary=").nth(1).unwrap_or("no boundary");
    let body = format!("\r\n{body}");
    let separator = format!("\r\n--{boundary}");
    let parts = body.split(&separator).skip(1);
    let parts = parts.filter_map(|part| part.strip_prefix("\r\n"));
    let read = |part: &str| {
        let (head, body) = match part.strip_prefix("\r\n") {
            Some(body) => ("", body),
            None => part.split_once("\r\n\r\n").unwrap_or((part, "")),
        };
        let lines = head.split("\r\n").filter(|line| !line.is_empty());
        let fields = lines.map(|line| line.split_once(": ").unwrap_or((line, "")));
        let mut headers: Vec<(String, String)> =
            fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut parts = Vec::new();
        if let Some((_, value)) =
            headers.iter_mut().find(|(_, value)| value.contains("; boundary="))
        {
            parts = received_parts(value, body);
            value.truncate(value.find("; boundary=").unwrap_or(value.len()));
        }
        let body = if parts.is_empty() { body } else { "" };
        WirePart { headers, body: body.to_owned(), known: true, parts }
    };
    parts.map(read).collect()
}
