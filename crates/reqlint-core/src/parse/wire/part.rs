//! Parts of multipart bodies, with the fields that curl gives them.

use super::text::{base64, quote_name, type_of_name};
use super::{WirePart, Writer};
use crate::layer::{Codec, Hole, HoleKind, Place};
use crate::model::{FormPart, Request};

/// The media type of parts whose content is more parts.
const MIXED: &str = "multipart/mixed";

impl Writer<'_, '_> {
    /// The parts of a body (RFC 7578, and HTML for what a name may hold).
    pub(super) fn parts(&self, request: &Request) -> Vec<WirePart> {
        let media = request.headers_named(self.layers, "content-type").last();
        let media = media.map(|field| self.layers.text(field.value));
        let inside = inside_of(media.unwrap_or("multipart/form-data"));
        request.parts.iter().map(|part| self.part(part, inside)).collect()
    }

    fn part(&self, part: &FormPart, inside: Option<&str>) -> WirePart {
        let fields: Vec<(String, String)> =
            part.headers.iter().filter_map(|field| self.field(*field)).collect();
        let own = |wanted: &str| fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let media = part.media_type.map(|place| self.text(place));
        let written = media.or_else(|| own("content-type").map(|(_, value)| value.clone()));
        let media = written.or_else(|| self.guessed_type(part));
        let mut headers = Vec::new();
        let mut push = |name: &str, value: String| headers.push((name.to_owned(), value));
        if own("content-disposition").is_none()
            && let Some(disposition) = self.disposition(part, inside)
        {
            push("Content-Disposition", disposition);
        }
        if let Some(media) = &media {
            push("Content-Type", media.clone());
        }
        if let Some(place) = part.encoder
            && own("content-transfer-encoding").is_none()
        {
            push("Content-Transfer-Encoding", self.text(place));
        }
        let is_type = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
        headers.extend(fields.iter().filter(|field| !is_type(field)).cloned());
        let inside = inside_of(media.as_deref().unwrap_or_default());
        let parts = part.parts.iter().flatten().map(|part| self.part(part, inside)).collect();
        let body = if part.parts.is_some() { String::new() } else { self.part_body(part) };
        let is_foreign = |hole: Hole| match hole.kind {
            HoleKind::File => true,
            // The name of the standard input stands for what comes from there.
            HoleKind::Command => hole.span.len() == part.value.span.len() && part.file,
            _ => false,
        };
        let known = !self.layers.holes(part.value).any(is_foreign);
        WirePart { headers, body, known, parts }
    }

    /// A field that is written out. One that has no value, or fields in a file, are not known.
    fn field(&self, place: Place) -> Option<(String, String)> {
        let field = self.text(place);
        let (name, value) = match field.split_once(':') {
            Some((name, value)) => (name, value.trim()),
            None if self.layers.has_hole(place) => (&*field, ""),
            None => return None,
        };
        Some((name.to_owned(), value.to_owned()))
    }

    /// `Content-Disposition`: an attachment, unless another one is told by what the part is in.
    fn disposition(&self, part: &FormPart, inside: Option<&str>) -> Option<String> {
        let named = part.name.is_some() || part.filename.is_some();
        if inside.is_none() && !named {
            return None;
        }
        let mut disposition = inside.unwrap_or("attachment").to_owned();
        for (key, place) in [("name", part.name), ("filename", part.filename)] {
            if let Some(place) = place {
                let quoted = quote_name(&self.text(place), part.backslashes);
                disposition.push_str(&format!("; {key}=\"{quoted}\""));
            }
        }
        Some(disposition)
    }

    /// What curl takes a part to be by the name and the path of its file.
    fn guessed_type(&self, part: &FormPart) -> Option<String> {
        if part.parts.is_some() {
            return Some(MIXED.to_owned());
        }
        let path = self.file_of(part);
        let name = part.filename.map(|place| self.text(place));
        let known = name.as_deref().and_then(type_of_name).or(path.and_then(type_of_name));
        let default = name.as_ref().and(path).map(|_| "application/octet-stream");
        // Plain text goes without saying where it is no file.
        let plain = |media: &&str| *media != "text/plain" || name.is_some();
        known.or(default).filter(plain).map(str::to_owned)
    }

    /// The path of the file with the content of a part.
    fn file_of(&self, part: &FormPart) -> Option<&str> {
        if *self.layers.codec(part.value.layer) == Codec::Foreign {
            return Some(self.layers.text(self.layers.origin(part.value.layer)));
        }
        let hole = self.layers.holes(part.value).next()?;
        let is_whole = hole.span.len() == part.value.span.len();
        let is_file = is_whole && hole.kind == HoleKind::File;
        is_file.then(|| self.layers.text(part.value.sub(hole.span)))
    }

    /// The content of a part, in its transfer encoding (RFC 2045, section 6).
    fn part_body(&self, part: &FormPart) -> String {
        let encoder = part.encoder.map(|place| self.text(place).to_ascii_lowercase());
        let is_known = !self.layers.has_hole(part.value);
        match encoder.as_deref() {
            Some("base64") if is_known => {
                let encoded = base64(self.layers.text(part.value).as_bytes());
                let lines = encoded.as_bytes().chunks(76);
                let lines: Vec<_> = lines.map(String::from_utf8_lossy).collect();
                lines.join("\r\n")
            }
            Some("base64" | "quoted-printable") => {
                self.complete.set(false);
                let text = self.layers.text(part.value);
                (self.fill)(text, HoleKind::Computed).unwrap_or_else(|| text.to_owned())
            }
            _ => self.text(part.value),
        }
    }
}

/// What parts are that stand in something of this media type, where they are no attachments.
fn inside_of(media: &str) -> Option<&'static str> {
    let media = media.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("multipart/form-data").then_some("form-data")
}
