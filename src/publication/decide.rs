//! Who may put a policy in force, and why not.

use crate::id::PersonId;
use crate::other::{Hand, Ruling, unless};
use crate::policy::Publishing;
use crate::refusal::Refusal;
use crate::value::{Digest, Words};
use crate::world::Document;

use super::{PolicyEvent, PolicyStep, ProposedPolicy, Publication};

/// Decides a step, under the policy in force.
///
/// # Errors
/// Every refusal that applies.
pub(crate) fn decide(
    hand: &Hand<'_>,
    record: Option<&Publication>,
    step: &PolicyStep,
) -> Ruling<PolicyEvent> {
    match (step, record) {
        (PolicyStep::Initial { hash }, record) => initial(hand, record, *hash),
        (_, None) => Err(vec![Refusal::RecordUnknown {}]),
        (_, Some(record)) => {
            let person = hand.person()?;
            let publishing = hand.policy.publishing.get().as_ref();
            let publishing = publishing.ok_or_else(|| vec![Refusal::PolicyNoPublishing {}])?;
            Case {
                hand,
                record,
                person,
                publishing,
            }
            .decide(step)
        }
    }
}

/// Takes the document with which the host was started: the first, and a later one where the one in force lets nobody
/// replace it. By a policy of another name two people are not got round either.
fn initial(hand: &Hand<'_>, record: Option<&Publication>, hash: Digest) -> Ruling<PolicyEvent> {
    let mut refusals: Vec<Refusal> = hand.not_host().into_iter().collect();
    let Some(document) = named(hand, hash) else {
        refusals.push(Refusal::PolicyUnknown { policy: hash });
        return Err(refusals);
    };
    refusals.extend(stopped(document));
    if hand.policy.publishing.is_some() && hand.policy.hash() != hash {
        refusals.push(Refusal::PolicyTakesTwo {});
    }
    if let Some(record) = record {
        refusals.extend(other_policy(record, document));
        refusals.extend(in_force(record, hash));
    }
    unless(refusals, || vec![comes_in_force(hand, document)])
}

/// The document that is meant, as the host has it.
fn named<'a>(hand: &Hand<'a>, hash: Digest) -> Option<&'a Document> {
    let document = hand.facts.document.as_ref();
    document.filter(|document| document.hash == hash)
}

fn stopped(document: &Document) -> Option<Refusal> {
    (document.stops > 0).then_some(Refusal::PolicyStops {
        findings: document.stops,
    })
}

fn other_policy(record: &Publication, document: &Document) -> Option<Refusal> {
    (record.policy != document.id).then(|| Refusal::PolicyOtherId {
        id: document.id.clone(),
    })
}

fn in_force(record: &Publication, hash: Digest) -> Option<Refusal> {
    let same = record
        .in_force
        .as_ref()
        .is_some_and(|stands| stands.hash == hash);
    same.then_some(Refusal::PolicySame {})
}

fn comes_in_force(hand: &Hand<'_>, document: &Document) -> PolicyEvent {
    PolicyEvent::InForce {
        at: hand.now,
        policy: document.id.clone(),
        hash: document.hash,
        version: document.version.clone(),
    }
}

/// A person's step in a publication that there is.
#[derive(Clone, Copy)]
struct Case<'a> {
    hand: &'a Hand<'a>,
    record: &'a Publication,
    person: &'a PersonId,
    publishing: &'a Publishing,
}

impl Case<'_> {
    fn decide(&self, step: &PolicyStep) -> Ruling<PolicyEvent> {
        match step {
            PolicyStep::Propose { hash, note } => self.propose(*hash, note.as_ref()),
            PolicyStep::Agree { hash } => self.agree(*hash),
            PolicyStep::Decline { hash, reason } => self.decline(*hash, reason),
            PolicyStep::Initial { .. } => Err(vec![Refusal::OnlyHost {}]),
        }
    }

    /// What speaks against putting this document in force, whoever does it.
    fn unfit(&self, document: &Document) -> Vec<Refusal> {
        let version = self.record.in_force.as_ref().map(|stands| &stands.version);
        let same = version.filter(|version| **version == document.version);
        let mut refusals: Vec<Refusal> = stopped(document).into_iter().collect();
        refusals.extend(other_policy(self.record, document));
        match in_force(self.record, document.hash) {
            Some(refusal) => refusals.push(refusal),
            None => refusals.extend(same.map(|version| Refusal::PolicySameVersion {
                version: version.clone(),
            })),
        }
        refusals
    }

    fn propose(&self, hash: Digest, note: Option<&Words>) -> Ruling<PolicyEvent> {
        let mut refusals: Vec<Refusal> = self
            .hand
            .lacks(&self.publishing.propose)
            .into_iter()
            .collect();
        let Some(document) = named(self.hand, hash) else {
            refusals.push(Refusal::PolicyUnknown { policy: hash });
            return Err(refusals);
        };
        refusals.extend(self.unfit(document));
        unless(refusals, || {
            vec![PolicyEvent::Proposed {
                by: self.person.clone(),
                at: self.hand.now,
                hash,
                version: document.version.clone(),
                note: note.cloned(),
            }]
        })
    }

    /// The document that waits, where it is the one that was seen.
    fn waiting(&self, seen: Digest) -> Result<&ProposedPolicy, Vec<Refusal>> {
        let waits = self.record.proposed.as_ref();
        match waits {
            None => Err(vec![Refusal::ProposalNone {}]),
            Some(waits) if waits.hash != seen => Err(vec![Refusal::ProposalChanged {
                seen,
                stands: waits.hash,
            }]),
            Some(waits) => Ok(waits),
        }
    }

    /// Agrees to what was seen, which puts it in force. It takes two: the proposer never does.
    ///
    /// # Source
    /// NIST SP 800-53 AC-5, separation of duties; CM-3, configuration change control.
    fn agree(&self, hash: Digest) -> Ruling<PolicyEvent> {
        let waits = self.waiting(hash)?;
        let mut refusals: Vec<Refusal> = self
            .hand
            .lacks(&self.publishing.agree)
            .into_iter()
            .collect();
        if waits.by == *self.person {
            refusals.push(Refusal::ProposalOwn {});
        }
        let Some(document) = named(self.hand, hash) else {
            refusals.push(Refusal::PolicyUnknown { policy: hash });
            return Err(refusals);
        };
        refusals.extend(self.unfit(document));
        unless(refusals, || {
            let agreed = PolicyEvent::Agreed {
                by: self.person.clone(),
                at: self.hand.now,
                hash,
            };
            vec![agreed, comes_in_force(self.hand, document)]
        })
    }

    /// Says no to what was seen. Whoever proposed it may take it back.
    fn decline(&self, hash: Digest, reason: &Words) -> Ruling<PolicyEvent> {
        let waits = self.waiting(hash)?;
        let mut refusals = Vec::new();
        if waits.by != *self.person {
            refusals.extend(self.hand.lacks(&self.publishing.agree));
        }
        if reason.is_blank() {
            refusals.push(Refusal::ReasonMissing {});
        }
        unless(refusals, || {
            vec![PolicyEvent::Declined {
                by: self.person.clone(),
                at: self.hand.now,
                hash,
                reason: reason.clone(),
            }]
        })
    }
}
