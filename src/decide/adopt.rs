//! Moving an open change to a newer policy. `by.policy` is that newer policy; the change still keeps the older one.

use crate::change::{Change, content_hash, evolve};
use crate::evaluate::{Evaluation, evaluate, unasked};
use crate::event::Event;
use crate::id::{FieldId, StateId};
use crate::non_empty::NonEmpty;
use crate::policy::{Phase, Trigger};
use crate::refusal::Refusal;
use crate::value::Digest;

use super::{Case, Decision, unless};

impl Case<'_> {
    /// Moves it: its state is mapped to one of the same phase, its content evaluated anew, and approvals that were given to
    /// something else count no more.
    pub(super) fn adopt(&self, policy: &Digest, state: &StateId) -> Decision {
        let mut refusals: Vec<Refusal> = self
            .by
            .lacks(&self.by.policy.may.adopt)
            .into_iter()
            .collect();
        if self.by.policy.hash() != *policy {
            refusals.push(Refusal::PolicyUnknown { policy: *policy });
        }
        if self.change.policy_hash == *policy {
            refusals.push(Refusal::PolicySame {});
        }
        let phase = self.change.phase;
        if self.state(state).is_none_or(|known| known.phase != phase) {
            refusals.push(Refusal::PolicyOtherPhase {
                state: state.clone(),
                phase,
            });
        }
        unless(refusals, || self.adopted(policy, state))
    }

    fn adopted(&self, policy: &Digest, state: &StateId) -> NonEmpty<Event> {
        let left_out = self.left_out();
        let mut content = self.change.fields.clone();
        content.retain(|field, _| !left_out.contains(field));
        let hash = content_hash(
            self.by.policy,
            &self.model.id,
            self.change.template.as_ref(),
            &content,
        );
        let adopted = Event::PolicyAdopted {
            by: self.by.person.clone(),
            at: self.by.now,
            from: self.change.policy_hash,
            to: *policy,
            state: state.clone(),
            content_hash: hash,
            left_out,
        };
        let standing = evaluate(&self.subject(&content, self.change.phase));
        let after = evolve(&self.change.id, Some(self.change.clone()), &adopted);
        let voided = after.map(|after| self.voided_by(&after, &standing));
        let rest = self.reassessed(&standing).into_iter();
        NonEmpty::starting(adopted, rest.chain(voided.into_iter().flatten()))
    }

    /// The fields for which the newer policy does not ask.
    fn left_out(&self) -> Vec<FieldId> {
        let unasked = unasked(&self.subject(&self.change.fields, self.change.phase));
        let is_asked =
            |id: &FieldId| self.by.policy.field(id.as_str()).is_some() && !unasked.holds(id);
        let fields = self.change.fields.keys();
        fields.filter(|id| !is_asked(id)).cloned().collect()
    }

    /// Where the content, the level or the approvals come out otherwise under the newer policy, those given so far count no
    /// more. What was started already stays as it was authorized.
    fn voided_by(&self, after: &Change, standing: &Evaluation<'_>) -> Vec<Event> {
        let waits = matches!(after.phase, Phase::Authorize | Phase::Scheduled);
        let same = after.content_hash == self.change.content_hash
            && standing.risk.level == self.change.level
            && standing.approvals == self.change.approvals;
        let rules = self.standing_votes();
        let given = !rules.is_empty() || self.change.authorized.is_some();
        if !waits || same || !given {
            return Vec::new();
        }
        let voided = Event::Voided {
            at: self.by.now,
            rules,
        };
        let case = Case {
            change: after,
            ..*self
        };
        let back = case.set_off(Trigger::Voided);
        std::iter::once(voided).chain(back).collect()
    }
}
