//! Conditions on what became of a change: evidence, tasks, checklist, outcome.

use crate::change::{Answer, Change, Vote, YesNo};
use crate::command::TaskStep;
use crate::draft::Content;
use crate::event::{Candidate, Flag};
use crate::evidence::{Evidence, EvidenceStands, TestResult};
use crate::id::{FieldId, RuleId, TaskId};
use crate::policy::condition::{TasksAre, TasksTest};
use crate::policy::{Act, Condition, EvidenceKind, Meaning, Policy};
use crate::rules::Rules;
use crate::task;
use crate::time::Instant;
use crate::value::{Digest, Value};

/// What became of a change, as far as conditions look at it. A trait, so that a module that only writes drafts holds no
/// changes.
pub trait Progress: std::fmt::Debug {
    /// Whether a condition on what became of it holds, by the rules of a version. Of any other condition it does not.
    fn holds(&self, rules: Rules, policy: &Policy, condition: &Condition) -> bool;

    /// Whether a text of it was erased.
    fn is_erased(&self, commitment: &Digest) -> bool;

    /// What a gesture after the request answered last.
    fn recorded(&self, field: &FieldId) -> Option<&Value>;

    /// Whether those above were asked, since the approval of a rule waited too long.
    fn is_escalated(&self, rule: &RuleId) -> bool;

    /// Who has said yes to a rule, and for whom.
    fn said_yes(&self, rule: &RuleId) -> Vec<Candidate>;
}

impl Progress for Change {
    fn holds(&self, rules: Rules, policy: &Policy, condition: &Condition) -> bool {
        holds(rules, policy, self, condition)
    }

    fn is_erased(&self, commitment: &Digest) -> bool {
        self.erased.contains(commitment)
    }

    fn recorded(&self, field: &FieldId) -> Option<&Value> {
        self.recorded.get(field)
    }

    fn is_escalated(&self, rule: &RuleId) -> bool {
        let this_time = |at: Instant| self.asked_since.is_none_or(|since| since <= at);
        let mut escalated = self.escalated.iter();
        escalated.any(|known| known.rule == *rule && this_time(known.at))
    }

    fn said_yes(&self, rule: &RuleId) -> Vec<Candidate> {
        let yes = |vote: &&Vote| vote.rule == *rule && vote.answer == Answer::Yes && !vote.void;
        let given = self.votes.iter().filter(yes).map(|vote| Candidate {
            person: vote.by.clone(),
            on_behalf_of: vote.on_behalf_of.clone(),
        });
        given.collect()
    }
}

fn holds(rules: Rules, policy: &Policy, change: &Change, condition: &Condition) -> bool {
    match condition {
        Condition::Evidence(test) => has_evidence(rules, policy, change, &test.kind),
        Condition::Tasks(test) => {
            let step = |id: &TaskId| change.tasks.get(id).map(|progress| progress.step);
            tasks_are(policy, &change.fields, test, step)
        }
        Condition::Checked(items) => items.iter().all(|item| is_go(change, item)),
        Condition::Outcome(outcomes) => change
            .completed
            .as_ref()
            .is_some_and(|completed| outcomes.contains(&completed.outcome)),
        Condition::Flag(flags) => flags.iter().any(|flag| is_flagged(change, *flag)),
        Condition::All(_)
        | Condition::Any(_)
        | Condition::Not(_)
        | Condition::Is(_)
        | Condition::In(_)
        | Condition::AtLeast(_)
        | Condition::AtMost(_)
        | Condition::Before(_)
        | Condition::After(_)
        | Condition::Filled(_)
        | Condition::Count(_)
        | Condition::LeadTime(_)
        | Condition::Fact(_)
        | Condition::Level(_)
        | Condition::Model(_)
        | Condition::Phase(_)
        | Condition::Actor(_) => false,
    }
}

fn has_evidence(rules: Rules, policy: &Policy, change: &Change, kind: &RuleId) -> bool {
    let Some(kind) = policy.evidence.iter().find(|known| known.id == *kind) else {
        return false;
    };
    let mut of_kind = change
        .evidence
        .iter()
        .rev()
        .filter(|known| known.kind == kind.id);
    // The last word counts: a test that failed again takes back one that had passed.
    of_kind
        .find(|known| evidence_stands(rules, policy, change, known) == EvidenceStands::Counts)
        .is_some_and(|known| known.result != Some(TestResult::Failed))
}

/// Whether a piece of evidence of a change counts, or why not.
#[must_use]
pub fn evidence_stands(
    rules: Rules,
    policy: &Policy,
    change: &Change,
    evidence: &Evidence,
) -> EvidenceStands {
    let mut kinds = policy.evidence.iter();
    let kind = kinds.find(|known| known.id == evidence.kind);
    if evidence.retracted.is_some() {
        EvidenceStands::TakenBack
    } else if rules.since(Rules::V3) && is_erased(change, evidence) {
        EvidenceStands::Erased
    } else if kind.is_some_and(|kind| is_own_review(policy, change, kind, evidence)) {
        EvidenceStands::OwnReview
    } else if evidence.after_end {
        EvidenceStands::AfterEnd
    } else if kind.is_some_and(|kind| !is_current(kind, change, evidence)) {
        EvidenceStands::OtherContent
    } else {
        EvidenceStands::Counts
    }
}

/// Whether it is a review of what its reviewer has written, if only since: such a review is none.
///
/// # Source
/// NIST SP 800-53 AC-5: who wrote does not review.
fn is_own_review(
    policy: &Policy,
    change: &Change,
    kind: &EvidenceKind,
    evidence: &Evidence,
) -> bool {
    let by = &evidence.by;
    let wrote = || {
        let mut acts = change.acts.iter();
        acts.any(|(act, person)| *act == Act::Wrote && person == by)
    };
    let named = || {
        let field = policy.meaning(Meaning::Authors);
        let value = field.and_then(|field| change.fields.get(&field.id));
        value.is_some_and(|value| value.ids().any(|id| id == by.as_str()))
    };
    kind.act == Some(Act::Reviewed) && (wrote() || named())
}

/// Whether nothing of it is left to look at: with its name its file is deleted.
fn is_erased(change: &Change, evidence: &Evidence) -> bool {
    evidence.name.is_erased(&change.erased)
}

fn is_current(kind: &EvidenceKind, change: &Change, evidence: &Evidence) -> bool {
    !kind.bound || evidence.content_hash == change.content_hash
}

/// The same of a draft: its tasks are planned, and nothing has become of it yet.
pub(super) fn of_draft(policy: &Policy, content: &Content, condition: &Condition) -> bool {
    if let Condition::Tasks(test) = condition {
        return tasks_are(policy, content, test, |_| None);
    }
    matches!(condition, Condition::Checked(items) if items.is_empty())
}

fn tasks_are(
    policy: &Policy,
    content: &Content,
    test: &TasksTest,
    step: impl Fn(&TaskId) -> Option<TaskStep>,
) -> bool {
    let tasks = task::of(policy, content);
    let mut asked = tasks
        .iter()
        .filter(|task| {
            test.plan
                .as_ref()
                .is_none_or(|plan| task.plan.as_ref() == Some(plan))
        })
        .peekable();
    match test.are {
        TasksAre::Planned => asked.peek().is_some(),
        TasksAre::Accepted | TasksAre::Done => asked.all(|task| is_far(step(&task.id), test.are)),
    }
}

fn is_far(step: Option<TaskStep>, are: TasksAre) -> bool {
    match step {
        None | Some(TaskStep::Refused | TaskStep::Failed) => are == TasksAre::Planned,
        Some(TaskStep::Accepted | TaskStep::Started) => are != TasksAre::Done,
        Some(TaskStep::Done | TaskStep::Skipped) => true,
    }
}

/// Whether an item of the checklist was answered for what stands, and is go.
#[must_use]
pub fn is_go(change: &Change, item: &RuleId) -> bool {
    change.checks.get(item).is_some_and(|checked| {
        let current = checked
            .content_hash
            .is_none_or(|hash| hash == change.content_hash);
        checked.answer == YesNo::Yes && current
    })
}

fn is_flagged(change: &Change, flag: Flag) -> bool {
    if flag == Flag::CausedIncident {
        return change.caused_incident();
    }
    change
        .completed
        .as_ref()
        .is_some_and(|completed| completed.flags.contains(&flag))
}
