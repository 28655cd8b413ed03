//! Conditions: one small closed language, as typed JSON, for visibility, requiredness, risk, approvals, guards and gates.

use serde::Serialize;

use super::life_cycle::Phase;
use crate::command::Outcome;
use crate::event::Flag;
use crate::id::{FieldId, LevelId, ModelId, OptionId, RoleId, RuleId};
use crate::value::Value;
use crate::wire::Decode;

/// Something that holds, does not hold, or cannot be told yet.
///
/// # Example
/// ```json
/// { "all": [ { "is": { "field": "downtime", "value": true } }, { "leadTime": { "lessThan": { "workingDays": 10 } } } ] }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Condition {
    /// Each holds.
    All(Vec<Condition>),
    /// One holds.
    Any(Vec<Condition>),
    /// It does not hold. Not in risk conditions.
    Not(Box<Condition>),
    /// A field equals a constant or another field.
    Is(Comparison),
    /// A field is one of several constants; one of its items is, where it holds a list.
    In(Membership),
    /// A number or duration is at least.
    AtLeast(Comparison),
    /// A number or duration is at most.
    AtMost(Comparison),
    /// An instant is before.
    Before(Comparison),
    /// An instant is after.
    After(Comparison),
    /// A field was filled.
    Filled(FieldId),
    /// A list has so many items.
    Count(Count),
    /// The time from now to the planned start.
    LeadTime(LeadTimeTest),
    /// A fact of the host is at least so much.
    Fact(FactTest),
    /// The risk level is at least. Not in risk conditions.
    Level(LevelTest),
    /// The change follows one of these models.
    Model(Vec<ModelId>),
    /// The change stands in one of these phases.
    Phase(Vec<Phase>),
    /// The actor holds one of these roles. In guards only.
    Actor(Vec<RoleId>),
    /// Evidence of a kind is there. In guards, gates and review triggers only, as all that follow.
    Evidence(EvidenceTest),
    /// Every task stands so; those of one plan only, where one is named.
    Tasks(TasksTest),
    /// These items of the checklist are go; all of them, where none is named.
    Checked(Vec<RuleId>),
    /// Work was reported with one of these outcomes.
    Outcome(Vec<Outcome>),
    /// The work was out of order in one of these ways.
    Flag(Vec<Flag>),
}

/// Evidence that must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvidenceTest {
    /// Of which kind.
    pub kind: RuleId,
}

/// How tasks must stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TasksTest {
    /// Of which plan; left out, of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<OptionId>,
    /// How far they must be.
    pub are: TasksAre,
}

/// How far tasks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TasksAre {
    /// There is at least one.
    Planned,
    /// Each was accepted, or is further.
    Accepted,
    /// Each is done, or was skipped openly.
    Done,
}

/// A field against a constant or another field: one of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Comparison {
    /// The field.
    pub field: FieldId,
    /// The constant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The other field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<FieldId>,
}

/// A field against several constants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Membership {
    /// The field.
    pub field: FieldId,
    /// The constants.
    pub values: Vec<Value>,
}

/// How many items a list has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Count {
    /// The field.
    pub field: FieldId,
    /// At least so many.
    pub at_least: u32,
}

/// A span until the planned start: one of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Span {
    /// In working days of the host's calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// In minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
}

/// Lead time shorter than a span. The longer side is its `not`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeadTimeTest {
    /// Shorter than this.
    pub less_than: Span,
}

/// What the host can tell of a change, as a whole number of which more is worse unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum FactName {
    /// How important the most important service touched is: 1 low, 2 medium, 3 high, 4 critical.
    Importance,
    /// How many services depend on those touched, at any depth.
    Dependents,
    /// How many changes, freezes or closed windows the planned window collides with.
    Conflicts,
    /// How often the same kind was carried out without failure; more is better.
    Successes,
    /// How often work of the same kind was reported before: of the template where one is used, else of the model; more is
    /// better. Not known where the host tells of no work at all.
    Runs,
}

/// A fact at least so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactTest {
    /// The fact.
    pub name: FactName,
    /// At least so much.
    pub at_least: i64,
}

/// A level at least as high.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LevelTest {
    /// The lowest level for which it holds.
    pub at_least: LevelId,
}
