//! One gesture makes one report, sent at least once and taken once.

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::id::{ChangeId, LevelId, RuleId};
use crate::time::Instant;
use crate::value::Digest;

/// What a client sends for one gesture. Its bytes freeze when it is queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Report {
    /// A uuid of version 7; taken once.
    pub id: String,
    /// Which change.
    pub change_id: ChangeId,
    /// How many entries of it the client had seen; 0 for a submission.
    pub expected_seq: u64,
    /// What is wanted.
    pub command: Command,
    /// When, by the client's clock: a claim.
    pub occurred_at: Instant,
    /// What the client's own core made of it: recorded as a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// What the client's own core made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claim {
    /// The version of the rules that the client has.
    pub core_version: u32,
    /// The policy that it has.
    pub policy_hash: Digest,
    /// The world that it saw.
    pub world_as_of: Instant,
    /// The level that it showed.
    pub level: LevelId,
    /// The approvals that it showed.
    pub approvals: Vec<RuleId>,
}
