//! What adopting a policy would change for one change, shown before anybody does it.

use serde::Serialize;

use crate::change::evolve;
use crate::command::{Actor, Command};
use crate::draft::Content;
use crate::evaluate::{Subject, evaluate};
use crate::event::{Event, RequiredApproval};
use crate::facts::{Facts, beside};
use crate::finding::Finding;
use crate::id::{FieldId, LevelId, PersonId, RuleId, StateId};
use crate::log::Record;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::report::{Desk, of_change, roles};
use crate::rules::Rules;
use crate::text::Text;
use crate::time::Instant;
use crate::value::Digest;
use crate::wire::Decode;
use crate::world::World;

/// What adopting a policy would change for one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Adoption {
    /// The policy that it keeps.
    pub from: Digest,
    /// The policy that it would keep.
    pub to: Digest,
    /// States of that policy in which it could stand, each of the phase in which it stands: the one of the same name first.
    pub states: Vec<AdoptionState>,
    /// Its level now.
    pub level: LevelId,
    /// Its level then.
    pub level_then: LevelId,
    /// Approvals that would be needed and are not now.
    pub approvals_added: Vec<RequiredApproval>,
    /// Rules that ask for a yes now and would not.
    pub approvals_removed: Vec<RuleId>,
    /// Rules whose yeses so far would count no more.
    pub voided: Vec<RuleId>,
    /// Fields that would not be asked any more: their values would leave the content.
    pub left_out: Vec<FieldId>,
    /// What would be wrong with the content.
    pub findings: Vec<Finding>,
    /// Whether this person could do it, into the first of the states.
    pub allowed: bool,
    /// Every reason why not.
    pub refusals: Vec<Refusal>,
}

/// A state in which a change could stand under another policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdoptionState {
    /// Which.
    pub id: StateId,
    /// Its name.
    pub name: Text,
}

/// Works out what adopting `policy` would change, by deciding it and taking back what was decided. None where there is no
/// change.
#[must_use]
pub fn preview(
    policy: &Policy,
    record: &Record,
    person: &PersonId,
    now: Instant,
    world: &World,
) -> Option<Adoption> {
    let (change, readable) = (record.change.as_ref()?, record.readable()?);
    let desk = Desk {
        policy,
        record,
        person,
        now,
        world,
        number: None,
    };
    let states = states(policy, record);
    let to = policy.hash();
    let state = states.first().map(|state| state.id.clone());
    let command = Command::AdoptPolicy {
        policy: to,
        state: state.unwrap_or_else(|| change.state.clone()),
    };
    let facts = of_change(&desk, &readable, &readable.fields);
    let facts = beside(facts, policy, change, &command, person, world);
    let actor = Actor::Person {
        person: person.clone(),
        roles: roles(policy, world, person, Some(&readable), &facts),
        on_behalf_of: None,
    };
    let decided = record.decide(policy, &command, &actor, now, &facts);
    let events = decided.as_ref().map(|events| events.to_vec());
    let events = events.unwrap_or_default();
    let then = events
        .iter()
        .try_fold(change.clone(), |then, event| {
            evolve(&change.id, Some(then), event)
        })
        .unwrap_or_else(|| change.clone());
    let asks = |approvals: &[RequiredApproval], rule: &RuleId| {
        approvals.iter().any(|approval| approval.rule == *rule)
    };
    let added = then.approvals.iter();
    let added = added.filter(|approval| !asks(&change.approvals, &approval.rule));
    let removed = change.approvals.iter().map(|approval| &approval.rule);
    let removed = removed.filter(|rule| !asks(&then.approvals, rule));
    let refusals = decided.err().map(|refusals| refusals.into_vec());
    let refusals = refusals.unwrap_or_default();
    let left_out = left_out(&events);
    Some(Adoption {
        from: change.policy_hash,
        to,
        states,
        level: change.level.clone(),
        level_then: then.level.clone(),
        approvals_added: added.cloned().collect(),
        approvals_removed: removed.cloned().collect(),
        voided: voided(&events),
        findings: findings(policy, record, &facts, &left_out),
        left_out,
        allowed: refusals.is_empty(),
        refusals,
    })
}

fn states(policy: &Policy, record: &Record) -> Vec<AdoptionState> {
    let Some(change) = &record.change else {
        return Vec::new();
    };
    let Some(model) = policy.model(change.model.as_str()) else {
        return Vec::new();
    };
    let fitting = model.life_cycle.states.iter();
    let fitting = fitting.filter(|state| state.phase == change.phase);
    let (mut first, others): (Vec<_>, Vec<_>) = fitting
        .map(|state| AdoptionState {
            id: state.id.clone(),
            name: state.name.clone(),
        })
        .partition(|state| state.id == change.state);
    first.extend(others);
    first
}

fn voided(events: &[Event]) -> Vec<RuleId> {
    let rules = events.iter().filter_map(|event| {
        if let Event::Voided { rules, .. } = event {
            Some(rules.clone())
        } else {
            None
        }
    });
    rules.flatten().collect()
}

fn left_out(events: &[Event]) -> Vec<FieldId> {
    let fields = events.iter().filter_map(|event| {
        if let Event::PolicyAdopted { left_out, .. } = event {
            Some(left_out.clone())
        } else {
            None
        }
    });
    fields.flatten().collect()
}

/// What the policy would find wrong with what stays of the content.
fn findings(policy: &Policy, record: &Record, facts: &Facts, left_out: &[FieldId]) -> Vec<Finding> {
    let Some(change) = &record.change else {
        return Vec::new();
    };
    let Some(model) = policy.model(change.model.as_str()) else {
        return Vec::new();
    };
    let mut content: Content = change.fields.clone();
    content.retain(|field, _| !left_out.contains(field));
    let subject = Subject {
        rules: Rules::CURRENT,
        policy,
        model,
        content: &content,
        phase: change.phase,
        facts,
        acts: &change.acts,
        change: Some(change),
    };
    evaluate(&subject).findings
}
