//! Names that name secrets, and texts that say themselves that they are none.

/// Names of which the value is a secret, in small letters without `-` and `_`.
const NAMES: [&str; 36] = [
    "auth",
    "authorization",
    "autorisatie",
    "autorisation",
    "autorisierung",
    "autorizacao",
    "autorizacion",
    "autorización",
    "autorização",
    "autorizzazione",
    "autoryzacja",
    "bearer",
    "clientsecret",
    "cookie",
    "credential",
    "credentials",
    "jwt",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "proxyauthorization",
    "pwd",
    "secret",
    "session",
    "sessionid",
    "sid",
    "sig",
    "signature",
    "token",
    "xamzcredential",
    "xamzsignature",
    "авторизация",
    "授权",
    "認証",
    "인증",
];

/// Ends of such names.
const ENDINGS: [&str; 10] = [
    "accesskey",
    "apikey",
    "authkey",
    "authorization",
    "password",
    "privatekey",
    "secret",
    "secretkey",
    "subscriptionkey",
    "token",
];

/// Tokens that are no credentials: they say where a list goes on.
const HARMLESS: [&str; 4] = ["page", "next", "continuation", "sync"];

/// Lists of such names, as names of lists.
const LISTS: [&str; 6] = ["apikeys", "credentials", "keys", "passwords", "secrets", "tokens"];

/// `Authorization`, as browsers that translate pages write it.
const TRANSLATED: [&str; 12] = [
    "autorisation",
    "autorisatie",
    "autorisierung",
    "autorizacao",
    "autorizacion",
    "autorização",
    "autorización",
    "autorizzazione",
    "autoryzacja",
    "авторизация",
    "授权",
    "認証",
];

/// Whether a list of that name holds secrets.
pub(super) fn is_secret_list(name: &str) -> bool {
    LISTS.binary_search(&plain_name(name).as_str()).is_ok() || is_secret_name(name, "")
}

/// Names that are also words: behind a colon in a text they say nothing.
pub(super) fn is_weak(name: &str) -> bool {
    let plain = plain_name(name);
    let weak = ["code", "jwt", "key", "pass", "session", "sessionid", "sid", "sig", "signature"];
    weak.binary_search(&plain.as_str()).is_ok()
}

/// A name in small letters, without what stands between its words.
fn plain_name(name: &str) -> String {
    let inner = name.chars().filter(|char| !matches!(char, '-' | '_' | '.'));
    inner.flat_map(char::to_lowercase).collect()
}

/// Whether a value of the bare name `key` looks like one.
pub(super) fn is_keylike(value: &str) -> bool {
    let mixed = value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic());
    value.len() >= 8 || (value.len() >= 6 && mixed)
}

/// Names of codes that are typed: they are secret where they look like one.
const SHORT: [&str; 6] = ["cvc", "cvv", "otp", "passcode", "pin", "totp"];

/// Whether a value is a code that is typed.
fn is_short_code(value: &str) -> bool {
    let is_code = value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_code && (3..=12).contains(&value.len()) && value.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a header, parameter or member of that name has a secret as its value.
pub(super) fn is_secret_name(name: &str, value: &str) -> bool {
    if name.len() < 3 || name.len() > 64 {
        return false;
    }
    let plain = plain_name(name);
    let plain = plain.as_str();
    if HARMLESS.iter().any(|harmless| plain.contains(harmless)) {
        return false;
    }
    NAMES.binary_search(&plain).is_ok()
        || ENDINGS.iter().any(|ending| plain.ends_with(ending))
        || plain.starts_with("xauth")
        || (plain == "key" && is_keylike(value))
        || (plain == "code" && value.len() >= 16)
        || (SHORT.contains(&plain) && is_short_code(value))
}

/// Whether a field's value is a scheme and a credential.
pub(super) fn is_credential_field(name: &str) -> bool {
    name.eq_ignore_ascii_case("authorization")
        || name.eq_ignore_ascii_case("proxy-authorization")
        || (name.len() >= 6 && TRANSLATED.contains(&name.to_lowercase().as_str()))
}

/// Whether a text stands for a secret that is to be put there.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let is_filler = |char: char| matches!(char, 'x' | 'X' | '*' | '.' | '…' | '-' | '_');
    let first = text.chars().next();
    matches!(first, None | Some('<' | '{' | '$'))
        || (text.len() > 2 && text.starts_with('%') && text.ends_with('%'))
        || (text.len() > 2 && text.chars().all(is_filler))
        || text.ends_with("...")
        || text.ends_with('…')
        || has_word(text, "your")
        || has_word(text, "xxxx")
}

fn has_word(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}
