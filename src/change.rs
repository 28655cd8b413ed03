//! A change: what its events have made of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::command::Outcome;
use crate::draft::Content;
use crate::event::{Flag, RequiredApproval, TemplateUsed};
use crate::id::{ChangeId, LevelId, ModelId, PersonId, RuleId, StateId};
use crate::policy::{Act, Phase};
use crate::time::Instant;
use crate::value::{Digest, Words};

/// One change, from submission on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    /// Its uuid.
    pub id: ChangeId,
    /// How many commands were accepted: the `expectedSeq` of the next report.
    pub seq: u64,
    /// Its spoken number.
    pub number: String,
    /// Its model.
    pub model: ModelId,
    /// The template used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateUsed>,
    /// The policy it keeps.
    pub policy_hash: Digest,
    /// The language shown at submission.
    pub language: String,
    /// Who asked.
    pub requester: PersonId,
    /// When it was submitted.
    pub submitted_at: Instant,
    /// When anything last happened.
    pub updated_at: Instant,
    /// Its state.
    pub state: StateId,
    /// The phase of that state.
    pub phase: Phase,
    /// Its content. Texts are sealed until the values beside the log are put back.
    pub fields: Content,
    /// The hash of the material content.
    pub content_hash: Digest,
    /// Its risk level.
    pub level: LevelId,
    /// The points of the weighted questions.
    pub points: i64,
    /// Whose yes it needs.
    pub approvals: Vec<RequiredApproval>,
    /// Every yes and no so far, those that count no more among them.
    pub votes: Vec<Vote>,
    /// When and for what it was authorized; none while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorized: Option<Authorized>,
    /// Who did what, as far as duties are kept apart.
    pub acts: BTreeSet<(Act, PersonId)>,
    /// What was reported of the work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<Completed>,
    /// When the work was started by a move into `Implement`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Instant>,
    /// The review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Said>,
    /// What was said about it.
    pub comments: Vec<Said>,
    /// Commitments whose values were erased.
    pub erased: BTreeSet<Digest>,
}

/// A yes or a no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Vote {
    /// To which rule.
    pub rule: RuleId,
    /// Who.
    pub by: PersonId,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// What was said.
    pub answer: Answer,
    /// The content it was said to.
    pub content_hash: Digest,
    /// The level it was said to.
    pub level: LevelId,
    /// The remark or reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
    /// Whether it counts no more.
    pub void: bool,
}

/// What a vote says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// The outcome of all approvals together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authorized {
    /// When.
    pub at: Instant,
    /// For what content.
    pub content_hash: Digest,
    /// At what level.
    pub level: LevelId,
    /// The template that carried it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateUsed>,
}

/// What was reported of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Completed {
    /// Who reported it.
    pub by: PersonId,
    /// When, by the host's clock.
    pub at: Instant,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began, as claimed.
    pub started_at: Instant,
    /// When it ended, as claimed.
    pub ended_at: Instant,
    /// For how many minutes users noticed an interruption.
    pub downtime_min: u32,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Words>,
    /// What was out of order.
    pub flags: BTreeSet<Flag>,
}

/// Something that somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Said {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// What.
    pub text: Words,
}
