//! Run-time variables in the strings of programs: what reads the environment there.

use super::{CannotEncode, Chunk, write_quoted};
use crate::layer::{Language, Quoting};

/// A string literal in which a part is replaced, or all of it.
pub(super) struct Literal<'t> {
    /// The literal up to the part, with its prefix and the opening quote.
    pub(super) before: &'t str,
    /// What stands behind the part, with the closing quote.
    pub(super) behind: &'t str,
    pub(super) quoting: Quoting,
    pub(super) language: Language,
}

impl Literal<'_> {
    /// The literal as it is written with the new part.
    ///
    /// # Errors
    /// That it cannot be written exactly.
    pub(super) fn with(&self, new: &[Chunk]) -> Result<String, CannotEncode> {
        let Literal { before, behind, quoting, language } = *self;
        let quote = quoting.quote;
        let opening = before.find(quote).ok_or(CannotEncode::NoVariables)?;
        let prefix = before[..opening].to_ascii_lowercase();
        let (start, end) = (&before[opening..], behind);
        let is_all = start.chars().all(|c| c == quote) && end.chars().all(|c| c == quote);
        if let ([Chunk::Variable(name)], true) = (new, is_all) {
            return Ok(match language {
                Language::JavaScript => format!("process.env.{name}"),
                Language::Python => format!("os.environ[\"{name}\"]"),
            });
        }
        match (language, prefix.as_str()) {
            (Language::JavaScript, "") if quote == '`' => {
                let part = part(new, quoting, |name| format!("${{process.env.{name}}}"))?;
                Ok(format!("{before}{part}{behind}"))
            }
            (Language::JavaScript, "") => {
                let inside = [&start[1..], end.strip_suffix(quote).unwrap_or(end)];
                // A template has no octal escapes.
                if inside.iter().any(|text| has_octal(text)) {
                    return Err(CannotEncode::NoVariables);
                }
                let template = Quoting { quote: '`', lines: true, ..quoting };
                let part = part(new, template, |name| format!("${{process.env.{name}}}"))?;
                let [before, behind] =
                    inside.map(|text| text.replace('`', "\\`").replace("${", "\\${"));
                Ok(format!("`{before}{part}{behind}`"))
            }
            (Language::Python, "" | "u" | "f") => {
                let other = if quote == '"' { '\'' } else { '"' };
                let formatted = Quoting { braces: true, ..quoting };
                let read = |name: &str| format!("{{os.environ[{other}{name}{other}]}}");
                let part = part(new, formatted, read)?;
                if prefix == "f" {
                    return Ok(format!("{before}{part}{behind}"));
                }
                // The name of a character stands in braces of its own.
                if start.contains("\\N{") || end.contains("\\N{") {
                    return Err(CannotEncode::NoVariables);
                }
                let [start, end] =
                    [start, end].map(|text| text.replace('{', "{{").replace('}', "}}"));
                Ok(format!("f{start}{part}{end}"))
            }
            _ => Err(CannotEncode::NoVariables),
        }
    }
}

/// The new part, inside of the quotes.
fn part(
    new: &[Chunk],
    quoting: Quoting,
    read: impl Fn(&str) -> String,
) -> Result<String, CannotEncode> {
    let mut written = String::new();
    for chunk in new {
        match chunk {
            Chunk::Text(text) => written.push_str(&write_quoted(quoting, text)?),
            Chunk::Variable(name) => written.push_str(&read(name)),
            Chunk::Hole(hole) => written.push_str(hole),
        }
    }
    Ok(written)
}

fn has_octal(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Escape;

    fn with(language: Language, before: &str, new: &[Chunk], behind: &str) -> Option<String> {
        let quote = behind.chars().next_back().expect("a quote");
        let braces = before.starts_with('f');
        let quoting = Quoting { quote, escape: Escape::Backslash, lines: quote == '`', braces };
        Literal { before, behind, quoting, language }.with(new).ok()
    }

    #[test]
    fn programs_read_the_environment_in_their_own_way() {
        let key = [Chunk::Variable("K".to_owned())];
        let both = [Chunk::Text("a{`".to_owned()), Chunk::Variable("K".to_owned())];
        let cases = [
            (Language::Python, "'", &key[..], "'", Some("os.environ[\"K\"]")),
            (Language::Python, "\"\"\"", &key, "\"\"\"", Some("os.environ[\"K\"]")),
            (Language::Python, "\"Bearer ", &key, "\"", Some("f\"Bearer {os.environ['K']}\"")),
            (Language::Python, "f'{x} ", &key, "'", Some("f'{x} {os.environ[\"K\"]}'")),
            (Language::Python, "'{} ", &key, "{'", Some("f'{{}} {os.environ[\"K\"]}{{'")),
            (Language::Python, "'", &both, "'", Some("f'a{{`{os.environ[\"K\"]}'")),
            (Language::Python, "'\\N{DASH}", &key, "'", None),
            (Language::Python, "r'a", &key, "'", None),
            (Language::JavaScript, "'", &key, "'", Some("process.env.K")),
            (Language::JavaScript, "'Bearer ", &key, "'", Some("`Bearer ${process.env.K}`")),
            (Language::JavaScript, "\"`${ ", &key, "\"", Some("`\\`\\${ ${process.env.K}`")),
            (Language::JavaScript, "`${x} ", &key, "`", Some("`${x} ${process.env.K}`")),
            (Language::JavaScript, "'", &both, "'", Some("`a{\\`${process.env.K}`")),
            (Language::JavaScript, "'\\101", &key, "'", None),
        ];
        for (language, before, new, behind, expected) in cases {
            let written = with(language, before, new, behind);
            assert_eq!(written.as_deref(), expected, "{before}…{behind}");
        }
    }
}
