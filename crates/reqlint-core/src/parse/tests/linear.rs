//! Texts made to be slow: a quadratic reader would not come back from them.

use crate::model::Kind;
use crate::parse::{detect, parse};
use crate::secret::{find_secrets, find_secrets_in_text};

/// Repeats each unit to the same length and reads it; a quadratic reader would not come back.
#[test]
fn every_text_is_read_to_its_end() {
    let units = [
        "{",
        "[",
        "{\"a\":",
        "\"a\n",
        "'a\n",
        "\\",
        "%",
        "%C3",
        "&",
        "=",
        "&a",
        "/",
        ",",
        "[1,",
        "token:",
        "token: your ",
        "Authorization: a ",
        "://a:b",
        "{{",
        "{{x}}",
        "${",
        "$A",
        "/*",
        "“",
        "\"a\\\n",
        "GET /\n",
        "a: b\n",
        "GET /\na: b\n\n",
        "?",
        " ?x\n",
        "# ",
        "A=1\n",
        "A=1 ",
        ";",
        "{\"url\":\"/a\"}",
        "{\"url\":\"/a\"}\n",
        "\"a\":1,",
        "\u{a0}",
        "#",
        "@",
        "a.",
        "\n\n",
        "GET / HTTP/1.1 ",
        "x b",
        "^\n",
        "\\^\"",
        "%A%",
        "`\n",
        "(",
        "$(",
        "cat <<E\nx\n E\n",
        "curl a\n  -H b\n",
        "@'\n",
        "iwr @{a=(",
        "irm -Body (",
        "[\"curl\",",
    ];
    for unit in units {
        let text = unit.repeat(30_000 / unit.len());
        for prefix in ["", "{", "[", "/?", "POST /\nContent-Type: application/json\n\n{"] {
            let text = format!("{prefix}{text}");
            // What stands in other texts is read by the same parsers as alone.
            let stands_inside = |kind: &&Kind| {
                kind.is_host()
                    || matches!(kind, Kind::Postman | Kind::Insomnia | Kind::Bruno | Kind::Hurl)
            };
            for kind in Kind::ALL.iter().filter(|kind| prefix.is_empty() || !stands_inside(kind)) {
                find_secrets(&parse(&text, *kind));
            }
        }
        find_secrets_in_text(&text);
        let _ = detect(None, &text);
    }
}
