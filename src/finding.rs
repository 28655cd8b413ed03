//! What is wrong with a draft or a policy, and where.

use serde::Serialize;

use crate::id::{FieldId, OptionId, RuleId};
use crate::text::Text;
use crate::wire::Decode;

/// What a finding does to the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// It cannot go on.
    Stops,
    /// It can go on now; it will stop it at a later phase, where somebody else may mend it.
    Later,
    /// It can go on; whoever decides will see it.
    Warns,
}

/// One thing wrong with a draft or a change's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// What it does.
    pub severity: Severity,
    /// Which fields, the first the one to go to; empty where it concerns the whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldId>,
    /// Which row of a list, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Which column of that row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<OptionId>,
    /// The bound that was not kept, in the unit of the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<i64>,
    /// The rule of the policy that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// The policy's own words for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Text>,
}

/// What can be wrong. Never reused, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FindingCode {
    /// A required field is not filled.
    #[serde(rename = "field.required")]
    Required,
    /// The policy has no such field.
    #[serde(rename = "field.unknown")]
    UnknownField,
    /// This change is not asked for that field, by the policy's conditions.
    #[serde(rename = "field.not-asked")]
    NotAsked,
    /// The field holds something else than its kind says.
    #[serde(rename = "field.wrong-kind")]
    WrongKind,
    /// Longer than `bound` characters.
    #[serde(rename = "field.too-long")]
    TooLong,
    /// More than `bound` items.
    #[serde(rename = "field.too-many")]
    TooMany,
    /// Below `bound`.
    #[serde(rename = "field.below")]
    Below,
    /// Above `bound`.
    #[serde(rename = "field.above")]
    Above,
    /// No answer of this choice.
    #[serde(rename = "field.no-such-option")]
    NoSuchOption,
    /// No such person, or not of the groups asked for.
    #[serde(rename = "field.no-such-person")]
    NoSuchPerson,
    /// No such service.
    #[serde(rename = "field.no-such-service")]
    NoSuchService,
    /// No such team.
    #[serde(rename = "field.no-such-team")]
    NoSuchTeam,
    /// A task has no id, or none of lower-case letters, digits and hyphens.
    #[serde(rename = "task.id")]
    TaskId,
    /// Two tasks have one id.
    #[serde(rename = "task.twice")]
    TaskTwice,
    /// A task comes after one that there is not, or after itself.
    #[serde(rename = "task.after")]
    TaskAfter,
    /// Tasks wait for each other.
    #[serde(rename = "task.ring")]
    TaskRing,
    /// A task ends at or before it starts.
    #[serde(rename = "task.ends-before-start")]
    TaskEndsBeforeStart,
    /// Words that say nothing.
    #[serde(rename = "text.filler")]
    Filler,
    /// The title again.
    #[serde(rename = "text.title-again")]
    TitleAgain,
    /// The text holds characters that hide or reverse others.
    #[serde(rename = "text.hidden-characters")]
    HiddenCharacters,
    /// Ends at or before it starts.
    #[serde(rename = "window.ends-before-start")]
    EndsBeforeStart,
    /// Starts in the past.
    #[serde(rename = "window.in-past")]
    InPast,
    /// The interruption is not within the window.
    #[serde(rename = "window.downtime-outside")]
    DowntimeOutside,
    /// Less lead time than the model asks: `bound` working days or minutes.
    #[serde(rename = "window.lead-time")]
    ShortLeadTime,
    /// The window collides with a freeze.
    #[serde(rename = "window.frozen")]
    Frozen,
    /// A rule of the policy is not kept: see `rule` and `message`.
    #[serde(rename = "content.inconsistent")]
    Inconsistent,
    /// No such model, or this person may not use it.
    #[serde(rename = "model.not-available")]
    ModelNotAvailable,
    /// The model needs a template.
    #[serde(rename = "template.missing")]
    TemplateMissing,
    /// The template is not active.
    #[serde(rename = "template.inactive")]
    TemplateInactive,
    /// The template does not cover this value: use the normal route.
    #[serde(rename = "template.not-covered")]
    TemplateNotCovered,
    /// Nobody is there who may give an approval that is needed.
    #[serde(rename = "approval.nobody")]
    NobodyToApprove,
    /// Those who may give an approval are fewer than the `bound` different people that it takes.
    #[serde(rename = "approval.too-few")]
    TooFewToApprove,
    /// No approval rule matches, so nobody could ever say yes.
    #[serde(rename = "approval.no-rule")]
    NoApprovalRule,
}

impl Finding {
    /// A finding about one field.
    #[must_use]
    pub fn of(code: FindingCode, severity: Severity, field: &FieldId) -> Self {
        Self {
            fields: vec![field.clone()],
            ..Self::about_all(code, severity)
        }
    }

    /// A finding about the whole.
    #[must_use]
    pub const fn about_all(code: FindingCode, severity: Severity) -> Self {
        Self {
            code,
            severity,
            fields: Vec::new(),
            row: None,
            column: None,
            bound: None,
            rule: None,
            message: None,
        }
    }

    /// The same with its bound.
    #[must_use]
    pub const fn with_bound(mut self, bound: i64) -> Self {
        self.bound = Some(bound);
        self
    }
}
