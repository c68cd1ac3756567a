//! What parsers notice besides the request: the closed list of its kinds.

use crate::layer::Place;
use crate::span::Span;

/// Something that a parser noticed: damage, doubt, or a part it does not model.
///
/// The words for it are in the rules, which find it with `syntax: kind`.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Where; never empty where the text is not.
    pub place: Place,
    /// The known name that is nearest to the one written, for a name that is not known.
    pub nearest: Option<String>,
    /// Edits of the source that mend it, where there is one mend. Bytes of the source.
    pub repair: Vec<(Span, String)>,
}

impl Finding {
    /// A finding without a repair.
    pub fn new(kind: FindingKind, place: Place) -> Self {
        Finding { kind, place, nearest: None, repair: Vec::new() }
    }
}

macro_rules! finding_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The closed list of what parsers can notice.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FindingKind { $($(#[$doc])* $variant,)* }

        impl FindingKind {
            /// Every kind.
            pub const ALL: &[FindingKind] = &[$(FindingKind::$variant,)*];

            /// The name in rules.
            pub fn name(self) -> &'static str {
                match self { $(FindingKind::$variant => $name,)* }
            }
        }
    };
}

finding_kinds! {
    /// An `&` outside quotes inside a URL: the shell ends the command there.
    UnquotedAmpersand = "unquoted-ampersand",
    /// A typographic quote where the syntax needs an ASCII one.
    SmartQuote = "smart-quote",
    /// A no-break space, zero-width character or inner byte order mark.
    InvisibleCharacter = "invisible-character",
    /// White space between a backslash and the line end.
    SpaceAfterBackslash = "space-after-backslash",
    /// An option on a line of its own, since nothing joins it to the command above: the option. Or
    /// what joins lines in another shell, or a join that is escaped.
    LostJoin = "lost-join",
    /// A long option with one dash: a group of short ones, which nobody means.
    OneDash = "one-dash",
    /// Single quotes around an argument in cmd, which does not know them.
    SingleQuotes = "single-quotes",
    /// `-X HEAD` of curl, which only changes the word: it waits for content all the same.
    HeadByName = "head-by-name",
    /// A quote that is never closed.
    UnclosedQuote = "unclosed-quote",
    /// A here-document without its closing delimiter.
    UnclosedHeredoc = "unclosed-heredoc",
    /// A command that ends with a line join.
    TrailingBackslash = "trailing-backslash",
    /// An empty line between a line join and the options that it was to join.
    BlankLineAfterJoin = "blank-line-after-join",
    /// An option that curl does not have.
    UnknownOption = "unknown-option",
    /// The start of an option's name, which newer versions of curl do not take.
    AbbreviatedOption = "abbreviated-option",
    /// `--name=value`: curl wants a space between the two.
    OptionWithEquals = "option-with-equals",
    /// An option without the argument that it needs.
    MissingOptionArgument = "missing-option-argument",
    /// An option whose argument is empty, where curl wants a text.
    BlankOptionArgument = "blank-option-argument",
    /// An option whose effect on the request is not modelled.
    UnsupportedOption = "unsupported-option",
    /// An option for content of another kind than an earlier one: curl sends nothing.
    ConflictingOption = "conflicting-option",
    /// A part of a multipart body that curl does not take: it sends nothing.
    MalformedForm = "malformed-form",
    /// A header without a colon, which is not sent.
    HeaderWithoutColon = "header-without-colon",
    /// Blanks between the name of a header and its colon, for which curl leaves it out.
    BlankBeforeColon = "blank-before-colon",
    /// A method where the URL is expected.
    VerbAsUrl = "verb-as-url",
    /// A prompt or line number that was copied along.
    PastedPrompt = "pasted-prompt",
    /// A command or request object without a URL.
    MissingUrl = "missing-url",
    /// A text that is no URL.
    MalformedUrl = "malformed-url",
    /// A URL of another protocol than HTTP.
    NotHttp = "not-http",
    /// A `{name}` that curl expands as a glob.
    GlobbedPlaceholder = "globbed-placeholder",
    /// JSON in a URL, whose braces curl expands.
    GlobbedJson = "globbed-json",
    /// Braces or brackets in a URL that curl cannot expand: it sends nothing.
    DamagedGlob = "damaged-glob",
    /// JSON that does not parse.
    MalformedJson = "malformed-json",
    /// A name that stands twice in one JSON object.
    DuplicateJsonKey = "duplicate-json-key",
    /// A member of a request object that no form knows.
    UnknownMember = "unknown-member",
    /// A line or value, in a file of requests, that is no request.
    NotARequest = "not-a-request",
    /// A recording that says twice what was sent, and not the same.
    RecordingContradicts = "recording-contradicts",
    /// A collection that writes a URL twice, as a whole and in parts, and not the same.
    PartsContradict = "parts-contradict",
    /// Nesting beyond the bound.
    NestingTooDeep = "nesting-too-deep",
    /// A text beyond the bound.
    TooLarge = "too-large",
    /// A typographic dash where curl's options begin with `-`.
    TypographicDash = "typographic-dash",
    /// A `!` that an interactive shell replaces by an earlier command.
    HistoryExpansion = "history-expansion",
    /// A `$` that the shell expands where the character itself is meant.
    ExpandingDollar = "expanding-dollar",
    /// A variable in single quotes, which is not expanded.
    UnexpandedVariable = "unexpanded-variable",
    /// JSON without quotes around it: the shell takes it apart.
    UnquotedJson = "unquoted-json",
    /// A header without quotes around it: what follows its first blank is no part of it.
    UnquotedHeader = "unquoted-header",
    /// A character outside quotes, in a URL, that the shell takes for a pattern of file names.
    UnquotedPattern = "unquoted-pattern",
    /// A `#` that was meant as the start of a value, but begins a comment.
    UnquotedHash = "unquoted-hash",
    /// A URL that was cut off when it was copied.
    TruncatedUrl = "truncated-url",
    /// A comment between the lines of one command, which ends it.
    CommentInCommand = "comment-in-command",
    /// Line ends of Windows in shell text.
    CarriageReturn = "carriage-return",
    /// Quotes as a page's source writes them: `&quot;`.
    HtmlEscapedQuote = "html-escaped-quote",
    /// A scheme that is a slip for `http` or `https`.
    MisspeltScheme = "misspelt-scheme",
}

impl FindingKind {
    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<FindingKind> {
        FindingKind::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
