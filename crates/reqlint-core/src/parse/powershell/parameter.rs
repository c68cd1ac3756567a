//! The parameters of `Invoke-WebRequest` and `Invoke-RestMethod`, and what each does.

/// What a parameter does to the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Uri,
    Method,
    Headers,
    Body,
    Form,
    InFile,
    ContentType,
    UserAgent,
    /// Brings cookies and headers that are not written.
    Session,
    Authentication,
    Token,
    /// Brings an `Authorization` that is not written.
    Credential,
    /// Leaves the request as it is.
    Harmless,
    /// Leaves the request as it is, and takes no argument.
    Switch,
}

/// Names, without `-`.
const PARAMETERS: [(&str, Effect); 53] = [
    ("AllowInsecureRedirect", Effect::Switch),
    ("AllowUnencryptedAuthentication", Effect::Switch),
    ("Authentication", Effect::Authentication),
    ("Body", Effect::Body),
    ("Certificate", Effect::Harmless),
    ("CertificateThumbprint", Effect::Harmless),
    ("ConnectionTimeoutSeconds", Effect::Harmless),
    ("ContentType", Effect::ContentType),
    ("Credential", Effect::Credential),
    ("CustomMethod", Effect::Method),
    ("Debug", Effect::Switch),
    ("DisableKeepAlive", Effect::Switch),
    ("ErrorAction", Effect::Harmless),
    ("ErrorVariable", Effect::Harmless),
    ("FollowRelLink", Effect::Switch),
    ("Form", Effect::Form),
    ("Headers", Effect::Headers),
    ("HttpVersion", Effect::Harmless),
    ("InFile", Effect::InFile),
    ("InformationAction", Effect::Harmless),
    ("MaximumFollowRelLink", Effect::Harmless),
    ("MaximumRedirection", Effect::Harmless),
    ("MaximumRetryCount", Effect::Harmless),
    ("Method", Effect::Method),
    ("NoProxy", Effect::Switch),
    ("OperationTimeoutSeconds", Effect::Harmless),
    ("OutFile", Effect::Harmless),
    ("OutVariable", Effect::Harmless),
    ("PassThru", Effect::Switch),
    ("PreserveAuthorizationOnRedirect", Effect::Switch),
    ("PreserveHttpMethodOnRedirect", Effect::Switch),
    ("Proxy", Effect::Harmless),
    ("ProxyCredential", Effect::Harmless),
    ("ProxyUseDefaultCredentials", Effect::Switch),
    ("ResponseHeadersVariable", Effect::Harmless),
    ("Resume", Effect::Switch),
    ("RetryIntervalSec", Effect::Harmless),
    ("SessionVariable", Effect::Harmless),
    ("SkipCertificateCheck", Effect::Switch),
    ("SkipHeaderValidation", Effect::Switch),
    ("SkipHttpErrorCheck", Effect::Switch),
    ("SslProtocol", Effect::Harmless),
    ("StatusCodeVariable", Effect::Harmless),
    ("TimeoutSec", Effect::Harmless),
    ("Token", Effect::Token),
    ("TransferEncoding", Effect::Harmless),
    ("UnixSocket", Effect::Harmless),
    ("Uri", Effect::Uri),
    ("UseBasicParsing", Effect::Switch),
    ("UseDefaultCredentials", Effect::Switch),
    ("UserAgent", Effect::UserAgent),
    ("Verbose", Effect::Switch),
    ("WebSession", Effect::Session),
];

/// The effect of a parameter, by its name or by a beginning that no other one shares.
pub(super) fn parameter(name: &str) -> Option<Effect> {
    let starts =
        |known: &str| known.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let exact = PARAMETERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let mut found = PARAMETERS.iter().filter(|(known, _)| starts(known));
    let first = found.next();
    exact.or(first.filter(|_| found.next().is_none())).map(|(_, effect)| *effect)
}

/// The known name that is nearest to one that is not known, if it is near.
pub(super) fn nearest(name: &str) -> Option<String> {
    if name.len() > 40 {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let distance = |known: &str| strsim::damerau_levenshtein(&lower, &known.to_ascii_lowercase());
    let best = PARAMETERS.iter().min_by_key(|(known, _)| distance(known))?.0;
    (distance(best) * 3 <= best.len().max(3)).then(|| format!("-{best}"))
}

/// Whether a word is a parameter that curl does not have: `-Uri`, not `-X`.
pub(super) fn is_own_parameter(text: &str) -> bool {
    let Some(name) = text.strip_prefix('-') else { return false };
    let name = name.split(':').next().unwrap_or(name);
    name.len() >= 3 && PARAMETERS.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
}
