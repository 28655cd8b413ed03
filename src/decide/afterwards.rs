//! What is learned after the work was reported, and after a change has ended.
//!
//! It adds to what is known and reopens nothing: state, content, approvals and what was reported stay as they are.

use crate::command::{Command, CommandKind};
use crate::event::Event;
use crate::non_empty::NonEmpty;
use crate::policy::{Act, Phase};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::time::Instant;
use crate::value::Words;

use super::evidence::nth;
use super::work::CLOCK_SKEW_MIN;
use super::{Case, Decision, unless};

impl Case<'_> {
    /// A terminal phase accepts nothing that changes the past. What is learned later does not, and neither does erasing personal
    /// data: the chain stays.
    ///
    /// # Source
    /// DESIGN, safety rule 5.
    pub(super) fn ended(&self, command: &Command) -> Option<Refusal> {
        let ended = self.change.phase.is_terminal() && !self.adds_to_what_is_known(command);
        ended.then_some(Refusal::Terminal {
            phase: self.change.phase,
        })
    }

    /// Of a closed change an incident with its review, and evidence, which can be taken back where it was brought after the end. What
    /// is only said has nobody left to answer it.
    fn adds_to_what_is_known(&self, command: &Command) -> bool {
        let closed = self.change.phase == Phase::Closed && self.by.rules.since(Rules::V3);
        match command {
            Command::Erase { .. } => true,
            Command::RecordIncident { .. }
            | Command::ReviewIncident { .. }
            | Command::Attach { .. } => closed,
            Command::Retract { evidence, .. } => closed && self.was_brought_later(*evidence),
            Command::Submit { .. }
            | Command::Edit { .. }
            | Command::Comment { .. }
            | Command::Evaluate { .. }
            | Command::Ask { .. }
            | Command::Answer { .. }
            | Command::Approve { .. }
            | Command::Defer { .. }
            | Command::Fulfill { .. }
            | Command::Decline { .. }
            | Command::Move { .. }
            | Command::Assign { .. }
            | Command::Hold { .. }
            | Command::Resume { .. }
            | Command::Task { .. }
            | Command::Check { .. }
            | Command::Relate { .. }
            | Command::Unrelate { .. }
            | Command::Waive { .. }
            | Command::ReviewWaiver { .. }
            | Command::Extend { .. }
            | Command::DecideExtension { .. }
            | Command::Observe { .. }
            | Command::EndObservation { .. }
            | Command::Announce { .. }
            | Command::AdoptPolicy { .. }
            | Command::Remind { .. }
            | Command::Escalate { .. }
            | Command::HandOn { .. }
            | Command::Complete { .. }
            | Command::Review { .. }
            | Command::Template { .. }
            | Command::Policy { .. }
            | Command::Meeting { .. } => false,
        }
    }

    fn was_brought_later(&self, number: u32) -> bool {
        let evidence = nth(&self.change.evidence, number);
        evidence.is_some_and(|evidence| evidence.after_end)
    }

    /// Records an incident that the work caused, or the review of one.
    pub(super) fn learn(&self, command: &Command) -> Decision {
        if let Command::RecordIncident {
            incident,
            noticed_at,
            note,
        } = command
        {
            self.record_incident(incident, *noticed_at, note.as_ref())
        } else if let Command::ReviewIncident { incident, text } = command {
            self.review_incident(*incident, text)
        } else {
            self.not_yet(command.kind())
        }
    }

    /// Recorded by whom the policy names, from the report of the work on, however late.
    fn record_incident(
        &self,
        incident: &Words,
        noticed_at: Instant,
        note: Option<&Words>,
    ) -> Decision {
        let may = self.by.policy.may.incident_recorders();
        let mut refusals: Vec<Refusal> = self.by.lacks(&may).into_iter().collect();
        if !matches!(self.change.phase, Phase::Review | Phase::Closed) {
            refusals.push(self.not_in_phase(CommandKind::RecordIncident));
        } else if self.change.completed.is_none() {
            refusals.push(Refusal::OutcomeMissing {});
        }
        if incident.is_blank() {
            refusals.push(Refusal::TextMissing {});
        }
        if noticed_at.minutes_since(self.by.now) > CLOCK_SKEW_MIN {
            refusals.push(Refusal::IncidentInFuture {});
        }
        let began = self.began().filter(|began| noticed_at < *began);
        refusals.extend(began.map(|began| Refusal::IncidentBeforeWork { began }));
        let recorded = || Event::IncidentRecorded {
            by: self.by.person.clone(),
            at: self.by.now,
            incident: incident.clone(),
            noticed_at,
            note: note.cloned(),
        };
        unless(refusals, || NonEmpty::one(recorded()))
    }

    /// When the work began, as reported or as it was begun here: the earlier.
    fn began(&self) -> Option<Instant> {
        let reported = self.change.completed.as_ref();
        let reported = reported.map(|completed| completed.started_at);
        reported.into_iter().chain(self.change.started_at).min()
    }

    /// Reviewed by who may review, and never by who did the work. Before the end, the review of the change answers for it.
    fn review_incident(&self, number: u32, text: &Words) -> Decision {
        let Some(incident) = nth(&self.change.later_incidents, number) else {
            return Err(NonEmpty::one(Refusal::IncidentUnknown { incident: number }));
        };
        let may = &self.by.policy.may.review;
        let mut refusals: Vec<Refusal> = self.by.lacks(may).into_iter().collect();
        if !incident.after_end {
            refusals.push(self.not_in_phase(CommandKind::ReviewIncident));
        }
        if incident.review.is_some() {
            refusals.push(Refusal::IncidentReviewedAlready { incident: number });
        }
        if text.is_blank() {
            refusals.push(Refusal::TextMissing {});
        }
        refusals.extend(self.duty(Act::Reviewed, None, &self.standing()));
        refusals.extend(self.own_work());
        let reviewed = || Event::IncidentReviewed {
            by: self.by.person.clone(),
            at: self.by.now,
            incident: number,
            text: text.clone(),
        };
        unless(refusals, || NonEmpty::one(reviewed()))
    }

    /// # Source
    /// NIST SP 800-53 AC-5: who did the work does not look back at what it broke.
    fn own_work(&self) -> Option<Refusal> {
        let person = self.by.person;
        let did = self.acts_of(person).contains(&Act::Implemented);
        did.then(|| Refusal::Duty {
            wants: Act::Reviewed,
            did: Act::Implemented,
            person: person.clone(),
            rule: None,
        })
    }
}
