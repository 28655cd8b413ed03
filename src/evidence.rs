//! What shows that something was done: kinds that a policy names, files by their hash, links, results.

use serde::Serialize;

use crate::id::{PersonId, RuleId};
use crate::time::Instant;
use crate::value::{Digest, Words};
use crate::wire::Decode;

/// A file by its hash. Its bytes lie at the host, its name is the evidence's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileRef {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// How many bytes.
    pub bytes: u64,
}

/// What a test or a review came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TestResult {
    /// As it should.
    Passed,
    /// Not as it should.
    Failed,
}

/// Whether a piece of evidence counts, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum EvidenceStands {
    /// It counts.
    Counts,
    /// It was taken back.
    TakenBack,
    /// What it said was erased.
    Erased,
    /// It is a review of what its reviewer has written, if only since.
    OwnReview,
    /// The change had ended when it was brought.
    AfterEnd,
    /// It is bound to another content than stands.
    OtherContent,
}

/// Evidence that was brought to a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evidence {
    /// Of which kind.
    pub kind: RuleId,
    /// What it is.
    pub name: Words,
    /// The file, by its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRef>,
    /// Where it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Words>,
    /// What it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<TestResult>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Words>,
    /// Who brought it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// The content as it stood then.
    pub content_hash: Digest,
    /// Whether the change had ended by then: it shows what is known now, not what was there before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_end: bool,
    /// Who took it back, when and why; none while it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracted: Option<crate::change::Said>,
}
