//! `--show-config`: what holds, as a `reqlint.toml` that says the same.

use super::{Config, Level, Written};
use crate::arguments::{FailOn, RuleChoice};
use clap::ValueEnum;
use std::io::{self, Write};

/// Writes the configuration with what the command line says instead or beside it.
///
/// # Errors
/// What the writer says.
pub(crate) fn show(
    out: &mut dyn Write,
    config: &Config,
    arguments: &RuleChoice,
    fail_on: Option<FailOn>,
) -> io::Result<()> {
    match &config.file {
        Some(file) => writeln!(out, "# {} and the command line", file.display())?,
        None => writeln!(out, "# no reqlint.toml; defaults and the command line")?,
    }
    let paths = config.rules.iter().chain(&arguments.files.paths);
    let paths: Vec<String> = paths.map(|path| path.display().to_string()).collect();
    list(out, "rules", &paths)?;
    let select = match arguments.select.is_empty() {
        true => texts(&config.select),
        false => arguments.select.clone(),
    };
    list(out, "select", &select)?;
    // A selection on the command line has the last word.
    let of_file = if arguments.select.is_empty() { texts(&config.ignore) } else { Vec::new() };
    list(out, "ignore", &[of_file, arguments.ignore.clone()].concat())?;
    list(out, "include", &config.include)?;
    list(out, "exclude", &config.exclude)?;
    let fail_on = fail_on.and_then(|level| level.to_possible_value());
    let fail_on = fail_on.map(|value| value.get_name().to_owned());
    let fail_on = fail_on.or_else(|| config.fail_on.clone());
    writeln!(out, "fail-on = {}", quoted(fail_on.as_deref().unwrap_or("warning")))?;
    let servers = config.servers.iter().map(|(origin, pack)| (&*origin.text, &*pack.text));
    let mapped = arguments.servers.iter().filter_map(|written| written.rsplit_once('='));
    table(out, "[servers]", servers.chain(mapped))?;
    let severity = config.severity.iter().map(|(rules, level)| (&*rules.text, level.name()));
    let chosen = arguments.severity.iter().filter_map(|written| written.rsplit_once('='));
    table(out, "[severity]", severity.chain(chosen))?;
    for files in &config.files {
        writeln!(out, "\n[[files]]")?;
        list(out, "paths", &files.paths)?;
        list(out, "ignore", &texts(&files.ignore))?;
        let levels: Vec<String> = files.severity.iter().map(pair).collect();
        if !levels.is_empty() {
            writeln!(out, "severity = {{ {} }}", levels.join(", "))?;
        }
    }
    Ok(())
}

fn texts(written: &[Written]) -> Vec<String> {
    written.iter().map(|written| written.text.clone()).collect()
}

fn pair((rules, level): &(Written, Level)) -> String {
    format!("{} = {}", quoted(&rules.text), quoted(level.name()))
}

fn list(out: &mut dyn Write, key: &str, texts: &[String]) -> io::Result<()> {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    writeln!(out, "{key} = [{}]", texts.join(", "))
}

/// A table; of two entries with one key the last one.
fn table<'e>(
    out: &mut dyn Write,
    head: &str,
    entries: impl Iterator<Item = (&'e str, &'e str)>,
) -> io::Result<()> {
    let mut last: Vec<(&str, &str)> = Vec::new();
    for (key, value) in entries {
        last.retain(|(known, _)| *known != key);
        last.push((key, value));
    }
    if last.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{head}")?;
    last.iter().try_for_each(|(key, value)| writeln!(out, "{} = {}", quoted(key), quoted(value)))
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(control)));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}
