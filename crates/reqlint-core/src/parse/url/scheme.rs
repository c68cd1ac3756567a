//! Slips in the scheme of a URL, which is read as it was meant: `htps://`, `http//`, `https;//`.

use crate::layer::{Codec, Layers, Place, Quote};
use crate::model::{Finding, FindingKind};
use crate::parse::placeholder::hide_holes;
use crate::span::Span;

/// Schemes that are none of `http` and `https`, though near to one of them or met in requests.
const OTHERS: [&str; 24] = [
    "ftp", "ftps", "sftp", "tftp", "smtp", "smtps", "rtmp", "rtmps", "rtsp", "ldap", "ldaps",
    "imap", "imaps", "pop3", "pop3s", "smb", "smbs", "ws", "wss", "file", "dict", "gopher", "ipfs",
    "ipns",
];

/// The URL with the scheme that was meant, if the written one is a slip.
pub(super) fn mend_scheme(
    layers: &mut Layers<'_>,
    whole: Place,
    findings: &mut Vec<Finding>,
) -> Place {
    let bytes = hide_holes(layers, whole, layers.text(whole));
    let Some((written, meant)) = find_slip(&bytes) else { return whole };
    let slip = whole.sub(written);
    let mut finding = Finding::new(FindingKind::MisspeltScheme, slip);
    let span = layers.root_span(slip);
    if layers.source().get(span.range()) == Some(layers.text(slip)) {
        finding.repair = vec![(span, meant.clone())];
    }
    findings.push(finding);
    let mut layer = layers.layer(Codec::Joined, whole);
    layer.escape(&meant, slip, Quote::None);
    layer.exact(whole.sub(Span::new(written.end(), whole.span.len())), Quote::None);
    let id = layer.finish();
    layers.whole(id)
}

/// The span of a slip at the start of a URL, and what was meant.
fn find_slip(bytes: &[u8]) -> Option<(Span, String)> {
    let rest = bytes.strip_prefix(b"https://").or_else(|| bytes.strip_prefix(b"http://"));
    if rest.is_some_and(|rest| !rest.starts_with(b"/") && !rest.starts_with(b"http")) {
        return None;
    }
    let end = bytes.iter().take(10).position(|byte| !byte.is_ascii_alphanumeric())?;
    let name = std::str::from_utf8(&bytes[..end]).ok()?.to_ascii_lowercase();
    let rest = &bytes[end..];
    let meant = match name.as_str() {
        "http" | "https" => name.clone(),
        name => nearest(name)?.to_owned(),
    };
    let slips: [&[u8]; 6] = [b"://", b":\\\\", b";//", b".//", b":////", b"//"];
    let separator = slips.into_iter().find(|slip| rest.starts_with(slip))?;
    let is_right = name == meant && separator == b"://";
    let doubled = [&b"http://"[..], b"https://"]
        .into_iter()
        .find(|second| is_right && rest[3..].starts_with(second));
    if let Some(second) = doubled {
        let second = std::str::from_utf8(second).ok()?;
        return Some((Span::new(0, end + 3 + second.len()), second.to_owned()));
    }
    let four = separator == b"://" && rest.starts_with(b":////");
    let length = if four { b":////".len() } else { separator.len() };
    // `name//x` is a path unless it says `http`.
    let is_name = separator != b"//" || name == meant;
    ((four || !is_right) && is_name).then(|| (Span::new(0, end + length), meant + "://"))
}

/// Which of `http` and `https` a name is a slip of: one letter too many, too few or wrong.
fn nearest(name: &str) -> Option<&'static str> {
    if OTHERS.contains(&name) || !(3..=6).contains(&name.len()) {
        return None;
    }
    let near = |known: &&str| strsim::damerau_levenshtein(name, known) == 1;
    ["https", "http"].into_iter().find(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_schemes() {
        let slip = |text: &str| find_slip(text.as_bytes()).map(|(span, meant)| (span.len(), meant));
        let http = |length| Some((length, "http://".to_owned()));
        let https = |length| Some((length, "https://".to_owned()));
        assert_eq!(slip("htps://h/"), https(7));
        assert_eq!(slip("httsp://h/"), https(8));
        assert_eq!(slip("htpp://h/"), http(7));
        assert_eq!(slip("http//h/"), http(6));
        assert_eq!(slip("https;//h/"), https(8));
        assert_eq!(slip("http:\\\\h"), http(7));
        assert_eq!(slip("http://https://h"), https(15));
        for good in
            ["http://h", "https://h", "ftp://h", "h//x", "wss://h", "localhost:80", "http:x", ""]
        {
            assert_eq!(slip(good), None, "{good}");
        }
    }
}
