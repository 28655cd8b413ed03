//! What happened.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::catalogue::TemplateEvent;
use crate::change::YesNo;
use crate::command::{Asked, ErasureGround, Outcome, Relationship, TaskStep};
use crate::draft::Content;
use crate::evidence::{FileRef, TestResult};
use crate::id::{
    ChangeId, FieldId, LevelId, ModelId, PersonId, RuleId, StateId, TaskId, TemplateId,
    TransitionId,
};
use crate::map::Map;
use crate::meeting::MeetingEvent;
use crate::policy::{Act, Phase, Quorum};
use crate::publication::PolicyEvent;
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
        /// What must be done before the work starts.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        conditions: Vec<Words>,
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
        /// Whom it is meant for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<PersonId>,
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
        /// What else was asked.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        fields: Content,
    },
    /// The review was recorded.
    Reviewed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// What was found.
        text: Words,
        /// What else was asked.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        fields: Content,
        /// Incidents that it caused.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        incidents: Vec<Words>,
    },
    /// It was judged before its approvals were asked for.
    Evaluated {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// What was judged.
        fields: Content,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// The requester was asked for more.
    Asked {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// What is asked; numbered on from those before.
        questions: Vec<Asked>,
        /// The rule whose approver asks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<RuleId>,
        /// For whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<PersonId>,
    },
    /// A question was answered.
    Answered {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Which, counted from 1.
        question: u32,
        /// The answer.
        text: Words,
    },
    /// Somebody said neither yes nor no for now.
    Deferred {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// To which rule.
        rule: RuleId,
        /// For whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<PersonId>,
        /// The content that was seen.
        content_hash: Digest,
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
        /// Why.
        reason: Words,
    },
    /// The condition of a yes was met.
    Fulfilled {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Which, counted from 1.
        condition: u32,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Approvals that were asked for do not matter any more.
    Withdrawn {
        /// When.
        at: Instant,
        /// The rules whose open requests were withdrawn.
        rules: Vec<RuleId>,
        /// Why.
        because: Moot,
    },
    /// One person was made accountable for a step.
    Assigned {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// The state that is the step.
        state: StateId,
        /// Who it is.
        person: PersonId,
    },
    /// Everything rests.
    Held {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Why.
        reason: Words,
    },
    /// It goes on.
    Resumed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// A task of the plan stands otherwise.
    TaskReported {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Which.
        task: TaskId,
        /// How it stands.
        step: TaskStep,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
        /// What whoever reported it did by it, where duties are kept apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        act: Option<Act>,
    },
    /// An item of the go/no-go checklist was answered.
    Checked {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Which.
        item: RuleId,
        /// Yes is go, no is no-go.
        answer: YesNo,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
        /// The content as it stood.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_hash: Option<Digest>,
    },
    /// It was said how it stands to another change.
    Related {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// How.
        relation: Relationship,
        /// To which.
        to: ChangeId,
    },
    /// That was taken back.
    Unrelated {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// How.
        relation: Relationship,
        /// To which.
        to: ChangeId,
    },
    /// Evidence was brought.
    Attached {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Of which kind.
        kind: RuleId,
        /// What it is.
        name: Words,
        /// The file, by its hash.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<FileRef>,
        /// Where it lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<Words>,
        /// What it shows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        result: Option<TestResult>,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
        /// What whoever brought it did by it, where duties are kept apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        act: Option<Act>,
        /// The content as it stood.
        content_hash: Digest,
    },
    /// Evidence was taken back.
    Retracted {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Which, counted from 1.
        evidence: u32,
        /// Why.
        reason: Words,
    },
    /// A duty of the policy was waived for one person.
    Waived {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// The duty.
        duty: RuleId,
        /// For whom.
        person: PersonId,
        /// Until when.
        until: Instant,
        /// Why.
        reason: Words,
    },
    /// The look back at a waiver was recorded.
    WaiverReviewed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Which, counted from 1.
        waiver: u32,
        /// What was found.
        text: Words,
    },
    /// More time was asked for.
    ExtensionAsked {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Until when.
        until: Instant,
        /// Why.
        reason: Words,
    },
    /// It was decided on more time.
    ExtensionDecided {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Until when was asked.
        until: Instant,
        /// Yes or no.
        answer: YesNo,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Words>,
    },
    /// A watched measure was looked at.
    Observed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Which.
        measure: RuleId,
        /// Whether it is as expected.
        answer: YesNo,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// The time of observation was ended before it was over.
    ObservationEnded {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Why.
        reason: Words,
    },
    /// Those who are affected were told.
    Announced {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// What.
        text: Words,
    },
    /// Work that was started before its approval was not ratified: it is recorded as unauthorized.
    RatificationRefused {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// By which rule.
        rule: RuleId,
    },
    /// It follows a newer policy from now on.
    PolicyAdopted {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// The policy that it kept until now.
        from: Digest,
        /// The policy that it keeps now.
        to: Digest,
        /// The state of that policy in which it stands.
        state: StateId,
        /// The hash of its content under that policy.
        content_hash: Digest,
        /// Fields that it is not asked for any more: their values left the content.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left_out: Vec<FieldId>,
    },
    /// Those who have not answered were reminded.
    Reminded {
        /// When.
        at: Instant,
        /// The rule that waits.
        rule: RuleId,
        /// Who was reminded.
        people: Vec<PersonId>,
    },
    /// Those above were asked, since an approval waited too long.
    Escalated {
        /// When.
        at: Instant,
        /// The rule that waits.
        rule: RuleId,
        /// Who may give it now as well.
        to: Vec<PersonId>,
    },
    /// What waited for somebody who left was given to somebody else.
    HandedOn {
        /// When.
        at: Instant,
        /// Who left.
        from: PersonId,
        /// Who takes it.
        to: PersonId,
        /// Who gave it on; left out, the host.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonId>,
    },
    /// An incident showed after the work was reported.
    IncidentRecorded {
        /// Who recorded it.
        by: PersonId,
        /// When, by the host's clock.
        at: Instant,
        /// What it is called where incidents are kept.
        incident: Words,
        /// When it was noticed, as claimed.
        noticed_at: Instant,
        /// What is known of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// The review of such an incident was recorded.
    IncidentReviewed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Which, counted from 1.
        incident: u32,
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
    /// Something happened to a template of the catalogue.
    Template {
        /// What.
        event: TemplateEvent,
    },
    /// Something happened to the publication of a policy.
    Policy {
        /// What.
        event: PolicyEvent,
    },
    /// Something happened at a meeting of a board.
    Meeting {
        /// What.
        event: MeetingEvent,
    },
}

/// Why an approval does not matter any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Moot {
    /// Enough others have said yes.
    QuorumReached,
    /// Somebody whose yes is needed said no.
    Declined,
    /// The change was canceled or its work reported.
    Ended,
    /// After an edit it is not needed.
    NotNeeded,
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
    /// Whether it was on probation then, so that this run is reviewed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_probation: bool,
}

impl TemplateUsed {
    /// Whether it is the same template in the same version, however far it is trusted by now.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.id == other.id && self.version == other.version
    }
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
    /// How many yeses it takes, each of another person; left out, what the quorum makes of those who can give it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<u32>,
    /// Who could, but for a conflict of duty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicted: Vec<PersonId>,
    /// Of those who have voted, who is asked still but is not there now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<PersonId>,
    /// Who may give it alone, because it waited too long and those above were asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub above: Vec<Candidate>,
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
    /// Went on past its window with leave.
    Extended,
    /// Recorded after it was done.
    Latent,
    /// It caused an incident, as its review says.
    CausedIncident,
    /// What was told of its times is not what was recorded.
    TimesDiffer,
    /// Done in a freeze that does not let it pass.
    InFreeze,
    /// Began before its approval, which is waited for; `ratified` says that it came.
    AwaitingRatification,
}

impl Event {
    /// When it happened to a change; none for what is worked out beside another event.
    #[must_use]
    pub const fn at(&self) -> Option<Instant> {
        match self {
            Self::Assessed { .. }
            | Self::Template { .. }
            | Self::Policy { .. }
            | Self::Meeting { .. } => None,
            Self::Submitted { at, .. }
            | Self::Edited { at, .. }
            | Self::Moved { at, .. }
            | Self::Approved { at, .. }
            | Self::Declined { at, .. }
            | Self::Authorized { at, .. }
            | Self::Voided { at, .. }
            | Self::Commented { at, .. }
            | Self::Completed { at, .. }
            | Self::Reviewed { at, .. }
            | Self::Evaluated { at, .. }
            | Self::Asked { at, .. }
            | Self::Answered { at, .. }
            | Self::Deferred { at, .. }
            | Self::Fulfilled { at, .. }
            | Self::Withdrawn { at, .. }
            | Self::Assigned { at, .. }
            | Self::Held { at, .. }
            | Self::Resumed { at, .. }
            | Self::TaskReported { at, .. }
            | Self::Checked { at, .. }
            | Self::Related { at, .. }
            | Self::Unrelated { at, .. }
            | Self::Attached { at, .. }
            | Self::Retracted { at, .. }
            | Self::Waived { at, .. }
            | Self::WaiverReviewed { at, .. }
            | Self::ExtensionAsked { at, .. }
            | Self::ExtensionDecided { at, .. }
            | Self::Observed { at, .. }
            | Self::ObservationEnded { at, .. }
            | Self::Announced { at, .. }
            | Self::RatificationRefused { at, .. }
            | Self::PolicyAdopted { at, .. }
            | Self::Reminded { at, .. }
            | Self::Escalated { at, .. }
            | Self::HandedOn { at, .. }
            | Self::IncidentRecorded { at, .. }
            | Self::IncidentReviewed { at, .. }
            | Self::Erased { at, .. } => Some(*at),
        }
    }
}

impl Candidate {
    /// Whose approval it is: the delegator's, where there is one.
    #[must_use]
    pub fn principal(&self) -> &PersonId {
        self.on_behalf_of.as_ref().unwrap_or(&self.person)
    }
}
