//! Reads IDL. A dependency is one of
//!
//! ```text
//! IF predicate THEN predicate;
//! Or(…, …);  OnlyOne(…, …);  AllOrNone(…, …);  ZeroOrOne(…, …);      with NOT before them
//! a <= b;    a + b * 2 < 100;
//! ```
//!
//! where a predicate joins clauses with `AND` and `OR`: `a`, `NOT a`, `a == 'x'|'y'`, `a LIKE 'x*'`,
//! `a > 5`, `(…)`, and any of the above but `IF`. A name that is no word stands in `[…]`.

use super::{Comparison, Count, Dependency, Formula, Sum};
use std::ops::Range;

/// How deep brackets may be nested.
const MAX_DEPTH: usize = 50;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) dependencies: Vec<Dependency>,
    /// Every mention of a parameter, with its bytes.
    pub(super) mentions: Vec<(String, Range<usize>)>,
}

/// Why a text is no IDL.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    /// In brackets.
    Name(String),
    Text(String),
    Number(f64),
    Sign(&'static str),
}

const SIGNS: &[&str] =
    &["<=", ">=", "==", "!=", "<", ">", "(", ")", ",", ";", "|", "+", "-", "*", "/"];
const COUNTS: &[(&str, Count)] = &[
    ("Or", Count::Or),
    ("OnlyOne", Count::OnlyOne),
    ("AllOrNone", Count::AllOrNone),
    ("ZeroOrOne", Count::ZeroOrOne),
];
const COMPARISONS: &[(&str, Comparison)] = &[
    ("<", Comparison::Below),
    ("<=", Comparison::AtMost),
    (">", Comparison::Above),
    (">=", Comparison::AtLeast),
    ("==", Comparison::Equal),
    ("!=", Comparison::Different),
];
const SHAPES: &str = "write `IF a THEN b;`, `Or(a, b);`, `OnlyOne(a, b);`, `AllOrNone(a, b);`, \
                      `ZeroOrOne(a, b);` or a comparison as `a <= b;`";
const STRANGE_NAME: &str = "a name that is no word stands in brackets: `[name]`";

/// Reads dependencies, each ended by `;`, which the last one need not have.
pub(super) fn parse(text: &str) -> Result<Read, Mistake> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, end: text.len(), mentions: Vec::new(), depth: 0 };
    let mut read = Read::default();
    while parser.at < parser.tokens.len() {
        let first = parser.mentions.len();
        let formula = parser.dependency()?;
        let mut names: Vec<String> = Vec::new();
        for (name, _) in &parser.mentions[first..] {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        read.dependencies.push(Dependency { formula, names });
        if parser.at < parser.tokens.len() && !parser.take(";") {
            return Err(parser.unexpected("`;`", SHAPES));
        }
        while parser.take(";") {}
    }
    if read.dependencies.is_empty() {
        let range = 0..text.len();
        let message = "this dependency is empty".to_owned();
        return Err(Mistake { range, message, help: SHAPES });
    }
    read.mentions = parser.mentions;
    Ok(read)
}

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Mistake> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let until = |test: fn(char) -> bool| rest.find(test).unwrap_or(rest.len());
        let (token, length) = match first {
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '\'' | '"' | '[' => {
                let close = if first == '[' { ']' } else { first };
                // A name may hold brackets of its own: `[price[min]]`.
                let inner = match first {
                    '[' => closing(rest),
                    _ => rest[1..].find(close),
                };
                let Some(inner) = inner else {
                    let message = format!("this `{first}` is never closed");
                    let help = "close it behind the name or the text";
                    return Err(Mistake { range: at..at + 1, message, help });
                };
                let text = rest[1..=inner].to_owned();
                let token = if first == '[' { Token::Name(text) } else { Token::Text(text) };
                (token, inner + 2)
            }
            '0'..='9' => {
                let length = until(|c| !c.is_ascii_digit() && c != '.');
                let Ok(number) = rest[..length].parse() else {
                    let message = format!("`{}` is no number", &rest[..length]);
                    return Err(Mistake { range: at..at + length, message, help: SHAPES });
                };
                (Token::Number(number), length)
            }
            _ if first.is_alphabetic() || first == '_' => {
                let length = until(|c| !c.is_alphanumeric() && c != '_' && c != '.');
                (Token::Word(rest[..length].to_owned()), length)
            }
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => {
                    let message = format!("`{first}` means nothing here");
                    let range = at..at + first.len_utf8();
                    return Err(Mistake { range, message, help: STRANGE_NAME });
                }
            },
        };
        tokens.push((token, at..at + length));
        at += length;
    }
    Ok(tokens)
}

/// Where the bracket at the start of a text is closed, counted behind it.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0;
    for (at, character) in text.char_indices() {
        match character {
            '[' => open += 1,
            ']' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return at.checked_sub(1);
        }
    }
    None
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    end: usize,
    mentions: Vec<(String, Range<usize>)>,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// Passes a sign or a word of the language.
    fn take(&mut self, expected: &str) -> bool {
        let is_it = match self.peek() {
            Some(Token::Sign(sign)) => *sign == expected,
            Some(Token::Word(word)) => word == expected,
            _ => false,
        };
        self.at += usize::from(is_it);
        is_it
    }

    fn expect(&mut self, sign: &str) -> Result<(), Mistake> {
        match self.take(sign) {
            true => Ok(()),
            false => Err(self.unexpected(&format!("`{sign}`"), SHAPES)),
        }
    }

    fn unexpected(&self, expected: &str, help: &'static str) -> Mistake {
        match self.tokens.get(self.at) {
            Some((_, range)) => Mistake {
                range: range.clone(),
                message: format!("{expected} is expected here"),
                help,
            },
            None => Mistake {
                range: self.end.saturating_sub(1)..self.end,
                message: format!("{expected} is expected behind this"),
                help,
            },
        }
    }

    fn dependency(&mut self) -> Result<Formula, Mistake> {
        if self.take("IF") {
            let when = self.predicate()?;
            self.expect("THEN")?;
            let then = self.predicate()?;
            return Ok(Formula::If(Box::new(when), Box::new(then)));
        }
        let start = self.at;
        let formula = self.predicate()?;
        if matches!(formula, Formula::Sent(_)) {
            let (_, range) = self.tokens[start].clone();
            let message = "a parameter alone is no dependency".to_owned();
            return Err(Mistake { range, message, help: SHAPES });
        }
        Ok(formula)
    }

    /// Clauses joined by `OR`, of which those joined by `AND` bind closer.
    fn predicate(&mut self) -> Result<Formula, Mistake> {
        let mut any = vec![self.conjunction()?];
        while self.take("OR") {
            any.push(self.conjunction()?);
        }
        Ok(if any.len() == 1 { any.remove(0) } else { Formula::Any(any) })
    }

    fn conjunction(&mut self) -> Result<Formula, Mistake> {
        let mut all = vec![self.clause()?];
        while self.take("AND") {
            all.push(self.clause()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Formula::All(all) })
    }

    fn clause(&mut self) -> Result<Formula, Mistake> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.unexpected("less nesting", SHAPES));
        }
        let clause = self.clause_inside();
        self.depth -= 1;
        clause
    }

    fn clause_inside(&mut self) -> Result<Formula, Mistake> {
        if self.take("NOT") {
            return Ok(Formula::Not(Box::new(self.clause()?)));
        }
        for (word, count) in COUNTS {
            if self.take(word) {
                return self.counted(*count);
            }
        }
        if let Some(compared) = self.attempt(Parser::comparison) {
            return Ok(compared);
        }
        if self.take("(") {
            let inner = self.predicate()?;
            self.expect(")")?;
            return Ok(inner);
        }
        self.term()
    }

    fn counted(&mut self, count: Count) -> Result<Formula, Mistake> {
        self.expect("(")?;
        let mut all = vec![self.predicate()?];
        while self.take(",") {
            all.push(self.predicate()?);
        }
        if all.len() == 1 {
            return Err(self.unexpected("`,` and another parameter", SHAPES));
        }
        self.expect(")")?;
        Ok(Formula::Count(count, all))
    }

    /// Reads something, or goes back to where it began.
    fn attempt<T>(&mut self, read: fn(&mut Self) -> Result<T, Mistake>) -> Option<T> {
        let (at, mentions, depth) = (self.at, self.mentions.len(), self.depth);
        let result = read(self);
        if result.is_err() {
            self.at = at;
            self.mentions.truncate(mentions);
            self.depth = depth;
        }
        result.ok()
    }

    /// Two sums with a comparison between them.
    fn comparison(&mut self) -> Result<Formula, Mistake> {
        let left = self.sum()?;
        let found = COMPARISONS
            .iter()
            .find(|(sign, _)| matches!(self.peek(), Some(Token::Sign(own)) if own == sign));
        let Some((_, comparison)) = found else {
            return Err(self.unexpected("a comparison", SHAPES));
        };
        self.at += 1;
        Ok(Formula::Compare(left, *comparison, self.sum()?))
    }

    fn sum(&mut self) -> Result<Sum, Mistake> {
        self.operation(&["+", "-"], |parser| parser.operation(&["*", "/"], Parser::operand))
    }

    fn operation(
        &mut self,
        signs: &[&'static str],
        operand: fn(&mut Self) -> Result<Sum, Mistake>,
    ) -> Result<Sum, Mistake> {
        let mut left = operand(self)?;
        while let Some(sign) = signs.iter().find(|sign| self.take(sign)) {
            let right = operand(self)?;
            let sign = sign.chars().next().unwrap_or('+');
            left = Sum::Of(Box::new(left), sign, Box::new(right));
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Sum, Mistake> {
        if self.take("(") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(self.unexpected("less nesting", SHAPES));
            }
            let inner = self.sum()?;
            self.depth -= 1;
            self.expect(")")?;
            return Ok(inner);
        }
        let is_negative = self.take("-");
        if let Some(Token::Number(number)) = self.peek() {
            let number = if is_negative { -number } else { *number };
            self.at += 1;
            return Ok(Sum::Number(number));
        }
        self.name().map(Sum::Param)
    }

    /// A parameter: that it is sent, or what its text is.
    fn term(&mut self) -> Result<Formula, Mistake> {
        let name = self.name()?;
        if self.take("LIKE") {
            return Ok(Formula::Like(name, self.text()?));
        }
        let differs = self.take("!=");
        if !differs && !self.take("==") {
            return Ok(Formula::Sent(name));
        }
        let mut texts = vec![self.text()?];
        while self.take("|") {
            texts.push(self.text()?);
        }
        let is = Formula::Is(name.clone(), texts);
        if !differs {
            return Ok(is);
        }
        Ok(Formula::All(vec![Formula::Sent(name), Formula::Not(Box::new(is))]))
    }

    fn name(&mut self) -> Result<String, Mistake> {
        const RESERVED: &[&str] = &["IF", "THEN", "AND", "OR", "NOT", "LIKE", "true", "false"];
        match self.tokens.get(self.at) {
            Some((Token::Word(name), range)) if !RESERVED.contains(&name.as_str()) => {
                let (name, range) = (name.clone(), range.clone());
                self.mentions.push((name.clone(), range));
                self.at += 1;
                Ok(name)
            }
            Some((Token::Name(name), range)) => {
                let (name, range) = (name.clone(), range.start + 1..range.end - 1);
                self.mentions.push((name.clone(), range));
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.unexpected("the name of a parameter", STRANGE_NAME)),
        }
    }

    fn text(&mut self) -> Result<String, Mistake> {
        let text = match self.peek() {
            Some(Token::Text(text)) => text.clone(),
            Some(Token::Word(word)) if word == "true" || word == "false" => word.clone(),
            _ => return Err(self.unexpected("a text in quotes", "write `name == 'text'`")),
        };
        self.at += 1;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Dependency {
        let mut read = parse(text).unwrap_or_else(|mistake| panic!("{mistake:?}"));
        assert_eq!(read.dependencies.len(), 1, "{text}");
        read.dependencies.remove(0)
    }

    #[test]
    fn the_seven_patterns_are_told_apart() {
        let cases = [
            ("IF a THEN b;", "requires"),
            ("IF a == 'x'|'y' THEN NOT b", "requires"),
            ("IF NOT a THEN b LIKE 'v*';", "requires"),
            ("Or(a, b == 'x');", "or"),
            ("OnlyOne(a, b, c);", "only-one"),
            ("AllOrNone(a, [X-Header]);", "all-or-none"),
            ("ZeroOrOne(a, b);", "zero-or-one"),
            ("a <= b;", "relational"),
            ("[price[min]] < [price[max]];", "relational"),
            ("a + b * 2 < 100;", "arithmetic"),
            ("(a - b) / 2 == 1;", "arithmetic"),
            ("IF a AND (b OR c > 5) THEN OnlyOne(d, e);", "complex"),
            ("NOT Or(a, b);", "complex"),
            ("Or(a AND b, c);", "complex"),
        ];
        for (text, kind) in cases {
            assert_eq!(read(text).kind(), kind, "{text}");
        }
    }

    #[test]
    fn operators_bind_as_in_arithmetic_and_logic() {
        let sent = |name: &str| Formula::Sent(name.to_owned());
        let all = Formula::All(vec![sent("a"), sent("b")]);
        let formula = read("NOT c OR a AND b;").formula;
        assert_eq!(formula, Formula::Any(vec![Formula::Not(Box::new(sent("c"))), all]));
        let Formula::Compare(left, Comparison::Below, _) = read("a + b * c < 7;").formula else {
            panic!("a comparison")
        };
        let Sum::Of(_, '+', product) = left else { panic!("a sum") };
        assert!(matches!(*product, Sum::Of(_, '*', _)));
    }

    #[test]
    fn names_are_listed_once_in_order() {
        assert_eq!(read("IF b THEN OnlyOne(a, b);").names, ["b", "a"]);
        let several = parse("IF a THEN b; a < 5;").expect("two dependencies");
        assert_eq!(several.dependencies.len(), 2);
    }

    #[test]
    fn mistakes_name_their_place() {
        let cases = [
            ("IF a b;", 5, "`THEN` is expected here"),
            ("Or(a);", 4, "`,` and another parameter is expected here"),
            ("a;", 0, "a parameter alone is no dependency"),
            ("IF a THEN;", 9, "the name of a parameter is expected here"),
            ("a == x;", 0, ""),
            ("a == ;", 5, "a text in quotes is expected here"),
            ("Or(a, b", 6, "`)` is expected behind this"),
            ("a # b;", 2, "`#` means nothing here"),
            ("a == 'x;", 5, "this `'` is never closed"),
            ("", 0, "this dependency is empty"),
        ];
        for (text, at, message) in cases {
            match parse(text) {
                Ok(_) => assert_eq!(message, "", "{text}"),
                Err(mistake) => {
                    assert_eq!(
                        (mistake.range.start, mistake.message.as_str()),
                        (at, message),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn whatever_is_cut_off_nothing_panics() {
        let text = "IF a AND (b OR c > 5) THEN OnlyOne([d-e], f == 'x'|'ü');";
        for (at, _) in text.char_indices() {
            let _ = parse(&text[..at]);
            let _ = parse(&text[at..]);
        }
        let _ = parse(&"(".repeat(10_000));
        let _ = parse(&"NOT ".repeat(10_000));
    }
}
