//! Life cycles: an organisation's own states, each in one of the closed phases.

use serde::Serialize;

use super::Act;
use super::condition::Condition;
use crate::id::{FieldId, RoleId, StateId, TransitionId};
use crate::text::Text;
use crate::wire::{Decode, Later};

/// Where a change stands, for the core's safety rules. Closed; later phases count as further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Being written; not yet a record.
    Draft,
    /// Being looked at: complete, sensible, worth it.
    Assess,
    /// Waiting for those who must say yes.
    Authorize,
    /// Authorized, waiting for its window.
    Scheduled,
    /// Being carried out.
    Implement,
    /// Carried out, being looked at.
    Review,
    /// Done; terminal.
    Closed,
    /// Refused; may be reopened.
    Rejected,
    /// Given up; terminal.
    Canceled,
}

impl Phase {
    /// Whether nothing may change the past any more.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Closed | Self::Canceled)
    }

    pub(super) const fn authorize() -> Self {
        Self::Authorize
    }

    /// The fixed matrix that bounds every life cycle: whether a transition from this phase may lead to `to`.
    ///
    /// Ways into `Implement` and beyond stay subject to the safety rules wherever they start.
    #[must_use]
    pub const fn may_lead_to(self, to: Self) -> bool {
        use Phase::{
            Assess, Authorize, Canceled, Closed, Draft, Implement, Rejected, Review, Scheduled,
        };
        match self {
            Draft => matches!(to, Assess | Authorize | Scheduled | Implement | Review),
            Assess | Authorize => matches!(
                to,
                Assess | Authorize | Scheduled | Implement | Rejected | Canceled
            ),
            Scheduled => matches!(
                to,
                Assess | Authorize | Scheduled | Implement | Rejected | Canceled
            ),
            Implement => matches!(to, Scheduled | Implement | Review | Closed),
            Review => matches!(to, Review | Closed),
            Rejected => matches!(to, Assess | Authorize | Canceled),
            Closed | Canceled => false,
        }
    }
}

/// The states of one model and the ways between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LifeCycle {
    /// The state that a submission enters.
    pub start: StateId,
    /// Its states, in the order in which a change usually passes them.
    pub states: Vec<State>,
    /// The ways between them.
    pub transitions: Later<Vec<Transition>>,
}

/// A state: the organisation's own name and the phase it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct State {
    /// Its id.
    pub id: StateId,
    /// The organisation's name for it.
    pub name: Text,
    /// What it means to the core.
    pub phase: Phase,
    /// Who is accountable for this step, until somebody is assigned: exactly one person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accountable: Option<Accountable>,
}

/// Where the one accountable person of a step comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Accountable {
    /// Who asked.
    Requester {},
    /// The first person named in a field.
    Field {
        /// The field.
        field: FieldId,
    },
    /// Who is assigned: somebody of these roles assigns, and until then nobody is.
    Assigned {
        /// Who may assign.
        by: Vec<RoleId>,
    },
}

/// A way from one state to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Transition {
    /// Its id, unique in its life cycle.
    pub id: TransitionId,
    /// What the button says.
    pub name: Text,
    /// From where.
    pub from: StateId,
    /// To where.
    pub to: StateId,
    /// What sets it off; left out, a person does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Trigger>,
    /// Who may; empty where something sets it off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<RoleId>,
    /// What must hold beside the safety rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Condition>,
    /// Fields that must be filled before it, whatever their own condition says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<FieldId>,
    /// Whether a reason must be given. Rejecting and canceling always need one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reason: bool,
    /// What the actor does by it, where duties are kept apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
}

/// What sets a transition off without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Trigger {
    /// The last approval that was needed has been given.
    Authorized,
    /// Somebody whose yes is needed said no.
    Declined,
    /// Approvals were voided, because the content or its risk changed.
    Voided,
    /// Work was reported as done.
    Completed,
    /// An evaluation was recorded; the first way whose guard holds is taken.
    Evaluated,
}

impl Trigger {
    /// Whether this, of itself, may bring a change to a phase. Work is started by a person, never of itself.
    #[must_use]
    pub const fn may_lead_to(self, to: Phase) -> bool {
        use Phase::{Assess, Authorize, Rejected, Review, Scheduled};
        match self {
            Self::Authorized | Self::Voided => matches!(to, Assess | Authorize | Scheduled),
            Self::Declined => matches!(to, Assess | Authorize | Rejected),
            Self::Completed => matches!(to, Review),
            Self::Evaluated => matches!(to, Assess | Authorize | Rejected),
        }
    }
}
