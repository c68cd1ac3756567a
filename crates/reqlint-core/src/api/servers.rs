//! Reads where an API is served.

use super::document::Compiler;
use super::library::At;

/// How many origins the values of variables may make.
const MAX_ORIGINS: usize = 64;

/// Where an API is served.
#[derive(Debug, Default)]
pub(super) struct Servers {
    /// Scheme, host and port; variables that can be anything stand there as `{name}`.
    pub(super) origins: Vec<String>,
    /// The different paths of the servers, without a slash at the end, that of the first one first.
    pub(super) bases: Vec<String>,
}

/// Reads `servers`.
pub(super) fn read_servers<'d>(compiler: &mut Compiler<'d>, node: Option<At<'d>>) -> Servers {
    let mut servers = Servers::default();
    for server in node.into_iter().flat_map(At::items) {
        let Some(url) = server.get("url") else {
            let message = "a server needs a `url`";
            compiler.mistake(server, server.node.span, message, "write `- url: https://…`");
            continue;
        };
        let Some(url) = compiler.text(url) else { continue };
        check_variables(compiler, server, url.text, url.span);
        for url in filled(server, url.text) {
            let (origin, path) = split_url(&url);
            if !origin.is_empty() && !servers.origins.iter().any(|known| known == origin) {
                servers.origins.push(origin.to_owned());
            }
            let base = path.trim_end_matches('/');
            if !servers.bases.iter().any(|known| known == base) {
                servers.bases.push(base.to_owned());
            }
        }
    }
    servers
}

fn check_variables(
    compiler: &mut Compiler<'_>,
    server: At<'_>,
    url: &str,
    span: crate::span::Span,
) {
    let mut rest = url;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        rest = after;
        let variables = server.get("variables");
        if variables.and_then(|variables| variables.get(name)).is_some() {
            continue;
        }
        let names: Vec<&str> =
            variables.map(At::entries).unwrap_or_default().iter().map(|e| e.key.as_str()).collect();
        let message = format!("the server has no variable `{name}`");
        let help = match names.as_slice() {
            [] => Some(format!("add `variables: {{ {name}: {{ default: … }} }}`")),
            names => crate::rule::load::mistakes::expected(name, names),
        };
        compiler.mistakes[server.file].add(span, message, help);
    }
}

/// The URLs of a server: one for each choice of values of its variables. A variable without a list
/// of values can be anything, so it stays as it is; in the path, its default comes before that.
fn filled(server: At<'_>, url: &str) -> Vec<String> {
    let mut urls = vec![url.to_owned()];
    for variable in server.get("variables").map(At::entries).unwrap_or_default() {
        let name = format!("{{{}}}", variable.key);
        let default = variable.value.get("default").and_then(|node| node.text());
        let values = variable.value.get("enum").and_then(|node| node.items()).unwrap_or_default();
        let mut values: Vec<&str> = values.iter().filter_map(|node| node.text()).collect();
        if let Some(default) = default {
            // The default comes first, so that its path is that of the operations.
            values.retain(|value| *value != default);
            values.insert(0, default);
        }
        let is_free = variable.value.get("enum").is_none();
        let is_in_origin = split_url(url).0.contains(&name);
        if is_free && !values.is_empty() {
            values.push(&name);
        }
        let is_too_many = urls.len() * values.len() > MAX_ORIGINS;
        if (is_free && is_in_origin) || values.is_empty() || is_too_many {
            continue;
        }
        let fill = |url: &String| -> Vec<String> {
            values.iter().map(|value| url.replace(&name, value)).collect()
        };
        urls = urls.iter().flat_map(fill).collect();
    }
    urls
}

/// Origin and path of a URL; the origin is empty where it is relative.
fn split_url(url: &str) -> (&str, &str) {
    let Some(host) = url.find("://").map(|at| at + 3) else { return ("", url) };
    let path = url[host..].find('/').map_or(url.len(), |at| host + at);
    url.split_at(path)
}
