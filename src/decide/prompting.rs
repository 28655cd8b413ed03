//! What is done where approvals wait: who has not answered is reminded, those above are asked, and what waits for somebody
//! who left is given on.

use crate::change::evolve;
use crate::due::{escalated_at, next_reminder, persons, unanswered};
use crate::evaluate::{Evaluation, too_few};
use crate::event::{Candidate, Event, RequiredApproval};
use crate::facts::ApproversFact;
use crate::id::{PersonId, RuleId};
use crate::non_empty::NonEmpty;
use crate::policy::{Act, Approvers, Quorum};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::time::Instant;

use super::vote::named;
use super::{By, Case, Decision, unless};

impl Case<'_> {
    /// Reminds those who have not answered. Only the host's clock says so.
    pub(super) fn remind(&self, rule: &RuleId) -> Decision {
        let standing = self.standing();
        let open = self.open_rules(&standing.approvals, &standing.risk.level, None);
        let known = self.by.policy.approval(rule.as_str());
        let asked = known.zip(self.asked_since(rule, &standing));
        let next = asked.and_then(|(known, since)| next_reminder(self.change, known, since));
        let due = open.contains(rule) && next.is_some_and(|next| next <= self.by.now);
        let approval = named(&standing.approvals, rule).filter(|_| due);
        let By { rules, now, .. } = self.by;
        let silent = approval.map(|approval| unanswered(rules, self.change, approval, now));
        let silent = silent.into_iter().flatten();
        let people = persons(silent.filter(|known| self.is_free(known, &standing)));
        if people.is_empty() {
            return Err(NonEmpty::one(Refusal::ReminderNotDue {
                rule: rule.clone(),
            }));
        }
        Ok(NonEmpty::one(Event::Reminded {
            at: self.by.now,
            rule: rule.clone(),
            people,
        }))
    }

    /// Asks those above, since an approval has waited too long. Only the host's clock says so.
    pub(super) fn escalate(&self, rule: &RuleId) -> Decision {
        let not_due = || {
            Err(NonEmpty::one(Refusal::EscalationNotDue {
                rule: rule.clone(),
            }))
        };
        let known = self.by.policy.approval(rule.as_str());
        let Some(escalate) = known.and_then(|known| known.escalate.as_ref()) else {
            return not_due();
        };
        let standing = self.standing();
        let open = self.open_rules(&standing.approvals, &standing.risk.level, None);
        let since = self.asked_since(rule, &standing);
        let approval = named(&standing.approvals, rule);
        let at = approval.zip(since).map(|(approval, since)| {
            escalated_at(self.by.rules, self.change, approval, escalate, since)
        });
        let due = at.is_some_and(|at| at <= self.by.now);
        let done = self
            .change
            .escalated
            .iter()
            .any(|known| known.rule == *rule && since.is_some_and(|since| since <= known.at));
        let to = self.above(rule);
        if !self.is_open_to_votes() || !open.contains(rule) || !due || done || to.is_empty() {
            return not_due();
        }
        Ok(NonEmpty::one(self.escalated(rule, to)))
    }

    fn escalated(&self, rule: &RuleId, to: Vec<PersonId>) -> Event {
        Event::Escalated {
            at: self.by.now,
            rule: rule.clone(),
            to,
        }
    }

    /// Since when a rule asks for its yes; none while votes are not taken, or those of an earlier stage come first.
    fn asked_since(&self, rule: &RuleId, standing: &Evaluation<'_>) -> Option<Instant> {
        let approval = named(&standing.approvals, rule)?;
        let asked = self.is_open_to_votes() && self.earlier_stages(approval, standing).is_none();
        let since = || crate::due::asked_since(self.model, self.change, &standing.approvals, rule);
        asked.then(since).flatten()
    }

    /// Who stands above those whom a rule asks, and may decide once they are asked: without conflict of duty.
    fn above(&self, rule: &RuleId) -> Vec<PersonId> {
        let escalated = self.escalated(rule, Vec::new());
        let Some(change) = evolve(&self.change.id, Some(self.change.clone()), &escalated) else {
            return Vec::new();
        };
        let case = Case {
            change: &change,
            ..*self
        };
        let standing = case.standing();
        let above = named(&standing.approvals, rule).map(|approval| &approval.above);
        let above = above.into_iter().flatten();
        persons(above.filter(|known| case.is_free(known, &standing)))
    }

    /// Whether no duty keeps a candidate from giving the approval: whoever it does is not asked for it.
    fn is_free(&self, candidate: &Candidate, standing: &Evaluation<'_>) -> bool {
        let mut both = std::iter::once(&candidate.person).chain(&candidate.on_behalf_of);
        both.all(|person| self.duty_of(person, Act::Approved, standing).is_empty())
    }

    /// Gives what waits for somebody who left to somebody else, visibly.
    pub(super) fn hand_on(&self, from: &PersonId, to: &PersonId) -> Decision {
        let mut refusals: Vec<Refusal> = self.may_hand_on(to).into_iter().collect();
        if !self.by.facts.missing_people.contains(from) {
            refusals.push(Refusal::NotLeft {
                person: from.clone(),
            });
        }
        if self.by.facts.missing_people.contains(to) || from == to {
            refusals.push(Refusal::UnknownPerson { person: to.clone() });
        }
        if !self.waits_for(from) {
            refusals.push(Refusal::NothingToHandOn {
                person: from.clone(),
            });
        } else if self.by.rules.since(Rules::V3) && !self.is_missing(from) {
            refusals.push(Refusal::HandOnNotMissing {
                person: from.clone(),
            });
        }
        refusals.extend(self.may_not_take_over(to));
        let handed_on = || Event::HandedOn {
            at: self.by.now,
            from: from.clone(),
            to: to.clone(),
            by: (!self.by.is_host).then(|| self.by.person.clone()),
        };
        unless(refusals, || NonEmpty::one(handed_on()))
    }

    /// Why this person gives nothing on: they lack the role, are a party to the change, or gain by it.
    fn may_hand_on(&self, to: &PersonId) -> Option<Refusal> {
        if self.by.is_host {
            return None;
        }
        let gains = self.by.rules.since(Rules::V3) && to == self.by.person;
        let gains = gains.then(|| Refusal::Gains { person: to.clone() });
        let lacks = self.by.lacks(&self.by.policy.may.hand_on);
        lacks.or_else(|| self.given_by_party()).or(gains)
    }

    /// Why somebody does not take decisions over, whoever gives them: they are a party to the change, a duty keeps them from it,
    /// or the policy names others.
    fn may_not_take_over(&self, to: &PersonId) -> Vec<Refusal> {
        if !self.by.rules.since(Rules::V3) {
            return Vec::new();
        }
        let mut refusals = Vec::new();
        let person = || to.clone();
        if self.is_party(to) {
            refusals.push(Refusal::Party { person: person() });
        } else {
            refusals.extend(self.duty_of(to, Act::Approved, &self.standing()));
        }
        let is_named = self.by.policy.takes_over.is_none() || self.by.facts.takes_over;
        if !is_named {
            refusals.push(Refusal::HandOnNotNamed { person: person() });
        }
        refusals
    }

    /// Whether an approval that waits lacks the decision of somebody who left: those who are there are too few without it, or
    /// everybody is asked whom the rule names, each for themselves. Of a group those who are left decide.
    fn is_missing(&self, leaver: &PersonId) -> bool {
        let standing = self.standing();
        let open = self.open_rules(&standing.approvals, &standing.risk.level, None);
        let of_leaver =
            |known: &&ApproversFact| open.contains(&known.rule) && known.left.contains(leaver);
        let mut asks = self.by.facts.approvers.iter().filter(of_leaver);
        asks.any(|known| {
            let approval = named(&standing.approvals, &known.rule);
            approval.is_some_and(|approval| self.lacks_decision(approval, leaver))
        })
    }

    fn lacks_decision(&self, approval: &RequiredApproval, leaver: &PersonId) -> bool {
        let rule = self.by.policy.approval(approval.rule.as_str());
        let is_group = rule.is_some_and(|rule| matches!(rule.from, Approvers::Group { .. }));
        let all = approval.quorum == (Quorum::All {}) && !is_group;
        let mut asked = approval.eligible.iter().map(Candidate::principal);
        let is_taken = asked.any(|asked| asked == leaver);
        let few = too_few(Some(self.change), approval);
        !is_taken && approval.above.is_empty() && (few || all && !approval.by_deputies)
    }

    /// Whether a rule that is not met names somebody who left.
    fn waits_for(&self, leaver: &PersonId) -> bool {
        let standing = self.standing();
        let open = self.open_rules(&standing.approvals, &standing.risk.level, None);
        let facts = self.by.facts.approvers.iter();
        let mut asks = facts.filter(|known| open.contains(&known.rule));
        asks.any(|known| known.left.contains(leaver))
    }
}
