//! What a person sees of an open change: the change itself, what may be done next, and what is due.

use serde::Serialize;

use crate::change::{Answer, Change, Seen, Vote};
use crate::decide::{accountable, statements};
use crate::draft::{Content, Draft};
use crate::due::{Due, due};
use crate::evaluate::asks;
use crate::facts::Facts;
use crate::id::{FieldId, PersonId, RuleId, StateId};
use crate::log::{Record, Unjudged};
use crate::map::Map;
use crate::notice::{Notice, notice};
use crate::permit::{Permission, permitted, waits_for};
use crate::policy::{Policy, Stage};
use crate::report::{Desk, of_change};
use crate::review::{ReviewReason, review_reasons};
use crate::statement::Statements;
use crate::time::Instant;
use crate::value::Value;
use crate::waiting::{Waiting, waiting};
use crate::wire::Decode;
use crate::world::{Run, World};

/// A change as a person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reading {
    /// The change with its texts.
    pub change: Change,
    /// Its content as a draft, for editing.
    pub draft: Draft,
    /// Each gesture with yes, or no and every reason.
    pub permissions: Vec<Permission>,
    /// The rules that still ask for a yes, in order of stage.
    pub waits_for: Vec<RuleId>,
    /// What is due, or will be, the earliest first.
    pub due: Vec<Due>,
    /// What it waits for from the reader; left out where it does not wait for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// What everybody may know of it; left out where nobody needs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// What has changed since the content to which the reader last said yes; where they did not, since the last yes of all.
    pub changed_since: Vec<FieldChanged>,
    /// The work that was reported, as templates and other changes count it; left out before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// Who is accountable for each step, as far as somebody is.
    pub accountable: Map<StateId, PersonId>,
    /// What the gestures after the request ask for, beside their own words.
    pub asks: Vec<Asks>,
    /// Why a post-implementation review is needed; empty where it is not.
    pub review_reasons: Vec<ReviewReason>,
    /// What the record says of itself, open or ended.
    pub says: Statements,
    /// The first entry that this core cannot judge, by the version of its rules: what it says is shown and not built upon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unjudged: Option<Unjudged>,
}

/// A field that a gesture after the request asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asks {
    /// By which gesture.
    pub stage: Stage,
    /// Which field.
    pub field: FieldId,
    /// Whether it must be filled.
    pub required: bool,
}

/// A field that holds something else than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldChanged {
    /// Which.
    pub field: FieldId,
    /// What it held; left out, nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it holds; left out, nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Reads a change for a person; none where there is no change yet.
#[must_use]
pub fn read(
    policy: &Policy,
    record: &Record,
    person: &PersonId,
    now: Instant,
    world: &World,
) -> Option<Reading> {
    let change = record.readable()?;
    let desk = Desk {
        policy,
        record,
        person,
        now,
        world,
        number: None,
    };
    let facts = of_change(&desk, &change, &change.fields);
    let steps = policy.model(change.model.as_str()).map(|model| {
        let states = model.life_cycle.states.iter();
        let of_step = states.filter_map(|state| {
            let person = accountable(policy, model, &change, &state.id)?;
            Some((state.id.clone(), person))
        });
        of_step.collect()
    });
    let mut reading = Reading {
        waiting: None,
        notice: notice(policy, &change),
        run: Run::of(policy, &change),
        draft: record.draft()?,
        permissions: permitted(policy, record, person, now, world),
        waits_for: waits_for(policy, record, person, now, world),
        due: due(policy, &change, now),
        changed_since: changed_since(policy, &change, person),
        accountable: steps.unwrap_or_default(),
        asks: later(policy, &change, &facts),
        review_reasons: review_reasons(policy, &change, &facts),
        says: statements(policy, &change, person, now, &facts),
        unjudged: record.unjudged,
        change,
    };
    reading.waiting = waiting(policy, &reading, person, now, world);
    Some(reading)
}

fn later(policy: &Policy, change: &Change, facts: &Facts) -> Vec<Asks> {
    let stages = [Stage::Evaluation, Stage::Completion, Stage::Review];
    let of_stage = |stage: Stage| {
        let asked = asks(policy, change, stage, facts).into_iter();
        asked.map(move |(field, required)| Asks {
            stage,
            field,
            required,
        })
    };
    stages.into_iter().flat_map(of_stage).collect()
}

/// What has changed since the content to which the reader last said yes, or else anybody, in the policy's order of fields.
fn changed_since(policy: &Policy, change: &Change, person: &PersonId) -> Vec<FieldChanged> {
    let Some(seen) = seen_by(change, person).or_else(|| change.seen.last()) else {
        return Vec::new();
    };
    differences(policy, &seen.fields, &change.fields)
}

/// The fields that hold something else, in the policy's order; a field that the policy does not have any more is none of them.
pub(crate) fn differences(policy: &Policy, before: &Content, after: &Content) -> Vec<FieldChanged> {
    let fields = policy.fields.iter().map(|field| &field.id);
    let changed = fields.filter(|field| before.get(*field) != after.get(*field));
    changed
        .map(|field| FieldChanged {
            field: field.clone(),
            before: before.get(field).cloned(),
            after: after.get(field).cloned(),
        })
        .collect()
}

/// The content to which a person, or a delegate of theirs, said yes last.
fn seen_by<'a>(change: &'a Change, person: &PersonId) -> Option<&'a Seen> {
    let own = |vote: &&Vote| {
        vote.answer == Answer::Yes && (vote.by == *person || vote.principal() == person)
    };
    let last = change.votes.iter().rev().find(own)?;
    let mut seen = change.seen.iter();
    seen.find(|seen| seen.content_hash == last.content_hash)
}
