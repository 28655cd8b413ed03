//! Saying yes and no.

use crate::change::{Answer, Vote};
use crate::command::{Command, CommandKind};
use crate::evaluate::{Evaluation, could_count, has_spoken, is_met};
use crate::event::{Candidate, Event, Moot, RequiredApproval};
use crate::id::{LevelId, PersonId, RuleId};
use crate::non_empty::NonEmpty;
use crate::policy::{Act, Authorization, Meaning, Phase, Trigger};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::time::Instant;
use crate::value::{Digest, Words};

use super::evidence::nth;
use super::{Case, Decision, unless};

/// A yes, as it was said.
struct Yes<'a> {
    level: &'a LevelId,
    comment: Option<&'a Words>,
    conditions: &'a [Words],
}

pub(super) fn named<'e>(
    approvals: &'e [RequiredApproval],
    rule: &RuleId,
) -> Option<&'e RequiredApproval> {
    approvals.iter().find(|approval| approval.rule == *rule)
}

fn on_behalf_of(candidate: Option<&Candidate>) -> Option<PersonId> {
    candidate.and_then(|candidate| candidate.on_behalf_of.clone())
}

impl<'a> Case<'a> {
    /// Says yes, no or neither to what was seen.
    pub(super) fn vote(&self, command: &Command) -> Decision {
        if let Command::Approve {
            rule,
            content_hash,
            level,
            comment,
            conditions,
        } = command
        {
            let yes = Yes {
                level,
                comment: comment.as_ref(),
                conditions,
            };
            return self.approve(rule, *content_hash, &yes);
        }
        if let Command::Decline {
            rule,
            content_hash,
            reason,
        } = command
        {
            return self.decline(rule, *content_hash, reason);
        }
        if let Command::Defer {
            rule,
            content_hash,
            until,
            reason,
        } = command
        {
            return self.defer(rule, *content_hash, *until, reason);
        }
        self.not_yet(command.kind())
    }

    /// Says yes to what was seen.
    fn approve(&self, rule: &RuleId, seen: Digest, yes: &Yes<'_>) -> Decision {
        let standing = self.standing();
        let (candidate, mut refusals) = self.may_vote(CommandKind::Approve, rule, seen, &standing);
        let stands = &standing.risk.level;
        if yes.level != stands {
            refusals.push(Refusal::LevelChanged {
                seen: yes.level.clone(),
                stands: stands.clone(),
            });
        }
        refusals.extend(self.erased_content(&standing));
        let said = candidate.and_then(|candidate| self.said(rule, candidate));
        let own = |vote: &Vote| vote.answer == Answer::Yes && vote.by == *self.by.person;
        if said.is_some_and(own) || !self.could_count(rule, candidate, &standing) {
            refusals.push(Refusal::GivenAlready { rule: rule.clone() });
        }
        if yes.conditions.iter().any(Words::is_blank) {
            refusals.push(Refusal::TextMissing {});
        }
        unless(refusals, || self.approved(rule, candidate, &standing, yes))
    }

    /// What counts of what was said in the name of a candidate.
    fn said(&self, rule: &RuleId, candidate: &Candidate) -> Option<&'a Vote> {
        let of_them = |vote: &&Vote| {
            vote.rule == *rule && !vote.void && vote.principal() == candidate.principal()
        };
        self.change.votes.iter().find(of_them)
    }

    fn has_said_yes(&self, rule: &RuleId, candidate: &Candidate) -> bool {
        let said = self.said(rule, candidate);
        said.is_some_and(|vote| vote.answer == Answer::Yes)
    }

    fn approved(
        &self,
        rule: &RuleId,
        candidate: Option<&Candidate>,
        standing: &Evaluation<'_>,
        yes: &Yes<'_>,
    ) -> NonEmpty<Event> {
        let approved = Event::Approved {
            rule: rule.clone(),
            by: self.by.person.clone(),
            on_behalf_of: on_behalf_of(candidate),
            at: self.by.now,
            content_hash: self.change.content_hash,
            level: standing.risk.level.clone(),
            comment: yes.comment.cloned(),
            conditions: yes.conditions.to_vec(),
        };
        let moot = self.moot_by_yes(rule, candidate, standing);
        let authorized = self.authorized_by(rule, candidate, standing);
        let reassessed = self.reassessed(standing).into_iter();
        NonEmpty::starting(approved, reassessed.chain(moot).chain(authorized))
    }

    fn could_count(
        &self,
        rule: &RuleId,
        candidate: Option<&Candidate>,
        standing: &Evaluation<'_>,
    ) -> bool {
        let Self { by, change, .. } = *self;
        let approval = named(&standing.approvals, rule);
        approval.zip(candidate).is_none_or(|(approval, yes)| {
            could_count(
                by.rules,
                by.policy,
                change,
                approval,
                &standing.risk.level,
                yes,
            )
        })
    }

    fn as_whom(&self, candidate: Option<&Candidate>) -> Candidate {
        candidate.cloned().unwrap_or_else(|| Candidate {
            person: self.by.person.clone(),
            on_behalf_of: None,
        })
    }

    /// The rules that still ask once one more yes is given.
    fn open_with(&self, rule: &RuleId, yes: &Candidate, standing: &Evaluation<'_>) -> Vec<RuleId> {
        let level = &standing.risk.level;
        self.open_rules(&standing.approvals, level, Some((rule, yes)))
    }

    /// Where this yes completes its quorum, nobody else is asked by that rule any more.
    fn moot_by_yes(
        &self,
        rule: &RuleId,
        candidate: Option<&Candidate>,
        standing: &Evaluation<'_>,
    ) -> Option<Event> {
        let also = self.as_whom(candidate);
        let open = self.open_with(rule, &also, standing);
        let approval = named(&standing.approvals, rule)?;
        let waits = !self.unanswered(approval, Some(also.principal())).is_empty();
        (waits && self.by.withdraws() && !open.contains(rule)).then(|| Event::Withdrawn {
            at: self.by.now,
            rules: vec![rule.clone()],
            because: Moot::QuorumReached,
        })
    }

    /// Those who are asked by a rule and have not said yes or no.
    fn unanswered<'e>(
        &self,
        approval: &'e RequiredApproval,
        also: Option<&PersonId>,
    ) -> Vec<&'e PersonId> {
        let has_answered = |asked: &&PersonId| {
            let mut votes = self.change.votes.iter().filter(|vote| !vote.void);
            votes.any(|vote| {
                vote.rule == approval.rule
                    && vote.principal() == *asked
                    && matches!(vote.answer, Answer::Yes | Answer::No)
            })
        };
        let mut asked = crate::evaluate::principals(approval);
        asked.retain(|asked| Some(*asked) != also && !has_answered(asked));
        asked
    }

    /// The requests that are still open become moot as the change ends, or somebody says no.
    pub(super) fn withdrawn(&self, because: Moot, also: Option<&PersonId>) -> Option<Event> {
        let open = |approval: &&RequiredApproval| {
            let withdrawn = |(rule, _): &(RuleId, Moot)| *rule == approval.rule;
            !self.change.withdrawn.iter().any(withdrawn)
                && !self.unanswered(approval, also).is_empty()
        };
        let rules: Vec<_> = self
            .change
            .approvals
            .iter()
            .filter(open)
            .map(|approval| approval.rule.clone())
            .collect();
        let waits = self.is_open_to_votes() && self.change.authorized.is_none();
        (waits && self.by.withdraws() && !rules.is_empty()).then_some(Event::Withdrawn {
            at: self.by.now,
            rules,
            because,
        })
    }

    /// What follows where this was the last yes that was needed.
    fn authorized_by(
        &self,
        rule: &RuleId,
        candidate: Option<&Candidate>,
        standing: &Evaluation<'_>,
    ) -> Vec<Event> {
        let open = self.open_with(rule, &self.as_whom(candidate), standing);
        if open.is_empty() {
            self.authorized(&standing.risk.level)
        } else {
            Vec::new()
        }
    }

    /// Everything that was needed is there.
    pub(super) fn authorized(&self, level: &LevelId) -> Vec<Event> {
        let authorized = Event::Authorized {
            at: self.by.now,
            content_hash: self.change.content_hash,
            level: level.clone(),
            template: None,
        };
        let onward = (self.change.phase == Phase::Authorize)
            .then(|| self.set_off(Trigger::Authorized))
            .flatten();
        std::iter::once(authorized).chain(onward).collect()
    }

    /// Says no to what was seen. To work that started before its approval, that is the refusal of its ratification.
    fn decline(&self, rule: &RuleId, seen: Digest, reason: &Words) -> Decision {
        let standing = self.standing();
        let (candidate, mut refusals) = self.may_vote(CommandKind::Decline, rule, seen, &standing);
        if reason.is_blank() {
            refusals.push(Refusal::ReasonMissing {});
        }
        let declined = || Event::Declined {
            rule: rule.clone(),
            by: self.by.person.clone(),
            on_behalf_of: on_behalf_of(candidate),
            at: self.by.now,
            reason: reason.clone(),
        };
        let unratified = self.has_begun().then(|| Event::RatificationRefused {
            by: self.by.person.clone(),
            at: self.by.now,
            rule: rule.clone(),
        });
        let onward = || {
            (self.change.phase == Phase::Authorize)
                .then(|| self.set_off(Trigger::Declined))
                .flatten()
        };
        unless(refusals, || {
            let onward = onward();
            let principal = candidate.map(Candidate::principal);
            let moot = (self.has_begun() || onward.is_some())
                .then(|| self.withdrawn(Moot::Declined, principal))
                .flatten();
            let rest = self.taken_back(rule, candidate).into_iter();
            let rest = rest.chain(unratified).chain(moot).chain(onward);
            NonEmpty::starting(declined(), rest)
        })
    }

    /// What follows where a yes is taken back that had helped to authorize the change: it is not authorized any more, and what
    /// waits for its window goes back to where approvals are asked for.
    pub(super) fn taken_back(&self, rule: &RuleId, candidate: Option<&Candidate>) -> Vec<Event> {
        let said_yes = candidate.is_some_and(|candidate| self.has_said_yes(rule, candidate));
        if !said_yes || self.change.authorized.is_none() {
            return Vec::new();
        }
        let back = (self.change.phase == Phase::Scheduled)
            .then(|| self.set_off(Trigger::Voided))
            .flatten();
        let voided = Event::Voided {
            at: self.by.now,
            rules: Vec::new(),
        };
        std::iter::once(voided).chain(back).collect()
    }

    /// Neither yes nor no for now.
    fn defer(
        &self,
        rule: &RuleId,
        seen: Digest,
        until: Option<Instant>,
        reason: &Words,
    ) -> Decision {
        let standing = self.standing();
        let (candidate, mut refusals) = self.may_vote(CommandKind::Defer, rule, seen, &standing);
        if reason.is_blank() {
            refusals.push(Refusal::ReasonMissing {});
        }
        if until.is_some_and(|until| until <= self.by.now) {
            refusals.push(Refusal::DeferredToPast {});
        }
        let deferred = || Event::Deferred {
            by: self.by.person.clone(),
            at: self.by.now,
            rule: rule.clone(),
            on_behalf_of: on_behalf_of(candidate),
            content_hash: seen,
            until,
            reason: reason.clone(),
        };
        unless(refusals, || {
            NonEmpty::starting(deferred(), self.taken_back(rule, candidate))
        })
    }

    /// Reports that the condition of a yes is met. Those who prepare the change do, and not who set it: whoever asks for
    /// something does not say themselves that they have it.
    pub(super) fn fulfill(&self, number: u32, note: Option<&Words>) -> Decision {
        let Some(condition) = nth(&self.change.conditions, number) else {
            return Err(NonEmpty::one(Refusal::ConditionUnknown {
                condition: number,
            }));
        };
        let mut refusals = Vec::new();
        let prepares = *self.by.person == self.change.requester
            || self.names(Meaning::Implementers, self.by.person);
        if !prepares {
            refusals.extend(self.by.lacks(&self.by.policy.may.edit));
        }
        if condition.set.by == *self.by.person {
            refusals.push(Refusal::ConditionOwn { condition: number });
        }
        if condition.void {
            refusals.push(Refusal::ConditionUnknown { condition: number });
        }
        if condition.met.is_some() {
            refusals.push(Refusal::ConditionMet { condition: number });
        }
        let fulfilled = || Event::Fulfilled {
            by: self.by.person.clone(),
            at: self.by.now,
            condition: number,
            note: note.cloned(),
        };
        unless(refusals, || NonEmpty::one(fulfilled()))
    }

    /// What approvers made a condition of their yes is done before the work starts.
    pub(super) fn open_conditions(&self) -> Option<Refusal> {
        let numbered = (1_u32..).zip(&self.change.conditions);
        let open = numbered.filter(|(_, condition)| condition.met.is_none() && !condition.void);
        let conditions: Vec<_> = open.map(|(number, _)| number).collect();
        (!conditions.is_empty()).then_some(Refusal::ConditionOpen { conditions })
    }

    /// What speaks against this person's vote, and as whom they would give it.
    pub(super) fn may_vote<'e>(
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
        let Some(approval) = named(&standing.approvals, rule) else {
            refusals.push(Refusal::ApprovalNotNeeded { rule: rule.clone() });
            return (None, refusals);
        };
        let level = &standing.risk.level;
        let Self { by, change, .. } = *self;
        let met = is_met(by.rules, by.policy, change, approval, level, None);
        // Where nobody else is asked any more, what is left to a person is to take back a yes of theirs.
        let takes_back = met && command != CommandKind::Approve;
        let given = takes_back.then(|| self.who_said_yes(approval)).flatten();
        let candidate = given.or_else(|| self.candidate(approval));
        if met && !self.may_think_again(command, rule, candidate) {
            refusals.push(Refusal::ApprovalNotNeeded { rule: rule.clone() });
        }
        refusals.extend(self.earlier_stages(approval, standing));
        if command != CommandKind::Decline || !self.is_left_to(approval) {
            refusals.extend(self.entitled(approval, candidate, standing));
        }
        (candidate, refusals)
    }

    /// Whoever said yes may take that back until the work starts, though nobody else is asked any more.
    fn may_think_again(
        &self,
        command: CommandKind,
        rule: &RuleId,
        candidate: Option<&Candidate>,
    ) -> bool {
        let before = matches!(self.change.phase, Phase::Authorize | Phase::Scheduled);
        let said_yes = candidate.is_some_and(|candidate| self.has_said_yes(rule, candidate));
        before && command != CommandKind::Approve && said_yes
    }

    /// Work that began before its approval, and of those who could ratify it nobody is left without a conflict: any of them
    /// may say no to it, even to what they did themselves. That hides nothing, and without it the change could never end.
    fn is_left_to(&self, approval: &RequiredApproval) -> bool {
        self.has_begun() && approval.eligible.is_empty() && self.named(&approval.rule).is_some()
    }

    const fn has_begun(&self) -> bool {
        matches!(self.change.phase, Phase::Implement | Phase::Review)
    }

    /// As whom this person votes, where they stand for several: for somebody who has not answered, else for somebody who has
    /// not said yes. Where people are counted, whoever has answered goes on with that answer: one person has one word, unless
    /// they are among those above, who decide alone.
    fn candidate<'e>(&self, approval: &'e RequiredApproval) -> Option<&'e Candidate> {
        let own = |candidate: &&Candidate| candidate.person == *self.by.person;
        let all = || approval.eligible.iter().chain(&approval.above).filter(own);
        if self.by.rules.since(Rules::V3) && has_spoken(self.change, approval, self.by.person) {
            let of_own = |candidate: &&Candidate| {
                let said = self.said(&approval.rule, candidate);
                said.is_some_and(|vote| vote.by == *self.by.person)
            };
            let mut above = approval.above.iter().filter(own);
            let higher = above.find(|candidate| self.said(&approval.rule, candidate).is_none());
            return higher
                .or_else(|| all().find(of_own))
                .or_else(|| all().next());
        }
        let unanswered = |candidate: &&Candidate| self.said(&approval.rule, candidate).is_none();
        let open = |candidate: &&Candidate| !self.has_said_yes(&approval.rule, candidate);
        let first = all().find(unanswered).or_else(|| all().find(open));
        first.or_else(|| all().next())
    }

    /// As whom this person has said yes, where they stand for several.
    fn who_said_yes<'e>(&self, approval: &'e RequiredApproval) -> Option<&'e Candidate> {
        let own = |candidate: &&Candidate| candidate.person == *self.by.person;
        let mut all = approval.eligible.iter().chain(&approval.above).filter(own);
        all.find(|candidate| self.has_said_yes(&approval.rule, candidate))
    }

    /// Votes are taken while the change waits for them; where it may start before, until it is closed.
    pub(super) fn is_open_to_votes(&self) -> bool {
        let afterwards = matches!(self.model.authorization, Authorization::Afterwards { .. });
        match self.change.phase {
            Phase::Authorize | Phase::Scheduled => true,
            Phase::Implement | Phase::Review => afterwards && !self.change.unauthorized,
            Phase::Draft | Phase::Assess | Phase::Closed | Phase::Rejected | Phase::Canceled => {
                false
            }
        }
    }

    pub(super) fn earlier_stages(
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
