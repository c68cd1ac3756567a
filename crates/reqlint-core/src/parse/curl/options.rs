//! The options of curl: names, arguments, and what each does to a request.
//!
//! Follows the documentation of curl 8.22 (`man curl`); the argument parser looks them up here.
//!
//! `tools/curl-options.py` prints rows from an installed curl, to compare names, short names and
//! arguments with. Options newer than that curl were added by hand from the manual's pages, each
//! with the version in their "Added in" line; the class of every option is a decision made here.

use self::Argument::{Flag, Switch, Text};
use self::Class::{Destination, Harmless, ReadsFile, Request, Secret, Unsupported};

/// Whether an option takes an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// No argument, and no `--no-` form.
    Flag,
    /// No argument; `--no-name` turns it off.
    Switch,
    /// One argument: the next word, or the rest of a group of short options.
    Text,
}

/// What an option does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Changes the request, in a way that is modelled.
    Request(Effect),
    /// Leaves the request as it is.
    Harmless,
    /// Reads a file that leaves the request as it is, such as a certificate.
    ReadsFile,
    /// Changes where the request goes, or through what, but not what is sent.
    Destination,
    /// Leaves the request as it is, but its argument is a credential.
    Secret,
    /// Changes the request in a way that is not modelled.
    Unsupported,
}

/// The modelled effects.
#[expect(missing_docs, reason = "each is named after its option")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Method,
    Head,
    Get,
    Data,
    DataRaw,
    DataBinary,
    DataUrlencode,
    UrlQuery,
    Json,
    Form,
    FormString,
    Upload,
    Output,
    User,
    Bearer,
    Cookie,
    UserAgent,
    Referer,
    Range,
    TimeCondition,
    Header,
    Url,
    GlobOff,
    Next,
    Config,
    PathAsIs,
    RequestTarget,
    ProtoDefault,
    TrEncoding,
    ContinueAt,
    FormEscape,
    AwsSigv4,
    Basic,
    Variable,
    Netrc,
    EtagCompare,
    /// `--version` and the like: curl prints something and sends nothing.
    Information,
}

/// One option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurlOption {
    /// The long name, without `--`.
    pub name: &'static str,
    /// The short name, without `-`.
    pub short: Option<char>,
    /// Whether it takes an argument.
    pub argument: Argument,
    /// What it does.
    pub class: Class,
    /// The version of curl that brought it; empty where it is not documented.
    pub added: &'static str,
}

const NONE: char = '\0';

const fn row(
    name: &'static str,
    short: char,
    argument: Argument,
    class: Class,
    added: &'static str,
) -> CurlOption {
    let short = if short == NONE { None } else { Some(short) };
    CurlOption { name, short, argument, class, added }
}

/// The option with that short name.
pub fn short_option(letter: char) -> Option<&'static CurlOption> {
    let place = SHORT.get(letter as usize).copied().unwrap_or(0);
    OPTIONS.get(usize::from(place.checked_sub(1)?))
}

/// Whether a text begins with an option as people write it: a long name in full, or one letter
/// with its argument apart or in quotes.
pub(crate) fn begins_option(text: &str) -> bool {
    let word = text.split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
    match word.strip_prefix("--") {
        Some(name) => {
            let name = name.split(['=', '\'', '"']).next().unwrap_or_default();
            long_option(name).is_some_and(|long| !long.abbreviated)
        }
        None => word.strip_prefix('-').is_some_and(|rest| {
            let mut letters = rest.chars();
            letters.next().is_some_and(|letter| short_option(letter).is_some())
                && matches!(letters.next(), None | Some('\'' | '"'))
        }),
    }
}

/// Whether a text is the whole name of a long option of at least three letters.
pub(super) fn is_long_name(name: &str) -> bool {
    name.len() > 2 && exact(name).is_some()
}

/// What a long name, without `--`, stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongOption {
    /// The option.
    pub option: &'static CurlOption,
    /// Whether `no-` stood before it.
    pub negated: bool,
    /// Whether `expand-` stood before it: variables in its argument are replaced (curl 8.3).
    pub expanded: bool,
    /// Whether only the start of the name is written, which newer versions of curl do not take.
    pub abbreviated: bool,
}

/// The option of that long name, without `--`: written in full or as the start of one name only,
/// with `no-` or `expand-` before it where the option allows it.
pub fn long_option(name: &str) -> Option<LongOption> {
    let plain = |option| LongOption { option, negated: false, expanded: false, abbreviated: false };
    if let Some(option) = exact(name) {
        return Some(plain(option));
    }
    if let Some(option) = name.strip_prefix("no-").and_then(exact)
        && option.argument == Switch
    {
        return Some(LongOption { negated: true, ..plain(option) });
    }
    if let Some(option) = name.strip_prefix("expand-").and_then(exact)
        && option.argument == Text
    {
        return Some(LongOption { expanded: true, ..plain(option) });
    }
    let abbreviated = |option| LongOption { abbreviated: true, ..plain(option) };
    started_by(name).map(abbreviated)
}

/// Whether a word is an option whose argument is the next word.
pub(crate) fn wants_argument(word: &str) -> bool {
    match word.strip_prefix("--") {
        Some(name) => long_option(name).is_some_and(|long| long.option.argument == Text),
        None => {
            let mut letters = word.strip_prefix('-').unwrap_or_default().chars().peekable();
            while let Some(option) = letters.next().and_then(short_option) {
                if option.argument == Text {
                    return letters.peek().is_none();
                }
            }
            false
        }
    }
}

/// The known long name that is nearest to `name`, if one is near.
pub fn nearest_option(name: &str) -> Option<&'static CurlOption> {
    // `--header=x` is the syntax of other programs.
    let name = name.split('=').next().unwrap_or(name);
    let name: String = name.chars().take(40).collect::<String>().to_ascii_lowercase();
    let bare = name.strip_prefix("no-").unwrap_or(&name);
    OPTIONS
        .iter()
        .map(|option| (strsim::damerau_levenshtein(option.name, bare), option))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 1 + bare.len() / 5)
        .map(|(_, option)| option)
}

fn exact(name: &str) -> Option<&'static CurlOption> {
    let place = OPTIONS.binary_search_by(|option| option.name.cmp(name)).ok()?;
    OPTIONS.get(place)
}

fn started_by(name: &str) -> Option<&'static CurlOption> {
    let first = OPTIONS.partition_point(|option| option.name < name);
    let mut matching = OPTIONS[first..].iter().take_while(|option| option.name.starts_with(name));
    let option = matching.next().filter(|_| !name.is_empty())?;
    // Undocumented aliases do not make an abbreviation ambiguous for a reader.
    matching.next().is_none().then_some(option)
}

/// Place in [`OPTIONS`] of each ASCII letter, counted from 1.
static SHORT: [u16; 128] = {
    let mut places = [0; 128];
    let mut place = 0;
    while place < OPTIONS.len() {
        if let Some(letter) = OPTIONS[place].short {
            places[letter as usize] = place as u16 + 1;
        }
        place += 1;
    }
    places
};

/// Every option, in order of the names.
#[rustfmt::skip]
pub static OPTIONS: &[CurlOption] = &[
    row("abstract-unix-socket", NONE, Text, Destination, "7.53.0"),
    row("alpn", NONE, Switch, Harmless, "7.36.0"),
    row("alt-svc", NONE, Text, ReadsFile, "7.64.1"),
    row("anyauth", NONE, Flag, Unsupported, "7.10.6"),
    row("append", 'a', Switch, Harmless, "4.8"),
    row("aws-sigv4", NONE, Text, Request(Effect::AwsSigv4), "7.75.0"),
    row("basic", NONE, Switch, Request(Effect::Basic), "7.10.6"),
    row("buffer", 'N', Switch, Harmless, "6.5"),
    row("ca-native", NONE, Switch, Harmless, "8.2.0"),
    row("cacert", NONE, Text, ReadsFile, "7.5"),
    row("capath", NONE, Text, ReadsFile, "7.9.8"),
    row("cert", 'E', Text, ReadsFile, "5.0"),
    row("cert-status", NONE, Switch, Harmless, "7.41.0"),
    row("cert-type", NONE, Text, Harmless, "7.9.3"),
    row("ciphers", NONE, Text, Harmless, "7.9"),
    row("clobber", NONE, Switch, Harmless, "7.83.0"),
    row("compressed", NONE, Switch, Harmless, "7.10"),
    row("compressed-ssh", NONE, Switch, Harmless, "7.56.0"),
    row("config", 'K', Text, Request(Effect::Config), "4.10"),
    row("connect-timeout", NONE, Text, Harmless, "7.7"),
    row("connect-to", NONE, Text, Destination, "7.49.0"),
    row("continue-at", 'C', Text, Request(Effect::ContinueAt), "4.8"),
    row("cookie", 'b', Text, Request(Effect::Cookie), "4.9"),
    row("cookie-jar", 'c', Text, ReadsFile, "7.9"),
    row("create-dirs", NONE, Switch, Harmless, "7.10.3"),
    row("create-file-mode", NONE, Text, Harmless, "7.75.0"),
    row("crlf", NONE, Switch, Unsupported, "5.7"),
    row("crlfile", NONE, Text, ReadsFile, "7.19.7"),
    row("curves", NONE, Text, Harmless, "7.73.0"),
    row("data", 'd', Text, Request(Effect::Data), "4.0"),
    row("data-ascii", NONE, Text, Request(Effect::Data), "7.2"),
    row("data-binary", NONE, Text, Request(Effect::DataBinary), "7.2"),
    row("data-raw", NONE, Text, Request(Effect::DataRaw), "7.43.0"),
    row("data-urlencode", NONE, Text, Request(Effect::DataUrlencode), "7.18.0"),
    row("delegation", NONE, Text, Harmless, "7.22.0"),
    row("digest", NONE, Switch, Unsupported, "7.10.6"),
    row("disable", 'q', Switch, Harmless, "5.0"),
    row("disable-eprt", NONE, Switch, Harmless, "7.10.5"),
    row("disable-epsv", NONE, Switch, Harmless, "7.9.2"),
    row("disallow-username-in-url", NONE, Switch, Harmless, "7.61.0"),
    row("dns-interface", NONE, Text, Destination, "7.33.0"),
    row("dns-ipv4-addr", NONE, Text, Destination, "7.33.0"),
    row("dns-ipv6-addr", NONE, Text, Destination, "7.33.0"),
    row("dns-servers", NONE, Text, Destination, "7.33.0"),
    row("doh-cert-status", NONE, Switch, Harmless, "7.76.0"),
    row("doh-insecure", NONE, Switch, Harmless, "7.76.0"),
    row("doh-url", NONE, Text, Destination, "7.62.0"),
    row("dump-ca-embed", NONE, Flag, Request(Effect::Information), "8.10.0"),
    row("dump-header", 'D', Text, Harmless, "5.7"),
    row("ech", NONE, Text, Harmless, "8.8.0"),
    row("egd-file", NONE, Text, ReadsFile, "7.7"),
    row("engine", NONE, Text, Harmless, "7.9.3"),
    row("eprt", NONE, Switch, Harmless, ""),
    row("epsv", NONE, Switch, Harmless, ""),
    row("etag-compare", NONE, Text, Request(Effect::EtagCompare), "7.68.0"),
    row("etag-save", NONE, Text, Harmless, "7.68.0"),
    row("expect100-timeout", NONE, Text, Harmless, "7.47.0"),
    row("fail", 'f', Switch, Harmless, "4.0"),
    row("fail-early", NONE, Switch, Harmless, "7.52.0"),
    row("fail-with-body", NONE, Switch, Harmless, "7.76.0"),
    row("false-start", NONE, Switch, Harmless, "7.42.0"),
    row("follow", NONE, Switch, Harmless, "8.16.0"),
    row("form", 'F', Text, Request(Effect::Form), "5.0"),
    row("form-escape", NONE, Switch, Request(Effect::FormEscape), "7.81.0"),
    row("form-string", NONE, Text, Request(Effect::FormString), "7.13.2"),
    row("ftp-account", NONE, Text, Harmless, "7.13.0"),
    row("ftp-alternative-to-user", NONE, Text, Harmless, "7.15.5"),
    row("ftp-create-dirs", NONE, Switch, Harmless, "7.10.7"),
    row("ftp-method", NONE, Text, Harmless, "7.15.1"),
    row("ftp-pasv", NONE, Flag, Harmless, "7.11.0"),
    row("ftp-port", 'P', Text, Harmless, "4.0"),
    row("ftp-pret", NONE, Switch, Harmless, "7.20.0"),
    row("ftp-skip-pasv-ip", NONE, Switch, Harmless, "7.15.0"),
    row("ftp-ssl", NONE, Switch, Harmless, ""),
    row("ftp-ssl-ccc", NONE, Switch, Harmless, "7.16.1"),
    row("ftp-ssl-ccc-mode", NONE, Text, Harmless, "7.16.2"),
    row("ftp-ssl-control", NONE, Switch, Harmless, "7.16.0"),
    row("ftp-ssl-reqd", NONE, Switch, Harmless, ""),
    row("get", 'G', Switch, Request(Effect::Get), "7.8.1"),
    row("globoff", 'g', Switch, Request(Effect::GlobOff), "7.6"),
    row("happy-eyeballs-timeout-ms", NONE, Text, Harmless, "7.59.0"),
    row("haproxy-clientip", NONE, Text, Unsupported, "8.2.0"),
    row("haproxy-protocol", NONE, Switch, Unsupported, "7.60.0"),
    row("head", 'I', Switch, Request(Effect::Head), "4.0"),
    row("header", 'H', Text, Request(Effect::Header), "5.0"),
    row("help", 'h', Flag, Request(Effect::Information), "4.0"),
    row("hostpubmd5", NONE, Text, Harmless, "7.17.1"),
    row("hostpubsha256", NONE, Text, Harmless, "7.80.0"),
    row("hsts", NONE, Text, ReadsFile, "7.74.0"),
    row("http0.9", NONE, Switch, Harmless, "7.64.0"),
    row("http1.0", '0', Flag, Harmless, "7.9.1"),
    row("http1.1", NONE, Flag, Harmless, "7.33.0"),
    row("http2", NONE, Flag, Harmless, "7.33.0"),
    row("http2-prior-knowledge", NONE, Flag, Harmless, "7.49.0"),
    row("http3", NONE, Flag, Harmless, "7.66.0"),
    row("http3-only", NONE, Flag, Harmless, "7.88.0"),
    row("httpsig-algo", NONE, Text, Unsupported, "8.22.0"),
    row("httpsig-headers", NONE, Text, Unsupported, "8.22.0"),
    row("httpsig-key", NONE, Text, Unsupported, "8.22.0"),
    row("httpsig-keyid", NONE, Text, Unsupported, "8.22.0"),
    row("ignore-content-length", NONE, Switch, Harmless, "7.14.1"),
    row("include", NONE, Switch, Harmless, ""),
    row("insecure", 'k', Switch, Harmless, "7.10"),
    row("interface", NONE, Text, Destination, "7.3"),
    row("ip-tos", NONE, Text, Destination, "8.9.0"),
    row("ipfs-gateway", NONE, Text, Destination, "8.4.0"),
    row("ipv4", '4', Flag, Destination, "7.10.8"),
    row("ipv6", '6', Flag, Destination, "7.10.8"),
    row("json", NONE, Text, Request(Effect::Json), "7.82.0"),
    row("junk-session-cookies", 'j', Switch, Harmless, "7.9.7"),
    row("keepalive", NONE, Switch, Harmless, "7.18.0"),
    row("keepalive-cnt", NONE, Text, Harmless, "8.9.0"),
    row("keepalive-time", NONE, Text, Harmless, "7.18.0"),
    row("key", NONE, Text, ReadsFile, "7.9.3"),
    row("key-type", NONE, Text, Harmless, "7.9.3"),
    row("knownhosts", NONE, Text, ReadsFile, "8.17.0"),
    row("krb", NONE, Text, Harmless, "7.3"),
    row("krb4", NONE, Text, Harmless, ""),
    row("libcurl", NONE, Text, Harmless, "7.16.1"),
    row("limit-rate", NONE, Text, Harmless, "7.10"),
    row("list-only", 'l', Switch, Harmless, "4.0"),
    row("local-port", NONE, Text, Destination, "7.15.2"),
    row("location", 'L', Switch, Harmless, "4.9"),
    row("location-trusted", NONE, Switch, Harmless, "7.10.4"),
    row("login-options", NONE, Text, Harmless, "7.34.0"),
    row("mail-auth", NONE, Text, Harmless, "7.25.0"),
    row("mail-from", NONE, Text, Unsupported, "7.20.0"),
    row("mail-rcpt", NONE, Text, Unsupported, "7.20.0"),
    row("mail-rcpt-allowfails", NONE, Switch, Harmless, "7.69.0"),
    row("manual", 'M', Switch, Request(Effect::Information), "5.2"),
    row("max-filesize", NONE, Text, Harmless, "7.10.8"),
    row("max-redirs", NONE, Text, Harmless, "7.5"),
    row("max-time", 'm', Text, Harmless, "4.0"),
    row("metalink", NONE, Switch, Harmless, "7.27.0"),
    row("mptcp", NONE, Switch, Harmless, "8.9.0"),
    row("negotiate", NONE, Switch, Unsupported, "7.10.6"),
    row("netrc", 'n', Switch, Request(Effect::Netrc), "4.6"),
    row("netrc-file", NONE, Text, Request(Effect::Netrc), "7.21.5"),
    row("netrc-optional", NONE, Switch, Request(Effect::Netrc), "7.9.8"),
    row("next", ':', Flag, Request(Effect::Next), "7.36.0"),
    row("noproxy", NONE, Text, Destination, "7.19.4"),
    row("npn", NONE, Switch, Harmless, "7.36.0"),
    row("ntlm", NONE, Switch, Unsupported, "7.10.6"),
    row("ntlm-wb", NONE, Switch, Unsupported, "7.22.0"),
    row("oauth2-bearer", NONE, Text, Request(Effect::Bearer), "7.33.0"),
    row("out-null", NONE, Switch, Request(Effect::Output), "8.16.0"),
    row("output", 'o', Text, Request(Effect::Output), "4.0"),
    row("output-dir", NONE, Text, Harmless, "7.73.0"),
    row("parallel", 'Z', Switch, Harmless, "7.66.0"),
    row("parallel-immediate", NONE, Switch, Harmless, "7.68.0"),
    row("parallel-max", NONE, Text, Harmless, "7.66.0"),
    row("parallel-max-host", NONE, Text, Harmless, "8.16.0"),
    row("pass", NONE, Text, Secret, "7.9.3"),
    row("path-as-is", NONE, Switch, Request(Effect::PathAsIs), "7.42.0"),
    row("pinnedpubkey", NONE, Text, Harmless, "7.39.0"),
    row("post301", NONE, Switch, Harmless, "7.17.1"),
    row("post302", NONE, Switch, Harmless, "7.19.1"),
    row("post303", NONE, Switch, Harmless, "7.26.0"),
    row("preproxy", NONE, Text, Destination, "7.52.0"),
    row("progress-bar", '#', Switch, Harmless, "5.10"),
    row("progress-meter", NONE, Switch, Harmless, "7.67.0"),
    row("proto", NONE, Text, Harmless, "7.21.0"),
    row("proto-default", NONE, Text, Request(Effect::ProtoDefault), "7.45.0"),
    row("proto-redir", NONE, Text, Harmless, "7.21.0"),
    row("proxy", 'x', Text, Destination, "4.0"),
    row("proxy-anyauth", NONE, Switch, Destination, "7.13.2"),
    row("proxy-basic", NONE, Switch, Destination, "7.12.0"),
    row("proxy-ca-native", NONE, Switch, Harmless, "8.2.0"),
    row("proxy-cacert", NONE, Text, ReadsFile, "7.52.0"),
    row("proxy-capath", NONE, Text, ReadsFile, "7.52.0"),
    row("proxy-cert", NONE, Text, ReadsFile, "7.52.0"),
    row("proxy-cert-type", NONE, Text, Harmless, "7.52.0"),
    row("proxy-ciphers", NONE, Text, Harmless, "7.52.0"),
    row("proxy-crlfile", NONE, Text, ReadsFile, "7.52.0"),
    row("proxy-digest", NONE, Switch, Destination, "7.12.0"),
    row("proxy-header", NONE, Text, Destination, "7.37.0"),
    row("proxy-http2", NONE, Switch, Destination, "8.1.0"),
    row("proxy-http3", NONE, Switch, Destination, "8.21.0"),
    row("proxy-insecure", NONE, Switch, Harmless, "7.52.0"),
    row("proxy-key", NONE, Text, ReadsFile, "7.52.0"),
    row("proxy-key-type", NONE, Text, Harmless, "7.52.0"),
    row("proxy-negotiate", NONE, Switch, Destination, "7.17.1"),
    row("proxy-ntlm", NONE, Switch, Destination, "7.10.7"),
    row("proxy-pass", NONE, Text, Secret, "7.52.0"),
    row("proxy-pinnedpubkey", NONE, Text, Harmless, "7.59.0"),
    row("proxy-service-name", NONE, Text, Destination, "7.43.0"),
    row("proxy-ssl-allow-beast", NONE, Switch, Harmless, "7.52.0"),
    row("proxy-ssl-auto-client-cert", NONE, Switch, Harmless, "7.77.0"),
    row("proxy-tls13-ciphers", NONE, Text, Harmless, "7.61.0"),
    row("proxy-tlsauthtype", NONE, Text, Harmless, "7.52.0"),
    row("proxy-tlspassword", NONE, Text, Secret, "7.52.0"),
    row("proxy-tlsuser", NONE, Text, Harmless, "7.52.0"),
    row("proxy-tlsv1", NONE, Flag, Harmless, "7.52.0"),
    row("proxy-user", 'U', Text, Secret, "4.0"),
    row("proxy1.0", NONE, Text, Destination, "7.19.4"),
    row("proxytunnel", 'p', Switch, Destination, "7.3"),
    row("pubkey", NONE, Text, ReadsFile, "7.16.2"),
    row("quote", 'Q', Text, Harmless, "5.3"),
    row("random-file", NONE, Text, ReadsFile, "7.7"),
    row("range", 'r', Text, Request(Effect::Range), "4.0"),
    row("rate", NONE, Text, Harmless, "7.84.0"),
    row("raw", NONE, Switch, Harmless, "7.16.2"),
    row("referer", 'e', Text, Request(Effect::Referer), "4.0"),
    row("remote-header-name", 'J', Switch, Harmless, "7.20.0"),
    row("remote-name", 'O', Switch, Request(Effect::Output), "4.0"),
    row("remote-name-all", NONE, Switch, Harmless, "7.19.0"),
    row("remote-time", 'R', Switch, Harmless, "7.9"),
    row("remove-on-error", NONE, Switch, Harmless, "7.83.0"),
    row("request", 'X', Text, Request(Effect::Method), "6.0"),
    row("request-target", NONE, Text, Request(Effect::RequestTarget), "7.55.0"),
    row("resolve", NONE, Text, Destination, "7.21.3"),
    row("retry", NONE, Text, Harmless, "7.12.3"),
    row("retry-all-errors", NONE, Switch, Harmless, "7.71.0"),
    row("retry-connrefused", NONE, Switch, Harmless, "7.52.0"),
    row("retry-delay", NONE, Text, Harmless, "7.12.3"),
    row("retry-max-time", NONE, Text, Harmless, "7.12.3"),
    row("sasl-authzid", NONE, Text, Harmless, "7.66.0"),
    row("sasl-ir", NONE, Switch, Harmless, "7.31.0"),
    row("service-name", NONE, Text, Harmless, "7.43.0"),
    row("sessionid", NONE, Switch, Harmless, "7.16.0"),
    row("show-error", 'S', Switch, Harmless, "5.9"),
    row("show-headers", 'i', Switch, Harmless, "4.8"),
    row("sigalgs", NONE, Text, Harmless, "8.14.0"),
    row("silent", 's', Switch, Harmless, "4.0"),
    row("skip-existing", NONE, Switch, Harmless, "8.10.0"),
    row("socks4", NONE, Text, Destination, "7.15.2"),
    row("socks4a", NONE, Text, Destination, "7.18.0"),
    row("socks5", NONE, Text, Destination, "7.18.0"),
    row("socks5-basic", NONE, Switch, Destination, "7.55.0"),
    row("socks5-gssapi", NONE, Switch, Destination, "7.55.0"),
    row("socks5-gssapi-nec", NONE, Switch, Destination, "7.19.4"),
    row("socks5-gssapi-service", NONE, Text, Destination, "7.19.4"),
    row("socks5-hostname", NONE, Text, Destination, "7.18.0"),
    row("speed-limit", 'Y', Text, Harmless, "4.7"),
    row("speed-time", 'y', Text, Harmless, "4.7"),
    row("ssl", NONE, Switch, Harmless, "7.20.0"),
    row("ssl-allow-beast", NONE, Switch, Harmless, "7.25.0"),
    row("ssl-auto-client-cert", NONE, Switch, Harmless, "7.77.0"),
    row("ssl-no-revoke", NONE, Switch, Harmless, "7.44.0"),
    row("ssl-reqd", NONE, Switch, Harmless, "7.20.0"),
    row("ssl-revoke-best-effort", NONE, Switch, Harmless, "7.70.0"),
    row("ssl-sessions", NONE, Text, ReadsFile, "8.12.0"),
    row("sslv2", '2', Flag, Harmless, "5.9"),
    row("sslv3", '3', Flag, Harmless, "5.9"),
    row("stderr", NONE, Text, Harmless, "6.2"),
    row("styled-output", NONE, Switch, Harmless, "7.61.0"),
    row("suppress-connect-headers", NONE, Switch, Harmless, "7.54.0"),
    row("tcp-fastopen", NONE, Switch, Harmless, "7.49.0"),
    row("tcp-nodelay", NONE, Switch, Harmless, "7.11.2"),
    row("telnet-option", 't', Text, Unsupported, "7.7"),
    row("test-duphandle", NONE, Switch, Harmless, ""),
    row("test-event", NONE, Switch, Harmless, ""),
    row("tftp-blksize", NONE, Text, Harmless, "7.20.0"),
    row("tftp-no-options", NONE, Switch, Harmless, "7.48.0"),
    row("time-cond", 'z', Text, Request(Effect::TimeCondition), "5.8"),
    row("tls-earlydata", NONE, Switch, Harmless, "8.11.0"),
    row("tls-max", NONE, Text, Harmless, "7.54.0"),
    row("tls13-ciphers", NONE, Text, Harmless, "7.61.0"),
    row("tlsauthtype", NONE, Text, Harmless, "7.21.4"),
    row("tlspassword", NONE, Text, Secret, "7.21.4"),
    row("tlsuser", NONE, Text, Harmless, "7.21.4"),
    row("tlsv1", '1', Flag, Harmless, "7.9.2"),
    row("tlsv1.0", NONE, Flag, Harmless, "7.34.0"),
    row("tlsv1.1", NONE, Flag, Harmless, "7.34.0"),
    row("tlsv1.2", NONE, Flag, Harmless, "7.34.0"),
    row("tlsv1.3", NONE, Flag, Harmless, "7.52.0"),
    row("tr-encoding", NONE, Switch, Request(Effect::TrEncoding), "7.21.6"),
    row("trace", NONE, Text, Harmless, "7.9.7"),
    row("trace-ascii", NONE, Text, Harmless, "7.9.7"),
    row("trace-config", NONE, Text, Harmless, "8.3.0"),
    row("trace-ids", NONE, Switch, Harmless, "8.2.0"),
    row("trace-time", NONE, Switch, Harmless, "7.14.0"),
    row("unix-socket", NONE, Text, Destination, "7.40.0"),
    row("upload-file", 'T', Text, Request(Effect::Upload), "4.0"),
    row("upload-flags", NONE, Text, Harmless, "8.13.0"),
    row("url", NONE, Text, Request(Effect::Url), "7.5"),
    row("url-query", NONE, Text, Request(Effect::UrlQuery), "7.87.0"),
    row("use-ascii", 'B', Switch, Unsupported, "5.0"),
    row("user", 'u', Text, Request(Effect::User), "4.0"),
    row("user-agent", 'A', Text, Request(Effect::UserAgent), "4.5.1"),
    row("variable", NONE, Text, Request(Effect::Variable), "8.3.0"),
    row("verbose", 'v', Switch, Harmless, "4.0"),
    row("version", 'V', Switch, Request(Effect::Information), "4.0"),
    row("vlan-priority", NONE, Text, Destination, "8.9.0"),
    row("wdebug", NONE, Switch, Harmless, ""),
    row("write-out", 'w', Text, Harmless, "6.5"),
    row("xattr", NONE, Switch, Harmless, "7.21.3"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_short_names_are_unique() {
        assert!(OPTIONS.windows(2).all(|pair| pair[0].name < pair[1].name));
        let mut letters: Vec<_> = OPTIONS.iter().filter_map(|option| option.short).collect();
        let all = letters.len();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), all);
    }

    #[test]
    fn long_names_resolve() {
        let found = |name| long_option(name).map(|long| (long.option.name, long.negated));
        assert_eq!(found("header"), Some(("header", false)));
        assert_eq!(found("no-location"), Some(("location", true)));
        assert_eq!(found("no-header"), None);
        assert_eq!(found("data-u"), Some(("data-urlencode", false)));
        assert_eq!(found("dat"), None);
        assert_eq!(found("url=x"), None);
        assert_eq!(long_option("expand-url").map(|long| long.expanded), Some(true));
        assert_eq!(nearest_option("heder").map(|option| option.name), Some("header"));
        assert_eq!(nearest_option("url=http://x/").map(|option| option.name), Some("url"));
        assert_eq!(nearest_option("completely-other"), None);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "asks the installed curl")]
    fn the_installed_curl_knows_no_option_that_is_missing_here() {
        let tools = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools");
        let built = format!("{tools}/curl-8.22.0/curl");
        let help = |curl: &str| {
            let help = std::process::Command::new(curl).args(["--help", "all"]).output();
            help.map(|help| String::from_utf8_lossy(&help.stdout).into_owned()).unwrap_or_default()
        };
        for line in help("curl").lines().chain(help(&built).lines()) {
            let Some((_, rest)) = line.split_once("--") else { continue };
            let name = rest.split([' ', '<']).next().unwrap_or(rest);
            let known = long_option(name);
            assert!(known.is_some_and(|long| !long.abbreviated), "--{name}");
            let takes =
                rest[name.len()..].starts_with(" <") || rest[name.len()..].starts_with(" [");
            let table = known.is_some_and(|long| long.option.argument == Text);
            // curl shows the arguments of these in a way of their own.
            let odd = matches!(name, "help" | "preproxy" | "proxy");
            assert!(takes == table || odd, "--{name} takes an argument: {takes}");
        }
    }
}
