//! Takes reports: looks whether it did before, has the core decide over what is stored, and stores what it decided.
//!
//! No rule of the process is here. All of it runs on the writer's thread, inside one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use changegate::change::Change;
use changegate::id::PersonId;
use changegate::log::{Record, Stored};
use changegate::policy::Policy;
use changegate::refusal::Refusal;
use changegate::report::{Desk, Report, take};
use changegate::time::Instant;
use changegate::value::Digest;
use changegate::world::World;
use sha2::{Digest as _, Sha256};

use crate::clock::Clock;
use crate::journal::warn;
use crate::memory::Memory;
use crate::organisation::Organisation;
use crate::problem::Problem;
use crate::random;
use crate::store::{Attempt, Outcome, SaltedHash, Store, Verdict, Written};
use crate::summary;

/// The policies that records were made under, by their hashes.
pub type Policies = BTreeMap<Digest, Policy>;

/// Where the demo clock's lead is kept.
pub const CLOCK_OFFSET: &str = "clock-offset-ms";

/// Who takes reports.
#[derive(Debug)]
pub struct Registrar {
    store: Store,
    organisation: Arc<Organisation>,
    policies: Arc<Policies>,
    clock: Arc<Clock>,
    world: World,
    memory: Memory,
    has_erased: bool,
}

/// The answer to a report.
#[derive(Debug)]
pub enum Taken {
    /// It was accepted, and this is stored.
    Accepted {
        /// JSON, the same bytes each time.
        body: String,
    },
    /// It was refused, and that is stored.
    Refused {
        /// Problem details, the same bytes each time.
        body: String,
    },
}

impl Registrar {
    /// Somebody who takes reports for this organisation.
    ///
    /// # Errors
    /// That the database failed.
    pub fn new(
        store: Store,
        organisation: Arc<Organisation>,
        policies: Arc<Policies>,
        clock: Arc<Clock>,
    ) -> rusqlite::Result<Self> {
        let world = World {
            changes: Some(store.bookings()?),
            ..organisation.world(clock.now())
        };
        Ok(Self {
            store,
            organisation,
            policies,
            clock,
            world,
            memory: Memory::default(),
            has_erased: false,
        })
    }

    /// Does all of it durably, or nothing.
    ///
    /// # Errors
    /// That the database failed; then nothing was done.
    pub fn together(&mut self, work: impl FnOnce(&mut Self)) -> rusqlite::Result<()> {
        self.store.begin()?;
        work(self);
        let committed = self.store.commit();
        if committed.is_err() {
            // What cannot be looked up is not known, and the core counts that as its worst.
            self.world.changes = self.store.bookings().ok();
        } else if self.has_erased {
            self.scrub();
        }
        committed
    }

    /// Where a reader is in the way, it is done after the next commit, or at the next start.
    fn scrub(&mut self) {
        match self.store.scrub() {
            Ok(()) => self.has_erased = false,
            Err(error) => warn(format_args!(
                "erased texts are still in the write-ahead log of the database: {error}"
            )),
        }
    }

    /// Does all of it or nothing, within what is done together.
    ///
    /// # Errors
    /// What `work` says.
    pub fn attempt<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.store.begin_attempt()?;
        let done = work(self);
        self.store.end_attempt(if done.is_ok() {
            Attempt::Stands
        } else {
            Attempt::TakenBack
        })?;
        done
    }

    /// The database, for what is no report.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Takes a report of the person who is signed in.
    ///
    /// # Errors
    /// Whatever is no outcome: somebody moved first, the id is taken, the record does not verify.
    pub fn take(&mut self, report: &Report, person: &PersonId) -> Result<Taken, Problem> {
        let body = changegate::canonical::to_string(report);
        if let Some(outcome) = self.store.outcome(&report.id)? {
            return self.again(outcome, person, &body);
        }
        let change = &report.change_id;
        let record = self.memory.record(change, self.store.written(change)?)?;
        match self.decide(&record, report, person)? {
            Ok(stored) => self.accept(record, stored, person, &body),
            Err(refusals) if has_moved(&refusals) => {
                Err(Problem::conflict(self.store.log(change)?))
            }
            Err(refusals) => self.refuse(refusals, report, person, &body),
        }
    }

    /// The same report once more has the same answer, and no new effect.
    fn again(&mut self, outcome: Outcome, person: &PersonId, body: &str) -> Result<Taken, Problem> {
        if outcome.person != *person {
            return Err(Problem::not_your_report());
        }
        if outcome
            .body
            .is_some_and(|known| salted(known.salt, body).hash != known.hash)
        {
            return Err(Problem::reused());
        }
        match outcome.verdict {
            Verdict::Refused { body } => Ok(Taken::Refused { body }),
            Verdict::Accepted { change, seq } => {
                let written = self.store.written(&change)?;
                let answer = written.iter().find(|entry| entry.seq == seq).map(accepted);
                self.memory.record(&change, written)?;
                answer.ok_or_else(|| {
                    Problem::broken_log(format!(
                        "entry {seq} is gone; restore the database from a backup"
                    ))
                })
            }
        }
    }

    fn decide(
        &mut self,
        record: &Record,
        report: &Report,
        person: &PersonId,
    ) -> Result<Result<Stored, Vec<Refusal>>, Problem> {
        let now = self.clock.now();
        self.look_around(now);
        let number = record
            .change
            .is_none()
            .then(|| self.next_number(now))
            .transpose()?
            .map(|(_, number)| number);
        let policy = self.policy_of(record.change.as_ref())?;
        let desk = Desk {
            policy,
            record,
            person,
            now,
            world: &self.world,
            number: number.as_deref(),
        };
        let mut dry = None;
        let taken = take(&desk, report, &mut || {
            random::bytes().unwrap_or_else(|problem| {
                dry = Some(problem);
                [0; 16]
            })
        });
        dry.map_or_else(|| Ok(taken.map_err(|refusals| refusals.into_vec())), Err)
    }

    fn policy_of(&self, change: Option<&Change>) -> Result<&Policy, Problem> {
        change.map_or(Ok(&self.organisation.policy), |change| {
            policy_in(&self.policies, change)
        })
    }

    /// Brings the world up to date; the calendar is expanded once a day.
    fn look_around(&mut self, now: Instant) {
        const DAY_MS: i64 = 86_400_000;
        if now.millis().div_euclid(DAY_MS) != self.world.as_of.millis().div_euclid(DAY_MS) {
            let changes = self.world.changes.take();
            self.world = World {
                changes,
                ..self.organisation.world(now)
            };
        }
        self.world.as_of = now;
    }

    /// The count of this year's changes with the next one, and its spoken number.
    fn next_number(&self, now: Instant) -> rusqlite::Result<(i64, String)> {
        let year = year(now);
        let next = self.store.counter(&counter(&year))?.saturating_add(1);
        Ok((next, format!("CHG-{year}-{next:04}")))
    }

    fn accept(
        &mut self,
        record: Record,
        stored: Stored,
        person: &PersonId,
        body: &str,
    ) -> Result<Taken, Problem> {
        let (at, change, report_id) = (
            stored.entry.at,
            stored.entry.change_id.clone(),
            stored.entry.report_id.clone(),
        );
        if record.change.is_none() {
            let (next, _) = self.next_number(at)?;
            self.store.set_counter(&counter(&year(at)), next)?;
        }
        let erased = stored.entry.erases().to_vec();
        let record = record.with(&stored);
        self.show(&record)?;
        let written = self.store.append(stored)?;
        let verdict = Verdict::Accepted {
            change: change.clone(),
            seq: written.seq,
        };
        let outcome = Outcome {
            person: person.clone(),
            body: Some(salted(random::bytes()?, body)),
            verdict,
        };
        self.store.settle(&report_id, &change, &outcome)?;
        if !erased.is_empty() {
            self.store.erase(&change, &erased)?;
            self.has_erased = true;
        }
        self.memory
            .keep(change.clone(), &self.store.written(&change)?, record);
        Ok(accepted(&written))
    }

    fn refuse(
        &self,
        refusals: Vec<Refusal>,
        report: &Report,
        person: &PersonId,
        body: &str,
    ) -> Result<Taken, Problem> {
        let answer = Problem::refused(refusals).body();
        let verdict = Verdict::Refused {
            body: answer.clone(),
        };
        let outcome = Outcome {
            person: person.clone(),
            body: Some(salted(random::bytes()?, body)),
            verdict,
        };
        self.store.settle(&report.id, &report.change_id, &outcome)?;
        Ok(Taken::Refused { body: answer })
    }

    /// Puts what others see of the change where they look.
    fn show(&mut self, record: &Record) -> Result<(), Problem> {
        let change = record.readable().ok_or_else(Problem::internal)?;
        let policy = policy_in(&self.policies, &change)?;
        let booking = summary::booking(policy, &change);
        self.store.show(
            &change.policy_hash,
            &summary::summary(policy, &change),
            booking.as_ref(),
        )?;
        let changes = self.world.changes.get_or_insert_default();
        changes.retain(|other| other.id != change.id);
        changes.extend(booking);
        Ok(())
    }
}

/// Folds a log whose chain holds.
///
/// # Errors
/// Which entry does not hold.
pub fn replay(log: &[Stored]) -> Result<Record, Problem> {
    Record::replay(log).map_err(|broken| {
        Problem::broken_log(format!(
            "{broken}, so the record is not used; restore the database from a backup"
        ))
    })
}

/// The policy that a change keeps.
///
/// # Errors
/// That it is not here.
pub fn policy_in<'a>(policies: &'a Policies, change: &Change) -> Result<&'a Policy, Problem> {
    let hash = &change.policy_hash;
    policies.get(hash).ok_or_else(|| {
        Problem::policy_missing(format!(
            "policy {hash} is not in the database; restore it from a backup"
        ))
    })
}

fn salted(salt: [u8; 16], body: &str) -> SaltedHash {
    SaltedHash {
        salt,
        hash: Sha256::new()
            .chain_update(salt)
            .chain_update(body)
            .finalize()
            .into(),
    }
}

fn accepted(written: &Written) -> Taken {
    Taken::Accepted {
        body: format!("{{\"stored\":[{}]}}", written.json()),
    }
}

fn has_moved(refusals: &[Refusal]) -> bool {
    refusals
        .iter()
        .any(|refusal| matches!(refusal, Refusal::Sequence { .. }))
}

fn year(now: Instant) -> String {
    now.to_string().chars().take(4).collect()
}

fn counter(year: &str) -> String {
    format!("numbers-{year}")
}
