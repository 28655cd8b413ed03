//! A change: what its events have made of it.

mod evolve;
mod words;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::canonical;
use crate::command::{Outcome, Relationship, TaskStep};
use crate::draft::Content;
use crate::event::{Flag, RequiredApproval, TemplateUsed};
use crate::evidence::Evidence;
use crate::id::{ChangeId, FieldId, LevelId, ModelId, PersonId, RuleId, StateId, TaskId};
use crate::map::Map;
use crate::policy::{Act, Phase, Policy};
use crate::sorted::distinct;
use crate::time::Instant;
use crate::value::{Digest, Value, Words};
use crate::wire::Decode;

pub use evolve::evolve;

/// One change, from submission on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
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
    /// When the planned start that stands was given.
    pub planned_at: Instant,
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
    pub acts: Vec<(Act, PersonId)>,
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
    /// What was answered to fields that are asked at an evaluation, a report of work or a review.
    pub recorded: Content,
    /// The evaluation that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluated: Option<Evaluated>,
    /// What the requester was asked, in order.
    pub questions: Vec<Question>,
    /// What approvers made conditions of their yes, in order.
    pub conditions: Vec<VoteCondition>,
    /// The contents to which somebody said yes, each once, the last of them last: what has changed since is told to those who
    /// decide again.
    pub seen: Vec<Seen>,
    /// Since when its approvals are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_since: Option<Instant>,
    /// Rules whose open requests were withdrawn, and why.
    pub withdrawn: Vec<(RuleId, crate::event::Moot)>,
    /// Who was reminded of which rule, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminded: Vec<Reminded>,
    /// Rules that were escalated, when, and to whom.
    pub escalated: Vec<Escalated>,
    /// Whose decisions others took on because they left.
    pub handed_on: Vec<HandedOn>,
    /// The states it came to, in order.
    pub path: Vec<Passed>,
    /// Who was made accountable for a step.
    pub accountable: Map<StateId, PersonId>,
    /// Why it is on hold, while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Said>,
    /// Since when it goes on again, where it was on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_at: Option<Instant>,
    /// How the tasks of the plan stand; a task left out has not been touched.
    pub tasks: Map<TaskId, TaskProgress>,
    /// Answers to the checklist.
    pub checks: Map<RuleId, Checked>,
    /// How it stands to other changes.
    pub relations: Vec<Linked>,
    /// What was brought as evidence, in order.
    pub evidence: Vec<Evidence>,
    /// Duties that were waived, in order.
    pub waivers: Vec<Waiver>,
    /// More time that was asked for last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// When more time was granted, and until when, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub granted: Vec<Granted>,
    /// How watched measures were seen, in order.
    pub observations: Vec<Observation>,
    /// Why observation was ended early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observation_ended: Option<Said>,
    /// Incidents that it caused, as its reviews named them.
    pub incidents: Vec<Words>,
    /// Incidents that showed after its work was reported, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later_incidents: Vec<LaterIncident>,
    /// When it was last recorded that it caused an incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident_at: Option<Instant>,
    /// What those who are affected were told.
    pub announcements: Vec<Said>,
    /// Whether it was recorded as unauthorized, because its ratification was refused.
    pub unauthorized: bool,
    /// Commitments whose values were erased.
    pub erased: BTreeSet<Digest>,
}

/// How a change stands to another, as somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Linked {
    /// How.
    pub relation: Relationship,
    /// To which.
    pub to: ChangeId,
    /// Who said so.
    pub by: PersonId,
}

impl Linked {
    /// Whether it is this link, whoever said so.
    #[must_use]
    pub fn is(&self, relation: Relationship, to: &ChangeId) -> bool {
        self.relation == relation && self.to == *to
    }
}

/// A yes or a no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
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
    /// Until when it is put off, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// Whether it counts no more: the content is another, its question was answered, or its giver thought again.
    pub void: bool,
}

/// A content to which somebody said yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seen {
    /// The hash that their votes name.
    pub content_hash: Digest,
    /// It.
    pub fields: Content,
}

impl Vote {
    /// Whose vote it is: the delegator's, where there is one.
    #[must_use]
    pub fn principal(&self) -> &PersonId {
        self.on_behalf_of.as_ref().unwrap_or(&self.by)
    }
}

/// The evaluation that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evaluated {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// The content that was judged.
    pub content_hash: Digest,
    /// The fields that were answered by it: another evaluation does not lean on these answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldId>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Words>,
}

/// What the requester was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    /// About which field; left out, about the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldId>,
    /// The rule whose approver asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// Who asked, when, and what.
    pub asked: Said,
    /// The answer; none while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Said>,
}

/// What an approver made a condition of a yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoteCondition {
    /// Of the yes to which rule.
    pub rule: RuleId,
    /// Who set it, when, and what.
    pub set: Said,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// Who met it and when; none while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<Done>,
    /// Whether it counts no more, because its yes does not.
    pub void: bool,
}

impl VoteCondition {
    /// Whose yes it belongs to: the delegator's, where there is one.
    #[must_use]
    pub fn principal(&self) -> &PersonId {
        self.on_behalf_of.as_ref().unwrap_or(&self.set.by)
    }
}

/// That somebody did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Done {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Words>,
}

/// A reminder of a rule that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reminded {
    /// Of which.
    pub rule: RuleId,
    /// When.
    pub at: Instant,
    /// Who had not answered.
    pub people: Vec<PersonId>,
}

/// A rule that was escalated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Escalated {
    /// Which.
    pub rule: RuleId,
    /// When.
    pub at: Instant,
    /// Who may give it now as well.
    pub to: Vec<PersonId>,
}

/// Somebody's decisions that another took on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandedOn {
    /// Who left.
    pub from: PersonId,
    /// Who took it on.
    pub to: PersonId,
    /// When.
    pub at: Instant,
}

/// A state that it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Passed {
    /// Which.
    pub state: StateId,
    /// When.
    pub at: Instant,
}

/// How a task of the plan stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaskProgress {
    /// How.
    pub step: TaskStep,
    /// Who said so, when, and what they remarked.
    pub said: Done,
    /// When it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Instant>,
}

/// An answer to an item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Checked {
    /// Yes is go, no is no-go.
    pub answer: YesNo,
    /// Who said so, when, and what they remarked.
    pub said: Done,
    /// The content as it stood: an answer counts for that content alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<Digest>,
}

/// A duty that was waived for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Waiver {
    /// The duty.
    pub duty: RuleId,
    /// For whom.
    pub person: PersonId,
    /// Until when.
    pub until: Instant,
    /// Who waived it, when and why.
    pub given: Said,
    /// The look back at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Said>,
}

/// More time that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Extension {
    /// Until when.
    pub until: Instant,
    /// Who asked, when and why.
    pub asked: Said,
    /// Yes or no; none while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<YesNo>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Done>,
    /// The end that was granted last, before or by this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted_until: Option<Instant>,
}

/// More time that was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Granted {
    /// When: it is leave from then on, and none for what was over before.
    pub at: Instant,
    /// Until when.
    pub until: Instant,
}

/// How a watched measure was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Observation {
    /// Which.
    pub measure: RuleId,
    /// Whether it is as expected.
    pub answer: YesNo,
    /// Who saw it, when, and what.
    pub said: Done,
}

/// An incident that showed after the work was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LaterIncident {
    /// What it is called where incidents are kept.
    pub incident: Words,
    /// When it was noticed, as claimed.
    pub noticed_at: Instant,
    /// Who recorded it, when, and what is known of it.
    pub recorded: Done,
    /// Whether the change had ended by then: it has a review of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_end: bool,
    /// Its review; none while it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Said>,
}

/// What a vote says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Neither, for now.
    Deferred,
    /// Neither before a question is answered.
    MoreInformation,
}

/// Yes or no, where nothing else can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// The outcome of all approvals together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Said {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// What.
    pub text: Words,
    /// Whom it is meant for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
}

impl Completed {
    /// When the work had ended: the later of what was told and of when it was told.
    #[must_use]
    pub fn ended(&self) -> Instant {
        self.ended_at.max(self.at)
    }
}

impl Change {
    /// When work that is told to have begun at a time began: the earlier of that and of when it was recorded here as started,
    /// or else as done.
    #[must_use]
    pub fn began(&self, told: Instant, recorded_done: Instant) -> Instant {
        told.min(self.started_at.unwrap_or(recorded_done))
    }

    /// Whether it caused an incident, as far as anybody has recorded one.
    #[must_use]
    pub const fn caused_incident(&self) -> bool {
        !(self.incidents.is_empty() && self.later_incidents.is_empty())
    }

    /// When it came to its end; none while it is open. What is added afterwards does not move it.
    #[must_use]
    pub fn ended_at(&self) -> Option<Instant> {
        let last = self.path.last().map(|passed| passed.at);
        last.filter(|_| self.phase.is_terminal())
    }

    /// The incidents that were recorded after it had ended and have no review, counted from 1.
    pub(crate) fn unreviewed_incidents(&self) -> impl Iterator<Item = (u32, &LaterIncident)> {
        // Of one that was recorded before the end, the review of the change speaks.
        let numbered = (1_u32..).zip(&self.later_incidents);
        numbered.filter(|(_, known)| known.after_end && known.review.is_none())
    }

    /// Whether nothing more is asked of anybody: it has ended, and no incident that showed later waits for its review.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.phase.is_terminal() && self.unreviewed_incidents().next().is_none()
    }

    /// Whose votes count, each once.
    #[must_use]
    pub fn voters(&self) -> Vec<PersonId> {
        let votes = self.votes.iter().filter(|vote| !vote.void);
        distinct(votes.map(|vote| vote.principal().clone()))
    }
}

impl Said {
    /// What somebody said, to nobody in particular.
    #[must_use]
    pub fn of(by: &PersonId, at: Instant, text: &Words) -> Self {
        Self {
            by: by.clone(),
            at,
            text: text.clone(),
            mentions: Vec::new(),
        }
    }
}

/// The hash of what an approval binds: model, template version and every field that the policy does not mark immaterial.
#[must_use]
pub fn content_hash(
    policy: &Policy,
    model: &ModelId,
    template: Option<&TemplateUsed>,
    fields: &Content,
) -> Digest {
    #[derive(Serialize)]
    struct Bound<'a> {
        model: &'a ModelId,
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<TemplateUsed>,
        fields: Map<&'a FieldId, &'a Value>,
    }
    let is_material = |id: &FieldId| {
        policy
            .field(id.as_str())
            .is_none_or(|field| !field.immaterial)
    };
    // How far a template is trusted is no part of what it is.
    let template = template.map(|used| TemplateUsed {
        on_probation: false,
        ..used.clone()
    });
    let fields = fields.iter().filter(|(id, _)| is_material(id)).collect();
    canonical::hash(&Bound {
        model,
        template,
        fields,
    })
}
