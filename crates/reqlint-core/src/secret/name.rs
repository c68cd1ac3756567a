//! Names that name secrets, and texts that say themselves that they are none.

/// Names of which the value is a secret, in small letters without `-` and `_`.
const NAMES: [&str; 14] = [
    "authorization",
    "auth",
    "bearer",
    "clientsecret",
    "cookie",
    "credential",
    "credentials",
    "passphrase",
    "passwd",
    "password",
    "proxyauthorization",
    "pwd",
    "secret",
    "token",
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

/// A value of the bare name `key` is a secret from this length on.
const LONG: usize = 16;

/// Whether a header, parameter or member of that name has a secret as its value.
pub(super) fn is_secret_name(name: &str, value_length: usize) -> bool {
    if name.len() < 3 || name.len() > 64 {
        return false;
    }
    let is_inner = |byte: &u8| !matches!(byte, b'-' | b'_' | b'.');
    let plain: Vec<u8> =
        name.bytes().filter(is_inner).map(|byte| byte.to_ascii_lowercase()).collect();
    let Ok(plain) = std::str::from_utf8(&plain) else { return false };
    if HARMLESS.iter().any(|harmless| plain.contains(harmless)) {
        return false;
    }
    NAMES.binary_search(&plain).is_ok()
        || ENDINGS.iter().any(|ending| plain.ends_with(ending))
        || plain.starts_with("xauth")
        || (plain == "key" && value_length >= LONG)
}

/// Whether a field's value is a scheme and a credential.
pub(super) fn is_credential_field(name: &str) -> bool {
    name.eq_ignore_ascii_case("authorization") || name.eq_ignore_ascii_case("proxy-authorization")
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
