//! The log: one sealed entry an accepted command, chained by hash.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::{Actor, Command};
use crate::event::Event;
use crate::facts::Facts;
use crate::id::{ChangeId, PersonId};
use crate::time::Instant;
use crate::value::Digest;

/// Rises when any vector's outcome changes; [`verify`] reports entries of versions it lacks as "chain only".
pub const RULES_VERSION: u32 = 1;

/// One accepted command, with what was read and what came of it. Free text is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// Which change.
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
    /// What was wanted.
    pub command: Command,
    /// What was read.
    pub facts: Facts,
    /// What came of it.
    pub events: Vec<Event>,
}

/// An entry as hosts store and serve it: with its hash, and what lies beside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sealed {
    /// 16 random bytes, in hexadecimal.
    pub salt: String,
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub by: PersonId,
}
