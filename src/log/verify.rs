//! Checks a log: the chain, and each decision made again from its facts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::canonical;
use crate::command::Command;
use crate::id::PersonId;
use crate::policy::Policy;
use crate::value::Digest;

use super::{Broken, Entry, Record, Stored, seal};
use crate::rules::Rules;
use crate::wire::Decode;

/// What a check of a log found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Verdict {
    /// Whether there is no fault.
    pub ok: bool,
    /// How many entries were checked.
    pub entries: u64,
    /// The hash of the last entry.
    pub head: Digest,
    /// What does not hold.
    pub faults: Vec<Fault>,
    /// Entries whose chain holds but whose decision could not be made again here: of other rules, or of a policy that is
    /// not at hand.
    pub chain_only: Vec<u64>,
    /// Commitments whose values were erased, by the record itself.
    pub erased: Vec<Digest>,
    /// Commitments whose values are gone although nothing erased them.
    pub missing: Vec<Digest>,
}

/// One thing that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// In which entry.
    pub seq: u64,
    /// What.
    pub kind: FaultKind,
}

/// What can be wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum FaultKind {
    /// Its bytes are not those of its hash.
    Hash,
    /// It does not follow the entry before.
    Link,
    /// It is of another change.
    OtherChange,
    /// The decision, made again from its facts, comes out otherwise.
    Decision,
    /// It was decided under another policy than the change keeps.
    Policy,
    /// A text beside the log is none that was sealed here.
    Value,
    /// A text is still there although it was erased.
    NotErased,
    /// A text is gone although nothing erased it.
    Missing,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Hash => "its bytes are not those of its hash",
            Self::Link => "it does not follow the entry before",
            Self::OtherChange => "it is of another change",
            Self::Decision => "its decision comes out otherwise when made again",
            Self::Policy => "it was decided under another policy than the change keeps",
            Self::Value => "a text beside it is none that was sealed in it",
            Self::NotErased => "a text beside it is still there although it was erased",
            Self::Missing => "a text of it is gone that nobody erased",
        })
    }
}

/// Why an entry does not continue a record; none where it does.
pub(super) fn link(record: &Record, stored: &Stored) -> Option<FaultKind> {
    let entry = &stored.entry;
    let follows = entry.prev == record.head && record.seq.checked_add(1) == Some(entry.seq);
    let same = record.id().is_none_or(|id| *id == entry.change_id);
    let host = PersonId(String::new());
    let author = entry.actor.person().unwrap_or(&host);
    let sealed_here = seal::commitments(&entry.command);
    let values = stored.values.iter().all(|(digest, sealed)| {
        seal::commitment_of(sealed) == Some(*digest)
            && sealed.by == *author
            && sealed_here.contains(digest)
    });
    match () {
        () if canonical::hash(entry) != stored.hash => Some(FaultKind::Hash),
        () if !follows => Some(FaultKind::Link),
        () if !same => Some(FaultKind::OtherChange),
        () if !values => Some(FaultKind::Value),
        () => None,
    }
}

/// Checks a log against the policies it was decided under, by their hashes.
#[must_use]
pub fn verify(log: &[Stored], policies: &BTreeMap<Digest, Policy>) -> Verdict {
    let mut record = Record::empty();
    let mut faults = Vec::new();
    let mut chain_only = Vec::new();
    for stored in log {
        let seq = stored.entry.seq;
        faults.extend(link(&record, stored).map(|kind| Fault { seq, kind }));
        match again(&record, &stored.entry, policies) {
            Again::Same => {}
            Again::Other(kind) => faults.push(Fault { seq, kind }),
            Again::NotHere => chain_only.push(seq),
        }
        record = record.with(stored);
    }
    let (erased, missing) = gone(log, &record, &mut faults);
    Verdict {
        ok: faults.is_empty() && missing.is_empty(),
        entries: u64::try_from(log.len()).unwrap_or(u64::MAX),
        head: record.head,
        faults,
        chain_only,
        erased,
        missing,
    }
}

/// Folds a log of which everything holds: chain, texts, and each decision made again. An entry of a version that is not here is
/// folded and marked ([`Record::unjudged`]); one of a policy that is not at hand is taken as it stands.
///
/// # Errors
/// The first entry that does not hold.
pub fn verified(log: &[Stored], policies: &BTreeMap<Digest, Policy>) -> Result<Record, Broken> {
    let mut record = Record::empty();
    for stored in log {
        let seq = stored.entry.seq;
        let other = match again(&record, &stored.entry, policies) {
            Again::Same | Again::NotHere => None,
            Again::Other(kind) => Some(kind),
        };
        if let Some(kind) = link(&record, stored).or(other) {
            return Err(Broken { seq, kind });
        }
        record = record.with(stored);
    }
    match astray(log, &record) {
        Some(Fault { seq, kind }) => Err(Broken { seq, kind }),
        None => Ok(record),
    }
}

/// The first text that is there although it was erased, or gone although it was not.
fn astray(log: &[Stored], record: &Record) -> Option<Fault> {
    let mut faults = Vec::new();
    let (_, missing) = gone(log, record, &mut faults);
    let holds = |stored: &&Stored| {
        let sealed = seal::commitments(&stored.entry.command);
        sealed.iter().any(|digest| missing.contains(digest))
    };
    let missing = log.iter().find(holds).map(|stored| Fault {
        seq: stored.entry.seq,
        kind: FaultKind::Missing,
    });
    faults.into_iter().next().or(missing)
}

enum Again {
    Same,
    Other(FaultKind),
    NotHere,
}

/// Makes a decision again from its facts.
fn again(record: &Record, entry: &Entry, policies: &BTreeMap<Digest, Policy>) -> Again {
    let keeps = record.keeps().unwrap_or(entry.policy_hash);
    // A change that adopts a policy is decided under that policy, and keeps it from then on.
    let adopts = matches!(&entry.command, Command::AdoptPolicy { policy, .. } if *policy == entry.policy_hash);
    if keeps != entry.policy_hash && !adopts {
        return Again::Other(FaultKind::Policy);
    }
    let rules = Rules::of(entry.rules_version);
    let Some((policy, rules)) = policies.get(&entry.policy_hash).zip(rules) else {
        return Again::NotHere;
    };
    let (command, facts) = (&entry.command, &entry.facts);
    let decision = record.decide_under(rules, policy, command, &entry.actor, entry.at, facts);
    let same = decision.is_ok_and(|events| *events == *entry.events);
    if same {
        Again::Same
    } else {
        Again::Other(FaultKind::Decision)
    }
}

/// Commitments whose values are not there: erased by the record, or missing without a word.
fn gone(log: &[Stored], record: &Record, faults: &mut Vec<Fault>) -> (Vec<Digest>, Vec<Digest>) {
    let erased: &BTreeSet<Digest> = &record.erased;
    let mut missing = Vec::new();
    for stored in log {
        let seq = stored.entry.seq;
        for digest in seal::commitments(&stored.entry.command) {
            match (
                stored.values.contains_key(&digest),
                erased.contains(&digest),
            ) {
                (true, true) => faults.push(Fault {
                    seq,
                    kind: FaultKind::NotErased,
                }),
                (false, false) => missing.push(digest),
                (true, false) | (false, true) => {}
            }
        }
    }
    (erased.iter().copied().collect(), missing)
}
