//! What is said about a change, and what is erased of it.

use crate::command::ErasureGround;
use crate::event::Event;
use crate::id::PersonId;
use crate::non_empty::NonEmpty;
use crate::policy::Meaning;
use crate::refusal::Refusal;
use crate::value::{Digest, Words};

use super::{Case, Decision, unless};

impl Case<'_> {
    /// Says something about it. Anybody who can see it may.
    pub(super) fn comment(&self, text: &Words, mentions: &[PersonId]) -> Decision {
        let refusals = text
            .is_blank()
            .then_some(Refusal::TextMissing {})
            .into_iter()
            .collect();
        let commented = || Event::Commented {
            by: self.by.person.clone(),
            at: self.by.now,
            text: text.clone(),
            mentions: mentions.to_vec(),
        };
        unless(refusals, || NonEmpty::one(commented()))
    }

    /// Tells those who are affected, in words for everybody.
    pub(super) fn announce(&self, text: &Words) -> Decision {
        let mut refusals: Vec<Refusal> = self.may_announce().into_iter().collect();
        if text.is_blank() {
            refusals.push(Refusal::TextMissing {});
        }
        let announced = || Event::Announced {
            by: self.by.person.clone(),
            at: self.by.now,
            text: text.clone(),
        };
        unless(refusals, || NonEmpty::one(announced()))
    }

    fn may_announce(&self) -> Option<Refusal> {
        let own = self.change.requester == *self.by.person
            || self.names(Meaning::Implementers, self.by.person);
        if own {
            None
        } else {
            self.by.lacks(&self.by.policy.may.announce)
        }
    }

    /// Erases personal data: the host deletes values and salts, the chain stays and says so.
    pub(super) fn erase(&self, commitments: &[Digest], ground: ErasureGround) -> Decision {
        let mut refusals: Vec<Refusal> = self
            .by
            .lacks(&self.by.policy.may.erase)
            .into_iter()
            .collect();
        let unknown = self.by.facts.unknown_commitments.iter();
        refusals.extend(unknown.map(|commitment| Refusal::UnknownCommitment {
            commitment: *commitment,
        }));
        let gone = commitments
            .iter()
            .all(|commitment| self.change.erased.contains(commitment));
        if gone {
            refusals.push(Refusal::NothingChanged {});
        }
        unless(refusals, || {
            NonEmpty::one(Event::Erased {
                by: self.by.person.clone(),
                at: self.by.now,
                commitments: commitments.to_vec(),
                ground,
            })
        })
    }
}
