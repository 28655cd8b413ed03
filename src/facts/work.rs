//! The time that a command uses or tells of. Where there is no window, the moment itself is the window.

use crate::change::{Change, YesNo};
use crate::command::Command;
use crate::draft::Content;
use crate::id::{FieldId, TransitionId};
use crate::policy::{ChangeModel, Meaning, Phase, Policy};
use crate::time::Instant;
use crate::value::Value;
use crate::world::Period;

/// The time for which a command on an open change needs to know whether work may be done; none where it uses no time.
pub(crate) fn uses_time(
    policy: &Policy,
    change: &Change,
    command: &Command,
    now: Instant,
) -> Option<Period> {
    if let Command::Move { transition, .. } = command {
        starts(policy, change, transition).then(|| from_now(policy, &change.fields, now))
    } else if let Command::Resume { .. } = command {
        let works = change.phase == Phase::Implement;
        works.then(|| from_now(policy, &change.fields, now))
    } else if let Command::Complete {
        started_at,
        ended_at,
        ..
    } = command
    {
        Some(period(change.began(*started_at, now), *ended_at))
    } else {
        until(change, command).map(|until| period(now, until))
    }
}

/// The time that a submission uses where it starts the work; none where it does not.
pub(crate) fn starts_by_submission(
    policy: &Policy,
    model: &ChangeModel,
    content: &Content,
    now: Instant,
) -> Option<Period> {
    let mut states = model.life_cycle.states.iter();
    let start = states.find(|state| state.id == model.life_cycle.start)?;
    (start.phase == Phase::Implement).then(|| from_now(policy, content, now))
}

/// The field of the planned end and what a command would put into it: more time is another end of the window.
pub(crate) fn lengthened(
    policy: &Policy,
    change: &Change,
    command: &Command,
) -> Option<(FieldId, Value)> {
    let field = policy.meaning(Meaning::WindowEnd)?;
    let until = until(change, command)?;
    Some((field.id.clone(), Value::Text(until.to_string())))
}

/// Until when a command gives more time, or asks for it.
fn until(change: &Change, command: &Command) -> Option<Instant> {
    if let Command::Extend { until, .. } = command {
        Some(*until)
    } else if let Command::DecideExtension {
        answer: YesNo::Yes, ..
    } = command
    {
        change.extension.as_ref().map(|extension| extension.until)
    } else {
        None
    }
}

/// Whether a way begins the work.
fn starts(policy: &Policy, change: &Change, way: &TransitionId) -> bool {
    let leads_to_work = |model: &ChangeModel| {
        let ways = &model.life_cycle.transitions;
        let mut ways = ways.iter().filter(|known| known.id == *way);
        ways.any(|way| {
            let mut states = model.life_cycle.states.iter();
            states.any(|state| state.id == way.to && state.phase == Phase::Implement)
        })
    };
    let model = policy.model(change.model.as_str());
    change.phase != Phase::Implement && model.is_some_and(leads_to_work)
}

/// What is left of the window; an end that is not given is this moment.
fn from_now(policy: &Policy, content: &Content, now: Instant) -> Period {
    let planned = |meaning: Meaning| -> Option<Instant> {
        let field = policy.meaning(meaning)?;
        content.get(&field.id)?.as_text()?.parse().ok()
    };
    let from = planned(Meaning::WindowStart).map_or(now, |start| start.max(now));
    period(from, planned(Meaning::WindowEnd).unwrap_or(from))
}

/// From one instant to another, and never nothing.
fn period(from: Instant, to: Instant) -> Period {
    let next = Instant::from_millis(from.millis().saturating_add(1));
    Period {
        from,
        to: to.max(next.unwrap_or(Instant::LAST)),
    }
}
