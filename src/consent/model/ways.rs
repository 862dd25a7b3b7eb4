//! Ways of reaching somebody.

use serde::{Deserialize, Serialize};

/// One way of reaching somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// By telephone.
    Call,
    /// By mail.
    Mail,
    /// Any other: visits, messages, post.
    Other,
    /// By mail, with news and promotion.
    News,
    /// By mail, with greetings.
    Greeting,
}

/// A set of ways, stored as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ways(pub i32);

impl Ways {
    /// No way.
    pub const NONE: Self = Self(0);
    /// Calls only.
    pub const CALL: Self = Self(1);
    /// Mails only.
    pub const MAIL: Self = Self(2);
    /// Every way, those to come included.
    pub const ALL: Self = Self(7);
    /// Mails with news only.
    pub const NEWS: Self = Self(8);
    /// Greetings only.
    pub const GREETINGS: Self = Self(16);

    /// Whether the set holds `way`; who wants no mail wants no news either.
    pub fn has(self, way: Way) -> bool {
        let bits = match way {
            Way::Call => Self::CALL,
            Way::Mail => Self::MAIL,
            Way::Other => Self(4),
            Way::News => Self::NEWS.union(Self::MAIL),
            Way::Greeting => Self::GREETINGS.union(Self::MAIL),
        };
        self.0 & bits.0 != 0
    }
    /// Whether every way is in it that is in `other`.
    pub fn holds(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
    /// Whether no way is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// Reads `call`, `mail`, `news`, `greetings`, `all`, or several by comma; `None` for an empty or unknown one.
    pub fn parse(codes: &str) -> Option<Self> {
        let mut ways = Self::NONE;
        for code in codes.split(',').map(str::trim).filter(|c| !c.is_empty()) {
            ways = ways.union(match code {
                "call" => Self::CALL,
                "mail" => Self::MAIL,
                "news" => Self::NEWS,
                "greetings" => Self::GREETINGS,
                "all" => Self::ALL,
                _ => return None,
            });
        }
        (!ways.is_empty()).then_some(ways)
    }
    /// Stable codes: `all` alone, or the single ways.
    pub fn codes(self) -> Vec<&'static str> {
        if self.holds(Self::ALL) {
            return vec!["all"];
        }
        let parts = [
            (Self::CALL, "call"),
            (Self::MAIL, "mail"),
            (Self::NEWS, "news"),
            (Self::GREETINGS, "greetings"),
        ];
        // Who wants no mail at all is not told of its kinds as well.
        let is_kind = |part: Self| part == Self::NEWS || part == Self::GREETINGS;
        parts
            .into_iter()
            .filter(|(part, _)| self.holds(*part))
            .filter(|(part, _)| !(is_kind(*part) && self.has(Way::Mail)))
            .map(|(_, code)| code)
            .collect()
    }
}

impl FromIterator<Ways> for Ways {
    /// All of them together.
    fn from_iter<I: IntoIterator<Item = Ways>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::union)
    }
}
