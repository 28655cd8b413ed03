//! Why the answer is no. A value with a stable code, never an exception.

use serde::Serialize;

use crate::command::CommandKind;
use crate::facts::ConflictKind;
use crate::finding::Finding;
use crate::id::{FieldId, LevelId, ModelId, PersonId, RoleId, RuleId, StateId, TransitionId};
use crate::policy::{Act, Phase};
use crate::time::Instant;
use crate::value::Digest;
use crate::wire::Decode;

/// One reason for a no. All that apply are given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Refusal {
    /// There is no such change yet.
    #[serde(rename = "change.unknown")]
    ChangeUnknown {},
    /// The change was submitted already.
    #[serde(rename = "change.exists")]
    ChangeExists {},
    /// Somebody moved first: the report counted on another state of the change.
    #[serde(rename = "report.sequence")]
    Sequence {
        /// What the report counted on.
        expected: u64,
        /// How many entries there are.
        actual: u64,
    },
    /// The report holds a commitment where words belong.
    #[serde(rename = "report.sealed-value")]
    SealedValue {},
    /// The id of the report or of the change is no uuid.
    #[serde(rename = "report.malformed-id")]
    MalformedId {},
    /// The language is no tag of BCP 47.
    #[serde(rename = "report.malformed-language")]
    MalformedLanguage {},
    /// Not in this phase.
    #[serde(rename = "lifecycle.not-in-phase")]
    NotInPhase {
        /// What was wanted.
        command: CommandKind,
        /// Where the change stands.
        phase: Phase,
    },
    /// No such way from this state.
    #[serde(rename = "lifecycle.not-in-state")]
    NotInState {
        /// The transition.
        transition: TransitionId,
        /// Where the change stands.
        state: StateId,
    },
    /// The change is closed or canceled.
    #[serde(rename = "lifecycle.terminal")]
    Terminal {
        /// Which.
        phase: Phase,
    },
    /// This way is taken by itself when its time comes.
    #[serde(rename = "lifecycle.automatic")]
    Automatic {
        /// The transition.
        transition: TransitionId,
    },
    /// Only these roles may.
    #[serde(rename = "role.missing")]
    RoleMissing {
        /// One of these would do.
        roles: Vec<RoleId>,
    },
    /// Only a person can do this, not the host.
    #[serde(rename = "actor.not-a-person")]
    NotAPerson {},
    /// The guard of the transition does not hold.
    #[serde(rename = "guard.not-met")]
    Guard {
        /// The transition.
        transition: TransitionId,
    },
    /// A gate is shut.
    #[serde(rename = "gate.shut")]
    Gate {
        /// Which.
        gate: RuleId,
    },
    /// The content is not in order.
    #[serde(rename = "content.finding")]
    Content {
        /// What is wrong.
        finding: Finding,
    },
    /// A field must be filled first.
    #[serde(rename = "content.needed")]
    Needed {
        /// Which.
        field: FieldId,
    },
    /// The edit changes nothing.
    #[serde(rename = "edit.nothing-changed")]
    NothingChanged {},
    /// A reason must be given.
    #[serde(rename = "reason.missing")]
    ReasonMissing {},
    /// Words are missing.
    #[serde(rename = "text.missing")]
    TextMissing {},
    /// This change does not need that approval.
    #[serde(rename = "approval.not-needed")]
    ApprovalNotNeeded {
        /// The rule.
        rule: RuleId,
    },
    /// The approvals of an earlier stage come first.
    #[serde(rename = "approval.not-yet")]
    ApprovalNotYet {
        /// The rules that come first.
        waits_for: Vec<RuleId>,
    },
    /// This person is none of those who can give that approval.
    #[serde(rename = "approval.not-yours")]
    NotAnApprover {
        /// The rule.
        rule: RuleId,
    },
    /// This person has already said yes to what stands here.
    #[serde(rename = "approval.given-already")]
    GivenAlready {
        /// The rule.
        rule: RuleId,
    },
    /// The content is no longer the one that was seen.
    #[serde(rename = "approval.content-changed")]
    ContentChanged {
        /// What was seen.
        seen: Digest,
        /// What stands.
        stands: Digest,
    },
    /// The risk is no longer the one that was seen.
    #[serde(rename = "approval.level-changed")]
    LevelChanged {
        /// What was seen.
        seen: LevelId,
        /// What it is.
        stands: LevelId,
    },
    /// Approvals are missing.
    #[serde(rename = "approval.missing")]
    ApprovalMissing {
        /// The rules that still ask.
        rules: Vec<RuleId>,
    },
    /// No approval rule matches, and no active template carries it: the answer is no.
    #[serde(rename = "approval.no-rule")]
    NoApprovalRule {},
    /// Who did the one act may not do the other.
    #[serde(rename = "duty.conflict")]
    Duty {
        /// What they want to do.
        wants: Act,
        /// What they, or the person they act for, did.
        did: Act,
        /// Who did it.
        person: PersonId,
        /// The rule of the policy; none where it is the core's minimum.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<RuleId>,
    },
    /// No such model.
    #[serde(rename = "model.unknown")]
    ModelUnknown {
        /// Which.
        model: ModelId,
    },
    /// The window has not opened.
    #[serde(rename = "window.not-open")]
    WindowNotOpen {
        /// When it opens.
        opens: Instant,
    },
    /// The window is over.
    #[serde(rename = "window.passed")]
    WindowPassed {
        /// When it closed.
        closed: Instant,
    },
    /// Something keeps the work from starting.
    #[serde(rename = "window.conflict")]
    WindowConflict {
        /// What kind.
        kind: ConflictKind,
        /// Which.
        with: String,
    },
    /// It could not be told whether something keeps the work from starting.
    #[serde(rename = "window.conflicts-unknown")]
    ConflictsUnknown {},
    /// An outcome must be recorded first.
    #[serde(rename = "outcome.missing")]
    OutcomeMissing {},
    /// An outcome is recorded already.
    #[serde(rename = "outcome.recorded-already")]
    OutcomeRecorded {},
    /// A review must be recorded first.
    #[serde(rename = "review.missing")]
    ReviewMissing {},
    /// It started before its approval and must be ratified first.
    #[serde(rename = "ratification.missing")]
    RatificationMissing {
        /// The rules that still ask.
        rules: Vec<RuleId>,
    },
    /// The work ended before it began.
    #[serde(rename = "work.ends-before-start")]
    WorkEndsBeforeStart {},
    /// The work ends in the future.
    #[serde(rename = "work.in-future")]
    WorkInFuture {},
    /// The record holds no such commitment.
    #[serde(rename = "erase.unknown-commitment")]
    UnknownCommitment {
        /// Which.
        commitment: Digest,
    },
    /// The facts are larger than an entry holds.
    #[serde(rename = "facts.too-large")]
    FactsTooLarge {},
}
