//! Preparing the work: who is accountable, tasks, checklist, other changes.

use crate::change::{Change, Linked, YesNo};
use crate::command::{Command, CommandKind, Relationship, TaskStep};
use crate::evaluate::{Evaluation, Subject};
use crate::event::Event;
use crate::id::{ChangeId, PersonId, RoleId, RuleId, StateId, TaskId};
use crate::non_empty::NonEmpty;
use crate::policy::{
    Accountable, Act, Authorization, ChangeModel, CheckItem, Meaning, Phase, Policy,
};
use crate::refusal::Refusal;
use crate::task::{self, Task};
use crate::value::Words;

use super::life_cycle::judge;
use super::{Case, Decision, unless};

/// The one person accountable for a step: who was assigned, else who the policy says; none where nobody is yet.
#[must_use]
pub fn accountable(
    policy: &Policy,
    model: &ChangeModel,
    change: &Change,
    state: &StateId,
) -> Option<PersonId> {
    if let Some(person) = change.accountable.get(state) {
        return Some(person.clone());
    }
    let state = model
        .life_cycle
        .states
        .iter()
        .find(|known| known.id == *state)?;
    match state.accountable.as_ref()? {
        Accountable::Requester {} => Some(change.requester.clone()),
        Accountable::Field { field } => first_person(policy, change, field.as_str()),
        Accountable::Assigned { .. } => None,
    }
}

fn first_person(policy: &Policy, change: &Change, field: &str) -> Option<PersonId> {
    let field = policy.field(field)?;
    let named = change
        .fields
        .get(&field.id)
        .or_else(|| change.recorded.get(&field.id))?;
    named.ids().next().map(PersonId::from)
}

fn not_go<'i>(items: impl Iterator<Item = &'i CheckItem>) -> Option<Refusal> {
    let items: Vec<_> = items.map(|item| item.id.clone()).collect();
    (!items.is_empty()).then_some(Refusal::NotGo { items })
}

/// Items that guard the phase which a submission would enter: nobody could answer them before.
pub(super) fn not_go_at_first(
    subject: &Subject<'_>,
    roles: &[RoleId],
    standing: &Evaluation<'_>,
) -> Option<Refusal> {
    let guards = subject.policy.checklist.iter().filter(|item| {
        let when = item.when.as_ref();
        let applies = when.is_none_or(|when| judge(subject, roles, standing, when) != Some(false));
        item.before == subject.phase && applies
    });
    not_go(guards)
}

impl<'a> Case<'a> {
    /// Prepares the work in one way.
    pub(super) fn prepare(&self, command: &Command) -> Decision {
        if let Command::Assign { state, person } = command {
            return self.assign(state, person);
        }
        if let Command::Task { task, step, note } = command {
            return self.task(task, *step, note.as_ref());
        }
        if let Command::Check { item, answer, note } = command {
            return self.check(item, *answer, note.as_ref());
        }
        if let Command::Relate { relation, to } = command {
            return self.relate(*relation, to);
        }
        if let Command::Unrelate { relation, to } = command {
            return self.unrelate(*relation, to);
        }
        self.not_yet(command.kind())
    }

    /// Makes one person accountable for a step.
    fn assign(&self, state: &StateId, person: &PersonId) -> Decision {
        let Some(known) = self.state(state) else {
            return Err(NonEmpty::one(Refusal::UnknownState {
                state: state.clone(),
            }));
        };
        let mut refusals = Vec::new();
        let by = if let Some(Accountable::Assigned { by }) = &known.accountable {
            by.as_slice()
        } else {
            &[]
        };
        let may = [by, self.by.policy.may.edit.as_slice()].concat();
        refusals.extend(self.by.lacks(&may));
        if self.by.facts.missing_people.contains(person) {
            refusals.push(Refusal::UnknownPerson {
                person: person.clone(),
            });
        }
        if self.change.accountable.get(state) == Some(person) {
            refusals.push(Refusal::NothingChanged {});
        }
        let assigned = || Event::Assigned {
            by: self.by.person.clone(),
            at: self.by.now,
            state: state.clone(),
            person: person.clone(),
        };
        unless(refusals, || NonEmpty::one(assigned()))
    }

    /// Nobody moves a change on from a step for which nobody is accountable, where the life cycle says that somebody is. What
    /// is set off by something else goes on: the last yes is not lost because a step has no name on it.
    pub(super) fn nobody_accountable(&self) -> Option<Refusal> {
        let state = self.state(&self.change.state)?;
        state.accountable.as_ref()?;
        let person = accountable(self.by.policy, self.model, self.change, &state.id);
        person.is_none().then(|| Refusal::AccountableMissing {
            state: state.id.clone(),
        })
    }

    /// Says how a task of the plan stands.
    fn task(&self, id: &TaskId, step: TaskStep, note: Option<&Words>) -> Decision {
        let tasks = task::of(self.by.policy, &self.change.fields);
        let Some(task) = tasks.iter().find(|task| task.id == *id) else {
            return Err(NonEmpty::one(Refusal::TaskUnknown { task: id.clone() }));
        };
        let mut refusals = Vec::new();
        if self.change.phase == Phase::Rejected {
            refusals.push(self.not_in_phase(CommandKind::Task));
        }
        refusals.extend(self.not_theirs(task, step));
        refusals.extend(self.out_of_order(task, step));
        let works = step == TaskStep::Started && self.change.phase == Phase::Implement;
        // Nor before the work: a task begun while it waits for its window would be done within it.
        if step == TaskStep::Started {
            refusals.extend(self.approved_it());
        }
        let asks_why = matches!(
            step,
            TaskStep::Refused | TaskStep::Failed | TaskStep::Skipped
        );
        if asks_why && note.is_none_or(Words::is_blank) {
            refusals.push(Refusal::ReasonMissing {});
        }
        let reported = || Event::TaskReported {
            by: self.by.person.clone(),
            at: self.by.now,
            task: id.clone(),
            step,
            note: note.cloned(),
            act: (works && self.decided_afterwards()).then_some(Act::Implemented),
        };
        unless(refusals, || NonEmpty::one(reported()))
    }

    /// Whether those who say yes do so after the work: then whoever began a task of it must be known as one who did it.
    const fn decided_afterwards(&self) -> bool {
        matches!(self.model.authorization, Authorization::Afterwards { .. })
    }

    /// A task is its person's, its team's, or of those who carry the change out. To take it on or not is for its person and
    /// its team alone.
    fn not_theirs(&self, task: &Task, step: TaskStep) -> Option<Refusal> {
        let own = task.person.as_ref() == Some(self.by.person);
        let in_team = task
            .team
            .as_ref()
            .is_some_and(|team| self.by.facts.actor_teams.contains(team));
        let takes_on = matches!(step, TaskStep::Accepted | TaskStep::Refused);
        let implements = !takes_on && self.names(Meaning::Implementers, self.by.person);
        (!own && !in_team && !implements).then(|| Refusal::TaskNotYours {
            task: task.id.clone(),
        })
    }

    /// From untouched to accepted or refused, from accepted on to started, and from there to how it ended.
    fn out_of_order(&self, task: &Task, wants: TaskStep) -> Option<Refusal> {
        use TaskStep::{Accepted, Done, Failed, Refused, Skipped, Started};
        let stands = self.step_of(&task.id);
        let fits = match wants {
            Accepted => matches!(stands, None | Some(Refused)),
            Refused => matches!(stands, None | Some(Accepted)),
            Started => matches!(stands, None | Some(Accepted | Failed)),
            Done | Failed => matches!(stands, Some(Started)),
            Skipped => !matches!(stands, Some(Done | Skipped)),
        };
        if !fits {
            return Some(Refusal::TaskStep {
                task: task.id.clone(),
                wants,
                stands,
            });
        }
        let after: Vec<_> = task
            .after
            .iter()
            .filter(|before| !matches!(self.step_of(before), Some(Done | Skipped)))
            .cloned()
            .collect();
        let waits = wants == Started && !after.is_empty();
        waits.then(|| Refusal::TaskWaits {
            task: task.id.clone(),
            after,
        })
    }

    fn step_of(&self, id: &TaskId) -> Option<TaskStep> {
        self.change.tasks.get(id).map(|progress| progress.step)
    }

    /// Tasks whose owner or team does not take them on keep the work from starting.
    pub(super) fn refused_tasks(&self) -> Option<Refusal> {
        self.tasks_where(|step| step == Some(TaskStep::Refused))
    }

    /// Tasks that are neither done nor left out openly keep the change open; one that failed was told, and is no secret.
    pub(super) fn open_tasks(&self) -> Option<Refusal> {
        use TaskStep::{Done, Failed, Skipped};
        self.tasks_where(|step| !matches!(step, Some(Done | Failed | Skipped)))
    }

    fn tasks_where(&self, is_in_the_way: impl Fn(Option<TaskStep>) -> bool) -> Option<Refusal> {
        let tasks = task::of(self.by.policy, &self.change.fields).into_iter();
        let open = tasks.filter(|task| is_in_the_way(self.step_of(&task.id)));
        let tasks: Vec<_> = open.map(|task| task.id).collect();
        (!tasks.is_empty()).then_some(Refusal::TaskOpen { tasks })
    }

    /// Answers an item of the checklist, before the phase that it guards.
    fn check(&self, id: &RuleId, answer: YesNo, note: Option<&Words>) -> Decision {
        let mut items = self.applying(&self.by.policy.checklist);
        let Some(item) = items.find(|item| item.id == *id) else {
            return Err(NonEmpty::one(Refusal::CheckUnknown { item: id.clone() }));
        };
        let mut refusals: Vec<Refusal> = self.by.lacks(&item.by).into_iter().collect();
        if !self.is_before(item) {
            refusals.push(self.not_in_phase(CommandKind::Check));
        }
        if answer == YesNo::No && note.is_none_or(Words::is_blank) {
            refusals.push(Refusal::ReasonMissing {});
        }
        let checked = || Event::Checked {
            by: self.by.person.clone(),
            at: self.by.now,
            item: id.clone(),
            answer,
            note: note.cloned(),
            content_hash: Some(self.change.content_hash),
        };
        unless(refusals, || NonEmpty::one(checked()))
    }

    /// Those of some items of the checklist that apply; one of which that cannot be told does.
    pub(super) fn applying(
        &self,
        items: impl IntoIterator<Item = &'a CheckItem>,
    ) -> impl Iterator<Item = &'a CheckItem> {
        let standing = self.standing();
        items.into_iter().filter(move |item| {
            let when = item.when.as_ref();
            when.is_none_or(|when| self.judged(&standing, when) != Some(false))
        })
    }

    /// Items of the checklist that are not go keep a change out of the phase that they guard.
    pub(super) fn not_go(&self, phase: Phase) -> Option<Refusal> {
        let is_open = |item: &&CheckItem| {
            item.before == phase && !crate::evaluate::is_go(self.change, &item.id)
        };
        let open: Vec<_> = self.by.policy.checklist.iter().filter(is_open).collect();
        // Most moves have none, and then nothing has to be judged.
        (!open.is_empty()).then(|| not_go(self.applying(open)))?
    }

    /// Says how it stands to another change.
    fn relate(&self, relation: Relationship, to: &ChangeId) -> Decision {
        let mut refusals: Vec<Refusal> = self.may_relate().into_iter().collect();
        let known = self.by.facts.related.iter().find(|known| known.to == *to);
        if *to == self.change.id {
            refusals.push(Refusal::RelatedToSelf {});
        } else if known.is_none() {
            refusals.push(Refusal::RelatedUnknown { to: to.clone() });
        }
        if self.linked(relation, to).is_some() {
            refusals.push(Refusal::RelatedAlready {});
        }
        let rings = relation == Relationship::BlockedBy && known.is_some_and(|known| known.waits);
        if rings {
            refusals.push(Refusal::RelatedRing { to: to.clone() });
        }
        let related = || Event::Related {
            by: self.by.person.clone(),
            at: self.by.now,
            relation,
            to: to.clone(),
        };
        unless(refusals, || NonEmpty::one(related()))
    }

    fn unrelate(&self, relation: Relationship, to: &ChangeId) -> Decision {
        let linked = self.linked(relation, to);
        // What somebody else put in the way of a change, its requester does not take out of it.
        let may = match linked {
            Some(linked) if linked.by != *self.by.person => {
                self.by.lacks(&self.by.policy.may.relate)
            }
            Some(_) | None => self.may_relate(),
        };
        let mut refusals: Vec<Refusal> = may.into_iter().collect();
        if linked.is_none() {
            refusals.push(Refusal::NotRelated {});
        }
        let unrelated = || Event::Unrelated {
            by: self.by.person.clone(),
            at: self.by.now,
            relation,
            to: to.clone(),
        };
        unless(refusals, || NonEmpty::one(unrelated()))
    }

    fn linked(&self, relation: Relationship, to: &ChangeId) -> Option<&'a Linked> {
        let mut links = self.change.relations.iter();
        links.find(|known| known.is(relation, to))
    }

    fn may_relate(&self) -> Option<Refusal> {
        if *self.by.person == self.change.requester {
            None
        } else {
            self.by.lacks(&self.by.policy.may.relate)
        }
    }

    /// A change that must be done first and is not, or of which nothing is known.
    pub(super) fn blocked(&self) -> Vec<Refusal> {
        let is_done = |to: &ChangeId| {
            let known = self.by.facts.related.iter().find(|known| known.to == *to);
            known.is_some_and(|known| {
                matches!(known.phase, Phase::Review | Phase::Closed | Phase::Canceled)
            })
        };
        let blocking = self
            .change
            .relations
            .iter()
            .filter(|known| known.relation == Relationship::BlockedBy && !is_done(&known.to));
        blocking
            .map(|known| Refusal::Blocked {
                by: known.to.clone(),
            })
            .collect()
    }
}
