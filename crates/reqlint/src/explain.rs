//! `reqlint explain`: what somebody pasted, and why it failed.

use crate::arguments::{ExplainArguments, ExplainFormat};
use crate::exit::Exit;
use crate::output::{self, plain};
use crate::rules::fail_unusable;
use crate::setup;
use reqlint_core::check::Offset;
use reqlint_core::explain::{Explainer, Explanation};
use reqlint_core::model::{Document, Kind, Request};
use reqlint_core::parse::{detect, looks_like_requests, parse, parse_with_response};
use reqlint_core::secret::find_secrets;
use reqlint_core::span::Span;
use reqlint_report::Report;
use reqlint_report::explain::{Explained, write_json, write_markdown};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

const PROMPT: &str = "\
Paste what failed: the command, and below it what came back, best as `curl -i` prints it.
A response alone, an error message, or a status with the URL will do, too.
End with Ctrl-D on a line of its own (Ctrl-Z and Enter on Windows).
";
/// More exchanges than this are not explained at once.
const MOST_EXCHANGES: usize = 10;
/// Offsets are kept in 32 bits.
const MOST_BYTES: u64 = u32::MAX as u64 / 2;

/// Runs the command.
pub(crate) fn explain(arguments: &ExplainArguments) -> Exit {
    let explainer = match setup::explainer(&arguments.rules, &arguments.servers) {
        Ok(explainer) => explainer,
        Err(unusable) => return fail_unusable(arguments.color, &unusable),
    };
    match read(arguments) {
        Ok(pasted) => answer(arguments, &explainer, &pasted),
        Err(why) => output::fail(&why),
    }
}

/// What was pasted.
struct Pasted {
    /// As it is shown.
    path: String,
    /// The text, with a response that came apart behind it.
    text: String,
    kind: Kind,
    /// Where that response begins.
    response: Option<usize>,
}

impl Pasted {
    fn document(&self) -> Document<'_> {
        match self.response {
            Some(at) => parse_with_response(&self.text, self.kind, at),
            None => parse(&self.text, self.kind),
        }
    }
}

fn read(arguments: &ExplainArguments) -> Result<Pasted, String> {
    let file = arguments.file.as_deref().filter(|file| *file != Path::new("-"));
    if file.is_none() && arguments.response.as_deref() == Some(Path::new("-")) {
        return Err("standard input can be the request or the response, not both".to_owned());
    }
    let (path, mut text) = match file {
        Some(file) => (file.display().to_string(), read_file(file)?),
        None => ("<pasted>".to_owned(), read_standard_input()?),
    };
    if text.trim().is_empty() {
        return Err(format!("{path}: empty; paste a command, a response, or both"));
    }
    let forced = arguments.kind.as_deref().and_then(Kind::from_name);
    let kind = forced.unwrap_or_else(|| kind_of(file, &text));
    let response = match response_of(arguments)? {
        Some(response) => {
            text.push_str("\n\n");
            let at = text.len();
            text.push_str(&response);
            Some(at)
        }
        None => None,
    };
    Ok(Pasted { path, text, kind, response })
}

/// Recordings and request objects are read as what they are; everything else as a transcript.
fn kind_of(file: Option<&Path>, text: &str) -> Kind {
    let name = file.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let separated = text.lines().any(|line| line.starts_with("###"));
    match detect(name.as_deref(), text) {
        Some(Kind::Http) if separated => Kind::Http,
        Some(Kind::Urls) if text.trim().lines().count() > 1 => Kind::Urls,
        Some(Kind::Shell | Kind::Cmd | Kind::PowerShell | Kind::Fish | Kind::Urls | Kind::Http)
        | None => Kind::Transcript,
        Some(Kind::Markdown | Kind::Asciidoc | Kind::Rst) => Kind::Transcript,
        Some(kind) if looks_like_requests(kind, text) => kind,
        Some(_) => Kind::Transcript,
    }
}

/// The response that is given apart, as a text that can be read.
fn response_of(arguments: &ExplainArguments) -> Result<Option<String>, String> {
    let content = match (&arguments.response, &arguments.body) {
        (Some(file), _) if file == Path::new("-") => Some(read_standard_input()?),
        (Some(file), _) => Some(read_file(file)?),
        (None, Some(body)) => Some(body.clone()),
        (None, None) => None,
    };
    Ok(match (arguments.status, content) {
        (Some(status), Some(content)) if !content.starts_with("HTTP/") => {
            Some(format!("HTTP/1.1 {status}\n\n{content}"))
        }
        (Some(status), None) => Some(format!("HTTP/1.1 {status}\n")),
        (_, content) => content,
    })
}

fn read_file(file: &Path) -> Result<String, String> {
    let shown = file.display();
    let read = fs::File::open(file).and_then(read_all);
    read.map_err(|error| format!("{shown}: {}", plain(&error)))
}

fn read_standard_input() -> Result<String, String> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        output::prompt(PROMPT);
    }
    read_all(stdin.lock()).map_err(|error| format!("<stdin>: {}", plain(&error)))
}

/// A text; what is no UTF-8, as the content of an image, is replaced.
fn read_all(from: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::other("larger than 2 GiB, which is more than can be explained"));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

fn answer(arguments: &ExplainArguments, explainer: &Explainer, pasted: &Pasted) -> Exit {
    let document = pasted.document();
    let explanations = explainer.explain(&document);
    let total = explanations.len();
    if total == 0 {
        return output::fail(&format!(
            "{}: found no request and no response in it; paste the command, and below it what \
             `curl -i` prints",
            pasted.path
        ));
    }
    let chosen = match choose(arguments.entry, &document, &explanations) {
        Ok(chosen) => chosen,
        Err(why) => return output::fail(&why),
    };
    let (left_out, timeline) = match arguments.entry {
        Some(_) => (0, None),
        None => (total - chosen.len(), explainer.timeline(&document, &explanations)),
    };
    let secrets = find_secrets(&document);
    let place = |request: &Request| document.layers.root_span(request.place);
    let requests: Vec<Span> = document.requests.iter().map(place).collect();
    let report = Report {
        path: &pasted.path,
        text: &pasted.text,
        secrets: &secrets,
        requests: &requests,
        diagnostics: &[],
        offset: Offset::default(),
    };
    let timeline = timeline.as_ref();
    write(arguments, &Explained { report, explanations: &chosen, left_out, timeline })
}

/// The exchange that was asked for; else those that failed, else those with something to say.
fn choose<'e>(
    entry: Option<usize>,
    document: &Document<'_>,
    explanations: &[Explanation<'e>],
) -> Result<Vec<Explanation<'e>>, String> {
    let total = explanations.len();
    if let Some(entry) = entry {
        return match explanations.get(entry.wrapping_sub(1)) {
            Some(one) => Ok(vec![one.clone()]),
            None => Err(format!("there is no exchange {entry}; there are {total}, from 1")),
        };
    }
    let failed = explanations.iter().any(Explanation::failed);
    let wrong = explanations.iter().any(|one| !one.causes.is_empty());
    let is_meant = |one: &Explanation<'_>| match (failed, wrong) {
        (true, _) => one.failed(),
        (false, true) => !one.causes.is_empty(),
        (false, false) => true,
    };
    let meant: Vec<&Explanation<'_>> = explanations.iter().filter(|one| is_meant(one)).collect();
    let explained: BTreeSet<Outcome<'_>> =
        meant.iter().filter(|one| one.is_explained()).map(|one| outcome(one)).collect();
    let mut said = BTreeSet::new();
    // What a recording holds time and again is told once, and best where something explains it.
    let mut chosen = Vec::new();
    for one in &meant {
        let rule = one.causes.first().filter(|cause| cause.explains);
        let rule = rule.map(|cause| cause.diagnostic.rule.as_str());
        let is_new = !document.requests[one.request].is_recorded()
            || (rule.is_some() || !explained.contains(&outcome(one)))
                && said.insert((outcome(one), rule));
        if is_new && chosen.len() < MOST_EXCHANGES {
            chosen.push((*one).clone());
        }
    }
    Ok(chosen)
}

/// What came of an exchange: its status, and what that says.
type Outcome<'e> = (Option<u16>, Option<&'e str>);

fn outcome<'e>(one: &'e Explanation<'_>) -> Outcome<'e> {
    (one.seen.status, one.symptom.map(|symptom| symptom.id.as_str()))
}

fn write(arguments: &ExplainArguments, explained: &Explained<'_>) -> Exit {
    output::print(|out| match arguments.format {
        ExplainFormat::Human => output::terminal(arguments.color).write_explained(out, explained),
        ExplainFormat::Json => write_json(out, explained),
        ExplainFormat::Markdown => write_markdown(out, explained),
    })
}
