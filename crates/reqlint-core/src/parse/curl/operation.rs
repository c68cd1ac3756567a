//! What the options before the next `--next` add up to; the argument parser fills it in.

use super::options::Effect;
use crate::layer::Place;
use crate::model::{Finding, FindingKind};

/// An option as it was used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    /// The word with the option.
    pub(super) option: Place,
    /// Its argument; for an option without one, the word itself.
    pub(super) argument: Place,
}

/// How a text of `-d` and its kin is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DataKind {
    /// `-d`: `@` names a file, whose line ends are dropped.
    Plain,
    /// `--data-binary`: `@` names a file.
    Binary,
    /// `--data-raw`
    Raw,
    /// `--data-urlencode`
    Encoded,
    /// `--json`: like binary, and nothing is put between two of them.
    Json,
}

/// One run of curl: all options up to `--next`.
#[derive(Debug, Default)]
pub(super) struct Operation {
    pub(super) urls: Vec<Place>,
    /// Words that may become any number of any words: `$OPTS`, `"${args[@]}"`.
    pub(super) opaque: Vec<Place>,
    pub(super) method: Option<Use>,
    pub(super) head: Option<Use>,
    pub(super) get: Option<Use>,
    pub(super) data: Vec<(DataKind, Use)>,
    pub(super) json: Option<Use>,
    pub(super) url_query: Vec<Use>,
    /// The flag: `--form-string`.
    pub(super) forms: Vec<(bool, Use)>,
    pub(super) uploads: Vec<Use>,
    /// The options that say where an answer goes.
    pub(super) outputs: Vec<Place>,
    pub(super) user: Option<Use>,
    pub(super) bearer: Option<Use>,
    pub(super) cookies: Vec<Use>,
    pub(super) user_agent: Option<Use>,
    pub(super) referer: Option<Use>,
    pub(super) range: Option<Use>,
    pub(super) time_condition: Option<Use>,
    pub(super) headers: Vec<Use>,
    pub(super) glob_off: bool,
    pub(super) path_as_is: bool,
    pub(super) request_target: Option<Use>,
    pub(super) proto_default: Option<Use>,
    pub(super) tr_encoding: Option<Use>,
    pub(super) continue_at: Option<Use>,
    pub(super) form_escape: bool,
    pub(super) basic: bool,
    pub(super) aws: Option<Use>,
    /// Something may add header fields that are not written.
    pub(super) open_headers: bool,
    pub(super) open_cookies: bool,
    /// Something may change anything.
    pub(super) open_all: bool,
    /// Another way to prove who one is than `Basic`.
    pub(super) other_auth: bool,
    /// The URL may stand in a file.
    pub(super) config: bool,
    pub(super) secrets: Vec<Place>,
    /// The `--next` that ends it.
    pub(super) next: Option<Place>,
    pub(super) findings: Vec<Finding>,
    content: Option<Content>,
    conflicts: Vec<(Content, Content, Place)>,
}

/// Options of which only one kind can be used in one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// `--no-head`
    None,
    Head,
    Data,
    Form,
    Upload,
}

impl Operation {
    /// Whether it holds anything that a request could be made of.
    pub(super) fn is_empty(&self) -> bool {
        self.urls.is_empty() && self.opaque.is_empty()
    }

    /// Adds an option; `negated` for its `--no-` form.
    pub(super) fn apply(&mut self, effect: Effect, used: Use, negated: bool) {
        let switch = (!negated).then_some(used);
        let blank = used.argument.span.is_empty();
        if blank && matches!(effect, Effect::Method | Effect::Range | Effect::Bearer) {
            self.findings.push(Finding::new(FindingKind::BlankOptionArgument, used.option));
        }
        match effect {
            Effect::Method => self.method = Some(used),
            Effect::Head => self.head = switch,
            Effect::Get => self.get = switch,
            Effect::Data => self.data.push((DataKind::Plain, used)),
            Effect::DataRaw => self.data.push((DataKind::Raw, used)),
            Effect::DataBinary => self.data.push((DataKind::Binary, used)),
            Effect::DataUrlencode => self.data.push((DataKind::Encoded, used)),
            Effect::Json => {
                self.data.push((DataKind::Json, used));
                self.json = self.json.or(Some(used));
            }
            Effect::UrlQuery => self.url_query.push(used),
            Effect::Form => self.forms.push((false, used)),
            Effect::FormString => self.forms.push((true, used)),
            Effect::Upload => self.uploads.push(used),
            Effect::Output => self.outputs.extend(switch.map(|used| used.option)),
            Effect::User => {
                self.user = Some(used);
                self.secrets.push(used.argument);
            }
            Effect::Bearer => self.bearer = Some(used),
            Effect::Cookie => self.cookies.push(used),
            Effect::UserAgent => self.user_agent = Some(used),
            Effect::Referer => self.referer = Some(used),
            Effect::Range => self.range = Some(used),
            Effect::TimeCondition => self.time_condition = Some(used),
            Effect::Header => self.headers.push(used),
            Effect::Url => self.urls.push(used.argument),
            Effect::GlobOff => self.glob_off = !negated,
            Effect::Netrc | Effect::EtagCompare => self.open_headers |= !negated,
            Effect::Config => {
                self.unsupported(used.option);
                self.config = true;
                self.open_all = true;
            }
            Effect::PathAsIs => self.path_as_is = !negated,
            Effect::RequestTarget => self.request_target = Some(used),
            Effect::ProtoDefault => self.proto_default = Some(used),
            Effect::TrEncoding => self.tr_encoding = switch,
            Effect::ContinueAt => self.continue_at = Some(used),
            Effect::Basic => self.basic = !negated,
            Effect::FormEscape => self.form_escape = !negated,
            Effect::AwsSigv4 => {
                self.unsupported(used.option);
                self.aws = Some(used);
                self.open_headers = true;
            }
            Effect::Variable | Effect::Next | Effect::Information => {}
        }
        self.notice_conflict(effect, used.option, negated);
    }

    /// About how many bytes one request of it takes.
    pub(super) fn weight(&self) -> usize {
        let data = self.data.iter().map(|(_, used)| used);
        let forms = self.forms.iter().map(|(_, used)| used);
        let others = self.headers.iter().chain(&self.cookies).chain(&self.url_query);
        let parts = data.chain(forms).chain(others);
        256 + parts.map(|used| 256 + used.argument.span.len()).sum::<usize>()
    }

    /// Whether the request has content of its own, by which curl chooses the field for a range.
    pub(super) fn sends_content(&self) -> bool {
        let data = !self.data.is_empty() && self.get.is_none();
        self.head.is_none() && (data || !self.uploads.is_empty())
    }

    /// Whether the content is multipart, with which no range is sent.
    pub(super) fn sends_form(&self) -> bool {
        self.head.is_none() && self.uploads.is_empty() && !self.forms.is_empty()
    }

    /// Notes an option whose effect is not modelled.
    pub(super) fn unsupported(&mut self, option: Place) {
        self.findings.push(Finding::new(FindingKind::UnsupportedOption, option));
    }

    /// curl refuses a command that asks for two kinds of content.
    fn notice_conflict(&mut self, effect: Effect, option: Place, negated: bool) {
        let content = match effect {
            Effect::Head if negated => Content::None,
            Effect::Head => Content::Head,
            Effect::Data
            | Effect::DataRaw
            | Effect::DataBinary
            | Effect::DataUrlencode
            | Effect::Json => Content::Data,
            Effect::Form | Effect::FormString => Content::Form,
            Effect::Upload => Content::Upload,
            _ => return,
        };
        let first = *self.content.get_or_insert(content);
        if first != content {
            self.conflicts.push((first, content, option));
        }
    }

    /// Reports what [`notice_conflict`](Self::notice_conflict) noticed, once `-G` is known.
    pub(super) fn report_conflicts(&mut self) {
        // With `-G`, data is no content that `-I` could not have.
        let moved =
            |one, other| one == Content::Data && other == Content::Head && self.get.is_some();
        let conflict = self.conflicts.iter().find(|(a, b, _)| !moved(*a, *b) && !moved(*b, *a));
        if let Some((_, _, option)) = conflict.copied() {
            self.findings.push(Finding::new(FindingKind::ConflictingOption, option));
        }
        if let (Some(_), Some(used)) = (self.range, self.continue_at) {
            self.findings.push(Finding::new(FindingKind::ConflictingOption, used.option));
        }
        let resumes = |used: &Use| !used.argument.span.is_empty();
        if let Some(used) = self.continue_at.filter(resumes)
            && (self.sends_content() || self.sends_form())
        {
            self.unsupported(used.option);
        }
    }
}
