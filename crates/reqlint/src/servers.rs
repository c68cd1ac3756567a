//! `--server ORIGIN=PACK`: which pack speaks about a server, whatever packs say themselves.

use crate::select::nearest;
use reqlint_core::pack::Pack;

/// Origins with the packs that speak about them; each origin once.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    pairs: Vec<(String, String)>,
}

impl Servers {
    /// Reads what was written as `ORIGIN=PACK`. Of two packs for one origin the last one counts.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn new(written: &[String], packs: &[Pack]) -> Result<Self, Vec<String>> {
        let mut servers = Servers::default();
        let mut failures = Vec::new();
        for one in written {
            let pair = one.rsplit_once('=').ok_or_else(|| {
                format!("`--server {one}` names no pack; write `--server ORIGIN=PACK`")
            });
            let pair = pair.and_then(|(origin, pack)| read_pair(origin, pack, packs));
            match pair {
                Ok((origin, pack)) => servers.add(origin, pack),
                Err(failure) => failures.push(failure),
            }
        }
        if failures.is_empty() { Ok(servers) } else { Err(failures) }
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

fn read_pair(origin: &str, pack: &str, packs: &[Pack]) -> Result<(String, String), String> {
    let origin = read_origin(origin.trim())?;
    let pack = pack.trim();
    let Some(found) = packs.iter().find(|known| known.name == pack) else {
        let names: Vec<&str> = packs.iter().map(|pack| pack.name.as_str()).collect();
        return Err(match nearest(pack, &names) {
            Some(near) => format!("there is no pack `{pack}`; did you mean `{near}`?"),
            None => format!("there is no pack `{pack}`; there are {}", names.join(", ")),
        });
    };
    if found.speaks_about_all() {
        return Err(format!(
            "pack `{pack}` speaks about every server already; `servers:` in its pack.yaml binds it"
        ));
    }
    Ok((origin, pack.to_owned()))
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
