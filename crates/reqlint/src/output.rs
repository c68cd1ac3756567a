//! Standard output and standard error: what the terminal can do, and writing that may fail.

use crate::arguments::Color;
use crate::exit::Exit;
use anstream::ColorChoice;
use reqlint_report::human::Terminal;
use reqlint_report::visible;
use std::env;
use std::io::{self, BufWriter, IsTerminal, Write};

/// Columns where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 100;

/// Where something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Error,
}

/// What standard output can show.
pub(crate) fn terminal(color: Color) -> Terminal {
    terminal_on(Stream::Out, color)
}

/// What a stream can show.
pub(crate) fn terminal_on(stream: Stream, color: Color) -> Terminal {
    let (choice, is_terminal) = match stream {
        Stream::Out => (anstream::AutoStream::choice(&io::stdout()), io::stdout().is_terminal()),
        Stream::Error => (anstream::AutoStream::choice(&io::stderr()), io::stderr().is_terminal()),
    };
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => choice != ColorChoice::Never,
    };
    let capable = env::var_os("TERM").is_some_and(|term| term != "dumb");
    let links = color && capable && is_terminal;
    Terminal { color, links, unicode: is_unicode(), width: width() }
}

fn width() -> usize {
    let columns = || env::var("COLUMNS").ok()?.trim().parse().ok();
    let size = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns().or_else(size).filter(|width| *width > 0).unwrap_or(DEFAULT_WIDTH).clamp(30, 1000)
}

/// Whether the locale takes UTF-8; systems without locales do.
fn is_unicode() -> bool {
    if cfg!(windows) || cfg!(target_os = "macos") {
        return true;
    }
    let set = |name| env::var(name).ok().filter(|value: &String| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// Writes to standard output. A reader that went away ends it quietly.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Exit {
    print_on(Stream::Out, write)
}

/// Like [`print()`], on a stream.
pub(crate) fn print_on(
    stream: Stream,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Exit {
    let stream: Box<dyn Write> = match stream {
        Stream::Out => Box::new(io::stdout().lock()),
        Stream::Error => Box::new(io::stderr().lock()),
    };
    let mut out = BufWriter::with_capacity(1 << 16, stream);
    let result = write(&mut out).and_then(|()| out.flush());
    // What is left in the buffer after a failure would only fail again.
    let _ = out.into_parts();
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            fail(&format!("cannot write the output: {}", plain(&error)))
        }
        _ => Exit::Clean,
    }
}

/// Asks on standard error for what is then read from standard input.
pub(crate) fn prompt(text: &str) {
    let _ = write!(io::stderr(), "{text}");
}

/// Says on standard error why something could not be done.
pub(crate) fn fail(message: &str) -> Exit {
    note(message);
    Exit::Failed
}

/// Says everything that went wrong.
pub(crate) fn fail_all(failures: &[String]) -> Exit {
    for failure in failures {
        note(failure);
    }
    Exit::Failed
}

/// A line on standard error. Nobody is left to tell if that fails.
pub(crate) fn note(message: &str) {
    let _ = writeln!(io::stderr(), "reqlint: {}", visible::line(message, is_unicode()));
}

/// An operating system's error without its number. Libraries wrap it in words of their own, with
/// the path once more.
pub(crate) fn plain(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::InvalidData && error.to_string().contains("UTF-8") {
        return "not in UTF-8; save it as UTF-8".to_owned();
    }
    let inner = error.get_ref().and_then(|inner| inner.source()).map(ToString::to_string);
    let text = inner.unwrap_or_else(|| error.to_string());
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}
