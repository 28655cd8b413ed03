//! The versions of the rules by which entries were decided.
//!
//! A guard that came later asks for its version, so that an old entry is decided again under the guards of its time, and an
//! open change goes on under those of today.

/// A version of the rules that this core can decide by. The number stands in each entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rules {
    /// Version 1: one change from the form to a closed record.
    V1,
    /// Version 2: the whole process; requests for approval are withdrawn where they are not needed any more.
    V2,
    /// Version 3: quorums count people, recorded times bound claimed ones, a second way passes the checks of the first.
    V3,
}

impl Rules {
    /// The version that decides what comes now.
    pub const CURRENT: Self = Self::V3;

    /// The version of a number; none where this core does not have it.
    #[must_use]
    pub const fn of(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::V1),
            2 => Some(Self::V2),
            3 => Some(Self::V3),
            _ => None,
        }
    }

    /// The number that stands in entries.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::V1 => 1,
            Self::V2 => 2,
            Self::V3 => 3,
        }
    }

    /// Whether a guard that came with a version holds.
    #[must_use]
    pub fn since(self, version: Self) -> bool {
        version <= self
    }
}
