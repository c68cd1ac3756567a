//! What fixes change in a text, as a unified diff: for `git apply`, or as a preview for people.

use crate::visible;
use anstyle::{AnsiColor, Style};
use reqlint_core::secret;
use reqlint_core::span::Span;
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};
use std::borrow::Cow;
use std::io::{self, Write};

/// So many unchanged lines stand around a change.
const CONTEXT: usize = 3;

/// A preview cuts lines beyond so many characters.
const MOST_SHOWN: usize = 1000;

/// What stands behind a line that nothing ends.
const NO_NEWLINE: &[u8] = b"\n\\ No newline at end of file\n";

/// Writes a unified diff, byte for byte, as `git apply` and `patch -p1` take it; nothing where the
/// texts are equal.
///
/// # Errors
/// What the writer says.
pub fn write_diff(out: &mut dyn Write, path: &str, old: &str, new: &str) -> io::Result<()> {
    if old == new {
        return Ok(());
    }
    writeln!(out, "--- {}", file_name("a", path))?;
    writeln!(out, "+++ {}", file_name("b", path))?;
    write_hunks(out, old, new, &mut |out, mark, line| write!(out, "{mark}{line}"))
}

/// One of two texts that are compared in a preview.
#[derive(Clone, Copy, Debug)]
pub struct Side<'t> {
    /// The text.
    pub text: &'t str,
    /// The bytes of it that hold credentials.
    pub secrets: &'t [Span],
}

/// Writes the hunks of a diff for people: secrets are masked, characters that a terminal would
/// obey are made visible.
///
/// # Errors
/// What the writer says.
pub fn write_preview(
    out: &mut dyn Write,
    old: Side<'_>,
    new: Side<'_>,
    color: bool,
) -> io::Result<()> {
    let (old, new) = (secret::mask(old.text, old.secrets), secret::mask(new.text, new.secrets));
    write_hunks(out, &old, &new, &mut |out, mark, line| {
        let style = style_of(mark, color);
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        let line = visible::shortened(line.strip_suffix('\r').unwrap_or(line), MOST_SHOWN);
        write!(out, "{style}{mark}{}{style:#}{end}", visible::line(&line, true))
    })
}

fn style_of(mark: char, color: bool) -> Style {
    let plain = Style::new();
    match (color, mark) {
        (true, '-') => AnsiColor::Red.on_default(),
        (true, '+') => AnsiColor::Green.on_default(),
        _ => plain,
    }
}

type WriteLine<'w> = &'w mut dyn FnMut(&mut dyn Write, char, &str) -> io::Result<()>;

fn write_hunks(
    out: &mut dyn Write,
    old: &str,
    new: &str,
    write_line: WriteLine<'_>,
) -> io::Result<()> {
    // Only line feeds end lines: that is what `git apply` and `patch` count.
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let changes = capture_diff_slices(Algorithm::Myers, &old, &new);
    for hunk in group_diff_ops(changes, CONTEXT) {
        writeln!(out, "{}", head(&hunk))?;
        for change in &hunk {
            let (was, is) = (&old[change.old_range()], &new[change.new_range()]);
            let kept = change.tag() == DiffTag::Equal;
            let marks: &[(char, &[&str])] =
                if kept { &[(' ', was)] } else { &[('-', was), ('+', is)] };
            for (mark, lines) in marks {
                for line in *lines {
                    write_line(out, *mark, line)?;
                    if !line.ends_with('\n') {
                        out.write_all(NO_NEWLINE)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// `@@ -first,count +first,count @@`; an empty side stands at the line before it.
fn head(hunk: &[DiffOp]) -> String {
    let range = |ranges: Vec<std::ops::Range<usize>>| {
        let start = ranges.first().map_or(0, |range| range.start);
        let count = ranges.last().map_or(0, |range| range.end) - start;
        match count {
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            _ => format!("{},{count}", start + 1),
        }
    };
    let old = range(hunk.iter().map(DiffOp::old_range).collect());
    let new = range(hunk.iter().map(DiffOp::new_range).collect());
    format!("@@ -{old} +{new} @@")
}

/// A path as it stands in a diff: quoted like a string of C where it must be, and with a tab
/// behind it where blanks in it could be taken for its end.
fn file_name(side: &str, path: &str) -> Cow<'static, str> {
    let name = format!("{side}/{}", path.trim_start_matches('/'));
    if name.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
        return format!("\"{}\"", name.escape_default()).into();
    }
    match name.contains(' ') {
        true => format!("{name}\t").into(),
        false => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(path: &str, old: &str, new: &str) -> String {
        let mut out = Vec::new();
        write_diff(&mut out, path, old, new).expect("memory takes all");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn diffs_are_those_of_git() {
        assert_eq!(diff("a.sh", "x\n", "x\n"), "");
        insta::assert_snapshot!(diff("a.sh", "1\n2\n3\n4\n5\r\n6", "1\n2\n3\n4\nfive\r\n6").replace('\r', "<CR>"), @r"
        --- a/a.sh
        +++ b/a.sh
        @@ -2,5 +2,5 @@
         2
         3
         4
        -5<CR>
        +five<CR>
         6
        \ No newline at end of file
        ");
        assert!(
            diff("/tmp/a b", "1", "").contains("--- a/tmp/a b\t\n+++ b/tmp/a b\t\n@@ -1 +0,0 @@\n")
        );
        assert!(diff("a\"b", "1", "2").starts_with("--- \"a/a\\\"b\"\n"));
    }

    #[test]
    fn previews_show_no_secret_and_nothing_that_a_terminal_obeys() {
        let (old, new) = ("k=secret\u{1b}\n", "k=secret&x=1\n");
        let secrets = [Span::new(2, 8)];
        let mut out = Vec::new();
        let side = |text| Side { text, secrets: &secrets };
        write_preview(&mut out, side(old), side(new), false).expect("memory takes all");
        let shown = String::from_utf8(out).expect("it is text");
        assert_eq!(shown, "@@ -1 +1 @@\n-k=******␛\n+k=******&x=1\n");
    }
}
