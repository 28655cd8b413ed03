//! The log: one sealed entry an accepted command, chained by hash.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::canonical;
use crate::change::{Change, evolve};
use crate::command::{Actor, Command};
use crate::decide::{self, Decision};
use crate::draft::Draft;
use crate::event::Event;
use crate::facts::Facts;
use crate::id::{ChangeId, PersonId};
use crate::non_empty::NonEmpty;
use crate::other::{self, Hand, Other};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::report::Claim;
use crate::rules::Rules;
use crate::time::Instant;
use crate::value::Digest;
use crate::wire::Decode;

mod seal;
mod verify;

pub(crate) use seal::is_sealed;
pub use seal::{commitment, seal};
pub use verify::{Fault, FaultKind, Verdict, verified, verify};

/// Rises when any vector's outcome changes. Entries of every version in [`Rules`] are decided again under the guards of their
/// time; one of another version is shown as not judged, and nothing is decided on it.
pub const RULES_VERSION: u32 = Rules::CURRENT.number();

/// One accepted command, with what was read and what came of it. Free text is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// Which change, template, publication or meeting.
    pub change_id: ChangeId,
    /// Which accepted command of it, from 1.
    pub seq: u64,
    /// The hash of the entry before, or zeros.
    pub prev: Digest,
    /// The report that brought it.
    pub report_id: String,
    /// The version of the rules that decided.
    pub rules_version: u32,
    /// The policy that decided.
    pub policy_hash: Digest,
    /// When, by the host's clock.
    pub at: Instant,
    /// When, as the reporter claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Instant>,
    /// Who, with the roles held at the decision.
    pub actor: Actor,
    /// What the reporter's own core made of it: a claim, never what was decided by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// What was wanted.
    pub command: Command,
    /// What was read.
    pub facts: Facts,
    /// What came of it.
    pub events: Vec<Event>,
}

/// An entry as hosts store and serve it: with its hash, and what lies beside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stored {
    /// The entry.
    pub entry: Entry,
    /// SHA-256 over its RFC 8785 canonical JSON.
    pub hash: Digest,
    /// What its commitments stand for; an erased one is not here.
    #[serde(default)]
    pub values: BTreeMap<Digest, Sealed>,
}

/// A text and the salt it was sealed with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sealed {
    /// 16 random bytes, in hexadecimal.
    pub salt: String,
    /// The text.
    pub text: String,
    /// Who wrote it; empty where the host did.
    pub by: PersonId,
}

impl Stored {
    /// Seals an entry: its hash over its canonical JSON.
    #[must_use]
    pub fn of(entry: Entry, values: BTreeMap<Digest, Sealed>) -> Self {
        Self {
            hash: canonical::hash(&entry),
            entry,
            values,
        }
    }
}

impl Entry {
    /// The commitments whose values go with this entry: whoever stores it deletes them in the same step.
    #[must_use]
    pub fn erases(&self) -> &[Digest] {
        if let Command::Erase { commitments, .. } = &self.command {
            commitments
        } else {
            &[]
        }
    }
}

/// What a host has of one change, template, publication or meeting: what its log makes of it, and what lies beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The change, its texts sealed; none before submission, and where it is a record of something else.
    pub change: Option<Change>,
    /// What else it is a record of, its texts sealed.
    pub other: Option<Other>,
    /// How many commands were accepted.
    pub seq: u64,
    /// Commitments whose values were erased.
    pub erased: BTreeSet<Digest>,
    /// The hash of the last entry, or zeros.
    pub head: Digest,
    /// What the commitments stand for.
    pub values: BTreeMap<Digest, Sealed>,
    /// The first entry that this core cannot judge, by its rules version: nothing is decided on such a record.
    pub unjudged: Option<Unjudged>,
}

/// An entry of a version of the rules that this core does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unjudged {
    /// Which entry, the first of them.
    pub seq: u64,
    /// The version of the rules that it says it was decided by.
    pub rules_version: u32,
}

/// A log whose chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which entry.
    pub seq: u64,
    /// How.
    pub kind: FaultKind,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            to,
            "entry {} of the log does not hold: {}",
            self.seq, self.kind
        )
    }
}

impl Record {
    /// The record before anything was stored.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            change: None,
            other: None,
            seq: 0,
            erased: BTreeSet::new(),
            head: Digest::ZERO,
            values: BTreeMap::new(),
            unjudged: None,
        }
    }

    /// Folds a log, checking every hash and link.
    ///
    /// # Errors
    /// The first entry that does not hold.
    pub fn replay(log: &[Stored]) -> Result<Self, Broken> {
        log.iter().try_fold(Self::empty(), |record, stored| {
            let seq = stored.entry.seq;
            verify::link(&record, stored)
                .map_or_else(|| Ok(record.with(stored)), |kind| Err(Broken { seq, kind }))
        })
    }

    /// Folds what a log held at a moment; none where that was nothing.
    ///
    /// # Errors
    /// The first entry that does not hold.
    pub fn as_of(log: &[Stored], at: Instant) -> Result<Option<Self>, Broken> {
        let later = log.iter().position(|stored| at < stored.entry.at);
        let held = log.get(..later.unwrap_or(log.len())).unwrap_or_default();
        (!held.is_empty()).then(|| Self::replay(held)).transpose()
    }

    /// The record with one more entry, which is taken as it stands.
    #[must_use]
    pub fn with(mut self, stored: &Stored) -> Self {
        let Entry {
            change_id,
            seq,
            rules_version,
            events,
            ..
        } = &stored.entry;
        for event in events {
            self.change = evolve(change_id, self.change, event);
            self.other = other::evolve(change_id, self.other, event);
        }
        if Rules::of(*rules_version).is_none() && self.unjudged.is_none() {
            self.unjudged = Some(Unjudged {
                seq: *seq,
                rules_version: *rules_version,
            });
        }
        self.seq = *seq;
        if let Some(change) = &mut self.change {
            change.seq = *seq;
        }
        self.head = stored.hash;
        self.values.extend(
            stored
                .values
                .iter()
                .map(|(commitment, sealed)| (*commitment, sealed.clone())),
        );
        for commitment in stored.entry.erases() {
            self.values.remove(commitment);
            self.erased.insert(*commitment);
        }
        self
    }

    /// What it is a record of, by its id; none before its first entry.
    #[must_use]
    pub fn id(&self) -> Option<&ChangeId> {
        let change = self.change.as_ref().map(|change| &change.id);
        change.or_else(|| self.other.as_ref().map(Other::id))
    }

    /// The policy under which its next entry must be decided, where the record says so itself: a change keeps its own, and a
    /// publication is decided under the policy in force. A template and a meeting follow whichever is in force.
    #[must_use]
    pub fn keeps(&self) -> Option<Digest> {
        match (&self.change, &self.other) {
            (Some(change), _) => Some(change.policy_hash),
            (None, Some(other)) => other.keeps(),
            (None, None) => None,
        }
    }

    /// Decides a command on this record by the rules of today. Its texts are sealed, and so are the record's.
    ///
    /// # Errors
    /// Every refusal that applies; [`Refusal::RulesUnknown`] alone where an entry of it cannot be judged here.
    pub fn decide(
        &self,
        policy: &Policy,
        command: &Command,
        actor: &Actor,
        now: Instant,
        facts: &Facts,
    ) -> Decision {
        if let Some(Unjudged { seq, rules_version }) = self.unjudged {
            return Err(NonEmpty::one(Refusal::RulesUnknown { seq, rules_version }));
        }
        self.decide_under(Rules::CURRENT, policy, command, actor, now, facts)
    }

    /// Decides a command on this record by the rules of a version.
    ///
    /// # Errors
    /// Every refusal that applied then.
    pub fn decide_under(
        &self,
        rules: Rules,
        policy: &Policy,
        command: &Command,
        actor: &Actor,
        now: Instant,
        facts: &Facts,
    ) -> Decision {
        let hand = Hand {
            rules,
            policy,
            actor,
            now,
            facts,
        };
        match (&self.change, &self.other, command) {
            (
                Some(_),
                _,
                Command::Template { .. } | Command::Policy { .. } | Command::Meeting { .. },
            ) => Err(NonEmpty::one(Refusal::OtherKind {})),
            (
                None,
                None,
                Command::Template { .. } | Command::Policy { .. } | Command::Meeting { .. },
            ) => other::decide(&hand, None, &self.erased, command),
            (None, Some(other), _) => other::decide(&hand, Some(other), &self.erased, command),
            (change, _, _) => {
                decide::decide_under(rules, policy, change.as_ref(), command, actor, now, facts)
            }
        }
    }

    /// What else it is a record of with its texts put back, as far as they are still there.
    #[must_use]
    pub fn readable_other(&self) -> Option<Other> {
        let mut other = self.other.clone()?;
        for value in other.values_mut() {
            seal::open_value(value, &self.values);
        }
        for words in other.words_mut() {
            seal::open_words(words, &self.values);
        }
        Some(other)
    }

    /// The change with its texts put back, as far as they are still there.
    #[must_use]
    pub fn readable(&self) -> Option<Change> {
        let mut change = self.change.clone()?;
        let seen = change
            .seen
            .iter_mut()
            .flat_map(|seen| seen.fields.values_mut());
        let contents = change
            .fields
            .values_mut()
            .chain(change.recorded.values_mut());
        for value in contents.chain(seen) {
            seal::open_value(value, &self.values);
        }
        for words in change.words_mut() {
            seal::open_words(words, &self.values);
        }
        Some(change)
    }

    /// The content of the change as a draft, for editing.
    #[must_use]
    pub fn draft(&self) -> Option<Draft> {
        let change = self.readable()?;
        Some(Draft {
            id: change.id,
            model: Some(change.model),
            template: change.template.map(|template| template.id),
            language: change.language,
            fields: change.fields,
        })
    }
}
