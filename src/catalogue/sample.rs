//! Which earlier changes show that work of a kind goes well.

use serde::Serialize;

use crate::command::Outcome;
use crate::id::{ChangeId, ServiceId};
use crate::policy::{Meaning, Policy, TrustRule};
use crate::sorted::distinct;
use crate::time::Instant;
use crate::value::Value;
use crate::wire::Decode;
use crate::world::Run;

use super::TemplateContent;

/// A change that is named as a sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sample {
    /// Which.
    pub change: ChangeId,
    /// Why it is none; left out where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<SampleFault>,
}

/// Why a change is no sample of what a template is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SampleFault {
    /// There is no such change, or its work was never reported.
    Unknown,
    /// It is not closed.
    Open,
    /// It did not go well: not successful, unauthorized, or it caused an incident.
    NotSuccessful,
    /// It is of a model that does not count.
    OtherModel,
    /// It was about other services.
    OtherService,
    /// It is too long ago.
    TooOld,
}

/// Whether a run went well: as planned, with leave, and without an incident.
pub(super) fn went_well(run: &Run) -> bool {
    run.outcome == Outcome::Successful && !run.incident && !run.unauthorized
}

/// Whether a run failed. One that only had issues neither failed nor went well.
pub(super) const fn failed(run: &Run) -> bool {
    let outcome = matches!(run.outcome, Outcome::Unsuccessful | Outcome::BackedOut);
    outcome || run.incident || run.unauthorized
}

/// The services that a template is for; empty where it does not say.
fn services(policy: &Policy, content: &TemplateContent) -> Vec<ServiceId> {
    let fixed = policy
        .meaning(Meaning::Services)
        .and_then(|field| content.fields.get(&field.id));
    match fixed {
        Some(value) => distinct(Value::ids(value).map(ServiceId::from)),
        None => content
            .covers
            .as_ref()
            .map(|covers| covers.services.clone())
            .unwrap_or_default(),
    }
}

/// Whether a content is for no other work than another: of the same model, for the same services or fewer.
pub(super) fn is_same_kind(
    policy: &Policy,
    one: &TemplateContent,
    other: &TemplateContent,
) -> bool {
    let (these, those) = (services(policy, one), services(policy, other));
    one.model == other.model
        && !these.is_empty()
        && these.iter().all(|service| those.contains(service))
}

/// Whether a run was long ago, by how long runs count.
pub(super) fn is_old(rule: &TrustRule, run: &Run, now: Instant) -> bool {
    let at = run.closed_at.unwrap_or(run.reported_at);
    rule.within_days
        .is_some_and(|days| now.minutes_since(at) > i64::from(days).saturating_mul(DAY_MIN))
}

/// Minutes of a day.
pub(super) const DAY_MIN: i64 = 24 * 60;

/// Why a run is no sample of what a content is for; none where it is one.
#[must_use]
pub fn sample(
    policy: &Policy,
    rule: &TrustRule,
    content: &TemplateContent,
    run: &Run,
    now: Instant,
) -> Option<SampleFault> {
    let counts = if rule.samples_of.is_empty() {
        run.model != content.model
    } else {
        rule.samples_of.contains(&run.model)
    };
    let services = services(policy, content);
    let fixed = policy
        .meaning(Meaning::Services)
        .is_some_and(|field| content.fields.contains_key(&field.id));
    let same = if fixed {
        services
            .iter()
            .all(|service| run.services.contains(service))
    } else {
        services.is_empty()
            || run
                .services
                .iter()
                .all(|service| services.contains(service))
    };
    match () {
        () if run.closed_at.is_none() => Some(SampleFault::Open),
        () if !went_well(run) => Some(SampleFault::NotSuccessful),
        () if !counts => Some(SampleFault::OtherModel),
        () if !same => Some(SampleFault::OtherService),
        () if is_old(rule, run, now) => Some(SampleFault::TooOld),
        () => None,
    }
}

/// What the changes that are named as samples come to, each once.
#[must_use]
pub fn samples(
    policy: &Policy,
    rule: &TrustRule,
    content: &TemplateContent,
    named: &[ChangeId],
    runs: &[Run],
    now: Instant,
) -> Vec<Sample> {
    let judged = |change: &ChangeId| {
        let run = runs.iter().find(|run| run.change == *change);
        let fault = run.map_or(Some(SampleFault::Unknown), |run| {
            sample(policy, rule, content, run, now)
        });
        Sample {
            change: change.clone(),
            fault,
        }
    };
    distinct(named).into_iter().map(judged).collect()
}
