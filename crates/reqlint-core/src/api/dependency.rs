//! What the parameters of an operation ask of each other: `x-dependencies`, in the language IDL.
//!
//! IDL is the language of inter-parameter dependencies of the IDL4OAS extension. A dependency is a
//! formula that must hold for the parameters that are sent.

mod parse;

use super::Parameter;
use super::document::Compiler;
use super::library::At;
use crate::rule::load::mistakes::expected;
use parse::parse;
use serde::{Deserialize, Serialize};

/// The patterns of dependencies, by name.
pub const KINDS: &[&str] = &[
    "requires",
    "or",
    "only-one",
    "all-or-none",
    "zero-or-one",
    "relational",
    "arithmetic",
    "complex",
];

/// A dependency between parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dependency {
    /// What must hold.
    pub formula: Formula,
    /// The parameters that it names, in the order of its text.
    pub names: Vec<String>,
}

/// Something that holds for parameters, or does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Formula {
    /// It is sent.
    Sent(String),
    /// It is sent, and is one of these texts.
    Is(String, Vec<String>),
    /// It is sent, and fits this pattern, in which `*` stands for any text.
    Like(String, String),
    /// The two compare so, where all parameters in them are sent.
    Compare(Sum, Comparison, Sum),
    /// Not.
    Not(Box<Formula>),
    /// All of them.
    All(Vec<Formula>),
    /// Any of them.
    Any(Vec<Formula>),
    /// If the first holds, so does the second.
    If(Box<Formula>, Box<Formula>),
    /// So many of them.
    Count(Count, Vec<Formula>),
}

/// How many of several formulas hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Count {
    /// `Or`: at least one.
    Or,
    /// `OnlyOne`: exactly one.
    OnlyOne,
    /// `AllOrNone`
    AllOrNone,
    /// `ZeroOrOne`: at most one.
    ZeroOrOne,
}

/// A number that is computed from parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Sum {
    /// The value of a parameter.
    Param(String),
    /// This number.
    Number(f64),
    /// One, an operator of `+-*/`, the other.
    Of(Box<Sum>, char, Box<Sum>),
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
    /// `!=`
    Different,
}

impl Comparison {
    /// As IDL writes it.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Below => "<",
            Comparison::AtMost => "<=",
            Comparison::Above => ">",
            Comparison::AtLeast => ">=",
            Comparison::Equal => "==",
            Comparison::Different => "!=",
        }
    }
}

impl Dependency {
    /// Which pattern it is, one of [`KINDS`].
    pub fn kind(&self) -> &'static str {
        let is_plain = |formula: &Formula| match formula {
            Formula::Sent(_) | Formula::Is(..) | Formula::Like(..) => true,
            Formula::Not(inner) => {
                matches!(**inner, Formula::Sent(_) | Formula::Is(..) | Formula::Like(..))
            }
            _ => false,
        };
        match &self.formula {
            Formula::If(when, then) if is_plain(when) && is_plain(then) => "requires",
            Formula::Count(count, all) if all.iter().all(is_plain) => match count {
                Count::Or => "or",
                Count::OnlyOne => "only-one",
                Count::AllOrNone => "all-or-none",
                Count::ZeroOrOne => "zero-or-one",
            },
            Formula::Compare(Sum::Of(..), ..) | Formula::Compare(_, _, Sum::Of(..)) => "arithmetic",
            Formula::Compare(..) => "relational",
            _ => "complex",
        }
    }
}

/// Reads `x-dependencies`: a list of texts, or one text with several dependencies.
pub(super) fn read_dependencies<'d>(
    compiler: &mut Compiler<'d>,
    list: At<'d>,
    parameters: &[Parameter],
) -> Vec<Dependency> {
    let texts: Vec<At<'d>> = match list.node.items() {
        Some(_) => list.items().collect(),
        None => vec![list],
    };
    let known: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let mut dependencies = Vec::new();
    for at in texts {
        let Some(text) = compiler.text(at) else { continue };
        match parse(text.text) {
            Ok(read) => {
                for (name, range) in &read.mentions {
                    let base = name.split('[').next().unwrap_or(name);
                    if !known.contains(&name.as_str()) && !known.contains(&base) {
                        let message = format!("the operation has no parameter `{name}`");
                        let span = text.piece(range.clone());
                        compiler.mistakes[at.file].add(span, message, expected(name, &known));
                    }
                }
                dependencies.extend(read.dependencies);
            }
            Err(mistake) => {
                let span = text.piece(mistake.range);
                compiler.mistakes[at.file].add(span, mistake.message, mistake.help);
            }
        }
    }
    dependencies
}
