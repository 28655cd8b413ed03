//! Saying yes and no.

use crate::change::Answer;
use crate::command::{Command, CommandKind};
use crate::evaluate::{Evaluation, is_met};
use crate::event::{Candidate, Event, RequiredApproval};
use crate::id::{LevelId, PersonId, RuleId};
use crate::non_empty::NonEmpty;
use crate::policy::{Act, Authorization, Phase, Trigger};
use crate::refusal::Refusal;
use crate::value::{Digest, Words};

use super::{Case, Decision, unless};

impl<'a> Case<'a> {
    /// Says yes, no or neither to what was seen.
    pub(super) fn vote(&self, command: &Command) -> Decision {
        if let Command::Approve {
            rule,
            content_hash,
            level,
            comment,
            conditions: _,
        } = command
        {
            return self.approve(rule, *content_hash, level, comment.as_ref());
        }
        if let Command::Decline {
            rule,
            content_hash,
            reason,
        } = command
        {
            return self.decline(rule, *content_hash, reason);
        }
        self.not_yet(command.kind())
    }

    pub(super) fn fulfill(&self, _condition: u32, _note: Option<&Words>) -> Decision {
        self.not_yet(CommandKind::Fulfill)
    }

    pub(super) fn escalate(&self, _rule: &RuleId) -> Decision {
        self.not_yet(CommandKind::Escalate)
    }

    pub(super) fn hand_on(&self, _from: &PersonId, _to: &PersonId) -> Decision {
        self.not_yet(CommandKind::HandOn)
    }

    /// Says yes to what was seen.
    fn approve(
        &self,
        rule: &RuleId,
        seen: Digest,
        level: &LevelId,
        comment: Option<&Words>,
    ) -> Decision {
        let standing = self.standing();
        let (candidate, mut refusals) = self.may_vote(CommandKind::Approve, rule, seen, &standing);
        let stands = &standing.risk.level;
        if level != stands {
            refusals.push(Refusal::LevelChanged {
                seen: level.clone(),
                stands: stands.clone(),
            });
        }
        let given = |vote: &&crate::change::Vote| {
            vote.rule == *rule && vote.by == *self.by.person && vote.answer == Answer::Yes
        };
        if self
            .change
            .votes
            .iter()
            .filter(|vote| !vote.void)
            .any(|vote| given(&vote))
        {
            refusals.push(Refusal::GivenAlready { rule: rule.clone() });
        }
        unless(refusals, || {
            self.approved(rule, candidate, &standing, comment)
        })
    }

    fn approved(
        &self,
        rule: &RuleId,
        candidate: Option<&Candidate>,
        standing: &Evaluation<'_>,
        comment: Option<&Words>,
    ) -> NonEmpty<Event> {
        let approved = Event::Approved {
            rule: rule.clone(),
            by: self.by.person.clone(),
            on_behalf_of: candidate.and_then(|candidate| candidate.on_behalf_of.clone()),
            at: self.by.now,
            content_hash: self.change.content_hash,
            level: standing.risk.level.clone(),
            comment: comment.cloned(),
            conditions: Vec::new(),
        };
        let authorized = self.authorized_by(rule, candidate, standing);
        NonEmpty::starting(
            approved,
            self.reassessed(standing).into_iter().chain(authorized),
        )
    }

    /// What follows where this was the last yes that was needed.
    fn authorized_by(
        &self,
        rule: &RuleId,
        candidate: Option<&Candidate>,
        standing: &Evaluation<'_>,
    ) -> Vec<Event> {
        let principal = candidate.map_or(self.by.person, Candidate::principal);
        let open = self.open_rules(
            &standing.approvals,
            &standing.risk.level,
            Some((rule, principal)),
        );
        if !open.is_empty() {
            return Vec::new();
        }
        let authorized = Event::Authorized {
            at: self.by.now,
            content_hash: self.change.content_hash,
            level: standing.risk.level.clone(),
            template: None,
        };
        let onward = (self.change.phase == Phase::Authorize)
            .then(|| self.set_off(Trigger::Authorized))
            .flatten();
        std::iter::once(authorized).chain(onward).collect()
    }

    /// Says no to what was seen.
    fn decline(&self, rule: &RuleId, seen: Digest, reason: &Words) -> Decision {
        let standing = self.standing();
        let (candidate, mut refusals) = self.may_vote(CommandKind::Decline, rule, seen, &standing);
        if reason.is_blank() {
            refusals.push(Refusal::ReasonMissing {});
        }
        let declined = || Event::Declined {
            rule: rule.clone(),
            by: self.by.person.clone(),
            on_behalf_of: candidate.and_then(|candidate| candidate.on_behalf_of.clone()),
            at: self.by.now,
            reason: reason.clone(),
        };
        let onward = || {
            (self.change.phase == Phase::Authorize)
                .then(|| self.set_off(Trigger::Declined))
                .flatten()
        };
        unless(refusals, || NonEmpty::starting(declined(), onward()))
    }

    /// What speaks against this person's vote, and as whom they would give it.
    fn may_vote<'e>(
        &self,
        command: CommandKind,
        rule: &RuleId,
        seen: Digest,
        standing: &'e Evaluation<'_>,
    ) -> (Option<&'e Candidate>, Vec<Refusal>) {
        let mut refusals = Vec::new();
        if !self.is_open_to_votes() {
            refusals.push(self.not_in_phase(command));
        }
        if seen != self.change.content_hash {
            refusals.push(Refusal::ContentChanged {
                seen,
                stands: self.change.content_hash,
            });
        }
        let Some(approval) = standing
            .approvals
            .iter()
            .find(|approval| approval.rule == *rule)
        else {
            refusals.push(Refusal::ApprovalNotNeeded { rule: rule.clone() });
            return (None, refusals);
        };
        if is_met(
            self.by.policy,
            self.change,
            approval,
            &standing.risk.level,
            None,
        ) {
            refusals.push(Refusal::ApprovalNotNeeded { rule: rule.clone() });
        }
        refusals.extend(self.earlier_stages(approval, standing));
        let candidate = approval
            .eligible
            .iter()
            .find(|candidate| candidate.person == *self.by.person);
        refusals.extend(self.entitled(approval, candidate, standing));
        (candidate, refusals)
    }

    /// Votes are taken while the change waits for them; where it may start before, until it is closed.
    fn is_open_to_votes(&self) -> bool {
        let afterwards = matches!(self.model.authorization, Authorization::Afterwards { .. });
        match self.change.phase {
            Phase::Authorize | Phase::Scheduled => true,
            Phase::Implement | Phase::Review => afterwards,
            Phase::Draft | Phase::Assess | Phase::Closed | Phase::Rejected | Phase::Canceled => {
                false
            }
        }
    }

    fn earlier_stages(
        &self,
        approval: &RequiredApproval,
        standing: &Evaluation<'_>,
    ) -> Option<Refusal> {
        let open = self.open_rules(&standing.approvals, &standing.risk.level, None);
        let earlier = standing
            .approvals
            .iter()
            .filter(|other| other.stage < approval.stage && open.contains(&other.rule));
        let waits_for: Vec<_> = earlier.map(|other| other.rule.clone()).collect();
        (!waits_for.is_empty()).then_some(Refusal::ApprovalNotYet { waits_for })
    }

    fn entitled(
        &self,
        approval: &RequiredApproval,
        candidate: Option<&Candidate>,
        standing: &Evaluation<'_>,
    ) -> Vec<Refusal> {
        let named = candidate.or_else(|| self.named(&approval.rule));
        let on_behalf_of = named.and_then(|named| named.on_behalf_of.as_ref());
        let mut refusals = self.duty(Act::Approved, on_behalf_of, standing);
        let person: &PersonId = self.by.person;
        if candidate.is_none() {
            let implements = approval.conflicted.contains(person) && refusals.is_empty();
            refusals.push(if implements {
                Refusal::Duty {
                    wants: Act::Approved,
                    did: Act::Implemented,
                    person: person.clone(),
                    rule: None,
                }
            } else {
                Refusal::NotAnApprover {
                    rule: approval.rule.clone(),
                }
            });
        }
        refusals
    }

    /// This person among those whom the rule names, conflicts of duty not taken out.
    fn named(&self, rule: &RuleId) -> Option<&'a Candidate> {
        let known = self
            .by
            .facts
            .approvers
            .iter()
            .find(|known| known.rule == *rule)?;
        let named = known.principals.iter().chain(&known.deputies);
        named
            .into_iter()
            .find(|candidate| candidate.person == *self.by.person)
    }
}
