//! Moving an open change to a newer policy: evaluated anew under it, and what no longer fits is asked for again.

use crate::change::{Answer, Vote, content_hash, evolve};
use crate::command::CommandKind;
use crate::draft::Content;
use crate::evaluate::{Evaluation, evaluate, unasked};
use crate::event::{Candidate, Event, RequiredApproval};
use crate::facts::ApproversFact;
use crate::finding::{Finding, FindingCode};
use crate::id::{FieldId, PersonId, RuleId, StateId};
use crate::non_empty::NonEmpty;
use crate::policy::{Authorization, Phase, State};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::value::Digest;

use super::{By, Case, Decision, unless};

impl Case<'_> {
    /// Adopts the policy by which this very decision is made.
    ///
    /// # Source
    /// NIST SP 800-53 CM-3: what is carried out is what was approved, under the rules that were approved with it.
    pub(super) fn adopt(&self, policy: &Digest, state: &StateId) -> Decision {
        let by = &self.by;
        let mut refusals = match by.lacks(&by.policy.may.adopt) {
            Some(refusal) => vec![refusal],
            None => self.moved_by_both(),
        };
        if self.change.policy_hash == *policy {
            refusals.push(Refusal::PolicySame {});
        }
        if by.policy.hash() != *policy {
            refusals.push(Refusal::PolicyUnknown { policy: *policy });
        }
        if !may_move(self.change.phase) {
            refusals.push(self.not_in_phase(CommandKind::AdoptPolicy));
        }
        let Some(state) = self.state(state) else {
            refusals.push(Refusal::UnknownState {
                state: state.clone(),
            });
            return Err(
                NonEmpty::of(refusals).unwrap_or_else(|| NonEmpty::one(Refusal::PolicySame {}))
            );
        };
        if state.phase != self.change.phase {
            refusals.push(Refusal::PolicyOtherPhase {
                state: state.id.clone(),
                phase: self.change.phase,
            });
        }
        let left_out = self.no_longer_asked();
        refusals.extend(self.does_not_fit(&left_out));
        unless(refusals, || self.adopted(*policy, state, left_out))
    }

    /// Moving a change moves who decides on it. So the rules that it keeps must let this person do it as well, and neither a
    /// party to it nor whoever would be asked for an approval by it does.
    fn moved_by_both(&self) -> Vec<Refusal> {
        let By { rules, person, .. } = self.by;
        if !rules.since(Rules::V3) {
            return Vec::new();
        }
        let mut refusals: Vec<_> = self.given_by_party().into_iter().collect();
        if self.by.facts.kept_lets != Some(true) {
            refusals.push(Refusal::PolicyKept {});
        }
        let asked = |approval: &RequiredApproval| {
            let all = approval.eligible.iter().chain(&approval.above);
            let mut people = all.map(|one| &one.person).chain(&approval.conflicted);
            people.any(|asked| asked == person)
        };
        let before = |rule: &RuleId| {
            let mut known = self.change.approvals.iter();
            known.any(|known| known.rule == *rule && asked(known))
        };
        let standing = self.standing();
        let mut then = standing.approvals.iter();
        if then.any(|approval| asked(approval) && !before(&approval.rule)) {
            refusals.push(Refusal::Gains {
                person: person.clone(),
            });
        }
        refusals
    }

    /// Fields of the content that the policy does not ask of this change: nobody would approve their values.
    fn no_longer_asked(&self) -> Vec<FieldId> {
        let unasked = unasked(&self.subject(&self.change.fields, self.change.phase));
        let mut left_out = Vec::new();
        for field in self.change.fields.keys() {
            let unknown = self.by.policy.field(field.as_str()).is_none();
            if unknown || unasked.holds(field) {
                left_out.push(field.clone());
            }
        }
        left_out
    }

    fn content_without(&self, left_out: &[FieldId]) -> Content {
        let mut content = self.change.fields.clone();
        for field in left_out {
            content.remove(field);
        }
        content
    }

    /// Values that the policy cannot read. What it asks on top is no reason to stay: it is asked for where it is needed.
    fn does_not_fit(&self, left_out: &[FieldId]) -> Vec<Refusal> {
        let content = self.content_without(left_out);
        let evaluation = evaluate(&self.subject(&content, self.change.phase));
        let cannot_be_read = |finding: &Finding| {
            matches!(
                finding.code,
                FindingCode::WrongKind | FindingCode::NoSuchOption
            )
        };
        let findings = evaluation.findings.into_iter();
        findings
            .filter(cannot_be_read)
            .map(|finding| Refusal::Content { finding })
            .collect()
    }

    fn adopted(&self, to: Digest, state: &State, left_out: Vec<FieldId>) -> NonEmpty<Event> {
        let Self { by, change, model } = *self;
        let content = self.content_without(&left_out);
        let template = change.template.as_ref();
        let adopted = Event::PolicyAdopted {
            by: by.person.clone(),
            at: by.now,
            from: change.policy_hash,
            to,
            state: state.id.clone(),
            content_hash: content_hash(by.policy, &model.id, template, &content),
            left_out,
        };
        // What follows is decided on the change as it stands under the new policy.
        let Some(moved) = evolve(&change.id, Some(change.clone()), &adopted) else {
            return NonEmpty::one(adopted);
        };
        let case = Case {
            by,
            change: &moved,
            model,
        };
        let follows = case.asked_again(self.change.content_hash);
        NonEmpty::starting(adopted, follows)
    }

    /// Whether level or approvals are others, or a yes is of somebody who is not asked. Who can give them changes from day to
    /// day and voids nothing.
    fn is_asked_otherwise(&self, evaluation: &Evaluation<'_>) -> bool {
        let same = |(one, other): (&RequiredApproval, &RequiredApproval)| {
            (&one.rule, one.stage, &one.quorum) == (&other.rule, other.stage, &other.quorum)
        };
        let (before, now) = (&self.change.approvals, &evaluation.approvals);
        let approvals = before.len() == now.len() && before.iter().zip(now).all(same);
        evaluation.risk.level != self.change.level || !approvals || self.holds_strange_yes()
    }

    /// Whether somebody has said yes whom the rule does not name under this policy, there or not.
    fn holds_strange_yes(&self) -> bool {
        let names = |known: &ApproversFact, person: &PersonId| {
            let people = [&known.principals, &known.deputies, &known.above];
            let mut people = people.into_iter().flatten().map(Candidate::principal);
            people.any(|named| named == person)
                || known.away.contains(person)
                || known.left.contains(person)
        };
        let is_named = |vote: &Vote| {
            let mut facts = self.by.facts.approvers.iter();
            facts.any(|known| known.rule == vote.rule && names(known, vote.principal()))
        };
        let votes = self.change.votes.iter().filter(|vote| !vote.void);
        votes
            .filter(|vote| vote.answer == Answer::Yes)
            .any(|vote| !is_named(vote))
    }

    /// Works out risk and approvals anew; where anything came out otherwise, yeses so far count no more.
    fn asked_again(&self, before: Digest) -> Vec<Event> {
        let carried = matches!(self.model.authorization, Authorization::PreApproved { .. });
        let evaluation = self.standing();
        let reassessed = self.reassessed(&evaluation);
        let void = self.is_asked_otherwise(&evaluation) || self.change.content_hash != before;
        let unasked = evaluation.approvals.is_empty();
        let holds = carried && unasked && self.template_holds();
        let voided = if void && !holds {
            self.voids()
        } else {
            Vec::new()
        };
        let renewed =
            (void && holds && self.change.authorized.is_some()).then(|| Event::Authorized {
                at: self.by.now,
                content_hash: self.change.content_hash,
                level: evaluation.risk.level.clone(),
                template: self.change.template.clone(),
            });
        reassessed
            .into_iter()
            .chain(voided)
            .chain(renewed)
            .collect()
    }
}

/// Work that was started ends under the policy that let it start.
const fn may_move(phase: Phase) -> bool {
    matches!(
        phase,
        Phase::Draft | Phase::Assess | Phase::Authorize | Phase::Scheduled | Phase::Rejected
    )
}
