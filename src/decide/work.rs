//! Work that was done, and the look back at it.

use std::collections::BTreeSet;

use crate::change::{Extension, YesNo};
use crate::command::{Command, CommandKind, Outcome};
use crate::draft::Content;
use crate::evaluate::{Evaluation, evaluate};
use crate::event::{Event, Flag, Moot};
use crate::facts::Conflicts;
use crate::finding::{Finding, FindingCode};
use crate::id::FieldId;
use crate::non_empty::NonEmpty;
use crate::policy::{
    Act, Authorization, Meaning, Measure, Observe, Phase, Policy, Stage, State, Trigger,
};
use crate::refusal::Refusal;
use crate::review::ASKED_BEFORE_CLOSING;
use crate::rules::Rules;
use crate::time::Instant;
use crate::value::{Value, Words};
use crate::world::Period;

use super::life_cycle::collision;
use super::{Case, Decision, stopping, unless};

/// What was reported of the work.
struct Work {
    outcome: Outcome,
    started_at: Instant,
    ended_at: Instant,
    downtime_min: u32,
}

/// How far a reporter's clock may be ahead of the host's.
pub(super) const CLOCK_SKEW_MIN: i64 = 5;
/// How long after its end a report counts as late.
const LATE_MIN: i64 = 24 * 60;
/// How far what is told of a time may be from what was recorded without a word: a start is told to the minute, and a report is
/// written when the work is over.
const ORDINARY_MIN: i64 = 30;

/// Whether what is told of a time is so far from what was recorded that it is another time.
fn are_apart(told: Instant, recorded: Instant) -> bool {
    recorded.minutes_since(told).saturating_abs() > ORDINARY_MIN
}

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
        refusals.extend(stopping(&self.unfit(Stage::Completion, fields)));
        unless(refusals, || self.completed(work, note.as_ref(), fields))
    }

    /// What does not fit of the fields that a report fills. One that is missing does not keep the truth from being told; it
    /// is asked for before the change closes.
    fn unfit(&self, stage: Stage, fields: &Content) -> Vec<Finding> {
        let mut findings = self.asked_later(stage, fields);
        findings.retain(|finding| finding.code != FindingCode::Required);
        findings
    }

    /// What is wrong with the fields that a gesture after the request fills.
    pub(super) fn asked_later(&self, stage: Stage, fields: &Content) -> Vec<Finding> {
        let subject = self.subject(&self.change.fields, self.change.phase);
        crate::evaluate::asked_later(&subject, stage, fields)
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
        let afterwards = matches!(self.model.authorization, Authorization::Afterwards { .. });
        let moot = (!afterwards)
            .then(|| self.withdrawn(Moot::Ended, None))
            .flatten();
        NonEmpty::starting(completed, moot.into_iter().chain(self.onward_to_review()))
    }

    fn flags(&self, work: &Work) -> BTreeSet<Flag> {
        let standing = self.standing();
        let afterwards = matches!(self.model.authorization, Authorization::Afterwards { .. });
        let unauthorized = self.was_unauthorized(work, &standing);
        let refused = self.change.unauthorized;
        let span = self.span(work);
        let early = self
            .planned(Meaning::WindowStart)
            .is_some_and(|opens| span.from < opens);
        // What is recorded only once it is done had no planned end that its report could be held against.
        let ended = if self.is_latent() {
            work.ended_at
        } else {
            span.to
        };
        let over = |end: Option<Instant>| end.is_some_and(|closes| closes < ended);
        let planned = self.planned(Meaning::WindowEnd);
        let extended = over(planned) && !over(self.leave());
        let overrun = over(planned) && !extended;
        let duty = !self.duty(Act::Implemented, None, &standing).is_empty();
        let flags = [
            (Flag::Unauthorized, refused || unauthorized && !afterwards),
            (self.awaited_flag(), !refused && unauthorized && afterwards),
            (Flag::Early, early),
            (Flag::Overrun, overrun),
            (Flag::Extended, extended),
            (Flag::Latent, self.is_latent()),
            (Flag::ReportedLate, self.is_late(work)),
            (Flag::DutyConflict, duty),
            (Flag::TimesDiffer, self.times_differ(work)),
            (Flag::InFreeze, self.was_in_freeze()),
        ];
        flags
            .into_iter()
            .filter(|(_, holds)| *holds)
            .map(|(flag, _)| flag)
            .collect()
    }

    /// From when to when the work was done: of what was told and what was recorded the worse, the earlier start and the later
    /// end. What was recorded bounds what is claimed. An end of which is told at once is the one that is told.
    fn span(&self, work: &Work) -> Period {
        let Self { by, change, .. } = self;
        if !by.rules.since(Rules::V3) {
            return Period {
                from: work.started_at,
                to: work.ended_at,
            };
        }
        let recorded = by.now.max(work.ended_at);
        Period {
            from: change.began(work.started_at, by.now),
            to: if are_apart(work.ended_at, by.now) {
                recorded
            } else {
                work.ended_at
            },
        }
    }

    /// Whether what is told of start or end is another time than what was recorded. That the report came more than a day late is
    /// a flag of its own.
    fn times_differ(&self, work: &Work) -> bool {
        let start = self.change.started_at;
        let start = start.is_some_and(|start| are_apart(work.started_at, start));
        let end = are_apart(work.ended_at, self.by.now) && !self.is_late(work);
        self.by.rules.since(Rules::V3) && (start || end)
    }

    fn is_late(&self, work: &Work) -> bool {
        self.by.now.minutes_since(work.ended_at) > LATE_MIN
    }

    fn was_in_freeze(&self) -> bool {
        let stop = self.by.facts.work.as_ref().and_then(Conflicts::stop);
        self.by.rules.since(Rules::V3) && stop.is_some()
    }

    /// Until when the work may last: the planned end, and the time that was granted while there was still some left. Leave that
    /// is given after the end is none.
    fn leave(&self) -> Option<Instant> {
        if !self.by.rules.since(Rules::V3) {
            return self.ends();
        }
        let planned = self.planned(Meaning::WindowEnd)?;
        let began = self.change.started_at;
        let granted = self.change.granted.iter();
        let granted = granted.filter(|granted| began.is_none_or(|began| began <= granted.at));
        let leave = granted.fold(planned, |end, granted| {
            if granted.at <= end {
                end.max(granted.until)
            } else {
                end
            }
        });
        Some(leave)
    }

    /// Work that began before its approval was not ratified by being reported.
    fn awaited_flag(&self) -> Flag {
        if self.by.rules.since(Rules::V3) {
            Flag::AwaitingRatification
        } else {
            Flag::Ratified
        }
    }

    /// When the window ends, with the time that was granted beyond it.
    pub(super) fn ends(&self) -> Option<Instant> {
        let granted = self.change.extension.as_ref();
        let granted = granted.and_then(|extension| extension.granted_until);
        let planned = self.planned(Meaning::WindowEnd);
        planned.map(|planned| granted.map_or(planned, |granted| granted.max(planned)))
    }

    /// Whether it was recorded only after it was done: its life begins where others are looked back at.
    fn is_latent(&self) -> bool {
        let start = self.state(&self.model.life_cycle.start);
        start.is_some_and(|start| start.phase == Phase::Review)
    }

    /// Work that was started while everything was there stays authorized; else it is judged as things stand. What began before
    /// it was authorized was not.
    fn was_unauthorized(&self, work: &Work, standing: &Evaluation<'_>) -> bool {
        let Some(authorized) = &self.change.authorized else {
            return true;
        };
        let started_with_all = self.change.phase == Phase::Implement;
        let stands = self.change.phase == Phase::Scheduled;
        // A start is told to the minute.
        let before = authorized.at.minutes_since(self.span(work).from) >= 1;
        before && self.by.rules.since(Rules::V3)
            || !(started_with_all || stands && self.not_authorized(standing).is_none())
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
        } else if self.change.completed.is_none() {
            // Nothing is looked back at that was not told yet.
            refusals.push(Refusal::OutcomeMissing {});
        }
        if text.is_blank() {
            refusals.push(Refusal::TextMissing {});
        }
        refusals.extend(self.duty(Act::Reviewed, None, &standing));
        refusals.extend(stopping(&self.unfit_review(fields)));
        let reviewed = || Event::Reviewed {
            by: self.by.person.clone(),
            at: self.by.now,
            text: text.clone(),
            fields: fields.clone(),
            incidents: incidents.clone(),
        };
        unless(refusals, || NonEmpty::one(reviewed()))
    }

    /// A review fills the fields of its own, and those that the report of work left out.
    fn unfit_review(&self, fields: &Content) -> Vec<Finding> {
        let is_of = |stage: Stage| {
            move |id: &FieldId, policy: &Policy| {
                policy
                    .field(id.as_str())
                    .is_some_and(|field| field.asked == stage)
            }
        };
        let policy = self.by.policy;
        let (of_completion, of_review): (Vec<_>, Vec<_>) = fields
            .iter()
            .partition(|(id, _)| is_of(Stage::Completion)(id, policy));
        let content = |part: Vec<(&FieldId, &Value)>| -> Content {
            part.into_iter()
                .map(|(id, value)| (id.clone(), value.clone()))
                .collect()
        };
        let mut findings = self.asked_later(Stage::Review, &content(of_review));
        findings.extend(self.asked_later(Stage::Completion, &content(of_completion)));
        findings
    }

    /// Asks for more time while the work runs. Who does the work asks.
    pub(super) fn extend(&self, until: Instant, reason: &Words) -> Decision {
        let mut refusals: Vec<Refusal> = self.may_report_work().into_iter().collect();
        if self.change.phase != Phase::Implement {
            refusals.push(self.not_in_phase(CommandKind::Extend));
        }
        let open = |extension: &Extension| extension.answer.is_none();
        if self.change.extension.as_ref().is_some_and(open) {
            refusals.push(Refusal::ExtensionOpen {});
        }
        let ends = self.ends().unwrap_or(self.by.now).max(self.by.now);
        if self.by.policy.may.extend.is_empty() {
            refusals.push(Refusal::ExtensionNobody {});
        }
        if until <= ends {
            refusals.push(Refusal::ExtensionTooEarly { ends });
        }
        refusals.extend(self.may_not_last(until));
        if reason.is_blank() {
            refusals.push(Refusal::ReasonMissing {});
        }
        let asked = || Event::ExtensionAsked {
            by: self.by.person.clone(),
            at: self.by.now,
            until,
            reason: reason.clone(),
        };
        unless(refusals, || NonEmpty::one(asked()))
    }

    /// Decides on more time. Neither who asked nor who does the work.
    pub(super) fn decide_extension(&self, answer: YesNo, reason: Option<&Words>) -> Decision {
        let asked = self.change.extension.as_ref();
        let Some(extension) = asked.filter(|extension| extension.answer.is_none()) else {
            return Err(NonEmpty::one(Refusal::ExtensionNone {}));
        };
        let mut refusals: Vec<Refusal> = self
            .by
            .lacks(&self.by.policy.may.extend)
            .into_iter()
            .collect();
        if self.change.phase != Phase::Implement {
            refusals.push(self.not_in_phase(CommandKind::DecideExtension));
        }
        let own = extension.asked.by == *self.by.person
            || self.names(Meaning::Implementers, self.by.person)
            || self.did(Act::Implemented)
            || self.given_by_party().is_some();
        if own {
            refusals.push(Refusal::ExtensionOwn {});
        }
        if answer == YesNo::No && reason.is_none_or(Words::is_blank) {
            refusals.push(Refusal::ReasonMissing {});
        }
        if answer == YesNo::Yes {
            refusals.extend(self.may_not_last(extension.until));
        }
        let decided = || Event::ExtensionDecided {
            by: self.by.person.clone(),
            at: self.by.now,
            until: extension.until,
            answer,
            reason: reason.cloned(),
        };
        unless(refusals, || NonEmpty::one(decided()))
    }

    /// Why the window may not end so much later: more time passes every check that a submission with that window would, and what
    /// keeps work from starting keeps it from going on.
    fn may_not_last(&self, until: Instant) -> Vec<Refusal> {
        // Before the work there is no window to make longer, and that is told.
        if !self.by.rules.since(Rules::V3) || self.change.phase != Phase::Implement {
            return Vec::new();
        }
        let mut refusals: Vec<Refusal> = collision(&self.by).into_iter().collect();
        let stands = self.standing();
        let Some(end) = self.by.policy.meaning(Meaning::WindowEnd) else {
            return refusals;
        };
        let mut content = self.change.fields.clone();
        content.insert(end.id.clone(), Value::Text(until.to_string()));
        let longer = evaluate(&self.subject(&content, self.change.phase));
        // The template is judged by facts that know of the longer window already.
        let of_template = |finding: &Finding| finding.code == FindingCode::TemplateNotCovered;
        let is_new =
            |finding: &&Finding| of_template(finding) || !stands.findings.contains(*finding);
        let findings: Vec<_> = longer.findings.iter().filter(is_new).cloned().collect();
        refusals.extend(stopping(&findings));
        refusals
    }

    fn did(&self, act: Act) -> bool {
        let done = (act, self.by.person.clone());
        self.change.acts.contains(&done)
    }

    /// Records how a measure stands, or ends the time of observation early.
    pub(super) fn observation(&self, command: &Command) -> Decision {
        let Some(observe) = self.model.observe.as_ref() else {
            return Err(NonEmpty::one(Refusal::ObservationNone {}));
        };
        let mut refusals = self.may_observe(observe);
        let kind = command.kind();
        let waits = self.change.phase == Phase::Review && self.change.completed.is_some();
        if !waits {
            refusals.push(self.not_in_phase(kind));
        }
        let event = if let Command::Observe {
            measure,
            answer,
            note,
        } = command
        {
            if !observe.measures.iter().any(|known| known.id == *measure) {
                refusals.push(Refusal::ObservationUnknownMeasure {
                    measure: measure.clone(),
                });
            }
            Event::Observed {
                by: self.by.person.clone(),
                at: self.by.now,
                measure: measure.clone(),
                answer: *answer,
                note: note.clone(),
            }
        } else if let Command::EndObservation { reason } = command {
            refusals.extend(self.own_observation());
            refusals.extend(self.observation_over(reason));
            Event::ObservationEnded {
                by: self.by.person.clone(),
                at: self.by.now,
                reason: reason.clone(),
            }
        } else {
            return self.not_yet(kind);
        };
        unless(refusals, || NonEmpty::one(event))
    }

    fn may_observe(&self, observe: &Observe) -> Vec<Refusal> {
        let implements = self.names(Meaning::Implementers, self.by.person);
        let may = implements || self.by.lacks(&observe.by).is_none();
        let lacks = (!may).then(|| Refusal::RoleMissing {
            roles: observe.by.clone(),
        });
        lacks.into_iter().collect()
    }

    /// Whoever does the work does not say that it was watched for long enough.
    fn own_observation(&self) -> Option<Refusal> {
        let implements = self.names(Meaning::Implementers, self.by.person);
        let own = implements || self.did(Act::Implemented);
        (own && self.by.rules.since(Rules::V3)).then_some(Refusal::ObservationOwn {})
    }

    fn observation_over(&self, reason: &Words) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        if self
            .observed_until()
            .is_none_or(|until| until <= self.by.now)
        {
            refusals.push(Refusal::ObservationOver {});
        }
        if reason.is_blank() {
            refusals.push(Refusal::ReasonMissing {});
        }
        refusals
    }

    /// Until when it is observed; none where it is not, or not any more.
    fn observed_until(&self) -> Option<Instant> {
        if self.change.observation_ended.is_some() {
            return None;
        }
        let observe = self.model.observe.as_ref()?;
        let completed = self.change.completed.as_ref()?;
        let from = if self.by.rules.since(Rules::V3) {
            completed.ended()
        } else {
            completed.ended_at
        };
        Some(from.plus_minutes(observe.minutes))
    }

    /// What is observed keeps the change open: until the time is over, and each measure was looked at.
    pub(super) fn still_observed(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        let running = self.observed_until().filter(|until| self.by.now < *until);
        refusals.extend(running.map(|until| Refusal::ObservationRunning { until }));
        let seen = |measure: &Measure| {
            let mut seen = self.change.observations.iter();
            seen.any(|seen| seen.measure == measure.id)
        };
        let measures = self
            .model
            .observe
            .iter()
            .flat_map(|observe| &observe.measures);
        let measures: Vec<_> = measures
            .filter(|measure| !seen(measure))
            .map(|measure| measure.id.clone())
            .collect();
        if !measures.is_empty() {
            refusals.push(Refusal::ObservationUnseen { measures });
        }
        refusals
    }

    /// What was asked with the report of work or the review, and is not there.
    pub(super) fn left_unanswered(&self) -> Vec<Refusal> {
        let reviewed = self.change.review.is_some();
        let missing = |stage: Stage| {
            let asks = stage == Stage::Completion || reviewed;
            let findings = if asks {
                self.asked_later(stage, &Content::new())
            } else {
                Vec::new()
            };
            stopping(&findings).collect::<Vec<_>>()
        };
        ASKED_BEFORE_CLOSING.into_iter().flat_map(missing).collect()
    }
}
