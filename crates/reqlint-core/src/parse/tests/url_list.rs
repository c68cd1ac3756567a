//! Lists of URLs.

use super::{check, check_prefixes};
use crate::model::Kind;

#[test]
fn urls_one_a_line() {
    let text =
        "\u{feff}# pages\r\nhttps://x.com/a?b=$B # all\r\n\r\n  {origin}/p#f\r\nnot a url\r\n";
    check_prefixes(Kind::Urls, text);
    insta::assert_snapshot!(check(Kind::Urls, text), @r#"
    Url 12..32
    GET@12..32 by https://x.com/a?b=⟨$B⟩@12..32
    scheme https@12..17
    host x.com@20..25
    path /a@25..27
    query b=⟨$B⟩@28..32
    segments ["a@26..27"]
    body none
    Query b@28..29 = ⟨$B⟩@30..32 in b=⟨$B⟩@28..32
    open ["headers", "cookies", "method"]

    Url 44..56
    GET@44..56 by ⟨{origin}⟩/p#f@44..56
    origin hole ⟨{origin}⟩@44..52
    path /p@52..54
    fragment f@55..56
    segments ["p@53..54"]
    body none
    open ["headers", "cookies", "method"]

    not-a-request not a url@58..67
    "#);
}

#[test]
fn a_shortcut_is_one_url() {
    let text = "[InternetShortcut]\r\nURL=https://x.com/a\r\nIconIndex=0\r\n";
    let document = crate::parse::parse(text, Kind::Urls);
    assert_eq!((document.requests.len(), document.findings.len()), (1, 0));
    assert_eq!(document.layers.text(document.requests[0].url.whole), "https://x.com/a");
}
