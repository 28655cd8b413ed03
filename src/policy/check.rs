//! Checks a policy when it is loaded: findings that point into the document.

mod conditions;
mod form;
mod life_cycles;
mod names;
mod process;
mod risk;
mod satisfiable;
mod texts;

use serde::Serialize;

use super::Policy;
use crate::finding::Severity;
use crate::wire::{Decode, Fault};

/// One thing wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyFinding {
    /// What.
    pub code: PolicyCode,
    /// Where: a JSON Pointer into the document.
    ///
    /// # Source
    /// RFC 6901.
    pub at: String,
    /// Whether the policy can be loaded with it.
    pub severity: Severity,
    /// What is wrong and what to do, in English.
    pub message: String,
}

/// What can be wrong with a policy. Never reused, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PolicyCode {
    /// It does not have the shape of the schema.
    #[serde(rename = "policy.shape")]
    Shape,
    /// A part that must be there is empty.
    #[serde(rename = "policy.empty")]
    Empty,
    /// It names something that is not declared.
    #[serde(rename = "name.unknown")]
    UnknownName,
    /// It declares one name twice.
    #[serde(rename = "name.twice")]
    NameTwice,
    /// A text is missing in a declared language.
    #[serde(rename = "text.missing")]
    TextMissing,
    /// More than six plain questions.
    #[serde(rename = "ask.too-many")]
    AskTooMany,
    /// A field stands in no section, or in several.
    #[serde(rename = "field.section")]
    FieldSection,
    /// A field's visibility looks at a field that comes after it.
    #[serde(rename = "field.visibility-order")]
    VisibilityOrder,
    /// Two fields have one meaning, or a field is of the wrong kind for its meaning.
    #[serde(rename = "field.meaning")]
    FieldMeaning,
    /// A field is asked at another time than its use allows.
    #[serde(rename = "field.stage")]
    FieldStage,
    /// Evidence brings an act that has a gesture of its own.
    #[serde(rename = "evidence.act")]
    EvidenceAct,
    /// A list within a list, or a column name that is reserved.
    #[serde(rename = "field.column")]
    FieldColumn,
    /// A comparison, span or count is not well formed, or does not fit the kind of its field.
    #[serde(rename = "condition.malformed")]
    ConditionMalformed,
    /// A part of a condition that has no place there.
    #[serde(rename = "condition.out-of-place")]
    ConditionOutOfPlace,
    /// A condition that can never hold.
    #[serde(rename = "condition.never")]
    ConditionNever,
    /// Whether a condition can ever hold was not determined: it is too large.
    #[serde(rename = "condition.not-determined")]
    ConditionNotDetermined,
    /// A transition outside the fixed matrix of phases.
    #[serde(rename = "lifecycle.outside-matrix")]
    OutsideMatrix,
    /// A state that no change can reach.
    #[serde(rename = "lifecycle.unreachable")]
    Unreachable,
    /// A state from which no change can come to an end.
    #[serde(rename = "lifecycle.dead-end")]
    DeadEnd,
    /// A transition that nobody may take.
    #[serde(rename = "lifecycle.nobody")]
    NobodyMay,
    /// Ways on an evaluation of which one is never taken, or which lead nowhere where no guard holds.
    #[serde(rename = "lifecycle.evaluated")]
    EvaluatedWays,
    /// A life cycle lacks a way that the safety rules take.
    #[serde(rename = "lifecycle.missing-way")]
    MissingWay,
    /// A submission would enter a phase that its authorization does not carry.
    #[serde(rename = "lifecycle.start")]
    Start,
    /// Bands of points with holes or overlaps.
    #[serde(rename = "risk.bands")]
    Bands,
    /// Points below zero, or an answer without points.
    #[serde(rename = "risk.points")]
    Points,
    /// A more severe answer could lower the level.
    #[serde(rename = "risk.not-monotone")]
    NotMonotone,
    /// More risk could remove an approval.
    #[serde(rename = "approval.not-monotone")]
    ApprovalNotMonotone,
    /// A quorum that nobody or everybody meets, or rules senior to each other.
    #[serde(rename = "approval.quorum")]
    Quorum,
    /// A reminder or an escalation without any time before it.
    #[serde(rename = "approval.time")]
    ApprovalTime,
    /// Decisions of somebody who left may be given on, and nobody is named to take them over.
    #[serde(rename = "approval.takes-over")]
    TakesOver,
    /// The last proposal has a condition, so that there may be none.
    #[serde(rename = "proposal.open-end")]
    ProposalOpenEnd,
    /// The form does not say when the work is done, so that freezes are compared only when it starts.
    #[serde(rename = "field.no-window")]
    NoWindow,
}

/// Reads a document and checks it; a document that cannot be read is a finding too.
#[must_use]
pub fn check_text(json: &str) -> Vec<PolicyFinding> {
    match Policy::from_json(json) {
        Ok(policy) => check(&policy),
        Err(Fault { at, message }) => {
            let message = format!("{message}; compare it with the published schema");
            vec![PolicyFinding {
                code: PolicyCode::Shape,
                at,
                severity: Severity::Stops,
                message,
            }]
        }
    }
}

/// Everything wrong with a policy. It can be loaded where nothing stops.
#[must_use]
pub fn check(policy: &Policy) -> Vec<PolicyFinding> {
    let mut checker = Checker {
        policy,
        findings: Vec::new(),
    };
    names::check(&mut checker);
    texts::check(&mut checker);
    form::check(&mut checker);
    conditions::check(&mut checker);
    risk::check(&mut checker);
    life_cycles::check(&mut checker);
    process::check(&mut checker);
    checker.findings
}

/// A policy and what was found wrong with it so far.
struct Checker<'a> {
    policy: &'a Policy,
    findings: Vec<PolicyFinding>,
}

impl Checker<'_> {
    fn stop(&mut self, code: PolicyCode, at: impl Into<String>, message: impl Into<String>) {
        self.findings.push(PolicyFinding {
            code,
            at: at.into(),
            severity: Severity::Stops,
            message: message.into(),
        });
    }

    fn warn(&mut self, code: PolicyCode, at: impl Into<String>, message: impl Into<String>) {
        self.findings.push(PolicyFinding {
            code,
            at: at.into(),
            severity: Severity::Warns,
            message: message.into(),
        });
    }
}
