//! Files of Bruno: blocks between braces, of fields or of text (`.bru`), or the same as YAML, which
//! `opencollection` reads.
//!
//! What is sent is the `url` with its query; `params:query` repeats it for the interface.

use super::opencollection::{is_opencollection, parse_opencollection};
use super::{Authorization, Content, Copy, Field, Sketch, is_query_of, with_path};
use crate::layer::{Layers, Place};
use crate::model::{Document, RequestKind};
use crate::parse::lines::lines;
use crate::parse::variables::Variables;
use crate::span::Span;

/// The collection is looked for so many folders above.
const MOST_ABOVE: usize = 8;

/// Blocks that are named for the method of the request.
const METHODS: [&str; 10] =
    ["get", "post", "put", "patch", "delete", "head", "options", "trace", "connect", "http"];

/// Adds the request of the file in `region` to the document.
pub fn parse_bruno(document: &mut Document<'_>, region: Place) {
    let text = document.layers.share(region);
    if is_opencollection(&text) {
        return parse_opencollection(document, region);
    }
    let blocks = Blocks { region, text: &text, blocks: blocks(&text) };
    let Some(method) = blocks.blocks.iter().find(|block| METHODS.contains(&block.name)) else {
        return;
    };
    let mut variables = Variables::default();
    for name in ["vars:pre-request", "vars"] {
        for field in blocks.fields(name) {
            let layers = &document.layers;
            variables.define(layers.text(field.name), layers.text(field.value));
        }
    }
    let named =
        region.sub(Span::new(method.whole.start(), method.whole.start() + method.name.len()));
    let (folders, is_whole) = folders(&mut document.layers, named);
    let folders: Vec<Blocks<'_>> = folders
        .iter()
        .map(|(region, text)| Blocks { region: *region, text, blocks: self::blocks(text) })
        .collect();
    for folder in &folders {
        let mut outer = Variables::default();
        for field in folder.fields("vars:pre-request") {
            let layers = &document.layers;
            outer.define(layers.text(field.name), layers.text(field.value));
        }
        variables.fall_back(&outer);
    }
    // Scripts may set any variable.
    let has_script = |blocks: &Blocks<'_>| blocks.find("script:pre-request").is_some();
    let is_scripted = has_script(&blocks) || folders.iter().any(has_script);
    if is_scripted {
        variables = Variables::default();
    }
    let layers = &mut document.layers;
    let settings = blocks.fields_in(method);
    let setting = |name: &str| {
        let is_it = |field: &&Field| layers.text(field.name) == name;
        settings.iter().find(is_it).map(|field| field.value)
    };
    let all = blocks.blocks.iter().fold(method.whole, |all, block| all.hull(block.whole));
    let mut sketch = Sketch::new(region.sub(all));
    sketch.method = if method.name == "http" { setting("method") } else { Some(named) };
    let url = setting("url").filter(|url| !url.span.is_empty());
    let auth = setting("auth").map_or("", |mode| layers.text(mode)).to_owned();
    let body = setting("body").map_or("", |mode| layers.text(mode)).to_owned();
    sketch.url = url.map(|url| with_path(layers, url, &blocks.fields("params:path")));
    if let (Some(url), Some(listed)) = (url, blocks.find("params:query")) {
        let fields = blocks.fields("params:query");
        sketch.copy = match is_query_of(layers, url, &fields) {
            true => Copy::List(fields),
            false => Copy::Contradicts(region.sub(listed.whole)),
        };
    }
    sketch.headers = blocks.fields("headers");
    for field in folders.iter().flat_map(|folder| folder.fields("headers")) {
        let name = layers.text(field.name);
        let is_it = |known: &Field| layers.text(known.name).eq_ignore_ascii_case(name);
        // The nearest counts.
        if !sketch.headers.iter().any(is_it) {
            sketch.headers.push(field);
        }
    }
    sketch.authorization = match auth.as_str() {
        "inherit" => inherited(layers, &folders),
        mode => blocks.authorization(layers, mode),
    };
    sketch.content = blocks.content(layers, &body);
    let mut request = sketch.build(layers, RequestKind::Item, &variables);
    // The collection may add fields to any of its requests.
    request.open.headers |= !is_whole || is_scripted;
    document.requests.push(request);
}

/// What the files of the folders around a request say, the nearest first, where files are read; and
/// whether these are all up to the collection. All of it stands where the request begins.
fn folders(layers: &mut Layers<'_>, origin: Place) -> (Vec<(Place, String)>, bool) {
    let mut found = Vec::new();
    let mut above = String::new();
    for _ in 0..MOST_ABOVE {
        let mut add = |name: &str| {
            let text = layers.file_beside(&format!("{above}{name}"));
            let is_there = text.is_some();
            found.extend(text.map(|text| (layers.implied(&text, origin), text)));
            is_there
        };
        add("folder.bru");
        if add("collection.bru") || layers.file_beside(&format!("{above}bruno.json")).is_some() {
            return (found, true);
        }
        above.push_str("../");
    }
    (found, false)
}

/// The authorization of the nearest folder that has one.
fn inherited(layers: &Layers<'_>, folders: &[Blocks<'_>]) -> Authorization {
    let modes = folders.iter().map(|folder| {
        let mode = folder.field(layers, "auth", "mode");
        (folder, mode.map_or("", |mode| layers.text(mode)))
    });
    let own = modes.into_iter().find(|(_, mode)| !matches!(*mode, "" | "inherit"));
    own.map_or(Authorization::None, |(folder, mode)| folder.authorization(layers, mode))
}

/// `name { … }`, with spans of the text.
struct Block<'t> {
    name: &'t str,
    whole: Span,
    inside: Span,
}

struct Blocks<'t> {
    region: Place,
    text: &'t str,
    blocks: Vec<Block<'t>>,
}

/// The blocks of a file: each ends with a brace at the start of a line.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut open: Option<(&str, usize, usize, &str)> = None;
    for line in lines(text, Span::new(0, text.len())) {
        let content = text[line.range()].trim_end();
        match open {
            None => {
                let opens = content.strip_suffix(" {").map(|name| (name, "}"));
                let lists = content.strip_suffix(" [").map(|name| (name, "]"));
                let is_name = |name: &str| !name.is_empty() && !name.contains([' ', '\t']);
                if let Some((name, close)) = opens.or(lists).filter(|(name, _)| is_name(name)) {
                    open = Some((name, line.start(), line.end(), close));
                }
            }
            Some((name, start, inside, close)) if content == close => {
                let whole = Span::new(start, line.start() + 1);
                let inside = Span::new(inside, line.start());
                found.push(Block { name, whole, inside });
                open = None;
            }
            Some(_) => {}
        }
    }
    if let Some((name, start, inside, _)) = open {
        let whole = Span::new(start, text.len());
        found.push(Block { name, whole, inside: Span::new(inside, text.len()) });
    }
    found
}

impl Blocks<'_> {
    fn find(&self, name: &str) -> Option<&Block<'_>> {
        self.blocks.iter().find(|block| block.name == name)
    }

    fn fields(&self, name: &str) -> Vec<Field> {
        self.find(name).map_or_else(Vec::new, |block| self.fields_in(block))
    }

    /// The fields of a block that are not disabled (`~`).
    fn fields_in(&self, block: &Block<'_>) -> Vec<Field> {
        let text = self.text;
        let trimmed = |span| super::trim(text.as_bytes(), span);
        let field = |line: Span| {
            let whole = trimmed(line);
            let content = &text[whole.range()];
            let colon = whole.start() + name_length(content)?;
            let name = trimmed(Span::new(whole.start(), colon));
            let value = trimmed(Span::new(colon + 1, whole.end()));
            let quoted = text[name.range()].strip_prefix('"');
            let name = match quoted.and_then(|rest| rest.strip_suffix('"')) {
                Some(inner) => Span::new(name.start() + 1, name.start() + 1 + inner.len()),
                None => name,
            };
            (!content.starts_with('~')).then(|| Field {
                whole: self.region.sub(whole),
                name: self.region.sub(name),
                value: self.region.sub(value),
            })
        };
        lines(text, block.inside).filter_map(field).collect()
    }

    fn field(&self, layers: &Layers<'_>, block: &str, name: &str) -> Option<Place> {
        let is_it = |field: &Field| layers.text(field.name) == name;
        self.fields(block).into_iter().find(is_it).map(|field| field.value)
    }

    fn authorization(&self, layers: &Layers<'_>, mode: &str) -> Authorization {
        let block = format!("auth:{mode}");
        let setting = |name: &str| self.field(layers, &block, name);
        let origin = || self.find(&block).map(|block| self.region.sub(block.whole));
        match mode {
            "" | "none" | "inherit" => Authorization::None,
            "bearer" => setting("token")
                .map_or(Authorization::Other, |token| Authorization::Token { prefix: None, token }),
            "basic" => origin().map_or(Authorization::Other, |origin| Authorization::Basic {
                origin,
                user: setting("username"),
                password: setting("password"),
            }),
            "apikey" => match (origin(), setting("key"), setting("value")) {
                (Some(whole), Some(name), Some(value)) => {
                    let placement = setting("placement");
                    let query = placement.is_some_and(|it| layers.text(it) == "queryparams");
                    Authorization::Key { field: Field { whole, name, value }, query }
                }
                _ => Authorization::Other,
            },
            _ => Authorization::Other,
        }
    }

    fn content(&self, layers: &mut Layers<'_>, mode: &str) -> Content {
        let (block, media_type) = match mode {
            "json" => ("body:json", Some("application/json")),
            "text" => ("body:text", Some("text/plain")),
            "xml" => ("body:xml", Some("application/xml")),
            "sparql" => ("body:sparql", Some("application/sparql-query")),
            "formUrlEncoded" | "form-urlencoded" => ("body:form-urlencoded", None),
            "multipartForm" | "multipart-form" => ("body:multipart-form", None),
            "graphql" => ("body:graphql", None),
            "file" => ("body:file", None),
            _ => return Content::None,
        };
        // The first versions called JSON just `body`.
        let found = self.find(block).or_else(|| self.find("body").filter(|_| mode == "json"));
        let Some(found) = found else { return Content::None };
        let whole = self.region.sub(found.whole);
        match block {
            "body:form-urlencoded" => Content::Form(self.fields_in(found), whole),
            "body:multipart-form" => {
                let fields = self.fields_in(found).into_iter();
                let parts = fields.map(|field| {
                    let file = layers.text(field.value).starts_with("@file(");
                    (field, file)
                });
                Content::Multipart(parts.collect(), whole)
            }
            "body:graphql" => Content::Unknown(whole),
            "body:file" => Content::File(whole),
            _ => {
                let inside = super::trim_lines(self.text, found.inside);
                let text = layers.without_prefix(self.region.sub(inside), "  ");
                Content::Text(text, media_type.map(|media_type| (media_type, whole)))
            }
        }
    }
}

/// The length of the name in `name: value`; names may stand in quotes.
fn name_length(line: &str) -> Option<usize> {
    let start = match line.strip_prefix('"') {
        Some(rest) => rest.find('"')? + 2,
        None => 0,
    };
    line[start..].find(':').map(|colon| start + colon)
}

#[cfg(test)]
mod tests {
    use crate::layer::Files;
    use crate::model::{Document, Kind};
    use crate::parse::{parse, parse_with_files};

    #[derive(Debug)]
    struct Collection(&'static [(&'static str, &'static str)]);

    impl Files for Collection {
        fn read(&self, path: &str) -> Option<String> {
            self.0.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned())
        }
    }

    const REQUEST: &str = "get {\n  url: https://{{host}}/items?page=1\n  body: none\n  auth: inherit\n}\n\nheaders {\n  Accept: text/plain\n}\n";

    fn fields(document: &Document<'_>) -> Vec<String> {
        let text = |place| document.text(place).to_owned();
        let fields = document.requests[0].headers.iter();
        fields.map(|field| format!("{}: {}", text(field.name), text(field.value))).collect()
    }

    #[test]
    fn a_request_takes_what_its_folders_say() {
        let files = Collection(&[
            (
                "folder.bru",
                "headers {\n  X-Folder: a\n  accept: text/html\n}\n\nauth {\n  mode: inherit\n}\n",
            ),
            (
                "../collection.bru",
                "headers {\n  X-Folder: b\n  X-Team: north\n}\n\nauth {\n  mode: bearer\n}\n\nauth:bearer {\n  token: {{KEY}}\n}\n\nvars:pre-request {\n  host: api.example.com\n}\n",
            ),
        ]);
        let document = parse_with_files(REQUEST, Kind::Bruno, &files);
        let mut found = fields(&document);
        found.sort();
        let expected =
            ["Accept: text/plain", "Authorization: Bearer {{KEY}}", "X-Folder: a", "X-Team: north"];
        assert_eq!(found, expected);
        let request = &document.requests[0];
        assert_eq!(document.text(request.url.whole), "https://api.example.com/items?page=1");
        assert!(!request.open.headers && !request.open.query);
        for field in &request.headers {
            let span = document.layers.root_span(field.value);
            assert!(REQUEST.get(span.range()).is_some(), "{span:?}");
        }
    }

    #[test]
    fn a_name_may_be_quoted_in_part() {
        let text =
            "get {\n  url: https://example.com/\n}\n\nheaders {\n  \"a b\": c\n  \"d\"é: e\n}\n";
        assert_eq!(fields(&parse(text, Kind::Bruno)), ["a b: c", "\"d\"é: e"]);
    }

    #[test]
    fn what_the_collection_adds_is_not_known_alone() {
        let document = parse(REQUEST, Kind::Bruno);
        assert_eq!(fields(&document), ["Accept: text/plain"]);
        assert!(document.requests[0].open.headers);
        let files = Collection(&[("bruno.json", "{}")]);
        assert!(!parse_with_files(REQUEST, Kind::Bruno, &files).requests[0].open.headers);
        let files = Collection(&[("collection.bru", "script:pre-request {\n  x()\n}\n")]);
        assert!(parse_with_files(REQUEST, Kind::Bruno, &files).requests[0].open.headers);
    }
}
