//! Collections of Insomnia: exports of version 4 (JSON) and files of version 5 (YAML).

use super::{Authorization, Content, Field, Sketch};
use super::{define_members, fields_of, is_true, items_of, read_json, text_of, word_of};
use crate::layer::{Layers, Place};
use crate::model::{Document, JsonKind, JsonValue, RequestKind};
use crate::parse::variables::Variables;
use crate::parse::yaml::read_yaml;

/// Adds the requests of the export or collection in `region` to the document.
pub fn parse_insomnia(document: &mut Document<'_>, region: Place) {
    let is_json = document.layers.text(region).trim_start().starts_with('{');
    let values = match is_json {
        true => {
            let (value, findings) = read_json(document, region);
            document.findings.extend(findings);
            value.into_iter().collect()
        }
        false => read_yaml(document, region),
    };
    for value in values {
        let mut reader = Reader { document, variables: Variables::default() };
        if value.member(&reader.document.layers, "resources").is_some() {
            reader.resources(&value);
        } else {
            reader.collection(&value);
        }
    }
}

struct Reader<'d, 's> {
    document: &'d mut Document<'s>,
    variables: Variables,
}

impl Reader<'_, '_> {
    /// Version 4: all resources in one list.
    fn resources(&mut self, export: &JsonValue) {
        let resources = items_of(&self.document.layers, export, "resources");
        let is = |reader: &Self, resource: &JsonValue, kind: &str| {
            word_of(&reader.document.layers, resource, "_type") == kind
        };
        for resource in resources {
            if is(self, resource, "environment") {
                self.define(resource, "data");
            } else if is(self, resource, "request_group") {
                self.define(resource, "environment");
            }
        }
        for resource in resources {
            if is(self, resource, "request") {
                self.request(resource, None);
            }
        }
    }

    /// Version 5: requests in folders.
    fn collection(&mut self, file: &JsonValue) {
        if let Some(environments) = file.member(&self.document.layers, "environments") {
            self.define(&environments.value, "data");
            for inner in items_of(&self.document.layers, &environments.value, "subEnvironments") {
                self.define(inner, "data");
            }
        }
        let items = items_of(&self.document.layers, file, "collection");
        self.define_folders(items);
        self.folder(items, None);
    }

    fn define_folders(&mut self, items: &[JsonValue]) {
        for item in items {
            self.define(item, "environment");
            self.define_folders(items_of(&self.document.layers, item, "children"));
        }
    }

    /// Environments that give a variable several values leave it open which one holds.
    fn define(&mut self, value: &JsonValue, name: &str) {
        let layers = &self.document.layers;
        if let Some(member) = value.member(layers, name) {
            define_members(layers, &mut self.variables, &member.value.members);
        }
    }

    fn folder(&mut self, items: &[JsonValue], inherited: Option<&JsonValue>) {
        for item in items {
            let layers = &self.document.layers;
            let own = item.member(layers, "authentication").map(|member| &member.value);
            let own = own.filter(|own| !own.members.is_empty()).or(inherited);
            match item.member(layers, "children") {
                Some(children) => self.folder(&children.value.items, own),
                None if item.member(layers, "url").is_some() => self.request(item, inherited),
                None => {}
            }
        }
    }

    fn request(&mut self, value: &JsonValue, inherited: Option<&JsonValue>) {
        let layers = &self.document.layers;
        let mut sketch = Sketch::new(value.place);
        sketch.method = text_of(layers, value, "method");
        sketch.url = text_of(layers, value, "url");
        sketch.query = fields_of(layers, items_of(layers, value, "parameters"), "name");
        sketch.headers = fields_of(layers, items_of(layers, value, "headers"), "name");
        if let Some(body) = value.member(layers, "body") {
            sketch.content = content(layers, &body.value);
        }
        let own = value.member(layers, "authentication").map(|member| &member.value);
        let own = own.filter(|own| !own.members.is_empty()).or(inherited);
        sketch.authorization = own.map_or(Authorization::None, |own| authorization(layers, own));
        let request = sketch.build(&mut self.document.layers, RequestKind::Item, &self.variables);
        self.document.requests.push(request);
    }
}

fn authorization(layers: &Layers<'_>, auth: &JsonValue) -> Authorization {
    if is_true(layers, auth, "disabled") {
        return Authorization::None;
    }
    let setting = |name: &str| text_of(layers, auth, name);
    let basic = || Authorization::Basic {
        origin: auth.place,
        user: setting("username"),
        password: setting("password"),
    };
    match (word_of(layers, auth, "type"), setting("key"), setting("value")) {
        // Old exports do not name the one kind that there was.
        ("", ..) if setting("username").is_some_and(|name| !name.span.is_empty()) => basic(),
        ("" | "none", ..) => Authorization::None,
        ("bearer", ..) => setting("token").map_or(Authorization::Other, |token| {
            let prefix = setting("prefix").filter(|prefix| !prefix.span.is_empty());
            Authorization::Token { prefix, token }
        }),
        ("basic", ..) => basic(),
        ("apikey", Some(name), Some(value)) => {
            let query = word_of(layers, auth, "addTo") == "queryParams";
            let field = Field { whole: auth.place, name, value };
            Authorization::Key { field, query }
        }
        _ => Authorization::Other,
    }
}

fn content(layers: &Layers<'_>, body: &JsonValue) -> Content {
    let media_type = word_of(layers, body, "mimeType");
    let params = || fields_of(layers, items_of(layers, body, "params"), "name");
    let list = body.member(layers, "params").map_or(body.place, |member| member.value.place);
    match media_type {
        "application/x-www-form-urlencoded" => Content::Form(params(), list),
        "multipart/form-data" => {
            let items = items_of(layers, body, "params");
            let is_file = |item: &&JsonValue| word_of(layers, item, "type") == "file";
            let files: Vec<Place> = items.iter().filter(is_file).map(|item| item.place).collect();
            let parts = params().into_iter().map(|field| (field, files.contains(&field.whole)));
            Content::Multipart(parts.collect(), list)
        }
        "application/octet-stream" => Content::File(body.place),
        "application/graphql" => Content::Unknown(body.place),
        _ => match body.member(layers, "text").filter(|it| it.value.kind == JsonKind::String) {
            Some(text) if !layers.text(text.value.text).is_empty() => {
                let implied = match media_type {
                    "application/json" => Some("application/json"),
                    "application/xml" | "text/xml" => Some("application/xml"),
                    _ => None,
                };
                let by = text_of(layers, body, "mimeType").unwrap_or(body.place);
                Content::Text(text.value.text, implied.map(|media_type| (media_type, by)))
            }
            _ => Content::None,
        },
    }
}
