//! What the host knows of its organisation: the policy, and the files beside it.

mod calendar;
mod local_time;
mod people;
mod policy;
mod services;
mod table;
mod templates;

use std::path::{Path, PathBuf};

use changegate::id::PersonId;
use changegate::policy::Policy;
use changegate::time::Instant;
use changegate::value::Digest;
use changegate::world::{Delegation, Person, Service, Template, World};
use jiff::tz::TimeZone;

use crate::fault::{Fault, Faults};

pub use policy::{examine as examine_policy, line as finding_line};

/// One organisation, as its files tell it.
#[derive(Debug)]
pub struct Organisation {
    /// How it wants changes handled.
    pub policy: Policy,
    /// By what that is known.
    pub policy_hash: Digest,
    people: Vec<Person>,
    delegations: Vec<Delegation>,
    services: Option<Vec<Service>>,
    calendar: Option<calendar::Rules>,
    templates: Vec<Template>,
}

impl Organisation {
    /// Reads `policy.json` and `people.csv`, and beside them, where they are there, `services.csv`, `delegations.csv`,
    /// `calendar.json` and `templates.json`.
    ///
    /// # Errors
    /// Everything that is wrong with them, each with its file, its place, and what to do.
    pub fn read(folder: &Path) -> Result<Self, Fault> {
        let mut faults = Faults::default();
        let policy = faults.take(policy::read(&folder.join("policy.json")));
        let calendar = faults
            .take(optional(folder, "calendar.json", calendar::read))
            .flatten();
        let zone = calendar
            .as_ref()
            .map_or(TimeZone::UTC, |rules| rules.zone().clone());
        let people = faults.take(people::read(&folder.join("people.csv"), &zone));
        let (Some(policy), Some(people)) = (policy, people) else {
            return Err(faults
                .or(())
                .err()
                .unwrap_or_else(|| Fault::new("the organisation cannot be read")));
        };
        let read_delegations = |path: &Path| people::read_delegations(path, &people, &zone);
        let delegations = faults
            .take(optional(folder, "delegations.csv", read_delegations))
            .flatten();
        let services = faults
            .take(optional(folder, "services.csv", |path| {
                services::read(path, &people)
            }))
            .flatten();
        let templates = faults
            .take(optional(folder, "templates.json", |path| {
                templates::read(path, &policy)
            }))
            .flatten();
        let organisation = Self {
            policy_hash: policy.hash(),
            policy,
            people,
            delegations: delegations.unwrap_or_default(),
            services,
            calendar,
            templates: templates.unwrap_or_default(),
        };
        organisation.check_calendar(&folder.join("calendar.json"), &mut faults);
        faults.or(organisation)
    }

    fn check_calendar(&self, path: &Path, faults: &mut Faults) {
        let Some(rules) = &self.calendar else { return };
        let services = self.services.as_deref().unwrap_or_default();
        for (key, id) in rules
            .services()
            .filter(|(_, id)| !services.iter().any(|service| service.id == **id))
        {
            faults.note(format!(
                "{}, key `{key}`: there is no service `{id}`, name one of `services.csv`",
                path.display()
            ));
        }
        for (key, id) in rules
            .models()
            .filter(|(_, id)| self.policy.model(id.as_str()).is_none())
        {
            faults.note(format!(
                "{}, key `{key}`: the policy has no model `{id}`, name one of its models",
                path.display()
            ));
        }
    }

    /// What is known at that moment, other changes aside.
    pub fn world(&self, now: Instant) -> World {
        World {
            as_of: now,
            people: self.people.clone(),
            delegations: self.delegations.clone(),
            services: self.services.clone(),
            calendar: self.calendar.as_ref().map(|rules| rules.expand(now)),
            changes: None,
            templates: self.templates.clone(),
            related: Vec::new(),
            files: Vec::new(),
            runs: Vec::new(),
            documents: Vec::new(),
            kept: None,
        }
    }

    /// The templates of its file.
    pub fn templates(&self) -> &[Template] {
        &self.templates
    }

    /// Everybody.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Whether there is a person of that id who has not left.
    pub fn is_there(&self, id: &PersonId) -> bool {
        self.people
            .iter()
            .any(|person| person.id == *id && !person.left)
    }
}

/// Reads a file that need not be there.
fn optional<T>(
    folder: &Path,
    name: &str,
    read: impl Fn(&Path) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    let path: PathBuf = folder.join(name);
    if path.exists() {
        read(&path).map(Some)
    } else {
        Ok(None)
    }
}
