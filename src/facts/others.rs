//! What a command on an open change reads beside the content: files, people, teams, other changes.

use crate::change::Change;
use crate::command::Command;
use crate::id::{ChangeId, GroupId, PersonId};
use crate::policy::Policy;
use crate::report::holds_any;
use crate::sorted::distinct;
use crate::value::Digest;
use crate::world::{RelatedChange, World};

use super::{Facts, RelatedFact, owns_service};

/// How far up those above somebody who left are looked for.
const HIGHEST: usize = 10;

/// The facts with what a command on an open change reads beside its content.
#[must_use]
pub fn beside(
    facts: Facts,
    policy: &Policy,
    change: &Change,
    command: &Command,
    actor: &PersonId,
    world: &World,
) -> Facts {
    Facts {
        files: arrived(world, command),
        missing_people: missing_people(world, command),
        takes_over: takes_over(policy, command, world),
        kept_lets: kept_lets(policy, change, command, actor, world),
        actor_teams: teams(policy, change, actor, world),
        related: related(change, command, world),
        ..facts
    }
}

/// Of the files that a command names, those that have arrived.
fn arrived(world: &World, command: &Command) -> Vec<Digest> {
    let Command::Attach {
        file: Some(file), ..
    } = command
    else {
        return Vec::new();
    };
    let arrived = world.files.contains(&file.sha256);
    arrived.then_some(file.sha256).into_iter().collect()
}

/// The people whom a command names and who are not there, or not any more.
fn missing_people(world: &World, command: &Command) -> Vec<PersonId> {
    let named = if let Command::Assign { person, .. } | Command::Waive { person, .. } = command {
        vec![person]
    } else if let Command::HandOn { from, to } = command {
        vec![from, to]
    } else {
        Vec::new()
    };
    let is_there = |id: &PersonId| world.person(id).is_some_and(|person| !person.left);
    let missing = named.into_iter().filter(|id| !is_there(id));
    missing.cloned().collect()
}

/// Whether whoever is to take over the decisions of somebody who left stands above them, or is named for it by the policy.
fn takes_over(policy: &Policy, command: &Command, world: &World) -> bool {
    let Command::HandOn { from, to } = command else {
        return false;
    };
    successors(policy, from, world).contains(to)
}

/// Who may take over the decisions of somebody who left, the nearest first: those above them, and those whom the policy names.
pub(crate) fn successors(policy: &Policy, from: &PersonId, world: &World) -> Vec<PersonId> {
    let manager = |of: &PersonId| world.person(of)?.manager.clone();
    let line = std::iter::successors(manager(from), manager).take(HIGHEST);
    let named = policy.takes_over.get().as_ref();
    let members = world.people.iter().filter(|person| {
        let mut groups = person.groups.iter();
        named.is_some_and(|named| groups.any(|group| *group == named.group))
    });
    let all = line.chain(members.map(|person| person.id.clone()));
    let remains = |id: &PersonId| world.person(id).is_some_and(|person| !person.left);
    distinct(all.filter(remains))
}

/// Whether the policy that a change keeps lets a person move it to another.
fn kept_lets(
    policy: &Policy,
    change: &Change,
    command: &Command,
    actor: &PersonId,
    world: &World,
) -> Option<bool> {
    let kept = world.kept.as_ref()?;
    let fits = matches!(command, Command::AdoptPolicy { .. }) && kept.hash == change.policy_hash;
    fits.then(|| {
        let owns = owns_service(policy, &change.fields, actor, world);
        holds_any(&kept.adopt, policy, world, actor, change, owns)
    })
}

/// Of the teams that tasks are given to, those of the actor.
fn teams(policy: &Policy, change: &Change, actor: &PersonId, world: &World) -> Vec<GroupId> {
    let groups = world.person(actor).map_or(&[][..], |person| &person.groups);
    let tasks = crate::task::of(policy, &change.fields);
    let teams = tasks.into_iter().filter_map(|task| task.team);
    distinct(teams.filter(|team| groups.contains(team)))
}

/// Where the changes stand to which this one stands in some way, or would by the command.
fn related(change: &Change, command: &Command, world: &World) -> Vec<RelatedFact> {
    let wanted = if let Command::Relate { to, .. } = command {
        Some(to)
    } else {
        None
    };
    let known = change.relations.iter().map(|known| &known.to);
    let all = distinct(known.chain(wanted));
    let fact = |id: &ChangeId| {
        let other = find(world, id)?;
        Some(RelatedFact {
            to: other.id.clone(),
            phase: other.phase,
            waits: waits(world, id, &change.id),
        })
    };
    all.into_iter().filter_map(fact).collect()
}

fn find<'a>(world: &'a World, id: &ChangeId) -> Option<&'a RelatedChange> {
    world.related.iter().find(|other| other.id == *id)
}

/// Whether a change waits for another, itself or through others.
fn waits(world: &World, change: &ChangeId, other: &ChangeId) -> bool {
    let mut reached: Vec<&ChangeId> = Vec::new();
    let mut ahead = vec![change];
    while let Some(next) = ahead.pop() {
        let found = find(world, next);
        for before in found.iter().flat_map(|found| &found.blocked_by) {
            if before == other {
                return true;
            }
            if !reached.contains(&before) {
                reached.push(before);
                ahead.push(before);
            }
        }
    }
    false
}
