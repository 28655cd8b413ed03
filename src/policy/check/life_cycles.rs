//! Life cycles: every state reachable, an end from every state, the ways that the safety rules take.

use std::collections::BTreeSet;

use super::{Checker, PolicyCode};
use crate::id::StateId;
use crate::policy::{Authorization, ChangeModel, LifeCycle, Phase, State, Transition, Trigger};

pub(super) fn check(checker: &mut Checker<'_>) {
    for (position, model) in checker.policy.models.iter().enumerate() {
        let at = format!("/models/{position}/lifeCycle");
        if names_hold(checker, &at, &model.life_cycle) {
            matrix(checker, &at, &model.life_cycle);
            reach(checker, &at, &model.life_cycle);
            start(checker, &at, model);
            safety_ways(checker, &at, model);
            evaluated_ways(checker, &at, &model.life_cycle);
        }
        needs(checker, &at, &model.life_cycle);
    }
}

fn phase_of(life_cycle: &LifeCycle, id: &StateId) -> Option<Phase> {
    life_cycle
        .states
        .iter()
        .find(|state| state.id == *id)
        .map(|state| state.phase)
}

fn names_hold(checker: &mut Checker<'_>, at: &str, life_cycle: &LifeCycle) -> bool {
    let before = checker.findings.len();
    known_state(
        checker,
        life_cycle,
        &life_cycle.start,
        &format!("{at}/start"),
    );
    let mut states = BTreeSet::new();
    for (position, state) in life_cycle.states.iter().enumerate() {
        if !states.insert(&state.id) {
            checker.stop(
                PolicyCode::NameTwice,
                format!("{at}/states/{position}/id"),
                format!("`{}` is declared twice, give one another id", state.id),
            );
        }
        if state.phase == Phase::Draft {
            checker.stop(
                PolicyCode::Start,
                format!("{at}/states/{position}/phase"),
                "a draft is no record and has no state",
            );
        }
    }
    let mut ways = BTreeSet::new();
    for (position, way) in life_cycle.transitions.iter().enumerate() {
        let at = format!("{at}/transitions/{position}");
        known_state(checker, life_cycle, &way.from, &format!("{at}/from"));
        known_state(checker, life_cycle, &way.to, &format!("{at}/to"));
        if !ways.insert(&way.id) {
            checker.stop(
                PolicyCode::NameTwice,
                format!("{at}/id"),
                format!("`{}` is declared twice, give one another id", way.id),
            );
        }
        if way.on.is_none() && way.by.is_empty() {
            checker.stop(
                PolicyCode::NobodyMay,
                format!("{at}/by"),
                "nobody may take this way, name the roles that may",
            );
        }
    }
    checker.findings.len() == before
}

fn known_state(checker: &mut Checker<'_>, life_cycle: &LifeCycle, id: &StateId, at: &str) {
    if phase_of(life_cycle, id).is_none() {
        checker.stop(
            PolicyCode::UnknownName,
            at,
            format!("no state `{id}`, declare it under states or correct the name"),
        );
    }
}

fn matrix(checker: &mut Checker<'_>, at: &str, life_cycle: &LifeCycle) {
    for (position, way) in life_cycle.transitions.iter().enumerate() {
        let phases = phase_of(life_cycle, &way.from).zip(phase_of(life_cycle, &way.to));
        let allowed = phases.is_some_and(|(from, to)| match way.on {
            Some(Trigger::Completed) => Trigger::Completed.may_lead_to(to) && !from.is_terminal(),
            Some(trigger) => trigger.may_lead_to(to) && from.may_lead_to(to),
            None => from.may_lead_to(to),
        });
        if !allowed {
            let message = format!(
                "no change goes from phase {:?} to {:?} this way",
                phases.map(|(from, _)| from),
                phases.map(|(_, to)| to)
            );
            checker.stop(
                PolicyCode::OutsideMatrix,
                format!("{at}/transitions/{position}"),
                message,
            );
        }
    }
}

/// The states to which ways lead on, from those given.
fn closure<'a>(
    life_cycle: &'a LifeCycle,
    start: BTreeSet<&'a StateId>,
    step: impl Fn(&'a Transition, &BTreeSet<&'a StateId>) -> Option<&'a StateId>,
) -> BTreeSet<&'a StateId> {
    let mut reached = start;
    loop {
        let more: Vec<_> = life_cycle
            .transitions
            .iter()
            .filter_map(|way| step(way, &reached))
            .filter(|id| !reached.contains(id))
            .collect();
        if more.is_empty() {
            return reached;
        }
        reached.extend(more);
    }
}

fn reach(checker: &mut Checker<'_>, at: &str, life_cycle: &LifeCycle) {
    let reviews = life_cycle
        .states
        .iter()
        .find(|state| state.phase == Phase::Review)
        .map(|state| &state.id);
    // Work that was done is recorded from anywhere, so the first state of review is always reached.
    let start = std::iter::once(&life_cycle.start).chain(reviews).collect();
    let forward = closure(life_cycle, start, |way, reached| {
        reached.contains(&way.from).then_some(&way.to)
    });
    let ends = life_cycle
        .states
        .iter()
        .filter(|state| state.phase.is_terminal())
        .map(|state| &state.id)
        .collect();
    let back = closure(life_cycle, ends, |way, reached| {
        reached.contains(&way.to).then_some(&way.from)
    });
    for (position, State { id, .. }) in life_cycle.states.iter().enumerate() {
        let at = format!("{at}/states/{position}");
        if !forward.contains(id) {
            checker.stop(
                PolicyCode::Unreachable,
                at.clone(),
                format!("no change ever reaches `{id}`, add a way to it or remove it"),
            );
        }
        if !back.contains(id) {
            checker.stop(
                PolicyCode::DeadEnd,
                at,
                format!("from `{id}` no change comes to an end, add a way on"),
            );
        }
    }
}

fn start(checker: &mut Checker<'_>, at: &str, model: &ChangeModel) {
    let Some(phase) = phase_of(&model.life_cycle, &model.life_cycle.start) else {
        return;
    };
    let carried = match model.authorization {
        Authorization::Rules {} => matches!(phase, Phase::Assess | Phase::Authorize),
        Authorization::PreApproved { .. } => {
            matches!(phase, Phase::Assess | Phase::Authorize | Phase::Scheduled)
        }
        Authorization::Afterwards { .. } => matches!(
            phase,
            Phase::Assess | Phase::Authorize | Phase::Scheduled | Phase::Implement | Phase::Review
        ),
    };
    if !carried {
        checker.stop(
            PolicyCode::Start,
            format!("{at}/start"),
            "a submission cannot enter this phase, its authorization does not carry it there",
        );
    }
}

/// The ways that are taken without a person: without them a change would stand where it may not.
fn safety_ways(checker: &mut Checker<'_>, at: &str, model: &ChangeModel) {
    let life_cycle = &model.life_cycle;
    if life_cycle
        .states
        .iter()
        .all(|state| state.phase != Phase::Review)
    {
        checker.stop(
            PolicyCode::MissingWay,
            format!("{at}/states"),
            "no state of phase `review`, in which work that was done is recorded",
        );
    }
    if !matches!(model.authorization, Authorization::Rules {}) {
        return;
    }
    for (position, state) in life_cycle.states.iter().enumerate() {
        let wanted: &[Trigger] = match state.phase {
            Phase::Authorize => &[Trigger::Authorized, Trigger::Declined],
            Phase::Scheduled => &[Trigger::Voided],
            Phase::Draft
            | Phase::Assess
            | Phase::Implement
            | Phase::Review
            | Phase::Closed
            | Phase::Rejected
            | Phase::Canceled => &[],
        };
        for trigger in wanted {
            let has = life_cycle
                .transitions
                .iter()
                .any(|way| way.from == state.id && way.on == Some(*trigger));
            if !has {
                let message = format!("`{}` has no way on `{}`, add one", state.id, name(*trigger));
                checker.stop(
                    PolicyCode::MissingWay,
                    format!("{at}/states/{position}"),
                    message,
                );
            }
        }
    }
}

/// Ways on an evaluation: the first whose guard holds is taken. One without a guard is the last, and where each has one, a
/// person can lead on where none holds. A change is evaluated in a state of `assess`, by somebody.
fn evaluated_ways(checker: &mut Checker<'_>, at: &str, life_cycle: &LifeCycle) {
    let ways = life_cycle.transitions.iter().enumerate();
    let ways: Vec<_> = ways
        .filter(|(_, way)| way.on == Some(Trigger::Evaluated))
        .collect();
    for (position, way) in &ways {
        let at = format!("{at}/transitions/{position}");
        let mut later = ways
            .iter()
            .filter(|(other, later)| other > position && later.from == way.from);
        if way.guard.is_none() && later.next().is_some() {
            let message = "no way after this one is ever taken, give it a guard or put it last";
            checker.stop(PolicyCode::EvaluatedWays, at.clone(), message);
        }
        if phase_of(life_cycle, &way.from) != Some(Phase::Assess) {
            let message = "a change is evaluated only in phase `assess`, start this way there";
            checker.stop(PolicyCode::EvaluatedWays, format!("{at}/from"), message);
        }
    }
    if !ways.is_empty() && checker.policy.may.evaluate.is_empty() {
        let message = "nobody may evaluate, so that nothing sets these ways off; name the roles";
        checker.stop(PolicyCode::NobodyMay, "/may/evaluate", message);
    }
    open_ends(checker, at, life_cycle, &ways);
}

fn open_ends(
    checker: &mut Checker<'_>,
    at: &str,
    life_cycle: &LifeCycle,
    ways: &[(usize, &Transition)],
) {
    for (position, state) in life_cycle.states.iter().enumerate() {
        let mut from_here = ways
            .iter()
            .filter(|(_, way)| way.from == state.id)
            .peekable();
        let is_judged = from_here.peek().is_some();
        let always = from_here.any(|(_, way)| way.guard.is_none());
        let leads_on = |way: &&Transition| {
            let to = phase_of(life_cycle, &way.to);
            way.from == state.id
                && way.on.is_none()
                && !matches!(to, Some(Phase::Rejected | Phase::Canceled))
        };
        let by_hand = life_cycle.transitions.iter().any(|way| leads_on(&way));
        if is_judged && !always && !by_hand {
            let message = format!(
                "from `{}` nothing leads on where no guard holds, leave the last guard out or add a way by hand",
                state.id
            );
            checker.stop(
                PolicyCode::EvaluatedWays,
                format!("{at}/states/{position}"),
                message,
            );
        }
    }
}

const fn name(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::Authorized => "authorized",
        Trigger::Declined => "declined",
        Trigger::Voided => "voided",
        Trigger::Completed => "completed",
        Trigger::Evaluated => "evaluated",
    }
}

fn needs(checker: &mut Checker<'_>, at: &str, life_cycle: &LifeCycle) {
    for (position, way) in life_cycle.transitions.iter().enumerate() {
        for (index, field) in way.needs.iter().enumerate() {
            checker.known_field(
                field.as_str(),
                &format!("{at}/transitions/{position}/needs/{index}"),
            );
        }
    }
}
