//! Compiles schemas. One that is referred to is compiled once; equal ones share a number.

mod words;

use super::Form;
use super::decimal::Decimal;
use super::document::Compiler;
use super::library::{At, is_remote};
use super::literal::Literal;
use super::schema::{Bound, Keyword, Schema, SchemaId, Types};
use crate::rule::Regex;
use crate::rule::load::mistakes::{expected, nearest};
use crate::rule::node::{Entry, Node};
use std::collections::HashMap;
use words::{ANNOTATIONS, ASSERTIONS, from_ecma, said, same_type};

/// The schemas that were read.
#[derive(Debug, Default)]
pub(super) struct Schemas<'d> {
    pub(super) list: Vec<Schema>,
    pub(super) forms: Vec<Form>,
    form_numbers: HashMap<Form, u32>,
    /// Where references led to.
    known: HashMap<*const Node, SchemaId>,
    /// Schemas by what they are made of.
    same: HashMap<Vec<u8>, SchemaId>,
    /// Numbers that were given, to be compiled.
    waiting: Vec<(SchemaId, At<'d>)>,
}

impl Schemas<'_> {
    /// The number of a form.
    pub(super) fn form(&mut self, form: Form) -> u32 {
        let next = number(self.forms.len());
        let found = *self.form_numbers.entry(form).or_insert(next);
        if found == next {
            self.forms.push(form);
        }
        found
    }

    /// The number of a schema that is made of these keywords.
    fn share(&mut self, keywords: Vec<Keyword>) -> SchemaId {
        let bytes = postcard::to_stdvec(&keywords).expect("keywords are plain data");
        let next = number(self.list.len());
        let found = *self.same.entry(bytes).or_insert(next);
        if found == next {
            self.list.push(Schema { keywords });
        }
        found
    }

    /// The keywords of a schema, with those of what it refers to and is made of.
    pub(super) fn flat(&self, schema: SchemaId) -> Vec<Keyword> {
        let mut keywords = Vec::new();
        let mut seen = Vec::new();
        let mut next = vec![schema];
        while let Some(id) = next.pop() {
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
            for keyword in &self.list[id as usize].keywords {
                match keyword {
                    Keyword::Reference(other) => next.push(*other),
                    Keyword::AllOf(all) => next.extend(all),
                    other => keywords.push(other.clone()),
                }
            }
        }
        keywords
    }

    /// The types that all keywords leave.
    pub(super) fn types(&self, schema: SchemaId) -> Types {
        let types = |keyword: Keyword| match keyword {
            Keyword::Types(types) => Some(types),
            Keyword::Members { .. } | Keyword::Required(_) => Some(Types::OBJECT),
            _ => None,
        };
        let all = self.flat(schema).into_iter().filter_map(types);
        all.fold(Types::ANY, Types::common)
    }

    /// Whether no value fits.
    pub(super) fn is_never(&self, schema: SchemaId) -> bool {
        matches!(self.list[schema as usize].keywords.as_slice(), [Keyword::Never])
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a description has fewer schemas than bytes")
}

impl<'d> Compiler<'d> {
    /// The number of the schema at a node, all of whose parts are compiled.
    pub(super) fn schema(&mut self, at: At<'d>) -> SchemaId {
        let id = self.inner_schema(at);
        self.finish_schemas();
        id
    }

    /// Compiles what references led to so far.
    pub(super) fn finish_schemas(&mut self) {
        let mut finished = Vec::new();
        while let Some((id, at)) = self.schemas.waiting.pop() {
            let keywords = self.keywords(at);
            self.schemas.list[id as usize] = Schema { keywords };
            finished.push((id, at));
        }
        for (id, at) in finished {
            self.check_circle(id, at);
        }
    }

    /// A schema that is nothing but a reference to itself says nothing.
    fn check_circle(&mut self, start: SchemaId, at: At<'d>) {
        let only = |schemas: &[Schema], id: SchemaId| match schemas[id as usize].keywords.as_slice()
        {
            [Keyword::Reference(other)] => Some(*other),
            _ => None,
        };
        let mut id = start;
        let mut steps = 0;
        while let Some(next) = only(&self.schemas.list, id) {
            steps += 1;
            if next == start {
                let message = "this reference leads in a circle";
                let help = "let one of its references name the thing itself";
                self.mistake(at, at.node.span, message, help);
            }
            if next == start || steps > self.schemas.list.len() {
                self.schemas.list[start as usize].keywords = vec![Keyword::Unchecked];
                return;
            }
            id = next;
        }
    }

    /// The number of the schema at a node; what it refers to may still have to be compiled.
    fn inner_schema(&mut self, at: At<'d>) -> SchemaId {
        if let Some(reference) = at.get("$ref") {
            let is_alone = self.is_3_0
                || !at
                    .entries()
                    .iter()
                    .any(|entry| entry.key != "$ref" && ASSERTIONS.contains(&entry.key.as_str()));
            if is_alone {
                return self.reference(reference);
            }
        }
        let keywords = self.keywords(at);
        self.schemas.share(keywords)
    }

    /// The number of the schema that a `$ref` refers to.
    fn reference(&mut self, reference: At<'d>) -> SchemaId {
        let Some(target) = self.follow(reference) else {
            return self.schemas.share(vec![Keyword::Unchecked]);
        };
        let key = std::ptr::from_ref(target.node);
        if let Some(known) = self.schemas.known.get(&key) {
            return *known;
        }
        let id = number(self.schemas.list.len());
        self.schemas.list.push(Schema::default());
        self.schemas.known.insert(key, id);
        self.schemas.waiting.push((id, target));
        id
    }

    fn keywords(&mut self, at: At<'d>) -> Vec<Keyword> {
        match at.node.text() {
            Some("true") => return Vec::new(),
            Some("false") => return vec![Keyword::Never],
            _ => {}
        }
        if at.node.mapping().is_none() {
            let message = format!("a schema is a mapping, not {}", at.node.kind());
            self.mistake(at, at.node.span, &message, "write `{ type: string }` or the like");
            return vec![Keyword::Unchecked];
        }
        let mut keywords = Vec::new();
        for entry in at.entries() {
            self.keyword(at, entry, &mut keywords);
        }
        self.bounds(at, &mut keywords);
        self.list_items(at, &mut keywords);
        self.members(at, &mut keywords);
        self.condition(at, &mut keywords);
        self.check_bounds(at, &keywords);
        self.check_values(at, &keywords);
        // What is cheap and says most comes first.
        keywords.sort_by_key(|keyword| match keyword {
            Keyword::Nullable => 0,
            Keyword::Types(_) => 1,
            Keyword::Values(_) => 2,
            _ => 3,
        });
        keywords
    }

    fn keyword(&mut self, at: At<'d>, entry: &'d Entry, keywords: &mut Vec<Keyword>) {
        let value = at.beside(&entry.value);
        let read = match entry.key.as_str() {
            "$ref" if entry.value.text().is_some_and(is_remote) => Some(Keyword::Unchecked),
            "$ref" => Some(Keyword::Reference(self.reference(value))),
            "$dynamicRef" => Some(Keyword::Unchecked),
            "unevaluatedProperties" | "unevaluatedItems" | "additionalItems" => {
                (entry.value.text() != Some("true")).then_some(Keyword::Unchecked)
            }
            "type" => self.types(value, at),
            "enum" => self.values(value),
            "const" => Some(Keyword::Values(vec![Literal::of(&entry.value)])),
            "format" => self.text(value).map(|text| Keyword::Format(text.text.to_owned())),
            "pattern" => self.pattern(value).map(Keyword::Pattern),
            "minLength" => self.count(value).map(Keyword::MinLength),
            "maxLength" => self.count(value).map(Keyword::MaxLength),
            "multipleOf" => self.multiple(value),
            "minItems" => self.count(value).map(Keyword::MinItems),
            "maxItems" => self.count(value).map(Keyword::MaxItems),
            "uniqueItems" => (entry.value.text() == Some("true")).then_some(Keyword::UniqueItems),
            "minProperties" => self.count(value).map(Keyword::MinProperties),
            "maxProperties" => self.count(value).map(Keyword::MaxProperties),
            "propertyNames" => Some(Keyword::PropertyNames(self.inner_schema(value))),
            "required" => self.required(at, value),
            "dependentRequired" => self.dependent_required(value),
            "dependentSchemas" => {
                let members = self.named_schemas(value);
                Some(Keyword::DependentSchemas(members))
            }
            "allOf" => self.several(entry, value).map(Keyword::AllOf),
            "anyOf" => self.several(entry, value).map(Keyword::AnyOf),
            "oneOf" => self.several(entry, value).map(Keyword::OneOf),
            "not" => Some(Keyword::Not(self.inner_schema(value))),
            "default" => Some(Keyword::Default(Literal::of(&entry.value))),
            "nullable" if entry.value.text() == Some("true") => Some(Keyword::Nullable),
            key => {
                self.unknown_keyword(at, entry, key);
                None
            }
        };
        keywords.extend(read);
    }

    /// A key that is nearly a keyword is one that was mistyped.
    fn unknown_keyword(&mut self, at: At<'d>, entry: &'d Entry, key: &str) {
        let is_known = ASSERTIONS.contains(&key) || ANNOTATIONS.contains(&key);
        if is_known || key.starts_with("x-") || key.starts_with('$') || key.len() < 4 {
            return;
        }
        let known: Vec<&str> = [ASSERTIONS, ANNOTATIONS].concat();
        let near = nearest(key, &known);
        let near = near.filter(|name| strsim::damerau_levenshtein(name, key) <= 2);
        if let Some(near) = near {
            let message = format!("a schema has no keyword `{key}`");
            self.mistake(at, entry.key_span, &message, &format!("did you mean `{near}`?"));
        }
    }

    fn types(&mut self, value: At<'d>, schema: At<'d>) -> Option<Keyword> {
        let mut types = Types::default();
        let list: Vec<At<'d>> = match value.node.items() {
            Some(_) => value.items().collect(),
            None => vec![value],
        };
        for item in list {
            let Some(word) = item.node.text() else {
                let message = format!("`type` is a name, not {}", item.node.kind());
                self.mistake(item, item.node.span, &message, "write `type: string` or the like");
                return Some(Keyword::Unchecked);
            };
            match Types::NAMES.iter().find(|(name, _)| *name == word) {
                Some((_, one)) => types = types.with(*one),
                None => {
                    let message = format!("there is no type `{word}`");
                    let span = item.node.span;
                    let help = same_type(word).map_or_else(
                        || expected(word, &Types::NAMES.map(|(name, _)| name)),
                        |advice| Some(advice.to_owned()),
                    );
                    self.mistakes[item.file].add(span, message, help);
                    return Some(Keyword::Unchecked);
                }
            }
        }
        let is_nullable = schema.get("nullable").and_then(|n| n.node.text()) == Some("true");
        Some(Keyword::Types(if is_nullable { types.with(Types::NULL) } else { types }))
    }

    fn values(&mut self, value: At<'d>) -> Option<Keyword> {
        match value.node.items() {
            Some(items @ [_, ..]) => Some(Keyword::Values(items.iter().map(Literal::of).collect())),
            _ => {
                let message = "`enum` lists the values that are allowed, at least one";
                self.mistake(value, value.node.span, message, "write `enum: [first, second]`");
                None
            }
        }
    }

    /// An expression; none where it needs what linear time cannot give.
    fn pattern(&mut self, value: At<'d>) -> Option<Regex> {
        let text = self.text(value)?;
        match Regex::new(&from_ecma(text.text)) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let error = error.to_string();
                let other_syntax = ["look-around", "backreference", "Unicode", "not recognized"];
                if !other_syntax.iter().any(|words| error.contains(words)) {
                    let reason = error.lines().last().unwrap_or_default().trim();
                    let reason = reason.strip_prefix("error: ").unwrap_or(reason);
                    let message = format!("this is no regular expression: {reason}");
                    self.mistake(
                        value,
                        text.span,
                        &message,
                        "escape what is meant as it stands, as `\\(`",
                    );
                }
                None
            }
        }
    }

    /// A number that is not negative.
    fn count(&mut self, value: At<'d>) -> Option<u64> {
        let number = value.node.text().and_then(Decimal::parse);
        let number = number.filter(|number| number.is_integer());
        let count = number.and_then(|number| number.to_string().parse().ok());
        if count.is_none() {
            let message = format!("a whole number is expected here, not {}", said(value.node));
            self.mistake(value, value.node.span, &message, "write a number from 0 on");
        }
        count
    }

    fn number(&mut self, value: At<'d>) -> Option<Decimal> {
        let number = value.node.text().and_then(Decimal::parse);
        if number.is_none() {
            let message = format!("a number is expected here, not {}", said(value.node));
            self.mistake(value, value.node.span, &message, "write a number, as `10`");
        }
        number
    }

    fn multiple(&mut self, value: At<'d>) -> Option<Keyword> {
        let number = self.number(value)?;
        if !number.is_positive() {
            let message = "`multipleOf` is above 0";
            self.mistake(value, value.node.span, message, "write a positive number");
            return None;
        }
        Some(Keyword::MultipleOf(number))
    }

    /// Lower and upper bounds. In OpenAPI 3.0 the exclusive ones are `true` beside the others.
    fn bounds(&mut self, at: At<'d>, keywords: &mut Vec<Keyword>) {
        for (inclusive, exclusive, lower) in
            [("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false)]
        {
            let bound = if lower { Keyword::Minimum } else { Keyword::Maximum };
            let flag = at.get(exclusive).and_then(|at| at.node.text());
            if let Some(value) = at.get(inclusive).and_then(|at| self.number(at)) {
                keywords.push(bound(Bound { value, exclusive: flag == Some("true") }));
            }
            let Some(own) = at.get(exclusive).filter(|_| !matches!(flag, Some("true" | "false")))
            else {
                continue;
            };
            if let Some(value) = self.number(own) {
                keywords.push(bound(Bound { value, exclusive: true }));
            }
        }
    }

    fn check_bounds(&mut self, at: At<'d>, keywords: &[Keyword]) {
        let mut pairs: Vec<(&str, &str, bool)> = Vec::new();
        for one in keywords {
            for other in keywords {
                let crossed = match (one, other) {
                    (Keyword::MinLength(low), Keyword::MaxLength(high))
                    | (Keyword::MinItems(low), Keyword::MaxItems(high))
                    | (Keyword::MinProperties(low), Keyword::MaxProperties(high)) => low > high,
                    (Keyword::Minimum(low), Keyword::Maximum(high)) => low.value > high.value,
                    _ => false,
                };
                pairs.push((one.name(), other.name(), crossed));
            }
        }
        for (low, high, _) in pairs.into_iter().filter(|(.., crossed)| *crossed) {
            let span = at.get(low).map_or(at.node.span, |at| at.node.span);
            let message = format!("no value fits: `{low}` is above `{high}`");
            self.mistake(at, span, &message, "swap the two");
        }
    }

    /// Values of which none has the type that is asked for.
    fn check_values(&mut self, at: At<'d>, keywords: &[Keyword]) {
        let types = keywords.iter().find_map(|keyword| match keyword {
            Keyword::Types(types) => Some(*types),
            _ => None,
        });
        let values = keywords.iter().find_map(|keyword| match keyword {
            Keyword::Values(values) => Some(values),
            _ => None,
        });
        let (Some(types), Some(values)) = (types, values) else { return };
        let fits = |value: &Literal| types.common(Types::of(value)) != Types::default();
        if values.iter().any(fits) {
            return;
        }
        let Some(place) = at.get("enum").or_else(|| at.get("const")) else { return };
        let help = match types.common(Types::STRING) == Types::STRING {
            true => "put the values in quotes, or write the type that they have",
            false => "write the type that the values have, or values of the type",
        };
        self.mistake(place, place.node.span, "no value fits: none of these has the `type`", help);
    }

    fn list_items(&mut self, at: At<'d>, keywords: &mut Vec<Keyword>) {
        let mut prefix: Vec<SchemaId> = Vec::new();
        for item in at.get("prefixItems").into_iter().flat_map(At::items) {
            prefix.push(self.inner_schema(item));
        }
        let mut rest = at.get("items");
        if let Some(items) = rest.filter(|items| items.node.items().is_some()) {
            // As before JSON Schema 2020-12.
            for item in items.items() {
                prefix.push(self.inner_schema(item));
            }
            rest = None;
        }
        let rest = rest.map(|items| self.inner_schema(items));
        if rest.is_some() || !prefix.is_empty() {
            keywords.push(Keyword::Items { prefix, rest });
        }
        if let Some(contains) = at.get("contains") {
            let schema = self.inner_schema(contains);
            let least = at.get("minContains").and_then(|at| self.count(at)).unwrap_or(1);
            let most = at.get("maxContains").and_then(|at| self.count(at));
            keywords.push(Keyword::Contains { schema, least, most });
        }
    }

    fn members(&mut self, at: At<'d>, keywords: &mut Vec<Keyword>) {
        let properties = at.get("properties").map(|at| self.named_schemas(at));
        let patterns = at.get("patternProperties").map(|at| self.patterns(at, keywords));
        let others = at.get("additionalProperties").map(|at| self.inner_schema(at));
        if properties.is_some() || patterns.is_some() || others.is_some() {
            let properties = properties.unwrap_or_default();
            let patterns = patterns.unwrap_or_default();
            keywords.push(Keyword::Members { properties, patterns, others });
        }
    }

    fn patterns(&mut self, at: At<'d>, keywords: &mut Vec<Keyword>) -> Vec<(Regex, SchemaId)> {
        let mut patterns = Vec::new();
        for entry in at.entries() {
            let schema = self.inner_schema(at.beside(&entry.value));
            match Regex::new(&from_ecma(&entry.key)) {
                Ok(regex) => patterns.push((regex, schema)),
                Err(_) => keywords.push(Keyword::Unchecked),
            }
        }
        patterns
    }

    fn named_schemas(&mut self, at: At<'d>) -> Vec<(String, SchemaId)> {
        if at.node.mapping().is_none() {
            let message = format!("names with schemas are expected here, not {}", at.node.kind());
            self.mistake(at, at.node.span, &message, "write `name: { type: … }` for each");
        }
        let mut named = Vec::new();
        for entry in at.entries() {
            named.push((entry.key.clone(), self.inner_schema(at.beside(&entry.value))));
        }
        named
    }

    /// Names that must be there. What only responses have is not needed in requests.
    fn required(&mut self, schema: At<'d>, value: At<'d>) -> Option<Keyword> {
        if value.node.items().is_none() {
            let message = "`required` lists the names of members";
            let help = "write `required: [name]` in the schema that has the `properties`";
            self.mistake(value, value.node.span, message, help);
            return None;
        }
        let mut names = Vec::new();
        for item in value.items() {
            let Some(name) = self.text(item) else { continue };
            let property = schema.get("properties").and_then(|all| all.get(name.text));
            let property = property.and_then(|property| self.resolve(property));
            let is_read_only =
                |at: At<'_>| at.get("readOnly").and_then(|n| n.node.text()) == Some("true");
            if !property.is_some_and(is_read_only) {
                names.push(name.text.to_owned());
            }
        }
        (!names.is_empty()).then_some(Keyword::Required(names))
    }

    fn dependent_required(&mut self, value: At<'d>) -> Option<Keyword> {
        if value.node.mapping().is_none() {
            let message = "`dependentRequired` says which names each name needs";
            self.mistake(value, value.node.span, message, "write `name: [needed, needed]`");
            return None;
        }
        let mut all = Vec::new();
        for entry in value.entries() {
            let list = value.beside(&entry.value);
            if list.node.items().is_none() {
                let message = format!("`{}` needs a list of names", entry.key);
                self.mistake(list, entry.place(), &message, "write `[name, name]`");
            }
            let needed = list.items().filter_map(|item| item.node.text().map(str::to_owned));
            all.push((entry.key.clone(), needed.collect()));
        }
        Some(Keyword::DependentRequired(all))
    }

    fn several(&mut self, entry: &'d Entry, value: At<'d>) -> Option<Vec<SchemaId>> {
        if value.node.items().is_none_or(<[Node]>::is_empty) {
            let message = format!("`{}` is a list of schemas, at least one", entry.key);
            self.mistake(value, entry.place(), &message, "write `- $ref: …` for each");
            return None;
        }
        let mut schemas = Vec::new();
        for item in value.items() {
            schemas.push(self.inner_schema(item));
        }
        Some(schemas)
    }

    fn condition(&mut self, at: At<'d>, keywords: &mut Vec<Keyword>) {
        let Some(test) = at.get("if").map(|at| self.inner_schema(at)) else { return };
        let then = at.get("then").map(|at| self.inner_schema(at));
        let otherwise = at.get("else").map(|at| self.inner_schema(at));
        keywords.push(Keyword::If(test, then, otherwise));
    }
}
