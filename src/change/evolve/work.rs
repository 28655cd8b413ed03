//! What preparing, proving, doing and reviewing make of a change.

use crate::change::{
    Change, Checked, Completed, Extension, Granted, LaterIncident, Said, TaskProgress, Waiver,
    YesNo,
};
use crate::command::TaskStep;
use crate::event::Event;
use crate::evidence::Evidence;
use crate::policy::Act;

use super::{done, numbered};

impl Change {
    pub(super) fn prepared(&mut self, event: &Event) {
        if let Event::TaskReported {
            task,
            step,
            by,
            at,
            note,
            act,
        } = event
        {
            act.iter().for_each(|act| self.did((*act, by.clone())));
            let before = self.tasks.get(task).and_then(|task| task.started_at);
            let progress = TaskProgress {
                step: *step,
                said: done(by, *at, note.as_ref()),
                started_at: before.or((*step == TaskStep::Started).then_some(*at)),
            };
            self.tasks.insert(task.clone(), progress);
        } else if let Event::Checked {
            item,
            answer,
            by,
            at,
            note,
            content_hash,
        } = event
        {
            let checked = Checked {
                content_hash: *content_hash,
                answer: *answer,
                said: done(by, *at, note.as_ref()),
            };
            self.checks.insert(item.clone(), checked);
        }
    }

    pub(super) fn proven(&mut self, event: &Event) {
        if let Event::Attached {
            by,
            at,
            kind,
            name,
            file,
            link,
            result,
            note,
            act,
            content_hash,
        } = event
        {
            act.iter().for_each(|act| self.did((*act, by.clone())));
            self.evidence.push(Evidence {
                kind: kind.clone(),
                name: name.clone(),
                file: file.clone(),
                link: link.clone(),
                result: *result,
                note: note.clone(),
                by: by.clone(),
                at: *at,
                content_hash: *content_hash,
                after_end: self.phase.is_terminal(),
                retracted: None,
            });
        } else if let Event::Retracted {
            evidence,
            by,
            at,
            reason,
        } = event
            && let Some(evidence) = numbered(&mut self.evidence, *evidence)
        {
            evidence.retracted = Some(Said::of(by, *at, reason));
        }
    }

    pub(super) fn waived(&mut self, event: &Event) {
        if let Event::Waived {
            duty,
            person,
            until,
            by,
            at,
            reason,
        } = event
        {
            self.waivers.push(Waiver {
                duty: duty.clone(),
                person: person.clone(),
                until: *until,
                given: Said::of(by, *at, reason),
                review: None,
            });
        } else if let Event::WaiverReviewed {
            waiver,
            by,
            at,
            text,
        } = event
            && let Some(waiver) = numbered(&mut self.waivers, *waiver)
        {
            waiver.review = Some(Said::of(by, *at, text));
        }
    }

    pub(super) fn extended(&mut self, event: &Event) {
        let granted_until = self
            .extension
            .as_ref()
            .and_then(|known| known.granted_until);
        if let Event::ExtensionAsked {
            until,
            by,
            at,
            reason,
        } = event
        {
            self.extension = Some(Extension {
                until: *until,
                asked: Said::of(by, *at, reason),
                answer: None,
                decided: None,
                granted_until,
            });
        } else if let Event::ExtensionDecided {
            answer,
            by,
            at,
            reason,
            ..
        } = event
            && let Some(extension) = &mut self.extension
        {
            extension.answer = Some(*answer);
            extension.decided = Some(done(by, *at, reason.as_ref()));
            if *answer == YesNo::Yes {
                extension.granted_until = Some(extension.until);
                self.granted.push(Granted {
                    at: *at,
                    until: extension.until,
                });
            }
        }
    }

    pub(super) fn complete(&mut self, event: &Event) {
        let Event::Completed {
            by,
            at,
            outcome,
            started_at,
            ended_at,
            downtime_min,
            note,
            flags,
            fields,
        } = event
        else {
            return;
        };
        self.completed = Some(Completed {
            by: by.clone(),
            at: *at,
            outcome: *outcome,
            started_at: *started_at,
            ended_at: *ended_at,
            downtime_min: *downtime_min,
            note: note.clone(),
            flags: flags.clone(),
        });
        self.hold = None;
        self.recorded.extend(fields.clone());
        self.did((Act::Implemented, by.clone()));
    }

    pub(super) fn reviewed(&mut self, event: &Event) {
        let Event::Reviewed {
            by,
            at,
            text,
            fields,
            incidents,
        } = event
        else {
            return;
        };
        self.review = Some(Said::of(by, *at, text));
        self.recorded.extend(fields.clone());
        self.incidents.extend(incidents.iter().cloned());
        if !incidents.is_empty() {
            self.incident_at = Some(*at);
        }
        self.did((Act::Reviewed, by.clone()));
    }

    /// What is learned once the work was reported.
    pub(super) fn learned(&mut self, event: &Event) {
        if let Event::IncidentRecorded {
            by,
            at,
            incident,
            noticed_at,
            note,
        } = event
        {
            self.incident_at = Some(*at);
            self.later_incidents.push(LaterIncident {
                incident: incident.clone(),
                noticed_at: *noticed_at,
                recorded: done(by, *at, note.as_ref()),
                after_end: self.phase.is_terminal(),
                review: None,
            });
        } else if let Event::IncidentReviewed {
            by,
            at,
            incident,
            text,
        } = event
            && let Some(incident) = numbered(&mut self.later_incidents, *incident)
        {
            incident.review = Some(Said::of(by, *at, text));
        }
    }
}
