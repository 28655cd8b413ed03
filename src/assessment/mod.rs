//! Everything the form shows, worked out on every keystroke.

use serde::{Deserialize, Serialize};

use crate::event::RequiredApproval;
use crate::facts::{Conflicts, LeadTimeFact};
use crate::finding::Finding;
use crate::id::{FieldId, LevelId, ModelId, OptionId, RuleId};
use crate::text::Text;
use crate::time::Instant;

/// What the form shows of a draft, or of the content of an open change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assessment {
    /// The fields that are shown, in the policy's order.
    pub visible: Vec<FieldId>,
    /// Those of them that must be filled, sooner or later.
    pub required: Vec<FieldId>,
    /// Those that a template has fixed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<FieldId>,
    /// The model: chosen, else proposed.
    pub model: ModelId,
    /// What the form proposes, and why.
    pub proposal: ProposalMade,
    /// What is wrong, by field order.
    pub findings: Vec<Finding>,
    /// Whether the core would take it now.
    pub ready: bool,
    /// How risky it is, and why.
    pub risk: RiskAssessment,
    /// Whose yes it will need, in order of stage.
    pub approvals: Vec<RequiredApproval>,
    /// What the window collides with; none where there is no window yet or it could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicts: Option<Conflicts>,
    /// Time to the planned start, where one is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_time: Option<LeadTimeFact>,
    /// The earliest start that the model's lead time allows; none where it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Instant>,
}

/// The model that the form proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProposalMade {
    /// Which.
    pub model: ModelId,
    /// Why.
    pub because: Text,
}

/// How risky, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskAssessment {
    /// The level: the highest that any engine gives.
    pub level: LevelId,
    /// The points of the weighted questions.
    pub points: i64,
    /// The most points there could be.
    pub most_points: i64,
    /// What went into it, the heaviest first.
    pub contributions: Vec<Contribution>,
    /// How many questions are unanswered and count as their worst.
    pub unanswered: u32,
}

/// One thing that raises risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type", deny_unknown_fields)]
pub enum Contribution {
    /// An answer.
    Question {
        /// To which question.
        field: FieldId,
        /// The answer; none where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<OptionId>,
        /// Its points.
        points: i64,
        /// The most that an answer could give.
        most: i64,
    },
    /// The level that the sum of points makes.
    Points {
        /// The level.
        level: LevelId,
    },
    /// A condition that sets a least level.
    Floor {
        /// Which.
        rule: RuleId,
        /// The level.
        level: LevelId,
        /// Whether it holds only because something is not answered or not known.
        unknown: bool,
    },
    /// Impact by likelihood.
    Matrix {
        /// The level.
        level: LevelId,
        /// Whether it is the worst of its rows because something is not answered.
        unknown: bool,
    },
    /// The level that a template was approved with.
    Template {
        /// The level.
        level: LevelId,
    },
}
