//! `--interactive`: shows each fix, and makes those that are wanted.

use crate::source::Source;
use anstream::ColorChoice;
use reqlint_core::apply::{Applied, Check, Fixed, MOST_ROUNDS, Refused, apply, best_fix};
use reqlint_core::diagnostic::{Diagnostic, Fix, Safety};
use reqlint_core::parse::parse;
use reqlint_core::secret::find_secrets;
use reqlint_core::span::Span;
use reqlint_report::diff::{Side, write_preview};
use reqlint_report::visible;
use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};

/// Asks at the terminal. What was said of all fixes holds for the sources that follow.
pub(crate) struct Asker {
    rest: Cell<Rest>,
    /// What is made without asking, when all is wanted.
    most: Safety,
}

/// What happens to what was not asked about yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Ask,
    Fix,
    Leave,
}

/// What somebody said to a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// The fix with that number, from 0.
    Yes(usize),
    /// That one, and then all that are safe enough.
    All(usize),
    No,
    Quit,
}

/// What tells a diagnostic from others after the text around it changed.
type Key = (String, String, Vec<String>);

impl Asker {
    /// # Errors
    /// Why nobody can be asked.
    pub(crate) fn new(most: Safety, reads_standard_input: bool) -> Result<Self, String> {
        if reads_standard_input {
            let why = "`--interactive` cannot ask while standard input is what is checked";
            return Err(why.to_owned());
        }
        if !io::stdin().is_terminal() {
            let advice = "use `--fix`, or `--diff` to see what it would do";
            return Err(format!("`--interactive` needs a terminal to ask at; {advice}"));
        }
        Ok(Asker { rest: Cell::new(Rest::Ask), most })
    }

    /// Fixes a source, one fix after the other.
    ///
    /// # Errors
    /// What a fix that was wanted would break.
    pub(crate) fn fix(&self, source: &Source, check: Check<'_>) -> Result<Fixed, Refused> {
        let mut fixed = Fixed { text: source.text.clone(), applied: Vec::new(), unfinished: false };
        let mut left: HashMap<Key, usize> = HashMap::new();
        let mut unasked = None;
        while self.rest.get() != Rest::Leave {
            let document = parse(&fixed.text, source.kind);
            let diagnostics = check(&document);
            let secrets = find_secrets(&document);
            drop(document);
            let Some((diagnostic, fixes)) = next(&diagnostics, &left) else { break };
            let bound = *unasked.get_or_insert(diagnostics.len() * MOST_ROUNDS);
            if self.rest.get() == Rest::Fix && fixed.applied.len() >= bound {
                fixed.unfinished = true;
                break;
            }
            let preview = Preview { source, text: &fixed.text, secrets: &secrets };
            let number = match self.answer(&preview, diagnostic, &fixes) {
                Answer::Yes(number) => number,
                Answer::All(number) => {
                    self.rest.set(Rest::Fix);
                    number
                }
                Answer::Quit => {
                    self.rest.set(Rest::Leave);
                    continue;
                }
                Answer::No => {
                    *left.entry(key(diagnostic)).or_default() += 1;
                    continue;
                }
            };
            let fix = fixes[number];
            fixed.text = apply(&fixed.text, source.kind, &[(diagnostic, fix)])?;
            fixed.applied.push(Applied::new(diagnostic, fix));
        }
        Ok(fixed)
    }

    fn answer(&self, preview: &Preview<'_>, diagnostic: &Diagnostic, fixes: &[&Fix]) -> Answer {
        let number_of = |best: &Fix| fixes.iter().position(|fix| *fix == best);
        if self.rest.get() == Rest::Fix {
            let best = best_fix(diagnostic, self.most).and_then(number_of);
            return best.map_or(Answer::No, Answer::Yes);
        }
        let best = best_fix(diagnostic, Safety::Unsafe).and_then(number_of).unwrap_or(0);
        // Nobody can answer what cannot be shown.
        if preview.show(diagnostic, fixes).is_err() {
            return Answer::Quit;
        }
        loop {
            let mut line = String::new();
            match prompt(fixes.len(), best).and_then(|()| io::stdin().read_line(&mut line)) {
                Ok(0) | Err(_) => return Answer::Quit,
                Ok(_) => {}
            }
            match read_answer(line.trim(), fixes.len(), best) {
                Some(answer) => return answer,
                None => explain(fixes.len(), best),
            }
        }
    }
}

/// The first diagnostic with fixes that nobody declined, and its fixes.
fn next<'d>(
    diagnostics: &'d [Diagnostic],
    left: &HashMap<Key, usize>,
) -> Option<(&'d Diagnostic, Vec<&'d Fix>)> {
    let mut met: HashMap<Key, usize> = HashMap::new();
    diagnostics.iter().find_map(|diagnostic| {
        let count = met.entry(key(diagnostic)).or_default();
        *count += 1;
        if left.get(&key(diagnostic)).is_some_and(|declined| *count <= *declined) {
            return None;
        }
        let fixes = diagnostic.fixes.iter();
        let fixes: Vec<&Fix> =
            fixes.filter(|fix| fix.safety < Safety::Manual && !fix.edits.is_empty()).collect();
        (!fixes.is_empty()).then_some((diagnostic, fixes))
    })
}

fn key(diagnostic: &Diagnostic) -> Key {
    let titles = diagnostic.fixes.iter().map(|fix| fix.title.clone()).collect();
    (diagnostic.rule.clone(), diagnostic.message.clone(), titles)
}

fn read_answer(line: &str, count: usize, best: usize) -> Option<Answer> {
    match line.to_ascii_lowercase().as_str() {
        "y" | "yes" => Some(Answer::Yes(best)),
        "n" | "no" => Some(Answer::No),
        "a" | "all" => Some(Answer::All(best)),
        "q" | "quit" => Some(Answer::Quit),
        number => match number.parse::<usize>() {
            Ok(number) if (1..=count).contains(&number) => Some(Answer::Yes(number - 1)),
            _ => None,
        },
    }
}

fn prompt(count: usize, best: usize) -> io::Result<()> {
    let mut out = io::stderr().lock();
    match count {
        1 => write!(out, "Fix this? [y,n,a,q,?] ")?,
        _ => write!(out, "Fix this? [1-{count},y={},n,a,q,?] ", best + 1)?,
    }
    out.flush()
}

fn explain(count: usize, best: usize) {
    let mut lines = vec!["y - make this fix".to_owned()];
    if count > 1 {
        lines = vec![
            format!("1 to {count} - make the fix with that number"),
            format!("y - make fix {}", best + 1),
        ];
    }
    lines.extend([
        "n - leave this as it is".to_owned(),
        "a - make this fix, and then all safe ones without asking".to_owned(),
        "q - leave this and all that follow; what was fixed stays".to_owned(),
    ]);
    for line in lines {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

/// The text that fixes are shown in.
struct Preview<'p> {
    source: &'p Source,
    text: &'p str,
    secrets: &'p [Span],
}

impl Preview<'_> {
    fn show(&self, diagnostic: &Diagnostic, fixes: &[&Fix]) -> io::Result<()> {
        let stderr = io::stderr();
        let color = anstream::AutoStream::choice(&stderr) != ColorChoice::Never;
        let mut out = stderr.lock();
        let start = diagnostic.labels.first().map_or(0, |label| label.span.start());
        let line = self.text[..start].matches('\n').count() + 1;
        let head = format!(
            "{}:{line}: {}[{}] {}",
            self.source.path,
            diagnostic.severity.name(),
            diagnostic.rule,
            diagnostic.message,
        );
        writeln!(out, "\n{}", visible::line(&head, true))?;
        for (number, fix) in fixes.iter().enumerate() {
            let mark = if fixes.len() > 1 { format!("{}) ", number + 1) } else { String::new() };
            let title = format!("{mark}{} ({})", fix.title, fix.safety.name());
            writeln!(out, "{}", visible::line(&title, true))?;
            let new = fix.apply(self.text);
            let secrets = find_secrets(&parse(&new, self.source.kind));
            let old = Side { text: self.text, secrets: self.secrets };
            write_preview(&mut out, old, Side { text: &new, secrets: &secrets }, color)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_letters_words_or_numbers() {
        let read = |line| read_answer(line, 3, 1);
        assert_eq!(read("y"), Some(Answer::Yes(1)));
        assert_eq!(read("3"), Some(Answer::Yes(2)));
        assert_eq!(read("No"), Some(Answer::No));
        assert_eq!(read("a"), Some(Answer::All(1)));
        assert_eq!(read("quit"), Some(Answer::Quit));
        assert_eq!([read(""), read("0"), read("4"), read("?"), read("yy")], [None; 5]);
    }
}
