//! What events make of a publication. Total: an event that does not fit changes nothing.

use crate::change::Said;
use crate::id::ChangeId;

use super::{InForce, PolicyDeclined, PolicyEvent, ProposedPolicy, Publication};

/// What a first event makes of nothing, and any event of a publication.
#[must_use]
pub fn evolve(
    id: &ChangeId,
    record: Option<Publication>,
    event: &PolicyEvent,
) -> Option<Publication> {
    let begun = match event {
        PolicyEvent::InForce { policy, .. } => Some(Publication {
            id: id.clone(),
            policy: policy.clone(),
            in_force: None,
            proposed: None,
            declined: None,
            earlier: Vec::new(),
        }),
        PolicyEvent::Proposed { .. }
        | PolicyEvent::Agreed { .. }
        | PolicyEvent::Declined { .. } => None,
    };
    record.or(begun).map(|record| record.after(event))
}

impl Publication {
    fn after(mut self, event: &PolicyEvent) -> Self {
        match event {
            PolicyEvent::Proposed {
                by,
                at,
                hash,
                version,
                note,
            } => {
                self.proposed = Some(ProposedPolicy {
                    hash: *hash,
                    version: version.clone(),
                    by: by.clone(),
                    at: *at,
                    note: note.clone(),
                    agreed_by: None,
                });
            }
            PolicyEvent::Agreed { by, .. } => {
                if let Some(proposed) = &mut self.proposed {
                    proposed.agreed_by = Some(by.clone());
                }
            }
            PolicyEvent::Declined {
                by,
                at,
                hash,
                reason,
            } => {
                self.proposed = None;
                self.declined = Some(PolicyDeclined {
                    hash: *hash,
                    said: Said::of(by, *at, reason),
                });
            }
            PolicyEvent::InForce { .. } => self.comes_in_force(event),
        }
        self
    }

    fn comes_in_force(&mut self, event: &PolicyEvent) {
        let PolicyEvent::InForce {
            at, hash, version, ..
        } = event
        else {
            return;
        };
        // A document from the host's file takes nothing away from one that waits.
        let proposed = self.proposed.take_if(|proposed| proposed.hash == *hash);
        let (proposed_by, agreed_by) = proposed.map_or((None, None), |proposed| {
            (Some(proposed.by), proposed.agreed_by)
        });
        let now = InForce {
            hash: *hash,
            version: version.clone(),
            since: *at,
            proposed_by,
            agreed_by,
        };
        self.earlier.extend(self.in_force.replace(now));
    }
}
