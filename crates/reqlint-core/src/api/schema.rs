//! Schemas of values (JSON Schema 2020-12, and its older relative in OpenAPI 3.0), compiled: a
//! schema is the list of its keywords, all of which must hold.

use super::decimal::Decimal;
use super::literal::Literal;
use crate::rule::Regex;
use serde::{Deserialize, Serialize};

/// The number of a schema in [`super::Details::schemas`].
pub type SchemaId = u32;

/// What a value must be like.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Schema {
    /// All must hold; none means any value.
    pub keywords: Vec<Keyword>,
}

/// One thing that a schema asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Keyword {
    /// No value fits: the schema `false`.
    Never,
    /// Something that is not looked at, so that no value surely fits.
    Unchecked,
    /// `null` fits, whatever else is asked (`nullable` of OpenAPI 3.0).
    Nullable,
    /// The other schema.
    Reference(SchemaId),
    /// One of these types.
    Types(Types),
    /// One of these values (`enum`, `const`).
    Values(Vec<Literal>),
    /// A text of this format.
    Format(String),
    /// The expression is found in the text.
    Pattern(Regex),
    /// At least this length, in code points.
    MinLength(u64),
    /// At most this length, in code points.
    MaxLength(u64),
    /// A lower bound.
    Minimum(Bound),
    /// An upper bound.
    Maximum(Bound),
    /// A whole multiple of it.
    MultipleOf(Decimal),
    /// Items of a list, by position and then all others.
    Items {
        /// `prefixItems`
        prefix: Vec<SchemaId>,
        /// `items`
        rest: Option<SchemaId>,
    },
    /// At least so many items.
    MinItems(u64),
    /// At most so many items.
    MaxItems(u64),
    /// No two items are equal.
    UniqueItems,
    /// Between so many items fit the schema.
    Contains {
        /// `contains`
        schema: SchemaId,
        /// `minContains`, 1 if left out.
        least: u64,
        /// `maxContains`
        most: Option<u64>,
    },
    /// Members of an object.
    Members {
        /// `properties`
        properties: Vec<(String, SchemaId)>,
        /// `patternProperties`
        patterns: Vec<(Regex, SchemaId)>,
        /// `additionalProperties`
        others: Option<SchemaId>,
    },
    /// Names of members that must be there.
    Required(Vec<String>),
    /// At least so many members.
    MinProperties(u64),
    /// At most so many members.
    MaxProperties(u64),
    /// The names of all members.
    PropertyNames(SchemaId),
    /// Where a member is there, these must be, too.
    DependentRequired(Vec<(String, Vec<String>)>),
    /// Where a member is there, the object fits the schema.
    DependentSchemas(Vec<(String, SchemaId)>),
    /// All of them.
    AllOf(Vec<SchemaId>),
    /// At least one of them.
    AnyOf(Vec<SchemaId>),
    /// Exactly one of them.
    OneOf(Vec<SchemaId>),
    /// Not.
    Not(SchemaId),
    /// `if`, `then` and `else`.
    If(SchemaId, Option<SchemaId>, Option<SchemaId>),
    /// What is meant where no value is sent.
    Default(Literal),
}

/// A bound of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The number.
    pub value: Decimal,
    /// Whether the number itself is out.
    pub exclusive: bool,
}

/// A set of types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Types(u8);

impl Types {
    /// `null`
    pub const NULL: Types = Types(1);
    /// `boolean`
    pub const BOOLEAN: Types = Types(2);
    /// `integer`
    pub const INTEGER: Types = Types(4);
    /// `number`, integers included
    pub const NUMBER: Types = Types(8);
    /// `string`
    pub const STRING: Types = Types(16);
    /// `array`
    pub const ARRAY: Types = Types(32);
    /// `object`
    pub const OBJECT: Types = Types(64);
    /// Every type.
    pub const ANY: Types = Types(127);

    /// Every type by name.
    pub const NAMES: [(&str, Types); 7] = [
        ("null", Types::NULL),
        ("boolean", Types::BOOLEAN),
        ("integer", Types::INTEGER),
        ("number", Types::NUMBER),
        ("string", Types::STRING),
        ("array", Types::ARRAY),
        ("object", Types::OBJECT),
    ];

    /// The type of a value.
    pub fn of(value: &Literal) -> Types {
        match value {
            Literal::Null => Types::NULL,
            Literal::Boolean(_) => Types::BOOLEAN,
            Literal::Number(_) => Types::NUMBER,
            Literal::Text(_) => Types::STRING,
            Literal::List(_) => Types::ARRAY,
            Literal::Object(_) => Types::OBJECT,
        }
    }

    /// Those of both.
    #[must_use]
    pub fn with(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    /// Those that both have. A number may be an integer.
    #[must_use]
    pub fn common(self, other: Types) -> Types {
        let widened = |types: Types| match types.has(Types::NUMBER) {
            true => types.with(Types::INTEGER),
            false => types,
        };
        Types(widened(self).0 & widened(other).0)
    }

    /// Whether it has one of these types.
    pub fn has(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }
}

impl Keyword {
    /// The name in JSON Schema.
    pub fn name(&self) -> &'static str {
        match self {
            Keyword::Never => "false",
            Keyword::Unchecked => "unchecked",
            Keyword::Nullable => "nullable",
            Keyword::Reference(_) => "$ref",
            Keyword::Types(_) => "type",
            Keyword::Values(_) => "enum",
            Keyword::Format(_) => "format",
            Keyword::Pattern(_) => "pattern",
            Keyword::MinLength(_) => "minLength",
            Keyword::MaxLength(_) => "maxLength",
            Keyword::Minimum(bound) if bound.exclusive => "exclusiveMinimum",
            Keyword::Minimum(_) => "minimum",
            Keyword::Maximum(bound) if bound.exclusive => "exclusiveMaximum",
            Keyword::Maximum(_) => "maximum",
            Keyword::MultipleOf(_) => "multipleOf",
            Keyword::Items { .. } => "items",
            Keyword::MinItems(_) => "minItems",
            Keyword::MaxItems(_) => "maxItems",
            Keyword::UniqueItems => "uniqueItems",
            Keyword::Contains { .. } => "contains",
            Keyword::Members { .. } => "additionalProperties",
            Keyword::Required(_) => "required",
            Keyword::MinProperties(_) => "minProperties",
            Keyword::MaxProperties(_) => "maxProperties",
            Keyword::PropertyNames(_) => "propertyNames",
            Keyword::DependentRequired(_) => "dependentRequired",
            Keyword::DependentSchemas(_) => "dependentSchemas",
            Keyword::AllOf(_) => "allOf",
            Keyword::AnyOf(_) => "anyOf",
            Keyword::OneOf(_) => "oneOf",
            Keyword::Not(_) => "not",
            Keyword::If(..) => "if",
            Keyword::Default(_) => "default",
        }
    }

    /// The names that a value can break a schema by, for rules that ask for some of them: keywords,
    /// `style` where the text has no shape of its style, and `object` where parameters that are the
    /// members of one object do not fit together.
    pub const NAMES: &[&str] = &[
        "style",
        "object",
        "false",
        "type",
        "enum",
        "format",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "exclusiveMinimum",
        "maximum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "contains",
        "additionalProperties",
        "required",
        "minProperties",
        "maxProperties",
        "propertyNames",
        "dependentRequired",
        "anyOf",
        "oneOf",
        "not",
    ];
}
