//! Requests of Bruno as YAML or JSON (OpenCollection): one in a file, or a collection of them in
//! folders, with inherited authorization, fields and variables.

use super::{
    Authorization, Content, Copy, Field, Sketch, fields_of, is_query_of, is_true, items_of,
};
use super::{read_json, text_of, with_path, word_of};
use crate::layer::{Layers, Place};
use crate::model::{Document, JsonKind, JsonMember, JsonValue, RequestKind};
use crate::parse::variables::Variables;
use crate::parse::yaml::read_yaml;
use memchr::memmem;

/// Whether a text says of itself that it is a collection, or one request of one.
pub(crate) fn is_opencollection(text: &str) -> bool {
    if text.trim_start().starts_with('{') {
        return memmem::find(text.as_bytes(), b"\"opencollection\"").is_some();
    }
    let starts = |mark: &str| text.lines().take(50).any(|line| line.starts_with(mark));
    let has = |mark: &str| text.lines().take(200).any(|line| line.trim_end() == mark);
    let is_item = has("http:") && has("  type: http") || has("graphql:") && has("  type: graphql");
    starts("opencollection:") || has("info:") && is_item
}

/// Adds the requests in `region` to the document.
pub(super) fn parse_opencollection(document: &mut Document<'_>, region: Place) {
    let is_json = document.layers.text(region).trim_start().starts_with('{');
    let values = match is_json {
        true => {
            let (value, findings) = read_json(document, region);
            document.findings.extend(findings);
            value.into_iter().collect()
        }
        false => read_yaml(document, region),
    };
    for value in &values {
        let layers = &document.layers;
        let is_whole = value.member(layers, "opencollection").is_some();
        let config = value.member(layers, "config").map(|config| &config.value);
        let mut environments = Variables::default();
        for environment in config.map_or(&[][..], |it| items_of(layers, it, "environments")) {
            define(layers, &mut environments, environment);
        }
        let outside = Scope { is_open: !is_whole, ..Scope::default() };
        let scope = outside.inside(layers, value);
        let mut reader = Reader { document, environments };
        if is_whole {
            reader.items(value, &scope);
        } else {
            reader.item(value, &outside);
        }
    }
}

/// What the folders around a request bring along.
#[derive(Clone, Default)]
struct Scope<'v> {
    authorization: Option<&'v JsonValue>,
    headers: Vec<Field>,
    /// Of each folder, the innermost first.
    variables: Vec<&'v JsonValue>,
    /// Whether there are folders that are not in this file.
    is_open: bool,
}

impl<'v> Scope<'v> {
    /// What holds inside of a folder or collection.
    fn inside(&self, layers: &Layers<'_>, folder: &'v JsonValue) -> Self {
        let mut scope = self.clone();
        if let Some(request) = folder.member(layers, "request").map(|member| &member.value) {
            let own = request.member(layers, "auth").map(|member| &member.value);
            scope.authorization =
                own.filter(|own| !is_inherited(layers, own)).or(self.authorization);
            scope.headers.extend(fields_of(layers, items_of(layers, request, "headers"), "name"));
            scope.variables.insert(0, request);
            scope.is_open |= has_script(layers, request);
        }
        scope
    }
}

struct Reader<'d, 's> {
    document: &'d mut Document<'s>,
    environments: Variables,
}

impl Reader<'_, '_> {
    fn items<'v>(&mut self, folder: &'v JsonValue, scope: &Scope<'v>) {
        for item in items_of(&self.document.layers, folder, "items") {
            if item.member(&self.document.layers, "items").is_some() {
                let inner = scope.inside(&self.document.layers, item);
                self.items(item, &inner);
            } else {
                self.item(item, scope);
            }
        }
    }

    fn item(&mut self, item: &JsonValue, scope: &Scope<'_>) {
        let layers = &self.document.layers;
        let is_graphql = item.member(layers, "http").is_none();
        let request = item.member(layers, if is_graphql { "graphql" } else { "http" });
        let Some(request) = request.map(|member| &member.value) else { return };
        let variables = self.variables(item, scope);
        let layers = &mut self.document.layers;
        let mut sketch = Sketch::new(item.place);
        sketch.method = text_of(layers, request, "method");
        let params: Vec<&JsonValue> = items_of(layers, request, "params").iter().collect();
        let of_type = |layers: &Layers<'_>, kind: &str| {
            let is_it = |param: &&&JsonValue| word_of(layers, param, "type") == kind;
            let some = params.iter().filter(is_it).map(|param| (*param).clone());
            fields_of(layers, &some.collect::<Vec<_>>(), "name")
        };
        let url = text_of(layers, request, "url").filter(|url| !url.span.is_empty());
        let (query, path) = (of_type(layers, "query"), of_type(layers, "path"));
        let has_query = params.iter().any(|param| word_of(layers, param, "type") == "query");
        if let (Some(url), true) = (url, has_query) {
            let listed = request.member(layers, "params").map(|member| member.whole);
            sketch.copy = match listed.filter(|_| !is_query_of(layers, url, &query)) {
                Some(listed) => Copy::Contradicts(listed),
                None => Copy::List(query),
            };
        }
        sketch.url = url.map(|url| with_path(layers, url, &path));
        sketch.headers.clone_from(&scope.headers);
        sketch.headers.extend(fields_of(layers, items_of(layers, request, "headers"), "name"));
        let own = request.member(layers, "auth").map(|member| &member.value);
        let is_inherited = own.is_some_and(|own| is_inherited(layers, own));
        let auth = if is_inherited { scope.authorization } else { own };
        sketch.authorization = auth.map_or(Authorization::None, |auth| authorization(layers, auth));
        let body = request.member(layers, "body").map(|member| &member.value);
        sketch.content = match body {
            Some(body) if is_graphql => Content::Unknown(body.place),
            Some(body) => content(layers, chosen(layers, body)),
            None => Content::None,
        };
        let mut request = sketch.build(layers, RequestKind::Item, &variables);
        request.open.headers |= scope.is_open;
        request.open.query |= scope.is_open && is_inherited;
        self.document.requests.push(request);
    }

    /// The variables of an item: its own count before those of its folders, and these before those
    /// of the environments.
    fn variables(&self, item: &JsonValue, scope: &Scope<'_>) -> Variables {
        let layers = &self.document.layers;
        let mut variables = Variables::default();
        let runtime = item.member(layers, "runtime").map(|member| &member.value);
        // Scripts may set any variable.
        if runtime.is_some_and(|runtime| has_script(layers, runtime)) || scope.is_open {
            if let Some(runtime) = runtime.filter(|runtime| !has_script(layers, runtime)) {
                define(layers, &mut variables, runtime);
            }
            return variables;
        }
        for holder in runtime.into_iter().chain(scope.variables.iter().copied()) {
            let mut of_holder = Variables::default();
            define(layers, &mut of_holder, holder);
            variables.fall_back(&of_holder);
        }
        variables.fall_back(&self.environments);
        variables
    }
}

fn define(layers: &Layers<'_>, variables: &mut Variables, holder: &JsonValue) {
    for variable in items_of(layers, holder, "variables") {
        if is_true(layers, variable, "disabled") {
            continue;
        }
        let name = word_of(layers, variable, "name");
        match text_of(layers, variable, "value") {
            Some(value) if !is_true(layers, variable, "secret") => {
                variables.define(name, layers.text(value));
            }
            _ => variables.forget(name),
        }
    }
}

fn has_script(layers: &Layers<'_>, holder: &JsonValue) -> bool {
    let is_before = |script: &JsonValue| word_of(layers, script, "type") == "before-request";
    items_of(layers, holder, "scripts").iter().any(is_before)
}

fn is_inherited(layers: &Layers<'_>, auth: &JsonValue) -> bool {
    auth.kind == JsonKind::String && layers.text(auth.text) == "inherit"
}

fn authorization(layers: &Layers<'_>, auth: &JsonValue) -> Authorization {
    let setting = |name: &str| text_of(layers, auth, name);
    match (word_of(layers, auth, "type"), setting("key"), setting("value")) {
        ("" | "none", ..) => Authorization::None,
        ("bearer", ..) => setting("token")
            .map_or(Authorization::Other, |token| Authorization::Token { prefix: None, token }),
        ("basic", ..) => Authorization::Basic {
            origin: auth.place,
            user: setting("username"),
            password: setting("password"),
        },
        ("apikey", Some(name), Some(value)) => {
            let query = word_of(layers, auth, "placement").starts_with("query");
            Authorization::Key { field: Field { whole: auth.place, name, value }, query }
        }
        _ => Authorization::Other,
    }
}

/// Of several bodies the one that is chosen.
fn chosen<'v>(layers: &Layers<'_>, body: &'v JsonValue) -> &'v JsonValue {
    let mut variants = body.items.iter();
    let is_chosen = |variant: &&JsonValue| is_true(layers, variant, "selected");
    let variant = variants.clone().find(is_chosen).or_else(|| variants.next());
    let inner = variant.and_then(|variant| variant.member(layers, "body"));
    inner.map_or(body, |inner| &inner.value)
}

fn content(layers: &Layers<'_>, body: &JsonValue) -> Content {
    let data = body.member(layers, "data").map(|member| &member.value);
    let items = data.map_or(&[][..], |data| &data.items);
    let whole = data.map_or(body.place, |data| data.place);
    let text = |media_type| match data {
        Some(data) if data.kind == JsonKind::String && !data.text.span.is_empty() => {
            Content::Text(data.text, Some((media_type, body.place)))
        }
        _ => Content::None,
    };
    match word_of(layers, body, "type") {
        "json" => text("application/json"),
        "text" => text("text/plain"),
        "xml" => text("application/xml"),
        "sparql" => text("application/sparql-query"),
        "form-urlencoded" => Content::Form(fields_of(layers, items, "name"), whole),
        "multipart-form" => Content::Multipart(parts(layers, items), whole),
        "file" => Content::File(whole),
        "" | "none" => Content::None,
        _ => Content::Unknown(whole),
    }
}

/// The parts of a form; the value of a file is a list of names.
fn parts(layers: &Layers<'_>, items: &[JsonValue]) -> Vec<(Field, bool)> {
    let enabled = items.iter().filter(|item| !is_true(layers, item, "disabled"));
    let part = |item: &JsonValue| {
        let name = text_of(layers, item, "name")?;
        let file = word_of(layers, item, "type") == "file";
        let value = item.member(layers, "value").map(|member: &JsonMember| member.value.text);
        let field = Field { whole: item.place, name, value: value.unwrap_or_else(|| name.end()) };
        Some((field, file))
    };
    enabled.filter_map(part).collect()
}
