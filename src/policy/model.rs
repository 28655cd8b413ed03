//! Change models: the routes a change can take.

use serde::Serialize;

use super::condition::Span;
use super::life_cycle::LifeCycle;
use crate::id::{ModelId, RoleId, RuleId};
use crate::text::Text;
use crate::wire::{Decode, Later};

/// A route with its own lead time, authorization and life cycle.
///
/// # Source
/// ITIL 4, change enablement: change models.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeModel {
    /// Its id.
    pub id: ModelId,
    /// Its name.
    pub name: Text,
    /// What it is for, as staff would say it.
    pub plain: Text,
    /// How it is authorized.
    pub authorization: Authorization,
    /// Least time between submission and planned start; left out, none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_time: Option<LeadTime>,
    /// Which roles may submit it; empty, anybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub submitters: Vec<RoleId>,
    /// How much of the risk assessment it asks.
    pub risk: RiskDepth,
    /// Steps that it leaves out, said openly.
    #[serde(default, skip_serializing_if = "super::is_empty")]
    pub leaves_out: Later<Vec<LeftOut>>,
    /// What is watched after the work, and for how long.
    #[serde(default, skip_serializing_if = "super::is_none")]
    pub observe: Later<Option<Observe>>,
    /// Its states and transitions.
    pub life_cycle: LifeCycle,
}

/// A step that a model leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeftOut {
    /// The step, as the models that have it call it.
    pub step: Text,
    /// Why it is left out.
    pub because: Text,
}

/// A time in which measures are watched after the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Observe {
    /// For how long after the work ended, in minutes.
    pub minutes: u32,
    /// What is watched.
    pub measures: Vec<Measure>,
    /// Who may record what is seen and end it early, beside the implementers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<RoleId>,
}

/// Something that is watched after the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Measure {
    /// Its id.
    pub id: RuleId,
    /// What it is and what is expected of it.
    pub name: Text,
}

/// How a model comes to its authorization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Authorization {
    /// The approval rules decide before implementation.
    Rules {},
    /// An active template carries it, up to the level that it was approved with. Approval rules that match ask all the same.
    PreApproved {
        /// The model whose approval rules ask where a change is above the level of its template; left out, the first model of the
        /// policy that is authorized by rules.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        above: Option<ModelId>,
    },
    /// It may start at once; the approval rules decide afterwards, within a deadline.
    Afterwards {
        /// From the start of the work, in minutes.
        deadline_min: u32,
    },
}

/// The least time ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeadTime {
    /// At least this long.
    pub at_least: Span,
    /// Whether less stops the submission or only warns.
    pub severity: crate::finding::Severity,
}

/// How deep the risk assessment goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RiskDepth {
    /// All engines.
    Full,
    /// The conditions that set a least level, and no questions.
    Conditions,
    /// Not assessed here: the template carries the level it was approved with.
    Template,
}
