//! What has changed about a change since a board last met.

use serde::Serialize;

use crate::change::{Answer, Change};
use crate::event::RequiredApproval;
use crate::id::{LevelId, PersonId, RuleId};
use crate::log::Record;
use crate::policy::Policy;
use crate::reading::{FieldChanged, differences};
use crate::sorted::distinct;
use crate::time::Instant;
use crate::wire::Decode;

/// What is new about a change since its board last met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum SinceMet {
    /// The whole of it: it was submitted since.
    Submitted {},
    /// Something happened to it.
    Touched {
        /// Fields that hold something else, in the policy's order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fields: Vec<FieldChanged>,
        /// Its risk level then; left out where it has the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<LevelId>,
        /// Rules that ask for a yes now, and did not then.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        asked: Vec<RuleId>,
        /// Rules that asked for a yes then, and do not now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        dropped: Vec<RuleId>,
        /// Whether it follows a newer policy.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        adopted: bool,
        /// What was said to its rules, the first first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        votes: Vec<VoteSince>,
        /// How many questions were answered.
        answered: u32,
        /// How many pieces of evidence were brought.
        evidence: u32,
        /// How many remarks were made.
        comments: u32,
    },
}

/// What somebody said to a rule since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoteSince {
    /// To which.
    pub rule: RuleId,
    /// Who.
    pub by: PersonId,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// What.
    pub answer: Answer,
    /// Whether it counts no more.
    pub void: bool,
}

impl SinceMet {
    /// Whether what is to be decided is another than then, and not only more was said about it.
    #[must_use]
    pub const fn is_another(&self) -> bool {
        match self {
            Self::Submitted {} => false,
            Self::Touched {
                fields,
                level,
                asked,
                dropped,
                adopted,
                ..
            } => {
                *adopted
                    || level.is_some()
                    || !(fields.is_empty() && asked.is_empty() && dropped.is_empty())
            }
        }
    }
}

/// What is new about a change since a moment, beside the record as it stood then; none where nothing is.
pub(super) fn since_met(
    policy: &Policy,
    change: &Change,
    before: Option<&Record>,
    last: Instant,
) -> Option<SinceMet> {
    if change.updated_at <= last {
        return None;
    }
    let Some(then) = before.and_then(Record::readable) else {
        return Some(SinceMet::Submitted {});
    };
    let count =
        |now: usize, then: usize| u32::try_from(now.saturating_sub(then)).unwrap_or(u32::MAX);
    let votes = change.votes.iter().filter(|vote| last < vote.at);
    let since = SinceMet::Touched {
        fields: differences(policy, &then.fields, &change.fields),
        asked: only_in(&change.approvals, &then.approvals),
        dropped: only_in(&then.approvals, &change.approvals),
        adopted: then.policy_hash != change.policy_hash,
        votes: votes
            .map(|vote| VoteSince {
                rule: vote.rule.clone(),
                by: vote.by.clone(),
                on_behalf_of: vote.on_behalf_of.clone(),
                at: vote.at,
                answer: vote.answer,
                void: vote.void,
            })
            .collect(),
        answered: count(answered(change), answered(&then)),
        evidence: count(change.evidence.len(), then.evidence.len()),
        comments: count(change.comments.len(), then.comments.len()),
        level: (then.level != change.level).then_some(then.level),
    };
    (since != nothing()).then_some(since)
}

const fn nothing() -> SinceMet {
    SinceMet::Touched {
        fields: Vec::new(),
        level: None,
        asked: Vec::new(),
        dropped: Vec::new(),
        adopted: false,
        votes: Vec::new(),
        answered: 0,
        evidence: 0,
        comments: 0,
    }
}

fn only_in(these: &[RequiredApproval], those: &[RequiredApproval]) -> Vec<RuleId> {
    let missing = |rule: &RuleId| those.iter().all(|known| known.rule != *rule);
    let rules = these.iter().map(|approval| approval.rule.clone());
    distinct(rules.filter(missing))
}

fn answered(change: &Change) -> usize {
    let questions = change.questions.iter();
    questions.filter(|known| known.answer.is_some()).count()
}
