//! What waits for a person: the gestures that they are asked for now, not those that they merely may make.

use serde::Serialize;

use crate::change::{Answer, Change, Question, Reminded, Vote};
use crate::command::{CommandKind, TaskStep};
use crate::due::{Due, What, asked_since};
use crate::id::{ChangeId, PersonId, StateId};
use crate::permit::Permission;
use crate::policy::{Accountable, Meaning, Phase, Policy, State, Transition, Trigger};
use crate::reading::Reading;
use crate::statement::ReviewStands;
use crate::task;
use crate::text::Text;
use crate::time::Instant;
use crate::wire::Decode;
use crate::world::World;

/// A change that waits for a person, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Waiting {
    /// Which change.
    pub change: ChangeId,
    /// The gestures that are asked of the person, the first first.
    pub gestures: Vec<Asked>,
    /// Since when the first of them has been asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// Since when one of them is late; none where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_since: Option<Instant>,
    /// How the person was reminded of them; left out where they were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Reminders>,
}

/// Reminders of a person, since they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reminders {
    /// How many.
    pub times: u32,
    /// When the last of them was.
    pub last: Instant,
}

/// A gesture that is asked of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    /// What kind of command.
    pub command: CommandKind,
    /// The policy's name for it, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// To what a task would come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<TaskStep>,
    /// In whose place a vote would be given; left out, in one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
}

/// What a change waits for from the person who read it; none where it does not wait for them.
#[must_use]
pub fn waiting(
    policy: &Policy,
    reading: &Reading,
    person: &PersonId,
    now: Instant,
    world: &World,
) -> Option<Waiting> {
    let look = Look {
        policy,
        reading,
        person,
        now,
        world,
    };
    let allowed = reading.permissions.iter().filter(|known| known.allowed);
    let asked: Vec<_> = allowed.filter(|known| look.is_asked(known)).collect();
    let mut gestures: Vec<Asked> = Vec::new();
    for permission in &asked {
        let gesture = Asked {
            command: permission.command,
            name: permission.name.clone(),
            step: permission.step,
            on_behalf_of: permission.on_behalf_of.clone(),
        };
        if !gestures.contains(&gesture) {
            gestures.push(gesture);
        }
    }
    let since = asked.iter().map(|known| look.since(known)).min();
    let is_of_them = |due: &&Due| due.overdue && asked.iter().any(|known| concerns(due, known));
    let late = reading.due.iter().filter(is_of_them);
    (!gestures.is_empty()).then(|| Waiting {
        change: reading.change.id.clone(),
        gestures,
        since,
        late_since: late.map(|due| due.at).min(),
        reminded: look.reminded(&asked),
    })
}

struct Look<'a> {
    policy: &'a Policy,
    reading: &'a Reading,
    person: &'a PersonId,
    now: Instant,
    world: &'a World,
}

impl<'a> Look<'a> {
    /// Whether the change waits for a gesture that its reader may make: it takes the change on, and is their turn.
    fn is_asked(&self, permission: &Permission) -> bool {
        use CommandKind as Kind;
        let change = &self.reading.change;
        match permission.command {
            Kind::Approve => !self.is_put_off(permission),
            Kind::Answer => self.asks(),
            Kind::Fulfill => self.asks() || self.implements(),
            Kind::Evaluate => self.is_unjudged(),
            Kind::DecideExtension => true,
            Kind::Resume => self.rests_by_them(),
            Kind::ReviewWaiver => self.is_waiver_over(permission),
            Kind::ReviewIncident => true,
            Kind::Observe => !self.was_observed(permission),
            Kind::Move => !permission.reason && self.is_onward(permission),
            Kind::Complete => change.phase == Phase::Implement,
            Kind::Review => self.reading.says.review == ReviewStands::Needed,
            Kind::Check => self.is_unchecked(permission),
            Kind::Task => self.is_their_next_step(permission),
            Kind::Assign => self.is_unassigned(permission),
            Kind::Submit
            | Kind::Edit
            | Kind::Comment
            | Kind::Ask
            | Kind::Decline
            | Kind::Defer
            | Kind::Hold
            | Kind::Relate
            | Kind::Unrelate
            | Kind::Attach
            | Kind::Retract
            | Kind::Waive
            | Kind::Extend
            | Kind::EndObservation
            | Kind::Announce
            | Kind::AdoptPolicy
            | Kind::Remind
            | Kind::Escalate
            | Kind::HandOn
            | Kind::Template
            | Kind::Policy
            | Kind::Meeting
            | Kind::RecordIncident
            | Kind::Erase => false,
        }
    }

    const fn change(&self) -> &'a Change {
        &self.reading.change
    }

    fn asks(&self) -> bool {
        self.change().requester == *self.person
    }

    fn implements(&self) -> bool {
        let field = self.policy.meaning(Meaning::Implementers);
        let value = field.and_then(|field| self.change().fields.get(&field.id));
        value.is_some_and(|value| value.ids().any(|id| id == self.person.as_str()))
    }

    /// Who put a vote off, or asked in place of it, is not asked again before that is over.
    fn is_put_off(&self, permission: &Permission) -> bool {
        let own = |vote: &&Vote| {
            Some(&vote.rule) == permission.rule.as_ref() && vote.by == *self.person && !vote.void
        };
        let last = self.change().votes.iter().rev().find(own);
        last.is_some_and(|vote| match vote.answer {
            Answer::Deferred => vote.until.is_none_or(|until| self.now < until),
            Answer::MoreInformation => true,
            Answer::Yes | Answer::No => false,
        })
    }

    /// Whether the state it stands in is left by an evaluation, and none was made since it came there.
    fn is_unjudged(&self) -> bool {
        let leads_on = |way: &Transition| {
            way.from == self.change().state && way.on == Some(Trigger::Evaluated)
        };
        let judged = self.change().evaluated.as_ref();
        self.ways().iter().any(leads_on) && judged.is_none_or(|judged| judged.at < self.came())
    }

    /// Reminders of this person of what they are asked for now.
    fn reminded(&self, asked: &[&Permission]) -> Option<Reminders> {
        let is_asked = |known: &&Reminded| {
            let mut of_rule = asked
                .iter()
                .filter(|permission| permission.rule.as_ref() == Some(&known.rule));
            known.people.contains(self.person)
                && of_rule.any(|permission| self.since(permission) <= known.at)
        };
        let given = self.change().reminded.iter().filter(is_asked);
        Some(Reminders {
            times: u32::try_from(given.clone().count()).unwrap_or(u32::MAX),
            last: given.map(|known| known.at).max()?,
        })
    }

    /// A change that rests is taken up again by who let it rest.
    fn rests_by_them(&self) -> bool {
        let hold = self.change().hold.as_ref();
        hold.is_some_and(|hold| hold.by == *self.person)
    }

    fn is_waiver_over(&self, permission: &Permission) -> bool {
        let waiver = nth(&self.change().waivers, permission);
        waiver
            .is_some_and(|waiver| waiver.until <= self.now || self.change().phase == Phase::Review)
    }

    fn was_observed(&self, permission: &Permission) -> bool {
        let about = permission.about.as_deref();
        let mut seen = self.change().observations.iter();
        self.change().observation_ended.is_some()
            || seen.any(|seen| Some(seen.measure.as_str()) == about)
    }

    /// An item is asked for in the step before the phase that it guards, once for each content.
    fn is_unchecked(&self, permission: &Permission) -> bool {
        let about = permission.about.as_deref().unwrap_or_default();
        let mut items = self.policy.checklist.iter();
        let guards = items
            .find(|item| item.id.as_str() == about)
            .map(|item| item.before);
        let here = |way: &&Transition| way.from == self.change().state;
        let mut next = self.ways().iter().filter(here);
        let is_next = next.any(|way| self.phase_of(&way.to) == guards && guards.is_some());
        let checked = self.change().checks.get(about);
        let counts =
            checked.is_some_and(|checked| checked.content_hash == Some(self.change().content_hash));
        is_next && !counts
    }

    /// A way that leads further among the states, and not aside. One that was refused is taken up by who asked.
    fn is_onward(&self, permission: &Permission) -> bool {
        let change = self.change();
        let mut ways = self.ways().iter();
        let way = ways.find(|way| Some(&way.id) == permission.transition.as_ref());
        match permission.into {
            Some(Phase::Rejected | Phase::Canceled) | None => false,
            Some(_) if change.phase == Phase::Rejected => self.asks(),
            Some(_) => way.is_some_and(|way| self.place(&way.to) > self.place(&change.state)),
        }
    }

    /// Of a task the step that comes next, for whom the plan names: it is taken on, done once the work runs or its own time
    /// has come.
    fn is_their_next_step(&self, permission: &Permission) -> bool {
        use TaskStep::{Accepted, Done, Failed, Refused, Skipped, Started};
        let about = permission.about.as_deref().unwrap_or_default();
        let tasks = task::of(self.policy, &self.change().fields);
        let Some(task) = tasks.iter().find(|task| task.id.as_str() == about) else {
            return false;
        };
        let has_come = self.change().phase == Phase::Implement
            || task.from.is_some_and(|from| from <= self.now);
        let stands = self.change().tasks.get(about).map(|known| known.step);
        let next = match stands {
            None | Some(Refused) => Accepted,
            Some(Accepted | Failed) if has_come => Started,
            Some(Started) => Done,
            Some(Accepted | Failed | Done | Skipped) => return false,
        };
        permission.step == Some(next) && self.is_named_by(task)
    }

    fn is_named_by(&self, task: &task::Task) -> bool {
        let person = self.world.person(self.person);
        let groups = person.map_or(&[][..], |person| person.groups.as_slice());
        let in_team = task.team.as_ref().is_some_and(|team| groups.contains(team));
        in_team
            || task
                .person
                .as_ref()
                .is_none_or(|owner| owner == self.person)
    }

    /// Nothing leaves a step for which nobody is accountable: who may assign somebody is asked to.
    fn is_unassigned(&self, permission: &Permission) -> bool {
        let state = &self.change().state;
        let here = permission.about.as_deref() == Some(state.as_str());
        let known = self.states().iter().find(|known| known.id == *state);
        let assigned = known.and_then(|known| known.accountable.as_ref());
        here && matches!(assigned, Some(Accountable::Assigned { .. }))
            && self.reading.accountable.get(state).is_none()
    }

    /// Since when a gesture is asked for: since what asks for it was said, else since the change came where it stands.
    fn since(&self, permission: &Permission) -> Instant {
        use CommandKind as Kind;
        let change = self.change();
        let said = match permission.command {
            Kind::Approve => self.approval_since(permission),
            Kind::Answer => {
                nth(&change.questions, permission).map(|known: &Question| known.asked.at)
            }
            Kind::Fulfill => nth(&change.conditions, permission).map(|known| known.set.at),
            Kind::ReviewWaiver => nth(&change.waivers, permission).map(|known| known.until),
            Kind::ReviewIncident => {
                nth(&change.later_incidents, permission).map(|known| known.recorded.at)
            }
            Kind::DecideExtension => change.extension.as_ref().map(|known| known.asked.at),
            Kind::Resume => change.hold.as_ref().map(|known| known.at),
            Kind::Task => {
                let about = permission.about.as_deref().unwrap_or_default();
                change.tasks.get(about).map(|known| known.said.at)
            }
            Kind::Submit
            | Kind::Edit
            | Kind::Comment
            | Kind::Evaluate
            | Kind::Ask
            | Kind::Defer
            | Kind::Decline
            | Kind::Move
            | Kind::Assign
            | Kind::Hold
            | Kind::Check
            | Kind::Relate
            | Kind::Unrelate
            | Kind::Attach
            | Kind::Retract
            | Kind::Waive
            | Kind::Extend
            | Kind::Observe
            | Kind::EndObservation
            | Kind::Announce
            | Kind::AdoptPolicy
            | Kind::Remind
            | Kind::Escalate
            | Kind::HandOn
            | Kind::Complete
            | Kind::Review
            | Kind::Erase
            | Kind::Template
            | Kind::Policy
            | Kind::RecordIncident
            | Kind::Meeting => None,
        };
        said.unwrap_or_else(|| self.came())
    }

    fn approval_since(&self, permission: &Permission) -> Option<Instant> {
        let change = self.change();
        let model = self.policy.model(change.model.as_str())?;
        asked_since(model, change, &change.approvals, permission.rule.as_ref()?)
    }

    /// When it came to the state in which it stands.
    fn came(&self) -> Instant {
        let change = self.change();
        let last = change.path.last();
        last.map_or(change.submitted_at, |passed| passed.at)
    }

    fn states(&self) -> &'a [State] {
        let model = self.policy.model(self.change().model.as_str());
        model.map_or(&[], |model| model.life_cycle.states.as_slice())
    }

    fn ways(&self) -> &'a [Transition] {
        let model = self.policy.model(self.change().model.as_str());
        model.map_or(&[], |model| model.life_cycle.transitions.as_slice())
    }

    fn place(&self, id: &StateId) -> Option<usize> {
        self.states().iter().position(|state| state.id == *id)
    }

    fn phase_of(&self, id: &StateId) -> Option<Phase> {
        let state = self.states().iter().find(|state| state.id == *id);
        state.map(|state| state.phase)
    }
}

/// What a gesture is about, where that is counted from 1.
fn nth<'a, T>(items: &'a [T], permission: &Permission) -> Option<&'a T> {
    let number: usize = permission.about.as_ref()?.parse().ok()?;
    items.get(number.checked_sub(1)?)
}

/// Whether what is due is done by a gesture.
fn concerns(due: &Due, permission: &Permission) -> bool {
    use CommandKind as Kind;
    let command = permission.command;
    let is_about = |number: u32| permission.about.as_deref() == Some(number.to_string().as_str());
    match &due.what {
        // A reminder is no deadline: that it was given stands beside. Who put a vote off set none.
        What::Remind { .. } | What::Deferred { .. } => false,
        What::Escalate { rule } => {
            command == Kind::Approve && permission.rule.as_ref() == Some(rule)
        }
        What::Ratify {} => command == Kind::Approve,
        What::Answer { question } => command == Kind::Answer && is_about(*question),
        What::Start {} => permission.into == Some(Phase::Implement),
        What::End {} => matches!(command, Kind::Complete | Kind::DecideExtension),
        What::Observe {} => command == Kind::Observe,
        What::Review { .. } => command == Kind::Review,
        What::ReviewWaiver { waiver } => command == Kind::ReviewWaiver && is_about(*waiver),
        What::ReviewIncident { incident } => command == Kind::ReviewIncident && is_about(*incident),
    }
}
