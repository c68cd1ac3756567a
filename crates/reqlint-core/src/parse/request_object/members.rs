//! The members of a request object, sorted by what they mean.

use crate::layer::{Layers, Place};
use crate::model::{Finding, FindingKind, JsonKind, JsonMember, JsonValue};

/// Names of members that say what the request is, as they are suggested for a name that is not
/// known.
const NAMES: [&str; 16] = [
    "url", "uri", "input", "baseURL", "baseUrl", "method", "params", "query", "headers", "body",
    "json", "form", "data", "auth", "cookies", "options",
];

/// Members that change nothing in the request: those of axios and fetch, and remarks.
const HARMLESS: [&str; 58] = [
    "$schema",
    "//",
    "adapter",
    "allowAbsoluteUrls",
    "allow_redirects",
    "beforeRedirect",
    "cache",
    "cancelToken",
    "cert",
    "comment",
    "credentials",
    "decompress",
    "description",
    "dispatcher",
    "duplex",
    "encoding",
    "expect",
    "fetchOptions",
    "follow_redirects",
    "formSerializer",
    "httpAgent",
    "httpsAgent",
    "id",
    "init",
    "integrity",
    "keepalive",
    "lookup",
    "maxBodyLength",
    "maxContentLength",
    "maxRate",
    "maxRedirects",
    "mode",
    "name",
    "note",
    "onDownloadProgress",
    "onUploadProgress",
    "paramsSerializer",
    "priority",
    "proxy",
    "redirect",
    "referrer",
    "referrerPolicy",
    "response",
    "responseEncoding",
    "responseType",
    "signal",
    "socketPath",
    "status",
    "tags",
    "timeout",
    "title",
    "transformRequest",
    "transformResponse",
    "transport",
    "validateStatus",
    "verify",
    "withCredentials",
    "withXSRFToken",
];

/// Unknown members of one object that are noticed are no more than this many.
const MOST_FINDINGS: usize = 20;

/// Longer names are near to none, and comparing them takes time.
const LONGEST_NAME: usize = 32;

/// What names the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyRole {
    /// `body`, `data`: by its type.
    Any,
    /// `json`
    Json,
    /// `form`
    Form,
}

/// The members of one request object.
pub(super) struct Members {
    /// The whole object.
    pub(super) place: Place,
    pub(super) base: Option<JsonValue>,
    pub(super) url: Option<JsonValue>,
    pub(super) method: Option<JsonValue>,
    pub(super) query: Vec<JsonMember>,
    pub(super) headers: Vec<JsonMember>,
    pub(super) body: Option<(BodyRole, JsonMember)>,
    pub(super) auth: Option<JsonMember>,
    pub(super) cookies: Option<JsonMember>,
    pub(super) findings: Vec<Finding>,
    /// Whether there are names that are not even near a known one.
    pub(super) is_foreign: bool,
}

impl Members {
    pub(super) fn new(place: Place) -> Self {
        Members {
            place,
            base: None,
            url: None,
            method: None,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            auth: None,
            cookies: None,
            findings: Vec::new(),
            is_foreign: false,
        }
    }

    /// Sorts members in; those of `options` and `init` are members of the request too.
    pub(super) fn take_all(
        &mut self,
        layers: &Layers<'_>,
        members: impl Iterator<Item = JsonMember>,
    ) {
        for member in members {
            let is_nested = matches!(layers.text(member.name), "options" | "init" | "config")
                && member.value.kind == JsonKind::Object;
            if is_nested {
                for inner in member.value.members {
                    self.take(layers, inner);
                }
            } else {
                self.take(layers, member);
            }
        }
    }

    fn take(&mut self, layers: &Layers<'_>, member: JsonMember) {
        match layers.text(member.name) {
            "url" | "uri" | "input" => self.url = Some(member.value),
            "baseURL" | "baseUrl" => self.base = Some(member.value),
            "method" => self.method = Some(member.value),
            "params" | "query" => self.query.push(member),
            "headers" => self.headers.push(member),
            "body" | "data" => self.body = Some((BodyRole::Any, member)),
            "json" => self.body = Some((BodyRole::Json, member)),
            "form" => self.body = Some((BodyRole::Form, member)),
            "auth" => self.auth = Some(member),
            "cookies" => self.cookies = Some(member),
            name if HARMLESS.binary_search(&name).is_ok() || layers.has_hole(member.name) => {}
            _ if self.findings.len() == MOST_FINDINGS => {}
            name => {
                let mut finding = Finding::new(FindingKind::UnknownMember, member.name);
                finding.nearest = nearest(name).map(str::to_owned);
                self.is_foreign |= finding.nearest.is_none();
                self.findings.push(finding);
            }
        }
    }

    /// Whether the object is a request, and not something else that has such names too.
    pub(super) fn is_request(&self) -> bool {
        let is_text = |value: &JsonValue| !matches!(value.kind, JsonKind::Object | JsonKind::Array);
        if self.url.is_some() || self.base.is_some() {
            return self.url.iter().chain(&self.base).all(is_text);
        }
        let known = self.known();
        let telling = self.method.is_some() || !self.headers.is_empty();
        !self.is_foreign && (known > 1 || (known == 1 && telling))
    }

    /// How many members say something about a request, besides the URL.
    fn known(&self) -> usize {
        usize::from(self.method.is_some())
            + self.query.len()
            + self.headers.len()
            + usize::from(self.body.is_some())
            + usize::from(self.auth.is_some())
            + usize::from(self.cookies.is_some())
    }

    /// Keeps unknown names that are near a known one, if the object surely is a request.
    pub(super) fn keep_likely_slips(&mut self) {
        let is_sure = (self.url.is_some() || self.base.is_some()) && self.known() > 0;
        self.findings.retain(|finding| is_sure && finding.nearest.is_some());
    }
}

/// The known name that is nearest, if it is near.
fn nearest(name: &str) -> Option<&'static str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let lower = name.to_lowercase();
    let distance = |known: &&str| strsim::damerau_levenshtein(&lower, &known.to_lowercase());
    let best = NAMES.iter().min_by_key(|known| distance(known))?;
    (distance(best) * 3 <= best.len().max(3)).then_some(*best)
}

#[cfg(test)]
#[test]
fn harmless_names_are_sorted() {
    assert!(HARMLESS.is_sorted());
}
