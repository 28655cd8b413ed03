//! What an organisation wants: one versioned JSON document, known by its hash.
//!
//! Everything in which organisations differ is data here. What may not differ, the safety rules, is code of
//! [`crate::decide`] and is checked against the document by [`check`].

pub mod approval;
pub mod check;
pub mod condition;
pub mod difference;
pub mod field;
pub mod life_cycle;
pub mod model;
pub mod risk;

use std::sync::OnceLock;

use serde::Serialize;

use crate::canonical;
use crate::finding::Severity;
use crate::id::{FieldId, GroupId, LevelId, ModelId, OptionId, RoleId, RuleId, SectionId};
use crate::map::Map;
use crate::sorted::distinct;
use crate::text::Text;
use crate::value::Digest;
use crate::wire::{self, Decode, Fault, Later};

pub use approval::{ApprovalRule, Approvers, Escalate, Quorum, Remind};
pub use condition::{Condition, FactName};
pub(crate) use field::FreeText;
pub use field::{Choice, Column, Field, Kind, Meaning, Stage};
pub use life_cycle::{Accountable, LifeCycle, Phase, State, Transition, Trigger};
pub use model::{Authorization, ChangeModel, LeadTime, LeftOut, Measure, Observe, RiskDepth};
pub use risk::{Risk, RiskLevel, RiskQuestion};

/// The process of one organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Where the JSON Schema of this document lies, for editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Which policy this is; stays the same over its versions.
    pub id: String,
    /// Which version of it; any text, newest last by the host's record of publishing.
    pub version: String,
    /// What staff call the process.
    pub name: Text,
    /// BCP 47 tags of the languages in which every text is given; the first is shown where a reader's is not among them.
    pub languages: Vec<String>,
    /// Words that say nothing ("n/a", "tbc"), by language; empty where the check is off.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub filler: Map<String, Vec<String>>,
    /// Everything that can be asked.
    pub fields: Vec<Field>,
    /// How the full form groups the fields, in order.
    pub sections: Vec<Section>,
    /// At most six fields: the plain questions of the first face.
    pub ask: Vec<FieldId>,
    /// The routes a change can take.
    pub models: Vec<ChangeModel>,
    /// Which model the form proposes and why: the first that matches.
    pub proposals: Vec<Proposal>,
    /// What raises risk, and by how much.
    pub risk: Risk,
    /// Answers that cannot be true together, and other checks on the content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consistency: Vec<ConsistencyRule>,
    /// Whose yes is needed when; all that match apply.
    pub approvals: Vec<ApprovalRule>,
    /// Who is who: roles by group, or by relation to the change.
    pub roles: Vec<Role>,
    /// What one role may do beyond the transitions that name it.
    #[serde(default)]
    pub may: Later<Capabilities>,
    /// Acts that no one person may do both of, above the core's own minimum.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub duties: Later<Vec<Duty>>,
    /// Facts that this host does not have, and what is asked in their place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent_facts: Vec<AbsentFact>,
    /// Conditions that must hold before a change enters a phase.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub gates: Later<Vec<Gate>>,
    /// The go/no-go checklist.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub checklist: Later<Vec<CheckItem>>,
    /// When a post-implementation review must be recorded before a change closes, above the core's own minimum.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub reviews: Later<Vec<ReviewTrigger>>,
    /// Boards that decide together.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub boards: Later<Vec<Board>>,
    /// Who may put a policy in force.
    #[serde(default, skip_serializing_if = "is_none")]
    pub publishing: Later<Option<Publishing>>,
    /// Who takes over the decisions of somebody who left, beside those above them.
    #[serde(default, skip_serializing_if = "is_none")]
    pub takes_over: Later<Option<TakesOver>>,
    /// Kinds of evidence that can be attached.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub evidence: Later<Vec<EvidenceKind>>,
    /// How a template earns and loses pre-approval.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub trust: Later<Vec<TrustRule>>,
    /// What an auditor tests, and which rules of this policy carry it out.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub controls: Later<Vec<Control>>,
    /// Its hash.
    #[serde(skip)]
    hash: Remembered,
}

/// A hash that is worked out once. It is no part of what it is the hash of; a copy, which may be changed, works out its own.
#[derive(Debug, Default)]
struct Remembered(OnceLock<Digest>);

impl Clone for Remembered {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Remembered {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Remembered {}

fn is_empty<T: Decode>(list: &Later<Vec<T>>) -> bool {
    list.get().is_empty()
}

fn is_none<T: Decode>(part: &Later<Option<T>>) -> bool {
    part.get().is_none()
}

/// A group of fields on the full form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Section {
    /// Its id.
    pub id: SectionId,
    /// Its heading.
    pub name: Text,
    /// A sentence under the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// Its fields, in order. A field stands in exactly one section.
    pub fields: Vec<FieldId>,
}

/// Proposes a model from what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proposal {
    /// The model proposed.
    pub model: ModelId,
    /// When; left out, always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Why, for the requester.
    pub because: Text,
}

/// A check on the content beyond each field's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsistencyRule {
    /// Its id.
    pub id: RuleId,
    /// What must not be so.
    pub when: Condition,
    /// The fields to look at again.
    pub fields: Vec<FieldId>,
    /// Whether it stops the change or only warns.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub message: Text,
}

/// A role: held through groups of the host's directory, or by what a person is to the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: Text,
    /// Whoever is in one of these groups holds it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// Whoever stands in this relation to the change holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
}

/// What a person can be to a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Relation {
    /// Anybody who is signed in.
    Anybody,
    /// Submitted it.
    Requester,
    /// Is named in the field that means the implementers.
    Implementer,
    /// Owns a service that it touches.
    ServiceOwner,
}

/// Which roles may do what no transition names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Capabilities {
    /// Change the content after submission; the requester may in any case.
    #[serde(default)]
    pub edit: Vec<RoleId>,
    /// Report that work was done; persons named as implementers may in any case.
    #[serde(default)]
    pub complete: Vec<RoleId>,
    /// Record the post-implementation review.
    #[serde(default)]
    pub review: Vec<RoleId>,
    /// Erase personal data from the record.
    #[serde(default)]
    pub erase: Vec<RoleId>,
    /// Give on what waits for somebody who left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hand_on: Vec<RoleId>,
    /// Move open changes to a newer policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adopt: Vec<RoleId>,
    /// Tell those who are affected; implementers may in any case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announce: Vec<RoleId>,
    /// Evaluate it, and ask the requester.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evaluate: Vec<RoleId>,
    /// Say how it stands to other changes; the requester may in any case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relate: Vec<RoleId>,
    /// Waive a duty of this policy, and look back at a waiver.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waive: Vec<RoleId>,
    /// Decide on more time for work that runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extend: Vec<RoleId>,
    /// Put it on hold and let it go on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hold: Vec<RoleId>,
    /// Record an incident that showed after the work was reported; left out, whoever edits, evaluates, reports work or reviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_incident: Option<Vec<RoleId>>,
}

impl Capabilities {
    /// Who may record an incident that showed after the work was reported.
    #[must_use]
    pub fn incident_recorders(&self) -> Vec<RoleId> {
        let all = [&self.edit, &self.evaluate, &self.complete, &self.review];
        let by_default = || distinct(all.into_iter().flatten().cloned());
        let named = self.record_incident.clone();
        named.unwrap_or_else(by_default)
    }
}

/// What a person did with a change, as far as duties are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Act {
    /// Asked for it.
    Requested,
    /// Wrote its plan or other material content.
    Wrote,
    /// Reviewed the plan, the code or the result.
    Reviewed,
    /// Gave an approval.
    Approved,
    /// Carried it out.
    Implemented,
    /// Tested it.
    Tested,
    /// Accepted the result for those who use it.
    Accepted,
}

/// Two acts that no one person may do on the same change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Duty {
    /// Its id.
    pub id: RuleId,
    /// The one act.
    pub one: Act,
    /// The other.
    pub other: Act,
    /// When it applies; left out, always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// A fact that this host cannot provide, replaced by a declared question and labelled so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AbsentFact {
    /// The fact.
    pub fact: FactName,
    /// The field that is asked instead.
    pub asked: FieldId,
    /// What each answer stands for, where the field is a choice: the fact's value as a number.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub values: Map<OptionId, i64>,
}

/// Something that must hold before a phase is entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gate {
    /// Its id.
    pub id: RuleId,
    /// What it asks for, as people say it.
    pub name: Text,
    /// The phase it guards.
    pub into: Phase,
    /// To which changes it applies; left out, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What must hold.
    pub needs: Condition,
}

/// A kind of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvidenceKind {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub name: Text,
    /// What is asked for, as staff would say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// Who may bring it; left out, anybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<RoleId>,
    /// What whoever brings it does by it, where duties are kept apart: a code review is `reviewed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
    /// Whether it says that something passed or failed. What failed does not count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub result: bool,
    /// Whether a file must come with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub file: bool,
    /// Whether it counts only for the content to which it was brought: an edit of material content asks for it anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bound: bool,
}

/// An item of the go/no-go checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckItem {
    /// Its id.
    pub id: RuleId,
    /// What is checked.
    pub name: Text,
    /// The phase into which nothing goes before it is go.
    pub before: Phase,
    /// For which changes; left out, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Who may answer it.
    pub by: Vec<RoleId>,
}

/// When a post-implementation review must be recorded.
///
/// # Source
/// ITIL 4, change enablement: review of changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewTrigger {
    /// Its id.
    pub id: RuleId,
    /// Why, as staff would say it.
    pub because: Text,
    /// When; where it cannot be told, it applies.
    pub when: Condition,
    /// By when, in minutes after the work was reported; left out, before it closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_min: Option<u32>,
}

/// A board that decides together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Board {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub name: Text,
    /// The approval rules that it answers.
    pub rules: Vec<RuleId>,
    /// Who calls meetings and keeps the minutes.
    pub chairs: Vec<RoleId>,
}

/// Who may put a policy in force. Always two people: who proposes never agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Publishing {
    /// Who may propose one.
    pub propose: Vec<RoleId>,
    /// Who may agree to it.
    pub agree: Vec<RoleId>,
}

/// Who takes over the decisions of somebody who left, where nobody else can give an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakesOver {
    /// The members of this group.
    pub group: GroupId,
}

/// When a template is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrustRule {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub name: Text,
    /// How many earlier successful runs of the same kind a template needs before it is active.
    pub successes: u32,
    /// The model whose templates it governs.
    pub model: ModelId,
    /// The models whose earlier runs count as samples; left out, any but its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples_of: Vec<ModelId>,
    /// Samples and runs count for so many days; left out, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_days: Option<u32>,
    /// How many runs after it became active are on probation, and are reviewed each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probation: Option<u32>,
    /// How many of the last runs may fail before it is suspended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures: Option<FailureBound>,
    /// Whether a run that caused an incident suspends it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended_by_incident: bool,
    /// It expires when it was neither used nor reviewed for so many days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_after_days: Option<u32>,
    /// Who may propose a template, a new version of one, or its end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub propose: Vec<RoleId>,
    /// Who may agree to one, and suspend it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agree: Vec<RoleId>,
    /// How many must agree; one where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yeses: Option<u32>,
}

/// How many of the last runs may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FailureBound {
    /// It is suspended when so many failed.
    pub failed: u32,
    /// Of the last so many.
    pub of_last: u32,
}

/// A control: what an auditor tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Control {
    /// Its id.
    pub id: RuleId,
    /// What it asks.
    pub name: Text,
    /// The clause it comes from.
    pub source: String,
    /// The rules, gates and duties of this policy that carry it out.
    pub rules: Vec<RuleId>,
}

impl Policy {
    /// Reads a document. Its shape only: what it means is checked by [`check`].
    ///
    /// # Errors
    /// Where it is no JSON, or has a name that the schema does not know; the fault says where.
    pub fn from_json(json: &str) -> Result<Self, Fault> {
        let mut policy: Self = wire::from_str(json)?;
        policy.settle()?;
        Ok(policy)
    }

    /// Reads the parts that are read later otherwise, so that whoever decides by it decides by the whole.
    ///
    /// # Errors
    /// Where a part does not fit; the fault says where.
    pub fn settle(&mut self) -> Result<(), Fault> {
        fn part<T: Decode + Default>(name: &str, part: &mut Later<T>) -> Result<(), Fault> {
            part.settle().map_err(|fault| fault.under(name))
        }
        part("may", &mut self.may)?;
        part("duties", &mut self.duties)?;
        part("gates", &mut self.gates)?;
        part("checklist", &mut self.checklist)?;
        part("reviews", &mut self.reviews)?;
        part("boards", &mut self.boards)?;
        part("publishing", &mut self.publishing)?;
        part("takesOver", &mut self.takes_over)?;
        part("evidence", &mut self.evidence)?;
        part("trust", &mut self.trust)?;
        part("controls", &mut self.controls)?;
        for (position, model) in self.models.iter_mut().enumerate() {
            let within = |fault: Fault| fault.under(&position.to_string()).under("models");
            part("leavesOut", &mut model.leaves_out).map_err(within)?;
            part("observe", &mut model.observe).map_err(within)?;
            let transitions = part("transitions", &mut model.life_cycle.transitions);
            transitions.map_err(|fault| within(fault.under("lifeCycle")))?;
        }
        Ok(())
    }

    /// The hash by which it is known: of its canonical JSON, so that layout does not matter. It is worked out once: whoever
    /// changes a policy changes a copy of it.
    #[must_use]
    pub fn hash(&self) -> Digest {
        *self.hash.0.get_or_init(|| canonical::hash(self))
    }

    /// The field of that id.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id.as_str() == id)
    }

    /// The field that has this meaning to the core; at most one, as loading checks.
    #[must_use]
    pub fn meaning(&self, meaning: Meaning) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.means == Some(meaning))
    }

    /// The model of that id.
    #[must_use]
    pub fn model(&self, id: &str) -> Option<&ChangeModel> {
        self.models.iter().find(|model| model.id.as_str() == id)
    }

    /// The model whose approval rules ask where a change of a pre-approved model is above the level of its template.
    #[must_use]
    pub fn model_above(&self, model: &ChangeModel) -> Option<&ChangeModel> {
        let Authorization::PreApproved { above } = &model.authorization else {
            return None;
        };
        let by_rules =
            |model: &&ChangeModel| matches!(model.authorization, Authorization::Rules {});
        match above {
            Some(named) => self.model(named.as_str()),
            None => self.models.iter().find(by_rules),
        }
    }

    /// The approval rule of that id.
    #[must_use]
    pub fn approval(&self, id: &str) -> Option<&ApprovalRule> {
        self.approvals.iter().find(|rule| rule.id.as_str() == id)
    }

    /// How high a level stands among the policy's, the lowest first.
    #[must_use]
    pub fn rank(&self, level: &LevelId) -> Option<usize> {
        self.risk.levels.iter().position(|known| known.id == *level)
    }
}
