//! What an actor wants.

use serde::Serialize;

use crate::draft::Content;
use crate::id::{FieldId, LevelId, ModelId, PersonId, RoleId, RuleId, TemplateId, TransitionId};
use crate::map::Map;
use crate::time::Instant;
use crate::value::{Digest, Value, Words};
use crate::wire::Decode;

/// Who wants it. The host never comes from a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Actor {
    /// A person, with the roles held at the decision.
    Person {
        /// Who.
        person: PersonId,
        /// The roles that the policy gives them, as they were at the decision.
        roles: Vec<RoleId>,
        /// For whom they act, where they decide for somebody else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<PersonId>,
    },
    /// The host itself: a deadline passed, a leaver's approval was given on.
    Host {},
}

impl Actor {
    /// The person, where it is one.
    #[must_use]
    pub const fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person { person, .. } => Some(person),
            Self::Host {} => None,
        }
    }
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum Command {
    /// Make a draft a change.
    Submit {
        /// The model.
        model: ModelId,
        /// The template, where the model is pre-approved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<TemplateId>,
        /// The language that was shown.
        language: String,
        /// The content.
        fields: Content,
    },
    /// Change the content; `null` empties a field.
    Edit {
        /// What changes, and only that.
        fields: Map<FieldId, Option<Value>>,
    },
    /// Say something about it.
    Comment {
        /// What.
        text: Words,
    },
    /// Say yes to what was seen.
    Approve {
        /// The rule that asks for this yes.
        rule: RuleId,
        /// The content that was seen.
        content_hash: Digest,
        /// The risk level that was seen.
        level: LevelId,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Words>,
    },
    /// Say no to what was seen.
    Decline {
        /// The rule that asks for this yes.
        rule: RuleId,
        /// The content that was seen.
        content_hash: Digest,
        /// Why.
        reason: Words,
    },
    /// Take a way of the life cycle.
    Move {
        /// Which.
        transition: TransitionId,
        /// Why, where that is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Words>,
    },
    /// Report that work was done, however it came to be: never refused for being late or unapproved.
    Complete {
        /// How it ended.
        outcome: Outcome,
        /// When it began, as claimed.
        started_at: Instant,
        /// When it ended, as claimed.
        ended_at: Instant,
        /// For how many minutes users noticed an interruption.
        downtime_min: u32,
        /// What was done, what was seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Words>,
    },
    /// Record the post-implementation review.
    Review {
        /// What was found and what will be done.
        text: Words,
    },
    /// Erase personal data: values and salts go, the chain stays.
    Erase {
        /// The commitments whose values go.
        commitments: Vec<Digest>,
        /// On what ground.
        ground: ErasureGround,
    },
}

/// How the work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// As planned.
    Successful,
    /// It works, but something went wrong on the way.
    SuccessfulWithIssues,
    /// It does not do what it should.
    Unsuccessful,
    /// It was undone.
    BackedOut,
}

/// Why personal data is erased. A closed list, so that the reason itself holds none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ErasureGround {
    /// The person asked for it.
    PersonAsked,
    /// The time for which it may be kept is over.
    RetentionEnded,
    /// It should never have been written here.
    WrittenByMistake,
}

/// The kind of a command, for buttons and tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CommandKind {
    /// See [`Command::Submit`].
    Submit,
    /// See [`Command::Edit`].
    Edit,
    /// See [`Command::Comment`].
    Comment,
    /// See [`Command::Approve`].
    Approve,
    /// See [`Command::Decline`].
    Decline,
    /// See [`Command::Move`].
    Move,
    /// See [`Command::Complete`].
    Complete,
    /// See [`Command::Review`].
    Review,
    /// See [`Command::Erase`].
    Erase,
}

impl Command {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::Submit { .. } => CommandKind::Submit,
            Self::Edit { .. } => CommandKind::Edit,
            Self::Comment { .. } => CommandKind::Comment,
            Self::Approve { .. } => CommandKind::Approve,
            Self::Decline { .. } => CommandKind::Decline,
            Self::Move { .. } => CommandKind::Move,
            Self::Complete { .. } => CommandKind::Complete,
            Self::Review { .. } => CommandKind::Review,
            Self::Erase { .. } => CommandKind::Erase,
        }
    }
}
