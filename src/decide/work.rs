//! Work that was done, and the look back at it.

use std::collections::BTreeSet;

use crate::change::YesNo;
use crate::command::{Command, CommandKind, Outcome};
use crate::draft::Content;
use crate::evaluate::Evaluation;
use crate::event::{Event, Flag};
use crate::non_empty::NonEmpty;
use crate::policy::{Act, Authorization, Meaning, Phase, State, Trigger};
use crate::refusal::Refusal;
use crate::time::Instant;
use crate::value::Words;

use super::{Case, Decision, unless};

/// What was reported of the work.
struct Work {
    outcome: Outcome,
    started_at: Instant,
    ended_at: Instant,
    downtime_min: u32,
}

/// How far a reporter's clock may be ahead of the host's.
const CLOCK_SKEW_MIN: i64 = 5;
/// How long after its end a report counts as late.
const LATE_MIN: i64 = 24 * 60;

impl<'a> Case<'a> {
    /// Records that work was done. It is never refused for being late, out of its window or unapproved: the truth is
    /// recorded, flagged, and the change enters review.
    pub(super) fn complete(&self, command: &Command) -> Decision {
        let Command::Complete {
            outcome,
            started_at,
            ended_at,
            downtime_min,
            note,
            fields,
        } = command
        else {
            return self.not_yet(command.kind());
        };
        let work = &Work {
            outcome: *outcome,
            started_at: *started_at,
            ended_at: *ended_at,
            downtime_min: *downtime_min,
        };
        let mut refusals: Vec<Refusal> = self.may_report_work().into_iter().collect();
        if self.change.completed.is_some() {
            refusals.push(Refusal::OutcomeRecorded {});
        }
        if work.ended_at < work.started_at {
            refusals.push(Refusal::WorkEndsBeforeStart {});
        }
        if work.ended_at.minutes_since(self.by.now) > CLOCK_SKEW_MIN {
            refusals.push(Refusal::WorkInFuture {});
        }
        unless(refusals, || self.completed(work, note.as_ref(), fields))
    }

    fn may_report_work(&self) -> Option<Refusal> {
        let named = self.names(Meaning::Implementers, self.by.person);
        if named {
            None
        } else {
            self.by.lacks(&self.by.policy.may.complete)
        }
    }

    fn completed(&self, work: &Work, note: Option<&Words>, fields: &Content) -> NonEmpty<Event> {
        let completed = Event::Completed {
            by: self.by.person.clone(),
            at: self.by.now,
            outcome: work.outcome,
            started_at: work.started_at,
            ended_at: work.ended_at,
            downtime_min: work.downtime_min,
            note: note.cloned(),
            flags: self.flags(work),
            fields: fields.clone(),
        };
        NonEmpty::starting(completed, self.onward_to_review())
    }

    fn flags(&self, work: &Work) -> BTreeSet<Flag> {
        let standing = self.standing();
        let afterwards = matches!(self.model.authorization, Authorization::Afterwards { .. });
        let unauthorized = self.was_unauthorized(&standing);
        let early = self
            .planned(Meaning::WindowStart)
            .is_some_and(|opens| work.started_at < opens);
        let overrun = self
            .planned(Meaning::WindowEnd)
            .is_some_and(|closes| closes < work.ended_at);
        let late = self.by.now.minutes_since(work.ended_at) > LATE_MIN;
        let duty = !self.duty(Act::Implemented, None, &standing).is_empty();
        let flags = [
            (Flag::Unauthorized, unauthorized && !afterwards),
            (Flag::Ratified, unauthorized && afterwards),
            (Flag::Early, early),
            (Flag::Overrun, overrun),
            (Flag::ReportedLate, late),
            (Flag::DutyConflict, duty),
        ];
        flags
            .into_iter()
            .filter(|(_, holds)| *holds)
            .map(|(flag, _)| flag)
            .collect()
    }

    /// Work that was started while everything was there stays authorized; else it is judged as things stand.
    fn was_unauthorized(&self, standing: &Evaluation<'_>) -> bool {
        let started_with_all =
            self.change.phase == Phase::Implement && self.change.authorized.is_some();
        let stands = self.change.phase == Phase::Scheduled && self.change.authorized.is_some();
        !(started_with_all || stands && self.not_authorized(standing).is_none())
    }

    fn onward_to_review(&self) -> Option<Event> {
        if self.change.phase == Phase::Review {
            return None;
        }
        self.set_off(Trigger::Completed).or_else(|| {
            let review = |state: &&State| state.phase == Phase::Review;
            let state = self.model.life_cycle.states.iter().find(review)?;
            Some(self.moved_by_itself(None, state))
        })
    }

    /// Records the post-implementation review.
    pub(super) fn review(&self, command: &Command) -> Decision {
        let Command::Review {
            text,
            fields,
            incidents,
        } = command
        else {
            return self.not_yet(command.kind());
        };
        let standing = self.standing();
        let mut refusals: Vec<Refusal> = self
            .by
            .lacks(&self.by.policy.may.review)
            .into_iter()
            .collect();
        if self.change.phase != Phase::Review {
            refusals.push(self.not_in_phase(CommandKind::Review));
        }
        if text.is_blank() {
            refusals.push(Refusal::TextMissing {});
        }
        refusals.extend(self.duty(Act::Reviewed, None, &standing));
        let reviewed = || Event::Reviewed {
            by: self.by.person.clone(),
            at: self.by.now,
            text: text.clone(),
            fields: fields.clone(),
            incidents: incidents.clone(),
        };
        unless(refusals, || NonEmpty::one(reviewed()))
    }

    pub(super) fn extend(&self, _until: Instant, _reason: &Words) -> Decision {
        self.not_yet(CommandKind::Extend)
    }

    pub(super) fn decide_extension(&self, _answer: YesNo, _reason: Option<&Words>) -> Decision {
        self.not_yet(CommandKind::DecideExtension)
    }

    pub(super) fn observation(&self, command: &Command) -> Decision {
        self.not_yet(command.kind())
    }
}
