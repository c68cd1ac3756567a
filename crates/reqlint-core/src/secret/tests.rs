//! What is masked, and what is not.

use super::{find_secrets, find_secrets_in_text, mask};
use crate::model::Kind;
use crate::parse::parse;
use proptest::prelude::*;

fn masked(kind: Kind, text: &str) -> String {
    mask(text, &find_secrets(&parse(text, kind)))
}

fn masked_text(text: &str) -> String {
    mask(text, &find_secrets_in_text(text))
}

#[test]
fn secrets_of_requests() {
    let http = |text| masked(Kind::Http, text);
    assert_eq!(http("GET /a\nX-API-Key: abc\n"), "GET /a\nX-API-Key: ***\n");
    assert_eq!(http("GET /a\nAuthorization: Bearer a b\n"), "GET /a\nAuthorization: Bearer ***\n");
    assert_eq!(http("GET /a\nCookie: sid=abc; t=$T\n"), "GET /a\nCookie: sid=***; t=$T\n");
    assert_eq!(http("GET /a\nCookie: a=b c=; YQ==; =x\n"), "GET /a\nCookie: a=****; ****; **\n");
    assert_eq!(masked(Kind::Shell, "curl -b 'a=b; c=d' x.y"), "curl -b 'a=*; c=*' x.y");
    let named = "curl -H 'Cookie: a='\"$A\"'; b='\"$B\" x.y";
    assert_eq!(masked(Kind::Shell, named), named);
    assert_eq!(http("GET /a\nX-Request-Id: abc\n"), "GET /a\nX-Request-Id: abc\n");
    assert_eq!(http("GET /a?api_key=a%62&page_token=x"), "GET /a?api_key=****&page_token=x");
    assert_eq!(http("GET https://u:pw@h.com/"), "GET https://u:**@h.com/");
    let json = r#"{"url": "/a", "json": {"a": [{"password": "p\u0077ü"}]}, "auth": {"username": "u", "password": "x"}}"#;
    let hidden = r#"{"url": "/a", "json": {"a": [{"password": "********"}]}, "auth": {"username": "u", "password": "*"}}"#;
    assert_eq!(masked(Kind::Json, json), hidden);
}

#[test]
fn holes_and_placeholders_are_no_secrets() {
    for text in [
        "GET /a\nX-API-Key: $KEY\n",
        "GET /a\nX-API-Key: {{key}}\n",
        "GET /a\nX-API-Key: <your key>\n",
        "GET /a\nAuthorization: Bearer YOUR_API_KEY\n",
        "GET /a?api_key=xxxx\n",
        "GET /a?token=$TOKEN&x=1\n",
        "GET /a?token=$USER:$TOKEN\n",
    ] {
        assert_eq!(masked(Kind::Http, text), text);
    }
    assert_eq!(masked(Kind::Http, "GET /?token=ab$T"), "GET /?token=**$T");
}

#[test]
fn secrets_in_unknown_text() {
    assert_eq!(masked_text("-H 'X-API-Key: a b' x"), "-H 'X-API-Key: ***' x");
    assert_eq!(masked_text("X-API-Key: a b\nx"), "X-API-Key: ***\nx");
    assert_eq!(masked_text("Authorization: Basic abc"), "Authorization: Basic ***");
    assert_eq!(masked_text(r#"{"api_key": "abc", "b": 1}"#), r#"{"api_key": "***", "b": 1}"#);
    assert_eq!(masked_text("?access_token=abc&b=1"), "?access_token=***&b=1");
    assert_eq!(masked_text("the key sk_live_abc12345 leaks"), "the key **************** leaks");
    assert_eq!(masked_text("say wh_live_0123456789"), "say ******************");
    assert_eq!(masked_text("x eyJhbGciOiJIUzI1NiJ9.e30.abc y"), format!("x {} y", "*".repeat(28)));
    assert_eq!(masked_text("curl -u me:pw x"), "curl -u me:** x");
    assert_eq!(masked_text("http://a:b@c/"), "http://a:*@c/");
    assert_eq!(masked_text("X-API-Key: a is your key"), "X-API-Key: *************");
    assert_eq!(masked_text("Bearer abc12345."), "Bearer *********");
    for text in
        ["a Bearer token", "Basic authentication", "X-API-Key: $KEY", "max_tokens=5", "key=abc"]
    {
        assert_eq!(masked_text(text), text);
    }
}

#[test]
fn more_names_of_secrets() {
    let http = |text| masked(Kind::Http, text);
    assert_eq!(
        http("GET /a?key=hunter2&sig=h&jwt=x&sid=y&key=abc&code=US&X-Amz-Signature=z"),
        "GET /a?key=*******&sig=*&jwt=*&sid=*&key=abc&code=US&X-Amz-Signature=*"
    );
    let json = r#"{"url": "/a", "json": {"keys": ["abcdefgh", "a"], "auth": {"pass": "x"}, "session": "y"}}"#;
    let hidden = r#"{"url": "/a", "json": {"keys": ["********", "a"], "auth": {"pass": "*"}, "session": "*"}}"#;
    assert_eq!(masked(Kind::Json, json), hidden);
    for (text, secret) in [
        ("curl -H 'Authorization Bearer SEKRIT01' https://a.com/", "SEKRIT01"),
        ("curl -H 'X-Api-Key SEKRIT' https://a.com/", "SEKRIT"),
        ("curl -H \"X-API-Key\" \"SEKRIT35\" https://a.com/", "SEKRIT35"),
        ("curl -H \"Authorization: Bearer\" SEKRIT34 https://a.com/", "SEKRIT34"),
        ("curl -H 'Autorisation: au porteur SEKRIT' https://a.com/", "SEKRIT"),
        ("curl -H 'Autorización: SEKRIT' --nope https://a.com/", "SEKRIT"),
        ("curl --user=joe:SEKRIT https://a.com/", "SEKRIT"),
        ("curl --uesr joe:SEKRIT https://a.com/", "SEKRIT"),
        ("curl -usejoe:SEKRIT https://a.com/", "SEKRIT"),
        ("curl --oauth2-bearer=SEKRIT https://a.com/", "SEKRIT"),
        ("curl --oauth2-bearrer SEKRIT https://a.com/", "SEKRIT"),
        ("curl -E cert.pem:SEKRIT --nope https://a.com/", "SEKRIT"),
        ("curl https://hooks.slack.com/services/T0/B0/SEKRIT", "T0/B0/SEKRIT"),
        ("curl https://a.com/bot12345:SEKRITabc/x", "12345:SEKRITabc"),
        ("curl https://api.telegram.org/botSEKRIT43/x", "SEKRIT43"),
        ("curl -d '{\"password\": \"SEKRIT 31\" x}' https://a.com", "SEKRIT 31"),
        ("curl -d \"{'secret': ['SEKRIT7']}\" https://a.com", "SEKRIT7"),
        ("curl -H 'Cookie; a=SEKRIT' https://a.com", "SEKRIT"),
    ] {
        let stars = "*".repeat(secret.chars().count());
        let hidden = masked(Kind::Shell, text);
        assert!(!hidden.contains("SEKRIT"), "{hidden}");
        assert!(hidden.contains(&stars), "{hidden}");
    }
    for text in [
        "the X-API-Key header is missing",
        "the session: it ends",
        "`--use http://a:1`",
        "Authorization is missing",
        "add -u name",
        "key: value",
    ] {
        assert_eq!(masked_text(text), text);
    }
}

proptest! {
    #[test]
    fn masking_keeps_columns(text in r"((X-API-Key|token|Bearer|-u|://a|wh_1234567890)|[:= \n@é\x22]|[a-z0-9]{1,9}){0,12}") {
        let hidden = masked_text(&text);
        prop_assert_eq!(hidden.chars().count(), text.chars().count());
        prop_assert_eq!(hidden.lines().count(), text.lines().count());
        masked(Kind::Http, &text);
    }
}

#[test]
fn secrets_of_several_lines_and_of_elements() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIa+/=\nbc\n-----END RSA PRIVATE KEY-----";
    let hidden = "-----BEGIN RSA PRIVATE KEY-----\n*******\n**\n-----END RSA PRIVATE KEY-----";
    let body = |key: &str| format!("curl -d @- https://e.x/ <<E\n{key}\nE\n");
    assert_eq!(masked(Kind::Shell, &body(key)), body(hidden));
    assert_eq!(masked_text(key), hidden);
    let json = |key: &str| format!("{{\"url\": \"/a\", \"json\": {{\"k\": \"{key}\", \"a\":}}}}");
    assert_eq!(masked(Kind::Json, &json(key)), json(hidden));
    let escaped = json(&key.replace('\n', "\\n"));
    assert!(!masked(Kind::Json, &escaped).contains("MII"), "{}", masked(Kind::Json, &escaped));
    let public = "-----BEGIN PUBLIC KEY-----\nMIIa\n-----END PUBLIC KEY-----";
    assert_eq!(masked_text(public), public);
    assert_eq!(
        masked_text("<a><password>Tr0ub 3</password></a>"),
        "<a><password>*******</password></a>"
    );
    assert_eq!(masked_text("<n:token>abc</n:token>"), "<n:token>***</n:token>");
    for text in
        ["<token> is yours </b>", "GET /<token>/abc", "<key>photos/a1b2c3d4</key>", "<password/>"]
    {
        assert_eq!(masked_text(text), text);
    }
}

#[test]
fn codes_that_are_typed() {
    let http = |text| masked(Kind::Http, text);
    assert_eq!(http("GET /a?pin=4711&otp=12a4&b=1"), "GET /a?pin=****&otp=****&b=1");
    for text in
        ["GET /a?pin=true", "GET /a?pin=middle-left", "GET /a?otp=$OTP", "GET /a?shop_pin_1=22"]
    {
        assert_eq!(http(text), text);
    }
}

#[test]
fn a_password_is_masked_where_a_variable_is_set() {
    let script = |value: &str, used: &str| {
        format!("W={value}\ncurl -H \"X-API-Key: {used}\" https://e.x/\n")
    };
    assert_eq!(masked(Kind::Shell, &script("hunter2", "$W")), script("*******", "**"));
}

#[test]
fn values_that_are_typed_into_placeholders() {
    let shell = |text| masked(Kind::Shell, text);
    assert_eq!(
        shell("curl 'https://e.x/a?token={Zq7Xw9Lm3Rt5Yp1Kd8Vb}'"),
        "curl 'https://e.x/a?token={********************}'"
    );
    for text in
        ["curl 'https://e.x/a?token={YOUR_ACCESS_TOKEN_2}'", "curl \"https://e.x/a?token={{key}}\""]
    {
        assert_eq!(shell(text), text);
    }
}

/// A pasted text may hold commands that are not looked for there.
#[test]
fn the_user_of_httpie() {
    let pasted = |text| masked(Kind::Transcript, text);
    assert_eq!(pasted("http -a me:SECRET 'https://e.x/a'"), "http -a me:****** 'https://e.x/a'");
    assert_eq!(pasted("curl -a https://e.x/a:b"), "curl -a https://e.x/a:b");
}
