//! Shell text of any kind is read: damaged, cut off, deep, long; and words are those of bash.
#![expect(clippy::disallowed_methods, reason = "tests run bash and read fixtures")]

#[path = "curl_wire/corpus.rs"]
#[expect(dead_code, reason = "the oracle uses the rest")]
mod corpus;
#[path = "curl_wire/random.rs"]
mod random;

use corpus::{fixtures, parse, work_folder};
use random::Random;
use reqlint_core::parse::wire::wire;
use std::process::Command;

#[test]
fn every_prefix_of_every_fixture_is_read() {
    for (_, text) in fixtures() {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let document = parse(&text[..end]);
            for request in &document.requests {
                let span = document.layers.root_span(request.place);
                assert!(text.is_char_boundary(span.start()) && text.is_char_boundary(span.end()));
                let _ = wire(&document, request);
            }
        }
    }
}

#[test]
fn deep_and_long_texts_are_read_in_linear_time() {
    let deep = |open: &str| format!("curl http://h/{}", open.repeat(100_000));
    for open in
        ["$(", "{", "(", "\"$(", "${", "`", "$((", "<(", "[", "{{", "${x:-\"", "“", "'", "\\\n"]
    {
        let text = deep(open);
        let document = parse(&text);
        assert!(document.requests.len() <= 1, "{open}");
    }
    let line = |text: &str| format!("curl http://h/ -d {}", text.repeat(1_000_000 / text.len()));
    for part in [
        "a",
        "a=1&",
        "?a=1&b=2",
        "'x'",
        "\\a",
        "$x",
        " -H x:y",
        "$(x) ",
        "\u{a0}",
        "“x ",
        "<<E\n",
        "# c\n",
        "{a,",
        "\"",
        "‘x’ ",
        "echo a | ",
        "-H a:b http://h ",
        "-d \"$(echo a)\" ",
        "-F a=b ",
        "--variable a=b --expand-data {{a}} ",
        "; curl x",
        "\ncurl '",
        "\ncurl \"$(",
        "\ncurl x <<A",
        "$5",
        "?$filter=",
        "a!b ",
        " -d {\"a\":1}",
        " -d {\"a\":",
        " -H a: b",
        "\\\n# x\n-d a ",
        "# x \\\n-d a ",
        "\r\ncurl x\r\n",
        "&quot;a ",
        "htps://h ",
        "–d ",
        "'$TOKEN' ",
        "--",
    ] {
        let text = line(part);
        let document = parse(&text);
        assert!(document.layers.source().len() == text.len());
    }
}

/// Pieces of fixtures in any order, with the characters that mean something put between them.
#[test]
fn damaged_fixtures_are_read() {
    let fixtures = fixtures();
    let mut random = Random(42);
    let marks = [
        "'", "\"", "\\", "$(", ")", "`", "${", "}", "$'", "\n", " ", "<<E", "<<-'E'\n", "\nE\n",
        "&", "[", "{", "“", "‘", "\u{a0}", "\r\n", " -d", " @-", "#", "?", "=", ";", "{{", "}}",
        " \\ \n", "~", "--", "curl ",
    ];
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..=random.below(3) {
            let (_, part) = &fixtures[random.below(fixtures.len())];
            let cut = |at: usize| (0..=at).rev().find(|at| part.is_char_boundary(*at)).unwrap_or(0);
            let (from, to) = (cut(random.below(part.len())), cut(random.below(part.len() + 1)));
            text.push_str(&part[from.min(to)..from.max(to)]);
            text.push_str(random.pick(&marks));
        }
        let document = parse(&text);
        for request in &document.requests {
            let _ = wire(&document, request);
            let params = request.params.iter().flat_map(|it| [it.whole, it.name, it.value]);
            let fields = request.headers.iter().flat_map(|it| [it.whole, it.name, it.value]);
            let found = request.findings.iter().map(|finding| finding.place);
            for place in params.chain(fields).chain(found).chain([request.url.whole]) {
                let span = document.layers.root_span(place);
                assert!(text.get(span.range()).is_some(), "{text}");
            }
        }
    }
}

/// What the words of a command are: compared with what bash passes to a program.
#[test]
fn words_are_those_of_bash() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let folder = work_folder("words");
    let words: Vec<String> = (0..200).map(|_| random_word(&mut random)).collect();
    for chunk in words.chunks(50) {
        let script = format!("printf '%s\\0' {}", chunk.join(" "));
        let output = Command::new("bash")
            .args(["--norc", "-c", &script])
            .current_dir(&folder)
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .output();
        let Ok(output) = output else { return };
        let printed = String::from_utf8(output.stdout).expect("words of text print text");
        let printed: Vec<&str> = printed.split('\0').collect();
        assert_eq!(printed.len(), chunk.len() + 1, "{script}");
        for (word, expected) in chunk.iter().zip(printed) {
            let text = format!("curl http://h/ --data-raw {word} -s");
            let document = parse(&text);
            let body = document.requests[0].body.place.map(|place| document.text(place));
            assert_eq!(body, Some(expected), "{word}");
        }
    }
}

/// What it is called, and which texts show it.
type Reason = (&'static str, fn(&str) -> bool);

/// Where tree-sitter-bash 0.25 ends a word too early: bash goes on, as the test above shows.
const ENDS_TOO_EARLY: [Reason; 3] = [
    ("at a backslash behind a quote, brace or bracket", |word| {
        let pairs = word.as_bytes().windows(2);
        pairs.into_iter().any(|pair| pair[1] == b'\\' && b"'\"{}]".contains(&pair[0]))
    }),
    ("at a line join", |word| word.contains("\\\n")),
    ("at a bare dollar sign in double quotes", |word| word.contains("$ ")),
];

/// Where the words of a command begin and end: compared with tree-sitter's grammar of bash.
#[test]
fn words_end_where_tree_sitter_ends_them() {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_bash::LANGUAGE.into()).expect("a grammar of this version");
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let (mut agreed, mut early) = (0, [0; 3]);
    for _ in 0..3_000 {
        let word = random_word(&mut random);
        let text = format!("curl http://h/ --data-raw {word} -s");
        let document = parse(&text);
        let body = document.requests[0].body.place.expect("there is data");
        let span = document.layers.root_span(document.layers.origin(body.layer));
        assert_eq!(&text[span.range()], word);
        let tree = parser.parse(&text, None).expect("no time limit");
        if arguments(tree.root_node()).contains(&span.range()) {
            agreed += 1;
            continue;
        }
        let reason = ENDS_TOO_EARLY.iter().position(|(_, is_why)| is_why(&word));
        early[reason.unwrap_or_else(|| panic!("tree-sitter ends {word:?} elsewhere"))] += 1;
    }
    assert!(agreed > 1_500, "{agreed} agree");
    // A reason that is none any more has to go.
    for ((reason, _), count) in ENDS_TOO_EARLY.iter().zip(early) {
        assert!(count > 0, "{reason}");
    }
}

/// The bytes of each argument of the first command.
fn arguments(root: tree_sitter::Node<'_>) -> Vec<std::ops::Range<usize>> {
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        let mut cursor = node.walk();
        if node.kind() == "command" {
            let arguments = node.children_by_field_name("argument", &mut cursor);
            return arguments.map(|node| node.byte_range()).collect();
        }
        nodes.extend(node.children(&mut cursor));
    }
    Vec::new()
}

fn random_word(random: &mut Random) -> String {
    let plain = ["a", "B", "7", "=", ":", "/", "%", "#", "é", "\u{1F600}", "}", "{", "]", "!", "^"];
    let quoted = [" ", "a", "\n", "&", "#", "\"", "$", "`", "\\", ";", "é", "{", ",", "“", "\t"];
    let double =
        [" ", "a", "\n", "'", "\\\"", "\\$", "\\`", "\\\\", "\\n", "\\\n", "é", "#", "$ ", "<"];
    let ansi = [
        "a",
        " ",
        "\\n",
        "\\t",
        "\\\\",
        "\\'",
        "\\\"",
        "\\?",
        "\\x41",
        "\\x4",
        "\\xc3\\xa9",
        "\\101",
        "\\7",
        "\\u00e9",
        "\\u41",
        "\\U0001F600",
        "\\cA",
        "\\e",
        "\\q",
        "\\x",
        "\"",
        "$",
        "é",
        "\\a\\b",
    ];
    let escaped = ["\\ ", "\\a", "\\'", "\\\"", "\\\\", "\\$", "\\&", "\\é", "\\#", "\\\nx", "\\~"];
    let mut word = String::from("w");
    for _ in 0..=random.below(5) {
        let piece = match random.below(6) {
            0 => random.text(&plain),
            1 => format!("'{}'", random.text(&quoted)),
            2 => format!("\"{}\"", random.text(&double)),
            3 => format!("$'{}'", random.text(&ansi)),
            4 => format!("$\"{}\"", random.text(&double)),
            _ => random.pick(&escaped).to_owned(),
        };
        word.push_str(&piece);
    }
    word
}
