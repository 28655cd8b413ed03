//! What events make of a change. Total: an event that does not fit changes nothing.

use std::collections::BTreeSet;

use crate::command::TaskStep;
use crate::draft::Content;
use crate::event::{Event, Flag, Moot};
use crate::evidence::Evidence;
use crate::id::{ChangeId, FieldId, LevelId, PersonId, RuleId, StateId, TaskId};
use crate::map::Map;
use crate::policy::{Act, Phase};
use crate::time::Instant;
use crate::value::{Digest, Value, Words};

use super::{
    Answer, Authorized, Change, Checked, Completed, Done, Escalated, Evaluated, Extension,
    HandedOn, Linked, Observation, Passed, Question, Reminded, Said, Seen, TaskProgress, Vote,
    VoteCondition, Waiver, YesNo,
};

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
        observations: Vec::new(),
        observation_ended: None,
        incidents: Vec::new(),
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
        self.updated_at = event.at().unwrap_or(self.updated_at);
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

    fn voted(&mut self, event: &Event) {
        let Some(vote) = self.vote(event) else { return };
        if vote.answer == Answer::Yes {
            // A delegate's yes is also the delegator's.
            let persons = std::iter::once(&vote.by).chain(&vote.on_behalf_of);
            persons.for_each(|person| self.did((Act::Approved, person.clone())));
            self.saw(vote.content_hash);
        }
        self.cast(vote);
        self.conditions.extend(conditions(event));
    }

    /// Keeps the content to which somebody said yes.
    fn saw(&mut self, content_hash: Digest) {
        self.seen.retain(|seen| seen.content_hash != content_hash);
        self.seen.push(Seen {
            content_hash,
            fields: self.fields.clone(),
        });
    }

    /// Of each who is asked by a rule the last word counts, and what they made a condition goes with the yes that they
    /// replace. Who takes a yes back is waited for again, and so may be others.
    fn cast(&mut self, vote: Vote) {
        let votes = self.votes.iter_mut();
        votes
            .filter(|known| known.rule == vote.rule && known.principal() == vote.principal())
            .for_each(|known| known.void = true);
        let conditions = self.conditions.iter_mut();
        conditions
            .filter(|known| known.rule == vote.rule && known.principal() == vote.principal())
            .for_each(|known| known.void = true);
        if vote.answer != Answer::Yes {
            self.withdrawn
                .retain(|(rule, because)| *because != Moot::QuorumReached || *rule != vote.rule);
        }
        self.votes.push(vote);
    }

    /// Work that was started before its approval stays what it was: unauthorized, whatever its report said.
    fn refuse_ratification(&mut self) {
        self.unauthorized = true;
        if let Some(completed) = &mut self.completed {
            completed.flags.remove(&Flag::Ratified);
            completed.flags.insert(Flag::Unauthorized);
        }
    }

    /// The vote that an event is, where it is one.
    fn vote(&self, event: &Event) -> Option<Vote> {
        let cast =
            |rule: &RuleId, by: &PersonId, at: Instant, answer, words: Option<&Words>| Vote {
                rule: rule.clone(),
                by: by.clone(),
                on_behalf_of: None,
                at,
                answer,
                content_hash: self.content_hash,
                level: self.level.clone(),
                words: words.cloned(),
                until: None,
                void: false,
            };
        if let Event::Approved {
            rule,
            by,
            on_behalf_of,
            at,
            content_hash,
            level,
            comment,
            ..
        } = event
        {
            return Some(Vote {
                on_behalf_of: on_behalf_of.clone(),
                content_hash: *content_hash,
                level: level.clone(),
                ..cast(rule, by, *at, Answer::Yes, comment.as_ref())
            });
        }
        if let Event::Declined {
            rule,
            by,
            on_behalf_of,
            at,
            reason,
        } = event
        {
            return Some(Vote {
                on_behalf_of: on_behalf_of.clone(),
                ..cast(rule, by, *at, Answer::No, Some(reason))
            });
        }
        if let Event::Deferred {
            rule,
            by,
            on_behalf_of,
            at,
            content_hash,
            until,
            reason,
        } = event
        {
            return Some(Vote {
                on_behalf_of: on_behalf_of.clone(),
                content_hash: *content_hash,
                until: *until,
                ..cast(rule, by, *at, Answer::Deferred, Some(reason))
            });
        }
        let Event::Asked {
            rule: Some(rule),
            by,
            on_behalf_of,
            at,
            questions,
        } = event
        else {
            return None;
        };
        let first = questions.first().map(|question| &question.text);
        Some(Vote {
            on_behalf_of: on_behalf_of.clone(),
            ..cast(rule, by, *at, Answer::MoreInformation, first)
        })
    }

    fn authorize(&mut self, event: &Event) {
        let Event::Authorized {
            at,
            content_hash,
            level,
            template,
        } = event
        else {
            return;
        };
        self.authorized = Some(Authorized {
            at: *at,
            content_hash: *content_hash,
            level: level.clone(),
            template: template.clone(),
        });
    }

    /// Where approvals are asked for again, they are from now on.
    fn voided(&mut self, rules: &[RuleId], at: Instant) {
        self.authorized = None;
        if self.phase == Phase::Authorize {
            self.asked_since = Some(at);
        }
        let votes = self.votes.iter_mut();
        votes
            .filter(|vote| rules.contains(&vote.rule))
            .for_each(|vote| vote.void = true);
        let conditions = self.conditions.iter_mut();
        conditions
            .filter(|condition| rules.contains(&condition.rule))
            .for_each(|condition| condition.void = true);
        self.withdrawn.retain(|(rule, _)| !rules.contains(rule));
    }

    fn judged(&mut self, event: &Event) {
        let Event::Evaluated {
            by,
            at,
            fields,
            note,
        } = event
        else {
            return;
        };
        let before = self.evaluated.iter().flat_map(|known| &known.fields);
        before.for_each(|field| drop(self.recorded.remove(field)));
        self.recorded.extend(fields.clone());
        self.evaluated = Some(Evaluated {
            by: by.clone(),
            at: *at,
            content_hash: self.content_hash,
            fields: fields.keys().cloned().collect(),
            note: note.clone(),
        });
        self.did((Act::Reviewed, by.clone()));
    }

    fn questioned(&mut self, event: &Event) {
        if let Some(vote) = self.vote(event) {
            self.cast(vote);
        }
        if let Event::Asked {
            by,
            at,
            rule,
            questions,
            ..
        } = event
        {
            let asked = questions.iter().map(|question| Question {
                field: question.field.clone(),
                rule: rule.clone(),
                asked: Said::of(by, *at, &question.text),
                answer: None,
            });
            self.questions.extend(asked);
        } else if let Event::Answered {
            question,
            by,
            at,
            text,
        } = event
            && let Some(question) = numbered(&mut self.questions, *question)
        {
            question.answer = Some(Said::of(by, *at, text));
            let asked = question.rule.clone().zip(Some(question.asked.by.clone()));
            asked.iter().for_each(|(rule, by)| self.answered(rule, by));
        }
    }

    /// Whoever asked in place of a yes or no decides once everything is answered.
    fn answered(&mut self, rule: &RuleId, by: &PersonId) {
        let of_them = |known: &Question| known.rule.as_ref() == Some(rule) && known.asked.by == *by;
        let mut questions = self.questions.iter();
        if questions.any(|known| of_them(known) && known.answer.is_none()) {
            return;
        }
        let votes = self.votes.iter_mut();
        votes
            .filter(|vote| {
                vote.rule == *rule && vote.by == *by && vote.answer == Answer::MoreInformation
            })
            .for_each(|vote| vote.void = true);
    }

    fn prepared(&mut self, event: &Event) {
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

    fn proven(&mut self, event: &Event) {
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

    fn waived(&mut self, event: &Event) {
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

    fn extended(&mut self, event: &Event) {
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
            }
        }
    }

    fn complete(&mut self, event: &Event) {
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

    fn reviewed(&mut self, event: &Event) {
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
        self.did((Act::Reviewed, by.clone()));
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

/// What a yes makes its conditions.
fn conditions(event: &Event) -> Vec<VoteCondition> {
    let Event::Approved {
        rule,
        by,
        on_behalf_of,
        at,
        conditions,
        ..
    } = event
    else {
        return Vec::new();
    };
    let condition = |text: &Words| VoteCondition {
        rule: rule.clone(),
        set: Said::of(by, *at, text),
        on_behalf_of: on_behalf_of.clone(),
        met: None,
        void: false,
    };
    conditions.iter().map(condition).collect()
}
