//! Judging a change before its approvals are asked for, and asking the requester.

use crate::change::{Question, evolve};
use crate::command::{Asked, Command, CommandKind};
use crate::draft::Content;
use crate::event::{Candidate, Event};
use crate::id::{FieldId, RuleId, TransitionId};
use crate::non_empty::NonEmpty;
use crate::policy::{Act, Phase, Stage, Transition, Trigger};
use crate::refusal::Refusal;
use crate::value::Words;

use super::evidence::nth;
use super::{Case, Decision, stopping, unless};

/// The most questions of one gesture.
const MOST_QUESTIONS: usize = 20;

impl Case<'_> {
    /// Judges it, asks, or answers.
    pub(super) fn evaluation(&self, command: &Command) -> Decision {
        if let Command::Evaluate { fields, note } = command {
            return self.evaluate(fields, note.as_ref());
        }
        if let Command::Ask {
            questions,
            rule,
            transition,
        } = command
        {
            return match rule {
                Some(rule) => self.ask_as_approver(rule, questions),
                None => self.ask(questions, transition.as_ref()),
            };
        }
        if let Command::Answer { question, text } = command {
            return self.answer(*question, text);
        }
        self.not_yet(command.kind())
    }

    /// Judges it against the policy's criteria; then the first way whose guard holds is taken.
    fn evaluate(&self, fields: &Content, note: Option<&Words>) -> Decision {
        let mut refusals: Vec<Refusal> = self
            .by
            .lacks(&self.by.policy.may.evaluate)
            .into_iter()
            .collect();
        if self.change.phase != Phase::Assess {
            refusals.push(self.not_in_phase(CommandKind::Evaluate));
        }
        refusals.extend(self.erased_content(&self.standing()));
        refusals.extend(self.duty(Act::Reviewed, None, &self.standing()));
        refusals.extend(self.misjudged(fields));
        let evaluated = Event::Evaluated {
            by: self.by.person.clone(),
            at: self.by.now,
            fields: fields.clone(),
            note: note.cloned(),
        };
        let onward = || {
            let change = evolve(&self.change.id, Some(self.change.clone()), &evaluated)?;
            let case = Case {
                change: &change,
                ..*self
            };
            case.set_off_and_on(Trigger::Evaluated)
        };
        unless(refusals, || {
            NonEmpty::starting(evaluated.clone(), onward().unwrap_or_default())
        })
    }

    /// What is wrong with the answers to the criteria. Those of an earlier evaluation do not answer for it.
    fn misjudged(&self, fields: &Content) -> Vec<Refusal> {
        let policy = self.by.policy;
        let is_criterion = |id: &FieldId| {
            let field = policy.field(id.as_str());
            field.is_some_and(|field| field.asked == Stage::Evaluation)
        };
        let mut change = self.change.clone();
        change.recorded.retain(|id, _| !is_criterion(id));
        let case = Case {
            change: &change,
            ..*self
        };
        stopping(&case.asked_later(Stage::Evaluation, fields)).collect()
    }

    /// Where the life cycle asks for an evaluation, one is there of the content as it stands, made since the change came where
    /// it is judged; and what the requester was asked is answered. All that before its approvals are asked for: what is edited
    /// while they are is judged by those who give them.
    pub(super) fn unjudged(&self) -> Vec<Refusal> {
        if matches!(self.change.phase, Phase::Authorize | Phase::Scheduled) {
            return Vec::new();
        }
        let mut refusals = Vec::new();
        let leads_on = |way: &&Transition| way.on == Some(Trigger::Evaluated);
        let ways = self.model.life_cycle.transitions.iter().filter(leads_on);
        let judged_in: Vec<_> = ways.map(|way| &way.from).collect();
        let came = self
            .change
            .path
            .iter()
            .rev()
            .find(|passed| judged_in.contains(&&passed.state));
        if let Some(came) = came {
            let judged = self.change.evaluated.as_ref();
            let stands = judged.is_some_and(|judged| {
                // Who wrote does not judge it, if they wrote only since.
                came.at <= judged.at
                    && judged.content_hash == self.change.content_hash
                    && !self.acts_of(&judged.by).contains(&Act::Wrote)
            });
            if !stands {
                refusals.push(Refusal::EvaluationMissing {});
            }
        }
        let questions = self.open_questions();
        if !questions.is_empty() {
            refusals.push(Refusal::QuestionOpen { questions });
        }
        refusals
    }

    /// What was asked beside the approvals, and is not answered.
    fn open_questions(&self) -> Vec<u32> {
        let is_open = |question: &Question| question.rule.is_none() && question.answer.is_none();
        let numbered = (1_u32..).zip(&self.change.questions);
        numbered
            .filter(|(_, question)| is_open(question))
            .map(|(number, _)| number)
            .collect()
    }

    /// Asks the requester, and may send the change back with it.
    fn ask(&self, questions: &[Asked], back: Option<&TransitionId>) -> Decision {
        let may = &self.by.policy.may;
        let roles = [may.evaluate.as_slice(), may.edit.as_slice()].concat();
        let mut refusals: Vec<Refusal> = self.by.lacks(&roles).into_iter().collect();
        let open = matches!(
            self.change.phase,
            Phase::Assess | Phase::Authorize | Phase::Scheduled | Phase::Rejected
        );
        if !open {
            refusals.push(self.not_in_phase(CommandKind::Ask));
        }
        refusals.extend(amiss(questions));
        let asked = self.asked(questions, None, None);
        let moved = match back.and_then(|back| self.sent_back(&asked, questions, back)) {
            Some(Ok(events)) => events.into_vec(),
            Some(Err(reasons)) => {
                refusals.extend(reasons.into_vec());
                Vec::new()
            }
            None => Vec::new(),
        };
        unless(refusals, || NonEmpty::starting(asked, moved))
    }

    /// The way that is taken with a question, which is open by then.
    fn sent_back(
        &self,
        asked: &Event,
        questions: &[Asked],
        back: &TransitionId,
    ) -> Option<Decision> {
        let change = evolve(&self.change.id, Some(self.change.clone()), asked)?;
        let case = Case {
            change: &change,
            ..*self
        };
        let reason = questions.first().map(|question| &question.text);
        Some(case.take(back, reason))
    }

    /// Asks in place of a yes or no.
    fn ask_as_approver(&self, rule: &RuleId, questions: &[Asked]) -> Decision {
        let standing = self.standing();
        let seen = self.change.content_hash;
        let (candidate, mut refusals) = self.may_vote(CommandKind::Ask, rule, seen, &standing);
        refusals.extend(amiss(questions));
        unless(refusals, || {
            let rest = self.taken_back(rule, candidate);
            NonEmpty::starting(self.asked(questions, Some(rule), candidate), rest)
        })
    }

    fn asked(
        &self,
        questions: &[Asked],
        rule: Option<&RuleId>,
        candidate: Option<&Candidate>,
    ) -> Event {
        Event::Asked {
            by: self.by.person.clone(),
            at: self.by.now,
            questions: questions.to_vec(),
            rule: rule.cloned(),
            on_behalf_of: candidate.and_then(|candidate| candidate.on_behalf_of.clone()),
        }
    }

    /// Answers a question. The requester, or whoever may edit in their place.
    fn answer(&self, number: u32, text: &Words) -> Decision {
        let Some(question) = nth(&self.change.questions, number) else {
            return Err(NonEmpty::one(Refusal::QuestionUnknown { question: number }));
        };
        let mut refusals = Vec::new();
        if *self.by.person != self.change.requester {
            refusals.extend(self.by.lacks(&self.by.policy.may.edit));
        }
        if question.answer.is_some() {
            refusals.push(Refusal::QuestionAnswered { question: number });
        }
        if text.is_blank() {
            refusals.push(Refusal::TextMissing {});
        }
        let answered = || Event::Answered {
            by: self.by.person.clone(),
            at: self.by.now,
            question: number,
            text: text.clone(),
        };
        unless(refusals, || NonEmpty::one(answered()))
    }
}

fn amiss(questions: &[Asked]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if questions.is_empty() || MOST_QUESTIONS < questions.len() {
        refusals.push(Refusal::QuestionMissing {});
    }
    if questions.iter().any(|question| question.text.is_blank()) {
        refusals.push(Refusal::TextMissing {});
    }
    refusals
}
