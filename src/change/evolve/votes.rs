//! What votes, evaluations, questions and answers make of a change.

use crate::change::{
    Answer, Authorized, Change, Evaluated, Question, Said, Seen, Vote, VoteCondition,
};
use crate::event::{Event, Flag, Moot};
use crate::id::{PersonId, RuleId};
use crate::policy::{Act, Phase};
use crate::time::Instant;
use crate::value::{Digest, Words};

use super::numbered;

impl Change {
    pub(super) fn voted(&mut self, event: &Event) {
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
    pub(super) fn refuse_ratification(&mut self) {
        self.unauthorized = true;
        if let Some(completed) = &mut self.completed {
            completed.flags.remove(&Flag::Ratified);
            completed.flags.remove(&Flag::AwaitingRatification);
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

    pub(super) fn authorize(&mut self, event: &Event) {
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
        // What was done before its approval is ratified by it, and not before.
        if let Some(completed) = &mut self.completed
            && completed.flags.remove(&Flag::AwaitingRatification)
        {
            completed.flags.insert(Flag::Ratified);
        }
    }

    /// Where approvals are asked for again, they are from now on.
    pub(super) fn voided(&mut self, rules: &[RuleId], at: Instant) {
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

    pub(super) fn judged(&mut self, event: &Event) {
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

    pub(super) fn questioned(&mut self, event: &Event) {
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
