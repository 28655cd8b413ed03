//! Why a post-implementation review must be recorded, and by when.

use serde::Serialize;

use crate::change::{Answer, Change, YesNo};
use crate::command::Outcome;
use crate::evaluate::triggers;
use crate::facts::Facts;
use crate::id::RuleId;
use crate::policy::{Act, Policy, ReviewTrigger, Stage};
use crate::rules::Rules;
use crate::time::Instant;
use crate::wire::Decode;

/// Why a review is needed: the core's own reasons, and those of the policy by their ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type",
    deny_unknown_fields
)]
pub enum ReviewReason {
    /// It does not do what it should, or was undone.
    Failed {},
    /// It was out of order in some way: see its flags.
    OutOfOrder {},
    /// A watched measure is not as expected.
    NotAsExpected {},
    /// It caused an incident.
    CausedIncident {},
    /// The template that carries it was on probation when it was chosen.
    Probation {},
    /// The policy asks for it.
    Trigger {
        /// By which trigger.
        trigger: RuleId,
        /// By when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Instant>,
    },
}

/// Every reason why a review must be recorded before a change closes, once work was reported.
#[must_use]
pub fn review_reasons(policy: &Policy, change: &Change, facts: &Facts) -> Vec<ReviewReason> {
    let mut reasons = own_reasons(change);
    if change.completed.is_some() {
        let asked = policy.reviews.iter();
        // A trigger that cannot be told applies.
        let applies =
            asked.filter(|trigger| triggers(policy, change, &trigger.when, facts) != Some(false));
        reasons.extend(applies.map(|trigger| of_trigger(trigger, change)));
    }
    reasons
}

/// Whether it was looked back at, and after everything that asks for it was known: not before a measure was seen that is not
/// as expected, nor before its ratification was refused or an incident was recorded. Of one who has written, if only since, it is none.
#[must_use]
pub fn is_reviewed(rules: Rules, change: &Change) -> bool {
    let unexpected = change.observations.iter();
    let unexpected = unexpected
        .filter(|seen| seen.answer == YesNo::No)
        .map(|seen| seen.said.at);
    let refused = change.votes.iter();
    let refused = refused
        .filter(|vote| change.unauthorized && vote.answer == Answer::No)
        .map(|vote| vote.at);
    // One that was recorded after the end has a review of its own.
    let incidents = change
        .later_incidents
        .iter()
        .filter(|known| !known.after_end);
    let incidents = incidents.map(|known| known.recorded.at);
    let known = unexpected.chain(refused).chain(incidents).max();
    let review = change.review.as_ref();
    review.is_some_and(|review| {
        let erased = rules.since(Rules::V3) && review.text.is_erased(&change.erased);
        let wrote = change.acts.contains(&(Act::Wrote, review.by.clone()));
        !wrote && !erased && known.is_none_or(|known| known <= review.at)
    })
}

/// The core's own reasons: what went wrong, was out of order or was done on probation is looked back at whatever the policy says.
///
/// # Source
/// ITIL 4, change enablement: post-implementation review; DESIGN, safety rule 3.
pub(crate) fn own_reasons(change: &Change) -> Vec<ReviewReason> {
    let mut reasons = Vec::new();
    if let Some(completed) = &change.completed {
        let failed = matches!(
            completed.outcome,
            Outcome::Unsuccessful | Outcome::BackedOut
        );
        reasons.extend(failed.then_some(ReviewReason::Failed {}));
        let template = change.template.as_ref();
        let watched = template.is_some_and(|template| template.on_probation);
        reasons.extend(watched.then_some(ReviewReason::Probation {}));
        let odd = !completed.flags.is_empty() || change.unauthorized;
        reasons.extend(odd.then_some(ReviewReason::OutOfOrder {}));
    }
    let unexpected = change
        .observations
        .iter()
        .any(|seen| seen.answer == YesNo::No);
    reasons.extend(unexpected.then_some(ReviewReason::NotAsExpected {}));
    let incident = change.caused_incident();
    reasons.extend(incident.then_some(ReviewReason::CausedIncident {}));
    reasons
}

/// A reason that a trigger of the policy is.
fn of_trigger(trigger: &ReviewTrigger, change: &Change) -> ReviewReason {
    let reported = change.completed.as_ref().map(|completed| completed.at);
    ReviewReason::Trigger {
        trigger: trigger.id.clone(),
        due: reported
            .zip(trigger.within_min)
            .map(|(at, minutes)| at.plus_minutes(minutes)),
    }
}

/// The gesture by which a field of a later stage is filled, as far as closing asks for it.
pub(crate) const ASKED_BEFORE_CLOSING: [Stage; 2] = [Stage::Completion, Stage::Review];
