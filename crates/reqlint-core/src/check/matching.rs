//! Patterns on texts, with and without holes.

use super::caseless::Fold;
use super::truth::Truth;
use crate::layer::Hole;
use crate::rule::pattern::{Element, Pattern};
use crate::rule::{NameId, Row};
use crate::span::Span;
use std::borrow::Cow;

/// How many steps one comparison may take before the answer is unknown.
const STEPS: usize = 100_000;

/// A text to compare, in NFC.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'t> {
    /// The text.
    pub(crate) text: &'t str,
    /// Its holes, in order.
    pub(crate) holes: &'t [Hole],
    /// How case counts.
    pub(crate) fold: Fold,
}

/// What patterns may refer to.
#[derive(Clone, Copy)]
pub(crate) struct Names<'n> {
    /// The text of a name that is bound already.
    pub(crate) bound: &'n dyn Fn(NameId) -> Option<String>,
    /// The row of the table.
    pub(crate) row: Option<&'n Row>,
}

/// What a pattern bound: bytes of the subject's text.
pub(crate) type Captures = Vec<(NameId, Span)>;

/// Whether the whole text fits the pattern, and what its names stand for. Of two gaps the left
/// one is the longest.
pub(crate) fn match_pattern(
    pattern: &Pattern,
    subject: Subject<'_>,
    names: Names<'_>,
) -> (Truth, Captures) {
    if let Some(literal) = pattern.literal()
        && subject.holes.is_empty()
    {
        return (Truth::from(subject.equals(literal)), Captures::new());
    }
    if pattern.is_any() {
        return (Truth::Yes, Captures::new());
    }
    if subject.holes.is_empty()
        && let Some(answer) = quick_answer(pattern, subject, names)
    {
        return (answer, Captures::new());
    }
    let mut best = (Truth::No, Captures::new());
    for tokens in expand(&pattern.elements, names) {
        let found = if subject.holes.is_empty() {
            match_known(&tokens, subject)
        } else {
            match_with_holes(&tokens, subject)
        };
        if found.0 == Truth::Yes {
            return found;
        }
        if found.0 > best.0 {
            best = found;
        }
    }
    best
}

/// The answer for a known text, where the ends of the pattern or a cell alone decide it.
fn quick_answer(pattern: &Pattern, subject: Subject<'_>, names: Names<'_>) -> Option<Truth> {
    if let [Element::Cell(column)] = pattern.elements.as_slice() {
        let cell = names.row.map(|row| row.cells[*column].as_slice()).unwrap_or_default();
        return Some(cell.iter().any(|text| subject.equals(text)).into());
    }
    let length = subject.text.len();
    let starts = match pattern.elements.first() {
        Some(Element::Literal(literal)) => subject.starts_with(0, literal),
        _ => true,
    };
    let ends = match pattern.elements.last() {
        Some(Element::Literal(literal)) => {
            length >= literal.len() && subject.starts_with(length - literal.len(), literal)
        }
        _ => true,
    };
    (!starts || !ends).then_some(Truth::No)
}

/// A pattern element whose cell and bound names are filled.
#[derive(Clone, Debug)]
enum Token<'p> {
    Text(Cow<'p, str>),
    Any,
    Name(NameId),
}

/// The pattern once for each choice of cell texts.
fn expand<'p>(elements: &'p [Element], names: Names<'p>) -> Vec<Vec<Token<'p>>> {
    let mut all = vec![Vec::new()];
    for element in elements {
        let choices: Vec<Token<'_>> = match element {
            Element::Literal(text) => vec![Token::Text(Cow::Borrowed(text))],
            Element::Any => vec![Token::Any],
            Element::Name(id) => match (names.bound)(*id) {
                Some(text) => vec![Token::Text(Cow::Owned(text))],
                None => vec![Token::Name(*id)],
            },
            Element::Cell(column) => {
                let cell = names.row.map(|row| row.cells[*column].as_slice()).unwrap_or_default();
                cell.iter().map(|text| Token::Text(Cow::Borrowed(text.as_str()))).collect()
            }
        };
        if let [choice] = choices.as_slice() {
            all.iter_mut().for_each(|tokens| tokens.push(choice.clone()));
            continue;
        }
        all = all
            .into_iter()
            .flat_map(|tokens| {
                choices.iter().map(move |choice| {
                    let mut tokens = tokens.clone();
                    tokens.push(choice.clone());
                    tokens
                })
            })
            .collect();
    }
    all
}

impl Subject<'_> {
    fn equals(&self, literal: &str) -> bool {
        self.fold.equal(self.text, literal)
    }

    fn starts_with(&self, at: usize, literal: &str) -> bool {
        match self.text.as_bytes().get(at..at + literal.len()) {
            Some(bytes) => self.fold.equal_bytes(bytes, literal.as_bytes()),
            None => false,
        }
    }
}

struct Search<'s, 't> {
    tokens: &'s [Token<'s>],
    subject: Subject<'t>,
    steps: usize,
}

fn match_known(tokens: &[Token<'_>], subject: Subject<'_>) -> (Truth, Captures) {
    let mut search = Search { tokens, subject, steps: 0 };
    let mut captures = Captures::new();
    let found = search.run(0, 0, &mut captures);
    match found {
        true => (Truth::Yes, captures),
        false if search.steps >= STEPS => (Truth::Unknown, Captures::new()),
        false => (Truth::No, Captures::new()),
    }
}

impl Search<'_, '_> {
    fn run(&mut self, token: usize, at: usize, captures: &mut Captures) -> bool {
        self.steps += 1;
        if self.steps >= STEPS {
            return false;
        }
        let text = self.subject.text;
        match self.tokens.get(token) {
            None => at == text.len(),
            Some(Token::Text(literal)) => {
                self.subject.starts_with(at, literal)
                    && self.run(token + 1, at + literal.len(), captures)
            }
            Some(Token::Any) => self.gap(token, at, at, None, captures),
            Some(Token::Name(id)) => {
                let first = text[at..].chars().next().map_or(text.len() + 1, |c| at + c.len_utf8());
                self.gap(token, at, first, Some(*id), captures)
            }
        }
    }

    /// A gap from `at` that ends at or after `shortest`, the longest first.
    fn gap(
        &mut self,
        token: usize,
        at: usize,
        shortest: usize,
        name: Option<NameId>,
        captures: &mut Captures,
    ) -> bool {
        let text = self.subject.text;
        if shortest > text.len() {
            return false;
        }
        // The second use of a name stands for the text of the first.
        let known = name.and_then(|id| captures.iter().find(|(bound, _)| *bound == id)).copied();
        if let Some((_, span)) = known {
            let again = &text[span.range()];
            return text[at..].starts_with(again)
                && self.run(token + 1, at + again.len(), captures);
        }
        let mut end = text.len();
        if token + 1 == self.tokens.len() {
            return self.take(token, at, end, name, captures);
        }
        loop {
            if text.is_char_boundary(end) && self.take(token, at, end, name, captures) {
                return true;
            }
            if end == shortest || self.steps >= STEPS {
                return false;
            }
            end -= 1;
            // Skip ends at which the next literal does not stand.
            if let Some(Token::Text(next)) = self.tokens.get(token + 1) {
                while end > shortest && !self.subject.starts_with(end, next) {
                    end -= 1;
                }
            }
        }
    }

    fn take(
        &mut self,
        token: usize,
        at: usize,
        end: usize,
        name: Option<NameId>,
        captures: &mut Captures,
    ) -> bool {
        let depth = captures.len();
        if let Some(id) = name {
            captures.push((id, Span::new(at, end)));
        }
        let found = self.run(token + 1, end, captures);
        if !found {
            captures.truncate(depth);
        }
        found
    }
}

/// Compares a text with holes. Sound, not complete: certain are only the texts before the first
/// hole and after the last one, and patterns with one gap.
fn match_with_holes(tokens: &[Token<'_>], subject: Subject<'_>) -> (Truth, Captures) {
    let (prefix, gaps, suffix) = ends(tokens);
    let text = subject.text;
    let head = subject.holes.first().map_or(text.len(), |hole| hole.span.start());
    let tail = subject.holes.last().map_or(0, |hole| hole.span.end());
    let known = Subject { text: &text[..head], ..subject };
    let fits_start = known.agrees_at_start(&prefix);
    let known = Subject { text: &text[tail..], ..subject };
    let fits_end = known.agrees_at_end(&suffix);
    if !fits_start || !fits_end {
        return (Truth::No, Captures::new());
    }
    let certain: usize =
        text.len() - subject.holes.iter().map(|hole| hole.span.len()).sum::<usize>();
    let [gap] = gaps else {
        // A literal: at least one character a hole has to fit as well.
        let room = prefix.len() >= certain + subject.holes.len() || !gaps.is_empty();
        return (if room { Truth::Unknown } else { Truth::No }, Captures::new());
    };
    if prefix.len() > head || suffix.len() > text.len() - tail {
        return (Truth::Unknown, Captures::new());
    }
    let span = Span::new(prefix.len(), text.len() - suffix.len());
    let captures = match gap {
        Token::Name(id) => vec![(*id, span)],
        _ => Captures::new(),
    };
    (Truth::Yes, captures)
}

/// The literal text before the first gap, the tokens from the first to the last gap, and the
/// literal text after the last gap.
fn ends<'t, 'p>(tokens: &'t [Token<'p>]) -> (String, &'t [Token<'p>], String) {
    let is_gap = |token: &Token<'_>| !matches!(token, Token::Text(_));
    let first = tokens.iter().position(is_gap).unwrap_or(tokens.len());
    let last = tokens.iter().rposition(is_gap).map_or(tokens.len(), |last| last + 1);
    let join = |tokens: &[Token<'_>]| {
        let texts = tokens.iter().map(|token| match token {
            Token::Text(text) => text.as_ref(),
            _ => "",
        });
        texts.collect::<String>()
    };
    if first == tokens.len() {
        // Without a gap the text has to agree with the whole literal at both ends.
        return (join(tokens), &[], join(tokens));
    }
    (join(&tokens[..first]), &tokens[first..last], join(&tokens[last..]))
}

impl Subject<'_> {
    /// Whether this text, of which more may follow, can start with `literal`.
    fn agrees_at_start(&self, literal: &str) -> bool {
        let shared = self.text.len().min(literal.len());
        self.same(&self.text.as_bytes()[..shared], &literal.as_bytes()[..shared])
    }

    /// Whether this text, of which more may stand before, can end with `literal`.
    fn agrees_at_end(&self, literal: &str) -> bool {
        let shared = self.text.len().min(literal.len());
        self.same(
            &self.text.as_bytes()[self.text.len() - shared..],
            &literal.as_bytes()[literal.len() - shared..],
        )
    }

    fn same(&self, left: &[u8], right: &[u8]) -> bool {
        self.fold.equal_bytes(left, right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::HoleKind;

    fn pattern(text: &str) -> Pattern {
        let mut elements = Vec::new();
        for (number, piece) in text.split('*').enumerate() {
            if number > 0 {
                elements.push(Element::Name(number - 1));
            }
            if !piece.is_empty() {
                elements.push(Element::Literal(piece.to_owned()));
            }
        }
        Pattern { elements }
    }

    fn run(shape: &str, text: &str) -> (Truth, Vec<String>) {
        let holes: Vec<Hole> = text
            .match_indices("$X")
            .map(|(at, hole)| Hole {
                span: Span::new(at, at + hole.len()),
                kind: HoleKind::Variable,
            })
            .collect();
        let names = Names { bound: &|_| None, row: None };
        let subject = Subject { text, holes: &holes, fold: Fold::Exact };
        let (truth, captures) = match_pattern(&pattern(shape), subject, names);
        (truth, captures.iter().map(|(_, span)| text[span.range()].to_owned()).collect())
    }

    #[test]
    fn binds_the_left_gap_longest() {
        assert_eq!(run("*_*", "a_b_c"), (Truth::Yes, vec!["a_b".into(), "c".into()]));
        assert_eq!(run("/api/*", "/api/"), (Truth::No, vec![]));
        assert_eq!(run("/api/*", "/api/é"), (Truth::Yes, vec!["é".into()]));
        assert_eq!(run("a", "a"), (Truth::Yes, vec![]));
        assert_eq!(run("*/", "/a/"), (Truth::Yes, vec!["/a".into()]));
    }

    #[test]
    fn stays_unknown_where_holes_decide() {
        assert_eq!(run("Bearer *", "Bearer $X"), (Truth::Yes, vec!["$X".into()]));
        assert_eq!(run("Bearer *", "$X"), (Truth::Unknown, vec![]));
        assert_eq!(run("Bearer *", "Basic $X"), (Truth::No, vec![]));
        assert_eq!(run("US", "$X"), (Truth::Unknown, vec![]));
        assert_eq!(run("US", "USA$X"), (Truth::No, vec![]));
        assert_eq!(run("U", "U$X"), (Truth::No, vec![]));
        assert_eq!(run("\"*\"", "\"$X\""), (Truth::Yes, vec!["$X".into()]));
    }

    #[test]
    fn bounds_the_work() {
        let text = "{".repeat(200_000);
        assert_eq!(run("*{*}*", &text).0, Truth::Unknown);
    }
}
