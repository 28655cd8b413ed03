//! Tells the life of a change: given an organisation, at a time, by a person, a command comes to events or refusals.
#![allow(dead_code, reason = "each suite uses what it needs")]

#[path = "../provoked/mod.rs"]
pub mod provoked;

use changegate::change::Change;
use changegate::command::Command;
use changegate::id::{ChangeId, PersonId};
use changegate::log::{Record, Stored};
use changegate::non_empty::NonEmpty;
use changegate::permit::{Permission, permitted};
use changegate::policy::Policy;
use changegate::refusal::Refusal;
use changegate::report::{Desk, Report, take, take_by_host};
use changegate::time::Instant;
use changegate::world::{KeptPolicy, World};
use serde_json::{Value, json};

pub const DEFRA: &str = include_str!("../organisations/defra/policy.json");
pub const WORLD: &str = include_str!("../vectors/world.json");
pub const CHANGE: &str = "018f0000-0000-7000-8000-000000000001";

/// How a report is taken.
type Take =
    fn(&Desk<'_>, &Report, &mut dyn FnMut() -> [u8; 16]) -> Result<Stored, NonEmpty<Refusal>>;

/// The life of one change so far. Salts and report ids count up, so that every run makes the same bytes.
pub struct Story {
    pub policy: Policy,
    pub world: World,
    pub log: Vec<Stored>,
    pub now: Instant,
    reports: u64,
    salts: u64,
}

pub fn given(policy: &str) -> Story {
    Story {
        policy: Policy::from_json(policy).unwrap(),
        world: serde_json::from_str(WORLD).unwrap(),
        log: Vec::new(),
        now: instant("2026-11-23T10:00:00.000Z"),
        reports: 0,
        salts: 0,
    }
}

/// The department with some parts of its process otherwise.
pub fn department(change: impl Fn(&mut Value)) -> Story {
    let mut policy: Value = serde_json::from_str(DEFRA).unwrap();
    change(&mut policy);
    let policy = policy.to_string();
    let findings = changegate::policy::check::check_text(&policy);
    let stopping: Vec<_> = findings
        .iter()
        .filter(|finding| finding.severity == changegate::finding::Severity::Stops)
        .collect();
    assert!(stopping.is_empty(), "{stopping:?}");
    given(&policy)
}

pub fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

impl Story {
    /// The clock stands at this instant.
    pub fn at(&mut self, text: &str) -> &mut Self {
        self.now = instant(text);
        self
    }

    /// The same organisation before anything happened.
    pub fn fresh(&self) -> Self {
        Self {
            policy: self.policy.clone(),
            world: self.world.clone(),
            log: Vec::new(),
            now: self.now,
            reports: 0,
            salts: 0,
        }
    }

    pub fn record(&self) -> Record {
        Record::replay(&self.log).unwrap()
    }

    pub fn change(&self) -> Change {
        self.record().readable().unwrap()
    }

    /// The report that a client would send for a command; `null` stands for the content hash and level as they stand.
    pub fn report(&mut self, command: &Value) -> Report {
        let mut command = command.clone();
        if let Some(change) = self.record().change {
            for (key, stands) in [
                ("contentHash", json!(change.content_hash)),
                ("level", json!(change.level)),
            ] {
                if command.get(key) == Some(&Value::Null) {
                    command[key] = stands;
                }
            }
        }
        self.reports += 1;
        Report {
            id: format!("018f0000-0000-7000-8000-{:012x}", 0x1000 + self.reports),
            change_id: ChangeId::from(CHANGE),
            expected_seq: u64::try_from(self.log.len()).unwrap(),
            command: serde_json::from_value::<Command>(command).unwrap(),
            occurred_at: self.now,
            claim: None,
        }
    }

    pub fn take(&mut self, person: &str, report: &Report) -> Result<&Stored, Vec<Refusal>> {
        self.taken(&PersonId::from(person), report, take)
    }

    fn taken(
        &mut self,
        person: &PersonId,
        report: &Report,
        take: Take,
    ) -> Result<&Stored, Vec<Refusal>> {
        let record = self.record();
        let number = (self.log.is_empty()).then_some("CHG-2026-0042");
        let Self {
            policy,
            world,
            now,
            salts,
            ..
        } = self;
        let desk = Desk {
            policy,
            record: &record,
            person,
            now: *now,
            world,
            number,
        };
        let mut salt = || {
            *salts += 1;
            u128::from(*salts).to_be_bytes()
        };
        let stored = take(&desk, report, &mut salt).map_err(|refusals| {
            provoked::note(&refusals);
            refusals.into_vec()
        })?;
        self.log.push(stored);
        if matches!(
            report.command,
            Command::Submit { .. } | Command::AdoptPolicy { .. }
        ) {
            self.world.kept = Some(KeptPolicy::of(&self.policy));
        }
        Ok(self.log.last().unwrap())
    }

    /// The host wants something: the types of the events, or the codes of the refusals.
    pub fn when_host(&mut self, command: Value) -> Result<Vec<String>, Vec<String>> {
        let report = self.report(&command);
        let taken = self.taken(&PersonId::from(""), &report, take_by_host);
        taken.map(types).map_err(codes)
    }

    /// A person wants something: the types of the events, or the codes of the refusals.
    pub fn when(&mut self, person: &str, command: Value) -> Result<Vec<String>, Vec<String>> {
        let report = self.report(&command);
        self.take(person, &report).map(types).map_err(codes)
    }

    /// The same, where it must be accepted.
    pub fn then(&mut self, person: &str, command: Value) -> &mut Self {
        let events = self.when(person, command.clone());
        assert!(
            events.is_ok(),
            "{person}: {command} was refused: {events:?}"
        );
        self
    }

    /// What a person may do now.
    pub fn permitted(&self, person: &str) -> Vec<Permission> {
        permitted(
            &self.policy,
            &self.record(),
            &PersonId::from(person),
            self.now,
            &self.world,
        )
    }
}

fn types(stored: &Stored) -> Vec<String> {
    let events = stored.entry.events.iter();
    events.map(|event| tag(event, "type")).collect()
}

#[allow(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn codes(refusals: Vec<Refusal>) -> Vec<String> {
    let refusals = refusals.iter();
    refusals.map(|refusal| tag(refusal, "code")).collect()
}

fn tag<T: serde::Serialize>(of: &T, key: &str) -> String {
    serde_json::to_value(of).unwrap()[key]
        .as_str()
        .unwrap()
        .to_owned()
}

pub fn text(en: &str) -> Value {
    json!({ "en": en })
}

pub fn push(list: &mut Value, item: Value) {
    if list.is_null() {
        *list = json!([]);
    }
    list.as_array_mut().unwrap().push(item);
}

/// The codes of the refusals.
pub fn refused(story: &mut Story, person: &str, command: Value) -> Vec<String> {
    story.when(person, command).unwrap_err()
}

pub fn has(codes: &[String], code: &str) -> bool {
    codes.iter().any(|known| known == code)
}

/// A complete normal change of low risk, with a window on 9 December.
pub fn content() -> Value {
    json!({
        "title": "Release 0.11.1 of the Charging Module",
        "description": "We bring the service up to the latest version, with fixes and features.",
        "justification": "The update keeps the service secure and reliable.",
        "department": "core", "category": "software", "environment": "production",
        "services": ["charging-module"], "sponsor": ["e1050"], "funding": "bau",
        "start": "2026-12-10T09:30:00.000Z", "end": "2026-12-10T10:30:00.000Z",
        "downtime": false, "implementers": ["e1044"],
        "implementationPlan": "Run the automated deployment job, which replaces the copies one by one.",
        "backoutPlan": "The previous version is deployed again by the same job.",
        "testPlan": "This very version was tested in pre-production and signed off.",
        "riskAnalysis": "The deployment runs in stages; if one fails, nothing is changed.",
        "riskScope": "applications", "riskDatacentre": false, "riskSystems": "few", "riskServices": "few",
        "riskEffect": "none", "riskNew": false, "riskParties": "onePerson", "riskCoordinator": true,
        "riskDependents": "none", "riskFrequency": "regular", "riskVip": false, "riskUsers": "ten", "riskClass": "none"
    })
}

/// The content with some fields otherwise; `null` leaves one out.
pub fn but(changes: Value) -> Value {
    let mut content = content();
    for (field, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(content.as_object_mut().unwrap().remove(field)),
            value => content[field] = value.clone(),
        }
    }
    content
}

pub fn submit(model: &str, fields: Value) -> Value {
    json!({ "type": "submit", "model": model, "language": "en", "fields": fields })
}

pub fn step(transition: &str) -> Value {
    json!({ "type": "move", "transition": transition })
}

pub fn because(transition: &str, reason: &str) -> Value {
    json!({ "type": "move", "transition": transition, "reason": reason })
}

pub fn approve(rule: &str) -> Value {
    json!({ "type": "approve", "rule": rule, "contentHash": null, "level": null })
}

pub fn complete(outcome: &str, from: &str, to: &str) -> Value {
    json!({ "type": "complete", "outcome": outcome, "startedAt": from, "endedAt": to, "downtimeMin": 0 })
}

/// A change that waits for its window, authorized by the owner and the change manager.
pub fn scheduled() -> Story {
    let mut story = given(DEFRA);
    story
        .then("e1041", submit("normal", content()))
        .then("e1012", step("pass"));
    story
        .then("e1030", approve("service-owner"))
        .then("e1010", approve("change-manager"));
    assert_eq!(story.change().state.as_str(), "scheduled");
    story
}

/// An emergency that started at once in the department, reported as done; nobody has said anything to it.
pub fn done_at_once() -> Story {
    let mut story = department(|policy| {
        let emergency = &mut policy["models"][2];
        emergency["authorization"] = json!({ "type": "afterwards", "deadlineMin": 1440 });
        emergency["submitters"] = json!(["staff"]);
        let at_once = json!({ "id": "at-once", "name": { "en": "Start at once" }, "from": "submitted",
                              "to": "implementing", "by": ["implementer"] });
        push(&mut emergency["lifeCycle"]["transitions"], at_once);
    });
    let urgent = but(json!({
        "start": "2026-11-23T10:00:00.000Z", "end": "2026-11-23T12:00:00.000Z",
        "urgency": "The public cannot be warned of floods.", "attending": ["e1044"]
    }));
    let (from, to) = ("2026-11-23T10:00:00.000Z", "2026-11-23T10:50:00.000Z");
    story
        .then("e1041", submit("emergency", urgent))
        .then("e1044", step("at-once"))
        .at("2026-11-23T11:00:00.000Z")
        .then("e1044", complete("successful", from, to));
    story
}
