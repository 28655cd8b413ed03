//! What the host knows that the request does not, cut to what the person may read.

use serde::Serialize;

use crate::catalogue::{Coverage, Standing};
use crate::change::Change;
use crate::command::Outcome;
use crate::event::{Flag, TemplateUsed};
use crate::finding::Severity;
use crate::id::{ChangeId, FieldId, GroupId, ModelId, PersonId, ServiceId, TemplateId};
use crate::map::Map;
use crate::policy::{Meaning, Phase, Policy, Role};
use crate::text::Text;
use crate::time::Instant;
use crate::value::{Digest, Value};
use crate::wire::Decode;

/// People, services, calendar, templates and other changes, as of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct World {
    /// When the host put this together.
    pub as_of: Instant,
    /// The people of the organisation.
    #[serde(default)]
    pub people: Vec<Person>,
    /// Who decides for whom, until when.
    #[serde(default)]
    pub delegations: Vec<Delegation>,
    /// Services and configuration items. `None` where the host has no list of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<Vec<Service>>,
    /// Working days, freezes, windows. `None` where the host has no calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// Other open changes with a window. `None` where the host could not look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<Booking>>,
    /// The catalogue of standard changes.
    #[serde(default)]
    pub templates: Vec<Template>,
    /// Changes to which others stand in some way, wherever they stand themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedChange>,
    /// Files that have arrived, as far as the report at hand names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Digest>,
    /// Work that was reported: what templates earn and lose their standing by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Run>,
    /// Policy documents at the host, as far as the report at hand names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// The policy that the change at hand keeps, where it is to be moved to another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<KeptPolicy>,
}

/// What is asked of the policy that a change keeps, where it is to be moved to another: whom it lets do that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeptPolicy {
    /// Its hash.
    pub hash: Digest,
    /// Its roles that may move open changes.
    pub adopt: Vec<Role>,
}

impl KeptPolicy {
    /// What is asked of a policy.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let may = |role: &&Role| policy.may.adopt.contains(&role.id);
        Self {
            hash: policy.hash(),
            adopt: policy.roles.iter().filter(may).cloned().collect(),
        }
    }
}

/// Work that was reported of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Run {
    /// Of which change.
    pub change: ChangeId,
    /// Its spoken number.
    pub number: String,
    /// Its model.
    pub model: ModelId,
    /// The template used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateUsed>,
    /// Its services.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceId>,
    /// How the work ended.
    pub outcome: Outcome,
    /// Whether it caused an incident.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incident: bool,
    /// When that was last recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident_at: Option<Instant>,
    /// Whether it was done without authorization.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unauthorized: bool,
    /// When the work was reported.
    pub reported_at: Instant,
    /// When the change was closed; none while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
}

impl Run {
    /// The work that was reported of a readable change; none before.
    #[must_use]
    pub fn of(policy: &Policy, change: &Change) -> Option<Self> {
        let completed = change.completed.as_ref()?;
        let services = policy
            .meaning(Meaning::Services)
            .and_then(|field| change.fields.get(&field.id));
        let services = services.into_iter().flat_map(Value::ids);
        Some(Self {
            change: change.id.clone(),
            number: change.number.clone(),
            model: change.model.clone(),
            template: change.template.clone(),
            services: services.map(ServiceId::from).collect(),
            outcome: completed.outcome,
            incident: change.caused_incident(),
            incident_at: change.incident_at,
            unauthorized: change.unauthorized || completed.flags.contains(&Flag::Unauthorized),
            reported_at: completed.at,
            closed_at: change.ended_at().filter(|_| change.phase == Phase::Closed),
        })
    }
}

/// A policy document that a host keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    /// Its hash.
    pub hash: Digest,
    /// Which policy it is.
    pub id: String,
    /// Which version of it.
    pub version: String,
    /// How many findings of its check stop it.
    pub stops: u32,
}

impl Document {
    /// A policy as those who decide on it need to know it.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let findings = crate::policy::check::check(policy);
        let stops = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Stops);
        Self {
            hash: policy.hash(),
            id: policy.id.clone(),
            version: policy.version.clone(),
            stops: u32::try_from(stops.count()).unwrap_or(u32::MAX),
        }
    }
}

/// A change to which others stand in some way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelatedChange {
    /// Which.
    pub id: ChangeId,
    /// Its spoken number and title; `None` where the person may only know that it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<BookingShown>,
    /// Where it stands.
    pub phase: Phase,
    /// The changes that must be done before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<ChangeId>,
}

/// A person of the host's directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    /// Stable and opaque.
    pub id: PersonId,
    /// For showing; never in the log.
    pub name: String,
    /// What they do, for showing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The groups they are in.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// Their manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<PersonId>,
    /// Not there before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent_until: Option<Instant>,
    /// Whether they have left: nothing waits for them any more, and what did is given on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
}

/// One person decides for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Delegation {
    /// Whose decisions.
    pub of: PersonId,
    /// Who takes them.
    pub to: PersonId,
    /// From.
    pub from: Instant,
    /// Until, exclusive.
    pub until: Instant,
}

/// A service or configuration item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Its name.
    pub name: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// 1 low, 2 medium, 3 high, 4 critical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<u8>,
    /// What it needs in order to work.
    #[serde(default)]
    pub depends_on: Vec<ServiceId>,
}

/// Instants, already expanded from local time by the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Calendar {
    /// The IANA zone in which the organisation reads its times, for showing.
    pub zone: String,
    /// How far it is known: from when to when days, freezes and windows were looked up. Where it is left out, as far as its
    /// working days go. What lies beyond is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Period>,
    /// Working days in order, each from its start to its end.
    pub working_days: Vec<Period>,
    /// When nothing may change.
    #[serde(default)]
    pub freezes: Vec<Freeze>,
    /// When work on some services may be done, where they have such windows.
    #[serde(default)]
    pub windows: Vec<MaintenanceWindow>,
}

impl Calendar {
    /// From when to when it is known; none where it tells of no day at all.
    #[must_use]
    pub fn known(&self) -> Option<Period> {
        let days = self.working_days.first().zip(self.working_days.last());
        let of_days = days.map(|(first, last)| Period {
            from: first.from,
            to: last.to,
        });
        self.known.or(of_days)
    }
}

/// From one instant to another, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Period {
    /// Its start.
    pub from: Instant,
    /// Its end, exclusive.
    pub to: Instant,
}

/// A period in which nothing may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Freeze {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Its start.
    pub from: Instant,
    /// Its end, exclusive.
    pub to: Instant,
    /// Which services; empty, all.
    #[serde(default)]
    pub services: Vec<ServiceId>,
    /// Models that may pass it.
    #[serde(default)]
    pub except: Vec<ModelId>,
}

/// A period in which work on some services may be done. A service that none names has no windows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MaintenanceWindow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The services.
    pub services: Vec<ServiceId>,
    /// When.
    pub periods: Vec<Period>,
}

/// Another change, as far as this person may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Booking {
    /// Which change.
    pub id: ChangeId,
    /// Its spoken number and title; `None` where the person may only know that something is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<BookingShown>,
    /// Its services.
    pub services: Vec<ServiceId>,
    /// Its implementers.
    #[serde(default)]
    pub implementers: Vec<PersonId>,
    /// Who asked for it, where the host says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<PersonId>,
    /// Its planned start.
    pub from: Instant,
    /// Its planned end, exclusive.
    pub to: Instant,
    /// Where it stands.
    pub phase: Phase,
}

/// What a reader may know of another change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BookingShown {
    /// Its spoken number.
    pub number: String,
    /// Its title.
    pub title: String,
}

/// A standard change of the catalogue: approved once, for one specific kind of change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Decode)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its version; content differs, version differs.
    pub version: u32,
    /// Its name.
    pub name: Text,
    /// The model that it is a template of.
    pub model: ModelId,
    /// Whether it may be used.
    pub active: bool,
    /// How often its kind was carried out with success.
    pub successes: u32,
    /// How often without.
    pub failures: u32,
    /// The level it was approved with.
    pub level: crate::id::LevelId,
    /// What it fixes: these values are the approved content and cannot be changed in use.
    pub fields: Map<FieldId, Value>,
    /// What the user of the template fills.
    pub open: Vec<FieldId>,
    /// For which services and windows it may be used, where it fixes neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<Coverage>,
    /// Its record; none where the host has it from a file only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<ChangeId>,
    /// How far it is trusted, and by which runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

impl World {
    /// The person of that id.
    #[must_use]
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == *id)
    }

    /// The service of that id.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services
            .iter()
            .flatten()
            .find(|service| service.id.as_str() == id)
    }

    /// The template of that id.
    #[must_use]
    pub fn template(&self, id: &TemplateId) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == *id)
    }
}
