//! Putting a policy in force: two people, and a log of it.
//!
//! The policy in force says who may propose its successor and who may agree. Where it does not say, nobody can replace it
//! but whoever starts the host, by the file that it is started with.

mod decide;
mod evolve;

use serde::Serialize;

use crate::change::Said;
use crate::id::{ChangeId, PersonId};
use crate::time::Instant;
use crate::value::{Digest, Words};
use crate::wire::Decode;

pub(crate) use decide::decide;
pub use evolve::evolve;

/// What somebody wants of a publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum PolicyStep {
    /// Propose a document that the host keeps.
    Propose {
        /// Which.
        hash: Digest,
        /// What changes and why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Agree to what is proposed: it is in force from then on.
    Agree {
        /// The document that was seen.
        hash: Digest,
    },
    /// Say no to what is proposed.
    Decline {
        /// The document that was seen.
        hash: Digest,
        /// Why.
        reason: Words,
    },
    /// Take the document with which the host was started. The host's.
    Initial {
        /// Which.
        hash: Digest,
    },
}

/// What happened to a publication. Free text is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum PolicyEvent {
    /// A document was proposed.
    Proposed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// Which.
        hash: Digest,
        /// Its version.
        version: String,
        /// What changes and why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Somebody agreed to it.
    Agreed {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// To which.
        hash: Digest,
    },
    /// Somebody said no to it.
    Declined {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
        /// To which.
        hash: Digest,
        /// Why.
        reason: Words,
    },
    /// It is in force: new changes follow it.
    InForce {
        /// When.
        at: Instant,
        /// Which policy it is.
        policy: String,
        /// Which document.
        hash: Digest,
        /// Its version.
        version: String,
    },
}

/// The policies of one name that were and are in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Publication {
    /// Its record.
    pub id: ChangeId,
    /// Which policy.
    pub policy: String,
    /// The document in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<InForce>,
    /// The document that waits for a yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<ProposedPolicy>,
    /// The last no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<PolicyDeclined>,
    /// Documents that were in force before, the first first.
    pub earlier: Vec<InForce>,
}

/// A document that is or was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InForce {
    /// Which.
    pub hash: Digest,
    /// Its version.
    pub version: String,
    /// Since when.
    pub since: Instant,
    /// Who proposed it; none where the host was started with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<PersonId>,
    /// Who agreed to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_by: Option<PersonId>,
}

/// A document that waits for a yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProposedPolicy {
    /// Which.
    pub hash: Digest,
    /// Its version.
    pub version: String,
    /// Who proposed it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// What changes and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Words>,
    /// Who agreed to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_by: Option<PersonId>,
}

/// A no to a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyDeclined {
    /// To which.
    pub hash: Digest,
    /// Who, when and why.
    pub said: Said,
}

impl PolicyStep {
    /// The document that it names.
    #[must_use]
    pub const fn hash(&self) -> Digest {
        match self {
            Self::Propose { hash, .. }
            | Self::Agree { hash }
            | Self::Decline { hash, .. }
            | Self::Initial { hash } => *hash,
        }
    }

    /// Its free words.
    #[must_use]
    pub fn words(&self) -> Vec<&Words> {
        match self {
            Self::Propose { note, .. } => note.iter().collect(),
            Self::Decline { reason, .. } => vec![reason],
            Self::Agree { .. } | Self::Initial { .. } => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn words_mut(&mut self) -> Vec<&mut Words> {
        match self {
            Self::Propose { note, .. } => note.iter_mut().collect(),
            Self::Decline { reason, .. } => vec![reason],
            Self::Agree { .. } | Self::Initial { .. } => Vec::new(),
        }
    }
}

impl Publication {
    /// Everything that was said in it.
    pub(crate) fn words_mut(&mut self) -> Vec<&mut Words> {
        let note = self.proposed.as_mut().and_then(|waits| waits.note.as_mut());
        let reason = self.declined.as_mut().map(|no| &mut no.said.text);
        note.into_iter().chain(reason).collect()
    }
}
