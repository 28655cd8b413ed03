//! Takes reports: looks whether it did before, has the core decide over what is stored, and stores what it decided.
//!
//! No rule of the process is here. All of it runs on the writer's thread, inside one transaction.

use std::sync::Arc;
use std::time::Duration;

use changegate::catalogue::{TemplateContent, TemplateStep, lapse_of};
use changegate::command::Command;
use changegate::id::{ChangeId, PersonId};
use changegate::log::{Broken, Record, Stored, verified, verify};
use changegate::non_empty::NonEmpty;
use changegate::other::Other;
use changegate::policy::Policy;
use changegate::publication::PolicyStep;
use changegate::refusal::Refusal;
use changegate::report::{Desk, Report, take, take_by_host};
use changegate::time::Instant;
use changegate::value::{Digest, Words};
use changegate::world::{Document, KeptPolicy, Run, Template, World};
use sha2::{Digest as _, Sha256};

use crate::across::Across;
use crate::clock::{Clock, Stopwatch};
use crate::files::Files;
use crate::journal::warn;
use crate::memory::Memory;
use crate::organisation::Organisation;
use crate::problem::{Problem, is_damage};
use crate::random;
use crate::rules::{Book, Rules};
use crate::store::{
    Attempt, Kind, Outcome, Place, SaltedHash, Store, Verdict, Written, has_disk_failed,
};
use crate::summary::{self, Shown};
use crate::surroundings::{Records, templates};

/// Where the demo clock's lead is kept.
pub const CLOCK_OFFSET: &str = "clock-offset-ms";

/// Where it is written that something could be written.
const PROBE: &str = "probed-at-ms";

/// How many of the largest files of one person may be here that no evidence names yet.
const FILES_UNNAMED: u64 = 10;
/// How long a file may be here before evidence names it.
const FILES_WAIT_MS: i64 = 24 * 3_600_000;

/// How long to wait before a reader in the way is looked for again.
pub const SCRUB_EVERY: Duration = Duration::from_secs(1);
/// After how many reports what is in the log of the database is taken over.
const CHECKPOINT_EVERY: u32 = 256;

/// Why nothing is stored any more, until the host is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The disk did not keep what it was given.
    Disk,
    /// The files of the database are no longer those that are open.
    Moved,
}

impl Failure {
    const fn words(self) -> &'static str {
        match self {
            Self::Disk => {
                "the disk failed, and nothing is stored any more; look after the disk, then start the host again"
            }
            Self::Moved => {
                "the files of the database were deleted or replaced while the host runs, and nothing is stored any more; put them back, or restore a backup, then start the host again"
            }
        }
    }
}

/// Why what was done together is not stored.
#[derive(Clone, Copy, Debug)]
pub enum NotStored {
    /// It was not this time.
    Now,
    /// Nothing is any more.
    For(Failure),
}

impl NotStored {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Now => "the commit failed, and nothing was stored; send it again later",
            Self::For(failure) => failure.words(),
        }
    }
}

impl From<NotStored> for Problem {
    fn from(not_stored: NotStored) -> Self {
        Self::unavailable(not_stored.words())
    }
}

/// Who takes reports.
#[derive(Debug)]
pub struct Registrar {
    store: Store,
    organisation: Arc<Organisation>,
    rules: Arc<Rules>,
    clock: Arc<Clock>,
    world: World,
    /// Records that are no changes.
    records: Records,
    memory: Memory,
    files: Files,
    has_erased: bool,
    /// When it was last tried in vain to leave nothing of erased texts.
    tried_to_scrub: Option<Stopwatch>,
    /// How much was done since what is in the log of the database was taken over.
    since_checkpoint: u32,
    place: Place,
    /// Why nothing is stored any more, until the host is started again.
    failure: Option<Failure>,
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
        place: Place,
    ) -> Result<Self, Problem> {
        let world = organisation.world(clock.now());
        let mut registrar = Self {
            store,
            organisation,
            rules,
            clock,
            world,
            records: Records::default(),
            memory: Memory::default(),
            files,
            has_erased: false,
            tried_to_scrub: None,
            since_checkpoint: 0,
            place,
            failure: None,
            has_doomed: true,
            is_ahead: false,
        };
        registrar.look_again()?;
        Ok(registrar)
    }

    /// Reads again what is kept around decisions.
    fn look_again(&mut self) -> Result<(), Problem> {
        let across = Across::read(&self.store, &self.rules.read())?;
        self.world.changes = Some(across.bookings()?);
        self.world.related = across.related()?;
        self.world.runs = across.runs()?;
        Ok(())
    }

    /// Makes the records that are no changes again from their logs: what is decided by follows from what was decided, not
    /// from what lists show. One that does not hold costs that record; but where it may be the publication of a policy, it is
    /// not known which is in force.
    fn replay_records(&mut self) -> Result<(), Problem> {
        let mut records = Records::default();
        for (id, kind) in self.store.of_no_change()? {
            match self.replay_record(&id) {
                Ok(other) => records.whole.push(other),
                Err(problem) => {
                    warn(format_args!("record {id} is not used: {}", problem.body()));
                    records.damaged.push((id, kind));
                }
            }
        }
        if records.may_lack(Kind::Publication) {
            return Err(Problem::broken_log(
                "the publication of a policy is damaged, so it is not known which policy is in force and nothing is decided; restore the database from a backup",
            ));
        }
        self.records = records;
        let in_force = self.in_force();
        self.rules
            .enforce(in_force.unwrap_or(self.organisation.policy_hash));
        Ok(())
    }

    fn replay_record(&self, id: &ChangeId) -> Result<Other, Problem> {
        let log = self.store.log(id)?;
        if !verify(&log, self.rules.read().documents()).ok {
            return Err(Problem::broken_log(
                "it does not verify; restore the database from a backup",
            ));
        }
        let other = replay(&log)?.readable_other();
        other.ok_or_else(|| Problem::broken_log("it is a record of nothing"))
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
        self.records = Records::unknown();
    }

    /// The policy that was put in force last.
    fn in_force(&self) -> Option<Digest> {
        let publications = self.records.whole.iter().filter_map(Other::publication);
        let in_force = publications.filter_map(|known| known.in_force.as_ref());
        let latest = in_force.max_by_key(|known| known.since);
        latest.map(|known| known.hash)
    }

    /// Does all of it durably, or nothing.
    ///
    /// # Errors
    /// That the database failed; then nothing was done.
    pub fn together(&mut self, work: impl FnOnce(&mut Self)) -> Result<(), NotStored> {
        if let Some(failure) = self.failure {
            return Err(NotStored::For(failure));
        }
        if let Err(error) = self.store.begin() {
            return Err(self.not_stored(&error));
        }
        work(self);
        if let Err(error) = self.store.commit() {
            let not_stored = self.not_stored(&error);
            self.fall_back();
            return Err(not_stored);
        }
        self.is_ahead = false;
        if !self.place.is_as_opened() {
            return Err(NotStored::For(self.fail(Failure::Moved)));
        }
        self.tidy_up();
        Ok(())
    }

    /// Why nothing is stored any more, if so.
    pub const fn failure(&self) -> Option<Failure> {
        self.failure
    }

    /// Whether something is to be done once readers, or the disk, let it.
    pub const fn is_behind(&self) -> bool {
        self.has_erased || self.has_doomed
    }

    /// What follows a commit and holds up nobody.
    fn tidy_up(&mut self) {
        if self.has_erased {
            self.scrub();
        }
        if self.since_checkpoint >= CHECKPOINT_EVERY {
            self.since_checkpoint = 0;
            if let Err(error) = self.store.checkpoint() {
                warn(format_args!(
                    "what is in the log of the database could not be taken over: {error}"
                ));
                self.note(&error);
            }
        }
        if self.has_doomed {
            self.has_doomed = !self.delete_doomed();
        }
    }

    fn not_stored(&mut self, error: &rusqlite::Error) -> NotStored {
        warn(format_args!(
            "the commit failed, nothing of it was stored: {error}"
        ));
        self.note(error);
        self.failure.map_or(NotStored::Now, NotStored::For)
    }

    fn note(&mut self, error: &rusqlite::Error) {
        if has_disk_failed(error) {
            self.fail(Failure::Disk);
        }
    }

    fn fail(&mut self, failure: Failure) -> Failure {
        warn(failure.words());
        self.failure = Some(failure);
        failure
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

    /// Where a reader is in the way, it is tried again a second later, and at the next start.
    fn scrub(&mut self) {
        let is_early = |tried: Stopwatch| tried.elapsed() < SCRUB_EVERY;
        if self.tried_to_scrub.is_some_and(is_early) {
            return;
        }
        match self.store.scrub() {
            Ok(true) => (self.has_erased, self.tried_to_scrub) = (false, None),
            Ok(false) => self.tried_to_scrub = Some(Stopwatch::start()),
            Err(error) => {
                self.tried_to_scrub = Some(Stopwatch::start());
                warn(format_args!(
                    "erased texts are still in the write-ahead log of the database: {error}"
                ));
                self.note(&error);
            }
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
        self.since_checkpoint += 1;
        self.store.begin_attempt()?;
        let done = work(self);
        if done.is_ok() {
            self.store.end_attempt(Attempt::Stands)?;
            return done;
        }
        // A damaged page may have ended the whole transaction; why is what `work` says.
        if let Err(error) = self.store.end_attempt(Attempt::TakenBack) {
            warn(format_args!(
                "all that was done together is taken back: {error}"
            ));
        }
        if self.is_ahead {
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
        let mut records = self.records.whole.iter().filter_map(Other::template);
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
        let written = self.store.written(change)?;
        let record = self.memory.record(&self.rules.read(), change, written)?;
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
        let written = self.store.written(change)?;
        // A report that is in the log has an outcome, or what was kept of it is damaged.
        if written.iter().any(|entry| entry.entry.contains(&report.id)) {
            return Err(Problem::broken_log(
                "the answer to this report is gone; restore the database from a backup",
            ));
        }
        let record = self.memory.record(&self.rules.read(), change, written)?;
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
                self.memory.record(&self.rules.read(), &change, written)?;
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
                &self.records.whole,
                self.records.files_beside(self.organisation.templates()),
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
        let last = match self.store.counter(&counter(&year)) {
            Ok(Some(last)) => last,
            // The numbers that were given are in the changes.
            Ok(None) => self.last_number(&year)?,
            Err(error) if is_damage(&error) => self.last_number(&year)?,
            Err(error) => return Err(error),
        };
        let next = last.saturating_add(1);
        Ok((next, spoken(&year, next)))
    }

    fn last_number(&self, year: &str) -> rusqlite::Result<i64> {
        let numbers = self.store.numbers()?;
        let prefix = spoken(year, 0).replace("0000", "");
        let counts = numbers
            .iter()
            .filter_map(|number| number.strip_prefix(&prefix)?.parse().ok());
        Ok(counts.max().unwrap_or(0))
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
        let written = self.store.append(stored)?;
        match record.readable_other() {
            Some(other) => self.show_other(other)?,
            None => self.show(&record)?,
        }
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
        self.store.show(&Shown::of(policy, &change))?;
        self.store
            .name_files(&change.id, &summary::files(&change))?;
        let changes = self.world.changes.get_or_insert_default();
        changes.retain(|other| other.id != change.id);
        changes.extend(summary::booking(policy, &change));
        self.world.related.retain(|other| other.id != change.id);
        self.world.related.push(summary::related(policy, &change));
        self.world.runs.retain(|other| other.change != change.id);
        self.world.runs.extend(Run::of(policy, &change));
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
        self.records.whole.retain(|known| known.id() != other.id());
        self.records.whole.push(other);
        Ok(())
    }

    /// Writes something that means nothing, to see whether anything can be written.
    ///
    /// # Errors
    /// That the database failed.
    pub fn probe(&mut self) -> Result<(), Problem> {
        let now = Clock::outside().millis();
        Ok(self.store.set_counter(PROBE, now)?)
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
        self.show_again();
        self.replay_records()?;
        for other in &self.records.whole {
            let shown = self.store.record(other.id());
            if shown.is_ok_and(|shown| shown.as_ref() == Some(other)) {
                continue;
            }
            if let Err(error) = self.store.show_record(other) {
                warn(format_args!("record {} is not shown: {error}", other.id()));
            }
        }
        self.rules.read().current()?;
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
        let organisation = Arc::clone(&self.organisation);
        for template in self.records.files_beside(organisation.templates()) {
            let is_recorded = |known: &Other| {
                known
                    .template()
                    .is_some_and(|record| record.template == template.id)
            };
            if !self.records.whole.iter().any(is_recorded) {
                self.import(template)?;
            }
        }
        Ok(())
    }

    /// Makes anew what a host before this one showed without a seal.
    fn show_again(&mut self) {
        match self.store.not_sealed() {
            Ok(changes) => changes.iter().for_each(|change| self.make_again(change)),
            Err(error) => warn(format_args!(
                "what lists show is damaged ({error}); stop the host and run `changegate-host rebuild`"
            )),
        }
    }

    /// Makes what lists show of a change anew from its log. One that does not hold keeps no other from being shown.
    fn make_again(&mut self, change: &ChangeId) {
        let written = self.store.written(change).map_err(Problem::from);
        let rules = self.rules.clone();
        let record = written.and_then(|written| self.memory.record(&rules.read(), change, written));
        if let Err(problem) = record.and_then(|record| self.show(&record)) {
            warn(format_args!(
                "change {change} is not shown: {}",
                problem.body()
            ));
        }
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

/// Folds a log of which everything holds, each decision made again under the guards of its time: what is decided next builds on
/// what was decided, and not on what somebody wrote there.
///
/// # Errors
/// Which entry does not hold.
pub fn judged(book: &Book, log: &[Stored]) -> Result<Record, Problem> {
    verified(log, book.documents()).map_err(not_used)
}

/// Folds a log whose chain holds.
///
/// # Errors
/// Which entry does not hold.
pub fn replay(log: &[Stored]) -> Result<Record, Problem> {
    Record::replay(log).map_err(not_used)
}

fn not_used(broken: Broken) -> Problem {
    Problem::broken_log(format!(
        "{broken}, so the record is not used; restore the database from a backup"
    ))
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

fn spoken(year: &str, count: i64) -> String {
    format!("CHG-{year}-{count:04}")
}

fn counter(year: &str) -> String {
    format!("numbers-{year}")
}
