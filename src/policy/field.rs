//! The form: what can be asked, and how.

use std::borrow::Cow;

use serde::Serialize;

use super::condition::Condition;
use super::life_cycle::Phase;
use crate::id::{FieldId, GroupId, OptionId};
use crate::text::Text;
use crate::wire::Decode;

/// One thing that can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// Its name for those who know the process.
    pub label: Text,
    /// The same as a plain question, for staff; the label where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<Text>,
    /// A sentence of help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// What it holds.
    pub kind: Kind,
    /// What it means to the core, where the core has to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub means: Option<Meaning>,
    /// When it is shown; left out, always. What is hidden counts as not asked, and its value is kept out of the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible: Option<Condition>,
    /// When it must be filled; left out, never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<Condition>,
    /// Before which phase it must be filled, where it is required. `assess` means at submission.
    #[serde(default = "Phase::authorize")]
    pub required_before: Phase,
    /// Whether it may change without voiding approvals.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub immaterial: bool,
    /// When it is asked: with the request, or only by a later gesture. What is asked later is no part of the content.
    #[serde(default, skip_serializing_if = "Stage::is_request")]
    pub asked: Stage,
    /// The field of the request beside which its answer is shown: what was expected, what it cost in the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<FieldId>,
}

/// By which gesture a field is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// With the request.
    #[default]
    Request,
    /// At its evaluation.
    Evaluation,
    /// When work is reported.
    Completion,
    /// At its post-implementation review.
    Review,
}

impl Stage {
    /// Whether it is asked with the request.
    #[must_use]
    pub const fn is_request(&self) -> bool {
        matches!(self, Self::Request)
    }
}

/// What a field holds, and within which bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Kind {
    /// One line of text.
    Text {
        /// At most so many characters; 200 where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_length: Option<u32>,
    },
    /// Text of several lines.
    LongText {
        /// At most so many characters; 20,000 where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_length: Option<u32>,
    },
    /// One of several answers.
    Choice {
        /// The answers, in order.
        options: Vec<Choice>,
    },
    /// Any of several answers.
    Several {
        /// The answers, in order.
        options: Vec<Choice>,
    },
    /// Yes or no.
    YesNo {},
    /// An instant.
    DateTime {},
    /// A whole number.
    Number {
        /// At least.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<i64>,
        /// At most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
        /// What is counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<Text>,
    },
    /// A duration in whole minutes.
    Duration {
        /// At most so many minutes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    /// People of the host's directory, by id.
    People {
        /// At most so many; one where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<u32>,
        /// Only people of one of these groups; anybody where empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<GroupId>,
    },
    /// Services or configuration items of the host, by id.
    Services {
        /// At most so many; 50 where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<u32>,
    },
    /// Rows of columns.
    List {
        /// The columns.
        columns: Vec<Column>,
        /// At most so many rows; 50 where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<u32>,
    },
    /// The tasks of the work: rows with fixed columns, see [`crate::task`].
    Tasks {
        /// The plans that a task can belong to, in order.
        plans: Vec<Choice>,
        /// At most so many tasks; 50 where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<u32>,
    },
}

impl Kind {
    /// How many items it holds at most; none where it holds no items.
    pub(crate) fn most(&self) -> usize {
        let bound = |most: Option<u32>, otherwise: u32| {
            usize::try_from(most.unwrap_or(otherwise)).unwrap_or(usize::MAX)
        };
        match self {
            Self::Several { options } => options.len(),
            Self::People { most, .. } => bound(*most, 1),
            Self::Services { most } | Self::List { most, .. } | Self::Tasks { most, .. } => {
                bound(*most, 50)
            }
            Self::Text { .. }
            | Self::LongText { .. }
            | Self::Choice { .. }
            | Self::YesNo {}
            | Self::DateTime {}
            | Self::Number { .. }
            | Self::Duration { .. } => 0,
        }
    }
}

/// Where free text lies in what a field holds: text that somebody typed, and that no list of the policy or the host names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FreeText<'a> {
    /// Nowhere: yes or no, a number, an instant, or the id of something known.
    Nowhere,
    /// Every text in it, however deep.
    Everywhere,
    /// In the columns of its rows, by their kinds.
    InColumns(Cow<'a, [Column]>),
}

impl Kind {
    /// Where free text lies in what it holds. The log holds none, so a kind that is added says it here: the one place that
    /// sealing and the checks of a policy ask.
    pub(crate) fn free_text(&self) -> FreeText<'_> {
        match self {
            Self::Text { .. } | Self::LongText { .. } => FreeText::Everywhere,
            Self::List { columns, .. } => FreeText::InColumns(Cow::Borrowed(columns)),
            Self::Tasks { plans, .. } => {
                FreeText::InColumns(Cow::Owned(crate::task::columns(plans)))
            }
            Self::Choice { .. }
            | Self::Several { .. }
            | Self::YesNo {}
            | Self::DateTime {}
            | Self::Number { .. }
            | Self::Duration { .. }
            | Self::People { .. }
            | Self::Services { .. } => FreeText::Nowhere,
        }
    }
}

/// One answer of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Choice {
    /// Its id, as stored.
    pub id: OptionId,
    /// Its wording.
    pub label: Text,
}

/// A column of a repeating list. Any kind but a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Column {
    /// Its id.
    pub id: OptionId,
    /// Its name.
    pub label: Text,
    /// What it holds.
    pub kind: Kind,
    /// Whether each row must fill it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}

/// What the core has to know of a field; at most one field each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Meaning {
    /// Names the change in lists.
    Title,
    /// Says what and why at length.
    Description,
    /// When the work starts.
    WindowStart,
    /// When the work ends.
    WindowEnd,
    /// Which services it touches.
    Services,
    /// Who carries it out.
    Implementers,
    /// Who wrote the plan, beside the requester.
    Authors,
    /// Whether users notice an interruption (yes or no).
    Downtime,
    /// When an interruption starts.
    DowntimeStart,
    /// When an interruption ends.
    DowntimeEnd,
    /// How it is done.
    ImplementationPlan,
    /// How it is undone.
    BackoutPlan,
    /// How it is tested.
    TestPlan,
    /// The tasks of the work.
    Tasks,
}
