//! Reports about a change of the workshop.

use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use changegate::time::Instant;
use serde_json::{Value, json};

use crate::program::{Host, START};
use crate::web::{Answer, Person};

/// A uuid of version 7 that no other call gives.
pub fn new_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(
        "01900000-{:04x}-7000-8000-{count:012x}",
        process::id() & 0xffff
    )
}

/// A report of a command.
pub fn report(change: &str, expected_seq: u64, command: Value) -> Value {
    json!({
        "id": new_id(),
        "changeId": change,
        "expectedSeq": expected_seq,
        "command": command,
        "occurredAt": START,
    })
}

/// A change that the workshop would do, starting two days after `now`.
pub fn draft(now: &str) -> Value {
    json!({
        "title": "Sharpen the saw",
        "why": "The cuts of the table saw have become ragged.",
        "start": later(now, 2 * 24 * 60),
        "end": later(now, 2 * 24 * 60 + 120),
        "machines": ["saw"],
        "doers": ["cyn"],
        "impact": "little",
    })
}

/// An instant so many minutes later.
pub fn later(instant: &str, minutes: i64) -> String {
    let instant: Instant = instant.parse().expect("an instant");
    let later = instant.millis() + minutes * 60_000;
    Instant::from_millis(later).expect("an instant").to_string()
}

/// A change on its way, and what it was submitted with.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its uuid.
    pub id: String,
    /// When its window opens.
    pub start: String,
    /// How many of its reports were accepted.
    pub seq: u64,
}

impl Change {
    /// A change that `person` submits.
    pub fn submitted(host: &Host, person: &Person) -> Self {
        let fields = draft(&host.now());
        let start = fields["start"].as_str().expect("a start").to_owned();
        let mut change = Self {
            id: new_id(),
            start,
            seq: 0,
        };
        change.accepted(
            person,
            json!({ "type": "submit", "model": "planned", "language": "en", "fields": fields }),
        );
        change
    }

    /// A report about it.
    pub fn report(&self, command: Value) -> Value {
        report(&self.id, self.seq, command)
    }

    /// Sends a command that is accepted.
    pub fn accepted(&mut self, person: &Person, command: Value) -> Value {
        let answer = self.sent(person, command);
        assert_eq!(answer.status, 200, "{} may not: {}", person.id, answer.text);
        self.seq += 1;
        answer.json["stored"][0].clone()
    }

    /// Sends a command.
    pub fn sent(&self, person: &Person, command: Value) -> Answer {
        person.report(&self.report(command))
    }

    /// A yes to it as it stands.
    pub fn approval(&self, person: &Person) -> Value {
        let change = &person.reading(&self.id)["change"];
        json!({ "type": "approve", "rule": "lead", "contentHash": change["contentHash"], "level": change["level"] })
    }

    /// Carries it from submitted to closed: `lead` says yes and closes, `doer` does the work in its window.
    pub fn carried_through(&mut self, host: &Host, lead: &Person, doer: &Person) {
        self.carried_out(host, lead, doer);
        self.accepted(lead, json!({ "type": "move", "transition": "close" }));
    }

    /// Carries it from submitted to the look back at the work.
    pub fn carried_out(&mut self, host: &Host, lead: &Person, doer: &Person) {
        self.accepted(lead, self.approval(lead));
        host.move_clock(&later(&self.start, 1));
        self.accepted(doer, json!({ "type": "move", "transition": "begin" }));
        host.move_clock(&later(&self.start, 60));
        self.accepted(doer, json!({
            "type": "complete", "outcome": "successful", "startedAt": later(&self.start, 2), "endedAt": later(&self.start, 50), "downtimeMin": 0,
        }));
    }
}

impl Host {
    /// What its clock shows.
    pub fn now(&self) -> String {
        let clock = self.web.get("/api/demo/clock");
        clock.json["now"].as_str().expect("its time").to_owned()
    }
}
