//! Requests as curl commands, in any dialect.

use super::outgoing::{Content, Outgoing, OutgoingPart, PartContent, is_name, plain_text};
use reqlint_core::encode::{Chunk, write_argument};
use reqlint_core::model::Dialect;

/// Why there is no command.
const NO_NOTATION: &str = "is left out, since the dialect has no notation for one of its texts";
const NO_VARIABLE: &str =
    "is left out, since the dialect has no notation for a part that is not known before run time";
const NO_PART: &str = "is left out, since curl has no notation for a part of its body";

/// One command; or why it cannot be written.
pub(super) fn write(request: &Outgoing, dialect: Dialect) -> Result<String, &'static str> {
    let mut command = Command { dialect, from: request.dialect, words: Vec::new() };
    command.name()?;
    let literal =
        |chunk: &Chunk| matches!(chunk, Chunk::Text(text) if text.contains(['[', ']', '{', '}']));
    if !request.globs && request.url.iter().any(literal) {
        command.option("-g")?;
    }
    if request.has_dot_segments() {
        command.option("--path-as-is")?;
    }
    command.method(request)?;
    command.argument(&request.url)?;
    if let Some(target) = &request.target {
        command.option("--request-target")?;
        command.argument(target)?;
    }
    if let Some(user) = &request.user {
        command.option("-u")?;
        command.argument(user)?;
    }
    for (name, value) in &request.headers {
        // curl adds the boundary to this one.
        let own = matches!(request.content, Content::Parts(_))
            && is_type(name)
            && *value == Chunk::text("multipart/form-data");
        if !own {
            command.option("-H")?;
            command.argument(&field(name, value))?;
        }
    }
    command.content(request)?;
    Ok(command.finish())
}

/// The commands of a whole text.
pub(super) fn wrap(commands: &[String], dialect: Dialect) -> String {
    match (dialect, commands) {
        (Dialect::Argv, [one]) => format!("{one}\n"),
        (Dialect::Argv, all) => format!("[{}]\n", all.join(",\n")),
        (_, all) => all.iter().map(|command| format!("{command}\n")).collect(),
    }
}

struct Command {
    dialect: Dialect,
    /// The dialect that variables are written in.
    from: Option<Dialect>,
    words: Vec<String>,
}

impl Command {
    fn name(&mut self) -> Result<(), &'static str> {
        // PowerShell of Windows has an alias of the name `curl`.
        self.option(if self.dialect == Dialect::PowerShell { "curl.exe" } else { "curl" })
    }

    /// A word without special characters.
    fn option(&mut self, option: &str) -> Result<(), &'static str> {
        match self.dialect {
            Dialect::Argv => self.argument(&Chunk::text(option)),
            _ => {
                self.words.push(option.to_owned());
                Ok(())
            }
        }
    }

    fn argument(&mut self, text: &[Chunk]) -> Result<(), &'static str> {
        let own: Option<Vec<Chunk>> =
            text.iter().map(|chunk| in_dialect(chunk, self.from, self.dialect)).collect();
        let own = own.ok_or(NO_VARIABLE)?;
        self.words.push(write_argument(self.dialect, &own).ok_or(NO_NOTATION)?);
        Ok(())
    }

    fn method(&mut self, request: &Outgoing) -> Result<(), &'static str> {
        let no_content = matches!(request.content, Content::None);
        let implied = if no_content { "GET" } else { "POST" };
        match plain_text(&request.method).as_str() {
            method if method == implied => Ok(()),
            "HEAD" if no_content => self.option("-I"),
            _ => {
                self.option("-X")?;
                self.argument(&request.method)
            }
        }
    }

    fn content(&mut self, request: &Outgoing) -> Result<(), &'static str> {
        if let Content::Text(_) | Content::File { .. } = &request.content {
            // curl would call any data a form.
            if !request.headers.iter().any(|(name, _)| is_type(name)) {
                self.option("-H")?;
                self.argument(&Chunk::text("Content-Type:"))?;
            }
        }
        match &request.content {
            Content::None => Ok(()),
            Content::Text(body) => {
                self.option("--data-raw")?;
                self.argument(body)
            }
            Content::File { path, joins_lines } => {
                self.option(if *joins_lines { "-d" } else { "--data-binary" })?;
                self.argument(&[Chunk::text("@"), path.clone()].concat())
            }
            Content::Parts(parts) => {
                if parts.iter().any(|part| part.backslashes) {
                    self.option("--form-escape")?;
                }
                parts.iter().try_for_each(|part| self.part(part))
            }
        }
    }

    fn part(&mut self, part: &OutgoingPart) -> Result<(), &'static str> {
        let mut text = part.name.clone().unwrap_or_default();
        if has(&text, |text| text.contains('=')) {
            return Err(NO_PART);
        }
        text.extend(Chunk::text("="));
        match &part.content {
            PartContent::Text(content) => text.extend(quoted(content, ";\"@<()\\")),
            PartContent::File(path) => {
                text.extend(Chunk::text("@"));
                text.extend(quoted(path, ";,\"\\"));
            }
            PartContent::ContentOf(path) => {
                text.extend(Chunk::text("<"));
                text.extend(quoted(path, ";\"\\"));
            }
            PartContent::Parts(_) => text.extend(Chunk::text("(")),
        }
        if let Some(media) = &part.media_type {
            if has(media, |text| !is_media_type(text)) {
                return Err(NO_PART);
            }
            text.extend(Chunk::text(";type="));
            text.extend(media.iter().cloned());
        }
        let name =
            part.filename.as_ref().filter(|_| !matches!(part.content, PartContent::Parts(_)));
        for (key, value) in [("filename", name), ("encoder", part.encoder.as_ref())] {
            if let Some(value) = value {
                text.extend(Chunk::text(format!(";{key}=")));
                text.extend(quoted(value, ";,\"\\"));
            }
        }
        for field in &part.headers {
            text.extend(Chunk::text(";headers="));
            text.extend(quoted(field, ";,\"\\@<"));
        }
        self.option("-F")?;
        self.argument(&text)?;
        if let PartContent::Parts(inner) = &part.content {
            inner.iter().try_for_each(|part| self.part(part))?;
            self.option("-F")?;
            self.argument(&Chunk::text("=)"))?;
        }
        Ok(())
    }

    fn finish(self) -> String {
        match self.dialect {
            Dialect::Argv => format!("[{}]", self.words.join(", ")),
            _ => self.words.join(" "),
        }
    }
}

/// A chunk in the notation of a dialect; none where that has no notation for it.
fn in_dialect(chunk: &Chunk, from: Option<Dialect>, dialect: Dialect) -> Option<Chunk> {
    let Chunk::Hole(hole) = chunk else { return Some(chunk.clone()) };
    if from == Some(dialect) {
        return Some(chunk.clone());
    }
    if let Some(name) = variable_name(hole, from) {
        return Some(Chunk::Variable(name.to_owned()));
    }
    // Placeholders of templates, and curl's own globs, are text to every shell.
    let is_text = hole.starts_with(['{', '[', '<', '@']);
    match dialect {
        Dialect::Argv if hole.starts_with("{{") => Some(chunk.clone()),
        _ if is_text => Some(Chunk::Text(hole.clone())),
        _ => None,
    }
}

/// The name of the variable of the environment that a hole is, if it is nothing else.
fn variable_name(hole: &str, from: Option<Dialect>) -> Option<&str> {
    let name = match from? {
        Dialect::Bash => match hole.strip_prefix("${") {
            Some(rest) => rest.strip_suffix('}')?,
            None => hole.strip_prefix('$')?,
        },
        Dialect::Fish => hole.strip_prefix('$')?,
        Dialect::Cmd => hole.strip_prefix('%')?.strip_suffix('%')?,
        Dialect::PowerShell => match hole.strip_prefix("${") {
            Some(rest) => rest.strip_suffix('}')?.strip_prefix("env:")?,
            None => hole.strip_prefix("$env:")?,
        },
        Dialect::Argv => return None,
    };
    let starts = name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_');
    (starts && is_name(name)).then_some(name)
}

fn has(chunks: &[Chunk], is: impl Fn(&str) -> bool) -> bool {
    chunks.iter().any(|chunk| matches!(chunk, Chunk::Text(text) if is(text)))
}

/// A text of `-F`, between double quotes where one of its characters or a blank at its ends asks for that.
fn quoted(chunks: &[Chunk], special: &str) -> Vec<Chunk> {
    let all = plain_text(chunks);
    let is_special = |text: &str| text.contains(|char| special.contains(char));
    if all.trim() == all && !has(chunks, is_special) {
        return chunks.to_vec();
    }
    let escape = |chunk: &Chunk| match chunk {
        Chunk::Text(text) => Chunk::Text(text.replace('\\', "\\\\").replace('"', "\\\"")),
        other => other.clone(),
    };
    let mut written = Chunk::text("\"");
    written.extend(chunks.iter().map(escape));
    written.extend(Chunk::text("\""));
    written
}

/// Whether curl reads a text as one media type, with its parameters.
fn is_media_type(text: &str) -> bool {
    let is_token = |char: char| char.is_ascii_alphanumeric() || "/!#$%&'*+-.^_`|~".contains(char);
    let (media, parameters) = text.split_once(';').unwrap_or((text, ""));
    let plain = |char: char| is_token(char) || "=; ".contains(char);
    media.chars().all(is_token) && parameters.chars().all(plain) && text.trim() == text
}

fn is_type(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-type")
}

/// `Name: value`, or `Name;` for a field without a value.
fn field(name: &str, value: &[Chunk]) -> Vec<Chunk> {
    if value.is_empty() {
        return Chunk::text(format!("{name};"));
    }
    let mut field = Chunk::text(format!("{name}: "));
    field.extend(value.iter().cloned());
    field
}
