//! Duties by person: who did one thing may not do the other.
//!
//! Persons are compared, not roles; whoever acts for another carries that person's conflicts. No waiver touches the minimum.

use crate::change::Answer;
use crate::evaluate::{Evaluation, Scene, final_stage};
use crate::id::{PersonId, RuleId};
use crate::policy::{Act, Meaning};
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::sorted::distinct;

use super::Case;

impl<'a> Case<'a> {
    /// Why this person, or the one they act for, may not do this.
    pub(super) fn duty(
        &self,
        wants: Act,
        on_behalf_of: Option<&PersonId>,
        standing: &Evaluation<'_>,
    ) -> Vec<Refusal> {
        let persons = std::iter::once(self.by.person).chain(on_behalf_of);
        persons
            .flat_map(|person| self.duty_of(person, wants, standing))
            .collect()
    }

    pub(super) fn duty_of(
        &self,
        person: &PersonId,
        wants: Act,
        standing: &Evaluation<'_>,
    ) -> Vec<Refusal> {
        let acts = self.acts_of(person);
        let refusal = |did: Act, rule: Option<&RuleId>| Refusal::Duty {
            wants,
            did,
            person: person.clone(),
            rule: rule.cloned(),
        };
        let mut refusals: Vec<_> = acts
            .iter()
            .filter(|did| is_minimum(wants, **did))
            .map(|did| refusal(*did, None))
            .collect();
        if wants == Act::Implemented && self.approved_finally(person, standing) {
            refusals.push(refusal(Act::Approved, None));
        }
        for duty in self.duties(standing) {
            let did = [(duty.one, duty.other), (duty.other, duty.one)]
                .into_iter()
                .find(|(one, _)| *one == wants);
            refusals.extend(
                did.filter(|(_, did)| acts.contains(did) && !self.is_waived(&duty.id, person))
                    .map(|(_, did)| refusal(did, Some(&duty.id))),
            );
        }
        refusals
    }

    /// Why this person may not do the work: whoever gave its final approval never does.
    pub(super) fn approved_it(&self) -> Option<Refusal> {
        self.approved_finally(self.by.person, &self.standing())
            .then(|| Refusal::Duty {
                wants: Act::Implemented,
                did: Act::Approved,
                person: self.by.person.clone(),
                rule: None,
            })
    }

    /// What a person did with this change, as author or implementer also by being named.
    pub(super) fn acts_of(&self, person: &PersonId) -> Vec<Act> {
        let did = self
            .change
            .acts
            .iter()
            .filter(|(_, by)| by == person)
            .map(|(act, _)| *act);
        let named = [
            (Meaning::Authors, Act::Wrote),
            (Meaning::Implementers, Act::Implemented),
        ];
        let named = named
            .into_iter()
            .filter(|(meaning, _)| self.names(*meaning, person))
            .map(|(_, act)| act);
        distinct(did.chain(named))
    }

    /// Whether a person is a party to the change: asked for it, wrote part of it, or carries it out.
    pub(super) fn is_party(&self, person: &PersonId) -> bool {
        let acts = self.acts_of(person);
        let part = |act: &Act| matches!(act, Act::Requested | Act::Wrote | Act::Implemented);
        *person == self.change.requester || acts.iter().any(part)
    }

    /// A gesture that gives authority, moves it or restores it is not made by a party to the change: neither do they gain by it
    /// nor do others by them.
    ///
    /// # Source
    /// NIST SP 800-53 AC-5, separation of duties.
    pub(super) fn given_by_party(&self) -> Option<Refusal> {
        let given = self.by.rules.since(Rules::V3) && !self.by.is_host;
        (given && self.is_party(self.by.person)).then(|| Refusal::Party {
            person: self.by.person.clone(),
        })
    }

    pub(super) fn names(&self, meaning: Meaning, person: &PersonId) -> bool {
        let field = self.by.policy.meaning(meaning);
        let value = field.and_then(|field| self.change.fields.get(&field.id));
        value.is_some_and(|value| value.ids().any(|id| id == person.as_str()))
    }

    /// Whether a person gave the final approval of what stands.
    pub(super) fn approved_finally(&self, person: &PersonId, standing: &Evaluation<'_>) -> bool {
        let last = final_stage(&standing.approvals);
        let is_final = |rule: &RuleId| {
            standing
                .approvals
                .iter()
                .any(|approval| approval.stage == last && approval.rule == *rule)
        };
        let yes = self
            .change
            .votes
            .iter()
            .filter(|vote| vote.answer == Answer::Yes && !vote.void);
        yes.into_iter().any(|vote| {
            is_final(&vote.rule)
                && (vote.by == *person || vote.on_behalf_of.as_ref() == Some(person))
        })
    }

    fn duties(&self, standing: &Evaluation<'_>) -> Vec<&'a crate::policy::Duty> {
        let Self { by, change, .. } = *self;
        let subject = self.subject(&change.fields, change.phase);
        let scene = Scene::of(&subject, &standing.unasked).at_level(&standing.risk.level);
        // A duty whose condition cannot be told applies.
        let applies = |duty: &&crate::policy::Duty| {
            duty.when
                .as_ref()
                .is_none_or(|when| scene.holds(when) != Some(false))
        };
        by.policy.duties.iter().filter(applies).collect()
    }
}

/// The minimum that no policy can switch off. The final approval and implementing are kept apart beside it.
///
/// # Source
/// NIST SP 800-53 AC-5, CM-5: who asked or wrote does not approve, who wrote does not review.
const fn is_minimum(wants: Act, did: Act) -> bool {
    matches!(
        (wants, did),
        (Act::Approved, Act::Requested | Act::Wrote) | (Act::Reviewed, Act::Wrote)
    )
}
