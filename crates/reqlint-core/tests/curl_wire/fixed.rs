//! Values that a fix writes arrive as they were meant, whatever needs quoting in them: the fixed
//! command is run by the real bash, and sent by the real curl.

use crate::corpus::{Curl, parse, run_bash};
use crate::recorder::{Recorded, Recorder};
use reqlint_core::check::Checker;
use reqlint_core::rule::load::{PackFile, load_pack};
use std::path::Path;

/// What needs quoting somewhere; the last ones all of it.
const VALUES: [&str; 16] = [
    "'",
    "\"",
    "$HOME",
    "`id`",
    "\\",
    "^",
    "%41%",
    "a\nb",
    "🙂é",
    "&b=2",
    "!x",
    " a  b ",
    "#=?+",
    "'\"$`\\^%\n🙂&",
    "\\'\\\"$(id)",
    "",
];

/// Commands with the value `x`, in every quoting and place.
const COMMANDS: [&str; 18] = [
    "curl http://ORACLE/q?v=x",
    "curl 'http://ORACLE/q?v=x&w=1'",
    "curl \"http://ORACLE/q?v=x&w=$ID\"",
    "curl $'http://ORACLE/q?v=x'",
    "curl http://ORACLE/q\\?v=x\\&w=1",
    "curl -G http://ORACLE/q --data-urlencode v=x",
    "curl -G http://ORACLE/q --data-urlencode 'v=x' -d w=1",
    "curl http://ORACLE/q --url-query v=x",
    "curl http://ORACLE/f -d v=x -d w=1",
    "curl http://ORACLE/f --data-raw \"v=x\"",
    "curl http://ORACLE/j --json '{\"v\":\"x\",\"w\":1}'",
    "curl http://ORACLE/j --json \"{\\\"v\\\":\\\"x\\\",\\\"w\\\":\\\"$ID\\\"}\"",
    "curl http://ORACLE/j --json $'{\"v\":\"x\"}'",
    "curl http://ORACLE/j --json '{\"w\":\"'\"$ID\"'\",\"v\":\"x\"}'",
    "curl http://ORACLE/j --json @- <<'EOF'\n{\n  \"v\": \"x\"\n}\nEOF\n",
    "curl http://ORACLE/j --json @- <<EOF\n{ \"w\": \"$ID\", \"v\": \"x\" }\nEOF\n",
    "curl http://ORACLE/j -H 'Content-Type: application/json' -d '{\"n\":{},\"v\":\"x\"}'",
    "curl http://ORACLE/h -H 'X-V: x'",
];

/// The text with what a rule writes for `v`.
fn fixed(text: &str, value: &str) -> Option<String> {
    let set = serde_json::to_string(&value.replace('<', "<<")).expect("a text");
    let rule = format!(
        "id: set\nseverity: warning\nconsequence: style\nsummary: s\nwhy: w\nmessage: no\n\
         scope: {{ server: any }}\nfind: {{ v: {{ any: [{{ param: v }}, {{ header: X-V }}] }} }}\n\
         fix: {{ title: t, safety: safe, set: {{ v: {set} }} }}\n\
         examples: [{{ bad: a }}, {{ good: b }}]\n"
    );
    let file = PackFile { path: "set.yaml", text: &rule };
    let pack = load_pack(&[file]).unwrap_or_else(|broken| panic!("{broken:?}")).pack;
    let found = Checker::new(vec![pack], |_| true).check(&parse(text));
    let [diagnostic] = found.as_slice() else { panic!("{found:?} in {text}") };
    diagnostic.fixes.first().map(|fix| fix.apply(text))
}

/// What arrived as `v`.
fn arrived(recorded: &Recorded) -> Option<String> {
    let pairs = |text: &str| {
        let pair = text.split('&').find_map(|pair| pair.strip_prefix("v="))?;
        Some(percent_encoding(pair))
    };
    let body = String::from_utf8(recorded.body.clone()).ok()?;
    match recorded.target.as_bytes().get(1)? {
        b'q' => pairs(recorded.target.split_once('?')?.1),
        b'f' => pairs(&body),
        b'h' => Some(recorded.header("X-V").unwrap_or_default().to_owned()),
        _ => {
            let json: serde_json::Value = serde_json::from_str(&body).ok()?;
            json["v"].as_str().map(str::to_owned)
        }
    }
}

fn percent_encoding(text: &str) -> String {
    let text = text.replace('+', " ");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = (*first == b'%').then(|| std::str::from_utf8(&after[..2]).ok()).flatten();
        bytes.push(match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => byte,
            None => *first,
        });
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).expect("it was a text")
}

/// Runs every command with every value. What cannot be written is not offered, and counted.
pub(crate) fn check_values(recorder: &Recorder, folder: &Path) -> (usize, usize, Vec<String>) {
    let (mut sent, mut not_offered, mut wrong) = (0, 0, Vec::new());
    for command in COMMANDS {
        for value in VALUES {
            let text = command.replace("ORACLE", &format!("127.0.0.1:{}", recorder.port));
            // A field holds no line ends, and no white space around it.
            let header = command.contains("X-V");
            if header && (value.contains('\n') || value.trim() != value || value.is_empty()) {
                continue;
            }
            let Some(fixed) = fixed(&text, value) else {
                not_offered += 1;
                continue;
            };
            recorder.take();
            run_bash(Curl::Installed, &fixed, folder);
            let seen = recorder.take();
            let got: Vec<Option<String>> = seen.iter().map(arrived).collect();
            sent += 1;
            if got != [Some(value.to_owned())] {
                wrong.push(format!("{value:?} came as {got:?} by\n{fixed}"));
            }
        }
    }
    (sent, not_offered, wrong)
}
