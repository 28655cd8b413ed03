//! Whose yes is needed when.

use serde::Serialize;

use super::condition::Condition;
use crate::id::{FieldId, GroupId, RuleId};
use crate::text::Text;
use crate::wire::Decode;

/// A rule that asks for a yes. All that match apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApprovalRule {
    /// Its id.
    pub id: RuleId,
    /// Whose yes, for those who know the process.
    pub name: Text,
    /// Why, as staff would say it.
    pub because: Text,
    /// When; left out, always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Who can give it.
    pub from: Approvers,
    /// Who can give it where none of those is there or free of conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputies: Option<Approvers>,
    /// How many of them.
    pub quorum: Quorum,
    /// Rules of a lower stage come first; those of one stage are asked side by side.
    #[serde(default)]
    pub stage: u8,
    /// Rules that this one makes unnecessary, because its approvers are senior to theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub senior_to: Vec<RuleId>,
    /// When those who have not answered are reminded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind: Option<Remind>,
    /// When those above are asked as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate: Option<Escalate>,
}

/// When those who have not answered are reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Remind {
    /// So many minutes after they were asked.
    pub after_min: u32,
    /// And again every so many minutes; left out, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_min: Option<u32>,
}

/// When those above are asked as well.
///
/// # Source
/// NIST SP 800-53 CM-3(1): proposed changes that are not decided after a set time are highlighted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Escalate {
    /// So many minutes after they were asked.
    pub after_min: u32,
    /// Who may give it then as well.
    pub to: Approvers,
}

/// Who can say yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Approvers {
    /// The members of a group.
    Group {
        /// The group.
        group: GroupId,
    },
    /// The manager of the requester.
    RequesterManager {},
    /// The owners of the services touched.
    ServiceOwners {},
    /// The people named in a field.
    Field {
        /// The field.
        field: FieldId,
    },
}

/// How many yeses are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Quorum {
    /// One.
    Any {},
    /// Everybody who can.
    All {},
    /// So many.
    AtLeast {
        /// How many, at least 1.
        number: u32,
    },
    /// A share of those who can, rounded up.
    Percent {
        /// 1 to 100.
        percent: u8,
    },
}
