//! The content of a message: its kind, the parts of a form, and the tree of a JSON text.

use crate::layer::{Layers, Place};

/// The content of a request.
#[derive(Clone, Debug)]
pub struct Body {
    /// What it is.
    pub kind: BodyKind,
    /// The text that is sent, or what stands for it.
    pub place: Option<Place>,
    /// The JSON value, where the body is one.
    pub json: Option<JsonValue>,
}

/// A file whose content is sent.
#[derive(Clone, Copy, Debug)]
pub struct ContentFile {
    /// Its path, as it is written.
    pub path: Place,
    /// Whether its line ends are taken out, as `-d` does.
    pub joins_lines: bool,
}

/// A part of a `multipart/form-data` body (RFC 7578).
#[derive(Clone, Debug)]
pub struct FormPart {
    /// All that is written of it.
    pub whole: Place,
    /// Its name.
    pub name: Option<Place>,
    /// Its content; a hole where that is in a file.
    pub value: Place,
    /// Whether the content is uploaded as a file.
    pub file: bool,
    /// The name of the file.
    pub filename: Option<Place>,
    /// The media type, where one is written.
    pub media_type: Option<Place>,
    /// The transfer encoding, where one is asked for.
    pub encoder: Option<Place>,
    /// Further fields, each as `Name: value`.
    pub headers: Vec<Place>,
    /// Whether names are escaped with backslashes, not with percent signs.
    pub backslashes: bool,
    /// The parts inside of it, where it is multipart itself: a group, or several files of one name.
    pub parts: Option<Vec<FormPart>>,
}

impl FormPart {
    /// The part at `whole` with the content `value`; all else is for the caller to add.
    pub fn new(whole: Place, name: Option<Place>, value: Place) -> Self {
        FormPart {
            whole,
            name,
            value,
            file: false,
            filename: None,
            media_type: None,
            encoder: None,
            headers: Vec::new(),
            backslashes: false,
            parts: None,
        }
    }

    /// Whether it, or a part inside of it, uploads a file.
    pub fn has_file(&self) -> bool {
        self.file || self.parts.iter().flatten().any(FormPart::has_file)
    }
}

/// What kind of content a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// No content.
    None,
    /// A text that is JSON, whatever its content type says.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// A page for a browser, which no program asked for.
    Html,
    /// Any other text.
    Text,
    /// The content of a file (`-d @file`, `-T file`).
    File,
    /// Not known before run time.
    Unknown,
}

impl BodyKind {
    /// The name in JSON and in rules.
    pub fn name(self) -> &'static str {
        match self {
            BodyKind::None => "none",
            BodyKind::Json => "json",
            BodyKind::Form => "form",
            BodyKind::Multipart => "multipart",
            BodyKind::Html => "html",
            BodyKind::Text => "text",
            BodyKind::File => "file",
            BodyKind::Unknown => "unknown",
        }
    }
}

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonKind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number.
    Number,
    /// `true` or `false`
    Boolean,
    /// `null`
    Null,
    /// Text that does not parse, or a hole.
    Unknown,
}

/// A JSON value with the places of its parts.
#[derive(Clone, Debug)]
pub struct JsonValue {
    /// Its type.
    pub kind: JsonKind,
    /// The value as written, quotes and brackets included.
    pub place: Place,
    /// Of a string its decoded text; of any other value the same as `place`.
    pub text: Place,
    /// Members of an object, in order, duplicates included.
    pub members: Vec<JsonMember>,
    /// Items of an array.
    pub items: Vec<JsonValue>,
}

/// A member of a JSON object.
#[derive(Clone, Debug)]
pub struct JsonMember {
    /// `"name": value`
    pub whole: Place,
    /// The decoded name.
    pub name: Place,
    /// Its value.
    pub value: JsonValue,
}

impl JsonValue {
    /// The value of the last member of that name, as most readers take it.
    pub fn member<'v>(&'v self, layers: &Layers<'_>, name: &str) -> Option<&'v JsonMember> {
        self.members.iter().rev().find(|member| layers.text(member.name) == name)
    }
}
