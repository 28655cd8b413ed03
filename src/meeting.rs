//! A meeting of a board: what it looks at, who was there, and what was said.
//!
//! A meeting decides nothing by itself: each yes and no stays a person's own, given on the change.

mod agenda;
mod decide;
mod evolve;
mod since;

use serde::Serialize;

use crate::change::{Done, Said};
use crate::id::{ChangeId, PersonId, RuleId};
use crate::map::Map;
use crate::time::Instant;
use crate::value::Words;
use crate::wire::Decode;

pub use agenda::{AgendaCase, AgendaItem, BoardStanding, Exception, agenda, boards};
pub(crate) use decide::decide;
pub use evolve::evolve;
pub use since::{SinceMet, VoteSince};

/// What somebody wants of a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum MeetingStep {
    /// Call one.
    Call {
        /// Of which board.
        board: RuleId,
        /// When it meets.
        at: Instant,
        /// What it looks at, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        agenda: Vec<ChangeId>,
        /// Where it meets: a room, or an address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Words>,
    },
    /// Call it off before it has begun.
    CallOff {
        /// Why.
        reason: Words,
    },
    /// Put another agenda in place of the one that stands.
    Agenda {
        /// What it looks at, in order.
        agenda: Vec<ChangeId>,
    },
    /// Record who is there.
    Attend {
        /// Who.
        person: PersonId,
        /// Whether they are.
        present: bool,
    },
    /// Put something into the minutes.
    Minute {
        /// About which change; left out, about none in particular.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<ChangeId>,
        /// What.
        text: Words,
    },
    /// End it.
    Close {},
}

impl MeetingStep {
    /// The ids that it names.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        match self {
            Self::Call { board, agenda, .. } => std::iter::once(board.as_str())
                .chain(agenda.iter().map(|change| change.as_str()))
                .collect(),
            Self::Agenda { agenda } => agenda.iter().map(|change| change.as_str()).collect(),
            Self::Attend { person, .. } => vec![person.as_str()],
            Self::Minute { change, .. } => change.iter().map(|change| change.as_str()).collect(),
            Self::CallOff { .. } | Self::Close {} => Vec::new(),
        }
    }
}

/// What happened at a meeting. Free text is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum MeetingEvent {
    /// It was called.
    Called {
        /// Who.
        by: PersonId,
        /// When it was called.
        at: Instant,
        /// Of which board.
        board: RuleId,
        /// When it meets.
        meets: Instant,
        /// What it looks at, in order.
        agenda: Vec<ChangeId>,
        /// Where it meets.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Words>,
    },
    /// It was called off.
    CalledOff {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Why.
        reason: Words,
    },
    /// It looks at something else.
    AgendaSet {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// What it looks at, in order.
        agenda: Vec<ChangeId>,
    },
    /// It was recorded who is there.
    Attended {
        /// Who recorded it.
        by: PersonId,
        /// When.
        at: Instant,
        /// Who it is about.
        person: PersonId,
        /// Whether they are.
        present: bool,
    },
    /// Something was put into the minutes.
    Minuted {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// About which change.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<ChangeId>,
        /// What.
        text: Words,
    },
    /// It is over.
    Closed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
    },
}

/// A meeting, as its log made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Meeting {
    /// Its record.
    pub id: ChangeId,
    /// Of which board.
    pub board: RuleId,
    /// Who called it, and when.
    pub called: Done,
    /// When it meets.
    pub meets: Instant,
    /// What it looks at, in order.
    pub agenda: Vec<ChangeId>,
    /// Who was there, and who was not.
    pub attendance: Map<PersonId, bool>,
    /// What was said, in order.
    pub minutes: Vec<Minute>,
    /// Where it meets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Words>,
    /// Who called it off, when and why; none where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_off: Option<Said>,
    /// Who ended it, and when; none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Done>,
}

/// Something in the minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Minute {
    /// About which change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeId>,
    /// Who put it there, when, and what.
    pub said: Said,
}

impl MeetingStep {
    /// The changes that it names.
    #[must_use]
    pub fn changes(&self) -> Vec<&ChangeId> {
        match self {
            Self::Call { agenda, .. } | Self::Agenda { agenda } => agenda.iter().collect(),
            Self::Minute { change, .. } => change.iter().collect(),
            Self::Attend { .. } | Self::CallOff { .. } | Self::Close {} => Vec::new(),
        }
    }

    /// Its free words.
    #[must_use]
    pub fn words(&self) -> Vec<&Words> {
        match self {
            Self::Minute { text: words, .. } | Self::CallOff { reason: words } => vec![words],
            Self::Call { place, .. } => place.iter().collect(),
            Self::Agenda { .. } | Self::Attend { .. } | Self::Close {} => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn words_mut(&mut self) -> Vec<&mut Words> {
        match self {
            Self::Minute { text: words, .. } | Self::CallOff { reason: words } => vec![words],
            Self::Call { place, .. } => place.iter_mut().collect(),
            Self::Agenda { .. } | Self::Attend { .. } | Self::Close {} => Vec::new(),
        }
    }
}

impl Meeting {
    /// Whether it was neither ended nor called off.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.closed.is_none() && self.called_off.is_none()
    }

    /// Whether something of it is recorded that cannot be undone by calling it off.
    pub(crate) fn has_begun(&self) -> bool {
        !self.minutes.is_empty() || self.attendance.values().any(|present| *present)
    }

    /// Everything that was said in it.
    pub(crate) fn words_mut(&mut self) -> Vec<&mut Words> {
        let minutes = self.minutes.iter_mut();
        let minutes = minutes.map(|minute| &mut minute.said.text);
        let called_off = self.called_off.iter_mut().map(|said| &mut said.text);
        minutes.chain(called_off).chain(&mut self.place).collect()
    }
}
