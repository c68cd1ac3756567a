//! Variables of curl: `--variable name=text`, and `{{name:function}}` in what `--expand-…` takes.
//!
//! Follows `man curl`, section VARIABLES (curl 8.3 and later).

use crate::encode::escape_json;
use crate::layer::{Codec, HoleKind, Layers, Place, Quote};
use crate::parse::placeholder::hide_holes;
use crate::parse::wire::base64;
use crate::span::Span;

/// curl expands to no more than this many bytes.
const MOST: usize = 10_000_000;

/// The variables that were set so far.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Names, each with its text where that is written.
    known: Vec<(String, Option<Place>)>,
}

impl Variables {
    /// Sets what the argument of `--variable` says: `name=text`, `name@file`, `%NAME`.
    pub(super) fn set(&mut self, layers: &mut Layers<'_>, argument: Place) {
        let text = layers.share(argument);
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let imported = usize::from(text.starts_with('%'));
        let length = text[imported..].bytes().take_while(|byte| is_name(byte)).count();
        let end = imported + length;
        let rest = argument.sub(Span::new((end + 1).min(text.len()), text.len()));
        let content = match text.as_bytes().get(end) {
            Some(b'=') if imported == 0 => Some(rest).filter(|rest| !layers.has_hole(*rest)),
            Some(b'@') if imported == 0 => layers.file(rest),
            _ => None,
        };
        self.known.push((text[imported..end].to_owned(), content));
    }

    /// The argument with its variables replaced; those that are not known are holes.
    pub(super) fn expand(&self, layers: &mut Layers<'_>, argument: Place) -> Place {
        let text = layers.share(argument);
        let bytes = hide_holes(layers, argument, &text);
        let mut found = Vec::new();
        let mut at = 0;
        let mut length = text.len();
        while let Some(start) = memchr::memmem::find(&bytes[at..], b"{{").map(|start| at + start) {
            let Some(end) = memchr::memmem::find(&bytes[start..], b"}}") else { break };
            let end = start + end + 2;
            if start > 0 && bytes[start - 1] == b'\\' {
                // The backslash protects the braces, and goes.
                found.push((Span::new(start - 1, end), Some(text[start..end].to_owned())));
            } else {
                let value = self.value(layers, &text[start + 2..end - 2]);
                let value = value.filter(|value| length + value.len() <= MOST);
                length += value.as_ref().map_or(0, String::len);
                found.push((Span::new(start, end), value));
            }
            at = end;
        }
        if found.is_empty() {
            return argument;
        }
        let mut layer = layers.layer(Codec::Joined, argument);
        let mut from = 0;
        for (span, value) in found {
            layer.exact(argument.sub(Span::new(from, span.start())), Quote::None);
            match value {
                Some(value) => layer.escape(&value, argument.sub(span), Quote::None),
                None => layer.hole(argument.sub(span), HoleKind::Variable, Quote::None),
            }
            from = span.end();
        }
        layer.exact(argument.sub(Span::new(from, text.len())), Quote::None);
        let id = layer.finish();
        layers.whole(id)
    }

    /// What `name:function:function` stands for.
    fn value(&self, layers: &Layers<'_>, expression: &str) -> Option<String> {
        let mut words = expression.split(':');
        let name = words.next()?;
        let (_, content) = self.known.iter().rev().find(|(known, _)| known == name)?;
        let mut value = layers.text((*content)?).to_owned();
        for function in words {
            value = match function {
                "trim" => value.trim().to_owned(),
                "json" => escape_json(&value),
                "url" => encode_url(&value),
                "b64" => base64(value.as_bytes()),
                _ => return None,
            };
        }
        Some(value)
    }
}

/// All but unreserved characters percent-encoded.
fn encode_url(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            _ if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
