//! A page about one API for people who never run the tool: its parts, and what goes wrong in each,
//! made from the rules of a pack. `docs/winninghunter.md` is one.

use reqlint_core::api::{Api, Operation};
use reqlint_core::pack::Pack;
use reqlint_core::rule::page::{Example, Outcome, Page};
use reqlint_core::rule::{Rule, Scope};
use std::io::{self, Write};

/// A part of an API that readers know by a name of its own.
#[derive(Clone, Debug)]
pub struct Surface {
    /// The tag of its operations in the description.
    pub tag: String,
    /// The heading.
    pub title: String,
    /// One sentence about it.
    pub summary: String,
}

/// Writes the page in Markdown: the pitfalls of each surface, then every pitfall in full.
///
/// # Errors
/// What the writer says.
pub fn write_guide(
    out: &mut dyn Write,
    pack: &Pack,
    pages: &[Page],
    surfaces: &[Surface],
    intro: &str,
) -> io::Result<()> {
    let guide = Guide { pack, pages, api: pack.api.as_ref() };
    writeln!(out, "{}", intro.trim_end())?;
    guide.contents(out, surfaces)?;
    writeln!(out, "\n## Every request\n")?;
    writeln!(out, "Wherever a request goes:\n")?;
    guide.list(out, |rule| guide.is_general(rule, surfaces))?;
    for surface in surfaces {
        guide.surface(out, surface, surfaces)?;
    }
    writeln!(out, "\n## The pitfalls one by one")?;
    pack.rules.iter().try_for_each(|rule| guide.pitfall(out, rule))
}

struct Guide<'g> {
    pack: &'g Pack,
    pages: &'g [Page],
    api: Option<&'g Api>,
}

impl Guide<'_> {
    fn contents(&self, out: &mut dyn Write, surfaces: &[Surface]) -> io::Result<()> {
        writeln!(out, "\n- [Every request](#every-request)")?;
        for surface in surfaces {
            writeln!(out, "- [{}](#{})", surface.title, anchor(&surface.title))?;
        }
        writeln!(out, "- [The pitfalls one by one](#the-pitfalls-one-by-one)")
    }

    fn surface(&self, out: &mut dyn Write, one: &Surface, all: &[Surface]) -> io::Result<()> {
        writeln!(out, "\n## {}\n\n{}\n", one.title, one.summary)?;
        let operations: Vec<&Operation> = self.operations(&one.tag).collect();
        let routes = operations.iter().filter(|operation| !has_tag(operation, "session"));
        let shown: Vec<&&Operation> = match routes.clone().next() {
            Some(_) => routes.collect(),
            None => operations.iter().collect(),
        };
        for path in paths(&shown) {
            let on_path = shown.iter().filter(|operation| operation.path == path);
            let methods: Vec<&str> = on_path.map(|operation| operation.method.as_str()).collect();
            writeln!(out, "- {} `{path}`", methods.join(" or "))?;
        }
        writeln!(out, "\nWhat goes wrong here:\n")?;
        self.list(out, |rule| !self.is_general(rule, all) && self.speaks_about(rule, &operations))
    }

    fn operations(&self, tag: &str) -> impl Iterator<Item = &Operation> {
        let all = self.api.map(|api| api.operations.as_slice()).unwrap_or_default();
        let tag = tag.to_owned();
        all.iter().filter(move |operation| has_tag(operation, &tag))
    }

    /// Whether a rule speaks about all surfaces, or about what has no surface.
    fn is_general(&self, rule: &Rule, surfaces: &[Surface]) -> bool {
        let about = |surface: &Surface| {
            self.speaks_about(rule, &self.operations(&surface.tag).collect::<Vec<_>>())
        };
        let count = surfaces.iter().filter(|surface| about(surface)).count();
        count == 0 || count == surfaces.len()
    }

    fn speaks_about(&self, rule: &Rule, operations: &[&Operation]) -> bool {
        rule.cases.iter().any(|case| {
            let takes =
                |operation: &&Operation| case.scope.iter().all(|scope| takes(scope, operation));
            operations.iter().any(takes)
        })
    }

    fn list(&self, out: &mut dyn Write, shown: impl Fn(&Rule) -> bool) -> io::Result<()> {
        for rule in self.pack.rules.iter().filter(|rule| shown(rule)) {
            writeln!(out, "- [{}](#{})", rule.summary, rule.id)?;
        }
        Ok(())
    }

    fn pitfall(&self, out: &mut dyn Write, rule: &Rule) -> io::Result<()> {
        writeln!(out, "\n### {}\n", rule.id)?;
        writeln!(
            out,
            "**{}** ({}, {}).\n",
            sentence(&rule.summary),
            rule.severity.name(),
            rule.consequence.name()
        )?;
        let Some(page) = self.pages.iter().find(|page| page.id == rule.id) else { return Ok(()) };
        writeln!(out, "{}", page.why.trim_end())?;
        let wrong = page.examples.iter().find(|example| example.outcome == Outcome::Bad);
        let right = page.examples.iter().find(|example| example.outcome == Outcome::Good);
        if let Some(example) = wrong {
            block(out, "Wrong", &example.text)?;
        }
        match (wrong.and_then(|example| example.fixed.first().map(String::as_str)), right) {
            (Some(fixed), _) => block(out, "Right", fixed)?,
            (None, Some(Example { text, .. })) => block(out, "Right", text)?,
            (None, None) => {}
        }
        let sources: Vec<String> = page
            .sources
            .iter()
            .map(|source| format!("{} ({})", source.doc, source.confidence))
            .collect();
        writeln!(out, "\nSource: {}.", sources.join(", "))
    }
}

/// Whether a scope takes an operation, whatever the server.
fn takes(scope: &Scope, operation: &Operation) -> bool {
    (scope.tags.is_empty() || scope.tags.iter().any(|tag| has_tag(operation, tag)))
        && (scope.operations.is_empty() || scope.operations.contains(&operation.id))
}

fn has_tag(operation: &Operation, tag: &str) -> bool {
    operation.tags.iter().any(|own| own == tag)
}

/// The paths of operations, each once, in order.
fn paths(operations: &[&&Operation]) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for operation in operations {
        if !paths.contains(&operation.path) {
            paths.push(operation.path.clone());
        }
    }
    paths
}

/// Lines that are longer than people read are cut.
const SHOWN: usize = 300;

fn block(out: &mut dyn Write, title: &str, text: &str) -> io::Result<()> {
    writeln!(out, "\n{title}:\n\n```text")?;
    for line in text.trim_end().lines() {
        match line.char_indices().nth(SHOWN) {
            Some((end, _)) => writeln!(out, "{}…", &line[..end])?,
            None => writeln!(out, "{line}")?,
        }
    }
    writeln!(out, "```")
}

/// A summary as a sentence: its first letter is a capital, unless code stands there.
fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// The anchor that Markdown readers give a heading.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}
