//! What an actor wants.

mod parts;

use serde::Serialize;

use crate::catalogue::TemplateStep;
use crate::change::YesNo;
use crate::draft::Content;
use crate::evidence::{FileRef, TestResult};
use crate::id::{
    ChangeId, FieldId, LevelId, ModelId, PersonId, RoleId, RuleId, StateId, TaskId, TemplateId,
    TransitionId,
};
use crate::map::Map;
use crate::meeting::MeetingStep;
use crate::publication::PolicyStep;
use crate::time::Instant;
use crate::value::{Digest, Value, Words};
use crate::wire::Decode;

/// Who wants it. The host never comes from a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Actor {
    /// A person, with the roles held at the decision.
    Person {
        /// Who.
        person: PersonId,
        /// The roles that the policy gives them, as they were at the decision.
        roles: Vec<RoleId>,
        /// For whom they act, where they decide for somebody else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<PersonId>,
    },
    /// The host itself: a deadline passed, a leaver's approval was given on.
    Host {},
}

impl Actor {
    /// The person, where it is one.
    #[must_use]
    pub const fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person { person, .. } => Some(person),
            Self::Host {} => None,
        }
    }
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Command {
    /// Make a draft a change.
    Submit {
        /// The model.
        model: ModelId,
        /// The template, where the model is pre-approved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<TemplateId>,
        /// The language that was shown.
        language: String,
        /// The content.
        fields: Content,
    },
    /// Change the content; `null` empties a field.
    Edit {
        /// What changes, and only that.
        fields: Map<FieldId, Option<Value>>,
    },
    /// Say something about it.
    Comment {
        /// What.
        text: Words,
        /// Whom it is meant for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<PersonId>,
    },
    /// Judge it before its approvals are asked for, against the policy's criteria.
    Evaluate {
        /// The fields that are asked at an evaluation.
        fields: Content,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Ask the requester for more; as an approver instead of a yes or no, or by sending the change back.
    Ask {
        /// What is asked.
        questions: Vec<Asked>,
        /// The rule whose approver asks; left out, whoever evaluates or coordinates it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<RuleId>,
        /// The way back that is taken with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transition: Option<TransitionId>,
    },
    /// Answer a question that was asked.
    Answer {
        /// Which, counted from 1 in the order in which they were asked.
        question: u32,
        /// The answer.
        text: Words,
    },
    /// Say yes to what was seen.
    Approve {
        /// The rule that asks for this yes.
        rule: RuleId,
        /// The content that was seen.
        content_hash: Digest,
        /// The risk level that was seen.
        level: LevelId,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Words>,
        /// What must be done before the work starts, for this yes to count then.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        conditions: Vec<Words>,
    },
    /// Neither yes nor no for now.
    Defer {
        /// The rule that asks for this yes.
        rule: RuleId,
        /// The content that was seen.
        content_hash: Digest,
        /// Until when; left out, until something changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
        /// Why.
        reason: Words,
    },
    /// Report that the condition of a yes is met.
    Fulfill {
        /// Which, counted from 1 in the order in which they were set.
        condition: u32,
        /// How.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Say no to what was seen.
    Decline {
        /// The rule that asks for this yes.
        rule: RuleId,
        /// The content that was seen.
        content_hash: Digest,
        /// Why.
        reason: Words,
    },
    /// Take a way of the life cycle.
    Move {
        /// Which.
        transition: TransitionId,
        /// Why, where that is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Words>,
    },
    /// Make one person accountable for a step.
    Assign {
        /// The state that is the step.
        state: StateId,
        /// Who.
        person: PersonId,
    },
    /// Let everything rest: approvals are suspended until it is resumed.
    Hold {
        /// Why.
        reason: Words,
    },
    /// Go on where it was put on hold.
    Resume {
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Say how a planned task stands.
    Task {
        /// Which task of the plan.
        task: TaskId,
        /// How it stands.
        step: TaskStep,
        /// A remark; why, where it was refused, failed or skipped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Answer an item of the go/no-go checklist.
    Check {
        /// Which.
        item: RuleId,
        /// Yes is go, no is no-go.
        answer: YesNo,
        /// A remark; why, where it is no-go.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Say how it stands to another change.
    Relate {
        /// How.
        relation: Relationship,
        /// To which.
        to: ChangeId,
    },
    /// Take that back.
    Unrelate {
        /// How.
        relation: Relationship,
        /// To which.
        to: ChangeId,
    },
    /// Bring evidence.
    Attach {
        /// Of which kind.
        kind: RuleId,
        /// What it is.
        name: Words,
        /// The file, by its hash.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<FileRef>,
        /// Where it lies: a commit, an incident, a problem, an article, a build.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<Words>,
        /// What it shows, where the kind asks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        result: Option<TestResult>,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Take evidence back: it stays in the record and counts no more.
    Retract {
        /// Which, counted from 1 in the order in which it was brought.
        evidence: u32,
        /// Why.
        reason: Words,
    },
    /// Let one person do what a duty of the policy forbids, for a time. Never what the core's minimum forbids.
    Waive {
        /// The duty.
        duty: RuleId,
        /// For whom.
        person: PersonId,
        /// Until when.
        until: Instant,
        /// Why.
        reason: Words,
    },
    /// Record the look back at a waiver.
    ReviewWaiver {
        /// Which, counted from 1 in the order in which they were given.
        waiver: u32,
        /// What was found.
        text: Words,
    },
    /// Ask for more time while the work runs.
    Extend {
        /// Until when.
        until: Instant,
        /// Why.
        reason: Words,
    },
    /// Decide on more time.
    DecideExtension {
        /// Yes or no.
        answer: YesNo,
        /// A remark; why, where it is no.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Words>,
    },
    /// Record how a watched measure stands after the work.
    Observe {
        /// Which measure of the model.
        measure: RuleId,
        /// Whether it is as expected.
        answer: YesNo,
        /// What was seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// End the time of observation before it is over.
    EndObservation {
        /// Why.
        reason: Words,
    },
    /// Tell those who are affected.
    Announce {
        /// What, in words for everybody.
        text: Words,
    },
    /// Move an open change to a newer policy.
    AdoptPolicy {
        /// Which.
        policy: Digest,
        /// The state of that policy in which it then stands; of the phase in which it stands now.
        state: StateId,
    },
    /// Remind those who have not answered that an approval waits for them. The host's.
    Remind {
        /// The rule that waits.
        rule: RuleId,
    },
    /// Ask those above, since an approval has waited too long. The host's.
    Escalate {
        /// The rule that waits.
        rule: RuleId,
    },
    /// Give what waits for somebody who left to somebody else.
    HandOn {
        /// Who left.
        from: PersonId,
        /// Who takes it.
        to: PersonId,
    },
    /// Report that work was done, however it came to be: never refused for being late or unapproved.
    Complete {
        /// How it ended.
        outcome: Outcome,
        /// When it began, as claimed.
        started_at: Instant,
        /// When it ended, as claimed.
        ended_at: Instant,
        /// For how many minutes users noticed an interruption.
        downtime_min: u32,
        /// What was done, what was seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
        /// The fields that are asked when work is reported.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        fields: Content,
    },
    /// Record the post-implementation review.
    Review {
        /// What was found and what will be done.
        text: Words,
        /// The fields that are asked at a review.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        fields: Content,
        /// Incidents that it caused, as they are called where they are kept.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        incidents: Vec<Words>,
    },
    /// Record an incident that showed after the work was reported: a closed change stays closed.
    RecordIncident {
        /// What it is called where incidents are kept.
        incident: Words,
        /// When it was noticed, as claimed.
        noticed_at: Instant,
        /// What is known of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Record the review of an incident that showed after the change was closed.
    ReviewIncident {
        /// Which, counted from 1 in the order in which they were recorded.
        incident: u32,
        /// What was found and what will be done.
        text: Words,
    },
    /// Erase personal data: values and salts go, the chain stays.
    Erase {
        /// The commitments whose values go.
        commitments: Vec<Digest>,
        /// On what ground.
        ground: ErasureGround,
    },
    /// Do something with a template of the catalogue.
    Template {
        /// What.
        step: TemplateStep,
    },
    /// Do something for the publication of a policy.
    Policy {
        /// What.
        step: PolicyStep,
    },
    /// Do something at a meeting of a board.
    Meeting {
        /// What.
        step: MeetingStep,
    },
}

/// One thing that is asked of the requester.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    /// About which field; left out, about the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldId>,
    /// What is asked.
    pub text: Words,
}

/// How a planned task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TaskStep {
    /// Its owner or team takes it on.
    Accepted,
    /// Its owner or team does not take it on.
    Refused,
    /// It was begun.
    Started,
    /// It is done.
    Done,
    /// It did not work.
    Failed,
    /// It was left out, openly.
    Skipped,
}

/// How a change stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Relationship {
    /// It is part of the other.
    PartOf,
    /// It cannot start before the other is done.
    BlockedBy,
    /// It takes the place of the other.
    Supersedes,
    /// It is needed because of the other.
    CausedBy,
}

impl Relationship {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PartOf => "partOf",
            Self::BlockedBy => "blockedBy",
            Self::Supersedes => "supersedes",
            Self::CausedBy => "causedBy",
        }
    }
}

/// How the work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// As planned.
    Successful,
    /// It works, but something went wrong on the way.
    SuccessfulWithIssues,
    /// It does not do what it should.
    Unsuccessful,
    /// It was undone.
    BackedOut,
}

/// Why personal data is erased. A closed list, so that the reason itself holds none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ErasureGround {
    /// The person asked for it.
    PersonAsked,
    /// The time for which it may be kept is over.
    RetentionEnded,
    /// It should never have been written here.
    WrittenByMistake,
}

/// The kind of a command, for buttons and tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CommandKind {
    /// See [`Command::Submit`].
    Submit,
    /// See [`Command::Edit`].
    Edit,
    /// See [`Command::Comment`].
    Comment,
    /// See [`Command::Evaluate`].
    Evaluate,
    /// See [`Command::Ask`].
    Ask,
    /// See [`Command::Answer`].
    Answer,
    /// See [`Command::Approve`].
    Approve,
    /// See [`Command::Defer`].
    Defer,
    /// See [`Command::Fulfill`].
    Fulfill,
    /// See [`Command::Decline`].
    Decline,
    /// See [`Command::Move`].
    Move,
    /// See [`Command::Assign`].
    Assign,
    /// See [`Command::Hold`].
    Hold,
    /// See [`Command::Resume`].
    Resume,
    /// See [`Command::Task`].
    Task,
    /// See [`Command::Check`].
    Check,
    /// See [`Command::Relate`].
    Relate,
    /// See [`Command::Unrelate`].
    Unrelate,
    /// See [`Command::Attach`].
    Attach,
    /// See [`Command::Retract`].
    Retract,
    /// See [`Command::Waive`].
    Waive,
    /// See [`Command::ReviewWaiver`].
    ReviewWaiver,
    /// See [`Command::Extend`].
    Extend,
    /// See [`Command::DecideExtension`].
    DecideExtension,
    /// See [`Command::Observe`].
    Observe,
    /// See [`Command::EndObservation`].
    EndObservation,
    /// See [`Command::Announce`].
    Announce,
    /// See [`Command::AdoptPolicy`].
    AdoptPolicy,
    /// See [`Command::Remind`].
    Remind,
    /// See [`Command::Escalate`].
    Escalate,
    /// See [`Command::HandOn`].
    HandOn,
    /// See [`Command::Complete`].
    Complete,
    /// See [`Command::Review`].
    Review,
    /// See [`Command::RecordIncident`].
    RecordIncident,
    /// See [`Command::ReviewIncident`].
    ReviewIncident,
    /// See [`Command::Erase`].
    Erase,
    /// See [`Command::Template`].
    Template,
    /// See [`Command::Policy`].
    Policy,
    /// See [`Command::Meeting`].
    Meeting,
}

impl Command {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::Submit { .. } => CommandKind::Submit,
            Self::Edit { .. } => CommandKind::Edit,
            Self::Comment { .. } => CommandKind::Comment,
            Self::Evaluate { .. } => CommandKind::Evaluate,
            Self::Ask { .. } => CommandKind::Ask,
            Self::Answer { .. } => CommandKind::Answer,
            Self::Approve { .. } => CommandKind::Approve,
            Self::Defer { .. } => CommandKind::Defer,
            Self::Fulfill { .. } => CommandKind::Fulfill,
            Self::Decline { .. } => CommandKind::Decline,
            Self::Move { .. } => CommandKind::Move,
            Self::Assign { .. } => CommandKind::Assign,
            Self::Hold { .. } => CommandKind::Hold,
            Self::Resume { .. } => CommandKind::Resume,
            Self::Task { .. } => CommandKind::Task,
            Self::Check { .. } => CommandKind::Check,
            Self::Relate { .. } => CommandKind::Relate,
            Self::Unrelate { .. } => CommandKind::Unrelate,
            Self::Attach { .. } => CommandKind::Attach,
            Self::Retract { .. } => CommandKind::Retract,
            Self::Waive { .. } => CommandKind::Waive,
            Self::ReviewWaiver { .. } => CommandKind::ReviewWaiver,
            Self::Extend { .. } => CommandKind::Extend,
            Self::DecideExtension { .. } => CommandKind::DecideExtension,
            Self::Observe { .. } => CommandKind::Observe,
            Self::EndObservation { .. } => CommandKind::EndObservation,
            Self::Announce { .. } => CommandKind::Announce,
            Self::AdoptPolicy { .. } => CommandKind::AdoptPolicy,
            Self::Remind { .. } => CommandKind::Remind,
            Self::Escalate { .. } => CommandKind::Escalate,
            Self::HandOn { .. } => CommandKind::HandOn,
            Self::Complete { .. } => CommandKind::Complete,
            Self::Review { .. } => CommandKind::Review,
            Self::RecordIncident { .. } => CommandKind::RecordIncident,
            Self::ReviewIncident { .. } => CommandKind::ReviewIncident,
            Self::Erase { .. } => CommandKind::Erase,
            Self::Template { .. } => CommandKind::Template,
            Self::Policy { .. } => CommandKind::Policy,
            Self::Meeting { .. } => CommandKind::Meeting,
        }
    }
}
