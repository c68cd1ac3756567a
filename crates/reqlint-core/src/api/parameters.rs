//! Reads the parameters of operations.

use super::document::Compiler;
use super::library::At;
use super::schema::Keyword;
use super::{Form, Group, Location, Parameter, Style};
use crate::rule::load::mistakes::expected;

const LOCATIONS: &[(&str, Location)] = &[
    ("path", Location::Path),
    ("query", Location::Query),
    ("header", Location::Header),
    ("cookie", Location::Cookie),
];
const STYLES: &[(&str, Style)] = &[
    ("matrix", Style::Matrix),
    ("label", Style::Label),
    ("simple", Style::Simple),
    ("form", Style::Form),
    ("spaceDelimited", Style::SpaceDelimited),
    ("pipeDelimited", Style::PipeDelimited),
    ("deepObject", Style::DeepObject),
];
/// The keys of a parameter (OpenAPI 3.1, section 4.8.12).
const PARAMETER: &[&str] = &[
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "example",
    "examples",
    "content",
];
/// Header parameters that OpenAPI says to ignore (section 4.8.12.2).
const OTHERWISE_SAID: &[&str] = &["accept", "content-type", "authorization"];

/// A path with the parameters that all its operations have.
#[derive(Debug)]
pub(super) struct PathItem<'d> {
    parameters: Vec<Read<'d>>,
}

impl<'d> PathItem<'d> {
    /// Reads them.
    pub(super) fn new(compiler: &mut Compiler<'d>, node: At<'d>) -> Self {
        PathItem { parameters: read_parameters(compiler, node) }
    }
}

/// The parameters of an operation.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub(super) parameters: Vec<Parameter>,
    /// Whether an object whose members can have any name is written member by member.
    pub(super) takes_any: bool,
    /// Objects that are written member by member.
    pub(super) groups: Vec<Group>,
}

/// A parameter before its schema is looked at.
#[derive(Clone, Copy, Debug)]
struct Read<'d> {
    name: &'d str,
    location: Location,
    required: bool,
    node: At<'d>,
}

/// The parameters of an operation: its own, and those of its path that it does not replace.
pub(super) fn own_parameters<'d>(
    compiler: &mut Compiler<'d>,
    operation: At<'d>,
    item: &PathItem<'d>,
) -> Own {
    let own = read_parameters(compiler, operation);
    let is_own = |inherited: &&Read<'d>| {
        own.iter().any(|own| own.name == inherited.name && own.location == inherited.location)
    };
    let inherited = item.parameters.iter().filter(|inherited| !is_own(inherited)).copied();
    let all: Vec<Read<'d>> = inherited.chain(own.iter().copied()).collect();
    let mut read = Own::default();
    for parameter in all {
        add(compiler, parameter, &mut read);
    }
    read
}

fn read_parameters<'d>(compiler: &mut Compiler<'d>, node: At<'d>) -> Vec<Read<'d>> {
    let Some(list) = node.get("parameters") else { return Vec::new() };
    if list.node.items().is_none() {
        let message = format!("`parameters` is a list, not {}", list.node.kind());
        let help = "write `- { name: …, in: query }` for each";
        compiler.mistake(list, list.node.span, &message, help);
    }
    let mut parameters: Vec<Read<'d>> = Vec::new();
    for item in list.items() {
        let Some(node) = compiler.resolve(item) else { continue };
        let Some(read) = read_parameter(compiler, node) else { continue };
        let same = |known: &Read<'_>| known.name == read.name && known.location == read.location;
        if parameters.iter().any(same) {
            let message = format!("the parameter `{}` is described twice", read.name);
            compiler.mistake(item, item.node.span, &message, "keep one of the two");
        } else {
            parameters.push(read);
        }
    }
    let is_said = |p: &Read<'_>| {
        p.location == Location::Header
            && OTHERWISE_SAID.contains(&p.name.to_ascii_lowercase().as_str())
    };
    parameters.retain(|parameter| !is_said(parameter));
    parameters
}

fn read_parameter<'d>(compiler: &mut Compiler<'d>, node: At<'d>) -> Option<Read<'d>> {
    let (Some(name), Some(place)) = (node.get("name"), node.get("in")) else {
        let first = node.entries().first().map_or(node.node.span, |entry| entry.key_span);
        let (message, help) = match node.get("name") {
            None => ("this parameter has no `name`", "add `name: …`"),
            Some(_) => (
                "this parameter does not say where it is sent",
                "add `in: query`, `header`, `path` or `cookie`",
            ),
        };
        compiler.mistake(node, first, message, help);
        return None;
    };
    compiler.check_keys(node, "a parameter", PARAMETER);
    let name = compiler.text(name)?;
    let place_text = compiler.text(place)?;
    let Some((_, location)) = LOCATIONS.iter().find(|(word, _)| *word == place_text.text) else {
        let words: Vec<&str> = LOCATIONS.iter().map(|(word, _)| *word).collect();
        let message = format!("`{}` is no place of a parameter", place_text.text);
        let help = match place_text.text {
            "body" | "formData" => {
                Some("in OpenAPI 3 a body is described by `requestBody`".to_owned())
            }
            other => expected(other, &words),
        };
        compiler.mistakes[place.file].add(place_text.span, message, help);
        return None;
    };
    let required = node.get("required").and_then(|n| n.node.text()) == Some("true");
    let required = required || *location == Location::Path;
    Some(Read { name: name.text, location: *location, required, node })
}

/// Adds a parameter, or what stands for it: the members of an object that are sent one by one.
fn add<'d>(compiler: &mut Compiler<'d>, read: Read<'d>, own: &mut Own) {
    let Read { name, location, required, node } = read;
    let named = |name: &str, required: bool, form: Option<u32>| Parameter {
        name: name.to_owned(),
        location,
        required,
        form,
    };
    let Some(schema) = node.get("schema") else {
        if node.get("type").is_some() {
            let span = node.get("type").map_or(node.node.span, |at| at.node.span);
            let message = format!("the type of `{name}` stands beside it, as in Swagger 2");
            compiler.mistake(node, span, &message, "write `schema: { type: … }`");
        }
        // A value of a media type of its own is not looked at.
        return own.parameters.push(named(name, required, None));
    };
    let (style, explode) = style_of(compiler, node, location);
    let schema = compiler.schema(schema);
    let is_object = compiler.schemas.types(schema) == super::schema::Types::OBJECT;
    let one_by_one = style == Style::Form && explode && is_object;
    if !one_by_one || location == Location::Path {
        let form = compiler.schemas.form(Form { schema, style, explode });
        return own.parameters.push(named(name, required, Some(form)));
    }
    let keywords = compiler.schemas.flat(schema);
    let needed = |name: &str| {
        keywords.iter().any(|keyword| {
            matches!(keyword, Keyword::Required(names) if names.iter().any(|known| known == name))
        })
    };
    let mut is_closed = false;
    let mut members = Vec::new();
    for keyword in &keywords {
        if let Keyword::Members { properties, patterns, others } = keyword {
            members.extend(properties.iter().cloned());
            is_closed |=
                patterns.is_empty() && others.is_none_or(|id| compiler.schemas.is_never(id));
        }
    }
    let open = !is_closed || members.is_empty();
    own.takes_any |= open;
    let names = members.iter().map(|(name, _)| name.clone()).collect();
    own.groups.push(Group { location, schema, members: names, open });
    for (member, schema) in members {
        let form = compiler.schemas.form(Form { schema, style, explode });
        own.parameters.push(named(&member, required && needed(&member), Some(form)));
    }
}

/// How a parameter is written: `style` and `explode`, or what holds for its place.
pub(super) fn style_of<'d>(
    compiler: &mut Compiler<'d>,
    node: At<'d>,
    location: Location,
) -> (Style, bool) {
    let default = match location {
        Location::Query | Location::Cookie | Location::Body => Style::Form,
        Location::Path | Location::Header => Style::Simple,
    };
    let style = node.get("style").and_then(|style| {
        let text = compiler.text(style)?;
        let found = STYLES.iter().find(|(name, _)| *name == text.text);
        if found.is_none() {
            let names: Vec<&str> = STYLES.iter().map(|(name, _)| *name).collect();
            let message = format!("there is no style `{}`", text.text);
            compiler.mistakes[style.file].add(text.span, message, expected(text.text, &names));
        }
        found.map(|(_, style)| *style)
    });
    let style = style.unwrap_or(default);
    let explode = match node.get("explode").and_then(|explode| explode.node.text()) {
        Some(word) => word == "true",
        None => style == Style::Form,
    };
    (style, explode)
}
