//! Three-valued logic (Kleene's): what is not known before run time stays unknown.

/// Yes, no, or not known before run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// Of no text that the holes can become.
    No,
    /// Of some of them, or it was not found out.
    Unknown,
    /// Of every text that the holes can become.
    Yes,
}

impl Truth {
    /// Both.
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// At least one.
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// Both; the other is not asked for where this one decides.
    pub fn and_then(self, other: impl FnOnce() -> Truth) -> Truth {
        if self == Truth::No { Truth::No } else { self.and(other()) }
    }

    /// All of them, asked for until one is *no*.
    pub fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
        let mut truths = truths.into_iter();
        let all = truths.try_fold(Truth::Yes, |truth, next| match truth.and(next) {
            Truth::No => None,
            both => Some(both),
        });
        all.unwrap_or(Truth::No)
    }

    /// At least one of them, asked for until one is *yes*.
    pub fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
        !Truth::all(truths.into_iter().map(|truth| !truth))
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
            Truth::Yes => Truth::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(known: bool) -> Truth {
        if known { Truth::Yes } else { Truth::No }
    }
}
