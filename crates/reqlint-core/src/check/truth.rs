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
