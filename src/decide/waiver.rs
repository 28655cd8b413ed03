//! Waiving a duty of the policy for one person and a time, and looking back at that.
//!
//! Only duties that a policy adds can be waived: the core's minimum has no name to waive it by.

use crate::change::Waiver;
use crate::command::{Command, CommandKind};
use crate::event::Event;
use crate::id::{PersonId, RuleId};
use crate::non_empty::NonEmpty;
use crate::policy::Phase;
use crate::refusal::Refusal;
use crate::time::Instant;
use crate::value::Words;

use super::evidence::nth;
use super::{Case, Decision, unless};

/// The longest time for which a duty is waived: thirty days.
const LONGEST_MIN: u32 = 30 * 24 * 60;

impl Case<'_> {
    /// Waives a duty, or looks back at a waiver.
    pub(super) fn waiver(&self, command: &Command) -> Decision {
        if let Command::ReviewWaiver { waiver, text } = command {
            return self.review_waiver(*waiver, text);
        }
        let Command::Waive {
            duty,
            person,
            until,
            reason,
        } = command
        else {
            return self.not_yet(command.kind());
        };
        let may = self.may_waive().or_else(|| self.given_by_party());
        let mut refusals: Vec<Refusal> = may.into_iter().collect();
        refusals.extend(self.waiver_amiss(duty, person, *until));
        if reason.is_blank() {
            refusals.push(Refusal::ReasonMissing {});
        }
        let waived = || Event::Waived {
            by: self.by.person.clone(),
            at: self.by.now,
            duty: duty.clone(),
            person: person.clone(),
            until: *until,
            reason: reason.clone(),
        };
        unless(refusals, || NonEmpty::one(waived()))
    }

    fn may_waive(&self) -> Option<Refusal> {
        self.by.lacks(&self.by.policy.may.waive)
    }

    fn waiver_amiss(&self, duty: &RuleId, person: &PersonId, until: Instant) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        if !self.by.policy.duties.iter().any(|known| known.id == *duty) {
            refusals.push(Refusal::WaiverUnknownDuty { duty: duty.clone() });
        }
        if person == self.by.person {
            refusals.push(Refusal::WaiverOwn {});
        }
        if self.by.facts.missing_people.contains(person) {
            refusals.push(Refusal::UnknownPerson {
                person: person.clone(),
            });
        }
        let most = self.by.now.plus_minutes(LONGEST_MIN);
        if until <= self.by.now || most < until {
            refusals.push(Refusal::WaiverPeriod { most });
        }
        refusals
    }

    /// Looked back at by somebody who neither gave it nor had it, once its time or the work is over.
    fn review_waiver(&self, number: u32, text: &Words) -> Decision {
        let Some(waiver) = nth(&self.change.waivers, number) else {
            return Err(NonEmpty::one(Refusal::WaiverUnknown { waiver: number }));
        };
        let mut refusals: Vec<Refusal> = self.may_waive().into_iter().collect();
        if waiver.person == *self.by.person || waiver.given.by == *self.by.person {
            refusals.push(Refusal::WaiverOwn {});
        }
        if self.change.phase != Phase::Review && self.by.now < waiver.until {
            refusals.push(self.not_in_phase(CommandKind::ReviewWaiver));
        }
        if waiver.review.is_some() {
            refusals.push(Refusal::WaiverReviewedAlready { waiver: number });
        }
        if text.is_blank() {
            refusals.push(Refusal::TextMissing {});
        }
        let reviewed = || Event::WaiverReviewed {
            by: self.by.person.clone(),
            at: self.by.now,
            waiver: number,
            text: text.clone(),
        };
        unless(refusals, || NonEmpty::one(reviewed()))
    }

    /// Whether a duty of the policy is waived for a person at this moment. Once it was looked back at, it is over.
    pub(super) fn is_waived(&self, duty: &RuleId, person: &PersonId) -> bool {
        let holds = |waiver: &Waiver| {
            let stands = waiver.review.is_none() && self.by.now < waiver.until;
            stands && waiver.duty == *duty && waiver.person == *person
        };
        self.change.waivers.iter().any(holds)
    }

    /// The waivers that nobody has looked back at.
    pub(super) fn open_waivers(&self) -> Vec<u32> {
        let numbered = (1_u32..).zip(&self.change.waivers);
        numbered
            .filter(|(_, waiver)| waiver.review.is_none())
            .map(|(number, _)| number)
            .collect()
    }
}
