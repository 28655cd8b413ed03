//! What waits for a person: the gestures that they are asked for now, not those that they merely may make.

use serde::Serialize;

use crate::command::CommandKind;
use crate::id::ChangeId;
use crate::permit::Permission;
use crate::policy::{Phase, Policy};
use crate::reading::Reading;
use crate::text::Text;
use crate::time::Instant;
use crate::wire::Decode;

/// A change that waits for a person, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Waiting {
    /// Which change.
    pub change: ChangeId,
    /// The gestures that are asked of the person, the first first.
    pub gestures: Vec<Asked>,
    /// Since when something about it is late; none where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_since: Option<Instant>,
}

/// A gesture that is asked of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Asked {
    /// What kind of command.
    pub command: CommandKind,
    /// The policy's name for it, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
}

/// What a change waits for from the person who read it; none where it does not wait for them.
#[must_use]
pub fn waiting(policy: &Policy, reading: &Reading) -> Option<Waiting> {
    let mut gestures: Vec<Asked> = Vec::new();
    let asked = reading.permissions.iter().filter(|known| known.allowed);
    for permission in asked.filter(|known| is_asked(policy, reading, known)) {
        let gesture = Asked {
            command: permission.command,
            name: permission.name.clone(),
        };
        if !gestures.contains(&gesture) {
            gestures.push(gesture);
        }
    }
    let late = reading.due.iter().filter(|due| due.overdue);
    (!gestures.is_empty()).then(|| Waiting {
        change: reading.change.id.clone(),
        gestures,
        late_since: late.map(|due| due.at).min(),
    })
}

/// Whether the change waits for a gesture that its reader may make: it takes the change on, and nobody else's turn is first.
fn is_asked(policy: &Policy, reading: &Reading, permission: &Permission) -> bool {
    use CommandKind as Kind;
    let change = &reading.change;
    match permission.command {
        Kind::Approve
        | Kind::Answer
        | Kind::Evaluate
        | Kind::Fulfill
        | Kind::DecideExtension
        | Kind::ReviewWaiver
        | Kind::Resume
        | Kind::Observe => true,
        Kind::Move => !permission.reason && is_onward(policy, reading, permission),
        Kind::Complete => change.phase == Phase::Implement,
        Kind::Review => change.review.is_none() && !reading.review_reasons.is_empty(),
        Kind::Check => {
            let item = permission.about.as_ref();
            item.is_some_and(|item| change.checks.get(item.as_str()).is_none())
        }
        Kind::Task => is_next_step(reading, permission),
        Kind::Submit
        | Kind::Edit
        | Kind::Comment
        | Kind::Ask
        | Kind::Decline
        | Kind::Defer
        | Kind::Assign
        | Kind::Hold
        | Kind::Relate
        | Kind::Unrelate
        | Kind::Attach
        | Kind::Retract
        | Kind::Waive
        | Kind::Extend
        | Kind::EndObservation
        | Kind::Announce
        | Kind::AdoptPolicy
        | Kind::Escalate
        | Kind::HandOn
        | Kind::Template
        | Kind::Policy
        | Kind::Meeting
        | Kind::Erase => false,
    }
}

/// A way that leads further among the states, and not aside.
fn is_onward(policy: &Policy, reading: &Reading, permission: &Permission) -> bool {
    let model = policy.model(reading.change.model.as_str());
    let place = |id: &str| {
        let states = model.map(|model| model.life_cycle.states.as_slice());
        let mut states = states.unwrap_or_default().iter();
        states.position(|state| state.id.as_str() == id)
    };
    let way = permission.transition.as_ref().and_then(|id| {
        let mut ways = model?.life_cycle.transitions.iter();
        ways.find(|way| way.id == *id)
    });
    let aside = matches!(
        permission.into,
        Some(Phase::Rejected | Phase::Canceled) | None
    );
    !aside
        && way.is_some_and(|way| {
            place(way.to.as_str()) > place(reading.change.state.as_str())
                || reading.change.phase == Phase::Rejected
        })
}

/// Of a task the step that comes next: it is taken on, begun, or done.
fn is_next_step(reading: &Reading, permission: &Permission) -> bool {
    use crate::command::TaskStep::{Accepted, Done, Failed, Refused, Skipped, Started};
    let about = permission.about.as_deref().unwrap_or_default();
    let stands = reading.change.tasks.get(about).map(|task| task.step);
    let next = match stands {
        None | Some(Refused) => Accepted,
        Some(Accepted | Failed) => Started,
        Some(Started) => Done,
        Some(Done | Skipped) => return false,
    };
    permission.step == Some(next)
}
