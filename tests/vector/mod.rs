//! Tells a vector: one or several records of one host, step by step, each of which comes to events or refusals.
#![allow(dead_code, reason = "each suite uses what it needs")]

pub mod fill;

use std::collections::BTreeMap;

use changegate::change::Change;
use changegate::command::{Command, Relationship};
use changegate::id::{ChangeId, PersonId, ServiceId};
use changegate::log::{Record, Stored, verify};
use changegate::non_empty::NonEmpty;
use changegate::other::Other;
use changegate::policy::{Meaning, Phase, Policy};
use changegate::refusal::Refusal;
use changegate::report::{Desk, Report, take, take_by_host};
use changegate::time::Instant;
use changegate::value::Digest;
use changegate::world::{Booking, BookingShown, Document, KeptPolicy, RelatedChange, Run, World};
use serde_json::{Value, json};

use crate::story::{DEFRA, WORLD, instant};

/// The vectors: the same lives, with the same bytes, wherever they are told.
pub const VECTORS: [(&str, &str); 8] = [
    ("life", include_str!("../vectors/life.json")),
    ("standard", include_str!("../vectors/standard.json")),
    ("process", include_str!("../vectors/process.json")),
    ("reminded", include_str!("../vectors/reminded.json")),
    ("left", include_str!("../vectors/left.json")),
    ("template", include_str!("../vectors/template.json")),
    ("publication", include_str!("../vectors/publication.json")),
    ("meeting", include_str!("../vectors/meeting.json")),
];

/// The record of a step that names none.
const MAIN: &str = "main";

/// What a host holds while a vector is told. Salts and report ids count up, so that every run makes the same bytes.
struct Told {
    world: World,
    now: Instant,
    policies: BTreeMap<Digest, Policy>,
    documents: BTreeMap<String, Digest>,
    in_force: Digest,
    names: Vec<String>,
    logs: BTreeMap<String, Vec<Stored>>,
    reports: u64,
    salts: u64,
}

/// The vector with what its steps come to, and with the state and the head of each record.
pub fn tell(vector: &Value) -> Value {
    let mut told = Told::of(vector);
    let mut vector = vector.clone();
    for step in vector["steps"].as_array_mut().unwrap() {
        let (key, came) = told.step(step);
        let members = step.as_object_mut().unwrap();
        members.remove("events");
        members.remove("refusals");
        members.insert(key.to_owned(), came);
    }
    vector["ends"] = told.ends();
    vector
}

/// Tells a vector, and before each step that a person takes tries it with this: the command as it is sent is given, and what it or
/// another comes to in its place is answered, none where it is no command or is refused.
pub fn tell_trying(vector: &Value, mut each: impl FnMut(&Value, &dyn Fn(Value) -> Option<Stored>)) {
    let mut told = Told::of(vector);
    for step in vector["steps"].as_array().unwrap() {
        if let Some(at) = step["at"].as_str() {
            told.now = instant(at);
        }
        let (name, by) = (of_record(step), step["by"].as_str());
        let mut command = step["command"].clone();
        fill::fill(&mut command, &mut |wanted| told.look(name, wanted));
        let attempt = |command: Value| {
            let command = serde_json::from_value(command).ok()?;
            told.decided(name, by, command).0.ok()
        };
        if by.is_some() {
            each(&command, &attempt);
        }
        told.step(step);
    }
}

/// The kinds of the commands that a vector takes, with those of steps of records beside changes: `meeting.call`.
pub fn accepted(vector: &Value) -> Vec<String> {
    let steps = vector["steps"].as_array().unwrap().iter();
    let steps = steps.filter(|step| step["events"].is_array());
    steps
        .map(|step| {
            let (kind, within) = (&step["command"]["type"], &step["command"]["step"]["type"]);
            let kind = kind.as_str().unwrap().to_owned();
            within
                .as_str()
                .map_or(kind.clone(), |within| format!("{kind}.{within}"))
        })
        .collect()
}

impl Told {
    fn of(vector: &Value) -> Self {
        let read = |parts: &Value| {
            let document = fill::patched(DEFRA, parts).to_string();
            let policy = Policy::from_json(&document).unwrap();
            (policy.hash(), policy)
        };
        let (in_force, policy) = read(&vector["policy"]);
        let mut policies = BTreeMap::from([(in_force, policy)]);
        let mut documents = BTreeMap::from([("given".to_owned(), in_force)]);
        for (name, parts) in vector["documents"].as_object().into_iter().flatten() {
            let (hash, policy) = read(parts);
            policies.insert(hash, policy);
            documents.insert(name.clone(), hash);
        }
        let mut world: World = serde_json::from_str(WORLD).unwrap();
        world.documents = policies.values().map(Document::of).collect();
        let left = vector["left"].as_array().into_iter().flatten();
        for id in left.map(|id| id.as_str().unwrap()) {
            let mut people = world.people.iter_mut();
            people.find(|person| person.id.as_str() == id).unwrap().left = true;
        }
        let mut names = vec![MAIN.to_owned()];
        for step in vector["steps"].as_array().unwrap() {
            let name = of_record(step).to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Self {
            world,
            now: instant("2026-11-23T10:00:00.000Z"),
            policies,
            documents,
            in_force,
            names,
            logs: BTreeMap::new(),
            reports: 0,
            salts: 0,
        }
    }

    fn id(&self, record: &str) -> ChangeId {
        let number = self.names.iter().position(|name| name == record).unwrap() + 1;
        ChangeId(format!("018f0000-0000-7000-8000-{number:012x}"))
    }

    fn log(&self, record: &str) -> &[Stored] {
        self.logs.get(record).map_or(&[], Vec::as_slice)
    }

    fn record(&self, record: &str) -> Record {
        Record::replay(self.log(record)).unwrap()
    }

    fn step(&mut self, step: &Value) -> (&'static str, Value) {
        if let Some(at) = step["at"].as_str() {
            self.now = instant(at);
        }
        let name = of_record(step);
        let mut command = step["command"].clone();
        fill::fill(&mut command, &mut |wanted| self.look(name, wanted));
        let command: Command = match serde_json::from_value(command) {
            Ok(command) => command,
            Err(fault) => return ("refusals", json!(["unreadable", fault.to_string()])),
        };
        match self.take(name, step["by"].as_str(), command) {
            Ok(events) => ("events", events),
            Err(refusals) => ("refusals", refusals),
        }
    }

    fn take(&mut self, name: &str, by: Option<&str>, command: Command) -> Result<Value, Value> {
        self.reports += 1;
        let (taken, salts) = self.decided(name, by, command);
        self.salts = salts;
        let stored = taken.map_err(|refusals| each(&refusals, "code"))?;
        let events = each(&stored.entry.events, "type");
        let erased = stored.entry.erases().to_vec();
        let log = self.logs.entry(name.to_owned()).or_default();
        log.push(stored);
        for entry in log.iter_mut() {
            entry
                .values
                .retain(|commitment, _| !erased.contains(commitment));
        }
        self.follow(name);
        Ok(events)
    }

    /// What a command comes to as things stand, and how many salts are then used.
    fn decided(
        &self,
        name: &str,
        by: Option<&str>,
        command: Command,
    ) -> (Result<Stored, Vec<Refusal>>, u64) {
        let record = self.record(name);
        let mut world = self.surroundings(name);
        let keeps = record.change.as_ref().map(|change| change.policy_hash);
        let keeps = keeps.filter(|_| matches!(command, Command::AdoptPolicy { .. }));
        world.kept = keeps.map(|hash| KeptPolicy::of(&self.policies[&hash]));
        let policy = &self.policies[&self.decides(&record, &command)];
        let number = format!("CHG-2026-{:04}", 42 + self.logs.len());
        let report = Report {
            id: format!("018f0000-0000-7000-8000-{:012x}", 0x1000 + self.reports),
            change_id: self.id(name),
            expected_seq: record.seq,
            command,
            occurred_at: self.now,
            claim: None,
        };
        let person = PersonId::from(by.unwrap_or_default());
        let desk = Desk {
            policy,
            record: &record,
            person: &person,
            now: self.now,
            world: &world,
            number: (record.seq == 0).then_some(number.as_str()),
        };
        let mut salts = self.salts;
        let mut salt = || {
            salts += 1;
            u128::from(salts).to_be_bytes()
        };
        let taken = match by {
            Some(_) => take(&desk, &report, &mut salt),
            None => take_by_host(&desk, &report, &mut salt),
        };
        (taken.map_err(NonEmpty::into_vec), salts)
    }

    /// A change keeps its policy until it is moved; everything else follows the one in force.
    fn decides(&self, record: &Record, command: &Command) -> Digest {
        match (command, &record.change) {
            (Command::AdoptPolicy { policy, .. }, Some(_)) => *policy,
            (_, Some(change)) => change.policy_hash,
            (_, None) => self.in_force,
        }
    }

    fn follow(&mut self, name: &str) {
        if let Some(Other::Publication { publication }) = self.record(name).other
            && let Some(in_force) = publication.in_force
        {
            self.in_force = in_force.hash;
        }
    }

    /// The world with what the other records make of it, as a host works it out.
    fn surroundings(&self, name: &str) -> World {
        let mut world = self.world.clone();
        let others = self.names.iter().map(|other| (other, self.record(other)));
        for (other, record) in others.collect::<Vec<_>>() {
            let policy = &self.policies[&self.in_force];
            if let Some(change) = record.readable() {
                let policy = &self.policies[&change.policy_hash];
                world.runs.extend(Run::of(policy, &change));
                if other != name {
                    world
                        .changes
                        .get_or_insert_default()
                        .extend(booking(policy, &change));
                    world.related.push(related(policy, &change));
                }
            }
            if let Some(Other::Template { template }) = record.readable_other() {
                let standing =
                    changegate::catalogue::standing(policy, &template, &world.runs, self.now);
                let shown = template.shown(standing);
                world
                    .templates
                    .retain(|known| Some(&known.id) != shown.as_ref().map(|own| &own.id));
                world.templates.extend(shown);
            }
        }
        world
    }

    /// What a name in a command stands for.
    fn look(&self, record: &str, wanted: &str) -> Value {
        let (name, of) = wanted.split_once(':').unwrap_or((wanted, ""));
        let stands = self.record(record);
        match name {
            "$contentHash" => json!(stands.change.map(|change| change.content_hash)),
            "$level" => json!(stands.change.map(|change| change.level)),
            "$proposed" => {
                let template = stands.other.as_ref().and_then(Other::template);
                let proposed = template.and_then(|template| template.proposed.as_ref());
                json!(proposed.map(|proposed| proposed.content_hash))
            }
            "$record" => json!(self.id(of)),
            "$document" => json!(self.documents[of]),
            "$sealed" => {
                let change = json!(stands.change);
                change["fields"][of]["commitment"].clone()
            }
            "$template" => json!(self.world.template(&of.into()).unwrap().fields),
            _ => panic!("nothing is called {wanted}"),
        }
    }

    /// Where each record stands in the end. Each holds, and every decision in it is made again.
    fn ends(&self) -> Value {
        let end = |(name, log): (&String, &Vec<Stored>)| {
            let verdict = verify(log, &self.policies);
            assert!(
                verdict.ok && verdict.chain_only.is_empty(),
                "{name}: {verdict:?}"
            );
            let record = Record::replay(log).unwrap();
            let mut end = json!({ "entries": record.seq, "head": record.head });
            if let Some(change) = &record.change {
                end["state"] = json!(change.state);
            }
            (name.clone(), end)
        };
        Value::Object(self.logs.iter().map(end).collect())
    }
}

/// The record that a step is about.
pub fn of_record(step: &Value) -> &str {
    step["record"].as_str().unwrap_or(MAIN)
}

fn each<T: serde::Serialize>(list: &[T], key: &str) -> Value {
    list.iter().map(|item| json!(item)[key].clone()).collect()
}

fn text(policy: &Policy, change: &Change, meaning: Meaning) -> Option<String> {
    let field = policy.meaning(meaning)?;
    Some(change.fields.get(&field.id)?.as_text()?.to_owned())
}

fn ids(policy: &Policy, change: &Change, meaning: Meaning) -> Vec<String> {
    let value = policy
        .meaning(meaning)
        .and_then(|field| change.fields.get(&field.id));
    value
        .into_iter()
        .flat_map(|value| value.ids())
        .map(str::to_owned)
        .collect()
}

fn shown(policy: &Policy, change: &Change) -> Option<BookingShown> {
    Some(BookingShown {
        number: change.number.clone(),
        title: text(policy, change, Meaning::Title).unwrap_or_default(),
    })
}

fn booking(policy: &Policy, change: &Change) -> Option<Booking> {
    let at = |meaning| text(policy, change, meaning)?.parse().ok();
    let is_open = !matches!(change.phase, Phase::Closed | Phase::Canceled);
    is_open.then_some(())?;
    Some(Booking {
        id: change.id.clone(),
        shown: shown(policy, change),
        services: ids(policy, change, Meaning::Services)
            .into_iter()
            .map(ServiceId)
            .collect(),
        implementers: ids(policy, change, Meaning::Implementers)
            .into_iter()
            .map(PersonId)
            .collect(),
        requester: Some(change.requester.clone()),
        from: at(Meaning::WindowStart)?,
        to: at(Meaning::WindowEnd)?,
        phase: change.phase,
    })
}

fn related(policy: &Policy, change: &Change) -> RelatedChange {
    let blocking = change.relations.iter();
    let blocking = blocking.filter(|known| known.relation == Relationship::BlockedBy);
    RelatedChange {
        id: change.id.clone(),
        shown: shown(policy, change),
        phase: change.phase,
        blocked_by: blocking.map(|known| known.to.clone()).collect(),
    }
}
