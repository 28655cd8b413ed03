//! Taking the ways of the life cycle.

use crate::change::evolve;
use crate::command::CommandKind;
use crate::evaluate::{Evaluation, Scene, Subject};
use crate::event::{Event, Moot};
use crate::facts::{Conflict, Conflicts};
use crate::id::{RoleId, StateId, TransitionId};
use crate::non_empty::NonEmpty;
use crate::policy::{
    Act, Authorization, Condition, FactName, Gate, Meaning, Phase, State, Transition, Trigger,
};
use crate::refusal::Refusal;
use crate::review::{is_reviewed, review_reasons};
use crate::rules::Rules;
use crate::time::Instant;
use crate::value::{Value, Words};

use super::{By, Case, Decision, stopping, unless};

impl<'a> Case<'a> {
    /// Takes a transition by a person's hand.
    pub(super) fn take(&self, id: &TransitionId, reason: Option<&Words>) -> Decision {
        let Some((transition, to)) = self.way(id) else {
            return Err(NonEmpty::one(Refusal::NotInState {
                transition: id.clone(),
                state: self.change.state.clone(),
            }));
        };
        let standing = self.standing_in(to.phase);
        let act = act_of(transition, to.phase, self.change.phase);
        let mut refusals: Vec<Refusal> = self.may_take(transition, &standing).into_iter().collect();
        refusals.extend(self.automatic(transition, &standing));
        refusals.extend(self.guard(transition, &standing));
        refusals.extend(self.needs(transition, &standing));
        refusals.extend(missing_reason(transition, to.phase, reason));
        if to.phase != Phase::Canceled && to.phase != Phase::Rejected {
            refusals.extend(self.nobody_accountable());
        }
        refusals.extend(
            act.into_iter()
                .flat_map(|act| self.duty(act, None, &standing)),
        );
        refusals.extend(self.enter(to.phase, &standing));
        unless(refusals, || {
            self.taken(transition, to, act, reason, &standing)
        })
    }

    /// Where every yes is there and nobody is left to set off what follows, since a gate was shut then or the last who was
    /// asked has gone, those who evaluate or prepare changes take it on.
    fn may_take(&self, transition: &Transition, standing: &Evaluation<'_>) -> Option<Refusal> {
        let may = &self.by.policy.may;
        let by_itself = transition.on == Some(Trigger::Authorized) && transition.by.is_empty();
        if by_itself && self.not_authorized(standing).is_none() {
            self.by
                .lacks(&[may.evaluate.as_slice(), may.edit.as_slice()].concat())
        } else {
            self.by.lacks(&transition.by)
        }
    }

    fn taken(
        &self,
        transition: &Transition,
        to: &State,
        act: Option<Act>,
        reason: Option<&Words>,
        standing: &Evaluation<'_>,
    ) -> NonEmpty<Event> {
        let moved = Event::Moved {
            transition: Some(transition.id.clone()),
            from: Some(self.change.state.clone()),
            to: to.id.clone(),
            phase: to.phase,
            by: Some(self.by.person.clone()),
            act,
            at: self.by.now,
            reason: reason.cloned(),
        };
        let reopened = self.change.phase == Phase::Rejected && !to.phase.is_terminal();
        let votes = if reopened {
            self.standing_votes()
        } else {
            Vec::new()
        };
        let voided = (!votes.is_empty()).then_some(Event::Voided {
            at: self.by.now,
            rules: votes,
        });
        let before = if to.phase < Phase::Review {
            self.reassessed(standing)
        } else {
            None
        };
        let onward = if voided.is_some() {
            Vec::new()
        } else {
            let is_by_hand = transition.on == Some(Trigger::Authorized);
            self.onward(is_by_hand, &moved, standing)
        };
        let moot = matches!(to.phase, Phase::Canceled | Phase::Rejected)
            .then(|| self.withdrawn(Moot::Ended, None))
            .flatten();
        let rest = before.into_iter().chain(voided).chain(moot).chain(onward);
        NonEmpty::starting(moved, rest)
    }

    /// What follows a move where every yes is there already and no vote is left to set it off.
    fn onward(&self, is_by_hand: bool, moved: &Event, standing: &Evaluation<'_>) -> Vec<Event> {
        let waits = matches!(moved, Event::Moved { phase, .. } if waits(self.change.phase, *phase));
        if !(is_by_hand || waits) || self.not_authorized(standing).is_some() {
            return Vec::new();
        }
        let Some(change) = evolve(&self.change.id, Some(self.change.clone()), moved) else {
            return Vec::new();
        };
        let authorized = change.authorized.is_none().then(|| Event::Authorized {
            at: self.by.now,
            content_hash: change.content_hash,
            level: standing.risk.level.clone(),
            template: None,
        });
        let case = Case {
            change: &change,
            ..*self
        };
        let next = (change.phase == Phase::Authorize)
            .then(|| case.set_off(Trigger::Authorized))
            .flatten();
        authorized.into_iter().chain(next).collect()
    }

    /// The transition of that id that leads on from here, and where to.
    fn way(&self, id: &TransitionId) -> Option<(&'a Transition, &'a State)> {
        let here = self
            .model
            .life_cycle
            .transitions
            .iter()
            .filter(|transition| transition.from == self.change.state);
        let transition = here.into_iter().find(|transition| transition.id == *id)?;
        let to = self
            .state(&transition.to)
            .filter(|to| self.change.phase.may_lead_to(to.phase))?;
        Some((transition, to))
    }

    /// The phase that a way from here leads to.
    pub(super) fn leads_to(&self, id: &TransitionId) -> Option<Phase> {
        self.way(id).map(|(_, to)| to.phase)
    }

    pub(super) fn state(&self, id: &StateId) -> Option<&'a State> {
        self.model
            .life_cycle
            .states
            .iter()
            .find(|state| state.id == *id)
    }

    /// A way that something else sets off is open to a hand only where that has happened and the way was shut then, or
    /// where it will not happen any more: nobody votes once every yes is there.
    fn automatic(&self, transition: &Transition, standing: &Evaluation<'_>) -> Option<Refusal> {
        let trigger = transition.on?;
        let stuck = trigger == Trigger::Authorized
            && (self.change.authorized.is_some() || self.not_authorized(standing).is_none());
        (!stuck).then(|| Refusal::Automatic {
            transition: transition.id.clone(),
        })
    }

    /// Whether a condition holds as things stand, or cannot be told.
    pub(super) fn judged(&self, standing: &Evaluation<'_>, condition: &Condition) -> Option<bool> {
        let subject = self.subject(&self.change.fields, self.change.phase);
        judge(&subject, self.by.roles, standing, condition)
    }

    fn guard(&self, transition: &Transition, standing: &Evaluation<'_>) -> Option<Refusal> {
        let guard = transition.guard.as_ref()?;
        let subject = self.subject(&self.change.fields, self.change.phase);
        let holds = judge(&subject, self.by.roles, standing, guard) == Some(true);
        (!holds).then(|| Refusal::Guard {
            transition: transition.id.clone(),
        })
    }

    fn needs(&self, transition: &Transition, standing: &Evaluation<'_>) -> Vec<Refusal> {
        let subject = self.subject(&self.change.fields, self.change.phase);
        let fills = |value: &Value| subject.erasures().fills(value);
        let filled = |field| self.change.fields.get(field).is_some_and(fills);
        let empty = transition
            .needs
            .iter()
            .filter(|field| !filled(*field) && !standing.unasked.holds(field));
        empty
            .map(|field| Refusal::Needed {
                field: field.clone(),
            })
            .collect()
    }

    /// What the safety rules and gates ask of whoever enters a phase.
    fn enter(&self, phase: Phase, standing: &Evaluation<'_>) -> Vec<Refusal> {
        let mut refusals = self.gates(phase, standing);
        if phase != self.change.phase {
            refusals.extend(self.not_go(phase));
        }
        match phase {
            Phase::Draft | Phase::Assess | Phase::Rejected | Phase::Canceled => {}
            Phase::Authorize => {
                refusals.extend(stopping(&standing.findings));
                refusals.extend(self.unjudged());
            }
            Phase::Scheduled => {
                refusals.extend(stopping(&standing.findings));
                refusals.extend(self.unjudged());
                refusals.extend(self.not_schedulable(standing));
            }
            // Steps within the work do not start it again: its window may be over, and was extended or will be told.
            Phase::Implement if self.change.phase == Phase::Implement => {}
            Phase::Implement => refusals.extend(self.enter_implement(standing)),
            Phase::Review => refusals.extend(self.outcome_missing()),
            Phase::Closed => refusals.extend(self.enter_closed(standing)),
        }
        refusals
    }

    fn gates(&self, phase: Phase, standing: &Evaluation<'_>) -> Vec<Refusal> {
        if phase == self.change.phase {
            return Vec::new();
        }
        let subject = self.subject(&self.change.fields, phase);
        shut_gates(&subject, self.by.roles, standing)
    }

    /// Nothing is carried out before every approval is there, outside its window, or in a freeze.
    fn enter_implement(&self, standing: &Evaluation<'_>) -> Vec<Refusal> {
        let mut refusals: Vec<_> = stopping(&standing.findings).collect();
        if !matches!(self.model.authorization, Authorization::Afterwards { .. }) {
            refusals.extend(self.not_authorized(standing));
        }
        refusals.extend(self.window_shut());
        refusals.extend(self.collision());
        refusals.extend(self.blocked());
        refusals.extend(self.refused_tasks());
        refusals.extend(self.open_conditions());
        refusals
    }

    pub(super) fn planned(&self, meaning: Meaning) -> Option<Instant> {
        let field = self.by.policy.meaning(meaning)?;
        self.change.fields.get(&field.id)?.as_text()?.parse().ok()
    }

    fn window_shut(&self) -> Option<Refusal> {
        let opens = self
            .planned(Meaning::WindowStart)
            .filter(|opens| self.by.now < *opens);
        let closed = self
            .planned(Meaning::WindowEnd)
            .filter(|closed| *closed <= self.by.now);
        let not_open = opens.map(|opens| Refusal::WindowNotOpen { opens });
        not_open.or_else(|| closed.map(|closed| Refusal::WindowPassed { closed }))
    }

    /// What keeps the work from starting. By rules before version 3 only a window that is planned with both its ends.
    fn collision(&self) -> Option<Refusal> {
        if self.by.rules.since(Rules::V3) {
            return collision(&self.by);
        }
        let Some(conflicts) = &self.by.facts.conflicts else {
            let planned = self
                .planned(Meaning::WindowStart)
                .and(self.planned(Meaning::WindowEnd));
            let never = self.by.never_knows(FactName::Conflicts);
            return (planned.is_some() && !never).then_some(Refusal::ConflictsUnknown {});
        };
        conflicts.stop().map(stopped)
    }

    fn outcome_missing(&self) -> Option<Refusal> {
        self.change
            .completed
            .is_none()
            .then_some(Refusal::OutcomeMissing {})
    }

    /// Nothing closes without an outcome, and what went wrong or was out of order not without its review.
    fn enter_closed(&self, standing: &Evaluation<'_>) -> Vec<Refusal> {
        if self.change.completed.is_none() {
            return vec![Refusal::OutcomeMissing {}];
        }
        let reasons = review_reasons(self.by.policy, self.change, self.by.facts);
        let review = !reasons.is_empty() && !is_reviewed(self.by.rules, self.change);
        let mut refusals: Vec<_> = review
            .then_some(Refusal::ReviewMissing {})
            .into_iter()
            .collect();
        refusals.extend(self.left_unanswered());
        refusals.extend(self.still_observed());
        refusals.extend(self.open_tasks());
        let waivers = self.open_waivers();
        refusals.extend((!waivers.is_empty()).then_some(Refusal::WaiverNotReviewed { waivers }));
        // A ratification may have conditions too, and work may have been done without being started here.
        refusals.extend(self.open_conditions());
        refusals.extend(self.unratified(standing));
        refusals
    }

    /// What started before its approval is ratified, or recorded as unauthorized, before it closes. Where no rule asks for a
    /// yes any more, nobody could have given it: that is no ratification.
    fn unratified(&self, standing: &Evaluation<'_>) -> Option<Refusal> {
        let afterwards = matches!(self.model.authorization, Authorization::Afterwards { .. });
        if !afterwards || self.change.unauthorized {
            return None;
        }
        let rules = self.open_rules(&standing.approvals, &standing.risk.level, None);
        let nobody = standing.approvals.is_empty() && self.change.authorized.is_none();
        let open = !rules.is_empty() || nobody;
        open.then_some(Refusal::RatificationMissing { rules })
    }

    /// The move that something sets off from here, where the life cycle has one and its gates are open. After an evaluation,
    /// the first way whose guard holds.
    pub(super) fn set_off(&self, trigger: Trigger) -> Option<Event> {
        let here = self
            .model
            .life_cycle
            .transitions
            .iter()
            .filter(|transition| transition.from == self.change.state);
        let guarded = (trigger == Trigger::Evaluated).then(|| self.standing());
        let chosen = |transition: &&Transition| {
            let mut standing = guarded.iter();
            standing.all(|standing| self.guard(transition, standing).is_none())
        };
        let transition = here
            .into_iter()
            .filter(|transition| transition.on == Some(trigger))
            .find(chosen)?;
        let to = self
            .state(&transition.to)
            .filter(|to| trigger.may_lead_to(to.phase))?;
        let shut = match trigger {
            Trigger::Authorized | Trigger::Evaluated => {
                self.is_shut(transition, to.phase, &self.standing_in(to.phase))
            }
            Trigger::Declined | Trigger::Voided | Trigger::Completed => false,
        };
        (!shut).then(|| self.moved_by_itself(Some(&transition.id), to))
    }

    /// The same, and what follows where every yes is there already.
    pub(super) fn set_off_and_on(&self, trigger: Trigger) -> Option<Vec<Event>> {
        let moved = self.set_off(trigger)?;
        let onward = self.onward(false, &moved, &self.standing_in(Phase::Authorize));
        Some(std::iter::once(moved).chain(onward).collect())
    }

    fn is_shut(&self, transition: &Transition, phase: Phase, standing: &Evaluation<'_>) -> bool {
        let forward = matches!(phase, Phase::Authorize | Phase::Scheduled);
        !self.gates(phase, standing).is_empty()
            || forward && stopping(&standing.findings).next().is_some()
            || forward && phase != self.change.phase && self.not_go(phase).is_some()
            || phase == Phase::Authorize && !self.unjudged().is_empty()
            || !self.needs(transition, standing).is_empty()
            || self.guard(transition, standing).is_some()
    }

    pub(super) fn moved_by_itself(&self, transition: Option<&TransitionId>, to: &State) -> Event {
        Event::Moved {
            transition: transition.cloned(),
            from: Some(self.change.state.clone()),
            to: to.id.clone(),
            phase: to.phase,
            by: None,
            act: None,
            at: self.by.now,
            reason: None,
        }
    }

    pub(super) fn not_yet(&self, command: CommandKind) -> Decision {
        Err(NonEmpty::one(self.not_in_phase(command)))
    }

    pub(super) fn not_in_phase(&self, command: CommandKind) -> Refusal {
        Refusal::NotInPhase {
            command,
            phase: self.change.phase,
        }
    }
}

/// What keeps work from starting, or from going on for longer: in the window that is planned, and in the time that the command
/// itself uses.
pub(super) fn collision(by: &By<'_>) -> Option<Refusal> {
    let planned = by.facts.conflicts.as_ref();
    let stop = planned.and_then(Conflicts::stop).map(stopped);
    stop.or_else(|| interruption(by))
}

/// What keeps work from being done in the time that the command itself uses; where no window is planned that is the moment. That
/// it could not be told keeps it too, unless this host never can.
pub(super) fn interruption(by: &By<'_>) -> Option<Refusal> {
    let work = by.facts.work.as_ref();
    if let Some(stop) = work.and_then(Conflicts::stop) {
        return Some(stopped(stop));
    }
    // The planned window holds the time of the command, where that was not looked up by itself.
    let mut looked_at = work.or(by.facts.conflicts.as_ref()).into_iter();
    let is_known = looked_at.any(|found| found.only_known.is_none());
    (!is_known && !by.never_knows(FactName::Conflicts)).then_some(Refusal::ConflictsUnknown {})
}

fn stopped(stop: &Conflict) -> Refusal {
    Refusal::WindowConflict {
        kind: stop.kind,
        with: stop.with.clone(),
    }
}

/// Whether a move brings a change to where its approvals are asked for.
fn waits(from: Phase, to: Phase) -> bool {
    to == Phase::Authorize && from != Phase::Authorize
}

/// Whoever starts the work implements it, whatever else the policy calls it.
fn act_of(transition: &Transition, to: Phase, from: Phase) -> Option<Act> {
    let starts = to == Phase::Implement && from != Phase::Implement;
    if starts {
        Some(Act::Implemented)
    } else {
        transition.act
    }
}

/// The gates into the phase of a subject that are shut.
pub(super) fn shut_gates(
    subject: &Subject<'_>,
    roles: &[RoleId],
    standing: &Evaluation<'_>,
) -> Vec<Refusal> {
    let judge = |condition: &Condition| judge(subject, roles, standing, condition);
    let applies = |gate: &Gate| {
        gate.when
            .as_ref()
            .is_none_or(|when| judge(when) != Some(false))
    };
    let gates = subject.policy.gates.iter();
    let shut = gates
        .filter(|gate| gate.into == subject.phase && applies(gate))
        .filter(|gate| judge(&gate.needs) != Some(true));
    shut.map(|gate| Refusal::Gate {
        gate: gate.id.clone(),
    })
    .collect()
}

/// Whether a guard or gate holds, or cannot be told: then a guard does not hold, and a gate is there and shut.
pub(super) fn judge(
    subject: &Subject<'_>,
    roles: &[RoleId],
    standing: &Evaluation<'_>,
    condition: &Condition,
) -> Option<bool> {
    let scene = Scene::of(subject, &standing.unasked)
        .at_level(&standing.risk.level)
        .with_roles(roles);
    scene.holds(condition)
}

fn missing_reason(transition: &Transition, to: Phase, reason: Option<&Words>) -> Option<Refusal> {
    let asked = needs_reason(transition, to);
    (asked && reason.is_none_or(Words::is_blank)).then_some(Refusal::ReasonMissing {})
}

/// Whether a reason must be given. Rejecting and canceling always need one.
pub(crate) fn needs_reason(transition: &Transition, to: Phase) -> bool {
    transition.reason || matches!(to, Phase::Rejected | Phase::Canceled)
}
