//! Reads how callers identify themselves.

use super::document::{Document, entries};
use super::{SchemeKind, SecurityScheme};
use crate::rule::load::mistakes::{Mistakes, expected};
use crate::rule::node::{Entry, Node};

/// The names of all security schemes, also of those that no credential of a request shows.
pub(super) type SchemeNames = Vec<String>;

/// The schemes of `components/securitySchemes`, and the names of all of them.
pub(super) fn read_schemes(
    document: Document<'_>,
    mistakes: &mut Mistakes,
) -> (Vec<SecurityScheme>, SchemeNames) {
    let all = document.at(&["components", "securitySchemes"]).map(entries).unwrap_or_default();
    let mut schemes = Vec::new();
    for entry in all {
        let Some(node) = document.resolve(&entry.value, mistakes) else { continue };
        if let Some(kind) = read_kind(entry, node, mistakes) {
            schemes.push(SecurityScheme { name: entry.key.clone(), kind });
        }
    }
    (schemes, all.iter().map(|entry| entry.key.clone()).collect())
}

/// Where the credential of a scheme stands (OpenAPI 3.1, section 4.8.27). None where reqlint
/// cannot see it, as with certificates.
fn read_kind(entry: &Entry, node: &Node, mistakes: &mut Mistakes) -> Option<SchemeKind> {
    let word = |key: &str| node.get(key).and_then(Node::text);
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
                mistakes.add(entry.key_span, message, help);
            }
            kind
        }
        Some("http") => match word("scheme").map(str::to_ascii_lowercase).as_deref() {
            Some("bearer") => Some(SchemeKind::Bearer),
            Some("basic") => Some(SchemeKind::Basic),
            _ => None,
        },
        Some("oauth2" | "openIdConnect") => Some(SchemeKind::Bearer),
        Some("mutualTLS") => None,
        other => {
            let types = ["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"];
            let span = node.get("type").map_or(entry.key_span, |node| node.span);
            let message = format!("the security scheme `{}` has no known `type`", entry.key);
            mistakes.add(span, message, expected(other.unwrap_or_default(), &types));
            None
        }
    }
}

/// The names under `security`; none where a request without any is accepted.
pub(super) fn read_security(
    node: &Node,
    schemes: &SchemeNames,
    mistakes: &mut Mistakes,
) -> Vec<String> {
    let alternatives = node.items().unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    let mut is_optional = false;
    for alternative in alternatives {
        let needed = entries(alternative);
        is_optional |= needed.is_empty();
        for entry in needed {
            if !schemes.contains(&entry.key) {
                let message = format!("there is no security scheme `{}`", entry.key);
                mistakes.add(entry.key_span, message, expected(&entry.key, schemes));
            } else if !names.contains(&entry.key) {
                names.push(entry.key.clone());
            }
        }
    }
    if is_optional { Vec::new() } else { names }
}
