//! `--server ORIGIN=PACK` and `[servers]`: which pack speaks about a server, whatever packs say
//! themselves.

use crate::config::Config;
use crate::packs::Unusable;
use crate::select::unknown;
use reqlint_core::pack::Pack;
use reqlint_core::rule::node::Mistake;

/// Origins with the packs that speak about them; each origin once.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    pairs: Vec<(String, String)>,
}

impl Servers {
    /// Reads what the file says, and what was written as `ORIGIN=PACK` on the command line. Of
    /// two packs for one origin the last one counts.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn new(
        config: &Config,
        written: &[String],
        packs: &[Pack],
    ) -> Result<Self, Unusable> {
        let mut servers = Servers::default();
        let mut mistakes = Vec::new();
        for (origin, pack) in &config.servers {
            match (read_origin(&origin.text), read_pack(&pack.text, packs)) {
                (Ok(origin), Ok(pack)) => servers.add(origin, pack),
                (read, named) => {
                    let wrong = [(origin, read.err()), (pack, named.err())];
                    mistakes.extend(wrong.into_iter().filter_map(|(written, why)| {
                        let why = why?;
                        let (message, help) = why.split_once("; ").unwrap_or((&why, "remove it"));
                        let (message, help) = (message.to_owned(), Some(help.to_owned()));
                        Some(Mistake { span: written.span, message, help })
                    }));
                }
            }
        }
        config.complain(mistakes)?;
        servers.add_written(written, packs).map_err(Unusable::Failed)?;
        Ok(servers)
    }

    fn add_written(&mut self, written: &[String], packs: &[Pack]) -> Result<(), Vec<String>> {
        let mut failures = Vec::new();
        for one in written {
            let pair = one.rsplit_once('=').ok_or_else(|| {
                format!("`--server {one}` names no pack; write `--server ORIGIN=PACK`")
            });
            let pair = pair.and_then(|(origin, pack)| {
                Ok((read_origin(origin.trim())?, read_pack(pack.trim(), packs)?))
            });
            match pair {
                Ok((origin, pack)) => self.add(origin, pack),
                Err(failure) => failures.push(failure),
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(failures) }
    }

    fn add(&mut self, origin: String, pack: String) {
        self.pairs.retain(|(known, _)| *known != origin);
        self.pairs.push((origin, pack));
    }

    /// Each origin with the name of its pack.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(origin, pack)| (origin.as_str(), pack.as_str()))
    }
}

/// The name of a pack that can be bound to servers.
fn read_pack(name: &str, packs: &[Pack]) -> Result<String, String> {
    let Some(pack) = packs.iter().find(|known| known.name == name) else {
        let names: Vec<&str> = packs.iter().map(|pack| pack.name.as_str()).collect();
        return Err(unknown("pack", name, &names));
    };
    if pack.speaks_about_all() {
        return Err(format!(
            "pack `{name}` speaks about every server already; `servers:` in its pack.yaml binds it"
        ));
    }
    Ok(name.to_owned())
}

/// Scheme, host and port.
fn read_origin(written: &str) -> Result<String, String> {
    let (scheme, rest) = written.split_once("://").unwrap_or(("http", written));
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let known = matches!(scheme, "http" | "https");
    if !known || host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
        return Err(format!(
            "`{written}` is no origin; write scheme, host and port, as `http://localhost:8080`"
        ));
    }
    Ok(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_scheme_host_and_port() {
        assert_eq!(read_origin("http://localhost:8080/"), Ok("http://localhost:8080".to_owned()));
        assert_eq!(read_origin("localhost:8080"), Ok("http://localhost:8080".to_owned()));
        assert_eq!(read_origin("http://[::1]:9"), Ok("http://[::1]:9".to_owned()));
        for wrong in ["", "http://", "ftp://a", "http://a/b", "http://u@a"] {
            assert!(read_origin(wrong).is_err(), "{wrong}");
        }
    }
}
