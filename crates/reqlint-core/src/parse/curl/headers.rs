//! Header fields: those of `-H`, and those that other options imply, in the order of the wire.

use super::data::{hole, read_stdin};
use super::operation::{Operation, Use};
use super::{Piece, join};
use crate::layer::{HoleKind, Layers, Place};
use crate::model::{Finding, FindingKind, Header};
use crate::parse::body::trim;
use crate::parse::http::without_colon;
use crate::parse::placeholder::{HIDDEN, Notation, hide_holes, mark_holes};
use crate::parse::shell::Command;
use crate::span::Span;

/// The fields of an operation, and which names `-H` decides on.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) headers: Vec<Header>,
    /// Names that stand in a `-H`, with a value or without.
    given: Vec<Place>,
    pub(super) open_headers: bool,
    pub(super) open_cookies: bool,
}

impl Fields {
    /// Whether `-H` says what becomes of the field `name`.
    pub(super) fn decides(&self, layers: &Layers<'_>, name: &str) -> bool {
        self.given.iter().any(|given| layers.text(*given).eq_ignore_ascii_case(name))
    }
}

/// The fields of an operation, except those that follow from its content or URL.
pub(super) fn read_headers(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
    operation: &Operation,
    findings: &mut Vec<Finding>,
) -> Fields {
    let mut fields = Fields::default();
    let mut written = Vec::new();
    for used in &operation.headers {
        match header_lines(layers, command, used.argument) {
            Some(lines) => {
                for line in lines {
                    read_header(layers, line, &mut fields, &mut written, findings);
                }
            }
            None => read_header(layers, used.argument, &mut fields, &mut written, findings),
        }
    }
    imply_authorization(layers, operation, &mut fields);
    imply_simple(layers, operation, &mut fields);
    imply_cookies(layers, operation, &mut fields);
    imply_time_condition(layers, operation, &mut fields);
    fields.headers.extend(written);
    imply_json(layers, operation, &mut fields);
    fields
}

/// The fields of `-H @-` or `-H @file`, one a line, where these are known.
fn header_lines(
    layers: &mut Layers<'_>,
    command: &Command<'_>,
    argument: Place,
) -> Option<Vec<Place>> {
    let all = match layers.text(argument).strip_prefix('@')? {
        "-" => read_stdin(layers, command, false)?,
        _ => layers.file(argument.sub(Span::new(1, argument.span.len())))?,
    };
    let text = layers.share(all);
    let bytes = hide_holes(layers, all, &text);
    let mut lines = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', &bytes).chain([bytes.len()]) {
        let line = bytes[start..end].trim_ascii_end();
        if !line.is_empty() {
            lines.push(all.sub(Span::new(start, start + line.len())));
        }
        start = end + 1;
    }
    Some(lines)
}

/// One `-H`. Without a colon it is `Name;` (sent empty) or nothing.
fn read_header(
    layers: &mut Layers<'_>,
    whole: Place,
    fields: &mut Fields,
    written: &mut Vec<Header>,
    findings: &mut Vec<Finding>,
) {
    crate::parse::invisible::notice_invisible(layers, whole, findings);
    let whole = mark_holes(layers, whole, Notation::Placeholders);
    let text = layers.share(whole);
    let bytes = hide_holes(layers, whole, &text);
    if bytes.first() == Some(&b'@') {
        fields.open_headers = true;
        return;
    }
    let colon = memchr::memchr(b':', &bytes);
    let Some(end) = colon.or_else(|| memchr::memchr(b';', &bytes)) else {
        // A variable may bring the colon, unless a space stands where the name would have to be.
        let known = bytes.iter().position(|byte| *byte == HIDDEN).unwrap_or(bytes.len());
        let ends_name = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'=';
        let name_ends = bytes[..known].trim_ascii_start().iter().any(ends_name);
        match known < bytes.len() && !name_ends {
            true => fields.open_headers = true,
            false => findings.push(without_colon(layers, whole)),
        }
        return;
    };
    let name = whole.sub(Span::new(0, end));
    let value = trim(&bytes, Span::new(end + 1, bytes.len()));
    let header = |value| Header { whole, name, value, implied_by: None };
    if name.span.is_empty() {
        return findings.push(Finding::new(FindingKind::HeaderWithoutColon, whole));
    }
    // Behind a semicolon curl takes not even a blank.
    let is_blank = match colon {
        Some(_) => bytes[end + 1..].iter().all(u8::is_ascii_whitespace),
        None => end + 1 == bytes.len(),
    };
    fields.given.push(name);
    match (colon, is_blank) {
        // `Name:` takes a field away that curl would send.
        (Some(_), true) => {}
        // curl has written these itself.
        (Some(_), false) if is_loosely(layers, name, &["host", "connection"]) => {
            findings.push(blank_before_colon(layers, name));
        }
        (Some(_), false) => written.push(header(whole.sub(value))),
        (None, true) => {
            let name = whole.sub(trim(&bytes, Span::new(0, end)));
            written.push(Header { name, ..header(name.end()) });
        }
        (None, false) => findings.push(Finding::new(FindingKind::HeaderWithoutColon, whole)),
    }
}

/// Whether blanks before the colon hide that a name is one of these: curl takes it for a name of
/// its own when it looks for what is given, and leaves the field out when it writes it.
pub(super) fn is_loosely(layers: &Layers<'_>, name: Place, these: &[&str]) -> bool {
    let text = layers.text(name);
    let trimmed = text.trim_end_matches([' ', '\t']);
    trimmed.len() < text.len() && these.iter().any(|this| trimmed.eq_ignore_ascii_case(this))
}

/// Says that a field is not sent for the blanks behind its name, and takes these away.
pub(super) fn blank_before_colon(layers: &Layers<'_>, name: Place) -> Finding {
    let length = layers.text(name).trim_end().len();
    let blanks = name.sub(Span::new(length, name.span.len()));
    let mut finding = Finding::new(FindingKind::BlankBeforeColon, name.sub(Span::new(0, length)));
    finding.repair = vec![(layers.root_span(blanks), String::new())];
    finding
}

/// A field that follows from an option: its name, and its value in pieces.
pub(super) fn implied_header(
    layers: &mut Layers<'_>,
    option: Place,
    name: &str,
    value: &[Piece<'_>],
) -> Header {
    let mut pieces = Vec::with_capacity(value.len() + 1);
    let start = format!("{name}: ");
    pieces.push(Piece::Text(&start, option));
    pieces.extend_from_slice(value);
    let whole = join(layers, &pieces).expect("there is at least the name");
    let length = whole.span.len();
    Header {
        whole,
        name: whole.sub(Span::new(0, name.len())),
        value: whole.sub(Span::new(start.len().min(length), length)),
        implied_by: Some(option),
    }
}

fn imply_authorization(layers: &mut Layers<'_>, operation: &Operation, fields: &mut Fields) {
    if operation.other_auth || fields.decides(layers, "authorization") {
        return;
    }
    let header = if let Some(used) = operation.aws {
        let signature = hole(layers, used.argument, HoleKind::Computed);
        implied_header(layers, used.option, "Authorization", &[Piece::Place(signature)])
    } else if operation.bearer.is_some() && operation.basic {
        // With two ways to choose from, curl waits for what the server asks for.
        fields.open_headers = true;
        return;
    } else if let Some(used) = operation.bearer {
        let value = [Piece::Text("Bearer ", used.option), Piece::Place(used.argument)];
        implied_header(layers, used.option, "Authorization", &value)
    } else if let Some(used) = operation.user.filter(|used| layers.text(used.argument) != ":") {
        basic(layers, used.option, used.argument)
    } else {
        return;
    };
    fields.headers.push(header);
}

/// `Authorization: Basic …` of a user and password, which stand in it as a hole.
pub(super) fn basic(layers: &mut Layers<'_>, option: Place, user: Place) -> Header {
    let user = hole(layers, user, HoleKind::Computed);
    let value = [Piece::Text("Basic ", option), Piece::Place(user)];
    implied_header(layers, option, "Authorization", &value)
}

/// `-r`, and `-C` with a number, which goes before it.
fn imply_range(layers: &mut Layers<'_>, operation: &Operation, fields: &mut Fields) {
    let resumed = operation.continue_at.filter(|used| layers.text(used.argument) != "0");
    let Some(used) = resumed.or(operation.range) else { return };
    let text = layers.text(used.argument);
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if resumed.is_some() && !is_number {
        // `-C -` asks for what is missing in a file.
        fields.open_headers = true;
        return;
    }
    // curl completes `5` to `5-`.
    let dash = if text.contains('-') || layers.has_hole(used.argument) { "" } else { "-" };
    let end = Piece::Text(dash, used.option);
    if operation.sends_form() {
        return;
    }
    if operation.sends_content() {
        let start = Piece::Text("bytes ", used.option);
        let size = hole(layers, used.option, HoleKind::Computed);
        let rest = [Piece::Text("/", used.option), Piece::Place(size)];
        let value = [start, Piece::Place(used.argument), end, rest[0], rest[1]];
        return imply(layers, fields, "Content-Range", used, &value);
    }
    let start = Piece::Text("bytes=", used.option);
    imply(layers, fields, "Range", used, &[start, Piece::Place(used.argument), end]);
}

fn imply_simple(layers: &mut Layers<'_>, operation: &Operation, fields: &mut Fields) {
    imply_range(layers, operation, fields);
    if let Some(used) = operation.user_agent.filter(|used| !used.argument.span.is_empty()) {
        imply(layers, fields, "User-Agent", used, &[Piece::Place(used.argument)]);
    }
    if let Some(used) = operation.tr_encoding {
        imply(layers, fields, "TE", used, &[Piece::Text("gzip", used.option)]);
    }
    if let Some(used) = operation.referer {
        let text = layers.text(used.argument);
        let length = text.strip_suffix(";auto").unwrap_or(text).len();
        if length > 0 {
            let referer = used.argument.sub(Span::new(0, length));
            imply(layers, fields, "Referer", used, &[Piece::Place(referer)]);
        }
    }
}

/// Adds a field that follows from an option, unless `-H` decides on it.
fn imply(layers: &mut Layers<'_>, fields: &mut Fields, name: &str, used: Use, value: &[Piece<'_>]) {
    if !fields.decides(layers, name) {
        let header = implied_header(layers, used.option, name, value);
        fields.headers.push(header);
    }
}

/// `-b` with a `=` holds cookies, else it names a file.
fn imply_cookies(layers: &mut Layers<'_>, operation: &Operation, fields: &mut Fields) {
    fields.open_cookies = operation.open_cookies;
    let mut pieces = Vec::new();
    let mut first = None;
    for used in &operation.cookies {
        let text = layers.text(used.argument);
        let bytes = hide_holes(layers, used.argument, text);
        let is_text = bytes.contains(&b'=') && bytes[0] != b'@';
        fields.open_cookies |= !is_text;
        if is_text || bytes.contains(&HIDDEN) {
            if first.is_some() {
                pieces.push(Piece::Text("; ", used.option));
            }
            first = first.or(Some(*used));
            pieces.push(Piece::Place(used.argument));
        }
    }
    if let Some(used) = first {
        imply(layers, fields, "Cookie", used, &pieces);
    }
}

fn imply_time_condition(layers: &mut Layers<'_>, operation: &Operation, fields: &mut Fields) {
    let Some(used) = operation.time_condition else { return };
    let text = layers.text(used.argument);
    let name = match text.as_bytes().first() {
        Some(b'-') => "If-Unmodified-Since",
        Some(b'=') => "Last-Modified",
        _ => "If-Modified-Since",
    };
    // What is no date is the name of a file, whose time is sent if it exists.
    fields.open_headers = true;
    if !is_date(text) {
        return;
    }
    let time = hole(layers, used.argument, HoleKind::Computed);
    imply(layers, fields, name, used, &[Piece::Place(time)]);
}

/// Whether a text is surely a date: it names a month, or begins with a year, month and day.
fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let text = text.trim_start_matches(['-', '=', '+']).to_ascii_lowercase();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let named =
        text.split(|char: char| !char.is_ascii_alphabetic()).any(|word| MONTHS.contains(&word));
    digits == 8 || named && digits > 0
}

fn imply_json(layers: &mut Layers<'_>, operation: &Operation, fields: &mut Fields) {
    let Some(used) = operation.json else { return };
    for name in ["Content-Type", "Accept"] {
        let value = [Piece::Text("application/json", used.option)];
        imply(layers, fields, name, used, &value);
    }
}
