//! One line for each diagnostic, for editors and `grep`.

use crate::Report;
use crate::locate::Lines;
use crate::secrets::Secrets;
use crate::visible::{escaped, shortened};
use std::io::{self, Write};

/// A message is cut in the middle beyond so many characters; JSON has it whole.
const MOST_MESSAGE: usize = 600;

/// Writes `path:line:column: severity[rule] message` for each diagnostic.
///
/// # Errors
/// What the writer says.
pub fn write_report(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    if report.diagnostics.is_empty() {
        return Ok(());
    }
    let lines = Lines::of(report);
    let secrets = Secrets::new(report.text, report.secrets);
    let path = escaped(report.path);
    for diagnostic in report.diagnostics {
        let at = lines.position(diagnostic.labels.first().map_or(0, |label| label.span.start()));
        let (severity, rule) = (diagnostic.severity.name(), escaped(&diagnostic.rule));
        let message = secrets.mask_words(&diagnostic.message);
        let message = shortened(&message, MOST_MESSAGE);
        let message = escaped(&message);
        writeln!(out, "{path}:{}:{}: {severity}[{rule}] {message}", at.line, at.column)?;
    }
    Ok(())
}
