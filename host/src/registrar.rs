//! Takes reports: looks whether it did before, has the core decide over what is stored, and stores what it decided.
//!
//! No rule of the process is here. All of it runs on the writer's thread, inside one transaction.

use std::sync::Arc;

use changegate::catalogue::{TemplateContent, TemplateStep, lapse_of};
use changegate::command::Command;
use changegate::id::{ChangeId, PersonId};
use changegate::log::{Record, Stored, verify};
use changegate::non_empty::NonEmpty;
use changegate::notice::notice;
use changegate::other::Other;
use changegate::policy::Policy;
use changegate::publication::PolicyStep;
use changegate::refusal::Refusal;
use changegate::report::{Desk, Report, take, take_by_host};
use changegate::time::Instant;
use changegate::value::{Digest, Words};
use changegate::world::{Document, KeptPolicy, Run, Template, World};
use sha2::{Digest as _, Sha256};

use crate::clock::Clock;
use crate::files::Files;
use crate::journal::warn;
use crate::memory::Memory;
use crate::organisation::Organisation;
use crate::problem::Problem;
use crate::random;
use crate::rules::{Book, Rules};
use crate::store::{Attempt, Beside, Outcome, SaltedHash, Store, Verdict, Written};
use crate::summary;
use crate::surroundings::templates;

/// Where the demo clock's lead is kept.
pub const CLOCK_OFFSET: &str = "clock-offset-ms";

/// How many of the largest files of one person may be here that no evidence names yet.
const FILES_UNNAMED: u64 = 10;
/// How long a file may be here before evidence names it.
const FILES_WAIT_MS: i64 = 24 * 3_600_000;

/// Who takes reports.
#[derive(Debug)]
pub struct Registrar {
    store: Store,
    organisation: Arc<Organisation>,
    rules: Arc<Rules>,
    clock: Arc<Clock>,
    world: World,
    /// Records that are no changes.
    records: Vec<Other>,
    memory: Memory,
    files: Files,
    has_erased: bool,
    /// Whether files may have to be deleted.
    has_doomed: bool,
    /// Whether what is kept around decisions is ahead of the database.
    is_ahead: bool,
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
        rules: Arc<Rules>,
        clock: Arc<Clock>,
        files: Files,
    ) -> rusqlite::Result<Self> {
        let world = organisation.world(clock.now());
        let mut registrar = Self {
            store,
            organisation,
            rules,
            clock,
            world,
            records: Vec::new(),
            memory: Memory::default(),
            files,
            has_erased: false,
            has_doomed: true,
            is_ahead: false,
        };
        registrar.look_again()?;
        Ok(registrar)
    }

    /// Reads again what is kept around decisions.
    fn look_again(&mut self) -> rusqlite::Result<()> {
        self.world.changes = Some(self.store.bookings()?);
        self.world.related = self.store.related()?;
        self.world.runs = self.store.runs()?;
        Ok(())
    }

    /// Makes the records that are no changes again from their logs: what is decided by follows from what was decided, not
    /// from what lists show.
    fn replay_records(&mut self) -> Result<(), Problem> {
        let mut records = Vec::new();
        for id in self.store.of_no_change()? {
            let log = self.store.log(&id)?;
            let verdict = verify(&log, self.rules.read().documents());
            if !verdict.ok {
                return Err(Problem::broken_log(format!(
                    "record {id} does not verify, so nothing is decided; restore the database from a backup"
                )));
            }
            records.extend(replay(&log)?.readable_other());
        }
        for record in &records {
            self.store.show_record(record)?;
        }
        self.records = records;
        let in_force = self.in_force();
        self.rules
            .enforce(in_force.unwrap_or(self.organisation.policy_hash));
        Ok(())
    }

    /// What cannot be looked up is not known, and the core counts that as its worst.
    fn fall_back(&mut self) {
        if self.look_again().is_ok() && self.replay_records().is_ok() {
            self.is_ahead = false;
            return;
        }
        self.world.changes = None;
        self.world.related.clear();
        self.world.runs.clear();
        self.records.clear();
    }

    /// The policy that was put in force last.
    fn in_force(&self) -> Option<Digest> {
        let publications = self.records.iter().filter_map(Other::publication);
        let in_force = publications.filter_map(|known| known.in_force.as_ref());
        let latest = in_force.max_by_key(|known| known.since);
        latest.map(|known| known.hash)
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
            self.fall_back();
            return committed;
        }
        self.is_ahead = false;
        if self.has_erased {
            self.scrub();
        }
        if self.has_doomed {
            self.has_doomed = !self.delete_doomed();
        }
        committed
    }

    /// Deletes what nobody names any more. What cannot be deleted now is tried again after the next commit.
    fn delete_doomed(&self) -> bool {
        let Ok(doomed) = self.store.doomed_files() else {
            return false;
        };
        let mut all = true;
        for sha256 in doomed {
            let deleted = self.files.delete(&sha256);
            if let Err(error) = &deleted {
                warn(format_args!("a file could not be deleted: {error}"));
            }
            all &= deleted.is_ok() && self.store.spare(&sha256).is_ok();
        }
        all
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
        if done.is_err() && self.is_ahead {
            self.fall_back();
        }
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
        let taken = self.take_of(report, person, take)?;
        if matches!(taken, Taken::Accepted { .. }) {
            self.judge_template_of(&report.change_id)?;
        }
        Ok(taken)
    }

    /// Records what the figures now say of the template that a change used, in the same step as what it reported.
    fn judge_template_of(&mut self, change: &ChangeId) -> Result<(), Problem> {
        let mut runs = self.world.runs.iter();
        let used = runs.find(|run| run.change == *change);
        let Some(used) = used.and_then(|run| run.template.clone()) else {
            return Ok(());
        };
        let mut records = self.records.iter().filter_map(Other::template);
        let record = records.find(|record| record.template == used.id).cloned();
        if let Some(record) = record {
            let book = self.rules.read();
            let step = lapse_of(book.current()?, &record, &self.world.runs, self.clock.now());
            drop(book);
            if let Some(step) = step {
                self.act(&record.id, Command::Template { step })?;
            }
        }
        Ok(())
    }

    /// Does what the host itself wants: a deadline passed, somebody left.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn act(&mut self, change: &ChangeId, command: Command) -> Result<Taken, Problem> {
        let record = self.memory.record(change, self.store.written(change)?)?;
        let report = Report {
            id: random::uuid(self.clock.now())?,
            change_id: change.clone(),
            expected_seq: record.seq,
            command,
            occurred_at: self.clock.now(),
            claim: None,
        };
        self.take_of(&report, &PersonId(String::new()), take_by_host)
    }

    fn take_of(
        &mut self,
        report: &Report,
        person: &PersonId,
        take: Take,
    ) -> Result<Taken, Problem> {
        let body = changegate::canonical::to_string(report);
        if let Some(outcome) = self.store.outcome(&report.id)? {
            return self.again(outcome, person, &body);
        }
        let change = &report.change_id;
        let record = self.memory.record(change, self.store.written(change)?)?;
        match self.decide(&record, report, person, take)? {
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
        take: Take,
    ) -> Result<Result<Stored, Vec<Refusal>>, Problem> {
        let now = self.clock.now();
        let is_submission = matches!(report.command, Command::Submit { .. });
        let number = (is_submission && record.change.is_none())
            .then(|| self.next_number(now))
            .transpose()?
            .map(|(_, number)| number);
        let rules = Arc::clone(&self.rules);
        let book = rules.read();
        self.look_around(now, &book, record, &report.command)?;
        let moves_on = matches!(report.command, Command::AdoptPolicy { .. });
        let policy = match &record.change {
            Some(change) if !moves_on => book.of(change)?,
            Some(_) | None => book.current()?,
        };
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

    /// Brings the world up to date; the calendar is expanded once a day.
    fn look_around(
        &mut self,
        now: Instant,
        book: &Book,
        record: &Record,
        command: &Command,
    ) -> Result<(), Problem> {
        const DAY_MS: i64 = 86_400_000;
        let known = &mut self.world;
        if now.millis().div_euclid(DAY_MS) != known.as_of.millis().div_euclid(DAY_MS) {
            *known = World {
                changes: known.changes.take(),
                related: std::mem::take(&mut known.related),
                runs: std::mem::take(&mut known.runs),
                ..self.organisation.world(now)
            };
        }
        self.world.as_of = now;
        if reads_catalogue(record, command) {
            self.world.templates = templates(
                book.current()?,
                &self.records,
                self.organisation.templates(),
                &self.world.runs,
                now,
            );
        }
        self.world.files = self.arrived(command);
        self.world.documents = documents(book, command);
        self.world.kept = kept(book, record, command)?;
        Ok(())
    }

    /// The file that a command names, where it has arrived.
    fn arrived(&self, command: &Command) -> Vec<Digest> {
        let Command::Attach {
            file: Some(file), ..
        } = command
        else {
            return Vec::new();
        };
        let arrived = self.files.holds(&file.sha256, file.bytes);
        arrived.then_some(file.sha256).into_iter().collect()
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
        if matches!(stored.entry.command, Command::Submit { .. }) {
            let (next, _) = self.next_number(at)?;
            self.store.set_counter(&counter(&year(at)), next)?;
        }
        let erased = stored.entry.erases().to_vec();
        let record = record.with(&stored);
        match record.readable_other() {
            Some(other) => self.show_other(other)?,
            None => self.show(&record)?,
        }
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
            self.has_doomed = true;
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
        let rules = Arc::clone(&self.rules);
        let book = rules.read();
        let policy = book.of(&change)?;
        self.is_ahead = true;
        let booking = summary::booking(policy, &change);
        self.store.show(
            &change.policy_hash,
            &summary::summary(policy, &change),
            booking.as_ref(),
        )?;
        let changes = self.world.changes.get_or_insert_default();
        changes.retain(|other| other.id != change.id);
        changes.extend(booking);
        let beside = Beside {
            is_open: !change.is_over(),
            targets: change
                .relations
                .iter()
                .map(|known| known.to.clone())
                .collect(),
            related: summary::related(policy, &change),
            run: Run::of(policy, &change),
            notice: notice(policy, &change),
        };
        self.store.show_beside(&change.id, &beside)?;
        self.store
            .name_files(&change.id, &summary::files(&change))?;
        let Beside { related, run, .. } = beside;
        self.world.related.retain(|other| other.id != change.id);
        self.world.related.push(related);
        self.world.runs.retain(|other| other.change != change.id);
        self.world.runs.extend(run);
        Ok(())
    }

    /// The same of a record that is no change; a policy that came in force is from then on.
    fn show_other(&mut self, other: Other) -> Result<(), Problem> {
        self.is_ahead = true;
        self.store.show_record(&other)?;
        if let Some(in_force) = other
            .publication()
            .and_then(|known| known.in_force.as_ref())
        {
            self.rules.enforce(in_force.hash);
        }
        self.records.retain(|known| known.id() != other.id());
        self.records.push(other);
        Ok(())
    }

    /// Notes that a file has arrived. A person may have so many of the largest that nobody names yet.
    ///
    /// # Errors
    /// That it is one too many, or that the database failed.
    pub fn note_arrival(
        &self,
        sha256: &Digest,
        bytes: u64,
        person: &PersonId,
        most: usize,
    ) -> Result<(), Problem> {
        let now = Clock::outside();
        self.store.note_arrival(sha256, bytes, person, now)?;
        let budget = FILES_UNNAMED.saturating_mul(most as u64);
        if self.store.unnamed_bytes(person)? > budget {
            return Err(Problem::too_many_files(budget));
        }
        Ok(())
    }

    /// Gives up files that nobody named within a day.
    ///
    /// # Errors
    /// That the database failed.
    pub fn give_up_files(&mut self) -> Result<(), Problem> {
        let now = Clock::outside().millis();
        if let Some(before) = Instant::from_millis(now.saturating_sub(FILES_WAIT_MS)) {
            self.has_doomed |= self.store.give_up_arrivals(before)? > 0;
        }
        Ok(())
    }

    /// Keeps a policy document, so that it can be proposed.
    ///
    /// # Errors
    /// That the database failed.
    pub fn keep_policy(&self, policy: Policy) -> Result<(), Problem> {
        self.store.keep_policy(&policy)?;
        self.rules.keep(policy.hash(), policy);
        Ok(())
    }

    /// Begins the records that a host begins by itself: of the policy that it was started with, and of the templates in its
    /// file; and shows beside changes what a host before this one did not.
    ///
    /// # Errors
    /// That the database failed.
    pub fn take_up(&mut self) -> Result<(), Problem> {
        self.replay_records()?;
        for change in self.store.without_beside()? {
            let record = self.memory.record(&change, self.store.written(&change)?)?;
            self.show(&record)?;
        }
        let policy = &self.organisation.policy;
        let (id, hash) = (random::uuid_of("policy", &policy.id), policy.hash());
        if self.in_force() != Some(hash) {
            let step = PolicyStep::Initial { hash };
            if let Taken::Refused { body } = self.act(&id, Command::Policy { step })? {
                warn(format_args!(
                    "the policy of the folder is not in force, the one that people agreed to is: {body}"
                ));
            }
        }
        for template in self.organisation.templates().to_vec() {
            let is_recorded = |known: &Other| {
                known
                    .template()
                    .is_some_and(|record| record.template == template.id)
            };
            if !self.records.iter().any(is_recorded) {
                self.import(&template)?;
            }
        }
        Ok(())
    }

    /// Templates that people agree to are not taken from a file; those stay as the file has them.
    fn import(&mut self, template: &Template) -> Result<(), Problem> {
        let step = TemplateStep::Import {
            template: template.id.clone(),
            version: template.version,
            content: TemplateContent {
                name: named(template),
                model: template.model.clone(),
                fields: template.fields.clone(),
                open: template.open.clone(),
                covers: template.covers.clone(),
            },
            level: template.level.clone(),
            active: template.active,
            successes: template.successes,
            failures: template.failures,
        };
        let id = random::uuid_of("template", template.id.as_str());
        if let Taken::Refused { body } = self.act(&id, Command::Template { step })? {
            warn(format_args!(
                "template {} is not taken over: {body}",
                template.id
            ));
        }
        Ok(())
    }
}

/// Whether a decision reads the catalogue: it is about a template, or a change is or would be carried by one.
fn reads_catalogue(record: &Record, command: &Command) -> bool {
    let carried = record
        .change
        .as_ref()
        .is_some_and(|change| change.template.is_some());
    let about = matches!(
        command,
        Command::Template { .. }
            | Command::Submit {
                template: Some(_),
                ..
            }
    );
    carried || about
}

/// The names of a template of the file, as the core takes them.
fn named(template: &Template) -> changegate::map::Map<String, Words> {
    let names = template.name.0.iter();
    names
        .map(|(language, name)| (language.clone(), Words::Plain(name.clone())))
        .collect()
}

/// How something is taken.
type Take =
    fn(&Desk<'_>, &Report, &mut dyn FnMut() -> [u8; 16]) -> Result<Stored, NonEmpty<Refusal>>;

/// The policy document that a command names, as far as the host keeps it.
fn documents(book: &Book, command: &Command) -> Vec<Document> {
    let Command::Policy { step } = command else {
        return Vec::new();
    };
    let known = book.documents().get(&step.hash());
    known.map(Document::of).into_iter().collect()
}

/// The policy that a change keeps, where it is to be moved to another.
fn kept(book: &Book, record: &Record, command: &Command) -> Result<Option<KeptPolicy>, Problem> {
    let moves_on = matches!(command, Command::AdoptPolicy { .. });
    let change = record.change.as_ref().filter(|_| moves_on);
    change
        .map(|change| book.of(change).map(KeptPolicy::of))
        .transpose()
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
