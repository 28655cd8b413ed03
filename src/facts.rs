//! The bounded values that one decision reads, and nothing else of the world.

use serde::Serialize;

use crate::catalogue::{Sample, Standing};
use crate::event::Candidate;
use crate::finding::Finding;
use crate::id::{ChangeId, GroupId, LevelId, PersonId, RuleId, ServiceId};
use crate::policy::{FactName, Phase};
use crate::time::Instant;
use crate::value::Digest;
use crate::wire::Decode;
use crate::world::{Document, Period};

/// What a decision read beside policy, change, command, actor and time. At most 32 KB; part of the entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Facts {
    /// The spoken number that the host gives a new change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What is wrong with texts and ids, which a decision over sealed text cannot see for itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Time to the planned start, from when that start was given: what those who look at it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_time: Option<LeadTimeFact>,
    /// Whether the planned start lies before the decision.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub start_passed: bool,
    /// Named facts; a name left out is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Known>,
    /// What the window collides with; left out where it could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflicts: Option<Conflicts>,
    /// What keeps work from being done in the time that the command itself uses or tells of; left out where that could not be
    /// told, and of commands that use none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Conflicts>,
    /// The template, as it stands in the host's catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateFact>,
    /// Who could give each approval, conflicts of duty not yet taken out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<ApproversFact>,
    /// Whether the actor owns a service that the change touches.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub actor_owns_service: bool,
    /// Of the files that the command names, those that have arrived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Digest>,
    /// People whom the command names and who are not there, or not any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_people: Vec<PersonId>,
    /// Whether whoever is to take over the decisions of somebody who left is one of those whom the policy names for it, or stands
    /// above who left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub takes_over: bool,
    /// Whether the policy that the change keeps lets the actor move it to another; left out where that could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_lets: Option<bool>,
    /// Of the teams that tasks are given to, those of the actor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actor_teams: Vec<GroupId>,
    /// The changes to which this one stands in some way, or would by the command; one that is not here is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedFact>,
    /// Commitments that the command names and the record does not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_commitments: Vec<Digest>,
    /// What a decision about a template reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalogue: Option<CatalogueFact>,
    /// The policy document that is to be published, where the host keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// What a decision about a meeting reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<MeetingFact>,
}

/// What a decision about a template reads of the catalogue and of earlier runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CatalogueFact {
    /// Whether another record is of a template of that id.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken: bool,
    /// How far it is trusted by the runs so far; none before there is a record of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// The changes that are named as samples, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<Sample>,
}

/// What a decision about a meeting reads: names that stand for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeetingFact {
    /// Changes that the host does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_changes: Vec<ChangeId>,
    /// People that the host does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_people: Vec<PersonId>,
}

/// Where another change stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelatedFact {
    /// Which.
    pub to: ChangeId,
    /// Where it stands.
    pub phase: Phase,
    /// Whether it waits, itself or through others, for this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
}

/// Lead time in both units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeadTimeFact {
    /// Working days that begin after now and not after the planned start; left out where the host has no calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<i64>,
    /// Whether there may be more of them, since the calendar is not known for the whole time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    /// Whole minutes; negative in the past.
    pub minutes: i64,
}

/// A named fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Known {
    /// Its name.
    pub name: FactName,
    /// Its value.
    pub value: i64,
    /// Whether it was asked of a person because this host does not have it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked: bool,
}

/// What a window collides with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Conflicts {
    /// How many there are.
    pub total: u32,
    /// The first of them, at most 20, those that stop first.
    pub first: Vec<Conflict>,
    /// The time for which the calendar is known, where the window reaches beyond it: there may be more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_known: Option<Period>,
}

impl Conflicts {
    /// The first of those that keep work from being done.
    #[must_use]
    pub fn stop(&self) -> Option<&Conflict> {
        self.first.iter().find(|conflict| conflict.stops)
    }
}

/// One collision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Conflict {
    /// With what.
    pub kind: ConflictKind,
    /// Its id: of a freeze, a maintenance window's service, or a change.
    pub with: String,
    /// When that starts.
    pub from: Instant,
    /// When that ends.
    pub to: Instant,
    /// The services in common; empty where it concerns all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceId>,
    /// Whether it keeps the work from starting.
    pub stops: bool,
}

/// With what a window can collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ConflictKind {
    /// A freeze.
    Freeze,
    /// A service that may be changed only in windows, and this is none of them.
    OutsideWindow,
    /// Another change on the same service.
    SameService,
    /// Another change on a service that depends on this one, or on which it depends.
    RelatedService,
    /// Another change with the same implementer.
    SamePerson,
}

/// A template as the host's catalogue has it at the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateFact {
    /// Which, in which version.
    pub used: crate::event::TemplateUsed,
    /// Whether it may be used.
    pub active: bool,
    /// Whether the content is what it was approved for.
    pub covers: bool,
    /// The level it was approved with.
    pub level: LevelId,
}

/// Who could give the approval of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApproversFact {
    /// The rule.
    pub rule: RuleId,
    /// Those it names, there at this time, and those who decide for them; at most 60, but all where all are counted.
    pub principals: Vec<Candidate>,
    /// Of those who have voted, whom it names still, but who are not there at this time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<PersonId>,
    /// Those it names who have left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<PersonId>,
    /// Their deputies; as many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deputies: Vec<Candidate>,
    /// Those above, where the policy says who is asked when it waits too long; at most 60.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub above: Vec<Candidate>,
}

mod collisions;
mod gather;
mod others;
mod wording;
mod work;

pub(crate) use gather::stops;
pub use gather::{Planned, Reading, gather, owns_service};
pub use others::beside;
pub(crate) use others::successors;
pub(crate) use work::{lengthened, starts_by_submission, uses_time};
