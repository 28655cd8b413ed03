//! What happened.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::command::{ErasureGround, Outcome};
use crate::draft::Content;
use crate::id::{FieldId, LevelId, ModelId, PersonId, RuleId, StateId, TemplateId, TransitionId};
use crate::map::Map;
use crate::policy::{Act, Phase, Quorum};
use crate::time::Instant;
use crate::value::{Digest, Value, Words};
use crate::wire::Decode;

/// One thing that happened to a change. Free text is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Event {
    /// A draft became a change.
    Submitted {
        /// Its spoken number.
        number: String,
        /// Who asked.
        by: PersonId,
        /// When.
        at: Instant,
        /// Its model.
        model: ModelId,
        /// The template used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<TemplateUsed>,
        /// The language that was shown.
        language: String,
        /// Its content.
        fields: Content,
        /// The hash of that content.
        content_hash: Digest,
        /// The policy it keeps.
        policy_hash: Digest,
    },
    /// Its content changed.
    Edited {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// What changed.
        fields: Map<FieldId, Option<Value>>,
        /// The hash of the content as it now stands.
        content_hash: Digest,
        /// Whether anything material changed.
        material: bool,
        /// Whether the planned start is another.
        rescheduled: bool,
    },
    /// Its risk and the approvals it needs were worked out anew.
    Assessed {
        /// The level.
        level: LevelId,
        /// The points of the weighted questions.
        points: i64,
        /// Whose yes it needs.
        approvals: Vec<RequiredApproval>,
    },
    /// It went from one state to another.
    Moved {
        /// By which transition; none where it was submitted into the state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transition: Option<TransitionId>,
        /// From where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<StateId>,
        /// To where.
        to: StateId,
        /// The phase of that state.
        phase: Phase,
        /// Who moved it; none where another event set it off.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonId>,
        /// What they did by it, where duties are kept apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        act: Option<Act>,
        /// When.
        at: Instant,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Words>,
    },
    /// Somebody said yes.
    Approved {
        /// To which rule.
        rule: RuleId,
        /// Who.
        by: PersonId,
        /// For whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<PersonId>,
        /// When.
        at: Instant,
        /// To what content.
        content_hash: Digest,
        /// At what level.
        level: LevelId,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Words>,
    },
    /// Somebody said no.
    Declined {
        /// To which rule.
        rule: RuleId,
        /// Who.
        by: PersonId,
        /// For whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<PersonId>,
        /// When.
        at: Instant,
        /// Why.
        reason: Words,
    },
    /// Everything that was needed is there.
    Authorized {
        /// When.
        at: Instant,
        /// For what content.
        content_hash: Digest,
        /// At what level.
        level: LevelId,
        /// The template that carried it, where one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<TemplateUsed>,
    },
    /// Approvals given so far count no more.
    Voided {
        /// When.
        at: Instant,
        /// The rules whose approvals were voided.
        rules: Vec<RuleId>,
    },
    /// Somebody said something.
    Commented {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// What.
        text: Words,
    },
    /// Work was done.
    Completed {
        /// Who reported it.
        by: PersonId,
        /// When it was reported, by the host's clock.
        at: Instant,
        /// How it ended.
        outcome: Outcome,
        /// When it began, as claimed.
        started_at: Instant,
        /// When it ended, as claimed.
        ended_at: Instant,
        /// For how many minutes users noticed an interruption.
        downtime_min: u32,
        /// What was done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
        /// What was out of order.
        flags: BTreeSet<Flag>,
    },
    /// The review was recorded.
    Reviewed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// What was found.
        text: Words,
    },
    /// Personal data was erased.
    Erased {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// The commitments whose values are gone.
        commitments: Vec<Digest>,
        /// On what ground.
        ground: ErasureGround,
    },
}

/// A template in the version that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateUsed {
    /// Which.
    pub id: TemplateId,
    /// In which version.
    pub version: u32,
}

/// An approval that a change needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequiredApproval {
    /// The rule that asks for it.
    pub rule: RuleId,
    /// Its stage.
    pub stage: u8,
    /// How many yeses.
    pub quorum: Quorum,
    /// Who can give it, after conflicts of duty are taken out.
    pub eligible: Vec<Candidate>,
    /// Who could, but for a conflict of duty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicted: Vec<PersonId>,
    /// Whether deputies stand in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_deputies: bool,
}

/// Somebody who can give an approval.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// For whom, by delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
}

/// What was out of order with work that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Flag {
    /// Done without authorization.
    Unauthorized,
    /// Began before its window.
    Early,
    /// Ended after its window.
    Overrun,
    /// Reported more than a day after it ended.
    ReportedLate,
    /// Carried out by somebody who may not have.
    DutyConflict,
    /// Authorized only afterwards.
    Ratified,
}

impl Candidate {
    /// Whose approval it is: the delegator's, where there is one.
    #[must_use]
    pub fn principal(&self) -> &PersonId {
        self.on_behalf_of.as_ref().unwrap_or(&self.person)
    }
}
