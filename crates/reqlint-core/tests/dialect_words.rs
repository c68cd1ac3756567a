//! Words of every dialect: text that is quoted by the documented rules is read back, and new text
//! that is written into a word is what its reader gets.

#[path = "dialect_words/documented.rs"]
mod documented;

use proptest::prelude::*;
use reqlint_core::diagnostic::{Edit, Fix, Safety};
use reqlint_core::encode::Chunk;
use reqlint_core::layer::Place;
use reqlint_core::model::{Document, Kind};
use reqlint_core::parse::parse;

/// How a word is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    CmdQuoted,
    CmdCaret,
    PowerShellSingle,
    PowerShellDouble,
    PowerShellHere,
    PowerShellHereDouble,
    PowerShellEscaped,
    FishSingle,
    FishDouble,
    FishBackslashes,
    Argv,
}

const STYLES: [Style; 11] = [
    Style::CmdQuoted,
    Style::CmdCaret,
    Style::PowerShellSingle,
    Style::PowerShellDouble,
    Style::PowerShellHere,
    Style::PowerShellHereDouble,
    Style::PowerShellEscaped,
    Style::FishSingle,
    Style::FishDouble,
    Style::FishBackslashes,
    Style::Argv,
];

impl Style {
    fn kind(self) -> Kind {
        match self {
            Style::CmdQuoted | Style::CmdCaret => Kind::Cmd,
            Style::FishSingle | Style::FishDouble | Style::FishBackslashes => Kind::Fish,
            Style::Argv => Kind::Json,
            _ => Kind::PowerShell,
        }
    }

    /// Whether the style has a notation for the text; and whether that has one meaning only.
    fn holds(self, text: &str) -> bool {
        match self {
            Style::CmdQuoted => !text.contains(['"', '\n', '%']),
            Style::PowerShellHere => !format!("\n{text}").contains("\n'@") && !looks_escaped(text),
            Style::PowerShellHereDouble => {
                !format!("\n{text}").contains("\n\"@") && !looks_escaped(text)
            }
            Style::PowerShellSingle | Style::PowerShellDouble => !looks_escaped(text),
            Style::PowerShellEscaped => text.contains('"'),
            // In JSON files `${name}` and `{{name}}` stand for what is not known.
            Style::Argv => !text.contains(['{', '}']),
            _ => true,
        }
    }

    fn command(self, text: &str) -> String {
        let word = self.quote(text);
        match self {
            Style::Argv => format!(r#"["curl", "--data-raw", {word}, "https://h.example/a"]"#),
            Style::PowerShellHere | Style::PowerShellHereDouble => {
                format!("curl.exe https://h.example/a --data-raw {word}\n")
            }
            _ => format!("curl.exe --data-raw {word} https://h.example/a"),
        }
    }

    fn quote(self, text: &str) -> String {
        match self {
            Style::CmdQuoted => quote_argument(text),
            Style::CmdCaret => caret(&quote_argument(text)),
            Style::PowerShellSingle => format!("'{}'", text.replace('\'', "''")),
            Style::PowerShellDouble => format!("\"{}\"", before(text, "`$\"", '`')),
            Style::PowerShellHere => format!("@'\n{text}\n'@"),
            Style::PowerShellHereDouble => format!("@\"\n{}\n\"@", before(text, "`$", '`')),
            Style::PowerShellEscaped => {
                let argument = quote_argument(text);
                let inner = &argument[1..argument.len() - 1];
                // Windows PowerShell puts the quotes around it, but doubles no backslash.
                let slashes = text.len() - text.trim_end_matches('\\').len();
                format!("'{}'", inner[..inner.len() - slashes].replace('\'', "''"))
            }
            Style::FishSingle => format!("'{}'", before(text, "\\'", '\\')),
            Style::FishDouble => format!("\"{}\"", before(text, "\\$\"", '\\')),
            Style::FishBackslashes => text
                .chars()
                .map(|c| match c {
                    '\n' => "\\n".to_owned(),
                    c if c.is_alphanumeric() => c.to_string(),
                    c => format!("\\{c}"),
                })
                .collect(),
            Style::Argv => serde_json::to_string(text).expect("a string"),
        }
    }
}

/// `mark` before each special character.
fn before(text: &str, special: &str, mark: char) -> String {
    text.chars().flat_map(|c| if special.contains(c) { vec![mark, c] } else { vec![c] }).collect()
}

/// Windows PowerShell and later ones would read such a text in two ways.
fn looks_escaped(text: &str) -> bool {
    let mut slashes = 0;
    let mut any = false;
    for c in text.chars() {
        match c {
            '\\' => slashes += 1,
            '"' if slashes % 2 == 1 => (any, slashes) = (true, 0),
            '"' => return false,
            _ => slashes = 0,
        }
    }
    any
}

/// Whether no version of PowerShell, or not each, would pass on such a text.
fn has_no_notation(style: Style, text: &str) -> bool {
    let closes_wrongly = text.ends_with('\\') && text.contains(char::is_whitespace);
    style.kind() == Kind::PowerShell && looks_escaped(text)
        || style == Style::PowerShellEscaped && closes_wrongly
}

/// As "Parsing C command-line arguments" has it.
fn quote_argument(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut slashes = 0;
    for c in text.chars() {
        if c == '"' {
            quoted.push_str(&"\\".repeat(slashes + 1));
        }
        slashes = if c == '\\' { slashes + 1 } else { 0 };
        quoted.push(c);
    }
    quoted.push_str(&"\\".repeat(slashes));
    quoted.push('"');
    quoted
}

/// As browsers write an argument for cmd.
fn caret(argument: &str) -> String {
    let mut line = String::new();
    let mut percent = false;
    for c in argument.chars() {
        match c {
            '\n' => line.push_str("^\n\n"),
            c if c.is_ascii_alphanumeric() && percent => line.extend(['^', c]),
            c if c.is_alphanumeric() || " _-:=+~'/.,?;()*`".contains(c) => line.push(c),
            c => line.extend(['^', c]),
        }
        percent = c == '%';
    }
    line
}

/// Texts that need quoting somewhere. No exclamation mark, which only some cmd expand.
fn texts() -> impl Strategy<Value = String> {
    let special = vec![
        "'", "\"", "$", "`", "\\", "^", "%", "&", "=", "?", "#", "+", " ", ";", "{", "}", "[", "]",
        "<", ">", "|", "*", "~", "\n", "é", "漢", "🙂", "/", ":", ",", "(", ")", "@", "-", "%A%",
    ];
    let piece = prop_oneof![
        3 => "[a-zA-Z0-9]".prop_map(|text| text),
        4 => prop::sample::select(special).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

fn body(document: &Document<'_>) -> Option<Place> {
    match document.requests.as_slice() {
        [request] => request.body.place,
        _ => None,
    }
}

fn replaced(document: &Document<'_>, place: Place, new: &[Chunk]) -> Option<String> {
    let encoded = document.layers.encode(place, new).ok()?;
    let edit = Edit { span: encoded.span, text: encoded.text };
    let fix = Fix { title: String::new(), safety: Safety::Safe, edits: vec![edit] };
    Some(fix.apply(document.layers.source()))
}

/// What the program gets as its data, by the documented rules of the shell; none where the line
/// would do something else.
fn passed(style: Style, source: &str, new: &str) -> Option<String> {
    let words = match style.kind() {
        Kind::Cmd => documented::cmd(source)?,
        _ => documented::powershell(source)?,
    };
    let at = words.iter().position(|word| word == "--data-raw")?;
    let word = words.get(at + 1)?.clone();
    match style {
        Style::PowerShellEscaped if new.contains('"') => {
            documented::passed_by_windows_powershell(&word)
        }
        _ => Some(word),
    }
}

/// Whether the rules of the language are modelled here.
fn is_documented(style: Style) -> bool {
    matches!(style.kind(), Kind::Cmd | Kind::PowerShell)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..Default::default() })]

    #[test]
    fn quoted_text_is_read_back(text in texts()) {
        for style in STYLES.into_iter().filter(|style| style.holds(&text)) {
            let source = style.command(&text);
            let document = parse(&source, style.kind());
            let place = body(&document);
            prop_assert!(place.is_some(), "{style:?} {source}");
            let place = place.expect("it was just asked for");
            prop_assert_eq!(document.text(place), &text, "{:?} {}", style, source);
            prop_assert_eq!(document.text(document.requests[0].url.whole), "https://h.example/a");
            let root = document.layers.root_span(place);
            prop_assert!(source.get(root.range()).is_some());
        }
    }

    #[test]
    fn new_text_is_read_back(old in texts(), new in texts()) {
        for style in STYLES.into_iter().filter(|style| style.holds(&old)) {
            if style == Style::Argv && !style.holds(&new) {
                continue;
            }
            let source = style.command(&old);
            let document = parse(&source, style.kind());
            let place = body(&document).expect("the other test asks for it");
            let Some(fixed) = replaced(&document, place, &Chunk::text(&*new)) else {
                prop_assert!(has_no_notation(style, &new), "{style:?} cannot hold {new:?}");
                continue;
            };
            let again = parse(&fixed, style.kind());
            let place = body(&again);
            prop_assert!(place.is_some(), "{style:?} {fixed}");
            prop_assert_eq!(again.text(place.expect("it was just asked for")), &new, "{:?} {}", style, fixed);
            if is_documented(style) {
                prop_assert_eq!(passed(style, &fixed, &new), Some(new.clone()), "{:?} {}", style, fixed);
            }
        }
    }

    #[test]
    fn a_part_of_a_word_is_replaced_alone(head in texts(), new in texts(), tail in texts()) {
        let old = format!("{head}OLD{tail}");
        for style in STYLES.into_iter().filter(|style| style.holds(&old)) {
            let source = style.command(&old);
            let document = parse(&source, style.kind());
            let place = body(&document).expect("the other test asks for it");
            let span = reqlint_core::span::Span::new(head.len(), head.len() + 3);
            let want = format!("{head}{new}{tail}");
            // Where cmd could take the old text for a variable, it may go on to.
            let is_sound = !is_documented(style) || passed(style, &source, &old).is_some();
            if style == Style::Argv && !style.holds(&want) || !is_sound {
                continue;
            }
            let Some(fixed) = replaced(&document, place.sub(span), &Chunk::text(&*new)) else {
                prop_assert!(has_no_notation(style, &want), "{style:?} cannot hold {want:?}");
                continue;
            };
            let again = parse(&fixed, style.kind());
            let place = body(&again);
            prop_assert!(place.is_some(), "{style:?} {fixed}");
            prop_assert_eq!(again.text(place.expect("it was just asked for")), &want, "{:?} {}", style, fixed);
            if is_documented(style) {
                prop_assert_eq!(passed(style, &fixed, &want), Some(want), "{:?} {}", style, fixed);
            }
        }
    }
}

#[test]
fn variables_are_written_in_the_notation_of_the_dialect() {
    let new = [Chunk::Variable("KEY".to_owned()), Chunk::Text("-x".to_owned())];
    let written = |style: Style| {
        let source = style.command("old");
        let document = parse(&source, style.kind());
        let place = body(&document).expect("the body is read");
        let fixed = replaced(&document, place, &new).expect("it has variables");
        let again = parse(&fixed, style.kind());
        let place = body(&again).expect("the body is still there");
        assert!(again.layers.has_hole(place), "{fixed}");
        fixed.replace(" https://h.example/a", "").replace("curl.exe --data-raw ", "")
    };
    assert_eq!(written(Style::CmdQuoted), "\"%KEY%-x\"");
    assert_eq!(written(Style::CmdCaret), "^\"%KEY%-x^\"");
    assert_eq!(written(Style::PowerShellSingle), "\"${env:KEY}-x\"");
    assert_eq!(written(Style::PowerShellDouble), "\"${env:KEY}-x\"");
    assert_eq!(written(Style::FishSingle), "''\"$KEY\"'-x'");
    assert_eq!(written(Style::FishDouble), "\"\"$KEY\"-x\"");
}

/// Each text is made to be slow; a quadratic reader would not come back.
#[test]
fn hostile_texts_of_a_megabyte_are_read_to_their_end() {
    const CMD: &[&str] = &["^", "^\n\n", "\\^\"", "%A", "!A", "\"\"", "&a=b", "C:\\>", "a>b", "("];
    const POWERSHELL: &[&str] =
        &["`", "$(", "(", "@{a=", "@'\n", "@\"\n$", "\"`", "''", "iwr @{a=(", "$a.b", "\\\"", "“"];
    const FISH: &[&str] = &["(", "$(", "\\", "\"$(", "'", "$a[", "{a,", "a&", "\\x"];
    for (kind, units) in [(Kind::Cmd, CMD), (Kind::PowerShell, POWERSHELL), (Kind::Fish, FISH)] {
        for unit in units {
            let text = format!("curl -d {}", unit.repeat((1 << 20) / unit.len()));
            assert!(parse(&text, kind).requests.len() < text.len(), "{unit}");
        }
    }
}
