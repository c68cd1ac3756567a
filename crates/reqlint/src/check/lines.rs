//! Checks long sources line by line, in parts that are read and dropped: what they take in memory
//! does not depend on their length.

use crate::output::plain;
use crate::setup::Setup;
use crate::source::LineSource;
use rayon::prelude::*;
use reqlint_core::check::{CheckedPart, Offset, SequenceReport, Sequences, Silence, TextPart};
use reqlint_core::secret::find_secrets_in_text;
use reqlint_report::Report;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// A part ends with the last line that ends before so many bytes.
const PART: usize = 512 * 1024;
/// No line of a log is longer.
const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// Why a source was not read to its end.
#[derive(Debug)]
pub(super) enum Broken {
    /// It cannot be read.
    Source(String),
    /// What was found cannot be written.
    Output(io::Error),
}

/// Checks a source; `each` gets what was found, part by part.
///
/// # Errors
/// Why it was not read to its end.
pub(super) fn check_lines(
    source: &mut LineSource,
    setup: &Setup,
    each: &mut dyn FnMut(&Report<'_>) -> io::Result<()>,
) -> Result<(), Broken> {
    let LineSource { path, kind, bytes, .. } = source;
    let (path, kind, Some(bytes)) = (path.as_str(), *kind, bytes.take()) else { return Ok(()) };
    let threads = rayon::current_num_threads().max(1);
    let (sender, receiver) = sync_channel(threads);
    thread::scope(|scope| {
        scope.spawn(move || send_parts(bytes, &sender));
        let mut writer = Writer { path, setup, requests: 0, each };
        let mut sequences = Sequences::new(&setup.checker);
        let silence = Silence::new(&setup.checker);
        while let Some(parts) = next_parts(&receiver, threads) {
            let parts = parts.map_err(|why| Broken::Source(format!("{path}: {why}")))?;
            let check = |part: Part| {
                let checked = setup.check_part(path, (&part.text, kind), &silence);
                (part, checked)
            };
            let checked: Vec<(Part, CheckedPart)> = parts.into_par_iter().map(check).collect();
            for (part, checked) in checked {
                writer.write(&part, checked, &mut sequences).map_err(Broken::Output)?;
            }
        }
        writer.write_sequences(sequences.finish()).map_err(Broken::Output)
    })
}

/// A few lines.
struct Part {
    text: String,
    offset: Offset,
}

type Sent = Result<Part, String>;

/// Reads parts until the end, a failure, or nobody wants more.
fn send_parts(mut bytes: Box<dyn Read + Send>, sender: &SyncSender<Sent>) {
    let mut offset = Offset::default();
    let mut rest = Vec::new();
    loop {
        let part = match next_part(&mut bytes, &mut rest) {
            Ok(part) if part.is_empty() => return,
            Ok(part) => part,
            Err(error) => return drop(sender.send(Err(plain(&error)))),
        };
        let (length, breaks) = (part.len(), memchr::memchr_iter(b'\n', &part).count());
        let part = match String::from_utf8(part) {
            Ok(text) => Ok(Part { text, offset }),
            Err(error) => {
                let at = offset.bytes + error.utf8_error().valid_up_to() as u64;
                Err(format!("not UTF-8 at byte {at}"))
            }
        };
        offset.bytes += length as u64;
        offset.lines += breaks as u64;
        if sender.send(part).is_err() {
            return;
        }
    }
}

/// The next whole lines; `rest` is what was read beyond them.
fn next_part(bytes: &mut dyn Read, rest: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let mut part = std::mem::take(rest);
    let mut wanted = PART;
    loop {
        let missing = wanted.saturating_sub(part.len()) as u64;
        let read = bytes.take(missing).read_to_end(&mut part)?;
        if (read as u64) < missing {
            return Ok(part);
        }
        if let Some(end) = memchr::memrchr(b'\n', &part) {
            *rest = part.split_off(end + 1);
            return Ok(part);
        }
        if part.len() >= LONGEST_LINE {
            let why = "a line is longer than 64 MiB, which is more than can be checked at once";
            return Err(io::Error::other(why));
        }
        wanted = part.len() * 2;
    }
}

/// As many parts as can be checked at the same time.
fn next_parts(receiver: &Receiver<Sent>, most: usize) -> Option<Result<Vec<Part>, String>> {
    let first = receiver.recv().ok()?;
    let more = std::iter::from_fn(|| receiver.recv().ok());
    Some(std::iter::once(first).chain(more.take(most.saturating_sub(1))).collect())
}

/// Hands on what was found, in the order of the source.
struct Writer<'w> {
    path: &'w str,
    setup: &'w Setup,
    /// Requests so far.
    requests: u64,
    each: &'w mut dyn FnMut(&Report<'_>) -> io::Result<()>,
}

impl Writer<'_> {
    fn write(
        &mut self,
        part: &Part,
        checked: CheckedPart,
        sequences: &mut Sequences<'_>,
    ) -> io::Result<()> {
        let CheckedPart { requests, diagnostics, secrets, sightings } = checked;
        let offset = Offset { requests: self.requests, ..part.offset };
        self.requests += requests.len() as u64;
        (self.each)(&Report {
            path: self.path,
            text: &part.text,
            secrets: &secrets,
            requests: &requests,
            diagnostics: &diagnostics,
            offset,
        })?;
        let together = sequences.follow(&sightings, TextPart { text: &part.text, offset });
        self.write_sequences(together)
    }

    fn write_sequences(&mut self, together: Vec<SequenceReport>) -> io::Result<()> {
        for SequenceReport { diagnostic, line } in together {
            let mut diagnostics = vec![diagnostic];
            self.setup.relevel(self.path, &mut diagnostics);
            let line = line.as_deref();
            let text = line.map(|line| line.text.as_str()).unwrap_or_default();
            (self.each)(&Report {
                path: self.path,
                text,
                secrets: &find_secrets_in_text(text),
                requests: &[],
                diagnostics: &diagnostics,
                offset: line.map(|line| line.offset).unwrap_or_default(),
            })?;
        }
        Ok(())
    }
}
