//! What lists and calendars show of a change.

use changegate::canonical::to_string;
use changegate::change::Change;
use changegate::command::Relationship;
use changegate::draft::Content;
use changegate::id::{ChangeId, LevelId, ModelId, PersonId, ServiceId, StateId};
use changegate::notice::notice;
use changegate::policy::{Meaning, Phase, Policy};
use changegate::time::Instant;
use changegate::value::{Digest, Value, Words};
use changegate::world::{Booking, BookingShown, RelatedChange, Run};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A change in a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeSummary {
    /// Its uuid.
    pub id: ChangeId,
    /// Its spoken number.
    pub number: String,
    /// Its title; empty where it was erased.
    pub title: String,
    /// The policy that it keeps, by its hash: its state and level are named there.
    pub policy_hash: Digest,
    /// Its model.
    pub model: ModelId,
    /// Its state.
    pub state: StateId,
    /// The phase of that state.
    pub phase: Phase,
    /// Its risk level.
    pub level: LevelId,
    /// Who asked.
    pub requester: PersonId,
    /// When anything last happened.
    pub updated_at: Instant,
    /// When the work is planned to start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_from: Option<Instant>,
    /// When it is planned to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_to: Option<Instant>,
}

/// A row of a list that cannot be shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DamagedChange {
    /// The uuid of the change.
    pub id: ChangeId,
    /// Always true: its row is not as it was written. Whoever runs the host makes it again from the log.
    pub damaged: bool,
}

impl DamagedChange {
    /// The row of that change.
    pub const fn of(id: ChangeId) -> Self {
        Self { id, damaged: true }
    }
}

/// A row of the list of changes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "its shape is told; what is answered is text already"
)]
pub enum ListedChange {
    /// A change.
    Whole(Box<ChangeSummary>),
    /// One that cannot be shown.
    Damaged(DamagedChange),
}

/// Everything that others see of a change, as it is kept: documents in canonical form.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Of which change.
    pub id: ChangeId,
    /// The policy that it keeps, by its hash.
    pub policy_hash: String,
    /// Its spoken number.
    pub number: String,
    /// When anything last happened.
    pub updated_at_ms: i64,
    /// What lists show, a [`ChangeSummary`].
    pub summary: String,
    /// What calendars show, a [`Booking`]; none where it is over or has no window.
    pub booking: Option<String>,
    /// Whether anything may still happen to it.
    pub is_open: bool,
    /// The changes to which it stands in some way, a list of ids.
    pub targets: String,
    /// Where it stands, for those that stand to it in some way: a [`RelatedChange`].
    pub related: String,
    /// The work that was reported, a [`Run`].
    pub run: Option<String>,
    /// What everybody may know of it, a [`Notice`](changegate::notice::Notice).
    pub notice: Option<String>,
}

impl Shown {
    /// What others see of a readable change.
    pub fn of(policy: &Policy, change: &Change) -> Self {
        let targets = change.relations.iter().map(|known| &known.to);
        Self {
            id: change.id.clone(),
            policy_hash: change.policy_hash.to_string(),
            number: change.number.clone(),
            updated_at_ms: change.updated_at.millis(),
            summary: to_string(&summary(policy, change)),
            booking: booking(policy, change).as_ref().map(to_string),
            is_open: !change.is_over(),
            targets: to_string(&targets.collect::<Vec<_>>()),
            related: to_string(&related(policy, change)),
            run: Run::of(policy, change).as_ref().map(to_string),
            notice: notice(policy, change).as_ref().map(to_string),
        }
    }
}

/// What a list shows of a readable change.
fn summary(policy: &Policy, change: &Change) -> ChangeSummary {
    let fields = Meant {
        policy,
        content: &change.fields,
    };
    ChangeSummary {
        id: change.id.clone(),
        number: change.number.clone(),
        title: fields.text(Meaning::Title).unwrap_or_default().to_owned(),
        policy_hash: change.policy_hash,
        model: change.model.clone(),
        state: change.state.clone(),
        phase: change.phase,
        level: change.level.clone(),
        requester: change.requester.clone(),
        updated_at: change.updated_at,
        window_from: fields.instant(Meaning::WindowStart),
        window_to: fields.instant(Meaning::WindowEnd),
    }
}

/// What calendars show of a readable change that is open and has a window.
pub fn booking(policy: &Policy, change: &Change) -> Option<Booking> {
    let fields = Meant {
        policy,
        content: &change.fields,
    };
    let title = fields.text(Meaning::Title).unwrap_or_default().to_owned();
    let from = fields.instant(Meaning::WindowStart)?;
    let to = fields.instant(Meaning::WindowEnd)?;
    (!change.phase.is_terminal()).then(|| Booking {
        id: change.id.clone(),
        shown: Some(BookingShown {
            number: change.number.clone(),
            title,
        }),
        services: fields.ids(Meaning::Services).map(ServiceId::from).collect(),
        implementers: fields
            .ids(Meaning::Implementers)
            .map(PersonId::from)
            .collect(),
        requester: Some(change.requester.clone()),
        from,
        to,
        phase: change.phase,
    })
}

/// Where a readable change stands, for those that stand to it in some way.
pub fn related(policy: &Policy, change: &Change) -> RelatedChange {
    let fields = Meant {
        policy,
        content: &change.fields,
    };
    let title = fields.text(Meaning::Title).unwrap_or_default().to_owned();
    let blocking = change.relations.iter();
    let blocking = blocking.filter(|known| known.relation == Relationship::BlockedBy);
    RelatedChange {
        id: change.id.clone(),
        shown: Some(BookingShown {
            number: change.number.clone(),
            title,
        }),
        phase: change.phase,
        blocked_by: blocking.map(|known| known.to.clone()).collect(),
    }
}

/// The files that the evidence of a readable change names. Evidence of which the name was erased names none any more.
pub fn files(change: &Change) -> Vec<Digest> {
    let evidence = change.evidence.iter();
    let named = evidence.filter(|known| matches!(known.name, Words::Plain(_)));
    named
        .filter_map(|known| Some(known.file.as_ref()?.sha256))
        .collect()
}

/// Content by what its fields mean.
struct Meant<'a> {
    policy: &'a Policy,
    content: &'a Content,
}

impl<'a> Meant<'a> {
    fn value(&self, meaning: Meaning) -> Option<&'a Value> {
        self.content.get(&self.policy.meaning(meaning)?.id)
    }

    fn text(&self, meaning: Meaning) -> Option<&'a str> {
        self.value(meaning)?.as_text()
    }

    fn instant(&self, meaning: Meaning) -> Option<Instant> {
        self.text(meaning)?.parse().ok()
    }

    fn ids(&self, meaning: Meaning) -> impl Iterator<Item = &'a str> {
        self.value(meaning).into_iter().flat_map(Value::ids)
    }
}
