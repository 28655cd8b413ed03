//! What events make of a change. Total: an event that does not fit changes nothing.

mod votes;
mod work;

use std::collections::BTreeSet;

use crate::command::TaskStep;
use crate::draft::Content;
use crate::event::{Event, Moot};
use crate::id::{ChangeId, FieldId, LevelId, PersonId, RuleId, StateId, TaskId};
use crate::map::Map;
use crate::policy::{Act, Phase};
use crate::time::Instant;
use crate::value::{Value, Words};

use super::{Change, Done, Escalated, HandedOn, Linked, Observation, Passed, Reminded, Said};

/// What a first event makes of nothing, and any event of a change. Total: an event that does not fit changes nothing.
#[must_use]
pub fn evolve(id: &ChangeId, change: Option<Change>, event: &Event) -> Option<Change> {
    match (change, event) {
        (None, Event::Submitted { .. }) => submitted(id, event),
        (change, _) => change.map(|change| change.after(event)),
    }
}

fn submitted(id: &ChangeId, event: &Event) -> Option<Change> {
    let Event::Submitted {
        number,
        by,
        at,
        model,
        template,
        language,
        fields,
        content_hash,
        policy_hash,
    } = event
    else {
        return None;
    };
    Some(Change {
        id: id.clone(),
        seq: 0,
        number: number.clone(),
        model: model.clone(),
        template: template.clone(),
        policy_hash: *policy_hash,
        language: language.clone(),
        requester: by.clone(),
        submitted_at: *at,
        planned_at: *at,
        updated_at: *at,
        state: StateId(String::new()),
        phase: Phase::Draft,
        fields: fields.clone(),
        content_hash: *content_hash,
        level: LevelId(String::new()),
        points: 0,
        approvals: Vec::new(),
        votes: Vec::new(),
        authorized: None,
        acts: crate::decide::acts_of_submission(by),
        completed: None,
        started_at: None,
        review: None,
        comments: Vec::new(),
        recorded: Content::new(),
        evaluated: None,
        questions: Vec::new(),
        conditions: Vec::new(),
        seen: Vec::new(),
        asked_since: None,
        withdrawn: Vec::new(),
        reminded: Vec::new(),
        escalated: Vec::new(),
        handed_on: Vec::new(),
        path: Vec::new(),
        accountable: Map::new(),
        hold: None,
        resumed_at: None,
        tasks: Map::new(),
        checks: Map::new(),
        relations: Vec::new(),
        evidence: Vec::new(),
        waivers: Vec::new(),
        extension: None,
        granted: Vec::new(),
        observations: Vec::new(),
        observation_ended: None,
        incidents: Vec::new(),
        later_incidents: Vec::new(),
        incident_at: None,
        announcements: Vec::new(),
        unauthorized: false,
        erased: BTreeSet::new(),
    })
}

/// What lies at a place that is counted from 1.
fn numbered<T>(items: &mut [T], number: u32) -> Option<&mut T> {
    let position = usize::try_from(number).ok()?.checked_sub(1)?;
    items.get_mut(position)
}

fn done(by: &PersonId, at: Instant, note: Option<&Words>) -> Done {
    Done {
        by: by.clone(),
        at,
        note: note.cloned(),
    }
}

/// Whether a value lists a task of that id.
fn lists(value: &Value, id: &TaskId) -> bool {
    let Value::List(rows) = value else {
        return false;
    };
    rows.iter().any(|row| {
        let Value::Row(cells) = row else {
            return false;
        };
        cells.get("id").and_then(Value::as_text) == Some(id.as_str())
    })
}

impl Change {
    /// Notes who did what, each once.
    fn did(&mut self, act: (Act, PersonId)) {
        if !self.acts.contains(&act) {
            self.acts.push(act);
        }
    }

    /// This change after an event.
    fn after(mut self, event: &Event) -> Self {
        // A reminder does nothing to the change.
        if !matches!(event, Event::Reminded { .. }) {
            self.updated_at = event.at().unwrap_or(self.updated_at);
        }
        match event {
            Event::Submitted { .. }
            | Event::Template { .. }
            | Event::Policy { .. }
            | Event::Meeting { .. } => {}
            Event::Edited { .. } => self.edited(event),
            Event::Assessed {
                level,
                points,
                approvals,
            } => {
                self.level = level.clone();
                self.points = *points;
                self.approvals.clone_from(approvals);
                // What was not needed for a while and is again, is asked for again.
                let needed = |rule: &RuleId| approvals.iter().any(|known| known.rule == *rule);
                self.withdrawn
                    .retain(|(rule, because)| *because != Moot::NotNeeded || !needed(rule));
            }
            Event::Moved { .. } => self.moved(event),
            Event::Approved { .. } | Event::Declined { .. } | Event::Deferred { .. } => {
                self.voted(event);
            }
            Event::Authorized { .. } => self.authorize(event),
            Event::Voided { rules, at } => self.voided(rules, *at),
            Event::Withdrawn { rules, because, .. } => {
                let withdrawn = rules.iter().map(|rule| (rule.clone(), *because));
                self.withdrawn.extend(withdrawn);
            }
            Event::Reminded { rule, people, at } => self.reminded.push(Reminded {
                rule: rule.clone(),
                at: *at,
                people: people.clone(),
            }),
            Event::Escalated { rule, to, at } => self.escalated.push(Escalated {
                rule: rule.clone(),
                at: *at,
                to: to.clone(),
            }),
            Event::HandedOn { from, to, at, .. } => self.handed_on.push(HandedOn {
                from: from.clone(),
                to: to.clone(),
                at: *at,
            }),
            Event::Commented {
                by,
                at,
                text,
                mentions,
            } => self.comments.push(Said {
                mentions: mentions.clone(),
                ..Said::of(by, *at, text)
            }),
            Event::Announced { by, at, text } => self.announcements.push(Said::of(by, *at, text)),
            Event::Evaluated { .. } => self.judged(event),
            Event::Asked { .. } | Event::Answered { .. } => self.questioned(event),
            Event::Fulfilled {
                condition,
                by,
                at,
                note,
            } => {
                if let Some(condition) = numbered(&mut self.conditions, *condition) {
                    condition.met = Some(done(by, *at, note.as_ref()));
                }
            }
            Event::Assigned { state, person, .. } => {
                self.accountable.insert(state.clone(), person.clone());
            }
            Event::Held { by, at, reason } => self.hold = Some(Said::of(by, *at, reason)),
            Event::Resumed { at, .. } => {
                self.hold = None;
                self.resumed_at = Some(*at);
            }
            Event::TaskReported { .. } | Event::Checked { .. } => self.prepared(event),
            Event::Related {
                by, relation, to, ..
            } => self.relations.push(Linked {
                relation: *relation,
                to: to.clone(),
                by: by.clone(),
            }),
            Event::Unrelated { relation, to, .. } => {
                self.relations.retain(|known| !known.is(*relation, to));
            }
            Event::Attached { .. } | Event::Retracted { .. } => self.proven(event),
            Event::Waived { .. } | Event::WaiverReviewed { .. } => self.waived(event),
            Event::ExtensionAsked { .. } | Event::ExtensionDecided { .. } => self.extended(event),
            Event::Completed { .. } => self.complete(event),
            Event::Observed {
                measure,
                answer,
                by,
                at,
                note,
            } => self.observations.push(Observation {
                measure: measure.clone(),
                answer: *answer,
                said: done(by, *at, note.as_ref()),
            }),
            Event::ObservationEnded { by, at, reason } => {
                self.observation_ended = Some(Said::of(by, *at, reason));
            }
            Event::Reviewed { .. } => self.reviewed(event),
            Event::IncidentRecorded { .. } | Event::IncidentReviewed { .. } => {
                self.learned(event);
            }
            Event::RatificationRefused { .. } => self.refuse_ratification(),
            Event::PolicyAdopted { .. } => self.adopted(event),
            Event::Erased { commitments, .. } => self.erased.extend(commitments),
        }
        self
    }

    fn edited(&mut self, event: &Event) {
        let Event::Edited {
            by,
            at,
            fields,
            content_hash,
            material,
            rescheduled,
        } = event
        else {
            return;
        };
        if *rescheduled {
            self.planned_at = *at;
        }
        let content = crate::decide::patched(&self.fields, fields);
        self.ask_anew(fields.keys(), &content);
        self.fields = content;
        self.content_hash = *content_hash;
        if *material {
            self.did((Act::Wrote, by.clone()));
        }
    }

    /// A task is taken on, or not, as the plan says it: of another plan it is asked anew.
    fn ask_anew<'f>(&mut self, edited: impl Iterator<Item = &'f FieldId>, content: &Content) {
        let contents = [&self.fields, content];
        let values: Vec<_> = edited
            .flat_map(|field| contents.map(|content| content.get(field)))
            .flatten()
            .collect();
        let is_edited = |id: &TaskId| values.iter().any(|value| lists(value, id));
        let taken_on = |step| matches!(step, TaskStep::Accepted | TaskStep::Refused);
        self.tasks
            .retain(|id, progress| !(taken_on(progress.step) && is_edited(id)));
    }

    fn moved(&mut self, event: &Event) {
        let Event::Moved {
            to,
            phase,
            by,
            act,
            at,
            ..
        } = event
        else {
            return;
        };
        if *phase == Phase::Implement && self.phase != Phase::Implement {
            self.started_at = Some(*at);
        }
        if *phase == Phase::Authorize && self.phase != Phase::Authorize {
            self.asked_since = Some(*at);
            self.withdrawn.clear();
        }
        if phase.is_terminal() {
            self.hold = None;
        }
        self.state = to.clone();
        self.phase = *phase;
        self.path.push(Passed {
            state: to.clone(),
            at: *at,
        });
        act.zip(by.clone())
            .into_iter()
            .for_each(|act| self.did(act));
    }

    fn adopted(&mut self, event: &Event) {
        let Event::PolicyAdopted {
            at,
            to,
            state,
            content_hash,
            left_out,
            ..
        } = event
        else {
            return;
        };
        self.fields.retain(|field, _| !left_out.contains(field));
        self.policy_hash = *to;
        self.content_hash = *content_hash;
        self.state = state.clone();
        self.path.push(Passed {
            state: state.clone(),
            at: *at,
        });
    }
}
