//! What everybody may know of a change: when something will not work, and how it stands. No plan, no person, no risk.

use serde::Serialize;

use crate::change::Change;
use crate::id::{ChangeId, ServiceId, StateId};
use crate::policy::{Meaning, Phase, Policy};
use crate::time::Instant;
use crate::value::{Value, Words};
use crate::wire::Decode;

/// A change as those who are affected see it. It needs no role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Notice {
    /// Which.
    pub id: ChangeId,
    /// Its spoken number.
    pub number: String,
    /// Its title; empty where it was erased.
    pub title: String,
    /// The services that it touches.
    pub services: Vec<ServiceId>,
    /// When the work is planned to start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// When it is planned to end, or by the time that was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Instant>,
    /// Whether users notice an interruption.
    pub downtime: bool,
    /// From when they notice one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downtime_from: Option<Instant>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downtime_to: Option<Instant>,
    /// Where it stands.
    pub phase: Phase,
    /// When it came there, or was last told of.
    pub updated_at: Instant,
    /// What those who are affected were told, the first first.
    pub told: Vec<Told>,
}

/// One thing that those who are affected were told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Told {
    /// When.
    pub at: Instant,
    /// What.
    pub text: String,
}

/// What everybody may know of a readable change; none while nothing is planned and nobody was told anything. Once it has
/// ended, it says so to those who had read of it.
#[must_use]
pub fn notice(policy: &Policy, change: &Change) -> Option<Notice> {
    let value = |meaning| change.fields.get(&policy.meaning(meaning)?.id);
    let text = |meaning| value(meaning).and_then(Value::as_text);
    let instant = |meaning| text(meaning)?.parse().ok();
    let ids = value(Meaning::Services).into_iter().flat_map(Value::ids);
    let granted = change
        .extension
        .as_ref()
        .and_then(|known| known.granted_until);
    let told = change
        .announcements
        .iter()
        .filter_map(|said| match &said.text {
            Words::Plain(text) => Some(Told {
                at: said.at,
                text: text.clone(),
            }),
            Words::Sealed(_) => None,
        });
    concerns_others(policy, change).then(|| Notice {
        id: change.id.clone(),
        number: change.number.clone(),
        title: text(Meaning::Title).unwrap_or_default().to_owned(),
        services: ids.map(ServiceId::from).collect(),
        from: instant(Meaning::WindowStart),
        to: granted.max(instant(Meaning::WindowEnd)),
        downtime: value(Meaning::Downtime) == Some(&Value::Flag(true)),
        downtime_from: instant(Meaning::DowntimeStart),
        downtime_to: instant(Meaning::DowntimeEnd),
        phase: change.phase,
        updated_at: change.updated_at,
        told: told.collect(),
    })
}

/// Whether those who are affected were told, or could have read that it is planned.
fn concerns_others(policy: &Policy, change: &Change) -> bool {
    let planned = |phase| matches!(phase, Phase::Scheduled | Phase::Implement | Phase::Review);
    let model = policy.model(change.model.as_str());
    let phase_of = |id: &StateId| {
        let mut states = model?.life_cycle.states.iter();
        states
            .find(|state| state.id == *id)
            .map(|state| state.phase)
    };
    let mut passed = change
        .path
        .iter()
        .filter_map(|passed| phase_of(&passed.state));
    let was_planned = change.phase.is_terminal() && passed.any(planned);
    planned(change.phase) || was_planned || !change.announcements.is_empty()
}
