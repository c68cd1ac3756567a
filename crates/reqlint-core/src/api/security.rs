//! Reads how callers identify themselves.

use super::document::Compiler;
use super::library::At;
use super::{SchemeKind, SecurityScheme};
use crate::rule::load::mistakes::expected;
use crate::rule::node::Entry;

/// The names of all security schemes, each with whether a request shows its credential.
pub(super) type SchemeNames = Vec<(String, bool)>;

/// The schemes of `components/securitySchemes`, and the names of all of them.
pub(super) fn read_schemes<'d>(
    compiler: &mut Compiler<'d>,
    root: At<'d>,
) -> (Vec<SecurityScheme>, SchemeNames) {
    let all = root.get("components").and_then(|components| components.get("securitySchemes"));
    let mut schemes = Vec::new();
    let mut names = Vec::new();
    let Some(all) = all else { return (schemes, names) };
    for entry in all.entries() {
        let node = compiler.resolve(all.beside(&entry.value));
        let kind = node.and_then(|node| read_kind(compiler, entry, node));
        names.push((entry.key.clone(), kind.is_some()));
        if let Some(kind) = kind {
            schemes.push(SecurityScheme { name: entry.key.clone(), kind });
        }
    }
    (schemes, names)
}

/// Where the credential of a scheme stands (OpenAPI 3.1, section 4.8.27). None where reqlint
/// cannot see it, as with certificates.
fn read_kind<'d>(
    compiler: &mut Compiler<'d>,
    entry: &'d Entry,
    node: At<'d>,
) -> Option<SchemeKind> {
    let word = |key: &str| node.get(key).and_then(|at| at.node.text());
    match word("type") {
        Some("apiKey") => {
            let name = word("name").map(str::to_owned);
            let place = word("in").zip(name);
            let kind = place.and_then(|(place, name)| match place {
                "header" => Some(SchemeKind::Header(name)),
                "query" => Some(SchemeKind::Query(name)),
                "cookie" => Some(SchemeKind::Cookie(name)),
                _ => None,
            });
            if kind.is_none() {
                let message =
                    format!("the security scheme `{}` does not say where the key is", entry.key);
                let help = "write `in: header`, `query` or `cookie`, and its `name`";
                compiler.mistake(node, entry.key_span, &message, help);
            }
            kind
        }
        Some("http") => match word("scheme").map(str::to_ascii_lowercase).as_deref() {
            Some("bearer") => Some(SchemeKind::Bearer),
            Some("basic") => Some(SchemeKind::Basic),
            Some(_) => None,
            None => {
                let message = format!("the security scheme `{}` has no `scheme`", entry.key);
                let help = "write `scheme: bearer` or `scheme: basic`";
                compiler.mistake(node, entry.key_span, &message, help);
                None
            }
        },
        Some("oauth2" | "openIdConnect") => Some(SchemeKind::Bearer),
        Some("mutualTLS") => None,
        other => {
            let types = ["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"];
            let span = node.get("type").map_or(entry.key_span, |at| at.node.span);
            let message = format!("the security scheme `{}` has no known `type`", entry.key);
            let help = expected(other.unwrap_or_default(), &types);
            compiler.mistakes[node.file].add(span, message, help);
            None
        }
    }
}

/// The lists of names under `security`; none where a request without any is accepted, or where
/// what identifies the caller may be something that requests do not show.
pub(super) fn read_security<'d>(
    compiler: &mut Compiler<'d>,
    node: At<'d>,
    schemes: &SchemeNames,
) -> Vec<Vec<String>> {
    let mut lists: Vec<Vec<String>> = Vec::new();
    let mut is_optional = false;
    if node.node.items().is_none() {
        let message = format!("`security` is a list, not {}", node.node.kind());
        compiler.mistake(node, node.node.span, &message, "write `- name: []` for each scheme");
    }
    for alternative in node.items() {
        if alternative.node.mapping().is_none() {
            let message =
                format!("a security scheme is named by a key, not by {}", alternative.node.kind());
            let name = alternative.node.text().unwrap_or("name");
            let help = format!("write `{name}: []`");
            compiler.mistake(alternative, alternative.node.span, &message, &help);
            is_optional = true;
            continue;
        }
        let needed = alternative.entries();
        let mut names = Vec::new();
        is_optional |= needed.is_empty();
        for entry in needed {
            match schemes.iter().find(|(name, _)| *name == entry.key) {
                Some((name, true)) => names.push(name.clone()),
                Some((_, false)) => is_optional = true,
                None => {
                    let known: Vec<&str> = schemes.iter().map(|(name, _)| name.as_str()).collect();
                    let message = format!("there is no security scheme `{}`", entry.key);
                    let help = expected(&entry.key, &known);
                    compiler.mistakes[alternative.file].add(entry.key_span, message, help);
                    is_optional = true;
                }
            }
        }
        if !lists.contains(&names) {
            lists.push(names);
        }
    }
    if is_optional { Vec::new() } else { lists }
}
