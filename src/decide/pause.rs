//! Letting everything rest, and going on.
//!
//! On hold, approvals are suspended and come back: votes that were given stay, and none is taken. What was done, what is
//! said, and the way out are never held up.

use crate::command::{Command, CommandKind};
use crate::event::Event;
use crate::non_empty::NonEmpty;
use crate::policy::Phase;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::value::Words;

use super::life_cycle::interruption;
use super::{Case, Decision, unless};

impl Case<'_> {
    /// Lets everything rest.
    pub(super) fn hold(&self, reason: &Words) -> Decision {
        let mut refusals: Vec<Refusal> = self.may_hold().into_iter().collect();
        if !self.can_rest() {
            refusals.push(self.not_in_phase(CommandKind::Hold));
        }
        if reason.is_blank() {
            refusals.push(Refusal::ReasonMissing {});
        }
        let held = || Event::Held {
            by: self.by.person.clone(),
            at: self.by.now,
            reason: reason.clone(),
        };
        unless(refusals, || NonEmpty::one(held()))
    }

    /// Goes on where it was put on hold.
    pub(super) fn resume(&self, note: Option<&Words>) -> Decision {
        let mut refusals: Vec<Refusal> = self.may_resume().into_iter().collect();
        if self.change.hold.is_none() {
            refusals.push(Refusal::NotOnHold {});
        }
        // Work that goes on again is work that starts again.
        if self.change.phase == Phase::Implement && self.by.rules.since(Rules::V3) {
            refusals.extend(interruption(&self.by));
        }
        let resumed = || Event::Resumed {
            by: self.by.person.clone(),
            at: self.by.now,
            note: note.cloned(),
        };
        unless(refusals, || NonEmpty::one(resumed()))
    }

    /// Whoever asked may let it rest too: it is their change that waits.
    fn may_hold(&self) -> Option<Refusal> {
        if *self.by.person == self.change.requester {
            None
        } else {
            self.by.lacks(&self.by.policy.may.hold)
        }
    }

    /// What others let rest, whoever asked for the change does not set going again.
    fn may_resume(&self) -> Option<Refusal> {
        let held = self.change.hold.as_ref();
        if held.is_none_or(|held| held.by == *self.by.person) {
            return self.may_hold();
        }
        let lacks = self.by.lacks(&self.by.policy.may.hold);
        lacks.or_else(|| self.given_by_party())
    }

    const fn can_rest(&self) -> bool {
        matches!(
            self.change.phase,
            Phase::Assess | Phase::Authorize | Phase::Scheduled | Phase::Implement
        )
    }

    /// On hold nothing goes on, but the way out, the truth about work, and what is said.
    pub(super) fn rests(&self, command: &Command) -> Option<Refusal> {
        self.change.hold.as_ref()?;
        let goes_on = match command {
            Command::Resume { .. }
            | Command::Comment { .. }
            | Command::Announce { .. }
            | Command::Answer { .. }
            | Command::Attach { .. }
            | Command::Complete { .. }
            | Command::HandOn { .. }
            | Command::RecordIncident { .. }
            | Command::Erase { .. } => true,
            Command::Move { transition, .. } => self.leads_to(transition) == Some(Phase::Canceled),
            Command::Submit { .. }
            | Command::Edit { .. }
            | Command::Evaluate { .. }
            | Command::Ask { .. }
            | Command::Approve { .. }
            | Command::Defer { .. }
            | Command::Fulfill { .. }
            | Command::Decline { .. }
            | Command::Assign { .. }
            | Command::Hold { .. }
            | Command::Task { .. }
            | Command::Check { .. }
            | Command::Relate { .. }
            | Command::Unrelate { .. }
            | Command::Retract { .. }
            | Command::Waive { .. }
            | Command::ReviewWaiver { .. }
            | Command::ReviewIncident { .. }
            | Command::Extend { .. }
            | Command::DecideExtension { .. }
            | Command::Observe { .. }
            | Command::EndObservation { .. }
            | Command::AdoptPolicy { .. }
            | Command::Remind { .. }
            | Command::Escalate { .. }
            | Command::Template { .. }
            | Command::Policy { .. }
            | Command::Meeting { .. }
            | Command::Review { .. } => false,
        };
        (!goes_on).then_some(Refusal::OnHold {})
    }
}
