//! What is said about a change, and what is erased of it.

use crate::command::ErasureGround;
use crate::evaluate::Evaluation;
use crate::event::Event;
use crate::finding::{Finding, FindingCode};
use crate::id::{FieldId, PersonId};
use crate::non_empty::NonEmpty;
use crate::policy::Meaning;
use crate::refusal::Refusal;
use crate::value::{Digest, Value, Words};

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

    /// What must be filled and was erased since: nobody evaluates or approves what is not there any more.
    pub(super) fn erased_content(&self, standing: &Evaluation<'_>) -> Vec<Refusal> {
        let held = |field: &FieldId| self.change.fields.get(field).is_some_and(Value::is_filled);
        let is_erased = |finding: &&Finding| {
            finding.code == FindingCode::Required && finding.fields.iter().any(held)
        };
        let erased = standing.findings.iter().filter(is_erased);
        erased
            .map(|finding| Refusal::Content {
                finding: finding.clone(),
            })
            .collect()
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
