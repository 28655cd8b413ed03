//! What a record says of itself: worked out once, for a change that is open and one that has ended alike.

use serde::Serialize;

use crate::event::{Flag, Moot};
use crate::evidence::EvidenceStands;
use crate::id::RuleId;
use crate::wire::Decode;

/// What a change says of itself, beside what was recorded of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Statements {
    /// Whether nothing more is asked of anybody.
    pub over: bool,
    /// The rules that are asked for their yes now: open, of the stage that is next, while votes are taken.
    pub asked: Vec<RuleId>,
    /// Where each approval stands, in the order in which the change lists them.
    pub approvals: Vec<ApprovalStatement>,
    /// Where the ratification of work stands that began before its approval; left out where there is none of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratification: Option<Ratification>,
    /// What was out of order with the work, its ratification aside.
    pub flags: Vec<Flag>,
    /// The items of the checklist that were answered or are still to be, in the policy's order.
    pub checklist: Vec<CheckStatement>,
    /// Of each piece of evidence whether it counts, in the order in which they were brought.
    pub evidence: Vec<EvidenceStands>,
    /// Where the review after the work stands.
    pub review: ReviewStands,
    /// What is still to be done, by its number.
    pub open: StillOpen,
}

/// Where an approval stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApprovalStatement {
    /// By which rule.
    pub rule: RuleId,
    /// Where.
    pub stands: ApprovalStands,
}

/// Where an approval can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum ApprovalStands {
    /// It has its yeses.
    Given {},
    /// Somebody said no.
    Refused {},
    /// It is asked for now.
    Asked {},
    /// It is asked for later: once the stages before it are complete, or votes are taken.
    Later {},
    /// It is not asked for any more.
    Withdrawn {
        /// Why.
        because: Moot,
    },
    /// The change went on or ended without it.
    Missing {},
}

/// Where the ratification of work stands that began before its approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Ratification {
    /// It is waited for.
    Waiting,
    /// Everybody who was needed agreed to it afterwards.
    Ratified,
    /// It was refused, and the work is recorded as unauthorized.
    Refused,
}

/// Where an item of the checklist stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckStatement {
    /// Which.
    pub item: RuleId,
    /// Where.
    pub stands: CheckStands,
}

/// Where an item of the checklist can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CheckStands {
    /// Go.
    Go,
    /// No-go.
    NoGo,
    /// It was answered for another content than stands.
    OtherContent,
    /// It is still to be answered.
    Open,
}

/// Where the review after the work stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ReviewStands {
    /// Nothing asks for one.
    #[default]
    NotNeeded,
    /// One is asked for: none is there, or only one that did not know of everything.
    Needed,
    /// It is recorded.
    Recorded,
}

/// What is still to be done, by its number, counted from 1. What was left undone at the end is none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StillOpen {
    /// Questions to be answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<u32>,
    /// Conditions of a yes to be met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<u32>,
    /// Waivers to be reviewed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<u32>,
    /// Incidents to be reviewed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<u32>,
}
