//! What events make of a template. Total: an event that does not fit changes nothing.

use crate::change::Said;
use crate::id::ChangeId;

use super::{
    Lapse, TemplateDeclined, TemplateEvent, TemplateRecord, TemplateStatus, TemplateVersion,
};

/// What a first event makes of nothing, and any event of a template.
#[must_use]
pub fn evolve(
    id: &ChangeId,
    record: Option<TemplateRecord>,
    event: &TemplateEvent,
) -> Option<TemplateRecord> {
    let template = match event {
        TemplateEvent::Proposed { template, .. } | TemplateEvent::Imported { template, .. } => {
            Some(template)
        }
        TemplateEvent::Agreed { .. }
        | TemplateEvent::Activated { .. }
        | TemplateEvent::Declined { .. }
        | TemplateEvent::Suspended { .. }
        | TemplateEvent::Reinstated { .. }
        | TemplateEvent::Retired { .. }
        | TemplateEvent::Lapsed { .. }
        | TemplateEvent::Promoted { .. } => None,
    };
    let begun = || {
        template.map(|template| TemplateRecord {
            id: id.clone(),
            template: template.clone(),
            agreed: None,
            proposed: None,
            declined: None,
            suspended: None,
            lapsed: None,
            retired: None,
            trusted_from: None,
            probation_from: None,
            reviewed_at: None,
            successes_before: 0,
            failures_before: 0,
        })
    };
    record.or_else(begun).map(|record| record.after(event))
}

impl TemplateRecord {
    fn after(mut self, event: &TemplateEvent) -> Self {
        match event {
            TemplateEvent::Proposed { .. } => self.proposed(event),
            TemplateEvent::Agreed { by, .. } => {
                if let Some(proposed) = &mut self.proposed {
                    proposed.agreed_by.push(by.clone());
                }
            }
            TemplateEvent::Activated { at, anew, .. } => {
                self.agreed = self.proposed.take().or(self.agreed);
                self.probation_from = Some(*at);
                self.reviewed_at = Some(*at);
                if *anew {
                    self.trusted_from = Some(*at);
                    self.lapsed = None;
                }
            }
            TemplateEvent::Declined {
                by,
                at,
                version,
                reason,
            } => {
                self.proposed = None;
                self.declined = Some(TemplateDeclined {
                    version: *version,
                    said: Said::of(by, *at, reason),
                });
            }
            TemplateEvent::Suspended { by, at, reason } => {
                self.suspended = Some(Said::of(by, *at, reason));
            }
            TemplateEvent::Reinstated { at, .. } => {
                self.suspended = None;
                self.lapsed = None;
                self.trusted_from = Some(*at);
                self.probation_from = Some(*at);
                self.reviewed_at = Some(*at);
            }
            TemplateEvent::Retired { by, at, reason } => {
                self.retired = Some(Said::of(by, *at, reason));
            }
            TemplateEvent::Imported { .. } => self.imported(event),
            TemplateEvent::Lapsed {
                at,
                status,
                because,
            } => {
                self.lapsed = Some(Lapse {
                    status: *status,
                    at: *at,
                    because: because.clone(),
                });
            }
            TemplateEvent::Promoted { .. } => self.probation_from = None,
        }
        self
    }

    fn proposed(&mut self, event: &TemplateEvent) {
        let TemplateEvent::Proposed {
            by,
            at,
            version,
            content,
            content_hash,
            level,
            samples,
            ..
        } = event
        else {
            return;
        };
        self.proposed = Some(TemplateVersion {
            version: *version,
            content: content.clone(),
            content_hash: *content_hash,
            level: level.clone(),
            samples: samples.clone(),
            proposed_by: Some(by.clone()),
            proposed_at: *at,
            agreed_by: Vec::new(),
        });
    }

    /// What a file says was trusted by whoever wrote it: no probation, and what it counted counts.
    fn imported(&mut self, event: &TemplateEvent) {
        let TemplateEvent::Imported {
            at,
            version,
            content,
            content_hash,
            level,
            active,
            successes,
            failures,
            ..
        } = event
        else {
            return;
        };
        self.agreed = Some(TemplateVersion {
            version: *version,
            content: content.clone(),
            content_hash: *content_hash,
            level: level.clone(),
            samples: Vec::new(),
            proposed_by: None,
            proposed_at: *at,
            agreed_by: Vec::new(),
        });
        self.lapsed = (!active).then(|| Lapse {
            status: TemplateStatus::Suspended,
            at: *at,
            because: Vec::new(),
        });
        self.reviewed_at = Some(*at);
        self.successes_before = *successes;
        self.failures_before = *failures;
    }
}
