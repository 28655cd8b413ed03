//! Evidence: what shows that something was done.

use crate::command::Command;
use crate::event::Event;
use crate::evidence::FileRef;
use crate::id::RuleId;
use crate::non_empty::NonEmpty;
use crate::policy::EvidenceKind;
use crate::refusal::Refusal;
use crate::value::Words;

use super::{Case, Decision, unless};

impl<'a> Case<'a> {
    /// Brings evidence or takes it back.
    pub(super) fn prove(&self, command: &Command) -> Decision {
        if let Command::Retract { evidence, reason } = command {
            return self.retract(*evidence, reason);
        }
        let Command::Attach {
            kind,
            name,
            file,
            link,
            result,
            note,
        } = command
        else {
            return self.not_yet(command.kind());
        };
        let Some(kind) = self.evidence_kind(kind) else {
            return Err(NonEmpty::one(Refusal::EvidenceKindUnknown {
                kind: kind.clone(),
            }));
        };
        let mut refusals = self.may_bring(kind);
        if name.is_blank() {
            refusals.push(Refusal::TextMissing {});
        }
        refusals.extend(self.file_amiss(kind, file.as_ref()));
        if kind.result && result.is_none() {
            refusals.push(Refusal::EvidenceResultMissing {
                kind: kind.id.clone(),
            });
        }
        let attached = || Event::Attached {
            by: self.by.person.clone(),
            at: self.by.now,
            kind: kind.id.clone(),
            name: name.clone(),
            file: file.clone(),
            link: link.clone(),
            result: *result,
            note: note.clone(),
            // What is shown after the end was done before it, or was not done.
            act: kind.act.filter(|_| !self.change.phase.is_terminal()),
            content_hash: self.change.content_hash,
        };
        unless(refusals, || NonEmpty::one(attached()))
    }

    fn evidence_kind(&self, id: &RuleId) -> Option<&'a EvidenceKind> {
        self.by.policy.evidence.iter().find(|kind| kind.id == *id)
    }

    /// Whoever brings evidence of an act does the act: a review of one's own work is none.
    fn may_bring(&self, kind: &EvidenceKind) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        if !kind.by.is_empty() {
            refusals.extend(self.by.lacks(&kind.by));
        }
        if let Some(act) = kind.act {
            refusals.extend(self.duty(act, None, &self.standing()));
        }
        refusals
    }

    fn file_amiss(&self, kind: &EvidenceKind, file: Option<&FileRef>) -> Option<Refusal> {
        let Some(file) = file else {
            return kind.file.then(|| Refusal::EvidenceFileMissing {
                kind: kind.id.clone(),
            });
        };
        let arrived = self.by.facts.files.contains(&file.sha256);
        (!arrived).then_some(Refusal::EvidenceFileUnknown {
            sha256: file.sha256,
        })
    }

    /// Taken back by who brought it, or by whoever may edit.
    fn retract(&self, number: u32, reason: &Words) -> Decision {
        let Some(evidence) = nth(&self.change.evidence, number) else {
            return Err(NonEmpty::one(Refusal::EvidenceUnknown { evidence: number }));
        };
        let mut refusals = Vec::new();
        if evidence.by != *self.by.person {
            refusals.extend(self.by.lacks(&self.by.policy.may.edit));
        }
        if evidence.retracted.is_some() {
            refusals.push(Refusal::EvidenceRetracted { evidence: number });
        }
        if reason.is_blank() {
            refusals.push(Refusal::ReasonMissing {});
        }
        let retracted = || Event::Retracted {
            by: self.by.person.clone(),
            at: self.by.now,
            evidence: number,
            reason: reason.clone(),
        };
        unless(refusals, || NonEmpty::one(retracted()))
    }
}

/// What lies at a place that is counted from 1.
pub(super) fn nth<T>(items: &[T], number: u32) -> Option<&T> {
    let position = usize::try_from(number).ok()?.checked_sub(1)?;
    items.get(position)
}
