//! Origins, and whether a request goes to a server of a pack.

use crate::layer::{Layers, Place};
use crate::model::Url;
use std::borrow::Cow;

/// Where a request goes, as far as it is written: an origin (RFC 6454), perhaps without a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin<'t> {
    /// Whether the scheme is one of HTTP; none where it is not written.
    http: Option<bool>,
    /// The host as it is looked up, without regard to case.
    host: Cow<'t, str>,
    /// None where it is the default of the scheme.
    port: Option<u16>,
}

impl<'t> Origin<'t> {
    /// The origin of an absolute URL; none where that is malformed.
    ///
    /// A variable of a server (`{region}`) stands in its host as it is.
    pub(crate) fn parse(url: &str) -> Option<Origin<'static>> {
        if url.contains('{') {
            let (scheme, host) = url.split_once("://")?;
            let http = Some(matches!(scheme, "http" | "https"));
            return Some(Origin { http, host: Cow::Owned(host.to_owned()), port: None });
        }
        let url = url::Url::parse(url).ok()?;
        Some(Origin {
            http: Some(matches!(url.scheme(), "http" | "https")),
            host: Cow::Owned(url.host_str()?.to_owned()),
            port: url.port(),
        })
    }

    /// The origin of a request; none where any of it is not known before run time.
    pub(crate) fn of(layers: &'t Layers<'_>, url: &Url) -> Option<Origin<'t>> {
        let place = url.host.filter(|host| url.origin_hole.is_none() && !layers.has_hole(*host))?;
        let host = layers.text(place);
        if host.contains(['{', '<', '$']) {
            return None;
        }
        let scheme = url.scheme.map(|scheme| layers.text(scheme));
        let port = url.port.map(|port| layers.text(port)).filter(|port| !port.is_empty());
        let Some(scheme) = scheme else {
            // A port tells another server, whatever the scheme.
            let host = port.map_or(host.into(), |port| format!("{host}:{port}").into());
            return Some(Origin { http: None, host, port: None });
        };
        let default = match scheme {
            "https" => Some("443"),
            "http" => Some("80"),
            _ => None,
        };
        if default.is_some() && is_plain(host) && port.is_none_or(|port| Some(port) == default) {
            return Some(Origin { http: Some(true), host: host.into(), port: None });
        }
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let unparsed = || Origin { http: Some(false), host: host.into(), port: None };
        Some(Origin::parse(&format!("{scheme}://{host}{port}")).unwrap_or_else(unparsed))
    }

    /// The origin that a `Host` field names, as it stands in messages whose target is a path.
    pub(crate) fn of_host(layers: &'t Layers<'_>, field: Place) -> Option<Origin<'t>> {
        let host = layers.text(field);
        let known = !layers.has_hole(field) && !host.is_empty() && !host.contains(['{', '<', '$']);
        known.then(|| Origin { http: None, host: host.into(), port: None })
    }

    /// Host and port, in one spelling.
    pub(crate) fn server(&self) -> String {
        let host = self.host.to_ascii_lowercase();
        self.port.map_or(host.clone(), |port| format!("{host}:{port}"))
    }

    /// Whether a request to `other` meets the API at this origin. Any scheme of HTTP does:
    /// `http://` instead of `https://` is another origin, but the same API.
    pub(crate) fn is_api_of(&self, other: &Origin<'_>) -> bool {
        let host = match self.host.contains('{') {
            true => fits_variables(&self.host.to_lowercase(), &other.host.to_lowercase()),
            false => self.host.eq_ignore_ascii_case(&other.host),
        };
        match other.http {
            // Without a scheme, a port is written beside the host.
            None => match self.port {
                Some(_) => other.host.eq_ignore_ascii_case(&self.server()),
                None => host,
            },
            Some(http) => host && http && self.http == Some(true) && self.port == other.port,
        }
    }
}

/// Whether a host is one that the variables of a server can make: each stands for a text without
/// dots.
fn fits_variables(server: &str, host: &str) -> bool {
    let mut pieces = server.split('{');
    let Some(mut rest) = host.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut literals = pieces.filter_map(|piece| piece.split_once('}')).peekable();
    while let Some((_, literal)) = literals.next() {
        let end = match literal.is_empty() {
            true => Some(rest.len()),
            false if literals.peek().is_none() => rest.len().checked_sub(literal.len()),
            false => rest.find(literal),
        };
        let Some(end) = end.filter(|end| *end > 0 && rest.is_char_boundary(*end)) else {
            return false;
        };
        if rest[..end].contains('.') || !rest[end..].starts_with(literal) {
            return false;
        }
        rest = &rest[end + literal.len()..];
    }
    rest.is_empty()
}

/// Whether a host is a name that no parser changes but for its case: not a number in disguise, not
/// encoded, not international.
fn is_plain(host: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let last = host.rsplit('.').next().unwrap_or(host);
    host.bytes().all(allowed)
        && last.starts_with(|first: char| first.is_ascii_alphabetic())
        && !host.contains("xn--")
}
