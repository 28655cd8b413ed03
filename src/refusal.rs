//! Why the answer is no. A value with a stable code, never an exception.

use serde::Serialize;

use crate::catalogue::SampleFault;
use crate::command::{CommandKind, TaskStep};
use crate::facts::ConflictKind;
use crate::finding::Finding;
use crate::id::{
    ChangeId, FieldId, LevelId, ModelId, PersonId, RoleId, RuleId, StateId, TaskId, TemplateId,
    TransitionId,
};
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
    /// An entry of the record was decided by a version of the rules that this core does not have.
    #[serde(rename = "log.rules-unknown")]
    RulesUnknown {
        /// Which entry.
        seq: u64,
        /// By which version.
        rules_version: u32,
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
    /// Whoever gains by a gesture that gives authority does not make it.
    #[serde(rename = "authority.gains")]
    Gains {
        /// Who would gain.
        person: PersonId,
    },
    /// Whoever asked for the change, wrote it or carries it out neither gives nor takes authority over it.
    #[serde(rename = "authority.party")]
    Party {
        /// Who is a party to it.
        person: PersonId,
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
    /// It is on hold: it must be resumed first.
    #[serde(rename = "hold.on")]
    OnHold {},
    /// It is not on hold.
    #[serde(rename = "hold.off")]
    NotOnHold {},
    /// Questions are not answered yet.
    #[serde(rename = "question.open")]
    QuestionOpen {
        /// Which, counted from 1.
        questions: Vec<u32>,
    },
    /// There is no such question.
    #[serde(rename = "question.unknown")]
    QuestionUnknown {
        /// Which.
        question: u32,
    },
    /// The question was answered already.
    #[serde(rename = "question.answered-already")]
    QuestionAnswered {
        /// Which.
        question: u32,
    },
    /// Nothing is asked.
    #[serde(rename = "question.missing")]
    QuestionMissing {},
    /// It must be evaluated first.
    #[serde(rename = "evaluation.missing")]
    EvaluationMissing {},
    /// What was made a condition of a yes is not done yet.
    #[serde(rename = "condition.open")]
    ConditionOpen {
        /// Which, counted from 1.
        conditions: Vec<u32>,
    },
    /// There is no such condition.
    #[serde(rename = "condition.unknown")]
    ConditionUnknown {
        /// Which.
        condition: u32,
    },
    /// The condition was met already.
    #[serde(rename = "condition.met-already")]
    ConditionMet {
        /// Which.
        condition: u32,
    },
    /// Who set the condition does not report it as met.
    #[serde(rename = "condition.own")]
    ConditionOwn {
        /// Which.
        condition: u32,
    },
    /// It cannot be put off until a time that is over.
    #[serde(rename = "approval.deferred-to-past")]
    DeferredToPast {},
    /// There is no such person, or not any more.
    #[serde(rename = "assign.unknown-person")]
    UnknownPerson {
        /// Who.
        person: PersonId,
    },
    /// The life cycle has no such step.
    #[serde(rename = "assign.unknown-state")]
    UnknownState {
        /// Which.
        state: StateId,
    },
    /// Nobody is accountable for the step in which it stands.
    #[serde(rename = "accountable.missing")]
    AccountableMissing {
        /// The step.
        state: StateId,
    },
    /// The plan has no such task.
    #[serde(rename = "task.unknown")]
    TaskUnknown {
        /// Which.
        task: TaskId,
    },
    /// The task is somebody else's, or another team's.
    #[serde(rename = "task.not-yours")]
    TaskNotYours {
        /// Which.
        task: TaskId,
    },
    /// Other tasks come before it.
    #[serde(rename = "task.waits")]
    TaskWaits {
        /// Which.
        task: TaskId,
        /// The tasks that are not done.
        after: Vec<TaskId>,
    },
    /// The task cannot come to that from where it stands.
    #[serde(rename = "task.step")]
    TaskStep {
        /// Which.
        task: TaskId,
        /// What was wanted.
        wants: TaskStep,
        /// How it stands; left out, untouched.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stands: Option<TaskStep>,
    },
    /// Tasks are not done yet.
    #[serde(rename = "task.open")]
    TaskOpen {
        /// Which.
        tasks: Vec<TaskId>,
    },
    /// The checklist has no such item for this change.
    #[serde(rename = "check.unknown")]
    CheckUnknown {
        /// Which.
        item: RuleId,
    },
    /// Items of the checklist are not go.
    #[serde(rename = "check.not-go")]
    NotGo {
        /// Which.
        items: Vec<RuleId>,
    },
    /// A change does not stand to itself.
    #[serde(rename = "relation.self")]
    RelatedToSelf {},
    /// There is no such change.
    #[serde(rename = "relation.unknown-change")]
    RelatedUnknown {
        /// Which.
        to: ChangeId,
    },
    /// That is recorded already.
    #[serde(rename = "relation.exists")]
    RelatedAlready {},
    /// That is not recorded.
    #[serde(rename = "relation.none")]
    NotRelated {},
    /// The other change waits for this one: both would wait for ever.
    #[serde(rename = "relation.ring")]
    RelatedRing {
        /// Which.
        to: ChangeId,
    },
    /// Another change must be done first.
    #[serde(rename = "relation.blocked")]
    Blocked {
        /// Which.
        by: ChangeId,
    },
    /// Others can decide: nothing is missing that somebody would have to take over.
    #[serde(rename = "hand-on.not-missing")]
    HandOnNotMissing {
        /// Who left.
        person: PersonId,
    },
    /// The policy names others to take over the decisions of somebody who left.
    #[serde(rename = "hand-on.not-named")]
    HandOnNotNamed {
        /// Who was to take over.
        person: PersonId,
    },
    /// The policy has no such kind of evidence.
    #[serde(rename = "evidence.unknown-kind")]
    EvidenceKindUnknown {
        /// Which.
        kind: RuleId,
    },
    /// There is no such evidence.
    #[serde(rename = "evidence.unknown")]
    EvidenceUnknown {
        /// Which.
        evidence: u32,
    },
    /// A file must come with it.
    #[serde(rename = "evidence.file-missing")]
    EvidenceFileMissing {
        /// The kind.
        kind: RuleId,
    },
    /// The file has not arrived at the host.
    #[serde(rename = "evidence.file-unknown")]
    EvidenceFileUnknown {
        /// Its hash.
        sha256: Digest,
    },
    /// It must say whether something passed or failed.
    #[serde(rename = "evidence.result-missing")]
    EvidenceResultMissing {
        /// The kind.
        kind: RuleId,
    },
    /// It was taken back already.
    #[serde(rename = "evidence.retracted-already")]
    EvidenceRetracted {
        /// Which.
        evidence: u32,
    },
    /// The policy has no such duty. The core's minimum is never waived.
    #[serde(rename = "waiver.unknown-duty")]
    WaiverUnknownDuty {
        /// Which.
        duty: RuleId,
    },
    /// Nobody waives a duty for themselves.
    #[serde(rename = "waiver.own")]
    WaiverOwn {},
    /// It must end in the future, and within the longest time.
    #[serde(rename = "waiver.period")]
    WaiverPeriod {
        /// The latest end.
        most: Instant,
    },
    /// There is no such waiver.
    #[serde(rename = "waiver.unknown")]
    WaiverUnknown {
        /// Which.
        waiver: u32,
    },
    /// It was looked back at already.
    #[serde(rename = "waiver.reviewed-already")]
    WaiverReviewedAlready {
        /// Which.
        waiver: u32,
    },
    /// Waivers must be looked back at first.
    #[serde(rename = "waiver.not-reviewed")]
    WaiverNotReviewed {
        /// Which.
        waivers: Vec<u32>,
    },
    /// An incident cannot be noticed in the future.
    #[serde(rename = "incident.in-future")]
    IncidentInFuture {},
    /// An incident that was noticed before the work began was not caused by it.
    #[serde(rename = "incident.before-work")]
    IncidentBeforeWork {
        /// When the work began.
        began: Instant,
    },
    /// No such incident was recorded.
    #[serde(rename = "incident.unknown")]
    IncidentUnknown {
        /// Which.
        incident: u32,
    },
    /// The incident has its review.
    #[serde(rename = "incident.reviewed-already")]
    IncidentReviewedAlready {
        /// Which.
        incident: u32,
    },
    /// No more time was asked for.
    #[serde(rename = "extension.none")]
    ExtensionNone {},
    /// More time was asked for already, and is not decided.
    #[serde(rename = "extension.open")]
    ExtensionOpen {},
    /// The new end must lie after the one that stands.
    #[serde(rename = "extension.too-early")]
    ExtensionTooEarly {
        /// The end that stands.
        ends: Instant,
    },
    /// Who asked for it, or does the work, does not decide on it.
    #[serde(rename = "extension.own")]
    ExtensionOwn {},
    /// The policy names nobody who decides on more time.
    #[serde(rename = "extension.nobody")]
    ExtensionNobody {},
    /// This kind of change is not observed.
    #[serde(rename = "observation.none")]
    ObservationNone {},
    /// It is still being observed.
    #[serde(rename = "observation.running")]
    ObservationRunning {
        /// Until when.
        until: Instant,
    },
    /// The time of observation is over.
    #[serde(rename = "observation.over")]
    ObservationOver {},
    /// The model has no such measure.
    #[serde(rename = "observation.unknown-measure")]
    ObservationUnknownMeasure {
        /// Which.
        measure: RuleId,
    },
    /// Measures were not looked at.
    #[serde(rename = "observation.unseen")]
    ObservationUnseen {
        /// Which.
        measures: Vec<RuleId>,
    },
    /// Whoever does the work does not end the time in which it is observed.
    #[serde(rename = "observation.own")]
    ObservationOwn {},
    /// The policy that the change keeps does not let this person move it, or it could not be told.
    #[serde(rename = "policy.kept-by-other")]
    PolicyKept {},
    /// This host has no such policy in force.
    #[serde(rename = "policy.unknown")]
    PolicyUnknown {
        /// Which.
        policy: Digest,
    },
    /// It keeps that policy already.
    #[serde(rename = "policy.same")]
    PolicySame {},
    /// The state is of another phase than the one in which the change stands.
    #[serde(rename = "policy.other-phase")]
    PolicyOtherPhase {
        /// Which.
        state: StateId,
        /// Where the change stands.
        phase: Phase,
    },
    /// Nobody is to be reminded of the approval yet, or any more.
    #[serde(rename = "reminder.not-due")]
    ReminderNotDue {
        /// Which.
        rule: RuleId,
    },
    /// The approval has not waited long enough, or has no one above.
    #[serde(rename = "escalation.not-due")]
    EscalationNotDue {
        /// Which.
        rule: RuleId,
    },
    /// This person has not left.
    #[serde(rename = "hand-on.not-left")]
    NotLeft {
        /// Who.
        person: PersonId,
    },
    /// Nothing waits for this person.
    #[serde(rename = "hand-on.nothing")]
    NothingToHandOn {
        /// Who.
        person: PersonId,
    },
    /// Only the host does this.
    #[serde(rename = "actor.only-host")]
    OnlyHost {},
    /// The facts are larger than an entry holds.
    #[serde(rename = "facts.too-large")]
    FactsTooLarge {},
    /// There is no such record yet.
    #[serde(rename = "record.unknown")]
    RecordUnknown {},
    /// The record was begun already.
    #[serde(rename = "record.exists")]
    RecordExists {},
    /// The record is of something else.
    #[serde(rename = "record.other-kind")]
    OtherKind {},
    /// Nothing of that version or hash waits for a yes.
    #[serde(rename = "proposal.none")]
    ProposalNone {},
    /// It takes two: who proposed it does not agree to it.
    #[serde(rename = "proposal.own")]
    ProposalOwn {},
    /// This person has agreed to it already.
    #[serde(rename = "proposal.agreed-already")]
    ProposalAgreed {},
    /// What waits is no longer what was seen.
    #[serde(rename = "proposal.changed")]
    ProposalChanged {
        /// What was seen.
        seen: Digest,
        /// What waits.
        stands: Digest,
    },
    /// The catalogue has a template of that id already.
    #[serde(rename = "template.exists")]
    TemplateExists {
        /// Which.
        template: TemplateId,
    },
    /// The policy has no rule by which templates of this model are trusted.
    #[serde(rename = "template.no-rule")]
    TemplateNoRule {
        /// The model.
        model: ModelId,
    },
    /// Changes of this model are not carried by a template.
    #[serde(rename = "template.model")]
    TemplateModel {
        /// The model.
        model: ModelId,
    },
    /// A field is both fixed and left to the user.
    #[serde(rename = "template.fixed-and-open")]
    TemplateFixedAndOpen {
        /// Which.
        field: FieldId,
    },
    /// The level is none of the policy's, or lower than what the policy's conditions set for what is fixed.
    #[serde(rename = "template.level")]
    TemplateLevel {
        /// The least level.
        least: LevelId,
    },
    /// That change is no sample of what the template is for.
    #[serde(rename = "template.sample")]
    TemplateSample {
        /// Which.
        change: ChangeId,
        /// Why not.
        fault: SampleFault,
    },
    /// More changes of the same kind must have gone well before.
    #[serde(rename = "template.samples")]
    TemplateSamples {
        /// How many there are.
        have: u32,
        /// How many are asked for.
        need: u32,
    },
    /// The template was given up.
    #[serde(rename = "template.retired")]
    TemplateRetired {},
    /// What several put in force takes two to give up: one suspends it, another retires it.
    #[serde(rename = "template.retire-takes-two")]
    TemplateRetireTakesTwo {},
    /// The template was never agreed to.
    #[serde(rename = "template.never-agreed")]
    TemplateNeverAgreed {},
    /// The template is suspended already.
    #[serde(rename = "template.suspended-already")]
    TemplateSuspended {},
    /// The template is neither suspended nor expired.
    #[serde(rename = "template.not-suspended")]
    TemplateNotSuspended {},
    /// The record says already what the figures say.
    #[serde(rename = "template.as-recorded")]
    TemplateAsRecorded {},
    /// Templates of this model are agreed to by people, not taken from a file.
    #[serde(rename = "template.takes-two")]
    TemplateTakesTwo {},
    /// The policy in force does not say who may put another in force.
    #[serde(rename = "policy.no-publishing")]
    PolicyNoPublishing {},
    /// The policy in force takes two people to replace, not a file.
    #[serde(rename = "policy.takes-two")]
    PolicyTakesTwo {},
    /// The document has findings that stop it.
    #[serde(rename = "policy.stops")]
    PolicyStops {
        /// How many.
        findings: u32,
    },
    /// The document has the version of the policy in force: a new one needs its own.
    #[serde(rename = "policy.same-version")]
    PolicySameVersion {
        /// Which.
        version: String,
    },
    /// The document is another policy.
    #[serde(rename = "policy.other-id")]
    PolicyOtherId {
        /// Which.
        id: String,
    },
    /// The policy has no such board.
    #[serde(rename = "meeting.unknown-board")]
    MeetingUnknownBoard {
        /// Which.
        board: RuleId,
    },
    /// The meeting is over.
    #[serde(rename = "meeting.closed")]
    MeetingClosed {},
    /// The meeting was called off.
    #[serde(rename = "meeting.called-off")]
    MeetingCalledOff {},
    /// The meeting has begun: it is ended, not called off.
    #[serde(rename = "meeting.begun")]
    MeetingBegun {},
    /// There is no such change.
    #[serde(rename = "meeting.unknown-change")]
    MeetingUnknownChange {
        /// Which.
        change: ChangeId,
    },
    /// The change is not on the agenda.
    #[serde(rename = "meeting.not-on-agenda")]
    MeetingNotOnAgenda {
        /// Which.
        change: ChangeId,
    },
    /// Nobody's presence is recorded.
    #[serde(rename = "meeting.nobody-present")]
    MeetingNobodyPresent {},
}
