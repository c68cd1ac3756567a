//! Reads request bodies, and the members of their objects.

use super::document::{Body, Compiler};
use super::library::At;
use super::parameters::style_of;
use super::schema::{Keyword, SchemaId};
use super::{Content, Form, Location, Parameter, Style};

/// The bodies of an operation. A member is required where the body is, and each of its schemas
/// says so.
pub(super) fn read_body<'d>(compiler: &mut Compiler<'d>, operation: At<'d>) -> Body {
    let mut read = Body::default();
    let body = operation.get("requestBody").and_then(|body| compiler.resolve(body));
    let Some(body) = body else { return read };
    read.required = body.get("required").and_then(|n| n.node.text()) == Some("true");
    let Some(content) = body.get("content") else {
        let message = "this request body has no `content`";
        let span = body.entries().first().map_or(body.node.span, |entry| entry.key_span);
        let help = "write `content: { application/json: { schema: … } }`";
        compiler.mistake(body, span, message, help);
        return read;
    };
    for entry in content.entries() {
        check_media_type(compiler, content, entry);
        let is_first = !read.media_types.iter().any(|known| has_members(known));
        read.media_types.push(entry.key.clone());
        let content_of = content.beside(&entry.value);
        let schema = content_of.get("schema");
        let schema = schema.map(|schema| compiler.schema(schema));
        read.contents.push(Content { media_type: entry.key.clone(), schema });
        if let Some(schema) = schema.filter(|_| has_members(&entry.key)) {
            let members = Members::of(compiler, schema);
            add(compiler, &mut read, members, is_first, content_of.get("encoding"));
        }
    }
    read
}

fn check_media_type<'d>(
    compiler: &mut Compiler<'d>,
    content: At<'d>,
    entry: &'d crate::rule::node::Entry,
) {
    let is_type =
        entry.key.split_once('/').is_some_and(|(kind, sub)| !kind.is_empty() && !sub.is_empty());
    if !is_type {
        let message = format!("`{}` is no media type", entry.key);
        let help = "write type and subtype, as `application/json`";
        compiler.mistake(content, entry.key_span, &message, help);
    }
}

/// Adds the members of a content; `encoding` says how the fields of a form are written.
fn add<'d>(
    compiler: &mut Compiler<'d>,
    read: &mut Body,
    members: Members,
    is_first: bool,
    encoding: Option<At<'d>>,
) {
    for known in &mut read.parameters {
        known.required &= members.required.contains(&known.name);
    }
    for (name, schema) in members.names {
        if read.parameters.iter().any(|known| known.name == name) {
            continue;
        }
        let required = read.required && is_first && members.required.contains(&name);
        let own = encoding.and_then(|encoding| encoding.get(&name));
        let own = own.map(|own| style_of(compiler, own, Location::Body));
        let (style, explode) = own.unwrap_or((Style::Form, true));
        let form = Form { schema, style, explode };
        let form = Some(compiler.schemas.form(form));
        read.parameters.push(Parameter { name, location: Location::Body, required, form });
    }
}

/// Whether bodies of a media type are made of named members.
fn has_members(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/x-www-form-urlencoded"
        || essence == "multipart/form-data"
        || essence == "application/json"
        || essence.ends_with("+json")
        || essence == "*/*"
        || essence == "application/*"
}

/// Members of an object.
#[derive(Debug, Default)]
struct Members {
    names: Vec<(String, SchemaId)>,
    required: Vec<String>,
}

impl Members {
    fn of(compiler: &mut Compiler<'_>, schema: SchemaId) -> Self {
        compiler.finish_schemas();
        let mut members = Members::default();
        let mut seen = Vec::new();
        members.collect(&compiler.schemas.list, schema, &mut seen);
        members
    }

    /// Adds those of a schema. Of `oneOf` and `anyOf` none is required.
    fn collect(
        &mut self,
        schemas: &[super::schema::Schema],
        schema: SchemaId,
        seen: &mut Vec<SchemaId>,
    ) {
        if seen.contains(&schema) {
            return;
        }
        seen.push(schema);
        for keyword in &schemas[schema as usize].keywords {
            match keyword {
                Keyword::Members { properties, .. } => {
                    for (name, schema) in properties {
                        if !self.names.iter().any(|(known, _)| known == name) {
                            self.names.push((name.clone(), *schema));
                        }
                    }
                }
                Keyword::Required(names) => self.required.extend(names.iter().cloned()),
                Keyword::Reference(other) => self.collect(schemas, *other, seen),
                Keyword::AllOf(all) => {
                    all.iter().for_each(|part| self.collect(schemas, *part, seen));
                }
                Keyword::OneOf(some) | Keyword::AnyOf(some) => {
                    let before = self.required.len();
                    some.iter().for_each(|part| self.collect(schemas, *part, seen));
                    self.required.truncate(before);
                }
                _ => {}
            }
        }
    }
}
