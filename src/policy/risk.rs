//! What raises risk, and by how much: three engines, of which the highest wins.

use serde::Serialize;

use super::condition::Condition;
use crate::id::{FieldId, LevelId, OptionId, RuleId};
use crate::map::Map;
use crate::text::Text;
use crate::wire::Decode;

/// The risk assessment. The level is the highest that any engine gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Risk {
    /// The levels, lowest first.
    pub levels: Vec<RiskLevel>,
    /// Weighted questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<RiskQuestion>,
    /// Which sum of points makes which level: without holes or overlaps, from 0, the last open at the top.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
    /// Conditions that set a least level: the first that matches. Levels never rise down the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub floors: Vec<Floor>,
    /// Impact by likelihood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrix: Option<Matrix>,
}

/// A risk level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskLevel {
    /// Its id.
    pub id: LevelId,
    /// Its name.
    pub name: Text,
}

/// A question whose answer gives points. More points are the more severe answer; unanswered counts as the most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskQuestion {
    /// The field that asks it: a choice, or yes or no (answers `true` and `false`).
    pub field: FieldId,
    /// Points by answer, at least 0; every answer has some.
    pub points: Map<OptionId, i64>,
}

/// A band of points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Band {
    /// From so many points.
    pub from: i64,
    /// To so many points, inclusive; left out in the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// The level.
    pub level: LevelId,
}

/// A condition that sets a least level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Floor {
    /// Its id.
    pub id: RuleId,
    /// What it is about, as people say it.
    pub name: Text,
    /// When it applies.
    pub when: Condition,
    /// The least level.
    pub level: LevelId,
}

/// Impact by likelihood: a level in each cell, never lower for a worse answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Matrix {
    /// The choice that says how bad; its options from mild to severe.
    pub impact: FieldId,
    /// The choice that says how likely; its options from rare to frequent.
    pub likelihood: FieldId,
    /// A row an impact option, in it a level a likelihood option.
    pub rows: Vec<Vec<LevelId>>,
}
