//! Reads templates: messages, titles and the texts of edits. Looks after their style.

use super::fields::Text;
use super::mistakes::{Mistakes, expected, listing};
use super::names::Site;
use super::notation::{Token, tokens};
use super::parts::{Reader, STRAY};
use crate::rule::template::{Attribute, Piece};
use crate::rule::{Find, NameId, Part, PartPlace, Template, Tests};
use crate::span::Span;
use unicode_normalization::UnicodeNormalization;

/// What a template is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// To be read by people.
    Message,
    /// To be written into the request.
    Edit,
    /// To be looked up in the description.
    Question,
}

impl Reader<'_> {
    /// A template.
    pub(crate) fn template(&mut self, text: &Text<'_>, for_what: Use) -> Template {
        let mut pieces: Vec<Piece> = Vec::new();
        for (token, range) in tokens(text.text) {
            let span = text.piece(range);
            if let Token::Literal(literal) = token {
                match pieces.last_mut() {
                    Some(Piece::Literal(before)) => before.push_str(literal),
                    _ => pieces.push(Piece::Literal(literal.to_owned())),
                }
                continue;
            }
            pieces.extend(self.piece(token, span, for_what));
        }
        for piece in &mut pieces {
            if let Piece::Literal(literal) = piece {
                *literal = literal.nfc().collect();
            }
        }
        Template { pieces }
    }

    fn piece(&mut self, token: Token<'_>, span: Span, for_what: Use) -> Option<Piece> {
        match token {
            Token::Literal(literal) => Some(Piece::Literal(literal.to_owned())),
            Token::Name(name) => {
                let id = self.names.mention(name, span, Site::Elsewhere);
                self.check_text(id, span);
                Some(Piece::Text(id))
            }
            Token::Cell(column) => self.column(column, span).map(Piece::Cell),
            Token::Attribute(name, attribute) => self.attribute(name, attribute, span),
            Token::Variable(name) if for_what == Use::Edit => {
                Some(Piece::Variable(name.to_owned()))
            }
            Token::Variable(name) => {
                let help =
                    format!("write `{name}` if the word is meant, or `<<${name}>` for the text");
                self.mistakes.add(span, "`<$NAME>` is for the texts of `set` only", help);
                None
            }
            Token::Any => {
                let help = "name what is found by `<x>` in the pattern, and write `<x>` here";
                self.mistakes.add(span, "`<any>` is for patterns; here it has no text", help);
                None
            }
            Token::Stray => {
                self.mistakes.add(span, "this `<` begins nothing", STRAY);
                None
            }
        }
    }

    /// A role that is missing has no text.
    fn check_text(&mut self, id: NameId, span: Span) {
        let role = self.roles.get(id).and_then(Option::as_ref);
        if role.is_some_and(|find| matches!(find, Find::Missing(_))) {
            let name = self.names.name(id);
            let message = format!("`{name}` is missing, so it has no text");
            let help = format!("write `<{name}.name>`");
            self.mistakes.add(span, message, help);
        }
    }

    fn attribute(&mut self, name: &str, attribute: &str, span: Span) -> Option<Piece> {
        let known = Attribute::ALL.map(Attribute::name);
        let found = Attribute::ALL.into_iter().find(|known| known.name() == attribute);
        let is_known = self.names.find(name).is_some();
        let id = self.names.mention(name, span, Site::Elsewhere);
        let Some(found) = found else {
            let message = format!("a role has no attribute `{attribute}`");
            self.mistakes.add(span, message, expected(attribute, &known));
            return None;
        };
        if let (Err(why), true) = (self.gives(id, found), is_known) {
            let message = format!("`<{name}.{attribute}>` has no text: {why}");
            let given = Attribute::ALL.into_iter().filter(|&other| self.gives(id, other).is_ok());
            let given: Vec<String> =
                given.map(|other| format!("<{name}.{}>", other.name())).collect();
            let help = format!("it has {}", listing(&given, "and"));
            self.mistakes.add(span, message, help);
        }
        Some(Piece::Attribute(id, found))
    }

    /// Whether the pattern of a role gives an attribute; else why it does not.
    fn gives(&self, id: NameId, attribute: Attribute) -> Result<(), &'static str> {
        use Attribute as A;
        if self.of_sequence && attribute != A::Count {
            return Err("a step is a request, of which only the URL is shown");
        }
        if !self.names.is_role(id) {
            return match attribute {
                A::Name | A::In | A::Origin => Err("it is a piece of a text, not a part"),
                _ => Ok(()),
            };
        }
        let Some(find) = self.roles.get(id).and_then(Option::as_ref) else { return Ok(()) };
        let parts = match find {
            Find::Part(parts) => parts.as_slice(),
            Find::Missing(part) => std::slice::from_ref(part),
        };
        let all = |test: fn(&Part) -> bool| parts.iter().all(test);
        let missing = matches!(find, Find::Missing(_));
        match attribute {
            A::Name if !all(|part| has_name(&part.place)) => Err("such a part has no name"),
            A::In if !all(|part| matches!(part.place, PartPlace::Param(_))) => {
                Err("only a `param` is in a query, a form or JSON")
            }
            A::Day if !missing && !all(may_mean) => Err("it is for texts of the type `day`"),
            A::Code if !missing && !all(may_mean) => {
                Err("it is for texts of the type `country-like`")
            }
            A::Origin if all(|part| part.implied == Some(false)) => {
                Err("with `implied: false` nothing implies it")
            }
            A::Length
            | A::Upper
            | A::Encoded
            | A::Decoded
            | A::Day
            | A::Code
            | A::Origin
            | A::In
                if missing =>
            {
                Err("it is missing")
            }
            _ => Ok(()),
        }
    }

    /// A text for people: a template whose style is looked at.
    pub(crate) fn message(&mut self, text: &Text<'_>) -> Template {
        check_style(text, self.mistakes);
        self.template(text, Use::Message)
    }
}

/// Whether it is asked of the text of a part what it is, so that it can mean a day or a country.
fn may_mean(part: &Part) -> bool {
    let Tests { is, matches, types, not: _ } = &part.tests;
    matches!(part.place, PartPlace::Role(_))
        || !is.is_empty()
        || matches.is_some()
        || !types.is_empty()
}

fn has_name(place: &PartPlace) -> bool {
    place.is_name() || matches!(place, PartPlace::Role(_) | PartPlace::Syntax(_))
}

/// Messages begin in lower case and end without a full stop.
pub(crate) fn check_style(text: &Text<'_>, mistakes: &mut Mistakes) {
    let words = text.text.trim();
    if words.is_empty() {
        return mistakes.add(text.span, "this text is empty", "say it in a few words");
    }
    if words.len() != text.text.len() || words.contains('\n') {
        mistakes.add(
            text.span,
            "this text is not one line",
            "write it in one line, without space around it",
        );
    }
    if words.ends_with('.') && !words.ends_with("..") {
        let end = text.text.trim_end().len();
        mistakes.add(text.piece(end - 1..end), "a message ends without a full stop", "remove it");
    }
    if words.ends_with(['!', ':', ';', ',']) {
        let end = text.text.trim_end().len();
        let message = "a message ends without a punctuation mark";
        mistakes.add(text.piece(end - 1..end), message, "remove it");
    }
    if let Some(at) = text.text.trim_end().find("  ") {
        mistakes.add(text.piece(at..at + 2), "two spaces in a row", "write one");
    }
    if words.matches('`').count() % 2 == 1 {
        let at = text.text.rfind('`').unwrap_or(0);
        mistakes.add(text.piece(at..at + 1), "this backtick is not closed", "write one more");
    }
    if let Some(word) = capitalized(words) {
        let span = text.piece(0..word.len());
        let lower = word.to_lowercase();
        let help = format!("write `{lower}`, or put a name of the API in backticks");
        mistakes.add(span, "a message begins in lower case", help);
    }
}

/// The first word, if it is written like `Word`.
fn capitalized(text: &str) -> Option<&str> {
    let word = text.split(|c: char| !c.is_alphanumeric()).next()?;
    let mut characters = word.chars();
    let head = characters.next()?;
    let tail = characters.as_str();
    let is_word = head.is_uppercase() && !tail.is_empty() && tail.chars().all(char::is_lowercase);
    (is_word && text.starts_with(word)).then_some(word)
}
