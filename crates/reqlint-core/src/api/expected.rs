//! What a schema expects, in words: the values of a list, or the kind of value and its bounds.

use super::Details;
use super::decimal::Decimal;
use super::literal::Literal;
use super::schema::{Bound, Keyword, SchemaId, Types};

/// How many values of a list are named.
const LISTED: usize = 24;
/// How deep schemas are followed.
const MAX_DEPTH: usize = 8;

/// What a schema expects: alternatives, each ready to stand in a sentence.
pub fn expected(details: &Details, schema: SchemaId) -> Vec<String> {
    let mut words = Words::default();
    words.collect(details, schema, MAX_DEPTH);
    words.alternatives()
}

/// What a schema expects of a JSON value, where `"1"` and `1` are not the same.
pub(crate) fn expected_in_json(details: &Details, schema: SchemaId) -> Vec<String> {
    let mut words = Words { in_json: true, ..Words::default() };
    words.collect(details, schema, MAX_DEPTH);
    words.alternatives()
}

/// What it means to leave the value out, as one more alternative: its default.
pub fn left_out(details: &Details, schema: SchemaId) -> Option<String> {
    let mut next = vec![(schema, MAX_DEPTH)];
    while let Some((id, depth)) = next.pop() {
        for keyword in &details.schemas.get(id as usize)?.keywords {
            match (keyword, depth.checked_sub(1)) {
                (Keyword::Default(value), _) => {
                    return Some(format!("nothing, which means `{value}`"));
                }
                (Keyword::Reference(other), Some(depth)) => next.push((*other, depth)),
                (Keyword::AllOf(all), Some(depth)) => {
                    next.extend(all.iter().map(|part| (*part, depth)));
                }
                _ => {}
            }
        }
    }
    None
}

/// What is known of the value that is expected.
#[derive(Debug, Default)]
struct Words {
    /// Whether texts stand between quotes.
    in_json: bool,
    values: Option<Vec<String>>,
    types: Option<Types>,
    format: Option<String>,
    pattern: Option<String>,
    lower: Option<Bound>,
    upper: Option<Bound>,
    multiple: Option<String>,
    shortest: Option<u64>,
    longest: Option<u64>,
    fewest: Option<u64>,
    most: Option<u64>,
    items: Option<String>,
    members: Vec<String>,
    fewest_members: Option<u64>,
    most_members: Option<u64>,
    /// Of `oneOf` and `anyOf`.
    choices: Vec<String>,
}

impl Words {
    fn collect(&mut self, details: &Details, schema: SchemaId, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let Some(schema) = details.schemas.get(schema as usize) else { return };
        for keyword in &schema.keywords {
            match keyword {
                Keyword::Reference(other) => self.collect(details, *other, depth),
                Keyword::AllOf(all) => {
                    all.iter().for_each(|part| self.collect(details, *part, depth));
                }
                Keyword::AnyOf(some) | Keyword::OneOf(some) => self.choose(details, some, depth),
                Keyword::Values(values) => {
                    // Beside numbers and words, a text needs its quotes; so does one that reads
                    // as such.
                    let is_bare = |value: &Literal| match value {
                        Literal::Text(text) => !self.in_json || !is_json_word(text),
                        value => matches!(value, Literal::Null),
                    };
                    let all_texts = values.iter().all(is_bare);
                    let written = |value: &Literal| match value {
                        Literal::Text(text) if !all_texts => format!("\"{text}\""),
                        value => value.to_string(),
                    };
                    self.values = Some(values.iter().map(written).collect());
                }
                Keyword::Types(types) => {
                    let before = self.types.unwrap_or(Types::ANY);
                    self.types = Some(before.common(*types));
                }
                Keyword::Format(format) => self.format = Some(format.clone()),
                Keyword::Pattern(regex) => self.pattern = Some(regex.source.clone()),
                Keyword::Minimum(bound) => self.lower = Some(*bound),
                Keyword::Maximum(bound) => self.upper = Some(*bound),
                Keyword::MultipleOf(number) => self.multiple = Some(number.to_string()),
                Keyword::MinLength(length) => self.shortest = Some(*length),
                Keyword::MaxLength(length) => self.longest = Some(*length),
                Keyword::MinItems(count) => self.fewest = Some(*count),
                Keyword::MaxItems(count) => self.most = Some(*count),
                Keyword::Required(names) => self.members.extend(names.iter().cloned()),
                Keyword::MinProperties(count) => self.fewest_members = Some(*count),
                Keyword::MaxProperties(count) => self.most_members = Some(*count),
                Keyword::Items { rest: Some(rest), .. } => {
                    let mut words = Words { in_json: self.in_json, ..Words::default() };
                    words.collect(details, *rest, depth.min(2));
                    let listed = words.alternatives();
                    self.items = (listed.len() <= 6).then(|| listed.join(" or "));
                }
                _ => {}
            }
        }
    }

    fn choose(&mut self, details: &Details, some: &[SchemaId], depth: usize) {
        for choice in some {
            let mut words = Words { in_json: self.in_json, ..Words::default() };
            words.collect(details, *choice, depth);
            for text in words.alternatives() {
                if !self.choices.contains(&text) {
                    self.choices.push(text);
                }
            }
        }
    }

    fn alternatives(self) -> Vec<String> {
        if let Some(values) = &self.values {
            return listed(values);
        }
        let is_plain = self.types.is_none() && self.format.is_none() && self.pattern.is_none();
        if is_plain && !self.choices.is_empty() {
            return self.choices;
        }
        let types = self.types.unwrap_or_else(|| self.implied());
        let mut all = Vec::new();
        if types == Types::ANY {
            return vec!["a value".to_owned()];
        }
        if types.has(Types::STRING) {
            all.push(self.text());
        }
        if types.has(Types::NUMBER) || types.has(Types::INTEGER) {
            let kind = if types.has(Types::NUMBER) { "a number" } else { "a whole number" };
            all.push(self.number(kind));
        }
        if types.has(Types::BOOLEAN) {
            all.extend(["`true`".to_owned(), "`false`".to_owned()]);
        }
        if types.has(Types::ARRAY) {
            all.push(self.list());
        }
        if types.has(Types::OBJECT) {
            all.push(self.object());
        }
        if types.has(Types::NULL) {
            all.push("`null`".to_owned());
        }
        all
    }

    /// The types that the keywords speak about, where no type is said.
    fn implied(&self) -> Types {
        let mut types = Types::default();
        let mut add = |when: bool, which: Types| {
            if when {
                types = types.with(which);
            }
        };
        let text = self.format.is_some() || self.pattern.is_some();
        add(text || self.shortest.is_some() || self.longest.is_some(), Types::STRING);
        add(self.lower.or(self.upper).is_some() || self.multiple.is_some(), Types::NUMBER);
        let list = self.fewest.or(self.most).is_some() || self.items.is_some();
        add(list, Types::ARRAY);
        let counted = self.fewest_members.or(self.most_members).is_some();
        add(counted || !self.members.is_empty(), Types::OBJECT);
        if types == Types::default() { Types::ANY } else { types }
    }

    fn text(&self) -> String {
        let kind = match self.format.as_deref() {
            Some("date") => "a date as `2026-01-31`".to_owned(),
            Some("date-time") => "a time as `2026-01-31T09:30:00Z`".to_owned(),
            Some("time") => "a time of day as `09:30:00Z`".to_owned(),
            Some("duration") => "a duration as `P3DT4H`".to_owned(),
            Some("uuid") => "a UUID".to_owned(),
            Some("email" | "idn-email") => "an email address".to_owned(),
            Some("uri" | "iri") => "a URI".to_owned(),
            Some("hostname" | "idn-hostname") => "a host name".to_owned(),
            Some("ipv4") => "an IPv4 address".to_owned(),
            Some("ipv6") => "an IPv6 address".to_owned(),
            Some("byte") => "Base64".to_owned(),
            _ => match &self.pattern {
                Some(pattern) => format!("a text that matches `{pattern}`"),
                None => "a text".to_owned(),
            },
        };
        let size = match (self.shortest.filter(|least| *least > 0), self.longest) {
            (Some(least), Some(most)) if least == most => format!(" of {least} characters"),
            (Some(least), Some(most)) => format!(" of {least} to {most} characters"),
            (Some(1), None) => " that is not empty".to_owned(),
            (Some(least), None) => format!(" of at least {least} characters"),
            (None, Some(most)) => format!(" of at most {most} characters"),
            (None, None) => String::new(),
        };
        kind + &size
    }

    fn number(&self, kind: &str) -> String {
        let range = match (self.lower, self.upper) {
            (None, None) if self.format.as_deref() == Some("int32") => {
                format!(" from {} to {}", i32::MIN, i32::MAX)
            }
            (Some(low), Some(high)) if !low.exclusive && !high.exclusive => {
                format!(" from {} to {}", low.value, high.value)
            }
            (low, high) => {
                let word = |bound: Bound, inclusive: &str, exclusive: &str| {
                    format!(
                        " {} {}",
                        if bound.exclusive { exclusive } else { inclusive },
                        bound.value
                    )
                };
                let low = low.map(|bound| word(bound, "of at least", "above"));
                let high = high.map(|bound| word(bound, "of at most", "below"));
                let both = low.is_some() && high.is_some();
                let and = if both { " and" } else { "" };
                format!("{}{and}{}", low.unwrap_or_default(), high.unwrap_or_default())
            }
        };
        let multiple = match &self.multiple {
            Some(number) => format!(", a multiple of {number}"),
            None => String::new(),
        };
        format!("{kind}{range}{multiple}")
    }

    fn object(&self) -> String {
        if !self.members.is_empty() {
            return format!("an object with {}", all_of(&self.members));
        }
        match (self.fewest_members.filter(|least| *least > 0), self.most_members) {
            (Some(least), Some(most)) => format!("an object of {least} to {most} members"),
            (Some(1), None) => "an object that is not empty".to_owned(),
            (Some(least), None) => format!("an object of at least {least} members"),
            (None, Some(most)) => format!("an object of at most {most} members"),
            (None, None) => "an object".to_owned(),
        }
    }

    fn list(&self) -> String {
        let size = match (self.fewest.filter(|least| *least > 0), self.most) {
            (Some(least), Some(most)) if least == most => format!(" of {least} items"),
            (Some(least), Some(most)) => format!(" of {least} to {most} items"),
            (Some(1), None) => " that is not empty".to_owned(),
            (Some(least), None) => format!(" of at least {least} items"),
            (None, Some(most)) => format!(" of at most {most} items"),
            (None, None) => String::new(),
        };
        let items = match &self.items {
            Some(items) if items != "a value" => format!(", each {items}"),
            _ => String::new(),
        };
        format!("a list{size}{items}")
    }
}

/// Whether a text without its quotes is another JSON value.
fn is_json_word(text: &str) -> bool {
    matches!(text, "true" | "false" | "null") || Decimal::parse(text).is_some()
}

/// `` `a`, `b` and `c` ``
pub(crate) fn all_of(names: &[String]) -> String {
    let marked: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match marked.as_slice() {
        [start @ .., last] if !start.is_empty() => format!("{} and {last}", start.join(", ")),
        other => other.concat(),
    }
}

/// Values in code spans; of a long list its beginning.
fn listed(values: &[String]) -> Vec<String> {
    let code = |value: &String| format!("`{value}`");
    let mut all: Vec<String> = values.iter().take(LISTED).map(code).collect();
    if values.len() > LISTED {
        all.push(format!("another of {} values", values.len()));
    }
    all
}
